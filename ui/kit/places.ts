// Codes of places have 12 digits: 2 of the province, 2 of the city, 2 of the county, 3 of the town, 3 of the village.

import { api, ok } from './api.ts';
import type { Place } from './models.ts';
import { readAll } from './read.ts';

const levelDigits = [2, 4, 6, 9, 12] as const;

/** The digits of a code that count: "140000000000" is 14, which is also what lists take as `place`. */
export function placePrefix(code: string): string {
    const digits = levelDigits.find((length) => /^0*$/.test(code.slice(length))) ?? 12;
    return code.slice(0, digits);
}

/** The places one level below `parent`; without it the provinces. */
export async function placesBelow(parent: string | undefined): Promise<Place[]> {
    return readAll((after) => ok(api.GET('/api/places', { params: { query: { limit: 50, ...(parent && { parent }), ...(after && { after }) } } })));
}

const peoples =
    '土家|苗|侗|彝|藏|羌|回|壮|布依|傣|哈尼|白|傈僳|佤|拉祜|纳西|景颇|瑶|仡佬|水|畲|黎|满|蒙古|朝鲜|维吾尔|哈萨克|柯尔克孜|锡伯|塔吉克|撒拉|土|东乡|保安|裕固|各|仫佬|毛南|独龙|怒|普米|布朗|达斡尔|鄂伦春|鄂温克';
const selfGoverned = new RegExp(`(?:(?:${peoples})族)+自治(?:县|州|旗)$`);

/** A county in few characters, for narrow rows: 酉阳土家族苗族自治县 is 酉阳. */
export function shortPlaceName(name: string): string {
    const short = name.replace(selfGoverned, '');
    return short.length >= 2 ? short : name;
}

/** A place as people say it: without the filler names of the statistics, and a municipality once. */
export function placeText(names: readonly string[]): string {
    const spoken = names.filter((name) => name !== '' && !['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划'].includes(name));
    return spoken.filter((name, index) => name !== spoken[index - 1]).join('');
}

/** An address in one line as the server joins it, without the filler names of the statistics. */
export function addressText(address: string): string {
    return address.replace(/市辖区|省直辖县级行政区划|自治区直辖县级行政区划/g, '').replace(/^重庆市县/, '重庆市');
}

// The names behind the ids of shops and the codes of counties, each asked for once. They are public.
import { shallowReactive } from 'vue';
import { api, ok } from '@kit/api.ts';
import { placeText } from '@kit/places.ts';

const names = shallowReactive(new Map<string, string>());

async function shopName(id: string): Promise<string> {
    return (await ok(api.GET('/api/sellers/{id}', { params: { path: { id } } }))).name;
}

async function countyName(code: string): Promise<string> {
    const place = await ok(api.GET('/api/places/{code}', { params: { path: { code } } }));
    return placeText([...place.ancestors.map((each) => each.name), place.name]);
}

function nameOf(key: string, load: () => Promise<string>): string {
    const known = names.get(key);
    if (known !== undefined) return known;
    names.set(key, '');
    // Without a name the number stands there, which is no less true.
    load().then((name) => names.set(key, name), () => undefined);
    return '';
}

/** The name of a shop; its id until the name has come. */
export function shopText(id: string): string {
    return nameOf(`shop ${id}`, () => shopName(id)) || id;
}

/** The name of a county, from its province down; its code until the name has come. */
export function countyText(code: string): string {
    return nameOf(`county ${code}`, () => countyName(code)) || code;
}

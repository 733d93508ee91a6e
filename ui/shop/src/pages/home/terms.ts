// The 24 solar terms with the day on which each usually falls. The page says "around", so a day more or less is true too.
import { serverNowMs } from '@kit/clock.ts';
import { language } from '@kit/words.ts';

const terms: readonly (readonly [month: number, day: number, zh: string, en: string])[] = [
    [1, 5, '小寒', 'Lesser Cold'], [1, 20, '大寒', 'Greater Cold'], [2, 4, '立春', 'Start of Spring'], [2, 19, '雨水', 'Rain Water'],
    [3, 6, '惊蛰', 'Waking of Insects'], [3, 21, '春分', 'Spring Equinox'], [4, 5, '清明', 'Qingming'], [4, 20, '谷雨', 'Grain Rain'],
    [5, 6, '立夏', 'Start of Summer'], [5, 21, '小满', 'Grain Buds'], [6, 6, '芒种', 'Grain in Ear'], [6, 21, '夏至', 'Summer Solstice'],
    [7, 7, '小暑', 'Lesser Heat'], [7, 23, '大暑', 'Greater Heat'], [8, 8, '立秋', 'Start of Autumn'], [8, 23, '处暑', 'End of Heat'],
    [9, 8, '白露', 'White Dew'], [9, 23, '秋分', 'Autumn Equinox'], [10, 8, '寒露', 'Cold Dew'], [10, 23, '霜降', "Frost's Descent"],
    [11, 7, '立冬', 'Start of Winter'], [11, 22, '小雪', 'Lesser Snow'], [12, 7, '大雪', 'Greater Snow'], [12, 22, '冬至', 'Winter Solstice'],
];

/** The solar term nearest to now. */
export function nearestTerm(): string {
    const now = new Date(serverNowMs());
    const year = now.getUTCFullYear();
    let nearest = terms[0]!;
    let shortest = Infinity;
    for (const term of terms) {
        for (const each of [year, year + 1]) {
            const distance = Math.abs(Date.UTC(each, term[0] - 1, term[1], 4) - now.getTime());
            if (distance < shortest) [nearest, shortest] = [term, distance];
        }
    }
    return language.value === 'en' ? nearest[3] : nearest[2];
}

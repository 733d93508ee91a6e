// Units of count and weight as the server names them, in Chinese, and how they are said in English.
import { isElder } from './device.ts';
import { fenText } from './money.ts';
import { language } from './words.ts';

const english: Record<string, string> = {
    斤: 'jin', kg: 'kg', 千克: 'kg', 公斤: 'kg', 克: 'g', 个: 'piece', 枚: 'piece', 只: 'head', 瓶: 'bottle', 罐: 'jar',
    盒: 'box', 袋: 'bag', 箱: 'crate', 亩: 'mu', 盆: 'pot', 朵: 'bloom', 件: 'item', 套: 'set', 对: 'pair', 升: 'litre',
    毫升: 'ml', 份: 'portion', 提: 'carrier', 包: 'pack', 桶: 'drum', 捆: 'bundle', 块: 'block', 条: 'strip', 把: 'bunch',
};

/** The unit's name in the language of the pages; an unknown unit keeps its Chinese name. */
export function unitText(unit: string): string {
    return language.value === 'en' ? (english[unit] ?? unit) : unit;
}

/** A count of pieces: "3 箱", "3 crates". */
export function countText(count: number, unit: string): string {
    if (language.value === 'zh') return `${count} ${unit}`;
    const name = english[unit] ?? unit;
    const plural = name === 'box' ? 'boxes' : name === 'bunch' ? 'bunches' : `${name}s`;
    const unchanged = ['jin', 'kg', 'g', 'ml', 'mu'].includes(name) || name === unit;
    return `${count} ${count === 1 || unchanged ? name : plural}`;
}

/** What one unit costs: "9.98 元/斤", "¥9.98/jin", and in large print "一斤 9.98 元". */
export function unitPriceText(fen: number, unit: string): string {
    if (language.value === 'en') return `¥${fenText(fen)}/${unitText(unit)}`;
    return isElder.value ? `一${unit} ${fenText(fen)} 元` : `${fenText(fen)} 元/${unit}`;
}

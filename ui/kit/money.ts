// Money is a whole number of fen. It is cut and joined as text, so no fraction of a yuan is ever computed.
import { language } from './words.ts';

export interface MoneyParts {
    sign: '' | '-';
    yuan: string;
    cents: string;
}

/** Cuts fen into the digits before and after the point: 123490 is 1,234 and 90. */
export function moneyParts(fen: number): MoneyParts {
    if (!Number.isSafeInteger(fen)) throw new RangeError(`not a whole number of fen: ${fen}`);
    const digits = String(Math.abs(fen)).padStart(3, '0');
    const yuan = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
    return { sign: fen < 0 ? '-' : '', yuan, cents: digits.slice(-2) };
}

/** The bare figure, "49.90". */
export function fenText(fen: number): string {
    const { sign, yuan, cents } = moneyParts(fen);
    return `${sign}${yuan}.${cents}`;
}

/** The figure with its unit, "49.90 元" or "¥49.90". */
export function moneyText(fen: number): string {
    return language.value === 'en' ? `¥${fenText(fen)}`.replace('¥-', '-¥') : `${fenText(fen)} 元`;
}

/** The figure of many sums together. */
export function sumText(sums: readonly number[]): string {
    return fenText(sums.reduce((total, fen) => total + fen, 0));
}

/** Reads what a person typed as yuan, "49.9", into fen; null when it is not money or not more than nothing. */
export function parseYuan(text: string): number | null {
    const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim().replace(/,/g, ''));
    if (match === null) return null;
    const fen = Number(match[1] + (match[2] ?? '').padEnd(2, '0'));
    return fen > 0 ? fen : null;
}

// Words in Chinese and English. A page calls `const t = words({...zh}, {...en})` in its own words.ts and says
// `t.title` or `t.left(3)`; a missing or misspelt word does not pass the type check.
import { readonly, ref } from 'vue';
import { keep, kept } from './device.ts';

export type Language = 'zh' | 'en';
type Word = string | ((...values: never[]) => string);
type Said<T> = { readonly [K in keyof T]: T[K] extends (...values: infer A) => string ? (...values: A) => string : string };

const chosen = ref<Language>(kept('language') === 'en' ? 'en' : 'zh');

/** The language of the pages on this device. */
export const language = readonly(chosen);

/** Says everything in `next` from now on, and keeps that on this device. */
export function setLanguage(next: Language): void {
    chosen.value = next;
    keep('language', next);
    showLanguage();
}

/** Tells the browser (and so screen readers) which language the page speaks. */
export function showLanguage(): void {
    document.documentElement.lang = chosen.value === 'en' ? 'en' : 'zh-CN';
}

/** Joins the Chinese words and their English twins to one set that says the chosen language. */
export function words<T extends Record<string, Word>>(zh: T, en: Said<T>): Said<T> {
    const both = { zh: zh as unknown as Said<T>, en };
    return new Proxy(both.zh, {
        get: (_, name) => both[chosen.value][name as keyof T],
    });
}

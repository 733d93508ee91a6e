// A short word at the bottom of the screen. It stays 2.5 seconds (4 in large print) and is read out by screen readers.
import { readonly, ref } from 'vue';
import { isElder } from './device.ts';

export interface Toast {
    text: string;
    link?: { text: string; to: string };
}

const shown = ref<Toast | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

export const toastShown = readonly(shown);

/** Says `text`; with `link` the word carries a way on. */
export function toast(text: string, link?: Toast['link']): void {
    clearTimeout(timer);
    shown.value = link === undefined ? { text } : { text, link };
    timer = setTimeout(hideToast, isElder.value ? 4000 : 2500);
}

export function hideToast(): void {
    clearTimeout(timer);
    shown.value = null;
}

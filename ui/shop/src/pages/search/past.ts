// What was searched on this device, newest first. It never leaves the device.
import { ref } from 'vue';
import { keep, keptJson } from '@kit/device.ts';

const pastMax = 12;

function isTexts(value: unknown): value is string[] {
    return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

export const past = ref<string[]>(keptJson('searches', isTexts, []));

export function rememberSearch(text: string): void {
    past.value = [text, ...past.value.filter((other) => other !== text)].slice(0, pastMax);
    keep('searches', JSON.stringify(past.value));
}

export function forgetSearches(): void {
    past.value = [];
    keep('searches', null);
}

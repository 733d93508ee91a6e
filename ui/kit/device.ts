// What this device remembers by itself: small texts under the prefix `xj.`. A browser that forbids storage only
// forgets; nothing fails.
import { computed, readonly, ref } from 'vue';

const prefix = 'xj.';

/** The text kept under `name`, or null. */
export function kept(name: string): string | null {
    try {
        return localStorage.getItem(prefix + name);
    } catch {
        return null;
    }
}

/** Keeps `text` under `name`; null forgets it. */
export function keep(name: string, text: string | null): void {
    try {
        if (text === null) localStorage.removeItem(prefix + name);
        else localStorage.setItem(prefix + name, text);
    } catch {
        // Storage is full or forbidden: the page goes on without a memory.
    }
}

/** The value kept as JSON under `name` if `isValid` accepts it, otherwise `fallback`. */
export function keptJson<T>(name: string, isValid: (value: unknown) => value is T, fallback: T): T {
    try {
        const value: unknown = JSON.parse(kept(name) ?? 'null');
        return isValid(value) ? value : fallback;
    } catch {
        return fallback;
    }
}

/** How large the words are: the ordinary edition, the large print, or large print with the largest words. */
export type Print = 'ordinary' | 'elder' | 'larger';

function keptPrint(): Print {
    const found = kept('mode');
    return found === 'elder' || found === 'larger' ? found : 'ordinary';
}
const print = ref<Print>(keptPrint());

/** True while the large-print edition is on, at either size. */
export const isElder = computed(() => print.value !== 'ordinary');
/** True while its words are at their largest. */
export const isLarger = computed(() => print.value === 'larger');

/** Chooses the size of the words and keeps that on this device. */
export function setPrint(next: Print): void {
    print.value = next;
    keep('mode', next === 'ordinary' ? null : next);
    showMode();
}

/** Puts the mode on the page; the tokens do the rest. The largest words are the large-print edition with other sizes. */
export function showMode(): void {
    const { dataset } = document.documentElement;
    if (isElder.value) dataset['mode'] = 'elder';
    else delete dataset['mode'];
    if (isLarger.value) dataset['size'] = 'larger';
    else delete dataset['size'];
}

/** A place that goods are sent to when no address is chosen: kept on the device, never sent but in a quote. */
export interface SendPlace {
    code: string;
    names: string[];
}

function isSendPlace(value: unknown): value is SendPlace | null {
    if (value === null) return true;
    const place = value as Partial<SendPlace>;
    return typeof place.code === 'string' && Array.isArray(place.names);
}

const place = ref<SendPlace | null>(keptJson<SendPlace | null>('place', isSendPlace, null));

export const sendPlace = readonly(place);

export function setSendPlace(next: SendPlace | null): void {
    place.value = next;
    keep('place', next === null ? null : JSON.stringify(next));
}

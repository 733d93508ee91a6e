// What this device remembers by itself: small texts under the prefix `xj.`. A browser that forbids storage only
// forgets; nothing fails.
import { readonly, ref } from 'vue';

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

const elder = ref(kept('mode') === 'elder');

/** True while the large-print edition is on. */
export const isElder = readonly(elder);

/** Turns the large-print edition on or off and keeps that on this device. */
export function setElder(next: boolean): void {
    elder.value = next;
    keep('mode', next ? 'elder' : null);
    showMode();
}

/** Puts the mode on the page; the tokens do the rest. */
export function showMode(): void {
    if (elder.value) document.documentElement.dataset['mode'] = 'elder';
    else delete document.documentElement.dataset['mode'];
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

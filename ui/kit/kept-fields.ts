// What somebody wrote into a long form, kept on the device until the server has it: only what they changed themselves, under their own name,
// and with what the form began with, so that it never brings back what was changed since.
import { onScopeDispose, reactive, watch } from 'vue';
import type { KeyKeeper } from './api.ts';
import { keep, kept, keptJson } from './device.ts';
import { personId } from './session.ts';

interface Stored<T> {
    fields: T;
    base: T;
    key?: { key: string; sent: string };
}

export interface KeptFields<T> {
    readonly fields: T;
    /** Something that was written before and not finished stands in the fields. */
    readonly isKept: boolean;
    /** Some of what was written before gave way to what was changed elsewhere since. */
    readonly isOvertaken: boolean;
    /** For the form's `useOnce`: a write that nobody answered is the same one when the form is opened again. */
    readonly keeper: KeyKeeper;
    /** Fills the fields with what the form begins with now, and lays what was kept over it. Until then nothing is kept. */
    begin(fresh: T): void;
    /** The server has the form now, as `fresh`, and knows it by `name`: what is written from here on is kept under that. */
    move(name: string, fresh: T): void;
    /** Drops what was written before; the fields are as the form began. */
    restart(): void;
    forget(): void;
}

// Nobody's words are kept for whoever holds the phone next.
function placeOf(name: string): string | undefined {
    return personId.value === '' ? undefined : `${name}.${personId.value}`;
}

/** Whether this person left the form `name` unfinished on this device. */
export function hasKept(name: string): boolean {
    const place = placeOf(name);
    return place !== undefined && kept(place) !== null;
}

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** What somebody wrote (`mine`, begun from `base`) laid over `fresh`. Where both changed since, the newer one stands: it may be a price. */
export function laidOver<T>(mine: T, base: T, fresh: T): { value: T; isOvertaken: boolean } {
    if (isSame(mine, base) || isSame(mine, fresh)) return { value: fresh, isOvertaken: false };
    if (isSame(base, fresh)) return { value: mine, isOvertaken: false };
    if (!isTree(mine) || !isTree(base) || !isTree(fresh)) return { value: fresh, isOvertaken: true };
    const value: Tree = {};
    let isOvertaken = false;
    for (const name of Object.keys(fresh)) {
        const part = laidOver((mine as Tree)[name], (base as Tree)[name], (fresh as Tree)[name]);
        value[name] = part.value;
        isOvertaken ||= part.isOvertaken;
    }
    return { value: value as T, isOvertaken };
}

/** The fields of the form `name`; they are `empty` until `begin`. */
export function useKeptFields<T extends object>(name: string, isFields: (value: unknown) => value is T, empty: () => T): KeptFields<T> {
    const isStored = (value: unknown): value is Stored<T> => isTree(value) && isFields(value['fields']) && isFields(value['base']);
    const fields = reactive(empty()) as T;
    let base: T | undefined;
    let key: Stored<T>['key'];

    function found(): Stored<T> | undefined {
        const place = placeOf(name);
        return place === undefined ? undefined : keptJson<Stored<T> | undefined>(place, isStored as (value: unknown) => value is Stored<T> | undefined, undefined);
    }
    function store(): void {
        const place = placeOf(name);
        if (place === undefined || base === undefined) return;
        const isChanged = !isSame(fields, base) || key !== undefined;
        keep(place, isChanged ? JSON.stringify({ fields, base, ...(key !== undefined && { key }) }) : null);
    }
    function drop(): void {
        const place = placeOf(name);
        if (place !== undefined) keep(place, null);
    }

    const stop = watch(fields, store, { deep: true });
    // The last letters before the page is left are kept too.
    onScopeDispose(() => base !== undefined && store());
    key = found()?.key;

    const form = reactive({
        fields,
        isKept: false,
        isOvertaken: false,
        keeper: {
            kept: () => key,
            keep(next: Stored<T>['key']) {
                key = next;
                store();
            },
        },
        begin(fresh: T) {
            const before = found();
            Object.assign(fields, copyOf(fresh));
            base = copyOf(fields);
            if (before === undefined) return;
            const laid = laidOver(before.fields, before.base, base);
            Object.assign(fields, copyOf(laid.value));
            form.isKept = !isSame(fields, base);
            form.isOvertaken = laid.isOvertaken;
        },
        move(next: string, fresh: T) {
            drop();
            name = next;
            base = copyOf(fresh);
            store();
        },
        restart() {
            key = undefined;
            Object.assign(fields, copyOf(base ?? empty()));
            form.isKept = false;
            form.isOvertaken = false;
            store();
        },
        forget() {
            stop();
            base = undefined;
            drop();
        },
    });
    return form as unknown as KeptFields<T>;
}

// The fields of a long form, kept on the device until the server has them.
import { reactive, watch } from 'vue';
import { keep, keptJson } from './device.ts';

export interface KeptFields<T> {
    fields: T;
    /** The device knew them. */
    isKept: boolean;
    forget(): void;
}

/** The fields of the form `name` as this device knows them, or as `empty` makes them; each change is kept. */
export function useKeptFields<T extends object>(name: string, isFields: (value: unknown) => value is T, empty: () => T): KeptFields<T> {
    const found = keptJson<T | undefined>(name, isFields as (value: unknown) => value is T | undefined, undefined);
    const fields = reactive(found ?? empty()) as T;
    const stop = watch(fields, () => keep(name, JSON.stringify(fields)), { deep: true });
    return {
        fields,
        isKept: found !== undefined,
        forget() {
            stop();
            keep(name, null);
        },
    };
}

// A count of a shop's shelves as far as it was typed. It is kept on the device, shop by shop, until it is saved or thrown away.
import { computed, reactive, ref, watch } from 'vue';
import { keep, keptJson } from '@kit/device.ts';
import type { StockRow } from '@kit/models.ts';

interface Entry {
    row: StockRow;
    text: string;
}
interface Kept {
    at: string;
    entries: Record<string, Entry>;
}

export interface Difference {
    row: StockRow;
    now: number;
    change: number;
}

function isKept(value: unknown): value is Kept {
    const one = value as Partial<Kept> | null;
    return typeof one?.at === 'string' && typeof one.entries === 'object' && Object.values(one.entries).every((entry) => typeof entry.text === 'string' && typeof entry.row?.on_hand_count === 'number');
}
const isNumber = (text: string): boolean => /^\d+$/.test(text.trim());

export const keyOf = (row: StockRow): string => `${row.sku_id}-${row.warehouse_id}`;

/** The count of the shop that `shop` says; another shop has its own. */
export function useCount(shop: () => string) {
    const entries = reactive<Record<string, Entry>>({});
    /** When it was typed last. */
    const at = ref('');
    const name = (): string => `count.${shop()}`;
    const typed = computed(() => Object.values(entries));

    watch(
        shop,
        () => {
            const found = keptJson<Kept>(name(), isKept, { at: '', entries: {} });
            for (const key of Object.keys(entries)) delete entries[key];
            Object.assign(entries, found.entries);
            at.value = found.at;
        },
        { immediate: true },
    );
    function write(): void {
        keep(name(), typed.value.length === 0 ? null : JSON.stringify({ at: at.value, entries }));
    }

    return reactive({
        at,
        typedCount: computed(() => typed.value.length),
        /** Rows with something that is no number: they can be neither compared nor saved. */
        badCount: computed(() => typed.value.filter((entry) => !isNumber(entry.text)).length),
        differences: computed<Difference[]>(() =>
            typed.value
                .filter((entry) => isNumber(entry.text))
                .map(({ row, text }) => ({ row, now: Number(text), change: Number(text) - row.on_hand_count }))
                .filter((each) => each.change !== 0),
        ),
        textOf: (row: StockRow): string => entries[keyOf(row)]?.text ?? '',
        isBad: (row: StockRow): boolean => keyOf(row) in entries && !isNumber(entries[keyOf(row)]!.text),
        /** By how much the shelf differs from the books; undefined while no number stands there. */
        changeOf(row: StockRow): number | undefined {
            const text = entries[keyOf(row)]?.text ?? '';
            return isNumber(text) ? Number(text) - row.on_hand_count : undefined;
        },
        type(row: StockRow, text: string): void {
            if (text.trim() === '') delete entries[keyOf(row)];
            else entries[keyOf(row)] = { row, text };
            at.value = new Date().toISOString();
            write();
        },
        /** The books may have moved since a row was counted: what is compared is what they say now. */
        noteRows(rows: readonly StockRow[]): void {
            for (const row of rows) {
                const entry = entries[keyOf(row)];
                if (entry) entry.row = row;
            }
        },
        forget(row: StockRow): void {
            delete entries[keyOf(row)];
            write();
        },
        clear(): void {
            for (const key of Object.keys(entries)) delete entries[key];
            write();
        },
    });
}

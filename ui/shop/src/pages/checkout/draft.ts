// What the shopper has filled in at the checkout. It outlives the page, so that choosing an address or logging in loses nothing; and,
// until the tab is closed, a reload: an order that was sent without an answer is sent again as the same one.
import { reactive, watch } from 'vue';
import type { LocationQuery } from 'vue-router';
import { useOnce, type KeyKeeper, type Once } from '@kit/api.ts';
import { bag } from '@kit/bag.ts';
import { onLeft } from '@kit/session.ts';
import type { LineDraft, OrderDraft } from '@kit/models.ts';
import { textOf } from '@shop/parts/goods-list.ts';

export interface CheckoutDraft {
    /** What is bought, as the address of the page says it. */
    key: string;
    note: string;
    isTicked: boolean;
    /** The order that was sent and not answered yet: until it is, only this one is sent again. */
    unanswered: OrderDraft | null;
}

interface Stored {
    draft: CheckoutDraft;
    key?: { key: string; sent: string };
}

const place = 'xj.checkout';

function stored(): Stored | undefined {
    try {
        const found = JSON.parse(sessionStorage.getItem(place) ?? 'null') as Stored | null;
        return typeof found?.draft?.key === 'string' && typeof found.draft.note === 'string' ? found : undefined;
    } catch {
        return undefined;
    }
}

function store(next: Stored | undefined): void {
    try {
        if (next === undefined) sessionStorage.removeItem(place);
        else sessionStorage.setItem(place, JSON.stringify(next));
    } catch {
        // Storage is forbidden: the draft lives as long as the page.
    }
}

const keeper: KeyKeeper = {
    kept: () => stored()?.key,
    keep: (key) => store({ draft: { ...draft }, ...(key !== undefined && { key }) }),
};

let draft: CheckoutDraft = reactive(stored()?.draft ?? emptyDraft(''));
let once: Once = useOnce(keeper);
let stopKeeping = keepDraft();

function keepDraft(): () => void {
    return watch(draft, (next) => store({ ...stored(), draft: { ...next } }), { flush: 'sync' });
}

function emptyDraft(key: string): CheckoutDraft {
    return { key, note: '', isTicked: false, unanswered: null };
}

/** The draft of this purchase and the maker of its key: the same ones as long as the same things are bought. */
export function checkoutDraft(key: string): { draft: CheckoutDraft; once: Once } {
    if (draft.key !== key) forgetDraft(key);
    return { draft, once };
}

export function forgetDraft(key = ''): void {
    stopKeeping();
    store(undefined);
    draft = reactive(emptyDraft(key));
    once = useOnce(keeper);
    stopKeeping = keepDraft();
}

onLeft(() => forgetDraft());

function countOf(text: string | undefined): number {
    const count = Number(text);
    return Number.isInteger(count) && count >= 1 && count <= 9999 ? count : 1;
}

export interface Wanted {
    lines: LineDraft[];
    isFromBag: boolean;
}

/** `?sku=ID&count=N` is one thing at once; `?bag=ID-N_ID-N` are lines of the bag; nothing is all that is chosen in the bag. */
export function wantedOf(query: LocationQuery): Wanted {
    const sku = textOf(query['sku']);
    if (sku !== undefined) return { lines: [{ sku_id: sku, count: countOf(textOf(query['count'])) }], isFromBag: false };
    const listed = (textOf(query['bag']) ?? '').split('_').filter((part) => part !== '');
    const lines = listed.map((part) => {
        const [sku_id = '', count] = part.split('-');
        return { sku_id, count: countOf(count) };
    });
    if (lines.length > 0) return { lines, isFromBag: true };
    return { lines: bag.chosen.map(({ sku_id, count }) => ({ sku_id, count })), isFromBag: true };
}

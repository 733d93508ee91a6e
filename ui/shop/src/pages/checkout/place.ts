// Placing the order: what is sent, what each refusal means, and what waits for an answer.
import { computed, reactive, ref, type ComputedRef } from 'vue';
import { useRouter } from 'vue-router';
import { api, ApiProblem, failureText, faultsByField, isUnreachable, ok, type Once } from '@kit/api.ts';
import { loadBag } from '@kit/bag.ts';
import type { OrderDraft, Purchase } from '@kit/models.ts';
import { forgetDraft, type CheckoutDraft } from './draft.ts';

export interface Faults {
    /** By SKU. */
    lines: Record<string, string>;
    tick: string;
    address: string;
    /** Beside the button. */
    all: string;
}

function noFaults(): Faults {
    return { lines: {}, tick: '', address: '', all: '' };
}

/** Sorts a refusal to the places where the shopper can mend it. */
export function faultsOf(error: unknown, lines: OrderDraft['lines']): Faults {
    const faults = noFaults();
    const rest: string[] = [];
    for (const [field, detail] of Object.entries(faultsByField(error))) {
        const line = /^lines\[(\d+)\]/.exec(field)?.[1];
        const skuId = line === undefined ? undefined : lines[Number(line)]?.sku_id;
        if (skuId !== undefined) faults.lines[skuId] = detail;
        else if (field === 'ticked_return_terms') faults.tick = detail;
        else if (field === 'address_id') faults.address = detail;
        else rest.push(detail);
    }
    const isPlaced = Object.keys(faults.lines).length > 0 || faults.tick !== '' || faults.address !== '';
    if (!isPlaced && rest.length === 0) rest.push(failureText(error));
    faults.all = rest.join('，');
    return faults;
}

/** The order to send again, after `error` answered for `sent`: until the server speaks of the order itself, only the same one. */
export function unansweredAfter(error: unknown, sent: OrderDraft, before: OrderDraft | null): OrderDraft | null {
    if (isUnreachable(error)) return sent;
    // Busy, too quick, logged out: that says nothing of a try before it, which may have placed the order.
    const isAboutOrder = error instanceof ApiProblem && error.status < 500 && error.status !== 429 && error.status !== 401;
    return isAboutOrder ? null : before;
}

export interface Placing {
    readonly isPlacing: ComputedRef<boolean>;
    readonly faults: Faults;
    clear(): void;
    place(body: OrderDraft): Promise<void>;
}

/** `looksAgain` is called when the price or the stock has moved, to show the new quote. */
export function usePlacing(draft: CheckoutDraft, once: Once, looksAgain: () => void): Placing {
    const router = useRouter();
    const isBusy = ref(false);
    const faults = reactive<Faults>(noFaults());

    async function placed(purchase: Purchase, isFromBag: boolean): Promise<void> {
        once.done();
        forgetDraft();
        if (isFromBag) loadBag().catch(() => undefined);
        const first = purchase.orders[0];
        // Back from the cashier leads to the order, never to a second checkout of the same things.
        if (first !== undefined) await router.replace({ path: `/orders/${first.id}`, state: { pay: true } });
    }

    async function place(body: OrderDraft): Promise<void> {
        if (isBusy.value) return;
        isBusy.value = true;
        Object.assign(faults, noFaults());
        const sent = draft.unanswered ?? body;
        try {
            await placed(await ok(api.POST('/api/orders', { body: sent, ...once.key(sent) })), sent.from_cart === true);
        } catch (error) {
            draft.unanswered = unansweredAfter(error, sent, draft.unanswered);
            Object.assign(faults, faultsOf(error, sent.lines));
            if (error instanceof ApiProblem && error.status === 409) looksAgain();
        }
        isBusy.value = false;
    }

    return { isPlacing: computed(() => isBusy.value), faults, clear: () => void Object.assign(faults, noFaults()), place };
}

// From an order to the cashier: ask for the payment, wait until the provider has opened it, go there.
import { onScopeDispose, ref, type Ref } from 'vue';
import { useRouter } from 'vue-router';
import { api, failureText, ok, useOnce } from '@kit/api.ts';
import type { Payment } from '@kit/models.ts';
import { noteServerTime } from '@kit/clock.ts';
import { words } from '@kit/words.ts';

const t = words(
    { slow: '收银台还没开出来。钱没有扣，过一会儿再点一次。', failed: '付款没成。钱没有扣。换一种付法，或者过一会儿再试。' },
    { slow: 'The cashier has not opened yet. Nothing was charged: try again in a moment.', failed: 'The payment did not work. Nothing was charged. Try another way, or a little later.' },
);

const lookEveryMs = 500;
const patienceMs = 25_000;

export interface Paying {
    /** True from the tap until the cashier opens or it failed. */
    readonly isOpening: Readonly<Ref<boolean>>;
    /** Why the cashier did not open; empty otherwise. */
    readonly fault: Readonly<Ref<string>>;
    /** What is asked for, once the server said. */
    readonly payment: Readonly<Ref<Payment | null>>;
    pay(orderId: string): Promise<void>;
}

function wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Only the address of a page is followed. */
export function goToCashier(url: string): void {
    const target = new URL(url, location.origin);
    if (target.protocol === 'https:' || target.protocol === 'http:') location.assign(target.href);
}

export function usePaying(): Paying {
    const router = useRouter();
    const isOpening = ref(false);
    const fault = ref('');
    const payment = ref<Payment | null>(null);
    const once = useOnce();
    let isGone = false;

    // Back from the cashier, the browser may show this page as it was left: the button must work again.
    const wake = (event: PageTransitionEvent) => {
        if (event.persisted) isOpening.value = false;
    };
    window.addEventListener('pageshow', wake);
    onScopeDispose(() => {
        isGone = true;
        window.removeEventListener('pageshow', wake);
    });

    async function opened(orderId: string): Promise<Payment> {
        let found = await ok(api.POST('/api/orders/{id}/payments', { params: { path: { id: orderId } }, ...once.key(orderId) }));
        once.done();
        const until = Date.now() + patienceMs;
        while (found.state === 'preparing' && Date.now() < until && !isGone) {
            payment.value = found;
            await wait(lookEveryMs);
            found = await ok(api.GET('/api/payments/{id}', { params: { path: { id: found.id } } }));
        }
        noteServerTime(found.server_at);
        payment.value = found;
        return found;
    }

    async function pay(orderId: string): Promise<void> {
        if (isOpening.value) return;
        isOpening.value = true;
        fault.value = '';
        try {
            const found = await opened(orderId);
            if (isGone) return;
            if (found.state === 'ready' && found.cashier_url) return goToCashier(found.cashier_url);
            if (found.state === 'paid') return void (await router.replace(`/paid/${found.id}`));
            fault.value = found.state === 'preparing' ? t.slow : t.failed;
        } catch (error) {
            fault.value = failureText(error);
        }
        isOpening.value = false;
    }

    return { isOpening, fault, payment, pay };
}

// What the server tells by itself: an order changed. A stream where it can be had, and a look every so often in any case.
import { onScopeDispose } from 'vue';
import { isSignedIn } from './session.ts';

const lookEveryMs = 20_000;

/** Calls `changed` with the id of an order of mine that changed, and with nothing when it is time to look again. */
export function useOrderEvents(changed: (id?: string) => void): void {
    if (!isSignedIn.value) return;
    const stream = typeof EventSource === 'undefined' ? undefined : new EventSource('/api/events');
    // A case of after-sales changes its order too: it names it.
    for (const [kind, field] of [['order', 'id'], ['case', 'order_id']] as const) {
        stream?.addEventListener(kind, (event) => {
            try {
                const told = JSON.parse((event as MessageEvent<string>).data) as Partial<Record<string, unknown>> | null;
                const id = told?.[field];
                changed(typeof id === 'string' ? id : undefined);
            } catch {
                changed();
            }
        });
    }
    const look = () => {
        if (document.visibilityState === 'visible') changed();
    };
    const timer = setInterval(look, lookEveryMs);
    // A phone that wakes up has missed what happened while it slept.
    document.addEventListener('visibilitychange', look);
    onScopeDispose(() => {
        stream?.close();
        clearInterval(timer);
        document.removeEventListener('visibilitychange', look);
    });
}

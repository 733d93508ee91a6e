// What the server tells by itself: an order changed. A stream where it can be had, and a look every so often in any case.
import { onScopeDispose } from 'vue';
import { isSignedIn } from './session.ts';

const lookEveryMs = 20_000;

/** Calls `changed` with the id of an order of mine that changed, and with nothing when it is time to look again. */
export function useOrderEvents(changed: (id?: string) => void): void {
    if (!isSignedIn.value) return;
    const stream = typeof EventSource === 'undefined' ? undefined : new EventSource('/api/events');
    stream?.addEventListener('order', (event) => {
        try {
            const told: unknown = JSON.parse((event as MessageEvent<string>).data);
            const id = (told as { id?: unknown } | null)?.id;
            changed(typeof id === 'string' ? id : undefined);
        } catch {
            changed();
        }
    });
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

// The server's clock, as seen from here. A countdown follows it and never the phone's own clock.
import { computed, onScopeDispose, ref, type Ref } from 'vue';

const offsetMs = ref(0);

/** Learns the server's time from a reply that was just received. */
export function noteServerTime(text: string): void {
    const serverMs = Date.parse(text);
    if (!Number.isNaN(serverMs)) offsetMs.value = serverMs - Date.now();
}

/** The server's time now, in milliseconds since 1970. */
export function serverNowMs(): number {
    return Date.now() + offsetMs.value;
}

/** A ref of the server's time that moves every `everyMs` while the component lives, and at once when the time is learnt anew. */
export function useServerClock(everyMs = 1000): Readonly<Ref<number>> {
    const ownMs = ref(Date.now());
    const timer = setInterval(() => (ownMs.value = Date.now()), everyMs);
    onScopeDispose(() => clearInterval(timer));
    return computed(() => ownMs.value + offsetMs.value);
}

// The server's clock, as seen from here. A countdown follows it and never the phone's own clock.
import { onScopeDispose, ref, type Ref } from 'vue';

let offsetMs = 0;

/** Learns the server's time from a reply that was just received. */
export function noteServerTime(text: string): void {
    const serverMs = Date.parse(text);
    if (!Number.isNaN(serverMs)) offsetMs = serverMs - Date.now();
}

/** The server's time now, in milliseconds since 1970. */
export function serverNowMs(): number {
    return Date.now() + offsetMs;
}

/** A ref of the server's time that moves every `everyMs` while the component lives. */
export function useServerClock(everyMs = 1000): Readonly<Ref<number>> {
    const now = ref(serverNowMs());
    const timer = setInterval(() => (now.value = serverNowMs()), everyMs);
    onScopeDispose(() => clearInterval(timer));
    return now;
}

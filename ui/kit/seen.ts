// What on this page comes from the memory of the service worker, because the network did not answer: the oldest moment of it.
import { computed, readonly, ref, shallowReactive } from 'vue';

const seen = shallowReactive(new Map<string, string>());
const readings = ref(0);

/** When the oldest thing on this page was last seen; undefined while all of it is of now. */
export const seenAt = computed(() => [...seen.values()].sort()[0]);

/** Counts the wishes to read this page anew: a part of the page's key. */
export const reading = readonly(readings);

/** Each reply to a read says where it came from: `at` is its moment, or null when it came over the network. */
export function noteReply(url: string, at: string | null): void {
    if (at === null) seen.delete(url);
    else seen.set(url, at);
}

/** Another page begins with nothing seen. */
export function forgetSeen(): void {
    seen.clear();
}

/** Reads the page anew. */
export function readAnew(): void {
    forgetSeen();
    readings.value++;
}

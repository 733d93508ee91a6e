// Long pages come in pieces, one a frame: what is on the first screen stands there, and can be tapped, before the rest is made. A cheap phone
// takes half a second for the whole home page at once, and answers nobody in that time.
import { computed, onScopeDispose, ref, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from 'vue';
import { isComingBack } from './read.ts';

// One queue for all that waits, so that two strips never grow in the same frame.
const waiting: (() => void)[] = [];
let isRunning = false;

function next(): void {
    // The timer begins after the frame was painted.
    requestAnimationFrame(() =>
        setTimeout(() => {
            waiting.shift()?.();
            isRunning = waiting.length > 0;
            if (isRunning) next();
        }),
    );
}

function later(grow: () => void): void {
    waiting.push(grow);
    if (isRunning) return;
    isRunning = true;
    next();
}

/**
 * How many of `total` to show: `first` at once, then `step` more in each frame that is free. All at once for a person who comes back, because
 * the page must be as long as it was for the place where they were.
 */
export function useGradualCount(total: MaybeRefOrGetter<number>, first: number, step: number): ComputedRef<number> {
    const shown = ref(isComingBack() ? Infinity : first);
    let isWaiting = false;
    let isGone = false;

    function grow(): void {
        isWaiting = false;
        if (isGone) return;
        shown.value += step;
        follow(toValue(total));
    }
    function follow(count: number): void {
        if (count <= shown.value || isWaiting) return;
        isWaiting = true;
        later(grow);
    }
    watch(
        () => toValue(total),
        (count, before) => {
            // After nothing comes another list.
            if (before !== undefined && count === 0) shown.value = first;
            follow(count);
        },
        { immediate: true },
    );
    onScopeDispose(() => (isGone = true));
    return computed(() => Math.min(shown.value, toValue(total)));
}

/** The same, for a list. */
export function useGradually<T>(items: MaybeRefOrGetter<readonly T[]>, first: number, step: number): ComputedRef<readonly T[]> {
    const count = useGradualCount(() => toValue(items).length, first, step);
    return computed(() => toValue(items).slice(0, count.value));
}

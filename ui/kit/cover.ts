// What a thing that lies over the page owes to whoever uses a keyboard or has it read out: the focus goes into it, round inside it, and back to
// what opened it; and the page behind does not scroll.
import { nextTick, onScopeDispose, watch, type Ref } from 'vue';

const stopNames = 'a[href],button:not(:disabled),input:not(:disabled),select:not(:disabled),textarea:not(:disabled),[tabindex="0"]';

// One may lie over another: the page scrolls again when the last is gone.
let covers = 0;
function count(change: 1 | -1): void {
    covers += change;
    document.documentElement.style.overflow = covers > 0 ? 'hidden' : '';
}

export interface Cover {
    /** For `keydown` of its body: Tab stays inside. */
    keepInside(event: KeyboardEvent): void;
}

/** `body` takes the focus (give it tabindex -1) while `isShown`; `locks` where nothing else keeps the page behind from scrolling. */
export function useCover(isShown: () => boolean, body: Readonly<Ref<HTMLElement | undefined>>, locks: boolean): Cover {
    let opener: Element | null = null;
    let isLocking = false;

    function setLock(next: boolean): void {
        if (locks && next !== isLocking) count(next ? 1 : -1);
        isLocking = next;
    }
    watch(
        isShown,
        async (isIn) => {
            setLock(isIn);
            if (isIn) {
                opener = document.activeElement;
                await nextTick();
                body.value?.focus({ preventScroll: true });
            } else if (opener instanceof HTMLElement) {
                opener.focus({ preventScroll: true });
            }
        },
        { immediate: true },
    );
    onScopeDispose(() => setLock(false));
    return {
        keepInside(event) {
            if (event.key !== 'Tab' || body.value === undefined) return;
            const stops = [...body.value.querySelectorAll<HTMLElement>(stopNames)].filter((stop) => stop.getClientRects().length > 0);
            const first = stops[0];
            const last = stops[stops.length - 1];
            if (first === undefined || last === undefined) return;
            const isAtStart = document.activeElement === first || document.activeElement === body.value;
            if (event.shiftKey ? isAtStart : document.activeElement === last) {
                event.preventDefault();
                (event.shiftKey ? last : first).focus();
            }
        },
    };
}

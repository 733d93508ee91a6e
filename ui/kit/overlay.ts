// A sheet or a full-screen chooser is a step of the history: the phone's back button closes it, and so does `close`.
import { computed, watch, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';

export interface Overlay {
    readonly isOpen: ComputedRef<boolean>;
    open(): void;
    /** Closes it; the promise is kept once the address is that of the page again. */
    close(): Promise<void>;
}

/** The overlay named `name` of this page; it stands in the address as `#name`. One that lies over another is named `other/name`: both are open. */
export function useOverlay(name: string): Overlay {
    const route = useRoute();
    const router = useRouter();
    const hash = `#${name}`;
    const below = hash.slice(0, Math.max(0, hash.lastIndexOf('/')));
    const isOpen = computed(() => route.hash === hash || route.hash.startsWith(`${hash}/`));
    return {
        isOpen,
        open() {
            if (!isOpen.value) void router.push({ hash, query: route.query });
        },
        async close() {
            if (!isOpen.value) return;
            // A shared address may open with the overlay: then there is nothing behind it to go back to.
            const cameFromHere = history.state?.back === route.fullPath.slice(0, -route.hash.length) + below && route.hash === hash;
            if (!cameFromHere) {
                await router.replace({ hash: below, query: route.query });
                return;
            }
            const isClosed = new Promise<void>((resolve) => {
                const stop = watch(isOpen, (stillOpen) => {
                    if (stillOpen) return;
                    stop();
                    resolve();
                });
            });
            router.back();
            await isClosed;
        },
    };
}

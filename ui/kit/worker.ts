// The page's side of the service worker (shop/src/sw.ts). All of it is an extra: a browser without one, or WeChat's, goes without.
import { readonly, ref } from 'vue';
import { ownCache } from './kept.ts';

const waiting = ref(false);
let takeOver: (() => void) | undefined;

/** True when a newer shop lies ready. It comes when the person says so, or when the last page is closed; never by itself. */
export const hasNewVersion = readonly(waiting);

/** Begins to keep the shop for times without a network, once the first page stands. */
export function startWorker(): void {
    if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
    const begin = () => setTimeout(() => void register().catch(() => undefined), 1500);
    if (document.readyState === 'complete') begin();
    else window.addEventListener('load', begin, { once: true });
}

async function register(): Promise<void> {
    const { Workbox } = await import('workbox-window');
    const worker = new Workbox('/sw.js', { scope: '/' });
    worker.addEventListener('waiting', () => {
        takeOver = () => {
            worker.addEventListener('controlling', () => location.reload());
            worker.messageSkipWaiting();
        };
        waiting.value = true;
    });
    await worker.register();
}

/** Puts the newer shop in place and opens this page again in it. */
export function takeNewVersion(): void {
    waiting.value = false;
    takeOver?.();
}

/** Forgets what was kept of the person who was here. Kept when it is gone from this device. */
export async function forgetOwn(): Promise<void> {
    try {
        // The worker also drops the replies that are still on their way to it.
        navigator.serviceWorker?.controller?.postMessage({ type: 'FORGET_OWN' });
        if ('caches' in window) await caches.delete(ownCache);
    } catch {
        // A browser that forbids the caches has kept nothing.
    }
}

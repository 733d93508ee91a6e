// The service worker: keeps the shop itself, what was last seen of it, and one's own orders, for times without a network.
// What is kept and why: docs/decisions/0007-offline.md. It answers nothing but reads, and never a log-in, an address or a payment.
import type { WorkboxPlugin } from 'workbox-core';
import { ExpirationPlugin } from 'workbox-expiration';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkFirst } from 'workbox-strategies';
import { ownCache, seenHeader } from '@kit/kept.ts';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

const patienceSeconds = 4;
const ownMax = 40;
const day = 24 * 60 * 60;

// The address / is left to the route of pages below, whose request is bare: one with a browser's own Accept-Language would miss the
// kept page by its Vary.
precacheAndRoute(self.__WB_MANIFEST, { directoryIndex: '' });
cleanupOutdatedCaches();

// Pages of the shop are one page. What other programs and people keep beside it (the API, the desk, files) is theirs.
const notShop = [/^\/(api|console|files|metrics|healthz|readyz)(\/|$)/, /\/[^/?]+\.[^/?]+$/];
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: notShop }));

// The worker's scope is the whole host, so what the desk reads passes here too: it must be as it is now, and is not kept.
function isOfDesk(request: Request): boolean {
    return request.referrer !== '' && /^\/console(\/|$)/.test(new URL(request.referrer).pathname);
}

function isShareable(response: Response): boolean {
    return response.status === 200 && !/private|no-store/.test(response.headers.get('Cache-Control') ?? '');
}

function withMoment(response: Response, body: BodyInit | null): Response {
    const headers = new Headers(response.headers);
    headers.set(seenHeader, new Date().toISOString());
    return new Response(body, { status: 200, headers });
}

// ---- what everybody may see ----

const publicReads = /^\/api\/(home|goods|categories|sections|zones|sellers|places)(\/|$)/;
const forAll: WorkboxPlugin = {
    cacheWillUpdate: async ({ response }) => (isShareable(response) ? withMoment(response, response.body) : null),
};
registerRoute(
    ({ url, request, sameOrigin }) => sameOrigin && publicReads.test(url.pathname) && !isOfDesk(request),
    new NetworkFirst({
        cacheName: 'xj-public',
        networkTimeoutSeconds: patienceSeconds,
        plugins: [forAll, new ExpirationPlugin({ maxEntries: 200, maxAgeSeconds: 14 * day, purgeOnQuotaError: true })],
    }),
);
const picture: WorkboxPlugin = { cacheWillUpdate: async ({ response }) => (isShareable(response) ? response : null) };
registerRoute(
    ({ request, url, sameOrigin }) => sameOrigin && request.destination === 'image' && !url.pathname.startsWith('/api/') && !url.searchParams.has('mark'),
    new CacheFirst({
        cacheName: 'xj-pictures',
        matchOptions: { ignoreVary: true },
        plugins: [picture, new ExpirationPlugin({ maxEntries: 150, maxAgeSeconds: 30 * day, purgeOnQuotaError: true })],
    }),
);

// ---- what only one person may see ----

// Goes up whenever the person leaves: a reply that was asked for before that is not kept after it.
let person = 0;

// Where a parcel goes and to whom is not needed to see how it stands, so the kept copy does not have it.
// By how the names begin: what a reply says of the receiver tomorrow is not kept either.
const isPersonal = (name: string): boolean => name.startsWith('receiver_') || name === 'note';

function withoutPersonal(text: string): string {
    return JSON.stringify(JSON.parse(text), (name, value: unknown) => (isPersonal(name) && typeof value === 'string' ? '' : value));
}

async function dropOwn(): Promise<void> {
    person++;
    await caches.delete(ownCache);
}

// No ExpirationPlugin here: its book in IndexedDB would remember the numbers of orders after the log-out.
const own: WorkboxPlugin = {
    handlerWillStart: async ({ state }) => void (state !== undefined && (state['person'] = person)),
    fetchDidSucceed: async ({ response }) => {
        // Nobody is logged in any more: whatever was kept is over, even if the page does not say so.
        if (response.status === 401) await dropOwn();
        return response;
    },
    cacheWillUpdate: async ({ response, state }) => {
        if (response.status !== 200 || state?.['person'] !== person) return null;
        const kept = withMoment(response, withoutPersonal(await response.text()));
        return state['person'] === person ? kept : null;
    },
    cacheDidUpdate: async ({ state }) => {
        if (state?.['person'] !== person) return void (await caches.delete(ownCache));
        const cache = await caches.open(ownCache);
        const keys = await cache.keys();
        await Promise.all(keys.slice(0, Math.max(0, keys.length - ownMax)).map((key) => cache.delete(key)));
    },
};
// A shop's keeper reads the orders of others at these addresses too: what is read from 我的店 is not kept.
registerRoute(
    ({ url, request, sameOrigin }) =>
        sameOrigin &&
        /^\/api\/(orders(\/\d+)?|cart)$/.test(url.pathname) &&
        !url.searchParams.has('seller') &&
        !/\/my-shop/.test(request.referrer) &&
        !isOfDesk(request),
    new NetworkFirst({ cacheName: ownCache, networkTimeoutSeconds: patienceSeconds, plugins: [own] }),
);

self.addEventListener('message', (event) => {
    const type = (event.data as { type?: string } | null)?.type;
    if (type === 'SKIP_WAITING') void self.skipWaiting();
    if (type === 'FORGET_OWN') event.waitUntil(dropOwn());
});
// The first worker takes over the page that brought it, so that this very visit is kept; a later one waits (worker.ts).
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

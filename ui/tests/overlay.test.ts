// A chooser over a sheet: each is a step of the history, and going back closes the upper one alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApp } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { useOverlay } from '../kit/overlay.ts';

const rest = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A page at `start`; the memory's history has no state, so the browser's is told from what was pushed. */
async function pageAt(start: string) {
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/goods', component: {} }] });
    await router.push(start);
    const trail: string[] = [];
    const { push, back } = router;
    router.push = (to) => (trail.push(router.currentRoute.value.fullPath), push(to));
    router.back = () => (trail.pop(), back());
    Object.assign(globalThis, { history: { get state() { return { back: trail[trail.length - 1] ?? null }; } } });
    const app = createApp({});
    app.use(router);
    return { router, trail, ...app.runWithContext(() => ({ filter: useOverlay('filter'), place: useOverlay('filter/place') })) };
}

test('going back from the chooser leaves the sheet under it open', async () => {
    const { router, trail, filter, place } = await pageAt('/goods?sort=price');
    filter.open();
    await rest();
    assert.deepEqual([filter.isOpen.value, place.isOpen.value], [true, false]);
    place.open();
    await rest();
    assert.deepEqual([filter.isOpen.value, place.isOpen.value], [true, true]);
    router.back();
    await rest();
    assert.deepEqual([filter.isOpen.value, place.isOpen.value], [true, false]);
    place.open();
    await rest();
    await place.close();
    assert.deepEqual([filter.isOpen.value, place.isOpen.value], [true, false], 'its own way out does the same');
    await filter.close();
    assert.deepEqual([router.currentRoute.value.fullPath, trail], ['/goods?sort=price', []]);
});

test('an address that opens with the chooser leads to the sheet, and then to the page', async () => {
    const { router, filter, place } = await pageAt('/goods#filter/place');
    await place.close();
    assert.equal(router.currentRoute.value.fullPath, '/goods#filter');
    await filter.close();
    assert.equal(router.currentRoute.value.fullPath, '/goods');
});

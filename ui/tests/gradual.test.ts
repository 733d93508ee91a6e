// Long pages come in pieces: the first at once, the rest a frame each, and all at once for a person who comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectScope, nextTick, ref } from 'vue';
import { useGradualCount, useGradually } from '../kit/gradual.ts';
import { noteGoingBack } from '../kit/read.ts';

// Frames come when the test says so.
const frames: (() => void)[] = [];
globalThis.requestAnimationFrame = (call) => frames.push(() => call(0));
async function frame(): Promise<void> {
    frames.shift()?.();
    await new Promise((resolve) => setTimeout(resolve, 2));
    await nextTick();
}

test('the first are there at once, and then so many a frame until all are', async () => {
    const scope = effectScope();
    const items = ref([1, 2, 3, 4, 5, 6, 7]);
    const shown = scope.run(() => useGradually(items, 2, 3))!;
    assert.deepEqual(shown.value, [1, 2]);
    await frame();
    assert.deepEqual(shown.value, [1, 2, 3, 4, 5]);
    await frame();
    assert.equal(shown.value.length, 7);
    assert.equal(frames.length, 0, 'nothing waits when all is there');
    items.value = [...items.value, 8, 9];
    await nextTick();
    await frame();
    assert.equal(shown.value.length, 9, 'what comes later grows too');
    items.value = [];
    await nextTick();
    items.value = [1, 2, 3];
    await nextTick();
    assert.deepEqual(shown.value, [1, 2], 'after nothing comes another list');
    await frame();
    scope.stop();
});

test('two never grow in the same frame, and what is gone waits for nothing', async () => {
    const scope = effectScope();
    const other = effectScope();
    const first = scope.run(() => useGradualCount(3, 1, 1))!;
    const second = other.run(() => useGradualCount(3, 1, 1))!;
    await frame();
    assert.deepEqual([first.value, second.value], [2, 1]);
    other.stop();
    await frame();
    await frame();
    assert.deepEqual([first.value, second.value], [3, 1]);
    scope.stop();
});

test('who comes back sees all at once', () => {
    noteGoingBack(true);
    const scope = effectScope();
    assert.equal(scope.run(() => useGradualCount(40, 2, 2))!.value, 40);
    scope.stop();
    noteGoingBack(false);
});

// Reading for pages: what stays when a look fails, what wins when two answers cross, what a list shows to who comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectScope } from 'vue';

Object.assign(globalThis, { localStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined } });

const { ApiProblem, Unreachable } = await import('../kit/api.ts');
const { noteGoingBack, useList, useRead, withFirstPage } = await import('../kit/read.ts');

const rest = () => new Promise((resolve) => setTimeout(resolve, 1));
const of = (...ids: string[]) => ids.map((id) => ({ id }));
const idsOf = (items: readonly { id: string }[]) => items.map((item) => item.id).join('');

test('a look that fails in a way that passes leaves what is shown', async () => {
    const scope = effectScope();
    let failure: Error | undefined;
    const read = scope.run(() => useRead('one', async () => {
        if (failure !== undefined) throw failure;
        return 'as it was';
    }))!;
    await rest();
    for (const passing of [new Unreachable(), new ApiProblem(503, { code: 'busy' }, 0), new ApiProblem(429, { code: 'too_many' }, 5)]) {
        failure = passing;
        await read.reload();
        assert.deepEqual([read.data, read.error, read.failed], ['as it was', undefined, true]);
    }
    failure = new ApiProblem(404, { code: 'not_found' }, 0);
    await read.reload();
    assert.deepEqual([read.data, read.error, read.failed], [undefined, failure, false]);
    scope.stop();
});

test('what a write answered is not overwritten by a look that began before it', async () => {
    const scope = effectScope();
    let answer: (state: string) => void = () => undefined;
    const read = scope.run(() => useRead('case', () => new Promise<string>((resolve) => (answer = resolve))))!;
    answer('open');
    await rest();
    void read.reload();
    read.put('closed');
    answer('open');
    await rest();
    assert.deepEqual([read.data, read.isLoading], ['closed', false]);
    scope.stop();
    const later = effectScope();
    assert.equal(later.run(() => useRead('case', async () => 'closed'))!.data, 'closed', 'and it is what is remembered');
    later.stop();
});

test('a first page replaces what it covers and leaves what lies beyond', () => {
    const laid = (shown: string, first: string, next?: string) => {
        const { items, keepsRest } = withFirstPage(of(...shown), { items: of(...first), ...(next && { next }) });
        return `${idsOf(items)}${keepsRest ? '+' : ''}`;
    };
    assert.equal(laid('abcdef', 'abc', 'c'), 'abcdef+', 'nothing changed');
    assert.equal(laid('abcdef', 'acd', 'd'), 'acdef+', 'one left it');
    assert.equal(laid('abcdef', 'xab', 'b'), 'xabcdef+', 'one is new');
    assert.equal(laid('abcdef', 'xyz', 'z'), 'xyz', 'between them would be a gap');
    assert.equal(laid('abcdef', 'ab'), 'ab', 'it is the whole list');
    assert.equal(laid('abc', 'abd', 'd'), 'abdc+', 'one came between');
    assert.equal(laid('a', ''), '');
});

test('who comes back sees the list as it was, and then as it is', async () => {
    const pages: Record<string, { items: { id: string }[]; next?: string }> = { '': { items: of('a', 'b'), next: 'b' }, b: { items: of('c', 'd'), next: 'd' }, d: { items: of('e') } };
    const load = async (after: string | undefined) => pages[after ?? '']!;
    const open = () => {
        const scope = effectScope();
        return { scope, list: scope.run(() => useList('invoices', load))! };
    };
    const first = open();
    await rest();
    await first.list.more();
    assert.equal(idsOf(first.list.items), 'abcd');
    first.scope.stop();

    noteGoingBack(true);
    pages[''] = { items: of('b', 'c'), next: 'c' };
    const back = open();
    assert.deepEqual([idsOf(back.list.items), back.list.isLoading], ['abcd', false], 'at once, for the place where they were');
    await rest();
    assert.equal(idsOf(back.list.items), 'bcd', 'what was dealt with is gone');
    await back.list.more();
    assert.deepEqual([idsOf(back.list.items), back.list.isEnd], ['bcde', true], 'and it goes on where it was');
    back.scope.stop();

    pages[''] = { items: [] };
    const empty = open();
    await rest();
    assert.deepEqual([empty.list.items.length, empty.list.isEnd], [0, true]);
    empty.scope.stop();
    noteGoingBack(false);
});

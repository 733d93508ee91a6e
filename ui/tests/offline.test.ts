// What holds while the network is away: the key of an unanswered write, and what the page says of how old it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useOnce, type KeyKeeper } from '../kit/api.ts';
import { forgetSeen, noteReply, seenAt } from '../kit/seen.ts';

function memory(): KeyKeeper {
    let held: { key: string; sent: string } | undefined;
    return { kept: () => held, keep: (key) => (held = key) };
}
const keyOf = (headers: { headers: { 'Idempotency-Key': string } }) => headers.headers['Idempotency-Key'];

test('a key outlives a reload until the write is answered; another body has another key', () => {
    const keeper = memory();
    const first = keyOf(useOnce(keeper).key({ count: 1 }));
    const reloaded = useOnce(keeper);
    assert.equal(keyOf(reloaded.key({ count: 1 })), first);
    assert.notEqual(keyOf(reloaded.key({ count: 2 })), first);
    reloaded.done();
    assert.equal(keeper.kept(), undefined);
    assert.notEqual(keyOf(useOnce(keeper).key({ count: 1 })), first);
});

test('a page says the oldest moment of what it shows from memory, and nothing once all of it came over the network', () => {
    noteReply('/api/home', '2026-11-27T10:00:00Z');
    noteReply('/api/zones', '2026-11-26T10:00:00Z');
    assert.equal(seenAt.value, '2026-11-26T10:00:00Z');
    noteReply('/api/zones', null);
    assert.equal(seenAt.value, '2026-11-27T10:00:00Z');
    noteReply('/api/home', null);
    assert.equal(seenAt.value, undefined);
    noteReply('/api/home', '2026-11-27T10:00:00Z');
    forgetSeen();
    assert.equal(seenAt.value, undefined);
});

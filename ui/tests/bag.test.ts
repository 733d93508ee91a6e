// The bag without log-in, and how it joins the bag on the server, against a server of a few lines. Run by `sh build.sh test`.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

const device = new Map<string, string>();
const server = { counts: new Map<string, number>(), keys: new Map<string, string>(), puts: [] as string[], isDown: (_: string) => false, refusal: (_: string): number => 0 };

function cart() {
    const lines = [...server.counts].map(([sku_id, count]) => ({ sku_id, goods_id: `g-${sku_id}`, count, selected: true, state: 'ok', price_fen: 100 }));
    return { lines, selected_count: 0, selected_fen: 0 };
}

async function answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname;
    if (server.isDown(`${request.method} ${path}`)) throw new TypeError('network');
    const refused = server.refusal(`${request.method} ${path}`);
    if (refused > 0) return Response.json({ code: 'some', detail: '不行', status: refused }, { status: refused });
    if (path === '/api/sessions/current') return new Response(null, { status: 204 });
    if (path === '/api/cart') return Response.json(cart());
    const sku = /^\/api\/cart\/lines\/(\w+)$/.exec(path)?.[1];
    if (sku !== undefined && request.method === 'PUT') {
        const { count } = (await request.json()) as { count: number };
        const key = request.headers.get('Idempotency-Key') ?? '';
        assert.match(key, /^[A-Za-z0-9_-]{8,64}$/);
        server.puts.push(`${sku}=${count}`);
        if (sku === 'gone') return Response.json({ code: 'NOT_FOUND', detail: '没有这样东西', status: 404 }, { status: 404 });
        if (!server.keys.has(key)) server.counts.set(sku, count);
        server.keys.set(key, sku);
        return Response.json(cart());
    }
    return Response.json({ code: 'NOT_FOUND', detail: '没有找到', status: 404 }, { status: 404 });
}

class SiteRequest extends Request {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(typeof input === 'string' ? new URL(input, 'http://shop.test') : input, init);
    }
}

Object.assign(globalThis, {
    localStorage: {
        getItem: (name: string) => device.get(name) ?? null,
        setItem: (name: string, text: string) => void device.set(name, text),
        removeItem: (name: string) => void device.delete(name),
    },
    Request: SiteRequest,
    fetch: answer,
});

const { addToBag, bag, changeInBag, loadBag, removeFromBag } = await import('../kit/bag.ts');
const { toastShown } = await import('../kit/toast.ts');
const { enter, leave, isSignedIn } = await import('../kit/session.ts');

const session = { token: 't', expires_at: '', person: { organisation_ids: [] } } as never;

function item(sku_id: string) {
    return { sku_id, goods_id: `g-${sku_id}`, seller_id: 's', seller_name: '店', title: '梨', options_text: '', picture: '', price_fen: 100, unit_price_fen: 10, unit_name: '斤' };
}

beforeEach(async () => {
    server.isDown = () => false;
    server.refusal = () => 0;
    if (isSignedIn.value) await leave();
    for (const line of [...bag.lines]) await removeFromBag(line.sku_id);
    server.counts.clear();
    server.puts.length = 0;
});

test('two quick taps count from each other, and the device keeps them', async () => {
    await Promise.all([addToBag(item('pear')), addToBag(item('pear'))]);
    await addToBag(item('tea'), 3);
    assert.equal(bag.count, 5);
    assert.equal(bag.chosenFen, 500);
    await changeInBag('tea', { selected: false });
    assert.equal(bag.chosenCount, 2);
    assert.match(device.get('xj.bag') ?? '', /"pear"/);
    assert.deepEqual(server.puts, []);
});

test('log-in adds the device to the server once, and a broken try goes on where it was', async () => {
    server.counts.set('pear', 1);
    await addToBag(item('gone'));
    await addToBag(item('tea'), 2);
    await addToBag(item('pear'), 2);
    server.isDown = (call) => call.endsWith('/tea');
    await enter(session);
    assert.deepEqual(server.puts, ['pear=3']);
    assert.equal(device.get('xj.bag'), undefined);
    server.isDown = () => false;
    await enter(session);
    assert.deepEqual(server.puts, ['pear=3', 'tea=2', 'gone=1']);
    assert.deepEqual([...server.counts], [['pear', 3], ['tea', 2]]);
    assert.equal(device.get('xj.bag.joining'), undefined);
    await enter(session);
    assert.equal(server.puts.length, 3);
});

test('who comes while the bag cannot be read adds to what lies there, not over it', async () => {
    server.counts.set('pear', 3);
    server.isDown = (call) => call === 'GET /api/cart';
    await enter(session);
    await assert.rejects(addToBag(item('pear')));
    server.isDown = () => false;
    await addToBag(item('pear'));
    assert.deepEqual(server.puts, ['pear=4']);
});

test('what the device still holds joins before the next tap counts', async () => {
    await addToBag(item('pear'), 2);
    server.isDown = (call) => call === 'GET /api/cart';
    await enter(session);
    server.isDown = () => false;
    await addToBag(item('pear'));
    assert.deepEqual(server.puts, ['pear=2', 'pear=3']);
    assert.equal(device.get('xj.bag'), undefined);
});

test('joining drops only what is refused for good, and says so', async () => {
    await addToBag({ ...item('gone'), title: '老核桃' });
    await addToBag(item('tea'), 2);
    server.refusal = (call) => (call.endsWith('/tea') ? 429 : 0);
    await enter(session);
    assert.match(device.get('xj.bag.joining') ?? '', /"tea"/, 'a busy server is no reason to lose a line');
    server.refusal = () => 0;
    await loadBag();
    assert.deepEqual([...server.counts], [['tea', 2]]);
    assert.match(toastShown.value?.text ?? '', /老核桃/);
});

// What an answer means, and when a try keeps its key. Run by `sh build.sh test`.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

let answer: () => Response = () => Response.json({});
const keys: string[] = [];

class SiteRequest extends Request {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(typeof input === 'string' ? new URL(input, 'http://shop.test') : input, init);
    }
}
class SiteUpload {
    status = 0;
    response: unknown = null;
    upload = {};
    onload = (): void => undefined;
    open(): void {}
    setRequestHeader(): void {}
    getResponseHeader(): null {
        return null;
    }
    send(): void {
        const given = answer();
        this.status = given.status;
        this.onload();
    }
}
Object.assign(globalThis, {
    localStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
    Request: SiteRequest,
    XMLHttpRequest: SiteUpload,
    fetch: async (input: Request | string, init?: RequestInit) => {
        keys.push(new Headers(typeof input === 'string' ? init?.headers : input.headers).get('Idempotency-Key') ?? '');
        return answer();
    },
});

const { api, ApiProblem, isPassing, ok, Unreachable, useOnce } = await import('../kit/api.ts');
const { sendBytes } = await import('../kit/bytes.ts');
const { uploadPicture } = await import('../kit/pictures.ts');
const { useInvoiceAnswer } = await import('../kit/invoice-answer.ts');
const { unansweredAfter } = await import('../shop/src/pages/checkout/place.ts');

const away = () => new Response('<html><h1>504 Gateway Time-out</h1></html>', { status: 504, headers: { 'Content-Type': 'text/html' } });
const refusal = (status: number) => () => Response.json({ code: 'busy', detail: '不行' }, { status });

beforeEach(() => {
    keys.length = 0;
});

test('the error page of a proxy is silence, the server’s own failure is an answer', async () => {
    const call = () => ok(api.GET('/api/home'));
    answer = away;
    await assert.rejects(call, (error) => error instanceof Unreachable && error.isAway && isPassing(error));
    await assert.rejects(sendBytes('http://shop.test/api/files/papers', 'application/pdf', new Blob(['x'])), Unreachable);
    await assert.rejects(uploadPicture(new Blob(['x'], { type: 'image/png' }), 'goods', () => undefined), Unreachable);
    answer = refusal(503);
    await assert.rejects(call, (error) => error instanceof ApiProblem && error.code === 'busy' && isPassing(error));
    answer = refusal(409);
    await assert.rejects(call, (error) => error instanceof ApiProblem && !isPassing(error));
    answer = () => new Response('<html>', { status: 404 });
    await assert.rejects(call, (error) => error instanceof ApiProblem && error.status === 404);
});

test('a form keeps its key until the write is done, whatever stood between', async () => {
    let done = 0;
    const form = useInvoiceAnswer('7', () => done++);
    form.number = '12345678';
    for (const next of [away, refusal(429), refusal(409), () => Response.json({ id: '7' }, { status: 201 })]) {
        answer = next;
        await form.step.run();
    }
    assert.equal(done, 1);
    assert.equal(new Set(keys).size, 1, 'the third try may be the one that already acted');
    await form.step.run();
    assert.equal(new Set(keys).size, 2, 'after it was done the next is another');
});

test('another body is another key', () => {
    const once = useOnce();
    const first = once.key({ fen: 1 });
    assert.deepEqual(once.key({ fen: 1 }), first);
    assert.notDeepEqual(once.key({ fen: 2 }), first);
});

test('an order that nobody answered stays the one to send, until the server speaks of it', () => {
    const sent = { lines: [] } as never;
    assert.equal(unansweredAfter(new Unreachable(), sent, null), sent);
    assert.equal(unansweredAfter(new ApiProblem(503, { code: 'busy' }, 1), sent, sent), sent);
    assert.equal(unansweredAfter(new ApiProblem(429, { code: 'too_many' }, 1), sent, null), null);
    assert.equal(unansweredAfter(new ApiProblem(409, { code: 'out_of_stock' }, 0), sent, sent), null);
});

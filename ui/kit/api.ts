// The one door to the server. Reads: `await ok(api.GET('/api/goods/{id}', { params: { path: { id } } }))`.
// Writes carry a key made when the page or form opened: `await ok(api.POST('/api/orders', { body, ...once.key(body) }))`.
import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from './api.gen.ts';
import { seenHeader } from './kept.ts';
import { noteReply } from './seen.ts';
import { language, words } from './words.ts';

const t = words(
    {
        offline: '网断了。您填的都还在，连上网再点一次就行。',
        away: '我们这边没接上。您填的都还在，过一会儿再点一次就行。',
        failed: '这一下没成。过一会儿再点一次，还不行就告诉我们。',
        slowly: '点得太快了，歇一会儿再试。',
    },
    {
        offline: 'You are offline. What you filled in is still here: connect and tap again.',
        away: 'We did not answer. What you filled in is still here: tap again in a moment.',
        failed: 'That did not work. Try again in a moment.',
        slowly: 'Too many tries. Wait a little and try again.',
    },
);

export interface Fault {
    field: string;
    detail: string;
}

/** The server said no: `code` for programs, `message` for people, `faults` field by field. */
export class ApiProblem extends Error {
    readonly status: number;
    readonly code: string;
    readonly faults: Fault[];
    readonly retryAfterSeconds: number;

    constructor(status: number, body: Partial<{ code: string; detail: string; title: string; faults: Fault[] }>, retryAfter: number) {
        super(body.detail || body.title || (status === 429 ? t.slowly : t.failed));
        this.status = status;
        this.code = body.code ?? '';
        this.faults = body.faults ?? [];
        this.retryAfterSeconds = retryAfter;
    }
}

/** Nothing answered: the network is down, or the server is away behind its proxy. What was sent may or may not have arrived. */
export class Unreachable extends Error {
    readonly isAway: boolean;

    constructor(isAway = false) {
        super(isAway ? t.away : t.offline);
        this.isAway = isAway;
    }
}

/**
 * What an answer that is no success means. The server signs each of its refusals with a code; a failure without one is the page of a
 * proxy, which does not know whether the server acted: that is silence, and the next try must be the same one.
 */
export function refusalOf(status: number, body: unknown, retryAfter: string | null): ApiProblem | Unreachable {
    const said = (typeof body === 'object' && body !== null ? body : {}) as ConstructorParameters<typeof ApiProblem>[1];
    return status >= 500 && !said.code ? new Unreachable(true) : new ApiProblem(status, said, Number(retryAfter ?? 0) || 0);
}

const forgetters: (() => void)[] = [];

/** Calls `forget` when the server no longer knows who we are. */
export function onSignedOut(forget: () => void): void {
    forgetters.push(forget);
}

async function problemOf(response: Response): Promise<ApiProblem | Unreachable> {
    // A proxy's error page is no problem+json: the status alone must do.
    const body: unknown = await response.json().catch(() => undefined);
    return refusalOf(response.status, body, response.headers.get('Retry-After'));
}

const house: Middleware = {
    onRequest({ request }) {
        request.headers.set('Accept-Language', language.value);
        if (request.method !== 'GET' && !request.headers.has('Idempotency-Key')) {
            request.headers.set('Idempotency-Key', newKey());
        }
        return request;
    },
    async onResponse({ request, response }) {
        if (request.method === 'GET') noteReply(request.url, response.headers.get(seenHeader));
        if (response.ok) return response;
        const problem = await problemOf(response);
        // A wrong password is a 401 too, but only `login_needed` says that the session is over.
        if (problem instanceof ApiProblem && problem.code === 'login_needed') forgetters.forEach((forget) => forget());
        throw problem;
    },
    onError: () => new Unreachable(),
};

// The door's types ask for the key at each write; the middleware puts it there, so callers need not.
type WithoutHeader<T> = T extends { parameters: infer P } ? Omit<T, 'parameters'> & { parameters: Omit<P, 'header'> & { header?: never } } : T;
type Unkeyed<T> = { [Path in keyof T]: { [Method in keyof T[Path]]: WithoutHeader<T[Path][Method]> } };

export const api = createClient<Unkeyed<paths>>({ baseUrl: '', credentials: 'same-origin' });
api.use(house);

/** The reply itself; a refusal is thrown as ApiProblem, silence as Unreachable. */
export async function ok<T>(call: Promise<{ data?: T }>): Promise<T> {
    return (await call).data as T;
}

/** A new idempotency key: 24 letters and digits from the browser's random source. */
export function newKey(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    return Array.from(bytes, (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'[byte % 36]).join('');
}

export interface Once {
    /** The headers that name this try of `body`. The same body has the same key until `done`. */
    key(body?: unknown): { headers: { 'Idempotency-Key': string } };
    /**
     * The write was done: what is sent next is something new. Never called for a refusal: the server keeps no refusals, so the same key may try
     * again; and an earlier try that nobody answered may have acted, which a new key would repeat.
     */
    done(): void;
}

/** Where a key is kept, so that it outlives a reload of the page. */
export interface KeyKeeper {
    kept(): { key: string; sent: string } | undefined;
    keep(key: { key: string; sent: string } | undefined): void;
}

/** Makes the keys of one form: a retry after silence repeats its key, so it can never act twice. */
export function useOnce(keeper?: KeyKeeper): Once {
    const before = keeper?.kept();
    let current = before?.key ?? newKey();
    let sent: string | undefined = before?.sent;
    return {
        key(body) {
            const text = JSON.stringify(body) ?? '';
            if (sent !== undefined && sent !== text) current = newKey();
            sent = text;
            keeper?.keep({ key: current, sent });
            return { headers: { 'Idempotency-Key': current } };
        },
        done() {
            current = newKey();
            sent = undefined;
            keeper?.keep(undefined);
        },
    };
}

/** What to tell the person about any failure. */
export function failureText(error: unknown): string {
    return error instanceof ApiProblem || error instanceof Unreachable ? error.message : t.failed;
}

/** The faults of a refusal by field name, for forms: `{ phone: '手机号不对' }`. */
export function faultsByField(error: unknown): Record<string, string> {
    const found: Record<string, string> = {};
    if (error instanceof ApiProblem) {
        for (const fault of error.faults) found[fault.field] ??= fault.detail;
    }
    return found;
}

export function isMissing(error: unknown): boolean {
    return error instanceof ApiProblem && error.status === 404;
}

export function isUnreachable(error: unknown): boolean {
    return error instanceof Unreachable;
}

/** Whether it may well be gone at the next look: no network, a server that is away or busy, or asked too often. */
export function isPassing(error: unknown): boolean {
    return isUnreachable(error) || (error instanceof ApiProblem && (error.status >= 500 || error.status === 429));
}

// The shopping bag. Without log-in it lives on the device; at log-in its lines join the bag on the server.
import { computed, reactive, readonly } from 'vue';
import { api, ApiProblem, newKey, ok } from './api.ts';
import { keep, keptJson } from './device.ts';
import type { Cart, CartLine, Goods, Sku } from './models.ts';
import { isSignedIn, onLeft, onSignedIn } from './session.ts';
import { toast } from './toast.ts';
import { words } from './words.ts';

/** What is needed to put something in the bag: a goods card or a goods page with its SKU gives it. */
export type BagItem = Pick<
    CartLine,
    'sku_id' | 'goods_id' | 'seller_id' | 'seller_name' | 'title' | 'options_text' | 'picture' | 'price_fen' | 'unit_price_fen' | 'unit_name'
>;

// As many kinds as one order may hold; the server's bag holds no more either.
const linesMax = 20;
const t = words(
    {
        full: `袋子里最多放 ${linesMax} 种，先买几样吧`,
        unfit: (titles: string) => `${titles}没放进购物袋：下架了，或者袋子满了`,
    },
    {
        full: `The bag holds at most ${linesMax} kinds: buy some first`,
        unfit: (titles) => `Not in your bag: ${titles}. Off sale, or the bag is full`,
    },
);
const state = reactive({ lines: keptLines(), isLoaded: false });

function keptLines(): CartLine[] {
    const isLines = (value: unknown): value is CartLine[] =>
        Array.isArray(value) && value.every((line) => typeof line?.sku_id === 'string' && Number.isInteger(line?.count));
    return keptJson('bag', isLines, []);
}

function keepOnDevice(lines: CartLine[]): void {
    keep('bag', lines.length === 0 ? null : JSON.stringify(lines));
}

// Writes go one after another, so that two quick taps on + count from each other.
let queue: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = queue.then(work, work);
    queue = turn.catch(() => undefined);
    return turn;
}

function show(cart: Cart): void {
    state.lines = cart.lines;
    state.isLoaded = true;
}

function lineOf(skuId: string): CartLine | undefined {
    return state.lines.find((line) => line.sku_id === skuId);
}

async function put(skuId: string, body: { count: number; selected?: boolean }, key = newKey()): Promise<void> {
    const params = { path: { sku_id: skuId } };
    show(await ok(api.PUT('/api/cart/lines/{sku_id}', { params, body, headers: { 'Idempotency-Key': key } })));
}

function setOnDevice(lines: CartLine[]): void {
    state.lines = lines.map((line) => ({ ...line, state: stateOf(line) }));
    keepOnDevice(state.lines);
}

function stateOf(line: CartLine): CartLine['state'] {
    if (line.state === 'delisted' || line.state === 'sold_out') return line.state;
    const isTooMany = line.count > line.available_count || (line.limit_count > 0 && line.count > line.limit_count);
    return isTooMany ? 'too_many' : 'ok';
}

/** Puts `count` more of an item in the bag. */
export function addToBag(item: BagItem, count = 1): Promise<void> {
    return inTurn(async () => {
        await beReady();
        const line = lineOf(item.sku_id);
        const total = (line?.count ?? 0) + count;
        if (isSignedIn.value) return put(item.sku_id, { count: total, selected: true });
        const unknown = { available_count: 9999, limit_count: 0, state: 'ok' as const };
        const next: CartLine = { ...(line ?? unknown), ...item, count: total, selected: true };
        if (line === undefined && state.lines.length >= linesMax) throw new ApiProblem(400, { code: 'bad_input', detail: t.full }, 0);
        setOnDevice([next, ...state.lines.filter((other) => other.sku_id !== item.sku_id)]);
    });
}

/** Sets how many of a line and whether it is chosen to be bought. */
export function changeInBag(skuId: string, change: { count?: number; selected?: boolean }): Promise<void> {
    return inTurn(async () => {
        await beReady();
        const line = lineOf(skuId);
        if (line === undefined) return;
        const next = { count: change.count ?? line.count, selected: change.selected ?? line.selected };
        if (isSignedIn.value) return put(skuId, next);
        setOnDevice(state.lines.map((other) => (other.sku_id === skuId ? { ...other, ...next } : other)));
    });
}

/** Takes a line out of the bag. */
export function removeFromBag(skuId: string): Promise<void> {
    return inTurn(async () => {
        await beReady();
        if (isSignedIn.value) {
            show(await ok(api.DELETE('/api/cart/lines/{sku_id}', { params: { path: { sku_id: skuId } } })));
        } else {
            setOnDevice(state.lines.filter((line) => line.sku_id !== skuId));
        }
    });
}

/** The values of a SKU's options in one line: "8 斤·中果". */
export function optionsText(sku: Pick<Sku, 'options'>): string {
    return sku.options.map((option) => option.value).join('·');
}

/** What goes in the bag for a SKU of a goods page. */
export function bagItem(goods: Goods, sku: Sku): BagItem {
    return {
        sku_id: sku.id,
        goods_id: goods.id,
        seller_id: goods.seller.id,
        seller_name: goods.seller.name,
        title: goods.title,
        options_text: optionsText(sku),
        picture: goods.pictures[0] ?? '',
        price_fen: sku.price_fen,
        unit_price_fen: sku.unit_price_fen,
        unit_name: sku.unit_name,
    };
}

function refreshed(line: CartLine, goods: Goods | undefined): CartLine {
    const sku = goods?.skus.find((each) => each.id === line.sku_id);
    if (goods === undefined || sku === undefined) return { ...line, state: 'delisted', selected: false, available_count: 0 };
    const isGone = sku.available_count === 0;
    return {
        ...line,
        ...bagItem(goods, sku),
        available_count: sku.available_count,
        limit_count: sku.limit_count,
        selected: line.selected && !isGone,
        state: isGone ? 'sold_out' : 'ok',
    };
}

// The device knows only what it was told when a line went in, so prices and stock are read anew from each goods page.
async function refreshOnDevice(): Promise<void> {
    const ids = [...new Set(state.lines.map((line) => line.goods_id))];
    const found = new Map<string, Goods | undefined>();
    for (const id of ids) {
        try {
            found.set(id, await ok(api.GET('/api/goods/{id}', { params: { path: { id } } })));
        } catch (error) {
            if ((error as { status?: number }).status !== 404) throw error;
            found.set(id, undefined);
        }
    }
    setOnDevice(state.lines.map((line) => refreshed(line, found.get(line.goods_id))));
    state.isLoaded = true;
}

/** Reads the bag as it is now: prices, stock and states included. */
export function loadBag(): Promise<void> {
    return inTurn(async () => {
        if (!isSignedIn.value) return refreshOnDevice();
        return isJoined() ? show(await ok(api.GET('/api/cart'))) : join();
    });
}

/** False while the device still holds something for the bag on the server. */
function isJoined(): boolean {
    return keptJoining().length === 0 && keptLines().length === 0;
}

// The server is told sums, so what lies there must be known before anything is added to it.
async function beReady(): Promise<void> {
    if (!isSignedIn.value) return;
    if (!isJoined()) await join();
    else if (!state.isLoaded) show(await ok(api.GET('/api/cart')));
}

// Joining sets each line to "there + here" once. The sum is kept on the device before it is sent, so that a try that
// broke off half-way sends the same sums again and nothing is counted twice.
interface Joining {
    sku_id: string;
    count: number;
    selected?: boolean;
    key: string;
    title?: string;
}

function keptJoining(): Joining[] {
    const isJoining = (value: unknown): value is Joining[] =>
        Array.isArray(value) && value.every((each) => typeof each?.sku_id === 'string' && typeof each?.key === 'string');
    return keptJson('bag.joining', isJoining, []);
}

async function join(): Promise<void> {
    const here = keptLines();
    show(await ok(api.GET('/api/cart')));
    const waiting = keptJoining();
    for (const line of here) {
        const count = line.count + (lineOf(line.sku_id)?.count ?? 0);
        waiting.push({ sku_id: line.sku_id, count, selected: line.selected, key: newKey(), title: line.title });
    }
    keep('bag.joining', JSON.stringify(waiting));
    keepOnDevice([]);
    const unfit: string[] = [];
    try {
        for (const each of waiting) {
            try {
                await put(each.sku_id, { count: each.count, selected: each.selected ?? true }, each.key);
            } catch (error) {
                // Refused for good (no such thing, or a full bag): the rest still joins. All else stops, to go on next time.
                if (!(error instanceof ApiProblem) || (error.status !== 400 && error.status !== 404)) throw error;
                if (each.title) unfit.push(each.title);
            }
            const left = keptJoining().filter((other) => other.key !== each.key);
            keep('bag.joining', left.length === 0 ? null : JSON.stringify(left));
        }
    } finally {
        if (unfit.length > 0) toast(t.unfit(unfit.join('、')));
    }
}

onSignedIn(() => {
    // What is shown until then is the device's.
    state.isLoaded = false;
    return inTurn(join).catch(() => undefined);
});
onLeft(() => {
    state.lines = keptLines();
    state.isLoaded = false;
});

const chosen = computed(() => state.lines.filter((line) => line.selected && line.state === 'ok'));

/** The bag as pages see it. */
export const bag = readonly(
    reactive({
        lines: computed(() => state.lines),
        isLoaded: computed(() => state.isLoaded),
        count: computed(() => state.lines.reduce((sum, line) => sum + line.count, 0)),
        chosen,
        chosenCount: computed(() => chosen.value.reduce((sum, line) => sum + line.count, 0)),
        chosenFen: computed(() => chosen.value.reduce((sum, line) => sum + line.count * line.price_fen, 0)),
    }),
);

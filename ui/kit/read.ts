// Reading for pages. What was read stays in memory, so that going back shows the same page at once, where it was.
import { onScopeDispose, reactive, ref, shallowReactive, toValue, watch, type MaybeRefOrGetter } from 'vue';
import { isPassing } from './api.ts';

const rememberedMax = 60;

/** Keeps the newest `rememberedMax` entries. */
class Memory<T> {
    private readonly entries = new Map<string, T>();

    get(key: string): T | undefined {
        return this.entries.get(key);
    }

    set(key: string, value: T): void {
        this.entries.delete(key);
        this.entries.set(key, value);
        const oldest = this.entries.keys().next();
        if (this.entries.size > rememberedMax && !oldest.done) this.entries.delete(oldest.value);
    }

    clear(): void {
        this.entries.clear();
    }
}

const replies = new Memory<unknown>();
const lists = new Memory<{ items: unknown[]; next: string | undefined; extra: unknown }>();

/** Forgets everything read: after log-in, log-out or a change of language. */
export function forgetReads(): void {
    replies.clear();
    lists.clear();
}

export interface Reading<T> {
    readonly data: T | undefined;
    error: unknown;
    isLoading: boolean;
    /** The last look failed in a way that passes; what was read before it still stands in `data`. */
    failed: boolean;
    reload(): Promise<void>;
    /** Takes over what a write answered: a read that was under way before it shows no older state after it. */
    put(data: T): void;
}

/**
 * Reads one thing and follows `key`. A thing read before is shown at once and refreshed behind. When the refresh
 * fails in a way that passes (no network, a server that is away or busy), the old one stays.
 */
export function useRead<T>(key: MaybeRefOrGetter<string>, load: () => Promise<T>): Reading<T> {
    let turn = 0;
    const reading = shallowReactive({
        data: undefined as T | undefined,
        error: undefined as unknown,
        isLoading: false,
        failed: false,
        reload,
        put(data: T) {
            turn++;
            replies.set(toValue(key), data);
            Object.assign(reading, { data, error: undefined, isLoading: false, failed: false });
        },
    });

    async function reload(): Promise<void> {
        const mine = ++turn;
        const name = toValue(key);
        reading.isLoading = true;
        reading.error = undefined;
        try {
            const data = await load();
            if (mine !== turn) return;
            replies.set(name, data);
            reading.data = data;
            reading.failed = false;
        } catch (error) {
            if (mine !== turn) return;
            reading.failed = isPassing(error);
            // A page that wiped what it shows would take half-typed answers with it.
            if (reading.failed && reading.data !== undefined) return;
            reading.error = error;
            reading.data = undefined;
        } finally {
            if (mine === turn) reading.isLoading = false;
        }
    }

    watch(
        () => toValue(key),
        (name) => {
            reading.data = replies.get(name) as T | undefined;
            reading.failed = false;
            void reload();
        },
        { immediate: true },
    );
    onScopeDispose(() => turn++);
    return reading;
}

export interface Listing<T, E> {
    items: T[];
    /** What the first page said beside its items. */
    extra: E | undefined;
    error: unknown;
    isLoading: boolean;
    isEnd: boolean;
    more(): Promise<void>;
    reload(): Promise<void>;
    /** Reads the first page anew and puts it over what is shown; the list keeps its length and place, and stays as it is where that fails. */
    refresh(): Promise<void>;
}

export interface ListPage<T, E = undefined> {
    items: T[];
    next?: string;
    extra?: E;
}

/** Reads a list to its end, or until there are `max`. */
export async function readAll<T>(load: (after: string | undefined) => Promise<{ items: T[]; next?: string | undefined }>, max = Infinity): Promise<T[]> {
    const items: T[] = [];
    let after: string | undefined;
    do {
        const page = await load(after);
        items.push(...page.items);
        after = page.next || undefined;
    } while (after !== undefined && items.length < max);
    return items;
}

let isGoingBack = false;

/** The router says whether the page that opens now is one that was left before. */
export function noteGoingBack(next: boolean): void {
    isGoingBack = next;
}

/** Whether the page that opens now was left before: it must be as long as it was. */
export function isComingBack(): boolean {
    return isGoingBack;
}

/**
 * A list with its first page as it is now: what the page covers is replaced, so what left it is gone; what was read beyond it stays. Nothing
 * stays when the page is the whole list, or when it knows none of what is shown: between them would be a gap.
 */
export function withFirstPage<T extends { id: string }>(shown: readonly T[], first: ListPage<T, unknown>): { items: T[]; keepsRest: boolean } {
    const fresh = new Set(first.items.map((item) => item.id));
    const end = first.next ? shown.map((item) => fresh.has(item.id)).lastIndexOf(true) + 1 : 0;
    const rest = end > 0 ? shown.slice(end) : [];
    return { items: [...first.items, ...rest], keepsRest: rest.length > 0 };
}

/**
 * Reads a list page by page by its `next`. Going back shows at once all that was loaded, and looks behind whether it still is so; going forward
 * starts anew. `load` gets the `after` of the page to read.
 */
export function useList<T extends { id: string }, E = undefined>(
    key: MaybeRefOrGetter<string>,
    load: (after: string | undefined) => Promise<ListPage<T, E>>,
): Listing<T, E> {
    let turn = 0;
    // Goes up when another list begins: a first page that was asked for before that belongs to the old one.
    let begun = 0;
    let name = '';
    const next = ref<string>();
    const listing = reactive({
        items: [] as unknown[],
        extra: undefined as unknown,
        error: undefined as unknown,
        isLoading: false,
        isEnd: false,
        more,
        reload,
        refresh,
    }) as unknown as Listing<T, E>;

    function take(after: string | undefined): void {
        next.value = after;
        listing.isEnd = after === undefined || after === '';
        lists.set(name, { items: [...listing.items], next: after, extra: listing.extra });
    }

    async function more(): Promise<void> {
        if (listing.isLoading || listing.isEnd) return;
        const mine = ++turn;
        listing.isLoading = true;
        listing.error = undefined;
        try {
            const page = await load(next.value);
            if (mine !== turn) return;
            if (next.value === undefined) listing.extra = page.extra;
            listing.items.push(...page.items);
            take(page.next);
        } catch (error) {
            if (mine === turn) listing.error = error;
        } finally {
            if (mine === turn) listing.isLoading = false;
        }
    }

    async function refresh(): Promise<void> {
        const mine = begun;
        if (listing.items.length === 0 && !listing.isEnd) return;
        try {
            const first = await load(undefined);
            if (mine !== begun) return;
            const { items, keepsRest } = withFirstPage(listing.items, first);
            listing.items.splice(0, listing.items.length, ...items);
            listing.extra = first.extra;
            if (keepsRest) return take(next.value);
            // A further page that is under way goes on from where the list no longer is.
            turn++;
            listing.isLoading = false;
            take(first.next);
        } catch {
            // What is shown stays; the next look tries again.
        }
    }

    function reload(): Promise<void> {
        turn++;
        begun++;
        Object.assign(listing, { items: [], extra: undefined, error: undefined, isLoading: false, isEnd: false });
        next.value = undefined;
        return more();
    }

    watch(
        () => toValue(key),
        (now, before) => {
            name = now;
            const old = before === undefined && isGoingBack ? lists.get(name) : undefined;
            if (old === undefined) return void reload();
            next.value = old.next;
            Object.assign(listing, { items: [...old.items], extra: old.extra, isEnd: !old.next });
            void refresh();
        },
        { immediate: true },
    );
    onScopeDispose(() => {
        turn++;
        begun++;
    });
    return listing;
}

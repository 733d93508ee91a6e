// Reading for pages. What was read stays in memory, so that going back shows the same page at once, where it was.
import { onScopeDispose, reactive, ref, shallowReactive, toValue, watch, type MaybeRefOrGetter } from 'vue';
import { isUnreachable } from './api.ts';

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
    data: T | undefined;
    error: unknown;
    isLoading: boolean;
    reload(): Promise<void>;
}

/**
 * Reads one thing and follows `key`. A thing read before is shown at once and refreshed behind. When the refresh
 * fails for want of a network, the old one stays.
 */
export function useRead<T>(key: MaybeRefOrGetter<string>, load: () => Promise<T>): Reading<T> {
    let turn = 0;
    const reading = shallowReactive<Reading<T>>({ data: undefined, error: undefined, isLoading: false, reload });

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
        } catch (error) {
            if (mine === turn && !(isUnreachable(error) && reading.data !== undefined)) {
                reading.error = error;
                reading.data = undefined;
            }
        } finally {
            if (mine === turn) reading.isLoading = false;
        }
    }

    watch(
        () => toValue(key),
        (name) => {
            reading.data = replies.get(name) as T | undefined;
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
 * Reads a list page by page by its `next`. Going back shows all that was loaded; going forward starts anew.
 * `load` gets the `after` of the page to read.
 */
export function useList<T, E = undefined>(
    key: MaybeRefOrGetter<string>,
    load: (after: string | undefined) => Promise<ListPage<T, E>>,
): Listing<T, E> {
    let turn = 0;
    const next = ref<string>();
    const listing = reactive({
        items: [] as unknown[],
        extra: undefined as unknown,
        error: undefined as unknown,
        isLoading: false,
        isEnd: false,
        more,
        reload,
    }) as unknown as Listing<T, E>;

    async function more(): Promise<void> {
        if (listing.isLoading || listing.isEnd) return;
        const mine = ++turn;
        const name = toValue(key);
        listing.isLoading = true;
        listing.error = undefined;
        try {
            const page = await load(next.value);
            if (mine !== turn) return;
            if (next.value === undefined) listing.extra = page.extra;
            listing.items.push(...page.items);
            next.value = page.next;
            listing.isEnd = page.next === undefined || page.next === '';
            lists.set(name, { items: [...listing.items], next: page.next, extra: listing.extra });
        } catch (error) {
            if (mine === turn) listing.error = error;
        } finally {
            if (mine === turn) listing.isLoading = false;
        }
    }

    function reload(): Promise<void> {
        turn++;
        Object.assign(listing, { items: [], extra: undefined, error: undefined, isLoading: false, isEnd: false });
        next.value = undefined;
        return more();
    }

    watch(
        () => toValue(key),
        (name, before) => {
            const old = before === undefined && isGoingBack ? lists.get(name) : undefined;
            if (old === undefined) return void reload();
            next.value = old.next;
            Object.assign(listing, { items: [...old.items], extra: old.extra, isEnd: !old.next });
        },
        { immediate: true },
    );
    onScopeDispose(() => turn++);
    return listing;
}

// One list of the desk: its filters stand in the address, its pages go by the server's key, its views are kept on the device.
import { computed, onScopeDispose, reactive, ref, shallowReactive, watch } from 'vue';
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router';
import { keep, keptJson } from '@kit/device.ts';

export interface DeskPage<T> {
    items: T[];
    next?: string | undefined;
}

export interface DeskView {
    name: string;
    query: Record<string, string>;
}

export interface DeskList<T, F extends Record<string, string>> {
    readonly name: string;
    /** Bind fields to these; a change is in the address after a moment, and the list follows. */
    filters: F;
    items: T[];
    error: unknown;
    isLoading: boolean;
    /** True once something was read. */
    isRead: boolean;
    /** How many filters differ from how the page begins. */
    readonly activeCount: number;
    readonly page: number;
    readonly hasNext: boolean;
    readonly hasBefore: boolean;
    views: readonly DeskView[];
    /** Whether this filter differs from how the page begins. */
    isSet(name: string): boolean;
    reload(): Promise<void>;
    goNext(): void;
    goBefore(): void;
    /** All filters as the page begins. */
    clear(): void;
    set(changes: Partial<F>): void;
    saveView(name: string): void;
    useView(view: DeskView): void;
    forgetView(name: string): void;
}

const typingMs = 300;
const viewsMax = 12;

function isViews(value: unknown): value is DeskView[] {
    return Array.isArray(value) && value.every((view: Partial<DeskView>) => typeof view.name === 'string' && typeof view.query === 'object');
}

/**
 * `filters` names the filters with their first values; all are texts, '' means no filter. `load` gets those that are set, and
 * `after`. What `load` throws is shown by XcTable. A page has at most 50 rows.
 */
export function useDeskList<T, F extends Record<string, string>>(options: {
    name: string;
    filters: F;
    load(query: { [K in keyof F]?: string } & { after?: string }): Promise<DeskPage<T>>;
}): DeskList<T, F> {
    const route = useRoute();
    const router = useRouter();
    const path = route.path;
    const names = Object.keys(options.filters) as (keyof F & string)[];
    const filters = reactive({ ...options.filters }) as F;
    // The keys of the pages before this one. An address that was opened in the middle knows none: then "before" is the first page.
    const trail = ref<string[]>([]);
    const next = ref('');
    const views = ref(keptJson<DeskView[]>(`views.${options.name}`, isViews, []));
    let turn = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const textOf = (name: string): string | undefined => {
        const value = route.query[name];
        return typeof value === 'string' ? value : undefined;
    };
    const isSet = (name: string): boolean => filters[name] !== options.filters[name];
    const after = computed(() => textOf('after') ?? '');

    /** The address of what the fields say; a filter as it begins is left out, one that was emptied is kept as empty. */
    function address(extra: Record<string, string>): LocationQueryRaw {
        const query: LocationQueryRaw = { ...route.query };
        for (const name of [...names, 'after']) delete query[name];
        for (const name of names) if (isSet(name)) query[name] = filters[name];
        for (const [name, value] of Object.entries(extra)) if (value !== '') query[name] = value;
        return query;
    }

    function readAddress(): void {
        for (const name of names) {
            const value = textOf(name) ?? options.filters[name] ?? '';
            if (filters[name] !== value) (filters as Record<string, string>)[name] = value;
        }
    }

    async function reload(): Promise<void> {
        const mine = ++turn;
        list.isLoading = true;
        const query: Record<string, string> = {};
        for (const name of names) if (filters[name] !== '') query[name] = filters[name] ?? '';
        if (after.value !== '') query['after'] = after.value;
        try {
            const page = await options.load(query as { [K in keyof F]?: string } & { after?: string });
            if (mine !== turn) return;
            list.items = page.items;
            list.error = undefined;
            list.isRead = true;
            next.value = page.next ?? '';
        } catch (error) {
            if (mine !== turn) return;
            list.error = error;
            list.items = [];
            next.value = '';
        }
        if (mine === turn) list.isLoading = false;
    }

    const list: DeskList<T, F> = shallowReactive({
        name: options.name,
        filters,
        items: [] as T[],
        error: undefined as unknown,
        isLoading: false,
        isRead: false,
        get activeCount() {
            return names.filter(isSet).length;
        },
        get page() {
            return trail.value.length + 1;
        },
        get hasNext() {
            return next.value !== '';
        },
        get hasBefore() {
            return after.value !== '';
        },
        get views() {
            return views.value;
        },
        set views(value: readonly DeskView[]) {
            views.value = [...value];
        },
        isSet,
        reload,
        goNext() {
            trail.value.push(after.value);
            void router.push({ query: address({ after: next.value }) });
        },
        goBefore() {
            void router.push({ query: address({ after: trail.value.pop() ?? '' }) });
        },
        clear() {
            Object.assign(filters, options.filters);
        },
        set(changes: Partial<F>) {
            Object.assign(filters, changes);
        },
        saveView(name: string) {
            const query: Record<string, string> = {};
            for (const each of names) if (isSet(each)) query[each] = filters[each] ?? '';
            views.value = [...views.value.filter((view) => view.name !== name), { name, query }].slice(-viewsMax);
            keep(`views.${options.name}`, JSON.stringify(views.value));
        },
        useView(view: DeskView) {
            Object.assign(filters, options.filters, Object.fromEntries(Object.entries(view.query).filter(([name]) => name in options.filters)));
        },
        forgetView(name: string) {
            views.value = views.value.filter((view) => view.name !== name);
            keep(`views.${options.name}`, JSON.stringify(views.value));
        },
    });

    readAddress();
    void reload();
    watch(
        () => names.map((name) => filters[name]),
        () => {
            clearTimeout(timer);
            timer = setTimeout(() => {
                const isSaid = names.every((name) => filters[name] === (textOf(name) ?? options.filters[name]));
                if (route.path !== path || isSaid) return;
                trail.value = [];
                void router.replace({ query: address({}) });
            }, typingMs);
        },
    );
    watch(
        () => [...names, 'after'].map((name) => textOf(name) ?? null).join('\n'),
        () => {
            if (route.path !== path) return;
            readAddress();
            void reload();
        },
    );
    onScopeDispose(() => {
        turn++;
        clearTimeout(timer);
    });
    return list;
}

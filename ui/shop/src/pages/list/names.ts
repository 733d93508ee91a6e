// The names of what a list is narrowed by, for its title and its chips: the address only has ids and codes.
import { computed, type ComputedRef, type Ref } from 'vue';
import { api, ok } from '@kit/api.ts';
import { moneyText } from '@kit/money.ts';
import { placeText } from '@kit/places.ts';
import { useRead } from '@kit/read.ts';
import type { Filters } from './filters.ts';
import { t } from './words.ts';

export interface Chip {
    /** The filters that go when the chip goes. */
    names: (keyof Filters)[];
    text: string;
}

async function placeName(code: string): Promise<string> {
    const place = await ok(api.GET('/api/places/{code}', { params: { path: { code: code.padEnd(12, '0') } } }));
    return placeText([...place.ancestors.map((each) => each.name), place.name]);
}

async function sellerName(id: string): Promise<string> {
    return (await ok(api.GET('/api/sellers/{id}', { params: { path: { id } } }))).name;
}

/** Reads under `key` when there is one: what nothing on the page speaks of is not asked for. */
function lookUp<T>(key: () => string | undefined, load: () => Promise<T>) {
    return useRead(
        () => key() ?? '',
        async () => (key() === undefined ? undefined : load()),
    );
}

/** The chips of `filters`, and, once a person `isChoosing`, the categories and sections to choose from. */
export function useFilterNames(filters: ComputedRef<Filters>, isChoosing: Ref<boolean>) {
    const categories = lookUp(
        () => (isChoosing.value || filters.value.category !== undefined ? 'categories' : undefined),
        () => ok(api.GET('/api/categories', { params: { query: { limit: 50 } } })),
    );
    const sections = lookUp(
        () => (isChoosing.value || filters.value.section !== undefined ? 'sections' : undefined),
        () => ok(api.GET('/api/sections')),
    );
    const zones = lookUp(
        () => (filters.value.zone === undefined ? undefined : 'zones'),
        () => ok(api.GET('/api/zones')),
    );
    const place = lookUp(
        () => filters.value.place && `place ${filters.value.place}`,
        () => placeName(filters.value.place ?? ''),
    );
    const seller = lookUp(
        () => filters.value.seller && `seller name ${filters.value.seller}`,
        () => sellerName(filters.value.seller ?? ''),
    );

    const categoryName = computed(() => categories.data?.items.find((each) => each.id === filters.value.category)?.name);
    const chips = computed<Chip[]>(() => {
        const { section, zone, minFen, maxFen, inStock } = filters.value;
        const found: (Chip | undefined)[] = [
            named('category', categoryName.value),
            named('section', section && sections.data?.items.find((each) => each.code === section)?.name),
            named('zone', zone && zones.data?.items.find((each) => each.code === zone)?.name),
            named('seller', filters.value.seller && seller.data),
            named('place', filters.value.place && place.data),
            named('minFen', minFen === undefined ? undefined : t.from(moneyText(minFen))),
            named('maxFen', maxFen === undefined ? undefined : t.upTo(moneyText(maxFen))),
            named('inStock', inStock ? t.inStock : undefined),
        ];
        return found.filter((chip) => chip !== undefined);
    });

    function named(name: keyof Filters, text: string | undefined): Chip | undefined {
        return text === undefined || text === '' ? undefined : { names: [name], text };
    }
    return { categories, sections, categoryName, placeName: computed(() => place.data ?? ''), chips };
}

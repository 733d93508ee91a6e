// The list of goods that several pages show: its order stands in the address, its pages come by `next`.
import { computed, type ComputedRef, type WritableComputedRef } from 'vue';
import { useRoute, useRouter, type LocationQueryValue } from 'vue-router';
import { api, ok } from '@kit/api.ts';
import type { GoodsCard, GoodsPage, GoodsQuery, GoodsSort } from '@kit/models.ts';
import { useList, type Listing } from '@kit/read.ts';

export type GoodsHint = GoodsPage['hint'];

const sorts: readonly GoodsSort[] = ['newest', 'sold', 'price', 'price_down', 'origin'];

/** The first value of a query name, as text. */
export function textOf(value: LocationQueryValue | LocationQueryValue[] | undefined): string | undefined {
    const first = Array.isArray(value) ? value[0] : value;
    return first === null || first === '' ? undefined : first;
}

/** The order of the list, kept in the address as `sort`. */
export function useSort(): WritableComputedRef<GoodsSort> {
    const route = useRoute();
    const router = useRouter();
    return computed({
        get: () => sorts.find((sort) => sort === textOf(route.query['sort'])) ?? 'newest',
        set: (sort) => void router.replace({ query: { ...route.query, sort: sort === 'newest' ? undefined : sort }, hash: route.hash }),
    });
}

/** Reads the goods that `query` asks for. */
export function useGoods(query: ComputedRef<GoodsQuery>): Listing<GoodsCard, GoodsHint> {
    return useList<GoodsCard, GoodsHint>(
        () => `goods ${JSON.stringify(query.value)}`,
        async (after) => {
            const asked = { ...query.value, ...(after !== undefined && { after }) };
            const page = await ok(api.GET('/api/goods', { params: { query: asked } }));
            return { items: page.items, extra: page.hint, ...(page.next !== undefined && { next: page.next }) };
        },
    );
}

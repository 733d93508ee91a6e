// What a list is narrowed by. All of it stands in the address, so that it can be shared and found again.
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import type { GoodsQuery, GoodsSort } from '@kit/models.ts';
import { placePrefix } from '@kit/places.ts';
import { textOf } from '@shop/parts/goods-list.ts';

export interface Filters {
    q?: string;
    category?: string;
    section?: string;
    zone?: string;
    seller?: string;
    /** A code of 12 digits or the digits of it that count. */
    place?: string;
    minFen?: number;
    maxFen?: number;
    inStock: boolean;
}

function wholeFen(text: string | undefined): number | undefined {
    return text !== undefined && /^\d{1,11}$/.test(text) ? Number(text) : undefined;
}

/** Reads the filters off an address. */
export function filtersOf(query: LocationQuery): Filters {
    const filters: Filters = { inStock: textOf(query['stock']) === '1' };
    for (const name of ['q', 'category', 'section', 'zone', 'seller'] as const) {
        const value = textOf(query[name]);
        if (value !== undefined) filters[name] = value;
    }
    const place = textOf(query['place']);
    if (place !== undefined && /^\d{2,12}$/.test(place)) filters.place = place;
    const minFen = wholeFen(textOf(query['min']));
    if (minFen !== undefined) filters.minFen = minFen;
    const maxFen = wholeFen(textOf(query['max']));
    if (maxFen !== undefined) filters.maxFen = maxFen;
    return filters;
}

/** The address of a list with these filters in this order. */
export function queryOf(filters: Filters, sort: GoodsSort): LocationQueryRaw {
    return {
        q: filters.q,
        category: filters.category,
        section: filters.section,
        zone: filters.zone,
        seller: filters.seller,
        place: filters.place,
        min: filters.minFen?.toString(),
        max: filters.maxFen?.toString(),
        stock: filters.inStock ? '1' : undefined,
        sort: sort === 'newest' ? undefined : sort,
    };
}

/** What to ask the server for. */
export function goodsQuery(filters: Filters, sort: GoodsSort): GoodsQuery {
    const query: GoodsQuery = { sort };
    for (const name of ['q', 'category', 'section', 'zone', 'seller'] as const) {
        const value = filters[name];
        if (value !== undefined) query[name] = value;
    }
    if (filters.place !== undefined) query.place = placePrefix(filters.place.padEnd(12, '0'));
    if (filters.minFen !== undefined) query.min_fen = filters.minFen;
    if (filters.maxFen !== undefined) query.max_fen = filters.maxFen;
    if (filters.inStock) query.in_stock = true;
    return query;
}

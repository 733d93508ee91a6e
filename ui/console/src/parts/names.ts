// The names behind ids and codes, each asked for once. An id stands there until its name has come, and where the server does not tell it.
import { shallowReactive } from 'vue';
import { api, ok } from '@kit/api.ts';
import type { Category } from '@kit/models.ts';

const names = shallowReactive(new Map<string, string>());
const asked = new Set<string>();

function nameOf(key: string, load: () => Promise<string>): string | undefined {
    if (!asked.has(key)) {
        asked.add(key);
        // Without a name the number stands there, which is no less true.
        load().then((name) => names.set(key, name), () => undefined);
    }
    return names.get(key);
}

/** The name of a shop; its id until the name has come. */
export function shopName(id: string): string {
    return nameOf(`shop ${id}`, async () => (await ok(api.GET('/api/sellers/{id}', { params: { path: { id } } }))).name) ?? id;
}

/** The name of a place; its code until the name has come. */
export function placeName(code: string): string {
    return nameOf(`place ${code}`, async () => (await ok(api.GET('/api/places/{code}', { params: { path: { code } } }))).name) ?? code;
}

/** The title of a goods. */
export function goodsTitle(id: string): string {
    return nameOf(`goods ${id}`, async () => (await ok(api.GET('/api/goods/{id}', { params: { path: { id } } }))).title) ?? id;
}

/** The number of an order, for who may see it; undefined until it has come. */
export function orderNumber(id: string): string | undefined {
    return nameOf(`order ${id}`, async () => (await ok(api.GET('/api/orders/{id}', { params: { path: { id } } }))).number);
}

let categories: Promise<readonly Category[]> | undefined;
/** The name of a category; all of them are read in one piece. */
export function categoryName(id: string): string {
    return (
        nameOf(`category ${id}`, async () => {
            categories ??= ok(api.GET('/api/categories')).then((page) => page.items);
            try {
                return (await categories).find((one) => one.id === id)?.name ?? id;
            } catch (error) {
                categories = undefined;
                throw error;
            }
        }) ?? id
    );
}

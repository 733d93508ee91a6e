// The names behind the ids of shops and the codes of places, each asked for once. They are public.
import { shallowReactive } from 'vue';
import { api, ok } from '@kit/api.ts';

const names = shallowReactive(new Map<string, string>());
const asked = new Set<string>();

function nameOf(key: string, load: () => Promise<{ name: string }>): string | undefined {
    if (!asked.has(key)) {
        asked.add(key);
        // Without a name the number stands there, which is no less true.
        load().then(({ name }) => names.set(key, name), () => undefined);
    }
    return names.get(key);
}

/** The name of a shop; its id until the name has come. */
export function shopName(id: string): string {
    return nameOf(`shop ${id}`, () => ok(api.GET('/api/sellers/{id}', { params: { path: { id } } }))) ?? id;
}

/** The name of a place; its code until the name has come. */
export function placeName(code: string): string {
    return nameOf(`place ${code}`, () => ok(api.GET('/api/places/{code}', { params: { path: { code } } }))) ?? code;
}

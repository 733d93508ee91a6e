// Whose things a page shows: a shop, a county, or all, as far as the person's permissions go. The choice is kept on the device.
import { computed, reactive, ref, watch } from 'vue';
import { api, ok } from '@kit/api.ts';
import { keep, kept } from '@kit/device.ts';
import { reaches, type Permission } from '@kit/session.ts';
import { words } from '@kit/words.ts';

const t = words({ all: '全部', shop: (id: string) => `店 ${id}` }, { all: 'Everything', shop: (id) => `Shop ${id}` });

export interface Reach {
    /** "all", "place-141031000000", "seller-77": what stands in addresses. */
    key: string;
    kind: 'all' | 'place' | 'seller';
    id: string;
    name: string;
}

const names = reactive<Record<string, string>>({});

async function learnName(kind: 'place' | 'seller', id: string): Promise<void> {
    const key = `${kind}-${id}`;
    if (names[key] !== undefined) return;
    names[key] = '';
    try {
        if (kind === 'seller') names[key] = (await ok(api.GET('/api/sellers/{id}', { params: { path: { id } } }))).name;
        else names[key] = (await ok(api.GET('/api/places/{code}', { params: { path: { code: id } } }))).name;
    } catch {
        // Without its name it is shown by its number.
        delete names[key];
    }
}

/** The reaches of any of these permissions, the widest first, each once. */
export function useReaches(...permissions: Permission[]) {
    const list = computed<Reach[]>(() => {
        const found = new Map<string, Reach>();
        for (const grant of permissions.flatMap((permission) => reaches(permission))) {
            if (grant.scope === 'all') found.set('all', { key: 'all', kind: 'all', id: '', name: t.all });
            const kind = grant.scope === 'county' ? 'place' : grant.scope === 'organisation' ? 'seller' : undefined;
            if (kind === undefined) continue;
            const key = `${kind}-${grant.scope_id}`;
            found.set(key, { key, kind, id: grant.scope_id, name: names[key] || (kind === 'seller' ? t.shop(grant.scope_id) : grant.scope_id) });
        }
        const order = ['all', 'place', 'seller'];
        return [...found.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
    });
    watch(list, (all) => all.forEach((reach) => reach.kind !== 'all' && void learnName(reach.kind, reach.id)), { immediate: true });
    const chosen = ref(kept('reach') ?? '');
    watch(chosen, (key) => keep('reach', key));
    const current = computed<Reach | undefined>(() => list.value.find((reach) => reach.key === chosen.value) ?? list.value[0]);
    const choices = computed(() => list.value.map(({ key, name }) => ({ value: key, text: name })));
    return { list, choices, current, choose: (key: string) => (chosen.value = key) };
}

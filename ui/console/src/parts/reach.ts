// Whose things a page shows: a shop, a county, or all, as far as the person's permissions go. The choice is kept on the device.
import { computed, ref, watch } from 'vue';
import { keep, kept } from '@kit/device.ts';
import { reaches, type Permission } from '@kit/session.ts';
import { words } from '@kit/words.ts';
import { placeName, shopName } from './names.ts';

const t = words({ all: '全部' }, { all: 'Everything' });

export interface Reach {
    /** "all", "place-141031000000", "seller-77": what stands in addresses. */
    key: string;
    kind: 'all' | 'place' | 'seller';
    id: string;
    name: string;
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
            found.set(key, { key, kind, id: grant.scope_id, name: (kind === 'seller' ? shopName : placeName)(grant.scope_id) });
        }
        const order = ['all', 'place', 'seller'];
        return [...found.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
    });
    const chosen = ref(kept('reach') ?? '');
    watch(chosen, (key) => keep('reach', key));
    const current = computed<Reach | undefined>(() => list.value.find((reach) => reach.key === chosen.value) ?? list.value[0]);
    const choices = computed(() => list.value.map(({ key, name }) => ({ value: key, text: name })));
    return { list, choices, current, choose: (key: string) => (chosen.value = key) };
}

// The order that a seller's page is about, read once for the page and its forms.
import { computed, type ComputedRef } from 'vue';
import { useRoute } from 'vue-router';
import { api, ok } from '@kit/api.ts';
import type { Order } from '@kit/models.ts';
import { useRead, type Reading } from '@kit/read.ts';

export interface OrderReading {
    id: string;
    sellerId: string;
    read: Reading<Order>;
    order: ComputedRef<Order | undefined>;
    /** Where the order stands for the seller. */
    home: string;
}

export function useOrder(): OrderReading {
    const { params } = useRoute();
    const id = String(params['id']);
    const sellerId = String(params['seller']);
    const read = useRead<Order>(`order ${id}`, () => ok(api.GET('/api/orders/{id}', { params: { path: { id } } })));
    return { id, sellerId, read, order: computed(() => read.data), home: `/my-shop/${sellerId}/orders/${id}` };
}

// The list of orders by tab. 已完成 is two states of the server, received and completed, read one after the other.
import { api, ok } from '@kit/api.ts';
import { noteServerTime } from '@kit/clock.ts';
import type { OrderCard, OrderState } from '@kit/models.ts';
import type { ListPage } from '@kit/read.ts';

export type OrderTab = 'all' | 'unpaid' | 'paid' | 'shipped' | 'completed';
export const orderTabs: readonly OrderTab[] = ['all', 'unpaid', 'paid', 'shipped', 'completed'];

/** One page of orders in one state or all; of a seller when one is named. */
export async function statePage(state: OrderState | undefined, after: string | undefined, seller?: string): Promise<ListPage<OrderCard>> {
    const query = { limit: 20, ...(state && { state }), ...(after && { after }), ...(seller && { seller }) };
    const reply = await ok(api.GET('/api/orders', { params: { query } }));
    if (reply.items[0] !== undefined) noteServerTime(reply.items[0].server_at);
    return { items: reply.items, ...(reply.next && { next: reply.next }) };
}

/** One page of a tab; `after` is the `next` of the page before. */
export async function ordersPage(tab: OrderTab, after: string | undefined): Promise<ListPage<OrderCard>> {
    if (tab !== 'completed') return statePage(tab === 'all' ? undefined : tab, after);
    const isSecond = after?.startsWith('c') ?? false;
    const id = after?.slice(1) || undefined;
    const found = await statePage(isSecond ? 'completed' : 'received', id);
    if (found.next !== undefined) return { items: found.items, next: `${isSecond ? 'c' : 'r'}${found.next}` };
    if (isSecond) return found;
    if (found.items.length > 0) return { items: found.items, next: 'c' };
    return ordersPage('completed', 'c');
}

// A list of orders that follows the server while it is on the screen: its first page is read anew when something changed.
import { noteServerTime } from '@kit/clock.ts';
import { useOrderEvents } from '@kit/events.ts';
import type { OrderCard } from '@kit/models.ts';
import type { Listing, ListPage } from '@kit/read.ts';

export function useLiveOrders(listing: Listing<OrderCard, undefined>, firstPage: () => Promise<ListPage<OrderCard>>): void {
    let isReading = false;

    // A list that was read further keeps its length and place: what the first page knows is put over what it shows.
    function show(first: ListPage<OrderCard>): void {
        if (listing.items.length <= first.items.length || first.next === undefined) {
            listing.items.splice(0, listing.items.length, ...first.items);
            return;
        }
        const fresh = new Map(first.items.map((order) => [order.id, order]));
        const old = listing.items.map((order) => fresh.get(order.id) ?? order);
        const known = new Set(old.map((order) => order.id));
        listing.items.splice(0, listing.items.length, ...first.items.filter((order) => !known.has(order.id)), ...old);
    }

    useOrderEvents(async () => {
        if (isReading || listing.isLoading || (listing.items.length === 0 && !listing.isEnd)) return;
        isReading = true;
        try {
            const first = await firstPage();
            if (first.items[0] !== undefined) noteServerTime(first.items[0].server_at);
            if (!listing.isLoading) show(first);
        } catch {
            // The list stays as it is; the next look tries again.
        }
        isReading = false;
    });
}

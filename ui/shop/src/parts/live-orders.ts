// A list of orders that follows the server while it is on the screen: its first page is read anew when something changed.
import { useOrderEvents } from '@kit/events.ts';
import type { OrderCard } from '@kit/models.ts';
import type { Listing } from '@kit/read.ts';

export function useLiveOrders(listing: Listing<OrderCard, undefined>): void {
    let isReading = false;
    useOrderEvents(async () => {
        if (isReading || listing.isLoading) return;
        isReading = true;
        await listing.refresh();
        isReading = false;
    });
}

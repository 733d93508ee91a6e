// Where a message leads: the page of what it speaks of.
import type { IconName } from '@kit/icons.ts';
import type { Message } from '@kit/models.ts';

export function placeOf(message: Message): string {
    switch (message.about) {
        case 'order': return `/orders/${message.about_id}`;
        case 'case': return `/cases/${message.about_id}`;
        case 'complaint': return '/complaints';
        case 'invoice': return `/orders/${message.order_id}/invoice`;
        case 'listing': return `/my-shop/${message.seller_id}/listings/${message.about_id}`;
        case 'application': return `/open-shop/${message.about_id}`;
    }
}

const icons: Record<Message['about'], IconName> = { order: 'box', case: 'shield', complaint: 'chat', invoice: 'yuan', listing: 'store', application: 'village' };
export const iconOf = (message: Message): IconName => (message.kind === 'order_shipped' ? 'truck' : icons[message.about]);

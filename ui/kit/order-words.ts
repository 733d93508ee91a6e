// How an order's state is said, wherever orders are shown.
import type { IconName } from '@kit/icons.ts';
import type { OrderState } from '@kit/models.ts';
import { words } from '@kit/words.ts';

const t = words(
    {
        unpaid: '待付款',
        paid: '待发货',
        shipped: '在路上',
        received: '收到了',
        completed: '已完成',
        cancelled: '已取消',
        expired: '已关闭',
        refunded: '已退款',
    },
    {
        unpaid: 'To pay',
        paid: 'To be sent',
        shipped: 'On its way',
        received: 'Received',
        completed: 'Completed',
        cancelled: 'Cancelled',
        expired: 'Closed',
        refunded: 'Refunded',
    },
);

const icons: Record<OrderState, IconName> = {
    unpaid: 'clock',
    paid: 'box',
    shipped: 'truck',
    received: 'check',
    completed: 'check',
    cancelled: 'close',
    expired: 'close',
    refunded: 'yuan',
};

/** The state in a word: 待付款, 在路上. */
export function stateText(state: OrderState): string {
    return t[state];
}

export function stateIcon(state: OrderState): IconName {
    return icons[state];
}

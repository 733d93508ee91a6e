import type { OrderState } from '@kit/models.ts';

export const carriers = ['邮政', '顺丰', '中通', '圆通', '韵达', '申通', '极兔', '京东'] as const;

const tones: Record<OrderState, 'plain' | 'wait' | 'going' | 'good'> = {
    unpaid: 'plain', paid: 'wait', shipped: 'going', received: 'good', completed: 'good', cancelled: 'plain', expired: 'plain', refunded: 'plain',
};

export function toneOf(state: OrderState): 'plain' | 'wait' | 'going' | 'good' {
    return tones[state];
}

import type { OrderState } from '@kit/models.ts';

const tones: Record<OrderState, 'plain' | 'wait' | 'going' | 'good'> = {
    unpaid: 'plain', paid: 'wait', shipped: 'going', received: 'good', completed: 'good', cancelled: 'plain', expired: 'plain', refunded: 'plain',
};

export function toneOf(state: OrderState): 'plain' | 'wait' | 'going' | 'good' {
    return tones[state];
}

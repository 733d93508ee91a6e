// What a refund form asks for, and what it comes to.
import type { Order, RefundDraft } from '@kit/models.ts';
import { parseYuan } from '@kit/money.ts';

export type RefundWay = 'whole' | 'byLine' | 'byAmount';

export interface RefundForm {
    way: RefundWay;
    /** Pieces to refund, by line number. */
    counts: Record<number, number>;
    amount: string;
    reason: string;
}

export function leftFen(order: Order): number {
    return order.paid_fen - order.refunded_fen;
}

/** What goes back by this form, in fen; 0 while it says nothing yet. */
export function refundFen(order: Order, form: RefundForm): number {
    if (form.way === 'whole') return leftFen(order);
    if (form.way === 'byAmount') return parseYuan(form.amount) ?? 0;
    const lines = order.lines.map((line) => ({ line, count: form.counts[line.line_no] ?? 0 }));
    // Before it is sent, everything back means the freight too: the server gives all that is left.
    const isAll = order.state === 'paid' && lines.every(({ line, count }) => count + line.refunded_count === line.count);
    return isAll ? leftFen(order) : lines.reduce((sum, { line, count }) => sum + count * line.price_fen, 0);
}

export function refundBody(order: Order, form: RefundForm): RefundDraft {
    const reason = form.reason.trim();
    if (form.way === 'whole') return { reason };
    if (form.way === 'byAmount') return { reason, amount_fen: parseYuan(form.amount) ?? 0 };
    const lines = order.lines.map((line) => ({ line_no: line.line_no, count: form.counts[line.line_no] ?? 0 })).filter((line) => line.count > 0);
    return { reason, lines };
}

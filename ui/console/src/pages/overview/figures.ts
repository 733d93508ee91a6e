// What the overview and the board on the wall show of a day.
import type { IconName } from '@kit/icons.ts';
import type { Board, BoardDay } from '@kit/models.ts';
import { fenText, moneyText } from '@kit/money.ts';
import { t } from './words.ts';

export interface Figure {
    icon: IconName;
    name: string;
    value: string;
    unit: string;
    note: string;
    /** Something is late. */
    bad?: boolean;
}

const countText = (count: number): string => count.toLocaleString('en');

/** How many of a duty wait; 0 where it is not the reader's. */
export function dutyCount(board: Board | undefined, code: string): number {
    return board?.duties.find((duty) => duty.code === code)?.count ?? 0;
}

export function figuresOf(board: Board): Figure[] {
    const late = dutyCount(board, 'orders_late');
    return [
        { icon: 'list', name: t.orders, value: countText(board.today.order_count), unit: t.ordersUnit, note: t.yesterday(`${countText(board.yesterday.order_count)} ${t.ordersUnit}`) },
        { icon: 'bag', name: t.paid, value: fenText(board.today.paid_fen), unit: t.yuan, note: t.yesterday(moneyText(board.yesterday.paid_fen)) },
        { icon: 'truck', name: t.waiting, value: t.more(dutyCount(board, 'orders_to_ship')), unit: t.ordersUnit, note: late > 0 ? t.late(late) : t.noneLate, bad: late > 0 },
        { icon: 'yuan', name: t.refunded, value: fenText(board.today.refunded_fen), unit: t.yuan, note: t.yesterday(moneyText(board.yesterday.refunded_fen)) },
    ];
}

/** "11-23"; the last one is today. */
export function dayNames(days: readonly BoardDay[]): string[] {
    return days.map(({ day }, index) => (index === days.length - 1 ? t.today : `${Math.floor(day / 100) % 100}-${day % 100}`));
}

// How a case of after-sales is said, wherever cases are shown.
import type { IconName } from '@kit/icons.ts';
import type { Case, CaseCard, CaseKind, CaseReason } from '@kit/models.ts';
import { words } from '@kit/words.ts';

const t = words(
    {
        money: '只退钱',
        return: '退货退款',
        exchange: '换货',
        not_received: '没收到',
        damaged: '有坏的、压坏了',
        wrong_item: '发错了、少发了',
        quality: '质量不好',
        not_wanted: '不想要了',
        other: '别的原因',
        open: '等卖家答复',
        offered: '卖家提了别的办法',
        refused: '卖家没有同意',
        returning: '等买家寄回',
        returned: '等卖家验收',
        replacing: '等卖家补寄',
        replaced: '补寄的在路上',
        arbitration: '平台在判',
        refunded: '退好了',
        exchanged: '换好了',
        rejected: '没有退',
        withdrawn: '撤回了',
        lapsed: '没有接着办，关了',
        none: '办完了',
    },
    {
        money: 'Money back only',
        return: 'Send back, money back',
        exchange: 'Exchange',
        not_received: 'Not received',
        damaged: 'Damaged or bad',
        wrong_item: 'Wrong or missing',
        quality: 'Poor quality',
        not_wanted: 'Not wanted any more',
        other: 'Something else',
        open: 'Waits for the seller',
        offered: 'The seller offers something else',
        refused: 'The seller refused',
        returning: 'To be sent back',
        returned: 'The seller checks it',
        replacing: 'To be sent anew',
        replaced: 'The replacement is on its way',
        arbitration: 'Being decided',
        refunded: 'Refunded',
        exchanged: 'Exchanged',
        rejected: 'Nothing went back',
        withdrawn: 'Withdrawn',
        lapsed: 'Closed, nobody went on',
        none: 'Closed',
    },
);

export const caseKinds: readonly CaseKind[] = ['money', 'return', 'exchange'];
export const caseReasons: readonly CaseReason[] = ['damaged', 'quality', 'wrong_item', 'not_received', 'not_wanted', 'other'];

export function kindText(kind: CaseKind): string {
    return t[kind];
}
export function reasonText(reason: CaseReason): string {
    return t[reason];
}
/** Where it stands, or how it ended. */
export function caseStateText(one: Pick<Case | CaseCard, 'state' | 'outcome'>): string {
    return one.state === 'closed' ? t[one.outcome] : t[one.state];
}
export function caseIcon(one: Pick<Case | CaseCard, 'state' | 'outcome'>): IconName {
    if (one.state === 'closed') return one.outcome === 'refunded' ? 'yuan' : one.outcome === 'exchanged' ? 'check' : 'close';
    if (one.state === 'returning' || one.state === 'replaced') return 'truck';
    return one.state === 'arbitration' ? 'shield' : 'clock';
}

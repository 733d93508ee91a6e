import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '售后', note: '要平台判的先办。七天没判会标出来。', case: '售后单', goods: '东西', seller: '卖家', whose: '谁的', kind: '要什么', reason: '为什么', asked: '要退', since: '什么时候提的', due: '到什么时候', state: '到哪一步', open: '看一看',
        all: '哪种都看', empty: '没有要办的', emptyText: '有了就会在这里。', overdue: '过了时候', late: '报得晚', lawful: '七天无理由',
        arbitration: '要平台判', waiting: '等卖家答复', offered: '等买家回话', refused: '卖家没同意', returning: '在寄回来', returned: '等卖家验收', replacing: '等补寄', replaced: '补寄在路上', closed: '办完了',
        order: '订单', offer: '卖家愿退', left: '订单里还能退', refunded: '退了', words: '买家说的', none: '没有写', pictures: '照片', noPictures: '没有照片', picture: (n: number) => `第 ${n} 张，点开看大图`,
        lines: '哪几件', count: (n: number) => `${n} 件`, bad: (bad: number, of: number) => `${of} 个里坏了 ${bad} 个`, shelf: (n: number) => `${n} 件回了货架`, lost: (n: number) => `${n} 件报损`, back: '寄回来的', anew: '补寄的', timeline: '经过',
        buyer: '买家', desk: '平台', system: '系统', bearer: '这钱谁出',
        decide: '判这一单', decideTitle: '怎么判', decideNote: '买卖双方都会看到，判了就照办，不能再改。', amount: '退给买家多少元（不退填 0）', bySeller: '卖家出', byBuyer: '买家出', byBoth: '两边都担一点', reasonWords: '为什么这样判（买卖双方都看得到）', badAmount: '请填金额，比如 12.50，不退填 0', fewWords: '请写明理由，四个字以上', done: '判好了',
        toDecision: '判下去',
    },
    {
        title: 'After-sales', note: 'What waits for a decision comes first; after seven days it is marked.', case: 'Case', goods: 'What', seller: 'Seller', whose: 'Whose', kind: 'Asks for', reason: 'Why', asked: 'Asked', since: 'Told', due: 'Until', state: 'Stands at', open: 'Look',
        all: 'Any kind', empty: 'Nothing to decide', emptyText: 'It will show up here.', overdue: 'Overdue', late: 'Told late', lawful: 'Seven days, no reason needed',
        arbitration: 'To be decided', waiting: 'Waits for the seller', offered: 'Waits for the buyer', refused: 'Refused by the seller', returning: 'On its way back', returned: 'Being checked', replacing: 'To be sent anew', replaced: 'Replacement on its way', closed: 'Closed',
        order: 'Order', offer: 'Seller offers', left: 'Left of the order', refunded: 'Given back', words: 'The buyer says', none: 'Nothing written', pictures: 'Pictures', noPictures: 'No pictures', picture: (n) => `Picture ${n}, open it in full`,
        lines: 'Lines', count: (n) => `${n} pcs`, bad: (bad, of) => `${bad} of ${of} are bad`, shelf: (n) => `${n} back on the shelf`, lost: (n) => `${n} written off`, back: 'Sent back by', anew: 'Sent anew by', timeline: 'What happened',
        buyer: 'Buyer', desk: 'Desk', system: 'House', bearer: 'Who bears it',
        decide: 'Decide', decideTitle: 'Decision', decideNote: 'Both sides read it. It is carried out at once and cannot be changed.', amount: 'Yuan back to the buyer (0: nothing)', bySeller: 'The seller', byBuyer: 'The buyer', byBoth: 'Both', reasonWords: 'Why (both sides read it)', badAmount: 'Enter an amount, such as 12.50, or 0', fewWords: 'Say why, in four characters or more', done: 'Decided',
        toDecision: 'Decide',
    },
);

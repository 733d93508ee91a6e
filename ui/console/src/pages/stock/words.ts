import type { StockRow } from '@kit/models.ts';
import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '库存', whose: '看哪家店', goods: '商品', warehouse: '仓库', onHand: '在库', reserved: '已订', available: '可卖', shipped: '寄出', lost: '损耗', alarm: '提醒线', low: '快没了', out: '卖完了',
        receive: '入库', lose: '报损', counting: '盘点', begin: '开始盘点', stop: '不盘了', counted: '点到', countedFor: (name: string) => `${name} 点到几件`, difference: '差', same: '对得上', review: (n: number) => `看差异（${n}）`, reviewTitle: '核对差异', reviewLead: '没问题再存。差的会记进损耗或补回来。', save: '存下盘点', reason: '原因', reasonCount: '盘点', hint: '填完回车到下一行', saved: (n: number) => `存好了 ${n} 行`, nothing: '还没有填不一样的数',
        goOn: '接着盘', keptCount: (time: string, n: number) => `${time} 填的盘点还没存，有 ${n} 行。`, drop: '不要了', dropTitle: '不盘了', dropText: (n: number) => `填了 ${n} 行，还没存。清掉就没有了。`, dropDo: '清掉', find: '搜商品', notFound: '没找到', notFoundText: '换个说法，或者把条件清空。',
        sheet: '盘点表', sheetHint: '用 A4 纸；表上没有账上的数，点到几件写几件', sheetMade: (time: string) => `${time} 打的`, sheetRows: (n: number) => `${n} 行`, options: '规格', remark: '备注', countedBy: '盘点人', checkedBy: '复核人', countedOn: '日期', printSheet: '打印盘点表',
        count: '几件', note: '说明（可以不填）', loseReason: '怎么损的', receiveDo: '入库', loseDo: '报损', done: '记好了', badCount: '请填整数', none: '还没有货', noneText: '上架商品后，这里就有库存。', pieces: (n: number) => `${n} 件`, before: '账上', now: '点到', failed: (name: string) => `${name} 没存上`,
    },
    {
        title: 'Stock', whose: 'Shop', goods: 'Goods', warehouse: 'Warehouse', onHand: 'On hand', reserved: 'Promised', available: 'For sale', shipped: 'Sent', lost: 'Lost', alarm: 'Alarm', low: 'low', out: 'sold out',
        receive: 'Receive', lose: 'Loss', counting: 'Count', begin: 'Begin a count', stop: 'Leave the count', counted: 'Counted', countedFor: (name) => `Counted of ${name}`, difference: 'Difference', same: 'agrees', review: (n) => `See differences (${n})`, reviewTitle: 'Differences', reviewLead: 'Save when they are right: they go to losses or come back.', save: 'Save the count', reason: 'Reason', reasonCount: 'Count', hint: 'Enter goes to the next row', saved: (n) => `${n} rows saved`, nothing: 'No difference entered yet',
        goOn: 'Go on counting', keptCount: (time, n) => `A count typed ${time} is not saved: ${n} rows.`, drop: 'Throw it away', dropTitle: 'Leave the count', dropText: (n) => `${n} rows are typed and not saved. They will be gone.`, dropDo: 'Throw them away', find: 'Find goods', notFound: 'Not found', notFoundText: 'Try other words, or clear the filters.',
        sheet: 'Count sheet', sheetHint: 'On A4. It does not say what the books have: write what is there', sheetMade: (time) => `printed ${time}`, sheetRows: (n) => `${n} rows`, options: 'Options', remark: 'Remark', countedBy: 'Counted by', checkedBy: 'Checked by', countedOn: 'On', printSheet: 'Print a count sheet',
        count: 'Pieces', note: 'Note (if you like)', loseReason: 'What happened', receiveDo: 'Receive', loseDo: 'Note the loss', done: 'Noted', badCount: 'Enter a whole number', none: 'No stock yet', noneText: 'Put goods on sale and they are stocked here.', pieces: (n) => `${n} pcs`, before: 'In the books', now: 'Counted', failed: (name) => `${name} was not saved`,
    },
);

export const nameOf = (row: StockRow): string => `${row.title} ${row.options_text}`.trim();

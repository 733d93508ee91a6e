import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '订单', order: '订单', goods: '商品', seller: '卖家', total: '金额（元）', state: '状态', all: '全部', count: (n: number) => `× ${n}`, more: (n: number) => `等 ${n} 样`, to: '送到', parcel: '快递', whose: '看谁的',
        number: '订单号', tracking: '快递单号', carrier: '快递公司', from: '下单从', until: '到', ship: '发货', detail: '详情', batch: '批量发货', pick: '打拣货单', labels: '打面单', refunded: (yuan: string) => `退了 ${yuan}`,
        row: (number: string) => `选 ${number}`, none: '还没有订单', noneText: '有人买了就会在这里。', late: '超 48 小时',
        receiver: '收件', address: '地址', note: '买家留言', goodsSum: '商品', freight: '运费', paid: '实付', back: '已退', timeline: '经过', refund: '退款', lines: '买了什么', close: '关上', phone: '电话', unmask: '看全收件人', unmaskDo: '看一次', unmaskText: '看一次记一次：看的是哪个岗位、什么时候、为什么，买家自己看得到，审计也看得到。', unmaskReason: '为什么要看', unmaskHint: '写事由，不要写姓名和号码', unmaskFew: '请写清楚为什么要看，至少四个字',
        shipTitle: '发货', shipDo: '发出去', scanHint: '扫一下面单上的条码，回车就到下一格', sent: (n: string) => `${n} 发出去了`,
        refundTitle: '退款', whole: '全退', byLines: '按件退', byAmount: '退一部分钱', reason: '为什么退', reasonHint: '买家看得到', amount: '退多少元', left: (yuan: string) => `最多还能退 ${yuan}`, refundDo: '退给买家', badAmount: '请填要退的钱，比如 5 或 5.50', needLines: '请选要退几件', refundDone: '钱在退了', pieces: '件', wasPlaced: '买家下了单', wasPaid: '买家付了款', wasShipped: '寄出了', wasReceived: '买家收到了', wasCancelled: '买家取消了',
        batchTitle: '批量发货', batchLead: '一行一单：订单号、快递公司、快递单号，用逗号、空格或表格粘贴都行，最多 100 行。', scanTitle: '扫着发', scanOrder: '订单号', scanTracking: '快递单号', add: '加一行', paste: '贴进来', check: '先核对', send: (n: number) => `发出 ${n} 单`, result: '结果', ready: '可以发', shipped: '发出去了', done_before: '早就发了', refused: '发不了', cleared: '清空', tooMany: '一次最多 100 行', badLine: (n: number) => `第 ${n} 行没看懂：要有订单号、快递公司、快递单号`, sentAll: (n: number) => `发出去 ${n} 单`, rowsIn: (n: number) => `${n} 行`, why: '说明',
        printPick: '拣货单', printLabels: '面单', sum: '合计', sku: '规格', printHint: '用 A4 纸', labelHint: '用 76 × 130 毫米的面单纸', made: (time: string) => `${time} 打的`,
    },
    {
        title: 'Orders', order: 'Order', goods: 'Goods', seller: 'Seller', total: 'Amount (¥)', state: 'State', all: 'All', count: (n) => `× ${n}`, more: (n) => `and more, ${n} kinds`, to: 'Goes to', parcel: 'Parcel', whose: 'Showing',
        number: 'Order number', tracking: 'Tracking number', carrier: 'Carrier', from: 'Placed from', until: 'to', ship: 'Ship', detail: 'Details', batch: 'Ship many', pick: 'Pick list', labels: 'Labels', refunded: (yuan) => `${yuan} given back`,
        row: (number) => `Select ${number}`, none: 'No orders yet', noneText: 'They show up here when somebody buys.', late: 'Over 48 h',
        receiver: 'Receiver', address: 'Address', note: 'Note of the buyer', goodsSum: 'Goods', freight: 'Freight', paid: 'Paid', back: 'Given back', timeline: 'What happened', refund: 'Refund', lines: 'What was bought', close: 'Close', phone: 'Phone', unmask: 'See the receiver in clear', unmaskDo: 'See it once', unmaskText: 'Each look is kept: from which office, when and why. The buyer can read it, and so can the auditor.', unmaskReason: 'Why', unmaskHint: 'The cause, without names or numbers', unmaskFew: 'Say why, in four characters or more',
        shipTitle: 'Ship', shipDo: 'Shipped', scanHint: 'Scan the label; Enter goes on to the next field', sent: (n) => `${n} is on its way`,
        refundTitle: 'Refund', whole: 'All of it', byLines: 'Some pieces', byAmount: 'Some money', reason: 'Why', reasonHint: 'The buyer sees this', amount: 'How much, in yuan', left: (yuan) => `At most ${yuan}`, refundDo: 'Give back', badAmount: 'Enter an amount, such as 5 or 5.50', needLines: 'Choose how many pieces', refundDone: 'The money is on its way back', pieces: 'pcs', wasPlaced: 'The buyer placed it', wasPaid: 'The buyer paid', wasShipped: 'Sent', wasReceived: 'The buyer received it', wasCancelled: 'The buyer cancelled',
        batchTitle: 'Ship many', batchLead: 'One line an order: order number, carrier, tracking number, with commas, spaces or pasted from a sheet; at most 100 lines.', scanTitle: 'By scanner', scanOrder: 'Order number', scanTracking: 'Tracking number', add: 'Add', paste: 'Paste', check: 'Check first', send: (n) => `Ship ${n}`, result: 'Result', ready: 'ready', shipped: 'shipped', done_before: 'shipped before', refused: 'not shipped', cleared: 'Clear', tooMany: 'At most 100 lines', badLine: (n) => `Line ${n} needs order number, carrier and tracking number`, sentAll: (n) => `${n} shipped`, rowsIn: (n) => `${n} lines`, why: 'Why',
        printPick: 'Pick list', printLabels: 'Labels', sum: 'Sum', sku: 'Options', printHint: 'On A4', labelHint: 'On labels of 76 × 130 mm', made: (time) => `Printed ${time}`,
    },
);

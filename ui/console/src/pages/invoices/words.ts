import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '发票', note: '在税务系统里开好，再把号码填到这里。', order: '订单', type: '给谁', amount: '金额', asked: '什么时候要的', state: '到哪一步', waiting: '等开票的', any: '全部', number: '发票号码', seller: '哪家店', empty: '没有人要发票', emptyText: '买家要了就会在这里。',
        pick: '先选一家店', pickText: '发票是一家一家开的。', put: '去办', look: '看一看', head: '抬头', tax: '税号', email: '发到', save: '填好了', saved: '填好了，买家看得到了', tell: '告诉买家开不了', told: '告诉买家了', file: '打开发票', issuedAt: '什么时候开的', refusedAt: '什么时候答复的', because: '没有开，因为', download: '下载发票',
    },
    {
        title: 'Invoices', note: 'Make it in the tax system, then write its number here.', order: 'Order', type: 'For', amount: 'Amount', asked: 'Asked', state: 'State', waiting: 'To be made', any: 'All', number: 'Invoice number', seller: 'Shop', empty: 'Nobody asked for an invoice', emptyText: 'When a buyer asks, it shows up here.',
        pick: 'Choose a shop first', pickText: 'Invoices are made shop by shop.', put: 'Answer', look: 'Look', head: 'Title', tax: 'Tax number', email: 'Sent to', save: 'Save', saved: 'Saved; the buyer can see it', tell: 'Tell the buyer', told: 'The buyer was told', file: 'Open the invoice', issuedAt: 'Made', refusedAt: 'Answered', because: 'Not made, because', download: 'Download the invoice',
    },
);

import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '发票', note: '在税务系统里开好，再把号码填到这里。', order: '订单', type: '给谁', personal: '个人', company: '单位', amount: '金额', asked: '什么时候要的', state: '到哪一步', waiting: '等开票', issued: '开好了', number: '发票号码', seller: '哪家店', empty: '没有人要发票', emptyText: '买家要了就会在这里。',
        pick: '先选一家店', pickText: '发票是一家一家开的。', put: '填号码', look: '看一看', head: '抬头', tax: '税号', email: '发到', save: '填好了', saved: '填好了，买家看得到了', badNumber: '发票号码要 6 到 40 位', file: '打开发票', issuedAt: '什么时候开的', download: '下载发票', pdf: '发票文件', choose: '选 PDF 或 OFD 文件', pdfHint: '税务系统里下载的 PDF 或 OFD，最大 5 MB', sending: '正在传', paper: '没有文件，可以传照片或截图', paperHint: '买家凭链接看，过一会儿链接就失效',
    },
    {
        title: 'Invoices', note: 'Make it in the tax system, then write its number here.', order: 'Order', type: 'For', personal: 'a person', company: 'a company', amount: 'Amount', asked: 'Asked', state: 'State', waiting: 'To be made', issued: 'Made', number: 'Invoice number', seller: 'Shop', empty: 'Nobody asked for an invoice', emptyText: 'When a buyer asks, it shows up here.',
        pick: 'Choose a shop first', pickText: 'Invoices are made shop by shop.', put: 'Put number', look: 'Look', head: 'Name on it', tax: 'Tax number', email: 'Sent to', save: 'Save', saved: 'Saved; the buyer can see it', badNumber: 'An invoice number has 6 to 40 characters', file: 'Open the invoice', issuedAt: 'Made', download: 'Download the invoice', pdf: 'File of the invoice', choose: 'Choose PDF or OFD', pdfHint: 'The PDF or OFD of the tax system, at most 5 MB', sending: 'Sending', paper: 'Without a file: a photo or screenshot', paperHint: 'the buyer sees it by a link that ends',
    },
);

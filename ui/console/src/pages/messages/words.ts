import type { MessageKind } from '@kit/models.ts';
import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '消息',
        note: '什么事发生了要告诉人，怎么说。改了以后，从下一条起用新的；已经发出的不变。',
        kind: '什么事', to: '告诉谁', says: '怎么说', state: '发不发', own: '自己的话', on: '发', off: '不发', edit: '改',
        buyer: '买家', sender: '交上来的人', applicant: '申请人',
        isOn: '发这种消息',
        names: '可以填进去的', put: (name: string, what: string) => `加上${what}：${name}`, namesHint: '点一下，加到正在写的那一格末尾。发的时候换成真的内容，例如：',
        zhTitle: '标题（中文）', zhWords: '内容（中文）', enTitle: '标题（英文）', enWords: '内容（英文）',
        titleHint: '最多 30 个字', wordsHint: '最多 200 个字', titleHintEn: '最多 60 个字母', wordsHintEn: '最多 400 个字母',
        preview: '收到的样子', wrong: (name: string) => `这种消息里没有 ${name}`, empty: '请写上',
        save: '存下', saved: '存好了', reset: '改回原来的', resetTitle: '改回原来的话吗', resetText: '您写的这几句会没有，从下一条起用系统带的。', resetDone: '改回来了',
        goods: '商品', order: '订单号', shop: '店名', sum: '金额', answer: '答复', reason: '原因',
    },
    {
        title: 'Messages',
        note: 'What people are told of, and how. A change counts from the next message on; what was sent stays as it was.',
        kind: 'What happened', to: 'Who is told', says: 'What is said', state: 'Sent', own: 'own words', on: 'sent', off: 'not sent', edit: 'Edit',
        buyer: 'the buyer', sender: 'who sent it in', applicant: 'the applicant',
        isOn: 'Send this message',
        names: 'What can be filled in', put: (name, what) => `Add the ${what}: ${name}`, namesHint: 'A tap adds it to the end of the field that is being written. When sent it becomes the real thing, such as:',
        zhTitle: 'Title (Chinese)', zhWords: 'Text (Chinese)', enTitle: 'Title (English)', enWords: 'Text (English)',
        titleHint: 'At most 30 characters', wordsHint: 'At most 200 characters', titleHintEn: 'At most 60 characters', wordsHintEn: 'At most 400 characters',
        preview: 'As it arrives', wrong: (name) => `This message has no ${name}`, empty: 'Please write something',
        save: 'Save', saved: 'Saved', reset: 'Back to the default', resetTitle: 'Back to the default?', resetText: 'What you wrote is dropped; from the next message on the house says its own words.', resetDone: 'Back to the default',
        goods: 'goods', order: 'order number', shop: 'shop', sum: 'sum', answer: 'answer', reason: 'reason',
    },
);

type Kinds = Record<MessageKind, string>;
export const kindText: Kinds = words<Kinds>(
    {
        order_shipped: '订单寄出', order_refunded: '卖家退款', order_cancelled: '卖家发不了货', case_answered: '售后有答复', case_decided: '售后判定', case_refunded: '售后退款',
        complaint_answered: '投诉有答复', invoice_issued: '发票开好', invoice_refused: '发票没开成', listing_listed: '商品上架', listing_refused: '上架退回',
        application_recommended: '开店申请被推荐', application_accepted: '开店申请通过', application_refused: '开店申请退回',
    },
    {
        order_shipped: 'Order sent', order_refunded: 'Refund by the shop', order_cancelled: 'Called off by the shop', case_answered: 'Case answered', case_decided: 'Case decided', case_refunded: 'Money of a case',
        complaint_answered: 'Complaint answered', invoice_issued: 'Invoice ready', invoice_refused: 'Invoice not made', listing_listed: 'Goods listed', listing_refused: 'Listing sent back',
        application_recommended: 'Application recommended', application_accepted: 'Application accepted', application_refused: 'Application sent back',
    },
);

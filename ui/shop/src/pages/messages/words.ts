import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '消息',
        none: '还没有消息',
        noneText: '东西寄出、退款、售后有了答复，都会在这里告诉您。',
        look: '去逛逛',
        unread: (n: number) => (n < 100 ? `${n} 条没看` : '很多没看'),
        isUnread: '没看',
        readAll: '都看过了',
        kept: '消息留半年。',
    },
    {
        title: 'Messages',
        none: 'No messages yet',
        noneText: 'Parcels that left, money that came back, answers to a case: you hear of them here.',
        look: 'Look around',
        unread: (n) => (n < 100 ? `${n} unread` : 'many unread'),
        isUnread: 'unread',
        readAll: 'All read',
        kept: 'Messages are kept for half a year.',
    },
);

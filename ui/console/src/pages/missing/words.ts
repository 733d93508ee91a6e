import { words } from '@kit/words.ts';

export const t = words(
    {
        missing: '没有这一页',
        missingText: '地址可能不对，从左边的菜单进去就好。',
        others: '这一页不归您管',
        othersText: '要用这一页，请让运营给您开通，再登录一次。',
        back: '回到我的后台',
        closed: '这个账号还不能用后台',
        closedText: '要管店、审核或者看账，请让运营给您开通，再登录一次。',
        shop: '去看商城',
        unread: '没读到您的账号',
    },
    {
        missing: 'No such page',
        missingText: 'The address may be wrong. Use the menu on the left.',
        others: 'This page is for others',
        othersText: 'To use it, ask the operator for its role, then log in again.',
        back: 'Back to my desk',
        closed: 'This account has no desk yet',
        closedText: 'To keep a shop, review or audit, ask the operator for a role, then log in again.',
        shop: 'Open the shop',
        unread: 'Your account could not be read',
    },
);

import { words } from '@kit/words.ts';

export const t = words(
    {
        missing: '没有这一页',
        missingText: '地址可能不对，从左边的菜单进去就好。',
        closed: '这个账号还不能用后台',
        closedText: '要管店、审核或者看账，请让运营给您开通，再登录一次。',
        shop: '去看商城',
    },
    {
        missing: 'No such page',
        missingText: 'The address may be wrong. Use the menu on the left.',
        closed: 'This account has no desk yet',
        closedText: 'To keep a shop, review or audit, ask the operator for a role, then log in again.',
        shop: 'Open the shop',
    },
);

import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '登录后台', lead: '管店、发货、审核、看账，都从这里进。', ways: '怎么登录', byCode: '验证码', byPassword: '密码',
        phone: '手机号', code: '验证码', codeHint: '六位数字，五分钟内有效', send: '发验证码', sending: '正在发', again: (n: number) => `${n} 秒后再发`, sent: (to: string) => `发到 ${to} 了`,
        password: '密码', show: '看看密码', hide: '藏起密码', enter: '登录', entering: '正在登录', other: 'English', shop: '去看商城',
        needPhone: '请填 11 位手机号', needCode: '请填六位验证码', needPassword: '请填密码',
    },
    {
        title: 'Log in to the desk', lead: 'Keep a shop, ship, review and audit.', ways: 'How to log in', byCode: 'Code', byPassword: 'Password',
        phone: 'Mobile number', code: 'Code', codeHint: 'Six digits, good for five minutes', send: 'Send code', sending: 'Sending', again: (n) => `Again in ${n} s`, sent: (to) => `Sent to ${to}`,
        password: 'Password', show: 'Show', hide: 'Hide', enter: 'Log in', entering: 'Logging in', other: '中文', shop: 'Open the shop',
        needPhone: 'Please enter an 11-digit number', needCode: 'Please enter the six digits', needPassword: 'Please enter your password',
    },
);

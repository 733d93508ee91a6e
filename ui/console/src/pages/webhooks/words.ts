import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '通知别的系统', note: '有事就告诉对方一声，不带姓名、电话、地址。', address: '接收地址', about: '是哪个系统', types: '什么事告诉它', state: '状态', answered: '上次收到', never: '还没有', on: '在用', off: '停了', failing: '没收到',
        gone: '对方说不再收', failingOff: '一直没收到，停了', asked: '手动停的', add: '加一个', open: '看记录', edit: '改', addTitle: '加一个接收地址', editTitle: '改接收地址', save: '存下', saved: '存好了', url: '接收地址（https 开头）', aboutField: '是哪个系统', needTypes: '至少选一样', inUse: '在用',
        empty: '还没有接收地址', emptyText: '县里的账、仓库的系统，都可以从这里听到消息。', secretTitle: '密钥只显示这一次', secretText: '请现在就抄到对方系统里。关上以后谁也看不到，丢了只能换新的。', secret: '密钥', kept: '抄好了',
        test: '试发一条', tested: '发出去了', renew: '换密钥', renewTitle: '换一把新密钥', renewText: '旧的还能用一天，够对方换上。', drop: '删掉', dropTitle: '删掉这个接收地址', dropText: '以后不再通知它，记录也看不到了。', dropped: '删掉了', oldUntil: '旧密钥用到',
        log: '发送记录', logNote: '留三十天，新的在前。', noLog: '还没有发过', when: '什么时候', what: '什么事', result: '结果', tries: (n: number) => `试了 ${n} 次`, nextTry: (at: string) => `${at} 再试`, resend: '再发一次', resent: '再发了', more: '再看前面的', message: '发了什么', answer: '对方怎么说',
        waiting: '在发', delivered: '收到了', failed: '没成', droppedState: '没发', status: (n: number) => `对方回 ${n}`, refresh: '再读一遍',
        t_address: '地址不能用', t_name: '找不到这个域名', t_connection: '连不上', t_tls: '对方证书不对', t_time: '等了太久', t_other: '没发出去',
    },
    {
        title: 'Webhooks', note: 'Other systems hear what happens; never a name, a phone number or an address.', address: 'Endpoint', about: 'System', types: 'Hears of', state: 'State', answered: 'Last answer', never: 'none yet', on: 'On', off: 'Off', failing: 'Not answering',
        gone: 'it said it is gone', failingOff: 'it did not answer for days', asked: 'put off by hand', add: 'Add', open: 'Log', edit: 'Edit', addTitle: 'New endpoint', editTitle: 'Change the endpoint', save: 'Save', saved: 'Saved', url: 'Address (https)', aboutField: 'Which system', needTypes: 'Choose one at least', inUse: 'On',
        empty: 'No endpoints yet', emptyText: 'A county’s ledger or a warehouse can hear of what happens here.', secretTitle: 'The secret is shown this once', secretText: 'Copy it to the other system now. Nobody can see it later; a lost one is replaced.', secret: 'secret', kept: 'I have it',
        test: 'Send a test', tested: 'On its way', renew: 'New secret', renewTitle: 'A new secret', renewText: 'The old one signs beside it for a day.', drop: 'Delete', dropTitle: 'Delete this endpoint', dropText: 'It hears of nothing more, and its log is gone.', dropped: 'Deleted', oldUntil: 'Old secret until',
        log: 'Deliveries', logNote: 'Kept for thirty days, the newest first.', noLog: 'Nothing was sent yet', when: 'When', what: 'What', result: 'Result', tries: (n) => `${n} tries`, nextTry: (at) => `again at ${at}`, resend: 'Send again', resent: 'Sent again', more: 'Earlier ones', message: 'What was sent', answer: 'What it said',
        waiting: 'On its way', delivered: 'Delivered', failed: 'Failed', droppedState: 'Dropped', status: (n) => `answered ${n}`, refresh: 'Read again',
        t_address: 'address not allowed', t_name: 'name not found', t_connection: 'no connection', t_tls: 'bad certificate', t_time: 'took too long', t_other: 'not sent',
    },
);

/** The types that an endpoint can ask for, in the order in which they happen. */
export const typeNames = words(
    { 'order.paid': '订单付了款', 'order.shipped': '发了货', 'order.received': '收了货', 'order.completed': '订单办完了', 'order.refunded': '退了钱', 'case.closed': '售后办完了', 'stock.ran_out': '卖完了', 'stock.came_back': '又有货了', 'webhook.test': '试发' },
    { 'order.paid': 'Order paid', 'order.shipped': 'Order sent', 'order.received': 'Order received', 'order.completed': 'Order completed', 'order.refunded': 'Money back', 'case.closed': 'Case closed', 'stock.ran_out': 'Stock ran out', 'stock.came_back': 'Stock came back', 'webhook.test': 'Test' },
);
export const types = ['order.paid', 'order.shipped', 'order.received', 'order.completed', 'order.refunded', 'case.closed', 'stock.ran_out', 'stock.came_back'] as const;
export const typeText = (type: string): string => (type in typeNames ? typeNames[type as keyof typeof typeNames] : type);

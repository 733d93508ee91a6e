import { words } from '@kit/words.ts';

export const t = words(
    { title: '订单', order: '订单', goods: '商品', seller: '卖家', total: '合计（元）', state: '状态', all: '全部', count: (n: number) => `× ${n}`, more: (n: number) => `共 ${n} 样` },
    { title: 'Orders', order: 'Order', goods: 'Goods', seller: 'Seller', total: 'Total (¥)', state: 'State', all: 'All', count: (n) => `× ${n}`, more: (n) => `${n} things` },
);

import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '大屏', of: (place: string) => `${place} · 今天`, all: '全部', orders: '今天的订单', ordersUnit: '单', paid: '今天成交', waiting: '待发货', refunded: '今天退款', yuan: '元', yesterday: (n: string) => `昨天 ${n}`,
        late: (n: number) => `${n} 单超过 48 小时`, noneLate: '没有超时的', series: '近两周成交（元）', chartSays: '近两周每天的成交，数字在总览的“看数”里', today: '今天',
        counties: '今天各县成交', towns: '今天各乡镇成交', noParts: '今天还没有成交', noPartsText: '有人付款，一会儿就列在这里。', newest: '刚刚卖出', noOrders: '还没有订单', noOrdersText: '有人付款，一会儿就列在这里。',
        asOf: (time: string) => `数据到 ${time}`, stale: (time: string) => `连不上，停在 ${time}`, full: '全屏', back: '返回', now: '刚刚', minutes: (n: number) => `${n} 分钟前`, hours: (n: number) => `${n} 小时前`, days: (n: number) => `${n} 天前`, more: (n: number) => (n >= 1000 ? '1000+' : String(n)),
    },
    {
        title: 'Wall', of: (place) => `${place} · today`, all: 'Everything', orders: 'Orders today', ordersUnit: '', paid: 'Paid today', waiting: 'To be sent', refunded: 'Refunded today', yuan: 'yuan', yesterday: (n) => `Yesterday ${n}`,
        late: (n) => `${n} waiting over 48 hours`, noneLate: 'None is late', series: 'Paid in two weeks (yuan)', chartSays: 'Paid by day for two weeks; the figures are under “Figures” of the overview', today: 'today',
        counties: 'Counties today', towns: 'Towns today', noParts: 'Nothing sold today yet', noPartsText: 'A paid order shows up here soon.', newest: 'Just sold', noOrders: 'No orders yet', noOrdersText: 'A paid order shows up here soon.',
        asOf: (time) => `Data as of ${time}`, stale: (time) => `No connection; as of ${time}`, full: 'Full screen', back: 'Back', now: 'just now', minutes: (n) => `${n} min ago`, hours: (n) => `${n} h ago`, days: (n) => `${n} d ago`, more: (n) => (n >= 1000 ? '1000+' : String(n)),
    },
);

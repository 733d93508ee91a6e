import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '大屏', of: (place: string) => `${place} · 今天`, all: '全部', series: '近两周成交（元）', chartSays: '近两周每天的成交，数字在总览的“看数”里',
        counties: '今天各县成交', towns: '今天各乡镇成交', noParts: '今天还没有成交', noPartsText: '有人付款，一会儿就列在这里。', newest: '刚刚卖出', noOrders: '还没有订单', noOrdersText: '有人付款，一会儿就列在这里。',
        asOf: (time: string) => `数据到 ${time}`, stale: (time: string) => `连不上，停在 ${time}`, full: '全屏', back: '返回', now: '刚刚', minutes: (n: number) => `${n} 分钟前`, hours: (n: number) => `${n} 小时前`, days: (n: number) => `${n} 天前`,
    },
    {
        title: 'Wall', of: (place) => `${place} · today`, all: 'Everything', series: 'Paid in two weeks (yuan)', chartSays: 'Paid by day for two weeks; the figures are under “Figures” of the overview',
        counties: 'Counties today', towns: 'Towns today', noParts: 'Nothing sold today yet', noPartsText: 'A paid order shows up here soon.', newest: 'Just sold', noOrders: 'No orders yet', noOrdersText: 'A paid order shows up here soon.',
        asOf: (time) => `Data as of ${time}`, stale: (time) => `No connection; as of ${time}`, full: 'Full screen', back: 'Back', now: 'just now', minutes: (n) => `${n} min ago`, hours: (n) => `${n} h ago`, days: (n) => `${n} d ago`,
    },
);

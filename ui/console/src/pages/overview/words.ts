import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '总览', morning: '早上好', noon: '中午好', afternoon: '下午好', evening: '晚上好', hello: (name: string, part: string) => `${name}，${part}`, whose: '看谁的',
        orders: '今天的订单', ordersUnit: '单', yesterday: (n: string) => `昨天 ${n}`, paid: '今天成交', refunded: '今天退款', waiting: '待发货', yuan: '元',
        late: (n: number) => `${n} 单超过 48 小时`, noneLate: '没有超时的', series: '近两周', byOrders: '订单', byPaid: '成交', byRefunded: '退款', chart: '看图', table: '看数', day: '日期',
        duties: '等您处理', nothing: '手头没有要办的', nothingText: '有了会马上出现在这里。', pieces: (n: number) => `${n} 件事`, go: '去办', stock: '快卖完的', noStock: '货都够', noStockText: '低到您设的数，就会列在这里。', left: (n: number) => `还有 ${n}`, soldOut: '卖完了', alarm: (n: number) => `低于 ${n} 提醒`, receive: '去补货',
        asOf: (time: string) => `数据到 ${time}`, more: (n: number) => (n >= 1000 ? '1000+' : String(n)), chartSays: (what: string) => `近两周每天的${what}，数字在“看数”里`,
        orders_to_ship: '单等着发货', orders_late: '单超过 48 小时没发', stock_alarms: '样货快卖完', goods_sold_out: '样货卖完了', cases_to_decide: '件售后等平台判', cases_to_answer: '件售后等店里办', complaints_to_answer: '件投诉等答复', invoices_to_issue: '张发票等着开', listings_to_review: '样上架等审核', applications_to_review: '份开店申请等审核', today: '今天', empty: '卖完了的', see: '看商品', seeAll: '看全部', wall: '大屏',
    },
    {
        title: 'Overview', morning: 'good morning', noon: 'good day', afternoon: 'good afternoon', evening: 'good evening', hello: (name, part) => `${name}, ${part}`, whose: 'Showing',
        orders: 'Orders today', ordersUnit: '', yesterday: (n) => `Yesterday ${n}`, paid: 'Paid today', refunded: 'Refunded today', waiting: 'To be sent', yuan: '',
        late: (n) => `${n} waiting over 48 hours`, noneLate: 'None is late', series: 'Two weeks', byOrders: 'Orders', byPaid: 'Paid', byRefunded: 'Refunded', chart: 'Chart', table: 'Figures', day: 'Day',
        duties: 'Waiting for you', nothing: 'Nothing to do', nothingText: 'It will show up here at once.', pieces: (n) => `${n}`, go: 'Go', stock: 'Running out', noStock: 'Enough of everything', noStockText: 'What falls to your alarm is listed here.', left: (n) => `${n} left`, soldOut: 'Sold out', alarm: (n) => `alarm at ${n}`, receive: 'Restock',
        asOf: (time) => `Data as of ${time}`, more: (n) => (n >= 1000 ? '1000+' : String(n)), chartSays: (what) => `${what} by day for two weeks; the figures are under “Figures”`,
        orders_to_ship: 'orders to be sent', orders_late: 'orders waiting over 48 hours', stock_alarms: 'things running out', goods_sold_out: 'goods sold out', cases_to_decide: 'cases to decide', cases_to_answer: 'cases for the shop to answer', complaints_to_answer: 'complaints to answer', invoices_to_issue: 'invoices to make out', listings_to_review: 'listings to review', applications_to_review: 'applications to review', today: 'today', empty: 'Sold out', see: 'See goods', seeAll: 'See all', wall: 'Wall',
    },
);

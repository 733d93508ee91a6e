import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '缺货', note: '店里快卖完的，县里和全部卖完的。', whose: '看谁的', goods: '商品', seller: '店铺', left: '还有', alarm: '低于几件提醒', out: '卖完了', see: '看商品', receive: '去补货', none: '货都够', noneText: '卖完了就会在这里。', few: '只列最缺的 20 样。',
    },
    {
        title: 'Out of stock', note: 'What runs out in a shop, what is sold out in a county or everywhere.', whose: 'Showing', goods: 'Goods', seller: 'Shop', left: 'Left', alarm: 'Alarm at', out: 'Sold out', see: 'See goods', receive: 'Restock', none: 'Enough of everything', noneText: 'What is sold out shows up here.', few: 'The twenty emptiest shelves.',
    },
);

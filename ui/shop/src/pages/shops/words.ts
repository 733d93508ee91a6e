import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '卖东西的人家',
        villageShops: '村里的店',
        all: '都看',
        kinds: '按类别看',
        none: '这里还没有店',
        goods: (count: number) => `${count} 样东西`,
        sold: (count: string) => `卖出 ${count} 份`,
        from: '在哪里',
        since: '开店',
        licence: '证照',
        fee: '平台收卖家',
        feeText: '0 元',
        about: '这家店',
        goodsHead: '店里的东西',
        complain: '投诉这家店',
    },
    {
        title: 'Sellers',
        villageShops: 'Village shops',
        all: 'All',
        kinds: 'By kind',
        none: 'No shops here yet',
        goods: (count: number) => `${count} goods`,
        sold: (count: string) => `${count} sold`,
        from: 'Where',
        since: 'Opened',
        licence: 'Licence',
        fee: 'Fee to the platform',
        feeText: '¥0',
        about: 'This shop',
        goodsHead: 'What they sell',
        complain: 'Complain about this shop',
    },
);

/** The kinds of sellers as the server codes them, in the order in which the page offers them. */
export const kindNames = words(
    {
        village_shop: '村店',
        cooperative: '合作社',
        household: '农户',
        micro_shop: '微店',
        workshop: '帮扶车间',
        station: '服务站',
        company: '企业',
        brand: '品牌',
    },
    {
        village_shop: 'Village shops',
        cooperative: 'Co-operatives',
        household: 'Households',
        micro_shop: 'Micro shops',
        workshop: 'Workshops',
        station: 'Stations',
        company: 'Companies',
        brand: 'Brands',
    },
);

import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '搜索',
        back: '返回',
        placeholder: '找山货，找村子',
        go: '搜',
        clearField: '清空',
        before: '找过的',
        forget: '都忘掉',
        popular: '大家在找',
        suggestions: '可能是这些',
        goods: '东西',
        seller: '店',
        place: '产地',
        category: '类别',
    },
    {
        title: 'Search',
        back: 'Back',
        placeholder: 'Find food, find villages',
        go: 'Search',
        clearField: 'Clear',
        before: 'You searched',
        forget: 'Forget all',
        popular: 'People look for',
        suggestions: 'Suggestions',
        goods: 'Goods',
        seller: 'Shop',
        place: 'Origin',
        category: 'Category',
    },
);

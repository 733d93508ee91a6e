import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '运费', whose: '谁的运费', house: '全站通用', region: '送到', everywhere: '其他地方', first: '首重', next: '续重', free: '包邮', deliverable: '送不送', yes: '送', no: '不送', edit: '改', add: '加一条',
        editTitle: '运费', save: '存下', saved: '存好了', firstG: '首重多少克', firstYuan: '首重多少元', nextG: '每续多少克', nextYuan: '续重多少元', freeYuan: '满多少元包邮（不填就不包）', per: (g: string, yuan: string) => `${g} 千克 ${yuan}`, freeOver: (yuan: string) => `满 ${yuan}`, never: '不包',
        choose: '请选一个地方', badRegion: '请选送到哪里', badGram: '请填大于零的整数', badYuan: '请填金额，比如 8 或 8.50', hint: '先看卖家自己的，再看全站的；地方写得细的先用。', none: '还没有自己的运费', noneText: '没有时用全站通用的。',
    },
    {
        title: 'Freight', whose: 'Freight of', house: 'The house', region: 'Goes to', everywhere: 'Everywhere else', first: 'First', next: 'Further', free: 'Free', deliverable: 'Delivers', yes: 'yes', no: 'no', edit: 'Edit', add: 'Add',
        editTitle: 'Freight', save: 'Save', saved: 'Saved', firstG: 'First grams', firstYuan: 'Price of the first, yuan', nextG: 'Each further grams', nextYuan: 'Price of each further, yuan', freeYuan: 'Free from, yuan (empty: never)', per: (g, yuan) => `${g} kg ${yuan}`, freeOver: (yuan) => `from ${yuan}`, never: 'never',
        choose: 'Choose a region', badRegion: 'Choose where it goes', badGram: 'Enter a whole number above zero', badYuan: 'Enter an amount, such as 8 or 8.50', hint: 'A seller’s own rule goes before the house’s, a narrower region before a wider.', none: 'No rules of its own', noneText: 'Then the house’s rules count.',
    },
);

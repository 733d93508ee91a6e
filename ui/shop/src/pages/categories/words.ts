import { words } from '@kit/words.ts';

export const t = words(
    { title: '分类', search: '找山货，找村子', all: (name: string) => `全部${name}`, roots: '大类', empty: '还没有分类' },
    { title: 'Browse', search: 'Find food, find villages', all: (name: string) => `All ${name}`, roots: 'Main categories', empty: 'No categories yet' },
);

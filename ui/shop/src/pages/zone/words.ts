import { words } from '@kit/words.ts';

export const t = words(
    {
        counties: '按区县看',
        all: '全部区县',
        goods: (count: number) => `${count} 样`,
        none: (name: string) => `${name}的东西还没上来`,
        noneText: '看看别的区县，或者过几天再来。',
    },
    {
        counties: 'By county',
        all: 'All counties',
        goods: (count: number) => `${count} goods`,
        none: (name: string) => `Nothing from ${name} yet`,
        noneText: 'Look at another county, or come back in a few days.',
    },
);

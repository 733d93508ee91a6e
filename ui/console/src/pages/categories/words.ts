import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '分类', note: '商城里怎么分，卖家上架时照着选。', name: '名字', food: '加工食品', foodText: '要食品许可', order: '排第几', add: '加一个', addTitle: '加一个分类', edit: '改', editTitle: '改分类', save: '存下', saved: '存好了',
        parent: '放在谁下面', top: '最上面', foodField: '是加工食品，做的人要有食品许可', orderField: '排序的数，小的在前', badName: '请填名字', badOrder: '请填 0 到 100000 的整数', none: '还没有分类',
    },
    {
        title: 'Categories', note: 'How the shop is divided; sellers choose from them.', name: 'Name', food: 'Processed food', foodText: 'needs a licence', order: 'Order', add: 'Add', addTitle: 'New category', edit: 'Edit', editTitle: 'Change a category', save: 'Save', saved: 'Saved',
        parent: 'Below', top: 'At the top', foodField: 'Processed food: who makes it needs a licence', orderField: 'Order, the smaller first', badName: 'Enter a name', badOrder: 'Enter a whole number from 0 to 100000', none: 'No categories yet',
    },
);

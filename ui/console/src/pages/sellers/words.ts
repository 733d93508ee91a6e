import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '店铺', note: '在卖的店。村微商城按行政区划的次序摆在首页，最多 20 家。', add: '开一家店', addNote: '县里自己办的店，比如村微商城、服务站。别人要开店，请走开店申请。', edit: '修改', editOf: (name: string) => `修改：${name}`, look: '看店', whose: '哪个县', allKinds: '全部', shop: '店铺', kind: '哪一种', place: '在哪里', goods: '商品', goodsOf: (n: number) => `${n} 种`, since: '开店', none: '还没有店',
        name: '店名', summary: '一句话介绍', licence: '证照号（有就填）', picture: '店铺照片', save: '存好', saved: '存好了', added: '开好了。再到“人员和角色”给店主开通。', badName: '店名 2 到 40 个字', badKind: '请选一种', badPlace: '请选到区县以下，知道哪个村就选到村', choose: '请选',
    },
    {
        title: 'Shops', note: 'The shops that sell. Village shops stand on the home page in the order of the divisions, 20 at most.', add: 'Open a shop', addNote: 'For shops that the county keeps itself: village shops, stations. Others apply.', edit: 'Edit', editOf: (name) => `Edit: ${name}`, look: 'See shop', whose: 'County', allKinds: 'All', shop: 'Shop', kind: 'Kind', place: 'Where', goods: 'Goods', goodsOf: (n) => `${n}`, since: 'Opened', none: 'No shops yet',
        name: 'Name', summary: 'One line about it', licence: 'Licence number, if any', picture: 'Picture of the shop', save: 'Save', saved: 'Saved', added: 'It is open. Give its keeper the role under “People and roles”.', badName: 'A name has 2 to 40 characters', badKind: 'Choose a kind', badPlace: 'Choose the county at least, and the village where you know it', choose: 'Choose',
    },
);

import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '上架审核', goods: '商品', what: '做什么', fresh: '新上架', change: '修改', seller: '卖家在', since: '交上来', state: '状态', open: '看一看', empty: '没有要看的',
        draft: '还没交', submitted: '等审', listed: '上架了', refused: '退回了', withdrawn: '撤回了',
        findings: '系统看到的', noFindings: '没有看到不对的地方', stop: '不能上', look: '看一眼', before: '现在卖的', after: '改成', same: '没有变的地方不列出',
        accept: '通过', refuse: '退回', words: '说明（卖家看得到）', done: '记下了', steps: '经过', submission: '交上来了', acceptance: '通过了', refusal: '退回了', withdrawal: '撤回了',
        yes: '是', no: '否',
    },
    {
        title: 'Listings', goods: 'Goods', what: 'What', fresh: 'New', change: 'Change', seller: 'Seller in', since: 'Sent in', state: 'State', open: 'Look', empty: 'Nothing to look at',
        draft: 'Not sent yet', submitted: 'Waiting', listed: 'Listed', refused: 'Sent back', withdrawn: 'Taken back',
        findings: 'What the house noticed', noFindings: 'Nothing was noticed', stop: 'Stops it', look: 'Look at it', before: 'On sale now', after: 'Becomes', same: 'What stays as it is is not shown',
        accept: 'Let through', refuse: 'Send back', words: 'Words (the seller reads them)', done: 'Noted', steps: 'What happened', submission: 'Sent in', acceptance: 'Let through', refusal: 'Sent back', withdrawal: 'Taken back',
        yes: 'yes', no: 'no',
    },
);

export const fieldNames = words(
    { title: '名称', summary: '一句话', story: '故事', category: '分类', place: '产地', pictures: '图片', facts: '说明', piece: '计件', ship: '几小时发货', freight: '包邮', sku: '规格' },
    { title: 'Title', summary: 'Summary', story: 'Story', category: 'Category', place: 'Origin', pictures: 'Pictures', facts: 'Facts', piece: 'Counted in', ship: 'Ships within hours', freight: 'Free freight', sku: 'SKU' },
);

export const policyNames = words(
    { seven_days: '七天可退', fresh: '鲜活易腐不退', made_to_order: '定做不退', opened_void: '拆封不退' },
    { seven_days: 'seven days', fresh: 'perishable, no return', made_to_order: 'made to order, no return', opened_void: 'no return once opened' },
);

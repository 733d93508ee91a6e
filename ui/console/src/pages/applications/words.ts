import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '开店申请', shop: '店', kind: '哪种卖家', place: '在哪里', goods: '卖什么', since: '交上来', state: '状态', open: '看材料',
        apply: '申请', county: '县里推荐', platform: '平台审核', waiting: '还没到这一步',
        contact: '联系人', phone: '手机', code: '统一社会信用代码', food: '食品许可', promise: '自产自销承诺', promised: '打过勾', none: '没有', about: '介绍',
        papers: '材料', steps: '经过', recommend: '推荐', accept: '通过', refuse: '退回', words: '说明（申请人看得到）', wordsNeeded: '退回要写明哪里要改。',
        see: '看联系方式', seeTitle: '看联系方式', seeText: '为什么要看，会记下来，申请人也看得到。', reason: '为什么', done: '记下了', empty: '没有要看的申请',
    },
    {
        title: 'Applications', shop: 'Shop', kind: 'Kind', place: 'Place', goods: 'Goods', since: 'Sent in', state: 'State', open: 'Look',
        apply: 'Application', county: 'County recommends', platform: 'Platform decides', waiting: 'Not there yet',
        contact: 'Contact', phone: 'Phone', code: 'Credit code', food: 'Food permit', promise: 'Promise of own produce', promised: 'ticked', none: 'none', about: 'About',
        papers: 'Papers', steps: 'What happened', recommend: 'Recommend', accept: 'Let in', refuse: 'Send back', words: 'Words (the applicant reads them)', wordsNeeded: 'Sending back needs words on what to mend.',
        see: 'See the contact', seeTitle: 'See the contact', seeText: 'Your reason is kept; the applicant can read it.', reason: 'Reason', done: 'Noted', empty: 'No applications to look at',
    },
);

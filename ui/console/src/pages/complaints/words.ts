import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '投诉', note: '七天里要答复。', number: '投诉单', seller: '说的是哪家', subject: '说的是', order: '一张订单', goods: '一样商品', shop: '一家店', words: '说了什么', since: '什么时候说的', due: '到什么时候', state: '到哪一步', open: '看一看', whose: '哪里的',
        all: '都看', waiting: '等答复', answered: '答复了', overdue: '过了时候', empty: '没有投诉', emptyText: '有了就会在这里。', pictures: '照片', picture: (n: number) => `第 ${n} 张，点开看大图`,
        answer: '答复', answerField: '怎么答复（投诉的人看得到）', send: '答复他', done: '答复好了', fewWords: '请写明白，四个字以上',
    },
    {
        title: 'Complaints', note: 'Each is answered within seven days.', number: 'Complaint', seller: 'Of', subject: 'About', order: 'an order', goods: 'goods', shop: 'a shop', words: 'What is said', since: 'Told', due: 'Until', state: 'State', open: 'Look', whose: 'Where',
        all: 'All', waiting: 'Waiting', answered: 'Answered', overdue: 'Overdue', empty: 'No complaints', emptyText: 'They will show up here.', pictures: 'Pictures', picture: (n) => `Picture ${n}, open it in full`,
        answer: 'Answer', answerField: 'Your answer (who complained reads it)', send: 'Answer', done: 'Answered', fewWords: 'Say it in four characters or more',
    },
);

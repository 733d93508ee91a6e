import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '词和单位', units: '卖货用的单位', unitsNote: '卖家上新货时从这里面选；已经在卖的不变。', popular: '大家在搜', popularNote: '搜索框下面先给人看的词，一行一个，按这个顺序排。', listing: '上架时要留心的词', listingNote: '卖家交上来的文字里有这些词，系统会指出来。一行一个。',
        stop: '有这些词不能上架', look: '有这些词请人看一眼', save: '存下', saved: '存好了',
    },
    {
        title: 'Words and units', units: 'Units of goods', unitsNote: 'Sellers choose from these for new goods; what is on sale keeps its own.', popular: 'Popular words', popularNote: 'Shown below the search field before one types; one a line, in this order.', listing: 'Words of listings', listingNote: 'The house points them out in what sellers send in; one a line.',
        stop: 'These stop a listing', look: 'These are looked at', save: 'Save', saved: 'Saved',
    },
);

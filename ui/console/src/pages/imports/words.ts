import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '批量上商品', takeGoods: '导出商品', takeListings: '导出上架申请', send: '选表格上传', template: '下载模板', shop: '哪家店', sending: '正在上传',
        stepOne: '填表', stepOneText: '用模板填，一行一个规格，货号相同的是同一件商品', stepTwo: '检查', stepTwoText: '传上来先检查，什么都不会写进去', stepThree: '导入', stepThreeText: '写成上架申请，审过才开卖',
        when: '什么时候', state: '状态', goods: '商品', goodsOf: (goods: number, rows: number) => `${goods} 件（${rows} 行）`, rows: '行', bad: '有错的行', made: '写成申请', look: '看一看', empty: '还没有导入过', emptyText: '下载模板，填好后传上来。Excel 存成的 CSV 就行。',
        checking: '正在检查', checked: '等您决定', running: '正在导入', submitting: '正在送审', undoing: '正在撤回', done: '导入了', undone: '都撤回了', failed: '没有导成',
        fine: '没有查出错，可以导入。', some: (bad: number) => `有 ${bad} 行有错，看下面的原因。`, allBad: '每一行都有错，请改好再传。',
        failedText: '表格不在了，或者传的人不再管这家店。请重新上传。', undoneText: '中途有一件商品变得不能导入，按您选的“有错就都不导”，全部撤回了。请再传一次检查。',
        doneText: (made: number, sent: number) => `写成 ${made} 份上架申请，其中 ${sent} 份已送审。没有图片的先存着，补了图再送审。`,
        getErrors: '下载有错的行', errors: '有错的行', row: '行', number: '货号', reasons: '原因', more: '再看一些',
        submits: '有图片的写完就送审', all: '全部导入', skip: '跳过有错的，导入其余', progress: (now: number, all: number) => `${now} / ${all} 件`,
        encoding: '文字编码', kept: '表格留到', mended: '在下载的表里改好，直接传上来就行，最后一列不用删。',
    },
    {
        title: 'Import goods', takeGoods: 'Export goods', takeListings: 'Export listings', send: 'Choose a sheet', template: 'Template', shop: 'Shop', sending: 'Sending',
        stepOne: 'Fill it in', stepOneText: 'One row is one SKU; rows of one number are one goods', stepTwo: 'Check', stepTwoText: 'It is checked first; nothing is written', stepThree: 'Import', stepThreeText: 'It becomes listings, on sale after their review',
        when: 'When', state: 'State', goods: 'Goods', goodsOf: (goods, rows) => `${goods} (${rows} ${rows === 1 ? 'row' : 'rows'})`, rows: 'Rows', bad: 'Rows with faults', made: 'Listings', look: 'Look', empty: 'Nothing imported yet', emptyText: 'Fill in the template and send it. CSV from a table program will do.',
        checking: 'Being checked', checked: 'Yours to decide', running: 'Importing', submitting: 'Sending in', undoing: 'Taking back', done: 'Imported', undone: 'Taken back', failed: 'Failed',
        fine: 'No fault was found.', some: (bad) => `${bad === 1 ? '1 row has' : `${bad} rows have`} faults; the reasons are below.`, allBad: 'Every row has a fault: please mend them and send the sheet again.',
        failedText: 'The sheet is gone, or who sent it no longer keeps this shop. Please send it again.', undoneText: 'One goods could not be taken any more, so all were taken back, as you had chosen. Please send it again.',
        doneText: (made, sent) => `Listings written: ${made}; sent in: ${sent}. Those without a picture wait for one.`,
        getErrors: 'Download these rows', errors: 'Rows with faults', row: 'Row', number: 'Number', reasons: 'Reasons', more: 'More',
        submits: 'Send in those with a picture', all: 'Import all', skip: 'Import the rest', progress: (now, all) => `${now} / ${all} goods`,
        encoding: 'Encoding', kept: 'Sheet kept until', mended: 'Mend the rows in that file and send it as it is; the last column may stay.',
    },
);

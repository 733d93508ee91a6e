import { words } from '@kit/words.ts';

export const t = words(
    {
        title: '导出下载', lead: '表格留 7 天，过期自动删掉。每次导出都有记录。', what: '内容', format: '格式', state: '状态', rows: '行数', madeAt: '什么时候', endsAt: '留到', fetch: '下载',
        orders: '订单', goods: '商品', stock: '库存', listings: '上架申请', making: '正在准备', ready: '可以下载', refused: '没有导成', over: '过期了', empty: '还没有导出过', emptyText: '在订单、库存、上架审核页右上角点「导出」，这里就有。',
    },
    {
        title: 'Downloads', lead: 'Sheets are kept for 7 days. Each export is recorded.', what: 'What', format: 'Format', state: 'State', rows: 'Rows', madeAt: 'When', endsAt: 'Kept until', fetch: 'Download',
        orders: 'Orders', goods: 'Goods', stock: 'Stock', listings: 'Listings', making: 'Being made', ready: 'Ready', refused: 'Not made', over: 'Over', empty: 'Nothing yet', emptyText: 'Choose Export on the pages of orders, stock or listings.',
    },
);

import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/stock', name: 'stock', component: () => import('./StockPage.vue'), meta: { needs: ['sell'], menu: { group: 'goods', icon: 'box', order: 20, title: () => t.title, badge: 'stock_alarms' } } },
    { path: '/stock/sheet', name: 'stock-sheet', component: () => import('./SheetPage.vue'), meta: { needs: ['sell'], bare: true } },
] satisfies RouteRecordRaw[];

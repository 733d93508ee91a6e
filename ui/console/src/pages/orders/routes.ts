import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    {
        path: '/orders',
        name: 'orders',
        component: () => import('./OrdersPage.vue'),
        meta: { needs: ['sell', 'serve', 'audit'], menu: { group: 'trade', icon: 'list', order: 20, title: () => t.title, badge: 'orders_to_ship' } },
    },
    { path: '/orders/batch', name: 'orders-batch', component: () => import('./BatchPage.vue'), meta: { needs: ['sell'] } },
    { path: '/orders/print', name: 'orders-print', component: () => import('./PrintPage.vue'), meta: { needs: ['sell'], bare: true } },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    {
        path: '/orders',
        name: 'orders',
        component: () => import('./OrdersPage.vue'),
        meta: { needs: ['sell', 'serve', 'audit'], menu: { group: 'trade', icon: 'list', order: 20, title: () => t.title, badge: 'orders_to_ship' } },
    },
] satisfies RouteRecordRaw[];

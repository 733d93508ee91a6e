import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    {
        path: '/listings',
        name: 'listings',
        component: () => import('./ListingsPage.vue'),
        meta: { needs: ['review'], reach: 'county', menu: { group: 'goods', icon: 'doc', order: 10, title: () => t.title, badge: 'listings_to_review' } },
    },
] satisfies RouteRecordRaw[];

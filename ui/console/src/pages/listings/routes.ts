import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    {
        path: '/listings',
        name: 'listings',
        component: () => import('./ListingsPage.vue'),
        meta: { needs: ['review'], menu: { group: 'goods', icon: 'doc', order: 10, title: () => t.title } },
    },
] satisfies RouteRecordRaw[];

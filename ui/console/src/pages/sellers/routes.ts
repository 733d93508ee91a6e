import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    {
        path: '/sellers',
        name: 'sellers',
        component: () => import('./SellersPage.vue'),
        meta: { needs: ['operate'], reach: 'county', menu: { group: 'people', icon: 'pin', order: 20, title: () => t.title } },
    },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    {
        path: '/',
        name: 'overview',
        component: () => import('./OverviewPage.vue'),
        meta: { needs: ['sell', 'serve', 'operate', 'audit'], menu: { group: 'today', icon: 'chart', order: 10, title: () => t.title } },
    },
] satisfies RouteRecordRaw[];

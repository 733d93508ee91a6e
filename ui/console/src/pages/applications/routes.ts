import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    {
        path: '/applications',
        name: 'applications',
        component: () => import('./ApplicationsPage.vue'),
        meta: { needs: ['review'], menu: { group: 'people', icon: 'store', order: 10, title: () => t.title } },
    },
] satisfies RouteRecordRaw[];

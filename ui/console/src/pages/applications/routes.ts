import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    {
        path: '/applications',
        name: 'applications',
        component: () => import('./ApplicationsPage.vue'),
        meta: { needs: ['review'], reach: 'county', menu: { group: 'people', icon: 'store', order: 10, title: () => t.title, badge: 'applications_to_review' } },
    },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    {
        path: '/audit',
        name: 'audit',
        component: () => import('./AuditPage.vue'),
        meta: { needs: ['audit'], menu: { group: 'trail', icon: 'book', order: 10, title: () => t.title } },
    },
] satisfies RouteRecordRaw[];

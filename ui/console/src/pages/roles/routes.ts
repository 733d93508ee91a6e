import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    {
        path: '/grants',
        name: 'grants',
        component: () => import('./GrantsPage.vue'),
        meta: { needs: ['grant'], menu: { group: 'people', icon: 'users', order: 80, title: () => t.title } },
    },
    {
        path: '/roles',
        name: 'roles',
        component: () => import('./RolesPage.vue'),
        meta: { needs: ['grant'], menu: { group: 'people', icon: 'shield', order: 90, title: () => t.roles } },
    },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/categories', name: 'categories', component: () => import('./CategoriesPage.vue'), meta: { needs: ['operate'], reach: 'all', menu: { group: 'care', icon: 'grid', order: 50, title: () => t.title } } },
] satisfies RouteRecordRaw[];

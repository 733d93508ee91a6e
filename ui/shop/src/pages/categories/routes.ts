import type { RouteRecordRaw } from 'vue-router';

export default [{ path: '/categories', name: 'categories', component: () => import('./CategoriesPage.vue'), meta: { tab: 'categories' } }] satisfies RouteRecordRaw[];

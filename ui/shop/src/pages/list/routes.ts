import type { RouteRecordRaw } from 'vue-router';

export default [{ path: '/goods', name: 'list', component: () => import('./ListPage.vue') }] satisfies RouteRecordRaw[];

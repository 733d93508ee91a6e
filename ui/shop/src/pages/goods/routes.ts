import type { RouteRecordRaw } from 'vue-router';

export default [{ path: '/goods/:id', name: 'goods', component: () => import('./GoodsPage.vue') }] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';

export default [
    { path: '/bag', name: 'bag', component: () => import('./BagPage.vue'), meta: { tab: 'bag' } },
    { path: '/cart', redirect: '/bag' },
] satisfies RouteRecordRaw[];

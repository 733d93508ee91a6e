import type { RouteRecordRaw } from 'vue-router';

const meta = { auth: true };

export default [
    { path: '/open-shop', name: 'open-shop', component: () => import('./OpenShopPage.vue'), meta },
    { path: '/open-shop/new', name: 'apply-new', component: () => import('./ApplyPage.vue'), meta },
    { path: '/open-shop/:id', name: 'application', component: () => import('./ApplicationPage.vue'), meta },
    { path: '/open-shop/:id/edit', name: 'apply-edit', component: () => import('./ApplyPage.vue'), meta },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';

export default [
    { path: '/shops', name: 'shops', component: () => import('./ShopsPage.vue') },
    { path: '/seller/:id', name: 'seller', component: () => import('./SellerPage.vue') },
] satisfies RouteRecordRaw[];

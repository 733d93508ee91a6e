import type { RouteRecordRaw } from 'vue-router';

export default [
    { path: '/addresses', name: 'addresses', component: () => import('./AddressesPage.vue'), meta: { auth: true } },
    { path: '/addresses/new', name: 'address-new', component: () => import('./AddressPage.vue'), meta: { auth: true } },
    { path: '/addresses/:id', name: 'address', component: () => import('./AddressPage.vue'), meta: { auth: true } },
] satisfies RouteRecordRaw[];

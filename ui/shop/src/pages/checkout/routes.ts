import type { RouteRecordRaw } from 'vue-router';

export default [
    { path: '/checkout', name: 'checkout', component: () => import('./CheckoutPage.vue'), meta: { auth: true } },
] satisfies RouteRecordRaw[];

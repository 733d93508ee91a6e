import type { RouteRecordRaw } from 'vue-router';

export default [
    { path: '/paid/:payment', name: 'paid', component: () => import('./PaidPage.vue'), meta: { auth: true } },
] satisfies RouteRecordRaw[];

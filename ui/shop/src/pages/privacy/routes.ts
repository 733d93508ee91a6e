import type { RouteRecordRaw } from 'vue-router';

export default [
    { path: '/me/privacy', name: 'me-privacy', component: () => import('./PrivacyCentrePage.vue'), meta: { auth: true } },
    { path: '/me/phone', name: 'me-phone', component: () => import('./PhonePage.vue'), meta: { auth: true } },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';

export default [
    { path: '/login', name: 'login', component: () => import('./LoginPage.vue') },
    { path: '/terms', name: 'terms', component: () => import('./TermsPage.vue') },
    { path: '/privacy', name: 'privacy', component: () => import('./PrivacyPage.vue') },
] satisfies RouteRecordRaw[];

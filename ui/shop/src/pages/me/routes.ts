import type { RouteRecordRaw } from 'vue-router';

export default [
    { path: '/me', name: 'me', component: () => import('./MePage.vue'), meta: { tab: 'me' } },
    { path: '/me/name', name: 'me-name', component: () => import('./NamePage.vue'), meta: { auth: true } },
    { path: '/me/sessions', name: 'me-sessions', component: () => import('./SessionsPage.vue'), meta: { auth: true } },
    { path: '/me/password', name: 'me-password', component: () => import('./PasswordPage.vue'), meta: { auth: true } },
    { path: '/me/closure', name: 'me-closure', component: () => import('./ClosurePage.vue'), meta: { auth: true } },
] satisfies RouteRecordRaw[];

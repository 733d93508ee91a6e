import type { RouteRecordRaw } from 'vue-router';
export default [
    { path: '/closed', name: 'closed', component: () => import('./ClosedPage.vue') },
    { path: '/unread', name: 'unread', component: () => import('./UnreadPage.vue'), meta: { open: true } },
    { path: '/:rest(.*)*', name: 'missing', component: () => import('./MissingPage.vue') },
] satisfies RouteRecordRaw[];

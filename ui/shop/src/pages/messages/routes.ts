import type { RouteRecordRaw } from 'vue-router';

export default [
    { path: '/messages', name: 'messages', component: () => import('./MessagesPage.vue'), meta: { auth: true } },
] satisfies RouteRecordRaw[];

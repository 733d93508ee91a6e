import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/messages', name: 'messages', component: () => import('./MessagesPage.vue'), meta: { needs: ['operate'], reach: 'all', menu: { group: 'care', icon: 'chat', order: 70, title: () => t.title } } },
] satisfies RouteRecordRaw[];

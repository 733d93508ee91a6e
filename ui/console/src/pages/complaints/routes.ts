import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/complaints', name: 'complaints', component: () => import('./ComplaintsPage.vue'), meta: { needs: ['serve'], reach: 'county', menu: { group: 'trade', icon: 'chat', order: 50, title: () => t.title, badge: 'complaints_to_answer' } } },
] satisfies RouteRecordRaw[];

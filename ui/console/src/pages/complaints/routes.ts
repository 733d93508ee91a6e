import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/complaints', name: 'complaints', component: () => import('./ComplaintsPage.vue'), meta: { needs: ['serve'], menu: { group: 'trade', icon: 'chat', order: 50, title: () => t.title } } },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/exports', name: 'exports', component: () => import('./ExportsPage.vue'), meta: { needs: ['sell', 'serve', 'audit'], menu: { group: 'trade', icon: 'dl', order: 90, title: () => t.title } } },
] satisfies RouteRecordRaw[];

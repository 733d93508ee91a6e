import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/cases', name: 'cases', component: () => import('./CasesPage.vue'), meta: { needs: ['serve'], reach: 'county', menu: { group: 'trade', icon: 'shield', order: 40, title: () => t.title, badge: 'cases_to_decide' } } },
] satisfies RouteRecordRaw[];

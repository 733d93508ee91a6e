import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/cases', name: 'cases', component: () => import('./CasesPage.vue'), meta: { needs: ['serve'], menu: { group: 'trade', icon: 'shield', order: 40, title: () => t.title } } },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/words', name: 'words', component: () => import('./WordsPage.vue'), meta: { needs: ['operate'], reach: 'all', menu: { group: 'care', icon: 'search', order: 60, title: () => t.title } } },
] satisfies RouteRecordRaw[];

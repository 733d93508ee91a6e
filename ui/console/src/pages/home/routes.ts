import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/home', name: 'home', component: () => import('./HomePage.vue'), meta: { needs: ['operate'], reach: 'all', menu: { group: 'care', icon: 'home', order: 10, title: () => t.title } } },
] satisfies RouteRecordRaw[];

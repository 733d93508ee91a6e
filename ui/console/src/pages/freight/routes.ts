import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/freight', name: 'freight', component: () => import('./FreightPage.vue'), meta: { needs: ['sell', 'operate'], menu: { group: 'care', icon: 'truck', order: 40, title: () => t.title } } },
] satisfies RouteRecordRaw[];

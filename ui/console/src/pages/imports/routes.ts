import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/imports', name: 'imports', component: () => import('./ImportsPage.vue'), meta: { needs: ['sell'], menu: { group: 'goods', icon: 'doc', order: 30, title: () => t.title } } },
] satisfies RouteRecordRaw[];

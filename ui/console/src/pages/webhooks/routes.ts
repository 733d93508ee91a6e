import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/webhooks', name: 'webhooks', component: () => import('./WebhooksPage.vue'), meta: { needs: ['connect'], menu: { group: 'care', icon: 'bell', order: 80, title: () => t.title } } },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/invoices', name: 'invoices', component: () => import('./InvoicesPage.vue'), meta: { needs: ['serve'], menu: { group: 'money', icon: 'doc', order: 30, title: () => t.title, badge: 'invoices_to_issue' } } },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';

const meta = { auth: true };

export default [
    { path: '/orders/:id/case', name: 'new-case', component: () => import('./NewCasePage.vue'), meta },
    { path: '/orders/:id/invoice', name: 'invoice', component: () => import('./InvoicePage.vue'), meta },
    { path: '/cases/:id', name: 'case', component: () => import('./CasePage.vue'), meta },
    { path: '/complaints', name: 'complaints', component: () => import('./ComplaintsPage.vue'), meta },
    { path: '/complaints/new', name: 'new-complaint', component: () => import('./NewComplaintPage.vue'), meta },
] satisfies RouteRecordRaw[];

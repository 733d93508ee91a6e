import type { RouteRecordRaw } from 'vue-router';

export default [{ path: '/section/:code', name: 'section', component: () => import('./SectionPage.vue') }] satisfies RouteRecordRaw[];

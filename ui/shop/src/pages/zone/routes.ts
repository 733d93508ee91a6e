import type { RouteRecordRaw } from 'vue-router';

export default [{ path: '/zone/:code', name: 'zone', component: () => import('./ZonePage.vue') }] satisfies RouteRecordRaw[];

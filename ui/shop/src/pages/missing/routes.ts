import type { RouteRecordRaw } from 'vue-router';

export default [{ path: '/:rest(.*)*', name: 'missing', component: () => import('./MissingPage.vue') }] satisfies RouteRecordRaw[];

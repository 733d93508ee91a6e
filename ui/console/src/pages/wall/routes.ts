import type { RouteRecordRaw } from 'vue-router';

export default [
    {
        path: '/wall',
        name: 'wall',
        component: () => import('./WallPage.vue'),
        meta: { needs: ['serve', 'audit'], reach: 'county', bare: true },
    },
] satisfies RouteRecordRaw[];

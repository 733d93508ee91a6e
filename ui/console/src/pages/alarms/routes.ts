import type { RouteRecordRaw } from 'vue-router';
import { t } from './words.ts';

export default [
    { path: '/alarms', name: 'alarms', component: () => import('./AlarmsPage.vue'), meta: { needs: ['sell', 'serve', 'operate', 'audit'], menu: { group: 'goods', icon: 'bell', order: 30, title: () => t.title, badge: 'goods_sold_out' } } },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';
import ListPage from './ListPage.vue';

// The list comes with the first load: what people tap on home, and what they share, is mostly a list.
export default [{ path: '/goods', name: 'list', component: ListPage }] satisfies RouteRecordRaw[];

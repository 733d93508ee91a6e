import type { RouteRecordRaw } from 'vue-router';
import HomePage from './HomePage.vue';

// Home comes with the first load: it is what most people open.
export default [{ path: '/', name: 'home', component: HomePage, meta: { tab: 'home' } }] satisfies RouteRecordRaw[];

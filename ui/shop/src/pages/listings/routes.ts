import type { RouteRecordRaw } from 'vue-router';

const meta = { auth: true };

export default [
    { path: '/my-shop/:seller/listings', name: 'my-listings', component: () => import('./ListingsPage.vue'), meta },
    { path: '/my-shop/:seller/listings/new', name: 'listing-new', component: () => import('./ListingFormPage.vue'), meta },
    { path: '/my-shop/:seller/listings/:id', name: 'my-listing', component: () => import('./ListingPage.vue'), meta },
    { path: '/my-shop/:seller/listings/:id/edit', name: 'listing-edit', component: () => import('./ListingFormPage.vue'), meta },
] satisfies RouteRecordRaw[];

import type { RouteRecordRaw } from 'vue-router';

const meta = { auth: true };

export default [
    { path: '/my-shop', name: 'my-shops', component: () => import('./MyShopsPage.vue'), meta },
    { path: '/my-shop/:seller', name: 'my-shop', component: () => import('./MyShopPage.vue'), meta },
    { path: '/my-shop/:seller/orders/:id', name: 'my-shop-order', component: () => import('./SellerOrderPage.vue'), meta },
    { path: '/my-shop/:seller/orders/:id/ship', name: 'my-shop-ship', component: () => import('./ShipPage.vue'), meta },
    { path: '/my-shop/:seller/orders/:id/transit', name: 'my-shop-transit', component: () => import('./TransitPage.vue'), meta },
    { path: '/my-shop/:seller/orders/:id/refund', name: 'my-shop-refund', component: () => import('./RefundPage.vue'), meta },
    { path: '/my-shop/:seller/invoices/:id', name: 'my-shop-invoice', component: () => import('./SellerInvoicePage.vue'), meta },
    { path: '/my-shop/:seller/goods/:goods/:sku', name: 'my-shop-sku', component: () => import('./SkuPage.vue'), meta },
] satisfies RouteRecordRaw[];

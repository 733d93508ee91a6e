// An address for each page of the shop, by the path that its routes.ts gives it. pages.mjs asks the built shop for its pages
// and measures every one of these in both modes; a page without an example fails. A page that has sheets lists them too:
// they stand in the address as #name. `as` is who looks.
import { as, keeper, paid, placed, shipped, shopper } from './lib.mjs';

/** What the examples need: a goods with its shop, orders in several states, an address, a shop to keep. */
export async function makeWorld(item) {
  const unpaid = await placed(item);
  const { order: toShip, payment } = await paid(item);
  const inTransit = await shipped(item);
  const { items: addresses } = await as(shopper, 'GET', '/api/people/me/addresses');
  const me = await as(keeper, 'GET', '/api/people/me');
  const shop = me.organisation_ids.find((id) => id === item.seller_id) ?? me.organisation_ids[0];
  const draft = await as(keeper, 'GET', `/api/goods/${item.id}/draft`);
  const fresh = { ...draft, title: '隰县玉露香梨 小箱', skus: draft.skus.map(({ sku_id, ...sku }) => sku) };
  const { id: listing } = await as(keeper, 'POST', '/api/listings', { goods: fresh });
  const arrived = await shipped(item);
  await as(shopper, 'POST', `/api/orders/${arrived}/receipt`);
  const { id: kase } = await as(shopper, 'POST', '/api/cases', {
    order_id: arrived, kind: 'money', reason: 'quality', words: '有几个坏了', lines: [{ line_no: 1, count: 1 }],
  });
  // One invoice is asked for, another was refused.
  const bill = async () => {
    const order = await shipped(item);
    await as(shopper, 'POST', `/api/orders/${order}/receipt`);
    const { id } = await as(shopper, 'POST', '/api/invoices', { order_id: order, type: 'company', title: '渝中区某某公司', tax_number: '91350100M000100Y43', email: 'kuaiji@example.cn' });
    return { order, id };
  };
  const bills = { asked: await bill(), refused: await bill() };
  await as(keeper, 'POST', `/api/invoices/${bills.refused.id}/refusals`, { reason: 'data_wrong', words: '抬头要写单位全称' });
  const { id: application } = await as(shopper, 'POST', '/api/seller-applications', { kind: 'household', name: '老周家的梨' });
  return { item, arrived, bills, kase, application, listing, unpaid, toShip, payment, inTransit, address: addresses[0].id, shop };
}

export const examples = (w) => ({
  '/': [{ to: '/' }],
  '/categories': [{ to: '/categories' }],
  '/goods': [{ to: '/goods' }, { to: '/goods?sort=price&stock=1&min=1000' }, { to: '/goods#filter' }, { to: '/goods#filter/place' }, { to: `/goods?q=${encodeURIComponent('不存在xyz')}` }],
  '/goods/:id': [{ to: `/goods/${w.item.id}` }, { to: `/goods/${w.item.id}#sku` }, { to: `/goods/${w.item.id}#region` }],
  '/search': [{ to: '/search' }, { to: `/search?q=${encodeURIComponent('梨')}` }],
  '/section/:code': [{ to: '/section/secretary' }],
  '/zone/:code': [{ to: '/zone/aixin' }],
  '/shops': [{ to: '/shops' }],
  '/seller/:id': [{ to: `/seller/${w.item.seller_id}` }],
  '/bag': [{ to: '/bag' }, { to: '/bag', as: shopper, bag: [w.item] }],
  '/checkout': [{ to: `/checkout?sku=${w.item.sku_id}&count=1`, as: shopper }],
  '/paid/:payment': [{ to: `/paid/${w.payment}`, as: shopper }],
  '/orders': [{ to: '/orders', as: shopper }, { to: '/orders?state=unpaid', as: shopper }],
  '/orders/:id': [
    { to: `/orders/${w.unpaid}`, as: shopper },
    { to: `/orders/${w.unpaid}#cancel`, as: shopper },
    { to: `/orders/${w.toShip}`, as: shopper },
    { to: `/orders/${w.inTransit}`, as: shopper },
    { to: `/orders/${w.inTransit}#receive`, as: shopper },
  ],
  '/orders/:id/case': [{ to: `/orders/${w.inTransit}/case`, as: shopper }],
  '/orders/:id/invoice': [{ to: `/orders/${w.arrived}/invoice`, as: shopper }, { to: `/orders/${w.bills.refused.order}/invoice`, as: shopper }],
  '/cases/:id': [{ to: `/cases/${w.kase}`, as: shopper }, { to: `/cases/${w.kase}`, as: keeper }],
  '/complaints': [{ to: '/complaints', as: shopper }],
  '/complaints/new': [{ to: `/complaints/new?about=order&id=${w.arrived}`, as: shopper }],
  '/open-shop': [{ to: '/open-shop', as: shopper }],
  '/open-shop/new': [{ to: '/open-shop/new', as: shopper }],
  '/open-shop/:id': [{ to: `/open-shop/${w.application}`, as: shopper }],
  '/open-shop/:id/edit': [{ to: `/open-shop/${w.application}/edit`, as: shopper }],
  '/addresses': [{ to: '/addresses', as: shopper }, { to: '/addresses?pick=1', as: shopper }],
  '/addresses/new': [{ to: '/addresses/new', as: shopper }, { to: '/addresses/new#region', as: shopper }],
  '/addresses/:id': [{ to: `/addresses/${w.address}`, as: shopper }, { to: `/addresses/${w.address}#remove`, as: shopper }],
  '/login': [{ to: '/login' }],
  '/terms': [{ to: '/terms' }],
  '/privacy': [{ to: '/privacy' }],
  '/me': [{ to: '/me' }, { to: '/me', as: shopper }, { to: '/me#leave', as: shopper }],
  '/messages': [{ to: '/messages', as: shopper }, { to: '/messages', as: keeper }],
  '/me/name': [{ to: '/me/name', as: shopper }],
  '/me/sessions': [{ to: '/me/sessions', as: shopper }],
  '/me/privacy': [{ to: '/me/privacy', as: shopper }],
  '/me/phone': [{ to: '/me/phone', as: shopper }],
  '/me/password': [{ to: '/me/password', as: shopper }],
  '/me/closure': [{ to: '/me/closure', as: shopper }, { to: '/me/closure#close', as: shopper }],
  '/my-shop': [{ to: '/my-shop', as: keeper }],
  '/my-shop/:seller': [{ to: `/my-shop/${w.shop}`, as: keeper }, { to: `/my-shop/${w.shop}?tab=invoices&all=1`, as: keeper }, { to: `/my-shop/${w.shop}?tab=stock`, as: keeper }],
  '/my-shop/:seller/orders/:id': [
    { to: `/my-shop/${w.shop}/orders/${w.toShip}`, as: keeper },
    { to: `/my-shop/${w.shop}/orders/${w.inTransit}`, as: keeper },
  ],
  '/my-shop/:seller/orders/:id/ship': [{ to: `/my-shop/${w.shop}/orders/${w.toShip}/ship`, as: keeper }],
  '/my-shop/:seller/orders/:id/transit': [{ to: `/my-shop/${w.shop}/orders/${w.inTransit}/transit`, as: keeper }],
  '/my-shop/:seller/orders/:id/refund': [{ to: `/my-shop/${w.shop}/orders/${w.toShip}/refund`, as: keeper }],
  '/my-shop/:seller/invoices/:id': [
    { to: `/my-shop/${w.shop}/invoices/${w.bills.asked.id}`, as: keeper },
    { to: `/my-shop/${w.shop}/invoices/${w.bills.refused.id}`, as: keeper },
  ],
  '/my-shop/:seller/goods/:goods/:sku': [{ to: `/my-shop/${w.shop}/goods/${w.item.id}/${w.item.sku_id}`, as: keeper }],
  '/my-shop/:seller/listings': [{ to: `/my-shop/${w.shop}/listings`, as: keeper }],
  '/my-shop/:seller/listings/new': [
    { to: `/my-shop/${w.shop}/listings/new`, as: keeper },
    { to: `/my-shop/${w.shop}/listings/new#region`, as: keeper },
    { to: `/my-shop/${w.shop}/listings/new?goods=${w.item.id}`, as: keeper },
  ],
  '/my-shop/:seller/listings/:id': [{ to: `/my-shop/${w.shop}/listings/${w.listing}`, as: keeper }, { to: `/my-shop/${w.shop}/listings/${w.listing}#withdraw`, as: keeper }],
  '/my-shop/:seller/listings/:id/edit': [{ to: `/my-shop/${w.shop}/listings/${w.listing}/edit`, as: keeper }],
  '/:rest(.*)*': [{ to: '/nothing/here' }],
});

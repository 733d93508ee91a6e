// The journeys of what goes wrong with an order: cases, complaints, invoices. Walked by `shop.mjs` like the others.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { as, base, keeper, look, open, shipped, shopper } from './lib.mjs';

export const aftersalesJourneys = [];
const journey = (name, walk, { widths = [360, 390, 1280], person = shopper } = {}) => aftersalesJourneys.push({ name, walk, widths, person });

const visit = (page, path) => page.goto(base + path);

/** An order of the shopper that was paid, sent and received. */
async function arrived(item) {
  const order = await shipped(item);
  await as(shopper, 'POST', `/api/orders/${order}/receipt`);
  return order;
}

journey('E08: three of twelve are bad: the buyer asks, the seller agrees, the money goes back', async (page, { item }) => {
  const order = await arrived(item);
  await visit(page, `/orders/${order}`);
  await page.waitForSelector('[data-test=to-case]');
  await look(page, 'order-received');
  await page.click('[data-test=to-case]');
  await page.click('[data-test=reason-damaged]');
  await page.click('[data-test=share]', { position: { x: 12, y: 22 } });
  await page.fill('[name=bad]', '3');
  await page.fill('[name=of]', '12');
  await page.fill('[name=words]', '下面一层压坏了');
  await page.setInputFiles('[data-test=choose-pictures]', fileURLToPath(new URL('../../ui/kit/img/pear2.webp', import.meta.url)));
  await page.waitForSelector('[data-test=picture]');
  await page.waitForSelector('[data-test=asked]');
  await look(page, 'case-new');
  await page.click('[data-test=send-case]');
  await page.waitForURL(/\/cases\/\d+$/);
  await page.waitForSelector('[data-state=open]');
  await look(page, 'case-open');
  const seller = await open(page.viewportSize().width, { person: keeper });
  await visit(seller, new URL(page.url()).pathname);
  await seller.waitForSelector('[data-test=do-answer]');
  await seller.waitForFunction(() => document.querySelector('.case-photos img')?.naturalWidth > 0);
  await look(seller, 'case-seller');
  await seller.click('[data-test=do-answer]');
  await seller.waitForSelector('[data-state=closed]');
  await seller.context().close();
  await visit(page, '/orders?state=cases');
  await page.waitForSelector('[data-test=case-card]');
  await look(page, 'orders-cases');
  const paid = await as(shopper, 'GET', `/api/orders/${order}`);
  assert.equal(paid.refunded_fen, Math.floor((paid.lines[0].total_fen * 3) / 12));
});

journey('E08: what is sent back is checked by the seller before the money goes back', async (page, { item }) => {
  const order = await arrived(item);
  const draft = { order_id: order, kind: 'return', reason: 'quality', lines: [{ line_no: 1, count: 1 }] };
  const made = await as(shopper, 'POST', '/api/cases', draft);
  await as(keeper, 'POST', `/api/cases/${made.id}/answers`, { choice: 'agree', return_to: '李望田 13800138002 隰县上庄村 8 号' });
  await visit(page, `/cases/${made.id}`);
  await page.fill('[name=carrier]', '邮政快递');
  await page.fill('[name=tracking]', '998877665544');
  await look(page, 'case-returning');
  await page.click('[data-test=send-parcel]');
  await page.waitForSelector('[data-state=returned]');
  const seller = await open(page.viewportSize().width, { person: keeper });
  await visit(seller, `/cases/${made.id}`);
  await seller.waitForSelector('[data-test=check-good]');
  await look(seller, 'case-check');
  await seller.context().close();
});

journey('an invoice is asked for with a number that is checked, and a complaint gets its own', async (page, { item }) => {
  const order = await arrived(item);
  await visit(page, `/orders/${order}/invoice`);
  await page.click('[data-test=company]');
  await page.fill('[name=title]', '渝中区某某公司');
  await page.fill('[name=tax]', '91350100M000100Y44');
  await page.click('[data-test=ask-invoice]');
  await page.waitForSelector('.xj-fault');
  page.faults.length = 0; // the browser itself reports the refusal
  await look(page, 'invoice');
  await page.fill('[name=tax]', '91350100M000100Y43');
  await page.click('[data-test=ask-invoice]');
  await page.waitForSelector('[data-test=invoice-state]');
  await visit(page, `/complaints/new?about=order&id=${order}`);
  await page.fill('[name=words]', '箱子里有两个是坏的，卖家不接电话');
  await look(page, 'complaint-new');
  await page.click('[data-test=send-complaint]');
  await page.waitForSelector('[data-test=complaint]');
  await look(page, 'complaints');
});

journey('E08: an invoice is refused with its reason, mended, and made: on two phones', async (page, { item }) => {
  const order = await arrived(item);
  await visit(page, `/orders/${order}/invoice`);
  await page.fill('[name=title]', '刘敏');
  await page.click('[data-test=ask-invoice]');
  await page.waitForSelector('[data-test=invoice-state][data-state=asked]');
  const seller = await open(page.viewportSize().width, { person: keeper });
  const shop = `/my-shop/${item.seller_id}`;
  const take = async () => {
    await visit(seller, shop);
    await seller.click('[data-test=tab-invoices]');
    await seller.click('[data-test=shop-invoice] >> nth=0');
    await seller.waitForSelector('[data-test=answer-invoice]');
  };
  await take();
  await look(seller, 'shop-invoice');
  await seller.click('[data-test=way-refuse]');
  await seller.click('[data-test=answer-invoice]');
  await seller.waitForSelector('.xj-fault');
  await look(seller, 'shop-invoice-refuse');
  // The order's money did not go back: the house knows better.
  await seller.check('[data-test=why-refunded_whole]');
  await seller.click('[data-test=answer-invoice]');
  await seller.waitForSelector('.xj-fault >> text=没有全退');
  seller.faults.length = 0; // the browser itself reports the refusal
  await seller.check('[data-test=why-data_wrong]');
  await seller.fill('[name=words]', '单位买的要开单位抬头');
  await seller.click('[data-test=answer-invoice]');
  await seller.waitForURL(`**${shop}?tab=invoices`);
  await visit(page, `/orders/${order}`);
  await page.waitForSelector('[data-test=invoice][data-state=refused]');
  await page.click('[data-test=invoice]');
  await page.waitForSelector('text=单位买的要开单位抬头');
  await look(page, 'invoice-refused');
  await page.click('[data-test=ask-again]');
  await page.click('[data-test=company]');
  assert.equal(await page.inputValue('[name=title]'), '刘敏');
  await page.fill('[name=title]', '渝中区某某公司');
  await page.fill('[name=tax]', '91350100M000100Y43');
  await look(page, 'invoice-again');
  await page.click('[data-test=ask-invoice]');
  await page.waitForSelector('[data-test=invoice-state][data-state=asked]');
  await take();
  await seller.fill('[name=number]', '26142000000012345678');
  const sheet = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n');
  await seller.setInputFiles('[data-test=choose-paper]', { name: '发票.pdf', mimeType: 'application/pdf', buffer: sheet });
  await seller.waitForSelector('[data-test=paper-sent]');
  await look(seller, 'shop-invoice-filled');
  await seller.click('[data-test=answer-invoice]');
  await seller.waitForURL(`**${shop}?tab=invoices`);
  await seller.click('[data-test=invoices-all]');
  await seller.waitForSelector('[data-test=shop-invoice][data-state=issued]');
  await look(seller, 'shop-invoices');
  await seller.context().close();
  await visit(page, `/orders/${order}/invoice`);
  await page.waitForSelector('[data-test=save-invoice]');
});

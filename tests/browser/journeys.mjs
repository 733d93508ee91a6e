// The journeys, each at three widths. A journey fails by throwing.
import assert from 'node:assert';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { api, base, browser, keeper, logIn, look, open, pear, shopper, tokenOf, widths } from './lib.mjs';

const journeys = [];
const journey = (name, walk) => journeys.push({ name, walk });
const item = await pear();

journey('A01: home carries four sections, the zone, village shops, and speaks English', async (page) => {
  await page.goto(base);
  await page.waitForSelector('[data-test=section] >> nth=3');
  assert.equal(await page.locator('[data-test=section]').count() >= 4, true);
  await look(page, 'home');
  await page.click('[data-test=language]');
  await page.waitForFunction(() => document.documentElement.lang.startsWith('en'));
  await look(page, 'home-en');
});

journey('A10: a list is sorted and filtered, its state stands in the address', async (page) => {
  await page.goto(`${base}/goods`);
  await page.waitForSelector('[data-test=goods-card]');
  await page.click('[data-test=sort-price]');
  await page.waitForURL(/sort=price/);
  await page.waitForTimeout(400);
  const prices = await page.locator('[data-test=goods-card]').first().innerText();
  assert.match(prices, /¥/);
  await look(page, 'list');
});

journey('the list goes on while one scrolls, and back returns to the same place', async (page) => {
  await page.goto(`${base}/goods`);
  await page.waitForSelector('[data-test=goods-card]');
  const before = await page.locator('[data-test=goods-card]').count();
  for (let i = 0; i < 8; i++) {
    await page.mouse.wheel(0, 3000);
    await page.waitForTimeout(150);
  }
  const after = await page.locator('[data-test=goods-card]').count();
  assert.ok(after > before, `${before} cards became ${after}`);
  await page.locator('[data-test=goods-card] a').nth(before).click();
  await page.waitForSelector('[data-test=price]');
  await page.goBack();
  await page.waitForSelector('[data-test=goods-card]');
  await page.waitForTimeout(300);
  assert.equal(await page.locator('[data-test=goods-card]').count(), after);
});

journey('A07: the zone shows its eighteen counties and their goods', async (page) => {
  await page.goto(`${base}/zone/aixin`);
  await page.waitForSelector('[data-test=county]');
  assert.equal(await page.locator('[data-test=county]').count() >= 18, true);
  await look(page, 'zone');
});

journey('search suggests, finds, and helps when nothing is found', async (page) => {
  await page.goto(`${base}/search`);
  await page.fill('[data-test=q]', '玉露');
  await page.waitForSelector('[data-test=suggestion]');
  await look(page, 'search');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-test=goods-card]');
  await page.goto(`${base}/goods?q=${encodeURIComponent('不存在的东西xyz')}`);
  await page.waitForSelector('[data-test=goods-card]');
  await look(page, 'nothing-found');
});

journey('A18: a goods page names its village, its price per 斤, and what can be chosen', async (page) => {
  await page.goto(`${base}/goods/${item.id}`);
  await page.waitForSelector('[data-test=price]');
  assert.match(await page.locator('body').innerText(), /元\/斤/);
  await look(page, 'goods');
  await page.click('[data-test=choose]');
  await page.waitForSelector('[data-test=sku-choice]');
  await page.waitForTimeout(400);
  await look(page, 'sku');
});

journey('the bag works before log-in and follows its owner through it', async (page) => {
  await page.goto(`${base}/goods/${item.id}`);
  await page.click('[data-test=add]');
  await page.waitForTimeout(500);
  if (await page.locator('[data-test=sheet-add]').isVisible()) await page.click('[data-test=sheet-add]');
  await page.goto(`${base}/bag`);
  await page.waitForSelector('[data-test=bag-line]');
  await look(page, 'bag');
  await logIn(page, shopper, '/bag');
  await page.waitForSelector('[data-test=bag-line]');
  const token = await tokenOf(shopper);
  const bag = await api(token, 'GET', '/api/cart');
  assert.ok(bag.lines.length >= 1);
  for (const line of bag.lines) await api(token, 'DELETE', `/api/cart/lines/${line.sku_id}`);
});

journey('A08 A09: one tap, pay at the cashier, and the order is paid', async (page) => {
  await logIn(page, shopper, `/checkout?sku=${item.sku_id}&count=1`);
  await page.waitForSelector('[data-test=submit]');
  const tick = page.locator('[data-test=tick]');
  if (await tick.count()) await tick.first().click();
  await look(page, 'checkout');
  await page.click('[data-test=submit]');
  await page.waitForURL(/\/pay\//);
  await page.click('button[value=on_time]');
  await page.waitForURL(/\/paid\//);
  await page.waitForSelector('[data-test=to-order]');
  await look(page, 'paid');
  await page.click('[data-test=to-order]');
  await page.waitForSelector('[data-test=timeline]');
  await look(page, 'order-paid');
});

journey('an unpaid order shows until when it can be paid, and can be given up', async (page) => {
  const token = await tokenOf(shopper);
  const placed = await api(token, 'POST', '/api/orders', { lines: [{ sku_id: item.sku_id, count: 1 }], ticked_return_terms: true });
  await logIn(page, shopper, `/orders/${placed.orders[0].id}`);
  await page.waitForSelector('[data-test=cancel]');
  await look(page, 'order-unpaid');
  await page.click('[data-test=cancel]');
  await page.click('[data-test=confirm]');
  await page.waitForFunction(() => !document.querySelector('[data-test=cancel]'));
  assert.equal((await api(token, 'GET', `/api/orders/${placed.orders[0].id}`)).state, 'cancelled');
  await page.goto(`${base}/orders`);
  await page.waitForSelector('[data-test=order-card]');
  await look(page, 'orders');
});

journey('a keeper changes the pictures of a goods', async (page) => {
  await logIn(page, keeper, '/my-shop');
  await page.click('[data-test=shop] >> text=隰县').catch(() => {});
  await page.waitForURL(/\/my-shop\/\d+$/);
  await page.goto(`${page.url()}?tab=stock`);
  await page.click('[data-test=own-pictures] >> nth=0');
  await page.waitForSelector('[data-test=picture]');
  const before = await page.locator('[data-test=picture]').count();
  await page.setInputFiles('[data-test=choose-pictures]', fileURLToPath(new URL('../../ui/kit/img/pear3.webp', import.meta.url)));
  await page.waitForFunction((count) => document.querySelectorAll('[data-test=picture]').length > count, before);
  await look(page, 'my-shop-pictures');
  await page.click('[data-test=to-cover] >> nth=-1');
  await page.click('[data-test=save-pictures]');
  await page.waitForURL(/tab=stock/);
  await page.waitForFunction(() => /\/files\/[0-9a-f]{64}-(240|720|1440)\.webp$/.test(document.querySelector('[data-test=own-goods] img')?.currentSrc ?? ''));
  await look(page, 'my-shop-stock');
  await page.click('[data-test=own-pictures] >> nth=0');
  await page.waitForSelector('[data-test=picture] >> nth=1');
  await page.click('[data-test=remove-picture] >> nth=0');
  await page.click('[data-test=save-pictures]');
  await page.waitForURL(/tab=stock/);
});

journey('the address book parses what is pasted and keeps four levels', async (page) => {
  await logIn(page, shopper, '/addresses');
  await page.waitForSelector('[data-test=address-row]');
  await look(page, 'addresses');
  await page.click('[data-test=add-address]');
  await page.fill('[data-test=paste]', '王秀英 13612345678 山西省临汾市隰县龙泉镇解放路 12 号');
  await page.click('[data-test=parse]');
  await page.waitForTimeout(600);
  await look(page, 'address');
  await page.click('[data-test=save]');
  await page.waitForURL(/\/addresses$/);
  await page.waitForSelector('text=王秀英');
  const token = await tokenOf(shopper);
  const { items } = await api(token, 'GET', '/api/people/me/addresses');
  const added = items.find((address) => address.name === '王秀英');
  assert.match(added.place_names.join(''), /隰县/);
  await api(token, 'DELETE', `/api/people/me/addresses/${added.id}`);
});

journey('log-in says what is wrong by field, and a newcomer gets in by code', async (page) => {
  await page.goto(`${base}/login`);
  await look(page, 'login');
  const phone = `1370000${String(1000 + Math.floor(Math.random() * 9000))}`;
  await page.fill('[name=phone]', phone);
  await page.click('[data-test=send-code]');
  await page.waitForTimeout(2500);
  const lines = fs.readFileSync(process.env.XJ_OUT, 'utf8').split('\n').filter((line) => line.includes(`*${phone.slice(-4)}`));
  const code = /验证码 (\d{6})/.exec(lines.at(-1) ?? '')?.[1];
  assert.ok(code, 'the code came');
  await page.fill('[name=code]', code);
  await page.click('[data-test=agree]', { position: { x: 12, y: 22 } });
  await page.click('[data-test=log-in]');
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
  await page.goto(`${base}/me`);
  await page.waitForSelector('[data-test=addresses]');
  await look(page, 'me');
});

journey('我的店: the keeper ships what was paid, and the buyer says 收到了', async (page) => {
  const token = await tokenOf(shopper);
  const placed = await api(token, 'POST', '/api/orders', { lines: [{ sku_id: item.sku_id, count: 1 }], ticked_return_terms: true });
  const id = placed.orders[0].id;
  let payment = await api(token, 'POST', `/api/orders/${id}/payments`);
  for (let i = 0; i < 50 && payment.state === 'preparing'; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    payment = await api(token, 'GET', `/api/payments/${payment.id}`);
  }
  await fetch(payment.cashier_url, { method: 'POST', body: new URLSearchParams({ how: 'on_time' }), redirect: 'manual' });
  for (let i = 0; i < 50 && (await api(token, 'GET', `/api/orders/${id}`)).state !== 'paid'; i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await logIn(page, keeper, '/me');
  await page.click('[data-test=my-shop]');
  await page.click('[data-test=shop] >> text=隰县');
  await page.waitForURL(/\/my-shop\/\d+$/);
  await look(page, 'my-shop');
  await page.goto(`${page.url()}/orders/${id}`);
  await page.waitForSelector('[data-test=ship]');
  await look(page, 'my-shop-order');
  await page.click('[data-test=ship]');
  await page.fill('[name=carrier]', '邮政快递');
  await page.fill('[name=tracking]', '773120041198');
  await look(page, 'my-shop-ship');
  await page.click('[data-test=do-ship]');
  await page.waitForFunction(() => !location.pathname.endsWith('/ship'));
  await page.evaluate(() => localStorage.clear());
  await page.goto('about:blank');
  await page.context().clearCookies();
  await logIn(page, shopper, `/orders/${id}`);
  await page.waitForSelector('[data-test=receive]');
  await look(page, 'order-shipped');
  await page.click('[data-test=receive]');
  await page.click('[data-test=confirm]');
  await page.waitForFunction(() => !document.querySelector('[data-test=receive]'));
  assert.equal((await api(token, 'GET', `/api/orders/${id}`)).state, 'received');
});

journey('large print stays through pages and is measured', async (page) => {
  await page.goto(base);
  await page.click('[data-test=elder]');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.mode), 'elder');
  await look(page, 'home-elder', { elder: true });
  await page.goto(`${base}/goods/${item.id}`);
  await page.waitForSelector('[data-test=price]');
  await look(page, 'goods-elder', { elder: true });
});

journey('the network goes away: the page says so and loses nothing', async (page) => {
  await page.goto(`${base}/goods/${item.id}`);
  await page.waitForSelector('[data-test=buy]');
  await page.context().setOffline(true);
  await page.click('[data-test=seller]');
  await page.waitForFunction(() => document.body.innerText.includes('网断了'));
  await page.context().setOffline(false);
  page.faults.length = 0;
});

const word = process.argv[2] ?? '';
let passed = 0;
let failed = 0;
for (const { name, walk } of journeys.filter((one) => one.name.includes(word))) {
  for (const width of widths) {
    const page = await open(width);
    try {
      await walk(page);
      if (page.faults.length) throw new Error(page.faults.join('; '));
      passed++;
    } catch (error) {
      failed++;
      console.log(`FAILED at ${width} px: ${name}\n  ${error.message.split('\n').slice(0, 6).join('\n  ')}`);
      if (process.env.XJ_SHOTS) await page.screenshot({ path: `${process.env.XJ_SHOTS}/failed-${width}-${failed}.png` });
    }
    await page.context().close();
  }
  console.log(`- ${name}`);
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);

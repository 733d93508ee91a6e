// The journeys through the shop. Each fails by throwing; `shop.mjs` walks them at the widths they name (three unless they say).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { api, as, base, cashierOf, keeper, logIn, look, open, paid, pause, payAt, placed, shopper, stateOfOrder, until } from './lib.mjs';
import { outFile } from './server.mjs';

export const journeys = [];
const allWidths = [360, 390, 1280];
const journey = (name, walk, { widths = allWidths, person } = {}) => journeys.push({ name, walk, widths, person });
const phone = { widths: [390] };
const operator = { phone: '13800138003', password: 'xiangji-yunying-3' };

const visit = (page, path) => page.goto(base + path);
/** Waits until what the page shows fits a pattern: a page that was left still has its words while the next one opens. */
async function reads(page, pattern) {
  await page.waitForFunction(([source, flags]) => new RegExp(source, flags).test(document.body.innerText), [pattern.source, pattern.flags]);
}
const body = (page) => page.locator('body').innerText();
export async function orderCount() {
  let count = 0;
  for (let after = ''; ; ) {
    const found = await as(shopper, 'GET', `/api/orders?limit=50${after && `&after=${after}`}`);
    count += found.items.length;
    if (!found.next) return count;
    after = found.next;
  }
}

/** From the checkout on: the tick where one is asked for, then the button. */
async function submit(page) {
  await page.waitForSelector('[data-test=submit]:not([disabled])');
  const tick = page.locator('[data-test=tick]');
  if (await tick.count()) await tick.first().click();
  await page.click('[data-test=submit]');
}

async function emptyBag() {
  for (const line of (await as(shopper, 'GET', '/api/cart')).lines) await as(shopper, 'DELETE', `/api/cart/lines/${line.sku_id}`);
}

/** The code that the server sent to `phone`: with --demo it stands on the terminal. */
export const codeOf = (phone) =>
  until('the code came', () => {
    const lines = fs.readFileSync(outFile, 'utf8').split('\n').filter((line) => line.includes(`*${phone.slice(-4)}`));
    return /验证码 (\d{6})/.exec(lines.at(-1) ?? '')?.[1];
  });

export async function enterAsNewcomer(page) {
  const phone = `1370000${String(1000 + Math.floor(Math.random() * 9000))}`;
  await visit(page, '/login');
  await page.fill('[name=phone]', phone);
  await page.click('[data-test=send-code]');
  await page.fill('[name=code]', await codeOf(phone));
  await page.click('[data-test=agree]', { position: { x: 12, y: 22 } });
  await page.click('[data-test=log-in]');
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
  return phone;
}

// ---- looking ----

journey('A01: home carries four sections, the zone and the village shops', async (page) => {
  await visit(page, '/');
  await page.waitForSelector('[data-test=section] >> nth=3');
  assert.ok((await page.locator('[data-test=section]').count()) >= 4);
  assert.ok(await page.locator('[data-test=zone]').count());
  assert.ok(await page.locator('[data-test=village-shops]').count());
  await look(page, 'home');
});

journey('the language changes at once, stays through pages, and the server speaks it too', async (page, { item }) => {
  await visit(page, '/');
  await page.click('[data-test=language]');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  await look(page, 'home-en');
  await visit(page, `/goods/${item.id}`);
  assert.match(await page.locator('[data-test=buy]').innerText(), /Buy now/);
  await visit(page, '/goods/1');
  await page.waitForSelector('text=Not found');
  page.faults.length = 0;
  await visit(page, '/me');
  await page.click('[data-test=zh]');
  await page.waitForFunction(() => document.documentElement.lang === 'zh-CN');
});

journey('A10: a list is sorted and filtered, and all of it stands in the address', async (page) => {
  await visit(page, '/goods');
  await page.waitForSelector('[data-test=goods-card]');
  await page.click('[data-test=sort-price]');
  await page.waitForURL(/sort=price/);
  await page.click('[data-test=filter]');
  await page.fill('input[inputmode=decimal] >> nth=0', '30');
  await page.fill('input[inputmode=decimal] >> nth=1', '60');
  // The phone's back button closes the chooser of places alone; what was typed is still there.
  await page.click('[data-test=filter-place]');
  await page.waitForSelector('[data-test=place]');
  await page.goBack();
  await page.waitForSelector('[data-test=place]', { state: 'detached' });
  assert.equal(await page.inputValue('input[inputmode=decimal] >> nth=0'), '30');
  await until('the focus is back', () => page.evaluate(() => document.activeElement?.getAttribute('data-test') === 'filter-place'));
  await page.click('text=只看还有的');
  await page.click('[data-test=apply]');
  await page.waitForURL(/min=3000/);
  assert.match(page.url(), /max=6000/);
  assert.match(page.url(), /stock=1/);
  const prices = async () =>
    (await page.locator('[data-test=goods-card] .xj-money').allInnerTexts()).map((text) => Number(text.replace(/[¥\s]/g, '')));
  const found = await until('the prices are those asked for', async () => {
    const now = await prices();
    return now.length > 0 && now.every((price) => price >= 30 && price <= 60) && now;
  });
  assert.deepEqual(found, [...found].sort((a, b) => a - b));
  await look(page, 'list-filtered');
  await page.reload();
  await page.waitForSelector('[data-test=goods-card]');
  assert.deepEqual((await prices()).slice(0, 6), found.slice(0, 6));
});

journey('the list goes on while one scrolls, and back returns to the same place', async (page) => {
  await visit(page, '/goods');
  await page.waitForSelector('[data-test=goods-card]');
  const cards = page.locator('[data-test=goods-card]');
  const before = await cards.count();
  const after = await until('more came', async () => {
    await page.mouse.wheel(0, 3000);
    const now = await cards.count();
    return now > before && now;
  });
  await pause(400);
  const all = await cards.count();
  assert.ok(all >= after);
  await cards.nth(before).locator('a').first().click();
  await page.waitForSelector('[data-test=price]');
  await page.goBack();
  await cards.first().waitFor();
  await until('all that was loaded is there again', async () => (await cards.count()) >= all);
  assert.ok((await page.evaluate(() => window.scrollY)) > 500);
});

journey('A07: the zone shows its eighteen counties and their goods', async (page) => {
  await visit(page, '/zone/aixin');
  await page.waitForSelector('[data-test=county]');
  assert.ok((await page.locator('[data-test=county]').count()) >= 18);
  await look(page, 'zone');
});

journey('search suggests, finds, and helps when nothing is found', async (page) => {
  await visit(page, '/search');
  await page.fill('[data-test=q]', '玉露');
  await page.waitForSelector('[data-test=suggestion]');
  assert.match(await page.locator('[data-test=suggestion]').first().innerText(), /玉露/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/goods\?q=/);
  await page.waitForSelector('[data-test=goods-card]');
  assert.match(await page.locator('[data-test=goods-card]').first().innerText(), /玉露/);
  await visit(page, `/goods?q=${encodeURIComponent('不存在的东西xyz')}`);
  await page.waitForSelector('text=没找到');
  await page.waitForSelector('[data-test=goods-card]');
  await look(page, 'nothing-found');
});

journey('A18: a goods page names its village, its price per 斤, and what can be chosen', async (page, { item }) => {
  await visit(page, `/goods/${item.id}`);
  await page.waitForSelector('[data-test=price]');
  const text = await body(page);
  assert.match(text, /元\/斤/);
  assert.match(text, /上庄村/);
  await look(page, 'goods');
  await page.click('[data-test=choose]');
  await page.waitForSelector('[data-test=sku-choice]');
  const before = await page.locator('.sku-top__price').innerText();
  await page.locator('[data-test=sku-choice]:not([disabled])[aria-pressed=false]').first().click();
  await page.waitForFunction((old) => document.querySelector('.sku-top__price').innerText !== old, before);
  await look(page, 'sku');
});

// ---- buying ----

journey('the bag of the device joins the bag of its owner at log-in, once', async (page, { item }) => {
  await emptyBag();
  await as(shopper, 'PUT', `/api/cart/lines/${item.sku_id}`, { count: 2, selected: true });
  await visit(page, `/goods/${item.id}`);
  await page.click('[data-test=add]');
  await page.waitForSelector('[data-test=badge]');
  await visit(page, '/bag');
  await page.waitForSelector('[data-test=bag-line]');
  await look(page, 'bag');
  await logIn(page, shopper, '/bag');
  await page.waitForSelector('[data-test=bag-line]');
  await until('three lie there', async () => (await as(shopper, 'GET', '/api/cart')).lines[0]?.count === 3);
  await page.reload();
  await page.waitForSelector('[data-test=bag-line]');
  assert.equal((await as(shopper, 'GET', '/api/cart')).lines[0].count, 3);
  await emptyBag();
});

journey('A08 A09: one tap, pay at the cashier, and the order is paid', async (page, { item }) => {
  await visit(page, `/goods/${item.id}`);
  await page.click('[data-test=buy]');
  await page.waitForURL(/\/checkout/);
  await page.waitForSelector('[data-test=submit]');
  await look(page, 'checkout');
  await submit(page);
  await page.waitForURL(/\/pay\//);
  await page.click('button[value=on_time]');
  await page.waitForURL(/\/paid\//);
  await page.waitForSelector('[data-test=paid][data-state=paid]');
  await look(page, 'paid');
  await page.click('[data-test=to-order]');
  await page.waitForSelector('[data-test=order-state][data-state=paid]');
  await look(page, 'order-paid');
}, { person: shopper });

journey('two quick taps place one order', async (page, { item }) => {
  const before = await orderCount();
  await visit(page, `/checkout?sku=${item.sku_id}&count=1`);
  await page.waitForSelector('[data-test=submit]:not([disabled])');
  if (await page.locator('[data-test=tick]').count()) await page.locator('[data-test=tick]').first().click();
  // Both in the same turn of the browser: no disabled button comes between them.
  await page.evaluate(() => {
    const button = document.querySelector('[data-test=submit]');
    button.click();
    button.click();
  });
  await page.waitForURL(/\/pay\//);
  assert.equal(await orderCount(), before + 1);
}, { ...phone, person: shopper });

journey('sold out while the page is open: the checkout says so and takes nothing', async (page, { other }) => {
  const stock = async () => {
    const goods = await api('', 'GET', `/api/goods/${other.id}`);
    return goods.skus.find((sku) => sku.id === other.sku_id).available_count;
  };
  const left = await stock();
  const before = await orderCount();
  await visit(page, `/checkout?sku=${other.sku_id}&count=1`);
  await page.waitForSelector('[data-test=submit]:not([disabled])');
  await as(keeper, 'POST', '/api/stock/losses', { sku_id: other.sku_id, count: left, reason: '下雨淋坏了' });
  assert.equal(await stock(), 0);
  try {
    await submit(page);
    await page.waitForSelector('[role=alert]');
    assert.match(await page.locator('[role=alert]').first().innerText(), /卖完|不够|只剩|没有/);
    assert.equal(await orderCount(), before);
    page.faults.length = 0;
    await visit(page, `/goods/${other.id}`);
    await page.waitForSelector('[data-test=price]');
    await look(page, 'goods-sold-out');
  } finally {
    await as(keeper, 'POST', '/api/stock/receipts', { sku_id: other.sku_id, count: left });
  }
}, { ...phone, person: shopper });

journey('the price moved while the checkout was open: it says from what, and asks again', async (page, { other }) => {
  const before = await orderCount();
  const price = other.price_fen;
  const put = (fen) => as(keeper, 'PUT', `/api/goods/${other.id}/skus/${other.sku_id}/price`, { price_fen: fen });
  await visit(page, `/checkout?sku=${other.sku_id}&count=1`);
  await page.waitForSelector('[data-test=submit]:not([disabled])');
  // A list that is kept in memory is made anew with the price, not ten seconds later.
  const listed = async () => (await api('', 'GET', `/api/goods?seller=${other.seller_id}`)).items.find((card) => card.id === other.id).price_fen;
  assert.equal(await listed(), price);
  await put(price + 300);
  assert.equal(await listed(), price + 300);
  try {
    await submit(page);
    await page.waitForSelector('text=价钱变了');
    assert.equal(await orderCount(), before);
    page.faults.length = 0;
    await look(page, 'checkout-price-moved');
    await page.click('[data-test=submit]');
    await page.waitForURL(/\/pay\//);
    assert.equal(await orderCount(), before + 1);
    const { items } = await as(shopper, 'GET', '/api/orders?limit=1');
    assert.equal(items[0].total_fen >= price + 300, true);
  } finally {
    await put(price);
  }
}, { ...phone, person: shopper });

journey('the provider tells late: the page waits and then says it', async (page, { item }) => {
  const payment = await cashierOf(await placed(item));
  await page.goto(payment.cashier_url);
  await page.locator('details').evaluate((each) => (each.open = true));
  await page.click('button[value=late]');
  await page.waitForSelector('[data-test=paid]');
  assert.notEqual(await page.locator('[data-test=paid]').getAttribute('data-state'), 'paid');
  await look(page, 'paid-waiting');
  await page.waitForSelector('[data-test=paid][data-state=paid]');
  assert.equal(await stateOfOrder(payment.order_ids[0]), 'paid');
}, { ...phone, person: shopper });

journey('the payment did not work: nothing is charged, and it can be tried again', async (page, { item }) => {
  const order = await placed(item);
  const payment = await cashierOf(order);
  await page.goto(payment.cashier_url);
  await page.click('button[value=failed]');
  await page.waitForSelector('[data-test=paid][data-state=failed]');
  assert.equal(await stateOfOrder(order), 'unpaid');
  await look(page, 'paid-failed');
  await page.click('.xj-btn--main');
  await page.waitForURL(/\/pay\//);
  await page.click('button[value=on_time]');
  await page.waitForSelector('[data-test=paid][data-state=paid]');
  assert.equal(await stateOfOrder(order), 'paid');
}, { ...phone, person: shopper });

journey('an unpaid order says how long it waits, and can be given up', async (page, { item }) => {
  const order = await placed(item);
  await visit(page, `/orders/${order}`);
  await page.waitForSelector('[data-test=cancel]');
  await look(page, 'order-unpaid');
  await page.click('[data-test=cancel]');
  await page.click('[data-test=confirm]');
  await page.waitForSelector('[data-test=order-state][data-state=cancelled]');
  assert.equal(await stateOfOrder(order), 'cancelled');
  await visit(page, '/orders');
  await page.waitForSelector('[data-test=order-card]');
  await look(page, 'orders');
}, { person: shopper });

journey('the countdown follows the clock of the server, not that of the phone', async (page, { item }) => {
  const order = await placed(item);
  // A phone that is two hours ahead would call the order closed.
  await page.clock.install({ time: Date.now() + 2 * 3600_000 });
  await visit(page, `/orders/${order}`);
  const text = page.locator('[data-test=order-state]');
  await text.waitFor();
  assert.match(await text.innerText(), /还有 (29|30) 分/);
  // While the server cannot be asked, the phone counts on from what the server said last.
  await page.route(`**/api/orders/${order}`, (route) => route.abort());
  await page.clock.fastForward(31 * 60_000);
  await until('it is over', async () => /付款的时间过了/.test(await text.innerText()));
  assert.ok(await page.locator('[data-test=pay]').isDisabled());
  // Asked again, the server says that hardly a minute has gone.
  await page.unroute(`**/api/orders/${order}`);
  await page.clock.fastForward(21_000);
  await until('the time of the server is back', async () => /还有 (28|29|30) 分/.test(await text.innerText()));
  assert.ok(await page.locator('[data-test=pay]').isEnabled());
  page.faults.length = 0;
}, { ...phone, person: shopper });

// ---- the other side ----

journey('我的店: the keeper ships what was paid, and the buyer says 收到了', async (page, { item }) => {
  const { order } = await paid(item);
  await visit(page, '/me');
  await page.click('[data-test=my-shop]');
  await page.click('[data-test=shop] >> text=隰县');
  await page.waitForURL(/\/my-shop\/\d+$/);
  await look(page, 'my-shop');
  await page.goto(`${page.url()}/orders/${order}`);
  await page.waitForSelector('[data-test=ship]');
  await look(page, 'my-shop-order');
  await page.click('[data-test=ship]');
  await page.fill('[name=carrier]', '邮政快递');
  await page.fill('[name=tracking]', '773120041198');
  await page.click('[data-test=do-ship]');
  await page.waitForFunction(() => !location.pathname.endsWith('/ship'));
  const buyer = await open(page.viewportSize().width, { person: shopper });
  await visit(buyer, `/orders/${order}`);
  await buyer.waitForSelector('[data-test=receive]');
  await reads(buyer, /773120041198/);
  await look(buyer, 'order-shipped');
  await buyer.click('[data-test=receive]');
  await buyer.click('[data-test=confirm]');
  await buyer.waitForSelector('[data-test=order-state][data-state=received]');
  await buyer.context().close();
  assert.equal(await stateOfOrder(order), 'received');
}, { person: keeper });

journey('the keeper gives the money back, and the buyer sees it without a reload', async (page, { item }) => {
  const { order } = await paid(item);
  const buyer = await open(390, { person: shopper });
  await visit(buyer, `/orders/${order}`);
  await buyer.waitForSelector('[data-test=order-state][data-state=paid]');
  await visit(page, `/my-shop/${item.seller_id}/orders/${order}/refund`);
  await page.click('[data-test=whole]');
  await page.fill('[name=reason]', '这一批坏得多');
  await page.click('[data-test=do-refund]');
  await page.click('[data-test=confirm]');
  await buyer.waitForSelector('[data-test=order-state][data-state=refunded]', { timeout: 40_000 });
  await reads(buyer, /49\.90 元已原路退回/);
  await look(buyer, 'order-refunded');
  await buyer.context().close();
}, { ...phone, person: keeper });

journey('我的店: what came in is put on the shelf, counted once', async (page, { item, other }) => {
  const count = async () => (await api('', 'GET', `/api/goods/${other.id}`)).skus.find((sku) => sku.id === other.sku_id).available_count;
  const before = await count();
  await visit(page, `/my-shop/${item.seller_id}/goods/${other.id}/${other.sku_id}`);
  await page.click('[data-test=receive]');
  await page.fill('[name=figure]', '5');
  await page.click('[data-test=do-stock]');
  await until('five more are for sale', async () => (await count()) === before + 5);
  await look(page, 'my-shop-sku');
}, { ...phone, person: keeper });

/** The operator says yes or no to what was sent in. */
const decide = async (id, opinion) => {
  const { submitted_at } = await as(operator, 'GET', `/api/listings/${id}`);
  return as(operator, 'POST', `/api/listings/${id}/decisions`, { ...opinion, submitted_at });
};

journey('上新货: a keeper writes it in three steps, sends it in, mends it, and it is on sale', async (page, { item }) => {
  const home = `/my-shop/${item.seller_id}`;
  const title = `隰县玉露香梨礼盒 ${page.viewportSize().width}`;
  await visit(page, `${home}?tab=stock`);
  await page.click('[data-test=list-new]');
  await page.waitForSelector('[name=title]');
  await page.click('[data-test=next]');
  await page.waitForSelector('.xj-fault');
  await look(page, 'listing-lacks');
  await page.fill('[name=title]', title);
  await page.selectOption('[data-test=category]', { index: 1 });
  await page.click('[data-test=place-field]');
  for (const name of ['山西省', '临汾市', '隰县', '龙泉镇']) await page.click(`.xj-region [data-test=place] >> text="${name}"`);
  await page.click('.xj-region [data-test=place] >> nth=0');
  await page.setInputFiles('[data-test=choose-pictures]', fileURLToPath(new URL('../../ui/kit/img/pear3.webp', import.meta.url)));
  await page.waitForSelector('[data-test=picture]');
  await look(page, 'listing-what');
  // What was typed is still there on another day.
  await page.reload();
  await page.waitForFunction((words) => document.querySelector('[name=title]')?.value === words, title);
  await page.click('[data-test=next]');
  await page.fill('[name=amount-1]', '5');
  await page.fill('[name=weight-1]', '5.6');
  await page.fill('[name=price-1]', '59.9');
  await page.fill('[name=stock-1]', '20');
  await page.click('[data-test=policy-fresh]');
  await look(page, 'listing-how');
  await page.click('[data-test=next]');
  await page.fill('[name=story]', '霜降前后摘，能治疗咳嗽。');
  await look(page, 'listing-about');
  await page.click('[data-test=next]');
  await page.waitForSelector('.xj-fault');
  page.faults.length = 0; // the browser itself reports the refusal
  await page.fill('[name=story]', '霜降前后摘，一个一个套袋。');
  await page.click('[data-test=next]');
  await page.waitForSelector('[data-test=listing-state][data-state=submitted]');
  await look(page, 'listing-submitted');
  const id = new URL(page.url()).pathname.split('/').pop();
  await decide(id, { agreed: false, words: '请写明是几级果' });
  await visit(page, `${home}/listings`);
  await page.waitForSelector('[data-test=listing][data-state=refused]');
  await look(page, 'listings');
  await page.click('[data-test=listing][data-state=refused] >> nth=0');
  await page.click('[data-test=listing-edit]');
  await page.waitForSelector('[name=title]');
  await page.click('[data-test=next]');
  await page.fill('[name=sku-name-1]', '一级果');
  await page.click('[data-test=next]');
  await page.click('[data-test=next]');
  await page.waitForSelector('[data-test=listing-state][data-state=submitted]');
  await decide(id, { agreed: true, words: '' });
  await page.reload();
  await page.click('[data-test=to-goods]');
  await page.waitForURL(/\/goods\/[^/]+$/);
  await reads(page, /59\.90/);
  assert.ok((await body(page)).includes(title));
}, { person: keeper });

journey('上新货: a change of what is on sale is let through before buyers see it, or taken back', async (page, { item, other }) => {
  const cover = async () => (await api('', 'GET', `/api/goods/${other.id}`)).pictures[0];
  const before = await cover();
  const send = async () => {
    await visit(page, `/my-shop/${item.seller_id}/listings/new?goods=${other.id}`);
    await page.waitForSelector('[data-test=picture]');
    const count = await page.locator('[data-test=picture]').count();
    await page.setInputFiles('[data-test=choose-pictures]', fileURLToPath(new URL('../../ui/kit/img/pear3.webp', import.meta.url)));
    await page.waitForFunction((known) => document.querySelectorAll('[data-test=picture]').length > known, count);
    await page.click('[data-test=to-cover] >> nth=-1');
    for (let step = 0; step < 3; step++) await page.click('[data-test=next]');
    await page.waitForSelector('[data-test=listing-state][data-state=submitted]');
    return new URL(page.url()).pathname.split('/').pop();
  };
  await send();
  assert.equal(await cover(), before);
  await page.click('[data-test=withdraw]');
  await page.click('[data-test=confirm]');
  await page.waitForSelector('[data-test=listing-state][data-state=withdrawn]');
  await look(page, 'listing-withdrawn');
  await decide(await send(), { agreed: true, words: '' });
  assert.match(await cover(), /^\/files\/[0-9a-f]{64}$/);
}, { ...phone, person: keeper });

// ---- one's own ----

journey('the address book parses what is pasted and keeps four levels', async (page) => {
  await visit(page, '/addresses');
  await page.waitForSelector('[data-test=address-row]');
  await page.click('[data-test=add-address]');
  await page.fill('[data-test=paste]', '王秀英 13612345678 山西省临汾市隰县龙泉镇解放路 12 号');
  await page.click('[data-test=parse]');
  await page.waitForFunction(() => [...document.querySelectorAll('input')].some((input) => input.value === '王秀英'));
  await look(page, 'address');
  await page.click('[data-test=save]');
  await page.waitForURL(/\/addresses$/);
  await page.waitForSelector('text=王秀英');
  const { items } = await as(shopper, 'GET', '/api/people/me/addresses');
  const added = items.find((address) => address.name === '王秀英');
  assert.match(added.place_names.join(''), /隰县.*龙泉/);
  assert.equal(added.place_names.length, 4);
  await as(shopper, 'DELETE', `/api/people/me/addresses/${added.id}`);
}, { person: shopper });

journey('log-in says what is wrong by field, and a newcomer gets in by code', async (page) => {
  await visit(page, '/login');
  await page.fill('[name=phone]', '123');
  await page.click('[data-test=log-in]');
  await page.waitForSelector('[role=alert]');
  assert.equal(await page.locator('[name=phone]').getAttribute('aria-invalid'), 'true');
  page.faults.length = 0;
  await look(page, 'login');
  await enterAsNewcomer(page);
  await visit(page, '/me');
  await page.waitForSelector('[data-test=leave]');
  await reads(page, /137\*{4}\d{4}/);
  await look(page, 'me');
});

journey('a session that was ended elsewhere asks for the log-in and comes back to the page', async (page, { item }) => {
  await logIn(page, shopper, '/me/sessions');
  await page.waitForSelector('main .xj-cell');
  await page.context().clearCookies();
  await visit(page, `/checkout?sku=${item.sku_id}&count=1`);
  await page.waitForURL(/\/login/);
  page.faults.length = 0;
  assert.match(decodeURIComponent(page.url()), /checkout\?sku=/);
}, phone);

// ---- large print ----

journey('large print: the whole way from home to the paid order, every stop measured', async (page) => {
  await visit(page, '/');
  await page.click('[data-test=elder]');
  await page.waitForSelector('html[data-mode=elder]');
  await look(page, 'elder-home');
  await page.locator('[data-test=goods-card] a').first().click();
  await page.waitForSelector('[data-test=price]');
  assert.match(await page.locator('[data-test=price]').innerText(), /元/);
  await look(page, 'elder-goods');
  await page.click('[data-test=choose]');
  await page.waitForSelector('[data-test=sku-choice]');
  await look(page, 'elder-sku');
  await page.click('[data-test=sheet-add]');
  await page.waitForSelector('.xj-toast__word');
  // A word stays four seconds: it is still there after three and a half.
  await pause(3500);
  assert.ok(await page.locator('.xj-toast__word').isVisible());
  await page.click('[data-test=buy]');
  await page.waitForSelector('[data-test=submit]');
  await look(page, 'elder-checkout');
  await submit(page);
  await page.waitForURL(/\/pay\//);
  await page.click('button[value=on_time]');
  await page.waitForSelector('[data-test=paid][data-state=paid]');
  await look(page, 'elder-paid');
  await page.click('[data-test=to-order]');
  await page.waitForSelector('[data-test=order-state]');
  await look(page, 'elder-order');
  await visit(page, '/me');
  await page.click('[data-test=elder]');
  await page.waitForSelector('html:not([data-mode])');
  await emptyBag();
}, { widths: [360, 390], person: shopper });

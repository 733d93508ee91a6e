// Without a network: the phone has none, and the server is stopped as well. These journeys have the server to themselves.
import assert from 'node:assert/strict';
import http from 'node:http';
import { as, base, browser, logIn, look, pause, placed, shopper, until } from './lib.mjs';
import { codeOf, orderCount } from './journeys.mjs';
import { startServer, stopServer } from './server.mjs';

export const offlineJourneys = [];

/** Somebody whose account will be closed. Made early: the code for the closure comes a minute after that of the log-in. */
export async function makeLeaver() {
  const phone = '13700012345';
  const context = await browser.newContext();
  const ask = (path, data) => context.request.post(base + path, { data, headers: { 'Idempotency-Key': `browser-${crypto.randomUUID()}` } });
  const at = Date.now();
  await ask('/api/codes', { purpose: 'login', phone });
  const code = await codeOf(phone);
  const answer = await ask('/api/sessions', { phone, code, agreed_terms: true });
  if (!answer.ok()) throw new Error(`the newcomer cannot log in: ${await answer.text()}`);
  const cookies = await context.cookies();
  await context.close();
  return { phone, code, at, cookies };
}
const journey = (name, walk, person) => offlineJourneys.push({ name, walk, widths: [390], person, worker: true });

const offlineWords = '网断了。您填的都还在，连上网再点一次就行。';
const text = (page) => page.locator('body').innerText();

async function goOffline(page) {
  await page.context().setOffline(true);
  await stopServer();
}
async function comeBack(page) {
  await startServer();
  await page.context().setOffline(false);
}

/** The worker has taken over, and all of the shop is kept. */
async function untilKept(page) {
  await page.goto(base);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** All that the device keeps: the addresses and texts in every cache, and every row of every IndexedDB. */
const keptOnDevice = (page) =>
  page.evaluate(async () => {
    const found = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request);
        const isText = /json/.test(answer.headers.get('Content-Type') ?? '');
        found.push(`${name} ${request.url} ${isText ? await answer.text() : ''}`);
      }
    }
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      for (const store of db.objectStoreNames) {
        const rows = await new Promise((resolve) => {
          const asking = db.transaction(store).objectStore(store).getAll();
          asking.onsuccess = () => resolve(asking.result);
        });
        found.push(...rows.map((row) => `${name}/${store} ${JSON.stringify(row)}`));
      }
      db.close();
    }
    return [...found, ...Object.entries(localStorage).map(([name, value]) => `localStorage ${name} ${value}`),
      ...Object.entries(sessionStorage).map(([name, value]) => `sessionStorage ${name} ${value}`)];
  });

journey('no network, no server: home, a goods page, the orders and one of them still open', async (page, { item }) => {
  const order = await placed(item);
  await untilKept(page);
  const { number } = await as(shopper, 'GET', `/api/orders/${order}`);
  for (const path of ['/', `/goods/${item.id}`, '/orders', `/orders/${order}`]) {
    await page.goto(base + path);
    await page.waitForSelector('[data-test=section], [data-test=price], [data-test=order-card], [data-test=order-state]');
    await page.waitForLoadState('networkidle');
  }
  await goOffline(page);
  try {
    for (const [path, sign] of [['/', '[data-test=section]'], [`/goods/${item.id}`, '[data-test=price]'], ['/orders', '[data-test=order-card]'], [`/orders/${order}`, '[data-test=order-state]']]) {
      await page.goto(base + path);
      await page.waitForSelector(sign);
      await page.waitForSelector('[data-test=seen]');
      assert.match(await page.locator('[data-test=seen]').innerText(), /这是上次看到的（今天 \d\d:\d\d）/);
      await page.waitForLoadState('networkidle'); // what the browser itself says of the network comes late
      page.faults.length = 0;
      await look(page, `offline-${path.split('/')[1] || 'home'}`);
    }
    assert.match(await text(page), new RegExp(number));
    // What was never seen says so, and how to go on.
    await page.goto(`${base}/addresses`);
    await page.waitForSelector('text=网断了');
    assert.ok(!(await text(page)).includes('周小满'));
    // Nothing of where the parcel goes lies on the device.
    const kept = (await keptOnDevice(page)).filter((line) => line.startsWith('xj-own')).join('\n');
    assert.match(kept, new RegExp(number));
    const told = /.{60}(周小满|\*8001|渝中|街道).{20}/.exec(kept);
    assert.equal(told, null, `a name, a phone or an address is kept: ${told?.[0]}`);
  } finally {
    await comeBack(page);
    page.faults.length = 0;
  }
  await page.goto(`${base}/orders`);
  await page.waitForSelector('[data-test=order-card]');
  assert.equal(await page.locator('[data-test=seen]').count(), 0);
}, shopper);

journey('a tap without a network says so, loses nothing, and the same tap then places one order', async (page, { item }) => {
  const before = await orderCount();
  await untilKept(page);
  await page.goto(`${base}/goods/${item.id}`);
  await page.waitForSelector('[data-test=buy]');
  await goOffline(page);
  await page.click('[data-test=buy]');
  await page.waitForFunction((words) => document.body.innerText.includes(words), offlineWords);
  assert.match(page.url(), /\/goods\//);
  await comeBack(page);
  await page.click('[data-test=buy]');
  await page.waitForSelector('[data-test=submit]:not([disabled])');
  await page.locator('[data-test=tick]').first().click();
  await page.fill('main input[maxlength="200"]', '放门口就行');
  await goOffline(page);
  await page.click('[data-test=submit]');
  await page.waitForFunction((words) => document.body.innerText.includes(words), offlineWords);
  // The note, the tick and the key outlive even a reload in which nothing can be read.
  const key = await page.evaluate(() => JSON.parse(sessionStorage.getItem('xj.checkout')).key.key);
  await page.reload();
  await page.waitForSelector('text=网断了');
  await comeBack(page);
  await page.reload();
  await page.waitForSelector('[data-test=submit]:not([disabled])');
  assert.equal(await page.inputValue('main input[maxlength="200"]'), '放门口就行');
  assert.equal(await page.evaluate(() => JSON.parse(sessionStorage.getItem('xj.checkout')).key.key), key);
  const asked = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/orders'));
  await page.click('[data-test=submit]');
  assert.equal((await asked).headers()['idempotency-key'], key);
  await page.waitForURL(/\/pay\//);
  assert.equal(await orderCount(), before + 1);
  const { items } = await as(shopper, 'GET', '/api/orders?limit=1');
  assert.equal((await as(shopper, 'GET', `/api/orders/${items[0].id}`)).note, '放门口就行');
  page.faults.length = 0;
}, shopper);

journey('after the log-out nothing of the orders is left on the device', async (page, { item }) => {
  const order = await placed(item);
  await untilKept(page);
  await logIn(page, shopper, `/orders/${order}`);
  await page.waitForSelector('[data-test=order-state]');
  await page.goto(`${base}/orders`);
  await page.waitForSelector('[data-test=order-card]');
  // The router's note of how far a page was scrolled lives as long as the tab, and is a number.
  const isOwn = (line) => !line.startsWith('sessionStorage vue-router:scroll') && (line.includes('xj-own') || line.includes(order) || /\/api\/(orders|cart)/.test(line));
  await until('the orders are kept', async () => (await keptOnDevice(page)).some(isOwn));
  await page.goto(`${base}/me`);
  await page.click('[data-test=leave]');
  await page.click('[data-test=confirm]');
  await page.waitForSelector('[data-test=log-in]');
  assert.deepEqual((await keptOnDevice(page)).filter(isOwn), []);
  await goOffline(page);
  await page.goto(`${base}/orders`);
  await page.waitForURL(/\/login/);
  assert.ok(!(await text(page)).includes(order));
  await comeBack(page);
  page.faults.length = 0;
});

journey('after the account is closed nothing of it is left on the device', async (page, { leaver }) => {
  await untilKept(page);
  await page.context().addCookies(leaver.cookies);
  await page.evaluate(() => localStorage.setItem('xj.signed', '1'));
  await page.goto(`${base}/orders`);
  await page.waitForSelector('text=这里还没有订单');
  const isOwn = (line) => line.startsWith('xj-own') || /\/api\/(orders|cart)/.test(line);
  await until('the empty list is kept', async () => (await keptOnDevice(page)).some(isOwn));
  await page.goto(`${base}/me/closure`);
  // A phone gets one code a minute.
  await pause(Math.max(0, leaver.at + 61_000 - Date.now()));
  await page.click('text=发验证码');
  await page.fill('[name=code-closure]', await until('the code of the closure came', async () => {
    const code = await codeOf(leaver.phone);
    return code !== leaver.code && code;
  }));
  await page.click('button[type=submit]');
  await page.click('[data-test=confirm]');
  await page.waitForURL(`${base}/`);
  assert.deepEqual((await keptOnDevice(page)).filter(isOwn), []);
});

journey('a newer shop is said quietly, and comes only by a tap', async () => {
  // A house in front of the server, which one day hands out another service worker.
  let isNew = false;
  const front = http.createServer((request, answer) => {
    const headers = { ...request.headers, 'accept-encoding': 'identity' };
    const behind = http.request(base + request.url, { method: request.method, headers }, (reply) => {
      const parts = [];
      reply.on('data', (part) => parts.push(part));
      reply.on('end', () => {
        const whole = Buffer.concat(parts);
        const body = isNew && request.url.startsWith('/sw.js') ? Buffer.concat([whole, Buffer.from('\n// newer')]) : whole;
        const own = { ...reply.headers };
        for (const name of ['content-length', 'transfer-encoding', 'etag', 'connection']) delete own[name];
        answer.writeHead(reply.statusCode, own).end(body);
      });
    });
    behind.on('error', () => answer.destroy());
    request.pipe(behind);
  });
  await new Promise((resolve) => front.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${front.address().port}`;
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' });
  const page = await context.newPage();
  try {
    await page.goto(address);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.goto(`${address}/login`);
    await page.fill('[name=phone]', '13800138001');
    isNew = true;
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await page.waitForSelector('[data-test=new-version]');
    // The form stands as it was: nothing reloaded.
    assert.equal(await page.inputValue('[name=phone]'), '13800138001');
    await look(Object.assign(page, { faults: [], pending: new Set() }), 'new-version');
    await Promise.all([page.waitForEvent('load'), page.click('.xj-shell-line button')]);
    await page.waitForSelector('[name=phone]');
    assert.equal(await page.locator('[data-test=new-version]').count(), 0);
  } finally {
    await context.close();
    front.closeAllConnections();
    front.close();
  }
});

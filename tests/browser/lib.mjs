// What all journeys share: a browser, pages that note what goes wrong, people who are logged in, and the look at a page.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import { launch } from './chromium.mjs';
import { measure } from './measure.mjs';
import { base } from './server.mjs';

export { base };
const require = createRequire(new URL('../../ui/package.json', import.meta.url));
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const cashier = process.env.SANDBOX_URL;
const shots = process.env.XJ_SHOTS;
export const shopper = { phone: '13800138001', password: 'xiangji-guke-1' };
export const keeper = { phone: '13800138002', password: 'xiangji-dianzhu-2' };

export const browser = await launch();

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Tries until `look` gives something that is not false. */
export async function until(what, look, patienceMs = 15_000) {
  for (const end = Date.now() + patienceMs; Date.now() < end; await pause(100)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`waited in vain until ${what}`);
}

// A person logs in once and for all that follow; a journey about the log-in itself uses the page.
const states = new Map();
async function stateOf(person) {
  if (!person) return undefined;
  if (!states.has(person.phone)) {
    const context = await browser.newContext();
    const answer = await context.request.post(`${base}/api/sessions`, { data: person, headers: { 'Idempotency-Key': `browser-${crypto.randomUUID()}` } });
    if (!answer.ok()) throw new Error(`${person.phone} cannot log in: ${answer.status()} ${await answer.text()}`);
    const state = await context.storageState();
    state.origins = [{ origin: base, localStorage: [{ name: 'xj.signed', value: '1' }] }];
    states.set(person.phone, state);
    await context.close();
  }
  return states.get(person.phone);
}

/** A new device of that width, with `person` logged in when one is given. The service worker stays away unless asked for. */
export async function open(width, { person, worker = false, isElder = false } = {}) {
  const state = structuredClone((await stateOf(person)) ?? { cookies: [], origins: [] });
  if (isElder) {
    if (state.origins.length === 0) state.origins.push({ origin: base, localStorage: [] });
    state.origins[0].localStorage.push({ name: 'xj.mode', value: 'elder' });
  }
  const context = await browser.newContext({
    viewport: { width, height: width > 1000 ? 800 : 844 },
    locale: 'zh-CN',
    storageState: state,
    serviceWorkers: worker ? 'allow' : 'block',
  });
  const page = await context.newPage();
  page.faults = [];
  page.pending = new Set();
  page.on('request', (request) => request.url().endsWith('/api/events') || page.pending.add(request));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => page.pending.delete(request));
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => message.type() === 'error' && page.faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => page.faults.push(`page: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith(cashier) && !url.startsWith('data:') && !url.startsWith('blob:')) page.faults.push(`foreign: ${url}`);
  });
  return page;
}

// Nothing is on its way but the stream of events, which never ends.
async function quiet(page) {
  const end = Date.now() + 8000;
  for (let still = 0; still < 3 && Date.now() < end; await pause(60)) still = page.pending.size === 0 ? still + 1 : 0;
}

/** Everything that a machine can see of a page's quality, as a list of faults. */
export async function judge(page, name, desk) {
  await quiet(page);
  await page.evaluate(() => Promise.all(document.getAnimations().filter((each) => each.effect?.getTiming().iterations !== Infinity)
    .map((each) => each.finished.catch(() => {}))));
  const isElder = await page.evaluate(() => document.documentElement.dataset.mode === 'elder');
  if (shots) {
    fs.mkdirSync(shots, { recursive: true });
    const path = `${shots}/${name}-${page.viewportSize().width}${isElder ? '-elder' : ''}.png`;
    await page.screenshot({ path, fullPage: process.env.XJ_WHOLE === '1' });
  }
  const limits = isElder ? { text: 18, target: 60, elder: true } : { text: 13, target: 44, elder: false, ...desk };
  const faults = [...page.faults.splice(0), ...(await page.evaluate(measure, limits))];
  // What axe looks at is the same at 360 as at 390, and it takes most of the time; sizes and bounds are measured at both.
  if (page.viewportSize().width === 360) return faults;
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] });
    return result.violations.map((v) => `axe ${v.id} (${v.nodes.length}): ${v.nodes[0].target.join(' ')}`);
  });
  return [...faults, ...found];
}

/** A stop of a journey: the page there must have no fault. `desk` has the limits of a page that is worked on with a mouse. */
export async function look(page, name, { desk } = {}) {
  const faults = await judge(page, name, desk);
  if (faults.length) throw new Error(`${name}: ${faults.slice(0, 8).join('; ')}`);
}

export async function logIn(page, person, to = '/me') {
  await page.goto(`${base}/login?to=${encodeURIComponent(to)}`);
  await page.click('[data-test=by-password]');
  await page.fill('[name=phone]', person.phone);
  await page.fill('[name=password]', person.password);
  await page.click('[data-test=log-in]');
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
}

// The API as a program sees it, for preparing what a journey is not about.
export async function api(token, method, path, body) {
  const headers = { 'Accept-Language': 'en' };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (method !== 'GET') headers['Idempotency-Key'] = `browser-${crypto.randomUUID()}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch(base + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

const tokens = new Map();
export async function tokenOf(person) {
  if (!tokens.has(person.phone)) tokens.set(person.phone, (await api('', 'POST', '/api/sessions', person)).token);
  return tokens.get(person.phone);
}

/** What a person asks the server, by its log-in. */
export const as = async (person, method, path, body) => api(await tokenOf(person), method, path, body);

export async function pear() {
  const found = await api('', 'GET', `/api/goods?q=${encodeURIComponent('玉露香梨')}`);
  return found.items.find((card) => card.title.includes('隰县玉露香梨')) ?? found.items[0];
}

// ---- orders in the state that a journey begins with ----

export async function placed(item, count = 1) {
  const { orders } = await as(shopper, 'POST', '/api/orders', { lines: [{ sku_id: item.sku_id, count }], ticked_return_terms: true });
  return orders[0].id;
}

/** The provider's page, opened: the payment of an order with the address where it is paid. */
export async function cashierOf(order) {
  let payment = await as(shopper, 'POST', `/api/orders/${order}/payments`);
  await until('the cashier is open', async () => {
    payment = await as(shopper, 'GET', `/api/payments/${payment.id}`);
    return payment.state !== 'preparing';
  });
  return payment;
}

export async function payAt(payment, how = 'on_time') {
  await fetch(payment.cashier_url, { method: 'POST', body: new URLSearchParams({ how }), redirect: 'manual' });
}

export const stateOfOrder = async (order) => (await as(shopper, 'GET', `/api/orders/${order}`)).state;

export async function paid(item, count = 1) {
  const order = await placed(item, count);
  const payment = await cashierOf(order);
  await payAt(payment);
  await until('the order is paid', async () => (await stateOfOrder(order)) === 'paid');
  return { order, payment: payment.id };
}

export async function shipped(item) {
  const { order } = await paid(item);
  await as(keeper, 'POST', `/api/orders/${order}/shipment`, { carrier: '中国邮政', tracking_number: '773120041198' });
  return order;
}

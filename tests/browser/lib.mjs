// What all journeys share: a browser, pages that note what goes wrong, and the look at a page.
import { createRequire } from 'node:module';
import fs from 'node:fs';

const require = createRequire(new URL('../../ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const base = process.env.XJ_BASE;
export const cashier = process.env.XJ_CASHIER;
const shots = process.env.XJ_SHOTS;
export const widths = [360, 390, 1280];
export const shopper = { phone: '13800138001', password: 'xiangji-guke-1' };
export const keeper = { phone: '13800138002', password: 'xiangji-dianzhu-2' };

export const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

export async function open(width) {
  const context = await browser.newContext({ viewport: { width, height: width > 1000 ? 800 : 844 }, locale: 'zh-CN' });
  const page = await context.newPage();
  page.faults = [];
  page.setDefaultTimeout(15000);
  page.on('console', (message) => message.type() === 'error' && page.faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => page.faults.push(`page: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith(cashier) && !url.startsWith('data:')) page.faults.push(`foreign: ${url}`);
  });
  return page;
}

// Text, targets and width as a person meets them; what is hidden from sight does not count.
function measure([textMin, targetMin]) {
  const faults = [];
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return getComputedStyle(element).visibility !== 'hidden' && box.width > 1 && box.height > 1;
  };
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide > 0) faults.push(`scrolls sideways by ${wide} px`);
  for (const element of document.querySelectorAll('body *')) {
    const speaks = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!speaks || !seen(element) || element.closest('.xj-unseen, .xj-money')) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < textMin - 0.01) faults.push(`text of ${size} px: ${element.textContent.trim().slice(0, 16)}`);
  }
  for (const element of document.querySelectorAll('a[href], button, input, textarea, [role=button]')) {
    if (!seen(element) || element.tabIndex < 0 || element.closest('.xj-check__words, .xj-notice, p')) continue;
    const box = element.getBoundingClientRect();
    if (box.height < targetMin - 0.6 || box.width < targetMin - 0.6)
      faults.push(`target of ${Math.round(box.width)} x ${Math.round(box.height)}: ${(element.textContent || element.ariaLabel || element.className).trim().slice(0, 16)}`);
  }
  return [...new Set(faults)].slice(0, 8);
}

// A stop of a journey: everything that a machine can see of a page's quality.
export async function look(page, name, { elder = false, desk } = {}) {
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.waitForTimeout(250);
  if (shots) {
    fs.mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: `${shots}/${name}-${page.viewportSize().width}.png` });
  }
  const faults = [...page.faults.splice(0), ...(await page.evaluate(measure, desk ? [desk.text, desk.target] : elder ? [18, 60] : [13, 44]))];
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const result = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
    return result.violations.map((v) => `axe ${v.id} (${v.nodes.length}): ${v.nodes[0].target.join(' ')}`);
  });
  faults.push(...found);
  if (faults.length) throw new Error(`${name}: ${faults.join('; ')}`);
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

export async function tokenOf(person) {
  return (await api('', 'POST', '/api/sessions', person)).token;
}

export async function pear() {
  const found = await api('', 'GET', `/api/goods?q=${encodeURIComponent('玉露香梨')}`);
  return found.items.find((card) => card.title.includes('隰县玉露香梨')) ?? found.items[0];
}

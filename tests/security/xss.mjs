// Writes scripts into every text that people may write, by the API, and looks at every page that shows them: none may run, none may grow an
// element. README.md of this folder.
import { launch } from '../browser/chromium.mjs';

const base = process.env.XJ_BASE;

// Short enough for the shortest fields; each would call window.__xss or leave an element <xss-mark>.
const payloads = [
  '<img src=x onerror=__xss(1)>',
  '"><svg onload=__xss(2)>',
  '<script>__xss(3)</script>',
  "');__xss(4);//",
  '{{constructor.constructor("__xss(5)")()}}',
  'javascript:__xss(6)',
  '<xss-mark>',
  '<a href="javascript:__xss(7)">x</a>',
  '${__xss(8)}',
  '\u202e<b onmouseover=__xss(9)>',
];
let number = 0;
/** The next payload, cut to what the field may hold. */
const evil = (max = 400) => {
  const text = payloads[number++ % payloads.length];
  return text.length <= max ? text : '<xss-mark>'.slice(0, max);
};

async function call(method, path, token, body) {
  const answer = await fetch(base + path, {
    method,
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      'Idempotency-Key': `xss-${crypto.randomUUID()}`,
    },
    body: body ? JSON.stringify(body) : undefined,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
  return text ? JSON.parse(text) : undefined;
}
const logIn = async (phone, password) => (await call('POST', '/api/sessions', undefined, { phone, password })).token;
const operator = await logIn('13800138003', 'xiangji-yunying-3');
const keeper = await logIn('13800138002', 'xiangji-dianzhu-2');
const shopper = await logIn('13800138001', 'xiangji-guke-1');

const places = [];
/** A page to look at; `who` is logged in there. */
const look = (path, who) => places.push({ path, who });

// The account and the address book.
await call('PUT', '/api/people/me', shopper, { name: evil(20), language: 'zh' });
for (let i = 0; i < payloads.length; i++) {
  await call('POST', '/api/people/me/addresses', shopper, {
    name: evil(30), phone: '13800138001', place_code: '140105000000', street: evil(120), is_default: i === 0,
  });
}
look('/me', shopper);
look('/addresses', shopper);

// Sellers and goods: a keeper's own words.
const me = await call('GET', '/api/people/me', keeper);
const sellerId = me.organisation_ids[0];
const seller = await call('GET', `/api/sellers/${sellerId}`);
await call('PUT', `/api/sellers/${sellerId}`, operator, {
  name: evil(40), kind: seller.kind, summary: evil(200), picture: seller.picture, place_code: seller.origin.place_code ?? '141031000000', licence_text: evil(200),
});
const own = await call('GET', `/api/sellers/${sellerId}/goods`, keeper);
const model = await call('GET', `/api/goods/${own.items[0].id}`);
const goodsIds = [];
for (let i = 0; i < payloads.length; i++) {
  // A keeper writes and sends in; somebody else looks, and agrees.
  const listing = await call('POST', '/api/listings', keeper, {
    goods: {
      seller_id: sellerId, category_id: model.category_id, place_code: '141031000000', title: evil(60), summary: evil(200), story: evil(4000) + payloads.join('\n'),
      pictures: ['/img/pear.webp'], facts: [{ name: '食品生产许可证号', value: 'SC11464010500015' }, { name: evil(20), value: evil(60) }], piece_name: '箱',
      skus: [{ options: [{ name: evil(20), value: evil(60) }], note: evil(60), price_fen: 990, net: { amount: '5', unit: '斤' }, weight_g: 900, stock_count: 9, return_policy: 'seven_days' }],
    },
  });
  const { submitted_at } = await call('POST', `/api/listings/${listing.id}/submissions`, keeper);
  const decided = await call('POST', `/api/listings/${listing.id}/decisions`, operator, { agreed: true, submitted_at });
  goodsIds.push(decided.goods_id);
}
look(`/goods/${goodsIds[0]}`);
look(`/goods/${goodsIds[1]}`);
look(`/goods/${goodsIds[2]}`);
look(`/seller/${sellerId}`);
look(`/goods?seller=${sellerId}`);
look('/search?q=%3Cimg%20src%3Dx%20onerror%3D__xss(1)%3E');
look('/goods?q=%3Csvg%20onload%3D__xss(1)%3E');

// What an operator writes onto the home page.
await call('PUT', '/api/banners', operator, {
  banners: payloads.slice(0, 4).map(() => ({ title: evil(20), words: evil(40), picture: '/img/pear.webp', link: '/goods' })),
}).catch((error) => console.log(`  banners: ${error.message}`));
for (const section of (await call('GET', '/api/sections')).items) {
  await call('PUT', `/api/sections/${section.code}`, operator, { name: evil(12), tagline: evil(40), picture: section.picture, sort_order: 1 }).catch((error) =>
    console.log(`  section: ${error.message}`));
}
await call('PUT', '/api/popular-words', operator, { words: payloads.map((text) => text.slice(0, 12)).filter((text, at, all) => all.indexOf(text) === at).slice(0, 8) }).catch((error) =>
  console.log(`  words: ${error.message}`));
look('/');
look('/search');
look('/categories');

// Orders with notes, shipped by carriers of strange names.
const good = await call('GET', `/api/goods/${goodsIds[0]}`);
const purchase = await call('POST', '/api/orders', shopper, {
  lines: [{ sku_id: good.skus[0].id, count: 1 }], note: evil(200), ticked_return_terms: true,
}).catch((error) => console.log(`  order: ${error.message}`));
look('/orders', shopper);
if (purchase) look(`/orders/${purchase.orders[0].id}`, shopper);
look('/bag', shopper);
look(`/my-shop/${sellerId}`, keeper);

// ---- looking ----
const browser = await launch();
const faults = [];
let seen = 0;

/** What a page lets happen: scripts that ran, and elements that grew from texts. */
const harm = (page) => page.evaluate(() => ({
  ran: window.__ran,
  grown: document.querySelectorAll('xss-mark, [onerror], [onload], [onmouseover], a[href^="javascript:" i]').length,
}));
const arm = (page) => page.addInitScript(() => { window.__ran = []; window.__xss = (n) => window.__ran.push(n); });

// The eye must see: a page that puts the texts in as they are, without a policy, does all of it.
{
  const page = await browser.newPage();
  await arm(page);
  await page.goto('about:blank');
  await page.setContent(payloads.join(''), { waitUntil: 'load' });
  await page.waitForTimeout(200);
  const { ran, grown } = await harm(page);
  if (!ran.length || !grown) faults.push('the eye is blind: a page full of scripts looked clean');
  await page.close();
}

for (const { path, who } of places) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN', serviceWorkers: 'block' });
  if (who) {
    await context.addCookies([{ name: 'xj_session', value: who, url: base }]);
    await context.addInitScript(() => localStorage.setItem('xj.signed', '1'));
  }
  const page = await context.newPage();
  page.on('dialog', (dialog) => { faults.push(`${path}: a dialog "${dialog.message()}"`); void dialog.dismiss(); });
  await arm(page);
  await page.goto(base + path, { waitUntil: 'networkidle' });
  await page.waitForTimeout(300);
  // What reacts to a pointer or to focus gets both.
  for (const box of await page.locator('a, button, img, b').all().then((all) => all.slice(0, 30))) await box.hover({ timeout: 300, force: true }).catch(() => {});
  const { ran, grown } = await harm(page);
  const text = await page.evaluate(() => document.body.innerText);
  if (ran.length) faults.push(`${path}: ran ${ran.join(', ')}`);
  if (grown) faults.push(`${path}: ${grown} elements grew from texts`);
  if (text.includes('<') || text.includes('{{') || text.includes('__xss')) seen++;
  await context.close();
}
await browser.close();
console.log(`  ${places.length} pages, ${seen} of them show what was written`);
for (const fault of faults) console.log(`  ${fault}`);
// A corpus that no page shows proves nothing.
process.exit(faults.length || seen < 6 ? 1 : 0);

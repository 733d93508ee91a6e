// Journeys at the desk, at one width. Each begins where its role begins: at the log-in of the console.
import fs from 'node:fs';
import { api, as, base, browser, keeper, look, open, paid, pear, shipped, shopper, tokenOf, until } from './lib.mjs';
import { startServer, stopServer } from './server.mjs';

const operator = { phone: '13800138003', password: 'xiangji-yunying-3' };
const county = { phone: '13800138005', password: 'xiangji-xianli-5' };
const width = 1280;
const desk = { text: 13, target: 16 };

async function enter(person, to = '/') {
  const page = await open(width);
  await page.goto(`${base}/console${to}`);
  await page.waitForURL(/\/console\/login/);
  await page.fill('[name=phone]', person.phone);
  await page.fill('[name=password]', person.password);
  await page.click('[data-test=log-in]');
  await page.waitForURL((url) => !url.pathname.includes('/login'));
  return page;
}

async function readText(download) {
  return fs.readFileSync(await download.path(), 'utf8');
}

async function waiting(count) {
  const token = await tokenOf(keeper);
  const me = await api(token, 'GET', '/api/people/me');
  const found = [];
  for (const seller of me.organisation_ids)
    for (const order of (await api(token, 'GET', `/api/orders?desk=seller&seller=${seller}&state=paid`)).items) found.push({ seller, ...order });
  if (found.length < count) throw new Error(`the demo has ${found.length} orders to send for the keeper, ${count} are needed`);
  return found;
}

/** An order of the shopper that was paid, sent and received. */
async function arrived() {
  const order = await shipped(await pear());
  await as(shopper, 'POST', `/api/orders/${order}/receipt`);
  return order;
}

const journeys = {
  async 'log in, see today, read the figures, speak English, log out'() {
    const page = await enter(operator);
    await page.waitForSelector('[data-test=as-of]');
    await look(page, 'console-overview', { desk });
    await page.click('[data-test=as-table]');
    await look(page, 'console-overview-figures', { desk });
    await page.click('[data-test=language]');
    await page.waitForSelector('text=Two weeks');
    await look(page, 'console-overview-english', { desk });
    await page.click('[data-test=language]');
    await page.click('[data-test=wall]');
    await page.waitForSelector('.wall__chart svg');
    await page.waitForSelector('[data-test=sold] li');
    await look(page, 'console-wall', { desk });
    await page.setViewportSize({ width: 1920, height: 1080 });
    await look(page, 'console-wall-1920', { desk });
    await page.setViewportSize({ width, height: 800 });
    await page.goBack();
    await page.click('text=何明月 >> nth=0');
    await page.click('[data-test=log-out]');
    await page.waitForURL(/\/console\/login/);
    await look(page, 'console-login', { desk });
  },
  async 'the county sees its own orders, filters stand in the address, and there is nothing to send'() {
    const page = await enter(county, '/orders');
    await page.waitForSelector('[data-test=row]');
    await page.click('[data-test=state-paid]');
    await page.waitForURL(/state=paid/);
    await until('the last row sums up what is shown', async () => {
      const sum = await page.locator('[data-test=total]').innerText().catch(() => '');
      const rows = await page.locator('[data-test=row] .xc-num b').allInnerTexts();
      const fen = (text) => Math.round(Number(text.replace(/[^\d.]/g, '')) * 100);
      return rows.length > 1 && fen(sum) === rows.reduce((total, text) => total + fen(text), 0);
    });
    await page.reload();
    await page.waitForSelector('[data-test=row]');
    if (await page.locator('[data-test=ship]').count()) throw new Error('a county operator is offered to send');
    await page.click('[data-test=open] >> nth=0');
    await page.waitForSelector('.el-drawer');
    await page.waitForTimeout(400);
    await look(page, 'console-order', { desk });
    await page.keyboard.press('Escape');
    await page.goto(`${base}/console/stock`);
    await page.waitForURL(/\/console\/closed/);
  },
  async 'send one by the field of the scanner, then a batch with a row that cannot go'() {
    const orders = await waiting(2);
    const page = await enter(keeper, `/orders?whose=seller-${orders[0].seller}&number=${orders[0].number}`);
    await page.click('[data-test=ship]');
    await page.fill('[name=tracking]', '773100001');
    await page.press('[name=tracking]', 'Enter');
    await page.waitForSelector('text=发出去了');
    await page.waitForSelector('.xc-tag:has-text("在路上")');
    await look(page, 'console-orders', { desk });
    await page.click('[data-test=batch]');
    await page.fill('[name=scan-order]', orders[1].number);
    await page.press('[name=scan-order]', 'Enter');
    await page.keyboard.type('773100002');
    await page.keyboard.press('Enter');
    const text = await page.inputValue('[name=rows]');
    if (!text.includes(`${orders[1].number}, 中国邮政, 773100002`)) throw new Error(`scanned: ${text}`);
    await page.fill('[name=rows]', `${text}\n${orders[0].number}\t顺丰\t99887766`);
    await page.click('[data-test=check]');
    await page.waitForSelector('text=发不了');
    await look(page, 'console-batch', { desk });
    await page.click('[data-test=send]');
    await page.waitForSelector('.xc-tag:has-text("发出去了")');
    // What the desk wrote is found by the name that is offered; a link that narrows shows by what.
    const sent = await api(await tokenOf(keeper), 'GET', `/api/orders?desk=seller&seller=${orders[1].seller}&carrier=${encodeURIComponent('中国邮政')}`);
    if (!sent.items.some((order) => order.number === orders[1].number)) throw new Error('what was sent is not found by its carrier');
    await page.goto(`${base}/console/orders?carrier=${encodeURIComponent('顺丰')}&from=2026-01-01`);
    await page.waitForSelector('[data-test=carrier] option:checked:has-text("顺丰")', { state: 'attached' });
    if (await page.locator('[data-test=more-filters]').count()) throw new Error('what narrows the list can be hidden');
    await page.selectOption('[data-test=carrier]', { label: '中国邮政' });
    await page.waitForURL((url) => url.searchParams.get('carrier') === '中国邮政');
    await page.waitForSelector('[data-test=row]');
    await look(page, 'console-orders-carrier', { desk });
  },
  async 'a form keeps what was typed, and the next one opens without the refusal of the last'() {
    const item = await pear();
    await paid(item);
    await paid(item);
    const page = await enter(keeper, `/orders?whose=seller-${item.seller_id}&state=paid`);
    await page.click('[data-test=ship] >> nth=0');
    await page.fill('[name=tracking]', '7');
    await page.press('[name=tracking]', 'Enter');
    await page.waitForSelector('.el-dialog .xj-fault');
    page.faults.length = 0; // the browser itself reports the refusal
    await page.mouse.click(20, 400);
    await page.waitForTimeout(400);
    if ((await page.inputValue('[name=tracking]')) !== '7') throw new Error('a click beside it closed the dialog');
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-test=stay]:focus');
    await look(page, 'console-leaving', { desk });
    await page.keyboard.press('Enter');
    await page.waitForSelector('[name=tracking]:focus');
    await page.keyboard.press('Escape');
    await page.click('[data-test=leave]');
    await page.waitForSelector('.el-dialog', { state: 'hidden' });
    await page.click('[data-test=ship] >> nth=1');
    await page.waitForSelector('[name=tracking]');
    if (await page.locator('.el-dialog .xj-fault').count()) throw new Error('the dialog opened with the refusal of another order');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.el-dialog', { state: 'hidden' });
  },
  async 'who cannot be read is asked again, and the address is kept'() {
    const page = await enter(operator, '/freight');
    await page.waitForSelector('[data-test=row]');
    await page.route('**/api/people/me', (route) => route.abort());
    await page.goto(`${base}/console/orders?state=completed`);
    await page.waitForSelector('[data-test=unread] button');
    page.faults.length = 0; // the browser itself reports the request that failed
    await look(page, 'console-unread', { desk });
    await page.reload();
    await page.waitForSelector('[data-test=unread] button');
    page.faults.length = 0;
    await page.unroute('**/api/people/me');
    await page.click('[data-test=unread] button');
    await page.waitForURL(/\/console\/orders\?state=completed/);
    await page.waitForSelector('[data-test=row]');
  },
  async 'a pick list and labels are ready to print'() {
    const orders = await waiting(1);
    const page = await enter(keeper, `/orders/print?kind=label&ids=${orders[0].id}`);
    await page.waitForSelector('[data-test=print]:not([disabled])');
    await page.waitForSelector('.label__code rect');
    await look(page, 'console-labels', { desk });
    await page.goto(`${base}/console/orders/print?kind=pick&ids=${orders[0].id}`);
    await page.waitForSelector('[data-test=print]:not([disabled])');
    await look(page, 'console-pick', { desk });
  },
  async 'count a shelf, see the difference, save it'() {
    const page = await enter(keeper, '/stock');
    await page.waitForSelector('[data-test=row]');
    await look(page, 'console-stock', { desk });
    const shop = (await page.getAttribute('[data-test=sheet]', 'href')).split('shop=')[1];
    const sheet = await enter(keeper, `/stock/sheet?shop=${shop}`);
    await sheet.waitForSelector('[data-test=print]:not([disabled])');
    await look(sheet, 'console-stock-sheet', { desk });
    const { items } = await as(keeper, 'GET', `/api/stock?seller=${shop}`);
    const rows = await sheet.locator('[data-test=sheet-row]').count();
    if (rows < items.length || /账上/.test(await sheet.textContent('.stock-sheet'))) throw new Error(`the sheet has ${rows} rows`);
    await sheet.close();
    await page.click('[data-test=begin-count]');
    await page.waitForSelector('.stock__count:focus');
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    const second = await page.evaluate(() => [...document.querySelectorAll('.stock__count')].indexOf(document.activeElement));
    if (second !== 1) throw new Error(`Enter went to row ${second}`);
    // One slip does not lose it, nor does another language or a page that is opened anew.
    await page.click('[data-test=stop-count]');
    await page.waitForSelector('.el-dialog:has-text("清掉")');
    await page.waitForTimeout(300);
    await look(page, 'console-count-stop', { desk });
    await page.keyboard.press('Escape');
    await page.waitForSelector('.el-dialog', { state: 'hidden' });
    await page.reload();
    await page.waitForSelector('[data-test=kept-count]:has-text("1 行")');
    await look(page, 'console-count-kept', { desk });
    await page.click('[data-test=language]');
    await page.waitForSelector('[data-test=kept-count]:has-text("1 rows")');
    await page.click('[data-test=language]');
    await page.waitForSelector('[data-test=kept-count]:has-text("1 行")');
    await page.click('[data-test=begin-count]');
    await page.waitForSelector('.stock__count:focus');
    if ((await page.inputValue('.stock__count >> nth=0')) !== '3') throw new Error('the count that was typed is gone');
    await page.click('[data-test=review]');
    await page.waitForSelector('[data-test=difference]');
    await page.waitForTimeout(300);
    await look(page, 'console-count', { desk });
    await page.click('[data-test=confirm]');
    await page.waitForSelector('text=存好了');
    await page.waitForSelector('[data-test=begin-count]');
    if (await page.locator('[data-test=kept-count]').count()) throw new Error('a count that was saved is offered again');
    const { items: stock } = await as(keeper, 'GET', `/api/stock?seller=${shop}`);
    await page.goto(`${base}/console/stock?shop=${shop}&sku=${stock[0].sku_id}`);
    await page.waitForSelector(`[data-test=only]:has-text("${stock[0].title}")`);
    await look(page, 'console-stock-only', { desk });
    await page.click('[data-test=only] button');
    await page.waitForURL((url) => !url.searchParams.has('sku'));
    const [asked] = await Promise.all([page.waitForRequest((request) => /\/api\/stock\?.*q=/.test(request.url())), page.fill('[data-test=find-stock]', '玉露香梨')]);
    const query = new URL(asked.url()).searchParams;
    if (query.get('q') !== '玉露香梨' || query.has('sku')) throw new Error(`asked is ${asked.url()}`);
  },
  async 'the operator changes the freight of the house, and a wrong field is named'() {
    const page = await enter(operator, '/freight');
    await page.waitForSelector('[data-test=row]');
    await look(page, 'console-freight', { desk });
    await page.click('[data-test=edit] >> nth=0');
    await page.waitForSelector('.el-dialog');
    await page.waitForTimeout(300);
    const price = page.locator('.el-dialog .xj-field input >> nth=1');
    await price.fill('九元');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('.xj-fault');
    await look(page, 'console-freight-edit', { desk });
    await price.fill('9');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('text=存好了');
    await page.waitForSelector('td:has-text("9.00 元")');
    // A new rule is for a region that has none, and none is chosen for one.
    await page.click('[data-test=add]');
    await page.waitForSelector('[data-test=region]');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('text=请选送到哪里');
    await page.waitForTimeout(300);
    await look(page, 'console-freight-new', { desk });
    const offered = await page.locator('[data-test=region] option').allInnerTexts();
    const { items: rules } = await as(operator, 'GET', '/api/freight-rules?limit=50');
    const regions = 34 + 1; // the provinces, and everywhere else
    if (offered.length !== 1 + regions - rules.length || offered.includes('其他地方')) throw new Error(`offered are ${offered.join()}, there are ${rules.length} rules`);
  },
  async 'people: a role is given for a shop found by its county, found by the shop, and taken back'() {
    const page = await enter(operator, '/grants');
    await page.waitForSelector('[data-test=row]');
    await page.click('[data-test=give]');
    await page.fill('[data-test=phone]', '13800138011');
    await page.click('[data-test=find]');
    await page.waitForSelector('text=138****8011');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('text=请选一家店');
    const choose = async (within, shop) => {
      for (const [level, name] of ['山西省', '临汾市', '隰县'].entries()) {
        await page.waitForSelector(`${within} [data-test=level-${level}] option:has-text("${name}")`, { state: 'attached' });
        await page.selectOption(`${within} [data-test=level-${level}]`, { label: name });
      }
      await page.waitForSelector(`${within} [data-test=shop] option:has-text("${shop}")`, { state: 'attached' });
      await page.selectOption(`${within} [data-test=shop]`, { label: shop });
    };
    await choose('.el-dialog', '隰县上庄村果业专业合作社');
    await page.waitForTimeout(300);
    await look(page, 'console-grant-give', { desk });
    await page.click('[data-test=confirm]');
    await page.waitForSelector('text=给好了');
    await page.waitForSelector('.el-dialog', { state: 'hidden' });
    await choose('.xc-filters', '隰县上庄村果业专业合作社');
    await page.waitForURL(/organisation_id=\d+/);
    await page.reload();
    await page.waitForSelector('.xc-filters [data-test=level-2] option:checked:has-text("隰县")', { state: 'attached' });
    const row = page.locator('[data-test=row]:has-text("138****8011"):has-text("隰县上庄村果业专业合作社")');
    await row.waitFor();
    await look(page, 'console-grants-of-shop', { desk });
    await row.locator('button').click();
    await page.click('.el-dialog [data-test=confirm]');
    await row.waitFor({ state: 'detached' });
  },
  async 'after-sales: the officer decides a case'() {
    const order = await arrived();
    const draft = { order_id: order, kind: 'money', reason: 'quality', words: '下面一层有压坏的，吃着也不甜', lines: [{ line_no: 1, count: 1 }] };
    const made = await as(shopper, 'POST', '/api/cases', draft);
    await as(keeper, 'POST', `/api/cases/${made.id}/answers`, { choice: 'refuse', words: '发货前都挑过的' });
    await as(shopper, 'POST', `/api/cases/${made.id}/replies`, { choice: 'appeal', words: '有照片为证，请平台看一看' });
    const page = await enter(operator, '/cases');
    await page.waitForSelector('[data-test=row]');
    await look(page, 'console-cases', { desk });
    await page.click('[data-test=look] >> nth=0');
    await page.click('[data-test=decide]', { trial: true });
    await page.waitForTimeout(300);
    await look(page, 'console-case', { desk });
    await page.click('[data-test=decide]');
    await page.waitForSelector('[name=amount]');
    await page.fill('[name=amount]', '5');
    await page.click('[data-test=bearer-both]');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('.el-dialog .xj-fault');
    await page.waitForTimeout(300);
    await look(page, 'console-case-decide', { desk });
    await page.fill('[name=words]', '照片看得清，退一部分，两边各担一点');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('text=判好了');
    const after = await as(shopper, 'GET', `/api/cases/${made.id}`);
    if (after.state !== 'closed' || after.refunded_fen !== 500 || after.bearer !== 'both') throw new Error(`the case is ${after.state}, ${after.refunded_fen} fen went back, ${after.bearer} bears`);
  },
  async 'after-sales: an order with an open case is not refunded beside it'() {
    const order = await arrived();
    const draft = { order_id: order, kind: 'money', reason: 'quality', words: '有几个压坏了', lines: [{ line_no: 1, count: 1 }] };
    await as(shopper, 'POST', '/api/cases', draft);
    const { number, seller_id: seller } = await as(shopper, 'GET', `/api/orders/${order}`);
    const page = await enter(keeper, `/orders?whose=seller-${seller}&number=${number}`);
    await page.click('[data-test=open] >> nth=0');
    await page.waitForSelector('[data-test=has-cases] a');
    if (await page.locator('[data-test=refund]').count()) throw new Error('a refund is offered beside the case');
    await page.waitForTimeout(300);
    await look(page, 'console-order-cases', { desk });
    const officer = await enter(operator, `/cases?state=open&seller=${seller}`);
    await officer.waitForSelector('[data-test=only]');
    await officer.waitForSelector('[data-test=row]');
    await look(officer, 'console-cases-of-shop', { desk });
    await officer.click('[data-test=only] button');
    await officer.waitForURL((url) => !url.searchParams.has('seller'));
  },
  async 'after-sales: a complaint is answered'() {
    const about = await arrived();
    const { number } = await as(shopper, 'GET', `/api/orders/${about}`);
    await as(shopper, 'POST', '/api/complaints', { subject: 'order', subject_id: about, words: '箱子里有两个是坏的，卖家不接电话' });
    const page = await enter(operator, '/complaints');
    await page.waitForSelector('[data-test=row]');
    await look(page, 'console-complaints', { desk });
    await page.click('[data-test=look] >> nth=0');
    await page.waitForSelector(`[data-test=subject]:has-text("${number}")`);
    await page.fill('[name=answer]', '已经联系卖家，坏的两个今天退给您');
    await page.mouse.click(20, 400);
    await page.waitForTimeout(300);
    await look(page, 'console-complaint', { desk });
    await page.click('[data-test=send-answer]');
    await page.waitForSelector('text=答复好了');
    await page.waitForSelector('[name=answer]', { state: 'detached' });
    await page.keyboard.press('Escape');
    await page.waitForSelector('.el-drawer', { state: 'hidden' });
  },
  async 'after-sales: the keeper writes the number of an invoice'() {
    const order = await arrived();
    const { seller_id: seller } = await as(shopper, 'GET', `/api/orders/${order}`);
    await as(shopper, 'POST', '/api/invoices', { order_id: order, type: 'company', title: '渝中区某某公司', tax_number: '91350100M000100Y43' });
    const page = await enter(keeper, `/invoices?seller=${seller}`);
    await page.waitForSelector('[data-test=row]');
    await look(page, 'console-invoices', { desk });
    await page.click('[data-test=look] >> nth=0');
    await page.fill('[name=number]', '123');
    await page.click('[data-test=save-paper]');
    await page.waitForSelector('.xj-fault');
    await page.waitForTimeout(300);
    await look(page, 'console-invoice', { desk });
    const sheet = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n');
    await page.setInputFiles('[data-test=choose-paper]', { name: '发票.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ a program') });
    await page.waitForSelector('.xj-fault >> text=/PDF/');
    page.faults.length = 0; // the browser itself reports the refusal
    await page.setInputFiles('[data-test=choose-paper]', { name: '发票.pdf', mimeType: 'application/pdf', buffer: sheet });
    await page.waitForSelector('[data-test=paper-sent]');
    await page.fill('[name=number]', '26142000000012345678');
    await look(page, 'console-invoice-file', { desk });
    await page.click('[data-test=save-paper]');
    await page.waitForSelector('td:has-text("26142000000012345678")');
    // The buyer saves it, byte for byte.
    const phone = await open(390, { person: shopper });
    await phone.goto(`${base}/orders/${order}/invoice`);
    const [saved] = await Promise.all([phone.waitForEvent('download'), phone.click('[data-test=save-invoice]')]);
    const bytes = fs.readFileSync(await saved.path());
    if (!bytes.equals(sheet)) throw new Error(`saved are ${bytes.length} bytes, not those that were sent`);
    await look(phone, 'invoice-file');
  },
  async 'after-sales: an invoice that cannot be made is refused with its reason'() {
    const order = await arrived();
    const { seller_id: seller } = await as(shopper, 'GET', `/api/orders/${order}`);
    await as(shopper, 'POST', '/api/invoices', { order_id: order, type: 'personal', title: '刘敏' });
    const page = await enter(keeper, `/invoices?seller=${seller}&waiting=true`);
    await page.click('[data-test=look] >> nth=0');
    await page.click('[data-test=way-refuse]');
    await page.check('[data-test=why-issued_before]');
    await page.fill('[name=number]', '26142000000087654321');
    await page.waitForTimeout(300);
    await look(page, 'console-invoice-refuse', { desk });
    await page.click('[data-test=save-paper]');
    await page.waitForSelector('text=告诉买家了');
    const { items } = await as(shopper, 'GET', `/api/invoices?order=${order}`);
    if (items[0].refused_because !== 'issued_before') throw new Error(`the buyer reads ${items[0].refused_because}`);
  },
  async 'webhooks: an endpoint is made, its secret shown once, a test sent, and it is deleted'() {
    const page = await enter(operator, '/webhooks');
    await page.click('[data-test=add]');
    await page.fill('[name=url]', 'https://ledger.example.cn/hooks');
    await page.fill('[name=about]', '县里的账');
    await page.check('[data-test="order.paid"]');
    await page.waitForTimeout(300);
    await look(page, 'console-webhook-new', { desk });
    await page.click('[data-test=confirm]');
    await page.waitForSelector('[data-test=secret]:has-text("whsec_")');
    await page.waitForTimeout(300);
    await look(page, 'console-webhook-secret', { desk });
    await page.mouse.click(20, 400);
    await page.keyboard.press('Escape');
    await page.waitForTimeout(400);
    if (!(await page.isVisible('[data-test=secret]'))) throw new Error('the secret, shown once, is gone after a slip');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('[data-test=secret]', { state: 'detached' });
    await page.click('[data-test=open]');
    await page.click('[data-test=test]');
    await page.waitForSelector('[data-test=delivery]');
    await page.waitForTimeout(300);
    await look(page, 'console-webhook-log', { desk });
    await page.click('[data-test=drop]');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('text=删掉了');
    await page.waitForSelector('[data-test=row]', { state: 'detached' });
    await look(page, 'console-webhooks-none', { desk });
  },
  async 'messages: an operator says it otherwise, sees it as it arrives, and goes back to the default'() {
    const page = await enter(operator, '/messages');
    await page.waitForSelector('[data-test=row]');
    await look(page, 'console-messages', { desk });
    await page.click('[data-test=edit-order_shipped]');
    await page.fill('[name=title]', '出发了');
    await page.fill('[name=words]', '{shop}的{sum}上路了');
    await page.waitForSelector('text=这种消息里没有 {sum}');
    if (await page.isEnabled('[data-test=save-template]')) throw new Error('words that cannot be filled in can be saved');
    await page.fill('[name=words]', '{shop}把');
    await page.click('[data-test=put-goods]');
    await page.waitForSelector('[data-test=preview]:has-text("上庄村微商城把隰县玉露香梨 5 斤")');
    await page.waitForTimeout(300);
    await look(page, 'console-message-words', { desk });
    await page.click('[data-test=save-template]');
    await page.waitForSelector('td:has-text("出发了")');
    const order = await shipped(await pear());
    let told;
    for (let i = 0; i < 100 && !told; i++) {
      await page.waitForTimeout(100);
      told = (await as(shopper, 'GET', '/api/messages')).items.find((one) => one.about_id === order);
    }
    if (told?.title !== 'Your order is on its way') throw new Error(`in English it says ${told?.title}`);
    const phone = await open(390, { person: shopper });
    await phone.goto(`${base}/messages`);
    await phone.waitForSelector('[data-test=message]:has-text("出发了")');
    await page.click('[data-test=edit-order_shipped]');
    await page.click('[data-test=reset]');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('td:has-text("您买的东西寄出了")');
  },
  async 'home page: a section gets a goods and keeps its order, and what is opened and saved stays as it was'() {
    const page = await enter(operator, '/home');
    await page.waitForSelector('[data-test=row]');
    await look(page, 'console-home-sections', { desk });
    const before = await as(operator, 'GET', '/api/sections/secretary/goods');
    await page.click('tr:has-text("书记代言") [data-test=edit-section]');
    await page.waitForSelector('[data-test=section-goods]');
    await page.waitForTimeout(400);
    await look(page, 'console-home-section', { desk });
    await page.click('[data-test=save-section]');
    await page.waitForSelector('text=存好了');
    const same = await as(operator, 'GET', '/api/sections/secretary/goods');
    if (JSON.stringify(same.items) !== JSON.stringify(before.items)) throw new Error('a section that was opened and saved is another');
    await page.click('tr:has-text("书记代言") [data-test=edit-section]');
    await page.click('[data-test=goods-up] >> nth=1');
    await page.fill('[name=find-goods]', '核桃');
    await page.click('button[data-test=find-goods]');
    await page.click('[data-test=put-goods] >> nth=0');
    await page.waitForSelector('text=已在里面');
    await look(page, 'console-home-section-goods', { desk });
    await page.click('[data-test=save-section]');
    await page.waitForSelector('.el-drawer', { state: 'hidden' });
    const after = await as(operator, 'GET', '/api/sections/secretary/goods');
    if (after.items.length !== before.items.length + 1 || after.items[0].goods_id !== before.items[1].goods_id) throw new Error(`the section has ${after.items.map((item) => item.title).join()}`);
  },
  async 'home page: a late reply does not put the goods of one section into another'() {
    const page = await enter(operator, '/home');
    await page.waitForSelector('[data-test=row]');
    const own = await as(operator, 'GET', '/api/sections/group/goods');
    const { name } = await api('', 'GET', '/api/sections/group');
    let free;
    const held = new Promise((resolve) => (free = resolve));
    await page.route('**/api/sections/secretary/goods', async (route) => {
      await held;
      await route.continue();
    });
    await page.click('tr:has-text("书记代言") [data-test=edit-section]');
    await page.waitForSelector('.el-drawer');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.el-drawer', { state: 'hidden' });
    await page.click(`tr:has-text("${name}") [data-test=edit-section]`);
    await page.waitForSelector('[data-test=section-goods]');
    const late = page.waitForResponse('**/api/sections/secretary/goods');
    free();
    await late;
    await page.waitForTimeout(300);
    const shown = await page.locator('[data-test=section-goods]').allInnerTexts();
    if (shown.length !== own.items.length || !own.items.every((item, index) => shown[index].includes(item.title))) throw new Error(`the section shows ${shown.join()}`);
  },
  async 'home page: a zone is made of counties, and a wrong code is named'() {
    const page = await enter(operator, '/home?part=zones');
    await page.waitForSelector('[data-test=row]');
    await look(page, 'console-home-zones', { desk });
    await page.click('[data-test=add-zone]');
    await page.fill('[name=name]', '黄河两岸');
    await page.fill('[name=code]', '黄河');
    await page.selectOption('[data-test=level-0]', { label: '山西省' });
    await page.waitForSelector('[data-test=level-1] option:has-text("临汾市")', { state: 'attached' });
    await page.selectOption('[data-test=level-1]', { label: '临汾市' });
    await page.waitForSelector('[data-test=level-2] option:has-text("隰县")', { state: 'attached' });
    await page.selectOption('[data-test=level-2]', { label: '隰县' });
    await page.click('[data-test=add-county]');
    await page.click('[data-test=save-zone]');
    await page.waitForSelector('.xj-fault');
    await page.waitForTimeout(300);
    await look(page, 'console-home-zone-new', { desk });
    await page.fill('[name=code]', 'yellow-river');
    await page.click('[data-test=save-zone]');
    await page.waitForSelector('tr:has-text("黄河两岸"):has-text("1 个区县")');
    const zone = await api('', 'GET', '/api/zones/yellow-river');
    if (zone.counties[0]?.name !== '隰县') throw new Error(`the zone has ${zone.counties.map((county) => county.name).join()}`);
  },
  async 'A31: shops: a county opens a village shop, mends it, and it stands on the home page'() {
    const page = await enter(county, '/sellers');
    await page.waitForSelector('[data-test=row]');
    await look(page, 'console-sellers', { desk });
    await page.click('[data-test=add-seller]');
    await page.click('[data-test=save-seller]');
    await page.waitForSelector('.el-drawer .xj-fault >> nth=2');
    await page.fill('.el-drawer [name=name]', '城南乡微商城');
    await page.selectOption('.el-drawer [data-test=kind]', { label: '村微商城' });
    for (const [level, name] of ['山西省', '临汾市', '隰县', '城南乡'].entries()) {
      await page.waitForSelector(`[data-test=level-${level}] option:has-text("${name}")`, { state: 'attached' });
      await page.selectOption(`[data-test=level-${level}]`, { label: name });
    }
    await page.waitForTimeout(300);
    await look(page, 'console-seller-new', { desk });
    await page.click('[data-test=save-seller]');
    await page.waitForSelector('tr:has-text("城南乡微商城"):has-text("城南乡")');
    await page.click('tr:has-text("城南乡微商城") [data-test=edit-seller]');
    await page.waitForSelector('[data-test=level-3] option:checked:has-text("城南乡")', { state: 'attached' });
    await page.fill('.el-drawer [name=summary]', '城南乡的梨和小米');
    await page.click('[data-test=save-seller]');
    await page.waitForSelector('.el-drawer', { state: 'hidden' });
    await until('home shows it', async () => {
      const { village_shops } = await api('', 'GET', '/api/home');
      return village_shops.some((shop) => shop.name === '城南乡微商城' && shop.summary === '城南乡的梨和小米');
    });
    // What was known of a shop is in its form, down to the village, and stays when it is saved as it is.
    const other = await enter(operator, '/sellers?kind=cooperative');
    await other.click('tr:has-text("城口岚溪村") [data-test=edit-seller]');
    await other.waitForSelector('[data-test=level-4] option:checked:has-text("岚溪")', { state: 'attached' });
    await other.click('[data-test=save-seller]');
    await other.waitForSelector('.el-drawer', { state: 'hidden' });
    const { items } = await api('', 'GET', '/api/sellers?kind=cooperative&place=50');
    if (!items.some((shop) => shop.name.includes('城口岚溪村') && shop.origin.village.includes('岚溪'))) throw new Error('the shop has another village');
  },
  async 'home page: a banner for another day is saved and does not stand yet'() {
    const page = await enter(operator, '/home?part=banners');
    await page.waitForSelector('[data-test=banner]');
    await look(page, 'console-home-banners', { desk });
    const before = await as(operator, 'GET', '/api/banners');
    await page.fill('[name=banner-from] >> nth=0', '2099-01-01T08:00');
    await page.fill('[name=banner-until] >> nth=0', '2098-01-01T08:00');
    await page.click('[data-test=save-banners]');
    await page.waitForSelector('.xj-fault');
    await page.fill('[name=banner-until] >> nth=0', '');
    await page.waitForSelector('text=还没到时间');
    await page.click('[data-test=save-banners]');
    await page.waitForSelector('text=存好了');
    await look(page, 'console-home-banner-later', { desk });
    const home = await api('', 'GET', '/api/home');
    if (home.banner.some((banner) => banner.title === before.banners[0].title)) throw new Error('a banner of another day stands on the home page');
    const kept = await as(operator, 'GET', '/api/banners');
    if (kept.banners.length !== before.banners.length || Date.parse(kept.banners[0].from_at) !== Date.parse('2099-01-01T08:00:00+08:00')) throw new Error(`kept is ${JSON.stringify(kept.banners[0])}`);
  },
  async 'home page: a county is not offered what only the whole house may do, and a keeper sees no desk'() {
    const page = await enter(county);
    await page.waitForSelector('[data-test=as-of]');
    if (await page.locator('nav a:has-text("首页")').count()) throw new Error('the county is offered the home page');
    await look(page, 'console-overview-county', { desk });
    const shop = await enter(keeper);
    await shop.waitForSelector('[data-test=as-of]');
    for (const word of ['售后', '投诉']) if (await shop.locator(`nav a:has-text("${word}")`).count()) throw new Error(`a keeper is offered ${word}`);
  },
  async 'an order in clear: a reason is asked, the receiver is shown once, and the buyer can read it'() {
    const number = await arrived();
    const order = await as(shopper, 'GET', `/api/orders/${number}`);
    const page = await enter(operator, `/orders?state=&number=${order.number}`);
    await page.click('[data-test=open] >> nth=0');
    await page.click('[data-test=unmask]');
    await page.fill('[name=unmask-reason]', '看看');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('.el-dialog .xj-fault');
    await page.fill('[name=unmask-reason]', '快递退回，要核对地址');
    await page.waitForTimeout(300);
    await look(page, 'console-unmask', { desk });
    await page.click('[data-test=confirm]');
    await page.waitForSelector('[data-test=in-clear]');
    await look(page, 'console-in-clear', { desk });
    const { items } = await as(shopper, 'GET', '/api/people/me/unmaskings');
    if (items[0]?.reason !== '快递退回，要核对地址') throw new Error(`the buyer reads ${items[0]?.reason}`);
  },
  async 'settings: popular words and words of listings are kept'() {
    const page = await enter(operator, '/words');
    await page.waitForSelector('[name=popular]');
    await look(page, 'console-words', { desk });
    const before = await page.inputValue('[name=popular]');
    await page.fill('[name=popular]', `${before}\n新米`);
    await page.click('[data-test=save-popular]');
    await page.waitForSelector('text=存好了');
    const { items } = await api('', 'GET', '/api/suggestions?limit=20');
    if (!items.some((item) => item.text === '新米')) throw new Error('the new word is not shown');
    await page.fill('[name=look]', '包治百病');
    await page.click('[data-test=save-listing]');
    await page.waitForFunction(() => !document.querySelector('[data-test=save-listing]').disabled);
    const kept = await as(operator, 'GET', '/api/listing-words');
    if (kept.look.join() !== '包治百病') throw new Error(`kept is ${kept.look.join()}`);
  },
  async 'settings: a unit that sellers are not offered is not in their form'() {
    const page = await enter(operator, '/words');
    await page.click('[name=unit-亩]');
    await page.click('[data-test=save-units]');
    await page.waitForSelector('text=存好了');
    await look(page, 'console-units', { desk });
    const { items } = await api('', 'GET', '/api/units');
    if (items.find((unit) => unit.name === '亩').is_offered) throw new Error('mu is still offered');
    if (!items.find((unit) => unit.name === '斤').is_offered) throw new Error('jin is offered no more');
  },
  async 'settings: a category is added and stands in its place'() {
    const page = await enter(operator, '/categories');
    await page.waitForSelector('[data-test=row]');
    await look(page, 'console-categories', { desk });
    await page.click('[data-test=add]');
    await page.fill('[name=order]', '五');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('.xj-fault');
    await page.waitForTimeout(300);
    await look(page, 'console-category-new', { desk });
    await page.fill('[name=name]', '腌菜');
    await page.fill('[name=order]', '7');
    await page.check('[data-test=food]');
    await page.click('[data-test=confirm]');
    await page.waitForSelector('tr:has-text("腌菜"):has-text("要食品许可")');
  },
  async 'a cooperative uploads a sheet, mends the errors, and it lists'() {
    const category = (await api('', 'GET', '/api/categories')).items[0];
    const head = '货号,商品名称,分类,产地,计件名,规格名,规格值,价格(元),净含量,单位,毛重(克),退换,库存,图片,说明';
    const row = (code, title, price) => `${code},${title},${category.id},山西省临汾市隰县龙泉镇,袋,规格,5 斤,${price},5,斤,2600,七天无理由,20,/img/bean.webp,生产许可证=SC10114060000012`;
    const sheet = (...rows) => ({ name: 'goods.csv', mimeType: 'text/csv', buffer: Buffer.from(`\uFEFF${[head, ...rows].join('\r\n')}\r\n`) });
    const page = await enter(keeper, '/imports');
    await page.waitForSelector('[data-test=template]');
    await page.waitForSelector('tr:has-text("等您决定")'); // of the demo
    await look(page, 'console-imports-first', { desk });
    await page.setInputFiles('[data-test=file]', sheet(row('M1', '龙泉镇小米', '39.00'), row('=M2', '龙泉镇红小豆', '三十九')));
    await page.waitForSelector('[data-test=bad-row]');
    await page.waitForSelector('[data-test=go]');
    await page.waitForTimeout(400);
    await look(page, 'console-import-errors', { desk });
    const [saved] = await Promise.all([page.waitForEvent('download'), page.click('[data-test=get-errors]')]);
    const errors = await readText(saved);
    if (!errors.startsWith('\uFEFF') || !errors.includes("\"'=M2\"") || !errors.includes('错误原因')) throw new Error(`the sheet of errors is ${errors.slice(0, 400)}`);
    await page.click('[data-test=go]');
    await page.waitForSelector('text=写成 1 份上架申请');
    await page.keyboard.press('Escape');
    await page.setInputFiles('[data-test=file]', { name: 'mended.csv', mimeType: 'text/csv', buffer: Buffer.from(errors.replace('"三十九"', '"29.00"')) });
    await page.waitForSelector('text=没有查出错');
    await page.click('[data-test=go]');
    await page.waitForSelector('text=写成 1 份上架申请，其中 1 份已送审');
    await page.waitForTimeout(400);
    await look(page, 'console-import-done', { desk });
    await page.keyboard.press('Escape');
    await page.waitForTimeout(400);
    await look(page, 'console-imports', { desk });
    await page.setInputFiles('[data-test=file]', { name: 'goods.csv', mimeType: 'text/csv', buffer: Buffer.from('货号,颜色\r\nA,红\r\n') });
    await page.waitForSelector('.imports__fault');
    const listing = (await as(operator, 'GET', '/api/listings?limit=50')).items.find((item) => item.title === '龙泉镇红小豆');
    await as(operator, 'POST', `/api/listings/${listing.id}/decisions`, { agreed: true, submitted_at: listing.submitted_at });
    const found = await api('', 'GET', `/api/goods?limit=50&seller=${listing.seller_id}`);
    if (!found.items.some((item) => item.title === '龙泉镇红小豆' && item.price_fen === 2900)) throw new Error('what was let through is not on sale');
  },
  async 'a change of a goods is read in words, with its pictures before and after'() {
    const { seller_id: seller, id: changing } = await pear(); // of which a change waits already
    const item = (await api('', 'GET', `/api/goods?seller=${seller}`)).items.find((one) => one.id !== changing);
    const draft = await as(keeper, 'GET', `/api/goods/${item.id}/draft`);
    const categories = (await api('', 'GET', '/api/categories')).items;
    const old = categories.find((one) => one.id === draft.category_id);
    const other = categories.find((one) => one.id !== draft.category_id && one.parent_id === old.parent_id && one.processed_food === old.processed_food) ?? old;
    const changed = { ...draft, category_id: other.id, place_code: `${draft.place_code.slice(0, 6)}000000`, pictures: [...draft.pictures, '/img/bean.webp'] };
    const { id } = await as(keeper, 'POST', '/api/listings', { goods_id: item.id, goods: changed });
    await as(keeper, 'POST', `/api/listings/${id}/submissions`);
    const page = await enter(operator, '/listings');
    await page.click(`tr:has-text("修改"):has-text("${draft.title}") button:has-text("看一看")`);
    await page.waitForSelector('[data-test=other-pictures]');
    await page.waitForSelector('.listing-diff ins:has-text("隰县")');
    const text = await page.textContent('.listing-diff');
    if (/\d{12}/.test(text) || !text.includes(old.name)) throw new Error(`the change reads ${text}`);
    await page.waitForTimeout(300);
    await look(page, 'console-listing-change', { desk });
  },
  async 'what is sold out is opened from the board, and orders that wait longest come first'() {
    const page = await enter(operator, '/');
    await page.click('[data-test=to-alarms]');
    await page.waitForSelector('[data-test=row]:has-text("卖完了")');
    await look(page, 'console-alarms', { desk });
    await page.goto(`${base}/console/orders?state=completed`);
    await page.waitForSelector('[data-test=row]');
    const number = async () => page.textContent('[data-test=row] .orders__number');
    const newest = await number();
    await page.click('th button:has-text("订单")');
    await page.waitForURL(/sort=oldest/);
    for (const end = Date.now() + 8000; (await number()) === newest && Date.now() < end; ) await page.waitForTimeout(100);
    if (!((await number()) < newest)) throw new Error(`${await number()} is no older than ${newest}`);
    await look(page, 'console-orders-oldest', { desk });
  },
  async 'orders are exported as a list shows them, and wait among the downloads'() {
    await paid(await pear()); // other journeys sent what waited
    const page = await enter(keeper, '/orders');
    await page.waitForSelector('[data-test=row]');
    await page.click('[data-test=state-paid]');
    await page.waitForURL(/state=paid/);
    await page.waitForSelector('[data-test=row]');
    await page.click('[data-test=export] summary');
    await page.waitForTimeout(200);
    await look(page, 'console-export-menu', { desk });
    const [book] = await Promise.all([page.waitForEvent('download'), page.click('[data-test=export-xlsx]')]);
    if (!(await readText(book)).startsWith('PK')) throw new Error('that is no workbook');
    await page.click('[data-test=export] summary');
    const [sheet] = await Promise.all([page.waitForEvent('download'), page.click('[data-test=export-csv]')]);
    const text = await readText(sheet);
    if (!text.includes('"待发货"') || text.includes('"已收货"') || /1[3-9]\d{9}/.test(text.replace(/XJ\d+/g, ''))) throw new Error(`the sheet is ${text.slice(0, 400)}`);
    const reviews = await enter(operator, '/listings');
    await reviews.waitForSelector('[data-test=row]');
    await reviews.click('[data-test=export] summary');
    const [listings] = await Promise.all([reviews.waitForEvent('download'), reviews.click('[data-test=export-csv]')]);
    if (!(await readText(listings)).includes('"等审"')) throw new Error('the listings that wait are not in the sheet');
    await look(reviews, 'console-listings', { desk });
    await page.goto(`${base}/console/exports`);
    await page.waitForSelector('[data-test=fetch]');
    await look(page, 'console-exports', { desk });
    await Promise.all([page.waitForEvent('download'), page.click('[data-test=fetch] >> nth=0')]);
  },
};

await startServer();
const word = new RegExp(process.argv[2] ?? '');
let walked = 0;
let wrong = 0;
for (const [name, run] of Object.entries(journeys)) {
  if (!word.test(name)) continue;
  walked++;
  try {
    await run();
    console.log(`  console: ${name}`);
  } catch (error) {
    wrong++;
    console.log(`  console: ${name}: BROKEN: ${error.message}`);
  }
  for (const context of browser.contexts()) await context.close();
}
await browser.close();
await stopServer();
console.log(`${walked} journeys at the desk: ${walked - wrong} passed, ${wrong} failed`);
process.exit(wrong ? 1 : 0);

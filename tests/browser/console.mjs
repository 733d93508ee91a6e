// Journeys at the desk, at one width. Each begins where its role begins: at the log-in of the console.
import { api, base, browser, keeper, look, open, tokenOf } from './lib.mjs';
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

async function waiting(count) {
  const token = await tokenOf(keeper);
  const me = await api(token, 'GET', '/api/people/me');
  const found = [];
  for (const seller of me.organisation_ids)
    for (const order of (await api(token, 'GET', `/api/orders?desk=seller&seller=${seller}&state=paid`)).items) found.push({ seller, ...order });
  if (found.length < count) throw new Error(`the demo has ${found.length} orders to send for the keeper, ${count} are needed`);
  return found;
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
    if (!text.includes(`${orders[1].number}, 邮政, 773100002`)) throw new Error(`scanned: ${text}`);
    await page.fill('[name=rows]', `${text}\n${orders[0].number}\t顺丰\t99887766`);
    await page.click('[data-test=check]');
    await page.waitForSelector('text=发不了');
    await look(page, 'console-batch', { desk });
    await page.click('[data-test=send]');
    await page.waitForSelector('.xc-tag:has-text("发出去了")');
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
    await page.click('[data-test=begin-count]');
    await page.waitForSelector('.stock__count:focus');
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    const second = await page.evaluate(() => [...document.querySelectorAll('.stock__count')].indexOf(document.activeElement));
    if (second !== 1) throw new Error(`Enter went to row ${second}`);
    await page.click('[data-test=review]');
    await page.waitForSelector('[data-test=difference]');
    await page.waitForTimeout(300);
    await look(page, 'console-count', { desk });
    await page.click('[data-test=confirm]');
    await page.waitForSelector('text=存好了');
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
  },
};

await startServer();
const only = process.argv.slice(2);
let wrong = 0;
for (const [name, run] of Object.entries(journeys)) {
  if (only.length && !only.some((word) => name.includes(word))) continue;
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
process.exit(wrong ? 1 : 0);

// Every page of the shop, in large print and in the ordinary one, at 390 x 844. The list of pages is the router's own.
import { as, base, judge, open } from './lib.mjs';
import { examples, makeWorld } from './examples.mjs';

// Vue leaves the application on the element it is mounted on, and the router in its properties.
async function pathsOfRouter() {
  const page = await open(390);
  await page.goto(base);
  const paths = await page.evaluate(() =>
    document.querySelector('#app').__vue_app__.config.globalProperties.$router.getRoutes().filter((route) => !route.redirect).map((route) => route.path));
  await page.context().close();
  return paths;
}

async function fillBag(person, goods) {
  for (const { sku_id } of goods) await as(person, 'PUT', `/api/cart/lines/${sku_id}`, { count: 2, selected: true });
}

/** Measures the pages whose address and mode fit `word`. Returns how many passed and the lines of what did not. */
export async function measurePages(item, word, say) {
  const table = examples(await makeWorld(item));
  const paths = await pathsOfRouter();
  const failures = paths.filter((path) => !table[path]).map((path) => `${path}: tests/browser/examples.mjs has no example of this page`);
  let passed = 0;
  const fail = (line) => (failures.push(line), say(line));
  failures.forEach(say);
  const devices = new Map();
  for (const mode of ['elder', 'ordinary'])
    for (const path of paths)
      for (const [nth, example] of (table[path] ?? []).entries()) {
        if (!word.test(`${example.to} ${mode}`)) continue;
        const who = example.as?.phone ?? 'nobody';
        const device = `${who} ${mode}`;
        if (!devices.has(device)) devices.set(device, await open(390, { person: example.as, isElder: mode === 'elder' }));
        const page = devices.get(device);
        if (example.bag) await fillBag(example.as, example.bag);
        // Each page is opened anew, as from a shared address.
        await page.goto('about:blank');
        await page.goto(base + example.to);
        await page.waitForSelector('main h1, main h2');
        await page.waitForFunction(() => !document.querySelector('.xj-loading'));
        const name = `${path.replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '') || 'home'}${nth || ''}`;
        const faults = await judge(page, name);
        if (faults.length === 0) passed++;
        else fail(`${mode} ${example.to}${who === 'nobody' ? '' : ` as ${who}`}\n${faults.map((fault) => `    ${fault}`).join('\n')}`);
      }
  for (const page of devices.values()) await page.context().close();
  return { passed, failed: failures.length, pages: paths.length };
}

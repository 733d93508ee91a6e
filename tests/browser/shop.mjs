// Walks all journeys through the shop, in one browser and on one server, and says how many there were.
import { api, browser, open, pear } from './lib.mjs';
import { aftersalesJourneys } from './aftersales.mjs';
import { messageJourneys } from './messages.mjs';
import { journeys } from './journeys.mjs';
import { makeLeaver, offlineJourneys } from './offline.mjs';
import { startServer, stopServer } from './server.mjs';

const word = new RegExp(process.argv[2] ?? '');
// A slow machine may look at one width alone.
const only = process.env.XJ_WIDTHS?.split(',').map(Number);
const say = (line) => console.log(line);
await startServer();
const item = await pear();
const { items } = await api('', 'GET', `/api/goods?seller=${item.seller_id}`);
// Journeys that change a stock or a price do it to this one, which no other journey buys.
const other = items.find((card) => card.id !== item.id && card.available);
const world = { item, other, leaver: await makeLeaver() };

let walks = 0;
let failed = 0;
const walked = [...journeys, ...aftersalesJourneys, ...messageJourneys, ...offlineJourneys].filter((each) => word.test(each.name));
for (const { name, walk, widths, person, worker } of walked) {
  const began = Date.now();
  const here = widths.filter((each) => !only || only.includes(each));
  for (const width of here) {
    const page = await open(width, { person, worker });
    walks++;
    try {
      await walk(page, world);
      if (page.faults.length) throw new Error(page.faults.join('; '));
    } catch (error) {
      failed++;
      say(`FAILED at ${width} px: ${name}\n  ${error.message.split('\n').slice(0, 8).join('\n  ')}`);
      if (process.env.XJ_SHOTS) await page.screenshot({ path: `${process.env.XJ_SHOTS}/failed-${width}-${failed}.png` }).catch(() => {});
    }
    await page.context().close();
  }
  say(`- ${name} (${here.join(', ')}: ${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

await browser.close();
await stopServer();
say(`${walked.length} journeys of the shop in ${walks} walks: ${walks - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);

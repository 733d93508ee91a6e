// Lighthouse's mobile figures of home, a list and a goods page: the median of three runs each. `make lighthouse`; not a part of
// ./test, because performance is a figure of the machine as much as of the page. Ends with an error below 90 and 95.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { base, startServer, stopServer } from './server.mjs';

const require = createRequire(new URL('lighthouse/package.json', import.meta.url));
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const { default: lighthouse } = await load('lighthouse');
const chromeLauncher = await load('chrome-launcher');

const runs = Number(process.env.XJ_RUNS ?? 3);
const wanted = { performance: 90, accessibility: 95 };
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

await startServer();
const { items } = await (await fetch(`${base}/api/goods`)).json();
let missed = 0;
for (const [name, path] of [['home', '/'], ['list', '/goods'], ['goods page', `/goods/${items[0].id}`]]) {
  const found = [];
  for (let run = 0; run < runs; run++) {
    // A new browser each time: nothing is remembered from the run before.
    const chrome = await chromeLauncher.launch({
      chromePath: '/usr/bin/chromium',
      chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
    try {
      const { lhr } = await lighthouse(base + path, { port: chrome.port, onlyCategories: Object.keys(wanted), logLevel: 'error' });
      found.push({
        ...Object.fromEntries(Object.keys(wanted).map((each) => [each, Math.round(lhr.categories[each].score * 100)])),
        paint: lhr.audits['largest-contentful-paint'].numericValue,
        blocked: lhr.audits['total-blocking-time'].numericValue,
        shift: lhr.audits['cumulative-layout-shift'].numericValue,
        faults: lhr.categories.accessibility.auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score === 0).map(({ id }) => id),
      });
    } finally {
      await chrome.kill();
    }
  }
  const of = (key) => median(found.map((each) => each[key]));
  const scores = Object.keys(wanted).map((each) => `${each} ${of(each)}${of(each) < wanted[each] ? ` (wanted ${wanted[each]})` : ''}`);
  missed += Object.keys(wanted).filter((each) => of(each) < wanted[each]).length;
  console.log(`${name}: ${scores.join(', ')}; largest paint ${(of('paint') / 1000).toFixed(1)} s, blocked ${Math.round(of('blocked'))} ms, shift ${of('shift').toFixed(3)}`);
  if (found[0].faults.length) console.log(`  accessibility: ${found[0].faults.join(', ')}`);
}
await stopServer();
process.exit(missed ? 1 : 0);

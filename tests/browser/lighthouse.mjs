// Lighthouse's mobile figures of home, a list and a goods page: the median of three runs each. `make lighthouse`; not a part of
// ./test, because performance is a figure of the machine as much as of the page. Ends with an error below 90 and 95.
//
// Lighthouse slows a processor down to a mid-tier phone's; by how much depends on the processor. Its own rule is followed, that of the calculator
// which https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md names; XJ_SLOWDOWN=4 sets Lighthouse's default for fast desktops.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { executablePath } from './chromium.mjs';
import { base, startServer, stopServer } from './server.mjs';

const require = createRequire(new URL('lighthouse/package.json', import.meta.url));
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const { default: lighthouse } = await load('lighthouse');
const constants = await load('lighthouse/core/config/constants.js');
const chromeLauncher = await load('chrome-launcher');

const runs = Number(process.env.XJ_RUNS ?? 3);
const wanted = { performance: 90, accessibility: 95 };
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** One run of Lighthouse, in a new browser: nothing is remembered from the run before. */
async function look(path, cpuSlowdownMultiplier) {
  const chrome = await chromeLauncher.launch({
    chromePath: executablePath,
    chromeFlags: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  try {
    const settings = { extends: 'lighthouse:default', settings: { throttling: { ...constants.throttling.mobileSlow4G, cpuSlowdownMultiplier } } };
    return (await lighthouse(base + path, { port: chrome.port, onlyCategories: Object.keys(wanted), logLevel: 'error' }, settings)).lhr;
  } finally {
    await chrome.kill();
  }
}

/** How many times slower than this machine, whose benchmark gave `index`, a mid-tier phone is. */
function slowdownOf(index) {
  if (index < 800) return 1 + Math.max(0, index - 150) / 650;
  if (index < 1300) return 2 + (index - 800) / 500;
  return 3 + (index - 1300) / 233;
}

await startServer();
const indices = [];
for (let run = 0; run < 3; run++) indices.push((await look('/', 1)).environment.benchmarkIndex);
const slowdown = Number(process.env.XJ_SLOWDOWN ?? slowdownOf(median(indices)));
console.log(`benchmark index ${indices.map(Math.round).join(', ')}: the processor is slowed down ${slowdown.toFixed(1)} times`);
const { items } = await (await fetch(`${base}/api/goods`)).json();
let missed = 0;
for (const [name, path] of [['home', '/'], ['list', '/goods'], ['goods page', `/goods/${items[0].id}`]]) {
  const found = [];
  for (let run = 0; run < runs; run++) {
    const lhr = await look(path, slowdown);
    found.push({
      ...Object.fromEntries(Object.keys(wanted).map((each) => [each, Math.round(lhr.categories[each].score * 100)])),
      paint: lhr.audits['largest-contentful-paint'].numericValue,
      blocked: lhr.audits['total-blocking-time'].numericValue,
      shift: lhr.audits['cumulative-layout-shift'].numericValue,
      faults: lhr.categories.accessibility.auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score === 0).map(({ id }) => id),
    });
  }
  const of = (key) => median(found.map((each) => each[key]));
  const scores = Object.keys(wanted).map((each) => `${each} ${of(each)}${of(each) < wanted[each] ? ` (wanted ${wanted[each]})` : ''}`);
  missed += Object.keys(wanted).filter((each) => of(each) < wanted[each]).length;
  console.log(`${name}: ${scores.join(', ')}; largest paint ${(of('paint') / 1000).toFixed(1)} s, blocked ${Math.round(of('blocked'))} ms, shift ${of('shift').toFixed(3)}`);
  if (found[0].faults.length) console.log(`  accessibility: ${found[0].faults.join(', ')}`);
}
await stopServer();
process.exit(missed ? 1 : 0);

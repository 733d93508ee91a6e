// Measures all pages of the shop, in one browser and on one server, and says how many views there were.
import { browser, pear } from './lib.mjs';
import { measurePages } from './pages.mjs';
import { startServer, stopServer } from './server.mjs';

const word = new RegExp(process.argv[2] ?? '');
await startServer();
const { pages, passed, failed } = await measurePages(await pear(), word, (line) => console.log(line));
await browser.close();
await stopServer();
console.log(`${pages} pages of the shop, in large print and ordinary: ${passed} views passed, ${failed} failed`);
process.exit(failed ? 1 : 0);

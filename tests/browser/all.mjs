import { browser, pear } from './lib.mjs';
import { measurePages } from './pages.mjs';
import { startServer, stopServer } from './server.mjs';
await startServer();
const began = Date.now();
const pages = await measurePages(await pear(), process.argv[2] ?? '', console.log);
console.log(pages, (Date.now() - began) / 1000);
await browser.close();
await stopServer();

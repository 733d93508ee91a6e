// The browser of all tests: Debian's Chromium without a window. It is the same engine as the one with windows, which draws a frame, a
// tab strip and a cursor for nobody and takes nearly twice the time.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');

export const executablePath = '/usr/bin/chromium-headless-shell';
export const launch = () => chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

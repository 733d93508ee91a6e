// Draws the icons of the installed shop from public/logo.svg, in Chromium: `sh build.sh node shop/icons.mjs`. Only needed when
// the seal changes; the pictures are kept beside it. The maskable one leaves a tenth more air, for phones that cut corners off.
import fs from 'node:fs';
import { chromium } from 'playwright-core';

const folder = new URL('public/', import.meta.url);
const seal = fs.readFileSync(new URL('logo.svg', folder), 'utf8');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const [name, size, share, ground] of [
    ['icon-192.png', 192, 0.94, 'transparent'],
    ['icon-512.png', 512, 0.94, 'transparent'],
    ['icon-maskable.png', 512, 0.62, '#F5F3EE'],
    ['apple-touch-icon.png', 180, 0.72, '#F5F3EE'],
]) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<body style="margin:0;height:100vh;display:grid;place-items:center;background:${ground}">${seal}</body>`);
    await page.addStyleTag({ content: `svg{display:block;width:${share * size}px;height:${share * size}px}` });
    await page.screenshot({ path: new URL(name, folder).pathname, omitBackground: true });
}
await browser.close();

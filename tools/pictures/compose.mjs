// Composes the demo pictures into ui/kit/img. See README.md. `node compose.mjs [name ...]` paints only those named.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { creditsText } from './credits.mjs';
import { pictures } from './list.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const target = process.env.PICTURES ?? join(here, '..', '..', 'ui', 'kit', 'img');
const LARGEST_BYTES = 40 * 1024;
const QUALITIES = [80, 75, 70, 65, 60, 54];

/** Writes one picture as webp, a little coarser each time until it fits. */
async function save(picture) {
    const image = await picture.paint();
    for (const quality of QUALITIES) {
        const bytes = await image.clone().webp({ quality, effort: 6, smartSubsample: true }).toBuffer();
        if (bytes.length > LARGEST_BYTES) continue;
        await writeFile(join(target, `${picture.name}.webp`), bytes);
        return bytes.length;
    }
    throw new Error(`${picture.name}.webp stays over ${LARGEST_BYTES} bytes`);
}

const wanted = process.argv.slice(2);
const all = pictures();
const unknown = wanted.filter((name) => !all.some((picture) => picture.name === name));
if (unknown.length > 0) throw new Error(`no such picture: ${unknown.join(', ')}`);
await mkdir(target, { recursive: true });
let total = 0;
for (const picture of all.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    total += await save(picture);
}
await writeFile(join(target, 'README.md'), creditsText(all));
console.log(`${wanted.length || all.length} pictures, ${total} bytes, in ${target}`);

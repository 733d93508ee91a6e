// Composes the demo pictures into ui/kit/img. See README.md. `node compose.mjs [name ...]` paints only those named.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pictures } from './list.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const target = process.env.PICTURES ?? join(here, '..', '..', 'ui', 'kit', 'img');
const LARGEST_BYTES = 40 * 1024;

/** Writes one picture as webp, a little coarser each time until it fits. */
async function save(picture) {
    const image = await picture.paint();
    for (const quality of [84, 78, 72, 66, 60, 54]) {
        const bytes = await image.clone().webp({ quality, effort: 6, smartSubsample: true }).toBuffer();
        if (bytes.length > LARGEST_BYTES && quality > 54) continue;
        await writeFile(join(target, `${picture.name}.webp`), bytes);
        return bytes.length;
    }
    throw new Error(`${picture.name} does not fit`);
}

const wanted = process.argv.slice(2);
const chosen = pictures().filter((each) => wanted.length === 0 || wanted.includes(each.name));
await mkdir(target, { recursive: true });
let total = 0;
for (const picture of chosen) {
    total += await save(picture);
}
console.log(`${chosen.length} pictures, ${total} bytes, in ${(await stat(target)).isDirectory() ? target : ''}`);

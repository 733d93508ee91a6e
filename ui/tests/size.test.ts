// What the first visit to the home page loads, compressed: at most 100 kB of page, scripts and styles. Pictures apart.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const built = fileURLToPath(new URL('../dist/shop', import.meta.url));
const bytesMax = 100_000;

function linked(html: string): string[] {
    return [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]!);
}

// A script may import others that the page does not name.
function imported(script: string): string[] {
    return [...script.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)].map((match) => `/assets/${match[1]}`);
}

test('the home page is light', { skip: !existsSync(built) && 'not built' }, (context) => {
    const html = readFileSync(`${built}/index.html`);
    const waiting = linked(html.toString());
    const seen = new Set<string>();
    let bytes = gzipSync(html).length;
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
        if (seen.has(path)) continue;
        seen.add(path);
        const content = readFileSync(built + path);
        bytes += gzipSync(content).length;
        if (path.endsWith('.js')) waiting.push(...imported(content.toString()));
    }
    context.diagnostic(`${bytes} bytes in ${seen.size + 1} files`);
    assert.ok(seen.size >= 2, 'the page links its script and its style');
    assert.ok(bytes <= bytesMax, `${bytes} bytes`);
});

// What each picture is composed from, as the README beside the pictures says it.
import { OWN } from './picture.mjs';

/** Pictures that were composed first, together with the mark of the house, in the same way. */
const FROM_THE_BRAND = {
    apple: ['1f34e'],
    bean: ['1fad8'],
    chestnut: ['1f330'],
    chili: ['1f336-fe0f'],
    corn: ['1f33d'],
    egg: ['1f95a'],
    garlic: ['1f9c4'],
    ginger: ['1fada'],
    honey: ['1f36f', '1f41d', '1f33c'],
    kiwi: ['1f95d'],
    live1: ['1f468-1f3fb-200d-1f33e', '1f350', OWN],
    muer: [OWN],
    'one-pear': ['1f350'],
    orange: ['1f34a'],
    peanut: ['1f95c'],
    pear: ['1f350'],
    pear2: ['1f350'],
    pear3: ['1f350', '1f9fa'],
    rice: ['1f35a', '1f33e'],
    sweetpotato: ['1f360'],
    tea: ['1f375'],
    xitang: ['1f36c', OWN],
    ...Object.fromEntries(
        [
            '1f468-1f3fb-200d-1f33e',
            '1f468-1f3fb-200d-1f4bc',
            '1f468-1f3fb',
            '1f469-1f3fb-200d-1f33e',
            '1f469-1f3fb-200d-1f4bc',
            '1f469-1f3fb',
            '1f474-1f3fb',
            '1f475-1f3fb',
            '1f9d1-1f3fb',
        ].map((code) => [`p-${code}`, [code]]),
    ),
};

const HEAD = `# Demo pictures

Pictures of the demo world: goods (square, 720 px), sellers, sections, the zone (square scenes), banners (720 x 360) and
portraits (256 px, no ground). They are composed, not photographed: one thing on a warm paper ground, light from the upper
left, a soft shadow. They are stand-ins; a real shop shows its sellers' own photographs.

Credits: **Fluent Emoji** by Microsoft, MIT licence, as packed by LobeHub in \`@lobehub/fluent-emoji-3d\` 1.1.0 (MIT), some of them
recoloured, turned or scaled; everything called "own drawing" was drawn for this project and has its licence.

\`tools/pictures\` composes all but those marked "brand", which were composed first, together with the mark of the house, and are kept as they are. This file
is written by the same script.

| picture | composed from |
|---|---|
`;

/** The README of the picture folder. */
export function creditsText(pictures) {
    const said = (part) => (part === OWN ? part : `emoji ${part}`);
    const parts = new Map(Object.entries(FROM_THE_BRAND).map(([name, list]) => [name, [...list, 'brand']]));
    for (const { name, credits } of pictures) parts.set(name, [...credits].sort());
    const rows = [...parts].sort(([first], [second]) => (first < second ? -1 : 1));
    const row = ([name, list]) => `| ${name}.webp | ${list.map((part) => (part === 'brand' ? part : said(part))).join(', ')} |`;
    return `${HEAD}${rows.map(row).join('\n')}\n`;
}

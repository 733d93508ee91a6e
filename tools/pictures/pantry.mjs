// Jars, crocks, bowls, tins: pickles, sauces, honey, tea, roots and cured meat.
import { box, inBowl, onTray } from './arrange.mjs';
import { lighter, random } from './draw.mjs';
import { Picture } from './picture.mjs';
import * as things from './things.mjs';
import * as vessels from './vessels.mjs';

/** Fills a jar with one liquid, lighter at its top edge. */
const liquid =
    (colour) =>
    (sheet, { left, right, top, bottom }) => {
        const fill = sheet.ramp([
            [0, lighter(colour, 0.35)],
            [0.12, colour],
            [1, colour],
        ]);
        sheet.add(`<rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" fill="${fill}"/>`);
        sheet.add(`<ellipse cx="${(left + right) / 2}" cy="${top}" rx="${(right - left) / 2}" ry="14" fill="${lighter(colour, 0.45)}"/>`);
    };

/** Fills a jar with chopped things in their juice. */
const chopped =
    (juice, colours, { size = 26, seed = 1, count = 190, long = 1 } = {}) =>
    (sheet, edges) => {
        liquid(juice)(sheet, edges);
        const next = random(seed);
        const bits = Array.from({ length: count }, () => {
            const x = edges.left + next() * (edges.right - edges.left);
            const y = edges.top + 6 + next() * (edges.bottom - edges.top);
            const colour = colours[Math.floor(next() * colours.length)];
            const wide = size * (0.6 + next() * 0.7);
            return `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${(next() * 180).toFixed(0)})"><rect x="${(-wide * long) / 2}" y="${-wide * 0.3}" width="${wide * long}" height="${wide * 0.6}" rx="${wide * 0.22}" fill="${colour}"/><rect x="${-wide * long * 0.34}" y="${-wide * 0.2}" width="${wide * long * 0.5}" height="${wide * 0.12}" rx="2" fill="#FFFFFF" opacity=".3"/></g>`;
        });
        sheet.add(bits.join(''));
    };

const CHILLI = ['#C9301F', '#A8261B', '#DE4A2C', '#E9D9B0', '#B92A1E'];
const PICKLE = ['#6E8B3A', '#88A24C', '#D9C27A', '#C99A5B', '#5E7A30'];

/** One jar on its shadow. */
function oneJar(name, ground, options, fill) {
    return new Picture(name, ground).draw((sheet) => {
        sheet.shade(options.x ?? 360, 624, (options.width ?? 300) * 1.08);
        vessels.jar(sheet, { y: 316, height: 304, ...options }, fill);
    });
}

/** Two jars, the far one smaller. */
function twoJars(name, ground, options, fill, second = fill) {
    return new Picture(name, ground).draw((sheet) => {
        sheet.shade(262, 586, 240).shade(464, 622, 260);
        vessels.jar(sheet, { ...options, x: 256, y: 330, width: 214, height: 252 }, second);
        vessels.jar(sheet, { ...options, x: 458, y: 350, width: 240, height: 266 }, fill);
    });
}

function sauces() {
    const chilli = chopped('#A8261B', CHILLI, { seed: 4 });
    const curds = (sheet, edges) => {
        liquid('#B5421F')(sheet, edges);
        for (let row = 0; row < 5; row++) {
            for (let column = 0; column < 4; column++)
                sheet.group(edges.left + 46 + column * 72 + (row % 2) * 20, edges.top + 44 + row * 62, { scale: 0.42 }, (part) =>
                    things.cube(part, '#D9774A'),
                );
        }
    };
    const dish = inBowl(
        new Picture('furu', 'paper'),
        (sheet) => {
            for (const [x, y] of [
                [-112, -40],
                [0, -70],
                [112, -40],
                [-56, -14],
                [58, -14],
            ])
                sheet.group(x, y, { scale: 0.72, lift: 5 }, (part) => things.cube(part, '#DB8B50'));
        },
        { width: 470, y: 450, line: '#B23A26' },
    );
    const pickled = inBowl(
        new Picture('zhacai', 'wheat'),
        (sheet) => {
            things.strands(sheet, {
                count: 110,
                width: 180,
                height: 104,
                length: 78,
                thick: 17,
                bend: 16,
                colours: ['#8F9A4C', '#A8AD62', '#C2BE7C', '#79883F'],
                seed: 5,
            });
            things.grains(sheet, {
                count: 46,
                width: 160,
                height: 100,
                sizeX: 8,
                sizeY: 4,
                colours: ['#C9301F', '#A8261B'],
                seed: 7,
            });
        },
        { line: '#1F6549' },
    );
    const kimchi = inBowl(
        new Picture('kimchi', 'sage'),
        (sheet) => {
            things.strands(sheet, {
                count: 70,
                width: 172,
                height: 110,
                length: 120,
                thick: 26,
                bend: 30,
                colours: ['#D9573A', '#E98B5C', '#F0C79A', '#C23B26', '#D8B25A'],
                spread: 55,
                seed: 11,
            });
            things.strands(sheet, {
                count: 16,
                width: 120,
                height: 104,
                length: 60,
                thick: 7,
                bend: 10,
                colours: ['#5E8B3A', '#7AA64C'],
                seed: 3,
            });
        },
        { colour: '#EFE7DA', line: '#B23A26' },
    );
    return [
        oneJar('chili-jar', 'clay', { x: 320, lidColour: '#D9A93F' }, chilli).emoji('1f336-fe0f', 548, 520, 180, {
            turn: 10,
        }),
        twoJars('chili-jar-2', 'sage', { lid: 'cloth', lidColour: '#B23A26', label: null }, chilli),
        dish,
        oneJar('furu-jar', 'clay', { lidColour: '#B23A26', width: 280 }, curds),
        pickled,
        new Picture('zhacai-jar', 'paper').draw((sheet) => {
            sheet.shade(360, 624, 360);
            vessels.crock(sheet, { y: 292, height: 322, width: 340, colour: '#6B4630' });
        }),
        kimchi,
        oneJar(
            'kimchi-jar',
            'wheat',
            { lidColour: '#B23A26', label: null },
            chopped('#D9573A', ['#E98B5C', '#F0D3AE', '#C23B26', '#D9573A', '#E9BE6A'], {
                size: 48,
                count: 90,
                long: 1.7,
                seed: 6,
            }),
        ),
        oneJar(
            'jiangcai',
            'sage',
            { x: 318, lidColour: '#7A5A2C', ink: '#7A5200' },
            chopped('#7A5A2C', PICKLE, { size: 34, count: 120, long: 1.5, seed: 8 }),
        ).emoji('1f952', 552, 520, 176, { turn: 8 }),
        new Picture('jiangcai-jar', 'clay').draw((sheet) => {
            sheet.shade(300, 620, 330).shade(540, 618, 150);
            vessels.crock(sheet, { x: 296, y: 300, width: 310, height: 310, colour: '#4F5B4A' });
            sheet.group(540, 528, { scale: 0.66, turn: 8, lift: 6 }, (part) => things.radish(part, { seed: 3 }));
        }),
    ];
}

function sweet() {
    const amber = liquid('#D9902A');
    return [
        oneJar('pear-syrup', 'sage', { x: 310, lidColour: '#4B342B', ink: '#7A5200' }, liquid('#6B3A1A')).emoji('1f350', 548, 500, 220),
        twoJars('pear-syrup-2', 'wheat', { lidColour: '#4B342B', ink: '#7A5200' }, liquid('#6B3A1A')),
        oneJar('honey-2', 'sage', { lid: 'cloth', lidColour: '#C98A2B', ink: '#7A5200' }, amber).emoji('1f41d', 150, 250, 130, {
            shade: false,
        }),
        oneJar('linden-honey', 'paper', { x: 330, lidColour: '#D9A93F', ink: '#1F6549' }, liquid('#F0DDA6')).draw((sheet) => {
            things.leaf(sheet, 520, 600, 110, -34, '#6E9A45');
            things.leaf(sheet, 560, 610, 96, -74, '#7BA84E');
            for (const [x, y] of [
                [540, 470],
                [590, 500],
                [562, 530],
            ])
                sheet.group(x, y, { scale: 0.26, lift: 3 }, (part) => things.chrysanthemum(part, '#FBF3D3', '#E9C65E'));
        }),
        twoJars('linden-honey-2', 'sage', { lidColour: '#D9A93F' }, liquid('#F0DDA6'), liquid('#E9CF87')),
    ];
}

function tea() {
    const green = { colours: ['#4E6B34', '#5F7F3E', '#3F5A2B', '#74914B'] };
    const teapot = new Picture('tea-pot', 'clay').emoji('1fad6', 286, 430, 330, {
        hue: 40,
        saturation: 0.42,
        brightness: 0.74,
    });
    teapot.draw((sheet) => {
        sheet.shade(540, 606, 180);
        vessels.tin(sheet, { x: 536, y: 396, width: 150, height: 200, colour: '#7F9B52' });
    });
    return [
        new Picture('tea-tin', 'sage').draw((sheet) => {
            sheet.shade(330, 612, 300).shade(540, 596, 120);
            vessels.tin(sheet, { x: 326, y: 282, width: 250, height: 318, colour: '#2F6B4F' });
            things.leaf(sheet, 500, 584, 110, -52, '#6E9A3C');
            things.leaf(sheet, 506, 586, 84, -18, '#86B14C');
        }),
        onTray(new Picture('tea-leaf', 'wheat'), (sheet) =>
            things.strands(sheet, {
                ...green,
                count: 260,
                width: 220,
                height: 124,
                length: 52,
                thick: 6,
                bend: 12,
                spread: 85,
                seed: 2,
            }),
        ),
        teapot,
        onTray(new Picture('chrysanthemum', 'paper'), (sheet) => {
            for (const [x, y, size] of [
                [-150, -62, 62],
                [-40, -104, 64],
                [72, -104, 62],
                [170, -62, 58],
                [-96, -18, 68],
                [20, -36, 74],
                [128, -14, 66],
            ])
                sheet.group(x, y, { scale: size / 70, scaleY: (size / 70) * 0.72, lift: 5 }, (part) =>
                    things.chrysanthemum(part, '#F7DE8B', '#D98F1E'),
                );
        }),
        new Picture('chrysanthemum-tin', 'clay').draw((sheet) => {
            sheet.shade(318, 612, 290).shade(536, 600, 170);
            vessels.tin(sheet, { x: 314, y: 286, width: 240, height: 314, colour: '#D9A93F', ink: '#7A5200' });
            for (const [x, y, scale] of [
                [520, 552, 0.66],
                [592, 580, 0.5],
            ])
                sheet.group(x, y, { scale, scaleY: scale * 0.82, lift: 5 }, (part) => things.chrysanthemum(part, '#F7DE8B', '#D98F1E'));
        }),
    ];
}

function roots() {
    const bedded = (name, ground, thing, places, colour) =>
        new Picture(name, ground).draw((sheet) => {
            sheet.shade(360, 606, 540);
            vessels.crateBack(sheet, { y: 400, width: 520, colour });
            vessels.moss(sheet, { y: 424, width: 470, height: 90 });
            for (const [x, y, turn, scale] of places) sheet.group(x, y, { turn, scale, lift: 6 }, thing);
            vessels.moss(sheet, { y: 462, width: 470, height: 40, seed: 9 });
            vessels.crateFront(sheet, { y: 452, width: 520, height: 140, boards: 1, colour });
        });
    const plain = (sheet) => things.ginseng(sheet);
    return [
        new Picture('ginseng', 'sage').draw((sheet) => {
            sheet.shade(290, 596, 190).shade(462, 600, 190);
            sheet.group(276, 400, { scale: 1.36, turn: -8, lift: 7 }, plain);
            sheet.group(456, 408, { scale: 1.3, turn: 10, lift: 7 }, (part) => things.ginseng(part, { seed: 8, colour: '#E3C495' }));
        }),
        bedded(
            'ginseng-box',
            'wheat',
            plain,
            [
                [236, 382, -24, 0.86],
                [360, 372, 2, 0.9],
                [486, 384, 24, 0.86],
            ],
            '#C98F5A',
        ),
        new Picture('gastrodia', 'paper').draw((sheet) => {
            sheet.shade(360, 600, 470);
            sheet.group(250, 412, { scale: 1.3, turn: -14, lift: 7 }, things.gastrodia);
            sheet.group(474, 440, { scale: 1.26, turn: 12, lift: 7 }, things.gastrodia);
            sheet.group(340, 534, { scale: 1.36, turn: -3, lift: 8 }, things.gastrodia);
        }),
        box(new Picture('gastrodia-box', 'sage'), things.gastrodia, { size: 190 }),
    ];
}

function meat() {
    const hung = new Picture('larou', 'clay').draw((sheet) => {
        sheet.shade(360, 640, 380, { opacity: 0.22 });
        sheet.add(
            `<rect x="90" y="150" width="540" height="26" rx="13" fill="${sheet.ramp([
                [0, '#C9A063'],
                [0.5, '#A87A42'],
                [1, '#6E4A22'],
            ])}"/>`,
        );
        sheet.add(
            '<g fill="#7A5528"><rect x="206" y="148" width="7" height="30" rx="3"/><rect x="430" y="148" width="7" height="30" rx="3"/></g>',
        );
        for (const [x, turn, scale] of [
            [206, -3, 1.24],
            [366, 2, 1.42],
            [520, -1, 1.2],
        ])
            sheet.group(x, 166 + 186 * scale, { turn, scale, lift: 7 }, (part) => things.slab(part, { string: true }));
    });
    const board = new Picture('larou-2', 'wheat').draw((sheet) => {
        sheet.shade(360, 604, 560);
        sheet.add(
            `<path d="M120 470H600Q636 470 640 500L650 560Q652 590 620 590H100Q68 590 70 560L80 500Q84 470 120 470Z" fill="${sheet.ramp([
                [0, '#D9B077'],
                [0.7, '#BF8F55'],
                [0.72, '#8F6534'],
                [1, '#7A5428'],
            ])}"/>`,
        );
        sheet.group(246, 420, { scale: 1.16, turn: 78, lift: 7 }, (part) => things.slab(part));
        for (const [x, y, turn] of [
            [432, 452, -8],
            [468, 480, -4],
            [506, 508, 0],
            [546, 536, 4],
        ])
            sheet.group(x, y, { scale: 0.82, turn, lift: 5 }, things.rasher);
    });
    return [hung, board];
}

export const pantry = () => [...sauces(), ...sweet(), ...tea(), ...roots(), ...meat()];

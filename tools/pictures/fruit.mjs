// Fruit, on its own and packed.
import { Picture } from './picture.mjs';
import { basket, bed, box, crate, trio } from './arrange.mjs';
import * as things from './things.mjs';
import * as vessels from './vessels.mjs';

const PEAR = '1f350';
const GOLDEN = { hue: -24, saturation: 0.95, brightness: 1.06 };
const PALE = { hue: -12, saturation: 0.62, brightness: 1.1 };
const tangerine = (sheet) => things.citrus(sheet, { colour: '#EF8A26', flat: 0.84, leaves: 2 });
const ponkan = (sheet) => things.citrus(sheet, { colour: '#F0972C', flat: 0.8, neck: 16 });
const longOrange = (sheet) => things.citrus(sheet, { colour: '#F4A024', flat: 1.08 });
const roseOrange = (sheet) => things.citrus(sheet, { colour: '#EC7A33', flat: 0.96 });
const pomelo = (sheet) => things.citrus(sheet, { colour: '#C9C353', flat: 0.98, neck: 34, leaves: 2 });
const plum = (sheet) => things.plum(sheet);

function pears() {
    return [
        box(new Picture('pear-box', 'paper'), PEAR, { size: 172 }),
        trio(new Picture('golden-pear', 'paper'), PEAR, { size: 290, look: GOLDEN }),
        crate(new Picture('golden-pear-crate', 'sage'), PEAR, { size: 184, look: GOLDEN }),
        new Picture('duck-pear', 'sage')
            .emoji(PEAR, 270, 370, 330, { ...PALE, turn: -6 })
            .emoji(PEAR, 470, 430, 320, { ...PALE, turn: 8, flip: true }),
        crate(new Picture('duck-pear-crate', 'clay'), PEAR, { size: 184, look: PALE, colour: '#CFA26B' }),
    ];
}

function citrus() {
    const slice = (flesh, rind) => (sheet) => things.slice(sheet, { flesh, rind });
    return [
        crate(new Picture('orange-crate', 'sage'), '1f34a', { size: 176 }),
        bed(new Picture('tangerine', 'wheat'), tangerine, { size: 178, rows: [2, 3] }),
        basket(new Picture('tangerine-basket', 'sage'), tangerine, { size: 132, handle: true }),
        new Picture('rose-orange', 'clay')
            .draw((sheet) => sheet.shade(292, 556, 270).shade(490, 566, 210))
            .draw((sheet) => sheet.group(282, 430, { scale: 1.26 }, roseOrange))
            .draw((sheet) => sheet.group(482, 462, { scale: 1.02, lift: 8 }, slice('#C93A2E', '#EC7A33'))),
        box(new Picture('rose-orange-box', 'paper'), roseOrange, { size: 150, ink: '#B23A26' }),
        trio(new Picture('jin-orange', 'wheat'), longOrange, { size: 226 }),
        box(new Picture('jin-orange-box', 'clay'), longOrange, { size: 144 }),
        trio(new Picture('ponkan', 'sage'), ponkan, { size: 250 }),
        crate(new Picture('ponkan-crate', 'wheat'), ponkan, { size: 164 }),
        new Picture('pomelo', 'sage')
            .draw((sheet) => sheet.shade(360, 596, 330))
            .draw((sheet) => sheet.group(360, 424, { scale: 1.7 }, pomelo)),
        new Picture('pomelo-cut', 'clay')
            .draw((sheet) => sheet.shade(270, 576, 260).shade(488, 580, 240))
            .draw((sheet) => sheet.group(262, 430, { scale: 1.36 }, pomelo))
            .draw((sheet) =>
                sheet.group(478, 470, { scale: 1.12, lift: 8 }, (part) =>
                    things.slice(part, { flesh: '#E2757A', rind: '#D3C45E', pith: '#FBF3E3', parts: 12 }),
                ),
            ),
        trio(new Picture('lemon', 'paper'), '1f34b', { size: 260 }),
        basket(new Picture('lemon-basket', 'sage'), '1f34b', { size: 160 }),
    ];
}

function cane() {
    const stalk = (turn, x, colour) => (sheet) =>
        sheet.group(x, 350, { turn, scale: 2.3, lift: 5 }, (part) => things.cane(part, { segments: 5, colour }));
    const upright = new Picture('sugarcane', 'sage').draw((sheet) => sheet.shade(360, 592, 300));
    for (const [turn, x, colour] of [
        [-13, 306, '#4B2A43'],
        [12, 420, '#5B3450'],
        [-4, 342, '#563050'],
        [4, 386, '#4F2D48'],
    ])
        upright.draw(stalk(turn, x, colour));
    upright.draw((sheet) => {
        sheet.add(
            '<path d="M292 430Q362 462 432 430L434 462Q362 494 290 462Z" fill="#C9A56B"/><path d="M292 434Q362 466 432 434" fill="none" stroke="#E8D2A2" stroke-width="5"/>',
        );
    });
    const cut = new Picture('sugarcane-cut', 'wheat').draw((sheet) => {
        sheet.shade(360, 606, 420);
        vessels.tray(sheet, { y: 530, width: 540 });
        const rows = [
            [512, 4],
            [470, 3],
            [430, 2],
        ];
        for (const [y, count] of rows) {
            for (let index = 0; index < count; index++) {
                const x = 360 + (index - (count - 1) / 2) * 116;
                sheet.group(x, y, { turn: 86 + ((index * 7) % 9), scale: 1.5, scaleY: 0.62, lift: 5 }, (part) =>
                    things.cane(part, { segments: 1, pale: true }),
                );
            }
        }
        for (const [x, y] of [
            [236, 552],
            [474, 556],
        ]) {
            sheet.group(x, y, { scale: 0.46, scaleY: 0.4, lift: 5 }, (part) => {
                part.ball(0, 0, 100, 100, ['#6E4462', '#54304A', '#331B2D'], { gloss: 0 });
                part.ball(-2, -3, 86, 86, ['#FFFDF0', '#F3EDC8', '#DCD29B'], { gloss: 0, rimShare: 0 });
            });
        }
    });
    return [upright, cut];
}

function others() {
    const berry = (sheet, x, y, count, width, height, seed) =>
        sheet.group(x, y, {}, (part) =>
            things.grains(part, {
                count,
                width,
                height,
                sizeX: 13,
                sizeY: 11,
                colours: ['#3B3357', '#4A3F6B', '#2F2947', '#564A7C'],
                seed,
            }),
        );
    return [
        new Picture('pineapple', 'wheat').emoji('1f34d', 450, 360, 340, { turn: 9 }).emoji('1f34d', 290, 380, 420, { turn: -5 }),
        crate(new Picture('pineapple-crate', 'sage'), '1f34d', { size: 232, colour: '#D9A566', tall: true }),
        bed(new Picture('plum', 'sage'), plum, { size: 170, rows: [2, 3], leaf: true }),
        basket(new Picture('plum-basket', 'paper'), plum, { size: 118 }),
        box(new Picture('kiwi-box', 'wheat'), '1f95d', { size: 158 }),
        crate(new Picture('apple-crate', 'sage'), '1f34e', { size: 180 }),
        new Picture('blueberry', 'clay')
            .draw((sheet) => {
                sheet.shade(360, 606, 330);
                vessels.bowlBack(sheet, { y: 430, width: 420 });
                berry(sheet, 360, 446, 230, 176, 92, 5);
                vessels.bowlFront(sheet, { y: 430, width: 420, height: 168, line: '#4A3F6B' });
            })
            .emoji('1fad0', 544, 556, 128, { shade: true }),
        new Picture('blueberry-box', 'sage').draw((sheet) => {
            sheet.shade(360, 612, 340);
            vessels.pouch(sheet, { y: 196, ink: '#4A3F6B', band: '#4A3F6B' }, (part, hole) =>
                berry(part, hole.x, hole.y + 108, 240, 120, 230, 8),
            );
        }),
        bed(new Picture('luohan', 'paper'), (sheet) => things.striped(sheet), { size: 190, rows: [1, 2] }),
        box(new Picture('luohan-box', 'wheat'), (sheet) => things.striped(sheet), { size: 124 }),
    ];
}

export const fruit = () => [...pears(), ...citrus(), ...cane(), ...others()];

// Vegetables, grain, eggs, mushrooms and dry goods.
import { basket, box, inBowl, onTray, pouch, put, sack, trio } from './arrange.mjs';
import { Picture } from './picture.mjs';
import * as things from './things.mjs';
import * as vessels from './vessels.mjs';

const GREENS = '1f96c';
const rice = (width, height, seed) => (sheet) =>
    things.grains(sheet, {
        count: 420,
        width,
        height,
        sizeX: 10,
        sizeY: 4.6,
        colours: ['#FFFDF4', '#F4EDDA', '#FAF5E6', '#E9E0C8'],
        seed,
    });
const shiitake =
    (seed, cap = '#8A5A38') =>
    (sheet) =>
        things.mushroom(sheet, { cap, cracks: 34, wide: 1.1, tall: 0.62, seed });
const driedCap = (seed) => (sheet) => things.mushroom(sheet, { cap: '#6B442A', stem: '#C9A878', cracks: 26, wide: 0.9, tall: 0.3, seed });
const honeyCap = (seed) => (sheet) => things.mushroom(sheet, { cap: '#B5793E', stem: '#D9BF96', cracks: 0, wide: 0.5, tall: 1.16, seed });
const strands = (options) => (sheet) => things.strands(sheet, options);
const scatter = (thing, places) => (sheet) => {
    places.forEach(([x, y, size, turn = 0], index) => sheet.group(x, y, { turn, scale: size / 200, lift: 5 }, thing(index + 1)));
};

function vegetables() {
    const set = new Picture('veg-set', 'sage').draw((sheet) => {
        sheet.shade(360, 626, 420);
        vessels.basketBack(sheet, { y: 424, width: 470 });
    });
    set.emoji(GREENS, 250, 300, 210, { shade: false, turn: -10 }).emoji('1f952', 478, 310, 220, {
        shade: false,
        turn: 6,
    });
    set.draw((sheet) => sheet.group(366, 296, { scale: 0.96, turn: 8, lift: 6 }, (part) => things.radish(part)));
    set.emoji('1f345', 290, 386, 150, { shade: false }).emoji('1f955', 428, 386, 176, { shade: false, turn: 12 });
    set.draw((sheet) => vessels.basketFront(sheet, { y: 424, width: 470, height: 188 }));
    const laid = new Picture('veg-set-2', 'wheat').emoji(GREENS, 230, 372, 260, { turn: -6 }).emoji('1f952', 480, 356, 240, { turn: 12 });
    laid.emoji('1f345', 246, 510, 160).emoji('1f9c5', 398, 500, 168).emoji('1f955', 530, 502, 178, { turn: 6 });
    const chillies = (picture) => {
        for (const [x, y, turn] of [
            [238, 330, -50],
            [318, 292, -14],
            [404, 290, 14],
            [486, 330, 46],
            [278, 366, -34],
            [360, 346, 4],
            [444, 366, 34],
            [236, 402, -70],
            [324, 404, -20],
            [404, 404, 26],
            [482, 400, 66],
        ])
            picture.emoji('1f336-fe0f', x, y, 150, { shade: false, turn });
    };
    const chilliBasket = new Picture('chili-basket', 'clay').draw((sheet) => {
        sheet.shade(360, 622, 390);
        vessels.basketBack(sheet, { y: 410, width: 440 });
    });
    chillies(chilliBasket);
    chilliBasket.draw((sheet) => vessels.basketFront(sheet, { y: 410, width: 440, height: 188 }));
    const radish = new Picture('radish', 'sage').draw((sheet) => {
        sheet.shade(330, 592, 300);
        sheet.group(296, 396, { scale: 1.3, turn: -14, lift: 6 }, (part) => things.radish(part, { seed: 2 }));
        sheet.group(442, 410, { scale: 1.22, turn: 16, lift: 7 }, (part) => things.radish(part, { seed: 5 }));
    });
    const radishes = new Picture('radish-basket', 'wheat').draw((sheet) => {
        sheet.shade(360, 622, 390);
        vessels.basketBack(sheet, { y: 416, width: 440 });
        for (const [x, turn, seed] of [
            [270, -20, 1],
            [448, 20, 4],
            [360, 0, 7],
        ])
            sheet.group(x, 384, { scale: 0.94, turn, lift: 6 }, (part) => things.radish(part, { seed }));
        vessels.basketFront(sheet, { y: 416, width: 440, height: 188 });
    });
    const napa = new Picture('napa', 'sage').draw((sheet) => {
        sheet.shade(270, 590, 230).shade(462, 600, 240);
        sheet.group(270, 440, { scale: 1.24, turn: -4, lift: 6 }, things.napa);
        sheet.group(462, 436, { scale: 1.36, turn: 5, lift: 8 }, things.napa);
    });
    const stack = new Picture('napa-stack', 'paper').draw((sheet) => {
        sheet.shade(360, 610, 520);
        for (const [x, y] of [
            [270, 350],
            [448, 350],
            [190, 486],
            [360, 490],
            [530, 486],
        ])
            sheet.group(x, y, { scale: 0.94, turn: (x % 7) - 3, lift: 7 }, things.napa);
    });
    return [
        set,
        laid,
        chilliBasket,
        radish,
        radishes,
        napa,
        stack,
        trio(new Picture('potato', 'paper'), '1f954', { size: 250 }),
        emojiSack('potato-sack', 'sage', '1f954', 150),
    ];
}

/** A sack with emoji at its mouth. */
function emojiSack(name, ground, code, size, look = {}) {
    const picture = new Picture(name, ground).draw((sheet) => {
        sheet.shade(360, 626, 370);
        vessels.sackBack(sheet, { y: 344 });
    });
    for (const [x, y, turn] of [
        [290, 318, -14],
        [372, 300, 8],
        [440, 322, 22],
        [324, 350, -30],
        [408, 352, 12],
    ])
        put(picture, code, x, y, size, { ...look, turn });
    return picture.draw((sheet) => vessels.sackFront(sheet, { y: 344, height: 268 }));
}

function grain() {
    const riceSack = sack(new Picture('rice-sack', 'wheat'), rice(140, 92, 3), { ink: '#1F6549' });
    const tied = new Picture('rice-sack-2', 'sage').draw((sheet) => {
        sheet.shade(346, 618, 330);
        vessels.pouch(
            sheet,
            { x: 338, y: 176, width: 318, height: 424, colour: '#F1E7D2', ink: '#B23A26', band: '#B23A26' },
            (part, hole) => part.group(hole.x, hole.y + hole.radius, {}, rice(118, 214, 9)),
        );
    });
    tied.emoji('1f33e', 560, 470, 210, { flip: true });
    const ricebowl = inBowl(new Picture('rice-bowl', 'clay'), rice(186, 116, 5), { line: '#1F6549' });
    const skeins = onTray(new Picture('vermicelli', 'paper'), (sheet) => {
        for (const [x, y, turn] of [
            [-86, -84, -16],
            [92, -88, 14],
            [4, -26, -3],
        ])
            sheet.group(x, y, { turn, scale: 1.5, scaleY: 1.3, lift: 6 }, (part) => things.skein(part));
    });
    const oil = new Picture('tea-oil', 'wheat').draw((sheet) => {
        sheet.shade(330, 600, 210).shade(512, 596, 190);
        vessels.bottle(sheet, { x: 320, y: 176, width: 170, height: 420 });
        sheet.group(480, 534, { scale: 0.62, lift: 6 }, things.oilFruit);
        sheet.group(572, 552, { scale: 0.46, lift: 6 }, (part) =>
            part.ball(0, 0, 96, 92, ['#B9C27A', '#7F8C45', '#424A20'], { rim: '#C28A5C' }),
        );
    });
    const oils = new Picture('tea-oil-2', 'sage').draw((sheet) => {
        sheet.shade(270, 604, 190).shade(452, 604, 240);
        vessels.bottle(sheet, { x: 264, y: 250, width: 150, height: 350 });
        vessels.bottle(sheet, { x: 448, y: 176, width: 210, height: 424 });
        sheet.group(568, 560, { scale: 0.5, lift: 5 }, (part) => {
            things.bloom(part, '#FBF7EE', '#E3D6BC');
            part.ball(0, 0, 22, 20, ['#FCE28A', '#E9B12E', '#B37B14']);
        });
    });
    return [
        riceSack,
        tied,
        ricebowl,
        skeins,
        oil,
        oils,
        pouch(
            new Picture('vermicelli-bag', 'sage'),
            strands({
                count: 120,
                width: 110,
                height: 200,
                length: 150,
                thick: 4.4,
                colours: ['#D6D0BC', '#BDB59C', '#E3DECD'],
                spread: 24,
                seed: 4,
            }),
            { colour: '#CBB48C' },
        ),
        emojiSack('bean-sack', 'clay', '1fad8', 140),
        emojiSack('peanut-sack', 'wheat', '1f95c', 150),
    ];
}

function eggs() {
    const one = (colour) => (sheet) => things.egg(sheet, colour);
    const trayOf = new Picture('egg-tray', 'clay').draw((sheet) => {
        sheet.shade(360, 596, 520);
        vessels.eggTray(sheet, { y: 400, columns: 5, rows: 3, step: 100 }, (part, x, y, size, index) =>
            part.group(x, y, { scale: size / 190 }, one(['#E0AE82', '#DBA478', '#E6BB92'][index % 3])),
        );
    });
    const eggBasket = new Picture('egg-basket', 'sage').draw((sheet) => {
        sheet.shade(360, 626, 390);
        vessels.basketHandle(sheet, { y: 414, width: 440 });
        vessels.basketBack(sheet, { y: 414, width: 440 });
        const places = [
            [286, 356],
            [360, 344],
            [434, 356],
            [240, 394, -16],
            [320, 398],
            [400, 398],
            [478, 392, 16],
        ];
        places.forEach(([x, y, turn = 0], index) =>
            sheet.group(x, y, { scale: 0.62, turn, lift: 5 }, one(['#E3B184', '#EBC7A0', '#D9A273', '#F0D8BC'][index % 4])),
        );
        vessels.basketFront(sheet, { y: 414, width: 440, height: 186 });
    });
    return [trayOf, eggBasket, box(new Picture('egg-carton', 'wheat'), one('#DDA87C'), { size: 134 })];
}

function fungi() {
    const cluster = new Picture('hazel-mushroom', 'sage').draw((sheet) => {
        sheet.shade(360, 596, 360);
        const places = [
            [250, 440, 150, -16],
            [330, 398, 176, -6],
            [420, 404, 170, 8],
            [490, 448, 146, 18],
            [298, 486, 150, -8],
            [388, 480, 166, 4],
            [456, 506, 124, 14],
        ];
        places.forEach(([x, y, size, turn], index) => sheet.group(x, y, { turn, scale: size / 200, lift: 5 }, honeyCap(index + 1)));
    });
    const ears = [
        [-52, -150, 110, 10],
        [44, -158, 116, -20],
        [-70, -84, 116, -12],
        [16, -92, 128, 14],
        [78, -78, 104, 30],
        [-30, -30, 124, 4],
        [52, -30, 118, -8],
    ];
    return [
        new Picture('shiitake', 'clay').draw((sheet) => {
            sheet.shade(250, 560, 220).shade(470, 562, 230).shade(360, 612, 240);
            for (const [x, y, size, seed] of [
                [250, 420, 230, 2],
                [474, 424, 240, 6],
                [360, 492, 262, 9],
            ])
                sheet.group(x, y, { scale: size / 200, lift: 7 }, shiitake(seed));
        }),
        basket(new Picture('shiitake-basket', 'sage'), shiitake(4), { size: 150 }),
        onTray(
            new Picture('dried-shiitake', 'wheat'),
            scatter(driedCap, [
                [-150, -66, 130, -8],
                [-44, -96, 134, 4],
                [66, -94, 130, -6],
                [168, -64, 124, 10],
                [-104, -14, 136, 6],
                [12, -26, 142, -4],
                [122, -12, 132, 6],
            ]),
        ),
        pouch(
            new Picture('dried-shiitake-bag', 'paper'),
            scatter(driedCap, [
                [-50, -150, 104],
                [44, -156, 108],
                [-80, -92, 104],
                [0, -100, 112],
                [80, -88, 100],
                [-40, -36, 108],
                [44, -34, 108],
            ]),
        ),
        pouch(
            new Picture('muer-bag', 'sage'),
            scatter((seed) => (sheet) => things.ear(sheet, seed), ears),
            { colour: '#E9DCC2', ink: '#4B342B', band: '#4B342B' },
        ),
        cluster,
        pouch(
            new Picture('hazel-mushroom-bag', 'clay'),
            scatter(honeyCap, [
                [-60, -140, 84, -20],
                [20, -150, 90, 10],
                [78, -120, 80, 30],
                [-30, -84, 92, -6],
                [46, -76, 90, 16],
                [-70, -50, 84, -30],
                [6, -30, 92, 6],
            ]),
            { colour: '#D9C7A6', ink: '#7A4A22', band: '#7A4A22' },
        ),
    ];
}

function dryGoods() {
    const shoot = { colours: ['#D9B77A', '#C79A5B', '#E3CB96', '#B98A4C'], seed: 3 };
    const bundle = (sheet) => {
        for (let index = 0; index < 15; index++) {
            const x = (index - 7) * 15;
            const colour = ['#D3B06E', '#C29A55', '#E0C68D'][index % 3];
            sheet.group(x, 0, { turn: (index - 7) * 1.5 }, (part) => {
                part.add(
                    `<path d="M-9 -176Q0 -204 8 -172L11 168Q0 180 -11 168Z" fill="${part.ramp(
                        [
                            [0, '#8E6A34'],
                            [0.3, colour],
                            [1, '#8E6A34'],
                        ],
                        [0, 0, 1, 0],
                    )}"/>`,
                );
                part.add(
                    '<g fill="none" stroke="#7A5A2C" stroke-width="3" opacity=".45"><path d="M-9 -110q9 6 18 0M-10 -30q10 6 20 0M-10 60q10 6 21 0"/></g>',
                );
            });
        }
        sheet.add(
            '<path d="M-122 14Q0 46 122 14V54Q0 88 -122 54Z" fill="#A8653A"/><path d="M-122 18Q0 50 122 18" fill="none" stroke="#D9A277" stroke-width="6"/>',
        );
    };
    const chilli = { hue: 18, saturation: 0.92, brightness: 0.78 };
    const dried = new Picture('dried-chili', 'wheat');
    dried.draw((sheet) => sheet.shade(360, 596, 420));
    for (const [x, y, turn, flip] of [
        [230, 470, -40, 0],
        [330, 420, -70, 0],
        [430, 430, 60, 1],
        [500, 480, 30, 1],
        [280, 520, -10, 0],
        [370, 510, 20, 0],
        [450, 530, -50, 1],
    ])
        dried.emoji('1f336-fe0f', x, y, 180, { ...chilli, shade: false, turn, flip: flip === 1 });
    const nuts = (sheet) =>
        [
            [0, 0],
            [1, 0],
            [2, 0],
            [0.5, -0.86],
            [1.5, -0.86],
        ].forEach(([column, row], index) =>
            sheet.group(190 + column * 170, 500 + row * 150, { scale: 0.84, turn: index * 30 - 60, lift: 7 }, (part) =>
                things.walnut(part, index + 1),
            ),
        );
    const pines = new Picture('pine-nut', 'sage').draw((sheet) => {
        sheet.shade(360, 604, 470);
        sheet.group(250, 420, { scale: 1.5, turn: -8, lift: 8 }, things.cone);
        [
            [404, 486, -30],
            [470, 470, 20],
            [536, 500, 60],
            [372, 548, 10],
            [440, 548, -50],
            [510, 560, 24],
            [580, 556, -12],
            [310, 576, 40],
        ].forEach(([x, y, turn]) => sheet.group(x, y, { scale: 0.36, turn, lift: 4 }, (part) => things.seedNut(part)));
    });
    const nutPlaces = Array.from({ length: 26 }, (_, index) => [
        ((index * 61) % 190) - 95,
        -((index * 37) % 180) - 14,
        62,
        (index * 47) % 180,
    ]);
    return [
        onTray(
            new Picture('bamboo-shoot', 'sage'),
            strands({ ...shoot, count: 60, width: 210, height: 120, length: 150, thick: 17, bend: 26, spread: 38 }),
        ),
        pouch(
            new Picture('bamboo-shoot-bag', 'wheat'),
            strands({ ...shoot, count: 80, width: 110, height: 200, length: 110, thick: 14, bend: 18, spread: 60 }),
        ),
        new Picture('square-bamboo', 'clay').draw((sheet) => {
            sheet.shade(360, 602, 330);
            sheet.group(360, 404, { turn: 6, scale: 1.04, lift: 7 }, bundle);
        }),
        pouch(
            new Picture('square-bamboo-bag', 'sage'),
            strands({
                count: 60,
                width: 110,
                height: 200,
                length: 190,
                thick: 10,
                bend: 6,
                spread: 14,
                colours: ['#D3B06E', '#C29A55', '#E0C68D'],
                seed: 6,
            }),
            { colour: '#BFA06F' },
        ),
        onTray(
            new Picture('daylily', 'wheat'),
            strands({
                count: 150,
                width: 215,
                height: 116,
                length: 104,
                thick: 8.5,
                bend: 22,
                colours: ['#C98A3C', '#B5732E', '#D9A257', '#A5652A'],
                seed: 8,
            }),
        ),
        pouch(
            new Picture('daylily-bag', 'clay'),
            strands({
                count: 130,
                width: 110,
                height: 200,
                length: 86,
                thick: 7.5,
                bend: 20,
                colours: ['#C98A3C', '#B5732E', '#D9A257'],
                seed: 5,
            }),
            { colour: '#EBDFC6', ink: '#A5652A', band: '#A5652A' },
        ),
        dried,
        pouch(
            new Picture('dried-chili-bag', 'sage'),
            strands({
                count: 100,
                width: 110,
                height: 200,
                length: 70,
                thick: 15,
                bend: 26,
                colours: ['#A8261B', '#8E1F18', '#BF3A2A'],
                spread: 85,
                seed: 9,
            }),
            { colour: '#EFE3CD', ink: '#B23A26', band: '#B23A26' },
        ),
        new Picture('walnut', 'clay').draw((sheet) => sheet.shade(360, 592, 520)).draw(nuts),
        sack(
            new Picture('walnut-sack', 'paper'),
            scatter(
                (seed) => (sheet) => things.walnut(sheet, seed),
                [
                    [-88, -24, 96],
                    [-6, -56, 100, 40],
                    [80, -28, 96, -30],
                    [-46, 4, 96, 70],
                    [40, 2, 98, 10],
                ],
            ),
            {},
        ),
        basket(new Picture('chestnut-basket', 'wheat'), '1f330', { size: 150 }),
        pines,
        pouch(
            new Picture('pine-nut-bag', 'wheat'),
            scatter(() => (sheet) => things.seedNut(sheet), nutPlaces),
            { colour: '#A9BE9F' },
        ),
    ];
}

export const field = () => [...vegetables(), ...grain(), ...eggs(), ...fungi(), ...dryGoods()];

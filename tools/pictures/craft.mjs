// Handwork, wedding boxes, plants and nets.
import { put } from './arrange.mjs';
import { darker, lighter } from './draw.mjs';
import { Picture } from './picture.mjs';
import * as things from './things.mjs';
import * as vessels from './vessels.mjs';

const SUCCULENTS = [
    ['#5E9A6B', '#A9CF9A', '#E7A2A8'],
    ['#7FA1A8', '#C4DAD6', '#D9C1E0'],
    ['#8A6A8C', '#C9A6C4', '#E9C9D4'],
    ['#6E9A3C', '#B9D37A', '#E9A05E'],
    ['#4F8B7A', '#9CCBB8', '#F0E3C0'],
    ['#A86A5C', '#D9A08C', '#F0CDB9'],
];
const CANDY = '1f36c';

function handwork() {
    const empty = new Picture('bamboo-basket', 'sage').draw((sheet) => {
        sheet.shade(360, 620, 400);
        vessels.basketHandle(sheet, { y: 404, width: 440, rise: 240, colour: '#C9B26A' });
        vessels.basketBack(sheet, { y: 404, width: 440, colour: '#C9B26A' });
        vessels.basketFront(sheet, { y: 404, width: 440, height: 190, colour: '#C9B26A', foot: 0.8 });
    });
    const flowers = new Picture('bamboo-basket-2', 'clay').draw((sheet) => {
        sheet.shade(270, 590, 250).shade(470, 628, 300);
        vessels.basketBack(sheet, { x: 262, y: 432, width: 260, colour: '#D3BC78' });
        vessels.basketFront(sheet, { x: 262, y: 432, width: 260, height: 140, colour: '#D3BC78', foot: 0.8 });
        vessels.basketHandle(sheet, { x: 458, y: 448, width: 320, rise: 190, colour: '#BFA45C' });
        vessels.basketBack(sheet, { x: 458, y: 448, width: 320, colour: '#BFA45C' });
        sheet.group(410, 420, { scale: 0.52, lift: 5 }, (part) => things.bloom(part, '#E9B7A0'));
        sheet.group(500, 420, { scale: 0.5, lift: 5 }, (part) => things.bloom(part, '#F0D9A6'));
        vessels.basketFront(sheet, { x: 458, y: 448, width: 320, height: 160, colour: '#BFA45C', foot: 0.8 });
    });
    const cloth =
        (x, y, turn, colours, scale = 1.3) =>
        (sheet) =>
            sheet.group(x, y, { turn, scale, scaleY: scale * 0.86, lift: 7 }, (part) => things.brocade(part, colours));
    const [red, blue, green, ochre] = [
        ['#9C2B24', '#1F4E5F', '#E3A72F', '#F4E6C8'],
        ['#22405E', '#8E2B2B', '#E0A03A', '#F1E3C6'],
        ['#1F5A45', '#A8452F', '#E9B94E', '#F5E9CF'],
        ['#B5792B', '#3A3F6B', '#C9452F', '#F6EAD0'],
    ];
    const spray = new Picture('silk-flower', 'clay').draw((sheet) => {
        sheet.shade(360, 606, 240);
        for (const [x, y] of [
            [250, 300],
            [360, 240],
            [470, 300],
            [300, 390],
            [424, 392],
        ])
            sheet.add(
                `<path d="M${x} ${y}Q${(x + 360) / 2} ${y + 150} 360 590" fill="none" stroke="#5E8B46" stroke-width="11" stroke-linecap="round"/>`,
            );
        things.leaf(sheet, 340, 510, 110, -150, '#6E9A4C');
        things.leaf(sheet, 380, 520, 112, -36, '#5E8B3A');
        for (const [x, y, scale, colour] of [
            [360, 236, 0.82, '#D8566B'],
            [242, 306, 0.78, '#E58C9A'],
            [480, 306, 0.78, '#C8405A'],
            [300, 396, 0.84, '#D96A7C'],
            [428, 400, 0.86, '#E9A3AC'],
        ])
            sheet.group(x, y, { scale, lift: 6 }, (part) => things.bloom(part, colour));
        sheet.add(
            '<path d="M322 520Q360 544 398 520L402 562Q360 588 318 562Z" fill="#F0D9B0"/><path d="M322 524Q360 548 398 524" fill="none" stroke="#FFFFFF" stroke-width="5" opacity=".7"/>',
        );
    });
    const row = new Picture('silk-flower-2', 'paper').draw((sheet) => {
        for (const [x, y, scale, colour, deep] of [
            [232, 410, 1.24, '#F2C95E', '#C98F24'],
            [478, 416, 1.24, '#D8566B', '#8E2438'],
            [358, 512, 1.26, '#F6EEDD', '#D9BFA0'],
        ]) {
            sheet.shade(x, y + 96, 240);
            things.leaf(sheet, x + 60, y + 80, 90, 24, '#6E9A4C');
            sheet.group(x, y, { scale, lift: 8 }, (part) => things.bloom(part, colour, deep));
        }
    });
    const pair = new Picture('lantern-pair', 'paper').draw((sheet) => {
        sheet.shade(252, 640, 190, { opacity: 0.2 }).shade(474, 640, 190, { opacity: 0.2 });
        sheet.add('<path d="M0 108Q360 160 720 108" fill="none" stroke="#8A6A44" stroke-width="10" stroke-linecap="round"/>');
        sheet.group(252, 336, { scale: 1.28, lift: 8 }, (part) => things.lantern(part));
        sheet.group(474, 370, { scale: 1.28, lift: 8 }, (part) => things.lantern(part));
        sheet.add('<path d="M252 138V170M474 136V190" stroke="#7A2219" stroke-width="7"/>');
    });
    return [
        empty,
        flowers,
        spray,
        row,
        pair,
        new Picture('brocade', 'paper')
            .draw((sheet) => sheet.shade(360, 600, 500))
            .draw(cloth(300, 390, -8, red, 1.42))
            .draw(cloth(440, 462, 7, blue, 1.36)),
        new Picture('brocade-2', 'sage')
            .draw((sheet) => sheet.shade(360, 610, 540))
            .draw(cloth(240, 320, -4, green, 1.06))
            .draw(cloth(480, 326, 5, ochre, 1.06))
            .draw(cloth(246, 500, 3, blue, 1.06))
            .draw(cloth(484, 504, -5, red, 1.06)),
        new Picture('lantern', 'clay').draw((sheet) => {
            sheet.shade(360, 644, 240, { opacity: 0.22 });
            sheet.group(360, 330, { scale: 1.62, lift: 9 }, (part) => things.lantern(part));
        }),
    ];
}

function wedding() {
    const rowOf = new Picture('xitang-row', 'wheat').draw((sheet) => {
        sheet.shade(360, 606, 560);
        vessels.giftBox(sheet, { x: 206, y: 560, size: 180, colour: '#C8372B' });
        vessels.giftBox(sheet, { x: 508, y: 566, size: 180, colour: '#E5A0A0', ribbon: '#F6E7C1' });
        vessels.giftBox(sheet, { x: 352, y: 606, size: 220, colour: '#B5302A', ribbon: '#E8C66A' });
    });
    const open = new Picture('xitang-open', 'sage').draw((sheet) => {
        sheet.shade(360, 610, 430);
        sheet.add('<path d="M180 380L216 318H504L540 380Z" fill="#7A1D16"/>');
    });
    for (const [x, y, turn] of [
        [262, 350, -20],
        [360, 330, 14],
        [456, 350, -40],
        [310, 376, 40],
        [410, 378, 4],
    ])
        put(open, CANDY, x, y, 130, { turn });
    open.draw((sheet) => {
        sheet.add(
            `<path d="M180 378H540V590Q540 604 526 604H194Q180 604 180 590Z" fill="${sheet.ramp(
                [
                    [0, '#D9473A'],
                    [1, '#A32820'],
                ],
                [0, 0, 1, 1],
            )}"/>`,
        );
        sheet.add('<rect x="180" y="378" width="360" height="26" fill="#E86A5A" opacity=".7"/>');
        sheet.add('<path d="M180 470H540V500H180Z" fill="#E8C66A"/>');
        for (const side of [-1, 1])
            sheet.add(
                `<path d="M360 486C${360 + side * 30} 426 ${360 + side * 116} 432 ${360 + side * 88} 484C${360 + side * 70} 512 ${360 + side * 20} 500 360 486Z" fill="${sheet.lit(['#F8E6AE', '#E8C66A', '#B98F2E'])}"/>`,
            );
        sheet.add('<circle cx="360" cy="486" r="17" fill="#C99A3A"/>');
    });
    const round = new Picture('candy-box', 'clay').draw((sheet) => {
        sheet.shade(360, 612, 420);
        sheet.add('<ellipse cx="360" cy="420" rx="200" ry="66" fill="#8E2118"/>');
    });
    for (const [x, y, turn] of [
        [260, 396, 10],
        [354, 372, -30],
        [452, 394, 24],
        [306, 424, -60],
        [410, 428, 50],
    ])
        put(round, CANDY, x, y, 130, { turn });
    round.draw((sheet) => {
        sheet.add(
            `<path d="M160 420A200 66 0 0 0 560 420V550A200 62 0 0 1 160 550Z" fill="${sheet.ramp(
                [
                    [0, '#B5302A'],
                    [0.24, '#E0604F'],
                    [0.6, '#C8372B'],
                    [1, '#7A1D16'],
                ],
                [0, 0, 1, 0],
            )}"/>`,
        );
        sheet.add(
            '<path d="M160 426A200 66 0 0 0 560 426" fill="none" stroke="#E8C66A" stroke-width="13"/><path d="M160 534A200 64 0 0 0 560 534" fill="none" stroke="#E8C66A" stroke-width="8" opacity=".8"/>',
        );
        sheet.group(360, 528, { scale: 0.42 }, (part) =>
            part.add(
                '<path d="M-60 -64h52v128h-52zM8 -64h52v128h-52zM-60 -20h120M-60 22h120" fill="none" stroke="#F3D98A" stroke-width="17" stroke-linejoin="round"/>',
            ),
        );
    });
    const small = new Picture('candy-box-2', 'wheat').draw((sheet) => {
        sheet.shade(360, 600, 540);
        vessels.giftBox(sheet, { x: 250, y: 420, size: 150, colour: '#E5A0A0', ribbon: '#F6E7C1', bow: false });
        vessels.giftBox(sheet, { x: 430, y: 420, size: 150, colour: '#C8372B', bow: false });
        vessels.giftBox(sheet, { x: 170, y: 596, size: 170, colour: '#B5302A', bow: false });
        vessels.giftBox(sheet, { x: 350, y: 596, size: 170, colour: '#E9B9A6', ribbon: '#B5302A', bow: false });
        vessels.giftBox(sheet, { x: 530, y: 596, size: 170, colour: '#C8372B' });
    });
    return [rowOf, open, round, small];
}

function plants() {
    const inPot = (name, ground, pot, paint) =>
        new Picture(name, ground).draw((sheet) => {
            sheet.shade(360, 624, 240);
            paint(sheet);
            vessels.pot(sheet, { y: 446, ...pot });
        });
    const roses = (sheet, x, colour, spread = 1) => {
        vessels.bush(sheet, { x, y: 330, radius: 128 * spread, count: 40, seed: x });
        for (const [dx, dy, scale] of [
            [-74, -70, 0.5],
            [28, -112, 0.54],
            [86, -20, 0.48],
            [-20, -6, 0.58],
            [-96, 26, 0.42],
        ])
            sheet.group(x + dx * spread, 330 + dy * spread, { scale: scale * spread, lift: 5 }, (part) => things.bloom(part, colour));
    };
    const twoRoses = new Picture('rose-pot-2', 'wheat').draw((sheet) => {
        sheet.shade(222, 604, 190).shade(498, 604, 190);
        roses(sheet, 222, '#F0A6B4', 0.84);
        vessels.pot(sheet, { x: 222, y: 436, width: 190, height: 160, colour: '#8FA3A8' });
        roses(sheet, 498, '#F2C95E', 0.84);
        vessels.pot(sheet, { x: 498, y: 436, width: 190, height: 160, colour: '#C46F48' });
    });
    const hibiscus = (name, ground, pots) => {
        const picture = new Picture(name, ground);
        picture.draw((sheet) => {
            for (const [x, width] of pots) {
                sheet.shade(x, 622, width);
                vessels.bush(sheet, { x, y: 350, radius: width * 0.56, count: 36, seed: x, colour: '#3F7A3A' });
                vessels.pot(sheet, { x, y: 452, width: width * 0.96, height: 166, colour: '#D9CBB2', soil: true });
                vessels.bush(sheet, { x, y: 420, radius: width * 0.3, count: 12, seed: x + 3, colour: '#4F8B3B' });
            }
        });
        return picture;
    };
    const one = hibiscus('hibiscus-pot', 'sage', [[360, 240]]);
    for (const [x, y, size, turn] of [
        [290, 300, 150, -10],
        [430, 286, 160, 12],
        [364, 376, 140, 0],
    ])
        put(one, '1f33a', x, y, size, { turn });
    const two = hibiscus('hibiscus-pot-2', 'clay', [
        [220, 190],
        [500, 190],
    ]);
    for (const [x, y, size, hue] of [
        [184, 312, 116, 0],
        [268, 340, 110, 0],
        [226, 264, 104, 0],
        [470, 316, 116, 38],
        [546, 340, 106, 38],
        [500, 262, 108, 38],
    ])
        put(two, '1f33a', x, y, size, { hue });
    const cactus = new Picture('cactus', 'clay').draw((sheet) => sheet.shade(220, 612, 180).shade(500, 612, 190));
    put(put(cactus, '1f335', 220, 370, 210), '1f335', 500, 350, 250, { hue: 18, brightness: 1.06 });
    cactus.draw((sheet) => {
        vessels.pot(sheet, { x: 220, y: 462, width: 190, height: 144, colour: '#E3D5BC', soil: false });
        vessels.pot(sheet, { x: 500, y: 462, width: 210, height: 144, colour: '#C46F48', soil: false });
    });
    const single = inPot('succulent', 'sage', { y: 430, width: 270, colour: '#D9CBB2' }, () => {}).draw((sheet) =>
        sheet.group(360, 396, { scale: 1.62, scaleY: 1.18, lift: 8 }, (part) => things.succulent(part, SUCCULENTS[0])),
    );
    const tray = new Picture('succulent-tray', 'wheat').draw((sheet) => {
        sheet.shade(360, 612, 560);
        const wood = '#C99A62';
        sheet.add(
            `<path d="M120 280H600L650 590Q652 606 634 606H86Q68 606 70 590Z" fill="${sheet.ramp([
                [0, lighter(wood, 0.2)],
                [1, darker(wood, 0.25)],
            ])}"/>`,
        );
        sheet.add('<path d="M146 304H574L616 566H104Z" fill="#5A3E28"/>');
        SUCCULENTS.forEach((colours, index) => {
            const [column, line] = [index % 3, Math.floor(index / 3)];
            sheet.group(
                360 + (column - 1) * (148 + line * 14),
                366 + line * 134,
                { scale: 0.68 + line * 0.06, scaleY: 0.6 + line * 0.06, turn: index * 20, lift: 6 },
                (part) => things.succulent(part, colours),
            );
        });
    });
    return [
        single,
        tray,
        cactus,
        one,
        two,
        twoRoses,
        inPot('rose-pot', 'clay', { colour: '#B5603C' }, (sheet) => roses(sheet, 360, '#C8304A', 1.06)),
        new Picture('tulip', 'wheat')
            .emoji('1f337', 232, 366, 250, { turn: -7 })
            .emoji('1f337', 488, 370, 250, { turn: 7, hue: 60 })
            .emoji('1f337', 360, 420, 290, { hue: -8 }),
        new Picture('tulip-bulb', 'sage').draw((sheet) => {
            sheet.shade(250, 540, 190).shade(468, 540, 190).shade(360, 606, 220);
            for (const [x, y, scale, turn] of [
                [250, 420, 1.02, -8],
                [470, 424, 1.02, 8],
                [360, 478, 1.18, 0],
            ])
                sheet.group(x, y, { scale, turn, lift: 7 }, things.bulb);
        }),
        ...bonsai(),
    ];
}

/** Elm bonsai: a bent trunk, clipped clouds, a shallow glazed pot. */
function bonsai() {
    const shallow = (sheet, colour) => {
        sheet.add(
            `<path d="M176 504H544L520 586Q516 600 500 600H220Q204 600 200 586Z" fill="${sheet.ramp(
                [
                    [0, darker(colour, 0.1)],
                    [0.2, lighter(colour, 0.35)],
                    [0.6, colour],
                    [1, darker(colour, 0.42)],
                ],
                [0, 0, 1, 0],
            )}"/>`,
        );
        sheet.add(
            `<rect x="162" y="488" width="396" height="30" rx="10" fill="${sheet.ramp(
                [
                    [0, lighter(colour, 0.1)],
                    [0.2, lighter(colour, 0.45)],
                    [1, darker(colour, 0.34)],
                ],
                [0, 0, 1, 0],
            )}"/>`,
        );
        sheet.add(`<path d="M220 600h44v16h-44zM456 600h44v16h-44z" fill="${darker(colour, 0.4)}"/>`);
        vessels.moss(sheet, { y: 488, width: 350, height: 34, seed: 6 });
    };
    const trunk = (sheet, path) => sheet.solid(path, ['#A67C54', '#74502F', '#3E2816'], { rim: '#C99A6A' });
    return [
        new Picture('bonsai', 'paper').draw((sheet) => {
            sheet.shade(360, 618, 400);
            vessels.cloud(sheet, 214, 300, 210, 116, '#4F7F3B', 4);
            trunk(
                sheet,
                'M300 500C330 450 296 420 284 380C270 336 300 296 350 262C356 276 352 288 344 300C318 330 312 356 330 386C350 424 372 450 380 500Z',
            );
            trunk(sheet, 'M296 392C262 380 240 350 226 322L240 316C256 340 280 362 306 366Z');
            trunk(sheet, 'M336 342C376 352 420 344 452 320L462 334C428 366 380 378 340 370Z');
            shallow(sheet, '#7A4A3A');
            vessels.cloud(sheet, 204, 296, 190, 104, '#5A8F42', 2);
            vessels.cloud(sheet, 480, 314, 216, 116, '#528741', 7);
            vessels.cloud(sheet, 360, 216, 250, 140, '#5E9646', 9);
        }),
        new Picture('bonsai-2', 'sage').draw((sheet) => {
            sheet.shade(360, 618, 400);
            trunk(
                sheet,
                'M420 500C430 440 470 420 452 372C436 330 372 330 330 296C300 272 280 262 252 262L256 244C300 240 330 252 362 276C404 304 474 306 492 366C506 414 470 450 484 500Z',
            );
            trunk(sheet, 'M452 360C470 320 486 290 520 272L530 286C506 308 492 340 482 376Z');
            shallow(sheet, '#4F6B73');
            vessels.cloud(sheet, 236, 250, 230, 116, '#4F8B3B', 3);
            vessels.cloud(sheet, 382, 274, 160, 90, '#5A9442', 8);
            vessels.cloud(sheet, 532, 254, 176, 110, '#477F3A', 5);
        }),
    ];
}

function nets() {
    const overTree = new Picture('bird-net', 'sage').emoji('1f333', 360, 366, 440);
    for (const [x, y] of [
        [280, 280],
        [400, 250],
        [456, 350],
        [320, 370],
    ])
        put(overTree, '1f34e', x, y, 62);
    overTree.draw((sheet) =>
        vessels.net(sheet, {
            x: 150,
            y: 150,
            width: 420,
            height: 360,
            cell: 30,
            sag: -60,
            opacity: 0.55,
            colour: '#2F6B4F',
        }),
    );
    const roll = new Picture('bird-net-2', 'paper').draw((sheet) => {
        sheet.shade(360, 600, 480);
        vessels.net(sheet, { x: 190, y: 452, width: 400, height: 130, cell: 24, sag: 8, colour: '#2F7A55' });
        const body = sheet.ramp([
            [0, '#6FB08C'],
            [0.3, '#3F8A63'],
            [1, '#1F5A3E'],
        ]);
        sheet.add(`<rect x="140" y="360" width="420" height="120" rx="60" fill="${body}"/>`);
        const lines = Array.from(
            { length: 26 },
            (_, index) => `<path d="M${150 + index * 17} 362l-34 116M${130 + index * 17} 362l34 116"/>`,
        );
        const clip = sheet.clip('M200 360H500A60 60 0 0 1 500 480H200A60 60 0 0 1 200 360Z');
        sheet.add(`<g ${clip}><g stroke="#D6EADF" stroke-width="2.4" opacity=".5">${lines.join('')}</g></g>`);
        sheet.add(
            '<ellipse cx="540" cy="420" rx="34" ry="60" fill="#2F6B4F"/><ellipse cx="540" cy="420" rx="22" ry="40" fill="#1F4F39"/><ellipse cx="540" cy="420" rx="10" ry="19" fill="#0F3325"/>',
        );
        sheet.add(
            '<rect x="236" y="356" width="24" height="128" rx="9" fill="#E8D3A2"/><rect x="420" y="356" width="24" height="128" rx="9" fill="#E8D3A2"/>',
        );
    });
    return [overTree, roll];
}

export const craft = () => [...handwork(), ...wedding(), ...plants(), ...nets()];

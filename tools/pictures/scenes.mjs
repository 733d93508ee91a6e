// Places: the sellers' portraits, the sections, the zone and the banners. Round crops keep the middle.
import { put } from './arrange.mjs';
import { darker, lighter, mix } from './draw.mjs';
import { Picture } from './picture.mjs';
import * as things from './things.mjs';
import * as vessels from './vessels.mjs';

const rows = (sheet, colour, from, to, width) => {
    const lines = Array.from({ length: 9 }, (_, index) => {
        const y = from + (to - from) * (index / 9) ** 1.6;
        return `<path d="M0 ${y.toFixed(1)}Q${width / 2} ${(y - 12).toFixed(1)} ${width} ${y.toFixed(1)}" stroke-width="${(3 + index * 1.6).toFixed(1)}"/>`;
    });
    sheet.add(`<g fill="none" stroke="${colour}" opacity=".4">${lines.join('')}</g>`);
};

const hill = (sheet, path, colour) =>
    sheet.add(
        `<path d="${path}" fill="${sheet.ramp([
            [0, lighter(colour, 0.2)],
            [1, colour],
        ])}"/>`,
    );

/** The lie of the land, on a sheet of W by H with its horizon in the middle. */
const LANDS = {
    loess(sheet, W, H) {
        hill(sheet, `M0 ${H * 0.5}Q${W * 0.2} ${H * 0.3} ${W * 0.42} ${H * 0.42}T${W} ${H * 0.36}V${H}H0Z`, '#E2C79A');
        for (let step = 0; step < 4; step++)
            hill(
                sheet,
                `M0 ${H * (0.52 + step * 0.05)}Q${W * 0.3} ${H * (0.45 + step * 0.06)} ${W * 0.6} ${H * (0.51 + step * 0.05)}T${W} ${H * (0.49 + step * 0.055)}V${H}H0Z`,
                mix('#D9BC86', '#A9B072', step / 4),
            );
        hill(sheet, `M0 ${H * 0.74}Q${W / 2} ${H * 0.68} ${W} ${H * 0.74}V${H}H0Z`, '#B9B878');
    },
    terrace(sheet, W, H) {
        hill(sheet, `M0 ${H * 0.4}Q${W * 0.3} ${H * 0.16} ${W * 0.56} ${H * 0.34}T${W} ${H * 0.28}V${H}H0Z`, '#A9BF97');
        for (let step = 0; step < 7; step++) {
            const y = H * (0.4 + step * 0.055);
            hill(
                sheet,
                `M0 ${y + 30}C${W * 0.2} ${y - 26} ${W * 0.42} ${y + 40} ${W * 0.62} ${y + 6}S${W * 0.9} ${y - 20} ${W} ${y + 12}V${H}H0Z`,
                step % 2 ? '#9DB56C' : '#C9CF8A',
            );
        }
        hill(sheet, `M0 ${H * 0.78}Q${W / 2} ${H * 0.72} ${W} ${H * 0.78}V${H}H0Z`, '#8FAE66');
    },
    gorge(sheet, W, H) {
        hill(
            sheet,
            `M${W * 0.2} ${H}V${H * 0.3}Q${W * 0.34} ${H * 0.2} ${W * 0.44} ${H * 0.4}L${W * 0.5} ${H * 0.56}L${W * 0.58} ${H * 0.36}Q${W * 0.7} ${H * 0.2} ${W * 0.84} ${H * 0.34}V${H}Z`,
            '#B5C4B0',
        );
        hill(
            sheet,
            `M0 ${H * 0.2}Q${W * 0.16} ${H * 0.22} ${W * 0.24} ${H * 0.4}Q${W * 0.3} ${H * 0.58} ${W * 0.42} ${H * 0.62}V${H}H0Z`,
            '#8FA98C',
        );
        hill(
            sheet,
            `M${W} ${H * 0.16}Q${W * 0.84} ${H * 0.2} ${W * 0.78} ${H * 0.38}Q${W * 0.7} ${H * 0.57} ${W * 0.58} ${H * 0.62}V${H}H${W}Z`,
            '#7F9D82',
        );
        sheet.add(
            `<path d="M0 ${H * 0.64}Q${W * 0.5} ${H * 0.57} ${W} ${H * 0.64}V${H}H0Z" fill="${sheet.ramp([
                [0, '#C9DEDB'],
                [1, '#9CC0C0'],
            ])}"/>`,
        );
        sheet.add(
            `<g fill="none" stroke="#FFFFFF" stroke-width="4" stroke-linecap="round" opacity=".6"><path d="M${W * 0.2} ${H * 0.68}h${W * 0.12}M${W * 0.46} ${H * 0.66}h${W * 0.1}M${W * 0.68} ${H * 0.69}h${W * 0.14}"/></g>`,
        );
        hill(sheet, `M0 ${H * 0.8}Q${W * 0.3} ${H * 0.72} ${W * 0.6} ${H * 0.76}T${W} ${H * 0.74}V${H}H0Z`, '#9DB56C');
    },
    plain(sheet, W, H) {
        hill(sheet, `M0 ${H * 0.52}Q${W * 0.5} ${H * 0.48} ${W} ${H * 0.52}V${H}H0Z`, '#CFD3A0');
        hill(sheet, `M0 ${H * 0.6}Q${W * 0.5} ${H * 0.56} ${W} ${H * 0.6}V${H}H0Z`, '#E0C983');
        rows(sheet, '#B9983F', H * 0.61, H, W);
    },
    mountain(sheet, W, H) {
        hill(
            sheet,
            `M0 ${H * 0.46}L${W * 0.22} ${H * 0.2}L${W * 0.4} ${H * 0.42}L${W * 0.62} ${H * 0.14}L${W} ${H * 0.48}V${H}H0Z`,
            '#B3C4BE',
        );
        hill(
            sheet,
            `M0 ${H * 0.56}Q${W * 0.2} ${H * 0.36} ${W * 0.4} ${H * 0.5}T${W * 0.8} ${H * 0.44}T${W} ${H * 0.5}V${H}H0Z`,
            '#8DA98A',
        );
        hill(sheet, `M0 ${H * 0.68}Q${W * 0.4} ${H * 0.58} ${W} ${H * 0.66}V${H}H0Z`, '#A6BA7C');
    },
    snow(sheet, W, H) {
        hill(sheet, `M0 ${H * 0.44}Q${W * 0.25} ${H * 0.26} ${W * 0.5} ${H * 0.42}T${W} ${H * 0.34}V${H}H0Z`, '#C4D3D8');
        hill(sheet, `M0 ${H * 0.56}Q${W * 0.4} ${H * 0.44} ${W} ${H * 0.56}V${H}H0Z`, '#DDE6E6');
        hill(sheet, `M0 ${H * 0.68}Q${W * 0.5} ${H * 0.6} ${W} ${H * 0.68}V${H}H0Z`, '#F4F6F3');
    },
    red(sheet, W, H) {
        sheet.add(`<path d="M0 ${H * 0.47}H${W}V${H * 0.6}H0Z" fill="#B5D3D6"/>`);
        hill(sheet, `M0 ${H * 0.55}Q${W * 0.5} ${H * 0.5} ${W} ${H * 0.55}V${H}H0Z`, '#A9B96C');
        hill(sheet, `M0 ${H * 0.63}Q${W * 0.5} ${H * 0.58} ${W} ${H * 0.63}V${H}H0Z`, '#C9825A');
        rows(sheet, '#8FA04C', H * 0.64, H, W);
    },
    karst(sheet, W, H) {
        for (const [x, w, y, tone] of [
            [0.1, 0.2, 0.24, '#B9CDBB'],
            [0.32, 0.18, 0.16, '#A9C2AC'],
            [0.58, 0.22, 0.2, '#B3C9B6'],
            [0.84, 0.2, 0.26, '#A3BEA8'],
        ]) {
            hill(
                sheet,
                `M${W * (x - w / 2)} ${H * 0.62}C${W * (x - w * 0.4)} ${H * y} ${W * (x - w * 0.2)} ${H * (y - 0.06)} ${W * x} ${H * (y - 0.05)}C${W * (x + w * 0.26)} ${H * (y - 0.04)} ${W * (x + w * 0.4)} ${H * (y + 0.1)} ${W * (x + w / 2)} ${H * 0.62}Z`,
                tone,
            );
        }
        hill(sheet, `M0 ${H * 0.56}Q${W * 0.5} ${H * 0.5} ${W} ${H * 0.56}V${H}H0Z`, '#9DB878');
        hill(sheet, `M0 ${H * 0.7}Q${W * 0.5} ${H * 0.62} ${W} ${H * 0.7}V${H}H0Z`, '#B9C98A');
    },
};

const wall = (sheet, x, y, width, height, colour) =>
    sheet.add(
        `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${sheet.ramp(
            [
                [0, lighter(colour, 0.25)],
                [1, darker(colour, 0.1)],
            ],
            [0, 0, 1, 0.4],
        )}"/>`,
    );

function roof(sheet, x, y, width, height, colour, eave = 34) {
    sheet.add(
        `<path d="M${x - eave} ${y}Q${x - eave * 0.4} ${y - 6} ${x + width * 0.12} ${y - height}H${x + width * 0.88}Q${x + width + eave * 0.4} ${y - 6} ${x + width + eave} ${y}L${x + width + eave - 6} ${y + 16}H${x - eave + 6}Z" fill="${sheet.ramp(
            [
                [0, lighter(colour, 0.2)],
                [0.8, colour],
                [1, darker(colour, 0.35)],
            ],
        )}"/>`,
    );
    const tiles = Array.from({ length: Math.floor(width / 24) }, (_, index) => {
        const at = x + 14 + index * 24;
        const top = x + width * 0.12 + ((at - x) / width) * width * 0.76;
        return `<path d="M${top.toFixed(0)} ${y - height + 6}L${at} ${y + 6}"/>`;
    });
    sheet.add(`<g stroke="${darker(colour, 0.4)}" stroke-width="3" opacity=".34">${tiles.join('')}</g>`);
    sheet.add(
        `<rect x="${x + width * 0.1}" y="${y - height - 10}" width="${width * 0.8}" height="16" rx="8" fill="${darker(colour, 0.3)}"/>`,
    );
}

const door = (sheet, x, y, width, height, colour = '#8A5A38') => {
    sheet.add(
        `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="${sheet.ramp(
            [
                [0, darker(colour, 0.1)],
                [0.5, lighter(colour, 0.12)],
                [1, darker(colour, 0.3)],
            ],
            [0, 0, 1, 0],
        )}"/><path d="M${x + width / 2} ${y + 6}V${y + height}" stroke="${darker(colour, 0.5)}" stroke-width="4"/>`,
    );
    sheet.add(
        `<circle cx="${x + width / 2 - 9}" cy="${y + height * 0.55}" r="4" fill="#E3C06A"/><circle cx="${x + width / 2 + 9}" cy="${y + height * 0.55}" r="4" fill="#E3C06A"/>`,
    );
};

const window = (sheet, x, y, width, height, frame = '#7A5236') => {
    sheet.add(
        `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="5" fill="${frame}"/><rect x="${x + 7}" y="${y + 7}" width="${width - 14}" height="${height - 14}" fill="${sheet.ramp(
            [
                [0, '#FDF0C4'],
                [1, '#F2CE86'],
            ],
        )}"/><path d="M${x + width / 2} ${y + 6}V${y + height - 6}M${x + 6} ${y + height / 2}H${x + width - 6}" stroke="${frame}" stroke-width="5"/>`,
    );
};

/** Houses of the places; each stands on the line y, its middle at x. */
const HOUSES = {
    brick(sheet, x, y, s = 1, roofColour = '#7A6A5C') {
        sheet.group(x, y, { scale: s, lift: 6 }, (part) => {
            wall(part, -150, -150, 300, 150, '#EBDCC4');
            roof(part, -150, -150, 300, 84, roofColour);
            door(part, -38, -104, 76, 104);
            window(part, -126, -112, 64, 58);
            window(part, 62, -112, 64, 58);
        });
    },
    hui(sheet, x, y, s = 1) {
        sheet.group(x, y, { scale: s, lift: 6 }, (part) => {
            const steps = 'M-160 0V-196H-112V-226H-52V-252H52V-226H112V-196H160V0Z';
            part.add(
                `<path d="${steps}" fill="${part.ramp(
                    [
                        [0, '#FFFFFF'],
                        [1, '#E9E4D8'],
                    ],
                    [0, 0, 1, 0.5],
                )}"/>`,
            );
            for (const [at, top, wide] of [
                [-160, -196, 52],
                [-116, -226, 68],
                [-58, -252, 116],
                [48, -226, 68],
                [108, -196, 58],
            ])
                part.add(`<path d="M${at - 8} ${top}h${wide + 12}l8 -14h-${wide + 28}z" fill="#4A4E50"/>`);
            door(part, -36, -110, 72, 110, '#5E4632');
            part.add('<path d="M-54 -122H54L64 -108H-64Z" fill="#4A4E50"/>');
            window(part, -124, -140, 46, 40, '#4A4E50');
            window(part, 78, -140, 46, 40, '#4A4E50');
        });
    },
    stilt(sheet, x, y, s = 1) {
        sheet.group(x, y, { scale: s, lift: 6 }, (part) => {
            part.add(
                '<g fill="#6B4A2E"><rect x="-140" y="-80" width="16" height="80"/><rect x="-60" y="-80" width="16" height="80"/><rect x="44" y="-80" width="16" height="80"/><rect x="124" y="-80" width="16" height="80"/></g>',
            );
            wall(part, -146, -190, 292, 112, '#B58452');
            const boards = Array.from({ length: 12 }, (_, index) => `<path d="M${-132 + index * 24} -190v112"/>`);
            part.add(`<g stroke="#7A5432" stroke-width="3" opacity=".5">${boards.join('')}</g>`);
            part.add(
                '<rect x="-164" y="-92" width="328" height="16" rx="4" fill="#8A6238"/><g stroke="#8A6238" stroke-width="6"><path d="M-158 -92v-40M-110 -92v-40M-62 -92v-40M62 -92v-40M110 -92v-40M158 -92v-40M-164 -130H-50M50 -130H164"/></g>',
            );
            roof(part, -150, -188, 300, 84, '#5E5A52', 44);
            door(part, -34, -172, 68, 92, '#7A5030');
            window(part, -122, -172, 50, 36);
            window(part, 72, -172, 50, 36);
        });
    },
    barn(sheet, x, y, s = 1, colour = '#A8523A') {
        sheet.group(x, y, { scale: s, lift: 6 }, (part) => {
            part.add(
                `<path d="M-160 0V-130L-104 -210H104L160 -130V0Z" fill="${part.ramp(
                    [
                        [0, lighter(colour, 0.2)],
                        [1, darker(colour, 0.1)],
                    ],
                    [0, 0, 1, 0.4],
                )}"/>`,
            );
            part.add('<path d="M-182 -122L-114 -222H114L182 -122L164 -112L106 -200H-106L-164 -112Z" fill="#6B4A38"/>');
            part.add(
                '<rect x="-64" y="-112" width="128" height="112" fill="#F4E9D2"/><path d="M-64 -112H64V0H-64ZM-64 -112L64 0M64 -112L-64 0" fill="none" stroke="#7A3A28" stroke-width="9"/>',
            );
            part.add('<circle cx="0" cy="-158" r="22" fill="#F4E9D2" stroke="#7A3A28" stroke-width="7"/>');
        });
    },
    shop(sheet, x, y, s = 1, colour = '#1F6549') {
        sheet.group(x, y, { scale: s, lift: 6 }, (part) => {
            wall(part, -160, -220, 320, 220, '#F1E4CC');
            part.add(
                `<rect x="-172" y="-250" width="344" height="52" rx="8" fill="${part.ramp([
                    [0, lighter(colour, 0.16)],
                    [1, colour],
                ])}"/>`,
            );
            vessels.mark(part, 0, -224, 40, '#F6F0E4');
            for (let index = 0; index < 8; index++)
                part.add(`<path d="M${-172 + index * 43} -198h43v34q-21.5 24 -43 0Z" fill="${index % 2 ? '#F6F0E4' : '#C9503F'}"/>`);
            window(part, -140, -140, 150, 96);
            door(part, 38, -146, 84, 146);
            part.add(
                '<rect x="-148" y="-42" width="166" height="18" rx="5" fill="#A8733F"/><rect x="-140" y="-26" width="150" height="26" fill="#C9965C"/>',
            );
        });
    },
    station(sheet, x, y, s = 1, colour = '#1F6549') {
        sheet.group(x, y, { scale: s, lift: 6 }, (part) => {
            wall(part, -176, -170, 352, 170, '#F6F1E6');
            part.add(
                `<rect x="-190" y="-196" width="380" height="46" rx="8" fill="${part.ramp([
                    [0, lighter(colour, 0.2)],
                    [1, colour],
                ])}"/>`,
            );
            vessels.mark(part, 0, -173, 34, '#F6F0E4');
            part.add(
                '<rect x="20" y="-116" width="132" height="116" rx="4" fill="#B9C4C0"/><g stroke="#8FA09A" stroke-width="4"><path d="M20 -92H152M20 -68H152M20 -44H152M20 -20H152"/></g>',
            );
            window(part, -150, -118, 130, 68, '#5E6F68');
        });
    },
    greenhouse(sheet, x, y, s = 1) {
        sheet.group(x, y, { scale: s, lift: 6 }, (part) => {
            part.add(
                `<path d="M-190 0V-40A190 170 0 0 1 190 -40V0Z" fill="${part.ramp([
                    [0, '#FFFFFF', 0.95],
                    [1, '#CFE3D6', 0.95],
                ])}"/>`,
            );
            part.add(
                '<path d="M-150 0V-30A150 128 0 0 1 150 -30V0Z" fill="#B9D3A0"/><g fill="#6E9A4C"><ellipse cx="-90" cy="-14" rx="40" ry="22"/><ellipse cx="-20" cy="-16" rx="44" ry="26"/><ellipse cx="56" cy="-14" rx="42" ry="24"/><ellipse cx="112" cy="-10" rx="30" ry="18"/></g>',
            );
            part.add(
                '<g fill="none" stroke="#8FB0A0" stroke-width="6"><path d="M-190 0V-40A190 170 0 0 1 190 -40V0M-126 0V-46A126 140 0 0 1 126 -46V0M-62 0V-70A62 130 0 0 1 62 -70V0M0 -208V-100"/></g>',
            );
            part.add(
                '<path d="M-168 -92A190 170 0 0 1 -80 -186" fill="none" stroke="#FFFFFF" stroke-width="13" stroke-linecap="round" opacity=".8"/>',
            );
        });
    },
};

/** What stands before the house: emoji, or a drawing in its box of 200. */
const GOODS = {
    pear: '1f350',
    chili: '1f336-fe0f',
    egg: (sheet) => things.egg(sheet),
    pineapple: '1f34d',
    tangerine: (sheet) => things.citrus(sheet, { colour: '#EF8A26', flat: 0.84, leaves: 2 }),
    orange: '1f34a',
    ponkan: (sheet) => things.citrus(sheet, { colour: '#F0972C', flat: 0.8, neck: 16 }),
    apple: '1f34e',
    plum: (sheet) => things.plum(sheet),
    peanut: '1f95c',
    greens: '1f96c',
    honey: '1f36f',
    walnut: (sheet) => things.walnut(sheet),
    shiitake: (sheet) => things.mushroom(sheet, { cap: '#8A5A38', cracks: 30, wide: 1.1, tall: 0.62, seed: 3 }),
    ear: (sheet) => things.ear(sheet, 2),
    cactus: '1f335',
    wheat: '1f33e',
    kiwi: '1f95d',
    cane: (sheet) => things.cane(sheet, { segments: 4 }),
    ginseng: (sheet) => things.ginseng(sheet),
    succulent: (sheet) => things.succulent(sheet, ['#5E9A6B', '#A9CF9A', '#E7A2A8']),
    pottedSucculent(sheet) {
        vessels.pot(sheet, { x: 0, y: 4, width: 124, height: 90, colour: '#D9CBB2' });
        sheet.group(0, -14, { scale: 0.8, scaleY: 0.62, lift: 4 }, (part) => things.succulent(part, ['#5E9A6B', '#A9CF9A', '#E7A2A8']));
    },
    pottedBloom(sheet) {
        vessels.bush(sheet, { x: 0, y: -40, radius: 58, count: 16, seed: 4 });
        vessels.pot(sheet, { x: 0, y: 10, width: 116, height: 84, colour: '#C46F48' });
        for (const [x, y, colour] of [
            [-34, -56, '#D8566B'],
            [30, -74, '#E58C9A'],
            [14, -20, '#C8405A'],
        ])
            sheet.group(x, y, { scale: 0.36, lift: 3 }, (part) => things.bloom(part, colour));
    },
};

function place(name, ground, { land, house, houseLook = [], trees = [], basketOf, crateOf, before = [], ground: y = 476 }) {
    const picture = new Picture(name, ground);
    picture.draw((sheet) => {
        LANDS[land](sheet, 720, 720);
    });
    for (const [code, x, ty, size] of trees.filter((tree) => tree[2] < y)) picture.emoji(code, x, ty, size, { shade: false });
    picture.draw((sheet) => {
        sheet.shade(370, y + 4, 430, { opacity: 0.26 });
        HOUSES[house](sheet, 360, y, 1.2, ...houseLook);
    });
    for (const [code, x, ty, size] of trees.filter((tree) => tree[2] >= y)) picture.emoji(code, x, ty, size);
    const held = basketOf ?? crateOf;
    if (held) {
        const [vessel, size] = [basketOf ? 'basket' : 'crate', 106];
        picture.draw((sheet) => {
            sheet.shade(360, 624, 300);
            if (vessel === 'basket') vessels.basketBack(sheet, { y: 520, width: 276 });
            else vessels.crateBack(sheet, { y: 526, width: 290 });
        });
        for (const [x, py] of [
            [314, 494],
            [406, 494],
            [274, 516],
            [360, 510],
            [446, 516],
        ])
            put(picture, GOODS[held], x, py, size);
        picture.draw((sheet) => {
            if (vessel === 'basket') vessels.basketFront(sheet, { y: 520, width: 276, height: 100 });
            else vessels.crateFront(sheet, { y: 526, width: 290, height: 94, boards: 1, label: false });
        });
    }
    for (const [thing, x, py, size, look] of before) put(picture, GOODS[thing] ?? thing, x, py, size, look);
    return picture;
}

const PINE = '1f332';
const TREE = '1f333';
const PALM = '1f334';

const SELLERS = [
    [
        'shangzhuang',
        'wheat',
        {
            land: 'loess',
            house: 'brick',
            houseLook: ['#8A6A4C'],
            trees: [
                [TREE, 170, 372, 190],
                [TREE, 566, 384, 170],
            ],
            crateOf: 'pear',
        },
    ],
    [
        'heishan',
        'paper',
        {
            land: 'snow',
            house: 'greenhouse',
            trees: [
                [PINE, 140, 350, 170],
                [PINE, 590, 340, 190],
            ],
            basketOf: 'greens',
        },
    ],
    [
        'lanxi',
        'sage',
        {
            land: 'mountain',
            house: 'stilt',
            trees: [
                [PINE, 150, 360, 170],
                [PINE, 590, 366, 160],
            ],
            basketOf: 'walnut',
        },
    ],
    ['xiajiang', 'wheat', { land: 'gorge', house: 'shop', houseLook: ['#B3552B'], crateOf: 'orange' }],
    ['wangzhou', 'clay', { land: 'gorge', house: 'brick', houseLook: ['#5E5A52'] }],
    [
        'shencheng',
        'sage',
        {
            land: 'mountain',
            house: 'station',
            houseLook: ['#7A4A22'],
            trees: [
                [PINE, 130, 370, 180],
                [PINE, 604, 376, 170],
            ],
            crateOf: 'ginseng',
        },
    ],
    [
        'shuangdang',
        'clay',
        {
            land: 'plain',
            house: 'shop',
            houseLook: ['#8E4A6B'],
            before: [
                ['pottedSucculent', 238, 556, 150],
                ['pottedSucculent', 482, 556, 150],
                ['pottedBloom', 360, 560, 170],
            ],
        },
    ],
    [
        'huaxi',
        'wheat',
        {
            land: 'mountain',
            house: 'stilt',
            trees: [[TREE, 596, 372, 170]],
            before: [
                ['honey', 330, 548, 136],
                ['1f41d', 470, 470, 72],
                ['1f41d', 236, 440, 60],
            ],
        },
    ],
    ['jiqing', 'paper', { land: 'plain', house: 'brick', houseLook: ['#A8452F'] }],
    [
        'xiushan',
        'sage',
        {
            land: 'terrace',
            house: 'station',
            before: [
                ['1f69a', 300, 546, 190],
                ['1f4e6', 470, 566, 104],
            ],
        },
    ],
    ['madian', 'wheat', { land: 'plain', house: 'station', houseLook: ['#2A5C8A'], crateOf: 'shiitake' }],
    [
        'yugonglou',
        'clay',
        {
            land: 'red',
            house: 'brick',
            houseLook: ['#B3552B'],
            trees: [
                [PALM, 150, 350, 210],
                [PALM, 594, 360, 190],
            ],
            crateOf: 'pineapple',
        },
    ],
    [
        'rongxi',
        'sage',
        {
            land: 'mountain',
            house: 'hui',
            trees: [
                [PINE, 120, 372, 180],
                [PINE, 606, 376, 170],
            ],
            basketOf: 'egg',
        },
    ],
    ['datang', 'clay', { land: 'terrace', house: 'brick', houseLook: ['#6B5A4C'], basketOf: 'chili' }],
    [
        'chongshan',
        'wheat',
        {
            land: 'karst',
            house: 'brick',
            houseLook: ['#7A6A5C'],
            trees: [[TREE, 160, 392, 160]],
            basketOf: 'tangerine',
        },
    ],
    [
        'zhouquan',
        'sage',
        {
            land: 'plain',
            house: 'greenhouse',
            before: [
                ['pottedBloom', 236, 556, 150],
                ['pottedBloom', 484, 556, 150],
                ['1fab4', 360, 540, 180],
            ],
        },
    ],
    [
        'shuanglin',
        'paper',
        {
            land: 'plain',
            house: 'brick',
            houseLook: ['#5E5A52'],
            trees: [[TREE, 596, 380, 160]],
            before: [
                ['cane', 300, 520, 190, { turn: -14 }],
                ['cane', 360, 524, 200],
                ['cane', 420, 520, 190, { turn: 14 }],
            ],
        },
    ],
    ['daba', 'wheat', { land: 'gorge', house: 'brick', houseLook: ['#8A6A4C'], trees: [[TREE, 140, 400, 150]], basketOf: 'orange' }],
    ['quanfa', 'sage', { land: 'gorge', house: 'stilt', basketOf: 'plum' }],
    [
        'hejiayan',
        'wheat',
        {
            land: 'terrace',
            house: 'stilt',
            before: [
                ['wheat', 270, 548, 130],
                ['wheat', 360, 556, 140],
                ['wheat', 450, 548, 130],
            ],
        },
    ],
    [
        'taoyuan',
        'sage',
        {
            land: 'snow',
            house: 'brick',
            houseLook: ['#8A4A38'],
            trees: [
                [PINE, 150, 366, 180],
                [PINE, 590, 372, 170],
            ],
            basketOf: 'ear',
        },
    ],
    [
        'guangdong',
        'paper',
        {
            land: 'plain',
            house: 'brick',
            houseLook: ['#4A4E50'],
            trees: [[PINE, 600, 380, 150]],
            before: [
                ['1f35a', 300, 552, 130],
                ['wheat', 440, 548, 130],
            ],
        },
    ],
    ['laoguantuo', 'clay', { land: 'plain', house: 'barn', basketOf: 'peanut' }],
    ['shiliang', 'wheat', { land: 'karst', house: 'hui', crateOf: 'ponkan' }],
    ['chicheng', 'clay', { land: 'loess', house: 'barn', houseLook: ['#B5693A'], trees: [[TREE, 132, 390, 150]], crateOf: 'apple' }],
];

function sellers() {
    const list = SELLERS.map(([code, ground, look]) => place(`seller-${code}`, ground, look));
    const named = (code) => list.find((each) => each.name === `seller-${code}`);
    named('wangzhou').draw((sheet) => {
        for (const [x, scale, colour] of [
            [240, 0.9, '#6B4630'],
            [480, 0.9, '#4F5B4A'],
            [360, 1.04, '#7A4A30'],
        ]) {
            sheet.group(x, 500, { scale: scale * 0.38, lift: 5 }, (part) => vessels.crock(part, { x: 0, y: 0, colour }));
        }
    });
    named('jiqing').draw((sheet) => {
        sheet.shade(360, 604, 330);
        vessels.giftBox(sheet, { x: 260, y: 592, size: 92, colour: '#E5A0A0', ribbon: '#F6E7C1' });
        vessels.giftBox(sheet, { x: 474, y: 592, size: 92, colour: '#C8372B' });
        vessels.giftBox(sheet, { x: 366, y: 606, size: 112, colour: '#B5302A' });
        for (const x of [232, 488]) sheet.group(x, 396, { scale: 0.34, lift: 4 }, (part) => things.lantern(part));
    });
    return list;
}

function sections() {
    const secretary = new Picture('section-secretary', 'sage').emoji('1f468-1f3fb-200d-1f33e', 360, 340, 420, {
        shadeWidth: 0.6,
    });
    secretary.draw((sheet) => vessels.crateBack(sheet, { y: 508, width: 440 }));
    for (const x of [236, 320, 404, 488]) put(secretary, '1f350', x, 482, 118);
    secretary.draw((sheet) => vessels.crateFront(sheet, { y: 508, width: 440, height: 110, boards: 1 }));
    const down = new Picture('section-down', 'wheat').draw((sheet) => {
        LANDS.plain(sheet, 720, 720);
        sheet.add('<path d="M0 640Q360 560 720 640V720H0Z" fill="#CFC3A6"/>');
    });
    down.emoji('1f69a', 360, 430, 430, { flip: true });
    const group = new Picture('section-group', 'clay').draw((sheet) => sheet.shade(360, 610, 540));
    for (const [x, y, size] of [
        [220, 470, 230],
        [500, 470, 230],
        [360, 330, 230],
        [360, 500, 250],
    ])
        put(group, '1f4e6', x, y, size);
    put(put(group, '1f34a', 150, 560, 120), '1f34e', 572, 560, 120);
    const enterprise = new Picture('section-enterprise', 'sage').draw((sheet) => {
        sheet.shade(360, 612, 560);
        vessels.tin(sheet, { x: 188, y: 360, width: 170, height: 240, colour: '#2F6B4F' });
        vessels.bottle(sheet, { x: 548, y: 250, width: 140, height: 350 });
        vessels.jar(sheet, { x: 366, y: 368, width: 230, height: 244 }, (part, edges) => {
            part.add(
                `<rect x="${edges.left}" y="${edges.top}" width="230" height="250" fill="${part.ramp([
                    [0, '#EBC27A'],
                    [0.2, '#D9902A'],
                    [1, '#C47A1E'],
                ])}"/>`,
            );
        });
    });
    return [secretary, down, group, enterprise];
}

function zone() {
    return new Picture('zone-aixin', 'paper').draw((sheet) => {
        LANDS.gorge(sheet, 720, 720);
        sheet.shade(360, 628, 420);
        vessels.basketBack(sheet, { y: 470, width: 400 });
    });
}

function banners() {
    const wide = { width: 720, height: 360 };
    const orchard = new Picture('banner-orchard', 'wheat', wide).draw((sheet) => LANDS.karst(sheet, 720, 360));
    for (const [x, size] of [
        [60, 170],
        [180, 150],
        [560, 150],
        [668, 176],
    ]) {
        orchard.emoji(TREE, x, 190, size, { shade: false });
        for (const [dx, dy] of [
            [-28, -34],
            [22, -50],
            [30, -6],
            [-10, 2],
        ])
            put(orchard, '1f34a', x + dx * (size / 160), 184 + dy * (size / 160), 24, { lift: false });
    }
    orchard.draw((sheet) => {
        sheet.shade(360, 334, 270);
        vessels.crateBack(sheet, { y: 228, width: 270 });
    });
    const tangerine = (sheet) => things.citrus(sheet, { colour: '#EF8A26', flat: 0.84, leaves: 2 });
    for (const [x, y] of [
        [306, 188],
        [366, 180],
        [424, 190],
        [276, 212],
        [334, 210],
        [392, 208],
        [448, 214],
    ])
        put(orchard, tangerine, x, y, 84);
    orchard.draw((sheet) => vessels.crateFront(sheet, { y: 228, width: 270, height: 102, boards: 2 }));
    const gorge = new Picture('banner-gorge', 'sage', wide).draw((sheet) => {
        LANDS.gorge(sheet, 720, 360);
        sheet.add(
            '<g fill="none" stroke="#F6F0E4" stroke-width="4" opacity=".7" stroke-linecap="round"><path d="M120 64q16 -12 32 0q16 -12 32 0M560 48q14 -10 28 0q14 -10 28 0"/></g>',
        );
        sheet.shade(360, 338, 300);
        vessels.basketBack(sheet, { y: 238, width: 270 });
    });
    for (const [code, x, y, size] of [
        ['1f34b', 290, 206, 88],
        ['1f34a', 368, 190, 96],
        ['1f95d', 440, 208, 84],
        ['1f954', 326, 228, 80],
        ['1f36f', 404, 218, 92],
    ])
        put(gorge, code, x, y, size);
    gorge.draw((sheet) => vessels.basketFront(sheet, { y: 238, width: 270, height: 84 }));
    const village = new Picture('banner-village', 'clay', wide).draw((sheet) => {
        LANDS.mountain(sheet, 720, 360);
        HOUSES.stilt(sheet, 110, 262, 0.52);
        HOUSES.hui(sheet, 606, 262, 0.5);
        sheet.add('<path d="M300 360Q330 300 360 292Q390 300 420 360Z" fill="#E3D2AE"/>');
        HOUSES.shop(sheet, 360, 298, 0.74);
    });
    put(put(put(put(village, '1f34e', 262, 306, 56), '1f350', 220, 314, 56), '1f33d', 470, 308, 62), '1f96c', 520, 312, 58);
    return [orchard, gorge, village];
}

export function scenes() {
    const hearts = zone();
    for (const [code, x, y, size] of [
        ['1f34b', 256, 400, 132],
        ['1f36f', 360, 366, 156],
        ['1f95d', 466, 402, 130],
        ['1f336-fe0f', 200, 440, 116],
        ['1f954', 280, 452, 124],
        ['1f34a', 368, 450, 130],
        ['1f330', 452, 456, 116],
        ['1f34b', 524, 446, 104],
    ])
        put(hearts, code, x, y, size);
    hearts.draw((sheet) => vessels.basketFront(sheet, { y: 470, width: 400, height: 146 }));
    return [...sellers(), ...sections(), hearts, ...banners()];
}

// What grows and is made: each drawing stands in a box from -100 to 100, light from the upper left.
import { blob, darker, lighter, mix, polygon, random } from './draw.mjs';

const turned = (angle, radiusX, radiusY = radiusX) => [Math.cos(angle) * radiusX, Math.sin(angle) * radiusY];
const TAU = Math.PI * 2;

/** A leaf lying along the x axis from the stem at 0. */
export function leaf(sheet, x, y, length, turn, colour = '#5E9A3C') {
    sheet.group(x, y, { turn, scale: length / 100 }, (part) => {
        part.solid('M0 0C18 -38 66 -40 100 0C66 30 20 28 0 0Z', [lighter(colour, 0.35), colour, darker(colour, 0.35)], {
            rim: '#2F6B2C',
        });
        part.add(`<path d="M4 0C34 -8 66 -8 92 -1" fill="none" stroke="${darker(colour, 0.25)}" stroke-width="3" opacity=".5"/>`);
    });
}

/** Petals in rings, from the outer ring in: succulents, roses, silk flowers, chrysanthemums. */
export function rosette(sheet, { rings, tip = 0.5, squash = 0.86, heart }) {
    rings.forEach(({ count, length, width, colours, offset = 0 }) => {
        for (let index = 0; index < count; index++) {
            const angle = (index / count) * TAU + offset;
            const degrees = (angle * 180) / Math.PI;
            const shade = (1 + Math.sin(angle)) / 2;
            const tone = colours.map((colour) => mix(colour, darker(colour, 0.3), shade * 0.55));
            const path =
                `M0 0C${length * 0.25} ${-width} ${length * (1 - tip * 0.3)} ${-width * 0.95} ${length} 0` +
                `C${length * (1 - tip * 0.3)} ${width * 0.95} ${length * 0.25} ${width} 0 0Z`;
            sheet.group(0, 0, { scale: 1, scaleY: squash, lift: count <= 14 ? 3 : 0 }, (flat) =>
                flat.group(0, 0, { turn: degrees }, (petal) => {
                    petal.add(
                        `<path d="${path}" fill="${petal.ramp(
                            tone.map((c, i) => [i / (tone.length - 1), c]),
                            [0, 0, 1, 0],
                        )}"/>`,
                    );
                    petal.add(
                        `<path d="M${length * 0.3} 0L${length * 0.9} 0" stroke="#FFFFFF" stroke-width="${width * 0.12}" opacity=".16" stroke-linecap="round"/>`,
                    );
                }),
            );
        }
    });
    if (heart) sheet.ball(0, 0, heart.radius, heart.radius * squash, heart.colours, { gloss: 0.25 });
}

/** A succulent seen from above. */
export function succulent(sheet, [outer, inner, tipColour]) {
    const ring = (count, length, width, offset, share) => ({
        count,
        length,
        width,
        offset,
        colours: [darker(outer, 0.3), mix(outer, inner, share), tipColour],
    });
    rosette(sheet, {
        tip: 1.1,
        rings: [
            ring(9, 100, 36, 0, 0),
            ring(8, 82, 33, 0.36, 0.35),
            ring(7, 62, 28, 0.1, 0.6),
            ring(6, 42, 21, 0.5, 0.85),
            ring(4, 24, 13, 0.2, 1),
        ],
    });
}

/** A full flower of cloth or of a rose bush. */
export function bloom(sheet, colour, deep = darker(colour, 0.35)) {
    const ring = (count, length, width, offset, share) => ({
        count,
        length,
        width,
        offset,
        colours: [deep, mix(colour, deep, 1 - share), lighter(colour, share * 0.35)],
    });
    rosette(sheet, {
        tip: 0.1,
        squash: 0.9,
        rings: [
            ring(7, 100, 56, 0, 0.7),
            ring(6, 80, 48, 0.5, 0.8),
            ring(5, 60, 40, 0.1, 0.9),
            ring(4, 42, 30, 0.7, 1),
            ring(3, 25, 20, 0.2, 1),
        ],
    });
}

/** A chrysanthemum: many narrow petals. */
export function chrysanthemum(sheet, colour = '#FFF3C9', heart = '#E9B12E') {
    const ring = (count, length, offset) => ({
        count,
        length,
        width: 9,
        offset,
        colours: [darker(colour, 0.22), colour, lighter(colour, 0.5)],
    });
    rosette(sheet, {
        tip: 0.1,
        rings: [ring(26, 100, 0), ring(24, 84, 0.1), ring(20, 66, 0.05), ring(16, 48, 0.12)],
        heart: { radius: 26, colours: [lighter(heart, 0.4), heart, darker(heart, 0.35)] },
    });
}

/** A mushroom standing, its cap split by pale cracks when it is a flower mushroom. */
export function mushroom(sheet, { cap = '#9A6B43', stem = '#EAD9BE', cracks = 0, wide = 1, tall = 1, seed = 1 }) {
    sheet.solid(
        `M${-24 * wide} 0C${-20 * wide} 40 ${-28 * wide} ${70 * tall} ${-20 * wide} ${92 * tall}C-10 ${102 * tall} 10 ${102 * tall} ${20 * wide} ${92 * tall}C${28 * wide} ${70 * tall} ${20 * wide} 40 ${24 * wide} 0Z`,
        [lighter(stem, 0.4), stem, darker(stem, 0.3)],
    );
    sheet.solid('M-100 6C-96 30 -40 38 0 38C40 38 96 30 100 6Z', [lighter(stem, 0.1), darker(stem, 0.2), darker(stem, 0.45)], {
        rimShare: 0,
    });
    const top = 'M-102 8C-104 -52 -56 -92 0 -92C56 -92 104 -52 102 8C98 26 40 22 0 22C-40 22 -98 26 -102 8Z';
    sheet.solid(top, [lighter(cap, 0.45), cap, darker(cap, 0.45)], { rim: '#D99A6A' });
    const next = random(seed);
    const marks = [];
    for (let index = 0; index < cracks; index++) {
        const [x, y] = turned(next() * TAU, next() * 74, next() * 44);
        const points = Array.from({ length: 5 }, (_, corner) => {
            const [dx, dy] = turned((corner / 5) * TAU + next(), 6 + next() * 9, 3 + next() * 5);
            return [x + dx, y - 32 + dy];
        });
        marks.push(`<path d="${polygon(points)}" fill="#F2E2C4" opacity="${0.35 + next() * 0.4}"/>`);
    }
    sheet.add(`<g ${sheet.clip(top)}>${marks.join('')}</g>`);
    sheet.add('<ellipse cx="-36" cy="-52" rx="34" ry="16" fill="#FFFFFF" opacity=".2" transform="rotate(-22 -36 -52)"/>');
}

/** A black fungus ear: a curled dark cup. */
export function ear(sheet, seed = 1) {
    const next = random(seed);
    const edge = Array.from({ length: 13 }, (_, index) =>
        turned((index / 13) * TAU, (index % 2 ? 82 : 104) + next() * 10, (index % 2 ? 60 : 76) + next() * 10),
    );
    sheet.solid(blob(edge, 0.9), ['#7A5848', '#4B342B', '#231814'], { rim: '#8B5B45', rimShare: 0.35 });
    const inner = edge.map(([x, y]) => [x * 0.66 + 6, y * 0.55 + 8]);
    sheet.add(`<path d="${blob(inner, 0.9)}" fill="#1F1512" opacity=".5"/>`);
    const fold = edge.slice(6, 12).map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${(x * 0.8).toFixed(1)} ${(y * 0.74).toFixed(1)}`);
    sheet.add(
        `<path d="${fold.join('')}" fill="none" stroke="#9B7762" stroke-width="5" stroke-linejoin="round" stroke-linecap="round" opacity=".55"/>`,
    );
    sheet.add('<ellipse cx="-34" cy="-38" rx="26" ry="10" fill="#C9A893" opacity=".35" transform="rotate(-24 -34 -38)"/>');
}

/** Half a citrus fruit, cut side to the viewer. */
export function slice(sheet, { flesh = '#F59A23', rind = '#F0912B', pith = '#FBEFD6', parts = 10 }) {
    sheet.ball(0, 0, 100, 100, [lighter(rind, 0.2), rind, darker(rind, 0.3)], { gloss: 0 });
    sheet.add(`<circle cx="-2" cy="-2" r="90" fill="${pith}"/>`);
    for (let index = 0; index < parts; index++) {
        const [from, to] = [(index / parts) * TAU + 0.05, ((index + 1) / parts) * TAU - 0.05];
        const middle = (from + to) / 2;
        const corners = [
            turned(middle, 12),
            turned(from + 0.02, 72),
            turned(from + 0.09, 81),
            turned(middle, 84),
            turned(to - 0.09, 81),
            turned(to - 0.02, 72),
        ];
        const shade = 0.5 + Math.sin(middle - 0.8) * 0.5;
        sheet.add(`<path d="${blob(corners, 0.45)}" fill="${mix(lighter(flesh, 0.25), darker(flesh, 0.12), shade)}"/>`);
        const [x, y] = turned(middle, 52);
        sheet.add(
            `<ellipse cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" rx="16" ry="4" fill="#FFFFFF" opacity=".22" transform="rotate(${((middle * 180) / Math.PI).toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)})"/>`,
        );
    }
    sheet.add(`<circle r="9" fill="${pith}"/>`);
}

/** A whole citrus fruit; flat is how squat it is, neck how much it rises to the stalk. */
export function citrus(sheet, { colour = '#F39A2B', flat = 0.86, neck = 0, leaves = 1 }) {
    const top = -100 * flat - neck;
    const path =
        `M0 ${top + 8}C${18 + neck * 0.4} ${top - 2} ${34} ${top + 10} 60 ${-78 * flat}C90 ${-56 * flat} 100 ${-28 * flat} 100 4` +
        `C100 ${62 * flat} 56 ${100 * flat} 0 ${100 * flat}C-56 ${100 * flat} -100 ${62 * flat} -100 4C-100 ${-28 * flat} -90 ${-56 * flat} -60 ${-78 * flat}C-34 ${top + 10} ${-18 - neck * 0.4} ${top - 2} 0 ${top + 8}Z`;
    sheet.solid(path, [lighter(colour, 0.5), colour, darker(colour, 0.26)], { rim: '#F2655A', rimShare: 0.4 });
    const next = random(5);
    const pores = Array.from({ length: 46 }, () => {
        const [x, y] = turned(next() * TAU, Math.sqrt(next()) * 88, Math.sqrt(next()) * 80 * flat);
        return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="1.9"/>`;
    });
    sheet.add(`<g fill="${darker(colour, 0.3)}" opacity=".22">${pores.join('')}</g>`);
    sheet.add(
        `<ellipse cx="-34" cy="${-44 * flat}" rx="34" ry="${22 * flat}" fill="#FFFFFF" opacity=".26" transform="rotate(-24 -34 ${-44 * flat})"/>`,
    );
    sheet.add(`<ellipse cx="0" cy="${top + 10}" rx="13" ry="6" fill="#5B7A2E"/>`);
    if (leaves > 0) leaf(sheet, 2, top + 6, 74, -24);
    if (leaves > 1) leaf(sheet, -2, top + 6, 62, 196);
}

/** A plum or small stone fruit with its crease and bloom. */
export function plum(sheet, colour = '#B9C64A', blush = '#D9A24A') {
    sheet.ball(0, 0, 100, 98, [lighter(colour, 0.5), colour, darker(colour, 0.28)], {
        rim: blush,
        rimShare: 0.7,
        gloss: 0,
    });
    sheet.add('<ellipse cx="-24" cy="-26" rx="60" ry="46" fill="#FFFFFF" opacity=".2" transform="rotate(-30 -24 -26)"/>');
    sheet.add(
        `<path d="M4 -92C34 -50 36 20 10 84" fill="none" stroke="${darker(colour, 0.4)}" stroke-width="6" opacity=".35" stroke-linecap="round"/>`,
    );
    sheet.add('<path d="M2 -94C4 -116 12 -124 22 -130" fill="none" stroke="#6D5A34" stroke-width="8" stroke-linecap="round"/>');
}

/** A round dried fruit with fine stripes, such as the monk fruit. */
export function striped(sheet, colour = '#8A7B3D') {
    sheet.ball(0, 0, 96, 100, [lighter(colour, 0.42), colour, darker(colour, 0.5)], { gloss: 0.16 });
    const lines = Array.from({ length: 7 }, (_, index) => {
        const bend = (index - 3) * 30;
        return `<path d="M0 -96Q${bend * 1.35} 0 0 96"/>`;
    });
    sheet.add(`<g fill="none" stroke="${darker(colour, 0.4)}" stroke-width="4" opacity=".3">${lines.join('')}</g>`);
    sheet.add(`<circle cx="0" cy="-95" r="9" fill="${darker(colour, 0.55)}"/>`);
}

/** A walnut in its shell. */
export function walnut(sheet, seed = 1) {
    const colour = '#C79A63';
    const next = random(seed);
    sheet.ball(0, 0, 92, 100, [lighter(colour, 0.45), colour, darker(colour, 0.42)], { gloss: 0.14 });
    const creases = [-1, 1].flatMap((side) =>
        Array.from({ length: 7 }, (_, row) => {
            const y = -72 + row * 24 + next() * 8;
            const reach = (78 - Math.abs(y) * 0.42) * side;
            const wave = 7 + next() * 7;
            return `<path d="M${side * 16 + 4} ${y.toFixed(1)}c${(reach * 0.3).toFixed(1)} ${(-wave).toFixed(1)} ${(reach * 0.5).toFixed(1)} ${wave.toFixed(1)} ${(reach * 0.86).toFixed(1)} ${(wave * 0.3).toFixed(1)}"/>`;
        }),
    );
    sheet.add(
        `<g fill="none" stroke="${darker(colour, 0.42)}" stroke-width="4" stroke-linecap="round" opacity=".42">${creases.join('')}</g>`,
    );
    sheet.add(`<path d="M-6 -99C22 -50 22 50 -6 99" fill="none" stroke="${darker(colour, 0.5)}" stroke-width="7" opacity=".7"/>`);
    sheet.add(`<path d="M3 -97C31 -50 31 50 3 97" fill="none" stroke="${lighter(colour, 0.4)}" stroke-width="4" opacity=".6"/>`);
}

/** A length of black cane: segments with nodes, standing from y -100 to 100. */
export function cane(sheet, { segments = 4, colour = '#54304A', pale = false }) {
    const height = 200 / segments;
    const skin = pale ? '#E9E2B4' : colour;
    for (let index = 0; index < segments; index++) {
        const y = -100 + index * height;
        const body = sheet.ramp(
            [
                [0, darker(skin, 0.25)],
                [0.28, lighter(skin, pale ? 0.5 : 0.34)],
                [0.6, skin],
                [1, darker(skin, 0.5)],
            ],
            [0, 0, 1, 0],
        );
        sheet.add(
            `<path d="M-17 ${y}C-14 ${y + height * 0.3} -14 ${y + height * 0.7} -17 ${y + height}L17 ${y + height}C14 ${y + height * 0.7} 14 ${y + height * 0.3} 17 ${y}Z" fill="${body}"/>`,
        );
        if (index > 0) {
            sheet.add(`<rect x="-18.5" y="${y - 3.5}" width="37" height="7" rx="3.5" fill="${pale ? '#CBBF86' : '#8C6B7F'}"/>`);
            sheet.add(`<rect x="-17" y="${y + 3}" width="34" height="3" rx="1.5" fill="${darker(skin, 0.4)}" opacity=".6"/>`);
        }
    }
    sheet.add(
        `<ellipse cx="0" cy="-100" rx="17" ry="6" fill="${pale ? '#FBF7DC' : '#E9DFB5'}" stroke="${darker(skin, 0.1)}" stroke-width="2"/>`,
    );
}

/** A ginseng root with legs and fine rootlets. */
export function ginseng(sheet, { colour = '#DDB987', seed = 3 } = {}) {
    const next = random(seed);
    const hairs = Array.from({ length: 22 }, (_, index) => {
        const side = index % 2 === 0 ? -1 : 1;
        const y = 10 + next() * 110;
        const x = side * (8 + y * 0.38);
        const reach = 10 + next() * 34;
        return `<path d="M${x.toFixed(1)} ${y.toFixed(1)}c${(side * reach * 0.5).toFixed(1)} ${(next() * 16).toFixed(1)} ${(side * reach * 0.4).toFixed(1)} ${(16 + next() * 14).toFixed(1)} ${(side * reach).toFixed(1)} ${(22 + next() * 34).toFixed(1)}" stroke-width="${(1.6 + next() * 2.4).toFixed(1)}"/>`;
    });
    sheet.add(`<g fill="none" stroke="${darker(colour, 0.14)}" stroke-linecap="round">${hairs.join('')}</g>`);
    const tones = [lighter(colour, 0.5), colour, darker(colour, 0.3)];
    sheet.solid('M-6 6C-22 50 -52 84 -64 132C-58 128 -46 104 -34 92C-18 74 2 40 8 14Z', tones);
    sheet.solid('M6 4C16 44 44 76 50 140C36 118 22 84 8 62C-2 44 -8 22 -6 4Z', tones);
    sheet.solid('M-14 -84C-34 -68 -40 -20 -26 14C-14 34 16 34 28 12C42 -18 36 -66 14 -84Z', tones);
    sheet.solid('M-9 -128C-14 -110 -16 -96 -14 -80L14 -80C15 -96 14 -112 9 -128Z', [
        lighter(colour, 0.2),
        darker(colour, 0.2),
        darker(colour, 0.45),
    ]);
    const rings = [-70, -56, -42, -26, -8].map((y, index) => `<path d="M${-27 + index} ${y}q28 ${9 - index} 56 0"/>`);
    const scars = [-120, -110, -100, -90].map((y) => `<path d="M-10 ${y}q10 5 20 0"/>`);
    sheet.add(
        `<g fill="none" stroke="${darker(colour, 0.42)}" stroke-width="3" opacity=".5" stroke-linecap="round">${rings.join('')}${scars.join('')}</g>`,
    );
}

/** A tuber of gastrodia: long, ringed, with its bud. */
export function gastrodia(sheet) {
    const colour = '#D9BC8A';
    const path = blob(
        [
            [-104, 6],
            [-86, -34],
            [-30, -46],
            [34, -42],
            [84, -26],
            [106, 0],
            [82, 28],
            [26, 44],
            [-38, 46],
            [-88, 36],
        ],
        1,
    );
    sheet.solid(path, [lighter(colour, 0.5), colour, darker(colour, 0.36)]);
    const rings = [-78, -52, -24, 6, 36, 64].map((x) => `<path d="M${x} -40q16 40 0 82"/>`);
    sheet.add(
        `<g ${sheet.clip(path)}><g fill="none" stroke="${darker(colour, 0.36)}" stroke-width="4" stroke-dasharray="7 5" opacity=".55">${rings.join('')}</g></g>`,
    );
    sheet.solid('M98 -10C122 -18 130 -8 124 2C116 12 104 12 98 8Z', ['#C98B5C', '#A5633C', '#6E3D22']);
}

/** A white radish with a short crown of leaves. */
export function radish(sheet, { seed = 1 } = {}) {
    const next = random(seed);
    for (let index = 0; index < 7; index++) {
        const turn = -150 + index * 20 + next() * 8;
        sheet.group(0, -72, { turn }, (part) => {
            part.add('<path d="M0 0C30 -4 60 -4 92 0" stroke="#A9C46A" stroke-width="8" fill="none" stroke-linecap="round"/>');
            part.solid(
                'M34 0C44 -22 60 -14 70 -24C84 -30 112 -20 122 0C112 18 88 30 72 20C60 14 44 20 34 0Z',
                ['#8CC063', '#4F9142', '#2C6230'],
                {
                    rimShare: 0,
                },
            );
        });
    }
    sheet.solid(
        'M-44 -76C-66 -40 -58 24 -34 74C-22 100 -10 122 0 150C10 122 22 100 34 74C58 24 66 -40 44 -76C24 -88 -24 -88 -44 -76Z',
        ['#FFFFFF', '#F4F1E4', '#CFC8B2'],
        { rim: '#E3C9A8' },
    );
    sheet.add(
        `<path d="M-46 -74C-58 -52 -60 -34 -58 -18C-20 -8 20 -8 58 -18C60 -34 58 -52 46 -74C24 -88 -24 -88 -46 -74Z" fill="${sheet.ramp([
            [0, '#9DBE5F', 0.85],
            [1, '#C9D89A', 0],
        ])}"/>`,
    );
    sheet.add(
        '<g fill="none" stroke="#BDB498" stroke-width="3" stroke-linecap="round" opacity=".7"><path d="M-30 6h18M10 34h20M-22 58h14M4 84h12"/></g>',
    );
}

/** A head of Chinese cabbage standing. */
export function napa(sheet) {
    const frill = (offset, colour) => {
        const points = Array.from({ length: 17 }, (_, index) => {
            const angle = Math.PI + (index / 16) * Math.PI;
            const wave = index % 2 === 0 ? 1 : 0.86;
            return [Math.cos(angle) * 82 * wave + offset, -26 + Math.sin(angle) * 92 * wave];
        });
        sheet.solid(blob([...points, [66 + offset, 30], [-66 + offset, 30]], 0.8), [lighter(colour, 0.4), colour, darker(colour, 0.3)], {
            rimShare: 0,
        });
    };
    frill(-14, '#7DA94B');
    frill(16, '#8CB556');
    frill(0, '#A9C96C');
    const rib = (path, tone) => sheet.solid(path, ['#FFFFFF', tone, darker(tone, 0.18)], { rim: '#D9C79A' });
    rib('M-70 -14C-88 40 -66 104 -20 116L-6 116C-34 70 -44 20 -34 -40Z', '#F1F1DC');
    rib('M70 -14C88 40 66 104 20 116L6 116C34 70 44 20 34 -40Z', '#E6E8CB');
    rib('M-34 -34C-46 40 -30 100 0 120C30 100 46 40 34 -34C18 -58 -18 -58 -34 -34Z', '#F6F5E6');
    sheet.add(
        '<g fill="none" stroke="#C8D29C" stroke-width="4" stroke-linecap="round" opacity=".8"><path d="M0 110C-4 60 -2 10 0 -40M-10 60C-20 30 -22 0 -20 -24M10 60C20 30 22 0 20 -24"/></g>',
    );
    sheet.add(
        '<g fill="none" stroke="#6E9A45" stroke-width="4" stroke-linecap="round" opacity=".55"><path d="M0 -44C0 -70 0 -90 2 -104M-10 -58C-24 -74 -36 -82 -48 -88M12 -58C26 -72 38 -80 50 -84"/></g>',
    );
}

/** A slab of cured pork: skin, fat and lean in layers, with a string to hang it by when asked. */
export function slab(sheet, { string = false } = {}) {
    if (string) {
        sheet.add('<path d="M0 -118C-20 -150 -14 -176 0 -186C14 -176 20 -150 0 -118" fill="none" stroke="#A98A58" stroke-width="9"/>');
        sheet.add('<path d="M0 -118C-20 -150 -14 -176 0 -186" fill="none" stroke="#D7BE8E" stroke-width="4"/>');
    }
    const body = 'M-62 -116C-30 -128 34 -128 62 -114C76 -60 74 70 60 118C26 132 -34 132 -60 118C-76 60 -78 -58 -62 -116Z';
    sheet.solid(body, ['#8C4A33', '#6A3020', '#34150D'], { rim: '#C27A4C' });
    const band = (x, width, colour, opacity = 1) => {
        sheet.add(
            `<path d="M${x} -128C${x + 10} -60 ${x - 8} 50 ${x + 2} 132L${x + width} 132C${x + width - 10} 50 ${x + width + 8} -60 ${x + width} -128Z" fill="${colour}" opacity="${opacity}"/>`,
        );
    };
    sheet.add(`<g ${sheet.clip(body)}>`);
    band(-46, 24, '#E9BE83', 0.9);
    band(-14, 9, '#DDA56A', 0.75);
    band(6, 26, '#EFC78E', 0.9);
    band(46, 7, '#D69A60', 0.6);
    sheet.add('</g>');
    sheet.add(
        `<path d="${body}" fill="${sheet.ramp(
            [
                [0, '#FFFFFF', 0.3],
                [0.3, '#FFFFFF', 0],
                [0.7, '#3A1408', 0],
                [1, '#3A1408', 0.4],
            ],
            [0, 0, 1, 0.3],
        )}"/>`,
    );
}

/** One cut slice of cured pork, lying flat: skin, clear fat, dark lean. */
export function rasher(sheet) {
    const body = 'M-98 -26C-50 -44 40 -40 96 -30C106 -8 104 14 96 30C36 42 -50 42 -98 28C-108 8 -106 -10 -98 -26Z';
    sheet.solid(body, ['#F7D9AE', '#EBBD84', '#C98B52'], { rim: '#F2C79A' });
    const band = (y, height, colour) =>
        `<path d="M-120 ${y}C-60 ${y - 12} 50 ${y + 8} 120 ${y - 2}V${y + height}C50 ${y + height + 8} -60 ${y + height - 12} -120 ${y + height}Z" fill="${colour}"/>`;
    sheet.add(
        `<g ${sheet.clip(body)}>${band(-40, 13, '#6B2F1C')}${band(-10, 16, '#A8452F')}${band(16, 18, '#93382A')}${band(20, 4, '#E2A36C')}</g>`,
    );
    sheet.add(
        `<path d="${body}" fill="${sheet.ramp(
            [
                [0, '#FFFFFF', 0.32],
                [0.45, '#FFFFFF', 0],
                [1, '#3A1408', 0.28],
            ],
            [0, 0, 1, 1],
        )}"/>`,
    );
}

/** A cube of bean curd in its sauce. */
export function cube(sheet, colour = '#D98A4B') {
    sheet.add(
        `<path d="M-80 -38L0 -72L80 -38L0 -6Z" fill="${sheet.ramp([
            [0, lighter(colour, 0.6)],
            [1, lighter(colour, 0.3)],
        ])}"/>`,
    );
    sheet.add(
        `<path d="M-80 -38L0 -6L0 82L-80 46Z" fill="${sheet.ramp([
            [0, lighter(colour, 0.12)],
            [1, colour],
        ])}"/>`,
    );
    sheet.add(
        `<path d="M80 -38L0 -6L0 82L80 46Z" fill="${sheet.ramp([
            [0, darker(colour, 0.15)],
            [1, darker(colour, 0.38)],
        ])}"/>`,
    );
    sheet.add(
        '<path d="M-66 -34C-40 -50 -10 -60 0 -62" fill="none" stroke="#FFFFFF" stroke-width="6" stroke-linecap="round" opacity=".35"/>',
    );
}

/** A heap of long thin pieces: bamboo strips, day lilies, tea, chilli. */
export function strands(sheet, { count, width, height, length, thick, colours, bend = 16, seed = 1, spread = 70 }) {
    const next = random(seed);
    const marks = [];
    for (let index = 0; index < count; index++) {
        const share = index / count;
        const level = next() * (0.45 + 0.55 * share);
        const reach = width * (1 - level * 0.78);
        const x = (next() * 2 - 1) * reach;
        const y = -level * height;
        const turn = (next() * 2 - 1) * spread;
        const size = length * (0.75 + next() * 0.5);
        const colour = colours[Math.floor(next() * colours.length)];
        const curve = (next() * 2 - 1) * bend;
        marks.push({
            y,
            text:
                `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn.toFixed(1)})" fill="none" stroke-linecap="round">` +
                `<path d="M${-size / 2} 3Q0 ${curve + 3} ${size / 2} 3" stroke="${darker(colour, 0.5)}" stroke-width="${thick * 1.1}" opacity=".45"/>` +
                `<path d="M${-size / 2} 0Q0 ${curve} ${size / 2} 0" stroke="${colour}" stroke-width="${thick}"/>` +
                `<path d="M${-size / 2} ${-thick * 0.22}Q0 ${curve - thick * 0.22} ${size / 2} ${-thick * 0.22}" stroke="${lighter(colour, 0.4)}" stroke-width="${thick * 0.3}" opacity=".75"/></g>`,
        });
    }
    marks.sort((first, second) => first.y - second.y);
    sheet.add(marks.map((mark) => mark.text).join(''));
}

/** A heap of grains: rice, seeds, dried berries. */
export function grains(sheet, { count, width, height, sizeX, sizeY, colours, seed = 1 }) {
    const next = random(seed);
    const marks = [];
    for (let index = 0; index < count; index++) {
        const level = next();
        const x = (next() * 2 - 1) * width * (1 - level * 0.82);
        const y = -level * height + (1 - (x / width) ** 2) * 6;
        const colour = colours[Math.floor(next() * colours.length)];
        marks.push({
            y,
            text: `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${(next() * 180).toFixed(0)})"><ellipse rx="${sizeX}" ry="${sizeY}" fill="${darker(colour, 0.3)}"/><ellipse cx="-${(sizeX * 0.08).toFixed(1)}" cy="-${(sizeY * 0.16).toFixed(1)}" rx="${(sizeX * 0.9).toFixed(1)}" ry="${(sizeY * 0.82).toFixed(1)}" fill="${colour}"/><ellipse cx="-${(sizeX * 0.25).toFixed(1)}" cy="-${(sizeY * 0.35).toFixed(1)}" rx="${(sizeX * 0.4).toFixed(1)}" ry="${(sizeY * 0.25).toFixed(1)}" fill="#FFFFFF" opacity=".4"/></g>`,
        });
    }
    marks.sort((first, second) => first.y - second.y);
    sheet.add(marks.map((mark) => mark.text).join(''));
}

/** A skein of sweet-potato noodles, bent over and tied. */
export function skein(sheet, { colour = '#C9C3AE', tie = '#B23A26', seed = 2 } = {}) {
    const next = random(seed);
    const threads = Array.from({ length: 46 }, (_, index) => {
        const offset = (index / 45) * 2 - 1;
        const wobble = next() * 10 - 5;
        const tone = mix(lighter(colour, 0.45), darker(colour, 0.3), Math.abs(offset) * 0.6 + next() * 0.3);
        return `<path d="M${(-112 + wobble).toFixed(1)} ${(offset * 46).toFixed(1)}C-60 ${(offset * 30).toFixed(1)} -20 ${(offset * 15).toFixed(1)} 0 ${(offset * 15).toFixed(1)}C20 ${(offset * 15).toFixed(1)} 60 ${(offset * 30).toFixed(1)} ${(112 - wobble).toFixed(1)} ${(offset * 46 + wobble).toFixed(1)}" stroke="${tone}"/>`;
    });
    sheet.add(`<g fill="none" stroke-width="3.6" stroke-linecap="round">${threads.join('')}</g>`);
    sheet.add(
        `<rect x="-9" y="-20" width="18" height="40" rx="6" fill="${sheet.ramp([
            [0, lighter(tie, 0.3)],
            [0.5, tie],
            [1, darker(tie, 0.4)],
        ])}"/>`,
    );
}

/** A pine nut, or any smooth seed with a pointed end. */
export function seedNut(sheet, colour = '#9C6A3F') {
    sheet.solid('M0 -100C36 -66 66 -18 60 34C54 78 26 100 0 100C-26 100 -54 78 -60 34C-66 -18 -36 -66 0 -100Z', [
        lighter(colour, 0.5),
        colour,
        darker(colour, 0.4),
    ]);
    sheet.add('<path d="M-6 20C-10 50 -6 78 4 98" fill="none" stroke="#F3DFB5" stroke-width="9" stroke-linecap="round" opacity=".85"/>');
    sheet.add('<ellipse cx="-24" cy="-18" rx="12" ry="30" fill="#FFFFFF" opacity=".3" transform="rotate(14 -24 -18)"/>');
}

/** An open pine cone. */
export function cone(sheet) {
    sheet.ball(0, 10, 62, 92, ['#8A5C36', '#6A4226', '#3B2213'], { gloss: 0 });
    for (let row = 0; row < 8; row++) {
        const y = 84 - row * 23;
        const reach = 74 * Math.sin(((row + 1.6) / 10) * Math.PI) + 6;
        const count = 5 - Math.floor(row / 4);
        for (let index = 0; index < count; index++) {
            const share = count === 1 ? 0 : (index / (count - 1)) * 2 - 1;
            sheet.group(share * reach * 0.86, y, { turn: share * 34, scale: 0.32 * (reach / 74) + 0.06 }, (scale) => {
                scale.solid('M-60 0C-50 -44 50 -44 60 0C44 30 -44 30 -60 0Z', ['#C99763', '#96653B', '#553419'], {
                    rim: '#E7BE8C',
                    rimShare: 0.5,
                });
            });
        }
    }
}

/** A round lantern with ribs, caps and a tassel. */
export function lantern(sheet, colour = '#C8372B') {
    sheet.add('<path d="M0 -150V-108" stroke="#7A2219" stroke-width="6"/>');
    sheet.ball(0, 0, 110, 92, [lighter(colour, 0.34), colour, darker(colour, 0.4)], {
        rim: '#F2934A',
        rimShare: 0.45,
        gloss: 0.22,
    });
    const ribs = [-82, -46, 0, 46, 82].map((x) => `<path d="M${x * 0.25} -90C${x * 1.26} -46 ${x * 1.26} 46 ${x * 0.25} 90"/>`);
    sheet.add(`<g fill="none" stroke="#8E2118" stroke-width="4" opacity=".5">${ribs.join('')}</g>`);
    for (const y of [-102, 84]) {
        sheet.add(
            `<rect x="-40" y="${y}" width="80" height="20" rx="6" fill="${sheet.ramp(
                [
                    [0, '#F3CE73'],
                    [0.5, '#D9A035'],
                    [1, '#98691C'],
                ],
                [0, 0, 1, 0],
            )}"/>`,
        );
    }
    const fringe = Array.from({ length: 11 }, (_, index) => `<path d="M${-20 + index * 4} 128L${-26 + index * 5.2} 196"/>`);
    sheet.add('<path d="M0 104V124" stroke="#D9A035" stroke-width="6"/><circle cx="0" cy="124" r="11" fill="#D9A035"/>');
    sheet.add(`<g stroke="#C8372B" stroke-width="4" stroke-linecap="round">${fringe.join('')}</g>`);
}

/** A square of Tujia brocade: hooks and lozenges in bands. */
export function brocade(sheet, colours = ['#9C2B24', '#1F4E5F', '#E3A72F', '#F4E6C8']) {
    const [ground, second, third, pale] = colours;
    sheet.add(
        `<rect x="-100" y="-100" width="200" height="200" rx="6" fill="${sheet.lit([lighter(ground, 0.12), ground, darker(ground, 0.25)])}"/>`,
    );
    sheet.add(`<rect x="-88" y="-88" width="176" height="176" fill="none" stroke="${pale}" stroke-width="5"/>`);
    sheet.add(`<rect x="-78" y="-78" width="156" height="156" fill="${second}"/>`);
    const lozenge = (x, y, size, colour) =>
        `<path d="M${x} ${y - size}L${x + size} ${y}L${x} ${y + size}L${x - size} ${y}Z" fill="${colour}"/>`;
    const parts = [
        lozenge(0, 0, 76, ground),
        lozenge(0, 0, 62, pale),
        lozenge(0, 0, 50, second),
        lozenge(0, 0, 36, third),
        lozenge(0, 0, 22, ground),
        lozenge(0, 0, 10, pale),
    ];
    for (const [x, y] of [
        [-58, -58],
        [58, -58],
        [-58, 58],
        [58, 58],
    ]) {
        parts.push(lozenge(x, y, 22, pale), lozenge(x, y, 15, ground), lozenge(x, y, 7, third));
    }
    sheet.add(parts.join(''));
    const weave = Array.from({ length: 40 }, (_, index) => `<path d="M-100 ${-98 + index * 5}H100"/>`);
    sheet.add(`<g stroke="#1C0E06" stroke-width="1" opacity=".16">${weave.join('')}</g>`);
    sheet.add(
        `<rect x="-100" y="-100" width="200" height="200" rx="6" fill="${sheet.ramp(
            [
                [0, '#FFFFFF', 0.16],
                [0.5, '#FFFFFF', 0],
                [1, '#200C04', 0.18],
            ],
            [0, 0, 1, 1],
        )}"/>`,
    );
    const fringe = Array.from({ length: 21 }, (_, index) => `<path d="M${-97 + index * 9.7} 100v14"/>`);
    sheet.add(`<g stroke="${pale}" stroke-width="4" stroke-linecap="round">${fringe.join('')}</g>`);
}

/** A flower bulb with its sprout. */
export function bulb(sheet) {
    sheet.solid('M-4 -120C6 -96 16 -84 14 -62L-14 -62C-18 -84 -12 -100 -4 -120Z', ['#D5E3A6', '#9DBB5F', '#5E8237'], {
        rimShare: 0,
    });
    sheet.solid(
        'M0 -78C36 -64 82 -16 76 40C70 82 34 98 0 98C-34 98 -70 82 -76 40C-82 -16 -36 -64 0 -78Z',
        ['#D9A877', '#AD7244', '#6B3D20'],
        {
            rim: '#F0C79A',
        },
    );
    sheet.add(
        '<g fill="none" stroke="#7A4A29" stroke-width="4" opacity=".45"><path d="M-6 -74C-36 -20 -38 40 -14 94M10 -74C38 -20 40 40 16 94M0 -76V96"/></g>',
    );
    sheet.add(
        '<g stroke="#D9C6A4" stroke-width="4" stroke-linecap="round" fill="none"><path d="M-24 98q-6 14 -16 20M-8 100v20M10 100q4 12 10 20M26 96q10 10 18 12"/></g>',
    );
}

/** An egg. */
export function egg(sheet, colour = '#E3B184') {
    sheet.solid(
        'M0 -100C44 -100 76 -30 76 22C76 70 42 98 0 98C-42 98 -76 70 -76 22C-76 -30 -44 -100 0 -100Z',
        [lighter(colour, 0.6), colour, darker(colour, 0.3)],
        { rim: '#E38F7A', rimShare: 0.4 },
    );
    sheet.add('<ellipse cx="-24" cy="-36" rx="20" ry="34" fill="#FFFFFF" opacity=".28" transform="rotate(18 -24 -36)"/>');
}

/** A camellia-oil fruit, split to show the seeds. */
export function oilFruit(sheet) {
    sheet.ball(0, 0, 96, 92, ['#B9C27A', '#7F8C45', '#424A20'], { rim: '#C28A5C', gloss: 0.2 });
    sheet.add('<path d="M-70 -20C-30 10 30 10 70 -20C56 46 20 66 0 66C-20 66 -56 46 -70 -20Z" fill="#F2E4BF"/>');
    sheet.ball(-24, 20, 26, 24, ['#6B452C', '#43271A', '#1E0F0A'], { gloss: 0.35 });
    sheet.ball(26, 18, 26, 24, ['#6B452C', '#43271A', '#1E0F0A'], { gloss: 0.35 });
}

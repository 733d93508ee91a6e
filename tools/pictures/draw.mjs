// The hand that draws: a sheet of 720 px, a warm paper ground, light from the upper left, soft shadows.
// Everything is SVG; emoji are laid between the SVG layers. Randomness comes from a seed, so a second run draws the same.

export const SIDE = 720;

/** The point that stays where it is when a picture brings its subject nearer. */
export const [ZOOM_X, ZOOM_Y] = [360, 440];

/** Grounds of the brand: top, floor line and bottom of each paper. */
export const GROUNDS = {
    paper: ['#F7F0E5', '#EDE5D4', '#E9E0CC'],
    sage: ['#F0F2E6', '#E1E6D5', '#DCE2CE'],
    wheat: ['#F9F0D9', '#F1E4C1', '#EDDFB6'],
    clay: ['#F8ECE3', '#EFDDCE', '#EBD7C7'],
};

/** A small seeded generator: numbers in [0, 1). */
export function random(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}

/** Mixes two #RRGGBB colours; share 0 is the first, 1 the second. */
export function mix(first, second, share) {
    const part = (colour, at) => parseInt(colour.slice(at, at + 2), 16);
    const one = (at) => Math.round(part(first, at) * (1 - share) + part(second, at) * share);
    return `#${[1, 3, 5].map((at) => one(at).toString(16).padStart(2, '0')).join('')}`;
}

export const lighter = (colour, share = 0.3) => mix(colour, '#FFFFFF', share);
export const darker = (colour, share = 0.3) => mix(colour, '#2A1608', share);

const round = (value) => Math.round(value * 100) / 100;

/** A polygon or a smooth closed line through points [[x, y], ...]. */
export function polygon(points) {
    return `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}Z`;
}

/** A closed curve through points, rounded at each by Catmull-Rom. */
export function blob(points, tension = 0.5) {
    const count = points.length;
    const at = (index) => points[(index + count) % count];
    let path = `M${round(at(0)[0])} ${round(at(0)[1])}`;
    for (let index = 0; index < count; index++) {
        const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
        const pull = tension / 3;
        const control = [
            from[0] + (to[0] - before[0]) * pull,
            from[1] + (to[1] - before[1]) * pull,
            to[0] - (after[0] - from[0]) * pull,
            to[1] - (after[1] - from[1]) * pull,
        ];
        path += `C${control.map(round).join(' ')} ${round(to[0])} ${round(to[1])}`;
    }
    return `${path}Z`;
}

/** One SVG layer under construction. */
export class Sheet {
    constructor() {
        this.defs = [];
        this.body = [];
        this.count = 0;
    }

    id(prefix) {
        this.count += 1;
        return `${prefix}${this.count}`;
    }

    /** Adds markup as it is. */
    add(markup) {
        this.body.push(markup);
        return this;
    }

    /** A radial gradient lit from the upper left, over the box of what it fills. */
    lit(colours, { x = 0.34, y = 0.26, radius = 0.86 } = {}) {
        const id = this.id('r');
        const stops = colours.map((colour, index) => {
            const offset = colours.length === 1 ? 0 : index / (colours.length - 1);
            return `<stop offset="${round(offset)}" stop-color="${colour}"/>`;
        });
        this.defs.push(`<radialGradient id="${id}" cx="${x}" cy="${y}" r="${radius}">${stops.join('')}</radialGradient>`);
        return `url(#${id})`;
    }

    /** A linear gradient; stops are [offset, colour, opacity]. The default runs from top to bottom. */
    ramp(stops, [x1, y1, x2, y2] = [0, 0, 0, 1]) {
        const id = this.id('l');
        const marks = stops.map(
            ([offset, colour, opacity = 1]) => `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`,
        );
        this.defs.push(`<linearGradient id="${id}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}">${marks.join('')}</linearGradient>`);
        return `url(#${id})`;
    }

    /** A clip path; returns the attribute to put on a group. */
    clip(path) {
        const id = this.id('c');
        this.defs.push(`<clipPath id="${id}"><path d="${path}"/></clipPath>`);
        return `clip-path="url(#${id})"`;
    }

    /** A blur filter of so many px; returns the attribute. */
    blur(deviation) {
        const id = this.id('b');
        this.defs.push(
            `<filter id="${id}" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${deviation}"/></filter>`,
        );
        return `filter="url(#${id})"`;
    }

    /** The attribute that lets a group throw a short soft shadow on what lies behind it. */
    lift(depth = 7, opacity = 0.26) {
        const id = this.id('d');
        this.defs.push(
            `<filter id="${id}" x="-30%" y="-30%" width="160%" height="160%">` +
                `<feGaussianBlur in="SourceAlpha" stdDeviation="${depth}"/><feOffset dx="${depth * 0.5}" dy="${depth * 0.8}"/>` +
                `<feComponentTransfer><feFuncA type="linear" slope="${opacity}"/></feComponentTransfer>` +
                `<feColorMatrix type="matrix" values="0 0 0 0 .2  0 0 0 0 .13  0 0 0 0 .05  0 0 0 1 0" result="s"/>` +
                `<feMerge><feMergeNode in="s"/><feMergeNode in="SourceGraphic"/></feMerge></filter>`,
        );
        return `filter="url(#${id})"`;
    }

    /** Draws inside a moved, turned and scaled group. */
    group(x, y, { turn = 0, scale = 1, scaleY = scale, lift = 0, extra = '' }, draw) {
        const shadow = lift > 0 ? this.lift(lift) : '';
        const inside = new Sheet();
        inside.defs = this.defs;
        inside.id = (prefix) => this.id(prefix);
        draw(inside);
        const move = `translate(${round(x)} ${round(y)})`;
        const rest = `rotate(${round(turn)}) scale(${round(scale)} ${round(scaleY)})`;
        this.add(`<g ${shadow} ${extra}><g transform="${move} ${rest}">${inside.body.join('')}</g></g>`);
        return this;
    }

    /** A solid body: a path lit from the upper left, with a warm rim of reflected light underneath. */
    solid(path, colours, { rim = '#F2B48C', rimShare = 0.28, attributes = '' } = {}) {
        this.add(`<path d="${path}" fill="${this.lit(colours)}" ${attributes}/>`);
        if (rimShare > 0) {
            const glow = this.ramp([
                [0, rim, 0],
                [0.66, rim, 0],
                [1, rim, rimShare],
            ]);
            this.add(`<path d="${path}" fill="${glow}" ${attributes}/>`);
        }
        return this;
    }

    /** A lit ball or egg. */
    ball(x, y, radiusX, radiusY, colours, options = {}) {
        const path =
            `M${round(x - radiusX)} ${round(y)}a${round(radiusX)} ${round(radiusY)} 0 1 0 ${round(radiusX * 2)} 0` +
            `a${round(radiusX)} ${round(radiusY)} 0 1 0 ${round(-radiusX * 2)} 0Z`;
        this.solid(path, colours, options);
        if (options.gloss !== 0) {
            const share = options.gloss ?? 0.3;
            const shine = this.ramp([
                [0, '#FFFFFF', share],
                [1, '#FFFFFF', 0],
            ]);
            this.add(
                `<ellipse cx="${round(x - radiusX * 0.3)}" cy="${round(y - radiusY * 0.45)}" rx="${round(radiusX * 0.42)}" ry="${round(radiusY * 0.3)}" fill="${shine}" transform="rotate(-24 ${round(x)} ${round(y)})"/>`,
            );
        }
        return this;
    }

    /** The shadow of a thing on the ground, a little to the right of it. */
    shade(x, y, width, { opacity = 0.34, height = width * 0.13 } = {}) {
        this.add(
            `<ellipse cx="${round(x + width * 0.03)}" cy="${round(y)}" rx="${round(width / 2)}" ry="${round(height)}" fill="#5C4526" opacity="${opacity}" ${this.blur(Math.max(8, width * 0.035))}/>`,
        );
        return this;
    }

    /** The layer as SVG, its drawing brought nearer by ZOOM. */
    svg(width = SIDE, height = SIDE, zoom = 1) {
        const near = `translate(${ZOOM_X} ${ZOOM_Y}) scale(${zoom}) translate(${-ZOOM_X} ${-ZOOM_Y})`;
        const body = zoom === 1 ? this.body.join('') : `<g transform="${near}">${this.body.join('')}</g>`;
        return (
            `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
            `<defs>${this.defs.join('')}</defs>${body}</svg>`
        );
    }
}

/** The paper ground: one slow fall of tone from the wall to the floor. */
export function groundSvg(name, width = SIDE, height = SIDE) {
    const [top, floor, bottom] = GROUNDS[name];
    const sheet = new Sheet();
    const fill = sheet.ramp([
        [0, top],
        [0.58, mix(top, floor, 0.35)],
        [0.78, floor],
        [1, bottom],
    ]);
    sheet.add(`<rect width="${width}" height="${height}" fill="${fill}"/>`);
    return sheet.svg(width, height);
}

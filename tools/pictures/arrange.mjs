// Ways to lay a thing out: three together, rows on the ground, or packed in a crate, a box, a basket or a sack.
import * as things from './things.mjs';
import * as vessels from './vessels.mjs';

/** Puts one thing at x, y: an emoji by its code, or a drawing in its box of 200. */
export function put(picture, thing, x, y, size, look = {}) {
    if (typeof thing === 'string') return picture.emoji(thing, x, y, size, { shade: false, ...look });
    const { turn = 0, lift = 6 } = look;
    return picture.draw((sheet) => sheet.group(x, y, { turn, scale: size / 200, lift }, thing));
}

/** Two behind and one before them. */
export function trio(picture, thing, { size, look = {}, wide = 0.47 }) {
    const places = [
        [360 - size * wide, 372, -5, false],
        [360 + size * wide, 372, 5, true],
        [360, 440, 0, false],
    ];
    picture.onSheet((sheet) => {
        for (const [x, y] of places) sheet.shade(x, y + size * 0.48, size * 0.86);
    });
    for (const [x, y, turn, flip] of places) put(picture, thing, x, y, size, { ...look, turn, flip: typeof thing === 'string' && flip });
    return picture;
}

/** Rows on the ground, the near row last. */
export function bed(picture, thing, { size, rows, look = {}, top = 560, leaf = false }) {
    const step = size * 0.92;
    const floor = (row) => top - (rows.length - 1 - row) * size * 0.55;
    picture.onSheet((sheet) => {
        const widest = Math.max(...rows);
        sheet.shade(360, top + 4, step * widest * 1.04, { height: size * 0.16 });
    });
    rows.forEach((count, row) => {
        for (let index = 0; index < count; index++) {
            const x = 360 + (index - (count - 1) / 2) * step;
            put(picture, thing, x, floor(row) - size * 0.5, size, {
                ...look,
                turn: ((index * 37 + row * 23) % 17) - 8,
            });
        }
    });
    if (leaf) picture.draw((sheet) => things.leaf(sheet, 470, 556, 96, 18));
    return picture;
}

function fill(picture, thing, { size, look, middle, width, rows = 2, sink = 0.16 }) {
    for (let row = 0; row < rows; row++) {
        const count = Math.max(2, Math.floor((width - size * 0.24) / (size * 0.66)) - (rows - 1 - row));
        for (let index = 0; index < count; index++) {
            const x = 360 + (index - (count - 1) / 2) * Math.min(size * 0.82, (width - size) / Math.max(1, count - 1));
            const y = middle - size * (sink + (rows - 1 - row) * 0.36) + Math.abs(index - (count - 1) / 2) * size * 0.05;
            put(picture, thing, x, y, size, { ...look, turn: ((index * 41 + row * 29) % 21) - 10 });
        }
    }
    return picture;
}

/** Packed in a wooden crate. */
export function crate(picture, thing, { size, look = {}, colour, tall = false, width = 500 }) {
    const y = tall ? 446 : 424;
    picture.draw((sheet) => {
        sheet.shade(360, y + 178, width * 1.02);
        vessels.crateBack(sheet, { y, width, colour });
    });
    fill(picture, thing, { size, look, middle: y, width: width - 40, sink: tall ? 0.22 : 0.16, rows: tall ? 1 : 2 });
    return picture.draw((sheet) => vessels.crateFront(sheet, { y, width, colour }));
}

/** Packed in an open cardboard box. */
export function box(picture, thing, { size, look = {}, ink, width = 460 }) {
    picture.draw((sheet) => {
        sheet.shade(360, 598, width * 1.04);
        vessels.boxBack(sheet, { y: 406, width });
    });
    fill(picture, thing, { size, look, middle: 412, width: width - 40 });
    return picture.draw((sheet) => vessels.boxFront(sheet, { y: 406, width, ink }));
}

/** Heaped in a woven basket. */
export function basket(picture, thing, { size, look = {}, width = 440, handle = false, colour, y = 410, rows = 2 }) {
    picture.draw((sheet) => {
        sheet.shade(360, y + 212, width * 0.88);
        if (handle) vessels.basketHandle(sheet, { y, width, colour });
        vessels.basketBack(sheet, { y, width, colour });
    });
    fill(picture, thing, { size, look, middle: y + size * 0.1, width: width - 30, rows });
    return picture.draw((sheet) => vessels.basketFront(sheet, { y, width, height: 188, colour }));
}

/** An open sack with a heap at its mouth; heap draws around its own floor line at 0. */
export function sack(picture, heap, { colour, ink, width = 300, y = 344 }) {
    return picture.draw((sheet) => {
        sheet.shade(360, y + 282, width * 1.2);
        vessels.sackBack(sheet, { y, width, colour });
        sheet.group(360, y + 16, {}, heap);
        vessels.sackFront(sheet, { y, width, height: 268, colour, ink });
    });
}

/** A paper bag with a window; heap draws around a floor line at the window's foot. */
export function pouch(picture, heap, { ink, band, colour } = {}) {
    return picture.draw((sheet) => {
        sheet.shade(360, 612, 350);
        vessels.pouch(sheet, { y: 190, ink, band, colour }, (part, hole) => part.group(hole.x, hole.y + hole.radius, {}, heap));
    });
}

/** A round tray with a heap on it. */
export function onTray(picture, heap, { width = 560, y = 510 } = {}) {
    return picture.draw((sheet) => {
        sheet.shade(360, y + 92, width * 0.92);
        vessels.tray(sheet, { y, width });
        sheet.group(360, y + 40, {}, heap);
    });
}

/** A bowl with a heap in it. */
export function inBowl(picture, heap, { width = 420, y = 432, colour, line } = {}) {
    return picture.draw((sheet) => {
        sheet.shade(360, y + 174, width * 0.8);
        vessels.bowlBack(sheet, { y, width, colour });
        sheet.group(360, y + 22, {}, heap);
        vessels.bowlFront(sheet, { y, width, height: 168, colour, line });
    });
}

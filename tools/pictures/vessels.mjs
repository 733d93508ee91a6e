// What things are kept and sent in. Each vessel is drawn in two parts when something stands in it: the back, then its front.
import { blob, darker, lighter, random } from './draw.mjs';
import { leaf } from './things.mjs';

/** A small leaf mark where a label would have words: pictures carry no text. */
export function mark(sheet, x, y, size, colour = '#1F6549') {
    sheet.group(x, y, { turn: -38, scale: size / 100 }, (part) => {
        part.add(
            `<path d="M-50 0C-30 -38 26 -40 50 0C26 36 -28 36 -50 0Z" fill="${colour}"/><path d="M-66 0H34" stroke="${colour}" stroke-width="9" stroke-linecap="round"/><path d="M-44 0H30" stroke="#FFFFFF" stroke-width="5" opacity=".8"/>`,
        );
    });
}

function plank(sheet, x, y, width, height, colour, seed) {
    const next = random(seed);
    const fill = sheet.ramp([
        [0, lighter(colour, 0.22)],
        [0.5, colour],
        [1, darker(colour, 0.22)],
    ]);
    const grain = Array.from({ length: 3 }, () => {
        const at = y + height * (0.2 + next() * 0.6);
        return `<path d="M${x + 8} ${at.toFixed(1)}q${width / 3} ${(next() * 8 - 4).toFixed(1)} ${width - 16} ${(next() * 6 - 3).toFixed(1)}"/>`;
    });
    sheet.add(`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="7" fill="${fill}"/>`);
    sheet.add(`<g fill="none" stroke="${darker(colour, 0.3)}" stroke-width="2" opacity=".35">${grain.join('')}</g>`);
}

/** The far side of a wooden crate. */
export function crateBack(sheet, { x = 360, y = 420, width = 500, colour = '#D9A566' } = {}) {
    const left = x - width / 2;
    sheet.add(
        `<path d="M${left + 26} ${y - 40}H${left + width - 26}L${left + width} ${y + 10}H${left}Z" fill="${sheet.ramp([
            [0, darker(colour, 0.55)],
            [1, darker(colour, 0.35)],
        ])}"/>`,
    );
    plank(sheet, left + 24, y - 52, width - 48, 26, darker(colour, 0.18), 4);
}

/** The near side of a wooden crate: two or three boards and the posts. */
export function crateFront(sheet, { x = 360, y = 420, width = 500, height = 170, colour = '#D9A566', boards = 2, label = true } = {}) {
    const left = x - width / 2;
    const gap = 12;
    const board = (height - gap * (boards - 1)) / boards;
    sheet.add(`<rect x="${left + 6}" y="${y + 6}" width="${width - 12}" height="${height - 10}" fill="${darker(colour, 0.62)}"/>`);
    for (let index = 0; index < boards; index++) {
        plank(sheet, left, y + index * (board + gap), width, board, colour, index + 11);
    }
    for (const at of [left + 10, left + width - 46]) {
        plank(sheet, at, y - 6, 36, height + 12, darker(colour, 0.1), at);
        sheet.add(
            `<g fill="#8A6A44"><circle cx="${at + 18}" cy="${y + 18}" r="4"/><circle cx="${at + 18}" cy="${y + height - 20}" r="4"/></g>`,
        );
    }
    if (label) mark(sheet, x, y + height * 0.5, Math.min(64, board * 0.72), darker(colour, 0.45));
}

/** An open cardboard box, its back flaps up. */
export function boxBack(sheet, { x = 360, y = 400, width = 460, colour = '#C99A66' } = {}) {
    const left = x - width / 2;
    sheet.add(
        `<path d="M${left} ${y}L${left + 34} ${y - 62}H${left + width - 34}L${left + width} ${y}Z" fill="${sheet.ramp([
            [0, darker(colour, 0.5)],
            [1, darker(colour, 0.32)],
        ])}"/>`,
    );
    sheet.add(
        `<path d="M${left + 34} ${y - 62}L${left + 12} ${y - 116}H${left + width - 12}L${left + width - 34} ${y - 62}Z" fill="${sheet.ramp([
            [0, lighter(colour, 0.25)],
            [1, darker(colour, 0.08)],
        ])}"/>`,
    );
}

/** The near side of the cardboard box, with its front flap folded down and a leaf on it. */
export function boxFront(sheet, { x = 360, y = 400, width = 460, height = 190, colour = '#C99A66', ink = '#1F6549' } = {}) {
    const left = x - width / 2;
    sheet.add(`<path d="M${left} ${y}L${left - 40} ${y + 46}L${left - 30} ${y + 62}L${left} ${y + 34}Z" fill="${darker(colour, 0.12)}"/>`);
    sheet.add(
        `<path d="M${left + width} ${y}L${left + width + 40} ${y + 46}L${left + width + 30} ${y + 62}L${left + width} ${y + 34}Z" fill="${darker(colour, 0.3)}"/>`,
    );
    const face = sheet.ramp(
        [
            [0, lighter(colour, 0.2)],
            [0.45, colour],
            [1, darker(colour, 0.2)],
        ],
        [0, 0, 0.6, 1],
    );
    sheet.add(
        `<path d="M${left} ${y}H${left + width}L${left + width - 10} ${y + height - 8}Q${left + width - 10} ${y + height} ${left + width - 18} ${y + height}H${left + 18}Q${left + 10} ${y + height} ${left + 10} ${y + height - 8}Z" fill="${face}"/>`,
    );
    sheet.add(
        `<path d="M${left} ${y}H${left + width}L${left + width - 3} ${y + 50}H${left + 3}Z" fill="${sheet.ramp([
            [0, lighter(colour, 0.32)],
            [1, lighter(colour, 0.1)],
        ])}"/>`,
    );
    sheet.add(`<path d="M${left + 3} ${y + 50}H${left + width - 3}" stroke="${darker(colour, 0.35)}" stroke-width="3" opacity=".5"/>`);
    mark(sheet, x, y + 50 + (height - 50) * 0.5, Math.min(74, height * 0.42), ink);
}

function weave(sheet, path, { x, y, width, height, colour }) {
    const step = 22;
    const marks = [];
    for (let row = 0; row * step < height + step; row++) {
        for (let column = -1; column * step * 1.6 < width + step; column++) {
            const left = x - width / 2 + column * step * 1.6 + (row % 2) * step * 0.8;
            const top = y + row * step;
            const share = (left - (x - width / 2)) / width;
            const tone = share < 0.3 ? lighter(colour, 0.24 - share * 0.5) : darker(colour, (share - 0.3) * 0.5);
            marks.push(
                `<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${step * 1.42}" height="${step * 0.82}" rx="7" fill="${tone}"/><rect x="${(left + 3).toFixed(1)}" y="${(top + 2).toFixed(1)}" width="${step * 1.1}" height="4" rx="2" fill="#FFFFFF" opacity=".16"/>`,
            );
        }
    }
    sheet.add(`<g ${sheet.clip(path)}><path d="${path}" fill="${darker(colour, 0.5)}"/>${marks.join('')}</g>`);
    sheet.add(
        `<path d="${path}" fill="${sheet.ramp([
            [0, '#3A1E08', 0.05],
            [0.7, '#3A1E08', 0],
            [1, '#3A1E08', 0.3],
        ])}"/>`,
    );
}

/** The hollow of a woven basket. */
export function basketBack(sheet, { x = 360, y = 390, width = 440, colour = '#CE9A5B' } = {}) {
    sheet.add(
        `<ellipse cx="${x}" cy="${y}" rx="${width / 2}" ry="${width * 0.13}" fill="${sheet.ramp([
            [0, darker(colour, 0.6)],
            [1, darker(colour, 0.4)],
        ])}"/>`,
    );
    sheet.add(
        `<path d="M${x - width / 2} ${y}A${width / 2} ${width * 0.13} 0 0 1 ${x + width / 2} ${y}" fill="none" stroke="${darker(colour, 0.12)}" stroke-width="20"/>`,
    );
}

/** The woven front of a basket, narrower at the foot. */
export function basketFront(sheet, { x = 360, y = 390, width = 440, height = 200, foot = 0.72, colour = '#CE9A5B' } = {}) {
    const [half, base, dip] = [width / 2, (width * foot) / 2, width * 0.13];
    const path = `M${x - half} ${y}A${half} ${dip} 0 0 0 ${x + half} ${y}L${x + base} ${y + height - 12}Q${x} ${y + height + dip * 0.9} ${x - base} ${y + height - 12}Z`;
    weave(sheet, path, { x, y, width, height: height + dip, colour });
    sheet.add(
        `<path d="M${x - half} ${y}A${half} ${dip} 0 0 0 ${x + half} ${y}" fill="none" stroke="${darker(colour, 0.3)}" stroke-width="26" stroke-linecap="round"/>`,
    );
    sheet.add(
        `<path d="M${x - half} ${y - 3}A${half} ${dip} 0 0 0 ${x + half} ${y - 3}" fill="none" stroke="${sheet.ramp(
            [
                [0, lighter(colour, 0.4)],
                [1, darker(colour, 0.1)],
            ],
            [0, 0, 1, 0],
        )}" stroke-width="19" stroke-linecap="round"/>`,
    );
    const twists = Array.from({ length: 22 }, (_, index) => {
        const angle = Math.PI - ((index + 0.5) / 22) * Math.PI;
        const [px, py] = [x + Math.cos(angle) * half, y - 3 + Math.sin(angle) * dip];
        return `<path d="M${(px - 7).toFixed(1)} ${(py + 8).toFixed(1)}L${(px + 7).toFixed(1)} ${(py - 8).toFixed(1)}"/>`;
    });
    sheet.add(`<g stroke="${darker(colour, 0.35)}" stroke-width="3" opacity=".55">${twists.join('')}</g>`);
}

/** The arched handle over a basket; draw it before what the basket holds. */
export function basketHandle(sheet, { x = 360, y = 390, width = 440, rise = 210, colour = '#CE9A5B' } = {}) {
    const arc = `M${x - width / 2 + 12} ${y}C${x - width / 2 + 12} ${y - rise * 1.25} ${x + width / 2 - 12} ${y - rise * 1.25} ${x + width / 2 - 12} ${y}`;
    sheet.add(
        `<path d="${arc}" fill="none" stroke="${darker(colour, 0.36)}" stroke-width="24"/><path d="${arc}" fill="none" stroke="${colour}" stroke-width="17"/><path d="${arc}" fill="none" stroke="${lighter(colour, 0.4)}" stroke-width="5" opacity=".7" stroke-dasharray="22 12"/>`,
    );
}

/** A round flat bamboo tray seen from a little above; things lie on it. */
export function tray(sheet, { x = 360, y = 500, width = 560, tilt = 0.36, colour = '#D8B273' } = {}) {
    const [rx, ry] = [width / 2, (width / 2) * tilt];
    const ellipse = (dx, dy, shrink) =>
        `M${x - rx * shrink} ${y + dy}a${rx * shrink} ${ry * shrink} 0 1 0 ${rx * shrink * 2} 0a${rx * shrink} ${ry * shrink} 0 1 0 ${-rx * shrink * 2} 0Z`;
    sheet.add(`<path d="${ellipse(0, 16, 1)}" fill="${darker(colour, 0.42)}"/>`);
    sheet.add(
        `<path d="${ellipse(0, 0, 1)}" fill="${sheet.ramp(
            [
                [0, lighter(colour, 0.3)],
                [1, darker(colour, 0.14)],
            ],
            [0, 0, 1, 1],
        )}"/>`,
    );
    const inside = ellipse(0, 4, 0.9);
    sheet.add(
        `<path d="${inside}" fill="${sheet.ramp([
            [0, darker(colour, 0.3)],
            [1, lighter(colour, 0.12)],
        ])}"/>`,
    );
    const lines = [];
    for (let at = -rx; at < rx; at += 22) {
        lines.push(`<path d="M${x + at} ${y - ry}L${x + at * 0.94} ${y + ry}"/>`, `<path d="M${x - rx} ${y + at * tilt}H${x + rx}"/>`);
    }
    sheet.add(`<g ${sheet.clip(inside)}><g stroke="${darker(colour, 0.3)}" stroke-width="3" opacity=".35">${lines.join('')}</g></g>`);
}

/** The dark mouth of an open sack. */
export function sackBack(sheet, { x = 360, y = 330, width = 300, colour = '#CDB088' } = {}) {
    sheet.add(`<ellipse cx="${x}" cy="${y}" rx="${width / 2}" ry="${width * 0.14}" fill="${darker(colour, 0.5)}"/>`);
}

/** A full sack of coarse cloth, its rim rolled down. */
export function sackFront(sheet, { x = 360, y = 330, width = 300, height = 280, colour = '#CDB088', ink = '#1F6549' } = {}) {
    const half = width / 2;
    const path = `M${x - half} ${y}C${x - half - 34} ${y + height * 0.4} ${x - half - 30} ${y + height * 0.86} ${x - half + 6} ${y + height - 8}Q${x} ${y + height + 22} ${x + half - 6} ${y + height - 8}C${x + half + 30} ${y + height * 0.86} ${x + half + 34} ${y + height * 0.4} ${x + half} ${y}A${half} ${width * 0.14} 0 0 1 ${x - half} ${y}Z`;
    sheet.solid(path, [lighter(colour, 0.42), colour, darker(colour, 0.32)], { rim: '#E3B98A' });
    const threads = [];
    for (let at = 0; at < width + 80; at += 9)
        threads.push(`<path d="M${x - half - 36 + at} ${y - 30}q-8 ${height / 2} 0 ${height + 60}"/>`);
    for (let at = 0; at < height + 30; at += 9) threads.push(`<path d="M${x - half - 40} ${y + at}q${half + 40} 30 ${width + 80} 0"/>`);
    sheet.add(
        `<g ${sheet.clip(path)}><g fill="none" stroke="${darker(colour, 0.4)}" stroke-width="1.6" opacity=".16">${threads.join('')}</g></g>`,
    );
    sheet.add(
        `<g fill="none" stroke="${darker(colour, 0.4)}" stroke-width="5" stroke-linecap="round" opacity=".28"><path d="M${x - half + 30} ${y + 60}C${x - half + 12} ${y + height * 0.5} ${x - half + 22} ${y + height * 0.7} ${x - half + 34} ${y + height * 0.84}M${x + half - 34} ${y + 50}C${x + half - 8} ${y + height * 0.45} ${x + half - 14} ${y + height * 0.7} ${x + half - 36} ${y + height * 0.88}"/></g>`,
    );
    const rim = `M${x - half - 8} ${y}A${half + 8} ${width * 0.15} 0 0 0 ${x + half + 8} ${y}`;
    sheet.add(
        `<path d="${rim}" fill="none" stroke="${darker(colour, 0.3)}" stroke-width="34" stroke-linecap="round"/><path d="${rim}" fill="none" stroke="${sheet.ramp(
            [
                [0, lighter(colour, 0.5)],
                [1, colour],
            ],
            [0, 0, 1, 0],
        )}" stroke-width="27" stroke-linecap="round"/>`,
    );
    mark(sheet, x, y + height * 0.58, width * 0.24, ink);
}

/** A glass jar; fill draws what is inside, already cut to the glass. */
export function jar(
    sheet,
    { x = 360, y = 330, width = 300, height = 300, lid = 'metal', lidColour = '#D9A93F', label = '#F6F0E4', ink = '#1F6549', level = 0.12 },
    fill,
) {
    const half = width / 2;
    const shoulder = height * 0.14;
    const glass = `M${x - half * 0.8} ${y}C${x - half * 0.8} ${y + shoulder * 0.5} ${x - half} ${y + shoulder * 0.6} ${x - half} ${y + shoulder * 1.3}V${y + height - 34}Q${x - half} ${y + height} ${x - half + 34} ${y + height}H${x + half - 34}Q${x + half} ${y + height} ${x + half} ${y + height - 34}V${y + shoulder * 1.3}C${x + half} ${y + shoulder * 0.6} ${x + half * 0.8} ${y + shoulder * 0.5} ${x + half * 0.8} ${y}Z`;
    sheet.add(`<path d="${glass}" fill="#EAF0EA"/>`);
    sheet.add(`<g ${sheet.clip(glass)}>`);
    fill(sheet, { left: x - half, right: x + half, top: y + height * level, bottom: y + height });
    sheet.add('</g>');
    sheet.add(
        `<path d="${glass}" fill="${sheet.ramp(
            [
                [0, '#FFFFFF', 0.5],
                [0.16, '#FFFFFF', 0.12],
                [0.7, '#2A1608', 0],
                [1, '#2A1608', 0.3],
            ],
            [0, 0, 1, 0],
        )}" stroke="#FFFFFF" stroke-opacity=".55" stroke-width="4"/>`,
    );
    sheet.add(
        `<path d="M${x - half + 22} ${y + shoulder * 1.6}V${y + height - 60}" stroke="#FFFFFF" stroke-width="12" stroke-linecap="round" opacity=".55"/>`,
    );
    if (label) {
        const [w, h] = [width * 0.56, height * 0.36];
        sheet.add(
            `<rect x="${x - w / 2}" y="${y + height * 0.46}" width="${w}" height="${h}" rx="12" fill="${label}"/><rect x="${x - w / 2}" y="${y + height * 0.46}" width="${w}" height="${h}" rx="12" fill="${sheet.ramp(
                [
                    [0, '#FFFFFF', 0.3],
                    [1, '#5C4526', 0.14],
                ],
                [0, 0, 1, 0],
            )}"/>`,
        );
        mark(sheet, x, y + height * 0.46 + h / 2, Math.min(w, h) * 0.56, ink);
    }
    if (lid === 'metal') {
        const top = y - 44;
        sheet.add(
            `<rect x="${x - half * 0.86}" y="${top}" width="${width * 0.86}" height="54" rx="12" fill="${sheet.ramp(
                [
                    [0, darker(lidColour, 0.2)],
                    [0.22, lighter(lidColour, 0.55)],
                    [0.55, lidColour],
                    [1, darker(lidColour, 0.4)],
                ],
                [0, 0, 1, 0],
            )}"/>`,
        );
        sheet.add(`<ellipse cx="${x}" cy="${top + 6}" rx="${half * 0.84}" ry="12" fill="${lighter(lidColour, 0.35)}"/>`);
    } else {
        const cloth = `M${x - half * 0.72} ${y - 52}Q${x} ${y - 84} ${x + half * 0.72} ${y - 52}C${x + half * 0.86} ${y - 34} ${x + half * 0.86} ${y - 10} ${x + half * 1.06} ${y + 34}C${x + half * 0.8} ${y + 20} ${x + half * 0.6} ${y + 44} ${x + half * 0.36} ${y + 26}C${x + half * 0.16} ${y + 46} ${x - half * 0.16} ${y + 46} ${x - half * 0.36} ${y + 26}C${x - half * 0.6} ${y + 44} ${x - half * 0.8} ${y + 20} ${x - half * 1.06} ${y + 34}C${x - half * 0.86} ${y - 10} ${x - half * 0.86} ${y - 34} ${x - half * 0.72} ${y - 52}Z`;
        sheet.solid(cloth, [lighter(lidColour, 0.35), lidColour, darker(lidColour, 0.38)], { rimShare: 0 });
        sheet.add(
            `<path d="M${x - half * 0.86} ${y - 14}Q${x} ${y + 12} ${x + half * 0.86} ${y - 14}" fill="none" stroke="#E9D3A2" stroke-width="9" stroke-linecap="round"/>`,
        );
    }
}

/** A glazed earthen crock with its lid bowl. */
export function crock(sheet, { x = 360, y = 300, width = 330, height = 320, colour = '#7A4A30', label = true } = {}) {
    const half = width / 2;
    const path = `M${x - half * 0.62} ${y}C${x - half * 1.16} ${y + height * 0.2} ${x - half * 1.16} ${y + height * 0.62} ${x - half * 0.62} ${y + height - 6}Q${x} ${y + height + 20} ${x + half * 0.62} ${y + height - 6}C${x + half * 1.16} ${y + height * 0.62} ${x + half * 1.16} ${y + height * 0.2} ${x + half * 0.62} ${y}Z`;
    sheet.solid(path, [lighter(colour, 0.45), colour, darker(colour, 0.55)], { rim: '#D08B58', rimShare: 0.4 });
    const glaze = `M${x - half * 0.62} ${y}C${x - half * 1.05} ${y + height * 0.14} ${x - half * 1.1} ${y + height * 0.26} ${x - half * 1.06} ${y + height * 0.34}C${x - half * 0.7} ${y + height * 0.3} ${x - half * 0.6} ${y + height * 0.48} ${x - half * 0.34} ${y + height * 0.36}C${x - half * 0.1} ${y + height * 0.3} ${x + half * 0.1} ${y + height * 0.46} ${x + half * 0.4} ${y + height * 0.35}C${x + half * 0.66} ${y + height * 0.28} ${x + half * 0.86} ${y + height * 0.42} ${x + half * 1.06} ${y + height * 0.34}C${x + half * 1.1} ${y + height * 0.26} ${x + half * 1.05} ${y + height * 0.14} ${x + half * 0.62} ${y}Z`;
    sheet.add(`<path d="${glaze}" fill="${darker(colour, 0.5)}" opacity=".55"/>`);
    sheet.add(
        `<path d="M${x - half * 0.72} ${y + height * 0.18}C${x - half * 0.92} ${y + height * 0.36} ${x - half * 0.88} ${y + height * 0.56} ${x - half * 0.72} ${y + height * 0.7}" fill="none" stroke="#FFFFFF" stroke-width="14" stroke-linecap="round" opacity=".26"/>`,
    );
    const rim = sheet.ramp(
        [
            [0, lighter(colour, 0.4)],
            [0.5, colour],
            [1, darker(colour, 0.5)],
        ],
        [0, 0, 1, 0],
    );
    sheet.add(`<rect x="${x - half * 0.74}" y="${y - 26}" width="${half * 1.48}" height="36" rx="16" fill="${rim}"/>`);
    sheet.add(
        `<path d="M${x - half * 0.56} ${y - 24}C${x - half * 0.5} ${y - 86} ${x + half * 0.5} ${y - 86} ${x + half * 0.56} ${y - 24}Z" fill="${sheet.lit([lighter(colour, 0.5), colour, darker(colour, 0.5)])}"/>`,
    );
    sheet.add(`<rect x="${x - 26}" y="${y - 92}" width="52" height="22" rx="10" fill="${darker(colour, 0.2)}"/>`);
    if (label) {
        sheet.group(x, y + height * 0.62, { turn: 45 }, (part) =>
            part.add(
                `<rect x="-52" y="-52" width="104" height="104" rx="6" fill="#B23A26"/><rect x="-44" y="-44" width="88" height="88" rx="4" fill="none" stroke="#F0C46A" stroke-width="4"/>`,
            ),
        );
        mark(sheet, x, y + height * 0.62, 58, '#F6E3B4');
    }
}

/** A round tin with its lid. */
export function tin(sheet, { x = 360, y = 280, width = 240, height = 320, colour = '#2F6B4F', label = '#F6F0E4', ink = '#1F6549' } = {}) {
    const half = width / 2;
    const skin = sheet.ramp(
        [
            [0, darker(colour, 0.25)],
            [0.2, lighter(colour, 0.42)],
            [0.5, colour],
            [1, darker(colour, 0.5)],
        ],
        [0, 0, 1, 0],
    );
    sheet.add(`<path d="M${x - half} ${y}V${y + height - 14}A${half} 30 0 0 0 ${x + half} ${y + height - 14}V${y}Z" fill="${skin}"/>`);
    sheet.add(
        `<rect x="${x - half}" y="${y + height * 0.4}" width="${width}" height="${height * 0.34}" fill="${label}"/><rect x="${x - half}" y="${y + height * 0.4}" width="${width}" height="${height * 0.34}" fill="${sheet.ramp(
            [
                [0, '#5C4526', 0.3],
                [0.22, '#FFFFFF', 0.4],
                [0.5, '#FFFFFF', 0],
                [1, '#5C4526', 0.4],
            ],
            [0, 0, 1, 0],
        )}"/>`,
    );
    mark(sheet, x, y + height * 0.57, height * 0.22, ink);
    const cap = sheet.ramp(
        [
            [0, darker(colour, 0.1)],
            [0.2, lighter(colour, 0.55)],
            [0.5, lighter(colour, 0.1)],
            [1, darker(colour, 0.42)],
        ],
        [0, 0, 1, 0],
    );
    sheet.add(`<path d="M${x - half - 6} ${y - 8}V${y + 52}A${half + 6} 28 0 0 0 ${x + half + 6} ${y + 52}V${y - 8}Z" fill="${cap}"/>`);
    sheet.add(
        `<ellipse cx="${x}" cy="${y - 8}" rx="${half + 6}" ry="30" fill="${sheet.ramp(
            [
                [0, lighter(colour, 0.55)],
                [1, lighter(colour, 0.1)],
            ],
            [0, 0, 1, 1],
        )}"/>`,
    );
    sheet.add(
        `<ellipse cx="${x}" cy="${y - 8}" rx="${half - 18}" ry="21" fill="none" stroke="${darker(colour, 0.2)}" stroke-width="3" opacity=".5"/>`,
    );
}

/** A bottle of oil. */
export function bottle(
    sheet,
    { x = 360, y = 160, width = 150, height = 430, colour = '#D9A22E', cap = '#7A2E22', label = '#F6F0E4' } = {},
) {
    const half = width / 2;
    const neck = half * 0.36;
    const path = `M${x - neck} ${y}V${y + height * 0.2}C${x - neck} ${y + height * 0.3} ${x - half} ${y + height * 0.32} ${x - half} ${y + height * 0.44}V${y + height - 24}Q${x - half} ${y + height} ${x - half + 24} ${y + height}H${x + half - 24}Q${x + half} ${y + height} ${x + half} ${y + height - 24}V${y + height * 0.44}C${x + half} ${y + height * 0.32} ${x + neck} ${y + height * 0.3} ${x + neck} ${y + height * 0.2}V${y}Z`;
    sheet.add(`<path d="${path}" fill="#F2EFD9"/>`);
    sheet.add(
        `<g ${sheet.clip(path)}><rect x="${x - half}" y="${y + height * 0.16}" width="${width}" height="${height}" fill="${sheet.ramp(
            [
                [0, darker(colour, 0.2)],
                [0.28, lighter(colour, 0.45)],
                [0.6, colour],
                [1, darker(colour, 0.42)],
            ],
            [0, 0, 1, 0],
        )}"/></g>`,
    );
    sheet.add(
        `<path d="${path}" fill="${sheet.ramp(
            [
                [0, '#FFFFFF', 0.25],
                [0.3, '#FFFFFF', 0],
                [1, '#3A1E08', 0.2],
            ],
            [0, 0, 1, 0],
        )}" stroke="#FFFFFF" stroke-opacity=".6" stroke-width="4"/>`,
    );
    sheet.add(
        `<path d="M${x - half + 18} ${y + height * 0.46}V${y + height - 40}" stroke="#FFFFFF" stroke-width="9" stroke-linecap="round" opacity=".6"/>`,
    );
    sheet.add(
        `<rect x="${x - neck - 8}" y="${y - 34}" width="${neck * 2 + 16}" height="52" rx="8" fill="${sheet.ramp(
            [
                [0, darker(cap, 0.2)],
                [0.25, lighter(cap, 0.4)],
                [0.6, cap],
                [1, darker(cap, 0.4)],
            ],
            [0, 0, 1, 0],
        )}"/>`,
    );
    sheet.add(
        `<rect x="${x - half + 12}" y="${y + height * 0.55}" width="${width - 24}" height="${height * 0.26}" rx="10" fill="${label}"/>`,
    );
    mark(sheet, x, y + height * 0.68, width * 0.42, '#1F6549');
}

/** A standing paper bag with a round window; fill draws what shows through. */
export function pouch(sheet, { x = 360, y = 190, width = 320, height = 400, colour = '#C9A578', ink = '#1F6549', band = '#1F6549' }, fill) {
    const half = width / 2;
    const path = `M${x - half + 10} ${y}H${x + half - 10}L${x + half} ${y + height * 0.3}C${x + half + 16} ${y + height * 0.7} ${x + half + 6} ${y + height * 0.9} ${x + half - 10} ${y + height - 6}Q${x} ${y + height + 22} ${x - half + 10} ${y + height - 6}C${x - half - 6} ${y + height * 0.9} ${x - half - 16} ${y + height * 0.7} ${x - half} ${y + height * 0.3}Z`;
    sheet.solid(path, [lighter(colour, 0.42), colour, darker(colour, 0.3)], { rim: '#E9C79B' });
    sheet.add(
        `<g ${sheet.clip(path)}><rect x="${x - half - 20}" y="${y + 58}" width="${width + 40}" height="20" fill="${band}" opacity=".9"/><path d="M${x - half - 20} ${y + 44}H${x + half + 20}" stroke="${darker(colour, 0.4)}" stroke-width="3" stroke-dasharray="9 7" opacity=".5"/></g>`,
    );
    const [cx, cy, radius] = [x, y + height * 0.6, width * 0.31];
    const hole = `M${cx - radius} ${cy}a${radius} ${radius} 0 1 0 ${radius * 2} 0a${radius} ${radius} 0 1 0 ${-radius * 2} 0Z`;
    sheet.add(`<path d="${hole}" fill="${darker(colour, 0.55)}"/><g ${sheet.clip(hole)}>`);
    fill(sheet, { x: cx, y: cy, radius });
    sheet.add(
        `</g><path d="${hole}" fill="${sheet.ramp(
            [
                [0, '#FFFFFF', 0.26],
                [0.4, '#FFFFFF', 0],
                [1, '#2A1608', 0.2],
            ],
            [0, 0, 1, 1],
        )}" stroke="${lighter(colour, 0.5)}" stroke-width="7"/>`,
    );
    sheet.add(
        `<path d="M${x - half + 24} ${y + height * 0.34}C${x - half + 10} ${y + height * 0.6} ${x - half + 14} ${y + height * 0.8} ${x - half + 26} ${y + height * 0.92}" fill="none" stroke="#FFFFFF" stroke-width="9" stroke-linecap="round" opacity=".25"/>`,
    );
    mark(sheet, x, y + height * 0.275, 44, ink);
}

/** The hollow of a bowl. */
export function bowlBack(sheet, { x = 360, y = 430, width = 400, colour = '#F3EEE2' } = {}) {
    sheet.add(
        `<ellipse cx="${x}" cy="${y}" rx="${width / 2}" ry="${width * 0.14}" fill="${sheet.ramp([
            [0, darker(colour, 0.34)],
            [1, darker(colour, 0.1)],
        ])}"/>`,
    );
    sheet.add(
        `<ellipse cx="${x}" cy="${y}" rx="${width / 2}" ry="${width * 0.14}" fill="none" stroke="${lighter(colour, 0.5)}" stroke-width="8"/>`,
    );
}

/** The near side of a bowl, with a line of glaze. */
export function bowlFront(sheet, { x = 360, y = 430, width = 400, height = 170, colour = '#F3EEE2', line = '#2A5C8A' } = {}) {
    const half = width / 2;
    const path = `M${x - half} ${y}A${half} ${width * 0.14} 0 0 0 ${x + half} ${y}C${x + half * 0.96} ${y + height * 0.62} ${x + half * 0.5} ${y + height * 0.9} ${x + half * 0.42} ${y + height}H${x - half * 0.42}C${x - half * 0.5} ${y + height * 0.9} ${x - half * 0.96} ${y + height * 0.62} ${x - half} ${y}Z`;
    sheet.solid(path, [lighter(colour, 0.6), colour, darker(colour, 0.3)], { rim: '#E0B9A0' });
    sheet.add(
        `<g ${sheet.clip(path)}><path d="M${x - half} ${y + 26}A${half} ${width * 0.14} 0 0 0 ${x + half} ${y + 26}" fill="none" stroke="${line}" stroke-width="12" opacity=".85"/><path d="M${x - half} ${y + 46}A${half} ${width * 0.14} 0 0 0 ${x + half} ${y + 46}" fill="none" stroke="${line}" stroke-width="4" opacity=".6"/></g>`,
    );
    sheet.add(
        `<path d="M${x - half} ${y}A${half} ${width * 0.14} 0 0 0 ${x + half} ${y}" fill="none" stroke="#FFFFFF" stroke-width="7" opacity=".85"/>`,
    );
}

/** A plant pot. */
export function pot(sheet, { x = 360, y = 440, width = 250, height = 170, colour = '#C46F48', soil = true } = {}) {
    const half = width / 2;
    sheet.add(
        `<path d="M${x - half * 0.9} ${y + 20}L${x - half * 0.66} ${y + height - 10}Q${x} ${y + height + 16} ${x + half * 0.66} ${y + height - 10}L${x + half * 0.9} ${y + 20}Z" fill="${sheet.ramp(
            [
                [0, darker(colour, 0.1)],
                [0.22, lighter(colour, 0.4)],
                [0.55, colour],
                [1, darker(colour, 0.42)],
            ],
            [0, 0, 1, 0],
        )}"/>`,
    );
    sheet.add(
        `<path d="M${x - half} ${y}V${y + 40}Q${x} ${y + 72} ${x + half} ${y + 40}V${y}Z" fill="${sheet.ramp(
            [
                [0, darker(colour, 0.05)],
                [0.22, lighter(colour, 0.5)],
                [0.55, lighter(colour, 0.06)],
                [1, darker(colour, 0.36)],
            ],
            [0, 0, 1, 0],
        )}"/>`,
    );
    sheet.add(`<ellipse cx="${x}" cy="${y}" rx="${half}" ry="${width * 0.11}" fill="${darker(colour, 0.2)}"/>`);
    if (soil)
        sheet.add(
            `<ellipse cx="${x}" cy="${y + 2}" rx="${half - 13}" ry="${width * 0.085}" fill="${sheet.lit(['#7A5A3E', '#5A3E28', '#3A2616'])}"/>`,
        );
}

/** A square gift box in three faces. */
export function giftBox(sheet, { x, y, size, colour, ribbon = '#E8C66A', medal = true, bow = true }) {
    const [w, h, d] = [size, size, size * 0.3];
    const front = `M${x - w / 2} ${y - h}H${x + w / 2 - d * 0.5}V${y}H${x - w / 2}Z`;
    sheet.add(
        `<path d="${front}" fill="${sheet.ramp(
            [
                [0, lighter(colour, 0.18)],
                [1, darker(colour, 0.12)],
            ],
            [0, 0, 1, 1],
        )}"/>`,
    );
    sheet.add(
        `<path d="M${x + w / 2 - d * 0.5} ${y - h}L${x + w / 2 + d * 0.5} ${y - h - d * 0.4}V${y - d * 0.4}L${x + w / 2 - d * 0.5} ${y}Z" fill="${sheet.ramp(
            [
                [0, darker(colour, 0.3)],
                [1, darker(colour, 0.48)],
            ],
            [0, 0, 1, 0],
        )}"/>`,
    );
    sheet.add(
        `<path d="M${x - w / 2} ${y - h}L${x - w / 2 + d} ${y - h - d * 0.4}H${x + w / 2 + d * 0.5}L${x + w / 2 - d * 0.5} ${y - h}Z" fill="${lighter(colour, 0.28)}"/>`,
    );
    const middle = x - d * 0.25;
    sheet.add(`<rect x="${middle - size * 0.055}" y="${y - h}" width="${size * 0.11}" height="${h}" fill="${ribbon}" opacity=".9"/>`);
    if (medal) {
        sheet.add(
            `<circle cx="${middle}" cy="${y - h * 0.46}" r="${size * 0.25}" fill="#F6E7C1" stroke="${darker(ribbon, 0.1)}" stroke-width="${size * 0.02}"/>`,
        );
        sheet.group(middle, y - h * 0.46, { scale: size / 560 }, (part) =>
            part.add(
                '<path d="M-60 -64h52v128h-52zM8 -64h52v128h-52zM-60 -20h120M-60 22h120" fill="none" stroke="#A82A1C" stroke-width="17" stroke-linejoin="round"/>',
            ),
        );
    }
    if (bow) {
        const top = y - h - d * 0.2;
        for (const side of [-1, 1]) {
            sheet.add(
                `<path d="M${middle + d * 0.3} ${top}C${middle + d * 0.3 + side * size * 0.12} ${top - size * 0.3} ${middle + d * 0.3 + side * size * 0.5} ${top - size * 0.24} ${middle + d * 0.3 + side * size * 0.3} ${top - size * 0.04}C${middle + d * 0.3 + side * size * 0.2} ${top + size * 0.03} ${middle + d * 0.3} ${top} ${middle + d * 0.3} ${top}Z" fill="${sheet.lit([lighter(ribbon, 0.5), ribbon, darker(ribbon, 0.3)])}"/>`,
            );
        }
        sheet.add(`<circle cx="${middle + d * 0.3}" cy="${top - 2}" r="${size * 0.06}" fill="${darker(ribbon, 0.12)}"/>`);
    }
}

/** A grey paper egg tray: rows of cups; egg draws each egg, back row first. */
export function eggTray(sheet, { x = 360, y = 420, columns = 5, rows = 3, step = 92, colour = '#BDB3A0' }, egg) {
    const width = columns * step;
    for (let row = 0; row < rows; row++) {
        const top = y + row * step * 0.52;
        const scale = 1 - (rows - 1 - row) * 0.05;
        for (let column = 0; column < columns; column++) {
            egg(sheet, x + (column - (columns - 1) / 2) * step * scale, top - 34, step * scale, row * columns + column);
        }
        const wide = width * scale;
        let lip = `M${x - wide / 2} ${top + 4}`;
        for (let column = 0; column < columns; column++) {
            const cup = wide / columns;
            lip += `q${cup / 2} ${cup * 0.36} ${cup} 0`;
        }
        const depth = row === rows - 1 ? 96 : 60;
        sheet.add(
            `<path d="${lip}l-12 ${depth}H${x - wide / 2 + 12}Z" fill="${sheet.ramp([
                [0, lighter(colour, 0.45)],
                [0.5, colour],
                [1, darker(colour, 0.3)],
            ])}"/>`,
        );
        sheet.add(`<path d="${lip}" fill="none" stroke="${lighter(colour, 0.6)}" stroke-width="5" opacity=".8"/>`);
    }
}

/** A square of net hung as a curtain between two points, for net goods. */
export function net(sheet, { x, y, width, height, cell = 22, colour = '#3C7A55', sag = 40, opacity = 0.85 }) {
    const path = `M${x} ${y}Q${x + width / 2} ${y + sag} ${x + width} ${y}L${x + width - 10} ${y + height}Q${x + width / 2} ${y + height + sag * 0.5} ${x + 10} ${y + height}Z`;
    const lines = [];
    for (let at = -height; at < width + height; at += cell) {
        lines.push(
            `<path d="M${x + at} ${y - 10}l${height + 60} ${height + 60}"/>`,
            `<path d="M${x + at + height} ${y - 10}l${-height - 60} ${height + 60}"/>`,
        );
    }
    sheet.add(
        `<g ${sheet.clip(path)}><path d="${path}" fill="${colour}" opacity=".14"/><g fill="none" stroke="${colour}" stroke-width="2.6" opacity="${opacity}">${lines.join('')}</g></g>`,
    );
    sheet.add(
        `<path d="M${x} ${y}Q${x + width / 2} ${y + sag} ${x + width} ${y}" fill="none" stroke="${darker(colour, 0.2)}" stroke-width="7" stroke-linecap="round"/>`,
    );
}

/** Moss to bed a root in. */
export function moss(sheet, { x = 360, y = 470, width = 460, height = 70, seed = 3 }) {
    const next = random(seed);
    const tufts = Array.from({ length: 130 }, () => {
        const share = next() * 2 - 1;
        const px = x + (share * width) / 2;
        const py = y + (next() * 2 - 1) * height * 0.5 * Math.sqrt(1 - share * share);
        const colour = ['#6E8B3D', '#88A452', '#567232', '#9DB566'][Math.floor(next() * 4)];
        return {
            py,
            text: `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="${(12 + next() * 14).toFixed(1)}" fill="${colour}"/><circle cx="${(px - 4).toFixed(1)}" cy="${(py - 5).toFixed(1)}" r="${(5 + next() * 5).toFixed(1)}" fill="#FFFFFF" opacity=".14"/>`,
        };
    }).sort((first, second) => first.py - second.py);
    sheet.add(tufts.map((tuft) => tuft.text).join(''));
}

/** A bush of leaves for potted flowers. */
export function bush(sheet, { x, y, radius, colour = '#4F8B3B', count = 34, seed = 1 }) {
    const next = random(seed);
    const leaves = Array.from({ length: count }, () => {
        const angle = next() * Math.PI * 2;
        const reach = Math.sqrt(next()) * radius;
        return [x + Math.cos(angle) * reach, y + Math.sin(angle) * reach * 0.8, next()];
    }).sort((first, second) => first[1] - second[1]);
    for (const [px, py, share] of leaves) {
        const turn = (Math.atan2(py - y - 30, px - x) * 180) / Math.PI + (share - 0.5) * 40;
        leaf(
            sheet,
            px - Math.cos((turn * Math.PI) / 180) * 36,
            py - Math.sin((turn * Math.PI) / 180) * 36,
            72 + share * 26,
            turn,
            share > 0.5 ? colour : darker(colour, 0.18),
        );
    }
}

/** A cloud of clipped foliage. */
export function cloud(sheet, x, y, width, height, colour = '#4F8B3B', seed = 1) {
    const next = random(seed);
    const edge = Array.from({ length: 14 }, (_, index) => {
        const angle = (index / 14) * Math.PI * 2;
        const reach = 0.9 + next() * 0.16;
        return [x + (Math.cos(angle) * width * reach) / 2, y + (Math.sin(angle) * height * reach) / 2];
    });
    sheet.solid(blob(edge, 1), [lighter(colour, 0.42), colour, darker(colour, 0.45)], {
        rim: '#6E8B2E',
        rimShare: 0.2,
    });
    const tufts = Array.from({ length: 46 }, () => {
        const angle = next() * Math.PI * 2;
        const reach = Math.sqrt(next()) * 0.44;
        return `<path d="M${(x + Math.cos(angle) * width * reach).toFixed(1)} ${(y + Math.sin(angle) * height * reach).toFixed(1)}q5 -8 10 0" />`;
    });
    sheet.add(
        `<g fill="none" stroke="${lighter(colour, 0.45)}" stroke-width="3.4" stroke-linecap="round" opacity=".5">${tufts.join('')}</g>`,
    );
}

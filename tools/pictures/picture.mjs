// A picture is a ground and layers over it: drawings (SVG) and emoji, in the order they are asked for.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { groundSvg, Sheet, SIDE, ZOOM_X, ZOOM_Y } from './draw.mjs';

const emojiFolder = join(dirname(createRequire(import.meta.url).resolve('@lobehub/fluent-emoji-3d/package.json')), 'assets');

/** The credit of what this script draws itself. */
export const OWN = 'own drawing';

const zoomed = (at, centre, zoom) => centre + (at - centre) * zoom;

export class Picture {
    constructor(name, ground, { width = SIDE, height = SIDE } = {}) {
        Object.assign(this, { name, ground, width, height, zoom: 1, layers: [], credits: new Set() });
    }

    /** Adds drawing; neighbouring drawings share one SVG. */
    draw(paint) {
        this.credits.add(OWN);
        return this.onSheet(paint);
    }

    onSheet(paint) {
        const last = this.layers.at(-1);
        const sheet = last instanceof Sheet ? last : new Sheet();
        if (sheet !== last) this.layers.push(sheet);
        paint(sheet);
        return this;
    }

    /** Adds an emoji by its code, its centre at x, y. It throws a shadow on the ground unless told not to. */
    emoji(code, x, y, size, { shade = true, ...look } = {}) {
        if (shade) this.onSheet((sheet) => sheet.shade(x + size * 0.03, y + size * 0.49, size * (look.shadeWidth ?? 0.72)));
        this.layers.push({ code, x, y, size, ...look });
        this.credits.add(code);
        return this;
    }

    /** Paints the picture; the answer is a sharp pipeline. */
    async paint() {
        const base = sharp(Buffer.from(groundSvg(this.ground, this.width, this.height)));
        const overlays = [];
        for (const layer of this.layers) {
            if (layer instanceof Sheet) {
                overlays.push({ input: Buffer.from(layer.svg(this.width, this.height, this.zoom)), left: 0, top: 0 });
            } else {
                overlays.push(...(await this.emojiOverlays(layer)));
            }
        }
        return sharp(await base.composite(overlays).png().toBuffer());
    }

    async emojiOverlays(layer) {
        const { code, squash = 1, turn = 0, flip = false, lift = true, opacity = 1 } = layer;
        const [x, y, size] = [zoomed(layer.x, ZOOM_X, this.zoom), zoomed(layer.y, ZOOM_Y, this.zoom), layer.size * this.zoom];
        const { hue = 0, saturation = 1, brightness = 1 } = layer;
        const source = await readFile(join(emojiFolder, `${code}.webp`));
        let image = sharp(source).resize(Math.round(size), Math.round(size * squash), {
            fit: 'fill',
            kernel: 'lanczos3',
        });
        if (flip) image = image.flop();
        if (hue !== 0 || saturation !== 1 || brightness !== 1) image = image.modulate({ hue, saturation, brightness });
        let buffer = await image.png().toBuffer();
        if (turn !== 0) {
            buffer = await sharp(buffer)
                .rotate(turn, { background: { r: 0, g: 0, b: 0, alpha: 0 } })
                .png()
                .toBuffer();
        }
        const { width, height } = await sharp(buffer).metadata();
        const place = { left: Math.round(x - width / 2), top: Math.round(y - height / 2) };
        if (opacity < 1) buffer = await sharp(buffer).ensureAlpha(opacity).png().toBuffer();
        return [...(lift ? [await this.liftOverlay(buffer, place, width, height)] : []), { input: buffer, ...place }];
    }

    /** The short soft shadow that an emoji throws on what stands behind it. */
    async liftOverlay(buffer, place, width, height) {
        const pad = 24;
        const outline = await sharp(buffer).ensureAlpha().extractChannel('alpha').raw().toBuffer();
        const size = { width: width + pad * 2, height: height + pad * 2 };
        const padded = Buffer.alloc(size.width * size.height);
        for (let row = 0; row < height; row++) {
            outline.copy(padded, (row + pad) * size.width + pad, row * width, (row + 1) * width);
        }
        const alpha = await sharp(padded, { raw: { ...size, channels: 1 } })
            .blur(9)
            .linear(0.26, 0)
            .toColourspace('b-w')
            .raw()
            .toBuffer();
        const input = await sharp({ create: { ...size, channels: 3, background: '#4A3115' } })
            .joinChannel(alpha, { raw: { ...size, channels: 1 } })
            .png()
            .toBuffer();
        return { input, left: place.left - pad + 5, top: place.top - pad + 8 };
    }
}

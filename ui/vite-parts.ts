// What the shop and the console build alike: where the demo pictures come from, and Vant without its icon font.
import { cpSync, createReadStream, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import type { Plugin } from 'vite';

export const kitFolder = fileURLToPath(new URL('./kit', import.meta.url));
const pictureFolder = join(kitFolder, 'img');
const vantIconStyle = join(kitFolder, 'vant-icon.css');

/** Puts kit/img at /img: copied beside the built files, and read in place while developing. */
export function kitPictures(): Plugin {
    let outputFolder = '';
    return {
        name: 'kit-pictures',
        configResolved(config) {
            outputFolder = join(config.root, config.build.outDir);
        },
        configureServer(server) {
            server.middlewares.use('/img', (request, response, next) => {
                const file = join(pictureFolder, basename(request.url ?? ''));
                if (!existsSync(file)) return next();
                response.setHeader('Content-Type', file.endsWith('.svg') ? 'image/svg+xml' : 'image/webp');
                createReadStream(file).pipe(response);
            });
        },
        writeBundle() {
            if (existsSync(pictureFolder)) {
                const isPicture = (path: string) => path === pictureFolder || /\.(webp|svg|png|jpg)$/.test(path);
                cpSync(pictureFolder, join(outputFolder, 'img'), { recursive: true, filter: isPicture });
            }
        },
    };
}

/** Replaces Vant's icon style, which carries a 30 kB font, by one that draws nothing: icons come from the kit. */
export function vantWithoutIconFont(): Plugin {
    return {
        name: 'vant-without-icon-font',
        enforce: 'pre',
        resolveId(source, importer) {
            const fromVant = importer !== undefined && importer.includes('/vant/es/');
            return fromVant && /(^|\/)icon\/index\.css$/.test(source) ? vantIconStyle : null;
        },
    };
}

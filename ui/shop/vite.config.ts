import { fileURLToPath, URL } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { kitFolder, kitPictures, vantWithoutIconFont } from '../vite-parts.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
    root: here('.'),
    publicDir: here('./public'),
    resolve: { alias: { '@kit': kitFolder, '@shop': here('./src') } },
    plugins: [vantWithoutIconFont(), vue(), kitPictures()],
    define: { __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false },
    build: {
        outDir: '../dist/shop',
        emptyOutDir: true,
        target: 'es2019',
        cssTarget: ['chrome80', 'safari13'],
        sourcemap: false,
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
    },
    // While developing, the API answers from a server on the port of the environment variable API_PORT.
    server: { port: 5173, proxy: { '/api': `http://127.0.0.1:${process.env['API_PORT'] ?? '8080'}` } },
});

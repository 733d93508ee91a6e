import { fileURLToPath, URL } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { kitFolder, kitPictures, vantWithoutIconFont } from '../vite-parts.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The shop can be installed and opens without a network: src/sw.ts, docs/decisions/0007-offline.md.
const installable = VitePWA({
    strategies: 'injectManifest',
    srcDir: 'src',
    filename: 'sw.ts',
    // kit/worker.ts registers it, without an inline script.
    injectRegister: false,
    injectManifest: { globPatterns: ['index.html', 'assets/*.{js,css}', '*.svg'], rollupFormat: 'iife' },
    manifest: {
        id: '/',
        name: '乡集',
        short_name: '乡集',
        description: '村里的东西，写明产地到村、价钱到斤。',
        lang: 'zh-CN',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#F5F3EE',
        theme_color: '#F5F3EE',
        icons: [
            { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
            { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
            { src: '/icon-maskable.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
            { src: '/logo.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
    },
});

export default defineConfig({
    root: here('.'),
    publicDir: here('./public'),
    resolve: { alias: { '@kit': kitFolder, '@shop': here('./src') } },
    plugins: [vantWithoutIconFont(), vue(), kitPictures(), installable],
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

import { fileURLToPath, URL } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers';
import components from 'unplugin-vue-components/vite';
import { defineConfig } from 'vite';
import { kitFolder } from '../vite-parts.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
    root: here('.'),
    base: '/console/',
    publicDir: here('../shop/public'),
    resolve: { alias: { '@kit': kitFolder, '@console': here('./src') } },
    // An <ElDrawer> in a template brings its own code and style: nothing else of Element Plus is loaded.
    plugins: [vue(), components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: 'css' })] })],
    define: { __VUE_OPTIONS_API__: true, __VUE_PROD_DEVTOOLS__: false },
    build: {
        outDir: '../dist/console',
        emptyOutDir: true,
        target: 'es2020',
        cssTarget: ['chrome87', 'safari14'],
        sourcemap: false,
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
        chunkSizeWarningLimit: 900,
    },
    // While developing, the API and the pictures come from a server on the port of the environment variable API_PORT.
    server: { port: 5174, proxy: Object.fromEntries(['/api', '/img'].map((path) => [path, `http://127.0.0.1:${process.env['API_PORT'] ?? '8080'}`])) },
});

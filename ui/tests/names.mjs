// The short names of the folders, which Vite and TypeScript know by their settings, for the tests that Node runs by itself.
import { registerHooks } from 'node:module';

const folders = { '@kit/': '../kit/', '@shop/': '../shop/src/', '@console/': '../console/src/' };

registerHooks({
    resolve(name, context, next) {
        for (const [short, folder] of Object.entries(folders)) {
            if (name.startsWith(short)) return next(new URL(folder + name.slice(short.length), import.meta.url).href, context);
        }
        return next(name, context);
    },
});

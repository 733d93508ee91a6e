// The addresses of the shop. Each page folder has a routes.ts; a new page touches nothing outside its own folder.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { failureText, Unreachable } from '@kit/api.ts';
import { noteGoingBack } from '@kit/read.ts';
import { forgetSeen } from '@kit/seen.ts';
import { isSignedIn } from '@kit/session.ts';
import { toast } from '@kit/toast.ts';

export type Tab = 'home' | 'categories' | 'bag' | 'me';

declare module 'vue-router' {
    interface RouteMeta {
        /** The tab that is lit; a page without one has no tab bar. */
        tab?: Tab;
        /** Only for people who are logged in: others log in first and then come here. */
        auth?: boolean;
    }
}

const folders = import.meta.glob<RouteRecordRaw[]>('./pages/*/routes.ts', { eager: true, import: 'default' });

export const router = createRouter({
    history: createWebHistory(),
    routes: Object.values(folders).flat(),
    scrollBehavior(to, from, saved) {
        if (saved !== null) return saved;
        return to.path === from.path ? false : { top: 0, left: 0 };
    },
});

// A page that was left before has another place in the history than the one we stand on; a new page does not yet.
let position = placeInHistory();

function placeInHistory(): number {
    return Number((history.state as { position?: number } | null)?.position ?? 0);
}

router.beforeEach((to, from) => {
    if (to.path !== from.path) forgetSeen();
    noteGoingBack(placeInHistory() !== position);
    if (to.meta.auth && !isSignedIn.value) return { path: '/login', query: { to: to.fullPath }, replace: true };
    return true;
});

router.afterEach(() => {
    position = placeInHistory();
});

// The code of a page did not arrive: either there is no network, or a newer shop stands on the server.
router.onError((_, to) => {
    if (navigator.onLine) location.assign(to.fullPath);
    else toast(failureText(new Unreachable()));
});

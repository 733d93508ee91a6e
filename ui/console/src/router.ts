// The addresses of the console. Each page folder has a routes.ts; a new page touches nothing outside its own folder.
import { createRouter, createWebHistory } from 'vue-router';
import { failureText, Unreachable } from '@kit/api.ts';
import { isSignedIn, loadPerson, person } from '@kit/session.ts';
import { toast } from '@kit/toast.ts';
import { firstPath, mayVisit, routes } from './menu.ts';

export const router = createRouter({
    history: createWebHistory('/console/'),
    routes: [...routes],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0, left: 0 }),
});

router.beforeEach(async (to) => {
    if (to.meta.open) return true;
    if (isSignedIn.value && person.value === null) {
        await loadPerson().catch(() => undefined);
        // Without an answer nobody knows what this person may do: that is not the same as being allowed nothing.
        if (isSignedIn.value && person.value === null) return { name: 'unread', query: { to: to.fullPath }, replace: true };
    }
    if (!isSignedIn.value) return { path: '/login', query: { to: to.fullPath }, replace: true };
    if (mayVisit(to.meta)) return true;
    const first = to.path === '/' ? firstPath() : undefined;
    return first === undefined ? { name: 'closed', replace: true } : { path: first, replace: true };
});

// The code of a page did not arrive: either there is no network, or a newer console stands on the server.
router.onError((_, to) => {
    if (navigator.onLine) location.assign(`/console${to.fullPath}`);
    else toast(failureText(new Unreachable()));
});

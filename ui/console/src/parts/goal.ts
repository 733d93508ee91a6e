// Where a person was going, kept in ?to= while something else has to come first.
import type { RouteLocationNormalizedLoaded } from 'vue-router';

/** Only an address of this console, never another host's, and never a page that itself leads on. */
export function goalOf(route: RouteLocationNormalizedLoaded): string {
    const to = typeof route.query['to'] === 'string' ? route.query['to'] : '/';
    return /^\/(?![/\\])/.test(to) && !/^\/(login|unread)\b/.test(to) ? to : '/';
}

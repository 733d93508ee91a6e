// What stands in the menu on the left: read off the routes, shown to those who may go there.
import { computed } from 'vue';
import type { RouteMeta, RouteRecordRaw } from 'vue-router';
import type { IconName } from '@kit/icons.ts';
import { may, mayAtDesk, mayEverywhere, type Permission } from '@kit/session.ts';
import { words } from '@kit/words.ts';

const t = words(
    { today: '', trade: '买卖', goods: '货', people: '人', money: '钱', care: '设置', trail: '留痕' },
    { today: '', trade: 'Trade', goods: 'Goods', people: 'People', money: 'Money', care: 'Settings', trail: 'Trail' },
);

export const groups = ['today', 'trade', 'goods', 'people', 'money', 'care', 'trail'] as const;
export type Group = (typeof groups)[number];

export interface MenuEntry {
    group: Group;
    icon: IconName;
    /** Its place within the group; leave gaps of ten. */
    order: number;
    /** The words, read when they are shown, so that they follow the language. */
    title: () => string;
    /** The name of a count of GET /api/dashboard that stands beside the words. */
    badge?: string;
}

declare module 'vue-router' {
    interface RouteMeta {
        /** Stands in the menu. */
        menu?: MenuEntry;
        /** One of these is needed; without it, being logged in is enough. */
        needs?: readonly Permission[];
        /** How far one of them has to go, where the server asks for more than one shop: a county, or the whole house. */
        reach?: 'county' | 'all';
        /** For people who are not logged in, too; drawn without the menu. */
        open?: boolean;
        /** A sheet to be printed: drawn without the menu. */
        bare?: boolean;
    }
}

const folders = import.meta.glob<RouteRecordRaw[]>('./pages/*/routes.ts', { eager: true, import: 'default' });
export const routes: readonly RouteRecordRaw[] = Object.values(folders).flat();

export function mayVisit({ needs, reach }: RouteMeta): boolean {
    const goesFar = reach === 'all' ? mayEverywhere : reach === 'county' ? mayAtDesk : may;
    return needs === undefined || needs.some(goesFar);
}

const entries = routes.filter((route) => route.meta?.menu !== undefined).sort((a, b) => a.meta!.menu!.order - b.meta!.menu!.order);

/** The groups that have something for this person, with their entries. */
export const menu = computed(() =>
    groups
        .map((group) => ({
            group,
            title: t[group],
            entries: entries.filter((route) => route.meta!.menu!.group === group && mayVisit(route.meta!)).map((route) => ({ path: route.path, name: String(route.name), ...route.meta!.menu! })),
        }))
        .filter((each) => each.entries.length > 0),
);

/** Where this person begins. */
export function firstPath(): string | undefined {
    return menu.value[0]?.entries[0]?.path;
}

// What the forms of the home page ask alike.
import type { Section, Zone } from '@kit/models.ts';
import { t } from './words.ts';

/** The words of a section or a zone, as they are typed. */
export interface ShelfFields {
    code: string;
    name: string;
    tagline: string;
    order: string;
    onHome: boolean;
    picture: string[];
}

export function shelfFieldsOf(from: Section | Zone | undefined, nextOrder: number): ShelfFields {
    return { code: from?.code ?? '', name: from?.name ?? '', tagline: from?.tagline ?? '', order: String(from?.sort_order ?? nextOrder), onHome: from?.on_home ?? true, picture: from?.picture ? [from.picture] : [] };
}

/** What the server takes of them; the faults are empty when it may be sent. */
export function shelfBodyOf(fields: ShelfFields) {
    const code = fields.code.trim();
    const order = orderOf(fields.order);
    const faults: Record<string, string> = { ...(fields.name.trim() === '' && { name: t.badName }), ...(order === null && { sort_order: t.badOrder }), ...(!isCode(code) && { code: t.badCode }) };
    return { code, faults, body: { name: fields.name.trim(), tagline: fields.tagline.trim(), picture: fields.picture[0] ?? '', sort_order: order ?? 0, on_home: fields.onHome } };
}

/** The number that a list is ordered by, or null. */
function orderOf(text: string): number | null {
    const order = /^\d{1,6}$/.test(text.trim()) ? Number(text) : -1;
    return order >= 0 && order <= 100000 ? order : null;
}

/** Codes stand in addresses. */
function isCode(text: string): boolean {
    return /^[a-z0-9-]{2,40}$/.test(text);
}

/** The list with what stood at `from` now at `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
    const next = [...list];
    const [item] = next.splice(from, 1);
    if (item !== undefined) next.splice(to, 0, item);
    return next;
}

// What the forms of the home page ask alike.

/** The number that a list is ordered by, or null. */
export function orderOf(text: string): number | null {
    const order = /^\d{1,6}$/.test(text.trim()) ? Number(text) : -1;
    return order >= 0 && order <= 100000 ? order : null;
}

/** Codes stand in addresses. */
export function isCode(text: string): boolean {
    return /^[a-z0-9-]{2,40}$/.test(text);
}

/** The list with what stood at `from` now at `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
    const next = [...list];
    const [item] = next.splice(from, 1);
    if (item !== undefined) next.splice(to, 0, item);
    return next;
}

// A moment as a field of the desk shows it: the clock of China, to the minute.

const chinaMs = 8 * 3600_000;

/** "2026-11-28T09:30", or nothing. */
export function clockOf(at: string | undefined): string {
    return at === undefined ? '' : new Date(Date.parse(at) + chinaMs).toISOString().slice(0, 16);
}

/** The moment of such a text; where it is still the one that was read, that one to the millisecond. */
export function momentOf(text: string, was: string | undefined): string | undefined {
    if (text === '') return undefined;
    return text === clockOf(was) ? was : `${text}:00+08:00`;
}

// The counts of what waits to be done, as the server last told them: beside the words of the menu, and on the overview.
import { reactive, readonly } from 'vue';

const counts = reactive<Record<string, number>>({});

/** By the names that GET /api/dashboard uses. */
export const badges = readonly(counts);

export function setBadges(duties: readonly { code: string; count: number }[]): void {
    for (const name of Object.keys(counts)) delete counts[name];
    for (const duty of duties) counts[duty.code] = duty.count;
}

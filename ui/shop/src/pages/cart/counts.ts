// How many of each line are wanted while the server has not yet answered: quick taps count up here and are sent once.
import { onScopeDispose, reactive } from 'vue';
import { failureText } from '@kit/api.ts';
import { changeInBag } from '@kit/bag.ts';
import { toast } from '@kit/toast.ts';

const restMs = 350;

export interface WantedCounts {
    /** The count to show for a line. */
    of(line: { sku_id: string; count: number }): number;
    set(skuId: string, count: number): void;
    /** Sends what is still waiting. */
    flush(): Promise<void>;
}

export function useWantedCounts(): WantedCounts {
    const wanted = reactive(new Map<string, number>());
    const timers = new Map<string, ReturnType<typeof setTimeout>>();

    async function send(skuId: string): Promise<void> {
        clearTimeout(timers.get(skuId));
        timers.delete(skuId);
        const count = wanted.get(skuId);
        if (count === undefined) return;
        try {
            await changeInBag(skuId, { count });
        } catch (error) {
            toast(failureText(error));
        }
        if (wanted.get(skuId) === count) wanted.delete(skuId);
    }

    const flush = async () => void (await Promise.all([...timers.keys()].map(send)));
    onScopeDispose(() => void flush());
    return {
        of: (line) => wanted.get(line.sku_id) ?? line.count,
        set(skuId, count) {
            wanted.set(skuId, count);
            clearTimeout(timers.get(skuId));
            timers.set(skuId, setTimeout(() => void send(skuId), restMs));
        },
        flush,
    };
}

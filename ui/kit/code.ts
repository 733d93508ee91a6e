// Asking for a one-time code and waiting until another may be asked for, by the server's seconds.
import { computed, onScopeDispose, reactive, ref } from 'vue';
import { api, ApiProblem, failureText, faultsByField, ok } from '@kit/api.ts';
import { words } from '@kit/words.ts';

const t = words(
    { wait: (time: string) => `试得太多了，${time}后再试`, seconds: (n: number) => `${n} 秒`, minutes: (n: number) => `${n} 分钟`, hours: (n: number) => `${n} 小时` },
    { wait: (time) => `Too many tries; try again in ${time}`, seconds: (n) => `${n} s`, minutes: (n) => `${n} min`, hours: (n) => `${n} h` },
);

/** What to say of a refusal that only time heals; undefined for any other. */
export function waitText(error: unknown): string | undefined {
    if (!(error instanceof ApiProblem) || error.status !== 429 || error.retryAfterSeconds === 0) return undefined;
    const seconds = error.retryAfterSeconds;
    if (seconds < 60) return t.wait(t.seconds(seconds));
    return t.wait(seconds < 3600 ? t.minutes(Math.ceil(seconds / 60)) : t.hours(Math.ceil(seconds / 3600)));
}

export interface CodeAsking {
    isAsking: boolean;
    /** Where the last code went, masked. */
    sentTo: string;
    /** What is wrong with the phone, or why no code was sent. */
    fault: string;
    readonly waitSeconds: number;
    ask(phone?: string): Promise<void>;
}

// A page that was left to read something else finds what it knew when it comes back.
const asked = new Map<string, { until: number; sentTo: string }>();

export function useCode(purpose: 'login' | 'password' | 'closure' | 'phone' | 'new_phone'): CodeAsking {
    const until = ref(asked.get(purpose)?.until ?? 0);
    const now = ref(Date.now());
    const timer = setInterval(() => (now.value = Date.now()), 500);
    onScopeDispose(() => clearInterval(timer));
    const asking = reactive({
        isAsking: false,
        sentTo: until.value > Date.now() ? (asked.get(purpose)?.sentTo ?? '') : '',
        fault: '',
        waitSeconds: computed(() => Math.max(0, Math.ceil((until.value - now.value) / 1000))),
        async ask(phone?: string) {
            if (asking.isAsking || asking.waitSeconds > 0) return;
            asking.isAsking = true;
            asking.fault = '';
            try {
                const sent = await ok(api.POST('/api/codes', { body: { purpose, ...(phone !== undefined && { phone }) } }));
                asking.sentTo = sent.sent_to;
                until.value = Date.now() + sent.resend_seconds * 1000;
            } catch (error) {
                asking.fault = waitText(error) ?? faultsByField(error)['phone'] ?? failureText(error);
                if (error instanceof ApiProblem && error.retryAfterSeconds > 0) until.value = Date.now() + error.retryAfterSeconds * 1000;
            }
            asked.set(purpose, { until: until.value, sentTo: asking.sentTo });
            now.value = Date.now();
            asking.isAsking = false;
        },
    });
    return asking;
}

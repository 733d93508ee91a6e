// One tap that changes something: busy while it runs, and what it said when it was refused.
import { reactive } from 'vue';

export interface Step {
    isBusy: boolean;
    error: unknown;
    run(): Promise<void>;
}

/** A second tap while the first still runs does nothing. */
export function useStep(act: () => Promise<void>): Step {
    const step: Step = reactive({
        isBusy: false,
        error: undefined as unknown,
        async run() {
            if (step.isBusy) return;
            step.isBusy = true;
            step.error = undefined;
            try {
                await act();
            } catch (error) {
                step.error = error;
            }
            step.isBusy = false;
        },
    });
    return step;
}

// Closing a drawer or dialog by Escape or its cross: what was typed into it is not thrown away without asking.
import { ref, watch, type Ref } from 'vue';
import type { Step } from '@kit/step.ts';

export interface Leaving {
    /** The question stands there instead of the buttons. */
    isAsking: Ref<boolean>;
    /** Goes on with the form, in the field that was written in last. */
    stay(): void;
    /** Bind it to the input events of all that can be typed into. */
    note(event: Event): void;
    /** For `before-close` of Element Plus. */
    beforeClose(close: () => void): void;
}

/** `step` is what the form does: it opens without the refusal of an earlier row, and stays until it is answered. */
export function useLeaving(isOpen: Ref<boolean>, step: () => Step | undefined): Leaving {
    const isAsking = ref(false);
    const fields = new Set<HTMLInputElement>();
    watch(isOpen, (opened) => {
        fields.clear();
        isAsking.value = false;
        const next = step();
        if (opened && next) next.error = undefined;
    });
    return {
        isAsking,
        stay() {
            isAsking.value = false;
            [...fields].pop()?.focus();
        },
        note(event) {
            const field = event.target as HTMLInputElement;
            fields.delete(field);
            fields.add(field);
        },
        beforeClose(close) {
            if (step()?.isBusy) return;
            // What was sent has left its field, and the field often the page.
            if ([...fields].some((field) => field.isConnected && field.value.trim() !== '')) isAsking.value = true;
            else close();
        },
    };
}

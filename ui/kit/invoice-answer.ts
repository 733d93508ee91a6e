// The answer to a request for an invoice, in the shop and at the desk: its number with the file, or the reason why there is none.
import { reactive } from 'vue';
import { api, faultsByField, ok, useOnce } from './api.ts';
import type { InvoiceReason } from './models.ts';
import { useStep, type Step } from './step.ts';
import { words } from './words.ts';

const t = words(
    { badNumber: '发票号码要 6 到 40 位', needWords: '请写清楚哪里不对，买家好照着改' },
    { badNumber: 'An invoice number has 6 to 40 characters', needWords: 'Say what is wrong, so that the buyer can mend it' },
);

export interface InvoiceAnswer {
    way: 'issue' | 'refuse';
    number: string;
    /** The file of the tax system goes before a photo of it. */
    file: string;
    photos: string[];
    reason: InvoiceReason;
    words: string;
    isSending: boolean;
    faults: { number?: string; words?: string; file?: string };
    step: Step;
}

export function useInvoiceAnswer(id: string, done: (way: InvoiceAnswer['way']) => void): InvoiceAnswer {
    const once = useOnce();
    const params = { path: { id } };
    const step = useStep(async () => {
        const number = answer.number.trim();
        const said = answer.words.trim();
        const needsNumber = answer.way === 'issue' || answer.reason === 'issued_before';
        answer.faults = {
            ...(needsNumber && number.length < 6 && { number: t.badNumber }),
            ...(answer.way === 'refuse' && answer.reason === 'data_wrong' && said === '' && { words: t.needWords }),
        };
        if (Object.keys(answer.faults).length > 0) return;
        const file = answer.file || answer.photos[0];
        try {
            if (answer.way === 'issue') {
                const body = { invoice_number: number, ...(file && { file }) };
                await ok(api.POST('/api/invoices/{id}/papers', { params, body, ...once.key(body) }));
            } else {
                const body = { reason: answer.reason, ...(said !== '' && { words: said }), ...(needsNumber && { invoice_number: number }) };
                await ok(api.POST('/api/invoices/{id}/refusals', { params, body, ...once.key(body) }));
            }
        } catch (error) {
            const found = faultsByField(error);
            answer.faults = {
                ...(found['invoice_number'] && { number: found['invoice_number'] }),
                ...(found['words'] && { words: found['words'] }),
                ...(found['file'] && { file: found['file'] }),
            };
            if (Object.keys(answer.faults).length > 0) return;
            throw error;
        }
        once.done();
        done(answer.way);
    });
    const answer: InvoiceAnswer = reactive({
        way: 'issue' as const, number: '', file: '', photos: [], reason: 'data_wrong' as const, words: '', isSending: false, faults: {}, step,
    });
    return answer;
}

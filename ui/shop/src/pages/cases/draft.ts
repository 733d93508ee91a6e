// The form of a new case, and what it sends.
import { reactive } from 'vue';
import type { CaseDraft, CaseKind, CaseReason, Order, OrderLine } from '@kit/models.ts';

export interface LineForm {
    count: number;
    isShare: boolean;
    bad: string;
    of: string;
}
export interface CaseForm {
    kind: CaseKind;
    reason: CaseReason | '';
    lines: Record<number, LineForm>;
    words: string;
    pictures: string[];
}

export function leftCount(line: OrderLine): number {
    return line.count - line.refunded_count;
}

/** Nothing is chosen but what can only be so: one thing of one piece. */
export function newForm(order: Order): CaseForm {
    const open = order.lines.filter((line) => leftCount(line) > 0);
    const lines: Record<number, LineForm> = {};
    for (const line of open) lines[line.line_no] = { count: open.length === 1 ? leftCount(line) : 0, isShare: false, bad: '', of: '' };
    return reactive<CaseForm>({ kind: 'money', reason: '', lines, words: '', pictures: [] });
}

export function canShare(form: CaseForm): boolean {
    return form.kind === 'money' && (form.reason === 'damaged' || form.reason === 'quality');
}

const whole = (text: string): number => (/^\d{1,4}$/.test(text.trim()) ? Number(text.trim()) : 0);

export function shareFits(line: LineForm): boolean {
    return whole(line.bad) >= 1 && whole(line.bad) <= whole(line.of);
}

/** What is sent; null while something is missing. */
export function caseBody(order: Order, form: CaseForm): CaseDraft | null {
    const chosen = order.lines.filter((line) => (form.lines[line.line_no]?.count ?? 0) > 0);
    if (form.reason === '' || chosen.length === 0) return null;
    const lines = chosen.map((line) => {
        const one = form.lines[line.line_no]!;
        const shares = canShare(form) && one.isShare;
        return { line_no: line.line_no, count: one.count, ...(shares && { bad_count: whole(one.bad), of_count: whole(one.of) }) };
    });
    if (lines.some((line) => 'of_count' in line && (line.of_count === 0 || line.bad_count === 0))) return null;
    const words = form.words.trim();
    return { order_id: order.id, kind: form.kind, reason: form.reason, lines, ...(words !== '' && { words }), ...(form.pictures.length > 0 && { pictures: form.pictures }) };
}

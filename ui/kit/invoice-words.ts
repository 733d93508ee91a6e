// How a request for an invoice is said, wherever it is shown.
import type { Invoice, InvoiceReason } from '@kit/models.ts';
import { words } from '@kit/words.ts';

const t = words(
    {
        asked: '等开票',
        issued: '开好了',
        refused: '没有开',
        personal: '个人',
        company: '单位',
        data_wrong: '抬头或税号不对',
        issued_before: '已经开过了',
        refunded_whole: '钱全退了',
    },
    {
        asked: 'To be made',
        issued: 'Made',
        refused: 'Not made',
        personal: 'A person',
        company: 'An organisation',
        data_wrong: 'Title or tax number is wrong',
        issued_before: 'It was made before',
        refunded_whole: 'All the money went back',
    },
);

export const invoiceReasons: readonly InvoiceReason[] = ['data_wrong', 'issued_before', 'refunded_whole'];

export function invoiceStateText(state: Invoice['state']): string {
    return t[state];
}
export function payerText(type: Invoice['type']): string {
    return t[type];
}
/** The server sends one of the list, or nothing. */
export function invoiceReasonText(reason: string | undefined): string {
    const known = invoiceReasons.find((each) => each === reason);
    return known === undefined ? '' : t[known];
}

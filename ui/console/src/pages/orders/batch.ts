// Reads what was pasted or scanned: an order, a carrier, a parcel a line, however they are parted.
import type { ShipmentRow } from '@kit/models.ts';
import { carrierOf } from './carriers.ts';

export const rowsMax = 100;

/** The rows of a text; `bad` are the numbers of lines that are none. Empty lines and a head line without digits are passed over. */
export function readRows(text: string): { rows: ShipmentRow[]; bad: number[] } {
    const rows: ShipmentRow[] = [];
    const bad: number[] = [];
    text.split(/\r?\n/).forEach((line, index) => {
        const parts = line.split(/[\t,，;；]+|\s+/).map((part) => part.trim()).filter((part) => part !== '');
        if (parts.length === 0 || (index === 0 && !/\d/.test(line))) return;
        const [number, carrier, tracking_number] = parts;
        if (parts.length !== 3 || !/^(xj)?\d+$/i.test(number!) || tracking_number!.length < 4) bad.push(index + 1);
        else rows.push({ number: number!, carrier: carrierOf(carrier!), tracking_number: tracking_number! });
    });
    return { rows, bad };
}

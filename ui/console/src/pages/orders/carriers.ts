// The carriers as the desk offers them, and the one that this device sent with last.
import { carriers } from '@kit/carriers.ts';
import { keep, kept } from '@kit/device.ts';

export const carrierChoices = carriers.map((name) => ({ value: name, text: name }));

/** The carrier that was chosen last, as far as it is still offered. */
export function lastCarrier(): string {
    return carriers.find((name) => name === kept('carrier')) ?? carriers[0]!;
}

export function keepCarrier(name: string): void {
    keep('carrier', name);
}

/** A carrier as people write it for short (顺丰, 邮政) by the name that the filter finds; one that is not known stays as it is. */
export function carrierOf(text: string): string {
    const fitting = text.length < 2 ? [] : carriers.filter((name) => name.includes(text));
    return fitting.length === 1 ? fitting[0]! : text;
}

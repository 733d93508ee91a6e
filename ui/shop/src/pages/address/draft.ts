// The fields of an address as they are typed, what is wrong with them, and what a pasted text gave.
import { reactive } from 'vue';
import type { Address, AddressDraft, AddressParse } from '@kit/models.ts';
import { t } from './words.ts';

export interface Fields {
    name: string;
    phone: string;
    placeCode: string;
    placeNames: string[];
    street: string;
    isDefault: boolean;
}

export type FieldFaults = Record<'name' | 'phone' | 'place_code' | 'street', string>;

export function emptyFields(): Fields {
    return reactive({ name: '', phone: '', placeCode: '', placeNames: [], street: '', isDefault: false });
}

export function fillFrom(fields: Fields, address: Address): void {
    Object.assign(fields, {
        name: address.name,
        phone: address.phone,
        placeCode: address.place_code,
        placeNames: [...address.place_names],
        street: address.street,
        isDefault: address.is_default,
    });
}

/** Takes over what a paste gave; what it did not give stays as it was typed. Gives back what should be looked at. */
export function takeParse(fields: Fields, parse: AddressParse): Partial<FieldFaults> {
    if (parse.name !== '') fields.name = parse.name;
    if (parse.phone !== '') fields.phone = parse.phone;
    if (parse.street !== '') fields.street = parse.street;
    if (parse.place_code !== '') {
        fields.placeCode = parse.place_code;
        fields.placeNames = [...parse.place_names];
    }
    const faults: Partial<FieldFaults> = {};
    for (const field of parse.unsure) {
        if (field === 'name' || field === 'phone' || field === 'place_code' || field === 'street') faults[field] = t.unsure;
    }
    return faults;
}

/** What is missing, in the words of the form; the server looks at the rest. */
export function missingIn(fields: Fields): Partial<FieldFaults> {
    return {
        ...(fields.name.trim() === '' && { name: t.needName }),
        ...(!/^(\+?86)?[\s-]*1[\d\s-]{10,}$/.test(fields.phone.trim()) && { phone: t.needPhone }),
        ...(fields.placeCode === '' && { place_code: t.needPlace }),
        ...(fields.street.trim() === '' && { street: t.needStreet }),
    };
}

export function bodyOf(fields: Fields): AddressDraft {
    return { name: fields.name.trim(), phone: fields.phone.trim(), place_code: fields.placeCode, street: fields.street.trim(), is_default: fields.isDefault };
}

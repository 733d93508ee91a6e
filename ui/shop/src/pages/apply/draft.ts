// What was filled in, kept on the device until it is sent.
import { sendBytes } from '@kit/bytes.ts';
import { useKeptFields, type KeptFields } from '@kit/kept-fields.ts';
import type { Application, ApplicationDraft } from '@kit/models.ts';

export interface Fields {
    draft: ApplicationDraft & { kind: string };
    placeNames: string[];
}

export function emptyFields(): Fields {
    return { draft: { kind: 'household', name: '', summary: '', place_code: '', goods_text: '', contact_name: '', contact_phone: '', credit_code: '', makes_food: false, food_licence: '', declared: false, documents: [] }, placeNames: [] } as Fields;
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && 'draft' in value && 'placeNames' in value;

/** The name under which the device keeps the form of one application, or of a new one. */
export const keptName = (id: string): string => `apply.${id || 'new'}`;

/** The fields of one form, as this device knows them. */
export const useFields = (name: string): KeptFields<Fields> => useKeptFields(name, isFields, emptyFields);

/** A private picture comes with a mark that ends soon; the address before it is what is kept. */
export const plainAddress = (address: string): string => address.split('?')[0] ?? address;

/** The fields of an application as the server has it. */
export function fieldsOf(from: Application): Fields {
    const fields = emptyFields();
    for (const name of Object.keys(fields.draft) as (keyof ApplicationDraft)[]) Object.assign(fields.draft, { [name]: from[name as keyof Application] ?? '' });
    fields.draft.documents = from.documents.map((each) => ({ ...each, address: plainAddress(each.address) }));
    fields.placeNames = [from.origin.province, from.origin.city, from.origin.county, from.origin.town, from.origin.village].filter((part) => part !== '');
    return fields;
}

/** The body of a draft: a place that was not chosen is left out. */
export function bodyOf(fields: Fields): ApplicationDraft {
    const { place_code, ...rest } = fields.draft;
    return place_code ? { ...rest, place_code } : rest;
}

/** Sends one picture: the address that is kept, and the link that shows it now. */
export async function sendPaper(file: File): Promise<{ address: string; link: string }> {
    const reply = await sendBytes<{ address: string; link?: string }>('/api/files?purpose=document', file.type, file);
    return { address: reply.address, link: reply.link ?? reply.address };
}

// What was filled in, kept on the device until it is sent.
import { ApiProblem, newKey } from '@kit/api.ts';
import { useKeptFields, type KeptFields } from '@kit/kept-fields.ts';
import type { Application, ApplicationDraft } from '@kit/models.ts';
import { language } from '@kit/words.ts';

export interface Fields {
    draft: ApplicationDraft & { kind: string };
    placeNames: string[];
}

function emptyFields(): Fields {
    return { draft: { kind: 'household', name: '', summary: '', place_code: '', goods_text: '', contact_name: '', contact_phone: '', credit_code: '', makes_food: false, food_licence: '', declared: false, documents: [] }, placeNames: [] } as Fields;
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && 'draft' in value && 'placeNames' in value;

/** The fields of one form, as this device knows them. */
export const useFields = (name: string): KeptFields<Fields> => useKeptFields(name, isFields, emptyFields);

/** A private picture comes with a mark that ends soon; the address before it is what is kept. */
export const plainAddress = (address: string): string => address.split('?')[0] ?? address;

export function takeApplication(fields: Fields, from: Application): void {
    for (const name of Object.keys(fields.draft) as (keyof ApplicationDraft)[]) Object.assign(fields.draft, { [name]: from[name as keyof Application] ?? '' });
    fields.draft.documents = from.documents.map((each) => ({ ...each, address: plainAddress(each.address) }));
    fields.placeNames = [from.origin.province, from.origin.city, from.origin.county, from.origin.town, from.origin.village].filter((part) => part !== '');
}

/** The body of a draft: a place that was not chosen is left out. */
export function bodyOf(fields: Fields): ApplicationDraft {
    const { place_code, ...rest } = fields.draft;
    return place_code ? { ...rest, place_code } : rest;
}

/** Sends one picture: the address that is kept, and the link that shows it now. */
export async function sendPaper(file: File): Promise<{ address: string; link: string }> {
    const response = await fetch('/api/files?purpose=document', {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'Content-Type': file.type, 'Idempotency-Key': newKey(), 'Accept-Language': language.value },
        body: file,
    });
    const reply = (await response.json().catch(() => ({}))) as { address?: string; link?: string; code?: string; detail?: string };
    if (!response.ok || reply.address === undefined) throw new ApiProblem(response.status, reply, 0);
    return { address: reply.address, link: reply.link ?? reply.address };
}

// Bodies that are no JSON: files sent as they lie on the device.
import { newKey, refusalOf, Unreachable } from './api.ts';
import { language } from './words.ts';

/** Sends the bytes as they are, as a write of its own; the answer of 201. */
export async function sendBytes<Answer>(target: string, type: string, file: Blob): Promise<Answer> {
    let response: Response;
    try {
        response = await fetch(target, {
            method: 'POST',
            headers: { 'Content-Type': type, 'Accept-Language': language.value, 'Idempotency-Key': newKey() },
            body: await file.arrayBuffer(),
        });
    } catch {
        throw new Unreachable();
    }
    const body: unknown = await response.json().catch(() => ({}));
    if (response.status === 201) return body as Answer;
    throw refusalOf(response.status, body, response.headers.get('Retry-After'));
}

// Sheets: one that a seller sends in as it lies on the computer, and one that the server made.
import { ApiProblem, Unreachable, newKey } from './api.ts';
import type { Import } from './models.ts';
import { language } from './words.ts';

/** Sends the bytes as they are; the server finds out how they are written. */
export async function sendSheet(file: File, seller: string): Promise<Import> {
    let response: Response;
    try {
        response = await fetch(`/api/imports?kind=goods&mode=dry_run&seller=${encodeURIComponent(seller)}`, {
            method: 'POST',
            headers: { 'Content-Type': 'text/csv', 'Accept-Language': language.value, 'Idempotency-Key': newKey() },
            body: await file.arrayBuffer(),
        });
    } catch {
        throw new Unreachable();
    }
    const body: unknown = await response.json().catch(() => ({}));
    if (response.status === 201) return body as Import;
    throw new ApiProblem(response.status, body as object, Number(response.headers.get('Retry-After') ?? 0) || 0);
}

/** Lets the browser fetch LINK as a file. */
export function saveLink(link: string, name = ''): void {
    const anchor = document.createElement('a');
    anchor.href = link;
    anchor.download = name;
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
}

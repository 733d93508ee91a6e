// Sheets: one that a seller sends in as it lies on the computer, and one that the server made.
import { sendBytes } from './bytes.ts';
import type { Import } from './models.ts';

/** Sends the bytes as they are; the server finds out how they are written. */
export async function sendSheet(file: File, seller: string): Promise<Import> {
    return sendBytes<Import>(`/api/imports?kind=goods&mode=dry_run&seller=${encodeURIComponent(seller)}`, 'text/csv', file);
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

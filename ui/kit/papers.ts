// The papers of invoices: PDF and OFD, sent as they are and saved by who may have them.
import type { paths } from './api.gen.ts';
import { sendBytes } from './bytes.ts';

export type UploadedPaper = paths['/api/files/papers']['post']['responses'][201]['content']['application/json'];

/** Whether an address (with its mark) is a paper to be saved, and not a picture. */
export function isPaper(address: string): boolean {
    return address.startsWith('/files/papers/');
}

/** Browsers know a PDF by its name and an OFD not at all: the server looks at the bytes. */
export async function uploadPaper(file: Blob): Promise<UploadedPaper> {
    return sendBytes<UploadedPaper>('/api/files/papers', file.type === 'application/pdf' ? file.type : 'application/octet-stream', file);
}

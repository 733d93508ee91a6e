// What an address of a picture means. The shop's own are files; an uploaded one ("/files/HASH", with a mark behind it when it is
// private) stands for three sizes in two formats.
import { ApiProblem, newKey, refusalOf, Unreachable } from './api.ts';
import type { paths } from './api.gen.ts';
import { language } from './words.ts';

export type PicturePurpose = NonNullable<paths['/api/files']['post']['parameters']['query']>['purpose'];
export type UploadedPicture = paths['/api/files']['post']['responses'][201]['content']['application/json'];

const uploaded = /^\/files\/[0-9a-f]{64}(?=$|\?)/;

/** What the browser may choose from, and what every browser takes. */
export interface PictureSources {
    src: string;
    webp?: string;
}

export function pictureSources(address: string): PictureSources {
    const found = uploaded.exec(address)?.[0];
    if (found === undefined) return { src: address };
    const query = address.slice(found.length);
    return { src: `${found}-720.jpg${query}`, webp: [240, 720, 1440].map((size) => `${found}-${size}.webp${query} ${size}w`).join(', ') };
}

/** The largest size of it, to look at closely. */
export function pictureLarge(address: string): string {
    const found = uploaded.exec(address)?.[0];
    return found === undefined ? address : `${found}-1440.jpg${address.slice(found.length)}`;
}

const LONGEST = 1600;
const SMALL_BYTES = 500_000;

/** A phone's photo made smaller before it is sent over a village's network. What this device cannot read goes as it is: the server looks anyway. */
export async function shrinkPicture(file: Blob): Promise<Blob> {
    if (file.size <= SMALL_BYTES) return file;
    try {
        const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
        const part = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
        const canvas = document.createElement('canvas');
        canvas.width = Math.max(1, Math.round(bitmap.width * part));
        canvas.height = Math.max(1, Math.round(bitmap.height * part));
        const pen = canvas.getContext('2d');
        if (pen === null) return file;
        pen.fillStyle = '#fff';
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        bitmap.close();
        const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
        return made !== null && made.size < file.size ? made : file;
    } catch {
        return file;
    }
}

function send(picture: Blob, purpose: PicturePurpose, key: string, follow: (part: number) => void): Promise<UploadedPicture> {
    return new Promise((resolve, reject) => {
        // fetch does not tell how much was sent.
        const request = new XMLHttpRequest();
        request.open('POST', `/api/files?purpose=${purpose}`);
        request.setRequestHeader('Content-Type', picture.type || 'application/octet-stream');
        request.setRequestHeader('Accept-Language', language.value);
        request.setRequestHeader('Idempotency-Key', key);
        request.responseType = 'json';
        request.upload.onprogress = (event) => event.lengthComputable && follow(event.loaded / event.total);
        request.onerror = () => reject(new Unreachable());
        request.onload = () => {
            if (request.status === 201) resolve(request.response as UploadedPicture);
            else reject(refusalOf(request.status, request.response, request.getResponseHeader('Retry-After')));
        };
        request.send(picture);
    });
}

/** Sends one picture; `follow` hears how much has gone. A server that is busy is asked again with the same key. */
export async function uploadPicture(file: Blob, purpose: PicturePurpose, follow: (part: number) => void): Promise<UploadedPicture> {
    const picture = await shrinkPicture(file);
    const key = newKey();
    for (let tries = 1; ; tries += 1) {
        try {
            return await send(picture, purpose, key, follow);
        } catch (error) {
            if (!(error instanceof ApiProblem) || error.code !== 'busy' || tries === 3) throw error;
            await new Promise((resolve) => setTimeout(resolve, 1000 * Math.min(5, error.retryAfterSeconds || 1)));
        }
    }
}

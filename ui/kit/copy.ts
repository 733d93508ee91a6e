// Puts a text where the phone pastes from. Old browsers and pages without https have no such place.
import { toast } from './toast.ts';

/** Copies `text` and says `copied`; where the browser forbids it, says `failed`. */
export async function copyText(text: string, copied: string, failed: string): Promise<void> {
    try {
        await navigator.clipboard.writeText(text);
        toast(copied);
    } catch {
        toast(failed);
    }
}

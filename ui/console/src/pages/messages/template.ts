// A template as it is written and as it arrives.
import type { MessageDraft, MessageTemplate } from '@kit/models.ts';

export type Placeholder = MessageTemplate['placeholders'][number];
export type TextField = 'title' | 'words' | 'title_en' | 'words_en';
export const textFields: readonly TextField[] = ['title', 'words', 'title_en', 'words_en'];

export const draftOf = (template: MessageTemplate): MessageDraft => ({
    is_on: template.is_on,
    title: template.title,
    words: template.words,
    title_en: template.title_en,
    words_en: template.words_en,
});

/** As a name stands in a text: "{goods}". */
export const braced = (name: string): string => `{${name}}`;

/** The text with an example in the place of every name. */
export function filled(text: string, names: readonly Placeholder[], english: boolean): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const found = names.find((one) => one.name === name);
        return found === undefined ? whole : english ? found.example_en : found.example;
    });
}

/** The first thing in braces that is no name of this kind, or undefined. */
export function wrongName(text: string, names: readonly Placeholder[]): string | undefined {
    return (text.match(/\{[^}]*\}?/g) ?? []).find((found) => !names.some((one) => found === braced(one.name)));
}

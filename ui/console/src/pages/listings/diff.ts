// A draft as rows of words, so that two of them can be laid side by side.
import type { GoodsDraft } from '@kit/models.ts';
import { fenText } from '@kit/money.ts';
import { categoryName, placeName } from '@console/parts/names.ts';
import { fieldNames, policyNames, t } from './words.ts';

export interface DiffRow {
    name: string;
    before: string;
    after: string;
    isChanged: boolean;
}

function rowsOf(draft: GoodsDraft): Map<string, [string, string]> {
    const rows = new Map<string, [string, string]>();
    const put = (key: string, name: string, value: string): void => void rows.set(key, [name, value]);
    put('title', fieldNames.title, draft.title);
    put('category', fieldNames.category, categoryName(draft.category_id));
    put('place', fieldNames.place, placeName(draft.place_code));
    put('summary', fieldNames.summary, draft.summary);
    put('story', fieldNames.story, draft.story);
    put('facts', fieldNames.facts, draft.facts.map((fact) => `${fact.name}：${fact.value}`).join('\n'));
    put('piece', fieldNames.piece, draft.piece_name);
    put('ship', fieldNames.ship, String(draft.ship_within_hours));
    put('freight', fieldNames.freight, draft.free_freight ? t.yes : t.no);
    draft.skus.forEach((sku, index) => {
        const options = sku.options.map((option) => option.value).join(' · ');
        put(sku.sku_id ?? `new ${index}`, fieldNames.sku, `${options} ${sku.net.amount} ${sku.net.unit} ${fenText(sku.price_fen)} ${sku.weight_g} g ${policyNames[sku.return_policy]} ${sku.note}`.trim());
    });
    return rows;
}

/** All rows of a new goods; of a change, those that differ. */
export function diffOf(before: GoodsDraft | undefined, after: GoodsDraft): DiffRow[] {
    const old = before === undefined ? new Map<string, [string, string]>() : rowsOf(before);
    const now = rowsOf(after);
    return [...new Set([...now.keys(), ...old.keys()])]
        .map((key) => {
            const was = old.get(key)?.[1] ?? '';
            const is = now.get(key)?.[1] ?? '';
            return { name: (now.get(key) ?? old.get(key))?.[0] ?? key, before: was, after: is, isChanged: was !== is };
        })
        .filter((row) => (before === undefined ? row.after !== '' : row.isChanged));
}

/** Whether a change shows other pictures, or the same in another order: the first one stands for the goods. */
export function hasOtherPictures(before: GoodsDraft | undefined, after: GoodsDraft): boolean {
    return before !== undefined && before.pictures.join('\n') !== after.pictures.join('\n');
}

// Which SKU stands for which choices. A thing has one or more named choices (买多少, 选大小); each SKU answers all of them.
import type { Sku } from '@kit/models.ts';

export interface Choice {
    value: string;
    /** The SKU that stands for this choice together with what is chosen before it. */
    sku: Sku | undefined;
    isAvailable: boolean;
    isChosen: boolean;
}

export interface ChoiceRow {
    name: string;
    choices: Choice[];
}

function valueOf(sku: Sku, name: string): string | undefined {
    return sku.options.find((option) => option.name === name)?.value;
}

/** The names of the choices, in the order of the first SKU that has them. */
export function choiceNames(skus: readonly Sku[]): string[] {
    return [...new Set(skus.flatMap((sku) => sku.options.map((option) => option.name)))];
}

/** The SKU to begin with: the one asked for, else the first that is left, else the first. */
export function firstSku(skus: readonly Sku[], asked: string | undefined): Sku | undefined {
    return skus.find((sku) => sku.id === asked) ?? skus.find((sku) => sku.available_count > 0) ?? skus[0];
}

// A value fits when it agrees with everything chosen in the rows above; the rows below then follow it.
function fitting(skus: readonly Sku[], chosen: Sku, names: readonly string[], row: number, value: string): Sku[] {
    const above = names.slice(0, row);
    return skus.filter((sku) => valueOf(sku, names[row]!) === value && above.every((name) => valueOf(sku, name) === valueOf(chosen, name)));
}

function closest(fits: readonly Sku[], chosen: Sku, names: readonly string[]): Sku | undefined {
    const likeness = (sku: Sku) => names.filter((name) => valueOf(sku, name) === valueOf(chosen, name)).length;
    const left = fits.filter((sku) => sku.available_count > 0);
    return [...(left.length > 0 ? left : fits)].sort((a, b) => likeness(b) - likeness(a))[0];
}

/** All rows of choices as they stand while `chosen` is chosen. Pressing a choice chooses its SKU. */
export function choiceRows(skus: readonly Sku[], chosen: Sku): ChoiceRow[] {
    const names = choiceNames(skus);
    return names.map((name, row) => {
        const values = [...new Set(skus.map((sku) => valueOf(sku, name)).filter((value) => value !== undefined))];
        const choices = values.map((value) => {
            const fits = fitting(skus, chosen, names, row, value);
            return {
                value,
                sku: closest(fits, chosen, names),
                isAvailable: fits.some((sku) => sku.available_count > 0),
                isChosen: valueOf(chosen, name) === value,
            };
        });
        return { name, choices };
    });
}

/** How many of a SKU one order may take. */
export function countMax(sku: Sku): number {
    return sku.limit_count > 0 ? Math.min(sku.limit_count, sku.available_count) : sku.available_count;
}

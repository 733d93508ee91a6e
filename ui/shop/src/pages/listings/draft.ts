// What a keeper fills in, as words in fields; kept on the device until the server has it.
import { useKeptFields, type KeptFields } from '@kit/kept-fields.ts';
import type { GoodsDraft, ListingDraft } from '@kit/models.ts';
import { fenText, parseYuan } from '@kit/money.ts';

export type SkuDraft = GoodsDraft['skus'][number];
export type Policy = SkuDraft['return_policy'];
type Fact = GoodsDraft['facts'][number];

export interface SkuFields {
    key: number;
    /** Of one that is on sale already: its price and stock have pages of their own. */
    old?: SkuDraft;
    name: string;
    amount: string;
    unit: string;
    weight: string;
    price: string;
    stock: string;
}

export interface Fields {
    title: string;
    category: string;
    place: string;
    placeNames: string[];
    pictures: string[];
    piece: string;
    skus: SkuFields[];
    /** Empty: the choices on sale differ, and stay as they are. */
    policy: Policy | '';
    why: string;
    maker: string;
    story: string;
    summary: string;
    facts: Fact[];
    hours: number;
    freeFreight: boolean;
}

// The names of the two facts that the form asks for by themselves.
const whyName = '退换';
const makerName = '食品生产许可证号';

export const newSku = (key: number, unit = '斤'): SkuFields => ({ key, name: '', amount: '', unit, weight: '', price: '', stock: '' });

const emptyFields = (): Fields => ({ title: '', category: '', place: '', placeNames: [], pictures: [], piece: '箱', skus: [newSku(1)], policy: 'fresh', why: '', maker: '', story: '', summary: '', facts: [], hours: 48, freeFreight: false });

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && 'skus' in value && 'placeNames' in value;

/** The name under which the device keeps a form. */
export const keptName = (seller: string, what: string): string => `listing.${seller}.${what}`;

/** The fields of one form, as this device knows them. */
export const useFields = (name: string): KeptFields<Fields> => useKeptFields(name, isFields, emptyFields);

/** What the form of new goods begins with, or of those in `draft`, that come from `placeNames`. */
export function fieldsOf(draft?: GoodsDraft, placeNames: string[] = []): Fields {
    const fields = emptyFields();
    if (draft !== undefined) takeDraft(fields, draft);
    return { ...fields, placeNames };
}

const optionText = (sku: SkuDraft): string => sku.options.map((option) => option.value).join(' ');

/** Grams as jin: 2600 is "5.2". */
const jinText = (grams: number): string => String(grams / 500);

/** Jin as grams, or nothing when it is no figure. */
function gramsOf(text: string): number | null {
    return /^\d{1,4}(\.\d{1,3})?$/.test(text.trim()) ? Math.round(Number(text.trim()) * 500) : null;
}

const wholeOf = (text: string): number | null => (/^\d{1,7}$/.test(text.trim()) ? Number(text.trim()) : null);

export function takeDraft(fields: Fields, from: GoodsDraft): void {
    const factOf = (name: string): string => from.facts.find((fact) => fact.name === name)?.value ?? '';
    const policies = new Set(from.skus.map((sku) => sku.return_policy));
    Object.assign(fields, {
        title: from.title,
        category: from.category_id,
        place: from.place_code,
        pictures: [...from.pictures],
        piece: from.piece_name,
        skus: from.skus.map((sku, index) => ({
            key: index + 1,
            old: sku,
            name: optionText(sku),
            amount: sku.net.amount,
            unit: sku.net.unit,
            weight: jinText(sku.weight_g),
            price: fenText(sku.price_fen),
            stock: sku.stock_count ? String(sku.stock_count) : '',
        })),
        policy: policies.size === 1 ? [...policies][0] : '',
        why: factOf(whyName),
        maker: factOf(makerName),
        story: from.story,
        summary: from.summary,
        facts: from.facts.filter((fact) => fact.name !== whyName && fact.name !== makerName),
        hours: from.ship_within_hours,
        freeFreight: from.free_freight,
    });
}

/** What the figures of a choice lack, by the server's names; empty when all can be sent. */
export function skuFaults(fields: Fields, need: { figure: string; price: string; count: string }): Record<string, string> {
    const faults: Record<string, string> = {};
    fields.skus.forEach((sku, index) => {
        if (!/^\d{1,6}(\.\d{1,3})?$/.test(sku.amount.trim()) || Number(sku.amount) <= 0) faults[`skus[${index}].net`] = need.figure;
        if ((gramsOf(sku.weight) ?? 0) <= 0) faults[`skus[${index}].weight_g`] = need.figure;
        if (parseYuan(sku.price) === null) faults[`skus[${index}].price_fen`] = need.price;
        if (sku.stock.trim() !== '' && wholeOf(sku.stock) === null) faults[`skus[${index}].stock_count`] = need.count;
    });
    return faults;
}

function skuOf(fields: Fields, sku: SkuFields): SkuDraft {
    const name = sku.name.trim();
    const isSame = sku.old !== undefined && name === optionText(sku.old);
    return {
        ...(sku.old ?? { note: '', limit_count: 0, alarm_count: 0 }),
        options: isSame ? sku.old!.options : name === '' ? [] : [{ name: '规格', value: name }],
        price_fen: parseYuan(sku.price) ?? 0,
        net: { amount: sku.amount.trim(), unit: sku.unit },
        weight_g: gramsOf(sku.weight) ?? 0,
        stock_count: wholeOf(sku.stock) ?? 0,
        return_policy: fields.policy === '' ? (sku.old?.return_policy ?? 'seven_days') : fields.policy,
    } as SkuDraft;
}

export function bodyOf(fields: Fields, seller: string, goods: string): ListingDraft {
    const facts = fields.facts.map((fact) => ({ name: fact.name.trim(), value: fact.value.trim() })).filter((fact) => fact.name !== '' && fact.value !== '');
    if (fields.maker.trim() !== '') facts.push({ name: makerName, value: fields.maker.trim() });
    if (fields.why.trim() !== '' && fields.policy !== 'seven_days') facts.push({ name: whyName, value: fields.why.trim() });
    return {
        ...(goods !== '' && { goods_id: goods }),
        goods: {
            seller_id: seller,
            category_id: fields.category,
            place_code: fields.place,
            title: fields.title.trim(),
            summary: fields.summary.trim(),
            story: fields.story.trim(),
            pictures: [...fields.pictures],
            facts,
            piece_name: fields.piece.trim(),
            ship_within_hours: fields.hours,
            free_freight: fields.freeFreight,
            skus: fields.skus.map((sku) => skuOf(fields, sku)),
        },
    };
}

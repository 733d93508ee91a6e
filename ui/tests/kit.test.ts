// Unit tests of the kit and of the shop's pure parts. Run by `sh build.sh test`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteServerTime } from '../kit/clock.ts';
import { fenText, moneyParts, moneyText, parseYuan } from '../kit/money.ts';
import { placePrefix, placeText, shortPlaceName } from '../kit/places.ts';
import { leftText, momentText } from '../kit/time.ts';
import { countText, unitPriceText } from '../kit/units.ts';
import { setLanguage, words } from '../kit/words.ts';
import { choiceRows, countMax, firstSku } from '../shop/src/pages/goods/choices.ts';

const page = { documentElement: { lang: '', dataset: {} } };
Object.assign(globalThis, { document: page });

function speaking(language: 'zh' | 'en', work: () => void): void {
    setLanguage(language);
    try {
        work();
    } finally {
        setLanguage('zh');
    }
}

test('money is cut as text and never rounded', () => {
    assert.deepEqual(moneyParts(4990), { sign: '', yuan: '49', cents: '90' });
    assert.equal(fenText(0), '0.00');
    assert.equal(fenText(5), '0.05');
    assert.equal(fenText(-123456789), '-1,234,567.89');
    assert.equal(fenText(Number.MAX_SAFE_INTEGER), '90,071,992,547,409.91');
    assert.throws(() => fenText(0.1), RangeError);
    assert.equal(moneyText(4990), '49.90 元');
    speaking('en', () => assert.equal(moneyText(-4990), '-¥49.90'));
});

test('what people type as yuan becomes whole fen', () => {
    const cases: [string, number | null][] = [
        ['49.9', 4990], ['49.90', 4990], [' 1,200 ', 120000], ['0.01', 1], ['0.29', 29], ['1.15', 115],
        ['0', null], ['', null], ['-1', null], ['1.234', null], ['1e3', null], ['.5', null], ['12345678901', null],
    ];
    for (const [typed, fen] of cases) assert.equal(parseYuan(typed), fen, typed);
});

test('units and unit prices are said in both languages', () => {
    assert.equal(unitPriceText(998, '斤'), '9.98 元/斤');
    assert.equal(countText(3, '箱'), '3 箱');
    speaking('en', () => {
        assert.equal(unitPriceText(998, '斤'), '¥9.98/jin');
        assert.equal(countText(1, '箱'), '1 crate');
        assert.equal(countText(2, '盒'), '2 boxes');
        assert.equal(countText(2, '斤'), '2 jin');
    });
});

test('times follow the clock of China and of the server', () => {
    noteServerTime('2026-11-22T16:30:00Z');
    assert.equal(momentText('2026-11-22T16:05:00Z'), '今天 00:05');
    assert.equal(momentText('2026-11-22T15:59:00Z'), '昨天 23:59');
    assert.equal(momentText('2026-10-07T08:40:00Z'), '10 月 7 日 16:40');
    assert.equal(momentText('2025-10-07T08:40:00Z'), '2025 年 10 月 7 日 16:40');
    assert.equal(leftText('2026-11-22T17:00:00Z', Date.parse('2026-11-22T16:30:55Z')), '29 分 05 秒');
    assert.equal(leftText('2026-11-22T16:00:00Z', Date.parse('2026-11-22T16:30:00Z')), '0 分 00 秒');
});

test('places are said short and asked for by the digits that count', () => {
    assert.equal(placePrefix('140000000000'), '14');
    assert.equal(placePrefix('141000000000'), '1410');
    assert.equal(placePrefix('141031000000'), '141031');
    assert.equal(placePrefix('141031100000'), '141031100');
    assert.equal(placePrefix('141031100201'), '141031100201');
    assert.equal(placeText(['北京市', '市辖区', '朝阳区']), '北京市朝阳区');
    assert.equal(shortPlaceName('酉阳土家族苗族自治县'), '酉阳');
    assert.equal(shortPlaceName('城口县'), '城口县');
});

test('words follow the language', () => {
    const t = words({ title: '购物袋', left: (n: number) => `还有 ${n} 箱` }, { title: 'Bag', left: (n) => `${n} left` });
    assert.equal(t.title, '购物袋');
    assert.equal(t.left(3), '还有 3 箱');
    speaking('en', () => assert.equal(t.left(3), '3 left'));
    assert.equal(page.documentElement.lang, 'zh-CN');
});

function sku(id: string, amount: string, size: string, left: number, limit = 0) {
    return {
        id,
        options: [{ name: '买多少', value: amount }, { name: '选大小', value: size }],
        note: '',
        price_fen: 100,
        unit_price_fen: 10,
        unit_name: '斤',
        net: { amount: '5', unit: '斤' },
        weight_g: 1,
        available_count: left,
        limit_count: limit,
        return_policy: 'fresh' as const,
    };
}

test('a choice leads to the SKU that is left and most alike', () => {
    const skus = [sku('a', '5 斤', '中果', 3), sku('b', '5 斤', '大果', 0), sku('c', '8 斤', '中果', 0), sku('d', '8 斤', '大果', 9, 2), sku('e', '10 斤', '中果', 0)];
    assert.equal(firstSku(skus, undefined)?.id, 'a');
    assert.equal(firstSku(skus, 'd')?.id, 'd');
    const [amounts, sizes] = choiceRows(skus, skus[0]!);
    assert.deepEqual(amounts!.choices.map((choice) => [choice.value, choice.sku?.id, choice.isAvailable, choice.isChosen]), [
        ['5 斤', 'a', true, true],
        ['8 斤', 'd', true, false],
        ['10 斤', 'e', false, false],
    ]);
    assert.deepEqual(sizes!.choices.map((choice) => [choice.value, choice.sku?.id, choice.isAvailable]), [
        ['中果', 'a', true],
        ['大果', 'b', false],
    ]);
    assert.equal(countMax(skus[3]!), 2);
    assert.equal(countMax(skus[1]!), 0);
});

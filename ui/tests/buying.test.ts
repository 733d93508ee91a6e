// What the buying pages compute and how they read a refusal. Run by `sh build.sh test`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Address, AddressParse, Order } from '../kit/models.ts';

Object.assign(globalThis, { localStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined } });

const { ApiProblem, Unreachable } = await import('../kit/api.ts');
const { addressText } = await import('../kit/places.ts');
const { wantedOf } = await import('../shop/src/pages/checkout/draft.ts');
const { faultsOf } = await import('../shop/src/pages/checkout/place.ts');
const { leftFen, refundBody, refundFen } = await import('../shop/src/pages/seller/refund.ts');
const { emptyFields, fillFrom, missingIn, takeParse } = await import('../shop/src/pages/address/draft.ts');
const { waitText } = await import('../kit/code.ts');

function refused(status: number, code: string, faults: { field: string; detail: string }[], retryAfter = 0) {
    return new ApiProblem(status, { code, detail: '不行', faults }, retryAfter);
}

test('the address of the checkout says what is bought, and nonsense counts as one', () => {
    assert.deepEqual(wantedOf({ sku: '7', count: '3' }), { lines: [{ sku_id: '7', count: 3 }], isFromBag: false });
    assert.deepEqual(wantedOf({ sku: '7', count: '-3' }).lines, [{ sku_id: '7', count: 1 }]);
    assert.deepEqual(wantedOf({ sku: '7', count: '1e9' }).lines, [{ sku_id: '7', count: 1 }]);
    assert.deepEqual(wantedOf({ bag: '7-2_8-1' }), { lines: [{ sku_id: '7', count: 2 }, { sku_id: '8', count: 1 }], isFromBag: true });
    assert.deepEqual(wantedOf({}), { lines: [], isFromBag: true });
});

test('a refused order says it where it can be mended', () => {
    const lines = [{ sku_id: '7', count: 2 }, { sku_id: '8', count: 1 }];
    const short = faultsOf(refused(409, 'out_of_stock', [{ field: 'lines[1].sku_id', detail: '只剩 3 件' }]), lines);
    assert.deepEqual(short, { lines: { 8: '只剩 3 件' }, tick: '', address: '', all: '' });
    const moved = faultsOf(refused(409, 'price_changed', [{ field: 'expected_total_fen', detail: '现在一共 50.00 元' }]), lines);
    assert.equal(moved.all, '现在一共 50.00 元');
    assert.equal(faultsOf(refused(422, 'terms_needed', [{ field: 'ticked_return_terms', detail: '请打勾' }]), lines).tick, '请打勾');
    assert.equal(faultsOf(refused(409, 'conflict', [{ field: 'address_id', detail: '送不到' }]), lines).address, '送不到');
    assert.equal(faultsOf(refused(503, 'busy', []), lines).all, '不行');
    assert.match(faultsOf(new Unreachable(), lines).all, /网断了/);
});

function order(state: Order['state'], refunded: number): Order {
    const line = { sku_id: '1', goods_id: '1', title: '梨', options_text: '', picture: '', return_policy: 'fresh' as const, refunded_fen: 0 };
    return {
        state,
        paid_fen: 10800,
        refunded_fen: refunded,
        lines: [
            { ...line, line_no: 1, count: 2, price_fen: 3000, total_fen: 6000, refunded_count: 0 },
            { ...line, line_no: 2, count: 4, price_fen: 1000, total_fen: 4000, refunded_count: 1 },
        ],
    } as unknown as Order;
}

test('a refund comes to what the server will give back', () => {
    const form = { way: 'whole' as const, counts: {}, amount: '', reason: ' 有坏的 ' };
    assert.equal(leftFen(order('paid', 1000)), 9800);
    assert.equal(refundFen(order('paid', 1000), form), 9800);
    assert.deepEqual(refundBody(order('paid', 1000), form), { reason: '有坏的' });

    const some = { ...form, way: 'byLine' as const, counts: { 2: 2 } };
    assert.equal(refundFen(order('shipped', 1000), some), 2000);
    assert.deepEqual(refundBody(order('shipped', 1000), some), { reason: '有坏的', lines: [{ line_no: 2, count: 2 }] });

    const all = { ...form, way: 'byLine' as const, counts: { 1: 2, 2: 3 } };
    assert.equal(refundFen(order('paid', 1000), all), 9800, 'before it is sent the freight goes back too');
    assert.equal(refundFen(order('shipped', 1000), all), 9000, 'afterwards it does not');

    const amount = { ...form, way: 'byAmount' as const, amount: '12.5' };
    assert.equal(refundFen(order('paid', 0), amount), 1250);
    assert.deepEqual(refundBody(order('paid', 0), amount), { reason: '有坏的', amount_fen: 1250 });
    assert.equal(refundFen(order('paid', 0), { ...amount, amount: 'viel' }), 0);
});

test('what a paste gave is taken over, what it did not give stays, what is unsure is pointed out', () => {
    const fields = emptyFields();
    fields.street = '平阳路 8 号';
    const parse: AddressParse = { name: '刘敏', phone: '13812345678', place_code: '', place_names: [], street: '', unsure: ['place_code', 'street'] };
    const faults = takeParse(fields, parse);
    assert.equal(fields.name, '刘敏');
    assert.equal(fields.street, '平阳路 8 号');
    assert.deepEqual(Object.keys(faults), ['place_code', 'street']);
    assert.deepEqual(Object.keys(missingIn(fields)), ['place_code']);
});

test('an address with every field is not missing anything', () => {
    const fields = emptyFields();
    assert.deepEqual(Object.keys(missingIn(fields)), ['name', 'phone', 'place_code', 'street']);
    const address: Address = { id: '1', name: '刘敏', phone: '+86 138-1234-5678', place_code: '140105001000', place_names: ['山西省'], street: '1 号', is_default: false };
    fillFrom(fields, address);
    assert.deepEqual(missingIn(fields), {});
});

test('too many tries say how long to wait, other refusals do not', () => {
    assert.equal(waitText(refused(429, 'too_many', [], 40)), '试得太多了，40 秒后再试');
    assert.equal(waitText(refused(429, 'too_many', [], 90)), '试得太多了，2 分钟后再试');
    assert.equal(waitText(refused(429, 'too_many', [], 7200)), '试得太多了，2 小时后再试');
    assert.equal(waitText(refused(401, 'wrong_login', [])), undefined);
});

test('an address is read out without the filler names of the statistics', () => {
    assert.equal(addressText('重庆市市辖区渝中区七星岗街道 民生路 18 号'), '重庆市渝中区七星岗街道 民生路 18 号');
    assert.equal(addressText('重庆市县城口县坪坝镇 三湾村'), '重庆市城口县坪坝镇 三湾村');
    assert.equal(addressText('山西省临汾市隰县 上庄村'), '山西省临汾市隰县 上庄村');
});

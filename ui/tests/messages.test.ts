// Words with names in braces as an operator sees them, and where a message leads. Run by `sh build.sh test`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filled, wrongName, type Placeholder } from '../console/src/pages/messages/template.ts';
import type { Message } from '../kit/models.ts';
import { iconOf, placeOf } from '../shop/src/pages/messages/leads.ts';

const names: Placeholder[] = [
    { name: 'goods', example: '梨', example_en: 'pears' },
    { name: 'shop', example: '上庄村', example_en: 'Shangzhuang' },
];

test('examples stand for names; what is no name stays as it stands', () => {
    assert.equal(filled('{shop}的{goods}，{sum}', names, false), '上庄村的梨，{sum}');
    assert.equal(filled('{goods} of {shop}', names, true), 'pears of Shangzhuang');
});

test('the first thing in braces that cannot be filled in is named', () => {
    assert.equal(wrongName('{goods}{shop} }', names), undefined);
    assert.equal(wrongName('{goods} {sum} {x}', names), '{sum}');
    assert.equal(wrongName('{goods} {sho', names), '{sho');
});

test('every message leads to the page of what it speaks of', () => {
    const message = (about: Message['about'], kind: Message['kind']): Message => ({ id: '1', kind, about, about_id: '7', order_id: '8', seller_id: '9', title: '', words: '', at: '' });
    assert.equal(placeOf(message('order', 'order_shipped')), '/orders/7');
    assert.equal(placeOf(message('case', 'case_decided')), '/cases/7');
    assert.equal(placeOf(message('complaint', 'complaint_answered')), '/complaints');
    assert.equal(placeOf(message('invoice', 'invoice_issued')), '/orders/8/invoice');
    assert.equal(placeOf(message('listing', 'listing_refused')), '/my-shop/9/listings/7');
    assert.equal(placeOf(message('application', 'application_accepted')), '/open-shop/7');
    assert.equal(iconOf(message('order', 'order_shipped')), 'truck');
    assert.equal(iconOf(message('order', 'order_refunded')), 'box');
});

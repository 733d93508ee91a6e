// What a long form keeps on the device: only a person's own changes, under their name, never over what is newer.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { effectScope, nextTick } from 'vue';

const device = new Map<string, string>();
Object.assign(globalThis, {
    localStorage: {
        getItem: (name: string) => device.get(name) ?? null,
        setItem: (name: string, text: string) => void device.set(name, text),
        removeItem: (name: string) => void device.delete(name),
    },
    fetch: async () => new Response(null, { status: 204 }),
});

const { useOnce } = await import('../kit/api.ts');
const { hasKept, laidOver, useKeptFields } = await import('../kit/kept-fields.ts');
const { enter } = await import('../kit/session.ts');

interface Goods {
    title: string;
    price: string;
    about: { maker: string; story: string };
}
const isGoods = (value: unknown): value is Goods => typeof value === 'object' && value !== null && 'title' in value;
const goods = (title: string, price: string, maker = '', story = ''): Goods => ({ title, price, about: { maker, story } });

function open(name: string, fresh: Goods) {
    const scope = effectScope();
    const form = scope.run(() => useKeptFields(name, isGoods, () => goods('', '')))!;
    form.begin(fresh);
    return { form, fields: form.fields, leave: () => scope.stop() };
}
const arrive = (id: string) => enter({ token: 't', expires_at: '', person: { id, organisation_ids: [] } } as never);

beforeEach(async () => {
    device.clear();
    await arrive('1');
});

test('filling a form keeps nothing; a change is kept until it is undone', async () => {
    const { form, fields, leave } = open('goods', goods('梨', '10'));
    await nextTick();
    assert.equal(hasKept('goods'), false);
    fields.title = '香梨';
    await nextTick();
    assert.equal(hasKept('goods'), true);
    fields.title = '梨';
    await nextTick();
    assert.equal(hasKept('goods'), false);
    fields.title = '香梨';
    leave();
    assert.equal(hasKept('goods'), true, 'the last letters before leaving too');
    assert.equal(form.isKept, false, 'it was not there when the form began');
});

test('what was kept goes on, and takes over what was changed since', async () => {
    const first = open('goods', goods('梨', '10', '一厂'));
    first.fields.title = '香梨';
    first.fields.about.story = '老树';
    first.leave();
    const second = open('goods', goods('梨', '12', '二厂'));
    assert.deepEqual({ ...second.fields, about: { ...second.fields.about } }, goods('香梨', '12', '二厂', '老树'));
    assert.deepEqual([second.form.isKept, second.form.isOvertaken], [true, false]);
    second.form.restart();
    await nextTick();
    assert.deepEqual({ ...second.fields, about: { ...second.fields.about } }, goods('梨', '12', '二厂'));
    assert.deepEqual([second.form.isKept, hasKept('goods')], [false, false]);
    second.leave();
});

test('where both changed the newer one stands, and it is said', () => {
    const first = open('goods', goods('梨', '10'));
    first.fields.price = '9';
    first.leave();
    const second = open('goods', goods('梨', '12'));
    assert.equal(second.fields.price, '12');
    assert.deepEqual([second.form.isKept, second.form.isOvertaken], [false, true]);
    second.leave();
    assert.deepEqual(laidOver([1], [1, 2], [1, 2, 3]), { value: [1, 2, 3], isOvertaken: true }, 'a list is one thing');
});

test('once saved it is kept under what was saved, so that it is not made twice', async () => {
    const first = open('new', goods('', ''));
    const once = useOnce(first.form.keeper);
    first.fields.title = '香梨 ';
    const key = once.key({ title: '香梨' });
    first.leave();

    const again = open('new', goods('', ''));
    const onceAgain = useOnce(again.form.keeper);
    assert.deepEqual(onceAgain.key({ title: '香梨' }), key, 'what nobody answered is the same try after leaving');
    onceAgain.done();
    again.form.move('7', goods('香梨', ''));
    assert.equal(hasKept('new'), false);
    again.fields.price = '10';
    await nextTick();
    assert.equal(hasKept('7'), true);
    again.leave();
    const third = open('7', goods('香梨', ''));
    assert.equal(third.fields.price, '10');
    third.form.forget();
    third.leave();
    assert.equal(hasKept('7'), false);
});

test('who holds the phone next does not see it', async () => {
    const first = open('new', goods('', ''));
    first.fields.about.maker = '刘敏 138';
    first.leave();
    await arrive('2');
    assert.equal(hasKept('new'), false);
    const second = open('new', goods('', ''));
    assert.equal(second.fields.about.maker, '');
    second.leave();
    await arrive('1');
    assert.equal(hasKept('new'), true);
});

// The mutants: `from` stands exactly once in `file`, `to` takes its place, and one of the `killers` must fail. README.md of this folder.
const ledger = 'src/ground/ledger/ledger.c';
const stock = 'src/market/stock/stock.c';
const stockDoors = 'src/market/stock/doors.c';
const place = 'src/market/orders/place.c';
const quote = 'src/market/orders/quote.c';
const freight = 'src/market/orders/freight.c';
const states = 'src/market/orders/orders.c';
const money = 'src/market/orders/money.c';
const book = 'src/market/orders/book.c';
const read = 'src/market/orders/read.c';
const pay = 'src/market/pay/pay.c';
const payDoors = 'src/market/pay/doors.c';
const sandbox = 'src/market/pay/sandbox.c';
const road = 'src/kernel/http/road.c';
const changes = 'src/kernel/http/changes.c';
const code = 'src/ground/people/code.c';
const tries = 'src/ground/people/tries.c';

const books = ['test_ledger', 'test_stock', 'test_orders', 'test_pay', 'drill_simulation'];
const shelves = ['test_stock', 'test_orders', 'drill_oversell', 'drill_simulation'];
const sales = ['test_orders', 'test_pay', 'drill_simulation', 'journey_matrix'];
const doors = ['test_http', 'test_people', 'journey_matrix', 'test_orders'];

export const mutants = [
    // ---- the ledger ----
    {
        name: 'ledger: a debit of one place asks for nothing',
        file: ledger,
        from: `                         change->credits_posted, taken_by(change)),
                  &ledger_changed_shape, ret_changed, ret_enough);
}

/* A credit makes the row`,
        to: `                         change->credits_posted, (int64_t)-1000000),
                  &ledger_changed_shape, ret_changed, ret_enough);
}

/* A credit makes the row`,
        killers: books,
    },
    {
        name: 'ledger: any place is the lowest, whether it has enough or not',
        file: ledger,
        from: `                                " WHERE owner_id = $1 AND unit_id = $2 AND kind = $3"
                                " AND credits_posted - debits_posted - debits_pending >= $6)"`,
        to: `                                " WHERE owner_id = $1 AND unit_id = $2 AND kind = $3"
                                " AND $6 = $6)"`,
        killers: books,
    },
    {
        name: 'ledger: a hold is not set aside',
        file: ledger,
        from: 'int64_t pending = phase == LEDGER_PENDING ? transfer->amount : 0;',
        to: 'int64_t pending = 0;',
        killers: books,
    },
    {
        name: 'ledger: what was refused is not taken back',
        file: ledger,
        from: 'TRY(changes_take_back(q, &changes, applied));',
        to: '',
        killers: books,
    },
    {
        name: 'ledger: the same transfer counts twice',
        file: ledger,
        from: '    if (inserted == 0) {\n        TRY(changes_take_back',
        to: '    if (inserted == 0 && !enough) {\n        TRY(changes_take_back',
        killers: books,
    },
    {
        name: 'ledger: another amount under the same number is the same transfer',
        file: ledger,
        from: 'record->amount == transfer->amount &&',
        to: 'true &&',
        killers: books,
    },
    {
        name: 'ledger: another account under the same number is the same transfer',
        file: ledger,
        from: 'return account->owner_id == owner_id && text_is(kind, account->kind->name) &&',
        to: 'return text_is(kind, account->kind->name) &&',
        killers: books,
    },
    {
        name: 'ledger: more than was held can be settled',
        file: ledger,
        from: `            " AND amount >= $5"
            " ON CONFLICT DO NOTHING"`,
        to: `            " AND amount >= $5 - 1"
            " ON CONFLICT DO NOTHING"`,
        killers: books,
    },
    {
        name: 'ledger: a settled hold gives back only what moved',
        file: ledger,
        from: `                                              .debits_pending = -record->held_amount,`,
        to: `                                              .debits_pending = -moved,`,
        killers: books,
    },
    {
        name: 'ledger: a void moves the amount',
        file: ledger,
        from: 'struct changes changes = changes_of_closing(&record, closing->amount);',
        to: 'struct changes changes = changes_of_closing(&record, record.held_amount);',
        killers: books,
    },
    {
        name: 'ledger: a hold that another closing closed is closed again without a word',
        file: ledger,
        from: `    if (other)
        return refuse(q, WRONG_STATE,`,
        to: `    if (other) return NULL;
    if (other)
        return refuse(q, WRONG_STATE,`,
        killers: books,
    },
    // ---- stock ----
    {
        name: 'stock: an order holds one piece too few',
        file: stock,
        from: `        .amount = hold->line.count,
        .reason = "ordered",`,
        to: `        .amount = hold->line.count > 1 ? hold->line.count - 1 : 1,
        .reason = "ordered",`,
        killers: shelves,
    },
    {
        name: 'stock: a release ships',
        file: stock,
        from: 'return close_hold(q, hold->order_id, hold->hold_id, 0);',
        to: 'return close_hold(q, hold->order_id, hold->hold_id, hold->line.count);',
        killers: shelves,
    },
    {
        name: 'stock: what came back can come back again',
        file: stock,
        from: 'out -= entry->amount;',
        to: 'out -= 0;',
        killers: shelves,
    },
    {
        name: 'stock: what came back lies on another shelf',
        file: stock,
        from: '.credit = account(&stock_on_hand, &back->line, warehouse_id),',
        to: '.credit = account(&stock_on_hand, &back->line, warehouse_id + 1),',
        killers: shelves,
    },
    {
        name: 'stock: nobody hears that the last piece is gone',
        file: stock,
        from: 'bool emptied = here == 0 && added < 0;',
        to: 'bool emptied = here < 0 && added < 0;',
        killers: [...shelves, 'test_catalog'],
    },
    {
        name: 'stock: nobody hears that there is one again',
        file: stock,
        from: 'bool filled = here - added == 0 && added > 0;',
        to: 'bool filled = here - added < 0 && added > 0;',
        killers: [...shelves, 'test_catalog'],
    },
    {
        name: 'stock: a count may go below what is promised',
        file: stock,
        from: 'if (change->line.count < balance.debits_pending)',
        to: 'if (change->line.count < balance.debits_pending - 1000000)',
        killers: shelves,
    },
    {
        name: 'stock: a count sets the difference to what is available',
        file: stock,
        from: 'int64_t difference = change->line.count - ledger_posted(&balance);',
        to: 'int64_t difference = change->line.count - ledger_available(&balance);',
        killers: shelves,
    },
    {
        name: 'stock: a loss comes from nowhere',
        file: stock,
        from: 'transfer.debit = count > 0 ? account(&stock_source, &line, 0) : shelf;',
        to: 'transfer.debit = account(&stock_source, &line, 0);',
        killers: [...shelves, 'journey_matrix'],
    },
    {
        name: 'stock: anybody with a shop may change any shelf',
        file: stockDoors,
        from: 'if (!request_reaches(q, PERMISSION_sell, owner))',
        to: 'if (false)',
        killers: ['test_stock', 'journey_matrix'],
    },
    // ---- orders ----
    {
        name: 'orders: the tick is not asked for',
        file: place,
        from: 'if (placing->quote.needs_tick && !draft->ticked_return_terms)',
        to: 'if (false)',
        killers: sales,
    },
    {
        name: 'orders: a changed price goes unnoticed',
        file: place,
        from: 'fen_compare(draft->expected_total_fen, placing->quote.total_fen) != 0)',
        to: 'fen_compare(draft->expected_total_fen, placing->quote.total_fen) > 0)',
        killers: sales,
    },
    {
        name: 'orders: what cannot be delivered is sold',
        file: place,
        from: 'if (!part->deliverable)',
        to: 'if (false)',
        killers: sales,
    },
    {
        name: 'orders: freight is not part of the total',
        file: quote,
        from: 'return add_money(q, &part->total_fen, part->freight_fen);',
        to: 'return NULL;',
        killers: sales,
    },
    {
        name: 'orders: free freight begins one fen late',
        file: freight,
        from: 'fen_compare(parcel->goods_fen, rule->free_over_fen) >= 0;',
        to: 'fen_compare(parcel->goods_fen, rule->free_over_fen) > 0;',
        killers: sales,
    },
    {
        name: 'orders: a begun kilogram is free',
        file: freight,
        from: 'int64_t steps = (extra_g + rule->next_g - 1) / rule->next_g;',
        to: 'int64_t steps = extra_g / rule->next_g;',
        killers: sales,
    },
    {
        name: 'orders: a paid order can be cancelled',
        file: states,
        from: `"UPDATE orders_order SET state = 'cancelled', closed_at = $2"
                         " WHERE id = $1 AND state = 'unpaid'"`,
        to: `"UPDATE orders_order SET state = 'cancelled', closed_at = $2"
                         " WHERE id = $1 AND (state = 'unpaid' OR state = 'paid')"`,
        killers: sales,
    },
    {
        name: 'orders: an unpaid order can be shipped',
        file: states,
        from: `" WHERE id = $1 AND state = 'paid'"),
               PARAMS(row->id, q->now, shipment->carrier`,
        to: `" WHERE id = $1 AND (state = 'paid' OR state = 'unpaid')"),
               PARAMS(row->id, q->now, shipment->carrier`,
        killers: sales,
    },
    {
        name: 'orders: an order expires before its time',
        file: states,
        from: `" WHERE purchase_id = $1 AND state = 'unpaid' AND pay_before_at <= $2"`,
        to: `" WHERE purchase_id = $1 AND state = 'unpaid' AND pay_before_at > $2"`,
        killers: sales,
    },
    {
        name: 'orders: an expired order keeps its stock',
        file: states,
        from: `        TRY(orders_release(q, orders.items[i].id));
`,
        to: '',
        killers: sales,
    },
    {
        name: 'orders: a completed order pays out what was given back',
        file: states,
        from: 'if (!fen_subtract(row.paid_fen, row.refunded_fen, &due))',
        to: 'if (!fen_subtract(row.paid_fen, FEN(0), &due))',
        killers: sales,
    },
    {
        name: 'orders: a stranger may read an order',
        file: read,
        from: '    if (sells || orders_desk_reaches(q, owner)) return NULL;',
        to: '    return NULL;',
        killers: sales,
    },
    {
        name: 'orders: a stranger may act as the buyer',
        file: book,
        from: 'if (q->who->person_id != 0 && row->buyer_id == q->who->person_id) return NULL;',
        to: 'if (q->who->person_id != 0) return NULL;',
        killers: sales,
    },
    {
        name: 'orders: any keeper may act for any seller',
        file: book,
        from: `    TRY(catalog_seller_owner(q, row->seller_id, &owner));
    if (request_reaches(q, permission, owner)) return NULL;`,
        to: `    return NULL;`,
        killers: sales,
    },
    // ---- money ----
    {
        name: 'money: late money is kept without stock',
        file: money,
        from: '        if (held) {\n            TRY(mark_paid(q, money, "expired", ret_kept));',
        to: '        if (held || true) {\n            TRY(mark_paid(q, money, "expired", ret_kept));',
        killers: sales,
    },
    {
        name: 'money: late money stays in the books',
        file: money,
        from: `    move.reason = "money back";
    TRY(orders_move_money(q, &move));`,
        to: `    move.reason = "money back";`,
        killers: sales,
    },
    {
        name: 'money: another amount pays an order',
        file: money,
        from: 'if (fen_compare(row.total_fen, money->amount) != 0)',
        to: 'if (false)',
        killers: sales,
    },
    {
        name: 'money: more pieces than were bought can be given back',
        file: money,
        from: 'if (wanted->count > line->count - line->refunded_count)',
        to: 'if (wanted->count > line->count)',
        killers: sales,
    },
    {
        name: 'money: more than is left can be given back',
        file: money,
        from: 'if (fen_compare(giving->amount, left) > 0) {',
        to: 'if (false) {',
        killers: sales,
    },
    {
        name: 'money: a refund is not written on the order',
        file: money,
        from: '"UPDATE orders_order SET refunded_fen = refunded_fen + $2, state = $3,"',
        to: '"UPDATE orders_order SET refunded_fen = refunded_fen + $2 - $2, state = $3,"',
        killers: sales,
    },
    {
        name: 'money: a whole refund before the parcel leaves keeps the stock',
        file: money,
        from: '        TRY(orders_release(q, refund->order_id));',
        to: '',
        killers: sales,
    },
    // ---- payments ----
    {
        name: 'pay: a notice with another amount pays',
        file: pay,
        from: 'if (fen_compare(row.shown.amount_fen, notice->amount) != 0)',
        to: 'if (false)',
        killers: sales,
    },
    {
        name: 'pay: money that is not kept is not sent back to the buyer',
        file: pay,
        from: 'TRY(ask_refund(q, &errand, TEXT("paid too late"), request_new_id(q)));',
        to: '',
        killers: sales,
    },
    {
        name: 'pay: a stranger may read a payment',
        file: pay,
        from: 'if (!found || row.buyer_id != q->who->person_id)',
        to: 'if (!found)',
        killers: sales,
    },
    {
        name: 'pay: a wrong signature is believed',
        file: sandbox,
        from: 'if (!signature_holds(q, request_header(q, "sandbox-signature")))',
        to: 'if (false)',
        killers: sales,
    },
    {
        name: 'pay: another merchant is believed',
        file: sandbox,
        from: 'if (!text_equal(notice.merchant, merchant))',
        to: 'if (false)',
        killers: sales,
    },
    // ---- permission ----
    {
        name: 'road: a permission is not asked for',
        file: road,
        from: 'if (!request_holds(q, route->access.permission))',
        to: 'if (false)',
        killers: doors,
    },
    {
        name: 'road: the origin of a write is not looked at',
        file: road,
        from: 'if (!origin_is_ours(errand))',
        to: 'if (false)',
        killers: doors,
    },
    {
        name: 'road: a county is the whole province',
        file: changes,
        from: 'if (granted_code % level_sizes[i] == 0) size = level_sizes[i];',
        to: 'size = level_sizes[i];',
        killers: doors,
    },
    {
        name: 'road: an organisation reaches every other',
        file: changes,
        from: 'return owner.organisation_id != 0 && owner.organisation_id == grant->scope_id;',
        to: 'return owner.organisation_id != 0;',
        killers: doors,
    },
    {
        name: 'people: a code serves for another purpose or time',
        file: code,
        from: '"AND purpose = $2 AND tries < $3 AND expires_at > $4 "',
        to: '"AND purpose = $2 AND tries < $3 AND expires_at > $4 - 86400000 "',
        killers: doors,
    },
    {
        name: 'people: a code can be guessed without end',
        file: code,
        from: '"AND purpose = $2 AND tries < $3 AND expires_at > $4 "',
        to: '"AND purpose = $2 AND tries < $3 + 1000 AND expires_at > $4 "',
        killers: doors,
    },
    {
        name: 'people: a code is spent twice',
        file: code,
        from: '    *ret_used = changed == 1;',
        to: '    *ret_used = true;',
        killers: doors,
    },
    {
        name: 'people: nobody is ever locked out',
        file: tries,
        from: '    return wait > 0 ? wait : 0;',
        to: '    return 0;',
        killers: doors,
    },
];

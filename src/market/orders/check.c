/* `xiangji check` for orders: every order's escrow account holds what its state says. */
#include "market/orders/book.h"

#define BOOKED_FIELDS(F, S)                                                                        \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, state, orders_state)                                                                \
    F(S, FEN, paid_fen)                                                                            \
    F(S, FEN, refunded_fen)
SHAPE_DECLARE(booked, BOOKED_FIELDS);
SHAPE_DEFINE(booked, BOOKED_FIELDS);

static int64_t escrow_wanted(const struct booked *order) {
    bool open = order->state == ORDERS_PAID || order->state == ORDERS_SHIPPED ||
                order->state == ORDERS_RECEIVED;
    return open ? fen_count(order->paid_fen) - fen_count(order->refunded_fen) : 0;
}

static int64_t escrow_held(const struct ledger_balance_list *balances, int64_t order_id) {
    for (size_t i = 0; i < balances->count; i++)
        if (balances->items[i].owner_id == order_id) return ledger_posted(&balances->items[i]);
    return 0;
}

static refusal check_page(struct request *q, const struct booked_list *page,
                          struct check_report *report) {
    int64_t ids[LEDGER_OWNERS_MAX];
    struct ledger_balance_list balances = {0};
    for (size_t i = 0; i < page->count; i++) ids[i] = page->items[i].id;
    TRY(ledger_balances_of(q, ids, page->count, &orders_escrow, &balances));
    for (size_t i = 0; i < page->count; i++) {
        const struct booked *order = &page->items[i];
        int64_t held = escrow_held(&balances, order->id), wanted = escrow_wanted(order);
        if (held == wanted) continue;
        struct text state = shape_enum_text(&orders_state_enum, order->state);
        report->line(report, false,
                     text_format(q->arena,
                                 "order %lld is %.*s: its escrow holds %lld fen, not %lld",
                                 (long long)order->id, (int)state.length, state.bytes,
                                 (long long)held, (long long)wanted));
    }
    return NULL;
}

refusal orders_check(struct request *q, struct check_report *report) {
    int64_t after = 0, count = 0;
    struct booked_list page = {0};
    do {
        page = (struct booked_list){0};
        TRY(db_rows(q->db,
                    SQL("i", "SELECT id, state, paid_fen, refunded_fen FROM orders_order"
                             " WHERE id > $1 ORDER BY id LIMIT 20"),
                    PARAMS(after), &booked_shape, &page));
        if (page.count == 0) break;
        TRY(check_page(q, &page, report));
        count += (int64_t)page.count;
        after = page.items[page.count - 1].id;
    } while (page.count == LEDGER_OWNERS_MAX);
    report->line(report, true,
                 text_format(q->arena,
                             "%lld orders: each escrow account was compared with its state",
                             (long long)count));
    return NULL;
}

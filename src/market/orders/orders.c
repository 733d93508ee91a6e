/* The states of an order after it was placed. Each step is one guarded update on its row, so of
 * two that come at once exactly one takes place and the other is told the state it found. */
#include "market/orders/orders.h"

#include "ground/jobs/jobs.h"
#include "market/orders/book.h"
#include "market/stock/stock.h"

SHAPE_ENUM_DEFINE(orders_state, ORDERS_STATES);
SHAPE_DEFINE(orders_shipment, ORDERS_SHIPMENT_FIELDS);
SHAPE_DEFINE(orders_shipment_event, ORDERS_SHIPMENT_EVENT_FIELDS);
SHAPE_DEFINE(orders_reason, ORDERS_REASON_FIELDS);

refusal orders_wrong_state(struct request *q, const struct orders_row *row) {
    static const char *const words[][2] = {
        [ORDERS_UNPAID] = {"还没付款", "not paid yet"},
        [ORDERS_PAID] = {"已付款", "paid"},
        [ORDERS_SHIPPED] = {"已寄出", "on its way"},
        [ORDERS_RECEIVED] = {"已收到", "received"},
        [ORDERS_COMPLETED] = {"已完成", "completed"},
        [ORDERS_CANCELLED] = {"已取消", "cancelled"},
        [ORDERS_EXPIRED] = {"已关闭", "closed"},
        [ORDERS_REFUNDED] = {"已退款", "refunded"},
    };
    struct text zh = text_format(q->arena, "这个订单%s，不能这样做", words[row->state][0]);
    struct text en =
        text_format(q->arena, "that cannot be done: the order is %s", words[row->state][1]);
    return problem_say(q->arena, PROBLEM_WRONG_STATE, "state", zh, en);
}

struct orders_told orders_told_of(const struct orders_row *row, struct fen amount) {
    return (struct orders_told){.order_id = row->id,
                                .buyer_id = row->buyer_id,
                                .seller_id = row->seller_id,
                                .amount = amount,
                                .seller_place_code = row->seller_place_code};
}

refusal orders_cancel(struct request *q, int64_t order_id) {
    struct orders_row row = {0};
    int64_t changed;
    TRY(orders_row_of(q, order_id, &row));
    TRY(orders_require_buyer(q, &row));
    TRY(db_run(q->db,
               SQL("ii", "UPDATE orders_order SET state = 'cancelled', closed_at = $2"
                         " WHERE id = $1 AND state = 'unpaid'"),
               PARAMS(order_id, q->now), &changed));
    if (changed == 0) return orders_wrong_state(q, &row);
    TRY(orders_release(q, order_id));
    orders_send_state(q, row.buyer_id, order_id, ORDERS_CANCELLED);
    return NULL;
}

static refusal ship_lines(struct request *q, int64_t order_id) {
    struct orders_held_list held = {0};
    TRY(orders_held_of(q, order_id, &held));
    for (size_t i = 0; i < held.count; i++) {
        const struct orders_held *line = &held.items[i];
        const struct stock_hold rest = {
            .order_id = order_id,
            .hold_id = line->hold_id,
            .line = {.goods_id = line->goods_id, .sku_id = line->sku_id, .count = line->count},
            .field = "",
        };
        int64_t count = line->count - line->refunded_count;
        if (count > 0)
            TRY(stock_ship(q, order_id, line->hold_id, count));
        else
            TRY(stock_release(q, &rest));
    }
    return NULL;
}

refusal orders_ship_row(struct request *q, const struct orders_row *row,
                        const struct orders_shipment *shipment) {
    int64_t changed;
    TRY(db_run(q->db,
               SQL("iitt", "UPDATE orders_order SET state = 'shipped', shipped_at = $2,"
                           " carrier = $3, tracking_number = $4"
                           " WHERE id = $1 AND state = 'paid'"),
               PARAMS(row->id, q->now, shipment->carrier, shipment->tracking_number), &changed));
    if (changed == 0) return orders_wrong_state(q, row);
    TRY(ship_lines(q, row->id));
    TRY(jobs_ask(q, "orders.receive", row->id, TEXT(""),
                 instant_after(q->now, ORDERS_RECEIVE_DAYS * (int64_t)DAY_MS)));
    const struct orders_told fact = orders_told_of(row, row->total_fen);
    TRY(request_announce(q, &orders_was_shipped, &fact));
    orders_send_state(q, row->buyer_id, row->id, ORDERS_SHIPPED);
    return NULL;
}

refusal orders_ship(struct request *q, int64_t order_id, const struct orders_shipment *shipment) {
    struct orders_row row = {0};
    TRY(orders_row_of(q, order_id, &row));
    TRY(orders_require_seller(q, PERMISSION_sell, &row));
    return orders_ship_row(q, &row, shipment);
}

refusal orders_note_transit(struct request *q, int64_t order_id,
                            const struct orders_shipment_event *event) {
    struct orders_row row = {0};
    TRY(orders_row_of(q, order_id, &row));
    TRY(orders_require_seller(q, PERMISSION_sell, &row));
    if (row.state != ORDERS_SHIPPED) return orders_wrong_state(q, &row);
    orders_send_state(q, row.buyer_id, order_id, row.state);
    return orders_add_event(q, order_id, "transit", event->title, event->text);
}

/* The days for sending back count from the day after receipt, so the order completes at the end of
 * the last of them. */
struct instant orders_return_until(struct instant received) {
    int64_t day_cst = (received.ms + 8 * (int64_t)HOUR_MS) / DAY_MS;
    return (struct instant){(day_cst + ORDERS_COMPLETE_DAYS + 1) * DAY_MS - 8 * (int64_t)HOUR_MS};
}

static refusal receive(struct request *q, const struct orders_row *row) {
    int64_t changed;
    TRY(db_run(q->db,
               SQL("ii", "UPDATE orders_order SET state = 'received', received_at = $2"
                         " WHERE id = $1 AND state = 'shipped'"),
               PARAMS(row->id, q->now), &changed));
    if (changed == 0) return orders_wrong_state(q, row);
    TRY(jobs_ask(q, "orders.complete", row->id, TEXT(""), orders_return_until(q->now)));
    const struct orders_told fact = orders_told_of(row, row->total_fen);
    TRY(request_announce(q, &orders_was_received, &fact));
    orders_send_state(q, row->buyer_id, row->id, ORDERS_RECEIVED);
    return NULL;
}

refusal orders_receive(struct request *q, int64_t order_id) {
    struct orders_row row = {0};
    TRY(orders_row_of(q, order_id, &row));
    TRY(orders_require_buyer(q, &row));
    return receive(q, &row);
}

refusal orders_receive_when_due(struct request *q, int64_t order_id, struct text text) {
    (void)text;
    struct orders_row row = {0};
    TRY(orders_row_of(q, order_id, &row));
    bool waits_for_case = row.open_case_count > 0;
    return row.state == ORDERS_SHIPPED && !waits_for_case ? receive(q, &row) : NULL;
}

refusal orders_complete_when_due(struct request *q, int64_t order_id, struct text text) {
    (void)text;
    struct orders_row row = {0};
    int64_t changed;
    struct fen due = FEN(0);
    TRY(orders_row_of(q, order_id, &row));
    TRY(db_run(q->db,
               SQL("ii", "UPDATE orders_order SET state = 'completed', completed_at = $2"
                         " WHERE id = $1 AND state = 'received' AND open_case_count = 0"),
               PARAMS(order_id, q->now), &changed));
    if (changed == 0) return NULL;
    if (!fen_subtract(row.paid_fen, row.refunded_fen, &due))
        return refuse(q, INTERNAL, "", "金额越界", "an amount out of bounds");
    const struct orders_move move = {.order_id = order_id,
                                     .transfer_id = request_new_id(q),
                                     .from = orders_account_escrow(order_id),
                                     .to = orders_account_seller(row.seller_id),
                                     .amount = due,
                                     .reason = "completed"};
    if (fen_is_positive(due)) TRY(orders_move_money(q, &move));
    const struct orders_told fact = orders_told_of(&row, due);
    TRY(request_announce(q, &orders_was_completed, &fact));
    orders_send_state(q, row.buyer_id, order_id, ORDERS_COMPLETED);
    return NULL;
}

#define EXPIRING_FIELDS(F, S)                                                                      \
    F(S, ID, id)                                                                                   \
    F(S, ID, buyer_id)
SHAPE_DECLARE(expiring, EXPIRING_FIELDS);
SHAPE_DEFINE(expiring, EXPIRING_FIELDS);

refusal orders_expire_purchase(struct request *q, int64_t purchase_id, struct text text) {
    (void)text;
    struct expiring_list orders = {0};
    TRY(db_rows(q->db,
                SQL("ii", "UPDATE orders_order SET state = 'expired', closed_at = $2"
                          " WHERE purchase_id = $1 AND state = 'unpaid' AND pay_before_at <= $2"
                          " RETURNING id, buyer_id"),
                PARAMS(purchase_id, q->now), &expiring_shape, &orders));
    for (size_t i = 0; i < orders.count; i++) {
        TRY(orders_release(q, orders.items[i].id));
        orders_send_state(q, orders.items[i].buyer_id, orders.items[i].id, ORDERS_EXPIRED);
    }
    return NULL;
}

#define LEAVING_FIELDS(F, S) F(S, INT, open) F(S, INT, whole)
SHAPE_DECLARE(leaving, LEAVING_FIELDS);
SHAPE_DEFINE(leaving, LEAVING_FIELDS);

refusal orders_hear_leaving(struct request *q, const void *data) {
    const struct people_leaving *leaving = data;
    struct leaving orders = {0};
    bool found;
    TRY(db_row(q->db,
               SQL("i", "SELECT CAST(count(*) AS BIGINT) AS whole, CAST(COALESCE(sum("
                        "CASE WHEN state IN ('unpaid', 'paid', 'shipped', 'received')"
                        " THEN 1 ELSE 0 END), 0) AS BIGINT) AS open"
                        " FROM orders_order WHERE buyer_id = $1"),
               PARAMS(leaving->person_id), &leaving_shape, &orders, &found));
    if (orders.whole > 0) *leaving->keeps_records = true;
    if (orders.open == 0) return NULL;
    return refuse(q, WRONG_STATE, "state", "还有 %lld 个订单没走完，走完再注销",
                  "%lld orders are still under way", (long long)orders.open);
}

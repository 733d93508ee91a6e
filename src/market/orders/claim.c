/* What after-sales asks of an order: what can be claimed, and that it stays open meanwhile. */
#include "ground/jobs/jobs.h"
#include "market/orders/book.h"

SHAPE_DEFINE(orders_claim_line, ORDERS_CLAIM_LINE_FIELDS);
SHAPE_DEFINE(orders_claim, ORDERS_CLAIM_FIELDS);

refusal orders_claim_of(struct request *q, int64_t order_id, struct orders_claim *ret_claim) {
    struct orders_claim claim = {0};
    bool found;
    TRY(db_row(q->db,
               SQL("i", "SELECT id, buyer_id, seller_id, seller_name, state, paid_fen,"
                        " refunded_fen, ticked_return_terms, shipped_at, received_at"
                        " FROM orders_order WHERE id = $1"),
               PARAMS(order_id), &orders_claim_shape, &claim, &found));
    if (!found) return refuse(q, NOT_FOUND, "order_id", "没有这个订单", "there is no such order");
    TRY(db_rows(q->db,
                SQL("i", "SELECT line_no, hold_id, sku_id, goods_id, warehouse_id, title,"
                         " options_text, picture, count, price_fen, total_fen, return_policy,"
                         " refunded_count, refunded_fen FROM orders_line"
                         " WHERE order_id = $1 ORDER BY line_no LIMIT 20"),
                PARAMS(order_id), &orders_claim_line_shape, &claim.lines));
    *ret_claim = claim;
    return NULL;
}

refusal orders_case_begins(struct request *q, int64_t order_id) {
    struct orders_row row = {0};
    int64_t changed;
    TRY(db_run(q->db,
               SQL("ii", "UPDATE orders_order SET open_case_count = open_case_count + 1"
                         " WHERE id = $1 AND open_case_count < $2"
                         " AND (state = 'paid' OR state = 'shipped' OR state = 'received'"
                         " OR state = 'completed')"),
               PARAMS(order_id, (int64_t)ORDERS_OPEN_CASES_MAX), &changed));
    if (changed == 1) return NULL;
    TRY(orders_row_of(q, order_id, &row));
    if (row.open_case_count >= ORDERS_OPEN_CASES_MAX)
        return refuse(q, CONFLICT, "order_id", "这个订单已经有 %lld 件售后在办，办完一件再提",
                      "%lld cases of this order are open; wait until one of them is closed",
                      (long long)row.open_case_count);
    return refuse(q, WRONG_STATE, "order_id", "这个订单现在不能申请售后",
                  "nothing can be claimed of this order now");
}

refusal orders_case_ends(struct request *q, int64_t order_id) {
    struct orders_row row = {0};
    TRY(db_run(q->db,
               SQL("i", "UPDATE orders_order SET open_case_count = open_case_count - 1"
                        " WHERE id = $1 AND open_case_count > 0"),
               PARAMS(order_id), NULL));
    TRY(orders_row_of(q, order_id, &row));
    if (row.open_case_count > 0) return NULL;
    if (row.state == ORDERS_SHIPPED)
        return jobs_ask(q, "orders.receive", order_id, TEXT(""),
                        instant_after(row.shipped_at, ORDERS_RECEIVE_DAYS * (int64_t)DAY_MS));
    if (row.state == ORDERS_RECEIVED)
        return jobs_ask(q, "orders.complete", order_id, TEXT(""),
                        orders_return_until(row.received_at));
    return NULL;
}

/* Money of an order: taken when the provider says it came, given back wholly or in part. */
#include <assert.h>
#include <stdio.h>

#include "market/orders/book.h"
#include "market/stock/stock.h"

SHAPE_DEFINE(orders_payable, ORDERS_PAYABLE_FIELDS);
SHAPE_DEFINE(orders_refund_line, ORDERS_REFUND_LINE_FIELDS);
SHAPE_DEFINE(orders_refund_draft, ORDERS_REFUND_DRAFT_FIELDS);

refusal orders_payables(struct request *q, int64_t order_id, int64_t *ret_purchase_id,
                        struct orders_payable_list *ret_payables) {
    struct orders_row row = {0};
    TRY(orders_row_of(q, order_id, &row));
    TRY(orders_require_buyer(q, &row));
    TRY(db_rows(q->db,
                SQL("iii", "SELECT id, total_fen, pay_before_at, title FROM orders_order"
                           " WHERE purchase_id = $1 AND buyer_id = $2 AND state = 'unpaid'"
                           " AND pay_before_at > $3 ORDER BY id LIMIT 20"),
                PARAMS(row.purchase_id, row.buyer_id, q->now), &orders_payable_shape,
                ret_payables));
    if (ret_payables->count == 0)
        return refuse(q, WRONG_STATE, "id", "这个订单不用再付款了", "nothing is left to pay here");
    *ret_purchase_id = row.purchase_id;
    return NULL;
}

static refusal count_sold(struct request *q, int64_t order_id, int sign) {
    struct orders_held_list held = {0};
    TRY(orders_held_of(q, order_id, &held));
    for (size_t i = 0; i < held.count; i++)
        TRY(catalog_count_sold(q, held.items[i].goods_id, sign * held.items[i].count));
    return NULL;
}

static refusal mark_paid(struct request *q, const struct orders_money *money,
                         const char *from_state, bool *ret_marked) {
    int64_t changed;
    TRY(db_run(q->db,
               SQL("iiit", "UPDATE orders_order SET state = 'paid', paid_at = $2, closed_at = 0,"
                           " paid_fen = total_fen, payment_id = $3"
                           " WHERE id = $1 AND state = $4"),
               PARAMS(money->order_id, q->now, money->payment_id, from_state), &changed));
    *ret_marked = changed == 1;
    return NULL;
}

static refusal keep_money(struct request *q, const struct orders_row *row,
                          const struct orders_money *money) {
    const struct orders_move move = {.order_id = row->id,
                                     .transfer_id = money->payment_id,
                                     .from = orders_account_buyer(row->buyer_id),
                                     .to = orders_account_escrow(row->id),
                                     .amount = money->amount,
                                     .reason = "paid"};
    TRY(orders_move_money(q, &move));
    TRY(count_sold(q, row->id, 1));
    const struct orders_told fact = orders_told_of(row, money->amount);
    TRY(request_announce(q, &orders_was_paid, &fact));
    orders_send_state(q, row->buyer_id, row->id, ORDERS_PAID);
    return NULL;
}

/* The money came and goes: both are in the books. */
static refusal send_back(struct request *q, const struct orders_row *row,
                         const struct orders_money *money) {
    struct orders_move move = {.order_id = row->id,
                               .transfer_id = money->payment_id,
                               .from = orders_account_buyer(row->buyer_id),
                               .to = orders_account_escrow(row->id),
                               .amount = money->amount,
                               .reason = "paid too late"};
    TRY(orders_move_money(q, &move));
    move.transfer_id = request_new_id(q);
    move.from = orders_account_escrow(row->id);
    move.to = orders_account_buyer(row->buyer_id);
    move.reason = "money back";
    TRY(orders_move_money(q, &move));
    return orders_add_event(q, row->id, "money_back", fen_yuan(q->arena, money->amount), TEXT(""));
}

/* An expired order gave its stock back; when money comes after all, it is held again if it is
 * still there. A refusal of stock_reserve moved nothing, so what was held for the lines before
 * it is let go and the order stays closed. */
static refusal hold_again(struct request *q, int64_t order_id, bool *ret_held) {
    struct orders_held_list held = {0};
    struct stock_hold holds[ORDERS_LINES_MAX];
    size_t done = 0;
    TRY(orders_held_of(q, order_id, &held));
    assert(held.count <= ORDERS_LINES_MAX);
    *ret_held = true;
    for (; done < held.count && *ret_held; done++) {
        const struct orders_held *line = &held.items[done];
        int64_t warehouse_id;
        holds[done] = (struct stock_hold){
            .order_id = order_id,
            .hold_id = request_new_id(q),
            .line = {.goods_id = line->goods_id, .sku_id = line->sku_id, .count = line->count},
            .field = "",
        };
        refusal refused = stock_reserve(q, &holds[done], &warehouse_id);
        if (refused && refused->kind != PROBLEM_OUT_OF_STOCK) return refused;
        *ret_held = refused == NULL;
        if (refused) break;
        TRY(db_run(q->db,
                   SQL("iiii", "UPDATE orders_line SET hold_id = $3, warehouse_id = $4"
                               " WHERE order_id = $1 AND line_no = $2"),
                   PARAMS(order_id, line->line_no, holds[done].hold_id, warehouse_id), NULL));
    }
    if (*ret_held) return NULL;
    for (size_t i = 0; i < done; i++) TRY(stock_release(q, &holds[i]));
    return NULL;
}

refusal orders_take_money(struct request *q, const struct orders_money *money, bool *ret_kept) {
    struct orders_row row = {0};
    TRY(orders_row_of(q, money->order_id, &row));
    *ret_kept = false;
    if (fen_compare(row.total_fen, money->amount) != 0)
        return refuse(q, CONFLICT, "amount_fen", "金额和订单对不上",
                      "the amount is not the order's");
    if (row.payment_id == money->payment_id) {
        *ret_kept = true;
        return NULL;
    }
    TRY(mark_paid(q, money, "unpaid", ret_kept));
    if (!*ret_kept && row.state == ORDERS_EXPIRED) {
        bool held;
        TRY(hold_again(q, row.id, &held));
        if (held) {
            TRY(mark_paid(q, money, "expired", ret_kept));
            TRY(orders_add_event(q, row.id, "late_money", TEXT(""), TEXT("")));
        }
    }
    return *ret_kept ? keep_money(q, &row, money) : send_back(q, &row, money);
}

/* ---- giving back ---- */

struct giving {
    const struct orders_refund *refund;
    struct orders_row row;
    struct orders_held_list held;
    struct fen amount;
};

static refusal give_line(struct request *q, struct giving *giving,
                         const struct orders_refund_line *wanted, size_t index) {
    char field[40];
    snprintf(field, sizeof(field), "lines[%zu].count", index);
    for (size_t i = 0; i < giving->held.count; i++) {
        struct orders_held *line = &giving->held.items[i];
        if (line->line_no != wanted->line_no) continue;
        struct fen part, rest;
        if (wanted->count > line->count - line->refunded_count)
            return refuse(q, NOT_ENOUGH, field, "这一行还能退 %lld 件",
                          "only %lld can be given back",
                          (long long)(line->count - line->refunded_count));
        if (!fen_times(line->price_fen, wanted->count, &part) ||
            !fen_subtract(line->total_fen, line->refunded_fen, &rest))
            return refuse(q, BAD_INPUT, field, "金额越界", "an amount out of bounds");
        /* A case may have given a share of the line back before. */
        if (fen_compare(part, rest) > 0) part = rest;
        if (!fen_add(giving->amount, part, &giving->amount) ||
            !fen_add(line->refunded_fen, part, &line->refunded_fen))
            return refuse(q, BAD_INPUT, field, "金额越界", "an amount out of bounds");
        line->refunded_count += wanted->count;
        int64_t changed;
        TRY(db_run(q->db,
                   SQL("iiii", "UPDATE orders_line SET refunded_count = refunded_count + $3,"
                               " refunded_fen = refunded_fen + $4"
                               " WHERE order_id = $1 AND line_no = $2"
                               " AND refunded_count + $3 <= count"
                               " AND refunded_fen + $4 <= total_fen"),
                   PARAMS(line->order_id, line->line_no, wanted->count, part), &changed));
        if (changed == 0)
            return refuse(q, CONFLICT, field, "订单刚刚变了，请刷新后再试",
                          "the order has just changed; reload and try again");
        return NULL;
    }
    snprintf(field, sizeof(field), "lines[%zu].line_no", index);
    return refuse(q, NOT_FOUND, field, "订单里没有这一行", "the order has no such line");
}

static refusal decide_amount(struct request *q, struct giving *giving, struct fen left) {
    const struct orders_refund_draft *draft = giving->refund->draft;
    if (draft->lines.count && fen_is_positive(draft->amount_fen))
        return refuse(q, BAD_INPUT, "amount_fen", "按行退就不用填金额",
                      "give either lines or an amount");
    for (size_t i = 0; i < draft->lines.count; i++)
        TRY(give_line(q, giving, &draft->lines.items[i], i));
    if (draft->lines.count == 0)
        giving->amount = fen_is_positive(draft->amount_fen) ? draft->amount_fen : left;
    if (fen_compare(giving->amount, left) > 0) {
        struct text yuan = fen_yuan(q->arena, left);
        return refuse(q, NOT_ENOUGH, draft->lines.count ? "lines" : "amount_fen",
                      "最多还能退 %.*s 元", "at most ¥%.*s is left", (int)yuan.length, yuan.bytes);
    }
    if (!fen_is_positive(giving->amount))
        return refuse(q, NOT_ENOUGH, "amount_fen", "已经没有可退的钱了",
                      "nothing is left to give back");
    return NULL;
}

/* Every piece was given back before the parcel left: then its freight goes back too. */
static bool all_pieces_given(const struct giving *giving) {
    for (size_t i = 0; i < giving->held.count; i++)
        if (giving->held.items[i].refunded_count < giving->held.items[i].count) return false;
    return true;
}

static refusal book_refund(struct request *q, const struct giving *giving, bool whole) {
    const struct orders_row *row = &giving->row;
    int64_t changed;
    const char *state = whole ? "refunded" : shape_enum_text(&orders_state_enum, row->state).bytes;
    TRY(db_run(q->db,
               SQL("iitit", "UPDATE orders_order SET refunded_fen = refunded_fen + $2, state = $3,"
                            " closed_at = CASE WHEN $3 = 'refunded' THEN CAST($4 AS BIGINT)"
                            " ELSE closed_at END"
                            " WHERE id = $1 AND state = $5 AND refunded_fen + $2 <= paid_fen"),
               PARAMS(row->id, giving->amount, state, q->now,
                      shape_enum_text(&orders_state_enum, row->state)),
               &changed));
    if (changed == 0)
        return refuse(q, CONFLICT, "id", "订单刚刚变了，请刷新后再试",
                      "the order has just changed; reload and try again");
    /* What was completed lies with the seller's due: the provider takes it back from there. */
    bool paid_out = row->state == ORDERS_COMPLETED;
    const struct orders_move move = {.order_id = row->id,
                                     .transfer_id = giving->refund->refund_id,
                                     .from = paid_out ? orders_account_seller(row->seller_id)
                                                      : orders_account_escrow(row->id),
                                     .to = orders_account_buyer(row->buyer_id),
                                     .amount = giving->amount,
                                     .reason = paid_out ? "refund after completion" : "refund"};
    return orders_move_money(q, &move);
}

static refusal tell_refund(struct request *q, const struct giving *giving, struct fen left) {
    const struct orders_row *row = &giving->row;
    bool whole = fen_compare(giving->amount, left) == 0;
    TRY(orders_add_event(q, row->id, "refunded", fen_yuan(q->arena, giving->amount),
                         giving->refund->draft->reason));
    struct orders_told fact = orders_told_of(row, giving->amount);
    if (!fen_subtract(left, giving->amount, &fact.left))
        return refuse(q, INTERNAL, "", "金额越界", "an amount out of bounds");
    fact.is_of_case = giving->refund->is_case;
    fact.is_called_off = whole && row->state == ORDERS_PAID && !fact.is_of_case;
    TRY(request_announce(q, &orders_was_refunded, &fact));
    orders_send_state(q, row->buyer_id, row->id, whole ? ORDERS_REFUNDED : row->state);
    return NULL;
}

static refusal give_part(struct request *q, struct giving *giving,
                         const struct orders_refund_part *part) {
    int64_t changed;
    TRY(db_run(q->db,
               SQL("iiii", "UPDATE orders_line SET refunded_count = refunded_count + $3,"
                           " refunded_fen = refunded_fen + $4"
                           " WHERE order_id = $1 AND line_no = $2"
                           " AND refunded_count + $3 <= count AND refunded_fen + $4 <= total_fen"),
               PARAMS(giving->row.id, part->line_no, part->count, part->amount), &changed));
    if (changed == 0)
        return refuse(q, CONFLICT, "id", "订单刚刚变了，请刷新后再试",
                      "the order has just changed; reload and try again");
    for (size_t i = 0; i < giving->held.count; i++)
        if (giving->held.items[i].line_no == part->line_no)
            giving->held.items[i].refunded_count += part->count;
    return NULL;
}

static refusal may_give(struct request *q, const struct giving *giving) {
    enum orders_state state = giving->row.state;
    if (!giving->refund->is_case) TRY(orders_require_seller(q, PERMISSION_refund, &giving->row));
    /* What is claimed already would go back twice: once here, once by the case. */
    if (!giving->refund->is_case && giving->row.open_case_count > 0)
        return refuse(q, WRONG_STATE, "id", "这个订单有售后在办，请在那件售后里退",
                      "a case of this order is open: give the money back there");
    bool open = state == ORDERS_PAID || state == ORDERS_SHIPPED || state == ORDERS_RECEIVED ||
                (giving->refund->is_case && state == ORDERS_COMPLETED);
    if (open) return NULL;
    return refuse(q, WRONG_STATE, "id", "这个订单现在不能退款",
                  "this order cannot be refunded now");
}

refusal orders_give_back(struct request *q, const struct orders_refund *refund,
                         struct fen *ret_amount, int64_t *ret_payment_id) {
    struct giving giving = {.refund = refund};
    struct fen left = FEN(0);
    TRY(orders_row_of(q, refund->order_id, &giving.row));
    TRY(may_give(q, &giving));
    TRY(orders_held_of(q, refund->order_id, &giving.held));
    if (!fen_subtract(giving.row.paid_fen, giving.row.refunded_fen, &left))
        return refuse(q, INTERNAL, "", "金额越界", "an amount out of bounds");
    TRY(decide_amount(q, &giving, left));
    for (size_t i = 0; i < refund->part_count; i++) TRY(give_part(q, &giving, &refund->parts[i]));
    bool unsent = giving.row.state == ORDERS_PAID;
    if (unsent && all_pieces_given(&giving)) giving.amount = left;
    bool whole = fen_compare(giving.amount, left) == 0;
    if (whole && unsent) {
        TRY(count_sold(q, refund->order_id, -1));
        TRY(orders_release(q, refund->order_id));
    }
    TRY(book_refund(q, &giving, whole));
    TRY(tell_refund(q, &giving, left));
    *ret_amount = giving.amount;
    *ret_payment_id = giving.row.payment_id;
    return NULL;
}

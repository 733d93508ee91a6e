/* Money and pieces of a case: what goes back to the buyer, what comes back to the shelf, and the
 * replacement, whose document in the ledger is the case. */
#include <assert.h>
#include <stdio.h>

#include "market/aftersales/inside.h"
#include "market/stock/stock.h"

SHAPE_DEFINE(aftersales_piece, AFTERSALES_PIECE_FIELDS);

struct fen aftersales_plus(struct fen a, struct fen b) {
    struct fen sum = FEN(0);
    bool fits = fen_add(a, b, &sum);
    assert(fits);
    return sum;
}

struct fen aftersales_minus(struct fen a, struct fen b) {
    struct fen difference = FEN(0);
    bool fits = fen_subtract(a, b, &difference);
    assert(fits);
    return difference;
}

struct fen aftersales_smaller(struct fen a, struct fen b) {
    return fen_compare(a, b) > 0 ? b : a;
}

struct fen aftersales_left_of(const struct orders_claim *claim) {
    struct fen left = aftersales_minus(claim->paid_fen, claim->refunded_fen);
    assert(fen_compare(left, FEN(0)) >= 0);
    return left;
}

refusal aftersales_pieces_of(struct request *q, int64_t case_id,
                             struct aftersales_piece_list *ret_pieces) {
    return db_rows(q->db,
                   SQL("i", "SELECT line_no, goods_id, sku_id, count, of_count, hold_id"
                            " FROM aftersales_line WHERE case_id = $1"
                            " ORDER BY goods_id, sku_id, line_no LIMIT 20"),
                   PARAMS(case_id), &aftersales_piece_shape, ret_pieces);
}

static const struct orders_claim_line *line_of(const struct orders_claim *claim, int64_t line_no) {
    for (size_t i = 0; i < claim->lines.count; i++)
        if (claim->lines.items[i].line_no == line_no) return &claim->lines.items[i];
    return NULL;
}

/* The amount is spread over the lines of the case, each up to what is left of it; what remains is
 * freight. Pieces count as given back when their whole price is. */
static void spread(const struct aftersales_piece_list *pieces, const struct orders_claim *claim,
                   struct fen amount, struct orders_refund *refund) {
    struct orders_refund_part *parts = (struct orders_refund_part *)(uintptr_t)refund->parts;
    for (size_t i = 0; i < pieces->count && fen_is_positive(amount); i++) {
        const struct aftersales_piece *piece = &pieces->items[i];
        const struct orders_claim_line *line = line_of(claim, piece->line_no);
        struct fen price = FEN(0);
        bool fits = line && fen_times(line->price_fen, piece->count, &price);
        assert(fits); /* the case was made of the order's lines */
        struct fen left = aftersales_minus(line->total_fen, line->refunded_fen);
        struct fen part = aftersales_smaller(aftersales_smaller(amount, left), price);
        bool whole = piece->of_count == 0 && fen_compare(part, price) >= 0 &&
                     line->refunded_count + piece->count <= line->count;
        if (!fen_is_positive(part)) continue;
        amount = aftersales_minus(amount, part);
        parts[refund->part_count++] =
            (struct orders_refund_part){line->line_no, whole ? piece->count : 0, part};
    }
}

static struct text reason_words(struct request *q, const struct aftersales_row *row) {
    return text_format(q->arena, "售后 SH%lld", (long long)row->id);
}

refusal aftersales_settle(struct request *q, struct aftersales_step *step) {
    const struct aftersales_row *row = step->row;
    struct orders_claim claim = {0};
    struct aftersales_piece_list pieces = {0};
    struct orders_refund_part parts[ORDERS_LINES_MAX];
    TRY(orders_claim_of(q, row->order_id, &claim));
    TRY(aftersales_pieces_of(q, row->id, &pieces));
    /* The seller may have given some of it back meanwhile: never more than was paid. */
    struct orders_refund_draft draft = {
        .amount_fen = aftersales_smaller(step->amount, aftersales_left_of(&claim)),
        .reason = reason_words(q, row)};
    step->to = AFTERSALES_CLOSED;
    step->outcome = AFTERSALES_REFUNDED;
    if (!fen_is_positive(draft.amount_fen)) return aftersales_move(q, step);
    struct orders_refund refund = {.order_id = row->order_id,
                                   .refund_id = request_new_id(q),
                                   .draft = &draft,
                                   .is_case = true,
                                   .parts = parts};
    spread(&pieces, &claim, draft.amount_fen, &refund);
    TRY(pay_give_back(q, &refund, &step->refunded));
    step->refund_id = refund.refund_id;
    step->amount = step->refunded;
    return aftersales_move(q, step);
}

/* ---- the replacement ---- */

static struct stock_hold hold_of(const struct aftersales_row *row,
                                 const struct aftersales_piece *piece) {
    return (struct stock_hold){
        .order_id = row->id,
        .hold_id = piece->hold_id,
        .line = {.goods_id = piece->goods_id, .sku_id = piece->sku_id, .count = piece->count},
        .field = "choice",
    };
}

static refusal set_holding(struct request *q, const struct aftersales_row *row, bool holding) {
    int64_t changed;
    TRY(db_run(q->db,
               SQL("iii", "UPDATE aftersales_case SET is_holding = $2"
                          " WHERE id = $1 AND is_holding = $3"),
               PARAMS(row->id, holding, !holding), &changed));
    if (changed == 1) return NULL;
    return refuse(q, CONFLICT, "id", "这件售后刚刚变了，请刷新后再试",
                  "the case has just changed; reload and try again");
}

refusal aftersales_hold(struct request *q, const struct aftersales_row *row) {
    struct aftersales_piece_list pieces = {0};
    TRY(aftersales_pieces_of(q, row->id, &pieces));
    TRY(set_holding(q, row, true));
    for (size_t i = 0; i < pieces.count; i++) {
        struct aftersales_piece *piece = &pieces.items[i];
        int64_t warehouse_id;
        piece->hold_id = request_new_id(q);
        const struct stock_hold hold = hold_of(row, piece);
        TRY(stock_reserve(q, &hold, &warehouse_id));
        TRY(db_run(q->db,
                   SQL("iii", "UPDATE aftersales_line SET hold_id = $3"
                              " WHERE case_id = $1 AND line_no = $2"),
                   PARAMS(row->id, piece->line_no, piece->hold_id), NULL));
    }
    return NULL;
}

refusal aftersales_ship(struct request *q, const struct aftersales_row *row) {
    struct aftersales_piece_list pieces = {0};
    TRY(aftersales_pieces_of(q, row->id, &pieces));
    TRY(set_holding(q, row, false));
    for (size_t i = 0; i < pieces.count; i++)
        TRY(stock_ship(q, row->id, pieces.items[i].hold_id, pieces.items[i].count));
    return NULL;
}

refusal aftersales_let_go(struct request *q, const struct aftersales_row *row) {
    struct aftersales_piece_list pieces = {0};
    TRY(aftersales_pieces_of(q, row->id, &pieces));
    TRY(set_holding(q, row, false));
    for (size_t i = 0; i < pieces.count; i++) {
        const struct stock_hold hold = hold_of(row, &pieces.items[i]);
        TRY(stock_release(q, &hold));
    }
    return NULL;
}

/* ---- what comes back ---- */

struct shelving {
    const struct aftersales_row *row;
    const struct aftersales_receipt_line *given;
    const struct aftersales_piece *piece;
    const struct orders_claim_line *line;
    const char *field;
};

/* All of it comes back to its shelf first; what is written off leaves from there as a loss, so that
 * the books show both. */
static refusal shelve_line(struct request *q, const struct shelving *shelving) {
    const struct aftersales_receipt_line *given = shelving->given;
    int64_t back = given->shelf_count + given->lost_count;
    if (back > shelving->piece->count)
        return refuse(q, NOT_ENOUGH, shelving->field, "这一样只退 %lld 份",
                      "only %lld of this come back", (long long)shelving->piece->count);
    if (back == 0) return NULL;
    const struct stock_hold hold = {
        .order_id = shelving->row->order_id,
        .hold_id = shelving->line->hold_id,
        .line = {shelving->line->goods_id, shelving->line->sku_id, back},
        .field = shelving->field};
    TRY(stock_return(q, &hold));
    if (given->lost_count) {
        const struct stock_change loss = {
            .line = {shelving->line->goods_id, shelving->line->sku_id, given->lost_count},
            .warehouse_id = shelving->line->warehouse_id,
            .note = text_format(q->arena, "售后 SH%lld", (long long)shelving->row->id)};
        TRY(stock_lose(q, &loss));
    }
    return db_run(q->db,
                  SQL("iiii", "UPDATE aftersales_line SET shelf_count = $3, lost_count = $4"
                              " WHERE case_id = $1 AND line_no = $2"),
                  PARAMS(shelving->row->id, given->line_no, given->shelf_count, given->lost_count),
                  NULL);
}

refusal aftersales_shelve(struct request *q, const struct aftersales_row *row,
                          const struct aftersales_receipt *receipt) {
    struct orders_claim claim = {0};
    struct aftersales_piece_list pieces = {0};
    TRY(orders_claim_of(q, row->order_id, &claim));
    TRY(aftersales_pieces_of(q, row->id, &pieces));
    for (size_t i = 0; i < receipt->lines.count; i++) {
        char field[48];
        struct shelving shelving = {.row = row, .given = &receipt->lines.items[i], .field = field};
        snprintf(field, sizeof(field), "lines[%zu].line_no", i);
        for (size_t j = 0; j < i; j++)
            if (receipt->lines.items[j].line_no == shelving.given->line_no)
                return refuse(q, BAD_INPUT, field, "这一样写了两遍", "this line is named twice");
        for (size_t j = 0; j < pieces.count; j++)
            if (pieces.items[j].line_no == shelving.given->line_no)
                shelving.piece = &pieces.items[j];
        if (!shelving.piece)
            return refuse(q, NOT_FOUND, field, "这件售后里没有这一行", "the case has no such line");
        shelving.line = line_of(&claim, shelving.given->line_no);
        assert(shelving.line); /* the case was made of the order's lines */
        snprintf(field, sizeof(field), "lines[%zu].shelf_count", i);
        TRY(shelve_line(q, &shelving));
    }
    return NULL;
}

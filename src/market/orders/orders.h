/* Orders: the bag, the quote, placing (one tap or from the bag, one order a seller), and the
 * states
 *     unpaid -> paid -> shipped -> received -> completed;  unpaid -> cancelled | expired;  paid..
 * -> refunded (wholly) Stock is held from the moment of placing; money that arrives goes into the
 * order's own escrow account with the payment provider and leaves it to the seller (completed) or
 * back to the buyer (refund), always by the ledger. */
#ifndef MARKET_ORDERS_ORDERS_H
#define MARKET_ORDERS_ORDERS_H

#include "ground/ledger/ledger.h"
#include "market/catalog/catalog.h"

enum {
    ORDERS_LINES_MAX = CATALOG_OFFERS_MAX,
    ORDERS_PAY_MS = 30 * MINUTE_MS, /* an unpaid order gives its stock back after this */
    ORDERS_RECEIVE_DAYS = 10,       /* a shipped parcel counts as received after this */
    ORDERS_COMPLETE_DAYS =
        7 /* days for sending back, counted from the day after receipt: the Consumer Rights
           Protection Law, article 25, by the rules of 2017 on returns within seven days */
};

extern const struct ledger_kind orders_buyer; /* the buyer's money, outside */
extern const struct ledger_kind
    orders_escrow; /* floored, one account an order: held by the provider */
extern const struct ledger_kind orders_seller_due; /* what the provider pays out to the seller */

#define ORDERS_STATES(X)                                                                           \
    X(ORDERS_UNPAID, "unpaid")                                                                     \
    X(ORDERS_PAID, "paid")                                                                         \
    X(ORDERS_SHIPPED, "shipped")                                                                   \
    X(ORDERS_RECEIVED, "received")                                                                 \
    X(ORDERS_COMPLETED, "completed")                                                               \
    X(ORDERS_CANCELLED, "cancelled")                                                               \
    X(ORDERS_EXPIRED, "expired")                                                                   \
    X(ORDERS_REFUNDED, "refunded")
SHAPE_ENUM_DECLARE(orders_state, ORDERS_STATES);

/* ---- shapes of the doors ---- */
#define ORDERS_LINE_DRAFT_FIELDS(F, S)                                                             \
    F(S, ID, sku_id, .required = true)                                                             \
    F(S, INT, count, .required = true, .min = 1, .max = 9999)
SHAPE_DECLARE(orders_line_draft, ORDERS_LINE_DRAFT_FIELDS);

#define ORDERS_DRAFT_FIELDS(F, S)                                                                  \
    F(S, LIST, lines, orders_line_draft, .required = true, .min = 1, .max = ORDERS_LINES_MAX)      \
    F(S, ID, address_id, .about = "absent: the default address")                                   \
    F(S, TEXT, note, .max = 200)                                                                   \
    F(S, BOOL, ticked_return_terms,                                                                \
      .about = "the buyer saw which goods cannot be sent back without reason")                     \
    F(S, FEN, expected_total_fen, .about = "refused when the total is another by now")             \
    F(S, BOOL, from_cart, .about = "take the lines out of the bag")
SHAPE_DECLARE(orders_draft, ORDERS_DRAFT_FIELDS);

#define ORDERS_LINE_FIELDS(F, S)                                                                   \
    F(S, INT, line_no)                                                                             \
    F(S, ID, sku_id)                                                                               \
    F(S, ID, goods_id)                                                                             \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, options_text)                                                                       \
    F(S, TEXT, picture)                                                                            \
    F(S, INT, count)                                                                               \
    F(S, FEN, price_fen)                                                                           \
    F(S, FEN, total_fen)                                                                           \
    F(S, INT, refunded_count)                                                                      \
    F(S, FEN, refunded_fen)                                                                        \
    F(S, ENUM, return_policy, catalog_return_policy)
SHAPE_DECLARE(orders_line, ORDERS_LINE_FIELDS);

#define ORDERS_EVENT_FIELDS(F, S)                                                                  \
    F(S, TIME, at)                                                                                 \
    F(S, TEXT, kind)                                                                               \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, text)
SHAPE_DECLARE(orders_event, ORDERS_EVENT_FIELDS);

#define ORDERS_ORDER_FIELDS(F, S)                                                                  \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, number)                                                                             \
    F(S, ID, purchase_id)                                                                          \
    F(S, ENUM, state, orders_state)                                                                \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, LIST, lines, orders_line)                                                                 \
    F(S, FEN, goods_fen)                                                                           \
    F(S, FEN, freight_fen)                                                                         \
    F(S, FEN, platform_fee_fen)                                                                    \
    F(S, FEN, total_fen)                                                                           \
    F(S, FEN, paid_fen)                                                                            \
    F(S, FEN, refunded_fen)                                                                        \
    F(S, TEXT, receiver_name)                                                                      \
    F(S, TEXT, receiver_phone_masked)                                                              \
    F(S, TEXT, receiver_phone, .optional = true,                                                   \
      .about = "in clear for the seller while the parcel is due")                                  \
    F(S, TEXT, receiver_address)                                                                   \
    F(S, TEXT, note)                                                                               \
    F(S, TEXT, carrier)                                                                            \
    F(S, TEXT, tracking_number)                                                                    \
    F(S, TIME, placed_at)                                                                          \
    F(S, TIME, pay_before_at, .optional = true)                                                    \
    F(S, TIME, paid_at, .optional = true)                                                          \
    F(S, TIME, shipped_at, .optional = true)                                                       \
    F(S, TIME, received_at, .optional = true)                                                      \
    F(S, TIME, completed_at, .optional = true)                                                     \
    F(S, TIME, closed_at, .optional = true)                                                        \
    F(S, INT, open_case_count)                                                                     \
    F(S, TIME, server_at)                                                                          \
    F(S, LIST, events, orders_event)
SHAPE_DECLARE(orders_order, ORDERS_ORDER_FIELDS);

#define ORDERS_CARD_FIELDS(F, S)                                                                   \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, number)                                                                             \
    F(S, ID, purchase_id)                                                                          \
    F(S, ENUM, state, orders_state)                                                                \
    F(S, TEXT, seller_name)                                                                        \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, picture)                                                                            \
    F(S, TEXT, options_text)                                                                       \
    F(S, INT, piece_count)                                                                         \
    F(S, INT, line_count)                                                                          \
    F(S, FEN, total_fen)                                                                           \
    F(S, FEN, refunded_fen, .optional = true)                                                      \
    F(S, ID, seller_id)                                                                            \
    F(S, ID, receiver_place_code, .optional = true)                                                \
    F(S, TEXT, receiver_region, .about = "province to county: no more is told in lists")           \
    F(S, TEXT, carrier, .optional = true)                                                          \
    F(S, TEXT, tracking_number, .optional = true)                                                  \
    F(S, TIME, placed_at)                                                                          \
    F(S, TIME, pay_before_at, .optional = true)                                                    \
    F(S, TIME, paid_at, .optional = true)                                                          \
    F(S, TIME, shipped_at, .optional = true)                                                       \
    F(S, TIME, server_at)
SHAPE_DECLARE(orders_card, ORDERS_CARD_FIELDS);
SHAPE_DECLARE_PAGE(orders_card);

#define ORDERS_PURCHASE_FIELDS(F, S)                                                               \
    F(S, ID, purchase_id)                                                                          \
    F(S, LIST, orders, orders_order)                                                               \
    F(S, FEN, total_fen)
SHAPE_DECLARE(orders_purchase, ORDERS_PURCHASE_FIELDS);

/* Whose orders a list shows: one's own, or, for who may sell, serve or audit there, those of a
 * seller, of the sellers of a place, or all. */
#define ORDERS_DESKS(X)                                                                            \
    X(ORDERS_MINE, "mine")                                                                         \
    X(ORDERS_OF_SELLER, "seller")                                                                  \
    X(ORDERS_OF_PLACE, "place")                                                                    \
    X(ORDERS_OF_ALL, "all")
SHAPE_ENUM_DECLARE(orders_desk, ORDERS_DESKS);
#define ORDERS_SORTS(X)                                                                            \
    X(ORDERS_NEWEST, "newest")                                                                     \
    X(ORDERS_OLDEST, "oldest")
SHAPE_ENUM_DECLARE(orders_sort, ORDERS_SORTS);

#define ORDERS_LIST_QUERY_FIELDS(F, S)                                                             \
    F(S, TEXT, state, .max = 20)                                                                   \
    F(S, ENUM, desk, orders_desk)                                                                  \
    F(S, ID, seller, .about = "the orders of this seller, for who keeps it")                       \
    F(S, ID, place, .about = "12 digits: of the sellers there; a county is found at once")         \
    F(S, TEXT, number, .max = 24, .about = "of the desk: the one order, XJ in front or not")       \
    F(S, TEXT, tracking_number, .max = 40, .about = "of the desk")                                 \
    F(S, TEXT, carrier, .max = 40, .about = "of the desk")                                         \
    F(S, TIME, from, .about = "of the desk: placed at or after")                                   \
    F(S, TIME, to, .about = "of the desk: placed before")                                          \
    F(S, ENUM, sort, orders_sort, .about = "of the desk: what waits longest may come first")       \
    F(S, INT, limit, .min = 1, .max = 50, .fallback = 20)                                          \
    F(S, ID, after)
SHAPE_DECLARE(orders_list_query, ORDERS_LIST_QUERY_FIELDS);

#define ORDERS_SHIPMENT_FIELDS(F, S)                                                               \
    F(S, TEXT, carrier, .required = true, .min = 1, .max = 40)                                     \
    F(S, TEXT, tracking_number, .required = true, .min = 4, .max = 40)
SHAPE_DECLARE(orders_shipment, ORDERS_SHIPMENT_FIELDS);

#define ORDERS_SHIPMENT_EVENT_FIELDS(F, S)                                                         \
    F(S, TEXT, title, .required = true, .min = 1, .max = 60)                                       \
    F(S, TEXT, text, .max = 200)
SHAPE_DECLARE(orders_shipment_event, ORDERS_SHIPMENT_EVENT_FIELDS);

/* Many parcels at once: each row has its own end, and a row that was done before is done. */
enum { ORDERS_BATCH_MAX = 100 };
#define ORDERS_BATCH_ROW_FIELDS(F, S)                                                              \
    F(S, TEXT, number, .required = true, .min = 1, .max = 24, .about = "XJ in front or not")       \
    F(S, TEXT, carrier, .required = true, .min = 1, .max = 40)                                     \
    F(S, TEXT, tracking_number, .required = true, .min = 4, .max = 40)
SHAPE_DECLARE(orders_batch_row, ORDERS_BATCH_ROW_FIELDS);
#define ORDERS_BATCH_DRAFT_FIELDS(F, S)                                                            \
    F(S, LIST, rows, orders_batch_row, .required = true, .min = 1, .max = ORDERS_BATCH_MAX)        \
    F(S, BOOL, dry_run, .about = "say what would happen, and do nothing")
SHAPE_DECLARE(orders_batch_draft, ORDERS_BATCH_DRAFT_FIELDS);
#define ORDERS_BATCH_ENDS(X)                                                                       \
    X(ORDERS_BATCH_SHIPPED, "shipped")                                                             \
    X(ORDERS_BATCH_READY, "ready")                                                                 \
    X(ORDERS_BATCH_DONE_BEFORE, "done_before")                                                     \
    X(ORDERS_BATCH_REFUSED, "refused")
SHAPE_ENUM_DECLARE(orders_batch_end, ORDERS_BATCH_ENDS);
#define ORDERS_BATCH_RESULT_FIELDS(F, S)                                                           \
    F(S, TEXT, number)                                                                             \
    F(S, ID, order_id, .optional = true)                                                           \
    F(S, ENUM, end, orders_batch_end)                                                              \
    F(S, TEXT, detail, .about = "why it was refused")
SHAPE_DECLARE(orders_batch_result, ORDERS_BATCH_RESULT_FIELDS);
#define ORDERS_BATCH_FIELDS(F, S)                                                                  \
    F(S, LIST, rows, orders_batch_result)                                                          \
    F(S, INT, shipped_count)                                                                       \
    F(S, INT, refused_count)                                                                       \
    F(S, BOOL, dry_run)
SHAPE_DECLARE(orders_batch, ORDERS_BATCH_FIELDS);

#define ORDERS_REASON_FIELDS(F, S) F(S, TEXT, reason, .max = 200)
SHAPE_DECLARE(orders_reason, ORDERS_REASON_FIELDS);

/* ---- what the orders room does ---- */
refusal orders_place(struct request *q, const struct orders_draft *draft,
                     struct orders_purchase *ret_purchase);
/* One order as its buyer, its seller or the auditor may see it; NOT_FOUND for everybody else. */
refusal orders_read(struct request *q, int64_t order_id, struct orders_order *ret_order);
refusal orders_list(struct request *q, const struct orders_list_query *query,
                    struct orders_card_page *ret_page);
/* The buyer gives an unpaid order up. */
refusal orders_cancel(struct request *q, int64_t order_id);
/* The seller has handed the parcel over; the held stock leaves. */
refusal orders_ship(struct request *q, int64_t order_id, const struct orders_shipment *shipment);
/* Up to ORDERS_BATCH_MAX of them; a row that cannot be done says why and holds up no other. */
refusal orders_ship_batch(struct request *q, const struct orders_batch_draft *draft,
                          struct orders_batch *ret_batch);
refusal orders_note_transit(struct request *q, int64_t order_id,
                            const struct orders_shipment_event *event);
/* 收到了. */
refusal orders_receive(struct request *q, int64_t order_id);

/* Jobs. */
refusal orders_expire_purchase(struct request *q, int64_t purchase_id, struct text text);
refusal orders_receive_when_due(struct request *q, int64_t order_id, struct text text);
refusal orders_complete_when_due(struct request *q, int64_t order_id, struct text text);

/* ---- for pay, which stands above ---- */
#define ORDERS_PAYABLE_FIELDS(F, S)                                                                \
    F(S, ID, id)                                                                                   \
    F(S, FEN, total_fen)                                                                           \
    F(S, TIME, pay_before_at)                                                                      \
    F(S, TEXT, title)
SHAPE_DECLARE(orders_payable, ORDERS_PAYABLE_FIELDS);
/* The unpaid orders bought together with ORDER_ID, of the buyer who asks. WRONG_STATE when
 * nothing is left to pay. */
refusal orders_payables(struct request *q, int64_t order_id, int64_t *ret_purchase_id,
                        struct orders_payable_list *ret_payables);

/* Money came for an order. *ret_kept: the order is paid by it (also when it was closed already
 * but its stock could be held again). Not kept: the books show it coming and going back, and the
 * caller must tell the provider to pay it back. */
struct orders_money {
    int64_t order_id;
    int64_t payment_id;
    struct fen amount;
};
refusal orders_take_money(struct request *q, const struct orders_money *money, bool *ret_kept);

/* Gives money back, wholly (no lines, zero amount), by lines, or by an amount. Before shipping
 * the pieces go back to the shelf when the whole order is given back; of a part, when the rest is
 * sent. *ret_amount is what goes back (with the last piece of an order that was not sent, the
 * freight too); the caller tells the provider. NOT_ENOUGH beyond what was paid and not yet given
 * back; WRONG_STATE while a case of the order is open, unless it is the case that gives. */
#define ORDERS_REFUND_LINE_FIELDS(F, S)                                                            \
    F(S, INT, line_no, .required = true, .min = 1, .max = ORDERS_LINES_MAX)                        \
    F(S, INT, count, .required = true, .min = 1, .max = 9999)
SHAPE_DECLARE(orders_refund_line, ORDERS_REFUND_LINE_FIELDS);
#define ORDERS_REFUND_DRAFT_FIELDS(F, S)                                                           \
    F(S, FEN, amount_fen, .about = "absent and without lines: all that is left")                   \
    F(S, LIST, lines, orders_refund_line, .max = ORDERS_LINES_MAX)                                 \
    F(S, TEXT, reason, .required = true, .min = 1, .max = 200)
SHAPE_DECLARE(orders_refund_draft, ORDERS_REFUND_DRAFT_FIELDS);
/* What of a case's money belongs to which line; COUNT pieces count as given back with it. */
struct orders_refund_part {
    int64_t line_no;
    int64_t count;
    struct fen amount;
};
struct orders_refund {
    int64_t order_id;
    int64_t refund_id;
    const struct orders_refund_draft *draft;
    /* A case was decided: the caller has asked who may, the draft holds an amount and no lines,
     * PARTS say what of it is for which line (the rest is freight), and the order may be completed:
     * then the money is taken from what the provider owes the seller. */
    bool is_case;
    const struct orders_refund_part *parts;
    size_t part_count;
};
refusal orders_give_back(struct request *q, const struct orders_refund *refund,
                         struct fen *ret_amount, int64_t *ret_payment_id);

/* ---- for aftersales, which stands above ---- */

/* What a case must know of an order. Who may see it is the caller's to ask. */
#define ORDERS_CLAIM_LINE_FIELDS(F, S)                                                             \
    F(S, INT, line_no)                                                                             \
    F(S, ID, hold_id)                                                                              \
    F(S, ID, sku_id)                                                                               \
    F(S, ID, goods_id)                                                                             \
    F(S, ID, warehouse_id)                                                                         \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, options_text)                                                                       \
    F(S, TEXT, picture)                                                                            \
    F(S, INT, count)                                                                               \
    F(S, FEN, price_fen)                                                                           \
    F(S, FEN, total_fen)                                                                           \
    F(S, ENUM, return_policy, catalog_return_policy)                                               \
    F(S, INT, refunded_count)                                                                      \
    F(S, FEN, refunded_fen)
SHAPE_DECLARE(orders_claim_line, ORDERS_CLAIM_LINE_FIELDS);
#define ORDERS_CLAIM_FIELDS(F, S)                                                                  \
    F(S, ID, id)                                                                                   \
    F(S, ID, buyer_id)                                                                             \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, ENUM, state, orders_state)                                                                \
    F(S, FEN, paid_fen)                                                                            \
    F(S, FEN, refunded_fen)                                                                        \
    F(S, BOOL, ticked_return_terms)                                                                \
    F(S, TIME, shipped_at)                                                                         \
    F(S, TIME, received_at)                                                                        \
    F(S, LIST, lines, orders_claim_line)
SHAPE_DECLARE(orders_claim, ORDERS_CLAIM_FIELDS);
refusal orders_claim_of(struct request *q, int64_t order_id, struct orders_claim *ret_claim);

/* A case begins: until it ends the order stays open, so its money stays with the provider.
 * WRONG_STATE unless it was paid and not wholly given back, CONFLICT with as many open cases as one
 * order may have. When the last one ends, what waited for it (received by itself, completed) comes
 * when it is due, or at once. */
enum { ORDERS_OPEN_CASES_MAX = 3 };
refusal orders_case_begins(struct request *q, int64_t order_id);
refusal orders_case_ends(struct request *q, int64_t order_id);

/* Until when goods that were received then may be sent back without a reason: the end of the
 * seventh day, counted from the day after (China Standard Time). */
struct instant orders_return_until(struct instant received);
/* ---- for insight, which stands above ---- */

/* Whose orders are counted: a seller's, or those of the sellers of a place (0: everywhere). The
 * caller has asked whether the principal may see them. */
struct orders_reach {
    int64_t seller_id;
    int64_t place_code;
};
/* Paid and not sent yet, and those of them that were paid at or before LATE_BEFORE. Neither goes
 * beyond ORDERS_COUNT_MAX: what is more than a person reads off a badge is not counted. */
enum { ORDERS_COUNT_MAX = 1000 };
#define ORDERS_WAITING_FIELDS(F, S) F(S, INT, count) F(S, INT, late_count)
SHAPE_DECLARE(orders_waiting, ORDERS_WAITING_FIELDS);
refusal orders_count_waiting(struct request *q, struct orders_reach reach,
                             struct instant late_before, struct orders_waiting *ret_waiting);
/* What the books say of each seller: up to fifty after AFTER_SELLER_ID, from every order. */
#define ORDERS_SUM_FIELDS(F, S)                                                                    \
    F(S, ID, seller_id)                                                                            \
    F(S, INT, order_count)                                                                         \
    F(S, FEN, paid_fen)                                                                            \
    F(S, FEN, refunded_fen)
SHAPE_DECLARE(orders_sum, ORDERS_SUM_FIELDS);
refusal orders_sums(struct request *q, int64_t after_seller_id, struct orders_sum_list *ret_sums);

/* ---- facts: DATA is a struct orders_told ---- */
struct orders_told {
    int64_t order_id;
    int64_t buyer_id;
    int64_t seller_id;
    struct fen
        amount; /* paid: the total; refunded: what went back; completed: what the seller gets */
    int64_t seller_place_code; /* where the seller was when the order was placed */
    /* Of a refund: */
    struct fen left;    /* of what was paid, after it */
    bool is_of_case;    /* it is the end of an after-sales case */
    bool is_called_off; /* the seller gave all of it back instead of sending it */
};
extern const struct fact orders_was_paid;
extern const struct fact orders_was_shipped;
extern const struct fact orders_was_received;
extern const struct fact orders_was_completed;
extern const struct fact orders_was_refunded;

/* "XJ" and the id: what people read out on the phone. */
struct text orders_number(struct arena *arena, int64_t order_id);

extern const struct room orders_room;

#endif

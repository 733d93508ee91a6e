/* Payments: asked for by the buyer, opened with a provider by a job, believed only from a signed
 * callback, and given back the same way. */
#ifndef MARKET_PAY_PAY_H
#define MARKET_PAY_PAY_H

#include "market/orders/orders.h"
#include "market/pay/gateway.h"

#define PAY_STATES(X)                                                                              \
    X(PAY_PREPARING, "preparing")                                                                  \
    X(PAY_READY, "ready")                                                                          \
    X(PAY_PAID, "paid")                                                                            \
    X(PAY_FAILED, "failed")                                                                        \
    X(PAY_CLOSED, "closed")                                                                        \
    X(PAY_REFUNDED, "refunded")
SHAPE_ENUM_DECLARE(pay_state, PAY_STATES);

#define PAY_PAYMENT_FIELDS(F, S)                                                                   \
    F(S, ID, id)                                                                                   \
    F(S, ID, purchase_id)                                                                          \
    F(S, IDS, order_ids)                                                                           \
    F(S, ENUM, state, pay_state)                                                                   \
    F(S, FEN, amount_fen)                                                                          \
    F(S, TEXT, cashier_url, .optional = true)                                                      \
    F(S, TIME, created_at)                                                                         \
    F(S, TIME, pay_before_at)                                                                      \
    F(S, TIME, server_at)
SHAPE_DECLARE(pay_payment, PAY_PAYMENT_FIELDS);

/* Asks for one payment of every unpaid order bought together with ORDER_ID. A payment that is
 * still open for exactly these is given again instead of making a second. RETURN_ORIGIN is the
 * shop's own origin. */
refusal pay_ask(struct request *q, int64_t order_id, struct text return_origin,
                struct pay_payment *ret_payment);
/* The buyer's own. */
refusal pay_read(struct request *q, int64_t payment_id, struct pay_payment *ret_payment);

/* What a provider said, signature already checked. Twice, late and out of order are fine; a
 * wrong amount is CONFLICT. */
refusal pay_hear(struct request *q, const struct gateway *gateway,
                 const struct gateway_notice *notice);

/* Gives money of an order back and asks the provider to pay it out. */
refusal pay_refund(struct request *q, int64_t order_id, const struct orders_refund_draft *draft);
/* The same under a number of the caller's, also for a case: orders_give_back and the provider's
 * errand in one. */
refusal pay_give_back(struct request *q, const struct orders_refund *refund,
                      struct fen *ret_amount);

/* The jobs' two halves: outside (no transaction) and inside. */
bool pay_prepare_outside(struct request *q, int64_t payment_id, struct text text,
                         void **ret_result);
refusal pay_prepare_inside(struct request *q, int64_t payment_id, struct text text);
bool pay_refund_outside(struct request *q, int64_t refund_id, struct text text, void **ret_result);
refusal pay_refund_inside(struct request *q, int64_t refund_id, struct text text);

/* Hears people_export_asked: what the person paid and was given back. */
refusal pay_hear_export(struct request *q, const void *data);

/* For `xiangji check`. */
refusal pay_check(struct request *q, struct check_report *report);

extern const struct room pay_room;

#endif

/* Inside market/webhooks only. */
#ifndef MARKET_WEBHOOKS_INSIDE_H
#define MARKET_WEBHOOKS_INSIDE_H

#include "kernel/http/client.h"
#include "market/webhooks/webhooks.h"

enum { WEBHOOKS_SECRET_BYTES = 32, WEBHOOKS_SIGNATURE_BYTES = 64 };

/* ---- signing (sign.c) ---- */
/* "whsec_" and base64 of fresh bytes. */
struct text webhooks_new_secret(struct request *q);
/* "v1,<base64>" of HMAC-SHA-256 over "id.timestamp.body"; false when SECRET is none of ours. */
struct webhooks_message {
    struct text id; /* "msg_..." */
    int64_t sent_s;
    struct text body;
};
bool webhooks_sign(struct arena *arena, struct text secret, const struct webhooks_message *message,
                   struct text *ret_signature);

/* ---- telling (tell.c): from facts to deliveries ---- */
#define WEBHOOKS_ORDER_EVENT_FIELDS(F, S)                                                          \
    F(S, ID, order_id)                                                                             \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, state)                                                                              \
    F(S, FEN, amount_fen)
SHAPE_DECLARE(webhooks_order_event, WEBHOOKS_ORDER_EVENT_FIELDS);
#define WEBHOOKS_CASE_EVENT_FIELDS(F, S)                                                           \
    F(S, ID, case_id)                                                                              \
    F(S, ID, order_id)                                                                             \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, outcome)                                                                            \
    F(S, FEN, refunded_fen)
SHAPE_DECLARE(webhooks_case_event, WEBHOOKS_CASE_EVENT_FIELDS);
#define WEBHOOKS_STOCK_EVENT_FIELDS(F, S)                                                          \
    F(S, ID, goods_id)                                                                             \
    F(S, ID, sku_id)                                                                               \
    F(S, INT, available_count)
SHAPE_DECLARE(webhooks_stock_event, WEBHOOKS_STOCK_EVENT_FIELDS);
#define WEBHOOKS_TEST_EVENT_FIELDS(F, S) F(S, ID, endpoint_id)
SHAPE_DECLARE(webhooks_test_event, WEBHOOKS_TEST_EVENT_FIELDS);

/* What is told: TYPE, and DATA of SHAPE. */
struct webhooks_event {
    enum webhooks_type type;
    const struct shape *shape;
    const void *data;
};
/* A delivery to every endpoint that wants to hear it: one statement where there is none. */
refusal webhooks_tell(struct request *q, const struct webhooks_event *event);
/* One to ENDPOINT_ID alone. */
refusal webhooks_tell_one(struct request *q, int64_t endpoint_id,
                          const struct webhooks_event *event, int64_t *ret_delivery_id);
/* Asks for its job. */
refusal webhooks_ask_delivery(struct request *q, int64_t endpoint_id, int64_t delivery_id,
                              struct instant due);

/* ---- delivering (deliver.c) ---- */
bool webhooks_deliver_outside(struct request *q, int64_t delivery_id, struct text words,
                              void **ret_result);
refusal webhooks_deliver_inside(struct request *q, int64_t delivery_id, struct text words);
refusal webhooks_sweep(struct request *q, int64_t argument, struct text words);
refusal webhooks_check(struct request *q, struct check_report *report);

/* The seal's label of secrets. */
#define WEBHOOKS_SECRET_LABEL "webhooks.secret"

/* Whom this house may call. */
enum client_reach webhooks_reach(const struct app *app);

#endif

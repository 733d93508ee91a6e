/* Webhooks: other systems hear of what happens here, as Standard Webhooks describes it. See
 * README.md. It listens to the facts of the rooms below, and none of them knows of it. */
#ifndef MARKET_WEBHOOKS_WEBHOOKS_H
#define MARKET_WEBHOOKS_WEBHOOKS_H

#include "kernel/http/route.h"

enum {
    WEBHOOKS_ENDPOINTS_MAX = 20,
    WEBHOOKS_TRIES_MAX = 10,
    WEBHOOKS_OLD_SECRET_HOURS = 24, /* both secrets sign after a rotation */
    WEBHOOKS_FAILING_DAYS = 5,      /* then an endpoint is put off */
    WEBHOOKS_KEPT_DAYS = 30,        /* how long deliveries are to be seen */
    WEBHOOKS_ANSWER_BYTES = 300     /* what is kept of an answer */
};

/* What can be heard of. */
#define WEBHOOKS_TYPES(X)                                                                          \
    X(WEBHOOKS_ORDER_PAID, "order.paid")                                                           \
    X(WEBHOOKS_ORDER_SHIPPED, "order.shipped")                                                     \
    X(WEBHOOKS_ORDER_RECEIVED, "order.received")                                                   \
    X(WEBHOOKS_ORDER_COMPLETED, "order.completed")                                                 \
    X(WEBHOOKS_ORDER_REFUNDED, "order.refunded")                                                   \
    X(WEBHOOKS_CASE_CLOSED, "case.closed")                                                         \
    X(WEBHOOKS_STOCK_RAN_OUT, "stock.ran_out")                                                     \
    X(WEBHOOKS_STOCK_CAME_BACK, "stock.came_back")                                                 \
    X(WEBHOOKS_TEST, "webhook.test")
SHAPE_ENUM_DECLARE(webhooks_type, WEBHOOKS_TYPES);

#define WEBHOOKS_STATES(X) X(WEBHOOKS_ON, "on") X(WEBHOOKS_OFF, "off")
SHAPE_ENUM_DECLARE(webhooks_state, WEBHOOKS_STATES);

#define WEBHOOKS_DELIVERY_STATES(X)                                                                \
    X(WEBHOOKS_WAITING, "waiting")                                                                 \
    X(WEBHOOKS_DELIVERED, "delivered")                                                             \
    X(WEBHOOKS_FAILED, "failed")                                                                   \
    X(WEBHOOKS_DROPPED, "dropped")
SHAPE_ENUM_DECLARE(webhooks_delivery_state, WEBHOOKS_DELIVERY_STATES);

/* ---- endpoints ---- */
#define WEBHOOKS_DRAFT_FIELDS(F, S)                                                                \
    F(S, TEXT, url, .required = true, .min = 8, .max = 500,                                        \
      .about = "https, of the public internet")                                                    \
    F(S, TEXT, about, .max = 100, .about = "which system it is")                                   \
    F(S, TEXTS, types, .required = true, .min = 1, .max = 20)                                      \
    F(S, ENUM, state, webhooks_state)
SHAPE_DECLARE(webhooks_draft, WEBHOOKS_DRAFT_FIELDS);

#define WEBHOOKS_ENDPOINT_FIELDS(F, S)                                                             \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, url)                                                                                \
    F(S, TEXT, about)                                                                              \
    F(S, TEXTS, types)                                                                             \
    F(S, ENUM, state, webhooks_state)                                                              \
    F(S, TEXT, why_off, .optional = true, .about = "asked | gone (it said 410) | failing")         \
    F(S, TIME, failing_since, .optional = true)                                                    \
    F(S, TIME, answered_at, .optional = true)                                                      \
    F(S, TIME, old_secret_until, .optional = true, .about = "until then two secrets sign")         \
    F(S, TIME, made_at)                                                                            \
    F(S, TEXT, secret, .optional = true, .secret = true, .about = "whsec_...; shown this once")
SHAPE_DECLARE(webhooks_endpoint, WEBHOOKS_ENDPOINT_FIELDS);
SHAPE_DECLARE_PAGE(webhooks_endpoint);

/* Every call here is for who may `connect` with the scope of all; others find nothing. */
refusal webhooks_list(struct request *q, struct webhooks_endpoint_page *ret_page);
refusal webhooks_read(struct request *q, int64_t endpoint_id,
                      struct webhooks_endpoint *ret_endpoint);
/* The secret is in the reply and nowhere else ever again. */
refusal webhooks_add(struct request *q, const struct webhooks_draft *draft,
                     struct webhooks_endpoint *ret_endpoint);
refusal webhooks_change(struct request *q, int64_t endpoint_id, const struct webhooks_draft *draft,
                        struct webhooks_endpoint *ret_endpoint);
refusal webhooks_remove(struct request *q, int64_t endpoint_id);
/* A new secret; the one before it goes on signing for a day. */
refusal webhooks_rotate(struct request *q, int64_t endpoint_id,
                        struct webhooks_endpoint *ret_endpoint);

/* ---- deliveries ---- */
#define WEBHOOKS_DELIVERY_FIELDS(F, S)                                                             \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, type)                                                                               \
    F(S, TEXT, payload, .about = "the very bytes that are signed and sent")                        \
    F(S, ENUM, state, webhooks_delivery_state)                                                     \
    F(S, INT, tries)                                                                               \
    F(S, INT, status, .about = "of the newest answer; 0: none came")                               \
    F(S, TEXT, trouble, .optional = true,                                                          \
      .about = "why none came: address | name | connection | tls | time | other")                  \
    F(S, TEXT, answer, .optional = true, .about = "its first bytes")                               \
    F(S, TIME, made_at)                                                                            \
    F(S, TIME, tried_at, .optional = true)                                                         \
    F(S, TIME, next_at, .optional = true)
SHAPE_DECLARE(webhooks_delivery, WEBHOOKS_DELIVERY_FIELDS);
SHAPE_DECLARE_PAGE(webhooks_delivery);

#define WEBHOOKS_DELIVERY_QUERY_FIELDS(F, S)                                                       \
    F(S, INT, limit, .min = 1, .max = 50, .fallback = 20)                                          \
    F(S, ID, after)
SHAPE_DECLARE(webhooks_delivery_query, WEBHOOKS_DELIVERY_QUERY_FIELDS);

/* The newest first. */
refusal webhooks_deliveries(struct request *q, int64_t endpoint_id,
                            const struct webhooks_delivery_query *query,
                            struct webhooks_delivery_page *ret_page);
/* Sends one that ended once more, now, with the same id. */
refusal webhooks_resend(struct request *q, int64_t endpoint_id, int64_t delivery_id,
                        struct webhooks_delivery *ret_delivery);
/* Sends "webhook.test". */
refusal webhooks_test(struct request *q, int64_t endpoint_id,
                      struct webhooks_delivery *ret_delivery);

extern const struct room webhooks_room;

#endif

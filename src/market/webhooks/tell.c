/* From facts to deliveries. What is written here is written in the transaction of the fact: it is
 * told if and only if it happened. */
#include "ground/jobs/jobs.h"
#include "market/webhooks/inside.h"

SHAPE_DEFINE(webhooks_order_event, WEBHOOKS_ORDER_EVENT_FIELDS);
SHAPE_DEFINE(webhooks_case_event, WEBHOOKS_CASE_EVENT_FIELDS);
SHAPE_DEFINE(webhooks_stock_event, WEBHOOKS_STOCK_EVENT_FIELDS);
SHAPE_DEFINE(webhooks_test_event, WEBHOOKS_TEST_EVENT_FIELDS);

enum { PAYLOAD_BYTES_MAX = 20 * 1000 };

#define WEBHOOKS_WISH_FIELDS(F, S) F(S, ID, id) F(S, TEXT, types)
SHAPE_DECLARE(webhooks_wish, WEBHOOKS_WISH_FIELDS);
SHAPE_DEFINE(webhooks_wish, WEBHOOKS_WISH_FIELDS);

static struct text payload_of(struct request *q, const struct webhooks_event *event) {
    struct buffer json = buffer_make(q->arena, PAYLOAD_BYTES_MAX);
    struct text type = shape_enum_text(&webhooks_type_enum, event->type);
    buffer_add_format(&json, "{\"type\":\"%.*s\",\"timestamp\":\"", (int)type.length, type.bytes);
    instant_write(&json, q->now);
    buffer_add_literal(&json, "\",\"data\":");
    shape_write_json(event->shape, &json, event->data);
    buffer_add_char(&json, '}');
    return buffer_text(&json);
}

refusal webhooks_ask_delivery(struct request *q, int64_t endpoint_id, int64_t delivery_id,
                              struct instant due) {
    return jobs_ask(q, "webhooks.deliver", delivery_id,
                    text_format(q->arena, "%lld", (long long)endpoint_id), due);
}

static refusal put(struct request *q, int64_t endpoint_id, struct text type, struct text payload,
                   int64_t *ret_delivery_id) {
    int64_t id = request_new_id(q);
    TRY(db_run(q->db,
               SQL("iitti", "INSERT INTO webhooks_delivery (endpoint_id, id, type, payload, state, "
                            "tries, status, trouble, answer, made_at, tried_at, next_at) "
                            "VALUES ($1, $2, $3, $4, 'waiting', 0, 0, '', '', $5, 0, $5)"),
               PARAMS(endpoint_id, id, type, payload, q->now), NULL));
    if (ret_delivery_id) *ret_delivery_id = id;
    return webhooks_ask_delivery(q, endpoint_id, id, q->now);
}

refusal webhooks_tell_one(struct request *q, int64_t endpoint_id,
                          const struct webhooks_event *event, int64_t *ret_delivery_id) {
    struct text type = shape_enum_text(&webhooks_type_enum, event->type);
    return put(q, endpoint_id, type, payload_of(q, event), ret_delivery_id);
}

/* Types are kept as ",order.paid,stock.ran_out,". */
static bool wants(const struct webhooks_wish *wish, struct request *q, struct text type) {
    struct text word = text_format(q->arena, ",%.*s,", (int)type.length, type.bytes);
    return text_find(wish->types, word, 0) != SIZE_MAX;
}

refusal webhooks_tell(struct request *q, const struct webhooks_event *event) {
    struct webhooks_wish_list wishes;
    TRY(db_rows(q->db,
                SQL("i", "SELECT id, types FROM webhooks_endpoint WHERE state = 'on' "
                         "ORDER BY id LIMIT $1"),
                PARAMS((int64_t)WEBHOOKS_ENDPOINTS_MAX), &webhooks_wish_shape, &wishes));
    if (wishes.count == 0) return NULL;
    struct text type = shape_enum_text(&webhooks_type_enum, event->type);
    struct text payload = payload_of(q, event);
    /* However many listen, what is told is never the reason that it does not happen. */
    db_allow(q->db, 1 + 2 * (int64_t)wishes.count);
    for (size_t i = 0; i < wishes.count; i++)
        if (wants(&wishes.items[i], q, type)) TRY(put(q, wishes.items[i].id, type, payload, NULL));
    return NULL;
}

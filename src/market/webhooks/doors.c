/* The doors of the endpoints' keeper, and what the other rooms announce. */
#include "market/aftersales/aftersales.h"
#include "market/orders/orders.h"
#include "market/stock/stock.h"
#include "market/webhooks/inside.h"

#define WEBHOOKS_PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(webhooks_path, WEBHOOKS_PATH_FIELDS);
SHAPE_DEFINE(webhooks_path, WEBHOOKS_PATH_FIELDS);

#define WEBHOOKS_DELIVERY_PATH_FIELDS(F, S)                                                        \
    F(S, ID, id, .required = true) F(S, ID, delivery_id, .required = true)
SHAPE_DECLARE(webhooks_delivery_path, WEBHOOKS_DELIVERY_PATH_FIELDS);
SHAPE_DEFINE(webhooks_delivery_path, WEBHOOKS_DELIVERY_PATH_FIELDS);

static int64_t path_id(const struct request *q) {
    const struct webhooks_path *path = q->path;
    return path->id;
}

static refusal get_endpoints(struct request *q) { return webhooks_list(q, q->reply); }
static refusal get_endpoint(struct request *q) { return webhooks_read(q, path_id(q), q->reply); }
static refusal post_endpoint(struct request *q) { return webhooks_add(q, q->body, q->reply); }
static refusal put_endpoint(struct request *q) {
    return webhooks_change(q, path_id(q), q->body, q->reply);
}
static refusal delete_endpoint(struct request *q) { return webhooks_remove(q, path_id(q)); }
static refusal post_secret(struct request *q) { return webhooks_rotate(q, path_id(q), q->reply); }
static refusal post_test(struct request *q) { return webhooks_test(q, path_id(q), q->reply); }
static refusal get_deliveries(struct request *q) {
    return webhooks_deliveries(q, path_id(q), q->query, q->reply);
}
static refusal post_resend(struct request *q) {
    const struct webhooks_delivery_path *path = q->path;
    return webhooks_resend(q, path->id, path->delivery_id, q->reply);
}

static const struct route doors[] = {
    {GET, "/api/webhooks", MAY(connect), "The endpoints that hear of what happens here",
     .reply = &webhooks_endpoint_page_shape, .handle = get_endpoints},
    {POST, "/api/webhooks", MAY(connect), "Add an endpoint; its secret is shown this once",
     .body = &webhooks_draft_shape, .reply = &webhooks_endpoint_shape, .status = 201,
     .handle = post_endpoint, .writes = true, .secret_reply = true},
    {GET, "/api/webhooks/{id}", MAY(connect), "One endpoint", .path = &webhooks_path_shape,
     .reply = &webhooks_endpoint_shape, .handle = get_endpoint},
    {PUT, "/api/webhooks/{id}", MAY(connect), "Change an endpoint, put it on or off",
     .path = &webhooks_path_shape, .body = &webhooks_draft_shape, .reply = &webhooks_endpoint_shape,
     .handle = put_endpoint, .writes = true},
    {DELETE, "/api/webhooks/{id}", MAY(connect), "Remove an endpoint", .path = &webhooks_path_shape,
     .handle = delete_endpoint, .writes = true},
    {POST, "/api/webhooks/{id}/secrets", MAY(connect),
     "A new secret, shown this once; the one before it signs beside it for a day",
     .path = &webhooks_path_shape, .reply = &webhooks_endpoint_shape, .status = 201,
     .handle = post_secret, .writes = true, .secret_reply = true},
    {POST, "/api/webhooks/{id}/tests", MAY(connect), "Send a test message",
     .path = &webhooks_path_shape, .reply = &webhooks_delivery_shape, .status = 201,
     .handle = post_test, .writes = true},
    {GET, "/api/webhooks/{id}/deliveries", MAY(connect), "What was sent, and what was answered",
     .path = &webhooks_path_shape, .query = &webhooks_delivery_query_shape,
     .reply = &webhooks_delivery_page_shape, .handle = get_deliveries},
    {POST, "/api/webhooks/{id}/deliveries/{delivery_id}/resends", MAY(connect),
     "Send a message once more", .path = &webhooks_delivery_path_shape,
     .reply = &webhooks_delivery_shape, .status = 201, .handle = post_resend, .writes = true},
};

/* ---- what is heard ---- */

static refusal tell_order(struct request *q, const struct orders_told *told,
                          enum webhooks_type type, const char *state) {
    const struct webhooks_order_event data = {told->order_id, told->seller_id, text_of(state),
                                              told->amount};
    return webhooks_tell(q, &(struct webhooks_event){type, &webhooks_order_event_shape, &data});
}

static refusal hear_paid(struct request *q, const void *data) {
    return tell_order(q, data, WEBHOOKS_ORDER_PAID, "paid");
}
static refusal hear_shipped(struct request *q, const void *data) {
    return tell_order(q, data, WEBHOOKS_ORDER_SHIPPED, "shipped");
}
static refusal hear_received(struct request *q, const void *data) {
    return tell_order(q, data, WEBHOOKS_ORDER_RECEIVED, "received");
}
static refusal hear_completed(struct request *q, const void *data) {
    return tell_order(q, data, WEBHOOKS_ORDER_COMPLETED, "completed");
}
static refusal hear_refunded(struct request *q, const void *data) {
    return tell_order(q, data, WEBHOOKS_ORDER_REFUNDED, "refunded");
}

static refusal hear_case_closed(struct request *q, const void *data) {
    const struct aftersales_told *told = data;
    const struct webhooks_case_event event = {
        told->case_id, told->order_id, told->seller_id,
        shape_enum_text(&aftersales_outcome_enum, told->outcome), told->refunded};
    return webhooks_tell(
        q, &(struct webhooks_event){WEBHOOKS_CASE_CLOSED, &webhooks_case_event_shape, &event});
}

static refusal tell_stock(struct request *q, const struct stock_line *line,
                          enum webhooks_type type) {
    const struct webhooks_stock_event data = {line->goods_id, line->sku_id, line->count};
    return webhooks_tell(q, &(struct webhooks_event){type, &webhooks_stock_event_shape, &data});
}

static refusal hear_ran_out(struct request *q, const void *data) {
    return tell_stock(q, data, WEBHOOKS_STOCK_RAN_OUT);
}
static refusal hear_came_back(struct request *q, const void *data) {
    return tell_stock(q, data, WEBHOOKS_STOCK_CAME_BACK);
}

static const struct listener listeners[] = {
    {&orders_was_paid, hear_paid},         {&orders_was_shipped, hear_shipped},
    {&orders_was_received, hear_received}, {&orders_was_completed, hear_completed},
    {&orders_was_refunded, hear_refunded}, {&aftersales_case_closed, hear_case_closed},
    {&stock_ran_out, hear_ran_out},        {&stock_came_back, hear_came_back},
};

static const struct job_kind jobs[] = {
    {.name = "webhooks.deliver",
     .call = webhooks_deliver_outside,
     .run = webhooks_deliver_inside,
     .is_unhurried = true},
    {.name = "webhooks.sweep", .run = webhooks_sweep, .every_ms = HOUR_MS},
};

const struct room webhooks_room = {
    .name = "webhooks",
    .schema = "src/market/webhooks/schema.sql",
    .routes = ROOM_LIST(doors),
    .listeners = ROOM_LIST(listeners),
    .jobs = ROOM_LIST(jobs),
    .check = webhooks_check,
};

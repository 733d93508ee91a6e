#include "ground/audit/audit.h"
#include "market/orders/bag.h"
#include "market/orders/book.h"
#include "market/orders/freight.h"
#include "market/orders/quote.h"

#define ID_PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(orders_path, ID_PATH_FIELDS);
SHAPE_DEFINE(orders_path, ID_PATH_FIELDS);

#define SKU_PATH_FIELDS(F, S) F(S, ID, sku_id, .required = true)
SHAPE_DECLARE(bag_path, SKU_PATH_FIELDS);
SHAPE_DEFINE(bag_path, SKU_PATH_FIELDS);

static int64_t path_id(const struct request *q) {
    const struct orders_path *path = q->path;
    return path->id;
}

static int64_t path_sku(const struct request *q) {
    const struct bag_path *path = q->path;
    return path->sku_id;
}

static refusal get_bag(struct request *q) { return bag_read(q, q->reply); }
static refusal put_bag_line(struct request *q) {
    return bag_set(q, path_sku(q), q->body, q->reply);
}
static refusal delete_bag_line(struct request *q) { return bag_remove(q, path_sku(q), q->reply); }
static refusal post_quote(struct request *q) { return quote_answer(q, q->body, q->reply); }
static refusal post_order(struct request *q) { return orders_place(q, q->body, q->reply); }
static refusal get_orders(struct request *q) { return orders_list(q, q->query, q->reply); }
static refusal get_order(struct request *q) { return orders_read(q, path_id(q), q->reply); }

static refusal post_cancellation(struct request *q) {
    TRY(orders_cancel(q, path_id(q)));
    return orders_read(q, path_id(q), q->reply);
}

static refusal post_shipment(struct request *q) {
    TRY(orders_ship(q, path_id(q), q->body));
    return orders_read(q, path_id(q), q->reply);
}

static refusal post_shipment_batch(struct request *q) {
    return orders_ship_batch(q, q->body, q->reply);
}

static refusal post_shipment_event(struct request *q) {
    TRY(orders_note_transit(q, path_id(q), q->body));
    return orders_read(q, path_id(q), q->reply);
}

static refusal post_receipt(struct request *q) {
    TRY(orders_receive(q, path_id(q)));
    return orders_read(q, path_id(q), q->reply);
}

/* A seller's freight is set by who keeps it and by who operates where it is. */
static refusal reach_freight(struct request *q, int64_t seller_id, const char *field) {
    struct owner owner = {0};
    if (seller_id) {
        refusal refused = catalog_seller_owner(q, seller_id, &owner);
        if (refused && refused->kind != PROBLEM_NOT_FOUND) return refused;
        if (!refused && (request_reaches(q, PERMISSION_sell, owner) ||
                         request_reaches(q, PERMISSION_operate, owner)))
            return NULL;
    } else if (request_reaches(q, PERMISSION_operate, owner)) {
        return NULL;
    }
    return refuse(q, NOT_FOUND, field, "没有这个卖家", "there is no such seller");
}

static refusal put_freight_rule(struct request *q) {
    const struct freight_rule *rule = q->body;
    struct buffer json = buffer_make(q->arena, 1000);
    TRY(reach_freight(q, rule->seller_id, "seller_id"));
    TRY(freight_put(q, rule));
    *(struct freight_rule *)q->reply = *rule;
    shape_write_json(&freight_rule_shape, &json, rule);
    return audit_write(q, &(struct audit_act){.action = "orders.set_freight",
                                              .subject = "seller",
                                              .subject_id = rule->seller_id,
                                              .after = buffer_text(&json)});
}

/* The house's own rules are no secret: every quote tells them. */
static refusal get_freight_rules(struct request *q) {
    const struct freight_query *query = q->query;
    if (query->seller) TRY(reach_freight(q, query->seller, "seller"));
    return freight_list(q, query, q->reply);
}

/* A hundred orders of up to twenty lines each, two statements a line and eleven an order. */
enum { ORDERS_BATCH_STATEMENTS_MAX = ORDERS_BATCH_MAX * (11 + 2 * ORDERS_LINES_MAX) };

static const struct route doors[] = {
    {GET, "/api/cart", MAY(buy), "The bag", .reply = &bag_shape, .handle = get_bag},
    {PUT, "/api/cart/lines/{sku_id}", MAY(buy), "Set how many of a SKU lie in the bag",
     .path = &bag_path_shape, .body = &bag_put_shape, .reply = &bag_shape, .handle = put_bag_line,
     .writes = true},
    {DELETE, "/api/cart/lines/{sku_id}", MAY(buy), "Take a SKU out of the bag",
     .path = &bag_path_shape, .reply = &bag_shape, .handle = delete_bag_line, .writes = true},
    {POST, "/api/quotes", PUBLIC, "What some lines cost, delivered", .body = &quote_draft_shape,
     .reply = &quote_shape, .handle = post_quote},
    {POST, "/api/orders", MAY(buy), "Place an order", .body = &orders_draft_shape,
     .reply = &orders_purchase_shape, .status = 201, .handle = post_order, .writes = true,
     .sells = true},
    {GET, "/api/orders", MAY(buy), "Orders of one's own, or of a seller one keeps",
     .query = &orders_list_query_shape, .reply = &orders_card_page_shape, .handle = get_orders},
    {GET, "/api/orders/{id}", MAY(buy), "One order", .path = &orders_path_shape,
     .reply = &orders_order_shape, .handle = get_order},
    {POST, "/api/orders/{id}/cancellation", MAY(buy), "Give an unpaid order up",
     .path = &orders_path_shape, .body = &orders_reason_shape, .reply = &orders_order_shape,
     .handle = post_cancellation, .writes = true, .sells = true},
    {POST, "/api/orders/{id}/shipment", MAY(sell), "The parcel was handed over",
     .path = &orders_path_shape, .body = &orders_shipment_shape, .reply = &orders_order_shape,
     .handle = post_shipment, .writes = true},
    {POST, "/api/shipment-batches", MAY(sell), "Up to a hundred parcels were handed over",
     .body = &orders_batch_draft_shape, .reply = &orders_batch_shape, .handle = post_shipment_batch,
     .writes = true, .statement_max = ORDERS_BATCH_STATEMENTS_MAX},
    {POST, "/api/orders/{id}/shipment-events", MAY(sell), "Where the parcel is",
     .path = &orders_path_shape, .body = &orders_shipment_event_shape, .reply = &orders_order_shape,
     .status = 201, .handle = post_shipment_event, .writes = true},
    {POST, "/api/orders/{id}/receipt", MAY(buy), "The parcel arrived", .path = &orders_path_shape,
     .reply = &orders_order_shape, .handle = post_receipt, .writes = true},
    {GET, "/api/freight-rules", MAY(account), "The freight of a seller, or of the house",
     .query = &freight_query_shape, .reply = &freight_rule_page_shape, .handle = get_freight_rules},
    {PUT, "/api/freight-rules", MAY(account),
     "Set the freight of a seller, or of the house, for a region", .body = &freight_rule_shape,
     .reply = &freight_rule_shape, .handle = put_freight_rule, .writes = true},
};

static const struct listener listeners[] = {
    {&people_closing, orders_hear_leaving},
    {&people_wiped, bag_hear_wiped},
    {&people_export_asked, orders_hear_export},
    {&people_unmask_asked, orders_hear_unmask},
};

static const struct job_kind jobs[] = {
    {.name = "orders.expire", .run = orders_expire_purchase},
    {.name = "orders.receive", .run = orders_receive_when_due},
    {.name = "orders.complete", .run = orders_complete_when_due},
    {.name = "orders.place_sellers", .run = orders_place_sellers, .every_ms = HOUR_MS},
};

const struct room orders_room = {
    .name = "orders",
    .schema = "src/market/orders/schema.sql",
    .routes = ROOM_LIST(doors),
    .listeners = ROOM_LIST(listeners),
    .jobs = ROOM_LIST(jobs),
    .check = orders_check,
};

/* What a seller does to the stock by hand. The list of it, which shows titles, is a door of the
 * catalogue. */
#include "ground/audit/audit.h"
#include "market/stock/stock.h"

enum { BY_HAND_COUNT_MAX = 1000000 };

#define STOCK_RECEIPT_FIELDS(F, S)                                                                 \
    F(S, ID, sku_id, .required = true)                                                             \
    F(S, ID, warehouse_id, .about = "absent: the first warehouse of the SKU")                      \
    F(S, INT, count, .required = true, .min = 1, .max = BY_HAND_COUNT_MAX)                         \
    F(S, TEXT, note, .max = 200)
SHAPE_DECLARE(stock_receipt, STOCK_RECEIPT_FIELDS);
SHAPE_DEFINE(stock_receipt, STOCK_RECEIPT_FIELDS);

#define STOCK_LOSS_FIELDS(F, S)                                                                    \
    F(S, ID, sku_id, .required = true)                                                             \
    F(S, ID, warehouse_id, .about = "absent: the first warehouse of the SKU")                      \
    F(S, INT, count, .required = true, .min = 1, .max = BY_HAND_COUNT_MAX)                         \
    F(S, TEXT, reason, .required = true, .min = 1, .max = 200)
SHAPE_DECLARE(stock_loss, STOCK_LOSS_FIELDS);
SHAPE_DEFINE(stock_loss, STOCK_LOSS_FIELDS);

#define STOCK_COUNTING_FIELDS(F, S)                                                                \
    F(S, ID, sku_id, .required = true)                                                             \
    F(S, ID, warehouse_id, .about = "absent: the first warehouse of the SKU")                      \
    F(S, INT, counted, .required = true, .min = 0, .max = BY_HAND_COUNT_MAX,                       \
      .about = "what lies there, pieces that wait for their parcel included")                      \
    F(S, TEXT, reason, .required = true, .min = 1, .max = 200)
SHAPE_DECLARE(stock_counting, STOCK_COUNTING_FIELDS);
SHAPE_DEFINE(stock_counting, STOCK_COUNTING_FIELDS);

static struct text row_json(struct request *q, const struct stock_row *row) {
    struct buffer json = buffer_make(q->arena, 4096);
    shape_write_json(&stock_row_shape, &json, row);
    return buffer_text(&json);
}

/* A change as the doors ask for it: by SKU alone, and only of one's own seller. */
struct asked {
    int64_t sku_id;
    int64_t warehouse_id;
    int64_t count;
    struct text words;
    const char *action;
    refusal (*change)(struct request *q, const struct stock_change *change);
};

static refusal change_stock(struct request *q, const struct asked *asked) {
    struct stock_row before = {0};
    struct owner owner = {0};
    TRY(stock_row_of(q, asked->sku_id, asked->warehouse_id, &before, &owner.organisation_id));
    if (!request_reaches(q, PERMISSION_sell, owner))
        return refuse(q, NOT_FOUND, "sku_id", "没有这一款的库存", "this is not stocked there");
    const struct stock_change change = {.line = {before.goods_id, before.sku_id, asked->count},
                                        .warehouse_id = before.warehouse_id,
                                        .note = asked->words};
    TRY(asked->change(q, &change));
    struct stock_row *reply = q->reply;
    TRY(stock_row_of(q, before.sku_id, before.warehouse_id, reply, &owner.organisation_id));
    return audit_write(q, &(struct audit_act){.action = asked->action,
                                              .subject = "sku",
                                              .subject_id = before.sku_id,
                                              .before = row_json(q, &before),
                                              .after = row_json(q, reply),
                                              .reason = asked->words});
}

static refusal post_receipt(struct request *q) {
    const struct stock_receipt *body = q->body;
    return change_stock(q, &(struct asked){body->sku_id, body->warehouse_id, body->count,
                                           body->note, "stock.receive", stock_receive});
}

static refusal post_loss(struct request *q) {
    const struct stock_loss *body = q->body;
    return change_stock(q, &(struct asked){body->sku_id, body->warehouse_id, body->count,
                                           body->reason, "stock.lose", stock_lose});
}

static refusal post_counting(struct request *q) {
    const struct stock_counting *body = q->body;
    return change_stock(q, &(struct asked){body->sku_id, body->warehouse_id, body->counted,
                                           body->reason, "stock.count", stock_count});
}

static const struct route stock_doors[] = {
    {POST, "/api/stock/receipts", MAY(sell), "Put pieces that came in on the shelf",
     .body = &stock_receipt_shape, .reply = &stock_row_shape, .status = 201, .handle = post_receipt,
     .writes = true},
    {POST, "/api/stock/losses", MAY(sell), "Take broken, rotten or missing pieces off the shelf",
     .body = &stock_loss_shape, .reply = &stock_row_shape, .status = 201, .handle = post_loss,
     .writes = true},
    {POST, "/api/stock/counts", MAY(sell), "Say what was counted on the shelf",
     .body = &stock_counting_shape, .reply = &stock_row_shape, .status = 201,
     .handle = post_counting, .writes = true},
};

const struct room stock_room = {
    .name = "stock",
    .schema = "src/market/stock/schema.sql",
    .routes = ROOM_LIST(stock_doors),
    .check = stock_check,
};

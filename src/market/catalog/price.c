/* Prices: every price from its first moment on is a row that stays. What a SKU costs now is its
 * newest row; what may be shown beside it as a reference is worked out from the rows before, never
 * typed. */
#include "kernel/base/limits.h"
#include "market/catalog/inside.h"

SHAPE_DEFINE(catalog_price_draft, CATALOG_PRICE_DRAFT_FIELDS);
SHAPE_DEFINE(catalog_price_point, CATALOG_PRICE_POINT_FIELDS);
SHAPE_DEFINE_PAGE(catalog_price_point);

enum { REFERENCE_MS = 7 * DAY_MS };

#define PRICE_NOW_FIELDS(F, S)                                                                     \
    F(S, FEN, price_fen)                                                                           \
    F(S, QTY, net)                                                                                 \
    F(S, TIME, since_at)
SHAPE_DECLARE(price_now, PRICE_NOW_FIELDS);
SHAPE_DEFINE(price_now, PRICE_NOW_FIELDS);

/* The lowest price in force at any time in the seven days before SINCE, and when it was last
 * charged: the end of its time. What was in force when the seven days began counts too. */
static refusal find_reference(struct request *q, const struct catalog_price_change *change,
                              struct instant since, struct price_now *ret_reference) {
    bool found;
    struct price_now reference = {0};
    TRY(db_row(q->db,
               SQL("iiii",
                   "SELECT p.price_fen, COALESCE((SELECT min(n.since_at) FROM catalog_price n "
                   "WHERE n.goods_id = $1 AND n.since_at > p.since_at AND n.since_at < $3 "
                   "AND n.sku_id = $2), $3) AS since_at FROM catalog_price p "
                   "WHERE p.goods_id = $1 AND p.sku_id = $2 AND p.since_at < $3 AND p.since_at >= "
                   "COALESCE((SELECT max(b.since_at) FROM catalog_price b WHERE b.goods_id = $1 "
                   "AND b.sku_id = $2 AND b.since_at <= $4), 0) "
                   "ORDER BY p.price_fen, p.since_at DESC LIMIT 1"),
               PARAMS(change->goods_id, change->sku_id, since, instant_after(since, -REFERENCE_MS)),
               &price_now_shape, &reference, &found));
    if (!found || fen_compare(reference.price_fen, change->price) <= 0)
        reference = (struct price_now){0};
    *ret_reference = reference;
    return NULL;
}

refusal catalog_set_price(struct request *q, const struct catalog_price_change *change) {
    bool found;
    struct price_now now;
    struct price_now reference;
    TRY(catalog_hold_goods(q, change->goods_id, &found));
    if (found)
        TRY(db_row(q->db,
                   SQL("ii", "SELECT price_fen, net_milli, net_unit, price_since_at AS since_at "
                             "FROM catalog_sku WHERE goods_id = $1 AND sku_id = $2"),
                   PARAMS(change->goods_id, change->sku_id), &price_now_shape, &now, &found));
    if (!found) return refuse(q, NOT_FOUND, "", "没有这个规格", "there is no such SKU");
    if (fen_compare(now.price_fen, change->price) == 0) return NULL;
    TRY(catalog_check_unit_price(q, "price_fen", now.net, change->price));
    /* Two changes in one millisecond still follow each other. */
    struct instant since = q->now.ms > now.since_at.ms ? q->now : instant_after(now.since_at, 1);
    TRY(find_reference(q, change, since, &reference));
    TRY(db_run(q->db,
               SQL("iiii", "INSERT INTO catalog_price (goods_id, since_at, sku_id, price_fen) "
                           "VALUES ($1, $2, $3, $4)"),
               PARAMS(change->goods_id, since, change->sku_id, change->price), NULL));
    TRY(db_run(q->db,
               SQL("iiiiii", "UPDATE catalog_sku SET price_fen = $3, price_since_at = $4, "
                             "reference_price_fen = $5, reference_at = $6 "
                             "WHERE goods_id = $1 AND sku_id = $2"),
               PARAMS(change->goods_id, change->sku_id, change->price, since, reference.price_fen,
                      reference.since_at),
               NULL));
    TRY(catalog_refresh_card(q, change->goods_id));
    catalog_changed(q, change->goods_id);
    return NULL;
}

refusal catalog_put_price(struct request *q) {
    const struct catalog_sku_path *path = q->path;
    const struct catalog_price_draft *draft = q->body;
    struct catalog_price_change change = {path->id, path->sku_id, draft->price_fen};
    struct catalog_goods goods;
    TRY(catalog_reach_goods(q, PERMISSION_sell, path->id));
    TRY(catalog_set_price(q, &change));
    struct catalog_act act = {"catalog.price", "sku", path->sku_id};
    TRY(catalog_audit(q, act, &catalog_price_draft_shape, draft));
    TRY(catalog_read_goods(q, path->id, &goods));
    for (size_t i = 0; i < goods.skus.count; i++)
        if (goods.skus.items[i].id == path->sku_id) {
            *(struct catalog_sku *)q->reply = goods.skus.items[i];
            return NULL;
        }
    /* One that a change of the goods took off sale has no price to set. */
    return refuse(q, NOT_FOUND, "", "没有这个规格", "there is no such SKU");
}

refusal catalog_get_prices(struct request *q) {
    const struct catalog_id_path *path = q->path;
    const struct catalog_page_query *query = q->query;
    struct catalog_price_point_page *reply = q->reply;
    struct catalog_key after = {INT64_MAX, INT64_MAX};
    TRY(catalog_key_read(q, query->after, &after));
    TRY(db_rows(q->db,
                SQL("iiii", "SELECT sku_id, price_fen, since_at FROM catalog_price "
                            "WHERE goods_id = $1 AND (since_at, sku_id) < ($2, $3) "
                            "ORDER BY since_at DESC, sku_id DESC LIMIT $4"),
                PARAMS(path->id, after.key, after.id, query->limit + 1), &catalog_price_point_shape,
                &reply->items));
    if (reply->items.count == 0 && query->after.length == 0)
        return refuse(q, NOT_FOUND, "", "没有这件商品", "there is no such goods");
    if (reply->items.count > (size_t)query->limit) {
        reply->items.count = (size_t)query->limit;
        const struct catalog_price_point *last = &reply->items.items[reply->items.count - 1];
        reply->next =
            catalog_key_write(q->arena, (struct catalog_key){last->since_at.ms, last->sku_id});
    }
    return NULL;
}

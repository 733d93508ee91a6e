/* Changing a goods: what it says and which SKUs it has. Prices and stock go their own ways, with
 * their own history. */
#include "kernel/base/limits.h"
#include "market/catalog/inside.h"

SHAPE_DEFINE(catalog_category_view, CATALOG_CATEGORY_VIEW_FIELDS);

/* Those off sale included: orders, stock and prices of the past name them. */
enum { ALL_SKUS_MAX = 60 };

#define KNOWN_SKU_FIELDS(F, S)                                                                     \
    F(S, ID, sku_id)                                                                               \
    F(S, ID, seller_id)                                                                            \
    F(S, FEN, price_fen)
SHAPE_DECLARE(known_sku, KNOWN_SKU_FIELDS);
SHAPE_DEFINE(known_sku, KNOWN_SKU_FIELDS);

static refusal read_known(struct request *q, int64_t goods_id, struct known_sku_list *ret_known) {
    TRY(db_rows(q->db,
                SQL("i", "SELECT s.sku_id, g.seller_id, s.price_fen FROM catalog_sku s "
                         "JOIN catalog_goods g ON g.goods_id = s.goods_id WHERE s.goods_id = $1 "
                         "ORDER BY s.sku_id LIMIT 100"),
                PARAMS(goods_id), &known_sku_shape, ret_known));
    if (ret_known->count) return NULL;
    return refuse(q, NOT_FOUND, "", "没有这件商品", "there is no such goods");
}

static const struct known_sku *known_by(const struct known_sku_list *known, int64_t sku_id) {
    for (size_t i = 0; i < known->count; i++)
        if (known->items[i].sku_id == sku_id) return &known->items[i];
    return NULL;
}

/* The price that a SKU keeps has to go with what the draft says is in it. */
static refusal check_known(struct request *q, const struct known_sku_list *known,
                           const struct catalog_goods_draft *draft, size_t at) {
    const struct catalog_sku_draft *sku = &draft->skus.items[at];
    const struct known_sku *kept = known_by(known, sku->sku_id);
    bool twice = false;
    for (size_t i = 0; i < at; i++) twice |= draft->skus.items[i].sku_id == sku->sku_id;
    if (!kept || twice) {
        struct text field = text_format(q->arena, "skus[%zu].sku_id", at);
        return refuse(q, BAD_INPUT, text_terminated(q->arena, field), "这件商品没有这个规格",
                      "this goods has no such SKU");
    }
    struct text field = text_format(q->arena, "skus[%zu].net", at);
    return catalog_check_unit_price(q, text_terminated(q->arena, field), sku->net, kept->price_fen);
}

static refusal check_against(struct request *q, const struct known_sku_list *known,
                             const struct catalog_goods_draft *draft) {
    size_t new_count = 0;
    if (known->items[0].seller_id != draft->seller_id)
        return refuse(q, BAD_INPUT, "seller_id", "商品不能换店", "a goods stays with its seller");
    for (size_t i = 0; i < draft->skus.count; i++) {
        if (draft->skus.items[i].sku_id)
            TRY(check_known(q, known, draft, i));
        else
            new_count++;
    }
    if (known->count + new_count <= ALL_SKUS_MAX) return NULL;
    return refuse(q, CONFLICT, "skus", "这件商品前后已有太多规格，请另上一件",
                  "this goods has had too many SKUs; begin another one");
}

refusal catalog_check_revision(struct request *q, int64_t goods_id,
                               const struct catalog_goods_draft *draft) {
    struct known_sku_list known;
    TRY(read_known(q, goods_id, &known));
    return check_against(q, &known, draft);
}

/* ---- writing ---- */

static refusal write_words(struct request *q, int64_t goods_id,
                           const struct catalog_goods_draft *draft) {
    struct places_origin origin = places_origin_of(q->arena, draft->place_code);
    TRY(db_run(q->db,
               SQL("iiitttii",
                   "UPDATE catalog_goods SET category_id = $2, place_code = $3, title = $4, "
                   "picture = $5, origin_name = $6, free_freight = $7, changed_at = $8 "
                   "WHERE goods_id = $1"),
               PARAMS(goods_id, draft->category_id, draft->place_code, draft->title,
                      draft->pictures.items[0], origin.short_name, draft->free_freight, q->now),
               NULL));
    return db_run(q->db,
                  SQL("itttt"
                      "ti",
                      "UPDATE catalog_goods_words SET summary = $2, story = $3, pictures = $4, "
                      "facts = $5, piece_name = $6, ship_within_hours = $7 WHERE goods_id = $1"),
                  PARAMS(goods_id, draft->summary, draft->story,
                         catalog_join_texts(q->arena, &draft->pictures),
                         catalog_join_pairs(q->arena, &draft->facts), draft->piece_name,
                         draft->ship_within_hours),
                  NULL);
}

static refusal write_sku(struct request *q, int64_t goods_id, const struct catalog_sku_draft *sku,
                         int64_t sort_order) {
    return db_run(q->db,
                  SQL("iiittt"
                      "itiit",
                      "UPDATE catalog_sku SET sort_order = $3, options = $4, options_text = $5, "
                      "note = $6, net_milli = $7, net_unit = $8, weight_g = $9, "
                      "limit_count = $10, return_policy = $11, on_sale = 1 "
                      "WHERE goods_id = $1 AND sku_id = $2"),
                  PARAMS(goods_id, sku->sku_id, sort_order,
                         catalog_join_pairs(q->arena, &sku->options),
                         catalog_options_text(q->arena, &sku->options), sku->note, sku->net.milli,
                         quantity_unit_name(sku->net.unit), sku->weight_g, sku->limit_count,
                         shape_enum_text(&catalog_return_policy_enum, sku->return_policy)),
                  NULL);
}

refusal catalog_revise_goods(struct request *q, int64_t goods_id,
                             const struct catalog_goods_draft *draft) {
    bool found;
    int64_t sku_id;
    TRY(catalog_hold_goods(q, goods_id, &found));
    TRY(catalog_check_draft(q, goods_id, draft));
    TRY(write_words(q, goods_id, draft));
    TRY(db_run(q->db, SQL("i", "UPDATE catalog_sku SET on_sale = 0 WHERE goods_id = $1"),
               PARAMS(goods_id), NULL));
    for (size_t i = 0; i < draft->skus.count; i++) {
        const struct catalog_sku_draft *sku = &draft->skus.items[i];
        if (sku->sku_id)
            TRY(write_sku(q, goods_id, sku, (int64_t)i));
        else
            TRY(catalog_begin_sku(q, goods_id, draft, i, &sku_id));
    }
    TRY(catalog_refresh_card(q, goods_id));
    TRY(catalog_fill_shelves(q, goods_id));
    return catalog_announce_goods(q, goods_id);
}

/* ---- reading ---- */

#define DRAFT_ROW_FIELDS(F, S)                                                                     \
    F(S, OBJECT, goods, catalog_goods_draft)                                                       \
    F(S, TEXTS, facts)
SHAPE_DECLARE(draft_row, DRAFT_ROW_FIELDS);
SHAPE_DEFINE(draft_row, DRAFT_ROW_FIELDS);

#define DRAFT_SKU_ROW_FIELDS(F, S)                                                                 \
    F(S, OBJECT, sku, catalog_sku_draft)                                                           \
    F(S, TEXTS, options)
SHAPE_DECLARE(draft_sku_row, DRAFT_SKU_ROW_FIELDS);
SHAPE_DEFINE(draft_sku_row, DRAFT_SKU_ROW_FIELDS);

static refusal read_draft_skus(struct request *q, int64_t goods_id,
                               struct catalog_sku_draft_list *ret_skus) {
    struct draft_sku_row_list rows;
    TRY(db_rows(q->db,
                SQL("i",
                    "SELECT sku_id AS \"sku.sku_id\", options, note AS \"sku.note\", "
                    "price_fen AS \"sku.price_fen\", net_milli AS \"sku.net_milli\", "
                    "net_unit AS \"sku.net_unit\", weight_g AS \"sku.weight_g\", "
                    "limit_count AS \"sku.limit_count\", return_policy AS \"sku.return_policy\" "
                    "FROM catalog_sku WHERE goods_id = $1 AND on_sale = 1 "
                    "ORDER BY sort_order, sku_id LIMIT 20"),
                PARAMS(goods_id), &draft_sku_row_shape, &rows));
    ret_skus->items = arena_new(q->arena, struct catalog_sku_draft, rows.count);
    ret_skus->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        ret_skus->items[i] = rows.items[i].sku;
        ret_skus->items[i].options = catalog_split_pairs(q->arena, &rows.items[i].options);
    }
    return NULL;
}

refusal catalog_read_draft(struct request *q, int64_t goods_id,
                           struct catalog_goods_draft *ret_draft) {
    struct draft_row row;
    bool found;
    TRY(db_row(q->db,
               SQL("i",
                   "SELECT g.seller_id AS \"goods.seller_id\", "
                   "g.category_id AS \"goods.category_id\", g.place_code AS \"goods.place_code\", "
                   "g.title AS \"goods.title\", w.summary AS \"goods.summary\", "
                   "w.story AS \"goods.story\", w.pictures AS \"goods.pictures\", w.facts, "
                   "w.piece_name AS \"goods.piece_name\", "
                   "w.ship_within_hours AS \"goods.ship_within_hours\", "
                   "g.free_freight AS \"goods.free_freight\" FROM catalog_goods g "
                   "JOIN catalog_goods_words w ON w.goods_id = g.goods_id WHERE g.goods_id = $1"),
               PARAMS(goods_id), &draft_row_shape, &row, &found));
    if (!found) return refuse(q, NOT_FOUND, "", "没有这件商品", "there is no such goods");
    row.goods.facts = catalog_split_pairs(q->arena, &row.facts);
    TRY(read_draft_skus(q, goods_id, &row.goods.skus));
    *ret_draft = row.goods;
    return NULL;
}

refusal catalog_view_category(struct request *q, int64_t category_id, struct text unit_name,
                              struct catalog_category_view *ret_view) {
    bool found;
    struct catalog_category_view view = {0};
    TRY(db_row(q->db,
               SQL("it",
                   "SELECT c.name, c.processed_food, COALESCE(o.goods_count, 0) AS goods_count, "
                   "COALESCE(o.unit_price_sum, 0) AS unit_price_sum FROM catalog_category c, "
                   "(SELECT count(*) AS goods_count, CAST(sum(s.unit_price_fen) AS BIGINT) "
                   "AS unit_price_sum FROM (SELECT g.unit_price_fen FROM catalog_goods g "
                   "WHERE g.category_id = $1 AND g.on_sale = 1 AND g.unit_name = $2 "
                   "ORDER BY g.goods_id DESC LIMIT 200) AS s) AS o WHERE c.category_id = $1"),
               PARAMS(category_id, unit_name), &catalog_category_view_shape, &view, &found));
    *ret_view = view;
    return NULL;
}

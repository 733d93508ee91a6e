/* Goods with their SKUs: putting them on sale, the goods page, the seller's own list, and what a
 * change of stock does to them. */
#include <assert.h>

#include "kernel/base/limits.h"
#include "market/catalog/inside.h"

SHAPE_DEFINE(catalog_sku, CATALOG_SKU_FIELDS);
SHAPE_DEFINE(catalog_goods, CATALOG_GOODS_FIELDS);
SHAPE_DEFINE(catalog_sku_draft, CATALOG_SKU_DRAFT_FIELDS);
SHAPE_DEFINE(catalog_goods_draft, CATALOG_GOODS_DRAFT_FIELDS);
SHAPE_DEFINE(catalog_sale_draft, CATALOG_SALE_DRAFT_FIELDS);
SHAPE_DEFINE(catalog_own_sku, CATALOG_OWN_SKU_FIELDS);
SHAPE_DEFINE(catalog_own_goods, CATALOG_OWN_GOODS_FIELDS);
SHAPE_DEFINE_PAGE(catalog_own_goods);
SHAPE_DEFINE(catalog_stock_row, CATALOG_STOCK_ROW_FIELDS);
SHAPE_DEFINE_PAGE(catalog_stock_row);
SHAPE_DEFINE(catalog_stock_query, CATALOG_STOCK_QUERY_FIELDS);
SHAPE_DEFINE(catalog_goods_change, CATALOG_GOODS_CHANGE_FIELDS);

enum { OWN_GOODS_MAX = 20, SKUS_MAX = 20 };

/* ---- announcing ---- */

#define CHANGE_COLUMNS                                                                             \
    "g.goods_id, g.on_sale, g.listed_at, g.title, g.seller_name, c.name AS category_name, "        \
    "g.place_code FROM catalog_goods g JOIN catalog_category c ON c.category_id = g.category_id "

refusal catalog_announce_goods(struct request *q, int64_t goods_id) {
    struct catalog_goods_change change;
    bool found;
    TRY(db_row(q->db, SQL("i", "SELECT " CHANGE_COLUMNS "WHERE g.goods_id = $1"), PARAMS(goods_id),
               &catalog_goods_change_shape, &change, &found));
    assert(found);
    catalog_changed(q, goods_id);
    return request_announce(q, &catalog_goods_changed, &change);
}

refusal catalog_goods_changes(struct request *q, int64_t after_goods_id, int64_t limit,
                              struct catalog_goods_change_list *ret_changes) {
    return db_rows(q->db,
                   SQL("ii", "SELECT " CHANGE_COLUMNS "WHERE g.goods_id > $1 "
                             "ORDER BY g.goods_id LIMIT $2"),
                   PARAMS(after_goods_id, limit), &catalog_goods_change_shape, ret_changes);
}

/* ---- putting on sale ---- */

struct text catalog_options_text(struct arena *arena, const struct catalog_pair_list *options) {
    struct buffer words = buffer_make(arena, 1024);
    for (size_t i = 0; i < options->count; i++) {
        if (i) buffer_add_literal(&words, " · ");
        buffer_add_text(&words, options->items[i].value);
    }
    assert(!words.overflowed);
    return buffer_text(&words);
}

static refusal add_sku(struct request *q, int64_t goods_id, const struct catalog_sku_draft *draft,
                       int64_t sort_order, int64_t *ret_sku_id) {
    int64_t id = request_new_id(q);
    TRY(db_run(
        q->db,
        SQL("iiittt"
            "iiitiit",
            "INSERT INTO catalog_sku (goods_id, sku_id, sort_order, options, options_text, note, "
            "price_fen, price_since_at, reference_price_fen, reference_at, net_milli, net_unit, "
            "weight_g, limit_count, return_policy, on_sale, available) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, $10, $11, $12, $13, 1, 0)"),
        PARAMS(goods_id, id, sort_order, catalog_join_pairs(q->arena, &draft->options),
               catalog_options_text(q->arena, &draft->options), draft->note, draft->price_fen,
               q->now, draft->net.milli, quantity_unit_name(draft->net.unit), draft->weight_g,
               draft->limit_count,
               shape_enum_text(&catalog_return_policy_enum, draft->return_policy)),
        NULL));
    TRY(db_run(q->db,
               SQL("iiii", "INSERT INTO catalog_price (goods_id, since_at, sku_id, price_fen) "
                           "VALUES ($1, $2, $3, $4)"),
               PARAMS(goods_id, q->now, id, draft->price_fen), NULL));
    *ret_sku_id = id;
    return NULL;
}

static refusal check_options(struct request *q, const struct catalog_goods_draft *draft) {
    for (size_t i = 0; i < draft->skus.count; i++)
        for (size_t j = 0; j < i; j++)
            if (text_equal(catalog_join_pairs(q->arena, &draft->skus.items[i].options),
                           catalog_join_pairs(q->arena, &draft->skus.items[j].options)))
                return refuse(q, BAD_INPUT, "skus", "有两个规格完全一样",
                              "two SKUs have the same options");
    return NULL;
}

static refusal check_pictures(struct request *q, const struct text_list *pictures) {
    for (size_t i = 0; i < pictures->count; i++) {
        const char *field = text_terminated(q->arena, text_format(q->arena, "pictures[%zu]", i));
        TRY(catalog_own_picture(q, field, pictures->items[i], FILES_GOODS));
    }
    return NULL;
}

static refusal check_goods(struct request *q, const struct catalog_goods_draft *draft,
                           struct text *ret_seller_name) {
    bool found;
    int64_t category_id;
    TRY(catalog_known_place(q, draft->place_code));
    TRY(check_pictures(q, &draft->pictures));
    TRY(db_text(q->db, SQL("i", "SELECT name FROM catalog_seller WHERE seller_id = $1"),
                PARAMS(draft->seller_id), ret_seller_name, &found));
    if (!found) return refuse(q, BAD_INPUT, "seller_id", "没有这家店", "there is no such seller");
    TRY(db_int(q->db, SQL("i", "SELECT category_id FROM catalog_category WHERE category_id = $1"),
               PARAMS(draft->category_id), &category_id, &found));
    if (!found)
        return refuse(q, BAD_INPUT, "category_id", "没有这个分类", "there is no such category");
    for (size_t i = 0; i < draft->skus.count; i++) {
        const struct catalog_sku_draft *sku = &draft->skus.items[i];
        const char *field = text_terminated(q->arena, text_format(q->arena, "skus[%zu].net", i));
        TRY(catalog_check_unit_price(q, field, sku->net, sku->price_fen));
    }
    return check_options(q, draft);
}

static refusal refuse_sku(struct request *q, size_t at) {
    struct text field = text_format(q->arena, "skus[%zu].sku_id", at);
    return refuse(q, BAD_INPUT, text_terminated(q->arena, field), "这件商品没有这个规格",
                  "this goods has no such SKU");
}

refusal catalog_check_draft(struct request *q, int64_t goods_id,
                            const struct catalog_goods_draft *draft) {
    struct text seller_name;
    TRY(check_goods(q, draft, &seller_name));
    if (goods_id) return catalog_check_revision(q, goods_id, draft);
    TRY(catalog_check_units(q, draft));
    for (size_t i = 0; i < draft->skus.count; i++)
        if (draft->skus.items[i].sku_id) return refuse_sku(q, i);
    return NULL;
}

static refusal insert_goods(struct request *q, int64_t id, const struct catalog_goods_draft *draft,
                            struct text seller_name) {
    struct places_origin origin = places_origin_of(q->arena, draft->place_code);
    TRY(db_run(
        q->db,
        SQL("iiiitttt"
            "ii",
            "INSERT INTO catalog_goods (goods_id, seller_id, category_id, place_code, title, "
            "picture, origin_name, seller_name, sku_id, sku_count, price_fen, unit_price_fen, "
            "unit_name, available, free_freight, on_sale, sold_count, listed_at, changed_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, '', 0, $9, 1, 0, $10, $10)"),
        PARAMS(id, draft->seller_id, draft->category_id, draft->place_code, draft->title,
               draft->pictures.items[0], origin.short_name, seller_name, draft->free_freight,
               q->now),
        NULL));
    return db_run(q->db,
                  SQL("itttt"
                      "ti",
                      "INSERT INTO catalog_goods_words (goods_id, summary, story, pictures, "
                      "facts, piece_name, ship_within_hours) "
                      "VALUES ($1, $2, $3, $4, $5, $6, $7)"),
                  PARAMS(id, draft->summary, draft->story,
                         catalog_join_texts(q->arena, &draft->pictures),
                         catalog_join_pairs(q->arena, &draft->facts), draft->piece_name,
                         draft->ship_within_hours),
                  NULL);
}

static refusal count_goods(struct request *q, int64_t seller_id, int64_t difference) {
    request_changed(q, seller_id);
    return db_run(q->db,
                  SQL("ii", "UPDATE catalog_seller SET goods_count = goods_count + $2 "
                            "WHERE seller_id = $1"),
                  PARAMS(seller_id, difference), NULL);
}

refusal catalog_begin_sku(struct request *q, int64_t goods_id,
                          const struct catalog_goods_draft *draft, size_t sort_order,
                          int64_t *ret_sku_id) {
    const struct catalog_sku_draft *sku = &draft->skus.items[sort_order];
    TRY(add_sku(q, goods_id, sku, (int64_t)sort_order, ret_sku_id));
    struct stock_line line = {goods_id, *ret_sku_id, sku->stock_count};
    return stock_begin(q, draft->seller_id, &line, sku->alarm_count, NULL);
}

refusal catalog_add_goods(struct request *q, const struct catalog_goods_draft *draft,
                          int64_t *ret_goods_id, struct shape_ids *ret_sku_ids) {
    struct text seller_name;
    TRY(check_goods(q, draft, &seller_name));
    int64_t id = request_new_id(q);
    TRY(insert_goods(q, id, draft, seller_name));
    ret_sku_ids->items = arena_new(q->arena, int64_t, draft->skus.count);
    ret_sku_ids->count = draft->skus.count;
    for (size_t i = 0; i < draft->skus.count; i++)
        TRY(catalog_begin_sku(q, id, draft, i, &ret_sku_ids->items[i]));
    TRY(catalog_refresh_card(q, id));
    TRY(catalog_fill_shelves(q, id));
    TRY(count_goods(q, draft->seller_id, 1));
    *ret_goods_id = id;
    return catalog_announce_goods(q, id);
}

refusal catalog_put_sale(struct request *q) {
    const struct catalog_id_path *path = q->path;
    const struct catalog_sale_draft *draft = q->body;
    int64_t changed;
    int64_t seller_id;
    TRY(catalog_reach_goods(q, PERMISSION_sell, path->id));
    TRY(db_run(q->db,
               SQL("iii", "UPDATE catalog_goods SET on_sale = $2, changed_at = $3 "
                          "WHERE goods_id = $1 AND on_sale <> $2"),
               PARAMS(path->id, draft->on_sale, q->now), &changed));
    if (changed) {
        TRY(db_int(q->db, SQL("i", "SELECT seller_id FROM catalog_goods WHERE goods_id = $1"),
                   PARAMS(path->id), &seller_id, NULL));
        TRY(count_goods(q, seller_id, draft->on_sale ? 1 : -1));
        TRY(catalog_fill_shelves(q, path->id));
        TRY(catalog_announce_goods(q, path->id));
        struct catalog_act act = {"catalog.sale", "goods", path->id};
        TRY(catalog_audit(q, act, &catalog_sale_draft_shape, draft));
    }
    return catalog_read_goods(q, path->id, q->reply);
}

/* ---- the goods page ---- */

#define GOODS_ROW_FIELDS(F, S)                                                                     \
    F(S, OBJECT, goods, catalog_goods)                                                             \
    F(S, TEXTS, facts)                                                                             \
    F(S, ID, place_code)
SHAPE_DECLARE(goods_row, GOODS_ROW_FIELDS);
SHAPE_DEFINE(goods_row, GOODS_ROW_FIELDS);

#define SKU_ROW_FIELDS(F, S)                                                                       \
    F(S, OBJECT, sku, catalog_sku)                                                                 \
    F(S, TEXTS, options)
SHAPE_DECLARE(sku_row, SKU_ROW_FIELDS);
SHAPE_DEFINE(sku_row, SKU_ROW_FIELDS);

static void dress_sku(struct arena *arena, const struct sku_row *row,
                      const struct stock_level_list *levels, struct catalog_sku *ret_sku) {
    struct catalog_sku sku = row->sku;
    enum quantity_unit unit;
    bool fine = quantity_unit_price(sku.net, sku.price_fen, &sku.unit_price_fen, &unit);
    assert(fine);
    sku.unit_name = quantity_unit_name(unit);
    sku.options = catalog_split_pairs(arena, &row->options);
    for (size_t i = 0; i < levels->count; i++)
        if (levels->items[i].sku_id == sku.id)
            sku.available_count = levels->items[i].available_count;
    *ret_sku = sku;
}

static refusal read_skus(struct request *q, int64_t goods_id, struct catalog_sku_list *ret_skus) {
    struct sku_row_list rows;
    struct stock_level_list levels;
    TRY(db_rows(q->db,
                SQL("i",
                    "SELECT sku_id AS \"sku.id\", options, note AS \"sku.note\", "
                    "price_fen AS \"sku.price_fen\", net_milli AS \"sku.net_milli\", "
                    "net_unit AS \"sku.net_unit\", weight_g AS \"sku.weight_g\", "
                    "limit_count AS \"sku.limit_count\", return_policy AS \"sku.return_policy\", "
                    "reference_price_fen AS \"sku.reference_price_fen\", "
                    "reference_at AS \"sku.reference_at\" FROM catalog_sku "
                    "WHERE goods_id = $1 AND on_sale = 1 ORDER BY sort_order, sku_id LIMIT 100"),
                PARAMS(goods_id), &sku_row_shape, &rows));
    TRY(stock_levels(q, goods_id, &levels));
    ret_skus->items = arena_new(q->arena, struct catalog_sku, rows.count);
    ret_skus->count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        dress_sku(q->arena, &rows.items[i], &levels, &ret_skus->items[i]);
    return NULL;
}

refusal catalog_read_goods(struct request *q, int64_t goods_id, struct catalog_goods *ret_goods) {
    struct goods_row row;
    bool found;
    TRY(db_row(
        q->db,
        SQL("i", "SELECT g.goods_id AS \"goods.id\", g.title AS \"goods.title\", "
                 "w.summary AS \"goods.summary\", w.story AS \"goods.story\", "
                 "w.pictures AS \"goods.pictures\", g.place_code, "
                 "g.category_id AS \"goods.category_id\", c.name AS \"goods.category_name\", "
                 "w.facts, w.piece_name AS \"goods.piece_name\", "
                 "w.ship_within_hours AS \"goods.ship_within_hours\", "
                 "g.sold_count AS \"goods.sold_count\", g.free_freight AS \"goods.free_freight\", "
                 "g.on_sale AS \"goods.on_sale\", "
                 "g.listed_at AS \"goods.listed_at\", " CATALOG_GOODS_SELLER_COLUMNS
                 " FROM catalog_goods g JOIN catalog_goods_words w ON w.goods_id = g.goods_id "
                 "JOIN catalog_category c ON c.category_id = g.category_id "
                 "JOIN catalog_seller s ON s.seller_id = g.seller_id WHERE g.goods_id = $1"),
        PARAMS(goods_id), &goods_row_shape, &row, &found));
    if (!found) return refuse(q, NOT_FOUND, "", "没有这件商品", "there is no such goods");
    struct catalog_goods goods = row.goods;
    goods.origin = places_origin_of(q->arena, row.place_code);
    goods.facts = catalog_split_pairs(q->arena, &row.facts);
    catalog_dress_seller(q->arena, &goods.seller);
    TRY(read_skus(q, goods_id, &goods.skus));
    *ret_goods = goods;
    return NULL;
}

refusal catalog_get_goods(struct request *q) {
    const struct catalog_id_path *path = q->path;
    return catalog_read_goods(q, path->id, q->reply);
}

/* ---- the seller's own list ---- */

#define OWN_SKU_ROW_FIELDS(F, S)                                                                   \
    F(S, ID, goods_id)                                                                             \
    F(S, QTY, net)                                                                                 \
    F(S, OBJECT, sku, catalog_own_sku)
SHAPE_DECLARE(own_sku_row, OWN_SKU_ROW_FIELDS);
SHAPE_DEFINE(own_sku_row, OWN_SKU_ROW_FIELDS);

static void dress_own_sku(const struct own_sku_row *row, const struct stock_level_list *levels,
                          struct catalog_own_sku *ret_sku) {
    struct catalog_own_sku sku = row->sku;
    enum quantity_unit unit;
    bool fine = quantity_unit_price(row->net, sku.price_fen, &sku.unit_price_fen, &unit);
    assert(fine);
    sku.unit_name = quantity_unit_name(unit);
    for (size_t i = 0; i < levels->count; i++) {
        const struct stock_level *level = &levels->items[i];
        if (level->sku_id != sku.sku_id) continue;
        sku.on_hand_count = level->on_hand_count;
        sku.reserved_count = level->reserved_count;
        sku.available_count = level->available_count;
    }
    *ret_sku = sku;
}

static refusal read_own_skus(struct request *q, struct catalog_own_goods_list *goods) {
    int64_t ids[OWN_GOODS_MAX];
    for (size_t i = 0; i < goods->count; i++) ids[i] = goods->items[i].id;
    struct own_sku_row_list rows;
    struct stock_level_list levels;
    TRY(db_rows(q->db,
                SQL("tii", CATALOG_IDS
                    "SELECT s.goods_id, s.net_milli, s.net_unit, s.sku_id AS \"sku.sku_id\", "
                    "s.options_text AS \"sku.options_text\", s.price_fen AS \"sku.price_fen\" "
                    "FROM ids JOIN catalog_sku s ON s.goods_id = ids.id AND s.on_sale = 1 "
                    "ORDER BY ids.n, s.sort_order, s.sku_id LIMIT $3"),
                PARAMS(catalog_ids_text(q->arena, ids, goods->count), (int64_t)goods->count,
                       (int64_t)OWN_GOODS_MAX * SKUS_MAX),
                &own_sku_row_shape, &rows));
    TRY(stock_levels_of(q, ids, goods->count, &levels));
    size_t at = 0;
    for (size_t i = 0; i < goods->count; i++) {
        struct catalog_own_sku_list *skus = &goods->items[i].skus;
        skus->items = arena_new(q->arena, struct catalog_own_sku, SKUS_MAX);
        while (at < rows.count && rows.items[at].goods_id == ids[i] && skus->count < SKUS_MAX)
            dress_own_sku(&rows.items[at++], &levels, &skus->items[skus->count++]);
    }
    return NULL;
}

refusal catalog_own_goods_of(struct request *q, const struct catalog_own_query *query,
                             struct catalog_own_goods_page *ret_page) {
    struct catalog_own_goods_page *reply = ret_page;
    struct catalog_key after = {0, INT64_MAX};
    int64_t limit = query->limit < OWN_GOODS_MAX ? query->limit : OWN_GOODS_MAX;
    TRY(catalog_reach_seller(q, PERMISSION_sell, query->seller_id));
    TRY(catalog_key_read(q, query->after, &after));
    TRY(db_rows(q->db,
                SQL("iii", "SELECT goods_id AS id, title, picture, on_sale, available, sold_count, "
                           "listed_at FROM catalog_goods WHERE seller_id = $1 AND goods_id < $2 "
                           "ORDER BY goods_id DESC LIMIT $3"),
                PARAMS(query->seller_id, after.id, limit + 1), &catalog_own_goods_shape,
                &reply->items));
    if (reply->items.count > (size_t)limit) {
        reply->items.count = (size_t)limit;
        reply->next =
            catalog_key_write(q->arena, (struct catalog_key){0, reply->items.items[limit - 1].id});
    }
    return reply->items.count ? read_own_skus(q, &reply->items) : NULL;
}

refusal catalog_get_own_goods(struct request *q) {
    const struct catalog_id_path *path = q->path;
    const struct catalog_page_query *query = q->query;
    return catalog_own_goods_of(q,
                                &(struct catalog_own_query){.seller_id = path->id,
                                                            .after = query->after,
                                                            .limit = query->limit},
                                q->reply);
}

static struct catalog_stock_row stock_words(const struct stock_row *row,
                                            const struct catalog_offer_list *offers) {
    struct catalog_stock_row shown = {.sku_id = row->sku_id,
                                      .goods_id = row->goods_id,
                                      .warehouse_id = row->warehouse_id,
                                      .warehouse_name = row->warehouse_name,
                                      .on_hand_count = row->on_hand_count,
                                      .reserved_count = row->reserved_count,
                                      .available_count = row->available_count,
                                      .shipped_count = row->shipped_count,
                                      .lost_count = row->lost_count,
                                      .alarm_count = row->alarm_count};
    for (size_t i = 0; i < offers->count; i++) {
        const struct catalog_offer *offer = &offers->items[i];
        if (offer->sku_id != row->sku_id) continue;
        shown.title = offer->title;
        shown.options_text = offer->options_text;
        shown.picture = offer->picture;
    }
    return shown;
}

enum { TITLES_MAX = 1000 };
#define TITLED_FIELDS(F, S) F(S, ID, goods_id) F(S, TEXT, title)
SHAPE_DECLARE(titled, TITLED_FIELDS);
SHAPE_DEFINE(titled, TITLED_FIELDS);

/* A shop's titles are few enough to be looked through: the index of the shop's search holds goods
 * on sale alone, and a shelf may hold others. */
static refusal goods_by_title(struct request *q, const struct catalog_own_query *query,
                              int64_t *ret_ids, size_t *ret_count) {
    struct titled_list goods = {0};
    size_t count = 0;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT goods_id, title FROM catalog_goods WHERE seller_id = $1"
                          " ORDER BY goods_id DESC LIMIT $2"),
                PARAMS(query->seller_id, (int64_t)TITLES_MAX), &titled_shape, &goods));
    for (size_t i = 0; i < goods.count && count < STOCK_GOODS_MAX; i++)
        if (text_find(goods.items[i].title, query->words, 0) != SIZE_MAX)
            ret_ids[count++] = goods.items[i].goods_id;
    *ret_count = count;
    return NULL;
}

refusal catalog_own_stock_of(struct request *q, const struct catalog_own_query *query,
                             struct catalog_stock_row_page *ret_page) {
    _Static_assert((int)STOCK_ROWS_MAX <= (int)CATALOG_OFFERS_MAX, "all words come at once");
    struct catalog_stock_row_page *reply = ret_page;
    struct stock_row_page rows = {0};
    struct catalog_offer_list offers;
    int64_t goods_ids[STOCK_GOODS_MAX];
    int64_t sku_ids[STOCK_ROWS_MAX];
    TRY(catalog_reach_seller(q, PERMISSION_sell, query->seller_id));
    struct stock_query wanted = {query->seller_id, query->after, query->limit,
                                 query->sku_id,    NULL,         0};
    if (!query->sku_id && query->words.length) {
        TRY(goods_by_title(q, query, goods_ids, &wanted.goods_count));
        if (wanted.goods_count == 0) return NULL;
        wanted.goods_ids = goods_ids;
    }
    TRY(stock_rows(q, &wanted, &rows));
    for (size_t i = 0; i < rows.items.count; i++) sku_ids[i] = rows.items.items[i].sku_id;
    TRY(catalog_offers(q, sku_ids, rows.items.count, &offers));
    reply->items.items = arena_new(q->arena, struct catalog_stock_row, rows.items.count);
    reply->items.count = rows.items.count;
    for (size_t i = 0; i < rows.items.count; i++)
        reply->items.items[i] = stock_words(&rows.items.items[i], &offers);
    reply->next = rows.next;
    return NULL;
}

refusal catalog_get_stock(struct request *q) {
    const struct catalog_stock_query *query = q->query;
    return catalog_own_stock_of(q,
                                &(struct catalog_own_query){query->seller, query->after,
                                                            query->limit, query->sku,
                                                            text_trim(query->q)},
                                q->reply);
}

/* ---- what stock announces ---- */

/* The goods is held before its SKUs are read, so that of two SKUs that run out at once the later
 * one sees both. */
static refusal set_available(struct request *q, const struct stock_line *line, bool available) {
    bool found;
    TRY(catalog_hold_goods(q, line->goods_id, &found));
    if (!found) return NULL;
    TRY(db_run(q->db,
               SQL("iii", "UPDATE catalog_sku SET available = $3 "
                          "WHERE goods_id = $1 AND sku_id = $2"),
               PARAMS(line->goods_id, line->sku_id, available), NULL));
    TRY(catalog_refresh_card(q, line->goods_id));
    catalog_changed(q, line->goods_id);
    return NULL;
}

refusal catalog_hear_ran_out(struct request *q, const void *data) {
    return set_available(q, data, false);
}

refusal catalog_hear_came_back(struct request *q, const void *data) {
    return set_available(q, data, true);
}

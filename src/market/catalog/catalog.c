/* What the whole room shares: shapes, offers, the card of a goods, what was sold, the check of the
 * books. */
#include "market/catalog/inside.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "ground/audit/audit.h"
#include "ground/jobs/jobs.h"
#include "kernel/base/limits.h"

SHAPE_ENUM_DEFINE(catalog_return_policy, CATALOG_RETURN_POLICIES);
SHAPE_ENUM_DEFINE(catalog_seller_kind, CATALOG_SELLER_KINDS);
SHAPE_ENUM_DEFINE(catalog_sort, CATALOG_SORTS);
SHAPE_DEFINE(catalog_offer, CATALOG_OFFER_FIELDS);
SHAPE_DEFINE(catalog_card, CATALOG_CARD_FIELDS);
SHAPE_DEFINE_PAGE(catalog_card);
SHAPE_DEFINE(catalog_card_row, CATALOG_CARD_ROW_FIELDS);
SHAPE_DEFINE(catalog_pair, CATALOG_PAIR_FIELDS);
SHAPE_DEFINE(catalog_code_path, CATALOG_CODE_PATH_FIELDS);
SHAPE_DEFINE(catalog_id_path, CATALOG_ID_PATH_FIELDS);
SHAPE_DEFINE(catalog_sku_path, CATALOG_SKU_PATH_FIELDS);
SHAPE_DEFINE(catalog_page_query, CATALOG_PAGE_QUERY_FIELDS);

const struct fact catalog_goods_changed = {"catalog_goods_changed"};
const struct fact catalog_seller_named = {"catalog_seller_named"};
const struct fact catalog_category_named = {"catalog_category_named"};

/* ---- small words ---- */

struct text catalog_ids_text(struct arena *arena, const int64_t *ids, size_t count) {
    enum { DIGITS = 19 };
    char *bytes = arena_take_raw(arena, count * DIGITS + 1);
    for (size_t i = 0; i < count; i++) {
        assert(ids[i] >= 0);
        snprintf(bytes + i * DIGITS, DIGITS + 1, "%019lld", (long long)ids[i]);
    }
    return (struct text){bytes, count * DIGITS};
}

struct text catalog_key_write(struct arena *arena, struct catalog_key key) {
    return text_format(arena, "%lld-%lld", (long long)key.key, (long long)key.id);
}

refusal catalog_key_read(struct request *q, struct text after, struct catalog_key *ret_key) {
    if (after.length == 0) return NULL;
    size_t dash = text_find(after, TEXT("-"), 0);
    struct catalog_key key;
    if (dash == SIZE_MAX || !text_to_int64(text_slice(after, 0, dash), &key.key) ||
        !text_to_int64(text_slice(after, dash + 1, after.length), &key.id) || key.key < 0 ||
        key.id < 0)
        return refuse(q, BAD_INPUT, "after", "请用上一页给出的 next",
                      "use the `next` of the page before");
    *ret_key = key;
    return NULL;
}

struct text catalog_join_texts(struct arena *arena, const struct text_list *texts) {
    struct buffer buffer = buffer_make(arena, LIMIT_BODY_BYTES);
    for (size_t i = 0; i < texts->count; i++) {
        if (i) buffer_add_char(&buffer, '\x1e');
        buffer_add_text(&buffer, texts->items[i]);
    }
    assert(!buffer.overflowed);
    return buffer_text(&buffer);
}

struct text catalog_join_pairs(struct arena *arena, const struct catalog_pair_list *pairs) {
    struct text_list texts = {arena_new(arena, struct text, pairs->count * 2), pairs->count * 2};
    for (size_t i = 0; i < pairs->count; i++) {
        texts.items[i * 2] = pairs->items[i].name;
        texts.items[i * 2 + 1] = pairs->items[i].value;
    }
    return catalog_join_texts(arena, &texts);
}

struct catalog_pair_list catalog_split_pairs(struct arena *arena, const struct text_list *texts) {
    struct catalog_pair_list pairs = {arena_new(arena, struct catalog_pair, texts->count / 2),
                                      texts->count / 2};
    for (size_t i = 0; i < pairs.count; i++)
        pairs.items[i] = (struct catalog_pair){texts->items[i * 2], texts->items[i * 2 + 1]};
    return pairs;
}

/* "/img/" and a name of small letters, digits and dashes: whatever it is, it is on this site. */
static bool is_of_the_shop(struct text picture) {
    struct text before = TEXT("/img/"), behind = TEXT(".webp");
    if (!text_starts(picture, before) || !text_ends(picture, behind)) return false;
    struct text name = text_slice(picture, before.length, picture.length - behind.length);
    for (size_t i = 0; i < name.length; i++) {
        char c = name.bytes[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') return false;
    }
    return name.length > 0;
}

refusal catalog_own_picture(struct request *q, const char *field, struct text picture,
                            enum files_purpose purpose) {
    if (picture.length == 0 || is_of_the_shop(picture)) return NULL;
    if (files_is_address(picture)) return files_require_one(q, picture, field, purpose);
    return refuse(q, BAD_INPUT, field, "要用上传到本站的图片",
                  "must be a picture that was uploaded to this site");
}

refusal catalog_own_path(struct request *q, const char *field, struct text path) {
    bool fine = path.length == 0 || (path.bytes[0] == '/' && !text_starts(path, TEXT("//")) &&
                                     text_find(path, TEXT("\\"), 0) == SIZE_MAX);
    if (fine) return NULL;
    return refuse(q, BAD_INPUT, field, "要填本站的地址，以 / 开头",
                  "must be an address of this site, beginning with /");
}

refusal catalog_known_place(struct request *q, int64_t place_code) {
    struct place place;
    if (places_find(place_code, &place)) return NULL;
    return refuse(q, BAD_INPUT, "place_code", "没有这个地区", "there is no such place");
}

refusal catalog_check_unit_price(struct request *q, const char *field, struct quantity net,
                                 struct fen price) {
    struct fen unit_price;
    enum quantity_unit unit;
    if (quantity_unit_price(net, price, &unit_price, &unit)) return NULL;
    return refuse(q, BAD_INPUT, field, "净含量太小，单价算不出来",
                  "too small: the price of a unit would be out of bounds");
}

/* ---- offers ---- */

static void sort_as_asked(struct catalog_offer_list *offers, const int64_t *sku_ids, size_t count) {
    size_t placed = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = placed; j < offers->count; j++)
            if (offers->items[j].sku_id == sku_ids[i]) {
                struct catalog_offer found = offers->items[j];
                offers->items[j] = offers->items[placed];
                offers->items[placed++] = found;
                break;
            }
}

/* Of one SKU, as most orders are: a list would be a temporary table to SQLite. */
static refusal offer_of(struct request *q, int64_t sku_id, struct catalog_offer_list *ret_offers) {
    return db_rows(
        q->db,
        SQL("i", "SELECT s.sku_id, s.goods_id, g.seller_id, g.seller_name, g.title, "
                 "s.options_text, g.picture, s.price_fen, s.net_milli, s.net_unit, s.weight_g, "
                 "s.limit_count, s.return_policy, g.free_freight, "
                 "s.on_sale * g.on_sale AS on_sale, r.place_code AS seller_place_code "
                 "FROM catalog_sku s JOIN catalog_goods g ON g.goods_id = s.goods_id "
                 "JOIN catalog_seller r ON r.seller_id = g.seller_id "
                 "WHERE s.sku_id = $1"),
        PARAMS(sku_id), &catalog_offer_shape, ret_offers);
}

refusal catalog_offers(struct request *q, const int64_t *sku_ids, size_t sku_count,
                       struct catalog_offer_list *ret_offers) {
    _Static_assert(CATALOG_OFFERS_MAX == 20, "the statement has 20 parameters");
    assert(sku_count <= CATALOG_OFFERS_MAX);
    *ret_offers = (struct catalog_offer_list){0};
    if (sku_count == 0) return NULL;
    if (sku_count == 1) return offer_of(q, sku_ids[0], ret_offers);
    struct db_value values[CATALOG_OFFERS_MAX];
    for (size_t i = 0; i < CATALOG_OFFERS_MAX; i++)
        values[i] = db_value_int(sku_ids[i < sku_count ? i : 0]);
    TRY(db_rows(q->db,
                SQL("iiiiiiiiiiiiiiiiiiii",
                    "SELECT s.sku_id, s.goods_id, g.seller_id, g.seller_name, g.title, "
                    "s.options_text, g.picture, s.price_fen, s.net_milli, s.net_unit, s.weight_g, "
                    "s.limit_count, s.return_policy, g.free_freight, "
                    "s.on_sale * g.on_sale AS on_sale, r.place_code AS seller_place_code "
                    "FROM catalog_sku s JOIN catalog_goods g ON g.goods_id = s.goods_id "
                    "JOIN catalog_seller r ON r.seller_id = g.seller_id "
                    "WHERE s.sku_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
                    "$11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"),
                ((struct db_params){values, CATALOG_OFFERS_MAX}), &catalog_offer_shape,
                ret_offers));
    sort_as_asked(ret_offers, sku_ids, sku_count);
    return NULL;
}

struct catalog_unit_price catalog_unit_price(const struct catalog_offer *offer) {
    struct catalog_unit_price price;
    enum quantity_unit unit;
    bool fine = quantity_unit_price(offer->net, offer->price_fen, &price.price, &unit);
    assert(fine);
    price.unit_name = quantity_unit_name(unit);
    return price;
}

/* ---- the card of a goods ---- */

void catalog_changed(struct request *q, int64_t goods_id) {
    request_changed(q, goods_id);
    request_changed(q, 0);
}

refusal catalog_hold_goods(struct request *q, int64_t goods_id, bool *ret_found) {
    int64_t changed;
    TRY(db_run(q->db, SQL("ii", "UPDATE catalog_goods SET changed_at = $2 WHERE goods_id = $1"),
               PARAMS(goods_id, q->now), &changed));
    *ret_found = changed == 1;
    return NULL;
}

#define CARD_SKU_FIELDS(F, S)                                                                      \
    F(S, ID, sku_id)                                                                               \
    F(S, FEN, price_fen)                                                                           \
    F(S, QTY, net)                                                                                 \
    F(S, BOOL, available)                                                                          \
    F(S, BOOL, on_sale)
SHAPE_DECLARE(card_sku, CARD_SKU_FIELDS);
SHAPE_DEFINE(card_sku, CARD_SKU_FIELDS);

/* Higher is better; among equals the cheaper wins. */
static int card_rank(const struct card_sku *sku) { return sku->on_sale ? 1 + sku->available : 0; }

static const struct card_sku *choose_sku(const struct card_sku_list *skus) {
    const struct card_sku *best = &skus->items[0];
    for (size_t i = 1; i < skus->count; i++) {
        const struct card_sku *sku = &skus->items[i];
        int difference = card_rank(sku) - card_rank(best);
        if (difference > 0 || (difference == 0 && fen_compare(sku->price_fen, best->price_fen) < 0))
            best = sku;
    }
    return best;
}

refusal catalog_refresh_card(struct request *q, int64_t goods_id) {
    struct card_sku_list skus;
    TRY(db_rows(q->db,
                SQL("i", "SELECT sku_id, price_fen, net_milli, net_unit, available, on_sale "
                         "FROM catalog_sku WHERE goods_id = $1 ORDER BY sort_order, sku_id "
                         "LIMIT 100"),
                PARAMS(goods_id), &card_sku_shape, &skus));
    assert(skus.count > 0);
    const struct card_sku *best = choose_sku(&skus);
    int64_t on_sale_count = 0;
    for (size_t i = 0; i < skus.count; i++) on_sale_count += skus.items[i].on_sale;
    struct fen unit_price;
    enum quantity_unit unit;
    bool fine = quantity_unit_price(best->net, best->price_fen, &unit_price, &unit);
    assert(fine);
    TRY(db_run(q->db,
               SQL("iiiiiti",
                   "UPDATE catalog_goods SET sku_id = $2, sku_count = $3, price_fen = $4, "
                   "unit_price_fen = $5, unit_name = $6, available = $7 WHERE goods_id = $1"),
               PARAMS(goods_id, best->sku_id, on_sale_count, best->price_fen, unit_price,
                      quantity_unit_name(unit), card_rank(best) == 2),
               NULL));
    return db_run(q->db,
                  SQL("ii", "UPDATE catalog_shelf SET price_fen = $2 "
                            "WHERE goods_id = $1 AND price_fen <> $2"),
                  PARAMS(goods_id, best->price_fen), NULL);
}

/* ---- what was sold ---- */

refusal catalog_count_sold(struct request *q, int64_t goods_id, int64_t count) {
    if (count == 0) return NULL;
    int64_t changed;
    TRY(db_run(q->db,
               SQL("ii", "UPDATE catalog_goods SET sold_count = sold_count + $2 "
                         "WHERE goods_id = $1 AND sold_count + $2 >= 0"),
               PARAMS(goods_id, count), &changed));
    if (changed == 0)
        return refuse(q, NOT_FOUND, "", "没有这件商品，或者它没有卖出这么多",
                      "there is no such goods, or it has not sold that many");
    /* A row of its own for every sale: the job deletes only what it saw, so no sale between goes
     * uncounted. */
    TRY(db_run(q->db, SQL("ii", "INSERT INTO catalog_recount (goods_id, mark_id) VALUES ($1, $2)"),
               PARAMS(goods_id, request_new_id(q)), NULL));
    request_changed(q, goods_id);
    return NULL;
}

/* A piece of the recount is so small that no buyer waits for it, however much was sold meanwhile.
 */
enum { RECOUNT_GOODS_MAX = 200, RECOUNT_MARKS_MAX = 2000 };

refusal catalog_recount(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    struct catalog_id_path_list due;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT DISTINCT goods_id AS id FROM (SELECT goods_id "
                          "FROM catalog_recount ORDER BY goods_id, mark_id LIMIT $1) AS oldest "
                          "ORDER BY goods_id LIMIT $2"),
                PARAMS((int64_t)RECOUNT_MARKS_MAX, (int64_t)RECOUNT_GOODS_MAX),
                &catalog_id_path_shape, &due));
    if (due.count == 0) return NULL;
    int64_t count = (int64_t)due.count, mark_count = 0;
    struct text ids = catalog_ids_text(q->arena, (const int64_t *)due.items, due.count);
    TRY(db_run(q->db,
               SQL("ti", CATALOG_IDS "UPDATE catalog_shelf SET sold_count = (SELECT g.sold_count "
                                     "FROM catalog_goods g "
                                     "WHERE g.goods_id = catalog_shelf.goods_id) "
                                     "WHERE goods_id IN (SELECT id FROM ids)"),
               PARAMS(ids, count), NULL));
    TRY(db_run(q->db,
               SQL("ti",
                   CATALOG_IDS "UPDATE catalog_seller SET sold_count = "
                               "(SELECT CAST(sum(g.sold_count) AS BIGINT) "
                               "FROM catalog_goods g WHERE g.seller_id = catalog_seller.seller_id) "
                               "WHERE seller_id IN (SELECT g.seller_id FROM ids "
                               "JOIN catalog_goods g ON g.goods_id = ids.id)"),
               PARAMS(ids, count), NULL));
    TRY(db_run(q->db,
               SQL("tii",
                   CATALOG_IDS "DELETE FROM catalog_recount WHERE goods_id IN (SELECT id FROM ids) "
                               "AND (goods_id, mark_id) IN (SELECT goods_id, mark_id "
                               "FROM catalog_recount ORDER BY goods_id, mark_id LIMIT $3)"),
               PARAMS(ids, count, (int64_t)RECOUNT_MARKS_MAX), &mark_count));
    struct catalog_id_path_list sellers;
    TRY(db_rows(q->db,
                SQL("tii", CATALOG_IDS "SELECT DISTINCT g.seller_id AS id FROM ids "
                                       "JOIN catalog_goods g ON g.goods_id = ids.id LIMIT $3"),
                PARAMS(ids, count, (int64_t)RECOUNT_GOODS_MAX), &catalog_id_path_shape, &sellers));
    for (size_t i = 0; i < sellers.count; i++) request_changed(q, sellers.items[i].id);
    request_changed(q, 0);
    bool is_whole = mark_count < RECOUNT_MARKS_MAX && count < RECOUNT_GOODS_MAX;
    return is_whole ? NULL : jobs_ask(q, "catalog.recount", 0, TEXT(""), q->now);
}

/* ---- who may, and what is noted ---- */

refusal catalog_seller_owner(struct request *q, int64_t seller_id, struct owner *ret_owner) {
    bool found;
    struct owner owner = {.organisation_id = seller_id};
    TRY(db_int(q->db, SQL("i", "SELECT place_code FROM catalog_seller WHERE seller_id = $1"),
               PARAMS(seller_id), &owner.place_code, &found));
    if (!found) return refuse(q, NOT_FOUND, "", "没有这家店", "there is no such seller");
    *ret_owner = owner;
    return NULL;
}

refusal catalog_hear_organisation(struct request *q, const void *data) {
    const struct people_organisation *asked = data;
    refusal refused = catalog_seller_owner(q, asked->organisation_id, asked->found);
    return refused && refused->kind == PROBLEM_NOT_FOUND ? NULL : refused;
}

SHAPE_DEFINE(catalog_brief, CATALOG_BRIEF_FIELDS);

refusal catalog_seller_brief(struct request *q, int64_t seller_id,
                             struct catalog_brief *ret_brief) {
    bool found;
    TRY(db_row(q->db,
               SQL("i", "SELECT seller_id, name AS seller_name, place_code, '' AS title "
                        "FROM catalog_seller WHERE seller_id = $1"),
               PARAMS(seller_id), &catalog_brief_shape, ret_brief, &found));
    return found ? NULL : refuse(q, NOT_FOUND, "", "没有这家店", "there is no such seller");
}

refusal catalog_goods_brief(struct request *q, int64_t goods_id, struct catalog_brief *ret_brief) {
    bool found;
    TRY(db_row(q->db,
               SQL("i", "SELECT s.seller_id, s.name AS seller_name, s.place_code, g.title "
                        "FROM catalog_goods g JOIN catalog_seller s ON s.seller_id = g.seller_id "
                        "WHERE g.goods_id = $1"),
               PARAMS(goods_id), &catalog_brief_shape, ret_brief, &found));
    return found ? NULL : refuse(q, NOT_FOUND, "", "没有这件商品", "there is no such goods");
}

refusal catalog_reach_seller(struct request *q, enum permission permission, int64_t seller_id) {
    struct owner owner;
    TRY(catalog_seller_owner(q, seller_id, &owner));
    if (request_reaches(q, permission, owner)) return NULL;
    return refuse(q, NOT_FOUND, "", "没有这家店", "there is no such seller");
}

#define GOODS_OWNER_FIELDS(F, S)                                                                   \
    F(S, ID, organisation_id)                                                                      \
    F(S, ID, place_code)
SHAPE_DECLARE(goods_owner, GOODS_OWNER_FIELDS);
SHAPE_DEFINE(goods_owner, GOODS_OWNER_FIELDS);

refusal catalog_reach_goods(struct request *q, enum permission permission, int64_t goods_id) {
    struct goods_owner row;
    bool found;
    TRY(db_row(q->db,
               SQL("i", "SELECT g.seller_id AS organisation_id, s.place_code FROM catalog_goods g "
                        "JOIN catalog_seller s ON s.seller_id = g.seller_id "
                        "WHERE g.goods_id = $1"),
               PARAMS(goods_id), &goods_owner_shape, &row, &found));
    struct owner owner = {0, found ? row.organisation_id : 0, found ? row.place_code : 0};
    if (found && request_reaches(q, permission, owner)) return NULL;
    return refuse(q, NOT_FOUND, "", "没有这件商品", "there is no such goods");
}

refusal catalog_reach_house(struct request *q) {
    if (request_reaches(q, PERMISSION_operate, (struct owner){0})) return NULL;
    return refuse(q, NOT_FOUND, "", "没有找到", "not found");
}

refusal catalog_audit(struct request *q, struct catalog_act act, const struct shape *shape,
                      const void *draft) {
    struct buffer after = buffer_make(q->arena, LIMIT_REPLY_BYTES);
    shape_write_json(shape, &after, draft);
    return audit_write(q, &(struct audit_act){.action = act.action,
                                              .subject = act.subject,
                                              .subject_id = act.subject_id,
                                              .after = buffer_text(&after)});
}

refusal catalog_is_empty(struct request *q, bool *ret_empty) {
    bool found;
    int64_t seller_id;
    TRY(db_int(q->db, SQL("", "SELECT seller_id FROM catalog_seller LIMIT 1"), NO_PARAMS,
               &seller_id, &found));
    *ret_empty = !found;
    return NULL;
}

/* ---- xiangji check ---- */

static refusal prove(struct request *q, struct check_report *report, int64_t wrong,
                     const char *words) {
    struct text sentence = wrong == 0
                               ? text_of(words)
                               : text_format(q->arena, "%s: %lld do not", words, (long long)wrong);
    report->line(report, wrong == 0, sentence);
    return NULL;
}

static refusal check_prices(struct request *q, struct check_report *report) {
    int64_t wrong;
    TRY(db_int(q->db,
               SQL("", "SELECT count(*) FROM catalog_sku s WHERE NOT EXISTS (SELECT 1 "
                       "FROM catalog_price p WHERE p.goods_id = s.goods_id "
                       "AND p.since_at = s.price_since_at AND p.sku_id = s.sku_id "
                       "AND p.price_fen = s.price_fen) OR EXISTS (SELECT 1 FROM catalog_price p "
                       "WHERE p.goods_id = s.goods_id AND p.since_at > s.price_since_at "
                       "AND p.sku_id = s.sku_id)"),
               NO_PARAMS, &wrong, NULL));
    TRY(prove(q, report, wrong, "every SKU's price is the newest of its history"));
    /* 604800000: the seven days in milliseconds. */
    TRY(db_int(q->db,
               SQL("",
                   "SELECT count(*) FROM catalog_sku s WHERE s.reference_price_fen > 0 "
                   "AND s.reference_price_fen <> (SELECT min(p.price_fen) FROM catalog_price p "
                   "WHERE p.goods_id = s.goods_id AND p.sku_id = s.sku_id "
                   "AND p.since_at < s.price_since_at AND p.since_at >= COALESCE((SELECT "
                   "max(b.since_at) FROM catalog_price b WHERE b.goods_id = s.goods_id "
                   "AND b.sku_id = s.sku_id AND b.since_at <= s.price_since_at - 604800000), 0))"),
               NO_PARAMS, &wrong, NULL));
    return prove(q, report, wrong, "every reference price is the lowest of seven days of history");
}

refusal catalog_check(struct request *q, struct check_report *report) {
    int64_t wrong;
    TRY(check_prices(q, report));
    TRY(db_int(q->db,
               SQL("", "SELECT count(*) FROM catalog_goods g WHERE NOT EXISTS (SELECT 1 "
                       "FROM catalog_sku s WHERE s.goods_id = g.goods_id AND s.sku_id = g.sku_id "
                       "AND s.price_fen = g.price_fen AND s.available * s.on_sale = g.available)"),
               NO_PARAMS, &wrong, NULL));
    TRY(prove(q, report, wrong, "every card shows a SKU of its goods at its price"));
    TRY(db_int(q->db,
               SQL("", "SELECT count(*) FROM catalog_goods g WHERE g.on_sale <> (SELECT count(*) "
                       "FROM catalog_shelf l WHERE l.goods_id = g.goods_id AND l.shelf_kind = 0 "
                       "AND l.shelf_id = 0 "
                       "AND l.price_fen = g.price_fen)"),
               NO_PARAMS, &wrong, NULL));
    TRY(prove(q, report, wrong, "every goods on sale, and no other, stands on the shelf of all"));
    TRY(db_int(q->db,
               SQL("", "SELECT count(*) FROM catalog_seller s WHERE s.goods_count <> (SELECT "
                       "count(*) FROM catalog_goods g WHERE g.seller_id = s.seller_id "
                       "AND g.on_sale = 1)"),
               NO_PARAMS, &wrong, NULL));
    return prove(q, report, wrong, "every seller's number of goods is what it has on sale");
}

/* The shelves: which lists a goods stands in. They are made from the goods itself and from the
 * categories, sections and zones that operators edit; each edit puts the goods that it touches anew
 * with statements over sets. */
#include <assert.h>

#include "ground/jobs/jobs.h"
#include "kernel/base/limits.h"
#include "market/catalog/inside.h"

SHAPE_DEFINE(catalog_category, CATALOG_CATEGORY_FIELDS);
SHAPE_DEFINE_PAGE(catalog_category);
SHAPE_DEFINE(catalog_category_draft, CATALOG_CATEGORY_DRAFT_FIELDS);
SHAPE_DEFINE(catalog_section, CATALOG_SECTION_FIELDS);
SHAPE_DEFINE_PAGE(catalog_section);
SHAPE_DEFINE(catalog_section_draft, CATALOG_SECTION_DRAFT_FIELDS);
SHAPE_DEFINE(catalog_section_goods, CATALOG_SECTION_GOODS_FIELDS);
SHAPE_DEFINE_PAGE(catalog_section_goods);
SHAPE_DEFINE(catalog_section_goods_draft, CATALOG_SECTION_GOODS_DRAFT_FIELDS);
SHAPE_DEFINE(catalog_zone_county, CATALOG_ZONE_COUNTY_FIELDS);
SHAPE_DEFINE(catalog_zone, CATALOG_ZONE_FIELDS);
SHAPE_DEFINE_PAGE(catalog_zone);
SHAPE_DEFINE(catalog_zone_draft, CATALOG_ZONE_DRAFT_FIELDS);
SHAPE_DEFINE(catalog_banner, CATALOG_BANNER_FIELDS);
SHAPE_DEFINE(catalog_banners_draft, CATALOG_BANNERS_DRAFT_FIELDS);
SHAPE_DEFINE(catalog_home, CATALOG_HOME_FIELDS);

enum {
    CATEGORIES_MAX = 500,
    CATEGORY_DEPTH_MAX = 4,
    HOME_SECTIONS = 30, /* and as many zones; all of them stand in their own lists */
    ZONE_COUNTIES_MAX = 60,
    HOME_CARDS = 10 /* of each section on the home page */
};

static const char season_code[] = "season";

/* CROSS JOIN below is an order for SQLite's planner, which has no statistics: the small table
 * first. */

/* ---- the shelves of one goods ---- */

#define SHELF_GOODS_FIELDS(F, S)                                                                   \
    F(S, ID, seller_id)                                                                            \
    F(S, ID, category_id)                                                                          \
    F(S, ID, place_code)                                                                           \
    F(S, FEN, price_fen)                                                                           \
    F(S, INT, sold_count)                                                                          \
    F(S, TIME, listed_at)                                                                          \
    F(S, BOOL, on_sale)
SHAPE_DECLARE(shelf_goods, SHELF_GOODS_FIELDS);
SHAPE_DEFINE(shelf_goods, SHELF_GOODS_FIELDS);

/* The code of the place of LEVEL (1 to 5) that holds CODE. */
static int64_t code_at(int64_t code, int level) {
    static const int64_t units[] = {10000000000, 100000000, 1000000, 1000, 1};
    return code / units[level - 1] * units[level - 1];
}

refusal catalog_fill_shelves(struct request *q, int64_t goods_id) {
    struct shelf_goods goods;
    bool found;
    TRY(db_run(q->db, SQL("i", "DELETE FROM catalog_shelf WHERE goods_id = $1"), PARAMS(goods_id),
               NULL));
    TRY(db_row(q->db,
               SQL("i", "SELECT seller_id, category_id, place_code, price_fen, sold_count, "
                        "listed_at, on_sale FROM catalog_goods WHERE goods_id = $1"),
               PARAMS(goods_id), &shelf_goods_shape, &goods, &found));
    if (!found || !goods.on_sale) return NULL;
    /* A code that is filled up with zeros names the same place on several levels: UNION takes it
     * once. */
    return db_run(
        q->db,
        SQL("iiiiiiiiiiii",
            "INSERT INTO catalog_shelf (goods_id, shelf_kind, shelf_id, listed_at, sold_count, "
            "price_fen, place_code) "
            "WITH RECURSIVE line (category_id) AS (SELECT CAST($2 AS BIGINT) UNION "
            "SELECT c.parent_id FROM catalog_category c JOIN line "
            "ON c.category_id = line.category_id WHERE c.parent_id > 0), "
            "shelf (shelf_kind, shelf_id) AS (SELECT CAST(0 AS BIGINT), CAST(0 AS BIGINT) "
            "UNION SELECT 1, category_id FROM line "
            "UNION SELECT 2, section_id FROM catalog_section_goods WHERE goods_id = $1 "
            "UNION SELECT 3, zone_id FROM catalog_zone_county WHERE place_code = $8 "
            "UNION SELECT 4, CAST($3 AS BIGINT) UNION SELECT 5, CAST($6 AS BIGINT) "
            "UNION SELECT 5, CAST($7 AS BIGINT) UNION SELECT 5, CAST($8 AS BIGINT) "
            "UNION SELECT 5, CAST($9 AS BIGINT) UNION SELECT 5, CAST($10 AS BIGINT)) "
            "SELECT $1, shelf_kind, shelf_id, $11, $12, $4, $5 FROM shelf WHERE shelf_kind >= 0"),
        PARAMS(goods_id, goods.category_id, goods.seller_id, goods.price_fen, goods.place_code,
               code_at(goods.place_code, 1), code_at(goods.place_code, 2),
               code_at(goods.place_code, 3), code_at(goods.place_code, 4), goods.place_code,
               goods.listed_at, goods.sold_count),
        NULL);
}

/* ---- categories ---- */

static refusal read_categories(struct request *q, struct catalog_category_list *ret_categories) {
    return db_rows(
        q->db,
        SQL("i", "SELECT category_id AS id, parent_id, name, picture, sort_order, "
                 "processed_food FROM catalog_category ORDER BY parent_id, sort_order, category_id "
                 "LIMIT $1"),
        PARAMS((int64_t)CATEGORIES_MAX), &catalog_category_shape, ret_categories);
}

refusal catalog_get_categories(struct request *q) {
    struct catalog_category_page *reply = q->reply;
    return read_categories(q, &reply->items);
}

#define CATEGORY_HIT_FIELDS(F, S) F(S, ID, id)
SHAPE_DECLARE(catalog_category_hit, CATEGORY_HIT_FIELDS);
SHAPE_DEFINE(catalog_category_hit, CATEGORY_HIT_FIELDS);

refusal catalog_find_category(struct request *q, struct text name, int64_t *ret_category_id,
                              size_t *ret_count) {
    struct catalog_category_hit_list hits;
    size_t slash = text_find(name, TEXT("/"), 0);
    struct text above = slash == SIZE_MAX ? TEXT("") : text_trim(text_slice(name, 0, slash));
    struct text own = text_trim(text_slice(name, slash == SIZE_MAX ? 0 : slash + 1, name.length));
    TRY(db_rows(q->db,
                SQL("tt", "SELECT c.category_id AS id FROM catalog_category c "
                          "LEFT JOIN catalog_category p ON p.category_id = c.parent_id "
                          "WHERE c.name = $1 AND ($2 = '' OR p.name = $2) "
                          "ORDER BY c.category_id LIMIT 2"),
                PARAMS(own, above), &catalog_category_hit_shape, &hits));
    *ret_count = hits.count;
    if (hits.count) *ret_category_id = hits.items[0].id;
    return NULL;
}

static const struct catalog_category *category_of(const struct catalog_category_list *all,
                                                  int64_t category_id) {
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].id == category_id) return &all->items[i];
    return NULL;
}

/* Whether CATEGORY_ID is OR_BELOW or stands under it; *RET_DEPTH is how many stand above it. */
static bool is_in_branch(const struct catalog_category_list *all, int64_t category_id,
                         int64_t or_below, int *ret_depth) {
    bool inside = false;
    *ret_depth = 0;
    while (category_id && *ret_depth < CATEGORY_DEPTH_MAX + 1) {
        inside = inside || category_id == or_below;
        const struct catalog_category *category = category_of(all, category_id);
        category_id = category ? category->parent_id : 0;
        if (category_id) ++*ret_depth;
    }
    return inside;
}

/* A parent has to exist, may not stand under its own child, and the tree stays shallow enough to be
 * shown. */
static refusal check_parent(struct request *q, const struct catalog_category_list *all,
                            int64_t category_id, int64_t parent_id) {
    if (parent_id == 0) return NULL;
    int depth;
    if (!category_of(all, parent_id))
        return refuse(q, BAD_INPUT, "parent_id", "没有这个上级分类", "there is no such category");
    if (category_id && is_in_branch(all, parent_id, category_id, &depth))
        return refuse(q, BAD_INPUT, "parent_id", "分类不能放到自己下面",
                      "a category cannot stand below itself");
    is_in_branch(all, parent_id, 0, &depth);
    if (depth + 1 >= CATEGORY_DEPTH_MAX)
        return refuse(q, BAD_INPUT, "parent_id", "分类最多 %d 层",
                      "categories have at most %d levels", CATEGORY_DEPTH_MAX);
    return NULL;
}

refusal catalog_add_category(struct request *q, const struct catalog_category_draft *draft,
                             int64_t *ret_category_id) {
    struct catalog_category_list all;
    TRY(catalog_own_picture(q, "picture", draft->picture, FILES_GOODS));
    TRY(read_categories(q, &all));
    TRY(check_parent(q, &all, 0, draft->parent_id));
    if (all.count >= CATEGORIES_MAX)
        return refuse(q, BAD_INPUT, "", "分类最多 %d 个", "at most %d categories", CATEGORIES_MAX);
    int64_t id = request_new_id(q);
    TRY(db_run(q->db,
               SQL("iittii", "INSERT INTO catalog_category (category_id, parent_id, name, picture, "
                             "sort_order, processed_food) VALUES ($1, $2, $3, $4, $5, $6)"),
               PARAMS(id, draft->parent_id, draft->name, draft->picture, draft->sort_order,
                      draft->processed_food),
               NULL));
    request_changed(q, 0);
    *ret_category_id = id;
    return request_announce(q, &catalog_category_named,
                            &(struct catalog_name){id, draft->name, false});
}

refusal catalog_post_category(struct request *q) {
    const struct catalog_category_draft *draft = q->body;
    struct catalog_category *reply = q->reply;
    int64_t id;
    TRY(catalog_reach_house(q));
    TRY(catalog_add_category(q, draft, &id));
    *reply = (struct catalog_category){id,
                                       draft->parent_id,
                                       draft->name,
                                       draft->picture,
                                       draft->sort_order,
                                       draft->processed_food};
    struct catalog_act act = {"catalog.category.add", "category", id};
    return catalog_audit(q, act, &catalog_category_draft_shape, draft);
}

/* The goods of a branch that was moved stand under other categories now. */
static refusal refill_branch(struct request *q, int64_t root_id) {
    struct catalog_category_list all;
    TRY(read_categories(q, &all));
    int64_t *ids = arena_new(q->arena, int64_t, all.count);
    size_t count = 0;
    int depth;
    for (size_t i = 0; i < all.count; i++)
        if (is_in_branch(&all, all.items[i].id, root_id, &depth)) ids[count++] = all.items[i].id;
    assert(count > 0);
    struct text text = catalog_ids_text(q->arena, ids, count);
    TRY(db_run(q->db,
               SQL("ti", CATALOG_IDS
                   "DELETE FROM catalog_shelf WHERE shelf_kind = 1 AND goods_id IN "
                   "(SELECT g.goods_id FROM ids JOIN catalog_goods g ON g.category_id = ids.id)"),
               PARAMS(text, (int64_t)count), NULL));
    return db_run(
        q->db,
        SQL("ti",
            "INSERT INTO catalog_shelf (goods_id, shelf_kind, shelf_id, listed_at, "
            "sold_count, price_fen, place_code) " CATALOG_IDS
            ", line (leaf_id, category_id) AS (SELECT id, id FROM ids UNION "
            "SELECT line.leaf_id, c.parent_id FROM line JOIN catalog_category c "
            "ON c.category_id = line.category_id WHERE c.parent_id > 0) "
            "SELECT g.goods_id, 1, line.category_id, g.listed_at, l.sold_count, g.price_fen, "
            "g.place_code FROM line CROSS JOIN catalog_goods g CROSS JOIN catalog_shelf l "
            "WHERE g.category_id = line.leaf_id AND g.on_sale = 1 AND l.goods_id = g.goods_id "
            "AND l.shelf_kind = 0 AND l.shelf_id = 0"),
        PARAMS(text, (int64_t)count), NULL);
}

refusal catalog_put_category(struct request *q) {
    const struct catalog_id_path *path = q->path;
    const struct catalog_category_draft *draft = q->body;
    struct catalog_category *reply = q->reply;
    struct catalog_category_list all;
    TRY(catalog_reach_house(q));
    TRY(read_categories(q, &all));
    const struct catalog_category *old = category_of(&all, path->id);
    if (!old) return refuse(q, NOT_FOUND, "", "没有这个分类", "there is no such category");
    TRY(catalog_own_picture(q, "picture", draft->picture, FILES_GOODS));
    TRY(check_parent(q, &all, path->id, draft->parent_id));
    TRY(db_run(q->db,
               SQL("iittii", "UPDATE catalog_category SET parent_id = $2, name = $3, picture = $4, "
                             "sort_order = $5, processed_food = $6 WHERE category_id = $1"),
               PARAMS(path->id, draft->parent_id, draft->name, draft->picture, draft->sort_order,
                      draft->processed_food),
               NULL));
    if (old->parent_id != draft->parent_id) TRY(refill_branch(q, path->id));
    if (!text_equal(old->name, draft->name))
        TRY(request_announce(q, &catalog_category_named,
                             &(struct catalog_name){path->id, draft->name, true}));
    request_changed(q, 0);
    *reply = (struct catalog_category){path->id,       draft->parent_id,  draft->name,
                                       draft->picture, draft->sort_order, draft->processed_food};
    struct catalog_act act = {"catalog.category", "category", path->id};
    return catalog_audit(q, act, &catalog_category_draft_shape, draft);
}

/* ---- sections ---- */

/* The first HOW_MANY cards of each section, one statement. */
static refusal read_section_cards(struct request *q, struct catalog_section_list *sections,
                                  int64_t how_many) {
    if (sections->count == 0) return NULL;
    int64_t *ids = arena_new(q->arena, int64_t, sections->count);
    for (size_t i = 0; i < sections->count; i++) ids[i] = sections->items[i].id;
    struct catalog_card_row_list rows;
    TRY(db_rows(q->db,
                SQL("tii",
                    CATALOG_IDS "SELECT c.section_id, c.sort_order AS key, " CATALOG_CARD_COLUMNS
                                " FROM ids JOIN catalog_section_goods c ON c.section_id = ids.id "
                                "JOIN catalog_goods g ON g.goods_id = c.goods_id "
                                "WHERE c.sort_order < $3 AND g.on_sale = 1 "
                                "ORDER BY ids.n, c.sort_order, c.goods_id LIMIT 10000"),
                PARAMS(catalog_ids_text(q->arena, ids, sections->count), (int64_t)sections->count,
                       how_many),
                &catalog_card_row_shape, &rows));
    size_t at = 0;
    for (size_t i = 0; i < sections->count; i++) {
        struct catalog_section *section = &sections->items[i];
        section->goods.items = arena_new(q->arena, struct catalog_card, (size_t)how_many);
        while (at < rows.count && rows.items[at].section_id == section->id)
            section->goods.items[section->goods.count++] = rows.items[at++].card;
    }
    return NULL;
}

#define SECTION_COLUMNS "section_id AS id, code, name, tagline, picture, sort_order, on_home"

/* The sections of the home page in order; the season shelf stands apart and is never cut off. */
static refusal read_home_sections(struct request *q, struct catalog_home *home) {
    struct catalog_section_list all;
    TRY(db_rows(q->db,
                SQL("it", "SELECT " SECTION_COLUMNS " FROM catalog_section WHERE on_home = 1 "
                          "ORDER BY CASE WHEN code = $2 THEN 0 ELSE 1 END, sort_order, code "
                          "LIMIT $1"),
                PARAMS((int64_t)HOME_SECTIONS + 1, season_code), &catalog_section_shape, &all));
    TRY(read_section_cards(q, &all, HOME_CARDS));
    bool has_season = all.count > 0 && text_is(all.items[0].code, season_code);
    if (has_season) home->season = all.items[0].goods;
    home->sections = (struct catalog_section_list){all.items + has_season, all.count - has_season};
    return NULL;
}

/* "ORDER-CODE", where a page of sections or zones ends. A code has dashes, a number has none. */
struct shelf_key {
    int64_t sort_order;
    struct text code;
};

static refusal read_shelf_key(struct request *q, struct text after, struct shelf_key *ret_key) {
    *ret_key = (struct shelf_key){-1, TEXT("")};
    if (after.length == 0) return NULL;
    size_t dash = text_find(after, TEXT("-"), 0);
    struct shelf_key key = {0};
    if (dash == SIZE_MAX || !text_to_int64(text_slice(after, 0, dash), &key.sort_order) ||
        key.sort_order < 0)
        return refuse(q, BAD_INPUT, "after", "请用上一页给出的 next",
                      "use the `next` of the page before");
    key.code = text_slice(after, dash + 1, after.length);
    *ret_key = key;
    return NULL;
}

static struct text write_shelf_key(struct arena *arena, struct shelf_key key) {
    return text_format(arena, "%lld-%.*s", (long long)key.sort_order, (int)key.code.length,
                       key.code.bytes);
}

refusal catalog_get_sections(struct request *q) {
    const struct catalog_page_query *query = q->query;
    struct catalog_section_page *reply = q->reply;
    struct shelf_key after;
    TRY(read_shelf_key(q, query->after, &after));
    TRY(db_rows(q->db,
                SQL("itti", "SELECT " SECTION_COLUMNS " FROM catalog_section WHERE code <> $3 AND "
                            "(sort_order, code) > ($1, $2) ORDER BY sort_order, code LIMIT $4"),
                PARAMS(after.sort_order, after.code, season_code, query->limit + 1),
                &catalog_section_shape, &reply->items));
    if ((int64_t)reply->items.count > query->limit) {
        const struct catalog_section *last = &reply->items.items[query->limit - 1];
        reply->items.count = (size_t)query->limit;
        reply->next = write_shelf_key(q->arena, (struct shelf_key){last->sort_order, last->code});
    }
    return read_section_cards(q, &reply->items, HOME_CARDS);
}

static refusal find_section(struct request *q, struct text code,
                            struct catalog_section *ret_section) {
    bool found;
    TRY(db_row(q->db, SQL("t", "SELECT " SECTION_COLUMNS " FROM catalog_section WHERE code = $1"),
               PARAMS(code), &catalog_section_shape, ret_section, &found));
    if (found) return NULL;
    return refuse(q, NOT_FOUND, "", "没有这个板块", "there is no such section");
}

refusal catalog_get_section(struct request *q) {
    const struct catalog_code_path *path = q->path;
    struct catalog_section *reply = q->reply;
    TRY(find_section(q, path->code, reply));
    struct catalog_section_list one = {reply, 1};
    return read_section_cards(q, &one, LIMIT_LIST_ROWS);
}

/* Codes stand in addresses: small letters, digits and dashes. */
static refusal check_code(struct request *q, struct text code) {
    bool fine = code.length >= 2 && code.length <= 40;
    for (size_t i = 0; fine && i < code.length; i++) {
        char c = code.bytes[i];
        fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }
    if (fine) return NULL;
    return refuse(q, BAD_INPUT, "code", "代号用 2 到 40 个小写字母、数字或短横",
                  "a code has 2 to 40 small letters, digits or dashes");
}

refusal catalog_put_section(struct request *q, struct text code,
                            const struct catalog_section_draft *draft) {
    TRY(check_code(q, code));
    TRY(catalog_own_picture(q, "picture", draft->picture, FILES_GOODS));
    TRY(db_run(q->db,
               SQL("titttii",
                   "INSERT INTO catalog_section (code, section_id, name, tagline, picture, "
                   "sort_order, on_home) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                   "ON CONFLICT (code) DO UPDATE SET name = excluded.name, "
                   "tagline = excluded.tagline, picture = excluded.picture, "
                   "sort_order = excluded.sort_order, on_home = excluded.on_home"),
               PARAMS(code, request_new_id(q), draft->name, draft->tagline, draft->picture,
                      draft->sort_order, draft->on_home),
               NULL));
    request_changed(q, 0);
    return NULL;
}

refusal catalog_put_section_goods(struct request *q, struct text code,
                                  const struct shape_ids *goods_ids) {
    struct catalog_section section;
    TRY(find_section(q, code, &section));
    TRY(db_run(q->db, SQL("i", "DELETE FROM catalog_section_goods WHERE section_id = $1"),
               PARAMS(section.id), NULL));
    TRY(db_run(q->db, SQL("i", "DELETE FROM catalog_shelf WHERE shelf_kind = 2 AND shelf_id = $1"),
               PARAMS(section.id), NULL));
    request_changed(q, 0);
    if (goods_ids->count == 0) return NULL;
    int64_t count;
    TRY(db_run(
        q->db,
        SQL("tii",
            "INSERT INTO catalog_section_goods (section_id, goods_id, sort_order) " CATALOG_IDS
            "SELECT $3, g.goods_id, min(ids.n) FROM ids JOIN catalog_goods g "
            "ON g.goods_id = ids.id GROUP BY g.goods_id"),
        PARAMS(catalog_ids_text(q->arena, goods_ids->items, goods_ids->count),
               (int64_t)goods_ids->count, section.id),
        &count));
    if (count != (int64_t)goods_ids->count)
        return refuse(q, BAD_INPUT, "goods_ids", "有的商品不存在，或者写了两次",
                      "some goods do not exist or stand twice");
    return db_run(q->db,
                  SQL("i", "INSERT INTO catalog_shelf (goods_id, shelf_kind, shelf_id, listed_at, "
                           "sold_count, price_fen, place_code) SELECT l.goods_id, 2, c.section_id, "
                           "l.listed_at, l.sold_count, l.price_fen, l.place_code "
                           "FROM catalog_section_goods c CROSS JOIN catalog_shelf l "
                           "WHERE c.section_id = $1 AND l.goods_id = c.goods_id "
                           "AND l.shelf_kind = 0 AND l.shelf_id = 0"),
                  PARAMS(section.id), NULL);
}

refusal catalog_put_section_door(struct request *q) {
    const struct catalog_code_path *path = q->path;
    struct catalog_section *reply = q->reply;
    TRY(catalog_reach_house(q));
    TRY(catalog_put_section(q, path->code, q->body));
    TRY(find_section(q, path->code, reply));
    struct catalog_act act = {"catalog.section", "section", reply->id};
    return catalog_audit(q, act, &catalog_section_draft_shape, q->body);
}

refusal catalog_get_section_goods(struct request *q) {
    const struct catalog_code_path *path = q->path;
    struct catalog_section_goods_page *reply = q->reply;
    struct catalog_section section;
    TRY(catalog_reach_house(q));
    TRY(find_section(q, path->code, &section));
    return db_rows(q->db,
                   SQL("ii", "SELECT g.goods_id, g.title, g.picture, g.seller_name, g.price_fen, "
                             "g.on_sale, g.available FROM catalog_section_goods c "
                             "JOIN catalog_goods g ON g.goods_id = c.goods_id "
                             "WHERE c.section_id = $1 ORDER BY c.sort_order, c.goods_id LIMIT $2"),
                   PARAMS(section.id, (int64_t)CATALOG_SECTION_GOODS_MAX),
                   &catalog_section_goods_shape, &reply->items);
}

refusal catalog_put_section_goods_door(struct request *q) {
    const struct catalog_code_path *path = q->path;
    const struct catalog_section_goods_draft *draft = q->body;
    struct catalog_section *reply = q->reply;
    TRY(catalog_reach_house(q));
    TRY(catalog_put_section_goods(q, path->code, &draft->goods_ids));
    TRY(find_section(q, path->code, reply));
    struct catalog_section_list one = {reply, 1};
    TRY(read_section_cards(q, &one, LIMIT_LIST_ROWS));
    struct catalog_act act = {"catalog.section.goods", "section", reply->id};
    return catalog_audit(q, act, &catalog_section_goods_draft_shape, draft);
}

/* ---- zones ---- */

#define ZONE_COUNTY_ROW_FIELDS(F, S)                                                               \
    F(S, ID, zone_id)                                                                              \
    F(S, ID, place_code)                                                                           \
    F(S, INT, goods_count)
SHAPE_DECLARE(zone_county_row, ZONE_COUNTY_ROW_FIELDS);
SHAPE_DEFINE(zone_county_row, ZONE_COUNTY_ROW_FIELDS);

static struct catalog_zone_county dress_county(struct arena *arena,
                                               const struct zone_county_row *row) {
    struct place place;
    struct catalog_zone_county county = {.place_code = places_code_text(arena, row->place_code),
                                         .goods_count = row->goods_count};
    if (places_find(row->place_code, &place)) county.name = place.name;
    return county;
}

static refusal read_counties(struct request *q, struct catalog_zone_list *zones) {
    if (zones->count == 0) return NULL;
    int64_t *ids = arena_new(q->arena, int64_t, zones->count);
    for (size_t i = 0; i < zones->count; i++) ids[i] = zones->items[i].id;
    struct zone_county_row_list rows;
    TRY(db_rows(q->db,
                SQL("tii", CATALOG_IDS
                    "SELECT c.zone_id, c.place_code, (SELECT count(*) FROM catalog_shelf l "
                    "WHERE l.shelf_kind = 5 AND l.shelf_id = c.place_code) AS goods_count "
                    "FROM ids JOIN catalog_zone_county c ON c.zone_id = ids.id "
                    "ORDER BY ids.n, c.sort_order, c.place_code LIMIT $3"),
                PARAMS(catalog_ids_text(q->arena, ids, zones->count), (int64_t)zones->count,
                       (int64_t)zones->count * ZONE_COUNTIES_MAX),
                &zone_county_row_shape, &rows));
    size_t at = 0;
    for (size_t i = 0; i < zones->count; i++) {
        struct catalog_zone *zone = &zones->items[i];
        zone->counties.items = arena_new(q->arena, struct catalog_zone_county, ZONE_COUNTIES_MAX);
        while (at < rows.count && rows.items[at].zone_id == zone->id)
            zone->counties.items[zone->counties.count++] =
                dress_county(q->arena, &rows.items[at++]);
    }
    return NULL;
}

#define ZONE_COLUMNS "zone_id AS id, code, name, tagline, picture, sort_order, on_home"

static refusal read_home_zones(struct request *q, struct catalog_zone_list *ret_zones) {
    TRY(db_rows(q->db,
                SQL("i", "SELECT " ZONE_COLUMNS " FROM catalog_zone WHERE on_home = 1 "
                         "ORDER BY sort_order, code LIMIT $1"),
                PARAMS((int64_t)HOME_SECTIONS), &catalog_zone_shape, ret_zones));
    return read_counties(q, ret_zones);
}

refusal catalog_get_zones(struct request *q) {
    const struct catalog_page_query *query = q->query;
    struct catalog_zone_page *reply = q->reply;
    struct shelf_key after;
    TRY(read_shelf_key(q, query->after, &after));
    TRY(db_rows(q->db,
                SQL("iti", "SELECT " ZONE_COLUMNS " FROM catalog_zone WHERE "
                           "(sort_order, code) > ($1, $2) ORDER BY sort_order, code LIMIT $3"),
                PARAMS(after.sort_order, after.code, query->limit + 1), &catalog_zone_shape,
                &reply->items));
    if ((int64_t)reply->items.count > query->limit) {
        const struct catalog_zone *last = &reply->items.items[query->limit - 1];
        reply->items.count = (size_t)query->limit;
        reply->next = write_shelf_key(q->arena, (struct shelf_key){last->sort_order, last->code});
    }
    return read_counties(q, &reply->items);
}

static refusal read_zone(struct request *q, struct text code, struct catalog_zone *ret_zone) {
    bool found;
    TRY(db_row(q->db, SQL("t", "SELECT " ZONE_COLUMNS " FROM catalog_zone WHERE code = $1"),
               PARAMS(code), &catalog_zone_shape, ret_zone, &found));
    if (!found) return refuse(q, NOT_FOUND, "", "没有这个专区", "there is no such zone");
    struct catalog_zone_list one = {ret_zone, 1};
    return read_counties(q, &one);
}

refusal catalog_get_zone(struct request *q) {
    const struct catalog_code_path *path = q->path;
    return read_zone(q, path->code, q->reply);
}

static refusal check_counties(struct request *q, const struct shape_ids *counties) {
    for (size_t i = 0; i < counties->count; i++) {
        const char *field = text_terminated(q->arena, text_format(q->arena, "counties[%zu]", i));
        struct place place;
        if (!places_find(counties->items[i], &place) || place.level != PLACE_COUNTY)
            return refuse(q, BAD_INPUT, field, "没有这个区县", "there is no such county");
        for (size_t j = 0; j < i; j++)
            if (counties->items[j] == counties->items[i])
                return refuse(q, BAD_INPUT, field, "这个区县写了两次", "this county stands twice");
    }
    return NULL;
}

refusal catalog_put_zone(struct request *q, struct text code,
                         const struct catalog_zone_draft *draft) {
    int64_t zone_id;
    TRY(check_code(q, code));
    TRY(catalog_own_picture(q, "picture", draft->picture, FILES_GOODS));
    TRY(check_counties(q, &draft->counties));
    TRY(db_int(q->db,
               SQL("titttii",
                   "INSERT INTO catalog_zone (code, zone_id, name, tagline, picture, sort_order, "
                   "on_home) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (code) DO UPDATE "
                   "SET name = excluded.name, tagline = excluded.tagline, "
                   "picture = excluded.picture, sort_order = excluded.sort_order, "
                   "on_home = excluded.on_home RETURNING zone_id"),
               PARAMS(code, request_new_id(q), draft->name, draft->tagline, draft->picture,
                      draft->sort_order, draft->on_home),
               &zone_id, NULL));
    TRY(db_run(q->db, SQL("i", "DELETE FROM catalog_zone_county WHERE zone_id = $1"),
               PARAMS(zone_id), NULL));
    TRY(db_run(q->db, SQL("i", "DELETE FROM catalog_shelf WHERE shelf_kind = 3 AND shelf_id = $1"),
               PARAMS(zone_id), NULL));
    TRY(db_run(q->db,
               SQL("tii",
                   "INSERT INTO catalog_zone_county (zone_id, place_code, sort_order) " CATALOG_IDS
                   "SELECT $3, id, n FROM ids WHERE n >= 0"),
               PARAMS(catalog_ids_text(q->arena, draft->counties.items, draft->counties.count),
                      (int64_t)draft->counties.count, zone_id),
               NULL));
    request_changed(q, 0);
    return db_run(q->db,
                  SQL("i", "INSERT INTO catalog_shelf (goods_id, shelf_kind, shelf_id, listed_at, "
                           "sold_count, price_fen, place_code) SELECT l.goods_id, 3, c.zone_id, "
                           "l.listed_at, l.sold_count, l.price_fen, l.place_code "
                           "FROM catalog_zone_county c CROSS JOIN catalog_shelf l "
                           "WHERE c.zone_id = $1 AND l.shelf_kind = 5 "
                           "AND l.shelf_id = c.place_code"),
                  PARAMS(zone_id), NULL);
}

refusal catalog_put_zone_door(struct request *q) {
    const struct catalog_code_path *path = q->path;
    struct catalog_zone *reply = q->reply;
    TRY(catalog_reach_house(q));
    TRY(catalog_put_zone(q, path->code, q->body));
    TRY(read_zone(q, path->code, reply));
    struct catalog_act act = {"catalog.zone", "zone", reply->id};
    return catalog_audit(q, act, &catalog_zone_draft_shape, q->body);
}

/* ---- the home page ---- */

/* The home page is kept in memory, so a banner that begins or ends by itself has to say so. */
static refusal ask_for_next_turn(struct request *q) {
    int64_t due;
    bool found;
    TRY(db_int(q->db,
               SQL("i", "SELECT at FROM (SELECT from_at AS at FROM catalog_banner UNION ALL "
                        "SELECT until_at AS at FROM catalog_banner) AS turn WHERE at > $1 "
                        "ORDER BY at LIMIT 1"),
               PARAMS(q->now), &due, &found));
    if (!found) return jobs_forget(q, "catalog.banners", 0);
    return jobs_ask(q, "catalog.banners", 0, TEXT(""), (struct instant){due});
}

refusal catalog_turn_banners(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    request_changed(q, 0);
    return ask_for_next_turn(q);
}

static refusal check_banner(struct request *q, size_t at, const struct catalog_banner *banner) {
    const char *place = text_terminated(q->arena, text_format(q->arena, "banners[%zu]", at));
    TRY(catalog_own_picture(q, place, banner->picture, FILES_GOODS));
    TRY(catalog_own_path(q, place, banner->link));
    if (banner->until_at.ms == 0 || banner->until_at.ms > banner->from_at.ms) return NULL;
    const char *field =
        text_terminated(q->arena, text_format(q->arena, "banners[%zu].until_at", at));
    return refuse(q, BAD_INPUT, field, "结束的时间要晚于开始的时间", "has to end after it begins");
}

refusal catalog_put_banners(struct request *q, const struct catalog_banner_list *banners) {
    assert(banners->count <= CATALOG_BANNERS_MAX);
    TRY(db_run(q->db, SQL("", "DELETE FROM catalog_banner"), NO_PARAMS, NULL));
    for (size_t i = 0; i < banners->count; i++) {
        const struct catalog_banner *banner = &banners->items[i];
        TRY(check_banner(q, i, banner));
        TRY(db_run(q->db,
                   SQL("ittttiii",
                       "INSERT INTO catalog_banner (banner_id, title, words, picture, link, "
                       "sort_order, from_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
                   PARAMS(request_new_id(q), banner->title, banner->text, banner->picture,
                          banner->link, (int64_t)i, banner->from_at, banner->until_at),
                   NULL));
    }
    request_changed(q, 0);
    return ask_for_next_turn(q);
}

#define BANNER_COLUMNS "title, words AS text, picture, link, from_at, until_at"

static refusal read_banners(struct request *q, struct catalog_banner_list *ret_banners) {
    return db_rows(q->db,
                   SQL("i", "SELECT " BANNER_COLUMNS
                            " FROM catalog_banner ORDER BY sort_order, banner_id LIMIT $1"),
                   PARAMS((int64_t)CATALOG_BANNERS_MAX), &catalog_banner_shape, ret_banners);
}

static refusal read_banners_of_now(struct request *q, struct catalog_banner_list *ret_banners) {
    return db_rows(q->db,
                   SQL("ii", "SELECT " BANNER_COLUMNS " FROM catalog_banner WHERE from_at <= $2 "
                             "AND (until_at = 0 OR until_at > $2) "
                             "ORDER BY sort_order, banner_id LIMIT $1"),
                   PARAMS((int64_t)CATALOG_BANNERS_MAX, q->now), &catalog_banner_shape,
                   ret_banners);
}

refusal catalog_get_banners(struct request *q) {
    struct catalog_banners_draft *reply = q->reply;
    TRY(catalog_reach_house(q));
    return read_banners(q, &reply->banners);
}

refusal catalog_put_banners_door(struct request *q) {
    const struct catalog_banners_draft *draft = q->body;
    struct catalog_banners_draft *reply = q->reply;
    TRY(catalog_reach_house(q));
    TRY(catalog_put_banners(q, &draft->banners));
    TRY(read_banners(q, &reply->banners));
    struct catalog_act act = {"catalog.banners", "home", 0};
    return catalog_audit(q, act, &catalog_banners_draft_shape, draft);
}

refusal catalog_get_home(struct request *q) {
    struct catalog_home *reply = q->reply;
    TRY(read_banners_of_now(q, &reply->banner));
    TRY(read_categories(q, &reply->categories));
    TRY(read_home_sections(q, reply));
    TRY(read_home_zones(q, &reply->zones));
    return catalog_village_shops(q, &reply->village_shops);
}

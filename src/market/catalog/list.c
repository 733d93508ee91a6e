/* Lists of goods: every sort is one statement that walks an index of catalog_shelf from where the
 * page before ended. The shelf that holds the fewest is walked; the other filters are looked up by
 * the goods' key in the same statement. */
#include <assert.h>

#include "kernel/base/limits.h"
#include "market/catalog/inside.h"

enum { SHELVES_MAX = 5 }; /* category, section, zone, seller, place */

struct shelf {
    enum catalog_shelf_kind kind;
    int64_t id;
};

struct listing {
    struct shelf shelves[SHELVES_MAX]; /* the one to walk first; SHELF_ALL where there is none */
    struct catalog_key after;
};

bool catalog_filter_is_open(const struct catalog_filter *filter) {
    return filter->category_id == 0 && filter->section.length == 0 && filter->zone.length == 0 &&
           filter->seller_id == 0 && filter->place.length == 0 && fen_is_zero(filter->min_fen) &&
           fen_is_zero(filter->max_fen) && !filter->in_stock;
}

/* ---- from the filter to shelves ---- */

static refusal find_section(struct request *q, struct text code, int64_t *ret_id) {
    bool found;
    TRY(db_int(q->db, SQL("t", "SELECT section_id FROM catalog_section WHERE code = $1"),
               PARAMS(code), ret_id, &found));
    if (found) return NULL;
    return refuse(q, BAD_INPUT, "section", "没有这个板块", "there is no such section");
}

static refusal find_zone(struct request *q, struct text code, int64_t *ret_id) {
    bool found;
    TRY(db_int(q->db, SQL("t", "SELECT zone_id FROM catalog_zone WHERE code = $1"), PARAMS(code),
               ret_id, &found));
    if (found) return NULL;
    return refuse(q, BAD_INPUT, "zone", "没有这个专区", "there is no such zone");
}

/* The shelves of a filter, the one that likely holds the fewest first. */
static refusal find_shelves(struct request *q, const struct catalog_filter *filter,
                            struct shelf *ret_shelves) {
    size_t count = 0;
    if (filter->seller_id) ret_shelves[count++] = (struct shelf){SHELF_SELLER, filter->seller_id};
    if (filter->place.length) {
        struct shelf place = {SHELF_PLACE, 0};
        if (!places_read_code(filter->place, &place.id))
            return refuse(q, BAD_INPUT, "place", "地区代码是 2、4、6、9 或 12 位数字",
                          "a place code has 2, 4, 6, 9 or 12 digits");
        ret_shelves[count++] = place;
    }
    if (filter->section.length) {
        ret_shelves[count] = (struct shelf){SHELF_SECTION, 0};
        TRY(find_section(q, filter->section, &ret_shelves[count++].id));
    }
    if (filter->zone.length) {
        ret_shelves[count] = (struct shelf){SHELF_ZONE, 0};
        TRY(find_zone(q, filter->zone, &ret_shelves[count++].id));
    }
    if (filter->category_id)
        ret_shelves[count++] = (struct shelf){SHELF_CATEGORY, filter->category_id};
    return NULL;
}

static bool goes_down(enum catalog_sort sort) {
    return sort == SORT_NEWEST || sort == SORT_SOLD || sort == SORT_PRICE_DOWN;
}

/* Where the first page begins: where prices are walked, their bound is where the walk begins. */
static struct catalog_key first_key(const struct catalog_filter *filter) {
    if (filter->sort == SORT_PRICE)
        return (struct catalog_key){fen_count(filter->min_fen) - 1, INT64_MAX};
    if (filter->sort == SORT_PRICE_DOWN && fen_is_positive(filter->max_fen))
        return (struct catalog_key){fen_count(filter->max_fen) + 1, 0};
    return goes_down(filter->sort) ? (struct catalog_key){INT64_MAX, INT64_MAX}
                                   : (struct catalog_key){-1, 0};
}

static refusal make_listing(struct request *q, const struct catalog_filter *filter,
                            struct listing *ret_listing) {
    assert(filter->limit >= 1 && filter->limit <= LIMIT_LIST_ROWS);
    *ret_listing = (struct listing){.after = first_key(filter)};
    if (fen_is_positive(filter->max_fen) && fen_compare(filter->min_fen, filter->max_fen) > 0)
        return refuse(q, BAD_INPUT, "max_fen", "最高价不能低于最低价",
                      "the highest price may not be below the lowest");
    TRY(catalog_key_read(q, filter->after, &ret_listing->after));
    return find_shelves(q, filter, ret_listing->shelves);
}

static struct fen upper_price(const struct catalog_filter *filter) {
    return fen_is_positive(filter->max_fen) ? filter->max_fen : FEN(FEN_MAX);
}

/* ---- the statements ---- */

#define ON_SHELF(kind, id)                                                                         \
    " AND (" kind " = 0 OR EXISTS (SELECT 1 FROM catalog_shelf m WHERE m.goods_id = g.goods_id "   \
    "AND m.shelf_kind = " kind " AND m.shelf_id = " id "))"

#define WALK(key, compare, order, price)                                                           \
    SQL("iiiiiiiiiiiiiiii",                                                                        \
        "SELECT l." key " AS key, " CATALOG_CARD_COLUMNS                                           \
        " FROM catalog_shelf l JOIN catalog_goods g ON g.goods_id = l.goods_id "                   \
        "WHERE l.shelf_kind = $1 AND l.shelf_id = $2 AND (l." key ", l.goods_id) " compare         \
        " ($3, $4) AND " price                                                                     \
        ".price_fen BETWEEN $5 AND $6 AND g.available >= $7" ON_SHELF("$9", "$10")                 \
            ON_SHELF("$11", "$12") ON_SHELF("$13", "$14")                                          \
                ON_SHELF("$15", "$16") " ORDER BY l." key order ", l.goods_id" order " LIMIT $8")

static const struct statement *walk_statement(enum catalog_sort sort) {
    switch (sort) {
    case SORT_NEWEST: return WALK("listed_at", "<", " DESC", "g");
    case SORT_SOLD: return WALK("sold_count", "<", " DESC", "g");
    case SORT_PRICE: return WALK("price_fen", ">", "", "l");
    case SORT_PRICE_DOWN: return WALK("price_fen", "<", " DESC", "l");
    case SORT_ORIGIN: return WALK("place_code", ">", "", "g");
    }
    assert(!"every sort has a statement");
    return NULL;
}

/* Ten texts of forty ids each: a statement that takes one long text apart walks it from its
 * beginning for every id. */
enum { AMONG_TEXTS = 10, AMONG_TEXT_IDS = 40 };

#define AMONG(key, compare, order)                                                                 \
    SQL("tttttttttt"                                                                               \
        "iiiiiiiiiiiiiiiii",                                                                       \
        "WITH RECURSIVE part (p, words) AS (VALUES (0, $1), (1, $2), (2, $3), (3, $4), (4, $5), "  \
        "(5, $6), (6, $7), (7, $8), (8, $9), (9, $10)), "                                          \
        "spot (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM spot WHERE n < 39), "                   \
        "ids (id) AS (SELECT CAST(substr(words, n * 19 + 1, 19) AS BIGINT) FROM part "             \
        "CROSS JOIN spot WHERE p * 40 + n < $11) "                                                 \
        "SELECT g." key " AS key, " CATALOG_CARD_COLUMNS                                           \
        " FROM ids JOIN catalog_goods g ON g.goods_id = ids.id "                                   \
        "WHERE g.on_sale = 1 AND (g." key ", g.goods_id) " compare                                 \
        " ($12, $13) AND g.price_fen BETWEEN $14 AND $15 AND g.available >= $16" ON_SHELF(         \
            "$18", "$19") ON_SHELF("$20", "$21") ON_SHELF("$22", "$23") ON_SHELF("$24", "$25")     \
            ON_SHELF("$26", "$27") " ORDER BY g." key order ", g.goods_id" order " LIMIT $17")

static const struct statement *among_statement(enum catalog_sort sort) {
    switch (sort) {
    case SORT_NEWEST: return AMONG("listed_at", "<", " DESC");
    case SORT_SOLD: return AMONG("sold_count", "<", " DESC");
    case SORT_PRICE: return AMONG("price_fen", ">", "");
    case SORT_PRICE_DOWN: return AMONG("price_fen", "<", " DESC");
    case SORT_ORIGIN: return AMONG("place_code", ">", "");
    }
    assert(!"every sort has a statement");
    return NULL;
}

/* One row more than the page has says whether there is a next one. */
static void make_page(struct arena *arena, const struct catalog_card_row_list *rows, int64_t limit,
                      struct catalog_card_page *ret_page) {
    size_t count = rows->count > (size_t)limit ? (size_t)limit : rows->count;
    ret_page->items.items = arena_new(arena, struct catalog_card, count);
    ret_page->items.count = count;
    for (size_t i = 0; i < count; i++) ret_page->items.items[i] = rows->items[i].card;
    ret_page->next = TEXT("");
    if (rows->count > count) {
        const struct catalog_card_row *last = &rows->items[count - 1];
        ret_page->next = catalog_key_write(arena, (struct catalog_key){last->key, last->card.id});
    }
}

refusal catalog_list(struct request *q, const struct catalog_filter *filter,
                     struct catalog_card_page *ret_page) {
    struct listing listing;
    TRY(make_listing(q, filter, &listing));
    const struct shelf *walked = &listing.shelves[0];
    const struct shelf *others = &listing.shelves[1];
    struct catalog_card_row_list rows;
    TRY(db_rows(q->db, walk_statement(filter->sort),
                PARAMS((int64_t)walked->kind, walked->id, listing.after.key, listing.after.id,
                       filter->min_fen, upper_price(filter), filter->in_stock, filter->limit + 1,
                       (int64_t)others[0].kind, others[0].id, (int64_t)others[1].kind, others[1].id,
                       (int64_t)others[2].kind, others[2].id, (int64_t)others[3].kind,
                       others[3].id),
                &catalog_card_row_shape, &rows));
    make_page(q->arena, &rows, filter->limit, ret_page);
    return NULL;
}

refusal catalog_list_among(struct request *q, const int64_t *goods_ids, size_t goods_count,
                           const struct catalog_filter *filter,
                           struct catalog_card_page *ret_page) {
    _Static_assert((int)CATALOG_AMONG_MAX == (int)AMONG_TEXTS * (int)AMONG_TEXT_IDS, "all ids fit");
    assert(goods_count >= 1 && goods_count <= CATALOG_AMONG_MAX);
    struct listing listing;
    TRY(make_listing(q, filter, &listing));
    struct db_value values[AMONG_TEXTS + 7 + 2 * SHELVES_MAX];
    struct db_value *value = values;
    struct text all = catalog_ids_text(q->arena, goods_ids, goods_count);
    for (size_t i = 0; i < AMONG_TEXTS; i++) {
        size_t from = i * AMONG_TEXT_IDS * 19;
        *value++ = db_value_text(text_slice(all, from, from + AMONG_TEXT_IDS * 19));
    }
    const struct db_value rest[] = {DB_VALUE((int64_t)goods_count), DB_VALUE(listing.after.key),
                                    DB_VALUE(listing.after.id),     DB_VALUE(filter->min_fen),
                                    DB_VALUE(upper_price(filter)),  DB_VALUE(filter->in_stock),
                                    DB_VALUE(filter->limit + 1)};
    for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) *value++ = rest[i];
    for (size_t i = 0; i < SHELVES_MAX; i++) {
        *value++ = db_value_int(listing.shelves[i].kind);
        *value++ = db_value_int(listing.shelves[i].id);
    }
    struct catalog_card_row_list rows;
    TRY(db_rows(q->db, among_statement(filter->sort),
                ((struct db_params){values, (size_t)(value - values)}), &catalog_card_row_shape,
                &rows));
    make_page(q->arena, &rows, filter->limit, ret_page);
    return NULL;
}

/* The ids of a common page as parameters: a list of constants is a third of the cost of a text that
 * is taken apart. */
enum { CARDS_BY_VALUES_MAX = 20 };
#define CARD_IDS                                                                                   \
    "WITH ids (n, id) AS (VALUES (0, $1), (1, $2), (2, $3), (3, $4), (4, $5), (5, $6), (6, $7),"   \
    " (7, $8), (8, $9), (9, $10), (10, $11), (11, $12), (12, $13), (13, $14), (14, $15),"          \
    " (15, $16), (16, $17), (17, $18), (18, $19), (19, $20)) "
#define CARDS_OF_IDS                                                                               \
    "SELECT ids.n AS key, " CATALOG_CARD_COLUMNS                                                   \
    " FROM ids CROSS JOIN catalog_goods g WHERE g.goods_id = ids.id AND g.on_sale = 1"

static refusal find_cards(struct request *q, const int64_t *goods_ids, size_t goods_count,
                          struct catalog_card_row_list *ret_rows) {
    if (goods_count > CARDS_BY_VALUES_MAX)
        return db_rows(
            q->db, SQL("ti", CATALOG_IDS CARDS_OF_IDS),
            PARAMS(catalog_ids_text(q->arena, goods_ids, goods_count), (int64_t)goods_count),
            &catalog_card_row_shape, ret_rows);
    struct db_value values[CARDS_BY_VALUES_MAX];
    for (size_t i = 0; i < CARDS_BY_VALUES_MAX; i++)
        values[i] = db_value_int(i < goods_count ? goods_ids[i] : 0);
    return db_rows(q->db, SQL("iiiiiiiiiiiiiiiiiiii", CARD_IDS CARDS_OF_IDS),
                   ((struct db_params){values, CARDS_BY_VALUES_MAX}), &catalog_card_row_shape,
                   ret_rows);
}

/* The rows come as they are found; sorting them in the statement would copy each once more. */
refusal catalog_cards(struct request *q, const int64_t *goods_ids, size_t goods_count,
                      struct catalog_card_list *ret_cards) {
    assert(goods_count <= LIMIT_LIST_ROWS);
    *ret_cards = (struct catalog_card_list){0};
    if (goods_count == 0) return NULL;
    struct catalog_card_row_list rows;
    const struct catalog_card *found[LIMIT_LIST_ROWS] = {0};
    TRY(find_cards(q, goods_ids, goods_count, &rows));
    for (size_t i = 0; i < rows.count; i++) found[rows.items[i].key] = &rows.items[i].card;
    ret_cards->items = arena_new(q->arena, struct catalog_card, rows.count);
    for (size_t i = 0; i < goods_count; i++)
        if (found[i]) ret_cards->items[ret_cards->count++] = *found[i];
    return NULL;
}

#define IS_SOLD_OUT "g.on_sale = 1 AND g.available = 0"
#define SOLD_OUT(columns)                                                                          \
    "SELECT " columns " FROM catalog_seller s CROSS JOIN catalog_goods g WHERE s.place_code "      \
    "BETWEEN $1 AND $2 AND g.seller_id = s.seller_id AND " IS_SOLD_OUT
#define SOLD_OUT_COLUMNS                                                                           \
    "CAST(0 AS BIGINT) AS section_id, g.seller_id AS key, " CATALOG_CARD_COLUMNS

refusal catalog_sold_out(struct request *q, int64_t place_code, int64_t limit,
                         struct catalog_card_list *ret_cards, int64_t *ret_count) {
    const int64_t last = places_last_code(place_code);
    struct catalog_card_row_list rows = {0};
    TRY(db_int(q->db,
               SQL("iii", "SELECT count(*) FROM (" SOLD_OUT("g.goods_id") " LIMIT $3) AS empty"),
               PARAMS(place_code, last, (int64_t)CATALOG_SOLD_OUT_MAX), ret_count, NULL));
    TRY(db_rows(q->db, SQL("iii", SOLD_OUT(SOLD_OUT_COLUMNS) " ORDER BY g.goods_id DESC LIMIT $3"),
                PARAMS(place_code, last, limit), &catalog_card_row_shape, &rows));
    struct catalog_card *cards = arena_new(q->arena, struct catalog_card, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++) cards[i] = rows.items[i].card;
    *ret_cards = (struct catalog_card_list){cards, rows.count};
    return NULL;
}

/* By seller, because that is whom one asks, and because the index of what is sold out stands in
 * that order: of everywhere a page is a piece of it. */
#define AFTER_KEY(key, id, limit)                                                                  \
    " AND (g.seller_id, g.goods_id) > (" key ", " id ") ORDER BY g.seller_id, g.goods_id"          \
    " LIMIT " limit

refusal catalog_sold_out_page(struct request *q, const struct catalog_sold_out_query *query,
                              struct catalog_card_page *ret_page) {
    struct catalog_key after = {0};
    struct catalog_card_row_list rows = {0};
    TRY(catalog_key_read(q, query->after, &after));
    if (query->place_code == 0)
        TRY(db_rows(q->db,
                    SQL("iii",
                        "SELECT " SOLD_OUT_COLUMNS
                        " FROM catalog_goods g WHERE " IS_SOLD_OUT AFTER_KEY("$1", "$2", "$3")),
                    PARAMS(after.key, after.id, query->limit + 1), &catalog_card_row_shape, &rows));
    else
        TRY(db_rows(q->db, SQL("iiiii", SOLD_OUT(SOLD_OUT_COLUMNS) AFTER_KEY("$3", "$4", "$5")),
                    PARAMS(query->place_code, places_last_code(query->place_code), after.key,
                           after.id, query->limit + 1),
                    &catalog_card_row_shape, &rows));
    make_page(q->arena, &rows, query->limit, ret_page);
    return NULL;
}

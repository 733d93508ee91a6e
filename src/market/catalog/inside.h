/* Inside market/catalog only: what its files share. */
#ifndef MARKET_CATALOG_INSIDE_H
#define MARKET_CATALOG_INSIDE_H

#include "ground/files/files.h"
#include "ground/people/people.h"
#include "kernel/base/limits.h"
#include "market/catalog/catalog.h"
#include "market/stock/stock.h"

/* ---- shapes of replies that only this room's doors give ---- */

#define CATALOG_SKU_FIELDS(F, S)                                                                   \
    F(S, ID, id)                                                                                   \
    F(S, LIST, options, catalog_pair)                                                              \
    F(S, TEXT, note)                                                                               \
    F(S, FEN, price_fen)                                                                           \
    F(S, FEN, unit_price_fen)                                                                      \
    F(S, TEXT, unit_name)                                                                          \
    F(S, QTY, net)                                                                                 \
    F(S, INT, weight_g)                                                                            \
    F(S, INT, available_count)                                                                     \
    F(S, INT, limit_count, .about = "most pieces in one order; 0 none")                            \
    F(S, ENUM, return_policy, catalog_return_policy)                                               \
    F(S, FEN, reference_price_fen, .optional = true,                                               \
      .about = "the lowest price of the seven days before the present one began, where higher")    \
    F(S, TIME, reference_at, .optional = true, .about = "when that price was last charged")
SHAPE_DECLARE(catalog_sku, CATALOG_SKU_FIELDS);

#define CATALOG_GOODS_FIELDS(F, S)                                                                 \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, summary)                                                                            \
    F(S, TEXT, story)                                                                              \
    F(S, TEXTS, pictures)                                                                          \
    F(S, OBJECT, origin, places_origin)                                                            \
    F(S, ID, category_id)                                                                          \
    F(S, TEXT, category_name)                                                                      \
    F(S, OBJECT, seller, catalog_seller)                                                           \
    F(S, LIST, skus, catalog_sku)                                                                  \
    F(S, LIST, facts, catalog_pair)                                                                \
    F(S, TEXT, piece_name)                                                                         \
    F(S, INT, ship_within_hours)                                                                   \
    F(S, INT, sold_count)                                                                          \
    F(S, BOOL, free_freight)                                                                       \
    F(S, BOOL, on_sale)                                                                            \
    F(S, TIME, listed_at)
SHAPE_DECLARE(catalog_goods, CATALOG_GOODS_FIELDS);

#define CATALOG_PRICE_POINT_FIELDS(F, S)                                                           \
    F(S, ID, sku_id)                                                                               \
    F(S, FEN, price_fen)                                                                           \
    F(S, TIME, since_at)
SHAPE_DECLARE(catalog_price_point, CATALOG_PRICE_POINT_FIELDS);
SHAPE_DECLARE_PAGE(catalog_price_point);

SHAPE_DECLARE_PAGE(catalog_seller);

#define CATALOG_CATEGORY_FIELDS(F, S)                                                              \
    F(S, ID, id)                                                                                   \
    F(S, ID, parent_id, .optional = true)                                                          \
    F(S, TEXT, name)                                                                               \
    F(S, TEXT, picture)                                                                            \
    F(S, INT, sort_order)                                                                          \
    F(S, BOOL, processed_food, .about = "who makes it needs a licence (SC)")
SHAPE_DECLARE(catalog_category, CATALOG_CATEGORY_FIELDS);
SHAPE_DECLARE_PAGE(catalog_category);

#define CATALOG_SECTION_FIELDS(F, S)                                                               \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, code)                                                                               \
    F(S, TEXT, name)                                                                               \
    F(S, TEXT, tagline)                                                                            \
    F(S, TEXT, picture)                                                                            \
    F(S, INT, sort_order, .about = "the smaller first")                                            \
    F(S, BOOL, on_home, .about = "whether it stands on the home page")                             \
    F(S, LIST, goods, catalog_card, .about = "the first of those on sale")
SHAPE_DECLARE(catalog_section, CATALOG_SECTION_FIELDS);
SHAPE_DECLARE_PAGE(catalog_section);

/* What an operator has put into a section, on sale or not. */
#define CATALOG_SECTION_GOODS_FIELDS(F, S)                                                         \
    F(S, ID, goods_id)                                                                             \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, picture)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, FEN, price_fen)                                                                           \
    F(S, BOOL, on_sale)                                                                            \
    F(S, BOOL, available)
SHAPE_DECLARE(catalog_section_goods, CATALOG_SECTION_GOODS_FIELDS);
SHAPE_DECLARE_PAGE(catalog_section_goods);

#define CATALOG_ZONE_COUNTY_FIELDS(F, S)                                                           \
    F(S, TEXT, place_code)                                                                         \
    F(S, TEXT, name)                                                                               \
    F(S, INT, goods_count)
SHAPE_DECLARE(catalog_zone_county, CATALOG_ZONE_COUNTY_FIELDS);

#define CATALOG_ZONE_FIELDS(F, S)                                                                  \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, code)                                                                               \
    F(S, TEXT, name)                                                                               \
    F(S, TEXT, tagline)                                                                            \
    F(S, TEXT, picture)                                                                            \
    F(S, INT, sort_order, .about = "the smaller first")                                            \
    F(S, BOOL, on_home, .about = "whether it stands on the home page")                             \
    F(S, LIST, counties, catalog_zone_county)
SHAPE_DECLARE(catalog_zone, CATALOG_ZONE_FIELDS);
SHAPE_DECLARE_PAGE(catalog_zone);

#define CATALOG_HOME_FIELDS(F, S)                                                                  \
    F(S, LIST, banner, catalog_banner)                                                             \
    F(S, LIST, categories, catalog_category)                                                       \
    F(S, LIST, sections, catalog_section)                                                          \
    F(S, LIST, zones, catalog_zone)                                                                \
    F(S, LIST, village_shops, catalog_seller)                                                      \
    F(S, LIST, season, catalog_card)
SHAPE_DECLARE(catalog_home, CATALOG_HOME_FIELDS);

#define CATALOG_STOCK_QUERY_FIELDS(F, S)                                                           \
    F(S, ID, seller, .required = true)                                                             \
    F(S, ID, sku, .about = "of this SKU alone, whatever q says")                                   \
    F(S, TEXT, q, .max = 40, .about = "of the newest 20 goods with this in their title")           \
    F(S, INT, limit, .min = 1, .max = STOCK_ROWS_MAX, .fallback = STOCK_ROWS_MAX)                  \
    F(S, TEXT, after, .max = 80)
SHAPE_DECLARE(catalog_stock_query, CATALOG_STOCK_QUERY_FIELDS);

/* ---- bodies, paths and queries ---- */

#define CATALOG_PRICE_DRAFT_FIELDS(F, S)                                                           \
    F(S, FEN, price_fen, .required = true, .min = 1, .max = 100000000)
SHAPE_DECLARE(catalog_price_draft, CATALOG_PRICE_DRAFT_FIELDS);

#define CATALOG_SALE_DRAFT_FIELDS(F, S) F(S, BOOL, on_sale, .required = true)
SHAPE_DECLARE(catalog_sale_draft, CATALOG_SALE_DRAFT_FIELDS);

#define CATALOG_SECTION_GOODS_DRAFT_FIELDS(F, S)                                                   \
    F(S, IDS, goods_ids, .required = true, .max = CATALOG_SECTION_GOODS_MAX)
SHAPE_DECLARE(catalog_section_goods_draft, CATALOG_SECTION_GOODS_DRAFT_FIELDS);

#define CATALOG_BANNERS_DRAFT_FIELDS(F, S)                                                         \
    F(S, LIST, banners, catalog_banner, .required = true, .max = CATALOG_BANNERS_MAX)
SHAPE_DECLARE(catalog_banners_draft, CATALOG_BANNERS_DRAFT_FIELDS);

/* ---- the units that sellers choose from (units.c) ---- */
enum { CATALOG_UNITS_MAX = UNIT_COUNT };
#define CATALOG_UNIT_FIELDS(F, S)                                                                  \
    F(S, TEXT, name)                                                                               \
    F(S, TEXT, priced_by, .about = "the unit whose price is shown: 斤 for what is weighed")        \
    F(S, BOOL, is_offered)
SHAPE_DECLARE(catalog_unit, CATALOG_UNIT_FIELDS);
#define CATALOG_UNITS_FIELDS(F, S) F(S, LIST, items, catalog_unit)
SHAPE_DECLARE(catalog_units, CATALOG_UNITS_FIELDS);
#define CATALOG_UNITS_DRAFT_FIELDS(F, S)                                                           \
    F(S, TEXTS, names, .required = true, .min = 1, .max = CATALOG_UNITS_MAX,                       \
      .about = "those that are offered, in order")
SHAPE_DECLARE(catalog_units_draft, CATALOG_UNITS_DRAFT_FIELDS);
refusal catalog_get_units(struct request *q);
refusal catalog_put_units(struct request *q);
/* BAD_INPUT on skus[i].net when it is in a unit that is not offered. */
refusal catalog_check_units(struct request *q, const struct catalog_goods_draft *draft);

#define CATALOG_ID_PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(catalog_id_path, CATALOG_ID_PATH_FIELDS);

#define CATALOG_SKU_PATH_FIELDS(F, S)                                                              \
    F(S, ID, id, .required = true)                                                                 \
    F(S, ID, sku_id, .required = true)
SHAPE_DECLARE(catalog_sku_path, CATALOG_SKU_PATH_FIELDS);

#define CATALOG_CODE_PATH_FIELDS(F, S) F(S, TEXT, code, .required = true, .min = 1, .max = 40)
SHAPE_DECLARE(catalog_code_path, CATALOG_CODE_PATH_FIELDS);

#define CATALOG_PAGE_QUERY_FIELDS(F, S)                                                            \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)                             \
    F(S, TEXT, after, .max = 48)
SHAPE_DECLARE(catalog_page_query, CATALOG_PAGE_QUERY_FIELDS);

#define CATALOG_SELLER_QUERY_FIELDS(F, S)                                                          \
    F(S, TEXT, kind, .max = 20)                                                                    \
    F(S, TEXT, place, .max = 12, .about = "2, 4, 6, 9 or 12 digits")                               \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)                             \
    F(S, TEXT, after, .max = 48)
SHAPE_DECLARE(catalog_seller_query, CATALOG_SELLER_QUERY_FIELDS);

/* ---- many ids in one parameter ---- */

/* Ids as one text of 19 digits each, which a statement takes apart again: a list of any length in
 * one statement text on both engines. CATALOG_IDS begins a statement whose $1 is the text and whose
 * $2 says how many there are (> 0); `ids` has the columns n (from 0) and id. */
struct text catalog_ids_text(struct arena *arena, const int64_t *ids, size_t count);
#define CATALOG_IDS                                                                                \
    "WITH RECURSIVE spot (n) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM spot "       \
    "WHERE n + 1 < $2), ids (n, id) AS (SELECT n, "                                                \
    "CAST(substr($1, CAST(n * 19 + 1 AS INTEGER), 19) AS BIGINT) FROM spot) "

/* ---- cards ---- */

/* A card with what it is listed under. */
#define CATALOG_CARD_ROW_FIELDS(F, S)                                                              \
    F(S, INT, key)                                                                                 \
    F(S, ID, section_id)                                                                           \
    F(S, OBJECT, card, catalog_card)
SHAPE_DECLARE(catalog_card_row, CATALOG_CARD_ROW_FIELDS);
#define CATALOG_CARD_COLUMNS                                                                       \
    "g.goods_id AS \"card.id\", g.title AS \"card.title\", g.picture AS \"card.picture\", "        \
    "g.origin_name AS \"card.origin_name\", g.price_fen AS \"card.price_fen\", "                   \
    "g.unit_price_fen AS \"card.unit_price_fen\", g.unit_name AS \"card.unit_name\", "             \
    "g.sold_count AS \"card.sold_count\", g.available AS \"card.available\", "                     \
    "g.seller_id AS \"card.seller_id\", g.seller_name AS \"card.seller_name\", "                   \
    "g.sku_id AS \"card.sku_id\", g.sku_count AS \"card.sku_count\", "                             \
    "g.free_freight AS \"card.free_freight\""

/* Takes hold of a goods for the rest of the transaction, so that two changes of it follow each
 * other; false when there is none. */
refusal catalog_hold_goods(struct request *q, int64_t goods_id, bool *ret_found);
/* Works out anew what the card of a held goods shows, from its SKUs. */
refusal catalog_refresh_card(struct request *q, int64_t goods_id);
/* The goods page and all lists are stale. */
void catalog_changed(struct request *q, int64_t goods_id);

/* ---- shelves ---- */

enum catalog_shelf_kind {
    SHELF_ALL,
    SHELF_CATEGORY,
    SHELF_SECTION,
    SHELF_ZONE,
    SHELF_SELLER,
    SHELF_PLACE
};
/* Puts a goods on all its shelves, or takes it off them when it is not on sale. */
refusal catalog_fill_shelves(struct request *q, int64_t goods_id);

/* ---- small words ---- */

/* name, value, name, value as a row keeps them, and back. */
struct text catalog_join_pairs(struct arena *arena, const struct catalog_pair_list *pairs);
struct catalog_pair_list catalog_split_pairs(struct arena *arena, const struct text_list *texts);
struct text catalog_join_texts(struct arena *arena, const struct text_list *texts);

/* A picture is none, one that the shop brings ("/img/NAME.webp") or one that was uploaded for
 * PURPOSE, which is taken for good. BAD_INPUT on FIELD otherwise. */
refusal catalog_own_picture(struct request *q, const char *field, struct text picture,
                            enum files_purpose purpose);
/* Links stay on this site: an absolute path of it. BAD_INPUT on FIELD otherwise. */
refusal catalog_own_path(struct request *q, const char *field, struct text path);
/* BAD_INPUT on place_code when there is no such place. */
refusal catalog_known_place(struct request *q, int64_t place_code);

/* Fills what a seller's row does not hold: the kind in words and the names of its origin. */
void catalog_dress_seller(struct arena *arena, struct catalog_seller *seller);
/* WHO begins every column name. */
#define CATALOG_SELLER_COLUMNS_AS(who)                                                             \
    "s.seller_id AS \"" who "id\", s.name AS \"" who "name\", s.kind AS \"" who                    \
    "kind\", s.summary AS \"" who "summary\", s.picture AS \"" who                                 \
    "picture\", CAST(s.place_code AS TEXT) AS \"" who                                              \
    "origin.place_code\", s.goods_count AS \"" who "goods_count\", s.sold_count AS \"" who         \
    "sold_count\", s.fee_permille AS \"" who "fee_permille\", s.licence_text AS \"" who            \
    "licence_text\", s.opened_at AS \"" who "opened_at\""
#define CATALOG_SELLER_COLUMNS CATALOG_SELLER_COLUMNS_AS("")
#define CATALOG_GOODS_SELLER_COLUMNS CATALOG_SELLER_COLUMNS_AS("goods.seller.")
/* The village shops of the home page. */
refusal catalog_village_shops(struct request *q, struct catalog_seller_list *ret_sellers);

/* NOT_FOUND unless the caller may use PERMISSION on the seller. */
refusal catalog_reach_seller(struct request *q, enum permission permission, int64_t seller_id);
/* The same for the seller of a goods. */
refusal catalog_reach_goods(struct request *q, enum permission permission, int64_t goods_id);
/* NOT_FOUND unless the caller operates the whole house: sections, zones and categories belong to no
 * county. */
refusal catalog_reach_house(struct request *q);

/* Notes in the audit trail that a document was written with what DRAFT (of SHAPE) says. */
struct catalog_act {
    const char *action;
    const char *subject;
    int64_t subject_id;
};
refusal catalog_audit(struct request *q, struct catalog_act act, const struct shape *shape,
                      const void *draft);
/* BAD_INPUT on FIELD when the price of one 斤, litre or piece cannot be shown. */
refusal catalog_check_unit_price(struct request *q, const char *field, struct quantity net,
                                 struct fen price);

/* ---- handlers; doors.c lists them ---- */
refusal catalog_get_home(struct request *q);
refusal catalog_get_categories(struct request *q);
refusal catalog_post_category(struct request *q);
refusal catalog_put_category(struct request *q);
refusal catalog_get_sections(struct request *q);
refusal catalog_put_section_door(struct request *q);
refusal catalog_get_section_goods(struct request *q);
refusal catalog_put_section_goods_door(struct request *q);
refusal catalog_put_zone_door(struct request *q);
refusal catalog_get_banners(struct request *q);
refusal catalog_put_banners_door(struct request *q);
refusal catalog_turn_banners(struct request *q, int64_t argument, struct text text);
refusal catalog_get_section(struct request *q);
refusal catalog_get_zones(struct request *q);
refusal catalog_get_zone(struct request *q);
refusal catalog_get_sellers(struct request *q);
refusal catalog_get_seller(struct request *q);
refusal catalog_post_seller(struct request *q);
refusal catalog_put_seller(struct request *q);
refusal catalog_get_own_goods(struct request *q);
refusal catalog_get_stock(struct request *q);
refusal catalog_get_goods(struct request *q);
refusal catalog_put_sale(struct request *q);
refusal catalog_get_prices(struct request *q);
refusal catalog_put_price(struct request *q);
refusal catalog_recount(struct request *q, int64_t argument, struct text text);
refusal catalog_check(struct request *q, struct check_report *report);

/* Listeners of stock: whether a SKU can be bought is kept beside it, for lists do not ask the
 * ledger. */
refusal catalog_hear_ran_out(struct request *q, const void *data);
refusal catalog_hear_came_back(struct request *q, const void *data);
/* Says where a seller is, to whoever gives the role of keeping it. */
refusal catalog_hear_organisation(struct request *q, const void *data);

/* Search needs to hear of it, and its page is stale. */
refusal catalog_announce_goods(struct request *q, int64_t goods_id);
/* Writes SKU number SORT_ORDER of a draft as a new one and begins to stock it. */
refusal catalog_begin_sku(struct request *q, int64_t goods_id,
                          const struct catalog_goods_draft *draft, size_t sort_order,
                          int64_t *ret_sku_id);
/* What catalog_check_draft asks of a change. */
refusal catalog_check_revision(struct request *q, int64_t goods_id,
                               const struct catalog_goods_draft *draft);
struct text catalog_options_text(struct arena *arena, const struct catalog_pair_list *options);

/* What a goods page says, by up to three statements. */
refusal catalog_read_goods(struct request *q, int64_t goods_id, struct catalog_goods *ret_goods);

#endif

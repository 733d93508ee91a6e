/* The catalogue: sellers of every kind, goods with their SKUs, categories, sections, zones and
 * village shops (all data that an operator edits), price history. Above stock, below orders. */
#ifndef MARKET_CATALOG_CATALOG_H
#define MARKET_CATALOG_CATALOG_H

#include "ground/places/places.h"
#include "kernel/http/route.h"
#include "market/stock/stock.h"

#define CATALOG_RETURN_POLICIES(X)                                                                 \
    X(RETURN_SEVEN_DAYS, "seven_days")                                                             \
    X(RETURN_FRESH, "fresh")                                                                       \
    X(RETURN_MADE_TO_ORDER, "made_to_order")                                                       \
    X(RETURN_OPENED_VOID, "opened_void")
SHAPE_ENUM_DECLARE(catalog_return_policy, CATALOG_RETURN_POLICIES);

#define CATALOG_SELLER_KINDS(X)                                                                    \
    X(SELLER_BRAND, "brand")                                                                       \
    X(SELLER_COMPANY, "company")                                                                   \
    X(SELLER_COOPERATIVE, "cooperative")                                                           \
    X(SELLER_MICRO_SHOP, "micro_shop")                                                             \
    X(SELLER_HOUSEHOLD, "household")                                                               \
    X(SELLER_VILLAGE_SHOP, "village_shop")                                                         \
    X(SELLER_WORKSHOP, "workshop")                                                                 \
    X(SELLER_STATION, "station")
SHAPE_ENUM_DECLARE(catalog_seller_kind, CATALOG_SELLER_KINDS);

/* "合作社" */
struct text catalog_seller_kind_name(enum catalog_seller_kind kind);

/* What an order needs to know of a SKU: the price and the facts as they are at this moment. */
#define CATALOG_OFFER_FIELDS(F, S)                                                                 \
    F(S, ID, sku_id)                                                                               \
    F(S, ID, goods_id)                                                                             \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, options_text, .about = "5 斤 · 中果")                                               \
    F(S, TEXT, picture)                                                                            \
    F(S, FEN, price_fen)                                                                           \
    F(S, QTY, net)                                                                                 \
    F(S, INT, weight_g)                                                                            \
    F(S, INT, limit_count, .about = "most pieces in one order; 0 none")                            \
    F(S, ENUM, return_policy, catalog_return_policy)                                               \
    F(S, BOOL, free_freight)                                                                       \
    F(S, BOOL, on_sale)                                                                            \
    F(S, ID, seller_place_code)
SHAPE_DECLARE(catalog_offer, CATALOG_OFFER_FIELDS);

/* The most SKUs that one order, quote or bag may hold. */
enum { CATALOG_OFFERS_MAX = 20 };

/* The offers of up to CATALOG_OFFERS_MAX SKUs in one statement, in the order asked; a SKU that does
 * not exist is simply missing. */
refusal catalog_offers(struct request *q, const int64_t *sku_ids, size_t sku_count,
                       struct catalog_offer_list *ret_offers);

/* The price per base unit (斤 for weights) of an offer. */
struct catalog_unit_price {
    struct fen price;
    struct text unit_name;
};
struct catalog_unit_price catalog_unit_price(const struct catalog_offer *offer);

/* Adds to (or, negative, takes from) what was really sold of a goods, at once; the order of lists
 * by sales and the sum of its seller follow by the job catalog.recount, so that one row of a seller
 * is not where all its buyers meet. */
refusal catalog_count_sold(struct request *q, int64_t goods_id, int64_t count);

/* What the reach of a permission over this seller is measured against: the seller itself as
 * organisation and its place. NOT_FOUND when there is no such seller. */
refusal catalog_seller_owner(struct request *q, int64_t seller_id, struct owner *ret_owner);

/* Who sells, in a few words, found by the seller or by one of its goods. NOT_FOUND when there is
 * none. */
#define CATALOG_BRIEF_FIELDS(F, S)                                                                 \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, ID, place_code)                                                                           \
    F(S, TEXT, title, .about = "of the goods")
SHAPE_DECLARE(catalog_brief, CATALOG_BRIEF_FIELDS);
refusal catalog_seller_brief(struct request *q, int64_t seller_id, struct catalog_brief *ret_brief);
refusal catalog_goods_brief(struct request *q, int64_t goods_id, struct catalog_brief *ret_brief);

/* ---- what pages show ---- */

#define CATALOG_CARD_FIELDS(F, S)                                                                  \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, picture)                                                                            \
    F(S, TEXT, origin_name, .about = "隰县·上庄村")                                                \
    F(S, FEN, price_fen, .about = "of the SKU sku_id: the cheapest that can be bought")            \
    F(S, FEN, unit_price_fen)                                                                      \
    F(S, TEXT, unit_name)                                                                          \
    F(S, INT, sold_count, .about = "what was really sold")                                         \
    F(S, BOOL, available)                                                                          \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, ID, sku_id, .about = "what the + of a card puts into the bag")                            \
    F(S, INT, sku_count)                                                                           \
    F(S, BOOL, free_freight)
SHAPE_DECLARE(catalog_card, CATALOG_CARD_FIELDS);
SHAPE_DECLARE_PAGE(catalog_card);

#define CATALOG_SELLER_FIELDS(F, S)                                                                \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, name)                                                                               \
    F(S, ENUM, kind, catalog_seller_kind)                                                          \
    F(S, TEXT, kind_name, .about = "the kind in Chinese words")                                    \
    F(S, TEXT, summary)                                                                            \
    F(S, TEXT, picture)                                                                            \
    F(S, OBJECT, origin, places_origin)                                                            \
    F(S, INT, goods_count)                                                                         \
    F(S, INT, sold_count)                                                                          \
    F(S, INT, fee_permille, .about = "what the platform keeps of a sale: 0")                       \
    F(S, TEXT, licence_text)                                                                       \
    F(S, TIME, opened_at)
SHAPE_DECLARE(catalog_seller, CATALOG_SELLER_FIELDS);

/* ---- lists of goods: search calls these ---- */

#define CATALOG_SORTS(X)                                                                           \
    X(SORT_NEWEST, "newest")                                                                       \
    X(SORT_SOLD, "sold")                                                                           \
    X(SORT_PRICE, "price")                                                                         \
    X(SORT_PRICE_DOWN, "price_down")                                                               \
    X(SORT_ORIGIN, "origin")
SHAPE_ENUM_DECLARE(catalog_sort, CATALOG_SORTS);

/* What is left zero or empty filters nothing. */
struct catalog_filter {
    int64_t category_id; /* with all below it */
    struct text section; /* code */
    struct text zone;    /* code */
    int64_t seller_id;
    struct text place; /* 2, 4, 6, 9 or 12 digits */
    struct fen min_fen;
    struct fen max_fen; /* 0: no upper bound */
    bool in_stock;
    enum catalog_sort sort;
    int64_t limit;     /* 1 .. LIMIT_LIST_ROWS */
    struct text after; /* `next` of the page before */
};

/* True when nothing but sort, limit and after is set. */
bool catalog_filter_is_open(const struct catalog_filter *filter);

/* A page of cards by one statement on an index (one more where a section or zone has to be found by
 * its code). BAD_INPUT names the filter that is wrong. */
refusal catalog_list(struct request *q, const struct catalog_filter *filter,
                     struct catalog_card_page *ret_page);

/* The same among given goods: the hits of a search, at most CATALOG_AMONG_MAX. */
enum { CATALOG_AMONG_MAX = 400 };
refusal catalog_list_among(struct request *q, const int64_t *goods_ids, size_t goods_count,
                           const struct catalog_filter *filter, struct catalog_card_page *ret_page);

/* The cards of up to LIMIT_LIST_ROWS goods in the order asked, one statement; what is not on sale
 * is missing. */
refusal catalog_cards(struct request *q, const int64_t *goods_ids, size_t goods_count,
                      struct catalog_card_list *ret_cards);

/* Goods on sale of the sellers of a place (0: everywhere) with nothing left to buy: the first
 * LIMIT, and how many there are up to CATALOG_SOLD_OUT_MAX. */
enum { CATALOG_SOLD_OUT_MAX = 1000 };
refusal catalog_sold_out(struct request *q, int64_t place_code, int64_t limit,
                         struct catalog_card_list *ret_cards, int64_t *ret_count);
/* The same, page by page, seller by seller: AFTER is the `next` of the page before. */
struct catalog_sold_out_query {
    int64_t place_code;
    struct text after;
    int64_t limit;
};
refusal catalog_sold_out_page(struct request *q, const struct catalog_sold_out_query *query,
                              struct catalog_card_page *ret_page);

/* "KEY-ID", the `after` of lists that are sorted by a number and an id. Reading an empty text
 * leaves both as they are. */
struct catalog_key {
    int64_t key;
    int64_t id;
};
struct text catalog_key_write(struct arena *arena, struct catalog_key key);
refusal catalog_key_read(struct request *q, struct text after, struct catalog_key *ret_key);

/* ---- writing: operators, sellers and the demo ---- */

#define CATALOG_SELLER_DRAFT_FIELDS(F, S)                                                          \
    F(S, TEXT, name, .required = true, .min = 2, .max = 40)                                        \
    F(S, ENUM, kind, catalog_seller_kind, .required = true)                                        \
    F(S, TEXT, summary, .max = 200)                                                                \
    F(S, TEXT, picture, .max = 200)                                                                \
    F(S, ID, place_code, .required = true, .about = "twelve digits, as far down as is known")      \
    F(S, TEXT, licence_text, .max = 200)
SHAPE_DECLARE(catalog_seller_draft, CATALOG_SELLER_DRAFT_FIELDS);
/* A new seller; its fee is 0. BAD_INPUT when the place does not exist. */
refusal catalog_add_seller(struct request *q, const struct catalog_seller_draft *draft,
                           int64_t *ret_seller_id);

#define CATALOG_CATEGORY_DRAFT_FIELDS(F, S)                                                        \
    F(S, TEXT, name, .required = true, .min = 1, .max = 12)                                        \
    F(S, ID, parent_id, .about = "absent: at the top")                                             \
    F(S, TEXT, picture, .max = 200)                                                                \
    F(S, INT, sort_order, .max = 100000)                                                           \
    F(S, BOOL, processed_food, .about = "who makes it needs a licence (SC)")
SHAPE_DECLARE(catalog_category_draft, CATALOG_CATEGORY_DRAFT_FIELDS);
refusal catalog_add_category(struct request *q, const struct catalog_category_draft *draft,
                             int64_t *ret_category_id);

#define CATALOG_PAIR_FIELDS(F, S)                                                                  \
    F(S, TEXT, name, .required = true, .min = 1, .max = 20)                                        \
    F(S, TEXT, value, .required = true, .min = 1, .max = 60)
SHAPE_DECLARE(catalog_pair, CATALOG_PAIR_FIELDS);

#define CATALOG_SKU_DRAFT_FIELDS(F, S)                                                             \
    F(S, LIST, options, catalog_pair, .max = 4)                                                    \
    F(S, TEXT, note, .max = 60)                                                                    \
    F(S, FEN, price_fen, .required = true, .min = 1, .max = 100000000)                             \
    F(S, QTY, net, .required = true)                                                               \
    F(S, INT, weight_g, .required = true, .min = 1, .max = 1000000, .about = "with its packing")   \
    F(S, INT, limit_count, .max = 9999, .about = "most pieces in one order; 0 none")               \
    F(S, INT, stock_count, .max = 1000000, .about = "pieces that are there to begin with")         \
    F(S, INT, alarm_count, .max = 1000000, .about = "the seller is told at this many and below")   \
    F(S, ENUM, return_policy, catalog_return_policy, .required = true)                             \
    F(S, ID, sku_id, .optional = true, .about = "of a SKU that is there already; else a new one")
SHAPE_DECLARE(catalog_sku_draft, CATALOG_SKU_DRAFT_FIELDS);

#define CATALOG_GOODS_DRAFT_FIELDS(F, S)                                                           \
    F(S, ID, seller_id, .required = true)                                                          \
    F(S, ID, category_id, .required = true)                                                        \
    F(S, ID, place_code, .required = true, .about = "where it grew or was made")                   \
    F(S, TEXT, title, .required = true, .min = 2, .max = 60)                                       \
    F(S, TEXT, summary, .max = 200)                                                                \
    F(S, TEXT, story, .max = 4000)                                                                 \
    F(S, TEXTS, pictures, .required = true, .min = 1, .max = 9)                                    \
    F(S, LIST, facts, catalog_pair, .max = 20)                                                     \
    F(S, TEXT, piece_name, .required = true, .min = 1, .max = 4, .about = "箱")                    \
    F(S, INT, ship_within_hours, .min = 1, .max = 720, .fallback = 48)                             \
    F(S, BOOL, free_freight)                                                                       \
    F(S, LIST, skus, catalog_sku_draft, .required = true, .min = 1, .max = 20)
SHAPE_DECLARE(catalog_goods_draft, CATALOG_GOODS_DRAFT_FIELDS);
/* Puts a goods on sale, for the demo and for market/listings, which has let it through its review:
 * its SKUs begin to be stocked in their seller's first warehouse, its prices begin now.
 * *RET_SKU_IDS holds the ids of its SKUs in the draft's order. */
refusal catalog_add_goods(struct request *q, const struct catalog_goods_draft *draft,
                          int64_t *ret_goods_id, struct shape_ids *ret_sku_ids);

/* Whether a goods could be put on sale like that: its place, category, pictures, SKUs. BAD_INPUT
 * names what is wrong. GOODS_ID > 0: as a change of that goods. */
refusal catalog_check_draft(struct request *q, int64_t goods_id,
                            const struct catalog_goods_draft *draft);

/* Changes the words, pictures, place, category and SKUs of a goods, on sale or not. SKUs that the
 * draft names keep their price, stock and history; those it leaves out go off sale; those without
 * an id are new. */
refusal catalog_revise_goods(struct request *q, int64_t goods_id,
                             const struct catalog_goods_draft *draft);

/* What a goods is now, as a draft: its SKUs on sale with their ids; stock counts are left 0.
 * NOT_FOUND when there is none. */
refusal catalog_read_draft(struct request *q, int64_t goods_id,
                           struct catalog_goods_draft *ret_draft);

/* ---- what a seller keeps: lists of the desk, and sheets of them ---- */

#define CATALOG_OWN_SKU_FIELDS(F, S)                                                               \
    F(S, ID, sku_id)                                                                               \
    F(S, TEXT, options_text)                                                                       \
    F(S, FEN, price_fen)                                                                           \
    F(S, FEN, unit_price_fen)                                                                      \
    F(S, TEXT, unit_name)                                                                          \
    F(S, INT, on_hand_count)                                                                       \
    F(S, INT, reserved_count)                                                                      \
    F(S, INT, available_count)
SHAPE_DECLARE(catalog_own_sku, CATALOG_OWN_SKU_FIELDS);

#define CATALOG_OWN_GOODS_FIELDS(F, S)                                                             \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, picture)                                                                            \
    F(S, BOOL, on_sale)                                                                            \
    F(S, BOOL, available)                                                                          \
    F(S, INT, sold_count)                                                                          \
    F(S, TIME, listed_at)                                                                          \
    F(S, LIST, skus, catalog_own_sku)
SHAPE_DECLARE(catalog_own_goods, CATALOG_OWN_GOODS_FIELDS);
SHAPE_DECLARE_PAGE(catalog_own_goods);

/* A SKU in a warehouse with its words: what the seller's stock page shows. */
#define CATALOG_STOCK_ROW_FIELDS(F, S)                                                             \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, options_text)                                                                       \
    F(S, TEXT, picture)                                                                            \
    STOCK_ROW_FIELDS(F, S)
SHAPE_DECLARE(catalog_stock_row, CATALOG_STOCK_ROW_FIELDS);
SHAPE_DECLARE_PAGE(catalog_stock_row);

/* The goods of a seller with their SKUs, the newest first, and its stock: up to 20 a page, AFTER is
 * the `next` of the page before. NOT_FOUND unless the caller may sell for the seller. */
struct catalog_own_query {
    int64_t seller_id;
    struct text after;
    int64_t limit;
    /* Of the stock alone: of one SKU (0: all), or of the newest goods with these words in their
     * title, at most STOCK_GOODS_MAX of them. */
    int64_t sku_id;
    struct text words;
};
refusal catalog_own_goods_of(struct request *q, const struct catalog_own_query *query,
                             struct catalog_own_goods_page *ret_page);
refusal catalog_own_stock_of(struct request *q, const struct catalog_own_query *query,
                             struct catalog_stock_row_page *ret_page);

/* The category that a sheet calls NAME, "梨" or "水果/梨": *RET_COUNT is 0, 1 or, when several are
 * called so, 2. */
refusal catalog_find_category(struct request *q, struct text name, int64_t *ret_category_id,
                              size_t *ret_count);

/* A category as a reviewer needs it, with what is on sale there by UNIT_NAME. */
#define CATALOG_CATEGORY_VIEW_FIELDS(F, S)                                                         \
    F(S, TEXT, name)                                                                               \
    F(S, BOOL, processed_food)                                                                     \
    F(S, INT, goods_count)                                                                         \
    F(S, INT, unit_price_sum, .about = "in fen, of up to 200 of them")
SHAPE_DECLARE(catalog_category_view, CATALOG_CATEGORY_VIEW_FIELDS);
refusal catalog_view_category(struct request *q, int64_t category_id, struct text unit_name,
                              struct catalog_category_view *ret_view);

/* A new price of a SKU from now on; the same price again changes nothing. The reference price is
 * worked out from the history: the lowest price in force in the seven days before the present one
 * began, kept only when it is higher than the present one. */
struct catalog_price_change {
    int64_t goods_id;
    int64_t sku_id;
    struct fen price;
};
refusal catalog_set_price(struct request *q, const struct catalog_price_change *change);

#define CATALOG_SECTION_DRAFT_FIELDS(F, S)                                                         \
    F(S, TEXT, name, .required = true, .min = 1, .max = 20)                                        \
    F(S, TEXT, tagline, .max = 60)                                                                 \
    F(S, TEXT, picture, .max = 200)                                                                \
    F(S, INT, sort_order, .max = 100000)                                                           \
    F(S, BOOL, on_home, .fallback = 1, .about = "whether it stands on the home page")
SHAPE_DECLARE(catalog_section_draft, CATALOG_SECTION_DRAFT_FIELDS);
/* Makes or changes a section. The section "season" is the home page's season shelf and stands in no
 * list of sections. */
refusal catalog_put_section(struct request *q, struct text code,
                            const struct catalog_section_draft *draft);
/* The goods of a section in order, replacing those before; at most CATALOG_SECTION_GOODS_MAX, each
 * once. */
enum { CATALOG_SECTION_GOODS_MAX = 300 };
refusal catalog_put_section_goods(struct request *q, struct text code,
                                  const struct shape_ids *goods_ids);

#define CATALOG_ZONE_DRAFT_FIELDS(F, S)                                                            \
    F(S, TEXT, name, .required = true, .min = 1, .max = 20)                                        \
    F(S, TEXT, tagline, .max = 60)                                                                 \
    F(S, TEXT, picture, .max = 200)                                                                \
    F(S, INT, sort_order, .max = 100000)                                                           \
    F(S, BOOL, on_home, .fallback = 1, .about = "whether it stands on the home page")              \
    F(S, IDS, counties, .required = true, .min = 1, .max = 60, .about = "codes of counties")
SHAPE_DECLARE(catalog_zone_draft, CATALOG_ZONE_DRAFT_FIELDS);
/* Makes or changes a zone; its goods are those that come from its counties. */
refusal catalog_put_zone(struct request *q, struct text code,
                         const struct catalog_zone_draft *draft);

#define CATALOG_BANNER_FIELDS(F, S)                                                                \
    F(S, TEXT, title, .required = true, .min = 1, .max = 20)                                       \
    F(S, TEXT, text, .max = 60)                                                                    \
    F(S, TEXT, picture, .required = true, .min = 1, .max = 200)                                    \
    F(S, TEXT, link, .required = true, .min = 1, .max = 200, .about = "a page of this shop")       \
    F(S, TIME, from_at, .optional = true, .about = "absent: at once")                              \
    F(S, TIME, until_at, .optional = true, .about = "absent: until it is taken away")
SHAPE_DECLARE(catalog_banner, CATALOG_BANNER_FIELDS);
enum { CATALOG_BANNERS_MAX = 8 };
/* The banners of the home page in order, replacing those before. */
refusal catalog_put_banners(struct request *q, const struct catalog_banner_list *banners);

/* Whether nobody sells here yet. */
refusal catalog_is_empty(struct request *q, bool *ret_empty);

/* ---- facts ---- */

/* A goods came on sale, changed its words or left: what search needs. DATA is a struct
 * catalog_goods_change. */
#define CATALOG_GOODS_CHANGE_FIELDS(F, S)                                                          \
    F(S, ID, goods_id)                                                                             \
    F(S, BOOL, on_sale)                                                                            \
    F(S, TIME, listed_at)                                                                          \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, seller_name)                                                                        \
    F(S, TEXT, category_name)                                                                      \
    F(S, INT, place_code)
SHAPE_DECLARE(catalog_goods_change, CATALOG_GOODS_CHANGE_FIELDS);
extern const struct fact catalog_goods_changed;
/* The same of the next goods after AFTER_GOODS_ID, for making the index anew in pieces. */
refusal catalog_goods_changes(struct request *q, int64_t after_goods_id, int64_t limit,
                              struct catalog_goods_change_list *ret_changes);

/* A seller or a category came or has another name. RENAMED: words of its goods are stale. DATA is a
 * struct catalog_name. */
struct catalog_name {
    int64_t id;
    struct text name;
    bool renamed;
};
extern const struct fact catalog_seller_named;
extern const struct fact catalog_category_named;

extern const struct room catalog_room;

#endif

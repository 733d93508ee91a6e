/* Inside demo only: the shapes of world.json and the parts that build from it. */
#ifndef DEMO_WORLD_H
#define DEMO_WORLD_H

#include "app.h"
#include "market/catalog/catalog.h"

#define WORLD_CATEGORY_FIELDS(F, S)                                                                \
    F(S, TEXT, code, .required = true, .max = 40)                                                  \
    F(S, TEXT, name, .required = true, .max = 12)                                                  \
    F(S, TEXT, parent, .max = 40)                                                                  \
    F(S, TEXT, picture, .max = 200)                                                                \
    F(S, BOOL, processed, .about = "processed food")
SHAPE_DECLARE(world_category, WORLD_CATEGORY_FIELDS);

#define WORLD_SELLER_FIELDS(F, S)                                                                  \
    F(S, TEXT, code, .required = true, .max = 40)                                                  \
    F(S, TEXT, name, .required = true, .max = 40)                                                  \
    F(S, ENUM, kind, catalog_seller_kind, .required = true)                                        \
    F(S, TEXT, summary, .max = 200)                                                                \
    F(S, TEXT, picture, .max = 200)                                                                \
    F(S, ID, place_code, .required = true)                                                         \
    F(S, TEXT, licence_text, .max = 200)
SHAPE_DECLARE(world_seller, WORLD_SELLER_FIELDS);

#define WORLD_FREIGHT_FIELDS(F, S)                                                                 \
    F(S, TEXT, seller, .max = 40, .about = "empty: the house's own rule")                          \
    F(S, TEXT, region, .max = 12,                                                                  \
      .about = "the leading digits of a place; empty: everywhere else")                            \
    F(S, INT, first_g, .required = true, .min = 1, .max = 1000000)                                 \
    F(S, FEN, first_fen, .required = true)                                                         \
    F(S, INT, next_g, .required = true, .min = 1, .max = 1000000)                                  \
    F(S, FEN, next_fen, .required = true)                                                          \
    F(S, FEN, free_over_fen)                                                                       \
    F(S, BOOL, deliverable, .required = true)
SHAPE_DECLARE(world_freight, WORLD_FREIGHT_FIELDS);

#define WORLD_SKU_FIELDS(F, S)                                                                     \
    F(S, LIST, options, catalog_pair, .max = 4)                                                    \
    F(S, TEXT, note, .max = 60)                                                                    \
    F(S, FEN, price_fen, .required = true, .min = 1, .max = 100000000)                             \
    F(S, INT, net_milli, .required = true, .min = 1, .max = 1000000000)                            \
    F(S, TEXT, net_unit, .required = true, .max = 4)                                               \
    F(S, INT, weight_g, .required = true, .min = 1, .max = 1000000)                                \
    F(S, INT, stock, .max = 1000000)                                                               \
    F(S, INT, alarm, .max = 1000000)                                                               \
    F(S, INT, limit, .max = 9999)                                                                  \
    F(S, ENUM, return_policy, catalog_return_policy, .required = true)
SHAPE_DECLARE(world_sku, WORLD_SKU_FIELDS);

#define WORLD_GOODS_FIELDS(F, S)                                                                   \
    F(S, TEXT, code, .required = true, .max = 40)                                                  \
    F(S, TEXT, seller, .required = true, .max = 40)                                                \
    F(S, TEXT, title, .required = true, .max = 60)                                                 \
    F(S, TEXT, summary, .max = 200)                                                                \
    F(S, TEXT, story, .max = 4000)                                                                 \
    F(S, TEXT, category, .required = true, .max = 40)                                              \
    F(S, ID, place_code, .required = true)                                                         \
    F(S, TEXTS, pictures, .required = true, .max = 9)                                              \
    F(S, TEXT, piece_name, .required = true, .max = 4)                                             \
    F(S, INT, ship_within_hours, .required = true, .min = 1, .max = 720)                           \
    F(S, BOOL, free_freight)                                                                       \
    F(S, TEXTS, sections, .max = 10)                                                               \
    F(S, LIST, facts, catalog_pair, .max = 20)                                                     \
    F(S, LIST, skus, world_sku, .required = true, .min = 1, .max = 20)
SHAPE_DECLARE(world_goods, WORLD_GOODS_FIELDS);

#define WORLD_SECTION_FIELDS(F, S)                                                                 \
    F(S, TEXT, code, .required = true, .max = 40)                                                  \
    F(S, TEXT, name, .required = true, .max = 20)                                                  \
    F(S, TEXT, tagline, .max = 60)                                                                 \
    F(S, TEXT, picture, .max = 200)
SHAPE_DECLARE(world_section, WORLD_SECTION_FIELDS);

#define WORLD_ZONE_FIELDS(F, S)                                                                    \
    F(S, TEXT, code, .required = true, .max = 40)                                                  \
    F(S, TEXT, name, .required = true, .max = 20)                                                  \
    F(S, TEXT, tagline, .max = 60)                                                                 \
    F(S, TEXT, picture, .max = 200)                                                                \
    F(S, IDS, counties, .required = true, .max = 60)
SHAPE_DECLARE(world_zone, WORLD_ZONE_FIELDS);

#define WORLD_FIELDS(F, S)                                                                         \
    F(S, LIST, categories, world_category, .required = true, .max = 200)                           \
    F(S, LIST, sellers, world_seller, .required = true, .max = 200)                                \
    F(S, LIST, freight, world_freight, .required = true, .max = 200)                               \
    F(S, LIST, goods, world_goods, .required = true, .max = 500)                                   \
    F(S, LIST, sections, world_section, .required = true, .max = 20)                               \
    F(S, LIST, zones, world_zone, .required = true, .max = 20)                                     \
    F(S, LIST, banners, catalog_banner, .required = true, .max = 8)                                \
    F(S, TEXTS, season, .required = true, .max = 50)                                               \
    F(S, TEXTS, words, .required = true, .max = 20)
SHAPE_DECLARE(world, WORLD_FIELDS);

/* The embedded world.json; a refusal names what is wrong with it. */
refusal demo_read_world(struct arena *arena, struct world *ret_world);

/* So many orders are more than two weeks of a few buyers: then they are those of a year, and the
 * crowd buys too. */
enum { DEMO_MANY_ORDERS = 10000 };

/* The crowd's phones, one after the other: 199 and eight digits, a range that no log-in touches. */
#define DEMO_FIRST_PHONE INT64_C(19900000000)

/* An order that its buyer received, for what may be wrong with one. */
struct demo_arrived {
    int64_t order_id;
    struct text buyer_token;
    int64_t seller; /* its number in the world */
};
enum { DEMO_ARRIVED_MAX = 24 };

/* What is under way: the world, what it is made into, and the choices of one seed. */
struct demo {
    struct app *app;
    struct arena *arena; /* lives to the end */
    struct arena *work;  /* of one transaction */
    struct world world;
    int64_t *category_ids; /* in the world's order */
    int64_t *seller_ids;
    int64_t *goods_ids;
    struct text shopper_token;
    int64_t shopper_id;
    int64_t called_off_id;    /* the order of the shopper that will not be sent; 0: none */
    struct text keeper_token; /* of who keeps the first three shops */
    struct demo_arrived arrived[DEMO_ARRIVED_MAX];
    size_t arrived_count;
    int64_t scale;
    int64_t people;
    int64_t orders;
    int64_t days;       /* back to the first of them */
    int64_t *crowd_ids; /* PEOPLE of them */
    uint64_t seed;
    struct instant now;
};

/* A number below BOUND that depends on the seed, on WHAT it is for and on WHICH one it is, and on
 * nothing else. */
int64_t demo_choose(const struct demo *demo, uint64_t what, uint64_t which, int64_t bound);

/* Runs WORK in a transaction and says on stderr when it refuses. */
bool demo_work(struct demo *demo, refusal (*work)(struct request *q, void *context), void *context);

/* ---- the parts, in order; false when one failed ---- */
bool demo_build_world(struct demo *demo);  /* build.c */
bool demo_build_copies(struct demo *demo); /* copies.c */
bool demo_build_people(
    struct demo *demo); /* persons.c: the shopper's address, the crowd, what is printed */
bool demo_build_orders(struct demo *demo); /* orders.c: those of two weeks, or of a year */

/* What becomes of an order that was received: some are claimed, complained of, or want an invoice
 * (claims.c). Q->who is the buyer, Q->now the time of the receipt; *ret_is_open says whether a case
 * is left open. */
refusal demo_claim(struct request *q, const struct demo *demo, uint64_t which, int64_t order_id,
                   bool *ret_is_open);

bool demo_build_desk(struct demo *demo); /* desk.c: what waits for review */
/* desk.c: cases, complaints and an invoice of orders that arrived */
bool demo_build_cases(struct demo *demo);

/* The log-ins, in the transaction of the world. */
refusal demo_make_logins(struct request *q, struct demo *demo);

/* Puts one goods of the world on sale for SELLER_ID, from PLACE_CODE under TITLE, at the time when
 * WHICH came on sale. */
struct demo_goods {
    const struct world_goods *goods;
    int64_t seller_id;
    int64_t place_code;
    struct text title;
    uint64_t which;
};
refusal demo_add_goods(struct request *q, struct demo *demo, const struct demo_goods *which,
                       int64_t *ret_goods_id);

#endif

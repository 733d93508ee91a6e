/* From world.json to rooms: categories, sellers, freight, goods with the prices that they had,
 * sections, zones, banners. */
#include <assert.h>

#include "demo/world.h"
#include "kernel/base/embed.h"
#include "kernel/base/json.h"
#include "market/orders/freight.h"
#include "market/search/search.h"

SHAPE_DEFINE(world_category, WORLD_CATEGORY_FIELDS);
SHAPE_DEFINE(world_seller, WORLD_SELLER_FIELDS);
SHAPE_DEFINE(world_freight, WORLD_FREIGHT_FIELDS);
SHAPE_DEFINE(world_sku, WORLD_SKU_FIELDS);
SHAPE_DEFINE(world_goods, WORLD_GOODS_FIELDS);
SHAPE_DEFINE(world_section, WORLD_SECTION_FIELDS);
SHAPE_DEFINE(world_zone, WORLD_ZONE_FIELDS);
SHAPE_DEFINE(world, WORLD_FIELDS);

refusal demo_read_world(struct arena *arena, struct world *ret_world) {
    const struct embed_file *file = embed_find("src/demo/world.json");
    struct text why;
    if (!file)
        return problem_make(arena, PROBLEM_INTERNAL, "world.json", "程序里没有演示数据",
                            "the program holds no demo world");
    const struct json_t *json =
        json_read(arena, (struct text){(const char *)file->bytes, file->length}, &why);
    if (!json)
        return problem_make(arena, PROBLEM_INTERNAL, "world.json", "%.*s", "%.*s", (int)why.length,
                            why.bytes);
    return shape_read_json(&world_shape, arena, json, ret_world);
}

/* ---- names of the world to ids of the house ---- */

#define FIND(list, wanted, what)                                                                   \
    do {                                                                                           \
        for (size_t i = 0; i < (list).count; i++)                                                  \
            if (text_equal((list).items[i].code, (wanted))) {                                      \
                *ret_index = i;                                                                    \
                return NULL;                                                                       \
            }                                                                                      \
        return refuse(q, INTERNAL, what, "演示数据里没有 %.*s", "the world has no %.*s",           \
                      (int)(wanted).length, (wanted).bytes);                                       \
    } while (0)

static refusal find_category(struct request *q, const struct world *world, struct text code,
                             size_t *ret_index) {
    FIND(world->categories, code, "category");
}

static refusal find_seller(struct request *q, const struct world *world, struct text code,
                           size_t *ret_index) {
    FIND(world->sellers, code, "seller");
}

static refusal find_goods(struct request *q, const struct world *world, struct text code,
                          size_t *ret_index) {
    FIND(world->goods, code, "goods");
}

/* ---- what stands before goods ---- */

static refusal add_categories(struct request *q, struct demo *demo) {
    const struct world_category_list *categories = &demo->world.categories;
    for (size_t i = 0; i < categories->count; i++) {
        const struct world_category *category = &categories->items[i];
        struct catalog_category_draft draft = {.name = category->name,
                                               .picture = category->picture,
                                               .sort_order = (int64_t)i,
                                               .processed_food = category->processed};
        size_t parent = 0;
        if (category->parent.length) {
            TRY(find_category(q, &demo->world, category->parent, &parent));
            if (parent >= i)
                return refuse(q, INTERNAL, "categories", "上级分类要写在前面",
                              "a category stands behind its parent");
            draft.parent_id = demo->category_ids[parent];
        }
        TRY(catalog_add_category(q, &draft, &demo->category_ids[i]));
    }
    return NULL;
}

static refusal add_sellers(struct request *q, struct demo *demo) {
    const struct world_seller_list *sellers = &demo->world.sellers;
    for (size_t i = 0; i < sellers->count; i++) {
        const struct world_seller *seller = &sellers->items[i];
        struct catalog_seller_draft draft = {seller->name,       seller->kind,
                                             seller->summary,    seller->picture,
                                             seller->place_code, seller->licence_text};
        TRY(catalog_add_seller(q, &draft, &demo->seller_ids[i]));
    }
    return NULL;
}

static refusal add_freight(struct request *q, struct demo *demo) {
    const struct world_freight_list *rules = &demo->world.freight;
    for (size_t i = 0; i < rules->count; i++) {
        const struct world_freight *from = &rules->items[i];
        struct freight_rule rule = {.first_g = from->first_g,
                                    .first_fen = from->first_fen,
                                    .next_g = from->next_g,
                                    .next_fen = from->next_fen,
                                    .free_over_fen = from->free_over_fen,
                                    .deliverable = from->deliverable};
        size_t seller = 0;
        if (from->seller.length) {
            TRY(find_seller(q, &demo->world, from->seller, &seller));
            rule.seller_id = demo->seller_ids[seller];
        }
        if (from->region.length && !places_read_code(from->region, &rule.region_code))
            return refuse(q, INTERNAL, "freight", "地区代码不对", "a region's code is wrong");
        TRY(freight_put(q, &rule));
    }
    return NULL;
}

static refusal add_ground(struct request *q, struct demo *demo) {
    /* The first words of the house are as old as its first goods. */
    q->now = instant_after(demo->now, -(demo->days + 56) * (int64_t)DAY_MS);
    TRY(add_categories(q, demo));
    TRY(add_sellers(q, demo));
    return add_freight(q, demo);
}

/* ---- goods and the prices that they had ---- */

enum { CHOOSE_LISTED = 1, CHOOSE_HISTORY, CHOOSE_PERCENT, CHOOSE_DAY };

/* Three in ten were dearer until some days ago, two in ten were cheaper before, the others always
 * cost the same. */
struct price_past {
    int64_t percent;  /* of the present price; 100: never changed */
    int64_t days_ago; /* when the present price began */
};

static struct price_past past_of(const struct demo *demo, uint64_t which) {
    int64_t kind = demo_choose(demo, CHOOSE_HISTORY, which, 10);
    if (kind < 3)
        return (struct price_past){105 + demo_choose(demo, CHOOSE_PERCENT, which, 9),
                                   1 + demo_choose(demo, CHOOSE_DAY, which, 5)};
    if (kind < 5)
        return (struct price_past){92 + demo_choose(demo, CHOOSE_PERCENT, which, 5),
                                   9 + demo_choose(demo, CHOOSE_DAY, which, 9)};
    return (struct price_past){100, 0};
}

/* The earlier price as people write prices: nine at the tenths, and never the present one. */
static struct fen price_before(struct fen price, struct price_past past) {
    int64_t now = fen_count(price);
    if (past.percent == 100) return price;
    int64_t before = now * past.percent / 100;
    before = before < 1000 ? (before + 5) / 10 * 10 : (before + 50) / 100 * 100 - 10;
    if (past.percent > 100 && before <= now) before = now + 100;
    if (past.percent < 100 && before >= now) before = now > 100 ? now - 50 : now;
    return fen_of_count(before);
}

static refusal goods_draft(struct request *q, struct demo *demo, const struct demo_goods *which,
                           struct catalog_goods_draft *ret_draft) {
    const struct world_goods *goods = which->goods;
    struct price_past past = past_of(demo, which->which);
    size_t category = 0;
    TRY(find_category(q, &demo->world, goods->category, &category));
    *ret_draft = (struct catalog_goods_draft){
        .seller_id = which->seller_id,
        .category_id = demo->category_ids[category],
        .place_code = which->place_code,
        .title = which->title,
        .summary = goods->summary,
        .story = goods->story,
        .pictures = goods->pictures,
        .facts = goods->facts,
        .piece_name = goods->piece_name,
        .ship_within_hours = goods->ship_within_hours,
        .free_freight = goods->free_freight,
        .skus = {arena_new(q->arena, struct catalog_sku_draft, goods->skus.count),
                 goods->skus.count}};
    for (size_t i = 0; i < goods->skus.count; i++) {
        const struct world_sku *sku = &goods->skus.items[i];
        struct catalog_sku_draft *draft = &ret_draft->skus.items[i];
        *draft = (struct catalog_sku_draft){.options = sku->options,
                                            .note = sku->note,
                                            .price_fen = price_before(sku->price_fen, past),
                                            .net.milli = sku->net_milli,
                                            .weight_g = sku->weight_g,
                                            .limit_count = sku->limit,
                                            .stock_count = sku->stock,
                                            .alarm_count = sku->alarm,
                                            .return_policy = sku->return_policy};
        if (!quantity_unit_find(sku->net_unit, &draft->net.unit))
            return refuse(q, INTERNAL, "net_unit", "没有这个单位", "there is no such unit");
    }
    return NULL;
}

refusal demo_add_goods(struct request *q, struct demo *demo, const struct demo_goods *which,
                       int64_t *ret_goods_id) {
    struct catalog_goods_draft draft;
    struct shape_ids sku_ids;
    struct price_past past = past_of(demo, which->which);
    int64_t minutes_ago =
        (demo->days + 7) * 24 * 60 + demo_choose(demo, CHOOSE_LISTED, which->which, 45 * 24 * 60);
    TRY(goods_draft(q, demo, which, &draft));
    q->now = instant_after(demo->now, -minutes_ago * MINUTE_MS);
    TRY(catalog_add_goods(q, &draft, ret_goods_id, &sku_ids));
    q->now = instant_after(demo->now, -past.days_ago * DAY_MS);
    for (size_t i = 0; past.percent != 100 && i < sku_ids.count; i++) {
        struct catalog_price_change change = {*ret_goods_id, sku_ids.items[i],
                                              which->goods->skus.items[i].price_fen};
        TRY(catalog_set_price(q, &change));
    }
    return NULL;
}

static refusal add_all_goods(struct request *q, struct demo *demo) {
    for (size_t i = 0; i < demo->world.goods.count; i++) {
        const struct world_goods *goods = &demo->world.goods.items[i];
        size_t seller = 0;
        TRY(find_seller(q, &demo->world, goods->seller, &seller));
        struct demo_goods which = {goods, demo->seller_ids[seller], goods->place_code, goods->title,
                                   i};
        TRY(demo_add_goods(q, demo, &which, &demo->goods_ids[i]));
    }
    return NULL;
}

/* ---- what operators arrange ---- */

static bool stands_in(const struct text_list *codes, struct text code) {
    for (size_t i = 0; i < codes->count; i++)
        if (text_equal(codes->items[i], code)) return true;
    return false;
}

static refusal add_sections(struct request *q, struct demo *demo) {
    const struct world *world = &demo->world;
    int64_t *ids = arena_new(q->arena, int64_t, world->goods.count);
    for (size_t i = 0; i < world->sections.count; i++) {
        const struct world_section *section = &world->sections.items[i];
        struct catalog_section_draft draft = {section->name, section->tagline, section->picture,
                                              (int64_t)i, true};
        struct shape_ids goods = {ids, 0};
        TRY(catalog_put_section(q, section->code, &draft));
        for (size_t j = 0; j < world->goods.count; j++)
            if (stands_in(&world->goods.items[j].sections, section->code))
                ids[goods.count++] = demo->goods_ids[j];
        TRY(catalog_put_section_goods(q, section->code, &goods));
    }
    return NULL;
}

static refusal add_season(struct request *q, struct demo *demo) {
    const struct world *world = &demo->world;
    struct catalog_section_draft draft = {.name = TEXT("当季"),
                                          .tagline = TEXT("这几天正当时的"),
                                          .sort_order = 1000,
                                          .on_home = true};
    struct shape_ids goods = {arena_new(q->arena, int64_t, world->season.count),
                              world->season.count};
    for (size_t i = 0; i < goods.count; i++) {
        size_t at = 0;
        TRY(find_goods(q, world, world->season.items[i], &at));
        goods.items[i] = demo->goods_ids[at];
    }
    TRY(catalog_put_section(q, TEXT("season"), &draft));
    return catalog_put_section_goods(q, TEXT("season"), &goods);
}

static refusal arrange(struct request *q, struct demo *demo) {
    const struct world *world = &demo->world;
    TRY(add_sections(q, demo));
    TRY(add_season(q, demo));
    for (size_t i = 0; i < world->zones.count; i++) {
        const struct world_zone *zone = &world->zones.items[i];
        struct catalog_zone_draft draft = {zone->name, zone->tagline, zone->picture,
                                           (int64_t)i, true,          zone->counties};
        TRY(catalog_put_zone(q, zone->code, &draft));
    }
    TRY(catalog_put_banners(q, &world->banners));
    return search_put_popular(q, &world->words);
}

/* All of it or nothing: a house that was left half built would be taken for somebody's. */
static refusal build_world(struct request *q, void *context) {
    struct demo *demo = context;
    TRY(add_ground(q, demo));
    TRY(add_all_goods(q, demo));
    q->now = demo->now;
    TRY(arrange(q, demo));
    return demo_make_logins(q, demo);
}

bool demo_build_world(struct demo *demo) {
    demo->category_ids = arena_new(demo->arena, int64_t, demo->world.categories.count);
    demo->seller_ids = arena_new(demo->arena, int64_t, demo->world.sellers.count);
    demo->goods_ids = arena_new(demo->arena, int64_t, demo->world.goods.count);
    return demo_work(demo, build_world, demo);
}

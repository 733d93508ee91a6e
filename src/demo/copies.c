/* The world many times over, for benches: each further seller lives in a village near the first,
 * and sells what the first sells under the village's name. */
#include <assert.h>
#include <stdio.h>

#include "demo/world.h"

enum {
    CHOOSE_VILLAGE = 11,
    CHOOSE_FAMILY,
    CHILDREN_MAX = 600,
    GOODS_A_TRANSACTION = 12,
    WHICH_A_COPY = 1000 /* further than any world has goods */
};

/* A place below CODE, as far down as the table goes. */
static int64_t choose_below(const struct demo *demo, uint64_t which, int64_t code) {
    struct place places[CHILDREN_MAX];
    for (uint64_t step = 0; step < PLACE_VILLAGE; step++) {
        size_t count = places_children(code, 0, CHILDREN_MAX, places);
        if (count == 0) break;
        code = places[demo_choose(demo, CHOOSE_VILLAGE + step, which, (int64_t)count)].code;
    }
    return code;
}

static struct text village_name(int64_t code) {
    struct place place;
    return places_find(code, &place) ? places_short_name(&place) : TEXT("");
}

static struct text copy_name(struct request *q, const struct demo *demo, uint64_t which,
                             enum catalog_seller_kind kind, struct text village) {
    static const char *const families[] = {"李", "王", "张", "刘", "陈", "杨", "赵", "黄",
                                           "周", "吴", "徐", "孙", "胡", "朱", "高", "林"};
    enum { FAMILIES = sizeof(families) / sizeof(families[0]) };
    const char *family = families[demo_choose(demo, CHOOSE_FAMILY, which, FAMILIES)];
    const char *words = "家小店";
    switch (kind) {
    case SELLER_BRAND:
    case SELLER_COMPANY: words = "家农产品公司"; break;
    case SELLER_COOPERATIVE: words = "家牵头的合作社"; break;
    case SELLER_HOUSEHOLD: words = "家"; break;
    case SELLER_WORKSHOP: words = "家手工作坊"; break;
    case SELLER_STATION: words = "家代办点"; break;
    case SELLER_MICRO_SHOP:
    case SELLER_VILLAGE_SHOP: break;
    }
    return text_slice(
        text_format(q->arena, "%.*s%s%s", (int)village.length, village.bytes, family, words), 0,
        100);
}

struct copy {
    struct demo *demo;
    uint64_t number;     /* 1 .. scale - 1 */
    size_t first_goods;  /* of this transaction */
    int64_t *seller_ids; /* of this copy, in the world's order */
    int64_t *places;
};

static refusal copy_sellers(struct request *q, void *context) {
    struct copy *copy = context;
    struct demo *demo = copy->demo;
    q->now = instant_after(demo->now, -(demo->days + 56) * (int64_t)DAY_MS);
    for (size_t i = 0; i < demo->world.sellers.count; i++) {
        const struct world_seller *seller = &demo->world.sellers.items[i];
        uint64_t which = copy->number * WHICH_A_COPY + i;
        copy->places[i] = choose_below(demo, which, seller->place_code / 1000000 * 1000000);
        struct text village = village_name(copy->places[i]);
        /* The home page shows the world's own village shops. */
        enum catalog_seller_kind kind =
            seller->kind == SELLER_VILLAGE_SHOP ? SELLER_MICRO_SHOP : seller->kind;
        struct catalog_seller_draft draft = {copy_name(q, demo, which, kind, village),
                                             kind,
                                             seller->summary,
                                             seller->picture,
                                             copy->places[i],
                                             seller->licence_text};
        TRY(catalog_add_seller(q, &draft, &copy->seller_ids[i]));
    }
    return NULL;
}

static size_t seller_index(const struct world *world, struct text code) {
    size_t i = 0;
    while (i < world->sellers.count && !text_equal(world->sellers.items[i].code, code)) i++;
    assert(i < world->sellers.count);
    return i;
}

static refusal copy_goods(struct request *q, void *context) {
    struct copy *copy = context;
    struct demo *demo = copy->demo;
    size_t end = copy->first_goods + GOODS_A_TRANSACTION;
    if (end > demo->world.goods.count) end = demo->world.goods.count;
    for (size_t i = copy->first_goods; i < end; i++) {
        const struct world_goods *goods = &demo->world.goods.items[i];
        size_t seller = seller_index(&demo->world, goods->seller);
        uint64_t which = copy->number * WHICH_A_COPY + i;
        int64_t place_code = choose_below(demo, which, goods->place_code / 1000000 * 1000000);
        struct text village = village_name(place_code);
        int64_t goods_id;
        struct demo_goods copied = {
            .goods = goods,
            .seller_id = copy->seller_ids[seller],
            .place_code = place_code,
            .title = text_format(q->arena, "%.*s %.*s", (int)goods->title.length,
                                 goods->title.bytes, (int)village.length, village.bytes),
            .which = which};
        TRY(demo_add_goods(q, demo, &copied, &goods_id));
    }
    return NULL;
}

bool demo_build_copies(struct demo *demo) {
    struct copy copy = {.demo = demo,
                        .seller_ids = arena_new(demo->arena, int64_t, demo->world.sellers.count),
                        .places = arena_new(demo->arena, int64_t, demo->world.sellers.count)};
    for (copy.number = 1; copy.number < (uint64_t)demo->scale; copy.number++) {
        if (!demo_work(demo, copy_sellers, &copy)) return false;
        for (copy.first_goods = 0; copy.first_goods < demo->world.goods.count;
             copy.first_goods += GOODS_A_TRANSACTION)
            if (!demo_work(demo, copy_goods, &copy)) return false;
    }
    return true;
}

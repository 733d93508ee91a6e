#include "demo/demo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/world.h"

enum {
    SCALE_MAX = 1000,
    PEOPLE_MAX = 1000 * 1000,
    ORDERS_MAX = 1000 * 1000,
    ARENA_BYTES_MAX = 256 * 1024 * 1024
};

int64_t demo_choose(const struct demo *demo, uint64_t what, uint64_t which, int64_t bound) {
    /* splitmix64: neighbouring numbers give unrelated choices. */
    uint64_t x =
        demo->seed + what * UINT64_C(0xD1B54A32D192ED03) + which * UINT64_C(0x9E3779B97F4A7C15);
    x ^= x >> 30;
    x *= UINT64_C(0xBF58476D1CE4E5B9);
    x ^= x >> 27;
    x *= UINT64_C(0x94D049BB133111EB);
    x ^= x >> 31;
    return (int64_t)(x % (uint64_t)bound);
}

static void say_refusal(struct arena *arena, refusal refused) {
    struct buffer words = buffer_make(arena, 8192);
    problem_write(&words, refused, TEXT("demo"), true);
    struct text text = buffer_text(&words);
    fprintf(stderr, "xiangji demo: %.*s\n", (int)text.length, text.bytes);
}

bool demo_work(struct demo *demo, refusal (*work)(struct request *q, void *context),
               void *context) {
    refusal refused = road_work(demo->app, demo->work, true, work, context);
    if (refused) say_refusal(demo->arena, refused);
    arena_reset(demo->work);
    return refused == NULL;
}

static refusal look_for_world(struct request *q, void *context) {
    return catalog_is_empty(q, context);
}

static bool read_number(const char *word, int64_t min, int64_t max, int64_t *ret_number) {
    return word && text_to_int64(text_of(word), ret_number) && *ret_number >= min &&
           *ret_number <= max;
}

static bool read_options(struct demo *demo, int argc, char **argv) {
    int64_t seed = 20261123;
    demo->scale = 1;
    bool fine = true;
    for (int i = 0; fine && i < argc; i += 2) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--scale") == 0)
            fine = read_number(value, 1, SCALE_MAX, &demo->scale);
        else if (strcmp(argv[i], "--people") == 0)
            fine = read_number(value, 0, PEOPLE_MAX, &demo->people);
        else if (strcmp(argv[i], "--orders") == 0)
            fine = read_number(value, 0, ORDERS_MAX, &demo->orders);
        else if (strcmp(argv[i], "--seed") == 0)
            fine = read_number(value, 0, INT64_MAX, &seed);
        else
            fine = false;
    }
    demo->days = demo->orders > DEMO_MANY_ORDERS ? 365 : 14;
    demo->seed = (uint64_t)seed;
    if (!fine)
        fprintf(
            stderr,
            "usage: xiangji demo [--scale 1..%d] [--people 0..%d] [--orders 0..%d] [--seed N]\n",
            SCALE_MAX, PEOPLE_MAX, ORDERS_MAX);
    return fine;
}

static int build(struct demo *demo) {
    bool empty = false;
    refusal refused = demo_read_world(demo->arena, &demo->world);
    if (refused) {
        say_refusal(demo->arena, refused);
        return 1;
    }
    if (!demo_work(demo, look_for_world, &empty)) return 1;
    if (!empty) {
        fprintf(stderr, "xiangji demo: 这里已经有卖家和商品了，没有动任何东西"
                        " (somebody sells here already; nothing was changed)\n");
        return 1;
    }
    if (!demo_build_world(demo) || !demo_build_copies(demo)) return 1;
    printf("演示世界建好了：%lld 种商品，%lld 家店\n",
           (long long)demo->world.goods.count * (long long)demo->scale,
           (long long)demo->world.sellers.count * (long long)demo->scale);
    bool built = demo_build_people(demo) && demo_build_desk(demo) &&
                 (demo->orders == 0 || (demo_build_orders(demo) && demo_build_cases(demo)));
    return built ? 0 : 1;
}

int demo_run(struct app *app, int argc, char **argv) {
    struct arena arena = {.total_max = ARENA_BYTES_MAX};
    struct arena work = {.total_max = ARENA_BYTES_MAX};
    struct demo demo = {.app = app, .arena = &arena, .work = &work, .now = app_now(app)};
    int status = read_options(&demo, argc, argv) ? build(&demo) : 2;
    fflush(stdout);
    arena_free(&work);
    arena_free(&arena);
    return status;
}

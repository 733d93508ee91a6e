/* The demo world in a folder of its own, with a clock and a chance that are the same each time, for
 * targets that go through the whole road. */
#ifndef TESTS_FUZZ_SHOP_H
#define TESTS_FUZZ_SHOP_H

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "demo/demo.h"
#include "fuzz.h"
#include "ground/people/people.h"
#include "kernel/http/road.h"

static const char shop_secret[] = "a secret of the tests";

struct place {
    struct app app;
    struct road road; /* with its router made once */
    struct arena arena;
    char folder[64];
    char url[96];
    int64_t now_ms;
    uint64_t drawn;
    struct text token; /* of the demo's buyer */
};
static struct place *shop;

static struct instant clock_of(const struct app *app) {
    return (struct instant){((struct place *)app->seam)->now_ms};
}

static void random_of(const struct app *app, void *bytes, size_t length) {
    unsigned char seed[randombytes_SEEDBYTES] = {0};
    uint64_t drawn = ((struct place *)app->seam)->drawn++;
    memcpy(seed, &drawn, sizeof(drawn));
    randombytes_buf_deterministic(bytes, length, seed);
}

static refusal make_token(struct request *q, void *context) {
    struct place *place = context;
    int64_t person_id;
    TRY(people_make(q, TEXT("13800138001"), TEXT("测试"), TEXT(""), &person_id));
    TRY(people_make_session(q, person_id, &place->token));
    place->token = text_copy(&place->arena, place->token);
    return NULL;
}

static inline struct road_reply perform(struct place *place, struct arena *arena,
                                        const char *method, struct text target, struct text body) {
    struct road_call call = {
        .method = method, .target = target, .body = body, .token = place->token};
    struct road_reply reply = {0};
    road_perform_on(&place->road, arena, &call, &reply);
    MUST(reply.status / 100 == 2);
    return reply;
}

/* What stands behind NAME in a reply, up to the byte END. */
static inline struct text value_of(struct place *place, struct text body, const char *name,
                                   const char *end) {
    size_t from = text_find(body, text_of(name), 0);
    MUST(from != SIZE_MAX);
    from += strlen(name);
    return text_copy(&place->arena, text_slice(body, from, text_find(body, text_of(end), from)));
}

static void close_shop(void) {
    char command[96];
    app_close(&shop->app);
    snprintf(command, sizeof(command), "rm -rf %s", shop->folder);
    if (system(command) != 0) fprintf(stderr, "%s failed\n", command);
}

static inline struct place *open_shop(void) {
    struct place *place = shop = calloc(1, sizeof(*place));
    struct text error = {0};
    MUST(place && sodium_init() >= 0);
    json_prepare();
    place->arena.total_max = (size_t)1024 * 1024 * 1024;
    place->now_ms = INT64_C(1795420800000);
    snprintf(place->folder, sizeof(place->folder), "%s/xj-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    MUST(mkdtemp(place->folder));
    snprintf(place->url, sizeof(place->url), "sqlite:%s/xiangji.db", place->folder);
    place->app = (struct app){.data_folder = place->folder,
                              .database_url = place->url,
                              .listen_address = "127.0.0.1",
                              .public_url = "",
                              .sandbox_url = "http://127.0.0.1:1",
                              .sandbox_secret = shop_secret,
                              .loop_count = 1,
                              .worker_count = 1,
                              .clock = clock_of,
                              .random = random_of,
                              .seam = place};
    MUST(app_open(&place->app, &place->arena, false, &error));
    MUST(demo_run(&place->app, 0, NULL) == 0);
    refusal refused = road_work(&place->app, &place->arena, true, make_token, place);
    MUST(!refused);
    place->road = (struct road){.app = &place->app};
    place->road.rooms = rooms_all(&place->road.room_count);
    place->road.router = router_make(&place->arena, place->road.rooms, place->road.room_count);
    atexit(close_shop);
    return place;
}

#endif

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

/* Who acts, by a letter: n(obody), b(uyer), k(eeper of a seller), o(perator), a(uditor). */
enum { ROLES = 5 };
static const char roles[ROLES + 1] = "nbkoa";

struct place {
    struct app app;
    struct road road; /* with its router made once */
    struct arena arena;
    char folder[64];
    char url[96];
    int64_t now_ms;
    uint64_t drawn;
    struct text tokens[ROLES];
    struct text words[128]; /* what stands for @ and a letter in an input, by the letter */
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

static refusal make_tokens(struct request *q, void *context) {
    static const char *const phones[ROLES] = {NULL, "13800138001", "13800138002", "13800138003",
                                              "13800138004"};
    struct place *place = context;
    for (size_t i = 1; i < ROLES; i++) {
        int64_t person_id;
        TRY(people_make(q, text_of(phones[i]), TEXT("测试"), TEXT(""), &person_id));
        TRY(people_make_session(q, person_id, &place->tokens[i]));
        place->tokens[i] = text_copy(&place->arena, place->tokens[i]);
    }
    return NULL;
}

static struct text token_of_role(const struct place *place, char role) {
    const char *at = strchr(roles, role);
    return at ? place->tokens[at - roles] : TEXT("");
}

static inline struct road_reply perform(struct place *place, struct arena *arena, char role,
                                        const char *method, struct text target, struct text body) {
    struct road_call call = {.method = method,
                             .target = target,
                             .body = body,
                             .token = token_of_role(place, role),
                             .english = place->drawn % 2};
    struct road_reply reply = {0};
    road_perform_on(&place->road, arena, &call, &reply);
    return reply;
}

/* Of the world's making: it must succeed. */
static inline struct road_reply get(struct place *place, char role, const char *target) {
    struct road_reply reply = perform(place, &place->arena, role, "GET", text_of(target), TEXT(""));
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

static inline struct road_reply place_order(struct place *place) {
    struct text draft = text_format(&place->arena,
                                    "{\"lines\":[{\"sku_id\":\"%s\",\"count\":1}],"
                                    "\"ticked_return_terms\":true}",
                                    place->words['k'].bytes);
    return perform(place, &place->arena, 'b', "POST", TEXT("/api/orders"), draft);
}

/* A fresh order of the buyer, of the SKU @k, with a payment that waits for its callback: @o, @p and
 * its amount @m. Millions of inputs empty a shelf: then @k is what still lies on another. */
static inline void open_payment(struct place *place) {
    static const char name[] = "\"sku_id\":\"";
    struct arena *arena = &place->arena;
    struct road_reply placed = place_order(place);
    struct text rest = TEXT("");
    if (placed.status == 409) rest = get(place, 'n', "/api/goods?limit=50&in_stock=true").body;
    for (size_t at; placed.status == 409 && (at = text_find(rest, text_of(name), 0)) != SIZE_MAX;) {
        place->words['k'] = value_of(place, rest, name, "\"");
        placed = place_order(place);
        rest = text_slice(rest, at + strlen(name), SIZE_MAX);
    }
    MUST(placed.status == 201);
    struct text orders =
        text_slice(placed.body, text_find(placed.body, TEXT("\"orders\":["), 0), SIZE_MAX);
    place->words['o'] = value_of(place, orders, "\"id\":\"", "\"");
    struct text target = text_format(arena, "/api/orders/%s/payments", place->words['o'].bytes);
    struct road_reply payment = perform(place, arena, 'b', "POST", target, TEXT(""));
    MUST(payment.status == 201);
    place->words['p'] = value_of(place, payment.body, "\"id\":\"", "\"");
    place->words['m'] = value_of(place, payment.body, "\"amount_fen\":", ",");
}

/* Puts in what @ and a letter stand for. */
static inline struct text fill_in(const struct place *place, struct arena *arena,
                                  struct text words) {
    struct buffer filled = buffer_make(arena, LIMIT_BODY_BYTES);
    for (size_t i = 0; i < words.length; i++) {
        unsigned char letter = i + 1 < words.length ? (unsigned char)words.bytes[i + 1] : 0;
        bool is_known = words.bytes[i] == '@' && letter < 128 && place->words[letter].length;
        if (is_known)
            buffer_add_text(&filled, place->words[letter]);
        else
            buffer_add_char(&filled, words.bytes[i]);
        i += is_known;
    }
    return buffer_text(&filled);
}

static void close_shop(void) {
    char command[96];
    app_close(&shop->app);
    snprintf(command, sizeof(command), "rm -rf %s", shop->folder);
    if (system(command) != 0) fprintf(stderr, "%s failed\n", command);
}

static inline struct place *open_shop(void) {
    if (shop) return shop;
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
    refusal refused = road_work(&place->app, &place->arena, true, make_tokens, place);
    MUST(!refused);
    place->road = (struct road){.app = &place->app};
    place->road.rooms = rooms_all(&place->road.room_count);
    place->road.router = router_make(&place->arena, place->road.rooms, place->road.room_count);
    place->words['k'] = value_of(place, get(place, 'n', "/api/goods?limit=1&in_stock=true").body,
                                 "\"sku_id\":\"", "\"");
    atexit(close_shop);
    return place;
}

#endif

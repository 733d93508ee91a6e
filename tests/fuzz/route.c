/* Any method, target, person and body on the whole road, against the demo world: no crash, no 500,
 * and every reply is one that the house knows how to give.
 *
 * An input is a line "METHOD who target" and the body behind it. WHO is a letter: n(obody),
 * b(uyer), k(eeper of a seller), o(perator), a(uditor). "@g" stands for the id of a goods, "@k" of
 * a SKU, "@s" of a seller, "@o" of an order, "@a" of an address and "@p" of a payment. */
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "demo/demo.h"
#include "fuzz.h"
#include "ground/people/people.h"
#include "kernel/http/road.h"

enum { ROLES = 5, INPUT_BYTES_MAX = 64 * 1024 };

struct place {
    struct app app;
    struct road road; /* with its router made once */
    struct arena arena;
    char folder[64];
    char url[96];
    int64_t now_ms;
    uint64_t drawn;
    struct text tokens[ROLES];
    struct text ids[128]; /* by the letter behind @ */
};

static struct instant clock_of(const struct app *app) {
    return (struct instant){((struct place *)app->seam)->now_ms};
}

static void random_of(const struct app *app, void *bytes, size_t length) {
    unsigned char seed[randombytes_SEEDBYTES] = {0};
    uint64_t drawn = ((struct place *)app->seam)->drawn++;
    memcpy(seed, &drawn, sizeof(drawn));
    randombytes_buf_deterministic(bytes, length, seed);
}

static const char roles[ROLES + 1] = "nbkoa";

static refusal make_tokens(struct request *q, void *context) {
    struct place *place = context;
    static const char *const phones[ROLES] = {NULL, "13800138001", "13800138002", "13800138003",
                                              "13800138004"};
    for (size_t i = 1; i < ROLES; i++) {
        int64_t person_id;
        TRY(people_make(q, text_of(phones[i]), TEXT("测试"), TEXT(""), &person_id));
        TRY(people_make_session(q, person_id, &place->tokens[i]));
        place->tokens[i] = text_copy(&place->arena, place->tokens[i]);
    }
    return NULL;
}

static struct road_reply perform(struct place *place, struct arena *arena, char role,
                                 const char *method, struct text target, struct text body) {
    const char *at = strchr(roles, role);
    struct road_call call = {.method = method,
                             .target = target,
                             .body = body,
                             .token = at ? place->tokens[at - roles] : TEXT(""),
                             .english = place->drawn % 2};
    struct road_reply reply = {0};
    road_perform_on(&place->road, arena, &call, &reply);
    return reply;
}

/* The first id that stands behind NAME in a reply. */
static struct text first_id(struct place *place, struct text body, const char *name) {
    struct text wanted = text_format(&place->arena, "\"%s\":\"", name);
    size_t from = text_find(body, wanted, 0);
    MUST(from != SIZE_MAX);
    from += wanted.length;
    return text_copy(&place->arena, text_slice(body, from, text_find(body, TEXT("\""), from)));
}

static void find_ids(struct place *place) {
    struct arena *arena = &place->arena;
    struct text none = TEXT("");
    struct road_reply goods =
        perform(place, arena, 'n', "GET", TEXT("/api/goods?limit=1&in_stock=true"), none);
    place->ids['g'] = first_id(place, goods.body, "id");
    place->ids['k'] = first_id(place, goods.body, "sku_id");
    place->ids['s'] = first_id(place, goods.body, "seller_id");
    struct road_reply addresses =
        perform(place, arena, 'b', "GET", TEXT("/api/people/me/addresses"), none);
    place->ids['a'] = first_id(place, addresses.body, "id");
    struct text draft = text_format(arena,
                                    "{\"lines\":[{\"sku_id\":\"%s\",\"count\":1}],"
                                    "\"ticked_return_terms\":true}",
                                    place->ids['k'].bytes);
    struct road_reply placed = perform(place, arena, 'b', "POST", TEXT("/api/orders"), draft);
    MUST(placed.status == 201);
    struct text orders =
        text_slice(placed.body, text_find(placed.body, TEXT("\"orders\":["), 0), SIZE_MAX);
    place->ids['o'] = first_id(place, orders, "id");
    struct text target = text_format(arena, "/api/orders/%s/payments", place->ids['o'].bytes);
    struct road_reply payment = perform(place, arena, 'b', "POST", target, none);
    place->ids['p'] = first_id(place, payment.body, "id");
}

static struct place *shop;

static void close_shop(void) {
    char command[96];
    app_close(&shop->app);
    snprintf(command, sizeof(command), "rm -rf %s", shop->folder);
    if (system(command) != 0) fprintf(stderr, "%s failed\n", command);
}

static struct place *open_shop(void) {
    if (shop) return shop;
    struct place *place = shop = calloc(1, sizeof(*place));
    struct text error = {0};
    MUST(place && sodium_init() >= 0);
    json_prepare();
    place->arena.total_max = (size_t)256 * 1024 * 1024;
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
                              .sandbox_secret = "a secret of the tests",
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
    find_ids(place);
    atexit(close_shop);
    return place;
}

/* Puts the ids in. */
static struct text fill_in(const struct place *place, struct arena *arena, struct text words) {
    struct buffer filled = buffer_make(arena, LIMIT_BODY_BYTES);
    for (size_t i = 0; i < words.length; i++) {
        unsigned char letter = i + 1 < words.length ? (unsigned char)words.bytes[i + 1] : 0;
        bool is_id = words.bytes[i] == '@' && letter < 128 && place->ids[letter].length;
        if (is_id)
            buffer_add_text(&filled, place->ids[letter]);
        else
            buffer_add_char(&filled, words.bytes[i]);
        i += is_id;
    }
    return buffer_text(&filled);
}

static bool status_is_known(int status) {
    if (status == 200 || status == 201 || status == 202 || status == 204 || status == 304)
        return true;
    for (unsigned kind = 0; kind < PROBLEM_KIND_COUNT; kind++)
        if (kind != PROBLEM_INTERNAL && problem_status((enum problem_kind)kind) == status)
            return true;
    return false;
}

static void take(struct place *place, struct arena *arena, struct text input) {
    size_t line_end = text_find(input, TEXT("\n"), 0);
    struct text line = text_slice(input, 0, line_end);
    struct text body = line_end == SIZE_MAX ? TEXT("") : text_slice(input, line_end + 1, SIZE_MAX);
    size_t space = text_find(line, TEXT(" "), 0);
    if (space == SIZE_MAX || line.length < space + 3) return;
    const char *method = text_terminated(arena, text_slice(line, 0, space));
    struct text target = fill_in(place, arena, text_slice(line, space + 3, SIZE_MAX));
    struct road_reply reply =
        perform(place, arena, line.bytes[space + 1], method, target, fill_in(place, arena, body));
    if (!status_is_known(reply.status))
        fprintf(stderr, "%d %.*s\n", reply.status, (int)reply.body.length, reply.body.bytes);
    MUST(status_is_known(reply.status));
    /* A picture is no text. */
    if (text_starts(reply.content_type, TEXT("image/"))) return;
    MUST(text_is_utf8(reply.body));
    if (reply.body.length) MUST(json_read(arena, reply.body, NULL));
}

/* The demo world takes longer than one input may. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    open_shop();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct place *place = open_shop();
    struct arena arena = {0};
    if (size > INPUT_BYTES_MAX) return 0;
    place->now_ms += 7;
    take(place, &arena, (struct text){(const char *)data, size});
    arena_free(&arena);
    return 0;
}

/* load_prepare FOLDER: makes buyers with an address and a session in the database that DATA and
 * DATABASE_URL name, while no server runs, and writes FOLDER/tokens and FOLDER/skus, one a line,
 * for the load generator. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "ground/people/people.h"
#include "kernel/base/json.h"
#include "market/catalog/catalog.h"

#include <jansson.h>

enum { BUYERS = 256, SKUS = 5000 };

struct wanted {
    char phone[16];
    struct text token;
};

static refusal make_buyer(struct request *q, void *context) {
    struct wanted *wanted = context;
    int64_t person_id;
    TRY(people_make(q, text_of(wanted->phone), TEXT("买家"), TEXT(""), &person_id));
    return people_make_session(q, person_id, &wanted->token);
}

static void add_address(const struct app *app, struct arena *arena, const struct wanted *wanted) {
    struct road_reply reply;
    const struct road_call call = {
        .method = "POST",
        .target = TEXT("/api/people/me/addresses"),
        .body = text_format(arena,
                            "{\"name\":\"买家\",\"phone\":\"%s\",\"place_code\":\"140105000000\","
                            "\"street\":\"平阳路 8 号\",\"is_default\":true}",
                            wanted->phone),
        .token = wanted->token};
    road_perform(app, arena, &call, &reply);
    assert(reply.status == 201);
}

static void write_buyers(const struct app *app, const char *folder) {
    char path[400];
    snprintf(path, sizeof(path), "%s/tokens", folder);
    FILE *stream = fopen(path, "w");
    assert(stream);
    for (int i = 0; i < BUYERS; i++) {
        struct arena arena = {0};
        struct wanted wanted = {0};
        snprintf(wanted.phone, sizeof(wanted.phone), "1880000%04d", i);
        refusal refused = road_work(app, &arena, true, make_buyer, &wanted);
        assert(!refused);
        add_address(app, &arena, &wanted);
        fprintf(stream, "%.*s\n", (int)wanted.token.length, wanted.token.bytes);
        arena_free(&arena);
    }
    fclose(stream);
}

/* Pages through the list as a shopper does: what it shows can be bought. */
static void write_skus(const struct app *app, const char *folder) {
    char path[400], target[200] = "/api/goods?in_stock=true&limit=50";
    snprintf(path, sizeof(path), "%s/skus", folder);
    FILE *stream = fopen(path, "w");
    assert(stream);
    for (int written = 0; written < SKUS && target[0];) {
        struct arena arena = {0};
        struct road_reply reply;
        const struct road_call call = {.method = "GET", .target = text_of(target)};
        road_perform(app, &arena, &call, &reply);
        assert(reply.status == 200);
        const json_t *page = (const json_t *)json_read(&arena, reply.body, NULL);
        size_t index;
        json_t *item;
        json_array_foreach(json_object_get(page, "items"), index, item) {
            fprintf(stream, "%s %s\n", json_string_value(json_object_get(item, "sku_id")),
                    json_string_value(json_object_get(item, "id")));
            written++;
        }
        const char *next = json_string_value(json_object_get(page, "next"));
        target[0] = '\0';
        if (next)
            snprintf(target, sizeof(target), "/api/goods?in_stock=true&limit=50&after=%s", next);
        arena_free(&arena);
    }
    fclose(stream);
}

int main(int argc, char **argv) {
    struct arena arena = {0};
    struct text error = {0};
    assert(argc == 2 && getenv("DATA") && getenv("DATABASE_URL"));
    struct app app = {.data_folder = getenv("DATA"),
                      .database_url = getenv("DATABASE_URL"),
                      .listen_address = "127.0.0.1",
                      .public_url = "",
                      .sandbox_url = "",
                      .sandbox_secret = "",
                      .loop_count = 1,
                      .worker_count = 4};
    if (!app_open(&app, &arena, false, &error)) {
        fprintf(stderr, "%.*s\n", (int)error.length, error.bytes);
        return 1;
    }
    write_buyers(&app, argv[1]);
    write_skus(&app, argv[1]);
    app_close(&app);
    arena_free(&arena);
    return 0;
}

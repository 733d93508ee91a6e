/* The road without sockets: a request of a test or a fuzzer, and work of the timer, the demo and
 * the command line. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "app.h"
#include "kernel/base/limits.h"
#include "kernel/http/road.h"
#include "kernel/http/server.h"

/* The budget of statements of road_work: its callers cut their work into pieces themselves. */
enum { WORK_STATEMENTS_MAX = 1000 * 1000 };

static bool read_method(const char *name, enum method *ret_method) {
    if (strcmp(name, "HEAD") == 0) name = "GET";
    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (strcmp(name, router_method_name((enum method)i)) == 0) {
            *ret_method = (enum method)i;
            return true;
        }
    return false;
}

static struct text header_of(const struct road_call *call, const char *name) {
    for (size_t i = 0; i < call->header_count; i++)
        if (call->headers[i].name.length == strlen(name) &&
            strncasecmp(call->headers[i].name.bytes, name, strlen(name)) == 0)
            return call->headers[i].value;
    return TEXT("");
}

static struct text made_up_key(const struct app *app, struct arena *arena) {
    unsigned char bytes[16];
    app->random(app, bytes, sizeof(bytes));
    return text_hex(arena, (struct bytes){bytes, sizeof(bytes)});
}

static void fill_input(const struct app *app, struct errand *errand, const struct road_call *call,
                       enum method method) {
    struct text type = header_of(call, "content-type");
    errand->input = (struct road_input){
        .method = method,
        .target = call->target,
        .token = call->token,
        .host = header_of(call, "host"),
        .origin = header_of(call, "origin"),
        .fetch_site = header_of(call, "sec-fetch-site"),
        .content_type = type.length ? type : TEXT("application/json"),
        .idempotency_key =
            call->idempotency_key.length ? call->idempotency_key : made_up_key(app, &errand->arena),
        .if_none_match = header_of(call, "if-none-match"),
        .headers = call->headers,
        .header_count = call->header_count,
        .body = call->body,
        .client = TEXT("127.0.0.1"),
        .english = call->english};
}

static void copy_reply(struct arena *arena, const struct road_output *output,
                       struct road_reply *ret_reply) {
    struct text type = output->content_type;
    if (type.length == 0 && output->body.length) type = TEXT("application/json");
    *ret_reply = (struct road_reply){.status = output->status,
                                     .body = text_copy(arena, output->body),
                                     .content_type = type,
                                     .etag = text_copy(arena, output->etag),
                                     .cache_control = text_copy(arena, output->cache_control),
                                     .set_cookie = text_copy(arena, output->set_cookie),
                                     .retry_after_s = output->retry_after_s,
                                     .statement_count = output->statement_count};
}

void road_perform_on(const struct road *road, struct arena *arena, const struct road_call *call,
                     struct road_reply *ret_reply) {
    struct errand *errand = calloc(1, sizeof(*errand));
    assert(errand);
    enum method method = GET;
    errand->road = road;
    if (!read_method(call->method, &method)) {
        errand->target.path = text_is_utf8(call->target) ? call->target : TEXT("");
        road_refuse_kind(errand, PROBLEM_WRONG_METHOD);
    } else {
        fill_input(road->app, errand, call, method);
        road_finish(errand);
    }
    copy_reply(arena, &errand->output, ret_reply);
    errand_free(errand);
    free(errand);
}

/* The road of the running server, or one for this call alone. */
static struct road road_of(const struct app *app, struct arena *scratch, bool with_router) {
    if (app->server) return *server_road(app->server);
    struct road road = {.app = app};
    road.rooms = rooms_all(&road.room_count);
    if (with_router) road.router = router_make(scratch, road.rooms, road.room_count);
    return road;
}

void road_perform(const struct app *app, struct arena *arena, const struct road_call *call,
                  struct road_reply *ret_reply) {
    struct arena scratch = {0};
    struct road road = road_of(app, &scratch, true);
    road_perform_on(&road, arena, call, ret_reply);
    arena_free(&scratch);
}

struct work {
    struct store_task task;
    const struct road *road;
    struct arena *arena;
    struct arena_mark mark; /* where the first try began */
    refusal (*work)(struct request *q, void *context);
    void *context;
    struct instant now;
    struct request_changes changes;
    refusal refused;
};

static bool run_work(struct store_task *task, struct db *db) {
    struct work *work = (struct work *)task;
    static const struct principal nobody;
    changes_reset(&work->changes, work->road);
    /* Twenty tries must not need the memory of twenty. Reads, which hardly ever meet a conflict,
     * may fill what their caller made before. */
    if (task->writes) arena_rewind(work->arena, work->mark);
    struct request q = {.app = work->road->app,
                        .db = db,
                        .arena = work->arena,
                        .now = work->now,
                        .who = &nobody,
                        .changes = &work->changes};
    work->refused = work->work(&q, work->context);
    return !work->refused;
}

refusal road_work_on(const struct road *road, struct arena *arena, bool writes,
                     refusal (*work_)(struct request *q, void *context), void *context) {
    struct work work = {.task = {.run = run_work,
                                 .arena = arena,
                                 .writes = writes,
                                 .statement_max = WORK_STATEMENTS_MAX},
                        .road = road,
                        .arena = arena,
                        .mark = arena_mark(arena),
                        .work = work_,
                        .context = context,
                        .now = app_now(road->app)};
    enum store_outcome outcome = store_perform(road->app->store, &work.task);
    if (outcome == STORE_KEPT && writes) changes_send(&work.changes);
    if (outcome != STORE_FAILED) return work.refused;
    struct problem *failed = arena_new(arena, struct problem, 1);
    failed->kind = work.task.failure;
    return failed;
}

refusal road_work(const struct app *app, struct arena *arena, bool writes,
                  refusal (*work)(struct request *q, void *context), void *context) {
    struct road road = road_of(app, NULL, false);
    return road_work_on(&road, arena, writes, work, context);
}

#include "support/house.h"

#include <assert.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ground/jobs/jobs.h"
#include "ground/people/keyring.h"
#include "ground/people/people.h"
#include "kernel/base/json.h"
#include "kernel/http/road.h"
#include "support/postgres.h"
#include "support/undo_memory.h"

/* 2026-11-23T08:00:00Z: a fixed morning, so that a failure looks the same each time. */
#define HOUSE_MORNING_MS INT64_C(1795420800000)

static struct instant house_clock(const struct app *app) {
    struct house *house = app->seam;
    return (struct instant){house->now_ms};
}

static void house_random(const struct app *app, void *bytes, size_t length) {
    struct house *house = app->seam;
    unsigned char seed[randombytes_SEEDBYTES] = {0};
    uint64_t drawn = house->drawn++;
    memcpy(seed, &drawn, sizeof(drawn));
    randombytes_buf_deterministic(bytes, length, seed);
}

bool house_has_postgres(void) {
    const char *server = getenv("XJ_TEST_POSTGRES");
    return server && *server;
}

/* The template and the databases of closed houses, which are given their first content again for
 * the next house: PostgreSQL copies a database file by file, a thousand files each time. */
enum { SPARES_MAX = 4 };
static char template_name[64];
static char spares[SPARES_MAX][64];
static size_t spare_count;

static void drop_database(const char *name) {
    char command[160];
    snprintf(command, sizeof(command), "DROP DATABASE IF EXISTS %s", name);
    postgres_run(command);
}

static void drop_databases(void) {
    while (spare_count > 0) drop_database(spares[--spare_count]);
    drop_database(template_name);
}

static bool try_open_app(struct house *house, struct text *ret_error) {
    if (!app_open(house->app, house->arena, false, ret_error)) return false;
    keyring_ease(house->app->keyring);
    return true;
}

static void open_app(struct house *house) {
    struct text error = {0};
    if (!try_open_app(house, &error))
        test_fail(__FILE__, __LINE__, "%.*s", (int)error.length, error.bytes);
}

/* The first house of a program migrates a template database; every further house takes one that a
 * closed house left, or copies the template. */
static void make_database(struct house *house) {
    static int number;
    char command[256];
    if (spare_count > 0) {
        snprintf(house->database, sizeof(house->database), "%s", spares[--spare_count]);
        postgres_url(house->url, sizeof(house->url), house->database);
        return;
    }
    snprintf(house->database, sizeof(house->database), "xj_%d_%d", (int)getpid(), number++);
    if (!template_name[0]) {
        char name[64];
        snprintf(name, sizeof(name), "xj_%d_template", (int)getpid());
        snprintf(
            command, sizeof(command),
            "CREATE DATABASE %s ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TEMPLATE template0",
            name);
        bool made = postgres_run(command);
        assert(made);
        snprintf(template_name, sizeof(template_name), "%s", name);
        atexit(drop_databases);
        postgres_url(house->url, sizeof(house->url), template_name);
        open_app(house);
        app_close(house->app);
        made = postgres_remember(house->url);
        assert(made);
    }
    snprintf(command, sizeof(command), "CREATE DATABASE %s TEMPLATE %s", house->database,
             template_name);
    bool made = postgres_run(command);
    assert(made);
    postgres_url(house->url, sizeof(house->url), house->database);
}

static struct house *make_house(void) {
    undo_memory_keep();
    struct house *house = calloc(1, sizeof(*house));
    house->arena = calloc(1, sizeof(*house->arena));
    house->arena->total_max = 256 * 1024 * 1024;
    house->app = arena_new(house->arena, struct app, 1);
    house->now_ms = HOUSE_MORNING_MS;
    assert(sodium_init() >= 0);
    *house->app = (struct app){.data_folder = house->folder,
                               .database_url = house->url,
                               .listen_address = "127.0.0.1",
                               .public_url = "",
                               .sandbox_url = "http://127.0.0.1:1",
                               .sandbox_secret = "a secret of the tests",
                               .loop_count = 1,
                               .worker_count = 2,
                               .clock = house_clock,
                               .random = house_random,
                               .seam = house};
    return house;
}

static void free_house(struct house *house) {
    arena_free(house->arena);
    free(house->arena);
    free(house);
}

static void name_database_in_folder(struct house *house) {
    snprintf(house->url, sizeof(house->url), "sqlite:%s/xiangji.db", house->folder);
}

/* ---- SQLite: one file that is migrated once ---- */

static char template_folder[64];

static void remove_folder(const char *folder) {
    char command[160];
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    if (system(command) != 0) fprintf(stderr, "%s failed\n", command);
}

static void remove_template(void) { remove_folder(template_folder); }

/* Memory instead of a disk where there is one: what these tests prove does not hang on fsync; the
 * crash drills, which do, take a real disk. */
static void make_folder(char *folder, size_t size, const char *name) {
    const char *top = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, size, "%s/%s-XXXXXX", top, name);
    bool made = mkdtemp(folder) != NULL;
    assert(made);
}

/* The first house of a program, opened and closed, leaves the file that all others begin with. Its
 * keys are those of every house, for chance begins with the same number in each. */
static void make_template(void) {
    make_folder(template_folder, sizeof(template_folder), "xj-template");
    struct house *house = make_house();
    snprintf(house->folder, sizeof(house->folder), "%s", template_folder);
    name_database_in_folder(house);
    open_app(house);
    app_close(house->app);
    free_house(house);
    atexit(remove_template);
}

static void copy_file(const char *from, const char *to) {
    struct stat status;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool fine = in >= 0 && out >= 0 && fstat(in, &status) == 0;
    for (off_t left = fine ? status.st_size : 0; fine && left > 0;) {
        ssize_t sent = sendfile(out, in, NULL, (size_t)left);
        fine = sent > 0;
        left -= sent;
    }
    assert(fine);
    close(in);
    close(out);
}

static void copy_template(const struct house *house) {
    char from[160], to[160];
    if (!template_folder[0]) make_template();
    snprintf(from, sizeof(from), "%s/xiangji.db", template_folder);
    snprintf(to, sizeof(to), "%s/xiangji.db", house->folder);
    copy_file(from, to);
}

struct house *house_open(bool postgres) {
    struct house *house = make_house();
    house->postgres = postgres;
    make_folder(house->folder, sizeof(house->folder), "xj-house");
    if (postgres) {
        make_database(house);
    } else {
        name_database_in_folder(house);
        copy_template(house);
    }
    open_app(house);
    return house;
}

struct house *house_open_at(const char *folder, int64_t later_ms) {
    struct house *house = make_house();
    struct text error = {0};
    snprintf(house->folder, sizeof(house->folder), "%s", folder);
    name_database_in_folder(house);
    house->now_ms += later_ms;
    house->drawn = (uint64_t)later_ms << 32; /* not what was drawn before */
    if (try_open_app(house, &error)) return house;
    printf("  %.*s\n", (int)error.length, error.bytes);
    free_house(house);
    return NULL;
}

void house_leave(struct house *house) {
    app_close(house->app);
    free_house(house);
}

void house_reopen(struct house *house) {
    app_close(house->app);
    open_app(house);
}

void house_widen(struct house *house) {
    house->app->worker_count = 4;
    house_reopen(house);
}

static void leave_database(struct house *house) {
    if (spare_count < SPARES_MAX && postgres_restore(house->url))
        snprintf(spares[spare_count++], sizeof(spares[0]), "%s", house->database);
    else
        drop_database(house->database);
}

void house_close(struct house *house) {
    app_close(house->app);
    if (house->postgres) leave_database(house);
    remove_folder(house->folder);
    free_house(house);
}

void house_run(bool postgres, void (*body)(struct house *house)) {
    if (postgres && !house_has_postgres()) test_skip("XJ_TEST_POSTGRES names no server");
    struct house *house = house_open(postgres);
    body(house);
    house_close(house);
}

/* The router is made of the rooms' tables alone: once for the program, not once a request as
 * road_perform() does. */
static struct road road_of(const struct app *app) {
    static struct arena arena;
    static const struct router *router;
    struct road road = {.app = app};
    road.rooms = rooms_all(&road.room_count);
    if (!router) router = router_make(&arena, road.rooms, road.room_count);
    road.router = router;
    return road;
}

struct house_reply house_send(struct house *house, const struct road_call *call) {
    struct house_reply reply = {0};
    struct road road = road_of(house->app);
    if (house->app->server)
        road_perform(house->app, house->arena, call, &reply.road);
    else
        road_perform_on(&road, house->arena, call, &reply.road);
    reply.status = reply.road.status;
    reply.body = reply.road.body;
    if (reply.body.length) reply.json = json_read(house->arena, reply.body, NULL);
    return reply;
}

struct house_reply house_call(struct house *house, struct text token, const char *method,
                              const char *target, const char *body) {
    struct road_call call = {.method = method,
                             .target = text_of(target),
                             .body = text_of(body),
                             .token = token,
                             .idempotency_key = text_format(house->arena, "house-key-%lld",
                                                            (long long)house->key_number++),
                             .english = true};
    return house_send(house, &call);
}

struct house_reply house_call_through(struct house *house, struct text token, const char *method,
                                      const char *target, const char *body) {
    struct house_reply reply = {0};
    int64_t nth = 0;
    do {
        CHECK(++nth < 300);
        store_fail_statement(house->app->store, nth);
        reply = house_call(house, token, method, target, body);
        store_fail_statement(house->app->store, 0);
    } while (reply.status >= 500);
    CHECK(nth > 2);
    return reply;
}

struct house_reply house_upload(struct house *house, struct text token, const char *target,
                                const char *type, struct text bytes) {
    const struct shape_pair header = {TEXT("Content-Type"), text_of(type)};
    struct road_call call = {.method = "POST",
                             .target = text_of(target),
                             .body = bytes,
                             .token = token,
                             .idempotency_key = text_format(house->arena, "house-key-%lld",
                                                            (long long)house->key_number++),
                             .english = true,
                             .headers = &header,
                             .header_count = 1};
    return house_send(house, &call);
}

struct house_reply house_get(struct house *house, struct text token, const char *format, ...) {
    char target[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(target, sizeof(target), format, list);
    va_end(list);
    return house_call(house, token, "GET", target, NULL);
}

const char *house_opinion(struct house *house, struct text token, const char *target,
                          const char *body) {
    struct house_reply read = house_call(house, token, "GET", target, NULL);
    struct text at = TEXT("2026-01-01T00:00:00.000Z");
    if (read.status == 200 && house_has(&read, "submitted_at"))
        at = house_text(&read, "submitted_at");
    return text_terminated(house->arena,
                           text_format(house->arena, "%.*s,\"submitted_at\":\"%.*s\"}",
                                       (int)strlen(body) - 1, body, (int)at.length, at.bytes));
}

static const json_t *find(const struct house_reply *reply, const char *path) {
    const json_t *value = (const json_t *)reply->json;
    char step[80];
    while (value && *path) {
        size_t length = strcspn(path, ".");
        snprintf(step, sizeof(step), "%.*s", (int)length, path);
        path += length + (path[length] == '.');
        value = json_is_array(value) ? json_array_get(value, strtoul(step, NULL, 10))
                                     : json_object_get(value, step);
    }
    return value;
}

static const json_t *need(const struct house_reply *reply, const char *path,
                          bool fits(const json_t *)) {
    const json_t *value = find(reply, path);
    if (!value || !fits(value))
        test_fail(__FILE__, __LINE__, "no fitting \"%s\" in %d %.*s", path, reply->status,
                  (int)reply->body.length, reply->body.bytes);
    return value;
}

static bool is_int(const json_t *value) { return json_is_integer(value); }
static bool is_text(const json_t *value) { return json_is_string(value); }
static bool is_bool(const json_t *value) { return json_is_boolean(value); }
static bool is_list(const json_t *value) { return json_is_array(value); }

int64_t house_int(const struct house_reply *reply, const char *path) {
    return json_integer_value(need(reply, path, is_int));
}

struct text house_text(const struct house_reply *reply, const char *path) {
    return text_of(json_string_value(need(reply, path, is_text)));
}

bool house_bool(const struct house_reply *reply, const char *path) {
    return json_is_true(need(reply, path, is_bool));
}

size_t house_count(const struct house_reply *reply, const char *path) {
    return json_array_size(need(reply, path, is_list));
}

bool house_has(const struct house_reply *reply, const char *path) {
    return find(reply, path) != NULL;
}

void house_status(const char *file, int line, const struct house_reply *reply, int wanted) {
    if (reply->status != wanted)
        test_fail(file, line, "status %d, wanted %d: %.*s", reply->status, wanted,
                  (int)reply->body.length, reply->body.bytes ? reply->body.bytes : "");
}

void house_problem(const char *file, int line, const struct house_reply *reply, const char *code,
                   const char *field) {
    const json_t *found = find(reply, "code");
    bool named = field == NULL;
    size_t index;
    json_t *fault;
    const json_t *faults = find(reply, "faults");
    json_array_foreach((json_t *)(uintptr_t)faults, index, fault) {
        const char *name = json_string_value(json_object_get(fault, "field"));
        if (field && name && strcmp(name, field) == 0) named = true;
    }
    if (!found || strcmp(json_string_value(found), code) != 0 || !named)
        test_fail(file, line, "wanted problem %s about %s: %d %.*s", code,
                  field ? field : "anything", reply->status, (int)reply->body.length,
                  reply->body.bytes ? reply->body.bytes : "");
}

refusal house_try(struct house *house, refusal (*work)(struct request *q, void *context),
                  void *context) {
    return road_work(house->app, house->arena, true, work, context);
}

static void must_hold(refusal refused) {
    if (refused)
        test_fail(__FILE__, __LINE__, "refused: %s, %.*s", problem_code(refused->kind),
                  refused->fault_count ? (int)refused->faults[0].en.length : 0,
                  refused->fault_count ? refused->faults[0].en.bytes : "");
}

void house_work(struct house *house, refusal (*work)(struct request *q, void *context),
                void *context) {
    must_hold(house_try(house, work, context));
}

struct wanted_person {
    const char *phone;
    int64_t person_id;
    struct text token;
};

static refusal make_person(struct request *q, void *context) {
    struct wanted_person *wanted = context;
    TRY(people_make(q, text_of(wanted->phone), TEXT("测试"), TEXT(""), &wanted->person_id));
    return people_make_session(q, wanted->person_id, &wanted->token);
}

struct text house_person(struct house *house, const char *phone, int64_t *ret_person_id) {
    struct wanted_person wanted = {.phone = phone};
    house_work(house, make_person, &wanted);
    if (ret_person_id) *ret_person_id = wanted.person_id;
    return text_copy(house->arena, wanted.token);
}

void house_advance(struct house *house, int64_t ms) { house->now_ms += ms; }

int64_t house_run_jobs(struct house *house) {
    int64_t total = 0, run;
    do {
        must_hold(jobs_run_due(house->app, house->arena, 100, &run));
        total += run;
    } while (run > 0 && total < 10000);
    return total;
}

static void report_line(struct check_report *report, bool holds, struct text sentence) {
    if (holds) return;
    report->fault_count++;
    printf("  the books do not hold: %.*s\n", (int)sentence.length, sentence.bytes);
}

static refusal check_rooms(struct request *q, void *context) {
    size_t count;
    const struct room *const *rooms = rooms_all(&count);
    for (size_t i = 0; i < count; i++)
        if (rooms[i]->check) TRY(rooms[i]->check(q, context));
    return NULL;
}

int64_t house_book_faults(struct house *house) {
    struct check_report report = {.line = report_line};
    refusal refused = road_work(house->app, house->arena, false, check_rooms, &report);
    return refused ? -1 : report.fault_count;
}

void house_check_books(struct house *house) {
    struct check_report report = {.line = report_line};
    must_hold(road_work(house->app, house->arena, false, check_rooms, &report));
    CHECK_INT(report.fault_count, 0);
}

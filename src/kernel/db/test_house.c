#include "kernel/db/test_house.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/base/embed.h"

const struct schema house_schema = {
    "test",
    {"-- step 1: things and places\n"
     "CREATE TABLE test_thing (\n"
     "  id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),\n"
     "  name TEXT NOT NULL,\n"
     "  n BIGINT NOT NULL CHECK (n BETWEEN -9223372036854775807 AND 9223372036854775807),\n"
     "  data BYTEA NOT NULL,\n"
     "  PRIMARY KEY (id)\n"
     ");\n"
     "CREATE TABLE test_part (\n"
     "  thing_id BIGINT NOT NULL REFERENCES test_thing (id),\n"
     "  part BIGINT NOT NULL CHECK (part BETWEEN 1 AND 1000),\n"
     "  PRIMARY KEY (thing_id, part)\n"
     ");\n"
     "CREATE TABLE test_wide (id BIGINT NOT NULL PRIMARY KEY, filler TEXT NOT NULL);\n"
     "-- step 2: by name\n"
     "CREATE INDEX test_thing_name ON test_thing (name, id);\n",
     0}};

enum { URL_BYTES = 512 };

static char database[64]; /* made on PostgreSQL by this program; dropped at its end */

static void on_server(const char *sql) {
    PGconn *handle = PQconnectdb(getenv("XJ_TEST_POSTGRES"));
    PGresult *result = PQexec(handle, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        printf("  %s: %s\n", sql, PQerrorMessage(handle));
    PQclear(result);
    PQfinish(handle);
}

__attribute__((destructor)) static void drop_database(void) {
    char sql[200];
    if (!database[0]) return;
    snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", database);
    on_server(sql);
}

static void make_postgres(struct house *house) {
    const char *server = getenv("XJ_TEST_POSTGRES");
    char sql[200];
    if (!server || !server[0]) test_skip("XJ_TEST_POSTGRES names no server");
    if (!database[0]) {
        snprintf(database, sizeof(database), "xj_test_db_%ld", (long)getpid());
        snprintf(
            sql, sizeof(sql),
            "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
            database);
        on_server(sql);
    }
    snprintf(house->url, sizeof(house->url), "%s%cdbname=%s", server,
             strchr(server, '?') ? '&' : '?', database);
    PGconn *handle = PQconnectdb(house->url);
    PQclear(PQexec(
        handle,
        "SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
    CHECK(PQstatus(handle) == CONNECTION_OK);
    PQfinish(handle);
}

void house_make(struct house *house, bool on_postgres) {
    *house = (struct house){.on_postgres = on_postgres};
    static int house_count;
    snprintf(house->folder, sizeof(house->folder), "/tmp/xiangji-test-db-%ld-%d", (long)getpid(),
             ++house_count);
    CHECK(mkdir(house->folder, 0700) == 0);
    snprintf(house->url, sizeof(house->url), "sqlite:%s/test.db", house->folder);
    if (on_postgres) make_postgres(house);
}

static struct schema kernel_schema(void) {
    const struct embed_file *file = embed_find("src/kernel/db/schema.sql");
    CHECK(file);
    return (struct schema){"db", {(const char *)file->bytes, file->length}};
}

bool house_open(struct house *house, const struct schema_list *schemas, struct text *ret_error) {
    struct schema items[8] = {kernel_schema(), house_schema};
    struct schema_list list = {items, 2};
    items[1].text.length = strlen(items[1].text.bytes);
    if (schemas) {
        CHECK(schemas->count < 8);
        memcpy(items + 1, schemas->items, schemas->count * sizeof(*items));
        list.count = schemas->count + 1;
    }
    struct store_settings settings = {.url = house->url, .worker_count = 4};
    house->store = NULL;
    return store_open_schemas(&settings, &list, &house->arena, &house->store, ret_error);
}

void house_start(struct house *house, bool on_postgres) {
    struct text why = {0};
    house_make(house, on_postgres);
    if (!house_open(house, NULL, &why))
        test_fail(__FILE__, __LINE__, "%.*s", (int)why.length, why.bytes);
}

void house_close(struct house *house) {
    store_close(house->store);
    house->store = NULL;
}

void house_end(struct house *house) {
    static const char *const names[] = {"test.db", "test.db-wal", "test.db-shm", "test.db-lock",
                                        "node-lock"};
    house_close(house);
    arena_free(&house->arena);
    arena_free(&house->task_arena);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", house->folder, names[i]);
        unlink(path);
    }
    rmdir(house->folder);
}

struct one_line {
    struct store_task task;
    const struct statement *statement;
    struct db_params params;
    bool changes;
    bool (*work)(struct db *db, void *context);
    void *context;
    int64_t answer;
};

static bool run_one_line(struct store_task *task, struct db *db) {
    struct one_line *line = (struct one_line *)task;
    bool found = true;
    if (line->work) return line->work(db, line->context);
    refusal refused = line->changes
                          ? db_run(db, line->statement, line->params, &line->answer)
                          : db_int(db, line->statement, line->params, &line->answer, &found);
    if (!found) line->answer = -2;
    return !refused;
}

static enum store_outcome perform(struct house *house, struct one_line *line) {
    line->task.run = run_one_line;
    arena_reset(&house->task_arena);
    line->task.arena = &house->task_arena;
    enum store_outcome outcome = store_perform(house->store, &line->task);
    if (outcome == STORE_FAILED) {
        house->failure = line->task.failure;
        line->answer = -1;
    }
    return outcome;
}

int64_t house_change(struct house *house, const struct statement *statement,
                     struct db_params params) {
    struct one_line line = {
        .task.writes = true, .statement = statement, .params = params, .changes = true};
    perform(house, &line);
    return line.answer;
}

int64_t house_number(struct house *house, const struct statement *statement,
                     struct db_params params) {
    struct one_line line = {.statement = statement, .params = params};
    perform(house, &line);
    return line.answer;
}

enum store_outcome house_work(struct house *house, bool writes,
                              bool (*work)(struct db *db, void *context), void *context) {
    struct one_line line = {.task.writes = writes, .work = work, .context = context};
    return perform(house, &line);
}

static bool run_script(struct db *db, void *context) {
    struct text why = {0};
    bool is_fine = db->engine->script(db, text_of(context), &why);
    if (!is_fine) printf("  %.*s\n", (int)why.length, why.bytes);
    return is_fine;
}

void house_script(struct house *house, const char *sql) {
    CHECK_INT(house_work(house, true, run_script, (void *)(uintptr_t)sql), STORE_KEPT);
}

/* Migrations: resumable, guarded, and with the same end whatever the way. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/db/test_house.h"

#define STEP_1                                                                                     \
    "-- words before the first step are comments\n"                                                \
    "-- step 1: a table\n"                                                                         \
    "CREATE TABLE test_old (id BIGINT NOT NULL PRIMARY KEY CHECK (id > 0), word TEXT NOT NULL);\n" \
    "INSERT INTO test_old (id, word) VALUES (1, 'one; two');\n"
#define STEP_2                                                                                     \
    "-- step 2: a column and an index\n"                                                           \
    "ALTER TABLE test_old ADD COLUMN n BIGINT NOT NULL DEFAULT 7 CHECK (n BETWEEN 0 AND 9);\n"     \
    "CREATE UNIQUE INDEX test_old_word ON test_old (word, id) WHERE n > 1;\n"
#define STEP_3                                                                                     \
    "-- step 3: another table\n"                                                                   \
    "CREATE TABLE test_new (id BIGINT NOT NULL REFERENCES test_old (id), part BIGINT NOT NULL,\n"  \
    "    PRIMARY KEY (id, part));\n"                                                               \
    "INSERT INTO test_new (id, part) SELECT id, n FROM test_old;\n"

static bool open_with(struct house *house, const char *text, struct text *ret_error) {
    struct schema schema = {"old", text_of(text)};
    struct schema_list list = {&schema, 1};
    return house_open(house, &list, ret_error);
}

static struct text open_and_describe(struct house *house, const char *text) {
    struct text why = {0};
    if (!open_with(house, text, &why))
        test_fail(__FILE__, __LINE__, "%.*s", (int)why.length, why.bytes);
    struct text catalogue = store_catalogue(house->store, &house->arena);
    CHECK(catalogue.length > 100);
    house_close(house);
    return catalogue;
}

BOTH("A database migrated step by step is like a fresh one") {
    house_end(house);
    house_make(house, house->on_postgres);
    struct text fresh = text_copy(&house->arena, open_and_describe(house, STEP_1 STEP_2 STEP_3));
    char *kept = strndup(fresh.bytes, fresh.length);
    house_end(house);
    house_make(house, house->on_postgres);
    struct text first = open_and_describe(house, STEP_1);
    CHECK(!text_is(first, kept));
    open_and_describe(house, STEP_1 STEP_2);
    struct text last = open_and_describe(house, STEP_1 STEP_2 STEP_3);
    CHECK_TEXT(last, kept);
    CHECK_TEXT(open_and_describe(house, STEP_1 STEP_2 STEP_3), kept);
    CHECK(text_find(last, TEXT("test_old.n BIGINT NOT NULL DEFAULT 7"), 0) != SIZE_MAX);
    CHECK(text_find(last, TEXT("CHECK"), 0) != SIZE_MAX);
    struct text why = {0};
    CHECK(open_with(house, STEP_1 STEP_2 STEP_3, &why));
    CHECK_INT(house_number(house, SQL("", "SELECT count(*) FROM db_migration"), NO_PARAMS), 5);
    free(kept);
}

static void check_refused(struct house *house, const char *text, const char *words) {
    struct text why = {0};
    CHECK(!open_with(house, text, &why));
    if (text_find(why, text_of(words), 0) == SIZE_MAX)
        test_fail(__FILE__, __LINE__, "\"%.*s\" does not say \"%s\"", (int)why.length, why.bytes,
                  words);
}

BOTH("What cannot be right does not start") {
    house_close(house);
    open_and_describe(house, STEP_1 STEP_2);
    check_refused(house, STEP_1, "newer version");
    check_refused(house, STEP_1 "-- step 2: changed\nSELECT 1;\n",
                  "was changed after it had been applied");
    check_refused(house, STEP_1 STEP_3, "step 3 stands where step 2 should");
    check_refused(house, "CREATE TABLE early (id BIGINT);\n" STEP_1, "before its step 1");
    struct store_settings settings = {.url = house->url, .read_only = true};
    struct schema schema = {"old", TEXT(STEP_1 STEP_2 STEP_3)};
    struct schema_list list = {&schema, 1};
    struct text why = {0};
    struct store *store;
    CHECK(!store_open_schemas(&settings, &list, &house->arena, &store, &why));
    CHECK(text_find(why, TEXT("older than this program"), 0) != SIZE_MAX);
    open_and_describe(house, STEP_1 STEP_2 STEP_3);
}

BOTH("A step that fails leaves nothing behind, and goes on when it is right") {
    house_close(house);
    check_refused(house,
                  STEP_1 "-- step 2: wrong\nCREATE TABLE half (id BIGINT);\nCREATE TABEL x;\n",
                  "step 2 of the schema old failed");
    struct text catalogue = open_and_describe(house, STEP_1);
    CHECK(text_find(catalogue, TEXT("half"), 0) == SIZE_MAX);
    CHECK(text_find(catalogue, TEXT("test_old"), 0) != SIZE_MAX);
    open_and_describe(house, STEP_1 STEP_2);
}

/* ---- killed ---- */

enum { SLOW_STEPS = 12, SLOW_ROWS = 4000, SLOW_BYTES = 8000 };

/* Into a buffer of the caller: threads make theirs at the same time. */
static const char *slow_schema(char *text) {
    size_t length = 0;
    for (int step = 1; step <= SLOW_STEPS; step++)
        length += (size_t)snprintf(
            text + length, SLOW_BYTES - length,
            "-- step %d: a table with many rows\n"
            "CREATE TABLE test_slow_%d (id BIGINT NOT NULL PRIMARY KEY);\n"
            "INSERT INTO test_slow_%d (id) WITH RECURSIVE c (i) AS (SELECT CAST(1 AS BIGINT)"
            " UNION ALL"
            " SELECT i + 1 FROM c WHERE i < %d) SELECT i FROM c;\n",
            step, step, step, SLOW_ROWS);
    return text;
}

static void kill_while_migrating(struct house *house, unsigned wait_us) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        char schema[SLOW_BYTES];
        struct text why = {0};
        _exit(open_with(house, slow_schema(schema), &why) ? 0 : 1);
    }
    usleep(wait_us);
    kill(child, SIGKILL);
    int status;
    CHECK(waitpid(child, &status, 0) == child);
}

static int64_t count_steps(struct house *house) {
    return house_number(house, SQL("", "SELECT count(*) FROM db_migration WHERE schema = 'old'"),
                        NO_PARAMS);
}

BOTH("A migration that is killed goes on where it stopped") {
    house_close(house);
    for (unsigned i = 0; i < 8; i++) kill_while_migrating(house, 4000 + i * 5000);
    char schema[SLOW_BYTES];
    struct text why = {0};
    if (!open_with(house, slow_schema(schema), &why))
        test_fail(__FILE__, __LINE__, "%.*s", (int)why.length, why.bytes);
    CHECK_INT(count_steps(house), SLOW_STEPS);
    house_script(house, "CREATE TABLE test_sum (n BIGINT)");
    for (int step = 1; step <= SLOW_STEPS; step++) {
        char sql[200];
        snprintf(sql, sizeof(sql), "INSERT INTO test_sum (n) SELECT count(*) FROM test_slow_%d",
                 step);
        house_script(house, sql);
    }
    house_script(house, "CREATE TABLE test_right (n BIGINT CHECK (n = 48000));"
                        "INSERT INTO test_right (n) SELECT sum(n) FROM test_sum");
}

struct opener {
    struct house house;
    pthread_t thread;
    bool is_open;
};

static void *opener_main(void *context) {
    struct opener *opener = context;
    char schema[SLOW_BYTES];
    struct text why = {0};
    opener->is_open = open_with(&opener->house, slow_schema(schema), &why);
    return NULL;
}

TEST("PostgreSQL: Nodes that start together migrate once") {
    enum { NODES = 4 };
    static struct house house;
    static struct opener openers[NODES];
    house_make(&house, true);
    for (int i = 0; i < NODES; i++) {
        openers[i].house = house;
        CHECK_INT(pthread_create(&openers[i].thread, NULL, opener_main, &openers[i]), 0);
    }
    for (int i = 0; i < NODES; i++) pthread_join(openers[i].thread, NULL);
    for (int i = 0; i < NODES; i++) CHECK(openers[i].is_open);
    CHECK_INT(count_steps(&openers[0].house), SLOW_STEPS);
    for (int i = 0; i < NODES; i++)
        for (int j = 0; j < i; j++)
            CHECK(store_node(openers[i].house.store) != store_node(openers[j].house.store));
    for (int i = 0; i < NODES; i++) {
        house_close(&openers[i].house);
        arena_free(&openers[i].house.arena);
    }
    house_end(&house);
}

/* What the tests of this folder share: a store of either engine with a few tables, and one-line
 * tasks. */
#ifndef KERNEL_DB_TEST_HOUSE_H
#define KERNEL_DB_TEST_HOUSE_H

#include "kernel/base/test.h"
#include "kernel/db/db_engine.h"

struct house {
    bool on_postgres;
    char folder[64];
    char url[512];
    struct store *store;
    struct arena arena;
    struct arena task_arena;   /* what the last task built */
    enum problem_kind failure; /* of the last task that failed */
};

/* An empty database. On PostgreSQL the test is skipped when XJ_TEST_POSTGRES names no server. */
void house_make(struct house *house, bool on_postgres);
/* Opens it with the kernel's schema and SCHEMAS behind it (NULL: the tables of house.c). */
bool house_open(struct house *house, const struct schema_list *schemas, struct text *ret_error);
void house_start(struct house *house, bool on_postgres); /* make and open, or fail */
void house_close(struct house *house);                   /* the store only */
void house_end(struct house *house);

/* The tables that house_start makes. */
extern const struct schema house_schema;

/* A task of one statement. -1 when it failed; else the number of rows changed, or the number found
 * (-2: no row). */
int64_t house_change(struct house *house, const struct statement *statement,
                     struct db_params params);
int64_t house_number(struct house *house, const struct statement *statement,
                     struct db_params params);

/* Runs WORK in a write transaction (or a read). */
enum store_outcome house_work(struct house *house, bool writes,
                              bool (*work)(struct db *db, void *context), void *context);
void house_script(struct house *house,
                  const char *sql); /* outside the subset: what only one engine knows */

/* BOTH("words") { uses `house` } is a test for each engine. */
#define BOTH(words)                                                                                \
    static void TEST_JOIN(both_, __LINE__)(struct house *);                                        \
    static void TEST_JOIN(sqlite_, __LINE__)(void) {                                               \
        static struct house house;                                                                 \
        house_start(&house, false);                                                                \
        TEST_JOIN(both_, __LINE__)(&house);                                                        \
        house_end(&house);                                                                         \
    }                                                                                              \
    static void TEST_JOIN(postgres_, __LINE__)(void) {                                             \
        static struct house house;                                                                 \
        house_start(&house, true);                                                                 \
        TEST_JOIN(both_, __LINE__)(&house);                                                        \
        house_end(&house);                                                                         \
    }                                                                                              \
    __attribute__((constructor)) static void TEST_JOIN(both_add_, __LINE__)(void) {                \
        static struct test tests[2] = {{"SQLite: " words, TEST_JOIN(sqlite_, __LINE__), 0},        \
                                       {"PostgreSQL: " words, TEST_JOIN(postgres_, __LINE__), 0}}; \
        test_register(&tests[0]);                                                                  \
        test_register(&tests[1]);                                                                  \
    }                                                                                              \
    static void TEST_JOIN(both_, __LINE__)(struct house * house)

#endif

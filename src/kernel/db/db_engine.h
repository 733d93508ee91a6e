/* What the common part (db.c, store.c, migrate.c, search.c) and the two engines (sqlite.c,
 * postgres.c) share. Nothing outside this folder includes it. */
#ifndef KERNEL_DB_DB_ENGINE_H
#define KERNEL_DB_DB_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>

#include "kernel/base/limits.h"
#include "kernel/db/db.h"

struct db_engine;

/* The head of a statement that a connection has prepared. The map from its columns into a shape is
 * kept with it. */
struct prepared {
    bool bounded; /* its text has a LIMIT of its own */
    size_t column_count;
    char *loose_text;          /* of a statement that is not of the program: a copy, else NULL */
    const struct shape *shape; /* what TARGETS fill; NULL before the first row was read */
    struct shape_target *targets;
};

/* A transaction in progress; the head of a connection of either engine. */
struct db {
    struct store *store;
    const struct db_engine *engine;
    struct arena *arena;
    refusal poison; /* the first failure: every later call answers it */
    int64_t statement_count;
    int64_t statement_max;
    bool writes;
    bool busy; /* a statement's rows are being read: no other may start */
};

enum db_step { DB_STEP_ROW, DB_STEP_DONE, DB_STEP_FAILED };

/* How a statement's rows are taken: EACH keeps the engine from holding them all. LATER: nobody
 * looks at the outcome now, so the engine may send it with the next statement; its failure then
 * poisons that one. */
enum db_want { DB_WANT_LATER, DB_WANT_CHANGED, DB_WANT_ROWS, DB_WANT_EACH };

struct db_engine {
    /* Connects and checks; NULL with a sentence in *ret_error. No threads yet. */
    struct store *(*open)(const struct store_settings *settings, struct arena *arena,
                          struct text *ret_error);
    /* The connection that migrations run on, between `open` and `start`. The lock keeps other nodes
     * out meanwhile. */
    struct db *(*owner)(struct store *store);
    bool (*lock_schema)(struct db *db);
    void (*unlock_schema)(struct db *db);
    bool (*begin)(struct db *db);
    bool (*end)(struct db *db, bool keep);
    /* Runs a text of several statements; on failure *ret_error (in the arena of DB) says why, and
     * the transaction is poisoned. */
    bool (*script)(struct db *db, struct text sql, struct text *ret_error);

    bool (*start)(struct store *store, struct arena *arena, struct text *ret_error);
    bool (*submit)(struct store *store, struct store_task *task, bool bounded);
    int64_t (*queue_length)(const struct store *store);
    void (*close)(struct store *store); /* also of a store that never started */

    /* One statement: begin, step until DONE or FAILED or enough, finish. After a failure DB is
     * poisoned. */
    struct prepared *(*statement_begin)(struct db *db, const struct statement *statement,
                                        struct db_params params, enum db_want want);
    enum db_step (*statement_step)(struct db *db, struct prepared *prepared);
    struct db_value (*statement_cell)(struct db *db, struct prepared *prepared, size_t column);
    struct text (*statement_column)(struct db *db, struct prepared *prepared, size_t column);
    /* Ends it, carries a writing statement through, and says how many rows it changed (0 after a
     * failure). */
    int64_t (*statement_finish)(struct db *db, struct prepared *prepared);
    /* Prepares without running; empty when fine. */
    struct text (*prepare_check)(struct db *db, const struct statement *statement);
    /* Tables, columns, keys and indexes, one a line, sorted. */
    struct text (*catalogue)(struct db *db);

    /* What follows may be NULL where an engine has none of it. */
    bool (*is_healthy)(const struct store *store);
    uint32_t (*node)(const struct store *store);
    bool (*other_nodes)(const struct store *store, int64_t *ret_count);
    void (*notify)(struct store *store, struct text message);
    void (*listen)(struct store *store, void (*heard)(void *context, struct text message),
                   void *context);

    struct store_reader *(*reader_open)(struct store *store);
    struct db *(*reader_begin)(struct store_reader *reader, struct arena *arena);
    void (*reader_end)(struct store_reader *reader);
    void (*reader_close)(struct store_reader *reader);
};

extern const struct db_engine sqlite_engine;
extern const struct db_engine postgres_engine;

/* The head of either engine's store. */
struct store {
    const struct db_engine *engine;
    bool read_only;
    atomic_bool healthy;
    _Atomic int64_t commits, rollbacks, retries, statements, batches;
    _Atomic int64_t fail_in; /* the fault seam: the statement that brings it to 0 fails */
};

/* The number of a statement of the program, for the caches: 0 .. count of db_statements() - 1. A
 * loose statement, whose text was made while the program ran (dump.c), has that count itself: a
 * connection keeps the last one. */
size_t db_statement_number(const struct statement *statement);
/* True when PREPARED (may be NULL) is of this very text. */
bool db_prepared_fits(const struct prepared *prepared, const struct statement *statement);
/* Notes in a fresh PREPARED what it is of. */
void db_prepared_note(struct prepared *prepared, const struct statement *statement);

/* Starts a transaction's bookkeeping on a connection. */
void db_reset(struct db *db, struct arena *arena, bool writes, int64_t statement_max);

/* Poisons DB (the first failure stays) and logs: a failure with a statement tells its place. WHY
 * must hold no values of rows. */
void db_fail(struct db *db, enum problem_kind kind, const struct statement *statement,
             const char *why);

/* One line of JSON on stderr. */
void db_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* True when the text of a statement has the word LIMIT. */
bool db_is_bounded(const struct statement *statement);

int64_t db_monotonic_ms(void);

/* ---- the queue of tasks before the threads of a store ---- */
struct task_queue {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct store_task *first;
    struct store_task *last;
    _Atomic int64_t length;
    bool closed;
};
void task_queue_open(struct task_queue *queue);
void task_queue_close(struct task_queue *queue); /* wakes all; what is queued is still taken */
void task_queue_free(struct task_queue *queue);
/* False when BOUNDED and LIMIT_WRITE_QUEUE tasks wait, or when it is closed. */
bool task_queue_add(struct task_queue *queue, struct store_task *task, bool bounded);
/* Up to COUNT_MAX tasks in order; waits at most WAIT_MS for the first (< 0: for ever). 0 with
 * *ret_closed when it is over. */
size_t task_queue_take(struct task_queue *queue, struct store_task **ret_tasks, size_t count_max,
                       int64_t wait_ms, bool *ret_closed);
int64_t task_queue_length(const struct task_queue *queue);

/* ---- sqlite.c ---- */
/* Before the first use of the library; once is enough. */
void sqlite_prepare_library(void);
/* A part of it (sqlite_undo.c): lets the undo of large statements go on in a temporary file. */
void sqlite_undo_install(void);
/* Takes the writer's lock of the database at PATH; -1 with a sentence when somebody has it. The
 * kernel drops it with the process. */
int sqlite_take_lock(const char *path, struct arena *arena, struct text *ret_error);

/* ---- migrate.c ---- */
/* A schema.sql: its room's name and its text of numbered steps. */
struct schema {
    const char *name;
    struct text text;
};
struct schema_list {
    const struct schema *items;
    size_t count;
};
/* Applies the steps that the database lacks, in order; see README.md. On a read-only store it only
 * checks that none lacks. */
bool migrate(struct store *store, const struct schema_list *schemas, struct arena *arena,
             struct text *ret_error);

/* store_open with given schemas instead of the rooms': tests. The kernel's own schema is always the
 * first. */
bool store_open_schemas(const struct store_settings *settings, const struct schema_list *schemas,
                        struct arena *arena, struct store **ret_store, struct text *ret_error);

#endif

/* SQLite: one writer thread with the one write connection, which also does all checkpoints; a
 * reader thread for submitted reads; and a read-only connection for each loop. README.md says why.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/db/db_engine.h"

enum {
    PAGE_BYTES = 4096,
    WRITER_CACHE_KIB = 12 * 1024,
    READER_CACHE_KIB = 4 * 1024,
    BUSY_WAIT_MS = 5000,
    READER_WAIT_MS = 1000,
    /* The log: copied into the database from SOFT on; from FIRM on the writer waits for readers
     * that pin it, up to RESTART_WAIT_MS once a RESTART_EVERY_MS; past HARD writes are answered
     * BUSY until the readers have gone. */
    WAL_SOFT_PAGES = 16 * 1024 * 1024 / PAGE_BYTES,
    WAL_FIRM_PAGES = 256 * 1024 * 1024 / PAGE_BYTES,
    WAL_HARD_PAGES = 2000 * 1024 * 1024 / PAGE_BYTES,
    WAL_KEPT_BYTES = 32 * 1024 * 1024,
    RESTART_WAIT_MS = 100,
    RESTART_EVERY_MS = 1000,
    IDLE_MS = 1000,
    UNDO_BYTES = 1024 * 1024,
    GROUP_MAX = 8
};

/* What the engine itself says to SQLite. */
enum control {
    BEGIN_WRITE,
    BEGIN_READ,
    COMMIT,
    ROLLBACK,
    SAVEPOINT,
    RELEASE,
    ROLLBACK_TO,
    CONTROL_COUNT
};

static const char *const control_texts[CONTROL_COUNT] = {
    [BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [BEGIN_READ] = "BEGIN",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [SAVEPOINT] = "SAVEPOINT task",
    [RELEASE] = "RELEASE task",
    [ROLLBACK_TO] = "ROLLBACK TO task",
};

struct sqlite_prepared {
    struct prepared head;
    const struct statement *statement;
    sqlite3_stmt *handle;
    bool reads; /* it changes nothing */
    bool over;  /* it was stepped to its end */
    int parameter_numbers[LIMIT_PARAMETERS];
};

struct connection {
    struct db db;
    sqlite3 *handle;
    struct sqlite_prepared **prepared; /* by statement number */
    size_t prepared_count;
    sqlite3_stmt *controls[CONTROL_COUNT];
};

struct store_reader {
    struct connection connection;
};

struct sqlite_store {
    struct store store;
    char *path;
    int lock_descriptor; /* -1 when read-only */
    struct connection writer;
    struct connection reader; /* of the reader thread */
    struct task_queue writes;
    struct task_queue reads;
    pthread_t write_thread;
    pthread_t read_thread;
    bool threads_run;
    size_t group_size; /* tasks that share a savepoint: fewer after one that was not kept */
    bool wal_is_full;
    int64_t wal_pages;        /* in the log after the newest commit */
    int64_t wal_copied_pages; /* of them already in the database */
    int64_t wal_tried_pages;  /* length of the log at the last attempt to copy */
    int64_t restart_tried_ms;
};

static struct sqlite_store *sqlite_of(struct store *store) { return (struct sqlite_store *)store; }

/* What the disk holds is unknown, so nothing may be answered: the supervisor starts us again and
 * the log is replayed. */
__attribute__((noreturn)) static void stop_process(const struct connection *connection,
                                                   const char *where) {
    db_log("%s failed: %s; what reached the disk is unknown, so the process stops", where,
           sqlite3_errmsg(connection->handle));
    abort();
}

static enum problem_kind problem_of(int code) {
    switch (code & 0xff) {
    case SQLITE_FULL: return PROBLEM_DISK_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM: return PROBLEM_BUSY;
    default: return PROBLEM_INTERNAL;
    }
}

/* ---- connections ---- */

static int control(struct connection *connection, enum control which) {
    int code = sqlite3_step(connection->controls[which]);
    sqlite3_reset(connection->controls[which]);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static bool connection_prepare(struct connection *connection, const char *pragmas) {
    if (sqlite3_exec(connection->handle, pragmas, NULL, NULL, NULL)) return false;
    for (int i = 0; i < CONTROL_COUNT; i++)
        if (sqlite3_prepare_v3(connection->handle, control_texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &connection->controls[i], NULL))
            return false;
    return true;
}

static void prepared_free(struct sqlite_prepared *prepared) {
    if (!prepared) return;
    sqlite3_finalize(prepared->handle);
    free(prepared->head.targets);
    free(prepared->head.loose_text);
    free(prepared);
}

static void connection_close(struct connection *connection) {
    for (size_t i = 0; i < connection->prepared_count; i++) prepared_free(connection->prepared[i]);
    free(connection->prepared);
    for (int i = 0; i < CONTROL_COUNT; i++) sqlite3_finalize(connection->controls[i]);
    int code = sqlite3_close(connection->handle);
    assert(code == SQLITE_OK);
    *connection = (struct connection){0};
}

/* On failure the handle stays for its message; connection_close() frees it either way. */
static bool connection_open(struct sqlite_store *store, bool writes, struct connection *ret) {
    *ret = (struct connection){.db = {.store = &store->store, .engine = &sqlite_engine}};
    db_statements(&ret->prepared_count);
    ret->prepared_count++; /* the place of the loose statement */
    ret->prepared = calloc(ret->prepared_count, sizeof(struct sqlite_prepared *));
    assert(ret->prepared);
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    if (sqlite3_open_v2(store->path, &ret->handle, flags, NULL)) return false;
    sqlite3_busy_timeout(ret->handle, writes ? BUSY_WAIT_MS : READER_WAIT_MS);
    sqlite3_db_config(ret->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(ret->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (!writes) sqlite3_db_config(ret->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    char pragmas[400];
    snprintf(
        pragmas, sizeof(pragmas),
        "%s PRAGMA wal_autocheckpoint = 0; PRAGMA mmap_size = 0;"
        "PRAGMA foreign_keys = ON; PRAGMA cache_size = -%d; PRAGMA journal_size_limit = %d; %s",
        writes ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" : "",
        writes ? WRITER_CACHE_KIB : READER_CACHE_KIB, WAL_KEPT_BYTES,
        writes ? "" : "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;");
    return connection_prepare(ret, pragmas);
}

/* ---- statements ---- */

static void fail(struct connection *connection, const struct statement *statement, int code) {
    char why[300];
    snprintf(why, sizeof(why), "%s (%d)", sqlite3_errmsg(connection->handle), code);
    db_fail(&connection->db, problem_of(code), statement, why);
}

/* Finds the place of each $n; SQLite reads them as names. NULL when all is well. */
static const char *number_parameters(sqlite3_stmt *handle, const char *types, int *ret_numbers) {
    int count = (int)strlen(types);
    assert(count <= LIMIT_PARAMETERS);
    if (sqlite3_bind_parameter_count(handle) != count)
        return "the types do not name every parameter, or one is not $1 .. $n";
    for (int i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof(name), "$%d", i + 1);
        ret_numbers[i] = sqlite3_bind_parameter_index(handle, name);
        if (!ret_numbers[i]) return "a parameter of the types does not occur";
    }
    return NULL;
}

static struct sqlite_prepared *prepare(struct connection *connection,
                                       const struct statement *statement) {
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v3(connection->handle, statement->text, -1,
                                  SQLITE_PREPARE_PERSISTENT, &handle, NULL);
    if (code) {
        fail(connection, statement, code);
        return NULL;
    }
    struct sqlite_prepared *prepared = calloc(1, sizeof(*prepared));
    assert(prepared);
    const char *wrong = number_parameters(handle, statement->types, prepared->parameter_numbers);
    if (wrong) {
        sqlite3_finalize(handle);
        free(prepared);
        db_fail(&connection->db, PROBLEM_INTERNAL, statement, wrong);
        return NULL;
    }
    db_prepared_note(&prepared->head, statement);
    prepared->head.column_count = (size_t)sqlite3_column_count(handle);
    prepared->statement = statement;
    prepared->handle = handle;
    prepared->reads = sqlite3_stmt_readonly(handle) != 0;
    return prepared;
}

/* The values outlive the statement's run, so SQLite may point at them. An empty value is not NULL.
 */
static int bind(sqlite3_stmt *handle, int number, const struct db_value *value) {
    const char *bytes = value->text.bytes ? value->text.bytes : "";
    switch (value->type) {
    case DB_INT: return sqlite3_bind_int64(handle, number, value->number);
    case DB_TEXT:
        return sqlite3_bind_text64(handle, number, bytes, value->text.length, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case DB_BYTES:
        return sqlite3_bind_blob64(handle, number, bytes, value->text.length, SQLITE_STATIC);
    case DB_NULL: break;
    }
    return SQLITE_MISUSE;
}

static struct prepared *statement_begin(struct db *db, const struct statement *statement,
                                        struct db_params params, enum db_want want) {
    (void)want; /* a statement runs when it is stepped or finished */
    struct connection *connection = (struct connection *)db;
    size_t number = db_statement_number(statement);
    struct sqlite_prepared *prepared = connection->prepared[number];
    if (!prepared || !db_prepared_fits(&prepared->head, statement)) {
        prepared_free(prepared);
        connection->prepared[number] = prepared = prepare(connection, statement);
        if (!prepared) return NULL;
    }
    prepared->over = false;
    prepared->statement = statement;
    for (size_t i = 0; i < params.count; i++) {
        int code = bind(prepared->handle, prepared->parameter_numbers[i], &params.values[i]);
        if (!code) continue;
        fail(connection, statement, code);
        return NULL;
    }
    return &prepared->head;
}

static enum db_step statement_step(struct db *db, struct prepared *head) {
    struct sqlite_prepared *prepared = (struct sqlite_prepared *)head;
    int code = sqlite3_step(prepared->handle);
    if (code == SQLITE_ROW) return DB_STEP_ROW;
    prepared->over = true;
    if (code == SQLITE_DONE) return DB_STEP_DONE;
    fail((struct connection *)db, prepared->statement, code);
    return DB_STEP_FAILED;
}

static struct db_value statement_cell(struct db *db, struct prepared *head, size_t column) {
    struct sqlite_prepared *prepared = (struct sqlite_prepared *)head;
    int number = (int)column;
    switch (sqlite3_column_type(prepared->handle, number)) {
    case SQLITE_INTEGER: return db_value_int(sqlite3_column_int64(prepared->handle, number));
    case SQLITE_TEXT: {
        const char *bytes = (const char *)sqlite3_column_text(prepared->handle, number);
        size_t length = (size_t)sqlite3_column_bytes(prepared->handle, number);
        return db_value_text((struct text){bytes, length});
    }
    case SQLITE_BLOB: {
        const unsigned char *bytes = sqlite3_column_blob(prepared->handle, number);
        size_t length = (size_t)sqlite3_column_bytes(prepared->handle, number);
        return db_value_bytes((struct bytes){bytes, length});
    }
    case SQLITE_NULL: return (struct db_value){.type = DB_NULL};
    default: break;
    }
    db_fail(db, PROBLEM_INTERNAL, prepared->statement, "a column holds a fraction");
    return (struct db_value){.type = DB_NULL};
}

static struct text statement_column(struct db *db, struct prepared *head, size_t column) {
    (void)db;
    return text_of(sqlite3_column_name(((struct sqlite_prepared *)head)->handle, (int)column));
}

/* A statement that writes is stepped to its end and every statement is reset: a savepoint cannot be
 * released over a running one, and a reader that is not reset would keep its old snapshot. */
static int64_t statement_finish(struct db *db, struct prepared *head) {
    struct sqlite_prepared *prepared = (struct sqlite_prepared *)head;
    while (!prepared->reads && !prepared->over && !db->poison) statement_step(db, head);
    int64_t changed = 0;
    if (!prepared->reads && !db->poison)
        changed = sqlite3_changes64(((struct connection *)db)->handle);
    sqlite3_reset(prepared->handle);
    return changed;
}

static struct text prepare_check(struct db *db, const struct statement *statement) {
    struct connection *connection = (struct connection *)db;
    sqlite3_stmt *handle = NULL;
    if (sqlite3_prepare_v3(connection->handle, statement->text, -1, 0, &handle, NULL))
        return text_copy(db->arena, text_of(sqlite3_errmsg(connection->handle)));
    int numbers[LIMIT_PARAMETERS];
    const char *wrong = number_parameters(handle, statement->types, numbers);
    sqlite3_finalize(handle);
    return wrong ? text_of(wrong) : (struct text){0};
}

/* ---- transactions ---- */

static bool begin(struct db *db) {
    struct connection *connection = (struct connection *)db;
    int code = control(connection, db->writes ? BEGIN_WRITE : BEGIN_READ);
    if (code) fail(connection, NULL, code);
    return code == SQLITE_OK;
}

static bool end(struct db *db, bool keep) {
    struct connection *connection = (struct connection *)db;
    int code = keep && !db->poison ? control(connection, COMMIT) : SQLITE_OK;
    if (code && db->writes && (code & 0xff) != SQLITE_FULL && (code & 0xff) != SQLITE_BUSY)
        stop_process(connection, "COMMIT");
    if (code) fail(connection, NULL, code);
    if (!sqlite3_get_autocommit(connection->handle)) control(connection, ROLLBACK);
    return !db->poison;
}

static bool script(struct db *db, struct text sql, struct text *ret_error) {
    struct connection *connection = (struct connection *)db;
    char *message = NULL;
    int code =
        sqlite3_exec(connection->handle, text_terminated(db->arena, sql), NULL, NULL, &message);
    if (code == SQLITE_OK) return true;
    *ret_error = text_copy(db->arena, text_of(message ? message : sqlite3_errstr(code)));
    sqlite3_free(message);
    fail(connection, NULL, code);
    return false;
}

static void add_counts(struct store *store, int64_t kept, int64_t dropped, int64_t statements) {
    atomic_fetch_add_explicit(&store->commits, kept, memory_order_relaxed);
    atomic_fetch_add_explicit(&store->rollbacks, dropped, memory_order_relaxed);
    atomic_fetch_add_explicit(&store->statements, statements, memory_order_relaxed);
}

/* ---- the writer ---- */

static int wal_grew(void *context, sqlite3 *handle, const char *name, int pages) {
    (void)handle;
    (void)name;
    struct sqlite_store *store = context;
    if (pages < store->wal_pages) store->wal_copied_pages = 0; /* it began again from its start */
    if (pages < store->wal_tried_pages) store->wal_tried_pages = 0;
    store->wal_pages = pages;
    return SQLITE_OK;
}

/* Copies the log into the database. A disk that is full only delays it; a failed sync may never be
 * tried again. */
static void checkpoint(struct sqlite_store *store, int mode) {
    struct connection *writer = &store->writer;
    int pages = 0, copied = 0;
    if (mode == SQLITE_CHECKPOINT_RESTART) sqlite3_busy_timeout(writer->handle, RESTART_WAIT_MS);
    int code = sqlite3_wal_checkpoint_v2(writer->handle, NULL, mode, &pages, &copied);
    if (mode == SQLITE_CHECKPOINT_RESTART) sqlite3_busy_timeout(writer->handle, BUSY_WAIT_MS);
    store->wal_tried_pages = store->wal_pages;
    int kind = code & 0xff;
    if (kind != SQLITE_OK && kind != SQLITE_BUSY && kind != SQLITE_FULL && kind != SQLITE_LOCKED)
        stop_process(writer, "the checkpoint");
    if (pages >= 0) store->wal_copied_pages = copied;
    if (code == SQLITE_OK && mode == SQLITE_CHECKPOINT_RESTART) store->wal_pages = 0;
}

/* After the replies have gone: keeps the log short. */
static void keep_log_short(struct sqlite_store *store, bool is_idle) {
    int64_t uncopied_pages = store->wal_pages - store->wal_copied_pages;
    int64_t untried_pages = store->wal_pages - store->wal_tried_pages;
    if (store->wal_pages >= WAL_FIRM_PAGES) {
        int64_t now_ms = db_monotonic_ms();
        if (now_ms - store->restart_tried_ms < RESTART_EVERY_MS) return;
        store->restart_tried_ms = now_ms;
        checkpoint(store, SQLITE_CHECKPOINT_RESTART);
    } else if (uncopied_pages >= WAL_SOFT_PAGES && untried_pages >= WAL_SOFT_PAGES / 4) {
        checkpoint(store, SQLITE_CHECKPOINT_PASSIVE);
    } else if (is_idle && uncopied_pages > 0 && untried_pages > 0) {
        checkpoint(store, SQLITE_CHECKPOINT_PASSIVE);
    }
}

static void set_full(struct sqlite_store *store, bool is_full) {
    if (store->wal_is_full == is_full) return;
    store->wal_is_full = is_full;
    if (!is_full) store->wal_tried_pages = 0; /* what could not be copied now can */
    atomic_store(&store->store.healthy, !is_full);
    db_log(is_full ? "the disk is full: writes are refused until there is space"
                   : "there is space again: writes go on");
}

static enum store_outcome outcome_of(struct db *db, struct store_task *task, bool keep) {
    if (!db->poison) return keep ? STORE_KEPT : STORE_DROPPED;
    task->failure = db->poison->kind;
    return STORE_FAILED;
}

static enum store_outcome run_task(struct connection *writer, struct store_task *task) {
    struct db *db = &writer->db;
    bool keep = !db->poison && task->run(task, db);
    assert(!db->busy);
    add_counts(db->store, 0, 0, db->statement_count);
    return outcome_of(db, task, keep);
}

/* Runs tasks in turn inside one savepoint up to the first that is not kept, which undoes all of
 * them; *ret_kept is how many were kept until then. False when SQLite has rolled back the whole
 * batch. */
static bool run_group(struct connection *writer, struct store_task **tasks, size_t count,
                      enum store_outcome *ret_outcomes, size_t *ret_kept) {
    struct db *db = &writer->db;
    size_t kept = 0;
    db_reset(db, tasks[0]->arena, true, tasks[0]->statement_max);
    int code = control(writer, SAVEPOINT);
    if (code) fail(writer, NULL, code);
    for (;;) {
        ret_outcomes[kept] = run_task(writer, tasks[kept]);
        if (sqlite3_get_autocommit(writer->handle)) return false;
        if (ret_outcomes[kept] != STORE_KEPT || ++kept == count) break;
        db_reset(db, tasks[kept]->arena, true, tasks[kept]->statement_max);
    }
    *ret_kept = kept;
    code = kept < count ? control(writer, ROLLBACK_TO) : SQLITE_OK;
    if (!code) code = control(writer, RELEASE);
    if (!code) return true;
    fail(writer, NULL, code);
    ret_outcomes[0] = outcome_of(db, tasks[0], false);
    return false;
}

/* A task by itself needs no savepoint. That matters for the long ones: under a savepoint SQLite
 * keeps an old copy of every page for each of their statements. */
static bool run_alone(struct connection *writer, struct store_task *task,
                      enum store_outcome *ret_outcome) {
    struct db *db = &writer->db;
    db_reset(db, task->arena, true, task->statement_max);
    *ret_outcome = run_task(writer, task);
    if (*ret_outcome == STORE_KEPT && end(db, true)) return true;
    if (!sqlite3_get_autocommit(writer->handle)) control(writer, ROLLBACK);
    *ret_outcome = outcome_of(db, task, false);
    return *ret_outcome == STORE_DROPPED;
}

/* A savepoint costs a copy of every page that is changed in it, so tasks share one as long as all
 * goes well. When one of a group is not kept, those before it are run again by themselves (a
 * handler may run twice) and it after them; the first of a group has nobody before it, so its end
 * stands. */
static bool run_all(struct sqlite_store *store, struct store_task **tasks, size_t count,
                    enum store_outcome *ret_outcomes, enum problem_kind *ret_kind) {
    struct connection *writer = &store->writer;
    for (size_t i = 0; i < count;) {
        size_t size = count - i < store->group_size ? count - i : store->group_size;
        size_t kept;
        if (!run_group(writer, tasks + i, size, ret_outcomes + i, &kept)) {
            *ret_kind = writer->db.poison ? writer->db.poison->kind : PROBLEM_INTERNAL;
            if (!sqlite3_get_autocommit(writer->handle)) control(writer, ROLLBACK);
            return false;
        }
        i += kept == size ? size : kept == 0 ? 1 : 0;
        store->group_size = kept == size ? store->group_size * 2 : kept ? kept : 1;
        if (store->group_size > GROUP_MAX) store->group_size = GROUP_MAX;
    }
    db_reset(&writer->db, tasks[0]->arena, true, 0);
    if (end(&writer->db, true)) return true;
    *ret_kind = writer->db.poison->kind;
    return false;
}

/* True when everything that the batch kept is on the disk; else *ret_kind says why nothing of it
 * is. */
static bool run_batch(struct sqlite_store *store, struct store_task **tasks, size_t count,
                      enum store_outcome *ret_outcomes, enum problem_kind *ret_kind) {
    struct connection *writer = &store->writer;
    db_reset(&writer->db, tasks[0]->arena, true, 0);
    *ret_kind = PROBLEM_BUSY;
    if (store->wal_pages >= WAL_HARD_PAGES) return false;
    if (!begin(&writer->db)) {
        *ret_kind = writer->db.poison->kind;
        return false;
    }
    if (count > 1) return run_all(store, tasks, count, ret_outcomes, ret_kind);
    bool is_done = run_alone(writer, tasks[0], ret_outcomes);
    *ret_kind = tasks[0]->failure;
    return is_done;
}

static void write_batch(struct sqlite_store *store, struct store_task **tasks, size_t count) {
    enum store_outcome outcomes[LIMIT_WRITE_BATCH];
    enum problem_kind kind = PROBLEM_INTERNAL;
    bool is_kept = run_batch(store, tasks, count, outcomes, &kind);
    int64_t kept_count = 0;
    bool is_full = !is_kept && kind == PROBLEM_DISK_FULL;
    for (size_t i = 0; i < count; i++) {
        if (!is_kept) {
            outcomes[i] = STORE_FAILED;
            tasks[i]->failure = kind;
        }
        if (outcomes[i] == STORE_KEPT) kept_count++;
        if (outcomes[i] == STORE_FAILED && tasks[i]->failure == PROBLEM_DISK_FULL) is_full = true;
    }
    add_counts(&store->store, kept_count, (int64_t)count - kept_count, 0);
    atomic_fetch_add_explicit(&store->store.batches, 1, memory_order_relaxed);
    if (is_full || kept_count) set_full(store, is_full);
    for (size_t i = 0; i < count; i++) tasks[i]->done(tasks[i], outcomes[i]);
    if (is_full)
        checkpoint(store, SQLITE_CHECKPOINT_PASSIVE); /* room in the log, if not on the disk */
}

/* Writes nothing new, to learn whether the disk takes writes again although nobody asks. */
static void probe_disk(struct sqlite_store *store) {
    checkpoint(store, SQLITE_CHECKPOINT_PASSIVE);
    if (!sqlite3_exec(store->writer.handle, "PRAGMA user_version = 1", NULL, NULL, NULL))
        set_full(store, false);
}

static void *write_main(void *context) {
    struct sqlite_store *store = context;
    struct store_task *tasks[LIMIT_WRITE_BATCH];
    for (;;) {
        bool rests = !store->wal_is_full && store->wal_pages == store->wal_copied_pages;
        bool is_closed;
        size_t count = task_queue_take(&store->writes, tasks, LIMIT_WRITE_BATCH,
                                       rests ? -1 : IDLE_MS, &is_closed);
        if (count) write_batch(store, tasks, count);
        if (!count && is_closed) return NULL;
        if (!count && store->wal_is_full) probe_disk(store);
        keep_log_short(store, count == 0);
    }
}

/* ---- reads ---- */

static void run_read(struct sqlite_store *store, struct store_task *task) {
    struct db *db = &store->reader.db;
    db_reset(db, task->arena, false, task->statement_max);
    bool keep = begin(db) && task->run(task, db);
    add_counts(&store->store, 0, 0, db->statement_count);
    end(db, true);
    enum store_outcome outcome = keep ? STORE_KEPT : STORE_DROPPED;
    if (db->poison) {
        task->failure = db->poison->kind;
        outcome = STORE_FAILED;
    }
    task->done(task, outcome);
}

static void *read_main(void *context) {
    struct sqlite_store *store = context;
    for (;;) {
        struct store_task *task;
        bool is_closed;
        size_t count = task_queue_take(&store->reads, &task, 1, -1, &is_closed);
        if (count) run_read(store, task);
        if (!count && is_closed) return NULL;
    }
}

static struct store_reader *reader_open(struct store *store) {
    struct store_reader *reader = calloc(1, sizeof(*reader));
    assert(reader);
    if (connection_open(sqlite_of(store), false, &reader->connection)) return reader;
    db_log("a reader cannot open the database: %s", sqlite3_errmsg(reader->connection.handle));
    connection_close(&reader->connection);
    free(reader);
    return NULL;
}

static struct db *reader_begin(struct store_reader *reader, struct arena *arena) {
    struct db *db = &reader->connection.db;
    db_reset(db, arena, false, 0);
    begin(db);
    return db;
}

static void reader_end(struct store_reader *reader) {
    struct db *db = &reader->connection.db;
    add_counts(db->store, 0, 0, db->statement_count);
    end(db, true);
}

static void reader_close(struct store_reader *reader) {
    connection_close(&reader->connection);
    free(reader);
}

/* ---- the store's life ---- */

/* What a savepoint needs to undo its task, the old copies of the pages that it changed, is one
 * piece of memory of UNDO_BYTES (with the writer's temp_store = MEMORY it would be a list of
 * kilobytes that each statement walks to its end); only a task that changes more pages than that
 * goes on in a temporary file. */
static void prepare_library(void) {
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, UNDO_BYTES);
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD); /* each connection stays with one thread at a time */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* its counter is a lock that all threads meet on */
    sqlite3_initialize();
    sqlite_undo_install();
}

void sqlite_prepare_library(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, prepare_library);
}

int sqlite_take_lock(const char *path, struct arena *arena, struct text *ret_error) {
    const char *name = text_terminated(arena, text_format(arena, "%s-lock", path));
    int descriptor = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        *ret_error = text_format(arena, "%s cannot be opened: %s", name, strerror(errno));
        return -1;
    }
    char holder[24] = "";
    if (flock(descriptor, LOCK_EX | LOCK_NB)) {
        ssize_t length = pread(descriptor, holder, sizeof(holder) - 1, 0);
        *ret_error = text_format(arena, "the database %s is in use by process %.*s", path,
                                 length > 0 ? (int)length : 1, length > 0 ? holder : "?");
        close(descriptor);
        return -1;
    }
    int length = snprintf(holder, sizeof(holder), "%ld", (long)getpid());
    if (ftruncate(descriptor, 0) || pwrite(descriptor, holder, (size_t)length, 0) != length)
        db_log("%s: the process number could not be written",
               name); /* a full disk; the lock holds */
    return descriptor;
}

static void close_store(struct store *base) {
    struct sqlite_store *store = sqlite_of(base);
    if (store->threads_run) {
        task_queue_close(&store->writes);
        task_queue_close(&store->reads);
        if (!base->read_only) pthread_join(store->write_thread, NULL);
        pthread_join(store->read_thread, NULL);
    }
    task_queue_free(&store->writes);
    task_queue_free(&store->reads);
    connection_close(&store->reader);
    connection_close(&store->writer); /* the last one: it copies the log and removes it */
    if (store->lock_descriptor >= 0) close(store->lock_descriptor);
    free(store->path);
    free(store);
}

static struct store *open_store(const struct store_settings *settings, struct arena *arena,
                                struct text *ret_error) {
    sqlite_prepare_library();
    struct sqlite_store *store = calloc(1, sizeof(*store));
    assert(store);
    store->store.engine = &sqlite_engine;
    store->store.read_only = settings->read_only;
    store->path = strdup(settings->url + strlen("sqlite:"));
    assert(store->path);
    store->lock_descriptor = -1;
    store->group_size = 1;
    task_queue_open(&store->writes);
    task_queue_open(&store->reads);
    atomic_store(&store->store.healthy, true);
    struct connection *failed = NULL;
    if (!settings->read_only) {
        store->lock_descriptor = sqlite_take_lock(store->path, arena, ret_error);
        if (store->lock_descriptor < 0) {
            close_store(&store->store);
            return NULL;
        }
        if (!connection_open(store, true, &store->writer)) failed = &store->writer;
    }
    if (!failed && !connection_open(store, false, &store->reader)) failed = &store->reader;
    if (failed) {
        *ret_error = text_format(arena, "the database %s cannot be opened: %s", store->path,
                                 sqlite3_errmsg(failed->handle));
        close_store(&store->store);
        return NULL;
    }
    if (!settings->read_only) sqlite3_wal_hook(store->writer.handle, wal_grew, store);
    return &store->store;
}

static struct db *owner(struct store *base) {
    struct sqlite_store *store = sqlite_of(base);
    return base->read_only ? &store->reader.db : &store->writer.db;
}

/* The lock on the file already keeps every other process out. */
static bool lock_schema(struct db *db) {
    (void)db;
    return true;
}
static void unlock_schema(struct db *db) { (void)db; }

static bool start(struct store *base, struct arena *arena, struct text *ret_error) {
    (void)arena;
    (void)ret_error;
    struct sqlite_store *store = sqlite_of(base);
    int failed = pthread_create(&store->read_thread, NULL, read_main, store);
    if (!failed && !base->read_only)
        failed = pthread_create(&store->write_thread, NULL, write_main, store);
    assert(!failed);
    store->threads_run = true;
    return true;
}

static bool submit(struct store *base, struct store_task *task, bool bounded) {
    struct sqlite_store *store = sqlite_of(base);
    if (task->writes && base->read_only) return false;
    return task_queue_add(task->writes ? &store->writes : &store->reads, task, bounded);
}

static int64_t queue_length(const struct store *base) {
    const struct sqlite_store *store = (const struct sqlite_store *)base;
    return task_queue_length(&store->writes) + task_queue_length(&store->reads);
}

/* ---- the catalogue ---- */

static const char catalogue_text[] =
    "SELECT m.name || '.' || c.name || ' ' || upper(c.type)"
    " || CASE WHEN c.\"notnull\" THEN ' NOT NULL' ELSE '' END"
    " || coalesce(' DEFAULT ' || c.dflt_value, '')"
    " FROM sqlite_schema m, pragma_table_xinfo(m.name) c"
    " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "UNION ALL "
    "SELECT m.name || CASE i.origin WHEN 'pk' THEN ' PRIMARY KEY (' WHEN 'u' THEN ' UNIQUE (' ELSE"
    "  CASE WHEN i.\"unique\" THEN ' UNIQUE INDEX ' ELSE ' INDEX ' END || i.name || ' (' END"
    " || (SELECT group_concat(x.name || CASE WHEN x.\"desc\" THEN ' DESC' ELSE '' END, ', ')"
    "     FROM pragma_index_xinfo(i.name) x WHERE x.key) || ')'"
    " || CASE WHEN i.partial"
    "     THEN (SELECT substr(s.sql, instr(s.sql, ' WHERE ')) FROM sqlite_schema s"
    "     WHERE s.name = i.name) ELSE '' END"
    " FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table' "
    "UNION ALL "
    "SELECT m.name || ' (' || f.\"from\" || ') REFERENCES ' || f.\"table\""
    " || ' (' || coalesce(f.\"to\", '') || ')'"
    " FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' "
    "UNION ALL SELECT 'CHECKS ' || m.name || ' ' || m.sql FROM sqlite_schema m"
    " WHERE m.type = 'table'";

struct lines {
    struct arena *arena;
    struct text *items;
    size_t count;
    size_t capacity;
};

static void add_line(struct lines *lines, struct text line) {
    if (lines->count == lines->capacity) {
        lines->capacity = lines->capacity * 2 + 64;
        struct text *items = arena_new(lines->arena, struct text, lines->capacity);
        if (lines->count) memcpy(items, lines->items, lines->count * sizeof(*items));
        lines->items = items;
    }
    lines->items[lines->count++] = line;
}

static int compare_lines(const void *a, const void *b) {
    const struct text *left = a, *right = b;
    size_t shorter = left->length < right->length ? left->length : right->length;
    int order = memcmp(left->bytes, right->bytes, shorter);
    return order ? order : (left->length > right->length) - (left->length < right->length);
}

/* No pragma lists the checks, so they are cut out of the table's text, without its white space. */
static void add_checks(struct lines *lines, struct text sql) {
    size_t name_end = text_find(sql, TEXT(" "), 0);
    struct text name = text_slice(sql, 0, name_end);
    size_t at = name_end;
    while ((at = text_find(sql, TEXT("CHECK"), at)) != SIZE_MAX) {
        struct buffer line = buffer_make(lines->arena, sql.length + 16);
        buffer_add_text(&line, name);
        buffer_add_literal(&line, " CHECK ");
        int depth = 0;
        for (at += 5; at < sql.length; at++) {
            char c = sql.bytes[at];
            if (c == '(') depth++;
            if (c == ')') depth--;
            if (c != ' ' && c != '\n' && c != '\t') buffer_add_char(&line, c);
            if (depth <= 0 && c == ')') break;
        }
        add_line(lines, buffer_text(&line));
    }
}

static struct text catalogue(struct db *db) {
    struct connection *connection = (struct connection *)db;
    struct lines lines = {.arena = db->arena};
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v2(connection->handle, catalogue_text, -1, &handle, NULL);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(handle);
        if (code != SQLITE_ROW) break;
        const char *bytes = (const char *)sqlite3_column_text(handle, 0);
        struct text line = text_copy(db->arena, text_of(bytes));
        if (text_starts(line, TEXT("CHECKS ")))
            add_checks(&lines, text_slice(line, 7, line.length));
        else
            add_line(&lines, line);
    }
    if (code != SQLITE_DONE) fail(connection, NULL, code);
    sqlite3_finalize(handle);
    if (lines.count) qsort(lines.items, lines.count, sizeof(struct text), compare_lines);
    struct buffer buffer = buffer_make(db->arena, LIMIT_REPLY_BYTES);
    for (size_t i = 0; i < lines.count; i++) {
        buffer_add_text(&buffer, lines.items[i]);
        buffer_add_char(&buffer, '\n');
    }
    return buffer_text(&buffer);
}

const struct db_engine sqlite_engine = {
    .open = open_store,
    .owner = owner,
    .lock_schema = lock_schema,
    .unlock_schema = unlock_schema,
    .begin = begin,
    .end = end,
    .script = script,
    .start = start,
    .submit = submit,
    .queue_length = queue_length,
    .close = close_store,
    .statement_begin = statement_begin,
    .statement_step = statement_step,
    .statement_cell = statement_cell,
    .statement_column = statement_column,
    .statement_finish = statement_finish,
    .prepare_check = prepare_check,
    .catalogue = catalogue,
    .reader_open = reader_open,
    .reader_begin = reader_begin,
    .reader_end = reader_end,
    .reader_close = reader_close,
};

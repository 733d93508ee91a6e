/* PostgreSQL: a pool of workers, each with its own connection, and one queue before them. A
 * transaction is pipelined: BEGIN, and the statements whose outcome nobody looks at, travel with
 * the next one that is waited for. README.md says why. */
#include "kernel/db/postgres_peers.h"

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    WORKERS_DEFAULT = 8,
    WORKERS_MAX = 128,
    ATTEMPTS_MAX = 20,
    BACKOFF_MS_MAX = 100,
    RECONNECT_MS_MIN = 50,
    RECONNECT_MS_MAX = 2000,
    QUEUE_WAIT_MS_MAX = 15 * 1000, /* who has waited longer has given up */
    ANSWER_MS_MAX = 20 * 1000,     /* the server itself ends a statement after 15 s */
    ANSWER_PATIENT_MS_MAX = DAY_MS,
    PENDING_MAX =
        32, /* their answers fit into the socket's buffer, so nobody waits for the other */
    NAME_BYTES = 24,
    WHY_BYTES = 300
};

/* Type numbers of pg_type, fixed since they exist. */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_NAME = 19,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_UNKNOWN = 705,
    TYPE_BPCHAR = 1042,
    TYPE_VARCHAR = 1043
};

enum control { BEGIN_SERIALIZABLE, BEGIN_COMMITTED, BEGIN_READ, COMMIT, ROLLBACK, CONTROL_COUNT };

static const char *const control_texts[CONTROL_COUNT] = {
    [BEGIN_SERIALIZABLE] = "BEGIN ISOLATION LEVEL SERIALIZABLE",
    [BEGIN_COMMITTED] = "BEGIN ISOLATION LEVEL READ COMMITTED",
    [BEGIN_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
};

struct postgres_prepared {
    struct prepared head;
    const struct statement *statement;
    bool is_ready; /* the server knows it */
};

/* Why a transaction ended badly, beyond what its task is told. */
enum fate {
    FATE_NONE,
    FATE_CONFLICT, /* another transaction was in the way: again */
    FATE_LOST /* the connection is of no use any more: again on a new one, unless it was the commit
               */
};

/* Something sent whose answer has not been read. */
struct pending {
    const struct statement *statement;  /* NULL: a control */
    struct postgres_prepared *prepares; /* what its success makes ready; NULL: it runs */
};

struct connection {
    struct db db;
    PGconn *handle; /* NULL: not connected */
    struct postgres_prepared **prepared;
    size_t prepared_count;
    enum control begins_by;
    bool has_begun;
    enum fate fate;
    struct pending pending[PENDING_MAX + 4];
    size_t pending_count;
    PGresult *result; /* of the statement whose rows are read */
    int row;
    bool is_streaming; /* its rows come one by one */
    int64_t connect_at_ms;
    int64_t reconnect_ms;
    int64_t answer_ms_max;
    unsigned jitter;
};

struct postgres_store {
    struct store store;
    char *url;
    char *folder; /* may be NULL */
    struct connection *workers;
    pthread_t *threads;
    int worker_count;
    int thread_count; /* that run */
    int64_t max_wait_ms;
    bool is_patient;
    struct task_queue queue;
    struct postgres_peers *peers; /* NULL when read-only */
};

struct worker_context {
    struct postgres_store *store;
    struct connection *connection;
};

static struct postgres_store *postgres_of(struct store *store) {
    return (struct postgres_store *)store;
}

/* ---- connecting ---- */

static void be_silent(void *context, const char *message) {
    (void)context;
    (void)message;
}

/* For a program that is there all day, each statement has a key or an index that begins with what
 * it filters on (a house rule), so the planner shall take that index from the first row on: in its
 * order a page needs no sort, whatever the statistics say, and a serializable transaction then
 * remembers the rows it read and not whole tables. */
static const char settings_of_day[] =
    "SET statement_timeout = 15000; SET lock_timeout = 5000; SET jit = off;"
    "SET idle_in_transaction_session_timeout = 60000;"
    "SET enable_seqscan = off; SET enable_bitmapscan = off";
static const char settings_of_patience[] =
    "SET statement_timeout = 0; SET lock_timeout = 600000; SET jit = off";

PGconn *postgres_connect(const char *url, bool is_patient, char *ret_why, size_t why_size) {
    /* What stands before dbname is a default that the address may override. */
    const char *const keywords[] = {"connect_timeout",
                                    "fallback_application_name",
                                    "keepalives_idle",
                                    "keepalives_interval",
                                    "keepalives_count",
                                    "tcp_user_timeout",
                                    "dbname",
                                    "client_encoding",
                                    NULL};
    const char *const values[] = {"5", "xiangji", "30", "10", "3", "30000", url, "UTF8", NULL};
    PGconn *handle = PQconnectdbParams(keywords, values, 1);
    bool is_fine = handle && PQstatus(handle) == CONNECTION_OK;
    if (is_fine) {
        PQsetNoticeProcessor(handle, be_silent, NULL);
        PGresult *result = PQexec(handle, is_patient ? settings_of_patience : settings_of_day);
        is_fine = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    if (is_fine) return handle;
    snprintf(ret_why, why_size, "%s", handle ? PQerrorMessage(handle) : "out of memory");
    PQfinish(handle);
    return NULL;
}

static void disconnect(struct connection *connection) {
    PQfinish(connection->handle);
    connection->handle = NULL;
    for (size_t i = 0; i < connection->prepared_count; i++)
        if (connection->prepared[i]) connection->prepared[i]->is_ready = false;
    connection->pending_count = 0;
    connection->has_begun = false;
}

static bool prepare_controls(PGconn *handle, char *ret_why) {
    for (int i = 0; i < CONTROL_COUNT; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof(name), "c%d", i);
        PGresult *result = PQprepare(handle, name, control_texts[i], 0, NULL);
        bool is_fine = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
        if (is_fine) continue;
        snprintf(ret_why, WHY_BYTES, "%s", PQerrorMessage(handle));
        return false;
    }
    return PQenterPipelineMode(handle) == 1;
}

static bool connect_once(struct connection *connection, char *ret_why) {
    struct postgres_store *store = postgres_of(connection->db.store);
    connection->handle = postgres_connect(store->url, store->is_patient, ret_why, WHY_BYTES);
    if (connection->handle && !prepare_controls(connection->handle, ret_why))
        disconnect(connection);
    connection->answer_ms_max = store->is_patient ? ANSWER_PATIENT_MS_MAX : ANSWER_MS_MAX;
    atomic_store(&store->store.healthy, connection->handle != NULL);
    return connection->handle != NULL;
}

/* While the database is away most tasks are told so at once; one tries again now and then. */
static bool be_connected(struct connection *connection) {
    if (connection->handle) return true;
    int64_t now_ms = db_monotonic_ms();
    if (now_ms < connection->connect_at_ms) return false;
    char why[WHY_BYTES] = "";
    if (connect_once(connection, why)) {
        connection->reconnect_ms = RECONNECT_MS_MIN;
        return true;
    }
    db_log("no connection to PostgreSQL: %s", why);
    connection->connect_at_ms = db_monotonic_ms() + connection->reconnect_ms;
    connection->reconnect_ms *= 2;
    if (connection->reconnect_ms > RECONNECT_MS_MAX) connection->reconnect_ms = RECONNECT_MS_MAX;
    return false;
}

/* ---- failures ---- */

static bool is_state(const char *state, const char *const *states) {
    for (; *states; states++)
        if (strncmp(state, *states, strlen(*states)) == 0) return true;
    return false;
}

/* Sorts a failure by its SQLSTATE and poisons the transaction. The server's detail is left out of
 * the log: it holds values. */
static void fail(struct connection *connection, const struct statement *statement,
                 const PGresult *result) {
    static const char *const conflicts[] = {"40001", "40P01", NULL};
    static const char *const lost[] = {"08", "57P", "26000", NULL};
    static const char *const busy[] = {"55P03", "57014", "53", NULL};
    struct db *db = &connection->db;
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *words = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    bool is_stale = state && is_state(state, (const char *const[]){"0A000", NULL}) && words &&
                    strstr(words, "cached plan");
    bool is_standby = state && db->writes && strcmp(state, "25006") == 0;
    enum fate fate = FATE_NONE;
    enum problem_kind kind = PROBLEM_INTERNAL;
    if (!state || PQstatus(connection->handle) == CONNECTION_BAD || is_state(state, lost) ||
        is_stale || is_standby) {
        fate = FATE_LOST;
        kind = PROBLEM_BUSY;
    } else if (is_state(state, conflicts)) {
        fate = FATE_CONFLICT;
        kind = PROBLEM_BUSY;
    } else if (strcmp(state, "53100") == 0) {
        kind = PROBLEM_DISK_FULL;
    } else if (is_state(state, busy)) {
        kind = PROBLEM_BUSY;
    }
    if (db->poison) return;
    connection->fate = fate;
    char why[WHY_BYTES];
    snprintf(why, sizeof(why), "%s (%s)", words ? words : "no answer", state ? state : "-");
    db_fail(db, kind, statement, why);
}

/* ---- the pipeline ---- */

static void add_pending(struct connection *connection, const struct statement *statement,
                        struct postgres_prepared *prepares) {
    assert(connection->pending_count <
           sizeof(connection->pending) / sizeof(connection->pending[0]));
    connection->pending[connection->pending_count++] = (struct pending){statement, prepares};
}

static bool send_control(struct connection *connection, enum control which) {
    char name[NAME_BYTES];
    snprintf(name, sizeof(name), "c%d", (int)which);
    if (!PQsendQueryPrepared(connection->handle, name, 0, NULL, NULL, NULL, 1)) return false;
    add_pending(connection, NULL, NULL);
    return true;
}

/* True when no answer can come any more. */
static bool is_cut(const struct connection *connection) {
    return PQstatus(connection->handle) == CONNECTION_BAD;
}

/* A server that has gone silent without closing (a hung pooler, a host behind a dead proxy) would
 * hold this worker for ever: its own limit on a statement is over by then, so the line is cut. */
static PGresult *next_result(struct connection *connection) {
    PGconn *handle = connection->handle;
    int64_t until_ms = db_monotonic_ms() + connection->answer_ms_max;
    while (PQisBusy(handle)) {
        struct pollfd line = {.fd = PQsocket(handle), .events = POLLIN};
        int64_t left_ms = until_ms - db_monotonic_ms();
        if (left_ms <= 0) shutdown(line.fd, SHUT_RDWR);
        if (left_ms > 0 && poll(&line, 1, (int)left_ms) < 0 && errno != EINTR) break;
        if ((line.revents || left_ms <= 0) && !PQconsumeInput(handle)) break;
    }
    return PQgetResult(handle);
}

/* Reads to the end of one answer; its result, which the caller clears, or NULL when the connection
 * is cut. */
static PGresult *read_answer(struct connection *connection) {
    PGresult *result = next_result(connection);
    if (result && PQresultStatus(result) == PGRES_PIPELINE_SYNC) return result;
    PGresult *more;
    while (result && !is_cut(connection) && (more = next_result(connection))) PQclear(more);
    return result;
}

static void look_at(struct connection *connection, const struct pending *pending,
                    const PGresult *result) {
    ExecStatusType status = PQresultStatus(result); /* of NULL: PGRES_FATAL_ERROR */
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
        if (pending->prepares) pending->prepares->is_ready = true;
        return;
    }
    if (status == PGRES_PIPELINE_ABORTED && connection->db.poison) return;
    fail(connection, pending->statement, result);
}

static void read_sync(struct connection *connection) {
    PGresult *result;
    do {
        result = next_result(connection);
        bool is_sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
        if (is_sync) return;
    } while (!is_cut(connection));
    fail(connection, NULL, NULL);
}

/* Sends what is queued. */
static void send_all(struct connection *connection) {
    if (!PQpipelineSync(connection->handle)) fail(connection, NULL, NULL);
}

/* Reads all answers; the last one's result stays in `result`, or its rows are left to be read one
 * by one. */
static void read_all(struct connection *connection, bool streams) {
    size_t count = connection->pending_count;
    connection->pending_count = 0;
    for (size_t i = 0; i < count && !is_cut(connection); i++) {
        bool is_last = i + 1 == count;
        if (is_last && streams && !connection->db.poison) {
            connection->is_streaming = PQsetSingleRowMode(connection->handle) == 1;
            assert(connection->is_streaming);
            return;
        }
        PGresult *result = read_answer(connection);
        look_at(connection, &connection->pending[i], result);
        if (is_last && !connection->db.poison)
            connection->result = result;
        else
            PQclear(result);
    }
    if (is_cut(connection))
        fail(connection, NULL, NULL);
    else
        read_sync(connection);
}

static void forget_result(struct connection *connection) {
    PQclear(connection->result);
    connection->result = NULL;
}

/* ---- statements ---- */

static int send_values(struct connection *connection, const char *name, struct db_params params) {
    const char *values[LIMIT_PARAMETERS];
    int lengths[LIMIT_PARAMETERS], formats[LIMIT_PARAMETERS];
    uint64_t numbers[LIMIT_PARAMETERS];
    for (size_t i = 0; i < params.count; i++) {
        const struct db_value *value = &params.values[i];
        formats[i] = 1;
        if (value->type == DB_INT) {
            numbers[i] = htobe64((uint64_t)value->number);
            values[i] = (const char *)&numbers[i];
            lengths[i] = sizeof(numbers[i]);
        } else {
            assert(value->text.length <= INT32_MAX);
            values[i] = value->text.bytes ? value->text.bytes : "";
            lengths[i] = (int)value->text.length;
        }
    }
    return PQsendQueryPrepared(connection->handle, name, (int)params.count, values, lengths,
                               formats, 1);
}

static size_t type_numbers(const char *types, Oid *ret_types) {
    size_t count = 0;
    for (; types[count]; count++) {
        assert(count < LIMIT_PARAMETERS);
        char letter = types[count];
        ret_types[count] = letter == 'i' ? TYPE_INT8 : letter == 't' ? TYPE_TEXT : TYPE_BYTEA;
    }
    return count;
}

static bool send_prepare(struct connection *connection, struct postgres_prepared *prepared,
                         const char *name) {
    Oid types[LIMIT_PARAMETERS];
    size_t count = type_numbers(prepared->statement->types, types);
    if (!PQsendPrepare(connection->handle, name, prepared->statement->text, (int)count, types))
        return false;
    add_pending(connection, prepared->statement, prepared);
    return true;
}

static void free_prepared(struct postgres_prepared *prepared) {
    if (!prepared) return;
    free(prepared->head.targets);
    free(prepared->head.loose_text);
    free(prepared);
}

static struct postgres_prepared *find_prepared(struct connection *connection, size_t number,
                                               const struct statement *statement) {
    struct postgres_prepared *prepared = connection->prepared[number];
    if (prepared && db_prepared_fits(&prepared->head, statement)) {
        prepared->statement = statement;
        return prepared;
    }
    /* What was sent for the loose statement before this one still points at its place. */
    if (prepared && connection->pending_count) {
        send_all(connection);
        if (!connection->db.poison) read_all(connection, false);
        forget_result(connection);
    }
    free_prepared(prepared);
    prepared = calloc(1, sizeof(*prepared));
    assert(prepared);
    prepared->statement = statement;
    db_prepared_note(&prepared->head, statement);
    connection->prepared[number] = prepared;
    return prepared;
}

static bool send_begin(struct connection *connection) {
    if (connection->has_begun) return true;
    connection->has_begun = true;
    return send_control(connection, connection->begins_by);
}

static struct prepared *statement_begin(struct db *db, const struct statement *statement,
                                        struct db_params params, enum db_want want) {
    struct connection *connection = (struct connection *)db;
    size_t number = db_statement_number(statement);
    struct postgres_prepared *prepared = find_prepared(connection, number, statement);
    if (db->poison) return NULL;
    /* The unnamed statement gives way to the next one of that name. */
    char name[NAME_BYTES] = "";
    if (!prepared->head.loose_text) snprintf(name, sizeof(name), "s%zu", number);
    bool is_sent = send_begin(connection) &&
                   (prepared->is_ready || send_prepare(connection, prepared, name)) &&
                   send_values(connection, name, params);
    if (!is_sent) {
        fail(connection, statement, NULL);
        return NULL;
    }
    add_pending(connection, statement, NULL);
    bool can_wait = want == DB_WANT_LATER && db->writes && prepared->is_ready;
    if (can_wait && connection->pending_count < PENDING_MAX) return &prepared->head;
    send_all(connection);
    if (!db->poison) read_all(connection, want == DB_WANT_EACH);
    if (db->poison) return NULL;
    connection->row = -1;
    if (connection->result) prepared->head.column_count = (size_t)PQnfields(connection->result);
    return &prepared->head;
}

/* The next of the rows that come one by one. */
static enum db_step step_stream(struct connection *connection, struct postgres_prepared *prepared) {
    forget_result(connection);
    connection->result = next_result(connection);
    ExecStatusType status = PQresultStatus(connection->result);
    connection->row = 0;
    if (status == PGRES_SINGLE_TUPLE) {
        prepared->head.column_count = (size_t)PQnfields(connection->result);
        return DB_STEP_ROW;
    }
    if (status == PGRES_TUPLES_OK) return DB_STEP_DONE;
    fail(connection, prepared->statement, connection->result);
    return DB_STEP_FAILED;
}

static enum db_step statement_step(struct db *db, struct prepared *head) {
    struct connection *connection = (struct connection *)db;
    struct postgres_prepared *prepared = (struct postgres_prepared *)head;
    if (connection->is_streaming) return step_stream(connection, prepared);
    return ++connection->row < PQntuples(connection->result) ? DB_STEP_ROW : DB_STEP_DONE;
}

static struct db_value statement_cell(struct db *db, struct prepared *head, size_t column) {
    struct connection *connection = (struct connection *)db;
    const PGresult *result = connection->result;
    int number = (int)column, row = connection->row;
    if (PQgetisnull(result, row, number)) return (struct db_value){.type = DB_NULL};
    const char *bytes = PQgetvalue(result, row, number);
    struct text text = {bytes, (size_t)PQgetlength(result, row, number)};
    uint64_t wide;
    uint32_t narrow;
    uint16_t small;
    switch (PQftype(result, number)) {
    case TYPE_INT8: memcpy(&wide, bytes, sizeof(wide)); return db_value_int((int64_t)be64toh(wide));
    case TYPE_INT4:
        memcpy(&narrow, bytes, sizeof(narrow));
        return db_value_int((int32_t)be32toh(narrow));
    case TYPE_INT2:
        memcpy(&small, bytes, sizeof(small));
        return db_value_int((int16_t)be16toh(small));
    case TYPE_BOOL: return db_value_bool(bytes[0] != 0);
    case TYPE_BYTEA:
        return db_value_bytes((struct bytes){(const unsigned char *)text.bytes, text.length});
    case TYPE_TEXT:
    case TYPE_VARCHAR:
    case TYPE_BPCHAR:
    case TYPE_NAME:
    case TYPE_UNKNOWN: return db_value_text(text);
    default: break;
    }
    db_fail(db, PROBLEM_INTERNAL, ((struct postgres_prepared *)head)->statement,
            "a column is neither BIGINT, TEXT nor BYTEA");
    return (struct db_value){.type = DB_NULL};
}

static struct text statement_column(struct db *db, struct prepared *head, size_t column) {
    (void)head;
    return text_of(PQfname(((struct connection *)db)->result, (int)column));
}

static int64_t count_changed(const struct connection *connection) {
    PGresult *result = connection->result;
    if (!result || strncmp(PQcmdStatus(result), "SELECT", 6) == 0) return 0;
    int64_t changed = 0;
    bool is_number = text_to_int64(text_of(PQcmdTuples(result)), &changed);
    return is_number ? changed : 0;
}

static int64_t statement_finish(struct db *db, struct prepared *head) {
    (void)head;
    struct connection *connection = (struct connection *)db;
    if (connection->is_streaming) {
        connection->is_streaming = false;
        PGresult *more;
        while (!is_cut(connection) && (more = next_result(connection))) PQclear(more);
        if (is_cut(connection))
            fail(connection, NULL, NULL);
        else
            read_sync(connection);
    }
    int64_t changed = db->poison ? 0 : count_changed(connection);
    forget_result(connection);
    return changed;
}

/* ---- transactions ---- */

static bool begin(struct db *db) {
    struct connection *connection = (struct connection *)db;
    connection->begins_by = db->writes ? BEGIN_SERIALIZABLE : BEGIN_READ;
    connection->has_begun = false; /* it travels with the first statement */
    connection->fate = FATE_NONE;
    return connection->handle != NULL;
}

/* Sends the transaction's end, without waiting for its answer. */
static void send_end(struct connection *connection, enum control which) {
    if (!connection->has_begun) return;
    if (!send_control(connection, which)) fail(connection, NULL, NULL);
    send_all(connection);
}

static void read_end(struct connection *connection) {
    if (!connection->has_begun) return;
    connection->has_begun = false;
    read_all(connection, false);
    forget_result(connection);
}

/* True when everything has reached the disk. A COMMIT without an answer leaves FATE_LOST: nobody
 * knows, so it is never tried again here. */
static bool commit(struct connection *connection) {
    if (!connection->has_begun) return true;
    if (!send_control(connection, COMMIT)) fail(connection, NULL, NULL);
    send_all(connection);
    if (!connection->db.poison) read_all(connection, false);
    connection->has_begun = PQtransactionStatus(connection->handle) != PQTRANS_IDLE;
    bool is_kept = !connection->db.poison && connection->result &&
                   strcmp(PQcmdStatus(connection->result), "COMMIT") == 0;
    forget_result(connection);
    if (!is_kept && !connection->db.poison)
        db_fail(&connection->db, PROBLEM_INTERNAL, NULL, "COMMIT was answered by a rollback");
    return is_kept;
}

static void roll_back(struct connection *connection) {
    if (!connection->has_begun) return;
    if (is_cut(connection)) {
        connection->has_begun = false;
        return;
    }
    send_end(connection, ROLLBACK);
    read_end(connection);
}

static bool end(struct db *db, bool keep) {
    struct connection *connection = (struct connection *)db;
    if (keep && !db->poison) commit(connection);
    roll_back(connection);
    return !db->poison;
}

/* Runs words of ours outside the pipeline; NULL with the server's words in *ret_error (may be
 * NULL). */
static PGresult *execute(struct connection *connection, const char *sql, struct text *ret_error) {
    if (connection->pending_count) {
        send_all(connection);
        read_all(connection, false);
        forget_result(connection);
    }
    PGresult *result = NULL;
    if (!connection->db.poison && PQexitPipelineMode(connection->handle)) {
        result = PQexec(connection->handle, sql);
        PQenterPipelineMode(connection->handle);
    }
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
    if (ret_error)
        *ret_error = text_copy(connection->db.arena, text_of(PQerrorMessage(connection->handle)));
    fail(connection, NULL, result);
    PQclear(result);
    return NULL;
}

static bool script(struct db *db, struct text sql, struct text *ret_error) {
    struct connection *connection = (struct connection *)db;
    if (!send_begin(connection)) fail(connection, NULL, NULL);
    PGresult *result = execute(connection, text_terminated(db->arena, sql), ret_error);
    PQclear(result);
    return result != NULL;
}

static struct text prepare_check(struct db *db, const struct statement *statement) {
    struct connection *connection = (struct connection *)db;
    Oid types[LIMIT_PARAMETERS];
    size_t count = type_numbers(statement->types, types);
    if (!PQexitPipelineMode(connection->handle)) return TEXT("the connection is in use");
    PGresult *result = PQprepare(connection->handle, "", statement->text, (int)count, types);
    struct text why = {0};
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        why = text_copy(db->arena, text_of(PQerrorMessage(connection->handle)));
    PQclear(result);
    PQenterPipelineMode(connection->handle);
    struct postgres_prepared *loose = connection->prepared[connection->prepared_count - 1];
    if (loose) loose->is_ready = false; /* it had the same name */
    return why;
}

/* ---- workers ---- */

static void add_counts(struct store *store, enum store_outcome outcome, int64_t statements) {
    bool is_kept = outcome == STORE_KEPT;
    atomic_fetch_add_explicit(&store->commits, is_kept, memory_order_relaxed);
    atomic_fetch_add_explicit(&store->rollbacks, !is_kept, memory_order_relaxed);
    atomic_fetch_add_explicit(&store->statements, statements, memory_order_relaxed);
}

static bool may_commit(const struct postgres_store *store) {
    return store->peers && postgres_peers_lease_holds(store->peers);
}

/* One run of a task from its start. What nobody has to wait for (the end of a read or of a dropped
 * task) is sent, and read by read_end() after `done`. *ret_again: a new run may succeed. */
static enum store_outcome attempt(struct postgres_store *store, struct connection *connection,
                                  struct store_task *task, bool *ret_again) {
    struct db *db = &connection->db;
    db_reset(db, task->arena, task->writes, task->statement_max);
    *ret_again = false;
    task->failure = PROBLEM_BUSY;
    if (!be_connected(connection) || (task->writes && !may_commit(store))) return STORE_FAILED;
    begin(db);
    if (task->writes && task->isolation == STORE_READ_COMMITTED)
        connection->begins_by = BEGIN_COMMITTED;
    bool keep = task->run(task, db);
    assert(!db->busy);
    bool is_at_commit = false;
    if (!db->poison && task->writes && keep && may_commit(store)) {
        is_at_commit = connection->has_begun;
        commit(connection);
    } else if (!db->poison && task->writes && keep) {
        db_fail(db, PROBLEM_BUSY, NULL, "");
    }
    if (db->poison) {
        roll_back(connection);
        if (is_cut(connection) || connection->fate == FATE_LOST) disconnect(connection);
        *ret_again =
            connection->fate == FATE_CONFLICT || (connection->fate == FATE_LOST && !is_at_commit);
        task->failure = db->poison->kind;
        return STORE_FAILED;
    }
    send_end(connection, keep ? COMMIT : ROLLBACK);
    return keep ? STORE_KEPT : STORE_DROPPED;
}

/* Waits a random while, longer each time, so that those who met do not meet again. */
static void back_off(struct connection *connection, int attempts) {
    int64_t bound_us = INT64_C(500) << (attempts < 8 ? attempts : 8);
    if (bound_us > BACKOFF_MS_MAX * 1000) bound_us = BACKOFF_MS_MAX * 1000;
    int64_t wait_us = rand_r(&connection->jitter) % bound_us;
    struct timespec wait = {.tv_nsec = wait_us * 1000};
    nanosleep(&wait, NULL);
}

static void run_task(struct postgres_store *store, struct connection *connection,
                     struct store_task *task) {
    enum store_outcome outcome = STORE_FAILED;
    task->failure = PROBLEM_BUSY;
    bool again = db_monotonic_ms() - task->queued_ms < store->max_wait_ms;
    int64_t statements = 0;
    for (int attempts = 0; again && attempts < ATTEMPTS_MAX; attempts++) {
        if (attempts) {
            atomic_fetch_add_explicit(&store->store.retries, 1, memory_order_relaxed);
            back_off(connection, attempts);
        }
        outcome = attempt(store, connection, task, &again);
        statements += connection->db.statement_count;
    }
    add_counts(&store->store, outcome, statements);
    task->done(task, outcome);
    if (!connection->handle) return;
    struct arena arena = {0}; /* the task and its arena are gone */
    db_reset(&connection->db, &arena, false, 0);
    read_end(connection);
    if (connection->db.poison) disconnect(connection);
    arena_free(&arena);
}

/* A worker without a connection tries for one also when nobody asks: who sees that the store is not
 * healthy sends no more requests. */
static void *worker_main(void *context) {
    struct worker_context *worker = context;
    struct postgres_store *store = worker->store;
    struct connection *connection = worker->connection;
    free(worker);
    for (;;) {
        struct store_task *task;
        bool is_closed;
        int64_t wait_ms = connection->handle ? -1 : RECONNECT_MS_MAX;
        size_t count = task_queue_take(&store->queue, &task, 1, wait_ms, &is_closed);
        if (count) run_task(store, connection, task);
        if (!count && is_closed) return NULL;
        if (!count) be_connected(connection);
    }
}

/* ---- the store's life ---- */

static void free_connection(struct connection *connection) {
    disconnect(connection);
    for (size_t i = 0; i < connection->prepared_count; i++) free_prepared(connection->prepared[i]);
    free(connection->prepared);
}

static void close_store(struct store *base) {
    struct postgres_store *store = postgres_of(base);
    task_queue_close(&store->queue);
    for (int i = 0; i < store->thread_count; i++) pthread_join(store->threads[i], NULL);
    task_queue_free(&store->queue);
    for (int i = 0; i < store->worker_count; i++) free_connection(&store->workers[i]);
    postgres_peers_close(store->peers);
    free(store->workers);
    free(store->threads);
    free(store->url);
    free(store->folder);
    free(store);
}

static struct postgres_store *make_store(const struct store_settings *settings) {
    struct postgres_store *store = calloc(1, sizeof(*store));
    assert(store);
    store->store.engine = &postgres_engine;
    store->store.read_only = settings->read_only;
    store->is_patient = settings->read_only || settings->is_patient;
    store->url = strdup(settings->url);
    store->folder = settings->folder ? strdup(settings->folder) : NULL;
    int wanted = settings->worker_count > 0 ? settings->worker_count : WORKERS_DEFAULT;
    store->worker_count = wanted < WORKERS_MAX ? wanted : WORKERS_MAX;
    store->max_wait_ms = QUEUE_WAIT_MS_MAX;
    store->workers = calloc((size_t)store->worker_count, sizeof(struct connection));
    store->threads = calloc((size_t)store->worker_count, sizeof(pthread_t));
    assert(store->url && store->workers && store->threads && !settings->folder == !store->folder);
    for (int i = 0; i < store->worker_count; i++) {
        struct connection *connection = &store->workers[i];
        connection->db = (struct db){.store = &store->store, .engine = &postgres_engine};
        connection->reconnect_ms = RECONNECT_MS_MIN;
        connection->jitter = (unsigned)i * 7919 + (unsigned)getpid();
        db_statements(&connection->prepared_count);
        connection->prepared_count++; /* the place of the loose statement */
        connection->prepared =
            calloc(connection->prepared_count, sizeof(struct postgres_prepared *));
        assert(connection->prepared);
    }
    task_queue_open(&store->queue);
    return store;
}

/* Text must sort as on SQLite, and be UTF-8. */
static bool check_database(struct connection *connection, struct arena *arena,
                           struct text *ret_error) {
    static const char question[] =
        "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database"
        " WHERE datname = current_database()";
    static const char *const collations[] = {"C", "POSIX", "C.UTF-8", "C.utf8", "C.UTF8"};
    db_reset(&connection->db, arena, false, 0);
    PGresult *result = execute(connection, question, ret_error);
    if (!result) return false;
    bool is_fine = false;
    for (size_t i = 0; i < sizeof(collations) / sizeof(collations[0]); i++)
        if (strcmp(PQgetvalue(result, 0, 1), collations[i]) == 0) is_fine = true;
    if (strcmp(PQgetvalue(result, 0, 0), "UTF8") != 0) is_fine = false;
    if (!is_fine)
        *ret_error = text_format(
            arena,
            "the database has the encoding %s and the collation %s; it must be made with"
            " ENCODING 'UTF8' LC_COLLATE 'C' (or C.UTF-8) TEMPLATE template0, so that text"
            " sorts as everywhere",
            PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1));
    PQclear(result);
    return is_fine;
}

static struct store *open_store(const struct store_settings *settings, struct arena *arena,
                                struct text *ret_error) {
    struct postgres_store *store = make_store(settings);
    char why[WHY_BYTES] = "";
    if (!connect_once(&store->workers[0], why)) {
        *ret_error = text_format(arena, "no connection to PostgreSQL: %s", why);
        close_store(&store->store);
        return NULL;
    }
    if (!check_database(&store->workers[0], arena, ret_error)) {
        close_store(&store->store);
        return NULL;
    }
    return &store->store;
}

static struct db *owner(struct store *base) { return &postgres_of(base)->workers[0].db; }

/* One node migrates at a time; the others wait and then find nothing to do. The number names this
 * lock among others. */
static bool lock_schema(struct db *db) {
    struct connection *connection = (struct connection *)db;
    if (db->store->read_only) return true;
    connection->answer_ms_max = ANSWER_PATIENT_MS_MAX;
    PGresult *result = execute(connection,
                               "SET statement_timeout = 0; SET lock_timeout = 600000;"
                               "SELECT pg_advisory_lock(7241002026)",
                               NULL);
    PQclear(result);
    return result != NULL;
}

/* A fresh connection has the usual settings again. */
static void unlock_schema(struct db *db) {
    struct connection *connection = (struct connection *)db;
    if (db->store->read_only) return;
    if (!db->poison) PQclear(execute(connection, "SELECT pg_advisory_unlock_all()", NULL));
    disconnect(connection);
}

static bool start(struct store *base, struct arena *arena, struct text *ret_error) {
    struct postgres_store *store = postgres_of(base);
    if (!base->read_only) {
        store->peers = postgres_peers_open(store->url, store->folder, arena, ret_error);
        if (!store->peers) return false;
    }
    for (int i = 0; i < store->worker_count; i++) {
        struct worker_context *context = malloc(sizeof(*context));
        assert(context);
        *context = (struct worker_context){store, &store->workers[i]};
        int failed = pthread_create(&store->threads[i], NULL, worker_main, context);
        assert(!failed);
        store->thread_count++;
    }
    return true;
}

static bool submit(struct store *base, struct store_task *task, bool bounded) {
    if (task->writes && base->read_only) return false;
    return task_queue_add(&postgres_of(base)->queue, task, bounded);
}

static int64_t queue_length(const struct store *base) {
    return task_queue_length(&((const struct postgres_store *)base)->queue);
}

/* Without its lease it can read only. */
static bool is_healthy(const struct store *base) {
    const struct postgres_store *store = (const struct postgres_store *)base;
    return base->read_only || may_commit(store);
}

static uint32_t node(const struct store *base) {
    const struct postgres_store *store = (const struct postgres_store *)base;
    return store->peers ? postgres_peers_node(store->peers) : 0;
}

static bool other_nodes(const struct store *base, int64_t *ret_count) {
    const struct postgres_store *store = (const struct postgres_store *)base;
    return postgres_peers_count(store->url, node(base), ret_count);
}

static void notify(struct store *base, struct text message) {
    struct postgres_store *store = postgres_of(base);
    if (store->peers) postgres_peers_notify(store->peers, message);
}

static void listen_to(struct store *base, void (*heard)(void *context, struct text message),
                      void *context) {
    struct postgres_store *store = postgres_of(base);
    if (store->peers) postgres_peers_listen(store->peers, heard, context);
}

/* ---- the catalogue ---- */

static const char catalogue_text[] =
    "SELECT line FROM ("
    "SELECT c.relname || '.' || a.attname || ' ' || upper(format_type(a.atttypid, a.atttypmod))"
    " || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END"
    " || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS line"
    " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
    " AND NOT a.attisdropped"
    " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
    " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace "
    "UNION ALL "
    "SELECT c.relname || ' ' || pg_get_constraintdef(k.oid) FROM pg_constraint k"
    " JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = 'public'::regnamespace "
    "UNION ALL "
    "SELECT tablename || ' ' || indexdef FROM pg_indexes WHERE schemaname = 'public'"
    ") AS lines ORDER BY line COLLATE \"C\"";

static struct text catalogue(struct db *db) {
    struct buffer buffer = buffer_make(db->arena, LIMIT_REPLY_BYTES);
    PGresult *result = execute((struct connection *)db, catalogue_text, NULL);
    for (int i = 0; i < PQntuples(result); i++) {
        buffer_add_text(&buffer, text_of(PQgetvalue(result, i, 0)));
        buffer_add_char(&buffer, '\n');
    }
    PQclear(result);
    return buffer_text(&buffer);
}

const struct db_engine postgres_engine = {
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
    .is_healthy = is_healthy,
    .node = node,
    .other_nodes = other_nodes,
    .notify = notify,
    .listen = listen_to,
};

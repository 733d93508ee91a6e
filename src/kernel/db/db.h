/* The database as rooms see it: statements with typed parameters, rows read into shapes. One SQL
 * text for SQLite and PostgreSQL; design: README.md of this folder. A room sees only `struct db`,
 * which is a transaction in progress. */
#ifndef KERNEL_DB_DB_H
#define KERNEL_DB_DB_H

#include "kernel/base/problem.h"
#include "kernel/shape/shape.h"

struct app;
struct db;

/* A statement of the program. SQL() puts each into the linker section xj_sql, so that one test
 * prepares all of them on both engines and each has a small number for the prepared-statement
 * caches. TYPES has a letter for each $n in order: i BIGINT, t TEXT, b BYTEA. `SQL("it", "UPDATE
 * ... SET note = $2 WHERE id = $1")`. */
struct statement {
    const char *types;
    const char *text;
    const char *file;
    int64_t line;
} __attribute__((aligned(32)));

#define SQL(types_, text_)                                                                         \
    (__extension__({                                                                               \
        static const struct statement statement_                                                   \
            __attribute__((section("xj_sql"), used)) = {types_, text_, __FILE__, __LINE__};        \
        &statement_;                                                                               \
    }))

/* DB_NULL comes out of an outer join or a sum over nothing, and is never a parameter. */
enum db_type { DB_INT, DB_TEXT, DB_BYTES, DB_NULL };

struct db_value {
    enum db_type type;
    int64_t number;
    struct text text; /* DB_TEXT, and DB_BYTES by its bytes */
};

struct db_params {
    const struct db_value *values;
    size_t count;
};

static inline struct db_value db_value_int(int64_t value) {
    return (struct db_value){.type = DB_INT, .number = value};
}
static inline struct db_value db_value_bool(bool value) { return db_value_int(value ? 1 : 0); }
static inline struct db_value db_value_fen(struct fen value) { return db_value_int(value.fen); }
static inline struct db_value db_value_instant(struct instant value) {
    return db_value_int(value.ms);
}
static inline struct db_value db_value_text(struct text value) {
    return (struct db_value){.type = DB_TEXT, .text = value};
}
static inline struct db_value db_value_string(const char *value) {
    return db_value_text(text_of(value));
}
static inline struct db_value db_value_bytes(struct bytes value) {
    return (struct db_value){.type = DB_BYTES, .text = {(const char *)value.data, value.length}};
}

#define DB_VALUE(x)                                                                                \
    _Generic((x), bool: db_value_bool, int: db_value_int, unsigned: db_value_int,                  \
             long: db_value_int, long long: db_value_int, unsigned long: db_value_int,             \
             struct fen: db_value_fen, struct instant: db_value_instant,                           \
             struct text: db_value_text, char *: db_value_string,                                  \
             const char *: db_value_string, struct bytes: db_value_bytes)(x)

/* `PARAMS(id, name, price_fen)`: up to LIMIT_PARAMETERS values, typed by what they are. */
#define DB_EACH_1(f, a) f(a)
#define DB_EACH_2(f, a, ...) f(a), DB_EACH_1(f, __VA_ARGS__)
#define DB_EACH_3(f, a, ...) f(a), DB_EACH_2(f, __VA_ARGS__)
#define DB_EACH_4(f, a, ...) f(a), DB_EACH_3(f, __VA_ARGS__)
#define DB_EACH_5(f, a, ...) f(a), DB_EACH_4(f, __VA_ARGS__)
#define DB_EACH_6(f, a, ...) f(a), DB_EACH_5(f, __VA_ARGS__)
#define DB_EACH_7(f, a, ...) f(a), DB_EACH_6(f, __VA_ARGS__)
#define DB_EACH_8(f, a, ...) f(a), DB_EACH_7(f, __VA_ARGS__)
#define DB_EACH_9(f, a, ...) f(a), DB_EACH_8(f, __VA_ARGS__)
#define DB_EACH_10(f, a, ...) f(a), DB_EACH_9(f, __VA_ARGS__)
#define DB_EACH_11(f, a, ...) f(a), DB_EACH_10(f, __VA_ARGS__)
#define DB_EACH_12(f, a, ...) f(a), DB_EACH_11(f, __VA_ARGS__)
#define DB_EACH_13(f, a, ...) f(a), DB_EACH_12(f, __VA_ARGS__)
#define DB_EACH_14(f, a, ...) f(a), DB_EACH_13(f, __VA_ARGS__)
#define DB_EACH_15(f, a, ...) f(a), DB_EACH_14(f, __VA_ARGS__)
#define DB_EACH_16(f, a, ...) f(a), DB_EACH_15(f, __VA_ARGS__)
#define DB_EACH_17(f, a, ...) f(a), DB_EACH_16(f, __VA_ARGS__)
#define DB_EACH_18(f, a, ...) f(a), DB_EACH_17(f, __VA_ARGS__)
#define DB_EACH_19(f, a, ...) f(a), DB_EACH_18(f, __VA_ARGS__)
#define DB_EACH_20(f, a, ...) f(a), DB_EACH_19(f, __VA_ARGS__)
#define DB_EACH_21(f, a, ...) f(a), DB_EACH_20(f, __VA_ARGS__)
#define DB_EACH_22(f, a, ...) f(a), DB_EACH_21(f, __VA_ARGS__)
#define DB_EACH_23(f, a, ...) f(a), DB_EACH_22(f, __VA_ARGS__)
#define DB_EACH_24(f, a, ...) f(a), DB_EACH_23(f, __VA_ARGS__)
#define DB_PICK_(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17, _18,  \
                 _19, _20, _21, _22, _23, _24, name, ...)                                          \
    name
#define DB_EACH(f, ...)                                                                            \
    DB_PICK_(__VA_ARGS__, DB_EACH_24, DB_EACH_23, DB_EACH_22, DB_EACH_21, DB_EACH_20, DB_EACH_19,  \
             DB_EACH_18, DB_EACH_17, DB_EACH_16, DB_EACH_15, DB_EACH_14, DB_EACH_13, DB_EACH_12,   \
             DB_EACH_11, DB_EACH_10, DB_EACH_9, DB_EACH_8, DB_EACH_7, DB_EACH_6, DB_EACH_5,        \
             DB_EACH_4, DB_EACH_3, DB_EACH_2, DB_EACH_1, 0)                                        \
    (f, __VA_ARGS__)
#define PARAMS(...)                                                                                \
    ((struct db_params){(const struct db_value[]){DB_EACH(DB_VALUE, __VA_ARGS__)},                 \
                        sizeof((const struct db_value[]){DB_EACH(DB_VALUE, __VA_ARGS__)}) /        \
                            sizeof(struct db_value)})
#define NO_PARAMS ((struct db_params){0})

/* Every call may refuse with BUSY, DISK_FULL or INTERNAL. A statement that failed poisons its
 * transaction: every later call refuses the same way and the road rolls back, on both engines.
 * Constraint violations are bugs (rules are guarded updates and ON CONFLICT), so they are INTERNAL
 * and logged with the statement's place. */

/* Runs a statement; *ret_changed (may be NULL) is the number of rows it inserted, updated or
 * deleted. */
refusal db_run(struct db *db, const struct statement *statement, struct db_params params,
               int64_t *ret_changed);

/* The first row into *RET_ROW, a struct of SHAPE; *ret_found says whether there was one (else
 * *RET_ROW is untouched). Columns fill fields by name; a column that the shape has no field for is
 * a bug. Also for INSERT/UPDATE ... RETURNING. */
refusal db_row(struct db *db, const struct statement *statement, struct db_params params,
               const struct shape *shape, void *ret_row, bool *ret_found);

/* All rows; RET_ROWS is a struct NAME_list. A statement without a LIMIT of its own that yields more
 * than LIMIT_LIST_ROWS + 1 rows is a bug: it is refused as INTERNAL, never cut silently. */
refusal db_rows(struct db *db, const struct statement *statement, struct db_params params,
                const struct shape *shape, void *ret_rows);

/* The first column of the first row as a number; *ret_found may be NULL, then a missing row is 0.
 */
refusal db_int(struct db *db, const struct statement *statement, struct db_params params,
               int64_t *ret_value, bool *ret_found);

/* The first column of the first row as bytes or text, copied into the arena. */
refusal db_text(struct db *db, const struct statement *statement, struct db_params params,
                struct text *ret_value, bool *ret_found);

/* Calls EACH for every row without keeping them: exports, checks. CELLS are valid during the call
 * only. */
struct db_each {
    refusal (*row)(struct db_each *each, const struct db_value *cells, size_t cell_count);
};
refusal db_scan(struct db *db, const struct statement *statement, struct db_params params,
                struct db_each *each);

/* Text search, an index of tokens in plain tables: the same on both engines (README.md says why).
 * KIND keeps rooms apart ("goods"). Chinese is cut into single characters and bigrams, other
 * scripts into lower-case words. */

/* Makes WORDS what document ID is found by, in place of what they were; an empty text removes it.
 * About six statements; nothing is written when nothing changed. A new RANK_KEY writes every token
 * again, so rooms give one that seldom changes: when it was listed, or the logarithm of its sales.
 */
refusal db_search_put(struct db *db, const char *kind, int64_t id, int64_t rank_key,
                      struct text words);

/* Up to LIMIT documents that hold all words of the query, the highest (rank_key, id) first,
 * continuing below AFTER ({0} for the first page). One statement for a word of up to two
 * characters, two to ten for several. Of words that each stand in many thousands of documents but
 * hardly ever in the same ones, only the best 20,000 of the rarest are looked at for a page. */
struct db_hit {
    int64_t id;
    int64_t rank_key;
};
refusal db_search_find(struct db *db, const char *kind, struct text query, struct db_hit after,
                       size_t limit, struct db_hit *ret_hits, size_t *ret_count);

/* The arena that rows are copied into, and the number of statements so far (for the table of
 * statements per route). */
struct arena *db_arena(struct db *db);
int64_t db_statement_count(const struct db *db);
/* So many statements more than the transaction may make: for what others asked to be told of it,
 * which grows with them and not with what the request holds. */
void db_allow(struct db *db, int64_t statement_count);

/* ---- for the road, main and tests; rooms stop reading here ---- */

struct store; /* an opened database: its connections and threads */

enum store_isolation { STORE_SERIALIZABLE, STORE_READ_COMMITTED };

enum store_outcome {
    STORE_KEPT,    /* `run` said keep and it has reached the disk */
    STORE_DROPPED, /* `run` said drop: everything it wrote is undone */
    /* The transaction did not happen; `failure` of the task says why (BUSY, DISK_FULL, INTERNAL).
     * On PostgreSQL a BUSY may also be a commit whose answer got lost, so that nobody knows: the
     * client asks again with the same idempotency key. */
    STORE_FAILED
};

/* A piece of work in one transaction. RUN may be called again from the start (PostgreSQL
 * conflicts): it must reset what it built. It returns true to keep its writes. DONE is called
 * exactly once, on the store's thread, after the commit; it must not block. The caller owns the
 * memory. */
struct store_task {
    bool (*run)(struct store_task *task, struct db *db);
    void (*done)(struct store_task *task, enum store_outcome outcome);
    struct arena *arena; /* what db_arena() gives to RUN */
    bool writes;
    enum store_isolation isolation;
    int64_t
        statement_max; /* 0 means LIMIT_STATEMENTS; the demo, imports and checks state their own */
    enum problem_kind failure;
    struct store_task *next; /* the store's */
    int64_t queued_ms;       /* the store's */
};

struct store_settings {
    const char *url; /* "sqlite:PATH" or "postgres://..." / "postgresql://..." */
    /* PostgreSQL: where a node keeps which number it had, so that it has it again; may be NULL. */
    const char *folder;
    int worker_count; /* PostgreSQL connections; SQLite has one writer whatever this says */
    bool read_only;   /* check, backup, export: never takes the writer's lock */
    bool is_patient;  /* import: PostgreSQL lets a statement run as long as it takes */
};

/* Opens, takes the lock (SQLite: flock on PATH-lock in the same folder; *ret_error says who holds
 * it), checks the encoding and collation (PostgreSQL), applies what is missing of the schemas in
 * rooms.def order. False with a sentence in *ret_error on failure. */
bool store_open(const struct store_settings *settings, struct arena *arena,
                struct store **ret_store, struct text *ret_error);
/* Finishes what is queued, then closes. Readers must have been closed before. */
void store_close(struct store *store);

/* Queues a task; false when the queue is full (the caller answers BUSY; DONE is not called). */
bool store_submit(struct store *store, struct store_task *task);
/* Runs a task now and waits for its end: jobs, the command line and tests. TASK->done may be NULL.
 */
enum store_outcome store_perform(struct store *store, struct store_task *task);

/* SQLite: a read-only connection for the calling thread, so that a loop can read without leaving
 * it; NULL on PostgreSQL, where reads are submitted. Begin and end make one snapshot. */
struct store_reader;
struct store_reader *store_reader_open(struct store *store);
struct db *store_reader_begin(struct store_reader *reader, struct arena *arena);
void store_reader_end(struct store_reader *reader);
void store_reader_close(struct store_reader *reader);

bool store_is_postgres(const struct store *store);
/* True while writes can be expected to succeed; readiness and the metrics ask. */
bool store_is_healthy(const struct store *store);
/* The leased node number for ids (SQLite: 0). */
uint32_t store_node(const struct store *store);
/* How many other nodes were alive within the last minute (SQLite: 0, one process has the file): for
 * commands that no node may serve beside. A node that was stopped counts until its minute is over.
 * Asks on a connection of its own; false when PostgreSQL does not answer. */
bool db_other_nodes(const struct store *store, int64_t *ret_count);

/* Tells the other nodes (PostgreSQL LISTEN/NOTIFY; nothing on SQLite) and hears them, never itself;
 * a hint, never the truth. The callback runs on a store thread. An empty message says that some may
 * have been missed (a lost connection): forget all that messages would have told to forget. */
void store_notify(struct store *store, struct text message);
void store_listen(struct store *store, void (*heard)(void *context, struct text message),
                  void *context);

/* Fault seams of the tests: the Nth statement from now fails as an I/O error; 0 turns it off. */
void store_fail_statement(struct store *store, int64_t nth);

/* All statements of the program, for the test that prepares each on both engines. */
const struct statement *db_statements(size_t *ret_count);
/* Prepares STATEMENT; a sentence on failure, an empty text when fine. */
struct text store_prepare_check(struct store *store, struct arena *arena,
                                const struct statement *statement);

/* Tables, columns, checks, keys and indexes as normalised lines: a test compares a database that
 * was migrated step by step with a fresh one. */
struct text store_catalogue(struct store *store, struct arena *arena);

/* ---- the whole house, table by table: `export` and `import` ---- */

/* A table of the house as the engine's own catalogue describes it; the columns in the order of
 * their names, so that both engines give the same. */
struct db_column {
    struct text name;
    enum db_type type; /* DB_INT, DB_TEXT or DB_BYTES */
};
struct db_table {
    struct text name;
    struct db_column *columns;
    size_t column_count;
    struct text key; /* the primary key: "order_id, line_no" */
};
struct db_table_list {
    struct db_table *items;
    size_t count;
};

/* All tables but those that tell of this database and not of the house: which steps it has had, and
 * who leases its node numbers. */
refusal db_tables(struct db *db, struct db_table_list *ret_tables);
/* Every row, by the primary key. */
refusal db_table_scan(struct db *db, const struct db_table *table, struct db_each *each);
/* Adds one row: a value a column. */
refusal db_table_add(struct db *db, const struct db_table *table, const struct db_value *cells);
refusal db_table_clear(struct db *db, const struct db_table *table);

/* The steps that the schemas of this database have had. */
#define DB_APPLIED_FIELDS(F, S) F(S, TEXT, schema) F(S, INT, step) F(S, TEXT, sha256)
SHAPE_DECLARE(db_applied, DB_APPLIED_FIELDS);
refusal db_applied_steps(struct db *db, struct db_applied_list *ret_steps);

/* ---- copies of an SQLite file: `backup` and `restore`; URL is "sqlite:PATH" ---- */

/* The PATH of URL, or NULL when it names no SQLite file. */
const char *sqlite_path(const char *url);
/* Copies the database, as it stands at one moment, into the new file PATH, which is then closed and
 * on the disk. Others go on reading and writing meanwhile; the copying connection only reads, never
 * writes and never does a checkpoint. False with a sentence in *ret_error. */
bool sqlite_backup(const char *url, const char *path, struct arena *arena, struct text *ret_error);
/* Reads every page and index of the file and compares them. Nothing else may have it open. */
bool sqlite_is_sound(const char *path, struct arena *arena, struct text *ret_error);
/* Keeps every server and command out of the database that URL names, which need not exist; the
 * descriptor is closed to let go. */
bool sqlite_lock(const char *url, struct arena *arena, int *ret_lock, struct text *ret_error);

struct store_counts {
    int64_t commits;    /* tasks kept */
    int64_t rollbacks;  /* tasks dropped or failed */
    int64_t retries;    /* PostgreSQL: runs that met a conflict and were started again */
    int64_t statements; /* of ended transactions */
    int64_t batches;    /* SQLite: group commits; commits / batches is the mean batch */
    int64_t queue_length;
};
struct store_counts store_counts(const struct store *store);

#endif

/* Migrations: a schema.sql is numbered steps that are only ever appended to; each step is one
 * transaction together with the row that remembers it, so that a killed migration goes on where it
 * stopped. */
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "kernel/db/db_engine.h"

enum { STEPS_MAX = 200, SCRIPT_STATEMENTS_MAX = 1000 };

/* The table that remembers must be there before the first step. Its own changes would be steps of
 * the schema "db". */
static const char memory_text[] =
    "CREATE TABLE IF NOT EXISTS db_migration ("
    " schema TEXT NOT NULL,"
    " step BIGINT NOT NULL CHECK (step BETWEEN 1 AND 1000000),"
    " sha256 TEXT NOT NULL,"
    " applied_at BIGINT NOT NULL CHECK (applied_at BETWEEN 0 AND 253402300799999),"
    " PRIMARY KEY (schema, step))";

struct step {
    struct text text;
    struct text sha256;
};

struct migration {
    struct db *db;
    struct arena *arena;
    struct text *ret_error;
};

__attribute__((format(printf, 2, 3))) static bool refuse_start(struct migration *migration,
                                                               const char *format, ...) {
    char sentence[600];
    va_list list;
    va_start(list, format);
    vsnprintf(sentence, sizeof(sentence), format, list);
    va_end(list);
    *migration->ret_error = text_copy(migration->arena, text_of(sentence));
    return false;
}

static struct text sha256_of(struct arena *arena, struct text text) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)text.bytes, text.length);
    return text_hex(arena, (struct bytes){hash, sizeof(hash)});
}

/* "-- step 12: words" -> 12; 0 for any other line. */
static int64_t step_number(struct text line) {
    if (!text_starts(line, TEXT("-- step "))) return 0;
    size_t colon = text_find(line, TEXT(":"), 0);
    int64_t number;
    if (colon == SIZE_MAX || !text_to_int64(text_slice(line, 8, colon), &number)) return 0;
    return number;
}

/* Cuts a schema into its steps. Before the first there may be comments only. */
static bool cut_steps(struct migration *migration, const struct schema *schema,
                      struct step *ret_steps, size_t *ret_count) {
    size_t count = 0, from = 0, at = 0;
    while (at <= schema->text.length) {
        size_t line_end = text_find(schema->text, TEXT("\n"), at);
        if (line_end == SIZE_MAX) line_end = schema->text.length;
        struct text line = text_slice(schema->text, at, line_end);
        bool is_end = line_end == schema->text.length;
        int64_t number = step_number(line);
        if (number || is_end) {
            if (count)
                ret_steps[count - 1].text =
                    text_trim(text_slice(schema->text, from, is_end ? line_end : at));
            from = line_end;
        }
        if (number && (number != (int64_t)count + 1 || count == STEPS_MAX))
            return refuse_start(migration, "the schema %s: step %lld stands where step %zu should",
                                schema->name, (long long)number, count + 1);
        if (number) count++;
        if (!number && !count && text_trim(line).length && !text_starts(line, TEXT("--")))
            return refuse_start(migration, "the schema %s has text before its step 1",
                                schema->name);
        at = line_end + 1;
    }
    for (size_t i = 0; i < count; i++)
        ret_steps[i].sha256 = sha256_of(migration->arena, ret_steps[i].text);
    *ret_count = count;
    return true;
}

#define APPLIED_STEP_FIELDS(F, S)                                                                  \
    F(S, INT, step)                                                                                \
    F(S, TEXT, sha256)
SHAPE_DECLARE(applied_step, APPLIED_STEP_FIELDS);
SHAPE_DEFINE(applied_step, APPLIED_STEP_FIELDS);

static bool begin(struct migration *migration, bool writes) {
    struct db *db = migration->db;
    db_reset(db, migration->arena, writes, SCRIPT_STATEMENTS_MAX);
    if (db->engine->begin(db)) return true;
    return refuse_start(migration, "the database takes no transaction");
}

static bool end(struct migration *migration) {
    struct db *db = migration->db;
    if (db->engine->end(db, true)) return true;
    return refuse_start(migration, "a migration step could not be committed");
}

static bool run_script(struct migration *migration, struct text sql, const char *name,
                       size_t step) {
    struct text why = {0};
    struct db *db = migration->db;
    if (db->engine->script(db, sql, &why)) return true;
    db->engine->end(db, false);
    return refuse_start(migration, "step %zu of the schema %s failed: %.*s", step, name,
                        (int)why.length, why.bytes);
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool apply_step(struct migration *migration, const char *name, size_t number,
                       const struct step *step) {
    if (!begin(migration, true)) return false;
    if (!run_script(migration, step->text, name, number)) return false;
    db_run(
        migration->db,
        SQL("titi",
            "INSERT INTO db_migration (schema, step, sha256, applied_at) VALUES ($1, $2, $3, $4)"),
        PARAMS(name, (int64_t)number, step->sha256, now_ms()), NULL);
    return end(migration);
}

static bool read_applied(struct migration *migration, const char *name,
                         struct applied_step_list *ret_applied) {
    if (!begin(migration, false)) return false;
    refusal refused = db_rows(
        migration->db,
        SQL("t",
            "SELECT step, sha256 FROM db_migration WHERE schema = $1 ORDER BY step LIMIT 1000"),
        PARAMS(name), &applied_step_shape, ret_applied);
    migration->db->engine->end(migration->db, true);
    if (!refused) return true;
    return refuse_start(migration, "this is not a database of ours: it has no table db_migration");
}

static bool migrate_schema(struct migration *migration, const struct schema *schema) {
    struct step *steps = arena_new(migration->arena, struct step, STEPS_MAX);
    size_t step_count = 0;
    struct applied_step_list applied;
    if (!cut_steps(migration, schema, steps, &step_count)) return false;
    if (!read_applied(migration, schema->name, &applied)) return false;
    if (applied.count > step_count)
        return refuse_start(migration,
                            "the database was made by a newer version: its schema %s has %zu"
                            " steps, this program knows %zu",
                            schema->name, applied.count, step_count);
    for (size_t i = 0; i < step_count; i++) {
        if (i >= applied.count) {
            if (migration->db->store->read_only)
                return refuse_start(migration,
                                    "the database is older than this program: start the server"
                                    " once, which brings the schema %s up to date",
                                    schema->name);
            if (!apply_step(migration, schema->name, i + 1, &steps[i])) return false;
        } else if (applied.items[i].step != (int64_t)i + 1 ||
                   !text_equal(applied.items[i].sha256, steps[i].sha256)) {
            return refuse_start(migration,
                                "step %zu of the schema %s was changed after it had been applied"
                                " here: changes are new steps",
                                i + 1, schema->name);
        }
    }
    return true;
}

static bool make_memory(struct migration *migration) {
    if (migration->db->store->read_only) return true;
    return begin(migration, true) && run_script(migration, TEXT(memory_text), "db", 0) &&
           end(migration);
}

bool migrate(struct store *store, const struct schema_list *schemas, struct arena *arena,
             struct text *ret_error) {
    struct migration migration = {store->engine->owner(store), arena, ret_error};
    db_reset(migration.db, arena, false, 0);
    if (!store->engine->lock_schema(migration.db))
        return refuse_start(&migration, "another node holds the lock on the schema");
    bool is_fine = make_memory(&migration);
    for (size_t i = 0; is_fine && i < schemas->count; i++)
        is_fine = migrate_schema(&migration, &schemas->items[i]);
    store->engine->unlock_schema(migration.db);
    return is_fine;
}

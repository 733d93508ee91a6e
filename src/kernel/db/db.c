/* Statements and rows: everything that is the same on both engines. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kernel/base/json.h"
#include "kernel/db/db_engine.h"

/* Made by the linker: the first and the end of all that SQL() collected. */
extern const struct statement __start_xj_sql[];
extern const struct statement __stop_xj_sql[];

enum { FIRST_ROWS = 2, ROWS_GROWTH = 4, LOG_LINE_BYTES = 1024 };

const struct statement *db_statements(size_t *ret_count) {
    *ret_count = (size_t)(__stop_xj_sql - __start_xj_sql);
    return __start_xj_sql;
}

size_t db_statement_number(const struct statement *statement) {
    bool is_of_program = statement >= __start_xj_sql && statement < __stop_xj_sql;
    return (size_t)((is_of_program ? statement : __stop_xj_sql) - __start_xj_sql);
}

static bool is_loose(const struct statement *statement) {
    return __start_xj_sql + db_statement_number(statement) == __stop_xj_sql;
}

bool db_prepared_fits(const struct prepared *prepared, const struct statement *statement) {
    if (!prepared) return false;
    return !is_loose(statement) || strcmp(prepared->loose_text, statement->text) == 0;
}

void db_prepared_note(struct prepared *prepared, const struct statement *statement) {
    prepared->bounded = db_is_bounded(statement);
    if (!is_loose(statement)) return;
    prepared->loose_text = strdup(statement->text);
    assert(prepared->loose_text);
}

void db_log(const char *format, ...) {
    char words[LOG_LINE_BYTES];
    va_list list;
    va_start(list, format);
    vsnprintf(words, sizeof(words), format, list);
    va_end(list);
    for (char *c = words; *c; c++)
        if ((unsigned char)*c < ' ' || *c == '"' || *c == '\\') *c = ' ';
    fprintf(stderr, "{\"level\":\"error\",\"part\":\"db\",\"message\":\"%s\"}\n", words);
}

void db_fail(struct db *db, enum problem_kind kind, const struct statement *statement,
             const char *why) {
    if (db->poison) return;
    db->poison = problem_wait(db->arena, kind, kind == PROBLEM_BUSY ? 1 : 0);
    if (kind != PROBLEM_INTERNAL) return; /* a state of the machine, which its engine tells once */
    if (statement)
        db_log("%s:%lld: %s", statement->file, (long long)statement->line, why);
    else
        db_log("%s", why);
}

void db_reset(struct db *db, struct arena *arena, bool writes, int64_t statement_max) {
    assert(!db->busy);
    db->arena = arena;
    db->poison = NULL;
    db->statement_count = 0;
    db->statement_max = statement_max ? statement_max : LIMIT_STATEMENTS;
    db->writes = writes;
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool db_is_bounded(const struct statement *statement) {
    for (const char *at = statement->text; (at = strcasestr(at, "limit")); at += 5)
        if (at > statement->text && !is_letter(at[-1]) && !is_letter(at[5])) return true;
    return false;
}

static void check_params(const struct statement *statement, struct db_params params) {
    static const char letters[] = {
        [DB_INT] = 'i', [DB_TEXT] = 't', [DB_BYTES] = 'b', [DB_NULL] = '-'};
    assert(params.count <= LIMIT_PARAMETERS);
    size_t i = 0;
    for (; i < params.count; i++) assert(statement->types[i] == letters[params.values[i].type]);
    assert(statement->types[i] == 0);
}

static bool fault_is_due(struct store *store) {
    if (atomic_load_explicit(&store->fail_in, memory_order_relaxed) <= 0) return false;
    return atomic_fetch_sub(&store->fail_in, 1) == 1;
}

/* NULL when DB is poisoned, before or now. */
static struct prepared *begin(struct db *db, const struct statement *statement,
                              struct db_params params, enum db_want want) {
    if (db->poison) return NULL;
    assert(!db->busy);
    check_params(statement, params);
    if (db->statement_count++ >= db->statement_max) {
        db_fail(db, PROBLEM_INTERNAL, statement, "too many statements in one transaction");
        return NULL;
    }
    if (fault_is_due(db->store)) {
        db_fail(db, PROBLEM_INTERNAL, statement, "an I/O error that a test asked for");
        return NULL;
    }
    struct prepared *prepared = db->engine->statement_begin(db, statement, params, want);
    assert((prepared != NULL) == (db->poison == NULL));
    db->busy = prepared != NULL;
    return prepared;
}

static bool step(struct db *db, struct prepared *prepared) {
    enum db_step step = db->engine->statement_step(db, prepared);
    assert((step == DB_STEP_FAILED) == (db->poison != NULL));
    return step == DB_STEP_ROW;
}

static int64_t finish(struct db *db, struct prepared *prepared) {
    db->busy = false;
    return db->engine->statement_finish(db, prepared);
}

refusal db_run(struct db *db, const struct statement *statement, struct db_params params,
               int64_t *ret_changed) {
    struct prepared *prepared =
        begin(db, statement, params, ret_changed ? DB_WANT_CHANGED : DB_WANT_LATER);
    if (!prepared) return db->poison;
    int64_t changed = finish(db, prepared);
    if (ret_changed && !db->poison) *ret_changed = changed;
    return db->poison;
}

/* Finds each column's place in SHAPE; once a statement, because a statement is read into one shape.
 */
static bool map_columns(struct db *db, struct prepared *prepared, const struct shape *shape,
                        const struct statement *statement) {
    if (prepared->shape == shape) return true;
    prepared->shape = NULL;
    free(prepared->targets);
    prepared->targets = calloc(prepared->column_count + 1, sizeof(*prepared->targets));
    assert(prepared->targets);
    for (size_t i = 0; i < prepared->column_count; i++) {
        struct text column = db->engine->statement_column(db, prepared, i);
        if (shape_find_column(shape, column, &prepared->targets[i])) continue;
        char why[200];
        snprintf(why, sizeof(why), "the shape %s has no field for the column %.*s", shape->name,
                 (int)column.length, column.bytes);
        db_fail(db, PROBLEM_INTERNAL, statement, why);
        return false;
    }
    prepared->shape = shape;
    return true;
}

static void read_row(struct db *db, struct prepared *prepared, void *row) {
    for (size_t i = 0; i < prepared->column_count && !db->poison; i++) {
        struct db_value cell = db->engine->statement_cell(db, prepared, i);
        switch (cell.type) {
        case DB_INT: shape_set_int(&prepared->targets[i], row, cell.number); break;
        case DB_TEXT:
        case DB_BYTES: shape_set_text(&prepared->targets[i], db->arena, row, cell.text); break;
        case DB_NULL: break; /* the field keeps its zero */
        }
    }
}

refusal db_row(struct db *db, const struct statement *statement, struct db_params params,
               const struct shape *shape, void *ret_row, bool *ret_found) {
    if (ret_found) *ret_found = false;
    struct prepared *prepared = begin(db, statement, params, DB_WANT_ROWS);
    if (!prepared) return db->poison;
    bool found = step(db, prepared);
    if (found && map_columns(db, prepared, shape, statement)) {
        memset(ret_row, 0, shape->size);
        read_row(db, prepared, ret_row);
    }
    finish(db, prepared);
    if (ret_found) *ret_found = found && !db->poison;
    return db->poison;
}

/* The next free row of a list that grows when it is full. */
static void *grow(struct db *db, const struct shape *shape, struct shape_rows *rows,
                  size_t *capacity) {
    if (rows->count == *capacity) {
        *capacity = *capacity ? *capacity * ROWS_GROWTH : FIRST_ROWS;
        void *items = arena_take_raw(db->arena, shape->size * *capacity);
        if (rows->count) memcpy(items, rows->items, shape->size * rows->count);
        rows->items = items;
    }
    void *row = (char *)rows->items + shape->size * rows->count++;
    return memset(row, 0, shape->size);
}

refusal db_rows(struct db *db, const struct statement *statement, struct db_params params,
                const struct shape *shape, void *ret_rows) {
    struct shape_rows *rows = ret_rows;
    *rows = (struct shape_rows){0};
    struct prepared *prepared = begin(db, statement, params, DB_WANT_ROWS);
    if (!prepared) return db->poison;
    size_t capacity = 0;
    while (step(db, prepared)) {
        if (!map_columns(db, prepared, shape, statement)) break;
        if (rows->count > LIMIT_LIST_ROWS && !prepared->bounded) {
            db_fail(db, PROBLEM_INTERNAL, statement,
                    "more rows than a list without LIMIT may have");
            break;
        }
        read_row(db, prepared, grow(db, shape, rows, &capacity));
        if (db->poison) break;
    }
    finish(db, prepared);
    if (db->poison) *rows = (struct shape_rows){0};
    return db->poison;
}

/* The first cell of the first row; its text is in the arena. */
static bool read_first(struct db *db, const struct statement *statement, struct db_params params,
                       struct db_value *ret_cell) {
    struct prepared *prepared = begin(db, statement, params, DB_WANT_ROWS);
    if (!prepared) return false;
    bool found = step(db, prepared);
    if (found) {
        assert(prepared->column_count >= 1);
        *ret_cell = db->engine->statement_cell(db, prepared, 0);
        if (ret_cell->type == DB_TEXT || ret_cell->type == DB_BYTES)
            ret_cell->text = text_copy(db->arena, ret_cell->text);
    }
    finish(db, prepared);
    return found && !db->poison;
}

refusal db_int(struct db *db, const struct statement *statement, struct db_params params,
               int64_t *ret_value, bool *ret_found) {
    struct db_value cell = {.type = DB_NULL};
    bool found = read_first(db, statement, params, &cell);
    if (!db->poison && cell.type != DB_INT && cell.type != DB_NULL)
        db_fail(db, PROBLEM_INTERNAL, statement, "the first column is not a number");
    *ret_value = db->poison ? 0 : cell.number;
    if (ret_found) *ret_found = found && !db->poison;
    return db->poison;
}

refusal db_text(struct db *db, const struct statement *statement, struct db_params params,
                struct text *ret_value, bool *ret_found) {
    struct db_value cell = {.type = DB_NULL};
    bool found = read_first(db, statement, params, &cell);
    if (!db->poison && cell.type == DB_INT)
        db_fail(db, PROBLEM_INTERNAL, statement, "the first column is not a text");
    *ret_value = db->poison ? (struct text){0} : cell.text;
    if (ret_found) *ret_found = found && !db->poison;
    return db->poison;
}

enum { SCAN_COLUMNS_MAX = 64 };

refusal db_scan(struct db *db, const struct statement *statement, struct db_params params,
                struct db_each *each) {
    struct prepared *prepared = begin(db, statement, params, DB_WANT_EACH);
    if (!prepared) return db->poison;
    refusal refused = NULL;
    struct db_value cells[SCAN_COLUMNS_MAX];
    while (!refused && step(db, prepared)) {
        assert(prepared->column_count <= SCAN_COLUMNS_MAX);
        for (size_t i = 0; i < prepared->column_count; i++)
            cells[i] = db->engine->statement_cell(db, prepared, i);
        if (db->poison) break;
        refused = each->row(each, cells, prepared->column_count);
    }
    finish(db, prepared);
    return db->poison ? db->poison : refused;
}

struct arena *db_arena(struct db *db) {
    return db->arena;
}

int64_t db_statement_count(const struct db *db) { return db->statement_count; }

void db_allow(struct db *db, int64_t statement_count) {
    assert(statement_count >= 0);
    db->statement_max += statement_count;
}

/* The whole house, table by table. Which tables there are is read from the engine's catalogue, so
 * that nobody has to keep a list; the statements are made from it while the program runs, the only
 * ones of their kind. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/db/db_engine.h"

SHAPE_DEFINE(db_applied, DB_APPLIED_FIELDS);

enum { TABLES_MAX = 500 };

static bool tells_of_the_house(struct text table) {
    return !text_is(table, "db_migration") && !text_is(table, "db_node");
}

static struct db_table *find_table(struct db_table_list *tables, struct text name) {
    for (size_t i = 0; i < tables->count; i++)
        if (text_equal(tables->items[i].name, name)) return &tables->items[i];
    assert(tables->count < TABLES_MAX);
    tables->items[tables->count] = (struct db_table){.name = name};
    return &tables->items[tables->count++];
}

static bool read_type(struct text written, enum db_type *ret_type) {
    bool is_int = text_starts(written, TEXT("BIGINT"));
    bool is_text = text_starts(written, TEXT("TEXT"));
    if (!is_int && !is_text && !text_starts(written, TEXT("BYTEA"))) return false;
    *ret_type = is_int ? DB_INT : is_text ? DB_TEXT : DB_BYTES;
    return true;
}

/* "table.column TYPE NOT NULL"; the catalogue is sorted, so its columns are too. */
static bool add_column(struct db *db, struct db_table_list *tables, struct text line, size_t dot) {
    size_t space = text_find(line, TEXT(" "), dot);
    struct db_table *table = find_table(tables, text_slice(line, 0, dot));
    struct db_column column = {.name = text_slice(line, dot + 1, space)};
    if (table->column_count == LIMIT_PARAMETERS) return false;
    if (!read_type(text_slice(line, space + 1, line.length), &column.type)) return false;
    if (!table->columns) table->columns = arena_new(db->arena, struct db_column, LIMIT_PARAMETERS);
    table->columns[table->column_count++] = column;
    return true;
}

static bool read_line(struct db *db, struct db_table_list *tables, struct text line) {
    struct text head = TEXT(" PRIMARY KEY (");
    size_t space = text_find(line, TEXT(" "), 0), dot = text_find(line, TEXT("."), 0);
    if (dot < space)
        return !tells_of_the_house(text_slice(line, 0, dot)) || add_column(db, tables, line, dot);
    if (!tells_of_the_house(text_slice(line, 0, space))) return true;
    if (!text_starts(text_slice(line, space, line.length), head)) return true;
    size_t from = space + head.length;
    find_table(tables, text_slice(line, 0, space))->key =
        text_slice(line, from, text_find(line, TEXT(")"), from));
    return true;
}

static int compare_columns(const void *a, const void *b) {
    const struct db_column *left = a, *right = b;
    size_t shorter =
        left->name.length < right->name.length ? left->name.length : right->name.length;
    int order = memcmp(left->name.bytes, right->name.bytes, shorter);
    return order ? order
                 : (left->name.length > right->name.length) -
                       (left->name.length < right->name.length);
}

refusal db_tables(struct db *db, struct db_table_list *ret_tables) {
    struct text rest = db->poison ? TEXT("") : db->engine->catalogue(db);
    struct db_table_list tables = {arena_new(db->arena, struct db_table, TABLES_MAX), 0};
    while (rest.length && !db->poison) {
        size_t end = text_find(rest, TEXT("\n"), 0);
        if (!read_line(db, &tables, text_slice(rest, 0, end)))
            db_fail(db, PROBLEM_INTERNAL, NULL, "a table that cannot be copied row by row");
        rest = text_slice(rest, end + 1, rest.length);
    }
    for (size_t i = 0; i < tables.count; i++) {
        const struct db_table *table = &tables.items[i];
        qsort(table->columns, table->column_count, sizeof(*table->columns), compare_columns);
        if (!table->key.length || !table->column_count)
            db_fail(db, PROBLEM_INTERNAL, NULL, "a table without a primary key");
    }
    *ret_tables = tables;
    return db->poison;
}

static void add_columns(struct buffer *sql, const struct db_table *table) {
    for (size_t i = 0; i < table->column_count; i++) {
        if (i) buffer_add_literal(sql, ", ");
        buffer_add_text(sql, table->columns[i].name);
    }
}

enum { SQL_BYTES_MAX = 8 * 1024 };

refusal db_table_scan(struct db *db, const struct db_table *table, struct db_each *each) {
    struct buffer sql = buffer_make(db->arena, SQL_BYTES_MAX);
    buffer_add_literal(&sql, "SELECT ");
    add_columns(&sql, table);
    buffer_add_format(&sql, " FROM %.*s ORDER BY %.*s", (int)table->name.length, table->name.bytes,
                      (int)table->key.length, table->key.bytes);
    const struct statement statement = {"", text_terminated(db->arena, buffer_text(&sql)), __FILE__,
                                        __LINE__};
    return db_scan(db, &statement, NO_PARAMS, each);
}

/* Made on the stack: an import adds millions of rows in one transaction, whose arena would grow. */
refusal db_table_add(struct db *db, const struct db_table *table, const struct db_value *cells) {
    char types[LIMIT_PARAMETERS + 1] = "", sql[SQL_BYTES_MAX];
    size_t length = (size_t)snprintf(sql, sizeof(sql), "INSERT INTO %.*s (",
                                     (int)table->name.length, table->name.bytes);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct db_column *column = &table->columns[i];
        types[i] = column->type == DB_INT ? 'i' : column->type == DB_TEXT ? 't' : 'b';
        length += (size_t)snprintf(sql + length, sizeof(sql) - length, "%s%.*s", i ? ", " : "",
                                   (int)column->name.length, column->name.bytes);
        assert(length < sizeof(sql) / 2);
    }
    length += (size_t)snprintf(sql + length, sizeof(sql) - length, ") VALUES (");
    for (size_t i = 1; i <= table->column_count; i++)
        length +=
            (size_t)snprintf(sql + length, sizeof(sql) - length, i > 1 ? ", $%zu" : "$%zu", i);
    length += (size_t)snprintf(sql + length, sizeof(sql) - length, ")");
    assert(length < sizeof(sql));
    const struct statement statement = {types, sql, __FILE__, __LINE__};
    db->statement_count--; /* the budget is for what a request asks, not for rows of an import */
    return db_run(db, &statement, (struct db_params){cells, table->column_count}, NULL);
}

refusal db_table_clear(struct db *db, const struct db_table *table) {
    struct text sql =
        text_format(db->arena, "DELETE FROM %.*s", (int)table->name.length, table->name.bytes);
    const struct statement statement = {"", text_terminated(db->arena, sql), __FILE__, __LINE__};
    int64_t changed;
    return db_run(db, &statement, NO_PARAMS, &changed);
}

refusal db_applied_steps(struct db *db, struct db_applied_list *ret_steps) {
    return db_rows(db,
                   SQL("", "SELECT schema, step, sha256 FROM db_migration ORDER BY schema, step "
                           "LIMIT 10000"),
                   NO_PARAMS, &db_applied_shape, ret_steps);
}

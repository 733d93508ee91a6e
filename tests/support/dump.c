#include "support/dump.h"

#include <libpq-fe.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { DUMP_BYTES_MAX = 64 * 1024 };

/* ---- SQLite ---- */

static void hash_cell(crypto_generichash_state *state, sqlite3_stmt *row, int column) {
    const int32_t head[2] = {sqlite3_column_type(row, column), sqlite3_column_bytes(row, column)};
    const void *bytes = sqlite3_column_blob(row, column);
    crypto_generichash_update(state, (const unsigned char *)head, sizeof(head));
    if (bytes) crypto_generichash_update(state, bytes, (unsigned long long)head[1]);
}

static void dump_table(sqlite3 *database, struct arena *arena, const char *table,
                       struct buffer *dump) {
    crypto_generichash_state state;
    unsigned char hash[16];
    sqlite3_stmt *rows = NULL;
    long long count = 0;
    const char *words = text_format(arena, "SELECT * FROM \"%s\"", table).bytes;
    CHECK_INT(sqlite3_prepare_v2(database, words, -1, &rows, NULL), SQLITE_OK);
    crypto_generichash_init(&state, NULL, 0, sizeof(hash));
    for (; sqlite3_step(rows) == SQLITE_ROW; count++)
        for (int i = 0; i < sqlite3_column_count(rows); i++) hash_cell(&state, rows, i);
    CHECK_INT(sqlite3_finalize(rows), SQLITE_OK);
    crypto_generichash_final(&state, hash, sizeof(hash));
    struct text hex = text_hex(arena, (struct bytes){hash, sizeof(hash)});
    buffer_add_format(dump, "%s %lld %.*s\n", table, count, (int)hex.length, hex.bytes);
}

static void dump_sqlite(struct house *house, struct buffer *dump) {
    sqlite3 *database = NULL;
    sqlite3_stmt *tables = NULL;
    const char *path = text_format(house->arena, "%s/xiangji.db", house->folder).bytes;
    CHECK_INT(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_prepare_v2(database,
                                 "SELECT name FROM sqlite_master WHERE type = 'table' "
                                 "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
                                 -1, &tables, NULL),
              SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW)
        dump_table(database, house->arena, (const char *)sqlite3_column_text(tables, 0), dump);
    sqlite3_finalize(tables);
    sqlite3_close(database);
}

/* ---- PostgreSQL ---- */

static PGresult *ask(PGconn *connection, const char *words) {
    PGresult *result = PQexec(connection, words);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        test_fail(__FILE__, __LINE__, "%s: %s", words, PQerrorMessage(connection));
    return result;
}

/* The lease of a node is renewed by the clock on the wall, whatever anybody asks. */
static void dump_postgres(struct house *house, struct buffer *dump) {
    PGconn *connection = PQconnectdb(house->url);
    PGresult *tables =
        ask(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                        "AND tablename <> 'db_node' ORDER BY tablename");
    for (int i = 0; i < PQntuples(tables); i++) {
        const char *table = PQgetvalue(tables, i, 0);
        struct text words =
            text_format(house->arena,
                        "SELECT count(*), md5(coalesce(string_agg(x, chr(10) ORDER BY x), '')) "
                        "FROM (SELECT CAST(t AS text) AS x FROM \"%s\" t) s",
                        table);
        PGresult *sum = ask(connection, words.bytes);
        buffer_add_format(dump, "%s %s %s\n", table, PQgetvalue(sum, 0, 0), PQgetvalue(sum, 0, 1));
        PQclear(sum);
    }
    PQclear(tables);
    PQfinish(connection);
}

struct text dump_make(struct house *house) {
    struct buffer dump = buffer_make(house->arena, DUMP_BYTES_MAX);
    if (house->postgres)
        dump_postgres(house, &dump);
    else
        dump_sqlite(house, &dump);
    CHECK(!dump.overflowed && dump.length > 0);
    return buffer_text(&dump);
}

static struct text next_line(struct text *rest) {
    size_t end = text_find(*rest, TEXT("\n"), 0);
    struct text line = text_slice(*rest, 0, end);
    *rest = end == SIZE_MAX ? TEXT("") : text_slice(*rest, end + 1, rest->length);
    return line;
}

struct text dump_changes(struct arena *arena, struct text before, struct text after) {
    struct buffer names = buffer_make(arena, DUMP_BYTES_MAX);
    while (before.length || after.length) {
        struct text was = next_line(&before), is = next_line(&after);
        if (text_equal(was, is)) continue;
        buffer_add_text(&names, text_slice(is, 0, text_find(is, TEXT(" "), 0)));
        buffer_add_char(&names, ' ');
    }
    return buffer_text(&names);
}

/* ---- nothing in clear ---- */

/* All bytes of a file or of a program's output. */
static struct text read_all(struct arena *arena, FILE *file) {
    struct buffer buffer = buffer_make(arena, 64 * 1024 * 1024);
    char piece[65536];
    size_t length;
    while ((length = fread(piece, 1, sizeof(piece), file)) > 0) buffer_add(&buffer, piece, length);
    CHECK(!buffer.overflowed);
    return buffer_text(&buffer);
}

struct text dump_bytes(struct house *house, struct arena *arena) {
    struct buffer all = buffer_make(arena, 128 * 1024 * 1024);
    struct text command =
        text_format(arena, house->postgres ? "pg_dump --inserts '%s'" : "cat %s/xiangji.db*",
                    house->postgres ? house->url : house->folder);
    FILE *pipe = popen(text_terminated(arena, command), "r");
    CHECK(pipe != NULL);
    buffer_add_text(&all, read_all(arena, pipe));
    CHECK_INT(pclose(pipe), 0);
    return buffer_text(&all);
}

struct text dump_file(struct arena *arena, const char *path) {
    FILE *file = fopen(path, "r");
    CHECK(file != NULL);
    struct text whole = read_all(arena, file);
    fclose(file);
    return whole;
}

/* A dump shows bytes as hexadecimal digits. */
void dump_check_absent(struct arena *arena, struct text whole, struct text planted) {
    struct text hex =
        text_hex(arena, (struct bytes){(const unsigned char *)planted.bytes, planted.length});
    if (text_find(whole, planted, 0) != SIZE_MAX || text_find(whole, hex, 0) != SIZE_MAX)
        test_fail(__FILE__, __LINE__, "\"%.*s\" stands there in clear", (int)planted.length,
                  planted.bytes);
}

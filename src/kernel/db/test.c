/* The SQL subset and the calls of db.h: what must be the same on both engines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/db/test_house.h"

#define TEST_THING_FIELDS(F, S)                                                                    \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, name)                                                                               \
    F(S, INT, n)                                                                                   \
    F(S, TEXT, data)
SHAPE_DECLARE(test_thing, TEST_THING_FIELDS);
SHAPE_DEFINE(test_thing, TEST_THING_FIELDS);

#define INSERT_THING                                                                               \
    SQL("itib", "INSERT INTO test_thing (id, name, n, data) VALUES ($1, $2, $3, $4)")
#define NO_BYTES ((struct bytes){0})

static void add(struct house *house, int64_t id, const char *name, int64_t n) {
    CHECK_INT(house_change(house, INSERT_THING, PARAMS(id, name, n, NO_BYTES)), 1);
}

static int64_t n_of(struct house *house, int64_t id) {
    return house_number(house, SQL("i", "SELECT n FROM test_thing WHERE id = $1"), PARAMS(id));
}

static int64_t count_things(struct house *house) {
    return house_number(house, SQL("", "SELECT count(*) FROM test_thing"), NO_PARAMS);
}

/* ---- values ---- */

static bool read_thing(struct db *db, void *context) {
    bool found;
    return !db_row(db, SQL("i", "SELECT id, name, n, data FROM test_thing WHERE id = $1"),
                   PARAMS(7), &test_thing_shape, context, &found) &&
           found;
}

BOTH("A number, a text and bytes come back as they went in, also empty ones") {
    static const unsigned char data[] = {0, 1, 0xFF, 0, '\''};
    struct test_thing thing = {.n = 99};
    CHECK_INT(house_change(house, INSERT_THING,
                           PARAMS(7, "隰县'玉露香\"梨\\ \xF0\x9F\x8D\x90",
                                  INT64_C(-9223372036854775807), ((struct bytes){data, 5}))),
              1);
    CHECK_INT(house_work(house, false, read_thing, &thing), STORE_KEPT);
    CHECK_INT(thing.id, 7);
    CHECK_INT(thing.n, INT64_C(-9223372036854775807));
    CHECK_TEXT(thing.name, "隰县'玉露香\"梨\\ \xF0\x9F\x8D\x90");
    CHECK_INT(thing.data.length, 5);
    CHECK(memcmp(thing.data.bytes, data, 5) == 0);
    CHECK_INT(house_change(house,
                           SQL("itb", "UPDATE test_thing SET name = $2, data = $3 WHERE id = $1"),
                           PARAMS(7, "", NO_BYTES)),
              1);
    CHECK_INT(house_work(house, false, read_thing, &thing), STORE_KEPT);
    CHECK_INT(thing.name.length + thing.data.length, 0);
}

BOTH("The ends of 64 bits survive") {
    CHECK_INT(house_number(house, SQL("i", "SELECT CAST($1 AS BIGINT)"), PARAMS(INT64_MAX)),
              INT64_MAX);
    CHECK_INT(house_number(house, SQL("i", "SELECT CAST($1 AS BIGINT)"), PARAMS(INT64_MIN)),
              INT64_MIN);
}

BOTH("Parameters may stand in any order and twice") {
    int64_t got = house_number(
        house, SQL("iit", "SELECT CAST($2 AS BIGINT) * 100 + $1 * 10 + $2 + length($3)"),
        PARAMS(1, 2, "梨子"));
    CHECK_INT(got, 214);
}

BOTH("A parameter compared with a small number keeps its 64 bits") {
    CHECK_INT(house_number(house, SQL("i", "SELECT CASE WHEN $1 > 1 THEN 1 ELSE 0 END"),
                           PARAMS(INT64_C(5000000000))),
              1);
}

BOTH("A comparison is a number") {
    CHECK_INT(house_number(house, SQL("i", "SELECT $1 = 4"), PARAMS(4)), 1);
    CHECK_INT(house_number(house, SQL("i", "SELECT $1 = 4"), PARAMS(5)), 0);
}

BOTH("A sum is cast; over nothing it is 0") {
    const struct statement *sum =
        SQL("i", "SELECT CAST(sum(n) AS BIGINT) FROM test_thing WHERE id < $1");
    add(house, 1, "a", 3);
    add(house, 2, "b", 4);
    CHECK_INT(house_number(house, sum, PARAMS(10)), 7);
    CHECK_INT(house_number(house, sum, PARAMS(0)), 0);
}

BOTH("A fraction is refused") {
    add(house, 1, "a", 3);
    CHECK_INT(house_number(house, SQL("", "SELECT avg(n) FROM test_thing"), NO_PARAMS), -1);
    CHECK_INT(house->failure, PROBLEM_INTERNAL);
}

static bool read_outer(struct db *db, void *context) {
    return !db_row(
        db, SQL("", "SELECT a.id, b.name FROM test_thing a LEFT JOIN test_thing b ON b.id = a.n"),
        NO_PARAMS, &test_thing_shape, context, NULL);
}

BOTH("What an outer join lacks leaves the field empty") {
    struct test_thing thing;
    add(house, 1, "a", 99);
    CHECK_INT(house_work(house, false, read_outer, &thing), STORE_KEPT);
    CHECK_INT(thing.id, 1);
    CHECK_INT(thing.name.length, 0);
}

/* ---- what the tables hold off ---- */

BOTH("An integer that overflows is refused") {
    add(house, 1, "a", 5);
    CHECK_INT(house_change(house, SQL("i", "UPDATE test_thing SET n = n + $1"), PARAMS(INT64_MAX)),
              -1);
    CHECK_INT(house->failure, PROBLEM_INTERNAL);
    CHECK_INT(n_of(house, 1), 5);
}

BOTH("A number out of its bounds is refused") {
    CHECK_INT(house_change(house, INSERT_THING, PARAMS(0, "a", 1, NO_BYTES)), -1);
    CHECK_INT(house_change(house, INSERT_THING, PARAMS(-1, "a", 1, NO_BYTES)), -1);
    CHECK_INT(count_things(house), 0);
}

BOTH("A text in the place of a number is refused") {
    CHECK_INT(house_change(house,
                           SQL("t", "INSERT INTO test_wide (id, filler) VALUES (length($1), $1)"),
                           PARAMS("a")),
              1);
    house_script(house, "CREATE TABLE test_strict (id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9))");
    CHECK_INT(
        house_change(
            house,
            SQL("", "INSERT INTO test_strict (id) VALUES (CAST(CAST('7' AS TEXT) AS BIGINT))"),
            NO_PARAMS),
        1);
    CHECK_INT(house_change(house, SQL("", "INSERT INTO test_strict (id) VALUES ('x')"), NO_PARAMS),
              -1);
}

BOTH("A NULL key is refused") {
    CHECK_INT(house_change(
                  house,
                  SQL("", "INSERT INTO test_thing (id, name, n, data) SELECT CAST(NULL AS BIGINT),"
                          " name, n, data FROM test_thing"),
                  NO_PARAMS),
              0);
    add(house, 1, "a", 5);
    CHECK_INT(house_change(
                  house,
                  SQL("", "INSERT INTO test_thing (id, name, n, data) SELECT CAST(NULL AS BIGINT),"
                          " name, n, data FROM test_thing WHERE id = 1"),
                  NO_PARAMS),
              -1);
    CHECK_INT(count_things(house), 1);
}

BOTH("A foreign key is held") {
    CHECK_INT(house_change(house,
                           SQL("ii", "INSERT INTO test_part (thing_id, part) VALUES ($1, $2)"),
                           PARAMS(3, 1)),
              -1);
    add(house, 3, "a", 5);
    CHECK_INT(house_change(house,
                           SQL("ii", "INSERT INTO test_part (thing_id, part) VALUES ($1, $2)"),
                           PARAMS(3, 1)),
              1);
}

/* ---- upserts and guarded updates ---- */

BOTH("An upsert adds the old and the new") {
    const struct statement *upsert =
        SQL("itib", "INSERT INTO test_thing (id, name, n, data) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT (id) DO UPDATE SET n = test_thing.n + excluded.n");
    CHECK_INT(house_change(house, upsert, PARAMS(1, "a", 5, NO_BYTES)), 1);
    CHECK_INT(house_change(house, upsert, PARAMS(1, "a", 6, NO_BYTES)), 1);
    CHECK_INT(n_of(house, 1), 11);
}

static bool claim(struct db *db, void *context) {
    int64_t id;
    return !db_int(db,
                   SQL("itib", "INSERT INTO test_thing (id, name, n, data) VALUES ($1, $2, $3, $4)"
                               " ON CONFLICT (id) DO NOTHING RETURNING id"),
                   PARAMS(1, "key", 1, NO_BYTES), &id, context);
}

BOTH("A claim is won once") {
    bool found = false;
    CHECK_INT(house_work(house, true, claim, &found), STORE_KEPT);
    CHECK(found);
    CHECK_INT(house_work(house, true, claim, &found), STORE_KEPT);
    CHECK(!found);
}

BOTH("INSERT ... SELECT with a WHERE takes ON CONFLICT") {
    add(house, 1, "a", 5);
    const struct statement *copy = SQL(
        "i",
        "INSERT INTO test_thing (id, name, n, data) SELECT id + $1, name, n, data FROM test_thing"
        " WHERE id = 1 ON CONFLICT (id) DO NOTHING");
    CHECK_INT(house_change(house, copy, PARAMS(1)), 1);
    CHECK_INT(house_change(house, copy, PARAMS(1)), 0);
}

struct sale {
    int64_t wanted;
    int64_t left;
    bool sold;
};

static bool sell(struct db *db, void *context) {
    struct sale *sale = context;
    return !db_int(
        db, SQL("ii", "UPDATE test_thing SET n = n - $2 WHERE id = $1 AND n >= $2 RETURNING n"),
        PARAMS(1, sale->wanted), &sale->left, &sale->sold);
}

BOTH("A guarded update takes what is there and no more") {
    struct sale sale = {.wanted = 3};
    add(house, 1, "a", 5);
    CHECK_INT(house_work(house, true, sell, &sale), STORE_KEPT);
    CHECK(sale.sold);
    CHECK_INT(sale.left, 2);
    CHECK_INT(house_work(house, true, sell, &sale), STORE_KEPT);
    CHECK(!sale.sold);
    CHECK_INT(n_of(house, 1), 2);
}

static bool touch_two_of_three(struct db *db, void *context) {
    struct test_thing thing;
    /* Only the first returned row is looked at, and yet all rows are changed. */
    return !db_row(db, SQL("", "UPDATE test_thing SET n = n + 1 WHERE id <= 2 RETURNING id, n"),
                   NO_PARAMS, &test_thing_shape, &thing, context);
}

BOTH("RETURNING of several rows changes them all") {
    bool found;
    for (int64_t id = 1; id <= 3; id++) add(house, id, "a", 10);
    CHECK_INT(house_work(house, true, touch_two_of_three, &found), STORE_KEPT);
    CHECK_INT(n_of(house, 1) * 10000 + n_of(house, 2) * 100 + n_of(house, 3), 111110);
}

BOTH("The number of changed rows is told, of RETURNING and of reads as well") {
    for (int64_t id = 1; id <= 5; id++) add(house, id, "a", 10);
    CHECK_INT(
        house_change(house, SQL("", "UPDATE test_thing SET n = n + 1 WHERE id < 4"), NO_PARAMS), 3);
    CHECK_INT(house_change(house,
                           SQL("", "UPDATE test_thing SET n = n + 1 WHERE id < 3 RETURNING id"),
                           NO_PARAMS),
              2);
    CHECK_INT(house_change(house, SQL("", "DELETE FROM test_thing WHERE id > 9"), NO_PARAMS), 0);
    CHECK_INT(house_change(house, SQL("", "SELECT id FROM test_thing"), NO_PARAMS), 0);
    CHECK_INT(house_change(house, SQL("", "DELETE FROM test_thing WHERE id IN (1, 2)"), NO_PARAMS),
              2);
}

/* ---- order and ranges ---- */

struct names {
    struct test_thing_list things;
    const struct statement *statement;
    struct db_params params;
};

static bool read_names(struct db *db, void *context) {
    struct names *names = context;
    return !db_rows(db, names->statement, names->params, &test_thing_shape, &names->things);
}

static void check_ids(const struct names *names, const char *wanted) {
    char got[200] = "";
    for (size_t i = 0; i < names->things.count; i++)
        snprintf(got + strlen(got), sizeof(got) - strlen(got), "%lld ",
                 (long long)names->things.items[i].id);
    CHECK_TEXT(text_of(got), wanted);
}

static void add_words(struct house *house) {
    static const char *const words[] = {"梨", "a",        "Z",    "ab", "é", "苹果",
                                        "",   "玉露香梨", "玉露", "aB", "z"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        add(house, (int64_t)i + 1, words[i], 1);
}

BOTH("Text sorts by its bytes") {
    struct names names = {.statement = SQL("", "SELECT id, name FROM test_thing ORDER BY name")};
    add_words(house);
    CHECK_INT(house_work(house, false, read_names, &names), STORE_KEPT);
    check_ids(&names, "7 3 2 10 4 11 5 1 9 8 6 ");
}

BOTH("A prefix is a range") {
    struct names names = {
        .statement = SQL("tt", "SELECT id, name FROM test_thing WHERE name >= $1 AND name < $2"
                               " ORDER BY name"),
        .params = PARAMS("玉露", "玉露\xF4\x8F\xBF\xBF")};
    add_words(house);
    CHECK_INT(house_work(house, false, read_names, &names), STORE_KEPT);
    check_ids(&names, "9 8 ");
}

BOTH("A page goes on below its key") {
    struct names names = {
        .statement = SQL("tii", "SELECT id, name FROM test_thing WHERE (name, id) > ($1, $2)"
                                " ORDER BY name, id LIMIT $3"),
        .params = PARAMS("aB", 10, 3)};
    add_words(house);
    CHECK_INT(house_work(house, false, read_names, &names), STORE_KEPT);
    check_ids(&names, "4 11 5 ");
}

BOTH("A list without LIMIT may not pass its bound; with one it may") {
    struct names names = {.statement = SQL("", "SELECT id, name FROM test_thing ORDER BY id")};
    CHECK_INT(house_change(
                  house,
                  SQL("", "INSERT INTO test_thing (id, name, n, data) WITH RECURSIVE c (i) AS"
                          " (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM c WHERE i < 52)"
                          " SELECT i, 'x', 1, CAST('' AS BYTEA) FROM c"),
                  NO_PARAMS),
              52);
    CHECK_INT(house_work(house, false, read_names, &names), STORE_FAILED);
    CHECK_INT(house->failure, PROBLEM_INTERNAL);
    names.statement = SQL("i", "SELECT id, name FROM test_thing ORDER BY id LIMIT $1");
    names.params = PARAMS(200);
    CHECK_INT(house_work(house, false, read_names, &names), STORE_KEPT);
    CHECK_INT(names.things.count, 52);
    CHECK_INT(names.things.items[51].id, 52);
}

static bool read_unknown_column(struct db *db, void *context) {
    return !db_row(db, SQL("", "SELECT id, n AS nothing_like_it FROM test_thing"), NO_PARAMS,
                   &test_thing_shape, context, NULL);
}

BOTH("A column that the shape has no field for is refused") {
    struct test_thing thing;
    add(house, 1, "a", 1);
    CHECK_INT(house_work(house, false, read_unknown_column, &thing), STORE_FAILED);
    CHECK_INT(house->failure, PROBLEM_INTERNAL);
}

static bool read_both_ways(struct db *db, void *context) {
    struct test_thing thing;
    int64_t *calls = context;
    for (int i = 0; i < 3; i++, (*calls)++)
        if (db_row(db, SQL("", "SELECT n, id FROM test_thing"), NO_PARAMS, &test_thing_shape,
                   &thing, NULL) ||
            thing.n != 8 || thing.id != 1)
            return false;
    struct text name = {0};
    bool found;
    return !db_text(db, SQL("i", "SELECT name FROM test_thing WHERE id = $1"), PARAMS(1), &name,
                    &found) &&
           found && text_is(name, "a") &&
           !db_text(db, SQL("i", "SELECT name FROM test_thing WHERE id = $1"), PARAMS(2), &name,
                    &found) &&
           !found && db_statement_count(db) == 5;
}

BOTH("Columns find their fields by name, and statements are counted") {
    int64_t calls = 0;
    add(house, 1, "a", 8);
    CHECK_INT(house_work(house, false, read_both_ways, &calls), STORE_KEPT);
    CHECK_INT(calls, 3);
}

/* ---- scans ---- */

struct sum {
    struct db_each each;
    int64_t rows;
    int64_t sum;
    int64_t rows_max;
    refusal refused;
};

static refusal add_up(struct db_each *each, const struct db_value *cells, size_t cell_count) {
    struct sum *sum = (struct sum *)each;
    static const struct problem enough = {.kind = PROBLEM_CONFLICT};
    CHECK_INT(cell_count, 2);
    CHECK_INT(cells[1].type, DB_TEXT);
    sum->rows++;
    sum->sum += cells[0].number;
    return sum->rows == sum->rows_max ? &enough : NULL;
}

static bool scan(struct db *db, void *context) {
    struct sum *sum = context;
    int64_t count = 0;
    sum->refused =
        db_scan(db,
                SQL("i", "WITH RECURSIVE c (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1"
                         " FROM c WHERE i < $1) SELECT i, CAST('x' AS TEXT) FROM c"),
                PARAMS(20000), &sum->each);
    return !db_int(db, SQL("", "SELECT count(*) FROM test_thing"), NO_PARAMS, &count, NULL);
}

BOTH("A scan sees every row, may stop early, and leaves its connection in order") {
    struct sum sum = {.each = {add_up}};
    CHECK_INT(house_work(house, false, scan, &sum), STORE_KEPT);
    CHECK_INT(sum.rows, 20000);
    CHECK_INT(sum.sum, 200010000);
    CHECK(!sum.refused);
    sum = (struct sum){.each = {add_up}, .rows_max = 100};
    CHECK_INT(house_work(house, false, scan, &sum), STORE_KEPT);
    CHECK_INT(sum.rows, 100);
    CHECK(sum.refused && sum.refused->kind == PROBLEM_CONFLICT);
}

/* ---- failures ---- */

static bool fail_then_write(struct db *db, void *context) {
    bool *refused_again = context;
    int64_t changed;
    db_run(db, INSERT_THING, PARAMS(2, "b", 1, NO_BYTES), NULL);
    refusal refused = db_run(db, INSERT_THING, PARAMS(1, "b", 1, NO_BYTES), &changed);
    refusal again = db_run(db, INSERT_THING, PARAMS(3, "b", 1, NO_BYTES), &changed);
    *refused_again = refused && again == refused;
    return true; /* even who says "keep" keeps nothing */
}

BOTH("A statement that failed poisons its transaction") {
    bool refused_again = false;
    add(house, 1, "a", 1);
    CHECK_INT(house_work(house, true, fail_then_write, &refused_again), STORE_FAILED);
    CHECK(refused_again);
    CHECK_INT(house->failure, PROBLEM_INTERNAL);
    CHECK_INT(count_things(house), 1);
}

static bool fail_unlooked(struct db *db, void *context) {
    (void)context;
    db_run(db, INSERT_THING, PARAMS(2, "b", 1, NO_BYTES), NULL);
    db_run(db, INSERT_THING, PARAMS(1, "b", 1, NO_BYTES), NULL);
    for (int64_t id = 10; id < 100; id++)
        db_run(db, INSERT_THING, PARAMS(id, "b", 1, NO_BYTES), NULL);
    return true;
}

BOTH("A failure that nobody looked at fails the transaction as well") {
    add(house, 1, "a", 1);
    CHECK_INT(house_work(house, true, fail_unlooked, NULL), STORE_FAILED);
    CHECK_INT(house->failure, PROBLEM_INTERNAL);
    CHECK_INT(count_things(house), 1);
}

static bool write_many(struct db *db, void *context) {
    int64_t *count = context;
    for (int64_t id = 1; id <= *count; id++)
        if (db_run(db, INSERT_THING, PARAMS(id, "b", id, NO_BYTES), NULL)) return false;
    return true;
}

BOTH("Many writes that nobody looks at are all there; more than their bound are refused") {
    int64_t count = LIMIT_STATEMENTS;
    CHECK_INT(house_work(house, true, write_many, &count), STORE_KEPT);
    CHECK_INT(count_things(house), LIMIT_STATEMENTS);
    CHECK_INT(house_change(house, SQL("", "DELETE FROM test_thing"), NO_PARAMS), LIMIT_STATEMENTS);
    count++;
    CHECK_INT(house_work(house, true, write_many, &count), STORE_FAILED);
    CHECK_INT(house->failure, PROBLEM_INTERNAL);
    CHECK_INT(count_things(house), 0);
}

static bool write_allowed(struct db *db, void *context) {
    db_allow(db, 2);
    return write_many(db, context);
}

BOTH("What others are told of a transaction does not count against its bound") {
    int64_t count = LIMIT_STATEMENTS + 2;
    CHECK_INT(house_work(house, true, write_allowed, &count), STORE_KEPT);
    CHECK_INT(count_things(house), LIMIT_STATEMENTS + 2);
    count++;
    CHECK_INT(house_work(house, true, write_many, &count), STORE_FAILED);
}

static bool drop(struct db *db, void *context) {
    (void)context;
    db_run(db, INSERT_THING, PARAMS(1, "b", 1, NO_BYTES), NULL);
    return false;
}

BOTH("What a task drops is undone") {
    CHECK_INT(house_work(house, true, drop, NULL), STORE_DROPPED);
    CHECK_INT(count_things(house), 0);
    add(house, 1, "a", 1);
}

BOTH("A read task cannot write") {
    CHECK_INT(house_work(house, false, drop, NULL), STORE_FAILED);
    CHECK_INT(house->failure, PROBLEM_INTERNAL);
    CHECK_INT(count_things(house), 0);
}

BOTH("The fault seam fails the statement that it was told to") {
    int64_t count = 3;
    store_fail_statement(house->store, 3);
    CHECK_INT(house_work(house, true, write_many, &count), STORE_FAILED);
    CHECK_INT(count_things(house), 0);
    CHECK_INT(house_work(house, true, write_many, &count), STORE_KEPT);
    CHECK_INT(count_things(house), 3);
}

/* ---- the statements of the whole program ---- */

static bool is_of_tests(const struct statement *statement) {
    return strstr(statement->file, "test") != NULL;
}

TEST("Every statement is plain") {
    static const char *const banned[] = {"::",
                                         " like ",
                                         "now()",
                                         "for update",
                                         "serial ",
                                         "autoincrement",
                                         "current_timestamp",
                                         " offset ",
                                         "deferrable",
                                         "?",
                                         "lastval"};
    size_t count;
    const struct statement *statements = db_statements(&count);
    CHECK(count > 20);
    for (size_t i = 0; i < count; i++) {
        const struct statement *statement = &statements[i];
        CHECK(statement->text && statement->types && statement->file);
        CHECK(strlen(statement->types) <= LIMIT_PARAMETERS);
        CHECK_INT(db_statement_number(statement), i);
        bool may_page = strstr(statement->file, "kernel/db/search.c") != NULL;
        for (size_t j = 0; j < sizeof(banned) / sizeof(banned[0]); j++) {
            if (may_page && strcmp(banned[j], " offset ") == 0) continue;
            if (strcasestr(statement->text, banned[j]))
                test_fail(statement->file, (int)statement->line, "\"%s\" is not in the subset",
                          banned[j]);
        }
    }
}

static void prepare_all(struct store *store, struct arena *arena, bool of_tests) {
    size_t count, wrong = 0;
    const struct statement *statements = db_statements(&count);
    for (size_t i = 0; i < count; i++) {
        if (is_of_tests(&statements[i]) != of_tests || strstr(statements[i].text, "test_strict"))
            continue;
        struct text why = store_prepare_check(store, arena, &statements[i]);
        if (!why.length) continue;
        wrong++;
        printf("  %s:%lld: %.*s\n", statements[i].file, (long long)statements[i].line,
               (int)why.length, why.bytes);
    }
    CHECK_INT(wrong, 0);
}

BOTH("Every statement of the program prepares") {
    struct text why = {0};
    prepare_all(house->store, &house->arena, true);
    house_end(house);
    house_make(house, house->on_postgres);
    struct store_settings settings = {.url = house->url};
    if (!store_open(&settings, &house->arena, &house->store, &why))
        test_fail(__FILE__, __LINE__, "%.*s", (int)why.length, why.bytes);
    prepare_all(house->store, &house->arena, false);
}

BOTH("A statement that is wrong does not prepare") {
    static const struct statement wrong[] = {
        {"", "SELECT x FROM no_such_table", "", 0},
        {"", "SELEC 1", "", 0},
        {"i", "SELECT nope FROM test_thing WHERE id = $1", "", 0}};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK(store_prepare_check(house->store, &house->arena, &wrong[i]).length > 0);
    CHECK_INT(count_things(house), 0);
}

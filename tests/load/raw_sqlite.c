/* load_raw_sqlite SOURCE TARGET ORDERS: writes the very rows that (at most) ORDERS placed orders
 * left in SOURCE into a fresh database TARGET with the same schema (tables and indexes), by
 * prepared statements in batches of 256 orders a transaction, WAL and synchronous=FULL as the
 * server has it; prints orders a second. It does nothing but write: no rules, no look-ups, no HTTP.
 */
#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 256, COLUMNS_MAX = 48 };

/* Rows of a table that belong to an order, found by a query over the ids of the newest orders. */
struct table_plan {
    const char *name;
    const char *query; /* ?1 is the number of orders */
};

#define NEWEST "(SELECT id FROM orders_order ORDER BY id DESC LIMIT ?1)"
static const struct table_plan plans[] = {
    {"http_idempotency", "SELECT * FROM http_idempotency WHERE rowid >"
                         " (SELECT max(rowid) FROM http_idempotency) - ?1 ORDER BY rowid"},
    {"orders_order", "SELECT * FROM orders_order WHERE id IN " NEWEST " ORDER BY id"},
    {"orders_line", "SELECT * FROM orders_line WHERE order_id IN " NEWEST},
    {"ledger_transfer", "SELECT * FROM ledger_transfer WHERE document_id IN " NEWEST},
    {"jobs_job", "SELECT * FROM jobs_job WHERE argument IN"
                 " (SELECT purchase_id FROM orders_order ORDER BY id DESC LIMIT ?1)"},
};
enum { PLANS = sizeof(plans) / sizeof(plans[0]) };

struct rows {
    sqlite3_value **cells;
    int column_count;
    int row_count;
    sqlite3_stmt *insert;
};

static void run(sqlite3 *db, const char *sql) {
    char *error = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, error);
        exit(1);
    }
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
        exit(1);
    }
    return statement;
}

static void copy_schema(sqlite3 *source, sqlite3 *target) {
    sqlite3_stmt *statement = prepare(
        source, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name IN"
                " ('http_idempotency','orders_order','orders_line','ledger_transfer','jobs_job',"
                "'ledger_account') ORDER BY type DESC");
    while (sqlite3_step(statement) == SQLITE_ROW)
        run(target, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
}

static struct rows load_rows(sqlite3 *source, sqlite3 *target, const struct table_plan *plan,
                             int orders) {
    struct rows rows = {0};
    char sql[1000];
    sqlite3_stmt *statement = prepare(source, plan->query);
    sqlite3_bind_int(statement, 1, orders);
    rows.column_count = sqlite3_column_count(statement);
    assert(rows.column_count <= COLUMNS_MAX);
    int capacity = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (rows.row_count == capacity) {
            capacity = capacity ? capacity * 2 : 1024;
            rows.cells = realloc(rows.cells, sizeof(*rows.cells) * (size_t)capacity *
                                                 (size_t)rows.column_count);
            assert(rows.cells);
        }
        for (int i = 0; i < rows.column_count; i++)
            rows.cells[rows.row_count * rows.column_count + i] =
                sqlite3_value_dup(sqlite3_column_value(statement, i));
        rows.row_count++;
    }
    sqlite3_finalize(statement);
    int length = snprintf(sql, sizeof(sql), "INSERT OR REPLACE INTO %s VALUES (?", plan->name);
    for (int i = 1; i < rows.column_count; i++)
        length += snprintf(sql + length, sizeof(sql) - (size_t)length, ",?");
    snprintf(sql + length, sizeof(sql) - (size_t)length, ")");
    rows.insert = prepare(target, sql);
    return rows;
}

static void insert_row(const struct rows *rows, int row) {
    for (int i = 0; i < rows->column_count; i++)
        sqlite3_bind_value(rows->insert, i + 1, rows->cells[row * rows->column_count + i]);
    int code = sqlite3_step(rows->insert);
    assert(code == SQLITE_DONE);
    sqlite3_reset(rows->insert);
}

static double seconds_now(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What an order changes but does not add: the account its stock is held on. */
static void copy_accounts(sqlite3 *source, sqlite3 *target, const char *source_path) {
    char sql[600];
    (void)source;
    snprintf(sql, sizeof(sql), "ATTACH '%s' AS source", source_path);
    run(target, sql);
    run(target, "INSERT INTO ledger_account SELECT * FROM source.ledger_account");
    run(target, "DETACH source");
}

static void write_all(sqlite3 *target, struct rows *rows, sqlite3_stmt *hold,
                      sqlite3_stmt *accounts, int orders) {
    int done[PLANS] = {0};
    for (int from = 0; from < orders; from += BATCH) {
        int upto = from + BATCH < orders ? from + BATCH : orders;
        run(target, "BEGIN IMMEDIATE");
        for (int p = 0; p < PLANS; p++) {
            int wanted = (int)((long)rows[p].row_count * upto / orders);
            for (; done[p] < wanted; done[p]++) insert_row(&rows[p], done[p]);
        }
        for (int i = from; i < upto; i++) {
            if (sqlite3_step(accounts) != SQLITE_ROW) {
                sqlite3_reset(accounts);
                sqlite3_step(accounts);
            }
            sqlite3_bind_int64(hold, 1, sqlite3_column_int64(accounts, 0));
            int code = sqlite3_step(hold);
            assert(code == SQLITE_DONE);
            sqlite3_reset(hold);
        }
        sqlite3_reset(accounts);
        run(target, "COMMIT");
    }
}

int main(int argc, char **argv) {
    assert(argc == 4);
    sqlite3 *source, *target;
    struct rows rows[PLANS];
    int orders = atoi(argv[3]);
    int code = sqlite3_open_v2(argv[1], &source, SQLITE_OPEN_READONLY, NULL);
    assert(code == SQLITE_OK);
    sqlite3_stmt *count = prepare(source, "SELECT count(*) FROM orders_order");
    sqlite3_step(count);
    if (sqlite3_column_int(count, 0) < orders) orders = sqlite3_column_int(count, 0);
    sqlite3_finalize(count);
    assert(orders > 0);
    remove(argv[2]);
    code = sqlite3_open(argv[2], &target);
    assert(code == SQLITE_OK);
    run(target, "PRAGMA journal_mode=WAL");
    run(target, "PRAGMA synchronous=FULL");
    run(target, "PRAGMA cache_size=-16384");
    run(target, "PRAGMA wal_autocheckpoint=4096");
    copy_schema(source, target);
    copy_accounts(source, target, argv[1]);
    for (int p = 0; p < PLANS; p++) {
        rows[p] = load_rows(source, target, &plans[p], orders);
        if (rows[p].row_count < orders / 2) {
            fprintf(stderr, "%s has only %d rows for %d orders\n", plans[p].name, rows[p].row_count,
                    orders);
            return 1;
        }
    }
    sqlite3_stmt *hold =
        prepare(target, "UPDATE ledger_account SET credits_posted = credits_posted + 1"
                        " WHERE rowid = ?1");
    sqlite3_stmt *accounts =
        prepare(target, "SELECT rowid FROM ledger_account ORDER BY owner_id * 7919 % 10007");
    double began = seconds_now(CLOCK_MONOTONIC), cpu_began = seconds_now(CLOCK_PROCESS_CPUTIME_ID);
    write_all(target, rows, hold, accounts, orders);
    double seconds = seconds_now(CLOCK_MONOTONIC) - began;
    double cpu_seconds = seconds_now(CLOCK_PROCESS_CPUTIME_ID) - cpu_began;
    printf("%.0f %.1f\n", orders / seconds, cpu_seconds * 1e6 / orders);
    return 0;
}

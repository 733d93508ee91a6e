#include "support/drill.h"

#include <assert.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/base/json.h"
#include "market/stock/stock.h"

/* The writer copies its log from 4,096 pages on; each has a head of 24 bytes there. */
enum { PIECES = 1000000, RIPE_BYTES = 4050 * (4096 + 24), LATER_MS = 60 * 1000 };

/* ---- the folders ---- */

static void copy_file(const char *from_folder, const char *to_folder, const char *name) {
    static char block[65536];
    char path[160];
    snprintf(path, sizeof(path), "%s/%s", from_folder, name);
    int from = open(path, O_RDONLY);
    if (from < 0) return;
    snprintf(path, sizeof(path), "%s/%s", to_folder, name);
    int to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert(to >= 0);
    ssize_t length;
    while ((length = read(from, block, sizeof(block))) > 0) {
        ssize_t written = write(to, block, (size_t)length);
        assert(written == length);
    }
    close(from);
    close(to);
}

static int remove_one(const char *path, const struct stat *stat_of, int kind, struct FTW *place) {
    (void)stat_of;
    (void)kind;
    (void)place;
    remove(path); /* not the place of a mounted file system */
    return 0;
}

static void remove_folder(const char *folder) {
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void copy_folder(const char *from, const char *to) {
    char path[160];
    remove_folder(to);
    mkdir(to, 0700); /* it may be the place of a mounted file system */
    snprintf(path, sizeof(path), "%s/keys", to);
    int failed = mkdir(path, 0700);
    assert(!failed);
    copy_file(from, to, "keys/master.key");
    copy_file(from, to, "xiangji.db");
    copy_file(from, to, "xiangji.db-wal");
}

/* ---- looking into the file of the trial ---- */

static sqlite3_stmt *first_row(sqlite3 *handle, const char *sql) {
    sqlite3_stmt *statement = NULL;
    CHECK_INT(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_step(statement), SQLITE_ROW);
    return statement;
}

static sqlite3 *look_into(const struct drill *drill) {
    char path[160];
    sqlite3 *handle = NULL;
    snprintf(path, sizeof(path), "%s/xiangji.db", drill->trial);
    CHECK_INT(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    return handle;
}

static int64_t count_orders(const struct drill *drill) {
    sqlite3 *handle = look_into(drill);
    sqlite3_stmt *statement = first_row(handle, "SELECT count(*) FROM orders_order");
    int64_t count = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return count;
}

void drill_copy(struct drill *drill, const char *from) {
    copy_folder(from, drill->trial);
    memset(drill->sales, 0, sizeof(struct drill_sale) * DRILL_SALES_MAX);
    drill->orders_before = from == drill->ripe ? drill->ripe_orders : 0;
}

void drill_redirect(const struct drill *drill) {
    char path[160];
    snprintf(path, sizeof(path), "%s/log", drill->trial);
    FILE *stream = freopen(path, "a", stderr);
    assert(stream);
    setvbuf(stream, NULL, _IONBF, 0); /* an abort writes nothing that is buffered */
}

static size_t read_log(const struct drill *drill, char *ret_bytes, size_t size) {
    char path[160];
    snprintf(path, sizeof(path), "%s/log", drill->trial);
    FILE *stream = fopen(path, "r");
    size_t length = stream ? fread(ret_bytes, 1, size - 1, stream) : 0;
    if (stream) fclose(stream);
    ret_bytes[length] = '\0';
    return length;
}

bool drill_log_has(const struct drill *drill, const char *words) {
    static char bytes[65536];
    read_log(drill, bytes, sizeof(bytes));
    return strstr(bytes, words) != NULL;
}

void drill_print_log(const struct drill *drill) {
    static char bytes[65536];
    read_log(drill, bytes, sizeof(bytes));
    printf("%s", bytes);
}

/* ---- the market ---- */

static refusal fill_up(struct request *q, void *context) {
    const struct market *market = context;
    const struct stock_change change = {.line = {market->goods_id, market->sku_five, PIECES}};
    return stock_receive(q, &change);
}

static void keep_text(char *ret_bytes, size_t size, struct text text) {
    assert(text.length < size);
    snprintf(ret_bytes, size, "%.*s", (int)text.length, text.bytes);
}

/* Sells until the log is long, and ends without copying it. */
static void ripen(void *context) {
    struct drill *drill = context;
    struct house *house = house_open_at(drill->ripe, LATER_MS);
    CHECK(house);
    char path[160];
    snprintf(path, sizeof(path), "%s/xiangji.db-wal", drill->ripe);
    struct stat log = {0};
    for (int i = 0; log.st_size < RIPE_BYTES; i++) {
        struct arena arena = {0};
        struct drill_sale sale = {.wanted = (enum sale_stage)(SALE_ORDERED + i % 3),
                                  .buyer = i % DRILL_BUYERS};
        snprintf(sale.key, sizeof(sale.key), "ripe-%d", i);
        if (!drill_sell(house, &arena, drill, &sale))
            test_fail(__FILE__, __LINE__, "a sale ends with %d", sale.status);
        arena_free(&arena);
        CHECK_INT(stat(path, &log), 0);
    }
}

void drill_open(struct drill *drill) {
    *drill = (struct drill){0};
    drill->sales = mmap(NULL, sizeof(struct drill_sale) * DRILL_SALES_MAX, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert(drill->sales != MAP_FAILED);
    struct house *house = house_open(false);
    market_open(house, &drill->market);
    house_work(house, fill_up, &drill->market);
    keep_text(drill->keeper, sizeof(drill->keeper), drill->market.keeper);
    for (int i = 0; i < DRILL_BUYERS; i++) {
        char phone[12];
        snprintf(phone, sizeof(phone), "137%08d", i);
        keep_text(drill->buyers[i], sizeof(drill->buyers[i]), market_buyer(house, phone));
    }
    snprintf(drill->fresh, sizeof(drill->fresh), "%s", house->folder);
    house_leave(house);
    snprintf(drill->ripe, sizeof(drill->ripe), "%.50s-ripe", drill->fresh);
    snprintf(drill->trial, sizeof(drill->trial), "%.50s-trial", drill->fresh);
    copy_folder(drill->fresh, drill->ripe);
    CHECK_INT(test_apart(ripen, drill), 0);
    drill_copy(drill, drill->ripe);
    drill->ripe_orders = count_orders(drill);
}

void drill_close(struct drill *drill) {
    remove_folder(drill->fresh);
    remove_folder(drill->ripe);
    remove_folder(drill->trial);
    munmap(drill->sales, sizeof(struct drill_sale) * DRILL_SALES_MAX);
}

/* ---- a sale ---- */

static struct house_reply ask(struct house *house, struct arena *arena,
                              const struct road_call *call) {
    struct house_reply reply = {0};
    road_perform(house->app, arena, call, &reply.road);
    reply.status = reply.road.status;
    reply.body = reply.road.body;
    if (reply.body.length) reply.json = json_read(arena, reply.body, NULL);
    return reply;
}

/* Asks with a key of the sale's own for this WHAT, and notes the answer's status. */
static struct house_reply post(struct house *house, struct arena *arena, struct drill_sale *sale,
                               const char *what, struct road_call *call) {
    call->method = "POST";
    call->idempotency_key = text_format(arena, "%s-%s", sale->key, what);
    sale->status = 0;
    struct house_reply reply = ask(house, arena, call);
    sale->status = reply.status;
    return reply;
}

static bool order(struct house *house, struct arena *arena, const struct drill *drill,
                  struct drill_sale *sale) {
    struct road_call call = {.target = TEXT("/api/orders"),
                             .token = text_of(drill->buyers[sale->buyer]),
                             .body = text_format(arena,
                                                 "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1}],"
                                                 "\"ticked_return_terms\":true}",
                                                 (long long)drill->market.sku_five)};
    struct house_reply reply = post(house, arena, sale, "order", &call);
    return reply.status == 201 && text_to_int64(house_text(&reply, "orders.0.id"), &sale->order_id);
}

/* What the provider would send: signed with the shared secret. */
static int send_notice(struct house *house, struct arena *arena, const struct drill_sale *sale,
                       const struct house_reply *payment) {
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char hex[2 * sizeof(mac) + 1];
    crypto_auth_hmacsha256_state state;
    const char *secret = house->app->sandbox_secret;
    struct text id = house_text(payment, "id");
    struct text body = text_format(
        arena,
        "{\"event_id\":\"%s\",\"merchant\":\"xiangji\",\"payment_id\":\"%.*s\",\"kind\":\"paid\","
        "\"amount_fen\":%lld}",
        sale->key, (int)id.length, id.bytes, (long long)house_int(payment, "amount_fen"));
    struct text head = text_format(arena, "%lld.", (long long)house->now_ms);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head.bytes, head.length);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.bytes, body.length);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(hex, sizeof(hex), mac, sizeof(mac));
    const struct shape_pair header = {
        TEXT("sandbox-signature"),
        text_format(arena, "t=%lld,v1=%s", (long long)house->now_ms, hex)};
    const struct road_call call = {.method = "POST",
                                   .target = TEXT("/api/payment-notices/sandbox"),
                                   .body = body,
                                   .headers = &header,
                                   .header_count = 1};
    return ask(house, arena, &call).status;
}

static bool pay(struct house *house, struct arena *arena, const struct drill *drill,
                struct drill_sale *sale) {
    struct road_call call = {
        .target = text_format(arena, "/api/orders/%lld/payments", (long long)sale->order_id),
        .token = text_of(drill->buyers[sale->buyer])};
    struct house_reply payment = post(house, arena, sale, "payment", &call);
    if (payment.status != 201) return false;
    sale->status = 0;
    sale->status = send_notice(house, arena, sale, &payment);
    return sale->status == 204;
}

static bool give_back(struct house *house, struct arena *arena, const struct drill *drill,
                      struct drill_sale *sale) {
    struct road_call call = {
        .target = text_format(arena, "/api/orders/%lld/refunds", (long long)sale->order_id),
        .token = text_of(drill->keeper),
        .body = TEXT("{\"reason\":\"发不出\"}")};
    return post(house, arena, sale, "refund", &call).status == 201;
}

bool drill_sell(struct house *house, struct arena *arena, const struct drill *drill,
                struct drill_sale *sale) {
    typedef bool step(struct house *, struct arena *, const struct drill *, struct drill_sale *);
    static step *const steps[] = {
        [SALE_ORDERED] = order, [SALE_PAID] = pay, [SALE_REFUNDED] = give_back};
    for (enum sale_stage stage = SALE_ORDERED; stage <= sale->wanted; stage++) {
        if (!steps[stage](house, arena, drill, sale)) return false;
        if (sale->stage < stage) sale->stage = stage;
    }
    return true;
}

/* ---- the judge ---- */

static void check_file(const struct drill *drill) {
    sqlite3 *handle = look_into(drill);
    sqlite3_stmt *statement = first_row(handle, "PRAGMA integrity_check");
    CHECK_TEXT(text_of((const char *)sqlite3_column_text(statement, 0)), "ok");
    sqlite3_finalize(statement);
    sqlite3_close(handle);
}

static void check_acknowledged(struct house *house, const struct drill *drill,
                               const struct drill_sale *sale) {
    if (sale->stage == SALE_NONE) return;
    struct house_reply reply = house_get(house, text_of(drill->buyers[sale->buyer]),
                                         "/api/orders/%lld", (long long)sale->order_id);
    HOUSE_STATUS(&reply, 200);
    if (sale->stage >= SALE_PAID) CHECK(house_int(&reply, "paid_fen") > 0);
    if (sale->stage >= SALE_REFUNDED)
        CHECK_INT(house_int(&reply, "refunded_fen"), house_int(&reply, "paid_fen"));
}

void drill_judge(const struct drill *drill) {
    int64_t begun = 0, acknowledged = 0, unknown = 0;
    struct house *house = house_open_at(drill->trial, 3 * LATER_MS);
    CHECK(house);
    check_file(drill);
    CHECK_INT(house_book_faults(house), 0);
    for (int i = 0; i < DRILL_SALES_MAX; i++) {
        const struct drill_sale *sale = &drill->sales[i];
        if (!sale->key[0]) continue;
        begun++;
        if (sale->stage >= SALE_ORDERED) acknowledged++;
        /* The cut may fall between the reply and the note of it. */
        if (sale->stage == SALE_NONE && (sale->status == 0 || sale->status == 201)) unknown++;
        check_acknowledged(house, drill, sale);
    }
    int64_t orders = count_orders(drill) - drill->orders_before;
    CHECK(orders >= acknowledged && orders <= acknowledged + unknown);
    for (int i = 0; i < DRILL_SALES_MAX; i++) {
        struct drill_sale *sale = &drill->sales[i];
        if (sale->key[0] && sale->stage < sale->wanted &&
            !drill_sell(house, house->arena, drill, sale))
            test_fail(__FILE__, __LINE__, "sale %s ends with %d", sale->key, sale->status);
    }
    CHECK_INT(count_orders(drill) - drill->orders_before, begun);
    CHECK_INT(house_book_faults(house), 0);
    house_leave(house);
}

/* The oversell drill: 64 buyers at once want a SKU of which there are 500, and go on buying until
 * they are told that it is sold out. Exactly 500 must be sold, through POST /api/orders from one
 * warehouse and by stock_reserve from three, and the books must hold afterwards.
 *
 * The same sale with the same buyers is then held by a planted mutant: it reads how many are left
 * and then writes, without a guard, as naive shops do. The judge must catch it overselling: a
 * drill that lets it pass would prove nothing.
 *
 *   drill_oversell     on SQLite, and on PostgreSQL where XJ_TEST_POSTGRES names a server */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "kernel/http/road.h"
#include "market/stock/stock.h"
#include "support/market.h"

enum { BUYERS = 64, PIECES = 500, TRIES_MAX = 2000, CONNECTIONS = 16 };
enum { SELLER = 51, GOODS = 2000, SKU = 3000 };

enum bought { BOUGHT, SOLD_OUT, TRY_AGAIN, BROKEN };

struct buyer;

struct sale {
    struct house *house;
    enum bought (*buy)(struct buyer *buyer);
    struct road road; /* for what runs without a route */
    int64_t sku_id;
    pthread_barrier_t start;
    _Atomic int64_t sold, sold_out, busy, broken, next_id;
};

struct buyer {
    struct sale *sale;
    struct arena arena; /* of one purchase */
    struct text token;
};

static void *run_buyer(void *context) {
    struct buyer *buyer = context;
    struct sale *sale = buyer->sale;
    bool wants_more = true;
    pthread_barrier_wait(&sale->start);
    for (int i = 0; i < TRIES_MAX && wants_more; i++) {
        switch (sale->buy(buyer)) {
        case BOUGHT: sale->sold++; break;
        case TRY_AGAIN: sale->busy++; break;
        case SOLD_OUT:
            sale->sold_out++;
            wants_more = false;
            break;
        case BROKEN:
            sale->broken++;
            wants_more = false;
            break;
        }
        arena_reset(&buyer->arena);
    }
    arena_free(&buyer->arena);
    return NULL;
}

/* Holds the sale. TOKENS (NULL: nobody) are the buyers' sessions. */
static void hold_sale(struct sale *sale, const struct text *tokens) {
    static struct buyer buyers[BUYERS];
    pthread_t threads[BUYERS];
    sale->next_id = INT64_C(1) << 50;
    pthread_barrier_init(&sale->start, NULL, BUYERS);
    for (int i = 0; i < BUYERS; i++) {
        buyers[i] = (struct buyer){.sale = sale, .token = tokens ? tokens[i] : TEXT("")};
        CHECK_INT(pthread_create(&threads[i], NULL, run_buyer, &buyers[i]), 0);
    }
    for (int i = 0; i < BUYERS; i++) pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&sale->start);
    printf("  %d buyers, %d pieces: %lld sold, %lld told that it is sold out, %lld times busy,"
           " %lld broken\n",
           BUYERS, PIECES, (long long)sale->sold, (long long)sale->sold_out, (long long)sale->busy,
           (long long)sale->broken);
}

/* The judge: every buyer was served or told, and what was sold is what there was. */
enum judgement { SOLD_EXACTLY, OVERSOLD, UNDERSOLD };
static enum judgement judge(const struct sale *sale) {
    CHECK_INT(sale->broken, 0);
    CHECK_INT(sale->sold_out, BUYERS);
    if (sale->sold > PIECES) return OVERSOLD;
    return sale->sold == PIECES ? SOLD_EXACTLY : UNDERSOLD;
}

/* The store again, with enough connections for the buyers to meet in it. */
static void widen(struct house *house) {
    house->app->worker_count = CONNECTIONS;
    house_reopen(house);
}

/* ---- a transaction of its own, READ COMMITTED as the routes that sell ---- */

struct trip {
    struct store_task task;
    struct sale *sale;
    refusal (*work)(struct request *q, struct trip *trip);
    int64_t order_id;
    int64_t left;
    refusal refused;
};

static bool run_trip(struct store_task *task, struct db *db) {
    struct trip *trip = (struct trip *)task;
    static const struct principal nobody;
    struct request_changes changes;
    changes_reset(&changes, &trip->sale->road);
    struct request q = {.app = trip->sale->house->app,
                        .db = db,
                        .arena = task->arena,
                        .now = app_now(trip->sale->house->app),
                        .who = &nobody,
                        .changes = &changes};
    trip->refused = trip->work(&q, trip);
    return !trip->refused;
}

static enum bought perform(struct buyer *buyer, struct trip *trip, bool writes) {
    struct sale *sale = buyer->sale;
    trip->task = (struct store_task){.run = run_trip,
                                     .arena = &buyer->arena,
                                     .writes = writes,
                                     .isolation = STORE_READ_COMMITTED};
    trip->sale = sale;
    enum store_outcome ended = store_perform(sale->house->app->store, &trip->task);
    if (ended == STORE_FAILED) return trip->task.failure == PROBLEM_BUSY ? TRY_AGAIN : BROKEN;
    if (!trip->refused) return BOUGHT;
    return trip->refused->kind == PROBLEM_OUT_OF_STOCK ? SOLD_OUT : BROKEN;
}

/* ---- through the road ---- */

static enum bought buy_by_order(struct buyer *buyer) {
    struct sale *sale = buyer->sale;
    int64_t number = sale->next_id++;
    struct road_reply reply = {0};
    const struct road_call call = {
        .method = "POST",
        .target = TEXT("/api/orders"),
        .token = buyer->token,
        .body = text_format(&buyer->arena,
                            "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1}],"
                            "\"ticked_return_terms\":true}",
                            (long long)sale->sku_id),
        .idempotency_key = text_format(&buyer->arena, "drill-%lld", (long long)number)};
    road_perform(sale->house->app, &buyer->arena, &call, &reply);
    if (reply.status == 201) return BOUGHT;
    if (reply.status == 503) return TRY_AGAIN;
    if (reply.status == 409 && text_find(reply.body, TEXT("out_of_stock"), 0) != SIZE_MAX)
        return SOLD_OUT;
    printf("  %d %.*s\n", reply.status, (int)reply.body.length, reply.body.bytes);
    return BROKEN;
}

static refusal fill_up(struct request *q, void *context) {
    const struct market *market = context;
    const struct stock_change change = {
        .line = {market->goods_id, market->sku_five, PIECES - MARKET_STOCK_FIVE}};
    return stock_receive(q, &change);
}

HOUSE_TEST("oversell: 64 buyers place orders until it is sold out: exactly 500 are sold") {
    struct market market = {0};
    struct text tokens[BUYERS];
    widen(house);
    market_open(house, &market);
    house_work(house, fill_up, &market);
    for (int i = 0; i < BUYERS; i++) {
        char phone[12];
        snprintf(phone, sizeof(phone), "137%08d", i);
        tokens[i] = market_buyer(house, phone);
    }
    struct sale sale = {.house = house, .buy = buy_by_order, .sku_id = market.sku_five};
    hold_sale(&sale, tokens);
    CHECK_INT(judge(&sale), SOLD_EXACTLY);
    CHECK_INT(market_available(house, &market, market.sku_five), 0);
    house_check_books(house);
}

/* ---- from three warehouses ---- */

static refusal reserve_one(struct request *q, struct trip *trip) {
    const struct stock_hold hold = {trip->order_id, 1, {GOODS, SKU, 1}, ""};
    int64_t warehouse_id;
    return stock_reserve(q, &hold, &warehouse_id);
}

static enum bought buy_by_reserving(struct buyer *buyer) {
    struct trip trip = {.work = reserve_one, .order_id = buyer->sale->next_id++};
    return perform(buyer, &trip, true);
}

static refusal stock_three(struct request *q, void *context) {
    (void)context;
    struct stock_line line = {GOODS, SKU, 200};
    int64_t warehouse_id;
    TRY(stock_begin(q, SELLER, &line, 0, &warehouse_id));
    for (int i = 0; i < 2; i++) {
        line.count = (PIECES - 200) / 2;
        TRY(stock_open_warehouse(q, SELLER, TEXT("又一个仓"), &warehouse_id));
        TRY(stock_begin_at(q, warehouse_id, &line, 0));
    }
    return NULL;
}

HOUSE_TEST("oversell: 64 buyers empty three warehouses: exactly 500 are sold") {
    struct sale sale = {.house = house, .buy = buy_by_reserving};
    widen(house);
    sale.road = (struct road){.app = house->app};
    house_work(house, stock_three, NULL);
    hold_sale(&sale, NULL);
    CHECK_INT(judge(&sale), SOLD_EXACTLY);
    house_check_books(house);
}

/* ---- the mutant: an account without a floor, read first and then written ---- */

static const struct ledger_kind naive_shelf = {"drill.shelf", false};
static const struct ledger_kind naive_gone = {"drill.gone", false};
static const struct ledger_kind naive_source = {"drill.source", false};

static refusal naive_move(struct request *q, int64_t document_id,
                          const struct ledger_kind *kinds[2], int64_t amount) {
    const struct ledger_transfer transfer = {.document_id = document_id,
                                             .id = 1,
                                             .debit = {GOODS, kinds[0], SKU, 0},
                                             .credit = {GOODS, kinds[1], SKU, 0},
                                             .amount = amount,
                                             .reason = "naive"};
    return ledger_post(q, &transfer, NULL);
}

static refusal naive_stock(struct request *q, void *context) {
    (void)context;
    return naive_move(q, 1, (const struct ledger_kind *[2]){&naive_source, &naive_shelf}, PIECES);
}

static refusal naive_read(struct request *q, struct trip *trip) {
    const struct ledger_account shelf = {GOODS, &naive_shelf, SKU, 0};
    struct ledger_balance balance;
    TRY(ledger_balance_of(q, &shelf, &balance));
    trip->left = ledger_available(&balance);
    return NULL;
}

static refusal naive_write(struct request *q, struct trip *trip) {
    return naive_move(q, trip->order_id, (const struct ledger_kind *[2]){&naive_shelf, &naive_gone},
                      1);
}

static enum bought buy_naively(struct buyer *buyer) {
    struct trip look = {.work = naive_read};
    struct trip take = {.work = naive_write, .order_id = buyer->sale->next_id++};
    enum bought looked = perform(buyer, &look, false);
    if (looked != BOUGHT) return looked;
    if (look.left < 1) return SOLD_OUT;
    /* What passes between a look at the shelf and the hand that takes: SQLite's one writer is so
     * quick that without it the others would seldom come between. */
    usleep(20000);
    return perform(buyer, &take, true);
}

HOUSE_TEST("oversell: the same judge catches a sale that reads and then writes") {
    struct sale sale = {.house = house, .buy = buy_naively};
    widen(house);
    sale.road = (struct road){.app = house->app};
    house_work(house, naive_stock, NULL);
    hold_sale(&sale, NULL);
    CHECK_INT(judge(&sale), OVERSOLD);
}

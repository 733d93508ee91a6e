/* kill -9 under a mixed load: no acknowledged order, payment, parcel, refund or case may be lost or
 * doubled, an unknown one resolves by its key, the cashier's book and ours agree, the stock is what
 * was not sold, and the books hold after each restart. XJ_KILLS_SQLITE and XJ_KILLS_POSTGRES say
 * how often (20 and 3). */
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel/base/test.h"
#include "support/house.h"
#include "support/outside.h"
#include "support/walks.h"

enum { BUYERS = 5, ORDERS_A_ROUND_MAX = 20000, STOCK = 2000000 };

struct try_made {
    char key[40];
    char order_id[24]; /* empty: no answer came, so nobody knows */
};

struct buyer {
    struct outside own; /* a copy with an arena of its own, for one thread */
    struct arena arena;
    struct text token;
    struct text sku;
    int number;
    int round;
    const atomic_bool *stop;
    struct try_made *tries;
    size_t try_count;
};

struct drill {
    struct outside *outside;
    struct text token;
    struct text keeper;
    struct text sku;
    struct buyer buyers[BUYERS];
    struct walks walks;
    atomic_bool stop;
    int64_t acknowledged;
    int64_t unknown;
    int64_t refused;
};

static struct outside_reply send_order(struct buyer *buyer, struct try_made *made) {
    char body[160];
    snprintf(body, sizeof(body),
             "{\"lines\":[{\"sku_id\":\"%.*s\",\"count\":1}],\"ticked_return_terms\":true}",
             (int)buyer->sku.length, buyer->sku.bytes);
    const struct outside_call call = {.method = "POST",
                                      .target = TEXT("/api/orders"),
                                      .body = text_of(body),
                                      .token = buyer->token,
                                      .key = text_of(made->key)};
    struct outside_reply reply = outside_send(&buyer->own, &call);
    if (reply.status == 201) {
        struct text id = outside_text(&reply, "orders.0.id");
        snprintf(made->order_id, sizeof(made->order_id), "%.*s", (int)id.length, id.bytes);
    }
    return reply;
}

static void *buy(void *context) {
    struct buyer *buyer = context;
    while (!atomic_load(buyer->stop) && buyer->try_count < ORDERS_A_ROUND_MAX) {
        struct try_made *made = &buyer->tries[buyer->try_count];
        *made = (struct try_made){0};
        snprintf(made->key, sizeof(made->key), "kill-%d-%d-%zu", buyer->round, buyer->number,
                 buyer->try_count);
        struct outside_reply reply = send_order(buyer, made);
        /* 503 says that nothing was done; anything else is counted. */
        if (reply.status != 503) buyer->try_count++;
        if (reply.status == 0) break;
        arena_reset(&buyer->arena);
    }
    return NULL;
}

static struct text log_in(struct outside *outside, const char *phone, const char *password) {
    struct outside_reply reply =
        outside_post(outside, TEXT(""), "/api/sessions", "{\"phone\":\"%s\",\"password\":\"%s\"}",
                     phone, password);
    OUTSIDE_STATUS(&reply, 201);
    return outside_text(&reply, "token");
}

/* The first SKU of the keeper's shop, stocked far beyond what a drill can sell. */
static void stock_up(struct drill *drill) {
    struct outside *outside = drill->outside;
    struct outside_reply found = outside_get(
        outside, TEXT(""), "/api/goods?q=%%E7%%8E%%89%%E9%%9C%%B2%%E9%%A6%%99%%E6%%A2%%A8");
    OUTSIDE_STATUS(&found, 200);
    drill->sku = outside_text(&found, "items.0.sku_id");
    for (int i = 0; i < 2; i++) {
        struct outside_reply received =
            outside_post(outside, drill->keeper, "/api/stock/receipts",
                         "{\"sku_id\":\"%.*s\",\"count\":%d,\"note\":\"为演练入库\"}",
                         (int)drill->sku.length, drill->sku.bytes, STOCK / 2);
        OUTSIDE_STATUS(&received, 201);
    }
}

static int64_t available(struct drill *drill) {
    char body[120];
    snprintf(body, sizeof(body), "{\"lines\":[{\"sku_id\":\"%.*s\",\"count\":1}]}",
             (int)drill->sku.length, drill->sku.bytes);
    struct outside_reply quote = outside_post(drill->outside, TEXT(""), "/api/quotes", "%s", body);
    OUTSIDE_STATUS(&quote, 200);
    return outside_int(&quote, "parts.0.lines.0.available_count");
}

/* Every acknowledged order is there; every unknown one becomes known by its key, and is the same
 * when asked twice. */
static void settle_buyer(struct drill *drill, struct buyer *buyer) {
    for (size_t i = 0; i < buyer->try_count; i++) {
        struct try_made *made = &buyer->tries[i];
        struct try_made again = *made;
        if (made->order_id[0]) {
            struct outside_reply read =
                outside_get(&buyer->own, buyer->token, "/api/orders/%s", made->order_id);
            OUTSIDE_STATUS(&read, 200);
            drill->acknowledged++;
        } else {
            struct outside_reply reply = send_order(buyer, made);
            OUTSIDE_STATUS(&reply, 201);
            drill->unknown++;
        }
        if (i + 3 > buyer->try_count) {
            struct outside_reply reply = send_order(buyer, &again);
            OUTSIDE_STATUS(&reply, 201);
            CHECK_TEXT(text_of(again.order_id), made->order_id);
        }
        arena_reset(&buyer->arena);
    }
}

static void run_round(struct drill *drill, int round, unsigned *seed) {
    static const char *const check[] = {"check", NULL};
    pthread_t threads[BUYERS];
    atomic_store(&drill->stop, false);
    for (int i = 0; i < BUYERS; i++) {
        struct buyer *buyer = &drill->buyers[i];
        buyer->own = *drill->outside;
        buyer->own.arena = &buyer->arena;
        buyer->round = round;
        buyer->try_count = 0;
        pthread_create(&threads[i], NULL, buy, buyer);
    }
    walks_begin(&drill->walks, drill->outside);
    outside_sleep_ms(60 + rand_r(seed) % 240);
    outside_stop(drill->outside, SIGKILL);
    atomic_store(&drill->stop, true);
    walks_end(&drill->walks);
    for (int i = 0; i < BUYERS; i++) pthread_join(threads[i], NULL);
    CHECK_INT(outside_command(drill->outside, check), 0);
    outside_start(drill->outside);
    for (int i = 0; i < BUYERS; i++) {
        drill->buyers[i].own.server = drill->outside->server;
        settle_buyer(drill, &drill->buyers[i]);
    }
    walks_settle(&drill->walks);
}

static void open_drill(struct drill *drill, bool postgres) {
    static const char *const demo[] = {"demo", NULL};
    drill->outside = outside_make(postgres);
    CHECK_INT(outside_command(drill->outside, demo), 0);
    outside_start(drill->outside);
    drill->token = log_in(drill->outside, "13800138001", "xiangji-guke-1");
    drill->keeper = log_in(drill->outside, "13800138002", "xiangji-dianzhu-2");
    stock_up(drill);
    drill->walks.buyer = drill->token;
    drill->walks.keeper = drill->keeper;
    drill->walks.sku = drill->sku;
    for (int i = 0; i < BUYERS; i++)
        drill->buyers[i] =
            (struct buyer){.token = drill->token,
                           .sku = drill->sku,
                           .number = i,
                           .stop = &drill->stop,
                           .arena = {.total_max = 64 * 1024 * 1024},
                           .tries = calloc(ORDERS_A_ROUND_MAX, sizeof(struct try_made))};
}

static void kill_under_load(bool postgres, const char *variable, int kills) {
    static const char *const check[] = {"check", NULL};
    static struct drill drill;
    drill = (struct drill){0};
    if (postgres && !house_has_postgres()) test_skip("XJ_TEST_POSTGRES names no server");
    if (getenv(variable)) kills = (int)strtol(getenv(variable), NULL, 10);
    unsigned seed = (unsigned)time(NULL);
    printf("  seed %u\n", seed);
    open_drill(&drill, postgres);
    int64_t before = available(&drill);
    for (int round = 0; round < kills; round++) run_round(&drill, round, &seed);
    int64_t sold = before - available(&drill);
    printf(
        "  %d kills: %lld acknowledged orders, %lld unknown ones resolved by their keys, %lld sold\n",
        kills, (long long)drill.acknowledged, (long long)drill.unknown, (long long)sold);
    printf("  %lld walked the whole road: %lld got their money back, %lld by a case\n",
           (long long)drill.walks.settled,
           (long long)(drill.walks.given_back + drill.walks.claimed),
           (long long)drill.walks.claimed);
    CHECK(drill.acknowledged > 0 && drill.walks.settled > 0);
    CHECK_INT(sold, drill.acknowledged + drill.unknown + drill.walks.sold);
    outside_stop(drill.outside, SIGTERM);
    CHECK_INT(outside_command(drill.outside, check), 0);
    walks_close(&drill.walks);
    for (int i = 0; i < BUYERS; i++) {
        free(drill.buyers[i].tries);
        arena_free(&drill.buyers[i].arena);
    }
    outside_close(drill.outside);
}

TEST("crash: kill -9 under a mixed load loses and doubles nothing acknowledged [sqlite]") {
    kill_under_load(false, "XJ_KILLS_SQLITE", 20);
}

TEST("crash: kill -9 under a mixed load loses and doubles nothing acknowledged [postgres]") {
    kill_under_load(true, "XJ_KILLS_POSTGRES", 3);
}

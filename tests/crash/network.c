/* A network that breaks: between buyers and the server, and between the server and PostgreSQL, in
 * seven ways each. No acknowledged order may be lost or doubled, one that nobody knows of resolves
 * by its key, a plain order succeeds within five seconds of the fault's end, and the books hold.
 * XJ_FAULT_ROUNDS says how often each fault is met (2). */
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
#include "support/proxy.h"

enum {
    BUYERS = 6,
    TRIES_MAX = 4000,
    ROUNDS = 2,
    FAULT_MS = 500,
    RECOVERY_MS_MAX = 5000,
    TIMEOUT_MS = 2500
};

struct attempt {
    char key[40];
    char order_id[24]; /* empty: no answer came, so nobody knows */
};

struct buyer {
    struct outside own; /* a copy with an arena of its own, for one thread */
    struct arena arena;
    const struct drill *drill;
    int number;
    struct attempt attempts[TRIES_MAX];
    size_t attempt_count;
};

struct drill {
    struct outside *outside;
    struct proxy *proxy;
    int direct_port;
    struct text token, keeper, sku;
    struct buyer buyers[BUYERS];
    atomic_bool is_over;
    int round;
    int64_t acknowledged, unknown, refused;
    int64_t longest_recovery_ms;
};

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct outside_reply send_order(struct buyer *buyer, struct attempt *attempt) {
    char body[160];
    snprintf(body, sizeof(body),
             "{\"lines\":[{\"sku_id\":\"%.*s\",\"count\":1}],\"ticked_return_terms\":true}",
             (int)buyer->drill->sku.length, buyer->drill->sku.bytes);
    const struct outside_call call = {.method = "POST",
                                      .target = TEXT("/api/orders"),
                                      .body = text_of(body),
                                      .token = buyer->drill->token,
                                      .key = text_of(attempt->key)};
    struct outside_reply reply = outside_send(&buyer->own, &call);
    /* A buyer's thread may not fail the test, so it looks before it takes. */
    const struct house_reply seen = {.json = reply.json};
    if (reply.status == 201 && house_has(&seen, "orders.0.id")) {
        struct text id = outside_text(&reply, "orders.0.id");
        snprintf(attempt->order_id, sizeof(attempt->order_id), "%.*s", (int)id.length, id.bytes);
    }
    return reply;
}

static void *buy(void *context) {
    struct buyer *buyer = context;
    while (!atomic_load(&buyer->drill->is_over) && buyer->attempt_count < TRIES_MAX) {
        struct attempt *attempt = &buyer->attempts[buyer->attempt_count++];
        *attempt = (struct attempt){0};
        snprintf(attempt->key, sizeof(attempt->key), "net-%d-%d-%zu", buyer->drill->round,
                 buyer->number, buyer->attempt_count);
        struct outside_reply reply = send_order(buyer, attempt);
        /* Who is told to come back does so; without a pause the tries would be used up at once. */
        if (reply.status != 201) outside_sleep_ms(20);
        arena_reset(&buyer->arena);
    }
    return NULL;
}

/* Asked until it is known: a connection of the pool that finds itself cut says "busy" once, and the
 * whole pool has to be back within the time that is allowed. */
static void ask_again(struct buyer *buyer, struct attempt *attempt) {
    int64_t began = now_ms();
    struct outside_reply reply = send_order(buyer, attempt);
    while (reply.status != 201 && now_ms() - began < RECOVERY_MS_MAX) {
        outside_sleep_ms(20);
        reply = send_order(buyer, attempt);
    }
    OUTSIDE_STATUS(&reply, 201);
}

/* What nobody knows is asked again with its key, through a network that works. */
static void settle_buyer(struct drill *drill, struct buyer *buyer) {
    for (size_t i = 0; i < buyer->attempt_count; i++) {
        struct attempt *attempt = &buyer->attempts[i];
        struct attempt again = *attempt;
        ask_again(buyer, &again);
        if (attempt->order_id[0])
            CHECK_TEXT(text_of(again.order_id), attempt->order_id);
        else
            drill->unknown++;
        drill->acknowledged += attempt->order_id[0] != 0;
        arena_reset(&buyer->arena);
    }
}

/* A plain order by somebody new to the network, until it succeeds. */
static void wait_until_it_sells(struct drill *drill) {
    struct buyer *buyer = &drill->buyers[0];
    int64_t began = now_ms();
    struct attempt attempt = {0};
    snprintf(attempt.key, sizeof(attempt.key), "net-%d-recovery", drill->round);
    while (!attempt.order_id[0]) {
        if (now_ms() - began > RECOVERY_MS_MAX)
            test_fail(__FILE__, __LINE__, "nothing is sold %d ms after the fault", RECOVERY_MS_MAX);
        send_order(buyer, &attempt);
    }
    drill->unknown++;
    int64_t took = now_ms() - began;
    if (took > drill->longest_recovery_ms) drill->longest_recovery_ms = took;
}

static void meet(struct drill *drill, enum proxy_fault fault) {
    pthread_t threads[BUYERS];
    atomic_store(&drill->is_over, false);
    drill->round++;
    for (int i = 0; i < BUYERS; i++) {
        struct buyer *buyer = &drill->buyers[i];
        buyer->own = *drill->outside;
        buyer->own.arena = &buyer->arena;
        buyer->own.timeout_ms = TIMEOUT_MS;
        buyer->attempt_count = 0;
        pthread_create(&threads[i], NULL, buy, buyer);
    }
    outside_sleep_ms(50);
    proxy_set(drill->proxy, fault);
    outside_sleep_ms(FAULT_MS);
    proxy_set(drill->proxy, PROXY_NONE);
    atomic_store(&drill->is_over, true);
    wait_until_it_sells(drill);
    for (int i = 0; i < BUYERS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < BUYERS; i++) settle_buyer(drill, &drill->buyers[i]);
}

static struct text log_in(struct outside *outside, const char *phone, const char *password) {
    struct outside_reply reply =
        outside_post(outside, TEXT(""), "/api/sessions", "{\"phone\":\"%s\",\"password\":\"%s\"}",
                     phone, password);
    OUTSIDE_STATUS(&reply, 201);
    return outside_text(&reply, "token");
}

static void stock_up(struct drill *drill) {
    struct outside_reply found = outside_get(
        drill->outside, TEXT(""), "/api/goods?q=%%E7%%8E%%89%%E9%%9C%%B2%%E9%%A6%%99%%E6%%A2%%A8");
    OUTSIDE_STATUS(&found, 200);
    drill->sku = outside_text(&found, "items.0.sku_id");
    struct outside_reply received =
        outside_post(drill->outside, drill->keeper, "/api/stock/receipts",
                     "{\"sku_id\":\"%.*s\",\"count\":900000,\"note\":\"为演练入库\"}",
                     (int)drill->sku.length, drill->sku.bytes);
    OUTSIDE_STATUS(&received, 201);
}

static int64_t available(struct drill *drill) {
    struct outside_reply quote = outside_post(drill->outside, TEXT(""), "/api/quotes",
                                              "{\"lines\":[{\"sku_id\":\"%.*s\",\"count\":1}]}",
                                              (int)drill->sku.length, drill->sku.bytes);
    OUTSIDE_STATUS(&quote, 200);
    return outside_int(&quote, "parts.0.lines.0.available_count");
}

static void open_drill(struct drill *drill, bool postgres) {
    static const char *const demo[] = {"demo", NULL};
    drill->outside = outside_make(postgres);
    CHECK_INT(outside_command(drill->outside, demo), 0);
    for (int i = 0; i < BUYERS; i++) {
        drill->buyers[i].drill = drill;
        drill->buyers[i].number = i;
        drill->buyers[i].arena = (struct arena){.total_max = 64 * 1024 * 1024};
        drill->buyers[i].attempt_count = 0;
    }
}

/* The proxy stands before the server: buyers go through it, the drill's own questions do not. */
static void stand_before_server(struct drill *drill) {
    outside_start(drill->outside);
    drill->proxy = proxy_start((struct proxy_address){0},
                               (struct proxy_address){.port = drill->outside->port});
}

/* The proxy stands before PostgreSQL: its socket has the name that libpq looks for in a folder. */
static void stand_before_database(struct drill *drill) {
    char real[400], path[108], there[108];
    const char *url = drill->outside->url, *host = strstr(url, "host=");
    CHECK(host != NULL);
    host += strlen("host=");
    size_t length = strcspn(host, "&");
    snprintf(there, sizeof(there), "%.*s/.s.PGSQL.5432", (int)length, host);
    snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", drill->outside->folder);
    drill->proxy =
        proxy_start((struct proxy_address){.path = path}, (struct proxy_address){.path = there});
    snprintf(real, sizeof(real), "%s", url);
    snprintf(drill->outside->url, sizeof(drill->outside->url), "%.*s%s%s", (int)(host - url), real,
             drill->outside->folder, host + length - url + real);
    outside_start(drill->outside);
}

static void run_drill(bool postgres, void stand(struct drill *drill)) {
    static const char *const check[] = {"check", NULL};
    static struct drill drill;
    if (postgres && !house_has_postgres()) test_skip("XJ_TEST_POSTGRES names no server");
    const char *wanted = getenv("XJ_FAULT_ROUNDS");
    int rounds = wanted && *wanted ? (int)strtol(wanted, NULL, 10) : ROUNDS;
    memset(&drill, 0, sizeof(drill));
    open_drill(&drill, postgres);
    char own_url[sizeof(drill.outside->url)];
    memcpy(own_url, drill.outside->url, sizeof(own_url));
    stand(&drill);
    drill.direct_port = drill.outside->port;
    drill.token = log_in(drill.outside, "13800138001", "xiangji-guke-1");
    drill.keeper = log_in(drill.outside, "13800138002", "xiangji-dianzhu-2");
    stock_up(&drill);
    int64_t before = available(&drill);
    if (proxy_port(drill.proxy)) drill.outside->port = proxy_port(drill.proxy);
    for (int round = 0; round < rounds; round++)
        for (int fault = PROXY_NONE + 1; fault < PROXY_FAULT_COUNT; fault++) {
            int broken = proxy_broken_count(drill.proxy);
            meet(&drill, (enum proxy_fault)fault);
            bool breaks = fault != PROXY_LATENCY && fault != PROXY_TRICKLE;
            if (breaks && proxy_broken_count(drill.proxy) == broken)
                printf("  nobody met \"%s\" in round %d\n", proxy_fault_words(fault), round);
        }
    int broken = proxy_broken_count(drill.proxy);
    drill.outside->port = drill.direct_port;
    int64_t sold = before - available(&drill);
    printf(
        "  %d x %d faults, %d connections broken: %lld acknowledged, %lld resolved by their keys,"
        " %lld sold; longest recovery %lld ms\n",
        rounds, PROXY_FAULT_COUNT - 1, broken, (long long)drill.acknowledged,
        (long long)drill.unknown, (long long)sold, (long long)drill.longest_recovery_ms);
    CHECK(drill.acknowledged > 0 && broken > 0);
    CHECK_INT(sold, drill.acknowledged + drill.unknown);
    outside_stop(drill.outside, SIGTERM);
    proxy_stop(drill.proxy);
    memcpy(drill.outside->url, own_url, sizeof(own_url));
    CHECK_INT(outside_command(drill.outside, check), 0);
    for (int i = 0; i < BUYERS; i++) arena_free(&drill.buyers[i].arena);
    outside_close(drill.outside);
}

TEST("network: seven faults between buyers and the server [sqlite]") {
    run_drill(false, stand_before_server);
}

TEST("network: seven faults between the server and PostgreSQL [postgres]") {
    run_drill(true, stand_before_database);
}

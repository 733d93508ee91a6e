#include "support/buyers.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "kernel/base/test.h"
#include "support/house.h"

enum { PAUSE_MS = 20 };

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct outside_reply send_order(struct buyers_one *buyer, struct buyers_attempt *attempt) {
    char body[160];
    snprintf(body, sizeof(body),
             "{\"lines\":[{\"sku_id\":\"%.*s\",\"count\":1}],\"ticked_return_terms\":true}",
             (int)buyer->all->sku.length, buyer->all->sku.bytes);
    const struct outside_call call = {.method = "POST",
                                      .target = TEXT("/api/orders"),
                                      .body = text_of(body),
                                      .token = buyer->all->token,
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
    struct buyers_one *buyer = context;
    while (!atomic_load(&buyer->all->is_over) && buyer->attempt_count < BUYERS_ATTEMPTS_MAX) {
        struct buyers_attempt *attempt = &buyer->attempts[buyer->attempt_count++];
        *attempt = (struct buyers_attempt){0};
        snprintf(attempt->key, sizeof(attempt->key), "buyers-%d-%d-%zu", buyer->all->round,
                 buyer->number, buyer->attempt_count);
        struct outside_reply reply = send_order(buyer, attempt);
        /* Who is told to come back does so; without a pause the tries would be used up at once. */
        if (reply.status != 201) outside_sleep_ms(PAUSE_MS);
        arena_reset(&buyer->arena);
    }
    return NULL;
}

/* Asked until it is known: a connection of the pool that finds itself cut says "busy" once, and the
 * whole pool has to be back within the time that is allowed. */
static void ask_again(struct buyers *buyers, struct buyers_one *buyer,
                      struct buyers_attempt *attempt) {
    int64_t began = now_ms();
    struct outside_reply reply = send_order(buyer, attempt);
    while (reply.status != 201 && now_ms() - began < buyers->recovery_ms_max) {
        outside_sleep_ms(PAUSE_MS);
        reply = send_order(buyer, attempt);
    }
    OUTSIDE_STATUS(&reply, 201);
}

/* The reply may stand in the book of keys while the order does not. */
static void read_again(struct buyers *buyers, struct buyers_one *buyer,
                       const struct buyers_attempt *attempt) {
    int64_t began = now_ms();
    struct outside_reply reply = {0};
    while (reply.status != 200 && now_ms() - began < buyers->recovery_ms_max) {
        if (reply.status) outside_sleep_ms(PAUSE_MS);
        reply = outside_get(&buyer->own, buyers->token, "/api/orders/%s", attempt->order_id);
    }
    OUTSIDE_STATUS(&reply, 200);
}

void buyers_settle(struct buyers *buyers) {
    for (int b = 0; b < BUYERS; b++) {
        struct buyers_one *buyer = &buyers->each[b];
        buyer->own.server = buyers->outside->server;
        for (size_t i = 0; i < buyer->attempt_count; i++) {
            const struct buyers_attempt *attempt = &buyer->attempts[i];
            struct buyers_attempt again = *attempt;
            ask_again(buyers, buyer, &again);
            read_again(buyers, buyer, &again);
            if (attempt->order_id[0])
                CHECK_TEXT(text_of(again.order_id), attempt->order_id);
            else
                buyers->unknown++;
            buyers->acknowledged += attempt->order_id[0] != 0;
            arena_reset(&buyer->arena);
        }
    }
}

void buyers_wait_until_it_sells(struct buyers *buyers) {
    struct buyers_one *buyer = &buyers->each[0];
    struct arena arena = {.total_max = 64 * 1024 * 1024};
    struct buyers_one stranger = {.own = buyer->own, .all = buyers};
    int64_t began = now_ms();
    struct buyers_attempt attempt = {0};
    stranger.own.arena = &arena;
    snprintf(attempt.key, sizeof(attempt.key), "buyers-%d-recovery", buyers->round);
    while (!attempt.order_id[0]) {
        if (now_ms() - began > buyers->recovery_ms_max)
            test_fail(__FILE__, __LINE__, "nothing is sold %lld ms after the fault",
                      (long long)buyers->recovery_ms_max);
        send_order(&stranger, &attempt);
        if (!attempt.order_id[0]) outside_sleep_ms(PAUSE_MS);
        arena_reset(&arena);
    }
    arena_free(&arena);
    buyers->unknown++;
    int64_t took = now_ms() - began;
    if (took > buyers->longest_recovery_ms) buyers->longest_recovery_ms = took;
}

void buyers_begin(struct buyers *buyers) {
    atomic_store(&buyers->is_over, false);
    buyers->round++;
    for (int i = 0; i < BUYERS; i++) {
        struct buyers_one *buyer = &buyers->each[i];
        buyer->own = *buyers->outside;
        buyer->own.arena = &buyer->arena;
        buyer->own.timeout_ms = buyers->timeout_ms;
        buyer->attempt_count = 0;
        pthread_create(&buyer->thread, NULL, buy, buyer);
    }
}

void buyers_end(struct buyers *buyers) {
    atomic_store(&buyers->is_over, true);
    for (int i = 0; i < BUYERS; i++) pthread_join(buyers->each[i].thread, NULL);
}

static struct text log_in(struct outside *outside, const char *phone, const char *password) {
    struct outside_reply reply =
        outside_post(outside, TEXT(""), "/api/sessions", "{\"phone\":\"%s\",\"password\":\"%s\"}",
                     phone, password);
    OUTSIDE_STATUS(&reply, 201);
    return outside_text(&reply, "token");
}

static void stock_up(struct buyers *buyers) {
    struct outside_reply found = outside_get(
        buyers->outside, TEXT(""), "/api/goods?q=%%E7%%8E%%89%%E9%%9C%%B2%%E9%%A6%%99%%E6%%A2%%A8");
    OUTSIDE_STATUS(&found, 200);
    buyers->sku = outside_text(&found, "items.0.sku_id");
    struct outside_reply received =
        outside_post(buyers->outside, buyers->keeper, "/api/stock/receipts",
                     "{\"sku_id\":\"%.*s\",\"count\":900000,\"note\":\"为演练入库\"}",
                     (int)buyers->sku.length, buyers->sku.bytes);
    OUTSIDE_STATUS(&received, 201);
}

void buyers_open(struct buyers *buyers, struct outside *outside) {
    buyers->outside = outside;
    for (int i = 0; i < BUYERS; i++) {
        buyers->each[i].all = buyers;
        buyers->each[i].number = i;
        buyers->each[i].arena = (struct arena){.total_max = 64 * 1024 * 1024};
    }
    buyers->token = log_in(outside, "13800138001", "xiangji-guke-1");
    buyers->keeper = log_in(outside, "13800138002", "xiangji-dianzhu-2");
    stock_up(buyers);
}

int64_t buyers_available(struct buyers *buyers) {
    struct outside_reply quote = outside_post(buyers->outside, TEXT(""), "/api/quotes",
                                              "{\"lines\":[{\"sku_id\":\"%.*s\",\"count\":1}]}",
                                              (int)buyers->sku.length, buyers->sku.bytes);
    OUTSIDE_STATUS(&quote, 200);
    return outside_int(&quote, "parts.0.lines.0.available_count");
}

void buyers_close(struct buyers *buyers) {
    for (int i = 0; i < BUYERS; i++) arena_free(&buyers->each[i].arena);
}

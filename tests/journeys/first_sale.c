/* The first sale, from outside: real server, real cashier, real HTTP, on both engines. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "kernel/base/test.h"
#include "support/house.h"
#include "support/outside.h"

static const char *const demo_words[] = {"demo", NULL};
static const char *const check_words[] = {"check", NULL};

static struct outside *open_demo(bool postgres) {
    if (postgres && !house_has_postgres()) test_skip("XJ_TEST_POSTGRES names no server");
    struct outside *outside = outside_make(postgres);
    CHECK_INT(outside_command(outside, demo_words), 0);
    outside_start(outside);
    return outside;
}

static void close_demo(struct outside *outside) {
    outside_stop(outside, SIGTERM);
    CHECK_INT(outside_command(outside, check_words), 0);
    outside_close(outside);
}

static struct text log_in(struct outside *outside, const char *phone, const char *password) {
    struct outside_reply reply =
        outside_post(outside, TEXT(""), "/api/sessions", "{\"phone\":\"%s\",\"password\":\"%s\"}",
                     phone, password);
    OUTSIDE_STATUS(&reply, 201);
    return outside_text(&reply, "token");
}

static struct text shopper(struct outside *outside) {
    return log_in(outside, "13800138001", "xiangji-guke-1");
}

/* The pear that the demo's keeper sells. */
static struct text pear_sku(struct outside *outside) {
    struct outside_reply found = outside_get(
        outside, TEXT(""), "/api/goods?q=%%E7%%8E%%89%%E9%%9C%%B2%%E9%%A6%%99%%E6%%A2%%A8");
    OUTSIDE_STATUS(&found, 200);
    CHECK(outside_count(&found, "items") >= 1);
    struct text id = outside_text(&found, "items.0.id");
    struct outside_reply goods =
        outside_get(outside, TEXT(""), "/api/goods/%.*s", (int)id.length, id.bytes);
    OUTSIDE_STATUS(&goods, 200);
    CHECK(text_find(outside_text(&goods, "title"), TEXT("玉露香梨"), 0) != SIZE_MAX);
    CHECK_INT(outside_int(&goods, "seller.fee_permille"), 0);
    return outside_text(&found, "items.0.sku_id");
}

static struct outside_reply place(struct outside *outside, struct text buyer, struct text sku) {
    struct outside_reply placed =
        outside_post(outside, buyer, "/api/orders",
                     "{\"lines\":[{\"sku_id\":\"%.*s\",\"count\":1}],\"ticked_return_terms\":true}",
                     (int)sku.length, sku.bytes);
    OUTSIDE_STATUS(&placed, 201);
    return placed;
}

static struct outside_reply act(struct outside *outside, struct text token, struct text order_id,
                                const char *what, const char *body) {
    char target[100];
    snprintf(target, sizeof(target), "/api/orders/%.*s/%s", (int)order_id.length, order_id.bytes,
             what);
    return outside_post(outside, token, target, "%s", body);
}

/* Asks for the payment and follows it until the cashier's page is known. */
static struct text cashier_url(struct outside *outside, struct text buyer, struct text order_id,
                               struct text *ret_payment_id) {
    struct outside_reply payment = act(outside, buyer, order_id, "payments", "");
    OUTSIDE_STATUS(&payment, 201);
    *ret_payment_id = outside_text(&payment, "id");
    for (int tries = 0; tries < 100; tries++) {
        payment = outside_get(outside, buyer, "/api/payments/%.*s", (int)ret_payment_id->length,
                              ret_payment_id->bytes);
        OUTSIDE_STATUS(&payment, 200);
        if (text_is(outside_text(&payment, "state"), "ready"))
            return outside_text(&payment, "cashier_url");
        outside_sleep_ms(100);
    }
    test_fail(__FILE__, __LINE__, "the payment does not become ready");
}

static void await_state(struct outside *outside, struct text token, const char *kind,
                        struct text id, const char *wanted) {
    struct outside_reply reply = {0};
    for (int tries = 0; tries < 100; tries++) {
        reply = outside_get(outside, token, "/api/%s/%.*s", kind, (int)id.length, id.bytes);
        OUTSIDE_STATUS(&reply, 200);
        if (text_is(outside_text(&reply, "state"), wanted)) return;
        outside_sleep_ms(100);
    }
    test_fail(__FILE__, __LINE__, "not %s: %.*s", wanted, (int)reply.body.length, reply.body.bytes);
}

static void first_sale(bool postgres) {
    struct outside *outside = open_demo(postgres);
    struct text buyer = shopper(outside), payment_id;
    struct outside_reply placed = place(outside, buyer, pear_sku(outside));
    struct text order_id = outside_text(&placed, "orders.0.id");
    struct text url = cashier_url(outside, buyer, order_id, &payment_id);
    CHECK_INT(outside_pay(outside, url, "twice"), 303);
    await_state(outside, buyer, "orders", order_id, "paid");
    struct text keeper = log_in(outside, "13800138002", "xiangji-dianzhu-2");
    struct outside_reply shipped = act(outside, keeper, order_id, "shipment",
                                       "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}");
    OUTSIDE_STATUS(&shipped, 200);
    struct outside_reply received = act(outside, buyer, order_id, "receipt", "");
    OUTSIDE_STATUS(&received, 200);
    CHECK_TEXT(outside_text(&received, "state"), "received");
    CHECK_TEXT(outside_text(&received, "events.0.kind"), "received");
    await_state(outside, buyer, "payments", payment_id, "paid");
    close_demo(outside);
}

TEST(
    "A05 A08 A09 A10 A15: found, bought by one tap, paid, shipped, received, and the books hold [sqlite]") {
    first_sale(false);
}

TEST(
    "A05 A08 A09 A10 A15: found, bought by one tap, paid, shipped, received, and the books hold [postgres]") {
    first_sale(true);
}

static void callbacks(bool postgres) {
    struct outside *outside = open_demo(postgres);
    struct text buyer = shopper(outside), sku = pear_sku(outside), payment_id;
    static const char *const ways[] = {"late", "out_of_order", "failed"};
    static const char *const states[] = {"paid", "paid", "unpaid"};
    for (size_t i = 0; i < 3; i++) {
        struct outside_reply placed = place(outside, buyer, sku);
        struct text order_id = outside_text(&placed, "orders.0.id");
        struct text url = cashier_url(outside, buyer, order_id, &payment_id);
        CHECK_INT(outside_pay(outside, url, ways[i]), 303);
        await_state(outside, buyer, "orders", order_id, states[i]);
        if (i == 2) await_state(outside, buyer, "payments", payment_id, "failed");
    }
    struct outside_reply placed = place(outside, buyer, sku);
    struct text order_id = outside_text(&placed, "orders.0.id");
    CHECK_INT(outside_pay(outside, cashier_url(outside, buyer, order_id, &payment_id), "never"),
              303);
    outside_sleep_ms(700);
    await_state(outside, buyer, "orders", order_id, "unpaid");
    close_demo(outside);
}

TEST("pay: a callback late, out of order, failed or never does just what it says [sqlite]") {
    callbacks(false);
}

TEST("pay: a callback late, out of order, failed or never does just what it says [postgres]") {
    callbacks(true);
}

static void forged(bool postgres) {
    struct outside *outside = open_demo(postgres);
    struct text buyer = shopper(outside), payment_id;
    struct outside_reply placed = place(outside, buyer, pear_sku(outside));
    struct text order_id = outside_text(&placed, "orders.0.id");
    cashier_url(outside, buyer, order_id, &payment_id);
    char body[300];
    snprintf(
        body, sizeof(body),
        "{\"event_id\":\"x\",\"merchant\":\"xiangji\",\"payment_id\":\"%.*s\",\"kind\":\"paid\","
        "\"amount_fen\":%lld}",
        (int)payment_id.length, payment_id.bytes, (long long)outside_int(&placed, "total_fen"));
    struct outside_call call = {
        .method = "POST",
        .target = TEXT("/api/payment-notices/sandbox"),
        .body = text_of(body),
        .header = "Sandbox-Signature: t=1795420800000,v1="
                  "0000000000000000000000000000000000000000000000000000000000000000"};
    struct outside_reply reply = outside_send(outside, &call);
    OUTSIDE_STATUS(&reply, 403);
    call.header = NULL;
    reply = outside_send(outside, &call);
    OUTSIDE_STATUS(&reply, 403);
    call.target = TEXT("/api/payment-notices/other");
    reply = outside_send(outside, &call);
    OUTSIDE_STATUS(&reply, 404);
    await_state(outside, buyer, "orders", order_id, "unpaid");
    await_state(outside, buyer, "payments", payment_id, "ready");
    close_demo(outside);
}

TEST("pay: a forged callback changes nothing [sqlite]") { forged(false); }
TEST("pay: a forged callback changes nothing [postgres]") { forged(true); }

static void refunds(bool postgres) {
    struct outside *outside = open_demo(postgres);
    struct text buyer = shopper(outside), payment_id;
    struct text keeper = log_in(outside, "13800138002", "xiangji-dianzhu-2");
    struct outside_reply placed = place(outside, buyer, pear_sku(outside));
    struct text order_id = outside_text(&placed, "orders.0.id");
    long long total = (long long)outside_int(&placed, "total_fen");
    char body[100];
    struct outside_reply reply = act(outside, keeper, order_id, "refunds", "{\"reason\":\"坏了\"}");
    OUTSIDE_STATUS(&reply, 409);
    CHECK_INT(outside_pay(outside, cashier_url(outside, buyer, order_id, &payment_id), "on_time"),
              303);
    await_state(outside, buyer, "orders", order_id, "paid");
    reply = act(outside, buyer, order_id, "refunds", "{\"reason\":\"坏了\"}");
    OUTSIDE_STATUS(&reply, 403);
    snprintf(body, sizeof(body), "{\"amount_fen\":%lld,\"reason\":\"坏了\"}", total + 1);
    reply = act(outside, keeper, order_id, "refunds", body);
    OUTSIDE_STATUS(&reply, 409);
    reply =
        act(outside, keeper, order_id, "refunds", "{\"amount_fen\":100,\"reason\":\"坏了一个\"}");
    OUTSIDE_STATUS(&reply, 201);
    CHECK_INT(outside_int(&reply, "refunded_fen"), 100);
    CHECK_TEXT(outside_text(&reply, "state"), "paid");
    reply = act(outside, keeper, order_id, "refunds", "{\"reason\":\"发不出来\"}");
    OUTSIDE_STATUS(&reply, 201);
    CHECK_INT(outside_int(&reply, "refunded_fen"), total);
    CHECK_TEXT(outside_text(&reply, "state"), "refunded");
    /* The provider has heard of both, once each. */
    for (int tries = 0; tries < 50; tries++) {
        int port = outside->port;
        outside->port = outside->cashier_port;
        reply = outside_get(outside, TEXT(""), "/v1/payments/%.*s", (int)payment_id.length,
                            payment_id.bytes);
        outside->port = port;
        if (outside_int(&reply, "refunded_fen") == total) break;
        outside_sleep_ms(100);
    }
    CHECK_INT(outside_int(&reply, "refunded_fen"), total);
    close_demo(outside);
}

TEST("pay: money goes back in part and wholly, never more than came [sqlite]") { refunds(false); }
TEST("pay: money goes back in part and wholly, never more than came [postgres]") { refunds(true); }

static void by_code(bool postgres) {
    struct outside *outside = open_demo(postgres);
    struct outside_reply reply = outside_post(outside, TEXT(""), "/api/codes",
                                              "{\"phone\":\"13700000009\",\"purpose\":\"login\"}");
    OUTSIDE_STATUS(&reply, 202);
    struct text code = {0};
    for (int tries = 0; tries < 60 && !code.length; tries++) {
        outside_sleep_ms(100);
        code = outside_log_between(outside, "*******0009：验证码 ", "，");
    }
    CHECK_INT(code.length, 6);
    reply = outside_post(outside, TEXT(""), "/api/sessions",
                         "{\"phone\":\"13700000009\",\"code\":\"%.*s\",\"agreed_terms\":true}",
                         (int)code.length, code.bytes);
    OUTSIDE_STATUS(&reply, 201);
    struct text token = outside_text(&reply, "token");
    reply = outside_get(outside, token, "/api/people/me");
    OUTSIDE_STATUS(&reply, 200);
    CHECK_TEXT(outside_text(&reply, "phone_masked"), "137****0009");
    close_demo(outside);
}

TEST("people: a newcomer logs in with a code from the phone [sqlite]") { by_code(false); }
TEST("people: a newcomer logs in with a code from the phone [postgres]") { by_code(true); }

static void graceful(bool postgres) {
    struct outside *outside = open_demo(postgres);
    struct text buyer = shopper(outside);
    struct outside_reply placed = place(outside, buyer, pear_sku(outside));
    struct text order_id = outside_text(&placed, "orders.0.id");
    outside_stop(outside, SIGTERM);
    outside_start(outside);
    await_state(outside, buyer, "orders", order_id, "unpaid");
    close_demo(outside);
}

TEST("serve: a restart keeps orders and sessions [sqlite]") { graceful(false); }
TEST("serve: a restart keeps orders and sessions [postgres]") { graceful(true); }

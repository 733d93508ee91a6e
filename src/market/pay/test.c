#include "market/pay/pay.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "market/pay/gateway.h"
#include "support/market.h"

/* What the provider would send: signed with the shared secret at the moment MS. */
struct notice {
    const char *event_id;
    const char *merchant;
    const char *kind;
    struct text payment_id;
    int64_t amount;
    int64_t age_ms;
    const char *secret; /* NULL: the right one */
};

static struct house_reply send_notice(struct house *house, const struct notice *notice) {
    char body[400], signature[140], hex[2 * crypto_auth_hmacsha256_BYTES + 1], head[32];
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    const char *secret = notice->secret ? notice->secret : house->app->sandbox_secret;
    long long ms = (long long)(house->now_ms - notice->age_ms);
    snprintf(body, sizeof(body),
             "{\"event_id\":\"%s\",\"merchant\":\"%s\",\"payment_id\":\"%.*s\",\"kind\":\"%s\","
             "\"amount_fen\":%lld}",
             notice->event_id, notice->merchant, (int)notice->payment_id.length,
             notice->payment_id.bytes, notice->kind, (long long)notice->amount);
    snprintf(head, sizeof(head), "%lld.", ms);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, strlen(head));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, strlen(body));
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(hex, sizeof(hex), mac, sizeof(mac));
    snprintf(signature, sizeof(signature), "t=%lld,v1=%s", ms, hex);
    const struct shape_pair header = {TEXT("sandbox-signature"), text_of(signature)};
    const struct road_call call = {.method = "POST",
                                   .target = TEXT("/api/payment-notices/sandbox"),
                                   .body = text_of(body),
                                   .english = true,
                                   .headers = &header,
                                   .header_count = 1};
    return house_send(house, &call);
}

static struct house_reply ask(struct house *house, struct text buyer,
                              const struct house_reply *placed) {
    char target[80];
    struct text id = house_text(placed, "orders.0.id");
    snprintf(target, sizeof(target), "/api/orders/%.*s/payments", (int)id.length, id.bytes);
    return house_call(house, buyer, "POST", target, NULL);
}

static struct text state_of(struct house *house, struct text buyer, const char *kind,
                            struct text id) {
    struct house_reply reply =
        house_get(house, buyer, "/api/%s/%.*s", kind, (int)id.length, id.bytes);
    HOUSE_STATUS(&reply, 200);
    return house_text(&reply, "state");
}

static struct notice paid_notice(const struct house_reply *payment) {
    return (struct notice){.event_id = "event-1",
                           .merchant = "xiangji",
                           .kind = "paid",
                           .payment_id = house_text(payment, "id"),
                           .amount = house_int(payment, "amount_fen")};
}

HOUSE_TEST("A09: a signed notice pays the order once, however often it comes") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_five, 1);
    struct house_reply payment = ask(house, buyer, &placed);
    HOUSE_STATUS(&payment, 201);
    CHECK_TEXT(house_text(&payment, "state"), "preparing");
    struct notice notice = paid_notice(&payment);
    for (int i = 0; i < 3; i++) {
        struct house_reply heard = send_notice(house, &notice);
        HOUSE_STATUS(&heard, 204);
    }
    notice.event_id = "event-2";
    struct house_reply heard = send_notice(house, &notice);
    HOUSE_STATUS(&heard, 204);
    CHECK_TEXT(state_of(house, buyer, "orders", house_text(&placed, "orders.0.id")), "paid");
    CHECK_TEXT(state_of(house, buyer, "payments", house_text(&payment, "id")), "paid");
    house_check_books(house);
}

HOUSE_TEST("pay: a wrong signature, age, merchant, amount or number changes nothing") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_five, 1);
    struct house_reply payment = ask(house, buyer, &placed);
    const struct notice right = paid_notice(&payment);
    struct notice wrong = right;
    wrong.secret = "another secret";
    struct house_reply heard = send_notice(house, &wrong);
    HOUSE_STATUS(&heard, 403);
    wrong = right;
    wrong.age_ms = 6 * MINUTE_MS;
    heard = send_notice(house, &wrong);
    HOUSE_STATUS(&heard, 403);
    wrong.age_ms = -6 * MINUTE_MS;
    heard = send_notice(house, &wrong);
    HOUSE_STATUS(&heard, 403);
    wrong = right;
    wrong.merchant = "somebody";
    heard = send_notice(house, &wrong);
    HOUSE_STATUS(&heard, 403);
    wrong = right;
    wrong.amount--;
    heard = send_notice(house, &wrong);
    HOUSE_PROBLEM(&heard, "conflict", "amount_fen");
    wrong = right;
    wrong.payment_id = TEXT("77");
    heard = send_notice(house, &wrong);
    HOUSE_STATUS(&heard, 404);
    wrong = right;
    wrong.kind = "perhaps";
    heard = send_notice(house, &wrong);
    HOUSE_PROBLEM(&heard, "bad_input", "kind");
    CHECK_TEXT(state_of(house, buyer, "orders", house_text(&placed, "orders.0.id")), "unpaid");
    CHECK_TEXT(state_of(house, buyer, "payments", house_text(&payment, "id")), "preparing");
}

HOUSE_TEST("pay: a failure is only believed before success, and success after a failure counts") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_five, 1);
    struct house_reply payment = ask(house, buyer, &placed);
    struct notice notice = paid_notice(&payment);
    notice.kind = "failed";
    send_notice(house, &notice);
    CHECK_TEXT(state_of(house, buyer, "payments", notice.payment_id), "failed");
    notice.kind = "paid";
    notice.event_id = "event-2";
    send_notice(house, &notice);
    notice.kind = "failed";
    notice.event_id = "event-3";
    send_notice(house, &notice);
    CHECK_TEXT(state_of(house, buyer, "payments", notice.payment_id), "paid");
    CHECK_TEXT(state_of(house, buyer, "orders", house_text(&placed, "orders.0.id")), "paid");
}

HOUSE_TEST("pay: asking again gives the same open payment; others' and paid orders are refused") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct text stranger = market_buyer(house, "13800000002");
    struct house_reply placed = market_order(house, buyer, market.sku_five, 1);
    struct house_reply first = ask(house, buyer, &placed), second = ask(house, buyer, &placed);
    CHECK(text_equal(house_text(&first, "id"), house_text(&second, "id")));
    struct house_reply foreign = ask(house, stranger, &placed);
    HOUSE_STATUS(&foreign, 404);
    struct text id = house_text(&first, "id");
    foreign = house_get(house, stranger, "/api/payments/%.*s", (int)id.length, id.bytes);
    HOUSE_STATUS(&foreign, 404);
    struct notice notice = paid_notice(&first);
    send_notice(house, &notice);
    struct house_reply again = ask(house, buyer, &placed);
    HOUSE_PROBLEM(&again, "wrong_state", "id");
}

HOUSE_TEST("pay: who taps again while the provider was away does not wait for the next try") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_five, 1);
    struct house_reply first = ask(house, buyer, &placed);
    CHECK_TEXT(house_text(&first, "state"), "preparing");
    for (int i = 0; i < 5; i++) {
        CHECK(house_run_jobs(house) >= 1); /* fails: nobody answers at the provider's */
        CHECK_INT(house_run_jobs(house), 0);
        struct house_reply again = ask(house, buyer, &placed);
        CHECK_TEXT(house_text(&again, "state"), "preparing");
    }
}

HOUSE_TEST("pay: one payment pays the orders of two sellers bought together") {
    struct market one, two;
    char body[300];
    market_open(house, &one);
    market_open_another(house, "13900000002", &two);
    struct text buyer = market_buyer(house, "13800000001");
    snprintf(body, sizeof(body),
             "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1},{\"sku_id\":\"%lld\",\"count\":1}],"
             "\"ticked_return_terms\":true}",
             (long long)one.sku_five, (long long)two.sku_five);
    struct house_reply placed = house_call(house, buyer, "POST", "/api/orders", body);
    struct house_reply payment = ask(house, buyer, &placed);
    CHECK_INT(house_count(&payment, "order_ids"), 2);
    CHECK_INT(house_int(&payment, "amount_fen"), house_int(&placed, "total_fen"));
    struct notice notice = paid_notice(&payment);
    send_notice(house, &notice);
    CHECK_TEXT(state_of(house, buyer, "orders", house_text(&placed, "orders.0.id")), "paid");
    CHECK_TEXT(state_of(house, buyer, "orders", house_text(&placed, "orders.1.id")), "paid");
    house_check_books(house);
}

struct owed {
    int64_t count;
    int64_t sum;
};
static refusal count_owed(struct request *q, void *context) {
    struct owed *owed = context;
    TRY(db_int(q->db, SQL("", "SELECT count(*) FROM pay_refund WHERE state = 'asked'"), NO_PARAMS,
               &owed->count, NULL));
    return db_int(q->db,
                  SQL("", "SELECT CAST(coalesce(sum(amount_fen), 0) AS BIGINT) FROM pay_refund"
                          " WHERE state = 'asked'"),
                  NO_PARAMS, &owed->sum, NULL);
}

HOUSE_TEST("pay: money for an expired order whose stock is gone is on its way back at once") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct text quick = market_buyer(house, "13800000002");
    struct house_reply placed = market_order(house, buyer, market.sku_dried, 3);
    struct house_reply payment = ask(house, buyer, &placed);
    house_advance(house, 31 * MINUTE_MS);
    house_run_jobs(house);
    market_order(house, quick, market.sku_dried, 3);
    struct notice notice = paid_notice(&payment);
    struct house_reply heard = send_notice(house, &notice);
    HOUSE_STATUS(&heard, 204);
    CHECK_TEXT(state_of(house, buyer, "payments", notice.payment_id), "refunded");
    CHECK_TEXT(state_of(house, buyer, "orders", house_text(&placed, "orders.0.id")), "expired");
    struct owed owed = {0};
    house_work(house, count_owed, &owed);
    CHECK_INT(owed.count, 1);
    CHECK_INT(owed.sum, notice.amount);
    house_check_books(house);
}

HOUSE_TEST("pay: what was given back is not paid out when the order completes") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_dried, 2);
    market_pay(house, &placed);
    struct text id = house_text(&placed, "orders.0.id");
    const struct {
        struct text who;
        const char *what, *body;
    } steps[] = {
        {market.keeper, "shipment", "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}"},
        {buyer, "receipt", NULL},
        {market.keeper, "refunds", "{\"amount_fen\":500,\"reason\":\"少了一点\"}"}};
    for (size_t i = 0; i < 3; i++) {
        char target[80];
        snprintf(target, sizeof(target), "/api/orders/%.*s/%s", (int)id.length, id.bytes,
                 steps[i].what);
        struct house_reply reply = house_call(house, steps[i].who, "POST", target, steps[i].body);
        CHECK_INT(reply.status / 100, 2);
    }
    house_advance(house, 9 * (int64_t)DAY_MS);
    house_run_jobs(house);
    CHECK_TEXT(state_of(house, buyer, "orders", id), "completed");
    house_check_books(house);
}

HOUSE_TEST("pay: a refund by lines before shipping gives the pieces back with the last of them") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_dried, 3);
    market_pay(house, &placed);
    struct text id = house_text(&placed, "orders.0.id");
    char target[80];
    snprintf(target, sizeof(target), "/api/orders/%.*s/refunds", (int)id.length, id.bytes);
    struct house_reply reply =
        house_call(house, market.keeper, "POST", target,
                   "{\"lines\":[{\"line_no\":1,\"count\":4}],\"reason\":\"发不出\"}");
    HOUSE_PROBLEM(&reply, "not_enough", "lines[0].count");
    reply = house_call(house, market.keeper, "POST", target,
                       "{\"lines\":[{\"line_no\":9,\"count\":1}],\"reason\":\"发不出\"}");
    HOUSE_PROBLEM(&reply, "not_found", "lines[0].line_no");
    reply = house_call(house, market.keeper, "POST", target,
                       "{\"lines\":[{\"line_no\":1,\"count\":1}],\"reason\":\"少一包\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "refunded_fen"), 3600);
    CHECK_INT(house_int(&reply, "lines.0.refunded_count"), 1);
    reply = house_call(house, market.keeper, "POST", target,
                       "{\"lines\":[{\"line_no\":1,\"count\":3}],\"reason\":\"多退\"}");
    HOUSE_PROBLEM(&reply, "not_enough", "lines[0].count");
    CHECK(text_find(reply.body, TEXT("only 2"), 0) != SIZE_MAX);
    reply = house_call(house, market.keeper, "POST", target,
                       "{\"amount_fen\":1000000,\"reason\":\"多退\"}");
    HOUSE_PROBLEM(&reply, "not_enough", "amount_fen");
    reply = house_call(house, market.keeper, "POST", target,
                       "{\"lines\":[{\"line_no\":1,\"count\":2}],\"reason\":\"都发不出\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "state"), "refunded");
    CHECK_INT(house_int(&reply, "refunded_fen"), house_int(&placed, "total_fen"));
    CHECK_INT(market_available(house, &market, market.sku_dried), MARKET_STOCK_DRIED);
    house_check_books(house);
}

/* ---- what the provider could say wrongly ---- */

static struct house_reply send_signed(struct house *house, const char *gateway,
                                      const char *signature, const char *body) {
    char target[80];
    snprintf(target, sizeof(target), "/api/payment-notices/%s", gateway);
    const struct shape_pair header = {TEXT("sandbox-signature"), text_of(signature)};
    const struct road_call call = {.method = "POST",
                                   .target = text_of(target),
                                   .body = text_of(body),
                                   .headers = &header,
                                   .header_count = 1};
    return house_send(house, &call);
}

HOUSE_TEST("pay: a signature of another form and a gateway that is not ours are refused") {
    char late[140];
    snprintf(late, sizeof(late), "t=%lld,v1=6f", (long long)house->now_ms);
    const char *const forms[] = {"", "t=1795420800000", "v=1,v1=6f", "t=today,v1=6f", late};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct house_reply heard = send_signed(house, "sandbox", forms[i], "{}");
        HOUSE_PROBLEM(&heard, "not_allowed", "sandbox-signature");
        CHECK(text_find(heard.body, TEXT("签名不对"), 0) != SIZE_MAX);
    }
    struct house_reply heard = send_signed(house, "elsewhere", late, "{}");
    HOUSE_PROBLEM(&heard, "not_found", "gateway");
}

HOUSE_TEST("pay: when one order of a purchase is given up, the rest is asked for anew") {
    struct market one, two;
    char body[300], target[80];
    market_open(house, &one);
    market_open_another(house, "13900000002", &two);
    struct text buyer = market_buyer(house, "13800000001");
    snprintf(body, sizeof(body),
             "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1},{\"sku_id\":\"%lld\",\"count\":1}],"
             "\"ticked_return_terms\":true}",
             (long long)one.sku_five, (long long)two.sku_five);
    struct house_reply placed = house_call(house, buyer, "POST", "/api/orders", body);
    struct house_reply both = ask(house, buyer, &placed);
    HOUSE_STATUS(&both, 201);
    struct text second = house_text(&placed, "orders.1.id");
    snprintf(target, sizeof(target), "/api/orders/%.*s/cancellation", (int)second.length,
             second.bytes);
    struct house_reply reply = house_call(house, buyer, "POST", target, "{}");
    HOUSE_STATUS(&reply, 200);
    struct house_reply rest = ask(house, buyer, &placed);
    HOUSE_STATUS(&rest, 201);
    CHECK(!text_equal(house_text(&rest, "id"), house_text(&both, "id")));
    CHECK_INT(house_count(&rest, "order_ids"), 1);
    CHECK_INT(house_int(&rest, "amount_fen"), house_int(&placed, "orders.0.total_fen"));
    reply = house_get(house, buyer, "/api/payments/77");
    HOUSE_PROBLEM(&reply, "not_found", "id");
}

/* A provider that answers one call with what it was told to and keeps what it heard. */
struct provider {
    int listener;
    const char *answer;
    char heard[4000];
};

static void *answer_once(void *context) {
    struct provider *provider = context;
    int client = accept(provider->listener, NULL, NULL);
    size_t length = 0;
    ssize_t got;
    while (!strstr(provider->heard, "\"}") && !strstr(provider->heard, "0}") &&
           (got = read(client, provider->heard + length, sizeof(provider->heard) - 1 - length)) > 0)
        length += (size_t)got;
    size_t size = strlen(provider->answer);
    CHECK(write(client, provider->answer, size) == (ssize_t)size);
    close(client);
    return NULL;
}

struct asking {
    const char *return_url;
    struct text url;
    bool done;
};

static refusal ask_provider(struct request *q, void *context) {
    struct asking *asking = context;
    const struct gateway_order order = {4711, FEN(5790), TEXT("隰县玉露香梨"),
                                        text_of(asking->return_url)};
    asking->done = gateway_sandbox.prepare(q, &order, &asking->url);
    return NULL;
}

static void ask_once(struct house *house, const char *answer, struct asking *asking,
                     struct provider *provider) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof(address);
    char url[40];
    pthread_t thread;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *provider = (struct provider){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
                                  .answer = answer};
    CHECK(bind(provider->listener, (struct sockaddr *)&address, length) == 0);
    CHECK(listen(provider->listener, 1) == 0);
    CHECK(getsockname(provider->listener, (struct sockaddr *)&address, &length) == 0);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d", ntohs(address.sin_port));
    const char *before = house->app->sandbox_url;
    house->app->sandbox_url = url;
    CHECK(pthread_create(&thread, NULL, answer_once, provider) == 0);
    house_work(house, ask_provider, asking);
    pthread_join(thread, NULL);
    close(provider->listener);
    house->app->sandbox_url = before;
}

#define ANSWER(status, length, body)                                                               \
    "HTTP/1.1 " status "\r\nConnection: close\r\nContent-Length: " length "\r\n\r\n" body

HOUSE_TEST(
    "pay: the provider is told where the shop is, and believed only when it names a cashier") {
    struct provider provider;
    struct asking asking = {.return_url = "/paid/4711"};
    const char *before = house->app->public_url;
    house->app->public_url = "https://mall.example";
    ask_once(house, ANSWER("200 OK", "25", "{\"cashier_url\":\"/p/4711\"}"), &asking, &provider);
    CHECK(asking.done);
    CHECK_TEXT(asking.url, "/p/4711");
    CHECK(strstr(provider.heard, "https://mall.example/api/payment-notices/sandbox"));
    CHECK(strstr(provider.heard, "https://mall.example/paid/4711"));
    house->app->public_url = before;
    asking.return_url = "https://shop.example/paid/4711";
    static const char *const wrong[] = {ANSWER("500 Broken", "0", ""),
                                        ANSWER("302 Elsewhere", "0", ""),
                                        ANSWER("200 OK", "4", "fine"), ANSWER("200 OK", "2", "{}")};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ask_once(house, wrong[i], &asking, &provider);
        CHECK(!asking.done);
        CHECK(strstr(provider.heard, "\"https://shop.example/paid/4711\""));
    }
}

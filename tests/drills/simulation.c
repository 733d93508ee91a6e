/* A month of a county by seed, in one thread: buyers, two sellers, a payment provider with moods, a
 * network that loses requests and replies, statements that fail in the middle, restarts. After
 * every step the books are proved and compared with a model that knows only what was acknowledged;
 * at the end of the month nothing may be left hanging. A seed that fails is run again alone:
 *
 *     drill_simulation                     20 seeds on SQLite, 2 on PostgreSQL
 *     XJ_SEEDS=5000 drill_simulation       as many on SQLite, a fiftieth of them on PostgreSQL
 *     XJ_FIRST_SEED=77 XJ_SEEDS=1 ...      one of them, told step by step with XJ_TELL=1
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ground/jobs/jobs.h"
#include "kernel/base/json.h"
#include "market/pay/gateway.h"
#include "support/market.h"

enum {
    SEEDS = 14, /* `make drills` lives thousands */
    SEEDS_POSTGRES = 2,
    STEPS = 120,
    BUYERS = 5,
    MARKETS = 2,
    SKUS = 2 * MARKETS,
    ORDERS_MAX = 256,
    PAYMENTS_MAX = 512,
    NOTICES_MAX = 1024,
    REFUNDS_MAX = 512
};

/* ---- the model ---- */

/* What lies on a shelf, by what was acknowledged. */
struct shelf {
    int64_t sku_id;
    int market;
    int64_t on_hand;
};

struct order {
    int64_t id;
    int buyer;
    int market;
    int64_t sku_id;
    int64_t count;
    bool has_left; /* the parcel */
};

/* ---- the provider, which keeps books of its own ---- */

struct payment {
    int64_t id;
    int64_t amount_fen;
    int64_t given_fen;
    bool is_paid; /* by the buyer, whatever our side knows of it */
};
struct notice {
    int64_t payment_id;
    int64_t amount_fen;
    int64_t due_ms;
    int64_t event_id;
    bool says_paid;
    bool is_told;
    bool must_fail; /* a wrong amount or signature: to be refused for good */
    bool is_forged;
};
struct provider {
    struct payment payments[PAYMENTS_MAX];
    size_t payment_count;
    struct notice notices[NOTICES_MAX];
    size_t notice_count;
    int64_t refund_ids[REFUNDS_MAX];
    size_t refund_count;
    int64_t taken_fen;
    int64_t given_fen;
    int64_t next_event_id;
};

struct simulation {
    struct house *house;
    uint64_t seed, state;
    int step;
    bool tells;
    struct market markets[MARKETS];
    struct text buyers[BUYERS];
    struct shelf shelves[SKUS];
    struct order orders[ORDERS_MAX];
    size_t order_count;
    struct provider provider;
    int64_t key_number;
    int64_t logged_in_ms;
    int64_t failed_statements, lost_replies, restarts; /* faults that were really met */
};

/* The provider is called through the house's gateway, which carries no context. */
static struct simulation *running;

/* splitmix64 */
static uint64_t draw(struct simulation *s) {
    uint64_t z = s->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}
static int64_t below(struct simulation *s, int64_t end) {
    return (int64_t)(draw(s) % (uint64_t)end);
}
static bool chance(struct simulation *s, int percent) { return below(s, 100) < percent; }

static void tell(const struct simulation *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void tell(const struct simulation *s, const char *format, ...) {
    if (!s->tells) return;
    va_list list;
    va_start(list, format);
    printf("    %d: ", s->step);
    vprintf(format, list);
    printf("\n");
    va_end(list);
}

#define FAULT(s, format, ...)                                                                      \
    test_fail(__FILE__, __LINE__, "seed %" PRIu64 ", step %d: " format, (s)->seed, (s)->step,      \
              ##__VA_ARGS__)

/* ---- the gateway ---- */

static struct payment *find_payment(struct provider *provider, int64_t payment_id) {
    for (size_t i = 0; i < provider->payment_count; i++)
        if (provider->payments[i].id == payment_id) return &provider->payments[i];
    return NULL;
}

static void add_notice(struct simulation *s, const struct notice *notice) {
    struct provider *provider = &s->provider;
    if (provider->notice_count == NOTICES_MAX) FAULT(s, "the provider has no room for notices");
    provider->notices[provider->notice_count] = *notice;
    provider->notices[provider->notice_count++].event_id = ++provider->next_event_id;
}

/* What will come of a payment: in time, twice, late, after a failure, never; now and then something
 * that is not right comes before it. */
static void plan_payment(struct simulation *s, const struct payment *payment) {
    int64_t now_ms = s->house->now_ms;
    struct notice notice = {.payment_id = payment->id,
                            .amount_fen = payment->amount_fen,
                            .due_ms = now_ms + below(s, 25 * MINUTE_MS),
                            .says_paid = true};
    int64_t mood = below(s, 100);
    if (mood < 10) return;
    if (mood < 22) notice.due_ms = now_ms + (31 + below(s, 60)) * MINUTE_MS;
    if (chance(s, 8)) {
        struct notice wrong = notice;
        wrong.amount_fen += chance(s, 50) ? 1 : -1;
        wrong.must_fail = true;
        add_notice(s, &wrong);
    }
    if (chance(s, 8)) {
        struct notice forged = notice;
        forged.must_fail = forged.is_forged = true;
        add_notice(s, &forged);
    }
    if (chance(s, 10)) {
        struct notice failed = notice;
        failed.says_paid = false;
        failed.due_ms -= SECOND_MS;
        add_notice(s, &failed);
    }
    add_notice(s, &notice);
    if (!chance(s, 15)) return;
    /* The same event a second time, under the same number. */
    struct notice again = s->provider.notices[s->provider.notice_count - 1];
    again.due_ms += below(s, HOUR_MS);
    add_notice(s, &again);
    s->provider.notices[s->provider.notice_count - 1].event_id = again.event_id;
}

static bool gateway_prepare(struct request *q, const struct gateway_order *order,
                            struct text *ret_url) {
    struct simulation *s = running;
    if (chance(s, 10)) return false;
    if (!find_payment(&s->provider, order->payment_id)) {
        if (s->provider.payment_count == PAYMENTS_MAX) FAULT(s, "no room for payments");
        struct payment *payment = &s->provider.payments[s->provider.payment_count++];
        *payment =
            (struct payment){.id = order->payment_id, .amount_fen = fen_count(order->amount)};
        plan_payment(s, payment);
    }
    *ret_url = text_format(q->arena, "https://cashier.example/%lld", (long long)order->payment_id);
    return !chance(s, 5); /* it is open there, but we do not hear it */
}

static bool gateway_refund(struct request *q, const struct gateway_refund *refund) {
    (void)q;
    struct simulation *s = running;
    struct provider *provider = &s->provider;
    struct payment *payment = find_payment(provider, refund->payment_id);
    if (chance(s, 10)) return false;
    if (!payment || !payment->is_paid) FAULT(s, "a refund of what nobody paid");
    for (size_t i = 0; i < provider->refund_count; i++)
        if (provider->refund_ids[i] == refund->refund_id) return true;
    if (provider->refund_count == REFUNDS_MAX) FAULT(s, "no room for refunds");
    provider->refund_ids[provider->refund_count++] = refund->refund_id;
    payment->given_fen += fen_count(refund->amount);
    provider->given_fen += fen_count(refund->amount);
    if (payment->given_fen > payment->amount_fen) FAULT(s, "more was given back than was paid");
    return !chance(s, 5);
}

#define SIMULATED_NOTICE_FIELDS(F, S)                                                              \
    F(S, TEXT, event_id, .required = true, .max = 40)                                              \
    F(S, ID, payment_id, .required = true)                                                         \
    F(S, BOOL, is_paid)                                                                            \
    F(S, FEN, amount_fen, .required = true, .min = 1, .max = 1000000000)
SHAPE_DECLARE(simulated_notice, SIMULATED_NOTICE_FIELDS);
SHAPE_DEFINE(simulated_notice, SIMULATED_NOTICE_FIELDS);

static refusal gateway_read_notice(struct request *q, struct gateway_notice *ret_notice) {
    struct simulated_notice notice = {0};
    if (!text_is(request_header(q, "sandbox-signature"), "right"))
        return refuse(q, NOT_ALLOWED, "sandbox-signature", "签名不对", "the signature is wrong");
    TRY(shape_read_json(&simulated_notice_shape, q->arena, json_read(q->arena, q->raw_body, NULL),
                        &notice));
    *ret_notice =
        (struct gateway_notice){notice.event_id, notice.payment_id,
                                notice.is_paid ? GATEWAY_PAID : GATEWAY_FAILED, notice.amount_fen};
    return NULL;
}

static const char *const notice_headers[] = {"sandbox-signature", NULL};
static const struct gateway simulated_gateway = {.name = "simulated",
                                                 .prepare = gateway_prepare,
                                                 .refund = gateway_refund,
                                                 .read_notice = gateway_read_notice,
                                                 .notice_headers = notice_headers};

/* ---- the network and the machine ---- */

static void reopen(struct simulation *s) {
    house_reopen(s->house);
    s->house->app->gateway = &simulated_gateway;
    s->restarts++;
}

/* What a client does that must know: it asks again with the same key until there is an answer that
 * says what happened. Between two tries the request or the reply is lost, a statement of the
 * transaction fails, or the server is started anew. */
static struct house_reply ask(struct simulation *s, const struct road_call *call) {
    struct house_reply reply = {0};
    for (int tries = 0; tries < 12; tries++) {
        bool is_last = tries >= 4;
        if (!is_last && chance(s, 3)) continue;
        if (!is_last && chance(s, 6)) store_fail_statement(s->house->app->store, 1 + below(s, 16));
        reply = house_send(s->house, call);
        store_fail_statement(s->house->app->store, 0);
        if (!is_last && chance(s, 2)) reopen(s);
        if (reply.status >= 500) {
            s->failed_statements++;
            if (chance(s, 20)) reopen(s);
            continue;
        }
        if (!is_last && chance(s, 5)) {
            s->lost_replies++;
            continue;
        }
        return reply;
    }
    FAULT(s, "%s %.*s gets no answer: %d %.*s", call->method, (int)call->target.length,
          call->target.bytes, reply.status, (int)reply.body.length, reply.body.bytes);
}

static struct house_reply act(struct simulation *s, struct text token, const char *method,
                              struct text target, struct text body) {
    const struct road_call call = {.method = method,
                                   .target = target,
                                   .body = body,
                                   .token = token,
                                   .idempotency_key = text_format(s->house->arena, "simulated-%lld",
                                                                  (long long)s->key_number++),
                                   .english = true};
    return ask(s, &call);
}

#define words(s, ...) text_format((s)->house->arena, __VA_ARGS__)

static struct house_reply look(struct simulation *s, struct text token, struct text target) {
    const struct road_call call = {.method = "GET", .target = target, .token = token};
    struct house_reply reply = house_send(s->house, &call);
    if (reply.status != 200)
        FAULT(s, "GET %.*s: %d", (int)target.length, target.bytes, reply.status);
    return reply;
}

static void deliver(struct simulation *s, struct notice *notice) {
    struct payment *payment = find_payment(&s->provider, notice->payment_id);
    const struct shape_pair header = {TEXT("sandbox-signature"),
                                      notice->is_forged ? TEXT("wrong") : TEXT("right")};
    if (notice->says_paid && !notice->must_fail && !payment->is_paid) {
        payment->is_paid = true;
        s->provider.taken_fen += payment->amount_fen;
    }
    const struct road_call call = {
        .method = "POST",
        .target = TEXT("/api/payment-notices/simulated"),
        .body = words(s,
                      "{\"event_id\":\"%lld\",\"payment_id\":\"%lld\",\"is_paid\":%s,"
                      "\"amount_fen\":%lld}",
                      (long long)notice->event_id, (long long)notice->payment_id,
                      notice->says_paid ? "true" : "false", (long long)notice->amount_fen),
        .headers = &header,
        .header_count = 1};
    struct house_reply reply = ask(s, &call);
    tell(s, "notice %lld of payment %lld: %d", (long long)notice->event_id,
         (long long)notice->payment_id, reply.status);
    bool is_refused = reply.status / 100 == 4;
    if (is_refused != notice->must_fail)
        FAULT(s, "a notice that is %s got %d %.*s", notice->must_fail ? "wrong" : "right",
              reply.status, (int)reply.body.length, reply.body.bytes);
    notice->is_told = true;
}

/* Jobs whose statements fail are tried again later, as the runner would. */
static void run_jobs(struct simulation *s) {
    if (chance(s, 10)) {
        int64_t run;
        store_fail_statement(s->house->app->store, 1 + below(s, 30));
        (void)jobs_run_due(s->house->app, s->house->arena, 100, &run);
        store_fail_statement(s->house->app->store, 0);
    }
    house_run_jobs(s->house);
}

static void pass_time(struct simulation *s, int64_t ms) {
    house_advance(s->house, ms);
    for (size_t i = 0; i < s->provider.notice_count; i++) {
        struct notice *notice = &s->provider.notices[i];
        if (!notice->is_told && notice->due_ms <= s->house->now_ms) deliver(s, notice);
    }
    run_jobs(s);
}

/* ---- what people do ---- */

static struct shelf *shelf_of(struct simulation *s, int64_t sku_id) {
    for (size_t i = 0; i < SKUS; i++)
        if (s->shelves[i].sku_id == sku_id) return &s->shelves[i];
    FAULT(s, "no shelf holds SKU %lld", (long long)sku_id);
}

static void note_orders(struct simulation *s, int buyer, const struct house_reply *placed) {
    for (size_t i = 0; i < house_count(placed, "orders"); i++) {
        if (s->order_count == ORDERS_MAX) return;
        struct order *order = &s->orders[s->order_count++];
        char path[80];
        *order = (struct order){.buyer = buyer};
        snprintf(path, sizeof(path), "orders.%zu.id", i);
        text_to_int64(house_text(placed, path), &order->id);
        snprintf(path, sizeof(path), "orders.%zu.lines.0.sku_id", i);
        text_to_int64(house_text(placed, path), &order->sku_id);
        snprintf(path, sizeof(path), "orders.%zu.lines.0.count", i);
        order->count = house_int(placed, path);
        order->market = shelf_of(s, order->sku_id)->market;
    }
}

static void place(struct simulation *s) {
    int buyer = (int)below(s, BUYERS);
    const struct shelf *first = &s->shelves[below(s, SKUS)];
    const struct shelf *second = &s->shelves[below(s, SKUS)];
    if (s->order_count + 2 > ORDERS_MAX) return;
    struct text lines = words(s, "{\"sku_id\":\"%lld\",\"count\":%lld}", (long long)first->sku_id,
                              (long long)(1 + below(s, 6)));
    if (second->market != first->market && chance(s, 30))
        lines = words(s, "%.*s,{\"sku_id\":\"%lld\",\"count\":%lld}", (int)lines.length,
                      lines.bytes, (long long)second->sku_id, (long long)(1 + below(s, 6)));
    struct house_reply reply = act(s, s->buyers[buyer], "POST", TEXT("/api/orders"),
                                   words(s, "{\"lines\":[%.*s],\"ticked_return_terms\":true}",
                                         (int)lines.length, lines.bytes));
    tell(s, "buyer %d places %.*s: %d", buyer, (int)lines.length, lines.bytes, reply.status);
    if (reply.status == 201)
        note_orders(s, buyer, &reply);
    else if (reply.status != 409 && reply.status != 400)
        FAULT(s, "placing gave %d %.*s", reply.status, (int)reply.body.length, reply.body.bytes);
}

static struct order *any_order(struct simulation *s) {
    /* The newest ones are where things happen. */
    if (s->order_count == 0) return NULL;
    size_t from = s->order_count > 12 && chance(s, 80) ? s->order_count - 12 : 0;
    return &s->orders[from + (size_t)below(s, (int64_t)(s->order_count - from))];
}

/* One act on an order; what the rules do not allow is refused as such, never anything else. */
static struct house_reply act_on(struct simulation *s, const struct order *order, struct text token,
                                 const char *what, struct text body) {
    struct house_reply reply =
        act(s, token, "POST", words(s, "/api/orders/%lld/%s", (long long)order->id, what), body);
    tell(s, "order %lld %s: %d", (long long)order->id, what, reply.status);
    if (reply.status / 100 != 2 && reply.status != 409)
        FAULT(s, "%s gave %d %.*s", what, reply.status, (int)reply.body.length, reply.body.bytes);
    return reply;
}

static void ship(struct simulation *s, struct order *order) {
    struct house_reply reply =
        act_on(s, order, s->markets[order->market].keeper, "shipment",
               TEXT("{\"carrier\":\"邮政\",\"tracking_number\":\"EA123456789CN\"}"));
    if (reply.status / 100 != 2) return;
    /* The pieces that were given back before stay on the shelf. */
    order->has_left = true;
    shelf_of(s, order->sku_id)->on_hand -=
        order->count - house_int(&reply, "lines.0.refunded_count");
}

static void refund(struct simulation *s, const struct order *order) {
    struct text body = TEXT("{\"reason\":\"都退\"}");
    int64_t way = below(s, 3);
    if (way == 1)
        body = words(s, "{\"reason\":\"少发了\",\"amount_fen\":%lld}",
                     (long long)(1 + below(s, 6000)));
    if (way == 2)
        body = words(s, "{\"reason\":\"坏了\",\"lines\":[{\"line_no\":1,\"count\":%lld}]}",
                     (long long)(1 + below(s, 3)));
    act_on(s, order, s->markets[order->market].keeper, "refunds", body);
}

static void change_stock(struct simulation *s) {
    static const char *const doors[] = {"receipts", "losses"};
    struct shelf *shelf = &s->shelves[below(s, SKUS)];
    int64_t way = below(s, 2), count = 1 + below(s, 20);
    struct house_reply reply =
        act(s, s->markets[shelf->market].keeper, "POST", words(s, "/api/stock/%s", doors[way]),
            words(s, "{\"sku_id\":\"%lld\",\"count\":%lld,\"%s\":\"模拟\"}",
                  (long long)shelf->sku_id, (long long)count, way ? "reason" : "note"));
    tell(s, "stock %s of %lld: %d", doors[way], (long long)count, reply.status);
    if (reply.status == 201)
        shelf->on_hand += way ? -count : count;
    else if (reply.status != 409)
        FAULT(s, "stock gave %d %.*s", reply.status, (int)reply.body.length, reply.body.bytes);
}

static const char *buyer_phone(struct simulation *s, int buyer) {
    return words(s, "1380000%04d", buyer).bytes;
}

static const char *const keeper_phones[MARKETS] = {"13900000001", "13900000002"};

/* Sessions that nobody used for a month are over, so everybody logs in now and then. */
static void log_in_again(struct simulation *s) {
    s->logged_in_ms = s->house->now_ms;
    for (int b = 0; b < BUYERS; b++) s->buyers[b] = house_person(s->house, buyer_phone(s, b), NULL);
    for (int m = 0; m < MARKETS; m++)
        s->markets[m].keeper = house_person(s->house, keeper_phones[m], NULL);
}

static void act_somehow(struct simulation *s) {
    int64_t what = below(s, 100);
    struct order *order = any_order(s);
    if (s->house->now_ms > s->logged_in_ms + 10 * (int64_t)DAY_MS) log_in_again(s);
    if (what < 26 || !order) {
        place(s);
    } else if (what < 48) {
        act_on(s, order, s->buyers[order->buyer], "payments", TEXT(""));
    } else if (what < 53) {
        act_on(s, order, s->buyers[order->buyer], "cancellation", TEXT("{}"));
    } else if (what < 68) {
        ship(s, order);
    } else if (what < 76) {
        act_on(s, order, s->buyers[order->buyer], "receipt", TEXT(""));
    } else if (what < 84) {
        refund(s, order);
    } else if (what < 92) {
        change_stock(s);
    } else if (what < 94) {
        reopen(s);
    } else {
        pass_time(s, below(s, 8 * (int64_t)DAY_MS));
    }
    pass_time(s, below(s, 20 * MINUTE_MS));
}

/* ---- what must hold ---- */

static void prove_shelves(struct simulation *s) {
    for (int m = 0; m < MARKETS; m++) {
        struct house_reply rows =
            look(s, s->markets[m].keeper,
                 words(s, "/api/stock?seller=%lld", (long long)s->markets[m].seller_id));
        for (size_t i = 0; i < house_count(&rows, "items"); i++) {
            char path[60];
            int64_t sku_id = 0;
            snprintf(path, sizeof(path), "items.%zu.sku_id", i);
            text_to_int64(house_text(&rows, path), &sku_id);
            snprintf(path, sizeof(path), "items.%zu.on_hand_count", i);
            int64_t on_hand = house_int(&rows, path);
            if (on_hand != shelf_of(s, sku_id)->on_hand)
                FAULT(s, "SKU %lld has %lld pieces, the model %lld", (long long)sku_id,
                      (long long)on_hand, (long long)shelf_of(s, sku_id)->on_hand);
            snprintf(path, sizeof(path), "items.%zu.available_count", i);
            if (house_int(&rows, path) < 0) FAULT(s, "less than nothing can be bought");
        }
    }
}

/* No order more and none less than was acknowledged. */
static void prove_orders(struct simulation *s) {
    size_t seen = 0;
    for (int b = 0; b < BUYERS; b++) {
        struct text after = TEXT("");
        do {
            struct house_reply page =
                look(s, s->buyers[b],
                     words(s, "/api/orders?limit=50%s%.*s", after.length ? "&after=" : "",
                           (int)after.length, after.bytes));
            seen += house_count(&page, "items");
            after = house_has(&page, "next") ? house_text(&page, "next") : TEXT("");
        } while (after.length);
    }
    if (seen != s->order_count)
        FAULT(s, "%zu orders stand, %zu were acknowledged", seen, s->order_count);
}

/* The month is over: every parcel arrived, every deadline passed, every refund went out. */
static void prove_end(struct simulation *s) {
    int64_t kept_fen = 0;
    for (int i = 0; i < 60; i++) pass_time(s, DAY_MS);
    log_in_again(s);
    for (size_t i = 0; i < s->order_count; i++) {
        const struct order *order = &s->orders[i];
        struct house_reply reply =
            look(s, s->buyers[order->buyer], words(s, "/api/orders/%lld", (long long)order->id));
        struct text state = house_text(&reply, "state");
        kept_fen += house_int(&reply, "paid_fen") - house_int(&reply, "refunded_fen");
        /* A parcel that its seller never sends stays paid; everything else has come to its end. */
        bool is_over = text_is(state, "completed") || text_is(state, "cancelled") ||
                       text_is(state, "expired") || text_is(state, "refunded");
        if (!is_over && !(text_is(state, "paid") && !order->has_left))
            FAULT(s, "order %lld is left as %.*s", (long long)order->id, (int)state.length,
                  state.bytes);
    }
    if (kept_fen != s->provider.taken_fen - s->provider.given_fen)
        FAULT(s, "the provider holds %lld fen, the orders say %lld",
              (long long)(s->provider.taken_fen - s->provider.given_fen), (long long)kept_fen);
    prove_shelves(s);
    prove_orders(s);
    house_check_books(s->house);
}

/* ---- a month ---- */

static void open_county(struct simulation *s) {
    static const int stock[] = {MARKET_STOCK_FIVE, MARKET_STOCK_DRIED};
    s->house->app->gateway = &simulated_gateway;
    for (int m = 0; m < MARKETS; m++) {
        market_open_another(s->house, keeper_phones[m], &s->markets[m]);
        const int64_t skus[] = {s->markets[m].sku_five, s->markets[m].sku_dried};
        for (int i = 0; i < 2; i++) s->shelves[2 * m + i] = (struct shelf){skus[i], m, stock[i]};
    }
    for (int b = 0; b < BUYERS; b++) s->buyers[b] = market_buyer(s->house, buyer_phone(s, b));
}

static void live_a_month(struct house *house, uint64_t seed, struct simulation *ret) {
    *ret = (struct simulation){.house = house,
                               .seed = seed,
                               .state = seed * UINT64_C(0x2545f4914f6cdd1d),
                               .tells = getenv("XJ_TELL") != NULL};
    running = ret;
    open_county(ret);
    for (ret->step = 0; ret->step < STEPS; ret->step++) {
        act_somehow(ret);
        prove_shelves(ret);
        house_check_books(house);
        if (ret->step % 20 == 19) prove_orders(ret);
    }
    prove_end(ret);
}

static uint64_t number_from(const char *name, uint64_t fallback) {
    const char *value = getenv(name);
    return value && *value ? strtoull(value, NULL, 10) : fallback;
}

static void live_seeds(bool postgres, uint64_t count) {
    static struct simulation simulation;
    int64_t orders = 0, failed = 0, lost = 0, restarts = 0;
    uint64_t first = number_from("XJ_FIRST_SEED", 1);
    for (uint64_t seed = first; seed < first + count; seed++) {
        struct house *house = house_open(postgres);
        live_a_month(house, seed, &simulation);
        orders += (int64_t)simulation.order_count;
        failed += simulation.failed_statements;
        lost += simulation.lost_replies;
        restarts += simulation.restarts;
        house_close(house);
    }
    printf("  %" PRIu64 " months: %lld orders, %lld failed statements, %lld lost replies, %lld"
           " restarts\n",
           count, (long long)orders, (long long)failed, (long long)lost, (long long)restarts);
    /* A simulation that meets nothing proves nothing. */
    CHECK(orders > 0);
    if (count >= 10) CHECK(failed > 0 && lost > 0 && restarts > 0);
}

TEST("simulation: a county's month by seed, every invariant after every step [sqlite]") {
    live_seeds(false, number_from("XJ_SEEDS", SEEDS));
}

TEST("simulation: a county's month by seed, every invariant after every step [postgres]") {
    if (!house_has_postgres()) test_skip("XJ_TEST_POSTGRES names no server");
    uint64_t seeds = number_from("XJ_SEEDS", 0);
    live_seeds(true, seeds ? seeds / 50 + 1 : SEEDS_POSTGRES);
}

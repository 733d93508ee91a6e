#include "market/orders/orders.h"

#include <stdarg.h>
#include <stdio.h>

#include "ground/people/people.h"
#include "market/orders/book.h"
#include "market/orders/freight.h"
#include "support/market.h"

static struct house_reply send_order(struct house *house, struct text token, const char *format,
                                     ...) __attribute__((format(printf, 3, 4)));

static struct house_reply send_order(struct house *house, struct text token, const char *format,
                                     ...) {
    char body[2000];
    va_list list;
    va_start(list, format);
    vsnprintf(body, sizeof(body), format, list);
    va_end(list);
    return house_call(house, token, "POST", "/api/orders", body);
}

static struct house_reply act(struct house *house, struct text token,
                              const struct house_reply *placed, const char *what,
                              const char *body) {
    char target[120];
    struct text id =
        house_has(placed, "orders") ? house_text(placed, "orders.0.id") : house_text(placed, "id");
    snprintf(target, sizeof(target), "/api/orders/%.*s/%s", (int)id.length, id.bytes, what);
    return house_call(house, token, "POST", target, body);
}

static struct house_reply read_order(struct house *house, struct text token,
                                     const struct house_reply *placed) {
    struct text id = house_text(placed, "orders.0.id");
    return house_get(house, token, "/api/orders/%.*s", (int)id.length, id.bytes);
}

static struct house_reply read_in_chinese(struct house *house, struct text token,
                                          const struct house_reply *placed) {
    struct text id = house_text(placed, "orders.0.id");
    const struct road_call call = {
        .method = "GET",
        .target = text_format(house->arena, "/api/orders/%.*s", (int)id.length, id.bytes),
        .token = token};
    return house_send(house, &call);
}

HOUSE_TEST("A08 A09: one tap with the default address places an order and holds its stock") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_five, 1);
    CHECK_INT(house_int(&placed, "total_fen"), 4990 + 800);
    CHECK_INT(house_int(&placed, "orders.0.platform_fee_fen"), 0);
    CHECK_TEXT(house_text(&placed, "orders.0.state"), "unpaid");
    CHECK_TEXT(house_text(&placed, "orders.0.receiver_phone_masked"), "138****0001");
    CHECK_INT(market_available(house, &market, market.sku_five), MARKET_STOCK_FIVE - 1);
    struct house_reply again = read_order(house, buyer, &placed);
    HOUSE_STATUS(&again, 200);
    CHECK_INT(house_int(&again, "goods_fen"), 4990);
    CHECK_TEXT(house_text(&again, "lines.0.title"), "隰县玉露香梨");
    CHECK_TEXT(house_text(&again, "events.0.kind"), "placed");
    house_check_books(house);
}

HOUSE_TEST("orders: a double tap with one key is one order") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    char body[200];
    snprintf(body, sizeof(body),
             "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":2}],\"ticked_return_terms\":true}",
             (long long)market.sku_five);
    const struct road_call call = {.method = "POST",
                                   .target = TEXT("/api/orders"),
                                   .body = text_of(body),
                                   .token = buyer,
                                   .idempotency_key = TEXT("one-tap-one-order"),
                                   .english = true};
    struct house_reply first = house_send(house, &call), second = house_send(house, &call);
    HOUSE_STATUS(&first, 201);
    HOUSE_STATUS(&second, 201);
    CHECK(text_equal(house_text(&first, "purchase_id"), house_text(&second, "purchase_id")));
    CHECK_INT(market_available(house, &market, market.sku_five), MARKET_STOCK_FIVE - 2);
    struct house_reply list = house_get(house, buyer, "/api/orders");
    CHECK_INT(house_count(&list, "items"), 1);
}

HOUSE_TEST("orders: what cannot be bought is refused by field and holds nothing") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    long long five = (long long)market.sku_five, dried = (long long)market.sku_dried;
    struct house_reply reply =
        send_order(house, buyer, "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1}]}", five);
    HOUSE_PROBLEM(&reply, "terms_needed", "ticked_return_terms");
    reply = send_order(house, buyer, "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":4}]}", dried);
    HOUSE_PROBLEM(&reply, "out_of_stock", "lines[0].sku_id");
    reply = send_order(house, buyer, "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":6}]}", dried);
    HOUSE_PROBLEM(&reply, "bad_input", "lines[0].count");
    reply = send_order(
        house, buyer,
        "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1},{\"sku_id\":\"%lld\",\"count\":1}]}", dried,
        dried);
    HOUSE_PROBLEM(&reply, "bad_input", "lines[1].sku_id");
    reply = send_order(house, buyer, "{\"lines\":[{\"sku_id\":\"77\",\"count\":1}]}");
    HOUSE_PROBLEM(&reply, "not_found", "lines[0].sku_id");
    reply = send_order(house, buyer, "{\"lines\":[]}");
    HOUSE_PROBLEM(&reply, "bad_input", "lines");
    reply = send_order(house, buyer, "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":0}],\"extra\":1}",
                       dried);
    HOUSE_PROBLEM(&reply, "bad_input", "lines[0].count");
    HOUSE_PROBLEM(&reply, "bad_input", "extra");
    struct house_reply far =
        house_call(house, buyer, "POST", "/api/people/me/addresses",
                   "{\"name\":\"刘敏\",\"phone\":\"13800000001\",\"place_code\":\"650102000000\","
                   "\"street\":\"解放路 1 号\"}");
    HOUSE_STATUS(&far, 201);
    struct text far_id = house_text(&far, "id");
    reply = send_order(house, buyer,
                       "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1}],\"address_id\":\"%.*s\"}",
                       dried, (int)far_id.length, far_id.bytes);
    HOUSE_PROBLEM(&reply, "conflict", "address_id");
    reply = send_order(house, TEXT(""), "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1}]}", dried);
    HOUSE_PROBLEM(&reply, "login_needed", NULL);
    struct text nowhere = house_person(house, "13800000002", NULL);
    reply = send_order(house, nowhere, "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1}]}", dried);
    CHECK_INT(reply.status, 404);
    CHECK_INT(market_available(house, &market, market.sku_five), MARKET_STOCK_FIVE);
    CHECK_INT(market_available(house, &market, market.sku_dried), MARKET_STOCK_DRIED);
    house_check_books(house);
}

HOUSE_TEST("orders: the second line out of stock undoes the hold of the first") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply reply = send_order(
        house, buyer,
        "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1},{\"sku_id\":\"%lld\",\"count\":4}],"
        "\"ticked_return_terms\":true}",
        (long long)market.sku_five, (long long)market.sku_dried);
    HOUSE_PROBLEM(&reply, "out_of_stock", "lines[1].sku_id");
    CHECK_INT(market_available(house, &market, market.sku_five), MARKET_STOCK_FIVE);
    house_check_books(house);
}

HOUSE_TEST("orders: a price that moved under the shopper is refused with the new total") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply reply =
        send_order(house, buyer,
                   "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1}],\"ticked_return_terms\":true,"
                   "\"expected_total_fen\":4990}",
                   (long long)market.sku_five);
    HOUSE_PROBLEM(&reply, "price_changed", "expected_total_fen");
    CHECK(text_find(reply.body, TEXT("57.90"), 0) != SIZE_MAX);
}

HOUSE_TEST("orders: a purchase is split by seller, priced and delivered each by its own rules") {
    struct market one, two;
    market_open(house, &one);
    market_open_another(house, "13900000002", &two);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply reply = send_order(
        house, buyer,
        "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":2},{\"sku_id\":\"%lld\",\"count\":1}],"
        "\"ticked_return_terms\":true}",
        (long long)one.sku_five, (long long)two.sku_dried);
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_count(&reply, "orders"), 2);
    CHECK_INT(house_int(&reply, "orders.0.freight_fen"), 0);
    CHECK_INT(house_int(&reply, "orders.1.freight_fen"), 800);
    CHECK_INT(house_int(&reply, "total_fen"), 2 * 4990 + 3600 + 800);
    struct house_reply of_two =
        house_get(house, two.keeper, "/api/orders?seller=%lld", (long long)two.seller_id);
    HOUSE_STATUS(&of_two, 200);
    CHECK_INT(house_count(&of_two, "items"), 1);
    struct house_reply foreign =
        house_get(house, two.keeper, "/api/orders?seller=%lld", (long long)one.seller_id);
    CHECK_INT(foreign.status, 404);
}

HOUSE_TEST("orders: an unpaid order expires after thirty minutes and gives its stock back") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_dried, 3);
    CHECK_INT(market_available(house, &market, market.sku_dried), 0);
    house_advance(house, 29 * MINUTE_MS);
    house_run_jobs(house);
    CHECK_INT(market_available(house, &market, market.sku_dried), 0);
    house_advance(house, 2 * MINUTE_MS);
    house_run_jobs(house);
    struct house_reply after = read_order(house, buyer, &placed);
    CHECK_TEXT(house_text(&after, "state"), "expired");
    CHECK_INT(market_available(house, &market, market.sku_dried), 3);
    house_check_books(house);
}

HOUSE_TEST("orders: paid, shipped, received, completed; the money reaches the seller whole") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_five, 2);
    static const char parcel[] = "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}";
    struct house_reply reply = act(house, market.keeper, &placed, "shipment", parcel);
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    market_pay(house, &placed);
    reply = act(house, buyer, &placed, "cancellation", "{}");
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    reply = act(house, buyer, &placed, "shipment", parcel);
    CHECK_INT(reply.status, 403);
    reply = act(house, market.keeper, &placed, "shipment", parcel);
    HOUSE_STATUS(&reply, 200);
    CHECK_TEXT(house_text(&reply, "receiver_phone"), "13800000001");
    reply = act(house, market.keeper, &placed, "shipment-events", "{\"title\":\"到了太原转运站\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "events.0.kind"), "transit");
    reply = act(house, buyer, &placed, "receipt", NULL);
    HOUSE_STATUS(&reply, 200);
    CHECK(!house_has(&reply, "receiver_phone"));
    reply = act(house, buyer, &placed, "receipt", NULL);
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    house_advance(house, 9 * (int64_t)DAY_MS);
    house_run_jobs(house);
    reply = read_order(house, buyer, &placed);
    CHECK_TEXT(house_text(&reply, "state"), "completed");
    CHECK_INT(market_available(house, &market, market.sku_five), MARKET_STOCK_FIVE - 2);
    house_check_books(house);
}

HOUSE_TEST("orders: a parcel nobody confirms counts as received after ten days") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_five, 1);
    market_pay(house, &placed);
    act(house, market.keeper, &placed, "shipment",
        "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}");
    house_advance(house, 10 * (int64_t)DAY_MS + 1000);
    house_run_jobs(house);
    struct house_reply reply = read_order(house, buyer, &placed);
    CHECK_TEXT(house_text(&reply, "state"), "received");
}

HOUSE_TEST("orders: another person's order is not found, by reading or by acting") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct text stranger = market_buyer(house, "13800000002");
    struct house_reply placed = market_order(house, buyer, market.sku_five, 1);
    struct house_reply reply = read_order(house, stranger, &placed);
    CHECK_INT(reply.status, 404);
    reply = act(house, stranger, &placed, "cancellation", "{}");
    CHECK_INT(reply.status, 404);
    reply = act(house, stranger, &placed, "receipt", NULL);
    CHECK_INT(reply.status, 404);
    reply = house_get(house, stranger, "/api/orders/1");
    CHECK_INT(reply.status, 404);
    reply = act(house, buyer, &placed, "cancellation", "{}");
    HOUSE_STATUS(&reply, 200);
    CHECK_TEXT(house_text(&reply, "state"), "cancelled");
    CHECK_INT(market_available(house, &market, market.sku_five), MARKET_STOCK_FIVE);
    house_check_books(house);
}

HOUSE_TEST("orders: lists page by key and filter by state through a whitelist") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    for (int i = 0; i < 5; i++) {
        house_advance(house, 1000);
        market_order(house, buyer, market.sku_five, 1);
    }
    struct house_reply first = house_get(house, buyer, "/api/orders?limit=2");
    CHECK_INT(house_count(&first, "items"), 2);
    struct text next = house_text(&first, "next");
    struct house_reply second =
        house_get(house, buyer, "/api/orders?limit=3&after=%.*s", (int)next.length, next.bytes);
    CHECK_INT(house_count(&second, "items"), 3);
    CHECK(!house_has(&second, "next"));
    struct house_reply reply = house_get(house, buyer, "/api/orders?state=paid");
    CHECK_INT(house_count(&reply, "items"), 0);
    reply = house_get(house, buyer, "/api/orders?state=nothing");
    HOUSE_PROBLEM(&reply, "bad_input", "state");
    CHECK_INT(first.road.statement_count,
              house_get(house, buyer, "/api/orders?limit=5").road.statement_count);
}

HOUSE_TEST("bag: lines are set, shown with today's price and stock, and taken out by the order") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    char target[80], body[200];
    snprintf(target, sizeof(target), "/api/cart/lines/%lld", (long long)market.sku_dried);
    struct house_reply reply = house_call(house, buyer, "PUT", target, "{\"count\":4}");
    HOUSE_STATUS(&reply, 200);
    CHECK_TEXT(house_text(&reply, "lines.0.state"), "too_many");
    CHECK_INT(house_int(&reply, "lines.0.unit_price_fen"), 7200);
    reply = house_call(house, buyer, "PUT", target, "{\"count\":2}");
    CHECK_TEXT(house_text(&reply, "lines.0.state"), "ok");
    CHECK_INT(house_int(&reply, "selected_fen"), 7200);
    reply = house_call(house, buyer, "PUT", "/api/cart/lines/12345", "{\"count\":2}");
    CHECK_INT(reply.status, 404);
    reply = house_call(house, buyer, "PUT", target, "{\"count\":0}");
    HOUSE_PROBLEM(&reply, "bad_input", "count");
    snprintf(body, sizeof(body),
             "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":2}],\"from_cart\":true}",
             (long long)market.sku_dried);
    reply = house_call(house, buyer, "POST", "/api/orders", body);
    HOUSE_STATUS(&reply, 201);
    reply = house_get(house, buyer, "/api/cart");
    CHECK_INT(house_count(&reply, "lines"), 0);
}

HOUSE_TEST("freight: by weight and region, free from a sum, refused where nobody delivers") {
    struct market market;
    market_open(house, &market);
    struct text nobody = TEXT("");
    char body[300];
    const struct {
        long long count;
        const char *place;
        int64_t freight;
        bool deliverable;
    } cases[] = {{1, "140105000000", 800, true},
                 {1, "650100000000", 0, false},
                 {2, "140105000000", 0, true}};
    for (size_t i = 0; i < 3; i++) {
        snprintf(body, sizeof(body),
                 "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":%lld}],\"place_code\":\"%s\"}",
                 (long long)market.sku_five, cases[i].count, cases[i].place);
        struct house_reply reply = house_call(house, nobody, "POST", "/api/quotes", body);
        HOUSE_STATUS(&reply, 200);
        CHECK_INT(house_int(&reply, "parts.0.freight_fen"), cases[i].freight);
        CHECK(house_bool(&reply, "parts.0.deliverable") == cases[i].deliverable);
        CHECK(house_bool(&reply, "needs_tick"));
    }
    struct house_reply wrong =
        house_call(house, nobody, "POST", "/api/quotes",
                   "{\"lines\":[{\"sku_id\":\"1\",\"count\":1}],\"place_code\":\"14\"}");
    HOUSE_PROBLEM(&wrong, "bad_input", "place_code");
}

struct weighing {
    int64_t weight_g;
    int64_t goods;
    int64_t freight;
};

static refusal weigh(struct request *q, void *context) {
    struct weighing *weighing = context;
    struct freight_rule rules[3] = {{.first_g = 3000,
                                     .first_fen = FEN(800),
                                     .next_g = 1000,
                                     .next_fen = FEN(200),
                                     .deliverable = true},
                                    {.seller_id = 5,
                                     .first_g = 1000,
                                     .first_fen = FEN(500),
                                     .next_g = 500,
                                     .next_fen = FEN(100),
                                     .deliverable = true},
                                    {.seller_id = 5,
                                     .region_code = INT64_C(140000000000),
                                     .first_g = 1000,
                                     .first_fen = FEN(300),
                                     .next_g = 500,
                                     .next_fen = FEN(100),
                                     .free_over_fen = FEN(6900),
                                     .deliverable = true}};
    const struct freight_rule_list list = {rules, 3};
    const struct freight_parcel parcel = {
        .seller_id = 5, .weight_g = weighing->weight_g, .goods_fen = fen_of_count(weighing->goods)};
    struct freight_answer answer;
    TRY(freight_for(q, &list, &parcel, &answer));
    weighing->freight = fen_count(answer.price);
    return NULL;
}

HOUSE_TEST("freight: the seller's rule for the region wins, and begun steps count whole") {
    struct weighing light = {.weight_g = 1000}, begun = {.weight_g = 1001},
                    heavy = {.weight_g = 2500};
    house_work(house, weigh, &light);
    house_work(house, weigh, &begun);
    house_work(house, weigh, &heavy);
    CHECK_INT(light.freight, 300);
    CHECK_INT(begun.freight, 400);
    CHECK_INT(heavy.freight, 600);
}

HOUSE_TEST("freight: it is free from the very sum that the rule names") {
    struct weighing below = {.weight_g = 1000, .goods = 6899},
                    at = {.weight_g = 1000, .goods = 6900};
    house_work(house, weigh, &below);
    house_work(house, weigh, &at);
    CHECK_INT(below.freight, 300);
    CHECK_INT(at.freight, 0);
}

struct taking {
    struct orders_money money;
    bool kept;
};

static refusal take_money(struct request *q, void *context) {
    struct taking *taking = context;
    return orders_take_money(q, &taking->money, &taking->kept);
}

static struct taking taking_of(const struct house_reply *placed, int64_t payment_id) {
    struct taking taking = {.money = {.payment_id = payment_id}};
    text_to_int64(house_text(placed, "orders.0.id"), &taking.money.order_id);
    taking.money.amount = fen_of_count(house_int(placed, "orders.0.total_fen"));
    return taking;
}

HOUSE_TEST("orders: money that comes too late buys the stock again while there is some") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_dried, 2);
    house_advance(house, 31 * MINUTE_MS);
    house_run_jobs(house);
    struct taking taking = taking_of(&placed, 4711);
    house_work(house, take_money, &taking);
    CHECK(taking.kept);
    struct house_reply reply = read_order(house, buyer, &placed);
    CHECK_TEXT(house_text(&reply, "state"), "paid");
    CHECK_INT(market_available(house, &market, market.sku_dried), 1);
    house_check_books(house);
}

HOUSE_TEST("orders: money that comes too late goes back when the stock is gone") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001"),
                quick = market_buyer(house, "13800000002");
    struct house_reply placed = market_order(house, buyer, market.sku_dried, 2);
    house_advance(house, 31 * MINUTE_MS);
    house_run_jobs(house);
    market_order(house, quick, market.sku_dried, 3);
    struct taking taking = taking_of(&placed, 4711);
    house_work(house, take_money, &taking);
    CHECK(!taking.kept);
    struct house_reply reply = read_order(house, buyer, &placed);
    CHECK_TEXT(house_text(&reply, "state"), "expired");
    CHECK_TEXT(house_text(&reply, "events.0.kind"), "money_back");
    CHECK_TEXT(house_text(&reply, "events.0.title"), "Paid too late: ¥72.00 goes back");
    reply = read_in_chinese(house, buyer, &placed);
    CHECK_TEXT(house_text(&reply, "events.0.title"), "钱到晚了，72.00 元原路退回");
    CHECK_INT(market_available(house, &market, market.sku_dried), 0);
    house_check_books(house);
}

HOUSE_TEST("orders: the same payment twice pays once, a second payment goes back") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = market_order(house, buyer, market.sku_five, 1);
    struct taking first = taking_of(&placed, 4711), second = taking_of(&placed, 4712);
    house_work(house, take_money, &first);
    house_work(house, take_money, &first);
    CHECK(first.kept);
    house_work(house, take_money, &second);
    CHECK(!second.kept);
    struct taking wrong = taking_of(&placed, 4713);
    wrong.money.amount = FEN(1);
    refusal refused = house_try(house, take_money, &wrong);
    CHECK(refused && refused->kind == PROBLEM_CONFLICT);
    house_check_books(house);
}

/* ---- freight: which rule wins ---- */

enum { PROVINCE = 14, CITY = 1410 };

struct choice {
    struct freight_rule rules[2];
    size_t rule_count;
    struct freight_parcel parcel;
    int64_t freight;
    const char *words;
};

static refusal choose(struct request *q, void *context) {
    struct choice *choice = context;
    const struct freight_rule_list list = {choice->rules, choice->rule_count};
    struct freight_answer answer;
    for (size_t i = 0; i < choice->rule_count; i++) {
        struct freight_rule *rule = &choice->rules[i];
        rule->region_code = freight_region_code(rule->region_code);
        rule->first_g = rule->next_g = 1000;
        rule->next_fen = FEN(100);
        rule->deliverable = true;
    }
    TRY(freight_for(q, &list, &choice->parcel, &answer));
    CHECK(answer.deliverable);
    CHECK_INT(fen_count(answer.price), choice->freight);
    if (choice->words) CHECK_TEXT(answer.words_zh, choice->words);
    return NULL;
}

HOUSE_TEST("freight: the more particular rule wins in whichever order they are read") {
    const struct freight_rule everywhere = {.first_fen = FEN(1)},
                              other = {.seller_id = 7, .first_fen = FEN(2)},
                              own = {.seller_id = 5, .first_fen = FEN(3)},
                              province = {.region_code = PROVINCE, .first_fen = FEN(4)},
                              city = {.region_code = CITY, .first_fen = FEN(5)},
                              generous = {.first_fen = FEN(6), .free_over_fen = FEN(6950)};
    const struct freight_parcel parcel = {.seller_id = 5, .weight_g = 900};
    struct freight_parcel free_parcel = parcel;
    free_parcel.all_free = true;
    struct choice choices[] = {{{everywhere}, 0, parcel, 0, "包邮"},
                               {{everywhere}, 1, free_parcel, 0, "包邮"},
                               {{everywhere, other}, 2, parcel, 1, NULL},
                               {{other, everywhere}, 2, parcel, 1, NULL},
                               {{other}, 1, parcel, 0, "包邮"},
                               {{everywhere, own}, 2, parcel, 3, NULL},
                               {{own, everywhere}, 2, parcel, 3, NULL},
                               {{province, own}, 2, parcel, 3, NULL},
                               {{everywhere, city}, 2, parcel, 5, NULL},
                               {{city, everywhere}, 2, parcel, 5, NULL},
                               {{province, city}, 2, parcel, 5, NULL},
                               {{city, province}, 2, parcel, 5, NULL},
                               {{generous}, 1, parcel, 6, "满 69.50 元包邮"}};
    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++)
        house_work(house, choose, &choices[i]);
    struct choice heavy = {{everywhere}, 1, {.weight_g = INT64_C(9000000000000000000)}, 0, NULL};
    refusal refused = house_try(house, choose, &heavy);
    CHECK(refused && refused->kind == PROBLEM_BAD_INPUT);
}

/* ---- bounds and wrong states ---- */

static refusal fill_bag(struct request *q, void *context) {
    const int64_t *person_id = context;
    for (int64_t sku_id = 1; sku_id <= ORDERS_LINES_MAX; sku_id++)
        TRY(db_run(q->db,
                   SQL("iii", "INSERT INTO orders_bag_line (person_id, sku_id, count, selected,"
                              " added_at) VALUES ($1, $2, 1, 1, $3)"),
                   PARAMS(*person_id, sku_id, q->now), NULL));
    return NULL;
}

HOUSE_TEST("bag: what is sold out or not ticked is not summed, and a full bag takes no more") {
    struct market market;
    char target[80];
    int64_t full_id;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    snprintf(target, sizeof(target), "/api/cart/lines/%lld", (long long)market.sku_dried);
    struct house_reply reply =
        house_call(house, buyer, "PUT", target, "{\"count\":1,\"selected\":false}");
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_int(&reply, "selected_fen"), 0);
    CHECK_TEXT(house_text(&reply, "lines.0.state"), "ok");
    market_order(house, market_buyer(house, "13800000002"), market.sku_dried, MARKET_STOCK_DRIED);
    reply = house_call(house, buyer, "PUT", target, "{\"count\":1}");
    CHECK_TEXT(house_text(&reply, "lines.0.state"), "sold_out");
    CHECK_INT(house_int(&reply, "selected_fen"), 0);
    struct text full = house_person(house, "13800000003", &full_id);
    house_work(house, fill_bag, &full_id);
    reply = house_call(house, full, "PUT", target, "{\"count\":1}");
    HOUSE_PROBLEM(&reply, "bad_input", "sku_id");
}

HOUSE_TEST(
    "orders: a quote needs a whole place code or none, and the address book needs a log-in") {
    struct market market;
    char body[200];
    market_open(house, &market);
    const struct {
        const char *where, *code, *field;
    } cases[] = {{"\"place_code\":\"000000000000\"", "bad_input", "place_code"},
                 {"\"place_code\":\"14010500000x\"", "bad_input", "place_code"},
                 {"\"address_id\":\"4711\"", "login_needed", "address_id"},
                 {"\"place_code\":\"\"", NULL, NULL}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        snprintf(body, sizeof(body), "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1}],%s}",
                 (long long)market.sku_five, cases[i].where);
        struct house_reply reply = house_call(house, TEXT(""), "POST", "/api/quotes", body);
        if (cases[i].code)
            HOUSE_PROBLEM(&reply, cases[i].code, cases[i].field);
        else
            CHECK_INT(house_int(&reply, "parts.0.freight_fen"), 800);
    }
}

static refusal begin_case(struct request *q, void *context) {
    const int64_t *order_id = context;
    return orders_case_begins(q, *order_id);
}

static refusal end_case(struct request *q, void *context) {
    const int64_t *order_id = context;
    return orders_case_ends(q, *order_id);
}

static refusal leave(struct request *q, void *context) {
    const struct people_leaving *leaving = context;
    return orders_hear_leaving(q, leaving);
}

HOUSE_TEST("orders: open cases are counted and bounded, and who has open orders cannot leave") {
    struct market market;
    int64_t order_id = 0, buyer_id;
    bool keeps = false;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    house_person(house, "13800000001", &buyer_id);
    struct house_reply placed =
        send_order(house, buyer,
                   "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1}],\"ticked_return_terms\":true,"
                   "\"expected_total_fen\":5790}",
                   (long long)market.sku_five);
    HOUSE_STATUS(&placed, 201);
    text_to_int64(house_text(&placed, "orders.0.id"), &order_id);
    refusal refused = house_try(house, begin_case, &order_id);
    CHECK(refused && refused->kind == PROBLEM_WRONG_STATE);
    struct people_leaving leaving = {.person_id = buyer_id, .keeps_records = &keeps};
    refused = house_try(house, leave, &leaving);
    CHECK(refused && refused->kind == PROBLEM_WRONG_STATE);
    market_pay(house, &placed);
    struct house_reply reply =
        act(house, market.keeper, &placed, "shipment-events", "{\"title\":\"到了太原转运站\"}");
    HOUSE_PROBLEM(&reply, "wrong_state", "state");
    reply = act(house, market.keeper, &placed, "refunds",
                "{\"lines\":[{\"line_no\":1,\"count\":1}],\"amount_fen\":1,\"reason\":\"少\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "amount_fen");
    for (int i = 0; i < ORDERS_OPEN_CASES_MAX; i++) house_work(house, begin_case, &order_id);
    refused = house_try(house, begin_case, &order_id);
    CHECK(refused && refused->kind == PROBLEM_CONFLICT);
    house_work(house, end_case, &order_id);
    house_work(house, begin_case, &order_id);
}

#include "insight/dashboards/dashboards.h"

#include <stdio.h>

#include "ground/people/people.h"
#include "support/market.h"

/* The count of a duty, or -1 where the board has none of that name. */
static int64_t duty_of(const struct house_reply *board, const char *code) {
    char path[40];
    for (size_t i = 0; i < house_count(board, "duties"); i++) {
        snprintf(path, sizeof(path), "duties.%zu.code", i);
        if (!text_is(house_text(board, path), code)) continue;
        snprintf(path, sizeof(path), "duties.%zu.count", i);
        return house_int(board, path);
    }
    return -1;
}

struct role {
    int64_t person_id;
    const char *role;
    enum scope scope;
    int64_t scope_id;
};

static refusal give(struct request *q, void *context) {
    const struct role *role = context;
    return people_give_role(q, role->person_id, role->role, role->scope, role->scope_id);
}

/* Somebody in that role, logged in. */
static struct text with_role(struct house *house, const char *phone, const char *role,
                             enum scope scope, int64_t scope_id) {
    struct role given = {0, role, scope, scope_id};
    struct text token = house_person(house, phone, &given.person_id);
    house_work(house, give, &given);
    return token;
}

static struct house_reply sell(struct house *house, struct text buyer, int64_t sku_id, int count) {
    struct house_reply placed = market_order(house, buyer, sku_id, count);
    market_pay(house, &placed);
    return placed;
}

/* As pay does it, without the provider; the principal of the work reaches every seller. */
static refusal give_back(struct request *q, void *context) {
    static const struct grant all = {PERMISSION_refund, SCOPE_ALL, 0};
    static const struct principal who = {.person_id = 1, .grants = &all, .grant_count = 1};
    const struct orders_refund_draft draft = {.amount_fen = FEN(500), .reason = TEXT("坏了一个")};
    const struct orders_refund refund = {
        .order_id = *(int64_t *)context, .refund_id = request_new_id(q), .draft = &draft};
    struct fen amount;
    int64_t payment_id;
    q->who = &who;
    return orders_give_back(q, &refund, &amount, &payment_id);
}

HOUSE_TEST(
    "dashboards: days are the sums of what was paid and given back, for shop, place and all") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct text operator= with_role(house, "13800000008", "operator", SCOPE_ALL, 0);
    struct text county =
        with_role(house, "13800000009", "county_operator", SCOPE_COUNTY, INT64_C(141031000000));
    sell(house, buyer, market.sku_five, 1);
    house_advance(house, DAY_MS);
    sell(house, buyer, market.sku_five, 2);
    sell(house, buyer, market.sku_dried, 1);
    house_run_jobs(house);
    struct text tokens[] = {market.keeper, county, operator};
    const char *views[] = {"seller", "place", "all"};
    for (size_t i = 0; i < 3; i++) {
        struct house_reply board = house_get(house, tokens[i], "/api/dashboard");
        HOUSE_STATUS(&board, 200);
        CHECK_TEXT(house_text(&board, "view"), views[i]);
        CHECK_INT(house_int(&board, "today.order_count"), 2);
        CHECK_INT(house_int(&board, "today.paid_fen"), 2 * 4990 + 3600 + 800);
        CHECK_INT(house_int(&board, "yesterday.order_count"), 1);
        CHECK_INT(house_int(&board, "yesterday.paid_fen"), 4990 + 800);
        CHECK_INT(house_count(&board, "series"), DASHBOARDS_DAYS);
        CHECK_INT(house_int(&board, "series.13.order_count"), 2);
        CHECK_INT(house_int(&board, "series.12.order_count"), 1);
        CHECK_INT(house_int(&board, "series.0.order_count"), 0);
        CHECK_TEXT(house_text(&board, "duties.0.code"), "orders_to_ship");
        CHECK_INT(house_int(&board, "duties.0.count"), 3);
        CHECK_INT(house_int(&board, "duties.1.count"), 0);
    }
    house_check_books(house);
}

/* As orders tell it of a seller whose village is known. */
static refusal tell_paid(struct request *q, void *context) {
    const struct orders_told told = {.seller_id = *(const int64_t *)context,
                                     .seller_place_code = INT64_C(141031100203),
                                     .amount = FEN(100)};
    return dashboards_hear_paid(q, &told);
}

HOUSE_TEST(
    "dashboards: the parts of a place are the counties, of a county the towns, of that day") {
    static const struct {
        const char *address;
        const char *place_code; /* NULL: no part */
        int64_t paid_fen;
    } asked[] = {
        {"/api/dashboard/parts", "141031000000", 4990 + 800 + 100},
        {"/api/dashboard/parts?place=140000000000", "141031000000", 4990 + 800 + 100},
        {"/api/dashboard/parts?place=141000000000", "141031000000", 4990 + 800 + 100},
        {"/api/dashboard/parts?place=141031000000", "141031100000", 100},
        {"/api/dashboard/parts?place=141031100000", "141031100203", 100},
        {"/api/dashboard/parts?place=141031100203", NULL, 0},
        {"/api/dashboard/parts?place=500236000000", NULL, 0},
    };
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct text operator= with_role(house, "13800000008", "operator", SCOPE_ALL, 0);
    struct text county =
        with_role(house, "13800000009", "county_operator", SCOPE_COUNTY, INT64_C(141031000000));
    sell(house, buyer, market.sku_five, 1);
    house_work(house, tell_paid, &market.seller_id);
    house_advance(house, 10 * SECOND_MS);
    house_run_jobs(house);
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        struct house_reply parts = house_get(house, operator, asked[i].address);
        HOUSE_STATUS(&parts, 200);
        CHECK_INT(house_count(&parts, "items"), asked[i].place_code ? 1 : 0);
        if (!asked[i].place_code) continue;
        CHECK_TEXT(house_text(&parts, "items.0.place_code"), asked[i].place_code);
        CHECK(house_text(&parts, "items.0.place_name").length > 0);
        CHECK_INT(house_int(&parts, "items.0.order_count"), asked[i].paid_fen > 100 ? 2 : 1);
        CHECK_INT(house_int(&parts, "items.0.paid_fen"), asked[i].paid_fen);
    }
    struct house_reply own = house_get(house, county, "/api/dashboard/parts");
    HOUSE_STATUS(&own, 200);
    CHECK_TEXT(house_text(&own, "items.0.place_code"), "141031100000");
    struct house_reply wider = house_get(house, county, "/api/dashboard/parts?place=140000000000");
    HOUSE_STATUS(&wider, 404);
    struct house_reply none = house_get(house, operator, "/api/dashboard/parts?place=999999999999");
    HOUSE_STATUS(&none, 404);
    struct house_reply shop = house_get(house, market.keeper, "/api/dashboard/parts");
    HOUSE_STATUS(&shop, 404);
    house_advance(house, DAY_MS);
    house_run_jobs(house);
    struct house_reply next_day = house_get(house, operator, "/api/dashboard/parts");
    CHECK_INT(house_count(&next_day, "items"), 0);
}

HOUSE_TEST("dashboards: as_of is the oldest payment that is not in the days yet, else now") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    house_run_jobs(house);
    house_advance(house, 5 * SECOND_MS);
    sell(house, buyer, market.sku_five, 1);
    house_advance(house, 2 * SECOND_MS);
    struct house_reply before = house_get(house, market.keeper, "/api/dashboard");
    CHECK_INT(house_int(&before, "today.order_count"), 0);
    CHECK(!text_equal(house_text(&before, "as_of"), house_text(&before, "server_at")));
    house_check_books(house);
    house_advance(house, 10 * SECOND_MS);
    house_run_jobs(house);
    struct house_reply after = house_get(house, market.keeper, "/api/dashboard");
    CHECK_INT(house_int(&after, "today.order_count"), 1);
    CHECK_TEXT(house_text(&after, "as_of"), house_text(&after, "server_at").bytes);
    house_check_books(house);
}

HOUSE_TEST("dashboards: money given back counts on its own day, and an order waits no more") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct house_reply placed = sell(house, buyer, market.sku_five, 1);
    house_advance(house, DAY_MS);
    int64_t order_id = 0;
    text_to_int64(house_text(&placed, "orders.0.id"), &order_id);
    struct house_reply late = house_get(house, market.keeper, "/api/dashboard");
    CHECK_INT(house_int(&late, "duties.0.count"), 1);
    CHECK_INT(house_int(&late, "duties.1.count"), 0);
    house_advance(house, DAY_MS);
    late = house_get(house, market.keeper, "/api/dashboard");
    CHECK_INT(house_int(&late, "duties.1.count"), 1);
    char target[120];
    snprintf(target, sizeof(target), "/api/orders/%lld/shipment", (long long)order_id);
    struct house_reply shipped = house_call(house, market.keeper, "POST", target,
                                            "{\"carrier\":\"邮政\",\"tracking_number\":\"7788\"}");
    HOUSE_STATUS(&shipped, 200);
    house_work(house, give_back, &order_id);
    house_run_jobs(house);
    late = house_get(house, market.keeper, "/api/dashboard");
    CHECK_INT(house_int(&late, "duties.0.count"), 0);
    CHECK_INT(house_int(&late, "series.11.order_count"), 1);
    CHECK_INT(house_int(&late, "series.11.refunded_fen"), 0);
    CHECK_INT(house_int(&late, "today.order_count"), 0);
    CHECK_INT(house_int(&late, "today.refunded_fen"), 500);
    house_check_books(house);
}

HOUSE_TEST("dashboards: nobody sees the board of a shop or a county that is not theirs") {
    struct market home, away;
    market_open(house, &home);
    market_open_another(house, "13800000077", &away);
    struct text buyer = market_buyer(house, "13800000001");
    struct text county =
        with_role(house, "13800000009", "county_operator", SCOPE_COUNTY, INT64_C(141031000000));
    struct house_reply reply = house_get(house, buyer, "/api/dashboard");
    HOUSE_PROBLEM(&reply, "not_found", NULL);
    reply = house_get(house, TEXT(""), "/api/dashboard");
    HOUSE_PROBLEM(&reply, "login_needed", NULL);
    reply = house_get(house, home.keeper, "/api/dashboard?seller=%lld", (long long)away.seller_id);
    HOUSE_PROBLEM(&reply, "not_found", "seller");
    reply = house_get(house, home.keeper, "/api/dashboard?seller=77");
    HOUSE_PROBLEM(&reply, "not_found", "seller");
    reply = house_get(house, home.keeper, "/api/dashboard?place=141031000000");
    HOUSE_PROBLEM(&reply, "not_found", "place");
    reply = house_get(house, county, "/api/dashboard?place=140000000000");
    HOUSE_PROBLEM(&reply, "not_found", "place");
    reply = house_get(house, county, "/api/dashboard?seller=%lld", (long long)home.seller_id);
    HOUSE_STATUS(&reply, 200);
    reply = house_get(house, county, "/api/dashboard?place=141031000000");
    CHECK_TEXT(house_text(&reply, "place_name"), "隰县");
}

static refusal forget_days(struct request *q, void *context) {
    (void)context;
    TRY(db_run(q->db, SQL("", "DELETE FROM dashboards_mark"), NO_PARAMS, NULL));
    return db_run(q->db, SQL("", "DELETE FROM dashboards_day"), NO_PARAMS, NULL);
}

HOUSE_TEST("dashboards: orders from before the room are in the books and on no day that is shown") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    sell(house, buyer, market.sku_five, 1);
    house_work(house, forget_days, NULL);
    house_advance(house, 11 * (int64_t)MINUTE_MS);
    sell(house, buyer, market.sku_five, 1);
    house_run_jobs(house);
    house_check_books(house);
    struct house_reply board = house_get(house, market.keeper, "/api/dashboard");
    CHECK_INT(house_int(&board, "today.order_count"), 1);
    house_advance(house, 11 * (int64_t)MINUTE_MS);
    house_run_jobs(house);
    house_check_books(house);
}

static refusal make_reviewer(struct request *q, void *context) {
    return people_give_role(q, *(int64_t *)context, "reviewer", SCOPE_ALL, 0);
}

HOUSE_TEST("dashboards: a shelf at its alarm is shown with its name, the emptiest first") {
    struct market market;
    market_open(house, &market);
    struct house_reply board = house_get(house, market.keeper, "/api/dashboard");
    CHECK_INT(house_count(&board, "alarms"), 0);
    CHECK_INT(duty_of(&board, "stock_alarms"), 0);
    char body[600];
    struct house_reply categories = house_get(house, TEXT(""), "/api/categories");
    struct text category = house_text(&categories, "items.0.id");
    snprintf(body, sizeof(body),
             "{\"goods\":{\"seller_id\":\"%lld\",\"category_id\":\"%.*s\","
             "\"place_code\":\"141031000000\",\"title\":\"干枣\","
             "\"pictures\":[\"/img/pear.webp\"],\"piece_name\":\"袋\",\"skus\":["
             "{\"price_fen\":1000,\"net\":{\"amount\":\"1\",\"unit\":\"斤\"},\"weight_g\":600,"
             "\"stock_count\":6,\"alarm_count\":5,\"return_policy\":\"seven_days\","
             "\"options\":[{\"name\":\"规格\",\"value\":\"1 斤\"}]},"
             "{\"price_fen\":1800,\"net\":{\"amount\":\"2\",\"unit\":\"斤\"},\"weight_g\":1100,"
             "\"stock_count\":2,\"alarm_count\":5,\"return_policy\":\"seven_days\","
             "\"options\":[{\"name\":\"规格\",\"value\":\"2 斤\"}]}]}}",
             (long long)market.seller_id, (int)category.length, category.bytes);
    int64_t reviewer_id;
    struct text reviewer = house_person(house, "13900000061", &reviewer_id);
    house_work(house, make_reviewer, &reviewer_id);
    market_list(house, market.keeper, reviewer, body);
    board = house_get(house, market.keeper, "/api/dashboard");
    CHECK_INT(duty_of(&board, "stock_alarms"), 1);
    CHECK_INT(house_count(&board, "alarms"), 1);
    CHECK_TEXT(house_text(&board, "alarms.0.title"), "干枣");
    CHECK_INT(house_int(&board, "alarms.0.available_count"), 2);
    CHECK_INT(house_int(&board, "alarms.0.alarm_count"), 5);
}

/* Writes a listing of the market's goods and sends it in. */
static void send_listing(const struct market *market, struct house *house) {
    struct house_reply draft =
        house_get(house, market->keeper, "/api/goods/%lld/draft", (long long)market->goods_id);
    HOUSE_STATUS(&draft, 200);
    struct text body =
        text_format(house->arena, "{\"goods_id\":\"%lld\",\"goods\":%.*s}",
                    (long long)market->goods_id, (int)draft.body.length, draft.body.bytes);
    struct house_reply made = house_call(house, market->keeper, "POST", "/api/listings",
                                         text_terminated(house->arena, body));
    HOUSE_STATUS(&made, 201);
    struct text target =
        text_format(house->arena, "/api/listings/%.*s/submissions",
                    (int)house_text(&made, "id").length, house_text(&made, "id").bytes);
    made = house_call(house, market->keeper, "POST", text_terminated(house->arena, target), NULL);
    HOUSE_STATUS(&made, 201);
}

HOUSE_TEST("dashboards: complaints and listings stand on the board of whoever may answer them") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct text here =
        with_role(house, "13800000009", "county_operator", SCOPE_COUNTY, INT64_C(141031000000));
    struct text away =
        with_role(house, "13800000010", "county_operator", SCOPE_COUNTY, INT64_C(500236000000));
    struct text operator= with_role(house, "13800000008", "operator", SCOPE_ALL, 0);
    struct text auditor = with_role(house, "13800000007", "auditor", SCOPE_ALL, 0);
    struct text body = text_format(
        house->arena, "{\"subject\":\"seller\",\"subject_id\":\"%lld\",\"words\":\"电话不接\"}",
        (long long)market.seller_id);
    struct house_reply made =
        house_call(house, buyer, "POST", "/api/complaints", text_terminated(house->arena, body));
    HOUSE_STATUS(&made, 201);
    send_listing(&market, house);
    const struct {
        struct text token;
        int64_t complaints, listings, applications, cases_of_shop;
    } boards[] = {
        {here, 1, 1, 0, -1},
        {away, 0, 0, 0, -1},
        {operator, 1, 1, 0, -1},
        {auditor, -1, -1, -1, -1},
        {market.keeper, -1, -1, -1, 0},
    };
    for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
        struct house_reply board = house_get(house, boards[i].token, "/api/dashboard");
        HOUSE_STATUS(&board, 200);
        CHECK_INT(duty_of(&board, "complaints_to_answer"), boards[i].complaints);
        CHECK_INT(duty_of(&board, "listings_to_review"), boards[i].listings);
        CHECK_INT(duty_of(&board, "applications_to_review"), boards[i].applications);
        CHECK_INT(duty_of(&board, "cases_to_answer"), boards[i].cases_of_shop);
    }
    house_check_books(house);
}

/* Everything of the shelf spoils. */
static void spoil(const struct market *market, struct house *house, int64_t sku_id, int count) {
    struct text body =
        text_format(house->arena, "{\"sku_id\":\"%lld\",\"count\":%d,\"reason\":\"冻坏了\"}",
                    (long long)sku_id, count);
    struct house_reply lost = house_call(house, market->keeper, "POST", "/api/stock/losses",
                                         text_terminated(house->arena, body));
    HOUSE_STATUS(&lost, 201);
}

HOUSE_TEST("dashboards: a county and the whole see what is sold out there, with whose it is") {
    struct market market;
    market_open(house, &market);
    struct text here =
        with_role(house, "13800000009", "county_operator", SCOPE_COUNTY, INT64_C(141031000000));
    struct text away =
        with_role(house, "13800000010", "county_operator", SCOPE_COUNTY, INT64_C(500236000000));
    struct text operator= with_role(house, "13800000008", "operator", SCOPE_ALL, 0);
    struct house_reply board = house_get(house, here, "/api/dashboard");
    CHECK_INT(duty_of(&board, "goods_sold_out"), 0);
    CHECK_INT(house_count(&board, "alarms"), 0);
    spoil(&market, house, market.sku_five, MARKET_STOCK_FIVE);
    spoil(&market, house, market.sku_dried, MARKET_STOCK_DRIED);
    struct text tokens[] = {here, operator};
    for (size_t i = 0; i < 2; i++) {
        board = house_get(house, tokens[i], "/api/dashboard");
        CHECK_INT(duty_of(&board, "goods_sold_out"), 1);
        CHECK_INT(house_count(&board, "alarms"), 1);
        CHECK(house_text(&board, "alarms.0.seller_name").length > 0);
        CHECK_INT(house_int(&board, "alarms.0.available_count"), 0);
    }
    board = house_get(house, away, "/api/dashboard");
    CHECK_INT(duty_of(&board, "goods_sold_out"), 0);
}

HOUSE_TEST(
    "dashboards: what is sold out pages through a place or the whole, what is low is a shop's") {
    struct market market, other;
    market_open(house, &market);
    market_open_another(house, "13900000002", &other);
    struct text here =
        with_role(house, "13800000009", "county_operator", SCOPE_COUNTY, INT64_C(141031000000));
    struct text away =
        with_role(house, "13800000010", "county_operator", SCOPE_COUNTY, INT64_C(500236000000));
    struct text operator= with_role(house, "13800000008", "operator", SCOPE_ALL, 0);
    const struct market *const markets[] = {&market, &other};
    for (size_t i = 0; i < 2; i++) {
        spoil(markets[i], house, markets[i]->sku_five, MARKET_STOCK_FIVE);
        spoil(markets[i], house, markets[i]->sku_dried, MARKET_STOCK_DRIED);
    }
    struct text tokens[] = {here, operator};
    for (size_t i = 0; i < 2; i++) {
        struct house_reply first = house_get(house, tokens[i], "/api/stock-alarms?limit=1");
        HOUSE_STATUS(&first, 200);
        CHECK_INT(house_count(&first, "items"), 1);
        CHECK_INT(house_int(&first, "items.0.available_count"), 0);
        CHECK(house_text(&first, "items.0.seller_name").length > 0);
        struct text next = house_text(&first, "next");
        struct house_reply second = house_get(
            house, tokens[i], "/api/stock-alarms?limit=1&after=%.*s", (int)next.length, next.bytes);
        CHECK_INT(house_count(&second, "items"), 1);
        CHECK(!house_has(&second, "next"));
        CHECK(!text_equal(house_text(&first, "items.0.seller_id"),
                          house_text(&second, "items.0.seller_id")));
    }
    struct house_reply none = house_get(house, away, "/api/stock-alarms");
    CHECK_INT(house_count(&none, "items"), 0);
    none = house_get(house, away, "/api/stock-alarms?place=141031000000");
    HOUSE_PROBLEM(&none, "not_found", "place");
    none = house_get(house, other.keeper, "/api/stock-alarms?seller=%lld",
                     (long long)market.seller_id);
    HOUSE_PROBLEM(&none, "not_found", "seller");
    none = house_get(house, operator, "/api/stock-alarms?after=there");
    HOUSE_PROBLEM(&none, "bad_input", "after");
    struct house_reply own = house_get(house, market.keeper, "/api/stock-alarms");
    HOUSE_STATUS(&own, 200);
    CHECK(!house_has(&own, "items.0.seller_id"));
}

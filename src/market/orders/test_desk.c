/* The desk: lists of a seller, a county and all, many parcels at once, freight of the house. */
#include <stdio.h>
#include <string.h>

#include "ground/people/people.h"
#include "market/orders/book.h"
#include "support/market.h"

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

static struct text with_role(struct house *house, const char *phone, const char *role,
                             enum scope scope, int64_t scope_id) {
    struct role given = {0, role, scope, scope_id};
    struct text token = house_person(house, phone, &given.person_id);
    house_work(house, give, &given);
    return token;
}

static int64_t sell(struct house *house, struct text buyer, int64_t sku_id) {
    int64_t order_id = 0;
    struct house_reply placed = market_order(house, buyer, sku_id, 1);
    market_pay(house, &placed);
    text_to_int64(house_text(&placed, "orders.0.id"), &order_id);
    return order_id;
}

static struct house_reply batch(struct house *house, struct text token, const char *rows,
                                bool is_dry) {
    char body[2000];
    snprintf(body, sizeof(body), "{\"rows\":[%s],\"dry_run\":%s}", rows, is_dry ? "true" : "false");
    return house_call(house, token, "POST", "/api/shipment-batches", body);
}

HOUSE_TEST("orders: the desk finds orders by county, state, day, number and parcel") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct text county =
        with_role(house, "13800000009", "county_operator", SCOPE_COUNTY, INT64_C(141031000000));
    struct text auditor = with_role(house, "13800000008", "auditor", SCOPE_ALL, 0);
    int64_t first = sell(house, buyer, market.sku_five);
    house_advance(house, 2 * (int64_t)DAY_MS);
    struct house_reply later = house_get(house, auditor, "/api/orders?desk=all&limit=1");
    struct text evening = house_text(&later, "items.0.server_at");
    int64_t second = sell(house, buyer, market.sku_five);
    struct house_reply list =
        house_get(house, county, "/api/orders?desk=place&place=141031000000&state=paid");
    HOUSE_STATUS(&list, 200);
    CHECK_INT(house_count(&list, "items"), 2);
    CHECK_TEXT(house_text(&list, "items.0.receiver_region"), "山西省太原市小店区");
    CHECK(!house_has(&list, "items.0.receiver_name"));
    list = house_get(house, auditor, "/api/orders?desk=all&from=%.*s", (int)evening.length,
                     evening.bytes);
    CHECK_INT(house_count(&list, "items"), 1);
    list = house_get(house, auditor, "/api/orders?desk=all&to=%.*s", (int)evening.length,
                     evening.bytes);
    CHECK_INT(house_count(&list, "items"), 1);
    list = house_get(house, market.keeper, "/api/orders?desk=seller&seller=%lld&number=xj%lld",
                     (long long)market.seller_id, (long long)first);
    CHECK_INT(house_count(&list, "items"), 1);
    list = house_get(house, county, "/api/orders?desk=place&place=141031000000&number=XJ12");
    CHECK_INT(house_count(&list, "items"), 0);
    char row[200];
    snprintf(row, sizeof(row),
             "{\"number\":\"XJ%lld\",\"carrier\":\"邮政\",\"tracking_number\":\"EA99\"}",
             (long long)second);
    struct house_reply sent = batch(house, market.keeper, row, false);
    HOUSE_STATUS(&sent, 200);
    list =
        house_get(house, county, "/api/orders?desk=place&place=141031000000&tracking_number=EA99");
    CHECK_INT(house_count(&list, "items"), 1);
    list = house_get(house, auditor, "/api/orders?desk=all&limit=1");
    list = house_get(house, auditor, "/api/orders?desk=all&limit=1&after=%.*s",
                     (int)house_text(&list, "next").length, house_text(&list, "next").bytes);
    CHECK_INT(house_count(&list, "items"), 1);
    CHECK(!house_has(&list, "next"));
}

HOUSE_TEST("orders: a desk that reaches less sees nothing of what lies beyond") {
    struct market home, away;
    market_open(house, &home);
    market_open_another(house, "13800000077", &away);
    struct text buyer = market_buyer(house, "13800000001");
    int64_t order_id = sell(house, buyer, home.sku_five);
    struct house_reply list = house_get(house, away.keeper, "/api/orders?desk=all");
    HOUSE_PROBLEM(&list, "not_found", "desk");
    list = house_get(house, away.keeper, "/api/orders?desk=place&place=141031000000");
    HOUSE_PROBLEM(&list, "not_found", "place");
    list = house_get(house, away.keeper, "/api/orders?desk=seller&seller=%lld&number=XJ%lld",
                     (long long)away.seller_id, (long long)order_id);
    CHECK_INT(house_count(&list, "items"), 0);
    struct text officer =
        with_role(house, "13800000010", "after_sales_officer", SCOPE_ORGANISATION, home.seller_id);
    struct house_reply seen = house_get(house, officer, "/api/orders/%lld", (long long)order_id);
    HOUSE_STATUS(&seen, 200);
    CHECK(!house_has(&seen, "receiver_phone"));
    seen = house_get(house, home.keeper, "/api/orders/%lld", (long long)order_id);
    CHECK(house_has(&seen, "receiver_phone"));
    seen = house_get(house, away.keeper, "/api/orders/%lld", (long long)order_id);
    HOUSE_PROBLEM(&seen, "not_found", "id");
}

HOUSE_TEST("orders: of a batch each row has its own end; a dry run moves nothing; again is done") {
    struct market home, away;
    market_open(house, &home);
    market_open_another(house, "13800000077", &away);
    struct text buyer = market_buyer(house, "13800000001");
    int64_t one = sell(house, buyer, home.sku_five), two = sell(house, buyer, home.sku_five);
    int64_t other = sell(house, buyer, away.sku_five);
    struct house_reply unpaid = market_order(house, buyer, home.sku_five, 1);
    struct text open = house_text(&unpaid, "orders.0.id");
    char rows[1600];
    snprintf(rows, sizeof(rows),
             "{\"number\":\"XJ%lld\",\"carrier\":\"邮政\",\"tracking_number\":\"A001\"},"
             "{\"number\":\"%lld\",\"carrier\":\"邮政\",\"tracking_number\":\"A002\"},"
             "{\"number\":\"XJ%lld\",\"carrier\":\"邮政\",\"tracking_number\":\"A003\"},"
             "{\"number\":\"XJ%lld\",\"carrier\":\"邮政\",\"tracking_number\":\"A004\"},"
             "{\"number\":\"XJ%.*s\",\"carrier\":\"邮政\",\"tracking_number\":\"A005\"},"
             "{\"number\":\"梨\",\"carrier\":\"邮政\",\"tracking_number\":\"A006\"}",
             (long long)one, (long long)two, (long long)one, (long long)other, (int)open.length,
             open.bytes);
    static const char *const ends[] = {"shipped", "shipped", "refused",
                                       "refused", "refused", "refused"};
    struct house_reply dry = batch(house, home.keeper, rows, true);
    HOUSE_STATUS(&dry, 200);
    CHECK_TEXT(house_text(&dry, "rows.0.end"), "ready");
    CHECK_INT(house_int(&dry, "shipped_count"), 0);
    CHECK_INT(house_int(&dry, "refused_count"), 4);
    struct house_reply seen = house_get(house, home.keeper, "/api/orders/%lld", (long long)one);
    CHECK_TEXT(house_text(&seen, "state"), "paid");
    struct house_reply sent = batch(house, home.keeper, rows, false);
    HOUSE_STATUS(&sent, 200);
    for (size_t i = 0; i < 6; i++) {
        char path[40];
        snprintf(path, sizeof(path), "rows.%zu.end", i);
        CHECK_TEXT(house_text(&sent, path), ends[i]);
    }
    CHECK_INT(house_int(&sent, "shipped_count"), 2);
    seen = house_get(house, home.keeper, "/api/orders/%lld", (long long)one);
    CHECK_TEXT(house_text(&seen, "tracking_number"), "A001");
    seen = house_get(house, away.keeper, "/api/orders/%lld", (long long)other);
    CHECK_TEXT(house_text(&seen, "state"), "paid");
    struct house_reply again = batch(house, home.keeper, rows, false);
    CHECK_TEXT(house_text(&again, "rows.0.end"), "done_before");
    CHECK_TEXT(house_text(&again, "rows.1.end"), "done_before");
    CHECK_INT(house_int(&again, "shipped_count"), 0);
    house_check_books(house);
}

HOUSE_TEST("orders: a hundred parcels of many lines go in one batch, and no more than a hundred") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct buffer rows = buffer_make(house->arena, 20000);
    for (int i = 0; i < 60; i++)
        buffer_add_format(&rows,
                          "%s{\"number\":\"XJ%lld\",\"carrier\":\"邮政\",\"tracking_number\":"
                          "\"B%03d\"}",
                          i ? "," : "", (long long)sell(house, buyer, market.sku_five), i);
    struct text body = text_format(house->arena, "{\"rows\":[%.*s]}",
                                   (int)buffer_text(&rows).length, buffer_text(&rows).bytes);
    struct house_reply sent =
        house_call(house, market.keeper, "POST", "/api/shipment-batches", body.bytes);
    HOUSE_STATUS(&sent, 200);
    CHECK_INT(house_int(&sent, "shipped_count"), 60);
    struct buffer many = buffer_make(house->arena, 40000);
    for (int i = 0; i < 101; i++)
        buffer_add_format(&many,
                          "%s{\"number\":\"1\",\"carrier\":\"邮政\",\"tracking_number\":\"B001\"}",
                          i ? "," : "");
    body = text_format(house->arena, "{\"rows\":[%.*s]}", (int)buffer_text(&many).length,
                       buffer_text(&many).bytes);
    sent = house_call(house, market.keeper, "POST", "/api/shipment-batches", body.bytes);
    HOUSE_PROBLEM(&sent, "bad_input", "rows");
    house_check_books(house);
}

static refusal forget_places(struct request *q, void *context) {
    (void)context;
    return db_run(q->db, SQL("", "UPDATE orders_order SET seller_place_code = 0"), NO_PARAMS, NULL);
}

HOUSE_TEST("orders: orders from before the step get their seller's place by the job") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct text county =
        with_role(house, "13800000009", "county_operator", SCOPE_COUNTY, INT64_C(141031000000));
    sell(house, buyer, market.sku_five);
    sell(house, buyer, market.sku_five);
    house_work(house, forget_places, NULL);
    struct house_reply list = house_get(house, county, "/api/orders?desk=place&place=141031000000");
    CHECK_INT(house_count(&list, "items"), 0);
    house_advance(house, 2 * (int64_t)HOUR_MS);
    house_run_jobs(house);
    list = house_get(house, county, "/api/orders?desk=place&place=141031000000");
    CHECK_INT(house_count(&list, "items"), 2);
}

HOUSE_TEST("orders: the house's freight is set by who operates the house, and read by everybody") {
    struct market market;
    market_open(house, &market);
    struct text operator= with_role(house, "13800000008", "operator", SCOPE_ALL, 0);
    struct text county =
        with_role(house, "13800000009", "county_operator", SCOPE_COUNTY, INT64_C(141031000000));
    const char *rule = "{\"first_g\":3000,\"first_fen\":900,\"next_g\":1000,\"next_fen\":200}";
    struct house_reply put = house_call(house, county, "PUT", "/api/freight-rules", rule);
    HOUSE_PROBLEM(&put, "not_found", "seller_id");
    put = house_call(house, market.keeper, "PUT", "/api/freight-rules", rule);
    HOUSE_PROBLEM(&put, "not_found", "seller_id");
    put = house_call(house, operator, "PUT", "/api/freight-rules", rule);
    HOUSE_STATUS(&put, 200);
    struct house_reply list = house_get(house, market.keeper, "/api/freight-rules");
    HOUSE_STATUS(&list, 200);
    CHECK_INT(house_int(&list, "items.0.first_fen"), 900);
}

HOUSE_TEST(
    "orders: the desk's lists go by state and carrier, of a seller, a place of any size and all") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct text auditor = with_role(house, "13800000008", "auditor", SCOPE_ALL, 0);
    int64_t sent_id = sell(house, buyer, market.sku_five);
    sell(house, buyer, market.sku_five);
    char row[200], seller[80];
    snprintf(row, sizeof(row),
             "{\"number\":\"%lld\",\"carrier\":\"EMS\",\"tracking_number\":\"EA99\"}",
             (long long)sent_id);
    struct house_reply sent = batch(house, market.keeper, row, false);
    HOUSE_STATUS(&sent, 200);
    snprintf(seller, sizeof(seller), "desk=seller&seller=%lld", (long long)market.seller_id);
    const char *const reaches[] = {seller, "desk=place&place=141031000000",
                                   "desk=place&place=141000000000", "desk=place&place=140000000000",
                                   "desk=all"};
    const struct {
        const char *wanted;
        int64_t count;
    } cases[] = {{"", 2},
                 {"&state=paid", 1},
                 {"&carrier=EMS", 1},
                 {"&carrier=EMS&state=shipped", 1},
                 {"&carrier=EMS&state=completed", 0},
                 {"&carrier=EMS&state=paid", 0},
                 {"&carrier=EMS&state=unpaid", 0},
                 {"&carrier=EMS&state=cancelled", 0},
                 {"&carrier=EMS&state=expired", 0},
                 {"&carrier=SF", 0},
                 {"&number=X12", 0},
                 {"&number=xy12", 0},
                 {"&number=-5", 0}};
    for (size_t i = 0; i < sizeof(reaches) / sizeof(reaches[0]); i++)
        for (size_t j = 0; j < sizeof(cases) / sizeof(cases[0]); j++) {
            struct house_reply list =
                house_get(house, auditor, "/api/orders?%s%s", reaches[i], cases[j].wanted);
            HOUSE_STATUS(&list, 200);
            CHECK_INT(house_count(&list, "items"), cases[j].count);
        }
    struct house_reply list =
        house_get(house, auditor, "/api/orders?desk=place&place=999999000000");
    HOUSE_PROBLEM(&list, "bad_input", "place");
}

HOUSE_TEST("orders: rules of freight page by region, the one for everywhere else first") {
    struct market market;
    market_open(house, &market);
    struct house_reply first = house_get(house, market.keeper, "/api/freight-rules?limit=1");
    HOUSE_STATUS(&first, 200);
    CHECK_INT(house_count(&first, "items"), 1);
    struct text next = house_text(&first, "next");
    CHECK_TEXT(next, "0");
    struct house_reply rest = house_get(house, market.keeper, "/api/freight-rules?after=1");
    CHECK_INT(house_count(&rest, "items"), 1);
    CHECK_INT(house_int(&rest, "items.0.region_code"), INT64_C(650000000000));
    CHECK(!house_has(&rest, "next"));
}

HOUSE_TEST("orders: what waits longest comes first when the desk asks for it, page by page") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13800000001");
    struct text auditor = with_role(house, "13800000008", "auditor", SCOPE_ALL, 0);
    int64_t ids[3];
    for (size_t i = 0; i < 3; i++) ids[i] = sell(house, buyer, market.sku_five);
    char seller[80];
    snprintf(seller, sizeof(seller), "desk=seller&seller=%lld", (long long)market.seller_id);
    const char *const reaches[] = {seller, "desk=place&place=141031000000",
                                   "desk=place&place=141000000000", "desk=place&place=140000000000",
                                   "desk=all"};
    const char *const filters[] = {"", "&state=paid", "&from=2026-01-01T00:00:00Z"};
    for (size_t i = 0; i < sizeof(reaches) / sizeof(reaches[0]); i++)
        for (size_t j = 0; j < sizeof(filters) / sizeof(filters[0]); j++) {
            struct text after = TEXT("");
            for (size_t k = 0; k < 3; k++) {
                struct house_reply page = house_get(
                    house, auditor, "/api/orders?%s%s&sort=oldest&limit=1%s%.*s", reaches[i],
                    filters[j], k ? "&after=" : "", (int)after.length, after.bytes);
                HOUSE_STATUS(&page, 200);
                CHECK_TEXT(house_text(&page, "items.0.id"),
                           text_terminated(house->arena,
                                           text_format(house->arena, "%lld", (long long)ids[k])));
                CHECK(house_has(&page, "next") == (k < 2));
                if (k < 2) after = house_text(&page, "next");
            }
        }
    struct house_reply bad = house_get(house, auditor, "/api/orders?desk=all&sort=sum");
    HOUSE_PROBLEM(&bad, "bad_input", "sort");
}

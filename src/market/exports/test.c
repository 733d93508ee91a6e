#include <stdio.h>
#include <string.h>

#include "ground/people/people.h"
#include "market/exports/inside.h"
#include "support/house.h"
#include "support/market.h"

static const char *body_of(struct house *house, const char *what, const char *format,
                           const char *filters) {
    return text_terminated(house->arena,
                           text_format(house->arena,
                                       "{\"what\":\"%s\",\"format\":\"%s\",\"filters\":[%s]}", what,
                                       format, filters));
}

static const char *of_seller(struct house *house, int64_t seller_id, const char *more) {
    return text_terminated(house->arena,
                           text_format(house->arena, "{\"name\":\"seller\",\"value\":\"%lld\"}%s",
                                       (long long)seller_id, more));
}

static struct house_reply ask(struct house *house, struct text token, const char *body) {
    return house_call(house, token, "POST", "/api/exports", body);
}

/* Runs the jobs and fetches the sheet. */
static struct house_reply fetch(struct house *house, struct text token,
                                const struct house_reply *asked) {
    struct text id = house_text(asked, "id");
    house_run_jobs(house);
    struct house_reply export =
        house_get(house, token, "/api/exports/%.*s", (int)id.length, id.bytes);
    HOUSE_STATUS(&export, 200);
    CHECK_TEXT(house_text(&export, "state"), "ready");
    struct text link = house_text(&export, "link");
    return house_get(house, TEXT(""), "%.*s", (int)link.length, link.bytes);
}

static size_t lines_of(struct text bytes) {
    size_t count = 0;
    for (size_t i = 0; i < bytes.length; i++) count += bytes.bytes[i] == '\n';
    return count;
}

HOUSE_TEST("exports: the orders of a shop as its list shows them, filtered, by a link that ends") {
    struct market market;
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13900000051");
    struct house_reply first = market_order(house, buyer, market.sku_five, 2);
    market_order(house, buyer, market.sku_five, 1);
    market_pay(house, &first);
    const char *seller = of_seller(house, market.seller_id, "");
    struct house_reply asked = ask(house, market.keeper, body_of(house, "orders", "csv", seller));
    HOUSE_STATUS(&asked, 201);
    CHECK_TEXT(house_text(&asked, "state"), "making");
    struct house_reply sheet = fetch(house, market.keeper, &asked);
    HOUSE_STATUS(&sheet, 200);
    CHECK(text_starts(sheet.body, TEXT("\xEF\xBB\xBF\"Order\",\"State\"")));
    CHECK_INT(lines_of(sheet.body), 3);
    CHECK(text_find(sheet.body, TEXT("\"paid\""), 0) != SIZE_MAX);
    CHECK(text_find(sheet.body, TEXT(",99.80,"), 0) != SIZE_MAX);
    CHECK(text_find(sheet.body, TEXT("13900000051"), 0) == SIZE_MAX);
    CHECK(text_find(sheet.body, TEXT("小店"), 0) != SIZE_MAX);
    const char *paid =
        of_seller(house, market.seller_id, ",{\"name\":\"state\",\"value\":\"paid\"}");
    asked = ask(house, market.keeper, body_of(house, "orders", "csv", paid));
    sheet = fetch(house, market.keeper, &asked);
    CHECK_INT(lines_of(sheet.body), 2);
    asked = ask(house, market.keeper, body_of(house, "orders", "xlsx", seller));
    sheet = fetch(house, market.keeper, &asked);
    CHECK(text_starts(sheet.body, TEXT("PK\x03\x04")));
    /* The link ends soon, the sheet after a week, and then nobody remembers it. */
    struct text id = house_text(&asked, "id");
    struct house_reply export =
        house_get(house, market.keeper, "/api/exports/%.*s", (int)id.length, id.bytes);
    struct text link = house_text(&export, "link");
    house_advance(house, 21 * MINUTE_MS);
    sheet = house_get(house, TEXT(""), "%.*s", (int)link.length, link.bytes);
    HOUSE_STATUS(&sheet, 404);
    house_advance(house, 8 * DAY_MS);
    house_run_jobs(house);
    market.keeper = house_person(house, "13900000052", NULL);
    export = house_get(house, market.keeper, "/api/exports");
    CHECK_INT(house_count(&export, "items"), 0);
    char command[120], line[32] = "";
    snprintf(command, sizeof(command), "find %s -path '*sheets*' -type f | wc -l", house->folder);
    FILE *out = popen(command, "r");
    CHECK(out && fgets(line, sizeof(line), out));
    pclose(out);
    CHECK_TEXT(text_trim(text_of(line)), "0");
}

HOUSE_TEST("exports: goods and stock, many pages of them, in the language of who asks") {
    struct market market;
    market_open(house, &market);
    const char *seller = of_seller(house, market.seller_id, "");
    struct text body = text_of(body_of(house, "goods", "csv", seller));
    struct house_reply asked = house_send(house, &(struct road_call){.method = "POST",
                                                                     .target = TEXT("/api/exports"),
                                                                     .body = body,
                                                                     .token = market.keeper});
    struct house_reply sheet = fetch(house, market.keeper, &asked);
    CHECK(text_starts(sheet.body, TEXT("\xEF\xBB\xBF\"商品编号\",\"商品\"")));
    CHECK_INT(lines_of(sheet.body), 3);
    CHECK(text_find(sheet.body, TEXT(",49.90,"), 0) != SIZE_MAX);
    asked = ask(house, market.keeper, body_of(house, "stock", "csv", seller));
    sheet = fetch(house, market.keeper, &asked);
    CHECK_INT(lines_of(sheet.body), 3);
    struct text buyer = market_buyer(house, "13900000053");
    for (int i = 0; i < 60; i++) market_order(house, buyer, market.sku_five, 1);
    asked = ask(house, market.keeper, body_of(house, "orders", "csv", seller));
    sheet = fetch(house, market.keeper, &asked);
    CHECK_INT(lines_of(sheet.body), 61);
}

struct role {
    int64_t person_id;
    int64_t seller_id;
    bool take;
};

static refusal change_role(struct request *q, void *context) {
    const struct role *role = context;
    return (role->take ? people_take_role : people_give_role)(q, role->person_id, "seller_keeper",
                                                              SCOPE_ORGANISATION, role->seller_id);
}

HOUSE_TEST("exports: nobody gets more than the list shows, also when a role ends meanwhile") {
    struct market market, other;
    market_open(house, &market);
    market_open_another(house, "13900000054", &other);
    const char *seller = of_seller(house, market.seller_id, "");
    const char *const kinds[] = {"orders", "goods", "stock"};
    for (size_t i = 0; i < 3; i++) {
        struct house_reply reply =
            ask(house, other.keeper, body_of(house, kinds[i], "csv", seller));
        HOUSE_STATUS(&reply, 404);
    }
    struct house_reply reply = ask(house, market.keeper, body_of(house, "orders", "csv", ""));
    HOUSE_PROBLEM(&reply, "bad_input", "filters.desk");
    reply = ask(house, market.keeper,
                body_of(house, "orders", "csv", "{\"name\":\"state\",\"value\":\"lost\"}"));
    HOUSE_STATUS(&reply, 400);
    reply = ask(house, market.keeper,
                body_of(house, "goods", "csv", "{\"name\":\"colour\",\"value\":\"red\"}"));
    HOUSE_PROBLEM(&reply, "bad_input", "filters.colour");
    /* Where pages begin is no filter, and each name is heard once: nothing else may be kept. */
    const char *twice = of_seller(house, market.seller_id, ",{\"name\":\"after\",\"value\":\"\"}");
    reply = ask(house, market.keeper, body_of(house, "goods", "csv", twice));
    HOUSE_PROBLEM(&reply, "bad_input", "filters.after");
    twice = of_seller(house, market.seller_id, ",{\"name\":\"limit\",\"value\":\"5\"}");
    reply = ask(house, market.keeper, body_of(house, "goods", "csv", twice));
    HOUSE_PROBLEM(&reply, "bad_input", "filters.limit");
    twice = of_seller(house, market.seller_id, "");
    twice = of_seller(house, market.seller_id,
                      text_terminated(house->arena, text_format(house->arena, ",%s", twice)));
    reply = ask(house, market.keeper, body_of(house, "goods", "csv", twice));
    HOUSE_PROBLEM(&reply, "bad_input", "filters.seller");
    /* Another's exports are not there. */
    reply = ask(house, market.keeper, body_of(house, "goods", "csv", seller));
    HOUSE_STATUS(&reply, 201);
    struct text id = house_text(&reply, "id");
    reply = house_get(house, other.keeper, "/api/exports/%.*s", (int)id.length, id.bytes);
    HOUSE_STATUS(&reply, 404);
    reply = house_get(house, other.keeper, "/api/exports");
    CHECK_INT(house_count(&reply, "items"), 0);
    struct role role = {.seller_id = market.seller_id};
    struct text guest = house_person(house, "13900000055", &role.person_id);
    house_work(house, change_role, &role);
    reply = ask(house, guest, body_of(house, "goods", "csv", seller));
    HOUSE_STATUS(&reply, 201);
    id = house_text(&reply, "id");
    role.take = true;
    house_work(house, change_role, &role);
    house_run_jobs(house);
    reply = house_get(house, guest, "/api/exports/%.*s", (int)id.length, id.bytes);
    CHECK_TEXT(house_text(&reply, "state"), "refused");
    CHECK(!house_has(&reply, "link"));
}

HOUSE_TEST("exports: filters of the longest words are refused or kept, and never end the server") {
    struct market market;
    market_open(house, &market);
    struct buffer more = buffer_make(house->arena, 16 * 1024);
    for (int i = 0; i < EXPORTS_FILTERS_MAX - 1; i++) {
        buffer_add_literal(&more, ",{\"name\":\"after\",\"value\":\"");
        for (int j = 0; j < 100; j++) buffer_add_literal(&more, "\U0002070E");
        buffer_add_literal(&more, "\"}");
    }
    const char *filters =
        of_seller(house, market.seller_id, text_terminated(house->arena, buffer_text(&more)));
    struct house_reply reply = ask(house, market.keeper, body_of(house, "goods", "csv", filters));
    HOUSE_PROBLEM(&reply, "bad_input", "filters.after");
}

static struct text begin_listing(const struct market *market, struct house *house,
                                 const char *title) {
    struct house_reply all = house_get(house, TEXT(""), "/api/categories");
    struct text category = house_text(&all, "items.0.id");
    struct text body = text_format(
        house->arena,
        "{\"goods\":{\"seller_id\":\"%lld\",\"category_id\":\"%.*s\","
        "\"place_code\":\"141031000000\",\"title\":\"%s\",\"pictures\":[\"/img/apple.webp\"],"
        "\"piece_name\":\"箱\",\"skus\":[{\"price_fen\":100,\"net\":{\"amount\":\"5\","
        "\"unit\":\"斤\"},\"weight_g\":2600,\"return_policy\":\"fresh\"}]}}",
        (long long)market->seller_id, (int)category.length, category.bytes, title);
    struct house_reply made = house_call(house, market->keeper, "POST", "/api/listings",
                                         text_terminated(house->arena, body));
    HOUSE_STATUS(&made, 201);
    return house_text(&made, "id");
}

static refusal make_reviewer(struct request *q, void *context) {
    return people_give_role(q, *(int64_t *)context, "county_operator", SCOPE_COUNTY,
                            INT64_C(141031000000));
}

HOUSE_TEST("exports: listings as the review desk and the seller see them, each no more than that") {
    struct market market, other;
    market_open(house, &market);
    market_open_another(house, "13900000054", &other);
    struct text id = begin_listing(&market, house, "苹果一号");
    begin_listing(&market, house, "苹果二号");
    struct house_reply sent = house_call(
        house, market.keeper, "POST",
        text_terminated(house->arena, text_format(house->arena, "/api/listings/%.*s/submissions",
                                                  (int)id.length, id.bytes)),
        NULL);
    HOUSE_STATUS(&sent, 201);
    int64_t county_id;
    struct text county = house_person(house, "13900000056", &county_id);
    house_work(house, make_reviewer, &county_id);
    struct house_reply asked = ask(house, county, body_of(house, "listings", "csv", ""));
    HOUSE_STATUS(&asked, 201);
    struct house_reply sheet = fetch(house, county, &asked);
    CHECK_INT(lines_of(sheet.body), 2); /* what was not sent in is the seller's alone */
    CHECK(text_find(sheet.body, TEXT("苹果一号"), 0) != SIZE_MAX);
    CHECK(text_find(sheet.body, TEXT("\"submitted\""), 0) != SIZE_MAX);
    const char *seller = of_seller(house, market.seller_id, "");
    asked = ask(house, market.keeper, body_of(house, "listings", "csv", seller));
    sheet = fetch(house, market.keeper, &asked);
    CHECK_INT(lines_of(sheet.body), 3);
    CHECK(text_find(sheet.body, TEXT("\"draft\""), 0) != SIZE_MAX);
    struct house_reply none = ask(house, other.keeper, body_of(house, "listings", "csv", seller));
    HOUSE_STATUS(&none, 404);
    none = ask(house, other.keeper, body_of(house, "listings", "csv", ""));
    HOUSE_PROBLEM(&none, "bad_input", "filters.seller");
    none = ask(house, county,
               body_of(house, "listings", "csv", "{\"name\":\"state\",\"value\":\"draft\"}"));
    HOUSE_PROBLEM(&none, "bad_input", "state");
}

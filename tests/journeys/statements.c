/* The table of statements: how many SQL statements each route needs, authentication and idempotency
 * key included. The numbers are the same in a world ten times as large and on both engines; where a
 * request carries lines, they grow by the line. `journey_statements table` prints it for the
 * documents. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "support/story.h"

/* LIST: the reply shows more in the larger world. Slow work before the transaction (log-in,
 * password, closure) counts its tries in transactions of its own, which are not in here. */
static const struct row {
    const char *key;
    int64_t statements;
    bool is_list;
} table[] = {
    {"POST /api/codes", 8, false},
    {"POST /api/sessions # by a code, the first time", 13, false},
    {"PUT /api/people/me/password", 6, false},
    {"POST /api/sessions # by a password", 8, false},
    {"GET /api/sessions", 2, true},
    {"DELETE /api/sessions/{id}", 4, false},
    {"DELETE /api/sessions/current", 4, false},
    {"GET /api/events", 1, false},
    {"GET /api/people/me", 3, false},
    {"PUT /api/people/me", 7, false},
    {"GET /api/people/me/addresses", 2, true},
    {"POST /api/people/me/addresses", 7, false},
    {"PUT /api/people/me/addresses/{id}", 6, false},
    {"DELETE /api/people/me/addresses/{id}", 5, false},
    {"POST /api/address-parses", 1, false},
    {"POST /api/people/me/closure", 20, false},
    {"GET /api/people/me/consents", 2, false},
    {"PUT /api/people/me/consents/{kind}", 7, false},
    {"GET /api/people/me/exports", 2, false},
    {"POST /api/people/me/exports", 9, false},
    {"POST /api/people/me/exports/{id}/download", 4, false},
    {"GET /api/people/me/unmaskings", 2, false},
    {"PUT /api/people/me/phone # with both codes", 13, false},
    {"PUT /api/people/me/phone # with the password", 11, false},
    {"DELETE /api/people/me/phone-change", 6, false},
    {"POST /api/unmaskings # an order", 8, false},
    {"POST /api/unmaskings # a person", 9, false},
    {"POST /api/person-lookups", 9, false},
    {"GET /api/roles", 2, false},
    {"PUT /api/roles/{name} # of 2 permissions", 10, false},
    {"POST /api/grants", 8, false},
    {"GET /api/grants # all", 2, false},
    {"GET /api/grants # by role", 2, false},
    {"GET /api/grants # of a seller", 3, false},
    {"DELETE /api/grants/{key}", 8, false},
    {"GET /api/places", 0, false},
    {"GET /api/places/{code}", 0, false},
    {"POST /api/files", 3, false},
    {"GET /files/{name}", 0, false},
    {"POST /api/files/papers", 3, false},
    {"GET /files/papers/{name}", 0, false},
    {"POST /api/categories", 10, false},
    {"PUT /api/categories/{id}", 12, false},
    {"PUT /api/sections/{code}", 6, false},
    {"GET /api/sections/{code}/goods", 3, true},
    {"PUT /api/sections/{code}/goods", 11, false},
    {"PUT /api/zones/{code}", 11, false},
    {"GET /api/units", 1, false},
    {"PUT /api/units", 10, false},
    {"GET /api/banners", 2, false},
    {"PUT /api/banners", 9, false},
    {"PUT /api/popular-words", 7, false},
    {"POST /api/sellers", 10, false},
    {"PUT /api/sellers/{id}", 16, false},
    {"GET /api/home", 7, true},
    {"GET /api/categories", 1, true},
    {"GET /api/sections", 2, true},
    {"GET /api/sections/{code}", 2, true},
    {"GET /api/zones", 2, true},
    {"GET /api/zones/{code}", 2, true},
    {"GET /api/sellers", 1, true},
    {"GET /api/sellers/{id}", 1, false},
    {"GET /api/goods/{id}", 3, false},
    {"GET /api/goods/{id}/prices", 1, true},
    {"GET /api/goods # all", 1, true},
    {"GET /api/goods # by section, zone and price", 3, true},
    {"GET /api/goods # by words", 2, true},
    {"GET /api/goods # by words and price", 2, true},
    {"GET /api/goods # nothing found", 4, false},
    {"GET /api/suggestions # by words", 3, false},
    {"GET /api/suggestions # popular", 1, true},
    {"PUT /api/goods/{id}/sale", 23, false},
    {"PUT /api/goods/{id}/skus/{sku_id}/price", 16, false},
    {"GET /api/sellers/{id}/goods", 5, true},
    {"GET /api/stock", 7, true},
    {"POST /api/stock/receipts", 16, false},
    {"POST /api/stock/losses", 17, false},
    {"POST /api/stock/counts", 18, false},
    {"POST /api/listings", 14, false},
    {"PUT /api/listings/{id}", 14, false},
    {"POST /api/listings/{id}/submissions", 17, false},
    {"POST /api/listings/{id}/decisions", 68, false},
    {"GET /api/goods/{id}/draft", 4, false},
    {"POST /api/listings/{id}/submissions # a change", 20, false},
    {"GET /api/listings", 2, true},
    {"GET /api/listings/{id}", 5, false},
    {"POST /api/listings/{id}/decisions # a change", 34, false},
    {"GET /api/sellers/{id}/listings", 3, true},
    {"POST /api/listings/{id}/withdrawal", 11, false},
    {"GET /api/listing-words", 2, false},
    {"PUT /api/listing-words", 7, false},
    {"GET /api/import-templates/{kind}", 0, false},
    {"POST /api/imports", 9, false},
    {"GET /api/imports", 3, true},
    {"GET /api/imports/{id}", 3, false},
    {"GET /api/imports/{id}/errors", 4, false},
    {"GET /files/imports/{id}/{name}", 0, false},
    {"POST /api/imports/{id}/runs", 10, false},
    {"GET /api/seller-kinds", 0, false},
    {"POST /api/seller-applications", 10, false},
    {"PUT /api/seller-applications/{id}", 9, false},
    {"POST /api/seller-applications/{id}/submissions", 11, false},
    {"GET /api/seller-applications # one's own", 2, true},
    {"GET /api/seller-applications # of a desk", 2, true},
    {"POST /api/seller-applications/{id}/recommendations", 11, false},
    {"GET /api/seller-applications/{id}", 4, false},
    {"POST /api/seller-applications/{id}/contact-views", 10, false},
    {"POST /api/seller-applications/{id}/decisions", 21, false},
    {"POST /api/seller-applications/{id}/withdrawal", 10, false},
    {"PUT /api/freight-rules", 6, false},
    {"GET /api/freight-rules", 3, false},
    {"GET /api/cart", 4, true},
    {"PUT /api/cart/lines/{sku_id}", 8, false},
    {"DELETE /api/cart/lines/{sku_id}", 7, false},
    {"POST /api/quotes", 5, false},
    {"POST /api/orders # 1 line", 11, false},
    {"GET /api/orders/{id} # the buyer", 5, false},
    {"GET /api/orders # one's own", 2, true},
    {"POST /api/orders/{id}/cancellation # 1 line", 12, false},
    {"POST /api/orders/{id}/payments", 10, false},
    {"GET /api/payments/{id}", 3, false},
    {"POST /api/payment-notices/{gateway} # 1 line", 13, false},
    {"GET /api/orders # of a seller", 2, true},
    {"GET /api/orders/{id} # the seller", 5, false},
    {"POST /api/orders/{id}/refunds # a sum", 19, false},
    {"POST /api/orders/{id}/shipment # 1 line", 15, false},
    {"POST /api/shipment-batches # 1 row, done before", 4, false},
    {"GET /api/orders # of a county", 2, true},
    {"GET /api/orders # of all", 2, true},
    {"GET /api/orders # by parcel", 2, false},
    {"POST /api/orders/{id}/shipment-events", 9, false},
    {"POST /api/cases/previews", 3, false},
    {"POST /api/cases", 23, false},
    {"GET /api/cases/{id} # the buyer", 8, false},
    {"POST /api/cases/{id}/answers # agreed", 19, false},
    {"POST /api/cases/{id}/shipments # back", 17, false},
    {"POST /api/cases/{id}/receipts # back on the shelf", 41, false},
    {"POST /api/cases/{id}/replies # appeal", 15, false},
    {"GET /api/cases # at the desk", 2, true},
    {"POST /api/cases/{id}/decisions # money", 38, false},
    {"POST /api/cases/{id}/withdrawal", 19, false},
    {"GET /api/cases # one's own", 2, true},
    {"GET /api/cases # of a seller", 2, true},
    {"POST /api/complaints", 9, false},
    {"GET /api/complaints/{id}", 3, false},
    {"GET /api/complaints # at the desk", 2, true},
    {"POST /api/complaints/{id}/answers", 10, false},
    {"GET /api/complaints # one's own", 3, true},
    {"POST /api/invoices", 12, false},
    {"POST /api/invoices/{id}/papers", 12, false},
    {"POST /api/invoices/{id}/refusals", 9, false},
    {"GET /api/invoices/{id}", 3, false},
    {"GET /api/invoices # one's own", 2, true},
    {"GET /api/invoices # of a seller", 3, true},
    /* The story alone fills a page of it. */
    {"POST /api/orders/{id}/receipt", 11, false},
    {"POST /api/exports", 9, false},
    {"GET /api/exports", 2, true},
    {"GET /api/exports/{id}", 2, false},
    {"GET /files/sheets/{id}/{name}", 0, false},
    {"GET /api/webhooks", 2, true},
    {"POST /api/webhooks", 5, false},
    {"GET /api/webhooks/{id}", 2, false},
    {"PUT /api/webhooks/{id}", 8, false},
    {"DELETE /api/webhooks/{id}", 7, false},
    {"POST /api/webhooks/{id}/secrets", 5, false},
    {"POST /api/webhooks/{id}/tests", 7, false},
    {"GET /api/webhooks/{id}/deliveries", 3, true},
    {"POST /api/webhooks/{id}/deliveries/{delivery_id}/resends", 9, false},
    {"GET /api/messages", 3, true},
    {"POST /api/messages/{id}/reads", 5, false},
    {"POST /api/messages/reads", 5, false},
    {"GET /api/message-words", 2, false},
    {"PUT /api/message-words/{kind}", 7, false},
    {"DELETE /api/message-words/{kind}", 6, false},
    /* The smallest story fills a page of it. */
    {"GET /api/audit # all", 2, false},
    {"GET /api/audit # of a person", 2, true},
    {"GET /api/audit # of an action and a time", 2, false},
    {"GET /api/audit # of a subject", 2, false},
    {"GET /api/dashboard # of a seller", 6, false},
    {"GET /api/dashboard # of all", 9, false},
    {"GET /api/dashboard/parts", 2, false},
    {"GET /api/stock-alarms # of a seller", 2, false},
    {"GET /api/stock-alarms # of all", 2, false},
};

/* What grows with what a request itself carries: BASE + PER_LINE x lines. */
static const struct formula {
    const char *key;
    int64_t base;
    int64_t per_line;
} formulas[] = {
    {"POST /api/orders # n lines of one seller", 8, 3},
    {"POST /api/orders # n lines, each of another seller", 7, 4},
    {"POST /api/orders/{id}/cancellation # n lines", 10, 2},
    {"POST /api/payment-notices/{gateway} # n lines", 11, 2},
    {"POST /api/orders/{id}/shipment # n lines", 13, 2},
    {"POST /api/orders/{id}/refunds # n lines", 20, 5},
    {"POST /api/orders/{id}/refunds # all of n lines", 20, 4},
    {"POST /api/goods # of n SKUs", 30, 15},
    {"POST /api/listings # of n SKUs", 14, 0},
    {"POST /api/listings/{id}/submissions # of n SKUs", 17, 0},
    {"POST /api/listings/{id}/decisions # of n SKUs", 38, 15},
};

enum { ROWS = sizeof(table) / sizeof(table[0]), FORMULAS = sizeof(formulas) / sizeof(formulas[0]) };

/* ---- the table ---- */

struct reading {
    int64_t statements[ROWS]; /* -1: not seen */
    size_t shown[ROWS];
};

/* Everything that stands in some list of the reply. */
static size_t items_of(const json_t *json) {
    size_t count = 0, index;
    const char *name;
    json_t *inner;
    if (json_is_array(json)) {
        count += json_array_size(json);
        json_array_foreach((json_t *)(uintptr_t)json, index, inner) count += items_of(inner);
    } else if (json_is_object(json)) {
        json_object_foreach((json_t *)(uintptr_t)json, name, inner) count += items_of(inner);
    }
    return count;
}

static void read_step(struct story *story, const char *key, const struct route *route,
                      const struct house_reply *reply) {
    struct reading *reading = story->context;
    (void)route;
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(table[i].key, key) != 0) continue;
        reading->statements[i] = reply->road.statement_count;
        reading->shown[i] = items_of((const json_t *)reply->json);
        return;
    }
    test_fail(__FILE__, __LINE__, "the table has no row for %s (%lld statements)", key,
              (long long)reply->road.statement_count);
}

static void read_world(struct house *house, int size, struct reading *ret_reading) {
    struct story story;
    for (size_t i = 0; i < ROWS; i++) ret_reading->statements[i] = -1;
    story_open(house, size, &story);
    story.seen = read_step;
    story.context = ret_reading;
    story_tell(&story);
}

static void compare(const struct reading *reading) {
    size_t wrong = 0;
    for (size_t i = 0; i < ROWS; i++) {
        if (reading->statements[i] == table[i].statements) continue;
        wrong++;
        printf("  %s: %lld statements, the table says %lld\n", table[i].key,
               (long long)reading->statements[i], (long long)table[i].statements);
    }
    CHECK_INT(wrong, 0);
}

HOUSE_TEST("statements: every route needs as many as the table says, in a small world") {
    struct reading small;
    read_world(house, 1, &small);
    compare(&small);
}

HOUSE_TEST("statements: and as many in a world ten times as large, though lists show more") {
    struct reading large;
    struct house *other = house_open(house->postgres);
    struct reading *small = arena_new(house->arena, struct reading, 1);
    read_world(other, 1, small);
    house_close(other);
    read_world(house, 10, &large);
    compare(&large);
    /* A page is full long before ten times as much is shown. */
    for (size_t i = 0; i < ROWS; i++)
        if (table[i].is_list && large.shown[i] <= small->shown[i])
            test_fail(__FILE__, __LINE__,
                      "%s shows %zu in the small world and only %zu in the large", table[i].key,
                      small->shown[i], large.shown[i]);
}

TEST("statements: every route of the house has a row") {
    size_t room_count;
    const struct room *const *rooms = rooms_all(&room_count);
    for (size_t i = 0; i < room_count; i++)
        for (size_t j = 0; j < rooms[i]->route_count; j++) {
            size_t row = 0;
            while (row < ROWS && story_route(table[row].key) != &rooms[i]->routes[j]) row++;
            if (row == ROWS)
                test_fail(__FILE__, __LINE__, "no row for %s", rooms[i]->routes[j].address);
        }
}

/* ---- what grows with the lines ---- */

static void read_formula(struct story *story, const char *key, const struct route *route,
                         const struct house_reply *reply) {
    int64_t lines = *(const int64_t *)story->context;
    (void)route;
    for (size_t i = 0; i < FORMULAS; i++) {
        const struct formula *formula = &formulas[i];
        if (strcmp(formula->key, key) != 0) continue;
        int64_t wanted = formula->base + formula->per_line * lines;
        if (reply->road.statement_count != wanted)
            test_fail(__FILE__, __LINE__, "%s: %lld statements with n = %lld, wanted %lld", key,
                      (long long)reply->road.statement_count, (long long)lines, (long long)wanted);
        return;
    }
    test_fail(__FILE__, __LINE__, "no formula for %s", key);
}

static void act(struct story *story, struct text token, struct text order_id, const char *key,
                const char *body) {
    const char *what = strchr(key, '}') + 1;
    story_step(story, token, key,
               cast_words(&story->cast, "/api/orders/%.*s%.*s", (int)order_id.length,
                          order_id.bytes, (int)strcspn(what, " "), what),
               body);
}

static const char *refund_of(struct story *story, size_t lines) {
    struct buffer all = buffer_make(story->cast.house->arena, 2000);
    for (size_t i = 0; i < lines; i++)
        buffer_add_format(&all, "%s{\"line_no\":%zu,\"count\":1}", i ? "," : "", i + 1);
    return cast_words(&story->cast, "{\"lines\":[%.*s],\"reason\":\"坏了\"}", (int)all.length,
                      all.bytes);
}

static void buy_and_undo(struct story *story, size_t lines) {
    const char *paid = "POST /api/payment-notices/{gateway} # n lines";
    struct text order_id = story_order(story, "POST /api/orders # n lines of one seller", 0, lines);
    act(story, story->buyer.token, order_id, "POST /api/orders/{id}/cancellation # n lines", NULL);
    order_id = story_order(story, NULL, 0, lines);
    story_pay(story, order_id, paid);
    act(story, story->keeper.token, order_id, "POST /api/orders/{id}/refunds # n lines",
        refund_of(story, lines));
    order_id = story_order(story, NULL, 0, lines);
    story_pay(story, order_id, paid);
    act(story, story->keeper.token, order_id, "POST /api/orders/{id}/refunds # all of n lines",
        "{\"reason\":\"发不出来\"}");
    order_id = story_order(story, NULL, 0, lines);
    story_pay(story, order_id, paid);
    act(story, story->keeper.token, order_id, "POST /api/orders/{id}/shipment # n lines",
        "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}");
}

static void buy_everywhere(struct story *story, size_t sellers) {
    const int64_t skus[] = {story->cast.home.sku_five, story->cast.near.sku_five,
                            story->cast.away.sku_five};
    struct buffer lines = buffer_make(story->cast.house->arena, 2000);
    for (size_t i = 0; i < sellers; i++)
        buffer_add_format(&lines, "%s{\"sku_id\":\"%lld\",\"count\":1}", i ? "," : "",
                          (long long)skus[i]);
    story_step(story, story->buyer.token, "POST /api/orders # n lines, each of another seller",
               "/api/orders",
               cast_words(&story->cast, "{\"lines\":[%.*s],\"ticked_return_terms\":true}",
                          (int)lines.length, lines.bytes));
}

HOUSE_TEST("statements: what carries lines grows by the line, and by nothing else") {
    static const size_t counts[] = {1, 2, 5, 8, 20};
    struct story story;
    int64_t lines;
    story_open(house, 3, &story);
    story.seen = read_formula;
    story.context = &lines;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        lines = (int64_t)counts[i];
        buy_and_undo(&story, counts[i]);
        if (counts[i] != 2) story_listing(&story, counts[i]);
    }
    for (lines = 1; lines <= 3; lines++) buy_everywhere(&story, (size_t)lines);
    house_check_books(house);
}

TEST("statements: the table, for the documents") {
    printf("| route | way | statements |\n|---|---|---|\n");
    for (size_t i = 0; i < ROWS; i++) {
        const char *way = strstr(table[i].key, " # ");
        int length = (int)(way ? way - table[i].key : (long)strlen(table[i].key));
        printf("| `%.*s` | %s | %lld |\n", length, table[i].key, way ? way + 3 : "",
               (long long)table[i].statements);
    }
    for (size_t i = 0; i < FORMULAS; i++) {
        const char *way = strstr(formulas[i].key, " # ");
        printf("| `%.*s` | %s | %lld + %lld n |\n", (int)(way - formulas[i].key), formulas[i].key,
               way + 3, (long long)formulas[i].base, (long long)formulas[i].per_line);
    }
}

#include "demo/demo.h"

#include <stdio.h>

#include "demo/world.h"
#include "ground/people/people.h"
#include "support/house.h"

static struct text nobody(void) { return TEXT(""); }

static int load(struct house *house, const char *scale, const char *people, const char *seed) {
    char *words[] = {(char *)(uintptr_t) "--scale",  (char *)(uintptr_t)scale,
                     (char *)(uintptr_t) "--people", (char *)(uintptr_t)people,
                     (char *)(uintptr_t) "--seed",   (char *)(uintptr_t)seed};
    return demo_run(house->app, 6, words);
}

/* Everything that all lists show, but for ids. */
static struct text picture_of(struct house *house) {
    struct buffer all = buffer_make(house->arena, 1024 * 1024);
    struct text after = {0};
    for (;;) {
        struct house_reply page = house_get(
            house, nobody(), "/api/goods?sort=origin&limit=50%s%.*s", after.length ? "&after=" : "",
            (int)after.length, after.bytes ? after.bytes : "");
        for (size_t i = 0; i < house_count(&page, "items"); i++) {
            char path[40];
            snprintf(path, sizeof(path), "items.%zu.title", i);
            buffer_add_text(&all, house_text(&page, path));
            snprintf(path, sizeof(path), "items.%zu.seller_name", i);
            buffer_add_text(&all, house_text(&page, path));
            snprintf(path, sizeof(path), "items.%zu.price_fen", i);
            buffer_add_int(&all, house_int(&page, path));
            snprintf(path, sizeof(path), "items.%zu.sold_count", i);
            CHECK_INT(house_int(&page, path), 0);
        }
        if (!house_has(&page, "next")) return buffer_text(&all);
        after = text_copy(house->arena, house_text(&page, "next"));
    }
}

HOUSE_TEST("demo: the world stands, its books hold, and nothing was ever sold in it") {
    CHECK_INT(load(house, "1", "25", "7"), 0);
    struct house_reply home = house_get(house, nobody(), "/api/home");
    HOUSE_STATUS(&home, 200);
    CHECK_INT(house_count(&home, "sections"), 4);
    CHECK_INT(house_count(&home, "zones.0.counties"), 18);
    CHECK_INT(house_count(&home, "village_shops"), 14);
    CHECK(house_count(&home, "banner") > 0);
    CHECK(house_count(&home, "season") > 0);
    CHECK_INT(home.road.statement_count, 7);
    for (int i = 0; i < 18; i++) {
        char path[60];
        snprintf(path, sizeof(path), "zones.0.counties.%d.goods_count", i);
        CHECK(house_int(&home, path) > 0);
    }
    struct house_reply found = house_get(house, nobody(), "/api/goods?q=%%E7%%8E%%89%%E9%%9C%%B2");
    CHECK(house_count(&found, "items") > 0);
    struct house_reply words = house_get(house, nobody(), "/api/suggestions");
    CHECK(house_count(&words, "items") > 0);
    picture_of(house);
    house_check_books(house);
}

static refusal make_reviewer(struct request *q, void *context) {
    return people_give_role(q, *(int64_t *)context, "reviewer", SCOPE_ALL, 0);
}

HOUSE_TEST("demo: two want to sell, three listings wait, one came back") {
    int64_t person_id;
    CHECK_INT(load(house, "1", "0", "7"), 0);
    struct text token = house_person(house, "13900000001", &person_id);
    house_work(house, make_reviewer, &person_id);
    static const struct {
        const char *target;
        size_t count;
    } lists[] = {{"/api/seller-applications?desk=true", 1},
                 {"/api/seller-applications?desk=true&state=recommended", 1},
                 {"/api/listings", 3},
                 {"/api/listings?state=refused", 1}};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct house_reply list = house_get(house, token, "%s", lists[i].target);
        CHECK_INT(house_count(&list, "items"), lists[i].count);
    }
}

HOUSE_TEST(
    "demo: a sheet waits with two rows that cannot be taken, one is done, one can be fetched") {
    CHECK_INT(load(house, "1", "0", "7"), 0);
    house_run_jobs(house);
    struct house_reply session =
        house_call(house, nobody(), "POST", "/api/sessions",
                   "{\"phone\":\"13800138002\",\"password\":\"xiangji-dianzhu-2\"}");
    HOUSE_STATUS(&session, 201);
    struct text token = house_text(&session, "token");
    struct house_reply me = house_get(house, token, "/api/people/me");
    struct text shop = house_text(&me, "organisation_ids.0");
    struct house_reply list =
        house_get(house, token, "/api/imports?seller=%.*s", (int)shop.length, shop.bytes);
    CHECK_INT(house_count(&list, "items"), 2);
    CHECK_TEXT(house_text(&list, "items.0.state"), "checked");
    CHECK_INT(house_int(&list, "items.0.bad_count"), 2);
    CHECK_TEXT(house_text(&list, "items.1.state"), "done");
    CHECK_INT(house_int(&list, "items.1.made_count"), 1);
    list = house_get(house, token, "/api/exports");
    CHECK_TEXT(house_text(&list, "items.0.state"), "ready");
    CHECK(house_int(&list, "items.0.row_count") > 0);
    house_check_books(house);
}

HOUSE_TEST("demo: a house where somebody sells already is left alone; wrong words are refused") {
    CHECK_INT(load(house, "0", "0", "1"), 2);
    CHECK_INT(load(house, "2", "-1", "1"), 2);
    CHECK_INT(load(house, "many", "0", "1"), 2);
    struct house_reply list = house_get(house, nobody(), "/api/goods");
    CHECK_INT(house_count(&list, "items"), 0);
    CHECK_INT(load(house, "1", "0", "1"), 0);
    struct text before = picture_of(house);
    CHECK_INT(load(house, "1", "0", "1"), 1);
    CHECK(text_equal(picture_of(house), before));
}

HOUSE_TEST("demo: a further world is as large again, and the seed alone decides about it") {
    CHECK_INT(load(house, "2", "0", "5"), 0);
    struct text once = picture_of(house);
    house_check_books(house);
    struct house *second = house_open(false);
    struct house *third = house_open(false);
    CHECK_INT(load(second, "2", "0", "5"), 0);
    CHECK_INT(load(third, "2", "0", "6"), 0);
    CHECK(text_equal(once, picture_of(second)));
    CHECK(!text_equal(once, picture_of(third)));
    struct house_reply shops =
        house_get(house, nobody(), "/api/sellers?kind=village_shop&limit=50");
    CHECK_INT(house_count(&shops, "items"), 14);
    house_close(second);
    house_close(third);
}

HOUSE_TEST("demo: two weeks of orders keep to the rules, wait where they are young, and sum up") {
    char *words[] = {(char *)(uintptr_t) "--orders", (char *)(uintptr_t) "84"};
    CHECK_INT(demo_run(house->app, 2, words), 0);
    house_run_jobs(house);
    house_check_books(house);
    struct house_reply session =
        house_call(house, nobody(), "POST", "/api/sessions",
                   "{\"phone\":\"13800138003\",\"password\":\"xiangji-yunying-3\"}");
    HOUSE_STATUS(&session, 201);
    struct house_reply board = house_get(house, house_text(&session, "token"), "/api/dashboard");
    int64_t days_with_orders = 0;
    for (int i = 0; i < 14; i++) {
        char path[60];
        snprintf(path, sizeof(path), "series.%d.order_count", i);
        days_with_orders += house_int(&board, path) > 0;
    }
    CHECK(days_with_orders >= 12);
    static const char *const lists[] = {"cases", "complaints"};
    for (int i = 0; i < 2; i++) {
        struct house_reply waiting =
            house_get(house, house_text(&session, "token"), "/api/%s?desk=true", lists[i]);
        HOUSE_STATUS(&waiting, 200);
        CHECK(house_count(&waiting, "items") > 0);
    }
    CHECK(house_int(&board, "duties.0.count") > 0);
}

/* What happened is told by the jobs of the house, as everywhere. */
static void expect_kind(struct house *house, const char *phone, const char *kind) {
    struct text token = house_person(house, phone, NULL);
    struct house_reply inbox = house_get(house, token, "/api/messages?limit=50");
    char path[40];
    HOUSE_STATUS(&inbox, 200);
    for (size_t i = 0; i < house_count(&inbox, "items"); i++) {
        snprintf(path, sizeof(path), "items.%zu.kind", i);
        if (text_is(house_text(&inbox, path), kind)) return;
    }
    test_fail(__FILE__, __LINE__, "%s has no message %s", phone, kind);
}

HOUSE_TEST("demo: the shopper and the keeper have messages of what happened to them") {
    char *words[] = {(char *)(uintptr_t) "--orders", (char *)(uintptr_t) "28"};
    CHECK_INT(demo_run(house->app, 2, words), 0);
    house_run_jobs(house);
    expect_kind(house, "13800138001", "order_shipped");
    expect_kind(house, "13800138001", "order_cancelled");
    expect_kind(house, "13800138002", "listing_refused");
    expect_kind(house, "13800138012", "application_recommended");
    house_check_books(house);
}

#include "market/search/inside.h"

#include <stdio.h>
#include <string.h>

#include "ground/people/people.h"
#include "support/house.h"

struct shop {
    struct text keeper;
    struct text operator;
    int64_t keeper_id;
    int64_t operator_id;
    int64_t seller_id;
    int64_t category_id;
    int64_t goods_id;
    struct text title;
    int64_t place_code;
    struct fen price;
    int64_t stock_count;
};

#define XIXIAN INT64_C(141031000000)
#define FENGJIE INT64_C(500236000000)

static refusal open_shop(struct request *q, void *context) {
    struct shop *shop = context;
    struct catalog_category_draft category = {.name = TEXT("时令鲜果")};
    struct catalog_seller_draft seller = {
        .name = TEXT("上庄村合作社"), .kind = SELLER_COOPERATIVE, .place_code = XIXIAN};
    TRY(catalog_add_category(q, &category, &shop->category_id));
    TRY(catalog_add_seller(q, &seller, &shop->seller_id));
    TRY(people_give_role(q, shop->operator_id, "operator", SCOPE_ALL, 0));
    return people_give_role(q, shop->keeper_id, "seller_keeper", SCOPE_ORGANISATION,
                            shop->seller_id);
}

static refusal add_goods(struct request *q, void *context) {
    struct shop *shop = context;
    struct catalog_sku_draft sku = {.price_fen = shop->price,
                                    .net = {5000, UNIT_JIN},
                                    .weight_g = 2900,
                                    .stock_count = shop->stock_count,
                                    .return_policy = RETURN_FRESH};
    struct text picture = TEXT("/img/pear.webp");
    struct catalog_goods_draft draft = {.seller_id = shop->seller_id,
                                        .category_id = shop->category_id,
                                        .place_code = shop->place_code,
                                        .title = shop->title,
                                        .pictures = {&picture, 1},
                                        .piece_name = TEXT("箱"),
                                        .ship_within_hours = 48,
                                        .skus = {&sku, 1}};
    struct shape_ids sku_ids;
    return catalog_add_goods(q, &draft, &shop->goods_id, &sku_ids);
}

static void open_shop_in(struct house *house, struct shop *ret_shop) {
    *ret_shop = (struct shop){.place_code = XIXIAN, .price = FEN(4990), .stock_count = 5};
    ret_shop->keeper = house_person(house, "13900000021", &ret_shop->keeper_id);
    ret_shop->operator= house_person(house, "13900000022", &ret_shop->operator_id);
    house_work(house, open_shop, ret_shop);
}

static int64_t sell(struct house *house, struct shop *shop, const char *title) {
    shop->title = text_of(title);
    house_advance(house, 1000);
    house_work(house, add_goods, shop);
    return shop->goods_id;
}

/* GET of BEFORE, the words percent-encoded, and BEHIND. */
static struct house_reply ask(struct house *house, const char *before, const char *words,
                              const char *behind) {
    char target[800];
    int length = snprintf(target, sizeof(target), "%s", before);
    for (const unsigned char *c = (const unsigned char *)words; *c; c++)
        length += snprintf(target + length, sizeof(target) - (size_t)length, "%%%02X", *c);
    snprintf(target + length, sizeof(target) - (size_t)length, "%s", behind);
    return house_call(house, TEXT(""), "GET", target, NULL);
}

static struct house_reply search(struct house *house, const char *words, const char *behind) {
    return ask(house, "/api/goods?q=", words, behind);
}

static void expect_count(struct house *house, const char *words, size_t count) {
    struct house_reply reply = search(house, words, "");
    HOUSE_STATUS(&reply, 200);
    if (house_count(&reply, "items") != count)
        test_fail(__FILE__, __LINE__, "%s finds %zu, wanted %zu", words,
                  house_count(&reply, "items"), count);
}

HOUSE_TEST("search: goods are found by words of title, seller, category and place, all of them") {
    struct shop shop;
    open_shop_in(house, &shop);
    sell(house, &shop, "隰县玉露香梨");
    shop.place_code = FENGJIE;
    sell(house, &shop, "奉节脐橙 Navel Orange");
    expect_count(house, "玉露香梨", 1);
    expect_count(house, "香梨", 1);
    expect_count(house, "露香", 1);
    expect_count(house, "橙", 1);
    expect_count(house, "上庄村", 2);
    expect_count(house, "鲜果", 2);
    expect_count(house, "重庆", 1);
    expect_count(house, "奉节 脐橙", 1);
    expect_count(house, "navel ORANGE", 1);
    expect_count(house, "奉节 香梨", 0);
    struct house_reply reply = search(house, "脐橙", "");
    CHECK_TEXT(house_text(&reply, "items.0.title"), "奉节脐橙 Navel Orange");
    CHECK(!house_has(&reply, "hint"));
}

HOUSE_TEST("search: hits come newest first, page by page, and statements do not grow") {
    struct shop shop;
    open_shop_in(house, &shop);
    char title[60];
    for (int i = 0; i < 30; i++) {
        snprintf(title, sizeof(title), "隰县香梨 第%d筐", i);
        sell(house, &shop, text_terminated(house->arena, text_of(title)));
    }
    size_t count = 0;
    int pages = 0;
    char behind[100] = "&limit=7";
    for (;; pages++) {
        struct house_reply page = search(house, "香梨", behind);
        HOUSE_STATUS(&page, 200);
        for (size_t i = 0; i < house_count(&page, "items"); i++, count++) {
            char path[40], wanted[60];
            snprintf(path, sizeof(path), "items.%zu.title", i);
            snprintf(wanted, sizeof(wanted), "隰县香梨 第%zu筐", 29 - count);
            CHECK_TEXT(house_text(&page, path), wanted);
        }
        if (!house_has(&page, "next")) break;
        struct text next = house_text(&page, "next");
        snprintf(behind, sizeof(behind), "&limit=7&after=%.*s", (int)next.length, next.bytes);
    }
    CHECK_INT(count, 30);
    CHECK_INT(pages, 4);
    struct house_reply one = search(house, "香梨", "&limit=1");
    struct house_reply fifty = search(house, "香梨", "&limit=50");
    CHECK_INT(house_count(&fifty, "items"), 30);
    CHECK_INT(one.road.statement_count, fifty.road.statement_count);
    CHECK(fifty.road.statement_count <= 3);
}

HOUSE_TEST("search: hits are filtered and sorted like any list") {
    struct shop shop;
    open_shop_in(house, &shop);
    char title[60];
    for (int i = 0; i < 30; i++) {
        shop.price = fen_of_count(1000 + i * 7 % 30 * 100);
        shop.place_code = i % 2 ? XIXIAN : FENGJIE;
        shop.stock_count = i % 3 ? 5 : 0;
        snprintf(title, sizeof(title), i % 5 ? "香梨第%d筐" : "苹果第%d筐", i);
        sell(house, &shop, text_terminated(house->arena, text_of(title)));
    }
    const char *sorts[] = {"price", "price_down", "origin", "sold", "newest"};
    for (int s = 0; s < 5; s++) {
        char behind[200];
        size_t count = 0;
        int64_t last = s == 1 ? INT64_MAX : 0;
        snprintf(behind, sizeof(behind), "&sort=%s&limit=5&in_stock=true", sorts[s]);
        for (;;) {
            struct house_reply page = search(house, "香梨", behind);
            HOUSE_STATUS(&page, 200);
            CHECK(page.road.statement_count <= 3);
            for (size_t i = 0; i < house_count(&page, "items"); i++, count++) {
                char path[40];
                snprintf(path, sizeof(path), "items.%zu.price_fen", i);
                int64_t price = house_int(&page, path);
                CHECK(s != 0 || price >= last);
                CHECK(s != 1 || price <= last);
                last = price;
            }
            if (!house_has(&page, "next")) break;
            struct text next = house_text(&page, "next");
            snprintf(behind, sizeof(behind), "&sort=%s&limit=5&in_stock=true&after=%.*s", sorts[s],
                     (int)next.length, next.bytes);
        }
        CHECK_INT(count, 16);
    }
    struct house_reply cheap = search(house, "香梨", "&max_fen=1999&place=50");
    CHECK_INT(house_count(&cheap, "items"), 4);
    struct house_reply wrong = search(house, "香梨", "&sort=price&after=no");
    HOUSE_PROBLEM(&wrong, "bad_input", "after");
    wrong = search(house, "香梨", "&after=no");
    HOUSE_PROBLEM(&wrong, "bad_input", "after");
    wrong = search(house,
                   "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五"
                   "六七八九十一二三四五六七八九十一二三四五六七八九十一",
                   "");
    HOUSE_PROBLEM(&wrong, "bad_input", "q");
}

HOUSE_TEST("search: when nothing is found, near words and popular goods help") {
    struct shop shop;
    open_shop_in(house, &shop);
    sell(house, &shop, "隰县玉露香梨");
    int64_t other = sell(house, &shop, "隰县小米");
    struct house_reply reply = search(house, "玉路香梨", "");
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_count(&reply, "items"), 0);
    CHECK_TEXT(house_text(&reply, "hint.corrections.0"), "玉露香梨");
    CHECK_INT(house_count(&reply, "hint.popular"), 2);
    /* A correction does find something. */
    expect_count(house, "玉露香梨", 1);
    reply = search(house, "电视机", "");
    CHECK_INT(house_count(&reply, "hint.corrections"), 0);
    CHECK_INT(house_count(&reply, "hint.popular"), 2);
    /* Signs only, and more than there is room for, are no fault. */
    reply = search(house, "?!%_*()'\"", "");
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_count(&reply, "items"), 0);
    reply = search(house, "小 米", "");
    CHECK_INT(house_count(&reply, "items"), 1);
    /* A goods off sale is not found, and its words are no longer advised. */
    char target[80];
    snprintf(target, sizeof(target), "/api/goods/%lld/sale", (long long)other);
    reply = house_call(house, shop.keeper, "PUT", target, "{\"on_sale\":false}");
    HOUSE_STATUS(&reply, 200);
    expect_count(house, "小米", 0);
    reply = search(house, "小末", "");
    for (size_t i = 0; i < house_count(&reply, "hint.corrections"); i++) {
        char path[60];
        snprintf(path, sizeof(path), "hint.corrections.%zu", i);
        CHECK(!text_is(house_text(&reply, path), "小米"));
    }
    reply = house_call(house, shop.keeper, "PUT", target, "{\"on_sale\":true}");
    expect_count(house, "小米", 1);
    reply = search(house, "小末粥", "");
    CHECK_TEXT(house_text(&reply, "hint.corrections.0"), "小米");
}

HOUSE_TEST(
    "suggestions: by the beginning of places, categories, sellers and goods, then by words") {
    struct shop shop;
    open_shop_in(house, &shop);
    int64_t id = sell(house, &shop, "隰县玉露香梨");
    struct house_reply reply = ask(house, "/api/suggestions?q=", "隰县", "");
    HOUSE_STATUS(&reply, 200);
    CHECK_TEXT(house_text(&reply, "items.0.kind"), "place");
    CHECK_TEXT(house_text(&reply, "items.0.text"), "隰县");
    CHECK_TEXT(house_text(&reply, "items.0.id"), "141031000000");
    CHECK_TEXT(house_text(&reply, "items.1.kind"), "goods");
    char wanted[24];
    snprintf(wanted, sizeof(wanted), "%lld", (long long)id);
    CHECK_TEXT(house_text(&reply, "items.1.id"), wanted);
    reply = ask(house, "/api/suggestions?q=", "上庄", "");
    CHECK_TEXT(house_text(&reply, "items.0.kind"), "seller");
    reply = ask(house, "/api/suggestions?q=", "时令", "");
    CHECK_TEXT(house_text(&reply, "items.0.kind"), "category");
    reply = ask(house, "/api/suggestions?q=", "香梨", "");
    CHECK_TEXT(house_text(&reply, "items.0.text"), "隰县玉露香梨");
    CHECK(reply.road.statement_count <= 4);
    reply = ask(house, "/api/suggestions?q=", "隰县", "&limit=1");
    CHECK_INT(house_count(&reply, "items"), 1);
    reply = ask(house, "/api/suggestions?q=", "没有这样的", "");
    CHECK_INT(house_count(&reply, "items"), 0);
    reply = house_get(house, TEXT(""), "/api/suggestions?limit=21");
    HOUSE_PROBLEM(&reply, "bad_input", "limit");
}

HOUSE_TEST("popular words: an operator sets them, and they show before one types") {
    struct shop shop;
    open_shop_in(house, &shop);
    struct house_reply reply = house_call(house, shop.operator, "PUT", "/api/popular-words",
                                          "{\"words\":[\"玉露香梨\",\"脐橙\"]}");
    HOUSE_STATUS(&reply, 200);
    reply = house_get(house, TEXT(""), "/api/suggestions");
    CHECK_INT(house_count(&reply, "items"), 2);
    CHECK_TEXT(house_text(&reply, "items.0.text"), "玉露香梨");
    CHECK_INT(reply.road.statement_count, 1);
    const char *wrong[] = {"{\"words\":[\"梨\",\"梨\"]}", "{\"words\":[\"梨\",\"  \"]}",
                           "{\"words\":[\"梨\",\"一二三四五六七八九十一二三\"]}"};
    for (int i = 0; i < 3; i++) {
        reply = house_call(house, shop.operator, "PUT", "/api/popular-words", wrong[i]);
        HOUSE_PROBLEM(&reply, "bad_input", "words[1]");
    }
    /* Blanks around a word are no part of it, however many. */
    struct buffer padded = buffer_make(house->arena, LIMIT_BODY_BYTES);
    for (int i = 0; i < SEARCH_POPULAR_MAX; i++)
        buffer_add_format(&padded, "%s\" 梨%d%480s\"", i ? "," : "{\"words\":[", i, "");
    buffer_add_literal(&padded, "]}");
    reply = house_call(house, shop.operator, "PUT", "/api/popular-words",
                       text_terminated(house->arena, buffer_text(&padded)));
    HOUSE_STATUS(&reply, 200);
    CHECK_TEXT(house_text(&reply, "words.19"), "梨19");
    reply = house_call(house, shop.operator, "PUT", "/api/popular-words",
                       "{\"words\":[\"玉露香梨\",\"脐橙\"]}");
    HOUSE_STATUS(&reply, 200);
    reply = house_call(house, shop.keeper, "PUT", "/api/popular-words", "{\"words\":[]}");
    HOUSE_STATUS(&reply, 403);
    reply = house_get(house, TEXT(""), "/api/suggestions");
    CHECK_INT(house_count(&reply, "items"), 2);
}

HOUSE_TEST("search: a seller's new name finds its goods when the index was made anew") {
    struct shop shop;
    open_shop_in(house, &shop);
    char title[60], target[80];
    for (int i = 0; i < 35; i++) {
        snprintf(title, sizeof(title), "第%d样", i);
        sell(house, &shop, text_terminated(house->arena, text_of(title)));
    }
    snprintf(target, sizeof(target), "/api/sellers/%lld", (long long)shop.seller_id);
    struct house_reply reply = house_call(
        house, shop.operator, "PUT", target,
        "{\"name\":\"黄土坡梨园\",\"kind\":\"household\",\"place_code\":\"141031000000\"}");
    HOUSE_STATUS(&reply, 200);
    house_run_jobs(house);
    reply = search(house, "黄土坡", "&limit=50");
    CHECK_INT(house_count(&reply, "items"), 35);
    expect_count(house, "合作社", 0);
    reply = ask(house, "/api/suggestions?q=", "黄土坡", "");
    CHECK_TEXT(house_text(&reply, "items.0.kind"), "seller");
}

TEST("words: a title gives its parts, with and without the place in front") {
    struct arena arena = {0};
    struct text_list words =
        search_title_words(&arena, TEXT("隰县玉露香梨 · 特级（5 斤）"), XIXIAN);
    CHECK_INT(words.count, 3);
    CHECK_TEXT(words.items[0], "隰县玉露香梨");
    CHECK_TEXT(words.items[1], "玉露香梨");
    CHECK_TEXT(words.items[2], "特级");
    words = search_title_words(&arena, TEXT("奉节脐橙"), FENGJIE);
    CHECK_TEXT(words.items[1], "脐橙");
    CHECK_INT(search_title_words(&arena, TEXT(" ·（）"), FENGJIE).count, 0);
    CHECK_TEXT(search_fold(&arena, TEXT("  ABCd 梨 ")), "abcd 梨");
    arena_free(&arena);
}

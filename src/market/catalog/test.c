#include "market/catalog/inside.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ground/people/people.h"
#include "support/house.h"
#include "support/market.h"

/* ---- a stall: sellers, categories and goods as a test asks for them ---- */

#define XIXIAN INT64_C(141031000000)  /* 隰县, 临汾, 山西 */
#define FENGJIE INT64_C(500236000000) /* 奉节, 重庆 */
#define YOUYANG INT64_C(500242000000) /* 酉阳, 重庆 */

struct stall {
    int64_t fruit_id; /* above pear_id */
    int64_t pear_id;
    int64_t craft_id;
    int64_t seller_id;
    struct text keeper;
    struct text operator;
    int64_t keeper_id;
    int64_t operator_id;
    int64_t goods_id; /* the newest */
    struct shape_ids sku_ids;
    struct catalog_goods_draft draft; /* of the next goods */
};

static struct text nobody(void) { return TEXT(""); }

static refusal open_stall(struct request *q, void *context) {
    struct stall *stall = context;
    struct catalog_category_draft fruit = {.name = TEXT("鲜果"), .sort_order = 1};
    struct catalog_category_draft craft = {.name = TEXT("手工"), .sort_order = 2};
    struct catalog_seller_draft seller = {
        .name = TEXT("上庄村合作社"), .kind = SELLER_COOPERATIVE, .place_code = XIXIAN};
    TRY(catalog_add_category(q, &fruit, &stall->fruit_id));
    TRY(catalog_add_category(q, &craft, &stall->craft_id));
    struct catalog_category_draft pear = {.name = TEXT("梨"), .parent_id = stall->fruit_id};
    TRY(catalog_add_category(q, &pear, &stall->pear_id));
    TRY(catalog_add_seller(q, &seller, &stall->seller_id));
    TRY(people_give_role(q, stall->operator_id, "operator", SCOPE_ALL, 0));
    return people_give_role(q, stall->keeper_id, "seller_keeper", SCOPE_ORGANISATION,
                            stall->seller_id);
}

static struct text pictures[] = {{"/img/pear.webp", 14}, {"/img/pear2.webp", 15}};
static struct catalog_pair five_jin[] = {{{"买多少", 9}, {"5 斤", 5}}, {{"个头", 6}, {"中果", 6}}};
static struct catalog_pair nine_jin[] = {{{"买多少", 9}, {"9 斤", 5}}, {{"个头", 6}, {"中果", 6}}};

static void make_draft(struct house *house, struct stall *stall) {
    struct catalog_sku_draft *skus = arena_new(house->arena, struct catalog_sku_draft, 2);
    skus[0] = (struct catalog_sku_draft){.options = {five_jin, 2},
                                         .price_fen = FEN(4990),
                                         .net = {5000, UNIT_JIN},
                                         .weight_g = 2900,
                                         .stock_count = 10,
                                         .return_policy = RETURN_FRESH};
    skus[1] = skus[0];
    skus[1].options = (struct catalog_pair_list){nine_jin, 2};
    skus[1].price_fen = FEN(8290);
    skus[1].net.milli = 9000;
    stall->draft = (struct catalog_goods_draft){.seller_id = stall->seller_id,
                                                .category_id = stall->pear_id,
                                                .place_code = XIXIAN,
                                                .title = TEXT("隰县玉露香梨"),
                                                .pictures = {pictures, 2},
                                                .piece_name = TEXT("箱"),
                                                .ship_within_hours = 48,
                                                .skus = {skus, 2}};
}

static void open_stall_in(struct house *house, struct stall *ret_stall) {
    *ret_stall = (struct stall){0};
    ret_stall->keeper = house_person(house, "13900000011", &ret_stall->keeper_id);
    ret_stall->operator= house_person(house, "13900000012", &ret_stall->operator_id);
    house_work(house, open_stall, ret_stall);
    make_draft(house, ret_stall);
}

static refusal add_goods(struct request *q, void *context) {
    struct stall *stall = context;
    return catalog_add_goods(q, &stall->draft, &stall->goods_id, &stall->sku_ids);
}

static int64_t sell(struct house *house, struct stall *stall) {
    house_work(house, add_goods, stall);
    int64_t *ids = arena_new(house->arena, int64_t, stall->sku_ids.count);
    memcpy(ids, stall->sku_ids.items, stall->sku_ids.count * sizeof(*ids));
    stall->sku_ids.items = ids;
    return stall->goods_id;
}

static struct house_reply put(struct house *house, struct text token, const char *body,
                              const char *format, ...) __attribute__((format(printf, 4, 5)));
static struct house_reply put(struct house *house, struct text token, const char *body,
                              const char *format, ...) {
    char target[200];
    va_list list;
    va_start(list, format);
    vsnprintf(target, sizeof(target), format, list);
    va_end(list);
    return house_call(house, token, "PUT", target, body);
}

static int64_t id_in(const struct house_reply *reply, const char *path) {
    int64_t id = 0;
    CHECK(text_to_int64(house_text(reply, path), &id));
    return id;
}

/* ---- sellers ---- */

static refusal add_all_kinds(struct request *q, void *context) {
    int64_t *places = context;
    for (unsigned kind = 0; kind < catalog_seller_kind_enum.count; kind++) {
        struct catalog_seller_draft draft = {.name = text_format(q->arena, "卖家%u", kind),
                                             .kind = (enum catalog_seller_kind)kind,
                                             .place_code = places[kind % 3],
                                             .licence_text = TEXT("自产自销，自己声明")};
        int64_t id;
        TRY(catalog_add_seller(q, &draft, &id));
    }
    return NULL;
}

HOUSE_TEST("A13 A15: sellers of all eight kinds are there, each pays 0, found by kind and place") {
    int64_t places[] = {XIXIAN, FENGJIE, YOUYANG};
    house_work(house, add_all_kinds, places);
    struct house_reply all = house_get(house, nobody(), "/api/sellers?limit=50");
    CHECK_INT(house_count(&all, "items"), 8);
    char path[60];
    for (int i = 0; i < 8; i++) {
        snprintf(path, sizeof(path), "items.%d.fee_permille", i);
        CHECK_INT(house_int(&all, path), 0);
    }
    struct house_reply household = house_get(house, nobody(), "/api/sellers?kind=household");
    CHECK_INT(house_count(&household, "items"), 1);
    CHECK_TEXT(house_text(&household, "items.0.kind"), "household");
    CHECK_TEXT(house_text(&household, "items.0.kind_name"), "农户");
    CHECK_TEXT(house_text(&household, "items.0.licence_text"), "自产自销，自己声明");
    struct house_reply chongqing = house_get(house, nobody(), "/api/sellers?place=50");
    CHECK_INT(house_count(&chongqing, "items"), 5);
    struct house_reply page = house_get(house, nobody(), "/api/sellers?place=50&limit=3");
    CHECK_INT(house_count(&page, "items"), 3);
    struct text next = house_has(&page, "next") ? house_text(&page, "next") : TEXT("");
    struct house_reply rest = house_get(house, nobody(), "/api/sellers?place=50&limit=3&after=%.*s",
                                        (int)next.length, next.bytes);
    CHECK_INT(house_count(&rest, "items"), 2);
    CHECK(!house_has(&rest, "next"));
    CHECK_INT(rest.road.statement_count, 1);
    CHECK_INT(all.road.statement_count, 1);
}

HOUSE_TEST("sellers: a wrong kind, place or page is named, an unknown seller is not found") {
    struct house_reply reply = house_get(house, nobody(), "/api/sellers?kind=tycoon");
    HOUSE_PROBLEM(&reply, "bad_input", "kind");
    reply = house_get(house, nobody(), "/api/sellers?place=999x");
    HOUSE_PROBLEM(&reply, "bad_input", "place");
    reply = house_get(house, nobody(), "/api/sellers?after=soon");
    HOUSE_PROBLEM(&reply, "bad_input", "after");
    reply = house_get(house, nobody(), "/api/sellers/77");
    HOUSE_PROBLEM(&reply, "not_found", NULL);
}

HOUSE_TEST("A19: an operator lets a village shop in, and it stands on the home page") {
    struct stall stall;
    open_stall_in(house, &stall);
    const char *body = "{\"name\":\"上庄村微商城\",\"kind\":\"village_shop\","
                       "\"place_code\":\"141031000000\",\"picture\":\"/img/shop.webp\"}";
    struct house_reply reply = house_call(house, stall.operator, "POST", "/api/sellers", body);
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "fee_permille"), 0);
    CHECK_TEXT(house_text(&reply, "origin.county"), "隰县");
    int64_t id = id_in(&reply, "id");
    struct house_reply home = house_get(house, nobody(), "/api/home");
    CHECK_INT(house_count(&home, "village_shops"), 1);
    CHECK_TEXT(house_text(&home, "village_shops.0.name"), "上庄村微商城");
    reply = put(house, stall.operator, "{\"name\":\"上庄村合作社微店\",\"kind\":\"village_shop\","
                                       "\"place_code\":\"141031000000\"}",
                "/api/sellers/%lld", (long long)id);
    HOUSE_STATUS(&reply, 200);
    home = house_get(house, nobody(), "/api/home");
    CHECK_TEXT(house_text(&home, "village_shops.0.name"), "上庄村合作社微店");
    /* Not for shoppers, keepers, or from places that do not exist. */
    reply = house_call(house, stall.keeper, "POST", "/api/sellers", body);
    HOUSE_STATUS(&reply, 403);
    reply = house_call(house, stall.operator, "POST", "/api/sellers",
                       "{\"name\":\"无处\",\"kind\":\"brand\",\"place_code\":\"990000000000\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "place_code");
    reply = house_call(house, stall.operator, "POST", "/api/sellers",
                       "{\"name\":\"外链\",\"kind\":\"brand\",\"place_code\":\"141031000000\","
                       "\"picture\":\"https://elsewhere/x.webp\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "picture");
}

HOUSE_TEST("sellers: a new name shows on its goods and cards at once") {
    struct stall stall;
    open_stall_in(house, &stall);
    int64_t id = sell(house, &stall);
    struct house_reply reply =
        put(house, stall.operator,
            "{\"name\":\"隰县梨农\",\"kind\":\"household\",\"place_code\":\"141031000000\"}",
            "/api/sellers/%lld", (long long)stall.seller_id);
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_int(&reply, "goods_count"), 1);
    reply = house_get(house, nobody(), "/api/goods/%lld", (long long)id);
    CHECK_TEXT(house_text(&reply, "seller.name"), "隰县梨农");
    reply = house_get(house, nobody(), "/api/goods");
    CHECK_TEXT(house_text(&reply, "items.0.seller_name"), "隰县梨农");
    house_check_books(house);
}

/* ---- the goods page ---- */

HOUSE_TEST("A12: a goods with several options shows its price per 斤, origin and facts") {
    struct stall stall;
    open_stall_in(house, &stall);
    struct catalog_pair facts[] = {{TEXT("采收"), TEXT("九月采")}};
    stall.draft.facts = (struct catalog_pair_list){facts, 1};
    stall.draft.story = TEXT("白天晒，夜里凉。");
    int64_t id = sell(house, &stall);
    struct house_reply goods = house_get(house, nobody(), "/api/goods/%lld", (long long)id);
    HOUSE_STATUS(&goods, 200);
    CHECK_TEXT(house_text(&goods, "title"), "隰县玉露香梨");
    CHECK_TEXT(house_text(&goods, "origin.place_code"), "141031000000");
    CHECK_TEXT(house_text(&goods, "origin.county"), "隰县");
    CHECK_TEXT(house_text(&goods, "category_name"), "梨");
    CHECK_TEXT(house_text(&goods, "facts.0.value"), "九月采");
    CHECK_INT(house_count(&goods, "pictures"), 2);
    CHECK_INT(house_count(&goods, "skus"), 2);
    CHECK_TEXT(house_text(&goods, "skus.0.options.1.value"), "中果");
    CHECK_INT(house_int(&goods, "skus.0.unit_price_fen"), 998);
    CHECK_TEXT(house_text(&goods, "skus.0.unit_name"), "斤");
    CHECK_TEXT(house_text(&goods, "skus.1.net.amount"), "9");
    CHECK_TEXT(house_text(&goods, "skus.0.return_policy"), "fresh");
    CHECK_INT(house_int(&goods, "skus.0.available_count"), 10);
    CHECK_INT(house_int(&goods, "seller.fee_permille"), 0);
    CHECK_INT(house_int(&goods, "sold_count"), 0);
    CHECK(!house_has(&goods, "skus.0.reference_price_fen"));
    struct house_reply list = house_get(house, nobody(), "/api/goods");
    CHECK_INT(house_int(&list, "items.0.price_fen"), 4990);
    CHECK_INT(house_int(&list, "items.0.unit_price_fen"), 998);
    CHECK_INT(house_int(&list, "items.0.sku_count"), 2);
    CHECK_INT(id_in(&list, "items.0.sku_id"), stall.sku_ids.items[0]);
    CHECK_TEXT(house_text(&list, "items.0.origin_name"), "山西·隰县");
    CHECK(house_bool(&list, "items.0.available"));
}

HOUSE_TEST("goods page: three statements, however many SKUs there are") {
    struct stall stall;
    open_stall_in(house, &stall);
    struct catalog_sku_draft *skus = arena_new(house->arena, struct catalog_sku_draft, 20);
    for (int i = 0; i < 20; i++) {
        struct catalog_pair *option = arena_new(house->arena, struct catalog_pair, 1);
        *option = (struct catalog_pair){TEXT("买多少"), text_format(house->arena, "%d 斤", i + 1)};
        skus[i] = stall.draft.skus.items[0];
        skus[i].options = (struct catalog_pair_list){option, 1};
    }
    stall.draft.skus = (struct catalog_sku_draft_list){skus, 1};
    int64_t one = sell(house, &stall);
    stall.draft.skus.count = 20;
    int64_t twenty = sell(house, &stall);
    struct house_reply few = house_get(house, nobody(), "/api/goods/%lld", (long long)one);
    struct house_reply many = house_get(house, nobody(), "/api/goods/%lld", (long long)twenty);
    CHECK_INT(house_count(&few, "skus"), 1);
    CHECK_INT(house_count(&many, "skus"), 20);
    CHECK_INT(many.road.statement_count, few.road.statement_count);
    CHECK_INT(many.road.statement_count, 3);
}

HOUSE_TEST("goods: a draft is refused by its category, its place, its pictures, its seller") {
    struct stall stall;
    open_stall_in(house, &stall);
    const struct catalog_goods_draft good = stall.draft;
    struct text elsewhere = TEXT("//elsewhere/x");
    struct catalog_goods_draft wrong[] = {good, good, good, good};
    static const char *const fields[] = {"category_id", "place_code", "pictures[0]", "seller_id"};
    wrong[0].category_id = 99;
    wrong[1].place_code = INT64_C(111111111111);
    wrong[2].pictures = (struct text_list){&elsewhere, 1};
    wrong[3].seller_id = 99;
    for (size_t i = 0; i < 4; i++) {
        stall.draft = wrong[i];
        refusal refused = house_try(house, add_goods, &stall);
        CHECK(refused && refused->kind == PROBLEM_BAD_INPUT);
        CHECK_TEXT(refused->faults[0].field, fields[i]);
    }
    house_check_books(house);
}

HOUSE_TEST("goods: a net weight too small for a price per 斤 is a fault, at first and later") {
    struct stall stall;
    open_stall_in(house, &stall);
    stall.draft.skus.items[1].net = (struct quantity){1, UNIT_GRAM};
    stall.draft.skus.items[1].price_fen = FEN(100000000);
    refusal refused = house_try(house, add_goods, &stall);
    CHECK(refused && refused->kind == PROBLEM_BAD_INPUT);
    CHECK_TEXT(refused->faults[0].field, "skus[1].net");
    stall.draft.skus.items[1].price_fen = FEN(1);
    int64_t id = sell(house, &stall);
    struct house_reply reply =
        put(house, stall.keeper, "{\"price_fen\":100000000}", "/api/goods/%lld/skus/%lld/price",
            (long long)id, (long long)stall.sku_ids.items[1]);
    HOUSE_PROBLEM(&reply, "bad_input", "price_fen");
    house_check_books(house);
}

HOUSE_TEST("goods: the longest story is kept whole") {
    struct stall stall;
    open_stall_in(house, &stall);
    struct buffer story = buffer_make(house->arena, 64 * 1024);
    for (int i = 0; i < 4000; i++) buffer_add_literal(&story, "长");
    stall.draft.story = buffer_text(&story);
    struct house_reply reply =
        house_get(house, nobody(), "/api/goods/%lld", (long long)sell(house, &stall));
    CHECK_INT(text_characters(house_text(&reply, "story")), 4000);
}

/* ---- changing a goods ---- */

static refusal revise(struct request *q, void *context) {
    struct stall *stall = context;
    return catalog_revise_goods(q, stall->goods_id, &stall->draft);
}

HOUSE_TEST("goods: a change keeps price, stock and history; what it leaves out goes off sale") {
    struct stall stall;
    open_stall_in(house, &stall);
    int64_t id = sell(house, &stall);
    struct catalog_sku_draft *skus = stall.draft.skus.items;
    static struct catalog_pair twenty_jin[] = {{{"买多少", 9}, {"20 斤", 6}}};
    skus[0].sku_id = stall.sku_ids.items[0];
    skus[0].price_fen = FEN(1);
    skus[0].net.milli = 6000;
    skus[1].options = (struct catalog_pair_list){twenty_jin, 1};
    skus[1].price_fen = FEN(15000);
    skus[1].net.milli = 20000;
    skus[1].stock_count = 3;
    stall.draft.title = TEXT("隰县玉露香梨 新果");
    stall.draft.category_id = stall.fruit_id;
    house_work(house, revise, &stall);
    struct house_reply reply = house_get(house, nobody(), "/api/goods/%lld", (long long)id);
    CHECK_TEXT(house_text(&reply, "title"), "隰县玉露香梨 新果");
    CHECK_TEXT(house_text(&reply, "category_name"), "鲜果");
    CHECK_INT(house_count(&reply, "skus"), 2);
    CHECK_INT(house_int(&reply, "skus.0.price_fen"), 4990);
    CHECK_INT(house_int(&reply, "skus.0.unit_price_fen"), 832);
    CHECK_INT(house_int(&reply, "skus.0.available_count"), 10);
    CHECK_INT(house_int(&reply, "skus.1.price_fen"), 15000);
    CHECK_INT(house_int(&reply, "skus.1.available_count"), 3);
    reply = house_get(house, nobody(), "/api/goods?q=%%E6%%96%%B0%%E6%%9E%%9C");
    CHECK_INT(house_count(&reply, "items"), 1);
    /* The one that was left out is in no list and cannot be bought or priced; its past stays. */
    reply = put(house, stall.keeper, "{\"price_fen\":5000}", "/api/goods/%lld/skus/%lld/price",
                (long long)id, (long long)stall.sku_ids.items[1]);
    HOUSE_PROBLEM(&reply, "not_found", NULL);
    reply = house_get(house, stall.keeper, "/api/sellers/%lld/goods", (long long)stall.seller_id);
    CHECK_INT(house_count(&reply, "items.0.skus"), 2);
    reply = house_get(house, nobody(), "/api/goods/%lld/prices", (long long)id);
    CHECK_INT(house_count(&reply, "items"), 3);
    /* And it may come back. */
    skus[1].sku_id = stall.sku_ids.items[1];
    house_work(house, revise, &stall);
    reply = house_get(house, nobody(), "/api/goods/%lld", (long long)id);
    CHECK_INT(house_int(&reply, "skus.1.price_fen"), 8290);
    house_check_books(house);
}

HOUSE_TEST("goods: a change names SKUs of its own, once each, and stays with its seller") {
    struct stall stall;
    open_stall_in(house, &stall);
    int64_t id = sell(house, &stall), sku_id = stall.sku_ids.items[0];
    struct catalog_sku_draft *skus = stall.draft.skus.items;
    const int64_t pairs[][2] = {{99, 0}, {sku_id, sku_id}};
    for (size_t i = 0; i < 2; i++) {
        skus[0].sku_id = pairs[i][0];
        skus[1].sku_id = pairs[i][1];
        refusal refused = house_try(house, revise, &stall);
        CHECK(refused && refused->kind == PROBLEM_BAD_INPUT);
        CHECK_TEXT(refused->faults[0].field, i ? "skus[1].sku_id" : "skus[0].sku_id");
    }
    skus[0].sku_id = sku_id;
    skus[1].sku_id = 0;
    skus[0].net = (struct quantity){1, UNIT_GRAM};
    CHECK(!house_try(house, revise, &stall));
    stall.goods_id = 99;
    refusal refused = house_try(house, revise, &stall);
    CHECK(refused && refused->kind == PROBLEM_NOT_FOUND);
    struct market market;
    market_open(house, &market);
    stall.goods_id = id;
    stall.draft.seller_id = market.seller_id;
    refused = house_try(house, revise, &stall);
    CHECK_TEXT(refused->faults[0].field, "seller_id");
    stall.draft.seller_id = stall.seller_id;
    for (int i = 0; i < 60 && !refused; i++) refused = house_try(house, revise, &stall);
    house_check_books(house);
}

HOUSE_TEST("goods: two SKUs with the same options are refused") {
    struct stall stall;
    open_stall_in(house, &stall);
    stall.draft.skus.items[1].options = stall.draft.skus.items[0].options;
    refusal refused = house_try(house, add_goods, &stall);
    CHECK(refused && refused->kind == PROBLEM_BAD_INPUT);
    CHECK_TEXT(refused->faults[0].field, "skus");
    struct house_reply list = house_get(house, nobody(), "/api/goods");
    CHECK_INT(house_count(&list, "items"), 0);
}

HOUSE_TEST("goods: what is taken off sale leaves the lists, and its page says so") {
    struct stall stall;
    open_stall_in(house, &stall);
    int64_t id = sell(house, &stall);
    struct house_reply reply =
        put(house, stall.keeper, "{\"on_sale\":false}", "/api/goods/%lld/sale", (long long)id);
    HOUSE_STATUS(&reply, 200);
    CHECK(!house_bool(&reply, "on_sale"));
    reply = house_get(house, nobody(), "/api/goods");
    CHECK_INT(house_count(&reply, "items"), 0);
    reply = house_get(house, nobody(), "/api/goods/%lld", (long long)id);
    HOUSE_STATUS(&reply, 200);
    CHECK(!house_bool(&reply, "on_sale"));
    CHECK_INT(house_int(&reply, "seller.goods_count"), 0);
    house_check_books(house);
    /* Twice is once. */
    reply = put(house, stall.keeper, "{\"on_sale\":false}", "/api/goods/%lld/sale", (long long)id);
    HOUSE_STATUS(&reply, 200);
    reply = put(house, stall.keeper, "{\"on_sale\":true}", "/api/goods/%lld/sale", (long long)id);
    CHECK_INT(house_int(&reply, "seller.goods_count"), 1);
    reply = house_get(house, nobody(), "/api/goods");
    CHECK_INT(house_count(&reply, "items"), 1);
    house_check_books(house);
}

/* ---- lists ---- */

/* Walks all pages of a list and says how many rows there were; every row's KEY (a number, or an id
 * when ID) follows the one before. */
struct walk {
    const char *query;
    const char *key;
    int direction; /* 1 up, -1 down, 0 not looked at */
    int limit;
};

static size_t walk_all(struct house *house, const struct walk *walk) {
    struct text after = {0};
    size_t count = 0;
    int64_t last = walk->direction > 0 ? INT64_MIN : INT64_MAX;
    char path[80];
    for (int page = 0; page < 100; page++) {
        struct house_reply reply = house_get(
            house, nobody(), "/api/goods?limit=%d&%s%s%.*s", walk->limit, walk->query,
            after.length ? "&after=" : "", (int)after.length, after.bytes ? after.bytes : "");
        HOUSE_STATUS(&reply, 200);
        for (size_t i = 0; i < house_count(&reply, "items"); i++, count++) {
            snprintf(path, sizeof(path), "items.%zu.%s", i, walk->key);
            int64_t key = walk->direction ? house_int(&reply, path) : 0;
            CHECK(walk->direction >= 0 || key <= last);
            CHECK(walk->direction <= 0 || key >= last);
            last = key;
        }
        if (!house_has(&reply, "next")) return count;
        after = text_copy(house->arena, house_text(&reply, "next"));
    }
    test_fail(__FILE__, __LINE__, "the list never ends");
}

/* Thirty goods: prices 10 to 39 yuan, three counties, two categories, every fifth sold out. */
static void fill_stall(struct house *house, struct stall *stall) {
    int64_t places[] = {YOUYANG, XIXIAN, FENGJIE};
    stall->draft.skus.count = 1;
    for (int i = 0; i < 30; i++) {
        stall->draft.title = text_format(house->arena, "第 %d 样", i);
        stall->draft.place_code = places[i % 3];
        stall->draft.category_id = i % 2 ? stall->pear_id : stall->craft_id;
        stall->draft.skus.items[0].price_fen = fen_of_count(1000 + (i * 7 % 30) * 100);
        stall->draft.skus.items[0].stock_count = i % 5 ? 5 : 0;
        house_advance(house, i % 4 ? 1000 : 0); /* some come at the same moment */
        sell(house, stall);
    }
}

static refusal count_sold(struct request *q, void *context) {
    const int64_t *what = context;
    return catalog_count_sold(q, what[0], what[1]);
}

HOUSE_TEST("A10: goods are listed by origin, sales, category, newest and price, page by page") {
    struct stall stall;
    open_stall_in(house, &stall);
    fill_stall(house, &stall);
    struct house_reply all = house_get(house, nobody(), "/api/goods?limit=50");
    for (int i = 0; i < 30; i += 3) {
        char path[40];
        snprintf(path, sizeof(path), "items.%d.id", i);
        int64_t what[] = {id_in(&all, path), i + 1};
        house_work(house, count_sold, what);
    }
    house_advance(house, 11000);
    house_run_jobs(house);
    for (int limit = 1; limit <= 31; limit += 6) {
        const struct walk walks[] = {{"sort=newest", "price_fen", 0, limit},
                                     {"sort=sold", "sold_count", -1, limit},
                                     {"sort=price", "price_fen", 1, limit},
                                     {"sort=price_down", "price_fen", -1, limit},
                                     {"sort=origin", "price_fen", 0, limit}};
        for (size_t i = 0; i < 5; i++) CHECK_INT(walk_all(house, &walks[i]), 30);
    }
    struct house_reply origin = house_get(house, nobody(), "/api/goods?sort=origin&limit=50");
    CHECK_TEXT(house_text(&origin, "items.0.origin_name"), "山西·隰县");
    CHECK_TEXT(house_text(&origin, "items.10.origin_name"), "重庆·奉节县");
    CHECK_TEXT(house_text(&origin, "items.20.origin_name"), "重庆·酉阳土家族苗族自治县");
    struct house_reply newest = house_get(house, nobody(), "/api/goods?limit=1");
    CHECK_TEXT(house_text(&newest, "items.0.title"), "第 29 样");
    struct house_reply sold = house_get(house, nobody(), "/api/goods?sort=sold&limit=1");
    CHECK_INT(house_int(&sold, "items.0.sold_count"), 28);
    house_check_books(house);
}

HOUSE_TEST("lists: filters narrow together, and a list is one statement however long it is") {
    struct stall stall;
    open_stall_in(house, &stall);
    fill_stall(house, &stall);
    char query[200];
    struct walk walk = {query, "price_fen", 1, 4};
    snprintf(query, sizeof(query), "sort=price&category=%lld", (long long)stall.fruit_id);
    CHECK_INT(walk_all(house, &walk), 15);
    snprintf(query, sizeof(query), "sort=price&category=%lld&place=50", (long long)stall.fruit_id);
    CHECK_INT(walk_all(house, &walk), 10);
    snprintf(query, sizeof(query), "sort=price&place=141031&in_stock=true");
    CHECK_INT(walk_all(house, &walk), 8);
    snprintf(query, sizeof(query), "sort=price&min_fen=2000&max_fen=2900&seller=%lld",
             (long long)stall.seller_id);
    CHECK_INT(walk_all(house, &walk), 10);
    walk.direction = -1;
    snprintf(query, sizeof(query), "sort=price_down&min_fen=2000&max_fen=2900");
    CHECK_INT(walk_all(house, &walk), 10);
    walk.direction = 0;
    snprintf(query, sizeof(query), "min_fen=2000&max_fen=2900");
    CHECK_INT(walk_all(house, &walk), 10);
    snprintf(query, sizeof(query), "seller=12345");
    CHECK_INT(walk_all(house, &walk), 0);
    const char *sorts[] = {"newest", "sold", "price", "price_down", "origin"};
    for (int i = 0; i < 5; i++) {
        struct house_reply two = house_get(house, nobody(), "/api/goods?sort=%s&limit=2", sorts[i]);
        struct house_reply fifty =
            house_get(house, nobody(), "/api/goods?sort=%s&limit=50&category=%lld&place=50",
                      sorts[i], (long long)stall.fruit_id);
        CHECK_INT(two.road.statement_count, 1);
        CHECK_INT(fifty.road.statement_count, 1);
    }
}

HOUSE_TEST(
    "lists: what is wrong in a query is named, and an order by comes from a whitelist only") {
    const struct {
        const char *query;
        const char *field;
    } wrong[] = {{"sort=sold_count", "sort"},
                 {"sort=price;drop+table", "sort"},
                 {"limit=51", "limit"},
                 {"limit=0", "limit"},
                 {"after=yesterday", "after"},
                 {"after=1-2-3", "after"},
                 {"after=-5-3", "after"},
                 {"place=123", "place"},
                 {"section=nowhere", "section"},
                 {"zone=nowhere", "zone"},
                 {"min_fen=500&max_fen=400", "max_fen"},
                 {"min_fen=x", "min_fen"},
                 {"category=0", "category"},
                 {"in_stock=perhaps", "in_stock"},
                 {"order=1", "order"}};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct house_reply reply = house_get(house, nobody(), "/api/goods?%s", wrong[i].query);
        HOUSE_STATUS(&reply, 400);
        HOUSE_PROBLEM(&reply, "bad_input", wrong[i].field);
    }
}

/* ---- prices ---- */

static void set_price(struct house *house, const struct stall *stall, int64_t price) {
    char body[60];
    snprintf(body, sizeof(body), "{\"price_fen\":%lld}", (long long)price);
    struct house_reply reply = put(house, stall->keeper, body, "/api/goods/%lld/skus/%lld/price",
                                   (long long)stall->goods_id, (long long)stall->sku_ids.items[0]);
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_int(&reply, "price_fen"), price);
}

/* What the goods page says beside the price of the first SKU; 0 nothing. */
static int64_t reference(struct house *house, const struct stall *stall) {
    struct house_reply goods =
        house_get(house, nobody(), "/api/goods/%lld", (long long)stall->goods_id);
    if (!house_has(&goods, "skus.0.reference_price_fen")) {
        CHECK(!house_has(&goods, "skus.0.reference_at"));
        return 0;
    }
    CHECK(house_text(&goods, "skus.0.reference_at").length > 0);
    return house_int(&goods, "skus.0.reference_price_fen");
}

HOUSE_TEST("price history: a reference price is the lowest of the seven days before, never typed") {
    struct stall stall;
    open_stall_in(house, &stall);
    sell(house, &stall);
    CHECK_INT(reference(house, &stall), 0);
    /* Cheaper after ten days: the old price was charged all the time. */
    house_advance(house, 10 * (int64_t)DAY_MS);
    set_price(house, &stall, 4500);
    CHECK_INT(reference(house, &stall), 4990);
    /* Dearer: nothing to boast of. */
    house_advance(house, 10 * (int64_t)DAY_MS);
    set_price(house, &stall, 5200);
    CHECK_INT(reference(house, &stall), 0);
    /* Up and down again within the week: the week's lowest was no higher. */
    house_advance(house, 2 * (int64_t)DAY_MS);
    set_price(house, &stall, 4500);
    CHECK_INT(reference(house, &stall), 0);
    /* Down from a week that knew 4500 and 5200: the lower of them counts. */
    house_advance(house, 1 * (int64_t)DAY_MS);
    set_price(house, &stall, 4000);
    CHECK_INT(reference(house, &stall), 4500);
    /* What was cheaper longer ago than the seven days does not count. */
    house_advance(house, 1 * (int64_t)DAY_MS);
    set_price(house, &stall, 6000);
    house_advance(house, 8 * (int64_t)DAY_MS);
    set_price(house, &stall, 5500);
    CHECK_INT(reference(house, &stall), 6000);
    struct house_reply history =
        house_get(house, nobody(), "/api/goods/%lld/prices?limit=50", (long long)stall.goods_id);
    CHECK_INT(house_count(&history, "items"), 8); /* two SKUs at first, six changes */
    CHECK_INT(house_int(&history, "items.0.price_fen"), 5500);
    house_check_books(house);
}

HOUSE_TEST("price history: the price in force when the seven days began counts") {
    struct stall stall;
    open_stall_in(house, &stall);
    sell(house, &stall);
    house_advance(house, 20 * (int64_t)DAY_MS);
    set_price(house, &stall, 4000);
    house_advance(house, 6 * (int64_t)DAY_MS);
    set_price(house, &stall, 5000);
    house_advance(house, 3 * (int64_t)DAY_MS);
    /* 4000 was in force nine to three days ago, so it is the lowest of the week. */
    set_price(house, &stall, 3500);
    CHECK_INT(reference(house, &stall), 4000);
    house_check_books(house);
}

HOUSE_TEST("price: the same price again adds nothing, two at one moment follow each other") {
    struct stall stall;
    open_stall_in(house, &stall);
    int64_t id = sell(house, &stall);
    set_price(house, &stall, 4990);
    struct house_reply history =
        house_get(house, nobody(), "/api/goods/%lld/prices", (long long)id);
    CHECK_INT(house_count(&history, "items"), 2);
    set_price(house, &stall, 5000);
    set_price(house, &stall, 5100);
    history = house_get(house, nobody(), "/api/goods/%lld/prices?limit=1", (long long)id);
    CHECK_INT(house_int(&history, "items.0.price_fen"), 5100);
    struct text next = house_text(&history, "next");
    history = house_get(house, nobody(), "/api/goods/%lld/prices?limit=1&after=%.*s", (long long)id,
                        (int)next.length, next.bytes);
    CHECK_INT(house_int(&history, "items.0.price_fen"), 5000);
    CHECK_INT(history.road.statement_count, 1);
    struct house_reply unknown = house_get(house, nobody(), "/api/goods/9/prices");
    HOUSE_STATUS(&unknown, 404);
    house_check_books(house);
}

HOUSE_TEST("price: card, list and page follow; the card sells the cheapest") {
    struct stall stall;
    open_stall_in(house, &stall);
    sell(house, &stall);
    set_price(house, &stall, 9000);
    struct house_reply list = house_get(house, nobody(), "/api/goods?sort=price");
    CHECK_INT(house_int(&list, "items.0.price_fen"), 8290);
    CHECK_INT(house_int(&list, "items.0.unit_price_fen"), 921);
    CHECK_INT(id_in(&list, "items.0.sku_id"), stall.sku_ids.items[1]);
    list = house_get(house, nobody(), "/api/goods?sort=price&max_fen=8289");
    CHECK_INT(house_count(&list, "items"), 0);
    house_check_books(house);
}

HOUSE_TEST("price: only who keeps the seller sets it, and only a price that can be one") {
    struct stall stall;
    struct market market;
    open_stall_in(house, &stall);
    market_open(house, &market);
    int64_t id = sell(house, &stall);
    struct text shopper = house_person(house, "13900000014", NULL);
    const struct {
        struct text token;
        const char *body;
        int64_t sku_id;
        int status;
    } tries[] = {
        {nobody(), "{\"price_fen\":1}", stall.sku_ids.items[0], 401},
        {shopper, "{\"price_fen\":1}", stall.sku_ids.items[0], 403},
        {market.keeper, "{\"price_fen\":1}", stall.sku_ids.items[0], 404},
        {stall.keeper, "{\"price_fen\":1}", 5, 404},
        {stall.keeper, "{\"price_fen\":1}", market.sku_five, 404},
        {stall.keeper, "{\"price_fen\":0}", stall.sku_ids.items[0], 400},
        {stall.keeper, "{\"price_fen\":-5}", stall.sku_ids.items[0], 400},
        {stall.keeper, "{\"price_fen\":1.5}", stall.sku_ids.items[0], 400},
        {stall.keeper, "{\"price_fen\":100000001}", stall.sku_ids.items[0], 400},
        {stall.keeper, "{\"price_fen\":5,\"reference_price_fen\":9}", stall.sku_ids.items[0], 400},
        {stall.keeper, "{}", stall.sku_ids.items[0], 400}};
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        struct house_reply reply =
            put(house, tries[i].token, tries[i].body, "/api/goods/%lld/skus/%lld/price",
                (long long)id, (long long)tries[i].sku_id);
        HOUSE_STATUS(&reply, tries[i].status);
    }
    struct house_reply goods = house_get(house, nobody(), "/api/goods/%lld", (long long)id);
    CHECK_INT(house_int(&goods, "skus.0.price_fen"), 4990);
}

/* ---- stock and sales ---- */

struct shelf_change {
    int64_t goods_id;
    int64_t sku_id;
    int64_t count;
};

static refusal count_shelf(struct request *q, void *context) {
    const struct shelf_change *change = context;
    return stock_count(
        q, &(struct stock_change){.line = {change->goods_id, change->sku_id, change->count}});
}

HOUSE_TEST("stock: a SKU that runs out leaves the card, a sold-out goods stays to be seen") {
    struct stall stall;
    open_stall_in(house, &stall);
    int64_t id = sell(house, &stall);
    struct shelf_change first = {id, stall.sku_ids.items[0], 0};
    struct shelf_change second = {id, stall.sku_ids.items[1], 0};
    house_work(house, count_shelf, &first);
    struct house_reply list = house_get(house, nobody(), "/api/goods");
    CHECK_INT(house_int(&list, "items.0.price_fen"), 8290);
    CHECK(house_bool(&list, "items.0.available"));
    house_work(house, count_shelf, &second);
    list = house_get(house, nobody(), "/api/goods");
    CHECK_INT(house_count(&list, "items"), 1);
    CHECK(!house_bool(&list, "items.0.available"));
    CHECK_INT(house_int(&list, "items.0.price_fen"), 4990);
    list = house_get(house, nobody(), "/api/goods?in_stock=true");
    CHECK_INT(house_count(&list, "items"), 0);
    house_check_books(house);
    first.count = 3;
    house_work(house, count_shelf, &first);
    list = house_get(house, nobody(), "/api/goods?in_stock=true");
    CHECK_INT(house_count(&list, "items"), 1);
    struct house_reply goods = house_get(house, nobody(), "/api/goods/%lld", (long long)id);
    CHECK_INT(house_int(&goods, "skus.0.available_count"), 3);
    CHECK_INT(house_int(&goods, "skus.1.available_count"), 0);
    house_check_books(house);
}

struct emptying {
    struct house *house;
    struct shelf_change change;
};

static void *empty_shelf(void *context) {
    struct emptying *emptying = context;
    struct arena arena = {0};
    refusal refused = road_work(emptying->house->app, &arena, true, count_shelf, &emptying->change);
    bool fine = refused == NULL;
    arena_free(&arena);
    return fine ? emptying : NULL;
}

HOUSE_TEST("stock: two SKUs that run out at the same moment leave a card that is sold out") {
    struct stall stall;
    open_stall_in(house, &stall);
    for (int round = 0; round < 10; round++) {
        int64_t id = sell(house, &stall);
        struct emptying first = {house, {id, stall.sku_ids.items[0], 0}};
        struct emptying second = {house, {id, stall.sku_ids.items[1], 0}};
        pthread_t thread;
        CHECK_INT(pthread_create(&thread, NULL, empty_shelf, &first), 0);
        CHECK(empty_shelf(&second) != NULL);
        void *ended;
        CHECK_INT(pthread_join(thread, &ended), 0);
        CHECK(ended != NULL);
    }
    struct house_reply list = house_get(house, nobody(), "/api/goods?in_stock=true");
    CHECK_INT(house_count(&list, "items"), 0);
    list = house_get(house, nobody(), "/api/goods");
    CHECK_INT(house_count(&list, "items"), 10);
    house_check_books(house);
}

HOUSE_TEST("sold: counts come from sales alone; the order of lists and the seller's sum follow") {
    struct stall stall;
    open_stall_in(house, &stall);
    int64_t id = sell(house, &stall);
    int64_t more[] = {id, 5};
    int64_t less[] = {id, -2};
    int64_t too_many[] = {id, -4};
    int64_t unknown[] = {99, 1};
    house_work(house, count_sold, more);
    house_work(house, count_sold, less);
    refusal refused = house_try(house, count_sold, too_many);
    CHECK(refused && refused->kind == PROBLEM_NOT_FOUND);
    CHECK(house_try(house, count_sold, unknown) != NULL);
    struct house_reply goods = house_get(house, nobody(), "/api/goods/%lld", (long long)id);
    CHECK_INT(house_int(&goods, "sold_count"), 3);
    house_advance(house, 11000);
    house_run_jobs(house);
    goods = house_get(house, nobody(), "/api/sellers/%lld", (long long)stall.seller_id);
    CHECK_INT(house_int(&goods, "sold_count"), 3);
    house_check_books(house);
}

struct asking {
    int64_t sku_ids[4];
};

static refusal ask_offers(struct request *q, void *context) {
    const struct asking *asking = context;
    struct catalog_offer_list offers;
    TRY(catalog_offers(q, asking->sku_ids, 4, &offers));
    CHECK_INT(offers.count, 3);
    CHECK_INT(offers.items[0].sku_id, asking->sku_ids[0]);
    CHECK_INT(offers.items[1].sku_id, asking->sku_ids[2]);
    CHECK_INT(offers.items[2].sku_id, asking->sku_ids[3]);
    CHECK(offers.items[0].on_sale && !offers.items[1].on_sale);
    CHECK_TEXT(offers.items[0].options_text, "9 斤 · 中果");
    CHECK_TEXT(offers.items[0].seller_name, "上庄村合作社");
    CHECK_INT(fen_count(catalog_unit_price(&offers.items[0]).price), 921);
    TRY(catalog_offers(q, asking->sku_ids, 0, &offers));
    CHECK_INT(offers.count, 0);
    return NULL;
}

HOUSE_TEST("offers: in the order asked, each once, what does not exist is missing") {
    struct stall stall;
    open_stall_in(house, &stall);
    int64_t id = sell(house, &stall);
    struct house_reply reply =
        put(house, stall.keeper, "{\"on_sale\":false}", "/api/goods/%lld/sale", (long long)id);
    int64_t off = stall.sku_ids.items[0];
    sell(house, &stall);
    HOUSE_STATUS(&reply, 200);
    struct asking asking = {{stall.sku_ids.items[1], 42, off, stall.sku_ids.items[0]}};
    house_work(house, ask_offers, &asking);
}

HOUSE_TEST("own goods: a keeper sees titles, prices and counts joined; nobody else does") {
    struct stall stall;
    open_stall_in(house, &stall);
    fill_stall(house, &stall);
    struct house_reply page = house_get(house, stall.keeper, "/api/sellers/%lld/goods?limit=20",
                                        (long long)stall.seller_id);
    HOUSE_STATUS(&page, 200);
    CHECK_INT(house_count(&page, "items"), 20);
    CHECK_TEXT(house_text(&page, "items.0.title"), "第 29 样");
    CHECK_INT(house_int(&page, "items.0.skus.0.available_count"), 5);
    CHECK_INT(house_int(&page, "items.4.skus.0.available_count"), 0); /* 第 25 样 */
    struct house_reply one = house_get(house, stall.keeper, "/api/sellers/%lld/goods?limit=1",
                                       (long long)stall.seller_id);
    CHECK_INT(one.road.statement_count, page.road.statement_count);
    struct text next = house_has(&page, "next") ? house_text(&page, "next") : TEXT("");
    struct house_reply rest = house_get(house, stall.keeper, "/api/sellers/%lld/goods?after=%.*s",
                                        (long long)stall.seller_id, (int)next.length, next.bytes);
    CHECK_INT(house_count(&rest, "items"), 10);
    struct market market;
    market_open(house, &market);
    struct house_reply other =
        house_get(house, market.keeper, "/api/sellers/%lld/goods", (long long)stall.seller_id);
    HOUSE_STATUS(&other, 404);
    other = house_get(house, nobody(), "/api/sellers/%lld/goods", (long long)stall.seller_id);
    HOUSE_STATUS(&other, 401);
    struct house_reply stock =
        house_get(house, market.keeper, "/api/stock?seller=%lld", (long long)market.seller_id);
    HOUSE_STATUS(&stock, 200);
    CHECK_INT(house_count(&stock, "items"), 2);
    CHECK_TEXT(house_text(&stock, "items.0.title"), "隰县玉露香梨");
    CHECK_TEXT(house_text(&stock, "items.0.options_text"), "5 斤");
    CHECK_INT(house_int(&stock, "items.0.available_count"), MARKET_STOCK_FIVE);
    other = house_get(house, stall.keeper, "/api/stock?seller=%lld", (long long)market.seller_id);
    HOUSE_STATUS(&other, 404);
}

static int64_t stock_found(struct house *house, const struct market *market, const char *filter) {
    struct house_reply reply = house_get(house, market->keeper, "/api/stock?seller=%lld%s",
                                         (long long)market->seller_id, filter);
    HOUSE_STATUS(&reply, 200);
    return (int64_t)house_count(&reply, "items");
}

HOUSE_TEST("sellers: the shelf of one SKU, and of goods by words of their title") {
    struct market market, other;
    market_open(house, &market);
    market_open_another(house, "13900000002", &other);
    struct text of_five = text_format(house->arena, "&sku=%lld", (long long)market.sku_five);
    struct text of_other = text_format(house->arena, "&sku=%lld", (long long)other.sku_five);
    CHECK_INT(stock_found(house, &market, text_terminated(house->arena, of_five)), 1);
    CHECK_INT(stock_found(house, &market, text_terminated(house->arena, of_other)), 0);
    CHECK_INT(stock_found(house, &market, "&q=%E7%8E%89%E9%9C%B2"), 2); /* 玉露 */
    CHECK_INT(stock_found(house, &market, "&q=%E6%A1%83"), 0);          /* 桃 */
    CHECK_INT(stock_found(house, &market, "&q=%25"), 0);                /* a percent sign */
    CHECK_INT(stock_found(house, &market, "&q=_"), 0);
    CHECK_INT(stock_found(house, &market, "&q=%20"), 2); /* nothing asked for */
    struct house_reply bad = house_get(house, market.keeper, "/api/stock?seller=%lld&sku=pear",
                                       (long long)market.seller_id);
    HOUSE_PROBLEM(&bad, "bad_input", "sku");
}

/* ---- what operators arrange ---- */

static refusal make_auditor(struct request *q, void *context) {
    const int64_t *person_id = context;
    return people_give_role(q, *person_id, "auditor", SCOPE_ALL, 0);
}

HOUSE_TEST("audit: what operators and keepers change stands in the trail, refusals do not") {
    struct stall stall;
    open_stall_in(house, &stall);
    int64_t auditor_id;
    struct text auditor = house_person(house, "13900000015", &auditor_id);
    house_work(house, make_auditor, &auditor_id);
    sell(house, &stall);
    struct house_reply reply =
        put(house, stall.operator, "{\"name\":\"惠品下乡\"}", "/api/sections/down");
    HOUSE_STATUS(&reply, 200);
    set_price(house, &stall, 4100);
    reply = put(house, stall.keeper, "{\"name\":\"惠品下乡\"}", "/api/sections/down");
    HOUSE_STATUS(&reply, 403);
    reply = house_get(house, auditor, "/api/audit");
    HOUSE_STATUS(&reply, 200);
    CHECK_TEXT(house_text(&reply, "items.0.action"), "catalog.price");
    CHECK_TEXT(house_text(&reply, "items.1.action"), "catalog.section");
}

HOUSE_TEST("A01: sections are data: made, filled in order, shown at home and as a list") {
    struct stall stall;
    open_stall_in(house, &stall);
    int64_t first = sell(house, &stall);
    stall.draft.title = TEXT("隰县小米");
    int64_t second = sell(house, &stall);
    const char *names[][2] = {{"secretary", "书记代言"},
                              {"down", "惠品下乡"},
                              {"group", "扶贫团购"},
                              {"enterprise", "荣企惠民"}};
    char body[200];
    struct house_reply reply;
    for (int i = 0; i < 4; i++) {
        snprintf(body, sizeof(body), "{\"name\":\"%s\",\"tagline\":\"好\",\"sort_order\":%d}",
                 names[i][1], i);
        reply = put(house, stall.operator, body, "/api/sections/%s", names[i][0]);
        HOUSE_STATUS(&reply, 200);
    }
    snprintf(body, sizeof(body), "{\"goods_ids\":[\"%lld\",\"%lld\"]}", (long long)first,
             (long long)second);
    reply = put(house, stall.operator, body, "/api/sections/secretary/goods");
    HOUSE_STATUS(&reply, 200);
    struct house_reply home = house_get(house, nobody(), "/api/home");
    CHECK_INT(house_count(&home, "sections"), 4);
    CHECK_TEXT(house_text(&home, "sections.0.name"), "书记代言");
    CHECK_TEXT(house_text(&home, "sections.3.name"), "荣企惠民");
    CHECK_INT(house_count(&home, "sections.0.goods"), 2);
    CHECK_INT(id_in(&home, "sections.0.goods.0.id"), first);
    CHECK_INT(id_in(&home, "sections.0.goods.1.id"), second);
    CHECK_INT(house_count(&home, "sections.1.goods"), 0);
    CHECK_INT(home.road.statement_count, 6); /* 7 where there are zones */
    reply = house_get(house, nobody(), "/api/goods?section=secretary&sort=origin");
    CHECK_INT(house_count(&reply, "items"), 2);
    /* Another order, one fewer; the goods that left is in no list of the section. */
    snprintf(body, sizeof(body), "{\"goods_ids\":[\"%lld\"]}", (long long)second);
    reply = put(house, stall.operator, body, "/api/sections/secretary/goods");
    CHECK_INT(house_count(&reply, "goods"), 1);
    reply = house_get(house, nobody(), "/api/goods?section=secretary");
    CHECK_INT(house_count(&reply, "items"), 1);
    reply = put(house, stall.operator, "{\"name\":\"书记说好\"}", "/api/sections/secretary");
    HOUSE_STATUS(&reply, 200);
    reply = house_get(house, nobody(), "/api/sections/secretary");
    CHECK_TEXT(house_text(&reply, "name"), "书记说好");
    CHECK_INT(house_count(&reply, "goods"), 1);
    reply = house_get(house, nobody(), "/api/sections");
    CHECK_INT(house_count(&reply, "items"), 4);
}

HOUSE_TEST("sections: the season shelf stands apart; wrong goods and wrong people are refused") {
    struct stall stall;
    open_stall_in(house, &stall);
    int64_t id = sell(house, &stall);
    char body[200];
    struct house_reply reply =
        put(house, stall.operator, "{\"name\":\"当季\"}", "/api/sections/season");
    HOUSE_STATUS(&reply, 200);
    snprintf(body, sizeof(body), "{\"goods_ids\":[\"%lld\"]}", (long long)id);
    reply = put(house, stall.operator, body, "/api/sections/season/goods");
    HOUSE_STATUS(&reply, 200);
    struct house_reply home = house_get(house, nobody(), "/api/home");
    CHECK_INT(house_count(&home, "season"), 1);
    CHECK_INT(house_count(&home, "sections"), 0);
    snprintf(body, sizeof(body), "{\"goods_ids\":[\"%lld\",\"5\"]}", (long long)id);
    reply = put(house, stall.operator, body, "/api/sections/season/goods");
    HOUSE_PROBLEM(&reply, "bad_input", "goods_ids");
    snprintf(body, sizeof(body), "{\"goods_ids\":[\"%lld\",\"%lld\"]}", (long long)id,
             (long long)id);
    reply = put(house, stall.operator, body, "/api/sections/season/goods");
    HOUSE_PROBLEM(&reply, "bad_input", "goods_ids");
    home = house_get(house, nobody(), "/api/home");
    CHECK_INT(house_count(&home, "season"), 1); /* a refusal leaves all as it was */
    reply = put(house, stall.operator, "{\"goods_ids\":[]}", "/api/sections/season/goods");
    HOUSE_STATUS(&reply, 200);
    home = house_get(house, nobody(), "/api/home");
    CHECK_INT(house_count(&home, "season"), 0);
    reply = put(house, stall.operator, "{\"goods_ids\":[]}", "/api/sections/nowhere/goods");
    HOUSE_STATUS(&reply, 404);
    reply = put(house, stall.operator, "{\"name\":\"坏\"}", "/api/sections/Bad_Code");
    HOUSE_PROBLEM(&reply, "bad_input", "code");
    reply = put(house, stall.keeper, "{\"name\":\"坏\"}", "/api/sections/season");
    HOUSE_STATUS(&reply, 403);
    reply = put(house, nobody(), "{\"name\":\"坏\"}", "/api/sections/season");
    HOUSE_STATUS(&reply, 401);
    reply = house_get(house, nobody(), "/api/sections/nowhere");
    HOUSE_STATUS(&reply, 404);
}

HOUSE_TEST("zones: a zone is a set of counties, and its goods are what comes from there") {
    struct stall stall;
    open_stall_in(house, &stall);
    fill_stall(house, &stall);
    struct house_reply reply =
        put(house, stall.operator,
            "{\"name\":\"献爱心\",\"counties\":[\"500242000000\",\"500236000000\"]}",
            "/api/zones/aixin");
    HOUSE_STATUS(&reply, 200);
    CHECK_TEXT(house_text(&reply, "counties.0.name"), "酉阳土家族苗族自治县");
    CHECK_INT(house_int(&reply, "counties.0.goods_count"), 10);
    struct walk walk = {"zone=aixin&sort=price", "price_fen", 1, 7};
    CHECK_INT(walk_all(house, &walk), 20);
    /* New goods from there belong to it without anybody's doing. */
    stall.draft.place_code = FENGJIE;
    sell(house, &stall);
    CHECK_INT(walk_all(house, &walk), 21);
    reply = put(house, stall.operator, "{\"name\":\"献爱心\",\"counties\":[\"500242000000\"]}",
                "/api/zones/aixin");
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(walk_all(house, &walk), 10);
    reply = house_get(house, nobody(), "/api/zones");
    CHECK_INT(house_count(&reply, "items.0.counties"), 1);
    CHECK_INT(reply.road.statement_count, 2);
    const char *wrong[] = {"{\"name\":\"坏\",\"counties\":[\"500000000000\"]}",
                           "{\"name\":\"坏\",\"counties\":[\"500242000001\"]}"};
    for (int i = 0; i < 2; i++) {
        reply = put(house, stall.operator, wrong[i], "/api/zones/aixin");
        HOUSE_PROBLEM(&reply, "bad_input", "counties[0]");
    }
    reply = put(house, stall.operator,
                "{\"name\":\"坏\",\"counties\":[\"500242000000\",\"500242000000\"]}",
                "/api/zones/aixin");
    HOUSE_PROBLEM(&reply, "bad_input", "counties[1]");
    reply = put(house, stall.keeper, "{\"name\":\"坏\",\"counties\":[\"500242000000\"]}",
                "/api/zones/aixin");
    HOUSE_STATUS(&reply, 403);
}

HOUSE_TEST("categories: a branch that moves takes its goods along; a tree stays a tree") {
    struct stall stall;
    open_stall_in(house, &stall);
    sell(house, &stall);
    struct walk in_craft = {"", "price_fen", 0, 5};
    char query[60];
    snprintf(query, sizeof(query), "category=%lld", (long long)stall.craft_id);
    in_craft.query = query;
    CHECK_INT(walk_all(house, &in_craft), 0);
    char body[200];
    snprintf(body, sizeof(body), "{\"name\":\"梨\",\"parent_id\":\"%lld\"}",
             (long long)stall.craft_id);
    struct house_reply reply =
        put(house, stall.operator, body, "/api/categories/%lld", (long long)stall.pear_id);
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(walk_all(house, &in_craft), 1);
    snprintf(query, sizeof(query), "category=%lld", (long long)stall.fruit_id);
    CHECK_INT(walk_all(house, &in_craft), 0);
    snprintf(body, sizeof(body), "{\"name\":\"手工\",\"parent_id\":\"%lld\"}",
             (long long)stall.pear_id);
    reply = put(house, stall.operator, body, "/api/categories/%lld", (long long)stall.craft_id);
    HOUSE_PROBLEM(&reply, "bad_input", "parent_id");
    reply = put(house, stall.operator, "{\"name\":\"手工\",\"parent_id\":\"7\"}",
                "/api/categories/%lld", (long long)stall.craft_id);
    HOUSE_PROBLEM(&reply, "bad_input", "parent_id");
    reply = put(house, stall.operator, "{\"name\":\"手工\"}", "/api/categories/7");
    HOUSE_STATUS(&reply, 404);
    /* Four levels and no more. */
    int64_t parent = stall.pear_id;
    for (int level = 3; level <= 5; level++) {
        snprintf(body, sizeof(body), "{\"name\":\"第 %d 层\",\"parent_id\":\"%lld\"}", level,
                 (long long)parent);
        reply = house_call(house, stall.operator, "POST", "/api/categories", body);
        HOUSE_STATUS(&reply, level <= 4 ? 201 : 400);
        if (level <= 4) parent = id_in(&reply, "id");
    }
    reply = house_get(house, nobody(), "/api/categories");
    CHECK_INT(house_count(&reply, "items"), 5);
    CHECK_INT(reply.road.statement_count, 1);
    reply = house_call(house, stall.keeper, "POST", "/api/categories", "{\"name\":\"坏\"}");
    HOUSE_STATUS(&reply, 403);
    house_check_books(house);
}

HOUSE_TEST("banners: an operator sets them in order; they lead to pages of this shop only") {
    struct stall stall;
    open_stall_in(house, &stall);
    struct house_reply reply = put(
        house, stall.operator,
        "{\"banners\":[{\"title\":\"一\",\"picture\":\"/img/a.webp\",\"link\":\"/zone/aixin\"},"
        "{\"title\":\"二\",\"text\":\"话\",\"picture\":\"/img/b.webp\",\"link\":\"/goods/1\"}]}",
        "/api/banners");
    HOUSE_STATUS(&reply, 200);
    struct house_reply home = house_get(house, nobody(), "/api/home");
    CHECK_INT(house_count(&home, "banner"), 2);
    CHECK_TEXT(house_text(&home, "banner.1.text"), "话");
    reply =
        put(house, stall.operator, "{\"banners\":[{\"title\":\"坏\",\"picture\":\"/img/a.webp\","
                                   "\"link\":\"https://elsewhere\"}]}",
            "/api/banners");
    HOUSE_PROBLEM(&reply, "bad_input", "banners[0]");
    home = house_get(house, nobody(), "/api/home");
    CHECK_INT(house_count(&home, "banner"), 2);
    reply = put(house, stall.keeper, "{\"banners\":[]}", "/api/banners");
    HOUSE_STATUS(&reply, 403);
}

/* Makes COUNT goods and gives their ids as JSON of a body, in an order that is not that of ids. */
static const char *many_goods(struct house *house, struct stall *stall, int count) {
    struct buffer ids = buffer_make(house->arena, 20000);
    int64_t made[CATALOG_SECTION_GOODS_MAX];
    CHECK(count <= CATALOG_SECTION_GOODS_MAX);
    for (int i = 0; i < count; i++) made[i] = sell(house, stall);
    buffer_add_text(&ids, TEXT("{\"goods_ids\":["));
    for (int i = 0; i < count; i++)
        buffer_add_format(&ids, "%s\"%lld\"", i ? "," : "", (long long)made[i * 7 % count]);
    buffer_add_text(&ids, TEXT("]}"));
    return text_terminated(house->arena, buffer_text(&ids));
}

/* What a page would send back of the goods that it was shown. */
static const char *goods_shown(struct house *house, const struct house_reply *reply) {
    struct buffer ids = buffer_make(house->arena, 20000);
    buffer_add_text(&ids, TEXT("{\"goods_ids\":["));
    for (size_t i = 0; i < house_count(reply, "items"); i++) {
        char path[60];
        snprintf(path, sizeof(path), "items.%zu.goods_id", i);
        buffer_add_format(&ids, "%s\"%s\"", i ? "," : "", house_text(reply, path).bytes);
    }
    buffer_add_text(&ids, TEXT("]}"));
    return text_terminated(house->arena, buffer_text(&ids));
}

HOUSE_TEST("sections: what is read of three hundred goods, saved as it was, is what was there") {
    struct stall stall;
    open_stall_in(house, &stall);
    struct house_reply reply =
        put(house, stall.operator,
            "{\"name\":\"秋收\",\"tagline\":\"粮下来了\",\"picture\":\"/img/a.webp\","
            "\"sort_order\":70,\"on_home\":false}",
            "/api/sections/autumn");
    HOUSE_STATUS(&reply, 200);
    const char *body = many_goods(house, &stall, CATALOG_SECTION_GOODS_MAX);
    reply = put(house, stall.operator, body, "/api/sections/autumn/goods");
    HOUSE_STATUS(&reply, 200);
    /* One of them is off sale: shoppers do not see it, and it keeps its place. */
    reply = put(house, stall.keeper, "{\"on_sale\":false}", "/api/goods/%lld/sale",
                (long long)stall.goods_id);
    HOUSE_STATUS(&reply, 200);
    struct house_reply before = house_get(house, stall.operator, "/api/sections/autumn/goods");
    HOUSE_STATUS(&before, 200);
    CHECK_INT(house_count(&before, "items"), CATALOG_SECTION_GOODS_MAX);
    CHECK_INT(before.road.statement_count, 3); /* with that of the session */
    CHECK_TEXT(text_of(goods_shown(house, &before)), body);
    reply = put(house, stall.operator, goods_shown(house, &before), "/api/sections/autumn/goods");
    HOUSE_STATUS(&reply, 200);
    struct house_reply after = house_get(house, stall.operator, "/api/sections/autumn/goods");
    CHECK(text_equal(after.road.body, before.road.body));
    before = house_get(house, nobody(), "/api/sections/autumn");
    CHECK_INT(house_int(&before, "sort_order"), 70);
    char words[300];
    snprintf(words, sizeof(words),
             "{\"name\":\"%s\",\"tagline\":\"%s\",\"picture\":\"%s\",\"sort_order\":%lld,"
             "\"on_home\":%s}",
             house_text(&before, "name").bytes, house_text(&before, "tagline").bytes,
             house_text(&before, "picture").bytes, (long long)house_int(&before, "sort_order"),
             house_bool(&before, "on_home") ? "true" : "false");
    reply = put(house, stall.operator, words, "/api/sections/autumn");
    HOUSE_STATUS(&reply, 200);
    after = house_get(house, nobody(), "/api/sections/autumn");
    CHECK(text_equal(after.road.body, before.road.body));
    struct house_reply home = house_get(house, nobody(), "/api/home");
    CHECK_INT(house_count(&home, "sections"), 0);
    reply = house_get(house, stall.keeper, "/api/sections/autumn/goods");
    HOUSE_STATUS(&reply, 403);
}

/* Walks a list by pages and counts what stands there, in the order of the codes made below. */
static int walk_shelves(struct house *house, const char *list) {
    int count = 0;
    struct text next = TEXT("");
    do {
        struct house_reply page = house_get(house, nobody(), "/api/%s?limit=15&after=%.*s", list,
                                            (int)next.length, next.bytes);
        HOUSE_STATUS(&page, 200);
        for (size_t i = 0; i < house_count(&page, "items"); i++, count++) {
            char path[60], code[40];
            snprintf(path, sizeof(path), "items.%zu.code", i);
            snprintf(code, sizeof(code), "part-%02d", count);
            CHECK_TEXT(house_text(&page, path), code);
            snprintf(path, sizeof(path), "items.%zu.sort_order", i);
            CHECK_INT(house_int(&page, path), count / 4);
        }
        next = house_has(&page, "next") ? house_text(&page, "next") : TEXT("");
    } while (next.length > 0);
    return count;
}

HOUSE_TEST("sections and zones: forty of each are all in their lists, page by page") {
    struct stall stall;
    open_stall_in(house, &stall);
    struct house_reply reply;
    for (int i = 0; i < 40; i++) {
        char body[200];
        snprintf(body, sizeof(body), "{\"name\":\"板块 %d\",\"sort_order\":%d}", i, i / 4);
        reply = put(house, stall.operator, body, "/api/sections/part-%02d", i);
        HOUSE_STATUS(&reply, 200);
        snprintf(body, sizeof(body),
                 "{\"name\":\"专区 %d\",\"sort_order\":%d,\"on_home\":%s,"
                 "\"counties\":[\"500236000000\",\"141031000000\"]}",
                 i, i / 4, i == 3 ? "false" : "true");
        reply = put(house, stall.operator, body, "/api/zones/part-%02d", i);
        HOUSE_STATUS(&reply, 200);
    }
    /* The season shelf is the last of all and still stands at home, in no list. */
    reply = put(house, stall.operator, "{\"name\":\"当季\",\"sort_order\":1000}",
                "/api/sections/season");
    HOUSE_STATUS(&reply, 200);
    int64_t id = sell(house, &stall);
    char body[80];
    snprintf(body, sizeof(body), "{\"goods_ids\":[\"%lld\"]}", (long long)id);
    reply = put(house, stall.operator, body, "/api/sections/season/goods");
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(walk_shelves(house, "sections"), 40);
    CHECK_INT(walk_shelves(house, "zones"), 40);
    struct house_reply home = house_get(house, nobody(), "/api/home");
    CHECK_INT(house_count(&home, "sections"), 30);
    CHECK_INT(house_count(&home, "zones"), 30);
    CHECK_TEXT(house_text(&home, "zones.3.code"), "part-04");
    CHECK_INT(house_count(&home, "season"), 1);
    reply = house_get(house, nobody(), "/api/zones/part-03");
    CHECK_TEXT(house_text(&reply, "counties.0.place_code"), "500236000000");
    CHECK(!house_bool(&reply, "on_home"));
    reply = house_get(house, nobody(), "/api/sections?after=x");
    HOUSE_PROBLEM(&reply, "bad_input", "after");
    reply = house_get(house, nobody(), "/api/zones?after=-5-a");
    HOUSE_PROBLEM(&reply, "bad_input", "after");
}

static bool home_shows(struct house *house, const char *title) {
    struct house_reply home = house_get(house, nobody(), "/api/home");
    for (size_t i = 0; i < house_count(&home, "banner"); i++) {
        char path[40];
        snprintf(path, sizeof(path), "banner.%zu.title", i);
        if (text_is(house_text(&home, path), title)) return true;
    }
    return false;
}

HOUSE_TEST("banners: each stands from its time to its time, and what is read is what is saved") {
    struct stall stall;
    open_stall_in(house, &stall);
    struct instant now = {house->now_ms};
    struct buffer begin = buffer_make(house->arena, 40), end = buffer_make(house->arena, 40);
    instant_write(&begin, instant_after(now, HOUR_MS));
    instant_write(&end, instant_after(now, 2 * HOUR_MS));
    struct text body = text_format(
        house->arena,
        "{\"banners\":[{\"title\":\"秋梨\",\"picture\":\"/img/a.webp\",\"link\":\"/zone/aixin\","
        "\"from_at\":\"%.*s\",\"until_at\":\"%.*s\"},"
        "{\"title\":\"常在\",\"picture\":\"/img/b.webp\",\"link\":\"/goods/1\"}]}",
        (int)begin.length, begin.bytes, (int)end.length, end.bytes);
    struct house_reply saved =
        put(house, stall.operator, text_terminated(house->arena, body), "/api/banners");
    HOUSE_STATUS(&saved, 200);
    struct house_reply all = house_get(house, stall.operator, "/api/banners");
    CHECK(text_equal(all.road.body, saved.road.body));
    saved =
        put(house, stall.operator, text_terminated(house->arena, all.road.body), "/api/banners");
    HOUSE_STATUS(&saved, 200);
    CHECK(text_equal(all.road.body, saved.road.body));
    CHECK(home_shows(house, "常在"));
    CHECK(!home_shows(house, "秋梨"));
    house_advance(house, HOUR_MS);
    house_run_jobs(house);
    CHECK(home_shows(house, "秋梨"));
    house_advance(house, HOUR_MS);
    house_run_jobs(house);
    CHECK(!home_shows(house, "秋梨"));
    body = text_format(house->arena,
                       "{\"banners\":[{\"title\":\"坏\",\"picture\":\"/img/a.webp\",\"link\":\"/\","
                       "\"from_at\":\"%.*s\",\"until_at\":\"%.*s\"}]}",
                       (int)end.length, end.bytes, (int)begin.length, begin.bytes);
    saved = put(house, stall.operator, text_terminated(house->arena, body), "/api/banners");
    HOUSE_PROBLEM(&saved, "bad_input", "banners[0].until_at");
    all = house_get(house, stall.keeper, "/api/banners");
    HOUSE_STATUS(&all, 403);
}

#include <stdio.h>
#include <string.h>

#include "ground/people/people.h"
#include "market/listings/inside.h"
#include "market/stock/stock.h"
#include "support/house.h"
#include "support/market.h"
#include "support/pictures.h"

/* ---- a shop, its reviewers ---- */

struct desk {
    struct house *house;
    struct market market;
    struct text county, away, platform, keeper_too;
    int64_t county_id, away_id, platform_id, keeper_too_id;
    int64_t category_id, processed_id;
};

static refusal give_roles(struct request *q, void *context) {
    struct desk *desk = context;
    const int64_t here = INT64_C(141031000000), there = INT64_C(500236000000);
    const struct catalog_category_draft processed = {.name = TEXT("糕点"), .processed_food = true};
    TRY(people_give_role(q, desk->county_id, "county_operator", SCOPE_COUNTY, here));
    TRY(people_give_role(q, desk->away_id, "county_operator", SCOPE_COUNTY, there));
    TRY(people_give_role(q, desk->platform_id, "operator", SCOPE_ALL, 0));
    TRY(people_give_role(q, desk->keeper_too_id, "operator", SCOPE_ALL, 0));
    TRY(people_give_role(q, desk->keeper_too_id, "seller_keeper", SCOPE_ORGANISATION,
                         desk->market.seller_id));
    return catalog_add_category(q, &processed, &desk->processed_id);
}

static void open_desk(struct house *house, struct desk *ret_desk) {
    struct desk *desk = ret_desk;
    desk->house = house;
    market_open(house, &desk->market);
    desk->county = house_person(house, "13900000031", &desk->county_id);
    desk->away = house_person(house, "13900000032", &desk->away_id);
    desk->platform = house_person(house, "13900000033", &desk->platform_id);
    desk->keeper_too = house_person(house, "13900000034", &desk->keeper_too_id);
    house_work(house, give_roles, desk);
    struct house_reply all = house_get(house, TEXT(""), "/api/categories");
    text_to_int64(house_text(&all, "items.0.id"), &desk->category_id);
}

static const char agreed[] = "{\"agreed\":true}";
static const char refused[] = "{\"agreed\":false,\"words\":\"图片看不清\"}";

struct writing {
    int64_t category_id; /* 0: fruit */
    const char *title;   /* NULL: 隰县小米 */
    const char *facts;   /* NULL: none */
    const char *policy;  /* NULL: seven_days */
    const char *picture; /* NULL: one of the shop */
    int price_fen;       /* 0: 3900 */
};

static const char *body_of(const struct desk *desk, struct writing writing) {
    struct text body = text_format(
        desk->house->arena,
        "{\"goods\":{\"seller_id\":\"%lld\",\"category_id\":\"%lld\","
        "\"place_code\":\"141031100203\",\"title\":\"%s\",\"pictures\":[\"%s\"],"
        "\"facts\":[%s],\"piece_name\":\"袋\",\"skus\":[{\"options\":[{\"name\":\"规格\","
        "\"value\":\"5 斤\"}],\"price_fen\":%d,\"net\":{\"amount\":\"2.5\",\"unit\":\"kg\"},"
        "\"weight_g\":2600,\"stock_count\":7,\"return_policy\":\"%s\"}]}}",
        (long long)desk->market.seller_id,
        (long long)(writing.category_id ? writing.category_id : desk->category_id),
        writing.title ? writing.title : "隰县小米",
        writing.picture ? writing.picture : "/img/millet.webp", writing.facts ? writing.facts : "",
        writing.price_fen ? writing.price_fen : 3900,
        writing.policy ? writing.policy : "seven_days");
    return text_terminated(desk->house->arena, body);
}

static struct house_reply act(const struct desk *desk, struct text token, struct text id,
                              const char *what, const char *body) {
    char target[120];
    snprintf(target, sizeof(target), "/api/listings/%.*s", (int)id.length, id.bytes);
    if (strcmp(what, "decisions") == 0)
        body = house_opinion(desk->house, desk->platform, target, body);
    snprintf(target, sizeof(target), "/api/listings/%.*s/%s", (int)id.length, id.bytes, what);
    return house_call(desk->house, token, "POST", target, body);
}

static struct house_reply look(const struct desk *desk, struct text token, struct text id) {
    return house_get(desk->house, token, "/api/listings/%.*s", (int)id.length, id.bytes);
}

static struct text begin(const struct desk *desk, const char *body) {
    struct house_reply made =
        house_call(desk->house, desk->market.keeper, "POST", "/api/listings", body);
    HOUSE_STATUS(&made, 201);
    CHECK_TEXT(house_text(&made, "state"), "draft");
    return house_text(&made, "id");
}

static struct text send_in(const struct desk *desk, const char *body) {
    struct text id = begin(desk, body);
    struct house_reply sent = act(desk, desk->market.keeper, id, "submissions", NULL);
    HOUSE_STATUS(&sent, 201);
    return id;
}

static size_t goods_shown(const struct desk *desk) {
    struct house_reply list = house_get(desk->house, TEXT(""), "/api/goods?limit=50");
    return house_count(&list, "items");
}

/* Whether the listing has a finding of LEVEL on FIELD. */
static bool notices(const struct house_reply *reply, const char *level, const char *field) {
    char path[40];
    for (size_t i = 0; i < house_count(reply, "findings"); i++) {
        snprintf(path, sizeof(path), "findings.%zu.level", i);
        bool same = text_is(house_text(reply, path), level);
        snprintf(path, sizeof(path), "findings.%zu.field", i);
        if (same && text_is(house_text(reply, path), field)) return true;
    }
    return false;
}

/* ---- the way of a listing ---- */

HOUSE_TEST("A16: a seller lists for nothing; on sale is what somebody else let through, once") {
    struct desk desk;
    open_desk(house, &desk);
    struct text id = begin(&desk, body_of(&desk, (struct writing){0}));
    CHECK_INT(goods_shown(&desk), 1);
    struct house_reply reply = act(&desk, desk.market.keeper, id, "submissions", NULL);
    CHECK_TEXT(house_text(&reply, "state"), "submitted");
    CHECK_INT(goods_shown(&desk), 1);
    reply = act(&desk, desk.county, id, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "state"), "listed");
    struct text goods_id = house_text(&reply, "goods_id");
    struct house_reply goods =
        house_get(house, TEXT(""), "/api/goods/%.*s", (int)goods_id.length, goods_id.bytes);
    CHECK_INT(house_int(&goods, "skus.0.unit_price_fen"), 780);
    CHECK_INT(house_int(&goods, "skus.0.available_count"), 7);
    CHECK_INT(house_int(&goods, "ship_within_hours"), 48);
    CHECK_INT(house_int(&goods, "seller.fee_permille"), 0);
    reply = act(&desk, desk.county, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    reply = act(&desk, desk.market.keeper, id, "submissions", NULL);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    reply = act(&desk, desk.market.keeper, id, "withdrawal", NULL);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    CHECK_INT(goods_shown(&desk), 2);
    house_check_books(house);
}

HOUSE_TEST("listings: what is refused comes back with the reason, is mended, and is let through") {
    struct desk desk;
    open_desk(house, &desk);
    const char *body = body_of(&desk, (struct writing){0});
    struct text id = send_in(&desk, body);
    char target[80];
    snprintf(target, sizeof(target), "/api/listings/%.*s", (int)id.length, id.bytes);
    struct house_reply reply = house_call(house, desk.market.keeper, "PUT", target, body);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    reply = act(&desk, desk.county, id, "decisions", "{\"agreed\":false}");
    HOUSE_PROBLEM(&reply, "bad_input", "words");
    reply = act(&desk, desk.county, id, "decisions", refused);
    CHECK_TEXT(house_text(&reply, "state"), "refused");
    reply = look(&desk, desk.market.keeper, id);
    CHECK_TEXT(house_text(&reply, "reason"), "图片看不清");
    CHECK_TEXT(house_text(&reply, "may.0"), "edit");
    reply = house_call(house, desk.market.keeper, "PUT", target, body);
    HOUSE_STATUS(&reply, 200);
    reply = act(&desk, desk.market.keeper, id, "submissions", NULL);
    HOUSE_STATUS(&reply, 201);
    reply = act(&desk, desk.platform, id, "decisions", agreed);
    CHECK_TEXT(house_text(&reply, "state"), "listed");
    CHECK_INT(house_count(&reply, "steps"), 4);
    CHECK_INT(goods_shown(&desk), 2);
    house_check_books(house);
}

HOUSE_TEST("listings: who keeps the shop never reviews for it; others are told nothing") {
    struct desk desk;
    struct market other;
    open_desk(house, &desk);
    market_open_another(house, "13900000035", &other);
    const char *body = body_of(&desk, (struct writing){0});
    struct text draft = begin(&desk, body), id = send_in(&desk, body);
    struct house_reply reply = act(&desk, desk.keeper_too, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    reply = act(&desk, desk.market.keeper, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", NULL);
    reply = act(&desk, desk.away, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = act(&desk, desk.county, draft, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = look(&desk, desk.county, draft);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = look(&desk, other.keeper, id);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = act(&desk, other.keeper, id, "withdrawal", NULL);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = house_call(house, other.keeper, "POST", "/api/listings", body);
    HOUSE_PROBLEM(&reply, "not_found", "goods.seller_id");
    reply = house_call(house, desk.county, "POST", "/api/listings", body);
    HOUSE_PROBLEM(&reply, "not_allowed", NULL);
    reply = act(&desk, desk.market.keeper, id, "withdrawal", NULL);
    HOUSE_STATUS(&reply, 200);
    reply = act(&desk, desk.county, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    CHECK_INT(goods_shown(&desk), 2);
}

static refusal give_writer(struct request *q, void *context) {
    return people_give_role(q, *(int64_t *)context, "village_writer", SCOPE_COUNTY,
                            INT64_C(141031000000));
}

/* Roles are data: here is one that sells and reviews in a county. */
static struct text writer_of(const struct desk *desk, const char *phone) {
    int64_t id;
    struct house_reply role =
        house_call(desk->house, desk->platform, "PUT", "/api/roles/village_writer",
                   "{\"permissions\":[\"sell\",\"review\"]}");
    HOUSE_STATUS(&role, 200);
    struct text token = house_person(desk->house, phone, &id);
    house_work(desk->house, give_writer, &id);
    return token;
}

HOUSE_TEST("listings: who wrote a draft that another sent in does not decide on it") {
    struct desk desk;
    open_desk(house, &desk);
    struct text writer = writer_of(&desk, "13900000038");
    struct text other = writer_of(&desk, "13900000039");
    struct house_reply made =
        house_call(house, writer, "POST", "/api/listings", body_of(&desk, (struct writing){0}));
    HOUSE_STATUS(&made, 201);
    struct text id = house_text(&made, "id");
    struct house_reply reply = act(&desk, desk.market.keeper, id, "submissions", NULL);
    HOUSE_STATUS(&reply, 201);
    reply = look(&desk, writer, id);
    for (size_t i = 0; i < house_count(&reply, "may"); i++)
        CHECK(!text_is(house_text(&reply, i ? "may.1" : "may.0"), "decide"));
    reply = act(&desk, writer, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    /* Who may sell for the shop does not either, whoever wrote it. */
    reply = act(&desk, other, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    reply = house_call(house, desk.platform, "PUT", "/api/roles/village_writer",
                       "{\"permissions\":[\"review\"]}");
    HOUSE_STATUS(&reply, 200);
    reply = act(&desk, writer, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    CHECK_INT(goods_shown(&desk), 1);
    reply = act(&desk, other, id, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    house_check_books(house);
}

HOUSE_TEST("listings: a word on what was read does not list what came after it") {
    struct desk desk;
    char target[80];
    open_desk(house, &desk);
    struct text id = send_in(&desk, body_of(&desk, (struct writing){0}));
    snprintf(target, sizeof(target), "/api/listings/%.*s", (int)id.length, id.bytes);
    const char *stale = house_opinion(house, desk.county, target, agreed);
    struct house_reply reply = act(&desk, desk.platform, id, "decisions", refused);
    HOUSE_STATUS(&reply, 201);
    reply = house_call(house, desk.market.keeper, "PUT", target,
                       body_of(&desk, (struct writing){.title = "另一样东西"}));
    HOUSE_STATUS(&reply, 200);
    reply = act(&desk, desk.market.keeper, id, "submissions", NULL);
    HOUSE_STATUS(&reply, 201);
    snprintf(target, sizeof(target), "/api/listings/%.*s/decisions", (int)id.length, id.bytes);
    reply = house_call(house, desk.county, "POST", target, stale);
    HOUSE_PROBLEM(&reply, "conflict", "submitted_at");
    reply = house_call(house, desk.county, "POST", target, agreed);
    HOUSE_PROBLEM(&reply, "bad_input", "submitted_at");
    CHECK_INT(goods_shown(&desk), 1);
    reply = act(&desk, desk.county, id, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(goods_shown(&desk), 2);
}

HOUSE_TEST(
    "A16: the operator says which units are offered; new goods in others are refused by name") {
    struct desk desk;
    open_desk(house, &desk);
    const char *fresh = body_of(&desk, (struct writing){0}); /* 2.5 kg */
    struct house_reply units = house_get(house, TEXT(""), "/api/units");
    CHECK_TEXT(house_text(&units, "items.1.name"), "kg");
    CHECK_TEXT(house_text(&units, "items.1.priced_by"), "斤");
    CHECK(house_bool(&units, "items.1.is_offered"));
    units = house_call(house, desk.platform, "PUT", "/api/units", "{\"names\":[\"斤\",\"石\"]}");
    HOUSE_PROBLEM(&units, "bad_input", "names[1]");
    units = house_call(house, desk.platform, "PUT", "/api/units", "{\"names\":[\"斤\",\"斤\"]}");
    HOUSE_PROBLEM(&units, "bad_input", "names[1]");
    units = house_call(house, desk.platform, "PUT", "/api/units", "{\"names\":[]}");
    HOUSE_PROBLEM(&units, "bad_input", "names");
    units = house_call(house, desk.county, "PUT", "/api/units", "{\"names\":[\"斤\"]}");
    CHECK(units.status == 403 || units.status == 404);
    struct text id = begin(&desk, fresh); /* none of these changed anything */
    units = house_call(house, desk.platform, "PUT", "/api/units", "{\"names\":[\"盒\",\"斤\"]}");
    HOUSE_STATUS(&units, 200);
    CHECK_TEXT(house_text(&units, "items.0.name"), "盒");
    CHECK(!house_bool(&units, "items.2.is_offered"));
    struct house_reply reply =
        house_call(house, desk.market.keeper, "POST", "/api/listings", fresh);
    HOUSE_PROBLEM(&reply, "bad_input", "goods.skus[0].net");
    reply = act(&desk, desk.market.keeper, id, "submissions", NULL);
    HOUSE_PROBLEM(&reply, "bad_input", "goods.skus[0].net");
}

HOUSE_TEST("listings: what is wrong in a draft is told by its field, at first and when sent in") {
    struct desk desk;
    open_desk(house, &desk);
    struct house_reply reply = house_call(house, desk.market.keeper, "POST", "/api/listings",
                                          body_of(&desk, (struct writing){.category_id = 99}));
    HOUSE_PROBLEM(&reply, "bad_input", "goods.category_id");
    reply = house_call(house, desk.market.keeper, "POST", "/api/listings",
                       body_of(&desk, (struct writing){.title = ""}));
    HOUSE_PROBLEM(&reply, "bad_input", "goods.title");
    struct market other;
    market_open_another(house, "13900000036", &other);
    struct text id = begin(&desk, body_of(&desk, (struct writing){0}));
    char target[80], body[2000];
    snprintf(target, sizeof(target), "/api/listings/%.*s", (int)id.length, id.bytes);
    snprintf(body, sizeof(body), "{\"goods_id\":\"%lld\",%s", (long long)desk.market.goods_id,
             body_of(&desk, (struct writing){0}) + 1);
    reply = house_call(house, desk.market.keeper, "PUT", target, body);
    HOUSE_PROBLEM(&reply, "bad_input", "goods_id");
}

/* ---- what the house notices ---- */

HOUSE_TEST("listings: words of the advertising law stop it or are pointed out; the list is data") {
    struct desk desk;
    open_desk(house, &desk);
    struct text id = begin(&desk, body_of(&desk, (struct writing){.title = "治疗失眠的小米"}));
    struct house_reply reply = look(&desk, desk.market.keeper, id);
    CHECK(notices(&reply, "stop", "goods.title"));
    reply = act(&desk, desk.market.keeper, id, "submissions", NULL);
    HOUSE_PROBLEM(&reply, "bad_input", "goods.title");
    id = send_in(&desk, body_of(&desk, (struct writing){.title = "全县第一的小米"}));
    reply = look(&desk, desk.county, id);
    CHECK(notices(&reply, "look", "goods.title"));
    static const char words[] = "{\"stop\":[\"全县第一\"],\"look\":[]}";
    reply = house_call(house, desk.county, "PUT", "/api/listing-words", words);
    HOUSE_PROBLEM(&reply, "not_found", NULL);
    reply = house_call(house, desk.platform, "PUT", "/api/listing-words",
                       "{\"stop\":[\"\"],\"look\":[\" x\"]}");
    HOUSE_PROBLEM(&reply, "bad_input", "stop[0]");
    HOUSE_PROBLEM(&reply, "bad_input", "look[0]");
    reply = house_call(house, desk.platform, "PUT", "/api/listing-words", words);
    CHECK_TEXT(house_text(&reply, "stop.0"), "全县第一");
    CHECK_INT(house_count(&reply, "look"), 0);
    reply = act(&desk, desk.county, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "bad_input", "goods.title");
    reply = act(&desk, desk.county, id, "decisions", refused);
    HOUSE_STATUS(&reply, 201);
}

HOUSE_TEST("listings: processed food needs the maker's number, returns a reason") {
    struct desk desk;
    open_desk(house, &desk);
    struct writing writing = {.category_id = desk.processed_id, .policy = "fresh"};
    struct text id = begin(&desk, body_of(&desk, writing));
    struct house_reply reply = look(&desk, desk.market.keeper, id);
    CHECK(notices(&reply, "stop", "goods.facts") && notices(&reply, "look", "goods.skus"));
    reply = act(&desk, desk.market.keeper, id, "submissions", NULL);
    HOUSE_PROBLEM(&reply, "bad_input", "goods.facts");
    writing.facts = "{\"name\":\"生产许可证\",\"value\":\"SC11464010500016\"}";
    reply =
        act(&desk, desk.market.keeper, begin(&desk, body_of(&desk, writing)), "submissions", NULL);
    HOUSE_PROBLEM(&reply, "bad_input", "goods.facts");
    writing.facts = "{\"name\":\"生产许可证\",\"value\":\"SC11464010500015\"}";
    writing.policy = NULL;
    reply = look(&desk, desk.county, send_in(&desk, body_of(&desk, writing)));
    CHECK_INT(house_count(&reply, "findings"), 0);
    writing = (struct writing){.policy = "made_to_order"};
    reply = look(&desk, desk.market.keeper, begin(&desk, body_of(&desk, writing)));
    CHECK(notices(&reply, "look", "goods.skus"));
    writing.facts = "{\"name\":\"退换说明\",\"value\":\"按您的尺寸做的\"}";
    reply = look(&desk, desk.market.keeper, begin(&desk, body_of(&desk, writing)));
    CHECK_INT(house_count(&reply, "findings"), 0);
}

HOUSE_TEST("listings: a price far from its like and an origin without a village are pointed out") {
    struct desk desk;
    open_desk(house, &desk);
    for (int i = 0; i < 3; i++) {
        struct text id = send_in(&desk, body_of(&desk, (struct writing){0}));
        struct house_reply reply = act(&desk, desk.county, id, "decisions", agreed);
        HOUSE_STATUS(&reply, 201);
    }
    static const int odd[] = {150, 90000};
    for (size_t i = 0; i < 2; i++) {
        struct writing writing = {.price_fen = odd[i]};
        struct house_reply reply =
            look(&desk, desk.market.keeper, begin(&desk, body_of(&desk, writing)));
        CHECK(notices(&reply, "look", "goods.skus"));
        CHECK(!notices(&reply, "look", "goods.place_code"));
    }
    struct house_reply reply = house_get(house, desk.market.keeper, "/api/goods/%lld/draft",
                                         (long long)desk.market.goods_id);
    HOUSE_STATUS(&reply, 200);
    struct text body =
        text_format(house->arena, "{\"goods_id\":\"%lld\",\"goods\":%.*s}",
                    (long long)desk.market.goods_id, (int)reply.body.length, reply.body.bytes);
    reply = look(&desk, desk.market.keeper, begin(&desk, text_terminated(house->arena, body)));
    CHECK(notices(&reply, "look", "goods.place_code"));
}

/* ---- changes of what is on sale ---- */

/* The goods of the market with another title and its second SKU left out. */
static const char *change_of(const struct desk *desk, const char *title) {
    struct text body = text_format(
        desk->house->arena,
        "{\"goods_id\":\"%lld\",\"goods\":{\"seller_id\":\"%lld\",\"category_id\":\"%lld\","
        "\"place_code\":\"141031100203\",\"title\":\"%s\",\"pictures\":[\"/img/pear2.webp\"],"
        "\"piece_name\":\"箱\",\"skus\":[{\"sku_id\":\"%lld\",\"options\":[{\"name\":\"买多少\","
        "\"value\":\"5 斤\"}],\"price_fen\":1,\"net\":{\"amount\":\"5\",\"unit\":\"斤\"},"
        "\"weight_g\":2900,\"return_policy\":\"fresh\"}]}}",
        (long long)desk->market.goods_id, (long long)desk->market.seller_id,
        (long long)desk->category_id, title, (long long)desk->market.sku_five);
    return text_terminated(desk->house->arena, body);
}

HOUSE_TEST(
    "listings: a change is reviewed while the old one stays on sale, price and stock apart") {
    struct desk desk;
    open_desk(house, &desk);
    struct text id = send_in(&desk, change_of(&desk, "玉露香梨 秋季新果"));
    struct house_reply reply = look(&desk, desk.county, id);
    CHECK(house_bool(&reply, "is_revision"));
    CHECK_TEXT(house_text(&reply, "before.0.title"), "隰县玉露香梨");
    CHECK_INT(house_count(&reply, "before.0.skus"), 2);
    CHECK_TEXT(house_text(&reply, "goods.title"), "玉露香梨 秋季新果");
    reply = house_get(house, TEXT(""), "/api/goods/%lld", (long long)desk.market.goods_id);
    CHECK_TEXT(house_text(&reply, "title"), "隰县玉露香梨");
    reply = house_call(house, desk.market.keeper, "POST", "/api/listings",
                       change_of(&desk, "又一个名字"));
    HOUSE_PROBLEM(&reply, "conflict", "goods_id");
    /* In the meantime the price changes without a review. */
    char target[120];
    snprintf(target, sizeof(target), "/api/goods/%lld/skus/%lld/price",
             (long long)desk.market.goods_id, (long long)desk.market.sku_five);
    reply = house_call(house, desk.market.keeper, "PUT", target, "{\"price_fen\":5290}");
    HOUSE_STATUS(&reply, 200);
    reply = act(&desk, desk.county, id, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "before.0.title"), "隰县玉露香梨");
    reply = house_get(house, TEXT(""), "/api/goods/%lld", (long long)desk.market.goods_id);
    CHECK_TEXT(house_text(&reply, "title"), "玉露香梨 秋季新果");
    CHECK_TEXT(house_text(&reply, "origin.village"), "北庄村");
    CHECK_INT(house_count(&reply, "skus"), 1);
    CHECK_INT(house_int(&reply, "skus.0.price_fen"), 5290);
    CHECK_INT(house_int(&reply, "skus.0.available_count"), MARKET_STOCK_FIVE);
    id = send_in(&desk, change_of(&desk, "又一个名字"));
    reply = act(&desk, desk.county, id, "decisions", refused);
    reply = house_get(house, TEXT(""), "/api/goods/%lld", (long long)desk.market.goods_id);
    CHECK_TEXT(house_text(&reply, "title"), "玉露香梨 秋季新果");
    house_check_books(house);
}

HOUSE_TEST("listings: a change names a goods and SKUs of the shop's own") {
    struct desk desk;
    struct market other;
    open_desk(house, &desk);
    market_open_another(house, "13900000037", &other);
    struct desk astray = desk;
    astray.market.sku_five = other.sku_five;
    struct house_reply reply = house_call(house, desk.market.keeper, "POST", "/api/listings",
                                          change_of(&astray, "玉露香梨"));
    HOUSE_PROBLEM(&reply, "bad_input", "goods.skus[0].sku_id");
    astray = desk;
    astray.market.goods_id = other.goods_id;
    reply = house_call(house, desk.market.keeper, "POST", "/api/listings",
                       change_of(&astray, "玉露香梨"));
    HOUSE_PROBLEM(&reply, "bad_input", "goods.seller_id");
    reply =
        house_get(house, desk.market.keeper, "/api/goods/%lld/draft", (long long)other.goods_id);
    HOUSE_PROBLEM(&reply, "not_found", NULL);
    reply = house_get(house, desk.market.keeper, "/api/goods/99/draft");
    HOUSE_PROBLEM(&reply, "not_found", NULL);
    const char *new_one = strstr(change_of(&desk, "玉露香梨"), "\"goods\":");
    struct text body = text_format(house->arena, "{%s", new_one);
    reply = house_call(house, desk.market.keeper, "POST", "/api/listings",
                       text_terminated(house->arena, body));
    HOUSE_PROBLEM(&reply, "bad_input", "goods.skus[0].sku_id");
}

/* ---- lists ---- */

HOUSE_TEST(
    "listings: a desk sees its county, longest waiting first; a shop its own, newest first") {
    struct desk desk;
    struct text ids[3];
    open_desk(house, &desk);
    for (int i = 0; i < 3; i++) {
        ids[i] = send_in(&desk, body_of(&desk, (struct writing){0}));
        house_advance(house, 1000);
    }
    struct house_reply reply = house_get(house, desk.county, "/api/listings?limit=2");
    CHECK_INT(house_count(&reply, "items"), 2);
    CHECK(text_equal(house_text(&reply, "items.0.id"), ids[0]));
    struct text next = house_text(&reply, "next");
    reply = house_get(house, desk.county, "/api/listings?limit=2&after=%.*s", (int)next.length,
                      next.bytes);
    CHECK_INT(house_count(&reply, "items"), 1);
    CHECK(text_equal(house_text(&reply, "items.0.id"), ids[2]));
    reply = house_get(house, desk.away, "/api/listings");
    CHECK_INT(house_count(&reply, "items"), 0);
    reply = house_get(house, desk.away, "/api/listings?place=141031");
    HOUSE_PROBLEM(&reply, "not_found", "place");
    reply = house_get(house, desk.platform, "/api/listings?state=draft");
    HOUSE_PROBLEM(&reply, "bad_input", "state");
    reply = house_get(house, desk.platform, "/api/listings?state=listed&place=1410");
    CHECK_INT(house_count(&reply, "items"), 0);
    long long seller_id = (long long)desk.market.seller_id;
    reply = house_get(house, desk.market.keeper, "/api/sellers/%lld/listings?limit=2", seller_id);
    CHECK(text_equal(house_text(&reply, "items.0.id"), ids[2]));
    next = house_text(&reply, "next");
    reply = house_get(house, desk.market.keeper, "/api/sellers/%lld/listings?limit=2&after=%.*s",
                      seller_id, (int)next.length, next.bytes);
    CHECK_INT(house_count(&reply, "items"), 1);
    reply = house_get(house, desk.market.keeper, "/api/sellers/99/listings");
    HOUSE_PROBLEM(&reply, "not_found", NULL);
}

/* ---- the check ---- */

static refusal forge(struct request *q, void *context) {
    (void)context;
    return db_run(q->db,
                  SQL("", "UPDATE listings_step SET person_id = (SELECT min(person_id)"
                          " FROM listings_step WHERE kind = 'submission')"
                          " WHERE kind = 'acceptance'"),
                  NO_PARAMS, NULL);
}

static void count_faults(struct check_report *report, bool holds, struct text sentence) {
    report->fault_count += !holds;
    (void)sentence;
}

static refusal run_check(struct request *q, void *context) { return listings_check(q, context); }

HOUSE_TEST("listings: the check finds one that was let through by who sent it in") {
    struct desk desk;
    struct check_report report = {.line = count_faults};
    open_desk(house, &desk);
    struct text id = send_in(&desk, body_of(&desk, (struct writing){0}));
    struct house_reply reply = act(&desk, desk.county, id, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    house_work(house, run_check, &report);
    CHECK_INT(report.fault_count, 0);
    house_work(house, forge, NULL);
    house_work(house, run_check, &report);
    CHECK_INT(report.fault_count, 1);
}

static refusal forge_editor(struct request *q, void *context) {
    (void)context;
    return db_run(q->db,
                  SQL("", "INSERT INTO listings_editor (listing_id, person_id) SELECT listing_id,"
                          " person_id FROM listings_step WHERE kind = 'acceptance'"),
                  NO_PARAMS, NULL);
}

HOUSE_TEST("listings: the check finds one that was let through by who wrote at it") {
    struct desk desk;
    struct check_report report = {.line = count_faults};
    open_desk(house, &desk);
    struct text id = send_in(&desk, body_of(&desk, (struct writing){0}));
    struct house_reply reply = act(&desk, desk.county, id, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    house_work(house, forge_editor, NULL);
    house_work(house, run_check, &report);
    CHECK_INT(report.fault_count, 1);
}

HOUSE_TEST("pictures: of the shop, or uploaded here for goods; nobody else's, and none by itself") {
    struct desk desk;
    open_desk(house, &desk);
    struct house_reply made = house_upload(house, desk.market.keeper, "/api/files?purpose=evidence",
                                           "image/png", pictures_small(house->arena, 2));
    const char *const foreign[] = {"https://elsewhere.example/x.webp",
                                   "//elsewhere/x",
                                   "/img/../x.webp",
                                   "/img/x.svg",
                                   "/files/x",
                                   "data:image/png;base64,AA",
                                   "/api/goods",
                                   text_terminated(house->arena, house_text(&made, "address"))};
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        struct house_reply reply =
            house_call(house, desk.market.keeper, "POST", "/api/listings",
                       body_of(&desk, (struct writing){.picture = foreign[i]}));
        HOUSE_PROBLEM(&reply, "bad_input", "goods.pictures[0]");
    }
    made = house_upload(house, desk.market.keeper, "/api/files?purpose=goods", "image/png",
                        pictures_small(house->arena, 1));
    struct text address = house_text(&made, "address");
    const char *own = text_terminated(house->arena, address);
    struct text id = send_in(&desk, body_of(&desk, (struct writing){.picture = own}));
    struct house_reply list =
        house_get(house, TEXT(""), "/api/goods?seller=%lld", (long long)desk.market.seller_id);
    CHECK_INT(house_count(&list, "items"), 1);
    struct house_reply reply = act(&desk, desk.county, id, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    struct text goods_id = house_text(&reply, "goods_id");
    struct house_reply goods =
        house_get(house, TEXT(""), "/api/goods/%.*s", (int)goods_id.length, goods_id.bytes);
    CHECK(text_equal(house_text(&goods, "pictures.0"), address));
    /* Another picture has to be looked at like everything else: there is no other way to it. */
    char target[80];
    snprintf(target, sizeof(target), "/api/goods/%.*s/pictures", (int)goods_id.length,
             goods_id.bytes);
    reply =
        house_call(house, desk.market.keeper, "PUT", target, "{\"pictures\":[\"/img/pear.webp\"]}");
    HOUSE_STATUS(&reply, 404);
    house_check_books(house);
}

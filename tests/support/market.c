#include "support/market.h"

#include <stdio.h>

#include "ground/people/people.h"
#include "market/catalog/catalog.h"
#include "market/orders/freight.h"
#include "market/orders/orders.h"
#include "market/stock/stock.h"

struct opening {
    struct market *market;
    const char *keeper_phone;
    int64_t keeper_id;
    int64_t category_id;
};

static refusal add_goods(struct request *q, struct opening *opening) {
    struct catalog_sku_draft skus[2] = {
        {.price_fen = FEN(4990),
         .net = {5000, UNIT_JIN},
         .weight_g = 2900,
         .return_policy = RETURN_FRESH},
        {.price_fen = FEN(3600),
         .net = {250000, UNIT_GRAM},
         .weight_g = 300,
         .limit_count = 5,
         .return_policy = RETURN_SEVEN_DAYS},
    };
    struct catalog_pair options[2] = {{TEXT("买多少"), TEXT("5 斤")},
                                      {TEXT("买多少"), TEXT("梨干 250 克")}};
    struct text pictures[1] = {TEXT("/img/pear.webp")};
    for (int i = 0; i < 2; i++) skus[i].options = (struct catalog_pair_list){&options[i], 1};
    const struct catalog_goods_draft draft = {
        .seller_id = opening->market->seller_id,
        .category_id = opening->category_id,
        .place_code = INT64_C(141031000000),
        .title = TEXT("隰县玉露香梨"),
        .summary = TEXT("皮薄汁多"),
        .pictures = {pictures, 1},
        .piece_name = TEXT("箱"),
        .ship_within_hours = 48,
        .skus = {skus, 2},
    };
    struct shape_ids sku_ids = {0};
    TRY(catalog_add_goods(q, &draft, &opening->market->goods_id, &sku_ids));
    opening->market->sku_five = sku_ids.items[0];
    opening->market->sku_dried = sku_ids.items[1];
    struct stock_change five = {
        .line = {opening->market->goods_id, sku_ids.items[0], MARKET_STOCK_FIVE}};
    struct stock_change dried = {
        .line = {opening->market->goods_id, sku_ids.items[1], MARKET_STOCK_DRIED}};
    TRY(stock_receive(q, &five));
    return stock_receive(q, &dried);
}

static refusal open_seller(struct request *q, void *context) {
    struct opening *opening = context;
    struct market *market = opening->market;
    const struct catalog_category_draft category = {.name = TEXT("鲜果")};
    const struct catalog_seller_draft seller = {
        .name = TEXT("上庄村梨农"), .kind = SELLER_HOUSEHOLD, .place_code = INT64_C(141031000000)};
    const struct freight_rule general = {.first_g = 3000,
                                         .first_fen = FEN(800),
                                         .next_g = 1000,
                                         .next_fen = FEN(200),
                                         .free_over_fen = FEN(6900),
                                         .deliverable = true};
    struct freight_rule far = general;
    far.region_code = freight_region_code(65);
    far.deliverable = false;
    TRY(catalog_add_category(q, &category, &opening->category_id));
    TRY(catalog_add_seller(q, &seller, &market->seller_id));
    TRY(freight_put(q, &general));
    TRY(freight_put(q, &far));
    TRY(add_goods(q, opening));
    return people_give_role(q, opening->keeper_id, "seller_keeper", SCOPE_ORGANISATION,
                            market->seller_id);
}

void market_open_another(struct house *house, const char *keeper_phone, struct market *ret_market) {
    struct opening opening = {.market = ret_market, .keeper_phone = keeper_phone};
    ret_market->keeper = house_person(house, keeper_phone, &opening.keeper_id);
    house_work(house, open_seller, &opening);
}

void market_open(struct house *house, struct market *ret_market) {
    market_open_another(house, "13900000001", ret_market);
}

struct text market_buyer(struct house *house, const char *phone) {
    struct text token = house_person(house, phone, NULL);
    char body[400];
    snprintf(body, sizeof(body),
             "{\"name\":\"刘敏\",\"phone\":\"%s\",\"place_code\":\"140105000000\","
             "\"street\":\"平阳路 8 号\",\"is_default\":true}",
             phone);
    struct house_reply reply = house_call(house, token, "POST", "/api/people/me/addresses", body);
    HOUSE_STATUS(&reply, 201);
    return token;
}

struct house_reply market_order(struct house *house, struct text buyer, int64_t sku_id, int count) {
    char body[200];
    snprintf(body, sizeof(body),
             "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":%d}],\"ticked_return_terms\":true}",
             (long long)sku_id, count);
    struct house_reply reply = house_call(house, buyer, "POST", "/api/orders", body);
    HOUSE_STATUS(&reply, 201);
    return reply;
}

struct paying {
    struct orders_money money;
    bool kept;
};

static refusal take_money(struct request *q, void *context) {
    struct paying *paying = context;
    paying->money.payment_id = request_new_id(q);
    return orders_take_money(q, &paying->money, &paying->kept);
}

void market_pay(struct house *house, const struct house_reply *placed) {
    struct paying paying = {0};
    text_to_int64(house_text(placed, "orders.0.id"), &paying.money.order_id);
    paying.money.amount = fen_of_count(house_int(placed, "orders.0.total_fen"));
    house_work(house, take_money, &paying);
    CHECK(paying.kept);
}

struct house_reply market_list(struct house *house, struct text keeper, struct text reviewer,
                               const char *body) {
    char target[120];
    struct house_reply made = house_call(house, keeper, "POST", "/api/listings", body);
    HOUSE_STATUS(&made, 201);
    struct text id = house_text(&made, "id");
    snprintf(target, sizeof(target), "/api/listings/%.*s/submissions", (int)id.length, id.bytes);
    struct house_reply reply = house_call(house, keeper, "POST", target, NULL);
    HOUSE_STATUS(&reply, 201);
    snprintf(target, sizeof(target), "/api/listings/%.*s", (int)id.length, id.bytes);
    const char *opinion = house_opinion(house, reviewer, target, "{\"agreed\":true}");
    snprintf(target, sizeof(target), "/api/listings/%.*s/decisions", (int)id.length, id.bytes);
    reply = house_call(house, reviewer, "POST", target, opinion);
    HOUSE_STATUS(&reply, 201);
    struct text goods_id = house_text(&reply, "goods_id");
    reply = house_get(house, TEXT(""), "/api/goods/%.*s", (int)goods_id.length, goods_id.bytes);
    HOUSE_STATUS(&reply, 200);
    return reply;
}

int64_t market_available(struct house *house, const struct market *market, int64_t sku_id) {
    char wanted[24], path[40];
    struct house_reply reply =
        house_get(house, TEXT(""), "/api/goods/%lld", (long long)market->goods_id);
    HOUSE_STATUS(&reply, 200);
    snprintf(wanted, sizeof(wanted), "%lld", (long long)sku_id);
    for (size_t i = 0; i < house_count(&reply, "skus"); i++) {
        snprintf(path, sizeof(path), "skus.%zu.id", i);
        if (!text_is(house_text(&reply, path), wanted)) continue;
        snprintf(path, sizeof(path), "skus.%zu.available_count", i);
        return house_int(&reply, path);
    }
    test_fail(__FILE__, __LINE__, "the goods has no SKU %s", wanted);
}

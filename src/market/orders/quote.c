#include "market/orders/quote.h"

#include <assert.h>
#include <stdio.h>

#include "market/orders/freight.h"
#include "market/stock/stock.h"

SHAPE_DEFINE(quote_draft, QUOTE_DRAFT_FIELDS);
SHAPE_DEFINE(quote_line, QUOTE_LINE_FIELDS);
SHAPE_DEFINE(quote_part, QUOTE_PART_FIELDS);
SHAPE_DEFINE(quote, QUOTE_FIELDS);

struct line_place {
    char field[32];
};

static struct line_place line_field(size_t index, const char *name) {
    struct line_place place;
    snprintf(place.field, sizeof(place.field), "lines[%zu].%s", index, name);
    return place;
}

static refusal find_offer(struct request *q, const struct catalog_offer_list *offers,
                          const struct orders_line_draft_list *lines, size_t index,
                          const struct catalog_offer **ret_offer) {
    const struct orders_line_draft *line = &lines->items[index];
    for (size_t i = 0; i < index; i++)
        if (lines->items[i].sku_id == line->sku_id)
            return refuse(q, BAD_INPUT, line_field(index, "sku_id").field, "同一种规格请合成一行",
                          "the same SKU stands in two lines");
    for (size_t i = 0; i < offers->count; i++) {
        const struct catalog_offer *offer = &offers->items[i];
        if (offer->sku_id != line->sku_id) continue;
        if (!offer->on_sale)
            return refuse(q, OUT_OF_STOCK, line_field(index, "sku_id").field, "这件商品已经下架",
                          "this is no longer on sale");
        if (offer->limit_count && line->count > offer->limit_count)
            return refuse(q, BAD_INPUT, line_field(index, "count").field, "每单最多买 %lld 件",
                          "at most %lld in one order", (long long)offer->limit_count);
        *ret_offer = offer;
        return NULL;
    }
    return refuse(q, NOT_FOUND, line_field(index, "sku_id").field, "没有这种规格",
                  "there is no such SKU");
}

/* A part has room for all LINE_COUNT lines of the draft. */
static struct quote_part *part_of(struct request *q, struct quote *quote,
                                  const struct catalog_offer *offer, size_t line_count) {
    for (size_t i = 0; i < quote->parts.count; i++)
        if (quote->parts.items[i].seller_id == offer->seller_id) return &quote->parts.items[i];
    struct quote_part *part = &quote->parts.items[quote->parts.count++];
    part->seller_id = offer->seller_id;
    part->seller_name = offer->seller_name;
    part->seller_place_code = offer->seller_place_code;
    part->lines.items = arena_new(q->arena, struct quote_line, line_count);
    return part;
}

static refusal add_money(struct request *q, struct fen *sum, struct fen amount) {
    if (!fen_add(*sum, amount, sum))
        return refuse(q, BAD_INPUT, "lines", "金额太大了", "the sum is too large");
    return NULL;
}

static refusal add_line(struct request *q, struct quote_part *part,
                        const struct catalog_offer *offer, int64_t count) {
    struct catalog_unit_price unit = catalog_unit_price(offer);
    struct quote_line *line = &part->lines.items[part->lines.count++];
    *line = (struct quote_line){
        .sku_id = offer->sku_id,
        .goods_id = offer->goods_id,
        .title = offer->title,
        .options_text = offer->options_text,
        .picture = offer->picture,
        .count = count,
        .price_fen = offer->price_fen,
        .unit_price_fen = unit.price,
        .unit_name = unit.unit_name,
        .return_policy = offer->return_policy,
        .needs_tick = offer->return_policy != RETURN_SEVEN_DAYS,
    };
    if (!fen_times(offer->price_fen, count, &line->total_fen))
        return refuse(q, BAD_INPUT, "lines", "金额太大了", "the sum is too large");
    return add_money(q, &part->goods_fen, line->total_fen);
}

static refusal add_freight(struct request *q, const struct freight_rule_list *rules,
                           const struct freight_parcel *parcel, struct quote_part *part) {
    struct freight_answer answer;
    TRY(freight_for(q, rules, parcel, &answer));
    part->deliverable = answer.deliverable;
    part->freight_fen = answer.price;
    part->freight_text = q->english ? answer.words_en : answer.words_zh;
    part->total_fen = part->goods_fen;
    return add_money(q, &part->total_fen, part->freight_fen);
}

/* The weight that is charged for: lines with free freight ride along for nothing. */
static refusal weigh(struct request *q, const struct catalog_offer *offer, int64_t count,
                     struct freight_parcel *parcel) {
    if (offer->free_freight) return NULL;
    int64_t weight_g;
    parcel->all_free = false;
    if (__builtin_mul_overflow(offer->weight_g, count, &weight_g) ||
        __builtin_add_overflow(parcel->weight_g, weight_g, &parcel->weight_g) ||
        parcel->weight_g > INT64_C(1000000000000))
        return refuse(q, BAD_INPUT, "lines", "太重了，运费算不出来", "too heavy to send");
    return NULL;
}

static refusal fill_parts(struct request *q, const struct orders_line_draft_list *lines,
                          struct freight_parcel *parcels, struct quote *quote) {
    int64_t sku_ids[ORDERS_LINES_MAX];
    struct catalog_offer_list offers = {0};
    for (size_t i = 0; i < lines->count; i++) sku_ids[i] = lines->items[i].sku_id;
    TRY(catalog_offers(q, sku_ids, lines->count, &offers));
    for (size_t i = 0; i < lines->count; i++) {
        const struct catalog_offer *offer = NULL;
        TRY(find_offer(q, &offers, lines, i, &offer));
        struct quote_part *part = part_of(q, quote, offer, lines->count);
        struct freight_parcel *parcel = &parcels[part - quote->parts.items];
        if (part->lines.count == 0)
            *parcel = (struct freight_parcel){.seller_id = offer->seller_id, .all_free = true};
        TRY(add_line(q, part, offer, lines->items[i].count));
        TRY(weigh(q, offer, lines->items[i].count, parcel));
        parcel->goods_fen = part->goods_fen;
        if (offer->return_policy != RETURN_SEVEN_DAYS) quote->needs_tick = true;
    }
    return NULL;
}

refusal quote_make(struct request *q, const struct orders_line_draft_list *lines,
                   int64_t place_code, struct quote *ret_quote) {
    assert(lines->count >= 1 && lines->count <= ORDERS_LINES_MAX);
    struct quote quote = {0};
    struct freight_parcel parcels[ORDERS_LINES_MAX];
    int64_t seller_ids[ORDERS_LINES_MAX];
    struct freight_rule_list rules = {0};
    quote.parts.items = arena_new(q->arena, struct quote_part, lines->count);
    TRY(fill_parts(q, lines, parcels, &quote));
    for (size_t i = 0; i < quote.parts.count; i++) seller_ids[i] = quote.parts.items[i].seller_id;
    TRY(freight_rules(q, seller_ids, quote.parts.count, place_code, &rules));
    for (size_t i = 0; i < quote.parts.count; i++) {
        struct quote_part *part = &quote.parts.items[i];
        TRY(add_freight(q, &rules, &parcels[i], part));
        TRY(add_money(q, &quote.goods_fen, part->goods_fen));
        TRY(add_money(q, &quote.freight_fen, part->freight_fen));
        TRY(add_money(q, &quote.total_fen, part->total_fen));
    }
    *ret_quote = quote;
    return NULL;
}

static refusal add_levels(struct request *q, struct quote *quote) {
    int64_t goods_ids[ORDERS_LINES_MAX];
    size_t count = 0;
    struct stock_level_list levels = {0};
    for (size_t i = 0; i < quote->parts.count; i++)
        for (size_t j = 0; j < quote->parts.items[i].lines.count; j++)
            goods_ids[count++] = quote->parts.items[i].lines.items[j].goods_id;
    TRY(stock_levels_of(q, goods_ids, count, &levels));
    for (size_t i = 0; i < quote->parts.count; i++)
        for (size_t j = 0; j < quote->parts.items[i].lines.count; j++) {
            struct quote_line *line = &quote->parts.items[i].lines.items[j];
            for (size_t k = 0; k < levels.count; k++)
                if (levels.items[k].sku_id == line->sku_id)
                    line->available_count = levels.items[k].available_count;
        }
    return NULL;
}

refusal quote_answer(struct request *q, const struct quote_draft *draft, struct quote *ret_quote) {
    int64_t place_code = 0;
    if (draft->address_id) {
        struct people_address address = {0};
        if (!q->who->person_id)
            return refuse(q, LOGIN_NEEDED, "address_id", "登录后才能用地址簿",
                          "log in to use the address book");
        TRY(people_address_of(q, q->who->person_id, draft->address_id, &address));
        text_to_int64(address.place_code, &place_code);
    } else if (draft->place_code.length) {
        if (!text_to_int64(draft->place_code, &place_code) || draft->place_code.length != 12 ||
            place_code <= 0)
            return refuse(q, BAD_INPUT, "place_code", "要填 12 位地区代码",
                          "must be a 12-digit place code");
    }
    TRY(quote_make(q, &draft->lines, place_code, ret_quote));
    return add_levels(q, ret_quote);
}

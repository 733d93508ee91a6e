/* Placing: a quote that is kept. One order a seller; the stock of all of them is held line by
 * line in the order of goods and SKU, so that two buyers of the same goods never wait for each
 * other crosswise. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "ground/jobs/jobs.h"
#include "market/orders/bag.h"
#include "market/orders/book.h"
#include "market/orders/quote.h"
#include "market/stock/stock.h"

SHAPE_DEFINE(orders_line_draft, ORDERS_LINE_DRAFT_FIELDS);
SHAPE_DEFINE(orders_draft, ORDERS_DRAFT_FIELDS);
SHAPE_DEFINE(orders_purchase, ORDERS_PURCHASE_FIELDS);
SHAPE_DEFINE(orders_receiver, ORDERS_RECEIVER_FIELDS);

/* A line of one of the orders, with the hold on its stock. */
struct placed_line {
    const struct quote_line *quoted;
    size_t part_index;
    struct stock_hold hold;
    char field[32]; /* how a refusal names the line: as the buyer sent it */
    int64_t warehouse_id;
};

struct placing {
    const struct orders_draft *draft;
    struct people_address address;
    struct orders_receiver receiver;
    struct bytes sealed; /* the receiver */
    struct quote quote;
    int64_t purchase_id;
    struct placed_line lines[ORDERS_LINES_MAX];
    size_t line_count;
};

static int by_stock(const void *a, const void *b) {
    const struct quote_line *x = ((const struct placed_line *)a)->quoted;
    const struct quote_line *y = ((const struct placed_line *)b)->quoted;
    if (x->goods_id != y->goods_id)
        return (x->goods_id > y->goods_id) - (x->goods_id < y->goods_id);
    return (x->sku_id > y->sku_id) - (x->sku_id < y->sku_id);
}

static size_t line_index(const struct orders_draft *draft, int64_t sku_id) {
    size_t i = 0;
    while (i < draft->lines.count && draft->lines.items[i].sku_id != sku_id) i++;
    assert(i < draft->lines.count);
    return i;
}

static refusal hold_stock(struct request *q, struct placing *placing,
                          const struct orders_purchase *purchase) {
    for (size_t i = 0; i < placing->quote.parts.count; i++) {
        const struct quote_part *part = &placing->quote.parts.items[i];
        for (size_t j = 0; j < part->lines.count; j++)
            placing->lines[placing->line_count++] =
                (struct placed_line){.quoted = &part->lines.items[j], .part_index = i};
    }
    qsort(placing->lines, placing->line_count, sizeof(placing->lines[0]), by_stock);
    for (size_t i = 0; i < placing->line_count; i++) {
        struct placed_line *line = &placing->lines[i];
        snprintf(line->field, sizeof(line->field), "lines[%zu].sku_id",
                 line_index(placing->draft, line->quoted->sku_id));
        line->hold = (struct stock_hold){
            .order_id = purchase->orders.items[line->part_index].id,
            .hold_id = request_new_id(q),
            .line = {.goods_id = line->quoted->goods_id,
                     .sku_id = line->quoted->sku_id,
                     .count = line->quoted->count},
            .field = line->field,
        };
        TRY(stock_reserve(q, &line->hold, &line->warehouse_id));
    }
    return NULL;
}

static refusal insert_line(struct request *q, const struct placed_line *placed,
                           struct orders_order *order) {
    const struct quote_line *line = placed->quoted;
    int64_t line_no = (int64_t)order->lines.count + 1;
    struct text policy = shape_enum_text(&catalog_return_policy_enum, line->return_policy);
    TRY(db_run(q->db,
               SQL("iiiiiitttiiit",
                   "INSERT INTO orders_line (order_id, line_no, hold_id, sku_id, goods_id,"
                   " warehouse_id, title, options_text, picture, count, price_fen, total_fen,"
                   " return_policy, refunded_count, refunded_fen)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0)"),
               PARAMS(order->id, line_no, placed->hold.hold_id, line->sku_id, line->goods_id,
                      placed->warehouse_id, line->title, line->options_text, line->picture,
                      line->count, line->price_fen, line->total_fen, policy),
               NULL));
    order->lines.items[order->lines.count++] = (struct orders_line){
        .line_no = line_no,
        .sku_id = line->sku_id,
        .goods_id = line->goods_id,
        .title = line->title,
        .options_text = line->options_text,
        .picture = line->picture,
        .count = line->count,
        .price_fen = line->price_fen,
        .total_fen = line->total_fen,
        .return_policy = line->return_policy,
    };
    return NULL;
}

static int64_t pieces_of(const struct quote_part *part) {
    int64_t pieces = 0;
    for (size_t i = 0; i < part->lines.count; i++) pieces += part->lines.items[i].count;
    return pieces;
}

static refusal insert_order(struct request *q, const struct placing *placing,
                            const struct quote_part *part, const struct orders_order *order) {
    int64_t place_code = 0;
    const struct quote_line *first = &part->lines.items[0];
    text_to_int64(placing->address.place_code, &place_code);
    return db_run(
        q->db,
        SQL("iiiitiiibiitttiiiii",
            "INSERT INTO orders_order (id, purchase_id, buyer_id, seller_id, seller_name, state,"
            " goods_fen, freight_fen, platform_fee_fen, total_fen, paid_fen, refunded_fen,"
            " payment_id, receiver, receiver_place_code, ticked_return_terms, title, picture,"
            " options_text, piece_count, line_count, carrier, tracking_number, placed_at,"
            " pay_before_at, paid_at, shipped_at, received_at, completed_at, closed_at,"
            " seller_place_code)"
            " VALUES ($1, $2, $3, $4, $5, 'unpaid', $6, $7, 0, $8, 0, 0, 0, $9, $10, $11, $12, $13,"
            " $14, $15, $16, '', '', $17, $18, 0, 0, 0, 0, 0, $19)"),
        PARAMS(order->id, order->purchase_id, q->who->person_id, part->seller_id, part->seller_name,
               part->goods_fen, part->freight_fen, part->total_fen, placing->sealed, place_code,
               placing->draft->ticked_return_terms, first->title, first->picture,
               first->options_text, pieces_of(part), (int64_t)part->lines.count, order->placed_at,
               order->pay_before_at, part->seller_place_code),
        NULL);
}

static refusal begin_order(struct request *q, const struct placing *placing,
                           const struct quote_part *part, struct orders_order *order) {
    if (!part->deliverable)
        return refuse(q, CONFLICT, "address_id", "%.*s 暂时送不到这个地址",
                      "%.*s does not deliver to this address yet", (int)part->seller_name.length,
                      part->seller_name.bytes);
    *order = (struct orders_order){
        .id = request_new_id(q),
        .purchase_id = placing->purchase_id,
        .state = ORDERS_UNPAID,
        .seller_id = part->seller_id,
        .seller_name = part->seller_name,
        .goods_fen = part->goods_fen,
        .freight_fen = part->freight_fen,
        .total_fen = part->total_fen,
        .placed_at = q->now,
        .pay_before_at = instant_after(q->now, ORDERS_PAY_MS),
        .server_at = q->now,
    };
    order->number = orders_number(q->arena, order->id);
    orders_show_receiver(q, &placing->receiver, ORDERS_SEEN_BY_BUYER, 0, order);
    order->lines.items = arena_new(q->arena, struct orders_line, part->lines.count);
    orders_show_events(q, order);
    return insert_order(q, placing, part, order);
}

static struct text joined_address(struct request *q, const struct people_address *address) {
    struct buffer words = buffer_make(q->arena, 2000);
    for (size_t i = 0; i < address->place_names.count; i++)
        buffer_add_text(&words, address->place_names.items[i]);
    buffer_add_char(&words, ' ');
    buffer_add_text(&words, address->street);
    return buffer_text(&words);
}

static refusal check_wishes(struct request *q, const struct placing *placing) {
    const struct orders_draft *draft = placing->draft;
    if (placing->quote.needs_tick && !draft->ticked_return_terms)
        return refuse(q, TERMS_NEEDED, "ticked_return_terms",
                      "这里有不支持七天无理由退货的东西，请先看过并打勾",
                      "some of this cannot be sent back without reason; please tick that you know");
    if (fen_is_positive(draft->expected_total_fen) &&
        fen_compare(draft->expected_total_fen, placing->quote.total_fen) != 0) {
        struct text yuan = fen_yuan(q->arena, placing->quote.total_fen);
        return refuse(q, PRICE_CHANGED, "expected_total_fen", "现在一共 %.*s 元，请再看一眼",
                      "the total is ¥%.*s now; please look again", (int)yuan.length, yuan.bytes);
    }
    if (!fen_is_positive(placing->quote.total_fen))
        return refuse(q, BAD_INPUT, "lines", "金额要大于零", "the total must be above zero");
    return NULL;
}

/* The address, and what of it is sealed with every order of the purchase. */
static refusal find_receiver(struct request *q, struct placing *placing) {
    struct people_address *address = &placing->address;
    struct people_key key;
    TRY(people_address_with_key(q, q->who->person_id, placing->draft->address_id, address, &key));
    placing->receiver = (struct orders_receiver){.name = address->name,
                                                 .phone = address->phone,
                                                 .address = joined_address(q, address),
                                                 .note = placing->draft->note};
    placing->sealed = orders_seal_receiver(q, &key, &placing->receiver);
    people_key_close(&key);
    return NULL;
}

refusal orders_place(struct request *q, const struct orders_draft *draft,
                     struct orders_purchase *ret_purchase) {
    struct placing placing = {.draft = draft, .purchase_id = request_new_id(q)};
    int64_t place_code = 0;
    TRY(find_receiver(q, &placing));
    text_to_int64(placing.address.place_code, &place_code);
    TRY(quote_make(q, &draft->lines, place_code, &placing.quote));
    TRY(check_wishes(q, &placing));
    struct orders_purchase purchase = {.purchase_id = placing.purchase_id,
                                       .total_fen = placing.quote.total_fen};
    size_t part_count = placing.quote.parts.count;
    purchase.orders.items = arena_new(q->arena, struct orders_order, part_count);
    for (size_t i = 0; i < part_count; i++)
        TRY(begin_order(q, &placing, &placing.quote.parts.items[i],
                        &purchase.orders.items[purchase.orders.count++]));
    TRY(hold_stock(q, &placing, &purchase));
    for (size_t i = 0; i < placing.line_count; i++)
        TRY(insert_line(q, &placing.lines[i], &purchase.orders.items[placing.lines[i].part_index]));
    if (draft->from_cart) TRY(bag_take(q, &draft->lines));
    TRY(jobs_ask(q, "orders.expire", placing.purchase_id, TEXT(""),
                 instant_after(q->now, ORDERS_PAY_MS)));
    *ret_purchase = purchase;
    return NULL;
}

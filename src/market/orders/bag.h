/* 购物袋: what a person means to buy, kept on the server per person. Named cart in addresses and
 * JSON, as the field does. */
#ifndef MARKET_ORDERS_BAG_H
#define MARKET_ORDERS_BAG_H

#include "market/orders/orders.h"

#define BAG_LINE_STATES(X)                                                                         \
    X(BAG_LINE_OK, "ok")                                                                           \
    X(BAG_LINE_SOLD_OUT, "sold_out")                                                               \
    X(BAG_LINE_DELISTED, "delisted")                                                               \
    X(BAG_LINE_TOO_MANY, "too_many")
SHAPE_ENUM_DECLARE(bag_line_state, BAG_LINE_STATES);

#define BAG_LINE_FIELDS(F, S)                                                                      \
    F(S, ID, sku_id)                                                                               \
    F(S, ID, goods_id)                                                                             \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, options_text)                                                                       \
    F(S, TEXT, picture)                                                                            \
    F(S, INT, count)                                                                               \
    F(S, BOOL, selected)                                                                           \
    F(S, FEN, price_fen)                                                                           \
    F(S, FEN, unit_price_fen)                                                                      \
    F(S, TEXT, unit_name)                                                                          \
    F(S, INT, available_count)                                                                     \
    F(S, INT, limit_count)                                                                         \
    F(S, ENUM, state, bag_line_state)
SHAPE_DECLARE(bag_line, BAG_LINE_FIELDS);

#define BAG_FIELDS(F, S)                                                                           \
    F(S, LIST, lines, bag_line)                                                                    \
    F(S, INT, selected_count)                                                                      \
    F(S, FEN, selected_fen)
SHAPE_DECLARE(bag, BAG_FIELDS);

#define BAG_PUT_FIELDS(F, S)                                                                       \
    F(S, INT, count, .required = true, .min = 1, .max = 9999)                                      \
    F(S, BOOL, selected, .fallback = 1)
SHAPE_DECLARE(bag_put, BAG_PUT_FIELDS);

refusal bag_read(struct request *q, struct bag *ret_bag);
/* Sets how many of a SKU lie in the bag. BAD_INPUT when the bag is full (ORDERS_LINES_MAX
 * kinds), NOT_FOUND for an unknown SKU. */
refusal bag_set(struct request *q, int64_t sku_id, const struct bag_put *put, struct bag *ret_bag);
refusal bag_remove(struct request *q, int64_t sku_id, struct bag *ret_bag);
/* Takes the lines of a placed order out. */
/* Hears people_wiped: nobody comes back for the bag. */
refusal bag_hear_wiped(struct request *q, const void *data);
refusal bag_take(struct request *q, const struct orders_line_draft_list *lines);

#endif

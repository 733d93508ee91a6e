/* The quote: what some lines cost, sent to a place, seller by seller. Placing an order is a
 * quote that is kept. */
#ifndef MARKET_ORDERS_QUOTE_H
#define MARKET_ORDERS_QUOTE_H

#include "ground/people/people.h"
#include "market/orders/orders.h"

#define QUOTE_DRAFT_FIELDS(F, S)                                                                   \
    F(S, LIST, lines, orders_line_draft, .required = true, .min = 1, .max = ORDERS_LINES_MAX)      \
    F(S, ID, address_id)                                                                           \
    F(S, TEXT, place_code, .max = 12, .about = "where to, when there is no address yet")
SHAPE_DECLARE(quote_draft, QUOTE_DRAFT_FIELDS);

#define QUOTE_LINE_FIELDS(F, S)                                                                    \
    F(S, ID, sku_id)                                                                               \
    F(S, ID, goods_id)                                                                             \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, options_text)                                                                       \
    F(S, TEXT, picture)                                                                            \
    F(S, INT, count)                                                                               \
    F(S, FEN, price_fen)                                                                           \
    F(S, FEN, total_fen)                                                                           \
    F(S, FEN, unit_price_fen)                                                                      \
    F(S, TEXT, unit_name)                                                                          \
    F(S, ENUM, return_policy, catalog_return_policy)                                               \
    F(S, BOOL, needs_tick)                                                                         \
    F(S, INT, available_count)
SHAPE_DECLARE(quote_line, QUOTE_LINE_FIELDS);

#define QUOTE_PART_FIELDS(F, S)                                                                    \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, ID, seller_place_code, .about = "12 digits: where the seller is")                         \
    F(S, LIST, lines, quote_line)                                                                  \
    F(S, FEN, goods_fen)                                                                           \
    F(S, FEN, freight_fen)                                                                         \
    F(S, TEXT, freight_text)                                                                       \
    F(S, FEN, platform_fee_fen)                                                                    \
    F(S, FEN, total_fen)                                                                           \
    F(S, BOOL, deliverable)
SHAPE_DECLARE(quote_part, QUOTE_PART_FIELDS);

#define QUOTE_FIELDS(F, S)                                                                         \
    F(S, LIST, parts, quote_part)                                                                  \
    F(S, FEN, goods_fen)                                                                           \
    F(S, FEN, freight_fen)                                                                         \
    F(S, FEN, platform_fee_fen)                                                                    \
    F(S, FEN, total_fen)                                                                           \
    F(S, BOOL, needs_tick)
SHAPE_DECLARE(quote, QUOTE_FIELDS);

/* Prices LINES for PLACE_CODE (0 unknown: freight by the house's general rule). Refuses unknown
 * and delisted SKUs, a SKU named twice, and more than a SKU's limit, each by its field. Stock is
 * not looked at: placing holds it, the door shows it. */
refusal quote_make(struct request *q, const struct orders_line_draft_list *lines,
                   int64_t place_code, struct quote *ret_quote);
/* The door: with the address or place of the draft, and what is available of each line. */
refusal quote_answer(struct request *q, const struct quote_draft *draft, struct quote *ret_quote);

#endif

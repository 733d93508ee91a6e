/* A small market for tests: a household of 隰县 that sells one goods in two SKUs, its keeper,
 * freight, and buyers with an address. */
#ifndef TESTS_SUPPORT_MARKET_H
#define TESTS_SUPPORT_MARKET_H

#include "support/house.h"

struct market {
    int64_t seller_id;
    int64_t goods_id;
    int64_t sku_five;   /* 5 斤, 49.90 yuan, fresh (needs the tick), 2900 g */
    int64_t sku_dried;  /* 250 克, 36.00 yuan, seven days, 300 g, at most 5 in one order */
    struct text keeper; /* the token of who keeps the seller */
};

enum { MARKET_STOCK_FIVE = 100, MARKET_STOCK_DRIED = 3 };

/* Freight: first 3 kg 8 yuan, each further kg 2 yuan, free from 69 yuan; nothing goes to 新疆
 * (65). */
void market_open(struct house *house, struct market *ret_market);
/* A second seller in the same house. */
void market_open_another(struct house *house, const char *keeper_phone, struct market *ret_market);

/* A person with a default address in 太原市小店区; the token. */
struct text market_buyer(struct house *house, const char *phone);

/* Places one order of COUNT pieces with the tick, from the default address; fails the test
 * unless it is placed. */
struct house_reply market_order(struct house *house, struct text buyer, int64_t sku_id, int count);
/* The provider says that the order (found by "orders.0" of PLACED) was paid: straight through
 * orders_take_money. */
void market_pay(struct house *house, const struct house_reply *placed);

/* Puts a goods on sale as a seller does: BODY ({"goods":{...}}) is written, sent in, and let
 * through by REVIEWER; the goods page. Fails the test unless all of it is done. */
struct house_reply market_list(struct house *house, struct text keeper, struct text reviewer,
                               const char *body);

/* What GET /api/goods/{id} says can be bought of a SKU. */
int64_t market_available(struct house *house, const struct market *market, int64_t sku_id);

#endif

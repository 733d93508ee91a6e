/* Stock: how many pieces of each SKU lie in each warehouse; every move goes by the ledger. A SKU
 * belongs to a goods, and the goods is the document. This room knows ids only, not what is sold:
 * catalog stands above it. */
#ifndef MARKET_STOCK_STOCK_H
#define MARKET_STOCK_STOCK_H

#include "ground/ledger/ledger.h"

extern const struct ledger_kind stock_on_hand; /* floored: what lies in a warehouse */
extern const struct ledger_kind stock_source;  /* where received goods come from */
extern const struct ledger_kind stock_gone;    /* shipped to buyers */
extern const struct ledger_kind stock_lost;    /* floored: broken, rotten, missing, by warehouse */

struct stock_line {
    int64_t goods_id;
    int64_t sku_id;
    int64_t count; /* > 0 */
};

/* A SKU begins to be stocked in the first warehouse of its seller, which is made when missing, with
 * LINE.count pieces (0 allowed). A SKU that is stocked there already keeps what it has and nothing
 * is received. *ret_warehouse_id may be NULL. */
refusal stock_begin(struct request *q, int64_t seller_id, const struct stock_line *line,
                    int64_t alarm_count, int64_t *ret_warehouse_id);
/* The same in another warehouse of the seller, which stock_open_warehouse made. */
refusal stock_begin_at(struct request *q, int64_t warehouse_id, const struct stock_line *line,
                       int64_t alarm_count);
/* A further warehouse of a seller; CONFLICT beyond STOCK_WAREHOUSES_MAX. */
enum { STOCK_WAREHOUSES_MAX = 50 };
refusal stock_open_warehouse(struct request *q, int64_t seller_id, struct text name,
                             int64_t *ret_warehouse_id);

/* Sets COUNT pieces aside for ORDER_ID as hold HOLD_ID, from the first warehouse (by id) that has
 * them all. OUT_OF_STOCK on FIELD
 * ("lines[0].sku_id") saying how many are left; then nothing was moved, and the caller may go on.
 * *ret_warehouse_id is where they lie. Two statements while the shelf does not run empty. Callers
 * that reserve several lines take them in the order of (goods, SKU). */
struct stock_hold {
    int64_t order_id;
    int64_t hold_id;
    struct stock_line line;
    const char *field;
};
refusal stock_reserve(struct request *q, const struct stock_hold *hold, int64_t *ret_warehouse_id);
/* The parcel left: COUNT of the hold moves to stock_gone, the rest is let go. WRONG_STATE when the
 * hold was closed before. */
refusal stock_ship(struct request *q, int64_t order_id, int64_t hold_id, int64_t count);
/* The order fell through: the hold is let go, and whoever listens to stock_came_back hears it.
 * WRONG_STATE as above. */
refusal stock_release(struct request *q, const struct stock_hold *hold);
/* LINE.count pieces that left by hold HOLD_ID came back to the shelf they were on. NOT_ENOUGH on
 * FIELD when that many are not out. What is refunded without being sent back moves nothing here. */
refusal stock_return(struct request *q, const struct stock_hold *back);

/* How many can be bought of each SKU of a goods, one statement. */
#define STOCK_LEVEL_FIELDS(F, S)                                                                   \
    F(S, ID, sku_id)                                                                               \
    F(S, INT, on_hand_count)                                                                       \
    F(S, INT, reserved_count)                                                                      \
    F(S, INT, available_count)
SHAPE_DECLARE(stock_level, STOCK_LEVEL_FIELDS);
refusal stock_levels(struct request *q, int64_t goods_id, struct stock_level_list *ret_levels);

/* The same for up to LEDGER_OWNERS_MAX goods in one statement (a bag, a quote); repeated goods ids
 * are fine. */
refusal stock_levels_of(struct request *q, const int64_t *goods_ids, size_t goods_count,
                        struct stock_level_list *ret_levels);

/* Announced when the last piece that could be bought of a SKU is gone, and when there is one again.
 * DATA is a struct stock_line whose count is what can be bought now. */
extern const struct fact stock_ran_out;
extern const struct fact stock_came_back;

/* What the doors write: receive, count, loss. Each is a document of its own (a row of stock_note
 * with NOTE), for which the ledger moves. NOT_FOUND when the SKU is not stocked there. */
struct stock_change {
    struct stock_line line;
    int64_t warehouse_id; /* 0: the first of the SKU */
    struct text note;
};
refusal stock_receive(struct request *q, const struct stock_change *change);
/* NOT_ENOUGH when so many are not there, or are promised to orders. */
refusal stock_lose(struct request *q, const struct stock_change *change);
/* The shelf was counted: LINE.count (0 allowed) is what is there, pieces that wait for their parcel
 * included. What is missing moves to stock_lost, what is found comes from stock_source. NOT_ENOUGH
 * below what is promised to orders. */
refusal stock_count(struct request *q, const struct stock_change *change);

/* A SKU in a warehouse as its seller sees it. Titles and pictures are the catalogue's. */
#define STOCK_ROW_FIELDS(F, S)                                                                     \
    F(S, ID, sku_id)                                                                               \
    F(S, ID, goods_id)                                                                             \
    F(S, ID, warehouse_id)                                                                         \
    F(S, TEXT, warehouse_name)                                                                     \
    F(S, INT, on_hand_count, .about = "what lies there")                                           \
    F(S, INT, reserved_count, .about = "of these promised to orders")                              \
    F(S, INT, available_count, .about = "of these free to be bought")                              \
    F(S, INT, shipped_count, .about = "what left for buyers")                                      \
    F(S, INT, lost_count, .about = "what was broken, rotten or missing")                           \
    F(S, INT, alarm_count, .about = "the seller wants to hear when no more than this is available")
SHAPE_DECLARE(stock_row, STOCK_ROW_FIELDS);
SHAPE_DECLARE_PAGE(stock_row);

/* The rows of a seller by goods, SKU and warehouse: four statements for any page. AFTER is the
 * `next` of the page before; BAD_INPUT on "after" when it is none. The caller has asked whether the
 * principal may see the seller. */
enum { STOCK_ROWS_MAX = 20, STOCK_GOODS_MAX = 20 };
struct stock_query {
    int64_t seller_id;
    struct text after;
    int64_t limit;            /* 1 .. STOCK_ROWS_MAX */
    int64_t sku_id;           /* 0: of every SKU */
    const int64_t *goods_ids; /* of these goods alone, at most STOCK_GOODS_MAX */
    size_t goods_count;       /* 0: of all goods */
};
refusal stock_rows(struct request *q, const struct stock_query *query,
                   struct stock_row_page *ret_page);

/* One row; WAREHOUSE_ID 0 is the first warehouse of the SKU. NOT_FOUND on "sku_id". The caller asks
 * whether the principal may see the seller. */
refusal stock_row_of(struct request *q, int64_t sku_id, int64_t warehouse_id,
                     struct stock_row *ret_row, int64_t *ret_seller_id);

/* What a seller has few of: no more available than its alarm says, the emptiest first, looked for
 * among the first STOCK_WATCHED_MAX shelves that have an alarm. *ret_count is how many there are,
 * of which the list holds up to LIMIT. A dozen statements at most. */
enum { STOCK_ALARMS_MAX = 10, STOCK_WATCHED_MAX = 200 };
#define STOCK_ALARM_FIELDS(F, S)                                                                   \
    F(S, ID, sku_id)                                                                               \
    F(S, ID, goods_id)                                                                             \
    F(S, ID, warehouse_id)                                                                         \
    F(S, INT, available_count)                                                                     \
    F(S, INT, alarm_count)
SHAPE_DECLARE(stock_alarm, STOCK_ALARM_FIELDS);
refusal stock_alarms(struct request *q, int64_t seller_id, size_t limit,
                     struct stock_alarm_list *ret_alarms, int64_t *ret_count);

/* `xiangji check` of this room: every shelf of the ledger belongs to an item, every item lies in a
 * warehouse of its seller, and a SKU belongs to one goods. */
refusal stock_check(struct request *q, struct check_report *report);

extern const struct room stock_room;

#endif

/* Stock: how the pieces of a SKU move. The ledger guards and remembers; here stands which account
 * is meant, what is said to a person when there are too few, and who is told when a shelf runs
 * empty. */
#include "market/stock/stock.h"

#include <assert.h>
#include <stdlib.h>

const struct ledger_kind stock_on_hand = {"stock.on_hand", true};
const struct ledger_kind stock_source = {"stock.source", false};
const struct ledger_kind stock_gone = {"stock.gone", false};
const struct ledger_kind stock_lost = {"stock.lost", true};

const struct fact stock_ran_out = {"stock_ran_out"};
const struct fact stock_came_back = {"stock_came_back"};

SHAPE_DEFINE(stock_level, STOCK_LEVEL_FIELDS);
SHAPE_DEFINE(stock_row, STOCK_ROW_FIELDS);
SHAPE_DEFINE_PAGE(stock_row);

#define STOCK_ITEM_FIELDS(F, S)                                                                    \
    F(S, ID, goods_id)                                                                             \
    F(S, ID, sku_id)                                                                               \
    F(S, ID, warehouse_id)                                                                         \
    F(S, ID, seller_id)                                                                            \
    F(S, INT, alarm_count)
SHAPE_DECLARE(stock_item, STOCK_ITEM_FIELDS);
SHAPE_DEFINE(stock_item, STOCK_ITEM_FIELDS);

#define STOCK_WAREHOUSE_FIELDS(F, S)                                                               \
    F(S, ID, id)                                                                                   \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, name)
SHAPE_DECLARE(stock_warehouse, STOCK_WAREHOUSE_FIELDS);
SHAPE_DEFINE(stock_warehouse, STOCK_WAREHOUSE_FIELDS);

/* The accounts of a SKU belong to its goods. Only what lies somewhere has a place. */
static struct ledger_account account(const struct ledger_kind *kind, const struct stock_line *line,
                                     int64_t warehouse_id) {
    return (struct ledger_account){line->goods_id, kind, line->sku_id, warehouse_id};
}

static bool is_refused(refusal refused, enum problem_kind kind) {
    return refused && refused->kind == kind;
}

/* ---- what can be bought ---- */

/* The ledger gives the accounts in the order of their units, so a SKU's warehouses stand together.
 */
static void sum_levels(struct request *q, const struct ledger_balance_list *balances,
                       struct stock_level_list *ret_levels) {
    struct stock_level_list levels = {
        .items = arena_new(q->arena, struct stock_level, balances->count ? balances->count : 1)};
    for (size_t i = 0; i < balances->count; i++) {
        const struct ledger_balance *balance = &balances->items[i];
        if (levels.count == 0 || levels.items[levels.count - 1].sku_id != balance->unit_id)
            levels.items[levels.count++].sku_id = balance->unit_id;
        struct stock_level *level = &levels.items[levels.count - 1];
        level->on_hand_count += ledger_posted(balance);
        level->reserved_count += balance->debits_pending;
        level->available_count += ledger_available(balance);
    }
    *ret_levels = levels;
}

refusal stock_levels(struct request *q, int64_t goods_id, struct stock_level_list *ret_levels) {
    struct ledger_balance_list balances = {0};
    TRY(ledger_balances(q, goods_id, &stock_on_hand, &balances));
    sum_levels(q, &balances, ret_levels);
    return NULL;
}

refusal stock_levels_of(struct request *q, const int64_t *goods_ids, size_t goods_count,
                        struct stock_level_list *ret_levels) {
    struct ledger_balance_list balances = {0};
    TRY(ledger_balances_of(q, goods_ids, goods_count, &stock_on_hand, &balances));
    sum_levels(q, &balances, ret_levels);
    return NULL;
}

/* What is available of one SKU: in all its warehouses, and in the one that has most. */
struct available {
    int64_t total, most;
};
static refusal available_of(struct request *q, const struct stock_line *line,
                            struct available *ret_available) {
    struct ledger_balance_list balances = {0};
    struct available available = {0};
    TRY(ledger_balances(q, line->goods_id, &stock_on_hand, &balances));
    for (size_t i = 0; i < balances.count; i++) {
        if (balances.items[i].unit_id != line->sku_id) continue;
        int64_t here = ledger_available(&balances.items[i]);
        available.total += here;
        if (here > available.most) available.most = here;
    }
    *ret_available = available;
    return NULL;
}

/* A move changed what is available in one warehouse by ADDED, to HERE. Only when that warehouse was
 * or became empty can the SKU as a whole have run out or come back; the other warehouses are looked
 * at then. */
static refusal tell_level(struct request *q, const struct stock_line *line, int64_t here,
                          int64_t added) {
    bool emptied = here == 0 && added < 0;
    bool filled = here - added == 0 && added > 0;
    request_changed(q, line->goods_id);
    if (!emptied && !filled) return NULL;
    struct available available;
    TRY(available_of(q, line, &available));
    const struct stock_line told = {line->goods_id, line->sku_id, available.total};
    if (emptied && available.total == 0) return request_announce(q, &stock_ran_out, &told);
    if (filled && available.total == here) return request_announce(q, &stock_came_back, &told);
    return NULL;
}

/* ---- the road of an order ---- */

static refusal refuse_reservation(struct request *q, const struct stock_hold *hold) {
    struct available available;
    TRY(available_of(q, &hold->line, &available));
    if (available.most == 0)
        return refuse(q, OUT_OF_STOCK, hold->field, "这一款刚刚卖完了", "this is sold out");
    return refuse(q, OUT_OF_STOCK, hold->field, "只剩 %lld 件", "only %lld left",
                  (long long)available.most);
}

refusal stock_reserve(struct request *q, const struct stock_hold *hold, int64_t *ret_warehouse_id) {
    const struct ledger_transfer transfer = {
        .document_id = hold->order_id,
        .id = hold->hold_id,
        .debit = account(&stock_on_hand, &hold->line, LEDGER_ANY_PLACE),
        .credit = account(&stock_gone, &hold->line, 0),
        .amount = hold->line.count,
        .reason = "ordered",
    };
    struct ledger_effect effect;
    refusal refused = ledger_begin(q, &transfer, LEDGER_PENDING, &effect);
    if (is_refused(refused, PROBLEM_NOT_ENOUGH)) return refuse_reservation(q, hold);
    TRY(refused);
    *ret_warehouse_id = effect.debit_place_id;
    if (!effect.is_new) return NULL;
    return tell_level(q, &hold->line, effect.debit_available, -hold->line.count);
}

static refusal close_hold(struct request *q, int64_t order_id, int64_t hold_id, int64_t count) {
    const struct ledger_closing closing = {
        .document_id = order_id, .hold_id = hold_id, .id = request_new_id(q), .amount = count};
    struct ledger_effect effect;
    TRY(ledger_close(q, &closing, &effect));
    const struct stock_line line = {effect.debit_owner_id, effect.unit_id, count};
    return tell_level(q, &line, effect.debit_available, effect.released);
}

refusal stock_ship(struct request *q, int64_t order_id, int64_t hold_id, int64_t count) {
    assert(count > 0);
    return close_hold(q, order_id, hold_id, count);
}

refusal stock_release(struct request *q, const struct stock_hold *hold) {
    return close_hold(q, hold->order_id, hold->hold_id, 0);
}

/* What left by the hold and is still out, and the shelf it lay on: 0 when nothing left by it. */
static int64_t still_out(const struct ledger_entry_list *entries, const struct stock_hold *back,
                         int64_t *ret_warehouse_id) {
    const struct ledger_entry *shipped = NULL;
    for (size_t i = 0; i < entries->count; i++) {
        const struct ledger_entry *entry = &entries->items[i];
        if (entry->pending_of == back->hold_id && text_is(entry->phase, "settled") &&
            text_is(entry->debit_kind, stock_on_hand.name) &&
            entry->debit_owner_id == back->line.goods_id && entry->unit_id == back->line.sku_id)
            shipped = entry;
    }
    if (!shipped) return 0;
    int64_t out = shipped->amount;
    for (size_t i = 0; i < entries->count; i++) {
        const struct ledger_entry *entry = &entries->items[i];
        if (text_is(entry->debit_kind, stock_gone.name) && entry->unit_id == shipped->unit_id &&
            entry->credit_place_id == shipped->debit_place_id)
            out -= entry->amount;
    }
    *ret_warehouse_id = shipped->debit_place_id;
    return out;
}

refusal stock_return(struct request *q, const struct stock_hold *back) {
    struct ledger_entry_list entries = {0};
    int64_t warehouse_id = 0;
    TRY(ledger_entries(q, back->order_id, &entries));
    int64_t out = still_out(&entries, back, &warehouse_id);
    if (back->line.count > out)
        return refuse(q, NOT_ENOUGH, back->field, "寄出去还没退回的只有 %lld 件",
                      "only %lld that were sent have not come back", (long long)out);
    const struct ledger_transfer transfer = {
        .document_id = back->order_id,
        .id = request_new_id(q),
        .debit = account(&stock_gone, &back->line, 0),
        .credit = account(&stock_on_hand, &back->line, warehouse_id),
        .amount = back->line.count,
        .reason = "sent back",
    };
    struct ledger_effect effect;
    TRY(ledger_begin(q, &transfer, LEDGER_POSTED, &effect));
    return tell_level(q, &back->line, effect.credit_available, back->line.count);
}

/* ---- warehouses and what begins in them ---- */

refusal stock_open_warehouse(struct request *q, int64_t seller_id, struct text name,
                             int64_t *ret_warehouse_id) {
    int64_t number = 0, inserted = 0, id = request_new_id(q);
    TRY(db_int(
        q->db,
        SQL("i", "SELECT coalesce(max(number), 0) FROM stock_warehouse WHERE seller_id = $1"),
        PARAMS(seller_id), &number, NULL));
    if (number >= STOCK_WAREHOUSES_MAX)
        return refuse(q, CONFLICT, "seller_id", "仓库已经有 %lld 个，不能再加",
                      "there are %lld warehouses already", (long long)number);
    TRY(db_run(q->db,
               SQL("iiiti", "INSERT INTO stock_warehouse (seller_id, number, id, name, opened_at)"
                            " VALUES ($1, $2, $3, $4, $5)"
                            " ON CONFLICT (seller_id, number) DO NOTHING"),
               PARAMS(seller_id, number + 1, id, name, q->now), &inserted));
    if (inserted == 0)
        return refuse(q, CONFLICT, "seller_id", "刚刚有人也在加仓库，请再试一次",
                      "another warehouse was opened just now; try again");
    *ret_warehouse_id = id;
    return NULL;
}

static refusal first_warehouse(struct request *q, int64_t seller_id, int64_t *ret_warehouse_id) {
    bool found;
    TRY(db_int(q->db,
               SQL("i", "SELECT id FROM stock_warehouse WHERE seller_id = $1 AND number = 1"),
               PARAMS(seller_id), ret_warehouse_id, &found));
    if (found) return NULL;
    /* Of two that make it at once the second gets the first one's. */
    return db_int(q->db,
                  SQL("iiti", "INSERT INTO stock_warehouse (seller_id, number, id, name, opened_at)"
                              " VALUES ($1, 1, $2, $3, $4) ON CONFLICT (seller_id, number)"
                              " DO UPDATE SET number = excluded.number RETURNING id"),
                  PARAMS(seller_id, request_new_id(q), "主仓", q->now), ret_warehouse_id, NULL);
}

static refusal begin_item(struct request *q, const struct stock_item *item, int64_t count) {
    int64_t inserted = 0;
    TRY(db_run(q->db,
               SQL("iiiiii", "INSERT INTO stock_item (goods_id, sku_id, warehouse_id, seller_id,"
                             " alarm_count, begun_at) VALUES ($1, $2, $3, $4, $5, $6)"
                             " ON CONFLICT (goods_id, sku_id, warehouse_id) DO NOTHING"),
               PARAMS(item->goods_id, item->sku_id, item->warehouse_id, item->seller_id,
                      item->alarm_count, q->now),
               &inserted));
    if (inserted == 0 || count == 0) return NULL;
    const struct stock_change change = {.line = {item->goods_id, item->sku_id, count},
                                        .warehouse_id = item->warehouse_id};
    return stock_receive(q, &change);
}

refusal stock_begin(struct request *q, int64_t seller_id, const struct stock_line *line,
                    int64_t alarm_count, int64_t *ret_warehouse_id) {
    assert(line->count >= 0 && alarm_count >= 0);
    struct stock_item item = {.goods_id = line->goods_id,
                              .sku_id = line->sku_id,
                              .seller_id = seller_id,
                              .alarm_count = alarm_count};
    TRY(first_warehouse(q, seller_id, &item.warehouse_id));
    TRY(begin_item(q, &item, line->count));
    if (ret_warehouse_id) *ret_warehouse_id = item.warehouse_id;
    return NULL;
}

refusal stock_begin_at(struct request *q, int64_t warehouse_id, const struct stock_line *line,
                       int64_t alarm_count) {
    assert(line->count >= 0 && alarm_count >= 0);
    struct stock_warehouse warehouse = {0};
    bool found;
    TRY(db_row(q->db, SQL("i", "SELECT id, seller_id, name FROM stock_warehouse WHERE id = $1"),
               PARAMS(warehouse_id), &stock_warehouse_shape, &warehouse, &found));
    if (!found)
        return refuse(q, NOT_FOUND, "warehouse_id", "没有这个仓库", "there is no such warehouse");
    const struct stock_item item = {line->goods_id, line->sku_id, warehouse_id, warehouse.seller_id,
                                    alarm_count};
    return begin_item(q, &item, line->count);
}

/* ---- changes by hand ---- */

static refusal refuse_unknown(struct request *q) {
    return refuse(q, NOT_FOUND, "sku_id", "没有这一款的库存", "this is not stocked there");
}

static refusal item_of(struct request *q, const struct stock_change *change,
                       struct stock_item *ret_item) {
    bool found;
    TRY(db_row(q->db,
               SQL("iii", "SELECT goods_id, sku_id, warehouse_id, seller_id, alarm_count"
                          " FROM stock_item WHERE goods_id = $1 AND sku_id = $2"
                          " AND ($3 = 0 OR warehouse_id = $3) ORDER BY warehouse_id LIMIT 1"),
               PARAMS(change->line.goods_id, change->line.sku_id, change->warehouse_id),
               &stock_item_shape, ret_item, &found));
    return found ? NULL : refuse_unknown(q);
}

static refusal write_note(struct request *q, int64_t id, const char *kind,
                          const struct stock_item *item, const struct stock_change *change) {
    int64_t person_id = q->who ? q->who->person_id : 0;
    return db_run(q->db,
                  SQL("itiiiiiti",
                      "INSERT INTO stock_note (id, kind, goods_id, sku_id, warehouse_id, person_id,"
                      " count, note, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"),
                  PARAMS(id, kind, item->goods_id, item->sku_id, item->warehouse_id, person_id,
                         change->line.count, change->note, q->now),
                  NULL);
}

/* Moves COUNT pieces onto the shelf (from stock_source) or, when it is negative, off it (to
 * stock_lost). */
static refusal shift(struct request *q, int64_t document_id, const struct stock_item *item,
                     int64_t count, const char *reason) {
    const struct stock_line line = {item->goods_id, item->sku_id, count > 0 ? count : -count};
    const struct ledger_account shelf = account(&stock_on_hand, &line, item->warehouse_id);
    struct ledger_transfer transfer = {
        .document_id = document_id, .id = document_id, .amount = line.count, .reason = reason};
    transfer.debit = count > 0 ? account(&stock_source, &line, 0) : shelf;
    transfer.credit = count > 0 ? shelf : account(&stock_lost, &line, item->warehouse_id);
    struct ledger_effect effect;
    TRY(ledger_begin(q, &transfer, LEDGER_POSTED, &effect));
    return tell_level(q, &line, count > 0 ? effect.credit_available : effect.debit_available,
                      count);
}

refusal stock_receive(struct request *q, const struct stock_change *change) {
    assert(change->line.count > 0);
    struct stock_item item = {0};
    int64_t id = request_new_id(q);
    TRY(item_of(q, change, &item));
    TRY(shift(q, id, &item, change->line.count, "received"));
    return write_note(q, id, "receipt", &item, change);
}

static refusal balance_at(struct request *q, const struct stock_item *item,
                          struct ledger_balance *ret_balance) {
    const struct stock_line line = {item->goods_id, item->sku_id, 0};
    const struct ledger_account shelf = account(&stock_on_hand, &line, item->warehouse_id);
    return ledger_balance_of(q, &shelf, ret_balance);
}

refusal stock_lose(struct request *q, const struct stock_change *change) {
    assert(change->line.count > 0);
    struct stock_item item = {0};
    struct ledger_balance balance;
    int64_t id = request_new_id(q);
    TRY(item_of(q, change, &item));
    refusal refused = shift(q, id, &item, -change->line.count, "lost");
    if (!is_refused(refused, PROBLEM_NOT_ENOUGH))
        return refused ? refused : write_note(q, id, "loss", &item, change);
    TRY(balance_at(q, &item, &balance));
    return refuse(q, NOT_ENOUGH, "count", "没有被订单占用的只有 %lld 件",
                  "only %lld are not promised to orders", (long long)ledger_available(&balance));
}

refusal stock_count(struct request *q, const struct stock_change *change) {
    assert(change->line.count >= 0);
    struct stock_item item = {0};
    struct ledger_balance balance;
    int64_t id = request_new_id(q);
    TRY(item_of(q, change, &item));
    TRY(balance_at(q, &item, &balance));
    if (change->line.count < balance.debits_pending)
        return refuse(q, NOT_ENOUGH, "counted", "有 %lld 件已经被订单占用，数到的不能比这个少",
                      "%lld are promised to orders; no fewer can be counted",
                      (long long)balance.debits_pending);
    int64_t difference = change->line.count - ledger_posted(&balance);
    if (difference) TRY(shift(q, id, &item, difference, "counted"));
    return write_note(q, id, "count", &item, change);
}

/* ---- the seller's view ---- */

static const struct ledger_balance *find_balance(const struct ledger_balance_list *balances,
                                                 const struct stock_item *item) {
    static const struct ledger_balance nothing;
    for (size_t i = 0; i < balances->count; i++) {
        const struct ledger_balance *balance = &balances->items[i];
        if (balance->owner_id == item->goods_id && balance->unit_id == item->sku_id &&
            balance->place_id == item->warehouse_id)
            return balance;
    }
    return &nothing;
}

/* What left the shelf for good is shipped or lost; the losses have an account of their own, so that
 * no history is summed. */
static struct stock_row show_item(const struct stock_item *item, const struct ledger_balance *shelf,
                                  const struct ledger_balance *lost) {
    return (struct stock_row){.sku_id = item->sku_id,
                              .goods_id = item->goods_id,
                              .warehouse_id = item->warehouse_id,
                              .on_hand_count = ledger_posted(shelf),
                              .reserved_count = shelf->debits_pending,
                              .available_count = ledger_available(shelf),
                              .shipped_count = shelf->debits_posted - lost->credits_posted,
                              .lost_count = lost->credits_posted,
                              .alarm_count = item->alarm_count};
}

static refusal show_items(struct request *q, int64_t seller_id, const struct stock_item_list *items,
                          struct stock_row_list *ret_rows) {
    struct ledger_balance_list shelves = {0}, losses = {0};
    struct stock_warehouse_list warehouses = {0};
    int64_t goods_ids[STOCK_ROWS_MAX];
    _Static_assert((int)STOCK_ROWS_MAX <= (int)LEDGER_OWNERS_MAX,
                   "one statement holds the goods of a page");
    assert(items->count <= STOCK_ROWS_MAX);
    for (size_t i = 0; i < items->count; i++) goods_ids[i] = items->items[i].goods_id;
    TRY(db_rows(q->db,
                SQL("i", "SELECT id, seller_id, name FROM stock_warehouse WHERE seller_id = $1"
                         " ORDER BY number LIMIT 50"),
                PARAMS(seller_id), &stock_warehouse_shape, &warehouses));
    TRY(ledger_balances_of(q, goods_ids, items->count, &stock_on_hand, &shelves));
    TRY(ledger_balances_of(q, goods_ids, items->count, &stock_lost, &losses));
    struct stock_row_list rows = {
        .items = arena_new(q->arena, struct stock_row, items->count ? items->count : 1)};
    for (; rows.count < items->count; rows.count++) {
        const struct stock_item *item = &items->items[rows.count];
        struct stock_row row =
            show_item(item, find_balance(&shelves, item), find_balance(&losses, item));
        for (size_t i = 0; i < warehouses.count; i++)
            if (warehouses.items[i].id == item->warehouse_id)
                row.warehouse_name = warehouses.items[i].name;
        rows.items[rows.count] = row;
    }
    *ret_rows = rows;
    return NULL;
}

refusal stock_row_of(struct request *q, int64_t sku_id, int64_t warehouse_id,
                     struct stock_row *ret_row, int64_t *ret_seller_id) {
    struct stock_item item = {0};
    struct stock_row_list rows = {0};
    bool found;
    TRY(db_row(q->db,
               SQL("ii", "SELECT goods_id, sku_id, warehouse_id, seller_id, alarm_count"
                         " FROM stock_item WHERE sku_id = $1 AND ($2 = 0 OR warehouse_id = $2)"
                         " ORDER BY warehouse_id LIMIT 1"),
               PARAMS(sku_id, warehouse_id), &stock_item_shape, &item, &found));
    if (!found) return refuse_unknown(q);
    const struct stock_item_list items = {&item, 1};
    TRY(show_items(q, item.seller_id, &items, &rows));
    *ret_row = rows.items[0];
    *ret_seller_id = item.seller_id;
    return NULL;
}

/* "goods.sku.warehouse" of the last row of a page. */
static bool read_after(struct text after, int64_t *ret_ids) {
    for (size_t i = 0; i < 3; i++) {
        size_t dot = i < 2 ? text_find(after, TEXT("."), 0) : after.length;
        if (dot == SIZE_MAX || !text_to_int64(text_slice(after, 0, dot), &ret_ids[i]) ||
            ret_ids[i] <= 0)
            return false;
        after = text_slice(after, dot + 1, after.length);
    }
    return true;
}

#define ROWS_OF_SELLER                                                                             \
    "SELECT goods_id, sku_id, warehouse_id, seller_id, alarm_count"                                \
    " FROM stock_item WHERE seller_id = $1 AND (goods_id, sku_id, warehouse_id) > ($2, $3, $4)"
#define ROWS_IN_ORDER " ORDER BY goods_id, sku_id, warehouse_id LIMIT $5"

static refusal read_rows(struct request *q, const struct stock_query *query, const int64_t *after,
                         struct stock_item_list *ret_items) {
    enum { FIRST = 5 };
    struct db_value values[FIRST + STOCK_GOODS_MAX] = {
        DB_VALUE(query->seller_id), DB_VALUE(after[0]), DB_VALUE(after[1]), DB_VALUE(after[2]),
        DB_VALUE(query->limit + 1)};
    const struct statement *statement = SQL("iiiii", ROWS_OF_SELLER ROWS_IN_ORDER);
    size_t count = FIRST;
    if (query->sku_id) {
        statement = SQL("iiiiii", ROWS_OF_SELLER " AND sku_id = $6" ROWS_IN_ORDER);
        values[count++] = db_value_int(query->sku_id);
    } else if (query->goods_count) {
        statement = SQL("iiiiiiiiiiiiiiiiiiiiiiiii", ROWS_OF_SELLER
                        " AND (goods_id = $6 OR goods_id = $7 OR goods_id = $8 OR goods_id = $9"
                        " OR goods_id = $10 OR goods_id = $11 OR goods_id = $12 OR goods_id = $13"
                        " OR goods_id = $14 OR goods_id = $15 OR goods_id = $16 OR goods_id = $17"
                        " OR goods_id = $18 OR goods_id = $19 OR goods_id = $20 OR goods_id = $21"
                        " OR goods_id = $22 OR goods_id = $23 OR goods_id = $24"
                        " OR goods_id = $25)" ROWS_IN_ORDER);
        for (size_t i = 0; i < STOCK_GOODS_MAX; i++)
            values[count++] = db_value_int(i < query->goods_count ? query->goods_ids[i] : 0);
    }
    return db_rows(q->db, statement, ((struct db_params){values, count}), &stock_item_shape,
                   ret_items);
}

refusal stock_rows(struct request *q, const struct stock_query *query,
                   struct stock_row_page *ret_page) {
    assert(query->limit >= 1 && query->limit <= STOCK_ROWS_MAX);
    assert(query->goods_count <= STOCK_GOODS_MAX);
    int64_t after[3] = {0};
    struct stock_item_list items = {0};
    struct stock_row_page page = {0};
    if (query->after.length && !read_after(query->after, after))
        return refuse(q, BAD_INPUT, "after", "不是上一页给出的值",
                      "is not what a page gave as next");
    TRY(read_rows(q, query, after, &items));
    if ((int64_t)items.count > query->limit) {
        const struct stock_item *last = &items.items[--items.count - 1];
        page.next = text_format(q->arena, "%lld.%lld.%lld", (long long)last->goods_id,
                                (long long)last->sku_id, (long long)last->warehouse_id);
    }
    TRY(show_items(q, query->seller_id, &items, &page.items));
    *ret_page = page;
    return NULL;
}

/* ---- alarms ---- */

/* Where an item stands among accounts in the order (goods, SKU, warehouse). */
static int compare_keys(const struct stock_item *item, const struct ledger_balance *shelf) {
    const int64_t pairs[][2] = {{item->goods_id, shelf->owner_id},
                                {item->sku_id, shelf->unit_id},
                                {item->warehouse_id, shelf->place_id}};
    for (size_t i = 0; i < 3; i++)
        if (pairs[i][0] != pairs[i][1]) return pairs[i][0] < pairs[i][1] ? -1 : 1;
    return 0;
}

SHAPE_DEFINE(stock_alarm, STOCK_ALARM_FIELDS);

static int by_need(const void *a, const void *b) {
    const struct stock_alarm *x = a, *y = b;
    if (x->available_count != y->available_count)
        return (x->available_count > y->available_count) -
               (x->available_count < y->available_count);
    return (x->sku_id > y->sku_id) - (x->sku_id < y->sku_id);
}

/* Up to LEDGER_OWNERS_MAX items against their shelves. */
static refusal add_alarms(struct request *q, const struct stock_item *items, size_t count,
                          struct stock_alarm_list *alarms) {
    int64_t goods_ids[LEDGER_OWNERS_MAX];
    struct ledger_balance_list shelves = {0};
    for (size_t i = 0; i < count; i++) goods_ids[i] = items[i].goods_id;
    TRY(ledger_balances_of(q, goods_ids, count, &stock_on_hand, &shelves));
    for (size_t i = 0; i < count; i++) {
        int64_t available = 0;
        for (size_t j = 0; j < shelves.count; j++)
            if (compare_keys(&items[i], &shelves.items[j]) == 0)
                available = ledger_available(&shelves.items[j]);
        if (available > items[i].alarm_count) continue;
        alarms->items[alarms->count++] =
            (struct stock_alarm){items[i].sku_id, items[i].goods_id, items[i].warehouse_id,
                                 available, items[i].alarm_count};
    }
    return NULL;
}

refusal stock_alarms(struct request *q, int64_t seller_id, size_t limit,
                     struct stock_alarm_list *ret_alarms, int64_t *ret_count) {
    struct stock_item_list items = {0};
    TRY(db_rows(q->db,
                SQL("ii", "SELECT goods_id, sku_id, warehouse_id, seller_id, alarm_count"
                          " FROM stock_item WHERE seller_id = $1 AND alarm_count > 0"
                          " ORDER BY goods_id, sku_id, warehouse_id LIMIT $2"),
                PARAMS(seller_id, (int64_t)STOCK_WATCHED_MAX), &stock_item_shape, &items));
    struct stock_alarm_list alarms = {arena_new(q->arena, struct stock_alarm, items.count + 1), 0};
    for (size_t at = 0; at < items.count; at += LEDGER_OWNERS_MAX) {
        size_t rest = items.count - at;
        TRY(add_alarms(q, &items.items[at], rest < LEDGER_OWNERS_MAX ? rest : LEDGER_OWNERS_MAX,
                       &alarms));
    }
    qsort(alarms.items, alarms.count, sizeof(alarms.items[0]), by_need);
    *ret_count = (int64_t)alarms.count;
    if (alarms.count > limit) alarms.count = limit;
    *ret_alarms = alarms;
    return NULL;
}

/* ---- xiangji check ---- */

struct stock_proof {
    int64_t shelf_count, piece_count, reserved_count, unknown_count;
};

/* Both lists are in the order (goods, SKU, warehouse): every account must be met by an item. */
static void match_page(const struct ledger_balance_list *shelves,
                       const struct stock_item_list *items, struct stock_proof *proof) {
    size_t at = 0;
    for (size_t i = 0; i < shelves->count; i++) {
        const struct ledger_balance *shelf = &shelves->items[i];
        while (at < items->count && compare_keys(&items->items[at], shelf) < 0) at++;
        proof->shelf_count++;
        proof->piece_count += ledger_posted(shelf);
        proof->reserved_count += shelf->debits_pending;
        proof->unknown_count += at == items->count || compare_keys(&items->items[at], shelf) != 0;
    }
}

static refusal match_shelves(struct request *q, struct stock_proof *proof) {
    enum { PAGE_ROWS = 1000 };
    struct ledger_balance after = {0};
    struct ledger_balance_list shelves = {0};
    do {
        struct stock_item_list items = {0};
        TRY(ledger_balances_after(q, &stock_on_hand, &after, PAGE_ROWS, &shelves));
        if (shelves.count == 0) return NULL;
        const struct ledger_balance *last = &shelves.items[shelves.count - 1];
        TRY(db_rows(q->db,
                    SQL("iiiiii", "SELECT goods_id, sku_id, warehouse_id, seller_id, alarm_count"
                                  " FROM stock_item"
                                  " WHERE (goods_id, sku_id, warehouse_id) > ($1, $2, $3)"
                                  " AND (goods_id, sku_id, warehouse_id) <= ($4, $5, $6)"
                                  " ORDER BY goods_id, sku_id, warehouse_id LIMIT 100000"),
                    PARAMS(after.owner_id, after.unit_id, after.place_id, last->owner_id,
                           last->unit_id, last->place_id),
                    &stock_item_shape, &items));
        match_page(&shelves, &items, proof);
        after = *last;
    } while (shelves.count == PAGE_ROWS);
    return NULL;
}

refusal stock_check(struct request *q, struct check_report *report) {
    struct stock_proof proof = {0};
    int64_t item_count = 0, astray_count = 0, split_count = 0;
    TRY(match_shelves(q, &proof));
    TRY(db_int(q->db, SQL("", "SELECT count(*) FROM stock_item"), NO_PARAMS, &item_count, NULL));
    TRY(db_int(q->db,
               SQL("",
                   "SELECT count(*) FROM stock_item WHERE NOT EXISTS (SELECT 1"
                   " FROM stock_warehouse WHERE stock_warehouse.seller_id = stock_item.seller_id"
                   " AND stock_warehouse.id = stock_item.warehouse_id)"),
               NO_PARAMS, &astray_count, NULL));
    TRY(db_int(q->db,
               SQL("", "SELECT count(*) FROM (SELECT sku_id FROM stock_item GROUP BY sku_id"
                       " HAVING min(goods_id) <> max(goods_id) OR min(seller_id) <> max(seller_id))"
                       " AS split"),
               NO_PARAMS, &split_count, NULL));
    const char *words =
        q->english
            ? "stock: %lld pieces on %lld shelves of the ledger, %lld of them promised; %lld"
              " shelves that no item of the %lld names, %lld items without a warehouse, %lld"
              " SKUs of two goods or sellers"
            : "库存：账本上 %2$lld 个货位共 %1$lld 件，其中 %3$lld 件已被订单占用；没有登记的货位 %4$lld"
              " 个（共登记 %5$lld 个），找不到仓库的 %6$lld 个，一个规格挂在两处的 %7$lld 个";
    struct text sentence =
        text_format(q->arena, words, (long long)proof.piece_count, (long long)proof.shelf_count,
                    (long long)proof.reserved_count, (long long)proof.unknown_count,
                    (long long)item_count, (long long)astray_count, (long long)split_count);
    report->line(report, proof.unknown_count + astray_count + split_count == 0, sentence);
    return NULL;
}

/* Stock: what lies where, who may have it, and who hears when a shelf runs empty. */
#include "ground/people/people.h"
#include "kernel/http/road.h"
#include "market/stock/stock.h"
#include "support/house.h"

enum { SELLER = 51, GOODS = 2000, SKU = 3000, OTHER_SKU = 3001, ORDER = 4000 };
enum { FINE = PROBLEM_KIND_COUNT };

/* ---- a road of its own, whose rooms listen to what stock announces ---- */

enum { HEARD_MAX = 64 };
struct heard {
    const struct fact *facts[HEARD_MAX];
    struct stock_line lines[HEARD_MAX];
    size_t count;
    int64_t changed_id;
};

/* The listeners find it by the request that they are given. */
struct ears {
    struct store_task task;
    struct app app;
    struct road road;
    refusal (*work)(struct request *q, void *context);
    void *context;
    refusal refused;
    struct heard heard;
};

static struct ears *ears_of(const struct request *q) {
    return (struct ears *)((char *)(uintptr_t)q->app - offsetof(struct ears, app));
}
static refusal keep(struct request *q, const struct fact *fact, const void *data) {
    struct heard *heard = &ears_of(q)->heard;
    if (heard->count == HEARD_MAX) return refuse(q, INTERNAL, "", "听到的太多", "heard too much");
    heard->facts[heard->count] = fact;
    heard->lines[heard->count++] = *(const struct stock_line *)data;
    return NULL;
}
static refusal hear_ran_out(struct request *q, const void *data) {
    return keep(q, &stock_ran_out, data);
}
static refusal hear_came_back(struct request *q, const void *data) {
    return keep(q, &stock_came_back, data);
}
static const struct listener listeners[] = {{&stock_ran_out, hear_ran_out},
                                            {&stock_came_back, hear_came_back}};
static const struct room listening_room = {
    .name = "listening",
    .listeners = listeners,
    .listener_count = sizeof(listeners) / sizeof(listeners[0]),
};
static const struct room *const listening_rooms[] = {&listening_room};

static bool run_ears(struct store_task *task, struct db *db) {
    struct ears *ears = (struct ears *)task;
    static const struct principal nobody;
    struct request_changes changes;
    changes_reset(&changes, &ears->road);
    struct request q = {.app = &ears->app,
                        .db = db,
                        .arena = task->arena,
                        .now = app_now(&ears->app),
                        .who = &nobody,
                        .changes = &changes};
    ears->heard = (struct heard){0};
    ears->refused = ears->work(&q, ears->context);
    if (changes.id_count) ears->heard.changed_id = changes.ids[0];
    return !ears->refused;
}

/* Runs WORK in a transaction of its own; what it announced is in *ret_heard. */
static refusal attempt(struct house *house, refusal (*work)(struct request *q, void *context),
                       void *context, struct heard *ret_heard) {
    struct ears ears = {.task = {.run = run_ears,
                                 .arena = house->arena,
                                 .writes = true,
                                 .isolation = STORE_READ_COMMITTED,
                                 .statement_max = 2000},
                        .app = *house->app,
                        .work = work,
                        .context = context};
    ears.road = (struct road){.app = &ears.app, .rooms = listening_rooms, .room_count = 1};
    enum store_outcome ended = store_perform(house->app->store, &ears.task);
    if (ended == STORE_FAILED)
        return problem_make(house->arena, ears.task.failure, "", "坏了", "broke");
    if (ret_heard) *ret_heard = ears.heard;
    return ears.refused;
}

/* ---- one call in a transaction ---- */

enum act { BEGIN, BEGIN_AT, OPEN, RESERVE, SHIP, RELEASE, RETURN, RECEIVE, LOSE, COUNT };

struct call {
    enum act act;
    int64_t id;     /* of the hold, or of the warehouse */
    int64_t sku_id; /* 0: SKU */
    int64_t count;
    int64_t goods_id;     /* 0: GOODS */
    int64_t warehouse_id; /* what it answers */
    struct heard heard;
    refusal refused;
};

static refusal run_call(struct request *q, void *context) {
    struct call *call = context;
    const struct stock_line line = {call->goods_id ? call->goods_id : GOODS,
                                    call->sku_id ? call->sku_id : SKU, call->count};
    const struct stock_hold hold = {ORDER, call->id, line, "lines[0].sku_id"};
    const struct stock_change change = {line, call->id, TEXT("测试")};
    switch (call->act) {
    case BEGIN: return stock_begin(q, SELLER, &line, 5, &call->warehouse_id);
    case BEGIN_AT: return stock_begin_at(q, call->id, &line, 5);
    case OPEN: return stock_open_warehouse(q, SELLER, TEXT("北边的冷库"), &call->warehouse_id);
    case RESERVE: return stock_reserve(q, &hold, &call->warehouse_id);
    case SHIP: return stock_ship(q, ORDER, call->id, call->count);
    case RELEASE: return stock_release(q, &hold);
    case RETURN: return stock_return(q, &hold);
    case RECEIVE: return stock_receive(q, &change);
    case LOSE: return stock_lose(q, &change);
    case COUNT: return stock_count(q, &change);
    }
    return NULL;
}

static struct call done(struct house *house, enum act act, int64_t id, int64_t count) {
    struct call call = {.act = act, .id = id, .count = count};
    call.refused = attempt(house, run_call, &call, &call.heard);
    return call;
}

static enum problem_kind kind_of(refusal refused) { return refused ? refused->kind : FINE; }
static enum problem_kind act(struct house *house, enum act act, int64_t id, int64_t count) {
    return kind_of(done(house, act, id, count).refused);
}
static struct text sentence_of(const struct call *call) {
    return call->refused && call->refused->fault_count ? call->refused->faults[0].en : TEXT("");
}

/* ---- looking ---- */

struct view {
    struct stock_level_list levels, levels_of;
    struct stock_row row;
    int64_t seller_id;
    int64_t warehouse_id;
};
static refusal run_view(struct request *q, void *context) {
    struct view *view = context;
    const int64_t goods_ids[] = {GOODS, GOODS + 1, GOODS};
    TRY(stock_levels(q, GOODS, &view->levels));
    TRY(stock_levels_of(q, goods_ids, 3, &view->levels_of));
    return stock_row_of(q, SKU, view->warehouse_id, &view->row, &view->seller_id);
}
static struct view view_at(struct house *house, int64_t warehouse_id) {
    struct view view = {.warehouse_id = warehouse_id};
    CHECK_INT(kind_of(attempt(house, run_view, &view, NULL)), FINE);
    return view;
}

#define CHECK_ROW(house, warehouse_id, on_hand, reserved, shipped, lost)                           \
    do {                                                                                           \
        struct stock_row row_ = view_at((house), (warehouse_id)).row;                              \
        CHECK_INT(row_.on_hand_count, (on_hand));                                                  \
        CHECK_INT(row_.reserved_count, (reserved));                                                \
        CHECK_INT(row_.available_count, (on_hand) - (reserved));                                   \
        CHECK_INT(row_.shipped_count, (shipped));                                                  \
        CHECK_INT(row_.lost_count, (lost));                                                        \
    } while (0)

static bool heard_only(const struct call *call, const struct fact *fact, int64_t count) {
    return call->heard.count == 1 && call->heard.facts[0] == fact &&
           call->heard.lines[0].goods_id == GOODS && call->heard.lines[0].sku_id == SKU &&
           call->heard.lines[0].count == count;
}

HOUSE_TEST("stock: a SKU begins in the seller's first warehouse, once") {
    struct call first = done(house, BEGIN, 0, 40);
    CHECK_INT(kind_of(first.refused), FINE);
    CHECK(first.warehouse_id > 0);
    CHECK(heard_only(&first, &stock_came_back, 40));
    struct call again = done(house, BEGIN, 0, 40);
    CHECK_INT(again.warehouse_id, first.warehouse_id);
    CHECK_INT(again.heard.count, 0);
    struct view view = view_at(house, 0);
    CHECK_INT(view.seller_id, SELLER);
    CHECK_INT(view.row.warehouse_id, first.warehouse_id);
    CHECK_TEXT(view.row.warehouse_name, "主仓");
    CHECK_INT(view.row.alarm_count, 5);
    CHECK_ROW(house, 0, 40, 0, 0, 0);
    CHECK_INT(view.levels.count, 1);
    CHECK_INT(view.levels_of.count, 1);
    CHECK_INT(view.levels_of.items[0].available_count, 40);
    house_check_books(house);
}

HOUSE_TEST("stock: what begins empty has no level, and comes back with its first receipt") {
    CHECK_INT(act(house, BEGIN, 0, 0), FINE);
    CHECK_INT(view_at(house, 0).levels.count, 0);
    CHECK_ROW(house, 0, 0, 0, 0, 0);
    struct call none = done(house, RESERVE, 11, 1);
    CHECK_INT(kind_of(none.refused), PROBLEM_OUT_OF_STOCK);
    CHECK_TEXT(sentence_of(&none), "this is sold out");
    struct call received = done(house, RECEIVE, 0, 3);
    CHECK(heard_only(&received, &stock_came_back, 3));
    CHECK_INT(done(house, RECEIVE, 0, 3).heard.count, 0);
    CHECK_ROW(house, 0, 6, 0, 0, 0);
}

HOUSE_TEST(
    "stock: reserved is not available; the refusal says how many are left and moves nothing") {
    CHECK_INT(act(house, BEGIN, 0, 10), FINE);
    struct call held = done(house, RESERVE, 11, 7);
    CHECK_INT(kind_of(held.refused), FINE);
    CHECK_INT(held.warehouse_id, view_at(house, 0).row.warehouse_id);
    CHECK_INT(held.heard.count, 0);
    CHECK_INT(held.heard.changed_id, GOODS);
    CHECK_ROW(house, 0, 10, 7, 0, 0);
    struct call refused = done(house, RESERVE, 12, 4);
    CHECK_INT(kind_of(refused.refused), PROBLEM_OUT_OF_STOCK);
    CHECK_TEXT(sentence_of(&refused), "only 3 left");
    CHECK_TEXT(refused.refused->faults[0].zh, "只剩 3 件");
    CHECK_TEXT(refused.refused->faults[0].field, "lines[0].sku_id");
    struct call again = done(house, RESERVE, 11, 7); /* the same hold: done already */
    CHECK_INT(kind_of(again.refused), FINE);
    CHECK_INT(again.warehouse_id, held.warehouse_id);
    CHECK_INT(act(house, RESERVE, 11, 6), PROBLEM_CONFLICT);
    CHECK_ROW(house, 0, 10, 7, 0, 0);
    house_check_books(house);
}

static refusal run_caught(struct request *q, void *context) {
    struct call *call = context;
    struct stock_hold hold = {ORDER, 12, {GOODS, SKU, 4}, "x"};
    call->refused = stock_reserve(q, &hold, &call->warehouse_id);
    hold.hold_id = 13;
    hold.line.count = 3;
    return stock_reserve(q, &hold, &call->warehouse_id);
}

HOUSE_TEST("stock: a caught OUT_OF_STOCK leaves the request free to go on") {
    struct call call = {0};
    CHECK_INT(act(house, BEGIN, 0, 3), FINE);
    CHECK_INT(kind_of(attempt(house, run_caught, &call, &call.heard)), FINE);
    CHECK_INT(kind_of(call.refused), PROBLEM_OUT_OF_STOCK);
    CHECK(heard_only(&call, &stock_ran_out, 0));
    CHECK_ROW(house, 0, 3, 3, 0, 0);
    house_check_books(house);
}

HOUSE_TEST("stock: the last piece is announced when it goes and when it comes back") {
    CHECK_INT(act(house, BEGIN, 0, 2), FINE);
    CHECK_INT(done(house, RESERVE, 11, 1).heard.count, 0);
    struct call last = done(house, RESERVE, 12, 1);
    CHECK(heard_only(&last, &stock_ran_out, 0));
    CHECK_INT(done(house, SHIP, 11, 1).heard.count, 0);
    struct call back = done(house, RELEASE, 12, 1);
    CHECK(heard_only(&back, &stock_came_back, 1));
    struct call lost = done(house, LOSE, 0, 1);
    CHECK(heard_only(&lost, &stock_ran_out, 0));
    struct call counted = done(house, COUNT, 0, 4);
    CHECK(heard_only(&counted, &stock_came_back, 4));
    CHECK_ROW(house, 0, 4, 0, 1, 1);
    house_check_books(house);
}

HOUSE_TEST("stock: a parcel takes a part and lets the rest go; a hold is closed once") {
    CHECK_INT(act(house, BEGIN, 0, 5), FINE);
    CHECK_INT(act(house, RESERVE, 11, 5), FINE);
    struct call shipped = done(house, SHIP, 11, 3);
    CHECK(heard_only(&shipped, &stock_came_back, 2));
    CHECK_ROW(house, 0, 2, 0, 3, 0);
    CHECK_INT(act(house, SHIP, 11, 3), PROBLEM_WRONG_STATE);
    CHECK_INT(act(house, RELEASE, 11, 3), PROBLEM_WRONG_STATE);
    CHECK_INT(act(house, RELEASE, 99, 3), PROBLEM_NOT_FOUND);
    CHECK_INT(act(house, RESERVE, 12, 2), FINE);
    CHECK_INT(act(house, SHIP, 12, 3), PROBLEM_NOT_ENOUGH);
    CHECK_ROW(house, 0, 2, 2, 3, 0);
    house_check_books(house);
}

HOUSE_TEST("stock: what was sent can come back to its shelf, and no more than that") {
    CHECK_INT(act(house, BEGIN, 0, 5), FINE);
    CHECK_INT(act(house, RESERVE, 11, 5), FINE);
    CHECK_INT(act(house, RETURN, 11, 1), PROBLEM_NOT_ENOUGH);
    CHECK_INT(act(house, SHIP, 11, 5), FINE);
    struct call other = {.act = RETURN, .id = 11, .count = 1, .sku_id = OTHER_SKU};
    CHECK_INT(kind_of(attempt(house, run_call, &other, NULL)), PROBLEM_NOT_ENOUGH);
    other = (struct call){.act = RETURN, .id = 11, .count = 1, .goods_id = GOODS + 1};
    CHECK_INT(kind_of(attempt(house, run_call, &other, NULL)), PROBLEM_NOT_ENOUGH);
    struct call back = done(house, RETURN, 11, 2);
    CHECK(heard_only(&back, &stock_came_back, 2));
    struct call refused = done(house, RETURN, 11, 4);
    CHECK_INT(kind_of(refused.refused), PROBLEM_NOT_ENOUGH);
    CHECK_TEXT(sentence_of(&refused), "only 3 that were sent have not come back");
    CHECK_INT(act(house, RETURN, 11, 3), FINE);
    CHECK_INT(act(house, RETURN, 11, 1), PROBLEM_NOT_ENOUGH);
    CHECK_INT(act(house, RETURN, 12, 1), PROBLEM_NOT_ENOUGH);
    CHECK_ROW(house, 0, 5, 0, 5, 0);
    house_check_books(house);
}

HOUSE_TEST("stock: what was let go never left, so it cannot come back") {
    CHECK_INT(act(house, BEGIN, 0, 5), FINE);
    CHECK_INT(act(house, RESERVE, 11, 5), FINE);
    CHECK_INT(act(house, RELEASE, 11, 5), FINE);
    CHECK_INT(act(house, RETURN, 11, 1), PROBLEM_NOT_ENOUGH);
    CHECK_ROW(house, 0, 5, 0, 0, 0);
}

struct outside {
    int64_t source, gone;
};
static refusal run_outside(struct request *q, void *context) {
    struct outside *outside = context;
    const struct ledger_account source = {GOODS, &stock_source, SKU, 0};
    const struct ledger_account gone = {GOODS, &stock_gone, SKU, 0};
    struct ledger_balance balance;
    TRY(ledger_balance_of(q, &source, &balance));
    outside->source = ledger_posted(&balance);
    TRY(ledger_balance_of(q, &gone, &balance));
    outside->gone = ledger_posted(&balance);
    return NULL;
}

HOUSE_TEST("stock: where pieces come from and where they went is in the ledger") {
    struct outside outside = {0};
    CHECK_INT(act(house, BEGIN, 0, 10), FINE);
    CHECK_INT(act(house, RECEIVE, 0, 5), FINE);
    CHECK_INT(act(house, RESERVE, 11, 6), FINE);
    CHECK_INT(act(house, SHIP, 11, 6), FINE);
    CHECK_INT(act(house, RETURN, 11, 2), FINE);
    CHECK_INT(act(house, COUNT, 0, 12), FINE); /* one more than the books have */
    CHECK_INT(kind_of(attempt(house, run_outside, &outside, NULL)), FINE);
    CHECK_INT(outside.source, -16);
    CHECK_INT(outside.gone, 4);
    CHECK_ROW(house, 0, 12, 0, 6, 0);
}

HOUSE_TEST("stock: the SKUs of one goods, and their warehouses, are kept apart and summed") {
    struct call other = {.act = BEGIN, .sku_id = OTHER_SKU, .count = 9};
    CHECK_INT(act(house, BEGIN, 0, 3), FINE);
    CHECK_INT(kind_of(attempt(house, run_call, &other, NULL)), FINE);
    struct call second = done(house, OPEN, 0, 0);
    CHECK_INT(act(house, BEGIN_AT, second.warehouse_id, 4), FINE);
    CHECK_INT(act(house, RESERVE, 11, 4), FINE);
    CHECK_INT(act(house, RESERVE, 12, 1), FINE);
    struct view view = view_at(house, 0);
    for (int i = 0; i < 2; i++) {
        const struct stock_level_list *levels = i ? &view.levels_of : &view.levels;
        CHECK_INT(levels->count, 2);
        CHECK_INT(levels->items[0].sku_id, SKU);
        CHECK_INT(levels->items[0].on_hand_count, 7);
        CHECK_INT(levels->items[0].reserved_count, 5);
        CHECK_INT(levels->items[0].available_count, 2);
        CHECK_INT(levels->items[1].sku_id, OTHER_SKU);
        CHECK_INT(levels->items[1].available_count, 9);
    }
    CHECK_INT(act(house, RELEASE, 11, 4), FINE);
    struct call refused = done(house, RESERVE, 13, 5); /* six are left, but in two places */
    CHECK_TEXT(sentence_of(&refused), "only 4 left");
    CHECK_INT(act(house, RESERVE, 14, 4), FINE);
    CHECK(
        heard_only(&(struct call){.heard = done(house, RESERVE, 15, 2).heard}, &stock_ran_out, 0));
    CHECK_INT(done(house, RESERVE, 15, 2).heard.count, 0); /* a repeat tells nothing */
    refused = done(house, RESERVE, 16, 1);
    CHECK_TEXT(sentence_of(&refused), "this is sold out");
}

HOUSE_TEST("stock: losses and counts respect what is promised to orders") {
    CHECK_INT(act(house, BEGIN, 0, 10), FINE);
    CHECK_INT(act(house, RESERVE, 11, 4), FINE);
    struct call lost = done(house, LOSE, 0, 7);
    CHECK_INT(kind_of(lost.refused), PROBLEM_NOT_ENOUGH);
    CHECK_TEXT(sentence_of(&lost), "only 6 are not promised to orders");
    CHECK_INT(act(house, LOSE, 0, 2), FINE);
    CHECK_ROW(house, 0, 8, 4, 0, 2);
    struct call counted = done(house, COUNT, 0, 3);
    CHECK_INT(kind_of(counted.refused), PROBLEM_NOT_ENOUGH);
    CHECK_TEXT(sentence_of(&counted), "4 are promised to orders; no fewer can be counted");
    CHECK_INT(act(house, COUNT, 0, 8), FINE); /* as in the books */
    CHECK_ROW(house, 0, 8, 4, 0, 2);
    CHECK_INT(act(house, COUNT, 0, 4), FINE);
    CHECK_ROW(house, 0, 4, 4, 0, 6);
    CHECK_INT(act(house, COUNT, 0, 9), FINE);
    CHECK_ROW(house, 0, 9, 4, 0, 6);
    CHECK_INT(act(house, SHIP, 11, 4), FINE);
    CHECK_INT(act(house, COUNT, 0, 0), FINE);
    CHECK_ROW(house, 0, 0, 0, 4, 11);
    house_check_books(house);
}

HOUSE_TEST("stock: what is not stocked there is not found") {
    CHECK_INT(act(house, RECEIVE, 0, 1), PROBLEM_NOT_FOUND);
    CHECK_INT(act(house, BEGIN, 0, 1), FINE);
    CHECK_INT(act(house, RECEIVE, 77, 1), PROBLEM_NOT_FOUND);
    CHECK_INT(act(house, LOSE, 77, 1), PROBLEM_NOT_FOUND);
    CHECK_INT(act(house, COUNT, 77, 1), PROBLEM_NOT_FOUND);
    CHECK_INT(act(house, BEGIN_AT, 77, 1), PROBLEM_NOT_FOUND);
}

HOUSE_TEST("stock: with two warehouses an order is served from the first that has it whole") {
    struct call first = done(house, BEGIN, 0, 3);
    struct call second = done(house, OPEN, 0, 0);
    CHECK_INT(kind_of(second.refused), FINE);
    CHECK(second.warehouse_id > first.warehouse_id);
    CHECK_INT(done(house, BEGIN_AT, second.warehouse_id, 8).heard.count, 0);
    CHECK_INT(view_at(house, 0).levels.count, 1);
    CHECK_INT(view_at(house, 0).levels.items[0].available_count, 11);
    struct call many = done(house, RESERVE, 11, 5);
    CHECK_INT(many.warehouse_id, second.warehouse_id);
    struct call few = done(house, RESERVE, 12, 3);
    CHECK_INT(few.warehouse_id, first.warehouse_id);
    CHECK_INT(few.heard.count, 0); /* the first is empty, the second is not */
    struct call none = done(house, RESERVE, 13, 4);
    CHECK_TEXT(sentence_of(&none), "only 3 left");
    struct call last = done(house, RESERVE, 14, 3);
    CHECK(heard_only(&last, &stock_ran_out, 0));
    CHECK_INT(act(house, SHIP, 11, 5), FINE);
    struct call back = done(house, RETURN, 11, 5);
    CHECK(heard_only(&back, &stock_came_back, 5));
    CHECK_ROW(house, second.warehouse_id, 8, 3, 5, 0);
    CHECK_ROW(house, first.warehouse_id, 3, 3, 0, 0);
    CHECK_INT(done(house, RELEASE, 12, 3).heard.count, 0);
    CHECK_TEXT(view_at(house, second.warehouse_id).row.warehouse_name, "北边的冷库");
    house_check_books(house);
}

static refusal run_open_all(struct request *q, void *context) {
    int64_t id;
    for (int i = 0; i < STOCK_WAREHOUSES_MAX; i++)
        TRY(stock_open_warehouse(q, SELLER, TEXT("仓"), &id));
    (void)context;
    return NULL;
}

HOUSE_TEST("stock: a seller has at most fifty warehouses") {
    CHECK_INT(kind_of(attempt(house, run_open_all, NULL, NULL)), FINE);
    CHECK_INT(act(house, OPEN, 0, 0), PROBLEM_CONFLICT);
}

/* ---- the seller's list ---- */

struct listing {
    struct stock_query query;
    struct stock_row_page page;
};
static refusal run_listing(struct request *q, void *context) {
    struct listing *listing = context;
    return stock_rows(q, &listing->query, &listing->page);
}
static refusal run_fill(struct request *q, void *context) {
    (void)context;
    for (int64_t i = 0; i < 45; i++) {
        const struct stock_line line = {GOODS + i / 2, SKU + i, i};
        TRY(stock_begin(q, SELLER + i % 9 / 8, &line, 0, NULL));
    }
    return NULL;
}

HOUSE_TEST("stock: a seller's rows come page by page, each once, others' never") {
    struct listing listing = {.query = {SELLER, {0}, 16}};
    size_t seen = 0, pages = 0;
    int64_t before = 0;
    CHECK_INT(kind_of(attempt(house, run_fill, NULL, NULL)), FINE);
    do {
        CHECK_INT(kind_of(attempt(house, run_listing, &listing, NULL)), FINE);
        for (size_t i = 0; i < listing.page.items.count; i++, seen++) {
            const struct stock_row *row = &listing.page.items.items[i];
            CHECK(row->sku_id > before);
            CHECK_INT(row->available_count, row->sku_id - SKU);
            CHECK_TEXT(row->warehouse_name, "主仓");
            before = row->sku_id;
        }
        listing.query.after = listing.page.next;
        pages++;
    } while (listing.page.next.length);
    CHECK_INT(seen, 40);
    CHECK_INT(pages, 3);
    listing.query = (struct stock_query){.seller_id = SELLER + 7, .limit = 20};
    CHECK_INT(kind_of(attempt(house, run_listing, &listing, NULL)), FINE);
    CHECK_INT(listing.page.items.count, 0);
    static const char *const never[] = {
        "x", "1", "1.2", "1.2.", "1.2.3.4", "1.2.-3", "0.1.2", "..", "1.2.99999999999999999999"};
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
        listing.query.after = text_of(never[i]);
        CHECK_INT(kind_of(attempt(house, run_listing, &listing, NULL)), PROBLEM_BAD_INPUT);
    }
    house_check_books(house);
}

/* ---- the doors ---- */

static refusal give_keeper(struct request *q, void *context) {
    return people_give_role(q, *(int64_t *)context, "seller_keeper", SCOPE_ORGANISATION, SELLER);
}

static struct text keeper_of(struct house *house) {
    int64_t person_id;
    struct text token = house_person(house, "13800000051", &person_id);
    house_work(house, give_keeper, &person_id);
    return token;
}

HOUSE_TEST("stock doors: a keeper receives, loses and counts; the reply is the row") {
    struct text keeper = keeper_of(house);
    struct house_reply reply;
    CHECK_INT(act(house, BEGIN, 0, 10), FINE);
    reply = house_call(house, keeper, "POST", "/api/stock/receipts",
                       "{\"sku_id\":\"3000\",\"count\":5,\"note\":\"新摘的一批\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "on_hand_count"), 15);
    CHECK_TEXT(house_text(&reply, "goods_id"), "2000");
    CHECK_TEXT(house_text(&reply, "warehouse_name"), "主仓");
    reply = house_call(house, keeper, "POST", "/api/stock/losses",
                       "{\"sku_id\":\"3000\",\"count\":2,\"reason\":\"路上压坏了\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "available_count"), 13);
    CHECK_INT(house_int(&reply, "lost_count"), 2);
    reply = house_call(house, keeper, "POST", "/api/stock/counts",
                       "{\"sku_id\":\"3000\",\"counted\":12,\"reason\":\"月底盘点\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_int(&reply, "on_hand_count"), 12);
    CHECK_INT(house_int(&reply, "lost_count"), 3);
    house_check_books(house);
}

HOUSE_TEST("stock doors: the same key moves once") {
    struct text keeper = keeper_of(house);
    struct road_call call = {.method = "POST",
                             .target = TEXT("/api/stock/receipts"),
                             .body = TEXT("{\"sku_id\":\"3000\",\"count\":5}"),
                             .token = keeper,
                             .idempotency_key = TEXT("stock-key-0001")};
    CHECK_INT(act(house, BEGIN, 0, 10), FINE);
    struct house_reply first = house_send(house, &call), again = house_send(house, &call);
    HOUSE_STATUS(&first, 201);
    HOUSE_STATUS(&again, 201);
    CHECK_INT(house_int(&again, "on_hand_count"), 15);
    CHECK_ROW(house, 0, 15, 0, 0, 0);
}

HOUSE_TEST("stock doors: nobody else's stock, and every fault by its field") {
    struct text keeper = keeper_of(house), buyer = house_person(house, "13800000052", NULL);
    static const char good[] = "{\"sku_id\":\"3000\",\"count\":1}";
    struct house_reply reply;
    CHECK_INT(act(house, BEGIN, 0, 10), FINE);
    reply = house_call(house, TEXT(""), "POST", "/api/stock/receipts", good);
    HOUSE_STATUS(&reply, 401);
    reply = house_call(house, buyer, "POST", "/api/stock/receipts", good);
    HOUSE_STATUS(&reply, 403);
    /* A SKU of another seller looks like one that does not exist. */
    CHECK_INT(kind_of(attempt(house, run_fill, NULL, NULL)), FINE);
    reply = house_call(house, keeper, "POST", "/api/stock/receipts",
                       "{\"sku_id\":\"3008\",\"count\":1}");
    HOUSE_STATUS(&reply, 404);
    HOUSE_PROBLEM(&reply, "not_found", "sku_id");
    reply = house_call(house, keeper, "POST", "/api/stock/losses",
                       "{\"sku_id\":\"999999\",\"count\":1,\"reason\":\"x\"}");
    HOUSE_STATUS(&reply, 404);
    reply = house_call(house, keeper, "POST", "/api/stock/receipts",
                       "{\"sku_id\":\"3000\",\"warehouse_id\":\"12\",\"count\":1}");
    HOUSE_PROBLEM(&reply, "not_found", "sku_id");
    reply = house_call(house, keeper, "POST", "/api/stock/receipts",
                       "{\"sku_id\":3000,\"count\":0,\"colour\":\"red\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "sku_id");
    HOUSE_PROBLEM(&reply, "bad_input", "count");
    HOUSE_PROBLEM(&reply, "bad_input", "colour");
    reply = house_call(house, keeper, "POST", "/api/stock/losses", good);
    HOUSE_PROBLEM(&reply, "bad_input", "reason");
    reply = house_call(house, keeper, "POST", "/api/stock/counts",
                       "{\"sku_id\":\"3000\",\"counted\":-1,\"reason\":\"\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "counted");
    reply = house_call(house, keeper, "POST", "/api/stock/losses",
                       "{\"sku_id\":\"3000\",\"count\":11,\"reason\":\"x\"}");
    HOUSE_STATUS(&reply, 409);
    HOUSE_PROBLEM(&reply, "not_enough", "count");
    CHECK_ROW(house, 0, 10, 0, 0, 0);
}

/* ---- the check ---- */

struct verdict {
    struct check_report report;
    struct text sentence;
    struct arena *arena;
};
static void keep_verdict(struct check_report *report, bool holds, struct text sentence) {
    struct verdict *verdict = (struct verdict *)report;
    report->fault_count += !holds;
    verdict->sentence = text_copy(verdict->arena, sentence);
}
static refusal run_verdict(struct request *q, void *context) {
    struct verdict *verdict = context;
    verdict->report.fault_count = 0;
    q->english = true;
    return stock_check(q, &verdict->report);
}
/* Plants a fault, proves, and takes everything back. */
struct planting {
    struct verdict *verdict;
    const struct statement *statement;
};
static refusal run_planting(struct request *q, void *context) {
    struct planting *planting = context;
    TRY(db_run(q->db, planting->statement, NO_PARAMS, NULL));
    TRY(run_verdict(q, planting->verdict));
    return refuse(q, CONFLICT, "", "只是试一试", "only a trial");
}

HOUSE_TEST("stock: the check finds what no item names, what has no warehouse, a SKU in two goods") {
    struct verdict verdict = {.report = {.line = keep_verdict}, .arena = house->arena};
    static const char *const found[] = {"; 1 shelves that no item", " 1 items without a warehouse",
                                        " 1 SKUs of two goods", " 1 SKUs of two goods"};
    const struct statement *const plants[] = {
        SQL("", "DELETE FROM stock_item WHERE sku_id = 3003"),
        SQL("", "INSERT INTO stock_item (goods_id, sku_id, warehouse_id, seller_id, alarm_count,"
                " begun_at) SELECT goods_id, sku_id, 9, seller_id, 0, 0 FROM stock_item"
                " WHERE sku_id = 3002"),
        SQL("", "INSERT INTO stock_item (goods_id, sku_id, warehouse_id, seller_id, alarm_count,"
                " begun_at) SELECT 9999, sku_id, warehouse_id, seller_id, 0, 0 FROM stock_item"
                " WHERE sku_id = 3002"),
        SQL("", "INSERT INTO stock_item (goods_id, sku_id, warehouse_id, seller_id, alarm_count,"
                " begun_at) SELECT other.goods_id, other.sku_id, item.warehouse_id, item.seller_id,"
                " 0, 0 FROM stock_item AS item, stock_item AS other"
                " WHERE item.sku_id = 3008 AND other.sku_id = 3002"),
    };
    CHECK_INT(kind_of(attempt(house, run_fill, NULL, NULL)), FINE);
    CHECK_INT(act(house, RECEIVE, 0, 7), FINE);
    CHECK_INT(act(house, RESERVE, 11, 2), FINE);
    house_work(house, run_verdict, &verdict);
    CHECK_INT(verdict.report.fault_count, 0);
    CHECK(text_starts(verdict.sentence,
                      TEXT("stock: 997 pieces on 45 shelves of the ledger, 2 of them promised")));
    for (size_t i = 0; i < sizeof(plants) / sizeof(plants[0]); i++) {
        struct planting planting = {&verdict, plants[i]};
        CHECK_INT(kind_of(attempt(house, run_planting, &planting, NULL)), PROBLEM_CONFLICT);
        CHECK_INT(verdict.report.fault_count, 1);
        if (text_find(verdict.sentence, text_of(found[i]), 0) == SIZE_MAX)
            test_fail(__FILE__, __LINE__, "%.*s", (int)verdict.sentence.length,
                      verdict.sentence.bytes);
    }
}

/* ---- failures of the database ---- */

static refusal run_all(struct request *q, void *context) {
    struct view view = {0};
    struct stock_row_page page;
    int64_t warehouse_id, second_id;
    const struct stock_line line = {GOODS, SKU, 5};
    struct stock_hold hold = {ORDER, 11, line, "x"};
    struct stock_change change = {.line = line};
    TRY(stock_begin(q, SELLER, &line, 0, &warehouse_id));
    TRY(stock_open_warehouse(q, SELLER, TEXT("仓"), &second_id));
    TRY(stock_begin_at(q, second_id, &line, 0));
    TRY(stock_reserve(q, &hold, &warehouse_id));
    TRY(stock_ship(q, ORDER, 11, 4));
    hold.line.count = 2;
    TRY(stock_return(q, &hold));
    change.line.count = 1;
    TRY(stock_receive(q, &change));
    TRY(stock_lose(q, &change));
    TRY(stock_count(q, &change));
    TRY(run_view(q, &view));
    TRY(stock_rows(q, &(struct stock_query){.seller_id = SELLER, .limit = 20}, &page));
    hold = (struct stock_hold){ORDER, 12, {GOODS, SKU, 100}, "x"};
    refusal refused = stock_reserve(q, &hold, &warehouse_id);
    if (kind_of(refused) != PROBLEM_OUT_OF_STOCK) return refused;
    return stock_check(q, context);
}

HOUSE_TEST("stock: when any statement fails, the request fails as a whole and nothing is kept") {
    struct verdict verdict = {.report = {.line = keep_verdict}, .arena = house->arena};
    int64_t nth = 1;
    for (; nth < 300; nth++) {
        store_fail_statement(house->app->store, nth);
        refusal refused = attempt(house, run_all, &verdict, NULL);
        store_fail_statement(house->app->store, 0);
        if (!refused) break;
        CHECK_INT(refused->kind, PROBLEM_INTERNAL);
        CHECK_INT(act(house, RECEIVE, 0, 1), PROBLEM_NOT_FOUND);
    }
    CHECK(nth > 30 && nth < 300);
    house_check_books(house);
}

/* Orders, so that a desk has something to do: of two weeks, bought by a few people; or, when there
 * are many, those of a year, bought by the crowd. They are placed, paid, sent and received by the
 * rules that hold for everybody, some hundreds in a transaction. */
#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>

#include "demo/world.h"
#include "ground/jobs/jobs.h"
#include "ground/people/people.h"
#include "kernel/base/limits.h"
#include "market/pay/pay.h"
#include "market/stock/stock.h"

enum {
    CHOOSE_ORDER = 71,
    NAMED_BUYERS = 6,
    SELLERS_AT_HAND = 8, /* those of the log-ins that are printed are among them */
    ORDERS_A_TRANSACTION = 1000,
    ORDERS_A_BUYER = 10,
    SELLING_HOURS = 8, /* of a day */
    ARRIVES_IN_DAYS = 5
};

static const struct buyer {
    const char *phone;
    const char *name;
    const char *place; /* of a county; its first town is the address */
    const char *street;
} buyers[NAMED_BUYERS] = {
    {"19700000001", "陈秋禾", "110108000000", "学院路 37 号 5 号楼 2 单元 601"},
    {"19700000002", "赵明山", "310115000000", "张杨路 188 弄 9 号 1203"},
    {"19700000003", "林桂兰", "440106000000", "体育西路 21 号 802"},
    {"19700000004", "何平安", "510104000000", "东大街 66 号 4 栋 1505"},
    {"19700000005", "吴远志", "330106000000", "文三路 90 号 3 幢 401"},
    {"19700000006", "孙荷", "140105000000", "平阳路 8 号 2 单元 301"},
};

/* What is bought of a goods: its first SKU. */
struct ware {
    int64_t goods_id;
    int64_t sku_id;
};
struct wares {
    struct ware *items;
    size_t count;
};

struct ordering {
    struct demo *demo;
    int64_t *buyer_ids; /* the named ones first */
    int64_t buyer_count;
    struct text tokens[NAMED_BUYERS];
    struct wares at_hand[SELLERS_AT_HAND];
    struct wares anywhere; /* only when there are many orders */
    struct text after;     /* of the page of goods under way */
    int64_t number;        /* of the order under way */
    int64_t first, end;    /* of this transaction */
    size_t arrived_count;  /* of those before it */
};

static bool are_many(const struct demo *demo) { return demo->orders > DEMO_MANY_ORDERS; }

static refusal make_buyers(struct request *q, void *context) {
    struct ordering *ordering = context;
    for (size_t i = 0; i < NAMED_BUYERS; i++) {
        TRY(people_make(q, text_of(buyers[i].phone), text_of(buyers[i].name), TEXT(""),
                        &ordering->buyer_ids[i]));
        TRY(people_make_session(q, ordering->buyer_ids[i], &ordering->tokens[i]));
        ordering->tokens[i] = text_copy(ordering->demo->arena, ordering->tokens[i]);
    }
    return NULL;
}

static int64_t town_of(const struct buyer *buyer) {
    int64_t code = 0;
    struct place town;
    bool fine = places_read_code(text_of(buyer->place), &code);
    assert(fine);
    return places_children(code, 0, 1, &town) == 1 ? town.code : code;
}

static bool add_addresses(const struct ordering *ordering) {
    for (size_t i = 0; i < NAMED_BUYERS; i++) {
        struct demo *demo = ordering->demo;
        struct road_reply reply;
        struct text body = text_format(
            demo->arena,
            "{\"name\":\"%s\",\"phone\":\"%s\",\"place_code\":\"%012lld\","
            "\"street\":\"%s\",\"is_default\":true}",
            buyers[i].name, buyers[i].phone, (long long)town_of(&buyers[i]), buyers[i].street);
        const struct road_call call = {.method = "POST",
                                       .target = TEXT("/api/people/me/addresses"),
                                       .body = body,
                                       .token = ordering->tokens[i]};
        road_perform(demo->app, demo->arena, &call, &reply);
        if (reply.status != 201) return false;
    }
    return true;
}

/* One of the crowd lives where one of the named buyers does, some doors further. */
static refusal house_crowd(struct request *q, void *context) {
    const struct ordering *ordering = context;
    for (int64_t i = ordering->first; i < ordering->end; i++) {
        const struct buyer *near = &buyers[i % NAMED_BUYERS];
        const struct principal who = {.person_id = ordering->buyer_ids[i]};
        const struct people_address_draft draft = {
            .name = text_of(near->name),
            .phone = text_format(q->arena, "%lld", (long long)(DEMO_FIRST_PHONE + i)),
            .place_code = text_format(q->arena, "%012lld", (long long)town_of(near)),
            .street = text_format(q->arena, "%s 之 %lld", near->street, (long long)i)};
        struct people_address address;
        q->who = &who;
        TRY(people_address_put(q, 0, &draft, &address));
    }
    return NULL;
}

static void keep_wares(struct wares *wares, const struct catalog_card_page *page) {
    for (size_t i = 0; i < page->items.count; i++)
        wares->items[wares->count++] =
            (struct ware){page->items.items[i].id, page->items.items[i].sku_id};
}

static refusal find_at_hand(struct request *q, void *context) {
    enum { WARES_MAX = 20 };
    struct ordering *ordering = context;
    struct demo *demo = ordering->demo;
    for (size_t i = 0; i < SELLERS_AT_HAND && i < demo->world.sellers.count; i++) {
        struct catalog_card_page page = {0};
        const struct catalog_filter filter = {
            .seller_id = demo->seller_ids[i], .in_stock = true, .limit = WARES_MAX};
        TRY(catalog_list(q, &filter, &page));
        ordering->at_hand[i].items = arena_new(demo->arena, struct ware, WARES_MAX);
        keep_wares(&ordering->at_hand[i], &page);
    }
    return NULL;
}

static refusal find_anywhere(struct request *q, void *context) {
    struct ordering *ordering = context;
    struct catalog_card_page page = {0};
    const struct catalog_filter filter = {
        .in_stock = true, .limit = LIMIT_LIST_ROWS, .after = ordering->after};
    TRY(catalog_list(q, &filter, &page));
    keep_wares(&ordering->anywhere, &page);
    ordering->after = text_copy(ordering->demo->arena, page.next);
    return NULL;
}

/* So much that it lasts for twice what chance takes of it. */
static refusal stock_up(struct request *q, const struct wares *wares, int64_t orders) {
    enum { PIECES_AN_ORDER = 3, LUCK = 2, AT_LEAST = 60 };
    for (size_t i = 0; i < wares->count; i++) {
        const struct stock_change change = {
            .line = {wares->items[i].goods_id, wares->items[i].sku_id,
                     orders * PIECES_AN_ORDER * LUCK / (int64_t)wares->count + AT_LEAST},
            .note = TEXT("进货")};
        TRY(stock_receive(q, &change));
    }
    return NULL;
}

static refusal stock_all_up(struct request *q, void *context) {
    const struct ordering *ordering = context;
    int64_t half = ordering->demo->orders / 2;
    for (size_t i = 0; i < SELLERS_AT_HAND; i++)
        TRY(stock_up(q, &ordering->at_hand[i], half / SELLERS_AT_HAND));
    return stock_up(q, &ordering->anywhere, half);
}

static bool prepare_many(struct ordering *ordering) {
    struct demo *demo = ordering->demo;
    size_t goods_max = demo->world.goods.count * (size_t)demo->scale + LIMIT_LIST_ROWS;
    ordering->anywhere.items = arena_new(demo->arena, struct ware, goods_max);
    do
        if (!demo_work(demo, find_anywhere, ordering)) return false;
    while (ordering->after.length);
    if (!demo_work(demo, stock_all_up, ordering)) return false;
    int64_t crowd = demo->orders / ORDERS_A_BUYER;
    if (crowd > demo->people) crowd = demo->people;
    for (int64_t i = 0; i < crowd; i++)
        ordering->buyer_ids[ordering->buyer_count++] = demo->crowd_ids[i];
    for (ordering->first = NAMED_BUYERS; ordering->first < ordering->buyer_count;
         ordering->first = ordering->end) {
        ordering->end = ordering->first + ORDERS_A_TRANSACTION;
        if (ordering->end > ordering->buyer_count) ordering->end = ordering->buyer_count;
        if (!demo_work(demo, house_crowd, ordering)) return false;
    }
    return true;
}

static int64_t choose(const struct ordering *ordering, uint64_t what, int64_t bound) {
    return demo_choose(ordering->demo, CHOOSE_ORDER + what, (uint64_t)ordering->number, bound);
}

/* ---- one order ---- */

/* What happens to an order has a millisecond of its own: ids are made of them, each order begins
 * at a sixteenth one, and each of its steps lies so far behind. */
enum { STEP_PAID = 1, STEP_SENT, STEP_RECEIVED, STEP_COMPLETED, STEPS_MAX = 16 };

static struct instant placed_at(const struct ordering *ordering, int64_t days_ago) {
    const struct demo *demo = ordering->demo;
    int64_t a_day = demo->orders / demo->days + 1;
    int64_t of_day = ordering->number * demo->days % demo->orders / demo->days;
    int64_t width = SELLING_HOURS * (int64_t)HOUR_MS / a_day / STEPS_MAX;
    assert(width > 0);
    /* Within the last day, nothing lies ahead of now. */
    int64_t back = days_ago * (int64_t)DAY_MS + 5 * (int64_t)MINUTE_MS;
    back += (a_day - of_day) * width * STEPS_MAX - choose(ordering, 9, width) * STEPS_MAX;
    return (struct instant){(demo->now.ms - back) / STEPS_MAX * STEPS_MAX};
}

static struct instant step_at(struct instant from, int64_t after_ms, int64_t step) {
    return instant_after(from, after_ms + step);
}

static refusal pay(struct request *q, const struct orders_order *order) {
    struct pay_payment payment = {0};
    q->now = step_at(order->placed_at, MINUTE_MS, STEP_PAID);
    TRY(pay_ask(q, order->id, TEXT("http://127.0.0.1"), &payment));
    const struct gateway_notice notice = {
        .event = GATEWAY_PAID,
        .event_id = text_format(q->arena, "demo-%lld", (long long)payment.id),
        .payment_id = payment.id,
        .amount = payment.amount_fen};
    TRY(pay_hear(q, q->app->gateway, &notice));
    /* Nobody goes to the cashier for what is paid already, and it does not expire. */
    TRY(jobs_forget(q, "pay.prepare", payment.id));
    return jobs_forget(q, "orders.expire", order->purchase_id);
}

static refusal send(struct request *q, const struct ordering *ordering,
                    const struct orders_order *order) {
    static const char *const carriers[] = {"邮政", "顺丰", "中通"};
    const struct orders_shipment shipment = {
        .carrier = text_of(carriers[choose(ordering, 7, 3)]),
        .tracking_number =
            text_format(q->arena, "7731%08lld", (long long)choose(ordering, 8, 100000000))};
    q->now = step_at(order->placed_at, 20 * (int64_t)HOUR_MS, STEP_SENT);
    return orders_ship(q, order->id, &shipment);
}

static refusal receive(struct request *q, const struct ordering *ordering,
                       const struct orders_order *order, bool *ret_is_open) {
    q->now = step_at(order->placed_at, 4 * (int64_t)DAY_MS, STEP_RECEIVED);
    TRY(orders_receive(q, order->id));
    TRY(jobs_forget(q, "orders.receive", order->id));
    *ret_is_open = false;
    if (!are_many(ordering->demo)) return NULL;
    return demo_claim(q, ordering->demo, (uint64_t)ordering->number, order->id, ret_is_open);
}

/* The older an order, the further it is; of yesterday's some wait, and one in nine of those before
 * that is late. */
static refusal go_on(struct request *q, const struct ordering *ordering,
                     const struct orders_order *order, int64_t days_ago) {
    bool waits = days_ago == 0 || (days_ago == 1 && choose(ordering, 5, 2) == 0) ||
                 (days_ago < ARRIVES_IN_DAYS && choose(ordering, 6, 9) == 0);
    bool is_open;
    if (waits) return NULL;
    TRY(send(q, ordering, order));
    if (days_ago < ARRIVES_IN_DAYS) return NULL;
    TRY(receive(q, ordering, order, &is_open));
    struct instant completed = step_at(order->placed_at, 13 * (int64_t)DAY_MS, STEP_COMPLETED);
    if (is_open || completed.ms > ordering->demo->now.ms) return NULL;
    q->now = completed;
    TRY(orders_complete_when_due(q, order->id, TEXT("")));
    return jobs_forget(q, "orders.complete", order->id);
}

/* Half of many orders are of the sellers at hand, so that a shop and a county have very many. */
static const struct ware *choose_ware(const struct ordering *ordering) {
    bool is_anywhere = ordering->anywhere.count && choose(ordering, 10, 2) == 0;
    const struct wares *wares = is_anywhere
                                    ? &ordering->anywhere
                                    : &ordering->at_hand[choose(ordering, 2, SELLERS_AT_HAND)];
    if (wares->count == 0) return NULL;
    return &wares->items[choose(ordering, 3, (int64_t)wares->count)];
}

static refusal is_there(struct request *q, const struct ware *ware, int64_t count,
                        bool *ret_is_there) {
    struct stock_level_list levels = {0};
    TRY(stock_levels(q, ware->goods_id, &levels));
    *ret_is_there = false;
    for (size_t i = 0; i < levels.count; i++)
        if (levels.items[i].sku_id == ware->sku_id)
            *ret_is_there = levels.items[i].available_count >= count;
    return NULL;
}

/* For what may be wrong with one (desk.c); of a year's orders the crowd itself claims. */
static void keep_arrived(const struct ordering *ordering, int64_t order_id) {
    struct demo *demo = ordering->demo;
    if (are_many(demo) || demo->arrived_count == DEMO_ARRIVED_MAX) return;
    demo->arrived[demo->arrived_count++] =
        (struct demo_arrived){order_id, ordering->tokens[choose(ordering, 1, NAMED_BUYERS)],
                              choose(ordering, 2, SELLERS_AT_HAND)};
}

static refusal place_one(struct request *q, const struct ordering *ordering) {
    int64_t days_ago =
        ordering->demo->days - 1 - ordering->number * ordering->demo->days / ordering->demo->orders;
    const struct ware *ware = choose_ware(ordering);
    struct orders_line_draft line = {ware ? ware->sku_id : 0, 1 + choose(ordering, 4, 3)};
    const struct orders_draft draft = {.lines = {&line, 1}, .ticked_return_terms = true};
    struct orders_purchase purchase = {0};
    bool there = false;
    if (ware) TRY(is_there(q, ware, line.count, &there));
    if (!there) return NULL;
    q->now = placed_at(ordering, days_ago);
    refusal refused = orders_place(q, &draft, &purchase);
    /* More than one may have, or too far away: refused before anything was written. */
    if (refused)
        return refused->kind == PROBLEM_CONFLICT || refused->kind == PROBLEM_BAD_INPUT ? NULL
                                                                                       : refused;
    TRY(pay(q, &purchase.orders.items[0]));
    if (days_ago >= ARRIVES_IN_DAYS) keep_arrived(ordering, purchase.orders.items[0].id);
    return go_on(q, ordering, &purchase.orders.items[0], days_ago);
}

static refusal place_some(struct request *q, void *context) {
    static const struct grant keeps = {PERMISSION_sell, SCOPE_ALL, 0};
    struct ordering *ordering = context;
    /* It may be run again. */
    ordering->demo->arrived_count = ordering->arrived_count;
    for (ordering->number = ordering->first; ordering->number < ordering->end; ordering->number++) {
        const struct principal who = {
            .person_id = ordering->buyer_ids[choose(ordering, 1, ordering->buyer_count)],
            .grants = &keeps,
            .grant_count = 1};
        q->who = &who;
        /* An order's id tells its day, so each begins again where its day was. */
        atomic_store(&q->app->ids->last, 0);
        TRY(place_one(q, ordering));
    }
    return NULL;
}

/* The shopper of the printed log-ins bought two things of the keeper's first shop: one is on its
 * way, the other is one that the shop will call off (desk.c). Nobody else's order begins at an
 * eighth millisecond. */
static refusal shop(struct request *q, void *context) {
    static const struct grant keeps = {PERMISSION_sell, SCOPE_ALL, 0};
    struct ordering *ordering = context;
    struct demo *demo = ordering->demo;
    const struct principal who = {
        .person_id = demo->shopper_id, .grants = &keeps, .grant_count = 1};
    const struct wares *wares = &ordering->at_hand[0];
    demo->called_off_id = 0;
    for (size_t i = 0; i < 2 && i < wares->count; i++) {
        struct orders_line_draft line = {wares->items[i].sku_id, 1};
        const struct orders_draft draft = {.lines = {&line, 1}, .ticked_return_terms = true};
        struct orders_purchase purchase = {0};
        int64_t back_ms = i == 0 ? 26 * (int64_t)HOUR_MS : 3 * (int64_t)HOUR_MS;
        bool there = false;
        q->who = &who;
        q->now.ms = (demo->now.ms - back_ms) / STEPS_MAX * STEPS_MAX + STEPS_MAX / 2;
        atomic_store(&q->app->ids->last, 0);
        TRY(is_there(q, &wares->items[i], 1, &there));
        if (!there) continue;
        TRY(orders_place(q, &draft, &purchase));
        TRY(pay(q, &purchase.orders.items[0]));
        if (i == 0) TRY(send(q, ordering, &purchase.orders.items[0]));
        if (i == 1) demo->called_off_id = purchase.orders.items[0].id;
    }
    return NULL;
}

bool demo_build_orders(struct demo *demo) {
    struct ordering ordering = {
        .demo = demo,
        .buyer_ids = arena_new(demo->arena, int64_t, (size_t)demo->people + NAMED_BUYERS),
        .buyer_count = NAMED_BUYERS};
    struct ids *ids = demo->app->ids;
    bool fine = demo_work(demo, make_buyers, &ordering) && add_addresses(&ordering) &&
                demo_work(demo, find_at_hand, &ordering) &&
                (!are_many(demo) || prepare_many(&ordering));
    uint64_t newest = atomic_load(&ids->last);
    for (ordering.first = 0; fine && ordering.first < demo->orders; ordering.first = ordering.end) {
        ordering.end = ordering.first + ORDERS_A_TRANSACTION;
        if (ordering.end > demo->orders) ordering.end = demo->orders;
        ordering.arrived_count = demo->arrived_count;
        fine = demo_work(demo, place_some, &ordering);
    }
    fine = fine && (are_many(demo) || demo_work(demo, shop, &ordering));
    if (atomic_load(&ids->last) < newest) atomic_store(&ids->last, newest);
    return fine;
}

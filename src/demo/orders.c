/* Two weeks of orders, so that a desk has something to do: bought by a few people of the crowd,
 * paid, sent and received by the rules that hold for everybody. */
#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>

#include "demo/world.h"
#include "ground/jobs/jobs.h"
#include "ground/people/people.h"
#include "market/pay/pay.h"

enum { CHOOSE_ORDER = 71, BUYERS = 6, DAYS = 14, SELLERS_WITH_ORDERS = 8 };

static const struct buyer {
    const char *phone;
    const char *name;
    const char *place; /* of a county; its first town is the address */
    const char *street;
} buyers[BUYERS] = {
    {"19700000001", "陈秋禾", "110108000000", "学院路 37 号 5 号楼 2 单元 601"},
    {"19700000002", "赵明山", "310115000000", "张杨路 188 弄 9 号 1203"},
    {"19700000003", "林桂兰", "440106000000", "体育西路 21 号 802"},
    {"19700000004", "何平安", "510104000000", "东大街 66 号 4 栋 1505"},
    {"19700000005", "吴远志", "330106000000", "文三路 90 号 3 幢 401"},
    {"19700000006", "孙荷", "140105000000", "平阳路 8 号 2 单元 301"},
};

struct ordering {
    struct demo *demo;
    int64_t buyer_ids[BUYERS];
    struct text tokens[BUYERS];
    struct catalog_card_page cards[SELLERS_WITH_ORDERS];
    int64_t number;              /* of the order under way */
    struct demo_arrived arrived; /* what became of it; order_id 0: it did not arrive */
};

static refusal make_buyers(struct request *q, void *context) {
    struct ordering *ordering = context;
    for (size_t i = 0; i < BUYERS; i++) {
        TRY(people_make(q, text_of(buyers[i].phone), text_of(buyers[i].name), TEXT(""),
                        &ordering->buyer_ids[i]));
        TRY(people_make_session(q, ordering->buyer_ids[i], &ordering->tokens[i]));
        ordering->tokens[i] = text_copy(ordering->demo->arena, ordering->tokens[i]);
    }
    return NULL;
}

static bool add_addresses(const struct ordering *ordering) {
    for (size_t i = 0; i < BUYERS; i++) {
        struct demo *demo = ordering->demo;
        struct road_reply reply;
        int64_t code = 0;
        struct place town;
        if (!places_read_code(text_of(buyers[i].place), &code)) return false;
        if (places_children(code, 0, 1, &town) == 1) code = town.code;
        struct text body =
            text_format(demo->arena,
                        "{\"name\":\"%s\",\"phone\":\"%s\",\"place_code\":\"%012lld\","
                        "\"street\":\"%s\",\"is_default\":true}",
                        buyers[i].name, buyers[i].phone, (long long)code, buyers[i].street);
        const struct road_call call = {.method = "POST",
                                       .target = TEXT("/api/people/me/addresses"),
                                       .body = body,
                                       .token = ordering->tokens[i]};
        road_perform(demo->app, demo->arena, &call, &reply);
        if (reply.status != 201) return false;
    }
    return true;
}

static refusal find_goods(struct request *q, void *context) {
    struct ordering *ordering = context;
    struct demo *demo = ordering->demo;
    for (size_t i = 0; i < SELLERS_WITH_ORDERS && i < demo->world.sellers.count; i++) {
        struct catalog_card_page page = {0};
        const struct catalog_filter filter = {
            .seller_id = demo->seller_ids[i], .in_stock = true, .limit = 20};
        TRY(catalog_list(q, &filter, &page));
        /* Only the ids are used after this transaction. */
        struct catalog_card *kept =
            arena_new(demo->arena, struct catalog_card, page.items.count + 1);
        for (size_t j = 0; j < page.items.count; j++) kept[j] = page.items.items[j];
        ordering->cards[i].items = (struct catalog_card_list){kept, page.items.count};
    }
    return NULL;
}

static int64_t choose(const struct ordering *ordering, uint64_t what, int64_t bound) {
    return demo_choose(ordering->demo, CHOOSE_ORDER + what, (uint64_t)ordering->number, bound);
}

static refusal pay(struct request *q, int64_t order_id) {
    struct pay_payment payment = {0};
    TRY(pay_ask(q, order_id, TEXT("http://127.0.0.1"), &payment));
    /* Nobody goes to the cashier for what is paid already. */
    TRY(jobs_forget(q, "pay.prepare", payment.id));
    const struct gateway_notice notice = {
        .event = GATEWAY_PAID,
        .event_id = text_format(q->arena, "demo-%lld", (long long)payment.id),
        .payment_id = payment.id,
        .amount = payment.amount_fen};
    return pay_hear(q, q->app->gateway, &notice);
}

/* The older an order, the further it is; of yesterday's some wait, and one in nine of those before
 * that is late. */
static refusal go_on(struct request *q, const struct ordering *ordering, int64_t order_id,
                     int64_t days_ago) {
    static const char *const carriers[] = {"邮政", "顺丰", "中通"};
    bool waits = days_ago == 0 || (days_ago == 1 && choose(ordering, 5, 2) == 0) ||
                 (days_ago < 5 && choose(ordering, 6, 9) == 0);
    if (waits) return NULL;
    const struct orders_shipment shipment = {
        .carrier = text_of(carriers[choose(ordering, 7, 3)]),
        .tracking_number =
            text_format(q->arena, "7731%08lld", (long long)choose(ordering, 8, 100000000))};
    q->now = instant_after(q->now, 20 * (int64_t)HOUR_MS);
    TRY(orders_ship(q, order_id, &shipment));
    if (days_ago < 5) return NULL;
    q->now = instant_after(q->now, 3 * (int64_t)DAY_MS);
    return orders_receive(q, order_id);
}

static refusal place_one(struct request *q, void *context) {
    struct ordering *ordering = context;
    static const struct grant keeps = {PERMISSION_sell, SCOPE_ALL, 0};
    int64_t days_ago = DAYS - 1 - ordering->number * DAYS / ordering->demo->orders;
    const struct principal who = {.person_id = ordering->buyer_ids[choose(ordering, 1, BUYERS)],
                                  .grants = &keeps,
                                  .grant_count = 1};
    const int64_t seller = choose(ordering, 2, SELLERS_WITH_ORDERS);
    const struct catalog_card_page *cards = &ordering->cards[seller];
    if (cards->items.count == 0) return NULL;
    const struct catalog_card *card =
        &cards->items.items[choose(ordering, 3, (int64_t)cards->items.count)];
    struct orders_line_draft line = {card->sku_id, 1 + choose(ordering, 4, 3)};
    const struct orders_draft draft = {.lines = {&line, 1}, .ticked_return_terms = true};
    struct orders_purchase purchase = {0};
    q->who = &who;
    /* Within the last day, nothing lies ahead of now. */
    q->now =
        instant_after(ordering->demo->now, -days_ago * (int64_t)DAY_MS - 5 * (int64_t)MINUTE_MS -
                                               choose(ordering, 9, 8 * HOUR_MS));
    refusal refused = orders_place(q, &draft, &purchase);
    if (refused)
        return refused->kind == PROBLEM_OUT_OF_STOCK || refused->kind == PROBLEM_CONFLICT ||
                       refused->kind == PROBLEM_BAD_INPUT
                   ? NULL
                   : refused;
    int64_t order_id = purchase.orders.items[0].id;
    q->now = instant_after(q->now, MINUTE_MS);
    TRY(pay(q, order_id));
    if (days_ago >= 5)
        ordering->arrived =
            (struct demo_arrived){order_id, ordering->tokens[choose(ordering, 1, BUYERS)], seller};
    return go_on(q, ordering, order_id, days_ago);
}

bool demo_build_orders(struct demo *demo) {
    struct ordering ordering = {.demo = demo};
    struct ids *ids = demo->app->ids;
    uint64_t newest = atomic_load(&ids->last);
    bool fine = demo_work(demo, make_buyers, &ordering) && add_addresses(&ordering) &&
                demo_work(demo, find_goods, &ordering);
    for (; fine && ordering.number < demo->orders; ordering.number++) {
        /* An order's id tells its day, so each begins again where its day was. */
        atomic_store(&ids->last, 0);
        ordering.arrived = (struct demo_arrived){0};
        fine = demo_work(demo, place_one, &ordering);
        if (fine && ordering.arrived.order_id && demo->arrived_count < DEMO_ARRIVED_MAX)
            demo->arrived[demo->arrived_count++] = ordering.arrived;
    }
    if (atomic_load(&ids->last) < newest) atomic_store(&ids->last, newest);
    return fine;
}

/* Reading orders: one, and lists by key. */
#include "kernel/base/json.h"
#include "market/orders/book.h"

SHAPE_DEFINE(orders_line, ORDERS_LINE_FIELDS);
SHAPE_DEFINE(orders_event, ORDERS_EVENT_FIELDS);
SHAPE_DEFINE(orders_order, ORDERS_ORDER_FIELDS);
SHAPE_DEFINE(orders_card, ORDERS_CARD_FIELDS);
SHAPE_DEFINE_PAGE(orders_card);
SHAPE_ENUM_DEFINE(orders_desk, ORDERS_DESKS);
SHAPE_ENUM_DEFINE(orders_sort, ORDERS_SORTS);
SHAPE_DEFINE(orders_list_query, ORDERS_LIST_QUERY_FIELDS);

/* What one row gives: the order as it is shown, and what only the rules see. */
#define READ_FIELDS(F, S)                                                                          \
    F(S, OBJECT, shown, orders_order)                                                              \
    F(S, ID, buyer_id)                                                                             \
    F(S, ID, seller_place_code)                                                                    \
    F(S, TEXT, receiver)                                                                           \
    F(S, INT, receiver_place_code)
SHAPE_DECLARE(read_order, READ_FIELDS);
SHAPE_DEFINE(read_order, READ_FIELDS);

static refusal open_receiver(struct request *q, const struct read_order *row,
                             struct orders_receiver *ret_receiver) {
    struct text clear = {0};
    const struct bytes sealed = {(const unsigned char *)row->receiver.bytes, row->receiver.length};
    refusal refused = people_open(q, row->buyer_id, "orders.receiver", sealed, &clear);
    /* A buyer who closed the account took the key along: the books keep the order, nobody keeps
     * the address. */
    if (refused && refused->kind == PROBLEM_NOT_FOUND) {
        *ret_receiver = (struct orders_receiver){0};
        return NULL;
    }
    TRY(refused);
    return shape_read_json(&orders_receiver_shape, q->arena, json_read(q->arena, clear, NULL),
                           ret_receiver);
}

/* The seller sees who receives while the parcel is due, and never again; who serves or reads the
 * books without having bought or sent sees no more than the county. */
static refusal may_see(struct request *q, const struct read_order *row,
                       enum orders_sight *ret_sight) {
    const struct owner owner = {.organisation_id = row->shown.seller_id,
                                .place_code = row->seller_place_code};
    bool due = row->shown.state == ORDERS_PAID || row->shown.state == ORDERS_SHIPPED;
    bool sells = request_reaches(q, PERMISSION_sell, owner);
    *ret_sight = ORDERS_SEEN_BY_BUYER;
    if (q->who->person_id == row->buyer_id) return NULL;
    *ret_sight = sells && due ? ORDERS_SEEN_FOR_LABEL : ORDERS_SEEN_MASKED;
    if (sells || orders_desk_reaches(q, owner)) return NULL;
    return refuse(q, NOT_FOUND, "id", "没有这个订单", "there is no such order");
}

static refusal read_children(struct request *q, struct orders_order *order) {
    TRY(db_rows(q->db,
                SQL("i", "SELECT line_no, sku_id, goods_id, title, options_text, picture, count,"
                         " price_fen, total_fen, refunded_count, refunded_fen, return_policy"
                         " FROM orders_line WHERE order_id = $1 ORDER BY line_no LIMIT 20"),
                PARAMS(order->id), &orders_line_shape, &order->lines));
    return db_rows(q->db,
                   SQL("i", "SELECT at, kind, title, words AS text FROM orders_event"
                            " WHERE order_id = $1 ORDER BY event_id DESC LIMIT 40"),
                   PARAMS(order->id), &orders_event_shape, &order->events);
}

refusal orders_read(struct request *q, int64_t order_id, struct orders_order *ret_order) {
    struct read_order row = {0};
    struct orders_receiver receiver = {0};
    enum orders_sight sight;
    bool found;
    TRY(db_row(q->db,
               SQL("i",
                   "SELECT id AS \"shown.id\", purchase_id AS \"shown.purchase_id\","
                   " state AS \"shown.state\", seller_id AS \"shown.seller_id\","
                   " seller_name AS \"shown.seller_name\", goods_fen AS \"shown.goods_fen\","
                   " freight_fen AS \"shown.freight_fen\","
                   " platform_fee_fen AS \"shown.platform_fee_fen\","
                   " total_fen AS \"shown.total_fen\", paid_fen AS \"shown.paid_fen\","
                   " refunded_fen AS \"shown.refunded_fen\", carrier AS \"shown.carrier\","
                   " tracking_number AS \"shown.tracking_number\","
                   " placed_at AS \"shown.placed_at\", pay_before_at AS \"shown.pay_before_at\","
                   " paid_at AS \"shown.paid_at\", shipped_at AS \"shown.shipped_at\","
                   " received_at AS \"shown.received_at\","
                   " completed_at AS \"shown.completed_at\", closed_at AS \"shown.closed_at\","
                   " open_case_count AS \"shown.open_case_count\","
                   " buyer_id, seller_place_code, receiver, receiver_place_code"
                   " FROM orders_order WHERE id = $1"),
               PARAMS(order_id), &read_order_shape, &row, &found));
    if (!found) return refuse(q, NOT_FOUND, "id", "没有这个订单", "there is no such order");
    TRY(may_see(q, &row, &sight));
    struct orders_order *order = &row.shown;
    TRY(read_children(q, order));
    TRY(open_receiver(q, &row, &receiver));
    orders_show_receiver(q, &receiver, sight, row.receiver_place_code, order);
    if (order->state != ORDERS_UNPAID) order->pay_before_at = (struct instant){0};
    order->number = orders_number(q->arena, order->id);
    order->server_at = q->now;
    orders_show_events(q, order);
    *ret_order = *order;
    return NULL;
}

/* Province to county, in the words of an address. */
static struct text region_of(struct arena *arena, int64_t place_code) {
    struct text_list names = places_names(arena, place_code / 1000000 * 1000000);
    struct buffer words = buffer_make(arena, 400);
    for (size_t i = 0; i < names.count; i++) buffer_add_text(&words, names.items[i]);
    return buffer_text(&words);
}

/* Each list is one statement on an index that begins with what it filters on. AFTER is the id of
 * the last one shown. */
static refusal list_of_buyer(struct request *q, const struct orders_list_query *query,
                             int64_t before_id, struct orders_card_list *ret_cards) {
    int64_t wanted = query->limit + 1;
    if (query->state.length)
        return db_rows(q->db,
                       SQL("itii",
                           ORDERS_CARD_COLUMNS " WHERE buyer_id = $1 AND state = $2 AND id < $3"
                                               " ORDER BY id DESC LIMIT $4"),
                       PARAMS(q->who->person_id, query->state, before_id, wanted),
                       &orders_card_shape, ret_cards);
    return db_rows(q->db,
                   SQL("iii", ORDERS_CARD_COLUMNS " WHERE buyer_id = $1 AND id < $2"
                                                  " ORDER BY id DESC LIMIT $3"),
                   PARAMS(q->who->person_id, before_id, wanted), &orders_card_shape, ret_cards);
}

refusal orders_list(struct request *q, const struct orders_list_query *query,
                    struct orders_card_page *ret_page) {
    unsigned known;
    int64_t before_id = query->after ? query->after : INT64_MAX;
    struct orders_card_list cards = {0};
    if (query->state.length && !shape_enum_find(&orders_state_enum, query->state, &known))
        return refuse(q, BAD_INPUT, "state", "没有这种状态", "there is no such state");
    if (query->desk != ORDERS_MINE || query->seller)
        TRY(orders_desk_list(q, query, &cards));
    else
        TRY(list_of_buyer(q, query, before_id, &cards));
    if (cards.count > (size_t)query->limit) {
        cards.count = (size_t)query->limit;
        ret_page->next = text_format(q->arena, "%lld", (long long)cards.items[cards.count - 1].id);
    }
    for (size_t i = 0; i < cards.count; i++) {
        struct orders_card *card = &cards.items[i];
        card->number = orders_number(q->arena, card->id);
        card->server_at = q->now;
        card->receiver_region = region_of(q->arena, card->receiver_place_code);
        if (card->state != ORDERS_UNPAID) card->pay_before_at = (struct instant){0};
    }
    ret_page->items = cards;
    return NULL;
}

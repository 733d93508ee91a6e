/* What the rules of the room share: rows, the sealed receiver, the timeline, money moves. */
#include "market/orders/book.h"

#include "kernel/base/json.h"
#include "market/stock/stock.h"

SHAPE_DEFINE(orders_row, ORDERS_ROW_FIELDS);
SHAPE_DEFINE(orders_held, ORDERS_HELD_FIELDS);

const struct ledger_kind orders_buyer = {"orders.buyer", false};
const struct ledger_kind orders_escrow = {"orders.escrow", true};
const struct ledger_kind orders_seller_due = {"orders.seller_due", false};

const struct fact orders_was_paid = {"order_paid"};
const struct fact orders_was_shipped = {"order_shipped"};
const struct fact orders_was_received = {"order_received"};
const struct fact orders_was_completed = {"order_completed"};
const struct fact orders_was_refunded = {"order_refunded"};

static const char receiver_label[] = "orders.receiver";

struct text orders_number(struct arena *arena, int64_t order_id) {
    return text_format(arena, "XJ%lld", (long long)order_id);
}

struct bytes orders_seal_receiver(struct request *q, const struct people_key *key,
                                  const struct orders_receiver *receiver) {
    struct buffer json = buffer_make(q->arena, 16 * 1024);
    shape_write_json(&orders_receiver_shape, &json, receiver);
    return people_seal_with(q, key, receiver_label, buffer_text(&json));
}

bool orders_open_receiver(struct request *q, const struct people_key *key, struct text sealed,
                          struct orders_receiver *ret_receiver) {
    struct text clear;
    *ret_receiver = (struct orders_receiver){0};
    return people_open_with(q, key, receiver_label, sealed, &clear) &&
           !shape_read_json(&orders_receiver_shape, q->arena, json_read(q->arena, clear, NULL),
                            ret_receiver);
}

/* Down to the county: enough to see how far the parcel goes, too little to find a door. */
static struct text masked_address(struct request *q, int64_t place_code) {
    struct text_list names = places_names(q->arena, place_code / 1000000 * 1000000);
    struct buffer words = buffer_make(q->arena, 1000);
    for (size_t i = 0; i < names.count; i++) buffer_add_text(&words, names.items[i]);
    if (words.length) buffer_add_literal(&words, " ***");
    return buffer_text(&words);
}

void orders_show_receiver(struct request *q, const struct orders_receiver *receiver,
                          enum orders_sight sight, int64_t place_code, struct orders_order *order) {
    order->receiver_phone_masked = people_mask_phone(q->arena, receiver->phone);
    if (sight == ORDERS_SEEN_MASKED) {
        order->receiver_name = people_mask_name(q->arena, receiver->name);
        order->receiver_address = masked_address(q, place_code);
        return;
    }
    order->receiver_name = receiver->name;
    order->receiver_address = receiver->address;
    order->note = receiver->note;
    if (sight == ORDERS_SEEN_FOR_LABEL) order->receiver_phone = receiver->phone;
}

struct moment {
    struct instant at;
    const char *kind;
    const char *zh;
    const char *en;
};

static void show_moment(struct request *q, struct orders_order *order,
                        struct orders_event_list *list, const struct moment *moment) {
    if (moment->at.ms == 0) return;
    struct text words = {0};
    if (text_is(text_of(moment->kind), "shipped"))
        words = text_format(q->arena, "%.*s %.*s", (int)order->carrier.length, order->carrier.bytes,
                            (int)order->tracking_number.length, order->tracking_number.bytes);
    list->items[list->count++] = (struct orders_event){
        moment->at, text_of(moment->kind), text_of(q->english ? moment->en : moment->zh), words};
}

/* What the house did itself is kept as its sum alone and said in the reader's language; what a
 * carrier said stands as it was said. */
static struct text event_title(struct request *q, const struct orders_event *event) {
    int length = (int)event->title.length;
    const char *sum = event->title.bytes;
    if (text_is(event->kind, "refunded"))
        return q->english ? text_format(q->arena, "¥%.*s given back", length, sum)
                          : text_format(q->arena, "退了 %.*s 元", length, sum);
    if (text_is(event->kind, "money_back"))
        return q->english ? text_format(q->arena, "Paid too late: ¥%.*s goes back", length, sum)
                          : text_format(q->arena, "钱到晚了，%.*s 元原路退回", length, sum);
    if (text_is(event->kind, "late_money"))
        return text_of(q->english ? "Paid a little late; it is still there and will be sent"
                                  : "付款到晚了一点，货还有，照常发");
    return event->title;
}

/* Newest first; what happened in the same millisecond keeps the order in which it was put. */
static void sort_events(struct orders_event_list *list) {
    for (size_t i = 1; i < list->count; i++) {
        struct orders_event event = list->items[i];
        size_t j = i;
        for (; j > 0 && list->items[j - 1].at.ms < event.at.ms; j--)
            list->items[j] = list->items[j - 1];
        list->items[j] = event;
    }
}

void orders_show_events(struct request *q, struct orders_order *order) {
    bool gave_up = order->state == ORDERS_CANCELLED;
    bool expired = order->state == ORDERS_EXPIRED;
    static const struct instant never = {0};
    const struct moment moments[] = {
        {order->completed_at, "completed", "这一单完成了", "Completed"},
        {order->received_at, "received", "您收到了", "You received it"},
        {order->shipped_at, "shipped", "从产地寄出了", "Sent from where it grew"},
        {order->paid_at, "paid", "您付了款", "You paid"},
        {gave_up ? order->closed_at : never, "cancelled", "您取消了订单", "You cancelled"},
        {expired ? order->closed_at : never, "expired", "没有按时付款，订单关了",
         "Closed: not paid in time"},
        {order->placed_at, "placed", "您下了单", "You placed the order"},
    };
    enum { MOMENTS = sizeof(moments) / sizeof(moments[0]) };
    struct orders_event_list list = {
        .items = arena_new(q->arena, struct orders_event, order->events.count + MOMENTS)};
    for (size_t i = 0; i < order->events.count; i++) {
        struct orders_event event = order->events.items[i];
        event.title = event_title(q, &event);
        list.items[list.count++] = event;
    }
    for (size_t i = 0; i < MOMENTS; i++) show_moment(q, order, &list, &moments[i]);
    sort_events(&list);
    order->events = list;
}

refusal orders_row_of(struct request *q, int64_t order_id, struct orders_row *ret_row) {
    bool found;
    TRY(db_row(q->db, SQL("i", "SELECT " ORDERS_ROW_COLUMNS " FROM orders_order WHERE id = $1"),
               PARAMS(order_id), &orders_row_shape, ret_row, &found));
    if (!found) return refuse(q, NOT_FOUND, "id", "没有这个订单", "there is no such order");
    return NULL;
}

refusal orders_held_of(struct request *q, int64_t order_id, struct orders_held_list *ret_held) {
    return db_rows(q->db,
                   SQL("i", "SELECT order_id, line_no, hold_id, sku_id, goods_id, count, price_fen,"
                            " total_fen, refunded_count, refunded_fen FROM orders_line"
                            " WHERE order_id = $1 ORDER BY line_no LIMIT 20"),
                   PARAMS(order_id), &orders_held_shape, ret_held);
}

refusal orders_release(struct request *q, int64_t order_id) {
    struct orders_held_list held = {0};
    TRY(orders_held_of(q, order_id, &held));
    for (size_t i = 0; i < held.count; i++) {
        const struct orders_held *line = &held.items[i];
        const struct stock_hold hold = {
            .order_id = order_id,
            .hold_id = line->hold_id,
            .line = {.goods_id = line->goods_id, .sku_id = line->sku_id, .count = line->count},
            .field = "",
        };
        TRY(stock_release(q, &hold));
    }
    return NULL;
}

refusal orders_add_event(struct request *q, int64_t order_id, const char *kind, struct text title,
                         struct text words) {
    return db_run(q->db,
                  SQL("iiittt",
                      "INSERT INTO orders_event (order_id, event_id, at, kind, title, words)"
                      " VALUES ($1, $2, $3, $4, $5, $6)"),
                  PARAMS(order_id, request_new_id(q), q->now, kind, title, words), NULL);
}

void orders_send_state(struct request *q, int64_t buyer_id, int64_t order_id,
                       enum orders_state state) {
    struct buffer json = buffer_make(q->arena, 200);
    buffer_add_format(&json, "{\"id\":\"%lld\",\"state\":", (long long)order_id);
    json_write_text(&json, shape_enum_text(&orders_state_enum, state));
    buffer_add_char(&json, '}');
    request_send_event(q, buyer_id, "order", buffer_text(&json));
}

struct ledger_account orders_account_buyer(int64_t buyer_id) {
    return (struct ledger_account){buyer_id, &orders_buyer, LEDGER_UNIT_FEN, 0};
}
struct ledger_account orders_account_escrow(int64_t order_id) {
    return (struct ledger_account){order_id, &orders_escrow, LEDGER_UNIT_FEN, 0};
}
struct ledger_account orders_account_seller(int64_t seller_id) {
    return (struct ledger_account){seller_id, &orders_seller_due, LEDGER_UNIT_FEN, 0};
}

refusal orders_move_money(struct request *q, const struct orders_move *move) {
    const struct ledger_transfer transfer = {
        .document_id = move->order_id,
        .id = move->transfer_id,
        .debit = move->from,
        .credit = move->to,
        .amount = fen_count(move->amount),
        .reason = move->reason,
    };
    return ledger_post(q, &transfer, NULL);
}

refusal orders_require_seller(struct request *q, enum permission permission,
                              const struct orders_row *row) {
    struct owner owner = {.organisation_id = row->seller_id};
    if (request_reaches(q, permission, owner)) return NULL;
    TRY(catalog_seller_owner(q, row->seller_id, &owner));
    if (request_reaches(q, permission, owner)) return NULL;
    return refuse(q, NOT_FOUND, "id", "没有这个订单", "there is no such order");
}

refusal orders_require_buyer(struct request *q, const struct orders_row *row) {
    if (q->who->person_id != 0 && row->buyer_id == q->who->person_id) return NULL;
    return refuse(q, NOT_FOUND, "id", "没有这个订单", "there is no such order");
}

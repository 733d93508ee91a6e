/* What orders hold of a person: for the copy of one's own data, and for an officer with a reason.
 */
#include <assert.h>

#include "market/orders/book.h"

#define EXPORTED_LINE_FIELDS(F, S)                                                                 \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, options_text)                                                                       \
    F(S, INT, count)                                                                               \
    F(S, FEN, price_fen)                                                                           \
    F(S, FEN, total_fen)
SHAPE_DECLARE(exported_line, EXPORTED_LINE_FIELDS);
SHAPE_DEFINE(exported_line, EXPORTED_LINE_FIELDS);

#define EXPORTED_ORDER_FIELDS(F, S)                                                                \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, number)                                                                             \
    F(S, TEXT, state)                                                                              \
    F(S, TEXT, seller_name)                                                                        \
    F(S, LIST, lines, exported_line)                                                               \
    F(S, FEN, freight_fen)                                                                         \
    F(S, FEN, total_fen)                                                                           \
    F(S, FEN, paid_fen)                                                                            \
    F(S, FEN, refunded_fen)                                                                        \
    F(S, TEXT, receiver_name)                                                                      \
    F(S, TEXT, receiver_phone)                                                                     \
    F(S, TEXT, receiver_address)                                                                   \
    F(S, TEXT, note)                                                                               \
    F(S, TEXT, carrier)                                                                            \
    F(S, TEXT, tracking_number)                                                                    \
    F(S, TIME, placed_at)
SHAPE_DECLARE(exported_order, EXPORTED_ORDER_FIELDS);
SHAPE_DEFINE(exported_order, EXPORTED_ORDER_FIELDS);

/* Rows of orders with their lines, an order at a time: what is kept of it is copied into SCRATCH
 * and dropped when it is written. */
struct orders_scan {
    struct db_each each;
    struct request scratch_q; /* opens receivers into SCRATCH */
    struct arena scratch;
    const struct people_export *export;
    struct exported_order order;
    struct exported_line lines[ORDERS_LINES_MAX];
};

static void end_order(struct orders_scan *scan) {
    if (scan->order.id) people_export_add(scan->export, &exported_order_shape, &scan->order);
    scan->order = (struct exported_order){0};
    arena_reset(&scan->scratch);
}

static struct text copied(struct orders_scan *scan, const struct db_value *cell) {
    return text_copy(&scan->scratch, cell->text);
}

static void begin_order(struct orders_scan *scan, const struct db_value *cells) {
    struct orders_receiver receiver;
    end_order(scan);
    (void)orders_open_receiver(&scan->scratch_q, scan->export->key, cells[8].text, &receiver);
    scan->order = (struct exported_order){.id = cells[0].number,
                                          .number = orders_number(&scan->scratch, cells[0].number),
                                          .state = copied(scan, &cells[1]),
                                          .seller_name = copied(scan, &cells[2]),
                                          .lines = {scan->lines, 0},
                                          .freight_fen = fen_of_count(cells[3].number),
                                          .total_fen = fen_of_count(cells[4].number),
                                          .paid_fen = fen_of_count(cells[5].number),
                                          .refunded_fen = fen_of_count(cells[6].number),
                                          .placed_at = {cells[7].number},
                                          .receiver_name = receiver.name,
                                          .receiver_phone = receiver.phone,
                                          .receiver_address = receiver.address,
                                          .note = receiver.note,
                                          .carrier = copied(scan, &cells[9]),
                                          .tracking_number = copied(scan, &cells[10])};
}

static refusal take_row(struct db_each *each, const struct db_value *cells, size_t cell_count) {
    struct orders_scan *scan = (struct orders_scan *)(void *)each;
    assert(cell_count == 16);
    if (cells[0].number != scan->order.id) begin_order(scan, cells);
    assert(scan->order.lines.count < ORDERS_LINES_MAX);
    scan->lines[scan->order.lines.count++] =
        (struct exported_line){.title = copied(scan, &cells[11]),
                               .options_text = copied(scan, &cells[12]),
                               .count = cells[13].number,
                               .price_fen = fen_of_count(cells[14].number),
                               .total_fen = fen_of_count(cells[15].number)};
    return NULL;
}

#define BAG_LINE_FIELDS(F, S) F(S, ID, sku_id) F(S, INT, count) F(S, TIME, added_at)
SHAPE_DECLARE(exported_bag_line, BAG_LINE_FIELDS);
SHAPE_DEFINE(exported_bag_line, BAG_LINE_FIELDS);

static refusal export_bag(struct request *q, const struct people_export *export) {
    struct exported_bag_line_list lines;
    TRY(db_rows(q->db,
                SQL("i", "SELECT sku_id, count, added_at FROM orders_bag_line"
                         " WHERE person_id = $1 ORDER BY sku_id LIMIT 500"),
                PARAMS(export->person_id), &exported_bag_line_shape, &lines));
    people_export_rows(export, "bag", &exported_bag_line_shape, PEOPLE_ROWS(lines));
    return NULL;
}

refusal orders_hear_export(struct request *q, const void *data) {
    const struct people_export *export = data;
    struct orders_scan *scan = arena_new(q->arena, struct orders_scan, 1);
    scan->each.row = take_row;
    scan->export = export;
    scan->scratch_q = *q;
    scan->scratch_q.arena = &scan->scratch;
    TRY(export_bag(q, export));
    people_export_begin(export, "orders");
    refusal refused =
        db_scan(q->db,
                SQL("i", "SELECT o.id, o.state, o.seller_name, o.freight_fen, o.total_fen,"
                         " o.paid_fen, o.refunded_fen, o.placed_at, o.receiver, o.carrier,"
                         " o.tracking_number, l.title, l.options_text, l.count, l.price_fen,"
                         " l.total_fen FROM orders_order o JOIN orders_line l"
                         " ON l.order_id = o.id WHERE o.buyer_id = $1 ORDER BY o.id, l.line_no"),
                PARAMS(export->person_id), &scan->each);
    if (!refused) end_order(scan);
    arena_free(&scan->scratch);
    people_export_end(export);
    return refused;
}

/* ---- an officer with a reason ---- */

#define SOUGHT_FIELDS(F, S) F(S, ID, buyer_id) F(S, ID, seller_id) F(S, TEXT, receiver)
SHAPE_DECLARE(orders_sought, SOUGHT_FIELDS);
SHAPE_DEFINE(orders_sought, SOUGHT_FIELDS);

refusal orders_hear_unmask(struct request *q, const void *data) {
    const struct people_unmasking *asked = data;
    struct orders_sought row = {0};
    struct orders_receiver receiver;
    struct people_key key;
    bool found;
    if (!text_is(asked->subject, "order")) return NULL;
    TRY(db_row(q->db,
               SQL("i", "SELECT buyer_id, seller_id, receiver FROM orders_order WHERE id = $1"),
               PARAMS(asked->subject_id), &orders_sought_shape, &row, &found));
    if (!found) return NULL;
    const struct orders_row order = {.id = asked->subject_id, .seller_id = row.seller_id};
    refusal refused = orders_require_seller(q, PERMISSION_unmask, &order);
    if (refused) return refused->kind == PROBLEM_NOT_FOUND ? NULL : refused;
    /* Of somebody who was forgotten there is nothing to see. */
    refused = people_key_with(q, row.buyer_id, &key);
    if (refused) return refused->kind == PROBLEM_NOT_FOUND ? NULL : refused;
    bool opened = orders_open_receiver(q, &key, row.receiver, &receiver);
    people_key_close(&key);
    if (!opened) return NULL;
    asked->found->person_id = row.buyer_id;
    people_unmasked_add(asked->found, "name", receiver.name);
    people_unmasked_add(asked->found, "phone", receiver.phone);
    people_unmasked_add(asked->found, "address", receiver.address);
    people_unmasked_add(asked->found, "note", receiver.note);
    return NULL;
}

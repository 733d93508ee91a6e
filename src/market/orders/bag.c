#include "market/orders/bag.h"

#include "market/stock/stock.h"

SHAPE_ENUM_DEFINE(bag_line_state, BAG_LINE_STATES);
SHAPE_DEFINE(bag_line, BAG_LINE_FIELDS);
SHAPE_DEFINE(bag, BAG_FIELDS);
SHAPE_DEFINE(bag_put, BAG_PUT_FIELDS);

#define BAG_ROW_FIELDS(F, S)                                                                       \
    F(S, ID, sku_id)                                                                               \
    F(S, INT, count)                                                                               \
    F(S, BOOL, selected)
SHAPE_DECLARE(bag_row, BAG_ROW_FIELDS);
SHAPE_DEFINE(bag_row, BAG_ROW_FIELDS);

static enum bag_line_state state_of(const struct bag_line *line,
                                    const struct catalog_offer *offer) {
    if (!offer->on_sale) return BAG_LINE_DELISTED;
    if (line->available_count == 0) return BAG_LINE_SOLD_OUT;
    if (line->count > line->available_count ||
        (line->limit_count && line->count > line->limit_count))
        return BAG_LINE_TOO_MANY;
    return BAG_LINE_OK;
}

static struct bag_line line_of(const struct bag_row *row, const struct catalog_offer *offer,
                               const struct stock_level_list *levels) {
    struct catalog_unit_price unit = catalog_unit_price(offer);
    struct bag_line line = {
        .sku_id = row->sku_id,
        .goods_id = offer->goods_id,
        .seller_id = offer->seller_id,
        .seller_name = offer->seller_name,
        .title = offer->title,
        .options_text = offer->options_text,
        .picture = offer->picture,
        .count = row->count,
        .selected = row->selected,
        .price_fen = offer->price_fen,
        .unit_price_fen = unit.price,
        .unit_name = unit.unit_name,
        .limit_count = offer->limit_count,
    };
    for (size_t i = 0; i < levels->count; i++)
        if (levels->items[i].sku_id == row->sku_id)
            line.available_count = levels->items[i].available_count;
    line.state = state_of(&line, offer);
    return line;
}

static refusal read_rows(struct request *q, struct bag_row_list *ret_rows) {
    return db_rows(q->db,
                   SQL("i", "SELECT sku_id, count, selected FROM orders_bag_line"
                            " WHERE person_id = $1 ORDER BY added_at DESC, sku_id LIMIT 20"),
                   PARAMS(q->who->person_id), &bag_row_shape, ret_rows);
}

static refusal add_line(struct request *q, struct bag *bag, struct bag_line line) {
    bag->lines.items[bag->lines.count++] = line;
    if (!line.selected || line.state == BAG_LINE_DELISTED || line.state == BAG_LINE_SOLD_OUT)
        return NULL;
    struct fen total;
    bag->selected_count += line.count;
    if (!fen_times(line.price_fen, line.count, &total) ||
        !fen_add(bag->selected_fen, total, &bag->selected_fen))
        return refuse(q, BAD_INPUT, "lines", "金额太大了", "the sum is too large");
    return NULL;
}

refusal bag_read(struct request *q, struct bag *ret_bag) {
    struct bag_row_list rows = {0};
    struct catalog_offer_list offers = {0};
    struct stock_level_list levels = {0};
    struct bag bag = {0};
    int64_t sku_ids[ORDERS_LINES_MAX], goods_ids[ORDERS_LINES_MAX];
    TRY(read_rows(q, &rows));
    if (rows.count > 0) {
        for (size_t i = 0; i < rows.count; i++) sku_ids[i] = rows.items[i].sku_id;
        TRY(catalog_offers(q, sku_ids, rows.count, &offers));
        for (size_t i = 0; i < offers.count; i++) goods_ids[i] = offers.items[i].goods_id;
        if (offers.count) TRY(stock_levels_of(q, goods_ids, offers.count, &levels));
    }
    bag.lines.items = arena_new(q->arena, struct bag_line, ORDERS_LINES_MAX);
    for (size_t i = 0; i < rows.count; i++)
        for (size_t j = 0; j < offers.count; j++)
            if (offers.items[j].sku_id == rows.items[i].sku_id)
                TRY(add_line(q, &bag, line_of(&rows.items[i], &offers.items[j], &levels)));
    *ret_bag = bag;
    return NULL;
}

refusal bag_set(struct request *q, int64_t sku_id, const struct bag_put *put, struct bag *ret_bag) {
    struct catalog_offer_list offers = {0};
    TRY(catalog_offers(q, &sku_id, 1, &offers));
    if (offers.count == 0)
        return refuse(q, NOT_FOUND, "sku_id", "没有这种规格", "there is no such SKU");
    /* The guard on the number of kinds stands in the statement, so that two taps at once cannot
     * pass it together on one row; on PostgreSQL two different SKUs at once may overshoot by
     * one, which the next reading simply does not show. */
    int64_t changed;
    TRY(db_run(q->db,
               SQL("iiiii",
                   "INSERT INTO orders_bag_line (person_id, sku_id, count, selected, added_at)"
                   " SELECT $1, $2, $3, $4, $5"
                   " WHERE (SELECT count(*) FROM orders_bag_line"
                   " WHERE person_id = $1 AND sku_id <> $2) < 20"
                   " ON CONFLICT (person_id, sku_id) DO UPDATE SET"
                   " count = excluded.count, selected = excluded.selected"),
               PARAMS(q->who->person_id, sku_id, put->count, put->selected, q->now), &changed));
    if (changed == 0)
        return refuse(q, BAD_INPUT, "sku_id", "袋子里最多放 %d 种，先买几样吧",
                      "the bag holds at most %d kinds", ORDERS_LINES_MAX);
    return bag_read(q, ret_bag);
}

refusal bag_remove(struct request *q, int64_t sku_id, struct bag *ret_bag) {
    TRY(db_run(q->db, SQL("ii", "DELETE FROM orders_bag_line WHERE person_id = $1 AND sku_id = $2"),
               PARAMS(q->who->person_id, sku_id), NULL));
    return bag_read(q, ret_bag);
}

refusal bag_take(struct request *q, const struct orders_line_draft_list *lines) {
    int64_t s[ORDERS_LINES_MAX] = {0};
    for (size_t i = 0; i < lines->count; i++) s[i] = lines->items[i].sku_id;
    return db_run(q->db,
                  SQL("iiiiiiiiiiiiiiiiiiiii",
                      "DELETE FROM orders_bag_line WHERE person_id = $1 AND sku_id IN ($2, $3, $4,"
                      " $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,"
                      " $21)"),
                  PARAMS(q->who->person_id, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8],
                         s[9], s[10], s[11], s[12], s[13], s[14], s[15], s[16], s[17], s[18],
                         s[19]),
                  NULL);
}

refusal bag_hear_wiped(struct request *q, const void *data) {
    const int64_t *person_id = data;
    return db_run(q->db, SQL("i", "DELETE FROM orders_bag_line WHERE person_id = $1"),
                  PARAMS(*person_id), NULL);
}

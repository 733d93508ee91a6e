/* What stands in the sheets: the lists of the desk, a page at a time, through their own doors'
 * functions. So filters, reach and masks are theirs. */
#include "market/exports/inside.h"

struct title {
    const char *zh;
    const char *en;
};

static const struct title order_titles[] = {
    {"订单号", "Order"},    {"状态", "State"},        {"商品", "Goods"},
    {"规格", "Options"},    {"件数", "Pieces"},       {"商品种数", "Lines"},
    {"金额(元)", "Total"},  {"已退(元)", "Refunded"}, {"店铺", "Seller"},
    {"收货地区", "Region"}, {"快递公司", "Carrier"},  {"快递单号", "Tracking number"},
    {"下单时间", "Placed"}, {"付款时间", "Paid"},     {"发货时间", "Shipped"},
};
static const struct title goods_titles[] = {
    {"商品编号", "Goods id"}, {"商品", "Goods"},     {"规格", "Options"},  {"价格(元)", "Price"},
    {"单价(元)", "Per unit"}, {"单位", "Unit"},      {"在售", "On sale"},  {"在库", "On hand"},
    {"已预留", "Reserved"},   {"可卖", "Available"}, {"本品已售", "Sold"}, {"上架时间", "Listed"},
};
static const struct title stock_titles[] = {
    {"商品", "Goods"},     {"规格", "Options"},    {"仓库", "Warehouse"},
    {"在库", "On hand"},   {"已预留", "Reserved"}, {"可卖", "Available"},
    {"已发出", "Shipped"}, {"损耗", "Lost"},       {"预警数", "Alarm at"},
};
static const struct title listing_titles[] = {
    {"申请号", "Listing"}, {"商品", "Goods"},           {"新上架或修改", "New or change"},
    {"状态", "State"},     {"店铺号", "Seller id"},     {"卖家在", "Seller in"},
    {"说明", "Words"},     {"交上来的时间", "Sent in"}, {"最近变动", "Changed"},
};
#define COUNT(items) (sizeof(items) / sizeof((items)[0]))

void exports_write_head(const struct exports_page *page) {
    static const struct {
        const struct title *titles;
        size_t count;
    } heads[] = {[EXPORTS_ORDERS] = {order_titles, COUNT(order_titles)},
                 [EXPORTS_GOODS] = {goods_titles, COUNT(goods_titles)},
                 [EXPORTS_STOCK] = {stock_titles, COUNT(stock_titles)},
                 [EXPORTS_LISTINGS] = {listing_titles, COUNT(listing_titles)}};
    for (size_t i = 0; i < heads[page->what].count; i++) {
        const struct title *title = &heads[page->what].titles[i];
        sheet_put_text(page->writer, text_of(page->english ? title->en : title->zh));
    }
    sheet_end_row(page->writer);
}

/* "2026-11-28 09:58" as clocks in the country show it. */
static void put_time(struct arena *arena, struct sheet_writer *writer, struct instant at) {
    enum { AHEAD_MINUTES = 8 * 60, DAY_MINUTES = 24 * 60 };
    int64_t day = instant_day_cst(at);
    int64_t minute = (at.ms / MINUTE_MS + AHEAD_MINUTES) % DAY_MINUTES;
    struct text words = TEXT("");
    if (at.ms)
        words = text_format(arena, "%04lld-%02lld-%02lld %02lld:%02lld", (long long)(day / 10000),
                            (long long)(day / 100 % 100), (long long)(day % 100),
                            (long long)(minute / 60), (long long)(minute % 60));
    sheet_put_text(writer, words);
}

static void put_id(struct arena *arena, struct sheet_writer *writer, int64_t id) {
    sheet_put_text(writer, text_format(arena, "%lld", (long long)id));
}

static void end_row(struct exports_page *page) {
    sheet_end_row(page->writer);
    page->row_count++;
}

/* ---- filters ---- */

/* Where a page begins and ends is ours to say. A name that stands twice would be heard once and
 * kept as often as it stands. */
static refusal check_filter(struct request *q, const struct exports_filter_list *filters,
                            size_t at) {
    struct text name = filters->items[at].name;
    const char *field = text_terminated(
        q->arena, text_format(q->arena, "filters.%.*s", (int)name.length, name.bytes));
    if (text_is(name, "after") || text_is(name, "limit"))
        return refuse(q, BAD_INPUT, field, "导出的是整个列表，不分页",
                      "an export takes the whole list: it has no pages");
    for (size_t i = 0; i < at; i++)
        if (text_equal(filters->items[i].name, name))
            return refuse(q, BAD_INPUT, field, "这个条件写了两次", "this filter stands twice");
    return NULL;
}

static refusal read_filters(struct request *q, const struct exports_page *page,
                            const struct shape *shape, void *ret_query) {
    struct shape_pair pairs[EXPORTS_FILTERS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < page->filters->count; i++) {
        const struct exports_filter *filter = &page->filters->items[i];
        TRY(check_filter(q, page->filters, i));
        pairs[count++] = (struct shape_pair){filter->name, filter->value};
    }
    return problem_within(q->arena, shape_read_pairs(shape, q->arena, pairs, count, ret_query),
                          "filters.");
}

#define SELLER_FIELDS(F, S) F(S, ID, seller, .required = true)
SHAPE_DECLARE(exports_seller_query, SELLER_FIELDS);
SHAPE_DEFINE(exports_seller_query, SELLER_FIELDS);

/* ---- orders ---- */

static struct text state_words(enum orders_state state, bool english) {
    static const struct title words[] = {
        [ORDERS_UNPAID] = {"待付款", "unpaid"},       [ORDERS_PAID] = {"待发货", "paid"},
        [ORDERS_SHIPPED] = {"已发货", "shipped"},     [ORDERS_RECEIVED] = {"已收货", "received"},
        [ORDERS_COMPLETED] = {"已完成", "completed"}, [ORDERS_CANCELLED] = {"已取消", "cancelled"},
        [ORDERS_EXPIRED] = {"超时未付", "expired"},   [ORDERS_REFUNDED] = {"已退款", "refunded"}};
    return text_of(english ? words[state].en : words[state].zh);
}

static void put_order(struct arena *arena, struct exports_page *page,
                      const struct orders_card *card) {
    struct sheet_writer *writer = page->writer;
    sheet_put_text(writer, card->number);
    sheet_put_text(writer, state_words(card->state, page->english));
    sheet_put_text(writer, card->title);
    sheet_put_text(writer, card->options_text);
    sheet_put_int(writer, card->piece_count);
    sheet_put_int(writer, card->line_count);
    sheet_put_yuan(writer, card->total_fen);
    sheet_put_yuan(writer, card->refunded_fen);
    sheet_put_text(writer, card->seller_name);
    sheet_put_text(writer, card->receiver_region);
    sheet_put_text(writer, card->carrier);
    sheet_put_text(writer, card->tracking_number);
    put_time(arena, writer, card->placed_at);
    put_time(arena, writer, card->paid_at);
    put_time(arena, writer, card->shipped_at);
    end_row(page);
}

static refusal read_orders(struct request *q, struct exports_page *page) {
    struct orders_list_query query = {0};
    TRY(read_filters(q, page, &orders_list_query_shape, &query));
    if (query.desk == ORDERS_MINE && !query.seller)
        return refuse(q, BAD_INPUT, "filters.desk", "请选店铺、地区或全部",
                      "say seller, place or all");
    query.limit = LIMIT_LIST_ROWS;
    if (page->after.length) text_to_int64(page->after, &query.after);
    TRY(orders_list(q, &query, &page->orders));
    page->next = page->orders.next;
    return NULL;
}

/* ---- goods and stock ---- */

static void put_goods(struct arena *arena, struct exports_page *page,
                      const struct catalog_own_goods *goods) {
    struct sheet_writer *writer = page->writer;
    for (size_t i = 0; i < goods->skus.count; i++) {
        const struct catalog_own_sku *sku = &goods->skus.items[i];
        put_id(arena, writer, goods->id);
        sheet_put_text(writer, goods->title);
        sheet_put_text(writer, sku->options_text);
        sheet_put_yuan(writer, sku->price_fen);
        sheet_put_yuan(writer, sku->unit_price_fen);
        sheet_put_text(writer, sku->unit_name);
        sheet_put_text(writer, page->english ? (goods->on_sale ? TEXT("yes") : TEXT("no"))
                                             : (goods->on_sale ? TEXT("是") : TEXT("否")));
        sheet_put_int(writer, sku->on_hand_count);
        sheet_put_int(writer, sku->reserved_count);
        sheet_put_int(writer, sku->available_count);
        sheet_put_int(writer, goods->sold_count);
        put_time(arena, writer, goods->listed_at);
        end_row(page);
    }
}

static void put_stock(struct exports_page *page, const struct catalog_stock_row *row) {
    struct sheet_writer *writer = page->writer;
    sheet_put_text(writer, row->title);
    sheet_put_text(writer, row->options_text);
    sheet_put_text(writer, row->warehouse_name);
    sheet_put_int(writer, row->on_hand_count);
    sheet_put_int(writer, row->reserved_count);
    sheet_put_int(writer, row->available_count);
    sheet_put_int(writer, row->shipped_count);
    sheet_put_int(writer, row->lost_count);
    sheet_put_int(writer, row->alarm_count);
    end_row(page);
}

static refusal read_own(struct request *q, struct exports_page *page) {
    struct exports_seller_query seller = {0};
    TRY(read_filters(q, page, &exports_seller_query_shape, &seller));
    const struct catalog_own_query query = {
        .seller_id = seller.seller, .after = page->after, .limit = STOCK_ROWS_MAX};
    if (page->what == EXPORTS_GOODS) {
        TRY(catalog_own_goods_of(q, &query, &page->goods));
        page->next = page->goods.next;
        return NULL;
    }
    TRY(catalog_own_stock_of(q, &query, &page->stock));
    page->next = page->stock.next;
    return NULL;
}

/* ---- listings ---- */

static struct text listing_state_words(enum listings_state state, bool english) {
    static const struct title words[] = {[LISTINGS_DRAFT] = {"还没交", "draft"},
                                         [LISTINGS_SUBMITTED] = {"等审", "submitted"},
                                         [LISTINGS_LISTED] = {"上架了", "listed"},
                                         [LISTINGS_REFUSED] = {"退回了", "sent back"},
                                         [LISTINGS_WITHDRAWN] = {"撤回了", "taken back"}};
    return text_of(english ? words[state].en : words[state].zh);
}

static void put_listing(struct arena *arena, struct exports_page *page,
                        const struct listings_card *card) {
    struct sheet_writer *writer = page->writer;
    put_id(arena, writer, card->id);
    sheet_put_text(writer, card->title);
    sheet_put_text(writer, page->english ? (card->is_revision ? TEXT("change") : TEXT("new"))
                                         : (card->is_revision ? TEXT("修改") : TEXT("新上架")));
    sheet_put_text(writer, listing_state_words(card->state, page->english));
    put_id(arena, writer, card->seller_id);
    sheet_put_text(writer, card->origin_name);
    sheet_put_text(writer, card->reason);
    put_time(arena, writer, card->submitted_at);
    put_time(arena, writer, card->changed_at);
    end_row(page);
}

/* Of a seller, all that it ever wrote; else what the desk looks at, by state and place. */
static refusal read_listings(struct request *q, struct exports_page *page) {
    bool of_seller = false;
    for (size_t i = 0; i < page->filters->count; i++)
        of_seller = of_seller || text_is(page->filters->items[i].name, "seller");
    if (of_seller) {
        struct exports_seller_query seller = {0};
        TRY(read_filters(q, page, &exports_seller_query_shape, &seller));
        const struct listings_own_query query = {LIMIT_LIST_ROWS, page->after};
        TRY(listings_list_seller(q, seller.seller, &query, &page->listings));
    } else if (!request_holds(q, PERMISSION_review)) {
        return refuse(q, BAD_INPUT, "filters.seller", "请选店铺", "say which seller");
    } else {
        struct listings_desk_query query = {0};
        TRY(read_filters(q, page, &listings_desk_query_shape, &query));
        query.limit = LIMIT_LIST_ROWS;
        query.after = page->after;
        TRY(listings_list_desk(q, &query, &page->listings));
    }
    page->next = page->listings.next;
    return NULL;
}

refusal exports_read_page(struct request *q, struct exports_page *page) {
    page->orders = (struct orders_card_page){0};
    page->goods = (struct catalog_own_goods_page){0};
    page->stock = (struct catalog_stock_row_page){0};
    page->listings = (struct listings_card_page){0};
    page->next = TEXT("");
    switch (page->what) {
    case EXPORTS_ORDERS: return read_orders(q, page);
    case EXPORTS_LISTINGS: return read_listings(q, page);
    case EXPORTS_GOODS:
    case EXPORTS_STOCK: break;
    }
    return read_own(q, page);
}

void exports_write_page(struct arena *arena, struct exports_page *page) {
    for (size_t i = 0; i < page->orders.items.count; i++)
        put_order(arena, page, &page->orders.items.items[i]);
    for (size_t i = 0; i < page->goods.items.count; i++)
        put_goods(arena, page, &page->goods.items.items[i]);
    for (size_t i = 0; i < page->stock.items.count; i++)
        put_stock(page, &page->stock.items.items[i]);
    for (size_t i = 0; i < page->listings.items.count; i++)
        put_listing(arena, page, &page->listings.items.items[i]);
}

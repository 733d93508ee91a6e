#include "market/search/inside.h"

static const struct route doors[] = {
    {GET, "/api/goods", PUBLIC, "Goods by words, filters and sort",
     .query = &search_goods_query_shape, .reply = &search_goods_page_shape,
     .handle = search_get_goods, .cached = true},
    {GET, "/api/suggestions", PUBLIC, "What a query may go on to; without one, popular words",
     .query = &search_suggestion_query_shape, .reply = &search_suggestion_page_shape,
     .handle = search_get_suggestions},
    {PUT, "/api/popular-words", MAY(operate), "Set the words shown before one types",
     .body = &search_popular_shape, .reply = &search_popular_shape,
     .handle = search_put_popular_door, .writes = true},
};

static const struct listener listeners[] = {
    {&catalog_goods_changed, search_hear_goods},
    {&catalog_seller_named, search_hear_seller},
    {&catalog_category_named, search_hear_category},
};

static const struct job_kind jobs[] = {
    {.name = "search.refresh", .run = search_refresh},
};

const struct room search_room = {
    .name = "search",
    .schema = "src/market/search/schema.sql",
    .routes = ROOM_LIST(doors),
    .listeners = ROOM_LIST(listeners),
    .jobs = ROOM_LIST(jobs),
};

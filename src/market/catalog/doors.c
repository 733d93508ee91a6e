#include "market/catalog/inside.h"

static const struct route doors[] = {
    {GET, "/api/home", PUBLIC, "What the home page shows", .reply = &catalog_home_shape,
     .handle = catalog_get_home, .cached = true},
    {GET, "/api/banners", MAY(operate), "All banners of the home page, also those of other days",
     .reply = &catalog_banners_draft_shape, .handle = catalog_get_banners},
    {PUT, "/api/banners", MAY(operate), "Set the banners of the home page",
     .body = &catalog_banners_draft_shape, .reply = &catalog_banners_draft_shape,
     .handle = catalog_put_banners_door, .writes = true},

    {GET, "/api/categories", PUBLIC, "The tree of categories", .query = &catalog_page_query_shape,
     .reply = &catalog_category_page_shape, .handle = catalog_get_categories, .cached = true},
    {POST, "/api/categories", MAY(operate), "Add a category", .body = &catalog_category_draft_shape,
     .reply = &catalog_category_shape, .status = 201, .handle = catalog_post_category,
     .writes = true},
    {PUT, "/api/categories/{id}", MAY(operate), "Change a category or move it in the tree",
     .path = &catalog_id_path_shape, .body = &catalog_category_draft_shape,
     .reply = &catalog_category_shape, .handle = catalog_put_category, .writes = true},

    {GET, "/api/units", PUBLIC, "The units that goods are counted and weighed in",
     .reply = &catalog_units_shape, .handle = catalog_get_units, .cached = true},
    {PUT, "/api/units", MAY(operate), "Set the units that sellers choose from",
     .body = &catalog_units_draft_shape, .reply = &catalog_units_shape, .handle = catalog_put_units,
     .writes = true},

    {GET, "/api/sections", PUBLIC, "The sections with their first goods",
     .query = &catalog_page_query_shape, .reply = &catalog_section_page_shape,
     .handle = catalog_get_sections, .cached = true},
    {GET, "/api/sections/{code}", PUBLIC, "One section with its goods",
     .path = &catalog_code_path_shape, .reply = &catalog_section_shape,
     .handle = catalog_get_section, .cached = true},
    {PUT, "/api/sections/{code}", MAY(operate), "Make or change a section",
     .path = &catalog_code_path_shape, .body = &catalog_section_draft_shape,
     .reply = &catalog_section_shape, .handle = catalog_put_section_door, .writes = true},
    {GET, "/api/sections/{code}/goods", MAY(operate),
     "The goods of a section in order, on sale or not", .path = &catalog_code_path_shape,
     .reply = &catalog_section_goods_page_shape, .handle = catalog_get_section_goods},
    {PUT, "/api/sections/{code}/goods", MAY(operate), "Set the goods of a section, in order",
     .path = &catalog_code_path_shape, .body = &catalog_section_goods_draft_shape,
     .reply = &catalog_section_shape, .handle = catalog_put_section_goods_door, .writes = true},

    {GET, "/api/zones", PUBLIC, "The zones with their counties", .query = &catalog_page_query_shape,
     .reply = &catalog_zone_page_shape, .handle = catalog_get_zones, .cached = true},
    {GET, "/api/zones/{code}", PUBLIC, "One zone with its counties",
     .path = &catalog_code_path_shape, .reply = &catalog_zone_shape, .handle = catalog_get_zone,
     .cached = true},
    {PUT, "/api/zones/{code}", MAY(operate), "Make or change a zone and its counties",
     .path = &catalog_code_path_shape, .body = &catalog_zone_draft_shape,
     .reply = &catalog_zone_shape, .handle = catalog_put_zone_door, .writes = true},

    {GET, "/api/sellers", PUBLIC, "Sellers by place and kind", .query = &catalog_seller_query_shape,
     .reply = &catalog_seller_page_shape, .handle = catalog_get_sellers, .cached = true},
    {GET, "/api/sellers/{id}", PUBLIC, "One seller", .path = &catalog_id_path_shape,
     .reply = &catalog_seller_shape, .handle = catalog_get_seller, .cached = true},
    {POST, "/api/sellers", MAY(operate), "Let a seller in", .body = &catalog_seller_draft_shape,
     .reply = &catalog_seller_shape, .status = 201, .handle = catalog_post_seller, .writes = true},
    {PUT, "/api/sellers/{id}", MAY(operate), "Change a seller", .path = &catalog_id_path_shape,
     .body = &catalog_seller_draft_shape, .reply = &catalog_seller_shape,
     .handle = catalog_put_seller, .writes = true},
    {GET, "/api/sellers/{id}/goods", MAY(sell), "A seller's own goods with prices and stock",
     .path = &catalog_id_path_shape, .query = &catalog_page_query_shape,
     .reply = &catalog_own_goods_page_shape, .handle = catalog_get_own_goods},

    {GET, "/api/stock", MAY(sell), "What lies in a seller's warehouses",
     .query = &catalog_stock_query_shape, .reply = &catalog_stock_row_page_shape,
     .handle = catalog_get_stock},

    {GET, "/api/goods/{id}", PUBLIC, "One goods with its SKUs", .path = &catalog_id_path_shape,
     .reply = &catalog_goods_shape, .handle = catalog_get_goods, .cached = true},
    {PUT, "/api/goods/{id}/sale", MAY(sell), "Take a goods off sale, or put it back",
     .path = &catalog_id_path_shape, .body = &catalog_sale_draft_shape,
     .reply = &catalog_goods_shape, .handle = catalog_put_sale, .writes = true},
    {GET, "/api/goods/{id}/prices", PUBLIC, "The price history of a goods",
     .path = &catalog_id_path_shape, .query = &catalog_page_query_shape,
     .reply = &catalog_price_point_page_shape, .handle = catalog_get_prices, .cached = true},
    {PUT, "/api/goods/{id}/skus/{sku_id}/price", MAY(sell), "Set the price of a SKU from now on",
     .path = &catalog_sku_path_shape, .body = &catalog_price_draft_shape,
     .reply = &catalog_sku_shape, .handle = catalog_put_price, .writes = true},
};

static const struct listener listeners[] = {
    {&stock_ran_out, catalog_hear_ran_out},
    {&stock_came_back, catalog_hear_came_back},
    {&people_organisation_asked, catalog_hear_organisation},
};

static const struct job_kind jobs[] = {
    {.name = "catalog.recount", .run = catalog_recount, .every_ms = 10 * SECOND_MS},
    {.name = "catalog.banners", .run = catalog_turn_banners},
};

const struct room catalog_room = {
    .name = "catalog",
    .schema = "src/market/catalog/schema.sql",
    .routes = ROOM_LIST(doors),
    .listeners = ROOM_LIST(listeners),
    .jobs = ROOM_LIST(jobs),
    .check = catalog_check,
};

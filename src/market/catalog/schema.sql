-- step 1: sellers, categories, goods with their SKUs and prices, sections, zones, banners, and the shelves that lists read
CREATE TABLE catalog_seller (
    seller_id BIGINT NOT NULL PRIMARY KEY CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind = 'brand' OR kind = 'company' OR kind = 'cooperative'
        OR kind = 'micro_shop' OR kind = 'household' OR kind = 'village_shop'
        OR kind = 'workshop' OR kind = 'station'),
    summary TEXT NOT NULL,
    picture TEXT NOT NULL,
    place_code BIGINT NOT NULL CHECK (place_code BETWEEN 0 AND 999999999999),
    licence_text TEXT NOT NULL,
    fee_permille BIGINT NOT NULL CHECK (fee_permille BETWEEN 0 AND 1000),
    goods_count BIGINT NOT NULL CHECK (goods_count BETWEEN 0 AND 1000000000),
    sold_count BIGINT NOT NULL CHECK (sold_count BETWEEN 0 AND 1000000000000),
    opened_at BIGINT NOT NULL CHECK (opened_at BETWEEN 0 AND 253402300799999)
);
CREATE INDEX catalog_seller_by_place ON catalog_seller (place_code, seller_id);
CREATE INDEX catalog_seller_by_kind ON catalog_seller (kind, place_code, seller_id);

-- parent_id 0 stands at the top.
CREATE TABLE catalog_category (
    category_id BIGINT NOT NULL PRIMARY KEY CHECK (category_id BETWEEN 1 AND 9223372036854775807),
    parent_id BIGINT NOT NULL CHECK (parent_id BETWEEN 0 AND 9223372036854775807),
    name TEXT NOT NULL,
    picture TEXT NOT NULL,
    sort_order BIGINT NOT NULL CHECK (sort_order BETWEEN 0 AND 1000000)
);
CREATE INDEX catalog_category_by_parent ON catalog_category (parent_id, sort_order, category_id);

-- What a card in a list shows, in one narrow row. price_fen, unit_price_fen, unit_name and sku_id are those of the SKU that the
-- card sells: the cheapest that can be bought, or the cheapest of all when none can. The long texts lie in catalog_goods_words.
CREATE TABLE catalog_goods (
    goods_id BIGINT NOT NULL PRIMARY KEY CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    category_id BIGINT NOT NULL CHECK (category_id BETWEEN 1 AND 9223372036854775807),
    place_code BIGINT NOT NULL CHECK (place_code BETWEEN 0 AND 999999999999),
    title TEXT NOT NULL,
    picture TEXT NOT NULL,
    origin_name TEXT NOT NULL,
    seller_name TEXT NOT NULL,
    sku_id BIGINT NOT NULL CHECK (sku_id BETWEEN 0 AND 9223372036854775807),
    sku_count BIGINT NOT NULL CHECK (sku_count BETWEEN 0 AND 1000),
    price_fen BIGINT NOT NULL CHECK (price_fen BETWEEN 0 AND 10000000000000),
    unit_price_fen BIGINT NOT NULL CHECK (unit_price_fen BETWEEN 0 AND 10000000000000),
    unit_name TEXT NOT NULL,
    available BIGINT NOT NULL CHECK (available BETWEEN 0 AND 1),
    free_freight BIGINT NOT NULL CHECK (free_freight BETWEEN 0 AND 1),
    on_sale BIGINT NOT NULL CHECK (on_sale BETWEEN 0 AND 1),
    sold_count BIGINT NOT NULL CHECK (sold_count BETWEEN 0 AND 1000000000000),
    listed_at BIGINT NOT NULL CHECK (listed_at BETWEEN 0 AND 253402300799999),
    changed_at BIGINT NOT NULL CHECK (changed_at BETWEEN 0 AND 253402300799999)
);
CREATE INDEX catalog_goods_by_seller ON catalog_goods (seller_id, goods_id);
CREATE INDEX catalog_goods_by_category ON catalog_goods (category_id, goods_id);

-- Lists of texts (pictures; facts and options as name, value, name, value) are joined by U+001E.
CREATE TABLE catalog_goods_words (
    goods_id BIGINT NOT NULL PRIMARY KEY CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    summary TEXT NOT NULL,
    story TEXT NOT NULL,
    pictures TEXT NOT NULL,
    facts TEXT NOT NULL,
    piece_name TEXT NOT NULL,
    ship_within_hours BIGINT NOT NULL CHECK (ship_within_hours BETWEEN 1 AND 8760)
);

-- reference_price_fen is worked out from catalog_price when the price changes; 0: the history proves none.
CREATE TABLE catalog_sku (
    goods_id BIGINT NOT NULL CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    sku_id BIGINT NOT NULL CHECK (sku_id BETWEEN 1 AND 9223372036854775807),
    sort_order BIGINT NOT NULL CHECK (sort_order BETWEEN 0 AND 1000),
    options TEXT NOT NULL,
    options_text TEXT NOT NULL,
    note TEXT NOT NULL,
    price_fen BIGINT NOT NULL CHECK (price_fen BETWEEN 1 AND 10000000000000),
    price_since_at BIGINT NOT NULL CHECK (price_since_at BETWEEN 0 AND 253402300799999),
    reference_price_fen BIGINT NOT NULL CHECK (reference_price_fen BETWEEN 0 AND 10000000000000),
    reference_at BIGINT NOT NULL CHECK (reference_at BETWEEN 0 AND 253402300799999),
    net_milli BIGINT NOT NULL CHECK (net_milli BETWEEN 1 AND 100000000000),
    net_unit TEXT NOT NULL,
    weight_g BIGINT NOT NULL CHECK (weight_g BETWEEN 1 AND 1000000000),
    limit_count BIGINT NOT NULL CHECK (limit_count BETWEEN 0 AND 9999),
    return_policy TEXT NOT NULL CHECK (return_policy = 'seven_days' OR return_policy = 'fresh'
        OR return_policy = 'made_to_order' OR return_policy = 'opened_void'),
    on_sale BIGINT NOT NULL CHECK (on_sale BETWEEN 0 AND 1),
    available BIGINT NOT NULL CHECK (available BETWEEN 0 AND 1),
    PRIMARY KEY (goods_id, sku_id),
    CHECK (reference_price_fen = 0 OR reference_price_fen > price_fen)
);
CREATE INDEX catalog_sku_by_id ON catalog_sku (sku_id);

-- Every price from its first moment on; rows are only ever added.
CREATE TABLE catalog_price (
    goods_id BIGINT NOT NULL CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    since_at BIGINT NOT NULL CHECK (since_at BETWEEN 0 AND 253402300799999),
    sku_id BIGINT NOT NULL CHECK (sku_id BETWEEN 1 AND 9223372036854775807),
    price_fen BIGINT NOT NULL CHECK (price_fen BETWEEN 1 AND 10000000000000),
    PRIMARY KEY (goods_id, since_at, sku_id)
);

CREATE TABLE catalog_section (
    code TEXT NOT NULL PRIMARY KEY,
    section_id BIGINT NOT NULL CHECK (section_id BETWEEN 1 AND 9223372036854775807),
    name TEXT NOT NULL,
    tagline TEXT NOT NULL,
    picture TEXT NOT NULL,
    sort_order BIGINT NOT NULL CHECK (sort_order BETWEEN 0 AND 1000000)
);
CREATE TABLE catalog_section_goods (
    section_id BIGINT NOT NULL CHECK (section_id BETWEEN 1 AND 9223372036854775807),
    goods_id BIGINT NOT NULL CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    sort_order BIGINT NOT NULL CHECK (sort_order BETWEEN 0 AND 1000000),
    PRIMARY KEY (section_id, goods_id)
);
CREATE INDEX catalog_section_goods_in_order ON catalog_section_goods (section_id, sort_order, goods_id);
CREATE INDEX catalog_section_goods_by_goods ON catalog_section_goods (goods_id, section_id);

-- A zone is a set of counties; its goods are those that come from there.
CREATE TABLE catalog_zone (
    code TEXT NOT NULL PRIMARY KEY,
    zone_id BIGINT NOT NULL CHECK (zone_id BETWEEN 1 AND 9223372036854775807),
    name TEXT NOT NULL,
    tagline TEXT NOT NULL,
    picture TEXT NOT NULL,
    sort_order BIGINT NOT NULL CHECK (sort_order BETWEEN 0 AND 1000000)
);
CREATE TABLE catalog_zone_county (
    zone_id BIGINT NOT NULL CHECK (zone_id BETWEEN 1 AND 9223372036854775807),
    place_code BIGINT NOT NULL CHECK (place_code BETWEEN 1 AND 999999999999),
    sort_order BIGINT NOT NULL CHECK (sort_order BETWEEN 0 AND 1000000),
    PRIMARY KEY (zone_id, place_code)
);
CREATE INDEX catalog_zone_county_by_place ON catalog_zone_county (place_code, zone_id);

CREATE TABLE catalog_banner (
    banner_id BIGINT NOT NULL PRIMARY KEY CHECK (banner_id BETWEEN 1 AND 9223372036854775807),
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    picture TEXT NOT NULL,
    link TEXT NOT NULL,
    sort_order BIGINT NOT NULL CHECK (sort_order BETWEEN 0 AND 1000000)
);
CREATE INDEX catalog_banner_in_order ON catalog_banner (sort_order, banner_id);

-- The shelves that each goods on sale stands on, with the keys that lists are sorted by. Made from the tables above, so it can be
-- made anew. shelf_kind: 0 everything, 1 category (and those above it), 2 section, 3 zone, 4 seller, 5 place (each level of it).
CREATE TABLE catalog_shelf (
    goods_id BIGINT NOT NULL CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    shelf_kind BIGINT NOT NULL CHECK (shelf_kind BETWEEN 0 AND 5),
    shelf_id BIGINT NOT NULL CHECK (shelf_id BETWEEN 0 AND 9223372036854775807),
    listed_at BIGINT NOT NULL CHECK (listed_at BETWEEN 0 AND 253402300799999),
    sold_count BIGINT NOT NULL CHECK (sold_count BETWEEN 0 AND 1000000000000),
    price_fen BIGINT NOT NULL CHECK (price_fen BETWEEN 0 AND 10000000000000),
    place_code BIGINT NOT NULL CHECK (place_code BETWEEN 0 AND 999999999999),
    PRIMARY KEY (goods_id, shelf_kind, shelf_id)
);
CREATE INDEX catalog_shelf_newest ON catalog_shelf (shelf_kind, shelf_id, listed_at, goods_id);
CREATE INDEX catalog_shelf_sold ON catalog_shelf (shelf_kind, shelf_id, sold_count, goods_id);
CREATE INDEX catalog_shelf_price ON catalog_shelf (shelf_kind, shelf_id, price_fen, goods_id);
CREATE INDEX catalog_shelf_place ON catalog_shelf (shelf_kind, shelf_id, place_code, goods_id);

-- A row for every sale that the shelves, and the seller's sum, do not show yet: the job catalog.recount brings them up.
CREATE TABLE catalog_recount (
    goods_id BIGINT NOT NULL CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    mark_id BIGINT NOT NULL CHECK (mark_id BETWEEN 1 AND 9223372036854775807),
    PRIMARY KEY (goods_id, mark_id)
);

-- step 2: which categories hold processed food, whose makers need a licence
ALTER TABLE catalog_category ADD COLUMN processed_food BIGINT NOT NULL DEFAULT 0 CHECK (processed_food BETWEEN 0 AND 1);

-- step 3: the desk that arranges the home page: what stands there, and from when until when a banner does (0: no bound)
ALTER TABLE catalog_section ADD COLUMN on_home BIGINT NOT NULL DEFAULT 1 CHECK (on_home BETWEEN 0 AND 1);
CREATE INDEX catalog_section_in_order ON catalog_section (sort_order, code);
ALTER TABLE catalog_zone ADD COLUMN on_home BIGINT NOT NULL DEFAULT 1 CHECK (on_home BETWEEN 0 AND 1);
CREATE INDEX catalog_zone_in_order ON catalog_zone (sort_order, code);
ALTER TABLE catalog_banner ADD COLUMN from_at BIGINT NOT NULL DEFAULT 0 CHECK (from_at BETWEEN 0 AND 253402300799999);
ALTER TABLE catalog_banner ADD COLUMN until_at BIGINT NOT NULL DEFAULT 0 CHECK (until_at BETWEEN 0 AND 253402300799999);
-- What is on sale with nothing left to buy.
CREATE INDEX catalog_goods_sold_out ON catalog_goods (seller_id, goods_id) WHERE on_sale = 1 AND available = 0;

-- step 4: the units that sellers choose from; none: all that the house knows
CREATE TABLE catalog_unit (
    unit_name TEXT NOT NULL PRIMARY KEY,
    sort_order BIGINT NOT NULL CHECK (sort_order BETWEEN 0 AND 1000000)
);

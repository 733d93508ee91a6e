-- step 1: bag, freight rules, orders with their lines and parcel events
CREATE TABLE orders_bag_line (
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    sku_id BIGINT NOT NULL CHECK (sku_id BETWEEN 1 AND 9223372036854775807),
    count BIGINT NOT NULL CHECK (count BETWEEN 1 AND 9999),
    selected BIGINT NOT NULL CHECK (selected BETWEEN 0 AND 1),
    added_at BIGINT NOT NULL CHECK (added_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (person_id, sku_id)
);

CREATE TABLE orders_freight_rule (
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 0 AND 9223372036854775807),
    region_code BIGINT NOT NULL CHECK (region_code BETWEEN 0 AND 999999999999),
    first_g BIGINT NOT NULL CHECK (first_g BETWEEN 1 AND 1000000000),
    first_fen BIGINT NOT NULL CHECK (first_fen BETWEEN 0 AND 100000000),
    next_g BIGINT NOT NULL CHECK (next_g BETWEEN 1 AND 1000000000),
    next_fen BIGINT NOT NULL CHECK (next_fen BETWEEN 0 AND 100000000),
    free_over_fen BIGINT NOT NULL CHECK (free_over_fen BETWEEN 0 AND 10000000000000),
    deliverable BIGINT NOT NULL CHECK (deliverable BETWEEN 0 AND 1),
    PRIMARY KEY (seller_id, region_code)
);

CREATE TABLE orders_order (
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    purchase_id BIGINT NOT NULL CHECK (purchase_id BETWEEN 1 AND 9223372036854775807),
    buyer_id BIGINT NOT NULL CHECK (buyer_id BETWEEN 1 AND 9223372036854775807),
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    seller_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state = 'unpaid' OR state = 'paid' OR state = 'shipped' OR state = 'received'
        OR state = 'completed' OR state = 'cancelled' OR state = 'expired'
        OR state = 'refunded'),
    goods_fen BIGINT NOT NULL CHECK (goods_fen BETWEEN 0 AND 10000000000000),
    freight_fen BIGINT NOT NULL CHECK (freight_fen BETWEEN 0 AND 10000000000000),
    platform_fee_fen BIGINT NOT NULL CHECK (platform_fee_fen BETWEEN 0 AND 0),
    total_fen BIGINT NOT NULL CHECK (total_fen BETWEEN 0 AND 10000000000000),
    paid_fen BIGINT NOT NULL CHECK (paid_fen BETWEEN 0 AND 10000000000000),
    refunded_fen BIGINT NOT NULL CHECK (refunded_fen BETWEEN 0 AND 10000000000000),
    payment_id BIGINT NOT NULL CHECK (payment_id BETWEEN 0 AND 9223372036854775807),
    receiver BYTEA NOT NULL,
    receiver_place_code BIGINT NOT NULL CHECK (receiver_place_code BETWEEN 0 AND 999999999999),
    ticked_return_terms BIGINT NOT NULL CHECK (ticked_return_terms BETWEEN 0 AND 1),
    title TEXT NOT NULL,
    picture TEXT NOT NULL,
    options_text TEXT NOT NULL,
    piece_count BIGINT NOT NULL CHECK (piece_count BETWEEN 1 AND 1000000),
    line_count BIGINT NOT NULL CHECK (line_count BETWEEN 1 AND 20),
    carrier TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    placed_at BIGINT NOT NULL CHECK (placed_at BETWEEN 0 AND 253402300799999),
    pay_before_at BIGINT NOT NULL CHECK (pay_before_at BETWEEN 0 AND 253402300799999),
    paid_at BIGINT NOT NULL CHECK (paid_at BETWEEN 0 AND 253402300799999),
    shipped_at BIGINT NOT NULL CHECK (shipped_at BETWEEN 0 AND 253402300799999),
    received_at BIGINT NOT NULL CHECK (received_at BETWEEN 0 AND 253402300799999),
    completed_at BIGINT NOT NULL CHECK (completed_at BETWEEN 0 AND 253402300799999),
    closed_at BIGINT NOT NULL CHECK (closed_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (id),
    CHECK (total_fen = goods_fen + freight_fen + platform_fee_fen),
    CHECK (refunded_fen <= paid_fen)
);
CREATE INDEX orders_order_of_buyer ON orders_order (buyer_id, id);
CREATE INDEX orders_order_of_buyer_by_state ON orders_order (buyer_id, state, id);
CREATE INDEX orders_order_of_seller ON orders_order (seller_id, id);
CREATE INDEX orders_order_of_seller_by_state ON orders_order (seller_id, state, id);
CREATE INDEX orders_order_of_purchase ON orders_order (purchase_id, id);

CREATE TABLE orders_line (
    order_id BIGINT NOT NULL CHECK (order_id BETWEEN 1 AND 9223372036854775807),
    line_no BIGINT NOT NULL CHECK (line_no BETWEEN 1 AND 20),
    hold_id BIGINT NOT NULL CHECK (hold_id BETWEEN 1 AND 9223372036854775807),
    sku_id BIGINT NOT NULL CHECK (sku_id BETWEEN 1 AND 9223372036854775807),
    goods_id BIGINT NOT NULL CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    warehouse_id BIGINT NOT NULL CHECK (warehouse_id BETWEEN 0 AND 9223372036854775807),
    title TEXT NOT NULL,
    options_text TEXT NOT NULL,
    picture TEXT NOT NULL,
    count BIGINT NOT NULL CHECK (count BETWEEN 1 AND 9999),
    price_fen BIGINT NOT NULL CHECK (price_fen BETWEEN 0 AND 10000000000000),
    total_fen BIGINT NOT NULL CHECK (total_fen BETWEEN 0 AND 10000000000000),
    return_policy TEXT NOT NULL CHECK (return_policy = 'seven_days' OR return_policy = 'fresh'
        OR return_policy = 'made_to_order' OR return_policy = 'opened_void'),
    refunded_count BIGINT NOT NULL CHECK (refunded_count BETWEEN 0 AND 9999),
    refunded_fen BIGINT NOT NULL CHECK (refunded_fen BETWEEN 0 AND 10000000000000),
    PRIMARY KEY (order_id, line_no),
    CHECK (refunded_count <= count),
    CHECK (refunded_fen <= total_fen)
);

CREATE TABLE orders_event (
    order_id BIGINT NOT NULL CHECK (order_id BETWEEN 1 AND 9223372036854775807),
    event_id BIGINT NOT NULL CHECK (event_id BETWEEN 1 AND 9223372036854775807),
    at BIGINT NOT NULL CHECK (at BETWEEN 0 AND 253402300799999),
    kind TEXT NOT NULL CHECK (kind = 'transit' OR kind = 'refunded' OR kind = 'late_money'
        OR kind = 'money_back'),
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (order_id, event_id)
);

-- step 2: while a case of after-sales is open, the order neither counts as received by itself nor completes
ALTER TABLE orders_order ADD COLUMN open_case_count BIGINT NOT NULL DEFAULT 0 CHECK (open_case_count BETWEEN 0 AND 100);

-- step 3: what the desk finds orders by: the seller's place as it was when the order was placed, states, parcels
-- 0 until the job orders.place_sellers has filled in what was there before. A county is the first six of the twelve digits.
ALTER TABLE orders_order ADD COLUMN seller_place_code BIGINT NOT NULL DEFAULT 0
    CHECK (seller_place_code BETWEEN 0 AND 999999999999);
CREATE INDEX orders_order_of_county ON orders_order ((seller_place_code / 1000000), id);
CREATE INDEX orders_order_of_county_by_state ON orders_order ((seller_place_code / 1000000), state, id);
CREATE INDEX orders_order_by_state ON orders_order (state, id);
CREATE INDEX orders_order_by_parcel ON orders_order (tracking_number, id) WHERE tracking_number <> '';

-- step 4: what the desk of a city or a province finds orders by, and parcels by who carries them, however few of many they are
CREATE INDEX orders_order_of_city ON orders_order ((seller_place_code / 100000000), id);
CREATE INDEX orders_order_of_city_by_state ON orders_order ((seller_place_code / 100000000), state, id);
CREATE INDEX orders_order_of_province ON orders_order ((seller_place_code / 10000000000), id);
CREATE INDEX orders_order_of_province_by_state ON orders_order ((seller_place_code / 10000000000), state, id);
CREATE INDEX orders_order_by_carrier ON orders_order (carrier, id) WHERE carrier <> '';
CREATE INDEX orders_order_of_seller_by_carrier ON orders_order (seller_id, carrier, id) WHERE carrier <> '';
CREATE INDEX orders_order_of_county_by_carrier ON orders_order ((seller_place_code / 1000000), carrier, id) WHERE carrier <> '';
CREATE INDEX orders_order_of_city_by_carrier ON orders_order ((seller_place_code / 100000000), carrier, id) WHERE carrier <> '';
CREATE INDEX orders_order_of_province_by_carrier ON orders_order ((seller_place_code / 10000000000), carrier, id)
    WHERE carrier <> '';

-- step 5: what the house did itself is kept as its sum, because it is said in the language of who reads
UPDATE orders_event SET title = replace(replace(title, '退了 ', ''), ' 元', '') WHERE kind = 'refunded';
UPDATE orders_event SET title = replace(words, ' 元', ''), words = '' WHERE kind = 'money_back';
UPDATE orders_event SET title = '' WHERE kind = 'late_money';

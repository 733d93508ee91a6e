-- step 1: what happened since the last roll-up, and the sums of days
CREATE TABLE dashboards_mark (
    mark_id BIGINT NOT NULL PRIMARY KEY CHECK (mark_id BETWEEN 1 AND 9223372036854775807),
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    place_code BIGINT NOT NULL CHECK (place_code BETWEEN 0 AND 999999999999),
    day BIGINT NOT NULL CHECK (day BETWEEN 20000101 AND 99991231),
    order_count BIGINT NOT NULL CHECK (order_count BETWEEN 0 AND 1),
    paid_fen BIGINT NOT NULL CHECK (paid_fen BETWEEN 0 AND 10000000000000),
    refunded_fen BIGINT NOT NULL CHECK (refunded_fen BETWEEN 0 AND 10000000000000)
);

-- A place's row holds all sellers in it, so a view reads one row a day; the place 0 is everywhere.
CREATE TABLE dashboards_day (
    reach_id BIGINT NOT NULL CHECK (reach_id BETWEEN 0 AND 9223372036854775807),
    reach TEXT NOT NULL CHECK (reach = 'seller' OR reach = 'place'),
    day BIGINT NOT NULL CHECK (day BETWEEN 20000101 AND 99991231),
    order_count BIGINT NOT NULL CHECK (order_count BETWEEN 0 AND 1000000000000),
    paid_fen BIGINT NOT NULL CHECK (paid_fen BETWEEN 0 AND 9000000000000000000),
    refunded_fen BIGINT NOT NULL CHECK (refunded_fen BETWEEN 0 AND 9000000000000000000),
    PRIMARY KEY (reach_id, reach, day)
);

-- step 2: the marks of one seller, for the beginning and for `xiangji check`: there may be very many before they are rolled up
CREATE INDEX dashboards_mark_of_seller ON dashboards_mark (seller_id);

-- step 3: the places of one day, for the board on the wall
CREATE INDEX dashboards_day_of_day ON dashboards_day (day, reach, reach_id);

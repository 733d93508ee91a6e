-- step 1: warehouses of sellers, what is stocked where, and why it was changed by hand
-- Number 1 is the seller's own, made with the first SKU. The id is the place of the ledger's accounts.
CREATE TABLE stock_warehouse (
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    number BIGINT NOT NULL CHECK (number BETWEEN 1 AND 50),
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    name TEXT NOT NULL CHECK (name <> ''),
    opened_at BIGINT NOT NULL CHECK (opened_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (seller_id, number)
);
CREATE INDEX stock_warehouse_by_id ON stock_warehouse (id);

-- A SKU in a warehouse. How many there are is in the ledger alone.
CREATE TABLE stock_item (
    goods_id BIGINT NOT NULL CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    sku_id BIGINT NOT NULL CHECK (sku_id BETWEEN 1 AND 9223372036854775807),
    warehouse_id BIGINT NOT NULL CHECK (warehouse_id BETWEEN 1 AND 9223372036854775807),
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    alarm_count BIGINT NOT NULL CHECK (alarm_count BETWEEN 0 AND 1000000000),
    begun_at BIGINT NOT NULL CHECK (begun_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (goods_id, sku_id, warehouse_id)
);
CREATE INDEX stock_item_of_seller ON stock_item (seller_id, goods_id, sku_id, warehouse_id);
CREATE INDEX stock_item_of_sku ON stock_item (sku_id, warehouse_id);

-- A receipt, a loss or a count: the document that the ledger's transfer of the same id is for.
CREATE TABLE stock_note (
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    kind TEXT NOT NULL CHECK (kind = 'receipt' OR kind = 'loss' OR kind = 'count'),
    goods_id BIGINT NOT NULL CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    sku_id BIGINT NOT NULL CHECK (sku_id BETWEEN 1 AND 9223372036854775807),
    warehouse_id BIGINT NOT NULL CHECK (warehouse_id BETWEEN 1 AND 9223372036854775807),
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 0 AND 9223372036854775807),
    count BIGINT NOT NULL CHECK (count BETWEEN 0 AND 1000000000),
    note TEXT NOT NULL,
    at BIGINT NOT NULL CHECK (at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (id)
);

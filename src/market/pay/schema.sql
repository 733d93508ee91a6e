-- step 1: payments, the orders they pay, refunds, and the events of providers that were heard
CREATE TABLE pay_payment (
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    purchase_id BIGINT NOT NULL CHECK (purchase_id BETWEEN 1 AND 9223372036854775807),
    buyer_id BIGINT NOT NULL CHECK (buyer_id BETWEEN 1 AND 9223372036854775807),
    gateway TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state = 'preparing' OR state = 'ready' OR state = 'paid' OR state = 'failed'
        OR state = 'closed' OR state = 'refunded'),
    amount_fen BIGINT NOT NULL CHECK (amount_fen BETWEEN 1 AND 10000000000000),
    cashier_url TEXT NOT NULL,
    created_at BIGINT NOT NULL CHECK (created_at BETWEEN 0 AND 253402300799999),
    pay_before_at BIGINT NOT NULL CHECK (pay_before_at BETWEEN 0 AND 253402300799999),
    paid_at BIGINT NOT NULL CHECK (paid_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (id)
);
CREATE INDEX pay_payment_of_purchase ON pay_payment (purchase_id, id);

CREATE TABLE pay_part (
    payment_id BIGINT NOT NULL CHECK (payment_id BETWEEN 1 AND 9223372036854775807),
    order_id BIGINT NOT NULL CHECK (order_id BETWEEN 1 AND 9223372036854775807),
    amount_fen BIGINT NOT NULL CHECK (amount_fen BETWEEN 1 AND 10000000000000),
    PRIMARY KEY (payment_id, order_id)
);

CREATE TABLE pay_refund (
    order_id BIGINT NOT NULL CHECK (order_id BETWEEN 1 AND 9223372036854775807),
    refund_id BIGINT NOT NULL CHECK (refund_id BETWEEN 1 AND 9223372036854775807),
    payment_id BIGINT NOT NULL CHECK (payment_id BETWEEN 1 AND 9223372036854775807),
    amount_fen BIGINT NOT NULL CHECK (amount_fen BETWEEN 1 AND 10000000000000),
    state TEXT NOT NULL CHECK (state IN ('asked', 'done')),
    reason TEXT NOT NULL,
    asked_at BIGINT NOT NULL CHECK (asked_at BETWEEN 0 AND 253402300799999),
    done_at BIGINT NOT NULL CHECK (done_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (order_id, refund_id)
);

CREATE TABLE pay_notice (
    event_key TEXT NOT NULL CHECK (event_key <> ''),
    payment_id BIGINT NOT NULL CHECK (payment_id BETWEEN 1 AND 9223372036854775807),
    kind TEXT NOT NULL CHECK (kind IN ('paid', 'failed')),
    at BIGINT NOT NULL CHECK (at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (event_key)
);

-- step 2: the payments of a person, for the copy of the person's own data
CREATE INDEX pay_payment_of_buyer ON pay_payment (buyer_id, id);

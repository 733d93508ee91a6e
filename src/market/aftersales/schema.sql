-- step 1: cases with their lines, pictures and events; complaints; requests for invoices
CREATE TABLE aftersales_case (
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    order_id BIGINT NOT NULL CHECK (order_id BETWEEN 1 AND 9223372036854775807),
    buyer_id BIGINT NOT NULL CHECK (buyer_id BETWEEN 1 AND 9223372036854775807),
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    seller_name TEXT NOT NULL,
    place_code BIGINT NOT NULL CHECK (place_code BETWEEN 0 AND 999999999999),
    kind TEXT NOT NULL CHECK (kind = 'money' OR kind = 'return' OR kind = 'exchange'),
    reason TEXT NOT NULL CHECK (reason = 'not_received' OR reason = 'damaged' OR reason = 'wrong_item'
        OR reason = 'quality' OR reason = 'not_wanted' OR reason = 'other'),
    state TEXT NOT NULL CHECK (state = 'open' OR state = 'offered' OR state = 'refused' OR state = 'returning'
        OR state = 'returned' OR state = 'replacing' OR state = 'replaced' OR state = 'arbitration' OR state = 'closed'),
    outcome TEXT NOT NULL CHECK (outcome = 'none' OR outcome = 'refunded' OR outcome = 'exchanged'
        OR outcome = 'rejected' OR outcome = 'withdrawn' OR outcome = 'lapsed'),
    is_late BIGINT NOT NULL CHECK (is_late BETWEEN 0 AND 1),
    is_lawful BIGINT NOT NULL CHECK (is_lawful BETWEEN 0 AND 1),
    is_overdue BIGINT NOT NULL CHECK (is_overdue BETWEEN 0 AND 1),
    is_holding BIGINT NOT NULL CHECK (is_holding BETWEEN 0 AND 1),
    picture_count BIGINT NOT NULL CHECK (picture_count BETWEEN 0 AND 9),
    piece_count BIGINT NOT NULL CHECK (piece_count BETWEEN 1 AND 1000000),
    title TEXT NOT NULL,
    picture TEXT NOT NULL,
    words TEXT NOT NULL,
    asked_fen BIGINT NOT NULL CHECK (asked_fen BETWEEN 0 AND 10000000000000),
    offered_fen BIGINT NOT NULL CHECK (offered_fen BETWEEN 0 AND 10000000000000),
    refunded_fen BIGINT NOT NULL CHECK (refunded_fen BETWEEN 0 AND 10000000000000),
    refund_id BIGINT NOT NULL CHECK (refund_id BETWEEN 0 AND 9223372036854775807),
    bearer TEXT NOT NULL CHECK (bearer = 'seller' OR bearer = 'buyer' OR bearer = 'both'),
    answered_by BIGINT NOT NULL CHECK (answered_by BETWEEN 0 AND 9223372036854775807),
    return_to BYTEA NOT NULL,
    return_carrier TEXT NOT NULL,
    return_tracking TEXT NOT NULL,
    new_carrier TEXT NOT NULL,
    new_tracking TEXT NOT NULL,
    opened_at BIGINT NOT NULL CHECK (opened_at BETWEEN 0 AND 253402300799999),
    due_at BIGINT NOT NULL CHECK (due_at BETWEEN 0 AND 253402300799999),
    closed_at BIGINT NOT NULL CHECK (closed_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (id),
    CHECK ((state = 'closed' AND outcome <> 'none') OR (state <> 'closed' AND outcome = 'none' AND refunded_fen = 0)),
    CHECK ((refunded_fen = 0 AND refund_id = 0) OR (refunded_fen > 0 AND refund_id > 0))
);
CREATE INDEX aftersales_case_of_order ON aftersales_case (order_id, id);
CREATE INDEX aftersales_case_of_buyer ON aftersales_case (buyer_id, id);
CREATE INDEX aftersales_case_of_seller ON aftersales_case (seller_id, id);
CREATE INDEX aftersales_case_of_state ON aftersales_case (state, id);

-- bad_count of of_count of the COUNT pieces' contents are bad (3 of 12 pears); both 0: the pieces themselves are meant.
-- hold_id is the hold of the replacement in the ledger, whose document is the case.
CREATE TABLE aftersales_line (
    case_id BIGINT NOT NULL CHECK (case_id BETWEEN 1 AND 9223372036854775807),
    line_no BIGINT NOT NULL CHECK (line_no BETWEEN 1 AND 20),
    goods_id BIGINT NOT NULL CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    sku_id BIGINT NOT NULL CHECK (sku_id BETWEEN 1 AND 9223372036854775807),
    title TEXT NOT NULL,
    options_text TEXT NOT NULL,
    picture TEXT NOT NULL,
    count BIGINT NOT NULL CHECK (count BETWEEN 1 AND 9999),
    bad_count BIGINT NOT NULL CHECK (bad_count BETWEEN 0 AND 10000),
    of_count BIGINT NOT NULL CHECK (of_count BETWEEN 0 AND 10000),
    claimed_fen BIGINT NOT NULL CHECK (claimed_fen BETWEEN 0 AND 10000000000000),
    hold_id BIGINT NOT NULL CHECK (hold_id BETWEEN 0 AND 9223372036854775807),
    shelf_count BIGINT NOT NULL CHECK (shelf_count BETWEEN 0 AND 9999),
    lost_count BIGINT NOT NULL CHECK (lost_count BETWEEN 0 AND 9999),
    PRIMARY KEY (case_id, line_no),
    CHECK (bad_count <= of_count),
    CHECK (shelf_count + lost_count <= count)
);

-- Of a case or a complaint.
CREATE TABLE aftersales_picture (
    document_id BIGINT NOT NULL CHECK (document_id BETWEEN 1 AND 9223372036854775807),
    number BIGINT NOT NULL CHECK (number BETWEEN 1 AND 9),
    address TEXT NOT NULL CHECK (address <> ''),
    PRIMARY KEY (document_id, number)
);

CREATE TABLE aftersales_event (
    case_id BIGINT NOT NULL CHECK (case_id BETWEEN 1 AND 9223372036854775807),
    event_id BIGINT NOT NULL CHECK (event_id BETWEEN 1 AND 9223372036854775807),
    at BIGINT NOT NULL CHECK (at BETWEEN 0 AND 253402300799999),
    kind TEXT NOT NULL CHECK (kind <> ''),
    actor TEXT NOT NULL CHECK (actor = 'buyer' OR actor = 'seller' OR actor = 'desk' OR actor = 'system'),
    amount_fen BIGINT NOT NULL CHECK (amount_fen BETWEEN 0 AND 10000000000000),
    words TEXT NOT NULL,
    PRIMARY KEY (case_id, event_id)
);

CREATE TABLE aftersales_complaint (
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    buyer_id BIGINT NOT NULL CHECK (buyer_id BETWEEN 1 AND 9223372036854775807),
    subject TEXT NOT NULL CHECK (subject = 'order' OR subject = 'goods' OR subject = 'seller'),
    subject_id BIGINT NOT NULL CHECK (subject_id BETWEEN 1 AND 9223372036854775807),
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    seller_name TEXT NOT NULL,
    place_code BIGINT NOT NULL CHECK (place_code BETWEEN 0 AND 999999999999),
    state TEXT NOT NULL CHECK (state = 'open' OR state = 'answered'),
    is_overdue BIGINT NOT NULL CHECK (is_overdue BETWEEN 0 AND 1),
    words TEXT NOT NULL CHECK (words <> ''),
    answer TEXT NOT NULL,
    answered_by BIGINT NOT NULL CHECK (answered_by BETWEEN 0 AND 9223372036854775807),
    opened_at BIGINT NOT NULL CHECK (opened_at BETWEEN 0 AND 253402300799999),
    due_at BIGINT NOT NULL CHECK (due_at BETWEEN 0 AND 253402300799999),
    answered_at BIGINT NOT NULL CHECK (answered_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (id)
);
CREATE INDEX aftersales_complaint_of_buyer ON aftersales_complaint (buyer_id, id);
CREATE INDEX aftersales_complaint_of_state ON aftersales_complaint (state, id);

-- payer is sealed under the buyer's key: title, tax number and e-mail.
CREATE TABLE aftersales_invoice (
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    order_id BIGINT NOT NULL CHECK (order_id BETWEEN 1 AND 9223372036854775807),
    buyer_id BIGINT NOT NULL CHECK (buyer_id BETWEEN 1 AND 9223372036854775807),
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    seller_name TEXT NOT NULL,
    place_code BIGINT NOT NULL CHECK (place_code BETWEEN 0 AND 999999999999),
    type TEXT NOT NULL CHECK (type = 'personal' OR type = 'company'),
    state TEXT NOT NULL CHECK (state = 'asked' OR state = 'issued'),
    payer BYTEA NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen BETWEEN 1 AND 10000000000000),
    invoice_number TEXT NOT NULL,
    file TEXT NOT NULL,
    asked_at BIGINT NOT NULL CHECK (asked_at BETWEEN 0 AND 253402300799999),
    issued_at BIGINT NOT NULL CHECK (issued_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (id),
    CHECK ((state = 'asked' AND issued_at = 0) OR (state = 'issued' AND issued_at > 0 AND invoice_number <> ''))
);
CREATE INDEX aftersales_invoice_of_order ON aftersales_invoice (order_id, id);
CREATE INDEX aftersales_invoice_of_buyer ON aftersales_invoice (buyer_id, id);
CREATE INDEX aftersales_invoice_of_seller ON aftersales_invoice (seller_id, id);

-- One request an order, whatever comes at once.
CREATE TABLE aftersales_invoiced (
    order_id BIGINT NOT NULL CHECK (order_id BETWEEN 1 AND 9223372036854775807),
    invoice_id BIGINT NOT NULL CHECK (invoice_id BETWEEN 1 AND 9223372036854775807),
    PRIMARY KEY (order_id)
);

-- step 2: what waits for a seller, counted without what is closed or issued
CREATE INDEX aftersales_case_at_seller ON aftersales_case (seller_id, id) WHERE state <> 'closed';
CREATE INDEX aftersales_invoice_at_seller ON aftersales_invoice (seller_id, id) WHERE state = 'asked';

-- step 3: the desk looks through the cases and complaints of one state for a place, a kind or a seller without opening each
CREATE INDEX aftersales_case_of_desk ON aftersales_case (state, id, place_code, kind, seller_id);
DROP INDEX aftersales_case_of_state;
CREATE INDEX aftersales_complaint_of_desk ON aftersales_complaint (state, id, place_code, seller_id);
DROP INDEX aftersales_complaint_of_state;

-- step 4: an invoice that cannot be made says why, in words of a short list
CREATE TABLE aftersales_invoice_new (
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    order_id BIGINT NOT NULL CHECK (order_id BETWEEN 1 AND 9223372036854775807),
    buyer_id BIGINT NOT NULL CHECK (buyer_id BETWEEN 1 AND 9223372036854775807),
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    seller_name TEXT NOT NULL,
    place_code BIGINT NOT NULL CHECK (place_code BETWEEN 0 AND 999999999999),
    type TEXT NOT NULL CHECK (type = 'personal' OR type = 'company'),
    state TEXT NOT NULL CHECK (state = 'asked' OR state = 'issued' OR state = 'refused'),
    payer BYTEA NOT NULL,
    amount_fen BIGINT NOT NULL CHECK (amount_fen BETWEEN 1 AND 10000000000000),
    invoice_number TEXT NOT NULL,
    file TEXT NOT NULL,
    asked_at BIGINT NOT NULL CHECK (asked_at BETWEEN 0 AND 253402300799999),
    issued_at BIGINT NOT NULL CHECK (issued_at BETWEEN 0 AND 253402300799999),
    refused_at BIGINT NOT NULL CHECK (refused_at BETWEEN 0 AND 253402300799999),
    refused_because TEXT NOT NULL CHECK (refused_because = '' OR refused_because = 'data_wrong'
        OR refused_because = 'issued_before' OR refused_because = 'refunded_whole'),
    refused_words TEXT NOT NULL,
    PRIMARY KEY (id),
    CHECK ((state = 'issued' AND issued_at > 0 AND invoice_number <> '') OR (state <> 'issued' AND issued_at = 0)),
    CHECK ((state = 'refused' AND refused_at > 0 AND refused_because <> '') OR (state <> 'refused' AND refused_at = 0))
);
INSERT INTO aftersales_invoice_new (id, order_id, buyer_id, seller_id, seller_name, place_code, type, state, payer, amount_fen,
    invoice_number, file, asked_at, issued_at, refused_at, refused_because, refused_words)
    SELECT id, order_id, buyer_id, seller_id, seller_name, place_code, type, state, payer, amount_fen,
        invoice_number, file, asked_at, issued_at, 0, '', '' FROM aftersales_invoice;
DROP TABLE aftersales_invoice;
ALTER TABLE aftersales_invoice_new RENAME TO aftersales_invoice;
CREATE INDEX aftersales_invoice_of_order ON aftersales_invoice (order_id, id);
CREATE INDEX aftersales_invoice_of_buyer ON aftersales_invoice (buyer_id, id);
CREATE INDEX aftersales_invoice_of_seller ON aftersales_invoice (seller_id, id);
CREATE INDEX aftersales_invoice_at_seller ON aftersales_invoice (seller_id, id) WHERE state = 'asked';

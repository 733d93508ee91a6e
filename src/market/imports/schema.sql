-- step 1: sheets that sellers send in, what is wrong with their rows, and what became of them
-- checking: each goods is tried and undone; checked: it waits for its seller; running: listings are written; submitting: they are sent
-- in; undoing: all or nothing, and something went wrong. next_no is the goods that comes next in this state.
CREATE TABLE imports_import (
    import_id BIGINT NOT NULL PRIMARY KEY CHECK (import_id BETWEEN 1 AND 9223372036854775807),
    kind TEXT NOT NULL CHECK (kind = 'goods'),
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    sheet_id BIGINT NOT NULL CHECK (sheet_id BETWEEN 1 AND 9223372036854775807),
    state TEXT NOT NULL CHECK (state = 'checking' OR state = 'checked' OR state = 'running' OR state = 'submitting'
        OR state = 'undoing' OR state = 'done' OR state = 'undone' OR state = 'failed'),
    mode TEXT NOT NULL CHECK (mode = 'dry_run' OR mode = 'all_or_nothing' OR mode = 'skip_bad'),
    submits BIGINT NOT NULL CHECK (submits BETWEEN 0 AND 1),
    encoding TEXT NOT NULL CHECK (encoding = 'utf-8' OR encoding = 'gb18030'),
    row_count BIGINT NOT NULL CHECK (row_count BETWEEN 1 AND 10000),
    goods_count BIGINT NOT NULL CHECK (goods_count BETWEEN 1 AND 10000),
    bad_count BIGINT NOT NULL CHECK (bad_count BETWEEN 0 AND 10000),
    next_no BIGINT NOT NULL CHECK (next_no BETWEEN 0 AND 10000),
    made_count BIGINT NOT NULL CHECK (made_count BETWEEN 0 AND 10000),
    submitted_count BIGINT NOT NULL CHECK (submitted_count BETWEEN 0 AND 10000),
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    changed_at BIGINT NOT NULL CHECK (changed_at BETWEEN 0 AND 253402300799999),
    kept_until BIGINT NOT NULL CHECK (kept_until BETWEEN 0 AND 253402300799999)
);
CREATE INDEX imports_import_by_seller ON imports_import (seller_id, import_id);

-- "SELLER/KIND/SHA-256": the same bytes are the same import.
CREATE TABLE imports_file (
    file_key TEXT NOT NULL PRIMARY KEY,
    import_id BIGINT NOT NULL CHECK (import_id BETWEEN 1 AND 9223372036854775807)
);

-- Columns and words are lists joined by U+001E.
CREATE TABLE imports_bad_row (
    import_id BIGINT NOT NULL CHECK (import_id BETWEEN 1 AND 9223372036854775807),
    row_no BIGINT NOT NULL CHECK (row_no BETWEEN 1 AND 9223372036854775807),
    goods_no BIGINT NOT NULL CHECK (goods_no BETWEEN 0 AND 10000),
    code TEXT NOT NULL,
    columns TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    PRIMARY KEY (import_id, row_no)
);
CREATE INDEX imports_bad_row_by_goods ON imports_bad_row (import_id, goods_no);

CREATE TABLE imports_made (
    import_id BIGINT NOT NULL CHECK (import_id BETWEEN 1 AND 9223372036854775807),
    goods_no BIGINT NOT NULL CHECK (goods_no BETWEEN 0 AND 10000),
    listing_id BIGINT NOT NULL CHECK (listing_id BETWEEN 1 AND 9223372036854775807),
    code TEXT NOT NULL,
    PRIMARY KEY (import_id, goods_no)
);

-- The seller's own number of a goods: what was imported once is not imported again, unless it was taken back.
CREATE TABLE imports_code (
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    code TEXT NOT NULL,
    listing_id BIGINT NOT NULL CHECK (listing_id BETWEEN 1 AND 9223372036854775807),
    PRIMARY KEY (seller_id, code)
);

-- step 1: sheets that persons asked for
-- filters is JSON as it was asked for; words say why it was refused.
CREATE TABLE exports_export (
    export_id BIGINT NOT NULL PRIMARY KEY CHECK (export_id BETWEEN 1 AND 9223372036854775807),
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    what TEXT NOT NULL CHECK (what = 'orders' OR what = 'goods' OR what = 'stock'),
    format TEXT NOT NULL CHECK (format = 'csv' OR format = 'xlsx'),
    filters TEXT NOT NULL,
    english BIGINT NOT NULL CHECK (english BETWEEN 0 AND 1),
    state TEXT NOT NULL CHECK (state = 'making' OR state = 'ready' OR state = 'refused'),
    row_count BIGINT NOT NULL CHECK (row_count BETWEEN 0 AND 1000000),
    sheet_id BIGINT NOT NULL CHECK (sheet_id BETWEEN 0 AND 9223372036854775807),
    words TEXT NOT NULL,
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    ends_at BIGINT NOT NULL CHECK (ends_at BETWEEN 0 AND 253402300799999)
);
CREATE INDEX exports_export_by_person ON exports_export (person_id, export_id);
CREATE INDEX exports_export_by_end ON exports_export (ends_at, export_id);

-- step 2: listings too
CREATE TABLE exports_export_new (
    export_id BIGINT NOT NULL PRIMARY KEY CHECK (export_id BETWEEN 1 AND 9223372036854775807),
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    what TEXT NOT NULL CHECK (what = 'orders' OR what = 'goods' OR what = 'stock' OR what = 'listings'),
    format TEXT NOT NULL CHECK (format = 'csv' OR format = 'xlsx'),
    filters TEXT NOT NULL,
    english BIGINT NOT NULL CHECK (english BETWEEN 0 AND 1),
    state TEXT NOT NULL CHECK (state = 'making' OR state = 'ready' OR state = 'refused'),
    row_count BIGINT NOT NULL CHECK (row_count BETWEEN 0 AND 1000000),
    sheet_id BIGINT NOT NULL CHECK (sheet_id BETWEEN 0 AND 9223372036854775807),
    words TEXT NOT NULL,
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    ends_at BIGINT NOT NULL CHECK (ends_at BETWEEN 0 AND 253402300799999)
);
INSERT INTO exports_export_new (export_id, person_id, what, format, filters, english, state, row_count, sheet_id, words, made_at, ends_at)
    SELECT export_id, person_id, what, format, filters, english, state, row_count, sheet_id, words, made_at, ends_at FROM exports_export;
DROP TABLE exports_export;
ALTER TABLE exports_export_new RENAME TO exports_export;
CREATE INDEX exports_export_by_person ON exports_export (person_id, export_id);
CREATE INDEX exports_export_by_end ON exports_export (ends_at, export_id);

-- step 1: who uploaded which picture, and what became of it
-- hash names the pieces in the store; the same bytes of two persons are two rows and one set of pieces. preparing: the pieces may not
-- all be there yet; stored: they are; taken: a document of some room shows it, so it stays; leaving: the sweep removes its pieces.
CREATE TABLE files_row (
    hash TEXT NOT NULL,
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    purpose TEXT NOT NULL CHECK (purpose = 'goods' OR purpose = 'seller' OR purpose = 'evidence' OR purpose = 'document'),
    is_private BIGINT NOT NULL CHECK (is_private BETWEEN 0 AND 1),
    state TEXT NOT NULL CHECK (state = 'preparing' OR state = 'stored' OR state = 'taken' OR state = 'leaving'),
    width_px BIGINT NOT NULL CHECK (width_px BETWEEN 1 AND 12000),
    height_px BIGINT NOT NULL CHECK (height_px BETWEEN 1 AND 12000),
    uploaded_at BIGINT NOT NULL CHECK (uploaded_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (hash, person_id, purpose)
);
CREATE INDEX files_row_by_state ON files_row (state, uploaded_at);

-- How many pictures a person sent in the hour that hour_no counts from the epoch; one row a person.
CREATE TABLE files_try (
    person_id BIGINT NOT NULL PRIMARY KEY CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    hour_no BIGINT NOT NULL CHECK (hour_no BETWEEN 0 AND 70389527),
    try_count BIGINT NOT NULL CHECK (try_count BETWEEN 1 AND 1000000)
);

-- step 2: sheets that persons send or fetch, until when they are kept
CREATE TABLE files_sheet (
    sheet_id BIGINT NOT NULL PRIMARY KEY CHECK (sheet_id BETWEEN 1 AND 9223372036854775807),
    ends_at BIGINT NOT NULL CHECK (ends_at BETWEEN 0 AND 253402300799999)
);
CREATE INDEX files_sheet_by_end ON files_sheet (ends_at, sheet_id);

-- step 3: papers, kept as they came
-- hash is the SHA-256 of the bytes and names them in the store; two persons' are two rows and the bytes once. The states are those of files_row.
CREATE TABLE files_paper (
    hash TEXT NOT NULL,
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    kind TEXT NOT NULL CHECK (kind = 'pdf' OR kind = 'ofd'),
    state TEXT NOT NULL CHECK (state = 'preparing' OR state = 'stored' OR state = 'taken' OR state = 'leaving'),
    byte_count BIGINT NOT NULL CHECK (byte_count BETWEEN 1 AND 5242880),
    uploaded_at BIGINT NOT NULL CHECK (uploaded_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (hash, person_id)
);
CREATE INDEX files_paper_by_state ON files_paper (state, uploaded_at);

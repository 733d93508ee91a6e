-- step 1: the audit trail
-- Who did what to which document. Rows are never deleted and never changed, but for seal_number: 0 until the entry is in a seal.
CREATE TABLE audit_entry (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id BETWEEN 1 AND 9223372036854775807),
    acted_at BIGINT NOT NULL CHECK (acted_at BETWEEN 0 AND 253402300799999),
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 0 AND 9223372036854775807),
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id BIGINT NOT NULL CHECK (subject_id BETWEEN 0 AND 9223372036854775807),
    was TEXT NOT NULL,
    became TEXT NOT NULL,
    reason TEXT NOT NULL,
    seal_number BIGINT NOT NULL CHECK (seal_number BETWEEN 0 AND 9223372036854775807)
);
CREATE INDEX audit_entry_subject ON audit_entry (subject, subject_id, id);
CREATE INDEX audit_entry_person ON audit_entry (person_id, id);
CREATE INDEX audit_entry_seal ON audit_entry (seal_number, id);

-- The chain: the hash of seal n covers its entries and the hash of seal n - 1.
CREATE TABLE audit_seal (
    number BIGINT NOT NULL PRIMARY KEY CHECK (number BETWEEN 1 AND 9223372036854775807),
    sealed_at BIGINT NOT NULL CHECK (sealed_at BETWEEN 0 AND 253402300799999),
    entry_count BIGINT NOT NULL CHECK (entry_count BETWEEN 1 AND 1000),
    hash BYTEA NOT NULL
);

-- step 2: the audit desk: by action, and which request it was
ALTER TABLE audit_entry ADD COLUMN request TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_entry_action ON audit_entry (action, id);

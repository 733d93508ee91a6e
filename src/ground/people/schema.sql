-- step 1: people, their keys, sessions, codes, tries, roles and addresses
-- What is called sealed is ciphertext under the person's own key; what is called an index or a hash is keyed. A person is one
-- document: all its tables begin with its id, except what must be found by a phone (people_phone, people_code).
CREATE TABLE people_person (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id BETWEEN 1 AND 9223372036854775807),
    phone_index BYTEA NOT NULL,
    phone_sealed BYTEA NOT NULL,
    name_sealed BYTEA NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('zh', 'en')),
    password_hash TEXT NOT NULL,
    default_address_id BIGINT NOT NULL CHECK (default_address_id BETWEEN 0 AND 9223372036854775807),
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    closed_at BIGINT NOT NULL CHECK (closed_at BETWEEN 0 AND 253402300799999)
);

-- One living account a phone.
CREATE TABLE people_phone (
    phone_index BYTEA NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807)
);

-- The person's data key, wrapped by a master key of the key file. Emptied when the person is forgotten: then nothing opens.
CREATE TABLE people_key (
    person_id BIGINT NOT NULL PRIMARY KEY CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    master_id BIGINT NOT NULL CHECK (master_id BETWEEN 1 AND 16),
    wrapped BYTEA NOT NULL,
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    destroyed_at BIGINT NOT NULL CHECK (destroyed_at BETWEEN 0 AND 253402300799999)
);

-- What a person agreed to, by version.
CREATE TABLE people_consent (
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    kind TEXT NOT NULL,
    version TEXT NOT NULL,
    agreed_at BIGINT NOT NULL CHECK (agreed_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (person_id, kind, version)
);

-- Only the hash of a token is kept. expires_at moves with use, never beyond ends_at.
CREATE TABLE people_session (
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    token_hash BYTEA NOT NULL,
    device TEXT NOT NULL,
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    used_at BIGINT NOT NULL CHECK (used_at BETWEEN 0 AND 253402300799999),
    expires_at BIGINT NOT NULL CHECK (expires_at BETWEEN 0 AND 253402300799999),
    ends_at BIGINT NOT NULL CHECK (ends_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (person_id, id)
);
CREATE INDEX people_session_expiry ON people_session (expires_at);

-- The newest one-time code of a phone for a purpose. The hash is keyed and holds the row's id: six digits cannot be found from it.
CREATE TABLE people_code (
    phone_index BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    code_hash BYTEA NOT NULL,
    tries BIGINT NOT NULL CHECK (tries BETWEEN 0 AND 1000),
    expires_at BIGINT NOT NULL CHECK (expires_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (phone_index, purpose)
);
CREATE INDEX people_code_expiry ON people_code (expires_at);

-- One row a wrong log-in or a code sent, for a day: by the keyed hash of a phone or of a client's address.
CREATE TABLE people_try (
    subject BYTEA NOT NULL,
    kind TEXT NOT NULL,
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    tried_at BIGINT NOT NULL CHECK (tried_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (subject, kind, id)
);
CREATE INDEX people_try_age ON people_try (tried_at);

-- Roles are data: a role is its permissions; everybody is a buyer without a row in people_grant.
CREATE TABLE people_role (
    role TEXT NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (role, permission)
);
INSERT INTO people_role (role, permission) VALUES
    ('buyer', 'account'),
    ('buyer', 'buy'),
    ('seller_keeper', 'sell'),
    ('seller_keeper', 'refund'),
    ('county_operator', 'operate'),
    ('operator', 'operate'),
    ('auditor', 'audit');

CREATE TABLE people_grant (
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    role TEXT NOT NULL,
    scope TEXT NOT NULL CHECK (scope = 'own' OR scope = 'organisation' OR scope = 'county' OR scope = 'all'),
    scope_id BIGINT NOT NULL CHECK (scope_id BETWEEN 0 AND 9223372036854775807),
    given_at BIGINT NOT NULL CHECK (given_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (person_id, role, scope, scope_id)
);

CREATE TABLE people_address (
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    sealed BYTEA NOT NULL,
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    changed_at BIGINT NOT NULL CHECK (changed_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (person_id, id)
);

-- Marks of the keys this database was written with, so that it is never served with another house's keys.
CREATE TABLE people_keyring (
    name TEXT NOT NULL PRIMARY KEY,
    mark BYTEA NOT NULL
);

-- step 2: the desk: who reviews, serves, grants, connects and unmasks
INSERT INTO people_role (role, permission) VALUES
    ('seller_keeper', 'serve'),
    ('county_operator', 'review'),
    ('county_operator', 'serve'),
    ('operator', 'review'),
    ('operator', 'serve'),
    ('operator', 'grant'),
    ('operator', 'connect'),
    ('operator', 'unmask'),
    ('after_sales_officer', 'serve'),
    ('reviewer', 'review');

-- step 3: the privacy centre, the change of phone, unmasking, the roles desk
-- A consent that was taken back says since when; that it was given and taken is in the audit trail, each time.
ALTER TABLE people_consent ADD COLUMN withdrawn_at BIGINT NOT NULL DEFAULT 0 CHECK (withdrawn_at BETWEEN 0 AND 253402300799999);

-- Who ticked the terms ticked the privacy notice in the same sentence.
INSERT INTO people_consent (person_id, kind, version, agreed_at, withdrawn_at)
    SELECT person_id, 'privacy', version, agreed_at, 0 FROM people_consent WHERE kind = 'terms';

-- Master keys are numbered without end: a house that rotates each month does so for longer than sixteen months.
CREATE TABLE people_key_wide (
    person_id BIGINT NOT NULL PRIMARY KEY CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    master_id BIGINT NOT NULL CHECK (master_id BETWEEN 1 AND 1000000),
    wrapped BYTEA NOT NULL,
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    destroyed_at BIGINT NOT NULL CHECK (destroyed_at BETWEEN 0 AND 253402300799999)
);
INSERT INTO people_key_wide (person_id, master_id, wrapped, made_at, destroyed_at)
    SELECT person_id, master_id, wrapped, made_at, destroyed_at FROM people_key;
DROP TABLE people_key;
ALTER TABLE people_key_wide RENAME TO people_key;
CREATE INDEX people_key_master ON people_key (master_id, person_id);

-- A copy of one's own data, sealed under one's own key, for a week.
CREATE TABLE people_export (
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    state TEXT NOT NULL CHECK (state = 'preparing' OR state = 'ready' OR state = 'too_large'),
    asked_at BIGINT NOT NULL CHECK (asked_at BETWEEN 0 AND 253402300799999),
    ready_at BIGINT NOT NULL CHECK (ready_at BETWEEN 0 AND 253402300799999),
    expires_at BIGINT NOT NULL CHECK (expires_at BETWEEN 0 AND 253402300799999),
    size_bytes BIGINT NOT NULL CHECK (size_bytes BETWEEN 0 AND 100000000),
    sealed BYTEA NOT NULL,
    PRIMARY KEY (person_id, id)
);
CREATE INDEX people_export_expiry ON people_export (expires_at);

-- A new phone that waits, because nobody could show a code of the old one.
CREATE TABLE people_phone_change (
    person_id BIGINT NOT NULL PRIMARY KEY CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    phone_sealed BYTEA NOT NULL,
    asked_at BIGINT NOT NULL CHECK (asked_at BETWEEN 0 AND 253402300799999),
    due_at BIGINT NOT NULL CHECK (due_at BETWEEN 0 AND 253402300799999)
);

-- Who saw a person's data in clear: in which office, what, when and why.
CREATE TABLE people_unmasking (
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    officer_id BIGINT NOT NULL CHECK (officer_id BETWEEN 1 AND 9223372036854775807),
    role TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id BIGINT NOT NULL CHECK (subject_id BETWEEN 1 AND 9223372036854775807),
    reason TEXT NOT NULL,
    seen_at BIGINT NOT NULL CHECK (seen_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (person_id, id)
);

-- The roles desk lists who holds what by role and by organisation.
CREATE INDEX people_grant_role ON people_grant (role, person_id, scope, scope_id);
CREATE INDEX people_grant_scope ON people_grant (scope, scope_id, person_id, role);
INSERT INTO people_role (role, permission) VALUES ('county_operator', 'grant');

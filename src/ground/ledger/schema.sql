-- step 1: floored accounts and the append-only transfers
-- Only accounts with a floor have a row: what can run out is the only row that two buyers meet on.
CREATE TABLE ledger_account (
    owner_id BIGINT NOT NULL CHECK (owner_id BETWEEN 0 AND 9223372036854775807),
    unit_id BIGINT NOT NULL CHECK (unit_id BETWEEN 1 AND 9223372036854775807),
    kind TEXT NOT NULL CHECK (kind <> ''),
    place_id BIGINT NOT NULL CHECK (place_id BETWEEN 0 AND 9223372036854775807),
    debits_pending BIGINT NOT NULL CHECK (debits_pending BETWEEN 0 AND 1000000000000000000),
    debits_posted BIGINT NOT NULL CHECK (debits_posted BETWEEN 0 AND 1000000000000000000),
    credits_pending BIGINT NOT NULL CHECK (credits_pending BETWEEN 0 AND 1000000000000000000),
    credits_posted BIGINT NOT NULL CHECK (credits_posted BETWEEN 0 AND 1000000000000000000),
    PRIMARY KEY (owner_id, unit_id, kind, place_id),
    CHECK (credits_posted - debits_posted - debits_pending >= 0)
);

-- Rows are only ever inserted. A pending one (a hold) is closed by a further one, settled or voided, that names it in pending_of.
CREATE TABLE ledger_transfer (
    document_id BIGINT NOT NULL CHECK (document_id BETWEEN 1 AND 9223372036854775807),
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    phase TEXT NOT NULL,
    pending_of BIGINT NOT NULL CHECK (pending_of BETWEEN 0 AND 9223372036854775807),
    debit_owner_id BIGINT NOT NULL CHECK (debit_owner_id BETWEEN 0 AND 9223372036854775807),
    debit_kind TEXT NOT NULL CHECK (debit_kind <> ''),
    debit_place_id BIGINT NOT NULL CHECK (debit_place_id BETWEEN 0 AND 9223372036854775807),
    debit_floored BIGINT NOT NULL CHECK (debit_floored BETWEEN 0 AND 1),
    credit_owner_id BIGINT NOT NULL CHECK (credit_owner_id BETWEEN 0 AND 9223372036854775807),
    credit_kind TEXT NOT NULL CHECK (credit_kind <> ''),
    credit_place_id BIGINT NOT NULL CHECK (credit_place_id BETWEEN 0 AND 9223372036854775807),
    credit_floored BIGINT NOT NULL CHECK (credit_floored BETWEEN 0 AND 1),
    unit_id BIGINT NOT NULL CHECK (unit_id BETWEEN 1 AND 9223372036854775807),
    amount BIGINT NOT NULL CHECK (amount BETWEEN 1 AND 10000000000000),
    held_amount BIGINT NOT NULL CHECK (held_amount BETWEEN 0 AND 10000000000000),
    reason TEXT NOT NULL CHECK (reason <> ''),
    at BIGINT NOT NULL CHECK (at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (document_id, id),
    CHECK ((phase = 'posted' AND pending_of = 0 AND held_amount = 0)
        OR (phase = 'pending' AND pending_of = 0 AND held_amount = amount)
        OR (phase = 'settled' AND pending_of > 0 AND held_amount >= amount)
        OR (phase = 'voided' AND pending_of > 0 AND held_amount = amount)),
    CHECK (debit_owner_id <> credit_owner_id OR debit_kind <> credit_kind OR debit_place_id <> credit_place_id)
);
-- A hold is closed once.
CREATE UNIQUE INDEX ledger_transfer_closing ON ledger_transfer (document_id, pending_of) WHERE pending_of > 0;
-- The balance of an account without a floor is the sum of its transfers.
CREATE INDEX ledger_transfer_of_debit ON ledger_transfer (debit_owner_id, unit_id, debit_kind, debit_place_id)
    WHERE debit_floored = 0;
CREATE INDEX ledger_transfer_of_credit ON ledger_transfer (credit_owner_id, unit_id, credit_kind, credit_place_id)
    WHERE credit_floored = 0;

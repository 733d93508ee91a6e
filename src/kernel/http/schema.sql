-- step 1: idempotency keys
-- The first reply to each key of a write, until its time is over. `claim` is a hash of whose key it is and of the key; `reply`
-- is sealed under a secret made from the key itself, so that only who shows the key again can read it.
CREATE TABLE http_idempotency (
    claim TEXT NOT NULL PRIMARY KEY CHECK (length(claim) = 32),
    reply BYTEA NOT NULL,
    expires_at_ms BIGINT NOT NULL CHECK (expires_at_ms BETWEEN 0 AND 253402300799999)
);
CREATE INDEX http_idempotency_expires ON http_idempotency (expires_at_ms, claim);

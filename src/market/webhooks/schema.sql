-- step 1: endpoints of other systems, and what is delivered to them
-- secret is ciphertext under the house's key; old_secret signs beside it until old_until. Every fact reads these rows, so only a
-- person's act writes them: how an endpoint fares stands in webhooks_health.
CREATE TABLE webhooks_endpoint (
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    url TEXT NOT NULL,
    about TEXT NOT NULL,
    types TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state = 'on' OR state = 'off'),
    why_off TEXT NOT NULL CHECK (why_off = '' OR why_off = 'asked' OR why_off = 'gone' OR why_off = 'failing'),
    secret TEXT NOT NULL,
    old_secret TEXT NOT NULL,
    old_until BIGINT NOT NULL CHECK (old_until BETWEEN 0 AND 253402300799999),
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    changed_at BIGINT NOT NULL CHECK (changed_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (id)
);
CREATE INDEX webhooks_endpoint_on ON webhooks_endpoint (state, id);

-- failing_since is 0 while it answers; until hold_until no further delivery is tried.
CREATE TABLE webhooks_health (
    endpoint_id BIGINT NOT NULL CHECK (endpoint_id BETWEEN 1 AND 9223372036854775807),
    failing_since BIGINT NOT NULL CHECK (failing_since BETWEEN 0 AND 253402300799999),
    hold_until BIGINT NOT NULL CHECK (hold_until BETWEEN 0 AND 253402300799999),
    answered_at BIGINT NOT NULL CHECK (answered_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (endpoint_id)
);

-- One message to one endpoint, with how its newest try ended. payload holds ids, states and amounts, never a name or a phone.
CREATE TABLE webhooks_delivery (
    endpoint_id BIGINT NOT NULL CHECK (endpoint_id BETWEEN 1 AND 9223372036854775807),
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'delivered' OR state = 'failed' OR state = 'dropped'),
    tries BIGINT NOT NULL CHECK (tries BETWEEN 0 AND 1000),
    status BIGINT NOT NULL CHECK (status BETWEEN 0 AND 999),
    trouble TEXT NOT NULL,
    answer TEXT NOT NULL,
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    tried_at BIGINT NOT NULL CHECK (tried_at BETWEEN 0 AND 253402300799999),
    next_at BIGINT NOT NULL CHECK (next_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (endpoint_id, id)
);
CREATE INDEX webhooks_delivery_age ON webhooks_delivery (made_at);

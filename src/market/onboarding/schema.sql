-- step 1: applications of who wants to sell, and the steps each went through
-- documents are joined by U+001E: kind, address, kind, address. contact is ciphertext under the applicant's own key.
CREATE TABLE onboarding_application (
    application_id BIGINT NOT NULL PRIMARY KEY CHECK (application_id BETWEEN 1 AND 9223372036854775807),
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    state TEXT NOT NULL CHECK (state = 'draft' OR state = 'submitted' OR state = 'recommended' OR state = 'accepted'
        OR state = 'refused' OR state = 'withdrawn'),
    kind TEXT NOT NULL CHECK (kind = 'brand' OR kind = 'company' OR kind = 'cooperative'
        OR kind = 'micro_shop' OR kind = 'household' OR kind = 'village_shop'
        OR kind = 'workshop' OR kind = 'station'),
    name TEXT NOT NULL,
    summary TEXT NOT NULL,
    place_code BIGINT NOT NULL CHECK (place_code BETWEEN 0 AND 999999999999),
    goods_words TEXT NOT NULL,
    credit_code TEXT NOT NULL,
    makes_food BIGINT NOT NULL CHECK (makes_food BETWEEN 0 AND 1),
    food_licence TEXT NOT NULL,
    declared_version TEXT NOT NULL,
    contact BYTEA NOT NULL,
    documents TEXT NOT NULL,
    reason TEXT NOT NULL,
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 0 AND 9223372036854775807),
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    changed_at BIGINT NOT NULL CHECK (changed_at BETWEEN 0 AND 253402300799999),
    submitted_at BIGINT NOT NULL CHECK (submitted_at BETWEEN 0 AND 253402300799999)
);
CREATE INDEX onboarding_application_by_person ON onboarding_application (person_id, application_id);
CREATE INDEX onboarding_application_by_state ON onboarding_application (state, submitted_at, application_id);

-- What happened, with the papers that it was done on; rows are only ever added.
CREATE TABLE onboarding_step (
    application_id BIGINT NOT NULL CHECK (application_id BETWEEN 1 AND 9223372036854775807),
    step_id BIGINT NOT NULL CHECK (step_id BETWEEN 1 AND 9223372036854775807),
    kind TEXT NOT NULL CHECK (kind = 'submission' OR kind = 'recommendation' OR kind = 'county_refusal'
        OR kind = 'acceptance' OR kind = 'refusal' OR kind = 'withdrawal' OR kind = 'contact_view'),
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    words TEXT NOT NULL,
    documents TEXT NOT NULL,
    at BIGINT NOT NULL CHECK (at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (application_id, step_id)
);

-- step 2: where a person's papers stand, asked before one of them is let go
CREATE INDEX onboarding_step_by_person ON onboarding_step (person_id, application_id);

-- step 1: listings (what a seller wants to put on sale, or to change), the steps each went through, and the words that are looked for
-- goods_id 0: new, until it is listed. draft and before_draft are JSON of a catalogue's draft; before_draft is '' for a new goods.
CREATE TABLE listings_listing (
    listing_id BIGINT NOT NULL PRIMARY KEY CHECK (listing_id BETWEEN 1 AND 9223372036854775807),
    goods_id BIGINT NOT NULL CHECK (goods_id BETWEEN 0 AND 9223372036854775807),
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 1 AND 9223372036854775807),
    place_code BIGINT NOT NULL CHECK (place_code BETWEEN 0 AND 999999999999),
    is_revision BIGINT NOT NULL CHECK (is_revision BETWEEN 0 AND 1),
    state TEXT NOT NULL CHECK (state = 'draft' OR state = 'submitted' OR state = 'listed'
        OR state = 'refused' OR state = 'withdrawn'),
    title TEXT NOT NULL,
    picture TEXT NOT NULL,
    draft TEXT NOT NULL,
    before_draft TEXT NOT NULL,
    reason TEXT NOT NULL,
    made_at BIGINT NOT NULL CHECK (made_at BETWEEN 0 AND 253402300799999),
    changed_at BIGINT NOT NULL CHECK (changed_at BETWEEN 0 AND 253402300799999),
    submitted_at BIGINT NOT NULL CHECK (submitted_at BETWEEN 0 AND 253402300799999)
);
CREATE INDEX listings_listing_by_state ON listings_listing (state, submitted_at, listing_id);
CREATE INDEX listings_listing_by_seller ON listings_listing (seller_id, listing_id);
CREATE INDEX listings_listing_by_goods ON listings_listing (goods_id, listing_id);

-- Rows are only ever added.
CREATE TABLE listings_step (
    listing_id BIGINT NOT NULL CHECK (listing_id BETWEEN 1 AND 9223372036854775807),
    step_id BIGINT NOT NULL CHECK (step_id BETWEEN 1 AND 9223372036854775807),
    kind TEXT NOT NULL CHECK (kind = 'submission' OR kind = 'acceptance' OR kind = 'refusal' OR kind = 'withdrawal'),
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    words TEXT NOT NULL,
    at BIGINT NOT NULL CHECK (at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (listing_id, step_id)
);

-- One row a level; words are joined by U+001E. The first ones are of the advertising law (articles 9, 17) and of the food safety
-- law (article 73); an operator edits them.
CREATE TABLE listings_words (
    level TEXT NOT NULL PRIMARY KEY CHECK (level = 'stop' OR level = 'look'),
    words TEXT NOT NULL
);
INSERT INTO listings_words (level, words) VALUES
    ('stop', '国家级最高级最佳特供专供治疗治愈抗癌防癌降血糖降血压包治百病'),
    ('look', '最第一唯一首选顶级极品绝无仅有100%纯天然零添加无公害祖传秘方增强免疫');

-- step 2: who ever wrote at a listing: none of them decides on it
CREATE TABLE listings_editor (
    listing_id BIGINT NOT NULL CHECK (listing_id BETWEEN 1 AND 9223372036854775807),
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    PRIMARY KEY (listing_id, person_id)
);
-- Who wrote the older ones was not kept; who sent them in is known.
INSERT INTO listings_editor (listing_id, person_id)
    SELECT DISTINCT listing_id, person_id FROM listings_step WHERE kind = 'submission';

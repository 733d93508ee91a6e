-- step 1: what the house wrote to persons, and the words that an operator chose
-- A message is written once, in both languages, and stays as it was said. about and about_id name what it speaks of; read_at is 0
-- until it was read. The id is the event's: whatever runs twice writes one.
CREATE TABLE messages_message (
    person_id BIGINT NOT NULL CHECK (person_id BETWEEN 1 AND 9223372036854775807),
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    kind TEXT NOT NULL,
    about TEXT NOT NULL CHECK (about = 'order' OR about = 'case' OR about = 'complaint' OR about = 'invoice' OR about = 'listing'
        OR about = 'application'),
    about_id BIGINT NOT NULL CHECK (about_id BETWEEN 1 AND 9223372036854775807),
    order_id BIGINT NOT NULL CHECK (order_id BETWEEN 0 AND 9223372036854775807),
    seller_id BIGINT NOT NULL CHECK (seller_id BETWEEN 0 AND 9223372036854775807),
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    title_en TEXT NOT NULL,
    words_en TEXT NOT NULL,
    at BIGINT NOT NULL CHECK (at BETWEEN 0 AND 253402300799999),
    read_at BIGINT NOT NULL CHECK (read_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (person_id, id)
);
CREATE INDEX messages_message_unread ON messages_message (person_id, read_at, id);
CREATE INDEX messages_message_age ON messages_message (at);

-- A kind without a row here is on, and says what the program says.
CREATE TABLE messages_template (
    kind TEXT NOT NULL,
    is_on BIGINT NOT NULL CHECK (is_on BETWEEN 0 AND 1),
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    title_en TEXT NOT NULL,
    words_en TEXT NOT NULL,
    changed_at BIGINT NOT NULL CHECK (changed_at BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (kind)
);

-- step 1: what is suggested while one types, and the words that help when nothing is found
-- kind: 1 place, 2 category, 3 seller, 4 goods, in the order of showing. folded: what is compared with the beginning of a query.
CREATE TABLE search_suggestion (
    target_id BIGINT NOT NULL CHECK (target_id BETWEEN 1 AND 9223372036854775807),
    kind BIGINT NOT NULL CHECK (kind BETWEEN 1 AND 4),
    folded TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (target_id, kind)
);
CREATE INDEX search_suggestion_by_words ON search_suggestion (kind, folded, target_id);

-- uses: how many goods, sellers and categories have the word now. gram_count: how many rows of search_gram it has.
CREATE TABLE search_word (
    word TEXT NOT NULL PRIMARY KEY,
    uses BIGINT NOT NULL CHECK (uses BETWEEN 0 AND 1000000000),
    gram_count BIGINT NOT NULL CHECK (gram_count BETWEEN 1 AND 64)
);
-- The characters and pairs of neighbouring characters of each word.
CREATE TABLE search_gram (
    gram TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (gram, word)
);

-- The words that a goods gave, joined by U+001E, so that they can be taken back.
CREATE TABLE search_goods (
    goods_id BIGINT NOT NULL PRIMARY KEY CHECK (goods_id BETWEEN 1 AND 9223372036854775807),
    words TEXT NOT NULL
);

-- What an operator says people look for: shown before one types.
CREATE TABLE search_popular (
    word TEXT NOT NULL PRIMARY KEY,
    sort_order BIGINT NOT NULL CHECK (sort_order BETWEEN 0 AND 1000)
);

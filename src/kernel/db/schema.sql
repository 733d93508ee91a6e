-- The kernel's own tables. db_migration stands in migrate.c, because it is there before the first step.

-- step 1: the numbers of the nodes that make ids, leased for a while (PostgreSQL; SQLite has one node, 0)
CREATE TABLE db_node (
    node BIGINT NOT NULL CHECK (node BETWEEN 0 AND 1023),
    holder TEXT NOT NULL,
    leased_until BIGINT NOT NULL CHECK (leased_until BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (node)
);

-- step 2: text search. Every token of a document is a row, so that the best documents of a word are one range of the key.
CREATE TABLE db_search_document (
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    kind TEXT NOT NULL,
    rank_key BIGINT NOT NULL CHECK (rank_key BETWEEN -9223372036854775807 AND 9223372036854775807),
    tokens TEXT NOT NULL,
    PRIMARY KEY (id, kind)
);
CREATE TABLE db_search_token (
    token TEXT NOT NULL,
    kind TEXT NOT NULL,
    rank_key BIGINT NOT NULL CHECK (rank_key BETWEEN -9223372036854775807 AND 9223372036854775807),
    id BIGINT NOT NULL CHECK (id BETWEEN 1 AND 9223372036854775807),
    PRIMARY KEY (token, kind, rank_key, id)
);

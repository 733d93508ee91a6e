/* Text search: an index of tokens in two plain tables, the same SQL on both engines. Why not FTS5
 * and tsvector: README.md.
 *
 * A token is a Chinese character, two neighbouring ones, or a lower-case word. A document's tokens
 * are rows whose key goes on with (rank_key, id), so the first page of a word is the end of one
 * range of the key, however many documents hold the word. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/db/db_engine.h"

enum {
    TOKEN_BYTES_MAX = 60,
    DOCUMENT_TOKENS_MAX = 600, /* a document's further ones are not found */
    QUERY_TOKENS_MAX = 8,      /* a query's further ones do not narrow it */
    TOKENS_A_STATEMENT = 28,
    /* Of several tokens the rarest leads. Its documents are looked at in growing chunks, and no
     * further than 21,824 for one page. */
    CHUNK_FIRST = 64,
    CHUNK_GROWTH = 4,
    CHUNKS_MAX = 5
};

/* ---- cutting text into tokens ---- */

enum script { SCRIPT_NONE, SCRIPT_WORD, SCRIPT_CHINESE };

/* What is written without spaces: Chinese, kana, hangul. */
static bool is_chinese(uint32_t c) {
    static const uint32_t ranges[][2] = {{0x3005, 0x3005}, {0x3007, 0x3007}, {0x3041, 0x3096},
                                         {0x30A1, 0x30FA}, {0x3105, 0x318E}, {0x31A0, 0x31BF},
                                         {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xAC00, 0xD7AF},
                                         {0xF900, 0xFAFF}, {0xFF66, 0xFF9D}, {0x20000, 0x3FFFF}};
    if (c >= 0x4E00 && c <= 0x9FFF) return true;
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (c >= ranges[i][0] && c <= ranges[i][1]) return true;
    return false;
}

static enum script script_of(uint32_t c) {
    if (c < 0x80) {
        bool is_word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        return is_word ? SCRIPT_WORD : SCRIPT_NONE;
    }
    if (is_chinese(c)) return SCRIPT_CHINESE;
    if (c < 0xC0 || c == 0xD7 || c == 0xF7) return SCRIPT_NONE;
    if (c >= 0x2000 && c <= 0x2BFF) return SCRIPT_NONE; /* punctuation, arrows, symbols */
    if (c >= 0x2E00 && c <= 0x33FF) return SCRIPT_NONE;
    if (c >= 0xD800 && c <= 0xF8FF) return SCRIPT_NONE;
    if (c >= 0xFE00) return SCRIPT_NONE; /* forms, half widths, pictures */
    return SCRIPT_WORD;
}

/* Lower case of Latin, Greek and Cyrillic; wide letters and digits as the narrow ones. */
static uint32_t fold(uint32_t c) {
    if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
    if (c >= 0x100 && c <= 0x137) return c | 1;
    if (c >= 0x139 && c <= 0x148) return c + (c & 1);
    if (c >= 0x14A && c <= 0x177) return c | 1;
    if (c >= 0x391 && c <= 0x3A9) return c + 32;
    if (c >= 0x410 && c <= 0x42F) return c + 32;
    if (c >= 0x400 && c <= 0x40F) return c + 80;
    return c;
}

static size_t write_utf8(char *bytes, uint32_t c) {
    if (c < 0x80) {
        bytes[0] = (char)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length - 1; i > 0; i--, c >>= 6) bytes[i] = (char)(0x80 | (c & 0x3F));
    bytes[0] = (char)(leads[length] | c);
    return length;
}

struct tokens {
    struct text *items;
    size_t count;
    size_t count_max;
    bool keeps_distinct; /* while it is made; sort_tokens does it for the long ones */
};

static void add_token(struct tokens *tokens, struct text token) {
    if (token.length > TOKEN_BYTES_MAX) {
        token.length = TOKEN_BYTES_MAX;
        while ((token.bytes[token.length] & 0xC0) == 0x80) token.length--;
    }
    for (size_t i = 0; tokens->keeps_distinct && i < tokens->count; i++)
        if (text_equal(tokens->items[i], token)) return;
    if (tokens->count < tokens->count_max) tokens->items[tokens->count++] = token;
}

/* A run of one script, folded. A query needs no single characters where it has pairs: a pair
 * implies both. */
static void add_run(struct tokens *tokens, struct text run, enum script script, bool is_query) {
    if (script == SCRIPT_WORD) {
        add_token(tokens, run);
        return;
    }
    size_t before = 0, from = 0, at = 0;
    while (at < run.length) {
        before = from;
        from = at;
        text_next(run, &at);
        bool is_alone = from == 0 && at == run.length;
        if (!is_query || is_alone) add_token(tokens, text_slice(run, from, at));
        if (from > 0) add_token(tokens, text_slice(run, before, at));
    }
}

static struct tokens cut(struct arena *arena, struct text words, bool is_query) {
    size_t count_max = is_query ? QUERY_TOKENS_MAX : DOCUMENT_TOKENS_MAX * 2;
    if (count_max > words.length) count_max = words.length; /* a token takes more than a byte */
    struct tokens tokens = {arena_new(arena, struct text, count_max), 0, count_max, is_query};
    char *folded = arena_take_raw(arena, words.length * 2 + 8);
    size_t length = 0, run_from = 0, at = 0;
    enum script run_script = SCRIPT_NONE;
    while (at < words.length) {
        uint32_t c = fold(text_next(words, &at));
        enum script script = script_of(c);
        if (script != run_script) {
            struct text run = {folded + run_from, length - run_from};
            if (run_script != SCRIPT_NONE) add_run(&tokens, run, run_script, is_query);
            run_from = length;
            run_script = script;
        }
        length += write_utf8(folded + length, c);
    }
    struct text run = {folded + run_from, length - run_from};
    if (run_script != SCRIPT_NONE) add_run(&tokens, run, run_script, is_query);
    return tokens;
}

static int compare(struct text a, struct text b) {
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = memcmp(a.bytes, b.bytes, shorter);
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare_items(const void *a, const void *b) {
    return compare(*(const struct text *)a, *(const struct text *)b);
}

/* Sorted and each once: two documents' tokens can then be merged. */
static void sort_tokens(struct tokens *tokens) {
    if (!tokens->count) return;
    qsort(tokens->items, tokens->count, sizeof(struct text), compare_items);
    size_t kept = 1;
    for (size_t i = 1; i < tokens->count; i++)
        if (!text_equal(tokens->items[i], tokens->items[kept - 1]))
            tokens->items[kept++] = tokens->items[i];
    tokens->count = kept < DOCUMENT_TOKENS_MAX ? kept : DOCUMENT_TOKENS_MAX;
}

/* ---- putting ---- */

#define SEARCH_DOCUMENT_FIELDS(F, S)                                                               \
    F(S, INT, rank_key)                                                                            \
    F(S, TEXT, tokens)
SHAPE_DECLARE(search_document, SEARCH_DOCUMENT_FIELDS);
SHAPE_DEFINE(search_document, SEARCH_DOCUMENT_FIELDS);

struct put {
    struct db *db;
    const char *kind;
    int64_t id;
    int64_t rank_key;
};

/* Lists of 28 for $4 .. $31; ROW is applied to each number. */
#define SEARCH_7(f, a, b, c, d, e, g, h) f(a) "," f(b) "," f(c) "," f(d) "," f(e) "," f(g) "," f(h)
#define SEARCH_28(f)                                                                               \
    SEARCH_7(f, 4, 5, 6, 7, 8, 9, 10)                                                              \
    "," SEARCH_7(f, 11, 12, 13, 14, 15, 16, 17) "," SEARCH_7(                                      \
        f, 18, 19, 20, 21, 22, 23, 24) "," SEARCH_7(f, 25, 26, 27, 28, 29, 30, 31)
#define SEARCH_ROW(n) "($1,$2,$3,$" #n ")"
#define SEARCH_ITEM(n) "$" #n
#define SEARCH_TYPES                                                                               \
    "tii"                                                                                          \
    "tttttttttttttttttttttttttttt"

/* Runs a statement over tokens, 28 at a time; the last run repeats its first token, which changes
 * nothing. */
static refusal change(const struct put *put, const struct statement *statement,
                      const struct tokens *tokens) {
    for (size_t from = 0; from < tokens->count; from += TOKENS_A_STATEMENT) {
        struct db_value values[3 + TOKENS_A_STATEMENT] = {
            db_value_string(put->kind), db_value_int(put->id), db_value_int(put->rank_key)};
        for (size_t i = 0; i < TOKENS_A_STATEMENT; i++)
            values[3 + i] =
                db_value_text(tokens->items[from + i < tokens->count ? from + i : from]);
        struct db_params params = {values, 3 + TOKENS_A_STATEMENT};
        TRY(db_run(put->db, statement, params, NULL));
    }
    return NULL;
}

static refusal add(const struct put *put, const struct tokens *tokens) {
    return change(put,
                  SQL(SEARCH_TYPES,
                      "INSERT INTO db_search_token (kind, id, rank_key, token) VALUES " SEARCH_28(
                          SEARCH_ROW) " ON CONFLICT DO NOTHING"),
                  tokens);
}

static refusal take_away(const struct put *put, const struct tokens *tokens) {
    return change(put,
                  SQL(SEARCH_TYPES,
                      "DELETE FROM db_search_token WHERE kind = $1 AND id = $2 AND rank_key = $3"
                      " AND token IN (" SEARCH_28(SEARCH_ITEM) ")"),
                  tokens);
}

/* The tokens of A that B lacks; both are sorted. */
static struct tokens without(struct arena *arena, struct tokens a, struct tokens b) {
    struct tokens rest = {arena_new(arena, struct text, a.count), 0, a.count, false};
    size_t j = 0;
    for (size_t i = 0; i < a.count; i++) {
        while (j < b.count && compare(b.items[j], a.items[i]) < 0) j++;
        if (j == b.count || !text_equal(b.items[j], a.items[i]))
            rest.items[rest.count++] = a.items[i];
    }
    return rest;
}

/* Tokens hold no spaces, so a document remembers its own as one text: they can be taken away even
 * when a later version cuts differently. */
static struct text join(struct arena *arena, struct tokens tokens) {
    struct buffer buffer = buffer_make(arena, DOCUMENT_TOKENS_MAX * (TOKEN_BYTES_MAX + 1));
    for (size_t i = 0; i < tokens.count; i++) {
        if (i) buffer_add_char(&buffer, ' ');
        buffer_add_text(&buffer, tokens.items[i]);
    }
    assert(!buffer.overflowed);
    return buffer_text(&buffer);
}

static struct tokens split(struct arena *arena, struct text joined) {
    size_t count_max = joined.length / 2 + 1;
    struct tokens tokens = {arena_new(arena, struct text, count_max), 0, count_max, false};
    for (size_t at = 0; at < joined.length;) {
        size_t space = text_find(joined, TEXT(" "), at);
        assert(tokens.count < count_max);
        tokens.items[tokens.count++] = text_slice(joined, at, space);
        at = space == SIZE_MAX ? joined.length : space + 1;
    }
    return tokens;
}

static refusal forget(const struct put *put, const struct search_document *old, bool was_there,
                      const struct tokens *old_tokens) {
    if (!was_there) return NULL;
    struct put old_put = *put;
    old_put.rank_key = old->rank_key;
    TRY(take_away(&old_put, old_tokens));
    return db_run(put->db, SQL("it", "DELETE FROM db_search_document WHERE id = $1 AND kind = $2"),
                  PARAMS(put->id, put->kind), NULL);
}

refusal db_search_put(struct db *db, const char *kind, int64_t id, int64_t rank_key,
                      struct text words) {
    struct arena *arena = db_arena(db);
    struct put put = {db, kind, id, rank_key};
    struct tokens tokens = cut(arena, words, false);
    sort_tokens(&tokens);
    struct search_document old;
    bool was_there;
    TRY(db_row(
        db,
        SQL("it", "SELECT rank_key, tokens FROM db_search_document WHERE id = $1 AND kind = $2"),
        PARAMS(id, kind), &search_document_shape, &old, &was_there));
    struct tokens old_tokens = was_there ? split(arena, old.tokens) : (struct tokens){0};
    if (!tokens.count) return forget(&put, &old, was_there, &old_tokens);
    struct text joined = join(arena, tokens);
    bool keeps_place = was_there && old.rank_key == rank_key;
    if (keeps_place && text_equal(joined, old.tokens)) return NULL;
    struct tokens gone = keeps_place ? without(arena, old_tokens, tokens) : old_tokens;
    struct tokens come = keeps_place ? without(arena, tokens, old_tokens) : tokens;
    struct put old_put = put;
    if (was_there) old_put.rank_key = old.rank_key;
    TRY(take_away(&old_put, &gone));
    TRY(add(&put, &come));
    return db_run(
        db,
        SQL("itit",
            "INSERT INTO db_search_document (id, kind, rank_key, tokens) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (id, kind) DO UPDATE SET rank_key = excluded.rank_key,"
            " tokens = excluded.tokens"),
        PARAMS(id, kind, rank_key, joined), NULL);
}

/* ---- finding ---- */

#define SEARCH_HIT_FIELDS(F, S)                                                                    \
    F(S, INT, rank_key)                                                                            \
    F(S, ID, id)
SHAPE_DECLARE(search_hit, SEARCH_HIT_FIELDS);
SHAPE_DEFINE(search_hit, SEARCH_HIT_FIELDS);

struct find {
    struct db *db;
    const char *kind;
    struct tokens tokens;
    struct db_hit below;
    struct db_hit *hits;
    size_t count;
    size_t limit;
};

static void take_hits(struct find *find, const struct search_hit_list *rows) {
    assert(rows->count <= find->limit - find->count);
    for (size_t i = 0; i < rows->count; i++)
        find->hits[find->count++] = (struct db_hit){rows->items[i].id, rows->items[i].rank_key};
}

static refusal find_one_token(struct find *find) {
    struct search_hit_list rows;
    TRY(db_rows(find->db,
                SQL("ttiii",
                    "SELECT rank_key, id FROM db_search_token WHERE token = $1 AND kind = $2"
                    " AND (rank_key, id) < ($3, $4) ORDER BY rank_key DESC, id DESC LIMIT $5"),
                PARAMS(find->tokens.items[0], find->kind, find->below.rank_key, find->below.id,
                       (int64_t)find->limit),
                &search_hit_shape, &rows));
    take_hits(find, &rows);
    return NULL;
}

#define SEARCH_END_FIELDS(F, S)                                                                    \
    F(S, INT, number)                                                                              \
    F(S, INT, rank_key)                                                                            \
    F(S, ID, id)
SHAPE_DECLARE(search_end, SEARCH_END_FIELDS);
SHAPE_DEFINE(search_end, SEARCH_END_FIELDS);

#define SEARCH_CHUNK(n)                                                                            \
    "SELECT " #n " AS number, rank_key, id FROM (SELECT rank_key, id FROM db_search_token"         \
    " WHERE token = $" #n " AND kind = $9 AND (rank_key, id) < ($10, $11)"                         \
    " ORDER BY rank_key DESC, id DESC LIMIT 1 OFFSET $12) AS t" #n
#define SEARCH_4_CHUNKS(a, b, c, d)                                                                \
    SEARCH_CHUNK(a)                                                                                \
    " UNION ALL " SEARCH_CHUNK(b) " UNION ALL " SEARCH_CHUNK(c) " UNION ALL " SEARCH_CHUNK(d)
#define SEARCH_CHUNKS SEARCH_4_CHUNKS(1, 2, 3, 4) " UNION ALL " SEARCH_4_CHUNKS(5, 6, 7, 8)

static refusal find_ends(struct find *find, int64_t chunk_size, struct search_end_list *ret_ends) {
    struct db_value values[QUERY_TOKENS_MAX + 4];
    for (size_t i = 0; i < QUERY_TOKENS_MAX; i++)
        values[i] = db_value_text(i < find->tokens.count ? find->tokens.items[i] : TEXT(""));
    values[QUERY_TOKENS_MAX] = db_value_string(find->kind);
    values[QUERY_TOKENS_MAX + 1] = db_value_int(find->below.rank_key);
    values[QUERY_TOKENS_MAX + 2] = db_value_int(find->below.id);
    values[QUERY_TOKENS_MAX + 3] = db_value_int(chunk_size - 1);
    struct db_params params = {values, QUERY_TOKENS_MAX + 4};
    return db_rows(find->db, SQL("tttttttttiii", SEARCH_CHUNKS), params, &search_end_shape,
                   ret_ends);
}

static const struct db_hit lowest = {.id = INT64_MIN, .rank_key = INT64_MIN};

static bool is_lower(struct db_hit a, struct db_hit b) {
    return a.rank_key != b.rank_key ? a.rank_key < b.rank_key : a.id < b.id;
}

/* The rarest token from here on is the one whose next CHUNK_SIZE documents reach lowest. It is put
 * first; *ret_end is where they end, the lowest of all when it has no more than those. */
static refusal find_leader(struct find *find, int64_t chunk_size, struct db_hit *ret_end) {
    struct db_hit ends[QUERY_TOKENS_MAX];
    struct search_end_list rows;
    TRY(find_ends(find, chunk_size, &rows));
    for (size_t i = 0; i < QUERY_TOKENS_MAX; i++) ends[i] = lowest;
    for (size_t i = 0; i < rows.count; i++) {
        assert(rows.items[i].number >= 1 && rows.items[i].number <= (int64_t)find->tokens.count);
        ends[rows.items[i].number - 1] = (struct db_hit){rows.items[i].id, rows.items[i].rank_key};
    }
    size_t leader = 0;
    for (size_t i = 1; i < find->tokens.count; i++)
        if (is_lower(ends[i], ends[leader])) leader = i;
    struct text first = find->tokens.items[0];
    find->tokens.items[0] = find->tokens.items[leader];
    find->tokens.items[leader] = first;
    *ret_end = ends[leader];
    return NULL;
}

/* A count of the key cannot be turned into another plan, so the rarest token always leads. */
#define SEARCH_HOLDS(n)                                                                            \
    " AND (SELECT count(*) FROM db_search_token b WHERE b.token = $" #n                            \
    " AND b.kind = $2 AND b.rank_key = a.rank_key AND b.id = a.id) = 1"

/* The documents from END to before `below` that hold all tokens. */
static refusal find_between(struct find *find, struct db_hit end) {
    const struct text *items = find->tokens.items;
    struct db_value values[7 + QUERY_TOKENS_MAX - 1] = {
        db_value_text(items[0]),
        db_value_string(find->kind),
        db_value_int(find->below.rank_key),
        db_value_int(find->below.id),
        db_value_int(end.rank_key),
        db_value_int(end.id),
        db_value_int((int64_t)(find->limit - find->count))};
    for (size_t i = 1; i < QUERY_TOKENS_MAX; i++)
        values[6 + i] = db_value_text(items[i < find->tokens.count ? i : 0]);
    struct db_params params = {values, 7 + QUERY_TOKENS_MAX - 1};
    struct search_hit_list rows;
    TRY(db_rows(
        find->db,
        SQL("ttiiiiittttttt",
            "SELECT a.rank_key, a.id FROM db_search_token a WHERE a.token = $1 AND a.kind = $2"
            " AND (a.rank_key, a.id) < ($3, $4) AND (a.rank_key, a.id) >= ($5, $6)" SEARCH_HOLDS(8)
                SEARCH_HOLDS(9) SEARCH_HOLDS(10) SEARCH_HOLDS(11) SEARCH_HOLDS(12) SEARCH_HOLDS(13)
                    SEARCH_HOLDS(14) " ORDER BY a.rank_key DESC, a.id DESC LIMIT $7"),
        params, &search_hit_shape, &rows));
    take_hits(find, &rows);
    return NULL;
}

static refusal find_all_tokens(struct find *find) {
    int64_t chunk_size = CHUNK_FIRST;
    for (int chunk = 0; chunk < CHUNKS_MAX && find->count < find->limit; chunk++) {
        struct db_hit end;
        TRY(find_leader(find, chunk_size, &end));
        TRY(find_between(find, end));
        if (!is_lower(lowest, end)) break;
        find->below = end;
        chunk_size *= CHUNK_GROWTH;
    }
    return NULL;
}

refusal db_search_find(struct db *db, const char *kind, struct text query, struct db_hit after,
                       size_t limit, struct db_hit *ret_hits, size_t *ret_count) {
    struct find find = {db, kind, cut(db_arena(db), query, true), after, ret_hits, 0, limit};
    bool is_first = after.id == 0 && after.rank_key == 0;
    if (is_first) find.below = (struct db_hit){.id = INT64_MAX, .rank_key = INT64_MAX};
    *ret_count = 0;
    if (!find.tokens.count || !limit) return NULL;
    TRY(find.tokens.count == 1 ? find_one_token(&find) : find_all_tokens(&find));
    *ret_count = find.count;
    return NULL;
}

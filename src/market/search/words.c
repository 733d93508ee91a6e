/* The list of words that goods, sellers and categories have, and which of them are near to a word
 * that finds nothing. */
#include <assert.h>
#include <string.h>

#include "market/search/inside.h"

enum { GRAMS_MAX = 24, GRAM_CHARACTERS_MAX = 12, WORD_CHARACTERS_MIN = 2, TITLE_WORDS_MAX = 12 };

struct text search_fold(struct arena *arena, struct text words) {
    struct text trimmed = text_trim(words);
    char *bytes = arena_take_raw(arena, trimmed.length + 1);
    for (size_t i = 0; i < trimmed.length; i++) {
        char c = trimmed.bytes[i];
        bytes[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return (struct text){bytes, trimmed.length};
}

static bool holds(const struct text *items, size_t count, struct text item) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(items[i], item)) return true;
    return false;
}

/* The distinct characters and pairs of neighbours of the first GRAM_CHARACTERS_MAX characters;
 * slices of WORD. */
static size_t cut_grams(struct text word, struct text *ret_grams) {
    _Static_assert(GRAMS_MAX >= 2 * GRAM_CHARACTERS_MAX - 1, "all grams fit");
    size_t count = 0;
    size_t before = SIZE_MAX;
    size_t at = 0;
    for (size_t i = 0; i < GRAM_CHARACTERS_MAX && at < word.length; i++) {
        size_t from = at;
        text_next(word, &at);
        struct text one = text_slice(word, from, at);
        if (!holds(ret_grams, count, one)) ret_grams[count++] = one;
        if (before != SIZE_MAX) {
            struct text two = text_slice(word, before, at);
            if (!holds(ret_grams, count, two)) ret_grams[count++] = two;
        }
        before = from;
    }
    return count;
}

static refusal add_grams(struct request *q, struct text word, const struct text *grams,
                         size_t count) {
    struct db_value values[GRAMS_MAX + 1] = {db_value_text(word)};
    for (size_t i = 0; i < GRAMS_MAX; i++) values[i + 1] = db_value_text(grams[i < count ? i : 0]);
    return db_run(
        q->db,
        SQL("ttttttttttttttttttttttttt",
            "INSERT INTO search_gram (gram, word) VALUES ($2, $1), ($3, $1), ($4, $1), ($5, $1), "
            "($6, $1), ($7, $1), ($8, $1), ($9, $1), ($10, $1), ($11, $1), ($12, $1), ($13, $1), "
            "($14, $1), ($15, $1), ($16, $1), ($17, $1), ($18, $1), ($19, $1), ($20, $1), "
            "($21, $1), ($22, $1), ($23, $1), ($24, $1), ($25, $1) ON CONFLICT DO NOTHING"),
        ((struct db_params){values, GRAMS_MAX + 1}), NULL);
}

refusal search_use_word(struct request *q, struct text word, int64_t difference) {
    struct text folded = search_fold(q->arena, word);
    if (text_characters(folded) < WORD_CHARACTERS_MIN) return NULL;
    if (difference < 0)
        return db_run(q->db,
                      SQL("t", "UPDATE search_word SET uses = uses - 1 "
                               "WHERE word = $1 AND uses > 0"),
                      PARAMS(folded), NULL);
    struct text grams[GRAMS_MAX];
    size_t count = cut_grams(folded, grams);
    int64_t uses;
    TRY(db_int(q->db,
               SQL("ti", "INSERT INTO search_word (word, uses, gram_count) VALUES ($1, 1, $2) "
                         "ON CONFLICT (word) DO UPDATE SET uses = search_word.uses + 1 "
                         "RETURNING uses"),
               PARAMS(folded, (int64_t)count), &uses, NULL));
    /* A word that is new, or was out of use, may lack its grams. */
    return uses == 1 ? add_grams(q, folded, grams, count) : NULL;
}

#define NEAR_WORD_FIELDS(F, S) F(S, TEXT, word)
SHAPE_DECLARE(near_word, NEAR_WORD_FIELDS);
SHAPE_DEFINE(near_word, NEAR_WORD_FIELDS);

/* What very many words have tells little about them, and would be slow: only so many are looked at
 * for each gram. */
#define HAVING_GRAM(n)                                                                             \
    " UNION ALL SELECT word FROM (SELECT word FROM search_gram WHERE gram = $" #n                  \
    " ORDER BY word LIMIT 40) AS gram_" #n
#define HAVING_GRAMS_1_TO_12                                                                       \
    HAVING_GRAM(1)                                                                                 \
    HAVING_GRAM(2)                                                                                 \
    HAVING_GRAM(3)                                                                                 \
    HAVING_GRAM(4)                                                                                 \
    HAVING_GRAM(5)                                                                                 \
    HAVING_GRAM(6)                                                                                 \
    HAVING_GRAM(7)                                                                                 \
    HAVING_GRAM(8)                                                                                 \
    HAVING_GRAM(9)                                                                                 \
    HAVING_GRAM(10)                                                                                \
    HAVING_GRAM(11)                                                                                \
    HAVING_GRAM(12)
#define HAVING_GRAMS_13_TO_24                                                                      \
    HAVING_GRAM(13)                                                                                \
    HAVING_GRAM(14)                                                                                \
    HAVING_GRAM(15)                                                                                \
    HAVING_GRAM(16)                                                                                \
    HAVING_GRAM(17)                                                                                \
    HAVING_GRAM(18)                                                                                \
    HAVING_GRAM(19)                                                                                \
    HAVING_GRAM(20)                                                                                \
    HAVING_GRAM(21)                                                                                \
    HAVING_GRAM(22)                                                                                \
    HAVING_GRAM(23)                                                                                \
    HAVING_GRAM(24)

refusal search_near_words(struct request *q, struct text query, int64_t count_max,
                          struct text_list *ret_words) {
    *ret_words = (struct text_list){0};
    struct text folded = search_fold(q->arena, query);
    if (folded.length == 0) return NULL;
    struct text grams[GRAMS_MAX];
    size_t count = cut_grams(folded, grams);
    struct db_value values[GRAMS_MAX + 2];
    for (size_t i = 0; i < GRAMS_MAX; i++)
        values[i] = db_value_text(i < count ? grams[i] : TEXT(""));
    values[GRAMS_MAX] = db_value_int((int64_t)count);
    values[GRAMS_MAX + 1] = db_value_int(count_max);
    struct near_word_list rows;
    /* Twice what both have over what each has, in thousandths: a quarter has to be common. */
    TRY(db_rows(
        q->db,
        SQL("ttttttttttttttttttttttttii",
            "SELECT w.word FROM (SELECT '' AS word" HAVING_GRAMS_1_TO_12 HAVING_GRAMS_13_TO_24
            ") AS m JOIN search_word w ON w.word = m.word WHERE w.uses > 0 "
            "GROUP BY w.word, w.gram_count, w.uses "
            "HAVING 2000 * count(*) >= 250 * (w.gram_count + $25) "
            "ORDER BY (2000 * count(*)) / (w.gram_count + $25) DESC, w.uses DESC, w.word "
            "LIMIT $26"),
        ((struct db_params){values, GRAMS_MAX + 2}), &near_word_shape, &rows));
    ret_words->items = arena_new(q->arena, struct text, rows.count);
    for (size_t i = 0; i < rows.count; i++) ret_words->items[i] = rows.items[i].word;
    ret_words->count = rows.count;
    return NULL;
}

/* ---- the words of a title ---- */

/* What stands between the parts of a title: white space, ASCII signs, Chinese and general
 * punctuation. */
static bool separates(uint32_t c) {
    if (c < 0x80)
        return !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
    return c == 0xB7 || (c >= 0x2000 && c <= 0x206F) || (c >= 0x3000 && c <= 0x303F) ||
           (c >= 0xFF00 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20);
}

static void add_word(struct text_list *words, struct text word) {
    if (words->count < TITLE_WORDS_MAX && text_characters(word) >= WORD_CHARACTERS_MIN &&
        text_characters(word) <= GRAM_CHARACTERS_MAX && !holds(words->items, words->count, word))
        words->items[words->count++] = word;
}

/* PART, and what is left of it behind the name of a place that its goods comes from. */
static void add_part(struct text_list *words, struct text part,
                     const struct places_origin *origin) {
    const struct text names[] = {origin->province, origin->city, origin->county, origin->town,
                                 origin->village};
    add_word(words, part);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        /* 重庆 for 重庆市, 奉节 for 奉节县: with and without the last character. */
        struct text name = names[i];
        size_t last = 0;
        for (size_t at = 0; at < name.length;) {
            last = at;
            text_next(name, &at);
        }
        struct text stem = text_slice(name, 0, last);
        if (name.length && text_starts(part, name))
            add_word(words, text_slice(part, name.length, part.length));
        else if (text_characters(stem) >= 2 && text_starts(part, stem))
            add_word(words, text_slice(part, stem.length, part.length));
    }
}

struct text_list search_title_words(struct arena *arena, struct text title, int64_t place_code) {
    struct text_list words = {arena_new(arena, struct text, TITLE_WORDS_MAX), 0};
    struct places_origin origin = places_origin_of(arena, place_code);
    size_t from = 0;
    for (size_t at = 0; at < title.length;) {
        size_t before = at;
        if (!separates(text_next(title, &at))) continue;
        if (before > from) add_part(&words, text_slice(title, from, before), &origin);
        from = at;
    }
    if (title.length > from) add_part(&words, text_slice(title, from, title.length), &origin);
    return words;
}

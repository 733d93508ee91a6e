/* Search: the same hits on both engines, held against a plain model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/db/test_house.h"

struct document {
    int64_t id;
    int64_t rank_key;
    const char *words;
};

struct query {
    const char *kind;
    const char *words;
    struct db_hit after;
    size_t limit;
    struct db_hit hits[200];
    size_t count;
};

static bool put(struct db *db, void *context) {
    const struct document *document = context;
    return !db_search_put(db, "goods", document->id, document->rank_key, text_of(document->words));
}

static void put_one(struct house *house, int64_t id, int64_t rank_key, const char *words) {
    struct document document = {id, rank_key, words};
    CHECK_INT(house_work(house, true, put, &document), STORE_KEPT);
}

static bool find(struct db *db, void *context) {
    struct query *query = context;
    return !db_search_find(db, query->kind, text_of(query->words), query->after, query->limit,
                           query->hits, &query->count);
}

static void check_found(struct house *house, const char *words, const char *wanted) {
    struct query query = {.kind = "goods", .words = words, .limit = 50};
    char got[400] = "";
    CHECK_INT(house_work(house, false, find, &query), STORE_KEPT);
    for (size_t i = 0; i < query.count; i++)
        snprintf(got + strlen(got), sizeof(got) - strlen(got), "%lld ",
                 (long long)query.hits[i].id);
    if (strcmp(got, wanted))
        test_fail(__FILE__, __LINE__, "\"%s\" found %s, wanted %s", words, got, wanted);
}

BOTH("Words of one, two and more characters, letters and digits are found, the best first") {
    put_one(house, 1, 10, "隰县玉露香梨 5斤装");
    put_one(house, 2, 30, "砀山酥梨");
    put_one(house, 3, 20, "隰县小米 Organic Millet 2.5kg");
    put_one(house, 4, 20, "玉米");
    put_one(house, 5, 20, "ＡＢＣ１２ 露玉 CAFÉ");
    check_found(house, "梨", "2 1 ");
    check_found(house, "隰县", "3 1 ");
    check_found(house, "玉露香", "1 ");
    check_found(house, "玉露香梨", "1 ");
    check_found(house, "露玉", "5 ");
    check_found(house, "玉", "5 4 1 ");
    check_found(house, "organic", "3 ");
    check_found(house, "ORGANIC millet", "3 ");
    check_found(house, "organ", "");
    check_found(house, "abc12", "5 ");
    check_found(house, "café", "5 ");
    check_found(house, "隰县 梨", "1 ");
    check_found(house, "隰县，小米！", "3 ");
    check_found(house, "隰县 酥梨", "");
    check_found(house, "", "");
    check_found(house, " ，。!? ", "");
    check_found(house, "5斤", "1 ");
    check_found(house, "' OR 1=1 --", "");
    check_found(house, "梨\" * NEAR(", "");
}

BOTH("Changed words, a changed place and a removed document are found as they are now") {
    put_one(house, 1, 10, "玉露香梨");
    put_one(house, 2, 20, "酥梨");
    put_one(house, 1, 10, "玉露香梨脯");
    check_found(house, "梨脯", "1 ");
    put_one(house, 1, 10, "玉露香梨");
    check_found(house, "梨脯", "");
    check_found(house, "香梨", "1 ");
    check_found(house, "梨", "2 1 ");
    put_one(house, 1, 30, "玉露香梨");
    check_found(house, "梨", "1 2 ");
    put_one(house, 1, -5, "玉露梨");
    check_found(house, "梨", "2 1 ");
    check_found(house, "香", "");
    put_one(house, 1, 0, "");
    put_one(house, 1, 0, "");
    check_found(house, "梨", "2 ");
    put_one(house, 2, 0, "。");
    CHECK_INT(house_number(house, SQL("", "SELECT count(*) FROM db_search_token"), NO_PARAMS), 0);
    CHECK_INT(house_number(house, SQL("", "SELECT count(*) FROM db_search_document"), NO_PARAMS),
              0);
}

static bool put_other_kind(struct db *db, void *context) {
    (void)context;
    return !db_search_put(db, "sellers", 1, 99, TEXT("梨园")) &&
           !db_search_put(db, "sellers", 2, 98, TEXT("梨园"));
}

BOTH("Kinds are kept apart") {
    struct query query = {.kind = "sellers", .words = "梨", .limit = 50};
    put_one(house, 1, 10, "玉露香梨");
    CHECK_INT(house_work(house, true, put_other_kind, NULL), STORE_KEPT);
    check_found(house, "梨", "1 ");
    CHECK_INT(house_work(house, false, find, &query), STORE_KEPT);
    CHECK_INT(query.count, 2);
}

/* ---- against a model ---- */

enum { DOCUMENTS = 900, CHARACTERS = 24, LENGTH = 6, WORD_BYTES = LENGTH * 3 + 1 };

struct model {
    struct document documents[DOCUMENTS];
    char words[DOCUMENTS][WORD_BYTES];
};

static void write_characters(unsigned *seed, int count, char *ret_words) {
    for (int i = 0; i < count; i++) {
        /* The lower characters are much more frequent. */
        unsigned c = (unsigned)rand_r(seed) % CHARACTERS * ((unsigned)rand_r(seed) % CHARACTERS) /
                     CHARACTERS;
        snprintf(ret_words + i * 3, 4, "\xE6\xA2%c", (char)(0x80 + c));
    }
}

static struct db_hit best_below(const struct model *model, const char *const *parts,
                                struct db_hit below) {
    struct db_hit best = {0, INT64_MIN};
    for (int i = 0; i < DOCUMENTS; i++) {
        const struct document *document = &model->documents[i];
        bool holds = true;
        for (int j = 0; parts[j] && holds; j++) holds = strstr(document->words, parts[j]) != NULL;
        bool is_below = document->rank_key < below.rank_key ||
                        (document->rank_key == below.rank_key && document->id < below.id);
        bool is_better = document->rank_key > best.rank_key ||
                         (document->rank_key == best.rank_key && document->id > best.id);
        if (holds && is_below && is_better)
            best = (struct db_hit){document->id, document->rank_key};
    }
    return best;
}

static void check_query(struct house *house, const struct model *model, const char *const *parts) {
    char words[100] = "";
    size_t length = 0;
    for (int j = 0; parts[j]; j++)
        length += (size_t)snprintf(words + length, sizeof(words) - length, "%s ", parts[j]);
    struct query query = {.kind = "goods", .words = words, .limit = 17};
    struct db_hit below = {INT64_MAX, INT64_MAX};
    for (int page = 0; page < 4; page++) {
        CHECK_INT(house_work(house, false, find, &query), STORE_KEPT);
        for (size_t i = 0; i < query.count; i++) {
            below = best_below(model, parts, below);
            CHECK_INT(query.hits[i].id, below.id);
            CHECK_INT(query.hits[i].rank_key, below.rank_key);
        }
        if (query.count < query.limit) {
            CHECK_INT(best_below(model, parts, below).id, 0);
            return;
        }
        query.after = below;
    }
}

BOTH("Every page of many random queries is what a plain look through the texts finds") {
    static struct model model;
    unsigned seed = 20261123;
    for (int i = 0; i < DOCUMENTS; i++) {
        write_characters(&seed, LENGTH, model.words[i]);
        model.documents[i] = (struct document){i + 1, rand_r(&seed) % 60, model.words[i]};
    }
    for (int i = 0; i < DOCUMENTS; i++)
        put_one(house, model.documents[i].id, model.documents[i].rank_key,
                model.documents[i].words);
    for (int i = 0; i < 120; i++) {
        char first[WORD_BYTES], second[WORD_BYTES], third[WORD_BYTES];
        write_characters(&seed, 1 + i % 2, first);
        write_characters(&seed, 1 + i / 2 % 2, second);
        write_characters(&seed, 1, third);
        const char *const parts[] = {first, i % 3 ? second : NULL, i % 3 == 2 ? third : NULL, NULL};
        check_query(house, &model, parts);
    }
}

static bool put_long(struct db *db, void *context) {
    (void)context;
    struct buffer buffer = buffer_make(db_arena(db), 100000);
    for (unsigned c = 0x4E00; c < 0x4E00 + 2000; c++) {
        char bytes[4] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 63)),
                         (char)(0x80 | (c & 63)), 0};
        buffer_add(&buffer, bytes, 3);
    }
    for (int i = 0; i < 300; i++) buffer_add_char(&buffer, 'x');
    return !db_search_put(db, "goods", 1, 1, buffer_text(&buffer)) &&
           !db_search_put(db, "goods", 1, 2, TEXT("梨"));
}

BOTH("A text without end is cut, not refused") {
    CHECK_INT(house_work(house, true, put_long, NULL), STORE_KEPT);
    check_found(house, "梨", "1 ");
    CHECK_INT(house_number(house, SQL("", "SELECT count(*) FROM db_search_token"), NO_PARAMS), 1);
}

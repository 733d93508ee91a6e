/* Inside market/search only: what its files share. */
#ifndef MARKET_SEARCH_INSIDE_H
#define MARKET_SEARCH_INSIDE_H

#include "kernel/base/limits.h"
#include "market/search/search.h"

#define SEARCH_GOODS_QUERY_FIELDS(F, S)                                                            \
    F(S, TEXT, q, .max = 60, .about = "words that all have to occur")                              \
    F(S, ID, category, .about = "with all categories below it")                                    \
    F(S, TEXT, section, .max = 40, .about = "a section's code")                                    \
    F(S, TEXT, zone, .max = 40, .about = "a zone's code")                                          \
    F(S, ID, seller)                                                                               \
    F(S, TEXT, place, .max = 12, .about = "2, 4, 6, 9 or 12 digits of the place it comes from")    \
    F(S, ENUM, sort, catalog_sort)                                                                 \
    F(S, FEN, min_fen)                                                                             \
    F(S, FEN, max_fen)                                                                             \
    F(S, BOOL, in_stock)                                                                           \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)                             \
    F(S, TEXT, after, .max = 48)
SHAPE_DECLARE(search_goods_query, SEARCH_GOODS_QUERY_FIELDS);

/* What helps when nothing was found. */
#define SEARCH_HINT_FIELDS(F, S)                                                                   \
    F(S, TEXTS, corrections, .about = "words that are near to what was asked and do find goods")   \
    F(S, LIST, popular, catalog_card)
SHAPE_DECLARE(search_hint, SEARCH_HINT_FIELDS);

#define SEARCH_GOODS_PAGE_FIELDS(F, S)                                                             \
    F(S, LIST, items, catalog_card)                                                                \
    F(S, TEXT, next, .optional = true)                                                             \
    F(S, OBJECT, hint, search_hint, .optional = true)
SHAPE_DECLARE(search_goods_page, SEARCH_GOODS_PAGE_FIELDS);

#define SEARCH_SUGGESTION_KINDS(X)                                                                 \
    X(SUGGEST_GOODS, "goods")                                                                      \
    X(SUGGEST_SELLER, "seller")                                                                    \
    X(SUGGEST_PLACE, "place")                                                                      \
    X(SUGGEST_CATEGORY, "category")
SHAPE_ENUM_DECLARE(search_suggestion_kind, SEARCH_SUGGESTION_KINDS);

#define SEARCH_SUGGESTION_FIELDS(F, S)                                                             \
    F(S, TEXT, text)                                                                               \
    F(S, ENUM, kind, search_suggestion_kind)                                                       \
    F(S, ID, id, .about = "of the goods, seller or category, or a place's code; empty: just words")
SHAPE_DECLARE(search_suggestion, SEARCH_SUGGESTION_FIELDS);
SHAPE_DECLARE_PAGE(search_suggestion);

#define SEARCH_SUGGESTION_QUERY_FIELDS(F, S)                                                       \
    F(S, TEXT, q, .max = 60)                                                                       \
    F(S, INT, limit, .min = 1, .max = 20, .fallback = 10)
SHAPE_DECLARE(search_suggestion_query, SEARCH_SUGGESTION_QUERY_FIELDS);

#define SEARCH_POPULAR_FIELDS(F, S) F(S, TEXTS, words, .required = true, .max = SEARCH_POPULAR_MAX)
SHAPE_DECLARE(search_popular, SEARCH_POPULAR_FIELDS);

/* ---- words.c: the list of words ---- */

/* As a query and a stored word are compared: trimmed, A-Z small. */
struct text search_fold(struct arena *arena, struct text words);
/* A word is used once more (or, with DIFFERENCE -1, once less). */
refusal search_use_word(struct request *q, struct text word, int64_t difference);
/* Up to COUNT_MAX words that share the most with QUERY. */
refusal search_near_words(struct request *q, struct text query, int64_t count_max,
                          struct text_list *ret_words);
/* The words of a goods' title: its parts, and each part without the place's name in front
 * ("隰县玉露香梨", "玉露香梨"). */
struct text_list search_title_words(struct arena *arena, struct text title, int64_t place_code);

/* ---- handlers and listeners ---- */
refusal search_get_goods(struct request *q);
refusal search_get_suggestions(struct request *q);
refusal search_put_popular_door(struct request *q);
refusal search_hear_goods(struct request *q, const void *data);
refusal search_hear_seller(struct request *q, const void *data);
refusal search_hear_category(struct request *q, const void *data);
refusal search_refresh(struct request *q, int64_t after_goods_id, struct text text);

#endif

/* Inside market/listings only: what its files share. */
#ifndef MARKET_LISTINGS_INSIDE_H
#define MARKET_LISTINGS_INSIDE_H

#include "market/listings/listings.h"

enum { LISTINGS_STEPS_SHOWN = 50, LISTINGS_WORDS_MAX = 300, LISTINGS_FINDINGS_MAX = 40 };

#define LISTINGS_STEP_FIELDS(F, S)                                                                 \
    F(S, ENUM, kind, listings_step_kind)                                                           \
    F(S, TEXT, words)                                                                              \
    F(S, TIME, at)
SHAPE_DECLARE(listings_step, LISTINGS_STEP_FIELDS);

#define LISTINGS_FINDING_FIELDS(F, S)                                                              \
    F(S, ENUM, level, listings_level)                                                              \
    F(S, TEXT, field, .about = "goods.title")                                                      \
    F(S, TEXT, words)
SHAPE_DECLARE(listings_finding, LISTINGS_FINDING_FIELDS);

#define LISTINGS_LISTING_FIELDS(F, S)                                                              \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, state, listings_state)                                                              \
    F(S, BOOL, is_revision)                                                                        \
    F(S, ID, goods_id, .optional = true)                                                           \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, category_name)                                                                      \
    F(S, OBJECT, origin, places_origin)                                                            \
    F(S, OBJECT, goods, catalog_goods_draft)                                                       \
    F(S, LIST, before, catalog_goods_draft, .about = "of a change: what was on sale")              \
    F(S, LIST, findings, listings_finding, .about = "what the house noticed by itself")            \
    F(S, TEXT, reason, .optional = true, .about = "why it came back")                              \
    F(S, TIME, made_at)                                                                            \
    F(S, TIME, changed_at)                                                                         \
    F(S, TIME, submitted_at, .optional = true)                                                     \
    F(S, LIST, steps, listings_step, .about = "the newest first")                                  \
    F(S, TEXTS, may, .about = "of who asks: edit submit withdraw decide")
SHAPE_DECLARE(listings_listing, LISTINGS_LISTING_FIELDS);

#define LISTINGS_OPINION_FIELDS(F, S)                                                              \
    F(S, BOOL, agreed, .required = true)                                                           \
    F(S, TEXT, words, .max = 400, .about = "needed when not agreed: what is to be mended")         \
    F(S, TIME, submitted_at, .required = true, .about = "of the listing as it was read")
SHAPE_DECLARE(listings_opinion, LISTINGS_OPINION_FIELDS);

#define LISTINGS_WORDS_FIELDS(F, S)                                                                \
    F(S, TEXTS, stop, .required = true, .max = LISTINGS_WORDS_MAX)                                 \
    F(S, TEXTS, look, .required = true, .max = LISTINGS_WORDS_MAX)
SHAPE_DECLARE(listings_words, LISTINGS_WORDS_FIELDS);

/* ---- findings (findings.c) ---- */

/* What the house notices in a draft by itself, said in both languages, and the category's name on
 * the way. Two statements. */
struct listings_found {
    struct text category_name;
    size_t count;
    struct {
        enum listings_level level;
        const char *field; /* "goods.title" */
        struct text zh;
        struct text en;
    } items[LISTINGS_FINDINGS_MAX];
};
refusal listings_find(struct request *q, const struct catalog_goods_draft *goods,
                      struct listings_found *ret_found);
refusal listings_read_words(struct request *q, struct listings_words *ret_words);
refusal listings_put_words(struct request *q, const struct listings_words *words);

/* ---- rules (listings.c) ---- */
refusal listings_decide(struct request *q, int64_t id, const struct listings_opinion *opinion);
refusal listings_check(struct request *q, struct check_report *report);

/* ---- reading (read.c) ---- */

#define LISTINGS_ROW_FIELDS(F, S)                                                                  \
    F(S, OBJECT, shown, listings_listing)                                                          \
    F(S, ID, place_code)                                                                           \
    F(S, TEXT, draft)                                                                              \
    F(S, TEXT, before_draft)
SHAPE_DECLARE(listings_row, LISTINGS_ROW_FIELDS);

/* With its drafts read. NOT_FOUND unless the caller sells for its seller, or reviews there and it
 * was sent in. */
refusal listings_row_of(struct request *q, int64_t id, struct listings_row *ret_row);
/* Whether the caller may sell for the shop, by whatever grant: such a one never reviews for it. */
bool listings_is_seller(const struct request *q, const struct listings_row *row);
bool listings_is_reviewer(const struct request *q, const struct listings_row *row);
refusal listings_read(struct request *q, int64_t id, struct listings_listing *ret_reply);
/* NOT_FOUND on FIELD unless the caller may sell for the seller; its place. */
refusal listings_require_seller(struct request *q, const char *field, int64_t seller_id,
                                int64_t *ret_place_code);

#endif

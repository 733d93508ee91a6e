/* Listings: what a seller wants to put on sale, or to change of what is on sale, until a reviewer
 * has looked. The goods themselves are the catalogue's, which stands below and knows nothing of
 * this. Prices and stock need no review. */
#ifndef MARKET_LISTINGS_LISTINGS_H
#define MARKET_LISTINGS_LISTINGS_H

#include "kernel/base/limits.h"
#include "market/catalog/catalog.h"

#define LISTINGS_STATES(X)                                                                         \
    X(LISTINGS_DRAFT, "draft")                                                                     \
    X(LISTINGS_SUBMITTED, "submitted")                                                             \
    X(LISTINGS_LISTED, "listed")                                                                   \
    X(LISTINGS_REFUSED, "refused")                                                                 \
    X(LISTINGS_WITHDRAWN, "withdrawn")
SHAPE_ENUM_DECLARE(listings_state, LISTINGS_STATES);

#define LISTINGS_STEP_KINDS(X)                                                                     \
    X(LISTINGS_SUBMISSION, "submission")                                                           \
    X(LISTINGS_ACCEPTANCE, "acceptance")                                                           \
    X(LISTINGS_REFUSAL, "refusal")                                                                 \
    X(LISTINGS_WITHDRAWAL, "withdrawal")
SHAPE_ENUM_DECLARE(listings_step_kind, LISTINGS_STEP_KINDS);

/* How much a finding weighs: what stops is never listed, what is looked at is the reviewer's to
 * judge. */
#define LISTINGS_LEVELS(X)                                                                         \
    X(LISTINGS_STOP, "stop")                                                                       \
    X(LISTINGS_LOOK, "look")
SHAPE_ENUM_DECLARE(listings_level, LISTINGS_LEVELS);

#define LISTINGS_DRAFT_FIELDS(F, S)                                                                \
    F(S, ID, goods_id, .about = "a change of this goods; absent: a new one")                       \
    F(S, OBJECT, goods, catalog_goods_draft, .required = true)
SHAPE_DECLARE(listings_draft, LISTINGS_DRAFT_FIELDS);

/* Writes a listing of the seller that DRAFT names; ID 0 begins one. The caller may sell for it. */
refusal listings_put(struct request *q, int64_t id, const struct listings_draft *draft,
                     int64_t *ret_id);
/* Sends it in for review. BAD_INPUT names what stops it. */
refusal listings_submit(struct request *q, int64_t id);

/* Takes it back; the seller's, unless it is on sale. */
refusal listings_withdraw(struct request *q, int64_t id);
/* Whether a listing was taken back, or is not there. */
refusal listings_is_withdrawn(struct request *q, int64_t id, bool *ret_withdrawn);
/* Whose it is; 0 when it is not there. */
refusal listings_seller_of(struct request *q, int64_t id, int64_t *ret_seller_id);

/* ---- lists ---- */

#define LISTINGS_CARD_FIELDS(F, S)                                                                 \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, state, listings_state)                                                              \
    F(S, BOOL, is_revision)                                                                        \
    F(S, ID, goods_id, .optional = true)                                                           \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, origin_name, .about = "of the seller")                                              \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, picture)                                                                            \
    F(S, TEXT, reason, .optional = true)                                                           \
    F(S, TIME, changed_at)                                                                         \
    F(S, TIME, submitted_at, .optional = true)
SHAPE_DECLARE(listings_card, LISTINGS_CARD_FIELDS);
SHAPE_DECLARE_PAGE(listings_card);

#define LISTINGS_DESK_QUERY_FIELDS(F, S)                                                           \
    F(S, TEXT, state, .max = 20, .about = "absent means submitted")                                \
    F(S, TEXT, place, .max = 12, .about = "2, 4, 6, 9 or 12 digits")                               \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)                             \
    F(S, TEXT, after, .max = 48)
SHAPE_DECLARE(listings_desk_query, LISTINGS_DESK_QUERY_FIELDS);

#define LISTINGS_OWN_QUERY_FIELDS(F, S)                                                            \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)                             \
    F(S, TEXT, after, .max = 48)
SHAPE_DECLARE(listings_own_query, LISTINGS_OWN_QUERY_FIELDS);

/* What a desk has to look at: those of one state that were sent in, longest waiting first.
 * NOT_FOUND on "place" for who reviews nothing there. */
refusal listings_list_desk(struct request *q, const struct listings_desk_query *query,
                           struct listings_card_page *ret_page);
/* A seller's, the newest first. NOT_FOUND unless the caller may sell for it. */
refusal listings_list_seller(struct request *q, int64_t seller_id,
                             const struct listings_own_query *query,
                             struct listings_card_page *ret_page);

/* Announced when a listing was listed or sent back: DATA is a struct listings_told. */
struct listings_told {
    int64_t listing_id;
    int64_t seller_id;
    int64_t person_id; /* who sent it in */
    struct text title;
    bool is_listed;
    struct text reason; /* why it came back */
};
extern const struct fact listings_was_decided;

/* Listings of sellers of a place (0: everywhere) that wait for a reviewer, counted up to a
 * thousand. The caller has asked whether the principal may see it. */
refusal listings_count_waiting(struct request *q, int64_t place_code, int64_t *ret_count);

extern const struct room listings_room;

#endif

/* Messages: what the house writes to a person when something happens that the person waits for.
 * See README.md. The last room of the market: it listens to the facts of the others, and none of
 * them knows of it. */
#ifndef MARKET_MESSAGES_MESSAGES_H
#define MARKET_MESSAGES_MESSAGES_H

#include "kernel/http/route.h"

enum {
    MESSAGES_KEPT_DAYS = 180,
    MESSAGES_NEWS_DAYS = 3,    /* what happened longer ago is history and tells nobody */
    MESSAGES_UNREAD_MAX = 100, /* nobody counts further */
    MESSAGES_TITLE_MAX = 30,   /* characters of a template */
    MESSAGES_WORDS_MAX = 200,  /* the same */
    MESSAGES_REASON_MAX = 100  /* characters of {reason}; the rest stands where the link leads */
};

#define MESSAGES_KINDS(X)                                                                          \
    X(MESSAGES_ORDER_SHIPPED, "order_shipped")                                                     \
    X(MESSAGES_ORDER_REFUNDED, "order_refunded")                                                   \
    X(MESSAGES_ORDER_CANCELLED, "order_cancelled")                                                 \
    X(MESSAGES_CASE_ANSWERED, "case_answered")                                                     \
    X(MESSAGES_CASE_DECIDED, "case_decided")                                                       \
    X(MESSAGES_CASE_REFUNDED, "case_refunded")                                                     \
    X(MESSAGES_COMPLAINT_ANSWERED, "complaint_answered")                                           \
    X(MESSAGES_INVOICE_ISSUED, "invoice_issued")                                                   \
    X(MESSAGES_INVOICE_REFUSED, "invoice_refused")                                                 \
    X(MESSAGES_LISTING_LISTED, "listing_listed")                                                   \
    X(MESSAGES_LISTING_REFUSED, "listing_refused")                                                 \
    X(MESSAGES_APPLICATION_RECOMMENDED, "application_recommended")                                 \
    X(MESSAGES_APPLICATION_ACCEPTED, "application_accepted")                                       \
    X(MESSAGES_APPLICATION_REFUSED, "application_refused")
SHAPE_ENUM_DECLARE(messages_kind, MESSAGES_KINDS);
enum { MESSAGES_KIND_COUNT = MESSAGES_APPLICATION_REFUSED + 1 };

/* What a message speaks of, and so where it leads. */
#define MESSAGES_ABOUTS(X)                                                                         \
    X(MESSAGES_OF_ORDER, "order")                                                                  \
    X(MESSAGES_OF_CASE, "case")                                                                    \
    X(MESSAGES_OF_COMPLAINT, "complaint")                                                          \
    X(MESSAGES_OF_INVOICE, "invoice")                                                              \
    X(MESSAGES_OF_LISTING, "listing")                                                              \
    X(MESSAGES_OF_APPLICATION, "application")
SHAPE_ENUM_DECLARE(messages_about, MESSAGES_ABOUTS);

/* ---- the inbox: one's own, of nobody else ---- */

#define MESSAGES_MESSAGE_FIELDS(F, S)                                                              \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, kind, messages_kind)                                                                \
    F(S, ENUM, about, messages_about)                                                              \
    F(S, ID, about_id)                                                                             \
    F(S, ID, order_id, .optional = true, .about = "of an order, a case, an invoice")               \
    F(S, ID, seller_id, .optional = true)                                                          \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, words)                                                                              \
    F(S, TIME, at)                                                                                 \
    F(S, TIME, read_at, .optional = true, .about = "absent: not read yet")
SHAPE_DECLARE(messages_message, MESSAGES_MESSAGE_FIELDS);

#define MESSAGES_INBOX_FIELDS(F, S)                                                                \
    F(S, LIST, items, messages_message)                                                            \
    F(S, TEXT, next, .optional = true)                                                             \
    F(S, INT, unread_count, .about = "of all, counted up to a hundred")
SHAPE_DECLARE(messages_inbox, MESSAGES_INBOX_FIELDS);

#define MESSAGES_QUERY_FIELDS(F, S)                                                                \
    F(S, BOOL, unread, .about = "only those that were not read")                                   \
    F(S, INT, limit, .min = 1, .max = 50, .fallback = 20)                                          \
    F(S, ID, after)
SHAPE_DECLARE(messages_query, MESSAGES_QUERY_FIELDS);

#define MESSAGES_UNREAD_FIELDS(F, S) F(S, INT, unread_count, .about = "counted up to a hundred")
SHAPE_DECLARE(messages_unread, MESSAGES_UNREAD_FIELDS);

/* Those of Q->who, the newest first, in the language of the request. */
refusal messages_list(struct request *q, const struct messages_query *query,
                      struct messages_inbox *ret_inbox);
/* Marks one as read; once read it stays so, with its first moment. NOT_FOUND for another's. */
refusal messages_read(struct request *q, int64_t message_id, struct messages_unread *ret_unread);
/* Marks all up to THROUGH_ID as read: what came after the list was shown stays unread. */
refusal messages_read_through(struct request *q, int64_t through_id,
                              struct messages_unread *ret_unread);

/* ---- the words: for who may `operate` everywhere; others find nothing ---- */

#define MESSAGES_DRAFT_FIELDS(F, S)                                                                \
    F(S, BOOL, is_on, .required = true)                                                            \
    F(S, TEXT, title, .required = true, .min = 1, .max = MESSAGES_TITLE_MAX)                       \
    F(S, TEXT, words, .required = true, .min = 1, .max = MESSAGES_WORDS_MAX)                       \
    F(S, TEXT, title_en, .required = true, .min = 1, .max = 2 * MESSAGES_TITLE_MAX)                \
    F(S, TEXT, words_en, .required = true, .min = 1, .max = 2 * MESSAGES_WORDS_MAX)
SHAPE_DECLARE(messages_draft, MESSAGES_DRAFT_FIELDS);

#define MESSAGES_PLACEHOLDER_FIELDS(F, S)                                                          \
    F(S, TEXT, name, .about = "stands as {name} in title and words")                               \
    F(S, TEXT, example)                                                                            \
    F(S, TEXT, example_en)
SHAPE_DECLARE(messages_placeholder, MESSAGES_PLACEHOLDER_FIELDS);

#define MESSAGES_TEMPLATE_FIELDS(F, S)                                                             \
    F(S, ENUM, kind, messages_kind)                                                                \
    F(S, BOOL, is_on)                                                                              \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, words)                                                                              \
    F(S, TEXT, title_en)                                                                           \
    F(S, TEXT, words_en)                                                                           \
    F(S, TIME, changed_at, .optional = true, .about = "absent: as the house came")                 \
    F(S, LIST, placeholders, messages_placeholder)
SHAPE_DECLARE(messages_template, MESSAGES_TEMPLATE_FIELDS);
#define MESSAGES_TEMPLATES_FIELDS(F, S) F(S, LIST, items, messages_template)
SHAPE_DECLARE(messages_templates, MESSAGES_TEMPLATES_FIELDS);

/* Every kind, in the order of MESSAGES_KINDS. */
refusal messages_templates_list(struct request *q, struct messages_templates *ret_templates);
/* BAD_INPUT on each text that has something in braces which is no name of the kind. */
refusal messages_template_put(struct request *q, enum messages_kind kind,
                              const struct messages_draft *draft,
                              struct messages_template *ret_template);
/* Back to what the house came with, and on. */
refusal messages_template_reset(struct request *q, enum messages_kind kind,
                                struct messages_template *ret_template);

extern const struct room messages_room;

#endif

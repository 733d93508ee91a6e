/* Inside market/messages only. */
#ifndef MARKET_MESSAGES_INSIDE_H
#define MARKET_MESSAGES_INSIDE_H

#include "market/messages/messages.h"

/* ---- events (tell.c): from facts to messages ---- */

/* What came of a case, in a few words of each language. */
#define MESSAGES_ANSWERS(X)                                                                        \
    X(MESSAGES_OFFERED, "offered")                                                                 \
    X(MESSAGES_REFUSED, "refused")                                                                 \
    X(MESSAGES_SEND_BACK, "send_back")                                                             \
    X(MESSAGES_WILL_REPLACE, "will_replace")                                                       \
    X(MESSAGES_REPLACED, "replaced")                                                               \
    X(MESSAGES_MONEY, "money")                                                                     \
    X(MESSAGES_NO_MONEY, "no_money")
SHAPE_ENUM_DECLARE(messages_answer, MESSAGES_ANSWERS);

/* One event as its job carries it: ids, a sum, the words of an officer. Never a receiver, a phone
 * or an address. */
#define MESSAGES_EVENT_FIELDS(F, S)                                                                \
    F(S, ENUM, kind, messages_kind, .required = true)                                              \
    F(S, ID, person_id, .required = true)                                                          \
    F(S, ENUM, about, messages_about, .required = true)                                            \
    F(S, ID, about_id, .required = true)                                                           \
    F(S, ID, order_id, .optional = true)                                                           \
    F(S, ID, seller_id, .optional = true)                                                          \
    F(S, TIME, at, .required = true)                                                               \
    F(S, FEN, sum_fen)                                                                             \
    F(S, ENUM, answer, messages_answer)                                                            \
    F(S, TEXT, goods, .max = 200, .optional = true, .about = "of an order: not known yet")         \
    F(S, TEXT, shop, .max = 200, .optional = true)                                                 \
    F(S, TEXT, reason, .max = 1000, .optional = true)
SHAPE_DECLARE(messages_event, MESSAGES_EVENT_FIELDS);

/* Leaves the job that writes the message: one statement, in the transaction of the fact. */
refusal messages_tell(struct request *q, struct messages_event *event);
/* The job: EVENT_ID is the message's id, WORDS the event. */
refusal messages_write(struct request *q, int64_t event_id, struct text words);

/* ---- words (words.c) ---- */

enum messages_name {
    MESSAGES_GOODS,
    MESSAGES_ORDER,
    MESSAGES_SHOP,
    MESSAGES_SUM,
    MESSAGES_ANSWER,
    MESSAGES_REASON,
    MESSAGES_NAME_COUNT
};
/* What stands for each name, in one language. */
struct messages_values {
    struct text of[MESSAGES_NAME_COUNT];
};

/* What is said now of KIND. */
refusal messages_template_of(struct request *q, enum messages_kind kind,
                             struct messages_template *ret_template);
/* TEMPLATE with the values in the place of {names}; what is no name stays as it stands. */
struct text messages_fill(struct arena *arena, struct text pattern,
                          const struct messages_values *values);
/* Whether every {name} of the pattern is one that KIND has; else *ret_wrong is the first other. */
bool messages_fits(enum messages_kind kind, struct text pattern, struct text *ret_wrong);
/* How many of the kinds that have words of their own have some that cannot be filled in. */
refusal messages_count_unfit(struct request *q, int64_t *ret_own, int64_t *ret_unfit);

/* ---- the inbox (messages.c) ---- */
struct messages_note {
    int64_t id;
    const struct messages_event *event;
    struct text title, words, title_en, words_en;
};
/* Once: a note that is there already stays as it was. */
refusal messages_put(struct request *q, const struct messages_note *note);
refusal messages_sweep(struct request *q, int64_t argument, struct text words);
refusal messages_hear_wiped(struct request *q, const void *data);
refusal messages_hear_export(struct request *q, const void *data);
refusal messages_check(struct request *q, struct check_report *report);

#endif

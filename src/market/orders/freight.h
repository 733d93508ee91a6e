/* Freight by region and weight: what a seller (or, for seller 0, the house) asks for sending a
 * parcel to a place. */
#ifndef MARKET_ORDERS_FREIGHT_H
#define MARKET_ORDERS_FREIGHT_H

#include "kernel/http/route.h"

#define FREIGHT_RULE_FIELDS(F, S)                                                                  \
    F(S, ID, seller_id)                                                                            \
    F(S, INT, region_code, .max = 999999999999, .about = "12-digit place code; 0 everywhere else") \
    F(S, INT, first_g, .required = true, .min = 1, .max = 1000000000)                              \
    F(S, FEN, first_fen, .required = true, .max = 100000000)                                       \
    F(S, INT, next_g, .required = true, .min = 1, .max = 1000000000)                               \
    F(S, FEN, next_fen, .required = true, .max = 100000000)                                        \
    F(S, FEN, free_over_fen, .about = "free from this sum of goods on; 0 never")                   \
    F(S, BOOL, deliverable, .fallback = 1)
SHAPE_DECLARE(freight_rule, FREIGHT_RULE_FIELDS);
SHAPE_DECLARE_PAGE(freight_rule);

#define FREIGHT_QUERY_FIELDS(F, S)                                                                 \
    F(S, ID, seller, .about = "absent: the house's own rules, which serve sellers without one")    \
    F(S, INT, limit, .min = 1, .max = 50, .fallback = 50)                                          \
    F(S, INT, after, .max = 999999999999, .about = "the region of the last one shown")
SHAPE_DECLARE(freight_query, FREIGHT_QUERY_FIELDS);

/* The rules of a seller (or the house) by region. */
refusal freight_list(struct request *q, const struct freight_query *query,
                     struct freight_rule_page *ret_page);

/* Sets the rule of a seller for a region, replacing one that is there. */
refusal freight_put(struct request *q, const struct freight_rule *rule);

/* The 12-digit code of a region written by its leading digits ("65" is 650000000000). */
int64_t freight_region_code(int64_t prefix);

/* The rules that can apply to up to 20 sellers for one destination (0: unknown), one statement. */
refusal freight_rules(struct request *q, const int64_t *seller_ids, size_t seller_count,
                      int64_t place_code, struct freight_rule_list *ret_rules);

/* What sending GOODS worth this, weighing WEIGHT_G (only what is not sent free), costs by the
 * most particular of the rules: the seller's own before the house's, the narrower region before
 * the wider. */
struct freight_parcel {
    int64_t seller_id;
    int64_t weight_g;
    struct fen goods_fen;
    bool all_free; /* every line is sold with free freight */
};
struct freight_answer {
    bool deliverable;
    struct fen price;
    struct text words_zh; /* "满 69 元包邮" */
    struct text words_en;
};
refusal freight_for(struct request *q, const struct freight_rule_list *rules,
                    const struct freight_parcel *parcel, struct freight_answer *ret_answer);

#endif

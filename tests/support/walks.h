/* Buyers who walk the whole road, each in a thread of its own: an order, its payment at the cashier
 * and the signed callback, the parcel, money back, a case of after-sales. They remember what they
 * were told at each step; afterwards every step is asked for again by its key, and must have taken
 * place once. */
#ifndef TESTS_SUPPORT_WALKS_H
#define TESTS_SUPPORT_WALKS_H

#include <pthread.h>
#include <stdatomic.h>

#include "support/outside.h"

enum { WALKERS = 3, WALKS_MAX = 400 };

enum walk_end { WALK_SENT, WALK_GIVEN_BACK, WALK_CLAIMED, WALK_ENDS };

struct walk {
    char key[32];
    enum walk_end end;
    char order_id[24]; /* empty: no answer came, so nobody knows */
    char payment_id[24];
    char case_id[24];
};

struct walks;
struct walker {
    struct outside own; /* a copy with an arena of its own, for one thread */
    struct arena arena;
    const struct walks *all;
    int number;
    pthread_t thread;
    struct walk items[WALKS_MAX];
    size_t count;
    int64_t begun; /* in all rounds */
};

struct walks {
    struct outside *outside;
    struct text buyer, keeper, sku; /* set by the drill before the first round */
    struct walker each[WALKERS];
    atomic_bool is_over;
    int round;
    int64_t sold; /* what the walks that were settled took from the shelf for good */
    int64_t settled, given_back, claimed;
};

void walks_begin(struct walks *walks, struct outside *outside);
void walks_end(struct walks *walks);
/* Goes every walk of the round to its end by the keys it had, and looks at the order, its cases and
 * the cashier's book. */
void walks_settle(struct walks *walks);
void walks_close(struct walks *walks);

#endif

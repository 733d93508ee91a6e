/* Buyers who place one order after the other, each in a thread of its own, and remember what they
 * were told: the kill -9, network and failover drills. An order that was acknowledged must be there
 * afterwards, one that nobody knows of must become known by its key. */
#ifndef TESTS_SUPPORT_BUYERS_H
#define TESTS_SUPPORT_BUYERS_H

#include <pthread.h>
#include <stdatomic.h>

#include "support/outside.h"

enum { BUYERS = 6, BUYERS_ATTEMPTS_MAX = 4000 };

struct buyers_attempt {
    char key[40];
    char order_id[24]; /* empty: no answer came, so nobody knows */
};

struct buyers;
struct buyers_one {
    struct outside own; /* a copy with an arena of its own, for one thread */
    struct arena arena;
    const struct buyers *all;
    int number;
    pthread_t thread;
    struct buyers_attempt attempts[BUYERS_ATTEMPTS_MAX];
    size_t attempt_count;
};

struct buyers {
    struct outside *outside;
    struct text token, keeper, sku;
    struct buyers_one each[BUYERS];
    atomic_bool is_over;
    int round;
    int timeout_ms;          /* of one try */
    int64_t recovery_ms_max; /* how long it may take until an order succeeds again */
    int64_t acknowledged, unknown;
    int64_t longest_recovery_ms;
};

/* Logs the demo's buyer and keeper in and stocks up a goods; the server of OUTSIDE is running. */
void buyers_open(struct buyers *buyers, struct outside *outside);
/* What can be bought of the goods now. */
int64_t buyers_available(struct buyers *buyers);
/* A round: they begin to buy, through the port that `outside` has now; and stop. */
void buyers_begin(struct buyers *buyers);
void buyers_end(struct buyers *buyers);
/* A plain order until it succeeds; fails the test after recovery_ms_max. */
void buyers_wait_until_it_sells(struct buyers *buyers);
/* Asks for every attempt of the round again by its key: what was acknowledged must be the same, and
 * each order must be there. */
void buyers_settle(struct buyers *buyers);
void buyers_close(struct buyers *buyers);

#endif

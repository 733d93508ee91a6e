/* What the drills of the disk and of memory have in common: a market in a folder, copied for each
 * trial; sales in it whose acknowledged stage stands in memory that outlives the process; and the
 * judge, who opens what a trial left. */
#ifndef TESTS_SUPPORT_DRILL_H
#define TESTS_SUPPORT_DRILL_H

#include "support/market.h"

enum { DRILL_BUYERS = 8, DRILL_SALES_MAX = 16384 };

enum sale_stage { SALE_NONE, SALE_ORDERED, SALE_PAID, SALE_REFUNDED };

struct drill_sale {
    char key[32]; /* every request of it has a key made of this one; empty: never begun */
    int buyer;
    enum sale_stage wanted;
    _Atomic enum sale_stage stage; /* acknowledged */
    int status;                    /* of the last answer; 0: none came */
    int64_t order_id;
};

struct drill {
    char fresh[64]; /* the folder with the log copied */
    char ripe[64];  /* with a log so long that the next orders copy it and begin it anew */
    char trial[64]; /* the copy that is used up */
    struct market market;
    char keeper[128];
    char buyers[DRILL_BUYERS][128];
    int64_t ripe_orders;      /* that the ripe one has already */
    int64_t orders_before;    /* that the trial began with */
    struct drill_sale *sales; /* DRILL_SALES_MAX, shared with every process that is forked */
};

void drill_open(struct drill *drill);
void drill_close(struct drill *drill);

/* A new trial: a copy of FROM, no sales, and what the server says goes to the trial's own log. */
void drill_copy(struct drill *drill, const char *from);
/* In the trial's process: from now on stderr is the trial's log. */
void drill_redirect(const struct drill *drill);
/* Whether the trial's log has these words. */
bool drill_log_has(const struct drill *drill, const char *words);
void drill_print_log(const struct drill *drill);

/* Goes on with a sale to the stage that is wanted: orders, pays by a signed notice, gives back.
 * False at the first answer that is no success. Steps that were done before are asked for again
 * with the same key and give the same answer. Any thread may sell, with an arena of its own. */
bool drill_sell(struct house *house, struct arena *arena, const struct drill *drill,
                struct drill_sale *sale);

/* Opens the trial with an honest disk and CHECKs that the file is sound, that the books hold, that
 * what was acknowledged is there and that nothing is there which nobody asked for; then asks for
 * each unfinished sale again, and CHECKs that it comes to its end once. Run it apart. */
void drill_judge(const struct drill *drill);

#endif

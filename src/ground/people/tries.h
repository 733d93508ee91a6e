/* Inside ground/people: limits on how often something may be tried, by a keyed hash of a phone or
 * of a client's address. A try is one row, so that counting is exact over any window; rows live for
 * a day. Work that may be refused afterwards counts in a transaction of its own (road_work),
 * because a refusal rolls back what the request wrote. */
#ifndef GROUND_PEOPLE_TRIES_H
#define GROUND_PEOPLE_TRIES_H

#include "kernel/http/route.h"

enum { PEOPLE_LIMIT_WINDOWS = 3, PEOPLE_TRIES_KEPT_MS = DAY_MS };

/* At most COUNT in any WITHIN_MS; count 0 ends the windows. With FREE_COUNT > 0 also: from the
 * FREE_COUNT-th try of a day on, each further one is locked out for twice as long as the last, from
 * a minute up to six hours. */
struct people_limit {
    const char *kind;
    struct {
        int64_t count;
        int64_t within_ms;
    } windows[PEOPLE_LIMIT_WINDOWS];
    int64_t free_count;
};

extern const struct people_limit people_limit_send;         /* codes to a phone */
extern const struct people_limit people_limit_send_client;  /* codes asked for by a client */
extern const struct people_limit people_limit_password;     /* wrong passwords of a phone */
extern const struct people_limit people_limit_code;         /* wrong codes of a phone */
extern const struct people_limit people_limit_login_client; /* wrong log-ins of a client */
extern const struct people_limit people_limit_export;       /* copies of one's own data */
extern const struct people_limit people_limit_unmask;       /* what an officer sees in clear */
extern const struct people_limit people_limit_look_up;      /* phones that an officer looks up */

/* The client of Q as a subject: a keyed hash of its address, empty when that is not known. */
struct bytes people_tries_client(struct request *q);
/* A person as a subject. */
struct bytes people_tries_person(struct request *q, int64_t person_id);
/* How long SUBJECT (may be empty: nobody, never waits) must wait before it may try again; 0: not at
 * all. */
refusal people_tries_wait(struct request *q, const struct people_limit *limit, struct bytes subject,
                          int64_t *ret_wait_ms);
/* Counts a try; *ret_id (may be NULL) names it, for people_tries_forgive. */
refusal people_tries_add(struct request *q, const struct people_limit *limit, struct bytes subject,
                         int64_t *ret_id);
/* Takes back the try ID, or with ID 0 all tries of the subject. */
refusal people_tries_forgive(struct request *q, const struct people_limit *limit,
                             struct bytes subject, int64_t id);
/* Deletes up to 500 rows whose day is over; *ret_deleted is how many. */
refusal people_tries_sweep(struct request *q, int64_t *ret_deleted);

/* TOO_MANY with the time to wait. */
refusal people_tries_refuse(struct request *q, int64_t wait_ms);

#endif

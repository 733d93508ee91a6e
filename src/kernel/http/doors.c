/* The kernel's own door and job: the event stream of whoever is logged in, and the sweeping of
 * idempotency keys. */
#include "kernel/base/limits.h"
#include "kernel/http/road.h"

enum { SWEEP_ROWS_MAX = 2000, SWEEP_ROUNDS_MAX = 10 };

/* The reply is a stream, which only the server can make: see server.c. */
refusal events_open(struct request *q) {
    (void)q;
    return NULL;
}

static refusal sweep(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    for (int i = 0; i < SWEEP_ROUNDS_MAX; i++) {
        int64_t changed = 0;
        TRY(db_run(q->db,
                   SQL("ii", "DELETE FROM http_idempotency WHERE claim IN (SELECT claim FROM "
                             "http_idempotency WHERE expires_at_ms <= $1 ORDER BY expires_at_ms, "
                             "claim LIMIT $2)"),
                   PARAMS(q->now, SWEEP_ROWS_MAX), &changed));
        if (changed < SWEEP_ROWS_MAX) break;
    }
    return NULL;
}

static const struct route routes[] = {
    {GET, "/api/events", MAY(account), "A stream of events about one's own orders and account",
     .handle = events_open},
};

static const struct job_kind jobs[] = {
    {.name = "http.sweep", .run = sweep, .every_ms = MINUTE_MS},
};

const struct room http_room = {.name = "http",
                               .schema = "src/kernel/http/schema.sql",
                               .routes = ROOM_LIST(routes),
                               .jobs = ROOM_LIST(jobs)};

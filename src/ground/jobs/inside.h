/* Inside ground/jobs only. */
#ifndef GROUND_JOBS_INSIDE_H
#define GROUND_JOBS_INSIDE_H

#include "ground/jobs/jobs.h"

const struct job_kind *jobs_find_kind(struct text name);

/* Jobs that call the outside world have their own lane, and those of them that nobody waits for
 * another: a receiver that takes ten seconds to answer holds up no payment. *STOPPING (may be NULL)
 * ends the work between two jobs. */
enum jobs_lane_number { JOBS_INSIDE, JOBS_OUTSIDE, JOBS_UNHURRIED, JOBS_LANES };
struct jobs_lane {
    enum jobs_lane_number lane;
    int64_t limit;
    const _Atomic bool *stopping;
};
refusal jobs_run_lane(const struct app *app, struct arena *arena, const struct jobs_lane *lane,
                      int64_t *ret_run);

/* Gives back what a run of this node that ended in the middle (kill -9) had claimed: a node's
 * number is its own while it lives, so none of its claims can be at work when its runner begins.
 * Those of other nodes wait for the end of their lease. */
refusal jobs_take_back(const struct app *app, struct arena *arena);

/* Lets the runner look soon: a job for now was just asked for, in a transaction that has yet to
 * commit. */
void jobs_wake(struct jobs_runner *runner);

#endif

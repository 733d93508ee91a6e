/* Inside ground/jobs only. */
#ifndef GROUND_JOBS_INSIDE_H
#define GROUND_JOBS_INSIDE_H

#include "ground/jobs/jobs.h"

const struct job_kind *jobs_find_kind(struct text name);

/* Jobs that call the outside world have their own lane. *STOPPING (may be NULL) ends the work
 * between two jobs. */
struct jobs_lane {
    bool outside;
    int64_t limit;
    const _Atomic bool *stopping;
};
refusal jobs_run_lane(const struct app *app, struct arena *arena, const struct jobs_lane *lane,
                      int64_t *ret_run);

/* Lets the runner look soon: a job for now was just asked for, in a transaction that has yet to
 * commit. */
void jobs_wake(struct jobs_runner *runner);

#endif

/* Timers and the outbox: work that is due later, or that talks to the outside world, is a row here,
 * written in the same transaction as its cause. It is claimed by a guarded update, so several nodes
 * can run; it is tried again with growing pauses until it succeeds. */
#ifndef GROUND_JOBS_JOBS_H
#define GROUND_JOBS_JOBS_H

#include "kernel/http/route.h"

struct app;

/* A job of KIND (a name of the rooms' job tables) for ARGUMENT (a document's id) at DUE. There is
 * one job per (argument, kind): asking again moves its time and its text. A moment that has passed
 * is now. */
refusal jobs_ask(struct request *q, const char *kind, int64_t argument, struct text text,
                 struct instant due);
/* A job that waits for its next try is tried now; one that runs goes on, as what it does is wanted.
 */
refusal jobs_hurry(struct request *q, const char *kind, int64_t argument);
/* Forgets it, if it has not begun. */
refusal jobs_forget(struct request *q, const char *kind, int64_t argument);

/* For checks: the arguments above AFTER for which a job of KIND waits, in their order, up to LIMIT.
 */
refusal jobs_waiting(struct request *q, const char *kind, int64_t after, int64_t limit,
                     struct shape_ids *ret_arguments);

/* Promises: a job whose transaction committed is run; its `run` and the note that it is done are
 * one commit, so `run` takes effect once; its `call` may happen more than once (after a crash, or
 * when `run` refuses) and must bear that. A job that asks for itself again in its `run` is run
 * again. After JOBS_TRIES_MAX tries that failed or ended with their process it is stuck: it waits
 * for somebody to ask again, and `xiangji check` says so. A kind that repeats never gets stuck. */
enum {
    JOBS_TRIES_MAX = 20,       /* about ten hours */
    JOBS_PAUSE_MS = SECOND_MS, /* after the first failure; doubles, give or take a quarter */
    JOBS_PAUSE_MAX_MS = HOUR_MS,
    JOBS_INTERRUPTED_MS = 30 * SECOND_MS, /* more for each try that ended with its process */
    JOBS_ARENA_BYTES = 64 * 1024 * 1024,  /* of a run: what it reads and what it writes of it */
    JOBS_LEASE_MS = 2 * MINUTE_MS,        /* a claim that was not ended by then is up for others */
    JOBS_KEPT_MS = DAY_MS                 /* how long a job that is done is still to be seen */
};

/* Runs up to LIMIT jobs that are due, in the calling thread; *ret_run is how many there were. Tests
 * and the simulation drive time so. */
refusal jobs_run_due(const struct app *app, struct arena *arena, int64_t limit, int64_t *ret_run);

/* The runner: one thread for jobs inside the database, one for those that call the outside world
 * and one for calls that nobody waits for, so that a slow gateway holds up no order, and a slow
 * receiver of webhooks no payment. They look each second, and soon after a jobs_ask for now
 * (app->jobs is the runner, so that jobs_ask finds it). */
struct jobs_runner;
struct jobs_runner *jobs_start(const struct app *app);
/* Ends what is running, then the threads; jobs may still be asked for, and wait. `serve` halts
 * first, lets the server finish what is under way, and then stops. */
void jobs_halt(struct jobs_runner *runner);
/* Halts, and lets go of the runner: nobody may ask for jobs any more. NULL is fine. */
void jobs_stop(struct jobs_runner *runner);

/* app->write_metrics: what app->jobs counted last, each JOBS_COUNT_EACH_MS; nothing before that. */
enum { JOBS_COUNT_EACH_MS = 15 * SECOND_MS };
void jobs_write_metrics(const struct app *app, struct buffer *buffer);

/* For the metrics: how many wait, how many of them should have run a minute ago, how many are
 * stuck. */
#define JOBS_COUNTS_FIELDS(F, S) F(S, INT, waiting) F(S, INT, late) F(S, INT, stuck)
SHAPE_DECLARE(jobs_counts, JOBS_COUNTS_FIELDS);
refusal jobs_count(struct request *q, struct jobs_counts *ret_counts);

extern const struct room jobs_room;

#endif

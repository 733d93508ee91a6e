/* Jobs have no doors of their own: a sweep, and what `xiangji check` asks. */
#include "ground/jobs/inside.h"

enum { SWEEP_ROWS = 500 };

static refusal sweep(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    int64_t deleted = 0;
    TRY(db_run(q->db,
               SQL("ii",
                   "DELETE FROM jobs_job WHERE (argument, kind) IN (SELECT argument, kind "
                   "FROM jobs_job WHERE state = 'done' AND lane IN (0, 1, 2) AND due_at <= $1 "
                   "LIMIT $2)"),
               PARAMS(instant_after(q->now, -JOBS_KEPT_MS), (int64_t)SWEEP_ROWS), &deleted));
    return deleted < SWEEP_ROWS ? NULL : jobs_ask(q, "jobs.sweep", 0, TEXT(""), q->now);
}

/* ---- the check ---- */

enum { NAMED_MAX = 10, LATE_MS = HOUR_MS };

#define JOBS_NAMED_FIELDS(F, S) F(S, TEXT, kind) F(S, ID, argument)
SHAPE_DECLARE(jobs_named, JOBS_NAMED_FIELDS);
SHAPE_DEFINE(jobs_named, JOBS_NAMED_FIELDS);

/* "audit.seal 0, files.sweep 0" */
static struct text names_of(struct arena *arena, const struct jobs_named_list *jobs) {
    struct buffer names = buffer_make(arena, 4000);
    for (size_t i = 0; i < jobs->count; i++)
        buffer_add_format(&names, "%s%.*s %lld", i ? ", " : ": ", (int)jobs->items[i].kind.length,
                          jobs->items[i].kind.bytes, (long long)jobs->items[i].argument);
    return buffer_text(&names);
}

/* What repeats is never stuck, so its tries are what tells that it never succeeds. */
static refusal check_repeating(struct request *q, struct check_report *report) {
    struct jobs_named_list vain = {0};
    TRY(db_rows(q->db,
                SQL("ii", "SELECT kind, argument FROM jobs_job WHERE state = 'waiting' "
                          "AND tries >= $1 ORDER BY kind, argument LIMIT $2"),
                PARAMS((int64_t)JOBS_TRIES_MAX, (int64_t)NAMED_MAX), &jobs_named_shape, &vain));
    struct text names = names_of(q->arena, &vain);
    report->line(report, vain.count == 0,
                 text_format(q->arena, "jobs: none that repeats has failed %d times in a row%.*s",
                             JOBS_TRIES_MAX, (int)names.length, names.bytes));
    return NULL;
}

/* Where nobody serves everything is late, and nothing is wrong with it: the sweep of this room,
 * which comes every ten minutes, tells whether somebody does. */
static refusal check_late(struct request *q, struct check_report *report) {
    struct jobs_named_list late = {0};
    struct instant since = instant_after(q->now, -LATE_MS);
    int64_t serving;
    TRY(db_int(q->db,
               SQL("i", "SELECT CAST(count(*) AS BIGINT) FROM jobs_job WHERE argument = 0 "
                        "AND kind = 'jobs.sweep' AND due_at >= $1"),
               PARAMS(since), &serving, NULL));
    TRY(db_rows(q->db,
                SQL("ii", "SELECT kind, argument FROM jobs_job WHERE state = 'waiting' "
                          "AND lane IN (0, 1, 2) AND due_at < $1 ORDER BY due_at, kind, argument "
                          "LIMIT $2"),
                PARAMS(since, (int64_t)NAMED_MAX), &jobs_named_shape, &late));
    struct text names = names_of(q->arena, &late);
    struct text words =
        serving ? text_format(q->arena, "jobs: none is late by more than an hour%.*s",
                              (int)names.length, names.bytes)
                : TEXT("jobs: nobody has served for an hour, so lateness tells nothing");
    report->line(report, !serving || late.count == 0, words);
    return NULL;
}

static refusal check(struct request *q, struct check_report *report) {
    struct jobs_counts counts = {0};
    if (report->only_books) return NULL;
    TRY(jobs_count(q, &counts));
    report->line(report, counts.stuck == 0,
                 text_format(q->arena, "jobs: none is stuck (%lld are), %lld wait",
                             (long long)counts.stuck, (long long)counts.waiting));
    TRY(check_repeating(q, report));
    return check_late(q, report);
}

static const struct job_kind jobs[] = {
    {.name = "jobs.sweep", .run = sweep, .every_ms = 10 * MINUTE_MS},
};

const struct room jobs_room = {.name = "jobs",
                               .schema = "src/ground/jobs/schema.sql",
                               .jobs = ROOM_LIST(jobs),
                               .check = check};

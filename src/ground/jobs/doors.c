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

static refusal check(struct request *q, struct check_report *report) {
    struct jobs_counts counts = {0};
    if (report->only_books) return NULL;
    TRY(jobs_count(q, &counts));
    report->line(report, counts.stuck == 0,
                 text_format(q->arena, "jobs: none is stuck (%lld are), %lld wait",
                             (long long)counts.stuck, (long long)counts.waiting));
    return NULL;
}

static const struct job_kind jobs[] = {
    {.name = "jobs.sweep", .run = sweep, .every_ms = 10 * MINUTE_MS},
};

const struct room jobs_room = {.name = "jobs",
                               .schema = "src/ground/jobs/schema.sql",
                               .jobs = ROOM_LIST(jobs),
                               .check = check};

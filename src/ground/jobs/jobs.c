/* Asking for jobs, claiming and running them. A run is three transactions: claim (counts the try),
 * the work with the note that it is done, and after a failure the note when to try again. */
#include "ground/jobs/jobs.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "ground/jobs/inside.h"

SHAPE_DEFINE(jobs_counts, JOBS_COUNTS_FIELDS);

const struct job_kind *jobs_find_kind(struct text name) {
    size_t count;
    const struct room *const *rooms = rooms_all(&count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < rooms[i]->job_count; j++)
            if (text_is(name, rooms[i]->jobs[j].name)) return &rooms[i]->jobs[j];
    return NULL;
}

static enum jobs_lane_number lane_of(const struct job_kind *kind) {
    if (!kind->call) return JOBS_INSIDE;
    return kind->is_unhurried ? JOBS_UNHURRIED : JOBS_OUTSIDE;
}

/* ---- asking ---- */

refusal jobs_ask(struct request *q, const char *kind, int64_t argument, struct text text,
                 struct instant due) {
    const struct job_kind *known = jobs_find_kind(text_of(kind));
    assert(known && argument >= 0);
    /* What should have been before is due now, and late only from here on. */
    if (due.ms < q->now.ms) due = q->now;
    TRY(db_run(q->db,
               SQL("ittii", "INSERT INTO jobs_job (argument, kind, words, state, lane, due_at, "
                            "tries, claim) VALUES ($1, $2, $3, 'waiting', $4, $5, 0, 0) "
                            "ON CONFLICT (argument, kind) DO UPDATE SET words = excluded.words, "
                            "state = 'waiting', due_at = excluded.due_at, tries = 0, claim = 0"),
               PARAMS(argument, kind, text, (int64_t)lane_of(known), due), NULL));
    if (q->app->jobs && due.ms <= q->now.ms + SECOND_MS) jobs_wake(q->app->jobs);
    return NULL;
}

refusal jobs_hurry(struct request *q, const char *kind, int64_t argument) {
    int64_t changed;
    TRY(db_run(q->db,
               SQL("iti", "UPDATE jobs_job SET due_at = $3 WHERE argument = $1 AND kind = $2 "
                          "AND state = 'waiting' AND claim = 0 AND due_at > $3"),
               PARAMS(argument, kind, q->now), &changed));
    if (changed && q->app->jobs) jobs_wake(q->app->jobs);
    return NULL;
}

refusal jobs_forget(struct request *q, const char *kind, int64_t argument) {
    return db_run(q->db,
                  SQL("it", "DELETE FROM jobs_job WHERE argument = $1 AND kind = $2 AND claim = 0"),
                  PARAMS(argument, kind), NULL);
}

refusal jobs_count(struct request *q, struct jobs_counts *ret_counts) {
    bool found;
    return db_row(q->db,
                  SQL("i", "SELECT (SELECT CAST(count(*) AS BIGINT) FROM jobs_job "
                           "WHERE state = 'waiting') AS waiting, "
                           "(SELECT CAST(count(*) AS BIGINT) FROM jobs_job WHERE state = 'waiting' "
                           "AND lane IN (0, 1, 2) AND due_at < $1) AS late, "
                           "(SELECT CAST(count(*) AS BIGINT) FROM jobs_job WHERE state = 'stuck') "
                           "AS stuck"),
                  PARAMS(instant_after(q->now, -MINUTE_MS)), &jobs_counts_shape, ret_counts,
                  &found);
}

/* ---- what is due ---- */

#define JOBS_DUE_FIELDS(F, S) F(S, ID, argument) F(S, TEXT, kind)
SHAPE_DECLARE(jobs_due, JOBS_DUE_FIELDS);
SHAPE_DEFINE(jobs_due, JOBS_DUE_FIELDS);

refusal jobs_waiting(struct request *q, const char *kind, int64_t after, int64_t limit,
                     struct shape_ids *ret_arguments) {
    struct jobs_due_list waiting = {0};
    TRY(db_rows(q->db,
                SQL("tii", "SELECT argument, kind FROM jobs_job WHERE argument > $2 AND kind = $1 "
                           "AND state = 'waiting' ORDER BY argument LIMIT $3"),
                PARAMS(kind, after, limit), &jobs_due_shape, &waiting));
    *ret_arguments = (struct shape_ids){arena_new(q->arena, int64_t, waiting.count + 1), 0};
    for (size_t i = 0; i < waiting.count; i++)
        ret_arguments->items[ret_arguments->count++] = waiting.items[i].argument;
    return NULL;
}

struct look {
    enum jobs_lane_number lane;
    int64_t limit;
    struct jobs_due_list due;
    struct jobs_due_list repeating; /* that have their row */
};

static refusal look_for_due(struct request *q, void *context) {
    struct look *look = context;
    TRY(db_rows(q->db,
                SQL("iii", "SELECT argument, kind FROM jobs_job WHERE state = 'waiting' "
                           "AND lane = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3"),
                PARAMS((int64_t)look->lane, q->now, look->limit), &jobs_due_shape, &look->due));
    return db_rows(q->db,
                   SQL("", "SELECT argument, kind FROM jobs_job WHERE argument = 0 LIMIT 1000"),
                   NO_PARAMS, &jobs_due_shape, &look->repeating);
}

static bool has_row(const struct jobs_due_list *rows, const char *kind) {
    for (size_t i = 0; i < rows->count; i++)
        if (text_is(rows->items[i].kind, kind)) return true;
    return false;
}

/* Kinds that repeat make their own row, once in the life of a database. Two nodes may try at the
 * same time. */
static refusal add_repeating(struct request *q, void *context) {
    const struct look *look = context;
    size_t count;
    const struct room *const *rooms = rooms_all(&count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < rooms[i]->job_count; j++) {
            const struct job_kind *kind = &rooms[i]->jobs[j];
            if (kind->every_ms == 0 || has_row(&look->repeating, kind->name)) continue;
            TRY(db_run(q->db,
                       SQL("tii",
                           "INSERT INTO jobs_job (argument, kind, words, state, lane, "
                           "due_at, tries, claim) VALUES (0, $1, '', 'waiting', $2, $3, 0, 0) "
                           "ON CONFLICT (argument, kind) DO NOTHING"),
                       PARAMS(kind->name, (int64_t)lane_of(kind), q->now), NULL));
        }
    return NULL;
}

static bool lacks_repeating(const struct look *look) {
    size_t count;
    const struct room *const *rooms = rooms_all(&count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < rooms[i]->job_count; j++)
            if (rooms[i]->jobs[j].every_ms && !has_row(&look->repeating, rooms[i]->jobs[j].name))
                return true;
    return false;
}

/* ---- one run ---- */

struct run {
    const struct job_kind *kind; /* NULL: a kind that this program does not know */
    struct jobs_due due;
    int64_t claim;
    bool claimed;
    bool given_up; /* its last try ended with the process: nobody is left to say that it failed */
    bool void_now; /* asked for anew, or claimed by another, while it ran */
    struct text words;
    int64_t tries;
    void *result;
};

#define JOBS_CLAIM_FIELDS(F, S) F(S, TEXT, words) F(S, INT, tries)
SHAPE_DECLARE(jobs_claim, JOBS_CLAIM_FIELDS);
SHAPE_DEFINE(jobs_claim, JOBS_CLAIM_FIELDS);

/* A kind that is unknown here belongs to a newer release on another node: it is put off, not tried.
 */
static refusal put_off(struct request *q, const struct run *run) {
    return db_run(
        q->db,
        SQL("itii", "UPDATE jobs_job SET due_at = $3 WHERE argument = $1 AND kind = $2 "
                    "AND state = 'waiting' AND due_at <= $4"),
        PARAMS(run->due.argument, run->due.kind, instant_after(q->now, 10 * MINUTE_MS), q->now),
        NULL);
}

static refusal claim(struct request *q, void *context) {
    struct run *run = context;
    struct jobs_claim row = {0};
    run->claimed = run->given_up = false;
    if (!run->kind) return put_off(q, run);
    run->claim = request_new_id(q);
    TRY(db_row(q->db,
               SQL("itiii", "UPDATE jobs_job SET claim = $3, due_at = $4, tries = tries + 1 "
                            "WHERE argument = $1 AND kind = $2 AND state = 'waiting' "
                            "AND due_at <= $5 RETURNING words, tries"),
               PARAMS(run->due.argument, run->due.kind, run->claim,
                      instant_after(q->now, JOBS_LEASE_MS), q->now),
               &jobs_claim_shape, &row, &run->claimed));
    run->words = row.words;
    run->tries = row.tries;
    run->given_up = run->kind->every_ms == 0 && run->tries > JOBS_TRIES_MAX;
    if (!run->given_up) return NULL;
    run->claimed = false;
    return db_run(q->db,
                  SQL("itii",
                      "UPDATE jobs_job SET state = 'stuck', due_at = $4, claim = 0, tries = "
                      "tries - 1 WHERE argument = $1 AND kind = $2 AND claim = $3"),
                  PARAMS(run->due.argument, run->due.kind, run->claim, q->now), NULL);
}

/* The note comes before the work: what the work asks of its own job (to come again) stands. The
 * words may be sealed secrets; a job that is done keeps none. */
static refusal work(struct request *q, void *context) {
    struct run *run = context;
    int64_t changed = 0;
    bool repeats = run->kind->every_ms > 0;
    TRY(db_run(q->db,
               SQL("ititi", "UPDATE jobs_job SET state = $4, due_at = $5, words = '', tries = 0, "
                            "claim = 0 WHERE argument = $1 AND kind = $2 AND claim = $3"),
               PARAMS(run->due.argument, run->due.kind, run->claim, repeats ? "waiting" : "done",
                      instant_after(q->now, run->kind->every_ms)),
               &changed));
    /* Somebody asked anew, or the lease ran out and another has it: this run is void. */
    run->void_now = changed == 0;
    if (run->void_now)
        return refuse(q, CONFLICT, "", "这件事另有安排了", "the job was claimed anew");
    q->prepared = run->result;
    return run->kind->run(q, run->due.argument, run->words);
}

static int64_t pause_ms(const struct app *app, int64_t tries) {
    int64_t doublings = tries < 1 ? 0 : tries > 20 ? 19 : tries - 1;
    int64_t pause = (int64_t)JOBS_PAUSE_MS << doublings;
    if (pause > JOBS_PAUSE_MAX_MS) pause = JOBS_PAUSE_MAX_MS;
    uint32_t drawn;
    app->random(app, &drawn, sizeof(drawn));
    return pause - pause / 4 + (int64_t)(drawn % (uint32_t)(pause / 2));
}

static refusal fail(struct request *q, void *context) {
    const struct run *run = context;
    bool stuck = run->kind->every_ms == 0 && run->tries >= JOBS_TRIES_MAX;
    struct instant due = stuck ? q->now : instant_after(q->now, pause_ms(q->app, run->tries));
    return db_run(
        q->db,
        SQL("ititi", "UPDATE jobs_job SET state = $4, due_at = $5, claim = 0 "
                     "WHERE argument = $1 AND kind = $2 AND claim = $3"),
        PARAMS(run->due.argument, run->due.kind, run->claim, stuck ? "stuck" : "waiting", due),
        NULL);
}

static void log_failure(const struct run *run, const char *code) {
    fprintf(stderr,
            "{\"level\":\"%s\",\"part\":\"jobs\",\"job\":\"%s\",\"argument\":\"%lld\",\"try\":%lld,"
            "\"code\":\"%s\"}\n",
            run->tries >= JOBS_TRIES_MAX ? "error" : "warning", run->kind->name,
            (long long)run->due.argument, (long long)run->tries, code);
}

/* The part outside: no transaction, seconds if need be. */
static bool call_outside(const struct app *app, struct arena *arena, struct run *run) {
    static const struct principal nobody;
    struct request q = {.app = app, .arena = arena, .now = app_now(app), .who = &nobody};
    return !run->kind->call || run->kind->call(&q, run->due.argument, run->words, &run->result);
}

/* False when somebody else had it, or the database does not answer: then a later look finds it
 * again. */
static bool run_one(const struct app *app, const struct jobs_due *due) {
    struct arena arena = {.total_max = JOBS_ARENA_BYTES};
    struct run run = {.kind = jobs_find_kind(due->kind), .due = *due};
    if (road_work(app, &arena, true, claim, &run) || !run.claimed) {
        if (run.given_up) log_failure(&run, "ended_the_process");
        arena_free(&arena);
        return false;
    }
    const char *code = "call_failed";
    bool done = call_outside(app, &arena, &run);
    if (done) {
        refusal refused = road_work(app, &arena, true, work, &run);
        done = !refused;
        if (refused) code = problem_code(refused->kind);
    }
    if (!done && !run.void_now) {
        log_failure(&run, code);
        /* Should this fail too, the lease runs out and the job comes back by itself. */
        (void)!road_work(app, &arena, true, fail, &run);
    }
    arena_free(&arena);
    return true;
}

/* The number of the node stands in the claim, which is an id. What was interrupted once comes again
 * at once; what was so more often may be what ends the process, which is to serve in between. */
static refusal take_back(struct request *q, void *context) {
    (void)context;
    enum { NODE_UNIT = 4096, NODES = IDS_NODE_MAX + 1, PAUSES_MAX = 20 };
    return db_run(
        q->db,
        SQL("iiiiiii", "UPDATE jobs_job SET claim = 0,"
                       " due_at = $1 + $6 * (CASE WHEN tries > $7 THEN $7 ELSE tries - 1 END)"
                       " WHERE state = 'waiting' AND lane IN (0, 1, 2)"
                       " AND due_at BETWEEN $1 AND $2 AND claim > 0 AND claim / $3 % $4 = $5"),
        PARAMS(q->now, instant_after(q->now, JOBS_LEASE_MS), (int64_t)NODE_UNIT, (int64_t)NODES,
               (int64_t)q->app->ids->node, (int64_t)JOBS_INTERRUPTED_MS, (int64_t)PAUSES_MAX),
        NULL);
}

refusal jobs_take_back(const struct app *app, struct arena *arena) {
    return road_work(app, arena, true, take_back, NULL);
}

refusal jobs_run_lane(const struct app *app, struct arena *arena, const struct jobs_lane *lane,
                      int64_t *ret_run) {
    struct look look = {.lane = lane->lane, .limit = lane->limit};
    *ret_run = 0;
    TRY(road_work(app, arena, false, look_for_due, &look));
    if (lacks_repeating(&look)) {
        TRY(road_work(app, arena, true, add_repeating, &look));
        TRY(road_work(app, arena, false, look_for_due, &look));
    }
    for (size_t i = 0; i < look.due.count && !(lane->stopping && *lane->stopping); i++)
        *ret_run += run_one(app, &look.due.items[i]);
    return NULL;
}

refusal jobs_run_due(const struct app *app, struct arena *arena, int64_t limit, int64_t *ret_run) {
    *ret_run = 0;
    for (int lane = 0; lane < JOBS_LANES && *ret_run < limit; lane++) {
        int64_t ran = 0;
        const struct jobs_lane work = {.lane = (enum jobs_lane_number)lane,
                                       .limit = limit - *ret_run};
        TRY(jobs_run_lane(app, arena, &work, &ran));
        *ret_run += ran;
    }
    return NULL;
}

#include "ground/jobs/jobs.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ground/jobs/inside.h"
#include "ground/people/sms.h"
#include "support/house.h"

/* The job that these tests drive is people.send_code: it calls the outside world, through a gateway
 * that a test can stand in. */

static void ask_code(struct house *house, const char *phone) {
    struct text body = text_format(house->arena, "{\"phone\":\"%s\",\"purpose\":\"login\"}", phone);
    struct house_reply reply =
        house_call(house, TEXT(""), "POST", "/api/codes", text_terminated(house->arena, body));
    HOUSE_STATUS(&reply, 202);
}

struct count {
    const struct statement *statement;
    int64_t value;
};

static refusal read_count(struct request *q, void *context) {
    struct count *count = context;
    return db_int(q->db, count->statement, NO_PARAMS, &count->value, NULL);
}

static int64_t number(struct house *house, const struct statement *statement) {
    struct count count = {.statement = statement};
    house_work(house, read_count, &count);
    return count.value;
}

#define SENDING(house, state)                                                                      \
    number((house), SQL("", "SELECT CAST(count(*) AS BIGINT) FROM jobs_job "                       \
                            "WHERE kind = 'people.send_code' AND state = '" state "'"))
#define DUE_IN(house)                                                                              \
    (number((house), SQL("", "SELECT due_at FROM jobs_job WHERE kind = 'people.send_code'")) -     \
     (house)->now_ms)

/* A gateway that answers as it is told. */
struct double_sms {
    struct sms sms;
    enum sms_outcome outcome;
    _Atomic int64_t calls;
    struct house *house;
    bool outlives_lease; /* takes longer than the lease, and another runner comes meanwhile */
};

static enum sms_outcome send_double(const struct sms *sms, const struct sms_message *message) {
    struct double_sms *gateway = (struct double_sms *)(uintptr_t)sms;
    CHECK_INT(message->code.length, 6);
    gateway->calls++;
    if (gateway->outlives_lease) {
        int64_t run = 0;
        gateway->outlives_lease = false;
        house_advance(gateway->house, JOBS_LEASE_MS);
        CHECK(!jobs_run_due(gateway->house->app, gateway->house->arena, 10, &run));
    }
    return gateway->outcome;
}

static struct double_sms stand_in(struct house *house, enum sms_outcome outcome) {
    return (struct double_sms){.sms = {"double", send_double}, .outcome = outcome, .house = house};
}

static int64_t run_due(struct house *house) {
    int64_t run = 0;
    CHECK(!jobs_run_due(house->app, house->arena, 100, &run));
    return run;
}

HOUSE_TEST("jobs: what was asked for in a transaction runs after it, once, and keeps no secret") {
    house_run_jobs(house);
    ask_code(house, "13800138000");
    CHECK_INT(SENDING(house, "waiting"), 1);
    CHECK_INT(run_due(house), 1);
    CHECK_INT(sms_local_count(house->app->sms), 1);
    CHECK_INT(SENDING(house, "done"), 1);
    CHECK_INT(number(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM jobs_job "
                                    "WHERE words <> ''")),
              0);
    CHECK_INT(run_due(house), 0);
    CHECK_INT(sms_local_count(house->app->sms), 1);
}

static refusal ask_and_refuse(struct request *q, void *context) {
    (void)context;
    TRY(jobs_ask(q, "people.forget", 5, TEXT(""), q->now));
    return refuse(q, CONFLICT, "", "不行", "no");
}

HOUSE_TEST("jobs: what a refused transaction asked for is not there") {
    house_run_jobs(house);
    refusal refused = house_try(house, ask_and_refuse, NULL);
    CHECK(refused && refused->kind == PROBLEM_CONFLICT);
    CHECK_INT(run_due(house), 0);
}

HOUSE_TEST("jobs: a failure comes back after a pause that doubles, give or take a quarter") {
    struct double_sms gateway = stand_in(house, SMS_LATER);
    house->app->sms = &gateway.sms;
    house_run_jobs(house);
    ask_code(house, "13800138000");
    int64_t pause_ms = JOBS_PAUSE_MS;
    for (int i = 1; i <= 7; i++, pause_ms *= 2) {
        house_run_jobs(house);
        CHECK_INT(gateway.calls, i);
        CHECK(DUE_IN(house) >= pause_ms * 3 / 4 && DUE_IN(house) <= pause_ms * 5 / 4);
        house_advance(house, DUE_IN(house) - 1);
        house_run_jobs(house);
        CHECK_INT(gateway.calls, i);
        house_advance(house, 1);
    }
    gateway.outcome = SMS_SENT;
    house_run_jobs(house);
    CHECK_INT(gateway.calls, 8);
    CHECK_INT(SENDING(house, "done"), 1);
}

HOUSE_TEST("jobs: a code whose time is over is not sent any more") {
    struct double_sms gateway = stand_in(house, SMS_SENT);
    house->app->sms = &gateway.sms;
    ask_code(house, "13800138000");
    house_advance(house, 5 * MINUTE_MS);
    house_run_jobs(house);
    CHECK_INT(gateway.calls, 0);
    CHECK_INT(SENDING(house, "done"), 1);
}

HOUSE_TEST("jobs: a gateway that may have taken it is not asked twice") {
    struct double_sms gateway = stand_in(house, SMS_GIVEN_UP);
    house->app->sms = &gateway.sms;
    ask_code(house, "13800138000");
    house_run_jobs(house);
    house_advance(house, MINUTE_MS);
    house_run_jobs(house);
    CHECK_INT(gateway.calls, 1);
}

static refusal count_jobs(struct request *q, void *context) { return jobs_count(q, context); }

struct asked {
    const char *kind;
    int64_t argument;
    int64_t in_ms;
    struct text words;
};

static refusal ask(struct request *q, void *context) {
    const struct asked *asked = context;
    return jobs_ask(q, asked->kind, asked->argument, asked->words,
                    instant_after(q->now, asked->in_ms));
}

static refusal forget(struct request *q, void *context) {
    const struct asked *asked = context;
    return jobs_forget(q, asked->kind, asked->argument);
}

static char last_fault[400];

static void note_line(struct check_report *report, bool holds, struct text sentence) {
    report->fault_count += !holds;
    if (!holds)
        snprintf(last_fault, sizeof(last_fault), "%.*s", (int)sentence.length, sentence.bytes);
}

static refusal run_loose(struct request *q, void *context) {
    return db_run(q->db, context, NO_PARAMS, NULL);
}

static refusal check_jobs(struct request *q, void *context) { return jobs_room.check(q, context); }

static refusal age(struct request *q, void *context) {
    return db_run(q->db, SQL("i", "UPDATE jobs_job SET tries = $1 WHERE kind = 'people.send_code'"),
                  PARAMS(*(int64_t *)context), NULL);
}

static refusal make_due(struct request *q, void *context) {
    (void)context;
    return db_run(q->db,
                  SQL("i", "UPDATE jobs_job SET due_at = $1 WHERE kind = 'people.send_code'"),
                  PARAMS(q->now), NULL);
}

HOUSE_TEST("jobs: after twenty failures it is stuck, check says so, and asking again revives it") {
    struct double_sms gateway = stand_in(house, SMS_LATER);
    struct jobs_counts counts;
    struct check_report report = {.line = note_line};
    int64_t tries = JOBS_TRIES_MAX - 2;
    house->app->sms = &gateway.sms;
    house_run_jobs(house);
    ask_code(house, "13800138000");
    house_work(house, age, &tries);
    CHECK_INT(run_due(house), 1);
    CHECK(DUE_IN(house) >= JOBS_PAUSE_MAX_MS * 3 / 4); /* the pause stops growing at an hour */
    CHECK(DUE_IN(house) <= JOBS_PAUSE_MAX_MS * 5 / 4);
    house_work(house, check_jobs, &report);
    CHECK_INT(report.fault_count, 0);
    house_work(house, make_due, NULL);
    CHECK_INT(run_due(house), 1);
    house_work(house, count_jobs, &counts);
    CHECK_INT(counts.stuck, 1);
    house_work(house, check_jobs, &report);
    CHECK_INT(report.fault_count, 1);
    house_advance(house, DAY_MS);
    house_run_jobs(house);
    CHECK_INT(gateway.calls, 2);
    int64_t argument =
        number(house, SQL("", "SELECT argument FROM jobs_job WHERE kind = 'people.send_code'"));
    house_work(house, ask, &(struct asked){"people.send_code", argument, 0, TEXT("")});
    house_run_jobs(house);
    CHECK_INT(SENDING(house, "done"), 1);
}

HOUSE_TEST("jobs: what ends the process each time is stuck too, and each time waits longer") {
    struct double_sms gateway = stand_in(house, SMS_LATER);
    struct jobs_lane lane = {.lane = JOBS_OUTSIDE, .limit = 1};
    struct jobs_counts counts;
    int64_t run = 0, tries = 2;
    house->app->sms = &gateway.sms;
    house_run_jobs(house);
    ask_code(house, "13800138000");
    /* The note of the failure fails: the claim stays, as if the process had ended. */
    house_work(house, age, &tries);
    store_fail_statement(house->app->store, 4);
    CHECK(!jobs_run_lane(house->app, house->arena, &lane, &run));
    CHECK(!jobs_take_back(house->app, house->arena));
    CHECK_INT(DUE_IN(house), 2 * JOBS_INTERRUPTED_MS);
    CHECK_INT(run_due(house), 0);
    tries = JOBS_TRIES_MAX;
    house_work(house, age, &tries);
    house_work(house, make_due, NULL);
    gateway.calls = 0;
    CHECK_INT(run_due(house), 0);
    CHECK_INT(gateway.calls, 0);
    house_work(house, count_jobs, &counts);
    CHECK_INT(counts.stuck, 1);
    CHECK_INT(number(house, SQL("", "SELECT tries FROM jobs_job WHERE kind = 'people.send_code'")),
              JOBS_TRIES_MAX);
}

HOUSE_TEST("jobs: check names what repeats in vain and what is late, while somebody serves") {
    struct check_report report = {.line = note_line};
    house_run_jobs(house);
    house_work(house, check_jobs, &report);
    CHECK_INT(report.fault_count, 0);
    house_work(house, run_loose,
               (void *)(uintptr_t)SQL("", "UPDATE jobs_job SET tries = 20 WHERE argument = 0"
                                          " AND kind = 'audit.seal'"));
    house_work(house, check_jobs, &report);
    CHECK_INT(report.fault_count, 1);
    CHECK(text_find(text_of(last_fault), TEXT("audit.seal"), 0) != SIZE_MAX);
    house_work(house, run_loose,
               (void *)(uintptr_t)SQL("", "UPDATE jobs_job SET tries = 0, due_at = due_at - 7200000"
                                          " WHERE argument = 0 AND kind = 'audit.seal'"));
    house_work(house, check_jobs, &report);
    CHECK_INT(report.fault_count, 2);
    CHECK(text_find(text_of(last_fault), TEXT("audit.seal"), 0) != SIZE_MAX);
    report.only_books = true;
    house_work(house, check_jobs, &report);
    CHECK_INT(report.fault_count, 2);
    /* Nobody serves: everything is late, and nothing is wrong with it. */
    report.only_books = false;
    house_advance(house, 3 * HOUR_MS);
    house_work(house, check_jobs, &report);
    CHECK_INT(report.fault_count, 2);
}

HOUSE_TEST("jobs: a run that fails leaves nothing of itself, and is done whole later") {
    struct jobs_lane lane = {.limit = 1};
    int64_t person_id, run = 0;
    house_person(house, "13800138000", &person_id);
    house_run_jobs(house);
    house_work(house, ask, &(struct asked){"people.forget", person_id, 0, TEXT("")});
    /* Two statements look, one claims, one notes that it is done, and the fifth is the work's own.
     */
    store_fail_statement(house->app->store, 5);
    CHECK(!jobs_run_lane(house->app, house->arena, &lane, &run));
    CHECK_INT(run, 1);
    CHECK_INT(number(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_key "
                                    "WHERE destroyed_at > 0")),
              0);
    CHECK_INT(number(house, SQL("", "SELECT tries FROM jobs_job WHERE kind = 'people.forget' "
                                    "AND state = 'waiting' AND claim = 0")),
              1);
    house_advance(house, 2 * JOBS_PAUSE_MS);
    house_run_jobs(house);
    CHECK_INT(number(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_key "
                                    "WHERE destroyed_at > 0")),
              1);
}

HOUSE_TEST(
    "jobs: there is one job a document and kind: asking again moves it, forgetting drops it") {
    house_run_jobs(house);
    house_work(house, ask, &(struct asked){"people.forget", 7, HOUR_MS, TEXT("")});
    house_work(house, ask, &(struct asked){"people.forget", 7, 2 * HOUR_MS, TEXT("")});
    CHECK_INT(number(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM jobs_job "
                                    "WHERE kind = 'people.forget'")),
              1);
    house_advance(house, 2 * HOUR_MS - 1);
    house_run_jobs(house);
    CHECK_INT(number(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM jobs_job "
                                    "WHERE kind = 'people.forget' AND state = 'waiting'")),
              1);
    house_work(house, forget, &(struct asked){"people.forget", 7, 0, TEXT("")});
    house_work(house, forget, &(struct asked){"people.forget", 8, 0, TEXT("")});
    CHECK_INT(number(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM jobs_job "
                                    "WHERE kind = 'people.forget'")),
              0);
}

HOUSE_TEST("jobs: a kind that repeats makes its own row and comes again when its time is over") {
    CHECK_INT(number(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM jobs_job")), 0);
    CHECK(house_run_jobs(house) > 0);
    CHECK_INT(house_run_jobs(house), 0);
    const struct statement *sweep_due =
        SQL("", "SELECT due_at FROM jobs_job WHERE argument = 0 AND kind = 'jobs.sweep' "
                "AND state = 'waiting'");
    CHECK_INT(number(house, sweep_due), house->now_ms + 10 * MINUTE_MS);
    house_advance(house, 10 * MINUTE_MS);
    CHECK(house_run_jobs(house) > 0);
    CHECK_INT(number(house, sweep_due), house->now_ms + 10 * MINUTE_MS);
}

static refusal add_old_tries(struct request *q, void *context) {
    (void)context;
    for (int i = 0; i < 1200; i++)
        TRY(db_run(
            q->db,
            SQL("iib", "INSERT INTO people_try (subject, kind, id, tried_at) "
                       "VALUES ($3, 'send', $1, $2)"),
            PARAMS(request_new_id(q), q->now, ((struct bytes){(const unsigned char *)"x", 1})),
            NULL));
    return NULL;
}

HOUSE_TEST("jobs: a sweep works in pieces and asks for itself again until it is through") {
    house_run_jobs(house);
    house_work(house, add_old_tries, NULL);
    house_advance(house, DAY_MS);
    int64_t ran = house_run_jobs(house);
    CHECK(ran >= 3);
    CHECK_INT(number(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_try")), 0);
    CHECK_INT(house_run_jobs(house), 0);
}

HOUSE_TEST("jobs: what is done is swept a day later, and idempotency rows with their time") {
    ask_code(house, "13800138000");
    house_run_jobs(house);
    CHECK_INT(SENDING(house, "done"), 1);
    CHECK_INT(number(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM http_idempotency")), 1);
    house_advance(house, DAY_MS + HOUR_MS);
    house_run_jobs(house);
    CHECK_INT(SENDING(house, "done"), 0);
    CHECK_INT(number(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM http_idempotency")), 0);
}

/* ---- several runners ---- */

struct runner_thread {
    struct house *house;
    pthread_t thread;
    int64_t run;
};

static void *run_beside(void *context) {
    struct runner_thread *beside = context;
    struct arena arena = {0};
    for (int i = 0; i < 5; i++) {
        int64_t run = 0;
        if (!jobs_run_due(beside->house->app, &arena, 100, &run)) beside->run += run;
        arena_reset(&arena);
    }
    arena_free(&arena);
    return NULL;
}

HOUSE_TEST("jobs: several runners at once run each job once") {
    enum { RUNNERS = 4, CODES = 30 };
    struct double_sms gateway = stand_in(house, SMS_SENT);
    struct runner_thread runners[RUNNERS];
    char phone[16];
    house_widen(house);
    house->app->sms = &gateway.sms;
    house_run_jobs(house);
    for (int i = 0; i < CODES; i++) {
        snprintf(phone, sizeof(phone), "139%08d", i);
        ask_code(house, phone);
    }
    for (int i = 0; i < RUNNERS; i++) {
        runners[i] = (struct runner_thread){.house = house};
        pthread_create(&runners[i].thread, NULL, run_beside, &runners[i]);
    }
    for (int i = 0; i < RUNNERS; i++) pthread_join(runners[i].thread, NULL);
    house_run_jobs(house);
    CHECK_INT(gateway.calls, CODES);
    CHECK_INT(SENDING(house, "done"), CODES);
}

HOUSE_TEST("jobs: who outlives the lease loses the job to the next, and does not end it twice") {
    struct double_sms gateway = stand_in(house, SMS_SENT);
    house->app->sms = &gateway.sms;
    house_run_jobs(house);
    ask_code(house, "13800138000");
    gateway.outlives_lease = true;
    CHECK_INT(run_due(house), 1);
    CHECK_INT(gateway.calls, 2); /* a call may happen twice: the outside world must bear that */
    CHECK_INT(SENDING(house, "done"), 1);
    CHECK_INT(number(house, SQL("", "SELECT tries FROM jobs_job WHERE kind = 'people.send_code'")),
              0);
}

HOUSE_TEST("jobs: a runner that died leaves its job to others when the lease is over") {
    struct double_sms gateway = stand_in(house, SMS_LATER);
    struct jobs_lane lane = {.lane = JOBS_OUTSIDE, .limit = 1};
    int64_t run = 0;
    house->app->sms = &gateway.sms;
    house_run_jobs(house);
    ask_code(house, "13800138000");
    /* The fourth statement notes the failure; without it the claim stays, as if the process had
     * ended. */
    store_fail_statement(house->app->store, 4);
    CHECK(!jobs_run_lane(house->app, house->arena, &lane, &run));
    CHECK(DUE_IN(house) == JOBS_LEASE_MS);
    CHECK_INT(run_due(house), 0);
    gateway.outcome = SMS_SENT;
    house_advance(house, JOBS_LEASE_MS);
    CHECK(run_due(house) > 0);
    CHECK_INT(SENDING(house, "done"), 1);
}

HOUSE_TEST(
    "jobs: a node that begins again takes back at once what it had claimed, and no other's") {
    struct double_sms gateway = stand_in(house, SMS_LATER);
    struct jobs_lane lane = {.lane = JOBS_OUTSIDE, .limit = 1};
    int64_t run = 0;
    uint32_t own = house->app->ids->node;
    house->app->sms = &gateway.sms;
    house_run_jobs(house);
    ask_code(house, "13800138000");
    store_fail_statement(house->app->store, 4);
    CHECK(!jobs_run_lane(house->app, house->arena, &lane, &run));
    house->app->ids->node = own + 1;
    CHECK(!jobs_take_back(house->app, house->arena));
    CHECK(DUE_IN(house) == JOBS_LEASE_MS);
    house->app->ids->node = own;
    CHECK(!jobs_take_back(house->app, house->arena));
    CHECK_INT(DUE_IN(house), 0);
    gateway.outcome = SMS_SENT;
    CHECK(run_due(house) > 0);
    CHECK_INT(SENDING(house, "done"), 1);
}

HOUSE_TEST("jobs: the runner finds what is due by itself, soon after it was asked for") {
    struct double_sms gateway = stand_in(house, SMS_SENT);
    struct timespec pause = {0, 10 * 1000 * 1000};
    house->app->sms = &gateway.sms;
    house_run_jobs(house);
    house->app->jobs = jobs_start(house->app);
    nanosleep(&pause, NULL);
    ask_code(house, "13800138000");
    for (int i = 0; i < 300 && gateway.calls == 0; i++) nanosleep(&pause, NULL);
    struct jobs_runner *runner = house->app->jobs;
    house->app->jobs = NULL;
    jobs_stop(runner);
    jobs_stop(NULL);
    CHECK_INT(gateway.calls, 1);
    CHECK_INT(SENDING(house, "done"), 1);
}

HOUSE_TEST(
    "jobs: how many wait, are late and are stuck stands in the metrics while a runner runs") {
    struct app app = *house->app;
    struct timespec pause = {0, 10 * 1000 * 1000};
    struct buffer metrics = buffer_make(house->arena, 2000);
    jobs_write_metrics(&app, &metrics);
    CHECK_INT(metrics.length, 0);
    house_run_jobs(house);
    app.jobs = jobs_start(house->app);
    for (int i = 0; i < 300 && metrics.length == 0; i++) {
        nanosleep(&pause, NULL);
        jobs_write_metrics(&app, &metrics);
    }
    jobs_halt(app.jobs);
    struct text written = buffer_text(&metrics);
    CHECK(text_find(written, TEXT("# TYPE xiangji_jobs_waiting gauge\n"), 0) != SIZE_MAX);
    CHECK(text_find(written, TEXT("\nxiangji_jobs_late 0\n"), 0) != SIZE_MAX);
    CHECK(text_find(written, TEXT("\nxiangji_jobs_stuck 0\n"), 0) != SIZE_MAX);
    jobs_stop(app.jobs);
}

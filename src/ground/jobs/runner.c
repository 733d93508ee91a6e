/* The runner: a thread a lane, woken by an event each. */
#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "app.h"
#include "ground/jobs/inside.h"

enum {
    LOOK_EACH_MS = 1000,
    LOOK_SOON_MS = 40, /* after a wake: by then most commits are through */
    LOOK_SOON_TIMES = 10,
    JOBS_A_LOOK = 50
};

struct lane_thread {
    struct jobs_runner *runner;
    enum jobs_lane_number lane;
    int wakes; /* an eventfd */
    pthread_t thread;
};

struct jobs_runner {
    const struct app *app;
    struct arena arena; /* the runner itself lies in it */
    _Atomic bool stopping;
    _Atomic bool is_counted; /* the counts below were read at least once */
    _Atomic int64_t waiting;
    _Atomic int64_t late;
    _Atomic int64_t stuck;
    struct lane_thread lanes[JOBS_LANES];
};

/* Waits until somebody asks, at most WAIT_MS; true when somebody did. */
static bool wait_for_wake(const struct lane_thread *lane, int wait_ms) {
    struct pollfd wake = {.fd = lane->wakes, .events = POLLIN};
    uint64_t count = 0;
    if (poll(&wake, 1, wait_ms) <= 0) return false;
    return read(lane->wakes, &count, sizeof(count)) == (ssize_t)sizeof(count);
}

/* Looks and runs until nothing is due. True when something ran. */
static bool drain(struct lane_thread *lane, struct arena *arena) {
    struct jobs_runner *runner = lane->runner;
    struct jobs_lane work = {
        .lane = lane->lane, .limit = JOBS_A_LOOK, .stopping = &runner->stopping};
    int64_t ran = 0;
    bool any = false;
    do {
        arena_reset(arena);
        if (jobs_run_lane(runner->app, arena, &work, &ran)) break;
        any = any || ran > 0;
    } while (ran > 0 && !runner->stopping);
    return any;
}

static refusal count(struct request *q, void *context) { return jobs_count(q, context); }

/* Whoever reads /metrics is answered at once from here: a monitor that asks often costs the
 * database nothing. Counts that cannot be read stay as they were. */
static void count_for_metrics(struct jobs_runner *runner, struct arena *arena) {
    struct jobs_counts counts = {0};
    arena_reset(arena);
    if (road_work(runner->app, arena, false, count, &counts)) return;
    runner->waiting = counts.waiting;
    runner->late = counts.late;
    runner->stuck = counts.stuck;
    runner->is_counted = true;
}

static void *run_lane(void *context) {
    struct lane_thread *lane = context;
    const _Atomic bool *stopping = &lane->runner->stopping;
    struct arena arena = {0};
    int64_t count_at_ms = 0;
    while (!*stopping) {
        drain(lane, &arena);
        if (lane->lane == JOBS_INSIDE && app_now(lane->runner->app).ms >= count_at_ms) {
            count_for_metrics(lane->runner, &arena);
            count_at_ms = app_now(lane->runner->app).ms + JOBS_COUNT_EACH_MS;
        }
        if (!wait_for_wake(lane, LOOK_EACH_MS)) continue;
        /* The asking transaction may still be on its way to the disk: look a few times. */
        for (int i = 0; i < LOOK_SOON_TIMES && !*stopping; i++) {
            (void)poll(NULL, 0, LOOK_SOON_MS);
            if (drain(lane, &arena)) break;
        }
    }
    arena_free(&arena);
    return NULL;
}

struct jobs_runner *jobs_start(const struct app *app) {
    struct arena arena = {0};
    struct jobs_runner *runner = arena_new(&arena, struct jobs_runner, 1);
    /* Should the database not answer, the leases run out by themselves. */
    (void)!jobs_take_back(app, &arena);
    runner->app = app;
    runner->arena = arena;
    for (int i = 0; i < JOBS_LANES; i++) {
        struct lane_thread *lane = &runner->lanes[i];
        *lane = (struct lane_thread){.runner = runner, .lane = (enum jobs_lane_number)i};
        lane->wakes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        assert(lane->wakes >= 0);
        int failed = pthread_create(&lane->thread, NULL, run_lane, lane);
        assert(!failed);
    }
    return runner;
}

void jobs_wake(struct jobs_runner *runner) {
    for (int i = 0; i < JOBS_LANES; i++) (void)!eventfd_write(runner->lanes[i].wakes, 1);
}

void jobs_write_metrics(const struct app *app, struct buffer *buffer) {
    struct jobs_runner *runner = app->jobs;
    if (!runner || !runner->is_counted) return;
    const struct {
        const char *name;
        const char *help;
        int64_t value;
    } gauges[] = {
        {"waiting", "Jobs that wait for their time.", runner->waiting},
        {"late", "Jobs that should have run a minute ago.", runner->late},
        {"stuck", "Jobs that failed too often and wait for somebody.", runner->stuck},
    };
    for (size_t i = 0; i < sizeof(gauges) / sizeof(gauges[0]); i++)
        buffer_add_format(buffer,
                          "# HELP xiangji_jobs_%s %s\n# TYPE xiangji_jobs_%s gauge\n"
                          "xiangji_jobs_%s %lld\n",
                          gauges[i].name, gauges[i].help, gauges[i].name, gauges[i].name,
                          (long long)gauges[i].value);
}

void jobs_halt(struct jobs_runner *runner) {
    if (!runner || runner->stopping) return;
    runner->stopping = true;
    jobs_wake(runner);
    for (int i = 0; i < JOBS_LANES; i++) pthread_join(runner->lanes[i].thread, NULL);
}

void jobs_stop(struct jobs_runner *runner) {
    if (!runner) return;
    jobs_halt(runner);
    for (int i = 0; i < JOBS_LANES; i++) close(runner->lanes[i].wakes);
    struct arena arena = runner->arena;
    arena_free(&arena);
}

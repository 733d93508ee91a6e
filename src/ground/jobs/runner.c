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

static void *run_lane(void *context) {
    struct lane_thread *lane = context;
    const _Atomic bool *stopping = &lane->runner->stopping;
    struct arena arena = {0};
    while (!*stopping) {
        drain(lane, &arena);
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

void jobs_stop(struct jobs_runner *runner) {
    if (!runner) return;
    runner->stopping = true;
    jobs_wake(runner);
    for (int i = 0; i < JOBS_LANES; i++) {
        pthread_join(runner->lanes[i].thread, NULL);
        close(runner->lanes[i].wakes);
    }
    struct arena arena = runner->arena;
    arena_free(&arena);
}

/* The runner: a thread a lane. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "app.h"
#include "ground/jobs/inside.h"

enum {
    LANES = 2,
    LOOK_EACH_MS = 1000,
    LOOK_SOON_MS = 40,   /* after a wake: by then most commits are through */
    LOOK_SOON_FOR_MS = 400,
    JOBS_A_LOOK = 50
};

struct lane_thread {
    struct jobs_runner *runner;
    bool outside;
    pthread_t thread;
};

struct jobs_runner {
    const struct app *app;
    struct arena arena; /* the runner itself lies in it */
    pthread_mutex_t mutex;
    pthread_cond_t woken;
    _Atomic bool stopping;
    int64_t wakes; /* how often somebody asked */
    struct lane_thread lanes[LANES];
};

static struct timespec deadline_after(int64_t ms) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    int64_t nanoseconds = at.tv_nsec + ms % 1000 * 1000000;
    at.tv_sec += ms / 1000 + nanoseconds / 1000000000;
    at.tv_nsec = nanoseconds % 1000000000;
    return at;
}

/* Waits a second, or not at all when somebody has asked since WAKES; returns the count of askings. */
static int64_t wait_for_wake(struct jobs_runner *runner, int64_t wakes, int64_t wait_ms) {
    struct timespec deadline = deadline_after(wait_ms);
    pthread_mutex_lock(&runner->mutex);
    while (runner->wakes == wakes && !runner->stopping)
        if (pthread_cond_timedwait(&runner->woken, &runner->mutex, &deadline)) break;
    int64_t now = runner->wakes;
    pthread_mutex_unlock(&runner->mutex);
    return now;
}

/* Looks and runs until nothing is due. True when something ran. */
static bool drain(struct jobs_runner *runner, struct arena *arena, bool outside) {
    struct jobs_lane lane = {
        .outside = outside, .limit = JOBS_A_LOOK, .stopping = &runner->stopping};
    int64_t ran = 0;
    bool any = false;
    do {
        arena_reset(arena);
        if (jobs_run_lane(runner->app, arena, &lane, &ran)) break;
        any = any || ran > 0;
    } while (ran > 0 && !runner->stopping);
    return any;
}

static void sleep_ms(int64_t ms) {
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static void *run_lane(void *context) {
    struct lane_thread *lane = context;
    struct jobs_runner *runner = lane->runner;
    struct arena arena = {0};
    int64_t wakes = 0;
    while (!runner->stopping) {
        drain(runner, &arena, lane->outside);
        int64_t now = wait_for_wake(runner, wakes, LOOK_EACH_MS);
        if (now == wakes) continue;
        wakes = now;
        /* The asking transaction may still be on its way to the disk: look a few times. */
        for (int64_t waited = 0; waited < LOOK_SOON_FOR_MS && !runner->stopping;
             waited += LOOK_SOON_MS) {
            sleep_ms(LOOK_SOON_MS);
            if (drain(runner, &arena, lane->outside)) break;
        }
    }
    arena_free(&arena);
    return NULL;
}

struct jobs_runner *jobs_start(const struct app *app) {
    struct arena arena = {0};
    struct jobs_runner *runner = arena_new(&arena, struct jobs_runner, 1);
    runner->app = app;
    runner->arena = arena;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&runner->mutex, NULL);
    pthread_cond_init(&runner->woken, &attributes);
    pthread_condattr_destroy(&attributes);
    for (int i = 0; i < LANES; i++) {
        runner->lanes[i] = (struct lane_thread){.runner = runner, .outside = i == 1};
        int failed = pthread_create(&runner->lanes[i].thread, NULL, run_lane, &runner->lanes[i]);
        assert(!failed);
    }
    return runner;
}

void jobs_wake(struct jobs_runner *runner) {
    pthread_mutex_lock(&runner->mutex);
    runner->wakes++;
    pthread_cond_broadcast(&runner->woken);
    pthread_mutex_unlock(&runner->mutex);
}

void jobs_stop(struct jobs_runner *runner) {
    if (!runner) return;
    pthread_mutex_lock(&runner->mutex);
    runner->stopping = true;
    pthread_cond_broadcast(&runner->woken);
    pthread_mutex_unlock(&runner->mutex);
    for (int i = 0; i < LANES; i++) pthread_join(runner->lanes[i].thread, NULL);
    pthread_cond_destroy(&runner->woken);
    pthread_mutex_destroy(&runner->mutex);
    struct arena arena = runner->arena;
    arena_free(&arena);
}

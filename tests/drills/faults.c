/* The drill of faults: the Nth step of the disk fails, and the Nth piece of memory that the
 * database asks for is not there, for N = 1, 2, 3 ... until a run meets no fault. Each time the
 * answer is a clean refusal, or the process stops and says why (a failed commit is unknown, so it
 * must); afterwards the next buyer is served, and whoever opens the file finds nothing half done.
 *
 * The program's own memory comes from arenas, which stop the process by an assertion when there is
 * none: docs/decisions says why, and nothing is drilled there.
 *
 *   XJ_FAULTS_LONG=1 drill_faults     also the roads of payment and refund, statements that are
 *                                     prepared meanwhile, and faults that stay */
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/disk.h"
#include "support/drill.h"

enum { NOT_MET = 42, LATER_MS = 2 * 60 * 1000, RUNS_MAX = 20000 };

/* ---- memory that is not there ---- */

static struct {
    sqlite3_mem_methods real;
    _Atomic int64_t countdown; /* the request that brings it to 0 fails; below 0 none does */
    _Atomic bool stays;        /* and each one after it */
    _Atomic bool has_failed;
} memory;

static bool is_refused(void) {
    int64_t left = atomic_load(&memory.countdown);
    if (left > 0)
        left = atomic_fetch_sub(&memory.countdown, 1) - 1;
    else
        left = -1;
    bool fails = left == 0 || (left < 0 && memory.stays && memory.has_failed);
    if (fails) memory.has_failed = true;
    return fails;
}

static void *take(int size) { return is_refused() ? NULL : memory.real.xMalloc(size); }
static void *take_again(void *bytes, int size) {
    return is_refused() ? NULL : memory.real.xRealloc(bytes, size);
}

/* The library takes it on only before it is first used. */
__attribute__((constructor)) static void install_memory(void) {
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.real);
    sqlite3_mem_methods methods = memory.real;
    methods.xMalloc = take;
    methods.xRealloc = take_again;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

static void arm_memory(int64_t at, bool stays) {
    memory.has_failed = false;
    memory.stays = stays;
    memory.countdown = at;
}

/* ---- one run ---- */

enum kind { OF_DISK, OF_MEMORY };

struct run {
    struct drill *drill;
    enum kind kind;
    enum sale_stage wanted;
    bool stays;    /* the fault, until it is taken away */
    bool is_fresh; /* no statement is prepared yet */
    int64_t at;
};

static struct drill_sale *add_sale(const struct run *run, int number, enum sale_stage wanted) {
    struct drill_sale *sale = &run->drill->sales[number];
    sale->wanted = wanted;
    sale->buyer = number;
    snprintf(sale->key, sizeof(sale->key), "fault-%d", number);
    return sale;
}

static void begin_faults(const struct run *run) {
    const struct disk_plan plan = {.fault = run->stays ? DISK_ERROR_AFTER : DISK_ERROR_ONCE,
                                   .at = run->at};
    if (run->kind == OF_DISK)
        disk_arm(&plan);
    else
        arm_memory(run->at, run->stays);
}

/* Whether one was met. */
static bool end_faults(const struct run *run) {
    bool was_met = run->kind == OF_DISK ? disk_has_fired() : memory.has_failed;
    disk_arm(&(struct disk_plan){0});
    arm_memory(-1, false);
    return was_met;
}

static void sell_with_faults(void *context) {
    const struct run *run = context;
    const struct drill *drill = run->drill;
    drill_redirect(drill);
    disk_install();
    struct house *house = house_open_at(drill->trial, LATER_MS);
    CHECK(house);
    if (!run->is_fresh)
        CHECK(drill_sell(house, house->arena, drill, add_sale(run, 0, run->wanted)));
    struct drill_sale *sale = add_sale(run, 1, run->wanted);
    begin_faults(run);
    bool is_sold = drill_sell(house, house->arena, drill, sale);
    bool was_met = end_faults(run);
    if (!is_sold) CHECK(was_met && sale->status >= 500);
    struct drill_sale *next = add_sale(run, 2, SALE_REFUNDED);
    if (!drill_sell(house, house->arena, drill, next))
        test_fail(__FILE__, __LINE__, "the next buyer is answered %d", next->status);
    house_leave(house);
    fflush(stdout);
    if (!was_met) _exit(NOT_MET);
}

static void judge(void *context) {
    const struct run *run = context;
    drill_redirect(run->drill);
    drill_judge(run->drill);
}

struct score {
    int64_t refused;
    int64_t stopped;
    int64_t unharmed; /* the fault was met and the sale went on */
};

static bool hold_run(struct run *run, struct score *score) {
    struct drill *drill = run->drill;
    drill_copy(drill, drill->fresh);
    int status = test_apart(sell_with_faults, run);
    bool is_over = WIFEXITED(status) && WEXITSTATUS(status) == NOT_MET;
    bool has_stopped = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT &&
                       drill_log_has(drill, "so the process stops");
    bool was_refused = drill->sales[1].status >= 500; /* the judge asks again */
    bool is_clean = is_over || has_stopped || status == 0;
    if (is_clean) is_clean = test_apart(judge, run) == 0;
    if (!is_clean) {
        printf("  the fault at %lld ends with status %d\n", (long long)run->at, status);
        drill_print_log(drill);
    }
    CHECK(is_clean);
    if (has_stopped)
        score->stopped++;
    else if (was_refused)
        score->refused++;
    else if (!is_over)
        score->unharmed++;
    return !is_over;
}

static void hold(struct drill *drill, struct run run) {
    static const char *const words[] = {"", "order", "order and payment",
                                        "order, payment and refund"};
    struct score score = {0};
    run.drill = drill;
    for (run.at = 1; run.at < RUNS_MAX && hold_run(&run, &score); run.at++) {}
    CHECK(run.at < RUNS_MAX);
    printf("  %s%s%s: %lld faults: %lld refused, %lld stopped the process, %lld did no harm\n",
           words[run.wanted], run.is_fresh ? ", just started" : "",
           run.stays ? ", faults that stay" : "", (long long)run.at - 1, (long long)score.refused,
           (long long)score.stopped, (long long)score.unharmed);
    CHECK(score.refused + score.stopped > 0);
}

static void hold_all(enum kind kind) {
    static struct drill drill;
    drill_open(&drill);
    hold(&drill, (struct run){.kind = kind, .wanted = SALE_ORDERED});
    for (int i = 0; getenv("XJ_FAULTS_LONG") && i < 4; i++)
        hold(&drill, (struct run){.kind = kind,
                                  .wanted = SALE_REFUNDED,
                                  .stays = i % 2 != 0,
                                  .is_fresh = i / 2 != 0});
    drill_close(&drill);
}

TEST("faults: each failing step of the disk is refused or stops the process, and harms nothing") {
    hold_all(OF_DISK);
}

TEST("faults: each piece of memory that the database lacks is refused, and harms nothing") {
    hold_all(OF_MEMORY);
}

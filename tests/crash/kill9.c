/* kill -9 under a mixed load: no acknowledged order, payment, parcel, refund or case may be lost or
 * doubled, an unknown one resolves by its key, the cashier's book and ours agree, the stock is what
 * was not sold, and the books hold after each restart. XJ_KILLS_SQLITE and XJ_KILLS_POSTGRES say
 * how often (20 and 3). */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kernel/base/test.h"
#include "support/buyers.h"
#include "support/house.h"
#include "support/outside.h"
#include "support/walks.h"

struct drill {
    struct outside *outside;
    struct buyers buyers;
    struct walks walks;
};

static void check_books(struct drill *drill) {
    static const char *const check[] = {"check", NULL};
    CHECK_INT(outside_command(drill->outside, check), 0);
}

static void run_round(struct drill *drill, unsigned *seed) {
    buyers_begin(&drill->buyers);
    walks_begin(&drill->walks, drill->outside);
    outside_sleep_ms(60 + rand_r(seed) % 240);
    outside_stop(drill->outside, SIGKILL);
    buyers_end(&drill->buyers);
    walks_end(&drill->walks);
    check_books(drill);
    outside_start(drill->outside);
    buyers_settle(&drill->buyers);
    walks_settle(&drill->walks);
}

static void open_drill(struct drill *drill, bool postgres) {
    static const char *const demo[] = {"demo", NULL};
    drill->outside = outside_make(postgres);
    CHECK_INT(outside_command(drill->outside, demo), 0);
    outside_start(drill->outside);
    drill->buyers.timeout_ms = 5000;
    drill->buyers.recovery_ms_max = 5000;
    buyers_open(&drill->buyers, drill->outside);
    drill->walks.buyer = drill->buyers.token;
    drill->walks.keeper = drill->buyers.keeper;
    drill->walks.sku = drill->buyers.sku;
}

static void kill_under_load(bool postgres, const char *variable, int kills) {
    static struct drill drill;
    drill = (struct drill){0};
    const struct buyers *buyers = &drill.buyers;
    const struct walks *walks = &drill.walks;
    if (postgres && !house_has_postgres()) test_skip("XJ_TEST_POSTGRES names no server");
    if (getenv(variable)) kills = (int)strtol(getenv(variable), NULL, 10);
    unsigned seed = (unsigned)time(NULL);
    printf("  seed %u\n", seed);
    open_drill(&drill, postgres);
    int64_t before = buyers_available(&drill.buyers);
    for (int round = 0; round < kills; round++) run_round(&drill, &seed);
    int64_t sold = before - buyers_available(&drill.buyers);
    printf(
        "  %d kills: %lld acknowledged orders, %lld unknown ones resolved by their keys, %lld sold\n",
        kills, (long long)buyers->acknowledged, (long long)buyers->unknown, (long long)sold);
    printf("  %lld walked the whole road: %lld got their money back, %lld by a case\n",
           (long long)walks->settled, (long long)(walks->given_back + walks->claimed),
           (long long)walks->claimed);
    CHECK(buyers->acknowledged > 0 && walks->settled > 0);
    CHECK_INT(sold, buyers->acknowledged + buyers->unknown + walks->sold);
    outside_stop(drill.outside, SIGTERM);
    check_books(&drill);
    walks_close(&drill.walks);
    buyers_close(&drill.buyers);
    outside_close(drill.outside);
}

TEST("crash: kill -9 under a mixed load loses and doubles nothing acknowledged [sqlite]") {
    kill_under_load(false, "XJ_KILLS_SQLITE", 20);
}

TEST("crash: kill -9 under a mixed load loses and doubles nothing acknowledged [postgres]") {
    kill_under_load(true, "XJ_KILLS_POSTGRES", 3);
}

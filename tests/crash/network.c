/* A network that breaks: between buyers and the server, and between the server and PostgreSQL, in
 * seven ways each. No acknowledged order may be lost or doubled, one that nobody knows of resolves
 * by its key, a plain order succeeds within five seconds of the fault's end, and the books hold.
 * XJ_FAULT_ROUNDS says how often each fault is met (2). */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base/test.h"
#include "support/buyers.h"
#include "support/house.h"
#include "support/proxy.h"

enum { ROUNDS = 2, FAULT_MS = 500 };

struct drill {
    struct buyers buyers;
    struct outside *outside;
    struct proxy *proxy;
};

static void meet(struct drill *drill, enum proxy_fault fault) {
    buyers_begin(&drill->buyers);
    outside_sleep_ms(50);
    proxy_set(drill->proxy, fault);
    outside_sleep_ms(FAULT_MS);
    proxy_set(drill->proxy, PROXY_NONE);
    buyers_wait_until_it_sells(&drill->buyers);
    buyers_end(&drill->buyers);
    buyers_settle(&drill->buyers);
}

static void meet_all(struct drill *drill, int rounds) {
    for (int round = 0; round < rounds; round++)
        for (int fault = PROXY_NONE + 1; fault < PROXY_FAULT_COUNT; fault++) {
            int broken = proxy_broken_count(drill->proxy);
            meet(drill, (enum proxy_fault)fault);
            bool breaks = fault != PROXY_LATENCY && fault != PROXY_TRICKLE;
            if (breaks && proxy_broken_count(drill->proxy) == broken)
                printf("  nobody met \"%s\" in round %d\n", proxy_fault_words(fault), round);
        }
}

/* The proxy stands before the server: buyers go through it, the drill's own questions do not. */
static void stand_before_server(struct drill *drill) {
    outside_start(drill->outside);
    drill->proxy = proxy_start((struct proxy_address){0},
                               (struct proxy_address){.port = drill->outside->port});
}

/* The proxy stands before PostgreSQL: its socket has the name that libpq looks for in a folder. */
static void stand_before_database(struct drill *drill) {
    char own[sizeof(drill->outside->url)], path[160], there[160];
    snprintf(own, sizeof(own), "%s", drill->outside->url);
    char *host = strstr(own, "host=");
    CHECK(host != NULL);
    host += strlen("host=");
    size_t length = strcspn(host, "&");
    snprintf(there, sizeof(there), "%.*s/.s.PGSQL.5432", (int)length, host);
    snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", drill->outside->folder);
    drill->proxy =
        proxy_start((struct proxy_address){.path = path}, (struct proxy_address){.path = there});
    snprintf(drill->outside->url, sizeof(drill->outside->url), "%.*s%s%s", (int)(host - own), own,
             drill->outside->folder, host + length);
    outside_start(drill->outside);
}

static void run_drill(bool postgres, void stand(struct drill *drill)) {
    static const char *const demo[] = {"demo", NULL}, *const check[] = {"check", NULL};
    static struct drill drill;
    char own_url[sizeof(drill.outside->url)];
    if (postgres && !house_has_postgres()) test_skip("XJ_TEST_POSTGRES names no server");
    const char *wanted = getenv("XJ_FAULT_ROUNDS");
    int rounds = wanted && *wanted ? (int)strtol(wanted, NULL, 10) : ROUNDS;
    memset(&drill, 0, sizeof(drill));
    drill.buyers.timeout_ms = 2500;
    drill.buyers.recovery_ms_max = 5000;
    drill.outside = outside_make(postgres);
    CHECK_INT(outside_command(drill.outside, demo), 0);
    memcpy(own_url, drill.outside->url, sizeof(own_url));
    stand(&drill);
    int direct_port = drill.outside->port;
    buyers_open(&drill.buyers, drill.outside);
    int64_t before = buyers_available(&drill.buyers);
    if (proxy_port(drill.proxy)) drill.outside->port = proxy_port(drill.proxy);
    meet_all(&drill, rounds);
    drill.outside->port = direct_port;
    int64_t sold = before - buyers_available(&drill.buyers);
    int broken = proxy_broken_count(drill.proxy);
    printf(
        "  %d x %d faults, %d connections broken: %lld acknowledged, %lld resolved by their keys,"
        " %lld sold; longest recovery %lld ms\n",
        rounds, PROXY_FAULT_COUNT - 1, broken, (long long)drill.buyers.acknowledged,
        (long long)drill.buyers.unknown, (long long)sold,
        (long long)drill.buyers.longest_recovery_ms);
    CHECK(drill.buyers.acknowledged > 0 && broken > 0);
    CHECK_INT(sold, drill.buyers.acknowledged + drill.buyers.unknown);
    outside_stop(drill.outside, SIGTERM);
    proxy_stop(drill.proxy);
    memcpy(drill.outside->url, own_url, sizeof(own_url));
    CHECK_INT(outside_command(drill.outside, check), 0);
    buyers_close(&drill.buyers);
    outside_close(drill.outside);
}

TEST("network: seven faults between buyers and the server [sqlite]") {
    run_drill(false, stand_before_server);
}

TEST("network: seven faults between the server and PostgreSQL [postgres]") {
    run_drill(true, stand_before_database);
}

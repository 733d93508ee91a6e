/* PostgreSQL dies under load and its standby takes over: no acknowledged order may be lost or
 * doubled with synchronous commit, and the shop sells again within thirty seconds.
 * tests/standby/run makes the two clusters and says by XJ_FAILOVER how the primary is killed and
 * the standby promoted. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base/test.h"
#include "support/buyers.h"
#include "support/house.h"

TEST("failover: the primary dies under load, the standby loses no acknowledged order") {
    static const char *const demo[] = {"demo", NULL}, *const check[] = {"check", NULL};
    static struct buyers buyers;
    const char *fail_over = getenv("XJ_FAILOVER"), *both = getenv("XJ_FAILOVER_HOSTS");
    if (!fail_over || !both) test_skip("tests/standby/run makes the standby");
    struct outside *outside = outside_make(true);
    char own[sizeof(outside->url)];
    memset(&buyers, 0, sizeof(buyers));
    buyers.timeout_ms = 5000;
    buyers.recovery_ms_max = 30000;
    CHECK_INT(outside_command(outside, demo), 0);
    /* From now on the server knows both and takes the one that can write. */
    snprintf(own, sizeof(own), "%s", outside->url);
    char *host = strstr(own, "host=");
    CHECK(host != NULL);
    host += strlen("host=");
    snprintf(outside->url, sizeof(outside->url), "%.*s%s%s&target_session_attrs=read-write",
             (int)(host - own), own, both, host + strcspn(host, "&"));
    outside_start(outside);
    buyers_open(&buyers, outside);
    int64_t before = buyers_available(&buyers);
    buyers_begin(&buyers);
    outside_sleep_ms(1500);
    CHECK_INT(system(fail_over), 0);
    buyers_wait_until_it_sells(&buyers);
    outside_sleep_ms(500);
    buyers_end(&buyers);
    buyers_settle(&buyers);
    int64_t sold = before - buyers_available(&buyers);
    printf(
        "  %lld acknowledged, %lld resolved by their keys, %lld sold; it sold again after %lld ms\n",
        (long long)buyers.acknowledged, (long long)buyers.unknown, (long long)sold,
        (long long)buyers.longest_recovery_ms);
    CHECK(buyers.acknowledged > 0);
    CHECK_INT(sold, buyers.acknowledged + buyers.unknown);
    outside_stop(outside, SIGTERM);
    CHECK_INT(outside_command(outside, check), 0);
    buyers_close(&buyers);
    /* The clusters are thrown away whole: the database's own server is dead. */
    outside->postgres = false;
    outside_close(outside);
}

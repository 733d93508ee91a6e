/* The drill of the full disk: on a small file system that fills up, orders are answered 507 and
 * nothing of them stays, pages are still shown, and when there is space again the same buyer with
 * the same key is served. Where no file system can be mounted (that takes root) the disk of
 * support/disk.h refuses to let files grow instead, and the drill says so.
 *
 *   XJ_FULL_ROUNDS=100 drill_disk_full     2 rounds else */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/disk.h"
#include "support/drill.h"

enum {
    ROUNDS = 2,
    TRIES_MAX = 1000,
    LATER_MS = 2 * 60 * 1000,
    SALES_MORE = 3,
    LOG_BYTES_MAX = 24 * 1024 * 1024
};

struct full {
    struct drill *drill;
    struct house *house;
    bool is_mounted;
    int sales;
    int refused;
};

/* ---- the space ---- */

static void ballast_path(const struct full *full, char *ret_path, size_t size) {
    snprintf(ret_path, size, "%s/ballast", full->drill->trial);
}

static void fill_disk(const struct full *full) {
    static const char zeros[65536];
    char path[160];
    if (!full->is_mounted) {
        disk_arm(&(struct disk_plan){.fault = DISK_FULL});
        return;
    }
    ballast_path(full, path, sizeof(path));
    int descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    CHECK(descriptor >= 0);
    for (size_t block = sizeof(zeros); block >= 4096; block /= 2)
        while (write(descriptor, zeros, block) == (ssize_t)block) {}
    close(descriptor);
}

static void make_space(const struct full *full) {
    char path[160];
    disk_arm(&(struct disk_plan){0});
    ballast_path(full, path, sizeof(path));
    if (full->is_mounted) CHECK_INT(unlink(path), 0);
}

/* ---- a round ---- */

static struct drill_sale *next_sale(struct full *full) {
    CHECK(full->sales < DRILL_SALES_MAX);
    struct drill_sale *sale = &full->drill->sales[full->sales];
    sale->buyer = full->sales % DRILL_BUYERS;
    sale->wanted = SALE_ORDERED;
    snprintf(sale->key, sizeof(sale->key), "full-%d", full->sales++);
    return sale;
}

static bool sell(struct full *full, struct drill_sale *sale) {
    struct arena arena = {0};
    bool is_sold = drill_sell(full->house, &arena, full->drill, sale);
    arena_free(&arena);
    return is_sold;
}

/* Until one is refused, which must be by 507; what the log still holds may be sold before. */
static struct drill_sale *sell_until_full(struct full *full) {
    for (int i = 0; i < TRIES_MAX; i++) {
        struct drill_sale *sale = next_sale(full);
        if (sell(full, sale)) continue;
        CHECK_INT(sale->status, 507);
        full->refused++;
        return sale;
    }
    test_fail(__FILE__, __LINE__, "%d orders fit onto a full disk", TRIES_MAX);
}

static void check_pages(struct full *full) {
    struct house_reply goods = house_get(full->house, TEXT(""), "/api/goods?limit=20");
    HOUSE_STATUS(&goods, 200);
    CHECK_INT(house_count(&goods, "items"), 1);
    const struct drill_sale *sold = &full->drill->sales[0];
    struct house_reply order = house_get(full->house, text_of(full->drill->buyers[sold->buyer]),
                                         "/api/orders/%lld", (long long)sold->order_id);
    HOUSE_STATUS(&order, 200);
    CHECK_INT(house_book_faults(full->house), 0);
}

/* One more while it is full: a small one may find room in the log. */
static struct drill_sale *sell_one_more(struct full *full) {
    struct drill_sale *sale = next_sale(full);
    if (sell(full, sale)) return sale;
    CHECK_INT(sale->status, 507);
    full->refused++;
    return sale;
}

static void hold_round(struct full *full) {
    struct drill_sale *sales[1 + SALES_MORE];
    fill_disk(full);
    sales[0] = sell_until_full(full);
    CHECK(!store_is_healthy(full->house->app->store));
    for (int i = 1; i <= SALES_MORE; i++) sales[i] = sell_one_more(full);
    check_pages(full);
    make_space(full);
    for (int i = 0; i <= SALES_MORE; i++)
        if (!sell(full, sales[i]))
            test_fail(__FILE__, __LINE__, "with new space an order is answered %d",
                      sales[i]->status);
    CHECK(store_is_healthy(full->house->app->store));
    check_pages(full);
}

/* The writer copies its log from 16 MiB on, also when the disk was full again and again. */
static void check_log(const struct full *full) {
    char path[160];
    struct stat log;
    snprintf(path, sizeof(path), "%s/xiangji.db-wal", full->drill->trial);
    CHECK_INT(stat(path, &log), 0);
    CHECK(log.st_size <= LOG_BYTES_MAX);
}

static void hold_rounds(void *context) {
    struct full *full = context;
    const char *given = getenv("XJ_FULL_ROUNDS");
    int rounds = given ? (int)strtol(given, NULL, 10) : ROUNDS;
    drill_redirect(full->drill);
    if (!full->is_mounted) disk_install();
    full->house = house_open_at(full->drill->trial, LATER_MS);
    CHECK(full->house);
    CHECK(sell(full, next_sale(full)));
    for (int i = 0; i < rounds; i++) hold_round(full);
    check_log(full);
    printf("  %d times full: %d orders placed, %d answered 507 and placed later\n", rounds,
           full->sales, full->refused);
    house_leave(full->house);
}

static void judge(void *context) {
    const struct full *full = context;
    drill_judge(full->drill);
}

TEST("disk full: orders are answered 507, pages are shown, and with new space the sale goes on") {
    static struct drill drill;
    static struct full full;
    drill_open(&drill);
    full.drill = &drill;
    full.is_mounted = mount("tmpfs", drill.trial, "tmpfs", 0, "size=64m,mode=0700") == 0;
    if (!full.is_mounted) printf("  nothing can be mounted here: files refuse to grow instead\n");
    drill_copy(&drill, drill.fresh);
    int status = test_apart(hold_rounds, &full);
    if (status) drill_print_log(&drill);
    int judged = test_apart(judge, &full);
    if (full.is_mounted) umount2(drill.trial, MNT_DETACH);
    drill_close(&drill);
    CHECK_INT(status, 0);
    CHECK_INT(judged, 0);
}

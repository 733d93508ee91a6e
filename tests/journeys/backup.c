/* A backup while people buy: it is whole or it has no name, it is restored elsewhere and serves. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/base/test.h"
#include "support/outside.h"

enum { BUYERS = 2, KILLS = 6 };

struct buyer {
    struct outside own; /* a copy with an arena of its own, for one thread */
    struct arena arena;
    struct text token;
    struct text sku;
    const atomic_bool *stop;
    int number;
    int64_t bought;
    char newest[24]; /* the id of the newest order */
};

static void *buy(void *context) {
    struct buyer *buyer = context;
    while (!atomic_load(buyer->stop)) {
        struct outside_reply reply = outside_post(
            &buyer->own, buyer->token, "/api/orders",
            "{\"lines\":[{\"sku_id\":\"%.*s\",\"count\":1}],\"ticked_return_terms\":true}",
            (int)buyer->sku.length, buyer->sku.bytes);
        if (reply.status == 201) {
            struct text id = outside_text(&reply, "orders.0.id");
            snprintf(buyer->newest, sizeof(buyer->newest), "%.*s", (int)id.length, id.bytes);
            buyer->bought++;
        }
        arena_reset(&buyer->arena);
    }
    return NULL;
}

static struct text log_in(struct outside *outside, const char *phone, const char *password) {
    struct outside_reply reply =
        outside_post(outside, TEXT(""), "/api/sessions", "{\"phone\":\"%s\",\"password\":\"%s\"}",
                     phone, password);
    OUTSIDE_STATUS(&reply, 201);
    return outside_text(&reply, "token");
}

static struct text stocked_sku(struct outside *outside) {
    struct text keeper = log_in(outside, "13800138002", "xiangji-dianzhu-2");
    struct outside_reply found = outside_get(
        outside, TEXT(""), "/api/goods?q=%%E7%%8E%%89%%E9%%9C%%B2%%E9%%A6%%99%%E6%%A2%%A8");
    OUTSIDE_STATUS(&found, 200);
    struct text sku = outside_text(&found, "items.0.sku_id");
    struct outside_reply received =
        outside_post(outside, keeper, "/api/stock/receipts",
                     "{\"sku_id\":\"%.*s\",\"count\":1000000,\"note\":\"为演练入库\"}",
                     (int)sku.length, sku.bytes);
    OUTSIDE_STATUS(&received, 201);
    return sku;
}

/* `xiangji backup PATH`, ended by kill -9 after a while. */
static void kill_a_backup(struct outside *outside, const char *path, int after_ms) {
    const char *build = getenv("XJ_BUILD");
    struct text program = text_format(outside->arena, "%s/xiangji", build ? build : ".");
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        setenv("DATA", outside->folder, 1);
        setenv("DATABASE_URL", outside->url, 1);
        CHECK(freopen(outside->log, "a", stdout) != NULL);
        execl(text_terminated(outside->arena, program), "xiangji", "backup", path, NULL);
        _exit(127);
    }
    outside_sleep_ms(after_ms);
    kill(child, SIGKILL);
    int status;
    while (waitpid(child, &status, 0) < 0) CHECK_INT(errno, EINTR);
}

/* A house of its own with the same keys, brought back from the copy at PATH. */
static struct outside *restore(struct outside *outside, const char *path) {
    struct outside *other = outside_make(false);
    struct text command =
        text_format(outside->arena, "cp -r %s/keys %s", outside->folder, other->folder);
    CHECK_INT(system(text_terminated(outside->arena, command)), 0);
    const char *words[] = {"restore", path, NULL};
    CHECK_INT(outside_command(other, words), 0);
    return other;
}

static int64_t count_orders(struct outside *outside, struct text token) {
    int64_t count = 0;
    char after[40] = "";
    for (int page = 0; page < 100; page++) {
        struct outside_reply reply =
            outside_get(outside, token, "/api/orders?limit=50%s%s", *after ? "&after=" : "", after);
        OUTSIDE_STATUS(&reply, 200);
        size_t items = outside_count(&reply, "items");
        count += (int64_t)items;
        if (items < 50) break;
        struct text next = outside_text(&reply, "next");
        snprintf(after, sizeof(after), "%.*s", (int)next.length, next.bytes);
    }
    return count;
}

TEST("backup: under load it is whole or has no name, and what it holds serves elsewhere") {
    static const char *const demo[] = {"demo", NULL};
    struct buyer buyers[BUYERS] = {0};
    pthread_t threads[BUYERS];
    atomic_bool stop = false;
    struct outside *outside = outside_make(false);
    CHECK_INT(outside_command(outside, demo), 0);
    outside_start(outside);
    struct text sku = stocked_sku(outside);
    struct text token = log_in(outside, "13800138001", "xiangji-guke-1");
    for (int i = 0; i < BUYERS; i++) {
        buyers[i] = (struct buyer){.own = *outside, .token = token, .sku = sku, .stop = &stop};
        buyers[i].own.arena = &buyers[i].arena;
        pthread_create(&threads[i], NULL, buy, &buyers[i]);
    }
    const char *path =
        text_terminated(outside->arena, text_format(outside->arena, "%s/copy", outside->folder));
    for (int i = 0; i < KILLS; i++) {
        kill_a_backup(outside, path, 20 + 60 * i);
        if (access(path, F_OK) == 0) break; /* it was quicker: then it is whole, as below */
    }
    const char *words[] = {"backup", path, NULL};
    if (access(path, F_OK) != 0) CHECK_INT(outside_command(outside, words), 0);
    atomic_store(&stop, true);
    for (int i = 0; i < BUYERS; i++) pthread_join(threads[i], NULL);
    outside_stop(outside, SIGTERM);
    struct outside *other = restore(outside, path);
    outside_start(other);
    /* A session may have been ended since the copy: none of them lives on. */
    struct outside_reply ended = outside_get(other, token, "/api/orders");
    OUTSIDE_STATUS(&ended, 401);
    token = log_in(other, "13800138001", "xiangji-guke-1");
    int64_t kept = count_orders(other, token);
    int64_t bought = buyers[0].bought + buyers[1].bought;
    printf("  %lld orders were bought, %lld of them stand in the copy\n", (long long)bought,
           (long long)kept);
    CHECK(bought > 0);
    CHECK(kept <= bought || kept >= 5000);
    /* It goes on from there. */
    struct outside_reply placed =
        outside_post(other, token, "/api/orders",
                     "{\"lines\":[{\"sku_id\":\"%.*s\",\"count\":1}],\"ticked_return_terms\":true}",
                     (int)sku.length, sku.bytes);
    OUTSIDE_STATUS(&placed, 201);
    outside_stop(other, SIGTERM);
    static const char *const check[] = {"check", NULL};
    CHECK_INT(outside_command(other, check), 0);
    /* A restore that lost power has put the database aside: no empty house is served in its place.
     */
    const char *database = text_terminated(
        outside->arena, text_format(outside->arena, "%s/xiangji.db", other->folder));
    const char *aside = text_terminated(
        outside->arena, text_format(outside->arena, "%s.before-restore-1", database));
    static const char *const serve[] = {"serve", NULL};
    CHECK_INT(rename(database, aside), 0);
    CHECK_INT(outside_command(other, serve), 1);
    CHECK(access(database, F_OK) != 0);
    for (int i = 0; i < BUYERS; i++) arena_free(&buyers[i].arena);
    outside_close(other);
    outside_close(outside);
}

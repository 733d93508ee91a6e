/* The stores: batches, queues, locks, readers, full disks, conflicts, lost connections, other
 * nodes. */
#include <errno.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/db/test_house.h"

/* ---- a queue of tasks whose ends are waited for ---- */

enum what { INSERT_ROW, INSERT_TWICE, DROP_ROW, INSERT_FILLER, WAIT_AT_GATE };

struct crowd {
    struct house *house;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int64_t ended_count;
    int64_t at_gate_count;
    bool is_open;        /* the gate */
    int64_t order[3000]; /* ids in the order of their ends */
};

struct member {
    struct store_task task;
    struct crowd *crowd;
    struct arena arena;
    enum what what;
    int64_t id;
    enum store_outcome outcome;
};

static void crowd_make(struct crowd *crowd, struct house *house) {
    memset(crowd, 0, sizeof(*crowd));
    crowd->house = house;
    pthread_mutex_init(&crowd->mutex, NULL);
    pthread_cond_init(&crowd->changed, NULL);
}

static void wait_at_gate(struct crowd *crowd) {
    pthread_mutex_lock(&crowd->mutex);
    crowd->at_gate_count++;
    pthread_cond_broadcast(&crowd->changed);
    while (!crowd->is_open) pthread_cond_wait(&crowd->changed, &crowd->mutex);
    pthread_mutex_unlock(&crowd->mutex);
}

static const struct statement *insert_wide(void) {
    return SQL("it", "INSERT INTO test_wide (id, filler) VALUES ($1, $2)");
}

static bool run_member(struct store_task *task, struct db *db) {
    struct member *member = (struct member *)task;
    static char filler[8000];
    arena_reset(&member->arena);
    switch (member->what) {
    case WAIT_AT_GATE: wait_at_gate(member->crowd); return true;
    case INSERT_TWICE:
        db_run(db, insert_wide(), PARAMS(member->id, "x"), NULL);
        return !db_run(db, insert_wide(), PARAMS(member->id, "x"), NULL);
    case INSERT_FILLER:
        for (size_t i = 0; i < sizeof(filler); i++) filler[i] = 'x';
        return !db_run(db, insert_wide(),
                       PARAMS(member->id, ((struct text){filler, sizeof(filler)})), NULL);
    case INSERT_ROW:
    case DROP_ROW: break;
    }
    return !db_run(db, insert_wide(), PARAMS(member->id, "x"), NULL) && member->what == INSERT_ROW;
}

static void end_member(struct store_task *task, enum store_outcome outcome) {
    struct member *member = (struct member *)task;
    struct crowd *crowd = member->crowd;
    pthread_mutex_lock(&crowd->mutex);
    member->outcome = outcome;
    crowd->order[crowd->ended_count++ % 3000] = member->id;
    pthread_cond_broadcast(&crowd->changed);
    pthread_mutex_unlock(&crowd->mutex);
}

static bool submit(struct crowd *crowd, struct member *member, enum what what, int64_t id) {
    member->task = (struct store_task){
        .run = run_member, .done = end_member, .arena = &member->arena, .writes = true};
    member->crowd = crowd;
    member->what = what;
    member->id = id;
    return store_submit(crowd->house->store, &member->task);
}

static void wait_for_gate(struct crowd *crowd, int64_t count) {
    pthread_mutex_lock(&crowd->mutex);
    while (crowd->at_gate_count < count) pthread_cond_wait(&crowd->changed, &crowd->mutex);
    pthread_mutex_unlock(&crowd->mutex);
}

static void open_gate(struct crowd *crowd) {
    pthread_mutex_lock(&crowd->mutex);
    crowd->is_open = true;
    pthread_cond_broadcast(&crowd->changed);
    pthread_mutex_unlock(&crowd->mutex);
}

static void wait_for_ends(struct crowd *crowd, int64_t count) {
    pthread_mutex_lock(&crowd->mutex);
    while (crowd->ended_count < count) pthread_cond_wait(&crowd->changed, &crowd->mutex);
    pthread_mutex_unlock(&crowd->mutex);
}

static int64_t count_wide(struct house *house) {
    return house_number(house, SQL("", "SELECT count(*) FROM test_wide"), NO_PARAMS);
}

/* ---- batches ---- */

BOTH("In one batch a failure and a refusal undo themselves alone") {
    enum { COUNT = 60 };
    static struct member members[COUNT + 1];
    static struct crowd crowd;
    crowd_make(&crowd, house);
    CHECK(submit(&crowd, &members[COUNT], WAIT_AT_GATE, 0));
    wait_for_gate(&crowd, 1);
    struct store_counts before = store_counts(house->store);
    for (int i = 0; i < COUNT; i++)
        CHECK(submit(&crowd, &members[i],
                     i % 3 == 0   ? INSERT_ROW
                     : i % 3 == 1 ? INSERT_TWICE
                                  : DROP_ROW,
                     i + 1));
    open_gate(&crowd);
    wait_for_ends(&crowd, COUNT + 1);
    for (int i = 0; i < COUNT; i++) {
        static const enum store_outcome wanted[] = {STORE_KEPT, STORE_FAILED, STORE_DROPPED};
        CHECK_INT(members[i].outcome, wanted[i % 3]);
        if (i % 3 == 1) CHECK_INT(members[i].task.failure, PROBLEM_INTERNAL);
        arena_free(&members[i].arena);
    }
    struct store_counts after = store_counts(house->store);
    CHECK_INT(count_wide(house), COUNT / 3);
    CHECK_INT(house_number(house, SQL("", "SELECT count(*) FROM test_wide WHERE (id - 1) % 3 = 0"),
                           NO_PARAMS),
              COUNT / 3);
    if (!house->on_postgres)
        CHECK_INT(after.batches - before.batches, 2); /* the gate's own, and one for all */
}

BOTH("Tasks that share a savepoint end as they would have ended alone") {
    enum { COUNT = 240 };
    static struct member members[COUNT + 1];
    static struct crowd crowd;
    crowd_make(&crowd, house);
    CHECK(submit(&crowd, &members[COUNT], WAIT_AT_GATE, 0));
    wait_for_gate(&crowd, 1);
    int kept = 0;
    for (int i = 0; i < COUNT; i++) {
        enum what what = i % 31 == 30   ? INSERT_TWICE
                         : i % 13 == 12 ? DROP_ROW
                         : i / 20 == 5  ? DROP_ROW
                                        : INSERT_ROW;
        if (what == INSERT_ROW) kept++;
        CHECK(submit(&crowd, &members[i], what, i + 1));
    }
    open_gate(&crowd);
    wait_for_ends(&crowd, COUNT + 1);
    for (int i = 0; i < COUNT; i++) {
        enum store_outcome wanted = members[i].what == INSERT_ROW ? STORE_KEPT
                                    : members[i].what == DROP_ROW ? STORE_DROPPED
                                                                  : STORE_FAILED;
        CHECK_INT(members[i].outcome, wanted);
        CHECK_INT(house_number(house, SQL("i", "SELECT count(*) FROM test_wide WHERE id = $1"),
                               PARAMS(i + 1)),
                  wanted == STORE_KEPT);
        arena_free(&members[i].arena);
    }
    CHECK_INT(count_wide(house), kept);
}

TEST("SQLite: A batch keeps the order of its tasks") {
    enum { COUNT = 2000 };
    static struct house house;
    static struct member members[COUNT + 1];
    static struct crowd crowd;
    house_start(&house, false);
    crowd_make(&crowd, &house);
    CHECK(submit(&crowd, &members[COUNT], WAIT_AT_GATE, COUNT));
    wait_for_gate(&crowd, 1);
    for (int i = 0; i < COUNT; i++) CHECK(submit(&crowd, &members[i], INSERT_ROW, i));
    open_gate(&crowd);
    wait_for_ends(&crowd, COUNT + 1);
    for (int i = 0; i < COUNT; i++) {
        CHECK_INT(crowd.order[i + 1], i);
        CHECK_INT(members[i].outcome, STORE_KEPT);
        arena_free(&members[i].arena);
    }
    struct store_counts counts = store_counts(house.store);
    CHECK(counts.batches >= 1 + COUNT / LIMIT_WRITE_BATCH && counts.batches <= 12);
    house_end(&house);
}

BOTH("A full queue refuses at once, and what it holds is done") {
    enum { WORKERS = 4 };
    struct member *members = calloc(LIMIT_WRITE_QUEUE + WORKERS + 1, sizeof(*members));
    static struct crowd crowd;
    crowd_make(&crowd, house);
    int gates = house->on_postgres ? WORKERS : 1;
    for (int i = 0; i < gates; i++) CHECK(submit(&crowd, &members[i], WAIT_AT_GATE, 0));
    wait_for_gate(&crowd, gates);
    for (int i = 0; i < LIMIT_WRITE_QUEUE; i++)
        CHECK(submit(&crowd, &members[gates + i], DROP_ROW, i + 1));
    CHECK(!submit(&crowd, &members[gates + LIMIT_WRITE_QUEUE], INSERT_ROW, 1));
    CHECK_INT(store_counts(house->store).queue_length, LIMIT_WRITE_QUEUE);
    open_gate(&crowd);
    wait_for_ends(&crowd, gates + LIMIT_WRITE_QUEUE);
    for (int i = 0; i < LIMIT_WRITE_QUEUE + gates; i++) arena_free(&members[i].arena);
    free(members);
    CHECK_INT(count_wide(house), 0);
}

BOTH("Closing finishes what is queued") {
    enum { COUNT = 500 };
    static struct member members[COUNT];
    static struct crowd crowd;
    struct text why;
    crowd_make(&crowd, house);
    for (int i = 0; i < COUNT; i++) CHECK(submit(&crowd, &members[i], INSERT_ROW, i));
    house_close(house);
    CHECK_INT(crowd.ended_count, COUNT);
    for (int i = 0; i < COUNT; i++) {
        CHECK_INT(members[i].outcome, STORE_KEPT);
        arena_free(&members[i].arena);
    }
    CHECK(house_open(house, NULL, &why));
    CHECK_INT(count_wide(house), COUNT);
}

/* ---- a full disk ---- */

/* Fills until nobody is kept; all that was kept must be there, and after FREE there is space again.
 */
static void check_full(struct house *house, void (*free_space)(struct house *house)) {
    enum { COUNT = 200, ROUNDS_MAX = 50 };
    static struct member members[COUNT];
    static struct crowd crowd;
    crowd_make(&crowd, house);
    int64_t kept = 0, id = 1, round = 0, failed = 0;
    for (; round < ROUNDS_MAX && !failed; round++) {
        for (int i = 0; i < COUNT; i++) CHECK(submit(&crowd, &members[i], INSERT_FILLER, id++));
        wait_for_ends(&crowd, (round + 1) * COUNT);
        for (int i = 0; i < COUNT; i++) {
            if (members[i].outcome == STORE_KEPT) kept++;
            if (members[i].outcome != STORE_FAILED) continue;
            failed++;
            CHECK_INT(members[i].task.failure, PROBLEM_DISK_FULL);
        }
    }
    CHECK(failed > 0 && kept > 0);
    static char filler[100000];
    memset(filler, 'x', sizeof(filler));
    while (house_change(house, insert_wide(),
                        PARAMS(id++, ((struct text){filler, sizeof(filler)}))) == 1)
        kept++;
    CHECK_INT(house->failure, PROBLEM_DISK_FULL);
    CHECK(!store_is_healthy(house->store)); /* it asks the disk again after a second */
    CHECK_INT(count_wide(house), kept);     /* reads go on, and show what was answered */
    free_space(house);
    for (int i = 0; i < COUNT; i++) arena_free(&members[i].arena);
    CHECK_INT(house_change(house, insert_wide(), PARAMS(id, "there is space")), 1);
    CHECK(store_is_healthy(house->store));
    CHECK_INT(count_wide(house), kept + 1);
}

static void raise_limit(struct house *house) {
    house_script(house, "PRAGMA max_page_count = 1000000");
}

TEST(
    "SQLite: A database that may not grow fails writes as DISK_FULL, reads on, and goes on later") {
    static struct house house;
    house_start(&house, false);
    house_script(&house, "PRAGMA max_page_count = 700");
    check_full(&house, raise_limit);
    house_end(&house);
}

/* Each row fills a page; changed in one statement, their old copies are more than what is kept in
 * memory. */
BOTH("a statement that changes megabytes is kept, and can be undone") {
    enum { ROWS = 2000, WIDTH = 3000 };
    char filler[WIDTH + 1];
    memset(filler, 'x', WIDTH);
    filler[WIDTH] = '\0';
    for (int i = 1; i <= ROWS; i++)
        CHECK_INT(house_change(house,
                               SQL("it", "INSERT INTO test_wide (id, filler) VALUES ($1, $2)"),
                               PARAMS((int64_t)i, filler)),
                  1);
    CHECK_INT(
        house_change(house, SQL("i", "UPDATE test_wide SET id = id + $1"), PARAMS((int64_t)ROWS)),
        ROWS);
    CHECK_INT(house_number(house, SQL("", "SELECT min(id) FROM test_wide"), NO_PARAMS), ROWS + 1);
    /* The last row meets one that stays: all of them go back. */
    CHECK_INT(house_change(house, SQL("it", "INSERT INTO test_wide (id, filler) VALUES ($1, $2)"),
                           PARAMS((int64_t)1, filler)),
              1);
    CHECK_INT(house_change(house,
                           SQL("i", "UPDATE test_wide SET id = CASE WHEN id = $1 THEN 1"
                                    " WHEN id > 1 THEN id + 10000 ELSE id END"),
                           PARAMS((int64_t)2 * ROWS)),
              -1);
    CHECK_INT(house_number(house, SQL("", "SELECT max(id) FROM test_wide"), NO_PARAMS),
              (int64_t)2 * ROWS);
}

static void remove_ballast(struct house *house) {
    char path[128];
    snprintf(path, sizeof(path), "%s/ballast", house->folder);
    CHECK_INT(unlink(path), 0);
}

static void start_on_small_disk(struct house *house) {
    static char zeros[1024 * 1024];
    struct text why = {0};
    char path[128];
    house_make(house, false);
    if (mount("tmpfs", house->folder, "tmpfs", 0, "size=6m")) {
        rmdir(house->folder);
        test_skip("a small file system cannot be mounted here");
    }
    snprintf(path, sizeof(path), "%s/ballast", house->folder);
    FILE *ballast = fopen(path, "w");
    for (int i = 0; i < 3; i++) CHECK_INT(fwrite(zeros, 1, sizeof(zeros), ballast), sizeof(zeros));
    CHECK_INT(fclose(ballast), 0);
    CHECK(house_open(house, NULL, &why));
}

TEST("SQLite: On a full disk nobody of the batch gets success; writes go on with new space") {
    static struct house house;
    start_on_small_disk(&house);
    check_full(&house, remove_ballast);
    int64_t kept = count_wide(&house);
    struct text why;
    house_close(&house);
    CHECK(house_open(&house, NULL, &why));
    CHECK_INT(count_wide(&house), kept);
    house_close(&house);
    umount2(house.folder, MNT_DETACH);
    house_end(&house);
}

/* Writes until the process stops, and says after each answer how many were kept. */
static void write_until_stopped(struct house *house, int out) {
    struct rlimit limit = {3 * 1024 * 1024, 3 * 1024 * 1024};
    struct text why = {0};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0});
    if (!house_open(house, NULL, &why)) _exit(1);
    static char filler[30000];
    memset(filler, 'x', sizeof(filler));
    for (int64_t id = 1; id < 1000; id++) {
        struct text text = {filler, sizeof(filler)};
        if (house_change(house, insert_wide(), PARAMS(id, text)) != 1) _exit(2);
        if (write(out, &id, sizeof(id)) != sizeof(id)) _exit(3);
    }
    _exit(4);
}

TEST("SQLite: An I/O error at commit stops the process, and every answered write is there") {
    static struct house house;
    int ends[2], status;
    struct text why = {0};
    house_make(&house, false);
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) write_until_stopped(&house, ends[1]);
    close(ends[1]);
    int64_t answered = 0;
    while (read(ends[0], &answered, sizeof(answered)) == sizeof(answered)) continue;
    close(ends[0]);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    CHECK(answered > 10);
    CHECK(house_open(&house, NULL, &why));
    int64_t count = count_wide(&house);
    CHECK(count == answered || count == answered + 1); /* the last one is unknown, not absent */
    house_end(&house);
}

TEST("SQLite: The log stays short under steady writes") {
    static struct house house;
    house_start(&house, false);
    for (int64_t round = 0; round < 40; round++) {
        static struct member members[100];
        static struct crowd crowd;
        crowd_make(&crowd, &house);
        for (int i = 0; i < 100; i++)
            CHECK(submit(&crowd, &members[i], INSERT_FILLER, round * 100 + i));
        wait_for_ends(&crowd, 100);
        for (int i = 0; i < 100; i++) arena_free(&members[i].arena);
    }
    char path[128];
    snprintf(path, sizeof(path), "%s/test.db-wal", house.folder);
    FILE *log = fopen(path, "r");
    CHECK(log && !fseek(log, 0, SEEK_END));
    long length = ftell(log);
    fclose(log);
    if (length > 24L * 1024 * 1024) test_fail(__FILE__, __LINE__, "the log has %ld bytes", length);
    house_end(&house);
}

/* ---- locks and readers ---- */

static bool open_again(const struct house *house, bool read_only, struct arena *arena,
                       struct store **ret_store, struct text *ret_error) {
    struct store_settings settings = {.url = house->url, .read_only = read_only, .worker_count = 1};
    struct schema_list none = {0};
    return store_open_schemas(&settings, &none, arena, ret_store, ret_error);
}

TEST("SQLite: A second writer is refused by name; a reader is not, and cannot write") {
    static struct house house;
    struct store *other;
    struct text why = {0};
    char pid[40];
    house_start(&house, false);
    CHECK(!open_again(&house, false, &house.arena, &other, &why));
    snprintf(pid, sizeof(pid), "in use by process %ld", (long)getpid());
    CHECK(text_ends(why, text_of(pid)));
    CHECK_INT(house_change(&house, insert_wide(), PARAMS(1, "x")), 1);
    struct house reader = house;
    CHECK(open_again(&house, true, &house.arena, &reader.store, &why));
    CHECK_INT(count_wide(&reader), 1);
    CHECK_INT(house_change(&reader, insert_wide(), PARAMS(2, "x")), -1);
    CHECK_INT(house_change(&house, insert_wide(), PARAMS(2, "x")), 1);
    CHECK_INT(count_wide(&reader), 2);
    store_close(reader.store);
    CHECK_INT(house_change(&house, insert_wide(), PARAMS(3, "x")), 1);
    house_close(&house);
    CHECK(open_again(&house, true, &house.arena, &reader.store, &why));
    CHECK_INT(count_wide(&reader), 3);
    CHECK(house_open(&house, NULL, &why)); /* a reader keeps no writer out */
    CHECK_INT(house_change(&house, insert_wide(), PARAMS(4, "x")), 1);
    store_close(reader.store);
    CHECK_INT(count_wide(&house), 4);
    house_end(&house);
}

TEST("A database that is not there, not ours or not named is refused with a sentence") {
    static struct house house;
    struct store *store;
    struct text why = {0};
    house_make(&house, false);
    CHECK(!open_again(&house, true, &house.arena, &store, &why));
    CHECK(why.length > 0);
    snprintf(house.url, sizeof(house.url), "sqlite:%s/no/such/folder/test.db", house.folder);
    CHECK(!open_again(&house, false, &house.arena, &store, &why));
    snprintf(house.url, sizeof(house.url), "mysql://x");
    CHECK(!open_again(&house, false, &house.arena, &store, &why));
    snprintf(house.url, sizeof(house.url), "postgresql:///x?host=%s", house.folder);
    CHECK(!open_again(&house, false, &house.arena, &store, &why));
    CHECK(text_starts(why, TEXT("no connection to PostgreSQL")));
    house_end(&house);
}

static int64_t read_count(struct db *db) {
    int64_t count = -1;
    CHECK(!db_int(db, SQL("", "SELECT count(*) FROM test_wide"), NO_PARAMS, &count, NULL));
    return count;
}

TEST("SQLite: A reader sees one moment from its first look to its end") {
    static struct house house;
    struct arena arena = {0};
    house_start(&house, false);
    struct store_reader *reader = store_reader_open(house.store);
    CHECK(reader);
    struct db *db = store_reader_begin(reader, &arena);
    CHECK_INT(read_count(db), 0);
    CHECK_INT(house_change(&house, insert_wide(), PARAMS(1, "x")), 1);
    CHECK_INT(read_count(db), 0);
    CHECK(db_run(db, insert_wide(), PARAMS(2, "x"), NULL)); /* refused */
    store_reader_end(reader);
    db = store_reader_begin(reader, &arena);
    CHECK_INT(read_count(db), 1);
    store_reader_end(reader);
    store_reader_close(reader);
    arena_free(&arena);
    house_end(&house);
}

struct hammer {
    struct house *house;
    atomic_bool *is_over;
    int64_t reads;
};

/* Two counts of one snapshot must agree, whatever is written meanwhile. */
static void *hammer_main(void *context) {
    struct hammer *hammer = context;
    struct arena arena = {0};
    struct store_reader *reader = store_reader_open(hammer->house->store);
    while (!atomic_load(hammer->is_over)) {
        struct db *db = store_reader_begin(reader, &arena);
        int64_t first = read_count(db);
        CHECK_INT(read_count(db), first);
        store_reader_end(reader);
        arena_reset(&arena);
        hammer->reads++;
    }
    store_reader_close(reader);
    arena_free(&arena);
    return NULL;
}

TEST("SQLite: Readers and the writer work at the same time") {
    enum { READERS = 3, COUNT = 1500 };
    static struct house house;
    static struct member members[COUNT];
    static struct crowd crowd;
    atomic_bool is_over = false;
    pthread_t threads[READERS];
    struct hammer hammers[READERS];
    house_start(&house, false);
    crowd_make(&crowd, &house);
    for (int i = 0; i < READERS; i++) {
        hammers[i] = (struct hammer){&house, &is_over, 0};
        CHECK_INT(pthread_create(&threads[i], NULL, hammer_main, &hammers[i]), 0);
    }
    for (int i = 0; i < COUNT; i++) CHECK(submit(&crowd, &members[i], INSERT_FILLER, i));
    wait_for_ends(&crowd, COUNT);
    atomic_store(&is_over, true);
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(hammers[i].reads > 0);
    }
    for (int i = 0; i < COUNT; i++) arena_free(&members[i].arena);
    CHECK_INT(count_wide(&house), COUNT);
    house_end(&house);
}

/* ---- conflicts ---- */

struct skew {
    struct store_task task;
    struct crowd *crowd;
    struct arena arena;
    int64_t id;
    int runs;
    enum store_outcome outcome;
};

/* Writes a row only when the other one is not there: two of them may not both find nothing. */
static bool run_skew(struct store_task *task, struct db *db) {
    struct skew *skew = (struct skew *)task;
    int64_t count;
    arena_reset(&skew->arena);
    if (db_int(db, SQL("", "SELECT count(*) FROM test_wide"), NO_PARAMS, &count, NULL))
        return false;
    if (skew->runs++ == 0) wait_at_gate(skew->crowd);
    return count == 0 && !db_run(db, insert_wide(), PARAMS(skew->id, "x"), NULL);
}

static void end_skew(struct store_task *task, enum store_outcome outcome) {
    struct skew *skew = (struct skew *)task;
    pthread_mutex_lock(&skew->crowd->mutex);
    skew->outcome = outcome;
    skew->crowd->ended_count++;
    pthread_cond_broadcast(&skew->crowd->changed);
    pthread_mutex_unlock(&skew->crowd->mutex);
}

TEST("PostgreSQL: Two that saw the same nothing do not both write; the loser runs again") {
    static struct house house;
    static struct crowd crowd;
    static struct skew skews[2];
    house_start(&house, true);
    crowd_make(&crowd, &house);
    for (int i = 0; i < 2; i++) {
        skews[i] = (struct skew){.crowd = &crowd, .id = i + 1};
        skews[i].task = (struct store_task){
            .run = run_skew, .done = end_skew, .arena = &skews[i].arena, .writes = true};
        CHECK(store_submit(house.store, &skews[i].task));
    }
    wait_for_gate(&crowd, 2);
    open_gate(&crowd);
    wait_for_ends(&crowd, 2);
    CHECK_INT(count_wide(&house), 1);
    CHECK(skews[0].runs + skews[1].runs >= 3);
    CHECK((skews[0].outcome == STORE_KEPT) != (skews[1].outcome == STORE_KEPT));
    CHECK((skews[0].outcome == STORE_DROPPED) != (skews[1].outcome == STORE_DROPPED));
    CHECK_INT(store_counts(house.store).retries, skews[0].runs + skews[1].runs - 2);
    for (int i = 0; i < 2; i++) arena_free(&skews[i].arena);
    house_end(&house);
}

struct buyer {
    struct house *house;
    bool guarded;
    int64_t sold;
    int64_t failed;
};

static bool buy_guarded(struct db *db, void *context) {
    bool *sold = context;
    int64_t left;
    return !db_int(db,
                   SQL("", "UPDATE test_thing SET n = n - 1 WHERE id = 1 AND n >= 1 RETURNING n"),
                   NO_PARAMS, &left, sold);
}

struct purchase {
    struct store_task task;
    bool sold;
};

static bool run_purchase(struct store_task *task, struct db *db) {
    struct purchase *purchase = (struct purchase *)task;
    return buy_guarded(db, &purchase->sold);
}

static void *buyer_main(void *context) {
    struct buyer *buyer = context;
    struct arena arena = {0};
    for (int i = 0; i < 50; i++) {
        struct purchase purchase = {.task = {.run = run_purchase,
                                             .arena = &arena,
                                             .writes = true,
                                             .isolation = STORE_READ_COMMITTED}};
        enum store_outcome outcome = store_perform(buyer->house->store, &purchase.task);
        if (outcome == STORE_KEPT && purchase.sold) buyer->sold++;
        if (outcome == STORE_FAILED) buyer->failed++;
        arena_reset(&arena);
    }
    arena_free(&arena);
    return NULL;
}

BOTH("Sixteen buyers take exactly what is there") {
    enum { BUYERS = 16 };
    pthread_t threads[BUYERS];
    struct buyer buyers[BUYERS];
    CHECK_INT(house_change(
                  house,
                  SQL("ib", "INSERT INTO test_thing (id, name, n, data) VALUES (1, 'a', $1, $2)"),
                  PARAMS(500, ((struct bytes){0}))),
              1);
    for (int i = 0; i < BUYERS; i++) {
        buyers[i] = (struct buyer){.house = house};
        CHECK_INT(pthread_create(&threads[i], NULL, buyer_main, &buyers[i]), 0);
    }
    int64_t sold = 0, failed = 0;
    for (int i = 0; i < BUYERS; i++) {
        pthread_join(threads[i], NULL);
        sold += buyers[i].sold;
        failed += buyers[i].failed;
    }
    CHECK_INT(failed, 0);
    CHECK_INT(sold, 500);
    CHECK_INT(house_number(house, SQL("", "SELECT n FROM test_thing WHERE id = 1"), NO_PARAMS), 0);
}

/* ---- PostgreSQL's connections ---- */

static void ask_server(struct house *house, const char *sql, char *ret_answer, size_t size) {
    PGconn *handle = PQconnectdb(house->url);
    PGresult *result = PQexec(handle, sql);
    snprintf(ret_answer, size, "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(handle);
}

static const char cut_all[] = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                              " WHERE datname = current_database() AND pid <> pg_backend_pid()";

TEST("PostgreSQL: Connections that were cut while idle are made again without a word") {
    static struct house house;
    char answer[40];
    house_start(&house, true);
    for (int64_t round = 1; round <= 3; round++) {
        for (int64_t i = 0; i < 8; i++)
            CHECK_INT(house_change(&house, insert_wide(), PARAMS(round * 10 + i, "x")), 1);
        ask_server(&house, cut_all, answer, sizeof(answer));
        CHECK(strtol(answer, NULL, 10) >= 2); /* those that had work, and the listener */
        usleep(50 * 1000);
    }
    CHECK_INT(count_wide(&house), 24);
    CHECK(store_is_healthy(house.store));
    house_end(&house);
}

/* On the server's own database, because the house's may be closed. */
static void tell_server(const char *format, const char *name) {
    char sql[200];
    PGconn *handle = PQconnectdb(getenv("XJ_TEST_POSTGRES"));
    snprintf(sql, sizeof(sql), format, name);
    PQclear(PQexec(handle, sql));
    PQfinish(handle);
}

TEST(
    "PostgreSQL: While the database is away tasks are told so at once; it is found again unasked") {
    static struct house house;
    char name[64];
    house_start(&house, true);
    ask_server(&house, "SELECT current_database()", name, sizeof(name));
    CHECK_INT(house_change(&house, insert_wide(), PARAMS(1, "x")), 1);
    tell_server("ALTER DATABASE %s ALLOW_CONNECTIONS false", name);
    tell_server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'",
                name);
    int64_t before_ms = db_monotonic_ms();
    for (int64_t id = 2; id < 8; id++) {
        CHECK_INT(house_change(&house, insert_wide(), PARAMS(id, "x")), -1);
        CHECK_INT(house.failure, PROBLEM_BUSY);
    }
    CHECK(db_monotonic_ms() - before_ms < 5000);
    CHECK(!store_is_healthy(house.store));
    tell_server("ALTER DATABASE %s ALLOW_CONNECTIONS true", name);
    for (int i = 0; i < 500 && !store_is_healthy(house.store); i++) usleep(10 * 1000);
    CHECK(store_is_healthy(house.store));
    int64_t changed = -1;
    for (int i = 0; i < 50 && changed != 1; i++, usleep(100 * 1000))
        changed = house_change(&house, insert_wide(), PARAMS(9, "x"));
    CHECK_INT(changed, 1);
    CHECK_INT(count_wide(&house), 2);
    house_end(&house);
}

struct cut {
    struct house *house;
    int runs;
};

static bool write_and_be_cut(struct db *db, void *context) {
    struct cut *cut = context;
    char answer[40];
    int64_t changed;
    db_run(db, insert_wide(), PARAMS(1, "x"), &changed);
    if (cut->runs++ == 0) ask_server(cut->house, cut_all, answer, sizeof(answer));
    return !db_run(db, insert_wide(), PARAMS(2, "x"), &changed);
}

TEST("PostgreSQL: A transaction that was cut before its commit runs again") {
    static struct house house;
    house_start(&house, true);
    struct cut cut = {&house, 0};
    CHECK_INT(house_work(&house, true, write_and_be_cut, &cut), STORE_KEPT);
    CHECK_INT(cut.runs, 2);
    CHECK_INT(count_wide(&house), 2);
    house_end(&house);
}

static bool be_cut_at_commit(struct db *db, void *context) {
    struct cut *cut = context;
    char answer[40];
    int64_t changed;
    cut->runs++;
    bool is_fine = !db_run(db, insert_wide(), PARAMS(1, "x"), &changed);
    ask_server(cut->house, cut_all, answer, sizeof(answer));
    return is_fine;
}

TEST("PostgreSQL: A commit without an answer is not tried again: nobody knows what became of it") {
    static struct house house;
    house_start(&house, true);
    struct cut cut = {&house, 0};
    CHECK_INT(house_work(&house, true, be_cut_at_commit, &cut), STORE_FAILED);
    CHECK_INT(house.failure, PROBLEM_BUSY);
    CHECK_INT(cut.runs, 1);
    CHECK_INT(count_wide(&house), 0);
    house_end(&house);
}

TEST("PostgreSQL: A database of another encoding or collation is refused") {
    static struct house house;
    char answer[40], name[64], sql[200];
    struct store *store;
    struct text why = {0};
    house_make(&house, true);
    snprintf(name, sizeof(name), "xj_test_latin_%ld", (long)getpid());
    snprintf(sql, sizeof(sql),
             "CREATE DATABASE %s TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'",
             name);
    ask_server(&house, sql, answer, sizeof(answer));
    struct house other = house;
    snprintf(other.url + strlen(other.url), sizeof(other.url) - strlen(other.url), "&dbname=%s",
             name);
    CHECK(!open_again(&other, false, &house.arena, &store, &why));
    snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", name);
    ask_server(&house, sql, answer, sizeof(answer));
    CHECK(text_find(why, TEXT("LATIN1"), 0) != SIZE_MAX);
    house_end(&house);
}

/* ---- other nodes ---- */

struct ear {
    pthread_mutex_t mutex;
    int64_t heard_count;
    char last[64];
};

static void hear(void *context, struct text message) {
    struct ear *ear = context;
    pthread_mutex_lock(&ear->mutex);
    ear->heard_count++;
    snprintf(ear->last, sizeof(ear->last), "%.*s", (int)message.length, message.bytes);
    pthread_mutex_unlock(&ear->mutex);
}

static int64_t heard_after(struct ear *ear, int64_t wanted, int64_t wait_ms) {
    int64_t heard = 0;
    for (int64_t waited_ms = 0; waited_ms <= wait_ms && heard < wanted; waited_ms += 5) {
        usleep(5000);
        pthread_mutex_lock(&ear->mutex);
        heard = ear->heard_count;
        pthread_mutex_unlock(&ear->mutex);
    }
    return heard;
}

TEST("PostgreSQL: Nodes have different numbers and hear each other, not themselves") {
    static struct house house;
    static struct ear near = {.mutex = PTHREAD_MUTEX_INITIALIZER},
                      far = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    struct store *other;
    struct text why = {0};
    char answer[40];
    house_start(&house, true);
    CHECK(open_again(&house, false, &house.arena, &other, &why));
    CHECK(store_node(house.store) > 0 && store_node(other) > 0);
    CHECK(store_node(house.store) != store_node(other));
    store_listen(house.store, hear, &near);
    store_listen(other, hear, &far);
    for (int i = 0; i < 100; i++) store_notify(house.store, TEXT("changed 玉露香"));
    store_notify(house.store, TEXT("last"));
    CHECK_INT(heard_after(&far, 101, 5000), 101);
    CHECK_TEXT(text_of(far.last), "last");
    CHECK_INT(near.heard_count, 0);
    ask_server(&house, cut_all, answer, sizeof(answer));
    CHECK(heard_after(&far, 102, 5000) >= 102); /* the empty message: some may have been missed */
    CHECK_TEXT(text_of(far.last), "");
    CHECK(heard_after(&near, 1, 5000) >= 1);
    int64_t before = far.heard_count;
    store_notify(house.store, TEXT("again"));
    CHECK(heard_after(&far, before + 1, 5000) > before);
    store_close(other);
    house_end(&house);
}

/* A node with its data folder; it opens or the test ends. */
static struct store *open_node(struct house *house, const char *folder) {
    struct store_settings settings = {.url = house->url, .folder = folder, .worker_count = 1};
    struct schema_list none = {0};
    struct store *store = NULL;
    struct text why = {0};
    if (!store_open_schemas(&settings, &none, &house->arena, &store, &why))
        test_fail(__FILE__, __LINE__, "%.*s", (int)why.length, why.bytes);
    return store;
}

TEST("PostgreSQL: A node that begins again in its folder has its number again, and nobody else") {
    static struct house house;
    char path[128], note[200] = "";
    house_start(&house, true);
    struct store *first = open_node(&house, house.folder);
    uint32_t number = store_node(first);
    struct store *beside = open_node(&house, house.folder);
    CHECK(store_node(beside) != number);
    store_close(first);
    first = open_node(&house, house.folder);
    CHECK_INT(store_node(first), number);
    store_close(beside);
    store_close(first);
    /* The folder of another machine, or a copy of it. */
    snprintf(path, sizeof(path), "%s/node-lock", house.folder);
    FILE *file = fopen(path, "r+");
    CHECK(file && fgets(note, sizeof(note), file));
    note[0] = note[0] == '0' ? '1' : '0';
    rewind(file);
    CHECK(fputs(note, file) >= 0 && !fclose(file));
    first = open_node(&house, house.folder);
    CHECK(store_node(first) != number);
    store_close(first);
    CHECK(!truncate(path, 20));
    first = open_node(&house, house.folder);
    CHECK(store_node(first) != number);
    store_close(first);
    house_end(&house);
}

static void end_leases(PGconn *handle) {
    PQclear(PQexec(handle, "UPDATE db_node SET leased_until = leased_until - 60000"));
}

TEST("PostgreSQL: A node says how many others were alive within the last minute") {
    static struct house house;
    int64_t count = -1;
    house_start(&house, true);
    CHECK(db_other_nodes(house.store, &count));
    CHECK_INT(count, 0);
    struct store *beside = open_node(&house, NULL), *third = open_node(&house, NULL);
    CHECK(db_other_nodes(house.store, &count));
    CHECK_INT(count, 2);
    CHECK(db_other_nodes(beside, &count));
    CHECK_INT(count, 2);
    /* Stopped, and not yet for a minute; then for longer. */
    store_close(third);
    CHECK(db_other_nodes(house.store, &count));
    CHECK_INT(count, 2);
    PGconn *handle = PQconnectdb(house.url);
    end_leases(handle);
    PQfinish(handle);
    CHECK(db_other_nodes(house.store, &count));
    CHECK_INT(count, 0);
    store_close(beside);
    house_end(&house);
}

TEST("SQLite: There is one node, 0, and nobody to hear") {
    static struct house house;
    int64_t count = -1;
    house_start(&house, false);
    CHECK(db_other_nodes(house.store, &count));
    CHECK_INT(count, 0);
    CHECK_INT(store_node(house.store), 0);
    CHECK(!store_is_postgres(house.store));
    store_notify(house.store, TEXT("x"));
    store_listen(house.store, hear, NULL);
    house_end(&house);
}

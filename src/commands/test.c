/* Backup, restore, export and import of a small market, and roles from the command line, on both
 * engines. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/folder.h"
#include "ground/people/people.h"
#include "support/house.h"
#include "support/market.h"
#include "support/postgres.h"

/* Another house beside the one of the test: a folder with the same keys, and a database. */
struct beside {
    struct app app;
    char folder[96];
    char url[512];
    bool postgres;
};

static void open_beside(struct house *house, struct beside *beside, bool postgres, bool with_keys) {
    static int number;
    char command[400];
    snprintf(beside->folder, sizeof(beside->folder), "%s-beside-%d", house->folder, number++);
    CHECK(app_make_folder(beside->folder));
    beside->postgres = postgres;
    if (postgres)
        postgres_make_database(beside->url, sizeof(beside->url));
    else
        snprintf(beside->url, sizeof(beside->url), "sqlite:%s/xiangji.db", beside->folder);
    if (with_keys) {
        snprintf(command, sizeof(command), "cp -r %s/keys %s", house->folder, beside->folder);
        CHECK_INT(system(command), 0);
    }
    beside->app = *house->app;
    beside->app.data_folder = beside->folder;
    beside->app.database_url = beside->url;
    beside->app.store = NULL;
    beside->app.ids = NULL;
    beside->app.keyring = NULL;
}

static void close_beside(struct beside *beside) {
    folder_remove(beside->folder);
    if (beside->postgres) postgres_drop_database(beside->url);
}

/* Commands take the settings as main gives them. */
static struct app settings_of(const struct app *app) {
    struct app settings = *app;
    settings.store = NULL;
    settings.ids = NULL;
    settings.keyring = NULL;
    return settings;
}

static const char *in_folder(struct house *house, const char *name) {
    return path_join(house->arena, house->folder, name);
}

static int backup(struct house *house, const char *name) {
    struct app settings = settings_of(house->app);
    return command_backup(&settings, house->arena, in_folder(house, name));
}

static int restore(struct house *house, struct beside *beside, const char *name, bool over) {
    struct app settings = settings_of(&beside->app);
    return command_restore(&settings, house->arena, in_folder(house, name), over);
}

static int export_to(struct house *house, const struct app *app, const char *name) {
    struct app settings = settings_of(app);
    return command_export(&settings, house->arena, in_folder(house, name));
}

static int import_from(struct house *house, struct beside *beside, const char *name) {
    struct app settings = settings_of(&beside->app);
    return command_import(&settings, house->arena, in_folder(house, name));
}

static bool are_same(struct house *house, const char *one, const char *other) {
    struct text command =
        text_format(house->arena, "diff -r %s %s", in_folder(house, one), in_folder(house, other));
    return system(text_terminated(house->arena, command)) == 0;
}

/* An order that is paid, one that is not, and a file. */
static void fill(struct house *house) {
    struct market market = {0};
    market_open(house, &market);
    struct text buyer = market_buyer(house, "13900139001");
    struct house_reply placed = market_order(house, buyer, market.sku_five, 2);
    market_pay(house, &placed);
    market_order(house, buyer, market.sku_dried, 1);
    house_run_jobs(house);
    CHECK(app_make_folder(in_folder(house, "files")));
    CHECK(app_make_folder(in_folder(house, "files/ab")));
    FILE *file = fopen(in_folder(house, "files/ab/pear"), "w");
    CHECK(file && fputs("a picture of a pear", file) >= 0 && fclose(file) == 0);
}

/* Flips a bit of byte AT (from the end when negative) of a file. */
static void flip(struct house *house, const char *name, long at) {
    FILE *file = fopen(in_folder(house, name), "r+b");
    CHECK(file != NULL);
    CHECK_INT(fseek(file, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    int byte = fgetc(file);
    CHECK_INT(fseek(file, -1, SEEK_CUR), 0);
    CHECK(fputc(byte ^ 1, file) != EOF && fclose(file) == 0);
}

static refusal plant_fault(struct request *q, void *context) {
    (void)context;
    return db_run(q->db,
                  SQL("", "UPDATE ledger_account SET debits_posted = debits_posted + 1 "
                          "WHERE kind = 'stock.on_hand'"),
                  NO_PARAMS, NULL);
}

/* Copies of a file are for one engine alone. */
#define ENGINE_TEST(postgres, words)                                                               \
    static void TEST_JOIN(engine_body_, __LINE__)(struct house * house);                           \
    TEST(words) { house_run(postgres, TEST_JOIN(engine_body_, __LINE__)); }                        \
    static void TEST_JOIN(engine_body_, __LINE__)(struct house * house)

/* ---- backup and restore ---- */

ENGINE_TEST(false,
            "restore: a copy made while the house is open serves elsewhere, with its files") {
    struct beside beside;
    struct text error = {0};
    fill(house);
    /* A restore ends the sessions; all the rest is the same. */
    CHECK(people_end_all_sessions(house->app, house->arena, &error));
    CHECK_INT(backup(house, "copy"), EXIT_FINE);
    open_beside(house, &beside, false, true);
    CHECK_INT(restore(house, &beside, "copy", false), EXIT_FINE);
    CHECK(file_exists(path_join(house->arena, beside.folder, "files/ab/pear")));
    CHECK_INT(export_to(house, house->app, "text"), EXIT_FINE);
    CHECK_INT(export_to(house, &beside.app, "text-of-copy"), EXIT_FINE);
    CHECK(are_same(house, "text", "text-of-copy"));
    CHECK(app_open(&beside.app, house->arena, false, &error));
    app_close(&beside.app);
    close_beside(&beside);
}

ENGINE_TEST(false, "backup: nothing has its name but a whole copy, and no name is taken twice") {
    fill(house);
    /* What a command that was killed has left is no hindrance. */
    CHECK(app_make_folder(in_folder(house, "copy.unfinished")));
    FILE *half = fopen(in_folder(house, "copy.unfinished/xiangji.db"), "w");
    CHECK(half && fclose(half) == 0);
    CHECK_INT(backup(house, "copy"), EXIT_FINE);
    CHECK(!file_exists(in_folder(house, "copy.unfinished")));
    CHECK_INT(backup(house, "copy"), EXIT_FAILED);
    CHECK_INT(backup(house, "no-such-folder/copy"), EXIT_FAILED);
    CHECK(!file_exists(in_folder(house, "copy/keys")));
}

ENGINE_TEST(false, "restore: one flipped bit of the database, a file or the manifest is refused") {
    struct beside beside;
    fill(house);
    open_beside(house, &beside, false, true);
    CHECK_INT(backup(house, "copy"), EXIT_FINE);
    flip(house, "copy/xiangji.db", -100);
    CHECK_INT(restore(house, &beside, "copy", false), EXIT_FAILED);
    flip(house, "copy/xiangji.db", -100);
    flip(house, "copy/manifest.txt", 30);
    CHECK_INT(restore(house, &beside, "copy", false), EXIT_FAILED);
    flip(house, "copy/manifest.txt", 30);
    /* A hard link: the bit is turned in the house too, and back again. */
    flip(house, "copy/files/ab/pear", 3);
    CHECK_INT(restore(house, &beside, "copy", false), EXIT_FAILED);
    flip(house, "copy/files/ab/pear", 3);
    CHECK(!file_exists(path_join(house->arena, beside.folder, "xiangji.db")));
    CHECK(!file_exists(path_join(house->arena, beside.folder, "files")));
    CHECK_INT(restore(house, &beside, "copy", false), EXIT_FINE);
    close_beside(&beside);
}

ENGINE_TEST(false,
            "backup: books that do not hold are kept under another name, and never restored") {
    struct beside beside;
    fill(house);
    house_work(house, plant_fault, NULL);
    CHECK_INT(backup(house, "copy"), EXIT_FAILED);
    CHECK(!file_exists(in_folder(house, "copy")));
    CHECK(file_exists(in_folder(house, "copy.unproved/xiangji.db")));
    open_beside(house, &beside, false, true);
    CHECK_INT(restore(house, &beside, "copy.unproved", false), EXIT_FAILED);
    CHECK(!file_exists(path_join(house->arena, beside.folder, "xiangji.db")));
    close_beside(&beside);
}

ENGINE_TEST(false, "restore: never over a running server, nor over a house without --over") {
    struct beside beside;
    struct text error = {0};
    fill(house);
    CHECK_INT(backup(house, "copy"), EXIT_FINE);
    open_beside(house, &beside, false, true);
    CHECK_INT(restore(house, &beside, "copy", false), EXIT_FINE);
    CHECK_INT(restore(house, &beside, "copy", false), EXIT_FAILED);
    CHECK(app_open(&beside.app, house->arena, false, &error));
    CHECK_INT(restore(house, &beside, "copy", true), EXIT_FAILED);
    app_close(&beside.app);
    house_advance(house, SECOND_MS);
    CHECK_INT(restore(house, &beside, "copy", true), EXIT_FINE);
    struct text kept = text_format(house->arena, "%s/xiangji.db.before-restore-%lld", beside.folder,
                                   (long long)house->now_ms);
    CHECK(file_exists(text_terminated(house->arena, kept)));
    close_beside(&beside);
}

ENGINE_TEST(false, "restore: wants the keys that the copy was written with") {
    struct beside bare, other;
    struct text error = {0};
    fill(house);
    CHECK_INT(backup(house, "copy"), EXIT_FINE);
    open_beside(house, &bare, false, false);
    CHECK_INT(restore(house, &bare, "copy", false), EXIT_FAILED);
    CHECK(!file_exists(path_join(house->arena, bare.folder, "keys")));
    close_beside(&bare);
    open_beside(house, &other, false, false);
    CHECK(app_open(&other.app, house->arena, false, &error)); /* makes keys of its own */
    app_close(&other.app);
    CHECK_INT(restore(house, &other, "copy", true), EXIT_FAILED);
    close_beside(&other);
}

/* A copy as `backup` makes it, without its proof: of a house that `backup` would not call whole. */
static void copy_unproved(struct house *house, const char *name) {
    struct folder folder;
    struct text error = {0};
    char sha256[FOLDER_SHA256_BYTES];
    int64_t bytes;
    CHECK(folder_begin(&folder, house->arena, in_folder(house, name), &error));
    const char *database = path_join(house->arena, folder.beside, "xiangji.db");
    CHECK(sqlite_backup(house->url, database, house->arena, &error));
    CHECK(file_hash(database, sha256, &bytes));
    folder_note(&folder, "database", sha256, bytes, "xiangji.db");
    CHECK(folder_end(&folder, "xiangji-backup 1", "", &error));
}

static refusal look_newer(struct request *q, void *context) {
    (void)context;
    return db_run(q->db,
                  SQL("", "INSERT INTO db_migration (schema, step, sha256, applied_at) "
                          "VALUES ('jobs', 99, 'of the future', 0)"),
                  NO_PARAMS, NULL);
}

/* As a program that had no webhooks yet has left it. */
static refusal look_older(struct request *q, void *context) {
    (void)context;
    TRY(db_run(q->db, SQL("", "DROP TABLE webhooks_endpoint"), NO_PARAMS, NULL));
    TRY(db_run(q->db, SQL("", "DROP TABLE webhooks_health"), NO_PARAMS, NULL));
    TRY(db_run(q->db, SQL("", "DROP TABLE webhooks_delivery"), NO_PARAMS, NULL));
    return db_run(q->db, SQL("", "DELETE FROM db_migration WHERE schema = 'webhooks'"), NO_PARAMS,
                  NULL);
}

static refusal count_endpoints(struct request *q, void *context) {
    return db_int(q->db, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM webhooks_endpoint"),
                  NO_PARAMS, context, NULL);
}

/* Somebody who leaves after the copy was made. */
static void leave(struct house *house, int64_t person_id) {
    FILE *file = fopen(in_folder(house, "tombstones"), "a");
    CHECK(file && fprintf(file, "forgotten %lld %lld\n", (long long)house->now_ms,
                          (long long)person_id) > 0);
    CHECK_INT(fclose(file), 0);
}

static refusal count_destroyed(struct request *q, void *context) {
    return db_int(q->db,
                  SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_key "
                          "WHERE destroyed_at > 0"),
                  NO_PARAMS, context, NULL);
}

ENGINE_TEST(false, "restore: who asked to be forgotten since is forgotten again") {
    struct beside beside;
    struct text error = {0};
    int64_t person_id, destroyed = 0;
    house_person(house, "13900139007", &person_id);
    CHECK_INT(backup(house, "copy"), EXIT_FINE);
    open_beside(house, &beside, false, true);
    leave(house, person_id);
    struct text command =
        text_format(house->arena, "cp %s %s", in_folder(house, "tombstones"), beside.folder);
    CHECK_INT(system(text_terminated(house->arena, command)), 0);
    CHECK_INT(restore(house, &beside, "copy", false), EXIT_FINE);
    CHECK(app_open(&beside.app, house->arena, true, &error));
    CHECK(!road_work(&beside.app, house->arena, false, count_destroyed, &destroyed));
    app_close(&beside.app);
    CHECK_INT(destroyed, 1);
    close_beside(&beside);
}

/* ---- interrupted ---- */

static const char *beside_path(struct house *house, const struct beside *beside, const char *end) {
    return path_join(house->arena, beside->folder, end);
}

static const char *kept_path(struct house *house, const struct beside *beside, const char *of,
                             const char *end) {
    struct text name =
        text_format(house->arena, "%s.before-restore-%lld%s", of, (long long)house->now_ms, end);
    return beside_path(house, beside, text_terminated(house->arena, name));
}

static void write_file(const char *path, const char *words) {
    FILE *file = fopen(path, "w");
    CHECK(file && fputs(words, file) >= 0 && fclose(file) == 0);
}

static bool holds(const char *path, const char *words) {
    char found[80] = "";
    FILE *file = fopen(path, "r");
    if (!file) return false;
    (void)!fgets(found, sizeof(found), file);
    fclose(file);
    return strcmp(found, words) == 0;
}

/* A house that was restored once, with files of its own and a log that a kill has left. */
static void open_old(struct house *house, struct beside *beside) {
    fill(house);
    CHECK_INT(backup(house, "copy"), EXIT_FINE);
    open_beside(house, beside, false, true);
    CHECK_INT(restore(house, beside, "copy", false), EXIT_FINE);
    write_file(beside_path(house, beside, "files/ab/apple"), "an apple");
    write_file(beside_path(house, beside, "xiangji.db-wal"), "a log");
    house_advance(house, SECOND_MS);
}

static void check_old(struct house *house, struct beside *beside, const char *sha256) {
    char found[FOLDER_SHA256_BYTES] = "";
    int64_t bytes;
    CHECK(file_hash(beside_path(house, beside, "xiangji.db"), found, &bytes));
    CHECK(strcmp(found, sha256) == 0);
    CHECK(holds(beside_path(house, beside, "xiangji.db-wal"), "a log"));
    CHECK(holds(beside_path(house, beside, "files/ab/apple"), "an apple"));
}

static bool is_settled(struct house *house, const struct beside *beside) {
    struct text error = {0};
    return restore_is_settled(&beside->app, house->arena, &error);
}

ENGINE_TEST(false, "restore: a step that fails leaves the old house as it was, whichever it is") {
    static const char *const of[] = {"files", "xiangji.db", "xiangji.db"};
    static const char *const end[] = {"", "", "-wal"};
    struct beside beside;
    char sha256[FOLDER_SHA256_BYTES];
    int64_t bytes;
    open_old(house, &beside);
    CHECK(file_hash(beside_path(house, &beside, "xiangji.db"), sha256, &bytes));
    for (size_t i = 0; i < 3; i++) {
        /* A folder that is not empty stands in the way of the name. */
        const char *way = kept_path(house, &beside, of[i], end[i]);
        CHECK(app_make_folder(way));
        CHECK(app_make_folder(path_join(house->arena, way, "x")));
        CHECK_INT(restore(house, &beside, "copy", true), EXIT_FAILED);
        check_old(house, &beside, sha256);
        CHECK(is_settled(house, &beside));
        CHECK(!file_exists(beside_path(house, &beside, "files.restoring")));
        folder_remove(way);
    }
    CHECK_INT(restore(house, &beside, "copy", true), EXIT_FINE);
    CHECK(!file_exists(beside_path(house, &beside, "files/ab/apple")));
    CHECK(holds(kept_path(house, &beside, "xiangji.db", "-wal"), "a log"));
    close_beside(&beside);
}

/* The first COUNT steps of a restore over the old house, as a power cut leaves them. */
static void leave_half_way(struct house *house, struct beside *beside, size_t count) {
    const char *const steps[][2] = {
        {beside_path(house, beside, "files"), kept_path(house, beside, "files", "")},
        {beside_path(house, beside, "files.restoring"), beside_path(house, beside, "files")},
        {beside_path(house, beside, "xiangji.db"), kept_path(house, beside, "xiangji.db", "")},
        {beside_path(house, beside, "xiangji.db-wal"),
         kept_path(house, beside, "xiangji.db", "-wal")}};
    struct text note = text_format(house->arena, "%lld 1 1\n", (long long)house->now_ms);
    CHECK(app_make_folder(steps[1][0]));
    write_file(path_join(house->arena, steps[1][0], "plum"), "a plum");
    write_file(beside_path(house, beside, "xiangji.db.restore-note"),
               text_terminated(house->arena, note));
    for (size_t i = 0; i < count; i++) CHECK_INT(rename(steps[i][0], steps[i][1]), 0);
}

ENGINE_TEST(false, "restore: cut off after any step, no house is served, and the next puts back") {
    struct beside beside;
    char sha256[FOLDER_SHA256_BYTES];
    int64_t bytes;
    open_old(house, &beside);
    CHECK(file_hash(beside_path(house, &beside, "xiangji.db"), sha256, &bytes));
    for (size_t count = 0; count <= 4; count++) {
        leave_half_way(house, &beside, count);
        CHECK(!is_settled(house, &beside));
        struct app settings = settings_of(&beside.app);
        CHECK_INT(command_serve(&settings, house->arena), EXIT_FAILED);
        /* Even one that is refused afterwards leaves the old house whole. */
        CHECK_INT(restore(house, &beside, "no-such-copy", true), EXIT_FAILED);
        check_old(house, &beside, sha256);
        CHECK(is_settled(house, &beside));
        house_advance(house, SECOND_MS);
    }
    leave_half_way(house, &beside, 4);
    house_advance(house, SECOND_MS);
    CHECK_INT(restore(house, &beside, "copy", true), EXIT_FINE);
    CHECK(holds(kept_path(house, &beside, "xiangji.db", "-wal"), "a log"));
    CHECK(holds(kept_path(house, &beside, "files", "/ab/apple"), "an apple"));
    CHECK(is_settled(house, &beside));
    close_beside(&beside);
}

ENGINE_TEST(false, "restore: cut off after the last step it is done; a note cut short is none") {
    struct beside beside;
    open_old(house, &beside);
    const char *note = beside_path(house, &beside, "xiangji.db.restore-note");
    CHECK_INT(restore(house, &beside, "copy", true), EXIT_FINE);
    struct text words = text_format(house->arena, "%lld 1 1\n", (long long)house->now_ms);
    write_file(note, text_terminated(house->arena, words));
    CHECK(is_settled(house, &beside));
    CHECK(!file_exists(note));
    write_file(note, "17957");
    CHECK(is_settled(house, &beside));
    house_advance(house, SECOND_MS);
    CHECK_INT(restore(house, &beside, "copy", true), EXIT_FINE);
    CHECK(!file_exists(note));
    close_beside(&beside);
}

ENGINE_TEST(false, "restore: a house that was put aside is not taken for one that never was") {
    struct beside beside;
    struct text error = {0};
    open_old(house, &beside);
    const char *database = beside_path(house, &beside, "xiangji.db");
    const char *kept = kept_path(house, &beside, "xiangji.db", "");
    CHECK_INT(rename(database, kept), 0);
    CHECK(!restore_is_settled(&beside.app, house->arena, &error));
    CHECK(text_find(error, text_of(kept), 0) != SIZE_MAX);
    struct app settings = settings_of(&beside.app);
    CHECK_INT(command_serve(&settings, house->arena), EXIT_FAILED);
    CHECK(!file_exists(database));
    CHECK_INT(rename(kept, database), 0);
    CHECK(is_settled(house, &beside));
    close_beside(&beside);
}

static refusal count_sessions(struct request *q, void *context) {
    return db_int(q->db, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_session"), NO_PARAMS,
                  context, NULL);
}

ENGINE_TEST(false, "restore: the sessions of the copy are ended") {
    struct beside beside;
    struct text error = {0};
    int64_t sessions = 0;
    house_person(house, "13900139008", NULL);
    house_work(house, count_sessions, &sessions);
    CHECK(sessions > 0);
    CHECK_INT(backup(house, "copy"), EXIT_FINE);
    open_beside(house, &beside, false, true);
    CHECK_INT(restore(house, &beside, "copy", false), EXIT_FINE);
    CHECK(app_open(&beside.app, house->arena, true, &error));
    CHECK(!road_work(&beside.app, house->arena, false, count_sessions, &sessions));
    app_close(&beside.app);
    CHECK_INT(sessions, 0);
    close_beside(&beside);
}

ENGINE_TEST(false, "restore: a copy of a newer program is refused") {
    struct beside beside;
    house_work(house, look_newer, NULL);
    copy_unproved(house, "newer");
    open_beside(house, &beside, false, true);
    CHECK_INT(restore(house, &beside, "newer", false), EXIT_FAILED);
    CHECK(!file_exists(path_join(house->arena, beside.folder, "xiangji.db")));
    close_beside(&beside);
}

ENGINE_TEST(false, "restore: a copy of an older program is brought up to date") {
    struct beside beside;
    struct text error = {0};
    int64_t endpoints = -1;
    house_work(house, look_older, NULL);
    copy_unproved(house, "older");
    open_beside(house, &beside, false, true);
    CHECK_INT(restore(house, &beside, "older", false), EXIT_FINE);
    CHECK(app_open(&beside.app, house->arena, true, &error));
    CHECK(!road_work(&beside.app, house->arena, false, count_endpoints, &endpoints));
    app_close(&beside.app);
    CHECK_INT(endpoints, 0);
    close_beside(&beside);
}

ENGINE_TEST(true, "backup: on PostgreSQL it names that engine's own tools, and fails") {
    CHECK_INT(backup(house, "copy"), EXIT_FAILED);
    struct beside beside = {.app = *house->app};
    CHECK_INT(restore(house, &beside, "copy", false), EXIT_FAILED);
}

ENGINE_TEST(false,
            "forget-again: tombstones of a lost machine are replayed, and a wrong path fails") {
    int64_t person_id, destroyed = 0;
    house_person(house, "13900139008", &person_id);
    leave(house, person_id);
    struct beside beside;
    struct text error = {0};
    CHECK_INT(backup(house, "copy"), EXIT_FINE);
    open_beside(house, &beside, false, true);
    CHECK_INT(restore(house, &beside, "copy", false), EXIT_FINE);
    struct app settings = settings_of(&beside.app);
    CHECK_INT(command_forget_again(&settings, house->arena, NULL), EXIT_FAILED);
    settings = settings_of(&beside.app);
    CHECK_INT(command_forget_again(&settings, house->arena, in_folder(house, "tombstones")),
              EXIT_FINE);
    CHECK(app_open(&beside.app, house->arena, true, &error));
    CHECK(!road_work(&beside.app, house->arena, false, count_destroyed, &destroyed));
    app_close(&beside.app);
    CHECK_INT(destroyed, 1);
    close_beside(&beside);
}

/* ---- a role from whoever runs the machine ---- */

struct given {
    int64_t grants;
    int64_t audited;
};

static refusal count_given(struct request *q, void *context) {
    struct given *given = context;
    TRY(db_int(q->db, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_grant"), NO_PARAMS,
               &given->grants, NULL));
    return db_int(q->db,
                  SQL("", "SELECT CAST(count(*) AS BIGINT) FROM audit_entry "
                          "WHERE action = 'people.give_role' AND person_id = 0"),
                  NO_PARAMS, &given->audited, NULL);
}

static struct given given_in(struct house *house, struct beside *beside) {
    struct given given = {0};
    struct text error = {0};
    CHECK(app_open(&beside->app, house->arena, true, &error));
    CHECK(!road_work(&beside->app, house->arena, false, count_given, &given));
    app_close(&beside->app);
    return given;
}

static int give_role(struct house *house, struct beside *beside, const char *phone,
                     const char *role, const char *reach) {
    struct app settings = settings_of(&beside->app);
    return command_give_role(&settings, house->arena, phone, role, reach);
}

static refusal log_in_once(struct request *q, void *context) {
    int64_t *person_id = context;
    return people_make(q, TEXT("13900139009"), TEXT("何明月"), TEXT(""), person_id);
}

/* An empty house in which one person has logged in. */
static void open_fresh(struct house *house, struct beside *ret_beside) {
    struct text error = {0};
    int64_t person_id;
    open_beside(house, ret_beside, house->postgres, false);
    CHECK(app_open(&ret_beside->app, house->arena, false, &error));
    CHECK(!road_work(&ret_beside->app, house->arena, true, log_in_once, &person_id));
    app_close(&ret_beside->app);
}

HOUSE_TEST("give-role: a fresh house has its first operator, audited, and twice is once") {
    struct beside beside;
    open_fresh(house, &beside);
    CHECK_INT(give_role(house, &beside, "139-0013-9009", "operator", "all"), EXIT_FINE);
    CHECK_INT(give_role(house, &beside, "13900139009", "operator", "all"), EXIT_FINE);
    CHECK_INT(given_in(house, &beside).grants, 1);
    CHECK_INT(given_in(house, &beside).audited, 1);
    house_advance(house, SECOND_MS); /* two runs of a program never share a moment, nor its ids */
    CHECK_INT(give_role(house, &beside, "13900139009", "county_operator", "141031000000"),
              EXIT_FINE);
    CHECK_INT(given_in(house, &beside).grants, 2);
    close_beside(&beside);
}

HOUSE_TEST("give-role: no such phone, role or reach is refused, and nothing is given") {
    struct beside beside;
    open_fresh(house, &beside);
    CHECK_INT(give_role(house, &beside, "1390013900", "operator", "all"), EXIT_FAILED);
    CHECK_INT(give_role(house, &beside, "13900139010", "operator", "all"), EXIT_FAILED);
    CHECK_INT(give_role(house, &beside, "13900139009", "emperor", "all"), EXIT_FAILED);
    CHECK_INT(give_role(house, &beside, "13900139009", "buyer", "all"), EXIT_FAILED);
    CHECK_INT(give_role(house, &beside, "13900139009", "seller_keeper", "77"), EXIT_FAILED);
    CHECK_INT(give_role(house, &beside, "13900139009", "county_operator", "999999000000"),
              EXIT_FAILED);
    CHECK_INT(give_role(house, &beside, "13900139009", "county_operator", "隰县"), EXIT_FAILED);
    CHECK_INT(given_in(house, &beside).grants, 0);
    close_beside(&beside);
}

/* ---- export and import ---- */

HOUSE_TEST("export: from one engine to the other and back, the words are the same to the byte") {
    struct beside other, back;
    fill(house);
    CHECK_INT(export_to(house, house->app, "one"), EXIT_FINE);
    open_beside(house, &other, !house->postgres && house_has_postgres(), true);
    CHECK_INT(import_from(house, &other, "one"), EXIT_FINE);
    CHECK_INT(export_to(house, &other.app, "two"), EXIT_FINE);
    CHECK(are_same(house, "one", "two"));
    open_beside(house, &back, house->postgres, true);
    CHECK_INT(import_from(house, &back, "two"), EXIT_FINE);
    CHECK_INT(export_to(house, &back.app, "three"), EXIT_FINE);
    CHECK(are_same(house, "one", "three"));
    close_beside(&other);
    close_beside(&back);
}

HOUSE_TEST("import: into a new house only, and all or nothing") {
    struct beside beside;
    fill(house);
    CHECK_INT(export_to(house, house->app, "good"), EXIT_FINE);
    house_work(house, plant_fault, NULL);
    CHECK_INT(export_to(house, house->app, "bad"), EXIT_FINE);
    open_beside(house, &beside, house->postgres, true);
    CHECK_INT(import_from(house, &beside, "bad"), EXIT_FAILED);
    CHECK(!file_exists(path_join(house->arena, beside.folder, "files")));
    flip(house, "good/people_person.jsonl", -20);
    CHECK_INT(import_from(house, &beside, "good"), EXIT_FAILED);
    flip(house, "good/people_person.jsonl", -20);
    CHECK_INT(import_from(house, &beside, "good"), EXIT_FINE);
    CHECK_INT(import_from(house, &beside, "good"), EXIT_FAILED);
    close_beside(&beside);
}

HOUSE_TEST("import: wants the keys of the house that was exported") {
    struct beside beside;
    struct text error = {0};
    fill(house);
    CHECK_INT(export_to(house, house->app, "good"), EXIT_FINE);
    open_beside(house, &beside, house->postgres, false);
    CHECK_INT(import_from(house, &beside, "good"), EXIT_FAILED);
    CHECK(app_open(&beside.app, house->arena, false, &error)); /* makes keys of its own */
    app_close(&beside.app);
    CHECK_INT(import_from(house, &beside, "good"), EXIT_FAILED);
    close_beside(&beside);
}

TEST("manifest: a name that climbs out of its folder is refused") {
    struct arena arena = {0};
    struct folder folder;
    struct manifest manifest;
    struct text error = {0};
    char path[64];
    snprintf(path, sizeof(path), "/tmp/xj-manifest-%d", (int)getpid());
    char sha256[FOLDER_SHA256_BYTES];
    memset(sha256, 'a', sizeof(sha256) - 1);
    sha256[sizeof(sha256) - 1] = '\0';
    CHECK(app_make_folder(path));
    const char *const names[] = {"fine/name", "../up", "a/../../up", "/etc/passwd", "a//b"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char name[16];
        snprintf(name, sizeof(name), "%zu", i);
        const char *place = path_join(&arena, path, name);
        CHECK(folder_begin(&folder, &arena, place, &error));
        folder_note(&folder, "file", sha256, 1, names[i]);
        CHECK(folder_end(&folder, "title", "", &error));
        CHECK_INT(manifest_read(&arena, place, "title", &manifest, &error), i == 0);
    }
    CHECK(!manifest_read(&arena, path_join(&arena, path, "0"), "another", &manifest, &error));
    folder_remove(path);
    arena_free(&arena);
}

/* `xiangji backup` and `xiangji restore`: a house on SQLite as a folder, proved at both ends. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/folder.h"
#include "ground/people/keyring.h"
#include "ground/people/people.h"

static const char backup_title[] = "xiangji-backup 1";

static const char keys_warning[] =
    "\n"
    "The key file %s/keys/master.key is NOT in this copy. Without it no phone, name and address\n"
    "in it opens, and nobody can log in. Keep a copy of the key file in another place than the\n"
    "copies of the database: whoever has both can read everything.\n"
    "本备份不含密钥文件 keys/master.key。没有它，备份里的手机号、姓名、地址都打不开。\n"
    "请把密钥文件另存一份，并且不要和备份放在一起。\n";

static const char postgres_words[] =
    "this house is on PostgreSQL, whose own tools copy it better than this program could:\n"
    "  pg_dump --format=custom --file=xiangji.dump \"$DATABASE_URL\"      a copy of this moment\n"
    "  pg_restore --clean --if-exists --dbname=\"$DATABASE_URL\" xiangji.dump\n"
    "  pgbackrest --stanza=xiangji backup        daily, with the log: back to any second\n"
    "  cp -al DATA/files /srv/backup/files-$(date +%F)      the files, after the database\n"
    "  xiangji check                             proves the books of what was restored\n"
    "  xiangji forget-again TOMBSTONES           whoever left since is forgotten again\n"
    "deploy/README.md says how to set this up. `xiangji export PATH` writes the house as text.";

static bool is_on_sqlite(const struct app *app) { return sqlite_path(app->database_url) != NULL; }

/* The same house with the database that lies at PATH and the files that lie at FILES. */
static struct app house_at(const struct app *app, struct arena *arena, const char *path,
                           const char *files) {
    struct app house = *app;
    house.database_url = text_terminated(arena, text_format(arena, "sqlite:%s", path));
    if (files_place(app, arena))
        house.files_url = text_terminated(arena, text_format(arena, "folder:%s", files));
    house.store = NULL;
    house.ids = NULL;
    return house;
}

/* The copy in the folder is sound, it is of this program and these keys, and its books hold. False
 * with a sentence; *ret_fault_count says whether it was the books. */
static bool prove(const struct app *app, struct folder *folder, int64_t *ret_fault_count,
                  struct text *ret_error) {
    struct arena *arena = folder->arena;
    const char *path = path_join(arena, folder->beside, "xiangji.db");
    struct app copy = house_at(app, arena, path, path_join(arena, folder->beside, "files"));
    struct check_report report = books_report(true);
    if (!sqlite_is_sound(path, arena, ret_error)) return false;
    printf("holds: every page and index of the copy is sound\n");
    if (!app_open(&copy, arena, true, ret_error)) return false;
    refusal refused = road_work(&copy, arena, false, books_check, &report);
    app_close(&copy);
    if (refused) *ret_error = problem_title(refused->kind, true);
    *ret_fault_count = report.fault_count;
    if (report.fault_count) *ret_error = TEXT("the books of the copy do not hold");
    return !refused && !report.fault_count;
}

/* The database first, the files after it: a file is there before the row that names it, so every
 * row of the copy finds its own. */
static bool fill(const struct app *app, struct folder *folder, struct text *ret_error) {
    struct arena *arena = folder->arena;
    const char *database = path_join(arena, folder->beside, "xiangji.db");
    char sha256[FOLDER_SHA256_BYTES];
    int64_t bytes;
    if (!sqlite_backup(app->database_url, database, arena, ret_error)) return false;
    if (!file_hash(database, sha256, &bytes)) {
        *ret_error = text_format(arena, "%s: %s", database, strerror(errno));
        return false;
    }
    folder_note(folder, "database", sha256, bytes, "xiangji.db");
    return folder_copy_files(folder, files_place(app, arena),
                             path_join(arena, folder->beside, "files"), ret_error);
}

int command_backup(struct app *app, struct arena *arena, const char *path) {
    struct folder folder;
    struct text error = {0};
    int64_t fault_count = 0;
    if (!is_on_sqlite(app)) return command_fail(TEXT(postgres_words));
    if (!folder_begin(&folder, arena, path, &error)) return command_fail(error);
    bool is_proved = fill(app, &folder, &error) && prove(app, &folder, &fault_count, &error);
    if (!is_proved && !fault_count) {
        folder_abandon(&folder);
        return command_fail(error);
    }
    /* Better a faithful copy of books that do not hold than none: it is kept, but under a name that
     * nobody takes for a good one, and `restore` refuses it. */
    struct text why = error;
    if (!folder_end(&folder, backup_title, is_proved ? "" : ".unproved", &error)) {
        folder_abandon(&folder);
        return command_fail(error);
    }
    if (!is_proved) {
        fprintf(stderr, "xiangji: the copy is kept as %s.unproved\n", folder.path);
        return command_fail(why);
    }
    printf("%s is a whole copy, and its books hold\n", folder.path);
    printf(keys_warning, app->data_folder);
    return EXIT_FINE;
}

/* ---- restore ---- */

struct restoring {
    const struct app *app;
    struct arena *arena;
    const char *from; /* the backup */
    struct manifest manifest;
    const char *database;  /* where it goes */
    const char *candidate; /* where it is proved before that */
    const char *files;
    const char *new_files;
    bool over;
    struct text error;
};

static bool refuse_with(struct restoring *restoring, const char *path, const char *why) {
    restoring->error = text_format(restoring->arena, "%s: %s", path, why);
    return false;
}

/* Without its own keys a restored house would be a heap of closed envelopes. */
static bool has_keys(struct restoring *restoring) {
    const struct keyring *keyring = NULL;
    if (!keyring_load(restoring->app, false, restoring->arena, &keyring, &restoring->error))
        return false;
    keyring_close(keyring);
    return true;
}

static bool may_begin(struct restoring *restoring) {
    if (!manifest_read(restoring->arena, restoring->from, backup_title, &restoring->manifest,
                       &restoring->error))
        return false;
    if (!has_keys(restoring)) return false;
    if (restoring->over) return true;
    if (file_exists(restoring->database))
        return refuse_with(restoring, restoring->database,
                           "there is a house already (--over keeps it aside and goes on)");
    if (restoring->files && !folder_is_empty(restoring->files))
        return refuse_with(restoring, restoring->files,
                           "there are files already (--over keeps them aside and goes on)");
    return true;
}

static void remove_candidate(struct restoring *restoring) {
    static const char *const ends[] = {"", "-wal", "-shm", "-lock", "-journal"};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct text name = text_format(restoring->arena, "%s%s", restoring->candidate, ends[i]);
        unlink(text_terminated(restoring->arena, name));
    }
}

static bool bring_database(struct restoring *restoring) {
    char sha256[FOLDER_SHA256_BYTES];
    const char *from = path_join(restoring->arena, restoring->from, "xiangji.db");
    const struct manifest *manifest = &restoring->manifest;
    remove_candidate(restoring);
    if (!file_copy(from, restoring->candidate, sha256))
        return refuse_with(restoring, from, strerror(errno));
    for (size_t i = 0; i < manifest->count; i++)
        if (text_is(manifest->lines[i].kind, "database") &&
            text_is(manifest->lines[i].sha256, sha256))
            return true;
    return refuse_with(restoring, from, "is not what the manifest says: it was altered or damaged");
}

/* A house that forgot somebody has this file, so its absence on a new machine may mean that it was
 * left behind, and then who asked to be forgotten would be there again. */
static void warn_without_tombstones(struct restoring *restoring) {
    const char *path = path_join(restoring->arena, restoring->app->data_folder, "tombstones");
    if (file_exists(path)) return;
    fprintf(stderr,
            "xiangji: WARNING: there is no %s, so nobody is forgotten again. If anybody closed an\n"
            "account since this copy was made, stop, put the newest tombstones file of the lost\n"
            "house there, and restore again with --over, or run `xiangji forget-again PATH`.\n"
            "没有墓碑文件 %s：备份之后注销或被遗忘的人会重新出现。若有人注销过，\n"
            "请先把原来的墓碑文件放回这里，再恢复一次。\n",
            path, path);
}

/* Opened for writing, an older copy is brought up to date. Whoever asked to be forgotten after it
 * was made is forgotten again before anybody can look. */
static bool prove_candidate(struct restoring *restoring) {
    struct arena *arena = restoring->arena;
    struct app copy = house_at(restoring->app, arena, restoring->candidate, restoring->new_files);
    struct check_report report = books_report(true);
    int64_t forgotten = 0;
    warn_without_tombstones(restoring);
    if (!sqlite_is_sound(restoring->candidate, arena, &restoring->error)) return false;
    printf("holds: every page and index of the copy is sound\n");
    if (!app_open(&copy, arena, false, &restoring->error)) return false;
    refusal refused = road_work(&copy, arena, false, books_check, &report);
    if (refused) restoring->error = problem_title(refused->kind, true);
    if (report.fault_count) restoring->error = TEXT("the books of the copy do not hold");
    bool is_proved = !refused && !report.fault_count &&
                     people_forget_again(&copy, arena, NULL, &forgotten, &restoring->error);
    app_close(&copy);
    if (is_proved && forgotten)
        printf("%lld accounts that were closed or forgotten since are so again\n",
               (long long)forgotten);
    return is_proved;
}

static const char *kept_name(struct restoring *restoring, const char *path) {
    struct text name = text_format(restoring->arena, "%s.before-restore-%lld", path,
                                   (long long)app_now(restoring->app).ms);
    return text_terminated(restoring->arena, name);
}

/* The log of a server that was killed belongs to its database: both are kept together. */
static bool put_aside(struct restoring *restoring) {
    struct arena *arena = restoring->arena;
    const char *kept = kept_name(restoring, restoring->database);
    const char *log = text_terminated(arena, text_format(arena, "%s-wal", restoring->database));
    const char *kept_log = text_terminated(arena, text_format(arena, "%s-wal", kept));
    const char *index = text_terminated(arena, text_format(arena, "%s-shm", restoring->database));
    unlink(index);
    if (rename(log, kept_log) && errno != ENOENT)
        return refuse_with(restoring, log, strerror(errno));
    if (rename(restoring->database, kept) == 0)
        printf("the house that was there is kept as %s\n", kept);
    else if (errno != ENOENT)
        return refuse_with(restoring, restoring->database, strerror(errno));
    if (!restoring->files || rmdir(restoring->files) == 0) return true; /* nothing lay there */
    if (rename(restoring->files, kept_name(restoring, restoring->files)) && errno != ENOENT)
        return refuse_with(restoring, restoring->files, strerror(errno));
    return true;
}

static bool put_in_place(struct restoring *restoring) {
    if (restoring->files && rename(restoring->new_files, restoring->files) && errno != ENOENT)
        return refuse_with(restoring, restoring->new_files, strerror(errno));
    if (rename(restoring->candidate, restoring->database))
        return refuse_with(restoring, restoring->candidate, strerror(errno));
    folder_sync(restoring->app->data_folder);
    return true;
}

static bool bring_files(struct restoring *restoring) {
    if (!restoring->files) return true;
    folder_remove(restoring->new_files);
    return folder_bring_files(restoring->arena, restoring->from, &restoring->manifest,
                              restoring->new_files, &restoring->error);
}

static bool restore(struct restoring *restoring) {
    return bring_files(restoring) && bring_database(restoring) && prove_candidate(restoring) &&
           put_aside(restoring) && put_in_place(restoring);
}

int command_restore(struct app *app, struct arena *arena, const char *path, bool over) {
    int lock;
    struct restoring restoring = {.app = app,
                                  .arena = arena,
                                  .from = path,
                                  .database = sqlite_path(app->database_url),
                                  .files = files_place(app, arena),
                                  .over = over};
    if (!restoring.database) return command_fail(TEXT(postgres_words));
    if (!app_prepare(app, &restoring.error)) return command_fail(restoring.error);
    if (restoring.files)
        restoring.new_files =
            text_terminated(arena, text_format(arena, "%s.restoring", restoring.files));
    restoring.candidate =
        text_terminated(arena, text_format(arena, "%s.restoring", restoring.database));
    if (!sqlite_lock(app->database_url, arena, &lock, &restoring.error))
        return command_fail(restoring.error);
    bool is_done = may_begin(&restoring) && restore(&restoring);
    remove_candidate(&restoring);
    if (restoring.files) folder_remove(restoring.new_files);
    close(lock);
    if (!is_done) return command_fail(restoring.error);
    printf("%s is restored, and its books hold\n", app->data_folder);
    return EXIT_FINE;
}

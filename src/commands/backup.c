/* `xiangji backup` and `xiangji restore`: a house on SQLite as a folder, proved at both ends. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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

/* The old house and the new one change places in several steps. What was under way is written down
 * before the first, so that whoever comes after a power cut knows which house stands there. */
struct exchange {
    const char *note;
    int64_t stamp_ms; /* in the names of what is put aside */
    int had_database; /* before the first step */
    int had_files;
    const char *kept; /* the names of what is put aside */
    const char *kept_log;
    const char *kept_files;
};

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
    struct exchange exchange;
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
                     people_forget_again(&copy, arena, NULL, &forgotten, &restoring->error) &&
                     people_end_all_sessions(&copy, arena, &restoring->error);
    app_close(&copy);
    if (is_proved && forgotten)
        printf("%lld accounts that were closed or forgotten since are so again\n",
               (long long)forgotten);
    if (is_proved) printf("everybody logs in anew: the sessions of the copy are ended\n");
    return is_proved;
}

/* ---- the old house and the new one change places ---- */

static const char *add(struct arena *arena, const char *path, const char *end) {
    return text_terminated(arena, text_format(arena, "%s%s", path, end));
}

static void name_kept(struct restoring *restoring) {
    struct arena *arena = restoring->arena;
    struct exchange *exchange = &restoring->exchange;
    struct text end = text_format(arena, ".before-restore-%lld", (long long)exchange->stamp_ms);
    exchange->kept = add(arena, restoring->database, text_terminated(arena, end));
    exchange->kept_log = add(arena, exchange->kept, "-wal");
    if (restoring->files)
        exchange->kept_files = add(arena, restoring->files, text_terminated(arena, end));
}

static void sync_above(struct arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) return folder_sync(".");
    folder_sync(text_terminated(arena, (struct text){path, (size_t)(slash - path) + 1}));
}

static void sync_places(struct restoring *restoring) {
    sync_above(restoring->arena, restoring->database);
    if (restoring->files) sync_above(restoring->arena, restoring->files);
}

static bool write_note(struct restoring *restoring) {
    struct exchange *exchange = &restoring->exchange;
    exchange->stamp_ms = app_now(restoring->app).ms;
    exchange->had_database = file_exists(restoring->database);
    exchange->had_files = restoring->files && !folder_is_empty(restoring->files);
    name_kept(restoring);
    FILE *file = fopen(exchange->note, "we");
    bool fine = file && fprintf(file, "%lld %d %d\n", (long long)exchange->stamp_ms,
                                exchange->had_database, exchange->had_files) > 0;
    fine = fine && fflush(file) == 0 && fsync(fileno(file)) == 0;
    if (file) fine = fclose(file) == 0 && fine;
    if (!fine) return refuse_with(restoring, exchange->note, strerror(errno));
    sync_above(restoring->arena, exchange->note);
    return true;
}

/* False where there is none, or one that was not written to its end: then no step was taken. */
static bool read_note(struct restoring *restoring) {
    struct exchange *exchange = &restoring->exchange;
    long long stamp_ms;
    char rest = 0;
    FILE *file = fopen(exchange->note, "re");
    if (!file) return false;
    bool is_whole = fscanf(file, "%lld %d %d%c", &stamp_ms, &exchange->had_database,
                           &exchange->had_files, &rest) == 4 &&
                    rest == '\n';
    fclose(file);
    if (!is_whole) return false;
    exchange->stamp_ms = stamp_ms;
    name_kept(restoring);
    return true;
}

/* Giving the new database its name is the last step. */
static bool is_exchanged(const struct restoring *restoring) {
    const struct exchange *exchange = &restoring->exchange;
    return file_exists(restoring->database) &&
           (!exchange->had_database || file_exists(exchange->kept));
}

static bool move_back(struct restoring *restoring, const char *from, const char *to) {
    if (rename(from, to) == 0 || errno == ENOENT) return true;
    return refuse_with(restoring, from, strerror(errno));
}

static bool take_back_database(struct restoring *restoring) {
    const struct exchange *exchange = &restoring->exchange;
    const char *log = add(restoring->arena, restoring->database, "-wal");
    if (!exchange->had_database || file_exists(restoring->database)) return true;
    return (file_exists(log) || move_back(restoring, exchange->kept_log, log)) &&
           move_back(restoring, exchange->kept, restoring->database);
}

static bool take_back_files(struct restoring *restoring) {
    const struct exchange *exchange = &restoring->exchange;
    if (!restoring->files) return true;
    bool new_ones_moved = !file_exists(restoring->new_files);
    bool is_away = exchange->had_files ? file_exists(exchange->kept_files) &&
                                             (new_ones_moved || !file_exists(restoring->files))
                                       : new_ones_moved;
    return !is_away || (move_back(restoring, restoring->files, restoring->new_files) &&
                        move_back(restoring, exchange->kept_files, restoring->files));
}

/* What was put aside stands in its place again; may be run twice. */
static bool take_back(struct restoring *restoring) {
    if (!take_back_database(restoring) || !take_back_files(restoring)) return false;
    sync_places(restoring);
    return true;
}

static bool put_away(struct restoring *restoring, const char *from, const char *to) {
    if (rename(from, to) == 0 || errno == ENOENT) return true;
    return refuse_with(restoring, from,
                       errno == EBUSY ? "is a mount point, which cannot be put aside: let "
                                        "FILES_URL name a folder in it"
                                      : strerror(errno));
}

/* The files first: what stands in their way is found before the database has moved. */
static bool exchange_files(struct restoring *restoring) {
    if (!restoring->files) return true;
    if (!restoring->exchange.had_files) rmdir(restoring->files);
    if (!put_away(restoring, restoring->files, restoring->exchange.kept_files)) return false;
    return put_away(restoring, restoring->new_files, restoring->files);
}

/* The log of a server that was killed belongs to its database and is kept with it. It goes second:
 * a log without a database is nobody's, a database without its log has lost its newest orders. */
static bool exchange_database(struct restoring *restoring) {
    struct arena *arena = restoring->arena;
    const struct exchange *exchange = &restoring->exchange;
    unlink(add(arena, restoring->database, "-shm"));
    if (!put_away(restoring, restoring->database, exchange->kept) ||
        !put_away(restoring, add(arena, restoring->database, "-wal"), exchange->kept_log))
        return false;
    sync_places(restoring);
    if (rename(restoring->candidate, restoring->database))
        return refuse_with(restoring, restoring->candidate, strerror(errno));
    sync_places(restoring);
    return true;
}

static bool change_places(struct restoring *restoring) {
    const struct exchange *exchange = &restoring->exchange;
    if (!write_note(restoring)) return false;
    if (!exchange_files(restoring) || !exchange_database(restoring)) {
        struct text why = restoring->error;
        if (!take_back(restoring)) return false; /* the note stays, and `serve` asks for it */
        unlink(exchange->note);
        restoring->error = why;
        return false;
    }
    unlink(exchange->note);
    sync_places(restoring);
    if (exchange->had_database) printf("the house that was there is kept as %s\n", exchange->kept);
    return true;
}

/* An earlier restore that was interrupted is taken back, so that this one begins where that did. */
static bool settle(struct restoring *restoring) {
    if (read_note(restoring) && !is_exchanged(restoring) && !take_back(restoring)) return false;
    unlink(restoring->exchange.note);
    return true;
}

static void name_places(struct restoring *restoring) {
    struct arena *arena = restoring->arena;
    restoring->files = files_place(restoring->app, arena);
    if (restoring->files) restoring->new_files = add(arena, restoring->files, ".restoring");
    restoring->candidate = add(arena, restoring->database, ".restoring");
    restoring->exchange.note = add(arena, restoring->database, ".restore-note");
}

/* What a restore put aside beside the place of the database; NULL: nothing. */
static const char *find_kept(struct arena *arena, const char *database) {
    const char *slash = strrchr(database, '/');
    struct text above =
        slash ? (struct text){database, (size_t)(slash - database) + 1} : TEXT("./");
    const char *name = add(arena, slash ? slash + 1 : database, ".before-restore-");
    const char *found = NULL;
    DIR *folder = opendir(text_terminated(arena, above));
    for (const struct dirent *entry; folder && !found && (entry = readdir(folder));)
        if (strncmp(entry->d_name, name, strlen(name)) == 0)
            found = add(arena, text_terminated(arena, above), entry->d_name);
    if (folder) closedir(folder);
    return found;
}

bool restore_is_settled(const struct app *app, struct arena *arena, struct text *ret_error) {
    struct restoring restoring = {
        .app = app, .arena = arena, .database = sqlite_path(app->database_url)};
    if (!restoring.database) return true;
    name_places(&restoring);
    bool is_noted = read_note(&restoring);
    bool is_cut_off = is_noted && !is_exchanged(&restoring);
    /* What was put aside may be thrown away later, and the note must not outlive it. */
    if (is_noted && !is_cut_off) unlink(restoring.exchange.note);
    if (is_cut_off) {
        *ret_error = text_format(
            arena,
            "a restore was interrupted, and the house is in pieces: run `xiangji restore PATH` "
            "again, with --over as before; it puts back first what it had put aside\n"
            "恢复没有做完就断了，数据不齐：请再运行一次 xiangji restore（上次带 --over 的，这次也带），"
            "它会先把挪开的放回去\n(%s)",
            restoring.exchange.note);
        return false;
    }
    const char *kept =
        file_exists(restoring.database) ? NULL : find_kept(arena, restoring.database);
    if (!kept) return true;
    *ret_error = text_format(
        arena,
        "%s is missing, and %s stands beside it, which a restore put aside: give it its name back "
        "(its -wal too), or restore a copy, or move it elsewhere to begin an empty house\n"
        "没有数据库，旁边却有恢复时挪开的一份：请把它改回原名（连同 -wal），或者恢复一份备份，"
        "或者把它挪到别处再开新店",
        restoring.database, kept);
    return false;
}

static bool bring_files(struct restoring *restoring) {
    if (!restoring->files) return true;
    folder_remove(restoring->new_files);
    return folder_bring_files(restoring->arena, restoring->from, &restoring->manifest,
                              restoring->new_files, &restoring->error);
}

static bool restore(struct restoring *restoring) {
    return bring_files(restoring) && bring_database(restoring) && prove_candidate(restoring) &&
           change_places(restoring);
}

int command_restore(struct app *app, struct arena *arena, const char *path, bool over) {
    int lock;
    struct restoring restoring = {.app = app,
                                  .arena = arena,
                                  .from = path,
                                  .database = sqlite_path(app->database_url),
                                  .over = over};
    if (!restoring.database) return command_fail(TEXT(postgres_words));
    if (!app_prepare(app, &restoring.error)) return command_fail(restoring.error);
    name_places(&restoring);
    if (!sqlite_lock(app->database_url, arena, &lock, &restoring.error))
        return command_fail(restoring.error);
    bool is_done = settle(&restoring) && may_begin(&restoring) && restore(&restoring);
    remove_candidate(&restoring);
    if (restoring.files) folder_remove(restoring.new_files);
    close(lock);
    if (!is_done) return command_fail(restoring.error);
    printf("%s is restored, and its books hold\n", app->data_folder);
    return EXIT_FINE;
}

/* Copies of an SQLite file. Debian's 3.40.1 may corrupt a log when a second connection writes or
 * does a checkpoint, so the connection here does neither: it holds one read transaction and copies
 * what that sees. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "kernel/db/db_engine.h"

/* A step holds the source's mutex of this process alone and no lock of the file: readers and the
 * writer never wait for it. It is small so that a signal ends a copy soon. */
enum { PAGES_A_STEP = 256, BUSY_WAIT_MS = 10000 };

const char *sqlite_path(const char *url) {
    struct text whole = text_of(url);
    return text_starts(whole, TEXT("sqlite:")) ? url + strlen("sqlite:") : NULL;
}

bool sqlite_lock(const char *url, struct arena *arena, int *ret_lock, struct text *ret_error) {
    const char *path = sqlite_path(url);
    if (!path) {
        *ret_error = TEXT("DATABASE_URL names no SQLite file");
        return false;
    }
    int lock = sqlite_take_lock(path, arena, ret_error);
    if (lock >= 0) *ret_lock = lock;
    return lock >= 0;
}

static bool say(struct arena *arena, const char *path, const char *why, struct text *ret_error) {
    *ret_error = text_format(arena, "%s: %s", path, why);
    return false;
}

/* The snapshot is taken by reading something: without it the next commit of the server would make
 * the copy begin again from its first page, under load for ever. */
static bool open_source(const char *path, sqlite3 **ret_source) {
    if (sqlite3_open_v2(path, ret_source, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL))
        return false;
    sqlite3_busy_timeout(*ret_source, BUSY_WAIT_MS);
    sqlite3_db_config(*ret_source, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return !sqlite3_exec(*ret_source,
                         "PRAGMA wal_autocheckpoint = 0; PRAGMA mmap_size = 0;"
                         "PRAGMA query_only = ON; BEGIN; SELECT count(*) FROM sqlite_schema",
                         NULL, NULL, NULL);
}

static int copy_pages(sqlite3 *source, sqlite3 *target) {
    sqlite3_backup *copy = sqlite3_backup_init(target, "main", source, "main");
    if (!copy) return sqlite3_errcode(target);
    int code;
    do code = sqlite3_backup_step(copy, PAGES_A_STEP);
    while (code == SQLITE_OK);
    int end = sqlite3_backup_finish(copy);
    return code == SQLITE_DONE ? end : code;
}

/* The file is nobody's yet, so it needs no journal while it is filled; it reaches the disk once, at
 * the end. It is left in the rollback mode, as one file without a log beside it. */
static bool fill_target(sqlite3 *source, const char *path, sqlite3 **ret_target, int *ret_code) {
    *ret_code =
        sqlite3_open_v2(path, ret_target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (!*ret_code)
        *ret_code = sqlite3_exec(*ret_target, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF",
                                 NULL, NULL, NULL);
    if (!*ret_code) *ret_code = copy_pages(source, *ret_target);
    if (!*ret_code)
        *ret_code = sqlite3_exec(*ret_target, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    return *ret_code == SQLITE_OK;
}

static bool make_file(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return file >= 0 && close(file) == 0;
}

static bool sync_file(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    bool is_synced = fsync(file) == 0;
    return close(file) == 0 && is_synced;
}

bool sqlite_backup(const char *url, const char *path, struct arena *arena, struct text *ret_error) {
    sqlite3 *source = NULL, *target = NULL;
    const char *from = sqlite_path(url);
    if (!from) return say(arena, url, "is no SQLite database", ret_error);
    sqlite_prepare_library();
    if (!open_source(from, &source)) {
        say(arena, from, sqlite3_errmsg(source), ret_error);
        sqlite3_close(source);
        return false;
    }
    int code = SQLITE_CANTOPEN;
    bool is_copied = make_file(path) && fill_target(source, path, &target, &code);
    if (!is_copied) say(arena, path, sqlite3_errstr(code), ret_error);
    sqlite3_close(target);
    sqlite3_close(source);
    if (is_copied && !sync_file(path)) return say(arena, path, strerror(errno), ret_error);
    return is_copied;
}

/* Both pragmas give one row a fault; integrity_check gives "ok" when there is none. */
static bool has_no_faults(sqlite3 *file, const char *pragma, struct arena *arena,
                          struct text *ret_error) {
    sqlite3_stmt *rows = NULL;
    int code = sqlite3_prepare_v2(file, pragma, -1, &rows, NULL);
    if (!code) code = sqlite3_step(rows);
    const char *word = code == SQLITE_ROW ? (const char *)sqlite3_column_text(rows, 0) : NULL;
    bool is_fine = code == SQLITE_DONE || (word && strcmp(word, "ok") == 0);
    if (!is_fine)
        *ret_error = text_format(arena, "%s: %s", pragma, word ? word : sqlite3_errmsg(file));
    sqlite3_finalize(rows);
    return is_fine;
}

bool sqlite_is_sound(const char *path, struct arena *arena, struct text *ret_error) {
    sqlite3 *file = NULL;
    sqlite_prepare_library();
    bool is_open = !sqlite3_open_v2(path, &file, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    bool is_sound = is_open ? has_no_faults(file, "PRAGMA integrity_check(1)", arena, ret_error) &&
                                  has_no_faults(file, "PRAGMA foreign_key_check", arena, ret_error)
                            : say(arena, path, sqlite3_errmsg(file), ret_error);
    sqlite3_close(file);
    return is_sound;
}

/* Writes of SQLite's temporary files in pieces that its own writer takes. The undo of a statement
 * leaves memory for a temporary file in one write of UNDO_BYTES, but SQLite's unix files write at
 * most 0x1ffff bytes at a time and mask what is left with that: a longer write comes to a write of
 * nothing, which it takes for a full disk. */
#include <pthread.h>
#include <sqlite3.h>

#include "kernel/db/db_engine.h"

enum { PIECE_BYTES = 64 * 1024 };

/* Filled once, before the library opens its first file. */
static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    sqlite3_io_methods methods;
    const sqlite3_io_methods *real_methods;
    pthread_once_t once;
} undo = {.once = PTHREAD_ONCE_INIT};

static int write_in_pieces(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at) {
    const char *from = bytes;
    for (int done = 0; done < count; done += PIECE_BYTES) {
        int rest = count - done < PIECE_BYTES ? count - done : PIECE_BYTES;
        int code = undo.real_methods->xWrite(file, from + done, rest, at + done);
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

static void keep_methods(const sqlite3_io_methods *methods) {
    undo.real_methods = methods;
    undo.methods = *methods;
    undo.methods.xWrite = write_in_pieces;
}

/* All temporary files have the same methods, those without locks. */
static int open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                     int *ret_flags) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    (void)vfs;
    int code = undo.real->xOpen(undo.real, path, file, flags, ret_flags);
    if (code != SQLITE_OK || !(flags & SQLITE_OPEN_SUBJOURNAL)) return code;
    pthread_mutex_lock(&mutex);
    if (!undo.real_methods) keep_methods(file->pMethods);
    if (file->pMethods == undo.real_methods) file->pMethods = &undo.methods;
    pthread_mutex_unlock(&mutex);
    return SQLITE_OK;
}

static void install(void) {
    undo.real = sqlite3_vfs_find(NULL);
    undo.vfs = *undo.real;
    undo.vfs.zName = "xiangji";
    undo.vfs.xOpen = open_file;
    sqlite3_vfs_register(&undo.vfs, 1);
}

void sqlite_undo_install(void) { pthread_once(&undo.once, install); }

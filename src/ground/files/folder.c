/* The folder store: KEY is a path below the folder. Bytes are written under another name, brought
 * to the disk, and only then given their own, so that a name never stands for half a picture. */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "ground/files/store.h"

enum { PATH_BYTES = 1024, LEFTOVER_S = 24 * 3600 };

struct folder_store {
    struct file_store store;
    const char *folder;
};

static const struct folder_store *of(const struct file_store *store) {
    return (const struct folder_store *)(const void *)store;
}

static const char *path_of(const struct file_store *store, struct arena *arena, struct text key) {
    return text_terminated(
        arena, text_format(arena, "%s/%.*s", of(store)->folder, (int)key.length, key.bytes));
}

/* A name that was made, changed or removed is on the disk when its folder is. */
static bool sync_folder(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return false;
    bool fine = fsync(descriptor) == 0;
    close(descriptor);
    return fine;
}

/* Makes the folders that PATH lies in, below the store's own, each noted in the one above. */
static bool make_folders(const struct file_store *store, const char *path) {
    char part[PATH_BYTES], above[PATH_BYTES];
    size_t from = strlen(of(store)->folder);
    snprintf(above, sizeof(above), "%s", of(store)->folder);
    for (size_t at = from + 1; path[at]; at++) {
        if (path[at] != '/') continue;
        snprintf(part, sizeof(part), "%.*s", (int)at, path);
        if (mkdir(part, 0700) == 0) {
            if (!sync_folder(above)) return false;
        } else if (errno != EEXIST) {
            return false;
        }
        snprintf(above, sizeof(above), "%s", part);
    }
    return true;
}

static bool write_all(int descriptor, struct bytes bytes) {
    for (size_t at = 0; at < bytes.length;) {
        ssize_t written = write(descriptor, bytes.data + at, bytes.length - at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        at += (size_t)written;
    }
    return fsync(descriptor) == 0;
}

static bool write_new(const char *path, struct bytes bytes) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return false;
    bool fine = write_all(descriptor, bytes);
    fine = close(descriptor) == 0 && fine;
    if (!fine) unlink(path);
    return fine;
}

static bool has(const struct file_store *store, struct arena *arena, struct text key) {
    return access(path_of(store, arena, key), R_OK) == 0;
}

static bool put(const struct file_store *store, struct arena *arena, const struct file_blob *blob) {
    if (has(store, arena, blob->key)) return true;
    const char *path = path_of(store, arena, blob->key);
    unsigned char random[12];
    randombytes_buf(random, sizeof(random));
    struct text word = text_hex(arena, (struct bytes){random, sizeof(random)});
    const char *fresh = path_of(store, arena, text_format(arena, "new/%s", word.bytes));
    char above[PATH_BYTES];
    snprintf(above, sizeof(above), "%.*s", (int)(strrchr(path, '/') - path), path);
    if (!make_folders(store, path) || !make_folders(store, fresh)) return false;
    if (!write_new(fresh, blob->bytes)) return false;
    if (rename(fresh, path) == 0) return sync_folder(above);
    unlink(fresh);
    return false;
}

static bool read_all(int descriptor, struct arena *arena, struct text *ret_bytes) {
    struct stat status;
    if (fstat(descriptor, &status) != 0 || status.st_size > FILE_BYTES_MAX) return false;
    size_t length = (size_t)status.st_size, at = 0;
    char *bytes = arena_take_raw(arena, length);
    while (at < length) {
        ssize_t got = read(descriptor, bytes + at, length - at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        at += (size_t)got;
    }
    *ret_bytes = (struct text){bytes, length};
    return true;
}

static enum file_answer get(const struct file_store *store, struct arena *arena, struct text key,
                            struct text *ret_bytes) {
    int descriptor = open(path_of(store, arena, key), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return errno == ENOENT ? FILE_ABSENT : FILE_NO_ANSWER;
    bool whole = read_all(descriptor, arena, ret_bytes);
    close(descriptor);
    return whole ? FILE_FOUND : FILE_NO_ANSWER;
}

static bool remove_(const struct file_store *store, struct arena *arena, struct text key) {
    return unlink(path_of(store, arena, key)) == 0 || errno == ENOENT;
}

/* What was never given its name: older than a day, so that another node on the same folder is not
 * disturbed. */
static void clear_leftovers(const char *folder, struct instant now) {
    char path[PATH_BYTES];
    struct stat status;
    DIR *entries = opendir(folder);
    if (!entries) return;
    for (struct dirent *entry; (entry = readdir(entries));) {
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
            status.st_mtim.tv_sec < now.ms / SECOND_MS - LEFTOVER_S)
            unlink(path);
    }
    closedir(entries);
}

const struct file_store *file_store_folder(struct arena *arena, const char *folder,
                                           const struct instant *now, struct text *ret_error) {
    struct folder_store *made = arena_new(arena, struct folder_store, 1);
    *made = (struct folder_store){{put, get, remove_, has}, folder};
    if (!now) return &made->store;
    if (strlen(folder) + 200 > PATH_BYTES || (mkdir(folder, 0700) != 0 && errno != EEXIST)) {
        *ret_error = text_format(arena, "cannot make the folder of pictures %s: %s", folder,
                                 strerror(errno));
        return NULL;
    }
    clear_leftovers(text_terminated(arena, text_format(arena, "%s/new", folder)), *now);
    return &made->store;
}

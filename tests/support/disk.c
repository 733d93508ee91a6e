#include "support/disk.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR_BYTES = 512, VERSIONS_MAX = 4, MEDIA_MAX = 8, PATH_BYTES = 200 };

/* What a sector may hold after a cut: the durable version first, the newest last. */
struct sector {
    int version_count;
    unsigned char versions[VERSIONS_MAX][SECTOR_BYTES];
};

/* What was written to a path and not synced. */
struct medium {
    char path[PATH_BYTES];
    bool is_durable; /* its name is in the folder for good */
    int64_t durable_bytes;
    struct sector **sectors; /* by number; NULL: as it is on the disk */
    int64_t sector_count;
};

/* A file of SQLite's; the real one's storage follows. Those without a medium are temporary. */
struct disk_file {
    sqlite3_file base;
    struct medium *medium;
    sqlite3_file *real;
};

static struct {
    pthread_mutex_t mutex;
    sqlite3_vfs *real;
    sqlite3_vfs vfs;
    struct medium media[MEDIA_MAX];
    size_t medium_count;
    struct disk_plan plan;
    unsigned draw;
    int64_t steps;
    bool has_fired;
} disk = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static int draw(int bound) { return rand_r(&disk.draw) % bound; }

/* ---- what is not on the disk yet ---- */

static int64_t real_size(sqlite3_file *real) {
    sqlite3_int64 size = 0;
    int code = real->pMethods->xFileSize(real, &size);
    assert(code == SQLITE_OK);
    return size;
}

/* Sectors FROM to before END in one piece, valid until the next call; beyond the file's end there
 * are zeros. */
static const unsigned char *read_sectors(sqlite3_file *real, int64_t from, int64_t end) {
    static unsigned char *bytes;
    static size_t capacity;
    size_t length = (size_t)(end - from) * SECTOR_BYTES;
    if (length > capacity) bytes = realloc(bytes, capacity = length);
    assert(bytes && length <= INT32_MAX);
    int code = real->pMethods->xRead(real, bytes, (int)length, from * SECTOR_BYTES);
    assert(code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ);
    return bytes;
}

static void make_room(struct medium *medium, int64_t count) {
    if (count <= medium->sector_count) return;
    int64_t wanted = count * 2;
    medium->sectors = realloc(medium->sectors, sizeof(struct sector *) * (size_t)wanted);
    assert(medium->sectors);
    memset(medium->sectors + medium->sector_count, 0,
           sizeof(struct sector *) * (size_t)(wanted - medium->sector_count));
    medium->sector_count = wanted;
}

/* Keeps the durable version of the sectors from FROM to before END that have none yet. */
static void keep_durable(struct medium *medium, sqlite3_file *real, int64_t from, int64_t end) {
    const unsigned char *bytes = NULL;
    make_room(medium, end);
    for (int64_t i = from; i < end; i++) {
        if (medium->sectors[i]) continue;
        struct sector *sector = calloc(1, sizeof(*sector));
        assert(sector);
        if (!bytes) bytes = read_sectors(real, from, end);
        memcpy(sector->versions[sector->version_count++], bytes + (i - from) * SECTOR_BYTES,
               SECTOR_BYTES);
        medium->sectors[i] = sector;
    }
}

/* Of many versions between the durable one and the newest only the last few are kept. */
static void add_versions(struct medium *medium, sqlite3_file *real, int64_t from, int64_t end) {
    const unsigned char *bytes = read_sectors(real, from, end);
    for (int64_t i = from; i < end; i++) {
        struct sector *sector = medium->sectors[i];
        if (sector->version_count == VERSIONS_MAX) {
            memmove(sector->versions[1], sector->versions[2], (VERSIONS_MAX - 2) * SECTOR_BYTES);
            sector->version_count--;
        }
        memcpy(sector->versions[sector->version_count++], bytes + (i - from) * SECTOR_BYTES,
               SECTOR_BYTES);
    }
}

static void make_durable(struct medium *medium, sqlite3_file *real) {
    for (int64_t i = 0; i < medium->sector_count; i++) {
        free(medium->sectors[i]);
        medium->sectors[i] = NULL;
    }
    medium->durable_bytes = real_size(real);
    medium->is_durable = true;
}

static struct medium *find_medium(const char *path) {
    for (size_t i = 0; i < disk.medium_count; i++)
        if (strcmp(disk.media[i].path, path) == 0) return &disk.media[i];
    assert(disk.medium_count < MEDIA_MAX && strlen(path) < PATH_BYTES);
    struct medium *medium = &disk.media[disk.medium_count++];
    struct stat stat_of;
    *medium = (struct medium){.is_durable = stat(path, &stat_of) == 0};
    if (medium->is_durable) medium->durable_bytes = stat_of.st_size;
    snprintf(medium->path, sizeof(medium->path), "%s", path);
    return medium;
}

/* ---- the cut ---- */

/* A file's length is written by itself: it may be the old one, the new one or, of a growing file,
 * any between. */
static int64_t choose_size(const struct medium *medium, int64_t size) {
    int64_t durable = medium->durable_bytes;
    if (size <= durable || draw(3)) return draw(2) ? size : durable;
    return durable + draw((int)((size - durable) / SECTOR_BYTES) + 1) * SECTOR_BYTES;
}

/* Each sector goes its own way (writes are reordered and a page is torn between its sectors), and
 * now and then a sector itself is torn: its beginning is new and its rest is not. */
static void choose_version(const struct sector *sector, int newest_percent,
                           unsigned char *ret_bytes) {
    int newest = sector->version_count - 1;
    int chosen = draw(100) < newest_percent ? newest : draw(sector->version_count);
    memcpy(ret_bytes, sector->versions[chosen], SECTOR_BYTES);
    if (chosen > 0 && draw(16) == 0) {
        int new_bytes = draw(SECTOR_BYTES);
        memcpy(ret_bytes + new_bytes, sector->versions[chosen - 1] + new_bytes,
               (size_t)(SECTOR_BYTES - new_bytes));
    }
}

static void survive(const struct medium *medium, int newest_percent) {
    struct stat stat_of;
    if (!medium->is_durable && draw(2)) {
        unlink(medium->path);
        return;
    }
    int descriptor = open(medium->path, O_RDWR);
    if (descriptor < 0) return;
    int code = fstat(descriptor, &stat_of);
    assert(code == 0);
    int64_t size = choose_size(medium, stat_of.st_size);
    code = ftruncate(descriptor, size);
    assert(code == 0);
    for (int64_t i = 0; i < medium->sector_count && i * SECTOR_BYTES < size; i++) {
        unsigned char bytes[SECTOR_BYTES];
        if (!medium->sectors[i]) continue;
        choose_version(medium->sectors[i], newest_percent, bytes);
        int64_t left = size - i * SECTOR_BYTES;
        size_t length = left < SECTOR_BYTES ? (size_t)left : SECTOR_BYTES;
        ssize_t written = pwrite(descriptor, bytes, length, i * SECTOR_BYTES);
        assert(written == (ssize_t)length);
    }
    close(descriptor);
}

__attribute__((noreturn)) static void cut_power(void) {
    static const int newest_percents[] = {0, 20, 50, 80, 100};
    int newest_percent = newest_percents[draw(5)];
    for (size_t i = 0; i < disk.medium_count; i++) survive(&disk.media[i], newest_percent);
    for (size_t i = 0; i < disk.medium_count; i++) {
        char path[PATH_BYTES + 8];
        snprintf(path, sizeof(path), "%s-shm", disk.media[i].path);
        unlink(path); /* memory of the processes that ran */
    }
    _exit(DISK_CUT_STATUS);
}

/* ---- steps ---- */

/* Counts a step, and says whether the plan's error falls on it. The mutex is held. */
static bool step(bool changes) {
    bool is_cut = disk.plan.fault == DISK_POWER_CUT;
    bool is_error = disk.plan.fault == DISK_ERROR_ONCE || disk.plan.fault == DISK_ERROR_AFTER;
    if ((!is_cut && !is_error) || (is_cut && !changes)) return false;
    disk.steps++;
    bool is_hit = disk.steps == disk.plan.at ||
                  (disk.plan.fault == DISK_ERROR_AFTER && disk.steps > disk.plan.at);
    if (is_hit) disk.has_fired = true;
    return is_hit;
}

static bool is_cut_now(void) { return disk.plan.fault == DISK_POWER_CUT && disk.has_fired; }

/* ---- a file ---- */

static struct disk_file *disk_file_of(sqlite3_file *file) { return (struct disk_file *)file; }
static sqlite3_file *real_of(sqlite3_file *file) { return disk_file_of(file)->real; }

static int file_close(sqlite3_file *file) { return real_of(file)->pMethods->xClose(real_of(file)); }

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at) {
    pthread_mutex_lock(&disk.mutex);
    bool fails = step(false);
    pthread_mutex_unlock(&disk.mutex);
    if (fails) return SQLITE_IOERR_READ;
    return real_of(file)->pMethods->xRead(real_of(file), bytes, count, at);
}

static int write_kept(struct disk_file *file, const void *bytes, int count, sqlite3_int64 at) {
    struct medium *medium = file->medium;
    int64_t from = at / SECTOR_BYTES, end = (at + count + SECTOR_BYTES - 1) / SECTOR_BYTES;
    if (disk.plan.fault == DISK_FULL && at + count > real_size(file->real)) {
        disk.has_fired = true;
        return SQLITE_FULL;
    }
    if (medium) keep_durable(medium, file->real, from, end);
    int code = file->real->pMethods->xWrite(file->real, bytes, count, at);
    if (medium) add_versions(medium, file->real, from, end);
    return code;
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at) {
    pthread_mutex_lock(&disk.mutex);
    bool fails = step(true) && !is_cut_now();
    int code = fails ? SQLITE_IOERR_WRITE : write_kept(disk_file_of(file), bytes, count, at);
    if (is_cut_now()) cut_power();
    pthread_mutex_unlock(&disk.mutex);
    return code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
    struct disk_file *own = disk_file_of(file);
    pthread_mutex_lock(&disk.mutex);
    bool fails = step(true) && !is_cut_now();
    int code = SQLITE_IOERR_TRUNCATE;
    if (!fails) {
        int64_t end = (real_size(own->real) + SECTOR_BYTES - 1) / SECTOR_BYTES;
        if (own->medium) keep_durable(own->medium, own->real, size / SECTOR_BYTES, end);
        code = own->real->pMethods->xTruncate(own->real, size);
    }
    if (is_cut_now()) cut_power();
    pthread_mutex_unlock(&disk.mutex);
    return code;
}

/* A cut comes while the disk is busy syncing, so before it has done so. */
static int file_sync(sqlite3_file *file, int flags) {
    struct disk_file *own = disk_file_of(file);
    pthread_mutex_lock(&disk.mutex);
    bool fails = step(true);
    if (is_cut_now()) cut_power();
    int code = fails ? SQLITE_IOERR_FSYNC : own->real->pMethods->xSync(own->real, flags);
    if (code == SQLITE_OK && own->medium && !disk.plan.ignores_sync)
        make_durable(own->medium, own->real);
    pthread_mutex_unlock(&disk.mutex);
    return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret_size) {
    pthread_mutex_lock(&disk.mutex);
    bool fails = step(false);
    pthread_mutex_unlock(&disk.mutex);
    if (fails) return SQLITE_IOERR_FSTAT;
    return real_of(file)->pMethods->xFileSize(real_of(file), ret_size);
}

static int file_lock(sqlite3_file *file, int level) {
    return real_of(file)->pMethods->xLock(real_of(file), level);
}
static int file_unlock(sqlite3_file *file, int level) {
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
static int file_is_reserved(sqlite3_file *file, int *ret_is) {
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret_is);
}
static int file_control(sqlite3_file *file, int what, void *argument) {
    return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}
static int file_sector_size(sqlite3_file *file) {
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}
static int file_traits(sqlite3_file *file) {
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}
static int file_shm_map(sqlite3_file *file, int page, int page_bytes, int extend,
                        void volatile **ret_memory) {
    return real_of(file)->pMethods->xShmMap(real_of(file), page, page_bytes, extend, ret_memory);
}
static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}
static void file_shm_barrier(sqlite3_file *file) {
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}
static int file_shm_unmap(sqlite3_file *file, int removes) {
    return real_of(file)->pMethods->xShmUnmap(real_of(file), removes);
}

static const sqlite3_io_methods file_methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *ret_flags) {
    (void)vfs;
    struct disk_file *own = disk_file_of(file);
    bool is_kept =
        name && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
    *own = (struct disk_file){.real = (sqlite3_file *)(own + 1)};
    pthread_mutex_lock(&disk.mutex);
    if (is_kept) own->medium = find_medium(name);
    pthread_mutex_unlock(&disk.mutex);
    int code = disk.real->xOpen(disk.real, name, own->real, flags, ret_flags);
    if (own->real->pMethods) own->base.pMethods = &file_methods;
    return code;
}

void disk_install(void) {
    disk.real = sqlite3_vfs_find(NULL);
    assert(disk.real && disk.real != &disk.vfs);
    disk.vfs = *disk.real;
    disk.vfs.pNext = NULL;
    disk.vfs.zName = "drill";
    disk.vfs.szOsFile = (int)sizeof(struct disk_file) + disk.real->szOsFile;
    disk.vfs.xOpen = open_file;
    int code = sqlite3_vfs_register(&disk.vfs, 1);
    assert(code == SQLITE_OK);
}

void disk_arm(const struct disk_plan *plan) {
    pthread_mutex_lock(&disk.mutex);
    disk.plan = *plan;
    disk.draw = plan->seed;
    disk.steps = 0;
    disk.has_fired = false;
    pthread_mutex_unlock(&disk.mutex);
}

bool disk_has_fired(void) {
    pthread_mutex_lock(&disk.mutex);
    bool has_fired = disk.has_fired;
    pthread_mutex_unlock(&disk.mutex);
    return has_fired;
}

int64_t disk_steps(void) {
    pthread_mutex_lock(&disk.mutex);
    int64_t steps = disk.steps;
    pthread_mutex_unlock(&disk.mutex);
    return steps;
}

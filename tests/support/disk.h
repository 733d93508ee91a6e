/* A disk under SQLite that a drill has in its hand: it can lose its power, fail or be full. It
 * stands over the real files as a VFS: those are the page cache, and what was not synced since is
 * kept apart, sector by sector. One process has one disk. */
#ifndef TESTS_SUPPORT_DISK_H
#define TESTS_SUPPORT_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum disk_fault {
    DISK_FINE,
    DISK_POWER_CUT,   /* the process ends with DISK_CUT_STATUS and the files are as a disk holds
                         them */
    DISK_ERROR_ONCE,  /* an I/O error at one step */
    DISK_ERROR_AFTER, /* at that step and each one after it */
    DISK_FULL         /* no file can grow */
};

enum { DISK_CUT_STATUS = 77 };

struct disk_plan {
    enum disk_fault fault;
    int64_t at;        /* the step: a write, sync or truncation; for an error also a read or a
                          question for the size. The first is 1. */
    unsigned seed;     /* what of the unsynced survives a cut */
    bool ignores_sync; /* a disk that lies: the mutant that the drill must catch */
};

/* From now on SQLite opens its files through it. A store must have been opened before, because the
 * first one sets the library up. */
void disk_install(void);

/* The plan counts its steps from now on. Files that were opened before disk_install() know nothing
 * of it. */
void disk_arm(const struct disk_plan *plan);

/* Whether the fault of the plan has happened, and how many steps were counted. */
bool disk_has_fired(void);
int64_t disk_steps(void);

#endif

/* What `backup`, `restore`, `export` and `import` do with folders: one is written under another
 * name and gets its own when everything in it is on the disk; its manifest says what belongs to it.
 */
#ifndef COMMANDS_FOLDER_H
#define COMMANDS_FOLDER_H

#include <stdio.h>

#include "kernel/base/arena.h"
#include "kernel/base/text.h"

enum { FOLDER_SHA256_BYTES = 65 }; /* hexadecimal, with its NUL */

/* One line of manifest.txt: `KIND SHA256 NUMBER NAME`. */
struct manifest_line {
    struct text kind;   /* "database", "file", "table", "step" */
    struct text sha256; /* hexadecimal */
    int64_t number;     /* bytes, rows, or the number of a step */
    struct text name;
};
struct manifest {
    struct text title; /* its first line: "xiangji-backup 1" */
    struct manifest_line *lines;
    size_t count;
};

/* A folder being written. */
struct folder {
    struct arena *arena;
    const char *path;    /* what it will be called */
    const char *beside;  /* what it is called until then: PATH.unfinished */
    int lock;            /* of the second, so that nobody else writes it */
    struct buffer lines; /* of its manifest */
};

/* False with a sentence: something has the name already, or another command writes it now. What a
 * command that was killed has left is removed. */
bool folder_begin(struct folder *folder, struct arena *arena, const char *path,
                  struct text *ret_error);
/* Adds a line to the manifest. */
void folder_note(struct folder *folder, const char *kind, const char *sha256, int64_t number,
                 const char *name);
/* Writes the manifest, brings all to the disk and gives the folder its name with SUFFIX ("" for its
 * own). */
bool folder_end(struct folder *folder, const char *title, const char *suffix,
                struct text *ret_error);
/* Gives it up: removes what was written. */
void folder_abandon(struct folder *folder);

/* Reads PATH/manifest.txt, whose last line proves the others. TITLE is what its first line must be.
 */
bool manifest_read(struct arena *arena, const char *path, const char *title,
                   struct manifest *ret_manifest, struct text *ret_error);

/* Where the pictures of the house lie on this machine; NULL when they lie in a bucket, which has
 * tools of its own. */
struct app;
const char *files_place(const struct app *app, struct arena *arena);

/* Brings every file below FROM (which may be missing) below TO and notes each in the manifest as
 * "file"; hidden ones are left out. The files of a house never change once they have their name, so
 * a second name for the same bytes is enough where both lie on one disk. */
bool folder_copy_files(struct folder *folder, const char *from, const char *to,
                       struct text *ret_error);
/* The way back: every "file" of the manifest from PATH/files to TO, comparing the hashes. Where
 * there is none, TO is not made. */
bool folder_bring_files(struct arena *arena, const char *path, const struct manifest *manifest,
                        const char *to, struct text *ret_error);

/* The SHA-256 and the length of a file. */
bool file_hash(const char *path, char *ret_sha256, int64_t *ret_bytes);
/* Copies a file to the disk under a name that is free, hashing what it writes. */
bool file_copy(const char *from, const char *to, char *ret_sha256);
bool file_exists(const char *path);
/* True when there is nothing at PATH, or a folder with nothing in it. */
bool folder_is_empty(const char *path);
void folder_remove(const char *path);
void folder_sync(const char *path);

/* "PATH/NAME" */
const char *path_join(struct arena *arena, const char *path, const char *name);

#endif

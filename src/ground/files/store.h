/* Where the bytes of pictures lie. Never called inside a transaction: a store may be another
 * machine. A key names its bytes for ever, so putting it again changes nothing. */
#ifndef GROUND_FILES_STORE_H
#define GROUND_FILES_STORE_H

#include "kernel/base/arena.h"
#include "kernel/base/instant.h"
#include "kernel/base/text.h"

enum file_answer { FILE_FOUND, FILE_ABSENT, FILE_NO_ANSWER };

struct file_blob {
    struct text key; /* "public/ab/cdef...-720.webp": letters, digits, / - . */
    const char *type;
    struct bytes bytes;
};

struct file_store {
    /* True when the bytes are there to stay: they survive a crash of the machine. */
    bool (*put)(const struct file_store *store, struct arena *arena, const struct file_blob *blob);
    /* The bytes live in ARENA; more than FILE_BYTES_MAX are no answer. */
    enum file_answer (*get)(const struct file_store *store, struct arena *arena, struct text key,
                            struct text *ret_bytes);
    /* True when they are gone, also when they never were. */
    bool (*remove)(const struct file_store *store, struct arena *arena, struct text key);
    /* Whether they are there, at no cost; NULL where asking has one. */
    bool (*has)(const struct file_store *store, struct arena *arena, struct text key);
};

enum { FILE_BYTES_MAX = 8 * 1024 * 1024 };

/* A folder of this machine, made where it is not there; what a crash left half written a day before
 * NOW is removed. NOW is NULL for who only reads. NULL with a sentence in *RET_ERROR. */
const struct file_store *file_store_folder(struct arena *arena, const char *folder,
                                           const struct instant *now, struct text *ret_error);

/* A bucket of an S3-compatible service, for several nodes. */
struct file_bucket {
    struct text url; /* "http://host:port/bucket" */
    const char *region;
    const char *key_id;
    const char *secret;
};
const struct file_store *file_store_s3(struct arena *arena, const struct file_bucket *bucket);

#endif

/* Replies kept in memory, one cache a loop, so no lock. What is kept is opaque: server.c keeps
 * finished MHD responses. */
#ifndef KERNEL_HTTP_CACHE_H
#define KERNEL_HTTP_CACHE_H

#include "kernel/base/text.h"
#include "kernel/http/generations.h"

enum { CACHE_ENTRIES_MAX = 8192, CACHE_BYTES_MAX = 4 * 1024 * 1024 };

struct cache;
/* DROP is called once for everything that was put. */
struct cache *cache_make(const struct generations *generations, void (*drop)(void *held));
void cache_free(struct cache *cache);

/* What is kept for the raw target in this language; NULL when there is nothing, or when it is stale
 * or too old. */
void *cache_find(struct cache *cache, struct text target, bool english, int64_t now_ms);

struct cache_item {
    struct text target;
    bool english;
    size_t slot;         /* of the generations */
    uint64_t generation; /* as it was before the data was read */
    int64_t until_ms;
    size_t bytes;
    void *held;
};
/* Takes HELD over; what was kept for the target before is dropped, and what was not used lately
 * where room is needed. */
void cache_put(struct cache *cache, const struct cache_item *item);
size_t cache_bytes(const struct cache *cache);

#endif

#include "kernel/http/cache.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096, NO_ENTRY = 0 };

struct cache_entry {
    uint64_t hash;
    char *target; /* NULL: the entry is free */
    size_t target_length;
    bool english;
    bool used; /* since the hand came by */
    size_t slot;
    uint64_t generation;
    int64_t until_ms;
    size_t bytes;
    void *held;
    size_t next; /* in its bucket, or in the list of free entries */
};

struct cache {
    const struct generations *generations;
    void (*drop)(void *held);
    unsigned char hash_key[crypto_shorthash_KEYBYTES];
    size_t buckets[BUCKETS];
    size_t free_entry;
    size_t hand;
    size_t bytes;
    struct cache_entry entries[CACHE_ENTRIES_MAX + 1]; /* number 0 is none */
};

struct cache *cache_make(const struct generations *generations, void (*drop)(void *held)) {
    struct cache *cache = calloc(1, sizeof(*cache));
    assert(cache);
    cache->generations = generations;
    cache->drop = drop;
    cache->hand = 1;
    /* Clients choose the targets: a secret key keeps them from crowding one bucket. */
    randombytes_buf(cache->hash_key, sizeof(cache->hash_key));
    for (size_t i = CACHE_ENTRIES_MAX; i > 0; i--) {
        cache->entries[i].next = cache->free_entry;
        cache->free_entry = i;
    }
    return cache;
}

static uint64_t hash_of(const struct cache *cache, struct text target, bool english) {
    uint64_t hash;
    static_assert(sizeof(hash) == crypto_shorthash_BYTES, "a short hash is 64 bits");
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)target.bytes, target.length,
                     cache->hash_key);
    return hash ^ (english ? 1 : 0);
}

static size_t find(const struct cache *cache, uint64_t hash, struct text target, bool english) {
    size_t at = cache->buckets[hash % BUCKETS];
    while (at != NO_ENTRY) {
        const struct cache_entry *entry = &cache->entries[at];
        if (entry->hash == hash && entry->english == english &&
            entry->target_length == target.length &&
            memcmp(entry->target, target.bytes, target.length) == 0)
            return at;
        at = entry->next;
    }
    return NO_ENTRY;
}

static void drop_entry(struct cache *cache, size_t number) {
    struct cache_entry *entry = &cache->entries[number];
    size_t *place = &cache->buckets[entry->hash % BUCKETS];
    while (*place != number) place = &cache->entries[*place].next;
    *place = entry->next;
    cache->bytes -= entry->bytes;
    cache->drop(entry->held);
    free(entry->target);
    *entry = (struct cache_entry){.next = cache->free_entry};
    cache->free_entry = number;
}

void cache_free(struct cache *cache) {
    if (!cache) return;
    for (size_t i = 1; i <= CACHE_ENTRIES_MAX; i++)
        if (cache->entries[i].target) drop_entry(cache, i);
    free(cache);
}

void *cache_find(struct cache *cache, struct text target, bool english, int64_t now_ms) {
    size_t number = find(cache, hash_of(cache, target, english), target, english);
    if (number == NO_ENTRY) return NULL;
    struct cache_entry *entry = &cache->entries[number];
    bool stale = generation_read(cache->generations, entry->slot) != entry->generation;
    if (stale || now_ms > entry->until_ms) {
        drop_entry(cache, number);
        return NULL;
    }
    entry->used = true;
    return entry->held;
}

/* The clock: an entry that was used since the hand last came by is spared once. */
static void drop_one(struct cache *cache) {
    for (;;) {
        size_t number = cache->hand;
        cache->hand = cache->hand % CACHE_ENTRIES_MAX + 1;
        struct cache_entry *entry = &cache->entries[number];
        if (entry->target && !entry->used) {
            drop_entry(cache, number);
            return;
        }
        entry->used = false;
    }
}

void cache_put(struct cache *cache, const struct cache_item *item) {
    uint64_t hash = hash_of(cache, item->target, item->english);
    size_t older = find(cache, hash, item->target, item->english);
    if (older != NO_ENTRY) drop_entry(cache, older);
    size_t bytes = item->bytes + item->target.length + sizeof(struct cache_entry);
    if (bytes > CACHE_BYTES_MAX / 8) {
        cache->drop(item->held);
        return;
    }
    while (cache->free_entry == NO_ENTRY || cache->bytes + bytes > CACHE_BYTES_MAX) drop_one(cache);
    size_t number = cache->free_entry;
    struct cache_entry *entry = &cache->entries[number];
    cache->free_entry = entry->next;
    *entry = (struct cache_entry){.hash = hash,
                                  .target = malloc(item->target.length + 1),
                                  .target_length = item->target.length,
                                  .english = item->english,
                                  .slot = item->slot,
                                  .generation = item->generation,
                                  .until_ms = item->until_ms,
                                  .bytes = bytes,
                                  .held = item->held,
                                  .next = cache->buckets[hash % BUCKETS]};
    assert(entry->target);
    memcpy(entry->target, item->target.bytes, item->target.length);
    cache->buckets[hash % BUCKETS] = number;
    cache->bytes += bytes;
}

size_t cache_bytes(const struct cache *cache) { return cache->bytes; }

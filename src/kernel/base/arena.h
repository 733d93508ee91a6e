/* An arena gives memory that is dropped all at once: one a request. Nothing taken from it is
 * freed alone. An arena keeps its first block when it is reset, so a loop that reuses its arenas
 * asks the heap for nothing. */
#ifndef KERNEL_BASE_ARENA_H
#define KERNEL_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *block; /* the newest block */
    size_t used;               /* bytes taken from it */
    size_t total;              /* bytes of all blocks */
    size_t total_max;          /* asserting bound; 0 means LIMIT_ARENA_BYTES */
};

/* Zeroed memory for SIZE bytes, aligned for any type. Never NULL: a request that passes its
 * bound is a bug or an attack that a limit in front of it failed to stop, and stops the process
 * by assert. */
void *arena_take(struct arena *arena, size_t size);
#define arena_new(arena, type, count) ((type *)arena_take((arena), sizeof(type) * (size_t)(count)))

/* The same, not zeroed: for bytes that the caller overwrites at once. */
void *arena_take_raw(struct arena *arena, size_t size);

/* Makes the piece of FROM bytes at TAKEN one of TO bytes where it lies. False, and nothing
 * happened, when something was taken after it or its block has no more room. */
bool arena_extend(struct arena *arena, const void *taken, size_t from, size_t to);

/* What is taken from here on can be dropped alone: by arena_rewind, which leaves all as it is when
 * the arena was reset in between. A piece that lay there before and grew (arena_extend) must not be
 * used after it. */
struct arena_mark {
    const struct arena_block *block;
    size_t used;
};
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* Drops all but the first block, ready for the next request. */
void arena_reset(struct arena *arena);

/* Gives everything back to the heap. */
void arena_free(struct arena *arena);

#endif

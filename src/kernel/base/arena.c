#include "kernel/base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base/limits.h"

enum { BLOCK_BYTES = 16 * 1024, ALIGNMENT = 16 };

struct arena_block {
    struct arena_block *older;
    size_t size;
    _Alignas(ALIGNMENT) unsigned char data[];
};

static void add_block(struct arena *arena, size_t size) {
    size_t total_max = arena->total_max ? arena->total_max : LIMIT_ARENA_BYTES;
    size_t wanted = size > BLOCK_BYTES ? size : BLOCK_BYTES;
    assert(arena->total + wanted <= total_max + BLOCK_BYTES);
    struct arena_block *block = malloc(sizeof(*block) + wanted);
    assert(block);
    block->older = arena->block;
    block->size = wanted;
    arena->block = block;
    arena->used = 0;
    arena->total += wanted;
}

static size_t round_up(size_t size) {
    assert(size <= SIZE_MAX / 2);
    return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

void *arena_take_raw(struct arena *arena, size_t size) {
    size_t rounded = round_up(size);
    if (!arena->block || arena->block->size - arena->used < rounded) add_block(arena, rounded);
    void *taken = arena->block->data + arena->used;
    arena->used += rounded;
    return taken;
}

void *arena_take(struct arena *arena, size_t size) {
    void *taken = arena_take_raw(arena, size);
    return memset(taken, 0, size);
}

bool arena_extend(struct arena *arena, const void *taken, size_t from, size_t to) {
    assert(from <= to);
    struct arena_block *block = arena->block;
    if (!block || (const unsigned char *)taken + round_up(from) != block->data + arena->used)
        return false;
    size_t start = arena->used - round_up(from);
    if (block->size - start < round_up(to)) return false;
    arena->used = start + round_up(to);
    return true;
}

struct arena_mark arena_mark(const struct arena *arena) {
    return (struct arena_mark){arena->block, arena->used};
}

void arena_rewind(struct arena *arena, struct arena_mark mark) {
    const struct arena_block *found = arena->block;
    while (found && found != mark.block) found = found->older;
    if (found != mark.block) return;
    while (arena->block != mark.block) {
        struct arena_block *block = arena->block;
        arena->block = block->older;
        arena->total -= block->size;
        free(block);
    }
    arena->used = mark.used;
}

void arena_reset(struct arena *arena) {
    while (arena->block && (arena->block->older || arena->block->size > BLOCK_BYTES)) {
        struct arena_block *block = arena->block;
        arena->block = block->older;
        arena->total -= block->size;
        free(block);
    }
    arena->used = 0;
}

void arena_free(struct arena *arena) {
    while (arena->block) {
        struct arena_block *block = arena->block;
        arena->block = block->older;
        free(block);
    }
    *arena = (struct arena){.total_max = arena->total_max};
}

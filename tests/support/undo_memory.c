#include "support/undo_memory.h"

#ifdef __SANITIZE_ADDRESS__

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* The piece is what src/kernel/db/sqlite.c lets a statement's undo grow to, and a head. */
enum { PIECE_BYTES = 1024 * 1024, PIECE_HEAD_BYTES = 64 };

static struct {
    sqlite3_mem_methods real;
    _Atomic(void *) kept;
} memory;

static bool is_piece(int bytes) {
    return bytes >= PIECE_BYTES && bytes <= PIECE_BYTES + PIECE_HEAD_BYTES;
}

static void *take(int bytes) {
    void *kept = is_piece(bytes) ? atomic_exchange(&memory.kept, NULL) : NULL;
    if (kept && memory.real.xSize(kept) >= bytes) return kept;
    if (kept) memory.real.xFree(kept);
    return memory.real.xMalloc(bytes);
}

static void give(void *bytes) {
    if (is_piece(memory.real.xSize(bytes))) bytes = atomic_exchange(&memory.kept, bytes);
    if (bytes) memory.real.xFree(bytes);
}

void undo_memory_keep(void) {
    static bool is_kept;
    if (is_kept) return;
    is_kept = true;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.real);
    sqlite3_mem_methods methods = memory.real;
    methods.xMalloc = take;
    methods.xFree = give;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

#else

void undo_memory_keep(void) {}

#endif

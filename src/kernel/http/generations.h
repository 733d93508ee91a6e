/* What makes a cached reply stale: a table of counters. A reply remembers the counter of what it
 * shows, read before its data was; a change counts it up after its commit. Two ids that share a
 * counter only cost a needless miss. */
#ifndef KERNEL_HTTP_GENERATIONS_H
#define KERNEL_HTTP_GENERATIONS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { GENERATION_SLOTS = 4096 };

struct generations {
    _Atomic uint64_t slots[GENERATION_SLOTS];
};

/* Id 0, which stands for every list, has slot 0 for itself. */
static inline size_t generation_slot(int64_t id) {
    if (id == 0) return 0;
    uint64_t mixed = (uint64_t)id * UINT64_C(0x9E3779B97F4A7C15);
    return 1 + (size_t)(mixed >> 32) % (GENERATION_SLOTS - 1);
}

static inline uint64_t generation_read(const struct generations *generations, size_t slot) {
    return atomic_load_explicit(&generations->slots[slot], memory_order_acquire);
}

static inline void generation_pass(struct generations *generations, size_t slot) {
    atomic_fetch_add_explicit(&generations->slots[slot], 1, memory_order_acq_rel);
}

#endif

/* Ids are 64-bit, made by the application: 41 bits of milliseconds since 2024-01-01Z, 10 bits of
 * a leased node number, 12 bits of sequence. They grow with time, are positive, and never come
 * from the database. */
#ifndef KERNEL_BASE_IDS_H
#define KERNEL_BASE_IDS_H

#include <stdatomic.h>
#include <stdint.h>

#include "kernel/base/instant.h"

#define IDS_EPOCH_MS INT64_C(1704067200000)
enum { IDS_NODE_MAX = 1023 };

struct ids {
    _Atomic uint64_t last; /* milliseconds << 12 | sequence of the newest id */
    uint32_t node;
};

/* A fresh id; safe from any thread. When more than 4096 are asked for in one millisecond, or the
 * clock stands or goes back, the ids run ahead of the clock instead of repeating. */
int64_t ids_next(struct ids *ids, struct instant now);

/* The lowest id that may be made at AT: ids are in the order of time, so a time is a bound of a
 * key.
 */
int64_t ids_floor(struct instant at);

/* When the id was made (its own word, for people reading logs; never a source of truth). */
struct instant ids_instant(int64_t id);
/* The least id that can be made at AT: with it a list by id may begin or end at a day. */
int64_t ids_first(struct instant at);

#endif

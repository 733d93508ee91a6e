#include "kernel/base/ids.h"

#include <assert.h>

int64_t ids_next(struct ids *ids, struct instant now) {
    assert(ids->node <= IDS_NODE_MAX);
    uint64_t ms = now.ms > IDS_EPOCH_MS ? (uint64_t)(now.ms - IDS_EPOCH_MS) : 0;
    uint64_t last = atomic_load(&ids->last), next;
    do next = (ms << 12) > last ? ms << 12 : last + 1;
    while (!atomic_compare_exchange_weak(&ids->last, &last, next));
    assert(next >> 12 < UINT64_C(1) << 41);
    return (int64_t)((next >> 12) << 22 | (uint64_t)ids->node << 12 | (next & 0xFFF));
}

int64_t ids_floor(struct instant at) {
    int64_t ms = at.ms - IDS_EPOCH_MS;
    if (ms < 0) return 0;
    return ms >= INT64_C(1) << 41 ? INT64_MAX : ms << 22;
}

struct instant ids_instant(int64_t id) {
    return (struct instant){(id >> 22) + IDS_EPOCH_MS};
}

int64_t ids_first(struct instant at) {
    int64_t ms = at.ms > IDS_EPOCH_MS ? at.ms - IDS_EPOCH_MS : 0;
    return ms < INT64_C(1) << 41 ? ms << 22 : INT64_MAX;
}

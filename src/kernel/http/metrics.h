/* Counters of one loop, written by its thread alone and read by whoever renders /metrics. */
#ifndef KERNEL_HTTP_METRICS_H
#define KERNEL_HTTP_METRICS_H

#include <stdatomic.h>

#include "kernel/http/road.h"

enum { METRIC_BUCKETS = 10, METRIC_STATUSES = 24 };

struct route_metrics {
    _Atomic uint64_t statuses[METRIC_STATUSES];
    _Atomic uint64_t buckets[METRIC_BUCKETS + 1]; /* the last: slower than all bounds */
    _Atomic uint64_t sum_us;
};

/* Requests that reached no route of the tables. */
enum metrics_kind { METRIC_PAGES, METRIC_SYSTEM, METRIC_UNKNOWN, METRIC_MALFORMED, METRIC_KINDS };

struct metrics {
    size_t route_count;
    struct route_metrics *routes; /* the tables' routes, then METRIC_KINDS more */
    _Atomic uint64_t connections; /* open now */
    _Atomic uint64_t cache_hits;
    _Atomic uint64_t cache_misses;
    _Atomic uint64_t cache_bytes;
    _Atomic uint64_t cut; /* connections closed because a head, a body or a reader was too slow */
};

void metrics_make(struct metrics *metrics, size_t route_count);
void metrics_free(struct metrics *metrics);
/* ROUTE is a route's number, or route_count + a metrics_kind. */
void metrics_count(struct metrics *metrics, size_t route, int status, int64_t us);

static inline void metrics_add(_Atomic uint64_t *counter, uint64_t by) {
    /* One thread writes each counter, so a plain add is enough and costs no lock. */
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + by,
                          memory_order_relaxed);
}

struct metrics_view {
    const struct router *router;
    const struct metrics *const *loops;
    size_t loop_count;
    uint64_t streams;
    uint64_t slow_waiting;
    struct store_counts store;
    bool store_is_healthy;
};
/* Prometheus' text format. */
void metrics_write(struct buffer *buffer, const struct metrics_view *view);
const char *metrics_kind_name(enum metrics_kind kind);

#endif

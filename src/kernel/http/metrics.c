#include "kernel/http/metrics.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const int statuses[METRIC_STATUSES] = {200, 201, 202, 204, 304, 400, 401, 403, 404, 405,
                                              409, 413, 415, 422, 429, 431, 500, 503, 507, 0};
static const int64_t bounds_us[METRIC_BUCKETS] = {100,   300,    1000,   3000,    10000,
                                                  30000, 100000, 300000, 1000000, 3000000};

void metrics_make(struct metrics *metrics, size_t route_count) {
    *metrics = (struct metrics){.route_count = route_count};
    metrics->routes = calloc(route_count + METRIC_KINDS, sizeof(*metrics->routes));
    assert(metrics->routes);
}

void metrics_free(struct metrics *metrics) { free(metrics->routes); }

const char *metrics_kind_name(enum metrics_kind kind) {
    static const char *const names[METRIC_KINDS] = {[METRIC_PAGES] = "pages",
                                                    [METRIC_SYSTEM] = "system",
                                                    [METRIC_UNKNOWN] = "unknown",
                                                    [METRIC_MALFORMED] = "malformed"};
    return names[kind];
}

void metrics_count(struct metrics *metrics, size_t route, int status, int64_t us) {
    struct route_metrics *counted = &metrics->routes[route];
    size_t at = 0;
    while (statuses[at] && statuses[at] != status) at++;
    metrics_add(&counted->statuses[at], 1);
    size_t bucket = 0;
    while (bucket < METRIC_BUCKETS && us > bounds_us[bucket]) bucket++;
    metrics_add(&counted->buckets[bucket], 1);
    metrics_add(&counted->sum_us, us > 0 ? (uint64_t)us : 0);
}

static uint64_t total(const struct metrics_view *view, size_t offset) {
    uint64_t sum = 0;
    for (size_t i = 0; i < view->loop_count; i++)
        sum += atomic_load_explicit(
            (const _Atomic uint64_t *)(const void *)((const char *)view->loops[i] + offset),
            memory_order_relaxed);
    return sum;
}

static uint64_t route_total(const struct metrics_view *view, size_t route, size_t offset) {
    uint64_t sum = 0;
    for (size_t i = 0; i < view->loop_count; i++)
        sum += atomic_load_explicit(
            (const _Atomic uint64_t *)(const void *)((const char *)&view->loops[i]->routes[route] +
                                                     offset),
            memory_order_relaxed);
    return sum;
}

static void write_labels(struct buffer *buffer, const struct metrics_view *view, size_t route) {
    size_t count = router_count(view->router);
    if (route < count) {
        const struct route *known = router_at(view->router, route)->route;
        buffer_add_format(buffer, "method=\"%s\",route=\"%s\"", router_method_name(known->method),
                          known->address);
    } else {
        buffer_add_format(buffer, "method=\"\",route=\"%s\"",
                          metrics_kind_name((enum metrics_kind)(route - count)));
    }
}

static void write_requests(struct buffer *buffer, const struct metrics_view *view) {
    buffer_add_literal(buffer, "# HELP xiangji_http_requests_total Requests by route and status.\n"
                               "# TYPE xiangji_http_requests_total counter\n");
    for (size_t route = 0; route < router_count(view->router) + METRIC_KINDS; route++)
        for (size_t i = 0; i < METRIC_STATUSES; i++) {
            size_t offset = offsetof(struct route_metrics, statuses) + i * sizeof(uint64_t);
            uint64_t count = route_total(view, route, offset);
            if (count == 0) continue;
            buffer_add_literal(buffer, "xiangji_http_requests_total{");
            write_labels(buffer, view, route);
            if (statuses[i])
                buffer_add_format(buffer, ",status=\"%d\"} %" PRIu64 "\n", statuses[i], count);
            else
                buffer_add_format(buffer, ",status=\"other\"} %" PRIu64 "\n", count);
        }
}

static void write_histogram(struct buffer *buffer, const struct metrics_view *view, size_t route) {
    uint64_t counts[METRIC_BUCKETS + 1];
    uint64_t all = 0;
    for (size_t i = 0; i <= METRIC_BUCKETS; i++) {
        counts[i] = route_total(view, route,
                                offsetof(struct route_metrics, buckets) + i * sizeof(uint64_t));
        all += counts[i];
    }
    if (all == 0) return;
    uint64_t up_to = 0;
    for (size_t i = 0; i <= METRIC_BUCKETS; i++) {
        up_to += counts[i];
        buffer_add_literal(buffer, "xiangji_http_request_seconds_bucket{");
        write_labels(buffer, view, route);
        if (i < METRIC_BUCKETS)
            buffer_add_format(buffer, ",le=\"%g\"} %" PRIu64 "\n", (double)bounds_us[i] / 1e6,
                              up_to);
        else
            buffer_add_format(buffer, ",le=\"+Inf\"} %" PRIu64 "\n", up_to);
    }
    uint64_t sum_us = route_total(view, route, offsetof(struct route_metrics, sum_us));
    buffer_add_literal(buffer, "xiangji_http_request_seconds_sum{");
    write_labels(buffer, view, route);
    buffer_add_format(buffer, "} %.6f\nxiangji_http_request_seconds_count{", (double)sum_us / 1e6);
    write_labels(buffer, view, route);
    buffer_add_format(buffer, "} %" PRIu64 "\n", all);
}

static void write_value(struct buffer *buffer, const char *name, const char *type, const char *help,
                        uint64_t value) {
    buffer_add_format(buffer, "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", name, help, name,
                      type, name, value);
}

static uint64_t resident_bytes(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    if (fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
    fclose(file);
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void write_store(struct buffer *buffer, const struct metrics_view *view) {
    const struct store_counts *store = &view->store;
    write_value(buffer, "xiangji_store_commits_total", "counter", "Transactions kept.",
                (uint64_t)store->commits);
    write_value(buffer, "xiangji_store_rollbacks_total", "counter", "Transactions undone.",
                (uint64_t)store->rollbacks);
    write_value(buffer, "xiangji_store_retries_total", "counter", "Transactions run again.",
                (uint64_t)store->retries);
    write_value(buffer, "xiangji_store_statements_total", "counter", "Statements run.",
                (uint64_t)store->statements);
    write_value(buffer, "xiangji_store_batches_total", "counter", "Group commits.",
                (uint64_t)store->batches);
    write_value(buffer, "xiangji_store_queue", "gauge", "Transactions waiting.",
                (uint64_t)store->queue_length);
    write_value(buffer, "xiangji_store_healthy", "gauge",
                "1 while writes can be expected to succeed.", view->store_is_healthy);
}

void metrics_write(struct buffer *buffer, const struct metrics_view *view) {
    write_requests(buffer, view);
    buffer_add_literal(buffer,
                       "# HELP xiangji_http_request_seconds From the request line to the reply.\n"
                       "# TYPE xiangji_http_request_seconds histogram\n");
    for (size_t route = 0; route < router_count(view->router) + METRIC_KINDS; route++)
        write_histogram(buffer, view, route);
    write_value(buffer, "xiangji_http_connections", "gauge", "Open connections.",
                total(view, offsetof(struct metrics, connections)));
    write_value(buffer, "xiangji_http_streams", "gauge", "Open event streams.", view->streams);
    write_value(buffer, "xiangji_http_cut_total", "counter", "Connections cut for slowness.",
                total(view, offsetof(struct metrics, cut)));
    write_value(buffer, "xiangji_http_cache_hits_total", "counter", "Replies from memory.",
                total(view, offsetof(struct metrics, cache_hits)));
    write_value(buffer, "xiangji_http_cache_misses_total", "counter",
                "Cached routes that had to be read.",
                total(view, offsetof(struct metrics, cache_misses)));
    write_value(buffer, "xiangji_http_cache_bytes", "gauge", "Bytes of the kept replies.",
                total(view, offsetof(struct metrics, cache_bytes)));
    write_value(buffer, "xiangji_slow_queue", "gauge", "Requests waiting for slow work.",
                view->slow_waiting);
    write_store(buffer, view);
    write_value(buffer, "process_resident_memory_bytes", "gauge", "Resident memory.",
                resident_bytes());
}

/* Inside kernel/http: how the server is started with other bounds than the house's, and what its
 * parts know of it. */
#ifndef KERNEL_HTTP_SERVER_H
#define KERNEL_HTTP_SERVER_H

#include "kernel/http/road.h"

struct server_settings {
    const struct room *const *rooms;
    size_t room_count;
    int64_t head_ms; /* for a request head to arrive */
    int64_t body_ms; /* for a body */
    int64_t raw_ms;  /* for a body of bytes, which may be a picture */
    int64_t idle_ms; /* of a kept connection between requests, and of a reader that takes nothing */
    int64_t reply_ms;       /* for a whole reply to be taken */
    int64_t stop_ms;        /* for what is under way when the server stops */
    int64_t stream_wake_ms; /* between two signs of life on an event stream */
    int64_t
        stream_ms; /* a stream's life: then the client opens another and shows its session again */
    int64_t cached_ms;             /* a cached reply's life */
    unsigned connection_count_max; /* of one loop */
    size_t stream_count_max;       /* of one loop */
    bool quiet;                    /* no line in the log for each request */
};

/* The house's bounds (kernel/base/limits.h) and all rooms. */
struct server_settings server_defaults(const struct app *app);
bool server_start_with(const struct app *app, const struct server_settings *settings,
                       struct text *ret_error, struct server **ret_server);

const struct road *server_road(const struct server *server);

#endif

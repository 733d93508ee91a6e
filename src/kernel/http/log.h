/* The log: one JSON object a line on stderr. It holds no personal data: the route's address instead
 * of the path, no query, no ids of people, no addresses of clients. */
#ifndef KERNEL_HTTP_LOG_H
#define KERNEL_HTTP_LOG_H

#include "kernel/base/instant.h"

/* Lines are collected by each loop and written by one thread, so that a slow terminal stalls
 * nobody; what does not fit its bounded buffer is dropped and counted. */
struct log;
struct log *log_start(void);
void log_stop(struct log *log); /* writes the rest; NULL is fine */

struct log_batch {
    size_t length;
    char bytes[16 * 1024];
};

struct log_request {
    struct instant at;
    const char *method;
    const char *route; /* "/api/goods/{id}", "pages" */
    int status;
    int64_t us;
    uint64_t number;  /* of the request on this server */
    const char *code; /* of the problem; NULL when there was none */
};
void log_add(struct log_batch *batch, const struct log_request *request);
/* Hands the batch to the writing thread and empties it. LOG NULL: drops it. */
void log_flush(struct log *log, struct log_batch *batch);

/* One line at once, from any thread: events of the process, faults. ABOUT holds no personal data.
 */
void log_say(const char *level, const char *event, struct text about);

#endif

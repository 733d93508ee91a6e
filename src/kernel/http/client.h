/* Outgoing HTTP, for gateways in jobs only: blocking, bounded in time and size, no redirects,
 * libcurl inside. */
#ifndef KERNEL_HTTP_CLIENT_H
#define KERNEL_HTTP_CLIENT_H

#include "kernel/base/text.h"

struct client_call {
    const char *method;
    const char *url;
    const char *const *headers; /* "Name: value", NULL-ended; may be NULL */
    struct text body;
    long timeout_ms; /* 0: 10 s */
};

/* False when no whole answer came. The answer's body lives in ARENA. */
bool client_perform(struct arena *arena, const struct client_call *call, int *ret_status,
                    struct text *ret_body);

#endif

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
    long timeout_ms;         /* 0: 10 s */
    size_t answer_bytes_max; /* 0: LIMIT_BODY_BYTES; a longer answer is none */
    /* Signs the call as AWS Signature Version 4 for the service s3; NULL: does not. */
    const char *s3_region;
    const char *s3_key_id;
    const char *s3_secret;
};

/* False when no whole answer came. The answer's body lives in ARENA. */
bool client_perform(struct arena *arena, const struct client_call *call, int *ret_status,
                    struct text *ret_body);

#endif

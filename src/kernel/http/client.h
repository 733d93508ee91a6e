/* Outgoing HTTP, in jobs only: blocking, bounded in time and size, no redirects, libcurl inside. */
#ifndef KERNEL_HTTP_CLIENT_H
#define KERNEL_HTTP_CLIENT_H

#include "kernel/base/text.h"

struct sockaddr;

/* Whom a call may reach. The address that a connection is really opened to is looked at, so a name
 * that answers with another address the second time gains nothing. */
enum client_reach {
    CLIENT_ANYWHERE, /* gateways that the settings name */
    CLIENT_PUBLIC,   /* addresses of the public internet alone, and HTTPS alone: what a person wrote
                      */
    CLIENT_LOOPBACK  /* the same, and this machine itself, also by plain HTTP: demo and tests */
};

struct client_call {
    const char *method;
    const char *url;
    const char *const *headers; /* "Name: value", NULL-ended; may be NULL */
    struct text body;
    long timeout_ms;         /* 0: 10 s */
    size_t answer_bytes_max; /* 0: LIMIT_BODY_BYTES; a longer answer is none */
    size_t kept_bytes; /* > 0: so much of the answer's body is read and no more, and that is fine */
    enum client_reach reach;
    const char *resolved; /* "host:port:address" in place of a look-up: tests; else NULL */
    /* Signs the call as AWS Signature Version 4 for the service s3; NULL: does not. */
    const char *s3_region;
    const char *s3_key_id;
    const char *s3_secret;
};

struct client_answer {
    int status;
    struct text body;    /* in the arena of the call */
    const char *trouble; /* one word of why there is no whole answer, else NULL: "address" (it may
                            not be reached), "name", "connection", "tls", "time", "other" */
};

void client_ask(struct arena *arena, const struct client_call *call,
                struct client_answer *ret_answer);

/* The same for who only wants to know whether a whole answer came; else false. */
bool client_perform(struct arena *arena, const struct client_call *call, int *ret_status,
                    struct text *ret_body);

/* True when URL may be asked for under REACH as far as can be told without looking its name up:
 * its scheme, no user, no fragment, and no address in it that may not be reached. */
bool client_may_ask(const char *url, enum client_reach reach);
/* Not this machine, not a private, shared, link-local, documentation, multicast or reserved
 * network, nor an IPv6 form that carries such an IPv4 address. */
bool client_is_public(const struct sockaddr *address);

#endif

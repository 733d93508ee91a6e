/* A small proxy that breaks connections on purpose: between a client and the server, or the server
 * and PostgreSQL. Each connection, open already or new, meets a fault that is set by a coin. */
#ifndef TESTS_SUPPORT_PROXY_H
#define TESTS_SUPPORT_PROXY_H

#include <stdbool.h>

#define PROXY_FAULTS(X)                                                                            \
    X(PROXY_NONE, "none")                                                                          \
    X(PROXY_LATENCY, "each piece comes 20 ms late")                                                \
    X(PROXY_TRICKLE, "a few bytes at a time")                                                      \
    X(PROXY_REFUSE, "closed as soon as it is open")                                                \
    X(PROXY_RESET_REQUEST, "reset in the middle of what is asked")                                 \
    X(PROXY_RESET_REPLY, "reset when the answer begins")                                           \
    X(PROXY_CUT_REPLY, "closed in the middle of the answer")                                       \
    X(PROXY_HALF_OPEN, "silent after what was asked, until the fault is over")
enum proxy_fault {
#define X(name, words) name,
    PROXY_FAULTS(X)
#undef X
        PROXY_FAULT_COUNT
};
const char *proxy_fault_words(enum proxy_fault fault);

/* An address is a TCP port on 127.0.0.1, or the path of a unix socket. */
struct proxy_address {
    int port;
    const char *path; /* NULL: the port counts */
};

struct proxy;
/* Listens at HERE (port 0 picks one) and connects to THERE. */
struct proxy *proxy_start(struct proxy_address here, struct proxy_address there);
int proxy_port(const struct proxy *proxy);
/* From now on; NONE ends the connections that a fault has silenced. */
void proxy_set(struct proxy *proxy, enum proxy_fault fault);
/* How many connections were broken on purpose. */
int proxy_broken_count(const struct proxy *proxy);
void proxy_stop(struct proxy *proxy);

#endif

/* What a payment provider must be able to do for us. A gateway talks to the outside only from
 * jobs (never inside a transaction), and what it hears back is believed only after its signature
 * was checked. The money is with the provider, never with us. */
#ifndef MARKET_PAY_GATEWAY_H
#define MARKET_PAY_GATEWAY_H

#include "kernel/http/route.h"

struct gateway_order {
    int64_t payment_id; /* our number at the provider: asking twice with the same number is one
                           payment there */
    struct fen amount;
    struct text title;
    struct text return_url; /* where the buyer's browser goes afterwards */
};

struct gateway_refund {
    int64_t refund_id; /* our number: asking twice is one refund */
    int64_t payment_id;
    struct fen amount;
};

enum gateway_event { GATEWAY_PAID, GATEWAY_FAILED };

struct gateway_notice {
    struct text event_id; /* the provider's number of the event */
    int64_t payment_id;
    enum gateway_event event;
    struct fen amount;
};

struct gateway {
    const char *name;
    /* Opens a payment there; *ret_url is the cashier's page. False: not reached or refused, to
     * be tried again. */
    bool (*prepare)(struct request *q, const struct gateway_order *order, struct text *ret_url);
    /* Gives money back; true when the provider has taken it on. */
    bool (*refund)(struct request *q, const struct gateway_refund *refund);
    /* Checks signature, age and merchant of a callback and reads it. A refusal changes nothing
     * and is logged by the caller. */
    refusal (*read_notice)(struct request *q, struct gateway_notice *ret_notice);
    /* Names of the headers that read_notice needs, NULL-ended. */
    const char *const *notice_headers;
};

/* The sandbox's protocol, spoken by tests/doubles/cashier.c: JSON over HTTP, each message signed
 * with HMAC-SHA-256 over "milliseconds.body" in the header Sandbox-Signature:
 * t=milliseconds,v1=hex. */
extern const struct gateway gateway_sandbox;

#endif

/* A request head, read more strictly than the library does: what a proxy in front could have read
 * in another way is refused. Inside kernel/http only; it knows nothing of the library, so a fuzzer
 * can drive it. */
#ifndef KERNEL_HTTP_HEAD_H
#define KERNEL_HTTP_HEAD_H

#include "kernel/shape/shape.h"

enum { HEAD_COUNT_MAX = 64 };

struct head {
    size_t count;
    struct shape_pair pairs[HEAD_COUNT_MAX];
    bool broken;
    bool is_old; /* HTTP/1.0 */
    bool chunked;
    int64_t content_length; /* -1: none was sent */
    const char *next;       /* where the next header's name must begin */
    size_t host_count;
    size_t length_count;
    size_t encoding_count;
    /* those that the server itself reads; empty when they were not sent */
    struct text host;
    struct text cookie;
    struct text authorization;
    struct text origin;
    struct text fetch_site;
    struct text content_type;
    struct text idempotency_key;
    struct text if_none_match;
    struct text accept_encoding;
    struct text accept_language;
    struct text forwarded_for;
};

/* The request line as the library left it in its buffer. METHOD, TARGET and VERSION must lie one
 * byte apart, as between single spaces; the first header begins behind the line's CR LF. */
void head_begin(struct head *head, const char *method, const char *target, size_t target_length,
                const char *version);
/* One header. NAME and VALUE point into the same buffer: a folded line, a bare LF, a NUL or a space
 * before the colon leave a gap between one header and the next, and the head is broken. */
void head_add(struct head *head, struct text name, struct text value);
/* After the last header, with the END of the head. False when the head must be answered by 400 and
 * the connection closed: broken, no Host or several, two lengths, a length beside a transfer
 * encoding, an encoding other than "chunked". */
bool head_end(struct head *head, const char *end);

/* The cookie's value; empty when it is not there. */
struct text head_cookie(const struct head *head, const char *name);
/* The token of "Authorization: Bearer TOKEN". */
struct text head_bearer(const struct head *head);
bool head_accepts_gzip(const struct head *head);

#endif

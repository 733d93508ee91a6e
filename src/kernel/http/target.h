/* A request target ("/api/goods?q=x"), read strictly: what is unclear is refused, because a proxy
 * in front might have read it otherwise. Inside kernel/http only. */
#ifndef KERNEL_HTTP_TARGET_H
#define KERNEL_HTTP_TARGET_H

#include "kernel/base/limits.h"
#include "kernel/shape/shape.h"

enum { TARGET_SEGMENTS_MAX = 12 };

struct target {
    struct text path; /* as it was sent, without the query */
    size_t segment_count;
    struct text segments[TARGET_SEGMENTS_MAX]; /* decoded: "api", "goods" */
    size_t pair_count;
    struct shape_pair pairs[LIMIT_QUERY_PAIRS]; /* decoded */
};

/* False when RAW is not an absolute path with an optional query, is longer than LIMIT_PATH_BYTES,
 * holds a control character, a broken percent-encoding, what is not UTF-8, a NUL, an encoded slash,
 * a segment "." or "..", or too many parts. What was decoded lives in ARENA, the rest points into
 * RAW. */
bool target_read(struct arena *arena, struct text raw, struct target *ret_target);

/* An Accept-Language header asks for English rather than Chinese. Without one, or with neither:
 * Chinese. */
bool target_wants_english(struct text accept_language);

#endif

/* A moment: milliseconds since 1970-01-01T00:00:00Z. Inside and in SQL it is the number, outside
 * it is RFC 3339 text. */
#ifndef KERNEL_BASE_INSTANT_H
#define KERNEL_BASE_INSTANT_H

#include "kernel/base/text.h"

struct instant {
    int64_t ms;
};

/* 9999-12-31T23:59:59.999Z, the last moment that RFC 3339 can say. */
#define INSTANT_MS_MAX INT64_C(253402300799999)

enum {
    SECOND_MS = 1000,
    MINUTE_MS = 60 * SECOND_MS,
    HOUR_MS = 60 * MINUTE_MS,
    DAY_MS = 24 * HOUR_MS
};

static inline struct instant instant_after(struct instant from, int64_t ms) {
    return (struct instant){from.ms + ms};
}

/* "2026-11-23T08:15:30.000Z" (RFC 3339 section 5.6), into the buffer. */
void instant_write(struct buffer *buffer, struct instant at);

/* Any RFC 3339 date-time with Z or a numeric offset and up to nine fraction digits (the rest
 * below ms is cut). */
bool instant_read(struct text text, struct instant *ret_at);

/* The calendar day in China Standard Time (UTC+8, no daylight saving) as 20261123. */
int64_t instant_day_cst(struct instant at);

#endif

/* Wrong input made from the shapes of the house: every field of a body or query broken in one way,
 * with the names that the one answer must tell. */
#ifndef TESTS_SUPPORT_WRONG_H
#define TESTS_SUPPORT_WRONG_H

#include "support/house.h"

enum wrong_way {
    WRONG_EMPTY,   /* nothing is given: what is required is missing */
    WRONG_UNKNOWN, /* a field that nobody knows, and nothing else */
    WRONG_TYPES,   /* every value is of another type */
    WRONG_BOUNDS,  /* every value is too long, too many, out of range or none of its choices */
    WRONG_WAYS
};

struct wrong {
    struct text words;     /* the body, or the query without its "?" */
    size_t name_count;     /* 0: there is nothing to break in this way */
    const char *names[64]; /* what must be named: "lines[0].sku_id" */
};

void wrong_body(struct arena *arena, const struct shape *shape, enum wrong_way way,
                struct wrong *ret_wrong);
/* A query knows no types: WRONG_TYPES is as WRONG_BOUNDS. */
void wrong_query(struct arena *arena, const struct shape *shape, enum wrong_way way,
                 struct wrong *ret_wrong);

/* Fails the test unless REPLY is bad_input and names everything. */
void wrong_check(const struct wrong *wrong, const char *what, const struct house_reply *reply);

#endif

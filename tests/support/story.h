/* One of everything: a story that takes every route of the house at least once with success. Who
 * wants to look at the replies (their schemas, their statements, what they change) gives `seen`. */
#ifndef TESTS_SUPPORT_STORY_H
#define TESTS_SUPPORT_STORY_H

#include "support/cast.h"

struct story {
    struct cast cast;
    struct cast_person buyer;
    struct cast_person keeper;
    struct cast_person manager; /* an operator */
    struct cast_person auditor;
    struct cast_person county; /* reviews for the county of home */
    /* Hears of each step: KEY is "METHOD ADDRESS", where a route is taken in more than one way with
     * " # " and the way behind it. Steps that only prepare others are not told. */
    void (*seen)(struct story *story, const char *key, const struct route *route,
                 const struct house_reply *reply);
    /* Hears of each step before it, but for the notices of the provider. NULL: nobody asks. */
    void (*about_to)(struct story *story, const struct route *route);
    void *context;

    /* the story's own */
    int size;
    int64_t skus[96]; /* of the goods that story_grow made */
    size_t sku_count;
    int64_t goods_id; /* the last one of them */
    int64_t category_id;
    int64_t seller_id;
    struct text evidence; /* uploaded by the buyer, for cases */
};

/* Opens a market with its persons and makes every list of theirs SIZE times as long as the
 * shortest: 1 to 10. */
void story_open(struct house *house, int size, struct story *ret_story);
/* Takes every route. Every reply is a success. */
void story_tell(struct story *story);

/* The same, one step: ROUTE is the key. Fails the test when the house has no such route, or the
 * reply is no success. */
struct house_reply story_step(struct story *story, struct text token, const char *route,
                              const char *target, const char *body);
/* The route of METHOD and ADDRESS as they stand in front of KEY; NULL when the house has none. */
const struct route *story_route(const char *key);

/* A goods with SKUS SKUs goes through its review and on sale: its id. The steps are told. */
int64_t story_listing(struct story *story, size_t skus);

/* An order of COUNT lines of one piece each, of the first SKUs from FIRST on: its id. The step is
 * told when ROUTE is not NULL. */
struct text story_order(struct story *story, const char *route, size_t first, size_t count);
/* The order is paid by a notice of the provider; the payment's id. */
struct text story_pay(struct story *story, struct text order_id, const char *route);

#endif

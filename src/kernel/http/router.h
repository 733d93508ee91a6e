/* The router: a tree of path segments made from the rooms' route tables at start. Inside
 * kernel/http only. */
#ifndef KERNEL_HTTP_ROUTER_H
#define KERNEL_HTTP_ROUTER_H

#include "kernel/http/route.h"
#include "kernel/http/target.h"

enum { ROUTER_NAMES_MAX = 4, METHOD_COUNT = DELETE + 1 };

/* One route with the names that its braces hold. */
struct router_entry {
    const struct route *route;
    size_t number; /* in the order of rooms.def: what the metrics count by */
    size_t name_count;
    struct text names[ROUTER_NAMES_MAX];
};

struct router;

/* Reads all tables; aborts with a sentence on stderr when one is badly written (two routes at one
 * address, braces that are no field of the path's shape, an input without a bound). The router
 * lives in ARENA. */
const struct router *router_make(struct arena *arena, const struct room *const *rooms,
                                 size_t room_count);
size_t router_count(const struct router *router);
const struct router_entry *router_at(const struct router *router, size_t number);

/* What stands at the address: the entry of the method, or NULL with the methods that do. */
struct router_match {
    const struct router_entry *entry;
    struct text values[ROUTER_NAMES_MAX];
    bool allowed[METHOD_COUNT];
};
/* False when no route has this address at all. */
bool router_find(const struct router *router, enum method method, const struct target *target,
                 struct router_match *ret_match);

/* "GET" */
const char *router_method_name(enum method method);

#endif

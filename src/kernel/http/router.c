#include "kernel/http/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base/arena.h"
#include "kernel/base/limits.h"

/* One segment of an address: a word, or braces that take anything. */
struct router_node {
    struct text word;
    struct router_node *child;    /* the first word below */
    struct router_node *sibling;  /* the next word beside */
    struct router_node *anything; /* the braces below */
    const struct router_entry *entries[METHOD_COUNT];
};

struct router {
    struct router_node root;
    struct router_entry *entries;
    size_t entry_count;
};

const char *router_method_name(enum method method) {
    static const char *const names[METHOD_COUNT] = {
        [GET] = "GET", [POST] = "POST", [PUT] = "PUT", [DELETE] = "DELETE"};
    return names[method];
}

/* A table that is badly written is a bug of ours that no request could get round: the program does
 * not start. */
static _Noreturn void refuse_table(const struct route *route, const char *why) {
    fprintf(stderr, "route %s %s: %s\n", router_method_name(route->method), route->address, why);
    abort();
}

static const struct shape_field *field_of(const struct shape *shape, struct text name) {
    for (size_t i = 0; shape && i < shape->field_count; i++)
        if (text_is(name, shape->fields[i].name)) return &shape->fields[i];
    return NULL;
}

static struct router_node *step_into(struct arena *arena, struct router_node *node,
                                     struct text segment) {
    bool braces = segment.bytes[0] == '{';
    struct router_node **place = braces ? &node->anything : &node->child;
    while (*place && !braces && !text_equal((*place)->word, segment)) place = &(*place)->sibling;
    if (!*place) {
        *place = arena_new(arena, struct router_node, 1);
        (*place)->word = segment;
    }
    return *place;
}

static void check_route(const struct route *route) {
    if (!route->handle && !route->gives_file) refuse_table(route, "has no handler");
    if (strncmp(route->address, "/api/", 5) != 0 && !route->gives_file)
        refuse_table(route, "is not under /api/");
    if (route->gives_file && (!route->before || route->handle || route->method != GET ||
                              !route->access.is_public || route->cached || route->reply))
        refuse_table(route, "gives a file, so it is a PUBLIC GET with `before` alone");
    if (route->raw_types && (!route->writes || route->body || route->callback ||
                             !route->raw_bytes_max || route->raw_bytes_max > LIMIT_RAW_BYTES))
        refuse_table(route, "has a raw body, so it is a write of bounded bytes");
    if (route->cached && (!route->access.is_public || route->method != GET || route->writes))
        refuse_table(route, "only a PUBLIC GET can be cached");
    if (route->method == GET && route->writes) refuse_table(route, "a GET must not write");
    if (route->method == GET && route->body) refuse_table(route, "a GET has no body");
    if (route->path) shape_check(route->path, true);
    if (route->query) shape_check(route->query, true);
    if (route->body) shape_check(route->body, true);
    if (route->reply) shape_check(route->reply, false);
}

static void add_route(struct arena *arena, struct router *router, const struct route *route) {
    struct router_entry *entry = &router->entries[router->entry_count];
    *entry = (struct router_entry){.route = route, .number = router->entry_count++};
    check_route(route);
    struct router_node *node = &router->root;
    struct text rest = text_of(route->address + 1);
    while (rest.length) {
        size_t slash = text_find(rest, TEXT("/"), 0);
        struct text segment = text_slice(rest, 0, slash);
        rest = slash == SIZE_MAX ? TEXT("") : text_slice(rest, slash + 1, rest.length);
        if (segment.length == 0) refuse_table(route, "has an empty segment");
        if (segment.bytes[0] == '{') {
            struct text name = text_slice(segment, 1, segment.length - 1);
            if (entry->name_count == ROUTER_NAMES_MAX) refuse_table(route, "has too many braces");
            if (!field_of(route->path, name)) refuse_table(route, "braces name no field of `path`");
            entry->names[entry->name_count++] = name;
        }
        node = step_into(arena, node, segment);
    }
    if (route->path && route->path->field_count != entry->name_count)
        refuse_table(route, "`path` has a field that no braces name");
    if (node->entries[route->method]) refuse_table(route, "is there twice");
    node->entries[route->method] = entry;
}

const struct router *router_make(struct arena *arena, const struct room *const *rooms,
                                 size_t room_count) {
    size_t route_count = 0;
    for (size_t i = 0; i < room_count; i++) route_count += rooms[i]->route_count;
    struct router *router = arena_new(arena, struct router, 1);
    router->entries = arena_new(arena, struct router_entry, route_count + 1);
    for (size_t i = 0; i < room_count; i++)
        for (size_t j = 0; j < rooms[i]->route_count; j++)
            add_route(arena, router, &rooms[i]->routes[j]);
    return router;
}

size_t router_count(const struct router *router) { return router->entry_count; }

const struct router_entry *router_at(const struct router *router, size_t number) {
    return &router->entries[number];
}

static bool has_entry(const struct router_node *node) {
    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (node->entries[i]) return true;
    return false;
}

/* A word goes before braces, so /api/sessions/current is not the session named "current". The tree
 * is as deep as an address, so the recursion is bounded by TARGET_SEGMENTS_MAX. */
static const struct router_node *descend(const struct router_node *node,
                                         const struct target *target, size_t depth,
                                         struct text *values) {
    if (depth == target->segment_count) return has_entry(node) ? node : NULL;
    struct text segment = target->segments[depth];
    for (const struct router_node *child = node->child; child; child = child->sibling) {
        if (!text_equal(child->word, segment)) continue;
        const struct router_node *found = descend(child, target, depth + 1, values);
        if (found) return found;
    }
    if (!node->anything || segment.length == 0) return NULL;
    values[0] = segment;
    return descend(node->anything, target, depth + 1, values + 1);
}

bool router_find(const struct router *router, enum method method, const struct target *target,
                 struct router_match *ret_match) {
    *ret_match = (struct router_match){0};
    const struct router_node *node = descend(&router->root, target, 0, ret_match->values);
    if (!node) return false;
    ret_match->entry = node->entries[method];
    for (size_t i = 0; i < METHOD_COUNT; i++) ret_match->allowed[i] = node->entries[i] != NULL;
    return true;
}

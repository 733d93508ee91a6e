/* Every route of the house gives at least one success, and each reply is as its own document says.
 */
#include <stdio.h>
#include <string.h>

#include "kernel/base/json.h"
#include "support/schema.h"
#include "support/story.h"

/* Routes whose success has no reply to check on the road, and why. */
static const struct {
    const char *key;
    const char *why;
} exceptions[] = {
    {"GET /api/events", "a stream, which only the server can send: see kernel/http/test.c"},
};

enum { ROUTES_MAX = 512 };

struct checking {
    struct schema schema;
    const struct route *seen[ROUTES_MAX];
    size_t seen_count;
};

static const char *method_of(const struct route *route) {
    static const char *const names[] = {
        [GET] = "GET", [POST] = "POST", [PUT] = "PUT", [DELETE] = "DELETE"};
    return names[route->method];
}

static bool is_exception(const char *key) {
    for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
        if (strcmp(exceptions[i].key, key) == 0) return true;
    return false;
}

static void check_reply(struct story *story, const char *key, const struct route *route,
                        const struct house_reply *reply) {
    struct checking *checking = story->context;
    CHECK(checking->seen_count < ROUTES_MAX);
    checking->seen[checking->seen_count++] = route;
    if (is_exception(key)) return;
    struct text fault = schema_fault(&checking->schema, method_of(route), route->address, reply);
    if (fault.length)
        test_fail(__FILE__, __LINE__, "%s: %.*s\n  %.*s", key, (int)fault.length, fault.bytes,
                  (int)reply->body.length, reply->body.bytes);
}

static bool was_seen(const struct checking *checking, const struct route *route) {
    for (size_t i = 0; i < checking->seen_count; i++)
        if (checking->seen[i] == route) return true;
    return false;
}

HOUSE_TEST("every route answers once with success, and each reply fits its own schema") {
    struct checking checking = {0};
    struct story story;
    size_t room_count;
    const struct room *const *rooms = rooms_all(&room_count);
    schema_open(house->arena, &checking.schema);
    story_open(house, 1, &story);
    story.seen = check_reply;
    story.context = &checking;
    story_tell(&story);
    for (size_t i = 0; i < room_count; i++)
        for (size_t j = 0; j < rooms[i]->route_count; j++)
            if (!was_seen(&checking, &rooms[i]->routes[j]))
                test_fail(__FILE__, __LINE__, "no step of the story takes %s %s",
                          method_of(&rooms[i]->routes[j]), rooms[i]->routes[j].address);
    house_check_books(house);
}

/* ---- the checker itself ---- */

static struct house_reply made_up(struct house *house, const char *body) {
    return (struct house_reply){.status = 200,
                                .body = text_of(body),
                                .json = json_read(house->arena, text_of(body), NULL),
                                .road.content_type = TEXT("application/json")};
}

HOUSE_TEST("the checker of schemas finds what does not fit") {
    static const char *const wrong[] = {
        "{\"items\":[{}]}",
        "{\"items\":{}}",
        "{}",
        "{\"items\":[],\"more\":1}",
        "{\"items\":[{\"code\":14,\"name\":\"山西省\",\"level\":1}]}",
        "{\"items\":[{\"code\":\"14\",\"name\":\"山西省\",\"level\":\"1\"}]}",
        "[]",
    };
    struct schema schema;
    schema_open(house->arena, &schema);
    struct house_reply right =
        made_up(house, "{\"items\":[{\"code\":\"14\",\"name\":\"山西省\",\"level\":1}]}");
    CHECK_TEXT(schema_fault(&schema, "GET", "/api/places", &right), "");
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct house_reply reply = made_up(house, wrong[i]);
        if (schema_fault(&schema, "GET", "/api/places", &reply).length == 0)
            test_fail(__FILE__, __LINE__, "passed over: %s", wrong[i]);
    }
    right.status = 202;
    CHECK(schema_fault(&schema, "GET", "/api/places", &right).length > 0);
    CHECK(schema_fault(&schema, "POST", "/api/places", &right).length > 0);
    struct house_reply refused = house_get(house, TEXT(""), "/api/orders");
    HOUSE_STATUS(&refused, 401);
    CHECK_TEXT(schema_fault(&schema, "GET", "/api/orders", &refused), "");
}

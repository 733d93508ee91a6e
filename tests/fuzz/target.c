/* A raw request target -> the router, the percent-decoding, the path and query shapes of every
 * route, and the words of headers that people and browsers write. */
#include <string.h>

#include "fuzz.h"
#include "kernel/http/head.h"
#include "kernel/http/road.h"

struct house {
    struct arena arena;
    const struct router *router;
    struct fuzz_shapes queries;
};

static const struct house *house(void) {
    static struct house one;
    size_t room_count;
    if (one.router) return &one;
    json_prepare();
    const struct room *const *rooms = rooms_all(&room_count);
    one.router = router_make(&one.arena, rooms, room_count);
    for (size_t i = 0; i < room_count; i++)
        for (size_t j = 0; j < rooms[i]->route_count; j++)
            fuzz_add_shape(&one.queries, rooms[i]->routes[j].query);
    return &one;
}

static void check_segment(struct text segment) {
    MUST(text_is_utf8(segment) && !text_is(segment, ".") && !text_is(segment, ".."));
    MUST(segment.length == 0 || !memchr(segment.bytes, '/', segment.length));
    for (size_t i = 0; i < segment.length; i++) MUST((unsigned char)segment.bytes[i] >= 0x20);
}

static void read_pairs(const struct shape *shape, struct arena *arena,
                       const struct shape_pair *pairs, size_t pair_count) {
    void *value = arena_take(arena, shape->size);
    refusal refused = shape_read_pairs(shape, arena, pairs, pair_count, value);
    if (refused) fuzz_check_refusal(arena, refused, TEXT("/api/goods"));
}

static void find_route(const struct house *at, struct arena *arena, const struct target *target) {
    struct router_match match;
    for (size_t method = 0; method < METHOD_COUNT; method++) {
        if (!router_find(at->router, (enum method)method, target, &match) || !match.entry) continue;
        const struct router_entry *entry = match.entry;
        struct shape_pair pairs[ROUTER_NAMES_MAX];
        for (size_t i = 0; i < entry->name_count; i++)
            pairs[i] = (struct shape_pair){entry->names[i], match.values[i]};
        if (entry->route->path) read_pairs(entry->route->path, arena, pairs, entry->name_count);
    }
}

static void read_target(const struct house *at, struct arena *arena, struct text raw) {
    struct target target;
    if (!target_read(arena, raw, &target)) return;
    MUST(raw.length <= LIMIT_PATH_BYTES && raw.bytes[0] == '/');
    MUST(target.segment_count >= 1 && target.segment_count <= TARGET_SEGMENTS_MAX);
    MUST(target.pair_count <= LIMIT_QUERY_PAIRS);
    for (size_t i = 0; i < target.segment_count; i++) check_segment(target.segments[i]);
    for (size_t i = 0; i < target.pair_count; i++)
        MUST(text_is_utf8(target.pairs[i].name) && text_is_utf8(target.pairs[i].value));
    find_route(at, arena, &target);
    for (size_t i = 0; i < at->queries.count; i++)
        read_pairs(at->queries.items[i], arena, target.pairs, target.pair_count);
}

static void read_words(struct arena *arena, struct text words) {
    const struct head head = {.cookie = words, .authorization = words, .accept_encoding = words};
    struct text etag = road_etag(arena, words);
    target_wants_english(words);
    head_accepts_gzip(&head);
    MUST(head_cookie(&head, "xj_session").length <= words.length);
    MUST(head_bearer(&head).length <= words.length);
    MUST(road_etag_matches(etag, etag));
    road_etag_matches(words, etag);
    key_is_fine(words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text raw = {(const char *)data, size};
    struct arena arena = {0};
    read_target(house(), &arena, raw);
    read_words(&arena, raw);
    arena_free(&arena);
    return 0;
}

/* Cookies and bearer tokens of any bytes: read from a head as the server does, and taken through
 * the road. Nobody is let in but by the one right token, under one of its names.
 *
 * An input is the value of a Cookie header, a line end, and the value of an Authorization header.
 * "@t" stands for the right token. */
#include "kernel/http/head.h"
#include "shop.h"

/* The library ends each value in place, and knows no line end inside one. */
static void add(struct head *head, struct arena *arena, const char *name, struct text value) {
    struct text clean = text_copy(arena, value);
    if (memchr(clean.bytes ? clean.bytes : "", 0, clean.length) ||
        memchr(clean.bytes ? clean.bytes : "", '\r', clean.length))
        return;
    head_add(head, text_of(name), clean);
}

static struct text token_of(const struct head *head) {
    struct text bearer = head_bearer(head);
    struct text cookie = head_cookie(head, "xj_session");
    struct text token = bearer.length ? bearer : cookie;
    return text_is_utf8(token) ? token : TEXT("");
}

static void take(struct place *place, struct arena *arena, struct text input) {
    static char target[] = "/";
    struct head *head = arena_new(arena, struct head, 1);
    size_t line_end = text_find(input, TEXT("\n"), 0);
    struct text rest = line_end == SIZE_MAX ? TEXT("") : text_slice(input, line_end + 1, SIZE_MAX);
    rest = text_slice(rest, 0, text_find(rest, TEXT("\n"), 0));
    head_begin(head, "GET", target, 1, "HTTP/1.1");
    add(head, arena, "Cookie", fill_in(place, arena, text_slice(input, 0, line_end)));
    add(head, arena, "Authorization", fill_in(place, arena, rest));
    struct text token = token_of(head);
    struct road_call call = {.method = "GET", .target = TEXT("/api/people/me"), .token = token};
    struct road_reply reply = {0};
    road_perform_on(&place->road, arena, &call, &reply);
    MUST(reply.status == (text_equal(token, token_of_role(place, 'b')) ? 200 : 401));
}

/* The demo world takes longer than one input may. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    struct place *place = open_shop();
    place->words['t'] = token_of_role(place, 'b');
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!shop) LLVMFuzzerInitialize(NULL, NULL);
    struct place *place = shop;
    struct arena arena = {0};
    if (size > LIMIT_HEAD_BYTES / 2) return 0;
    take(place, &arena, (struct text){(const char *)data, size});
    arena_free(&arena);
    return 0;
}

/* Any method, target, person and body on the whole road, against the demo world: no crash, no 500,
 * and every reply is one that the house knows how to give.
 *
 * An input is a line "METHOD who target" and the body behind it. WHO is a letter: n(obody),
 * b(uyer), k(eeper of a seller), o(perator), a(uditor). "@g" stands for the id of a goods, "@k" of
 * a SKU, "@s" of a seller, "@o" of an order, "@a" of an address and "@p" of a payment. */
#include "shop.h"

enum { INPUT_BYTES_MAX = 64 * 1024 };

static void find_words(struct place *place) {
    struct text goods = get(place, 'n', "/api/goods?limit=1&in_stock=true").body;
    struct text addresses = get(place, 'b', "/api/people/me/addresses").body;
    place->words['g'] = value_of(place, goods, "\"id\":\"", "\"");
    place->words['s'] = value_of(place, goods, "\"seller_id\":\"", "\"");
    place->words['a'] = value_of(place, addresses, "\"id\":\"", "\"");
    open_payment(place);
}

static bool status_is_known(int status) {
    if (status == 200 || status == 201 || status == 202 || status == 204 || status == 304)
        return true;
    for (unsigned kind = 0; kind < PROBLEM_KIND_COUNT; kind++)
        if (kind != PROBLEM_INTERNAL && problem_status((enum problem_kind)kind) == status)
            return true;
    return false;
}

static void take(struct place *place, struct arena *arena, struct text input) {
    size_t line_end = text_find(input, TEXT("\n"), 0);
    struct text line = text_slice(input, 0, line_end);
    struct text body = line_end == SIZE_MAX ? TEXT("") : text_slice(input, line_end + 1, SIZE_MAX);
    size_t space = text_find(line, TEXT(" "), 0);
    if (space == SIZE_MAX || line.length < space + 3) return;
    const char *method = text_terminated(arena, text_slice(line, 0, space));
    struct text target = fill_in(place, arena, text_slice(line, space + 3, SIZE_MAX));
    struct road_reply reply =
        perform(place, arena, line.bytes[space + 1], method, target, fill_in(place, arena, body));
    if (!status_is_known(reply.status))
        fprintf(stderr, "%d %.*s\n", reply.status, (int)reply.body.length, reply.body.bytes);
    MUST(status_is_known(reply.status));
    /* Pictures and papers are no text, sheets are no JSON. */
    MUST(reply.body.length == 0 || reply.content_type.length > 0);
    bool is_json = text_find(reply.content_type, TEXT("json"), 0) != SIZE_MAX;
    if (is_json || text_starts(reply.content_type, TEXT("text/"))) MUST(text_is_utf8(reply.body));
    if (is_json && reply.body.length) MUST(json_read(arena, reply.body, NULL));
}

/* The demo world takes longer than one input may. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    find_words(open_shop());
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!shop) LLVMFuzzerInitialize(NULL, NULL);
    struct place *place = shop;
    struct arena arena = {0};
    if (size > INPUT_BYTES_MAX) return 0;
    place->now_ms += 7;
    take(place, &arena, (struct text){(const char *)data, size});
    arena_free(&arena);
    return 0;
}

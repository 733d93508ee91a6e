/* A payment provider's callback of any bytes on the whole road: headers, signature and body.
 * Nothing is changed unless the signature is right, and then only the payment that it names.
 *
 * An input is a line of the signature's header and the body behind it. "@p" in the body stands for
 * the id of an open payment, "@m" for its amount; a header "right" is signed as the provider does,
 * "old" likewise an hour ago. */
#include "shop.h"

enum { INPUT_BYTES_MAX = 16 * 1024, HOUR = 60 * 60 * 1000 };

static bool is_open(struct place *place, struct arena *arena) {
    struct text target = text_format(arena, "/api/payments/%s", place->words['p'].bytes);
    struct road_reply reply = perform(place, arena, 'b', "GET", target, TEXT(""));
    MUST(reply.status == 200);
    return text_find(reply.body, TEXT("\"state\":\"preparing\""), 0) != SIZE_MAX;
}

static struct text signed_at(struct arena *arena, int64_t ms, struct text body) {
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char hex[2 * sizeof(mac) + 1];
    crypto_auth_hmacsha256_state state;
    struct text head = text_format(arena, "%lld.", (long long)ms);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)shop_secret, strlen(shop_secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head.bytes, head.length);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.bytes, body.length);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(hex, sizeof(hex), mac, sizeof(mac));
    return text_format(arena, "t=%lld,v1=%s", (long long)ms, hex);
}

static void take(struct place *place, struct arena *arena, struct text input) {
    size_t line_end = text_find(input, TEXT("\n"), 0);
    struct text header = text_slice(input, 0, line_end);
    struct text body = line_end == SIZE_MAX ? TEXT("") : text_slice(input, line_end + 1, SIZE_MAX);
    body = fill_in(place, arena, body);
    bool is_right = text_is(header, "right");
    if (is_right) header = signed_at(arena, place->now_ms, body);
    if (text_is(header, "old")) header = signed_at(arena, place->now_ms - HOUR, body);
    const struct shape_pair headers[] = {{TEXT("sandbox-signature"), header}};
    struct road_call call = {.method = "POST",
                             .target = TEXT("/api/payment-notices/sandbox"),
                             .body = body,
                             .headers = headers,
                             .header_count = 1};
    struct road_reply reply = {0};
    road_perform_on(&place->road, arena, &call, &reply);
    MUST(reply.status != 500 && text_is_utf8(reply.body));
    bool was_taken = reply.status / 100 == 2;
    MUST(is_right || !was_taken);
    MUST(was_taken || is_open(place, arena));
    /* The next input finds an open one again; a day's orders are enough for many. */
    if (!is_open(place, arena)) open_payment(place);
}

/* The demo world takes longer than one input may. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    open_payment(open_shop());
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

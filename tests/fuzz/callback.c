/* A payment provider's callback of any bytes on the whole road: headers, signature and body.
 * Nothing is changed unless the signature is right, and then only the payment that it names.
 *
 * An input is a line of the signature's header and the body behind it. "@p" in the body stands for
 * the id of an open payment, "@a" for its amount; a header "right" is signed as the provider does,
 * "old" likewise an hour ago. */
#include "shop.h"

enum { INPUT_BYTES_MAX = 16 * 1024, HOUR = 60 * 60 * 1000 };

static struct text sku_id, payment_id, amount;

/* A fresh order with a payment that waits for its callback. */
static void open_payment(struct place *place) {
    struct text draft = text_format(&place->arena,
                                    "{\"lines\":[{\"sku_id\":\"%s\",\"count\":1}],"
                                    "\"ticked_return_terms\":true}",
                                    sku_id.bytes);
    struct road_reply placed = perform(place, &place->arena, "POST", TEXT("/api/orders"), draft);
    struct text orders =
        text_slice(placed.body, text_find(placed.body, TEXT("\"orders\":["), 0), SIZE_MAX);
    struct text order_id = value_of(place, orders, "\"id\":\"", "\"");
    struct road_reply payment =
        perform(place, &place->arena, "POST",
                text_format(&place->arena, "/api/orders/%s/payments", order_id.bytes), TEXT(""));
    payment_id = value_of(place, payment.body, "\"id\":\"", "\"");
    amount = value_of(place, payment.body, "\"amount_fen\":", ",");
}

static bool is_open(struct place *place, struct arena *arena) {
    struct text target = text_format(arena, "/api/payments/%s", payment_id.bytes);
    struct road_reply reply = perform(place, arena, "GET", target, TEXT(""));
    return text_find(reply.body, TEXT("\"state\":\"preparing\""), 0) != SIZE_MAX;
}

static struct text fill_in(struct arena *arena, struct text words) {
    struct buffer filled = buffer_make(arena, LIMIT_BODY_BYTES);
    for (size_t i = 0; i < words.length; i++) {
        char letter = words.bytes[i] == '@' && i + 1 < words.length ? words.bytes[i + 1] : 0;
        if (letter == 'p')
            buffer_add_text(&filled, payment_id);
        else if (letter == 'a')
            buffer_add_text(&filled, amount);
        else
            buffer_add_char(&filled, words.bytes[i]);
        i += letter == 'p' || letter == 'a';
    }
    return buffer_text(&filled);
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
    body = fill_in(arena, body);
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
    struct place *place = open_shop();
    struct road_reply goods =
        perform(place, &place->arena, "GET", TEXT("/api/goods?limit=1&in_stock=true"), TEXT(""));
    sku_id = value_of(place, goods.body, "\"sku_id\":\"", "\"");
    open_payment(place);
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

/* Signatures of Standard Webhooks, version 1. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "market/webhooks/inside.h"

static const struct text prefix = {"whsec_", 6};

static struct text base64(struct arena *arena, const char *head, const unsigned char *bytes,
                          size_t length) {
    char *written = arena_take(
        arena, strlen(head) + sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL));
    size_t at = strlen(head);
    memcpy(written, head, at);
    sodium_bin2base64(written + at,
                      sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL), bytes,
                      length, sodium_base64_VARIANT_ORIGINAL);
    return text_of(written);
}

struct text webhooks_new_secret(struct request *q) {
    unsigned char key[WEBHOOKS_SECRET_BYTES];
    q->app->random(q->app, key, sizeof(key));
    struct text secret = base64(q->arena, prefix.bytes, key, sizeof(key));
    sodium_memzero(key, sizeof(key));
    return secret;
}

bool webhooks_sign(struct arena *arena, struct text secret, const struct webhooks_message *message,
                   struct text *ret_signature) {
    unsigned char key[WEBHOOKS_SIGNATURE_BYTES], hash[crypto_auth_hmacsha256_BYTES];
    size_t length = 0;
    if (!text_starts(secret, prefix) ||
        sodium_base642bin(key, sizeof(key), secret.bytes + prefix.length,
                          secret.length - prefix.length, NULL, &length, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    struct text head = text_format(arena, "%.*s.%lld.", (int)message->id.length, message->id.bytes,
                                   (long long)message->sent_s);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, length);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head.bytes, head.length);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)message->body.bytes,
                                  message->body.length);
    crypto_auth_hmacsha256_final(&state, hash);
    sodium_memzero(key, sizeof(key));
    *ret_signature = base64(arena, "v1,", hash, sizeof(hash));
    return true;
}

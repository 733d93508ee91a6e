/* Idempotency keys. The claim is made in the transaction of the write itself, so effect and key are
 * one commit or none. A reply may hold names and addresses, so it is stored sealed under a secret
 * that only the key gives. */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "app.h"
#include "kernel/base/limits.h"
#include "kernel/http/road.h"

enum {
    KEY_LENGTH_MIN = 8,
    KEY_LENGTH_MAX = 64,
    CLAIM_BYTES = 16,
    HASH_BYTES = 16,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SECRET_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES
};

/* What is sealed: this, then the body. */
struct reply_head {
    unsigned char request_hash[HASH_BYTES];
    int32_t status;
};

bool key_is_fine(struct text key) {
    if (key.length < KEY_LENGTH_MIN || key.length > KEY_LENGTH_MAX) return false;
    for (size_t i = 0; i < key.length; i++) {
        char c = key.bytes[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') return false;
    }
    return true;
}

/* A hash over parts, each behind its length, so that no two lists of parts are the same bytes. */
static void hash_parts(unsigned char *ret_hash, size_t hash_size, const struct text *parts,
                       size_t count) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, hash_size);
    for (size_t i = 0; i < count; i++) {
        uint64_t length = parts[i].length;
        crypto_generichash_update(&state, (const unsigned char *)&length, sizeof(length));
        if (length)
            crypto_generichash_update(&state, (const unsigned char *)parts[i].bytes, length);
    }
    crypto_generichash_final(&state, ret_hash, hash_size);
}

/* A person's keys are his own; nobody's keys belong to the client's address. */
static void derive(struct request *q, const struct road_input *input, struct key_claim *claim) {
    struct text person = text_format(q->arena, "%lld", (long long)q->who->person_id);
    struct text whose = q->who->person_id ? person : q->client;
    struct text kind = q->who->person_id ? TEXT("person") : TEXT("client");
    const struct text claimed[] = {TEXT("claim"), kind, whose, input->idempotency_key};
    const struct text secret[] = {TEXT("secret"), kind, whose, input->idempotency_key};
    const struct text request[] = {text_of(router_method_name(input->method)), input->target,
                                   input->body};
    unsigned char hash[CLAIM_BYTES];
    hash_parts(hash, sizeof(hash), claimed, 4);
    claim->claim = text_hex(q->arena, (struct bytes){hash, sizeof(hash)});
    static_assert(sizeof(claim->secret) == SECRET_BYTES, "the claim holds a whole secret");
    static_assert(sizeof(claim->request_hash) == HASH_BYTES, "and a whole hash");
    hash_parts(claim->secret, SECRET_BYTES, secret, 4);
    hash_parts(claim->request_hash, HASH_BYTES, request, 3);
}

static refusal replay(struct request *q, const struct key_claim *claim,
                      struct road_output *ret_output) {
    struct text sealed = {0};
    bool found = false;
    TRY(db_text(q->db, SQL("t", "SELECT reply FROM http_idempotency WHERE claim = $1"),
                PARAMS(claim->claim), &sealed, &found));
    /* The claim was refused because the row is there and its time is not over. */
    assert(found);
    unsigned long long length = 0;
    struct reply_head head;
    bool whole = sealed.length >= NONCE_BYTES + TAG_BYTES + sizeof(head);
    const unsigned char *nonce = (const unsigned char *)sealed.bytes;
    char *opened = arena_take_raw(q->arena, sealed.length);
    if (!whole || crypto_aead_xchacha20poly1305_ietf_decrypt(
                      (unsigned char *)opened, &length, NULL, nonce + NONCE_BYTES,
                      sealed.length - NONCE_BYTES, (const unsigned char *)claim->claim.bytes,
                      claim->claim.length, nonce, claim->secret) != 0)
        return refuse(q, INTERNAL, "", "存下的回复打不开", "a stored reply does not open");
    memcpy(&head, opened, sizeof(head));
    if (sodium_memcmp(head.request_hash, claim->request_hash, HASH_BYTES) != 0)
        return refuse(q, KEY_REUSED, "Idempotency-Key", "这个幂等键已经用在另一个请求上了",
                      "this key was used for another request");
    ret_output->status = head.status;
    ret_output->body = (struct text){opened + sizeof(head), (size_t)length - sizeof(head)};
    ret_output->replayed = true;
    return NULL;
}

refusal key_claim(struct request *q, const struct road_input *input, struct key_claim *ret_claim,
                  enum key_verdict *ret_verdict, struct road_output *ret_output) {
    derive(q, input, ret_claim);
    struct bytes nothing = {(const unsigned char *)"", 0};
    int64_t claimed = 0;
    TRY(db_run(
        q->db,
        SQL("tbii", "INSERT INTO http_idempotency (claim, reply, expires_at_ms) "
                    "VALUES ($1, $2, $3) ON CONFLICT (claim) DO UPDATE SET "
                    "reply = excluded.reply, expires_at_ms = excluded.expires_at_ms "
                    "WHERE http_idempotency.expires_at_ms <= $4"),
        PARAMS(ret_claim->claim, nothing, instant_after(q->now, LIMIT_IDEMPOTENCY_MS), q->now),
        &claimed));
    *ret_verdict = claimed ? KEY_FRESH : KEY_REPLAY;
    return claimed ? NULL : replay(q, ret_claim, ret_output);
}

refusal key_store(struct request *q, const struct key_claim *claim,
                  const struct road_output *output) {
    struct reply_head head = {.status = output->status};
    memcpy(head.request_hash, claim->request_hash, HASH_BYTES);
    size_t length = sizeof(head) + output->body.length;
    unsigned char *clear = arena_take_raw(q->arena, length);
    memcpy(clear, &head, sizeof(head));
    if (output->body.length) memcpy(clear + sizeof(head), output->body.bytes, output->body.length);
    unsigned char *sealed = arena_take_raw(q->arena, NONCE_BYTES + length + TAG_BYTES);
    unsigned long long sealed_length = 0;
    q->app->random(q->app, sealed, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_BYTES, &sealed_length, clear, length,
                                               (const unsigned char *)claim->claim.bytes,
                                               claim->claim.length, NULL, sealed, claim->secret);
    struct bytes stored = {sealed, NONCE_BYTES + (size_t)sealed_length};
    return db_run(q->db, SQL("tb", "UPDATE http_idempotency SET reply = $2 WHERE claim = $1"),
                  PARAMS(claim->claim, stored), NULL);
}

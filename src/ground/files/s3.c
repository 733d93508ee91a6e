/* The S3 store: each call is signed (AWS Signature Version 4, which libcurl writes), keys are paths
 * below the bucket. No listing is needed: the database knows every key. */
#include <sodium.h>

#include "ground/files/store.h"
#include "kernel/http/client.h"

enum { TIMEOUT_MS = 20 * 1000 };

struct s3_store {
    struct file_store store;
    struct file_bucket bucket;
};

struct s3_call {
    const char *method;
    struct text key;
    const char *type; /* NULL: no body */
    struct bytes bytes;
};

/* The signature covers the hash of the body, which libcurl 7.88 leaves to us to say. */
static const char *hash_header(struct arena *arena, struct bytes bytes) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, bytes.data, bytes.length);
    struct text hex = text_hex(arena, (struct bytes){hash, sizeof(hash)});
    return text_terminated(
        arena, text_format(arena, "x-amz-content-sha256: %.*s", (int)hex.length, hex.bytes));
}

static bool perform(const struct file_store *store, struct arena *arena, const struct s3_call *call,
                    int *ret_status, struct text *ret_body) {
    const struct file_bucket *bucket = &((const struct s3_store *)(const void *)store)->bucket;
    const char *type = text_terminated(
        arena, text_format(arena, "Content-Type: %s", call->type ? call->type : ""));
    /* No header is taken away here: the library signs it as if it were sent. */
    const char *const headers[] = {hash_header(arena, call->bytes), call->type ? type : NULL, NULL};
    struct text url = text_format(arena, "%.*s/%.*s", (int)bucket->url.length, bucket->url.bytes,
                                  (int)call->key.length, call->key.bytes);
    const struct client_call sent = {.method = call->method,
                                     .url = text_terminated(arena, url),
                                     .headers = headers,
                                     .body = {(const char *)call->bytes.data, call->bytes.length},
                                     .timeout_ms = TIMEOUT_MS,
                                     .answer_bytes_max = FILE_BYTES_MAX,
                                     .s3_region = bucket->region,
                                     .s3_key_id = bucket->key_id,
                                     .s3_secret = bucket->secret};
    return client_perform(arena, &sent, ret_status, ret_body);
}

static bool put(const struct file_store *store, struct arena *arena, const struct file_blob *blob) {
    const struct s3_call call = {"PUT", blob->key, blob->type, blob->bytes};
    int status = 0;
    struct text answer;
    return perform(store, arena, &call, &status, &answer) && status == 200;
}

static enum file_answer get(const struct file_store *store, struct arena *arena, struct text key,
                            struct text *ret_bytes) {
    const struct s3_call call = {.method = "GET", .key = key};
    int status = 0;
    if (!perform(store, arena, &call, &status, ret_bytes)) return FILE_NO_ANSWER;
    if (status == 404) return FILE_ABSENT;
    return status == 200 ? FILE_FOUND : FILE_NO_ANSWER;
}

static bool remove_(const struct file_store *store, struct arena *arena, struct text key) {
    const struct s3_call call = {.method = "DELETE", .key = key};
    int status = 0;
    struct text answer;
    return perform(store, arena, &call, &status, &answer) &&
           (status == 204 || status == 200 || status == 404);
}

const struct file_store *file_store_s3(struct arena *arena, const struct file_bucket *bucket) {
    struct s3_store *made = arena_new(arena, struct s3_store, 1);
    *made = (struct s3_store){{put, get, remove_, NULL}, *bucket};
    return &made->store;
}

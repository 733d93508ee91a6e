#include "kernel/http/client.h"

#include <curl/curl.h>
#include <stdio.h>

#include "kernel/base/limits.h"

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context) {
    struct buffer *answer = context;
    buffer_add(answer, bytes, size * count);
    return answer->overflowed ? 0 : size * count;
}

static void sign(CURL *curl, const struct client_call *call) {
    char scope[100];
    snprintf(scope, sizeof(scope), "aws:amz:%s:s3", call->s3_region);
    curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, scope);
    curl_easy_setopt(curl, CURLOPT_USERNAME, call->s3_key_id);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, call->s3_secret);
}

static void set_options(CURL *curl, const struct client_call *call, struct curl_slist *headers,
                        struct buffer *answer) {
    curl_easy_setopt(curl, CURLOPT_URL, call->url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    /* A proxy of the environment must not see what gateways are told. */
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, call->timeout_ms ? call->timeout_ms : 10000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (call->s3_region) sign(curl, call);
    if (!call->body.length) return;
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)call->body.length);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.bytes);
}

bool client_perform(struct arena *arena, const struct client_call *call, int *ret_status,
                    struct text *ret_body) {
    struct buffer answer =
        buffer_make(arena, call->answer_bytes_max ? call->answer_bytes_max : LIMIT_BODY_BYTES);
    struct curl_slist *headers = NULL;
    long status = 0;
    CURL *curl = curl_easy_init();
    if (!curl) return false;
    for (const char *const *name = call->headers; name && *name; name++)
        headers = curl_slist_append(headers, *name);
    set_options(curl, call, headers, &answer);
    bool whole = curl_easy_perform(curl) == CURLE_OK;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    if (!whole) return false;
    *ret_status = (int)status;
    *ret_body = buffer_text(&answer);
    return true;
}

/* The sandbox gateway: the protocol of tests/doubles/cashier.c from our side. */
#include <sodium.h>
#include <string.h>

#include "app.h"
#include "kernel/base/json.h"
#include "kernel/http/client.h"
#include "market/pay/gateway.h"

enum { NOTICE_AGE_MS_MAX = 5 * MINUTE_MS, MAC_BYTES = crypto_auth_hmacsha256_BYTES };

#define SANDBOX_PAYMENT_FIELDS(F, S)                                                               \
    F(S, TEXT, merchant)                                                                           \
    F(S, ID, payment_id)                                                                           \
    F(S, FEN, amount_fen)                                                                          \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, notify_url)                                                                         \
    F(S, TEXT, return_url)
SHAPE_DECLARE(sandbox_payment, SANDBOX_PAYMENT_FIELDS);
SHAPE_DEFINE(sandbox_payment, SANDBOX_PAYMENT_FIELDS);

#define SANDBOX_ANSWER_FIELDS(F, S) F(S, TEXT, cashier_url, .required = true, .max = 400)
SHAPE_DECLARE(sandbox_answer, SANDBOX_ANSWER_FIELDS);
SHAPE_DEFINE(sandbox_answer, SANDBOX_ANSWER_FIELDS);

#define SANDBOX_REFUND_FIELDS(F, S)                                                                \
    F(S, TEXT, merchant)                                                                           \
    F(S, ID, refund_id)                                                                            \
    F(S, ID, payment_id)                                                                           \
    F(S, FEN, amount_fen)
SHAPE_DECLARE(sandbox_refund, SANDBOX_REFUND_FIELDS);
SHAPE_DEFINE(sandbox_refund, SANDBOX_REFUND_FIELDS);

#define SANDBOX_EVENTS(X)                                                                          \
    X(SANDBOX_PAID, "paid")                                                                        \
    X(SANDBOX_FAILED, "failed")
SHAPE_ENUM_DECLARE(sandbox_event, SANDBOX_EVENTS);
SHAPE_ENUM_DEFINE(sandbox_event, SANDBOX_EVENTS);

#define SANDBOX_NOTICE_FIELDS(F, S)                                                                \
    F(S, TEXT, event_id, .required = true, .min = 1, .max = 64)                                    \
    F(S, TEXT, merchant, .required = true, .max = 64)                                              \
    F(S, ID, payment_id, .required = true)                                                         \
    F(S, ENUM, kind, sandbox_event, .required = true)                                              \
    F(S, FEN, amount_fen, .required = true)
SHAPE_DECLARE(sandbox_notice, SANDBOX_NOTICE_FIELDS);
SHAPE_DEFINE(sandbox_notice, SANDBOX_NOTICE_FIELDS);

static const struct text merchant = {"xiangji", 7};

static struct text sign(struct request *q, int64_t ms, struct text body) {
    unsigned char mac[MAC_BYTES];
    crypto_auth_hmacsha256_state state;
    struct text head = text_format(q->arena, "%lld.", (long long)ms);
    const char *secret = q->app->sandbox_secret;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head.bytes, head.length);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.bytes, body.length);
    crypto_auth_hmacsha256_final(&state, mac);
    return text_hex(q->arena, (struct bytes){mac, sizeof(mac)});
}

static bool call_sandbox(struct request *q, const char *path, struct text body,
                         struct text *ret_answer) {
    struct text signature = sign(q, q->now.ms, body);
    struct text header = text_format(q->arena, "Sandbox-Signature: t=%lld,v1=%.*s",
                                     (long long)q->now.ms, (int)signature.length, signature.bytes);
    const char *headers[] = {"Content-Type: application/json", header.bytes, NULL};
    const struct client_call call = {
        .method = "POST",
        .url = text_format(q->arena, "%s%s", q->app->sandbox_url, path).bytes,
        .headers = headers,
        .body = body,
    };
    int status = 0;
    return client_perform(q->arena, &call, &status, ret_answer) && status / 100 == 2;
}

static struct text own_url(struct request *q, const char *path) {
    if (q->app->public_url && *q->app->public_url)
        return text_format(q->arena, "%s%s", q->app->public_url, path);
    int port = q->app->server ? server_port(q->app->server) : q->app->port;
    return text_format(q->arena, "http://127.0.0.1:%d%s", port, path);
}

static bool prepare(struct request *q, const struct gateway_order *order, struct text *ret_url) {
    struct buffer body = buffer_make(q->arena, 8000);
    struct text reply = {0};
    struct sandbox_answer answer = {0};
    const struct sandbox_payment payment = {
        .merchant = merchant,
        .payment_id = order->payment_id,
        .amount_fen = order->amount,
        .title = order->title,
        .notify_url = own_url(q, "/api/payment-notices/sandbox"),
        .return_url = text_starts(order->return_url, TEXT("/"))
                          ? own_url(q, text_terminated(q->arena, order->return_url))
                          : order->return_url,
    };
    shape_write_json(&sandbox_payment_shape, &body, &payment);
    if (!call_sandbox(q, "/v1/payments", buffer_text(&body), &reply)) return false;
    const struct json_t *json = json_read(q->arena, reply, NULL);
    if (!json || shape_read_json(&sandbox_answer_shape, q->arena, json, &answer)) return false;
    *ret_url = answer.cashier_url;
    return true;
}

static bool give_back(struct request *q, const struct gateway_refund *refund) {
    struct buffer body = buffer_make(q->arena, 2000);
    struct text reply = {0};
    const struct sandbox_refund asked = {merchant, refund->refund_id, refund->payment_id,
                                         refund->amount};
    shape_write_json(&sandbox_refund_shape, &body, &asked);
    return call_sandbox(q, "/v1/refunds", buffer_text(&body), &reply);
}

/* "t=1795420800000,v1=6f..." */
static bool signature_holds(struct request *q, struct text header) {
    size_t comma = text_find(header, TEXT(",v1="), 0);
    int64_t ms;
    if (comma == SIZE_MAX || !text_starts(header, TEXT("t=")) ||
        !text_to_int64(text_slice(header, 2, comma), &ms))
        return false;
    int64_t age_ms = q->now.ms - ms;
    if (age_ms > NOTICE_AGE_MS_MAX || age_ms < -(int64_t)NOTICE_AGE_MS_MAX) return false;
    struct text given = text_slice(header, comma + 4, header.length);
    struct text wanted = sign(q, ms, q->raw_body);
    return given.length == wanted.length &&
           sodium_memcmp(given.bytes, wanted.bytes, wanted.length) == 0;
}

static refusal read_notice(struct request *q, struct gateway_notice *ret_notice) {
    struct sandbox_notice notice = {0};
    if (!signature_holds(q, request_header(q, "sandbox-signature")))
        return refuse(q, NOT_ALLOWED, "sandbox-signature", "签名不对", "the signature is wrong");
    const struct json_t *json = json_read(q->arena, q->raw_body, NULL);
    if (!json) return refuse(q, BAD_REQUEST, "", "不是 JSON", "not JSON");
    TRY(shape_read_json(&sandbox_notice_shape, q->arena, json, &notice));
    if (!text_equal(notice.merchant, merchant))
        return refuse(q, NOT_ALLOWED, "merchant", "商户不对", "the merchant is another");
    *ret_notice = (struct gateway_notice){
        .event_id = notice.event_id,
        .payment_id = notice.payment_id,
        .event = notice.kind == SANDBOX_PAID ? GATEWAY_PAID : GATEWAY_FAILED,
        .amount = notice.amount_fen,
    };
    return NULL;
}

static const char *const notice_headers[] = {"sandbox-signature", NULL};

const struct gateway gateway_sandbox = {
    .name = "sandbox",
    .prepare = prepare,
    .refund = give_back,
    .read_notice = read_notice,
    .notice_headers = notice_headers,
};

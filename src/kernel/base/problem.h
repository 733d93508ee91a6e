/* A refusal is how a rule says no: one return line with a code for programs and a sentence for
 * people in two languages. It is rendered once, by the road, as RFC 9457
 * application/problem+json. */
#ifndef KERNEL_BASE_PROBLEM_H
#define KERNEL_BASE_PROBLEM_H

#include "kernel/base/text.h"

/* X(NAME, HTTP status, code for programs, title in Chinese, title in English) */
#define PROBLEM_KINDS(X)                                                                           \
    X(BAD_INPUT, 400, "bad_input", "填的内容有不对的地方", "Some fields are not right")            \
    X(BAD_REQUEST, 400, "bad_request", "请求的格式不对", "The request is malformed")               \
    X(LOGIN_NEEDED, 401, "login_needed", "请先登录", "Please log in first")                        \
    X(WRONG_LOGIN, 401, "wrong_login", "手机号、密码或验证码不对",                                 \
      "The phone number, password or code is wrong")                                               \
    X(NOT_ALLOWED, 403, "not_allowed", "您没有做这件事的权限", "You may not do this")              \
    X(WRONG_ORIGIN, 403, "wrong_origin", "请求不是从本站页面发出的",                               \
      "The request does not come from this site")                                                  \
    X(NOT_FOUND, 404, "not_found", "没有找到", "Not found")                                        \
    X(WRONG_METHOD, 405, "wrong_method", "这个地址不接受这种请求",                                 \
      "This address does not take that method")                                                    \
    X(CONFLICT, 409, "conflict", "情况已经变了，请刷新后再试",                                     \
      "Things have changed; reload and try again")                                                 \
    X(OUT_OF_STOCK, 409, "out_of_stock", "货不够了", "Not enough in stock")                        \
    X(PRICE_CHANGED, 409, "price_changed", "价格有变动，请再看一眼", "The price has changed")      \
    X(WRONG_STATE, 409, "wrong_state", "现在的状态不能这样做",                                     \
      "That cannot be done in the present state")                                                  \
    X(NOT_ENOUGH, 409, "not_enough", "余额不够", "The balance does not suffice")                   \
    X(TOO_LARGE, 413, "too_large", "内容太大了", "The content is too large")                       \
    X(WRONG_TYPE, 415, "wrong_type", "不接受这种内容", "Content of this type is not accepted")     \
    X(KEY_REUSED, 422, "key_reused", "同一个幂等键用在了不同的请求上",                             \
      "The idempotency key was used for a different request")                                      \
    X(TERMS_NEEDED, 422, "terms_needed", "请先看过并同意约定", "Please agree to the terms first")  \
    X(TOO_MANY, 429, "too_many", "太频繁了，请过一会儿再试", "Too many tries; wait a little")      \
    X(INTERNAL, 500, "internal", "我们这边出错了，正在查", "Something went wrong on our side")     \
    X(BUSY, 503, "busy", "现在有点忙，请稍后再试", "Busy just now; try again soon")                \
    X(DISK_FULL, 507, "disk_full", "存储空间满了，暂时只能看不能改",                               \
      "The storage is full: reading works, writing does not")

enum problem_kind {
#define X(name, status, code, zh, en) PROBLEM_##name,
    PROBLEM_KINDS(X)
#undef X
        PROBLEM_KIND_COUNT
};

/* One thing that is wrong, by field: "lines[0].sku_id". The sentence stands in both languages. */
struct fault {
    struct text field;
    struct text zh;
    struct text en;
};

struct problem {
    enum problem_kind kind;
    size_t fault_count;
    struct fault *faults;  /* at most LIMIT_FAULTS */
    int64_t retry_after_s; /* for TOO_MANY and BUSY; 0 says nothing */
};

/* NULL is fine. */
typedef const struct problem *refusal;

int problem_status(enum problem_kind kind);
const char *problem_code(enum problem_kind kind);
struct text problem_title(enum problem_kind kind, bool english);

/* A refusal of KIND about FIELD ("" for the whole), said in Chinese and English with the same
 * arguments. */
refusal problem_make(struct arena *arena, enum problem_kind kind, const char *field, const char *zh,
                     const char *en, ...)
    __attribute__((format(printf, 4, 6), format(printf, 5, 6)));

/* The same with finished sentences. */
refusal problem_say(struct arena *arena, enum problem_kind kind, const char *field, struct text zh,
                    struct text en);

/* As problem_make, for limits that pass: the client is told to wait RETRY_AFTER_S seconds. */
refusal problem_wait(struct arena *arena, enum problem_kind kind, int64_t retry_after_s);

/* Both in one answer, the kind of the first; either may be NULL. Faults beyond LIMIT_FAULTS are
 * left out. For rules that look at several fields and name all that is wrong. */
refusal problem_join(struct arena *arena, refusal first, refusal second);

/* The same faults, their fields inside FIELD: "title" -> "goods.title" with "goods.". */
refusal problem_within(struct arena *arena, refusal problem, const char *field);

/* Renders application/problem+json. PATH is the address asked for. */
void problem_write(struct buffer *buffer, refusal problem, struct text path, bool english);

/* `return refuse(q, OUT_OF_STOCK, "lines[0].sku_id", "只剩 %lld 份", "only %lld left", n);`
 * Q is anything with an `arena`. Always give both sentences; both take the same arguments. */
#define refuse(q, kind, field, ...) problem_make((q)->arena, PROBLEM_##kind, (field), __VA_ARGS__)

/* `TRY(call);` returns from the caller when the call refuses. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        refusal try_refusal_ = (call);                                                             \
        if (try_refusal_) return try_refusal_;                                                     \
    } while (0)

#endif

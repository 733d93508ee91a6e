#include "kernel/http/head.h"

#include <string.h>
#include <strings.h>

void head_begin(struct head *head, const char *method, const char *target, size_t target_length,
                const char *version) {
    /* The pairs are written before they are read; clearing 2 KB for each request would be felt. */
    head->count = 0;
    memset(&head->broken, 0, sizeof(*head) - offsetof(struct head, broken));
    head->content_length = -1;
    head->broken =
        !*method || target != method + strlen(method) + 1 || version != target + target_length + 1;
    if (head->broken) return;
    head->is_old = strcmp(version, "HTTP/1.0") == 0;
    head->next = version + strlen("HTTP/1.1") + strlen("\r\n");
}

/* RFC 9110 section 5.6.2. */
static bool is_token(struct text name) {
    static const char marks[] = "!#$%&'*+-.^_`|~";
    if (name.length == 0) return false;
    for (size_t i = 0; i < name.length; i++) {
        char c = name.bytes[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        if (!letter && !(c >= '0' && c <= '9') && !memchr(marks, c, sizeof(marks) - 1))
            return false;
    }
    return true;
}

static bool has_control(struct text value) {
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.bytes[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) return true;
    }
    return false;
}

static bool is(struct text name, struct text wanted) {
    return name.length == wanted.length &&
           strncasecmp(name.bytes, wanted.bytes, wanted.length) == 0;
}

static void read_length(struct head *head, struct text value) {
    head->length_count++;
    bool digits = value.length > 0 && value.length < 16;
    for (size_t i = 0; i < value.length; i++)
        if (value.bytes[i] < '0' || value.bytes[i] > '9') digits = false;
    if (!digits || !text_to_int64(value, &head->content_length)) head->broken = true;
}

/* Keeps the first; a second of these is refused, because two readers could pick different ones. */
static void keep(struct head *head, struct text *place, struct text value) {
    if (place->bytes) head->broken = true;
    *place = value;
}

static void note(struct head *head, struct text name, struct text value) {
    switch (name.length) {
    case 4:
        if (!is(name, TEXT("Host"))) return;
        head->host_count++;
        head->host = value;
        return;
    case 6:
        if (is(name, TEXT("Cookie"))) keep(head, &head->cookie, value);
        if (is(name, TEXT("Origin"))) keep(head, &head->origin, value);
        return;
    case 12:
        if (is(name, TEXT("Content-Type"))) keep(head, &head->content_type, value);
        return;
    case 13:
        if (is(name, TEXT("Authorization"))) keep(head, &head->authorization, value);
        if (is(name, TEXT("If-None-Match"))) head->if_none_match = value;
        return;
    case 14:
        if (is(name, TEXT("Content-Length"))) read_length(head, value);
        if (is(name, TEXT("Sec-Fetch-Site"))) keep(head, &head->fetch_site, value);
        return;
    case 15:
        if (is(name, TEXT("Idempotency-Key"))) keep(head, &head->idempotency_key, value);
        if (is(name, TEXT("Accept-Encoding"))) head->accept_encoding = value;
        if (is(name, TEXT("Accept-Language"))) head->accept_language = value;
        if (is(name, TEXT("X-Forwarded-For"))) head->forwarded_for = value;
        return;
    case 17:
        if (!is(name, TEXT("Transfer-Encoding"))) return;
        head->encoding_count++;
        head->chunked = is(value, TEXT("chunked"));
        if (!head->chunked) head->broken = true;
        return;
    default: return;
    }
}

void head_add(struct head *head, struct text name, struct text value) {
    if (head->broken || name.bytes != head->next || head->count == HEAD_COUNT_MAX ||
        !is_token(name) || has_control(value)) {
        head->broken = true;
        return;
    }
    head->next = value.bytes + value.length + strlen("\r\n");
    struct text trimmed = text_trim(value);
    head->pairs[head->count++] = (struct shape_pair){name, trimmed};
    note(head, name, trimmed);
    /* The library does not take "chunked " for "chunked". */
    bool frames =
        head->length_count + head->encoding_count > 0 &&
        (name.length == strlen("Content-Length") || name.length == strlen("Transfer-Encoding"));
    if (frames && trimmed.length != value.length) head->broken = true;
}

static bool host_is_fine(struct text host) {
    if (host.length == 0 || host.length > 260) return false;
    for (size_t i = 0; i < host.length; i++) {
        char c = host.bytes[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && !strchr(".-:[]_", c)) return false;
    }
    return true;
}

bool head_end(struct head *head, const char *end) {
    if (head->broken || head->next + strlen("\r\n") != end) return false;
    if (head->host_count != 1 || !host_is_fine(head->host)) return false;
    if (head->length_count > 1 || head->encoding_count > 1) return false;
    if (head->encoding_count && head->is_old) return false;
    return head->length_count == 0 || head->encoding_count == 0;
}

struct text head_cookie(const struct head *head, const char *name) {
    struct text wanted = text_of(name);
    for (struct text rest = head->cookie; rest.length;) {
        size_t end = text_find(rest, TEXT(";"), 0);
        struct text pair = text_trim(text_slice(rest, 0, end));
        rest = end == SIZE_MAX ? TEXT("") : text_slice(rest, end + 1, rest.length);
        if (text_starts(pair, wanted) && pair.length > wanted.length &&
            pair.bytes[wanted.length] == '=')
            return text_slice(pair, wanted.length + 1, pair.length);
    }
    return TEXT("");
}

struct text head_bearer(const struct head *head) {
    struct text scheme = TEXT("Bearer ");
    if (head->authorization.length <= scheme.length ||
        strncasecmp(head->authorization.bytes, scheme.bytes, scheme.length) != 0)
        return TEXT("");
    return text_trim(text_slice(head->authorization, scheme.length, head->authorization.length));
}

bool head_accepts_gzip(const struct head *head) {
    size_t at = text_find(head->accept_encoding, TEXT("gzip"), 0);
    if (at == SIZE_MAX) return false;
    struct text rest = text_slice(head->accept_encoding, at + 4, head->accept_encoding.length);
    return !text_starts(rest, TEXT(";q=0")) || text_starts(rest, TEXT(";q=0."));
}

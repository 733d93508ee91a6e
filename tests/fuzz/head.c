/* The bytes of a request head -> a lenient reader, as libmicrohttpd is one, which cuts them in
 * place and hands the pieces to kernel/http/head.h -> whatever passes must also be a head by the
 * strict grammar of RFC 9112, read here a second time from the bytes as they came. */
#include <string.h>
#include <strings.h>

#include "fuzz.h"
#include "kernel/http/head.h"

/* ---- the strict grammar ---- */

struct strict {
    const char *at;
    const char *end;
    size_t host_count;
    size_t length_count;
    size_t encoding_count;
    bool is_old;
};

static bool is_token_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool take_line(struct strict *strict, struct text *ret_line) {
    const char *found =
        memmem(strict->at, (size_t)(strict->end - strict->at), "\r\n", strlen("\r\n"));
    if (!found) return false;
    *ret_line = (struct text){strict->at, (size_t)(found - strict->at)};
    strict->at = found + 2;
    return true;
}

static bool is_name(struct text name, const char *wanted) {
    return name.length == strlen(wanted) && strncasecmp(name.bytes, wanted, name.length) == 0;
}

static bool read_request_line(struct strict *strict) {
    struct text line;
    if (!take_line(strict, &line)) return false;
    size_t first = text_find(line, TEXT(" "), 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : text_find(line, TEXT(" "), first + 1);
    if (second == SIZE_MAX) return false;
    struct text version = text_slice(line, second + 1, line.length);
    strict->is_old = text_is(version, "HTTP/1.0");
    return first > 0 && second > first + 1 && (strict->is_old || text_is(version, "HTTP/1.1"));
}

static bool read_header(struct strict *strict, struct text line) {
    size_t colon = text_find(line, TEXT(":"), 0);
    struct text name = text_slice(line, 0, colon);
    if (colon == SIZE_MAX || name.length == 0) return false;
    for (size_t i = 0; i < name.length; i++)
        if (!is_token_char(name.bytes[i])) return false;
    for (size_t i = colon + 1; i < line.length; i++) {
        unsigned char c = (unsigned char)line.bytes[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) return false;
    }
    strict->host_count += is_name(name, "Host");
    strict->length_count += is_name(name, "Content-Length");
    strict->encoding_count += is_name(name, "Transfer-Encoding");
    return true;
}

static bool strict_head(struct text bytes) {
    struct strict strict = {.at = bytes.bytes, .end = bytes.bytes + bytes.length};
    struct text line;
    if (!read_request_line(&strict)) return false;
    for (;;) {
        if (!take_line(&strict, &line)) return false;
        if (line.length == 0) break;
        if (!read_header(&strict, line)) return false;
    }
    return strict.host_count == 1 && strict.length_count + strict.encoding_count <= 1 &&
           (strict.encoding_count == 0 || !strict.is_old);
}

/* ---- the lenient reader ---- */

/* Ends a piece in place, as the library does. */
static char *cut(char *at) {
    *at = '\0';
    return at + 1;
}

/* The end of a line: CR LF or LF alone; NULL when there is none. *RET_NEXT is behind it. */
static char *line_end(char *at, char *end, char **ret_next) {
    char *feed = memchr(at, '\n', (size_t)(end - at));
    if (!feed) return NULL;
    *ret_next = feed + 1;
    return feed > at && feed[-1] == '\r' ? feed - 1 : feed;
}

/* The method, the target and the version; the next line's beginning, NULL when there are none. */
static char *begin_head(struct head *head, char *at, char *end) {
    char *next;
    char *stop = line_end(at, end, &next);
    if (!stop) return NULL;
    char *space = memchr(at, ' ', (size_t)(stop - at));
    if (!space) return NULL;
    char *target = cut(space);
    while (target < stop && *target == ' ') target++;
    char *version = stop;
    while (version > target && version[-1] != ' ') version--;
    char *target_end = version;
    while (target_end > target && target_end[-1] == ' ') target_end--;
    if (version == target || (stop - version) != (long)strlen("HTTP/1.1")) return NULL;
    cut(stop);
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0) return NULL;
    size_t target_length = (size_t)(target_end - target);
    /* The server itself refuses these. */
    if (memchr(target, ' ', target_length)) return NULL;
    *target_end = '\0';
    head_begin(head, at, target, target_length, version);
    return next;
}

/* One header, its folded lines joined to it; the next line's beginning, NULL at the end of input.
 */
static char *add_header(struct head *head, char *at, char *end, bool *ret_over) {
    char *next;
    char *stop = line_end(at, end, &next);
    if (!stop) return NULL;
    *ret_over = stop == at;
    if (*ret_over) return next;
    while (next < end && (*next == ' ' || *next == '\t')) {
        char *folded = line_end(next, end, &next);
        if (!folded) return NULL;
        stop = folded;
    }
    char *colon = memchr(at, ':', (size_t)(stop - at));
    char *name_end = colon ? colon : stop;
    char *value = colon ? colon + 1 : stop;
    while (value < stop && (*value == ' ' || *value == '\t')) value++;
    struct text name = {at, (size_t)(name_end - at)};
    if (colon) *colon = '\0';
    head_add(head, name, colon ? (struct text){value, (size_t)(stop - value)} : TEXT(""));
    *stop = '\0';
    return next;
}

static bool lenient_head(char *bytes, size_t length, size_t *ret_length) {
    struct head *head = malloc(sizeof(*head));
    MUST(head);
    bool over = false;
    char *at = begin_head(head, bytes, bytes + length);
    while (at && !over) at = add_header(head, at, bytes + length, &over);
    bool fine = at && head_end(head, at);
    if (fine) {
        MUST(head->count <= HEAD_COUNT_MAX && head->host.length > 0);
        MUST(head->content_length >= -1 && !(head->chunked && head->content_length >= 0));
        head_cookie(head, "xj_session");
        head_bearer(head);
        *ret_length = (size_t)(at - bytes);
    }
    free(head);
    return fine;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    size_t head_length = 0;
    if (size == 0 || size > LIMIT_HEAD_BYTES) return 0;
    char *bytes = malloc(size);
    MUST(bytes);
    memcpy(bytes, data, size);
    if (lenient_head(bytes, size, &head_length))
        MUST(strict_head((struct text){(const char *)data, head_length}));
    free(bytes);
    return 0;
}

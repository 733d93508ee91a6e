#include "kernel/base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kernel/base/arena.h"

enum {
    FORMAT_BYTES = 256, /* most texts that are formatted fit, and are formatted once */
    BUFFER_BYTES = 256  /* of a fresh buffer: it grows where it lies while nothing else is taken */
};

struct text text_of(const char *terminated) {
    return (struct text){terminated, terminated ? strlen(terminated) : 0};
}

bool text_equal(struct text a, struct text b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

bool text_is(struct text a, const char *terminated) { return text_equal(a, text_of(terminated)); }

bool text_starts(struct text whole, struct text prefix) {
    return whole.length >= prefix.length && text_equal(text_slice(whole, 0, prefix.length), prefix);
}

bool text_ends(struct text whole, struct text suffix) {
    return whole.length >= suffix.length &&
           text_equal(text_slice(whole, whole.length - suffix.length, whole.length), suffix);
}

size_t text_find(struct text whole, struct text needle, size_t from) {
    if (from > whole.length || needle.length > whole.length - from) return SIZE_MAX;
    if (needle.length == 0) return from;
    const char *hit = memmem(whole.bytes + from, whole.length - from, needle.bytes, needle.length);
    return hit ? (size_t)(hit - whole.bytes) : SIZE_MAX;
}

struct text text_slice(struct text whole, size_t from, size_t to) {
    if (to > whole.length) to = whole.length;
    if (from > to) from = to;
    return (struct text){whole.bytes ? whole.bytes + from : NULL, to - from};
}

static const struct text ideographic_space = {"\xe3\x80\x80", 3};

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

struct text text_trim(struct text whole) {
    for (;;) {
        if (whole.length && is_space(whole.bytes[0]))
            whole = text_slice(whole, 1, whole.length);
        else if (text_starts(whole, ideographic_space))
            whole = text_slice(whole, 3, whole.length);
        else if (whole.length && is_space(whole.bytes[whole.length - 1]))
            whole.length -= 1;
        else if (text_ends(whole, ideographic_space))
            whole.length -= 3;
        else
            return whole;
    }
}

/* The length of the well-formed sequence at BYTES (Unicode 15, table 3-7), or 0. */
static size_t sequence_length(const unsigned char *bytes, size_t left) {
    unsigned char a = bytes[0];
    if (a == 0) return 0;
    if (a < 0x80) return 1;
    size_t length = a >= 0xC2 && a <= 0xDF   ? 2
                    : (a & 0xF0) == 0xE0     ? 3
                    : a >= 0xF0 && a <= 0xF4 ? 4
                                             : 0;
    if (length == 0 || left < length) return 0;
    for (size_t i = 1; i < length; i++)
        if ((bytes[i] & 0xC0) != 0x80) return 0;
    unsigned char b = bytes[1];
    if ((a == 0xE0 && b < 0xA0) || (a == 0xED && b > 0x9F) || (a == 0xF0 && b < 0x90) ||
        (a == 0xF4 && b > 0x8F))
        return 0;
    return length;
}

bool text_is_utf8(struct text whole) {
    const unsigned char *bytes = (const unsigned char *)whole.bytes;
    for (size_t at = 0; at < whole.length;) {
        size_t length = sequence_length(bytes + at, whole.length - at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

size_t text_characters(struct text whole) {
    size_t count = 0;
    for (size_t i = 0; i < whole.length; i++)
        if (((unsigned char)whole.bytes[i] & 0xC0) != 0x80) count++;
    return count;
}

uint32_t text_next(struct text whole, size_t *at) {
    const unsigned char *bytes = (const unsigned char *)whole.bytes + *at;
    size_t length = sequence_length(bytes, whole.length - *at);
    assert(length);
    *at += length;
    if (length == 1) return bytes[0];
    if (length == 2) return ((uint32_t)(bytes[0] & 0x1F) << 6) | (bytes[1] & 0x3F);
    if (length == 3)
        return ((uint32_t)(bytes[0] & 0x0F) << 12) | ((uint32_t)(bytes[1] & 0x3F) << 6) |
               (bytes[2] & 0x3F);
    return ((uint32_t)(bytes[0] & 0x07) << 18) | ((uint32_t)(bytes[1] & 0x3F) << 12) |
           ((uint32_t)(bytes[2] & 0x3F) << 6) | (bytes[3] & 0x3F);
}

bool text_to_int64(struct text whole, int64_t *ret_value) {
    bool negative = whole.length && whole.bytes[0] == '-';
    size_t at = negative ? 1 : 0;
    if (at == whole.length) return false;
    int64_t value = 0;
    for (; at < whole.length; at++) {
        if (whole.bytes[at] < '0' || whole.bytes[at] > '9') return false;
        int64_t digit = whole.bytes[at] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    *ret_value = value;
    return true;
}

struct text text_copy(struct arena *arena, struct text whole) {
    char *bytes = arena_take_raw(arena, whole.length + 1);
    if (whole.length) memcpy(bytes, whole.bytes, whole.length);
    bytes[whole.length] = '\0';
    return (struct text){bytes, whole.length};
}

const char *text_terminated(struct arena *arena, struct text whole) {
    return text_copy(arena, whole).bytes;
}

static struct text format_list(struct arena *arena, const char *format, va_list list) {
    va_list again;
    va_copy(again, list);
    char first[FORMAT_BYTES];
    int length = vsnprintf(first, sizeof(first), format, list);
    assert(length >= 0);
    char *bytes = arena_take_raw(arena, (size_t)length + 1);
    if ((size_t)length < sizeof(first))
        memcpy(bytes, first, (size_t)length + 1);
    else
        vsnprintf(bytes, (size_t)length + 1, format, again);
    va_end(again);
    return (struct text){bytes, (size_t)length};
}

struct text text_format(struct arena *arena, const char *format, ...) {
    va_list list;
    va_start(list, format);
    struct text text = format_list(arena, format, list);
    va_end(list);
    return text;
}

struct text text_hex(struct arena *arena, struct bytes data) {
    static const char digits[] = "0123456789abcdef";
    char *out = arena_take_raw(arena, data.length * 2 + 1);
    for (size_t i = 0; i < data.length; i++) {
        out[2 * i] = digits[data.data[i] >> 4];
        out[2 * i + 1] = digits[data.data[i] & 15];
    }
    out[data.length * 2] = '\0';
    return (struct text){out, data.length * 2};
}

struct buffer buffer_make(struct arena *arena, size_t length_max) {
    return (struct buffer){.arena = arena, .length_max = length_max};
}

void buffer_add(struct buffer *buffer, const char *bytes, size_t length) {
    if (buffer->overflowed || length > buffer->length_max - buffer->length) {
        buffer->overflowed = true;
        return;
    }
    if (length > buffer->capacity - buffer->length) {
        size_t wanted = buffer->capacity ? buffer->capacity * 2 : BUFFER_BYTES;
        while (wanted < buffer->length + length) wanted *= 2;
        /* The capacity never passes the maximum: buffer_add_char looks at nothing else. */
        if (wanted > buffer->length_max) wanted = buffer->length_max;
        if (!buffer->bytes ||
            !arena_extend(buffer->arena, buffer->bytes, buffer->capacity, wanted)) {
            char *grown = arena_take_raw(buffer->arena, wanted);
            if (buffer->length) memcpy(grown, buffer->bytes, buffer->length);
            buffer->bytes = grown;
        }
        buffer->capacity = wanted;
    }
    if (length) memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

void buffer_add_text(struct buffer *buffer, struct text text) {
    buffer_add(buffer, text.bytes, text.length);
}

void buffer_add_int(struct buffer *buffer, int64_t value) {
    char digits[24];
    size_t at = sizeof(digits);
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do digits[--at] = (char)('0' + left % 10);
    while (left /= 10);
    if (value < 0) digits[--at] = '-';
    buffer_add(buffer, digits + at, sizeof(digits) - at);
}

void buffer_add_format(struct buffer *buffer, const char *format, ...) {
    va_list list;
    va_start(list, format);
    struct text text = format_list(buffer->arena, format, list);
    va_end(list);
    buffer_add_text(buffer, text);
}

struct text buffer_text(const struct buffer *buffer) {
    return (struct text){buffer->bytes ? buffer->bytes : "", buffer->length};
}

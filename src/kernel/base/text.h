/* Text is a slice: bytes and a length, never assumed to end in NUL. Text that came from outside
 * is valid UTF-8 without NUL. */
#ifndef KERNEL_BASE_TEXT_H
#define KERNEL_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct text {
    const char *bytes;
    size_t length;
};

struct text_list {
    struct text *items;
    size_t count;
};

/* A slice of raw bytes (keys, ciphertext, hashes); kept apart from text so that the two are not
 * mixed. */
struct bytes {
    const unsigned char *data;
    size_t length;
};

#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})

struct text text_of(const char *terminated);
bool text_equal(struct text a, struct text b);
bool text_is(struct text a, const char *terminated);
bool text_starts(struct text whole, struct text prefix);
bool text_ends(struct text whole, struct text suffix);

/* The byte offset of NEEDLE in WHOLE from FROM on; SIZE_MAX when it does not occur. */
size_t text_find(struct text whole, struct text needle, size_t from);

/* WHOLE[from, to) ; both are cut to the length. */
struct text text_slice(struct text whole, size_t from, size_t to);

/* Without the ASCII white space and the ideographic spaces (U+3000) at both ends. */
struct text text_trim(struct text whole);

/* Valid UTF-8 (no overlong forms, no surrogates) without NUL. */
bool text_is_utf8(struct text whole);

/* Counts code points; WHOLE is valid UTF-8. */
size_t text_characters(struct text whole);

/* Decodes the code point at *AT (valid UTF-8) and moves *AT behind it. */
uint32_t text_next(struct text whole, size_t *at);

/* A decimal integer, optionally with a leading minus; false on anything else or overflow. */
bool text_to_int64(struct text whole, int64_t *ret_value);

struct text text_copy(struct arena *arena, struct text whole);
const char *text_terminated(struct arena *arena, struct text whole);
struct text text_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A hexadecimal rendering in lower case. */
struct text text_hex(struct arena *arena, struct bytes data);

/* A growing text on an arena with a stated maximum; writing past the maximum sets `overflowed`
 * and drops what does not fit, so that the caller checks once at the end. */
struct buffer {
    struct arena *arena;
    char *bytes;
    size_t length;
    size_t capacity;
    size_t length_max;
    bool overflowed;
};

struct buffer buffer_make(struct arena *arena, size_t length_max);
void buffer_add(struct buffer *buffer, const char *bytes, size_t length);
void buffer_add_text(struct buffer *buffer, struct text text);
void buffer_add_int(struct buffer *buffer, int64_t value);
void buffer_add_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct text buffer_text(const struct buffer *buffer);

static inline void buffer_add_char(struct buffer *buffer, char c) {
    if (buffer->length < buffer->capacity)
        buffer->bytes[buffer->length++] = c;
    else
        buffer_add(buffer, &c, 1);
}

#define buffer_add_literal(buffer, literal) buffer_add((buffer), (literal), sizeof(literal) - 1)

#endif

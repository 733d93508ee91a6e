#include "kernel/base/json.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "kernel/base/arena.h"
#include "kernel/base/limits.h"

/* jansson has one pair of allocation functions for the process and no context argument, so the
 * arena of the running json_read is kept for the thread. Nothing else in the process calls
 * jansson. */
static _Thread_local struct arena *reading;

static void *take(size_t size) {
    assert(reading);
    return arena_take_raw(reading, size);
}

static void leave(void *memory) { (void)memory; }

void json_prepare(void) {
    json_set_alloc_funcs(take, leave);
    /* A fixed seed would let a client craft colliding names; 0 makes jansson draw one. */
    json_object_seed(0);
}

/* Objects within objects cost stack in jansson, and every empty object some two hundred bytes of
 * the arena; counting brackets and commas before it runs bounds both at no cost to correctness:
 * those inside strings are skipped. NULL when TEXT is within the bounds, else what is wrong. */
static const char *out_of_bounds(struct text text) {
    size_t depth = 0;
    size_t values = 1;
    bool quoted = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > LIMIT_JSON_DEPTH) return "nested too deeply";
            values++;
        } else if (c == '}' || c == ']') {
            if (depth) depth--;
        } else if (c == ',') {
            values++;
        }
        if (values > LIMIT_JSON_VALUES) return "too many values";
    }
    return NULL;
}

const struct json_t *json_read(struct arena *arena, struct text text, struct text *ret_why) {
    struct text why = {0};
    json_t *value = NULL;
    const char *bound = out_of_bounds(text);
    if (bound) {
        why = text_of(bound);
    } else {
        json_error_t error;
        reading = arena;
        value = json_loadb(text.bytes ? text.bytes : "", text.length,
                           JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
        reading = NULL;
        if (!value)
            why = text_format(arena, "line %d column %d: %s", error.line, error.column, error.text);
    }
    if (ret_why) *ret_why = why;
    return (const struct json_t *)value;
}

/* How many bytes from AT on need no escape. Eight at a time: a byte of EIGHT below X leaves its top
 * bit in (EIGHT - X of each) & ~EIGHT; equal bytes are zero, thus below 1, after the exclusive or.
 * A borrow can only mark bytes above a true one, so the first that is marked is right. */
static size_t plain_length(struct text whole, size_t at) {
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    size_t from = at;
    for (; whole.length - at >= 8; at += 8) {
        uint64_t eight;
        memcpy(&eight, whole.bytes + at, 8);
        uint64_t quotes = eight ^ (ones * '"'), slashes = eight ^ (ones * '\\');
        uint64_t marked = ((eight - ones * 0x20) & ~eight) | ((quotes - ones) & ~quotes) |
                          ((slashes - ones) & ~slashes);
        if (marked & tops) break;
    }
    for (; at < whole.length; at++) {
        unsigned char c = (unsigned char)whole.bytes[at];
        if (c < 0x20 || c == '"' || c == '\\') break;
    }
    return at - from;
}

void json_write_text(struct buffer *buffer, struct text whole) {
    static const char hex[] = "0123456789abcdef";
    buffer_add_char(buffer, '"');
    size_t from = 0;
    for (size_t i = 0; (i += plain_length(whole, i)) < whole.length; i++) {
        unsigned char c = (unsigned char)whole.bytes[i];
        buffer_add(buffer, whole.bytes + from, i - from);
        from = i + 1;
        char escape[6] = {'\\', (char)c};
        size_t length = 2;
        if (c == '\n') {
            escape[1] = 'n';
        } else if (c < 0x20) {
            memcpy(escape, "\\u00", 4);
            escape[4] = hex[c >> 4];
            escape[5] = hex[c & 15];
            length = 6;
        }
        buffer_add(buffer, escape, length);
    }
    buffer_add_text(buffer, text_slice(whole, from, whole.length));
    buffer_add_char(buffer, '"');
}

size_t json_list_length(const struct json_t *list) { return json_array_size(list); }

bool json_list_int(const struct json_t *list, size_t index, int64_t *ret_value) {
    const json_t *item = json_array_get(list, index);
    if (!json_is_integer(item)) return false;
    *ret_value = json_integer_value(item);
    return true;
}

bool json_list_text(const struct json_t *list, size_t index, struct text *ret_value) {
    const json_t *item = json_array_get(list, index);
    if (!json_is_string(item)) return false;
    *ret_value = (struct text){json_string_value(item), json_string_length(item)};
    return true;
}

#include "kernel/http/target.h"

#include <string.h>
#include <strings.h>

#include "kernel/base/arena.h"

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Undoes the percent-encoding; text_is_utf8 also refuses NUL. */
static bool decode(struct arena *arena, struct text raw, bool plus_is_space,
                   struct text *ret_text) {
    bool plain = true;
    for (size_t i = 0; i < raw.length && plain; i++)
        plain = raw.bytes[i] != '%' && !(plus_is_space && raw.bytes[i] == '+');
    struct text decoded = raw;
    if (!plain) {
        char *bytes = arena_take_raw(arena, raw.length);
        size_t length = 0;
        for (size_t i = 0; i < raw.length; i++) {
            char c = raw.bytes[i];
            if (c == '%') {
                if (raw.length - i < 3) return false;
                int high = hex_value(raw.bytes[i + 1]);
                int low = hex_value(raw.bytes[i + 2]);
                if (high < 0 || low < 0) return false;
                c = (char)(high * 16 + low);
                i += 2;
            } else if (c == '+' && plus_is_space) {
                c = ' ';
            }
            bytes[length++] = c;
        }
        decoded = (struct text){bytes, length};
    }
    if (!text_is_utf8(decoded)) return false;
    *ret_text = decoded;
    return true;
}

/* What a browser may send unencoded; bytes above ASCII are let through to the check for UTF-8. */
static bool is_sent_plainly(char c, bool in_query) {
    unsigned char byte = (unsigned char)c;
    if (byte <= 0x20 || byte == 0x7f) return false;
    if (strchr("\"<>#", c)) return false;
    return in_query || !strchr("\\^`{|}", c);
}

static bool segment_is_fine(struct text segment) {
    if (text_is(segment, ".") || text_is(segment, "..")) return false;
    for (size_t i = 0; i < segment.length; i++) {
        unsigned char byte = (unsigned char)segment.bytes[i];
        if (byte < 0x20 || byte == 0x7f || byte == '/' || byte == '\\') return false;
    }
    return true;
}

static bool read_segments(struct arena *arena, struct target *target) {
    struct text rest = text_slice(target->path, 1, target->path.length);
    for (;;) {
        if (target->segment_count == TARGET_SEGMENTS_MAX) return false;
        size_t slash = text_find(rest, TEXT("/"), 0);
        struct text raw = text_slice(rest, 0, slash);
        struct text *segment = &target->segments[target->segment_count++];
        if (!decode(arena, raw, false, segment) || !segment_is_fine(*segment)) return false;
        if (slash == SIZE_MAX) return true;
        rest = text_slice(rest, slash + 1, rest.length);
    }
}

static bool read_pairs(struct arena *arena, struct text query, struct target *target) {
    while (query.length) {
        size_t end = text_find(query, TEXT("&"), 0);
        struct text pair = text_slice(query, 0, end);
        query = end == SIZE_MAX ? TEXT("") : text_slice(query, end + 1, query.length);
        if (pair.length == 0) continue;
        if (target->pair_count == LIMIT_QUERY_PAIRS) return false;
        size_t equals = text_find(pair, TEXT("="), 0);
        struct text value =
            equals == SIZE_MAX ? TEXT("") : text_slice(pair, equals + 1, pair.length);
        struct shape_pair *read = &target->pairs[target->pair_count++];
        if (!decode(arena, text_slice(pair, 0, equals), true, &read->name)) return false;
        if (!decode(arena, value, true, &read->value)) return false;
    }
    return true;
}

bool target_read(struct arena *arena, struct text raw, struct target *ret_target) {
    struct target *target = ret_target;
    *target = (struct target){0};
    if (raw.length == 0 || raw.length > LIMIT_PATH_BYTES || raw.bytes[0] != '/') return false;
    size_t question = text_find(raw, TEXT("?"), 0);
    for (size_t i = 0; i < raw.length; i++)
        if (!is_sent_plainly(raw.bytes[i], i > question)) return false;
    target->path = text_slice(raw, 0, question);
    /* A byte that only makes sense together with an encoded one before it would stand alone
     * wherever the path is said again, as in a problem's "instance". */
    if (!text_is_utf8(target->path)) return false;
    struct text query = question == SIZE_MAX ? TEXT("") : text_slice(raw, question + 1, raw.length);
    return read_segments(arena, target) && read_pairs(arena, query, target);
}

/* The weight of one entry such as "en-GB;q=0.8" in thousandths. */
static int weight_of(struct text entry) {
    size_t at = text_find(entry, TEXT("q="), 0);
    if (at == SIZE_MAX) return 1000;
    int weight = 0;
    int scale = 1000;
    for (size_t i = at + 2; i < entry.length && scale; i++) {
        if (entry.bytes[i] == '.') continue;
        if (entry.bytes[i] < '0' || entry.bytes[i] > '9') break;
        weight += (entry.bytes[i] - '0') * scale;
        scale /= 10;
    }
    return weight;
}

bool target_wants_english(struct text accept_language) {
    int best_zh = 0;
    int best_en = 0;
    for (struct text rest = accept_language; rest.length;) {
        size_t comma = text_find(rest, TEXT(","), 0);
        struct text entry = text_trim(text_slice(rest, 0, comma));
        rest = comma == SIZE_MAX ? TEXT("") : text_slice(rest, comma + 1, rest.length);
        if (entry.length < 2) continue;
        int weight = weight_of(entry);
        /* The first of two equals wins, which is what people mean by the order. */
        if (strncasecmp(entry.bytes, "zh", 2) == 0 && weight > best_zh && weight > best_en)
            best_zh = weight;
        if (strncasecmp(entry.bytes, "en", 2) == 0 && weight > best_en && weight > best_zh)
            best_en = weight;
    }
    return best_en > best_zh;
}

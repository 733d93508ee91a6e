/* The head of a picture: its kind, its sides and its frames, from a few bytes and without a
 * decoder, so that a bomb is refused before anybody unpacks it. */
#include <string.h>

#include "kernel/picture/picture.h"

enum { CHUNKS_MAX = 4096 };

struct cursor {
    const unsigned char *at;
    const unsigned char *end;
};

static size_t left(const struct cursor *cursor) { return (size_t)(cursor->end - cursor->at); }

static bool begins(struct bytes raw, size_t offset, const char *words, size_t length) {
    return raw.length >= offset + length && memcmp(raw.data + offset, words, length) == 0;
}

static uint32_t big(const unsigned char *at, size_t bytes) {
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++) value = value << 8 | at[i];
    return value;
}

static uint32_t little(const unsigned char *at, size_t bytes) {
    uint32_t value = 0;
    for (size_t i = bytes; i > 0; i--) value = value << 8 | at[i - 1];
    return value;
}

/* ---- JPEG ---- */

static bool is_frame_marker(unsigned char marker) { return marker >= 0xC0 && marker <= 0xC2; }

/* Inside the coded picture a byte FF is always followed by 00 or a restart marker, so FF DA is the
 * beginning of a scan (or stands in what some phones hang behind the picture, which counts too). */
static size_t scans_from(const struct cursor *cursor) {
    size_t count = 0;
    const unsigned char *at = cursor->at;
    while (at + 1 < cursor->end) {
        at = memchr(at, 0xFF, (size_t)(cursor->end - at - 1));
        if (!at) break;
        count += at[1] == 0xDA;
        at++;
    }
    return count;
}

static enum picture_fault read_frame(const struct cursor *segment, struct picture_head *ret_head) {
    if (left(segment) < 6) return PICTURE_BROKEN;
    unsigned components = segment->at[5];
    bool known = segment->at[0] == 8 && (components == 1 || components == 3 || components == 4);
    ret_head->height_px = big(segment->at + 1, 2);
    ret_head->width_px = big(segment->at + 3, 2);
    ret_head->pixel_bytes = components;
    return known ? PICTURE_FINE : PICTURE_BROKEN;
}

static enum picture_fault read_jpeg(struct bytes raw, struct picture_head *ret_head) {
    struct cursor cursor = {raw.data + 2, raw.data + raw.length};
    for (size_t i = 0; i < CHUNKS_MAX; i++) {
        while (left(&cursor) > 1 && cursor.at[0] == 0xFF && cursor.at[1] == 0xFF) cursor.at++;
        if (left(&cursor) < 4 || cursor.at[0] != 0xFF) return PICTURE_BROKEN;
        unsigned char marker = cursor.at[1];
        size_t length = big(cursor.at + 2, 2);
        bool alone = marker < 0xC0 || (marker >= 0xD0 && marker <= 0xDA);
        if (alone || length < 2 || left(&cursor) < 2 + length) return PICTURE_BROKEN;
        struct cursor segment = {cursor.at + 4, cursor.at + 2 + length};
        cursor.at += 2 + length;
        if (!is_frame_marker(marker)) continue;
        enum picture_fault fault = read_frame(&segment, ret_head);
        if (fault) return fault;
        size_t scans = scans_from(&cursor);
        if (scans == 0) return PICTURE_BROKEN;
        return scans > PICTURE_SCANS_MAX ? PICTURE_VAST : PICTURE_FINE;
    }
    return PICTURE_BROKEN;
}

/* ---- PNG ---- */

enum { PNG_CHUNK_BYTES = 12, PNG_IHDR_BYTES = 13 };

/* The chunks up to the first that holds pixels: an animation must say so before it. */
static enum picture_fault read_png(struct bytes raw, struct picture_head *ret_head) {
    struct cursor cursor = {raw.data + 8, raw.data + raw.length};
    for (size_t i = 0; i < CHUNKS_MAX; i++) {
        if (left(&cursor) < PNG_CHUNK_BYTES) return PICTURE_BROKEN;
        uint32_t length = big(cursor.at, 4);
        const unsigned char *name = cursor.at + 4;
        bool is_header = memcmp(name, "IHDR", 4) == 0;
        if (is_header != (i == 0)) return PICTURE_BROKEN;
        if (memcmp(name, "acTL", 4) == 0) return PICTURE_MOVING;
        if (memcmp(name, "IDAT", 4) == 0) return PICTURE_FINE;
        if (length > left(&cursor) - PNG_CHUNK_BYTES) return PICTURE_BROKEN;
        if (is_header) {
            if (length != PNG_IHDR_BYTES) return PICTURE_BROKEN;
            ret_head->width_px = big(cursor.at + 8, 4);
            ret_head->height_px = big(cursor.at + 12, 4);
            /* Whatever its colour type, it is unpacked to four bands at most. */
            ret_head->pixel_bytes = cursor.at[16] == 16 ? 8 : 4;
        }
        cursor.at += PNG_CHUNK_BYTES + length;
    }
    return PICTURE_BROKEN;
}

/* ---- WebP ---- */

enum { WEBP_CHUNK_BYTES = 8, WEBP_ANIMATION = 0x02 };

static bool read_lossy(const struct cursor *chunk, struct picture_head *ret_head) {
    if (left(chunk) < 10 || memcmp(chunk->at + 3, "\x9D\x01\x2A", 3) != 0) return false;
    ret_head->width_px = little(chunk->at + 6, 2) & 0x3FFF;
    ret_head->height_px = little(chunk->at + 8, 2) & 0x3FFF;
    return true;
}

static bool read_lossless(const struct cursor *chunk, struct picture_head *ret_head) {
    if (left(chunk) < 5 || chunk->at[0] != 0x2F) return false;
    uint32_t bits = little(chunk->at + 1, 4);
    ret_head->width_px = (bits & 0x3FFF) + 1;
    ret_head->height_px = (bits >> 14 & 0x3FFF) + 1;
    return true;
}

/* One chunk; *RET_OVER when it holds the pixels. A canvas that differs from them is refused by the
 * decoder; here the larger of the two counts. */
static enum picture_fault read_webp_chunk(const unsigned char *name, const struct cursor *chunk,
                                          struct picture_head *ret_head, bool *ret_over) {
    struct picture_head inner = {0};
    if (memcmp(name, "VP8X", 4) == 0) {
        if (left(chunk) < 10) return PICTURE_BROKEN;
        if (chunk->at[0] & WEBP_ANIMATION) return PICTURE_MOVING;
        ret_head->width_px = little(chunk->at + 4, 3) + 1;
        ret_head->height_px = little(chunk->at + 7, 3) + 1;
        return PICTURE_FINE;
    }
    if (memcmp(name, "ANIM", 4) == 0 || memcmp(name, "ANMF", 4) == 0) return PICTURE_MOVING;
    bool lossy = memcmp(name, "VP8 ", 4) == 0, lossless = memcmp(name, "VP8L", 4) == 0;
    if (!lossy && !lossless) return PICTURE_FINE;
    *ret_over = true;
    if (lossy ? !read_lossy(chunk, &inner) : !read_lossless(chunk, &inner)) return PICTURE_BROKEN;
    if (inner.width_px > ret_head->width_px) ret_head->width_px = inner.width_px;
    if (inner.height_px > ret_head->height_px) ret_head->height_px = inner.height_px;
    return PICTURE_FINE;
}

static enum picture_fault read_webp(struct bytes raw, struct picture_head *ret_head) {
    struct cursor cursor = {raw.data + 12, raw.data + raw.length};
    size_t said = little(raw.data + 4, 4);
    bool over = false;
    if (said < 4 || said > raw.length - 8) return PICTURE_BROKEN;
    cursor.end = raw.data + 8 + said;
    for (size_t i = 0; i < CHUNKS_MAX && !over; i++) {
        if (left(&cursor) < WEBP_CHUNK_BYTES) return PICTURE_BROKEN;
        size_t length = little(cursor.at + 4, 4);
        if (length > left(&cursor) - WEBP_CHUNK_BYTES) return PICTURE_BROKEN;
        struct cursor chunk = {cursor.at + 8, cursor.at + 8 + length};
        enum picture_fault fault = read_webp_chunk(cursor.at, &chunk, ret_head, &over);
        if (fault) return fault;
        size_t padded = WEBP_CHUNK_BYTES + length + (length & 1);
        cursor.at = padded > left(&cursor) ? cursor.end : cursor.at + padded;
    }
    return over ? PICTURE_FINE : PICTURE_BROKEN;
}

/* ---- all ---- */

enum picture_fault picture_read_head(struct bytes raw, struct picture_head *ret_head) {
    struct picture_head head = {0};
    enum picture_fault fault = PICTURE_OTHER;
    if (begins(raw, 0, "\xFF\xD8\xFF", 3)) {
        head.kind = PICTURE_JPEG;
        fault = read_jpeg(raw, &head);
    } else if (begins(raw, 0, "\x89PNG\r\n\x1A\n", 8)) {
        head.kind = PICTURE_PNG;
        fault = read_png(raw, &head);
    } else if (begins(raw, 0, "RIFF", 4) && begins(raw, 8, "WEBP", 4)) {
        head.kind = PICTURE_WEBP;
        head.pixel_bytes = 4;
        fault = read_webp(raw, &head);
    }
    if (fault) return fault;
    if (head.width_px < 1 || head.height_px < 1) return PICTURE_BROKEN;
    if (head.width_px > PICTURE_SIDE_PX_MAX || head.height_px > PICTURE_SIDE_PX_MAX ||
        head.width_px * head.height_px > PICTURE_PIXELS_MAX ||
        head.width_px * head.height_px * head.pixel_bytes > PICTURE_UNPACKED_BYTES_MAX)
        return PICTURE_VAST;
    *ret_head = head;
    return PICTURE_FINE;
}

const char *picture_other_name(struct bytes raw) {
    static const struct {
        size_t offset;
        const char *words;
        const char *name;
    } known[] = {
        {0, "GIF8", "GIF"},         {4, "ftyphei", "HEIC"}, {4, "ftyphev", "HEIC"},
        {4, "ftypmif", "HEIC"},     {4, "ftypmsf", "HEIC"}, {4, "ftypavi", "AVIF"},
        {0, "%PDF", "PDF"},         {0, "II*", "TIFF"},     {0, "MM", "TIFF"},
        {0, "BM", "BMP"},           {0, "<svg", "SVG"},     {0, "<?xml", "SVG"},
        {0, "\xFF\x0A", "JPEG XL"}, {4, "ftyp", "MP4"},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (begins(raw, known[i].offset, known[i].words, strlen(known[i].words)))
            return known[i].name;
    return NULL;
}

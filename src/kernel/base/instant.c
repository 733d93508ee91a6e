#include "kernel/base/instant.h"

#include <time.h>

void instant_write(struct buffer *buffer, struct instant at) {
    int64_t ms = at.ms < 0 ? 0 : at.ms > INSTANT_MS_MAX ? INSTANT_MS_MAX : at.ms;
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    const int fields[] = {parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,   parts.tm_hour,
                          parts.tm_min,         parts.tm_sec,     (int)(ms % 1000)};
    static const char marks[] = "--T::.Z";
    static const int widths[] = {4, 2, 2, 2, 2, 2, 3};
    char out[24];
    size_t at_byte = 0;
    for (size_t i = 0; i < 7; i++) {
        int value = fields[i];
        for (int digit = widths[i] - 1; digit >= 0; digit--) {
            out[at_byte + (size_t)digit] = (char)('0' + value % 10);
            value /= 10;
        }
        at_byte += (size_t)widths[i];
        out[at_byte++] = marks[i];
    }
    buffer_add(buffer, out, sizeof(out));
}

static bool read_digits(struct text text, size_t *at, size_t width, int *ret_value) {
    if (text.length - *at < width) return false;
    int value = 0;
    for (size_t i = 0; i < width; i++) {
        char c = text.bytes[*at + i];
        if (c < '0' || c > '9') return false;
        value = value * 10 + (c - '0');
    }
    *at += width;
    *ret_value = value;
    return true;
}

static bool read_mark(struct text text, size_t *at, const char *allowed) {
    if (*at >= text.length) return false;
    for (; *allowed; allowed++)
        if (text.bytes[*at] == *allowed) {
            *at += 1;
            return true;
        }
    return false;
}

static bool read_fraction(struct text text, size_t *at, int *ret_ms) {
    int ms = 0;
    size_t digits = 0;
    for (; *at < text.length && text.bytes[*at] >= '0' && text.bytes[*at] <= '9';
         *at += 1, digits++)
        if (digits < 3) ms = ms * 10 + (text.bytes[*at] - '0');
    if (digits < 1 || digits > 9) return false;
    for (; digits < 3; digits++) ms *= 10;
    *ret_ms = ms;
    return true;
}

static bool read_offset(struct text text, size_t *at, int64_t *ret_minutes) {
    if (read_mark(text, at, "Zz")) {
        *ret_minutes = 0;
        return true;
    }
    bool behind = *at < text.length && text.bytes[*at] == '-';
    int hours, minutes;
    if (!read_mark(text, at, "+-") || !read_digits(text, at, 2, &hours) ||
        !read_mark(text, at, ":") || !read_digits(text, at, 2, &minutes) || hours > 23 ||
        minutes > 59)
        return false;
    *ret_minutes = (behind ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

bool instant_read(struct text text, struct instant *ret_at) {
    struct tm parts = {0};
    size_t at = 0;
    int ms = 0;
    int64_t offset_minutes;
    if (!read_digits(text, &at, 4, &parts.tm_year) || !read_mark(text, &at, "-") ||
        !read_digits(text, &at, 2, &parts.tm_mon) || !read_mark(text, &at, "-") ||
        !read_digits(text, &at, 2, &parts.tm_mday) || !read_mark(text, &at, "Tt ") ||
        !read_digits(text, &at, 2, &parts.tm_hour) || !read_mark(text, &at, ":") ||
        !read_digits(text, &at, 2, &parts.tm_min) || !read_mark(text, &at, ":") ||
        !read_digits(text, &at, 2, &parts.tm_sec))
        return false;
    if (read_mark(text, &at, ".") && !read_fraction(text, &at, &ms)) return false;
    if (!read_offset(text, &at, &offset_minutes) || at != text.length) return false;
    struct tm wanted = parts;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    time_t seconds = timegm(&parts);
    /* timegm normalises 30 February to 2 March; a date that changed was not a date. */
    if (parts.tm_mday != wanted.tm_mday || parts.tm_mon != wanted.tm_mon - 1 ||
        parts.tm_hour != wanted.tm_hour || parts.tm_min != wanted.tm_min ||
        parts.tm_sec != wanted.tm_sec)
        return false;
    int64_t value = (int64_t)seconds * 1000 + ms - offset_minutes * MINUTE_MS;
    if (value < 0 || value > INSTANT_MS_MAX) return false;
    *ret_at = (struct instant){value};
    return true;
}

int64_t instant_day_cst(struct instant at) {
    time_t seconds = (time_t)((at.ms + 8 * HOUR_MS) / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    return (parts.tm_year + 1900) * INT64_C(10000) + (parts.tm_mon + 1) * 100 + parts.tm_mday;
}

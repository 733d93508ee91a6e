#include "kernel/base/money.h"

#include <assert.h>

static bool bounded(int64_t value, struct fen *ret) {
    if (value > FEN_MAX || value < -FEN_MAX) return false;
    *ret = (struct fen){value};
    return true;
}

bool fen_add(struct fen a, struct fen b, struct fen *ret_sum) {
    int64_t sum;
    return !__builtin_add_overflow(a.fen, b.fen, &sum) && bounded(sum, ret_sum);
}

bool fen_subtract(struct fen a, struct fen b, struct fen *ret_difference) {
    int64_t difference;
    return !__builtin_sub_overflow(a.fen, b.fen, &difference) &&
           bounded(difference, ret_difference);
}

bool fen_times(struct fen price, int64_t count, struct fen *ret_total) {
    int64_t total;
    return !__builtin_mul_overflow(price.fen, count, &total) && bounded(total, ret_total);
}

bool fen_share(struct fen amount, int64_t numerator, int64_t denominator, struct fen *ret_share) {
    assert(denominator > 0);
    __int128 product = (__int128)amount.fen * numerator;
    __int128 half = denominator / 2;
    __int128 share = (product < 0 ? product - half : product + half) / denominator;
    if (share > FEN_MAX || share < -FEN_MAX) return false;
    *ret_share = (struct fen){(int64_t)share};
    return true;
}

bool fen_share_down(struct fen amount, int64_t numerator, int64_t denominator,
                    struct fen *ret_share) {
    assert(denominator > 0 && amount.fen >= 0 && numerator >= 0);
    __int128 share = (__int128)amount.fen * numerator / denominator;
    if (share > FEN_MAX) return false;
    *ret_share = (struct fen){(int64_t)share};
    return true;
}

int fen_compare(struct fen a, struct fen b) { return (a.fen > b.fen) - (a.fen < b.fen); }

int64_t fen_count(struct fen a) { return a.fen; }

struct fen fen_of_count(int64_t count) {
    assert(count >= -FEN_MAX && count <= FEN_MAX);
    return (struct fen){count};
}

struct text fen_yuan(struct arena *arena, struct fen amount) {
    int64_t size = amount.fen < 0 ? -amount.fen : amount.fen;
    return text_format(arena, "%s%lld.%02lld", amount.fen < 0 ? "-" : "", (long long)(size / 100),
                       (long long)(size % 100));
}

bool fen_read_yuan(struct text written, struct fen *ret_amount) {
    enum { DIGITS_MAX = 12 };
    size_t point = text_find(written, TEXT("."), 0);
    size_t whole = point == SIZE_MAX ? written.length : point;
    size_t decimals = point == SIZE_MAX ? 0 : written.length - point - 1;
    int64_t fen = 0;
    if (whole < 1 || whole > DIGITS_MAX || decimals > 2 || (point != SIZE_MAX && decimals == 0))
        return false;
    for (size_t i = 0; i < written.length; i++) {
        if (i == point) continue;
        if (written.bytes[i] < '0' || written.bytes[i] > '9') return false;
        fen = fen * 10 + (written.bytes[i] - '0');
    }
    for (size_t i = decimals; i < 2; i++) fen *= 10;
    if (fen > FEN_MAX) return false;
    *ret_amount = (struct fen){fen};
    return true;
}

/* Money is an integer count of fen, wrapped so that the compiler refuses to mix it with counts.
 * Only money.c, the shapes and the database layer look inside; tests/tidy.c holds that. */
#ifndef KERNEL_BASE_MONEY_H
#define KERNEL_BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/base/text.h"

struct fen {
    int64_t fen;
};

#define FEN(literal) ((struct fen){(literal)})

/* One hundred billion yuan: what no single amount or sum of ours passes. */
#define FEN_MAX INT64_C(10000000000000)

/* False when the result would leave [-FEN_MAX, FEN_MAX]; *ret_sum is set only on success. */
bool fen_add(struct fen a, struct fen b, struct fen *ret_sum) __attribute__((warn_unused_result));
bool fen_subtract(struct fen a, struct fen b, struct fen *ret_difference)
    __attribute__((warn_unused_result));
bool fen_times(struct fen price, int64_t count, struct fen *ret_total)
    __attribute__((warn_unused_result));

/* AMOUNT * NUMERATOR / DENOMINATOR, halves rounded away from zero; DENOMINATOR > 0.
 * For a price per unit and for shares of a damage. */
bool fen_share(struct fen amount, int64_t numerator, int64_t denominator, struct fen *ret_share)
    __attribute__((warn_unused_result));

/* The same, cut to the fen below: a share that is given never exceeds what is due. AMOUNT and
 * NUMERATOR are not negative. */
bool fen_share_down(struct fen amount, int64_t numerator, int64_t denominator,
                    struct fen *ret_share) __attribute__((warn_unused_result));

/* -1, 0 or 1. */
int fen_compare(struct fen a, struct fen b);
static inline bool fen_is_zero(struct fen a) { return a.fen == 0; }
static inline bool fen_is_positive(struct fen a) { return a.fen > 0; }

/* The plain count, for the ledger, which counts every unit alike. */
int64_t fen_count(struct fen a);
struct fen fen_of_count(int64_t count);

/* "49.90": yuan with two decimals, for sentences to people. */
struct text fen_yuan(struct arena *arena, struct fen amount);

/* Yuan as people write it ("49.9", "1280", "0.05"): digits with up to two decimals and nothing
 * else, within FEN_MAX. */
bool fen_read_yuan(struct text written, struct fen *ret_amount);

#endif

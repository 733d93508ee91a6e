/* A quantity is an amount in thousandths of a unit: 2.5 kg is {2500, kg}. The units are one
 * list. */
#ifndef KERNEL_BASE_QUANTITY_H
#define KERNEL_BASE_QUANTITY_H

#include "kernel/base/money.h"

/* X(name, written, base of the price shown, base units in 1000 of this unit).
 * Weights are priced per 斤 (500 g), volumes per litre, everything else per piece of itself. */
#define QUANTITY_UNITS(X)                                                                          \
    X(JIN, "斤", JIN, 1000)                                                                        \
    X(KG, "kg", JIN, 2000)                                                                         \
    X(GRAM, "克", JIN, 2)                                                                          \
    X(LITRE, "升", LITRE, 1000)                                                                    \
    X(MILLILITRE, "毫升", LITRE, 1)                                                                \
    X(PIECE, "个", PIECE, 1000)                                                                    \
    X(EGG, "枚", EGG, 1000)                                                                        \
    X(BOTTLE, "瓶", BOTTLE, 1000)                                                                  \
    X(JAR, "罐", JAR, 1000)                                                                        \
    X(BOX, "盒", BOX, 1000)                                                                        \
    X(BAG, "袋", BAG, 1000)                                                                        \
    X(CASE, "箱", CASE, 1000)                                                                      \
    X(MU, "亩", MU, 1000)                                                                          \
    X(POT, "盆", POT, 1000)                                                                        \
    X(FLOWER, "朵", FLOWER, 1000)                                                                  \
    X(ITEM, "件", ITEM, 1000)                                                                      \
    X(SET, "套", SET, 1000)                                                                        \
    X(PAIR, "对", PAIR, 1000)                                                                      \
    X(PORTION, "份", PORTION, 1000)                                                                \
    X(PACK, "包", PACK, 1000)                                                                      \
    X(CARRIER, "提", CARRIER, 1000)                                                                \
    X(DRUM, "桶", DRUM, 1000)                                                                      \
    X(BUNDLE, "捆", BUNDLE, 1000)                                                                  \
    X(BUNCH, "把", BUNCH, 1000)                                                                    \
    X(BLOCK, "块", BLOCK, 1000)                                                                    \
    X(STRIP, "条", STRIP, 1000)                                                                    \
    X(HEAD, "只", HEAD, 1000)

enum quantity_unit {
#define X(name, written, base, ratio) UNIT_##name,
    QUANTITY_UNITS(X)
#undef X
        UNIT_COUNT
};

struct quantity {
    int64_t milli;
    enum quantity_unit unit;
};

/* One hundred million of a unit. */
#define QUANTITY_MILLI_MAX INT64_C(100000000000)

struct text quantity_unit_name(enum quantity_unit unit);
bool quantity_unit_find(struct text name, enum quantity_unit *ret_unit);

/* "2.5": the amount without needless zeros. */
struct text quantity_amount(struct arena *arena, struct quantity quantity);

/* A decimal with up to three places, > 0 and within QUANTITY_MILLI_MAX. */
bool quantity_read(struct text amount, struct text unit, struct quantity *ret_quantity);

/* What one base unit (*ret_unit: 斤 for weights) costs when QUANTITY costs PRICE, rounded half up
 * to a fen. False when the quantity is not positive or the price is out of bounds. */
bool quantity_unit_price(struct quantity quantity, struct fen price, struct fen *ret_price,
                         enum quantity_unit *ret_unit);

#endif

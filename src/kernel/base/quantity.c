#include "kernel/base/quantity.h"

#include <assert.h>

static const struct {
    struct text name;
    enum quantity_unit base;
    int64_t base_milli; /* thousandths of the base unit in one of this unit */
} units[UNIT_COUNT] = {
#define X(name_, written, base_, ratio)                                                            \
    [UNIT_##name_] = {{written, sizeof(written) - 1}, UNIT_##base_, ratio},
    QUANTITY_UNITS(X)
#undef X
};

struct text quantity_unit_name(enum quantity_unit unit) {
    assert(unit < UNIT_COUNT);
    return units[unit].name;
}

bool quantity_unit_find(struct text name, enum quantity_unit *ret_unit) {
    for (enum quantity_unit unit = 0; unit < UNIT_COUNT; unit++)
        if (text_equal(units[unit].name, name)) {
            *ret_unit = unit;
            return true;
        }
    return false;
}

struct text quantity_amount(struct arena *arena, struct quantity quantity) {
    assert(quantity.milli >= 0);
    struct text text = text_format(arena, "%lld.%03lld", (long long)(quantity.milli / 1000),
                                   (long long)(quantity.milli % 1000));
    while (text.bytes[text.length - 1] == '0') text.length--;
    if (text.bytes[text.length - 1] == '.') text.length--;
    return text;
}

bool quantity_read(struct text amount, struct text unit, struct quantity *ret_quantity) {
    struct quantity quantity = {0};
    size_t point = text_find(amount, TEXT("."), 0);
    struct text whole = text_slice(amount, 0, point);
    struct text rest = point == SIZE_MAX ? TEXT("0") : text_slice(amount, point + 1, amount.length);
    int64_t units_whole, units_rest;
    if (!quantity_unit_find(unit, &quantity.unit) || whole.length == 0 || rest.length == 0 ||
        rest.length > 3 || whole.bytes[0] == '-' || rest.bytes[0] == '-' ||
        !text_to_int64(whole, &units_whole) || !text_to_int64(rest, &units_rest))
        return false;
    for (size_t i = rest.length; i < 3; i++) units_rest *= 10;
    if (units_whole > QUANTITY_MILLI_MAX / 1000) return false;
    quantity.milli = units_whole * 1000 + units_rest;
    if (quantity.milli <= 0 || quantity.milli > QUANTITY_MILLI_MAX) return false;
    *ret_quantity = quantity;
    return true;
}

bool quantity_unit_price(struct quantity quantity, struct fen price, struct fen *ret_price,
                         enum quantity_unit *ret_unit) {
    assert(quantity.unit < UNIT_COUNT);
    if (quantity.milli <= 0 || quantity.milli > QUANTITY_MILLI_MAX) return false;
    /* price / (milli / 1000 * base_milli / 1000): both thousandths go to the numerator. */
    if (!fen_share(price, INT64_C(1000000), quantity.milli * units[quantity.unit].base_milli,
                   ret_price))
        return false;
    *ret_unit = units[quantity.unit].base;
    return true;
}

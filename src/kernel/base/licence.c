#include "kernel/base/licence.h"

#include <string.h>

bool licence_is_credit_code(struct text code) {
    static const char letters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    enum { BASE = sizeof(letters) - 1 };
    if (code.length != LICENCE_CREDIT_LENGTH) return false;
    int sum = 0, weight = 1, last = 0;
    for (size_t i = 0; i < code.length; i++) {
        const char *letter = memchr(letters, code.bytes[i], BASE);
        if (!letter) return false;
        last = (int)(letter - letters);
        if (i + 1 == code.length) break;
        sum += last * weight;
        weight = weight * 3 % BASE;
    }
    return last == (BASE - sum % BASE) % BASE;
}

/* ISO 7064 MOD 11,10 over all digits but the last. */
static bool check_digit_fits(const char *digits, size_t count) {
    int product = 10;
    for (size_t i = 0; i < count; i++) {
        if (digits[i] < '0' || digits[i] > '9') return false;
        int digit = digits[i] - '0';
        if (i + 1 == count) return digit == (11 - product) % 10;
        int sum = (product + digit) % 10;
        product = (sum ? sum : 10) * 2 % 11;
    }
    return false;
}

bool licence_is_food_number(struct text number) {
    if (number.length != LICENCE_FOOD_LENGTH) return false;
    if (!text_starts(number, TEXT("SC")) && !text_starts(number, TEXT("JY"))) return false;
    return check_digit_fits(number.bytes + 2, LICENCE_FOOD_LENGTH - 2);
}

bool licence_find_food_maker(struct text whole, struct text *ret_number) {
    for (size_t at = text_find(whole, TEXT("SC"), 0); at != SIZE_MAX;
         at = text_find(whole, TEXT("SC"), at + 1)) {
        struct text number = text_slice(whole, at, at + LICENCE_FOOD_LENGTH);
        if (!licence_is_food_number(number)) continue;
        *ret_number = number;
        return true;
    }
    return false;
}

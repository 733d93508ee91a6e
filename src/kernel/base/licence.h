/* Numbers of Chinese licences that carry a check character, so that a slip of the pen is found
 * before anybody files it. Whether a licence exists is for its issuer to say. */
#ifndef KERNEL_BASE_LICENCE_H
#define KERNEL_BASE_LICENCE_H

#include "kernel/base/text.h"

enum { LICENCE_CREDIT_LENGTH = 18, LICENCE_FOOD_LENGTH = 16 };

/* A unified social credit code (GB 32100): 18 characters, no I O S V Z, the last one checks. */
bool licence_is_credit_code(struct text code);

/* "SC" (makes food) or "JY" (trades in food) and 14 digits, of which the last checks (GB/T 17710).
 * Regions are not looked at: development zones have licences and no code of a division. */
bool licence_is_food_number(struct text number);

/* The first right SC number inside WHOLE ("生产许可证 SC12345..."); false when there is none. */
bool licence_find_food_maker(struct text whole, struct text *ret_number);

#endif

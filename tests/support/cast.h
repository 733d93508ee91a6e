/* Who acts in a journey: a market with three sellers, and persons in every role. "Home" is a seller
 * of 隰县, "near" another of the same county, "away" one of 奉节县; a keeper here keeps home, a
 * county operator has 隰县. */
#ifndef TESTS_SUPPORT_CAST_H
#define TESTS_SUPPORT_CAST_H

#include "support/market.h"

enum cast_role {
    CAST_NOBODY,
    CAST_BUYER,
    CAST_KEEPER,
    CAST_COUNTY_OPERATOR,
    CAST_OPERATOR,
    CAST_AUDITOR,
    CAST_ROLES
};

struct cast_person {
    struct text token; /* empty for nobody */
    int64_t id;
    int64_t address_id; /* the default one, in 太原市小店区; 0 for nobody */
    struct text phone;
};

struct cast {
    struct house *house;
    struct market home;
    struct market near;
    struct market away;
    int64_t next_phone;
};

void cast_open(struct house *house, struct cast *ret_cast);
/* Another person in that role, logged in, with an address. */
struct cast_person cast_person(struct cast *cast, enum cast_role role);
/* A person who only just logged in and holds nothing: no address, no role. */
struct cast_person cast_newcomer(struct cast *cast);
/* A code for PHONE, which PERSON wants to change to. Moves the clock on by a minute. */
struct text cast_new_phone_code(struct cast *cast, const struct cast_person *person,
                                struct text phone);
/* A one-time code as it came by SMS; PURPOSE is "login", "password" or "closure". Moves the clock
 * on by the minute that lies between two codes. */
struct text cast_code(struct cast *cast, const struct cast_person *person, const char *purpose);

/* "literally": for bodies with ids in them, as text_format into the house's arena. */
const char *cast_words(struct cast *cast, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What the provider says of a payment, with a right signature: the reply of our own door. TOKEN is
 * empty, unless a test wants to be somebody there. */
struct house_reply cast_notice(struct cast *cast, struct text token, struct text payment_id,
                               int64_t amount_fen);

#endif

/* People: log-in by phone, sessions, roles as data, the address book. Phones, names and addresses
 * are stored as ciphertext, found again by a blind index, and shown masked. */
#ifndef GROUND_PEOPLE_PEOPLE_H
#define GROUND_PEOPLE_PEOPLE_H

#include "kernel/http/route.h"

/* app->authenticate. */
refusal people_authenticate(struct request *q, struct text token, struct principal *ret_who);
/* Moves the last use of the session of Q->who, at most once a minute; in write transactions only,
 * so that reading stays reading. */
refusal people_touch(struct request *q);

/* For app_open and app_close: reads (or, unless READ_ONLY, makes) the key file, makes sure that the
 * database was written with these keys, and fills in the seams keyring, sms and authenticate. False
 * with a sentence in *ret_error. */
bool people_start(struct app *app, struct arena *arena, bool read_only, struct text *ret_error);
void people_stop(struct app *app);

/* Ciphertext under the person's own key (made on first use, wrapped by the key file), bound to the
 * person and LABEL ("orders.receiver"), and back. A text that was altered, moved to another person
 * or label, or whose key was destroyed opens as NOT_FOUND. */
refusal people_seal(struct request *q, int64_t person_id, const char *label, struct text clear,
                    struct bytes *ret_sealed);
refusal people_open(struct request *q, int64_t person_id, const char *label, struct bytes sealed,
                    struct text *ret_clear);

/* A person's own key at hand: what is sealed beside something that was just opened needs no second
 * look at the keys. Its bytes are wiped by people_key_close, as soon as may be. */
struct people_key {
    int64_t person_id;
    unsigned char bytes[32];
};
struct bytes people_seal_with(struct request *q, const struct people_key *key, const char *label,
                              struct text clear);
void people_key_close(struct people_key *key);

/* "138****5678" */
struct text people_mask_phone(struct arena *arena, struct text phone);
/* A mainland mobile number in any common writing (+86, spaces, dashes) as 11 digits; false when it
 * is none. standards.md 6.4. */
bool people_read_phone(struct arena *arena, struct text written, struct text *ret_phone);

#define PEOPLE_ADDRESS_FIELDS(F, S)                                                                \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, name, .about = "who receives")                                                      \
    F(S, TEXT, phone)                                                                              \
    F(S, TEXT, place_code, .about = "12-digit code of the town, or of the county")                 \
    F(S, TEXTS, place_names, .about = "province to town")                                          \
    F(S, TEXT, street)                                                                             \
    F(S, BOOL, is_default)
SHAPE_DECLARE(people_address, PEOPLE_ADDRESS_FIELDS);

/* One address of a person, in clear; ADDRESS_ID 0 means the default one. NOT_FOUND when it is
 * another person's or there is none. */
refusal people_address_of(struct request *q, int64_t person_id, int64_t address_id,
                          struct people_address *ret_address);
/* The same, with the key that opened it. */
refusal people_address_with_key(struct request *q, int64_t person_id, int64_t address_id,
                                struct people_address *ret_address, struct people_key *ret_key);

/* Roles are data: a role is a set of permissions, given with a scope. Known from the start: buyer
 * (everybody), seller_keeper, county_operator, operator, auditor. */
refusal people_give_role(struct request *q, int64_t person_id, const char *role, enum scope scope,
                         int64_t scope_id);

/* Takes it back; from the next request on it is gone. */
refusal people_take_role(struct request *q, int64_t person_id, const char *role, enum scope scope,
                         int64_t scope_id);

/* Announced when somebody closes the account; DATA is a struct people_leaving. A room with
 * something still open (an order under way) refuses. */
struct people_leaving {
    int64_t person_id;
};
extern const struct fact people_closing;

/* For the demo and for tests: a person with this phone (11 digits) and name; finds or makes.
 * PASSWORD empty: code log-in only. */
refusal people_make(struct request *q, struct text phone, struct text name, struct text password,
                    int64_t *ret_person_id);
/* A session for a person without log-in: the demo's and the tests' only; never reached by a route.
 */
refusal people_make_session(struct request *q, int64_t person_id, struct text *ret_token);

extern const struct room people_room;

#endif

/* People: log-in by phone, sessions, roles as data, the address book. Phones, names and addresses
 * are stored as ciphertext, found again by a blind index, and shown masked. */
#ifndef GROUND_PEOPLE_PEOPLE_H
#define GROUND_PEOPLE_PEOPLE_H

#include "kernel/http/route.h"

/* app->authenticate. */
refusal people_authenticate(struct request *q, struct text token, struct principal *ret_who);
/* What a person may do now, for work that goes on after the person's request (a job): as if logged
 * in, without a session. Nothing at all when the account is closed or there is none. */
refusal people_principal_of(struct request *q, int64_t person_id, struct principal *ret_who);
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
/* NOT_FOUND where the key was destroyed, or never made. */
refusal people_key_with(struct request *q, int64_t person_id, struct people_key *ret_key);
/* False when SEALED is not this person's, not of LABEL, or altered. */
bool people_open_with(struct request *q, const struct people_key *key, const char *label,
                      struct text sealed, struct text *ret_clear);
void people_key_close(struct people_key *key);

/* "138****5678" and "李*": what lists and details show of a person. */
struct text people_mask_phone(struct arena *arena, struct text phone);
struct text people_mask_name(struct arena *arena, struct text name);
/* A mainland mobile number in any common writing (+86, spaces, dashes) as 11 digits; false when it
 * is none: eleven digits, of which the first is 1 and the second 3 to 9, as the numbering plan of
 * the Ministry of Industry and Information Technology gives them out. */
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

/* What a person writes into the own address book: the doors, and the demo for its crowd. ADDRESS_ID
 * 0 makes a new one; the first is the default. */
#define PEOPLE_ADDRESS_DRAFT_FIELDS(F, S)                                                          \
    F(S, TEXT, name, .required = true, .min = 1, .max = 30)                                        \
    F(S, TEXT, phone, .required = true, .min = 1, .max = 40)                                       \
    F(S, TEXT, place_code, .required = true, .min = 12, .max = 12)                                 \
    F(S, TEXT, street, .required = true, .min = 1, .max = 120)                                     \
    F(S, BOOL, is_default)
SHAPE_DECLARE(people_address_draft, PEOPLE_ADDRESS_DRAFT_FIELDS);
refusal people_address_put(struct request *q, int64_t address_id,
                           const struct people_address_draft *draft,
                           struct people_address *ret_address);

/* Roles are data: a role is a set of permissions, given with a scope. Known from the start: buyer
 * (everybody), seller_keeper, county_operator, operator, auditor. */
refusal people_give_role(struct request *q, int64_t person_id, const char *role, enum scope scope,
                         int64_t scope_id);

/* Takes it back; from the next request on it is gone. */
refusal people_take_role(struct request *q, int64_t person_id, const char *role, enum scope scope,
                         int64_t scope_id);

/* `xiangji give-role`: what the roles desk gives, given by whoever runs the machine: a house begins
 * without anybody who might give. Whoever has the phone must have logged in once, so that the
 * number is proved and the terms are agreed to. REACH is "all", the id of a seller, or the 12-digit
 * code of a province, city or county. Giving what is held changes nothing. */
struct people_appointment {
    struct text phone;
    struct text role;
    struct text reach;
};
refusal people_appoint(struct request *q, const struct people_appointment *appointment,
                       int64_t *ret_person_id);

/* Announced when somebody closes the account; DATA is a struct people_leaving. A room with
 * something still open (an order under way) refuses; one that holds records which the law wants
 * kept for years (E-commerce law, article 31) says so, else the person's key is destroyed at
 * once. */
struct people_leaving {
    int64_t person_id;
    bool *keeps_records;
};
extern const struct fact people_closing;

/* Announced when what an account holds is wiped: at its closing, and again when a backup was put
 * back that still has it. DATA is a const int64_t, the person's id. A room drops what it keeps of
 * the person alone and no law wants kept; nobody refuses. */
extern const struct fact people_wiped;

/* Announced while a person's own data is written down for the person (PIPL art. 45); DATA is a
 * struct people_export. Every room that holds some adds its list, opening what is sealed with KEY:
 *     people_export_begin(export, "orders");
 *     people_export_add(export, &orders_exported_shape, &order);   for each
 *     people_export_end(export); */
struct people_export {
    int64_t person_id;
    const struct people_key *key;
    struct buffer *json;
};
extern const struct fact people_export_asked;
void people_export_begin(const struct people_export *export, const char *name);
void people_export_add(const struct people_export *export, const struct shape *shape,
                       const void *value);
void people_export_end(const struct people_export *export);
/* All three for a list that was read whole. */
#define PEOPLE_ROWS(list) ((struct shape_rows){(list).items, (list).count})
void people_export_rows(const struct people_export *export, const char *name,
                        const struct shape *shape, struct shape_rows rows);

/* Announced when an officer asks to see what belongs to a document of the kind SUBJECT in clear;
 * DATA is a struct people_unmasking. The room whose kind it is looks whether PERMISSION_unmask of
 * q->who reaches the document, and if so says whose data it is and adds the values. */
#define PEOPLE_CLEAR_FIELDS(F, S)                                                                  \
    F(S, TEXT, name, .about = "name, phone, address, note")                                        \
    F(S, TEXT, value, .secret = true)
SHAPE_DECLARE(people_clear, PEOPLE_CLEAR_FIELDS);

enum { PEOPLE_CLEAR_MAX = 8 };
struct people_unmasked {
    int64_t person_id; /* 0: there is no such document for this officer */
    size_t count;
    struct people_clear values[PEOPLE_CLEAR_MAX];
};
struct people_unmasking {
    struct text subject;
    int64_t subject_id;
    struct people_unmasked *found;
};
extern const struct fact people_unmask_asked;
void people_unmasked_add(struct people_unmasked *found, const char *name, struct text value);

/* For a room that shows what is PERSON_ID's in clear by a door of its own, in the transaction that
 * shows it: the same reason, the same limit and the same note for the person as when an officer
 * asks for a document by its kind. BAD_INPUT on "reason", TOO_MANY with the time to wait. */
enum { PEOPLE_REASON_MIN = 4, PEOPLE_REASON_MAX = 200 };
struct people_looking {
    int64_t person_id; /* who reads that somebody looked */
    struct text subject;
    int64_t subject_id;
    struct text reason;
};
refusal people_note_unmasking(struct request *q, const struct people_looking *looking);

/* Announced when somebody needs to know where an organisation (a seller) is; DATA is a struct
 * people_organisation. The room that keeps it fills PLACE_CODE of FOUND. */
struct people_organisation {
    int64_t organisation_id;
    struct owner *found; /* organisation_id 0: nobody knows it */
};
extern const struct fact people_organisation_asked;

/* Whether a person agreed to KIND ("recommendation") in its present wording and has not taken it
 * back. What is personal without being needed asks this first. */
refusal people_consents_to(struct request *q, int64_t person_id, const char *kind, bool *ret_given);

/* After a backup was put back: forgets again whom this house has forgotten or closed since, by the
 * tombstones in PATH (NULL: DATA/tombstones), which hold ids and times only and live outside the
 * database. May be run twice. *ret_count is how many accounts changed. False with a sentence. */
bool people_forget_again(const struct app *app, struct arena *arena, const char *path,
                         int64_t *ret_count, struct text *ret_error);

/* After a backup was put back: ends every session in it. One that was ended since the copy was made
 * would live again, and so would a token that was stolen before. False with a sentence. */
bool people_end_all_sessions(const struct app *app, struct arena *arena, struct text *ret_error);

/* `xiangji rotate-keys`: adds a new master key to the key file and wraps every person's data key
 * with it, a piece at a time; TOLD (may be NULL) hears how many are left. Where a rotation was
 * interrupted it is ended instead, and no second key is added. No other process may serve. */
bool people_rotate_keys(struct app *app, struct arena *arena, void (*told)(int64_t left),
                        struct text *ret_error);
/* `xiangji retire-keys`: takes the master keys that nothing is wrapped with any more out of the
 * file; *ret_count is how many. Backups made before the rotation open no personal data after it. */
bool people_retire_keys(struct app *app, struct arena *arena, int64_t *ret_count,
                        struct text *ret_error);

/* For the demo and for tests: a person with this phone (11 digits) and name; finds or makes.
 * PASSWORD empty: code log-in only. */
refusal people_make(struct request *q, struct text phone, struct text name, struct text password,
                    int64_t *ret_person_id);
/* The consents that the first log-in gives. */
refusal people_agree_needed(struct request *q, int64_t person_id);
/* A session for a person without log-in: the demo's and the tests' only; never reached by a route.
 */
refusal people_make_session(struct request *q, int64_t person_id, struct text *ret_token);

extern const struct room people_room;

#endif

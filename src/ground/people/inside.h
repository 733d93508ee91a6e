/* Inside ground/people only: what its nouns (persons, sessions, codes, addresses) share. */
#ifndef GROUND_PEOPLE_INSIDE_H
#define GROUND_PEOPLE_INSIDE_H

#include "app.h"
#include "ground/people/keyring.h"
#include "ground/people/people.h"
#include "ground/people/sms.h"
#include "ground/people/tries.h"

enum {
    PEOPLE_TOKEN_BYTES = 40,     /* the person's id and 256 random bits */
    PEOPLE_IDLE_DAYS = 30,       /* a session unused for so long is over */
    PEOPLE_SESSION_DAYS = 180,   /* and so is every session after this */
    PEOPLE_TOUCH_MS = MINUTE_MS, /* a session's last use is exact to this */
    PEOPLE_SESSIONS_MAX = 20,    /* of one person: the one unused for longest gives way */
    PEOPLE_GRANTS_MAX = 64,      /* of one person */
    PEOPLE_ADDRESSES_MAX = 20,   /* of one person */
    PEOPLE_CODE_DIGITS = 6,
    PEOPLE_CODE_MS = 5 * MINUTE_MS,
    PEOPLE_CODE_TRIES = 5,
    PEOPLE_PASSWORD_MIN = 8,
    PEOPLE_PASSWORD_MAX = 128,
    PEOPLE_NAME_MAX = 20,
    PEOPLE_FORGET_DAYS =
        3 * 366, /* records of trade are kept for three years from their end (rules.md) */
    PEOPLE_SWEEP_ROWS = 500
};

/* The wording of the terms that the pages show; who agrees agrees to this one. */
#define PEOPLE_TERMS_VERSION "2026-11"

#define PEOPLE_LANGUAGES(X) X(PEOPLE_ZH, "zh") X(PEOPLE_EN, "en")
SHAPE_ENUM_DECLARE(people_language, PEOPLE_LANGUAGES);

#define PEOPLE_PURPOSES(X)                                                                         \
    X(PEOPLE_FOR_LOGIN, "login")                                                                   \
    X(PEOPLE_FOR_PASSWORD, "password")                                                             \
    X(PEOPLE_FOR_CLOSURE, "closure")
SHAPE_ENUM_DECLARE(people_purpose, PEOPLE_PURPOSES);

#define PEOPLE_DEVICES(X)                                                                          \
    X(PEOPLE_OTHER, "other")                                                                       \
    X(PEOPLE_IPHONE, "iphone")                                                                     \
    X(PEOPLE_ANDROID, "android")                                                                   \
    X(PEOPLE_WINDOWS, "windows")                                                                   \
    X(PEOPLE_MAC, "mac")                                                                           \
    X(PEOPLE_LINUX, "linux")
SHAPE_ENUM_DECLARE(people_device, PEOPLE_DEVICES);

/* ---- persons (people.c) ---- */
#define PEOPLE_SCOPES(X)                                                                           \
    X(PEOPLE_OWN, "own")                                                                           \
    X(PEOPLE_ORGANISATION, "organisation")                                                         \
    X(PEOPLE_COUNTY, "county")                                                                     \
    X(PEOPLE_ALL, "all")
SHAPE_ENUM_DECLARE(people_scope, PEOPLE_SCOPES);

/* One permission with its reach, so that pages show what their person may do and nothing else; the
 * road alone decides. What everybody may do is not listed. */
#define PEOPLE_REACH_FIELDS(F, S)                                                                  \
    F(S, TEXT, permission)                                                                         \
    F(S, ENUM, scope, people_scope)                                                                \
    F(S, ID, scope_id, .about = "a seller's id, or a place code of which the first digits count")
SHAPE_DECLARE(people_reach, PEOPLE_REACH_FIELDS);

#define PEOPLE_PERSON_FIELDS(F, S)                                                                 \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, name)                                                                               \
    F(S, TEXT, phone_masked, .about = "138****5678")                                               \
    F(S, ENUM, language, people_language)                                                          \
    F(S, BOOL, has_password)                                                                       \
    F(S, IDS, organisation_ids, .about = "sellers that this person keeps")                         \
    F(S, TEXTS, roles)                                                                             \
    F(S, LIST, grants, people_reach, .about = "what the roles allow, and how far")                 \
    F(S, TIME, created_at)
SHAPE_DECLARE(people_person, PEOPLE_PERSON_FIELDS);

#define PEOPLE_DRAFT_FIELDS(F, S)                                                                  \
    F(S, TEXT, name, .required = true, .min = 1, .max = PEOPLE_NAME_MAX)                           \
    F(S, ENUM, language, people_language, .required = true)
SHAPE_DECLARE(people_draft, PEOPLE_DRAFT_FIELDS);

refusal people_person_of(struct request *q, int64_t person_id, struct people_person *ret_person);
refusal people_change(struct request *q, const struct people_draft *draft);
refusal people_close(struct request *q);

/* The blind index of a phone (11 digits), in the arena. */
struct bytes people_phone_index(struct request *q, struct text phone);
/* Finds the living account of a phone; 0 when there is none. */
refusal people_find(struct request *q, struct bytes phone_index, int64_t *ret_person_id);
/* Makes the account, unless another has just been made for the phone: then that one is given back
 * and *ret_new is false. */
struct people_new {
    struct text phone;
    struct text name;
    struct text password_hash;
};
refusal people_insert(struct request *q, const struct people_new *new_person,
                      int64_t *ret_person_id, bool *ret_new);
refusal people_agree(struct request *q, int64_t person_id, const char *kind, const char *version);

/* A person's phone and its index, in clear: for codes to the person's own phone. */
struct people_contact {
    struct text phone;
    struct bytes phone_index;
    struct text password_hash;
};
refusal people_contact_of(struct request *q, int64_t person_id, struct people_contact *ret_contact);

/* Text as bytes and back: db columns of bytes come as text. */
static inline struct bytes people_bytes(struct text text) {
    return (struct bytes){(const unsigned char *)text.bytes, text.length};
}

/* ---- keys (seal.c) ---- */
/* Seals and opens with a key at hand: rows that were read together with their key cost no further
 * statement. */
_Static_assert(sizeof(((struct people_key *)0)->bytes) == KEYRING_KEY_BYTES, "one key size");
bool people_key_open(struct request *q, int64_t person_id, int64_t master_id, struct text wrapped,
                     struct people_key *ret_key);
bool people_open_with(struct request *q, const struct people_key *key, const char *label,
                      struct text sealed, struct text *ret_clear);
/* The person's key, made when there is none; NOT_FOUND when it was destroyed. */
refusal people_key_of(struct request *q, int64_t person_id, struct people_key *ret_key);
refusal people_key_destroy(struct request *q, int64_t person_id);

/* ---- codes (code.c) ---- */
#define PEOPLE_CODE_DRAFT_FIELDS(F, S)                                                             \
    F(S, TEXT, phone, .max = 40, .about = "for purpose login; else it goes to your own phone")     \
    F(S, ENUM, purpose, people_purpose, .required = true)
SHAPE_DECLARE(people_code_draft, PEOPLE_CODE_DRAFT_FIELDS);

#define PEOPLE_CODE_SENT_FIELDS(F, S)                                                              \
    F(S, TEXT, sent_to)                                                                            \
    F(S, INT, valid_seconds)                                                                       \
    F(S, INT, resend_seconds)
SHAPE_DECLARE(people_code_sent, PEOPLE_CODE_SENT_FIELDS);

refusal people_code_ask(struct request *q, const struct people_code_draft *draft,
                        struct people_code_sent *ret_sent);

/* A code that somebody gave. TAKE counts a try of the stored code and says whether it is the one;
 * USE spends it, once. */
struct people_code_given {
    struct bytes phone_index;
    enum people_purpose purpose;
    struct text code;
    int64_t id; /* set by take: what use spends */
};
refusal people_code_take(struct request *q, struct people_code_given *given, bool *ret_right);
refusal people_code_use(struct request *q, const struct people_code_given *given, bool *ret_used);

/* The job people.send_code: the call to the gateway, and nothing to write after it. */
bool people_code_send(struct request *q, int64_t argument, struct text text, void **ret_result);
refusal people_code_sent_now(struct request *q, int64_t argument, struct text text);

/* ---- log-in and sessions (session.c) ---- */
#define PEOPLE_LOGIN_FIELDS(F, S)                                                                  \
    F(S, TEXT, phone, .required = true, .min = 1, .max = 40)                                       \
    F(S, TEXT, password, .max = PEOPLE_PASSWORD_MAX, .secret = true)                               \
    F(S, TEXT, code, .max = 12, .secret = true)                                                    \
    F(S, BOOL, agreed_terms, .about = "needed the first time a phone logs in")
SHAPE_DECLARE(people_login, PEOPLE_LOGIN_FIELDS);

#define PEOPLE_SESSION_FIELDS(F, S)                                                                \
    F(S, TEXT, token, .secret = true)                                                              \
    F(S, TIME, expires_at)                                                                         \
    F(S, OBJECT, person, people_person)
SHAPE_DECLARE(people_session, PEOPLE_SESSION_FIELDS);

#define PEOPLE_SESSION_ROW_FIELDS(F, S)                                                            \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, device, people_device)                                                              \
    F(S, TIME, created_at)                                                                         \
    F(S, TIME, used_at)                                                                            \
    F(S, TIME, expires_at)                                                                         \
    F(S, BOOL, is_current)
SHAPE_DECLARE(people_session_row, PEOPLE_SESSION_ROW_FIELDS);
SHAPE_DECLARE_PAGE(people_session_row);

#define PEOPLE_PASSWORD_FIELDS(F, S)                                                               \
    F(S, TEXT, old_password, .max = PEOPLE_PASSWORD_MAX, .secret = true)                           \
    F(S, TEXT, code, .max = 12, .secret = true, .about = "sent for the purpose password")          \
    F(S, TEXT, new_password, .required = true, .min = PEOPLE_PASSWORD_MIN,                         \
      .max = PEOPLE_PASSWORD_MAX, .secret = true)
SHAPE_DECLARE(people_password, PEOPLE_PASSWORD_FIELDS);

#define PEOPLE_CLOSURE_FIELDS(F, S)                                                                \
    F(S, TEXT, code, .required = true, .min = 1, .max = 12, .secret = true,                        \
      .about = "sent for the purpose closure")
SHAPE_DECLARE(people_closure, PEOPLE_CLOSURE_FIELDS);

refusal people_before_login(struct request *q);
refusal people_login_now(struct request *q, struct people_session *ret_session);
refusal people_before_password(struct request *q);
refusal people_password_now(struct request *q);
refusal people_before_closure(struct request *q);
refusal people_closure_now(struct request *q);

refusal people_sessions(struct request *q, struct people_session_row_page *ret_page);
refusal people_session_end(struct request *q, int64_t session_id);
/* Ends all of a person's sessions but one (0: all). */
refusal people_sessions_end(struct request *q, int64_t person_id, int64_t kept_session_id);
/* The cookie that carries TOKEN until EXPIRES; an empty TOKEN takes the cookie away. */
struct text people_cookie(struct request *q, struct text token, struct instant expires);
refusal people_sessions_sweep(struct request *q, int64_t *ret_deleted);
enum people_device people_device_of(struct text user_agent);
/* True when a password is one that is tried first: a number everybody has, the phone itself. */
bool people_password_is_weak(struct text password, struct text phone);

/* ---- addresses (address.c) ---- */
#define PEOPLE_ADDRESS_DRAFT_FIELDS(F, S)                                                          \
    F(S, TEXT, name, .required = true, .min = 1, .max = 30)                                        \
    F(S, TEXT, phone, .required = true, .min = 1, .max = 40)                                       \
    F(S, TEXT, place_code, .required = true, .min = 12, .max = 12)                                 \
    F(S, TEXT, street, .required = true, .min = 1, .max = 120)                                     \
    F(S, BOOL, is_default)
SHAPE_DECLARE(people_address_draft, PEOPLE_ADDRESS_DRAFT_FIELDS);
SHAPE_DECLARE_PAGE(people_address);

#define PEOPLE_PASTE_FIELDS(F, S) F(S, TEXT, text, .required = true, .min = 1, .max = 400)
SHAPE_DECLARE(people_paste, PEOPLE_PASTE_FIELDS);

#define PEOPLE_PARSED_FIELDS(F, S)                                                                 \
    F(S, TEXT, name)                                                                               \
    F(S, TEXT, phone)                                                                              \
    F(S, TEXT, place_code)                                                                         \
    F(S, TEXTS, place_names)                                                                       \
    F(S, TEXT, street)                                                                             \
    F(S, TEXTS, unsure, .about = "fields that should be looked at: name phone place_code street")
SHAPE_DECLARE(people_parsed, PEOPLE_PARSED_FIELDS);

refusal people_addresses(struct request *q, struct people_address_page *ret_page);
/* ADDRESS_ID 0 makes a new one. */
refusal people_address_put(struct request *q, int64_t address_id,
                           const struct people_address_draft *draft,
                           struct people_address *ret_address);
refusal people_address_delete(struct request *q, int64_t address_id);
struct people_parsed people_address_parse(struct arena *arena, struct text pasted);

#endif

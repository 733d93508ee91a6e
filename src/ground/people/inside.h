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
    PEOPLE_FORGET_DAYS = 3 * 366, /* records of trade are kept for three years from their end
                                     (E-commerce law, article 31) */
    PEOPLE_SWEEP_ROWS = 500,
    PEOPLE_EXPORT_DAYS = 7, /* how long a copy of one's own data lies ready */
    PEOPLE_EXPORT_BYTES_MAX = 2 * 1024 * 1024,
    PEOPLE_PHONE_WAIT_DAYS = 3, /* a new phone without a code of the old one waits so long */
    PEOPLE_REWRAP_ROWS = 100,   /* of one piece of a key rotation */
    PEOPLE_ROLES_MAX = 60
};

/* The wording of the terms that the pages show; who agrees agrees to this one. */
#define PEOPLE_TERMS_VERSION "2026-11"

#define PEOPLE_LANGUAGES(X) X(PEOPLE_ZH, "zh") X(PEOPLE_EN, "en")
SHAPE_ENUM_DECLARE(people_language, PEOPLE_LANGUAGES);

#define PEOPLE_PURPOSES(X)                                                                         \
    X(PEOPLE_FOR_LOGIN, "login")                                                                   \
    X(PEOPLE_FOR_PASSWORD, "password")                                                             \
    X(PEOPLE_FOR_CLOSURE, "closure")                                                               \
    X(PEOPLE_FOR_PHONE, "phone")                                                                   \
    X(PEOPLE_FOR_NEW_PHONE, "new_phone")
SHAPE_ENUM_DECLARE(people_purpose, PEOPLE_PURPOSES);

#define PEOPLE_DEVICES(X)                                                                          \
    X(PEOPLE_OTHER, "other")                                                                       \
    X(PEOPLE_IPHONE, "iphone")                                                                     \
    X(PEOPLE_ANDROID, "android")                                                                   \
    X(PEOPLE_WINDOWS, "windows")                                                                   \
    X(PEOPLE_MAC, "mac")                                                                           \
    X(PEOPLE_LINUX, "linux")
SHAPE_ENUM_DECLARE(people_device, PEOPLE_DEVICES);

/* The words of enum scope, as the rows and the doors hold them. */
#define PEOPLE_SCOPES(X)                                                                           \
    X(PEOPLE_OWN, "own")                                                                           \
    X(PEOPLE_ORGANISATION, "organisation")                                                         \
    X(PEOPLE_COUNTY, "county")                                                                     \
    X(PEOPLE_ALL, "all")
SHAPE_ENUM_DECLARE(people_scope, PEOPLE_SCOPES);

/* What is sealed in people_person. */
#define PEOPLE_PHONE_LABEL "people.phone"
#define PEOPLE_NAME_LABEL "people.name"

/* ---- persons (people.c) ---- */
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
    F(S, TIME, created_at)                                                                         \
    F(S, TIME, phone_change_at, .optional = true,                                                  \
      .about = "when a new phone that waits takes effect")
SHAPE_DECLARE(people_person, PEOPLE_PERSON_FIELDS);

#define PEOPLE_DRAFT_FIELDS(F, S)                                                                  \
    F(S, TEXT, name, .required = true, .min = 1, .max = PEOPLE_NAME_MAX)                           \
    F(S, ENUM, language, people_language, .required = true)
SHAPE_DECLARE(people_draft, PEOPLE_DRAFT_FIELDS);

refusal people_person_of(struct request *q, int64_t person_id, struct people_person *ret_person);
refusal people_change(struct request *q, const struct people_draft *draft);
/* The permission of that name; false for a word that is none here. */
bool people_find_permission(struct text word, enum permission *ret_permission);
struct text people_permission_text(enum permission permission);

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
/* The person's key, made when there is none; NOT_FOUND when it was destroyed. */
refusal people_key_of(struct request *q, int64_t person_id, struct people_key *ret_key);
refusal people_key_destroy(struct request *q, int64_t person_id);

/* ---- codes (code.c) ---- */
#define PEOPLE_CODE_DRAFT_FIELDS(F, S)                                                             \
    F(S, TEXT, phone, .max = 40,                                                                   \
      .about = "for login and new_phone; else it goes to your own phone")                          \
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

/* The job people.send_code: the call to the gateway. */
bool people_code_send(struct request *q, int64_t argument, struct text text, void **ret_result);

/* The job people.send_notice: tells a phone that the account is about to leave it. */
refusal people_notice_ask(struct request *q, struct text phone);
bool people_notice_send(struct request *q, int64_t argument, struct text text, void **ret_result);

/* ---- a proof of who asks (proof.c) ---- */
struct people_proof {
    bool by_code;
    struct text password;          /* what was given */
    struct people_code_given code; /* what was given */
    const char *code_field;        /* how a refusal names the code; NULL: "code" */
    struct bytes phone_index;
    struct bytes client;

    int64_t wait_ms;   /* > 0: locked out; nothing was counted or looked at */
    int64_t person_id; /* of the phone; 0: nobody's yet */
    struct text password_hash;
    bool code_is_right;
    int64_t client_try_id;
    struct text new_hash; /* of the new password */
};
/* A proof of what was given, in q->prepared. */
struct people_proof *people_proof_take(struct request *q, struct text password, struct text code,
                                       enum people_purpose purpose);
/* In `before`: counts, then looks. */
refusal people_prove(struct request *q, struct people_proof *proof);
/* In the transaction of the effect: spends it, and forgives the try. */
refusal people_proof_use(struct request *q, struct people_proof *proof);
refusal people_proof_forgive(struct request *q, void *proof);
/* In `before`: the phone and password hash of who asks. */
refusal people_own_contact(struct request *q, struct people_contact *ret_contact);

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
refusal people_address_delete(struct request *q, int64_t address_id);
struct people_parsed people_address_parse(struct arena *arena, struct text pasted);

/* ---- changing the phone (phone.c) ---- */
#define PEOPLE_PHONE_DRAFT_FIELDS(F, S)                                                            \
    F(S, TEXT, new_phone, .required = true, .min = 1, .max = 40)                                   \
    F(S, TEXT, new_code, .required = true, .min = 1, .max = 12, .secret = true,                    \
      .about = "sent to the new phone for the purpose new_phone")                                  \
    F(S, TEXT, old_code, .max = 12, .secret = true,                                                \
      .about = "sent to the old phone for the purpose phone: then it changes at once")             \
    F(S, TEXT, password, .max = PEOPLE_PASSWORD_MAX, .secret = true,                               \
      .about = "where the old phone is lost: then it changes after three days")
SHAPE_DECLARE(people_phone_draft, PEOPLE_PHONE_DRAFT_FIELDS);

#define PEOPLE_PHONE_CHANGE_FIELDS(F, S)                                                           \
    F(S, BOOL, done)                                                                               \
    F(S, TEXT, phone_masked, .about = "the new one")                                               \
    F(S, TIME, due_at, .optional = true, .about = "when it takes effect, where it waits")
SHAPE_DECLARE(people_phone_change, PEOPLE_PHONE_CHANGE_FIELDS);

refusal people_before_phone(struct request *q);
refusal people_phone_now(struct request *q, struct people_phone_change *ret_change);
/* Forgets a change that waits; NOT_FOUND when there is none. */
refusal people_phone_cancel(struct request *q);
/* Whoever logs in by a code of the old phone has not lost it. */
refusal people_phone_keep(struct request *q, int64_t person_id);
/* The job people.change_phone. */
refusal people_phone_when_due(struct request *q, int64_t person_id, struct text text);

/* ---- consents (consent.c) ---- */
#define PEOPLE_CONSENT_FIELDS(F, S)                                                                \
    F(S, TEXT, kind, .about = "terms, privacy, recommendation")                                    \
    F(S, TEXT, version)                                                                            \
    F(S, BOOL, is_current, .about = "this wording is the one in force")                            \
    F(S, BOOL, is_needed, .about = "without it there is no account")                               \
    F(S, BOOL, is_given)                                                                           \
    F(S, TIME, agreed_at, .optional = true)                                                        \
    F(S, TIME, withdrawn_at, .optional = true)
SHAPE_DECLARE(people_consent, PEOPLE_CONSENT_FIELDS);
SHAPE_DECLARE_PAGE(people_consent);

#define PEOPLE_CONSENT_DRAFT_FIELDS(F, S)                                                          \
    F(S, TEXT, version, .required = true, .min = 1, .max = 20,                                     \
      .about = "the wording that was read")                                                        \
    F(S, BOOL, given, .required = true)
SHAPE_DECLARE(people_consent_draft, PEOPLE_CONSENT_DRAFT_FIELDS);

refusal people_consents(struct request *q, struct people_consent_page *ret_page);
refusal people_consent_put(struct request *q, struct text kind,
                           const struct people_consent_draft *draft);

/* ---- one's own data (export.c) ---- */
#define PEOPLE_EXPORT_STATES(X)                                                                    \
    X(PEOPLE_EXPORT_PREPARING, "preparing")                                                        \
    X(PEOPLE_EXPORT_READY, "ready")                                                                \
    X(PEOPLE_EXPORT_TOO_LARGE, "too_large")
SHAPE_ENUM_DECLARE(people_export_state, PEOPLE_EXPORT_STATES);

#define PEOPLE_EXPORT_CARD_FIELDS(F, S)                                                            \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, state, people_export_state)                                                         \
    F(S, TIME, asked_at)                                                                           \
    F(S, TIME, ready_at, .optional = true)                                                         \
    F(S, TIME, expires_at, .optional = true)                                                       \
    F(S, INT, size_bytes)
SHAPE_DECLARE(people_export_card, PEOPLE_EXPORT_CARD_FIELDS);
SHAPE_DECLARE_PAGE(people_export_card);

#define PEOPLE_EXPORT_FILE_FIELDS(F, S)                                                            \
    F(S, TEXT, file_name)                                                                          \
    F(S, TEXT, content, .secret = true, .about = "JSON")
SHAPE_DECLARE(people_export_file, PEOPLE_EXPORT_FILE_FIELDS);

refusal people_exports(struct request *q, struct people_export_card_page *ret_page);
refusal people_export_ask(struct request *q, struct people_export_card *ret_card);
refusal people_export_read(struct request *q, int64_t export_id,
                           struct people_export_file *ret_file);
/* The job people.export; WORDS is the person's id. */
refusal people_export_make(struct request *q, int64_t export_id, struct text words);
refusal people_exports_sweep(struct request *q, int64_t *ret_deleted);

/* ---- seeing in clear (unmask.c) ---- */
#define PEOPLE_UNMASK_DRAFT_FIELDS(F, S)                                                           \
    F(S, TEXT, subject, .required = true, .min = 1, .max = 20, .about = "person, order")           \
    F(S, ID, subject_id, .required = true)                                                         \
    F(S, TEXT, reason, .required = true, .min = PEOPLE_REASON_MIN, .max = PEOPLE_REASON_MAX,       \
      .about = "kept, and shown to the person; without numbers or names")
SHAPE_DECLARE(people_unmask_draft, PEOPLE_UNMASK_DRAFT_FIELDS);

#define PEOPLE_IN_CLEAR_FIELDS(F, S)                                                               \
    F(S, TEXT, subject)                                                                            \
    F(S, ID, subject_id)                                                                           \
    F(S, LIST, values, people_clear)
SHAPE_DECLARE(people_in_clear, PEOPLE_IN_CLEAR_FIELDS);

#define PEOPLE_SEEN_FIELDS(F, S)                                                                   \
    F(S, ID, id)                                                                                   \
    F(S, TIME, seen_at)                                                                            \
    F(S, TEXT, role, .about = "the office, never the name")                                        \
    F(S, TEXT, subject)                                                                            \
    F(S, ID, subject_id)                                                                           \
    F(S, TEXT, reason)
SHAPE_DECLARE(people_seen, PEOPLE_SEEN_FIELDS);
SHAPE_DECLARE_PAGE(people_seen);

#define PEOPLE_PAGE_QUERY_FIELDS(F, S)                                                             \
    F(S, ID, after)                                                                                \
    F(S, INT, limit, .min = 1, .max = 50, .fallback = 20)
SHAPE_DECLARE(people_page_query, PEOPLE_PAGE_QUERY_FIELDS);

refusal people_unmask(struct request *q, const struct people_unmask_draft *draft,
                      struct people_in_clear *ret_clear);
refusal people_seen_list(struct request *q, const struct people_page_query *query,
                         struct people_seen_page *ret_page);

/* ---- leaving and being forgotten (forget.c) ---- */
refusal people_close(struct request *q);
/* The job people.forget: destroys the key. */
refusal people_forget_now(struct request *q, int64_t person_id, struct text text);
/* The job people.bury: writes the tombstone, WORDS "closed MS" or "forgotten MS". */
bool people_bury(struct request *q, int64_t person_id, struct text words, void **ret_result);
/* A job whose call was all: nothing to write. */
refusal people_job_done(struct request *q, int64_t argument, struct text text);

/* ---- key rotation (rotate.c) ---- */
/* Wraps up to PEOPLE_REWRAP_ROWS data keys of older master keys with the newest. */
refusal people_rewrap(struct request *q, int64_t *ret_count);
/* The data keys that an older master key wraps, and the oldest master key in use (0: none). */
#define PEOPLE_WRAPPING_FIELDS(F, S) F(S, INT, left) F(S, INT, oldest_id)
SHAPE_DECLARE(people_wrapping, PEOPLE_WRAPPING_FIELDS);
refusal people_wrappings(struct request *q, struct people_wrapping *ret_wrapping);

/* ---- the roles desk (desk.c) ---- */
#define PEOPLE_LOOKUP_FIELDS(F, S) F(S, TEXT, phone, .required = true, .min = 1, .max = 40)
SHAPE_DECLARE(people_lookup, PEOPLE_LOOKUP_FIELDS);

#define PEOPLE_GRANT_CARD_FIELDS(F, S)                                                             \
    F(S, TEXT, key, .about = "names the grant in addresses and as `after`")                        \
    F(S, ID, person_id)                                                                            \
    F(S, TEXT, name_masked)                                                                        \
    F(S, TEXT, phone_masked)                                                                       \
    F(S, TEXT, role)                                                                               \
    F(S, ENUM, scope, people_scope)                                                                \
    F(S, ID, scope_id, .optional = true, .about = "a seller, or the 12-digit code of a county")    \
    F(S, TIME, given_at)
SHAPE_DECLARE(people_grant_card, PEOPLE_GRANT_CARD_FIELDS);
SHAPE_DECLARE_PAGE(people_grant_card);

#define PEOPLE_FOUND_FIELDS(F, S)                                                                  \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, name_masked)                                                                        \
    F(S, TEXT, phone_masked)                                                                       \
    F(S, TIME, created_at)                                                                         \
    F(S, LIST, grants, people_grant_card)
SHAPE_DECLARE(people_found, PEOPLE_FOUND_FIELDS);
SHAPE_DECLARE_PAGE(people_found);

#define PEOPLE_ROLE_CARD_FIELDS(F, S)                                                              \
    F(S, TEXT, name)                                                                               \
    F(S, TEXTS, permissions)                                                                       \
    F(S, BOOL, is_everybodys, .about = "buyer: everybody's, never changed")
SHAPE_DECLARE(people_role_card, PEOPLE_ROLE_CARD_FIELDS);
SHAPE_DECLARE_PAGE(people_role_card);

#define PEOPLE_ROLE_DRAFT_FIELDS(F, S)                                                             \
    F(S, TEXTS, permissions, .required = true, .min = 1, .max = 30)
SHAPE_DECLARE(people_role_draft, PEOPLE_ROLE_DRAFT_FIELDS);

#define PEOPLE_GRANT_DRAFT_FIELDS(F, S)                                                            \
    F(S, ID, person_id, .required = true)                                                          \
    F(S, TEXT, role, .required = true, .min = 1, .max = 40)                                        \
    F(S, ENUM, scope, people_scope, .required = true)                                              \
    F(S, ID, scope_id, .about = "a seller for organisation, a 12-digit code for county")
SHAPE_DECLARE(people_grant_draft, PEOPLE_GRANT_DRAFT_FIELDS);

#define PEOPLE_GRANTS_QUERY_FIELDS(F, S)                                                           \
    F(S, TEXT, role, .max = 40)                                                                    \
    F(S, ID, organisation_id, .about = "who keeps this seller")                                    \
    F(S, TEXT, after, .max = 120)                                                                  \
    F(S, INT, limit, .min = 1, .max = 50, .fallback = 20)
SHAPE_DECLARE(people_grants_query, PEOPLE_GRANTS_QUERY_FIELDS);

refusal people_look_up(struct request *q, const struct people_lookup *lookup,
                       struct people_found_page *ret_page);
refusal people_roles(struct request *q, struct people_role_card_page *ret_page);
refusal people_role_put(struct request *q, struct text name, const struct people_role_draft *draft,
                        struct people_role_card *ret_role);
refusal people_grants(struct request *q, const struct people_grants_query *query,
                      struct people_grant_card_page *ret_page);
refusal people_grant_give(struct request *q, const struct people_grant_draft *draft,
                          struct people_grant_card *ret_grant);
refusal people_grant_take(struct request *q, struct text key);

#endif

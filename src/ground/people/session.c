/* Log-in, sessions, passwords; proof.c looks at what is given. */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "ground/audit/audit.h"
#include "ground/people/inside.h"

SHAPE_ENUM_DEFINE(people_device, PEOPLE_DEVICES);
SHAPE_DEFINE(people_login, PEOPLE_LOGIN_FIELDS);
SHAPE_DEFINE(people_session, PEOPLE_SESSION_FIELDS);
SHAPE_DEFINE(people_session_row, PEOPLE_SESSION_ROW_FIELDS);
SHAPE_DEFINE_PAGE(people_session_row);
SHAPE_DEFINE(people_password, PEOPLE_PASSWORD_FIELDS);
SHAPE_DEFINE(people_closure, PEOPLE_CLOSURE_FIELDS);

/* ---- tokens and cookies ---- */

struct text people_cookie(struct request *q, struct text token, struct instant expires) {
    int64_t seconds = token.length ? (expires.ms - q->now.ms) / SECOND_MS : 0;
    bool tls = q->app->behind_tls;
    return text_format(q->arena,
                       "%sxj_session=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%lld%s",
                       tls ? "__Host-" : "", (int)token.length, token.bytes ? token.bytes : "",
                       (long long)seconds, tls ? "; Secure" : "");
}

enum people_device people_device_of(struct text user_agent) {
    static const struct {
        struct text word;
        enum people_device device;
    } words[] = {{TEXT("iPhone"), PEOPLE_IPHONE},   {TEXT("iPad"), PEOPLE_IPHONE},
                 {TEXT("Android"), PEOPLE_ANDROID}, {TEXT("HarmonyOS"), PEOPLE_ANDROID},
                 {TEXT("Windows"), PEOPLE_WINDOWS}, {TEXT("Macintosh"), PEOPLE_MAC},
                 {TEXT("Linux"), PEOPLE_LINUX}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (text_find(user_agent, words[i].word, 0) != SIZE_MAX) return words[i].device;
    return PEOPLE_OTHER;
}

static struct text make_token(struct request *q, int64_t person_id, unsigned char *ret_hash) {
    unsigned char bytes[PEOPLE_TOKEN_BYTES];
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)((uint64_t)person_id >> (56 - 8 * i));
    q->app->random(q->app, bytes + 8, sizeof(bytes) - 8);
    char token[sodium_base64_ENCODED_LEN(PEOPLE_TOKEN_BYTES,
                                         sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    sodium_bin2base64(token, sizeof(token), bytes, sizeof(bytes),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    keyring_hash(q->app->keyring, "session", (struct bytes){bytes, sizeof(bytes)}, ret_hash);
    return text_copy(q->arena, text_of(token));
}

static refusal begin_session(struct request *q, int64_t person_id, enum people_device device,
                             struct people_session *ret_session) {
    unsigned char hash[KEYRING_HASH_BYTES];
    struct text token = make_token(q, person_id, hash);
    struct instant ends = instant_after(q->now, (int64_t)PEOPLE_SESSION_DAYS * DAY_MS);
    TRY(db_run(q->db,
               SQL("ii", "DELETE FROM people_session WHERE person_id = $1 AND id NOT IN "
                         "(SELECT id FROM people_session WHERE person_id = $1 "
                         "ORDER BY used_at DESC, id DESC LIMIT $2)"),
               PARAMS(person_id, (int64_t)PEOPLE_SESSIONS_MAX - 1), NULL));
    TRY(db_run(
        q->db,
        SQL("iibtiii",
            "INSERT INTO people_session (person_id, id, token_hash, device, made_at, used_at, "
            "expires_at, ends_at) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)"),
        PARAMS(person_id, request_new_id(q), ((struct bytes){hash, sizeof(hash)}),
               shape_enum_text(&people_device_enum, device), q->now,
               instant_after(q->now, (int64_t)PEOPLE_IDLE_DAYS * DAY_MS), ends),
        NULL));
    ret_session->token = token;
    ret_session->expires_at = ends;
    return NULL;
}

refusal people_make_session(struct request *q, int64_t person_id, struct text *ret_token) {
    struct people_session session = {0};
    TRY(begin_session(q, person_id, PEOPLE_OTHER, &session));
    *ret_token = session.token;
    return NULL;
}

/* ---- log-in ---- */

refusal people_before_login(struct request *q) {
    const struct people_login *login = q->body;
    struct text phone;
    if (!people_read_phone(q->arena, login->phone, &phone))
        return refuse(q, BAD_INPUT, "phone", "请填 11 位手机号",
                      "must be a mobile number of 11 digits");
    if ((login->password.length > 0) == (login->code.length > 0))
        return refuse(q, BAD_INPUT, "code", "密码和验证码填一样就行",
                      "give either a password or a code");
    struct people_proof *proof =
        people_proof_take(q, login->password, login->code, PEOPLE_FOR_LOGIN);
    proof->phone_index = people_phone_index(q, phone);
    TRY(people_prove(q, proof));
    if (proof->person_id || login->agreed_terms) return NULL;
    /* The code was right and stays good: agreeing and sending it again is no wrong try. */
    TRY(road_work(q->app, q->arena, true, people_proof_forgive, proof));
    return refuse(q, TERMS_NEEDED, "agreed_terms", "第一次登录，请先看过并同意用户约定和隐私说明",
                  "the first time, please agree to the terms");
}

static refusal find_or_make(struct request *q, struct people_proof *proof,
                            const struct people_login *login, int64_t *ret_person_id) {
    *ret_person_id = proof->person_id;
    if (proof->person_id) return NULL;
    struct people_new new_person = {.name = TEXT("")};
    bool is_new = false;
    bool read = people_read_phone(q->arena, login->phone, &new_person.phone);
    assert(read && proof->by_code && login->agreed_terms);
    TRY(people_insert(q, &new_person, ret_person_id, &is_new));
    return people_agree_needed(q, *ret_person_id);
}

refusal people_login_now(struct request *q, struct people_session *ret_session) {
    struct people_proof *proof = q->prepared;
    int64_t person_id = 0;
    TRY(people_proof_use(q, proof));
    TRY(find_or_make(q, proof, q->body, &person_id));
    if (proof->by_code && proof->person_id) TRY(people_phone_keep(q, person_id));
    /* Rotation: the session that the client came with ends, so that nobody plants one. */
    TRY(db_run(q->db, SQL("ii", "DELETE FROM people_session WHERE person_id = $1 AND id = $2"),
               PARAMS(q->who->person_id, q->who->session_id), NULL));
    TRY(begin_session(q, person_id, people_device_of(request_header(q, "user-agent")),
                      ret_session));
    TRY(people_person_of(q, person_id, &ret_session->person));
    q->set_cookie = people_cookie(q, ret_session->token, ret_session->expires_at);
    return NULL;
}

/* ---- the sessions of a person ---- */

refusal people_sessions(struct request *q, struct people_session_row_page *ret_page) {
    return db_rows(
        q->db,
        SQL("iiii", "SELECT id, device, made_at AS created_at, used_at, expires_at, "
                    "CASE WHEN id = $2 THEN 1 ELSE 0 END AS is_current "
                    "FROM people_session WHERE person_id = $1 AND expires_at > $3 "
                    "ORDER BY used_at DESC, id DESC LIMIT $4"),
        PARAMS(q->who->person_id, q->who->session_id, q->now, (int64_t)PEOPLE_SESSIONS_MAX),
        &people_session_row_shape, &ret_page->items);
}

refusal people_session_end(struct request *q, int64_t session_id) {
    int64_t changed = 0;
    TRY(db_run(q->db, SQL("ii", "DELETE FROM people_session WHERE person_id = $1 AND id = $2"),
               PARAMS(q->who->person_id, session_id), &changed));
    if (changed == 0) return refuse(q, NOT_FOUND, "id", "没有这个登录", "no such session");
    if (session_id == q->who->session_id) q->set_cookie = people_cookie(q, TEXT(""), q->now);
    return NULL;
}

static refusal end_all(struct request *q, void *context) {
    return db_run(q->db, SQL("", "DELETE FROM people_session"), NO_PARAMS, context);
}

bool people_end_all_sessions(const struct app *app, struct arena *arena, struct text *ret_error) {
    int64_t count = 0;
    if (!road_work(app, arena, true, end_all, &count)) return true;
    *ret_error = TEXT("the database does not answer");
    return false;
}

refusal people_sessions_end(struct request *q, int64_t person_id, int64_t kept_session_id) {
    return db_run(q->db, SQL("ii", "DELETE FROM people_session WHERE person_id = $1 AND id <> $2"),
                  PARAMS(person_id, kept_session_id), NULL);
}

refusal people_sessions_sweep(struct request *q, int64_t *ret_deleted) {
    return db_run(q->db,
                  SQL("ii", "DELETE FROM people_session WHERE (person_id, id) IN "
                            "(SELECT person_id, id FROM people_session WHERE expires_at <= $1 "
                            "ORDER BY expires_at LIMIT $2)"),
                  PARAMS(q->now, (int64_t)PEOPLE_SWEEP_ROWS), ret_deleted);
}

/* ---- passwords ---- */

static bool is_digits(struct text whole) {
    for (size_t i = 0; i < whole.length; i++)
        if (whole.bytes[i] < '0' || whole.bytes[i] > '9') return false;
    return true;
}

static bool is_run(struct text whole) {
    bool same = true, up = true, down = true;
    for (size_t i = 1; i < whole.length; i++) {
        int step = whole.bytes[i] - whole.bytes[i - 1];
        same = same && step == 0;
        up = up && (step == 1 || (whole.bytes[i - 1] == '9' && whole.bytes[i] == '0'));
        down = down && (step == -1 || (whole.bytes[i - 1] == '0' && whole.bytes[i] == '9'));
    }
    return same || up || down;
}

bool people_password_is_weak(struct text password, struct text phone) {
    static const char *const first_tried[] = {
        "password",  "passw0rd",  "password1",  "iloveyou",  "qwertyui",  "qwerty123",
        "1qaz2wsx",  "woaini520", "woaini1314", "a1234567",  "a12345678", "abc12345",
        "abcd1234",  "abc123456", "aa123456",   "asd123456", "qq123456",  "qwe123456",
        "123456abc", "123456aa",  "zxcvbnm123"};
    /* A birthday or any short number is soon tried through. */
    if (is_digits(password) && password.length < 10) return true;
    if (is_run(password) || (phone.length && text_find(password, phone, 0) != SIZE_MAX))
        return true;
    for (size_t i = 0; i < sizeof(first_tried) / sizeof(first_tried[0]); i++)
        if (password.length == strlen(first_tried[i]) &&
            strncasecmp(password.bytes, first_tried[i], password.length) == 0)
            return true;
    return false;
}

refusal people_before_password(struct request *q) {
    const struct people_password *change = q->body;
    struct people_contact own = {0};
    TRY(people_own_contact(q, &own));
    if (own.password_hash.length == 0 && change->code.length == 0)
        return refuse(q, BAD_INPUT, "code", "第一次设密码，请填短信验证码",
                      "the first password needs a code by SMS");
    if ((change->old_password.length > 0) == (change->code.length > 0))
        return refuse(q, BAD_INPUT, "old_password", "请填旧密码，或者短信验证码",
                      "give either the old password or a code");
    if (people_password_is_weak(change->new_password, own.phone))
        return refuse(q, BAD_INPUT, "new_password",
                      "这个密码太容易猜，请换一个：纯数字至少 10 位，不要用手机号",
                      "too easy to guess: digits alone need 10 of them, and not the phone number");
    struct people_proof *proof =
        people_proof_take(q, change->old_password, change->code, PEOPLE_FOR_PASSWORD);
    proof->phone_index = own.phone_index;
    TRY(people_prove(q, proof));
    proof->new_hash = keyring_password_hash(q->app->keyring, q->arena, change->new_password);
    return proof->new_hash.length ? NULL : problem_wait(q->arena, PROBLEM_BUSY, 1);
}

refusal people_password_now(struct request *q) {
    struct people_proof *proof = q->prepared;
    TRY(people_proof_use(q, proof));
    TRY(db_run(q->db, SQL("it", "UPDATE people_person SET password_hash = $2 WHERE id = $1"),
               PARAMS(q->who->person_id, proof->new_hash), NULL));
    TRY(people_sessions_end(q, q->who->person_id, q->who->session_id));
    return audit_write(q, &(struct audit_act){.action = "people.password",
                                              .subject = "person",
                                              .subject_id = q->who->person_id});
}

refusal people_before_closure(struct request *q) {
    const struct people_closure *closure = q->body;
    struct people_contact own = {0};
    TRY(people_own_contact(q, &own));
    struct people_proof *proof = people_proof_take(q, TEXT(""), closure->code, PEOPLE_FOR_CLOSURE);
    proof->phone_index = own.phone_index;
    return people_prove(q, proof);
}

refusal people_closure_now(struct request *q) {
    TRY(people_proof_use(q, q->prepared));
    TRY(people_close(q));
    q->set_cookie = people_cookie(q, TEXT(""), q->now);
    return NULL;
}

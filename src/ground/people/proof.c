/* A proof of who asks: a password or a code, counted before it is looked at. A refusal rolls back
 * what a request wrote, so every try is counted first, in a transaction of its own (`before`), and
 * forgiven when it was right: nobody escapes the count by being refused, or by trying twice at
 * once. */
#include <assert.h>

#include "ground/people/inside.h"

static const char *code_field(const struct people_proof *proof) {
    return proof->code_field ? proof->code_field : "code";
}

/* `before` reads on its own: its q->db may be NULL. */
struct own {
    int64_t person_id;
    struct people_contact contact;
};

static refusal read_own(struct request *q, void *context) {
    struct own *own = context;
    return people_contact_of(q, own->person_id, &own->contact);
}

refusal people_own_contact(struct request *q, struct people_contact *ret_contact) {
    struct own own = {.person_id = q->who->person_id};
    TRY(road_work(q->app, q->arena, false, read_own, &own));
    *ret_contact = own.contact;
    return NULL;
}

static const struct people_limit *limit_of(const struct people_proof *proof) {
    return proof->by_code ? &people_limit_code : &people_limit_password;
}

#define PEOPLE_HASH_FIELDS(F, S) F(S, ID, id) F(S, TEXT, password_hash)
SHAPE_DECLARE(people_hash, PEOPLE_HASH_FIELDS);
SHAPE_DEFINE(people_hash, PEOPLE_HASH_FIELDS);

static refusal count_try(struct request *q, void *context) {
    struct people_proof *proof = context;
    int64_t phone_ms, client_ms;
    TRY(people_tries_wait(q, limit_of(proof), proof->phone_index, &phone_ms));
    TRY(people_tries_wait(q, &people_limit_login_client, proof->client, &client_ms));
    proof->wait_ms = phone_ms > client_ms ? phone_ms : client_ms;
    if (proof->wait_ms > 0) return NULL;
    TRY(people_tries_add(q, limit_of(proof), proof->phone_index, NULL));
    TRY(people_tries_add(q, &people_limit_login_client, proof->client, &proof->client_try_id));
    struct people_hash row = {0};
    bool found = false;
    TRY(db_row(q->db,
               SQL("b", "SELECT p.id, p.password_hash FROM people_phone f "
                        "JOIN people_person p ON p.id = f.person_id WHERE f.phone_index = $1"),
               PARAMS(proof->phone_index), &people_hash_shape, &row, &found));
    proof->person_id = row.id;
    proof->password_hash = row.password_hash;
    if (!proof->by_code) return NULL;
    return people_code_take(q, &proof->code, &proof->code_is_right);
}

/* A right answer takes back its own try, and all wrong ones before it of the phone; of the client
 * only its own, so that one right log-in does not wash a guesser's slate. */
refusal people_proof_forgive(struct request *q, void *context) {
    struct people_proof *proof = context;
    TRY(people_tries_forgive(q, limit_of(proof), proof->phone_index, 0));
    if (proof->client_try_id == 0) return NULL;
    return people_tries_forgive(q, &people_limit_login_client, proof->client, proof->client_try_id);
}

/* Counts, then looks: WRONG_LOGIN says the same for an unknown phone, a wrong password and a person
 * without one. */
refusal people_prove(struct request *q, struct people_proof *proof) {
    proof->client = people_tries_client(q);
    proof->code.phone_index = proof->phone_index;
    TRY(road_work(q->app, q->arena, true, count_try, proof));
    if (proof->wait_ms > 0) return people_tries_refuse(q, proof->wait_ms);
    if (proof->by_code) {
        if (proof->code_is_right) return NULL;
        return refuse(q, WRONG_LOGIN, code_field(proof), "验证码不对，或者过了 5 分钟",
                      "the code is wrong or older than five minutes");
    }
    if (keyring_password_fits(q->app->keyring, proof->password_hash, proof->password)) return NULL;
    return refuse(q, WRONG_LOGIN, "password", "手机号或密码不对",
                  "the phone or the password is wrong");
}

struct people_proof *people_proof_take(struct request *q, struct text password, struct text code,
                                       enum people_purpose purpose) {
    struct people_proof *proof = arena_new(q->arena, struct people_proof, 1);
    proof->by_code = code.length > 0;
    proof->password = password;
    proof->code = (struct people_code_given){.purpose = purpose, .code = code};
    q->prepared = proof;
    return proof;
}

/* In the transaction of the effect: a code is spent once, a password still has to be the one that
 * was looked at. */
refusal people_proof_use(struct request *q, struct people_proof *proof) {
    bool fits = false;
    if (proof->by_code) {
        TRY(people_code_use(q, &proof->code, &fits));
    } else {
        int64_t found = 0;
        TRY(db_int(q->db,
                   SQL("it", "SELECT 1 FROM people_person WHERE id = $1 AND password_hash = $2 "
                             "AND closed_at = 0"),
                   PARAMS(proof->person_id, proof->password_hash), &found, NULL));
        fits = found == 1;
    }
    if (!fits)
        return refuse(q, WRONG_LOGIN, proof->by_code ? code_field(proof) : "password",
                      "请再登录一次", "please log in again");
    return people_proof_forgive(q, proof);
}

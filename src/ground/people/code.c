/* One-time codes: asked for, sent by a job, taken, used once. */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "ground/jobs/jobs.h"
#include "ground/people/inside.h"

SHAPE_ENUM_DEFINE(people_purpose, PEOPLE_PURPOSES);
SHAPE_DEFINE(people_code_draft, PEOPLE_CODE_DRAFT_FIELDS);
SHAPE_DEFINE(people_code_sent, PEOPLE_CODE_SENT_FIELDS);

static const char send_label[] = "people.send_code";

/* Six digits, each number as likely as any other. */
static struct text draw_code(struct request *q) {
    uint32_t drawn;
    do q->app->random(q->app, &drawn, sizeof(drawn));
    while (drawn >= UINT32_C(4294000000));
    return text_format(q->arena, "%06u", drawn % 1000000);
}

/* The row's id goes into the hash: a code that was sent earlier never fits a later row. */
static struct bytes hash_code(struct request *q, const struct people_code_given *given) {
    struct text purpose = shape_enum_text(&people_purpose_enum, given->purpose);
    struct buffer buffer = buffer_make(q->arena, 256);
    buffer_add(&buffer, (const char *)given->phone_index.data, given->phone_index.length);
    buffer_add_format(&buffer, "%.*s %lld ", (int)purpose.length, purpose.bytes,
                      (long long)given->id);
    buffer_add_text(&buffer, given->code);
    assert(!buffer.overflowed);
    unsigned char *hash = arena_take_raw(q->arena, KEYRING_HASH_BYTES);
    keyring_hash(q->app->keyring, "code", people_bytes(buffer_text(&buffer)), hash);
    return (struct bytes){hash, KEYRING_HASH_BYTES};
}

/* Where the code goes: for a log-in and for a new phone to the phone given, for anything else to
 * one's own. */
static refusal find_target(struct request *q, const struct people_code_draft *draft,
                           struct people_contact *ret_contact) {
    bool is_login = draft->purpose == PEOPLE_FOR_LOGIN;
    if (!is_login && q->who->person_id == 0)
        return refuse(q, LOGIN_NEEDED, "", "请先登录", "please log in first");
    if (!is_login && draft->purpose != PEOPLE_FOR_NEW_PHONE)
        return people_contact_of(q, q->who->person_id, ret_contact);
    if (!people_read_phone(q->arena, draft->phone, &ret_contact->phone))
        return refuse(q, BAD_INPUT, "phone", "请填 11 位手机号",
                      "must be a mobile number of 11 digits");
    ret_contact->phone_index = people_phone_index(q, ret_contact->phone);
    return NULL;
}

static refusal ask_to_send(struct request *q, struct text phone,
                           const struct people_code_given *code) {
    struct text clear = text_format(q->arena, "%.*s %.*s %lld", (int)phone.length, phone.bytes,
                                    (int)code->code.length, code->code.bytes,
                                    (long long)(q->now.ms + PEOPLE_CODE_MS));
    struct text sealed = keyring_seal_text(q->app, q->arena, send_label, clear);
    return jobs_ask(q, send_label, code->id, sealed, q->now);
}

refusal people_code_ask(struct request *q, const struct people_code_draft *draft,
                        struct people_code_sent *ret_sent) {
    struct people_contact contact = {0};
    TRY(find_target(q, draft, &contact));
    struct bytes client = people_tries_client(q);
    int64_t phone_wait_ms, client_wait_ms;
    TRY(people_tries_wait(q, &people_limit_send, contact.phone_index, &phone_wait_ms));
    TRY(people_tries_wait(q, &people_limit_send_client, client, &client_wait_ms));
    int64_t wait_ms = phone_wait_ms > client_wait_ms ? phone_wait_ms : client_wait_ms;
    if (wait_ms > 0) return people_tries_refuse(q, wait_ms);
    /* Nothing is refused from here on, so these count with the code itself. */
    TRY(people_tries_add(q, &people_limit_send, contact.phone_index, NULL));
    TRY(people_tries_add(q, &people_limit_send_client, client, NULL));
    struct people_code_given code = {.phone_index = contact.phone_index,
                                     .purpose = draft->purpose,
                                     .code = draw_code(q),
                                     .id = request_new_id(q)};
    TRY(db_run(
        q->db,
        SQL("btibi",
            "INSERT INTO people_code (phone_index, purpose, id, code_hash, tries, expires_at) "
            "VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (phone_index, purpose) DO UPDATE SET "
            "id = excluded.id, code_hash = excluded.code_hash, tries = 0, "
            "expires_at = excluded.expires_at"),
        PARAMS(code.phone_index, shape_enum_text(&people_purpose_enum, code.purpose), code.id,
               hash_code(q, &code), instant_after(q->now, PEOPLE_CODE_MS)),
        NULL));
    TRY(ask_to_send(q, contact.phone, &code));
    *ret_sent = (struct people_code_sent){.sent_to = people_mask_phone(q->arena, contact.phone),
                                          .valid_seconds = PEOPLE_CODE_MS / SECOND_MS,
                                          .resend_seconds =
                                              people_limit_send.windows[0].within_ms / SECOND_MS};
    return NULL;
}

#define PEOPLE_CODE_ROW_FIELDS(F, S) F(S, ID, id) F(S, TEXT, code_hash)
SHAPE_DECLARE(people_code_row, PEOPLE_CODE_ROW_FIELDS);
SHAPE_DEFINE(people_code_row, PEOPLE_CODE_ROW_FIELDS);

refusal people_code_take(struct request *q, struct people_code_given *given, bool *ret_right) {
    struct people_code_row row = {0};
    bool found = false;
    *ret_right = false;
    TRY(db_row(q->db,
               SQL("btii", "UPDATE people_code SET tries = tries + 1 WHERE phone_index = $1 "
                           "AND purpose = $2 AND tries < $3 AND expires_at > $4 "
                           "RETURNING id, code_hash"),
               PARAMS(given->phone_index, shape_enum_text(&people_purpose_enum, given->purpose),
                      (int64_t)PEOPLE_CODE_TRIES, q->now),
               &people_code_row_shape, &row, &found));
    if (!found || row.code_hash.length != KEYRING_HASH_BYTES) return NULL;
    given->id = row.id;
    given->code = text_trim(given->code);
    struct bytes hash = hash_code(q, given);
    *ret_right = sodium_memcmp(hash.data, row.code_hash.bytes, KEYRING_HASH_BYTES) == 0;
    return NULL;
}

refusal people_code_use(struct request *q, const struct people_code_given *given, bool *ret_used) {
    int64_t changed = 0;
    TRY(db_run(
        q->db,
        SQL("bti", "DELETE FROM people_code WHERE phone_index = $1 AND purpose = $2 AND id = $3"),
        PARAMS(given->phone_index, shape_enum_text(&people_purpose_enum, given->purpose),
               given->id),
        &changed));
    *ret_used = changed == 1;
    return NULL;
}

/* ---- the job that sends ---- */

static bool read_order(struct arena *arena, struct text clear, struct sms_message *ret_message,
                       int64_t *ret_expires_ms) {
    size_t first = text_find(clear, TEXT(" "), 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : text_find(clear, TEXT(" "), first + 1);
    if (second == SIZE_MAX) return false;
    *ret_message =
        (struct sms_message){.kind = SMS_CODE,
                             .phone = text_copy(arena, text_slice(clear, 0, first)),
                             .code = text_copy(arena, text_slice(clear, first + 1, second)),
                             .valid_minutes = PEOPLE_CODE_MS / MINUTE_MS};
    return text_to_int64(text_slice(clear, second + 1, clear.length), ret_expires_ms);
}

/* A code whose time is over is not sent; neither is one that this key file cannot open. */
bool people_code_send(struct request *q, int64_t argument, struct text text, void **ret_result) {
    (void)argument;
    (void)ret_result;
    struct text clear;
    struct sms_message message;
    int64_t expires_ms;
    if (!keyring_unseal_text(q->app, q->arena, send_label, text, &clear) ||
        !read_order(q->arena, clear, &message, &expires_ms) || q->now.ms >= expires_ms)
        return true;
    return q->app->sms->send(q->app->sms, &message) != SMS_LATER;
}

refusal people_job_done(struct request *q, int64_t argument, struct text text) {
    (void)q;
    (void)argument;
    (void)text;
    return NULL;
}

/* ---- the notice to a phone that is about to be left ---- */

static const char notice_label[] = "people.send_notice";

refusal people_notice_ask(struct request *q, struct text phone) {
    return jobs_ask(q, notice_label, request_new_id(q),
                    keyring_seal_text(q->app, q->arena, notice_label, phone), q->now);
}

bool people_notice_send(struct request *q, int64_t argument, struct text text, void **ret_result) {
    (void)argument;
    (void)ret_result;
    struct sms_message message = {.kind = SMS_PHONE_LEAVES,
                                  .valid_minutes = PEOPLE_PHONE_WAIT_DAYS * DAY_MS / MINUTE_MS};
    if (!keyring_unseal_text(q->app, q->arena, notice_label, text, &message.phone)) return true;
    return q->app->sms->send(q->app->sms, &message) != SMS_LATER;
}

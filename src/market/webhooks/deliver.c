/* Delivering: a call outside of every transaction, and what its end means. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "ground/audit/audit.h"
#include "ground/people/keyring.h"
#include "market/webhooks/inside.h"

enum {
    CALL_MS = 10 * 1000,
    HEADER_BYTES = 400,
    STATUS_GONE = 410,
    HOLD_MS_MIN = 5 * SECOND_MS,
    HOLD_MS_MAX = 10 * MINUTE_MS,
    SWEEP_ROWS = 500
};

/* After each failed try, as the standard proposes; the first try is made at once. */
static const int64_t pauses_ms[WEBHOOKS_TRIES_MAX - 1] = {
    5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS,  5 * HOUR_MS,
    10 * HOUR_MS,  14 * HOUR_MS,  20 * HOUR_MS,   24 * HOUR_MS,
};

enum client_reach webhooks_reach(const struct app *app) {
    return app->demo && app->webhooks_allow_local ? CLIENT_LOOPBACK : CLIENT_PUBLIC;
}

/* ---- what a call needs ---- */

#define WEBHOOKS_ERRAND_FIELDS(F, S)                                                               \
    F(S, TEXT, url)                                                                                \
    F(S, ENUM, endpoint_state, webhooks_state)                                                     \
    F(S, TEXT, secret)                                                                             \
    F(S, TEXT, old_secret)                                                                         \
    F(S, TIME, old_until)                                                                          \
    F(S, TEXT, payload)                                                                            \
    F(S, ENUM, state, webhooks_delivery_state)                                                     \
    F(S, INT, tries)                                                                               \
    F(S, TIME, hold_until)
SHAPE_DECLARE(webhooks_errand, WEBHOOKS_ERRAND_FIELDS);
SHAPE_DEFINE(webhooks_errand, WEBHOOKS_ERRAND_FIELDS);

/* One run of a delivery's job, from its call to its note. */
enum verdict { VERDICT_NONE, VERDICT_HELD, VERDICT_OFF, VERDICT_ASKED };
struct delivering {
    int64_t endpoint_id;
    int64_t delivery_id;
    struct webhooks_errand errand;
    bool found;
    enum verdict verdict;
    struct client_answer answer;
};

static refusal load(struct request *q, void *context) {
    struct delivering *delivering = context;
    return db_row(
        q->db,
        SQL("ii", "SELECT e.url, e.state AS endpoint_state, e.secret, e.old_secret, e.old_until, "
                  "d.payload, d.state, d.tries, h.hold_until FROM webhooks_delivery d "
                  "JOIN webhooks_endpoint e ON e.id = d.endpoint_id "
                  "LEFT JOIN webhooks_health h ON h.endpoint_id = d.endpoint_id "
                  "WHERE d.endpoint_id = $1 AND d.id = $2"),
        PARAMS(delivering->endpoint_id, delivering->delivery_id), &webhooks_errand_shape,
        &delivering->errand, &delivering->found);
}

static bool add_signature(struct request *q, struct text sealed,
                          const struct webhooks_message *message, struct buffer *signatures) {
    struct text secret, signature;
    if (!keyring_unseal_text(q->app, q->arena, WEBHOOKS_SECRET_LABEL, sealed, &secret))
        return false;
    bool is_signed = webhooks_sign(q->arena, secret, message, &signature);
    sodium_memzero((char *)(uintptr_t)secret.bytes, secret.length);
    if (!is_signed) return false;
    if (signatures->length) buffer_add_char(signatures, ' ');
    buffer_add_text(signatures, signature);
    return true;
}

/* False when the secret does not open: the key file is not this house's. */
static bool call(struct request *q, struct delivering *delivering) {
    const struct webhooks_errand *errand = &delivering->errand;
    char id[HEADER_BYTES], sent[HEADER_BYTES];
    struct webhooks_message message = {
        .id = text_format(q->arena, "msg_%lld", (long long)delivering->delivery_id),
        .sent_s = q->now.ms / SECOND_MS,
        .body = errand->payload};
    struct buffer signatures = buffer_make(q->arena, HEADER_BYTES);
    if (!add_signature(q, errand->secret, &message, &signatures)) return false;
    if (errand->old_secret.length && q->now.ms < errand->old_until.ms &&
        !add_signature(q, errand->old_secret, &message, &signatures))
        return false;
    struct text all = buffer_text(&signatures);
    struct text signature =
        text_format(q->arena, "webhook-signature: %.*s", (int)all.length, all.bytes);
    snprintf(id, sizeof(id), "webhook-id: %.*s", (int)message.id.length, message.id.bytes);
    snprintf(sent, sizeof(sent), "webhook-timestamp: %lld", (long long)message.sent_s);
    const char *const headers[] = {"Content-Type: application/json",
                                   "User-Agent: xiangji-webhooks/1",
                                   "Expect:",
                                   id,
                                   sent,
                                   text_terminated(q->arena, signature),
                                   NULL};
    const struct client_call client_call = {.method = "POST",
                                            .url = text_terminated(q->arena, errand->url),
                                            .headers = headers,
                                            .body = errand->payload,
                                            .timeout_ms = CALL_MS,
                                            .reach = webhooks_reach(q->app),
                                            .kept_bytes = WEBHOOKS_ANSWER_BYTES};
    client_ask(q->arena, &client_call, &delivering->answer);
    return true;
}

bool webhooks_deliver_outside(struct request *q, int64_t delivery_id, struct text words,
                              void **ret_result) {
    struct delivering *delivering = arena_new(q->arena, struct delivering, 1);
    *ret_result = delivering;
    delivering->delivery_id = delivery_id;
    if (!text_to_int64(words, &delivering->endpoint_id)) return true;
    if (road_work(q->app, q->arena, false, load, delivering)) return false;
    if (!delivering->found || delivering->errand.state != WEBHOOKS_WAITING) return true;
    delivering->verdict = VERDICT_OFF;
    if (delivering->errand.endpoint_state == WEBHOOKS_OFF) return true;
    delivering->verdict = VERDICT_HELD;
    if (delivering->errand.hold_until.ms > q->now.ms) return true;
    delivering->verdict = VERDICT_ASKED;
    return call(q, delivering);
}

/* ---- what its end means ---- */

/* The first bytes as a person may read them: a stranger wrote them. */
static struct text readable(struct arena *arena, struct text answer) {
    char *bytes = arena_take(arena, answer.length + 1);
    if (answer.length) memcpy(bytes, answer.bytes, answer.length);
    struct text whole = {bytes, answer.length};
    while (whole.length && answer.length - whole.length < 4 && !text_is_utf8(whole)) whole.length--;
    bool is_utf8 = text_is_utf8(whole);
    for (size_t i = 0; i < whole.length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c < ' ' || c == 0x7F || (c >= 0x80 && !is_utf8)) bytes[i] = ' ';
    }
    return whole;
}

static refusal note(struct request *q, const struct delivering *delivering,
                    enum webhooks_delivery_state state, struct instant next_at) {
    const struct client_answer *answer = &delivering->answer;
    return db_run(
        q->db,
        SQL("iitiittii", "UPDATE webhooks_delivery SET state = $3, tries = $4, status = $5, "
                         "trouble = $6, answer = $7, tried_at = $8, next_at = $9 "
                         "WHERE endpoint_id = $1 AND id = $2 AND state = 'waiting'"),
        PARAMS(delivering->endpoint_id, delivering->delivery_id,
               shape_enum_text(&webhooks_delivery_state_enum, state), delivering->errand.tries + 1,
               (int64_t)answer->status, answer->trouble ? answer->trouble : "",
               readable(q->arena, answer->body), q->now, next_at),
        NULL);
}

static refusal drop(struct request *q, const struct delivering *delivering) {
    return db_run(q->db,
                  SQL("ii", "UPDATE webhooks_delivery SET state = 'dropped', next_at = 0 "
                            "WHERE endpoint_id = $1 AND id = $2 AND state = 'waiting'"),
                  PARAMS(delivering->endpoint_id, delivering->delivery_id), NULL);
}

/* Nobody else sees an endpoint fail, so its keeper finds it in the audit trail. */
static refusal put_off(struct request *q, const struct delivering *delivering, const char *why) {
    int64_t changed = 0;
    TRY(db_run(q->db,
               SQL("iti", "UPDATE webhooks_endpoint SET state = 'off', why_off = $2, "
                          "changed_at = $3 WHERE id = $1 AND state = 'on'"),
               PARAMS(delivering->endpoint_id, why, q->now), &changed));
    if (!changed) return NULL;
    return audit_write(q, &(struct audit_act){.action = "webhooks.put_off",
                                              .subject = "webhook",
                                              .subject_id = delivering->endpoint_id,
                                              .reason = text_of(why)});
}

/* The longer an endpoint fails, the seldomer it is asked, however much waits for it. */
static refusal note_failure(struct request *q, const struct delivering *delivering,
                            int64_t *ret_failing_ms) {
    int64_t since_ms = 0;
    TRY(db_int(q->db,
               SQL("ii", "INSERT INTO webhooks_health (endpoint_id, failing_since, hold_until, "
                         "answered_at) VALUES ($1, $2, 0, 0) ON CONFLICT (endpoint_id) DO UPDATE "
                         "SET failing_since = CASE WHEN webhooks_health.failing_since = 0 "
                         "THEN excluded.failing_since ELSE webhooks_health.failing_since END "
                         "RETURNING failing_since"),
               PARAMS(delivering->endpoint_id, q->now), &since_ms, NULL));
    *ret_failing_ms = q->now.ms - since_ms;
    int64_t hold_ms = *ret_failing_ms / 4;
    if (hold_ms < HOLD_MS_MIN) hold_ms = HOLD_MS_MIN;
    if (hold_ms > HOLD_MS_MAX) hold_ms = HOLD_MS_MAX;
    return db_run(q->db,
                  SQL("ii", "UPDATE webhooks_health SET hold_until = $2 WHERE endpoint_id = $1"),
                  PARAMS(delivering->endpoint_id, instant_after(q->now, hold_ms)), NULL);
}

static refusal note_success(struct request *q, const struct delivering *delivering) {
    TRY(db_run(q->db,
               SQL("ii",
                   "INSERT INTO webhooks_health (endpoint_id, failing_since, hold_until, "
                   "answered_at) VALUES ($1, 0, 0, $2) ON CONFLICT (endpoint_id) DO UPDATE "
                   "SET failing_since = 0, hold_until = 0, answered_at = excluded.answered_at"),
               PARAMS(delivering->endpoint_id, q->now), NULL));
    return note(q, delivering, WEBHOOKS_DELIVERED, (struct instant){0});
}

/* Up to a tenth is added, so that what failed together does not come back together. */
static int64_t pause_ms(struct request *q, int64_t tries) {
    uint32_t drawn;
    q->app->random(q->app, &drawn, sizeof(drawn));
    int64_t pause = pauses_ms[tries];
    return pause + (int64_t)(drawn % (uint32_t)(pause / 10));
}

static refusal fail(struct request *q, const struct delivering *delivering) {
    int64_t failing_ms = 0;
    bool is_gone = !delivering->answer.trouble && delivering->answer.status == STATUS_GONE;
    int64_t tries = delivering->errand.tries;
    TRY(note_failure(q, delivering, &failing_ms));
    if (is_gone) TRY(put_off(q, delivering, "gone"));
    if (failing_ms >= (int64_t)WEBHOOKS_FAILING_DAYS * DAY_MS)
        TRY(put_off(q, delivering, "failing"));
    if (is_gone || tries + 1 >= WEBHOOKS_TRIES_MAX)
        return note(q, delivering, WEBHOOKS_FAILED, (struct instant){0});
    struct instant next_at = instant_after(q->now, pause_ms(q, tries));
    TRY(note(q, delivering, WEBHOOKS_WAITING, next_at));
    return webhooks_ask_delivery(q, delivering->endpoint_id, delivering->delivery_id, next_at);
}

refusal webhooks_deliver_inside(struct request *q, int64_t delivery_id, struct text words) {
    const struct delivering *delivering = q->prepared;
    (void)words;
    switch (delivering->verdict) {
    case VERDICT_NONE: return NULL;
    case VERDICT_OFF: return drop(q, delivering);
    case VERDICT_HELD:
        return webhooks_ask_delivery(q, delivering->endpoint_id, delivery_id,
                                     delivering->errand.hold_until);
    case VERDICT_ASKED: break;
    }
    bool is_taken = !delivering->answer.trouble && delivering->answer.status / 100 == 2;
    return is_taken ? note_success(q, delivering) : fail(q, delivering);
}

refusal webhooks_sweep(struct request *q, int64_t argument, struct text words) {
    (void)argument;
    (void)words;
    return db_run(
        q->db,
        SQL("ii", "DELETE FROM webhooks_delivery WHERE (endpoint_id, id) IN "
                  "(SELECT endpoint_id, id FROM webhooks_delivery WHERE made_at < $1 "
                  "ORDER BY made_at LIMIT $2)"),
        PARAMS(instant_after(q->now, -(int64_t)WEBHOOKS_KEPT_DAYS * DAY_MS), (int64_t)SWEEP_ROWS),
        NULL);
}

/* Who was put off without being asked waits for a person; a house whose books are asked for alone
 * is no worse for it. */
refusal webhooks_check(struct request *q, struct check_report *report) {
    int64_t failing = 0;
    if (report->only_books) return NULL;
    TRY(db_int(q->db,
               SQL("", "SELECT CAST(count(*) AS BIGINT) FROM webhooks_endpoint "
                       "WHERE state = 'off' AND why_off = 'failing'"),
               NO_PARAMS, &failing, NULL));
    report->line(report, failing == 0,
                 text_format(q->arena,
                             "webhooks: no endpoint was put off because it failed for %d "
                             "days (%lld were)",
                             WEBHOOKS_FAILING_DAYS, (long long)failing));
    return NULL;
}

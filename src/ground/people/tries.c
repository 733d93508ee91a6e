#include "ground/people/tries.h"

#include <assert.h>

#include "ground/people/keyring.h"

/* Villages share one address behind the carrier's gateway, so a client's limits are wide; a phone's
 * are what the SMS gateways themselves allow. */
const struct people_limit people_limit_send = {
    "send", {{1, MINUTE_MS}, {5, HOUR_MS}, {10, DAY_MS}}, 0};
const struct people_limit people_limit_send_client = {
    "send_client", {{100, HOUR_MS}, {300, DAY_MS}}, 0};
const struct people_limit people_limit_password = {"password", {{0, 0}}, 5};
const struct people_limit people_limit_code = {"code", {{0, 0}}, 5};
const struct people_limit people_limit_login_client = {
    "login_client", {{100, HOUR_MS}, {300, DAY_MS}}, 0};
const struct people_limit people_limit_export = {"export", {{3, DAY_MS}}, 0};
const struct people_limit people_limit_unmask = {"unmask", {{20, HOUR_MS}, {60, DAY_MS}}, 0};
const struct people_limit people_limit_look_up = {"look_up", {{30, HOUR_MS}, {100, DAY_MS}}, 0};

enum { LOCK_DOUBLINGS_MAX = 9, LOCK_MS_MAX = 6 * HOUR_MS, LOCK_ROWS_MAX = 40, SWEEP_ROWS = 500 };

#define PEOPLE_TRY_FIELDS(F, S) F(S, TIME, tried_at)
SHAPE_DECLARE(people_try, PEOPLE_TRY_FIELDS);
SHAPE_DEFINE(people_try, PEOPLE_TRY_FIELDS);

static int64_t rows_needed(const struct people_limit *limit) {
    int64_t most = limit->free_count ? LOCK_ROWS_MAX : 0;
    for (size_t i = 0; i < PEOPLE_LIMIT_WINDOWS; i++)
        if (limit->windows[i].count > most) most = limit->windows[i].count;
    assert(most > 0);
    return most;
}

/* TRIES newest first. */
static int64_t window_wait(const struct people_limit *limit, const struct people_try_list *tries,
                           struct instant now) {
    int64_t longest = 0;
    for (size_t i = 0; i < PEOPLE_LIMIT_WINDOWS && limit->windows[i].count; i++) {
        size_t count = (size_t)limit->windows[i].count;
        if (tries->count < count) continue;
        int64_t wait = tries->items[count - 1].tried_at.ms + limit->windows[i].within_ms - now.ms;
        if (wait > longest) longest = wait;
    }
    return longest;
}

static int64_t lock_wait(const struct people_limit *limit, const struct people_try_list *tries,
                         struct instant now) {
    int64_t count = (int64_t)tries->count;
    if (limit->free_count == 0 || count < limit->free_count) return 0;
    int64_t doublings = count - limit->free_count;
    if (doublings > LOCK_DOUBLINGS_MAX) doublings = LOCK_DOUBLINGS_MAX;
    int64_t lock_ms = (int64_t)MINUTE_MS << doublings;
    if (lock_ms > LOCK_MS_MAX) lock_ms = LOCK_MS_MAX;
    int64_t wait = tries->items[0].tried_at.ms + lock_ms - now.ms;
    return wait > 0 ? wait : 0;
}

struct bytes people_tries_client(struct request *q) {
    if (q->client.length == 0) return (struct bytes){0};
    unsigned char *hash = arena_take_raw(q->arena, KEYRING_HASH_BYTES);
    struct bytes address = {(const unsigned char *)q->client.bytes, q->client.length};
    keyring_hash(q->app->keyring, "client", address, hash);
    return (struct bytes){hash, KEYRING_HASH_BYTES};
}

struct bytes people_tries_person(struct request *q, int64_t person_id) {
    unsigned char *hash = arena_take_raw(q->arena, KEYRING_HASH_BYTES);
    struct text words = text_format(q->arena, "%lld", (long long)person_id);
    keyring_hash(q->app->keyring, "person",
                 (struct bytes){(const unsigned char *)words.bytes, words.length}, hash);
    return (struct bytes){hash, KEYRING_HASH_BYTES};
}

refusal people_tries_wait(struct request *q, const struct people_limit *limit, struct bytes subject,
                          int64_t *ret_wait_ms) {
    *ret_wait_ms = 0;
    if (subject.length == 0) return NULL;
    struct people_try_list tries;
    TRY(db_rows(q->db,
                SQL("btii", "SELECT tried_at FROM people_try "
                            "WHERE subject = $1 AND kind = $2 AND tried_at > $3 "
                            "ORDER BY id DESC LIMIT $4"),
                PARAMS(subject, limit->kind, instant_after(q->now, -PEOPLE_TRIES_KEPT_MS),
                       rows_needed(limit)),
                &people_try_shape, &tries));
    int64_t by_window = window_wait(limit, &tries, q->now);
    int64_t by_lock = lock_wait(limit, &tries, q->now);
    *ret_wait_ms = by_window > by_lock ? by_window : by_lock;
    return NULL;
}

refusal people_tries_add(struct request *q, const struct people_limit *limit, struct bytes subject,
                         int64_t *ret_id) {
    if (ret_id) *ret_id = 0;
    if (subject.length == 0) return NULL;
    int64_t id = request_new_id(q);
    TRY(db_run(q->db,
               SQL("btii", "INSERT INTO people_try (subject, kind, id, tried_at) "
                           "VALUES ($1, $2, $3, $4)"),
               PARAMS(subject, limit->kind, id, q->now), NULL));
    if (ret_id) *ret_id = id;
    return NULL;
}

refusal people_tries_forgive(struct request *q, const struct people_limit *limit,
                             struct bytes subject, int64_t id) {
    if (subject.length == 0) return NULL;
    return db_run(q->db,
                  SQL("bti", "DELETE FROM people_try WHERE subject = $1 AND kind = $2 "
                             "AND ($3 = 0 OR id = $3)"),
                  PARAMS(subject, limit->kind, id), NULL);
}

refusal people_tries_sweep(struct request *q, int64_t *ret_deleted) {
    return db_run(q->db,
                  SQL("ii", "DELETE FROM people_try WHERE (subject, kind, id) IN "
                            "(SELECT subject, kind, id FROM people_try WHERE tried_at <= $1 "
                            "ORDER BY tried_at LIMIT $2)"),
                  PARAMS(instant_after(q->now, -PEOPLE_TRIES_KEPT_MS), (int64_t)SWEEP_ROWS),
                  ret_deleted);
}

/* Seconds while they are few, then minutes, then hours: always at least as long as it takes. */
refusal people_tries_refuse(struct request *q, int64_t wait_ms) {
    assert(wait_ms > 0);
    int64_t seconds = (wait_ms + SECOND_MS - 1) / SECOND_MS;
    int64_t minutes = (seconds + 59) / 60;
    long long hours = (minutes + 59) / 60;
    refusal refused;
    if (seconds <= 120)
        refused = refuse(q, TOO_MANY, "", "次数太多了，请 %lld 秒后再试",
                         "too many tries: wait %lld seconds", (long long)seconds);
    else if (minutes <= 120)
        refused = refuse(q, TOO_MANY, "", "次数太多了，请 %lld 分钟后再试",
                         "too many tries: wait %lld minutes", (long long)minutes);
    else
        refused = refuse(q, TOO_MANY, "", "次数太多了，请 %lld 小时后再试",
                         "too many tries: wait %lld hours", hours);
    struct problem *problem = arena_new(q->arena, struct problem, 1);
    *problem = *refused;
    problem->retry_after_s = seconds;
    return problem;
}

/* Endpoints and what was delivered to them, as their keeper sees it. */
#include "market/webhooks/webhooks.h"

#include "app.h"
#include "ground/audit/audit.h"
#include "ground/people/keyring.h"
#include "market/webhooks/inside.h"

SHAPE_ENUM_DEFINE(webhooks_type, WEBHOOKS_TYPES);
SHAPE_ENUM_DEFINE(webhooks_state, WEBHOOKS_STATES);
SHAPE_ENUM_DEFINE(webhooks_delivery_state, WEBHOOKS_DELIVERY_STATES);
SHAPE_DEFINE(webhooks_draft, WEBHOOKS_DRAFT_FIELDS);
SHAPE_DEFINE(webhooks_endpoint, WEBHOOKS_ENDPOINT_FIELDS);
SHAPE_DEFINE_PAGE(webhooks_endpoint);
SHAPE_DEFINE(webhooks_delivery, WEBHOOKS_DELIVERY_FIELDS);
SHAPE_DEFINE_PAGE(webhooks_delivery);
SHAPE_DEFINE(webhooks_delivery_query, WEBHOOKS_DELIVERY_QUERY_FIELDS);

enum { TYPES_BYTES_MAX = 600, AUDIT_BYTES_MAX = 2000 };

/* Every act is for the whole house, so a permission that reaches less finds nothing here. */
static refusal enter(struct request *q) {
    if (request_reaches(q, PERMISSION_connect, (struct owner){0})) return NULL;
    return refuse(q, NOT_FOUND, "", "没有这个接收地址", "there is no such endpoint");
}

/* ---- rows ---- */

#define WEBHOOKS_ROW_FIELDS(F, S)                                                                  \
    F(S, OBJECT, shown, webhooks_endpoint)                                                         \
    F(S, TEXT, types)
SHAPE_DECLARE(webhooks_row, WEBHOOKS_ROW_FIELDS);
SHAPE_DEFINE(webhooks_row, WEBHOOKS_ROW_FIELDS);

#define ENDPOINT_COLUMNS                                                                           \
    "SELECT e.id AS \"shown.id\", e.url AS \"shown.url\", e.about AS \"shown.about\", "            \
    "e.state AS \"shown.state\", e.why_off AS \"shown.why_off\", "                                 \
    "h.failing_since AS \"shown.failing_since\", h.answered_at AS \"shown.answered_at\", "         \
    "CASE WHEN e.old_until > $1 THEN e.old_until ELSE 0 END AS \"shown.old_secret_until\", "       \
    "e.made_at AS \"shown.made_at\", e.types FROM webhooks_endpoint e "                            \
    "LEFT JOIN webhooks_health h ON h.endpoint_id = e.id "

/* ",order.paid,stock.ran_out," */
static struct text_list split_types(struct request *q, struct text types) {
    struct text_list list = {arena_new(q->arena, struct text, types.length + 1), 0};
    for (size_t at = 1; at < types.length;) {
        size_t end = text_find(types, TEXT(","), at);
        list.items[list.count++] = text_slice(types, at, end);
        at = end + 1;
    }
    return list;
}

static refusal join_types(struct request *q, const struct text_list *types,
                          struct text *ret_types) {
    struct buffer joined = buffer_make(q->arena, TYPES_BYTES_MAX);
    buffer_add_char(&joined, ',');
    for (size_t i = 0; i < types->count; i++) {
        unsigned known;
        struct text type = types->items[i];
        struct text word = text_format(q->arena, ",%.*s,", (int)type.length, type.bytes);
        if (!shape_enum_find(&webhooks_type_enum, type, &known))
            return refuse(
                q, BAD_INPUT, text_terminated(q->arena, text_format(q->arena, "types[%zu]", i)),
                "没有这种消息：%.*s", "there is no such type: %.*s", (int)type.length, type.bytes);
        if (text_find(buffer_text(&joined), word, 0) != SIZE_MAX) continue;
        buffer_add_text(&joined, text_slice(word, 1, word.length));
    }
    *ret_types = buffer_text(&joined);
    return NULL;
}

static refusal check_url(struct request *q, struct text url) {
    enum client_reach reach = webhooks_reach(q->app);
    if (client_may_ask(text_terminated(q->arena, url), reach)) return NULL;
    return refuse(q, BAD_INPUT, "url", "要填公网上的 https 地址，不能带用户名或 #",
                  "must be an https address of the public internet, without a user or a #");
}

refusal webhooks_list(struct request *q, struct webhooks_endpoint_page *ret_page) {
    struct webhooks_row_list rows;
    TRY(enter(q));
    TRY(db_rows(q->db, SQL("ii", ENDPOINT_COLUMNS "ORDER BY e.id LIMIT $2"),
                PARAMS(q->now, (int64_t)WEBHOOKS_ENDPOINTS_MAX), &webhooks_row_shape, &rows));
    struct webhooks_endpoint_list shown = {
        arena_new(q->arena, struct webhooks_endpoint, rows.count + 1), rows.count};
    for (size_t i = 0; i < rows.count; i++) {
        shown.items[i] = rows.items[i].shown;
        shown.items[i].types = split_types(q, rows.items[i].types);
    }
    ret_page->items = shown;
    return NULL;
}

refusal webhooks_read(struct request *q, int64_t endpoint_id,
                      struct webhooks_endpoint *ret_endpoint) {
    struct webhooks_row row = {0};
    bool found;
    TRY(enter(q));
    TRY(db_row(q->db, SQL("ii", ENDPOINT_COLUMNS "WHERE e.id = $2"), PARAMS(q->now, endpoint_id),
               &webhooks_row_shape, &row, &found));
    if (!found) return refuse(q, NOT_FOUND, "", "没有这个接收地址", "there is no such endpoint");
    *ret_endpoint = row.shown;
    ret_endpoint->types = split_types(q, row.types);
    return NULL;
}

static struct text json_of(struct request *q, const struct webhooks_endpoint *endpoint) {
    struct buffer json = buffer_make(q->arena, AUDIT_BYTES_MAX);
    struct webhooks_endpoint plain = *endpoint;
    plain.secret = (struct text){0};
    shape_write_json(&webhooks_endpoint_shape, &json, &plain);
    return buffer_text(&json);
}

static refusal write_act(struct request *q, const char *action,
                         const struct webhooks_endpoint *before,
                         const struct webhooks_endpoint *after) {
    return audit_write(q, &(struct audit_act){.action = action,
                                              .subject = "webhook",
                                              .subject_id = (after ? after : before)->id,
                                              .before = before ? json_of(q, before) : TEXT(""),
                                              .after = after ? json_of(q, after) : TEXT("")});
}

/* ---- acts ---- */

refusal webhooks_add(struct request *q, const struct webhooks_draft *draft,
                     struct webhooks_endpoint *ret_endpoint) {
    struct text types, secret = webhooks_new_secret(q);
    int64_t count = 0, id = request_new_id(q);
    TRY(enter(q));
    TRY(check_url(q, draft->url));
    TRY(join_types(q, &draft->types, &types));
    TRY(db_int(q->db, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM webhooks_endpoint"), NO_PARAMS,
               &count, NULL));
    if (count >= WEBHOOKS_ENDPOINTS_MAX)
        return refuse(q, CONFLICT, "", "最多 %d 个接收地址", "at most %d endpoints",
                      WEBHOOKS_ENDPOINTS_MAX);
    TRY(db_run(q->db,
               SQL("itttttti",
                   "INSERT INTO webhooks_endpoint (id, url, about, types, state, why_off, secret, "
                   "old_secret, old_until, made_at, changed_at) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, '', 0, $8, $8)"),
               PARAMS(id, draft->url, draft->about, types,
                      shape_enum_text(&webhooks_state_enum, draft->state),
                      draft->state == WEBHOOKS_OFF ? "asked" : "",
                      keyring_seal_text(q->app, q->arena, WEBHOOKS_SECRET_LABEL, secret), q->now),
               NULL));
    TRY(webhooks_read(q, id, ret_endpoint));
    ret_endpoint->secret = secret;
    return write_act(q, "webhooks.add", NULL, ret_endpoint);
}

/* Whoever puts it on again gives it a fresh start: what failed before counts no more. */
refusal webhooks_change(struct request *q, int64_t endpoint_id, const struct webhooks_draft *draft,
                        struct webhooks_endpoint *ret_endpoint) {
    struct webhooks_endpoint before;
    struct text types;
    TRY(webhooks_read(q, endpoint_id, &before));
    TRY(check_url(q, draft->url));
    TRY(join_types(q, &draft->types, &types));
    TRY(db_run(q->db,
               SQL("ittttti", "UPDATE webhooks_endpoint SET url = $2, about = $3, types = $4, "
                              "state = $5, why_off = $6, changed_at = $7 WHERE id = $1"),
               PARAMS(endpoint_id, draft->url, draft->about, types,
                      shape_enum_text(&webhooks_state_enum, draft->state),
                      draft->state == WEBHOOKS_OFF ? "asked" : "", q->now),
               NULL));
    TRY(db_run(q->db,
               SQL("i", "UPDATE webhooks_health SET failing_since = 0, hold_until = 0 "
                        "WHERE endpoint_id = $1"),
               PARAMS(endpoint_id), NULL));
    TRY(webhooks_read(q, endpoint_id, ret_endpoint));
    return write_act(q, "webhooks.change", &before, ret_endpoint);
}

/* Its deliveries go with their age; their jobs find no endpoint and end. */
refusal webhooks_remove(struct request *q, int64_t endpoint_id) {
    struct webhooks_endpoint before;
    TRY(webhooks_read(q, endpoint_id, &before));
    TRY(db_run(q->db, SQL("i", "DELETE FROM webhooks_endpoint WHERE id = $1"), PARAMS(endpoint_id),
               NULL));
    TRY(db_run(q->db, SQL("i", "DELETE FROM webhooks_health WHERE endpoint_id = $1"),
               PARAMS(endpoint_id), NULL));
    return write_act(q, "webhooks.remove", &before, NULL);
}

refusal webhooks_rotate(struct request *q, int64_t endpoint_id,
                        struct webhooks_endpoint *ret_endpoint) {
    struct webhooks_endpoint before;
    struct text secret = webhooks_new_secret(q);
    TRY(webhooks_read(q, endpoint_id, &before));
    TRY(db_run(q->db,
               SQL("itii", "UPDATE webhooks_endpoint SET old_secret = secret, secret = $2, "
                           "old_until = $3, changed_at = $4 WHERE id = $1"),
               PARAMS(endpoint_id,
                      keyring_seal_text(q->app, q->arena, WEBHOOKS_SECRET_LABEL, secret),
                      instant_after(q->now, WEBHOOKS_OLD_SECRET_HOURS * HOUR_MS), q->now),
               NULL));
    TRY(webhooks_read(q, endpoint_id, ret_endpoint));
    TRY(write_act(q, "webhooks.rotate", &before, ret_endpoint));
    ret_endpoint->secret = secret;
    return NULL;
}

/* ---- deliveries ---- */

#define DELIVERY_COLUMNS                                                                           \
    "SELECT id, type, payload, state, tries, status, trouble, answer, made_at, tried_at, next_at " \
    "FROM webhooks_delivery "

static refusal read_delivery(struct request *q, int64_t endpoint_id, int64_t delivery_id,
                             struct webhooks_delivery *ret_delivery) {
    bool found;
    TRY(db_row(q->db, SQL("ii", DELIVERY_COLUMNS "WHERE endpoint_id = $1 AND id = $2"),
               PARAMS(endpoint_id, delivery_id), &webhooks_delivery_shape, ret_delivery, &found));
    if (found) return NULL;
    return refuse(q, NOT_FOUND, "", "没有这条消息", "there is no such delivery");
}

refusal webhooks_deliveries(struct request *q, int64_t endpoint_id,
                            const struct webhooks_delivery_query *query,
                            struct webhooks_delivery_page *ret_page) {
    struct webhooks_endpoint endpoint;
    struct webhooks_delivery_list rows;
    int64_t before_id = query->after ? query->after : INT64_MAX;
    TRY(webhooks_read(q, endpoint_id, &endpoint));
    TRY(db_rows(q->db,
                SQL("iii", DELIVERY_COLUMNS "WHERE endpoint_id = $1 AND id < $2 "
                                            "ORDER BY id DESC LIMIT $3"),
                PARAMS(endpoint_id, before_id, query->limit + 1), &webhooks_delivery_shape, &rows));
    if (rows.count > (size_t)query->limit) {
        rows.count = (size_t)query->limit;
        ret_page->next = text_format(q->arena, "%lld", (long long)rows.items[rows.count - 1].id);
    }
    ret_page->items = rows;
    return NULL;
}

refusal webhooks_resend(struct request *q, int64_t endpoint_id, int64_t delivery_id,
                        struct webhooks_delivery *ret_delivery) {
    struct webhooks_endpoint endpoint;
    struct webhooks_delivery before;
    TRY(webhooks_read(q, endpoint_id, &endpoint));
    TRY(read_delivery(q, endpoint_id, delivery_id, &before));
    if (endpoint.state == WEBHOOKS_OFF)
        return refuse(q, WRONG_STATE, "", "这个接收地址已停用，请先启用",
                      "this endpoint is off: put it on first");
    TRY(db_run(q->db,
               SQL("iii", "UPDATE webhooks_delivery SET state = 'waiting', tries = 0, next_at = $3 "
                          "WHERE endpoint_id = $1 AND id = $2"),
               PARAMS(endpoint_id, delivery_id, q->now), NULL));
    TRY(webhooks_ask_delivery(q, endpoint_id, delivery_id, q->now));
    TRY(audit_write(q, &(struct audit_act){.action = "webhooks.resend",
                                           .subject = "webhook",
                                           .subject_id = endpoint_id}));
    return read_delivery(q, endpoint_id, delivery_id, ret_delivery);
}

refusal webhooks_test(struct request *q, int64_t endpoint_id,
                      struct webhooks_delivery *ret_delivery) {
    struct webhooks_endpoint endpoint;
    int64_t delivery_id = 0;
    TRY(webhooks_read(q, endpoint_id, &endpoint));
    if (endpoint.state == WEBHOOKS_OFF)
        return refuse(q, WRONG_STATE, "", "这个接收地址已停用，请先启用",
                      "this endpoint is off: put it on first");
    const struct webhooks_test_event data = {endpoint_id};
    const struct webhooks_event event = {WEBHOOKS_TEST, &webhooks_test_event_shape, &data};
    TRY(webhooks_tell_one(q, endpoint_id, &event, &delivery_id));
    return read_delivery(q, endpoint_id, delivery_id, ret_delivery);
}

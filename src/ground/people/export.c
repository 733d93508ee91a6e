/* A copy of one's own data (PIPL art. 45): asked for, written by a job, every room adding its part,
 * sealed under the person's key, there for a week. */
#include <assert.h>
#include <string.h>

#include "ground/audit/audit.h"
#include "ground/jobs/jobs.h"
#include "ground/people/inside.h"
#include "kernel/base/json.h"

SHAPE_ENUM_DEFINE(people_export_state, PEOPLE_EXPORT_STATES);
SHAPE_DEFINE(people_export_card, PEOPLE_EXPORT_CARD_FIELDS);
SHAPE_DEFINE_PAGE(people_export_card);
SHAPE_DEFINE(people_export_file, PEOPLE_EXPORT_FILE_FIELDS);

const struct fact people_export_asked = {"people_export_asked"};

static const char export_label[] = "people.export";

/* ---- writing ---- */

void people_export_begin(const struct people_export *export, const char *name) {
    buffer_add_char(export->json, ',');
    json_write_text(export->json, text_of(name));
    buffer_add_literal(export->json, ":[");
}

void people_export_add(const struct people_export *export, const struct shape *shape,
                       const void *value) {
    if (export->json->bytes[export->json->length - 1] != '[') buffer_add_char(export->json, ',');
    shape_write_json(shape, export->json, value);
}

void people_export_end(const struct people_export *export) { buffer_add_char(export->json, ']'); }

void people_export_rows(const struct people_export *export, const char *name,
                        const struct shape *shape, struct shape_rows rows) {
    people_export_begin(export, name);
    for (size_t i = 0; i < rows.count; i++)
        people_export_add(export, shape, (const char *)rows.items + i * shape->size);
    people_export_end(export);
}

#define PEOPLE_ACCOUNT_FIELDS(F, S)                                                                \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, name)                                                                               \
    F(S, TEXT, phone)                                                                              \
    F(S, ENUM, language, people_language)                                                          \
    F(S, BOOL, has_password)                                                                       \
    F(S, TEXTS, roles)                                                                             \
    F(S, TIME, created_at)
SHAPE_DECLARE(people_account, PEOPLE_ACCOUNT_FIELDS);
SHAPE_DEFINE(people_account, PEOPLE_ACCOUNT_FIELDS);

static refusal add_account(struct request *q, const struct people_export *export) {
    struct people_person person = {0};
    struct people_contact contact = {0};
    TRY(people_person_of(q, export->person_id, &person));
    TRY(people_contact_of(q, export->person_id, &contact));
    const struct people_account account = {.id = person.id,
                                           .name = person.name,
                                           .phone = contact.phone,
                                           .language = person.language,
                                           .has_password = person.has_password,
                                           .roles = person.roles,
                                           .created_at = person.created_at};
    buffer_add_literal(export->json, "{\"made_at\":\"");
    instant_write(export->json, q->now);
    buffer_add_literal(export->json, "\",\"account\":");
    shape_write_json(&people_account_shape, export->json, &account);
    return NULL;
}

/* Q asks as the person: so the lists are those that the person sees. */
static refusal write_all(struct request *q, const struct people_export *export) {
    struct people_address_page addresses = {0};
    struct people_consent_page consents = {0};
    struct people_session_row_page sessions = {0};
    struct people_seen_page seen = {0};
    const struct people_page_query newest = {.limit = 50};
    TRY(add_account(q, export));
    TRY(people_addresses(q, &addresses));
    people_export_rows(export, "addresses", &people_address_shape, PEOPLE_ROWS(addresses.items));
    TRY(people_consents(q, &consents));
    people_export_rows(export, "consents", &people_consent_shape, PEOPLE_ROWS(consents.items));
    TRY(people_sessions(q, &sessions));
    people_export_rows(export, "sessions", &people_session_row_shape, PEOPLE_ROWS(sessions.items));
    TRY(people_seen_list(q, &newest, &seen));
    people_export_rows(export, "seen_in_clear", &people_seen_shape, PEOPLE_ROWS(seen.items));
    people_export_begin(export, "acts");
    TRY(audit_each_of(q, export->person_id, export->json));
    people_export_end(export);
    TRY(request_announce(q, &people_export_asked, export));
    buffer_add_char(export->json, '}');
    return NULL;
}

static refusal keep(struct request *q, int64_t export_id, const struct people_export *export) {
    struct bytes sealed = {(const unsigned char *)"", 0};
    struct text json = buffer_text(export->json);
    bool fits = !export->json->overflowed;
    if (fits) sealed = people_seal_with(q, export->key, export_label, json);
    return db_run(q->db,
                  SQL("iitiiib",
                      "UPDATE people_export SET state = $3, ready_at = $4, expires_at = $5, "
                      "size_bytes = $6, sealed = $7 WHERE person_id = $1 AND id = $2"),
                  PARAMS(export->person_id, export_id, fits ? "ready" : "too_large", q->now,
                         instant_after(q->now, (int64_t)PEOPLE_EXPORT_DAYS * DAY_MS),
                         fits ? (int64_t)json.length : INT64_C(0), sealed),
                  NULL);
}

refusal people_export_make(struct request *q, int64_t export_id, struct text words) {
    int64_t person_id = 0, waiting = 0;
    struct people_key key;
    if (!text_to_int64(words, &person_id)) return NULL;
    /* Whoever closed the account meanwhile took the asking along. */
    TRY(db_int(q->db,
               SQL("ii", "SELECT 1 FROM people_export e JOIN people_person p ON p.id = e.person_id "
                         "WHERE e.person_id = $1 AND e.id = $2 AND e.state = 'preparing' "
                         "AND p.closed_at = 0"),
               PARAMS(person_id, export_id), &waiting, NULL));
    if (!waiting) return NULL;
    TRY(people_key_of(q, person_id, &key));
    struct buffer json = buffer_make(q->arena, PEOPLE_EXPORT_BYTES_MAX);
    const struct people_export export = {person_id, &key, &json};
    const struct principal person = {.person_id = person_id};
    struct request as_person = *q;
    as_person.who = &person;
    refusal refused = write_all(&as_person, &export);
    if (!refused) refused = keep(q, export_id, &export);
    people_key_close(&key);
    return refused;
}

/* ---- asking and reading ---- */

refusal people_exports(struct request *q, struct people_export_card_page *ret_page) {
    return db_rows(q->db,
                   SQL("ii", "SELECT id, state, asked_at, ready_at, expires_at, size_bytes "
                             "FROM people_export WHERE person_id = $1 AND (state = 'preparing' "
                             "OR expires_at > $2) ORDER BY id DESC LIMIT 20"),
                   PARAMS(q->who->person_id, q->now), &people_export_card_shape, &ret_page->items);
}

refusal people_export_ask(struct request *q, struct people_export_card *ret_card) {
    int64_t person_id = q->who->person_id, wait_ms = 0;
    bool found = false;
    TRY(db_row(q->db,
               SQL("i", "SELECT id, state, asked_at, ready_at, expires_at, size_bytes "
                        "FROM people_export WHERE person_id = $1 AND state = 'preparing' LIMIT 1"),
               PARAMS(person_id), &people_export_card_shape, ret_card, &found));
    if (found) return NULL; /* one is on its way */
    struct bytes subject = people_tries_person(q, person_id);
    TRY(people_tries_wait(q, &people_limit_export, subject, &wait_ms));
    if (wait_ms > 0) return people_tries_refuse(q, wait_ms);
    TRY(people_tries_add(q, &people_limit_export, subject, NULL));
    struct bytes nothing = {(const unsigned char *)"", 0};
    *ret_card = (struct people_export_card){.id = request_new_id(q), .asked_at = q->now};
    TRY(db_run(
        q->db,
        SQL("iiiib",
            "INSERT INTO people_export (person_id, id, state, asked_at, ready_at, "
            "expires_at, size_bytes, sealed) VALUES ($1, $2, 'preparing', $3, 0, $4, 0, $5)"),
        PARAMS(person_id, ret_card->id, q->now,
               instant_after(q->now, (int64_t)PEOPLE_EXPORT_DAYS * DAY_MS), nothing),
        NULL));
    TRY(jobs_ask(q, "people.export", ret_card->id,
                 text_format(q->arena, "%lld", (long long)person_id), q->now));
    return audit_write(q, &(struct audit_act){.action = "people.export",
                                              .subject = "person",
                                              .subject_id = person_id});
}

refusal people_export_read(struct request *q, int64_t export_id,
                           struct people_export_file *ret_file) {
    struct text sealed, content;
    bool found = false;
    TRY(db_text(q->db,
                SQL("iii", "SELECT sealed FROM people_export WHERE person_id = $1 AND id = $2 "
                           "AND state = 'ready' AND expires_at > $3"),
                PARAMS(q->who->person_id, export_id, q->now), &sealed, &found));
    if (!found) return refuse(q, NOT_FOUND, "id", "没有这份数据", "there is no such copy");
    TRY(people_open(q, q->who->person_id, export_label, people_bytes(sealed), &content));
    ret_file->content = content;
    ret_file->file_name =
        text_format(q->arena, "xiangji-%lld.json", (long long)instant_day_cst(q->now));
    return audit_write(q, &(struct audit_act){.action = "people.export_download",
                                              .subject = "person",
                                              .subject_id = q->who->person_id});
}

refusal people_exports_sweep(struct request *q, int64_t *ret_deleted) {
    return db_run(q->db,
                  SQL("ii", "DELETE FROM people_export WHERE (person_id, id) IN "
                            "(SELECT person_id, id FROM people_export WHERE expires_at <= $1 "
                            "ORDER BY expires_at LIMIT $2)"),
                  PARAMS(q->now, (int64_t)PEOPLE_SWEEP_ROWS), ret_deleted);
}

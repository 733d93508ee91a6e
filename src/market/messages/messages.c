/* The inbox: written once, read by its person alone, gone with time or with the account. */
#include "market/messages/messages.h"

#include "ground/jobs/jobs.h"
#include "ground/people/people.h"
#include "market/messages/inside.h"

SHAPE_ENUM_DEFINE(messages_kind, MESSAGES_KINDS);
SHAPE_ENUM_DEFINE(messages_about, MESSAGES_ABOUTS);
SHAPE_DEFINE(messages_message, MESSAGES_MESSAGE_FIELDS);
SHAPE_DEFINE(messages_inbox, MESSAGES_INBOX_FIELDS);
SHAPE_DEFINE(messages_query, MESSAGES_QUERY_FIELDS);
SHAPE_DEFINE(messages_unread, MESSAGES_UNREAD_FIELDS);

enum { SWEEP_ROWS = 500 };

/* ---- writing ---- */

refusal messages_put(struct request *q, const struct messages_note *note) {
    const struct messages_event *event = note->event;
    return db_run(
        q->db,
        SQL("iittiiitttti",
            "INSERT INTO messages_message (person_id, id, kind, about, about_id, order_id,"
            " seller_id, title, words, title_en, words_en, at, read_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)"
            " ON CONFLICT (person_id, id) DO NOTHING"),
        PARAMS(event->person_id, note->id, shape_enum_text(&messages_kind_enum, event->kind),
               shape_enum_text(&messages_about_enum, event->about), event->about_id,
               event->order_id, event->seller_id, note->title, note->words, note->title_en,
               note->words_en, event->at),
        NULL);
}

/* ---- reading ---- */

static refusal count_unread(struct request *q, int64_t *ret_count) {
    return db_int(q->db,
                  SQL("ii", "SELECT CAST(count(*) AS BIGINT) FROM (SELECT id FROM messages_message"
                            " WHERE person_id = $1 AND read_at = 0 LIMIT $2) AS unread"),
                  PARAMS(q->who->person_id, (int64_t)MESSAGES_UNREAD_MAX), ret_count, NULL);
}

refusal messages_list(struct request *q, const struct messages_query *query,
                      struct messages_inbox *ret_inbox) {
    int64_t before_id = query->after ? query->after : INT64_MAX;
    struct messages_message_list rows = {0};
    TRY(db_rows(q->db,
                SQL("iiiii", "SELECT id, kind, about, about_id, order_id, seller_id,"
                             " CASE WHEN $3 = 1 THEN title_en ELSE title END AS title,"
                             " CASE WHEN $3 = 1 THEN words_en ELSE words END AS words, at, read_at"
                             " FROM messages_message WHERE person_id = $1 AND id < $2"
                             " AND ($4 = 0 OR read_at = 0) ORDER BY id DESC LIMIT $5"),
                PARAMS(q->who->person_id, before_id, q->english, query->unread, query->limit + 1),
                &messages_message_shape, &rows));
    if (rows.count > (size_t)query->limit) {
        rows.count = (size_t)query->limit;
        ret_inbox->next = text_format(q->arena, "%lld", (long long)rows.items[rows.count - 1].id);
    }
    ret_inbox->items = rows;
    return count_unread(q, &ret_inbox->unread_count);
}

refusal messages_read(struct request *q, int64_t message_id, struct messages_unread *ret_unread) {
    int64_t own = 0;
    TRY(db_int(q->db,
               SQL("iii", "UPDATE messages_message SET read_at = CASE WHEN read_at = 0 THEN $3"
                          " ELSE read_at END WHERE person_id = $1 AND id = $2 RETURNING id"),
               PARAMS(q->who->person_id, message_id, q->now), &own, NULL));
    if (own == 0) return refuse(q, NOT_FOUND, "id", "没有这条消息", "there is no such message");
    return count_unread(q, &ret_unread->unread_count);
}

refusal messages_read_through(struct request *q, int64_t through_id,
                              struct messages_unread *ret_unread) {
    TRY(db_run(q->db,
               SQL("iii", "UPDATE messages_message SET read_at = $3 WHERE person_id = $1"
                          " AND read_at = 0 AND id <= $2"),
               PARAMS(q->who->person_id, through_id, q->now), NULL));
    return count_unread(q, &ret_unread->unread_count);
}

/* ---- going ---- */

refusal messages_sweep(struct request *q, int64_t argument, struct text words) {
    int64_t deleted = 0;
    (void)argument;
    (void)words;
    TRY(db_run(
        q->db,
        SQL("ii", "DELETE FROM messages_message WHERE (person_id, id) IN"
                  " (SELECT person_id, id FROM messages_message WHERE at <= $1"
                  " ORDER BY at LIMIT $2)"),
        PARAMS(instant_after(q->now, -MESSAGES_KEPT_DAYS * (int64_t)DAY_MS), (int64_t)SWEEP_ROWS),
        &deleted));
    return deleted < SWEEP_ROWS ? NULL : jobs_ask(q, "messages.sweep", 0, TEXT(""), q->now);
}

refusal messages_hear_wiped(struct request *q, const void *data) {
    const int64_t *person_id = data;
    return db_run(q->db, SQL("i", "DELETE FROM messages_message WHERE person_id = $1"),
                  PARAMS(*person_id), NULL);
}

#define EXPORTED_FIELDS(F, S)                                                                      \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, words)                                                                              \
    F(S, TIME, at)                                                                                 \
    F(S, TIME, read_at, .optional = true)
SHAPE_DECLARE(messages_exported, EXPORTED_FIELDS);
SHAPE_DEFINE(messages_exported, EXPORTED_FIELDS);

struct exporting {
    struct db_each each;
    const struct people_export *export;
};

static refusal export_row(struct db_each *each, const struct db_value *cells, size_t cell_count) {
    const struct exporting *exporting = (const struct exporting *)(const void *)each;
    (void)cell_count;
    const struct messages_exported row = {
        cells[0].text, cells[1].text, {cells[2].number}, {cells[3].number}};
    people_export_add(exporting->export, &messages_exported_shape, &row);
    return NULL;
}

refusal messages_hear_export(struct request *q, const void *data) {
    struct exporting exporting = {{export_row}, data};
    people_export_begin(exporting.export, "messages");
    TRY(db_scan(q->db,
                SQL("i", "SELECT title, words, at, read_at FROM messages_message"
                         " WHERE person_id = $1 ORDER BY id"),
                PARAMS(exporting.export->person_id), &exporting.each));
    people_export_end(exporting.export);
    return NULL;
}

/* ---- xiangji check ---- */

refusal messages_check(struct request *q, struct check_report *report) {
    int64_t own = 0, unfit = 0;
    TRY(messages_count_unfit(q, &own, &unfit));
    const char *words = q->english
                            ? "messages: %lld kinds have words of their own; %lld cannot be filled"
                            : "消息：%lld 种用了自己的话；填不出来的有 %lld 种";
    report->line(report, unfit == 0,
                 text_format(q->arena, words, (long long)own, (long long)unfit));
    return NULL;
}

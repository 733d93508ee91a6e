/* What applications are to a person: papers that go when nobody needs them any more, and a part of
 * the copy of one's own data. */
#include "ground/files/files.h"
#include "ground/jobs/jobs.h"
#include "kernel/base/json.h"
#include "market/onboarding/inside.h"

/* ---- papers that nobody needs ---- */

struct holding {
    struct db_each each;
    struct text address;
    bool is_held;
};

static refusal look_into(struct db_each *each, const struct db_value *cells, size_t cell_count) {
    struct holding *holding = (struct holding *)(void *)each;
    (void)cell_count;
    holding->is_held |= text_find(cells[0].text, holding->address, 0) != SIZE_MAX;
    return NULL;
}

/* The same picture may stand in several applications, and one letter of a county in many. */
refusal onboarding_let_go(struct request *q, int64_t person_id,
                          const struct onboarding_document_list *documents) {
    for (size_t i = 0; i < documents->count; i++) {
        struct holding holding = {.each = {look_into}, .address = documents->items[i].address};
        if (!files_is_address(holding.address)) continue;
        TRY(db_scan(q->db,
                    SQL("i", "SELECT documents FROM onboarding_application WHERE person_id = $1"
                             " AND documents <> '' UNION ALL SELECT documents FROM onboarding_step"
                             " WHERE person_id = $1 AND documents <> ''"),
                    PARAMS(person_id), &holding.each));
        if (!holding.is_held) TRY(files_release(q, person_id, holding.address, FILES_DOCUMENT));
    }
    return NULL;
}

#define PAPERS_FIELDS(F, S)                                                                        \
    F(S, ID, id)                                                                                   \
    F(S, ID, person_id)                                                                            \
    F(S, TEXTS, papers)
SHAPE_DECLARE(onboarding_papers, PAPERS_FIELDS);
SHAPE_DEFINE(onboarding_papers, PAPERS_FIELDS);

enum { APPLICATIONS_AT_ONCE = 50, STEPS_MAX = 1000, EXPORTED_MAX = 500 };

static refusal let_go_row(struct request *q, const struct onboarding_papers *row) {
    struct onboarding_document_list documents = onboarding_split_documents(q->arena, &row->papers);
    return onboarding_let_go(q, row->person_id, &documents);
}

/* The application says nothing of its papers any more, or (IS_KEPT false) is not there at all. */
static refusal drop(struct request *q, const struct onboarding_papers *row, bool is_kept) {
    struct onboarding_papers_list steps;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT step_id AS id, person_id, documents AS papers"
                          " FROM onboarding_step WHERE application_id = $1 AND documents <> ''"
                          " ORDER BY step_id LIMIT $2"),
                PARAMS(row->id, (int64_t)STEPS_MAX), &onboarding_papers_shape, &steps));
    if (is_kept) {
        TRY(db_run(q->db,
                   SQL("ib", "UPDATE onboarding_application SET documents = '', contact = $2"
                             " WHERE application_id = $1"),
                   PARAMS(row->id, ((struct bytes){(const unsigned char *)"", 0})), NULL));
        TRY(db_run(q->db,
                   SQL("i", "UPDATE onboarding_step SET documents = '' WHERE application_id = $1"),
                   PARAMS(row->id), NULL));
    } else {
        TRY(db_run(q->db, SQL("i", "DELETE FROM onboarding_step WHERE application_id = $1"),
                   PARAMS(row->id), NULL));
        TRY(db_run(q->db, SQL("i", "DELETE FROM onboarding_application WHERE application_id = $1"),
                   PARAMS(row->id), NULL));
    }
    for (size_t i = 0; i < steps.count; i++) TRY(let_go_row(q, &steps.items[i]));
    return let_go_row(q, row);
}

/* Who was never let in is in no register: nothing of it stays. Who was let in stands in the one
 * that the law wants (E-commerce law, articles 27 and 31), as long as records of trade do. */
refusal onboarding_hear_wiped(struct request *q, const void *data) {
    const int64_t person_id = *(const int64_t *)data;
    struct onboarding_papers_list rows;
    do {
        TRY(db_rows(q->db,
                    SQL("ii", "SELECT application_id AS id, person_id, documents AS papers"
                              " FROM onboarding_application WHERE person_id = $1"
                              " AND state <> 'accepted' ORDER BY application_id LIMIT $2"),
                    PARAMS(person_id, (int64_t)APPLICATIONS_AT_ONCE), &onboarding_papers_shape,
                    &rows));
        for (size_t i = 0; i < rows.count; i++) TRY(drop(q, &rows.items[i], false));
    } while (rows.count == APPLICATIONS_AT_ONCE);
    int64_t accepted = 0;
    TRY(db_int(q->db, SQL("i", "SELECT count(*) FROM onboarding_application WHERE person_id = $1"),
               PARAMS(person_id), &accepted, NULL));
    if (accepted == 0) return NULL;
    return jobs_ask(q, "onboarding.forget", person_id, TEXT(""),
                    instant_after(q->now, (int64_t)ONBOARDING_KEPT_DAYS * DAY_MS));
}

refusal onboarding_forget(struct request *q, int64_t person_id, struct text text) {
    struct onboarding_papers_list rows;
    (void)text;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT application_id AS id, person_id, documents AS papers"
                          " FROM onboarding_application WHERE person_id = $1 AND documents <> ''"
                          " ORDER BY application_id LIMIT $2"),
                PARAMS(person_id, (int64_t)APPLICATIONS_AT_ONCE), &onboarding_papers_shape, &rows));
    for (size_t i = 0; i < rows.count; i++) TRY(drop(q, &rows.items[i], true));
    if (rows.count < APPLICATIONS_AT_ONCE) return NULL;
    return jobs_ask(q, "onboarding.forget", person_id, TEXT(""), q->now);
}

/* ---- one's own data ---- */

#define EXPORTED_FIELDS(F, S)                                                                      \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, state, onboarding_state)                                                            \
    F(S, ENUM, kind, catalog_seller_kind)                                                          \
    F(S, TEXT, name)                                                                               \
    F(S, TEXT, summary)                                                                            \
    F(S, ID, place_code, .optional = true)                                                         \
    F(S, TEXT, goods_text)                                                                         \
    F(S, TEXT, contact_name)                                                                       \
    F(S, TEXT, contact_phone)                                                                      \
    F(S, TEXT, credit_code)                                                                        \
    F(S, TEXT, food_licence)                                                                       \
    F(S, LIST, documents, onboarding_document)                                                     \
    F(S, TEXT, reason, .optional = true)                                                           \
    F(S, ID, seller_id, .optional = true)                                                          \
    F(S, TIME, made_at)                                                                            \
    F(S, TIME, submitted_at, .optional = true)
SHAPE_DECLARE(onboarding_exported, EXPORTED_FIELDS);
SHAPE_DEFINE(onboarding_exported, EXPORTED_FIELDS);

#define EXPORTED_ROW_FIELDS(F, S)                                                                  \
    F(S, OBJECT, shown, onboarding_exported)                                                       \
    F(S, TEXTS, papers)                                                                            \
    F(S, TEXT, contact)
SHAPE_DECLARE(onboarding_exported_row, EXPORTED_ROW_FIELDS);
SHAPE_DEFINE(onboarding_exported_row, EXPORTED_ROW_FIELDS);

static refusal add_one(struct request *q, const struct people_export *export,
                       struct onboarding_exported_row *row) {
    struct onboarding_contact contact = {0};
    struct text clear;
    row->shown.documents = onboarding_split_documents(q->arena, &row->papers);
    if (people_open_with(q, export->key, ONBOARDING_CONTACT_LABEL, row->contact, &clear))
        TRY(shape_read_json(&onboarding_contact_shape, q->arena, json_read(q->arena, clear, NULL),
                            &contact));
    row->shown.contact_name = contact.name;
    row->shown.contact_phone = contact.phone;
    people_export_add(export, &onboarding_exported_shape, &row->shown);
    return NULL;
}

refusal onboarding_hear_export(struct request *q, const void *data) {
    const struct people_export *export = data;
    struct onboarding_exported_row_list rows;
    TRY(db_rows(
        q->db,
        SQL("ii", "SELECT application_id AS \"shown.id\", state AS \"shown.state\","
                  " kind AS \"shown.kind\", name AS \"shown.name\", summary AS \"shown.summary\","
                  " place_code AS \"shown.place_code\", goods_words AS \"shown.goods_text\","
                  " credit_code AS \"shown.credit_code\", food_licence AS \"shown.food_licence\","
                  " reason AS \"shown.reason\", seller_id AS \"shown.seller_id\","
                  " made_at AS \"shown.made_at\", submitted_at AS \"shown.submitted_at\","
                  " documents AS papers, contact FROM onboarding_application"
                  " WHERE person_id = $1 ORDER BY application_id LIMIT $2"),
        PARAMS(export->person_id, (int64_t)EXPORTED_MAX), &onboarding_exported_row_shape, &rows));
    people_export_begin(export, "applications");
    for (size_t i = 0; i < rows.count; i++) TRY(add_one(q, export, &rows.items[i]));
    people_export_end(export);
    return NULL;
}

/* What a buyer asked, complained of and had invoiced, for the copy of one's own data. */
#include "ground/people/people.h"
#include "kernel/base/json.h"
#include "market/aftersales/inside.h"

enum { EXPORTED_MAX = 2000 };

#define EXPORTED_CASE_FIELDS(F, S)                                                                 \
    F(S, ID, id)                                                                                   \
    F(S, ID, order_id)                                                                             \
    F(S, TEXT, seller_name)                                                                        \
    F(S, ENUM, kind, aftersales_kind)                                                              \
    F(S, ENUM, reason, aftersales_reason)                                                          \
    F(S, ENUM, state, aftersales_state)                                                            \
    F(S, ENUM, outcome, aftersales_outcome)                                                        \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, words)                                                                              \
    F(S, FEN, asked_fen)                                                                           \
    F(S, FEN, offered_fen)                                                                         \
    F(S, FEN, refunded_fen)                                                                        \
    F(S, TEXT, return_carrier)                                                                     \
    F(S, TEXT, return_tracking)                                                                    \
    F(S, TEXT, new_carrier)                                                                        \
    F(S, TEXT, new_tracking)                                                                       \
    F(S, TIME, opened_at)                                                                          \
    F(S, TIME, closed_at, .optional = true)
SHAPE_DECLARE(exported_case, EXPORTED_CASE_FIELDS);
SHAPE_DEFINE(exported_case, EXPORTED_CASE_FIELDS);

#define EXPORTED_WORDS_FIELDS(F, S)                                                                \
    F(S, ID, case_id)                                                                              \
    F(S, TEXT, kind)                                                                               \
    F(S, TEXT, words)                                                                              \
    F(S, TIME, at)
SHAPE_DECLARE(exported_words, EXPORTED_WORDS_FIELDS);
SHAPE_DEFINE(exported_words, EXPORTED_WORDS_FIELDS);

#define EXPORTED_COMPLAINT_FIELDS(F, S)                                                            \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, subject, aftersales_subject)                                                        \
    F(S, ID, subject_id)                                                                           \
    F(S, TEXT, seller_name)                                                                        \
    F(S, ENUM, state, aftersales_complaint_state)                                                  \
    F(S, TEXT, words)                                                                              \
    F(S, TEXT, answer)                                                                             \
    F(S, TIME, opened_at)                                                                          \
    F(S, TIME, answered_at, .optional = true)
SHAPE_DECLARE(exported_complaint, EXPORTED_COMPLAINT_FIELDS);
SHAPE_DEFINE(exported_complaint, EXPORTED_COMPLAINT_FIELDS);

#define EXPORTED_INVOICE_FIELDS(F, S)                                                              \
    F(S, ID, id)                                                                                   \
    F(S, ID, order_id)                                                                             \
    F(S, TEXT, seller_name)                                                                        \
    F(S, ENUM, type, aftersales_invoice_type)                                                      \
    F(S, ENUM, state, aftersales_invoice_state)                                                    \
    F(S, OBJECT, payer, aftersales_payer)                                                          \
    F(S, FEN, amount_fen)                                                                          \
    F(S, TEXT, invoice_number)                                                                     \
    F(S, TEXT, refused_because)                                                                    \
    F(S, TEXT, refused_words)                                                                      \
    F(S, TIME, asked_at)                                                                           \
    F(S, TIME, issued_at, .optional = true)                                                        \
    F(S, TIME, refused_at, .optional = true)
SHAPE_DECLARE(exported_invoice, EXPORTED_INVOICE_FIELDS);
SHAPE_DEFINE(exported_invoice, EXPORTED_INVOICE_FIELDS);

#define INVOICE_ROW_FIELDS(F, S)                                                                   \
    F(S, OBJECT, shown, exported_invoice)                                                          \
    F(S, TEXT, sealed)
SHAPE_DECLARE(exported_invoice_row, INVOICE_ROW_FIELDS);
SHAPE_DEFINE(exported_invoice_row, INVOICE_ROW_FIELDS);

static refusal add_cases(struct request *q, const struct people_export *export) {
    struct exported_case_list cases;
    struct exported_words_list said;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT id, order_id, seller_name, kind, reason, state, outcome, title,"
                          " words, asked_fen, offered_fen, refunded_fen, return_carrier,"
                          " return_tracking, new_carrier, new_tracking, opened_at, closed_at"
                          " FROM aftersales_case WHERE buyer_id = $1 ORDER BY id LIMIT $2"),
                PARAMS(export->person_id, (int64_t)EXPORTED_MAX), &exported_case_shape, &cases));
    TRY(db_rows(q->db,
                SQL("ii", "SELECT e.case_id, e.kind, e.words, e.at FROM aftersales_case c"
                          " JOIN aftersales_event e ON e.case_id = c.id WHERE c.buyer_id = $1"
                          " AND e.actor = 'buyer' AND e.words <> ''"
                          " ORDER BY e.case_id, e.event_id LIMIT $2"),
                PARAMS(export->person_id, (int64_t)EXPORTED_MAX), &exported_words_shape, &said));
    people_export_rows(export, "cases", &exported_case_shape, PEOPLE_ROWS(cases));
    people_export_rows(export, "case_words", &exported_words_shape, PEOPLE_ROWS(said));
    return NULL;
}

static refusal add_complaints(struct request *q, const struct people_export *export) {
    struct exported_complaint_list complaints;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT id, subject, subject_id, seller_name, state, words, answer,"
                          " opened_at, answered_at FROM aftersales_complaint WHERE buyer_id = $1"
                          " ORDER BY id LIMIT $2"),
                PARAMS(export->person_id, (int64_t)EXPORTED_MAX), &exported_complaint_shape,
                &complaints));
    people_export_rows(export, "complaints", &exported_complaint_shape, PEOPLE_ROWS(complaints));
    return NULL;
}

static refusal add_invoices(struct request *q, const struct people_export *export) {
    struct exported_invoice_row_list rows;
    TRY(db_rows(
        q->db,
        SQL("ii", "SELECT id AS \"shown.id\", order_id AS \"shown.order_id\","
                  " seller_name AS \"shown.seller_name\", type AS \"shown.type\","
                  " state AS \"shown.state\", amount_fen AS \"shown.amount_fen\","
                  " invoice_number AS \"shown.invoice_number\","
                  " refused_because AS \"shown.refused_because\","
                  " refused_words AS \"shown.refused_words\", asked_at AS \"shown.asked_at\","
                  " issued_at AS \"shown.issued_at\", refused_at AS \"shown.refused_at\","
                  " payer AS sealed FROM aftersales_invoice WHERE buyer_id = $1"
                  " ORDER BY id LIMIT $2"),
        PARAMS(export->person_id, (int64_t)EXPORTED_MAX), &exported_invoice_row_shape, &rows));
    people_export_begin(export, "invoices");
    for (size_t i = 0; i < rows.count; i++) {
        struct exported_invoice_row *row = &rows.items[i];
        struct text clear;
        if (people_open_with(q, export->key, AFTERSALES_PAYER_LABEL, row->sealed, &clear))
            TRY(shape_read_json(&aftersales_payer_shape, q->arena, json_read(q->arena, clear, NULL),
                                &row->shown.payer));
        people_export_add(export, &exported_invoice_shape, &row->shown);
    }
    people_export_end(export);
    return NULL;
}

refusal aftersales_hear_export(struct request *q, const void *data) {
    const struct people_export *export = data;
    TRY(add_cases(q, export));
    TRY(add_complaints(q, export));
    return add_invoices(q, export);
}

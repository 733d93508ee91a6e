/* Complaints: about an order, goods or a seller, answered by an officer who is not of the seller.
 */
#include <assert.h>

#include "ground/audit/audit.h"
#include "ground/jobs/jobs.h"
#include "market/aftersales/inside.h"

SHAPE_ENUM_DEFINE(aftersales_subject, AFTERSALES_SUBJECTS);
SHAPE_ENUM_DEFINE(aftersales_complaint_state, AFTERSALES_COMPLAINT_STATES);
SHAPE_DEFINE(aftersales_complaint_draft, AFTERSALES_COMPLAINT_DRAFT_FIELDS);
SHAPE_DEFINE(aftersales_complaint, AFTERSALES_COMPLAINT_FIELDS);
SHAPE_DEFINE_PAGE(aftersales_complaint);
SHAPE_DEFINE(aftersales_complaint_query, AFTERSALES_COMPLAINT_QUERY_FIELDS);
SHAPE_DEFINE(aftersales_words, AFTERSALES_WORDS_FIELDS);

const struct fact aftersales_complaint_answered = {"aftersales_complaint_answered"};

#define COMPLAINED_FIELDS(F, S)                                                                    \
    F(S, OBJECT, shown, aftersales_complaint)                                                      \
    F(S, ID, buyer_id)                                                                             \
    F(S, ID, place_code)
SHAPE_DECLARE(complained, COMPLAINED_FIELDS);
SHAPE_DEFINE(complained, COMPLAINED_FIELDS);

static refusal no_such_complaint(struct request *q) {
    return refuse(q, NOT_FOUND, "id", "没有这件投诉", "there is no such complaint");
}

static void dress(struct request *q, struct aftersales_complaint *shown) {
    shown->number = text_format(q->arena, "TS%lld", (long long)shown->id);
    shown->server_at = q->now;
}

/* Whom the complaint is about. Of orders only one's own. */
static refusal find_seller(struct request *q, const struct aftersales_complaint_draft *draft,
                           struct catalog_brief *ret_brief) {
    struct orders_claim claim = {0};
    refusal refused = NULL;
    switch (draft->subject) {
    case AFTERSALES_OF_ORDER:
        refused = orders_claim_of(q, draft->subject_id, &claim);
        if (!refused && claim.buyer_id == q->who->person_id)
            return catalog_seller_brief(q, claim.seller_id, ret_brief);
        break;
    case AFTERSALES_OF_GOODS:
        refused = catalog_goods_brief(q, draft->subject_id, ret_brief);
        if (!refused) return NULL;
        break;
    case AFTERSALES_OF_SELLER:
        refused = catalog_seller_brief(q, draft->subject_id, ret_brief);
        if (!refused) return NULL;
        break;
    }
    if (refused && refused->kind != PROBLEM_NOT_FOUND) return refused;
    return refuse(q, NOT_FOUND, "subject_id", "没有您说的这个订单、商品或店",
                  "there is no such order, goods or seller");
}

refusal aftersales_complain(struct request *q, const struct aftersales_complaint_draft *draft,
                            struct aftersales_complaint *ret_complaint) {
    struct catalog_brief brief = {0};
    TRY(find_seller(q, draft, &brief));
    int64_t id = request_new_id(q);
    struct instant due = instant_after(q->now, AFTERSALES_COMPLAINT_DAYS * (int64_t)DAY_MS);
    TRY(db_run(q->db,
               SQL("iitiititii",
                   "INSERT INTO aftersales_complaint (id, buyer_id, subject, subject_id, seller_id,"
                   " seller_name, place_code, state, is_overdue, words, answer, answered_by,"
                   " opened_at, due_at, answered_at)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', 0, $8, '', 0, $9, $10, 0)"),
               PARAMS(id, q->who->person_id,
                      shape_enum_text(&aftersales_subject_enum, draft->subject), draft->subject_id,
                      brief.seller_id, brief.seller_name, brief.place_code, draft->words, q->now,
                      due),
               NULL));
    TRY(aftersales_keep_pictures(q, id, &draft->pictures));
    TRY(audit_write(q, &(struct audit_act){.action = "aftersales.complain",
                                           .subject = "complaint",
                                           .subject_id = id}));
    TRY(jobs_ask(q, "aftersales.complaint", id, TEXT(""), due));
    return aftersales_complaint_read(q, id, ret_complaint);
}

static refusal row_of(struct request *q, int64_t id, struct complained *ret_row) {
    bool found;
    TRY(db_row(q->db,
               SQL("i", "SELECT id AS \"shown.id\", subject AS \"shown.subject\","
                        " subject_id AS \"shown.subject_id\", seller_id AS \"shown.seller_id\","
                        " seller_name AS \"shown.seller_name\", state AS \"shown.state\","
                        " is_overdue AS \"shown.is_overdue\", words AS \"shown.words\","
                        " answer AS \"shown.answer\", opened_at AS \"shown.opened_at\","
                        " due_at AS \"shown.due_at\", answered_at AS \"shown.answered_at\","
                        " buyer_id, place_code FROM aftersales_complaint WHERE id = $1"),
               PARAMS(id), &complained_shape, ret_row, &found));
    return found ? NULL : no_such_complaint(q);
}

refusal aftersales_complaint_read(struct request *q, int64_t complaint_id,
                                  struct aftersales_complaint *ret_complaint) {
    struct complained row = {0};
    TRY(row_of(q, complaint_id, &row));
    if (row.buyer_id != q->who->person_id &&
        !aftersales_serves(q, row.shown.seller_id, row.place_code) &&
        !request_reaches(q, PERMISSION_audit, (struct owner){0}))
        return no_such_complaint(q);
    TRY(aftersales_pictures_of(q, complaint_id, &row.shown.pictures));
    dress(q, &row.shown);
    *ret_complaint = row.shown;
    return NULL;
}

refusal aftersales_complaint_answer(struct request *q, int64_t complaint_id, struct text words) {
    struct complained row = {0};
    int64_t changed;
    TRY(row_of(q, complaint_id, &row));
    if (row.buyer_id == q->who->person_id ||
        !aftersales_serves(q, row.shown.seller_id, row.place_code))
        return no_such_complaint(q);
    TRY(db_run(q->db,
               SQL("itii", "UPDATE aftersales_complaint SET state = 'answered', answer = $2,"
                           " answered_by = $3, answered_at = $4 WHERE id = $1 AND state = 'open'"),
               PARAMS(complaint_id, words, q->who->person_id, q->now), &changed));
    if (changed == 0)
        return refuse(q, WRONG_STATE, "state", "这件投诉已经答复过了",
                      "this complaint was answered already");
    TRY(jobs_forget(q, "aftersales.complaint", complaint_id));
    struct text json =
        text_format(q->arena, "{\"id\":\"%lld\",\"state\":\"answered\"}", (long long)complaint_id);
    request_send_event(q, row.buyer_id, "complaint", json);
    const struct aftersales_settled fact = {.id = complaint_id,
                                            .buyer_id = row.buyer_id,
                                            .seller_id = row.shown.seller_id,
                                            .seller_name = row.shown.seller_name};
    TRY(request_announce(q, &aftersales_complaint_answered, &fact));
    return audit_write(q, &(struct audit_act){.action = "aftersales.complaint_answer",
                                              .subject = "complaint",
                                              .subject_id = complaint_id});
}

#define LIST_COLUMNS                                                                               \
    "SELECT id, subject, subject_id, seller_id, seller_name, state, is_overdue, words, answer,"    \
    " opened_at, due_at, answered_at FROM aftersales_complaint"

static refusal list_desk(struct request *q, const struct aftersales_complaint_query *query,
                         int64_t before_id, struct aftersales_complaint_list *ret_list) {
    struct aftersales_reach reach = {0};
    struct text state = query->state.length ? query->state : TEXT("open");
    TRY(aftersales_reach_of(q, query->place, &reach));
    return db_rows(q->db,
                   SQL("tiiiiiiiii", LIST_COLUMNS
                       " WHERE state = $1 AND id < $2 AND (place_code BETWEEN $3 AND $4"
                       " OR place_code BETWEEN $5 AND $6 OR place_code BETWEEN $7 AND $8)"
                       " AND ($9 = 0 OR seller_id = $9) ORDER BY id DESC LIMIT $10"),
                   PARAMS(state, before_id, reach.first[0], reach.last[0], reach.first[1],
                          reach.last[1], reach.first[2], reach.last[2], query->seller,
                          query->limit + 1),
                   &aftersales_complaint_shape, ret_list);
}

#define PHOTO_FIELDS(F, S) F(S, ID, document_id) F(S, TEXT, address)
SHAPE_DECLARE(complaint_photo, PHOTO_FIELDS);
SHAPE_DEFINE(complaint_photo, PHOTO_FIELDS);

/* The photos of a page of one's own complaints, newest first as they stand there: one statement. */
static refusal add_photos(struct request *q, struct aftersales_complaint_list *list) {
    struct complaint_photo_list photos = {0};
    if (list->count == 0) return NULL;
    TRY(db_rows(q->db,
                SQL("iii", "SELECT p.document_id, p.address FROM aftersales_complaint c"
                           " JOIN aftersales_picture p ON p.document_id = c.id"
                           " WHERE c.buyer_id = $1 AND c.id BETWEEN $2 AND $3"
                           " ORDER BY p.document_id DESC, p.number LIMIT 450"),
                PARAMS(q->who->person_id, list->items[list->count - 1].id, list->items[0].id),
                &complaint_photo_shape, &photos));
    for (size_t i = 0, at = 0; i < list->count; i++) {
        struct text_list *pictures = &list->items[i].pictures;
        pictures->items = arena_new(q->arena, struct text, AFTERSALES_PICTURES_MAX);
        for (; at < photos.count && photos.items[at].document_id == list->items[i].id; at++) {
            assert(pictures->count < AFTERSALES_PICTURES_MAX);
            pictures->items[pictures->count++] = aftersales_link(q, photos.items[at].address);
        }
    }
    return NULL;
}

refusal aftersales_complaints(struct request *q, const struct aftersales_complaint_query *query,
                              struct aftersales_complaint_page *ret_page) {
    unsigned known;
    int64_t before_id = query->after ? query->after : INT64_MAX;
    struct aftersales_complaint_list list = {0};
    if (query->state.length &&
        !shape_enum_find(&aftersales_complaint_state_enum, query->state, &known))
        return refuse(q, BAD_INPUT, "state", "没有这种状态", "there is no such state");
    if (query->desk)
        TRY(list_desk(q, query, before_id, &list));
    else
        TRY(db_rows(q->db,
                    SQL("iiti", LIST_COLUMNS " WHERE buyer_id = $1 AND id < $2"
                                             " AND ($3 = '' OR state = $3)"
                                             " ORDER BY id DESC LIMIT $4"),
                    PARAMS(q->who->person_id, before_id, query->state, query->limit + 1),
                    &aftersales_complaint_shape, &list));
    if (aftersales_cut(&list.count, query->limit))
        ret_page->next = aftersales_next(q, list.items[list.count - 1].id);
    if (!query->desk) TRY(add_photos(q, &list));
    for (size_t i = 0; i < list.count; i++) dress(q, &list.items[i]);
    ret_page->items = list;
    return NULL;
}

refusal aftersales_complaint_when_due(struct request *q, int64_t complaint_id, struct text text) {
    (void)text;
    int64_t changed;
    TRY(db_run(q->db,
               SQL("ii", "UPDATE aftersales_complaint SET is_overdue = 1"
                         " WHERE id = $1 AND state = 'open' AND due_at <= $2"),
               PARAMS(complaint_id, q->now), &changed));
    if (changed == 0) return NULL;
    return audit_write(q, &(struct audit_act){.action = "aftersales.complaint_overdue",
                                              .subject = "complaint",
                                              .subject_id = complaint_id});
}

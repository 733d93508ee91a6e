#include "ground/people/people.h"
#include "market/aftersales/inside.h"

#define AFTERSALES_PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(aftersales_path, AFTERSALES_PATH_FIELDS);
SHAPE_DEFINE(aftersales_path, AFTERSALES_PATH_FIELDS);

static int64_t path_id(const struct request *q) {
    const struct aftersales_path *path = q->path;
    return path->id;
}

/* ---- cases ---- */

static refusal post_preview(struct request *q) { return aftersales_look(q, q->body, q->reply); }
static refusal get_cases(struct request *q) { return aftersales_list(q, q->query, q->reply); }
static refusal get_case(struct request *q) { return aftersales_read(q, path_id(q), q->reply); }

static refusal post_case(struct request *q) {
    int64_t case_id;
    TRY(aftersales_open(q, q->body, &case_id));
    return aftersales_read(q, case_id, q->reply);
}

static refusal post_answer(struct request *q) {
    TRY(aftersales_say(q, path_id(q), q->body));
    return get_case(q);
}

static refusal post_reply(struct request *q) {
    TRY(aftersales_reply_to(q, path_id(q), q->body));
    return get_case(q);
}

static refusal post_shipment(struct request *q) {
    TRY(aftersales_send(q, path_id(q), q->body));
    return get_case(q);
}

static refusal post_receipt(struct request *q) {
    TRY(aftersales_check_in(q, path_id(q), q->body));
    return get_case(q);
}

static refusal post_decision(struct request *q) {
    TRY(aftersales_decide(q, path_id(q), q->body));
    return get_case(q);
}

static refusal post_withdrawal(struct request *q) {
    TRY(aftersales_withdraw(q, path_id(q)));
    return get_case(q);
}

/* ---- complaints ---- */

static refusal post_complaint(struct request *q) {
    return aftersales_complain(q, q->body, q->reply);
}
static refusal get_complaints(struct request *q) {
    return aftersales_complaints(q, q->query, q->reply);
}
static refusal get_complaint(struct request *q) {
    return aftersales_complaint_read(q, path_id(q), q->reply);
}
static refusal post_complaint_answer(struct request *q) {
    const struct aftersales_words *body = q->body;
    TRY(aftersales_complaint_answer(q, path_id(q), body->words));
    return get_complaint(q);
}

/* ---- invoices ---- */

static refusal post_invoice(struct request *q) {
    return aftersales_invoice_ask(q, q->body, q->reply);
}
static refusal get_invoices(struct request *q) {
    return aftersales_invoices(q, q->query, q->reply);
}
static refusal get_invoice(struct request *q) {
    return aftersales_invoice_read(q, path_id(q), q->reply);
}
static refusal post_invoice_paper(struct request *q) {
    TRY(aftersales_invoice_issue(q, path_id(q), q->body));
    return get_invoice(q);
}
static refusal post_invoice_no(struct request *q) {
    TRY(aftersales_invoice_refuse(q, path_id(q), q->body));
    return get_invoice(q);
}

static const struct route doors[] = {
    {POST, "/api/cases/previews", MAY(buy), "What a case would come to",
     .body = &aftersales_draft_shape, .reply = &aftersales_preview_shape, .handle = post_preview},
    {POST, "/api/cases", MAY(buy), "Ask for money back, a return or an exchange",
     .body = &aftersales_draft_shape, .reply = &aftersales_case_shape, .status = 201,
     .handle = post_case, .writes = true},
    {GET, "/api/cases", MAY(buy), "Cases of one's own, of a seller one keeps, or at the desk",
     .query = &aftersales_query_shape, .reply = &aftersales_card_page_shape, .handle = get_cases},
    {GET, "/api/cases/{id}", MAY(buy), "One case", .path = &aftersales_path_shape,
     .reply = &aftersales_case_shape, .handle = get_case},
    {POST, "/api/cases/{id}/answers", MAY(serve), "The seller agrees, offers or refuses",
     .path = &aftersales_path_shape, .body = &aftersales_answer_shape,
     .reply = &aftersales_case_shape, .status = 201, .handle = post_answer, .writes = true},
    {POST, "/api/cases/{id}/replies", MAY(buy), "The buyer accepts, or asks for arbitration",
     .path = &aftersales_path_shape, .body = &aftersales_reply_shape,
     .reply = &aftersales_case_shape, .status = 201, .handle = post_reply, .writes = true},
    {POST, "/api/cases/{id}/shipments", MAY(buy), "It was sent back, or sent anew",
     .path = &aftersales_path_shape, .body = &orders_shipment_shape,
     .reply = &aftersales_case_shape, .status = 201, .handle = post_shipment, .writes = true},
    {POST, "/api/cases/{id}/receipts", MAY(buy), "What was sent arrived and was checked",
     .path = &aftersales_path_shape, .body = &aftersales_receipt_shape,
     .reply = &aftersales_case_shape, .status = 201, .handle = post_receipt, .writes = true},
    {POST, "/api/cases/{id}/decisions", MAY(serve), "An officer decides",
     .path = &aftersales_path_shape, .body = &aftersales_decision_shape,
     .reply = &aftersales_case_shape, .status = 201, .handle = post_decision, .writes = true},
    {POST, "/api/cases/{id}/withdrawal", MAY(buy), "The buyer gives the case up",
     .path = &aftersales_path_shape, .reply = &aftersales_case_shape, .handle = post_withdrawal,
     .writes = true},
    {POST, "/api/complaints", MAY(buy), "Complain of an order, goods or a seller",
     .body = &aftersales_complaint_draft_shape, .reply = &aftersales_complaint_shape, .status = 201,
     .handle = post_complaint, .writes = true},
    {GET, "/api/complaints", MAY(buy), "Complaints of one's own, or at the desk",
     .query = &aftersales_complaint_query_shape, .reply = &aftersales_complaint_page_shape,
     .handle = get_complaints},
    {GET, "/api/complaints/{id}", MAY(buy), "One complaint", .path = &aftersales_path_shape,
     .reply = &aftersales_complaint_shape, .handle = get_complaint},
    {POST, "/api/complaints/{id}/answers", MAY(serve), "An officer answers a complaint",
     .path = &aftersales_path_shape, .body = &aftersales_words_shape,
     .reply = &aftersales_complaint_shape, .status = 201, .handle = post_complaint_answer,
     .writes = true},
    {POST, "/api/invoices", MAY(buy), "Ask for the invoice of an order",
     .body = &aftersales_invoice_draft_shape, .reply = &aftersales_invoice_shape, .status = 201,
     .handle = post_invoice, .writes = true},
    {GET, "/api/invoices", MAY(buy), "Invoices of one's own, or of a seller",
     .query = &aftersales_invoice_query_shape, .reply = &aftersales_invoice_page_shape,
     .handle = get_invoices},
    {GET, "/api/invoices/{id}", MAY(buy), "One invoice", .path = &aftersales_path_shape,
     .reply = &aftersales_invoice_shape, .handle = get_invoice},
    {POST, "/api/invoices/{id}/papers", MAY(serve), "Write the number and the file of an invoice",
     .path = &aftersales_path_shape, .body = &aftersales_paper_shape,
     .reply = &aftersales_invoice_shape, .status = 201, .handle = post_invoice_paper,
     .writes = true},
    {POST, "/api/invoices/{id}/refusals", MAY(serve), "Say why an invoice cannot be made",
     .path = &aftersales_path_shape, .body = &aftersales_invoice_no_shape,
     .reply = &aftersales_invoice_shape, .status = 201, .handle = post_invoice_no, .writes = true},
};

static const struct listener listeners[] = {
    {&people_closing, aftersales_hear_leaving},
    {&people_export_asked, aftersales_hear_export},
    {&orders_was_refunded, aftersales_hear_refunded},
};

static const struct job_kind jobs[] = {
    {.name = "aftersales.due", .run = aftersales_when_due},
    {.name = "aftersales.complaint", .run = aftersales_complaint_when_due},
};

const struct room aftersales_room = {
    .name = "aftersales",
    .schema = "src/market/aftersales/schema.sql",
    .routes = ROOM_LIST(doors),
    .listeners = ROOM_LIST(listeners),
    .jobs = ROOM_LIST(jobs),
    .check = aftersales_check,
};

/* Requests for invoices (E-commerce Law, article 14): who pays is sealed under the buyer's key; the
 * invoice itself is made by hand or by a provider. */
#include "ground/audit/audit.h"
#include "ground/files/files.h"
#include "ground/people/people.h"
#include "kernel/base/json.h"
#include "market/aftersales/inside.h"

SHAPE_ENUM_DEFINE(aftersales_invoice_type, AFTERSALES_INVOICE_TYPES);
SHAPE_ENUM_DEFINE(aftersales_invoice_state, AFTERSALES_INVOICE_STATES);
SHAPE_ENUM_DEFINE(aftersales_invoice_reason, AFTERSALES_INVOICE_REASONS);
SHAPE_DEFINE(aftersales_invoice_draft, AFTERSALES_INVOICE_DRAFT_FIELDS);
SHAPE_DEFINE(aftersales_invoice, AFTERSALES_INVOICE_FIELDS);
SHAPE_DEFINE_PAGE(aftersales_invoice);
SHAPE_DEFINE(aftersales_invoice_query, AFTERSALES_INVOICE_QUERY_FIELDS);
SHAPE_DEFINE(aftersales_paper, AFTERSALES_PAPER_FIELDS);
SHAPE_DEFINE(aftersales_invoice_no, AFTERSALES_INVOICE_NO_FIELDS);

const struct fact aftersales_invoice_issued = {"aftersales_invoice_issued"};
const struct fact aftersales_invoice_refused = {"aftersales_invoice_refused"};

SHAPE_DEFINE(aftersales_payer, AFTERSALES_PAYER_FIELDS);

#define INVOICED_FIELDS(F, S)                                                                      \
    F(S, OBJECT, shown, aftersales_invoice)                                                        \
    F(S, ID, buyer_id)                                                                             \
    F(S, ID, place_code)                                                                           \
    F(S, TEXT, payer)
SHAPE_DECLARE(invoiced, INVOICED_FIELDS);
SHAPE_DEFINE(invoiced, INVOICED_FIELDS);

/* People write it: the request waits in the seller's list. */
static refusal by_hand(struct request *q, const struct aftersales_invoice *invoice) {
    (void)q;
    (void)invoice;
    return NULL;
}
const struct aftersales_invoicer aftersales_by_hand = {"by hand", by_hand};

bool aftersales_is_credit_code(struct text code) {
    static const struct text alphabet = TEXT("0123456789ABCDEFGHJKLMNPQRTUWXY");
    size_t sum = 0, weight = 1;
    if (code.length != 18) return false;
    /* The check character has the weight 1 and makes the sum a multiple of 31. */
    for (size_t i = 0; i < code.length; i++) {
        size_t at = text_find(alphabet, text_slice(code, i, i + 1), 0);
        if (at == SIZE_MAX) return false;
        sum += at * (i == 17 ? 1 : weight);
        weight = weight * 3 % 31;
    }
    return sum % 31 == 0;
}

static refusal check_payer(struct request *q, const struct aftersales_invoice_draft *draft) {
    if (draft->type == AFTERSALES_COMPANY && !aftersales_is_credit_code(draft->tax_number))
        return refuse(q, BAD_INPUT, "tax_number",
                      "税号不对，请照营业执照上的 18 位统一社会信用代码填",
                      "that is no unified social credit code of 18 characters");
    if (draft->type == AFTERSALES_PERSONAL && draft->tax_number.length)
        return refuse(q, BAD_INPUT, "tax_number", "个人抬头不用填税号",
                      "an invoice to a person has no tax number");
    size_t at = text_find(draft->email, TEXT("@"), 0);
    bool fine = draft->email.length == 0 ||
                (at != SIZE_MAX && at > 0 && text_find(draft->email, TEXT("."), at) != SIZE_MAX &&
                 text_find(draft->email, TEXT(" "), 0) == SIZE_MAX);
    return fine ? NULL : refuse(q, BAD_INPUT, "email", "邮箱不对", "that is no e-mail address");
}

/* Of an order that arrived: what was paid for it and not given back. */
static refusal payable(struct request *q, int64_t order_id, struct orders_claim *claim,
                       struct fen *ret_amount) {
    refusal refused = orders_claim_of(q, order_id, claim);
    if (refused && refused->kind != PROBLEM_NOT_FOUND) return refused;
    if (refused || claim->buyer_id != q->who->person_id)
        return refuse(q, NOT_FOUND, "order_id", "没有这个订单", "there is no such order");
    if (claim->state == ORDERS_REFUNDED)
        return refuse(q, NOT_ENOUGH, "order_id", "钱都退了，没有可开的金额",
                      "all the money went back");
    if (claim->state != ORDERS_RECEIVED && claim->state != ORDERS_COMPLETED)
        return refuse(q, WRONG_STATE, "order_id", "收到东西以后再开发票",
                      "an invoice is for what has arrived");
    *ret_amount = aftersales_left_of(claim);
    return NULL;
}

/* Asked anew: only after a refusal, and not for ever. */
static refusal claim_anew(struct request *q, int64_t order_id, int64_t invoice_id) {
    int64_t changed, count;
    TRY(db_run(q->db,
               SQL("ii", "UPDATE aftersales_invoiced SET invoice_id = $2 WHERE order_id = $1"
                         " AND EXISTS (SELECT 1 FROM aftersales_invoice AS last"
                         " WHERE last.id = aftersales_invoiced.invoice_id"
                         " AND last.state = 'refused')"),
               PARAMS(order_id, invoice_id), &changed));
    if (changed == 0)
        return refuse(q, CONFLICT, "order_id", "这个订单已经申请过发票",
                      "an invoice for this order was asked for already");
    TRY(db_int(q->db, SQL("i", "SELECT count(*) FROM aftersales_invoice WHERE order_id = $1"),
               PARAMS(order_id), &count, NULL));
    if (count < AFTERSALES_INVOICES_MAX) return NULL;
    return refuse(q, CONFLICT, "order_id", "这个订单申请过 %d 次了，请在订单里投诉，我们来问卖家",
                  "asked for %d times already: please complain, and we ask the seller",
                  (int)AFTERSALES_INVOICES_MAX);
}

static refusal claim_order(struct request *q, int64_t order_id, int64_t invoice_id) {
    int64_t changed;
    TRY(db_run(q->db,
               SQL("ii", "INSERT INTO aftersales_invoiced (order_id, invoice_id) VALUES ($1, $2)"
                         " ON CONFLICT (order_id) DO NOTHING"),
               PARAMS(order_id, invoice_id), &changed));
    return changed == 1 ? NULL : claim_anew(q, order_id, invoice_id);
}

refusal aftersales_invoice_ask(struct request *q, const struct aftersales_invoice_draft *draft,
                               struct aftersales_invoice *ret_invoice) {
    struct orders_claim claim = {0};
    struct catalog_brief brief = {0};
    struct fen amount = FEN(0);
    struct bytes sealed;
    int64_t id = request_new_id(q);
    TRY(check_payer(q, draft));
    TRY(payable(q, draft->order_id, &claim, &amount));
    TRY(claim_order(q, draft->order_id, id));
    TRY(catalog_seller_brief(q, claim.seller_id, &brief));
    const struct aftersales_payer payer = {draft->title, draft->tax_number, draft->email};
    struct buffer json = buffer_make(q->arena, 4000);
    shape_write_json(&aftersales_payer_shape, &json, &payer);
    TRY(people_seal(q, claim.buyer_id, AFTERSALES_PAYER_LABEL, buffer_text(&json), &sealed));
    TRY(db_run(q->db,
               SQL("iiiititbii",
                   "INSERT INTO aftersales_invoice (id, order_id, buyer_id, seller_id, seller_name,"
                   " place_code, type, state, payer, amount_fen, invoice_number, file, asked_at,"
                   " issued_at, refused_at, refused_because, refused_words) VALUES"
                   " ($1, $2, $3, $4, $5, $6, $7, 'asked', $8, $9, '', '', $10, 0, 0, '', '')"),
               PARAMS(id, claim.id, claim.buyer_id, claim.seller_id, claim.seller_name,
                      brief.place_code, shape_enum_text(&aftersales_invoice_type_enum, draft->type),
                      sealed, amount, q->now),
               NULL));
    TRY(audit_write(q, &(struct audit_act){.action = "aftersales.invoice_ask",
                                           .subject = "invoice",
                                           .subject_id = id}));
    TRY(aftersales_invoice_read(q, id, ret_invoice));
    return aftersales_by_hand.ask(q, ret_invoice);
}

/* The paper is private: whoever may read the invoice gets a link to it that ends soon. */
static void dress(struct request *q, struct aftersales_invoice *shown) {
    shown->order_number = orders_number(q->arena, shown->order_id);
    shown->file = files_is_paper(shown->file) ? files_paper_link(q, shown->file)
                                              : aftersales_link(q, shown->file);
}

static refusal no_such_invoice(struct request *q) {
    return refuse(q, NOT_FOUND, "id", "没有这张发票", "there is no such invoice");
}

/* The seller or an officer for its place. */
static bool may_issue(const struct request *q, int64_t seller_id, int64_t place_code) {
    return request_reaches(q, PERMISSION_serve,
                           (struct owner){.organisation_id = seller_id, .place_code = place_code});
}

static refusal row_of(struct request *q, int64_t id, struct invoiced *ret_row) {
    bool found;
    TRY(db_row(q->db,
               SQL("i", "SELECT id AS \"shown.id\", order_id AS \"shown.order_id\","
                        " seller_id AS \"shown.seller_id\", seller_name AS \"shown.seller_name\","
                        " type AS \"shown.type\", state AS \"shown.state\","
                        " amount_fen AS \"shown.amount_fen\","
                        " invoice_number AS \"shown.invoice_number\", file AS \"shown.file\","
                        " asked_at AS \"shown.asked_at\", issued_at AS \"shown.issued_at\","
                        " refused_at AS \"shown.refused_at\","
                        " refused_because AS \"shown.refused_because\","
                        " refused_words AS \"shown.refused_words\","
                        " buyer_id, place_code, payer FROM aftersales_invoice WHERE id = $1"),
               PARAMS(id), &invoiced_shape, ret_row, &found));
    if (!found) return no_such_invoice(q);
    if (ret_row->buyer_id == q->who->person_id ||
        may_issue(q, ret_row->shown.seller_id, ret_row->place_code))
        return NULL;
    return no_such_invoice(q);
}

refusal aftersales_invoice_read(struct request *q, int64_t invoice_id,
                                struct aftersales_invoice *ret_invoice) {
    struct invoiced row = {0};
    struct aftersales_payer payer = {0};
    struct text clear = {0};
    TRY(row_of(q, invoice_id, &row));
    const struct bytes sealed = {(const unsigned char *)row.payer.bytes, row.payer.length};
    refusal refused = people_open(q, row.buyer_id, AFTERSALES_PAYER_LABEL, sealed, &clear);
    if (refused && refused->kind != PROBLEM_NOT_FOUND) return refused;
    /* A buyer who closed the account took the key along: the books keep the sum. */
    if (!refused)
        TRY(shape_read_json(&aftersales_payer_shape, q->arena, json_read(q->arena, clear, NULL),
                            &payer));
    row.shown.title = payer.title;
    row.shown.tax_number = payer.tax_number;
    row.shown.email = payer.email;
    dress(q, &row.shown);
    *ret_invoice = row.shown;
    return NULL;
}

/* ---- the answer ---- */

static refusal take_to_answer(struct request *q, int64_t invoice_id, struct invoiced *ret_row) {
    struct invoiced row = {0};
    TRY(row_of(q, invoice_id, &row));
    if (!may_issue(q, row.shown.seller_id, row.place_code)) return no_such_invoice(q);
    if (row.buyer_id == q->who->person_id)
        return refuse(q, NOT_ALLOWED, "id", "自己要的发票，要由别人来开",
                      "an invoice of one's own is made by somebody else");
    *ret_row = row;
    return NULL;
}

static refusal answered_before(struct request *q) {
    return refuse(q, WRONG_STATE, "state", "这张发票已经办过了",
                  "this invoice was answered already");
}

static refusal tell_buyer(struct request *q, const struct invoiced *row, const char *state,
                          const struct fact *fact) {
    const struct aftersales_settled settled = {.id = row->shown.id,
                                               .order_id = row->shown.order_id,
                                               .buyer_id = row->buyer_id,
                                               .seller_id = row->shown.seller_id,
                                               .seller_name = row->shown.seller_name};
    request_send_event(q, row->buyer_id, "invoice",
                       text_format(q->arena, "{\"id\":\"%lld\",\"state\":\"%s\"}",
                                   (long long)row->shown.id, state));
    return request_announce(q, fact, &settled);
}

refusal aftersales_invoice_issue(struct request *q, int64_t invoice_id,
                                 const struct aftersales_paper *paper) {
    struct invoiced row = {0};
    struct orders_claim claim = {0};
    int64_t changed;
    TRY(take_to_answer(q, invoice_id, &row));
    TRY(orders_claim_of(q, row.shown.order_id, &claim));
    if (!fen_is_positive(aftersales_left_of(&claim)))
        return refuse(q, WRONG_STATE, "state", "这个订单的钱都退了，没有可开的金额",
                      "all the money of this order went back: there is nothing to invoice");
    if (files_is_paper(paper->file))
        TRY(files_require_paper(q, paper->file, "file"));
    else if (paper->file.length)
        TRY(files_require_one(q, paper->file, "file", FILES_DOCUMENT));
    TRY(db_run(q->db,
               SQL("itti", "UPDATE aftersales_invoice SET state = 'issued', invoice_number = $2,"
                           " file = $3, issued_at = $4 WHERE id = $1 AND state = 'asked'"),
               PARAMS(invoice_id, paper->invoice_number, paper->file, q->now), &changed));
    if (changed == 0) return answered_before(q);
    TRY(tell_buyer(q, &row, "issued", &aftersales_invoice_issued));
    return audit_write(q, &(struct audit_act){.action = "aftersales.invoice_issue",
                                              .subject = "invoice",
                                              .subject_id = invoice_id});
}

/* An invoice that waits is for what is left; one that is made is the seller's to turn red. */
refusal aftersales_hear_refunded(struct request *q, const void *data) {
    const struct orders_told *told = data;
    if (!fen_is_positive(told->left)) return NULL;
    return db_run(q->db,
                  SQL("ii", "UPDATE aftersales_invoice SET amount_fen = $2"
                            " WHERE order_id = $1 AND state = 'asked'"),
                  PARAMS(told->order_id, told->left), NULL);
}

/* What can be looked at is looked at; what only the seller knows is to be said so that the buyer
 * can mend it, or find what there is already. */
static refusal check_grounds(struct request *q, const struct invoiced *row,
                             const struct aftersales_invoice_no *no) {
    struct orders_claim claim = {0};
    switch (no->reason) {
    case AFTERSALES_INVOICE_DATA_WRONG:
        if (text_trim(no->words).length) return NULL;
        return refuse(q, BAD_INPUT, "words", "请写清楚哪里不对，买家好照着改",
                      "say what is wrong, so that the buyer can mend it");
    case AFTERSALES_INVOICE_ISSUED_BEFORE:
        if (text_trim(no->invoice_number).length >= 6) return NULL;
        return refuse(q, BAD_INPUT, "invoice_number", "请填已经开的那张的号码，买家好去找",
                      "the number of that invoice, so that the buyer can find it");
    case AFTERSALES_INVOICE_REFUNDED_WHOLE:
        TRY(orders_claim_of(q, row->shown.order_id, &claim));
        if (fen_count(claim.refunded_fen) >= fen_count(claim.paid_fen)) return NULL;
        return refuse(q, WRONG_STATE, "reason", "这个订单的钱没有全退，不能用这个原因",
                      "not all the money of this order went back");
    }
    return NULL;
}

refusal aftersales_invoice_refuse(struct request *q, int64_t invoice_id,
                                  const struct aftersales_invoice_no *no) {
    struct invoiced row = {0};
    struct text reason = shape_enum_text(&aftersales_invoice_reason_enum, no->reason);
    bool names_other = no->reason == AFTERSALES_INVOICE_ISSUED_BEFORE;
    int64_t changed;
    TRY(take_to_answer(q, invoice_id, &row));
    TRY(check_grounds(q, &row, no));
    TRY(db_run(q->db,
               SQL("ititt", "UPDATE aftersales_invoice SET state = 'refused', refused_because = $2,"
                            " refused_at = $3, invoice_number = $4, refused_words = $5"
                            " WHERE id = $1 AND state = 'asked'"),
               PARAMS(invoice_id, reason, q->now,
                      names_other ? text_trim(no->invoice_number) : TEXT(""), text_trim(no->words)),
               &changed));
    if (changed == 0) return answered_before(q);
    TRY(tell_buyer(q, &row, "refused", &aftersales_invoice_refused));
    return audit_write(q,
                       &(struct audit_act){.action = "aftersales.invoice_refuse",
                                           .subject = "invoice",
                                           .subject_id = invoice_id,
                                           .after = text_format(q->arena, "{\"because\":\"%.*s\"}",
                                                                (int)reason.length, reason.bytes)});
}

#define LIST_COLUMNS                                                                               \
    "SELECT id, order_id, seller_id, seller_name, type, state, amount_fen, invoice_number, file,"  \
    " asked_at, issued_at, refused_at, refused_because, refused_words FROM aftersales_invoice"

static refusal list_of_seller(struct request *q, const struct aftersales_invoice_query *query,
                              int64_t before_id, struct aftersales_invoice_list *ret_list) {
    struct owner owner = {0};
    refusal refused = catalog_seller_owner(q, query->seller, &owner);
    if (refused && refused->kind != PROBLEM_NOT_FOUND) return refused;
    if (refused || !request_reaches(q, PERMISSION_serve, owner))
        return refuse(q, NOT_FOUND, "seller", "没有这家店", "there is no such seller");
    /* Each on its own index: what waits is few, however many were answered. */
    if (query->waiting)
        return db_rows(q->db,
                       SQL("iiii", LIST_COLUMNS " WHERE seller_id = $1 AND id < $2"
                                                " AND ($3 = 0 OR order_id = $3)"
                                                " AND state = 'asked' ORDER BY id DESC LIMIT $4"),
                       PARAMS(query->seller, before_id, query->order, query->limit + 1),
                       &aftersales_invoice_shape, ret_list);
    return db_rows(q->db,
                   SQL("iiii", LIST_COLUMNS " WHERE seller_id = $1 AND id < $2"
                                            " AND ($3 = 0 OR order_id = $3)"
                                            " ORDER BY id DESC LIMIT $4"),
                   PARAMS(query->seller, before_id, query->order, query->limit + 1),
                   &aftersales_invoice_shape, ret_list);
}

refusal aftersales_invoices(struct request *q, const struct aftersales_invoice_query *query,
                            struct aftersales_invoice_page *ret_page) {
    int64_t before_id = query->after ? query->after : INT64_MAX;
    struct aftersales_invoice_list list = {0};
    if (query->seller)
        TRY(list_of_seller(q, query, before_id, &list));
    else
        TRY(db_rows(q->db,
                    SQL("iiii", LIST_COLUMNS " WHERE buyer_id = $1 AND id < $2"
                                             " AND ($3 = 0 OR order_id = $3)"
                                             " ORDER BY id DESC LIMIT $4"),
                    PARAMS(q->who->person_id, before_id, query->order, query->limit + 1),
                    &aftersales_invoice_shape, &list));
    if (aftersales_cut(&list.count, query->limit))
        ret_page->next = aftersales_next(q, list.items[list.count - 1].id);
    for (size_t i = 0; i < list.count; i++) dress(q, &list.items[i]);
    ret_page->items = list;
    return NULL;
}

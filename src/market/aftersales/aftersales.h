/* After-sales: cases (money back, goods back, exchange), complaints and requests for invoices.
 *
 * A case goes
 *     open -> closed | offered | refused | returning | replacing | arbitration
 *     returning -> returned -> closed | replacing | arbitration;  replacing -> replaced -> closed
 * and every state but the last has a deadline with a job. Money goes back once a case, by the
 * ledger, through pay; the order stays open (its money with the provider) as long as a case is. */
#ifndef MARKET_AFTERSALES_AFTERSALES_H
#define MARKET_AFTERSALES_AFTERSALES_H

#include "market/pay/pay.h"

enum {
    AFTERSALES_ANSWER_MS = 48 * HOUR_MS, /* the seller answers */
    AFTERSALES_FRESH_MS = 48 * HOUR_MS,  /* damage of fresh goods told by then goes the short way */
    AFTERSALES_REPLY_DAYS = 3,           /* the buyer answers an offer */
    AFTERSALES_STEP_DAYS = 7,    /* sending back, checking, sending anew, appeal, decision */
    AFTERSALES_ARRIVE_DAYS = 10, /* a replacement counts as received */
    AFTERSALES_EARLY_DAYS = 30,  /* what is told later is never agreed by silence */
    AFTERSALES_CLAIM_DAYS = 180, /* the provider gives back no longer */
    AFTERSALES_CASES_MAX = 10,   /* of one order, closed ones included */
    AFTERSALES_PICTURES_MAX = 6,
    AFTERSALES_COMPLAINT_DAYS = 7
};
/* Silence agrees to at most this. */
#define AFTERSALES_SILENT_FEN FEN(20000)

#define AFTERSALES_KINDS(X)                                                                        \
    X(AFTERSALES_MONEY, "money")                                                                   \
    X(AFTERSALES_RETURN, "return")                                                                 \
    X(AFTERSALES_EXCHANGE, "exchange")
SHAPE_ENUM_DECLARE(aftersales_kind, AFTERSALES_KINDS);

#define AFTERSALES_REASONS(X)                                                                      \
    X(AFTERSALES_NOT_RECEIVED, "not_received")                                                     \
    X(AFTERSALES_DAMAGED, "damaged")                                                               \
    X(AFTERSALES_WRONG_ITEM, "wrong_item")                                                         \
    X(AFTERSALES_QUALITY, "quality")                                                               \
    X(AFTERSALES_NOT_WANTED, "not_wanted")                                                         \
    X(AFTERSALES_OTHER, "other")
SHAPE_ENUM_DECLARE(aftersales_reason, AFTERSALES_REASONS);

#define AFTERSALES_STATES(X)                                                                       \
    X(AFTERSALES_OPEN, "open")                                                                     \
    X(AFTERSALES_OFFERED, "offered")                                                               \
    X(AFTERSALES_REFUSED, "refused")                                                               \
    X(AFTERSALES_RETURNING, "returning")                                                           \
    X(AFTERSALES_RETURNED, "returned")                                                             \
    X(AFTERSALES_REPLACING, "replacing")                                                           \
    X(AFTERSALES_REPLACED, "replaced")                                                             \
    X(AFTERSALES_ARBITRATION, "arbitration")                                                       \
    X(AFTERSALES_CLOSED, "closed")
SHAPE_ENUM_DECLARE(aftersales_state, AFTERSALES_STATES);

#define AFTERSALES_OUTCOMES(X)                                                                     \
    X(AFTERSALES_NONE, "none")                                                                     \
    X(AFTERSALES_REFUNDED, "refunded")                                                             \
    X(AFTERSALES_EXCHANGED, "exchanged")                                                           \
    X(AFTERSALES_REJECTED, "rejected")                                                             \
    X(AFTERSALES_WITHDRAWN, "withdrawn")                                                           \
    X(AFTERSALES_LAPSED, "lapsed")
SHAPE_ENUM_DECLARE(aftersales_outcome, AFTERSALES_OUTCOMES);

#define AFTERSALES_ACTORS(X)                                                                       \
    X(AFTERSALES_BUYER, "buyer")                                                                   \
    X(AFTERSALES_SELLER, "seller")                                                                 \
    X(AFTERSALES_DESK, "desk")                                                                     \
    X(AFTERSALES_SYSTEM, "system")
SHAPE_ENUM_DECLARE(aftersales_actor, AFTERSALES_ACTORS);

#define AFTERSALES_BEARERS(X)                                                                      \
    X(AFTERSALES_BY_SELLER, "seller")                                                              \
    X(AFTERSALES_BY_BUYER, "buyer")                                                                \
    X(AFTERSALES_BY_BOTH, "both")
SHAPE_ENUM_DECLARE(aftersales_bearer, AFTERSALES_BEARERS);

/* ---- what the buyer asks ---- */
#define AFTERSALES_LINE_DRAFT_FIELDS(F, S)                                                         \
    F(S, INT, line_no, .required = true, .min = 1, .max = ORDERS_LINES_MAX)                        \
    F(S, INT, count, .required = true, .min = 1, .max = 9999)                                      \
    F(S, INT, bad_count, .max = 10000, .about = "so many of of_count are bad: 3 of 12 pears")      \
    F(S, INT, of_count, .max = 10000)
SHAPE_DECLARE(aftersales_line_draft, AFTERSALES_LINE_DRAFT_FIELDS);

#define AFTERSALES_DRAFT_FIELDS(F, S)                                                              \
    F(S, ID, order_id, .required = true)                                                           \
    F(S, ENUM, kind, aftersales_kind, .required = true)                                            \
    F(S, ENUM, reason, aftersales_reason, .required = true)                                        \
    F(S, LIST, lines, aftersales_line_draft, .required = true, .min = 1, .max = ORDERS_LINES_MAX)  \
    F(S, FEN, wished_fen, .max = FEN_MAX, .about = "absent: as much as the lines come to")         \
    F(S, TEXT, words, .max = 500)                                                                  \
    F(S, TEXTS, pictures, .max = AFTERSALES_PICTURES_MAX, .about = "uploaded as evidence")
SHAPE_DECLARE(aftersales_draft, AFTERSALES_DRAFT_FIELDS);

#define AFTERSALES_PREVIEW_FIELDS(F, S)                                                            \
    F(S, FEN, asked_fen)                                                                           \
    F(S, FEN, most_fen, .about = "what may be wished for at most")                                 \
    F(S, BOOL, is_late, .about = "told late: silence of the seller does not agree")                \
    F(S, BOOL, is_lawful, .about = "seven days without a reason: the seller cannot refuse")        \
    F(S, BOOL, sends_back)                                                                         \
    F(S, TIME, answer_before_at)                                                                   \
    F(S, TEXT, words, .about = "what comes next, in a sentence")                                   \
    F(S, TIME, server_at)
SHAPE_DECLARE(aftersales_preview, AFTERSALES_PREVIEW_FIELDS);

/* ---- a case as it is shown ---- */
#define AFTERSALES_LINE_FIELDS(F, S)                                                               \
    F(S, INT, line_no)                                                                             \
    F(S, ID, goods_id)                                                                             \
    F(S, ID, sku_id)                                                                               \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, options_text)                                                                       \
    F(S, TEXT, picture)                                                                            \
    F(S, INT, count)                                                                               \
    F(S, INT, bad_count)                                                                           \
    F(S, INT, of_count)                                                                            \
    F(S, FEN, claimed_fen)                                                                         \
    F(S, INT, shelf_count, .about = "came back to the shelf")                                      \
    F(S, INT, lost_count, .about = "came back and was written off")
SHAPE_DECLARE(aftersales_line, AFTERSALES_LINE_FIELDS);

#define AFTERSALES_EVENT_FIELDS(F, S)                                                              \
    F(S, TIME, at)                                                                                 \
    F(S, TEXT, kind)                                                                               \
    F(S, ENUM, actor, aftersales_actor)                                                            \
    F(S, TEXT, title)                                                                              \
    F(S, FEN, amount_fen)                                                                          \
    F(S, TEXT, text)
SHAPE_DECLARE(aftersales_event, AFTERSALES_EVENT_FIELDS);

#define AFTERSALES_CASE_FIELDS(F, S)                                                               \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, number)                                                                             \
    F(S, ID, order_id)                                                                             \
    F(S, TEXT, order_number)                                                                       \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, ENUM, kind, aftersales_kind)                                                              \
    F(S, ENUM, reason, aftersales_reason)                                                          \
    F(S, ENUM, state, aftersales_state)                                                            \
    F(S, ENUM, outcome, aftersales_outcome)                                                        \
    F(S, BOOL, is_late)                                                                            \
    F(S, BOOL, is_lawful)                                                                          \
    F(S, BOOL, is_overdue)                                                                         \
    F(S, FEN, asked_fen)                                                                           \
    F(S, FEN, offered_fen)                                                                         \
    F(S, FEN, refunded_fen)                                                                        \
    F(S, FEN, left_fen, .about = "of the order: paid and not yet given back")                      \
    F(S, ENUM, bearer, aftersales_bearer)                                                          \
    F(S, TEXT, words)                                                                              \
    F(S, TEXTS, pictures)                                                                          \
    F(S, LIST, lines, aftersales_line)                                                             \
    F(S, TEXT, return_to, .optional = true, .about = "where to send it, for the two sides")        \
    F(S, TEXT, return_carrier)                                                                     \
    F(S, TEXT, return_tracking)                                                                    \
    F(S, TEXT, new_carrier)                                                                        \
    F(S, TEXT, new_tracking)                                                                       \
    F(S, ENUM, party, aftersales_actor, .about = "as whom the reader sees it")                     \
    F(S, TEXTS, may,                                                                               \
      .about = "what the reader can do now: answers replies shipments receipts"                    \
               " decisions withdrawal")                                                            \
    F(S, LIST, events, aftersales_event, .about = "newest first")                                  \
    F(S, TIME, opened_at)                                                                          \
    F(S, TIME, due_at, .optional = true)                                                           \
    F(S, TIME, closed_at, .optional = true)                                                        \
    F(S, TIME, server_at)
SHAPE_DECLARE(aftersales_case, AFTERSALES_CASE_FIELDS);

#define AFTERSALES_CARD_FIELDS(F, S)                                                               \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, number)                                                                             \
    F(S, ID, order_id)                                                                             \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, ENUM, kind, aftersales_kind)                                                              \
    F(S, ENUM, reason, aftersales_reason)                                                          \
    F(S, ENUM, state, aftersales_state)                                                            \
    F(S, ENUM, outcome, aftersales_outcome)                                                        \
    F(S, BOOL, is_late)                                                                            \
    F(S, BOOL, is_overdue)                                                                         \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, picture)                                                                            \
    F(S, INT, piece_count)                                                                         \
    F(S, FEN, asked_fen)                                                                           \
    F(S, FEN, offered_fen)                                                                         \
    F(S, FEN, refunded_fen)                                                                        \
    F(S, TIME, opened_at)                                                                          \
    F(S, TIME, due_at, .optional = true)                                                           \
    F(S, TIME, server_at)
SHAPE_DECLARE(aftersales_card, AFTERSALES_CARD_FIELDS);
SHAPE_DECLARE_PAGE(aftersales_card);

#define AFTERSALES_QUERY_FIELDS(F, S)                                                              \
    F(S, ID, seller, .about = "the cases of this seller, for who keeps it; at the desk a filter")  \
    F(S, ID, order, .about = "the cases of this order, for its buyer")                             \
    F(S, BOOL, desk, .about = "the cases that an officer may see, by place")                       \
    F(S, TEXT, place, .max = 12, .about = "at the desk: of this place; absent: all I may see")     \
    F(S, TEXT, state, .max = 20, .about = "a state, or active: any but closed")                    \
    F(S, TEXT, kind, .max = 20)                                                                    \
    F(S, INT, limit, .min = 1, .max = 50, .fallback = 20)                                          \
    F(S, ID, after)
SHAPE_DECLARE(aftersales_query, AFTERSALES_QUERY_FIELDS);

/* ---- the steps ---- */
#define AFTERSALES_ANSWERS(X)                                                                      \
    X(AFTERSALES_AGREE, "agree")                                                                   \
    X(AFTERSALES_OFFER, "offer")                                                                   \
    X(AFTERSALES_REFUSE, "refuse")
SHAPE_ENUM_DECLARE(aftersales_choice, AFTERSALES_ANSWERS);

#define AFTERSALES_ANSWER_FIELDS(F, S)                                                             \
    F(S, ENUM, choice, aftersales_choice, .required = true)                                        \
    F(S, FEN, amount_fen, .max = FEN_MAX, .about = "of an offer")                                  \
    F(S, TEXT, words, .max = 300)                                                                  \
    F(S, BOOL, without_return, .about = "agreed, and nothing need be sent back")                   \
    F(S, TEXT, return_to, .max = 200, .about = "name, phone and address for sending it back")
SHAPE_DECLARE(aftersales_answer, AFTERSALES_ANSWER_FIELDS);

#define AFTERSALES_REPLIES(X)                                                                      \
    X(AFTERSALES_ACCEPT, "accept")                                                                 \
    X(AFTERSALES_APPEAL, "appeal")
SHAPE_ENUM_DECLARE(aftersales_word, AFTERSALES_REPLIES);

#define AFTERSALES_REPLY_FIELDS(F, S)                                                              \
    F(S, ENUM, choice, aftersales_word, .required = true)                                          \
    F(S, TEXT, words, .max = 300)
SHAPE_DECLARE(aftersales_reply, AFTERSALES_REPLY_FIELDS);

#define AFTERSALES_RECEIPT_LINE_FIELDS(F, S)                                                       \
    F(S, INT, line_no, .required = true, .min = 1, .max = ORDERS_LINES_MAX)                        \
    F(S, INT, shelf_count, .max = 9999)                                                            \
    F(S, INT, lost_count, .max = 9999)
SHAPE_DECLARE(aftersales_receipt_line, AFTERSALES_RECEIPT_LINE_FIELDS);

#define AFTERSALES_RECEIPT_FIELDS(F, S)                                                            \
    F(S, BOOL, accepted, .required = true,                                                         \
      .about = "false: what came back is not as it should be")                                     \
    F(S, LIST, lines, aftersales_receipt_line, .max = ORDERS_LINES_MAX)                            \
    F(S, TEXT, words, .max = 300)
SHAPE_DECLARE(aftersales_receipt, AFTERSALES_RECEIPT_FIELDS);

#define AFTERSALES_DECISION_FIELDS(F, S)                                                           \
    F(S, FEN, amount_fen, .required = true, .max = FEN_MAX, .about = "0: nothing goes back")       \
    F(S, ENUM, bearer, aftersales_bearer, .required = true)                                        \
    F(S, TEXT, words, .required = true, .min = 4, .max = 500)
SHAPE_DECLARE(aftersales_decision, AFTERSALES_DECISION_FIELDS);

refusal aftersales_look(struct request *q, const struct aftersales_draft *draft,
                        struct aftersales_preview *ret_preview);
refusal aftersales_open(struct request *q, const struct aftersales_draft *draft,
                        int64_t *ret_case_id);
/* As its buyer, its seller, an officer for the seller's place or the auditor; NOT_FOUND for
 * everybody else. */
refusal aftersales_read(struct request *q, int64_t case_id, struct aftersales_case *ret_case);
refusal aftersales_list(struct request *q, const struct aftersales_query *query,
                        struct aftersales_card_page *ret_page);
/* Each step is taken from one state by one side: WRONG_STATE and NOT_ALLOWED for the others. */
refusal aftersales_say(struct request *q, int64_t case_id, const struct aftersales_answer *answer);
refusal aftersales_reply_to(struct request *q, int64_t case_id,
                            const struct aftersales_reply *reply);
refusal aftersales_send(struct request *q, int64_t case_id, const struct orders_shipment *shipment);
refusal aftersales_check_in(struct request *q, int64_t case_id,
                            const struct aftersales_receipt *receipt);
refusal aftersales_decide(struct request *q, int64_t case_id,
                          const struct aftersales_decision *decision);
refusal aftersales_withdraw(struct request *q, int64_t case_id);

/* ---- complaints ---- */
#define AFTERSALES_SUBJECTS(X)                                                                     \
    X(AFTERSALES_OF_ORDER, "order")                                                                \
    X(AFTERSALES_OF_GOODS, "goods")                                                                \
    X(AFTERSALES_OF_SELLER, "seller")
SHAPE_ENUM_DECLARE(aftersales_subject, AFTERSALES_SUBJECTS);
#define AFTERSALES_COMPLAINT_STATES(X)                                                             \
    X(AFTERSALES_COMPLAINT_OPEN, "open")                                                           \
    X(AFTERSALES_COMPLAINT_ANSWERED, "answered")
SHAPE_ENUM_DECLARE(aftersales_complaint_state, AFTERSALES_COMPLAINT_STATES);

#define AFTERSALES_COMPLAINT_DRAFT_FIELDS(F, S)                                                    \
    F(S, ENUM, subject, aftersales_subject, .required = true)                                      \
    F(S, ID, subject_id, .required = true)                                                         \
    F(S, TEXT, words, .required = true, .min = 4, .max = 500)                                      \
    F(S, TEXTS, pictures, .max = AFTERSALES_PICTURES_MAX, .about = "uploaded as evidence")
SHAPE_DECLARE(aftersales_complaint_draft, AFTERSALES_COMPLAINT_DRAFT_FIELDS);
#define AFTERSALES_COMPLAINT_FIELDS(F, S)                                                          \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, number)                                                                             \
    F(S, ENUM, subject, aftersales_subject)                                                        \
    F(S, ID, subject_id)                                                                           \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, ENUM, state, aftersales_complaint_state)                                                  \
    F(S, BOOL, is_overdue)                                                                         \
    F(S, TEXT, words)                                                                              \
    F(S, TEXTS, pictures, .about = "in the desk's list: none")                                     \
    F(S, TEXT, answer)                                                                             \
    F(S, TIME, opened_at)                                                                          \
    F(S, TIME, due_at)                                                                             \
    F(S, TIME, answered_at, .optional = true)                                                      \
    F(S, TIME, server_at)
SHAPE_DECLARE(aftersales_complaint, AFTERSALES_COMPLAINT_FIELDS);
SHAPE_DECLARE_PAGE(aftersales_complaint);
#define AFTERSALES_COMPLAINT_QUERY_FIELDS(F, S)                                                    \
    F(S, BOOL, desk, .about = "those that an officer may see, by place")                           \
    F(S, TEXT, place, .max = 12)                                                                   \
    F(S, TEXT, state, .max = 20)                                                                   \
    F(S, ID, seller)                                                                               \
    F(S, INT, limit, .min = 1, .max = 50, .fallback = 20)                                          \
    F(S, ID, after)
SHAPE_DECLARE(aftersales_complaint_query, AFTERSALES_COMPLAINT_QUERY_FIELDS);
#define AFTERSALES_WORDS_FIELDS(F, S) F(S, TEXT, words, .required = true, .min = 4, .max = 500)
SHAPE_DECLARE(aftersales_words, AFTERSALES_WORDS_FIELDS);

refusal aftersales_complain(struct request *q, const struct aftersales_complaint_draft *draft,
                            struct aftersales_complaint *ret_complaint);
refusal aftersales_complaint_read(struct request *q, int64_t complaint_id,
                                  struct aftersales_complaint *ret_complaint);
refusal aftersales_complaints(struct request *q, const struct aftersales_complaint_query *query,
                              struct aftersales_complaint_page *ret_page);
refusal aftersales_complaint_answer(struct request *q, int64_t complaint_id, struct text words);

/* ---- invoices ---- */
#define AFTERSALES_INVOICE_TYPES(X)                                                                \
    X(AFTERSALES_PERSONAL, "personal")                                                             \
    X(AFTERSALES_COMPANY, "company")
SHAPE_ENUM_DECLARE(aftersales_invoice_type, AFTERSALES_INVOICE_TYPES);
#define AFTERSALES_INVOICE_STATES(X)                                                               \
    X(AFTERSALES_INVOICE_ASKED, "asked")                                                           \
    X(AFTERSALES_INVOICE_ISSUED, "issued")                                                         \
    X(AFTERSALES_INVOICE_REFUSED, "refused")
SHAPE_ENUM_DECLARE(aftersales_invoice_state, AFTERSALES_INVOICE_STATES);
/* A seller has to make out an invoice (E-commerce Law, article 14), so what may stand in its way is
 * a short list, and the house looks whether it is so where it can. */
#define AFTERSALES_INVOICE_REASONS(X)                                                              \
    X(AFTERSALES_INVOICE_DATA_WRONG, "data_wrong")                                                 \
    X(AFTERSALES_INVOICE_ISSUED_BEFORE, "issued_before")                                           \
    X(AFTERSALES_INVOICE_REFUNDED_WHOLE, "refunded_whole")
SHAPE_ENUM_DECLARE(aftersales_invoice_reason, AFTERSALES_INVOICE_REASONS);

#define AFTERSALES_INVOICE_DRAFT_FIELDS(F, S)                                                      \
    F(S, ID, order_id, .required = true)                                                           \
    F(S, ENUM, type, aftersales_invoice_type, .required = true)                                    \
    F(S, TEXT, title, .required = true, .min = 2, .max = 100)                                      \
    F(S, TEXT, tax_number, .max = 18, .about = "unified social credit code, of a company")         \
    F(S, TEXT, email, .max = 100)
SHAPE_DECLARE(aftersales_invoice_draft, AFTERSALES_INVOICE_DRAFT_FIELDS);
#define AFTERSALES_INVOICE_FIELDS(F, S)                                                            \
    F(S, ID, id)                                                                                   \
    F(S, ID, order_id)                                                                             \
    F(S, TEXT, order_number)                                                                       \
    F(S, ID, seller_id)                                                                            \
    F(S, TEXT, seller_name)                                                                        \
    F(S, ENUM, type, aftersales_invoice_type)                                                      \
    F(S, ENUM, state, aftersales_invoice_state)                                                    \
    F(S, TEXT, title, .optional = true, .about = "in the list: none")                              \
    F(S, TEXT, tax_number, .optional = true)                                                       \
    F(S, TEXT, email, .optional = true)                                                            \
    F(S, FEN, amount_fen)                                                                          \
    F(S, TEXT, invoice_number)                                                                     \
    F(S, TEXT, file)                                                                               \
    F(S, TIME, asked_at)                                                                           \
    F(S, TIME, issued_at, .optional = true)                                                        \
    F(S, TIME, refused_at, .optional = true)                                                       \
    F(S, TEXT, refused_because, .optional = true,                                                  \
      .about = "data_wrong, issued_before or refunded_whole")                                      \
    F(S, TEXT, refused_words, .optional = true)
SHAPE_DECLARE(aftersales_invoice, AFTERSALES_INVOICE_FIELDS);
SHAPE_DECLARE_PAGE(aftersales_invoice);
#define AFTERSALES_INVOICE_QUERY_FIELDS(F, S)                                                      \
    F(S, ID, seller, .about = "those of this seller, for who keeps it or serves its place")        \
    F(S, ID, order)                                                                                \
    F(S, BOOL, waiting, .about = "of a seller: only those to be made out")                         \
    F(S, INT, limit, .min = 1, .max = 50, .fallback = 20)                                          \
    F(S, ID, after)
SHAPE_DECLARE(aftersales_invoice_query, AFTERSALES_INVOICE_QUERY_FIELDS);
#define AFTERSALES_PAPER_FIELDS(F, S)                                                              \
    F(S, TEXT, invoice_number, .required = true, .min = 6, .max = 40)                              \
    F(S, TEXT, file, .max = 100, .about = "a paper, or a picture uploaded as a document")
SHAPE_DECLARE(aftersales_paper, AFTERSALES_PAPER_FIELDS);
#define AFTERSALES_INVOICE_NO_FIELDS(F, S)                                                         \
    F(S, ENUM, reason, aftersales_invoice_reason, .required = true)                                \
    F(S, TEXT, words, .max = 200, .about = "for data_wrong: what is wrong with it")                \
    F(S, TEXT, invoice_number, .max = 40, .about = "for issued_before: the number of that one")
SHAPE_DECLARE(aftersales_invoice_no, AFTERSALES_INVOICE_NO_FIELDS);

/* One request an order. When the seller could not make it the buyer asks anew with mended data, up
 * to AFTERSALES_INVOICES_MAX times an order. */
enum { AFTERSALES_INVOICES_MAX = 5 };
refusal aftersales_invoice_ask(struct request *q, const struct aftersales_invoice_draft *draft,
                               struct aftersales_invoice *ret_invoice);
refusal aftersales_invoice_read(struct request *q, int64_t invoice_id,
                                struct aftersales_invoice *ret_invoice);
refusal aftersales_invoices(struct request *q, const struct aftersales_invoice_query *query,
                            struct aftersales_invoice_page *ret_page);
refusal aftersales_invoice_issue(struct request *q, int64_t invoice_id,
                                 const struct aftersales_paper *paper);
/* The seller or an officer says why it cannot be made. BAD_INPUT names what the reason needs,
 * WRONG_STATE on "reason" when the order says otherwise. */
refusal aftersales_invoice_refuse(struct request *q, int64_t invoice_id,
                                  const struct aftersales_invoice_no *no);
/* 18 characters with a right check character (GB 32100-2015). */
bool aftersales_is_credit_code(struct text code);

/* Who makes invoices. ASK runs in the transaction of the request and leaves a job for the outside
 * world where there is one; what comes back is written by aftersales_invoice_issue. The default is
 * by hand: the seller or an officer writes the number and uploads the paper, or a picture of it. */
struct aftersales_invoicer {
    const char *name;
    refusal (*ask)(struct request *q, const struct aftersales_invoice *invoice);
};
extern const struct aftersales_invoicer aftersales_by_hand;

/* ---- the facts ---- */

/* A case closed: DATA is a struct aftersales_told. */
struct aftersales_told {
    int64_t case_id;
    int64_t order_id;
    int64_t buyer_id;
    int64_t seller_id;
    enum aftersales_reason reason;
    enum aftersales_outcome outcome;
    bool was_arbitrated;
    struct fen refunded;
};
extern const struct fact aftersales_case_closed;

/* A case went on without being closed: DATA is a struct aftersales_moved. */
struct aftersales_moved {
    int64_t case_id;
    int64_t order_id;
    int64_t buyer_id;
    int64_t seller_id;
    enum aftersales_state from;
    enum aftersales_state to;
    struct fen amount; /* offered: how much */
};
extern const struct fact aftersales_case_moved;

/* A complaint was answered, an invoice was issued, or it cannot be made: DATA is a struct
 * aftersales_settled. */
struct aftersales_settled {
    int64_t id;       /* of the complaint or the invoice */
    int64_t order_id; /* of an invoice */
    int64_t buyer_id;
    int64_t seller_id;
    struct text seller_name;
};
extern const struct fact aftersales_complaint_answered;
extern const struct fact aftersales_invoice_issued;
extern const struct fact aftersales_invoice_refused;

/* What waits, each counted up to AFTERSALES_COUNT_MAX. The caller has asked whether the principal
 * may see it. */
enum { AFTERSALES_COUNT_MAX = 1000 };
#define AFTERSALES_WAITING_FIELDS(F, S) F(S, INT, case_count) F(S, INT, other_count)
SHAPE_DECLARE(aftersales_waiting, AFTERSALES_WAITING_FIELDS);
/* At the desk of a place (0: everywhere): cases to decide, and complaints to answer. */
refusal aftersales_count_desk(struct request *q, int64_t place_code,
                              struct aftersales_waiting *ret_waiting);
/* At a seller: cases whose turn is the seller's, and invoices to make out. */
refusal aftersales_count_seller(struct request *q, int64_t seller_id,
                                struct aftersales_waiting *ret_waiting);

extern const struct room aftersales_room;

#endif

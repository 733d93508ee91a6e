/* The steps of a case after it was opened. Each is one guarded update on the case's row, so of two
 * that come at once one takes place; each has its event, its entry in the audit trail and the job
 * of the next deadline. */
#include <assert.h>
#include <string.h>

#include "ground/audit/audit.h"
#include "ground/jobs/jobs.h"
#include "ground/people/people.h"
#include "kernel/base/json.h"
#include "market/aftersales/inside.h"

SHAPE_ENUM_DEFINE(aftersales_choice, AFTERSALES_ANSWERS);
SHAPE_ENUM_DEFINE(aftersales_word, AFTERSALES_REPLIES);
SHAPE_DEFINE(aftersales_answer, AFTERSALES_ANSWER_FIELDS);
SHAPE_DEFINE(aftersales_reply, AFTERSALES_REPLY_FIELDS);
SHAPE_DEFINE(aftersales_receipt_line, AFTERSALES_RECEIPT_LINE_FIELDS);
SHAPE_DEFINE(aftersales_receipt, AFTERSALES_RECEIPT_FIELDS);
SHAPE_DEFINE(aftersales_decision, AFTERSALES_DECISION_FIELDS);
SHAPE_DEFINE(aftersales_row, AFTERSALES_ROW_FIELDS);

const struct fact aftersales_case_closed = {"aftersales_case_closed"};
const struct fact aftersales_case_moved = {"aftersales_case_moved"};

#define STEP_MS (AFTERSALES_STEP_DAYS * (int64_t)DAY_MS)

/* ---- who ---- */

bool aftersales_keeps(const struct request *q, int64_t seller_id) {
    for (size_t i = 0; i < q->who->grant_count; i++)
        if (q->who->grants[i].scope == SCOPE_ORGANISATION &&
            q->who->grants[i].scope_id == seller_id)
            return true;
    return false;
}

bool aftersales_serves(const struct request *q, int64_t seller_id, int64_t place_code) {
    return !aftersales_keeps(q, seller_id) &&
           request_reaches(q, PERMISSION_serve, (struct owner){.place_code = place_code});
}

bool aftersales_is_party(const struct request *q, const struct aftersales_row *row,
                         enum aftersales_actor actor) {
    bool is_buyer = q->who->person_id == row->buyer_id;
    if (is_buyer || actor == AFTERSALES_BUYER) return is_buyer && actor == AFTERSALES_BUYER;
    if (actor == AFTERSALES_SELLER)
        return aftersales_keeps(q, row->seller_id) &&
               request_reaches(q, PERMISSION_serve,
                               (struct owner){.organisation_id = row->seller_id});
    assert(actor == AFTERSALES_DESK);
    return q->who->person_id != row->answered_by &&
           aftersales_serves(q, row->seller_id, row->place_code);
}

static bool may_see(const struct request *q, const struct aftersales_row *row) {
    return aftersales_is_party(q, row, AFTERSALES_BUYER) ||
           aftersales_is_party(q, row, AFTERSALES_SELLER) ||
           aftersales_is_party(q, row, AFTERSALES_DESK) ||
           request_reaches(q, PERMISSION_audit, (struct owner){0});
}

static refusal no_such_case(struct request *q) {
    return refuse(q, NOT_FOUND, "id", "没有这件售后", "there is no such case");
}

refusal aftersales_row_of(struct request *q, int64_t case_id, struct aftersales_row *ret_row) {
    bool found;
    TRY(db_row(q->db,
               SQL("i", "SELECT id, order_id, buyer_id, seller_id, place_code, kind, reason, state,"
                        " is_late, is_lawful, is_overdue, is_holding, picture_count, asked_fen,"
                        " offered_fen, answered_by, return_tracking, opened_at, due_at,"
                        " CASE WHEN length(return_to) > 0 THEN 1 ELSE 0 END AS has_address"
                        " FROM aftersales_case WHERE id = $1"),
               PARAMS(case_id), &aftersales_row_shape, ret_row, &found));
    return found ? NULL : no_such_case(q);
}

static refusal wrong_state(struct request *q, enum aftersales_state state) {
    static const char *const words[][2] = {
        [AFTERSALES_OPEN] = {"在等卖家答复", "waits for the seller"},
        [AFTERSALES_OFFERED] = {"在等买家答复", "waits for the buyer"},
        [AFTERSALES_REFUSED] = {"卖家没有同意", "was refused by the seller"},
        [AFTERSALES_RETURNING] = {"在等买家寄回", "waits for the goods to be sent back"},
        [AFTERSALES_RETURNED] = {"在等卖家验收", "waits for the seller to check what came back"},
        [AFTERSALES_REPLACING] = {"在等卖家补寄", "waits for the replacement"},
        [AFTERSALES_REPLACED] = {"已经补寄", "has its replacement on the way"},
        [AFTERSALES_ARBITRATION] = {"在等平台判定", "waits for arbitration"},
        [AFTERSALES_CLOSED] = {"已经办完", "is closed"},
    };
    struct text zh = text_format(q->arena, "这件售后%s，现在不能这样做", words[state][0]);
    struct text en = text_format(q->arena, "that cannot be done: the case %s", words[state][1]);
    return problem_say(q->arena, PROBLEM_WRONG_STATE, "state", zh, en);
}

/* NOT_ALLOWED tells whose step it is; only who may see the case hears that. */
static refusal not_yours(struct request *q, enum aftersales_actor actor) {
    static const char *const words[][2] = {
        [AFTERSALES_BUYER] = {"这一步由买家来做", "this step is the buyer's"},
        [AFTERSALES_SELLER] = {"这一步由卖家来做", "this step is the seller's"},
        [AFTERSALES_DESK] = {"判定要由和买卖双方都没有关系的人来做",
                             "who decides may be neither the buyer nor of the seller"},
    };
    return problem_say(q->arena, PROBLEM_NOT_ALLOWED, "id", text_of(words[actor][0]),
                       text_of(words[actor][1]));
}

static refusal seen_row(struct request *q, int64_t case_id, struct aftersales_row *ret_row) {
    TRY(aftersales_row_of(q, case_id, ret_row));
    return may_see(q, ret_row) ? NULL : no_such_case(q);
}

/* The row for a step of ACTOR: NOT_FOUND for who may not see it, NOT_ALLOWED for the other sides.
 */
static refusal row_for(struct request *q, int64_t case_id, enum aftersales_actor actor,
                       struct aftersales_row *ret_row) {
    TRY(seen_row(q, case_id, ret_row));
    return aftersales_is_party(q, ret_row, actor) ? NULL : not_yours(q, actor);
}

/* ---- whose turn it is ---- */

static const struct turn {
    const char *deed;
    enum aftersales_actor actor;
    enum aftersales_state state;
} turns[] = {
    {"answers", AFTERSALES_SELLER, AFTERSALES_OPEN},
    {"answers", AFTERSALES_SELLER, AFTERSALES_RETURNING},
    {"answers", AFTERSALES_SELLER, AFTERSALES_REPLACING},
    {"replies", AFTERSALES_BUYER, AFTERSALES_OFFERED},
    {"replies", AFTERSALES_BUYER, AFTERSALES_REFUSED},
    {"shipments", AFTERSALES_BUYER, AFTERSALES_RETURNING},
    {"shipments", AFTERSALES_SELLER, AFTERSALES_REPLACING},
    {"receipts", AFTERSALES_SELLER, AFTERSALES_RETURNED},
    {"receipts", AFTERSALES_BUYER, AFTERSALES_REPLACED},
    {"decisions", AFTERSALES_DESK, AFTERSALES_ARBITRATION},
    {"withdrawal", AFTERSALES_BUYER, AFTERSALES_OPEN},
    {"withdrawal", AFTERSALES_BUYER, AFTERSALES_OFFERED},
    {"withdrawal", AFTERSALES_BUYER, AFTERSALES_REFUSED},
    {"withdrawal", AFTERSALES_BUYER, AFTERSALES_RETURNING},
    {"withdrawal", AFTERSALES_BUYER, AFTERSALES_ARBITRATION},
};
enum { TURNS = sizeof(turns) / sizeof(turns[0]) };

static bool is_turn(const struct turn *turn, const struct aftersales_row *row,
                    enum aftersales_actor actor) {
    /* What was sent has to come to its end. */
    bool sent = row->return_tracking.length > 0 && strcmp(turn->deed, "withdrawal") == 0;
    return turn->actor == actor && turn->state == row->state && !sent;
}

bool aftersales_may(const struct aftersales_row *row, enum aftersales_actor actor,
                    const char *deed) {
    for (size_t i = 0; i < TURNS; i++)
        if (strcmp(turns[i].deed, deed) == 0 && is_turn(&turns[i], row, actor)) return true;
    return false;
}

struct text_list aftersales_deeds(struct arena *arena, const struct aftersales_row *row,
                                  enum aftersales_actor actor) {
    struct text_list deeds = {arena_new(arena, struct text, TURNS), 0};
    for (size_t i = 0; i < TURNS; i++)
        if (is_turn(&turns[i], row, actor)) deeds.items[deeds.count++] = text_of(turns[i].deed);
    return deeds;
}

/* ---- moving on ---- */

refusal aftersales_note(struct request *q, const struct aftersales_happening *happening) {
    return db_run(q->db,
                  SQL("iiittit", "INSERT INTO aftersales_event (case_id, event_id, at, kind, actor,"
                                 " amount_fen, words) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
                  PARAMS(happening->case_id, request_new_id(q), q->now, happening->kind,
                         shape_enum_text(&aftersales_actor_enum, happening->actor),
                         happening->amount, happening->words),
                  NULL);
}

static void send_state(struct request *q, const struct aftersales_row *row,
                       enum aftersales_state state) {
    struct buffer json = buffer_make(q->arena, 200);
    buffer_add_format(&json,
                      "{\"id\":\"%lld\",\"order_id\":\"%lld\",\"state\":", (long long)row->id,
                      (long long)row->order_id);
    json_write_text(&json, shape_enum_text(&aftersales_state_enum, state));
    buffer_add_char(&json, '}');
    request_send_event(q, row->buyer_id, "case", buffer_text(&json));
}

static refusal close_case(struct request *q, const struct aftersales_step *step) {
    const struct aftersales_row *row = step->row;
    if (row->is_holding) TRY(aftersales_let_go(q, row));
    TRY(jobs_forget(q, "aftersales.due", row->id));
    TRY(orders_case_ends(q, row->order_id));
    const struct aftersales_told fact = {
        .case_id = row->id,
        .order_id = row->order_id,
        .buyer_id = row->buyer_id,
        .seller_id = row->seller_id,
        .reason = row->reason,
        .outcome = step->outcome,
        .was_arbitrated = row->state == AFTERSALES_ARBITRATION,
        .refunded = step->refunded,
    };
    return request_announce(q, &aftersales_case_closed, &fact);
}

static refusal tell_move(struct request *q, const struct aftersales_step *step) {
    const struct aftersales_row *row = step->row;
    const struct aftersales_moved fact = {.case_id = row->id,
                                          .order_id = row->order_id,
                                          .buyer_id = row->buyer_id,
                                          .seller_id = row->seller_id,
                                          .from = row->state,
                                          .to = step->to,
                                          .amount = step->amount};
    return request_announce(q, &aftersales_case_moved, &fact);
}

refusal aftersales_move(struct request *q, const struct aftersales_step *step) {
    const struct aftersales_row *row = step->row;
    bool closes = step->to == AFTERSALES_CLOSED;
    struct instant due = closes ? (struct instant){0} : instant_after(q->now, step->due_ms);
    struct instant closed = closes ? q->now : (struct instant){0};
    struct text to = shape_enum_text(&aftersales_state_enum, step->to);
    struct text from = shape_enum_text(&aftersales_state_enum, row->state);
    int64_t changed;
    TRY(db_run(q->db,
               SQL("itttiiii", "UPDATE aftersales_case SET state = $2, outcome = $4, due_at = $5,"
                               " closed_at = $6, refunded_fen = $7, refund_id = $8, is_overdue = 0"
                               " WHERE id = $1 AND state = $3"),
               PARAMS(row->id, to, from, shape_enum_text(&aftersales_outcome_enum, step->outcome),
                      due, closed, step->refunded, step->refund_id),
               &changed));
    if (changed == 0)
        return refuse(q, CONFLICT, "id", "这件售后刚刚变了，请刷新后再试",
                      "the case has just changed; reload and try again");
    const struct aftersales_happening happening = {row->id, step->kind, step->actor, step->amount,
                                                   step->words};
    TRY(aftersales_note(q, &happening));
    const struct audit_act act = {
        .action = text_terminated(q->arena, text_format(q->arena, "aftersales.%s", step->kind)),
        .subject = "case",
        .subject_id = row->id,
        .before = text_format(q->arena, "{\"state\":\"%.*s\"}", (int)from.length, from.bytes),
        .after = text_format(q->arena, "{\"state\":\"%.*s\",\"amount_fen\":%lld}", (int)to.length,
                             to.bytes, (long long)fen_count(step->amount)),
    };
    TRY(audit_write(q, &act));
    send_state(q, row, step->to);
    if (closes) return close_case(q, step);
    TRY(tell_move(q, step));
    return jobs_ask(q, "aftersales.due", row->id, TEXT(""), due);
}

/* ---- the seller answers ---- */

static refusal note_answerer(struct request *q, const struct aftersales_row *row,
                             struct text return_to) {
    struct bytes sealed = {(const unsigned char *)"", 0};
    if (return_to.length)
        TRY(people_seal(q, q->who->person_id, "aftersales.return_to", return_to, &sealed));
    return db_run(q->db,
                  SQL("iib", "UPDATE aftersales_case SET answered_by = $2, return_to = $3"
                             " WHERE id = $1"),
                  PARAMS(row->id, q->who->person_id, sealed), NULL);
}

static struct aftersales_step step_to(const struct aftersales_row *row, enum aftersales_state to,
                                      enum aftersales_actor actor, const char *kind) {
    return (struct aftersales_step){
        .row = row, .to = to, .due_ms = STEP_MS, .actor = actor, .kind = kind};
}

static refusal agree(struct request *q, struct aftersales_row *row,
                     const struct aftersales_answer *answer) {
    bool sends_back = row->kind != AFTERSALES_MONEY && !answer->without_return &&
                      row->reason != AFTERSALES_NOT_RECEIVED;
    struct aftersales_step step = step_to(row, AFTERSALES_RETURNING, AFTERSALES_SELLER, "agreed");
    step.amount = row->asked_fen;
    step.words = answer->words;
    if (sends_back && answer->return_to.length < 8)
        return refuse(q, BAD_INPUT, "return_to", "请写寄回到哪里：收件人、电话、地址",
                      "where to send it: name, phone and address");
    TRY(note_answerer(q, row, sends_back ? answer->return_to : TEXT("")));
    if (row->kind == AFTERSALES_EXCHANGE) {
        TRY(aftersales_hold(q, row));
        row->is_holding = true;
        step.to = sends_back ? AFTERSALES_RETURNING : AFTERSALES_REPLACING;
        return aftersales_move(q, &step);
    }
    return sends_back ? aftersales_move(q, &step) : aftersales_settle(q, &step);
}

static refusal check_left(struct request *q, const struct orders_claim *claim, struct fen amount) {
    struct fen left = aftersales_left_of(claim);
    if (fen_compare(amount, left) <= 0) return NULL;
    struct text yuan = fen_yuan(q->arena, left);
    return refuse(q, NOT_ENOUGH, "amount_fen", "最多还能退 %.*s 元", "at most ¥%.*s is left",
                  (int)yuan.length, yuan.bytes);
}

static refusal offer(struct request *q, struct aftersales_row *row,
                     const struct aftersales_answer *answer) {
    struct orders_claim claim = {0};
    if (row->is_lawful)
        return refuse(q, WRONG_STATE, "choice", "七天无理由退货不能改成别的，只能同意",
                      "a return within the seven days can only be agreed to");
    if (!fen_is_positive(answer->amount_fen))
        return refuse(q, BAD_INPUT, "amount_fen", "请写愿意退多少", "how much do you offer");
    if (answer->words.length == 0)
        return refuse(q, BAD_INPUT, "words", "请写一句为什么", "say why");
    TRY(orders_claim_of(q, row->order_id, &claim));
    TRY(check_left(q, &claim, answer->amount_fen));
    TRY(note_answerer(q, row, TEXT("")));
    TRY(db_run(q->db, SQL("ii", "UPDATE aftersales_case SET offered_fen = $2 WHERE id = $1"),
               PARAMS(row->id, answer->amount_fen), NULL));
    if (row->is_holding) TRY(aftersales_let_go(q, row));
    struct aftersales_step step = step_to(row, AFTERSALES_OFFERED, AFTERSALES_SELLER, "offered");
    step.amount = answer->amount_fen;
    step.words = answer->words;
    step.due_ms = AFTERSALES_REPLY_DAYS * (int64_t)DAY_MS;
    return aftersales_move(q, &step);
}

static refusal refuse_claim(struct request *q, struct aftersales_row *row,
                            const struct aftersales_answer *answer) {
    if (row->is_lawful)
        return refuse(q, WRONG_STATE, "choice", "七天无理由退货，卖家不能拒绝",
                      "a return within the seven days cannot be refused");
    if (answer->words.length == 0)
        return refuse(q, BAD_INPUT, "words", "请写一句为什么不同意", "say why you refuse");
    TRY(note_answerer(q, row, TEXT("")));
    struct aftersales_step step = step_to(row, AFTERSALES_REFUSED, AFTERSALES_SELLER, "refused");
    step.words = answer->words;
    return aftersales_move(q, &step);
}

/* Agreed by silence, and the address comes later: from now on the buyer has time to send. */
static refusal give_address(struct request *q, const struct aftersales_row *row,
                            const struct aftersales_answer *answer) {
    if (answer->choice != AFTERSALES_AGREE) return wrong_state(q, row->state);
    if (answer->return_to.length < 8)
        return refuse(q, BAD_INPUT, "return_to", "请写寄回到哪里：收件人、电话、地址",
                      "where to send it: name, phone and address");
    TRY(note_answerer(q, row, answer->return_to));
    const struct aftersales_happening happening = {
        .case_id = row->id, .kind = "address", .actor = AFTERSALES_SELLER, .words = answer->words};
    struct instant due = instant_after(q->now, STEP_MS);
    TRY(db_run(q->db, SQL("ii", "UPDATE aftersales_case SET due_at = $2 WHERE id = $1"),
               PARAMS(row->id, due), NULL));
    TRY(jobs_ask(q, "aftersales.due", row->id, TEXT(""), due));
    send_state(q, row, row->state);
    TRY(audit_write(q, &(struct audit_act){.action = "aftersales.address",
                                           .subject = "case",
                                           .subject_id = row->id}));
    return aftersales_note(q, &happening);
}

refusal aftersales_say(struct request *q, int64_t case_id, const struct aftersales_answer *answer) {
    struct aftersales_row row = {0};
    TRY(row_for(q, case_id, AFTERSALES_SELLER, &row));
    if (row.state == AFTERSALES_RETURNING) return give_address(q, &row, answer);
    /* The replacement cannot be sent after all: money instead. */
    bool instead = row.state == AFTERSALES_REPLACING && answer->choice == AFTERSALES_OFFER;
    if (row.state != AFTERSALES_OPEN && !instead) return wrong_state(q, row.state);
    if (answer->choice == AFTERSALES_AGREE) return agree(q, &row, answer);
    return answer->choice == AFTERSALES_OFFER ? offer(q, &row, answer)
                                              : refuse_claim(q, &row, answer);
}

/* ---- the buyer answers ---- */

refusal aftersales_reply_to(struct request *q, int64_t case_id,
                            const struct aftersales_reply *reply) {
    struct aftersales_row row = {0};
    TRY(row_for(q, case_id, AFTERSALES_BUYER, &row));
    /* Of a refusal there is nothing to accept. */
    bool nothing = row.state == AFTERSALES_REFUSED && reply->choice == AFTERSALES_ACCEPT;
    if (nothing || !aftersales_may(&row, AFTERSALES_BUYER, "replies"))
        return wrong_state(q, row.state);
    struct aftersales_step step =
        step_to(&row, AFTERSALES_ARBITRATION, AFTERSALES_BUYER, "appealed");
    step.words = reply->words;
    if (reply->choice == AFTERSALES_APPEAL) return aftersales_move(q, &step);
    step.kind = "accepted";
    step.amount = row.offered_fen;
    return aftersales_settle(q, &step);
}

refusal aftersales_withdraw(struct request *q, int64_t case_id) {
    struct aftersales_row row = {0};
    TRY(row_for(q, case_id, AFTERSALES_BUYER, &row));
    if (!aftersales_may(&row, AFTERSALES_BUYER, "withdrawal")) return wrong_state(q, row.state);
    struct aftersales_step step = step_to(&row, AFTERSALES_CLOSED, AFTERSALES_BUYER, "withdrawn");
    step.outcome = AFTERSALES_WITHDRAWN;
    return aftersales_move(q, &step);
}

/* ---- parcels ---- */

static struct text parcel_words(struct request *q, const struct orders_shipment *shipment) {
    return text_format(q->arena, "%.*s %.*s", (int)shipment->carrier.length,
                       shipment->carrier.bytes, (int)shipment->tracking_number.length,
                       shipment->tracking_number.bytes);
}

refusal aftersales_send(struct request *q, int64_t case_id,
                        const struct orders_shipment *shipment) {
    struct aftersales_row row = {0};
    TRY(seen_row(q, case_id, &row));
    bool back = row.state == AFTERSALES_RETURNING;
    if (!back && row.state != AFTERSALES_REPLACING) return wrong_state(q, row.state);
    enum aftersales_actor actor = back ? AFTERSALES_BUYER : AFTERSALES_SELLER;
    if (!aftersales_is_party(q, &row, actor)) return not_yours(q, actor);
    struct aftersales_step step = step_to(&row, AFTERSALES_RETURNED, actor, "sent_back");
    step.words = parcel_words(q, shipment);
    if (back) {
        TRY(db_run(q->db,
                   SQL("itt", "UPDATE aftersales_case SET return_carrier = $2,"
                              " return_tracking = $3 WHERE id = $1"),
                   PARAMS(row.id, shipment->carrier, shipment->tracking_number), NULL));
        return aftersales_move(q, &step);
    }
    TRY(aftersales_ship(q, &row));
    TRY(db_run(q->db,
               SQL("itt", "UPDATE aftersales_case SET new_carrier = $2, new_tracking = $3"
                          " WHERE id = $1"),
               PARAMS(row.id, shipment->carrier, shipment->tracking_number), NULL));
    step.to = AFTERSALES_REPLACED;
    step.kind = "sent_anew";
    step.due_ms = AFTERSALES_ARRIVE_DAYS * (int64_t)DAY_MS;
    return aftersales_move(q, &step);
}

static refusal take_back(struct request *q, const struct aftersales_row *row,
                         enum aftersales_actor actor, struct text words) {
    struct aftersales_step step =
        step_to(row, AFTERSALES_REPLACING, actor,
                actor == AFTERSALES_SYSTEM ? "checked_by_silence" : "checked");
    step.amount = row->asked_fen;
    step.words = words;
    return row->kind == AFTERSALES_EXCHANGE ? aftersales_move(q, &step)
                                            : aftersales_settle(q, &step);
}

static refusal check_back(struct request *q, const struct aftersales_row *row,
                          const struct aftersales_receipt *receipt) {
    TRY(aftersales_shelve(q, row, receipt));
    if (receipt->accepted) return take_back(q, row, AFTERSALES_SELLER, receipt->words);
    if (receipt->words.length == 0)
        return refuse(q, BAD_INPUT, "words", "请写一句哪里不对", "say what is wrong with it");
    struct aftersales_step step =
        step_to(row, AFTERSALES_ARBITRATION, AFTERSALES_SELLER, "disputed");
    step.words = receipt->words;
    return aftersales_move(q, &step);
}

refusal aftersales_check_in(struct request *q, int64_t case_id,
                            const struct aftersales_receipt *receipt) {
    struct aftersales_row row = {0};
    TRY(seen_row(q, case_id, &row));
    bool back = row.state == AFTERSALES_RETURNED;
    if (!back && row.state != AFTERSALES_REPLACED) return wrong_state(q, row.state);
    enum aftersales_actor actor = back ? AFTERSALES_SELLER : AFTERSALES_BUYER;
    if (!aftersales_is_party(q, &row, actor)) return not_yours(q, actor);
    if (back) return check_back(q, &row, receipt);
    struct aftersales_step step =
        step_to(&row, receipt->accepted ? AFTERSALES_CLOSED : AFTERSALES_ARBITRATION, actor,
                receipt->accepted ? "arrived" : "disputed");
    if (receipt->accepted) step.outcome = AFTERSALES_EXCHANGED;
    step.words = receipt->words;
    if (!receipt->accepted && receipt->words.length == 0)
        return refuse(q, BAD_INPUT, "words", "请写一句哪里不对", "say what is wrong with it");
    return aftersales_move(q, &step);
}

/* ---- arbitration ---- */

refusal aftersales_decide(struct request *q, int64_t case_id,
                          const struct aftersales_decision *decision) {
    struct aftersales_row row = {0};
    struct orders_claim claim = {0};
    TRY(row_for(q, case_id, AFTERSALES_DESK, &row));
    if (row.state != AFTERSALES_ARBITRATION) return wrong_state(q, row.state);
    TRY(orders_claim_of(q, row.order_id, &claim));
    TRY(check_left(q, &claim, decision->amount_fen));
    TRY(db_run(q->db, SQL("it", "UPDATE aftersales_case SET bearer = $2 WHERE id = $1"),
               PARAMS(row.id, shape_enum_text(&aftersales_bearer_enum, decision->bearer)), NULL));
    struct aftersales_step step = step_to(&row, AFTERSALES_CLOSED, AFTERSALES_DESK, "decided");
    step.words = decision->words;
    step.amount = decision->amount_fen;
    step.outcome = AFTERSALES_REJECTED;
    return fen_is_positive(decision->amount_fen) ? aftersales_settle(q, &step)
                                                 : aftersales_move(q, &step);
}

refusal aftersales_hear_leaving(struct request *q, const void *data) {
    const struct people_leaving *leaving = data;
    int64_t open = 0;
    TRY(db_int(q->db,
               SQL("i", "SELECT count(*) FROM aftersales_case WHERE buyer_id = $1"
                        " AND state <> 'closed'"),
               PARAMS(leaving->person_id), &open, NULL));
    if (open == 0) return NULL;
    return refuse(q, WRONG_STATE, "state", "还有 %lld 件售后没办完，办完再注销",
                  "%lld cases are still open", (long long)open);
}

/* ---- silence ---- */

#define SILENT_FIELDS(F, S) F(S, FEN, given_fen)
SHAPE_DECLARE(silent, SILENT_FIELDS);
SHAPE_DEFINE(silent, SILENT_FIELDS);

/* Silence gives so much of one order and no more, in however many cases it is asked. */
static refusal is_small(struct request *q, const struct aftersales_row *row, bool *ret_small) {
    struct silent silent = {0};
    bool found;
    TRY(db_row(q->db,
               SQL("i", "SELECT CAST(COALESCE(sum(e.amount_fen), 0) AS BIGINT) AS given_fen"
                        " FROM aftersales_case c JOIN aftersales_event e ON e.case_id = c.id"
                        " WHERE c.order_id = $1 AND c.kind = 'money'"
                        " AND e.kind = 'agreed_by_silence'"),
               PARAMS(row->order_id), &silent_shape, &silent, &found));
    struct fen all = aftersales_plus(row->asked_fen, silent.given_fen);
    *ret_small = fen_compare(all, AFTERSALES_SILENT_FEN) <= 0;
    return NULL;
}

static refusal silence_of_seller(struct request *q, const struct aftersales_row *row) {
    struct aftersales_step step =
        step_to(row, AFTERSALES_ARBITRATION, AFTERSALES_SYSTEM, "unanswered");
    bool shown = row->picture_count > 0 || row->reason == AFTERSALES_NOT_RECEIVED ||
                 row->reason == AFTERSALES_NOT_WANTED;
    bool small = false;
    struct orders_claim claim = {0};
    TRY(orders_claim_of(q, row->order_id, &claim));
    TRY(is_small(q, row, &small));
    step.amount = row->asked_fen;
    if (row->is_lawful) {
        step.to = AFTERSALES_RETURNING;
        step.kind = "agreed_by_silence";
        step.due_ms = AFTERSALES_ANSWER_MS;
        return aftersales_move(q, &step);
    }
    /* What was asked before it was sent, and was sent all the same, is on its way: nothing of it is
     * given away by silence. */
    bool sent_since = claim.shipped_at.ms > row->opened_at.ms;
    if (row->kind != AFTERSALES_MONEY || row->is_late || !shown || !small || sent_since)
        return aftersales_move(q, &step);
    step.kind = "agreed_by_silence";
    return aftersales_settle(q, &step);
}

static refusal end_by_silence(struct request *q, const struct aftersales_row *row,
                              enum aftersales_outcome outcome) {
    struct aftersales_step step = step_to(row, AFTERSALES_CLOSED, AFTERSALES_SYSTEM, "lapsed");
    if (outcome == AFTERSALES_EXCHANGED) step.kind = "arrived_by_silence";
    step.outcome = outcome;
    return aftersales_move(q, &step);
}

/* The desk is late: everybody sees it, and the case goes on waiting. */
static refusal note_overdue(struct request *q, const struct aftersales_row *row) {
    const struct aftersales_happening happening = {
        .case_id = row->id, .kind = "overdue", .actor = AFTERSALES_SYSTEM};
    if (!row->is_overdue) {
        TRY(db_run(q->db, SQL("i", "UPDATE aftersales_case SET is_overdue = 1 WHERE id = $1"),
                   PARAMS(row->id), NULL));
        TRY(aftersales_note(q, &happening));
        TRY(audit_write(q, &(struct audit_act){.action = "aftersales.overdue",
                                               .subject = "case",
                                               .subject_id = row->id}));
    }
    return jobs_ask(q, "aftersales.due", row->id, TEXT(""), instant_after(q->now, STEP_MS));
}

refusal aftersales_when_due(struct request *q, int64_t case_id, struct text text) {
    (void)text;
    struct aftersales_row row = {0};
    TRY(aftersales_row_of(q, case_id, &row));
    if (row.due_at.ms > q->now.ms)
        return jobs_ask(q, "aftersales.due", case_id, TEXT(""), row.due_at);
    struct aftersales_step step =
        step_to(&row, AFTERSALES_ARBITRATION, AFTERSALES_SYSTEM, "unanswered");
    switch (row.state) {
    case AFTERSALES_OPEN: return silence_of_seller(q, &row);
    case AFTERSALES_OFFERED:
    case AFTERSALES_REPLACING: return aftersales_move(q, &step);
    case AFTERSALES_REFUSED: return end_by_silence(q, &row, AFTERSALES_REJECTED);
    /* Without an address there is nowhere to send it: that is the seller's silence. */
    case AFTERSALES_RETURNING:
        return row.has_address ? end_by_silence(q, &row, AFTERSALES_LAPSED)
                               : aftersales_move(q, &step);
    case AFTERSALES_RETURNED: return take_back(q, &row, AFTERSALES_SYSTEM, TEXT(""));
    case AFTERSALES_REPLACED: return end_by_silence(q, &row, AFTERSALES_EXCHANGED);
    case AFTERSALES_ARBITRATION: return note_overdue(q, &row);
    case AFTERSALES_CLOSED: return NULL;
    }
    return NULL;
}

/* Asking: what may be claimed of an order by the law and the policy that was stored with each of
 * its lines, how much that comes to, and the case that begins with it. */
#include "market/aftersales/aftersales.h"

#include <assert.h>
#include <stdio.h>

#include "ground/audit/audit.h"
#include "ground/files/files.h"
#include "ground/jobs/jobs.h"
#include "market/aftersales/inside.h"

SHAPE_ENUM_DEFINE(aftersales_kind, AFTERSALES_KINDS);
SHAPE_ENUM_DEFINE(aftersales_reason, AFTERSALES_REASONS);
SHAPE_ENUM_DEFINE(aftersales_state, AFTERSALES_STATES);
SHAPE_ENUM_DEFINE(aftersales_outcome, AFTERSALES_OUTCOMES);
SHAPE_ENUM_DEFINE(aftersales_actor, AFTERSALES_ACTORS);
SHAPE_ENUM_DEFINE(aftersales_bearer, AFTERSALES_BEARERS);
SHAPE_DEFINE(aftersales_line_draft, AFTERSALES_LINE_DRAFT_FIELDS);
SHAPE_DEFINE(aftersales_draft, AFTERSALES_DRAFT_FIELDS);
SHAPE_DEFINE(aftersales_preview, AFTERSALES_PREVIEW_FIELDS);

/* What the claim comes to. */
struct verdict {
    struct orders_claim claim;
    const struct orders_claim_line
        *lines[ORDERS_LINES_MAX]; /* of the order, as the draft names them */
    struct fen parts[ORDERS_LINES_MAX];
    struct fen asked;
    struct fen most;
    bool is_late;
    bool is_lawful;
};

/* ---- pictures ---- */

refusal aftersales_keep_pictures(struct request *q, int64_t document_id,
                                 const struct text_list *pictures) {
    TRY(files_require(q, pictures, "pictures", FILES_EVIDENCE));
    for (size_t i = 0; i < pictures->count; i++)
        TRY(db_run(q->db,
                   SQL("iit", "INSERT INTO aftersales_picture (document_id, number, address)"
                              " VALUES ($1, $2, $3)"),
                   PARAMS(document_id, (int64_t)i + 1, pictures->items[i]), NULL));
    return NULL;
}

/* ---- what the law and the policy allow ---- */

static bool is_sent(const struct orders_claim *claim) { return claim->state != ORDERS_PAID; }

static refusal find_lines(struct request *q, const struct aftersales_draft *draft,
                          struct verdict *verdict) {
    for (size_t i = 0; i < draft->lines.count; i++) {
        const struct aftersales_line_draft *wanted = &draft->lines.items[i];
        char field[40];
        snprintf(field, sizeof(field), "lines[%zu].line_no", i);
        for (size_t j = 0; j < i; j++)
            if (draft->lines.items[j].line_no == wanted->line_no)
                return refuse(q, BAD_INPUT, field, "这一样写了两遍", "this line is named twice");
        for (size_t j = 0; j < verdict->claim.lines.count; j++)
            if (verdict->claim.lines.items[j].line_no == wanted->line_no)
                verdict->lines[i] = &verdict->claim.lines.items[j];
        if (!verdict->lines[i])
            return refuse(q, NOT_FOUND, field, "订单里没有这一行", "the order has no such line");
        int64_t left = verdict->lines[i]->count - verdict->lines[i]->refunded_count;
        snprintf(field, sizeof(field), "lines[%zu].count", i);
        if (wanted->count > left)
            return refuse(q, NOT_ENOUGH, field, "这一样还能申请 %lld 份",
                          "only %lld of this can be claimed", (long long)left);
    }
    return NULL;
}

static refusal check_shares(struct request *q, const struct aftersales_draft *draft) {
    for (size_t i = 0; i < draft->lines.count; i++) {
        const struct aftersales_line_draft *line = &draft->lines.items[i];
        char field[40];
        snprintf(field, sizeof(field), "lines[%zu].bad_count", i);
        if (line->of_count == 0 && line->bad_count == 0) continue;
        if (line->bad_count < 1 || line->bad_count > line->of_count)
            return refuse(q, BAD_INPUT, field, "坏的要在 1 和总数之间",
                          "the bad ones lie between 1 and the whole count");
        if (draft->kind != AFTERSALES_MONEY || draft->reason == AFTERSALES_NOT_WANTED)
            return refuse(q, BAD_INPUT, field, "按坏了几个算，只用在只退钱、不用寄回的时候",
                          "a share of damage is for money back without sending back");
    }
    return NULL;
}

static refusal check_kind(struct request *q, const struct aftersales_draft *draft,
                          const struct orders_claim *claim) {
    if (!is_sent(claim) && draft->kind != AFTERSALES_MONEY)
        return refuse(q, BAD_INPUT, "kind", "还没寄出，选只退钱就行",
                      "it was not sent yet: ask for the money alone");
    if (!is_sent(claim) && draft->reason == AFTERSALES_NOT_RECEIVED)
        return refuse(q, BAD_INPUT, "reason", "还没寄出；不想等了，请选不想要了",
                      "it was not sent yet: if you will not wait, say that it is not wanted");
    if (draft->reason == AFTERSALES_NOT_RECEIVED && draft->kind == AFTERSALES_RETURN)
        return refuse(q, BAD_INPUT, "kind", "没收到就不用寄回，选只退钱或换货",
                      "what did not arrive cannot be sent back");
    if (draft->reason == AFTERSALES_NOT_WANTED && is_sent(claim) && draft->kind == AFTERSALES_MONEY)
        return refuse(q, BAD_INPUT, "kind", "不想要了，请选退货退款，把东西寄回去",
                      "what is not wanted is sent back: choose return");
    return NULL;
}

/* Seven days without a reason: by the policy stored with each line, unless the buyer was not asked
 * to tick the exception. What is bad can be claimed whatever was ticked. */
static refusal check_unwanted(struct request *q, const struct aftersales_draft *draft,
                              struct verdict *verdict) {
    const struct orders_claim *claim = &verdict->claim;
    if (draft->reason != AFTERSALES_NOT_WANTED || draft->kind != AFTERSALES_RETURN) return NULL;
    for (size_t i = 0; i < draft->lines.count; i++)
        if (verdict->lines[i]->return_policy != RETURN_SEVEN_DAYS && claim->ticked_return_terms)
            return refuse(
                q, WRONG_STATE, "reason",
                "这里有下单时打过勾、不支持七天无理由的东西；有坏的、发错的、质量不好的，"
                "选那一项照样可以申请",
                "some of this cannot be sent back without a reason, as you ticked; what is"
                " bad, wrong or of poor quality can be claimed all the same");
    if (claim->received_at.ms && q->now.ms >= orders_return_until(claim->received_at).ms)
        return refuse(
            q, WRONG_STATE, "reason",
            "七天无理由的日子过了；有坏的、发错的、质量不好的，选那一项照样可以申请",
            "the seven days are over; what is bad, wrong or of poor quality can be claimed"
            " all the same");
    verdict->is_lawful = true;
    return NULL;
}

static refusal check_time(struct request *q, const struct aftersales_draft *draft,
                          struct verdict *verdict) {
    int64_t received_ms = verdict->claim.received_at.ms;
    if (received_ms == 0) return NULL;
    int64_t age_ms = q->now.ms - received_ms;
    if (age_ms > AFTERSALES_CLAIM_DAYS * (int64_t)DAY_MS)
        return refuse(q, WRONG_STATE, "order_id",
                      "收到已经超过 %d 天，支付渠道退不了了；请提投诉，我们的人来处理",
                      "it was received over %d days ago, and the provider gives back no longer;"
                      " please file a complaint and people will look at it",
                      AFTERSALES_CLAIM_DAYS);
    verdict->is_late = age_ms > AFTERSALES_EARLY_DAYS * (int64_t)DAY_MS;
    for (size_t i = 0; i < draft->lines.count; i++)
        if (draft->reason == AFTERSALES_DAMAGED &&
            verdict->lines[i]->return_policy == RETURN_FRESH && age_ms > AFTERSALES_FRESH_MS)
            verdict->is_late = true;
    return NULL;
}

/* ---- how much ---- */

/* Cut to the fen, and never above what is left of the line. A share is never more than the whole,
 * which the order's tables bound. */
static struct fen share_of(const struct orders_claim_line *line, int64_t numerator,
                           int64_t denominator) {
    struct fen share = FEN(0);
    bool fits = fen_share_down(line->total_fen, numerator, denominator, &share);
    assert(fits);
    return aftersales_smaller(share, aftersales_minus(line->total_fen, line->refunded_fen));
}

/* The price of COUNT pieces of a line, and of their bad share. */
static void price_line(const struct orders_claim_line *line,
                       const struct aftersales_line_draft *wanted, struct fen *ret_part,
                       struct fen *ret_most) {
    *ret_most = share_of(line, wanted->count, line->count);
    *ret_part = wanted->of_count == 0 ? *ret_most
                                      : share_of(line, wanted->count * wanted->bad_count,
                                                 line->count * wanted->of_count);
}

static bool claims_all(const struct aftersales_draft *draft, const struct verdict *verdict) {
    int64_t left = 0, claimed = 0;
    for (size_t i = 0; i < verdict->claim.lines.count; i++)
        left += verdict->claim.lines.items[i].count - verdict->claim.lines.items[i].refunded_count;
    for (size_t i = 0; i < draft->lines.count; i++) {
        if (draft->lines.items[i].of_count) return false;
        claimed += draft->lines.items[i].count;
    }
    return left == claimed;
}

static refusal count_money(struct request *q, const struct aftersales_draft *draft,
                           struct verdict *verdict) {
    struct fen asked = FEN(0), most = FEN(0), left = aftersales_left_of(&verdict->claim);
    for (size_t i = 0; i < draft->lines.count; i++) {
        struct fen line_most = FEN(0);
        price_line(verdict->lines[i], &draft->lines.items[i], &verdict->parts[i], &line_most);
        asked = aftersales_plus(asked, verdict->parts[i]);
        most = aftersales_plus(most, line_most);
    }
    /* Who got nothing, or nothing that he ordered, has the freight back too; so has who asks before
     * it is sent. */
    bool with_freight = !is_sent(&verdict->claim) || draft->reason == AFTERSALES_NOT_RECEIVED ||
                        draft->reason == AFTERSALES_WRONG_ITEM ||
                        draft->reason == AFTERSALES_QUALITY || draft->reason == AFTERSALES_DAMAGED;
    if (with_freight && claims_all(draft, verdict)) asked = most = left;
    most = aftersales_smaller(most, left);
    asked = aftersales_smaller(asked, most);
    if (fen_compare(draft->wished_fen, most) > 0) {
        struct text yuan = fen_yuan(q->arena, most);
        return refuse(q, NOT_ENOUGH, "wished_fen", "这几样最多能退 %.*s 元",
                      "at most ¥%.*s of these can be given back", (int)yuan.length, yuan.bytes);
    }
    verdict->most = most;
    verdict->asked = fen_is_positive(draft->wished_fen) ? draft->wished_fen : asked;
    if (!fen_is_positive(verdict->asked))
        return refuse(q, NOT_ENOUGH, "lines", "这几样已经没有可退的钱了",
                      "nothing is left to give back of these");
    return NULL;
}

static refusal judge(struct request *q, const struct aftersales_draft *draft,
                     struct verdict *ret_verdict) {
    struct verdict *verdict = ret_verdict;
    TRY(orders_claim_of(q, draft->order_id, &verdict->claim));
    const struct orders_claim *claim = &verdict->claim;
    if (claim->buyer_id != q->who->person_id)
        return refuse(q, NOT_FOUND, "order_id", "没有这个订单", "there is no such order");
    if (claim->state != ORDERS_PAID && claim->state != ORDERS_SHIPPED &&
        claim->state != ORDERS_RECEIVED && claim->state != ORDERS_COMPLETED)
        return refuse(q, WRONG_STATE, "order_id", "这个订单现在不能申请售后",
                      "nothing can be claimed of this order now");
    TRY(find_lines(q, draft, verdict));
    TRY(check_kind(q, draft, claim));
    TRY(check_shares(q, draft));
    TRY(check_unwanted(q, draft, verdict));
    TRY(check_time(q, draft, verdict));
    return count_money(q, draft, verdict);
}

/* ---- the preview ---- */

static struct text say_next(struct request *q, const struct aftersales_draft *draft,
                            const struct verdict *verdict) {
    if (verdict->is_lawful)
        return q->english
                   ? TEXT("Seven days without a reason: the seller cannot refuse. Send it"
                          " back as it came; who sends it back pays the parcel.")
                   : TEXT("七天无理由，卖家不能拒绝。东西保持完好寄回去，寄回的快递费由您出。");
    if (verdict->is_late)
        return q->english ? TEXT("This is told late, so people will look at it: the seller first,"
                                 " then our officer. What is bad can be claimed all the same.")
                          : TEXT("报得晚了一些，要由人来看：先问卖家，说不通由我们来判。"
                                 "确实有问题的，照样能退。");
    if (draft->kind == AFTERSALES_MONEY && is_sent(&verdict->claim))
        return q->english ? TEXT("Nothing need be sent back.") : TEXT("不用寄回来。");
    return q->english ? TEXT("When the seller does not answer, we go on without.")
                      : TEXT("卖家不答复，我们接着往下办。");
}

refusal aftersales_look(struct request *q, const struct aftersales_draft *draft,
                        struct aftersales_preview *ret_preview) {
    struct verdict verdict = {0};
    TRY(judge(q, draft, &verdict));
    bool money = draft->kind != AFTERSALES_EXCHANGE;
    *ret_preview = (struct aftersales_preview){
        .asked_fen = money ? verdict.asked : FEN(0),
        .most_fen = money ? verdict.most : FEN(0),
        .is_late = verdict.is_late,
        .is_lawful = verdict.is_lawful,
        .sends_back = draft->kind != AFTERSALES_MONEY && draft->reason != AFTERSALES_NOT_RECEIVED,
        .answer_before_at = instant_after(q->now, AFTERSALES_ANSWER_MS),
        .words = say_next(q, draft, &verdict),
        .server_at = q->now,
    };
    return NULL;
}

/* ---- the case begins ---- */

#define TAKEN_FIELDS(F, S) F(S, INT, line_no) F(S, BOOL, is_open)
SHAPE_DECLARE(aftersales_taken, TAKEN_FIELDS);
SHAPE_DEFINE(aftersales_taken, TAKEN_FIELDS);

/* A line is in one open case at a time, and an order has so many cases in all: that, evidence and
 * arbitration are the guard of the seller. Nothing is kept or counted about persons. */
static refusal check_other_cases(struct request *q, const struct aftersales_draft *draft) {
    struct aftersales_taken_list taken = {0};
    int64_t count = 0;
    TRY(db_int(q->db, SQL("i", "SELECT count(*) FROM aftersales_case WHERE order_id = $1"),
               PARAMS(draft->order_id), &count, NULL));
    if (count >= AFTERSALES_CASES_MAX)
        return refuse(q, CONFLICT, "order_id",
                      "这个订单已经提过 %lld 次售后；还有事请提投诉，我们的人来处理",
                      "%lld cases of this order were opened; please file a complaint instead",
                      (long long)count);
    TRY(db_rows(q->db,
                SQL("i", "SELECT l.line_no, 1 AS is_open FROM aftersales_case c"
                         " JOIN aftersales_line l ON l.case_id = c.id"
                         " WHERE c.order_id = $1 AND c.state <> 'closed' LIMIT 100"),
                PARAMS(draft->order_id), &aftersales_taken_shape, &taken));
    for (size_t i = 0; i < draft->lines.count; i++)
        for (size_t j = 0; j < taken.count; j++) {
            char field[40];
            snprintf(field, sizeof(field), "lines[%zu].line_no", i);
            if (taken.items[j].line_no == draft->lines.items[i].line_no)
                return refuse(q, CONFLICT, field, "这一样已经有售后在办",
                              "a case about this is open already");
        }
    return NULL;
}

static refusal insert_lines(struct request *q, int64_t case_id,
                            const struct aftersales_draft *draft, const struct verdict *verdict) {
    for (size_t i = 0; i < draft->lines.count; i++) {
        const struct aftersales_line_draft *wanted = &draft->lines.items[i];
        const struct orders_claim_line *line = verdict->lines[i];
        TRY(db_run(q->db,
                   SQL("iiiitttiiii",
                       "INSERT INTO aftersales_line (case_id, line_no, goods_id, sku_id, title,"
                       " options_text, picture, count, bad_count, of_count, claimed_fen, hold_id,"
                       " shelf_count, lost_count)"
                       " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0)"),
                   PARAMS(case_id, line->line_no, line->goods_id, line->sku_id, line->title,
                          line->options_text, line->picture, wanted->count, wanted->bad_count,
                          wanted->of_count, verdict->parts[i]),
                   NULL));
    }
    return NULL;
}

static refusal insert_case(struct request *q, int64_t case_id, const struct aftersales_draft *draft,
                           const struct verdict *verdict) {
    const struct orders_claim *claim = &verdict->claim;
    struct owner owner = {0};
    int64_t pieces = 0;
    const struct bytes nothing = {(const unsigned char *)"", 0};
    bool money = draft->kind != AFTERSALES_EXCHANGE;
    for (size_t i = 0; i < draft->lines.count; i++) pieces += draft->lines.items[i].count;
    TRY(catalog_seller_owner(q, claim->seller_id, &owner));
    return db_run(
        q->db,
        SQL("iiiitittiiiitttibii",
            "INSERT INTO aftersales_case (id, order_id, buyer_id, seller_id, seller_name,"
            " place_code, kind, reason, state, outcome, is_late, is_lawful, is_overdue, is_holding,"
            " picture_count, piece_count, title, picture, words, asked_fen, offered_fen,"
            " refunded_fen, refund_id, bearer, answered_by, return_to, return_carrier,"
            " return_tracking, new_carrier, new_tracking, opened_at, due_at, closed_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', 'none', $9, $10, 0, 0, $11, $12, $13,"
            " $14, $15, $16, 0, 0, 0, 'seller', 0, $17, '', '', '', '', $18, $19, 0)"),
        PARAMS(case_id, claim->id, claim->buyer_id, claim->seller_id, claim->seller_name,
               owner.place_code, shape_enum_text(&aftersales_kind_enum, draft->kind),
               shape_enum_text(&aftersales_reason_enum, draft->reason), verdict->is_late,
               verdict->is_lawful, (int64_t)draft->pictures.count, pieces, verdict->lines[0]->title,
               verdict->lines[0]->picture, draft->words, money ? verdict->asked : FEN(0), nothing,
               q->now, instant_after(q->now, AFTERSALES_ANSWER_MS)),
        NULL);
}

refusal aftersales_open(struct request *q, const struct aftersales_draft *draft,
                        int64_t *ret_case_id) {
    struct verdict verdict = {0};
    TRY(judge(q, draft, &verdict));
    /* The order's row is taken first: of two that open at once the second looks after the first. */
    TRY(orders_case_begins(q, draft->order_id));
    TRY(check_other_cases(q, draft));
    int64_t case_id = request_new_id(q);
    TRY(insert_case(q, case_id, draft, &verdict));
    TRY(insert_lines(q, case_id, draft, &verdict));
    TRY(aftersales_keep_pictures(q, case_id, &draft->pictures));
    const struct aftersales_happening opened = {
        .case_id = case_id,
        .kind = "opened",
        .actor = AFTERSALES_BUYER,
        .amount = draft->kind == AFTERSALES_EXCHANGE ? FEN(0) : verdict.asked,
        .words = draft->words};
    TRY(aftersales_note(q, &opened));
    TRY(audit_write(q, &(struct audit_act){
                           .action = "aftersales.open", .subject = "case", .subject_id = case_id}));
    TRY(jobs_ask(q, "aftersales.due", case_id, TEXT(""),
                 instant_after(q->now, AFTERSALES_ANSWER_MS)));
    *ret_case_id = case_id;
    return NULL;
}

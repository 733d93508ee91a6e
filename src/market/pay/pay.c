#include "market/pay/pay.h"

#include "app.h"
#include "ground/jobs/jobs.h"
#include "ground/people/people.h"
#include "kernel/base/json.h"

SHAPE_ENUM_DEFINE(pay_state, PAY_STATES);
SHAPE_DEFINE(pay_payment, PAY_PAYMENT_FIELDS);

/* What the jobs must know without the database: they talk to the provider outside of every
 * transaction. */
#define PAY_ERRAND_FIELDS(F, S)                                                                    \
    F(S, ID, order_id)                                                                             \
    F(S, ID, payment_id)                                                                           \
    F(S, FEN, amount_fen)                                                                          \
    F(S, TEXT, title, .max = 200)                                                                  \
    F(S, TEXT, return_url, .max = 400)
SHAPE_DECLARE(pay_errand, PAY_ERRAND_FIELDS);
SHAPE_DEFINE(pay_errand, PAY_ERRAND_FIELDS);

#define PAY_PART_FIELDS(F, S)                                                                      \
    F(S, ID, order_id)                                                                             \
    F(S, FEN, amount_fen)
SHAPE_DECLARE(pay_part, PAY_PART_FIELDS);
SHAPE_DEFINE(pay_part, PAY_PART_FIELDS);

#define PAY_ROW_FIELDS(F, S)                                                                       \
    F(S, OBJECT, shown, pay_payment)                                                               \
    F(S, ID, buyer_id)
SHAPE_DECLARE(pay_row, PAY_ROW_FIELDS);
SHAPE_DEFINE(pay_row, PAY_ROW_FIELDS);

#define ROW_COLUMNS                                                                                \
    "SELECT id AS \"shown.id\", purchase_id AS \"shown.purchase_id\", state AS \"shown.state\","   \
    " amount_fen AS \"shown.amount_fen\", cashier_url AS \"shown.cashier_url\","                   \
    " created_at AS \"shown.created_at\", pay_before_at AS \"shown.pay_before_at\", buyer_id"      \
    " FROM pay_payment"

static struct text errand_text(struct request *q, const struct pay_errand *errand) {
    struct buffer json = buffer_make(q->arena, 4000);
    shape_write_json(&pay_errand_shape, &json, errand);
    return buffer_text(&json);
}

/* Our own words come back to us: a misfit would be a bug, and then the job stays where it is and
 * is seen. */
static refusal read_errand(struct request *q, struct text text, struct pay_errand *ret_errand) {
    const struct json_t *json = json_read(q->arena, text, NULL);
    if (!json) return refuse(q, INTERNAL, "", "任务内容读不懂", "the job's text is not JSON");
    return shape_read_json(&pay_errand_shape, q->arena, json, ret_errand);
}

static refusal parts_of(struct request *q, int64_t payment_id, struct pay_part_list *ret_parts) {
    return db_rows(q->db,
                   SQL("i", "SELECT order_id, amount_fen FROM pay_part WHERE payment_id = $1"
                            " ORDER BY order_id LIMIT 20"),
                   PARAMS(payment_id), &pay_part_shape, ret_parts);
}

static refusal show_parts(struct request *q, struct pay_payment *payment) {
    struct pay_part_list parts = {0};
    TRY(parts_of(q, payment->id, &parts));
    payment->order_ids.items = arena_new(q->arena, int64_t, parts.count);
    for (size_t i = 0; i < parts.count; i++)
        payment->order_ids.items[payment->order_ids.count++] = parts.items[i].order_id;
    payment->server_at = q->now;
    return NULL;
}

static bool pays_exactly(const struct pay_payment *payment,
                         const struct orders_payable_list *payables, struct fen total) {
    if (payment->order_ids.count != payables->count || fen_compare(payment->amount_fen, total) != 0)
        return false;
    for (size_t i = 0; i < payables->count; i++)
        if (payment->order_ids.items[i] != payables->items[i].id) return false;
    return true;
}

static refusal find_open(struct request *q, int64_t purchase_id, struct pay_row *ret_row,
                         bool *ret_found) {
    TRY(db_row(q->db,
               SQL("i", ROW_COLUMNS " WHERE purchase_id = $1 AND state IN ('preparing', 'ready')"
                                    " ORDER BY id DESC LIMIT 1"),
               PARAMS(purchase_id), &pay_row_shape, ret_row, ret_found));
    return *ret_found ? show_parts(q, &ret_row->shown) : NULL;
}

static refusal insert_payment(struct request *q, const struct pay_payment *payment,
                              const struct orders_payable_list *payables) {
    TRY(db_run(q->db,
               SQL("iiitiii",
                   "INSERT INTO pay_payment (id, purchase_id, buyer_id, gateway, state, amount_fen,"
                   " cashier_url, created_at, pay_before_at, paid_at)"
                   " VALUES ($1, $2, $3, $4, 'preparing', $5, '', $6, $7, 0)"),
               PARAMS(payment->id, payment->purchase_id, q->who->person_id, q->app->gateway->name,
                      payment->amount_fen, payment->created_at, payment->pay_before_at),
               NULL));
    for (size_t i = 0; i < payables->count; i++)
        TRY(db_run(q->db,
                   SQL("iii", "INSERT INTO pay_part (payment_id, order_id, amount_fen)"
                              " VALUES ($1, $2, $3)"),
                   PARAMS(payment->id, payables->items[i].id, payables->items[i].total_fen), NULL));
    return NULL;
}

refusal pay_ask(struct request *q, int64_t order_id, struct text return_origin,
                struct pay_payment *ret_payment) {
    struct orders_payable_list payables = {0};
    struct pay_row open = {0};
    struct pay_payment payment = {
        .id = request_new_id(q), .state = PAY_PREPARING, .created_at = q->now};
    bool found;
    TRY(orders_payables(q, order_id, &payment.purchase_id, &payables));
    payment.pay_before_at = payables.items[0].pay_before_at;
    for (size_t i = 0; i < payables.count; i++)
        if (!fen_add(payment.amount_fen, payables.items[i].total_fen, &payment.amount_fen))
            return refuse(q, BAD_INPUT, "id", "金额越界", "an amount out of bounds");
    TRY(find_open(q, payment.purchase_id, &open, &found));
    if (found && pays_exactly(&open.shown, &payables, payment.amount_fen)) {
        *ret_payment = open.shown;
        /* Who taps again does not wait for the pause after a provider that was away. */
        return open.shown.state == PAY_PREPARING ? jobs_hurry(q, "pay.prepare", open.shown.id)
                                                 : NULL;
    }
    TRY(insert_payment(q, &payment, &payables));
    const struct pay_errand errand = {
        .order_id = order_id,
        .payment_id = payment.id,
        .amount_fen = payment.amount_fen,
        .title = payables.items[0].title,
        .return_url = text_format(q->arena, "%.*s/paid/%lld", (int)return_origin.length,
                                  return_origin.bytes, (long long)payment.id),
    };
    TRY(jobs_ask(q, "pay.prepare", payment.id, errand_text(q, &errand), q->now));
    TRY(show_parts(q, &payment));
    *ret_payment = payment;
    return NULL;
}

refusal pay_read(struct request *q, int64_t payment_id, struct pay_payment *ret_payment) {
    struct pay_row row = {0};
    bool found;
    TRY(db_row(q->db, SQL("i", ROW_COLUMNS " WHERE id = $1"), PARAMS(payment_id), &pay_row_shape,
               &row, &found));
    if (!found || row.buyer_id != q->who->person_id)
        return refuse(q, NOT_FOUND, "id", "没有这笔付款", "there is no such payment");
    TRY(show_parts(q, &row.shown));
    *ret_payment = row.shown;
    return NULL;
}

bool pay_prepare_outside(struct request *q, int64_t payment_id, struct text text,
                         void **ret_result) {
    struct pay_errand errand = {0};
    struct text *url = arena_new(q->arena, struct text, 1);
    if (read_errand(q, text, &errand)) return false;
    const struct gateway_order order = {payment_id, errand.amount_fen, errand.title,
                                        errand.return_url};
    if (!q->app->gateway->prepare(q, &order, url)) return false;
    *ret_result = url;
    return true;
}

refusal pay_prepare_inside(struct request *q, int64_t payment_id, struct text text) {
    (void)text;
    const struct text *url = q->prepared;
    return db_run(q->db,
                  SQL("it", "UPDATE pay_payment SET state = 'ready', cashier_url = $2"
                            " WHERE id = $1 AND state = 'preparing'"),
                  PARAMS(payment_id, *url), NULL);
}

/* ---- what the provider says ---- */

static refusal ask_refund(struct request *q, const struct pay_errand *errand, struct text reason,
                          int64_t refund_id) {
    TRY(db_run(
        q->db,
        SQL("iiiiti", "INSERT INTO pay_refund (order_id, refund_id, payment_id, amount_fen,"
                      " state, reason, asked_at, done_at)"
                      " VALUES ($1, $2, $3, $4, 'asked', $5, $6, 0)"),
        PARAMS(errand->order_id, refund_id, errand->payment_id, errand->amount_fen, reason, q->now),
        NULL));
    return jobs_ask(q, "pay.refund", refund_id, errand_text(q, errand), q->now);
}

static refusal take_parts(struct request *q, const struct gateway_notice *notice,
                          bool *ret_any_kept) {
    struct pay_part_list parts = {0};
    TRY(parts_of(q, notice->payment_id, &parts));
    *ret_any_kept = false;
    for (size_t i = 0; i < parts.count; i++) {
        const struct orders_money money = {parts.items[i].order_id, notice->payment_id,
                                           parts.items[i].amount_fen};
        bool kept;
        TRY(orders_take_money(q, &money, &kept));
        if (kept) {
            *ret_any_kept = true;
            continue;
        }
        const struct pay_errand errand = {
            .order_id = money.order_id, .payment_id = money.payment_id, .amount_fen = money.amount};
        TRY(ask_refund(q, &errand, TEXT("paid too late"), request_new_id(q)));
    }
    return NULL;
}

/* Whether the provider's event is heard for the first time. */
static refusal note_event(struct request *q, const struct gateway *gateway,
                          const struct gateway_notice *notice, bool *ret_new) {
    struct text key = text_format(q->arena, "%s:%.*s", gateway->name, (int)notice->event_id.length,
                                  notice->event_id.bytes);
    int64_t changed;
    TRY(db_run(
        q->db,
        SQL("titi", "INSERT INTO pay_notice (event_key, payment_id, kind, at)"
                    " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"),
        PARAMS(key, notice->payment_id, notice->event == GATEWAY_PAID ? "paid" : "failed", q->now),
        &changed));
    *ret_new = changed == 1;
    return NULL;
}

static refusal hear_paid(struct request *q, const struct gateway_notice *notice) {
    int64_t changed;
    bool any_kept;
    /* The row is taken first: of two callbacks at once the second waits here and then finds it
     * paid. */
    TRY(db_run(q->db,
               SQL("ii", "UPDATE pay_payment SET state = 'paid', paid_at = $2"
                         " WHERE id = $1 AND state IN ('preparing', 'ready', 'failed', 'closed')"),
               PARAMS(notice->payment_id, q->now), &changed));
    if (changed == 0) return NULL;
    TRY(take_parts(q, notice, &any_kept));
    if (any_kept) return NULL;
    return db_run(q->db, SQL("i", "UPDATE pay_payment SET state = 'refunded' WHERE id = $1"),
                  PARAMS(notice->payment_id), NULL);
}

refusal pay_hear(struct request *q, const struct gateway *gateway,
                 const struct gateway_notice *notice) {
    struct pay_row row = {0};
    bool found, is_new;
    TRY(db_row(q->db, SQL("it", ROW_COLUMNS " WHERE id = $1 AND gateway = $2"),
               PARAMS(notice->payment_id, gateway->name), &pay_row_shape, &row, &found));
    if (!found)
        return refuse(q, NOT_FOUND, "payment_id", "没有这笔付款", "there is no such payment");
    if (fen_compare(row.shown.amount_fen, notice->amount) != 0)
        return refuse(q, CONFLICT, "amount_fen", "金额对不上", "the amount is another");
    TRY(note_event(q, gateway, notice, &is_new));
    if (!is_new) return NULL;
    if (notice->event == GATEWAY_PAID) return hear_paid(q, notice);
    return db_run(q->db,
                  SQL("i", "UPDATE pay_payment SET state = 'failed'"
                           " WHERE id = $1 AND state IN ('preparing', 'ready')"),
                  PARAMS(notice->payment_id), NULL);
}

/* ---- refunds ---- */

refusal pay_give_back(struct request *q, const struct orders_refund *refund,
                      struct fen *ret_amount) {
    struct pay_errand errand = {.order_id = refund->order_id};
    TRY(orders_give_back(q, refund, &errand.amount_fen, &errand.payment_id));
    *ret_amount = errand.amount_fen;
    return ask_refund(q, &errand, refund->draft->reason, refund->refund_id);
}

refusal pay_refund(struct request *q, int64_t order_id, const struct orders_refund_draft *draft) {
    struct fen amount;
    const struct orders_refund refund = {
        .order_id = order_id, .refund_id = request_new_id(q), .draft = draft};
    return pay_give_back(q, &refund, &amount);
}

bool pay_refund_outside(struct request *q, int64_t refund_id, struct text text, void **ret_result) {
    struct pay_errand errand = {0};
    if (read_errand(q, text, &errand)) return false;
    const struct gateway_refund refund = {refund_id, errand.payment_id, errand.amount_fen};
    *ret_result = NULL;
    return q->app->gateway->refund(q, &refund);
}

refusal pay_refund_inside(struct request *q, int64_t refund_id, struct text text) {
    struct pay_errand errand = {0};
    TRY(read_errand(q, text, &errand));
    return db_run(q->db,
                  SQL("iii", "UPDATE pay_refund SET state = 'done', done_at = $3"
                             " WHERE order_id = $1 AND refund_id = $2 AND state = 'asked'"),
                  PARAMS(errand.order_id, refund_id, q->now), NULL);
}

refusal pay_check(struct request *q, struct check_report *report) {
    int64_t payments, unequal, waiting;
    TRY(db_int(q->db, SQL("", "SELECT count(*) FROM pay_payment"), NO_PARAMS, &payments, NULL));
    TRY(db_int(q->db,
               SQL("", "SELECT count(*) FROM pay_payment WHERE amount_fen <>"
                       " (SELECT CAST(coalesce(sum(pay_part.amount_fen), 0) AS BIGINT)"
                       " FROM pay_part WHERE pay_part.payment_id = pay_payment.id)"),
               NO_PARAMS, &unequal, NULL));
    TRY(db_int(q->db, SQL("", "SELECT count(*) FROM pay_refund WHERE state = 'asked'"), NO_PARAMS,
               &waiting, NULL));
    report->line(report, unequal == 0,
                 text_format(q->arena,
                             "%lld payments: each is the sum of its parts (%lld are not); %lld"
                             " refunds are on their way to the provider",
                             (long long)payments, (long long)unequal, (long long)waiting));
    return NULL;
}

/* ---- the copy of one's own data ---- */

#define PAY_EXPORTED_FIELDS(F, S)                                                                  \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, gateway)                                                                            \
    F(S, TEXT, state)                                                                              \
    F(S, FEN, amount_fen)                                                                          \
    F(S, TIME, created_at)                                                                         \
    F(S, TIME, paid_at, .optional = true)
SHAPE_DECLARE(pay_exported, PAY_EXPORTED_FIELDS);
SHAPE_DEFINE(pay_exported, PAY_EXPORTED_FIELDS);

#define PAY_GIVEN_BACK_FIELDS(F, S)                                                                \
    F(S, ID, id)                                                                                   \
    F(S, ID, order_id)                                                                             \
    F(S, TEXT, state)                                                                              \
    F(S, FEN, amount_fen)                                                                          \
    F(S, TEXT, reason)                                                                             \
    F(S, TIME, asked_at)
SHAPE_DECLARE(pay_given_back, PAY_GIVEN_BACK_FIELDS);
SHAPE_DEFINE(pay_given_back, PAY_GIVEN_BACK_FIELDS);

/* As many as a copy has room for; who has more asks the house. */
enum { EXPORTED_MAX = 5000 };

refusal pay_hear_export(struct request *q, const void *data) {
    const struct people_export *export = data;
    struct pay_exported_list payments;
    struct pay_given_back_list refunds;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT id, gateway, state, amount_fen, created_at, paid_at"
                          " FROM pay_payment WHERE buyer_id = $1 ORDER BY id LIMIT $2"),
                PARAMS(export->person_id, (int64_t)EXPORTED_MAX), &pay_exported_shape, &payments));
    TRY(db_rows(q->db,
                SQL("ii", "SELECT r.refund_id AS id, r.order_id, r.state, r.amount_fen, r.reason,"
                          " r.asked_at FROM pay_payment p JOIN pay_part t ON t.payment_id = p.id"
                          " JOIN pay_refund r ON r.order_id = t.order_id AND r.payment_id = p.id"
                          " WHERE p.buyer_id = $1 ORDER BY r.order_id, r.refund_id LIMIT $2"),
                PARAMS(export->person_id, (int64_t)EXPORTED_MAX), &pay_given_back_shape, &refunds));
    people_export_rows(export, "payments", &pay_exported_shape, PEOPLE_ROWS(payments));
    people_export_rows(export, "refunds", &pay_given_back_shape, PEOPLE_ROWS(refunds));
    return NULL;
}

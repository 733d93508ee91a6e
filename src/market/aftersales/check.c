/* `xiangji check` for after-sales: the money of every case is a transfer of its order, and whatever
 * waits has its job. */
#include "ground/jobs/jobs.h"
#include "market/aftersales/inside.h"

enum { PAGE = 50 };

#define PAID_CASE_FIELDS(F, S)                                                                     \
    F(S, ID, id)                                                                                   \
    F(S, ID, order_id)                                                                             \
    F(S, ID, buyer_id)                                                                             \
    F(S, ID, refund_id)                                                                            \
    F(S, FEN, refunded_fen)
SHAPE_DECLARE(paid_case, PAID_CASE_FIELDS);
SHAPE_DEFINE(paid_case, PAID_CASE_FIELDS);

#define WAITING_FIELDS(F, S) F(S, ID, id)
SHAPE_DECLARE(waiting_case, WAITING_FIELDS);
SHAPE_DEFINE(waiting_case, WAITING_FIELDS);

static bool is_booked(const struct paid_case *paid, const struct ledger_entry_list *entries) {
    for (size_t i = 0; i < entries->count; i++) {
        const struct ledger_entry *entry = &entries->items[i];
        if (entry->id == paid->refund_id)
            return entry->amount == fen_count(paid->refunded_fen) &&
                   entry->unit_id == LEDGER_UNIT_FEN && text_is(entry->phase, "posted") &&
                   text_is(entry->credit_kind, orders_buyer.name) &&
                   entry->credit_owner_id == paid->buyer_id;
    }
    return false;
}

static refusal check_money(struct request *q, struct check_report *report) {
    int64_t after = 0, count = 0, wrong = 0;
    struct paid_case_list page;
    do {
        page = (struct paid_case_list){0};
        TRY(db_rows(q->db,
                    SQL("ii", "SELECT id, order_id, buyer_id, refund_id, refunded_fen"
                              " FROM aftersales_case WHERE id > $1 AND refund_id > 0"
                              " ORDER BY id LIMIT $2"),
                    PARAMS(after, (int64_t)PAGE), &paid_case_shape, &page));
        for (size_t i = 0; i < page.count; i++) {
            struct ledger_entry_list entries = {0};
            TRY(ledger_entries(q, page.items[i].order_id, &entries));
            after = page.items[i].id;
            count++;
            if (is_booked(&page.items[i], &entries)) continue;
            wrong++;
            report->line(
                report, false,
                text_format(q->arena, "case %lld: its %lld fen are no transfer of order %lld",
                            (long long)after, (long long)fen_count(page.items[i].refunded_fen),
                            (long long)page.items[i].order_id));
        }
    } while (page.count == PAGE);
    report->line(report, wrong == 0,
                 text_format(q->arena, "%lld cases gave money back, each by its own transfer",
                             (long long)count));
    return NULL;
}

/* The jobs that wait, and what waits for them, both in the order of their numbers. */
static refusal next_jobs(struct request *q, const char *kind, int64_t after,
                         struct shape_ids *ret_jobs) {
    return jobs_waiting(q, kind, after, PAGE, ret_jobs);
}

static refusal is_waited_for(struct request *q, const char *kind, int64_t id,
                             struct shape_ids *jobs, bool *ret_found) {
    while (jobs->count == 0 || jobs->items[jobs->count - 1] < id) {
        int64_t after = jobs->count ? jobs->items[jobs->count - 1] : 0;
        if (after < id - 1) after = id - 1;
        TRY(next_jobs(q, kind, after, jobs));
        if (jobs->count == 0) break;
    }
    *ret_found = false;
    for (size_t i = 0; i < jobs->count; i++)
        if (jobs->items[i] == id) *ret_found = true;
    return NULL;
}

static refusal check_jobs(struct request *q, struct check_report *report) {
    int64_t after = 0, count = 0, lacking = 0;
    struct shape_ids jobs = {0};
    struct waiting_case_list page;
    do {
        page = (struct waiting_case_list){0};
        TRY(db_rows(q->db,
                    SQL("ii", "SELECT id FROM aftersales_case WHERE id > $1 AND state <> 'closed'"
                              " ORDER BY id LIMIT $2"),
                    PARAMS(after, (int64_t)PAGE), &waiting_case_shape, &page));
        for (size_t i = 0; i < page.count; i++) {
            bool found = false;
            after = page.items[i].id;
            count++;
            TRY(is_waited_for(q, "aftersales.due", after, &jobs, &found));
            if (found) continue;
            lacking++;
            report->line(report, false,
                         text_format(q->arena, "case %lld is open, and no job waits for it",
                                     (long long)after));
        }
    } while (page.count == PAGE);
    report->line(report, lacking == 0,
                 text_format(q->arena, "%lld cases are open, each with the job of its deadline",
                             (long long)count));
    return NULL;
}

refusal aftersales_check(struct request *q, struct check_report *report) {
    TRY(check_money(q, report));
    return check_jobs(q, report);
}

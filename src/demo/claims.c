/* What becomes of orders that were received, now and then: a case, a complaint, an invoice. By the
 * rules that hold for everybody, as the buyer. */
#include "demo/world.h"
#include "market/aftersales/aftersales.h"

enum { CHOOSE_CLAIM = 91, CASE_IN = 40, COMPLAINT_IN = 200, INVOICE_IN = 20, OPEN_DAYS = 2 };

static bool is_chosen(const struct demo *demo, uint64_t what, uint64_t which, int64_t one_in) {
    return demo_choose(demo, CHOOSE_CLAIM + what, which, one_in) == 0;
}

/* An older one came to an end between the two of them: silence would have agreed by now. */
static refusal claim(struct request *q, const struct demo *demo, int64_t order_id,
                     bool *ret_is_open) {
    struct aftersales_line_draft line = {.line_no = 1, .count = 1};
    const struct aftersales_draft draft = {.order_id = order_id,
                                           .kind = AFTERSALES_MONEY,
                                           .reason = AFTERSALES_QUALITY,
                                           .lines = {&line, 1},
                                           .words = TEXT("有两个磕坏了")};
    int64_t case_id;
    TRY(aftersales_open(q, &draft, &case_id));
    *ret_is_open = instant_after(q->now, OPEN_DAYS * (int64_t)DAY_MS).ms > demo->now.ms;
    return *ret_is_open ? NULL : aftersales_withdraw(q, case_id);
}

refusal demo_claim(struct request *q, const struct demo *demo, uint64_t which, int64_t order_id,
                   bool *ret_is_open) {
    *ret_is_open = false;
    if (is_chosen(demo, 1, which, INVOICE_IN)) {
        const struct aftersales_invoice_draft draft = {
            .order_id = order_id, .type = AFTERSALES_PERSONAL, .title = TEXT("个人")};
        struct aftersales_invoice invoice;
        TRY(aftersales_invoice_ask(q, &draft, &invoice));
    }
    if (is_chosen(demo, 2, which, COMPLAINT_IN)) {
        const struct aftersales_complaint_draft draft = {.subject = AFTERSALES_OF_ORDER,
                                                         .subject_id = order_id,
                                                         .words = TEXT("说好当天发货，晚了两天")};
        struct aftersales_complaint complaint;
        TRY(aftersales_complain(q, &draft, &complaint));
    }
    return is_chosen(demo, 0, which, CASE_IN) ? claim(q, demo, order_id, ret_is_open) : NULL;
}

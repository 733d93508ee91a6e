#include "support/walks.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "kernel/base/test.h"
#include "support/house.h"

/* An answer that does not come is asked for again so often while a walk is settled. */
/* Afterwards one waits longer than the lease of a job (ground/jobs): on PostgreSQL the node that
 * was killed does not come again under its number, so what it had claimed is taken up when that
 * ends. */
enum { PAUSE_MS = 20, PATIENCE = 500, SETTLING = 7000 };

struct step {
    struct walker *walker;
    struct walk *walk;
    bool is_patient; /* settling: until it succeeds */
};

static struct outside_reply post(const struct step *step, struct text token, const char *name,
                                 const char *target, const char *body) {
    char key[64];
    struct outside_reply reply = {0};
    snprintf(key, sizeof(key), "%s-%s", step->walk->key, name);
    const struct outside_call call = {.method = "POST",
                                      .target = text_of(target),
                                      .body = text_of(body),
                                      .token = token,
                                      .key = text_of(key)};
    for (int i = 0; i < (step->is_patient ? SETTLING : 1); i++) {
        reply = outside_send(&step->walker->own, &call);
        if (reply.status == 200 || reply.status == 201) return reply;
        outside_sleep_ms(PAUSE_MS);
    }
    if (step->is_patient) OUTSIDE_STATUS(&reply, 201);
    return reply;
}

/* Takes the id that stands at PATH of a reply; one that was told before must be the same. */
static bool keep_id(const struct step *step, const struct outside_reply *reply, const char *path,
                    char id[24]) {
    char told[24];
    const struct house_reply seen = {.json = reply->json};
    bool fine = (reply->status == 200 || reply->status == 201) && house_has(&seen, path);
    if (!fine) return false;
    struct text found = outside_text(reply, path);
    snprintf(told, sizeof(told), "%.*s", (int)found.length, found.bytes);
    if (id[0] && step->is_patient) CHECK_TEXT(text_of(told), id);
    memcpy(id, told, sizeof(told));
    return true;
}

static bool place(const struct step *step) {
    const struct walks *all = step->walker->all;
    char body[160];
    snprintf(body, sizeof(body),
             "{\"lines\":[{\"sku_id\":\"%.*s\",\"count\":1}],\"ticked_return_terms\":true}",
             (int)all->sku.length, all->sku.bytes);
    struct outside_reply reply = post(step, all->buyer, "place", "/api/orders", body);
    return keep_id(step, &reply, "orders.0.id", step->walk->order_id);
}

static bool payment_is(const struct outside_reply *reply, const char *state) {
    const struct house_reply seen = {.json = reply->json};
    return reply->status == 200 && house_has(&seen, "state") &&
           text_is(outside_text(reply, "state"), state);
}

/* Asks for the payment, goes to the cashier when it is ready, and waits for the callback. */
static bool pay(const struct step *step) {
    const struct walks *all = step->walker->all;
    struct walk *walk = step->walk;
    char target[80];
    bool went = false;
    snprintf(target, sizeof(target), "/api/orders/%s/payments", walk->order_id);
    struct outside_reply reply = post(step, all->buyer, "pay", target, "");
    if (!keep_id(step, &reply, "id", walk->payment_id)) return false;
    for (int i = 0; i < (step->is_patient ? SETTLING : PATIENCE); i++) {
        reply = outside_get(&step->walker->own, all->buyer, "/api/payments/%s", walk->payment_id);
        if (payment_is(&reply, "paid")) return true;
        if (reply.status != 200 && !step->is_patient) return false;
        if (payment_is(&reply, "ready") && !went)
            went =
                outside_pay(&step->walker->own, outside_text(&reply, "cashier_url"), "twice") != 0;
        outside_sleep_ms(PAUSE_MS);
    }
    if (step->is_patient)
        test_fail(__FILE__, __LINE__, "the payment %s of %s does not come", walk->payment_id,
                  walk->order_id);
    return false;
}

static bool send_parcel(const struct step *step) {
    char target[80];
    snprintf(target, sizeof(target), "/api/orders/%s/shipment", step->walk->order_id);
    struct outside_reply reply = post(step, step->walker->all->keeper, "send", target,
                                      "{\"carrier\":\"邮政\",\"tracking_number\":\"77310000001\"}");
    return reply.status == 200;
}

static bool give_back(const struct step *step) {
    char target[80];
    snprintf(target, sizeof(target), "/api/orders/%s/refunds", step->walk->order_id);
    struct outside_reply reply =
        post(step, step->walker->all->keeper, "back", target, "{\"reason\":\"为演练退款\"}");
    return reply.status == 201;
}

/* The buyer asks for the money of what was sent, and the keeper agrees. */
static bool claim(const struct step *step) {
    const struct walks *all = step->walker->all;
    char target[80], body[240];
    if (!send_parcel(step)) return false;
    snprintf(body, sizeof(body),
             "{\"order_id\":\"%s\",\"kind\":\"money\",\"reason\":\"quality\","
             "\"lines\":[{\"line_no\":1,\"count\":1}],\"words\":\"为演练申请\"}",
             step->walk->order_id);
    struct outside_reply reply = post(step, all->buyer, "claim", "/api/cases", body);
    if (!keep_id(step, &reply, "id", step->walk->case_id)) return false;
    snprintf(target, sizeof(target), "/api/cases/%s/answers", step->walk->case_id);
    reply = post(step, all->keeper, "agree", target, "{\"choice\":\"agree\"}");
    return reply.status == 201;
}

static bool go(const struct step *step) {
    if (!place(step) || !pay(step)) return false;
    switch (step->walk->end) {
    case WALK_SENT: return send_parcel(step);
    case WALK_GIVEN_BACK: return give_back(step);
    case WALK_CLAIMED: return claim(step);
    case WALK_ENDS: break;
    }
    return false;
}

static void *walk_on(void *context) {
    struct walker *walker = context;
    while (!atomic_load(&walker->all->is_over) && walker->count < WALKS_MAX) {
        struct walk *walk = &walker->items[walker->count++];
        *walk =
            (struct walk){.end = (enum walk_end)((walker->begun++ + walker->number) % WALK_ENDS)};
        snprintf(walk->key, sizeof(walk->key), "walk-%d-%d-%zu", walker->all->round, walker->number,
                 walker->count);
        const struct step step = {.walker = walker, .walk = walk};
        if (!go(&step)) outside_sleep_ms(PAUSE_MS);
        arena_reset(&walker->arena);
    }
    return NULL;
}

/* ---- afterwards ---- */

/* What the cashier gave back, waited for until it is WANTED; it may be that and never more. */
static void check_cashier(const struct step *step, int64_t wanted) {
    int64_t given = -1;
    for (int i = 0; i < SETTLING && given != wanted; i++) {
        struct outside cashier = step->walker->own;
        cashier.port = cashier.cashier_port;
        struct outside_reply reply =
            outside_get(&cashier, TEXT(""), "/v1/payments/%s", step->walk->payment_id);
        OUTSIDE_STATUS(&reply, 200);
        given = outside_int(&reply, "refunded_fen");
        if (given != wanted) outside_sleep_ms(PAUSE_MS);
    }
    CHECK_INT(given, wanted);
}

static void judge(struct walks *walks, const struct step *step) {
    const struct walk *walk = step->walk;
    struct outside_reply order =
        outside_get(&step->walker->own, walks->buyer, "/api/orders/%s", walk->order_id);
    OUTSIDE_STATUS(&order, 200);
    int64_t paid = outside_int(&order, "paid_fen"), back = outside_int(&order, "refunded_fen");
    CHECK_INT(paid, outside_int(&order, "total_fen"));
    struct outside_reply cases =
        outside_get(&step->walker->own, walks->buyer, "/api/cases?order=%s", walk->order_id);
    OUTSIDE_STATUS(&cases, 200);
    CHECK_INT(outside_count(&cases, "items"), walk->end == WALK_CLAIMED ? 1 : 0);
    struct text state = outside_text(&order, "state");
    if (walk->end == WALK_GIVEN_BACK) {
        CHECK_TEXT(state, "refunded");
        CHECK_INT(back, paid);
    } else if (walk->end == WALK_SENT) {
        CHECK_TEXT(state, "shipped");
        CHECK_INT(back, 0);
    } else {
        CHECK_TEXT(outside_text(&cases, "items.0.state"), "closed");
        CHECK(back > 0 && back == outside_int(&cases, "items.0.refunded_fen"));
    }
    check_cashier(step, back);
    walks->sold += walk->end != WALK_GIVEN_BACK;
    walks->given_back += walk->end == WALK_GIVEN_BACK;
    walks->claimed += walk->end == WALK_CLAIMED;
    walks->settled++;
}

void walks_settle(struct walks *walks) {
    for (int w = 0; w < WALKERS; w++) {
        struct walker *walker = &walks->each[w];
        for (size_t i = 0; i < walker->count; i++) {
            const struct step step = {walker, &walker->items[i], true};
            CHECK(go(&step));
            judge(walks, &step);
            arena_reset(&walker->arena);
        }
    }
}

void walks_begin(struct walks *walks, struct outside *outside) {
    atomic_store(&walks->is_over, false);
    walks->outside = outside;
    walks->round++;
    for (int i = 0; i < WALKERS; i++) {
        struct walker *walker = &walks->each[i];
        walker->own = *outside;
        walker->arena.total_max = 64 * 1024 * 1024;
        walker->own.arena = &walker->arena;
        walker->all = walks;
        walker->number = i;
        walker->count = 0;
        pthread_create(&walker->thread, NULL, walk_on, walker);
    }
}

void walks_end(struct walks *walks) {
    atomic_store(&walks->is_over, true);
    for (int i = 0; i < WALKERS; i++) pthread_join(walks->each[i].thread, NULL);
}

void walks_close(struct walks *walks) {
    for (int i = 0; i < WALKERS; i++) arena_free(&walks->each[i].arena);
}

#include "app.h"
#include "ground/people/people.h"
#include "market/pay/pay.h"

#define PAY_PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(pay_path, PAY_PATH_FIELDS);
SHAPE_DEFINE(pay_path, PAY_PATH_FIELDS);

#define NOTICE_PATH_FIELDS(F, S) F(S, TEXT, gateway, .required = true, .max = 20)
SHAPE_DECLARE(pay_notice_path, NOTICE_PATH_FIELDS);
SHAPE_DEFINE(pay_notice_path, NOTICE_PATH_FIELDS);

static int64_t path_id(const struct request *q) {
    const struct pay_path *path = q->path;
    return path->id;
}

/* The road has compared the Origin with the shop's own, so the buyer is sent back to where the
 * payment was asked from. */
static refusal post_payment(struct request *q) {
    return pay_ask(q, path_id(q), request_header(q, "origin"), q->reply);
}

static refusal get_payment(struct request *q) { return pay_read(q, path_id(q), q->reply); }

static refusal post_refund(struct request *q) {
    TRY(pay_refund(q, path_id(q), q->body));
    return orders_read(q, path_id(q), q->reply);
}

static refusal post_notice(struct request *q) {
    const struct pay_notice_path *path = q->path;
    struct gateway_notice notice = {0};
    if (!text_is(path->gateway, q->app->gateway->name))
        return refuse(q, NOT_FOUND, "gateway", "没有这个支付渠道", "there is no such gateway");
    TRY(q->app->gateway->read_notice(q, &notice));
    return pay_hear(q, q->app->gateway, &notice);
}

static const char *const payment_headers[] = {"origin", NULL};
static const char *const notice_headers[] = {"sandbox-signature", NULL};

/* One notice may be for the orders of as many sellers as a bag holds, each of which was closed
 * meanwhile and is held and paid again. */
enum { NOTICE_STATEMENTS_MAX = ORDERS_LINES_MAX * 50 };

static const struct route doors[] = {
    {POST, "/api/orders/{id}/payments", MAY(buy),
     "Ask for a payment of all that was bought together", .path = &pay_path_shape,
     .reply = &pay_payment_shape, .status = 201, .handle = post_payment, .writes = true,
     .headers = payment_headers},
    {GET, "/api/payments/{id}", MAY(buy), "How a payment stands", .path = &pay_path_shape,
     .reply = &pay_payment_shape, .handle = get_payment},
    {POST, "/api/orders/{id}/refunds", MAY(refund), "Give money back, wholly or in part",
     .path = &pay_path_shape, .body = &orders_refund_draft_shape, .reply = &orders_order_shape,
     .status = 201, .handle = post_refund, .writes = true},
    {POST, "/api/payment-notices/{gateway}", PUBLIC, "A payment provider's signed callback",
     .path = &pay_notice_path_shape, .handle = post_notice, .writes = true, .callback = true,
     .statement_max = NOTICE_STATEMENTS_MAX, .headers = notice_headers},
};

static const struct job_kind jobs[] = {
    {.name = "pay.prepare", .call = pay_prepare_outside, .run = pay_prepare_inside},
    {.name = "pay.refund", .call = pay_refund_outside, .run = pay_refund_inside},
};

static const struct listener listeners[] = {{&people_export_asked, pay_hear_export}};

const struct room pay_room = {
    .name = "pay",
    .schema = "src/market/pay/schema.sql",
    .routes = ROOM_LIST(doors),
    .listeners = ROOM_LIST(listeners),
    .jobs = ROOM_LIST(jobs),
    .check = pay_check,
};

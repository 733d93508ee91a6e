/* The doors of the inbox and of its words, and what the other rooms announce. */
#include "ground/people/people.h"
#include "market/aftersales/aftersales.h"
#include "market/listings/listings.h"
#include "market/messages/inside.h"
#include "market/onboarding/onboarding.h"
#include "market/orders/orders.h"

#define MESSAGES_PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(messages_path, MESSAGES_PATH_FIELDS);
SHAPE_DEFINE(messages_path, MESSAGES_PATH_FIELDS);

#define MESSAGES_THROUGH_FIELDS(F, S)                                                              \
    F(S, ID, through, .required = true, .about = "the newest one that was shown")
SHAPE_DECLARE(messages_through, MESSAGES_THROUGH_FIELDS);
SHAPE_DEFINE(messages_through, MESSAGES_THROUGH_FIELDS);

#define MESSAGES_KIND_PATH_FIELDS(F, S) F(S, TEXT, kind, .required = true, .min = 1, .max = 40)
SHAPE_DECLARE(messages_kind_path, MESSAGES_KIND_PATH_FIELDS);
SHAPE_DEFINE(messages_kind_path, MESSAGES_KIND_PATH_FIELDS);

static refusal get_inbox(struct request *q) { return messages_list(q, q->query, q->reply); }
static refusal post_read(struct request *q) {
    return messages_read(q, ((const struct messages_path *)q->path)->id, q->reply);
}
static refusal post_reads(struct request *q) {
    return messages_read_through(q, ((const struct messages_through *)q->body)->through, q->reply);
}

static refusal get_words(struct request *q) { return messages_templates_list(q, q->reply); }
static refusal kind_of(struct request *q, enum messages_kind *ret_kind) {
    unsigned found;
    if (!shape_enum_find(&messages_kind_enum, ((const struct messages_kind_path *)q->path)->kind,
                         &found))
        return refuse(q, NOT_FOUND, "kind", "没有这种消息", "there is no such kind of message");
    *ret_kind = (enum messages_kind)found;
    return NULL;
}
static refusal put_words(struct request *q) {
    enum messages_kind kind = MESSAGES_ORDER_SHIPPED;
    TRY(kind_of(q, &kind));
    return messages_template_put(q, kind, q->body, q->reply);
}
static refusal delete_words(struct request *q) {
    enum messages_kind kind = MESSAGES_ORDER_SHIPPED;
    TRY(kind_of(q, &kind));
    return messages_template_reset(q, kind, q->reply);
}

static const struct route doors[] = {
    {GET, "/api/messages", MAY(account), "What the house wrote to oneself, the newest first",
     .query = &messages_query_shape, .reply = &messages_inbox_shape, .handle = get_inbox},
    {POST, "/api/messages/{id}/reads", MAY(account), "It was read", .path = &messages_path_shape,
     .reply = &messages_unread_shape, .handle = post_read, .writes = true},
    {POST, "/api/messages/reads", MAY(account), "All up to one were read",
     .body = &messages_through_shape, .reply = &messages_unread_shape, .handle = post_reads,
     .writes = true},
    {GET, "/api/message-words", MAY(operate), "What is said of each kind of event",
     .reply = &messages_templates_shape, .handle = get_words},
    {PUT, "/api/message-words/{kind}", MAY(operate), "Say it otherwise, or not at all",
     .path = &messages_kind_path_shape, .body = &messages_draft_shape,
     .reply = &messages_template_shape, .handle = put_words, .writes = true},
    {DELETE, "/api/message-words/{kind}", MAY(operate), "Back to the words that the house has",
     .path = &messages_kind_path_shape, .reply = &messages_template_shape, .handle = delete_words,
     .writes = true},
};

/* ---- what is heard ---- */

static refusal tell_order(struct request *q, const struct orders_told *told,
                          enum messages_kind kind) {
    return messages_tell(q, &(struct messages_event){.kind = kind,
                                                     .person_id = told->buyer_id,
                                                     .about = MESSAGES_OF_ORDER,
                                                     .about_id = told->order_id,
                                                     .order_id = told->order_id,
                                                     .seller_id = told->seller_id,
                                                     .sum_fen = told->amount});
}

static refusal hear_shipped(struct request *q, const void *data) {
    return tell_order(q, data, MESSAGES_ORDER_SHIPPED);
}

/* Money of a case is told as the case's end. */
static refusal hear_refunded(struct request *q, const void *data) {
    const struct orders_told *told = data;
    if (told->is_of_case) return NULL;
    return tell_order(q, told,
                      told->is_called_off ? MESSAGES_ORDER_CANCELLED : MESSAGES_ORDER_REFUNDED);
}

/* What the seller did, or silence did in the seller's place. */
static bool read_move(const struct aftersales_moved *moved, enum messages_answer *ret_answer) {
    static const struct {
        enum aftersales_state from, to;
        enum messages_answer answer;
    } answers[] = {
        {AFTERSALES_OPEN, AFTERSALES_OFFERED, MESSAGES_OFFERED},
        {AFTERSALES_REPLACING, AFTERSALES_OFFERED, MESSAGES_OFFERED},
        {AFTERSALES_OPEN, AFTERSALES_REFUSED, MESSAGES_REFUSED},
        {AFTERSALES_OPEN, AFTERSALES_RETURNING, MESSAGES_SEND_BACK},
        {AFTERSALES_OPEN, AFTERSALES_REPLACING, MESSAGES_WILL_REPLACE},
        {AFTERSALES_RETURNED, AFTERSALES_REPLACING, MESSAGES_WILL_REPLACE},
        {AFTERSALES_REPLACING, AFTERSALES_REPLACED, MESSAGES_REPLACED},
    };
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        if (answers[i].from == moved->from && answers[i].to == moved->to) {
            *ret_answer = answers[i].answer;
            return true;
        }
    return false;
}

static refusal hear_case_moved(struct request *q, const void *data) {
    const struct aftersales_moved *moved = data;
    struct messages_event event = {.kind = MESSAGES_CASE_ANSWERED,
                                   .person_id = moved->buyer_id,
                                   .about = MESSAGES_OF_CASE,
                                   .about_id = moved->case_id,
                                   .order_id = moved->order_id,
                                   .seller_id = moved->seller_id,
                                   .sum_fen = moved->amount};
    return read_move(moved, &event.answer) ? messages_tell(q, &event) : NULL;
}

/* Who gave a case up, or let it lapse, knows. */
static refusal hear_case_closed(struct request *q, const void *data) {
    const struct aftersales_told *told = data;
    bool is_money = fen_is_positive(told->refunded);
    if (!is_money && !told->was_arbitrated) return NULL;
    if (told->outcome == AFTERSALES_WITHDRAWN) return NULL;
    return messages_tell(
        q, &(struct messages_event){.kind = told->was_arbitrated ? MESSAGES_CASE_DECIDED
                                                                 : MESSAGES_CASE_REFUNDED,
                                    .person_id = told->buyer_id,
                                    .about = MESSAGES_OF_CASE,
                                    .about_id = told->case_id,
                                    .order_id = told->order_id,
                                    .seller_id = told->seller_id,
                                    .sum_fen = told->refunded,
                                    .answer = is_money ? MESSAGES_MONEY : MESSAGES_NO_MONEY});
}

static refusal hear_complaint(struct request *q, const void *data) {
    const struct aftersales_settled *settled = data;
    return messages_tell(q, &(struct messages_event){.kind = MESSAGES_COMPLAINT_ANSWERED,
                                                     .person_id = settled->buyer_id,
                                                     .about = MESSAGES_OF_COMPLAINT,
                                                     .about_id = settled->id,
                                                     .seller_id = settled->seller_id,
                                                     .shop = settled->seller_name});
}

static refusal tell_invoice(struct request *q, const struct aftersales_settled *settled,
                            enum messages_kind kind) {
    return messages_tell(q, &(struct messages_event){.kind = kind,
                                                     .person_id = settled->buyer_id,
                                                     .about = MESSAGES_OF_INVOICE,
                                                     .about_id = settled->id,
                                                     .order_id = settled->order_id,
                                                     .seller_id = settled->seller_id});
}

static refusal hear_issued(struct request *q, const void *data) {
    return tell_invoice(q, data, MESSAGES_INVOICE_ISSUED);
}
static refusal hear_not_issued(struct request *q, const void *data) {
    return tell_invoice(q, data, MESSAGES_INVOICE_REFUSED);
}

static refusal hear_listing(struct request *q, const void *data) {
    const struct listings_told *told = data;
    return messages_tell(q, &(struct messages_event){.kind = told->is_listed
                                                                 ? MESSAGES_LISTING_LISTED
                                                                 : MESSAGES_LISTING_REFUSED,
                                                     .person_id = told->person_id,
                                                     .about = MESSAGES_OF_LISTING,
                                                     .about_id = told->listing_id,
                                                     .seller_id = told->seller_id,
                                                     .goods = told->title,
                                                     .reason = told->reason});
}

static refusal hear_application(struct request *q, const void *data) {
    const struct onboarding_told *told = data;
    struct messages_event event = {.kind = MESSAGES_APPLICATION_REFUSED,
                                   .person_id = told->person_id,
                                   .about = MESSAGES_OF_APPLICATION,
                                   .about_id = told->application_id,
                                   .shop = told->name,
                                   .reason = told->reason};
    if (told->state == ONBOARDING_RECOMMENDED) event.kind = MESSAGES_APPLICATION_RECOMMENDED;
    if (told->state == ONBOARDING_ACCEPTED) event.kind = MESSAGES_APPLICATION_ACCEPTED;
    return messages_tell(q, &event);
}

static const struct listener listeners[] = {
    {&orders_was_shipped, hear_shipped},
    {&orders_was_refunded, hear_refunded},
    {&aftersales_case_moved, hear_case_moved},
    {&aftersales_case_closed, hear_case_closed},
    {&aftersales_complaint_answered, hear_complaint},
    {&aftersales_invoice_issued, hear_issued},
    {&aftersales_invoice_refused, hear_not_issued},
    {&listings_was_decided, hear_listing},
    {&onboarding_was_judged, hear_application},
    {&people_wiped, messages_hear_wiped},
    {&people_export_asked, messages_hear_export},
};

static const struct job_kind jobs[] = {
    {.name = "messages.write", .run = messages_write},
    {.name = "messages.sweep", .run = messages_sweep, .every_ms = HOUR_MS},
};

const struct room messages_room = {
    .name = "messages",
    .schema = "src/market/messages/schema.sql",
    .routes = ROOM_LIST(doors),
    .listeners = ROOM_LIST(listeners),
    .jobs = ROOM_LIST(jobs),
    .check = messages_check,
};

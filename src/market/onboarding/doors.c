#include "ground/jobs/jobs.h"
#include "ground/people/people.h"
#include "market/onboarding/inside.h"

#define PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(onboarding_path, PATH_FIELDS);
SHAPE_DEFINE(onboarding_path, PATH_FIELDS);

static int64_t path_id(const struct request *q) {
    const struct onboarding_path *path = q->path;
    return path->id;
}

static refusal get_kinds(struct request *q) {
    onboarding_kinds(q, q->reply);
    return NULL;
}

static refusal get_applications(struct request *q) {
    return onboarding_list(q, q->query, q->reply);
}

static refusal get_application(struct request *q) {
    return onboarding_read(q, path_id(q), q->reply);
}

static refusal post_application(struct request *q) {
    int64_t id;
    TRY(onboarding_put(q, 0, q->body, &id));
    return onboarding_read(q, id, q->reply);
}

static refusal put_application(struct request *q) {
    int64_t id;
    TRY(onboarding_put(q, path_id(q), q->body, &id));
    return onboarding_read(q, id, q->reply);
}

static refusal post_submission(struct request *q) {
    TRY(onboarding_submit(q, path_id(q)));
    return onboarding_read(q, path_id(q), q->reply);
}

static refusal post_withdrawal(struct request *q) {
    TRY(onboarding_withdraw(q, path_id(q)));
    return onboarding_read(q, path_id(q), q->reply);
}

static refusal post_recommendation(struct request *q) {
    TRY(onboarding_recommend(q, path_id(q), q->body));
    return onboarding_read(q, path_id(q), q->reply);
}

static refusal post_decision(struct request *q) {
    TRY(onboarding_decide(q, path_id(q), q->body));
    return onboarding_read(q, path_id(q), q->reply);
}

static refusal post_contact_view(struct request *q) {
    const struct onboarding_reason *body = q->body;
    return onboarding_see_contact(q, path_id(q), body->reason, q->reply);
}

static const struct route doors[] = {
    {GET, "/api/seller-kinds", PUBLIC, "The kinds of sellers and what each has to show",
     .reply = &onboarding_kind_page_shape, .handle = get_kinds},
    {GET, "/api/seller-applications", MAY(account),
     "One's own applications to sell, or those of a desk", .query = &onboarding_list_query_shape,
     .reply = &onboarding_card_page_shape, .handle = get_applications},
    {POST, "/api/seller-applications", MAY(account), "Begin an application to sell",
     .body = &onboarding_draft_shape, .reply = &onboarding_application_shape, .status = 201,
     .handle = post_application, .writes = true},
    {GET, "/api/seller-applications/{id}", MAY(account), "One application with its steps",
     .path = &onboarding_path_shape, .reply = &onboarding_application_shape,
     .handle = get_application},
    {PUT, "/api/seller-applications/{id}", MAY(account), "Fill in or mend an application",
     .path = &onboarding_path_shape, .body = &onboarding_draft_shape,
     .reply = &onboarding_application_shape, .handle = put_application, .writes = true},
    {POST, "/api/seller-applications/{id}/submissions", MAY(account), "Send an application in",
     .path = &onboarding_path_shape, .reply = &onboarding_application_shape, .status = 201,
     .handle = post_submission, .writes = true},
    {POST, "/api/seller-applications/{id}/withdrawal", MAY(account), "Take an application back",
     .path = &onboarding_path_shape, .reply = &onboarding_application_shape,
     .handle = post_withdrawal, .writes = true},
    {POST, "/api/seller-applications/{id}/recommendations", MAY(review),
     "What the county says: recommended, or back with a reason", .path = &onboarding_path_shape,
     .body = &onboarding_opinion_shape, .reply = &onboarding_application_shape, .status = 201,
     .handle = post_recommendation, .writes = true},
    {POST, "/api/seller-applications/{id}/decisions", MAY(review),
     "What the platform says: let in, or back with a reason", .path = &onboarding_path_shape,
     .body = &onboarding_opinion_shape, .reply = &onboarding_application_shape, .status = 201,
     .handle = post_decision, .writes = true},
    {POST, "/api/seller-applications/{id}/contact-views", MAY(unmask),
     "See the contact in clear, for a reason that the applicant can read",
     .path = &onboarding_path_shape, .body = &onboarding_reason_shape,
     .reply = &onboarding_contact_shape, .status = 201, .handle = post_contact_view, .writes = true,
     .secret_reply = true},
};

static const struct listener listeners[] = {
    {&people_closing, onboarding_hear_leaving},
    {&people_wiped, onboarding_hear_wiped},
    {&people_export_asked, onboarding_hear_export},
};

static const struct job_kind jobs[] = {{.name = "onboarding.forget", .run = onboarding_forget}};

const struct room onboarding_room = {
    .name = "onboarding",
    .schema = "src/market/onboarding/schema.sql",
    .routes = ROOM_LIST(doors),
    .listeners = ROOM_LIST(listeners),
    .jobs = ROOM_LIST(jobs),
    .check = onboarding_check,
};

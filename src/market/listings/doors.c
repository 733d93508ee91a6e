#include "market/listings/inside.h"

#define PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(listings_path, PATH_FIELDS);
SHAPE_DEFINE(listings_path, PATH_FIELDS);

static int64_t path_id(const struct request *q) {
    const struct listings_path *path = q->path;
    return path->id;
}

static refusal get_listings(struct request *q) { return listings_list_desk(q, q->query, q->reply); }

static refusal get_own_listings(struct request *q) {
    return listings_list_seller(q, path_id(q), q->query, q->reply);
}

static refusal get_listing(struct request *q) { return listings_read(q, path_id(q), q->reply); }

static refusal post_listing(struct request *q) {
    int64_t id;
    TRY(listings_put(q, 0, q->body, &id));
    return listings_read(q, id, q->reply);
}

static refusal put_listing(struct request *q) {
    int64_t id;
    TRY(listings_put(q, path_id(q), q->body, &id));
    return listings_read(q, id, q->reply);
}

static refusal post_submission(struct request *q) {
    TRY(listings_submit(q, path_id(q)));
    return listings_read(q, path_id(q), q->reply);
}

static refusal post_withdrawal(struct request *q) {
    TRY(listings_withdraw(q, path_id(q)));
    return listings_read(q, path_id(q), q->reply);
}

static refusal post_decision(struct request *q) {
    TRY(listings_decide(q, path_id(q), q->body));
    return listings_read(q, path_id(q), q->reply);
}

static refusal get_draft(struct request *q) {
    struct catalog_goods_draft *reply = q->reply;
    int64_t place_code;
    TRY(catalog_read_draft(q, path_id(q), reply));
    refusal refused = listings_require_seller(q, "", reply->seller_id, &place_code);
    if (refused && refused->kind == PROBLEM_NOT_FOUND)
        return refuse(q, NOT_FOUND, "", "没有这件商品", "there is no such goods");
    return refused;
}

static refusal get_words(struct request *q) { return listings_read_words(q, q->reply); }

static refusal put_words(struct request *q) {
    TRY(listings_put_words(q, q->body));
    return listings_read_words(q, q->reply);
}

static const struct route doors[] = {
    {GET, "/api/listings", MAY(review), "What waits for review, longest waiting first",
     .query = &listings_desk_query_shape, .reply = &listings_card_page_shape,
     .handle = get_listings},
    {POST, "/api/listings", MAY(sell), "Begin to list a goods, or a change of one",
     .body = &listings_draft_shape, .reply = &listings_listing_shape, .status = 201,
     .handle = post_listing, .writes = true},
    {GET, "/api/listings/{id}", MAY(account),
     "One listing with what the house noticed and what would change", .path = &listings_path_shape,
     .reply = &listings_listing_shape, .handle = get_listing},
    {PUT, "/api/listings/{id}", MAY(sell), "Change a listing that is not under review",
     .path = &listings_path_shape, .body = &listings_draft_shape, .reply = &listings_listing_shape,
     .handle = put_listing, .writes = true},
    {POST, "/api/listings/{id}/submissions", MAY(sell), "Send a listing in for review",
     .path = &listings_path_shape, .reply = &listings_listing_shape, .status = 201,
     .handle = post_submission, .writes = true},
    {POST, "/api/listings/{id}/withdrawal", MAY(sell), "Take a listing back",
     .path = &listings_path_shape, .reply = &listings_listing_shape, .handle = post_withdrawal,
     .writes = true},
    {POST, "/api/listings/{id}/decisions", MAY(review), "List it, or send it back with a reason",
     .path = &listings_path_shape, .body = &listings_opinion_shape,
     .reply = &listings_listing_shape, .status = 201, .handle = post_decision, .writes = true},
    {GET, "/api/sellers/{id}/listings", MAY(sell), "A seller's listings, the newest first",
     .path = &listings_path_shape, .query = &listings_own_query_shape,
     .reply = &listings_card_page_shape, .handle = get_own_listings},
    {GET, "/api/goods/{id}/draft", MAY(sell), "What a goods is now, to be changed",
     .path = &listings_path_shape, .reply = &catalog_goods_draft_shape, .handle = get_draft},
    {GET, "/api/listing-words", MAY(review), "Words that stop a listing or are looked at",
     .reply = &listings_words_shape, .handle = get_words},
    {PUT, "/api/listing-words", MAY(operate), "Set these words", .body = &listings_words_shape,
     .reply = &listings_words_shape, .handle = put_words, .writes = true},
};

const struct room listings_room = {
    .name = "listings",
    .schema = "src/market/listings/schema.sql",
    .routes = ROOM_LIST(doors),
    .check = listings_check,
};

/* Reading listings: one, a seller's, and what a desk has to look at. */
#include "kernel/base/json.h"
#include "market/listings/inside.h"

SHAPE_ENUM_DEFINE(listings_state, LISTINGS_STATES);
SHAPE_ENUM_DEFINE(listings_step_kind, LISTINGS_STEP_KINDS);
SHAPE_DEFINE(listings_step, LISTINGS_STEP_FIELDS);
SHAPE_DEFINE(listings_listing, LISTINGS_LISTING_FIELDS);
SHAPE_DEFINE(listings_row, LISTINGS_ROW_FIELDS);
SHAPE_DEFINE(listings_card, LISTINGS_CARD_FIELDS);
SHAPE_DEFINE_PAGE(listings_card);
SHAPE_DEFINE(listings_desk_query, LISTINGS_DESK_QUERY_FIELDS);
SHAPE_DEFINE(listings_own_query, LISTINGS_OWN_QUERY_FIELDS);

/* ---- who may ---- */

refusal listings_require_seller(struct request *q, const char *field, int64_t seller_id,
                                int64_t *ret_place_code) {
    struct owner owner = {0};
    refusal refused = catalog_seller_owner(q, seller_id, &owner);
    if (refused && refused->kind != PROBLEM_NOT_FOUND) return refused;
    if (refused || !request_reaches(q, PERMISSION_sell, owner))
        return refuse(q, NOT_FOUND, field, "没有这家店", "there is no such seller");
    *ret_place_code = owner.place_code;
    return NULL;
}

bool listings_is_seller(const struct request *q, const struct listings_row *row) {
    return request_reaches(
        q, PERMISSION_sell,
        (struct owner){.organisation_id = row->shown.seller_id, .place_code = row->place_code});
}

bool listings_is_reviewer(const struct request *q, const struct listings_row *row) {
    return row->shown.submitted_at.ms > 0 &&
           request_reaches(q, PERMISSION_review, (struct owner){.place_code = row->place_code});
}

static refusal read_draft(struct request *q, struct text json,
                          struct catalog_goods_draft *ret_draft) {
    return shape_read_json(&catalog_goods_draft_shape, q->arena, json_read(q->arena, json, NULL),
                           ret_draft);
}

refusal listings_row_of(struct request *q, int64_t id, struct listings_row *ret_row) {
    struct listings_row row;
    bool found;
    TRY(db_row(q->db,
               SQL("i", "SELECT listing_id AS \"shown.id\", state AS \"shown.state\","
                        " is_revision AS \"shown.is_revision\", goods_id AS \"shown.goods_id\","
                        " seller_id AS \"shown.seller_id\", reason AS \"shown.reason\","
                        " made_at AS \"shown.made_at\", changed_at AS \"shown.changed_at\","
                        " submitted_at AS \"shown.submitted_at\", place_code, draft, before_draft"
                        " FROM listings_listing WHERE listing_id = $1"),
               PARAMS(id), &listings_row_shape, &row, &found));
    if (!found || (!listings_is_seller(q, &row) && !listings_is_reviewer(q, &row)))
        return refuse(q, NOT_FOUND, "id", "没有这份上架申请", "there is no such listing");
    TRY(read_draft(q, row.draft, &row.shown.goods));
    if (row.before_draft.length) {
        row.shown.before.items = arena_new(q->arena, struct catalog_goods_draft, 1);
        row.shown.before.count = 1;
        TRY(read_draft(q, row.before_draft, row.shown.before.items));
    }
    *ret_row = row;
    return NULL;
}

/* ---- one ---- */

static void note_may(struct request *q, const struct listings_row *row,
                     struct listings_listing *reply) {
    bool seller = listings_is_seller(q, row);
    enum listings_state state = reply->state;
    bool with_seller = state == LISTINGS_DRAFT || state == LISTINGS_REFUSED;
    const struct {
        const char *word;
        bool may;
    } all[] = {
        {"edit", seller && with_seller},
        {"submit", seller && with_seller},
        {"withdraw", seller && (with_seller || state == LISTINGS_SUBMITTED)},
        {"decide", state == LISTINGS_SUBMITTED && listings_is_reviewer(q, row) && !seller},
    };
    enum { ALL = sizeof(all) / sizeof(all[0]) };
    reply->may = (struct text_list){arena_new(q->arena, struct text, ALL), 0};
    for (size_t i = 0; i < ALL; i++)
        if (all[i].may) reply->may.items[reply->may.count++] = text_of(all[i].word);
}

static refusal show_findings(struct request *q, struct listings_listing *reply) {
    struct listings_found *found = arena_new(q->arena, struct listings_found, 1);
    TRY(listings_find(q, &reply->goods, found));
    reply->category_name = found->category_name;
    reply->findings.items = arena_new(q->arena, struct listings_finding, found->count);
    reply->findings.count = found->count;
    for (size_t i = 0; i < found->count; i++)
        reply->findings.items[i] =
            (struct listings_finding){found->items[i].level, text_of(found->items[i].field),
                                      q->english ? found->items[i].en : found->items[i].zh};
    return NULL;
}

refusal listings_read(struct request *q, int64_t id, struct listings_listing *ret_reply) {
    struct listings_row row;
    TRY(listings_row_of(q, id, &row));
    struct listings_listing reply = row.shown;
    TRY(show_findings(q, &reply));
    TRY(db_rows(q->db,
                SQL("ii", "SELECT kind, words, at FROM listings_step WHERE listing_id = $1"
                          " ORDER BY step_id DESC LIMIT $2"),
                PARAMS(id, (int64_t)LISTINGS_STEPS_SHOWN), &listings_step_shape, &reply.steps));
    reply.origin = places_origin_of(q->arena, reply.goods.place_code);
    note_may(q, &row, &reply);
    *ret_reply = reply;
    return NULL;
}

/* ---- lists ---- */

#define CARD_ROW_FIELDS(F, S)                                                                      \
    F(S, OBJECT, card, listings_card)                                                              \
    F(S, ID, place_code)
SHAPE_DECLARE(listings_card_row, CARD_ROW_FIELDS);
SHAPE_DEFINE(listings_card_row, CARD_ROW_FIELDS);

#define CARD_COLUMNS                                                                               \
    "SELECT listing_id AS \"card.id\", state AS \"card.state\","                                   \
    " is_revision AS \"card.is_revision\", goods_id AS \"card.goods_id\","                         \
    " seller_id AS \"card.seller_id\", title AS \"card.title\", picture AS \"card.picture\","      \
    " reason AS \"card.reason\", changed_at AS \"card.changed_at\","                               \
    " submitted_at AS \"card.submitted_at\", place_code FROM listings_listing"

static void fill_page(struct request *q, struct listings_card_row_list rows, int64_t limit,
                      struct listings_card_page *ret_page) {
    if (rows.count > (size_t)limit) {
        const struct listings_card *last = &rows.items[--rows.count - 1].card;
        ret_page->next =
            catalog_key_write(q->arena, (struct catalog_key){last->submitted_at.ms, last->id});
    }
    ret_page->items.items = arena_new(q->arena, struct listings_card, rows.count);
    ret_page->items.count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        ret_page->items.items[i] = rows.items[i].card;
        ret_page->items.items[i].origin_name =
            places_origin_of(q->arena, rows.items[i].place_code).short_name;
    }
}

refusal listings_list_desk(struct request *q, const struct listings_desk_query *query,
                           struct listings_card_page *ret_page) {
    struct text state = query->state.length ? query->state : TEXT("submitted");
    struct places_reach reach;
    struct catalog_key after = {0};
    struct listings_card_row_list rows = {0};
    unsigned known;
    TRY(catalog_key_read(q, query->after, &after));
    if (!shape_enum_find(&listings_state_enum, state, &known) || known == LISTINGS_DRAFT)
        return refuse(q, BAD_INPUT, "state", "没有这种状态", "there is no such state");
    TRY(places_reach_of(q, PERMISSION_review, query->place, &reach));
    TRY(db_rows(q->db,
                SQL("tiiiiiiiiiii",
                    CARD_COLUMNS " WHERE state = $1 AND (submitted_at, listing_id) > ($2, $3)"
                                 " AND submitted_at > 0 AND (place_code BETWEEN $4 AND $5"
                                 " OR place_code BETWEEN $6 AND $7 OR place_code BETWEEN $8 AND $9"
                                 " OR place_code BETWEEN $10 AND $11)"
                                 " ORDER BY submitted_at, listing_id LIMIT $12"),
                PARAMS(state, after.key, after.id, reach.first[0], reach.last[0], reach.first[1],
                       reach.last[1], reach.first[2], reach.last[2], reach.first[3], reach.last[3],
                       query->limit + 1),
                &listings_card_row_shape, &rows));
    fill_page(q, rows, query->limit, ret_page);
    return NULL;
}

refusal listings_list_seller(struct request *q, int64_t seller_id,
                             const struct listings_own_query *query,
                             struct listings_card_page *ret_page) {
    struct catalog_key after = {0, INT64_MAX};
    struct listings_card_row_list rows = {0};
    int64_t place_code;
    TRY(listings_require_seller(q, "", seller_id, &place_code));
    TRY(catalog_key_read(q, query->after, &after));
    TRY(db_rows(q->db,
                SQL("iii", CARD_COLUMNS " WHERE seller_id = $1 AND listing_id < $2"
                                        " ORDER BY listing_id DESC LIMIT $3"),
                PARAMS(seller_id, after.id, query->limit + 1), &listings_card_row_shape, &rows));
    fill_page(q, rows, query->limit, ret_page);
    return NULL;
}

enum { COUNT_MAX = 1000 };

refusal listings_count_waiting(struct request *q, int64_t place_code, int64_t *ret_count) {
    const int64_t last = places_last_code(place_code);
    return db_int(q->db,
                  SQL("iii", "SELECT count(*) FROM (SELECT listing_id FROM listings_listing"
                             " WHERE state = 'submitted' AND place_code BETWEEN $1 AND $2"
                             " LIMIT $3) AS waiting"),
                  PARAMS(place_code, last, (int64_t)COUNT_MAX), ret_count, NULL);
}

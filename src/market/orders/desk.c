/* What the desk reads and does with many orders: lists of a seller, of a county or of all, each one
 * statement on an index that begins with what it filters on; many parcels at once; counts. */
#include "ground/audit/audit.h"
#include "ground/jobs/jobs.h"
#include "market/orders/book.h"

SHAPE_ENUM_DEFINE(orders_batch_end, ORDERS_BATCH_ENDS);
SHAPE_DEFINE(orders_batch_row, ORDERS_BATCH_ROW_FIELDS);
SHAPE_DEFINE(orders_batch_draft, ORDERS_BATCH_DRAFT_FIELDS);
SHAPE_DEFINE(orders_batch_result, ORDERS_BATCH_RESULT_FIELDS);
SHAPE_DEFINE(orders_batch, ORDERS_BATCH_FIELDS);
SHAPE_DEFINE(orders_waiting, ORDERS_WAITING_FIELDS);
SHAPE_DEFINE(orders_sum, ORDERS_SUM_FIELDS);

/* A province is the first two of twelve digits, a city the first four, a county the first six. */
static const int64_t PROVINCE_UNIT = INT64_C(10000000000);
enum { CITY_UNIT = 100000000, COUNTY_UNIT = 1000000 };

bool orders_desk_reaches(const struct request *q, struct owner owner) {
    return request_reaches(q, PERMISSION_sell, owner) ||
           request_reaches(q, PERMISSION_serve, owner) ||
           request_reaches(q, PERMISSION_audit, owner);
}

int64_t orders_read_number(struct text number) {
    struct text digits = text_trim(number);
    bool has_letters = digits.length > 2 && (digits.bytes[0] == 'X' || digits.bytes[0] == 'x') &&
                       (digits.bytes[1] == 'J' || digits.bytes[1] == 'j');
    if (has_letters) digits = text_slice(digits, 2, digits.length);
    int64_t id = 0;
    return text_to_int64(digits, &id) && id > 0 ? id : 0;
}

/* ---- lists ---- */

/* What a list of the desk goes by, with its bounds worked out. */
struct desk {
    const struct orders_list_query *query;
    int64_t seller_id;   /* 0: not of one seller */
    int64_t first_place; /* bounds of the seller's place */
    int64_t last_place;
    int64_t from_id; /* from this on */
    int64_t before_id;
};

/* A seller that somebody else keeps and one that is not there are told in the same words. */
static refusal require_seller(struct request *q, int64_t seller_id) {
    struct owner owner = {.organisation_id = seller_id};
    if (orders_desk_reaches(q, owner)) return NULL;
    refusal refused = catalog_seller_owner(q, seller_id, &owner);
    if (refused && refused->kind != PROBLEM_NOT_FOUND) return refused;
    if (!refused && orders_desk_reaches(q, owner)) return NULL;
    return refuse(q, NOT_FOUND, "seller", "没有这家店", "there is no such seller");
}

static refusal open_desk(struct request *q, const struct orders_list_query *query,
                         struct desk *ret_desk) {
    struct desk desk = {.query = query,
                        .last_place = PLACES_LAST_CODE,
                        .from_id = query->from.ms ? ids_first(query->from) : 0,
                        .before_id = query->to.ms ? ids_first(query->to) : INT64_MAX};
    if (query->sort == ORDERS_OLDEST && query->after >= desk.from_id)
        desk.from_id = query->after < INT64_MAX ? query->after + 1 : INT64_MAX;
    if (query->sort == ORDERS_NEWEST && query->after && query->after < desk.before_id)
        desk.before_id = query->after;
    if (query->desk == ORDERS_OF_ALL) {
        if (!orders_desk_reaches(q, (struct owner){0}))
            return refuse(q, NOT_FOUND, "desk", "没有找到", "not found");
    } else if (query->desk == ORDERS_OF_PLACE) {
        struct place place;
        if (!orders_desk_reaches(q, (struct owner){.place_code = query->place}))
            return refuse(q, NOT_FOUND, "place", "没有找到", "not found");
        if (!places_find(query->place, &place))
            return refuse(q, BAD_INPUT, "place", "没有这个地区", "there is no such place");
        desk.first_place = query->place;
        desk.last_place = places_last_code(query->place);
    } else {
        desk.seller_id = query->seller;
        TRY(require_seller(q, query->seller));
    }
    *ret_desk = desk;
    return NULL;
}

/* What all lists share: $1 .. $3 are the bounds of ids and the limit; an index is walked from
 * either end. */
#define DESK_LIST(types, where, direction)                                                         \
    SQL("iii" types, ORDERS_CARD_COLUMNS                                                           \
        " WHERE " where " AND id >= $1 AND id < $2 ORDER BY id" direction " LIMIT $3")
#define DESK_PARAMS(...) PARAMS(desk->from_id, desk->before_id, desk->query->limit + 1, __VA_ARGS__)

/* A list goes by the state or by who carries the parcel, on an index that begins with the reach and
 * goes on with that. When both are asked for, the rarer decides: most parcels have come to their
 * end, so a carrier is looked for among its own and every other state among that state's. What
 * stands behind || '' is no part of an index. */
enum way { BY_ID, BY_STATE, BY_CARRIER };

static enum way way_of(const struct orders_list_query *query) {
    if (query->carrier.length == 0) return query->state.length ? BY_STATE : BY_ID;
    bool is_rare = query->state.length && !text_is(query->state, "completed");
    return is_rare ? BY_STATE : BY_CARRIER;
}

#define BY_STATE_TEXT(state, carrier)                                                              \
    " AND state = " state " AND (" carrier " = '' OR carrier || '' = " carrier ")"
#define BY_CARRIER_TEXT(state, carrier)                                                            \
    " AND carrier = " carrier " AND carrier <> '' AND (" state " = '' OR state || '' = " state ")"

/* The three ways of one reach from one end; its values are what stands behind, the state and the
 * carrier are the numbers after those. */
#define LIST_WAYS(direction, types, reach, state_at, carrier_at, ...)                              \
    switch (way_of(desk->query)) {                                                                 \
    case BY_STATE:                                                                                 \
        return db_rows(                                                                            \
            q->db, DESK_LIST(types "tt", reach BY_STATE_TEXT(state_at, carrier_at), direction),    \
            DESK_PARAMS(__VA_ARGS__, desk->query->state, desk->query->carrier),                    \
            &orders_card_shape, ret_cards);                                                        \
    case BY_CARRIER:                                                                               \
        return db_rows(                                                                            \
            q->db, DESK_LIST(types "tt", reach BY_CARRIER_TEXT(state_at, carrier_at), direction),  \
            DESK_PARAMS(__VA_ARGS__, desk->query->state, desk->query->carrier),                    \
            &orders_card_shape, ret_cards);                                                        \
    case BY_ID:                                                                                    \
        return db_rows(q->db, DESK_LIST(types, reach, direction), DESK_PARAMS(__VA_ARGS__),        \
                       &orders_card_shape, ret_cards);                                             \
    }
#define LIST_REACH(...)                                                                            \
    if (desk->query->sort == ORDERS_OLDEST) {                                                      \
        LIST_WAYS("", __VA_ARGS__)                                                                 \
    } else {                                                                                       \
        LIST_WAYS(" DESC", __VA_ARGS__)                                                            \
    }                                                                                              \
    return NULL

static refusal list_seller(struct request *q, const struct desk *desk,
                           struct orders_card_list *ret_cards) {
    LIST_REACH("i", "seller_id = $4", "$5", "$6", desk->seller_id);
}

/* A county, or a place inside one. */
static refusal list_county(struct request *q, const struct desk *desk,
                           struct orders_card_list *ret_cards) {
    LIST_REACH("iii", "seller_place_code / 1000000 = $4 AND seller_place_code BETWEEN $5 AND $6",
               "$7", "$8", desk->first_place / COUNTY_UNIT, desk->first_place, desk->last_place);
}

static refusal list_city(struct request *q, const struct desk *desk,
                         struct orders_card_list *ret_cards) {
    LIST_REACH("i", "seller_place_code / 100000000 = $4", "$5", "$6",
               desk->first_place / CITY_UNIT);
}

static refusal list_province(struct request *q, const struct desk *desk,
                             struct orders_card_list *ret_cards) {
    LIST_REACH("i", "seller_place_code / 10000000000 = $4", "$5", "$6",
               desk->first_place / PROVINCE_UNIT);
}

/* The whole house, newest first. */
static refusal list_all(struct request *q, const struct desk *desk,
                        struct orders_card_list *ret_cards) {
    LIST_REACH("i", "platform_fee_fen >= $4", "$5", "$6", (int64_t)0);
}

/* A number or a parcel names the order by itself; the desk says only whether it is seen from here.
 */
static refusal list_named(struct request *q, const struct desk *desk,
                          struct orders_card_list *ret_cards) {
    const struct orders_list_query *query = desk->query;
    if (query->number.length) {
        int64_t id = orders_read_number(query->number);
        return db_rows(
            q->db,
            SQL("iiiii", ORDERS_CARD_COLUMNS
                " WHERE id = $1 AND id < $2 AND seller_place_code BETWEEN $3 AND $4"
                " AND ($5 = 0 OR seller_id = $5)"),
            PARAMS(id, desk->before_id, desk->first_place, desk->last_place, desk->seller_id),
            &orders_card_shape, ret_cards);
    }
    return db_rows(q->db,
                   SQL("tiiiii", ORDERS_CARD_COLUMNS
                       " WHERE tracking_number = $1 AND tracking_number <> '' AND id < $2"
                       " AND seller_place_code BETWEEN $3 AND $4 AND ($5 = 0 OR seller_id = $5)"
                       " ORDER BY id DESC LIMIT $6"),
                   PARAMS(query->tracking_number, desk->before_id, desk->first_place,
                          desk->last_place, desk->seller_id, query->limit + 1),
                   &orders_card_shape, ret_cards);
}

static bool is_unsent(struct text state) {
    return text_is(state, "unpaid") || text_is(state, "paid") || text_is(state, "cancelled") ||
           text_is(state, "expired");
}

refusal orders_desk_list(struct request *q, const struct orders_list_query *query,
                         struct orders_card_list *ret_cards) {
    struct desk desk = {0};
    TRY(open_desk(q, query, &desk));
    if (query->number.length || query->tracking_number.length)
        return list_named(q, &desk, ret_cards);
    /* Only what was sent has a carrier. */
    if (query->carrier.length && is_unsent(query->state)) return NULL;
    if (desk.seller_id) return list_seller(q, &desk, ret_cards);
    if (query->desk != ORDERS_OF_PLACE) return list_all(q, &desk, ret_cards);
    if (desk.first_place / COUNTY_UNIT == desk.last_place / COUNTY_UNIT)
        return list_county(q, &desk, ret_cards);
    if (desk.first_place / CITY_UNIT == desk.last_place / CITY_UNIT)
        return list_city(q, &desk, ret_cards);
    return list_province(q, &desk, ret_cards);
}

/* ---- many parcels at once ---- */

struct batch {
    const struct orders_batch_draft *draft;
    int64_t *order_ids; /* of the rows before, for those named twice in a dry run */
    struct orders_batch *reply;
};

static void refuse_row(struct request *q, struct orders_batch_result *result, refusal refused) {
    result->end = ORDERS_BATCH_REFUSED;
    result->detail = q->english ? refused->faults[0].en : refused->faults[0].zh;
}

static bool is_named_before(const struct batch *batch, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (batch->order_ids[i] == batch->order_ids[index]) return true;
    return false;
}

/* A row that is refused here has written nothing: state and reach are looked at first, and what
 * fails after that fails the whole batch. */
static refusal ship_one(struct request *q, struct batch *batch, size_t index) {
    const struct orders_batch_row *wanted = &batch->draft->rows.items[index];
    struct orders_batch_result *result = &batch->reply->rows.items[index];
    const struct orders_shipment shipment = {wanted->carrier, wanted->tracking_number};
    struct orders_row row = {0};
    result->number = wanted->number;
    int64_t order_id = orders_read_number(wanted->number);
    batch->order_ids[index] = order_id;
    refusal refused = orders_row_of(q, order_id, &row);
    if (!refused) refused = orders_require_seller(q, PERMISSION_sell, &row);
    if (refused && refused->kind != PROBLEM_NOT_FOUND) return refused;
    if (!refused) {
        result->order_id = order_id;
        result->number = orders_number(q->arena, order_id);
        if (row.state == ORDERS_SHIPPED && text_equal(row.carrier, wanted->carrier) &&
            text_equal(row.tracking_number, wanted->tracking_number)) {
            result->end = ORDERS_BATCH_DONE_BEFORE;
            return NULL;
        }
        if (is_named_before(batch, index))
            refused = refuse(q, CONFLICT, "number", "这张单子里上面已经有这个订单了",
                             "this order stands further up already");
        else if (row.state != ORDERS_PAID)
            refused = orders_wrong_state(q, &row);
    }
    if (refused) {
        refuse_row(q, result, refused);
        return NULL;
    }
    result->end = batch->draft->dry_run ? ORDERS_BATCH_READY : ORDERS_BATCH_SHIPPED;
    return batch->draft->dry_run ? NULL : orders_ship_row(q, &row, &shipment);
}

refusal orders_ship_batch(struct request *q, const struct orders_batch_draft *draft,
                          struct orders_batch *ret_batch) {
    size_t count = draft->rows.count;
    struct orders_batch reply = {
        .rows = {arena_new(q->arena, struct orders_batch_result, count), count},
        .dry_run = draft->dry_run};
    struct batch batch = {draft, arena_new(q->arena, int64_t, count), &reply};
    for (size_t i = 0; i < count; i++) {
        TRY(ship_one(q, &batch, i));
        if (reply.rows.items[i].end == ORDERS_BATCH_SHIPPED) reply.shipped_count++;
        if (reply.rows.items[i].end == ORDERS_BATCH_REFUSED) reply.refused_count++;
    }
    *ret_batch = reply;
    if (reply.shipped_count == 0) return NULL;
    return audit_write(
        q, &(struct audit_act){.action = "orders.ship_batch",
                               .subject = "order",
                               .subject_id = reply.rows.items[0].order_id,
                               .after = text_format(q->arena, "{\"shipped\":%lld,\"refused\":%lld}",
                                                    (long long)reply.shipped_count,
                                                    (long long)reply.refused_count)});
}

/* ---- counts ---- */

#define WAITING_COLUMNS                                                                            \
    "SELECT CAST(count(*) AS BIGINT) AS count,"                                                    \
    " CAST(coalesce(sum(CASE WHEN paid_at <= $1 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late_count"   \
    " FROM (SELECT paid_at FROM orders_order WHERE "
#define WAITING(types, where)                                                                      \
    SQL("ii" types, WAITING_COLUMNS where " AND state = 'paid' ORDER BY id LIMIT $2) AS waiting")

refusal orders_count_waiting(struct request *q, struct orders_reach reach,
                             struct instant late_before, struct orders_waiting *ret_waiting) {
    bool found;
    const int64_t most = ORDERS_COUNT_MAX;
    int64_t first = reach.place_code;
    int64_t last = first ? places_last_code(first) : PLACES_LAST_CODE;
    if (reach.seller_id)
        return db_row(q->db, WAITING("i", "seller_id = $3"),
                      PARAMS(late_before, most, reach.seller_id), &orders_waiting_shape,
                      ret_waiting, &found);
    if (first / COUNTY_UNIT == last / COUNTY_UNIT)
        return db_row(q->db,
                      WAITING("iii", "seller_place_code / 1000000 = $3"
                                     " AND seller_place_code BETWEEN $4 AND $5"),
                      PARAMS(late_before, most, first / COUNTY_UNIT, first, last),
                      &orders_waiting_shape, ret_waiting, &found);
    return db_row(q->db, WAITING("ii", "seller_place_code BETWEEN $3 AND $4"),
                  PARAMS(late_before, most, first, last), &orders_waiting_shape, ret_waiting,
                  &found);
}

refusal orders_sums(struct request *q, int64_t after_seller_id, struct orders_sum_list *ret_sums) {
    return db_rows(q->db,
                   SQL("i", "SELECT seller_id, CAST(count(*) AS BIGINT) AS order_count,"
                            " CAST(sum(paid_fen) AS BIGINT) AS paid_fen,"
                            " CAST(sum(refunded_fen) AS BIGINT) AS refunded_fen"
                            " FROM orders_order WHERE seller_id > $1 AND paid_at > 0"
                            " GROUP BY seller_id ORDER BY seller_id LIMIT 50"),
                   PARAMS(after_seller_id), &orders_sum_shape, ret_sums);
}

/* ---- orders from before step 2 of the schema ---- */

enum { PLACE_SELLERS = 20, PLACE_ORDERS = 500 };
#define UNPLACED_FIELDS(F, S) F(S, ID, seller_id)
SHAPE_DECLARE(orders_unplaced, UNPLACED_FIELDS);
SHAPE_DEFINE(orders_unplaced, UNPLACED_FIELDS);

refusal orders_place_sellers(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    struct orders_unplaced_list sellers = {0};
    TRY(db_rows(q->db,
                SQL("ii", "SELECT DISTINCT seller_id FROM (SELECT seller_id FROM orders_order"
                          " WHERE seller_place_code / 1000000 = 0 ORDER BY id LIMIT $1) AS unplaced"
                          " ORDER BY seller_id LIMIT $2"),
                PARAMS((int64_t)PLACE_ORDERS, (int64_t)PLACE_SELLERS), &orders_unplaced_shape,
                &sellers));
    for (size_t i = 0; i < sellers.count; i++) {
        struct owner owner;
        TRY(catalog_seller_owner(q, sellers.items[i].seller_id, &owner));
        TRY(db_run(q->db,
                   SQL("iii", "UPDATE orders_order SET seller_place_code = $2 WHERE id IN"
                              " (SELECT id FROM orders_order WHERE seller_place_code / 1000000 = 0"
                              " AND seller_id = $1 ORDER BY id LIMIT $3)"),
                   PARAMS(owner.organisation_id, owner.place_code, (int64_t)PLACE_ORDERS), NULL));
    }
    if (sellers.count == 0) return NULL;
    return jobs_ask(q, "orders.place_sellers", 0, TEXT(""), q->now);
}

/* Sums of days: marks on the selling path, a job that adds them up, and the board that reads them.
 */
#include "insight/dashboards/dashboards.h"

#include "ground/jobs/jobs.h"
#include "market/listings/listings.h"
#include "market/onboarding/onboarding.h"

SHAPE_ENUM_DEFINE(dashboards_view, DASHBOARDS_VIEWS);
SHAPE_DEFINE(dashboards_day, DASHBOARDS_DAY_FIELDS);
SHAPE_DEFINE(dashboards_duty, DASHBOARDS_DUTY_FIELDS);
SHAPE_DEFINE(dashboards_alarm, DASHBOARDS_ALARM_FIELDS);
SHAPE_DEFINE_PAGE(dashboards_alarm);
SHAPE_DEFINE(dashboards_alarm_query, DASHBOARDS_ALARM_QUERY_FIELDS);
SHAPE_DEFINE(dashboards_board, DASHBOARDS_BOARD_FIELDS);
SHAPE_DEFINE(dashboards_query, DASHBOARDS_QUERY_FIELDS);
SHAPE_DEFINE(dashboards_part, DASHBOARDS_PART_FIELDS);
SHAPE_DEFINE(dashboards_parts, DASHBOARDS_PARTS_FIELDS);
SHAPE_DEFINE(dashboards_parts_query, DASHBOARDS_PARTS_QUERY_FIELDS);

/* ---- marks ---- */

static refusal add_mark(struct request *q, const struct orders_told *told, int64_t order_count,
                        struct fen paid, struct fen refunded) {
    return db_run(q->db,
                  SQL("iiiiiii", "INSERT INTO dashboards_mark (mark_id, seller_id, place_code, day,"
                                 " order_count, paid_fen, refunded_fen)"
                                 " VALUES ($1, $2, $3, $4, $5, $6, $7)"),
                  PARAMS(request_new_id(q), told->seller_id, told->seller_place_code,
                         instant_day_cst(q->now), order_count, paid, refunded),
                  NULL);
}

refusal dashboards_hear_paid(struct request *q, const void *data) {
    const struct orders_told *told = data;
    return add_mark(q, told, 1, told->amount, FEN(0));
}

refusal dashboards_hear_refunded(struct request *q, const void *data) {
    const struct orders_told *told = data;
    return add_mark(q, told, 0, FEN(0), told->amount);
}

/* ---- the roll-up ---- */

/* What a level of places is cut to, and what stands above it: 141031100208 is 14, 1410, 141031,
 * 141031100 and itself. A seller whose village is not known has no row of a village. */
static const struct level {
    int64_t unit;
    int64_t above;
} levels[] = {
    {INT64_C(10000000000), INT64_C(1000000000000)},
    {INT64_C(100000000), INT64_C(10000000000)},
    {INT64_C(1000000), INT64_C(100000000)},
    {INT64_C(1000), INT64_C(1000000)},
    {1, 1000},
};

#define ADD_DAYS(columns, where, groups)                                                           \
    "INSERT INTO dashboards_day (reach_id, reach, day, order_count, paid_fen, refunded_fen)"       \
    " SELECT " columns ", day, CAST(sum(order_count) AS BIGINT), CAST(sum(paid_fen) AS BIGINT),"   \
    " CAST(sum(refunded_fen) AS BIGINT) FROM dashboards_mark"                                      \
    " WHERE mark_id <= $1" where " GROUP BY " groups "day"                                         \
    " ON CONFLICT (reach_id, reach, day) DO UPDATE SET"                                            \
    " order_count = dashboards_day.order_count + excluded.order_count,"                            \
    " paid_fen = dashboards_day.paid_fen + excluded.paid_fen,"                                     \
    " refunded_fen = dashboards_day.refunded_fen + excluded.refunded_fen"

/* Every statement sees the same marks: those up to LAST_ID that were there when the transaction
 * began. One that is committed meanwhile with a lower id stays for the next time. */
static refusal add_up(struct request *q, int64_t last_id) {
    TRY(db_run(q->db, SQL("i", ADD_DAYS("seller_id, 'seller'", "", "seller_id, ")), PARAMS(last_id),
               NULL));
    TRY(db_run(q->db, SQL("i", ADD_DAYS("0, 'place'", "", "")), PARAMS(last_id), NULL));
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
        TRY(db_run(q->db,
                   SQL("iii", ADD_DAYS("place_code / $2 * $2, 'place'",
                                       " AND place_code % $3 / $2 <> 0", "place_code / $2 * $2, ")),
                   PARAMS(last_id, levels[i].unit, levels[i].above), NULL));
    return db_run(q->db, SQL("i", "DELETE FROM dashboards_mark WHERE mark_id <= $1"),
                  PARAMS(last_id), NULL);
}

#define MARKS_FIELDS(F, S) F(S, INT, count) F(S, ID, last_id)
SHAPE_DECLARE(dashboards_marks, MARKS_FIELDS);
SHAPE_DEFINE(dashboards_marks, MARKS_FIELDS);

refusal dashboards_roll_up(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    struct dashboards_marks marks = {0};
    bool found;
    TRY(db_row(q->db,
               SQL("i",
                   "SELECT CAST(count(*) AS BIGINT) AS count,"
                   " coalesce(max(mark_id), 0) AS last_id FROM"
                   " (SELECT mark_id FROM dashboards_mark ORDER BY mark_id LIMIT $1) AS oldest"),
               PARAMS((int64_t)DASHBOARDS_MARKS_MAX), &dashboards_marks_shape, &marks, &found));
    if (marks.count == 0) return NULL;
    TRY(add_up(q, marks.last_id));
    if (marks.count < DASHBOARDS_MARKS_MAX) return NULL;
    return jobs_ask(q, "dashboards.roll_up", 0, TEXT(""), q->now);
}

/* ---- whose board ---- */

static bool may_see(const struct request *q, struct owner owner) {
    static const enum permission any[] = {PERMISSION_sell, PERMISSION_serve, PERMISSION_operate,
                                          PERMISSION_audit};
    for (size_t i = 0; i < sizeof(any) / sizeof(any[0]); i++)
        if (request_reaches(q, any[i], owner)) return true;
    return false;
}

static bool counts_for_boards(const struct grant *grant) {
    return grant->permission == PERMISSION_sell || grant->permission == PERMISSION_serve ||
           grant->permission == PERMISSION_operate || grant->permission == PERMISSION_audit;
}

/* The widest reach that the principal has. */
static bool find_widest(const struct request *q, struct orders_reach *ret_reach) {
    const struct grant *widest = NULL;
    for (size_t i = 0; i < q->who->grant_count; i++) {
        const struct grant *grant = &q->who->grants[i];
        if (!counts_for_boards(grant) || grant->scope == SCOPE_OWN) continue;
        if (!widest || grant->scope > widest->scope) widest = grant;
    }
    if (!widest) return false;
    *ret_reach = (struct orders_reach){0};
    if (widest->scope == SCOPE_ORGANISATION) ret_reach->seller_id = widest->scope_id;
    if (widest->scope == SCOPE_COUNTY) ret_reach->place_code = widest->scope_id;
    return true;
}

static refusal find_reach(struct request *q, const struct dashboards_query *query,
                          struct orders_reach *ret_reach) {
    *ret_reach = (struct orders_reach){query->seller, query->seller ? 0 : query->place};
    if (query->seller) {
        struct owner owner = {.organisation_id = query->seller};
        if (may_see(q, owner)) return NULL;
        refusal refused = catalog_seller_owner(q, query->seller, &owner);
        if (refused && refused->kind != PROBLEM_NOT_FOUND) return refused;
        if (!refused && may_see(q, owner)) return NULL;
        return refuse(q, NOT_FOUND, "seller", "没有这家店", "there is no such seller");
    }
    if (query->place) {
        struct place place;
        if (places_find(query->place, &place) &&
            may_see(q, (struct owner){.place_code = query->place}))
            return NULL;
        return refuse(q, NOT_FOUND, "place", "没有这个地区", "there is no such place");
    }
    if (find_widest(q, ret_reach)) return NULL;
    return refuse(q, NOT_FOUND, "", "没有找到", "not found");
}

/* ---- the board ---- */

static refusal read_days(struct request *q, struct orders_reach reach,
                         struct dashboards_board *board) {
    struct dashboards_day_list known = {0};
    struct dashboards_day_list days = {arena_new(q->arena, struct dashboards_day, DASHBOARDS_DAYS),
                                       DASHBOARDS_DAYS};
    for (int i = 0; i < DASHBOARDS_DAYS; i++)
        days.items[i] =
            (struct dashboards_day){.day = instant_day_cst(instant_after(
                                        q->now, (i + 1 - DASHBOARDS_DAYS) * (int64_t)DAY_MS))};
    TRY(db_rows(q->db,
                SQL("itii", "SELECT day, order_count, paid_fen, refunded_fen FROM dashboards_day"
                            " WHERE reach_id = $1 AND reach = $2 AND day BETWEEN $3 AND $4"
                            " ORDER BY day LIMIT 14"),
                PARAMS(reach.seller_id ? reach.seller_id : reach.place_code,
                       reach.seller_id ? "seller" : "place", days.items[0].day,
                       days.items[DASHBOARDS_DAYS - 1].day),
                &dashboards_day_shape, &known));
    for (size_t i = 0, at = 0; i < known.count; i++) {
        while (days.items[at].day < known.items[i].day) at++;
        days.items[at] = known.items[i];
    }
    board->series = days;
    board->today = days.items[DASHBOARDS_DAYS - 1];
    board->yesterday = days.items[DASHBOARDS_DAYS - 2];
    return NULL;
}

/* The oldest mark that is not in the days yet says up to when they are whole. */
static refusal read_as_of(struct request *q, struct dashboards_board *board) {
    int64_t oldest;
    bool found;
    TRY(db_int(q->db, SQL("", "SELECT mark_id FROM dashboards_mark ORDER BY mark_id LIMIT 1"),
               NO_PARAMS, &oldest, &found));
    board->as_of = found && ids_instant(oldest).ms < q->now.ms ? ids_instant(oldest) : q->now;
    return NULL;
}

/* ---- what waits to be done: a row here is a badge of the desk ---- */

static refusal count_orders(struct request *q, struct orders_reach reach, int64_t counts[2]) {
    struct orders_waiting waiting = {0};
    struct instant late = instant_after(q->now, -DASHBOARDS_LATE_HOURS * (int64_t)HOUR_MS);
    TRY(orders_count_waiting(q, reach, late, &waiting));
    counts[0] = waiting.count;
    counts[1] = waiting.late_count;
    return NULL;
}

static refusal count_desk(struct request *q, struct orders_reach reach, int64_t counts[2]) {
    struct aftersales_waiting waiting = {0};
    TRY(aftersales_count_desk(q, reach.place_code, &waiting));
    counts[0] = waiting.case_count;
    counts[1] = waiting.other_count;
    return NULL;
}

static refusal count_at_seller(struct request *q, struct orders_reach reach, int64_t counts[2]) {
    struct aftersales_waiting waiting = {0};
    TRY(aftersales_count_seller(q, reach.seller_id, &waiting));
    counts[0] = waiting.case_count;
    counts[1] = waiting.other_count;
    return NULL;
}

static refusal count_reviews(struct request *q, struct orders_reach reach, int64_t counts[2]) {
    TRY(listings_count_waiting(q, reach.place_code, &counts[0]));
    return onboarding_count_waiting(q, reach.place_code, &counts[1]);
}

enum { DUTY_CODES_MAX = 2 };
enum duty_views { ON_EVERY_BOARD, OF_SELLERS, OF_PLACES };
static const struct duty {
    const char *codes[DUTY_CODES_MAX]; /* one call may count two things */
    enum duty_views views;
    enum permission permission; /* needed for what stands on the board of one kind of views */
    refusal (*count)(struct request *q, struct orders_reach reach, int64_t counts[DUTY_CODES_MAX]);
} duties[] = {
    {{"orders_to_ship", "orders_late"}, ON_EVERY_BOARD, PERMISSION_sell, count_orders},
    {{"cases_to_answer", "invoices_to_issue"}, OF_SELLERS, PERMISSION_serve, count_at_seller},
    {{"cases_to_decide", "complaints_to_answer"}, OF_PLACES, PERMISSION_serve, count_desk},
    {{"listings_to_review", "applications_to_review"}, OF_PLACES, PERMISSION_review, count_reviews},
};
enum { DUTIES = sizeof(duties) / sizeof(duties[0]) };

/* A duty that somebody else has to do is not shown: who audits has none. */
static bool is_due(const struct request *q, const struct duty *duty, struct orders_reach reach) {
    if (duty->views == ON_EVERY_BOARD) return true;
    if ((duty->views == OF_SELLERS) != (reach.seller_id > 0)) return false;
    return request_reaches(
        q, duty->permission,
        (struct owner){.organisation_id = reach.seller_id, .place_code = reach.place_code});
}

static void add_duty(struct dashboards_board *board, const char *code, int64_t count) {
    board->duties.items[board->duties.count++] = (struct dashboards_duty){text_of(code), count};
}

static refusal read_duties(struct request *q, struct orders_reach reach,
                           struct dashboards_board *board) {
    /* One more for the alarms, which are counted where they are listed. */
    board->duties.items = arena_new(q->arena, struct dashboards_duty, DUTIES * DUTY_CODES_MAX + 1);
    for (size_t i = 0; i < DUTIES; i++) {
        if (!is_due(q, &duties[i], reach)) continue;
        int64_t counts[DUTY_CODES_MAX] = {0};
        TRY(duties[i].count(q, reach, counts));
        for (size_t j = 0; j < DUTY_CODES_MAX && duties[i].codes[j]; j++)
            add_duty(board, duties[i].codes[j], counts[j]);
    }
    return NULL;
}

/* The emptiest shelves of a seller, and how many there are. */
static refusal list_low(struct request *q, int64_t seller_id, size_t limit,
                        struct dashboards_alarm_list *ret_list, int64_t *ret_count) {
    struct stock_alarm_list alarms = {0};
    struct catalog_offer_list offers = {0};
    int64_t sku_ids[CATALOG_OFFERS_MAX];
    TRY(stock_alarms(q, seller_id, limit < CATALOG_OFFERS_MAX ? limit : CATALOG_OFFERS_MAX, &alarms,
                     ret_count));
    for (size_t i = 0; i < alarms.count; i++) sku_ids[i] = alarms.items[i].sku_id;
    TRY(catalog_offers(q, sku_ids, alarms.count, &offers));
    ret_list->items = arena_new(q->arena, struct dashboards_alarm, alarms.count + 1);
    for (size_t i = 0; i < alarms.count; i++) {
        const struct stock_alarm *alarm = &alarms.items[i];
        struct dashboards_alarm shown = {.sku_id = alarm->sku_id,
                                         .goods_id = alarm->goods_id,
                                         .available_count = alarm->available_count,
                                         .alarm_count = alarm->alarm_count};
        for (size_t j = 0; j < offers.count; j++) {
            if (offers.items[j].sku_id != alarm->sku_id) continue;
            shown.title = offers.items[j].title;
            shown.options_text = offers.items[j].options_text;
            shown.picture = offers.items[j].picture;
        }
        ret_list->items[ret_list->count++] = shown;
    }
    return NULL;
}

/* What a county can ask its sellers about: their goods that stand there with nothing to buy. */
static void show_sold_out(struct request *q, const struct catalog_card_list *cards,
                          struct dashboards_alarm_list *ret_list) {
    ret_list->items = arena_new(q->arena, struct dashboards_alarm, cards->count + 1);
    for (size_t i = 0; i < cards->count; i++) {
        const struct catalog_card *card = &cards->items[i];
        ret_list->items[ret_list->count++] =
            (struct dashboards_alarm){.sku_id = card->sku_id,
                                      .goods_id = card->id,
                                      .title = card->title,
                                      .picture = card->picture,
                                      .seller_id = card->seller_id,
                                      .seller_name = card->seller_name};
    }
}

static refusal read_alarms(struct request *q, struct orders_reach reach,
                           struct dashboards_board *board) {
    struct catalog_card_list cards = {0};
    int64_t count;
    if (reach.seller_id) {
        TRY(list_low(q, reach.seller_id, STOCK_ALARMS_MAX, &board->alarms, &count));
        add_duty(board, "stock_alarms", count);
        return NULL;
    }
    TRY(catalog_sold_out(q, reach.place_code, STOCK_ALARMS_MAX, &cards, &count));
    add_duty(board, "goods_sold_out", count);
    show_sold_out(q, &cards, &board->alarms);
    return NULL;
}

refusal dashboards_alarms(struct request *q, const struct dashboards_alarm_query *query,
                          struct dashboards_alarm_page *ret_page) {
    const struct dashboards_query whose = {query->seller, query->place};
    struct orders_reach reach;
    struct catalog_card_page cards = {0};
    int64_t count;
    TRY(find_reach(q, &whose, &reach));
    if (reach.seller_id)
        return list_low(q, reach.seller_id, (size_t)query->limit, &ret_page->items, &count);
    TRY(catalog_sold_out_page(
        q, &(struct catalog_sold_out_query){reach.place_code, query->after, query->limit}, &cards));
    show_sold_out(q, &cards.items, &ret_page->items);
    ret_page->next = cards.next;
    return NULL;
}

refusal dashboards_read(struct request *q, const struct dashboards_query *query,
                        struct dashboards_board *ret_board) {
    struct orders_reach reach;
    struct place place;
    TRY(find_reach(q, query, &reach));
    struct dashboards_board board = {
        .view = reach.seller_id    ? DASHBOARDS_SELLER
                : reach.place_code ? DASHBOARDS_PLACE
                                   : DASHBOARDS_ALL,
        .seller_id = reach.seller_id,
        .place_code = reach.place_code,
        .server_at = q->now,
    };
    if (reach.place_code && places_find(reach.place_code, &place))
        board.place_name = places_short_name(&place);
    TRY(read_days(q, reach, &board));
    TRY(read_as_of(q, &board));
    TRY(read_duties(q, reach, &board));
    TRY(read_alarms(q, reach, &board));
    *ret_board = board;
    return NULL;
}

/* ---- the parts of a place ---- */

refusal dashboards_read_parts(struct request *q, const struct dashboards_parts_query *query,
                              struct dashboards_parts *ret_parts) {
    const struct dashboards_query asked = {.place = query->place};
    struct orders_reach reach;
    struct place place = {0};
    TRY(find_reach(q, &asked, &reach));
    if (reach.seller_id) return refuse(q, NOT_FOUND, "", "没有找到", "not found");
    if (reach.place_code && !places_find(reach.place_code, &place))
        return refuse(q, NOT_FOUND, "place", "没有这个地区", "there is no such place");
    if (place.level == PLACE_VILLAGE) return NULL;
    /* Without a place its level is 0, above all. */
    const struct level *part =
        &levels[place.level < PLACE_COUNTY ? PLACE_COUNTY - 1 : (size_t)place.level];
    TRY(db_rows(q->db,
                SQL("iiiiii", "SELECT reach_id AS place_code, order_count, paid_fen"
                              " FROM dashboards_day WHERE day = $1 AND reach = 'place'"
                              " AND reach_id BETWEEN $2 AND $3 AND reach_id % $4 = 0"
                              " AND reach_id % $5 <> 0 AND paid_fen > 0"
                              " ORDER BY paid_fen DESC, reach_id LIMIT $6"),
                PARAMS(instant_day_cst(q->now), reach.place_code,
                       places_last_code(reach.place_code), part->unit, part->above,
                       (int64_t)DASHBOARDS_PARTS_MAX),
                &dashboards_part_shape, &ret_parts->items));
    for (size_t i = 0; i < ret_parts->items.count; i++) {
        struct dashboards_part *shown = &ret_parts->items.items[i];
        bool known = places_find(shown->place_code, &place);
        shown->place_name = known ? places_short_name(&place) : TEXT("");
    }
    return NULL;
}

/* ---- orders from before this room ---- */

/* Days and marks of one seller together. */
#define KNOWN_FIELDS(F, S)                                                                         \
    F(S, INT, order_count)                                                                         \
    F(S, FEN, paid_fen)                                                                            \
    F(S, FEN, refunded_fen)
SHAPE_DECLARE(dashboards_known, KNOWN_FIELDS);
SHAPE_DEFINE(dashboards_known, KNOWN_FIELDS);

static refusal sum_known(struct request *q, int64_t seller_id, struct dashboards_known *ret_known) {
    bool found;
    return db_row(q->db,
                  SQL("i", "SELECT CAST(coalesce(sum(order_count), 0) AS BIGINT) AS order_count,"
                           " CAST(coalesce(sum(paid_fen), 0) AS BIGINT) AS paid_fen,"
                           " CAST(coalesce(sum(refunded_fen), 0) AS BIGINT) AS refunded_fen FROM"
                           " (SELECT order_count, paid_fen, refunded_fen FROM dashboards_day"
                           " WHERE reach_id = $1 AND reach = 'seller' UNION ALL"
                           " SELECT order_count, paid_fen, refunded_fen FROM dashboards_mark"
                           " WHERE seller_id = $1) AS known"),
                  PARAMS(seller_id), &dashboards_known_shape, ret_known, &found);
}

/* What was sold before anybody counted days stands on a day before all days. */
#define DAY_BEFORE_ALL INT64_C(20000101)

static refusal add_before(struct request *q, const struct orders_sum *sum) {
    struct dashboards_known known = {0};
    struct fen paid = FEN(0), refunded = FEN(0);
    TRY(sum_known(q, sum->seller_id, &known));
    if (!fen_subtract(sum->paid_fen, known.paid_fen, &paid) ||
        !fen_subtract(sum->refunded_fen, known.refunded_fen, &refunded))
        return refuse(q, INTERNAL, "", "金额越界", "an amount out of bounds");
    return db_run(q->db,
                  SQL("iiiii", "INSERT INTO dashboards_day (reach_id, reach, day, order_count,"
                               " paid_fen, refunded_fen) VALUES ($1, 'seller', $2, $3, $4, $5)"),
                  PARAMS(sum->seller_id, DAY_BEFORE_ALL, sum->order_count - known.order_count, paid,
                         refunded),
                  NULL);
}

refusal dashboards_begin(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    struct orders_sum_list page = {0};
    int64_t after = 0, begun;
    bool found;
    TRY(db_int(q->db,
               SQL("i", "SELECT day FROM dashboards_day"
                        " WHERE reach_id = 0 AND reach = 'place' AND day = $1"),
               PARAMS(DAY_BEFORE_ALL), &begun, &found));
    if (found) return NULL;
    do {
        TRY(orders_sums(q, after, &page));
        for (size_t i = 0; i < page.count; i++) TRY(add_before(q, &page.items[i]));
        if (page.count) after = page.items[page.count - 1].seller_id;
    } while (page.count > 0);
    return db_run(q->db,
                  SQL("i", "INSERT INTO dashboards_day (reach_id, reach, day, order_count,"
                           " paid_fen, refunded_fen) VALUES (0, 'place', $1, 0, 0, 0)"),
                  PARAMS(DAY_BEFORE_ALL), NULL);
}

/* ---- xiangji check ---- */

refusal dashboards_check(struct request *q, struct check_report *report) {
    struct orders_sum_list page = {0};
    int64_t after = 0, seller_count = 0, wrong_count = 0;
    do {
        TRY(orders_sums(q, after, &page));
        for (size_t i = 0; i < page.count; i++) {
            const struct orders_sum *sum = &page.items[i];
            struct dashboards_known known = {0};
            TRY(sum_known(q, sum->seller_id, &known));
            seller_count++;
            wrong_count += known.order_count != sum->order_count ||
                           fen_compare(known.paid_fen, sum->paid_fen) != 0 ||
                           fen_compare(known.refunded_fen, sum->refunded_fen) != 0;
            after = sum->seller_id;
        }
    } while (page.count > 0);
    const char *words = q->english ? "dashboards: %lld sellers, %lld whose days are not the sum of"
                                     " their orders"
                                   : "总览：%lld 家店，其中 %lld 家每天的数和订单对不上";
    report->line(report, wrong_count == 0,
                 text_format(q->arena, words, (long long)seller_count, (long long)wrong_count));
    return NULL;
}

/* Dashboards: today and the two weeks before it, and what waits to be done, for whoever keeps a
 * seller, a county or the whole. */
#ifndef INSIGHT_DASHBOARDS_DASHBOARDS_H
#define INSIGHT_DASHBOARDS_DASHBOARDS_H

#include "kernel/base/limits.h"
#include "market/aftersales/aftersales.h"
#include "market/orders/orders.h"
#include "market/stock/stock.h"

enum { DASHBOARDS_DAYS = 14, DASHBOARDS_LATE_HOURS = 48 };

#define DASHBOARDS_DAY_FIELDS(F, S)                                                                \
    F(S, INT, day, .about = "of China, as 20261123")                                               \
    F(S, INT, order_count, .about = "orders paid on that day")                                     \
    F(S, FEN, paid_fen)                                                                            \
    F(S, FEN, refunded_fen, .about = "given back on that day")
SHAPE_DECLARE(dashboards_day, DASHBOARDS_DAY_FIELDS);

#define DASHBOARDS_DUTY_FIELDS(F, S)                                                               \
    F(S, TEXT, code,                                                                               \
      .about = "orders_to_ship, cases_to_decide, ...: only what is the reader's to do")            \
    F(S, INT, count, .about = "a thousand means: a thousand or more")
SHAPE_DECLARE(dashboards_duty, DASHBOARDS_DUTY_FIELDS);

#define DASHBOARDS_ALARM_FIELDS(F, S)                                                              \
    F(S, ID, sku_id)                                                                               \
    F(S, ID, goods_id)                                                                             \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, options_text)                                                                       \
    F(S, TEXT, picture)                                                                            \
    F(S, ID, seller_id, .optional = true, .about = "of a place: whose shelf it is")                \
    F(S, TEXT, seller_name, .optional = true)                                                      \
    F(S, INT, available_count)                                                                     \
    F(S, INT, alarm_count)
SHAPE_DECLARE(dashboards_alarm, DASHBOARDS_ALARM_FIELDS);
SHAPE_DECLARE_PAGE(dashboards_alarm);

#define DASHBOARDS_VIEWS(X)                                                                        \
    X(DASHBOARDS_SELLER, "seller")                                                                 \
    X(DASHBOARDS_PLACE, "place")                                                                   \
    X(DASHBOARDS_ALL, "all")
SHAPE_ENUM_DECLARE(dashboards_view, DASHBOARDS_VIEWS);

#define DASHBOARDS_BOARD_FIELDS(F, S)                                                              \
    F(S, ENUM, view, dashboards_view)                                                              \
    F(S, ID, seller_id, .optional = true)                                                          \
    F(S, ID, place_code, .optional = true)                                                         \
    F(S, TEXT, place_name, .optional = true)                                                       \
    F(S, OBJECT, today, dashboards_day)                                                            \
    F(S, OBJECT, yesterday, dashboards_day)                                                        \
    F(S, LIST, series, dashboards_day, .about = "two weeks, oldest first, today last")             \
    F(S, LIST, duties, dashboards_duty)                                                            \
    F(S, LIST, alarms, dashboards_alarm,                                                           \
      .about = "of a seller the emptiest shelves, of a place what is sold out")                    \
    F(S, TIME, as_of, .about = "up to then every payment is in")                                   \
    F(S, TIME, server_at)
SHAPE_DECLARE(dashboards_board, DASHBOARDS_BOARD_FIELDS);

#define DASHBOARDS_QUERY_FIELDS(F, S)                                                              \
    F(S, ID, seller, .about = "of this seller")                                                    \
    F(S, ID, place, .about = "of the sellers of this place, 12 digits")
SHAPE_DECLARE(dashboards_query, DASHBOARDS_QUERY_FIELDS);

/* The board of a seller or a place, or, with neither, the widest that the principal may see.
 * NOT_FOUND when there is none, or not for the principal. */
refusal dashboards_read(struct request *q, const struct dashboards_query *query,
                        struct dashboards_board *ret_board);

/* What was sold today in the parts of a place: the counties of a province, of a city or of all, the
 * towns of a county, the villages of a town; those that sold most first. */
enum { DASHBOARDS_PARTS_MAX = 10 };
#define DASHBOARDS_PART_FIELDS(F, S)                                                               \
    F(S, ID, place_code)                                                                           \
    F(S, TEXT, place_name)                                                                         \
    F(S, INT, order_count, .about = "orders paid today")                                           \
    F(S, FEN, paid_fen)
SHAPE_DECLARE(dashboards_part, DASHBOARDS_PART_FIELDS);
#define DASHBOARDS_PARTS_FIELDS(F, S) F(S, LIST, items, dashboards_part)
SHAPE_DECLARE(dashboards_parts, DASHBOARDS_PARTS_FIELDS);
#define DASHBOARDS_PARTS_QUERY_FIELDS(F, S)                                                        \
    F(S, ID, place, .about = "12 digits; without it the widest place that you may see")
SHAPE_DECLARE(dashboards_parts_query, DASHBOARDS_PARTS_QUERY_FIELDS);

/* NOT_FOUND when the principal sees no such place; a shop has no parts. */
refusal dashboards_read_parts(struct request *q, const struct dashboards_parts_query *query,
                              struct dashboards_parts *ret_parts);

#define DASHBOARDS_ALARM_QUERY_FIELDS(F, S)                                                        \
    F(S, ID, seller, .about = "of this seller: the emptiest shelves, twenty at most")              \
    F(S, ID, place, .about = "of the sellers of this place, 12 digits: what is sold out")          \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)                             \
    F(S, TEXT, after, .max = 60)
SHAPE_DECLARE(dashboards_alarm_query, DASHBOARDS_ALARM_QUERY_FIELDS);
/* What a board shows the first of, page by page: what is sold out in a place or everywhere, or the
 * emptiest shelves of a seller. The reach is found as for the board. */
refusal dashboards_alarms(struct request *q, const struct dashboards_alarm_query *query,
                          struct dashboards_alarm_page *ret_page);

/* Listeners of orders_was_paid and orders_was_refunded. */
refusal dashboards_hear_paid(struct request *q, const void *data);
refusal dashboards_hear_refunded(struct request *q, const void *data);
/* The job: adds up to DASHBOARDS_MARKS_MAX marks to their days. */
enum { DASHBOARDS_MARKS_MAX = 5000 };
refusal dashboards_roll_up(struct request *q, int64_t argument, struct text text);

/* Once, when orders were paid before this room was there: what they sum up to stands on a day
 * before all days, so that the books agree and no day shows what did not happen on it. */
refusal dashboards_begin(struct request *q, int64_t argument, struct text text);

refusal dashboards_check(struct request *q, struct check_report *report);

extern const struct room dashboards_room;

#endif

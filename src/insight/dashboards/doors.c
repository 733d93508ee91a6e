#include "insight/dashboards/dashboards.h"

static refusal get_dashboard(struct request *q) { return dashboards_read(q, q->query, q->reply); }
static refusal get_parts(struct request *q) { return dashboards_read_parts(q, q->query, q->reply); }
static refusal get_alarms(struct request *q) { return dashboards_alarms(q, q->query, q->reply); }

static const struct route doors[] = {
    {GET, "/api/dashboard", MAY(account),
     "Today, the two weeks before, and what waits to be done, of a seller, a place or all",
     .query = &dashboards_query_shape, .reply = &dashboards_board_shape, .handle = get_dashboard},
    {GET, "/api/dashboard/parts", MAY(account),
     "What was sold today in the counties of a place, the towns of a county, the villages"
     " of a town",
     .query = &dashboards_parts_query_shape, .reply = &dashboards_parts_shape, .handle = get_parts},
    {GET, "/api/stock-alarms", MAY(account),
     "What is sold out in a place or everywhere, or the emptiest shelves of a seller",
     .query = &dashboards_alarm_query_shape, .reply = &dashboards_alarm_page_shape,
     .handle = get_alarms},
};

static const struct listener listeners[] = {{&orders_was_paid, dashboards_hear_paid},
                                            {&orders_was_refunded, dashboards_hear_refunded}};

static const struct job_kind jobs[] = {
    {.name = "dashboards.begin", .run = dashboards_begin, .every_ms = 10 * MINUTE_MS},
    {.name = "dashboards.roll_up", .run = dashboards_roll_up, .every_ms = 10 * SECOND_MS},
};

const struct room dashboards_room = {.name = "dashboards",
                                     .schema = "src/insight/dashboards/schema.sql",
                                     .routes = ROOM_LIST(doors),
                                     .listeners = ROOM_LIST(listeners),
                                     .jobs = ROOM_LIST(jobs),
                                     .check = dashboards_check};

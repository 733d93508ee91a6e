#include "market/exports/inside.h"

#define PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(exports_path, PATH_FIELDS);
SHAPE_DEFINE(exports_path, PATH_FIELDS);

static refusal get_exports(struct request *q) { return exports_list(q, q->query, q->reply); }

static refusal get_export(struct request *q) {
    const struct exports_path *path = q->path;
    return exports_read(q, path->id, q->reply);
}

static refusal post_export(struct request *q) {
    int64_t id;
    TRY(exports_begin(q, q->body, &id));
    return exports_read(q, id, q->reply);
}

static const struct route doors[] = {
    {POST, "/api/exports", MAY(account), "Ask for a list of the desk as a sheet",
     .body = &exports_draft_shape, .reply = &exports_export_shape, .status = 201,
     .handle = post_export, .writes = true},
    {GET, "/api/exports", MAY(account), "One's own sheets, the newest first",
     .query = &exports_list_query_shape, .reply = &exports_export_page_shape,
     .handle = get_exports},
    {GET, "/api/exports/{id}", MAY(account), "One of them", .path = &exports_path_shape,
     .reply = &exports_export_shape, .handle = get_export},
};

static const struct job_kind jobs[] = {
    {.name = "exports.work",
     .call = exports_work_call,
     .run = exports_work_run,
     .is_unhurried = true},
    {.name = "exports.sweep", .run = exports_sweep, .every_ms = HOUR_MS},
};

const struct room exports_room = {
    .name = "exports",
    .schema = "src/market/exports/schema.sql",
    .routes = ROOM_LIST(doors),
    .jobs = ROOM_LIST(jobs),
};

#include "market/imports/inside.h"

#define PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(imports_path, PATH_FIELDS);
SHAPE_DEFINE(imports_path, PATH_FIELDS);

static int64_t path_id(const struct request *q) {
    const struct imports_path *path = q->path;
    return path->id;
}

static refusal get_imports(struct request *q) { return imports_list(q, q->query, q->reply); }

static refusal get_import(struct request *q) { return imports_read(q, path_id(q), q->reply); }

static refusal get_errors(struct request *q) {
    return imports_list_errors(q, path_id(q), q->query, q->reply);
}

static refusal post_run(struct request *q) {
    TRY(imports_go(q, path_id(q), q->body));
    return imports_read(q, path_id(q), q->reply);
}

static const char *const given[] = {"text/csv; charset=utf-8", NULL};
static const char *const types[] = {"text/csv", "application/vnd.ms-excel", NULL};

static const struct route doors[] = {
    {GET, "/api/import-templates/{kind}", PUBLIC, "An empty sheet with its head and an example",
     .path = &imports_template_path_shape, .before = imports_give_template, .gives_file = true,
     .file_types = given},
    {POST, "/api/imports", MAY(sell),
     "Send a sheet in; it is checked, and goes on when that is asked for",
     .query = &imports_upload_query_shape, .reply = &imports_import_shape, .status = 201,
     .before = imports_take, .handle = imports_begin, .writes = true, .raw_types = types,
     .raw_bytes_max = SHEET_BYTES_MAX},
    {GET, "/api/imports", MAY(sell), "The imports of a seller, the newest first",
     .query = &imports_list_query_shape, .reply = &imports_import_page_shape,
     .handle = get_imports},
    {GET, "/api/imports/{id}", MAY(sell), "One import, and how far it is",
     .path = &imports_path_shape, .reply = &imports_import_shape, .handle = get_import},
    {POST, "/api/imports/{id}/runs", MAY(sell), "Let what was checked go on",
     .path = &imports_path_shape, .body = &imports_go_shape, .reply = &imports_import_shape,
     .status = 201, .handle = post_run, .writes = true},
    {GET, "/api/imports/{id}/errors", MAY(sell), "Rows that cannot be taken, and why",
     .path = &imports_path_shape, .query = &imports_errors_query_shape,
     .reply = &imports_errors_shape, .handle = get_errors},
    {GET, "/files/imports/{id}/{name}", PUBLIC, "The same rows as a sheet, by its link",
     .path = &imports_file_path_shape, .query = &files_link_query_shape,
     .before = imports_give_errors, .gives_file = true, .file_types = given},
};

static const struct job_kind jobs[] = {
    {.name = "imports.work",
     .call = imports_work_call,
     .run = imports_work_run,
     .is_unhurried = true},
};

const struct room imports_room = {
    .name = "imports",
    .schema = "src/market/imports/schema.sql",
    .routes = ROOM_LIST(doors),
    .jobs = ROOM_LIST(jobs),
    .check = imports_check,
};

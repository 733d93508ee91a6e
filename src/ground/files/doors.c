/* The doors of files: one way in, one way out, and the sweep. */
#include "ground/files/inside.h"
#include "kernel/base/limits.h"

static const char *const sheet_types[] = {
    "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    NULL};
/* Few browsers know an OFD: they call it a stream of octets, or nothing, which pages send as one.
 */
static const char *const paper_types[] = {"application/pdf", "application/ofd",
                                          "application/octet-stream", NULL};
static const char *const given_paper_types[] = {"application/pdf", "application/ofd", NULL};
static const char *const paper_headers[] = {"content-type", NULL};
static const char *const types[] = {"image/jpeg", "image/png", "image/webp", NULL};

static const struct route routes[] = {
    {POST, "/api/files", MAY(account), "Upload a picture", .query = &files_upload_query_shape,
     .reply = &files_file_shape, .status = 201, .before = files_take, .handle = files_note,
     .writes = true, .raw_types = types, .raw_bytes_max = LIMIT_RAW_BYTES},
    {GET, "/files/{name}", PUBLIC, "A picture in one of its sizes: HASH-720.webp",
     .path = &files_name_path_shape, .query = &files_link_query_shape, .before = files_give,
     .gives_file = true},
    {POST, "/api/files/papers", MAY(serve), "Upload the PDF or OFD of an invoice",
     .reply = &files_paper_shape, .status = 201, .before = files_take_paper,
     .handle = files_note_paper, .writes = true, .headers = paper_headers, .raw_types = paper_types,
     .raw_bytes_max = FILES_PAPER_BYTES_MAX},
    {GET, "/files/papers/{name}", PUBLIC,
     "A paper to be saved, by the link that somebody was given", .path = &files_name_path_shape,
     .query = &files_link_query_shape, .before = files_give_paper, .gives_file = true,
     .file_types = given_paper_types},
    {GET, "/files/sheets/{id}/{name}", PUBLIC, "A sheet, by the link that somebody was given",
     .path = &files_sheet_path_shape, .query = &files_link_query_shape, .before = files_give_sheet,
     .gives_file = true, .file_types = sheet_types},
};

static const struct job_kind jobs[] = {
    {.name = "files.sweep", .call = files_sweep_call, .run = files_sweep_run, .every_ms = HOUR_MS},
    {.name = "files.sweep_papers",
     .call = files_sweep_papers_call,
     .run = files_sweep_papers_run,
     .every_ms = HOUR_MS},
    {.name = "files.sweep_sheets",
     .call = files_sweep_sheets_call,
     .run = files_sweep_sheets_run,
     .every_ms = HOUR_MS},
};

const struct room files_room = {.name = "files",
                                .schema = "src/ground/files/schema.sql",
                                .routes = ROOM_LIST(routes),
                                .jobs = ROOM_LIST(jobs),
                                .check = files_check};

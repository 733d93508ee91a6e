/* Sheets: bytes that are one person's, for some days. They are written once under an id of their
 * own, so nothing is ever written over, and what a crash leaves behind has a row that ends within
 * the hour. */
#include <string.h>

#include "app.h"
#include "ground/files/inside.h"
#include "ground/jobs/jobs.h"

SHAPE_DEFINE(files_sheet_path, FILES_SHEET_PATH_FIELDS);

enum { SHEET_UNHELD_MS = HOUR_MS, SWEEP_SHEETS = 50 };

static struct text key_of(struct arena *arena, int64_t id) {
    return text_format(arena, "private/sheets/%lld", (long long)id);
}

/* ---- keeping ---- */

static refusal note_sheet(struct request *q, void *context) {
    int64_t *id = context;
    *id = request_new_id(q);
    return db_run(q->db, SQL("ii", "INSERT INTO files_sheet (sheet_id, ends_at) VALUES ($1, $2)"),
                  PARAMS(*id, instant_after(q->now, SHEET_UNHELD_MS)), NULL);
}

refusal files_keep_sheet(struct request *q, struct bytes bytes, int64_t *ret_id) {
    const struct file_store *store = q->app->files;
    TRY(road_work(q->app, q->arena, true, note_sheet, ret_id));
    const struct file_blob blob = {key_of(q->arena, *ret_id), "application/octet-stream", bytes};
    return store->put(store, q->arena, &blob) ? NULL : files_no_answer(q);
}

refusal files_hold_sheet(struct request *q, int64_t id, struct instant until) {
    int64_t changed;
    TRY(db_run(q->db,
               SQL("iii", "UPDATE files_sheet SET ends_at = $2 WHERE sheet_id = $1 "
                          "AND ends_at > $3"),
               PARAMS(id, until, q->now), &changed));
    return changed == 1 ? NULL : files_no_answer(q);
}

refusal files_end_sheet(struct request *q, int64_t id) {
    return db_run(
        q->db,
        SQL("ii", "UPDATE files_sheet SET ends_at = $2 WHERE sheet_id = $1 AND ends_at > $2"),
        PARAMS(id, q->now), NULL);
}

/* ---- giving ---- */

static refusal absent(struct request *q) {
    return refuse(q, NOT_FOUND, "", "没有找到，或者已经过期", "not found, or over by now");
}

refusal files_read_sheet(struct request *q, struct arena *arena, int64_t id,
                         struct text *ret_bytes) {
    return files_fetch(q, arena, key_of(q->arena, id), ret_bytes);
}

static struct files_linked linked_of(struct text path) {
    return (struct files_linked){"files.path", path};
}

struct text files_sign(struct request *q, struct text path) {
    struct files_linked linked = linked_of(path);
    return files_link_to(q, &linked, path);
}

refusal files_require_signed(struct request *q, struct text path,
                             const struct files_link_query *query, int64_t *ret_left_ms) {
    int64_t left_ms = query->until * SECOND_MS - q->now.ms;
    struct files_linked linked = linked_of(path);
    if (!files_link_fits(q, &linked, query) || left_ms < SECOND_MS) return absent(q);
    *ret_left_ms = left_ms;
    return NULL;
}

static struct text path_of(struct arena *arena, int64_t id, struct text name) {
    return text_format(arena, "/files/sheets/%lld/%.*s", (long long)id, (int)name.length,
                       name.bytes);
}

struct text files_sheet_link(struct request *q, int64_t id, const char *name) {
    return files_sign(q, path_of(q->arena, id, text_of(name)));
}

refusal files_give_sheet(struct request *q) {
    const struct files_sheet_path *path = q->path;
    int64_t left_ms = 0;
    TRY(files_require_signed(q, path_of(q->arena, path->id, path->name), q->query, &left_ms));
    TRY(files_read_sheet(q, q->arena, path->id, &q->file.bytes));
    q->file.type = text_ends(path->name, TEXT(".xlsx"))
                       ? TEXT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
                       : TEXT("text/csv; charset=utf-8");
    q->file.tag = text_format(q->arena, "sheet-%lld", (long long)path->id);
    q->file.private_ms = left_ms;
    return NULL;
}

/* ---- sweeping ---- */

#define FILES_SHEET_FIELDS(F, S) F(S, ID, sheet_id)
SHAPE_DECLARE(files_sheet, FILES_SHEET_FIELDS);
SHAPE_DEFINE(files_sheet, FILES_SHEET_FIELDS);

/* A minute apart from who may still hold it. */
static refusal find_ended(struct request *q, void *context) {
    return db_rows(q->db,
                   SQL("ii", "SELECT sheet_id FROM files_sheet WHERE ends_at <= $1 "
                             "ORDER BY ends_at LIMIT $2"),
                   PARAMS(instant_after(q->now, -MINUTE_MS), (int64_t)SWEEP_SHEETS),
                   &files_sheet_shape, context);
}

bool files_sweep_sheets_call(struct request *q, int64_t argument, struct text text,
                             void **ret_result) {
    (void)argument;
    (void)text;
    const struct file_store *store = q->app->files;
    struct files_sheet_list *ended = arena_new(q->arena, struct files_sheet_list, 1);
    if (road_work(q->app, q->arena, false, find_ended, ended)) return false;
    for (size_t i = 0; i < ended->count; i++)
        if (!store->remove(store, q->arena, key_of(q->arena, ended->items[i].sheet_id)))
            return false;
    *ret_result = ended;
    return true;
}

refusal files_sweep_sheets_run(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    const struct files_sheet_list *ended = q->prepared;
    for (size_t i = 0; i < ended->count; i++)
        TRY(db_run(q->db, SQL("i", "DELETE FROM files_sheet WHERE sheet_id = $1"),
                   PARAMS(ended->items[i].sheet_id), NULL));
    if (ended->count < SWEEP_SHEETS) return NULL;
    return jobs_ask(q, "files.sweep_sheets", 0, TEXT(""), q->now);
}

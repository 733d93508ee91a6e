/* The way of an export: asked for, made by a job as the person who asked, kept for a week. */
#include "market/exports/exports.h"

#include <assert.h>

#include "app.h"
#include "ground/audit/audit.h"
#include "ground/files/files.h"
#include "ground/jobs/jobs.h"
#include "ground/people/people.h"
#include "kernel/base/json.h"
#include "market/exports/inside.h"

SHAPE_ENUM_DEFINE(exports_kind, EXPORTS_KINDS);
SHAPE_ENUM_DEFINE(exports_format, EXPORTS_FORMATS);
SHAPE_ENUM_DEFINE(exports_state, EXPORTS_STATES);
SHAPE_DEFINE(exports_filter, EXPORTS_FILTER_FIELDS);
SHAPE_DEFINE(exports_draft, EXPORTS_DRAFT_FIELDS);
SHAPE_DEFINE(exports_export, EXPORTS_EXPORT_FIELDS);
SHAPE_DEFINE_PAGE(exports_export);
SHAPE_DEFINE(exports_row, EXPORTS_ROW_FIELDS);
SHAPE_DEFINE(exports_list_query, EXPORTS_LIST_QUERY_FIELDS);

/* ---- asking ---- */

/* Every character of every filter may be written as six, "\u001f". */
static struct text draft_json(struct request *q, const struct exports_draft *draft) {
    struct buffer json = buffer_make(q->arena, (size_t)EXPORTS_FILTERS_MAX * 1024);
    shape_write_json(&exports_draft_shape, &json, draft);
    assert(!json.overflowed);
    return buffer_text(&json);
}

/* The list itself says whether it is to be had: its first page is looked at at once. */
static refusal look_at_list(struct request *q, const struct exports_draft *draft) {
    struct exports_page page = {.what = draft->what, .filters = &draft->filters};
    return exports_read_page(q, &page);
}

static refusal require_patience(struct request *q) {
    int64_t making;
    TRY(db_int(q->db,
               SQL("ii", "SELECT count(*) FROM exports_export WHERE person_id = $1"
                         " AND state = 'making' AND made_at > $2"),
               PARAMS(q->who->person_id, instant_after(q->now, -DAY_MS)), &making, NULL));
    return making < EXPORTS_MAKING_MAX ? NULL : problem_wait(q->arena, PROBLEM_TOO_MANY, 60);
}

refusal exports_begin(struct request *q, const struct exports_draft *draft, int64_t *ret_id) {
    int64_t id = request_new_id(q);
    TRY(look_at_list(q, draft));
    struct text json = draft_json(q, draft);
    TRY(require_patience(q));
    TRY(db_run(q->db,
               SQL("iitttiii", "INSERT INTO exports_export (export_id, person_id, what, format,"
                               " filters, english, state, row_count, sheet_id, words, made_at,"
                               " ends_at) VALUES ($1, $2, $3, $4, $5, $6, 'making', 0, 0, '', $7,"
                               " $8)"),
               PARAMS(id, q->who->person_id, shape_enum_text(&exports_kind_enum, draft->what),
                      shape_enum_text(&exports_format_enum, draft->format), json, q->english,
                      q->now, instant_after(q->now, (int64_t)EXPORTS_KEPT_DAYS * DAY_MS)),
               NULL));
    TRY(jobs_ask(q, "exports.work", id, TEXT(""), q->now));
    *ret_id = id;
    return audit_write(
        q, &(struct audit_act){
               .action = "exports.ask", .subject = "export", .subject_id = id, .after = json});
}

/* ---- reading ---- */

#define COLUMNS                                                                                    \
    "SELECT export_id AS \"shown.id\", what AS \"shown.what\", format AS \"shown.format\","        \
    " state AS \"shown.state\", row_count AS \"shown.row_count\", words AS \"shown.words\","       \
    " made_at AS \"shown.made_at\", ends_at AS \"shown.ends_at\", person_id, filters, english,"    \
    " sheet_id FROM exports_export"

static struct exports_export shown_of(struct request *q, const struct exports_row *row) {
    struct exports_export shown = row->shown;
    struct text what = shape_enum_text(&exports_kind_enum, shown.what);
    struct text format = shape_enum_text(&exports_format_enum, shown.format);
    struct text name =
        text_format(q->arena, "%.*s-%lld.%.*s", (int)what.length, what.bytes,
                    (long long)instant_day_cst(shown.made_at), (int)format.length, format.bytes);
    if (shown.state == EXPORTS_READY && shown.ends_at.ms > q->now.ms)
        shown.link = files_sheet_link(q, row->sheet_id, text_terminated(q->arena, name));
    return shown;
}

refusal exports_read(struct request *q, int64_t id, struct exports_export *ret_export) {
    struct exports_row row;
    bool found;
    TRY(db_row(q->db, SQL("ii", COLUMNS " WHERE export_id = $1 AND person_id = $2"),
               PARAMS(id, q->who->person_id), &exports_row_shape, &row, &found));
    if (!found) return refuse(q, NOT_FOUND, "", "没有这次导出", "there is no such export");
    *ret_export = shown_of(q, &row);
    return NULL;
}

refusal exports_list(struct request *q, const struct exports_list_query *query,
                     struct exports_export_page *ret_page) {
    struct exports_row_list rows;
    TRY(db_rows(
        q->db,
        SQL("iii", COLUMNS " WHERE person_id = $1 AND export_id < $2"
                           " ORDER BY export_id DESC LIMIT $3"),
        PARAMS(q->who->person_id, query->after ? query->after : INT64_MAX, query->limit + 1),
        &exports_row_shape, &rows));
    if (rows.count > (size_t)query->limit) {
        rows.count = (size_t)query->limit;
        ret_page->next =
            text_format(q->arena, "%lld", (long long)rows.items[rows.count - 1].shown.id);
    }
    ret_page->items.items = arena_new(q->arena, struct exports_export, rows.count);
    ret_page->items.count = rows.count;
    for (size_t i = 0; i < rows.count; i++) ret_page->items.items[i] = shown_of(q, &rows.items[i]);
    return NULL;
}

/* ---- making ---- */

struct making {
    int64_t id;
    bool found;
    struct exports_row row;
    struct exports_draft draft;
    struct exports_page page;
    int64_t sheet_id;
    struct text words; /* why there is none */
};

static refusal look(struct request *q, void *context) {
    struct making *making = context;
    TRY(db_row(q->db, SQL("i", COLUMNS " WHERE export_id = $1 AND state = 'making'"),
               PARAMS(making->id), &exports_row_shape, &making->row, &making->found));
    if (!making->found) return NULL;
    return shape_read_json(&exports_draft_shape, q->arena,
                           json_read(q->arena, making->row.filters, NULL), &making->draft);
}

/* With what the person who asked may see at this moment. */
static refusal read_as(struct request *q, void *context) {
    struct making *making = context;
    struct principal who;
    TRY(people_principal_of(q, making->row.person_id, &who));
    struct request as = *q;
    as.who = &who;
    as.english = making->row.english;
    return exports_read_page(&as, &making->page);
}

static struct text words_of(struct arena *arena, const struct making *making, refusal refused) {
    if (refused->fault_count == 0) return problem_title(refused->kind, making->row.english);
    const struct fault *fault = &refused->faults[0];
    return text_copy(arena, making->row.english ? fault->en : fault->zh);
}

/* False: the database does not answer just now. Each page has its memory for itself. */
static bool put_pages(struct request *q, struct making *making) {
    struct arena arena = {0};
    struct exports_page *page = &making->page;
    struct arena cursor = {0}; /* outlives a page by one */
    bool more = true, fine = true;
    while (more && fine && making->words.length == 0) {
        refusal refused = road_work(q->app, &arena, false, read_as, making);
        if (refused && problem_status(refused->kind) >= 500)
            fine = false;
        else if (refused)
            making->words = words_of(q->arena, making, refused);
        else
            exports_write_page(&arena, page);
        more = !refused && page->next.length > 0;
        if (page->row_count > EXPORTS_ROWS_MAX)
            making->words = making->row.english ? TEXT("more than 50,000 rows: please choose fewer")
                                                : TEXT("超过 50000 行，请缩小范围再导");
        arena_reset(&cursor);
        if (more) page->after = text_copy(&cursor, page->next);
        arena_reset(&arena);
    }
    arena_free(&arena);
    arena_free(&cursor);
    return fine;
}

static bool make(struct request *q, struct arena *scratch, struct making *making) {
    struct text bytes;
    enum sheet_kind kind = making->draft.format == EXPORTS_XLSX ? SHEET_XLSX : SHEET_CSV;
    making->page = (struct exports_page){.what = making->draft.what,
                                         .filters = &making->draft.filters,
                                         .english = making->row.english};
    making->page.writer = sheet_begin(scratch, kind, q->app->data_folder);
    if (!making->page.writer) return false;
    exports_write_head(&making->page);
    bool fine = put_pages(q, making);
    bool whole = sheet_end(making->page.writer, &bytes);
    if (!fine || making->words.length) return fine;
    if (!whole) {
        making->words = making->row.english ? TEXT("the sheet would be over 8 MB: choose fewer")
                                            : TEXT("表会超过 8 MB，请缩小范围再导");
        return true;
    }
    const struct bytes sheet = {(const unsigned char *)bytes.bytes, bytes.length};
    return !files_keep_sheet(q, sheet, &making->sheet_id);
}

bool exports_work_call(struct request *q, int64_t id, struct text text, void **ret_result) {
    (void)text;
    struct making *making = arena_new(q->arena, struct making, 1);
    struct arena scratch = {.total_max = SHEET_ARENA_BYTES};
    making->id = id;
    *ret_result = making;
    if (road_work(q->app, q->arena, false, look, making)) return false;
    if (!making->found) return true;
    bool fine = make(q, &scratch, making);
    arena_free(&scratch);
    return fine;
}

refusal exports_work_run(struct request *q, int64_t id, struct text text) {
    (void)text;
    const struct making *making = q->prepared;
    struct principal who;
    int64_t changed;
    if (!making->found) return NULL;
    TRY(people_principal_of(q, making->row.person_id, &who));
    struct request as = *q;
    as.who = &who;
    bool ready = making->words.length == 0;
    if (ready) TRY(files_hold_sheet(q, making->sheet_id, making->row.shown.ends_at));
    TRY(db_run(q->db,
               SQL("itiit", "UPDATE exports_export SET state = $2, row_count = $3, sheet_id = $4,"
                            " words = $5 WHERE export_id = $1 AND state = 'making'"),
               PARAMS(id, ready ? "ready" : "refused", ready ? making->page.row_count : 0,
                      making->sheet_id, making->words),
               &changed));
    if (changed == 0) return NULL;
    struct text after =
        text_format(q->arena, "{\"rows\":%lld,\"ready\":%s}",
                    (long long)(ready ? making->page.row_count : 0), ready ? "true" : "false");
    return audit_write(&as, &(struct audit_act){.action = "exports.make",
                                                .subject = "export",
                                                .subject_id = id,
                                                .before = making->row.filters,
                                                .after = after});
}

refusal exports_sweep(struct request *q, int64_t argument, struct text text) {
    enum { SWEEP_ROWS = 500 };
    (void)argument;
    (void)text;
    return db_run(q->db,
                  SQL("ii", "DELETE FROM exports_export WHERE export_id IN (SELECT export_id"
                            " FROM exports_export WHERE ends_at <= $1 ORDER BY ends_at, export_id"
                            " LIMIT $2)"),
                  PARAMS(q->now, (int64_t)SWEEP_ROWS), NULL);
}

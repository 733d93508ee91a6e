/* Rows that cannot be taken: as a list, and as a sheet to be mended and sent again. */
#include <stdlib.h>

#include "app.h"
#include "market/imports/inside.h"

SHAPE_DEFINE(imports_fault, IMPORTS_FAULT_FIELDS);
SHAPE_DEFINE(imports_bad_row, IMPORTS_BAD_ROW_FIELDS);
SHAPE_DEFINE(imports_errors, IMPORTS_ERRORS_FIELDS);
SHAPE_DEFINE(imports_errors_query, IMPORTS_ERRORS_QUERY_FIELDS);
SHAPE_DEFINE(imports_file_path, IMPORTS_FILE_PATH_FIELDS);

#define BAD_FIELDS(F, S)                                                                           \
    F(S, INT, row_no)                                                                              \
    F(S, TEXT, code)                                                                               \
    F(S, TEXTS, columns)                                                                           \
    F(S, TEXTS, zh)                                                                                \
    F(S, TEXTS, en)
SHAPE_DECLARE(imports_bad, BAD_FIELDS);
SHAPE_DEFINE(imports_bad, BAD_FIELDS);

static refusal read_bad(struct request *q, int64_t id, int64_t after, int64_t limit,
                        struct imports_bad_list *ret_rows) {
    return db_rows(q->db,
                   SQL("iii", "SELECT row_no, code, columns, zh, en FROM imports_bad_row"
                              " WHERE import_id = $1 AND row_no > $2 ORDER BY row_no LIMIT $3"),
                   PARAMS(id, after, limit), &imports_bad_shape, ret_rows);
}

static struct imports_bad_row shown_of(struct request *q, const struct imports_bad *bad) {
    struct imports_bad_row row = {.row_no = bad->row_no, .code = bad->code};
    const struct text_list *words = q->english ? &bad->en : &bad->zh;
    row.faults.count = bad->columns.count;
    row.faults.items = arena_new(q->arena, struct imports_fault, bad->columns.count);
    for (size_t i = 0; i < bad->columns.count; i++)
        row.faults.items[i] = (struct imports_fault){
            text_of(imports_column_title(bad->columns.items[i], q->english)), words->items[i]};
    return row;
}

static struct text path_of(struct arena *arena, int64_t id, struct text name) {
    return text_format(arena, "/files/imports/%lld/%.*s", (long long)id, (int)name.length,
                       name.bytes);
}

refusal imports_list_errors(struct request *q, int64_t id, const struct imports_errors_query *query,
                            struct imports_errors *ret_errors) {
    struct imports_import import;
    struct imports_bad_list rows;
    struct text name = q->english ? TEXT("errors.csv") : TEXT("errors-zh.csv");
    TRY(imports_read(q, id, &import));
    TRY(read_bad(q, id, query->after, query->limit + 1, &rows));
    if (rows.count > (size_t)query->limit)
        ret_errors->next =
            text_format(q->arena, "%lld", (long long)rows.items[--rows.count - 1].row_no);
    ret_errors->items.items = arena_new(q->arena, struct imports_bad_row, rows.count);
    ret_errors->items.count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        ret_errors->items.items[i] = shown_of(q, &rows.items[i]);
    ret_errors->link = files_sign(q, path_of(q->arena, id, name));
    return NULL;
}

/* ---- the sheet of them ---- */

struct giving {
    int64_t id;
    struct imports_row row;
    bool found;
    struct imports_bad_list bad;
};

static refusal look(struct request *q, void *context) {
    struct giving *giving = context;
    TRY(imports_find(q, giving->id, &giving->row, &giving->found));
    return read_bad(q, giving->id, 0, SHEET_ROWS_MAX, &giving->bad);
}

/* The column of reasons that stood there before is left out: a new one comes last. */
static void put_cells(struct sheet_writer *writer, const struct imports_sheet *sheet, size_t at) {
    const struct sheet_row *row = &sheet->sheet.rows[at];
    for (size_t i = 0; i < sheet->sheet.rows[0].cell_count; i++)
        if ((int)i != sheet->reason_place)
            sheet_put_text(writer, i < row->cell_count ? row->cells[i] : TEXT(""));
}

static struct text reasons_of(struct arena *arena, const struct imports_bad *bad, bool english) {
    struct buffer words = buffer_make(arena, SHEET_CELL_BYTES_MAX);
    const struct text_list *list = english ? &bad->en : &bad->zh;
    for (size_t i = 0; i < bad->columns.count; i++) {
        if (i) buffer_add_text(&words, english ? TEXT("; ") : TEXT("；"));
        buffer_add_text(&words, text_of(imports_column_title(bad->columns.items[i], english)));
        buffer_add_text(&words, english ? TEXT(": ") : TEXT("："));
        buffer_add_text(&words, list->items[i]);
    }
    return buffer_text(&words);
}

static bool write_rows(struct arena *arena, const struct imports_sheet *sheet,
                       const struct imports_bad_list *bad, bool english, struct text *ret_bytes) {
    struct sheet_writer *writer = sheet_begin(arena, SHEET_CSV, "");
    put_cells(writer, sheet, 0);
    sheet_put_text(writer, imports_reason_title(english));
    sheet_end_row(writer);
    for (size_t i = 0, at = 1; i < bad->count; i++) {
        while (at < sheet->sheet.row_count && sheet->sheet.rows[at].row_no < bad->items[i].row_no)
            at++;
        if (at == sheet->sheet.row_count) break;
        put_cells(writer, sheet, at);
        sheet_put_text(writer, reasons_of(arena, &bad->items[i], english));
        sheet_end_row(writer);
    }
    return sheet_end(writer, ret_bytes);
}

static refusal write_errors(struct request *q, struct arena *scratch, const struct giving *giving,
                            bool english) {
    struct imports_sheet sheet;
    struct text bytes;
    TRY(files_read_sheet(q, scratch, giving->row.sheet_id, &bytes));
    TRY(imports_open_sheet(q, scratch, bytes, &sheet));
    if (!write_rows(scratch, &sheet, &giving->bad, english, &bytes))
        return refuse(q, TOO_LARGE, "", "有错的行太多，请分几次传",
                      "too many rows with faults: please send several sheets");
    q->file.bytes = text_copy(q->arena, bytes);
    return NULL;
}

/* Made when it is asked for: it is always what the rows say now. */
refusal imports_give_errors(struct request *q) {
    const struct imports_file_path *path = q->path;
    struct arena scratch = {.total_max = (size_t)3 * SHEET_ARENA_BYTES};
    struct giving *giving = arena_new(q->arena, struct giving, 1);
    int64_t left_ms = 0;
    giving->id = path->id;
    TRY(files_require_signed(q, path_of(q->arena, path->id, path->name), q->query, &left_ms));
    refusal refused = road_work(q->app, &scratch, false, look, giving);
    if (refused)
        refused = problem_say(q->arena, PROBLEM_BUSY, "", TEXT("请过一会儿再试"),
                              TEXT("please try again soon"));
    else
        refused = write_errors(q, &scratch, giving, text_is(path->name, "errors.csv"));
    q->file.type = TEXT("text/csv; charset=utf-8");
    q->file.tag = text_format(q->arena, "errors-%lld-%lld-%lld", (long long)path->id,
                              (long long)giving->row.shown.changed_at.ms,
                              (long long)giving->row.shown.bad_count);
    q->file.private_ms = left_ms;
    arena_free(&scratch);
    return refused;
}

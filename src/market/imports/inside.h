/* Inside market/imports only: what its files share. */
#ifndef MARKET_IMPORTS_INSIDE_H
#define MARKET_IMPORTS_INSIDE_H

#include "ground/files/files.h"
#include "kernel/base/limits.h"
#include "kernel/sheet/sheet.h"
#include "market/imports/imports.h"

enum {
    IMPORTS_CHUNK_ROWS = 100, /* of the sheet in one transaction */
    IMPORTS_SKUS_MAX = 20,    /* rows of one goods */
    IMPORTS_FAULTS_MAX = 48,  /* of one goods that are told */
    IMPORTS_KEPT_DAYS = 30
};

/* ---- the document ---- */

#define IMPORTS_IMPORT_FIELDS(F, S)                                                                \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, kind, imports_kind)                                                                 \
    F(S, ID, seller_id)                                                                            \
    F(S, ENUM, state, imports_state)                                                               \
    F(S, ENUM, mode, imports_mode)                                                                 \
    F(S, BOOL, submits, .about = "what was made is sent in for review")                            \
    F(S, TEXT, encoding, .about = "utf-8 or gb18030")                                              \
    F(S, INT, row_count, .about = "SKUs")                                                          \
    F(S, INT, goods_count)                                                                         \
    F(S, INT, bad_count, .about = "rows that are left out")                                        \
    F(S, INT, next_no, .about = "goods gone through in this state")                                \
    F(S, INT, made_count, .about = "listings")                                                     \
    F(S, INT, submitted_count, .about = "of these sent in for review")                             \
    F(S, TIME, made_at)                                                                            \
    F(S, TIME, changed_at)                                                                         \
    F(S, TIME, kept_until, .about = "the sheet itself")
SHAPE_DECLARE(imports_import, IMPORTS_IMPORT_FIELDS);
SHAPE_DECLARE_PAGE(imports_import);

#define IMPORTS_ROW_FIELDS(F, S)                                                                   \
    F(S, OBJECT, shown, imports_import)                                                            \
    F(S, ID, person_id)                                                                            \
    F(S, ID, sheet_id)
SHAPE_DECLARE(imports_row, IMPORTS_ROW_FIELDS);

#define IMPORTS_FAULT_FIELDS(F, S) F(S, TEXT, column) F(S, TEXT, words)
SHAPE_DECLARE(imports_fault, IMPORTS_FAULT_FIELDS);
#define IMPORTS_BAD_ROW_FIELDS(F, S)                                                               \
    F(S, INT, row_no, .about = "as a table program counts: the head is 1")                         \
    F(S, TEXT, code)                                                                               \
    F(S, LIST, faults, imports_fault)
SHAPE_DECLARE(imports_bad_row, IMPORTS_BAD_ROW_FIELDS);
#define IMPORTS_ERRORS_FIELDS(F, S)                                                                \
    F(S, LIST, items, imports_bad_row)                                                             \
    F(S, TEXT, next, .optional = true)                                                             \
    F(S, TEXT, link, .about = "these rows as CSV with the reasons behind them, to be mended")
SHAPE_DECLARE(imports_errors, IMPORTS_ERRORS_FIELDS);

#define IMPORTS_UPLOAD_QUERY_FIELDS(F, S)                                                          \
    F(S, ENUM, kind, imports_kind, .required = true)                                               \
    F(S, ENUM, mode, imports_mode, .required = true)                                               \
    F(S, ID, seller, .required = true)                                                             \
    F(S, BOOL, submits)
SHAPE_DECLARE(imports_upload_query, IMPORTS_UPLOAD_QUERY_FIELDS);
#define IMPORTS_LIST_QUERY_FIELDS(F, S)                                                            \
    F(S, ID, seller, .required = true)                                                             \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)                             \
    F(S, ID, after)
SHAPE_DECLARE(imports_list_query, IMPORTS_LIST_QUERY_FIELDS);
#define IMPORTS_ERRORS_QUERY_FIELDS(F, S)                                                          \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)                             \
    F(S, INT, after, .max = 10000000)
SHAPE_DECLARE(imports_errors_query, IMPORTS_ERRORS_QUERY_FIELDS);
#define IMPORTS_GO_FIELDS(F, S)                                                                    \
    F(S, ENUM, mode, imports_mode, .required = true)                                               \
    F(S, BOOL, submits)
SHAPE_DECLARE(imports_go, IMPORTS_GO_FIELDS);

/* NOT_FOUND on FIELD unless the caller may sell for the seller. */
refusal imports_require_seller(struct request *q, const char *field, int64_t seller_id);
/* Without asking who asks; *RET_FOUND says whether there is one. */
refusal imports_find(struct request *q, int64_t id, struct imports_row *ret_row, bool *ret_found);

/* `before` and `handle` of an upload; imports_take has read the sheet. */
refusal imports_take(struct request *q);
refusal imports_begin(struct request *q);
refusal imports_read(struct request *q, int64_t id, struct imports_import *ret_import);
refusal imports_list(struct request *q, const struct imports_list_query *query,
                     struct imports_import_page *ret_page);
refusal imports_check(struct request *q, struct check_report *report);
/* What was checked goes on. */
refusal imports_go(struct request *q, int64_t id, const struct imports_go *go);

/* ---- rows that cannot be taken (errors.c) ---- */
refusal imports_list_errors(struct request *q, int64_t id, const struct imports_errors_query *query,
                            struct imports_errors *ret_errors);
#define IMPORTS_FILE_PATH_FIELDS(F, S)                                                             \
    F(S, ID, id, .required = true)                                                                 \
    F(S, TEXT, name, .required = true, .min = 1, .max = 60)
SHAPE_DECLARE(imports_file_path, IMPORTS_FILE_PATH_FIELDS);
refusal imports_give_errors(struct request *q);

/* ---- a sheet of goods (goods.c) ---- */

/* The columns of a sheet of goods, in the order of the template, as they are read. */
#define IMPORTS_CELLS_FIELDS(F, S)                                                                 \
    F(S, TEXT, code, .required = true, .min = 1, .max = 40)                                        \
    F(S, TEXT, title, .required = true, .min = 2, .max = 60)                                       \
    F(S, TEXT, category, .required = true, .min = 1, .max = 40)                                    \
    F(S, TEXT, origin, .required = true, .min = 2, .max = 120)                                     \
    F(S, TEXT, piece_name, .required = true, .min = 1, .max = 4)                                   \
    F(S, TEXT, spec_name, .max = 20)                                                               \
    F(S, TEXT, spec_value, .max = 60)                                                              \
    F(S, TEXT, spec_name_2, .max = 20)                                                             \
    F(S, TEXT, spec_value_2, .max = 60)                                                            \
    F(S, TEXT, price, .required = true, .min = 1, .max = 20)                                       \
    F(S, TEXT, amount, .required = true, .min = 1, .max = 20)                                      \
    F(S, TEXT, unit, .required = true, .min = 1, .max = 8)                                         \
    F(S, INT, weight_g, .required = true, .min = 1, .max = 1000000)                                \
    F(S, TEXT, returns, .required = true, .min = 1, .max = 20)                                     \
    F(S, INT, stock_count, .max = 1000000)                                                         \
    F(S, INT, alarm_count, .max = 1000000)                                                         \
    F(S, INT, limit_count, .max = 9999)                                                            \
    F(S, INT, ship_within_hours, .min = 1, .max = 720, .fallback = 48)                             \
    F(S, TEXT, free_freight, .max = 8)                                                             \
    F(S, TEXT, note, .max = 60)                                                                    \
    F(S, TEXT, summary, .max = 200)                                                                \
    F(S, TEXT, story, .max = 4000)                                                                 \
    F(S, TEXT, facts, .max = 1000)                                                                 \
    F(S, TEXT, pictures, .max = 900)
SHAPE_DECLARE(imports_cells, IMPORTS_CELLS_FIELDS);
enum { IMPORTS_COLUMNS = 24 };

/* One goods of a sheet: the rows of one number. */
struct imports_group {
    size_t *rows; /* of the sheet */
    size_t count;
};
struct imports_sheet {
    struct sheet sheet;
    int place[IMPORTS_COLUMNS]; /* where a column stands in the sheet; -1: nowhere */
    int reason_place;           /* of the column of reasons that we added; -1: nowhere */
    struct imports_group *groups;
    size_t group_count;
};
/* Reads the bytes of a sheet into ARENA (of SHEET_ARENA_BYTES) and finds its columns and goods.
 * BAD_INPUT on "file" when it is none, with its line where there is one. */
refusal imports_open_sheet(struct request *q, struct arena *arena, struct text bytes,
                           struct imports_sheet *ret_sheet);

struct imports_note {
    int64_t row_no;
    const char *column; /* the name of a field of imports_cells */
    struct text zh;
    struct text en;
};
struct imports_goods {
    int64_t goods_no; /* from 0 */
    struct text code;
    size_t row_count;
    int64_t row_nos[IMPORTS_SKUS_MAX];
    int64_t *all_row_nos; /* also those beyond IMPORTS_SKUS_MAX */
    struct text category;
    bool has_pictures;
    struct listings_draft draft; /* without its category */
    size_t note_count;           /* > 0: it cannot be taken */
    size_t cell_note_count;      /* of these about the cells alone, without asking the database */
    struct imports_note notes[IMPORTS_FAULTS_MAX];
};
/* Goods number GOODS_NO of the sheet with what is wrong in its cells; copied into q->arena. */
void imports_read_goods(struct request *q, const struct imports_sheet *sheet, size_t goods_no,
                        int64_t seller_id, struct imports_goods *ret_goods);
/* Writes it as a listing, as q->who, or notes why not. Refuses what no change of the sheet would
 * mend. SUBMITS: what stops it from being sent in counts as well, its missing pictures do not. */
refusal imports_make(struct request *q, struct imports_goods *goods, bool submits,
                     int64_t *ret_listing_id);

/* "价格(元)" */
const char *imports_column_title(struct text column, bool english);
/* The last column of a sheet of bad rows. */
struct text imports_reason_title(bool english);
refusal imports_give_template(struct request *q);
#define IMPORTS_TEMPLATE_PATH_FIELDS(F, S) F(S, TEXT, kind, .required = true, .min = 1, .max = 20)
SHAPE_DECLARE(imports_template_path, IMPORTS_TEMPLATE_PATH_FIELDS);

/* ---- the work (work.c) ---- */
bool imports_work_call(struct request *q, int64_t import_id, struct text text, void **ret_result);
refusal imports_work_run(struct request *q, int64_t import_id, struct text text);

#endif

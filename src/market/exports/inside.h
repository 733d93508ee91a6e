/* Inside market/exports only: what its files share. */
#ifndef MARKET_EXPORTS_INSIDE_H
#define MARKET_EXPORTS_INSIDE_H

#include "kernel/base/limits.h"
#include "kernel/sheet/sheet.h"
#include "market/exports/exports.h"
#include "market/listings/listings.h"
#include "market/orders/orders.h"

enum {
    EXPORTS_ROWS_MAX = 50 * 1000,
    EXPORTS_KEPT_DAYS = 7,
    EXPORTS_MAKING_MAX = 5, /* of one person at a time */
    EXPORTS_FILTERS_MAX = 12
};

#define EXPORTS_KINDS(X)                                                                           \
    X(EXPORTS_ORDERS, "orders")                                                                    \
    X(EXPORTS_GOODS, "goods")                                                                      \
    X(EXPORTS_STOCK, "stock")                                                                      \
    X(EXPORTS_LISTINGS, "listings")
SHAPE_ENUM_DECLARE(exports_kind, EXPORTS_KINDS);

#define EXPORTS_FORMATS(X)                                                                         \
    X(EXPORTS_CSV, "csv")                                                                          \
    X(EXPORTS_XLSX, "xlsx")
SHAPE_ENUM_DECLARE(exports_format, EXPORTS_FORMATS);

#define EXPORTS_STATES(X)                                                                          \
    X(EXPORTS_MAKING, "making")                                                                    \
    X(EXPORTS_READY, "ready")                                                                      \
    X(EXPORTS_REFUSED, "refused")
SHAPE_ENUM_DECLARE(exports_state, EXPORTS_STATES);

#define EXPORTS_FILTER_FIELDS(F, S)                                                                \
    F(S, TEXT, name, .required = true, .min = 1, .max = 40)                                        \
    F(S, TEXT, value, .required = true, .max = 100)
SHAPE_DECLARE(exports_filter, EXPORTS_FILTER_FIELDS);

#define EXPORTS_DRAFT_FIELDS(F, S)                                                                 \
    F(S, ENUM, what, exports_kind, .required = true)                                               \
    F(S, ENUM, format, exports_format, .required = true)                                           \
    F(S, LIST, filters, exports_filter, .max = EXPORTS_FILTERS_MAX,                                \
      .about = "as the list has them: state, seller, place, from ...")
SHAPE_DECLARE(exports_draft, EXPORTS_DRAFT_FIELDS);

#define EXPORTS_EXPORT_FIELDS(F, S)                                                                \
    F(S, ID, id)                                                                                   \
    F(S, ENUM, what, exports_kind)                                                                 \
    F(S, ENUM, format, exports_format)                                                             \
    F(S, ENUM, state, exports_state)                                                               \
    F(S, INT, row_count)                                                                           \
    F(S, TEXT, words, .optional = true, .about = "why there is none")                              \
    F(S, TIME, made_at)                                                                            \
    F(S, TIME, ends_at, .about = "until then it can be fetched")                                   \
    F(S, TEXT, link, .optional = true, .about = "leads to it for ten minutes or more")
SHAPE_DECLARE(exports_export, EXPORTS_EXPORT_FIELDS);
SHAPE_DECLARE_PAGE(exports_export);

#define EXPORTS_ROW_FIELDS(F, S)                                                                   \
    F(S, OBJECT, shown, exports_export)                                                            \
    F(S, ID, person_id)                                                                            \
    F(S, TEXT, filters)                                                                            \
    F(S, BOOL, english)                                                                            \
    F(S, ID, sheet_id)
SHAPE_DECLARE(exports_row, EXPORTS_ROW_FIELDS);

#define EXPORTS_LIST_QUERY_FIELDS(F, S)                                                            \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)                             \
    F(S, ID, after)
SHAPE_DECLARE(exports_list_query, EXPORTS_LIST_QUERY_FIELDS);

refusal exports_begin(struct request *q, const struct exports_draft *draft, int64_t *ret_id);
refusal exports_read(struct request *q, int64_t id, struct exports_export *ret_export);
refusal exports_list(struct request *q, const struct exports_list_query *query,
                     struct exports_export_page *ret_page);
/* The job. */
bool exports_work_call(struct request *q, int64_t id, struct text text, void **ret_result);
refusal exports_work_run(struct request *q, int64_t id, struct text text);
/* Forgets what nobody can fetch any more. */
refusal exports_sweep(struct request *q, int64_t argument, struct text text);

/* ---- pages of rows (pages.c) ---- */

/* One page of a list on its way into a sheet. */
struct exports_page {
    enum exports_kind what;
    const struct exports_filter_list *filters;
    bool english;
    struct text after; /* where it begins */
    struct text next;  /* where the next one does; "" at the end */
    struct orders_card_page orders;
    struct catalog_own_goods_page goods;
    struct catalog_stock_row_page stock;
    struct listings_card_page listings;
    struct sheet_writer *writer;
    int64_t row_count; /* written */
};
void exports_write_head(const struct exports_page *page);
/* Reads a page as q->who, and (after its transaction, which may run twice) writes its rows.
 * BAD_INPUT on "filters.state" and the like, and what the list itself refuses. */
refusal exports_read_page(struct request *q, struct exports_page *page);
void exports_write_page(struct arena *arena, struct exports_page *page);

#endif

/* `xiangji check` for imports: what an import says it wrote is there, and is its seller's. */
#include "market/imports/inside.h"

enum { PAGE = 50 };

#define MADE_ROW_FIELDS(F, S)                                                                      \
    F(S, ID, import_id)                                                                            \
    F(S, INT, goods_no)                                                                            \
    F(S, ID, listing_id)                                                                           \
    F(S, ID, seller_id)
SHAPE_DECLARE(imports_made_row, MADE_ROW_FIELDS);
SHAPE_DEFINE(imports_made_row, MADE_ROW_FIELDS);

/* Listings are never deleted: one that was taken back is there and says so. */
static refusal check_listings(struct request *q, int64_t *ret_count, int64_t *ret_wrong) {
    struct imports_made_row last = {.goods_no = -1};
    struct imports_made_row_list page;
    do {
        page = (struct imports_made_row_list){0};
        TRY(db_rows(
            q->db,
            SQL("iii", "SELECT m.import_id, m.goods_no, m.listing_id, i.seller_id"
                       " FROM imports_made m JOIN imports_import i ON i.import_id = m.import_id"
                       " WHERE (m.import_id, m.goods_no) > ($1, $2)"
                       " ORDER BY m.import_id, m.goods_no LIMIT $3"),
            PARAMS(last.import_id, last.goods_no, (int64_t)PAGE), &imports_made_row_shape, &page));
        for (size_t i = 0; i < page.count; i++) {
            int64_t seller_id = 0;
            last = page.items[i];
            TRY(listings_seller_of(q, last.listing_id, &seller_id));
            *ret_wrong += seller_id != last.seller_id;
            ++*ret_count;
        }
    } while (page.count == PAGE);
    return NULL;
}

refusal imports_check(struct request *q, struct check_report *report) {
    int64_t done, wrong, made = 0, lost = 0;
    TRY(db_int(q->db, SQL("", "SELECT count(*) FROM imports_import WHERE state = 'done'"),
               NO_PARAMS, &done, NULL));
    TRY(db_int(q->db,
               SQL("", "SELECT count(*) FROM imports_import i WHERE i.state = 'done'"
                       " AND i.made_count <> (SELECT count(*) FROM imports_made m"
                       " WHERE m.import_id = i.import_id)"),
               NO_PARAMS, &wrong, NULL));
    const char *words = q->english ? "imports: %lld are done; %lld say another number of listings"
                                     " than they wrote"
                                   : "批量导入：%lld 次导完了，其中 %lld 次说的份数和写成的对不上";
    report->line(report, wrong == 0,
                 text_format(q->arena, words, (long long)done, (long long)wrong));
    TRY(check_listings(q, &made, &lost));
    words = q->english ? "imports: %lld listings were written; %lld are not there or not its"
                         " seller's"
                       : "批量导入：写成 %lld 份上架申请，其中 %lld 份不在了或不是这家店的";
    report->line(report, lost == 0, text_format(q->arena, words, (long long)made, (long long)lost));
    return NULL;
}

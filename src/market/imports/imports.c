/* The way of an import: sent in once for the same bytes, checked, and let go on. */
#include "market/imports/imports.h"

#include <sodium.h>

#include "app.h"
#include "ground/audit/audit.h"
#include "ground/jobs/jobs.h"
#include "market/imports/inside.h"

SHAPE_ENUM_DEFINE(imports_kind, IMPORTS_KINDS);
SHAPE_ENUM_DEFINE(imports_mode, IMPORTS_MODES);
SHAPE_ENUM_DEFINE(imports_state, IMPORTS_STATES);
SHAPE_DEFINE(imports_import, IMPORTS_IMPORT_FIELDS);
SHAPE_DEFINE_PAGE(imports_import);
SHAPE_DEFINE(imports_row, IMPORTS_ROW_FIELDS);
SHAPE_DEFINE(imports_upload_query, IMPORTS_UPLOAD_QUERY_FIELDS);
SHAPE_DEFINE(imports_list_query, IMPORTS_LIST_QUERY_FIELDS);
SHAPE_DEFINE(imports_go, IMPORTS_GO_FIELDS);

static refusal absent(struct request *q) {
    return refuse(q, NOT_FOUND, "", "没有这次导入", "there is no such import");
}

refusal imports_require_seller(struct request *q, const char *field, int64_t seller_id) {
    struct owner owner = {0};
    refusal refused = catalog_seller_owner(q, seller_id, &owner);
    if (refused && refused->kind != PROBLEM_NOT_FOUND) return refused;
    if (!refused && request_reaches(q, PERMISSION_sell, owner)) return NULL;
    return refuse(q, NOT_FOUND, field, "没有这家店", "there is no such seller");
}

/* ---- reading ---- */

#define SHOWN_COLUMNS(prefix)                                                                      \
    "import_id AS \"" prefix "id\", kind AS \"" prefix "kind\", seller_id AS \"" prefix            \
    "seller_id\", state AS \"" prefix "state\", mode AS \"" prefix "mode\", submits AS \"" prefix  \
    "submits\", encoding AS \"" prefix "encoding\", row_count AS \"" prefix                        \
    "row_count\", goods_count AS \"" prefix "goods_count\", bad_count AS \"" prefix                \
    "bad_count\", next_no AS \"" prefix "next_no\", made_count AS \"" prefix                       \
    "made_count\", submitted_count AS \"" prefix "submitted_count\", made_at AS \"" prefix         \
    "made_at\", changed_at AS \"" prefix "changed_at\", kept_until AS \"" prefix "kept_until\""

refusal imports_find(struct request *q, int64_t id, struct imports_row *ret_row, bool *ret_found) {
    return db_row(
        q->db,
        SQL("i", "SELECT " SHOWN_COLUMNS("shown.") ", person_id, sheet_id"
                                                   " FROM imports_import WHERE import_id = $1"),
        PARAMS(id), &imports_row_shape, ret_row, ret_found);
}

static refusal own_row_of(struct request *q, int64_t id, struct imports_row *ret_row) {
    bool found;
    TRY(imports_find(q, id, ret_row, &found));
    if (!found) return absent(q);
    refusal refused = imports_require_seller(q, "", ret_row->shown.seller_id);
    return refused && refused->kind == PROBLEM_NOT_FOUND ? absent(q) : refused;
}

refusal imports_read(struct request *q, int64_t id, struct imports_import *ret_import) {
    struct imports_row row;
    TRY(own_row_of(q, id, &row));
    *ret_import = row.shown;
    return NULL;
}

refusal imports_list(struct request *q, const struct imports_list_query *query,
                     struct imports_import_page *ret_page) {
    TRY(imports_require_seller(q, "seller", query->seller));
    TRY(db_rows(q->db,
                SQL("iii", "SELECT " SHOWN_COLUMNS("") " FROM imports_import WHERE seller_id = $1"
                                                       " AND import_id < $2"
                                                       " ORDER BY import_id DESC LIMIT $3"),
                PARAMS(query->seller, query->after ? query->after : INT64_MAX, query->limit + 1),
                &imports_import_shape, &ret_page->items));
    if (ret_page->items.count <= (size_t)query->limit) return NULL;
    const struct imports_import *last = &ret_page->items.items[--ret_page->items.count - 1];
    ret_page->next = text_format(q->arena, "%lld", (long long)last->id);
    return NULL;
}

/* ---- sending in ---- */

struct taking {
    const struct request *outer;
    int64_t sheet_id;
    struct text file_key;
    enum sheet_encoding encoding;
    int64_t row_count;
    int64_t goods_count;
};

/* The same bytes lie in the store already, unless what failed may have failed because they do not.
 */
static refusal find_kept(struct request *q, void *context) {
    struct taking *taking = context;
    return db_int(q->db,
                  SQL("ti", "SELECT i.sheet_id FROM imports_file f JOIN imports_import i"
                            " ON i.import_id = f.import_id WHERE f.file_key = $1"
                            " AND i.state <> 'failed' AND i.kept_until > $2"),
                  PARAMS(taking->file_key, instant_after(q->now, HOUR_MS)), &taking->sheet_id,
                  NULL);
}

static refusal look_at_seller(struct request *q, void *context) {
    const struct taking *taking = context;
    const struct imports_upload_query *query = taking->outer->query;
    struct request as = *q;
    as.who = taking->outer->who;
    return imports_require_seller(&as, "seller", query->seller);
}

static struct text key_of(struct request *q, const struct imports_upload_query *query) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)q->raw_body.bytes, q->raw_body.length);
    struct text hex = text_hex(q->arena, (struct bytes){hash, sizeof(hash)});
    struct text kind = shape_enum_text(&imports_kind_enum, query->kind);
    return text_format(q->arena, "%lld/%.*s/%.*s", (long long)query->seller, (int)kind.length,
                       kind.bytes, (int)hex.length, hex.bytes);
}

/* What is wrong with the whole sheet is said at once, and nothing is kept of it. */
refusal imports_take(struct request *q) {
    const struct imports_upload_query *query = q->query;
    struct taking *taking = arena_new(q->arena, struct taking, 1);
    struct arena scratch = {.total_max = SHEET_ARENA_BYTES};
    struct imports_sheet sheet;
    taking->outer = q;
    TRY(road_work(q->app, q->arena, false, look_at_seller, taking));
    TRY(files_count_upload(q));
    refusal refused = imports_open_sheet(q, &scratch, q->raw_body, &sheet);
    if (!refused) {
        taking->file_key = key_of(q, query);
        taking->encoding = sheet.sheet.encoding;
        taking->row_count = (int64_t)sheet.sheet.row_count - 1;
        taking->goods_count = (int64_t)sheet.group_count;
    }
    arena_free(&scratch);
    if (refused) return refused;
    q->prepared = taking;
    TRY(road_work(q->app, q->arena, false, find_kept, taking));
    if (taking->sheet_id) return NULL;
    const struct bytes bytes = {(const unsigned char *)q->raw_body.bytes, q->raw_body.length};
    return files_keep_sheet(q, bytes, &taking->sheet_id);
}

static refusal note_act(struct request *q, const char *action, const struct imports_import *shown) {
    struct buffer json = buffer_make(q->arena, 4000);
    shape_write_json(&imports_import_shape, &json, shown);
    return audit_write(q, &(struct audit_act){.action = action,
                                              .subject = "import",
                                              .subject_id = shown->id,
                                              .after = buffer_text(&json)});
}

static refusal insert(struct request *q, int64_t id, const struct taking *taking) {
    const struct imports_upload_query *query = q->query;
    struct instant until = instant_after(q->now, (int64_t)IMPORTS_KEPT_DAYS * DAY_MS);
    TRY(files_hold_sheet(q, taking->sheet_id, until));
    return db_run(q->db,
                  SQL("itiiititiiii",
                      "INSERT INTO imports_import (import_id, kind, seller_id, person_id,"
                      " sheet_id, state, mode, submits, encoding, row_count, goods_count,"
                      " bad_count, next_no, made_count, submitted_count, made_at, changed_at,"
                      " kept_until) VALUES ($1, $2, $3, $4, $5, 'checking', $6, $7, $8, $9, $10,"
                      " 0, 0, 0, 0, $11, $11, $12)"),
                  PARAMS(id, shape_enum_text(&imports_kind_enum, query->kind), query->seller,
                         q->who->person_id, taking->sheet_id,
                         shape_enum_text(&imports_mode_enum, query->mode), query->submits,
                         taking->encoding == SHEET_UTF8 ? "utf-8" : "gb18030", taking->row_count,
                         taking->goods_count, q->now, until),
                  NULL);
}

/* What only waits is looked at anew, because categories, places and listings move on. What one that
 * failed had written before stays counted: it is there. */
static refusal check_again(struct request *q, int64_t id, const struct taking *taking) {
    const struct imports_upload_query *query = q->query;
    struct instant until = instant_after(q->now, (int64_t)IMPORTS_KEPT_DAYS * DAY_MS);
    int64_t changed, held_id;
    TRY(db_int(q->db, SQL("i", "SELECT sheet_id FROM imports_import WHERE import_id = $1"),
               PARAMS(id), &held_id, NULL));
    TRY(db_run(
        q->db,
        SQL("iiitiii", "UPDATE imports_import SET state = 'checking', next_no = 0, bad_count = 0,"
                       " submitted_count = 0, sheet_id = $2, person_id = $3,"
                       " mode = $4, submits = $5, changed_at = $6, kept_until = $7"
                       " WHERE import_id = $1 AND (state = 'checked' OR state = 'undone'"
                       " OR state = 'failed')"),
        PARAMS(id, taking->sheet_id, q->who->person_id,
               shape_enum_text(&imports_mode_enum, query->mode), query->submits, q->now, until),
        &changed));
    bool is_same = held_id == taking->sheet_id;
    if (changed == 0) return is_same ? NULL : files_end_sheet(q, taking->sheet_id);
    if (!is_same) TRY(files_end_sheet(q, held_id));
    TRY(files_hold_sheet(q, taking->sheet_id, until));
    TRY(db_run(q->db, SQL("i", "DELETE FROM imports_bad_row WHERE import_id = $1"), PARAMS(id),
               NULL));
    return jobs_ask(q, "imports.work", id, TEXT(""), q->now);
}

refusal imports_begin(struct request *q) {
    const struct taking *taking = q->prepared;
    struct imports_import *reply = q->reply;
    int64_t id = request_new_id(q), fresh;
    TRY(db_run(q->db,
               SQL("ti", "INSERT INTO imports_file (file_key, import_id) VALUES ($1, $2)"
                         " ON CONFLICT (file_key) DO NOTHING"),
               PARAMS(taking->file_key, id), &fresh));
    if (fresh) {
        TRY(insert(q, id, taking));
        TRY(jobs_ask(q, "imports.work", id, TEXT(""), q->now));
    } else {
        TRY(db_int(q->db, SQL("t", "SELECT import_id FROM imports_file WHERE file_key = $1"),
                   PARAMS(taking->file_key), &id, NULL));
        TRY(check_again(q, id, taking));
    }
    TRY(imports_read(q, id, reply));
    return fresh ? note_act(q, "imports.send", reply) : NULL;
}

/* ---- going on ---- */

refusal imports_go(struct request *q, int64_t id, const struct imports_go *go) {
    struct imports_row row;
    int64_t changed;
    TRY(own_row_of(q, id, &row));
    if (go->mode == IMPORTS_DRY_RUN)
        return refuse(q, BAD_INPUT, "mode", "请选“有错就都不导”或“跳过有错的行”",
                      "choose all_or_nothing or skip_bad");
    if (row.shown.state == IMPORTS_CHECKED && go->mode == IMPORTS_ALL_OR_NOTHING &&
        row.shown.bad_count)
        return refuse(q, WRONG_STATE, "mode", "有 %lld 行有错，请改好再传，或者选“跳过有错的行”",
                      "%lld rows cannot be taken: mend them, or choose skip_bad",
                      (long long)row.shown.bad_count);
    if (row.shown.kept_until.ms <= q->now.ms)
        return refuse(q, WRONG_STATE, "id", "这份表放太久了，请再传一次",
                      "the sheet is no longer kept; please send it again");
    TRY(db_run(q->db,
               SQL("itiii", "UPDATE imports_import SET state = 'running', next_no = 0, mode = $2,"
                            " submits = $3, changed_at = $4, person_id = $5"
                            " WHERE import_id = $1 AND state = 'checked'"),
               PARAMS(id, shape_enum_text(&imports_mode_enum, go->mode), go->submits, q->now,
                      q->who->person_id),
               &changed));
    if (changed != 1)
        return refuse(q, WRONG_STATE, "id", "现在不能导入，请刷新再看", "not now; please reload");
    TRY(jobs_ask(q, "imports.work", id, TEXT(""), q->now));
    row.shown.mode = go->mode;
    row.shown.submits = go->submits;
    return note_act(q, "imports.run", &row.shown);
}

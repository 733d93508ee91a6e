/* What a picture is called, who may take it for a document, who may see it, and what becomes of one
 * that nobody takes. */
#include "ground/files/files.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "app.h"
#include "ground/files/inside.h"
#include "ground/jobs/jobs.h"

SHAPE_ENUM_DEFINE(files_purpose, FILES_PURPOSES);
SHAPE_DEFINE(files_name_path, FILES_NAME_PATH_FIELDS);
SHAPE_DEFINE(files_link_query, FILES_LINK_QUERY_FIELDS);

enum { MARK_BYTES = 16, SWEEP_ROWS = 50, DEFAULT_SIZE_PX = 720 };

/* ---- names ---- */

bool files_purpose_is_private(enum files_purpose purpose) {
    return purpose == FILES_EVIDENCE || purpose == FILES_DOCUMENT;
}

struct text files_address(struct arena *arena, struct text hash) {
    return text_format(arena, "/files/%.*s", (int)hash.length, hash.bytes);
}

bool files_is_hash(struct text hash) {
    if (hash.length != FILES_HASH_CHARACTERS) return false;
    for (size_t i = 0; i < hash.length; i++)
        if (!strchr("0123456789abcdef", hash.bytes[i]) || !hash.bytes[i]) return false;
    return true;
}

static struct text hash_of(struct text address) {
    return text_slice(address, strlen("/files/"), address.length);
}

bool files_is_address(struct text address) {
    return text_starts(address, TEXT("/files/")) && files_is_hash(hash_of(address));
}

static struct text suffix_of(struct arena *arena, const struct picture_piece *piece) {
    return text_format(arena, "-%d.%s", piece->size_px,
                       piece->kind == PICTURE_WEBP ? "webp" : "jpg");
}

/* Two roots, so that what is private is not found under a public name, whatever its hash. */
struct text files_key(struct arena *arena, struct text hash, bool is_private,
                      const struct picture_piece *piece) {
    struct text suffix = suffix_of(arena, piece);
    return text_format(arena, "%s/%.2s/%.62s%.*s", is_private ? "private" : "public", hash.bytes,
                       hash.bytes + 2, (int)suffix.length, suffix.bytes);
}

/* The I-th piece without its bytes. */
static struct picture_piece piece_at(size_t i) {
    return (struct picture_piece){.size_px = picture_sizes_px[i / 2],
                                  .kind = i % 2 ? PICTURE_JPEG : PICTURE_WEBP};
}

/* "HASH", "HASH-720.webp" */
static bool read_name(struct arena *arena, struct text name, struct text *ret_hash,
                      struct picture_piece *ret_piece) {
    struct text suffix = text_slice(name, FILES_HASH_CHARACTERS, name.length);
    *ret_hash = text_slice(name, 0, FILES_HASH_CHARACTERS);
    if (!files_is_hash(*ret_hash)) return false;
    *ret_piece = (struct picture_piece){.size_px = DEFAULT_SIZE_PX, .kind = PICTURE_JPEG};
    if (suffix.length == 0) return true;
    for (size_t i = 0; i < PICTURE_PIECES; i++) {
        *ret_piece = piece_at(i);
        if (text_equal(suffix, suffix_of(arena, ret_piece))) return true;
    }
    return false;
}

/* ---- links ---- */

static struct text mark_of(const struct app *app, struct arena *arena,
                           const struct files_linked *linked, int64_t until_s) {
    unsigned char mark[32];
    struct text clear = text_format(arena, "%.*s %lld", (int)linked->subject.length,
                                    linked->subject.bytes, (long long)until_s);
    app->keyed_hash(app, linked->label,
                    (struct bytes){(const unsigned char *)clear.bytes, clear.length}, mark);
    return text_hex(arena, (struct bytes){mark, MARK_BYTES});
}

/* The end lies on a whole ten minutes: within them the link is the same. */
struct text files_link_to(struct request *q, const struct files_linked *linked,
                          struct text address) {
    int64_t until_s = (q->now.ms / FILES_LINK_MS + 2) * FILES_LINK_MS / SECOND_MS;
    struct text mark = mark_of(q->app, q->arena, linked, until_s);
    return text_format(q->arena, "%.*s?until=%lld&mark=%.*s", (int)address.length, address.bytes,
                       (long long)until_s, (int)mark.length, mark.bytes);
}

bool files_link_fits(struct request *q, const struct files_linked *linked,
                     const struct files_link_query *query) {
    struct text wanted = mark_of(q->app, q->arena, linked, query->until);
    return query->mark.length == wanted.length &&
           sodium_memcmp(query->mark.bytes, wanted.bytes, wanted.length) == 0;
}

static struct files_linked picture_of(struct text hash) {
    return (struct files_linked){"files.link", hash};
}

struct text files_link(struct request *q, struct text address) {
    struct files_linked picture = picture_of(hash_of(address));
    return files_link_to(q, &picture, address);
}

/* ---- giving ---- */

static refusal absent(struct request *q) {
    return refuse(q, NOT_FOUND, "", "没有找到", "not found");
}

refusal files_no_answer(struct request *q) {
    return refuse(q, BUSY, "", "文件暂时存取不了，请过一会儿再试",
                  "the file cannot be reached just now: please try again soon");
}

refusal files_fetch(struct request *q, struct arena *arena, struct text key,
                    struct text *ret_bytes) {
    const struct file_store *store = q->app->files;
    switch (store->get(store, arena, key, ret_bytes)) {
    case FILE_FOUND: return NULL;
    case FILE_ABSENT: return absent(q);
    case FILE_NO_ANSWER: break;
    }
    return files_no_answer(q);
}

refusal files_give(struct request *q) {
    const struct files_name_path *path = q->path;
    const struct files_link_query *query = q->query;
    bool is_private = query->mark.length || query->until;
    struct picture_piece piece;
    struct text hash;
    if (!read_name(q->arena, path->name, &hash, &piece)) return absent(q);
    int64_t left_ms = query->until * SECOND_MS - q->now.ms;
    struct files_linked picture = picture_of(hash);
    if (is_private && !files_link_fits(q, &picture, query)) return absent(q);
    if (is_private && left_ms < SECOND_MS)
        return refuse(q, NOT_FOUND, "", "图片的链接过期了，请刷新页面再看",
                      "the link of the picture is over: please reload the page");
    TRY(files_fetch(q, q->arena, files_key(q->arena, hash, is_private, &piece), &q->file.bytes));
    struct text suffix = suffix_of(q->arena, &piece);
    q->file.type = piece.kind == PICTURE_WEBP ? TEXT("image/webp") : TEXT("image/jpeg");
    q->file.tag = text_format(q->arena, "%.*s%.*s", (int)hash.length, hash.bytes,
                              (int)suffix.length, suffix.bytes);
    q->file.private_ms = is_private ? left_ms : 0;
    return NULL;
}

/* ---- taking ---- */

static refusal take(struct request *q, struct text address, enum files_purpose purpose,
                    bool *ret_taken) {
    int64_t changed = 0;
    *ret_taken = false;
    if (!files_is_address(address)) return NULL;
    TRY(db_run(q->db,
               SQL("titi", "UPDATE files_row SET state = 'taken' WHERE hash = $1 "
                           "AND purpose = $3 AND ((person_id = $2 "
                           "AND (state = 'stored' OR state = 'taken')) "
                           "OR (state = 'taken' AND $4 = 0))"),
               PARAMS(hash_of(address), q->who->person_id,
                      shape_enum_text(&files_purpose_enum, purpose),
                      files_purpose_is_private(purpose)),
               &changed));
    *ret_taken = changed > 0;
    return NULL;
}

refusal files_require_one(struct request *q, struct text address, const char *field,
                          enum files_purpose purpose) {
    bool taken;
    TRY(take(q, address, purpose, &taken));
    if (taken) return NULL;
    return refuse(q, BAD_INPUT, field, "这张图片不在了，或者不是您传的，请重新上传",
                  "this picture is not there or not yours: please upload it again");
}

refusal files_require(struct request *q, const struct text_list *addresses, const char *field,
                      enum files_purpose purpose) {
    for (size_t i = 0; i < addresses->count; i++) {
        struct text place = text_format(q->arena, "%s[%zu]", field, i);
        TRY(files_require_one(q, addresses->items[i], text_terminated(q->arena, place), purpose));
    }
    return NULL;
}

refusal files_release(struct request *q, int64_t person_id, struct text address,
                      enum files_purpose purpose) {
    /* A public one may be shown by documents of others, of which nobody here knows. */
    assert(files_purpose_is_private(purpose));
    if (!files_is_address(address)) return NULL;
    return db_run(
        q->db,
        SQL("tit", "UPDATE files_row SET state = 'stored' WHERE hash = $1"
                   " AND person_id = $2 AND purpose = $3 AND state = 'taken'"),
        PARAMS(hash_of(address), person_id, shape_enum_text(&files_purpose_enum, purpose)), NULL);
}

/* ---- sweeping ---- */

#define FILES_ROW_FIELDS(F, S)                                                                     \
    F(S, TEXT, hash)                                                                               \
    F(S, ID, person_id)                                                                            \
    F(S, TEXT, purpose)                                                                            \
    F(S, BOOL, is_private)                                                                         \
    F(S, BOOL, is_shared, .about = "another row keeps the pieces")
SHAPE_DECLARE(files_row, FILES_ROW_FIELDS);
SHAPE_DEFINE(files_row, FILES_ROW_FIELDS);

static refusal find_leaving(struct request *q, void *context) {
    return db_rows(q->db,
                   SQL("i", "SELECT r.hash, r.person_id, r.purpose, r.is_private, "
                            "CASE WHEN EXISTS (SELECT 1 FROM files_row o WHERE o.hash = r.hash "
                            "AND o.is_private = r.is_private AND o.state <> 'leaving') "
                            "THEN 1 ELSE 0 END AS is_shared FROM files_row r "
                            "WHERE r.state = 'leaving' ORDER BY r.uploaded_at, r.hash LIMIT $1"),
                   PARAMS((int64_t)SWEEP_ROWS), &files_row_shape, context);
}

static bool remove_pieces(struct request *q, const struct files_row *row) {
    const struct file_store *store = q->app->files;
    for (size_t i = 0; i < PICTURE_PIECES; i++) {
        struct picture_piece piece = piece_at(i);
        struct text key = files_key(q->arena, row->hash, row->is_private, &piece);
        if (!store->remove(store, q->arena, key)) return false;
    }
    return true;
}

bool files_sweep_call(struct request *q, int64_t argument, struct text text, void **ret_result) {
    (void)argument;
    (void)text;
    struct files_row_list *rows = arena_new(q->arena, struct files_row_list, 1);
    if (road_work(q->app, q->arena, false, find_leaving, rows)) return false;
    for (size_t i = 0; i < rows->count; i++)
        if (!rows->items[i].is_shared && !remove_pieces(q, &rows->items[i])) return false;
    *ret_result = rows;
    return true;
}

refusal files_sweep_run(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    const struct files_row_list *gone = q->prepared;
    int64_t marked = 0;
    for (size_t i = 0; i < gone->count; i++)
        TRY(db_run(q->db,
                   SQL("tit", "DELETE FROM files_row WHERE hash = $1 AND person_id = $2 "
                              "AND purpose = $3 AND state = 'leaving'"),
                   PARAMS(gone->items[i].hash, gone->items[i].person_id, gone->items[i].purpose),
                   NULL));
    TRY(db_run(q->db,
               SQL("ii", "UPDATE files_row SET state = 'leaving' "
                         "WHERE (hash, person_id, purpose) IN (SELECT hash, person_id, purpose "
                         "FROM files_row WHERE (state = 'preparing' OR state = 'stored') "
                         "AND uploaded_at <= $1 ORDER BY uploaded_at LIMIT $2)"),
               PARAMS(instant_after(q->now, -FILES_UNTAKEN_MS), (int64_t)SWEEP_ROWS), &marked));
    if (marked == 0 && gone->count == 0) return NULL;
    /* A minute lets an upload that saw the row as it was come to its end. */
    return jobs_ask(q, "files.sweep", 0, TEXT(""), instant_after(q->now, MINUTE_MS));
}

/* ---- the check ---- */

struct checking {
    struct db_each each;
    struct request *q;
    int64_t missing_count;
    int64_t count;
};

static refusal check_row(struct db_each *each, const struct db_value *cells, size_t cell_count) {
    struct checking *checking = (struct checking *)(void *)each;
    const struct file_store *store = checking->q->app->files;
    struct arena scratch = {0};
    struct text hash = text_copy(&scratch, cells[0].text);
    (void)cell_count;
    for (size_t i = 0; i < PICTURE_PIECES; i++) {
        struct picture_piece piece = piece_at(i);
        struct text key = files_key(&scratch, hash, cells[1].number != 0, &piece);
        checking->missing_count += !store->has(store, &scratch, key);
        checking->count++;
    }
    arena_free(&scratch);
    return NULL;
}

refusal files_check(struct request *q, struct check_report *report) {
    struct checking checking = {.each = {check_row}, .q = q};
    if (!q->app->files || !q->app->files->has) return NULL;
    /* What the sweep may take is not missing when it is gone: a backup reads the rows at one moment
     * and the files at later ones. */
    TRY(db_scan(q->db,
                SQL("i", "SELECT hash, is_private FROM files_row WHERE state = 'taken' "
                         "OR (state = 'stored' AND uploaded_at > $1)"),
                PARAMS(instant_after(q->now, -FILES_UNTAKEN_MS)), &checking.each));
    report->line(report, checking.missing_count == 0,
                 text_format(q->arena,
                             "files: all %lld pieces of pictures are in the store "
                             "(%lld are missing)",
                             (long long)checking.count, (long long)checking.missing_count));
    return files_check_papers(q, report);
}

/* ---- the settings ---- */

static bool start_s3(struct app *app, struct arena *arena, struct text *ret_error) {
    struct text url = text_slice(text_of(app->files_url), strlen("s3+"), SIZE_MAX);
    while (text_ends(url, TEXT("/"))) url.length--;
    bool has_bucket = text_find(url, TEXT("/"), strlen("https://")) != SIZE_MAX;
    bool has_key =
        app->files_key_id && *app->files_key_id && app->files_secret && *app->files_secret;
    if (!has_bucket || !has_key) {
        *ret_error = TEXT("FILES_URL of S3 is s3+https://HOST/BUCKET, "
                          "with FILES_KEY_ID and FILES_SECRET");
        return false;
    }
    const struct file_bucket bucket = {
        url, app->files_region && *app->files_region ? app->files_region : "us-east-1",
        app->files_key_id, app->files_secret};
    app->files = file_store_s3(arena, &bucket);
    return true;
}

bool files_start(struct app *app, struct arena *arena, bool read_only, struct text *ret_error) {
    struct text url = text_of(app->files_url ? app->files_url : "");
    const char *folder;
    if (text_starts(url, TEXT("s3+http://")) || text_starts(url, TEXT("s3+https://")))
        return start_s3(app, arena, ret_error);
    if (url.length && !text_starts(url, TEXT("folder:"))) {
        *ret_error = TEXT("FILES_URL is folder:PATH or s3+https://HOST/BUCKET");
        return false;
    }
    folder = url.length ? text_terminated(arena, text_slice(url, strlen("folder:"), url.length))
                        : text_terminated(arena, text_format(arena, "%s/files", app->data_folder));
    struct instant now = app_now(app);
    app->files = file_store_folder(arena, folder, read_only ? NULL : &now, ret_error);
    return app->files != NULL;
}

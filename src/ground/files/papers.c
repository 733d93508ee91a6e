/* Papers: electronic invoices as the tax system gives them, PDF or OFD. They are kept as they came
 * and never opened here: signed papers are worth something only byte by byte. What is looked at is
 * the beginning of a PDF and one name in a ZIP, no more; whoever fetches one saves it, and no page
 * shows it. */
#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "app.h"
#include "ground/files/inside.h"
#include "ground/jobs/jobs.h"

SHAPE_ENUM_DEFINE(files_paper_kind, FILES_PAPER_KINDS);
SHAPE_DEFINE(files_paper, FILES_PAPER_FIELDS);

enum { SWEEP_PAPERS = 50, SUFFIX_BYTES = 4, ZIP_NAME_AT = 30, ZIP_NAME_LENGTH_AT = 26 };

static const char prefix[] = "/files/papers/";

/* What `before` makes for `handle`, and gives to its own transactions. */
struct paper_taking {
    int64_t person_id;
    enum files_paper_kind kind;
    struct text hash;
    int64_t byte_count;
};

/* ---- names ---- */

static bool kind_of(struct text suffix, enum files_paper_kind *ret_kind) {
    *ret_kind = text_is(suffix, ".ofd") ? FILES_OFD : FILES_PDF;
    return text_is(suffix, ".pdf") || text_is(suffix, ".ofd");
}

static const char *suffix_of(enum files_paper_kind kind) {
    return kind == FILES_OFD ? ".ofd" : ".pdf";
}

static struct text address_of(struct arena *arena, struct text hash, enum files_paper_kind kind) {
    return text_format(arena, "%s%.*s%s", prefix, (int)hash.length, hash.bytes, suffix_of(kind));
}

/* Under the private root: nobody finds one by its hash alone. */
static struct text key_of(struct arena *arena, struct text hash, enum files_paper_kind kind) {
    return text_format(arena, "private/papers/%.2s/%.62s%s", hash.bytes, hash.bytes + 2,
                       suffix_of(kind));
}

static bool read_name(struct text name, struct text *ret_hash, enum files_paper_kind *ret_kind) {
    *ret_hash = text_slice(name, 0, FILES_HASH_CHARACTERS);
    return files_is_hash(*ret_hash) &&
           kind_of(text_slice(name, FILES_HASH_CHARACTERS, name.length), ret_kind);
}

bool files_is_paper(struct text address) {
    struct text hash;
    enum files_paper_kind kind;
    return text_starts(address, text_of(prefix)) &&
           read_name(text_slice(address, strlen(prefix), address.length), &hash, &kind);
}

struct text files_paper_link(struct request *q, struct text address) {
    return files_sign(q, address);
}

/* ---- looking at it ---- */

/* One of the files in a ZIP is called OFD.xml, as GB/T 33190 asks: there is a local header with
 * just this name. Where it stands among the others is left to who wrote it, and nothing is
 * unpacked. */
static bool has_ofd_entry(struct text raw) {
    const struct text name = TEXT("OFD.xml");
    for (size_t at = text_find(raw, name, 0); at != SIZE_MAX; at = text_find(raw, name, at + 1)) {
        if (at < ZIP_NAME_AT) continue;
        const char *header = raw.bytes + at - ZIP_NAME_AT;
        if (memcmp(header, "PK\3\4", 4) == 0 && memcmp(header + ZIP_NAME_LENGTH_AT, "\7\0", 2) == 0)
            return true;
    }
    return false;
}

static refusal refuse_other(struct request *q, struct text raw) {
    const struct bytes bytes = {(const unsigned char *)raw.bytes, raw.length};
    struct picture_head head;
    if (text_starts(raw, TEXT("PK\3\4")))
        return refuse(q, BAD_INPUT, "paper",
                      "这个压缩文件不是 OFD 发票，请换成税务系统里下载的 PDF 或 OFD 文件",
                      "this ZIP holds no OFD.xml: please take the PDF or OFD of the tax system");
    if (picture_read_head(bytes, &head) == PICTURE_FINE)
        return refuse(q, BAD_INPUT, "paper", "这是图片，请当作图片上传",
                      "this is a picture: please send it to /api/files?purpose=document");
    return refuse(q, BAD_INPUT, "paper", "这不是 PDF 或 OFD 文件，请换成税务系统里下载的那一个",
                  "this is neither PDF nor OFD: please take the file of the tax system");
}

static refusal look_at(struct request *q, enum files_paper_kind *ret_kind) {
    struct text raw = q->raw_body;
    bool is_pdf = text_starts(raw, TEXT("%PDF-"));
    bool is_ofd = text_starts(raw, TEXT("PK\3\4")) && has_ofd_entry(raw);
    if (!is_pdf && !is_ofd) return refuse_other(q, raw);
    *ret_kind = is_pdf ? FILES_PDF : FILES_OFD;
    struct text said = request_header(q, "content-type");
    said = text_trim(text_slice(said, 0, text_find(said, TEXT(";"), 0)));
    const char *other = is_pdf ? "application/ofd" : "application/pdf";
    if (said.length == strlen(other) && strncasecmp(said.bytes, other, said.length) == 0)
        return refuse(q, BAD_INPUT, "Content-Type",
                      is_pdf ? "文件是 PDF，Content-Type 要写 application/pdf"
                             : "文件是 OFD，Content-Type 要写 application/ofd",
                      is_pdf ? "the file is a PDF: its Content-Type is application/pdf"
                             : "the file is an OFD: its Content-Type is application/ofd");
    return NULL;
}

/* ---- keeping it ---- */

/* As with pictures: the row comes before the bytes, and nobody brings back what is being removed.
 */
static refusal note_intent(struct request *q, void *context) {
    const struct paper_taking *taking = context;
    int64_t leaving = 0;
    TRY(db_int(q->db,
               SQL("t", "SELECT CAST(count(*) AS BIGINT) FROM files_paper "
                        "WHERE hash = $1 AND state = 'leaving'"),
               PARAMS(taking->hash), &leaving, NULL));
    if (leaving) return problem_wait(q->arena, PROBLEM_BUSY, 60);
    return db_run(q->db,
                  SQL("titii", "INSERT INTO files_paper (hash, person_id, kind, state, byte_count, "
                               "uploaded_at) VALUES ($1, $2, $3, 'preparing', $4, $5) "
                               "ON CONFLICT (hash, person_id) DO UPDATE SET "
                               "uploaded_at = excluded.uploaded_at"),
                  PARAMS(taking->hash, taking->person_id,
                         shape_enum_text(&files_paper_kind_enum, taking->kind), taking->byte_count,
                         q->now),
                  NULL);
}

refusal files_take_paper(struct request *q) {
    const struct file_store *store = q->app->files;
    const struct bytes raw = {(const unsigned char *)q->raw_body.bytes, q->raw_body.length};
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct paper_taking *taking = arena_new(q->arena, struct paper_taking, 1);
    *taking =
        (struct paper_taking){.person_id = q->who->person_id, .byte_count = (int64_t)raw.length};
    TRY(look_at(q, &taking->kind));
    TRY(files_count_upload(q));
    crypto_hash_sha256(hash, raw.data, raw.length);
    taking->hash = text_hex(q->arena, (struct bytes){hash, sizeof(hash)});
    TRY(road_work(q->app, q->arena, true, note_intent, taking));
    const struct file_blob blob = {key_of(q->arena, taking->hash, taking->kind),
                                   "application/octet-stream", raw};
    if (!store->put(store, q->arena, &blob)) return files_no_answer(q);
    q->prepared = taking;
    return NULL;
}

refusal files_note_paper(struct request *q) {
    const struct paper_taking *taking = q->prepared;
    struct files_paper *paper = q->reply;
    TRY(db_run(q->db,
               SQL("ti", "UPDATE files_paper SET state = 'stored' WHERE hash = $1 "
                         "AND person_id = $2 AND state = 'preparing'"),
               PARAMS(taking->hash, taking->person_id), NULL));
    *paper = (struct files_paper){.address = address_of(q->arena, taking->hash, taking->kind),
                                  .kind = taking->kind,
                                  .byte_count = taking->byte_count};
    paper->link = files_paper_link(q, paper->address);
    return NULL;
}

refusal files_require_paper(struct request *q, struct text address, const char *field) {
    int64_t changed = 0;
    struct text hash;
    enum files_paper_kind kind;
    if (files_is_paper(address) &&
        read_name(text_slice(address, strlen(prefix), address.length), &hash, &kind))
        TRY(db_run(q->db,
                   SQL("tit", "UPDATE files_paper SET state = 'taken' WHERE hash = $1 "
                              "AND person_id = $2 AND kind = $3 "
                              "AND (state = 'stored' OR state = 'taken')"),
                   PARAMS(hash, q->who->person_id, shape_enum_text(&files_paper_kind_enum, kind)),
                   &changed));
    if (changed) return NULL;
    return refuse(q, BAD_INPUT, field, "这个文件不在了，或者不是您传的，请重新上传",
                  "this file is not there or not yours: please upload it again");
}

/* ---- giving ---- */

refusal files_give_paper(struct request *q) {
    const struct files_name_path *path = q->path;
    struct text hash;
    struct text address =
        text_format(q->arena, "%s%.*s", prefix, (int)path->name.length, path->name.bytes);
    enum files_paper_kind kind;
    int64_t left_ms = 0;
    TRY(files_require_signed(q, address, q->query, &left_ms));
    if (!read_name(path->name, &hash, &kind))
        return refuse(q, NOT_FOUND, "", "没有找到", "not found");
    TRY(files_fetch(q, q->arena, key_of(q->arena, hash, kind), &q->file.bytes));
    q->file.type = kind == FILES_OFD ? TEXT("application/ofd") : TEXT("application/pdf");
    q->file.tag = path->name;
    q->file.private_ms = left_ms;
    q->file.is_attachment = true;
    return NULL;
}

/* ---- sweeping ---- */

#define FILES_PAPER_ROW_FIELDS(F, S)                                                               \
    F(S, TEXT, hash)                                                                               \
    F(S, ID, person_id)                                                                            \
    F(S, ENUM, kind, files_paper_kind)                                                             \
    F(S, BOOL, is_shared, .about = "another row keeps the bytes")
SHAPE_DECLARE(files_paper_row, FILES_PAPER_ROW_FIELDS);
SHAPE_DEFINE(files_paper_row, FILES_PAPER_ROW_FIELDS);

static refusal find_leaving(struct request *q, void *context) {
    return db_rows(q->db,
                   SQL("i", "SELECT p.hash, p.person_id, p.kind, "
                            "CASE WHEN EXISTS (SELECT 1 FROM files_paper o WHERE o.hash = p.hash "
                            "AND o.state <> 'leaving') THEN 1 ELSE 0 END AS is_shared "
                            "FROM files_paper p WHERE p.state = 'leaving' "
                            "ORDER BY p.uploaded_at, p.hash LIMIT $1"),
                   PARAMS((int64_t)SWEEP_PAPERS), &files_paper_row_shape, context);
}

bool files_sweep_papers_call(struct request *q, int64_t argument, struct text text,
                             void **ret_result) {
    (void)argument;
    (void)text;
    const struct file_store *store = q->app->files;
    struct files_paper_row_list *rows = arena_new(q->arena, struct files_paper_row_list, 1);
    if (road_work(q->app, q->arena, false, find_leaving, rows)) return false;
    for (size_t i = 0; i < rows->count; i++) {
        const struct files_paper_row *row = &rows->items[i];
        if (!row->is_shared &&
            !store->remove(store, q->arena, key_of(q->arena, row->hash, row->kind)))
            return false;
    }
    *ret_result = rows;
    return true;
}

refusal files_sweep_papers_run(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    const struct files_paper_row_list *gone = q->prepared;
    int64_t marked = 0;
    for (size_t i = 0; i < gone->count; i++)
        TRY(db_run(q->db,
                   SQL("ti", "DELETE FROM files_paper WHERE hash = $1 AND person_id = $2 "
                             "AND state = 'leaving'"),
                   PARAMS(gone->items[i].hash, gone->items[i].person_id), NULL));
    TRY(db_run(q->db,
               SQL("ii", "UPDATE files_paper SET state = 'leaving' "
                         "WHERE (hash, person_id) IN (SELECT hash, person_id FROM files_paper "
                         "WHERE (state = 'preparing' OR state = 'stored') AND uploaded_at <= $1 "
                         "ORDER BY uploaded_at LIMIT $2)"),
               PARAMS(instant_after(q->now, -FILES_UNTAKEN_MS), (int64_t)SWEEP_PAPERS), &marked));
    if (marked == 0 && gone->count == 0) return NULL;
    /* A minute lets an upload that saw the row as it was come to its end. */
    return jobs_ask(q, "files.sweep_papers", 0, TEXT(""), instant_after(q->now, MINUTE_MS));
}

/* ---- the check ---- */

struct checking_papers {
    struct db_each each;
    struct request *q;
    int64_t missing_count;
    int64_t count;
};

static refusal check_row(struct db_each *each, const struct db_value *cells, size_t cell_count) {
    struct checking_papers *checking = (struct checking_papers *)(void *)each;
    const struct file_store *store = checking->q->app->files;
    struct arena scratch = {0};
    bool is_ofd = text_is(cells[1].text, "ofd");
    struct text hash = text_copy(&scratch, cells[0].text);
    (void)cell_count;
    checking->missing_count +=
        !store->has(store, &scratch, key_of(&scratch, hash, is_ofd ? FILES_OFD : FILES_PDF));
    checking->count++;
    arena_free(&scratch);
    return NULL;
}

refusal files_check_papers(struct request *q, struct check_report *report) {
    struct checking_papers checking = {.each = {check_row}, .q = q};
    TRY(db_scan(q->db,
                SQL("i", "SELECT hash, kind FROM files_paper WHERE state = 'taken' "
                         "OR (state = 'stored' AND uploaded_at > $1)"),
                PARAMS(instant_after(q->now, -FILES_UNTAKEN_MS)), &checking.each));
    report->line(report, checking.missing_count == 0,
                 text_format(q->arena, "files: all %lld papers are in the store (%lld are missing)",
                             (long long)checking.count, (long long)checking.missing_count));
    return NULL;
}

#include "ground/audit/audit.h"

#include <assert.h>
#include <string.h>

#include "app.h"
#include "ground/audit/inside.h"

SHAPE_DEFINE(audit_entry, AUDIT_ENTRY_FIELDS);
SHAPE_DEFINE_PAGE(audit_entry);
SHAPE_DEFINE(audit_query, AUDIT_QUERY_FIELDS);

/* A long story or three hundred ids do not fit an entry: its beginning says which draft it was. */
static struct text cut(struct arena *arena, struct text words) {
    struct text mark = TEXT("…");
    if (words.length <= AUDIT_TEXT_BYTES_MAX) return words;
    struct text kept = text_slice(words, 0, AUDIT_TEXT_BYTES_MAX - mark.length);
    while (!text_is_utf8(kept)) kept.length--;
    return text_format(arena, "%.*s%s", (int)kept.length, kept.bytes, mark.bytes);
}

refusal audit_write(struct request *q, const struct audit_act *act) {
    assert(act->action && act->subject && act->subject_id >= 0);
    return db_run(
        q->db,
        SQL("iiittitttt",
            "INSERT INTO audit_entry (id, acted_at, person_id, action, subject, subject_id, "
            "was, became, reason, request, seal_number) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)"),
        PARAMS(request_new_id(q), q->now, q->who ? q->who->person_id : INT64_C(0), act->action,
               act->subject, act->subject_id, cut(q->arena, act->before), cut(q->arena, act->after),
               cut(q->arena, act->reason),
               q->number ? text_format(q->arena, "%llx", (unsigned long long)q->number) : TEXT("")),
        NULL);
}

/* ---- reading ---- */

#define ENTRY_COLUMNS                                                                              \
    "SELECT id, acted_at, person_id, action, subject, subject_id, was, became, reason, request, "  \
    "seal_number FROM audit_entry "

/* Ids above ABOVE and below BELOW: a time is a range of the key. */
struct span {
    int64_t above;
    int64_t below;
};

static refusal list_by(struct request *q, const struct audit_query *query, struct span span,
                       struct audit_entry_list *ret_entries) {
    int64_t rows = query->limit + 1;
    if (query->subject.length)
        return db_rows(q->db,
                       SQL("tiiii", ENTRY_COLUMNS "WHERE subject = $1 AND subject_id = $2 "
                                                  "AND id >= $3 AND id < $4 "
                                                  "ORDER BY id DESC LIMIT $5"),
                       PARAMS(query->subject, query->subject_id, span.above, span.below, rows),
                       &audit_entry_shape, ret_entries);
    if (query->person_id)
        return db_rows(q->db,
                       SQL("iiii", ENTRY_COLUMNS "WHERE person_id = $1 AND id >= $2 AND id < $3 "
                                                 "ORDER BY id DESC LIMIT $4"),
                       PARAMS(query->person_id, span.above, span.below, rows), &audit_entry_shape,
                       ret_entries);
    if (query->action.length)
        return db_rows(q->db,
                       SQL("tiii", ENTRY_COLUMNS "WHERE action = $1 AND id >= $2 AND id < $3 "
                                                 "ORDER BY id DESC LIMIT $4"),
                       PARAMS(query->action, span.above, span.below, rows), &audit_entry_shape,
                       ret_entries);
    return db_rows(q->db,
                   SQL("iii", ENTRY_COLUMNS "WHERE id >= $1 AND id < $2 "
                                            "ORDER BY id DESC LIMIT $3"),
                   PARAMS(span.above, span.below, rows), &audit_entry_shape, ret_entries);
}

/* Each way has its index; two ways at once would read rows that it throws away. */
static refusal check_query(struct request *q, const struct audit_query *query) {
    /* The trail is the whole house's: only who may read all of it reads any of it. */
    if (!request_reaches(q, PERMISSION_audit, (struct owner){0}))
        return refuse(q, NOT_FOUND, "", "没有找到", "not found");
    if ((query->subject.length > 0) != (query->subject_id > 0))
        return refuse(q, BAD_INPUT, "subject_id", "subject 和 subject_id 要一起给",
                      "give subject and subject_id together");
    int ways = (query->subject_id > 0) + (query->person_id > 0) + (query->action.length > 0);
    if (ways > 1)
        return refuse(q, BAD_INPUT, query->person_id ? "person_id" : "action",
                      "按对象、按人、按动作查只能选一样",
                      "ask by subject, by person or by action, one of them");
    if (query->until.ms && query->from.ms >= query->until.ms)
        return refuse(q, BAD_INPUT, "until", "结束要在开始之后", "must be after `from`");
    return NULL;
}

refusal audit_list(struct request *q, const struct audit_query *query,
                   struct audit_entry_page *ret_page) {
    TRY(check_query(q, query));
    struct span span = {query->from.ms ? ids_floor(query->from) : 0,
                        query->until.ms ? ids_floor(query->until) : INT64_MAX};
    if (query->after && query->after < span.below) span.below = query->after;
    TRY(list_by(q, query, span, &ret_page->items));
    if (ret_page->items.count <= (size_t)query->limit) return NULL;
    ret_page->items.count = (size_t)query->limit;
    int64_t last = ret_page->items.items[query->limit - 1].id;
    ret_page->next = text_format(q->arena, "%lld", (long long)last);
    return NULL;
}

refusal audit_each_of(struct request *q, int64_t person_id, struct buffer *json) {
    struct audit_entry_list entries;
    TRY(db_rows(q->db, SQL("ii", ENTRY_COLUMNS "WHERE person_id = $1 ORDER BY id DESC LIMIT $2"),
                PARAMS(person_id, (int64_t)AUDIT_ACTS_MAX), &audit_entry_shape, &entries));
    for (size_t i = 0; i < entries.count; i++) {
        if (i) buffer_add_char(json, ',');
        shape_write_json(&audit_entry_shape, json, &entries.items[i]);
    }
    return NULL;
}

/* ---- the chain ---- */

enum { HASH_BYTES = 32, ENTRY_BYTES_MAX = 4 * AUDIT_TEXT_BYTES_MAX };

struct chain {
    const struct app *app;
    unsigned char hash[HASH_BYTES];
};

/* Each part goes in behind its length, so that no two entries are the same bytes. */
static void add_part(struct buffer *buffer, struct text part) {
    buffer_add_format(buffer, "%zu:", part.length);
    buffer_add_text(buffer, part);
}

static void chain_entry(struct chain *chain, struct arena *arena, int64_t number,
                        const struct audit_entry *entry) {
    struct buffer buffer = buffer_make(arena, ENTRY_BYTES_MAX);
    buffer_add(&buffer, (const char *)chain->hash, HASH_BYTES);
    buffer_add_format(&buffer, "%lld %lld %lld %lld %lld ", (long long)number, (long long)entry->id,
                      (long long)entry->acted_at.ms, (long long)entry->person_id,
                      (long long)entry->subject_id);
    const struct text parts[] = {entry->action, entry->subject, entry->was, entry->became,
                                 entry->reason};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) add_part(&buffer, parts[i]);
    /* Entries from before requests were noted have none, and hash as they did. */
    if (entry->request.length) add_part(&buffer, entry->request);
    assert(!buffer.overflowed);
    struct text all = buffer_text(&buffer);
    struct bytes clear = {(const unsigned char *)all.bytes, all.length};
    chain->app->keyed_hash(chain->app, "audit", clear, chain->hash);
}

#define AUDIT_LAST_FIELDS(F, S) F(S, INT, number) F(S, TEXT, hash)
SHAPE_DECLARE(audit_last, AUDIT_LAST_FIELDS);
SHAPE_DEFINE(audit_last, AUDIT_LAST_FIELDS);

static refusal read_unsealed(struct request *q, struct audit_entry_list *ret_entries) {
    return db_rows(q->db,
                   SQL("i",
                       "SELECT id, acted_at, person_id, action, subject, subject_id, was, became, "
                       "reason, request, seal_number FROM audit_entry WHERE seal_number = 0 "
                       "ORDER BY id LIMIT $1"),
                   PARAMS((int64_t)AUDIT_SEAL_ENTRIES_MAX), &audit_entry_shape, ret_entries);
}

/* Entries are found by not being sealed, not by time: one whose transaction ended late is simply in
 * a later seal. */
refusal audit_seal_entries(struct request *q, int64_t *ret_sealed) {
    struct audit_entry_list entries;
    struct audit_last last = {0};
    struct chain chain = {.app = q->app};
    bool found = false;
    int64_t changed = 0;
    *ret_sealed = 0;
    TRY(read_unsealed(q, &entries));
    if (entries.count == 0) return NULL;
    TRY(db_row(q->db, SQL("", "SELECT number, hash FROM audit_seal ORDER BY number DESC LIMIT 1"),
               NO_PARAMS, &audit_last_shape, &last, &found));
    if (found && last.hash.length == HASH_BYTES) memcpy(chain.hash, last.hash.bytes, HASH_BYTES);
    for (size_t i = 0; i < entries.count; i++)
        chain_entry(&chain, q->arena, last.number + 1, &entries.items[i]);
    TRY(db_run(
        q->db,
        SQL("ii", "UPDATE audit_entry SET seal_number = $1 WHERE seal_number = 0 AND id <= $2"),
        PARAMS(last.number + 1, entries.items[entries.count - 1].id), &changed));
    if (changed != (int64_t)entries.count)
        return refuse(q, CONFLICT, "", "账页正在增加，稍后再封",
                      "entries came in meanwhile: seal again");
    TRY(db_run(q->db,
               SQL("iiib", "INSERT INTO audit_seal (number, sealed_at, entry_count, hash) "
                           "VALUES ($1, $2, $3, $4)"),
               PARAMS(last.number + 1, q->now, changed, ((struct bytes){chain.hash, HASH_BYTES})),
               NULL));
    *ret_sealed = changed;
    return NULL;
}

/* ---- check ---- */

/* Seals in order, each with its entries; a seal without any has one row with NULLs. */
struct audit_scan {
    struct db_each each;
    struct chain chain;
    struct arena scratch;
    int64_t number; /* of the seal being read */
    int64_t entries_left;
    bool hash_is_whole;
    unsigned char hash_kept[HASH_BYTES];
    int64_t seal_count;
    int64_t entry_count;
    int64_t fault_count;
};

static void end_seal(struct audit_scan *scan) {
    if (scan->number == 0) return;
    bool fits = scan->entries_left == 0 && scan->hash_is_whole &&
                memcmp(scan->chain.hash, scan->hash_kept, HASH_BYTES) == 0;
    scan->fault_count += !fits;
    /* One broken seal is told once: the next is measured against what this one says it is. */
    memcpy(scan->chain.hash, scan->hash_kept, HASH_BYTES);
}

static void begin_seal(struct audit_scan *scan, const struct db_value *cells) {
    end_seal(scan);
    scan->fault_count += cells[0].number != scan->number + 1;
    scan->number = cells[0].number;
    scan->entries_left = cells[1].number;
    scan->hash_is_whole = cells[2].text.length == HASH_BYTES;
    memset(scan->hash_kept, 0, HASH_BYTES);
    if (scan->hash_is_whole) memcpy(scan->hash_kept, cells[2].text.bytes, HASH_BYTES);
    scan->seal_count++;
}

static refusal check_row(struct db_each *each, const struct db_value *cells, size_t cell_count) {
    struct audit_scan *scan = (struct audit_scan *)(void *)each;
    assert(cell_count == 13);
    if (cells[0].number != scan->number) begin_seal(scan, cells);
    if (cells[3].type == DB_NULL) return NULL;
    struct audit_entry entry = {.id = cells[3].number,
                                .acted_at = {cells[4].number},
                                .person_id = cells[5].number,
                                .action = cells[6].text,
                                .subject = cells[7].text,
                                .subject_id = cells[8].number,
                                .was = cells[9].text,
                                .became = cells[10].text,
                                .reason = cells[11].text,
                                .request = cells[12].text};
    chain_entry(&scan->chain, &scan->scratch, scan->number, &entry);
    arena_reset(&scan->scratch);
    scan->entries_left--;
    scan->entry_count++;
    return NULL;
}

refusal audit_check(struct request *q, struct check_report *report) {
    struct audit_scan scan = {.each = {check_row}, .chain = {.app = q->app}};
    int64_t strays = 0;
    refusal refused =
        db_scan(q->db,
                SQL("", "SELECT s.number, s.entry_count, s.hash, e.id, e.acted_at, e.person_id, "
                        "e.action, e.subject, e.subject_id, e.was, e.became, e.reason, e.request "
                        "FROM audit_seal s LEFT JOIN audit_entry e ON e.seal_number = s.number "
                        "ORDER BY s.number, e.id"),
                NO_PARAMS, &scan.each);
    arena_free(&scan.scratch);
    TRY(refused);
    end_seal(&scan);
    report->line(report, scan.fault_count == 0,
                 text_format(q->arena,
                             "audit: %lld entries in %lld seals, each as it was sealed "
                             "(%lld seals are not)",
                             (long long)scan.entry_count, (long long)scan.seal_count,
                             (long long)scan.fault_count));
    TRY(db_int(q->db,
               SQL("",
                   "SELECT CAST(count(*) AS BIGINT) FROM audit_entry e WHERE e.seal_number <> 0 "
                   "AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.number = e.seal_number)"),
               NO_PARAMS, &strays, NULL));
    report->line(report, strays == 0,
                 text_format(q->arena, "audit: every sealed entry has its seal (%lld have not)",
                             (long long)strays));
    return NULL;
}

/* The work on an import, a hundred rows at a time. Each piece says in its own transaction how far
 * it came, so a crash repeats nothing and leaves nothing out. A check is the run itself, undone:
 * what it finds fault with is what the run would. */
#include <assert.h>

#include "app.h"
#include "ground/audit/audit.h"
#include "ground/jobs/jobs.h"
#include "ground/people/people.h"
#include "market/imports/inside.h"

enum { CHUNK_LISTINGS = 50 };

struct piece {
    int64_t import_id;
    struct imports_row row;
    bool found;
    bool lost; /* the sheet is not there any more, or cannot be read */
    struct imports_goods *goods;
    size_t count;
    bool tried;
    refusal hindrance; /* what no change of the sheet would mend */
};

static refusal look(struct request *q, void *context) {
    struct piece *piece = context;
    return imports_find(q, piece->import_id, &piece->row, &piece->found);
}

/* As the person who asked for it, with what that person may do now. */
static refusal act_as(struct request *q, int64_t person_id, struct principal *who,
                      struct request *ret_as) {
    TRY(people_principal_of(q, person_id, who));
    *ret_as = *q;
    ret_as->who = who;
    return NULL;
}

/* ---- outside any transaction: reading and trying ---- */

static void read_piece(struct request *q, struct arena *scratch, struct piece *piece) {
    struct imports_sheet sheet;
    struct text bytes;
    size_t row_count = 0, first = (size_t)piece->row.shown.next_no;
    refusal refused = files_read_sheet(q, scratch, piece->row.sheet_id, &bytes);
    if (!refused) refused = imports_open_sheet(q, scratch, bytes, &sheet);
    piece->lost = refused != NULL;
    if (refused || first >= sheet.group_count) return;
    piece->goods = arena_new(q->arena, struct imports_goods, IMPORTS_CHUNK_ROWS);
    while (first + piece->count < sheet.group_count && row_count < IMPORTS_CHUNK_ROWS) {
        struct imports_goods *goods = &piece->goods[piece->count];
        imports_read_goods(q, &sheet, first + piece->count, piece->row.shown.seller_id, goods);
        row_count += goods->row_count;
        piece->count++;
    }
}

/* Ends in a refusal, so that everything it wrote is undone. It may be run again from the start:
 * what was noted by the database's rules is taken back first. */
static refusal try_piece(struct request *q, void *context) {
    struct piece *piece = context;
    struct principal who;
    struct request as;
    piece->hindrance = NULL;
    TRY(act_as(q, piece->row.person_id, &who, &as));
    for (size_t i = 0; i < piece->count && !piece->hindrance; i++) {
        struct imports_goods *goods = &piece->goods[i];
        int64_t listing_id;
        goods->note_count = goods->cell_note_count;
        piece->hindrance = imports_make(&as, goods, true, &listing_id);
    }
    piece->tried = true;
    return refuse(q, CONFLICT, "", "只是试一下", "this was but a trial");
}

bool imports_work_call(struct request *q, int64_t import_id, struct text text, void **ret_result) {
    (void)text;
    struct piece *piece = arena_new(q->arena, struct piece, 1);
    struct arena scratch = {.total_max = SHEET_ARENA_BYTES + SHEET_BYTES_MAX};
    piece->import_id = import_id;
    *ret_result = piece;
    if (road_work(q->app, q->arena, false, look, piece)) return false;
    enum imports_state state = piece->row.shown.state;
    bool reads = piece->found && (state == IMPORTS_CHECKING || state == IMPORTS_RUNNING);
    if (!reads) return true;
    read_piece(q, &scratch, piece);
    arena_free(&scratch);
    if (state != IMPORTS_CHECKING || piece->count == 0) return true;
    refusal ended = road_work(q->app, q->arena, true, try_piece, piece);
    /* What the database could not do just now is no fault of the sheet. */
    bool passing = piece->hindrance && problem_status(piece->hindrance->kind) >= 500;
    return ended && piece->tried && !passing;
}

/* ---- inside: what is said of rows ---- */

static refusal add_bad_row(struct request *q, int64_t import_id, const struct imports_goods *goods,
                           int64_t row_no) {
    struct buffer columns = buffer_make(q->arena, SHEET_CELL_BYTES_MAX);
    struct buffer zh = buffer_make(q->arena, SHEET_CELL_BYTES_MAX * 4);
    struct buffer en = buffer_make(q->arena, SHEET_CELL_BYTES_MAX * 4);
    for (size_t i = 0; i < goods->note_count; i++) {
        const struct imports_note *note = &goods->notes[i];
        if (note->row_no != row_no) continue;
        const char *separator = columns.length ? "\x1e" : "";
        buffer_add_format(&columns, "%s%s", separator, note->column);
        buffer_add_format(&zh, "%s%.*s", separator, (int)note->zh.length, note->zh.bytes);
        buffer_add_format(&en, "%s%.*s", separator, (int)note->en.length, note->en.bytes);
    }
    if (columns.length == 0) {
        buffer_add_literal(&columns, "code");
        buffer_add_format(&zh, "同一货号的第 %lld 行有错", (long long)goods->notes[0].row_no);
        buffer_add_format(&en, "row %lld of this number has a fault",
                          (long long)goods->notes[0].row_no);
    }
    return db_run(q->db,
                  SQL("iiitttt", "INSERT INTO imports_bad_row (import_id, row_no, goods_no, code,"
                                 " columns, zh, en) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                                 " ON CONFLICT (import_id, row_no) DO NOTHING"),
                  PARAMS(import_id, row_no, goods->goods_no, goods->code, buffer_text(&columns),
                         buffer_text(&zh), buffer_text(&en)),
                  NULL);
}

/* A goods is taken as a whole or not at all. */
static refusal add_bad(struct request *q, struct imports_import *import,
                       const struct imports_goods *goods) {
    for (size_t i = 0; i < goods->row_count; i++)
        TRY(add_bad_row(q, import->id, goods, goods->all_row_nos[i]));
    import->bad_count += (int64_t)goods->row_count;
    return NULL;
}

/* ---- inside: one piece of each state ---- */

struct step {
    struct request *q; /* as the person */
    const struct piece *piece;
    struct imports_import import; /* as it is to be */
};

static refusal check_step(struct step *step) {
    const struct piece *piece = step->piece;
    struct imports_import *import = &step->import;
    for (size_t i = 0; i < piece->count; i++)
        if (piece->goods[i].note_count) TRY(add_bad(step->q, import, &piece->goods[i]));
    import->next_no += (int64_t)piece->count;
    if (import->next_no < import->goods_count) return NULL;
    bool waits = import->mode == IMPORTS_DRY_RUN ||
                 (import->mode == IMPORTS_ALL_OR_NOTHING && import->bad_count);
    import->state = waits ? IMPORTS_CHECKED : IMPORTS_RUNNING;
    if (!waits) import->next_no = 0;
    return NULL;
}

#define BAD_NO_FIELDS(F, S) F(S, INT, goods_no)
SHAPE_DECLARE(imports_bad_no, BAD_NO_FIELDS);
SHAPE_DEFINE(imports_bad_no, BAD_NO_FIELDS);

static bool is_bad(const struct imports_bad_no_list *bad, int64_t goods_no) {
    for (size_t i = 0; i < bad->count; i++)
        if (bad->items[i].goods_no == goods_no) return true;
    return false;
}

static refusal make_one(struct step *step, struct imports_goods *goods) {
    int64_t listing_id = 0;
    TRY(imports_make(step->q, goods, false, &listing_id));
    if (goods->note_count) {
        TRY(add_bad(step->q, &step->import, goods));
        if (step->import.mode == IMPORTS_ALL_OR_NOTHING) step->import.state = IMPORTS_UNDOING;
        return NULL;
    }
    step->import.made_count++;
    return db_run(step->q->db,
                  SQL("iiit", "INSERT INTO imports_made (import_id, goods_no, listing_id, code)"
                              " VALUES ($1, $2, $3, $4)"),
                  PARAMS(step->import.id, goods->goods_no, listing_id, goods->code), NULL);
}

static refusal run_step(struct step *step) {
    const struct piece *piece = step->piece;
    struct imports_import *import = &step->import;
    struct imports_bad_no_list bad;
    TRY(db_rows(step->q->db,
                SQL("iii", "SELECT DISTINCT goods_no FROM imports_bad_row WHERE import_id = $1"
                           " AND goods_no BETWEEN $2 AND $3 ORDER BY goods_no LIMIT 200"),
                PARAMS(import->id, import->next_no, import->next_no + (int64_t)piece->count),
                &imports_bad_no_shape, &bad));
    for (size_t i = 0; i < piece->count && import->state == IMPORTS_RUNNING; i++) {
        struct imports_goods *goods = &piece->goods[i];
        goods->note_count = goods->cell_note_count;
        if (!is_bad(&bad, goods->goods_no)) TRY(make_one(step, goods));
    }
    import->next_no += (int64_t)piece->count;
    if (import->state == IMPORTS_UNDOING) import->next_no = 0;
    if (import->state != IMPORTS_RUNNING || import->next_no < import->goods_count) return NULL;
    import->state = import->submits ? IMPORTS_SUBMITTING : IMPORTS_DONE;
    if (import->submits) import->next_no = 0;
    return NULL;
}

#define MADE_FIELDS(F, S)                                                                          \
    F(S, INT, goods_no)                                                                            \
    F(S, ID, listing_id)                                                                           \
    F(S, TEXT, code)
SHAPE_DECLARE(imports_made, MADE_FIELDS);
SHAPE_DEFINE(imports_made, MADE_FIELDS);

static refusal read_made(struct step *step, struct imports_made_list *ret_made) {
    return db_rows(step->q->db,
                   SQL("iii",
                       "SELECT goods_no, listing_id, code FROM imports_made"
                       " WHERE import_id = $1 AND goods_no >= $2 ORDER BY goods_no LIMIT $3"),
                   PARAMS(step->import.id, step->import.next_no, (int64_t)CHUNK_LISTINGS),
                   &imports_made_shape, ret_made);
}

/* A rule that says no to one listing (a picture is missing, its seller took it back) leaves it as
 * it is; the seller sees why where it is sent in by hand. */
static bool is_a_rule(refusal refused) { return problem_status(refused->kind) < 500; }

static refusal submit_step(struct step *step) {
    struct imports_made_list made;
    TRY(read_made(step, &made));
    for (size_t i = 0; i < made.count; i++) {
        refusal refused = listings_submit(step->q, made.items[i].listing_id);
        if (refused && !is_a_rule(refused)) return refused;
        if (!refused) step->import.submitted_count++;
        step->import.next_no = made.items[i].goods_no + 1;
    }
    if (made.count == CHUNK_LISTINGS) return NULL;
    step->import.state = IMPORTS_DONE;
    step->import.next_no = step->import.goods_count;
    return NULL;
}

static refusal undo_step(struct step *step) {
    struct imports_made_list made;
    struct request *q = step->q;
    TRY(read_made(step, &made));
    for (size_t i = 0; i < made.count; i++) {
        const struct imports_made *one = &made.items[i];
        refusal refused = listings_withdraw(q, one->listing_id);
        if (refused && !is_a_rule(refused)) return refused;
        TRY(db_run(q->db,
                   SQL("iti", "DELETE FROM imports_code WHERE seller_id = $1 AND code = $2"
                              " AND listing_id = $3"),
                   PARAMS(step->import.seller_id, one->code, one->listing_id), NULL));
        TRY(db_run(q->db,
                   SQL("ii", "DELETE FROM imports_made WHERE import_id = $1 AND goods_no = $2"),
                   PARAMS(step->import.id, one->goods_no), NULL));
        step->import.made_count--;
    }
    if (made.count < CHUNK_LISTINGS) step->import.state = IMPORTS_UNDONE;
    return NULL;
}

/* ---- inside: the whole ---- */

static bool goes_on(enum imports_state state) {
    return state == IMPORTS_CHECKING || state == IMPORTS_RUNNING || state == IMPORTS_SUBMITTING ||
           state == IMPORTS_UNDOING;
}

static refusal save(struct step *step) {
    const struct imports_import *import = &step->import;
    struct request *q = step->q;
    TRY(db_run(q->db,
               SQL("itiiiii", "UPDATE imports_import SET state = $2, bad_count = $3, next_no = $4,"
                              " made_count = $5, submitted_count = $6, changed_at = $7"
                              " WHERE import_id = $1"),
               PARAMS(import->id, shape_enum_text(&imports_state_enum, import->state),
                      import->bad_count, import->next_no, import->made_count,
                      import->submitted_count, q->now),
               NULL));
    if (goes_on(import->state)) return jobs_ask(q, "imports.work", import->id, TEXT(""), q->now);
    if (import->state == IMPORTS_CHECKED) return NULL;
    struct text after =
        text_format(q->arena, "{\"made\":%lld,\"submitted\":%lld,\"left_out\":%lld}",
                    (long long)import->made_count, (long long)import->submitted_count,
                    (long long)import->bad_count);
    return audit_write(q, &(struct audit_act){.action = "imports.end",
                                              .subject = "import",
                                              .subject_id = import->id,
                                              .after = after});
}

static refusal take_step(struct step *step) {
    switch (step->import.state) {
    case IMPORTS_CHECKING: return check_step(step);
    case IMPORTS_RUNNING: return run_step(step);
    case IMPORTS_SUBMITTING: return submit_step(step);
    case IMPORTS_UNDOING: return undo_step(step);
    case IMPORTS_CHECKED:
    case IMPORTS_DONE:
    case IMPORTS_UNDONE:
    case IMPORTS_FAILED: break;
    }
    return NULL;
}

refusal imports_work_run(struct request *q, int64_t import_id, struct text text) {
    (void)text;
    const struct piece *piece = q->prepared;
    struct principal who;
    struct request as;
    struct imports_row row;
    bool found;
    TRY(imports_find(q, import_id, &row, &found));
    if (!found || !goes_on(row.shown.state)) return NULL;
    /* It was begun anew while this piece was read. */
    if (row.shown.state != piece->row.shown.state || row.sheet_id != piece->row.sheet_id ||
        row.shown.next_no != piece->row.shown.next_no)
        return jobs_ask(q, "imports.work", import_id, TEXT(""), q->now);
    TRY(act_as(q, row.person_id, &who, &as));
    struct step step = {.q = &as, .piece = piece, .import = row.shown};
    refusal hindrance = imports_require_seller(&as, "", row.shown.seller_id);
    if (hindrance && !is_a_rule(hindrance)) return hindrance;
    if (hindrance || piece->hindrance || piece->lost)
        step.import.state = IMPORTS_FAILED;
    else
        TRY(take_step(&step));
    return save(&step);
}

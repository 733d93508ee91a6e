/* The way of a listing: written, sent in, listed or back with a reason. Each step is a guarded
 * update of the state: who comes second finds it changed. */
#include "market/listings/listings.h"

#include "ground/audit/audit.h"
#include "market/listings/inside.h"

SHAPE_DEFINE(listings_draft, LISTINGS_DRAFT_FIELDS);
SHAPE_DEFINE(listings_opinion, LISTINGS_OPINION_FIELDS);

const struct fact listings_was_decided = {"listings_was_decided"};

static refusal refuse_state(struct request *q) {
    return refuse(q, WRONG_STATE, "id", "状态已经变了，请刷新再看", "it has moved on; reload it");
}

static refusal note_step(struct request *q, int64_t id, enum listings_step_kind kind,
                         struct text words) {
    static const char *const actions[] = {
        [LISTINGS_SUBMISSION] = "listings.submit",
        [LISTINGS_ACCEPTANCE] = "listings.accept",
        [LISTINGS_REFUSAL] = "listings.refuse",
        [LISTINGS_WITHDRAWAL] = "listings.withdraw",
    };
    TRY(db_run(q->db,
               SQL("iititi", "INSERT INTO listings_step (listing_id, step_id, kind, person_id,"
                             " words, at) VALUES ($1, $2, $3, $4, $5, $6)"),
               PARAMS(id, request_new_id(q), shape_enum_text(&listings_step_kind_enum, kind),
                      q->who->person_id, words, q->now),
               NULL));
    return audit_write(
        q, &(struct audit_act){
               .action = actions[kind], .subject = "listing", .subject_id = id, .reason = words});
}

struct move {
    enum listings_state from;
    enum listings_state to;
    struct text reason;
    int64_t goods_id;
    struct instant submitted_at; /* of what is moved: it is not another by now */
};

static refusal move_on(struct request *q, int64_t id, const struct move *move) {
    int64_t changed;
    TRY(db_run(q->db,
               SQL("ittitii", "UPDATE listings_listing SET state = $3, changed_at = $4,"
                              " reason = $5, goods_id = $6 WHERE listing_id = $1 AND state = $2"
                              " AND submitted_at = $7"),
               PARAMS(id, shape_enum_text(&listings_state_enum, move->from),
                      shape_enum_text(&listings_state_enum, move->to), q->now, move->reason,
                      move->goods_id, move->submitted_at),
               &changed));
    return changed == 1 ? NULL : refuse_state(q);
}

/* ---- writing ---- */

static struct text draft_json(struct request *q, const struct catalog_goods_draft *draft) {
    struct buffer json = buffer_make(q->arena, LIMIT_BODY_BYTES * 2);
    shape_write_json(&catalog_goods_draft_shape, &json, draft);
    return buffer_text(&json);
}

/* Of a goods one change at a time is under way, so that what a reviewer compares it with is what
 * customers see. */
static refusal require_only_one(struct request *q, int64_t goods_id, int64_t id) {
    int64_t open_count;
    TRY(db_int(q->db,
               SQL("ii", "SELECT count(*) FROM listings_listing WHERE goods_id = $1"
                         " AND listing_id <> $2 AND (state = 'draft' OR state = 'submitted'"
                         " OR state = 'refused')"),
               PARAMS(goods_id, id), &open_count, NULL));
    if (open_count == 0) return NULL;
    return refuse(q, CONFLICT, "goods_id", "这件商品已经有一份修改没办完，请先办完或撤回",
                  "another change of this goods is under way; finish or withdraw it first");
}

static refusal check_draft(struct request *q, int64_t id, const struct listings_draft *draft,
                           int64_t *ret_place_code) {
    TRY(listings_require_seller(q, "goods.seller_id", draft->goods.seller_id, ret_place_code));
    TRY(problem_within(q->arena, catalog_check_draft(q, draft->goods_id, &draft->goods), "goods."));
    return draft->goods_id ? require_only_one(q, draft->goods_id, id) : NULL;
}

static refusal seller_row_of(struct request *q, int64_t id, struct listings_row *ret_row) {
    TRY(listings_row_of(q, id, ret_row));
    if (listings_is_seller(q, ret_row)) return NULL;
    return refuse(q, NOT_ALLOWED, "id", "这份申请要由店里自己改", "the shop alone may change this");
}

static refusal insert(struct request *q, int64_t id, const struct listings_draft *draft) {
    return db_run(
        q->db,
        SQL("iiiii", "INSERT INTO listings_listing (listing_id, goods_id, seller_id, place_code,"
                     " is_revision, state, title, picture, draft, before_draft, reason, made_at,"
                     " changed_at, submitted_at) VALUES ($1, $2, $3, 0, $4, 'draft', '', '', '',"
                     " '', '', $5, $5, 0)"),
        PARAMS(id, draft->goods_id, draft->goods.seller_id, draft->goods_id > 0, q->now), NULL);
}

/* Whoever wrote at it never decides on it, whoever sent it in. */
static refusal note_editor(struct request *q, int64_t id) {
    return db_run(q->db,
                  SQL("ii", "INSERT INTO listings_editor (listing_id, person_id) VALUES ($1, $2)"
                            " ON CONFLICT (listing_id, person_id) DO NOTHING"),
                  PARAMS(id, q->who->person_id), NULL);
}

static refusal fill_in(struct request *q, int64_t id, const struct listings_draft *draft,
                       int64_t place_code) {
    int64_t changed;
    TRY(db_run(q->db,
               SQL("itttii", "UPDATE listings_listing SET title = $2, picture = $3, draft = $4,"
                             " place_code = $5, changed_at = $6 WHERE listing_id = $1"
                             " AND (state = 'draft' OR state = 'refused')"),
               PARAMS(id, draft->goods.title, draft->goods.pictures.items[0],
                      draft_json(q, &draft->goods), place_code, q->now),
               &changed));
    return changed == 1 ? NULL : refuse_state(q);
}

refusal listings_put(struct request *q, int64_t id, const struct listings_draft *draft,
                     int64_t *ret_id) {
    int64_t place_code, wanted = id ? id : request_new_id(q);
    struct listings_row row;
    if (id) {
        TRY(seller_row_of(q, id, &row));
        if (row.shown.seller_id != draft->goods.seller_id)
            return refuse(q, BAD_INPUT, "goods.seller_id", "不能换到别的店",
                          "it stays with its seller");
        if (row.shown.goods_id != draft->goods_id)
            return refuse(q, BAD_INPUT, "goods_id", "不能换成别的商品", "it stays with its goods");
    }
    TRY(check_draft(q, wanted, draft, &place_code));
    if (!id) TRY(insert(q, wanted, draft));
    *ret_id = wanted;
    TRY(fill_in(q, wanted, draft, place_code));
    return note_editor(q, wanted);
}

/* ---- sending in ---- */

/* What stops a listing, all of it in one answer. */
static refusal check_findings(struct request *q, const struct catalog_goods_draft *goods) {
    struct listings_found *found = arena_new(q->arena, struct listings_found, 1);
    refusal all = NULL;
    TRY(listings_find(q, goods, found));
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].level == LISTINGS_STOP)
            all = problem_join(q->arena, all,
                               problem_say(q->arena, PROBLEM_BAD_INPUT, found->items[i].field,
                                           found->items[i].zh, found->items[i].en));
    return all;
}

refusal listings_submit(struct request *q, int64_t id) {
    struct listings_row row;
    struct text before = TEXT("");
    int64_t place_code, changed;
    TRY(seller_row_of(q, id, &row));
    if (row.shown.state != LISTINGS_DRAFT && row.shown.state != LISTINGS_REFUSED)
        return refuse_state(q);
    const struct listings_draft draft = {row.shown.goods_id, row.shown.goods};
    TRY(check_draft(q, id, &draft, &place_code));
    TRY(check_findings(q, &draft.goods));
    if (row.shown.is_revision) {
        struct catalog_goods_draft now;
        TRY(catalog_read_draft(q, row.shown.goods_id, &now));
        before = draft_json(q, &now);
    }
    /* A later time each time, whatever the clock does: it tells a reviewer what was read. */
    TRY(db_run(q->db,
               SQL("itii", "UPDATE listings_listing SET state = 'submitted', before_draft = $2,"
                           " place_code = $3, changed_at = $4, submitted_at ="
                           " CASE WHEN submitted_at < $4 THEN $4 ELSE submitted_at + 1 END,"
                           " reason = '' WHERE listing_id = $1"
                           " AND (state = 'draft' OR state = 'refused')"),
               PARAMS(id, before, place_code, q->now), &changed));
    if (changed != 1) return refuse_state(q);
    return note_step(q, id, LISTINGS_SUBMISSION, TEXT(""));
}

refusal listings_withdraw(struct request *q, int64_t id) {
    struct listings_row row;
    TRY(seller_row_of(q, id, &row));
    enum listings_state state = row.shown.state;
    if (state == LISTINGS_LISTED || state == LISTINGS_WITHDRAWN) return refuse_state(q);
    TRY(move_on(q, id,
                &(struct move){state, LISTINGS_WITHDRAWN, TEXT(""), row.shown.goods_id,
                               row.shown.submitted_at}));
    return note_step(q, id, LISTINGS_WITHDRAWAL, TEXT(""));
}

refusal listings_is_withdrawn(struct request *q, int64_t id, bool *ret_withdrawn) {
    int64_t kept;
    TRY(db_int(q->db,
               SQL("i", "SELECT count(*) FROM listings_listing WHERE listing_id = $1"
                        " AND state <> 'withdrawn'"),
               PARAMS(id), &kept, NULL));
    *ret_withdrawn = kept == 0;
    return NULL;
}

refusal listings_seller_of(struct request *q, int64_t id, int64_t *ret_seller_id) {
    bool found;
    int64_t seller_id = 0;
    TRY(db_int(q->db, SQL("i", "SELECT seller_id FROM listings_listing WHERE listing_id = $1"),
               PARAMS(id), &seller_id, &found));
    *ret_seller_id = found ? seller_id : 0;
    return NULL;
}

/* ---- deciding ---- */

/* Who may sell for the shop never reviews for it, and neither does whoever wrote at this one or
 * sent it in. */
static refusal require_other_hands(struct request *q, const struct listings_row *row) {
    int64_t own_count;
    TRY(db_int(q->db,
               SQL("ii", "SELECT (SELECT count(*) FROM listings_step WHERE listing_id = $1"
                         " AND person_id = $2 AND kind = 'submission')"
                         " + (SELECT count(*) FROM listings_editor WHERE listing_id = $1"
                         " AND person_id = $2)"),
               PARAMS(row->shown.id, q->who->person_id), &own_count, NULL));
    if (own_count == 0 && !listings_is_seller(q, row)) return NULL;
    return refuse(q, NOT_ALLOWED, "id", "自己店里的或者自己写过的商品，要由别人来审",
                  "somebody else reviews the goods of one's own shop or of one's own writing");
}

/* What was read is what is decided on: since then it may have gone back and come again. */
static refusal require_same(struct request *q, const struct listings_row *row,
                            const struct listings_opinion *opinion) {
    if (row->shown.state != LISTINGS_SUBMITTED) return refuse_state(q);
    if (row->shown.submitted_at.ms == opinion->submitted_at.ms) return NULL;
    return refuse(q, CONFLICT, "submitted_at", "您看过之后卖家又改过，请刷新再看",
                  "it has changed since you read it; reload it");
}

static refusal put_on_sale(struct request *q, const struct listings_row *row,
                           int64_t *ret_goods_id) {
    struct shape_ids sku_ids;
    *ret_goods_id = row->shown.goods_id;
    if (row->shown.is_revision)
        return problem_within(
            q->arena, catalog_revise_goods(q, row->shown.goods_id, &row->shown.goods), "goods.");
    return problem_within(q->arena, catalog_add_goods(q, &row->shown.goods, ret_goods_id, &sku_ids),
                          "goods.");
}

/* Whoever sent it in last waits to hear of it. */
static refusal tell_decided(struct request *q, const struct listings_row *row,
                            const struct move *move) {
    struct listings_told fact = {.listing_id = row->shown.id,
                                 .seller_id = row->shown.seller_id,
                                 .title = row->shown.goods.title,
                                 .is_listed = move->to == LISTINGS_LISTED,
                                 .reason = move->reason};
    TRY(db_int(q->db,
               SQL("i", "SELECT person_id FROM listings_step WHERE listing_id = $1"
                        " AND kind = 'submission' ORDER BY step_id DESC LIMIT 1"),
               PARAMS(row->shown.id), &fact.person_id, NULL));
    return request_announce(q, &listings_was_decided, &fact);
}

refusal listings_decide(struct request *q, int64_t id, const struct listings_opinion *opinion) {
    struct listings_row row;
    TRY(listings_row_of(q, id, &row));
    struct move move = {LISTINGS_SUBMITTED, LISTINGS_REFUSED, opinion->words, row.shown.goods_id,
                        opinion->submitted_at};
    if (!listings_is_reviewer(q, &row))
        return refuse(q, NOT_FOUND, "id", "没有这份上架申请", "there is no such listing");
    TRY(require_other_hands(q, &row));
    TRY(require_same(q, &row, opinion));
    if (!opinion->agreed && text_characters(text_trim(opinion->words)) < 2)
        return refuse(q, BAD_INPUT, "words", "请写明哪里要改，卖家看得到",
                      "say what is to be mended; the seller reads it");
    if (opinion->agreed) {
        TRY(check_findings(q, &row.shown.goods));
        TRY(put_on_sale(q, &row, &move.goods_id));
        move.to = LISTINGS_LISTED;
        move.reason = TEXT("");
    }
    TRY(move_on(q, id, &move));
    TRY(tell_decided(q, &row, &move));
    return note_step(q, id, opinion->agreed ? LISTINGS_ACCEPTANCE : LISTINGS_REFUSAL,
                     opinion->words);
}

/* ---- xiangji check ---- */

refusal listings_check(struct request *q, struct check_report *report) {
    int64_t wrong, listed;
    TRY(db_int(q->db, SQL("", "SELECT count(*) FROM listings_listing WHERE state = 'listed'"),
               NO_PARAMS, &listed, NULL));
    TRY(db_int(q->db,
               SQL("", "SELECT count(*) FROM listings_listing l WHERE l.state = 'listed'"
                       " AND (l.goods_id = 0 OR 1 <> (SELECT count(*) FROM listings_step s"
                       " WHERE s.listing_id = l.listing_id AND s.kind = 'acceptance')"
                       " OR EXISTS (SELECT 1 FROM listings_step a JOIN listings_step b"
                       " ON b.listing_id = a.listing_id AND b.person_id = a.person_id"
                       " WHERE a.listing_id = l.listing_id AND a.kind = 'acceptance'"
                       " AND b.kind = 'submission')"
                       " OR EXISTS (SELECT 1 FROM listings_step a JOIN listings_editor e"
                       " ON e.listing_id = a.listing_id AND e.person_id = a.person_id"
                       " WHERE a.listing_id = l.listing_id AND a.kind = 'acceptance'))"),
               NO_PARAMS, &wrong, NULL));
    const char *words = q->english ? "listings: %lld were let through by somebody other than who"
                                     " wrote them and sent them in; %lld say otherwise"
                                   : "上架审核：%lld 份都由另一个人审过；对不上的有 %lld 份";
    report->line(report, wrong == 0,
                 text_format(q->arena, words, (long long)listed, (long long)wrong));
    return NULL;
}

/* The three steps, each a guarded update of the state: who comes second finds it changed. */
#include "market/onboarding/onboarding.h"

#include "ground/audit/audit.h"
#include "ground/people/people.h"
#include "market/onboarding/inside.h"

SHAPE_DEFINE(onboarding_opinion, ONBOARDING_OPINION_FIELDS);
SHAPE_DEFINE(onboarding_reason, ONBOARDING_REASON_FIELDS);

const struct fact onboarding_was_judged = {"onboarding_was_judged"};

/* ---- what every step does ---- */

struct step {
    const struct onboarding_row *row;
    enum onboarding_step_kind kind;
    struct text words;
    struct text documents;
};

/* The trail says what was done and why; who applies and what the papers show stays here. */
static refusal note_step(struct request *q, const struct step *step) {
    static const char *const actions[] = {
        [ONBOARDING_SUBMISSION] = "onboarding.submit",
        [ONBOARDING_RECOMMENDATION] = "onboarding.recommend",
        [ONBOARDING_COUNTY_REFUSAL] = "onboarding.county_refuse",
        [ONBOARDING_ACCEPTANCE] = "onboarding.accept",
        [ONBOARDING_REFUSAL] = "onboarding.refuse",
        [ONBOARDING_WITHDRAWAL] = "onboarding.withdraw",
        [ONBOARDING_CONTACT_VIEW] = "onboarding.see_contact",
    };
    int64_t id = step->row->shown.id;
    TRY(db_run(q->db,
               SQL("iititti", "INSERT INTO onboarding_step (application_id, step_id, kind,"
                              " person_id, words, documents, at)"
                              " VALUES ($1, $2, $3, $4, $5, $6, $7)"),
               PARAMS(id, request_new_id(q),
                      shape_enum_text(&onboarding_step_kind_enum, step->kind), q->who->person_id,
                      step->words, step->documents, q->now),
               NULL));
    if (step->row->person_id != q->who->person_id)
        request_send_event(q, step->row->person_id, "seller_application",
                           text_format(q->arena, "{\"id\":\"%lld\"}", (long long)id));
    return audit_write(q, &(struct audit_act){.action = actions[step->kind],
                                              .subject = "seller_application",
                                              .subject_id = id,
                                              .reason = step->words});
}

static refusal refuse_state(struct request *q) {
    return refuse(q, WRONG_STATE, "id", "申请的状态已经变了，请刷新再看",
                  "the application has moved on; reload it");
}

/* FROM -> TO with the reason that is shown to the applicant. */
struct move {
    enum onboarding_state from;
    enum onboarding_state to;
    struct text reason;
    int64_t seller_id;
    struct instant submitted_at; /* of what is moved: it is not another by now */
};

static refusal move_on(struct request *q, const struct onboarding_row *row,
                       const struct move *move) {
    int64_t changed;
    TRY(db_run(q->db,
               SQL("ittitii", "UPDATE onboarding_application SET state = $3, changed_at = $4,"
                              " reason = $5, seller_id = $6 WHERE application_id = $1"
                              " AND state = $2 AND submitted_at = $7"),
               PARAMS(row->shown.id, shape_enum_text(&onboarding_state_enum, move->from),
                      shape_enum_text(&onboarding_state_enum, move->to), q->now, move->reason,
                      move->seller_id, move->submitted_at),
               &changed));
    return changed == 1 ? NULL : refuse_state(q);
}

/* ---- the applicant ---- */

static refusal own_row_of(struct request *q, int64_t id, struct onboarding_row *ret_row) {
    TRY(onboarding_row_of(q, id, ret_row));
    if (ret_row->person_id == q->who->person_id) return NULL;
    return refuse(q, NOT_ALLOWED, "id", "这份申请要由申请人自己改",
                  "the applicant alone may change this");
}

static bool is_with_applicant(const struct onboarding_row *row) {
    return row->shown.state == ONBOARDING_DRAFT || row->shown.state == ONBOARDING_REFUSED;
}

static refusal seal_contact(struct request *q, const struct onboarding_draft *draft,
                            struct bytes *ret_sealed) {
    struct onboarding_contact contact = {draft->contact_name, draft->contact_phone};
    if (contact.phone.length) people_read_phone(q->arena, contact.phone, &contact.phone);
    struct buffer clear = buffer_make(q->arena, 1000);
    shape_write_json(&onboarding_contact_shape, &clear, &contact);
    return people_seal(q, q->who->person_id, ONBOARDING_CONTACT_LABEL, buffer_text(&clear),
                       ret_sealed);
}

static refusal require_room_for_one(struct request *q) {
    int64_t open_count;
    TRY(db_int(q->db,
               SQL("i", "SELECT count(*) FROM onboarding_application WHERE person_id = $1"
                        " AND state <> 'accepted' AND state <> 'withdrawn'"),
               PARAMS(q->who->person_id), &open_count, NULL));
    if (open_count < ONBOARDING_OPEN_MAX) return NULL;
    return refuse(q, CONFLICT, "", "您已经有 %d 份申请没办完，请先办完或者撤回一份",
                  "you have %d applications under way; finish or withdraw one first",
                  ONBOARDING_OPEN_MAX);
}

static refusal insert_empty(struct request *q, int64_t id) {
    return db_run(
        q->db,
        SQL("iibi", "INSERT INTO onboarding_application (application_id, person_id,"
                    " state, kind, name, summary, place_code, goods_words, credit_code,"
                    " makes_food, food_licence, declared_version, contact, documents,"
                    " reason, seller_id, made_at, changed_at, submitted_at)"
                    " VALUES ($1, $2, 'draft', 'household', '', '', 0, '', '', 0, '',"
                    " '', $3, '', '', 0, $4, $4, 0)"),
        PARAMS(id, q->who->person_id, ((struct bytes){(const unsigned char *)"", 0}), q->now),
        NULL);
}

static refusal fill_in(struct request *q, int64_t id, const struct onboarding_draft *draft) {
    struct bytes contact;
    int64_t changed;
    TRY(seal_contact(q, draft, &contact));
    TRY(db_run(q->db,
               SQL("itttitti"
                   "ttbtii",
                   "UPDATE onboarding_application SET kind = $2, name = $3, summary = $4,"
                   " place_code = $5, goods_words = $6, credit_code = $7, makes_food = $8,"
                   " food_licence = $9, declared_version = $10, contact = $11, documents = $12,"
                   " changed_at = $13 WHERE application_id = $1 AND person_id = $14"
                   " AND (state = 'draft' OR state = 'refused')"),
               PARAMS(id, shape_enum_text(&catalog_seller_kind_enum, draft->kind), draft->name,
                      draft->summary, draft->place_code, draft->goods_text, draft->credit_code,
                      draft->makes_food, draft->food_licence,
                      draft->declared ? ONBOARDING_DECLARATION_VERSION : "", contact,
                      onboarding_join_documents(q->arena, &draft->documents), q->now,
                      q->who->person_id),
               &changed));
    return changed == 1 ? NULL : refuse_state(q);
}

refusal onboarding_put(struct request *q, int64_t id, const struct onboarding_draft *draft,
                       int64_t *ret_id) {
    struct onboarding_draft tidy = *draft;
    struct onboarding_row row;
    int64_t wanted = id ? id : request_new_id(q);
    onboarding_tidy(q->arena, &tidy);
    if (id) TRY(own_row_of(q, id, &row));
    TRY(onboarding_check_filled(q, &tidy));
    if (!id) {
        TRY(require_room_for_one(q));
        TRY(insert_empty(q, wanted));
    }
    *ret_id = wanted;
    TRY(fill_in(q, wanted, &tidy));
    return id ? onboarding_let_go(q, row.person_id, &row.shown.documents) : NULL;
}

/* What was filled in, as a draft again: the rules that were read then may have changed since. */
static refusal draft_of(struct request *q, const struct onboarding_row *row,
                        struct onboarding_draft *ret_draft) {
    const struct onboarding_application *shown = &row->shown;
    struct onboarding_contact contact;
    TRY(onboarding_open_contact(q, row, &contact));
    *ret_draft = (struct onboarding_draft){
        .kind = shown->kind,
        .name = shown->name,
        .summary = shown->summary,
        .place_code = shown->place_code,
        .goods_text = shown->goods_text,
        .contact_name = contact.name,
        .contact_phone = contact.phone,
        .credit_code = shown->credit_code,
        .makes_food = shown->makes_food,
        .food_licence = shown->food_licence,
        .declared = text_is(row->declared_version, ONBOARDING_DECLARATION_VERSION),
        .documents = shown->documents};
    return NULL;
}

refusal onboarding_submit(struct request *q, int64_t id) {
    struct onboarding_row row;
    struct onboarding_draft draft;
    int64_t changed;
    TRY(own_row_of(q, id, &row));
    if (!is_with_applicant(&row)) return refuse_state(q);
    TRY(draft_of(q, &row, &draft));
    TRY(problem_join(q->arena, onboarding_check_filled(q, &draft),
                     onboarding_check_complete(q, &draft)));
    /* A later time each time, whatever the clock does: it tells a reviewer what was read. */
    TRY(db_run(q->db,
               SQL("ii", "UPDATE onboarding_application SET state = 'submitted', changed_at = $2,"
                         " submitted_at = CASE WHEN submitted_at < $2 THEN $2"
                         " ELSE submitted_at + 1 END, reason = '' WHERE application_id = $1"
                         " AND (state = 'draft' OR state = 'refused')"),
               PARAMS(id, q->now), &changed));
    if (changed != 1) return refuse_state(q);
    return note_step(q, &(struct step){&row, ONBOARDING_SUBMISSION, TEXT(""),
                                       onboarding_join_documents(q->arena, &draft.documents)});
}

refusal onboarding_withdraw(struct request *q, int64_t id) {
    struct onboarding_row row;
    TRY(own_row_of(q, id, &row));
    enum onboarding_state state = row.shown.state;
    if (state == ONBOARDING_ACCEPTED || state == ONBOARDING_WITHDRAWN) return refuse_state(q);
    TRY(move_on(q, &row,
                &(struct move){state, ONBOARDING_WITHDRAWN, TEXT(""), 0, row.shown.submitted_at}));
    return note_step(q, &(struct step){&row, ONBOARDING_WITHDRAWAL, TEXT(""), TEXT("")});
}

refusal onboarding_hear_leaving(struct request *q, const void *data) {
    const struct people_leaving *leaving = data;
    return db_run(q->db,
                  SQL("ii", "UPDATE onboarding_application SET state = 'withdrawn',"
                            " changed_at = $2 WHERE person_id = $1 AND state <> 'accepted'"
                            " AND state <> 'withdrawn'"),
                  PARAMS(leaving->person_id, q->now), NULL);
}

/* ---- the county and the platform ---- */

/* Words that say what to mend are owed to who is refused. */
static refusal check_opinion(struct request *q, const struct onboarding_opinion *opinion) {
    refusal all = onboarding_check_documents(q, &opinion->documents);
    if (!opinion->agreed && text_characters(text_trim(opinion->words)) < 2)
        all = problem_join(q->arena, all,
                           refuse(q, BAD_INPUT, "words", "请写明哪里要改，申请人看得到",
                                  "say what is to be mended; the applicant reads it"));
    return all;
}

/* Who applies never reviews, and neither does whoever ever recommended this one decide on it: two
 * other people have looked before somebody sells here. */
static refusal require_other_hands(struct request *q, const struct onboarding_row *row,
                                   bool decides) {
    int64_t own_steps = 0;
    if (row->person_id == q->who->person_id)
        return refuse(q, NOT_ALLOWED, "id", "自己的申请不能自己审",
                      "nobody reviews an application of their own");
    if (decides)
        TRY(db_int(q->db,
                   SQL("ii", "SELECT count(*) FROM onboarding_step WHERE application_id = $1"
                             " AND person_id = $2 AND kind = 'recommendation'"),
                   PARAMS(row->shown.id, q->who->person_id), &own_steps, NULL));
    if (own_steps == 0) return NULL;
    return refuse(q, NOT_ALLOWED, "id", "这份申请是您推荐的，要由另一个人来定",
                  "you recommended this one; somebody else has to decide");
}

/* What was read is what is judged: since then it may have gone back and come again. */
static refusal require_same(struct request *q, const struct onboarding_row *row,
                            enum onboarding_state state, const struct onboarding_opinion *opinion) {
    if (row->shown.state != state) return refuse_state(q);
    if (row->shown.submitted_at.ms == opinion->submitted_at.ms) return NULL;
    return refuse(q, CONFLICT, "submitted_at", "您看过之后申请人又改过，请刷新再看",
                  "it has changed since you read it; reload it");
}

static refusal judge(struct request *q, const struct onboarding_row *row, const struct move *move) {
    const struct onboarding_told fact = {.application_id = row->shown.id,
                                         .person_id = row->person_id,
                                         .name = row->shown.name,
                                         .state = move->to,
                                         .reason = move->reason};
    TRY(move_on(q, row, move));
    return request_announce(q, &onboarding_was_judged, &fact);
}

refusal onboarding_recommend(struct request *q, int64_t id,
                             const struct onboarding_opinion *opinion) {
    struct onboarding_row row;
    bool agreed = opinion->agreed;
    TRY(onboarding_row_of(q, id, &row));
    TRY(require_other_hands(q, &row, false));
    if (!onboarding_is_county(q, row.shown.place_code))
        return refuse(q, NOT_ALLOWED, "id", "推荐要由县里的人来做", "the county itself recommends");
    TRY(check_opinion(q, opinion));
    TRY(require_same(q, &row, ONBOARDING_SUBMITTED, opinion));
    TRY(judge(q, &row,
              &(struct move){ONBOARDING_SUBMITTED,
                             agreed ? ONBOARDING_RECOMMENDED : ONBOARDING_REFUSED,
                             agreed ? TEXT("") : opinion->words, 0, opinion->submitted_at}));
    return note_step(
        q,
        &(struct step){&row, agreed ? ONBOARDING_RECOMMENDATION : ONBOARDING_COUNTY_REFUSAL,
                       opinion->words, onboarding_join_documents(q->arena, &opinion->documents)});
}

static refusal make_seller(struct request *q, const struct onboarding_row *row,
                           int64_t *ret_seller_id) {
    struct onboarding_draft draft;
    TRY(draft_of(q, row, &draft));
    const struct catalog_seller_draft seller = {.name = draft.name,
                                                .kind = draft.kind,
                                                .summary = draft.summary,
                                                .place_code = draft.place_code,
                                                .licence_text =
                                                    onboarding_licence_text(q->arena, &draft)};
    TRY(catalog_add_seller(q, &seller, ret_seller_id));
    return people_give_role(q, row->person_id, "seller_keeper", SCOPE_ORGANISATION, *ret_seller_id);
}

refusal onboarding_decide(struct request *q, int64_t id, const struct onboarding_opinion *opinion) {
    struct onboarding_row row;
    struct move move = {ONBOARDING_RECOMMENDED, ONBOARDING_REFUSED, opinion->words, 0,
                        opinion->submitted_at};
    TRY(onboarding_row_of(q, id, &row));
    TRY(require_other_hands(q, &row, true));
    if (!onboarding_is_platform(q))
        return refuse(q, NOT_ALLOWED, "id", "这一步要由平台的人来定",
                      "the platform itself decides");
    TRY(check_opinion(q, opinion));
    TRY(require_same(q, &row, ONBOARDING_RECOMMENDED, opinion));
    if (opinion->agreed) {
        TRY(make_seller(q, &row, &move.seller_id));
        move.to = ONBOARDING_ACCEPTED;
        move.reason = TEXT("");
    }
    TRY(judge(q, &row, &move));
    return note_step(q, &(struct step){&row,
                                       opinion->agreed ? ONBOARDING_ACCEPTANCE : ONBOARDING_REFUSAL,
                                       opinion->words,
                                       onboarding_join_documents(q->arena, &opinion->documents)});
}

refusal onboarding_see_contact(struct request *q, int64_t id, struct text reason,
                               struct onboarding_contact *ret_contact) {
    struct onboarding_row row;
    TRY(onboarding_row_of(q, id, &row));
    if (!request_reaches(q, PERMISSION_unmask, (struct owner){.place_code = row.shown.place_code}))
        return refuse(q, NOT_FOUND, "id", "没有这份申请", "there is no such application");
    if (!onboarding_waits(row.shown.state))
        return refuse(q, WRONG_STATE, "id", "这份申请现在不用审，联系方式不给看",
                      "the application does not wait for anybody: its contact is not shown");
    TRY(people_note_unmasking(
        q, &(struct people_looking){row.person_id, TEXT("seller_application"), id, reason}));
    TRY(onboarding_open_contact(q, &row, ret_contact));
    return note_step(q, &(struct step){&row, ONBOARDING_CONTACT_VIEW, text_trim(reason), TEXT("")});
}

/* ---- xiangji check ---- */

refusal onboarding_check(struct request *q, struct check_report *report) {
    int64_t wrong, accepted;
    TRY(db_int(q->db,
               SQL("", "SELECT count(*) FROM onboarding_application WHERE state = 'accepted'"),
               NO_PARAMS, &accepted, NULL));
    TRY(db_int(q->db,
               SQL("", "SELECT count(*) FROM onboarding_application a WHERE"
                       " (a.state = 'accepted') <> (a.seller_id > 0)"
                       " OR (a.state = 'accepted' AND (1 <> (SELECT count(*) FROM onboarding_step s"
                       " WHERE s.application_id = a.application_id AND s.kind = 'acceptance')"
                       " OR EXISTS (SELECT 1 FROM onboarding_step d JOIN onboarding_step r"
                       " ON r.application_id = d.application_id AND r.person_id = d.person_id"
                       " WHERE d.application_id = a.application_id AND d.kind = 'acceptance'"
                       " AND (r.kind = 'recommendation' OR r.kind = 'submission'))))"),
               NO_PARAMS, &wrong, NULL));
    const char *words =
        q->english ? "onboarding: %lld sellers were let in by three different people each; %lld"
                     " applications say otherwise"
                   : "开店申请：%lld 家店都经过三个不同的人；对不上的有 %lld 份";
    report->line(report, wrong == 0,
                 text_format(q->arena, words, (long long)accepted, (long long)wrong));
    return NULL;
}

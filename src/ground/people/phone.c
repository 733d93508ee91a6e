/* Changing the phone. With codes of both phones it changes at once. Where the old phone is lost,
 * the password and a code of the new one ask for it: the old phone is told, and three days later it
 * takes effect, unless somebody logs in by a code of the old phone or says no. */
#include <assert.h>

#include "ground/audit/audit.h"
#include "ground/jobs/jobs.h"
#include "ground/people/inside.h"

SHAPE_DEFINE(people_phone_draft, PEOPLE_PHONE_DRAFT_FIELDS);
SHAPE_DEFINE(people_phone_change, PEOPLE_PHONE_CHANGE_FIELDS);

static const char new_phone_label[] = "people.new_phone";

struct changing {
    struct people_contact own;
    struct text new_phone;
    struct people_proof *of_own;
    struct people_proof *of_new;
};

static refusal read_draft(struct request *q, const struct people_phone_draft *draft,
                          struct changing *changing) {
    if (!people_read_phone(q->arena, draft->new_phone, &changing->new_phone))
        return refuse(q, BAD_INPUT, "new_phone", "请填 11 位手机号",
                      "must be a mobile number of 11 digits");
    if ((draft->old_code.length > 0) == (draft->password.length > 0))
        return refuse(q, BAD_INPUT, "old_code", "请填旧手机号的验证码；旧号码用不了，就填密码",
                      "give a code of the old phone, or the password where that phone is lost");
    TRY(people_own_contact(q, &changing->own));
    if (text_equal(changing->own.phone, changing->new_phone))
        return refuse(q, BAD_INPUT, "new_phone", "这就是现在的手机号",
                      "this is the phone you have");
    if (draft->password.length && changing->own.password_hash.length == 0)
        return refuse(q, BAD_INPUT, "password", "您没有设过密码，要用旧手机号的验证码",
                      "there is no password: a code of the old phone is needed");
    return NULL;
}

refusal people_before_phone(struct request *q) {
    const struct people_phone_draft *draft = q->body;
    struct changing *changing = arena_new(q->arena, struct changing, 1);
    TRY(read_draft(q, draft, changing));
    changing->of_own = people_proof_take(q, draft->password, draft->old_code, PEOPLE_FOR_PHONE);
    changing->of_own->phone_index = changing->own.phone_index;
    changing->of_own->code_field = "old_code";
    TRY(people_prove(q, changing->of_own));
    changing->of_new = people_proof_take(q, TEXT(""), draft->new_code, PEOPLE_FOR_NEW_PHONE);
    changing->of_new->phone_index = people_phone_index(q, changing->new_phone);
    changing->of_new->code_field = "new_code";
    TRY(people_prove(q, changing->of_new));
    q->prepared = changing;
    return NULL;
}

static refusal refuse_taken(struct request *q) {
    return refuse(q, CONFLICT, "new_phone", "这个手机号已经有账号了",
                  "this phone has an account already");
}

static refusal drop_waiting(struct request *q, int64_t person_id, int64_t *ret_changed) {
    return db_run(q->db, SQL("i", "DELETE FROM people_phone_change WHERE person_id = $1"),
                  PARAMS(person_id), ret_changed);
}

/* The phone comes first, as where an account is made: whoever has it keeps it. */
static refusal move(struct request *q, int64_t person_id, struct text phone,
                    int64_t kept_session_id) {
    struct bytes index = people_phone_index(q, phone);
    struct bytes sealed;
    int64_t changed = 0;
    TRY(db_run(q->db,
               SQL("bi", "INSERT INTO people_phone (phone_index, person_id) VALUES ($1, $2) "
                         "ON CONFLICT (phone_index) DO NOTHING"),
               PARAMS(index, person_id), &changed));
    if (changed == 0) return refuse_taken(q);
    TRY(db_run(q->db,
               SQL("i", "DELETE FROM people_phone WHERE person_id = $1 AND phone_index = "
                        "(SELECT phone_index FROM people_person WHERE id = $1)"),
               PARAMS(person_id), NULL));
    TRY(people_seal(q, person_id, PEOPLE_PHONE_LABEL, phone, &sealed));
    TRY(db_run(q->db,
               SQL("ibb", "UPDATE people_person SET phone_index = $2, phone_sealed = $3 "
                          "WHERE id = $1 AND closed_at = 0"),
               PARAMS(person_id, index, sealed), &changed));
    if (changed == 0) return refuse(q, NOT_FOUND, "", "没有这个账号", "no such account");
    TRY(people_sessions_end(q, person_id, kept_session_id));
    TRY(drop_waiting(q, person_id, NULL));
    return audit_write(q, &(struct audit_act){.action = "people.phone",
                                              .subject = "person",
                                              .subject_id = person_id});
}

static refusal ask_to_wait(struct request *q, const struct changing *changing,
                           struct instant due_at) {
    int64_t person_id = q->who->person_id;
    struct bytes sealed;
    TRY(people_seal(q, person_id, new_phone_label, changing->new_phone, &sealed));
    TRY(db_run(q->db,
               SQL("ibii",
                   "INSERT INTO people_phone_change (person_id, phone_sealed, asked_at, due_at) "
                   "VALUES ($1, $2, $3, $4) ON CONFLICT (person_id) DO UPDATE SET "
                   "phone_sealed = excluded.phone_sealed, asked_at = excluded.asked_at, "
                   "due_at = excluded.due_at"),
               PARAMS(person_id, sealed, q->now, due_at), NULL));
    TRY(jobs_ask(q, "people.change_phone", person_id, TEXT(""), due_at));
    TRY(people_notice_ask(q, changing->own.phone));
    return audit_write(q, &(struct audit_act){.action = "people.phone_asked",
                                              .subject = "person",
                                              .subject_id = person_id});
}

refusal people_phone_now(struct request *q, struct people_phone_change *ret_change) {
    const struct changing *changing = q->prepared;
    TRY(people_proof_use(q, changing->of_own));
    TRY(people_proof_use(q, changing->of_new));
    /* Who showed a code of the phone may know that it has an account. */
    if (changing->of_new->person_id) return refuse_taken(q);
    ret_change->phone_masked = people_mask_phone(q->arena, changing->new_phone);
    ret_change->done = changing->of_own->by_code;
    if (ret_change->done)
        return move(q, q->who->person_id, changing->new_phone, q->who->session_id);
    ret_change->due_at = instant_after(q->now, (int64_t)PEOPLE_PHONE_WAIT_DAYS * DAY_MS);
    return ask_to_wait(q, changing, ret_change->due_at);
}

static refusal note_kept(struct request *q, int64_t person_id) {
    TRY(jobs_forget(q, "people.change_phone", person_id));
    return audit_write(q, &(struct audit_act){.action = "people.phone_kept",
                                              .subject = "person",
                                              .subject_id = person_id});
}

refusal people_phone_cancel(struct request *q) {
    int64_t changed = 0;
    TRY(drop_waiting(q, q->who->person_id, &changed));
    if (changed == 0)
        return refuse(q, NOT_FOUND, "", "没有等着换的手机号", "no change of phone is waiting");
    return note_kept(q, q->who->person_id);
}

refusal people_phone_keep(struct request *q, int64_t person_id) {
    int64_t changed = 0;
    TRY(drop_waiting(q, person_id, &changed));
    return changed ? note_kept(q, person_id) : NULL;
}

#define PEOPLE_WAITING_FIELDS(F, S) F(S, TEXT, phone_sealed) F(S, TIME, due_at)
SHAPE_DECLARE(people_waiting, PEOPLE_WAITING_FIELDS);
SHAPE_DEFINE(people_waiting, PEOPLE_WAITING_FIELDS);

refusal people_phone_when_due(struct request *q, int64_t person_id, struct text text) {
    struct people_waiting row = {0};
    struct text phone;
    int64_t owner_id = 0;
    bool found = false;
    (void)text;
    TRY(db_row(q->db,
               SQL("i", "SELECT phone_sealed, due_at FROM people_phone_change "
                        "WHERE person_id = $1"),
               PARAMS(person_id), &people_waiting_shape, &row, &found));
    if (!found || row.due_at.ms > q->now.ms) return NULL;
    TRY(people_open(q, person_id, new_phone_label, people_bytes(row.phone_sealed), &phone));
    TRY(people_find(q, people_phone_index(q, phone), &owner_id));
    if (owner_id == 0) return move(q, person_id, phone, 0);
    /* Somebody opened an account with that phone meanwhile. */
    TRY(drop_waiting(q, person_id, NULL));
    return note_kept(q, person_id);
}

/* Seeing in clear: what lists and details show masked, an officer may see once, for a reason that
 * is kept and that the person can read. */
#include <assert.h>

#include "ground/audit/audit.h"
#include "ground/people/inside.h"

SHAPE_DEFINE(people_clear, PEOPLE_CLEAR_FIELDS);
SHAPE_DEFINE(people_unmask_draft, PEOPLE_UNMASK_DRAFT_FIELDS);
SHAPE_DEFINE(people_in_clear, PEOPLE_IN_CLEAR_FIELDS);
SHAPE_DEFINE(people_seen, PEOPLE_SEEN_FIELDS);
SHAPE_DEFINE_PAGE(people_seen);
SHAPE_DEFINE(people_page_query, PEOPLE_PAGE_QUERY_FIELDS);

const struct fact people_unmask_asked = {"people_unmask_asked"};

enum { NUMBER_DIGITS_MIN = 6 };

void people_unmasked_add(struct people_unmasked *found, const char *name, struct text value) {
    assert(found->count < PEOPLE_CLEAR_MAX);
    if (value.length) found->values[found->count++] = (struct people_clear){text_of(name), value};
}

/* The reason stands in the audit trail for good: no phone and no identity number goes in there. */
static bool holds_number(struct text words) {
    size_t run = 0;
    for (size_t at = 0; at < words.length;) {
        uint32_t point = text_next(words, &at);
        bool is_digit = (point >= '0' && point <= '9') || (point >= 0xFF10 && point <= 0xFF19);
        bool between = point == ' ' || point == '-';
        run = is_digit ? run + 1 : between ? run : 0;
        if (run >= NUMBER_DIGITS_MIN) return true;
    }
    return false;
}

static refusal unmask_person(struct request *q, int64_t person_id, struct people_unmasked *found) {
    struct people_contact contact = {0};
    struct people_person person = {0};
    if (!request_reaches(q, PERMISSION_unmask, (struct owner){0})) return NULL;
    refusal refused = people_contact_of(q, person_id, &contact);
    if (refused && refused->kind == PROBLEM_NOT_FOUND) return NULL;
    TRY(refused);
    TRY(people_person_of(q, person_id, &person));
    found->person_id = person_id;
    people_unmasked_add(found, "name", person.name);
    people_unmasked_add(found, "phone", contact.phone);
    return NULL;
}

static refusal find(struct request *q, const struct people_unmask_draft *draft,
                    struct people_unmasked *found) {
    struct people_unmasking asked = {draft->subject, draft->subject_id, found};
    if (text_is(draft->subject, "person"))
        TRY(unmask_person(q, draft->subject_id, found));
    else
        TRY(request_announce(q, &people_unmask_asked, &asked));
    if (found->person_id) return NULL;
    return refuse(q, NOT_FOUND, "subject_id", "没有找到", "not found");
}

/* ---- the reason and the limit ---- */

static refusal may_look(struct request *q, struct text reason) {
    int64_t wait_ms = 0;
    if (text_characters(reason) < PEOPLE_REASON_MIN)
        return refuse(q, BAD_INPUT, "reason", "请写清楚为什么要看，至少四个字",
                      "say why, in four characters or more");
    if (holds_number(reason))
        return refuse(q, BAD_INPUT, "reason", "理由会一直留着，请不要写号码",
                      "the reason is kept for good: leave numbers out");
    struct bytes officer = people_tries_person(q, q->who->person_id);
    TRY(people_tries_wait(q, &people_limit_unmask, officer, &wait_ms));
    return wait_ms > 0 ? people_tries_refuse(q, wait_ms) : NULL;
}

/* Who looked is told to the person by office, never by name. */
static refusal note(struct request *q, const struct people_looking *looking) {
    struct text role = {0};
    bool found = false;
    struct bytes officer = people_tries_person(q, q->who->person_id);
    TRY(people_tries_add(q, &people_limit_unmask, officer, NULL));
    TRY(db_text(q->db,
                SQL("i", "SELECT g.role FROM people_grant g JOIN people_role r ON r.role = g.role "
                         "AND r.permission = 'unmask' WHERE g.person_id = $1 "
                         "ORDER BY g.role LIMIT 1"),
                PARAMS(q->who->person_id), &role, &found));
    TRY(db_run(q->db,
               SQL("iiittiti",
                   "INSERT INTO people_unmasking (person_id, id, officer_id, role, subject, "
                   "subject_id, reason, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
               PARAMS(looking->person_id, request_new_id(q), q->who->person_id, role,
                      looking->subject, looking->subject_id, looking->reason, q->now),
               NULL));
    return audit_write(q,
                       &(struct audit_act){.action = "people.unmask",
                                           .subject = text_terminated(q->arena, looking->subject),
                                           .subject_id = looking->subject_id,
                                           .reason = looking->reason});
}

refusal people_note_unmasking(struct request *q, const struct people_looking *looking) {
    struct people_looking noted = *looking;
    noted.reason = text_trim(looking->reason);
    TRY(may_look(q, noted.reason));
    return note(q, &noted);
}

refusal people_unmask(struct request *q, const struct people_unmask_draft *draft,
                      struct people_in_clear *ret_clear) {
    struct people_unmasked *found = arena_new(q->arena, struct people_unmasked, 1);
    struct people_looking looking = {0, draft->subject, draft->subject_id,
                                     text_trim(draft->reason)};
    TRY(may_look(q, looking.reason));
    TRY(find(q, draft, found));
    looking.person_id = found->person_id;
    TRY(note(q, &looking));
    *ret_clear = (struct people_in_clear){.subject = draft->subject,
                                          .subject_id = draft->subject_id,
                                          .values = {found->values, found->count}};
    return NULL;
}

refusal people_seen_list(struct request *q, const struct people_page_query *query,
                         struct people_seen_page *ret_page) {
    TRY(db_rows(
        q->db,
        SQL("iii", "SELECT id, seen_at, role, subject, subject_id, reason "
                   "FROM people_unmasking WHERE person_id = $1 AND id < $2 "
                   "ORDER BY id DESC LIMIT $3"),
        PARAMS(q->who->person_id, query->after ? query->after : INT64_MAX, query->limit + 1),
        &people_seen_shape, &ret_page->items));
    if (ret_page->items.count <= (size_t)query->limit) return NULL;
    ret_page->items.count = (size_t)query->limit;
    ret_page->next =
        text_format(q->arena, "%lld", (long long)ret_page->items.items[query->limit - 1].id);
    return NULL;
}

/* Consents: what a person agreed to, in which wording, since when, and what was taken back. */
#include "ground/audit/audit.h"
#include "ground/people/inside.h"

SHAPE_DEFINE(people_consent, PEOPLE_CONSENT_FIELDS);
SHAPE_DEFINE_PAGE(people_consent);
SHAPE_DEFINE(people_consent_draft, PEOPLE_CONSENT_DRAFT_FIELDS);

/* The wordings in force. What is not needed is off until somebody switches it on (e-commerce law
 * art. 18, PIPL art. 14). */
static const struct kind {
    const char *name;
    const char *version;
    bool is_needed;
} kinds[] = {
    {"terms", PEOPLE_TERMS_VERSION, true},
    {"privacy", PEOPLE_TERMS_VERSION, true},
    {"recommendation", PEOPLE_TERMS_VERSION, false},
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]), CONSENTS_SHOWN_MAX = 40 };

static const struct kind *find_kind(struct text name) {
    for (size_t i = 0; i < KINDS; i++)
        if (text_is(name, kinds[i].name)) return &kinds[i];
    return NULL;
}

refusal people_agree(struct request *q, int64_t person_id, const char *kind, const char *version) {
    return db_run(q->db,
                  SQL("itti", "INSERT INTO people_consent (person_id, kind, version, agreed_at, "
                              "withdrawn_at) VALUES ($1, $2, $3, $4, 0) "
                              "ON CONFLICT (person_id, kind, version) DO UPDATE SET agreed_at = "
                              "CASE WHEN people_consent.withdrawn_at > 0 THEN excluded.agreed_at "
                              "ELSE people_consent.agreed_at END, withdrawn_at = 0"),
                  PARAMS(person_id, kind, version, q->now), NULL);
}

refusal people_agree_needed(struct request *q, int64_t person_id) {
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].is_needed) TRY(people_agree(q, person_id, kinds[i].name, kinds[i].version));
    return NULL;
}

refusal people_consents_to(struct request *q, int64_t person_id, const char *kind,
                           bool *ret_given) {
    const struct kind *known = find_kind(text_of(kind));
    int64_t found = 0;
    *ret_given = false;
    if (!known) return NULL;
    TRY(db_int(q->db,
               SQL("itt", "SELECT 1 FROM people_consent WHERE person_id = $1 AND kind = $2 "
                          "AND version = $3 AND withdrawn_at = 0"),
               PARAMS(person_id, kind, known->version), &found, NULL));
    *ret_given = found == 1;
    return NULL;
}

/* The wordings in force first, also those that nobody was asked about; then the older ones. */
refusal people_consents(struct request *q, struct people_consent_page *ret_page) {
    struct people_consent_list rows;
    TRY(db_rows(q->db,
                SQL("ii", "SELECT kind, version, agreed_at, withdrawn_at FROM people_consent "
                          "WHERE person_id = $1 ORDER BY agreed_at DESC, kind, version LIMIT $2"),
                PARAMS(q->who->person_id, (int64_t)CONSENTS_SHOWN_MAX), &people_consent_shape,
                &rows));
    struct people_consent *items = arena_new(q->arena, struct people_consent, rows.count + KINDS);
    size_t count = KINDS;
    for (size_t i = 0; i < KINDS; i++)
        items[i] = (struct people_consent){.kind = text_of(kinds[i].name),
                                           .version = text_of(kinds[i].version),
                                           .is_current = true,
                                           .is_needed = kinds[i].is_needed};
    for (size_t i = 0; i < rows.count; i++) {
        struct people_consent *row = &rows.items[i];
        const struct kind *kind = find_kind(row->kind);
        bool is_current = kind && text_is(row->version, kind->version);
        struct people_consent *item = is_current ? &items[kind - kinds] : &items[count++];
        row->is_current = is_current;
        row->is_needed = kind && kind->is_needed;
        row->is_given = row->withdrawn_at.ms == 0;
        *item = *row;
    }
    ret_page->items = (struct people_consent_list){items, count};
    return NULL;
}

static refusal withdraw(struct request *q, const struct kind *kind) {
    if (kind->is_needed)
        return refuse(q, WRONG_STATE, "given", "没有这份约定就不能开账号。不想再同意，可以注销账号",
                      "without it there is no account: to take it back, close the account");
    return db_run(q->db,
                  SQL("itti", "UPDATE people_consent SET withdrawn_at = $4 WHERE person_id = $1 "
                              "AND kind = $2 AND version = $3 AND withdrawn_at = 0"),
                  PARAMS(q->who->person_id, kind->name, kind->version, q->now), NULL);
}

refusal people_consent_put(struct request *q, struct text kind_name,
                           const struct people_consent_draft *draft) {
    const struct kind *kind = find_kind(kind_name);
    bool was = false;
    if (!kind) return refuse(q, NOT_FOUND, "kind", "没有这份约定", "there is no such consent");
    if (!text_is(draft->version, kind->version))
        return refuse(q, CONFLICT, "version", "这份约定改过了，请先看新的",
                      "the wording has changed: read the new one first");
    TRY(people_consents_to(q, q->who->person_id, kind->name, &was));
    if (was == draft->given) return NULL;
    if (draft->given)
        TRY(people_agree(q, q->who->person_id, kind->name, kind->version));
    else
        TRY(withdraw(q, kind));
    static const char words[] = "{\"kind\":\"%s\",\"version\":\"%s\",\"given\":%s}";
    return audit_write(
        q, &(struct audit_act){.action = "people.consent",
                               .subject = "person",
                               .subject_id = q->who->person_id,
                               .before = text_format(q->arena, words, kind->name, kind->version,
                                                     was ? "true" : "false"),
                               .after = text_format(q->arena, words, kind->name, kind->version,
                                                    draft->given ? "true" : "false")});
}

/* The doors of people: log-in, sessions, the account, the address book, the privacy centre, the
 * roles desk. */
#include "ground/jobs/jobs.h"
#include "ground/people/inside.h"

#define PEOPLE_PATH_FIELDS(F, S) F(S, ID, id, .required = true)
SHAPE_DECLARE(people_path, PEOPLE_PATH_FIELDS);
SHAPE_DEFINE(people_path, PEOPLE_PATH_FIELDS);

static int64_t path_id(const struct request *q) {
    return ((const struct people_path *)q->path)->id;
}

static refusal post_code(struct request *q) { return people_code_ask(q, q->body, q->reply); }
static refusal post_session(struct request *q) { return people_login_now(q, q->reply); }
static refusal get_sessions(struct request *q) { return people_sessions(q, q->reply); }
static refusal delete_session(struct request *q) { return people_session_end(q, path_id(q)); }
static refusal delete_current_session(struct request *q) {
    return people_session_end(q, q->who->session_id);
}

static refusal get_me(struct request *q) {
    return people_person_of(q, q->who->person_id, q->reply);
}
static refusal put_me(struct request *q) {
    TRY(people_change(q, q->body));
    return people_person_of(q, q->who->person_id, q->reply);
}

static refusal get_addresses(struct request *q) { return people_addresses(q, q->reply); }
static refusal post_address(struct request *q) {
    return people_address_put(q, 0, q->body, q->reply);
}
static refusal put_address(struct request *q) {
    return people_address_put(q, path_id(q), q->body, q->reply);
}
static refusal delete_address(struct request *q) { return people_address_delete(q, path_id(q)); }
static refusal post_address_parse(struct request *q) {
    struct people_parsed *parsed = q->reply;
    *parsed = people_address_parse(q->arena, ((const struct people_paste *)q->body)->text);
    return NULL;
}

/* ---- the privacy centre ---- */

#define PEOPLE_KIND_PATH_FIELDS(F, S) F(S, TEXT, kind, .required = true, .max = 40)
SHAPE_DECLARE(people_kind_path, PEOPLE_KIND_PATH_FIELDS);
SHAPE_DEFINE(people_kind_path, PEOPLE_KIND_PATH_FIELDS);

static refusal get_consents(struct request *q) { return people_consents(q, q->reply); }
static refusal put_consent(struct request *q) {
    TRY(people_consent_put(q, ((const struct people_kind_path *)q->path)->kind, q->body));
    return people_consents(q, q->reply);
}
static refusal get_exports(struct request *q) { return people_exports(q, q->reply); }
static refusal post_export(struct request *q) { return people_export_ask(q, q->reply); }
static refusal post_export_download(struct request *q) {
    return people_export_read(q, path_id(q), q->reply);
}
static refusal get_unmaskings(struct request *q) { return people_seen_list(q, q->query, q->reply); }
static refusal post_unmasking(struct request *q) { return people_unmask(q, q->body, q->reply); }
static refusal put_phone(struct request *q) { return people_phone_now(q, q->reply); }
static refusal delete_phone_change(struct request *q) { return people_phone_cancel(q); }

/* ---- the roles desk ---- */

#define PEOPLE_NAME_PATH_FIELDS(F, S) F(S, TEXT, name, .required = true, .max = 60)
SHAPE_DECLARE(people_name_path, PEOPLE_NAME_PATH_FIELDS);
SHAPE_DEFINE(people_name_path, PEOPLE_NAME_PATH_FIELDS);
#define PEOPLE_KEY_PATH_FIELDS(F, S) F(S, TEXT, key, .required = true, .max = 120)
SHAPE_DECLARE(people_key_path, PEOPLE_KEY_PATH_FIELDS);
SHAPE_DEFINE(people_key_path, PEOPLE_KEY_PATH_FIELDS);

static refusal post_lookup(struct request *q) { return people_look_up(q, q->body, q->reply); }
static refusal get_roles(struct request *q) { return people_roles(q, q->reply); }
static refusal put_role(struct request *q) {
    return people_role_put(q, ((const struct people_name_path *)q->path)->name, q->body, q->reply);
}
static refusal get_grants(struct request *q) { return people_grants(q, q->query, q->reply); }
static refusal post_grant(struct request *q) { return people_grant_give(q, q->body, q->reply); }
static refusal delete_grant(struct request *q) {
    return people_grant_take(q, ((const struct people_key_path *)q->path)->key);
}

static const char *const login_headers[] = {"user-agent", NULL};

static const struct route routes[] = {
    {POST, "/api/codes", PUBLIC, "Send a one-time code by SMS", .body = &people_code_draft_shape,
     .reply = &people_code_sent_shape, .status = 202, .handle = post_code, .writes = true},
    {POST, "/api/sessions", PUBLIC, "Log in with a password or a code", .body = &people_login_shape,
     .reply = &people_session_shape, .status = 201, .before = people_before_login,
     .handle = post_session, .writes = true, .secret_reply = true, .headers = login_headers},
    {GET, "/api/sessions", MAY(account), "Where one is logged in",
     .reply = &people_session_row_page_shape, .handle = get_sessions},
    {DELETE, "/api/sessions/current", MAY(account), "Log out", .handle = delete_current_session,
     .writes = true},
    {DELETE, "/api/sessions/{id}", MAY(account), "End another session of one's own",
     .path = &people_path_shape, .handle = delete_session, .writes = true},
    {GET, "/api/people/me", MAY(account), "One's own account", .reply = &people_person_shape,
     .handle = get_me},
    {PUT, "/api/people/me", MAY(account), "Change the name and the language",
     .body = &people_draft_shape, .reply = &people_person_shape, .handle = put_me, .writes = true},
    {PUT, "/api/people/me/password", MAY(account), "Set a password: all other sessions end",
     .body = &people_password_shape, .before = people_before_password,
     .handle = people_password_now, .writes = true, .secret_reply = true},
    {POST, "/api/people/me/closure", MAY(account), "Close the account for good",
     .body = &people_closure_shape, .before = people_before_closure, .handle = people_closure_now,
     .writes = true, .secret_reply = true},
    {GET, "/api/people/me/addresses", MAY(buy), "The address book",
     .reply = &people_address_page_shape, .handle = get_addresses},
    {POST, "/api/people/me/addresses", MAY(buy), "Add an address",
     .body = &people_address_draft_shape, .reply = &people_address_shape, .status = 201,
     .handle = post_address, .writes = true},
    {PUT, "/api/people/me/addresses/{id}", MAY(buy), "Change an address",
     .path = &people_path_shape, .body = &people_address_draft_shape,
     .reply = &people_address_shape, .handle = put_address, .writes = true},
    {DELETE, "/api/people/me/addresses/{id}", MAY(buy), "Delete an address",
     .path = &people_path_shape, .handle = delete_address, .writes = true},
    {POST, "/api/address-parses", MAY(buy), "Take a pasted address apart; stores nothing",
     .body = &people_paste_shape, .reply = &people_parsed_shape, .handle = post_address_parse},

    {GET, "/api/people/me/consents", MAY(account), "What one agreed to, in which wording, and when",
     .reply = &people_consent_page_shape, .handle = get_consents},
    {PUT, "/api/people/me/consents/{kind}", MAY(account), "Give a consent, or take it back",
     .path = &people_kind_path_shape, .body = &people_consent_draft_shape,
     .reply = &people_consent_page_shape, .handle = put_consent, .writes = true},
    {GET, "/api/people/me/exports", MAY(account), "The copies of one's own data that lie ready",
     .reply = &people_export_card_page_shape, .handle = get_exports},
    {POST, "/api/people/me/exports", MAY(account), "Ask for a copy of all of one's own data",
     .reply = &people_export_card_shape, .status = 202, .handle = post_export, .writes = true},
    {POST, "/api/people/me/exports/{id}/download", MAY(account),
     "Take such a copy; this is audited", .path = &people_path_shape,
     .reply = &people_export_file_shape, .handle = post_export_download, .writes = true,
     .secret_reply = true},
    {GET, "/api/people/me/unmaskings", MAY(account),
     "Who saw one's own data in clear: in which office, when and why",
     .query = &people_page_query_shape, .reply = &people_seen_page_shape, .handle = get_unmaskings},
    {PUT, "/api/people/me/phone", MAY(account),
     "Change the phone: at once with codes of both, else after three days",
     .body = &people_phone_draft_shape, .reply = &people_phone_change_shape,
     .before = people_before_phone, .handle = put_phone, .writes = true, .secret_reply = true},
    {DELETE, "/api/people/me/phone-change", MAY(account), "Keep the phone: no to one that waits",
     .handle = delete_phone_change, .writes = true},

    {POST, "/api/unmaskings", MAY(unmask), "See personal data in clear, once, for a reason",
     .body = &people_unmask_draft_shape, .reply = &people_in_clear_shape, .status = 201,
     .handle = post_unmasking, .writes = true, .secret_reply = true},
    {POST, "/api/person-lookups", MAY(grant), "Find a person by the exact phone; this is audited",
     .body = &people_lookup_shape, .reply = &people_found_page_shape, .handle = post_lookup,
     .writes = true},
    {GET, "/api/roles", MAY(grant), "Every role with its permissions",
     .reply = &people_role_card_page_shape, .handle = get_roles},
    {PUT, "/api/roles/{name}", MAY(grant), "Say which permissions a role has",
     .path = &people_name_path_shape, .body = &people_role_draft_shape,
     .reply = &people_role_card_shape, .handle = put_role, .writes = true},
    {GET, "/api/grants", MAY(grant), "Who holds what: by role, of a seller, or all",
     .query = &people_grants_query_shape, .reply = &people_grant_card_page_shape,
     .handle = get_grants},
    {POST, "/api/grants", MAY(grant), "Give a role to somebody else",
     .body = &people_grant_draft_shape, .reply = &people_grant_card_shape, .status = 201,
     .handle = post_grant, .writes = true},
    {DELETE, "/api/grants/{key}", MAY(grant), "Take a role back", .path = &people_key_path_shape,
     .handle = delete_grant, .writes = true},
};

/* ---- jobs ---- */

/* Deletes what is over, a bounded piece at a time; when a piece was full it comes again at once. */
static refusal sweep(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    int64_t sessions = 0, tries = 0, codes = 0, exports = 0;
    TRY(people_sessions_sweep(q, &sessions));
    TRY(people_tries_sweep(q, &tries));
    TRY(people_exports_sweep(q, &exports));
    TRY(db_run(q->db,
               SQL("ii", "DELETE FROM people_code WHERE (phone_index, purpose) IN "
                         "(SELECT phone_index, purpose FROM people_code WHERE expires_at <= $1 "
                         "ORDER BY expires_at LIMIT $2)"),
               PARAMS(q->now, (int64_t)PEOPLE_SWEEP_ROWS), &codes));
    if (sessions < PEOPLE_SWEEP_ROWS && tries < PEOPLE_SWEEP_ROWS && codes < PEOPLE_SWEEP_ROWS &&
        exports < PEOPLE_SWEEP_ROWS)
        return NULL;
    return jobs_ask(q, "people.sweep", 0, TEXT(""), q->now);
}

/* What a rotation left under older master keys: one statement an hour where there is nothing. */
static refusal rewrap(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    int64_t count = 0;
    TRY(people_rewrap(q, &count));
    return count < PEOPLE_REWRAP_ROWS ? NULL : jobs_ask(q, "people.rewrap", 0, TEXT(""), q->now);
}

/* ---- check ---- */

static refusal prove_none(struct request *q, struct check_report *report,
                          const struct statement *statement, const char *sentence) {
    int64_t count = 0;
    TRY(db_int(q->db, statement, NO_PARAMS, &count, NULL));
    report->line(report, count == 0,
                 text_format(q->arena, "people: %s (%lld exceptions)", sentence, (long long)count));
    return NULL;
}

static refusal check(struct request *q, struct check_report *report) {
    TRY(prove_none(q, report,
                   SQL("",
                       "SELECT CAST(count(*) AS BIGINT) FROM people_person p WHERE p.closed_at = 0 "
                       "AND NOT EXISTS (SELECT 1 FROM people_phone f "
                       "WHERE f.phone_index = p.phone_index AND f.person_id = p.id)"),
                   "every living account is found by its phone"));
    TRY(prove_none(q, report,
                   SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_phone f WHERE NOT EXISTS "
                           "(SELECT 1 FROM people_person p WHERE p.id = f.person_id "
                           "AND p.closed_at = 0 AND p.phone_index = f.phone_index)"),
                   "every phone leads to a living account"));
    TRY(prove_none(q, report,
                   SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_person p WHERE NOT EXISTS "
                           "(SELECT 1 FROM people_key k WHERE k.person_id = p.id)"),
                   "every account has its key"));
    TRY(prove_none(q, report,
                   SQL("",
                       "SELECT CAST(count(*) AS BIGINT) FROM people_person p WHERE "
                       "(p.default_address_id = 0 AND EXISTS (SELECT 1 FROM people_address a "
                       "WHERE a.person_id = p.id)) OR (p.default_address_id <> 0 AND NOT EXISTS "
                       "(SELECT 1 FROM people_address a WHERE a.person_id = p.id "
                       "AND a.id = p.default_address_id))"),
                   "every address book has one default"));
    TRY(prove_none(q, report,
                   SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_grant g WHERE NOT EXISTS "
                           "(SELECT 1 FROM people_role r WHERE r.role = g.role)"),
                   "every role that is held exists"));
    struct people_wrapping wrapping = {0};
    TRY(people_wrappings(q, &wrapping));
    report->line(report, true,
                 text_format(q->arena, "people: %lld data keys wait for the newest master key",
                             (long long)wrapping.left));
    return NULL;
}

static const struct job_kind jobs[] = {
    {.name = "people.send_code", .run = people_job_done, .call = people_code_send},
    {.name = "people.send_notice", .run = people_job_done, .call = people_notice_send},
    {.name = "people.change_phone", .run = people_phone_when_due},
    {.name = "people.export", .run = people_export_make},
    {.name = "people.sweep", .run = sweep, .every_ms = 10 * MINUTE_MS},
    {.name = "people.forget", .run = people_forget_now},
    {.name = "people.bury", .run = people_job_done, .call = people_bury},
    {.name = "people.rewrap", .run = rewrap, .every_ms = HOUR_MS},
};

const struct room people_room = {.name = "people",
                                 .schema = "src/ground/people/schema.sql",
                                 .routes = ROOM_LIST(routes),
                                 .jobs = ROOM_LIST(jobs),
                                 .check = check};

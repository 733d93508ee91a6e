/* The door of the audit trail, and the job that seals it. */
#include "ground/audit/inside.h"
#include "ground/jobs/jobs.h"

static refusal get_audit(struct request *q) { return audit_list(q, q->query, q->reply); }

static const struct route routes[] = {
    {GET, "/api/audit", MAY(audit),
     "The audit trail, newest first: of a subject, a person, an action, a time, or all",
     .query = &audit_query_shape, .reply = &audit_entry_page_shape, .handle = get_audit},
};

static refusal seal(struct request *q, int64_t argument, struct text text) {
    (void)argument;
    (void)text;
    int64_t sealed = 0;
    TRY(audit_seal_entries(q, &sealed));
    if (sealed < AUDIT_SEAL_ENTRIES_MAX) return NULL;
    return jobs_ask(q, "audit.seal", 0, TEXT(""), q->now);
}

static const struct job_kind jobs[] = {
    {.name = "audit.seal", .run = seal, .every_ms = MINUTE_MS},
};

const struct room audit_room = {.name = "audit",
                                .schema = "src/ground/audit/schema.sql",
                                .routes = ROOM_LIST(routes),
                                .jobs = ROOM_LIST(jobs),
                                .check = audit_check};

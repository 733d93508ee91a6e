/* Inside ground/audit only. */
#ifndef GROUND_AUDIT_INSIDE_H
#define GROUND_AUDIT_INSIDE_H

#include "ground/audit/audit.h"
#include "kernel/base/limits.h"

enum { AUDIT_SEAL_ENTRIES_MAX = 200 };

#define AUDIT_ENTRY_FIELDS(F, S)                                                                   \
    F(S, ID, id)                                                                                   \
    F(S, TIME, acted_at)                                                                           \
    F(S, ID, person_id, .optional = true, .about = "absent: the house itself (a job, a command)")  \
    F(S, TEXT, action)                                                                             \
    F(S, TEXT, subject)                                                                            \
    F(S, ID, subject_id)                                                                           \
    F(S, TEXT, was)                                                                                \
    F(S, TEXT, became)                                                                             \
    F(S, TEXT, reason)                                                                             \
    F(S, TEXT, request, .optional = true, .about = "the X-Request-Id of the request that did it")  \
    F(S, INT, seal_number, .about = "0: not sealed yet")
SHAPE_DECLARE(audit_entry, AUDIT_ENTRY_FIELDS);
SHAPE_DECLARE_PAGE(audit_entry);

#define AUDIT_QUERY_FIELDS(F, S)                                                                   \
    F(S, TEXT, subject, .max = 40)                                                                 \
    F(S, ID, subject_id)                                                                           \
    F(S, ID, person_id)                                                                            \
    F(S, TEXT, action, .max = 60)                                                                  \
    F(S, TIME, from, .about = "acts from then on")                                                 \
    F(S, TIME, until, .about = "acts before then")                                                 \
    F(S, ID, after)                                                                                \
    F(S, INT, limit, .min = 1, .max = LIMIT_LIST_ROWS, .fallback = 20)
SHAPE_DECLARE(audit_query, AUDIT_QUERY_FIELDS);

/* Newest first: of a subject, of a person, of an action, or all; within a time or of any. */
refusal audit_list(struct request *q, const struct audit_query *query,
                   struct audit_entry_page *ret_page);

/* Seals up to AUDIT_SEAL_ENTRIES_MAX entries that are in no seal yet; *ret_sealed is how many. */
refusal audit_seal_entries(struct request *q, int64_t *ret_sealed);
/* Recomputes the chain. */
refusal audit_check(struct request *q, struct check_report *report);

#endif

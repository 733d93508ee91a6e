/* The audit trail: who did what to which document, with before and after; append only, one entry
 * per act. A job seals the entries of each minute into a chain of keyed hashes, so that no act
 * waits for another's hash; `xiangji check` recomputes the chain. See README.md. */
#ifndef GROUND_AUDIT_AUDIT_H
#define GROUND_AUDIT_AUDIT_H

#include "kernel/http/route.h"

/* Writes the act of Q->who in the transaction of Q: it is there when the act is. ACTION is
 * "orders.refund", SUBJECT "order"; BEFORE and AFTER are short JSON or empty; never phone numbers,
 * names or addresses. A text of more than AUDIT_TEXT_BYTES_MAX is cut at a character, and "…" in
 * its last place says so. */
enum { AUDIT_TEXT_BYTES_MAX = 4000 };
struct audit_act {
    const char *action;
    const char *subject;
    int64_t subject_id;
    struct text before;
    struct text after;
    struct text reason;
};
refusal audit_write(struct request *q, const struct audit_act *act);

/* Appends the acts of a person as the items of a JSON list, newest first, at most
 * AUDIT_ACTS_MAX: for a copy of the person's own data. */
enum { AUDIT_ACTS_MAX = 500 };
refusal audit_each_of(struct request *q, int64_t person_id, struct buffer *json);

extern const struct room audit_room;

#endif

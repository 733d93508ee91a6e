/* The one ledger: two-sided, two-phase, append-only. Every count of the house (fen, pieces of a
 * SKU, points, grams) moves from one account to another through here and is never made or lost.
 *
 * The balance of an account is its credits less its debits. A floored account is a row that may not
 * go below zero: the guard is a guarded update, so it holds under READ COMMITTED. An account
 * without a floor has no row; its balance is the sum of its transfers. Transfers are never updated
 * or deleted: what was pending is closed by a further transfer. */
#ifndef GROUND_LEDGER_LEDGER_H
#define GROUND_LEDGER_LEDGER_H

#include "kernel/http/route.h"

/* A kind of account belongs to the room that defines it; its name is what the rows hold
 * ("stock.on_hand"). */
struct ledger_kind {
    const char *name;
    bool floored;
};

/* The unit of money; the unit of a SKU's pieces is the SKU's id. Small numbers are for units that
 * are the same everywhere. */
enum { LEDGER_UNIT_FEN = 1 };

/* The most that one transfer moves: ten trillion of any unit. */
#define LEDGER_AMOUNT_MAX INT64_C(10000000000000)

struct ledger_account {
    int64_t owner_id; /* the document that owns it: an order, a goods, a seller */
    const struct ledger_kind *kind;
    int64_t unit_id;
    int64_t place_id; /* a warehouse or a store; 0 where place does not matter */
};

struct ledger_transfer {
    int64_t document_id; /* what it is for: an order, a stock receipt. With `id` it is the
                            transfer's key */
    int64_t id;          /* the caller's: the same key again is the same transfer, done once */
    struct ledger_account debit;  /* loses AMOUNT */
    struct ledger_account credit; /* gains AMOUNT; the same unit */
    int64_t amount;               /* > 0 */
    const char
        *reason; /* "placed", "shipped", "refunded": a word for the people who read the books */
};

/* Moves the amount at once. NOT_ENOUGH (without a field, so that the caller can say it in its own
 * words) when a floored debit account would go below zero. A transfer that is already there with
 * the same contents succeeds and moves nothing (*ret_new is false; may be NULL); with other
 * contents it is CONFLICT. */
refusal ledger_post(struct request *q, const struct ledger_transfer *transfer, bool *ret_new);

/* First phase: sets the amount aside on the debit account (its debits_pending), so that nobody else
 * can have it. */
refusal ledger_hold(struct request *q, const struct ledger_transfer *transfer, bool *ret_new);

/* Second phase: closes the hold (DOCUMENT_ID, HOLD_ID) by a transfer CLOSING_ID: moves AMOUNT (0 <
 * AMOUNT <= what is held) and lets the rest go. WRONG_STATE when the hold was closed before by
 * another transfer; the same closing again is done once. NOT_FOUND when there is no such hold,
 * NOT_ENOUGH when it holds less than AMOUNT, CONFLICT when CLOSING_ID stands for something else. */
refusal ledger_settle(struct request *q, int64_t document_id, int64_t hold_id, int64_t closing_id,
                      int64_t amount);
/* Closes the hold without moving anything. */
refusal ledger_void(struct request *q, int64_t document_id, int64_t hold_id, int64_t closing_id);

/* Every refusal above is of the kind that a caller may catch and go on from: what was refused left
 * no trace, neither a transfer nor a balance. (Failures of the database itself are not: they poison
 * the request.) */

/* A place_id of a floored debit account that means: the lowest place of this owner, kind and unit
 * that has the whole amount. */
#define LEDGER_ANY_PLACE INT64_C(-1)

/* The same four with what they did, for callers that watch an account (stock hears when a shelf is
 * empty). */
enum ledger_phase { LEDGER_POSTED, LEDGER_PENDING };
struct ledger_closing {
    int64_t document_id;
    int64_t hold_id;
    int64_t id;
    int64_t amount; /* 0: nothing moves, the hold is void */
};
struct ledger_effect {
    bool is_new;            /* false: it had been done before, and nothing moved now */
    int64_t debit_owner_id; /* where the amount is taken from */
    int64_t unit_id;
    int64_t debit_place_id;
    int64_t amount;          /* moved or set aside; 0 for a void */
    int64_t released;        /* of a closing: what was held and did not move */
    int64_t debit_available; /* what the floored accounts have after it; 0 when it is not new */
    int64_t credit_available;
};
refusal ledger_begin(struct request *q, const struct ledger_transfer *transfer,
                     enum ledger_phase phase, struct ledger_effect *ret_effect);
refusal ledger_close(struct request *q, const struct ledger_closing *closing,
                     struct ledger_effect *ret_effect);

/* What an account has. `available` is the balance less what is set aside. */
#define LEDGER_BALANCE_FIELDS(F, S)                                                                \
    F(S, ID, owner_id)                                                                             \
    F(S, ID, unit_id)                                                                              \
    F(S, ID, place_id)                                                                             \
    F(S, INT, debits_pending)                                                                      \
    F(S, INT, debits_posted)                                                                       \
    F(S, INT, credits_pending)                                                                     \
    F(S, INT, credits_posted)
SHAPE_DECLARE(ledger_balance, LEDGER_BALANCE_FIELDS);

static inline int64_t ledger_posted(const struct ledger_balance *balance) {
    return balance->credits_posted - balance->debits_posted;
}
static inline int64_t ledger_available(const struct ledger_balance *balance) {
    return ledger_posted(balance) - balance->debits_pending;
}

/* The floored accounts of one kind of an owner, one statement, by unit and place. */
refusal ledger_balances(struct request *q, int64_t owner_id, const struct ledger_kind *kind,
                        struct ledger_balance_list *ret_balances);
/* The same for up to LEDGER_OWNERS_MAX owners in one statement; each balance says its owner. */
enum { LEDGER_OWNERS_MAX = 20 };
refusal ledger_balances_of(struct request *q, const int64_t *owner_ids, size_t owner_count,
                           const struct ledger_kind *kind,
                           struct ledger_balance_list *ret_balances);
/* All floored accounts of a kind in the order (owner, unit, place), up to LIMIT behind AFTER
 * (zeroed: from the first): for checks. */
refusal ledger_balances_after(struct request *q, const struct ledger_kind *kind,
                              const struct ledger_balance *after, int64_t limit,
                              struct ledger_balance_list *ret_balances);
/* One account, floored or not. One that nothing moved through yet has zeros. */
refusal ledger_balance_of(struct request *q, const struct ledger_account *account,
                          struct ledger_balance *ret_balance);

/* The transfers of a document, oldest first, at most LEDGER_ENTRIES_MAX: "where did my yuan go" is
 * this query. */
enum { LEDGER_ENTRIES_MAX = 500 };
#define LEDGER_ENTRY_FIELDS(F, S)                                                                  \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, phase,                                                                              \
      .about = "posted, or pending until it is settled or voided by a further one")                \
    F(S, ID, pending_of, .about = "the hold that a settled or voided transfer closes")             \
    F(S, ID, debit_owner_id)                                                                       \
    F(S, TEXT, debit_kind)                                                                         \
    F(S, ID, debit_place_id)                                                                       \
    F(S, ID, credit_owner_id)                                                                      \
    F(S, TEXT, credit_kind)                                                                        \
    F(S, ID, credit_place_id)                                                                      \
    F(S, ID, unit_id)                                                                              \
    F(S, INT, amount)                                                                              \
    F(S, INT, held_amount, .about = "what the hold had set aside; 0 when it is posted at once")    \
    F(S, TEXT, reason)                                                                             \
    F(S, TIME, at)
SHAPE_DECLARE(ledger_entry, LEDGER_ENTRY_FIELDS);
refusal ledger_entries(struct request *q, int64_t document_id,
                       struct ledger_entry_list *ret_entries);

/* `xiangji check` of this room: every floored balance recomputed from the transfers, every unit
 * summing to zero, no hold closed twice or above what it held. REPORT gets a sentence for each
 * proof, and one for each fault (at most 20 a proof). */
refusal ledger_check(struct request *q, struct check_report *report);

extern const struct room ledger_room;

#endif

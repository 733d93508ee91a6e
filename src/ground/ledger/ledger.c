/* The one ledger. How a transfer is done, so that a refusal leaves no trace and a repeat moves
 * nothing:
 *
 *   1. the floored accounts it touches are changed in the order of their keys, each by one guarded
 * update: what is not there is refused before anything is written down;
 *   2. the transfer is written down, ON CONFLICT DO NOTHING: its key is the claim;
 *   3. when a guard or the claim said no, the changes of step 1 are taken back, and the transfer
 * that stands under the key says whether this is a repeat, something else, or simply not enough.
 *
 * A closing is the other way round: its row is written first (the unique index lets one closing of
 * a hold through), because what was held is there to be moved and nothing can be refused after it.
 */
#include "ground/ledger/ledger.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

SHAPE_DEFINE(ledger_balance, LEDGER_BALANCE_FIELDS);
SHAPE_DEFINE(ledger_entry, LEDGER_ENTRY_FIELDS);

/* A transfer as it stands in the table. */
#define LEDGER_RECORD_FIELDS(F, S)                                                                 \
    F(S, ID, id)                                                                                   \
    F(S, TEXT, phase)                                                                              \
    F(S, ID, pending_of)                                                                           \
    F(S, ID, debit_owner_id)                                                                       \
    F(S, TEXT, debit_kind)                                                                         \
    F(S, ID, debit_place_id)                                                                       \
    F(S, BOOL, debit_floored)                                                                      \
    F(S, ID, credit_owner_id)                                                                      \
    F(S, TEXT, credit_kind)                                                                        \
    F(S, ID, credit_place_id)                                                                      \
    F(S, BOOL, credit_floored)                                                                     \
    F(S, ID, unit_id)                                                                              \
    F(S, INT, amount)                                                                              \
    F(S, INT, held_amount)                                                                         \
    F(S, TEXT, reason)
SHAPE_DECLARE(ledger_record, LEDGER_RECORD_FIELDS);
SHAPE_DEFINE(ledger_record, LEDGER_RECORD_FIELDS);

/* What a change of an account answers. */
#define LEDGER_CHANGED_FIELDS(F, S)                                                                \
    F(S, ID, place_id)                                                                             \
    F(S, INT, available)
SHAPE_DECLARE(ledger_changed, LEDGER_CHANGED_FIELDS);
SHAPE_DEFINE(ledger_changed, LEDGER_CHANGED_FIELDS);

/* A floored account and what is added to its four columns. */
struct change {
    int64_t owner_id;
    int64_t unit_id;
    struct text kind;
    int64_t place_id;
    int64_t debits_pending, debits_posted, credits_pending, credits_posted;
    bool is_debit;
};

/* The one or two floored accounts of a transfer in the order of their keys, so that two transfers
 * never wait for each other crosswise. */
struct changes {
    struct change items[2];
    size_t count;
};

static bool key_is_less(const struct change *a, const struct change *b) {
    if (a->owner_id != b->owner_id) return a->owner_id < b->owner_id;
    size_t shorter = a->kind.length < b->kind.length ? a->kind.length : b->kind.length;
    int order = memcmp(a->kind.bytes, b->kind.bytes, shorter);
    if (order != 0) return order < 0;
    if (a->kind.length != b->kind.length) return a->kind.length < b->kind.length;
    return a->place_id < b->place_id;
}

static void changes_add(struct changes *changes, struct change change) {
    struct change *items = changes->items;
    items[changes->count++] = change;
    if (changes->count == 2 && key_is_less(&items[1], &items[0])) {
        items[1] = items[0];
        items[0] = change;
    }
}

/* What a change takes from what is available; never negative, because more is always welcome. */
static int64_t taken_by(const struct change *change) {
    int64_t taken = change->debits_pending + change->debits_posted - change->credits_posted;
    return taken > 0 ? taken : 0;
}

/* The guarded update of a row that is there. */
static refusal change_row(struct request *q, const struct change *change,
                          struct ledger_changed *ret_changed, bool *ret_enough) {
    return db_row(q->db,
                  SQL("iitiiiiii",
                      "UPDATE ledger_account SET debits_pending = debits_pending + $5,"
                      " debits_posted = debits_posted + $6, credits_pending = credits_pending + $7,"
                      " credits_posted = credits_posted + $8"
                      " WHERE owner_id = $1 AND unit_id = $2 AND kind = $3 AND place_id = $4"
                      " AND credits_posted - debits_posted - debits_pending >= $9"
                      " RETURNING place_id,"
                      " credits_posted - debits_posted - debits_pending AS available"),
                  PARAMS(change->owner_id, change->unit_id, change->kind, change->place_id,
                         change->debits_pending, change->debits_posted, change->credits_pending,
                         change->credits_posted, taken_by(change)),
                  &ledger_changed_shape, ret_changed, ret_enough);
}

/* A credit makes the row when it is the first. */
static refusal credit_row(struct request *q, const struct change *change,
                          struct ledger_changed *ret_changed, bool *ret_enough) {
    return db_row(
        q->db,
        SQL("iitiii",
            "INSERT INTO ledger_account (owner_id, unit_id, kind, place_id,"
            " debits_pending, debits_posted, credits_pending, credits_posted)"
            " VALUES ($1, $2, $3, $4, 0, 0, $5, $6)"
            " ON CONFLICT (owner_id, unit_id, kind, place_id) DO UPDATE SET"
            " credits_pending = ledger_account.credits_pending + excluded.credits_pending,"
            " credits_posted = ledger_account.credits_posted + excluded.credits_posted"
            " RETURNING place_id,"
            " credits_posted - debits_posted - debits_pending AS available"),
        PARAMS(change->owner_id, change->unit_id, change->kind, change->place_id,
               change->credits_pending, change->credits_posted),
        &ledger_changed_shape, ret_changed, ret_enough);
}

static refusal debit_first_place(struct request *q, const struct change *change,
                                 struct ledger_changed *ret_changed, bool *ret_enough) {
    return db_row(q->db,
                  SQL("iitiii", "UPDATE ledger_account SET debits_pending = debits_pending + $4,"
                                " debits_posted = debits_posted + $5"
                                " WHERE owner_id = $1 AND unit_id = $2 AND kind = $3"
                                " AND place_id = (SELECT min(place_id) FROM ledger_account"
                                " WHERE owner_id = $1 AND unit_id = $2 AND kind = $3"
                                " AND credits_posted - debits_posted - debits_pending >= $6)"
                                " AND credits_posted - debits_posted - debits_pending >= $6"
                                " RETURNING place_id,"
                                " credits_posted - debits_posted - debits_pending AS available"),
                  PARAMS(change->owner_id, change->unit_id, change->kind, change->debits_pending,
                         change->debits_posted, taken_by(change)),
                  &ledger_changed_shape, ret_changed, ret_enough);
}

/* Two buyers may choose the same place and only one finds enough there; the other looks again as
 * long as some place has enough. Each further round means that somebody else was served. */
static refusal debit_any_place(struct request *q, struct change *change,
                               struct ledger_changed *ret_changed, bool *ret_enough) {
    enum { ROUNDS_MAX = 16 };
    for (int round = 0; round < ROUNDS_MAX; round++) {
        int64_t place_count = 0;
        TRY(debit_first_place(q, change, ret_changed, ret_enough));
        if (*ret_enough) {
            change->place_id = ret_changed->place_id;
            return NULL;
        }
        TRY(db_int(q->db,
                   SQL("iiti", "SELECT count(*) FROM ledger_account"
                               " WHERE owner_id = $1 AND unit_id = $2 AND kind = $3"
                               " AND credits_posted - debits_posted - debits_pending >= $4"),
                   PARAMS(change->owner_id, change->unit_id, change->kind, taken_by(change)),
                   &place_count, NULL));
        if (place_count == 0) return NULL;
    }
    return NULL;
}

static refusal change_apply(struct request *q, struct change *change, struct ledger_effect *effect,
                            bool *ret_enough) {
    struct ledger_changed changed = {0};
    if (!change->is_debit)
        TRY(credit_row(q, change, &changed, ret_enough));
    else if (change->place_id == LEDGER_ANY_PLACE)
        TRY(debit_any_place(q, change, &changed, ret_enough));
    else
        TRY(change_row(q, change, &changed, ret_enough));
    if (change->is_debit) {
        effect->debit_place_id = change->place_id;
        effect->debit_available = changed.available;
    } else {
        effect->credit_available = changed.available;
    }
    return NULL;
}

/* The request has held the row since it was changed, so what was added is still there to be taken.
 */
static refusal changes_take_back(struct request *q, const struct changes *changes, size_t applied) {
    for (size_t i = 0; i < applied; i++) {
        struct change back = changes->items[i];
        struct ledger_changed changed;
        bool enough;
        back.debits_pending = -back.debits_pending;
        back.debits_posted = -back.debits_posted;
        back.credits_pending = -back.credits_pending;
        back.credits_posted = -back.credits_posted;
        TRY(change_row(q, &back, &changed, &enough));
        assert(enough);
    }
    return NULL;
}

static const char *phase_name(enum ledger_phase phase) {
    return phase == LEDGER_PENDING ? "pending" : "posted";
}

static void assert_transfer(const struct ledger_transfer *transfer) {
    const struct ledger_account *debit = &transfer->debit, *credit = &transfer->credit;
    assert(transfer->document_id > 0 && transfer->id > 0);
    assert(transfer->amount > 0 && transfer->amount <= LEDGER_AMOUNT_MAX);
    assert(transfer->reason && *transfer->reason);
    assert(debit->unit_id > 0 && debit->unit_id == credit->unit_id);
    assert(debit->owner_id >= 0 && credit->owner_id >= 0 && credit->place_id >= 0);
    assert(debit->place_id >= 0 || (debit->place_id == LEDGER_ANY_PLACE && debit->kind->floored));
    assert(debit->owner_id != credit->owner_id || strcmp(debit->kind->name, credit->kind->name) ||
           (debit->place_id != credit->place_id && debit->place_id != LEDGER_ANY_PLACE));
}

static struct changes changes_of(const struct ledger_transfer *transfer, enum ledger_phase phase) {
    const struct ledger_account *debit = &transfer->debit, *credit = &transfer->credit;
    int64_t pending = phase == LEDGER_PENDING ? transfer->amount : 0;
    int64_t posted = phase == LEDGER_POSTED ? transfer->amount : 0;
    struct changes changes = {0};
    if (debit->kind->floored)
        changes_add(&changes, (struct change){.owner_id = debit->owner_id,
                                              .unit_id = debit->unit_id,
                                              .kind = text_of(debit->kind->name),
                                              .place_id = debit->place_id,
                                              .debits_pending = pending,
                                              .debits_posted = posted,
                                              .is_debit = true});
    if (credit->kind->floored)
        changes_add(&changes, (struct change){.owner_id = credit->owner_id,
                                              .unit_id = credit->unit_id,
                                              .kind = text_of(credit->kind->name),
                                              .place_id = credit->place_id,
                                              .credits_pending = pending,
                                              .credits_posted = posted});
    return changes;
}

static refusal transfer_insert(struct request *q, const struct ledger_transfer *transfer,
                               enum ledger_phase phase, int64_t debit_place_id,
                               int64_t *ret_inserted) {
    const struct ledger_account *debit = &transfer->debit, *credit = &transfer->credit;
    int64_t held_amount = phase == LEDGER_PENDING ? transfer->amount : 0;
    return db_run(
        q->db,
        SQL("iititiiitiiiiiti",
            "INSERT INTO ledger_transfer (document_id, id, phase, pending_of, debit_owner_id,"
            " debit_kind, debit_place_id, debit_floored, credit_owner_id, credit_kind,"
            " credit_place_id, credit_floored, unit_id, amount, held_amount, reason, at)"
            " VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
            " ON CONFLICT (document_id, id) DO NOTHING"),
        PARAMS(transfer->document_id, transfer->id, phase_name(phase), debit->owner_id,
               debit->kind->name, debit_place_id, debit->kind->floored, credit->owner_id,
               credit->kind->name, credit->place_id, credit->kind->floored, debit->unit_id,
               transfer->amount, held_amount, transfer->reason, q->now),
        ret_inserted);
}

static bool side_is(const struct ledger_account *account, int64_t owner_id, struct text kind,
                    int64_t place_id) {
    return account->owner_id == owner_id && text_is(kind, account->kind->name) &&
           (account->place_id == place_id || account->place_id == LEDGER_ANY_PLACE);
}

static bool transfer_is(const struct ledger_transfer *transfer, enum ledger_phase phase,
                        const struct ledger_record *record) {
    return text_is(record->phase, phase_name(phase)) && record->amount == transfer->amount &&
           record->unit_id == transfer->debit.unit_id &&
           text_is(record->reason, transfer->reason) &&
           side_is(&transfer->debit, record->debit_owner_id, record->debit_kind,
                   record->debit_place_id) &&
           side_is(&transfer->credit, record->credit_owner_id, record->credit_kind,
                   record->credit_place_id);
}

/* Nothing was moved: the transfer that stands under the key tells why. */
static refusal transfer_answer(struct request *q, const struct ledger_transfer *transfer,
                               enum ledger_phase phase, struct ledger_effect *ret_effect) {
    struct ledger_record record = {0};
    bool found;
    TRY(db_row(q->db,
               SQL("ii", "SELECT id, phase, pending_of, debit_owner_id, debit_kind, debit_place_id,"
                         " debit_floored, credit_owner_id, credit_kind, credit_place_id,"
                         " credit_floored, unit_id, amount, held_amount, reason"
                         " FROM ledger_transfer WHERE document_id = $1 AND id = $2"),
               PARAMS(transfer->document_id, transfer->id), &ledger_record_shape, &record, &found));
    if (!found)
        return refuse(q, NOT_ENOUGH, "", "余额不够，这一笔没有记", "the balance does not suffice");
    if (!transfer_is(transfer, phase, &record))
        return refuse(q, CONFLICT, "", "这个编号已经记过另一笔",
                      "this number already stands for another transfer");
    *ret_effect = (struct ledger_effect){.debit_owner_id = record.debit_owner_id,
                                         .unit_id = record.unit_id,
                                         .debit_place_id = record.debit_place_id,
                                         .amount = record.amount};
    return NULL;
}

refusal ledger_begin(struct request *q, const struct ledger_transfer *transfer,
                     enum ledger_phase phase, struct ledger_effect *ret_effect) {
    assert_transfer(transfer);
    struct ledger_effect effect = {.is_new = true,
                                   .debit_owner_id = transfer->debit.owner_id,
                                   .unit_id = transfer->debit.unit_id,
                                   .debit_place_id = transfer->debit.place_id,
                                   .amount = transfer->amount};
    struct changes changes = changes_of(transfer, phase);
    size_t applied = 0;
    bool enough = true;
    while (applied < changes.count && enough) {
        TRY(change_apply(q, &changes.items[applied], &effect, &enough));
        applied += enough;
    }
    int64_t inserted = 0;
    if (enough) TRY(transfer_insert(q, transfer, phase, effect.debit_place_id, &inserted));
    if (inserted == 0) {
        TRY(changes_take_back(q, &changes, applied));
        return transfer_answer(q, transfer, phase, ret_effect);
    }
    *ret_effect = effect;
    return NULL;
}

refusal ledger_post(struct request *q, const struct ledger_transfer *transfer, bool *ret_new) {
    struct ledger_effect effect;
    TRY(ledger_begin(q, transfer, LEDGER_POSTED, &effect));
    if (ret_new) *ret_new = effect.is_new;
    return NULL;
}

refusal ledger_hold(struct request *q, const struct ledger_transfer *transfer, bool *ret_new) {
    struct ledger_effect effect;
    TRY(ledger_begin(q, transfer, LEDGER_PENDING, &effect));
    if (ret_new) *ret_new = effect.is_new;
    return NULL;
}

/* ---- closing ---- */

static const char *closing_phase(const struct ledger_closing *closing) {
    return closing->amount > 0 ? "settled" : "voided";
}

/* Writes the closing down, if there is such a hold, it is open and it holds enough. */
static refusal closing_insert(struct request *q, const struct ledger_closing *closing,
                              struct ledger_record *ret_record, bool *ret_inserted) {
    return db_row(
        q->db,
        SQL("iiitii",
            "INSERT INTO ledger_transfer (document_id, id, phase, pending_of, debit_owner_id,"
            " debit_kind, debit_place_id, debit_floored, credit_owner_id, credit_kind,"
            " credit_place_id, credit_floored, unit_id, amount, held_amount, reason, at)"
            " SELECT document_id, $3, $4, id, debit_owner_id, debit_kind, debit_place_id,"
            " debit_floored, credit_owner_id, credit_kind, credit_place_id, credit_floored,"
            " unit_id, CASE WHEN $5 > 0 THEN $5 ELSE amount END, amount, reason, $6"
            " FROM ledger_transfer WHERE document_id = $1 AND id = $2 AND phase = 'pending'"
            " AND amount >= $5"
            " ON CONFLICT DO NOTHING"
            " RETURNING id, phase, pending_of, debit_owner_id, debit_kind, debit_place_id,"
            " debit_floored, credit_owner_id, credit_kind, credit_place_id, credit_floored,"
            " unit_id, amount, held_amount, reason"),
        PARAMS(closing->document_id, closing->hold_id, closing->id, closing_phase(closing),
               closing->amount, q->now),
        &ledger_record_shape, ret_record, ret_inserted);
}

/* Nothing was written: the hold, what stands under the closing's id and what closed the hold tell
 * why. */
static refusal closing_answer(struct request *q, const struct ledger_closing *closing,
                              struct ledger_effect *ret_effect) {
    struct ledger_record_list records = {0};
    const struct ledger_record *hold = NULL, *mine = NULL, *other = NULL;
    TRY(db_rows(q->db,
                SQL("iii", "SELECT id, phase, pending_of, debit_owner_id, debit_kind,"
                           " debit_place_id, debit_floored, credit_owner_id, credit_kind,"
                           " credit_place_id, credit_floored, unit_id, amount, held_amount, reason"
                           " FROM ledger_transfer"
                           " WHERE document_id = $1 AND (id = $2 OR id = $3 OR pending_of = $2)"
                           " ORDER BY id LIMIT 3"),
                PARAMS(closing->document_id, closing->hold_id, closing->id), &ledger_record_shape,
                &records));
    for (size_t i = 0; i < records.count; i++) {
        const struct ledger_record *record = &records.items[i];
        if (record->id == closing->id) mine = record;
        if (record->id == closing->hold_id && text_is(record->phase, "pending")) hold = record;
        if (record->pending_of == closing->hold_id) other = record;
    }
    if (mine) {
        bool same = mine == other && text_is(mine->phase, closing_phase(closing)) &&
                    (closing->amount == 0 || closing->amount == mine->amount);
        if (!same)
            return refuse(q, CONFLICT, "", "这个编号已经记过另一笔",
                          "this number already stands for another transfer");
        *ret_effect = (struct ledger_effect){.debit_owner_id = mine->debit_owner_id,
                                             .unit_id = mine->unit_id,
                                             .debit_place_id = mine->debit_place_id,
                                             .amount = closing->amount,
                                             .released = mine->held_amount - closing->amount};
        return NULL;
    }
    if (!hold) return refuse(q, NOT_FOUND, "", "没有这笔预留", "there is no such hold");
    if (other)
        return refuse(q, WRONG_STATE, "", "这笔预留已经结清了",
                      "this hold has been closed already");
    assert(closing->amount > hold->amount);
    return refuse(q, NOT_ENOUGH, "", "只预留了 %lld，不够结清", "only %lld is held",
                  (long long)hold->amount);
}

static struct changes changes_of_closing(const struct ledger_record *record, int64_t moved) {
    struct changes changes = {0};
    if (record->debit_floored)
        changes_add(&changes, (struct change){.owner_id = record->debit_owner_id,
                                              .unit_id = record->unit_id,
                                              .kind = record->debit_kind,
                                              .place_id = record->debit_place_id,
                                              .debits_pending = -record->held_amount,
                                              .debits_posted = moved,
                                              .is_debit = true});
    if (record->credit_floored)
        changes_add(&changes, (struct change){.owner_id = record->credit_owner_id,
                                              .unit_id = record->unit_id,
                                              .kind = record->credit_kind,
                                              .place_id = record->credit_place_id,
                                              .credits_pending = -record->held_amount,
                                              .credits_posted = moved});
    return changes;
}

refusal ledger_close(struct request *q, const struct ledger_closing *closing,
                     struct ledger_effect *ret_effect) {
    assert(closing->document_id > 0 && closing->hold_id > 0 && closing->id > 0);
    assert(closing->id != closing->hold_id && closing->amount >= 0);
    struct ledger_record record = {0};
    bool inserted;
    TRY(closing_insert(q, closing, &record, &inserted));
    if (!inserted) return closing_answer(q, closing, ret_effect);
    struct ledger_effect effect = {.is_new = true,
                                   .debit_owner_id = record.debit_owner_id,
                                   .unit_id = record.unit_id,
                                   .debit_place_id = record.debit_place_id,
                                   .amount = closing->amount,
                                   .released = record.held_amount - closing->amount};
    struct changes changes = changes_of_closing(&record, closing->amount);
    for (size_t i = 0; i < changes.count; i++) {
        struct ledger_changed changed = {0};
        bool enough;
        TRY(change_row(q, &changes.items[i], &changed, &enough));
        assert(enough); /* the hold made the row, and a closing takes nothing that is free */
        if (changes.items[i].is_debit)
            effect.debit_available = changed.available;
        else
            effect.credit_available = changed.available;
    }
    *ret_effect = effect;
    return NULL;
}

refusal ledger_settle(struct request *q, int64_t document_id, int64_t hold_id, int64_t closing_id,
                      int64_t amount) {
    assert(amount > 0);
    struct ledger_effect effect;
    return ledger_close(q, &(struct ledger_closing){document_id, hold_id, closing_id, amount},
                        &effect);
}

refusal ledger_void(struct request *q, int64_t document_id, int64_t hold_id, int64_t closing_id) {
    struct ledger_effect effect;
    return ledger_close(q, &(struct ledger_closing){document_id, hold_id, closing_id, 0}, &effect);
}

/* ---- reading ---- */

refusal ledger_balances(struct request *q, int64_t owner_id, const struct ledger_kind *kind,
                        struct ledger_balance_list *ret_balances) {
    assert(kind->floored);
    return db_rows(q->db,
                   SQL("it", "SELECT owner_id, unit_id, place_id, debits_pending, debits_posted,"
                             " credits_pending, credits_posted FROM ledger_account"
                             " WHERE owner_id = $1 AND kind = $2"
                             " ORDER BY unit_id, place_id LIMIT 1000"),
                   PARAMS(owner_id, kind->name), &ledger_balance_shape, ret_balances);
}

refusal ledger_balances_of(struct request *q, const int64_t *owner_ids, size_t owner_count,
                           const struct ledger_kind *kind,
                           struct ledger_balance_list *ret_balances) {
    assert(kind->floored && owner_count <= LEDGER_OWNERS_MAX);
    struct db_value values[LEDGER_OWNERS_MAX + 1] = {db_value_string(kind->name)};
    *ret_balances = (struct ledger_balance_list){0};
    if (owner_count == 0) return NULL;
    /* The list of the statement is always full: the first owner fills what is left. */
    for (size_t i = 0; i < LEDGER_OWNERS_MAX; i++)
        values[i + 1] = db_value_int(owner_ids[i < owner_count ? i : 0]);
    return db_rows(q->db,
                   SQL("tiiiiiiiiiiiiiiiiiiii",
                       "SELECT owner_id, unit_id, place_id, debits_pending, debits_posted,"
                       " credits_pending, credits_posted FROM ledger_account"
                       " WHERE owner_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
                       " $14, $15, $16, $17, $18, $19, $20, $21) AND kind = $1"
                       " ORDER BY owner_id, unit_id, place_id LIMIT 10000"),
                   (struct db_params){values, LEDGER_OWNERS_MAX + 1}, &ledger_balance_shape,
                   ret_balances);
}

refusal ledger_balances_after(struct request *q, const struct ledger_kind *kind,
                              const struct ledger_balance *after, int64_t limit,
                              struct ledger_balance_list *ret_balances) {
    assert(kind->floored && limit > 0);
    return db_rows(q->db,
                   SQL("tiiii", "SELECT owner_id, unit_id, place_id, debits_pending, debits_posted,"
                                " credits_pending, credits_posted FROM ledger_account"
                                " WHERE kind = $1 AND (owner_id, unit_id, place_id) > ($2, $3, $4)"
                                " ORDER BY owner_id, unit_id, place_id LIMIT $5"),
                   PARAMS(kind->name, after->owner_id, after->unit_id, after->place_id, limit),
                   &ledger_balance_shape, ret_balances);
}

static refusal floored_balance(struct request *q, const struct ledger_account *account,
                               struct ledger_balance *ret_balance, bool *ret_found) {
    return db_row(
        q->db,
        SQL("iiti", "SELECT owner_id, unit_id, place_id, debits_pending, debits_posted,"
                    " credits_pending, credits_posted FROM ledger_account"
                    " WHERE owner_id = $1 AND unit_id = $2 AND kind = $3"
                    " AND place_id = $4"),
        PARAMS(account->owner_id, account->unit_id, account->kind->name, account->place_id),
        &ledger_balance_shape, ret_balance, ret_found);
}

/* What a transfer adds to the columns of its accounts, by its phase: a hold sets aside, its closing
 * takes back what was set aside. */
#define ADDS_PENDING                                                                               \
    "CASE phase WHEN 'pending' THEN amount WHEN 'settled' THEN -held_amount"                       \
    " WHEN 'voided' THEN -held_amount ELSE 0 END"
#define ADDS_POSTED "CASE phase WHEN 'posted' THEN amount WHEN 'settled' THEN amount ELSE 0 END"

static refusal summed_balance(struct request *q, const struct ledger_account *account,
                              struct ledger_balance *ret_balance, bool *ret_found) {
    return db_row(
        q->db,
        SQL("iiti", "SELECT $1 AS owner_id, $2 AS unit_id, $4 AS place_id,"
                    " CAST(coalesce(sum(debits_pending), 0) AS BIGINT) AS debits_pending,"
                    " CAST(coalesce(sum(debits_posted), 0) AS BIGINT) AS debits_posted,"
                    " CAST(coalesce(sum(credits_pending), 0) AS BIGINT) AS credits_pending,"
                    " CAST(coalesce(sum(credits_posted), 0) AS BIGINT) AS credits_posted"
                    " FROM (SELECT " ADDS_PENDING " AS debits_pending,"
                    " " ADDS_POSTED " AS debits_posted, 0 AS credits_pending, 0 AS credits_posted"
                    " FROM ledger_transfer WHERE debit_floored = 0 AND debit_owner_id = $1"
                    " AND unit_id = $2 AND debit_kind = $3 AND debit_place_id = $4"
                    " UNION ALL SELECT 0, 0, " ADDS_PENDING ", " ADDS_POSTED
                    " FROM ledger_transfer WHERE credit_floored = 0 AND credit_owner_id = $1"
                    " AND unit_id = $2 AND credit_kind = $3 AND credit_place_id = $4) AS moves"),
        PARAMS(account->owner_id, account->unit_id, account->kind->name, account->place_id),
        &ledger_balance_shape, ret_balance, ret_found);
}

refusal ledger_balance_of(struct request *q, const struct ledger_account *account,
                          struct ledger_balance *ret_balance) {
    bool found;
    struct ledger_balance balance = {
        .owner_id = account->owner_id, .unit_id = account->unit_id, .place_id = account->place_id};
    if (account->kind->floored)
        TRY(floored_balance(q, account, &balance, &found));
    else
        TRY(summed_balance(q, account, &balance, &found));
    *ret_balance = balance;
    return NULL;
}

refusal ledger_entries(struct request *q, int64_t document_id,
                       struct ledger_entry_list *ret_entries) {
    return db_rows(q->db,
                   SQL("ii", "SELECT id, phase, pending_of, debit_owner_id, debit_kind,"
                             " debit_place_id, credit_owner_id, credit_kind, credit_place_id,"
                             " unit_id, amount, held_amount, reason, at FROM ledger_transfer"
                             " WHERE document_id = $1 ORDER BY at, id LIMIT $2"),
                   PARAMS(document_id, LEDGER_ENTRIES_MAX), &ledger_entry_shape, ret_entries);
}

/* ---- proving: each proof is one statement, so it sees one state of the books ---- */

enum { FAULTS_SHOWN_MAX = 20, SENTENCE_BYTES_MAX = 400 };

#define LEDGER_CENSUS_FIELDS(F, S)                                                                 \
    F(S, INT, transfer_count)                                                                      \
    F(S, INT, hold_count)                                                                          \
    F(S, INT, settled_count)                                                                       \
    F(S, INT, voided_count)                                                                        \
    F(S, INT, account_count)                                                                       \
    F(S, INT, below_count)                                                                         \
    F(S, INT, unit_count)
SHAPE_DECLARE(ledger_census, LEDGER_CENSUS_FIELDS);
SHAPE_DEFINE(ledger_census, LEDGER_CENSUS_FIELDS);

/* Something that does not hold: an account, or a transfer by its document and id, and by how much.
 */
#define LEDGER_FAULT_FIELDS(F, S)                                                                  \
    F(S, ID, owner_id)                                                                             \
    F(S, TEXT, kind)                                                                               \
    F(S, ID, unit_id)                                                                              \
    F(S, ID, place_id)                                                                             \
    F(S, ID, document_id)                                                                          \
    F(S, ID, id)                                                                                   \
    F(S, INT, pending)                                                                             \
    F(S, INT, posted)
SHAPE_DECLARE(ledger_fault, LEDGER_FAULT_FIELDS);
SHAPE_DEFINE(ledger_fault, LEDGER_FAULT_FIELDS);

struct proof {
    struct request *q;
    struct check_report *report;
    struct ledger_census census;
};

__attribute__((format(printf, 3, 5), format(printf, 4, 5))) static void say(
    const struct proof *proof, bool holds, const char *zh, const char *en, ...) {
    char words[SENTENCE_BYTES_MAX];
    va_list list;
    va_start(list, en);
    vsnprintf(words, sizeof(words), proof->q->english ? en : zh, list);
    va_end(list);
    proof->report->line(proof->report, holds, text_copy(proof->q->arena, text_of(words)));
}

static refusal take_census(struct proof *proof) {
    return db_row(
        proof->q->db,
        SQL("", "SELECT count(*) AS transfer_count,"
                " CAST(coalesce(sum(CASE phase WHEN 'pending' THEN 1 ELSE 0 END), 0) AS BIGINT)"
                " AS hold_count,"
                " CAST(coalesce(sum(CASE phase WHEN 'settled' THEN 1 ELSE 0 END), 0) AS BIGINT)"
                " AS settled_count,"
                " CAST(coalesce(sum(CASE phase WHEN 'voided' THEN 1 ELSE 0 END), 0) AS BIGINT)"
                " AS voided_count,"
                " (SELECT count(*) FROM ledger_account) AS account_count,"
                " (SELECT count(*) FROM ledger_account"
                " WHERE credits_posted - debits_posted - debits_pending < 0) AS below_count,"
                " count(DISTINCT unit_id) AS unit_count FROM ledger_transfer"),
        NO_PARAMS, &ledger_census_shape, &proof->census, NULL);
}

/* Every row of an account is the sum of its transfers: what differs is left when one is taken from
 * the other. */
static refusal prove_balances(struct proof *proof) {
    struct ledger_fault_list faults = {0};
    TRY(db_rows(
        proof->q->db,
        SQL("i", "SELECT owner_id, unit_id, kind, place_id,"
                 " CAST(abs(debits_pending) + abs(credits_pending) AS BIGINT) AS pending,"
                 " CAST(abs(debits_posted) + abs(credits_posted) AS BIGINT) AS posted"
                 " FROM (SELECT owner_id, unit_id, kind, place_id,"
                 " sum(debits_pending) AS debits_pending, sum(debits_posted) AS debits_posted,"
                 " sum(credits_pending) AS credits_pending, sum(credits_posted) AS credits_posted"
                 " FROM (SELECT owner_id, unit_id, kind, place_id, debits_pending, debits_posted,"
                 " credits_pending, credits_posted FROM ledger_account"
                 " UNION ALL SELECT debit_owner_id, unit_id, debit_kind, debit_place_id,"
                 " -(" ADDS_PENDING "), -(" ADDS_POSTED "), 0, 0"
                 " FROM ledger_transfer WHERE debit_floored = 1"
                 " UNION ALL SELECT credit_owner_id, unit_id, credit_kind, credit_place_id, 0, 0,"
                 " -(" ADDS_PENDING "), -(" ADDS_POSTED ")"
                 " FROM ledger_transfer WHERE credit_floored = 1) AS moves"
                 " GROUP BY owner_id, unit_id, kind, place_id) AS differences"
                 " WHERE debits_pending <> 0 OR debits_posted <> 0 OR credits_pending <> 0"
                 " OR credits_posted <> 0"
                 " ORDER BY owner_id, unit_id, kind, place_id LIMIT $1"),
        PARAMS(FAULTS_SHOWN_MAX), &ledger_fault_shape, &faults));
    for (size_t i = 0; i < faults.count; i++) {
        const struct ledger_fault *fault = &faults.items[i];
        say(proof, false,
            "账本：账户 %.*s（归属 %lld，单位 %lld，地点 %lld）的余额和转账算出来的不一样：已记差 %lld，预留差 %lld",
            "ledger: the account %.*s (owner %lld, unit %lld, place %lld) is not the sum of its"
            " transfers: posted is off by %lld, pending by %lld",
            (int)fault->kind.length, fault->kind.bytes, (long long)fault->owner_id,
            (long long)fault->unit_id, (long long)fault->place_id, (long long)fault->posted,
            (long long)fault->pending);
    }
    if (faults.count == 0)
        say(proof, proof->census.below_count == 0,
            "账本：%lld 个有底线的账户，余额由转账重新算过，全部一致；低于零的有 %lld 个",
            "ledger: the balances of %lld floored accounts are the sums of their transfers;"
            " %lld below zero",
            (long long)proof->census.account_count, (long long)proof->census.below_count);
    return NULL;
}

/* What one account loses another gains: over all accounts, those with a row and those that are
 * sums, a unit comes to nothing. */
static refusal prove_units(struct proof *proof) {
    struct ledger_fault_list faults = {0};
    TRY(db_rows(proof->q->db,
                SQL("i", "SELECT unit_id, CAST(sum(posted) AS BIGINT) AS posted,"
                         " CAST(sum(pending) AS BIGINT) AS pending FROM ("
                         "SELECT unit_id, credits_posted - debits_posted AS posted,"
                         " credits_pending - debits_pending AS pending FROM ledger_account"
                         " UNION ALL SELECT unit_id, -(" ADDS_POSTED "), -(" ADDS_PENDING ")"
                         " FROM ledger_transfer WHERE debit_floored = 0"
                         " UNION ALL SELECT unit_id, " ADDS_POSTED ", " ADDS_PENDING
                         " FROM ledger_transfer WHERE credit_floored = 0) AS sides"
                         " GROUP BY unit_id HAVING sum(posted) <> 0 OR sum(pending) <> 0"
                         " ORDER BY unit_id LIMIT $1"),
                PARAMS(FAULTS_SHOWN_MAX), &ledger_fault_shape, &faults));
    for (size_t i = 0; i < faults.count; i++)
        say(proof, false, "账本：单位 %lld 借贷不平：已记差 %lld，预留差 %lld",
            "ledger: unit %lld does not sum to zero: posted %lld, pending %lld",
            (long long)faults.items[i].unit_id, (long long)faults.items[i].posted,
            (long long)faults.items[i].pending);
    if (faults.count == 0)
        say(proof, true, "账本：%lld 种单位，%lld 笔转账，每一种借贷相抵都是零",
            "ledger: %lld units in %lld transfers, each sums to zero",
            (long long)proof->census.unit_count, (long long)proof->census.transfer_count);
    return NULL;
}

/* A closing names a hold of its document, moves it between the same accounts and no more than it
 * held, and is the only one. */
static refusal prove_closings(struct proof *proof) {
    struct ledger_fault_list faults = {0};
    TRY(db_rows(proof->q->db,
                SQL("i",
                    "SELECT closing.document_id, closing.id"
                    " FROM ledger_transfer AS closing LEFT JOIN ledger_transfer AS hold"
                    " ON hold.document_id = closing.document_id AND hold.id = closing.pending_of"
                    " WHERE closing.pending_of > 0 AND (hold.id IS NULL OR hold.phase <> 'pending'"
                    " OR closing.held_amount <> hold.amount OR closing.amount > hold.amount"
                    " OR closing.unit_id <> hold.unit_id"
                    " OR closing.debit_owner_id <> hold.debit_owner_id"
                    " OR closing.debit_kind <> hold.debit_kind"
                    " OR closing.debit_place_id <> hold.debit_place_id"
                    " OR closing.credit_owner_id <> hold.credit_owner_id"
                    " OR closing.credit_kind <> hold.credit_kind"
                    " OR closing.credit_place_id <> hold.credit_place_id"
                    " OR EXISTS (SELECT 1 FROM ledger_transfer AS other"
                    " WHERE other.document_id = closing.document_id"
                    " AND other.pending_of = closing.pending_of AND other.pending_of > 0"
                    " AND other.id <> closing.id))"
                    " ORDER BY closing.document_id, closing.id LIMIT $1"),
                PARAMS(FAULTS_SHOWN_MAX), &ledger_fault_shape, &faults));
    for (size_t i = 0; i < faults.count; i++)
        say(proof, false, "账本：单据 %lld 的结清 %lld 和它的预留对不上",
            "ledger: in document %lld the closing %lld does not fit its hold",
            (long long)faults.items[i].document_id, (long long)faults.items[i].id);
    const struct ledger_census *census = &proof->census;
    if (faults.count == 0)
        say(proof, true,
            "账本：%lld 笔预留，%lld 笔结清，%lld 笔取消，%lld 笔还开着；没有一笔结过两次，结清的都不超过预留的",
            "ledger: %lld holds, %lld settled, %lld voided, %lld open; none closed twice, none"
            " settled above what it held",
            (long long)census->hold_count, (long long)census->settled_count,
            (long long)census->voided_count,
            (long long)(census->hold_count - census->settled_count - census->voided_count));
    return NULL;
}

/* A kind of account that has rows at one time and none at another would make its balance depend on
 * when one looks. */
static refusal prove_kinds(struct proof *proof) {
    struct ledger_fault_list faults = {0};
    TRY(db_rows(proof->q->db,
                SQL("i", "SELECT kind FROM (SELECT debit_kind AS kind, debit_floored AS floored"
                         " FROM ledger_transfer GROUP BY debit_kind, debit_floored"
                         " UNION SELECT credit_kind, credit_floored"
                         " FROM ledger_transfer GROUP BY credit_kind, credit_floored) AS kinds"
                         " GROUP BY kind HAVING count(*) > 1 ORDER BY kind LIMIT $1"),
                PARAMS(FAULTS_SHOWN_MAX), &ledger_fault_shape, &faults));
    for (size_t i = 0; i < faults.count; i++)
        say(proof, false, "账本：科目 %.*s 有时有底线，有时没有",
            "ledger: the kind %.*s is floored in some transfers and not in others",
            (int)faults.items[i].kind.length, faults.items[i].kind.bytes);
    return NULL;
}

refusal ledger_check(struct request *q, struct check_report *report) {
    struct proof proof = {.q = q, .report = report};
    TRY(take_census(&proof));
    TRY(prove_balances(&proof));
    TRY(prove_units(&proof));
    TRY(prove_closings(&proof));
    return prove_kinds(&proof);
}

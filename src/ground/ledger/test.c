/* What the ledger promises, one by one; test_model.c plays random sequences of it against a model.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ground/ledger/ledger.h"
#include "support/house.h"

static const struct ledger_kind shelf = {"test.shelf", true};
static const struct ledger_kind purse = {"test.purse", true};
static const struct ledger_kind source = {"test.source", false};
static const struct ledger_kind gone = {"test.gone", false};

enum { OWNER = 100, OTHER = 90, UNIT = 7, DOCUMENT = 1000 };

static struct ledger_account on_shelf(int64_t place_id) {
    return (struct ledger_account){OWNER, &shelf, UNIT, place_id};
}
static struct ledger_account from_source(void) {
    return (struct ledger_account){OWNER, &source, UNIT, 0};
}
static struct ledger_account to_gone(void) {
    return (struct ledger_account){OWNER, &gone, UNIT, 0};
}
/* OTHER is less than OWNER, so this account comes first in the order of keys. */
static struct ledger_account in_purse(void) {
    return (struct ledger_account){OTHER, &purse, UNIT, 0};
}

/* One call in a transaction of its own. CAUGHT: its refusal is caught and the transaction is kept,
 * as a room may do. */
struct call {
    enum { CALL_BEGIN, CALL_CLOSE } kind;
    enum ledger_phase phase;
    struct ledger_transfer transfer;
    struct ledger_closing closing;
    bool caught;
    struct ledger_effect effect;
    refusal refused;
};

static refusal run_call(struct request *q, void *context) {
    struct call *call = context;
    call->effect = (struct ledger_effect){0};
    call->refused = call->kind == CALL_BEGIN
                        ? ledger_begin(q, &call->transfer, call->phase, &call->effect)
                        : ledger_close(q, &call->closing, &call->effect);
    return call->caught ? NULL : call->refused;
}

/* PROBLEM_KIND_COUNT stands for no refusal at all. */
static enum problem_kind kind_of(refusal refused) {
    return refused ? refused->kind : PROBLEM_KIND_COUNT;
}
enum { FINE = PROBLEM_KIND_COUNT };

static enum problem_kind begin(struct house *house, struct call *call) {
    call->kind = CALL_BEGIN;
    return kind_of(house_try(house, run_call, call));
}

static struct call moving(int64_t id, struct ledger_account debit, struct ledger_account credit,
                          int64_t amount) {
    return (struct call){.transfer = {.document_id = DOCUMENT,
                                      .id = id,
                                      .debit = debit,
                                      .credit = credit,
                                      .amount = amount,
                                      .reason = "tested"}};
}

static enum problem_kind post(struct house *house, struct call call) {
    call.phase = LEDGER_POSTED;
    return begin(house, &call);
}
static enum problem_kind hold(struct house *house, struct call call) {
    call.phase = LEDGER_PENDING;
    return begin(house, &call);
}
static enum problem_kind receive(struct house *house, int64_t id, int64_t place_id,
                                 int64_t amount) {
    return post(house, moving(id, from_source(), on_shelf(place_id), amount));
}
static enum problem_kind close_hold(struct house *house, int64_t hold_id, int64_t id,
                                    int64_t amount) {
    struct call call = {.kind = CALL_CLOSE, .closing = {DOCUMENT, hold_id, id, amount}};
    return kind_of(house_try(house, run_call, &call));
}

struct look {
    struct ledger_account account;
    struct ledger_balance balance;
    struct ledger_entry_list entries;
};
static refusal run_look(struct request *q, void *context) {
    struct look *look = context;
    TRY(ledger_balance_of(q, &look->account, &look->balance));
    return ledger_entries(q, DOCUMENT, &look->entries);
}
static struct look look_at(struct house *house, struct ledger_account account) {
    struct look look = {.account = account};
    house_work(house, run_look, &look);
    return look;
}

#define CHECK_BALANCE(house, account, posted, available)                                           \
    do {                                                                                           \
        struct look look_ = look_at((house), (account));                                           \
        CHECK_INT(ledger_posted(&look_.balance), (posted));                                        \
        CHECK_INT(ledger_available(&look_.balance), (available));                                  \
    } while (0)

struct sentences {
    struct check_report report;
    struct house *house;
    struct text words[40];
    size_t count;
};
static void keep_sentence(struct check_report *report, bool holds, struct text sentence) {
    struct sentences *sentences = (struct sentences *)report;
    report->fault_count += !holds;
    sentences->words[sentences->count++] = text_copy(sentences->house->arena, sentence);
}
static refusal run_check(struct request *q, void *context) {
    struct sentences *sentences = context;
    sentences->count = 0;
    sentences->report.fault_count = 0;
    q->english = true;
    return ledger_check(q, &sentences->report);
}
static struct sentences check_books(struct house *house) {
    struct sentences sentences = {.report = {.line = keep_sentence}, .house = house};
    house_work(house, run_check, &sentences);
    return sentences;
}
static bool says(const struct sentences *sentences, const char *words) {
    for (size_t i = 0; i < sentences->count; i++)
        if (text_find(sentences->words[i], text_of(words), 0) != SIZE_MAX) return true;
    return false;
}
#define CHECK_BOOKS(house) CHECK_INT(check_books(house).report.fault_count, 0)

HOUSE_TEST("ledger: what one account gains another loses, with and without a row") {
    CHECK_INT(receive(house, 1, 5, 10), FINE);
    CHECK_BALANCE(house, on_shelf(5), 10, 10);
    CHECK_BALANCE(house, from_source(), -10, -10);
    CHECK_INT(post(house, moving(2, on_shelf(5), to_gone(), 4)), FINE);
    CHECK_BALANCE(house, on_shelf(5), 6, 6);
    CHECK_BALANCE(house, to_gone(), 4, 4);
    CHECK_BALANCE(house, on_shelf(6), 0, 0);
    CHECK_INT(look_at(house, on_shelf(5)).entries.count, 2);
    CHECK_BOOKS(house);
}

HOUSE_TEST("ledger: a floor refuses, and a caught refusal leaves no trace") {
    struct call call = moving(2, on_shelf(5), to_gone(), 11);
    CHECK_INT(receive(house, 1, 5, 10), FINE);
    call.caught = true;
    CHECK_INT(begin(house, &call), FINE);
    CHECK_INT(kind_of(call.refused), PROBLEM_NOT_ENOUGH);
    call.phase = LEDGER_PENDING;
    CHECK_INT(begin(house, &call), FINE);
    CHECK_INT(kind_of(call.refused), PROBLEM_NOT_ENOUGH);
    CHECK_BALANCE(house, on_shelf(5), 10, 10);
    CHECK_INT(look_at(house, on_shelf(5)).entries.count, 1);
    CHECK_INT(post(house, moving(2, on_shelf(5), to_gone(), 10)), FINE);
    CHECK_BALANCE(house, on_shelf(5), 0, 0);
    CHECK_INT(post(house, moving(3, on_shelf(8), to_gone(), 1)), PROBLEM_NOT_ENOUGH);
    CHECK_BOOKS(house);
}

HOUSE_TEST(
    "ledger: the same transfer again is done once, something else under its key is a conflict") {
    CHECK_INT(receive(house, 1, 5, 10), FINE);
    CHECK_INT(receive(house, 1, 5, 10), FINE);
    struct call call = moving(2, on_shelf(5), to_gone(), 7);
    CHECK_INT(begin(house, &call), FINE);
    CHECK(call.effect.is_new);
    CHECK_INT(call.effect.debit_available, 3);
    CHECK_INT(begin(house, &call), FINE); /* what is left would not even suffice for it */
    CHECK(!call.effect.is_new);
    CHECK_INT(call.effect.debit_owner_id, OWNER);
    CHECK_INT(call.effect.debit_place_id, 5);
    CHECK_INT(call.effect.amount, 7);
    CHECK_BALANCE(house, on_shelf(5), 3, 3);
    const struct ledger_account elsewhere = {OWNER, &gone, UNIT, 1};
    const struct ledger_account others_gone = {OTHER, &gone, UNIT, 0};
    const struct ledger_account other_unit = {OWNER, &gone, UNIT + 1, 0};
    const struct ledger_account other_shelf = {OWNER, &shelf, UNIT + 1, 5};
    CHECK_INT(post(house, moving(2, on_shelf(5), to_gone(), 2)), PROBLEM_CONFLICT);
    CHECK_INT(post(house, moving(2, on_shelf(5), to_gone(), 8)), PROBLEM_CONFLICT);
    CHECK_INT(post(house, moving(2, on_shelf(6), to_gone(), 7)), PROBLEM_CONFLICT);
    CHECK_INT(post(house, moving(2, on_shelf(5), in_purse(), 7)), PROBLEM_CONFLICT);
    CHECK_INT(post(house, moving(2, on_shelf(5), elsewhere, 7)), PROBLEM_CONFLICT);
    CHECK_INT(post(house, moving(2, in_purse(), to_gone(), 7)), PROBLEM_CONFLICT);
    CHECK_INT(post(house, moving(2, other_shelf, other_unit, 7)), PROBLEM_CONFLICT);
    CHECK_INT(post(house, moving(2, on_shelf(5), others_gone, 7)), PROBLEM_CONFLICT);
    CHECK_INT(hold(house, moving(2, on_shelf(5), to_gone(), 7)), PROBLEM_CONFLICT);
    call.transfer.reason = "for another reason";
    CHECK_INT(begin(house, &call), PROBLEM_CONFLICT);
    CHECK_BALANCE(house, on_shelf(5), 3, 3);
    CHECK_INT(look_at(house, on_shelf(5)).entries.count, 2);
    CHECK_BOOKS(house);
}

static refusal run_plain_twice(struct request *q, void *context) {
    bool *is_new = context;
    const struct ledger_transfer receipt = moving(1, from_source(), on_shelf(5), 9).transfer;
    const struct ledger_transfer held = moving(2, on_shelf(5), to_gone(), 9).transfer;
    TRY(ledger_post(q, &receipt, &is_new[0]));
    TRY(ledger_post(q, &receipt, &is_new[1]));
    TRY(ledger_post(q, &receipt, NULL));
    TRY(ledger_hold(q, &held, &is_new[2]));
    TRY(ledger_hold(q, &held, &is_new[3]));
    TRY(ledger_hold(q, &held, NULL));
    TRY(ledger_settle(q, DOCUMENT, 2, 3, 4));
    return ledger_settle(q, DOCUMENT, 2, 3, 4);
}

static refusal run_void_twice(struct request *q, void *context) {
    (void)context;
    const struct ledger_transfer held = moving(4, on_shelf(5), to_gone(), 5).transfer;
    TRY(ledger_hold(q, &held, NULL));
    TRY(ledger_void(q, DOCUMENT, 4, 5));
    return ledger_void(q, DOCUMENT, 4, 5);
}

HOUSE_TEST("ledger: repeats inside one transaction, by the plain calls") {
    bool is_new[4] = {0};
    house_work(house, run_plain_twice, is_new);
    CHECK(is_new[0] && !is_new[1] && is_new[2] && !is_new[3]);
    CHECK_BALANCE(house, on_shelf(5), 5, 5);
    house_work(house, run_void_twice, NULL);
    CHECK_BALANCE(house, on_shelf(5), 5, 5);
    CHECK_BALANCE(house, to_gone(), 4, 4);
    CHECK_BOOKS(house);
}

HOUSE_TEST("ledger: a hold sets aside; settling moves a part and lets the rest go") {
    struct call call = moving(2, on_shelf(5), to_gone(), 7);
    CHECK_INT(receive(house, 1, 5, 10), FINE);
    call.phase = LEDGER_PENDING;
    CHECK_INT(begin(house, &call), FINE);
    CHECK_INT(call.effect.debit_available, 3);
    CHECK_BALANCE(house, on_shelf(5), 10, 3);
    CHECK_BALANCE(house, to_gone(), 0, 0);
    CHECK_INT(look_at(house, to_gone()).balance.credits_pending, 7);
    CHECK_INT(hold(house, moving(3, on_shelf(5), to_gone(), 4)), PROBLEM_NOT_ENOUGH);
    call = (struct call){.kind = CALL_CLOSE, .closing = {DOCUMENT, 2, 4, 5}};
    CHECK_INT(kind_of(house_try(house, run_call, &call)), FINE);
    CHECK(call.effect.is_new);
    CHECK_INT(call.effect.debit_owner_id, OWNER);
    CHECK_INT(call.effect.unit_id, UNIT);
    CHECK_INT(call.effect.debit_place_id, 5);
    CHECK_INT(call.effect.amount, 5);
    CHECK_INT(call.effect.released, 2);
    CHECK_INT(call.effect.debit_available, 5);
    CHECK_BALANCE(house, on_shelf(5), 5, 5);
    CHECK_BALANCE(house, to_gone(), 5, 5);
    CHECK_INT(look_at(house, to_gone()).balance.credits_pending, 0);
    CHECK_INT(kind_of(house_try(house, run_call, &call)), FINE);
    CHECK(!call.effect.is_new);
    CHECK_INT(call.effect.released, 2);
    CHECK_BALANCE(house, on_shelf(5), 5, 5);
    CHECK_BOOKS(house);
}

HOUSE_TEST("ledger: a hold is closed once, by what fits it") {
    CHECK_INT(receive(house, 1, 5, 10), FINE);
    CHECK_INT(hold(house, moving(2, on_shelf(5), to_gone(), 7)), FINE);
    CHECK_INT(close_hold(house, 2, 3, 8), PROBLEM_NOT_ENOUGH);
    CHECK_INT(close_hold(house, 9, 3, 1), PROBLEM_NOT_FOUND);
    CHECK_INT(close_hold(house, 1, 3, 1), PROBLEM_NOT_FOUND); /* posted, not held */
    CHECK_INT(close_hold(house, 2, 1, 7), PROBLEM_CONFLICT);  /* 1 is the receipt */
    CHECK_INT(close_hold(house, 2, 3, 7), FINE);
    CHECK_INT(close_hold(house, 2, 3, 7), FINE);
    CHECK_INT(close_hold(house, 2, 3, 6), PROBLEM_CONFLICT);
    CHECK_INT(close_hold(house, 2, 3, 0), PROBLEM_CONFLICT);
    CHECK_INT(close_hold(house, 2, 4, 7), PROBLEM_WRONG_STATE);
    CHECK_INT(close_hold(house, 2, 4, 0), PROBLEM_WRONG_STATE);
    CHECK_INT(hold(house, moving(5, on_shelf(5), to_gone(), 3)), FINE);
    CHECK_INT(close_hold(house, 5, 3, 3), PROBLEM_CONFLICT); /* 3 closed another */
    CHECK_INT(close_hold(house, 5, 6, 0), FINE);
    CHECK_INT(close_hold(house, 5, 6, 0), FINE);
    CHECK_INT(close_hold(house, 5, 7, 3), PROBLEM_WRONG_STATE);
    CHECK_BALANCE(house, on_shelf(5), 3, 3);
    CHECK_BALANCE(house, to_gone(), 7, 7);
    struct sentences books = check_books(house);
    CHECK_INT(books.report.fault_count, 0);
    CHECK(says(&books, "2 holds, 1 settled, 1 voided, 0 open"));
}

HOUSE_TEST("ledger: two floored accounts in both orders of their keys, and back when one refuses") {
    CHECK_INT(receive(house, 1, 5, 10), FINE);
    struct call call = moving(2, on_shelf(5), in_purse(), 6); /* the credit comes first */
    CHECK_INT(begin(house, &call), FINE);
    CHECK_INT(call.effect.debit_available, 4);
    CHECK_INT(call.effect.credit_available, 6);
    CHECK_INT(post(house, moving(3, in_purse(), on_shelf(5), 1)), FINE);
    CHECK_BALANCE(house, on_shelf(5), 5, 5);
    CHECK_BALANCE(house, in_purse(), 5, 5);
    call = moving(4, on_shelf(5), in_purse(), 6);
    call.caught = true;
    CHECK_INT(begin(house, &call), FINE);
    CHECK_INT(kind_of(call.refused), PROBLEM_NOT_ENOUGH);
    CHECK_BALANCE(house, in_purse(), 5, 5);
    CHECK_INT(post(house, moving(2, on_shelf(5), in_purse(), 6)), FINE); /* a repeat */
    CHECK_INT(post(house, moving(3, in_purse(), on_shelf(5), 1)), FINE);
    CHECK_BALANCE(house, on_shelf(5), 5, 5);
    CHECK_BALANCE(house, in_purse(), 5, 5);
    CHECK_INT(hold(house, moving(5, on_shelf(5), in_purse(), 5)), FINE);
    CHECK_BALANCE(house, in_purse(), 5, 5);
    call = (struct call){.kind = CALL_CLOSE, .closing = {DOCUMENT, 5, 6, 2}};
    CHECK_INT(kind_of(house_try(house, run_call, &call)), FINE);
    CHECK_INT(call.effect.debit_available, 3);
    CHECK_INT(call.effect.credit_available, 7);
    /* Between two places of one kind, up and down. */
    CHECK_INT(post(house, moving(7, on_shelf(5), on_shelf(6), 2)), FINE);
    CHECK_INT(post(house, moving(8, on_shelf(6), on_shelf(5), 1)), FINE);
    CHECK_BALANCE(house, on_shelf(5), 2, 2);
    CHECK_BALANCE(house, on_shelf(6), 1, 1);
    /* Kinds of one owner sort by their names, also when one name begins with the other. */
    static const struct ledger_kind longer = {"test.shelf.high", true};
    static const struct ledger_kind earlier = {"test.attic", true};
    const struct ledger_account high = {OWNER, &longer, UNIT, 0};
    const struct ledger_account attic = {OWNER, &earlier, UNIT, 0};
    CHECK_INT(post(house, moving(9, on_shelf(5), high, 2)), FINE);
    CHECK_INT(post(house, moving(10, high, on_shelf(5), 1)), FINE);
    CHECK_INT(post(house, moving(11, high, attic, 1)), FINE);
    CHECK_BALANCE(house, attic, 1, 1);
    CHECK_BOOKS(house);
}

HOUSE_TEST("ledger: without a floor nothing refuses, and no row is kept") {
    CHECK_INT(post(house, moving(1, from_source(), to_gone(), 3)), FINE);
    CHECK_INT(post(house, moving(1, from_source(), to_gone(), 3)), FINE);
    CHECK_INT(hold(house, moving(2, to_gone(), from_source(), 5)), FINE);
    CHECK_INT(close_hold(house, 2, 3, 4), FINE);
    CHECK_BALANCE(house, from_source(), 1, 1);
    CHECK_BALANCE(house, to_gone(), -1, -1);
    struct sentences books = check_books(house);
    CHECK_INT(books.report.fault_count, 0);
    CHECK(says(&books, "the balances of 0 floored accounts"));
}

HOUSE_TEST("ledger: any place means the lowest that has the whole amount") {
    const struct ledger_account any = {OWNER, &shelf, UNIT, LEDGER_ANY_PLACE};
    CHECK_INT(receive(house, 1, 5, 3), FINE);
    CHECK_INT(receive(house, 2, 6, 10), FINE);
    CHECK_INT(receive(house, 3, 7, 10), FINE);
    struct call call = moving(4, any, to_gone(), 8);
    call.phase = LEDGER_PENDING;
    CHECK_INT(begin(house, &call), FINE);
    CHECK_INT(call.effect.debit_place_id, 6);
    CHECK_INT(call.effect.debit_available, 2);
    CHECK_INT(begin(house, &call),
              FINE); /* again: place 7 would have enough, but it is done already */
    CHECK(!call.effect.is_new);
    CHECK_INT(call.effect.debit_place_id, 6);
    CHECK_BALANCE(house, on_shelf(7), 10, 10);
    CHECK_INT(post(house, moving(5, any, to_gone(), 11)), PROBLEM_NOT_ENOUGH);
    call = moving(6, any, to_gone(), 3);
    CHECK_INT(begin(house, &call), FINE);
    CHECK_INT(call.effect.debit_place_id, 5);
    CHECK_BALANCE(house, on_shelf(5), 0, 0);
    CHECK_INT(close_hold(house, 4, 7, 8), FINE);
    CHECK_BALANCE(house, on_shelf(6), 2, 2);
    CHECK_BOOKS(house);
}

struct lists {
    struct ledger_balance_list own, of, after, nothing;
};
static refusal run_lists(struct request *q, void *context) {
    struct lists *lists = context;
    const int64_t owners[] = {OWNER, OTHER, OWNER};
    const struct ledger_balance from = {.owner_id = OWNER, .unit_id = UNIT, .place_id = 5};
    TRY(ledger_balances(q, OWNER, &shelf, &lists->own));
    TRY(ledger_balances_of(q, owners, 3, &shelf, &lists->of));
    TRY(ledger_balances_after(q, &shelf, &from, 1, &lists->after));
    return ledger_balances_of(q, owners, 0, &shelf, &lists->nothing);
}

HOUSE_TEST("ledger: balances of an owner, of several owners, and of all in order") {
    const struct ledger_account others = {OTHER, &shelf, UNIT, 9};
    struct lists lists = {0};
    CHECK_INT(receive(house, 1, 6, 2), FINE);
    CHECK_INT(receive(house, 2, 5, 1), FINE);
    CHECK_INT(post(house, moving(3, from_source(), others, 3)), FINE);
    CHECK_INT(post(house, moving(4, from_source(), in_purse(), 4)), FINE);
    house_work(house, run_lists, &lists);
    CHECK_INT(lists.own.count, 2);
    CHECK_INT(lists.own.items[0].place_id, 5);
    CHECK_INT(ledger_posted(&lists.own.items[1]), 2);
    CHECK_INT(lists.of.count, 3);
    CHECK_INT(lists.of.items[0].owner_id, OTHER);
    CHECK_INT(ledger_posted(&lists.of.items[0]), 3);
    CHECK_INT(lists.after.count, 1);
    CHECK_INT(lists.after.items[0].place_id, 6);
    CHECK_INT(lists.nothing.count, 0);
}

HOUSE_TEST("ledger: the entries of a document tell where the count went, oldest first") {
    CHECK_INT(receive(house, 9, 5, 10), FINE);
    house->now_ms += 1000;
    CHECK_INT(hold(house, moving(2, on_shelf(5), to_gone(), 7)), FINE);
    house->now_ms += 1000;
    CHECK_INT(close_hold(house, 2, 3, 6), FINE);
    struct ledger_entry_list entries = look_at(house, on_shelf(5)).entries;
    CHECK_INT(entries.count, 3);
    CHECK_TEXT(entries.items[0].phase, "posted");
    CHECK_INT(entries.items[0].credit_place_id, 5);
    CHECK_TEXT(entries.items[1].phase, "pending");
    CHECK_TEXT(entries.items[2].phase, "settled");
    CHECK_INT(entries.items[2].pending_of, 2);
    CHECK_INT(entries.items[2].amount, 6);
    CHECK_INT(entries.items[2].held_amount, 7);
    CHECK_INT(entries.items[2].at.ms - entries.items[0].at.ms, 2000);
    CHECK_TEXT(entries.items[2].debit_kind, "test.shelf");
    CHECK_TEXT(entries.items[2].credit_kind, "test.gone");
    CHECK_TEXT(entries.items[2].reason, "tested");
}

/* ---- the checker must find what is wrong ---- */

static refusal plant(struct request *q, void *context) {
    return db_run(q->db, context, NO_PARAMS, NULL);
}
static void plant_fault(struct house *house, const struct statement *statement) {
    house_work(house, plant, (void *)(uintptr_t)statement);
}
#define PLANT(house, text) plant_fault((house), SQL("", text))

HOUSE_TEST("ledger: the check tells a balance that its transfers do not give") {
    CHECK_INT(receive(house, 1, 5, 10), FINE);
    CHECK_BOOKS(house);
    PLANT(house, "UPDATE ledger_account SET credits_posted = credits_posted + 1");
    struct sentences books = check_books(house);
    CHECK_INT(books.report.fault_count, 2);
    CHECK(says(&books, "account test.shelf (owner 100, unit 7, place 5)"));
    CHECK(says(&books, "posted is off by 1, pending by 0"));
    CHECK(says(&books, "unit 7 does not sum to zero: posted 1, pending 0"));
    PLANT(house, "UPDATE ledger_account SET credits_posted = credits_posted - 1,"
                 " debits_pending = debits_pending + 2");
    books = check_books(house);
    CHECK(says(&books, "posted is off by 0, pending by 2"));
    CHECK(says(&books, "unit 7 does not sum to zero: posted 0, pending -2"));
    PLANT(house, "UPDATE ledger_account SET debits_pending = 0");
    CHECK_BOOKS(house);
    PLANT(house, "DELETE FROM ledger_account");
    books = check_books(house);
    CHECK(says(&books, "posted is off by 10, pending by 0"));
}

/* A raw transfer of 7: OWNER's source to its shelf at place 5. */
#define RAW_TRANSFER(rest)                                                                         \
    "INSERT INTO ledger_transfer (document_id, id, unit_id, phase, pending_of, amount,"            \
    " held_amount, debit_owner_id, debit_kind, debit_place_id, debit_floored, credit_owner_id,"    \
    " credit_kind, credit_place_id, credit_floored, reason, at) VALUES (1000, " rest               \
    ", 'planted', 0)"
#define PLAIN_SIDES "100, 'test.source', 0, 0, 100, 'test.gone', 0, 0"

HOUSE_TEST("ledger: the check tells closings that do not fit their holds") {
    CHECK_INT(hold(house, moving(2, from_source(), to_gone(), 7)), FINE);
    CHECK_INT(post(house, moving(3, from_source(), to_gone(), 7)), FINE);
    CHECK_BOOKS(house);
    PLANT(house, RAW_TRANSFER("20, 7, 'settled', 99, 7, 7, " PLAIN_SIDES)); /* of nothing */
    PLANT(house, RAW_TRANSFER("21, 7, 'settled', 3, 7, 7, " PLAIN_SIDES));  /* of no hold */
    PLANT(house,
          RAW_TRANSFER("22, 7, 'voided', 2, 8, 8, " PLAIN_SIDES)); /* of more than was held */
    CHECK_INT(hold(house, moving(4, from_source(), to_gone(), 7)), FINE);
    PLANT(house, RAW_TRANSFER("23, 7, 'settled', 4, 7, 8, " PLAIN_SIDES)); /* of another hold */
    struct sentences books = check_books(house);
    CHECK(says(&books, "in document 1000 the closing 23 does not fit"));
    CHECK(says(&books, "in document 1000 the closing 20 does not fit"));
    CHECK(says(&books, "in document 1000 the closing 21 does not fit"));
    CHECK(says(&books, "in document 1000 the closing 22 does not fit"));
}

HOUSE_TEST("ledger: the check tells a kind that is floored at times") {
    CHECK_INT(post(house, moving(1, from_source(), to_gone(), 7)), FINE);
    PLANT(house, RAW_TRANSFER(
                     "20, 7, 'posted', 0, 7, 0, 100, 'test.gone', 0, 0, 100, 'test.source', 5, 1"));
    struct sentences books = check_books(house);
    CHECK(says(&books, "the kind test.source is floored in some transfers"));
}

HOUSE_TEST("ledger: the tables themselves refuse what must not be") {
    static const char *const never[] = {"zero amount", "hold closed twice",
                                        "settled above the hold", "an account to itself",
                                        "below the floor"};
    CHECK_INT(hold(house, moving(2, from_source(), to_gone(), 7)), FINE);
    CHECK_INT(close_hold(house, 2, 3, 7), FINE);
    CHECK_INT(receive(house, 4, 5, 1), FINE);
    const struct statement *const statements[] = {
        SQL("", RAW_TRANSFER("20, 7, 'posted', 0, 0, 0, " PLAIN_SIDES)),
        SQL("", RAW_TRANSFER("20, 7, 'settled', 2, 7, 7, " PLAIN_SIDES)),
        SQL("", RAW_TRANSFER("20, 7, 'settled', 9, 8, 7, " PLAIN_SIDES)),
        SQL("", RAW_TRANSFER("20, 7, 'posted', 0, 7, 0, 1, 'a', 2, 0, 1, 'a', 2, 0")),
        SQL("", "UPDATE ledger_account SET debits_posted = debits_posted + 2"),
    };
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
        refusal refused = house_try(house, plant, (void *)(uintptr_t)statements[i]);
        if (kind_of(refused) != PROBLEM_INTERNAL)
            test_fail(__FILE__, __LINE__, "%s passed", never[i]);
    }
    CHECK_BOOKS(house);
}

TEST("ledger: no statement of the program changes or deletes a transfer") {
    size_t count, seen = 0;
    const struct statement *statements = db_statements(&count);
    for (size_t i = 0; i < count; i++) {
        struct text words = text_of(statements[i].text);
        bool names = text_find(words, TEXT("ledger_transfer"), 0) != SIZE_MAX;
        bool changes = text_starts(words, TEXT("UPDATE")) || text_starts(words, TEXT("DELETE")) ||
                       text_find(words, TEXT("REPLACE"), 0) != SIZE_MAX ||
                       (text_find(words, TEXT("DO UPDATE"), 0) != SIZE_MAX && names);
        seen += names;
        if (names && changes)
            test_fail(__FILE__, __LINE__, "%s:%lld changes the ledger: %s", statements[i].file,
                      (long long)statements[i].line, statements[i].text);
    }
    CHECK(seen > 5);
}

/* ---- many at once ---- */

enum { CROSSING_THREADS = 8, CROSSINGS = 60 };

struct crossing {
    struct store_task task;
    struct house *house;
    struct ledger_transfer transfer;
    int64_t first_id;
    int64_t failed;
    refusal refused;
};

static bool run_crossing(struct store_task *task, struct db *db) {
    struct crossing *crossing = (struct crossing *)task;
    struct request q = {.app = crossing->house->app,
                        .db = db,
                        .arena = task->arena,
                        .now = app_now(crossing->house->app)};
    crossing->refused = ledger_post(&q, &crossing->transfer, NULL);
    return !crossing->refused;
}

static void *cross(void *context) {
    struct crossing *crossing = context;
    struct arena arena = {0};
    for (int64_t i = 0; i < CROSSINGS; i++) {
        crossing->transfer.id = crossing->first_id + i;
        crossing->task = (struct store_task){.run = run_crossing,
                                             .arena = &arena,
                                             .writes = true,
                                             .isolation = STORE_READ_COMMITTED};
        enum store_outcome ended = store_perform(crossing->house->app->store, &crossing->task);
        crossing->failed += ended != STORE_KEPT;
        arena_reset(&arena);
    }
    arena_free(&arena);
    return NULL;
}

HOUSE_TEST("ledger: transfers that cross each other all pass, and nothing has to be tried again") {
    static struct crossing crossings[CROSSING_THREADS];
    pthread_t threads[CROSSING_THREADS];
    house_widen(house);
    CHECK_INT(receive(house, 1, 5, 1000), FINE);
    CHECK_INT(post(house, moving(2, from_source(), in_purse(), 1000)), FINE);
    int64_t retries = store_counts(house->app->store).retries;
    for (int i = 0; i < CROSSING_THREADS; i++) {
        struct ledger_account ends[2] = {on_shelf(5), in_purse()};
        crossings[i] = (struct crossing){
            .house = house,
            .transfer = moving(0, ends[i % 2], ends[1 - i % 2], 1).transfer,
            .first_id = 1000 * (i + 1),
        };
        CHECK_INT(pthread_create(&threads[i], NULL, cross, &crossings[i]), 0);
    }
    for (int i = 0; i < CROSSING_THREADS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < CROSSING_THREADS; i++) CHECK_INT(crossings[i].failed, 0);
    CHECK_INT(store_counts(house->app->store).retries - retries, 0);
    CHECK_BALANCE(house, on_shelf(5), 1000, 1000);
    CHECK_BALANCE(house, in_purse(), 1000, 1000);
    CHECK_BOOKS(house);
}

/* ---- failures of the database ---- */

static refusal run_everything(struct request *q, void *context) {
    const struct ledger_account any = {OWNER, &shelf, UNIT, LEDGER_ANY_PLACE};
    struct ledger_transfer receipt = moving(1, from_source(), on_shelf(5), 10).transfer;
    struct ledger_transfer held = moving(2, any, in_purse(), 7).transfer;
    struct ledger_transfer too_much = moving(9, any, in_purse(), 70).transfer;
    struct ledger_effect effect;
    struct ledger_balance balance;
    refusal refused;
    TRY(ledger_post(q, &receipt, NULL));
    TRY(ledger_post(q, &receipt, NULL));
    TRY(ledger_hold(q, &held, NULL));
    TRY(ledger_hold(q, &held, NULL));
    refused = ledger_begin(q, &too_much, LEDGER_POSTED, &effect);
    if (kind_of(refused) != PROBLEM_NOT_ENOUGH) return refused;
    TRY(ledger_settle(q, DOCUMENT, 2, 3, 5));
    TRY(ledger_settle(q, DOCUMENT, 2, 3, 5));
    TRY(ledger_balance_of(q, &receipt.credit, &balance));
    TRY(ledger_balance_of(q, &receipt.debit, &balance));
    return ledger_check(q, context);
}

HOUSE_TEST("ledger: when any statement fails, the request fails as a whole and nothing is kept") {
    struct sentences sentences = {.report = {.line = keep_sentence}, .house = house};
    int64_t nth = 1;
    for (; nth < 200; nth++) {
        sentences.count = 0;
        store_fail_statement(house->app->store, nth);
        refusal refused = house_try(house, run_everything, &sentences);
        store_fail_statement(house->app->store, 0);
        if (!refused) break;
        CHECK_INT(refused->kind, PROBLEM_INTERNAL);
        CHECK_INT(look_at(house, on_shelf(5)).entries.count, 0);
        CHECK_BALANCE(house, on_shelf(5), 0, 0);
    }
    CHECK(nth > 20 && nth < 200);
    CHECK_INT(look_at(house, on_shelf(5)).entries.count, 3);
    CHECK_BALANCE(house, on_shelf(5), 5, 5);
}

/* ---- assertions ---- */

/* Under gcov the counters of a process that aborts would be lost. */
extern void __gcov_dump(void) __attribute__((weak));

static void leave_by_abort(int signal_number) {
    (void)signal_number;
    if (__gcov_dump) __gcov_dump();
    _exit(99);
}

/* Whether WORK stops the process by an assertion. It never reaches a database. */
static bool aborts(void (*work)(struct request *q, struct call *call), struct call call) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct request q = {0};
        signal(SIGABRT, leave_by_abort);
        if (!freopen("/dev/null", "w", stderr)) _exit(1);
        work(&q, &call);
        _exit(0);
    }
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 99;
}

static void do_begin(struct request *q, struct call *call) {
    ledger_begin(q, &call->transfer, call->phase, &call->effect);
}
static void do_close(struct request *q, struct call *call) {
    ledger_close(q, &call->closing, &call->effect);
}
static void do_settle(struct request *q, struct call *call) {
    ledger_settle(q, 1, 2, 3, call->closing.amount);
}
static void do_balances(struct request *q, struct call *call) {
    struct ledger_balance_list list;
    ledger_balances(q, 1, call->transfer.debit.kind, &list);
}
static void do_balances_of(struct request *q, struct call *call) {
    struct ledger_balance_list list;
    int64_t owner_id = 1;
    ledger_balances_of(q, &owner_id, (size_t)call->closing.amount, call->transfer.debit.kind,
                       &list);
}
static void do_balances_after(struct request *q, struct call *call) {
    struct ledger_balance_list list;
    struct ledger_balance from = {0};
    ledger_balances_after(q, call->transfer.debit.kind, &from, call->closing.amount, &list);
}

TEST("ledger: a transfer that cannot be meant stops the process") {
    const struct call good = moving(1, on_shelf(5), to_gone(), 3);
    struct call bad;
#define CHECK_BAD(change)                                                                          \
    bad = good, change;                                                                            \
    CHECK(aborts(do_begin, bad))
    CHECK_BAD(bad.transfer.document_id = 0);
    CHECK_BAD(bad.transfer.id = 0);
    CHECK_BAD(bad.transfer.amount = 0);
    CHECK_BAD(bad.transfer.amount = LEDGER_AMOUNT_MAX + 1);
    CHECK_BAD(bad.transfer.reason = NULL);
    CHECK_BAD(bad.transfer.reason = "");
    CHECK_BAD(bad.transfer.debit.unit_id = 0);
    CHECK_BAD(bad.transfer.credit.unit_id = UNIT + 1);
    CHECK_BAD(bad.transfer.debit.owner_id = -1);
    CHECK_BAD(bad.transfer.credit.owner_id = -1);
    CHECK_BAD(bad.transfer.credit.place_id = LEDGER_ANY_PLACE);
    CHECK_BAD(bad.transfer.debit.place_id = -2);
    CHECK_BAD((bad.transfer.debit = from_source(), bad.transfer.debit.place_id = LEDGER_ANY_PLACE));
    CHECK_BAD(bad.transfer.credit = on_shelf(5));
    CHECK_BAD((bad.transfer.credit = on_shelf(6), bad.transfer.debit.place_id = LEDGER_ANY_PLACE));
#undef CHECK_BAD
}

TEST("ledger: a closing or a question that cannot be meant stops the process") {
    const struct ledger_closing closings[] = {
        {0, 2, 3, 1}, {1, 0, 3, 1}, {1, 2, 0, 1}, {1, 2, 2, 1}, {1, 2, 3, -1}};
    for (size_t i = 0; i < sizeof(closings) / sizeof(closings[0]); i++)
        CHECK(aborts(do_close, (struct call){.closing = closings[i]}));
    const struct ledger_transfer floored = {.debit = on_shelf(5)}, plain = {.debit = from_source()};
    CHECK(aborts(do_settle, (struct call){0}));
    CHECK(aborts(do_balances, (struct call){.transfer = plain}));
    CHECK(aborts(do_balances_of, (struct call){.transfer = plain}));
    CHECK(aborts(do_balances_of,
                 (struct call){.transfer = floored, .closing = {.amount = LEDGER_OWNERS_MAX + 1}}));
    CHECK(aborts(do_balances_after, (struct call){.transfer = plain, .closing = {.amount = 1}}));
    CHECK(aborts(do_balances_after, (struct call){.transfer = floored}));
}

/* Random sequences of everything the ledger can do, played against a small model: after each step
 * both must have given the same answer, and at the end of a sequence every balance must be the
 * same. A sequence that differs is shrunk to the few steps that are needed for it, and printed with
 * its seed.
 *
 * `test_ledger model` plays 10,000 sequences on SQLite and 300 on PostgreSQL, as ./test does.
 * XJ_LEDGER_SEQUENCES=100000 in the environment plays as many as asked on each engine.
 * XJ_LEDGER_SEED=N and XJ_LEDGER_FIRST=K begin with sequence K of another seed: a failure prints
 * both, so that it can be seen again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ground/ledger/ledger.h"
#include "support/house.h"

enum {
    STEPS_MAX = 24,
    ACCOUNTS = 6,
    DOCUMENTS = 2,
    IDS = 9, /* few, so that keys meet by chance */
    SEQUENCES_DEFAULT = 10000,
    SEQUENCES_ON_POSTGRES_DEFAULT = 300,
    BATCH = 100, /* sequences of one transaction */
    KEPT_EVERY =
        8, /* of so many transactions one is kept, the others are undone: the file stays small */
    ID_STRIDE = 64 /* a sequence has this block of ids for itself */
};

/* ---- the steps ---- */

enum step_kind { STEP_POST, STEP_HOLD, STEP_SETTLE, STEP_VOID };

struct step {
    enum step_kind kind;
    int document, id;
    int debit, credit; /* accounts of the model; ANYWHERE for the debit: any of the shelves */
    int hold_id;
    int64_t amount;
};

enum { SHELF_LOW, SHELF_HIGH, PURSE, CHEST, SOURCE, GONE, ANYWHERE };

static const struct ledger_kind kinds[] = {{"model.shelf", true},
                                           {"model.purse", true},
                                           {"model.chest", true},
                                           {"model.source", false},
                                           {"model.gone", false}};

/* The shelves differ in their place alone; the chest is of a lesser owner, so it is touched first.
 */
static struct ledger_account account_of(int number, int64_t base) {
    static const struct {
        int owner, kind, place;
    } table[] = {[SHELF_LOW] = {5, 0, 3}, [SHELF_HIGH] = {5, 0, 4}, [PURSE] = {6, 1, 0},
                 [CHEST] = {4, 2, 0},     [SOURCE] = {5, 3, 0},     [GONE] = {7, 4, 0}};
    if (number == ANYWHERE)
        return (struct ledger_account){base + 5, &kinds[0], 1, LEDGER_ANY_PLACE};
    return (struct ledger_account){base + table[number].owner, &kinds[table[number].kind], 1,
                                   table[number].place};
}

/* splitmix64: every sequence has a state of its own, made from the seed and its number. */
static uint64_t draw(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}
static int draw_below(uint64_t *state, int end) { return (int)(draw(state) % (unsigned)end); }

/* Most closings name a hold that was said before; the others anything. */
static void draw_hold(uint64_t *state, const struct step *before, size_t count, struct step *step) {
    size_t from = count ? (size_t)draw_below(state, (int)count) : 0;
    step->hold_id = 1 + draw_below(state, IDS);
    for (size_t i = 0; i < count && draw_below(state, 10); i++) {
        const struct step *hold = &before[(from + i) % count];
        if (hold->kind != STEP_HOLD) continue;
        step->document = hold->document;
        step->hold_id = hold->id;
        if (step->amount > hold->amount && draw_below(state, 4)) step->amount = hold->amount;
        break;
    }
    if (step->hold_id == step->id) step->id = step->id % IDS + 1;
}

static struct step draw_step(uint64_t *state, const struct step *before, size_t count) {
    struct step step = {.kind = (enum step_kind)draw_below(state, 4),
                        .document = draw_below(state, DOCUMENTS),
                        .id = 1 + draw_below(state, IDS),
                        .amount = 1 + draw_below(state, 12)};
    if (step.kind == STEP_SETTLE || step.kind == STEP_VOID) {
        draw_hold(state, before, count, &step);
        return step;
    }
    step.debit = draw_below(state, 4) ? draw_below(state, ANYWHERE + 1) : SOURCE;
    step.credit = draw_below(state, ACCOUNTS);
    bool is_shelf = step.credit == SHELF_LOW || step.credit == SHELF_HIGH;
    if (step.debit == step.credit || (step.debit == ANYWHERE && is_shelf))
        step.debit = step.credit == SOURCE ? SHELF_LOW : SOURCE;
    return step;
}

/* A fifth of the steps says again what was said before, and half of those say it a little
 * differently. */
static size_t draw_sequence(uint64_t seed, int64_t number, struct step *steps) {
    uint64_t state = seed ^ ((uint64_t)number << 20) ^ (uint64_t)number;
    size_t count = (size_t)(4 + draw_below(&state, STEPS_MAX - 3));
    for (size_t i = 0; i < count; i++) {
        steps[i] = draw_step(&state, steps, i);
        if (i < 2) { /* something to move comes first */
            steps[i].kind = STEP_POST;
            steps[i].debit = SOURCE;
            steps[i].credit = draw_below(&state, SOURCE);
        }
        if (i == 0 || draw_below(&state, 5)) continue;
        struct step other = steps[i];
        steps[i] = steps[draw_below(&state, (int)i)];
        switch (draw_below(&state, 8)) {
        case 0: steps[i].amount = other.amount; break;
        case 1: steps[i].id = other.id; break;
        case 2: steps[i].document = other.document; break;
        case 3:
            if (steps[i].kind == STEP_POST)
                steps[i].kind = STEP_HOLD;
            else if (steps[i].kind == STEP_SETTLE)
                steps[i].kind = STEP_VOID;
            break;
        default: break;
        }
        if (steps[i].hold_id == steps[i].id) steps[i].id = steps[i].id % IDS + 1;
    }
    return count;
}

/* ---- the model ---- */

struct model_transfer {
    bool is_there;
    struct step step; /* debit is never ANYWHERE */
    bool is_closed;
};

struct model {
    struct ledger_balance accounts[ACCOUNTS];
    struct model_transfer transfers[DOCUMENTS][IDS + 1];
    bool forgets_voids; /* planted: a void does not give back */
    bool ignores_keys;  /* planted: a repeat moves again */
};

/* What a step answers: PROBLEM_KIND_COUNT is fine. */
struct answer {
    enum problem_kind kind;
    bool is_new;
    int debit;
};

static bool is_floored(int account) { return account < SOURCE; }

static bool has(const struct model *model, int account, int64_t amount) {
    return !is_floored(account) || ledger_available(&model->accounts[account]) >= amount;
}

static struct answer model_begin(struct model *model, const struct step *step) {
    struct model_transfer *slot = &model->transfers[step->document][step->id];
    struct answer answer = {.kind = PROBLEM_KIND_COUNT, .debit = step->debit};
    if (slot->is_there && !model->ignores_keys) {
        bool is_shelf = slot->step.debit == SHELF_LOW || slot->step.debit == SHELF_HIGH;
        bool same = slot->step.kind == step->kind && slot->step.amount == step->amount &&
                    slot->step.credit == step->credit &&
                    (slot->step.debit == step->debit || (step->debit == ANYWHERE && is_shelf));
        answer.kind = same ? PROBLEM_KIND_COUNT : PROBLEM_CONFLICT;
        answer.debit = slot->step.debit;
        return answer;
    }
    if (step->debit == ANYWHERE)
        answer.debit = has(model, SHELF_LOW, step->amount) ? SHELF_LOW : SHELF_HIGH;
    if (!has(model, answer.debit, step->amount)) {
        answer.kind = PROBLEM_NOT_ENOUGH;
        return answer;
    }
    struct ledger_balance *debit = &model->accounts[answer.debit];
    struct ledger_balance *credit = &model->accounts[step->credit];
    *(step->kind == STEP_POST ? &debit->debits_posted : &debit->debits_pending) += step->amount;
    *(step->kind == STEP_POST ? &credit->credits_posted : &credit->credits_pending) += step->amount;
    *slot = (struct model_transfer){.is_there = true, .step = *step};
    slot->step.debit = answer.debit;
    answer.is_new = true;
    return answer;
}

static struct answer model_close(struct model *model, const struct step *step) {
    struct model_transfer *slot = &model->transfers[step->document][step->id];
    struct model_transfer *hold = &model->transfers[step->document][step->hold_id];
    struct answer answer = {.kind = PROBLEM_KIND_COUNT};
    if (slot->is_there) {
        bool same = slot->step.kind == step->kind && slot->step.hold_id == step->hold_id &&
                    (step->kind == STEP_VOID || slot->step.amount == step->amount);
        answer.kind = same ? PROBLEM_KIND_COUNT : PROBLEM_CONFLICT;
        answer.debit = hold->step.debit;
        return answer;
    }
    if (!hold->is_there || hold->step.kind != STEP_HOLD)
        answer.kind = PROBLEM_NOT_FOUND;
    else if (hold->is_closed)
        answer.kind = PROBLEM_WRONG_STATE;
    else if (step->kind == STEP_SETTLE && step->amount > hold->step.amount)
        answer.kind = PROBLEM_NOT_ENOUGH;
    if (answer.kind != PROBLEM_KIND_COUNT) return answer;
    struct ledger_balance *debit = &model->accounts[hold->step.debit];
    struct ledger_balance *credit = &model->accounts[hold->step.credit];
    if (step->kind == STEP_SETTLE) {
        debit->debits_posted += step->amount;
        credit->credits_posted += step->amount;
    }
    if (step->kind == STEP_SETTLE || !model->forgets_voids) {
        debit->debits_pending -= hold->step.amount;
        credit->credits_pending -= hold->step.amount;
    }
    hold->is_closed = true;
    *slot = (struct model_transfer){.is_there = true, .step = *step};
    answer.is_new = true;
    answer.debit = hold->step.debit;
    return answer;
}

static struct answer model_do(struct model *model, const struct step *step) {
    bool begins = step->kind == STEP_POST || step->kind == STEP_HOLD;
    return begins ? model_begin(model, step) : model_close(model, step);
}

/* ---- the same by the ledger ---- */

static refusal ledger_do(struct request *q, const struct step *step, int64_t base,
                         struct ledger_effect *ret_effect) {
    int64_t document_id = base + 20 + step->document;
    if (step->kind == STEP_POST || step->kind == STEP_HOLD) {
        const struct ledger_transfer transfer = {.document_id = document_id,
                                                 .id = step->id,
                                                 .debit = account_of(step->debit, base),
                                                 .credit = account_of(step->credit, base),
                                                 .amount = step->amount,
                                                 .reason = "model"};
        return ledger_begin(q, &transfer, step->kind == STEP_POST ? LEDGER_POSTED : LEDGER_PENDING,
                            ret_effect);
    }
    const struct ledger_closing closing = {document_id, step->hold_id, step->id,
                                           step->kind == STEP_SETTLE ? step->amount : 0};
    return ledger_close(q, &closing, ret_effect);
}

static bool effect_agrees(const struct model *model, const struct answer *answer,
                          const struct ledger_effect *effect) {
    if (effect->is_new != answer->is_new) return false;
    if (is_floored(answer->debit) && answer->debit != PURSE && answer->debit != CHEST &&
        effect->debit_place_id != (answer->debit == SHELF_LOW ? 3 : 4))
        return false;
    return !effect->is_new || !is_floored(answer->debit) ||
           effect->debit_available == ledger_available(&model->accounts[answer->debit]);
}

static bool same_balance(const struct ledger_balance *a, const struct ledger_balance *b) {
    return a->debits_pending == b->debits_pending && a->debits_posted == b->debits_posted &&
           a->credits_pending == b->credits_pending && a->credits_posted == b->credits_posted;
}

/* How often each answer was given; the last two are fine, new and repeated. */
struct tally {
    int64_t answers[PROBLEM_KIND_COUNT + 2];
};

struct outcome {
    bool differs;
    size_t step; /* at which they differed; the count of steps: in the balances at the end */
    char words[200];
};

static refusal compare_balances(struct request *q, const struct model *model, int64_t base,
                                struct outcome *outcome) {
    for (int i = 0; i < ACCOUNTS && !outcome->differs; i++) {
        struct ledger_account account = account_of(i, base);
        struct ledger_balance balance;
        TRY(ledger_balance_of(q, &account, &balance));
        if (same_balance(&balance, &model->accounts[i])) continue;
        outcome->differs = true;
        snprintf(outcome->words, sizeof(outcome->words),
                 "account %d has %lld/%lld/%lld/%lld, the model %lld/%lld/%lld/%lld", i,
                 (long long)balance.debits_pending, (long long)balance.debits_posted,
                 (long long)balance.credits_pending, (long long)balance.credits_posted,
                 (long long)model->accounts[i].debits_pending,
                 (long long)model->accounts[i].debits_posted,
                 (long long)model->accounts[i].credits_pending,
                 (long long)model->accounts[i].credits_posted);
    }
    return NULL;
}

/* ---- many sequences in one transaction ---- */

struct batch {
    struct store_task task;
    const struct app *app;
    struct model model; /* fresh, with what is planted in it */
    uint64_t seed;
    int64_t first, count;
    const struct step *steps; /* instead of drawn ones: shrinking */
    size_t step_count;
    int64_t base;
    bool keeps;
    int64_t failed; /* the number of the sequence; -1: none */
    int64_t steps_done;
    struct outcome outcome;
    struct tally tally;
    refusal refused;
};

/* Plays one sequence on fresh accounts. Only a failure of the database is refused. */
static refusal play(struct request *q, struct batch *batch, const struct step *steps, size_t count,
                    int64_t base) {
    struct model model = batch->model;
    struct outcome *outcome = &batch->outcome;
    *outcome = (struct outcome){0};
    for (; outcome->step < count; outcome->step++) {
        struct ledger_effect effect = {0};
        struct answer answer = model_do(&model, &steps[outcome->step]);
        refusal refused = ledger_do(q, &steps[outcome->step], base, &effect);
        enum problem_kind kind = refused ? refused->kind : PROBLEM_KIND_COUNT;
        if (kind == PROBLEM_INTERNAL || kind == PROBLEM_BUSY) return refused;
        batch->tally.answers[kind + (kind == PROBLEM_KIND_COUNT && !answer.is_new)]++;
        if (kind == answer.kind && (refused || effect_agrees(&model, &answer, &effect))) continue;
        outcome->differs = true;
        snprintf(outcome->words, sizeof(outcome->words),
                 "the ledger answers %s (%s), the model %s (%s)",
                 refused ? problem_code(kind) : "fine", effect.is_new ? "new" : "not new",
                 answer.kind == PROBLEM_KIND_COUNT ? "fine" : problem_code(answer.kind),
                 answer.is_new ? "new" : "not new");
        return NULL;
    }
    return compare_balances(q, &model, base, outcome);
}

static bool run_batch(struct store_task *task, struct db *db) {
    struct batch *batch = (struct batch *)task;
    struct request q = {
        .app = batch->app, .db = db, .arena = task->arena, .now = app_now(batch->app)};
    struct step drawn[STEPS_MAX];
    batch->failed = -1;
    batch->steps_done = 0;
    for (int64_t i = 0; i < batch->count && batch->failed < 0; i++) {
        const struct step *steps = batch->steps;
        size_t count = batch->step_count;
        if (!steps) {
            count = draw_sequence(batch->seed, batch->first + i, drawn);
            steps = drawn;
        }
        batch->refused = play(&q, batch, steps, count, batch->base + i * ID_STRIDE);
        if (batch->refused) return false;
        if (batch->outcome.differs) batch->failed = batch->first + i;
        batch->steps_done += (int64_t)count;
    }
    return batch->keeps;
}

static void perform(struct house *house, struct batch *batch) {
    struct arena arena = {.total_max = 256 * 1024 * 1024};
    batch->task = (struct store_task){.run = run_batch,
                                      .arena = &arena,
                                      .writes = true,
                                      .isolation = STORE_READ_COMMITTED,
                                      .statement_max = 1000000};
    batch->app = house->app;
    enum store_outcome ended = store_perform(house->app->store, &batch->task);
    enum store_outcome wanted = batch->keeps ? STORE_KEPT : STORE_DROPPED;
    bool broken = ended != wanted || batch->refused;
    arena_free(&arena);
    if (broken) test_fail(__FILE__, __LINE__, "the database failed in a batch");
}

/* ---- shrinking ---- */

static bool still_differs(struct house *house, const struct batch *from, const struct step *steps,
                          size_t count) {
    struct batch again = {.model = from->model,
                          .count = 1,
                          .steps = steps,
                          .step_count = count,
                          .base = INT64_C(1) << 50};
    perform(house, &again);
    return again.failed >= 0;
}

/* Leaves out steps, then makes amounts small, as long as the sequence goes on to differ. */
static size_t shrink(struct house *house, const struct batch *batch, struct step *steps,
                     size_t count) {
    bool smaller = true;
    while (smaller) {
        smaller = false;
        for (size_t length = count / 2; length >= 1; length /= 2) {
            for (size_t from = 0; from + length <= count && count > length;) {
                struct step fewer[STEPS_MAX];
                memcpy(fewer, steps, from * sizeof(*steps));
                memcpy(fewer + from, steps + from + length,
                       (count - from - length) * sizeof(*steps));
                if (!still_differs(house, batch, fewer, count - length)) {
                    from += length;
                    continue;
                }
                count -= length;
                memcpy(steps, fewer, count * sizeof(*steps));
                smaller = true;
            }
        }
        for (size_t i = 0; i < count; i++) {
            int64_t amount = steps[i].amount;
            for (steps[i].amount = 1; steps[i].amount < amount; steps[i].amount++)
                if (still_differs(house, batch, steps, count)) break;
            smaller = smaller || steps[i].amount < amount;
        }
    }
    return count;
}

static void print_steps(const struct step *steps, size_t count) {
    static const char *const accounts[] = {"shelf 3", "shelf 4", "purse",    "chest",
                                           "source",  "gone",    "any shelf"};
    for (size_t i = 0; i < count; i++) {
        const struct step *step = &steps[i];
        if (step->kind == STEP_POST || step->kind == STEP_HOLD)
            printf("    %s (%d, %d): %lld from %s to %s\n",
                   step->kind == STEP_POST ? "post" : "hold", step->document, step->id,
                   (long long)step->amount, accounts[step->debit], accounts[step->credit]);
        else if (step->kind == STEP_SETTLE)
            printf("    settle %lld of hold (%d, %d) by %d\n", (long long)step->amount,
                   step->document, step->hold_id, step->id);
        else
            printf("    void hold (%d, %d) by %d\n", step->document, step->hold_id, step->id);
    }
}

/* Plays COUNT sequences; when one differs it is shrunk into STEPS and its length is returned, else
 * 0. */
static size_t play_many(struct house *house, struct batch *batch, int64_t count,
                        struct step *ret_steps) {
    int64_t first = batch->first, end = first + count, steps = 0;
    for (; first < end; first += BATCH) {
        batch->first = first;
        batch->count = end - first < BATCH ? end - first : BATCH;
        batch->base = (INT64_C(1) << 40) + first * ID_STRIDE;
        batch->keeps = first / BATCH % KEPT_EVERY == 0;
        perform(house, batch);
        steps += batch->steps_done;
        if (batch->failed < 0) continue;
        size_t step_count = draw_sequence(batch->seed, batch->failed, ret_steps);
        return shrink(house, batch, ret_steps, step_count);
    }
    const int64_t *answers = batch->tally.answers;
    printf("  %lld sequences, %lld steps, seed %llu: %lld done, %lld repeated, %lld not enough,"
           " %lld conflicts, %lld closed before, %lld of no hold\n",
           (long long)count, (long long)steps, (unsigned long long)batch->seed,
           (long long)answers[PROBLEM_KIND_COUNT], (long long)answers[PROBLEM_KIND_COUNT + 1],
           (long long)answers[PROBLEM_NOT_ENOUGH], (long long)answers[PROBLEM_CONFLICT],
           (long long)answers[PROBLEM_WRONG_STATE], (long long)answers[PROBLEM_NOT_FOUND]);
    return 0;
}

static int64_t setting(const char *name, int64_t otherwise) {
    int64_t value;
    const char *words = getenv(name);
    return words && text_to_int64(text_of(words), &value) && value >= 0 ? value : otherwise;
}

static void count_faults(struct check_report *report, bool holds, struct text sentence) {
    report->fault_count += !holds;
    printf("  %s%.*s\n", holds ? "" : "FAULT: ", (int)sentence.length, sentence.bytes);
}

static refusal run_check(struct request *q, void *context) {
    q->english = true;
    return ledger_check(q, context);
}

HOUSE_TEST("ledger model: random sequences do what the model does, and the books hold") {
    struct check_report report = {.line = count_faults};
    struct step steps[STEPS_MAX];
    struct batch batch = {.seed = (uint64_t)setting("XJ_LEDGER_SEED", 20261123),
                          .first = setting("XJ_LEDGER_FIRST", 0)};
    int64_t otherwise = house->postgres ? SEQUENCES_ON_POSTGRES_DEFAULT : SEQUENCES_DEFAULT;
    size_t left = play_many(house, &batch, setting("XJ_LEDGER_SEQUENCES", otherwise), steps);
    if (left) {
        printf("  sequence %lld of seed %llu differs at step %zu: %s\n  shrunk to %zu steps:\n",
               (long long)batch.failed, (unsigned long long)batch.seed, batch.outcome.step + 1,
               batch.outcome.words, left);
        print_steps(steps, left);
    }
    CHECK_INT(left, 0);
    house_work(house, run_check, &report);
    CHECK_INT(report.fault_count, 0);
}

HOUSE_TEST("ledger model: a planted difference is found and shrunk to what it needs") {
    struct step steps[STEPS_MAX];
    struct batch forgetful = {.model = {.forgets_voids = true}, .seed = 1};
    CHECK_INT(play_many(house, &forgetful, 5000, steps),
              2); /* a hold of what has no floor, its void */
    CHECK_INT(steps[0].kind, STEP_HOLD);
    CHECK_INT(steps[1].kind, STEP_VOID);
    CHECK_INT(steps[0].amount, 1);
    struct batch greedy = {.model = {.ignores_keys = true}, .seed = 2};
    CHECK_INT(play_many(house, &greedy, 5000, steps), 2); /* the same key twice */
    CHECK_INT(steps[0].id, steps[1].id);
    CHECK_INT(steps[0].document, steps[1].document);
}

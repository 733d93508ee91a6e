#include "kernel/base/problem.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "kernel/base/arena.h"
#include "kernel/base/json.h"
#include "kernel/base/limits.h"

static const struct {
    int status;
    const char *code;
    const char *zh;
    const char *en;
} kinds[PROBLEM_KIND_COUNT] = {
#define X(name, status, code, zh, en) [PROBLEM_##name] = {status, code, zh, en},
    PROBLEM_KINDS(X)
#undef X
};

int problem_status(enum problem_kind kind) {
    assert(kind < PROBLEM_KIND_COUNT);
    return kinds[kind].status;
}

const char *problem_code(enum problem_kind kind) {
    assert(kind < PROBLEM_KIND_COUNT);
    return kinds[kind].code;
}

struct text problem_title(enum problem_kind kind, bool english) {
    assert(kind < PROBLEM_KIND_COUNT);
    return text_of(english ? kinds[kind].en : kinds[kind].zh);
}

enum { SENTENCE_BYTES = 400 };

/* A sentence that does not fit is cut between characters: the reader is shown valid UTF-8
 * whatever the arguments were. */
static struct text sentence(struct arena *arena, const char *format, va_list list) {
    char *bytes = arena_take(arena, SENTENCE_BYTES);
    int wanted = vsnprintf(bytes, SENTENCE_BYTES, format, list);
    assert(wanted >= 0);
    size_t length = (size_t)wanted < SENTENCE_BYTES ? (size_t)wanted : SENTENCE_BYTES - 1;
    while (length && !text_is_utf8((struct text){bytes, length})) length--;
    return (struct text){bytes, length};
}

refusal problem_say(struct arena *arena, enum problem_kind kind, const char *field, struct text zh,
                    struct text en) {
    assert(kind < PROBLEM_KIND_COUNT);
    struct problem *problem = arena_new(arena, struct problem, 1);
    struct fault *fault = arena_new(arena, struct fault, 1);
    *fault = (struct fault){text_copy(arena, text_of(field)), zh, en};
    *problem = (struct problem){.kind = kind, .fault_count = 1, .faults = fault};
    return problem;
}

refusal problem_make(struct arena *arena, enum problem_kind kind, const char *field, const char *zh,
                     const char *en, ...) {
    va_list list, again;
    va_start(list, en);
    va_copy(again, list);
    struct text said_zh = sentence(arena, zh, list);
    struct text said_en = sentence(arena, en, again);
    va_end(again);
    va_end(list);
    return problem_say(arena, kind, field, said_zh, said_en);
}

refusal problem_wait(struct arena *arena, enum problem_kind kind, int64_t retry_after_s) {
    struct problem *problem = arena_new(arena, struct problem, 1);
    *problem = (struct problem){.kind = kind, .retry_after_s = retry_after_s};
    return problem;
}

refusal problem_join(struct arena *arena, refusal first, refusal second) {
    if (!first || !second) return first ? first : second;
    size_t count = first->fault_count + second->fault_count;
    struct problem *both = arena_new(arena, struct problem, 1);
    *both = *first;
    both->faults = arena_new(arena, struct fault, count);
    both->fault_count = count < LIMIT_FAULTS ? count : LIMIT_FAULTS;
    for (size_t i = 0; i < both->fault_count; i++)
        both->faults[i] =
            i < first->fault_count ? first->faults[i] : second->faults[i - first->fault_count];
    return both;
}

refusal problem_within(struct arena *arena, refusal problem, const char *field) {
    if (!problem) return NULL;
    struct problem *inner = arena_new(arena, struct problem, 1);
    *inner = *problem;
    inner->faults = arena_new(arena, struct fault, problem->fault_count);
    for (size_t i = 0; i < problem->fault_count; i++) {
        struct text name = problem->faults[i].field;
        inner->faults[i] = problem->faults[i];
        inner->faults[i].field = text_format(arena, "%s%.*s", field, (int)name.length, name.bytes);
    }
    return inner;
}

void problem_write(struct buffer *buffer, refusal problem, struct text path, bool english) {
    buffer_add_literal(buffer, "{\"type\":\"urn:xiangji:problem:");
    buffer_add_text(buffer, text_of(problem_code(problem->kind)));
    buffer_add_literal(buffer, "\",\"title\":");
    json_write_text(buffer, problem_title(problem->kind, english));
    buffer_add_literal(buffer, ",\"status\":");
    buffer_add_int(buffer, problem_status(problem->kind));
    buffer_add_literal(buffer, ",\"code\":");
    json_write_text(buffer, text_of(problem_code(problem->kind)));
    buffer_add_literal(buffer, ",\"instance\":");
    json_write_text(buffer, path);
    buffer_add_literal(buffer, ",\"detail\":");
    struct text detail = problem_title(problem->kind, english);
    if (problem->fault_count == 1) detail = english ? problem->faults[0].en : problem->faults[0].zh;
    json_write_text(buffer, detail);
    buffer_add_literal(buffer, ",\"faults\":[");
    for (size_t i = 0; i < problem->fault_count; i++) {
        const struct fault *fault = &problem->faults[i];
        if (i) buffer_add_char(buffer, ',');
        buffer_add_literal(buffer, "{\"field\":");
        json_write_text(buffer, fault->field);
        buffer_add_literal(buffer, ",\"detail\":");
        json_write_text(buffer, english ? fault->en : fault->zh);
        buffer_add_char(buffer, '}');
    }
    buffer_add_literal(buffer, "]}");
}

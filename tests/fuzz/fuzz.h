/* What the fuzz targets share. A target says what must hold with MUST: a broken promise ends the
 * program, which is how libFuzzer and the replayer learn of it. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "kernel/base/json.h"
#include "kernel/base/limits.h"
#include "kernel/base/problem.h"
#include "kernel/http/router.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__, #condition);             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* A refusal has a sentence in both languages, and is told as JSON that reads back. */
static inline void fuzz_check_refusal(struct arena *arena, refusal refused, struct text path) {
    MUST(refused->fault_count <= LIMIT_FAULTS);
    for (int english = 0; english < 2; english++) {
        struct buffer buffer = buffer_make(arena, LIMIT_REPLY_BYTES);
        problem_write(&buffer, refused, path, english);
        MUST(!buffer.overflowed && text_is_utf8(buffer_text(&buffer)));
        MUST(json_read(arena, buffer_text(&buffer), NULL));
    }
}

/* The distinct shapes that a kind of input of the house is read by. */
enum { FUZZ_SHAPES_MAX = 128 };
struct fuzz_shapes {
    size_t count;
    const struct shape *items[FUZZ_SHAPES_MAX];
};

static inline void fuzz_add_shape(struct fuzz_shapes *shapes, const struct shape *shape) {
    if (!shape) return;
    for (size_t i = 0; i < shapes->count; i++)
        if (shapes->items[i] == shape) return;
    MUST(shapes->count < FUZZ_SHAPES_MAX);
    shapes->items[shapes->count++] = shape;
}

#endif

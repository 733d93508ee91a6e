/* Inside kernel/shape only: how the reader, the writer and the row filler look at a field. */
#ifndef KERNEL_SHAPE_FIELD_H
#define KERNEL_SHAPE_FIELD_H

#include "kernel/shape/shape.h"

/* The member of a struct that FIELD describes. */
static inline void *field_member(const struct shape_field *field, void *value) {
    return (char *)value + field->offset;
}
static inline const void *field_member_const(const struct shape_field *field, const void *value) {
    return (const char *)value + field->offset;
}

/* Faults collected while one value is read; rendered as one refusal. */
struct fault_list {
    struct arena *arena;
    struct fault items[32];
    size_t count;
};

/* PATH is where in the value we are: "lines[0]." before the field's own name. */
void fault_add(struct fault_list *faults, struct text path, const char *name, const char *zh,
               const char *en, ...) __attribute__((format(printf, 4, 6), format(printf, 5, 6)));
/* The same with finished sentences. */
void fault_say(struct fault_list *faults, struct text path, const char *name, struct text zh,
               struct text en);
refusal fault_refusal(struct fault_list *faults);
/* A name that a client made up, as a fault shows it: its beginning, cut between characters. */
const char *fault_name(struct arena *arena, struct text name);

/* Sets a plain member from its written form, checking the field's bounds: what pairs carry, and
 * strings in JSON. */
void field_read_text(const struct shape_field *field, struct text written, void *value,
                     struct text path, struct fault_list *faults);
/* Sets an INT, FEN or BOOL member from a number, checking the bounds. */
void field_read_int(const struct shape_field *field, int64_t number, void *value, struct text path,
                    struct fault_list *faults);
/* Whether the member of *VALUE holds nothing: an optional field is left out of a reply then. */
bool field_is_empty(const struct shape_field *field, const void *value);
void field_set_fallback(const struct shape_field *field, void *value);

#endif

#include "kernel/shape/shape.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base/limits.h"
#include "kernel/shape/field.h"

struct text shape_enum_text(const struct shape_enum *choices, unsigned value) {
    assert(value < choices->count && choices->texts[value]);
    return text_of(choices->texts[value]);
}

bool shape_enum_find(const struct shape_enum *choices, struct text text, unsigned *ret_value) {
    for (unsigned value = 0; value < choices->count; value++)
        if (choices->texts[value] && text_is(text, choices->texts[value])) {
            *ret_value = value;
            return true;
        }
    return false;
}

void fault_say(struct fault_list *faults, struct text path, const char *name, struct text zh,
               struct text en) {
    _Static_assert(LIMIT_FAULTS == sizeof(faults->items) / sizeof(faults->items[0]), "one bound");
    if (faults->count == LIMIT_FAULTS) return;
    struct text field =
        text_format(faults->arena, "%.*s%s", (int)path.length, path.bytes ? path.bytes : "", name);
    faults->items[faults->count++] =
        (struct fault){field, text_copy(faults->arena, zh), text_copy(faults->arena, en)};
}

void fault_add(struct fault_list *faults, struct text path, const char *name, const char *zh,
               const char *en, ...) {
    char sentence[2][200];
    va_list list, again;
    va_start(list, en);
    va_copy(again, list);
    vsnprintf(sentence[0], sizeof(sentence[0]), zh, list);
    vsnprintf(sentence[1], sizeof(sentence[1]), en, again);
    va_end(again);
    va_end(list);
    fault_say(faults, path, name, text_of(sentence[0]), text_of(sentence[1]));
}

refusal fault_refusal(struct fault_list *faults) {
    if (faults->count == 0) return NULL;
    struct problem *problem = arena_new(faults->arena, struct problem, 1);
    struct fault *items = arena_new(faults->arena, struct fault, faults->count);
    memcpy(items, faults->items, faults->count * sizeof(*items));
    *problem = (struct problem){PROBLEM_BAD_INPUT, faults->count, items, 0};
    return problem;
}

const char *fault_name(struct arena *arena, struct text name) {
    enum { SHOWN_BYTES = 60 };
    struct text shown = text_slice(name, 0, SHOWN_BYTES);
    while (!text_is_utf8(shown)) shown.length--;
    return text_terminated(arena, shown);
}

static void set_enum(void *member, unsigned value) { memcpy(member, &value, sizeof(value)); }

static unsigned get_enum(const void *member) {
    unsigned value;
    memcpy(&value, member, sizeof(value));
    return value;
}

void field_set_fallback(const struct shape_field *field, void *value) {
    void *member = field_member(field, value);
    if (field->fallback == 0) return;
    if (field->kind == SHAPE_INT || field->kind == SHAPE_FEN || field->kind == SHAPE_ID)
        *(int64_t *)member = field->fallback;
    else if (field->kind == SHAPE_BOOL)
        *(bool *)member = true;
    else if (field->kind == SHAPE_ENUM)
        set_enum(member, (unsigned)field->fallback);
}

void field_read_int(const struct shape_field *field, int64_t number, void *value, struct text path,
                    struct fault_list *faults) {
    void *member = field_member(field, value);
    int64_t max = field->max || field->min ? field->max : INT64_MAX;
    if (field->kind == SHAPE_FEN && max > FEN_MAX) max = FEN_MAX;
    if (number < field->min || number > max) {
        fault_add(faults, path, field->name, "要在 %lld 到 %lld 之间", "must be from %lld to %lld",
                  (long long)field->min, (long long)max);
        return;
    }
    *(int64_t *)member = number;
}

/* Ids are positive and at most 63 bits; a written zero or a sign is a fault, not another id. */
static bool read_id(struct text written, int64_t *ret_id) {
    return written.length && written.bytes[0] != '-' && written.bytes[0] != '0' &&
           text_to_int64(written, ret_id);
}

/* Control characters other than line breaks and tabs have no place in what people write; U+001E
 * would split stored lists. */
static bool has_control(struct text written) {
    for (size_t i = 0; i < written.length; i++) {
        unsigned char c = (unsigned char)written.bytes[i];
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F) return true;
    }
    return false;
}

static void read_string(const struct shape_field *field, struct text written, void *value,
                        struct text path, struct fault_list *faults) {
    if (!text_is_utf8(written) || has_control(written)) {
        fault_add(faults, path, field->name, "含有无法识别的字符",
                  "must be valid UTF-8 without control characters");
        return;
    }
    int64_t characters = (int64_t)text_characters(written);
    if (field->max && characters > field->max) {
        fault_add(faults, path, field->name, "最多 %lld 个字，现在是 %lld 个",
                  "at most %lld characters, not %lld", (long long)field->max,
                  (long long)characters);
        return;
    }
    if (characters < field->min) {
        fault_add(faults, path, field->name, "至少 %lld 个字，现在是 %lld 个",
                  "at least %lld characters, not %lld", (long long)field->min,
                  (long long)characters);
        return;
    }
    *(struct text *)field_member(field, value) = text_copy(faults->arena, written);
}

static void read_choice(const struct shape_field *field, struct text written, void *value,
                        struct text path, struct fault_list *faults) {
    unsigned found;
    if (shape_enum_find(field->choices, written, &found)) {
        set_enum(field_member(field, value), found);
        return;
    }
    struct buffer words = buffer_make(faults->arena, 160);
    for (unsigned i = 0; i < field->choices->count; i++) {
        if (i) buffer_add_literal(&words, " | ");
        buffer_add_text(&words, shape_enum_text(field->choices, i));
    }
    struct text all = buffer_text(&words);
    fault_add(faults, path, field->name, "只能是 %.*s 之一", "must be one of %.*s", (int)all.length,
              all.bytes);
}

void field_read_text(const struct shape_field *field, struct text written, void *value,
                     struct text path, struct fault_list *faults) {
    void *member = field_member(field, value);
    int64_t number;
    switch (field->kind) {
    case SHAPE_ID:
        if (!read_id(written, member))
            fault_add(faults, path, field->name, "不是有效的编号", "must be an id in digits");
        return;
    case SHAPE_INT:
    case SHAPE_FEN:
        if (text_to_int64(written, &number))
            field_read_int(field, number, value, path, faults);
        else
            fault_add(faults, path, field->name, "要填整数", "must be a whole number");
        return;
    case SHAPE_BOOL:
        if (text_is(written, "true") || text_is(written, "1"))
            *(bool *)member = true;
        else if (text_is(written, "false") || text_is(written, "0"))
            *(bool *)member = false;
        else
            fault_add(faults, path, field->name, "只能是 true 或 false", "must be true or false");
        return;
    case SHAPE_TIME:
        if (!instant_read(written, member))
            fault_add(faults, path, field->name, "要写成 2026-11-23T08:15:30Z 这样的时间",
                      "must be an RFC 3339 time like 2026-11-23T08:15:30Z");
        return;
    case SHAPE_TEXT: read_string(field, written, value, path, faults); return;
    case SHAPE_ENUM: read_choice(field, written, value, path, faults); return;
    case SHAPE_QTY:
    case SHAPE_LIST:
    case SHAPE_OBJECT:
    case SHAPE_TEXTS:
    case SHAPE_IDS: break;
    }
    assert(!"a kind that pairs cannot carry");
}

refusal shape_read_pairs(const struct shape *shape, struct arena *arena,
                         const struct shape_pair *pairs, size_t pair_count, void *ret) {
    struct fault_list *faults = arena_new(arena, struct fault_list, 1);
    faults->arena = arena;
    memset(ret, 0, shape->size);
    uint64_t given = 0;
    assert(shape->field_count <= 64);
    for (size_t i = 0; i < pair_count; i++) {
        const struct shape_pair *pair = &pairs[i];
        size_t at = 0;
        while (at < shape->field_count && !text_is(pair->name, shape->fields[at].name)) at++;
        const char *name = fault_name(arena, pair->name);
        if (at == shape->field_count) {
            fault_add(faults, TEXT(""), name, "没有这一项", "no such field");
        } else if (given & UINT64_C(1) << at) {
            fault_add(faults, TEXT(""), name, "只能给一次", "given more than once");
        } else if (pair->value.length) {
            given |= UINT64_C(1) << at;
            field_read_text(&shape->fields[at], pair->value, ret, TEXT(""), faults);
        }
    }
    for (size_t at = 0; at < shape->field_count; at++) {
        if (given & UINT64_C(1) << at) continue;
        if (shape->fields[at].required)
            fault_add(faults, TEXT(""), shape->fields[at].name, "这一项必填", "is required");
        field_set_fallback(&shape->fields[at], ret);
    }
    return fault_refusal(faults);
}

static const struct shape_field *find_field(const struct shape *shape, struct text name) {
    for (size_t i = 0; i < shape->field_count; i++)
        if (text_is(name, shape->fields[i].name)) return &shape->fields[i];
    return NULL;
}

bool shape_find_column(const struct shape *shape, struct text column,
                       struct shape_target *ret_target) {
    size_t offset = 0;
    for (;;) {
        size_t dot = text_find(column, TEXT("."), 0);
        const struct shape_field *field = find_field(shape, text_slice(column, 0, dot));
        unsigned char part = 0;
        if (!field && dot == SIZE_MAX) {
            part = text_ends(column, TEXT("_unit"));
            struct text suffix = part ? TEXT("_unit") : TEXT("_milli");
            if (!text_ends(column, suffix)) return false;
            field = find_field(shape, text_slice(column, 0, column.length - suffix.length));
            if (!field || field->kind != SHAPE_QTY) return false;
        }
        if (!field) return false;
        if (dot == SIZE_MAX) {
            if (field->kind == SHAPE_LIST || field->kind == SHAPE_OBJECT ||
                field->kind == SHAPE_IDS)
                return false;
            *ret_target = (struct shape_target){field, offset + field->offset, part};
            return true;
        }
        if (field->kind != SHAPE_OBJECT) return false;
        offset += field->offset;
        shape = field->item;
        column = text_slice(column, dot + 1, column.length);
    }
}

void shape_set_int(const struct shape_target *target, void *row, int64_t value) {
    void *member = (char *)row + target->offset;
    switch (target->field->kind) {
    case SHAPE_BOOL:
        assert(value == 0 || value == 1);
        *(bool *)member = value != 0;
        return;
    case SHAPE_ID:
    case SHAPE_INT:
    case SHAPE_FEN:
    case SHAPE_TIME: *(int64_t *)member = value; return;
    case SHAPE_QTY:
        assert(target->part == 0 && value >= 0 && value <= QUANTITY_MILLI_MAX);
        ((struct quantity *)member)->milli = value;
        return;
    case SHAPE_TEXT:
    case SHAPE_ENUM:
    case SHAPE_LIST:
    case SHAPE_OBJECT:
    case SHAPE_TEXTS:
    case SHAPE_IDS: break;
    }
    assert(!"a number in a column whose field is none");
}

/* A list of texts is stored as its items joined by U+001E (record separator), which no input
 * text may hold unescaped from a page: readers split, and nobody has to parse JSON in a row. */
static void set_texts(struct arena *arena, struct text_list *list, struct text value) {
    static const struct text separator = {"\x1e", 1};
    if (value.length == 0) return;
    struct text kept = text_copy(arena, value);
    size_t count = 1;
    for (size_t i = 0; i < kept.length; i++) count += kept.bytes[i] == '\x1e';
    list->items = arena_new(arena, struct text, count);
    for (size_t from = 0; list->count < count; list->count++) {
        size_t end = text_find(kept, separator, from);
        if (end == SIZE_MAX) end = kept.length;
        list->items[list->count] = text_slice(kept, from, end);
        from = end + 1;
    }
}

void shape_set_text(const struct shape_target *target, struct arena *arena, void *row,
                    struct text value) {
    void *member = (char *)row + target->offset;
    unsigned found;
    bool known;
    switch (target->field->kind) {
    case SHAPE_TEXT: *(struct text *)member = text_copy(arena, value); return;
    case SHAPE_TEXTS: set_texts(arena, member, value); return;
    case SHAPE_ENUM:
        known = shape_enum_find(target->field->choices, value, &found);
        assert(known);
        set_enum(member, found);
        return;
    case SHAPE_QTY:
        assert(target->part == 1);
        known = quantity_unit_find(value, &((struct quantity *)member)->unit);
        assert(known);
        return;
    case SHAPE_ID:
    case SHAPE_INT:
    case SHAPE_BOOL:
    case SHAPE_FEN:
    case SHAPE_TIME:
    case SHAPE_LIST:
    case SHAPE_OBJECT:
    case SHAPE_IDS: break;
    }
    assert(!"text in a column whose field is none");
}

bool field_is_empty(const struct shape_field *field, const void *value) {
    const void *member = field_member_const(field, value);
    switch (field->kind) {
    case SHAPE_ID:
    case SHAPE_INT:
    case SHAPE_FEN:
    case SHAPE_TIME: return *(const int64_t *)member == 0;
    case SHAPE_BOOL: return !*(const bool *)member;
    case SHAPE_TEXT: return ((const struct text *)member)->length == 0;
    case SHAPE_QTY: return ((const struct quantity *)member)->milli == 0;
    case SHAPE_ENUM: return get_enum(member) == 0;
    case SHAPE_LIST:
    case SHAPE_TEXTS:
    case SHAPE_IDS: return ((const struct shape_rows *)member)->count == 0;
    case SHAPE_OBJECT: {
        for (size_t i = 0; i < field->item->field_count; i++)
            if (!field_is_empty(&field->item->fields[i], member)) return false;
        return true;
    }
    }
    return false;
}

static void check_field(const struct shape *shape, const struct shape_field *field, bool input) {
    bool bounded = field->kind == SHAPE_TEXT || field->kind == SHAPE_LIST ||
                   field->kind == SHAPE_TEXTS || field->kind == SHAPE_IDS ||
                   field->kind == SHAPE_INT;
    if (input && bounded && field->max == 0) {
        fprintf(stderr, "shape %s: input field %s has no bound (.max)\n", shape->name, field->name);
        abort();
    }
    if (field->kind == SHAPE_LIST || field->kind == SHAPE_OBJECT) shape_check(field->item, input);
}

void shape_check(const struct shape *shape, bool input) {
    for (size_t i = 0; i < shape->field_count; i++) {
        check_field(shape, &shape->fields[i], input);
        for (size_t j = 0; j < i; j++)
            if (strcmp(shape->fields[i].name, shape->fields[j].name) == 0) {
                fprintf(stderr, "shape %s: field %s stands twice\n", shape->name,
                        shape->fields[i].name);
                abort();
            }
    }
}

#include "support/wrong.h"

#include <jansson.h>
#include <string.h>

#include "kernel/base/limits.h"

struct breaking {
    struct arena *arena;
    struct buffer words;
    struct wrong *wrong;
    enum wrong_way way;
};

static void name(struct breaking *breaking, const char *path, const char *field) {
    struct wrong *wrong = breaking->wrong;
    if (wrong->name_count == sizeof(wrong->names) / sizeof(wrong->names[0])) return;
    wrong->names[wrong->name_count++] = text_format(breaking->arena, "%s%s", path, field).bytes;
}

static void repeat(struct buffer *words, const char *what, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        if (i && *what != 'x') buffer_add_char(words, ',');
        buffer_add_text(words, text_of(what));
    }
}

/* A number beyond what FIELD takes. */
static int64_t beyond(const struct shape_field *field) {
    if (field->kind == SHAPE_FEN && (field->max == 0 || field->max > FEN_MAX)) return FEN_MAX + 1;
    return field->max + 1;
}

static void break_object(struct breaking *breaking, const struct shape *shape, const char *path);

static void break_type(struct breaking *breaking, const struct shape_field *field,
                       const char *path) {
    struct buffer *words = &breaking->words;
    const char *inside = text_format(breaking->arena, "%s%s[0].", path, field->name).bytes;
    const char *deeper = text_format(breaking->arena, "%s%s.", path, field->name).bytes;
    switch (field->kind) {
    case SHAPE_LIST:
        buffer_add_char(words, '[');
        break_object(breaking, field->item, inside);
        buffer_add_char(words, ']');
        return;
    case SHAPE_OBJECT: break_object(breaking, field->item, deeper); return;
    case SHAPE_TEXTS:
    case SHAPE_IDS:
        buffer_add_literal(words, "[1]");
        name(breaking, path, text_format(breaking->arena, "%s[0]", field->name).bytes);
        return;
    case SHAPE_INT:
    case SHAPE_FEN: buffer_add_literal(words, "1.5"); break;
    case SHAPE_BOOL: buffer_add_literal(words, "\"true\""); break;
    case SHAPE_QTY: buffer_add_literal(words, "\"5 斤\""); break;
    case SHAPE_ID:
    case SHAPE_TEXT:
    case SHAPE_TIME:
    case SHAPE_ENUM: buffer_add_literal(words, "7"); break;
    }
    name(breaking, path, field->name);
}

static void break_bound(struct breaking *breaking, const struct shape_field *field,
                        const char *path) {
    struct buffer *words = &breaking->words;
    const char *deeper = text_format(breaking->arena, "%s%s.", path, field->name).bytes;
    switch (field->kind) {
    case SHAPE_LIST:
    case SHAPE_TEXTS:
    case SHAPE_IDS:
        buffer_add_char(words, '[');
        repeat(words, field->kind == SHAPE_LIST ? "{}" : "\"1\"", field->max + 1);
        buffer_add_char(words, ']');
        break;
    case SHAPE_OBJECT: break_object(breaking, field->item, deeper); return;
    case SHAPE_INT:
    case SHAPE_FEN: buffer_add_int(words, beyond(field)); break;
    case SHAPE_TEXT:
        buffer_add_char(words, '"');
        repeat(words, "x", field->max + 1);
        buffer_add_char(words, '"');
        break;
    case SHAPE_QTY: buffer_add_literal(words, "{\"amount\":\"0\",\"unit\":\"斤\"}"); break;
    case SHAPE_ID: buffer_add_literal(words, "\"0\""); break;
    case SHAPE_TIME:
    case SHAPE_ENUM: buffer_add_literal(words, "\"no such; DROP TABLE\""); break;
    case SHAPE_BOOL: buffer_add_literal(words, "true"); return;
    }
    name(breaking, path, field->name);
}

static void break_object(struct breaking *breaking, const struct shape *shape, const char *path) {
    buffer_add_char(&breaking->words, '{');
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];
        buffer_add_format(&breaking->words, "%s\"%s\":", i ? "," : "", field->name);
        if (breaking->way == WRONG_TYPES)
            break_type(breaking, field, path);
        else
            break_bound(breaking, field, path);
    }
    buffer_add_char(&breaking->words, '}');
}

static void name_required(struct breaking *breaking, const struct shape *shape) {
    for (size_t i = 0; i < shape->field_count; i++)
        if (shape->fields[i].required) name(breaking, "", shape->fields[i].name);
}

static struct breaking begin(struct arena *arena, enum wrong_way way, struct wrong *ret_wrong) {
    *ret_wrong = (struct wrong){0};
    return (struct breaking){arena, buffer_make(arena, LIMIT_BODY_BYTES), ret_wrong, way};
}

void wrong_body(struct arena *arena, const struct shape *shape, enum wrong_way way,
                struct wrong *ret_wrong) {
    struct breaking breaking = begin(arena, way, ret_wrong);
    if (way == WRONG_EMPTY || way == WRONG_UNKNOWN) {
        if (way == WRONG_UNKNOWN) name(&breaking, "", "no_such_field");
        name_required(&breaking, shape);
        if (way == WRONG_EMPTY)
            buffer_add_literal(&breaking.words, "{}");
        else
            buffer_add_literal(&breaking.words, "{\"no_such_field\":{\"x\":[1]}}");
    } else {
        break_object(&breaking, shape, "");
    }
    ret_wrong->words = buffer_text(&breaking.words);
}

static void break_pair(struct breaking *breaking, const struct shape_field *field) {
    struct buffer *words = &breaking->words;
    buffer_add_format(words, "%s%s=", words->length ? "&" : "", field->name);
    if (field->kind == SHAPE_INT || field->kind == SHAPE_FEN)
        buffer_add_int(words, beyond(field));
    else if (field->kind == SHAPE_TEXT)
        repeat(words, "x", field->max + 1);
    else if (field->kind == SHAPE_BOOL)
        buffer_add_literal(words, "maybe");
    else
        buffer_add_literal(words, "0;DROP+TABLE");
    name(breaking, "", field->name);
}

void wrong_query(struct arena *arena, const struct shape *shape, enum wrong_way way,
                 struct wrong *ret_wrong) {
    struct breaking breaking = begin(arena, way, ret_wrong);
    if (way == WRONG_EMPTY || way == WRONG_UNKNOWN) {
        if (way == WRONG_UNKNOWN) name(&breaking, "", "no_such_field");
        if (way == WRONG_UNKNOWN) buffer_add_literal(&breaking.words, "no_such_field=1");
        name_required(&breaking, shape);
    } else {
        for (size_t i = 0; i < shape->field_count; i++) break_pair(&breaking, &shape->fields[i]);
    }
    ret_wrong->words = buffer_text(&breaking.words);
}

static bool is_named(const struct house_reply *reply, const char *wanted) {
    const json_t *faults = json_object_get((const json_t *)reply->json, "faults");
    size_t index;
    json_t *fault;
    json_array_foreach((json_t *)(uintptr_t)faults, index, fault) {
        const char *field = json_string_value(json_object_get(fault, "field"));
        if (field && strcmp(field, wanted) == 0) return true;
    }
    return false;
}

void wrong_check(const struct wrong *wrong, const char *what, const struct house_reply *reply) {
    size_t wanted = wrong->name_count < LIMIT_FAULTS ? wrong->name_count : LIMIT_FAULTS;
    if (reply->status != 400 || !text_is(house_text(reply, "code"), "bad_input"))
        test_fail(__FILE__, __LINE__, "%s with %.*s: wanted bad_input, got %d %.*s", what,
                  (int)wrong->words.length, wrong->words.bytes, reply->status,
                  (int)reply->body.length, reply->body.bytes);
    for (size_t i = 0; i < wanted; i++)
        if (!is_named(reply, wrong->names[i]))
            test_fail(__FILE__, __LINE__, "%s with %.*s does not name %s: %.*s", what,
                      (int)wrong->words.length, wrong->words.bytes, wrong->names[i],
                      (int)reply->body.length, reply->body.bytes);
    CHECK_INT(house_count(reply, "faults"), wanted);
}

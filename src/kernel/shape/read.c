/* JSON in: a jansson tree into a struct, every fault named. */
#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "kernel/base/json.h"
#include "kernel/shape/field.h"

struct reader {
    struct fault_list *faults;
    struct arena *arena;
};

static void read_value(struct reader *reader, const struct shape_field *field, const json_t *json,
                       void *value, struct text path);
static void read_object(struct reader *reader, const struct shape *shape, const json_t *json,
                        void *value, struct text path);

static struct text string_of(const json_t *json) {
    return (struct text){json_string_value(json), json_string_length(json)};
}

static void say_kind(struct reader *reader, const struct shape_field *field, struct text path,
                     const char *zh, const char *en) {
    fault_say(reader->faults, path, field->name, text_of(zh), text_of(en));
}

static bool count_is_bounded(struct reader *reader, const struct shape_field *field, size_t count,
                             struct text path) {
    if ((int64_t)count < field->min) {
        fault_add(reader->faults, path, field->name, "至少 %lld 项", "at least %lld items",
                  (long long)field->min);
        return false;
    }
    if ((int64_t)count > field->max) {
        fault_add(reader->faults, path, field->name, "最多 %lld 项，现在是 %lld 项",
                  "at most %lld items, not %lld", (long long)field->max, (long long)count);
        return false;
    }
    return true;
}

static void read_items(struct reader *reader, const struct shape_field *field, const json_t *json,
                       void *value, struct text path) {
    if (!json_is_array(json)) {
        say_kind(reader, field, path, "要填列表", "must be a list");
        return;
    }
    size_t count = json_array_size(json);
    if (!count_is_bounded(reader, field, count, path)) return;
    struct shape_rows *rows = field_member(field, value);
    size_t size = field->kind == SHAPE_LIST    ? field->item->size
                  : field->kind == SHAPE_TEXTS ? sizeof(struct text)
                                               : sizeof(int64_t);
    rows->items = arena_take(reader->arena, count * size);
    rows->count = count;
    for (size_t i = 0; i < count; i++) {
        void *item = (char *)rows->items + i * size;
        const json_t *element = json_array_get(json, i);
        struct text place = text_format(reader->arena, "%.*s%s[%zu]", (int)path.length,
                                        path.bytes ? path.bytes : "", field->name, i);
        if (field->kind == SHAPE_LIST) {
            struct text inside =
                text_format(reader->arena, "%.*s.", (int)place.length, place.bytes);
            read_object(reader, field->item, element, item, inside);
            continue;
        }
        struct shape_field single = {
            .name = "", .kind = field->kind == SHAPE_IDS ? SHAPE_ID : SHAPE_TEXT, .max = 500};
        read_value(reader, &single, element, item, place);
    }
}

static void read_quantity(struct reader *reader, const struct shape_field *field,
                          const json_t *json, void *value, struct text path) {
    const json_t *amount = json_object_get(json, "amount");
    const json_t *unit = json_object_get(json, "unit");
    if (!json_is_string(amount) || !json_is_string(unit) || json_object_size(json) != 2 ||
        !quantity_read(string_of(amount), string_of(unit), field_member(field, value)))
        say_kind(reader, field, path,
                 "要写成 {\"amount\":\"2.5\",\"unit\":\"斤\"}，单位要在单位表里",
                 "must be like {\"amount\":\"2.5\",\"unit\":\"斤\"} with a known unit");
}

static void read_value(struct reader *reader, const struct shape_field *field, const json_t *json,
                       void *value, struct text path) {
    switch (field->kind) {
    case SHAPE_ID:
    case SHAPE_TEXT:
    case SHAPE_TIME:
    case SHAPE_ENUM:
        if (json_is_string(json))
            field_read_text(field, string_of(json), value, path, reader->faults);
        else
            say_kind(reader, field, path, "要填文字（字符串）", "must be a string");
        return;
    case SHAPE_INT:
    case SHAPE_FEN:
        if (json_is_integer(json))
            field_read_int(field, json_integer_value(json), value, path, reader->faults);
        else
            say_kind(reader, field, path, "要填整数", "must be a whole number");
        return;
    case SHAPE_BOOL:
        if (json_is_boolean(json))
            *(bool *)field_member(field, value) = json_is_true(json);
        else
            say_kind(reader, field, path, "只能是 true 或 false", "must be true or false");
        return;
    case SHAPE_QTY: read_quantity(reader, field, json, value, path); return;
    case SHAPE_LIST:
    case SHAPE_TEXTS:
    case SHAPE_IDS: read_items(reader, field, json, value, path); return;
    case SHAPE_OBJECT: {
        struct text inside = text_format(reader->arena, "%.*s%s.", (int)path.length,
                                         path.bytes ? path.bytes : "", field->name);
        read_object(reader, field->item, json, field_member(field, value), inside);
        return;
    }
    }
    assert(!"every kind is read");
}

static const struct shape_field *field_named(const struct shape *shape, const char *name) {
    for (size_t i = 0; i < shape->field_count; i++)
        if (strcmp(shape->fields[i].name, name) == 0) return &shape->fields[i];
    return NULL;
}

static void read_object(struct reader *reader, const struct shape *shape, const json_t *json,
                        void *value, struct text path) {
    if (!json_is_object(json)) {
        struct text place = text_slice(path, 0, path.length ? path.length - 1 : 0);
        fault_add(reader->faults, place, "", "要填一个 JSON 对象", "must be a JSON object");
        return;
    }
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)json, name, member) {
        if (!field_named(shape, name)) {
            const char *shown = fault_name(reader->arena, text_of(name));
            fault_add(reader->faults, path, shown, "没有这一项", "no such field");
        }
    }
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];
        member = json_object_get(json, field->name);
        if (member && !json_is_null(member)) {
            read_value(reader, field, member, value, path);
            continue;
        }
        if (field->required)
            fault_add(reader->faults, path, field->name, "这一项必填", "is required");
        field_set_fallback(field, value);
    }
}

refusal shape_read_json(const struct shape *shape, struct arena *arena, const struct json_t *value,
                        void *ret) {
    struct fault_list *faults = arena_new(arena, struct fault_list, 1);
    faults->arena = arena;
    struct reader reader = {faults, arena};
    memset(ret, 0, shape->size);
    read_object(&reader, shape, (const json_t *)value, ret, TEXT(""));
    return fault_refusal(faults);
}

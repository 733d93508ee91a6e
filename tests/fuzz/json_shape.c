/* Bytes -> JSON -> every body shape of the house -> JSON again: nothing crashes, what is accepted
 * keeps its bounds and reads back as it was, what is refused is told in valid JSON. */
#include <jansson.h>
#include <string.h>

#include "fuzz.h"
#include "kernel/shape/shape.h"

static const struct fuzz_shapes *bodies(void) {
    static struct fuzz_shapes shapes;
    size_t room_count;
    if (shapes.count) return &shapes;
    json_prepare();
    const struct room *const *rooms = rooms_all(&room_count);
    for (size_t i = 0; i < room_count; i++)
        for (size_t j = 0; j < rooms[i]->route_count; j++)
            fuzz_add_shape(&shapes, rooms[i]->routes[j].body);
    return &shapes;
}

static void check_value(const struct shape *shape, const void *value);

static void check_text(const struct shape_field *field, const struct text *text) {
    int64_t characters = (int64_t)text_characters(*text);
    MUST(text_is_utf8(*text) && characters <= field->max);
    MUST(characters >= field->min || (characters == 0 && !field->required));
}

static void check_list(const struct shape_field *field, const struct shape_rows *rows) {
    MUST((int64_t)rows->count <= field->max);
    MUST((int64_t)rows->count >= field->min || (rows->count == 0 && !field->required));
    for (size_t i = 0; i < rows->count; i++) {
        if (field->kind == SHAPE_LIST)
            check_value(field->item, (const char *)rows->items + i * field->item->size);
        else if (field->kind == SHAPE_IDS)
            MUST(((const int64_t *)rows->items)[i] > 0);
        else
            MUST(text_is_utf8(((const struct text *)rows->items)[i]));
    }
}

static void check_number(const struct shape_field *field, int64_t number) {
    int64_t max = field->max || field->min ? field->max : INT64_MAX;
    bool absent = number == field->fallback && !field->required;
    MUST((number >= field->min && number <= max) || absent);
    if (field->kind == SHAPE_FEN) MUST(number <= FEN_MAX);
}

static void check_field(const struct shape_field *field, const void *member) {
    unsigned choice;
    switch (field->kind) {
    case SHAPE_ID:
        MUST(*(const int64_t *)member > 0 || (*(const int64_t *)member == 0 && !field->required));
        return;
    case SHAPE_INT:
    case SHAPE_FEN: check_number(field, *(const int64_t *)member); return;
    case SHAPE_TEXT: check_text(field, member); return;
    case SHAPE_ENUM:
        memcpy(&choice, member, sizeof(choice));
        MUST(choice < field->choices->count);
        return;
    case SHAPE_LIST:
    case SHAPE_TEXTS:
    case SHAPE_IDS: check_list(field, member); return;
    case SHAPE_OBJECT: check_value(field->item, member); return;
    case SHAPE_QTY: MUST(((const struct quantity *)member)->milli > 0 || !field->required); return;
    case SHAPE_BOOL:
    case SHAPE_TIME: return;
    }
}

static void check_value(const struct shape *shape, const void *value) {
    for (size_t i = 0; i < shape->field_count; i++)
        check_field(&shape->fields[i], (const char *)value + shape->fields[i].offset);
}

/* An id or a quantity that was not given is written as nothing ("" and "0"), which a client would
 * leave out: takes such members away. */
static void leave_out_nothing(const struct shape *shape, json_t *json) {
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];
        json_t *member = json_object_get(json, field->name);
        size_t index;
        json_t *item;
        const char *amount = json_string_value(json_object_get(member, "amount"));
        if (field->kind == SHAPE_LIST)
            json_array_foreach(member, index, item) leave_out_nothing(field->item, item);
        else if (field->kind == SHAPE_OBJECT && member)
            leave_out_nothing(field->item, member);
        else if ((field->kind == SHAPE_ID && json_string_length(member) == 0) ||
                 (field->kind == SHAPE_QTY && amount && strcmp(amount, "0") == 0) ||
                 (field->kind == SHAPE_TEXT && field->min && json_string_length(member) == 0))
            json_object_del(json, field->name);
    }
}

static struct text write(const struct shape *shape, struct arena *arena, const void *value) {
    struct buffer buffer = buffer_make(arena, LIMIT_REPLY_BYTES);
    shape_write_json(shape, &buffer, value);
    MUST(!buffer.overflowed && text_is_utf8(buffer_text(&buffer)));
    return buffer_text(&buffer);
}

static void read_as(const struct shape *shape, struct arena *arena, const struct json_t *json) {
    void *value = arena_take(arena, shape->size);
    void *again = arena_take(arena, shape->size);
    refusal refused = shape_read_json(shape, arena, json, value);
    if (refused) {
        fuzz_check_refusal(arena, refused, TEXT("/api/orders"));
        return;
    }
    check_value(shape, value);
    struct text written = write(shape, arena, value);
    const struct json_t *back = json_read(arena, written, NULL);
    MUST(back);
    leave_out_nothing(shape, (json_t *)(uintptr_t)back);
    MUST(!shape_read_json(shape, arena, back, again));
    MUST(text_equal(written, write(shape, arena, again)));
}

/* A shape that knows none of the names has nothing to read. */
static bool knows_a_name(const struct shape *shape, const json_t *json) {
    for (size_t i = 0; i < shape->field_count; i++)
        if (json_object_get(json, shape->fields[i].name)) return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct fuzz_shapes *shapes = bodies();
    struct arena input = {0};
    struct text body = {(const char *)data, size}, why = {0};
    if (size > LIMIT_BODY_BYTES) return 0;
    const struct json_t *json = json_read(&input, body, &why);
    if (!json)
        fuzz_check_refusal(&input,
                           problem_make(&input, PROBLEM_BAD_REQUEST, "", "不是合格的 JSON：%.*s",
                                        "not valid JSON: %.*s", (int)why.length, why.bytes),
                           TEXT("/"));
    struct arena arena = {0};
    for (size_t i = 0; json && i < shapes->count; i++) {
        if (i != size % shapes->count && !knows_a_name(shapes->items[i], json)) continue;
        read_as(shapes->items[i], &arena, json);
        arena_reset(&arena);
    }
    arena_free(&arena);
    arena_free(&input);
    return 0;
}

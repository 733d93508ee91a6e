/* JSON out and JSON Schema: a struct appended to a buffer, field by field. */
#include <assert.h>

#include "kernel/base/json.h"
#include "kernel/shape/field.h"

static void write_id(struct buffer *buffer, int64_t id) {
    buffer_add_char(buffer, '"');
    if (id) buffer_add_int(buffer, id);
    buffer_add_char(buffer, '"');
}

static void write_time(struct buffer *buffer, const struct instant *at) {
    buffer_add_char(buffer, '"');
    instant_write(buffer, *at);
    buffer_add_char(buffer, '"');
}

static void write_quantity(struct buffer *buffer, const struct quantity *quantity) {
    buffer_add_literal(buffer, "{\"amount\":");
    json_write_text(buffer, quantity_amount(buffer->arena, *quantity));
    buffer_add_literal(buffer, ",\"unit\":");
    json_write_text(buffer, quantity_unit_name(quantity->unit));
    buffer_add_char(buffer, '}');
}

static void write_items(const struct shape_field *field, struct buffer *buffer,
                        const struct shape_rows *rows) {
    buffer_add_char(buffer, '[');
    for (size_t i = 0; i < rows->count; i++) {
        if (i) buffer_add_char(buffer, ',');
        if (field->kind == SHAPE_LIST)
            shape_write_json(field->item, buffer,
                             (const char *)rows->items + i * field->item->size);
        else if (field->kind == SHAPE_TEXTS)
            json_write_text(buffer, ((const struct text *)rows->items)[i]);
        else
            write_id(buffer, ((const int64_t *)rows->items)[i]);
    }
    buffer_add_char(buffer, ']');
}

static void write_member(const struct shape_field *field, struct buffer *buffer,
                         const void *member) {
    switch (field->kind) {
    case SHAPE_ID: write_id(buffer, *(const int64_t *)member); return;
    case SHAPE_INT:
    case SHAPE_FEN: buffer_add_int(buffer, *(const int64_t *)member); return;
    case SHAPE_TEXT: json_write_text(buffer, *(const struct text *)member); return;
    case SHAPE_TIME: write_time(buffer, member); return;
    case SHAPE_QTY: write_quantity(buffer, member); return;
    case SHAPE_ENUM:
        json_write_text(buffer, shape_enum_text(field->choices, *(const unsigned *)member));
        return;
    case SHAPE_BOOL:
        if (*(const bool *)member)
            buffer_add_literal(buffer, "true");
        else
            buffer_add_literal(buffer, "false");
        return;
    case SHAPE_LIST:
    case SHAPE_TEXTS:
    case SHAPE_IDS: write_items(field, buffer, member); return;
    case SHAPE_OBJECT: shape_write_json(field->item, buffer, member); return;
    }
    assert(!"every kind is written");
}

void shape_write_json(const struct shape *shape, struct buffer *buffer, const void *value) {
    bool first = true;
    buffer_add_char(buffer, '{');
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];
        if (field->optional && field_is_empty(field, value)) continue;
        if (!first) buffer_add_char(buffer, ',');
        first = false;
        /* Names are words of C: nothing in them needs an escape. */
        buffer_add_char(buffer, '"');
        buffer_add_text(buffer, text_of(field->name));
        buffer_add_literal(buffer, "\":");
        write_member(field, buffer, field_member_const(field, value));
    }
    buffer_add_char(buffer, '}');
}

static void add_bound(struct buffer *buffer, const char *word, int64_t bound) {
    buffer_add_format(buffer, ",\"%s\":%lld", word, (long long)bound);
}

static void write_number_schema(const struct shape_field *field, struct buffer *buffer,
                                bool input) {
    buffer_add_literal(buffer, "\"type\":\"integer\",\"format\":\"int64\"");
    if (!input || (field->min == 0 && field->max == 0)) return;
    add_bound(buffer, "minimum", field->min);
    if (field->max) add_bound(buffer, "maximum", field->max);
    if (field->fallback) add_bound(buffer, "default", field->fallback);
}

static void write_choices_schema(const struct shape_field *field, struct buffer *buffer) {
    buffer_add_literal(buffer, "\"type\":\"string\",\"enum\":[");
    for (unsigned i = 0; i < field->choices->count; i++) {
        if (i) buffer_add_char(buffer, ',');
        json_write_text(buffer, shape_enum_text(field->choices, i));
    }
    buffer_add_char(buffer, ']');
}

static void write_reference(const struct shape_field *field, struct buffer *buffer) {
    buffer_add_format(buffer, "\"$ref\":\"#/components/schemas/%s\"", field->item->name);
}

static void write_list_schema(const struct shape_field *field, struct buffer *buffer, bool input) {
    buffer_add_literal(buffer, "\"type\":\"array\"");
    if (input && field->min) add_bound(buffer, "minItems", field->min);
    if (input && field->max) add_bound(buffer, "maxItems", field->max);
    buffer_add_literal(buffer, ",\"items\":{");
    if (field->kind == SHAPE_LIST)
        write_reference(field, buffer);
    else if (field->kind == SHAPE_TEXTS)
        buffer_add_literal(buffer, "\"type\":\"string\"");
    else
        buffer_add_literal(buffer, "\"type\":\"string\",\"pattern\":\"^[1-9][0-9]{0,18}$\"");
    buffer_add_char(buffer, '}');
}

static void write_text_schema(const struct shape_field *field, struct buffer *buffer, bool input) {
    buffer_add_literal(buffer, "\"type\":\"string\"");
    if (input && field->min) add_bound(buffer, "minLength", field->min);
    if (input && field->max) add_bound(buffer, "maxLength", field->max);
}

static void write_field_schema(const struct shape_field *field, struct buffer *buffer, bool input) {
    switch (field->kind) {
    case SHAPE_ID:
        if (input)
            buffer_add_literal(buffer, "\"type\":\"string\",\"pattern\":\"^[1-9][0-9]{0,18}$\"");
        else
            buffer_add_literal(buffer, "\"type\":\"string\"");
        break;
    case SHAPE_INT:
    case SHAPE_FEN: write_number_schema(field, buffer, input); break;
    case SHAPE_TEXT: write_text_schema(field, buffer, input); break;
    case SHAPE_BOOL: buffer_add_literal(buffer, "\"type\":\"boolean\""); break;
    case SHAPE_TIME:
        buffer_add_literal(buffer, "\"type\":\"string\",\"format\":\"date-time\"");
        break;
    case SHAPE_QTY:
        buffer_add_literal(buffer,
                           "\"type\":\"object\",\"properties\":{\"amount\":{\"type\":\"string\"},"
                           "\"unit\":{\"type\":\"string\"}},\"required\":[\"amount\",\"unit\"],"
                           "\"additionalProperties\":false");
        break;
    case SHAPE_ENUM: write_choices_schema(field, buffer); break;
    case SHAPE_LIST:
    case SHAPE_TEXTS:
    case SHAPE_IDS: write_list_schema(field, buffer, input); break;
    case SHAPE_OBJECT: write_reference(field, buffer); break;
    }
    if (!field->about) return;
    buffer_add_literal(buffer, ",\"description\":");
    json_write_text(buffer, text_of(field->about));
}

void shape_write_schema(const struct shape *shape, struct buffer *buffer, bool input) {
    buffer_add_literal(buffer, "{\"type\":\"object\",\"properties\":{");
    for (size_t i = 0; i < shape->field_count; i++) {
        if (i) buffer_add_char(buffer, ',');
        json_write_text(buffer, text_of(shape->fields[i].name));
        buffer_add_literal(buffer, ":{");
        write_field_schema(&shape->fields[i], buffer, input);
        buffer_add_char(buffer, '}');
    }
    buffer_add_literal(buffer, "},\"required\":[");
    bool first = true;
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct shape_field *field = &shape->fields[i];
        if (input ? !field->required : field->optional) continue;
        if (!first) buffer_add_char(buffer, ',');
        first = false;
        json_write_text(buffer, text_of(field->name));
    }
    buffer_add_literal(buffer, "],\"additionalProperties\":false}");
}

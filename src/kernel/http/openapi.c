/* The OpenAPI 3.1 document, written from the route tables and their shapes: nothing about the API
 * is said twice. The order is that of rooms.def, so the same program writes the same bytes. */
#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "kernel/base/json.h"
#include "kernel/base/limits.h"
#include "kernel/http/road.h"

#ifndef XJ_VERSION
#define XJ_VERSION "0"
#endif

enum { SHAPES_MAX = 512, DOCUMENT_BYTES_MAX = LIMIT_REPLY_BYTES };

/* A shape that some route uses, and which way it goes. One that goes both ways is written twice,
 * because a field that the server always gives is not always one that a client must give: NAME and
 * NAME_input. */
struct use {
    const struct shape *shape;
    bool input;
    bool output;
};

struct document {
    struct arena *arena;
    struct buffer *out;
    const struct room *const *rooms;
    size_t room_count;
    size_t use_count;
    struct use uses[SHAPES_MAX];
};

static struct use *use_named(struct document *document, struct text name) {
    for (size_t i = 0; i < document->use_count; i++)
        if (text_is(name, document->uses[i].shape->name)) return &document->uses[i];
    return NULL;
}

static void note_use(struct document *document, const struct shape *shape, bool input) {
    struct use *use = use_named(document, text_of(shape->name));
    if (!use) {
        assert(document->use_count < SHAPES_MAX);
        use = &document->uses[document->use_count++];
        *use = (struct use){.shape = shape};
    }
    assert(use->shape == shape); /* two shapes of one name would hide each other */
    if (input ? use->input : use->output) return;
    *(input ? &use->input : &use->output) = true;
    for (size_t i = 0; i < shape->field_count; i++)
        if (shape->fields[i].item) note_use(document, shape->fields[i].item, input);
}

static bool goes_both_ways(struct document *document, struct text name) {
    const struct use *use = use_named(document, name);
    return use && use->input && use->output;
}

/* Copies a schema, sending its references to the input form where there is one. */
static void copy_schema(struct document *document, struct text schema, bool input) {
    const struct text marker = TEXT("#/components/schemas/");
    size_t at = 0;
    for (size_t found; (found = text_find(schema, marker, at)) != SIZE_MAX;) {
        size_t end = text_find(schema, TEXT("\""), found);
        struct text name = text_slice(schema, found + marker.length, end);
        buffer_add_text(document->out, text_slice(schema, at, end));
        if (input && goes_both_ways(document, name)) buffer_add_literal(document->out, "_input");
        at = end;
    }
    buffer_add_text(document->out, text_slice(schema, at, schema.length));
}

static struct text schema_of(struct document *document, const struct shape *shape, bool input) {
    struct buffer schema = buffer_make(document->arena, DOCUMENT_BYTES_MAX);
    shape_write_schema(shape, &schema, input);
    return buffer_text(&schema);
}

static void write_reference(struct document *document, const struct shape *shape, bool input) {
    bool both = goes_both_ways(document, text_of(shape->name));
    buffer_add_format(document->out, "{\"$ref\":\"#/components/schemas/%s%s\"}", shape->name,
                      input && both ? "_input" : "");
}

/* One field of a path or query: its schema stands in the schema of a shape with that field alone.
 */
static void write_parameter(struct document *document, const struct shape_field *field,
                            const char *place, bool first) {
    struct shape_field alone = *field;
    alone.about = NULL;
    const struct shape shape = {"parameter", 0, &alone, 1};
    struct text schema = schema_of(document, &shape, true);
    struct text before =
        text_format(document->arena, "{\"type\":\"object\",\"properties\":{\"%s\":", field->name);
    size_t end = text_find(schema, TEXT("},\"required\":["), before.length);
    assert(text_starts(schema, before) && end != SIZE_MAX);
    bool required = field->required || strcmp(place, "path") == 0;
    buffer_add_format(document->out, "%s{\"name\":\"%s\",\"in\":\"%s\",\"required\":%s",
                      first ? "" : ",", field->name, place, required ? "true" : "false");
    if (field->about) {
        buffer_add_literal(document->out, ",\"description\":");
        json_write_text(document->out, text_of(field->about));
    }
    buffer_add_literal(document->out, ",\"schema\":");
    copy_schema(document, text_slice(schema, before.length, end), true);
    buffer_add_char(document->out, '}');
}

static void write_parameters(struct document *document, const struct route *route) {
    bool first = true;
    buffer_add_literal(document->out, ",\"parameters\":[");
    for (size_t i = 0; route->path && i < route->path->field_count; i++, first = false)
        write_parameter(document, &route->path->fields[i], "path", first);
    for (size_t i = 0; route->query && i < route->query->field_count; i++, first = false)
        write_parameter(document, &route->query->fields[i], "query", first);
    if (route->writes && !route->callback)
        buffer_add_format(document->out, "%s{\"$ref\":\"#/components/parameters/idempotency_key\"}",
                          first ? "" : ",");
    buffer_add_char(document->out, ']');
}

/* Bytes as they are. */
#define BINARY_SCHEMA "{\"type\":\"string\",\"format\":\"binary\"}"

static void write_request_body(struct document *document, const struct route *route) {
    if (!route->body && !route->callback && !route->raw_types) return;
    buffer_add_literal(document->out, ",\"requestBody\":{\"required\":true,\"content\":{");
    if (route->body) {
        buffer_add_literal(document->out, "\"application/json\":{\"schema\":");
        write_reference(document, route->body, true);
    } else if (route->raw_types) {
        for (const char *const *name = route->raw_types; *name; name++)
            buffer_add_format(document->out, "%s\"%s\":{\"schema\":" BINARY_SCHEMA,
                              name == route->raw_types ? "" : "},", *name);
    } else {
        buffer_add_literal(document->out, "\"*/*\":{\"schema\":{\"type\":\"string\"}");
    }
    buffer_add_literal(document->out, "}}}");
}

static void write_file_types(struct document *document, const struct route *route) {
    static const char *const pictures[] = {"image/webp", "image/jpeg", NULL};
    const char *const *types = route->file_types ? route->file_types : pictures;
    for (const char *const *type = types; *type; type++)
        buffer_add_format(document->out, "%s\"%s\":{\"schema\":" BINARY_SCHEMA "}",
                          type == types ? "" : ",", *type);
}

static void write_responses(struct document *document, const struct route *route) {
    bool is_stream = route->handle == events_open;
    bool says_something = route->reply || is_stream || route->gives_file;
    int status = route->status ? route->status : says_something ? 200 : 204;
    buffer_add_format(document->out, ",\"responses\":{\"%d\":{\"description\":\"%s\"", status,
                      status == 201   ? "Made"
                      : status == 204 ? "Done"
                                      : "Fine");
    if (route->reply) {
        buffer_add_literal(document->out, ",\"content\":{\"application/json\":{\"schema\":");
        write_reference(document, route->reply, false);
        buffer_add_literal(document->out, "}}");
    } else if (route->gives_file) {
        buffer_add_literal(document->out, ",\"content\":{");
        write_file_types(document, route);
        buffer_add_literal(document->out, "}");
    } else if (is_stream) {
        buffer_add_literal(
            document->out,
            ",\"content\":{\"text/event-stream\":{\"schema\":{\"type\":\"string\"}}}");
    }
    buffer_add_literal(document->out,
                       "},\"default\":{\"$ref\":\"#/components/responses/problem\"}}");
}

/* "get_goods_by_id_prices" */
static void write_operation_id(struct document *document, const struct route *route) {
    const char *method = router_method_name(route->method);
    buffer_add_literal(document->out, "\"operationId\":\"");
    for (const char *c = method; *c; c++) buffer_add_char(document->out, (char)tolower(*c));
    size_t skipped = strncmp(route->address, "/api/", 5) == 0 ? strlen("/api") : 0;
    for (const char *c = route->address + skipped; *c; c++) {
        if (*c == '{')
            buffer_add_literal(document->out, "by_");
        else if (*c != '}')
            buffer_add_char(document->out, isalnum((unsigned char)*c) ? *c : '_');
    }
    buffer_add_char(document->out, '"');
}

static void write_operation(struct document *document, const struct room *room,
                            const struct route *route) {
    static const char *const permissions[PERMISSION_COUNT] = {
#define X(name, words) [PERMISSION_##name] = #name,
        PERMISSIONS(X)
#undef X
    };
    const char *method = router_method_name(route->method);
    buffer_add_char(document->out, '"');
    for (const char *c = method; *c; c++) buffer_add_char(document->out, (char)tolower(*c));
    buffer_add_literal(document->out, "\":{");
    write_operation_id(document, route);
    buffer_add_format(document->out, ",\"tags\":[\"%s\"],\"summary\":", room->name);
    json_write_text(document->out, text_of(route->summary ? route->summary : ""));
    if (route->access.is_public)
        buffer_add_literal(document->out, ",\"security\":[]");
    else
        buffer_add_format(document->out, ",\"x-permission\":\"%s\"",
                          permissions[route->access.permission]);
    write_parameters(document, route);
    write_request_body(document, route);
    write_responses(document, route);
    buffer_add_char(document->out, '}');
}

/* Every method that stands at the address, in whichever room. */
static void write_address(struct document *document, const char *address) {
    bool first = true;
    for (size_t i = 0; i < document->room_count; i++)
        for (size_t j = 0; j < document->rooms[i]->route_count; j++) {
            const struct route *route = &document->rooms[i]->routes[j];
            if (strcmp(route->address, address) != 0) continue;
            if (!first) buffer_add_char(document->out, ',');
            first = false;
            write_operation(document, document->rooms[i], route);
        }
}

static bool is_first(const struct document *document, size_t room, size_t number) {
    const char *address = document->rooms[room]->routes[number].address;
    for (size_t i = 0; i <= room; i++) {
        size_t until = i == room ? number : document->rooms[i]->route_count;
        for (size_t j = 0; j < until; j++)
            if (strcmp(document->rooms[i]->routes[j].address, address) == 0) return false;
    }
    return true;
}

static void write_paths(struct document *document) {
    bool first = true;
    buffer_add_literal(document->out, "\"paths\":{");
    for (size_t i = 0; i < document->room_count; i++)
        for (size_t j = 0; j < document->rooms[i]->route_count; j++) {
            const struct route *route = &document->rooms[i]->routes[j];
            if (!is_first(document, i, j)) continue;
            if (!first) buffer_add_char(document->out, ',');
            first = false;
            buffer_add_format(document->out, "\"%s\":{", route->address);
            write_address(document, route->address);
            buffer_add_char(document->out, '}');
        }
    buffer_add_literal(document->out, "},");
}

static void write_schema(struct document *document, const struct use *use, bool input) {
    const char *suffix = input && use->output ? "_input" : "";
    buffer_add_format(document->out, "\"%s%s\":", use->shape->name, suffix);
    copy_schema(document, schema_of(document, use->shape, input), input);
    buffer_add_char(document->out, ',');
}

static void write_problem_schema(struct document *document) {
    buffer_add_literal(
        document->out,
        "\"problem\":{\"type\":\"object\",\"properties\":{\"type\":{\"type\":\"string\"},"
        "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
        "\"code\":{\"type\":\"string\",\"enum\":[");
    for (unsigned kind = 0; kind < PROBLEM_KIND_COUNT; kind++)
        buffer_add_format(document->out, "%s\"%s\"", kind ? "," : "",
                          problem_code((enum problem_kind)kind));
    buffer_add_literal(
        document->out,
        "]},\"instance\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"},"
        "\"faults\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":"
        "{\"field\":{\"type\":\"string\"},\"detail\":{\"type\":\"string\"}},"
        "\"required\":[\"field\",\"detail\"]}}},"
        "\"required\":[\"type\",\"title\",\"status\",\"code\",\"instance\",\"detail\","
        "\"faults\"]}");
}

static void write_components(struct document *document) {
    buffer_add_literal(document->out, "\"components\":{\"schemas\":{");
    for (size_t i = 0; i < document->use_count; i++) {
        if (document->uses[i].output) write_schema(document, &document->uses[i], false);
        if (document->uses[i].input) write_schema(document, &document->uses[i], true);
    }
    write_problem_schema(document);
    buffer_add_literal(
        document->out,
        "},\"parameters\":{\"idempotency_key\":{\"name\":\"Idempotency-Key\",\"in\":\"header\","
        "\"required\":true,\"description\":\"The same key gets the same reply, and one effect.\","
        "\"schema\":{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_-]{8,64}$\"}}},"
        "\"responses\":{\"problem\":{\"description\":\"What was refused, and why (RFC 9457).\","
        "\"content\":{\"application/problem+json\":{\"schema\":"
        "{\"$ref\":\"#/components/schemas/problem\"}}}}},"
        "\"securitySchemes\":{\"cookie\":{\"type\":\"apiKey\",\"in\":\"cookie\","
        "\"name\":\"xj_session\"},\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"}}}");
}

struct text openapi_write(struct arena *arena, const struct room *const *rooms, size_t room_count) {
    struct buffer out = buffer_make(arena, DOCUMENT_BYTES_MAX);
    struct document *document = arena_new(arena, struct document, 1);
    document->arena = arena;
    document->out = &out;
    document->rooms = rooms;
    document->room_count = room_count;
    for (size_t i = 0; i < room_count; i++)
        for (size_t j = 0; j < rooms[i]->route_count; j++) {
            const struct route *route = &rooms[i]->routes[j];
            if (route->body) note_use(document, route->body, true);
            if (route->reply) note_use(document, route->reply, false);
        }
    buffer_add_literal(
        &out, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Xiangji\",\"version\":\"" XJ_VERSION
              "\",\"description\":\"Ids are short text, money is whole fen, times are "
              "RFC 3339.\"},\"servers\":[{\"url\":\"/\"}],"
              "\"security\":[{\"cookie\":[]},{\"bearer\":[]}],");
    write_paths(document);
    write_components(document);
    buffer_add_char(&out, '}');
    assert(!out.overflowed);
    return buffer_text(&out);
}

struct text openapi_document(struct arena *arena) {
    size_t room_count;
    const struct room *const *rooms = rooms_all(&room_count);
    return openapi_write(arena, rooms, room_count);
}

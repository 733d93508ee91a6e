#include "support/schema.h"

#include <ctype.h>
#include <jansson.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "kernel/base/instant.h"
#include "kernel/base/json.h"

/* One value against one schema, and where in the reply it stands. */
struct place {
    const struct schema *schema;
    const char *path;
};

static struct text check(struct place place, const json_t *schema, const json_t *value);

static struct text fault(struct place place, const char *words, const char *detail) {
    return text_format(place.schema->arena, "%s %s %s", *place.path ? place.path : "(the reply)",
                       words, detail);
}

static const json_t *member(const json_t *json, const char *name) {
    return json_object_get((json_t *)(uintptr_t)json, name);
}

static const char *string_of(const json_t *json) { return json_string_value(json); }

/* "#/components/schemas/orders_order" */
static const json_t *follow(const struct schema *schema, const char *reference) {
    const json_t *at = (const json_t *)schema->document;
    char step[120];
    if (strncmp(reference, "#/", 2) != 0) return NULL;
    for (const char *rest = reference + 2; at && *rest;) {
        size_t length = strcspn(rest, "/");
        snprintf(step, sizeof(step), "%.*s", (int)length, rest);
        at = member(at, step);
        rest += length + (rest[length] == '/');
    }
    return at;
}

static const json_t *resolve(const struct schema *schema, const json_t *json) {
    const json_t *reference = member(json, "$ref");
    return reference ? follow(schema, string_of(reference)) : json;
}

static bool type_fits(const char *type, const json_t *value) {
    if (strcmp(type, "object") == 0) return json_is_object(value);
    if (strcmp(type, "array") == 0) return json_is_array(value);
    if (strcmp(type, "string") == 0) return json_is_string(value);
    if (strcmp(type, "integer") == 0) return json_is_integer(value);
    if (strcmp(type, "boolean") == 0) return json_is_boolean(value);
    return false;
}

static struct text check_words(struct place place, const json_t *schema) {
    static const char *const known[] = {
        "type",    "properties", "required", "additionalProperties", "items", "enum", "description",
        "pattern", "format",     NULL};
    const char *word;
    json_t *ignored;
    json_object_foreach((json_t *)(uintptr_t)schema, word, ignored) {
        size_t i = 0;
        while (known[i] && strcmp(known[i], word) != 0) i++;
        if (!known[i]) return fault(place, "has a schema with the unknown word", word);
    }
    return TEXT("");
}

static struct text check_string(struct place place, const json_t *schema, const json_t *value) {
    const json_t *choices = member(schema, "enum");
    const json_t *pattern = member(schema, "pattern");
    const json_t *format = member(schema, "format");
    bool chosen = !choices;
    size_t index;
    json_t *choice;
    json_array_foreach((json_t *)(uintptr_t)choices, index, choice) chosen =
        chosen || strcmp(string_of(choice), string_of(value)) == 0;
    if (!chosen) return fault(place, "is none of its choices:", string_of(value));
    if (pattern) {
        regex_t regex;
        CHECK(regcomp(&regex, string_of(pattern), REG_EXTENDED | REG_NOSUB) == 0);
        bool fits = regexec(&regex, string_of(value), 0, NULL, 0) == 0;
        regfree(&regex);
        if (!fits) return fault(place, "does not match its pattern:", string_of(value));
    }
    struct instant at;
    if (format && strcmp(string_of(format), "date-time") == 0 &&
        !instant_read(text_of(string_of(value)), &at))
        return fault(place, "is no time:", string_of(value));
    return TEXT("");
}

static struct text check_array(struct place place, const json_t *schema, const json_t *value) {
    const json_t *items = member(schema, "items");
    size_t index;
    json_t *item;
    char path[300];
    if (!items) return fault(place, "has a list without", "items");
    json_array_foreach((json_t *)(uintptr_t)value, index, item) {
        snprintf(path, sizeof(path), "%s[%zu]", place.path, index);
        struct text wrong = check((struct place){place.schema, path}, items, item);
        if (wrong.length) return wrong;
    }
    return TEXT("");
}

static struct text check_object(struct place place, const json_t *schema, const json_t *value) {
    const json_t *properties = member(schema, "properties");
    const json_t *open = member(schema, "additionalProperties");
    size_t index;
    json_t *name;
    json_array_foreach((json_t *)(uintptr_t)member(schema, "required"), index, name) {
        if (!member(value, string_of(name))) return fault(place, "lacks", string_of(name));
    }
    const char *word;
    json_t *inner;
    json_object_foreach((json_t *)(uintptr_t)value, word, inner) {
        const json_t *expected = member(properties, word);
        char path[300];
        snprintf(path, sizeof(path), "%s%s%s", place.path, *place.path ? "." : "", word);
        if (!expected && json_is_false(open)) return fault(place, "has the unknown member", word);
        if (!expected) continue;
        struct text wrong = check((struct place){place.schema, path}, expected, inner);
        if (wrong.length) return wrong;
    }
    return TEXT("");
}

static struct text check(struct place place, const json_t *schema, const json_t *value) {
    schema = resolve(place.schema, schema);
    if (!schema) return fault(place, "has a reference", "that leads nowhere");
    struct text wrong = check_words(place, schema);
    if (wrong.length) return wrong;
    const json_t *type = member(schema, "type");
    if (!type) return fault(place, "has a schema", "without a type");
    if (!type_fits(string_of(type), value)) return fault(place, "should be", string_of(type));
    if (json_is_string(value)) return check_string(place, schema, value);
    if (json_is_array(value)) return check_array(place, schema, value);
    if (json_is_object(value)) return check_object(place, schema, value);
    return TEXT("");
}

/* ---- operations ---- */

void schema_open(struct arena *arena, struct schema *ret_schema) {
    struct text why = {0};
    *ret_schema = (struct schema){json_read(arena, openapi_document(arena), &why), arena};
    if (!ret_schema->document)
        test_fail(__FILE__, __LINE__, "the document is no JSON: %.*s", (int)why.length, why.bytes);
}

static const json_t *operation_of(const struct schema *schema, const char *method,
                                  const char *address) {
    char name[16] = "";
    for (size_t i = 0; method[i] && i < sizeof(name) - 1; i++)
        name[i] = (char)tolower((unsigned char)method[i]);
    const json_t *paths = member((const json_t *)schema->document, "paths");
    return member(member(paths, address), name);
}

struct text schema_fault(const struct schema *schema, const char *method, const char *address,
                         const struct house_reply *reply) {
    const struct place place = {schema, ""};
    const json_t *responses = member(operation_of(schema, method, address), "responses");
    char status[16];
    if (!responses) return fault(place, "is of an operation that", "the document does not have");
    snprintf(status, sizeof(status), "%d", reply->status);
    const json_t *response = member(responses, status);
    if (!response && reply->status < 400) return fault(place, "has an unknown status", status);
    response = resolve(schema, response ? response : member(responses, "default"));
    const json_t *content = member(response, "content");
    if (!content) return reply->body.length ? fault(place, "should be", "empty") : TEXT("");
    const char *type = text_terminated(schema->arena, reply->road.content_type);
    const json_t *media = member(content, type);
    if (!media) return fault(place, "has another type than its document:", type);
    const json_t *format = member(member(media, "schema"), "format");
    if (format && strcmp(string_of(format), "binary") == 0)
        return reply->body.length ? TEXT("") : fault(place, "should have", "bytes");
    if (!reply->json) return fault(place, "is", "no JSON");
    return check(place, member(media, "schema"), (const json_t *)reply->json);
}

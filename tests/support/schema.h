/* Checks replies against the OpenAPI document that the house itself gives: the part of JSON Schema
 * that its shapes are written in. A word of a schema that is unknown here is a fault, so that
 * nothing is passed over. */
#ifndef TESTS_SUPPORT_SCHEMA_H
#define TESTS_SUPPORT_SCHEMA_H

#include "support/house.h"

struct schema {
    const struct json_t *document;
    struct arena *arena;
};

/* Reads openapi_document(). */
void schema_open(struct arena *arena, struct schema *ret_schema);

/* The first thing in REPLY that is not as the document says of METHOD ADDRESS with its status; an
 * empty text when all of it fits. */
struct text schema_fault(const struct schema *schema, const char *method, const char *address,
                         const struct house_reply *reply);

#endif

/* JSON: jansson reads (strictly, into the arena), json_write_* append to a buffer. The shapes
 * stand on this. */
#ifndef KERNEL_BASE_JSON_H
#define KERNEL_BASE_JSON_H

#include "kernel/base/text.h"

/* A value that was read: jansson's json_t. Everything it holds lives in the arena it was read
 * with. */
struct json_t;

/* Makes jansson take its memory from the arena of the current json_read. Once, at start, before
 * any thread. */
void json_prepare(void);

/* Reads one JSON text: valid UTF-8, no duplicate names, no NUL, depth up to LIMIT_JSON_DEPTH,
 * up to LIMIT_JSON_VALUES values. NULL when it is none; then *ret_why (may be NULL) says where in
 * English, for the fault's sentence. */
const struct json_t *json_read(struct arena *arena, struct text text, struct text *ret_why);

/* Looks into a list that was read: its length (0 of anything else), and item INDEX as a number or a
 * text (false when there is none of that kind). */
size_t json_list_length(const struct json_t *list);
bool json_list_int(const struct json_t *list, size_t index, int64_t *ret_value);
bool json_list_text(const struct json_t *list, size_t index, struct text *ret_value);

/* A JSON string with its quotes; WHOLE is valid UTF-8. */
void json_write_text(struct buffer *buffer, struct text whole);

#endif

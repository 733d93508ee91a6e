/* A shape: one field list gives the struct, the JSON reader with its bounds, the JSON writer,
 * the row reader (by column name) and the JSON Schema. A field is written once:
 *
 *     #define ORDER_LINE_FIELDS(F, S)                              \
 *         F(S, ID, sku_id, .required = true)                       \
 *         F(S, INT, count, .required = true, .min = 1, .max = 999) \
 *         F(S, TEXT, note, .max = 200)
 *     SHAPE_DECLARE(order_line, ORDER_LINE_FIELDS);
 *     SHAPE_DEFINE(order_line, ORDER_LINE_FIELDS);
 *
 * DECLARE stands in the header and gives struct order_line and struct order_line_list; DEFINE
 * stands in the .c and gives order_line_shape.
 *
 * Kinds and members: ID int64_t (short text in JSON) · INT int64_t · TEXT struct text (max
 * counts characters) · BOOL bool · FEN struct fen · TIME struct instant · QTY struct quantity
 * ({"amount":"2.5","unit":"斤"}; in rows the columns NAME_milli and NAME_unit) · ENUM(name,
 * enum_name) enum enum_name · LIST(name, item) struct item_list · OBJECT(name, shape) struct
 * shape · TEXTS struct text_list · IDS struct shape_ids. JSON has the same names as the members,
 * so names carry units (total_fen). */
#ifndef KERNEL_SHAPE_SHAPE_H
#define KERNEL_SHAPE_SHAPE_H

#include <stddef.h>

#include "kernel/base/arena.h"
#include "kernel/base/instant.h"
#include "kernel/base/money.h"
#include "kernel/base/problem.h"
#include "kernel/base/quantity.h"
#include "kernel/base/text.h"

struct json_t;

enum shape_kind {
    SHAPE_ID,
    SHAPE_INT,
    SHAPE_TEXT,
    SHAPE_BOOL,
    SHAPE_FEN,
    SHAPE_TIME,
    SHAPE_QTY,
    SHAPE_ENUM,
    SHAPE_LIST,
    SHAPE_OBJECT,
    SHAPE_TEXTS,
    SHAPE_IDS
};

struct shape_ids {
    int64_t *items;
    size_t count;
};

/* The values of an enum in order; the text is what JSON and SQL hold. */
struct shape_enum {
    const char *name;
    const char *const *texts;
    size_t count;
};

struct shape;

struct shape_field {
    const char *name;
    enum shape_kind kind;
    size_t offset;
    const struct shape *item;         /* LIST and OBJECT */
    const struct shape_enum *choices; /* ENUM */
    int64_t min;                      /* of INT and FEN; of TEXT in characters; of lists in items */
    int64_t max;      /* the same; 0 on a body field is refused at start: every input has a bound */
    int64_t fallback; /* INT, BOOL, FEN and ENUM: the value when the field is absent */
    bool required;    /* in input: must be given; in output: always written */
    bool optional;    /* in output: left out when zero, empty or nothing */
    bool secret;      /* never logged, never stored with an idempotency key */
    const char *about; /* the description in OpenAPI */
};

struct shape {
    const char *name;
    size_t size;
    const struct shape_field *fields;
    size_t field_count;
};

/* Any list of a shape: every struct NAME_list has this layout. */
struct shape_rows {
    void *items;
    size_t count;
};

#define SHAPE_MEMBER_ID(name, ...) int64_t name;
#define SHAPE_MEMBER_INT(name, ...) int64_t name;
#define SHAPE_MEMBER_TEXT(name, ...) struct text name;
#define SHAPE_MEMBER_BOOL(name, ...) bool name;
#define SHAPE_MEMBER_FEN(name, ...) struct fen name;
#define SHAPE_MEMBER_TIME(name, ...) struct instant name;
#define SHAPE_MEMBER_QTY(name, ...) struct quantity name;
#define SHAPE_MEMBER_ENUM(name, choices, ...) enum choices name;
#define SHAPE_MEMBER_LIST(name, item, ...) struct item##_list name;
#define SHAPE_MEMBER_OBJECT(name, item, ...) struct item name;
#define SHAPE_MEMBER_TEXTS(name, ...) struct text_list name;
#define SHAPE_MEMBER_IDS(name, ...) struct shape_ids name;
#define SHAPE_MEMBER(S, kind, ...) SHAPE_MEMBER_##kind(__VA_ARGS__, 0)

#define SHAPE_PLAIN_(S, kind_, name_, ...)                                                         \
    {.name = #name_, .kind = SHAPE_##kind_, .offset = offsetof(struct S, name_), __VA_ARGS__},
#define SHAPE_ENTRY_ID(S, name, ...) SHAPE_PLAIN_(S, ID, name, ##__VA_ARGS__)
#define SHAPE_ENTRY_INT(S, name, ...) SHAPE_PLAIN_(S, INT, name, ##__VA_ARGS__)
#define SHAPE_ENTRY_TEXT(S, name, ...) SHAPE_PLAIN_(S, TEXT, name, ##__VA_ARGS__)
#define SHAPE_ENTRY_BOOL(S, name, ...) SHAPE_PLAIN_(S, BOOL, name, ##__VA_ARGS__)
#define SHAPE_ENTRY_FEN(S, name, ...) SHAPE_PLAIN_(S, FEN, name, ##__VA_ARGS__)
#define SHAPE_ENTRY_TIME(S, name, ...) SHAPE_PLAIN_(S, TIME, name, ##__VA_ARGS__)
#define SHAPE_ENTRY_QTY(S, name, ...) SHAPE_PLAIN_(S, QTY, name, ##__VA_ARGS__)
#define SHAPE_ENTRY_TEXTS(S, name, ...) SHAPE_PLAIN_(S, TEXTS, name, ##__VA_ARGS__)
#define SHAPE_ENTRY_IDS(S, name, ...) SHAPE_PLAIN_(S, IDS, name, ##__VA_ARGS__)
#define SHAPE_ENTRY_ENUM(S, name, choices_, ...)                                                   \
    SHAPE_PLAIN_(S, ENUM, name, .choices = &choices_##_enum, ##__VA_ARGS__)
#define SHAPE_ENTRY_LIST(S, name, item_, ...)                                                      \
    SHAPE_PLAIN_(S, LIST, name, .item = &item_##_shape, ##__VA_ARGS__)
#define SHAPE_ENTRY_OBJECT(S, name, item_, ...)                                                    \
    SHAPE_PLAIN_(S, OBJECT, name, .item = &item_##_shape, ##__VA_ARGS__)
#define SHAPE_ENTRY(S, kind, ...) SHAPE_ENTRY_##kind(S, __VA_ARGS__)

/* The struct, its list and its shape's name. */
#define SHAPE_DECLARE(shape_, FIELDS)                                                              \
    struct shape_ {                                                                                \
        FIELDS(SHAPE_MEMBER, shape_)                                                               \
    };                                                                                             \
    struct shape_##_list {                                                                         \
        struct shape_ *items;                                                                      \
        size_t count;                                                                              \
    };                                                                                             \
    extern const struct shape shape_##_shape

#define SHAPE_DEFINE(shape_, FIELDS)                                                               \
    static const struct shape_field shape_##_fields[] = {FIELDS(SHAPE_ENTRY, shape_)};             \
    const struct shape shape_##_shape = {#shape_, sizeof(struct shape_), shape_##_fields,          \
                                         sizeof(shape_##_fields) / sizeof(shape_##_fields[0])}

/* A page of a list: items and the key of the next page. `SHAPE_DECLARE_PAGE(goods_card)` gives
 * struct goods_card_page. */
#define SHAPE_DECLARE_PAGE(item)                                                                   \
    struct item##_page {                                                                           \
        struct item##_list items;                                                                  \
        struct text next;                                                                          \
    };                                                                                             \
    extern const struct shape item##_page_shape
#define SHAPE_DEFINE_PAGE(item_)                                                                   \
    static const struct shape_field item_##_page_fields[] = {                                      \
        SHAPE_PLAIN_(item_##_page, LIST, items, .item = &item_##_shape)                            \
            SHAPE_PLAIN_(item_##_page, TEXT, next, .optional = true)};                             \
    const struct shape item_##_page_shape = {#item_ "_page", sizeof(struct item_##_page),          \
                                             item_##_page_fields, 2}

/* `#define ORDER_STATES(X) X(ORDER_UNPAID, "unpaid") X(ORDER_PAID, "paid")`, then
 * SHAPE_ENUM_DECLARE(order_state, ORDER_STATES) in the header and SHAPE_ENUM_DEFINE in the .c. */
#define SHAPE_ENUM_VALUE_(name, text) name,
#define SHAPE_ENUM_TEXT_(name, text) [name] = text,
#define SHAPE_ENUM_DECLARE(enum_, LIST)                                                            \
    enum enum_ { LIST(SHAPE_ENUM_VALUE_) };                                                        \
    extern const struct shape_enum enum_##_enum
#define SHAPE_ENUM_DEFINE(enum_, LIST)                                                             \
    static const char *const enum_##_texts[] = {LIST(SHAPE_ENUM_TEXT_)};                           \
    const struct shape_enum enum_##_enum = {#enum_, enum_##_texts,                                 \
                                            sizeof(enum_##_texts) / sizeof(enum_##_texts[0])}
struct text shape_enum_text(const struct shape_enum *choices, unsigned value);
bool shape_enum_find(const struct shape_enum *choices, struct text text, unsigned *ret_value);

/* Reads a JSON value into *RET (SHAPE->size bytes, zeroed here). Every fault is named in one
 * refusal (BAD_INPUT): unknown, missing, wrong type, out of range, too long, too many. Text
 * points into ARENA. */
refusal shape_read_json(const struct shape *shape, struct arena *arena, const struct json_t *value,
                        void *ret);

/* The same for name=value pairs (a query, a path, a CSV row): ID INT TEXT BOOL FEN TIME ENUM
 * only. Empty values count as absent. */
struct shape_pair {
    struct text name;
    struct text value;
};
refusal shape_read_pairs(const struct shape *shape, struct arena *arena,
                         const struct shape_pair *pairs, size_t pair_count, void *ret);

/* Appends the JSON of *VALUE. Optional fields that hold nothing are left out. */
void shape_write_json(const struct shape *shape, struct buffer *buffer, const void *value);

/* Appends the JSON Schema (2020-12) of the shape; nested shapes by "$ref":
 * "#/components/schemas/NAME". INPUT says whether it is for a body (required = given by the
 * client) or a reply (required = always there). */
void shape_write_schema(const struct shape *shape, struct buffer *buffer, bool input);

/* One column of a row on its way into a struct; the database layer calls it. COLUMN
 * "seller.name" reaches into an OBJECT, "net_milli"/"net_unit" fill a QTY. Returns the field
 * that a column fills, or NULL when the shape has no such field. */
struct shape_target {
    const struct shape_field *field;
    size_t offset;      /* from the start of the outer struct */
    unsigned char part; /* QTY: 0 the milli column, 1 the unit column */
};
bool shape_find_column(const struct shape *shape, struct text column,
                       struct shape_target *ret_target);
/* Asserts that the stored value fits the field: rows are ours, so a misfit is a bug. Text is
 * copied into ARENA. */
void shape_set_int(const struct shape_target *target, void *row, int64_t value);
void shape_set_text(const struct shape_target *target, struct arena *arena, void *row,
                    struct text value);

/* Aborts at start when a shape is badly declared (an input text without a bound, a duplicate
 * name). */
void shape_check(const struct shape *shape, bool input);

#endif

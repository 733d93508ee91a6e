#include "kernel/shape/shape.h"

#include "kernel/base/json.h"
#include "kernel/base/limits.h"
#include "kernel/base/test.h"

#define COLOURS(X)                                                                                 \
    X(COLOUR_GREEN, "green")                                                                       \
    X(COLOUR_GOLD, "gold")
SHAPE_ENUM_DECLARE(test_colour, COLOURS);
SHAPE_ENUM_DEFINE(test_colour, COLOURS);

#define LINE_FIELDS(F, S)                                                                          \
    F(S, ID, sku_id, .required = true)                                                             \
    F(S, INT, count, .required = true, .min = 1, .max = 999)
SHAPE_DECLARE(test_line, LINE_FIELDS);
SHAPE_DEFINE(test_line, LINE_FIELDS);

#define DRAFT_FIELDS(F, S)                                                                         \
    F(S, TEXT, title, .required = true, .min = 2, .max = 6)                                        \
    F(S, FEN, price_fen, .min = 1, .max = 100000)                                                  \
    F(S, BOOL, fresh)                                                                              \
    F(S, ENUM, colour, test_colour)                                                                \
    F(S, TIME, picked_at, .optional = true)                                                        \
    F(S, QTY, net, .optional = true)                                                               \
    F(S, LIST, lines, test_line, .max = 3)                                                         \
    F(S, OBJECT, first, test_line, .optional = true)                                               \
    F(S, TEXTS, pictures, .max = 2)                                                                \
    F(S, IDS, others, .max = 2)                                                                    \
    F(S, INT, limit, .min = 1, .max = 50, .fallback = 20)
SHAPE_DECLARE(test_draft, DRAFT_FIELDS);
SHAPE_DEFINE(test_draft, DRAFT_FIELDS);

static refusal read_draft(struct arena *arena, const char *json, struct test_draft *ret) {
    const struct json_t *value = json_read(arena, text_of(json), NULL);
    CHECK(value != NULL);
    return shape_read_json(&test_draft_shape, arena, value, ret);
}

static const struct fault *fault_of(refusal refused, const char *field) {
    for (size_t i = 0; refused && i < refused->fault_count; i++)
        if (text_is(refused->faults[i].field, field)) return &refused->faults[i];
    return NULL;
}

TEST("shape: a whole document is read into the struct and written back the same") {
    struct arena arena = {0};
    struct test_draft draft;
    struct buffer out = buffer_make(&arena, 4000);
    static const char json[] =
        "{\"title\":\"玉露香梨\",\"price_fen\":4990,\"fresh\":true,\"colour\":\"gold\","
        "\"picked_at\":\"2026-09-14T00:00:00.000Z\",\"net\":{\"amount\":\"2.5\",\"unit\":\"斤\"},"
        "\"lines\":[{\"sku_id\":\"7\",\"count\":2}],\"first\":{\"sku_id\":\"9\",\"count\":1},"
        "\"pictures\":[\"/img/pear.webp\"],\"others\":[\"9223372036854775807\"],\"limit\":20}";
    CHECK(read_draft(&arena, json, &draft) == NULL);
    CHECK(draft.colour == COLOUR_GOLD && draft.net.milli == 2500 && draft.lines.count == 1);
    CHECK_INT(draft.others.items[0], INT64_MAX);
    CHECK_INT(draft.limit, 20);
    shape_write_json(&test_draft_shape, &out, &draft);
    CHECK_TEXT(buffer_text(&out), json);
    arena_free(&arena);
}

TEST("shape: every fault is named in one answer, by field, in both languages") {
    struct arena arena = {0};
    struct test_draft draft;
    refusal refused =
        read_draft(&arena,
                   "{\"title\":\"梨\",\"price_fen\":0,\"fresh\":1,\"colour\":\"red\","
                   "\"picked_at\":\"yesterday\",\"net\":{\"amount\":\"x\",\"unit\":\"斤\"},"
                   "\"lines\":[{\"sku_id\":7,\"count\":0},{\"count\":1.5,\"extra\":1}],"
                   "\"pictures\":[\"a\",\"b\",\"c\"],\"others\":[\"0\"],\"limit\":\"20\","
                   "\"unknown\":null}",
                   &draft);
    static const char *const fields[] = {"title",           "price_fen",      "fresh",
                                         "colour",          "picked_at",      "net",
                                         "lines[0].sku_id", "lines[0].count", "lines[1].count",
                                         "lines[1].sku_id", "lines[1].extra", "pictures",
                                         "others[0]",       "limit",          "unknown"};
    CHECK(refused && refused->kind == PROBLEM_BAD_INPUT);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const struct fault *fault = fault_of(refused, fields[i]);
        if (!fault) test_fail(__FILE__, __LINE__, "no fault named %s", fields[i]);
        CHECK(fault->zh.length && fault->en.length);
    }
    CHECK_INT(refused->fault_count, sizeof(fields) / sizeof(fields[0]));
    arena_free(&arena);
}

TEST("shape: missing required fields are named, absent ones take their fallback") {
    struct arena arena = {0};
    struct test_draft draft;
    refusal refused = read_draft(&arena, "{}", &draft);
    CHECK(refused && refused->fault_count == 1 && fault_of(refused, "title"));
    CHECK(read_draft(&arena, "{\"title\":\"香梨\",\"limit\":null}", &draft) == NULL);
    CHECK_INT(draft.limit, 20);
    refused = read_draft(&arena, "[]", &draft);
    CHECK(refused && refused->fault_count == 1);
    arena_free(&arena);
}

TEST("shape: faults are bounded however many there are") {
    struct arena arena = {0};
    struct test_draft draft;
    struct buffer json = buffer_make(&arena, 100000);
    buffer_add_char(&json, '{');
    for (int i = 0; i < 500; i++) buffer_add_format(&json, "%s\"u%d\":1", i ? "," : "", i);
    buffer_add_char(&json, '}');
    refusal refused = read_draft(&arena, text_terminated(&arena, buffer_text(&json)), &draft);
    CHECK(refused && refused->fault_count == LIMIT_FAULTS);
    arena_free(&arena);
}

TEST("shape: text counts characters, and control characters are refused") {
    struct arena arena = {0};
    struct test_draft draft;
    CHECK(read_draft(&arena, "{\"title\":\"一二三四五六\"}", &draft) == NULL);
    CHECK(fault_of(read_draft(&arena, "{\"title\":\"一二三四五六七\"}", &draft), "title"));
    CHECK(fault_of(read_draft(&arena, "{\"title\":\"ab\\u001e\"}", &draft), "title"));
    CHECK(read_draft(&arena, "{\"title\":\"a\\nb\"}", &draft) == NULL);
    arena_free(&arena);
}

#define QUERY_FIELDS(F, S)                                                                         \
    F(S, TEXT, q, .max = 20)                                                                       \
    F(S, ENUM, colour, test_colour, .fallback = COLOUR_GOLD)                                       \
    F(S, BOOL, in_stock)                                                                           \
    F(S, ID, seller)                                                                               \
    F(S, FEN, max_fen, .max = 100)                                                                 \
    F(S, INT, limit, .required = true, .min = 1, .max = 50)
SHAPE_DECLARE(test_query, QUERY_FIELDS);
SHAPE_DEFINE(test_query, QUERY_FIELDS);

TEST("shape: pairs of a query are read with the same bounds") {
    struct arena arena = {0};
    struct test_query query;
    const struct shape_pair good[] = {{TEXT("q"), TEXT("梨")},
                                      {TEXT("limit"), TEXT("5")},
                                      {TEXT("in_stock"), TEXT("true")},
                                      {TEXT("seller"), TEXT("")}};
    CHECK(shape_read_pairs(&test_query_shape, &arena, good, 4, &query) == NULL);
    CHECK(query.in_stock && query.limit == 5 && query.colour == COLOUR_GOLD && query.seller == 0);
    const struct shape_pair bad[] = {
        {TEXT("q"), TEXT("\xff")},         {TEXT("limit"), TEXT("51")},
        {TEXT("limit"), TEXT("5")},        {TEXT("colour"), TEXT("red")},
        {TEXT("seller"), TEXT("-1")},      {TEXT("max_fen"), TEXT("1e9")},
        {TEXT("in_stock"), TEXT("maybe")}, {TEXT("sort"), TEXT("; DROP")}};
    refusal refused = shape_read_pairs(&test_query_shape, &arena, bad, 8, &query);
    CHECK(refused && refused->fault_count == 8);
    CHECK(fault_of(refused, "sort") && fault_of(refused, "max_fen") && fault_of(refused, "q"));
    arena_free(&arena);
}

TEST("shape: a row fills fields by column name, nested by a dot, quantities by two columns") {
    struct arena arena = {0};
    struct test_draft draft = {0};
    struct shape_target target;
    CHECK(shape_find_column(&test_draft_shape, TEXT("first.count"), &target));
    shape_set_int(&target, &draft, 4);
    CHECK(shape_find_column(&test_draft_shape, TEXT("net_milli"), &target));
    shape_set_int(&target, &draft, 2500);
    CHECK(shape_find_column(&test_draft_shape, TEXT("net_unit"), &target));
    shape_set_text(&target, &arena, &draft, TEXT("斤"));
    CHECK(shape_find_column(&test_draft_shape, TEXT("colour"), &target));
    shape_set_text(&target, &arena, &draft, TEXT("gold"));
    CHECK(shape_find_column(&test_draft_shape, TEXT("pictures"), &target));
    shape_set_text(&target, &arena, &draft,
                   TEXT("a\x1e"
                        "b"));
    CHECK(draft.first.count == 4 && draft.net.milli == 2500 && draft.net.unit == UNIT_JIN);
    CHECK(draft.colour == COLOUR_GOLD && draft.pictures.count == 2);
    CHECK_TEXT(draft.pictures.items[1], "b");
    CHECK(!shape_find_column(&test_draft_shape, TEXT("lines"), &target));
    CHECK(!shape_find_column(&test_draft_shape, TEXT("first.price_fen"), &target));
    CHECK(!shape_find_column(&test_draft_shape, TEXT("title.x"), &target));
    CHECK(!shape_find_column(&test_draft_shape, TEXT("nothing"), &target));
    arena_free(&arena);
}

TEST("shape: the JSON Schema names bounds for input and what is always there for output") {
    struct arena arena = {0};
    struct buffer in = buffer_make(&arena, 8000), out = buffer_make(&arena, 8000);
    shape_write_schema(&test_draft_shape, &in, true);
    shape_write_schema(&test_draft_shape, &out, false);
    CHECK(json_read(&arena, buffer_text(&in), NULL) && json_read(&arena, buffer_text(&out), NULL));
    CHECK(text_find(buffer_text(&in),
                    TEXT("\"title\":{\"type\":\"string\",\"minLength\":2,\"maxLength\":6}"),
                    0) != SIZE_MAX);
    CHECK(text_find(buffer_text(&in), TEXT("\"required\":[\"title\"]"), 0) != SIZE_MAX);
    CHECK(text_find(buffer_text(&out),
                    TEXT("\"required\":[\"title\",\"price_fen\",\"fresh\",\"colour\",\"lines\""),
                    0) != SIZE_MAX);
    CHECK(text_find(buffer_text(&out), TEXT("{\"$ref\":\"#/components/schemas/test_line\"}"), 0) !=
          SIZE_MAX);
    arena_free(&arena);
}

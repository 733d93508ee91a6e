/* A sheet of goods: its template, its columns, its rows, and one goods of it as a listing. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "market/imports/inside.h"

SHAPE_DEFINE(imports_cells, IMPORTS_CELLS_FIELDS);
SHAPE_DEFINE(imports_template_path, IMPORTS_TEMPLATE_PATH_FIELDS);

struct column {
    const char *zh;
    const char *en;
    bool of_goods; /* the same in all rows of a goods; said in its first row, it may be left out */
    const char *example;
};

/* In the order of the fields of imports_cells. */
static const struct column columns[] = {
    {"货号", "Number", false, "示例-1"},
    {"商品名称", "Title", true, "隰县玉露香梨"},
    {"分类", "Category", true, "水果"},
    {"产地", "Origin", true, "山西省临汾市隰县龙泉镇"},
    {"计件名", "Piece", true, "箱"},
    {"规格名", "Option", false, "规格"},
    {"规格值", "Value", false, "5 斤"},
    {"规格名2", "Option 2", false, "果径"},
    {"规格值2", "Value 2", false, "中果"},
    {"价格(元)", "Price (yuan)", false, "49.90"},
    {"净含量", "Net amount", false, "5"},
    {"单位", "Unit", false, "斤"},
    {"毛重(克)", "Weight (g)", false, "2900"},
    {"退换", "Returns", false, "鲜活易腐"},
    {"库存", "Stock", false, "100"},
    {"预警数", "Alarm at", false, "10"},
    {"限购", "Limit", false, ""},
    {"发货小时", "Ships within (h)", true, "48"},
    {"包邮", "Free freight", true, "否"},
    {"规格备注", "Note", false, ""},
    {"简介", "Summary", true, "皮薄汁多，现摘现发"},
    {"故事", "Story", true, ""},
    {"说明", "Facts", true, "储存=冷藏；退换=鲜果签收 48 小时内坏果包赔"},
    {"图片", "Pictures", true, ""},
};
_Static_assert(sizeof(columns) / sizeof(columns[0]) == IMPORTS_COLUMNS, "a title a column");

enum { CODE, TITLE, CATEGORY, ORIGIN };
static const char example_begin[] = "示例";

static const char *column_name(size_t column) { return imports_cells_shape.fields[column].name; }

static size_t column_named(struct text name) {
    for (size_t i = 0; i < IMPORTS_COLUMNS; i++)
        if (text_is(name, column_name(i))) return i;
    return IMPORTS_COLUMNS;
}

const char *imports_column_title(struct text column, bool english) {
    size_t at = column_named(column);
    assert(at < IMPORTS_COLUMNS);
    return english ? columns[at].en : columns[at].zh;
}

struct text imports_reason_title(bool english) {
    return english ? TEXT("Reasons") : TEXT("错误原因");
}

refusal imports_give_template(struct request *q) {
    const struct imports_template_path *path = q->path;
    unsigned kind;
    if (!shape_enum_find(&imports_kind_enum, path->kind, &kind))
        return refuse(q, NOT_FOUND, "kind", "没有这种模板", "there is no such template");
    struct sheet_writer *writer = sheet_begin(q->arena, SHEET_CSV, "");
    for (size_t i = 0; i < IMPORTS_COLUMNS; i++) sheet_put_text(writer, text_of(columns[i].zh));
    sheet_end_row(writer);
    for (size_t i = 0; i < IMPORTS_COLUMNS; i++)
        sheet_put_text(writer, text_of(columns[i].example));
    sheet_end_row(writer);
    bool fits = sheet_end(writer, &q->file.bytes);
    assert(fits);
    q->file.type = TEXT("text/csv; charset=utf-8");
    q->file.tag = TEXT("import-template-goods-1");
    q->file.private_ms = HOUR_MS;
    return NULL;
}

/* ---- opening ---- */

static refusal refuse_sheet(struct request *q, enum sheet_fault fault, int64_t line) {
    static const struct {
        const char *zh;
        const char *en;
    } words[] = {
        [SHEET_FINE] = {"", ""},
        [SHEET_EMPTY] = {"表里没有内容", "the sheet is empty"},
        [SHEET_NUL] = {"不是 CSV 文件，请在表格软件里另存为“CSV”",
                       "this is no CSV; save it as CSV in your table program"},
        [SHEET_ENCODING] = {"有认不出的字，请另存为“CSV UTF-8”再传",
                            "some characters cannot be read; save it as \"CSV UTF-8\""},
        [SHEET_MIXED] = {"有的行是 UTF-8，有的行不是，请另存为“CSV UTF-8”再传",
                         "some lines are UTF-8 and some are not; save it as \"CSV UTF-8\""},
        [SHEET_QUOTE] = {"引号没有成对", "a quotation mark stands alone"},
        [SHEET_COLUMNS] = {"列太多，最多 64 列", "too many columns: 64 at most"},
        [SHEET_ROWS] = {"行太多，一次最多 10000 行，请分几次传",
                        "too many rows: 10,000 at most, please send several sheets"},
        [SHEET_LINES] =
            {"行太多，连空行一起最多 100000 行，请删掉空行再传",
             "too many lines: 100,000 at most with the empty ones; please delete those"},
        [SHEET_CELL] = {"有一格太长", "a cell is too long"},
    };
    struct text zh = text_of(words[fault].zh), en = text_of(words[fault].en);
    if (line == 0) return problem_say(q->arena, PROBLEM_BAD_INPUT, "file", zh, en);
    zh = text_format(q->arena, "第 %lld 行：%s", (long long)line, words[fault].zh);
    en = text_format(q->arena, "line %lld: %s", (long long)line, words[fault].en);
    return problem_say(q->arena, PROBLEM_BAD_INPUT, "file", zh, en);
}

/* "货号*" is "货号": some mark what is needed. */
static struct text head_of(struct text cell) {
    return text_ends(cell, TEXT("*")) ? text_trim(text_slice(cell, 0, cell.length - 1)) : cell;
}

static refusal find_columns(struct request *q, struct imports_sheet *sheet) {
    const struct sheet_row *head = &sheet->sheet.rows[0];
    refusal all = NULL;
    sheet->reason_place = -1;
    for (size_t i = 0; i < IMPORTS_COLUMNS; i++) sheet->place[i] = -1;
    for (size_t at = 0; at < head->cell_count; at++) {
        struct text title = head_of(head->cells[at]);
        size_t column = 0;
        if (title.length == 0) continue;
        if (text_equal(title, imports_reason_title(false)) ||
            text_equal(title, imports_reason_title(true))) {
            sheet->reason_place = (int)at;
            continue;
        }
        while (column < IMPORTS_COLUMNS && !text_is(title, columns[column].zh) &&
               !text_is(title, columns[column].en))
            column++;
        const char *shown =
            text_terminated(q->arena, text_slice(title, 0, title.length < 60 ? title.length : 0));
        if (column == IMPORTS_COLUMNS)
            all = problem_join(q->arena, all,
                               refuse(q, BAD_INPUT, "file", "第一行里不认识“%s”这一列",
                                      "the head has no column \"%s\"", shown));
        else if (sheet->place[column] >= 0)
            all = problem_join(q->arena, all,
                               refuse(q, BAD_INPUT, "file", "“%s”这一列出现了两次",
                                      "the column \"%s\" stands there twice", shown));
        else
            sheet->place[column] = (int)at;
    }
    for (size_t i = 0; i < IMPORTS_COLUMNS; i++)
        if (sheet->place[i] < 0 && imports_cells_shape.fields[i].required)
            all = problem_join(
                q->arena, all,
                problem_say(q->arena, PROBLEM_BAD_INPUT, "file",
                            text_format(q->arena, "缺少“%s”这一列", columns[i].zh),
                            text_format(q->arena, "the column \"%s\" is missing", columns[i].en)));
    return all;
}

static struct text cell_of(const struct imports_sheet *sheet, size_t row, size_t column) {
    const struct sheet_row *cells = &sheet->sheet.rows[row];
    int place = sheet->place[column];
    return place >= 0 && (size_t)place < cells->cell_count ? cells->cells[place] : TEXT("");
}

static int compare_texts(struct text a, struct text b) {
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter ? memcmp(a.bytes, b.bytes, shorter) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

static int by_code(const void *a, const void *b, void *context) {
    const size_t left = *(const size_t *)a, right = *(const size_t *)b;
    int order = compare_texts(cell_of(context, left, CODE), cell_of(context, right, CODE));
    return order ? order : (left > right) - (left < right);
}

static int by_first_row(const void *a, const void *b) {
    const struct imports_group *left = a, *right = b;
    return (left->rows[0] > right->rows[0]) - (left->rows[0] < right->rows[0]);
}

/* Rows of one number are one goods wherever they stand; a row without a number is one alone. */
static void find_groups(struct arena *arena, struct imports_sheet *sheet) {
    size_t count = sheet->sheet.row_count - 1;
    size_t *rows = arena_new(arena, size_t, count);
    sheet->groups = arena_new(arena, struct imports_group, count);
    for (size_t i = 0; i < count; i++) rows[i] = i + 1;
    qsort_r(rows, count, sizeof(*rows), by_code, sheet);
    for (size_t i = 0; i < count; i++) {
        struct text code = cell_of(sheet, rows[i], CODE);
        bool same = i && code.length && text_equal(code, cell_of(sheet, rows[i - 1], CODE));
        if (!same) sheet->groups[sheet->group_count++].rows = &rows[i];
        sheet->groups[sheet->group_count - 1].count++;
    }
    qsort(sheet->groups, sheet->group_count, sizeof(*sheet->groups), by_first_row);
}

refusal imports_open_sheet(struct request *q, struct arena *arena, struct text bytes,
                           struct imports_sheet *ret_sheet) {
    struct imports_sheet sheet = {0};
    enum sheet_fault fault = sheet_read(arena, bytes, &sheet.sheet);
    if (fault) return refuse_sheet(q, fault, sheet.sheet.fault_line);
    TRY(find_columns(q, &sheet));
    if (sheet.sheet.row_count < 2) return refuse_sheet(q, SHEET_EMPTY, 0);
    find_groups(arena, &sheet);
    *ret_sheet = sheet;
    return NULL;
}

/* ---- one goods ---- */

struct reading {
    struct request *q;
    const struct imports_sheet *sheet;
    struct imports_goods *goods;
    int64_t row_no;
    struct text first[IMPORTS_COLUMNS]; /* the cells of the first row, as they were kept */
};

static void note_texts(struct imports_goods *goods, int64_t row_no, const char *column,
                       struct text zh, struct text en) {
    if (goods->note_count == IMPORTS_FAULTS_MAX) return;
    goods->notes[goods->note_count++] = (struct imports_note){row_no, column, zh, en};
}

static void note(struct reading *reading, const char *column, const char *zh, const char *en) {
    note_texts(reading->goods, reading->row_no, column, text_of(zh), text_of(en));
}

/* Of a cell that is longer than any that its column takes only so much is kept that it still is.
 * What is no text has no beginning that is as wrong as the whole. */
static struct text keep_cell(struct arena *arena, size_t column, struct text cell) {
    enum { CHARACTER_BYTES = 4, NUMBER_BYTES = 40 };
    const struct shape_field *field = &imports_cells_shape.fields[column];
    bool is_text = field->kind == SHAPE_TEXT;
    size_t fitting = is_text ? (size_t)(field->max + 1) * CHARACTER_BYTES : NUMBER_BYTES;
    if (cell.length > fitting && !is_text) return TEXT("…");
    struct text kept = text_slice(cell, 0, fitting);
    while (!text_is_utf8(kept)) kept.length--;
    return text_copy(arena, kept);
}

/* The cells of a row; what a goods says once, its later rows need not say again, and may not say
 * otherwise. */
static void read_cells(struct reading *reading, const struct imports_group *group, size_t at,
                       struct imports_cells *ret_cells) {
    struct arena *arena = reading->q->arena;
    struct shape_pair pairs[IMPORTS_COLUMNS];
    size_t row = group->rows[at];
    for (size_t i = 0; i < IMPORTS_COLUMNS; i++) {
        struct text cell = cell_of(reading->sheet, row, i);
        struct text first = cell_of(reading->sheet, group->rows[0], i);
        bool follows = columns[i].of_goods && at;
        if (follows && cell.length && !text_equal(cell, first))
            note(reading, column_name(i), "同一货号的几行写得不一样",
                 "the rows of one number differ here");
        struct text kept = follows ? reading->first[i] : keep_cell(arena, i, cell);
        if (at == 0) reading->first[i] = kept;
        pairs[i] = (struct shape_pair){text_of(column_name(i)), kept};
    }
    refusal refused =
        shape_read_pairs(&imports_cells_shape, arena, pairs, IMPORTS_COLUMNS, ret_cells);
    for (size_t i = 0; refused && i < refused->fault_count; i++) {
        const struct fault *fault = &refused->faults[i];
        size_t column = column_named(fault->field);
        if (column < IMPORTS_COLUMNS && !(at && columns[column].of_goods))
            note_texts(reading->goods, reading->row_no, column_name(column), fault->zh, fault->en);
    }
    if (at == 0 && text_starts(ret_cells->code, text_of(example_begin)))
        note(reading, "code", "这是模板里的示例，请删掉这一行",
             "this is the example of the template: please delete the row");
}

static void read_price(struct reading *reading, const struct imports_cells *cells,
                       struct fen *ret_price) {
    if (cells->price.length == 0) return;
    if (!fen_read_yuan(cells->price, ret_price))
        note(reading, "price", "要写成元，最多两位小数，比如 49.90",
             "yuan with up to two decimals, like 49.90");
    else if (!fen_is_positive(*ret_price) || fen_compare(*ret_price, FEN(100000000)) > 0)
        note(reading, "price", "要在 0.01 到 1000000 元之间", "between 0.01 and 1,000,000 yuan");
}

static void read_returns(struct reading *reading, struct text written,
                         enum catalog_return_policy *ret_policy) {
    static const char *const words[] = {[RETURN_SEVEN_DAYS] = "七天无理由",
                                        [RETURN_FRESH] = "鲜活易腐",
                                        [RETURN_MADE_TO_ORDER] = "定做",
                                        [RETURN_OPENED_VOID] = "拆封不退"};
    unsigned found;
    for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (text_is(written, words[i])) {
            *ret_policy = (enum catalog_return_policy)i;
            return;
        }
    if (shape_enum_find(&catalog_return_policy_enum, written, &found))
        *ret_policy = (enum catalog_return_policy)found;
    else if (written.length)
        note(reading, "returns", "要写：七天无理由、鲜活易腐、定做、拆封不退，其中一个",
             "one of: seven_days, fresh, made_to_order, opened_void");
}

static void read_option(struct reading *reading, struct text name, struct text value,
                        struct catalog_pair_list *options) {
    bool second = options->count > 0;
    if (name.length && value.length)
        options->items[options->count++] = (struct catalog_pair){name, value};
    else if (name.length || value.length)
        note(reading, second ? "spec_value_2" : "spec_value", "规格名和规格值要一起填",
             "an option needs both its name and its value");
}

static void read_sku(struct reading *reading, const struct imports_cells *cells,
                     struct catalog_sku_draft *ret_sku) {
    struct catalog_sku_draft sku = {.note = cells->note,
                                    .weight_g = cells->weight_g,
                                    .limit_count = cells->limit_count,
                                    .stock_count = cells->stock_count,
                                    .alarm_count = cells->alarm_count};
    sku.options.items = arena_new(reading->q->arena, struct catalog_pair, 2);
    read_option(reading, cells->spec_name, cells->spec_value, &sku.options);
    read_option(reading, cells->spec_name_2, cells->spec_value_2, &sku.options);
    read_price(reading, cells, &sku.price_fen);
    read_returns(reading, cells->returns, &sku.return_policy);
    enum quantity_unit unit;
    if (cells->unit.length && !quantity_unit_find(cells->unit, &unit))
        note(reading, "unit", "没有这个单位，可以写斤、kg、克、升、毫升、个、盒、袋、瓶等",
             "no such unit: 斤, kg, 克, 升, 毫升, 个, 盒, 袋, 瓶 and others");
    else if (cells->unit.length && cells->amount.length &&
             !quantity_read(cells->amount, cells->unit, &sku.net))
        note(reading, "amount", "要写大于 0 的数，最多三位小数",
             "a number above 0 with up to three decimals");
    *ret_sku = sku;
}

/* Twelve digits, or the names from the province down, with the village behind them. */
static void read_origin(struct reading *reading, struct text written, int64_t *ret_code) {
    struct place place;
    if (written.length == 0) return;
    if (places_read_code(written, ret_code)) {
        if (!places_find(*ret_code, &place))
            note(reading, "origin", "没有这个产地编码", "there is no place with this code");
        return;
    }
    struct places_parsed parsed = places_parse(written);
    struct text rest = text_trim(text_slice(written, parsed.to, written.length));
    *ret_code = parsed.code;
    if (parsed.code == 0 || parsed.from > 0 || parsed.is_unsure) {
        note(reading, "origin", "认不出这个地方，请从省写起，或者填 12 位编码",
             "not a place we know: begin with the province, or give its 12 digits");
        return;
    }
    int64_t after = parsed.code;
    while (rest.length && places_children(parsed.code, after, 1, &place) == 1) {
        after = place.code;
        if (!text_equal(rest, place.name) && !text_equal(rest, places_short_name(&place))) continue;
        *ret_code = place.code;
        return;
    }
    if (rest.length)
        note(reading, "origin", "前面认得，最后这一级认不出，请查一下名字",
             "the last name is not a place inside the ones before it");
}

static bool read_yes(struct reading *reading, struct text written) {
    static const char *const yes[] = {"是", "包邮", "yes", "1"}, *const no[] = {"", "否", "no",
                                                                                "0"};
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (text_is(written, yes[i])) return true;
        if (text_is(written, no[i])) return false;
    }
    note(reading, "free_freight", "要写“是”或者“否”", "yes or no");
    return false;
}

/* Cuts at ; or ；, without empty pieces; at most MAX, -1 when there are more. */
static int split(struct text written, struct text *pieces, int max) {
    int count = 0;
    size_t from = 0;
    while (from < written.length) {
        size_t narrow = text_find(written, TEXT(";"), from);
        size_t wide = text_find(written, TEXT("；"), from);
        size_t to = narrow < wide ? narrow : wide;
        if (to > written.length) to = written.length;
        struct text piece = text_trim(text_slice(written, from, to));
        from = to + (to == wide ? strlen("；") : 1);
        if (piece.length == 0) continue;
        if (count == max) return -1;
        pieces[count++] = piece;
    }
    return count;
}

static void read_facts(struct reading *reading, struct text written,
                       struct catalog_pair_list *ret_facts) {
    enum { FACTS_MAX = 20, NAME_MAX = 20, VALUE_MAX = 60 };
    struct text pieces[FACTS_MAX];
    int count = split(written, pieces, FACTS_MAX);
    if (count < 0) note(reading, "facts", "最多 20 条", "20 at most");
    ret_facts->items = arena_new(reading->q->arena, struct catalog_pair, FACTS_MAX);
    for (int i = 0; i < count; i++) {
        size_t equal = text_find(pieces[i], TEXT("="), 0);
        struct text name = text_trim(text_slice(pieces[i], 0, equal));
        struct text value = equal == SIZE_MAX
                                ? TEXT("")
                                : text_trim(text_slice(pieces[i], equal + 1, pieces[i].length));
        size_t name_length = text_characters(name), value_length = text_characters(value);
        if (!name_length || name_length > NAME_MAX || !value_length || value_length > VALUE_MAX) {
            note(reading, "facts",
                 "每条写成“名称=内容”，中间用；分开，名称最多 20 字，内容最多 60 字",
                 "each as name=words with ; between them, up to 20 and 60 characters");
            return;
        }
        ret_facts->items[ret_facts->count++] = (struct catalog_pair){name, value};
    }
}

/* Without a picture the draft has an empty one, and waits for it. */
static void read_pictures(struct reading *reading, struct text written,
                          struct text_list *ret_pictures) {
    enum { PICTURES_MAX = 9 };
    struct text *pieces = arena_new(reading->q->arena, struct text, PICTURES_MAX);
    int count = split(written, pieces, PICTURES_MAX);
    if (count < 0) note(reading, "pictures", "最多 9 张", "9 at most");
    reading->goods->has_pictures = count > 0;
    *ret_pictures = (struct text_list){pieces, count > 0 ? (size_t)count : 1};
    if (count <= 0) pieces[0] = TEXT("");
}

static void read_head(struct reading *reading, const struct imports_cells *cells,
                      struct catalog_goods_draft *draft) {
    reading->goods->code = cells->code;
    reading->goods->category = cells->category;
    draft->title = cells->title;
    draft->summary = cells->summary;
    draft->story = cells->story;
    draft->piece_name = cells->piece_name;
    draft->ship_within_hours = cells->ship_within_hours;
    draft->free_freight = read_yes(reading, cells->free_freight);
    read_origin(reading, cells->origin, &draft->place_code);
    read_facts(reading, cells->facts, &draft->facts);
    read_pictures(reading, cells->pictures, &draft->pictures);
}

void imports_read_goods(struct request *q, const struct imports_sheet *sheet, size_t goods_no,
                        int64_t seller_id, struct imports_goods *ret_goods) {
    const struct imports_group *group = &sheet->groups[goods_no];
    struct imports_goods *goods = ret_goods;
    *goods = (struct imports_goods){.goods_no = (int64_t)goods_no, .row_count = group->count};
    struct reading reading = {.q = q, .sheet = sheet, .goods = goods};
    struct catalog_goods_draft *draft = &goods->draft.goods;
    size_t read_count = group->count < IMPORTS_SKUS_MAX ? group->count : IMPORTS_SKUS_MAX;
    draft->seller_id = seller_id;
    draft->skus.items = arena_new(q->arena, struct catalog_sku_draft, read_count);
    draft->skus.count = read_count;
    goods->all_row_nos = arena_new(q->arena, int64_t, group->count);
    for (size_t i = 0; i < group->count; i++) {
        struct imports_cells cells;
        reading.row_no = goods->all_row_nos[i] = sheet->sheet.rows[group->rows[i]].row_no;
        if (i == IMPORTS_SKUS_MAX)
            note(&reading, "code", "同一货号最多 20 行（20 个规格）",
                 "20 rows (SKUs) of one number at most");
        if (i >= IMPORTS_SKUS_MAX) continue;
        goods->row_nos[i] = reading.row_no;
        read_cells(&reading, group, i, &cells);
        if (i == 0) read_head(&reading, &cells, draft);
        read_sku(&reading, &cells, &draft->skus.items[i]);
    }
    goods->cell_note_count = goods->note_count;
}

/* ---- as a listing ---- */

/* "goods.skus[2].net" is of the third row. */
static void note_fault(struct imports_goods *goods, const struct fault *fault) {
    static const struct {
        const char *field;
        const char *column;
    } known[] = {{"goods.title", "title"},       {"goods.summary", "summary"},
                 {"goods.story", "story"},       {"goods.facts", "facts"},
                 {"goods.pictures", "pictures"}, {"goods.category_id", "category"},
                 {"goods.place_code", "origin"}, {"goods.skus", "spec_value"}};
    static const char of_sku[] = "goods.skus[";
    int64_t row_no = goods->row_nos[0];
    const char *column = "title";
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (text_starts(fault->field, text_of(known[i].field))) column = known[i].column;
    if (text_starts(fault->field, text_of(of_sku))) {
        size_t close = text_find(fault->field, TEXT("]"), 0);
        int64_t at = 0;
        struct text digits = text_slice(fault->field, strlen(of_sku), close);
        if (text_to_int64(digits, &at) && at >= 0 && at < IMPORTS_SKUS_MAX)
            row_no = goods->row_nos[at];
        if (text_ends(fault->field, TEXT(".net"))) column = "amount";
    }
    note_texts(goods, row_no, column, fault->zh, fault->en);
}

/* A rule's no about this goods is noted, and NULL; what no change of the sheet would mend is handed
 * on. */
static refusal take_refusal(struct imports_goods *goods, refusal refused) {
    if (!refused) return NULL;
    if (refused->kind != PROBLEM_BAD_INPUT && refused->kind != PROBLEM_CONFLICT) return refused;
    for (size_t i = 0; i < refused->fault_count; i++) note_fault(goods, &refused->faults[i]);
    return NULL;
}

static refusal find_category(struct request *q, struct imports_goods *goods) {
    int64_t *id = &goods->draft.goods.category_id;
    size_t count = 1;
    if (!text_to_int64(goods->category, id))
        TRY(catalog_find_category(q, goods->category, id, &count));
    if (count == 0)
        note_texts(goods, goods->row_nos[0], "category", TEXT("没有这个分类"),
                   TEXT("there is no such category"));
    if (count > 1)
        note_texts(goods, goods->row_nos[0], "category",
                   TEXT("有几个分类叫这个名字，请写成“上级/名称”"),
                   TEXT("several are called so: write it as above/name"));
    return NULL;
}

/* A number stands for one listing of its seller, so that a sheet that was mended and sent again
 * doubles nothing. */
static refusal check_code(struct request *q, struct imports_goods *goods) {
    int64_t before = 0;
    bool free_again = false, found;
    TRY(db_int(q->db,
               SQL("it", "SELECT listing_id FROM imports_code WHERE seller_id = $1 AND code = $2"),
               PARAMS(goods->draft.goods.seller_id, goods->code), &before, &found));
    if (found) TRY(listings_is_withdrawn(q, before, &free_again));
    if (found && !free_again)
        note_texts(goods, goods->row_nos[0], "code",
                   TEXT("这个货号导入过了；要改请到“商品上架”里改，要重来请先撤回"),
                   TEXT("imported before; change that listing, or withdraw it first"));
    return NULL;
}

static refusal take_code(struct request *q, const struct imports_goods *goods, int64_t id) {
    return db_run(q->db,
                  SQL("iti", "INSERT INTO imports_code (seller_id, code, listing_id) "
                             "VALUES ($1, $2, $3) ON CONFLICT (seller_id, code) DO UPDATE SET "
                             "listing_id = excluded.listing_id"),
                  PARAMS(goods->draft.goods.seller_id, goods->code, id), NULL);
}

refusal imports_make(struct request *q, struct imports_goods *goods, bool submits,
                     int64_t *ret_listing_id) {
    if (goods->note_count) return NULL;
    TRY(find_category(q, goods));
    TRY(check_code(q, goods));
    if (goods->note_count) return NULL;
    TRY(take_refusal(goods, listings_put(q, 0, &goods->draft, ret_listing_id)));
    if (goods->note_count) return NULL;
    TRY(take_code(q, goods, *ret_listing_id));
    if (!submits || !goods->has_pictures) return NULL;
    return take_refusal(goods, listings_submit(q, *ret_listing_id));
}

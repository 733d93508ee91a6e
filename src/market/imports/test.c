#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ground/jobs/jobs.h"
#include "ground/people/people.h"
#include "market/imports/inside.h"
#include "support/house.h"
#include "support/market.h"

/* ---- a shop, its reviewer, its sheets ---- */

struct desk {
    struct house *house;
    struct market market;
    struct text county;
    int64_t county_id;
    const char *category;
};

static refusal give_roles(struct request *q, void *context) {
    const struct desk *desk = context;
    return people_give_role(q, desk->county_id, "county_operator", SCOPE_COUNTY,
                            INT64_C(141031000000));
}

static void open_desk(struct house *house, struct desk *ret_desk) {
    struct desk *desk = ret_desk;
    desk->house = house;
    market_open(house, &desk->market);
    desk->county = house_person(house, "13900000041", &desk->county_id);
    house_work(house, give_roles, desk);
    struct house_reply all = house_get(house, TEXT(""), "/api/categories");
    desk->category = text_terminated(house->arena, house_text(&all, "items.0.name"));
}

#define HEAD                                                                                       \
    "货号,商品名称,分类,产地,计件名,规格名,规格值,价格(元),净含量,单位,毛重(克),退换,库存,图片,说明\r\n"
#define PLACE "山西省临汾市隰县龙泉镇"

/* One row of a sheet; NULL is what is right. */
struct row {
    const char *code, *title, *place, *value, *price, *picture, *facts;
};

static void add_row(const struct desk *desk, struct buffer *sheet, struct row row) {
    buffer_add_format(sheet, "%s,%s,%s,%s,袋,规格,%s,%s,2.5,kg,2600,七天无理由,7,%s,%s\r\n",
                      row.code ? row.code : "A1", row.title ? row.title : "隰县小米",
                      desk->category, row.place ? row.place : PLACE, row.value ? row.value : "5 斤",
                      row.price ? row.price : "39.00",
                      row.picture ? row.picture : "/img/millet.webp", row.facts ? row.facts : "");
}

static struct text sheet_of(const struct desk *desk, const struct row *rows, size_t count) {
    struct buffer sheet = buffer_make(desk->house->arena, SHEET_BYTES_MAX);
    buffer_add_literal(&sheet, HEAD);
    for (size_t i = 0; i < count; i++) add_row(desk, &sheet, rows[i]);
    return buffer_text(&sheet);
}
#define SHEET(desk, ...)                                                                           \
    sheet_of((desk), (const struct row[]){__VA_ARGS__},                                            \
             sizeof((const struct row[]){__VA_ARGS__}) / sizeof(struct row))

static struct house_reply send_as(const struct desk *desk, struct text token, const char *mode,
                                  struct text sheet) {
    struct text target = text_format(desk->house->arena, "/api/imports?kind=goods&seller=%lld&%s",
                                     (long long)desk->market.seller_id, mode);
    return house_upload(desk->house, token, text_terminated(desk->house->arena, target), "text/csv",
                        sheet);
}

static struct text send_sheet(const struct desk *desk, const char *mode, struct text sheet) {
    struct house_reply sent = send_as(desk, desk->market.keeper, mode, sheet);
    HOUSE_STATUS(&sent, 201);
    return house_text(&sent, "id");
}

static struct house_reply look(const struct desk *desk, struct text id, const char *what) {
    return house_get(desk->house, desk->market.keeper, "/api/imports/%.*s%s", (int)id.length,
                     id.bytes, what);
}

static struct house_reply go(const struct desk *desk, struct text id, const char *body) {
    char target[80];
    snprintf(target, sizeof(target), "/api/imports/%.*s/runs", (int)id.length, id.bytes);
    return house_call(desk->house, desk->market.keeper, "POST", target, body);
}

static struct house_reply listings_of(const struct desk *desk) {
    return house_get(desk->house, desk->market.keeper, "/api/sellers/%lld/listings?limit=50",
                     (long long)desk->market.seller_id);
}

static size_t listing_count(const struct desk *desk) {
    struct house_reply all = listings_of(desk);
    return house_count(&all, "items");
}

#define DRY "mode=dry_run"
#define SKIP "mode=skip_bad&submits=true"
#define ALL "mode=all_or_nothing"
static const char go_skip[] = "{\"mode\":\"skip_bad\",\"submits\":true}";
static const char go_all[] = "{\"mode\":\"all_or_nothing\"}";

/* ---- the way of an import ---- */

HOUSE_TEST(
    "imports: a check writes nothing; what goes on is a listing that somebody else lets in") {
    struct desk desk;
    open_desk(house, &desk);
    struct text id = send_sheet(&desk, DRY,
                                SHEET(&desk, {.code = "A1", .value = "5 斤"},
                                      {.code = "B1", .title = "隰县红枣", .picture = ""},
                                      {.code = "A1", .value = "10 斤", .price = "75"}));
    struct house_reply import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "checking");
    house_run_jobs(house);
    import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "checked");
    CHECK_INT(house_int(&import, "row_count"), 3);
    CHECK_INT(house_int(&import, "goods_count"), 2);
    CHECK_INT(house_int(&import, "bad_count"), 0);
    CHECK_INT(listing_count(&desk), 0);
    import = go(&desk, id, go_skip);
    HOUSE_STATUS(&import, 201);
    house_run_jobs(house);
    import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "done");
    CHECK_INT(house_int(&import, "made_count"), 2);
    CHECK_INT(house_int(&import, "submitted_count"), 1);
    struct house_reply all = listings_of(&desk);
    CHECK_INT(house_count(&all, "items"), 2);
    CHECK_TEXT(house_text(&all, "items.0.title"), "隰县红枣");
    CHECK_TEXT(house_text(&all, "items.0.state"), "draft");
    CHECK_TEXT(house_text(&all, "items.1.state"), "submitted");
    struct text listing = house_text(&all, "items.1.id");
    char target[80];
    snprintf(target, sizeof(target), "/api/listings/%.*s", (int)listing.length, listing.bytes);
    const char *opinion = house_opinion(house, desk.county, target, "{\"agreed\":true}");
    snprintf(target, sizeof(target), "/api/listings/%.*s/decisions", (int)listing.length,
             listing.bytes);
    struct house_reply let_in = house_call(house, desk.county, "POST", target, opinion);
    HOUSE_STATUS(&let_in, 201);
    CHECK_INT(house_count(&let_in, "goods.skus"), 2);
    CHECK_INT(house_int(&let_in, "goods.skus.1.price_fen"), 7500);
    CHECK_INT(house_int(&let_in, "goods.skus.0.stock_count"), 7);
    import = go(&desk, id, go_skip);
    HOUSE_PROBLEM(&import, "wrong_state", "id");
    house_check_books(house);
}

HOUSE_TEST("imports: the same bytes are the same import; a number is imported once") {
    struct desk desk;
    open_desk(house, &desk);
    struct text sheet = SHEET(&desk, {.code = "A1"});
    struct text id = send_sheet(&desk, SKIP, sheet);
    house_run_jobs(house);
    struct text again = send_sheet(&desk, SKIP, sheet);
    CHECK(text_equal(id, again));
    house_run_jobs(house);
    CHECK_INT(listing_count(&desk), 1);
    struct text other = send_sheet(&desk, SKIP, SHEET(&desk, {.code = "A1"}, {.code = "A2"}));
    CHECK(!text_equal(id, other));
    house_run_jobs(house);
    struct house_reply import = look(&desk, other, "");
    CHECK_INT(house_int(&import, "made_count"), 1);
    CHECK_INT(house_int(&import, "bad_count"), 1);
    struct house_reply errors = look(&desk, other, "/errors");
    CHECK_TEXT(house_text(&errors, "items.0.faults.0.column"), "Number");
    /* Once its listing was taken back, the number is free again. */
    struct house_reply all = listings_of(&desk);
    struct text first = house_text(&all, "items.1.id");
    char target[80];
    snprintf(target, sizeof(target), "/api/listings/%.*s/withdrawal", (int)first.length,
             first.bytes);
    struct house_reply back = house_call(house, desk.market.keeper, "POST", target, NULL);
    HOUSE_STATUS(&back, 200);
    id = send_sheet(&desk, SKIP, SHEET(&desk, {.code = "A1", .title = "隰县小米新米"}));
    house_run_jobs(house);
    import = look(&desk, id, "");
    CHECK_INT(house_int(&import, "made_count"), 1);
}

static refusal count_sheets(struct request *q, void *context) {
    return db_int(q->db,
                  SQL("i", "SELECT CAST(count(*) AS BIGINT) FROM files_sheet WHERE ends_at > $1"),
                  PARAMS(q->now), context, NULL);
}

static int64_t sheets_kept(struct house *house) {
    int64_t count = 0;
    house_work(house, count_sheets, &count);
    return count;
}

static refusal forget_sheet(struct request *q, void *context) {
    (void)context;
    TRY(db_run(q->db, SQL("", "UPDATE imports_import SET sheet_id = 5"), NO_PARAMS, NULL));
    return db_run(q->db, SQL("", "DELETE FROM files_sheet"), NO_PARAMS, NULL);
}

HOUSE_TEST("imports: the same bytes lie in the store once, and a copy that is replaced ends") {
    struct desk desk;
    open_desk(house, &desk);
    struct text sheet = SHEET(&desk, {.code = "A1"});
    struct text id = send_sheet(&desk, DRY, sheet);
    house_run_jobs(house);
    for (int i = 0; i < 3; i++) {
        CHECK(text_equal(send_sheet(&desk, DRY, sheet), id));
        CHECK_INT(sheets_kept(house), 1);
        house_run_jobs(house);
        struct house_reply import = look(&desk, id, "");
        CHECK_TEXT(house_text(&import, "state"), "checked");
    }
    /* It is to be had again when it was lost. */
    house_work(house, forget_sheet, NULL);
    struct house_reply sent = send_as(&desk, desk.market.keeper, DRY, sheet);
    HOUSE_STATUS(&sent, 503);
    struct house_reply gone = go(&desk, id, go_all);
    HOUSE_STATUS(&gone, 201);
    house_run_jobs(house);
    struct house_reply import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "failed");
    send_sheet(&desk, DRY, sheet);
    CHECK_INT(sheets_kept(house), 1);
    house_run_jobs(house);
    import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "checked");
}

HOUSE_TEST("imports: a person may send so many an hour") {
    struct desk desk;
    open_desk(house, &desk);
    struct text sheet = SHEET(&desk, {.code = "A1"});
    for (int i = 0; i < 120; i++) send_sheet(&desk, DRY, sheet);
    struct house_reply sent = send_as(&desk, desk.market.keeper, DRY, sheet);
    HOUSE_PROBLEM(&sent, "too_many", NULL);
    CHECK(sent.road.retry_after_s > 0);
    house_advance(house, HOUR_MS);
    sent = send_as(&desk, desk.market.keeper, DRY, sheet);
    HOUSE_STATUS(&sent, 201);
}

HOUSE_TEST("imports: all faults of a row are told by column; mended, the same sheet is taken") {
    struct desk desk;
    open_desk(house, &desk);
    struct text sheet = SHEET(&desk, {.code = "A1"},
                              {.code = "=B1",
                               .title = "米",
                               .place = "山西省临汾市没有县",
                               .price = "3.999",
                               .value = "5 斤"},
                              {.code = "C1", .title = "国家级小米"},
                              {.code = "C1", .title = "国家级小米", .value = "10 斤"});
    struct text id = send_sheet(&desk, ALL, sheet);
    house_run_jobs(house);
    struct house_reply import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "checked");
    CHECK_INT(house_int(&import, "bad_count"), 3);
    struct house_reply refused = go(&desk, id, go_all);
    HOUSE_PROBLEM(&refused, "wrong_state", "mode");
    struct house_reply errors = look(&desk, id, "/errors?limit=2");
    CHECK_INT(house_count(&errors, "items"), 2);
    CHECK_INT(house_int(&errors, "items.0.row_no"), 3);
    CHECK_TEXT(house_text(&errors, "items.0.code"), "=B1");
    CHECK_INT(house_count(&errors, "items.0.faults"), 3);
    CHECK_TEXT(house_text(&errors, "items.1.faults.0.column"), "Title");
    CHECK_TEXT(house_text(&errors, "next"), "4");
    errors = look(&desk, id, "/errors?after=4");
    CHECK_INT(house_count(&errors, "items"), 1);
    /* The sheet of these rows, as the one who asks in Chinese gets it: our own mark, no formula,
     * reasons at the end. */
    const struct text path =
        text_format(house->arena, "/api/imports/%.*s/errors", (int)id.length, id.bytes);
    errors = house_send(
        house, &(struct road_call){.method = "GET", .target = path, .token = desk.market.keeper});
    CHECK_TEXT(house_text(&errors, "items.1.faults.0.column"), "商品名称");
    struct text link = house_text(&errors, "link");
    struct house_reply file = house_get(house, TEXT(""), "%.*s", (int)link.length, link.bytes);
    HOUSE_STATUS(&file, 200);
    CHECK(text_starts(file.body, TEXT("\xEF\xBB\xBF\"货号\"")));
    CHECK(text_find(file.body, TEXT("\"'=B1\""), 0) != SIZE_MAX);
    CHECK(text_find(file.body, TEXT("\"错误原因\"\r\n"), 0) != SIZE_MAX);
    CHECK(text_find(file.body, TEXT("价格(元)：要写成元"), 0) != SIZE_MAX);
    CHECK(text_find(file.body, TEXT("\"A1\""), 0) == SIZE_MAX);
    struct house_reply forged = house_get(house, TEXT(""), "%.*s0", (int)link.length, link.bytes);
    HOUSE_STATUS(&forged, 404);
    /* The good row goes on; what was mended in that file comes after it. */
    import = go(&desk, id, go_skip);
    HOUSE_STATUS(&import, 201);
    house_run_jobs(house);
    CHECK_INT(listing_count(&desk), 1);
    struct buffer mended = buffer_make(house->arena, SHEET_BYTES_MAX);
    static const char *const wrong[] = {"\"米\"", "没有县", "3.999", "国家级", NULL};
    static const char *const right[] = {"\"红枣\"", "隰县", "3.99", "沁州", NULL};
    for (size_t at = 0; at < file.body.length;) {
        size_t i = 0;
        struct text rest = text_slice(file.body, at, file.body.length);
        while (wrong[i] && !text_starts(rest, text_of(wrong[i]))) i++;
        if (wrong[i])
            buffer_add_text(&mended, text_of(right[i]));
        else
            buffer_add_char(&mended, file.body.bytes[at]);
        at += wrong[i] ? strlen(wrong[i]) : 1;
    }
    id = send_sheet(&desk, ALL "&submits=true", buffer_text(&mended));
    house_run_jobs(house);
    import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "done");
    CHECK_INT(house_int(&import, "made_count"), 2);
    CHECK_INT(house_int(&import, "submitted_count"), 2);
    CHECK_INT(listing_count(&desk), 3);
}

HOUSE_TEST("imports: all or nothing takes everything back when something changed since the check") {
    struct desk desk;
    open_desk(house, &desk);
    struct text id =
        send_sheet(&desk, DRY, SHEET(&desk, {.code = "A1"}, {.code = "A2"}, {.code = "A3"}));
    house_run_jobs(house);
    struct text other = send_sheet(&desk, SKIP, SHEET(&desk, {.code = "A3"}));
    house_run_jobs(house);
    struct house_reply import = go(&desk, id, go_all);
    HOUSE_STATUS(&import, 201);
    house_run_jobs(house);
    import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "undone");
    CHECK_INT(house_int(&import, "made_count"), 0);
    CHECK_INT(house_int(&import, "bad_count"), 1);
    import = look(&desk, other, "");
    CHECK_INT(house_int(&import, "made_count"), 1);
    struct house_reply all = listings_of(&desk);
    CHECK_INT(house_count(&all, "items"), 3);
    CHECK_TEXT(house_text(&all, "items.0.state"), "withdrawn");
    CHECK_TEXT(house_text(&all, "items.2.state"), "submitted");
}

/* ---- sheets that are none ---- */

HOUSE_TEST("imports: a sheet that cannot be read is refused with its line, and leaves nothing") {
    struct desk desk;
    open_desk(house, &desk);
    static const struct {
        struct text bytes;
        const char *words;
    } wrong[] = {{TEXT("货号,商品名称\r\nA,\0\r\n"), "line 2"},
                 {TEXT("货号\r\n\"A\r\n"), "quotation"},
                 {TEXT("货号,颜色\r\nA,红\r\n"), "颜色"},
                 {TEXT("货号,货号\r\nA,A\r\n"), "twice"},
                 {TEXT("货号\r\nA\r\n"), "\\\"Title\\\""},
                 {TEXT("\xBB\xF5\xBA\xC5,a\n玉露香梨,b\n"), "UTF-8"},
                 {TEXT(HEAD), "empty"}};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct house_reply sent = send_as(&desk, desk.market.keeper, DRY, wrong[i].bytes);
        HOUSE_PROBLEM(&sent, "bad_input", "file");
        CHECK(text_find(sent.body, text_of(wrong[i].words), 0) != SIZE_MAX);
    }
    struct house_reply list = house_get(house, desk.market.keeper, "/api/imports?seller=%lld",
                                        (long long)desk.market.seller_id);
    CHECK_INT(house_count(&list, "items"), 0);
    struct arena scratch = {0};
    const size_t length = SHEET_BYTES_MAX + 1;
    struct text zeros = {arena_take(&scratch, length), length};
    struct house_reply vast = send_as(&desk, desk.market.keeper, DRY, zeros);
    arena_free(&scratch);
    HOUSE_STATUS(&vast, 413);
    CHECK(text_find(vast.body, TEXT("8 MB"), 0) != SIZE_MAX);
}

HOUSE_TEST(
    "imports: what Chinese table programs save is read; the template's example is no goods") {
    struct desk desk;
    open_desk(house, &desk);
    struct house_reply template = house_get(house, TEXT(""), "/api/import-templates/goods");
    HOUSE_STATUS(&template, 200);
    CHECK(text_starts(template.body, TEXT("\xEF\xBB\xBF\"货号\",\"商品名称\"")));
    struct house_reply none = house_get(house, TEXT(""), "/api/import-templates/people");
    HOUSE_STATUS(&none, 404);
    struct text id = send_sheet(&desk, DRY, template.body);
    house_run_jobs(house);
    struct house_reply errors = look(&desk, id, "/errors");
    CHECK_INT(house_count(&errors, "items"), 1);
    CHECK(text_find(errors.body, TEXT("example of the template"), 0) != SIZE_MAX);
    /* 货号 and so on in GB18030, made by the C library of the house itself. */
    struct text sheet = SHEET(&desk, {.code = "甲1"});
    char command[300], path[64];
    snprintf(path, sizeof(path), "%s/sheet.csv", house->folder);
    FILE *out = fopen(path, "wb");
    CHECK(out && fwrite(sheet.bytes, 1, sheet.length, out) == sheet.length);
    fclose(out);
    snprintf(command, sizeof(command), "iconv -f UTF-8 -t GB18030 %s", path);
    FILE *in = popen(command, "r");
    char bytes[4000];
    size_t length = fread(bytes, 1, sizeof(bytes), in);
    CHECK(pclose(in) == 0);
    id = send_sheet(&desk, DRY, (struct text){bytes, length});
    house_run_jobs(house);
    struct house_reply import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "encoding"), "gb18030");
    CHECK_INT(house_int(&import, "bad_count"), 0);
}

/* ---- much of it, and a crash ---- */

static struct text many_rows(const struct desk *desk, int goods_count, int sku_count) {
    struct buffer sheet = buffer_make(desk->house->arena, SHEET_BYTES_MAX);
    buffer_add_literal(&sheet, HEAD);
    for (int i = 0; i < goods_count; i++)
        for (int j = 0; j < sku_count; j++) {
            char code[20], value[20];
            snprintf(code, sizeof(code), "N%d", i);
            snprintf(value, sizeof(value), "%d 斤", j + 1);
            add_row(desk, &sheet, (struct row){.code = code, .value = value});
        }
    return buffer_text(&sheet);
}

static int64_t count_listings(const struct desk *desk) {
    struct house_reply all;
    int64_t count = 0;
    char after[60] = "";
    for (;;) {
        all = house_get(desk->house, desk->market.keeper, "/api/sellers/%lld/listings?limit=50%s",
                        (long long)desk->market.seller_id, after);
        count += (int64_t)house_count(&all, "items");
        if (!house_has(&all, "next")) return count;
        struct text next = house_text(&all, "next");
        snprintf(after, sizeof(after), "&after=%.*s", (int)next.length, next.bytes);
    }
}

/* The work is cut off by a statement that fails, at another place each time. */
static void break_often(struct house *house, int64_t nth_max) {
    for (int64_t nth = 5; nth < nth_max; nth = nth * 3 / 2 + 1) {
        struct arena arena = {0};
        int64_t ran = 0;
        store_fail_statement(house->app->store, nth);
        (void)!jobs_run_due(house->app, &arena, 50, &ran);
        arena_free(&arena);
        store_fail_statement(house->app->store, 0);
        if (nth > 1000) house_reopen(house);
        house_advance(house, 10 * MINUTE_MS);
    }
}

static void end_work(struct house *house) {
    for (int i = 0; i < 5; i++) {
        house_run_jobs(house);
        house_advance(house, HOUR_MS);
    }
}

HOUSE_TEST("imports: after a crash at any point the rest is done, and nothing is doubled") {
    enum { GOODS = 130 }; /* more than a piece */
    struct desk desk;
    open_desk(house, &desk);
    struct text id = send_sheet(&desk, DRY, many_rows(&desk, GOODS, 1));
    break_often(house, 3000);
    end_work(house);
    struct house_reply import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "checked");
    CHECK_INT(count_listings(&desk), 0);
    import = go(&desk, id, go_skip);
    HOUSE_STATUS(&import, 201);
    break_often(house, 3000);
    end_work(house);
    import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "done");
    CHECK_INT(house_int(&import, "made_count"), GOODS);
    CHECK_INT(house_int(&import, "submitted_count"), GOODS);
    CHECK_INT(house_int(&import, "bad_count"), 0);
    CHECK_INT(count_listings(&desk), GOODS);
}

HOUSE_TEST("imports: 10,000 rows are taken, and one more is not") {
    struct desk desk;
    open_desk(house, &desk);
    struct text sheet = many_rows(&desk, 500, 20);
    struct text id = send_sheet(&desk, ALL, sheet);
    struct house_reply import = look(&desk, id, "");
    CHECK_INT(house_int(&import, "row_count"), 10000);
    /* That so many come to their end, a hundred at a time, does not hang on the engine. */
    if (!house->postgres) {
        house_run_jobs(house);
        import = look(&desk, id, "");
        CHECK_TEXT(house_text(&import, "state"), "done");
        CHECK_INT(house_int(&import, "made_count"), 500);
    }
    struct buffer more = buffer_make(house->arena, SHEET_BYTES_MAX);
    buffer_add_text(&more, sheet);
    add_row(&desk, &more, (struct row){.code = "Z"});
    struct house_reply sent = send_as(&desk, desk.market.keeper, DRY, buffer_text(&more));
    HOUSE_PROBLEM(&sent, "bad_input", "file");
}

static void add_many(struct buffer *sheet, const char *piece, int count) {
    for (int i = 0; i < count; i++) buffer_add_text(sheet, text_of(piece));
}

/* GOODS numbers of ROWS rows; the cells of the goods stand in the first of them, as long as they
 * may be and longer. */
static struct text vast_cells(const struct desk *desk, int goods, int rows, int characters) {
    struct buffer sheet = buffer_make(desk->house->arena, SHEET_BYTES_MAX);
    buffer_add_literal(&sheet, "货号,商品名称,分类,产地,计件名,价格(元),净含量,单位,毛重(克),退换,"
                               "发货小时,包邮,简介,故事,说明,图片\r\n");
    for (int i = 0; i < goods; i++)
        for (int j = 0; j < rows; j++) {
            bool is_first = j == 0;
            buffer_add_format(&sheet, "V%d,", i);
            for (int k = 0; k < 4; k++) {
                if (is_first) add_many(&sheet, "\U00020BB7", characters);
                buffer_add_char(&sheet, ',');
            }
            buffer_add_literal(&sheet, "39.00,2.5,kg,2600,七天无理由,");
            for (int k = 0; k < 6; k++) {
                if (is_first) add_many(&sheet, "\U00020BB7", characters);
                buffer_add_text(&sheet, text_of(k < 5 ? "," : "\r\n"));
            }
        }
    return buffer_text(&sheet);
}

HOUSE_TEST("imports: long cells of many rows are refused by row, and never end the server") {
    struct desk desk;
    open_desk(house, &desk);
    struct text id = send_sheet(&desk, DRY, vast_cells(&desk, 6, 19, 4000));
    house_run_jobs(house);
    struct house_reply import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "checked");
    CHECK_INT(house_int(&import, "bad_count"), 6 * 19);
    struct house_reply errors = look(&desk, id, "/errors");
    CHECK_INT(house_count(&errors, "items.0.faults"), 9); /* a story may be so long */
}

/* All that a goods may say, and as much of it. */
static struct text whole_goods(const struct desk *desk, int goods) {
    struct buffer sheet = buffer_make(desk->house->arena, SHEET_BYTES_MAX);
    buffer_add_literal(&sheet, "货号,商品名称,分类,产地,计件名,价格(元),净含量,单位,毛重(克),退换,"
                               "库存,简介,故事,说明,图片\r\n");
    for (int i = 0; i < goods; i++) {
        buffer_add_format(&sheet, "W%d,隰县小米,%s," PLACE ",袋,39.00,2.5,kg,2600,七天无理由,7,", i,
                          desk->category);
        add_many(&sheet, "\U00020BB7", 200);
        buffer_add_char(&sheet, ',');
        add_many(&sheet, "\U00020BB7", 4000);
        buffer_add_char(&sheet, ',');
        for (int j = 0; j < 12; j++) {
            buffer_add_format(&sheet, "第%d条=", j);
            add_many(&sheet, "\U00020BB7", 60);
            buffer_add_literal(&sheet, "；");
        }
        buffer_add_literal(&sheet, ",/img/millet.webp\r\n");
    }
    return buffer_text(&sheet);
}

HOUSE_TEST("imports: goods that say all they may are taken a hundred at a time") {
    struct desk desk;
    open_desk(house, &desk);
    struct text id = send_sheet(&desk, ALL, whole_goods(&desk, 110));
    house_run_jobs(house);
    struct house_reply import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "done");
    CHECK_INT(house_int(&import, "made_count"), 110);
}

HOUSE_TEST("imports: ten thousand rows of one number are each told, and never end the server") {
    struct desk desk;
    open_desk(house, &desk);
    struct text id = send_sheet(&desk, DRY, many_rows(&desk, 1, SHEET_ROWS_MAX));
    house_run_jobs(house);
    struct house_reply import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "checked");
    CHECK_INT(house_int(&import, "bad_count"), SHEET_ROWS_MAX);
}

/* ---- who may ---- */

static refusal take_role(struct request *q, void *context) {
    const struct desk *desk = context;
    return people_take_role(q, desk->county_id, "seller_keeper", SCOPE_ORGANISATION,
                            desk->market.seller_id);
}

static refusal give_role(struct request *q, void *context) {
    const struct desk *desk = context;
    return people_give_role(q, desk->county_id, "seller_keeper", SCOPE_ORGANISATION,
                            desk->market.seller_id);
}

HOUSE_TEST("imports: another shop's are not there; who lost the shop meanwhile imports nothing") {
    struct desk desk;
    struct market other;
    open_desk(house, &desk);
    market_open_another(house, "13900000042", &other);
    struct text sheet = SHEET(&desk, {.code = "A1"});
    struct text id = send_sheet(&desk, DRY, sheet);
    house_run_jobs(house);
    char target[80];
    const char *const what[] = {"", "/errors"};
    for (size_t i = 0; i < 2; i++) {
        struct house_reply reply = house_get(house, other.keeper, "/api/imports/%.*s%s",
                                             (int)id.length, id.bytes, what[i]);
        HOUSE_STATUS(&reply, 404);
    }
    snprintf(target, sizeof(target), "/api/imports/%.*s/runs", (int)id.length, id.bytes);
    struct house_reply reply = house_call(house, other.keeper, "POST", target, go_all);
    HOUSE_STATUS(&reply, 404);
    reply = house_get(house, other.keeper, "/api/imports?seller=%lld",
                      (long long)desk.market.seller_id);
    HOUSE_STATUS(&reply, 404);
    reply = send_as(&desk, other.keeper, DRY, sheet);
    HOUSE_PROBLEM(&reply, "not_found", "seller");
    house_work(house, give_role, &desk);
    reply = send_as(&desk, desk.county, SKIP, SHEET(&desk, {.code = "B1"}));
    HOUSE_STATUS(&reply, 201);
    id = house_text(&reply, "id");
    house_work(house, take_role, &desk);
    house_run_jobs(house);
    reply = look(&desk, id, "");
    CHECK_TEXT(house_text(&reply, "state"), "failed");
    CHECK_INT(listing_count(&desk), 0);
}

/* ---- the checker ---- */

static refusal run_text(struct request *q, void *context) {
    const struct statement *statement = context;
    return db_run(q->db, statement, NO_PARAMS, NULL);
}

static void count_faults(struct check_report *report, bool holds, struct text sentence) {
    (void)sentence;
    if (!holds) report->fault_count++;
}

static refusal check_room(struct request *q, void *context) {
    return imports_room.check(q, context);
}

static int64_t faults_of(struct house *house) {
    struct check_report report = {.line = count_faults};
    house_work(house, check_room, &report);
    return report.fault_count;
}

HOUSE_TEST("imports: the checker finds a count that is wrong, and a listing that is not there") {
    struct desk desk;
    open_desk(house, &desk);
    struct text sheet = SHEET(&desk, {.code = "A1"}, {.code = "B1", .title = "隰县红枣"});
    struct text id = send_sheet(&desk, ALL, sheet);
    house_run_jobs(house);
    CHECK_INT(faults_of(house), 0);
    /* One that failed after it had written keeps its count when it is looked at anew. */
    house_work(house, run_text,
               (void *)(uintptr_t)SQL("", "UPDATE imports_import SET state = 'failed'"));
    send_sheet(&desk, SKIP, sheet);
    house_run_jobs(house);
    struct house_reply import = look(&desk, id, "");
    CHECK_TEXT(house_text(&import, "state"), "done");
    CHECK_INT(house_int(&import, "made_count"), 2);
    CHECK_INT(house_int(&import, "bad_count"), 2);
    CHECK_INT(faults_of(house), 0);
    /* What its seller took back is still there. */
    struct house_reply all = listings_of(&desk);
    struct text listing = house_text(&all, "items.0.id");
    char target[80];
    snprintf(target, sizeof(target), "/api/listings/%.*s/withdrawal", (int)listing.length,
             listing.bytes);
    struct house_reply back = house_call(house, desk.market.keeper, "POST", target, NULL);
    HOUSE_STATUS(&back, 200);
    CHECK_INT(faults_of(house), 0);
    house_work(house, run_text,
               (void *)(uintptr_t)SQL("", "UPDATE imports_import SET made_count = made_count - 1"));
    CHECK_INT(faults_of(house), 1);
    house_work(house, run_text,
               (void *)(uintptr_t)SQL("", "UPDATE imports_made SET listing_id = 1"
                                          " WHERE goods_no = 0"));
    CHECK_INT(faults_of(house), 2);
}

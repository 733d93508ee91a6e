#include "kernel/base/test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base/arena.h"
#include "kernel/base/ids.h"
#include "kernel/base/instant.h"
#include "kernel/base/json.h"
#include "kernel/base/licence.h"
#include "kernel/base/limits.h"
#include "kernel/base/money.h"
#include "kernel/base/problem.h"
#include "kernel/base/quantity.h"

TEST("arena: memory is zeroed, aligned, and the first block is kept on reset") {
    struct arena arena = {0};
    for (size_t size = 1; size < 5000; size += 37) {
        unsigned char *taken = arena_take(&arena, size);
        CHECK((uintptr_t)taken % 16 == 0);
        for (size_t i = 0; i < size; i++) CHECK(taken[i] == 0);
        memset(taken, 0xAB, size);
    }
    arena_take(&arena, 100000);
    size_t total = arena.total;
    arena_reset(&arena);
    CHECK(arena.total < total && arena.used == 0);
    arena_free(&arena);
    CHECK(arena.block == NULL);
}

TEST("arena: what was taken after a mark is dropped alone, whatever its size") {
    struct arena arena = {.total_max = 256 * 1024};
    struct arena_mark none = arena_mark(&arena);
    char *kept = arena_take(&arena, 100);
    memcpy(kept, "kept", 5);
    struct arena_mark mark = arena_mark(&arena);
    for (int i = 0; i < 1000; i++) { /* far more than the arena may hold at once */
        char *first = arena_take(&arena, 8), *large = arena_take(&arena, 100 * 1024);
        memset(first, 1, 8);
        memset(large, 1, 100 * 1024);
        arena_rewind(&arena, mark);
    }
    CHECK(strcmp(kept, "kept") == 0);
    char *next = arena_take(&arena, 16);
    CHECK(next >= kept + 100 && next <= kept + 128);
    CHECK_INT(next[0], 0);
    arena_rewind(&arena, none);
    CHECK_INT(arena.total, 0);
    arena_take(&arena, 16);
    mark = arena_mark(&arena);
    arena_free(&arena);
    arena_take(&arena, 1);
    arena_free(&arena);
}

TEST("text: UTF-8 is checked as Unicode says, NUL is refused") {
    CHECK(text_is_utf8(TEXT("隰县玉露香梨 5 斤 \xf0\x9f\x8d\x90")));
    static const char *const broken[] = {
        "\x80",         "\xc0\xaf",         "\xc1\x81",         "\xe0\x80\xaf",
        "\xed\xa0\x80", "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xe9\x9a",     "abc\xff"};
    for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
        CHECK(!text_is_utf8(text_of(broken[i])));
    CHECK(!text_is_utf8((struct text){"a\0b", 3}));
    CHECK_INT(text_characters(TEXT("梨a斤")), 3);
    size_t at = 0;
    CHECK_INT(text_next(TEXT("梨"), &at), 0x68A8);
    CHECK_INT(at, 3);
}

TEST("text: whole numbers are read exactly, everything else is refused") {
    int64_t value = 7;
    CHECK(text_to_int64(TEXT("9223372036854775807"), &value) && value == INT64_MAX);
    CHECK(text_to_int64(TEXT("-9223372036854775808"), &value) && value == INT64_MIN);
    static const char *const wrong[] = {
        "",  "-", "+1", "1 ", " 1", "1.0", "0x1", "9223372036854775808", "-9223372036854775809",
        "１"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        value = 7;
        CHECK(!text_to_int64(text_of(wrong[i]), &value) && value == 7);
    }
}

TEST("text: trimming takes ASCII and ideographic spaces, buffers keep to their maximum") {
    struct arena arena = {0};
    CHECK_TEXT(text_trim(TEXT(" \t\xe3\x80\x80梨 \xe3\x80\x80\n")), "梨");
    struct buffer buffer = buffer_make(&arena, 5);
    buffer_add_literal(&buffer, "12345");
    CHECK(!buffer.overflowed);
    buffer_add_char(&buffer, '6');
    CHECK(buffer.overflowed && buffer.length == 5);
    struct buffer numbers = buffer_make(&arena, 100);
    buffer_add_int(&numbers, INT64_MIN);
    CHECK_TEXT(buffer_text(&numbers), "-9223372036854775808");
    arena_free(&arena);
}

TEST("money: sums and products that leave the bounds are refused and change nothing") {
    struct fen sum = FEN(5);
    CHECK(fen_add(FEN(4990), FEN(10), &sum) && fen_count(sum) == 5000);
    sum = FEN(5);
    CHECK(!fen_add(FEN(FEN_MAX), FEN(1), &sum) && fen_count(sum) == 5);
    CHECK(!fen_subtract(FEN(-FEN_MAX), FEN(1), &sum) && fen_count(sum) == 5);
    CHECK(!fen_times(FEN(FEN_MAX), 2, &sum) &&
          !fen_times(FEN(INT64_C(1) << 40), INT64_C(1) << 40, &sum));
    CHECK(fen_times(FEN(499), 3, &sum) && fen_count(sum) == 1497);
}

TEST("money: a share is rounded half away from zero") {
    struct fen share = FEN(0);
    CHECK(fen_share(FEN(100), 1, 3, &share) && fen_count(share) == 33);
    CHECK(fen_share(FEN(101), 1, 2, &share) && fen_count(share) == 51);
    CHECK(fen_share(FEN(-101), 1, 2, &share) && fen_count(share) == -51);
    CHECK(fen_share(FEN(FEN_MAX), INT64_C(1000000), INT64_C(1000000), &share));
    CHECK(!fen_share(FEN(FEN_MAX), 3, 2, &share));
}

TEST("money: yuan are written with two decimals") {
    struct arena arena = {0};
    CHECK_TEXT(fen_yuan(&arena, FEN(4990)), "49.90");
    CHECK_TEXT(fen_yuan(&arena, FEN(5)), "0.05");
    CHECK_TEXT(fen_yuan(&arena, FEN(-105)), "-1.05");
    static const struct {
        const char *written;
        int64_t wanted; /* -1: none */
    } yuans[] = {{"49.90", 4990},
                 {"49.9", 4990},
                 {"1280", 128000},
                 {"0.05", 5},
                 {"0", 0},
                 {"100000000000", 10000000000000},
                 {"100000000000.01", -1},
                 {"", -1},
                 {".5", -1},
                 {"5.", -1},
                 {"1.005", -1},
                 {"-1", -1},
                 {"1e3", -1},
                 {"1,280", -1},
                 {"1.2.3", -1}};
    for (size_t i = 0; i < sizeof(yuans) / sizeof(yuans[0]); i++) {
        struct fen read = FEN(-1);
        CHECK(fen_read_yuan(text_of(yuans[i].written), &read) == (yuans[i].wanted >= 0));
        CHECK_INT(fen_count(read), yuans[i].wanted);
    }
    arena_free(&arena);
}

TEST("quantity: amounts are read and written without floating point") {
    struct arena arena = {0};
    struct quantity quantity = {0};
    CHECK(quantity_read(TEXT("2.5"), TEXT("斤"), &quantity) && quantity.milli == 2500);
    CHECK_TEXT(quantity_amount(&arena, quantity), "2.5");
    CHECK(quantity_read(TEXT("100000000"), TEXT("克"), &quantity));
    CHECK_TEXT(quantity_amount(&arena, quantity), "100000000");
    static const char *const wrong[] = {"",       "0",   "-1",        "1.",  ".5",
                                        "1.2345", "1e3", "100000001", "1.-5"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK(!quantity_read(text_of(wrong[i]), TEXT("斤"), &quantity));
    CHECK(!quantity_read(TEXT("1"), TEXT("stone"), &quantity));
    arena_free(&arena);
}

TEST("quantity: the price per 斤 is the same for kg, 克 and 斤; pieces are priced by the piece") {
    struct fen price = FEN(0);
    enum quantity_unit unit;
    CHECK(quantity_unit_price((struct quantity){5000, UNIT_JIN}, FEN(4990), &price, &unit));
    CHECK(fen_count(price) == 998 && unit == UNIT_JIN);
    CHECK(quantity_unit_price((struct quantity){2500, UNIT_KG}, FEN(4990), &price, &unit));
    CHECK(fen_count(price) == 998 && unit == UNIT_JIN);
    CHECK(quantity_unit_price((struct quantity){250000, UNIT_GRAM}, FEN(3600), &price, &unit));
    CHECK(fen_count(price) == 7200 && unit == UNIT_JIN);
    CHECK(quantity_unit_price((struct quantity){30000, UNIT_EGG}, FEN(4500), &price, &unit));
    CHECK(fen_count(price) == 150 && unit == UNIT_EGG);
    CHECK(
        quantity_unit_price((struct quantity){500000, UNIT_MILLILITRE}, FEN(2500), &price, &unit));
    CHECK(fen_count(price) == 5000 && unit == UNIT_LITRE);
    CHECK(!quantity_unit_price((struct quantity){0, UNIT_JIN}, FEN(1), &price, &unit));
}

TEST("instant: RFC 3339 both ways, dates that do not exist are refused") {
    struct arena arena = {0};
    struct instant at = {0};
    struct buffer buffer = buffer_make(&arena, 100);
    CHECK(instant_read(TEXT("2026-11-23T16:15:30.25+08:00"), &at));
    instant_write(&buffer, at);
    CHECK_TEXT(buffer_text(&buffer), "2026-11-23T08:15:30.250Z");
    CHECK_INT(instant_day_cst((struct instant){at.ms + 8 * HOUR_MS}), 20261124);
    CHECK(instant_read(TEXT("2028-02-29T00:00:00Z"), &at));
    CHECK(instant_read(TEXT("2038-01-19T03:14:08Z"), &at));
    static const char *const wrong[] = {"2026-02-29T00:00:00Z",  "2026-11-23",
                                        "2026-11-23T24:00:00Z",  "2026-11-23T08:60:00Z",
                                        "2026-11-23T08:00:00",   "26-11-23T08:00:00Z",
                                        "2026-11-23T08:00:00Zx", "2026-11-23T08:00:00.Z",
                                        "1969-12-31T23:59:59Z"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK(!instant_read(text_of(wrong[i]), &at));
    arena_free(&arena);
}

enum { IDS_THREADS = 4, IDS_EACH = 20000 };
static struct ids shared_ids;

static void *draw_ids(void *into) {
    int64_t *drawn = into;
    for (size_t i = 0; i < IDS_EACH; i++)
        drawn[i] = ids_next(&shared_ids, (struct instant){IDS_EPOCH_MS + 1000});
    return NULL;
}

static int compare_ids(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

TEST("ids: none is given twice from four threads while the clock stands still, and they grow") {
    static int64_t drawn[IDS_THREADS * IDS_EACH];
    pthread_t threads[IDS_THREADS];
    shared_ids = (struct ids){.node = 3};
    for (size_t i = 0; i < IDS_THREADS; i++)
        pthread_create(&threads[i], NULL, draw_ids, drawn + i * IDS_EACH);
    for (size_t i = 0; i < IDS_THREADS; i++) pthread_join(threads[i], NULL);
    for (size_t i = 1; i < IDS_EACH; i++) CHECK(drawn[i] > drawn[i - 1]);
    qsort(drawn, IDS_THREADS * IDS_EACH, sizeof(drawn[0]), compare_ids);
    for (size_t i = 1; i < IDS_THREADS * IDS_EACH; i++)
        CHECK(drawn[i] > drawn[i - 1] && drawn[i] > 0);
    CHECK_INT((drawn[0] >> 12) & 1023, 3);
}

TEST("ids: a clock that goes back does not repeat an id") {
    struct ids ids = {0};
    int64_t first = ids_next(&ids, (struct instant){IDS_EPOCH_MS + 5000});
    int64_t second = ids_next(&ids, (struct instant){IDS_EPOCH_MS + 1000});
    CHECK(second > first);
    CHECK_INT(ids_instant(first).ms, IDS_EPOCH_MS + 5000);
}

TEST("json: duplicates, depth, NUL, broken UTF-8 and trailing words are refused") {
    struct arena arena = {0};
    struct text why;
    CHECK(json_read(&arena, TEXT("{\"a\":[1,2,{\"b\":\"梨\"}]}"), NULL) != NULL);
    static const char *const wrong[] = {
        "{\"a\":1,\"a\":2}",   "{",        "{} {}",
        "{\"a\":\"\\u0000\"}", "\"\xff\"", "[[[[[[[[[[[[[1]]]]]]]]]]]]]",
        "{\"a\":01}",          "NaN",      ""};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        CHECK(json_read(&arena, text_of(wrong[i]), &why) == NULL);
        CHECK(why.length > 0);
    }
    CHECK(json_read(&arena, TEXT("[\"[[[[[[[[[[[[[[[[[[\"]"), NULL) != NULL);
    arena_free(&arena);
}

TEST("json: what is written is escaped and reads back the same") {
    struct arena arena = {0};
    struct buffer buffer = buffer_make(&arena, 1000);
    json_write_text(&buffer, TEXT("a\"b\\c\n\x01</script>梨"));
    CHECK_TEXT(buffer_text(&buffer), "\"a\\\"b\\\\c\\n\\u0001</script>梨\"");
    CHECK(json_read(&arena, buffer_text(&buffer), NULL) != NULL);
    arena_free(&arena);
}

struct asker {
    struct arena *arena;
};

static refusal refuse_stock(struct asker *q, long long left) {
    return refuse(q, OUT_OF_STOCK, "lines[0].sku_id", "只剩 %lld 件", "only %lld left", left);
}

static refusal pass_on(struct asker *q) {
    TRY(NULL);
    TRY(refuse_stock(q, 3));
    return NULL;
}

TEST("problem: a refusal is one JSON document in the reader's language") {
    struct arena arena = {0};
    struct asker asker = {&arena};
    struct buffer zh = buffer_make(&arena, 4000), en = buffer_make(&arena, 4000);
    refusal refused = pass_on(&asker);
    CHECK(refused && refused->kind == PROBLEM_OUT_OF_STOCK);
    problem_write(&zh, refused, TEXT("/api/orders"), false);
    problem_write(&en, refused, TEXT("/api/orders"), true);
    CHECK(text_find(buffer_text(&zh), TEXT("只剩 3 件"), 0) != SIZE_MAX);
    CHECK(text_find(buffer_text(&en),
                    TEXT("\"field\":\"lines[0].sku_id\",\"detail\":\"only 3 left\""),
                    0) != SIZE_MAX);
    CHECK(text_find(buffer_text(&en), TEXT("\"status\":409,\"code\":\"out_of_stock\""), 0) !=
          SIZE_MAX);
    CHECK(json_read(&arena, buffer_text(&zh), NULL) && json_read(&arena, buffer_text(&en), NULL));
    arena_free(&arena);
}

TEST("problem: a long sentence is cut between characters") {
    struct arena arena = {0};
    struct asker asker = {&arena};
    char words[900] = {0};
    for (size_t i = 0; i < 299; i++) memcpy(words + 3 * i, "梨", 3);
    refusal refused = refuse(&asker, CONFLICT, "x", "%s", "a%s", words);
    CHECK(text_is_utf8(refused->faults[0].zh) && text_is_utf8(refused->faults[0].en));
    CHECK(refused->faults[0].zh.length < 400);
    arena_free(&arena);
}

TEST("licence: credit codes and food licences that exist fit, one wrong character does not") {
    static const char *const codes[] = {"91350100M000100Y43", "91110000802100433B",
                                        "91440300708461136T", "914403001922038216",
                                        "91310000677833266F"};
    static const char *const numbers[] = {
        "SC11464010500015", "SC11333019700024", "SC11837048101233", "SC11834020305037",
        "SC12636098200051", "SC11532139200465", "SC12434017430075", "SC11432010400101",
        "SC11351090100010", "SC10741018302531", "SC10744030704994"};
    char wrong[LICENCE_CREDIT_LENGTH + 1];
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        CHECK(licence_is_credit_code(text_of(codes[i])));
        for (size_t at = 0; at < LICENCE_CREDIT_LENGTH; at++) {
            memcpy(wrong, codes[i], sizeof(wrong));
            wrong[at] = wrong[at] == '7' ? '8' : '7';
            CHECK(!licence_is_credit_code(text_of(wrong)));
        }
    }
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        CHECK(licence_is_food_number(text_of(numbers[i])));
        for (size_t at = 2; at < LICENCE_FOOD_LENGTH; at++) {
            memcpy(wrong, numbers[i], LICENCE_FOOD_LENGTH + 1);
            wrong[at] = wrong[at] == '7' ? '8' : '7';
            CHECK(!licence_is_food_number(text_of(wrong)));
        }
    }
    static const char *const never[] = {"",
                                        "91350100M000100Y4",
                                        "91350100M000100Y433",
                                        "91350100I000100Y43",
                                        "SC1146401050001",
                                        "SX11464010500015",
                                        "SC1146401050001a"};
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
        CHECK(!licence_is_credit_code(text_of(never[i])) &&
              !licence_is_food_number(text_of(never[i])));
    struct text found;
    CHECK(licence_find_food_maker(TEXT("SC1 号，SC11464010500015（宁夏）"), &found));
    CHECK_TEXT(found, "SC11464010500015");
    CHECK(!licence_find_food_maker(TEXT("SC11464010500016"), &found));
}

#include "ground/places/places.h"

#include <stdio.h>
#include <time.h>

#include "support/house.h"

static const int64_t xixian = 141031000000;

/* The sample table that a build without npm has is enough for most of this file, not for the rest
 * of it. */
static void need_full_table(void) {
    if (places_count(PLACE_VILLAGE) < 10000) test_skip("the sample table of places is built in");
}

static struct arena arena;

static void check_parse(const char *written, int64_t code, const char *rest) {
    struct text text = text_of(written);
    struct places_parsed parsed = places_parse(text);
    if (parsed.code != code)
        test_fail(__FILE__, __LINE__, "\"%s\" is %012lld, wanted %012lld", written,
                  (long long)parsed.code, (long long)code);
    CHECK_TEXT(text_slice(text, parsed.to, text.length), rest);
}

static void check_short(enum place_level level, const char *name, const char *wanted) {
    struct place place = {.level = level, .name = text_of(name)};
    CHECK_TEXT(places_short_name(&place), wanted);
}

static int64_t elapsed_us(const struct timespec *since) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (now.tv_sec - since->tv_sec) * 1000000 + (now.tv_nsec - since->tv_nsec) / 1000;
}

TEST("places: the full table has every village") {
    need_full_table();
    CHECK_INT(places_count(PLACE_PROVINCE), 34);
    CHECK(places_count(PLACE_CITY) > 340);
    CHECK(places_count(PLACE_COUNTY) > 2970);
    CHECK(places_count(PLACE_TOWN) > 41000);
    CHECK(places_count(PLACE_VILLAGE) > 600000);
}

TEST("places: a code finds its place at each level") {
    struct place place;
    CHECK(places_find(140000000000, &place));
    CHECK_TEXT(place.name, "山西省");
    CHECK_INT(place.parent_code, 0);
    CHECK(places_find(xixian, &place));
    CHECK_TEXT(place.name, "隰县");
    CHECK_INT(place.level, PLACE_COUNTY);
    CHECK_INT(place.parent_code, 141000000000);
    CHECK(places_find(141031100203, &place));
    CHECK_TEXT(place.name, "北庄村委会");
    CHECK_INT(place.level, PLACE_VILLAGE);
    CHECK_INT(place.parent_code, 141031100000);
}

TEST("places: a code of nothing finds nothing") {
    struct place place;
    const int64_t codes[] = {
        0,  -1,        1,         990000000000, 141099000000, 141031100999, 141031999203,
        14, INT64_MAX, INT64_MIN, 1000000000000};
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        CHECK(!places_find(codes[i], &place));
        CHECK_INT(places_ancestors(codes[i], &place), 0);
        if (codes[i] != 0) CHECK_INT(places_children(codes[i], 0, 1, &place), 0);
    }
}

/* Goes down to every row from the country and checks that its code leads back; returns the number
 * of rows. */
static size_t walk(int64_t parent_code) {
    struct place below[1000];
    struct place found;
    size_t count = places_children(parent_code, 0, 1000, below);
    CHECK(count < 1000);
    size_t total = count;
    for (size_t i = 0; i < count; i++) {
        CHECK(i == 0 || below[i - 1].code < below[i].code);
        CHECK_INT(below[i].parent_code, parent_code);
        CHECK(places_find(below[i].code, &found));
        CHECK_INT(found.level, below[i].level);
        CHECK(found.name.bytes == below[i].name.bytes);
        CHECK(below[i].code > parent_code && below[i].code <= places_last_code(parent_code));
        if (below[i].level < PLACE_VILLAGE) total += walk(below[i].code);
    }
    return total;
}

TEST("places: every row is reached from above and found by its code") {
    size_t rows = 0;
    for (int level = PLACE_PROVINCE; level <= PLACE_VILLAGE; level++)
        rows += places_count((enum place_level)level);
    size_t reached = walk(0);
    /* Only the county rows of cities without counties are passed over: 东莞, 中山, 儋州. */
    CHECK(reached <= rows && reached + 3 >= rows);
}

TEST("places: pages of children go on where the last one ended") {
    struct place all[1000];
    struct place page[7];
    size_t count = places_children(xixian, 0, 1000, all);
    size_t seen = 0;
    CHECK(count > 0);
    for (size_t got = 1; got > 0 && seen <= count;) {
        got = places_children(xixian, seen ? all[seen - 1].code : 0, 7, page);
        for (size_t i = 0; i < got; i++) CHECK_INT(page[i].code, all[seen + i].code);
        seen += got;
    }
    CHECK_INT(seen, count);
}

TEST("places: a city without counties has its towns right below") {
    need_full_table();
    struct place towns[100];
    struct place above[PLACE_VILLAGE];
    CHECK(places_children(441900000000, 0, 100, towns) > 30);
    CHECK_INT(towns[0].level, PLACE_TOWN);
    CHECK_INT(towns[0].parent_code, 441900000000);
    CHECK_INT(places_ancestors(towns[0].code, above), 2);
    CHECK_TEXT(above[1].name, "东莞市");
    struct place named[4];
    struct places_search search = {TEXT("东莞市"), 0, 0, 4};
    CHECK_INT(places_by_name(search, named), 1);
    CHECK_INT(named[0].level, PLACE_CITY);
}

TEST("places: Hong Kong, Macau and Taiwan are provinces") {
    struct place place;
    CHECK(places_find(810000000000, &place) && places_find(820000000000, &place));
    CHECK(places_find(710000000000, &place));
    CHECK_TEXT(place.name, "台湾省");
    need_full_table();
    struct place cities[50];
    CHECK_INT(places_children(710000000000, 0, 50, cities), 20);
    CHECK_TEXT(cities[0].name, "台北市");
    CHECK(places_children(cities[0].code, 0, 50, cities) == 12);
}

TEST("places: a name is found by its beginning, at one level or all") {
    struct place found[8];
    struct places_search search = {TEXT("隰"), PLACE_COUNTY, 0, 8};
    CHECK_INT(places_by_name(search, found), 1);
    CHECK_INT(found[0].code, xixian);
    search = (struct places_search){TEXT("北庄村"), PLACE_VILLAGE, 0, 8};
    size_t count = places_by_name(search, found);
    CHECK(count > 0);
    for (size_t i = 0; i < count; i++) CHECK(text_starts(found[i].name, TEXT("北庄村")));
    search = (struct places_search){TEXT("北庄村"), PLACE_COUNTY, 0, 8};
    CHECK_INT(places_by_name(search, found), 0);
    search = (struct places_search){TEXT("没有这样的地方"), 0, 0, 8};
    CHECK_INT(places_by_name(search, found), 0);
    search = (struct places_search){TEXT(""), PLACE_PROVINCE, 0, 8};
    CHECK_INT(places_by_name(search, found), 8);
}

TEST("places: names come in pages without a gap or a repeat") {
    need_full_table();
    struct place page[9];
    int64_t after_code = 0;
    int last_level = 0;
    size_t total = 0;
    for (size_t got = 9; got == 9;) {
        got = places_by_name((struct places_search){TEXT("朝阳"), 0, after_code, 9}, page);
        for (size_t i = 0; i < got; i++) {
            CHECK((int)page[i].level >= last_level);
            CHECK((int)page[i].level > last_level || page[i].code > after_code);
            last_level = (int)page[i].level;
            after_code = page[i].code;
        }
        total += got;
        CHECK(total < 5000);
    }
    static struct place all[5000];
    CHECK_INT(places_by_name((struct places_search){TEXT("朝阳"), 0, 0, 5000}, all), total);
}

TEST("places: village names lose their committees") {
    check_short(PLACE_VILLAGE, "上庄村委会", "上庄村");
    check_short(PLACE_VILLAGE, "上庄村民委员会", "上庄村");
    check_short(PLACE_VILLAGE, "李庄村村委会", "李庄村");
    check_short(PLACE_VILLAGE, "龙泉社区居委会", "龙泉社区");
    check_short(PLACE_VILLAGE, "龙泉社区居民委员会", "龙泉社区");
    check_short(PLACE_VILLAGE, "紫阳居委会", "紫阳");
    check_short(PLACE_VILLAGE, "第一居委会", "第一居委会");
    check_short(PLACE_VILLAGE, "右安门村", "右安门村");
    check_short(PLACE_PROVINCE, "广西壮族自治区", "广西");
    check_short(PLACE_PROVINCE, "内蒙古自治区", "内蒙古");
    check_short(PLACE_PROVINCE, "北京市", "北京");
    check_short(PLACE_COUNTY, "隰县", "隰县");
}

TEST("places: an origin says province to village and a short name") {
    struct places_origin origin = places_origin_of(&arena, 141031100203);
    CHECK_TEXT(origin.place_code, "141031100203");
    CHECK_TEXT(origin.province, "山西省");
    CHECK_TEXT(origin.city, "临汾市");
    CHECK_TEXT(origin.county, "隰县");
    CHECK_TEXT(origin.village, "北庄村");
    CHECK_TEXT(origin.short_name, "隰县·北庄村");
    CHECK_TEXT(places_origin_of(&arena, xixian).short_name, "山西·隰县");
    CHECK_TEXT(places_origin_of(&arena, xixian).village, "");
    CHECK_TEXT(places_origin_of(&arena, 140000000000).short_name, "山西");
    /* 市辖区 is nobody's city. */
    CHECK_TEXT(places_origin_of(&arena, 110101000000).city, "");
    CHECK_TEXT(places_origin_of(&arena, 110101000000).short_name, "北京·东城区");
    CHECK_TEXT(places_origin_of(&arena, 110100000000).short_name, "北京");
    struct places_origin none = places_origin_of(&arena, 990000000000);
    CHECK_TEXT(none.province, "");
    CHECK_TEXT(none.short_name, "");
    struct text_list names = places_names(&arena, 110101001000);
    CHECK_INT(names.count, 3);
    CHECK_TEXT(names.items[2], "东华门街道");
    arena_reset(&arena);
}

TEST("places: codes are read in their short and long forms") {
    int64_t code;
    CHECK(places_read_code(TEXT("14"), &code));
    CHECK_INT(code, 140000000000);
    CHECK(places_read_code(TEXT("141031"), &code));
    CHECK_INT(code, xixian);
    CHECK(places_read_code(TEXT("141031100203"), &code));
    CHECK_INT(code, 141031100203);
    const char *const wrong[] = {"",       "1",      "141", "14103", "1410311002031",
                                 "14a031", "-14103", " 14"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK(!places_read_code(text_of(wrong[i]), &code));
    CHECK_INT(places_last_code(xixian), 141031999999);
    CHECK_INT(places_last_code(140000000000), 149999999999);
    CHECK_INT(places_last_code(141031100203), 141031100203);
    CHECK_INT(places_last_code(0), 999999999999);
}

TEST("places: pasted addresses are read to the deepest place they name") {
    check_parse("张三 13812345678 山西省临汾市隰县龙泉镇上庄村12号", 141031100000, "上庄村12号");
    check_parse("山西 临汾 隰县 龙泉镇，鼓楼街 3 号", 141031100000, "，鼓楼街 3 号");
    check_parse("山西省隰县城南乡", 141031204000, "");
    check_parse("隰县午城镇川口村", 141031101000, "川口村");
    check_parse("北京市北京市东城区东华门街道某号", 110101001000, "某号");
    check_parse("北京市市辖区东城区东华门街道办事处", 110101001000, "");
    check_parse("北京东城区", 110101000000, "");
    check_parse("隰县", xixian, "");
    check_parse("没有地方", 0, "没有地方");
    check_parse("", 0, "");
    check_parse("a", 0, "a");
}

TEST("places: addresses of other provinces, short forms and look-alikes") {
    need_full_table();
    check_parse("重庆市石柱县黄水镇", 500240105000, "");
    check_parse("重庆重庆市万州区 高笋塘", 500101000000, " 高笋塘");
    check_parse("湖南省湘西州花垣县十八洞村", 433124000000, "十八洞村");
    check_parse("湖北省仙桃市", 429004000000, "");
    check_parse("广东省东莞市虎门镇金捷路1号", 441900121000, "金捷路1号");
    check_parse("东莞虎门镇", 441900121000, "");
    check_parse("吉林省吉林市昌邑区", 220202000000, "");
    check_parse("吉林市昌邑区", 220202000000, "");
    check_parse("广西南宁市青秀区", 450103000000, "");
    check_parse("广西自治区南宁市", 450100000000, "");
    check_parse("北京海淀中关村街道", 110108011000, "");
    check_parse("长沙县星沙街道开元路", 430121001000, "开元路");
    check_parse("上海市浦东新区南京路", 310115000000, "南京路");
    check_parse("收货人：李长春，电话 13900000000，地址：河北省张家口市张北县", 130722000000, "");
    check_parse("台湾省台北市大安区", 710101000000, "");
    CHECK(places_parse(TEXT("朝阳区建国路")).is_unsure);
    CHECK(!places_parse(TEXT("北京市朝阳区建国路")).is_unsure);
    CHECK(places_parse(TEXT("李长春")).is_unsure);
}

TEST("places: look-ups stay fast") {
    need_full_table();
    struct timespec since;
    struct place found[50];
    struct place place;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &since);
    for (int i = 0; i < 1000; i++) CHECK(places_find(141031100203, &place));
    int64_t find_us = elapsed_us(&since);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &since);
    for (int i = 0; i < 10; i++)
        places_by_name((struct places_search){TEXT("隰"), 0, 0, 50}, found);
    int64_t name_us = elapsed_us(&since);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &since);
    for (int i = 0; i < 10; i++)
        places_parse(
            TEXT("收货人：张三，电话 13900000000，地址：山西省临汾市隰县龙泉镇上庄村12号"));
    int64_t parse_us = elapsed_us(&since);
    printf("  a code %.2f us, a name %.2f ms, an address %.2f ms\n", (double)find_us / 1000.0,
           (double)name_us / 10000.0, (double)parse_us / 10000.0);
    /* Time of the processor, so that a busy machine does not count; wide, because sanitizers do. */
    CHECK(find_us < 100 * 1000 && name_us < 10 * 50000 && parse_us < 10 * 50000);
}

HOUSE_TEST("places: the doors list what is below a place, a page at a time") {
    struct house_reply reply = house_get(house, TEXT(""), "/api/places");
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_count(&reply, "items"), 20);
    CHECK_TEXT(house_text(&reply, "items.0.code"), "110000000000");
    CHECK_INT(house_int(&reply, "items.0.level"), PLACE_PROVINCE);
    CHECK(!house_has(&reply, "items.0.parent_code"));
    struct text next = house_text(&reply, "next");
    reply =
        house_get(house, TEXT(""), "/api/places?limit=50&after=%.*s", (int)next.length, next.bytes);
    CHECK_INT(house_count(&reply, "items"), 14);
    CHECK(!house_has(&reply, "next"));
    reply = house_get(house, TEXT(""), "/api/places?parent=141031&limit=50");
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_int(&reply, "items.0.level"), PLACE_TOWN);
    CHECK_TEXT(house_text(&reply, "items.0.parent_code"), "141031000000");
    reply = house_get(house, TEXT(""), "/api/places?q=%%E9%%9A%%B0&level=3");
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_count(&reply, "items"), 1);
    CHECK_TEXT(house_text(&reply, "items.0.name"), "隰县");
}

HOUSE_TEST("places: the door of one place shows those above it") {
    struct house_reply reply = house_get(house, TEXT(""), "/api/places/141031100203");
    HOUSE_STATUS(&reply, 200);
    CHECK_TEXT(house_text(&reply, "name"), "北庄村委会");
    CHECK_INT(house_count(&reply, "ancestors"), 4);
    CHECK_TEXT(house_text(&reply, "ancestors.0.name"), "山西省");
    CHECK_INT(house_int(&reply, "ancestors.3.level"), PLACE_TOWN);
}

HOUSE_TEST("places: the doors refuse codes that are none") {
    struct house_reply reply = house_get(house, TEXT(""), "/api/places/990000000000");
    HOUSE_PROBLEM(&reply, "not_found", NULL);
    reply = house_get(house, TEXT(""), "/api/places/abc");
    HOUSE_PROBLEM(&reply, "not_found", NULL);
    reply = house_get(house, TEXT(""), "/api/places?parent=abc");
    HOUSE_PROBLEM(&reply, "bad_input", "parent");
    reply = house_get(house, TEXT(""), "/api/places?parent=99");
    HOUSE_PROBLEM(&reply, "not_found", NULL);
    reply = house_get(house, TEXT(""), "/api/places?level=6&limit=51");
    HOUSE_PROBLEM(&reply, "bad_input", "level");
    HOUSE_PROBLEM(&reply, "bad_input", "limit");
    reply = house_get(house, TEXT(""), "/api/places?q=a&parent=14");
    HOUSE_PROBLEM(&reply, "bad_input", "q");
}

/* ---- what a permission covers ---- */

static struct places_reach reach_of(struct house *house, const struct grant *grants, size_t count,
                                    struct text place, refusal *ret_refused) {
    const struct principal who = {.person_id = 7, .grants = grants, .grant_count = count};
    struct request q = {.app = house->app, .arena = house->arena, .who = &who};
    struct places_reach reach = {{-1}, {-1}};
    *ret_refused = places_reach_of(&q, PERMISSION_review, place, &reach);
    return reach;
}

HOUSE_TEST("places: the reach of a permission is the ranges of its counties, or everywhere") {
    const struct grant two[] = {{PERMISSION_review, SCOPE_COUNTY, INT64_C(141031000000)},
                                {PERMISSION_sell, SCOPE_ALL, 0},
                                {PERMISSION_review, SCOPE_ORGANISATION, 5},
                                {PERMISSION_review, SCOPE_COUNTY, INT64_C(500000000000)}};
    const struct grant all[] = {two[0], {PERMISSION_review, SCOPE_ALL, 0}};
    const struct grant many[] = {two[0], two[0], two[0], two[0], two[0]};
    refusal refused;
    struct places_reach reach = reach_of(house, two, 4, TEXT(""), &refused);
    CHECK(!refused && reach.first[0] == INT64_C(141031000000) &&
          reach.last[0] == INT64_C(141031999999) && reach.last[1] == INT64_C(509999999999));
    CHECK(reach.first[2] > reach.last[2] && reach.first[3] > reach.last[3]);
    reach = reach_of(house, all, 2, TEXT(""), &refused);
    CHECK(!refused && reach.first[0] == 0 && reach.last[0] == INT64_C(999999999999));
    reach = reach_of(house, two, 4, TEXT("141031100"), &refused);
    CHECK(!refused && reach.first[0] == INT64_C(141031100000) && reach.first[1] > reach.last[1]);
    reach_of(house, two, 4, TEXT("14"), &refused);
    CHECK(refused && refused->kind == PROBLEM_NOT_FOUND);
    reach_of(house, two, 4, TEXT("x"), &refused);
    CHECK(refused && refused->kind == PROBLEM_NOT_FOUND);
    reach_of(house, many, 5, TEXT(""), &refused);
    CHECK(refused && refused->kind == PROBLEM_BAD_INPUT);
    reach = reach_of(house, two, 0, TEXT(""), &refused);
    CHECK(!refused && reach.first[0] > reach.last[0]);
}

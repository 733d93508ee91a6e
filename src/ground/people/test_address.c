#include "ground/people/inside.h"
#include "ground/places/places.h"
#include "support/house.h"

static const char a_draft[] = "{\"name\":\" 王小满 \",\"phone\":\"138 0013 8000\",\"place_code\":"
                              "\"141031000000\",\"street\":\"城南 3 号\\n二单元\"}";

static struct house_reply post(struct house *house, struct text token, const char *body) {
    return house_call(house, token, "POST", "/api/people/me/addresses", body);
}

static const char *target_of(struct house *house, struct text id) {
    return text_terminated(house->arena, text_format(house->arena, "/api/people/me/addresses/%.*s",
                                                     (int)id.length, id.bytes));
}

HOUSE_TEST("address book: what is kept comes back clean, with its places") {
    struct text token = house_person(house, "13800138000", NULL);
    struct house_reply made = post(house, token, a_draft);
    HOUSE_STATUS(&made, 201);
    struct house_reply list = house_get(house, token, "/api/people/me/addresses");
    CHECK_INT(house_count(&list, "items"), 1);
    CHECK_TEXT(house_text(&list, "items.0.name"), "王小满");
    CHECK_TEXT(house_text(&list, "items.0.phone"), "13800138000");
    CHECK_TEXT(house_text(&list, "items.0.place_names.0"), "山西省");
    CHECK_TEXT(house_text(&list, "items.0.place_names.2"), "隰县");
    CHECK_TEXT(house_text(&list, "items.0.street"), "城南 3 号 二单元");
    CHECK(house_bool(&list, "items.0.is_default"));
}

HOUSE_TEST("address book: there is always one default, and it moves") {
    struct text token = house_person(house, "13800138000", NULL);
    struct house_reply first = post(house, token, a_draft);
    CHECK(house_bool(&first, "is_default"));
    struct house_reply second = post(house, token, a_draft);
    CHECK(!house_bool(&second, "is_default"));
    struct house_reply third =
        post(house, token,
             "{\"name\":\"李\",\"phone\":\"13900139000\",\"place_code\":\"141031000000\","
             "\"street\":\"x\",\"is_default\":true}");
    CHECK(house_bool(&third, "is_default"));
    struct house_reply list = house_get(house, token, "/api/people/me/addresses");
    CHECK_TEXT(house_text(&list, "items.0.name"), "李");
    CHECK(!house_bool(&list, "items.1.is_default") && !house_bool(&list, "items.2.is_default"));
    /* The default does not go away by being told that it is none. */
    struct house_reply kept =
        house_call(house, token, "PUT", target_of(house, house_text(&third, "id")),
                   "{\"name\":\"李\",\"phone\":\"13900139000\",\"place_code\":\"141031000000\","
                   "\"street\":\"y\",\"is_default\":false}");
    HOUSE_STATUS(&kept, 200);
    CHECK(house_bool(&kept, "is_default"));
    struct house_reply gone =
        house_call(house, token, "DELETE", target_of(house, house_text(&third, "id")), NULL);
    HOUSE_STATUS(&gone, 204);
    list = house_get(house, token, "/api/people/me/addresses");
    CHECK_INT(house_count(&list, "items"), 2);
    CHECK(house_bool(&list, "items.0.is_default"));
    CHECK(text_equal(house_text(&list, "items.0.id"), house_text(&second, "id")));
    house_check_books(house);
}

HOUSE_TEST("address book: another's address is not there") {
    struct text mine = house_person(house, "13800138000", NULL);
    struct text other = house_person(house, "13900139000", NULL);
    struct house_reply made = post(house, mine, a_draft);
    const char *target = target_of(house, house_text(&made, "id"));
    struct house_reply put = house_call(house, other, "PUT", target, a_draft);
    HOUSE_PROBLEM(&put, "not_found", NULL);
    struct house_reply deleted = house_call(house, other, "DELETE", target, NULL);
    HOUSE_PROBLEM(&deleted, "not_found", NULL);
    struct house_reply nobody = house_call(house, TEXT(""), "DELETE", target, NULL);
    HOUSE_STATUS(&nobody, 401);
    struct house_reply none = house_get(house, other, "/api/people/me/addresses");
    CHECK_INT(house_count(&none, "items"), 0);
    struct house_reply still = house_get(house, mine, "/api/people/me/addresses");
    CHECK_INT(house_count(&still, "items"), 1);
    CHECK_TEXT(house_text(&still, "items.0.name"), "王小满");
}

HOUSE_TEST("address book: every fault of a draft is named at once") {
    struct text token = house_person(house, "13800138000", NULL);
    struct house_reply bad =
        post(house, token,
             "{\"name\":\"  \",\"phone\":\"0357-1234567\",\"place_code\":\"999999000000\","
             "\"street\":\" \"}");
    HOUSE_STATUS(&bad, 400);
    HOUSE_PROBLEM(&bad, "bad_input", "name");
    HOUSE_PROBLEM(&bad, "bad_input", "phone");
    HOUSE_PROBLEM(&bad, "bad_input", "place_code");
    HOUSE_PROBLEM(&bad, "bad_input", "street");
    struct house_reply coarse =
        post(house, token,
             "{\"name\":\"王\",\"phone\":\"13800138000\",\"place_code\":\"140000000000\","
             "\"street\":\"x\"}");
    HOUSE_PROBLEM(&coarse, "bad_input", "place_code");
    struct house_reply unknown = post(house, token, "{\"name\":\"王\",\"country\":\"CN\"}");
    HOUSE_PROBLEM(&unknown, "bad_input", "country");
    HOUSE_PROBLEM(&unknown, "bad_input", "street");
}

HOUSE_TEST("address book: it holds twenty, in one page and few statements") {
    struct text token = house_person(house, "13800138000", NULL);
    for (int i = 0; i < PEOPLE_ADDRESSES_MAX; i++) {
        struct house_reply made = post(house, token, a_draft);
        HOUSE_STATUS(&made, 201);
    }
    struct house_reply full = post(house, token, a_draft);
    HOUSE_PROBLEM(&full, "conflict", NULL);
    struct house_reply list = house_get(house, token, "/api/people/me/addresses");
    CHECK_INT(house_count(&list, "items"), 20);
    CHECK(!house_has(&list, "next"));
    CHECK_INT(list.road.statement_count, 2);
}

HOUSE_TEST("address book: the same key adds one address") {
    struct text token = house_person(house, "13800138000", NULL);
    struct road_call call = {.method = "POST",
                             .target = TEXT("/api/people/me/addresses"),
                             .body = text_of(a_draft),
                             .token = token,
                             .idempotency_key = TEXT("the-same-key")};
    struct house_reply once = house_send(house, &call);
    struct house_reply twice = house_send(house, &call);
    HOUSE_STATUS(&once, 201);
    HOUSE_STATUS(&twice, 201);
    CHECK(text_equal(once.body, twice.body));
    struct house_reply list = house_get(house, token, "/api/people/me/addresses");
    CHECK_INT(house_count(&list, "items"), 1);
}

struct wanted {
    int64_t person_id;
    int64_t address_id;
    struct people_address address;
};

static refusal find(struct request *q, void *context) {
    struct wanted *wanted = context;
    return people_address_of(q, wanted->person_id, wanted->address_id, &wanted->address);
}

HOUSE_TEST("address book: an order finds the default or the one named, of the buyer alone") {
    struct wanted wanted = {0}, other = {0};
    struct text token = house_person(house, "13800138000", &wanted.person_id);
    house_person(house, "13900139000", &other.person_id);
    refusal none = house_try(house, find, &wanted);
    CHECK(none && none->kind == PROBLEM_NOT_FOUND);
    struct house_reply made = post(house, token, a_draft);
    house_work(house, find, &wanted);
    CHECK_TEXT(wanted.address.name, "王小满");
    CHECK(text_to_int64(house_text(&made, "id"), &wanted.address_id));
    house_work(house, find, &wanted);
    CHECK(wanted.address.is_default);
    other.address_id = wanted.address_id;
    refusal stolen = house_try(house, find, &other);
    CHECK(stolen && stolen->kind == PROBLEM_NOT_FOUND);
}

/* ---- paste to parse ---- */

struct paste {
    const char *text;
    const char *name, *phone, *place_code, *street;
    const char *unsure; /* joined by a space */
};

static void check_paste(const struct paste *paste) {
    struct arena arena = {0};
    struct people_parsed parsed = people_address_parse(&arena, text_of(paste->text));
    struct buffer unsure = buffer_make(&arena, 100);
    for (size_t i = 0; i < parsed.unsure.count; i++) {
        if (i) buffer_add_char(&unsure, ' ');
        buffer_add_text(&unsure, parsed.unsure.items[i]);
    }
    CHECK_TEXT(parsed.name, paste->name);
    CHECK_TEXT(parsed.phone, paste->phone);
    CHECK_TEXT(parsed.place_code, paste->place_code);
    CHECK_TEXT(parsed.street, paste->street);
    CHECK_TEXT(buffer_text(&unsure), paste->unsure);
    arena_free(&arena);
}

TEST("paste: an address as people send it is taken apart") {
    static const struct paste pastes[] = {
        {"王小满 13800138000 山西省临汾市隰县城南乡上庄村12号", "王小满", "13800138000",
         "141031204000", "上庄村12号", ""},
        {"王小满，13800138000，山西省临汾市隰县，小西天路 12 号", "王小满", "13800138000",
         "141031000000", "小西天路 12 号", ""},
        {"收货人：王小满\n手机号码：138-0013-8000\n所在地区：山西省 临汾市 隰县 城南乡\n详细地址：上庄村12号",
         "王小满", "13800138000", "141031204000", "上庄村12号", ""},
        {"收件人: 王小满 电话: +86 13800138000 地址: 山西省临汾市隰县小西天路12号", "王小满",
         "13800138000", "141031000000", "小西天路12号", ""},
        {"王小满13800138000山西省临汾市隰县小西天路12号", "王小满", "13800138000", "141031000000",
         "小西天路12号", ""},
        {"山西省临汾市隰县小西天路12号 王小满 13800138000", "王小满", "13800138000", "141031000000",
         "小西天路12号", ""},
        {"山西省临汾市隰县小西天路12号，王小满（收），１３８００１３８０００", "王小满",
         "13800138000", "141031000000", "小西天路12号", ""},
        {"王小满女士 13800138000 山西隰县小西天路12号 041300", "王小满", "13800138000",
         "141031000000", "小西天路12号", ""},
        {"13800138000 山西省临汾市隰县小西天路12号", "", "13800138000", "141031000000",
         "小西天路12号", "name"},
        {"王小满 山西省临汾市隰县小西天路12号", "王小满", "", "141031000000", "小西天路12号",
         "phone"},
        {"王小满 13800138000 小西天路12号", "王小满", "13800138000", "", "小西天路12号",
         "place_code"},
        {"王小满 13800138000 山西省临汾市隰县", "王小满", "13800138000", "141031000000", "",
         "street"},
        {"你好", "你好", "", "", "", "place_code phone street"},
        {"Anna Li 13800138000 山西省临汾市隰县小西天路12号", "Anna", "13800138000", "141031000000",
         "小西天路12号 Li", "street"},
    };
    for (size_t i = 0; i < sizeof(pastes) / sizeof(pastes[0]); i++) check_paste(&pastes[i]);
}

TEST("paste: signs and digits as Chinese keyboards and table programs write them are plain") {
    static const struct paste pastes[] = {
        {"王小满　＋86－138－0013－8000\t山西省临汾市隰县\r小西天路１２号", "王小满", "13800138000",
         "141031000000", "小西天路12号", ""},
        {"王小满;13800138000；山西省临汾市隰县、小西天路12号。", "王小满", "13800138000",
         "141031000000", "小西天路12号", ""},
        {"王小满|138–0013–8000|山西省临汾市隰县|小西天路12号", "王小满", "13800138000",
         "141031000000", "小西天路12号", ""},
        {"王小满\u00a00086-13800138000\u00a0山西省临汾市隰县小西天路12号", "王小满", "13800138000",
         "141031000000", "小西天路12号", ""},
        {"王小满 8613800138000,山西省临汾市隰县小西天路12号,041300", "王小满", "13800138000",
         "141031000000", "小西天路12号", ""},
        {"地址：山西省临汾市隰县小西天路12号\n电话 13800138000\n姓名 王小满(收)", "王小满",
         "13800138000", "141031000000", "小西天路12号", ""},
    };
    for (size_t i = 0; i < sizeof(pastes) / sizeof(pastes[0]); i++) check_paste(&pastes[i]);
}

TEST("paste: a number that is no mobile number is left where it stands, and the phone is asked") {
    static const char *const numbers[] = {"913800138000", /* an order number that holds one */
                                          "138001380001", /* a digit too many */
                                          "1380013800",   /* one too few */
                                          "12800138000",  /* no mobile number begins so */
                                          "23800138000",    "+861380013800",
                                          "138 0013  8000", "0357-1234567"};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct arena arena = {0};
        struct people_parsed parsed = people_address_parse(
            &arena, text_format(&arena, "王小满 %s 山西省临汾市隰县小西天路12号", numbers[i]));
        CHECK_TEXT(parsed.name, "王小满");
        CHECK_TEXT(parsed.phone, "");
        CHECK_TEXT(parsed.place_code, "141031000000");
        CHECK_TEXT(parsed.unsure.items[0], "phone");
        arena_free(&arena);
    }
}

TEST("paste: what is no name is not taken for one, and what may be one is looked at") {
    static const struct paste pastes[] = {
        /* One character, and what a parcel is for without a name. */
        {"王 13800138000 山西省临汾市隰县小西天路12号", "", "13800138000", "141031000000",
         "小西天路12号 王", "name street"},
        {"收 13800138000 山西省临汾市隰县小西天路12号", "", "13800138000", "141031000000",
         "小西天路12号 收", "name street"},
        /* A shop beside the road, whose first word is a label elsewhere. */
        {"手机店旁边 王小满 13800138000 山西省临汾市隰县", "王小满", "13800138000", "141031000000",
         "手机店旁边", "street"},
        {"3号楼 王小满 13800138000 山西省临汾市隰县小西天路12号", "王小满", "13800138000",
         "141031000000", "小西天路12号 3号楼", "street"},
        /* Long names, names of other peoples, rare characters. */
        {"阿依古丽·买买提 13800138000 山西省临汾市隰县小西天路12号", "阿依古丽·买买提",
         "13800138000", "141031000000", "小西天路12号", "name"},
        {"㐂田 13800138000 山西省临汾市隰县小西天路12号", "㐂田", "13800138000", "141031000000",
         "小西天路12号", ""},
        {"Maximilianovich 13800138000 山西省临汾市隰县小西天路12号", "", "13800138000",
         "141031000000", "小西天路12号 Maximilianovich", "name street"},
        {"abcdef 13800138000 山西省临汾市隰县小西天路12号", "abcdef", "13800138000", "141031000000",
         "小西天路12号", "name"},
        /* Two names: the first is it, the other is kept. */
        {"王小满 李大山 13800138000 山西省临汾市隰县小西天路12号", "王小满", "13800138000",
         "141031000000", "小西天路12号 李大山", "street"},
    };
    for (size_t i = 0; i < sizeof(pastes) / sizeof(pastes[0]); i++) check_paste(&pastes[i]);
}

TEST("paste: a place that is too wide or may be another is doubtful; nothing is invented") {
    static const struct paste pastes[] = {
        {"王小满 13800138000 山西省小西天路12号", "王小满", "13800138000", "140000000000",
         "小西天路12号", "place_code"},
        {" ， ", "", "", "", "", "place_code name phone street"},
    };
    for (size_t i = 0; i < sizeof(pastes) / sizeof(pastes[0]); i++) check_paste(&pastes[i]);
    struct arena arena = {0};
    struct people_parsed parsed =
        people_address_parse(&arena, TEXT("王小满 13800138000 鼓楼区中山路1号"));
    CHECK_TEXT(parsed.unsure.items[0], "place_code"); /* four cities have one */
    arena_free(&arena);
}

HOUSE_TEST("paste: the door answers what was read and keeps nothing") {
    struct text token = house_person(house, "13800138000", NULL);
    struct house_reply parsed =
        house_call(house, token, "POST", "/api/address-parses",
                   "{\"text\":\"王小满 13800138000\\n山西省临汾市隰县小西天路12号\"}");
    HOUSE_STATUS(&parsed, 200);
    CHECK_TEXT(house_text(&parsed, "name"), "王小满");
    CHECK_TEXT(house_text(&parsed, "place_code"), "141031000000");
    CHECK_TEXT(house_text(&parsed, "place_names.2"), "隰县");
    CHECK_INT(house_count(&parsed, "unsure"), 0);
    struct house_reply nobody =
        house_call(house, TEXT(""), "POST", "/api/address-parses", "{\"text\":\"x\"}");
    HOUSE_STATUS(&nobody, 401);
    struct house_reply list = house_get(house, token, "/api/people/me/addresses");
    CHECK_INT(house_count(&list, "items"), 0);
}

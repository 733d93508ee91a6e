/* People of the demo: five log-ins with passwords, which are printed, and a crowd that logs in by
 * code. */
#include <stdio.h>

#include "demo/world.h"
#include "ground/people/people.h"

enum { CHOOSE_NAME = 31, PEOPLE_A_TRANSACTION = 2000 };

static const struct login {
    const char *phone;
    const char *password;
    const char *name;
    const char *role; /* NULL: everybody's */
    const char *zh;
} logins[] = {
    {"13800138001", "xiangji-guke-1", "周小满", NULL, "顾客"},
    {"13800138002", "xiangji-dianzhu-2", "李望田", "seller_keeper", "店主"},
    {"13800138003", "xiangji-yunying-3", "何明月", "operator", "运营"},
    {"13800138004", "xiangji-shenji-4", "沈守正", "auditor", "审计"},
    {"13800138005", "xiangji-xianli-5", "贺春生", "county_operator", "县里运营"},
};
enum { LOGINS = sizeof(logins) / sizeof(logins[0]), KEPT_SELLERS = 3, COUNTY_UNIT = 1000000 };

struct making {
    struct demo *demo;
    int64_t first; /* of the crowd, in this transaction */
};

refusal demo_make_logins(struct request *q, struct demo *demo) {
    for (size_t i = 0; i < LOGINS; i++) {
        int64_t person_id;
        TRY(people_make(q, text_of(logins[i].phone), text_of(logins[i].name),
                        text_of(logins[i].password), &person_id));
        TRY(people_agree_needed(q, person_id));
        if (!logins[i].role) {
            demo->shopper_id = person_id;
            TRY(people_make_session(q, person_id, &demo->shopper_token));
        } else if (text_is(TEXT("seller_keeper"), logins[i].role)) {
            for (size_t j = 0; j < KEPT_SELLERS && j < demo->world.sellers.count; j++)
                TRY(people_give_role(q, person_id, logins[i].role, SCOPE_ORGANISATION,
                                     demo->seller_ids[j]));
        } else if (text_is(TEXT("county_operator"), logins[i].role)) {
            /* The county of the first shop, so that there is something to see. */
            int64_t place_code = demo->world.sellers.items[0].place_code;
            TRY(people_give_role(q, person_id, logins[i].role, SCOPE_COUNTY,
                                 place_code / COUNTY_UNIT * COUNTY_UNIT));
        } else {
            TRY(people_give_role(q, person_id, logins[i].role, SCOPE_ALL, 0));
        }
    }
    /* The token outlives the transaction that made it. */
    demo->shopper_token = text_copy(demo->arena, demo->shopper_token);
    return NULL;
}

/* The shopper's address is put in as a shopper does it. */
static bool add_address(struct demo *demo, struct text token) {
    struct place town;
    struct road_reply reply;
    int64_t code = INT64_C(500103000000);
    if (places_children(code, 0, 1, &town) == 1) code = town.code;
    struct text body =
        text_format(demo->arena,
                    "{\"name\":\"周小满\",\"phone\":\"13800138001\",\"place_code\":\"%lld\","
                    "\"street\":\"民生路 18 号 3 单元 502\",\"is_default\":true}",
                    (long long)code);
    struct road_call call = {
        .method = "POST", .target = TEXT("/api/people/me/addresses"), .body = body, .token = token};
    road_perform(demo->app, demo->arena, &call, &reply);
    if (reply.status == 201) return true;
    fprintf(stderr, "xiangji demo: the address was refused: %.*s\n", (int)reply.body.length,
            reply.body.bytes);
    return false;
}

static struct text crowd_name(struct request *q, const struct demo *demo, int64_t number) {
    static const char *const families[] = {"王", "李", "张", "刘", "陈", "杨", "黄",
                                           "赵", "吴", "周", "徐", "孙", "马", "朱",
                                           "胡", "郭", "何", "高", "林", "罗"};
    static const char *const givens[] = {
        "春", "夏", "秋", "禾", "田", "山", "川", "林", "松", "柏", "桂", "兰", "梅", "荷", "月",
        "星", "云", "雨", "雪", "明", "华", "平", "安", "和", "勤", "朴", "实", "远", "志", "新"};
    enum {
        FAMILIES = sizeof(families) / sizeof(families[0]),
        GIVENS = sizeof(givens) / sizeof(givens[0])
    };
    uint64_t which = (uint64_t)number;
    return text_format(q->arena, "%s%s%s",
                       families[demo_choose(demo, CHOOSE_NAME, which, FAMILIES)],
                       givens[demo_choose(demo, CHOOSE_NAME + 1, which, GIVENS)],
                       givens[demo_choose(demo, CHOOSE_NAME + 2, which, GIVENS)]);
}

static refusal make_crowd(struct request *q, void *context) {
    struct making *making = context;
    struct demo *demo = making->demo;
    int64_t end = making->first + PEOPLE_A_TRANSACTION;
    if (end > demo->people) end = demo->people;
    for (int64_t i = making->first; i < end; i++) {
        int64_t person_id;
        struct text phone = text_format(q->arena, "%lld", (long long)(DEMO_FIRST_PHONE + i));
        TRY(people_make(q, phone, crowd_name(q, demo, i), TEXT(""), &person_id));
        demo->crowd_ids[i] = person_id;
    }
    return NULL;
}

bool demo_build_people(struct demo *demo) {
    struct making making = {.demo = demo};
    demo->crowd_ids = arena_new(demo->arena, int64_t, (size_t)demo->people + 1);
    if (!add_address(demo, demo->shopper_token)) return false;
    for (making.first = 0; making.first < demo->people; making.first += PEOPLE_A_TRANSACTION)
        if (!demo_work(demo, make_crowd, &making)) return false;
    printf("\n演示账号（手机号 / 密码）：\n");
    for (size_t i = 0; i < LOGINS; i++)
        printf("  %s  %s  %s\n", logins[i].zh, logins[i].phone, logins[i].password);
    if (demo->people)
        printf("  另有 %lld 人，手机号 %lld 起，用验证码登录\n", (long long)demo->people,
               (long long)DEMO_FIRST_PHONE);
    return true;
}

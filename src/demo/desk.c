/* What waits on the desks of the demo: two who want to sell, three listings to look at and one that
 * came back; and, where there were orders, what was wrong with a few of them. All of it goes
 * through the doors, as its people would do it. */
#include <stdio.h>

#include "demo/world.h"
#include "ground/people/people.h"

#define COUNTY_CODE INT64_C(141031000000) /* 隰县 */

/* Who acts, by phone; the keeper and the operator are the log-ins that are printed. */
enum actor { FARMER, BAKER, KEEPER, OPERATOR, COUNTY, ACTORS, BUYER = ACTORS, SEATS };
static const struct {
    const char *phone;
    const char *name;
    const char *password; /* "": by code */
} people[ACTORS] = {
    [FARMER] = {"13800138011", "马春田", ""},
    [BAKER] = {"13800138012", "高秀兰", ""},
    [KEEPER] = {"13800138002", "李望田", "xiangji-dianzhu-2"},
    [OPERATOR] = {"13800138003", "何明月", "xiangji-yunying-3"},
    [COUNTY] = {"13800138005", "贺春生", "xiangji-xianli-5"},
};

struct desk {
    struct demo *demo;
    struct text tokens[SEATS]; /* the buyer is another each time */
    bool failed;
};

static refusal enter(struct request *q, void *context) {
    struct desk *desk = context;
    for (size_t i = 0; i < ACTORS; i++) {
        int64_t person_id;
        TRY(people_make(q, text_of(people[i].phone), text_of(people[i].name),
                        text_of(people[i].password), &person_id));
        TRY(people_make_session(q, person_id, &desk->tokens[i]));
        desk->tokens[i] = text_copy(desk->demo->arena, desk->tokens[i]);
        if (i == COUNTY)
            TRY(people_give_role(q, person_id, "county_operator", SCOPE_COUNTY, COUNTY_CODE));
    }
    return NULL;
}

/* One request as its person would send it; the first one that is refused is told, and what follows
 * is left out. */
static struct text act(struct desk *desk, enum actor who, const char *method, struct text target,
                       struct text body) {
    struct road_reply reply = {0};
    const struct shape_pair header = {TEXT("Content-Type"), TEXT("text/csv")};
    bool is_sheet = text_starts(target, TEXT("/api/imports?"));
    struct road_call call = {.method = method,
                             .target = target,
                             .body = body,
                             .token = desk->tokens[who],
                             .headers = is_sheet ? &header : NULL,
                             .header_count = is_sheet};
    if (desk->failed) return TEXT("");
    road_perform(desk->demo->app, desk->demo->arena, &call, &reply);
    desk->failed = reply.status / 100 != 2;
    if (desk->failed)
        fprintf(stderr, "xiangji demo: %.*s was refused: %.*s\n", (int)target.length, target.bytes,
                (int)reply.body.length, reply.body.bytes);
    return reply.body;
}

/* The id that a reply begins with: {"id":"17",... */
static struct text id_of(struct text reply) {
    size_t from = text_find(reply, TEXT("\"id\":\""), 0);
    if (from == SIZE_MAX) return TEXT("0");
    from += 6;
    return text_slice(reply, from, text_find(reply, TEXT("\""), from));
}

static void act_on(struct desk *desk, enum actor who, const char *collection, struct text id,
                   const char *what, const char *body) {
    act(desk, who, "POST",
        text_format(desk->demo->arena, "/api/%s/%.*s/%s", collection, (int)id.length, id.bytes,
                    what),
        text_of(body));
}

/* What an officer says of what lies there now: WORDS begins the object. */
static void judge(struct desk *desk, enum actor who, const char *collection, struct text id,
                  const char *what, const char *words) {
    struct arena *arena = desk->demo->arena;
    struct text read =
        act(desk, who, "GET",
            text_format(arena, "/api/%s/%.*s", collection, (int)id.length, id.bytes), TEXT(""));
    size_t at = text_find(read, TEXT("\"submitted_at\":"), 0);
    if (at == SIZE_MAX) return;
    struct text moment = text_slice(read, at, text_find(read, TEXT("Z\""), at) + 2);
    struct text body = text_format(arena, "{%s,%.*s}", words, (int)moment.length, moment.bytes);
    act_on(desk, who, collection, id, what, text_terminated(arena, body));
}

/* ---- who wants to sell ---- */

static struct text apply(struct desk *desk, enum actor who, const char *words) {
    struct place town = {0}, village = {0};
    struct arena *arena = desk->demo->arena;
    int64_t code = COUNTY_CODE;
    if (places_children(code, 0, 1, &town) == 1) code = town.code;
    if (places_children(code, 0, 1, &village) == 1) code = village.code;
    struct text body = text_format(
        arena, "{%s,\"place_code\":\"%lld\",\"contact_name\":\"%s\",\"contact_phone\":\"%s\"}",
        words, (long long)code, people[who].name, people[who].phone);
    struct text id = id_of(act(desk, who, "POST", TEXT("/api/seller-applications"), body));
    act_on(desk, who, "seller-applications", id, "submissions", "");
    return id;
}

static void build_applications(struct desk *desk) {
    apply(desk, FARMER,
          "\"kind\":\"household\",\"name\":\"马春田家的梨和小米\","
          "\"summary\":\"两口子种了六亩梨、三亩谷子，都是自家地里的。\","
          "\"goods_text\":\"玉露香梨、小米、核桃\",\"declared\":true,\"documents\":["
          "{\"kind\":\"identity\",\"address\":\"/img/p-1f474-1f3fb.webp\"},"
          "{\"kind\":\"product_photo\",\"address\":\"/img/pear.webp\"}]");
    struct text id = apply(desk, BAKER,
                           "\"kind\":\"workshop\",\"name\":\"秀兰布老虎\","
                           "\"summary\":\"跟婆婆学的手艺，做了二十年布老虎和虎头鞋。\","
                           "\"goods_text\":\"布老虎、虎头鞋\",\"declared\":true,\"documents\":["
                           "{\"kind\":\"identity\",\"address\":\"/img/p-1f475-1f3fb.webp\"},"
                           "{\"kind\":\"product_photo\",\"address\":\"/img/brocade.webp\"}]");
    judge(desk, COUNTY, "seller-applications", id, "recommendations",
          "\"agreed\":true,\"words\":\"去家里看过，手艺是真的，推荐。\"");
}

/* ---- what wants to be listed ---- */

struct wanted {
    size_t seller;        /* of the world; the keeper keeps the first three */
    const char *category; /* its code */
    int64_t place_code;
    const char *words; /* the rest of the draft */
};

static struct text list(struct desk *desk, const struct wanted *wanted) {
    struct demo *demo = desk->demo;
    size_t category = 0;
    while (category + 1 < demo->world.categories.count &&
           !text_is(demo->world.categories.items[category].code, wanted->category))
        category++;
    struct text body = text_format(
        demo->arena,
        "{\"goods\":{\"seller_id\":\"%lld\",\"category_id\":\"%lld\",\"place_code\":\"%lld\",%s}}",
        (long long)demo->seller_ids[wanted->seller], (long long)demo->category_ids[category],
        (long long)wanted->place_code, wanted->words);
    struct text id = id_of(act(desk, KEEPER, "POST", TEXT("/api/listings"), body));
    act_on(desk, KEEPER, "listings", id, "submissions", "");
    return id;
}

/* The first goods of the keeper's shop gets another title and a longer story. */
static void change_first(struct desk *desk) {
    struct demo *demo = desk->demo;
    size_t first = 0;
    while (first + 1 < demo->world.goods.count &&
           !text_equal(demo->world.goods.items[first].seller, demo->world.sellers.items[0].code))
        first++;
    long long goods_id = (long long)demo->goods_ids[first];
    struct text draft = act(desk, KEEPER, "GET",
                            text_format(demo->arena, "/api/goods/%lld/draft", goods_id), TEXT(""));
    size_t title = text_find(draft, TEXT("\"title\":\""), 0);
    size_t story = text_find(draft, TEXT("\"story\":\""), 0);
    if (title == SIZE_MAX || story == SIZE_MAX || title > story) return;
    title += 9;
    story += 9;
    struct text body = text_format(
        demo->arena,
        "{\"goods_id\":\"%lld\",\"goods\":%.*s头茬 %.*s今年天旱，果子小一圈，味道更甜。%.*s}",
        goods_id, (int)title, draft.bytes, (int)(story - title), draft.bytes + title,
        (int)(draft.length - story), draft.bytes + story);
    struct text id = id_of(act(desk, KEEPER, "POST", TEXT("/api/listings"), body));
    act_on(desk, KEEPER, "listings", id, "submissions", "");
}

static void build_listings(struct desk *desk) {
    list(desk, &(struct wanted){0, "syrup", INT64_C(141031102210),
                                "\"title\":\"上庄村秋梨膏\",\"summary\":\"三十斤梨熬一斤膏\","
                                "\"story\":\"霜降前后熬，只放梨和老冰糖。\",\"pictures\":["
                                "\"/img/pear-syrup.webp\",\"/img/pear-syrup-2.webp\"],"
                                "\"facts\":[{\"name\":\"生产许可证\","
                                "\"value\":\"SC11464010500015（演示）\"}],\"piece_name\":\"瓶\","
                                "\"skus\":[{\"options\":[{\"name\":\"规格\",\"value\":\"1 瓶\"}],"
                                "\"price_fen\":5800,\"net\":{\"amount\":\"500\",\"unit\":\"克\"},"
                                "\"weight_g\":900,\"stock_count\":60,"
                                "\"return_policy\":\"opened_void\"}]"});
    change_first(desk);
    list(desk,
         &(struct wanted){1, "fresh-vegetable", INT64_C(232701000000),
                          "\"title\":\"全村最甜的黑土地胡萝卜\",\"summary\":\"现拔现发\","
                          "\"pictures\":[\"/img/radish-basket.webp\"],\"piece_name\":\"袋\","
                          "\"skus\":[{\"options\":[{\"name\":\"买多少\",\"value\":\"10 斤\"}],"
                          "\"price_fen\":2990,\"net\":{\"amount\":\"10\",\"unit\":\"斤\"},"
                          "\"weight_g\":5300,\"stock_count\":100,"
                          "\"return_policy\":\"fresh\"}]"});
    struct text id = list(
        desk, &(struct wanted){2, "bean-nut", INT64_C(500229219201),
                               "\"title\":\"岚溪村高山土豆\",\"pictures\":["
                               "\"/img/potato-sack.webp\"],\"piece_name\":\"袋\",\"skus\":["
                               "{\"options\":[{\"name\":\"买多少\",\"value\":\"20 斤\"}],"
                               "\"price_fen\":4600,\"net\":{\"amount\":\"20\",\"unit\":\"斤\"},"
                               "\"weight_g\":10300,\"stock_count\":50,"
                               "\"return_policy\":\"fresh\"}]"});
    judge(desk, OPERATOR, "listings", id, "decisions",
          "\"agreed\":false,\"words\":\"分类放错了，土豆请放到蔬菜里，再发一次就行。\"");
}

/* ---- sheets ---- */

#define SHEET_HEAD                                                                                 \
    "货号,商品名称,分类,产地,计件名,规格名,规格值,价格(元),净含量,单位,毛重(克),退换,库存,图片\r\n"
#define SHEET_ROW(code, title, category, jin, yuan, picture)                                       \
    code "," title "," category ",141031102210,袋,买多少," jin " 斤," yuan "," jin                 \
         ",斤,2600,七天无理由,40,/img/" picture ".webp\r\n"

static void send_sheet(struct desk *desk, const char *mode, struct text sheet) {
    act(desk, KEEPER, "POST",
        text_format(desk->demo->arena, "/api/imports?kind=goods&seller=%lld&mode=%s",
                    (long long)desk->demo->seller_ids[0], mode),
        sheet);
}

static void take_along(struct desk *desk, enum actor who, const char *what, const char *filters) {
    act(desk, who, "POST", TEXT("/api/exports"),
        text_format(desk->demo->arena, "{\"what\":\"%s\",\"format\":\"xlsx\",\"filters\":[%s]}",
                    what, filters));
}

/* One sheet that was taken as a whole, one with two rows that cannot be taken, and a sheet among
 * the downloads of the keeper and of the operator. The jobs of the server do the work on them in
 * the first second that it serves. */
static void build_sheets(struct desk *desk) {
    const char *own =
        text_terminated(desk->demo->arena,
                        text_format(desk->demo->arena, "{\"name\":\"seller\",\"value\":\"%lld\"}",
                                    (long long)desk->demo->seller_ids[0]));
    send_sheet(desk, "all_or_nothing",
               TEXT(SHEET_HEAD SHEET_ROW("SZ-01", "上庄村薄皮核桃", "坚果", "2", "36.00", "walnut")
                        SHEET_ROW("SZ-01", "上庄村薄皮核桃", "坚果", "5", "85.00", "walnut")));
    send_sheet(
        desk, "dry_run",
        TEXT(SHEET_HEAD SHEET_ROW("SZ-02", "上庄村红小豆", "豆子花生", "3", "28.80", "bean")
                 SHEET_ROW("SZ-03", "上庄村带壳花生", "豆子花生", "4", "二十八", "peanut")
                     SHEET_ROW("SZ-04", "上庄村干辣椒", "干椒", "1", "19.90", "dried-chili")
                         SHEET_ROW("SZ-05", "上庄村黄花菜", "笋干干菜", "1", "42.00", "daylily")));
    take_along(desk, KEEPER, "goods", own);
    take_along(desk, OPERATOR, "orders",
               "{\"name\":\"desk\",\"value\":\"all\"},{\"name\":\"state\",\"value\":\"paid\"}");
}

bool demo_build_desk(struct demo *demo) {
    struct desk desk = {.demo = demo};
    if (!demo_work(demo, enter, &desk)) return false;
    demo->keeper_token = desk.tokens[KEEPER];
    build_applications(&desk);
    build_listings(&desk);
    build_sheets(&desk);
    return !desk.failed;
}

/* ---- what was wrong with orders ---- */

/* Takes the newest order that arrived and was not taken yet, of the shops of the demo's keeper or
 * of another; 0 when there is none. Its buyer acts next. */
static long long take_arrived(struct desk *desk, bool is_keepers) {
    struct demo *demo = desk->demo;
    for (size_t i = demo->arrived_count; i-- > 0;) {
        struct demo_arrived *arrived = &demo->arrived[i];
        if (arrived->order_id == 0 || (arrived->seller < 3) != is_keepers) continue;
        long long order_id = (long long)arrived->order_id;
        arrived->order_id = 0;
        desk->tokens[BUYER] = arrived->buyer_token;
        return order_id;
    }
    return 0;
}

static struct text open_case(struct desk *desk, long long order_id, const char *words) {
    return id_of(act(desk, BUYER, "POST", TEXT("/api/cases"),
                     text_format(desk->demo->arena,
                                 "{\"order_id\":\"%lld\",%s,\"lines\":[{\"line_no\":1,"
                                 "\"count\":1}]}",
                                 order_id, words)));
}

static void complain(struct desk *desk, long long order_id, const char *words) {
    act(desk, BUYER, "POST", TEXT("/api/complaints"),
        text_format(desk->demo->arena,
                    "{\"subject\":\"order\",\"subject_id\":\"%lld\",\"words\":\"%s\"}", order_id,
                    words));
}

static void refuse_invoice(struct desk *desk, long long order_id) {
    struct text id = id_of(act(desk, BUYER, "POST", TEXT("/api/invoices"),
                               text_format(desk->demo->arena,
                                           "{\"order_id\":\"%lld\",\"type\":\"personal\","
                                           "\"title\":\"示范小学\"}",
                                           order_id)));
    act_on(desk, KEEPER, "invoices", id, "refusals",
           "{\"reason\":\"data_wrong\",\"words\":\"学校要按单位开，请写全称，填上税号。\"}");
}

bool demo_build_cases(struct demo *demo) {
    struct desk desk = {.demo = demo};
    desk.tokens[KEEPER] = demo->keeper_token;
    if (demo->called_off_id)
        act_on(&desk, KEEPER, "orders",
               text_format(demo->arena, "%lld", (long long)demo->called_off_id), "refunds",
               "{\"reason\":\"连着下雨，这两天摘不了，先把钱退给您\"}");
    long long order_id = take_arrived(&desk, true);
    if (order_id) {
        struct text id = open_case(&desk, order_id,
                                   "\"kind\":\"money\",\"reason\":\"quality\","
                                   "\"words\":\"下面一层压坏了好几个，吃着也不甜\"");
        act_on(&desk, KEEPER, "cases", id, "answers",
               "{\"choice\":\"refuse\",\"words\":\"发货前都挑过的，箱子也没破\"}");
        act_on(&desk, BUYER, "cases", id, "replies",
               "{\"choice\":\"appeal\",\"words\":\"开箱就是这样，请平台看一看\"}");
    }
    order_id = take_arrived(&desk, true);
    if (order_id)
        open_case(&desk, order_id,
                  "\"kind\":\"money\",\"reason\":\"damaged\",\"words\":\"有一袋漏了，别的都好\"");
    order_id = take_arrived(&desk, true);
    if (order_id)
        act(&desk, BUYER, "POST", TEXT("/api/invoices"),
            text_format(demo->arena,
                        "{\"order_id\":\"%lld\",\"type\":\"company\","
                        "\"title\":\"渝中区示范单位食堂\",\"tax_number\":\"91350100M000100Y43\"}",
                        order_id));
    order_id = take_arrived(&desk, true);
    if (order_id) refuse_invoice(&desk, order_id);
    order_id = take_arrived(&desk, true);
    if (order_id) complain(&desk, order_id, "电话打了三次都没人接，想问问什么时候补发");
    order_id = take_arrived(&desk, false);
    if (order_id) complain(&desk, order_id, "页面写的是五斤装，收到称了只有四斤二两");
    return !desk.failed;
}

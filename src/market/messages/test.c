/* Messages: who gets which, once, in whose words, and how long. */
#include "market/messages/messages.h"

#include <stdio.h>
#include <string.h>

#include "ground/jobs/jobs.h"
#include "ground/people/people.h"
#include "market/messages/inside.h"
#include "support/cast.h"

struct scene {
    struct house *house;
    struct cast cast;
    struct cast_person buyer;
    struct cast_person keeper;
    struct cast_person county;
    struct cast_person manager; /* an operator */
    struct text order_id;
};

#define words(...) cast_words(&scene->cast, __VA_ARGS__)

static void open_scene(struct house *house, struct scene *ret_scene) {
    ret_scene->house = house;
    cast_open(house, &ret_scene->cast);
    ret_scene->buyer = cast_person(&ret_scene->cast, CAST_BUYER);
    ret_scene->keeper = cast_person(&ret_scene->cast, CAST_KEEPER);
    ret_scene->county = cast_person(&ret_scene->cast, CAST_COUNTY_OPERATOR);
    ret_scene->manager = cast_person(&ret_scene->cast, CAST_OPERATOR);
}

static struct house_reply send_to(struct scene *scene, const struct cast_person *person,
                                  const char *target, const char *body) {
    struct house_reply reply = house_call(scene->house, person->token, "POST", target, body);
    if (reply.status / 100 != 2)
        test_fail(__FILE__, __LINE__, "%s: %d %.*s", target, reply.status, (int)reply.body.length,
                  reply.body.bytes ? reply.body.bytes : "");
    return reply;
}

static const char *order_at(struct scene *scene, const char *what) {
    return words("/api/orders/%.*s%s", (int)scene->order_id.length, scene->order_id.bytes, what);
}

static void buy(struct scene *scene) {
    struct house_reply placed =
        market_order(scene->house, scene->buyer.token, scene->cast.home.sku_five, 1);
    scene->order_id = house_text(&placed, "orders.0.id");
    market_pay(scene->house, &placed);
}

static void ship(struct scene *scene) {
    send_to(scene, &scene->keeper, order_at(scene, "/shipment"),
            "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}");
}

static struct house_reply inbox(struct scene *scene, const struct cast_person *person,
                                const char *query) {
    house_run_jobs(scene->house);
    const struct road_call call = {.method = "GET",
                                   .target = text_of(words("/api/messages%s", query)),
                                   .token = person->token};
    struct house_reply reply = house_send(scene->house, &call);
    HOUSE_STATUS(&reply, 200);
    return reply;
}

static int64_t count_of(struct scene *scene, const struct cast_person *person) {
    struct house_reply reply = inbox(scene, person, "?limit=50");
    return (int64_t)house_count(&reply, "items");
}

/* The newest message of PERSON is of KIND, about ABOUT_ID (may be empty), and says SAID. */
static struct house_reply expect(struct scene *scene, const struct cast_person *person,
                                 const char *kind, struct text about_id, const char *said) {
    struct house_reply reply = inbox(scene, person, "");
    CHECK_TEXT(house_text(&reply, "items.0.kind"), kind);
    if (about_id.length) CHECK(text_equal(house_text(&reply, "items.0.about_id"), about_id));
    struct text text = house_text(&reply, "items.0.words");
    if (text_find(text, text_of(said), 0) == SIZE_MAX)
        test_fail(__FILE__, __LINE__, "%s says %.*s", kind, (int)text.length, text.bytes);
    CHECK(text_find(text, TEXT("{"), 0) == SIZE_MAX);
    return reply;
}

/* ---- orders ---- */

HOUSE_TEST("messages: a parcel that left is told to its buyer, once, and leads to the order") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene);
    CHECK_INT(count_of(&scene, &scene.buyer), 0); /* who paid knows */
    ship(&scene);
    struct house_reply list =
        expect(&scene, &scene.buyer, "order_shipped", scene.order_id, "“隰县玉露香梨”已经从");
    CHECK_INT(house_count(&list, "items"), 1);
    CHECK_INT(house_int(&list, "unread_count"), 1);
    CHECK_TEXT(house_text(&list, "items.0.about"), "order");
    CHECK(text_equal(house_text(&list, "items.0.order_id"), scene.order_id));
    CHECK(!house_has(&list, "items.0.read_at"));
    CHECK_INT(count_of(&scene, &scene.keeper), 0);
    CHECK_INT(count_of(&scene, &scene.manager), 0);
    house_check_books(house);
}

HOUSE_TEST("messages: what a shop gives back, and what it calls off, are two kinds") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene);
    send_to(&scene, &scene.keeper, order_at(&scene, "/refunds"),
            "{\"amount_fen\":150,\"reason\":\"坏了一个\"}");
    struct house_reply list =
        expect(&scene, &scene.buyer, "order_refunded", scene.order_id, "退了 1.50 元");
    CHECK_TEXT(house_text(&list, "items.0.title"), "退您 1.50 元");
    buy(&scene);
    send_to(&scene, &scene.keeper, order_at(&scene, "/refunds"), "{\"reason\":\"摘不下来了\"}");
    expect(&scene, &scene.buyer, "order_cancelled", scene.order_id, "没有寄出，57.90 元");
    buy(&scene);
    ship(&scene);
    send_to(&scene, &scene.keeper, order_at(&scene, "/refunds"), "{\"reason\":\"路上丢了\"}");
    expect(&scene, &scene.buyer, "order_refunded", scene.order_id, "退了 57.90 元");
    CHECK_INT(count_of(&scene, &scene.buyer), 4);
    house_check_books(house);
}

/* ---- cases ---- */

static struct text open_case(struct scene *scene, const char *kind) {
    buy(scene);
    ship(scene);
    send_to(scene, &scene->buyer, order_at(scene, "/receipt"), NULL);
    struct house_reply made =
        send_to(scene, &scene->buyer, "/api/cases",
                words("{\"order_id\":\"%.*s\",\"kind\":\"%s\",\"reason\":\"quality\","
                      "\"lines\":[{\"line_no\":1,\"count\":1}]}",
                      (int)scene->order_id.length, scene->order_id.bytes, kind));
    return house_text(&made, "id");
}

static void step(struct scene *scene, const struct cast_person *person, struct text case_id,
                 const char *what, const char *body) {
    send_to(scene, person, words("/api/cases/%.*s/%s", (int)case_id.length, case_id.bytes, what),
            body);
}

HOUSE_TEST("messages: of a case its answers, its decision and its money, each once") {
    struct scene scene;
    open_scene(house, &scene);
    struct text id = open_case(&scene, "money");
    step(&scene, &scene.keeper, id, "answers",
         "{\"choice\":\"offer\",\"amount_fen\":1200,\"words\":\"只有几个\"}");
    struct house_reply list =
        expect(&scene, &scene.buyer, "case_answered", id, "愿意退 12.00 元，等您答复。");
    CHECK_TEXT(house_text(&list, "items.0.about"), "case");
    step(&scene, &scene.buyer, id, "replies", "{\"choice\":\"accept\"}");
    expect(&scene, &scene.buyer, "case_refunded", id, "退 12.00 元");
    id = open_case(&scene, "money");
    step(&scene, &scene.keeper, id, "answers", "{\"choice\":\"refuse\",\"words\":\"是好的\"}");
    expect(&scene, &scene.buyer, "case_answered", id, "没有同意");
    step(&scene, &scene.buyer, id, "replies", "{\"choice\":\"appeal\"}");
    CHECK_INT(count_of(&scene, &scene.buyer), 5); /* of which two parcels */
    step(&scene, &scene.county, id, "decisions",
         "{\"amount_fen\":0,\"bearer\":\"buyer\",\"words\":\"看不出来坏\"}");
    expect(&scene, &scene.buyer, "case_decided", id, "平台判定不退款");
    /* Who gives a case up knows. */
    id = open_case(&scene, "money");
    step(&scene, &scene.buyer, id, "withdrawal", NULL);
    CHECK_INT(count_of(&scene, &scene.buyer), 7);
    CHECK_INT(count_of(&scene, &scene.keeper), 0);
    house_check_books(house);
}

HOUSE_TEST("messages: a decision says what goes back; goods to be sent back are asked for") {
    struct scene scene;
    open_scene(house, &scene);
    struct text id = open_case(&scene, "money");
    step(&scene, &scene.keeper, id, "answers", "{\"choice\":\"refuse\",\"words\":\"是好的\"}");
    step(&scene, &scene.buyer, id, "replies", "{\"choice\":\"appeal\"}");
    step(&scene, &scene.county, id, "decisions",
         "{\"amount_fen\":500,\"bearer\":\"seller\",\"words\":\"退五元钱\"}");
    expect(&scene, &scene.buyer, "case_decided", id, "平台判定退 5.00 元");
    id = open_case(&scene, "return");
    step(&scene, &scene.keeper, id, "answers",
         "{\"choice\":\"agree\",\"return_to\":\"李望田 13900000001 隰县上庄村 8 号\"}");
    struct house_reply list =
        expect(&scene, &scene.buyer, "case_answered", id, "请按售后里写的地址寄回");
    CHECK(text_find(list.body, TEXT("13900000001"), 0) == SIZE_MAX);
    CHECK(text_find(list.body, TEXT("上庄村 8 号"), 0) == SIZE_MAX);
}

HOUSE_TEST("messages: an answered complaint and an invoice that is issued or refused are told") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene);
    ship(&scene);
    send_to(&scene, &scene.buyer, order_at(&scene, "/receipt"), NULL);
    struct house_reply made =
        send_to(&scene, &scene.buyer, "/api/complaints",
                cast_words(&scene.cast,
                           "{\"subject\":\"order\",\"subject_id\":\"%.*s\",\"words\":\"寄得太慢\"}",
                           (int)scene.order_id.length, scene.order_id.bytes));
    struct text id = house_text(&made, "id");
    send_to(&scene, &scene.county,
            cast_words(&scene.cast, "/api/complaints/%.*s/answers", (int)id.length, id.bytes),
            "{\"words\":\"已经催过了\"}");
    expect(&scene, &scene.buyer, "complaint_answered", id, "工作人员已经答复");
    made = send_to(&scene, &scene.buyer, "/api/invoices",
                   cast_words(&scene.cast,
                              "{\"order_id\":\"%.*s\",\"type\":\"personal\",\"title\":\"刘敏\"}",
                              (int)scene.order_id.length, scene.order_id.bytes));
    id = house_text(&made, "id");
    send_to(&scene, &scene.keeper,
            cast_words(&scene.cast, "/api/invoices/%.*s/papers", (int)id.length, id.bytes),
            "{\"invoice_number\":\"26142000000012345678\"}");
    struct house_reply list = expect(&scene, &scene.buyer, "invoice_issued", id, "开了发票");
    CHECK(text_equal(house_text(&list, "items.0.order_id"), scene.order_id));
    CHECK(text_find(list.body, TEXT("刘敏"), 0) == SIZE_MAX);
    buy(&scene);
    ship(&scene);
    send_to(&scene, &scene.buyer, order_at(&scene, "/receipt"), NULL);
    made = send_to(&scene, &scene.buyer, "/api/invoices",
                   cast_words(&scene.cast,
                              "{\"order_id\":\"%.*s\",\"type\":\"personal\",\"title\":\"刘敏\"}",
                              (int)scene.order_id.length, scene.order_id.bytes));
    id = house_text(&made, "id");
    send_to(&scene, &scene.keeper,
            cast_words(&scene.cast, "/api/invoices/%.*s/refusals", (int)id.length, id.bytes),
            "{\"reason\":\"data_wrong\",\"words\":\"刘敏的税号不对\"}");
    list = expect(&scene, &scene.buyer, "invoice_refused", id, "怎么办都写在发票页上");
    CHECK(text_find(list.body, TEXT("刘敏"), 0) == SIZE_MAX);
}

/* ---- sellers ---- */

static struct text list_goods(struct scene *scene) {
    struct house_reply all = house_get(scene->house, TEXT(""), "/api/categories");
    struct text category = house_text(&all, "items.0.id");
    struct house_reply made =
        send_to(scene, &scene->keeper, "/api/listings",
                words("{\"goods\":{\"seller_id\":\"%lld\",\"category_id\":\"%.*s\","
                      "\"place_code\":\"141031100203\",\"title\":\"隰县小米\","
                      "\"pictures\":[\"/img/millet.webp\"],\"piece_name\":\"袋\",\"skus\":["
                      "{\"price_fen\":3900,\"net\":{\"amount\":\"5\",\"unit\":\"斤\"},"
                      "\"weight_g\":2600,\"stock_count\":7,\"return_policy\":\"seven_days\"}]}}",
                      (long long)scene->cast.home.seller_id, (int)category.length, category.bytes));
    return house_text(&made, "id");
}

static void post_listing(struct scene *scene, const struct cast_person *person, struct text id,
                         const char *what, const char *body) {
    const char *target = words("/api/listings/%.*s", (int)id.length, id.bytes);
    if (body) body = house_opinion(scene->house, scene->manager.token, target, body);
    send_to(scene, person, words("%s/%s", target, what), body);
}

HOUSE_TEST("messages: who sent a listing in hears why it came back, and that it is on sale") {
    struct scene scene;
    open_scene(house, &scene);
    struct text id = list_goods(&scene);
    post_listing(&scene, &scene.keeper, id, "submissions", NULL);
    post_listing(&scene, &scene.manager, id, "decisions",
                 "{\"agreed\":false,\"words\":\"图片看不清，打 13900000088 问我。\"}");
    struct house_reply list = expect(&scene, &scene.keeper, "listing_refused", id,
                                     "没有通过：图片看不清，打 *** 问我。改好");
    CHECK_TEXT(house_text(&list, "items.0.seller_id"),
               cast_words(&scene.cast, "%lld", (long long)scene.cast.home.seller_id));
    post_listing(&scene, &scene.keeper, id, "submissions", NULL);
    post_listing(&scene, &scene.manager, id, "decisions", "{\"agreed\":true}");
    expect(&scene, &scene.keeper, "listing_listed", id, "“隰县小米”审核通过");
    CHECK_INT(count_of(&scene, &scene.keeper), 2);
    CHECK_INT(count_of(&scene, &scene.buyer), 0);
}

static struct text apply(struct scene *scene, const struct cast_person *person) {
    struct house_reply made =
        send_to(scene, person, "/api/seller-applications",
                "{\"kind\":\"household\",\"name\":\"老李家的梨\",\"place_code\":\"141031100203\","
                "\"goods_text\":\"玉露香梨\",\"contact_name\":\"李望田\","
                "\"contact_phone\":\"13900000021\",\"declared\":true,"
                "\"documents\":[{\"kind\":\"identity\",\"address\":\"/img/pear.webp\"}]}");
    return house_text(&made, "id");
}

static void post_application(struct scene *scene, const struct cast_person *person, struct text id,
                             const char *what, const char *body) {
    const char *target = words("/api/seller-applications/%.*s", (int)id.length, id.bytes);
    if (body) body = house_opinion(scene->house, scene->manager.token, target, body);
    send_to(scene, person, words("%s/%s", target, what), body);
}

HOUSE_TEST("messages: who applies hears each word of the county and of the platform") {
    struct scene scene;
    open_scene(house, &scene);
    struct text id = apply(&scene, &scene.buyer);
    post_application(&scene, &scene.buyer, id, "submissions", NULL);
    post_application(&scene, &scene.county, id, "recommendations",
                     "{\"agreed\":false,\"words\":\"照片不清楚\"}");
    expect(&scene, &scene.buyer, "application_refused", id, "没有通过：照片不清楚。补好");
    post_application(&scene, &scene.buyer, id, "submissions", NULL);
    post_application(&scene, &scene.county, id, "recommendations", "{\"agreed\":true}");
    expect(&scene, &scene.buyer, "application_recommended", id, "“老李家的梨”");
    post_application(&scene, &scene.manager, id, "decisions", "{\"agreed\":true}");
    struct house_reply list =
        expect(&scene, &scene.buyer, "application_accepted", id, "“老李家的梨”的申请通过了");
    CHECK_INT(house_count(&list, "items"), 3);
}

/* ---- the inbox ---- */

HOUSE_TEST("messages: pages go by key, reading counts down, another's are not found") {
    struct scene scene;
    open_scene(house, &scene);
    for (int i = 0; i < 3; i++) {
        buy(&scene);
        ship(&scene);
    }
    struct house_reply page = inbox(&scene, &scene.buyer, "?limit=2");
    CHECK_INT(house_count(&page, "items"), 2);
    CHECK_INT(house_int(&page, "unread_count"), 3);
    struct text next = house_text(&page, "next");
    struct text newest = house_text(&page, "items.0.id");
    const char *read =
        cast_words(&scene.cast, "/api/messages/%.*s/reads", (int)newest.length, newest.bytes);
    struct house_reply rest =
        inbox(&scene, &scene.buyer,
              cast_words(&scene.cast, "?limit=2&after=%.*s", (int)next.length, next.bytes));
    CHECK_INT(house_count(&rest, "items"), 1);
    CHECK(!house_has(&rest, "next"));
    struct house_reply foreign = house_call(house, scene.keeper.token, "POST", read, NULL);
    HOUSE_PROBLEM(&foreign, "not_found", "id");
    struct house_reply said = send_to(&scene, &scene.buyer, read, NULL);
    CHECK_INT(house_int(&said, "unread_count"), 2);
    page = inbox(&scene, &scene.buyer, "");
    struct text read_at = house_text(&page, "items.0.read_at");
    house_advance(house, HOUR_MS);
    send_to(&scene, &scene.buyer, read, NULL);
    page = inbox(&scene, &scene.buyer, "");
    CHECK(text_equal(house_text(&page, "items.0.read_at"), read_at));
    page = inbox(&scene, &scene.buyer, "?unread=true");
    CHECK_INT(house_count(&page, "items"), 2);
    struct text shown = house_text(&page, "items.0.id");
    buy(&scene);
    ship(&scene);
    house_run_jobs(house);
    said =
        send_to(&scene, &scene.buyer, "/api/messages/reads",
                cast_words(&scene.cast, "{\"through\":\"%.*s\"}", (int)shown.length, shown.bytes));
    CHECK_INT(house_int(&said, "unread_count"), 1); /* the one that came meanwhile */
    struct house_reply nobody = house_get(house, TEXT(""), "/api/messages");
    HOUSE_PROBLEM(&nobody, "login_needed", NULL);
}

HOUSE_TEST("messages: both languages were written; the reader's is shown") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene);
    ship(&scene);
    house_run_jobs(house);
    const struct road_call call = {.method = "GET",
                                   .target = TEXT("/api/messages"),
                                   .token = scene.buyer.token,
                                   .english = true};
    struct house_reply reply = house_send(house, &call);
    CHECK_TEXT(house_text(&reply, "items.0.title"), "Your order is on its way");
    CHECK(text_find(house_text(&reply, "items.0.words"), TEXT("has sent “隰县玉露香梨”"), 0) !=
          SIZE_MAX);
}

HOUSE_TEST("messages: no message holds a receiver, a phone, an address or a parcel's number") {
    struct scene scene;
    open_scene(house, &scene);
    struct text id = open_case(&scene, "money");
    step(&scene, &scene.keeper, id, "answers",
         "{\"choice\":\"refuse\",\"words\":\"打 13900000001 找我\"}");
    struct house_reply list = inbox(&scene, &scene.buyer, "");
    static const char *const never[] = {"刘敏", "平阳路", "77312004", "139", "138"};
    for (size_t i = 0; i < house_count(&list, "items"); i++)
        for (size_t j = 0; j < sizeof(never) / sizeof(never[0]); j++) {
            char path[40];
            snprintf(path, sizeof(path), "items.%zu.words", i);
            CHECK(text_find(house_text(&list, path), text_of(never[j]), 0) == SIZE_MAX);
        }
}

/* ---- once ---- */

static refusal write_again(struct request *q, void *context) {
    const struct messages_event *event = context;
    struct buffer json = buffer_make(q->arena, 4000);
    shape_write_json(&messages_event_shape, &json, event);
    return messages_write(q, 4711, buffer_text(&json));
}

HOUSE_TEST("messages: an event that is delivered twice writes one, and that one stays as it was") {
    struct scene scene;
    open_scene(house, &scene);
    struct messages_event event = {.kind = MESSAGES_COMPLAINT_ANSWERED,
                                   .person_id = scene.buyer.id,
                                   .about = MESSAGES_OF_COMPLAINT,
                                   .about_id = 7,
                                   .shop = TEXT("上庄村"),
                                   .at = {house->now_ms}};
    house_work(house, write_again, &event);
    event.shop = TEXT("别的村");
    house_work(house, write_again, &event);
    struct house_reply list =
        expect(&scene, &scene.buyer, "complaint_answered", TEXT("7"), "关于上庄村的投诉");
    CHECK_INT(house_count(&list, "items"), 1);
    CHECK(!house_has(&list, "items.0.order_id"));
}

static refusal tell_and_refuse(struct request *q, void *context) {
    struct messages_event *event = context;
    TRY(messages_tell(q, event));
    return refuse(q, CONFLICT, "", "反悔了", "undone");
}

static refusal tell_late(struct request *q, void *context) {
    q->now = instant_after(q->now, -(MESSAGES_NEWS_DAYS + 1) * (int64_t)DAY_MS);
    return messages_tell(q, context);
}

HOUSE_TEST("messages: what was undone tells nobody, and neither does history") {
    struct scene scene;
    open_scene(house, &scene);
    struct messages_event event = {.kind = MESSAGES_COMPLAINT_ANSWERED,
                                   .person_id = scene.buyer.id,
                                   .about = MESSAGES_OF_COMPLAINT,
                                   .about_id = 7,
                                   .shop = TEXT("上庄村")};
    CHECK(house_try(house, tell_and_refuse, &event) != NULL);
    house_work(house, tell_late, &event);
    CHECK_INT(count_of(&scene, &scene.buyer), 0);
}

/* ---- the words ---- */

#define WORDS(is_on, title, words)                                                                 \
    "{\"is_on\":" is_on ",\"title\":\"" title "\",\"words\":\"" words                              \
    "\",\"title_en\":\"Sent\",\"words_en\":\"{goods} was sent\"}"

static struct house_reply put_words(struct scene *scene, const struct cast_person *person,
                                    const char *kind, const char *body) {
    return house_call(scene->house, person->token, "PUT", words("/api/message-words/%s", kind),
                      body);
}

HOUSE_TEST("messages: an operator says it otherwise, and goes back; what was said stays") {
    struct scene scene;
    open_scene(house, &scene);
    struct house_reply list = house_get(house, scene.manager.token, "/api/message-words");
    HOUSE_STATUS(&list, 200);
    CHECK_INT(house_count(&list, "items"), MESSAGES_KIND_COUNT);
    CHECK_TEXT(house_text(&list, "items.0.kind"), "order_shipped");
    CHECK_TEXT(house_text(&list, "items.0.placeholders.0.name"), "goods");
    struct text before = house_text(&list, "items.0.words");
    struct house_reply put = put_words(&scene, &scene.manager, "order_shipped",
                                       WORDS("true", "寄出啦", "{shop}的{goods}上路了 {x"));
    HOUSE_PROBLEM(&put, "bad_input", "words");
    put = put_words(&scene, &scene.manager, "order_shipped",
                    WORDS("true", "寄出啦", "{shop}的{goods}上路了"));
    HOUSE_STATUS(&put, 200);
    CHECK(house_has(&put, "changed_at"));
    buy(&scene);
    ship(&scene);
    expect(&scene, &scene.buyer, "order_shipped", scene.order_id, "隰县玉露香梨上路了");
    struct house_reply back =
        house_call(house, scene.manager.token, "DELETE", "/api/message-words/order_shipped", NULL);
    HOUSE_STATUS(&back, 200);
    CHECK(text_equal(house_text(&back, "words"), before));
    CHECK(!house_has(&back, "changed_at"));
    expect(&scene, &scene.buyer, "order_shipped", scene.order_id, "隰县玉露香梨上路了");
    struct cast_person auditor = cast_person(&scene.cast, CAST_AUDITOR);
    struct house_reply trail =
        house_get(house, auditor.token, "/api/audit?action=messages.change_words");
    CHECK_INT(house_count(&trail, "items"), 1);
    CHECK(text_find(house_text(&trail, "items.0.was"), TEXT("您买的东西寄出了"), 0) != SIZE_MAX);
    CHECK(text_find(house_text(&trail, "items.0.became"), TEXT("寄出啦"), 0) != SIZE_MAX);
    house_check_books(house);
}

HOUSE_TEST("messages: unknown names and texts that are too long are refused by their field") {
    struct scene scene;
    open_scene(house, &scene);
    char body[4000];
    struct buffer longer = buffer_make(house->arena, 4000);
    /* A name of another kind is none here. */
    struct house_reply put =
        put_words(&scene, &scene.manager, "order_shipped", WORDS("true", "退 {sum}", "{reason}"));
    HOUSE_PROBLEM(&put, "bad_input", "title");
    HOUSE_PROBLEM(&put, "bad_input", "words");
    for (int i = 0; i <= MESSAGES_WORDS_MAX; i++) buffer_add_literal(&longer, "梨");
    snprintf(body, sizeof(body),
             "{\"is_on\":true,\"title\":\"\",\"words\":\"%.*s\",\"title_en\":\"a\","
             "\"words_en\":\"{phone}\"}",
             (int)longer.length, longer.bytes);
    put = put_words(&scene, &scene.manager, "order_shipped", body);
    HOUSE_PROBLEM(&put, "bad_input", "title");
    HOUSE_PROBLEM(&put, "bad_input", "words");
    put = put_words(&scene, &scene.manager, "nothing", WORDS("true", "a", "b"));
    HOUSE_PROBLEM(&put, "not_found", "kind");
    put = put_words(&scene, &scene.county, "order_shipped", WORDS("true", "a", "b"));
    HOUSE_PROBLEM(&put, "not_found", NULL);
    put = put_words(&scene, &scene.keeper, "order_shipped", WORDS("true", "a", "b"));
    HOUSE_PROBLEM(&put, "not_allowed", NULL);
}

HOUSE_TEST("messages: a kind that is switched off writes nothing until it is on again") {
    struct scene scene;
    open_scene(house, &scene);
    struct house_reply put =
        put_words(&scene, &scene.manager, "order_shipped", WORDS("false", "寄出", "{goods}"));
    HOUSE_STATUS(&put, 200);
    buy(&scene);
    ship(&scene);
    CHECK_INT(count_of(&scene, &scene.buyer), 0);
    put = put_words(&scene, &scene.manager, "order_shipped", WORDS("true", "寄出", "{goods}"));
    HOUSE_STATUS(&put, 200);
    CHECK_INT(count_of(&scene, &scene.buyer), 0);
    buy(&scene);
    ship(&scene);
    CHECK_INT(count_of(&scene, &scene.buyer), 1);
}

TEST("messages: names are filled in by one pass, and every kind comes with words that fit") {
    struct arena arena = {0};
    struct messages_values values = {0};
    struct text wrong;
    values.of[MESSAGES_GOODS] = TEXT("{sum} 梨");
    values.of[MESSAGES_SUM] = TEXT("1.00");
    CHECK_TEXT(messages_fill(&arena, TEXT("{goods}、{sum}、{x}、{"), &values),
               "{sum} 梨、1.00、{x}、{");
    CHECK(messages_fits(MESSAGES_ORDER_REFUNDED, TEXT("{goods} {sum} }"), &wrong));
    CHECK(!messages_fits(MESSAGES_ORDER_SHIPPED, TEXT("{goods} {sum} {x}"), &wrong));
    CHECK_TEXT(wrong, "{sum}");
    CHECK(!messages_fits(MESSAGES_ORDER_SHIPPED, TEXT("{goods"), &wrong));
    CHECK_TEXT(wrong, "{goods");
    arena_free(&arena);
}

static refusal read_all(struct request *q, void *context) {
    struct messages_template template;
    struct text wrong;
    (void)context;
    for (unsigned i = 0; i < MESSAGES_KIND_COUNT; i++) {
        enum messages_kind kind = (enum messages_kind)i;
        TRY(messages_template_of(q, kind, &template));
        CHECK(messages_fits(kind, template.title, &wrong));
        CHECK(messages_fits(kind, template.words, &wrong));
        CHECK(messages_fits(kind, template.title_en, &wrong));
        CHECK(messages_fits(kind, template.words_en, &wrong));
        CHECK(text_characters(template.title) <= MESSAGES_TITLE_MAX);
        CHECK(text_characters(template.words) <= MESSAGES_WORDS_MAX);
        CHECK(text_characters(template.title_en) <= 2 * MESSAGES_TITLE_MAX);
        CHECK(text_characters(template.words_en) <= 2 * MESSAGES_WORDS_MAX);
    }
    return NULL;
}

HOUSE_TEST("messages: what the house comes with could be written by an operator") {
    house_work(house, read_all, NULL);
}

static refusal spoil(struct request *q, void *context) {
    (void)context;
    return db_run(q->db,
                  SQL("", "UPDATE messages_template SET words = '{phone}'"
                          " WHERE kind = 'order_shipped'"),
                  NO_PARAMS, NULL);
}

HOUSE_TEST("messages: the check finds words that cannot be filled in") {
    struct scene scene;
    open_scene(house, &scene);
    struct house_reply put =
        put_words(&scene, &scene.manager, "order_shipped", WORDS("true", "寄出", "{goods}"));
    HOUSE_STATUS(&put, 200);
    CHECK_INT(house_book_faults(house), 0);
    house_work(house, spoil, NULL);
    CHECK_INT(house_book_faults(house), 1);
}

/* ---- going ---- */

HOUSE_TEST("messages: kept for 180 days, then swept, in portions") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene);
    ship(&scene);
    CHECK_INT(count_of(&scene, &scene.buyer), 1);
    house_advance(house, (MESSAGES_KEPT_DAYS - 1) * (int64_t)DAY_MS);
    scene.buyer.token = house_person(house, scene.buyer.phone.bytes, NULL);
    CHECK_INT(count_of(&scene, &scene.buyer), 1);
    house_advance(house, DAY_MS + HOUR_MS);
    CHECK_INT(count_of(&scene, &scene.buyer), 0);
    house_check_books(house);
}

static refusal count_rows(struct request *q, void *context) {
    return db_int(q->db, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM messages_message"),
                  NO_PARAMS, context, NULL);
}

HOUSE_TEST("messages: gone with the account; what was on its way is not written") {
    struct scene scene;
    int64_t count = -1;
    open_scene(house, &scene);
    struct cast_person leaving = cast_newcomer(&scene.cast);
    struct text id = apply(&scene, &leaving);
    post_application(&scene, &leaving, id, "submissions", NULL);
    post_application(&scene, &scene.county, id, "recommendations",
                     "{\"agreed\":false,\"words\":\"照片不清楚\"}");
    CHECK_INT(count_of(&scene, &leaving), 1);
    struct text code = cast_code(&scene.cast, &leaving, "closure");
    post_application(&scene, &leaving, id, "submissions", NULL);
    post_application(&scene, &scene.county, id, "recommendations", "{\"agreed\":true}");
    struct house_reply closed =
        house_call(house, leaving.token, "POST", "/api/people/me/closure",
                   cast_words(&scene.cast, "{\"code\":\"%.*s\"}", (int)code.length, code.bytes));
    HOUSE_STATUS(&closed, 204);
    house_run_jobs(house);
    house_work(house, count_rows, &count);
    CHECK_INT(count, 0);
}

HOUSE_TEST("messages: a backup that is put back forgets them again") {
    struct scene scene;
    struct text error;
    int64_t count = -1;
    open_scene(house, &scene);
    buy(&scene);
    ship(&scene);
    CHECK_INT(count_of(&scene, &scene.buyer), 1);
    const char *path = cast_words(&scene.cast, "%s/stones", house->folder);
    FILE *file = fopen(path, "we");
    CHECK(file != NULL);
    fprintf(file, "closed %lld %lld\n", (long long)house->now_ms, (long long)scene.buyer.id);
    CHECK(fclose(file) == 0);
    CHECK(people_forget_again(house->app, house->arena, path, &count, &error));
    CHECK_INT(count, 1);
    house_work(house, count_rows, &count);
    CHECK_INT(count, 0);
}

HOUSE_TEST("messages: they are part of the copy of one's own data") {
    struct scene scene;
    open_scene(house, &scene);
    buy(&scene);
    ship(&scene);
    house_run_jobs(house);
    struct house_reply asked = send_to(&scene, &scene.buyer, "/api/people/me/exports", NULL);
    struct text id = house_text(&asked, "id");
    house_run_jobs(house);
    struct house_reply file = send_to(
        &scene, &scene.buyer,
        cast_words(&scene.cast, "/api/people/me/exports/%.*s/download", (int)id.length, id.bytes),
        NULL);
    struct text content = house_text(&file, "content");
    CHECK(text_find(content, TEXT("\"messages\":[{\"title\":\"您买的东西寄出了\""), 0) != SIZE_MAX);
}

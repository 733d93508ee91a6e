/* Bad input: one answer that lists every fault by field; nothing that is refused leaves a trace;
 * nothing that only reads changes anything. Through the road; heads and bodies that the server must
 * refuse itself go through its socket. That other people's ids are not there is in matrix.c. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "ground/people/people.h"
#include "kernel/base/limits.h"
#include "support/dump.h"
#include "support/outside.h"
#include "support/schema.h"
#include "support/story.h"
#include "support/wrong.h"

static const char *const methods[] = {
    [GET] = "GET", [POST] = "POST", [PUT] = "PUT", [DELETE] = "DELETE"};

struct everyman {
    struct cast cast;
    struct cast_person person;
};

static refusal give_all(struct request *q, void *context) {
    const struct everyman *everyman = context;
    TRY(people_give_role(q, everyman->person.id, "operator", SCOPE_ALL, 0));
    TRY(people_give_role(q, everyman->person.id, "auditor", SCOPE_ALL, 0));
    return people_give_role(q, everyman->person.id, "seller_keeper", SCOPE_ORGANISATION,
                            everyman->cast.home.seller_id);
}

/* A person who may do everything, so that only the input can be wrong. */
static void make_everyman(struct house *house, struct everyman *ret_everyman) {
    cast_open(house, &ret_everyman->cast);
    ret_everyman->person = cast_person(&ret_everyman->cast, CAST_BUYER);
    house_work(house, give_all, ret_everyman);
}

/* "/api/goods/{id}/sale" -> "/api/goods/17/sale" */
static const char *some_target(struct house *house, const struct route *route) {
    struct buffer target = buffer_make(house->arena, 200);
    for (const char *c = route->address; *c; c++) {
        if (*c != '{') {
            buffer_add_char(&target, *c);
            continue;
        }
        buffer_add_literal(&target, "17");
        c = strchr(c, '}');
    }
    return text_terminated(house->arena, buffer_text(&target));
}

static void each_route(void (*look)(const struct everyman *everyman, const struct route *route),
                       const struct everyman *everyman) {
    size_t room_count;
    const struct room *const *rooms = rooms_all(&room_count);
    for (size_t i = 0; i < room_count; i++)
        for (size_t j = 0; j < rooms[i]->route_count; j++) look(everyman, &rooms[i]->routes[j]);
}

/* ---- every fault, by field ---- */

static void break_bodies(const struct everyman *everyman, const struct route *route) {
    struct house *house = everyman->cast.house;
    const char *target = some_target(house, route);
    for (unsigned way = 0; route->body && way < WRONG_WAYS; way++) {
        struct wrong wrong;
        wrong_body(house->arena, route->body, (enum wrong_way)way, &wrong);
        if (wrong.name_count == 0) continue;
        struct house_reply reply = house_call(house, everyman->person.token, methods[route->method],
                                              target, text_terminated(house->arena, wrong.words));
        wrong_check(&wrong, route->address, &reply);
    }
}

HOUSE_TEST("bad input: one answer names every fault of a body, for every route and field") {
    struct everyman everyman;
    make_everyman(house, &everyman);
    struct text before = dump_make(house);
    each_route(break_bodies, &everyman);
    CHECK_TEXT(dump_changes(house->arena, before, dump_make(house)), "");
}

static void break_queries(const struct everyman *everyman, const struct route *route) {
    static const struct shape nothing = {"nothing", 1, NULL, 0};
    const struct shape *shape = route->query ? route->query : &nothing;
    struct house *house = everyman->cast.house;
    for (unsigned way = 0; way < WRONG_WAYS; way++) {
        struct wrong wrong;
        wrong_query(house->arena, shape, (enum wrong_way)way, &wrong);
        if (wrong.name_count == 0 || route->method != GET) continue;
        struct house_reply reply =
            house_get(house, everyman->person.token, "%s?%.*s", some_target(house, route),
                      (int)wrong.words.length, wrong.words.bytes);
        wrong_check(&wrong, route->address, &reply);
    }
}

HOUSE_TEST("bad input: one answer names every fault of a query, for every route and parameter") {
    struct everyman everyman;
    make_everyman(house, &everyman);
    each_route(break_queries, &everyman);
    struct house_reply reply =
        house_get(house, everyman.person.token, "/api/goods?limit=1&limit=2&sort=&no=1&limit=3");
    HOUSE_PROBLEM(&reply, "bad_input", "limit");
    HOUSE_PROBLEM(&reply, "bad_input", "no");
    CHECK_INT(house_count(&reply, "faults"), 3);
}

HOUSE_TEST("bad input: body, query and key are told together, in Chinese and in English") {
    struct everyman everyman;
    make_everyman(house, &everyman);
    const struct road_call call = {.method = "PUT",
                                   .target = TEXT("/api/banners?x=1"),
                                   .body = TEXT("{\"banners\":[{\"title\":\"\"}],\"y\":2}"),
                                   .token = everyman.person.token,
                                   .idempotency_key = TEXT("short")};
    struct house_reply reply = house_send(house, &call);
    static const char *const names[] = {
        "x", "y", "banners[0].title", "banners[0].picture", "banners[0].link", "Idempotency-Key"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        HOUSE_PROBLEM(&reply, "bad_input", names[i]);
    CHECK_INT(house_count(&reply, "faults"), 6);
    CHECK_TEXT(house_text(&reply, "title"), "填的内容有不对的地方");
    CHECK_TEXT(house_text(&reply, "faults.0.detail"), "没有这一项");
}

/* ---- what is no JSON ---- */

HOUSE_TEST("bad input: what is not one sound JSON text is refused as a whole") {
    static const struct text bodies[] = {
        TEXT("{"),
        TEXT("}"),
        TEXT("{\"lines\":[}"),
        TEXT("{\"lines\":[],}"),
        TEXT("{'lines':[]}"),
        TEXT("{lines:[]}"),
        TEXT("{\"lines\":[]} {}"),
        TEXT("{\"lines\":[]}x"),
        TEXT("nul"),
        TEXT("\xEF\xBB\xBF{}"),
        TEXT("{\"note\":\"\xff\"}"),
        TEXT("{\"note\":\"\xC0\xAF\"}"),
        TEXT("{\"note\":\"\xED\xA0\x80\"}"),
        TEXT("{\"note\":\"\\ud800\"}"),
        TEXT("{\"note\":\"\\u0000\"}"),
        {"{\"note\":\"a\0b\"}", 14},
        {"{}\0", 3},
        TEXT("{\"note\":\"a\nb\"}"),
        TEXT("{\"note\":1,\"note\":2}"),
        TEXT("{\"lines\":[{\"count\":1,\"count\":1}]}"),
        TEXT("{\"expected_total_fen\":99999999999999999999}"),
        TEXT("{\"expected_total_fen\":1e999}"),
        TEXT("{\"expected_total_fen\":01}"),
        TEXT("{\"expected_total_fen\":+1}"),
        TEXT("{\"expected_total_fen\":NaN}"),
        TEXT("{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}"),
    };
    struct everyman everyman;
    make_everyman(house, &everyman);
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        const struct road_call call = {.method = "POST",
                                       .target = TEXT("/api/orders"),
                                       .body = bodies[i],
                                       .token = everyman.person.token,
                                       .english = true};
        struct house_reply reply = house_send(house, &call);
        if (reply.status != 400 || !text_is(house_text(&reply, "code"), "bad_request"))
            test_fail(__FILE__, __LINE__, "%.*s: %d %.*s", (int)bodies[i].length, bodies[i].bytes,
                      reply.status, (int)reply.body.length, reply.body.bytes);
        CHECK(text_is_utf8(reply.body));
    }
    static const char *const not_objects[] = {"[]", "null", "7", "\"x\"", "true"};
    for (size_t i = 0; i < sizeof(not_objects) / sizeof(not_objects[0]); i++) {
        struct house_reply reply =
            house_call(house, everyman.person.token, "POST", "/api/orders", not_objects[i]);
        HOUSE_PROBLEM(&reply, "bad_input", "");
    }
    const struct shape_pair type = {TEXT("Content-Type"), TEXT("text/plain")};
    const struct road_call plain = {.method = "POST",
                                    .target = TEXT("/api/orders"),
                                    .body = TEXT("{}"),
                                    .token = everyman.person.token,
                                    .headers = &type,
                                    .header_count = 1};
    struct house_reply reply = house_send(house, &plain);
    HOUSE_PROBLEM(&reply, "wrong_type", "Content-Type");
    reply = house_call(house, everyman.person.token, "POST", "/api/orders/17/receipt", "{\"x\":1}");
    HOUSE_PROBLEM(&reply, "bad_request", "");
}

/* A body of LIMIT_BODY_BYTES that holds as many of PIECE as go in. */
static struct text full_of(struct house *house, const char *begin, const char *piece,
                           const char *end) {
    struct buffer body = buffer_make(house->arena, LIMIT_BODY_BYTES);
    buffer_add_text(&body, text_of(begin));
    while (body.length + strlen(piece) + strlen(end) + 1 < LIMIT_BODY_BYTES) {
        if (body.length > strlen(begin)) buffer_add_char(&body, ',');
        buffer_add_text(&body, text_of(piece));
    }
    buffer_add_text(&body, text_of(end));
    CHECK(!body.overflowed);
    return buffer_text(&body);
}

HOUSE_TEST(
    "bad input: a body as large as may be, full of small values, costs its sender an answer") {
    static const char *const pieces[] = {"{}", "[]", "\"\"", "1", "[[]]", "{\"a\":{}}"};
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        const struct road_call call = {.method = "POST",
                                       .target = TEXT("/api/quotes"),
                                       .body = full_of(house, "{\"lines\":[", pieces[i], "]}"),
                                       .english = true};
        struct house_reply reply = house_send(house, &call);
        HOUSE_PROBLEM(&reply, "bad_request", "");
    }
    struct buffer names = buffer_make(house->arena, LIMIT_BODY_BYTES);
    for (int i = 0; i < 9000; i++) buffer_add_format(&names, "%s\"价格%d\":{}", i ? "," : "{", i);
    buffer_add_char(&names, '}');
    const struct road_call many = {
        .method = "POST", .target = TEXT("/api/quotes"), .body = buffer_text(&names)};
    struct house_reply reply = house_send(house, &many);
    HOUSE_PROBLEM(&reply, "bad_input", "价格0");
    CHECK_INT(house_count(&reply, "faults"), LIMIT_FAULTS);
}

/* ---- targets ---- */

HOUSE_TEST("bad input: an address that can be read in two ways is refused") {
    static const char *const targets[] = {
        "/api/goods/%00",
        "/api/goods?q=%00",
        "/api/goods/%2F1",
        "/api/goods/%2e%2e/1",
        "/api/goods/..",
        "/api/./goods",
        "/api/goods?q=%FF",
        "/api/goods?q=%C0%AF",
        "/api/goods/%",
        "/api/goods/%2",
        "/api/goods/%zz",
        "/api/goods?q=%ED%A0%80",
        "/api/goods?q=a b",
        "/api/goods?q=\x01",
        "/api/goods?q=\xff",
        "/api/goods/%5C",
        "/api/goods/1%0d%0a",
        "http://a/api/goods",
        "api/goods",
        "*",
        "/api/goods#x",
        "/api/goods?q=\"x\"",
        "/api/goods/\\..\\1",
        "",
        "/api/goods?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t&u&v&w&x&y",
    };
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct house_reply reply = house_call(house, TEXT(""), "GET", targets[i], NULL);
        if (reply.status != 400 || !text_is(house_text(&reply, "code"), "bad_request"))
            test_fail(__FILE__, __LINE__, "%s: %d", targets[i], reply.status);
    }
    static const char *const nowhere[] = {"/api/goods/0",  "/api/goods/-1",   "/api/goods/01",
                                          "/api/goods/x",  "/api//goods",     "/api/goods/",
                                          "/api/goods/1/", "/api/GOODS",      "/api/orders/1e3",
                                          "/api",          "/api/goods/1;x=2"};
    for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
        struct house_reply reply = house_call(house, TEXT(""), "GET", nowhere[i], NULL);
        HOUSE_PROBLEM(&reply, "not_found", NULL);
    }
    struct text longest = full_of(house, "/api/goods?q=", "x", "");
    const struct road_call call = {.method = "GET", .target = text_slice(longest, 0, 1025)};
    struct house_reply reply = house_send(house, &call);
    HOUSE_PROBLEM(&reply, "bad_request", NULL);
}

HOUSE_TEST("bad input: a name that the client made up comes back whole or cut between characters") {
    struct house_reply reply =
        house_call(house, TEXT(""), "POST", "/api/quotes",
                   "{\"x价格价格价格价格价格价格价格价格价格价格价格价格价格价格\":1}");
    CHECK(text_is_utf8(reply.body));
    HOUSE_PROBLEM(&reply, "bad_input", "x价格价格价格价格价格价格价格价格价格价");
    reply = house_get(house, TEXT(""), "/api/goods?xx%s=1",
                      "%E4%BB%B7%E6%A0%BC%E4%BB%B7%E6%A0%BC%E4%BB%B7%E6%A0%BC%E4%BB%B7%E6%A0%BC"
                      "%E4%BB%B7%E6%A0%BC%E4%BB%B7%E6%A0%BC%E4%BB%B7%E6%A0%BC%E4%BB%B7%E6%A0%BC"
                      "%E4%BB%B7%E6%A0%BC%E4%BB%B7%E6%A0%BC%E4%BB%B7%E6%A0%BC");
    CHECK(text_is_utf8(reply.body));
    HOUSE_PROBLEM(&reply, "bad_input", "xx价格价格价格价格价格价格价格价格价格价");
}

/* ---- sorts and filters ---- */

static void check_sorted(struct story *story, const char *sort, const char *member, bool down) {
    struct house_reply page =
        house_get(story->cast.house, TEXT(""), "/api/goods?limit=50&sort=%s", sort);
    HOUSE_STATUS(&page, 200);
    CHECK(house_count(&page, "items") >= 4);
    for (size_t i = 1; member && i < house_count(&page, "items"); i++) {
        int64_t before = house_int(&page, cast_words(&story->cast, "items.%zu.%s", i - 1, member));
        int64_t behind = house_int(&page, cast_words(&story->cast, "items.%zu.%s", i, member));
        CHECK(down ? before >= behind : before <= behind);
    }
}

HOUSE_TEST("bad input: what is sorted and filtered by comes from a list, never from the client") {
    static const struct {
        const char *target;
        const char *field;
    } wrong[] = {
        {"/api/goods?sort=title", "sort"},
        {"/api/goods?sort=PRICE", "sort"},
        {"/api/goods?sort=price+DESC", "sort"},
        {"/api/goods?sort=price%3B+DROP+TABLE+catalog_goods", "sort"},
        {"/api/goods?sort=1", "sort"},
        {"/api/goods?after=1", "after"},
        {"/api/goods?after=1-2-3", "after"},
        {"/api/goods?after=-1--2", "after"},
        {"/api/goods?after=x'-1", "after"},
        {"/api/goods?place=1'", "place"},
        {"/api/goods?section=no'+OR+1%3D1", "section"},
        {"/api/goods?zone=none", "zone"},
        {"/api/goods?min_fen=200&max_fen=100", "max_fen"},
        {"/api/sellers?kind=any", "kind"},
        {"/api/sellers?place=abc", "place"},
        {"/api/sellers?after=zz", "after"},
        {"/api/orders?state=all", "state"},
        {"/api/orders?state=paid'--", "state"},
        {"/api/orders?after=1-2", "after"},
        {"/api/places?parent=abc", "parent"},
        {"/api/places?after=13x", "after"},
        {"/api/audit?subject=order", "subject_id"},
    };
    struct story story;
    struct everyman everyman;
    story_open(house, 2, &story);
    everyman.cast = story.cast;
    everyman.person = story.buyer;
    house_work(house, give_all, &everyman);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct house_reply reply =
            house_call(house, story.buyer.token, "GET", wrong[i].target, NULL);
        HOUSE_PROBLEM(&reply, "bad_input", wrong[i].field);
    }
    /* Lists follow what was sold by a job. */
    house_advance(house, 11 * SECOND_MS);
    house_run_jobs(house);
    check_sorted(&story, "newest", NULL, true);
    check_sorted(&story, "sold", "sold_count", true);
    check_sorted(&story, "price", "price_fen", false);
    check_sorted(&story, "price_down", "price_fen", true);
    check_sorted(&story, "origin", NULL, false);
}

/* ---- what is at the edge of what is taken ---- */

/* COUNT characters of three bytes. */
static const char *pears(struct house *house, int count) {
    struct buffer words = buffer_make(house->arena, 3 * (size_t)count + 1);
    for (int i = 0; i < count; i++) buffer_add_literal(&words, "梨");
    return text_terminated(house->arena, buffer_text(&words));
}

HOUSE_TEST("bad input: the longest words that are taken are kept, also where they are noted") {
    struct everyman everyman;
    make_everyman(house, &everyman);
    struct cast *cast = &everyman.cast;
    struct house_reply categories = house_get(house, TEXT(""), "/api/categories");
    struct text category_id = house_text(&categories, "items.0.id");
    struct house_reply made = house_call(
        house, everyman.person.token, "POST", "/api/listings",
        text_format(house->arena,
                    "{\"goods\":{\"seller_id\":\"%lld\",\"category_id\":\"%.*s\","
                    "\"place_code\":\"141031000000\",\"title\":\"%s\",\"summary\":\"%s\","
                    "\"story\":\"%s\",\"pictures\":[\"/img/pear.webp\"],\"piece_name\":\"箱\","
                    "\"skus\":[{\"price_fen\":100000000,\"net\":{\"amount\":\"1\",\"unit\":\"斤\"},"
                    "\"weight_g\":2600,\"return_policy\":\"fresh\"}]}}",
                    (long long)cast->home.seller_id, (int)category_id.length, category_id.bytes,
                    pears(house, 60), pears(house, 200), pears(house, 4000))
            .bytes);
    HOUSE_STATUS(&made, 201);
    CHECK_TEXT(house_text(&made, "goods.story"), pears(house, 4000));
    struct buffer banners = buffer_make(house->arena, 40000);
    for (int i = 0; i < 8; i++)
        buffer_add_format(
            &banners,
            "%s{\"title\":\"%s\",\"text\":\"%s\",\"picture\":\"/img/%0190d.webp\",\"link\":\"/%s\"}",
            i ? "," : "", pears(house, 20), pears(house, 60), i, pears(house, 199));
    struct house_reply put = house_call(
        house, everyman.person.token, "PUT", "/api/banners",
        text_format(house->arena, "{\"banners\":[%.*s]}", (int)banners.length, banners.bytes)
            .bytes);
    HOUSE_STATUS(&put, 200);
    struct house_reply audit = house_get(house, everyman.person.token, "/api/audit?limit=2");
    HOUSE_STATUS(&audit, 200);
    CHECK(text_is_utf8(audit.body));
    house_run_jobs(house);
    house_check_books(house);
}

HOUSE_TEST("bad input: a price of one 斤 that cannot be shown is refused, not worked out") {
    struct everyman everyman;
    make_everyman(house, &everyman);
    struct cast *cast = &everyman.cast;
    struct house_reply categories = house_get(house, TEXT(""), "/api/categories");
    struct text category_id = house_text(&categories, "items.0.id");
    static const char form[] =
        "{\"goods\":{\"seller_id\":\"%lld\",\"category_id\":\"%.*s\",\"place_code\":\"141031000000\","
        "\"title\":\"藏红花\",\"pictures\":[\"/img/a.webp\"],\"piece_name\":\"盒\",\"skus\":["
        "{\"price_fen\":%d,\"net\":{\"amount\":\"0.001\",\"unit\":\"克\"},\"weight_g\":50,"
        "\"return_policy\":\"fresh\"}]}}";
    long long seller_id = (long long)cast->home.seller_id;
    struct house_reply reply = house_call(
        house, everyman.person.token, "POST", "/api/listings",
        cast_words(cast, form, seller_id, (int)category_id.length, category_id.bytes, 100000000));
    HOUSE_PROBLEM(&reply, "bad_input", "goods.skus[0].net");
    reply = market_list(
        house, everyman.person.token, cast_person(cast, CAST_OPERATOR).token,
        cast_words(cast, form, seller_id, (int)category_id.length, category_id.bytes, 100));
    struct text goods_id = house_text(&reply, "id"), sku_id = house_text(&reply, "skus.0.id");
    reply = house_call(house, everyman.person.token, "PUT",
                       cast_words(cast, "/api/goods/%.*s/skus/%.*s/price", (int)goods_id.length,
                                  goods_id.bytes, (int)sku_id.length, sku_id.bytes),
                       "{\"price_fen\":100000000}");
    HOUSE_PROBLEM(&reply, "bad_input", "price_fen");
}

HOUSE_TEST("bad input: control characters have no place in what people write") {
    static const char *const notes[] = {"\\u0001", "\\u001e", "\\u001f", "\\u007f", "\\u0008"};
    struct everyman everyman;
    make_everyman(house, &everyman);
    for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
        struct house_reply reply = house_call(
            house, everyman.person.token, "POST", "/api/orders",
            cast_words(&everyman.cast,
                       "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1}],\"note\":\"a%sb\"}",
                       (long long)everyman.cast.home.sku_five, notes[i]));
        HOUSE_PROBLEM(&reply, "bad_input", "note");
    }
}

HOUSE_TEST("bad input: an origin that no browser sends is not ours, whatever host it names") {
    static const char *const origins[] = {
        "javascript://shop.example", "ftp://shop.example",  "null", "shop.example",
        "http://shop.example.evil",  "http:///shop.example"};
    struct everyman everyman;
    make_everyman(house, &everyman);
    struct shape_pair headers[] = {{TEXT("Host"), TEXT("shop.example")},
                                   {TEXT("Origin"), TEXT("https://shop.example")}};
    struct road_call call = {.method = "PUT",
                             .target = TEXT("/api/people/me"),
                             .body = TEXT("{\"name\":\"刘敏\",\"language\":\"zh\"}"),
                             .token = everyman.person.token,
                             .headers = headers,
                             .header_count = 2};
    struct house_reply reply = house_send(house, &call);
    HOUSE_STATUS(&reply, 200);
    for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
        headers[1].value = text_of(origins[i]);
        reply = house_send(house, &call);
        HOUSE_PROBLEM(&reply, "wrong_origin", NULL);
    }
}

/* ---- reading changes nothing ---- */

static void before_step(struct story *story, const struct route *route) {
    struct text *dump = story->context;
    *dump = route && !route->writes ? dump_make(story->cast.house) : TEXT("");
}

static void after_step(struct story *story, const char *key, const struct route *route,
                       const struct house_reply *reply) {
    const struct text *dump = story->context;
    struct house *house = story->cast.house;
    (void)reply;
    if (route->writes) return;
    struct text changed = dump_changes(house->arena, *dump, dump_make(house));
    if (changed.length)
        test_fail(__FILE__, __LINE__, "%s changed %.*s", key, (int)changed.length, changed.bytes);
}

HOUSE_TEST("bad input: no GET changes state, nor does a POST that only answers") {
    struct story story;
    struct text dump = {0};
    story_open(house, 1, &story);
    story.about_to = before_step;
    story.seen = after_step;
    story.context = &dump;
    story_tell(&story);
    /* HEAD is a GET; a method that no table has is none. */
    struct text before = dump_make(house);
    struct house_reply reply = house_call(house, story.buyer.token, "HEAD", "/api/orders", NULL);
    HOUSE_STATUS(&reply, 200);
    reply = house_call(house, story.buyer.token, "PATCH", "/api/orders", "{}");
    HOUSE_PROBLEM(&reply, "wrong_method", NULL);
    CHECK_TEXT(dump_changes(house->arena, before, dump_make(house)), "");
}

/* ---- refusals leave nothing ---- */

struct refused {
    const char *method;
    const char *target;
    const char *body;
    const char *code;
};

static struct house_reply send_with_key(struct house *house, struct text token,
                                        const struct refused *refused, const char *key) {
    const struct road_call call = {.method = refused->method,
                                   .target = text_of(refused->target),
                                   .body = text_of(refused->body),
                                   .token = token,
                                   .idempotency_key = text_of(key),
                                   .english = true};
    return house_send(house, &call);
}

HOUSE_TEST("bad input: a refused request leaves no row, not even that of its key") {
    struct everyman everyman;
    make_everyman(house, &everyman);
    struct cast *cast = &everyman.cast;
    long long sku = (long long)cast->home.sku_five, dried = (long long)cast->home.sku_dried;
    const char *order = "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":%d}],"
                        "\"ticked_return_terms\":%s%s}";
    const struct refused all[] = {
        {"POST", "/api/orders", "{}", "bad_input"},
        {"POST", "/api/orders", "{", "bad_request"},
        {"POST", "/api/orders", cast_words(cast, order, sku, 1, "false", ""), "terms_needed"},
        {"POST", "/api/orders", cast_words(cast, order, sku, 9999, "true", ""), "out_of_stock"},
        {"POST", "/api/orders", cast_words(cast, order, dried, 9, "true", ""), "bad_input"},
        {"POST", "/api/orders", cast_words(cast, order, INT64_C(17), 1, "true", ""), "not_found"},
        {"POST", "/api/orders",
         cast_words(cast, order, sku, 1, "true", ",\"expected_total_fen\":1"), "price_changed"},
        {"POST", "/api/orders/17/cancellation", "", "not_found"},
        {"PUT", "/api/cart/lines/17", "{\"count\":1,\"selected\":true}", "not_found"},
        {"POST", "/api/stock/losses",
         cast_words(cast, "{\"sku_id\":\"%lld\",\"count\":9999,\"reason\":\"x\"}", sku),
         "not_enough"},
        {"PUT", "/api/banners",
         "{\"banners\":[{\"title\":\"a\",\"picture\":\"http://x\",\"link\":\"/\"}]}", "bad_input"},
        {"POST", "/api/categories", "{\"name\":\"a\",\"parent_id\":\"17\"}", "bad_input"},
        {"PUT", "/api/sections/Bad_Code", "{\"name\":\"a\"}", "bad_input"},
        {"DELETE", "/api/people/me/addresses/17", "", "not_found"},
        {"DELETE", "/api/sessions/17", "", "not_found"},
    };
    struct text before = dump_make(house);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct house_reply reply =
            send_with_key(house, everyman.person.token, &all[i], "the-same-key-all-along");
        HOUSE_PROBLEM(&reply, all[i].code, NULL);
        reply = send_with_key(house, TEXT(""), &all[i], "the-same-key-all-along");
        CHECK(reply.status >= 400);
    }
    CHECK_TEXT(dump_changes(house->arena, before, dump_make(house)), "");
    /* So the key is as good as new. */
    const struct refused right = {"POST", "/api/orders",
                                  cast_words(cast, order, sku, 1, "true", ""), ""};
    struct house_reply placed =
        send_with_key(house, everyman.person.token, &right, "the-same-key-all-along");
    HOUSE_STATUS(&placed, 201);
    struct text after = dump_make(house);
    CHECK(dump_changes(house->arena, before, after).length > 0);
    struct house_reply again =
        send_with_key(house, everyman.person.token, &right, "the-same-key-all-along");
    HOUSE_STATUS(&again, 201);
    CHECK(text_equal(placed.body, again.body));
    struct house_reply reused =
        send_with_key(house, everyman.person.token, &all[2], "the-same-key-all-along");
    HOUSE_PROBLEM(&reused, "key_reused", NULL);
    CHECK_TEXT(dump_changes(house->arena, after, dump_make(house)), "");
}

/* ---- a full disk ---- */

static refusal stop_growth(struct request *q, void *context) {
    int64_t pages;
    (void)context;
    /* Less than there is: not one page more. */
    return db_int(q->db, SQL("", "PRAGMA max_page_count = 1"), NO_PARAMS, &pages, NULL);
}

static refusal allow_growth(struct request *q, void *context) {
    int64_t pages;
    (void)context;
    return db_int(q->db, SQL("", "PRAGMA max_page_count = 1000000"), NO_PARAMS, &pages, NULL);
}

/* Orders until there is no room for one more; that one's key. */
static int64_t order_until_full(struct house *house, struct text buyer,
                                const struct refused *order) {
    for (int64_t number = 0; number < 1000; number++) {
        struct house_reply reply =
            send_with_key(house, buyer, order,
                          text_format(house->arena, "full-disk-%lld", (long long)number).bytes);
        if (reply.status == 201) continue;
        HOUSE_STATUS(&reply, 507);
        HOUSE_PROBLEM(&reply, "disk_full", NULL);
        return number;
    }
    test_fail(__FILE__, __LINE__, "the disk does not become full");
}

TEST(
    "bad input: without room for one page more writes are 507, reads go on, and writes come back") {
    struct house *house = house_open(false);
    struct cast cast;
    cast_open(house, &cast);
    struct cast_person buyer = cast_person(&cast, CAST_BUYER);
    long long sku = (long long)cast.home.sku_five;
    struct house_reply received =
        house_call(house, cast.home.keeper, "POST", "/api/stock/receipts",
                   cast_words(&cast, "{\"sku_id\":\"%lld\",\"count\":5000}", sku));
    HOUSE_STATUS(&received, 201);
    const struct refused order = {"POST", "/api/orders",
                                  cast_words(&cast,
                                             "{\"lines\":[{\"sku_id\":\"%lld\",\"count\":1}],"
                                             "\"ticked_return_terms\":true}",
                                             sku),
                                  ""};
    house_work(house, stop_growth, NULL);
    int64_t placed = order_until_full(house, buyer.token, &order);
    int64_t available = market_available(house, &cast.home, cast.home.sku_five);
    CHECK_INT(available, MARKET_STOCK_FIVE + 5000 - placed);
    struct text before = dump_make(house);
    struct house_reply orders = house_get(house, buyer.token, "/api/orders?limit=50");
    HOUSE_STATUS(&orders, 200);
    CHECK(!store_is_healthy(house->app->store));
    CHECK_TEXT(dump_changes(house->arena, before, dump_make(house)), "");
    house_work(house, allow_growth, NULL);
    const char *key = text_format(house->arena, "full-disk-%lld", (long long)placed).bytes;
    struct house_reply late = send_with_key(house, buyer.token, &order, key);
    HOUSE_STATUS(&late, 201);
    CHECK(store_is_healthy(house->app->store));
    CHECK_INT(market_available(house, &cast.home, cast.home.sku_five), available - 1);
    house_check_books(house);
    house_close(house);
}

/* ---- the server itself ---- */

static char small_disk[64];

static void unmount_small_disk(void) {
    umount2(small_disk, MNT_DETACH);
    rmdir(small_disk);
}

static void mount_small_disk(void) {
    snprintf(small_disk, sizeof(small_disk), "/tmp/xj-small-XXXXXX");
    CHECK(mkdtemp(small_disk));
    if (mount("tmpfs", small_disk, "tmpfs", 0, "size=48m")) {
        rmdir(small_disk);
        test_skip("a small file system cannot be mounted here");
    }
    atexit(unmount_small_disk);
}

static void fill_disk(const char *path) {
    static char zeros[64 * 1024];
    FILE *ballast = fopen(path, "w");
    CHECK(ballast);
    setvbuf(ballast, NULL, _IONBF, 0);
    while (fwrite(zeros, 1, sizeof(zeros), ballast) == sizeof(zeros)) continue;
    fclose(ballast);
}

static struct outside_reply rename_me(struct outside *outside, struct text token) {
    const struct outside_call call = {.method = "PUT",
                                      .target = TEXT("/api/people/me"),
                                      .body = TEXT("{\"name\":\"周小满\",\"language\":\"zh\"}"),
                                      .token = token};
    return outside_send(outside, &call);
}

static struct text shopper(struct outside *outside) {
    struct outside_reply reply =
        outside_post(outside, TEXT(""), "/api/sessions",
                     "{\"phone\":\"13800138001\",\"password\":\"xiangji-guke-1\"}");
    OUTSIDE_STATUS(&reply, 201);
    return outside_text(&reply, "token");
}

static void await_rename(struct outside *outside, struct text token, int wanted, int tries) {
    struct outside_reply reply = {0};
    for (int i = 0; i < tries; i++) {
        reply = rename_me(outside, token);
        if (reply.status == wanted) return;
        CHECK(reply.status == 200 || reply.status == 507);
        if (wanted == 200) outside_sleep_ms(100);
    }
    OUTSIDE_STATUS(&reply, wanted);
}

static const char *const demo_words[] = {"demo", NULL};
static const char *const check_words[] = {"check", NULL};

TEST(
    "bad input: a server on a full disk says 507, reads on, and writes again when there is space") {
    mount_small_disk();
    setenv("XJ_DRILL_FOLDER", small_disk, 1);
    struct outside *outside = outside_make(false);
    unsetenv("XJ_DRILL_FOLDER");
    char ballast[100];
    snprintf(ballast, sizeof(ballast), "%s/ballast", small_disk);
    CHECK_INT(outside_command(outside, demo_words), 0);
    outside_start(outside);
    struct text token = shopper(outside);
    await_rename(outside, token, 200, 1);
    fill_disk(ballast);
    await_rename(outside, token, 507, 20000);
    struct outside_reply reply = outside_get(outside, token, "/api/orders");
    OUTSIDE_STATUS(&reply, 200);
    reply = outside_get(outside, TEXT(""), "/api/goods?limit=5&q=%%E6%%A2%%A8");
    OUTSIDE_STATUS(&reply, 200);
    CHECK(outside_count(&reply, "items") > 0);
    reply = outside_get(outside, TEXT(""), "/healthz");
    OUTSIDE_STATUS(&reply, 200);
    reply = outside_get(outside, TEXT(""), "/readyz");
    OUTSIDE_STATUS(&reply, 503);
    CHECK_INT(unlink(ballast), 0);
    await_rename(outside, token, 200, 100);
    reply = outside_get(outside, TEXT(""), "/readyz");
    OUTSIDE_STATUS(&reply, 200);
    outside_stop(outside, SIGTERM);
    CHECK_INT(outside_command(outside, check_words), 0);
    outside_close(outside);
}

static struct outside_reply post_bytes(struct outside *outside, struct text body) {
    const struct outside_call call = {
        .method = "POST", .target = TEXT("/api/quotes"), .body = body};
    return outside_send(outside, &call);
}

TEST("bad input: bodies too large, too deep or too full are answered, and the server goes on") {
    struct house *house = house_open(false); /* for its arena alone */
    struct outside *outside = outside_make(false);
    outside_start(outside);
    struct buffer large = buffer_make(outside->arena, 4 * 1024 * 1024);
    for (int i = 0; i < 300 * 1024; i++) buffer_add_char(&large, '[');
    struct outside_reply reply = post_bytes(outside, buffer_text(&large));
    OUTSIDE_STATUS(&reply, 413);
    CHECK_TEXT(outside_text(&reply, "code"), "too_large");
    reply = post_bytes(outside, text_slice(buffer_text(&large), 0, LIMIT_BODY_BYTES));
    OUTSIDE_STATUS(&reply, 400);
    for (int i = 0; i < 20; i++) {
        reply = post_bytes(outside, full_of(house, "{\"lines\":[", "{}", "]}"));
        OUTSIDE_STATUS(&reply, 400);
    }
    reply = outside_get(outside, TEXT(""), "/healthz");
    OUTSIDE_STATUS(&reply, 200);
    outside_close(outside);
    house_close(house);
}

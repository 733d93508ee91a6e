#include "support/story.h"

#include <stdio.h>
#include <string.h>

#include "support/pictures.h"

static const char words_of_address[] =
    "{\"name\":\"刘敏\",\"phone\":\"13800138001\","
    "\"place_code\":\"140105000000\",\"street\":\"平阳路 %d 号\"}";

/* ---- steps ---- */

const struct route *story_route(const char *key) {
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
    size_t room_count, method = 0;
    const struct room *const *rooms = rooms_all(&room_count);
    while (method < 4 && strncmp(key, methods[method], strlen(methods[method])) != 0) method++;
    CHECK(method < 4);
    const char *address = strchr(key, ' ') + 1;
    size_t length = strcspn(address, " ");
    for (size_t i = 0; i < room_count; i++)
        for (size_t j = 0; j < rooms[i]->route_count; j++) {
            const struct route *route = &rooms[i]->routes[j];
            if (route->method == (enum method)method && strlen(route->address) == length &&
                strncmp(route->address, address, length) == 0)
                return route;
        }
    return NULL;
}

static void tell(struct story *story, const char *key, const struct house_reply *reply) {
    const struct route *route = story_route(key);
    if (!route) test_fail(__FILE__, __LINE__, "the house has no route %s", key);
    if (reply->status / 100 != 2)
        test_fail(__FILE__, __LINE__, "%s: %d %.*s", key, reply->status, (int)reply->body.length,
                  reply->body.bytes ? reply->body.bytes : "");
    if (story->seen) story->seen(story, key, route, reply);
}

struct house_reply story_step(struct story *story, struct text token, const char *route,
                              const char *target, const char *body) {
    char method[8];
    snprintf(method, sizeof(method), "%.*s", (int)strcspn(route, " "), route);
    if (story->about_to) story->about_to(story, story_route(route));
    struct house_reply reply = house_call(story->cast.house, token, method, target, body);
    tell(story, route, &reply);
    return reply;
}

/* A step that only prepares. */
static struct house_reply ready(struct story *story, struct text token, const char *method,
                                const char *target, const char *body) {
    struct house_reply reply = house_call(story->cast.house, token, method, target, body);
    if (reply.status / 100 != 2)
        test_fail(__FILE__, __LINE__, "%s %s: %d %.*s", method, target, reply.status,
                  (int)reply.body.length, reply.body.bytes ? reply.body.bytes : "");
    return reply;
}

static int64_t id_of(const struct house_reply *reply, const char *path) {
    int64_t id = 0;
    text_to_int64(house_text(reply, path), &id);
    return id;
}

#define words(...) cast_words(&story->cast, __VA_ARGS__)

/* ---- growing ---- */

static const char *goods_draft(struct story *story, int number) {
    return words(
        "{\"goods\":{\"seller_id\":\"%lld\",\"category_id\":\"%lld\","
        "\"place_code\":\"141031000000\",\"title\":\"隰县玉露香梨 %d 号\",\"summary\":\"皮薄汁多\",\"story\":\"一棵树\","
        "\"pictures\":[\"/img/pear.webp\"],\"facts\":[{\"name\":\"净重\",\"value\":\"5 斤\"}],"
        "\"piece_name\":\"箱\",\"skus\":["
        "{\"options\":[{\"name\":\"买多少\",\"value\":\"5 斤\"}],\"price_fen\":4990,"
        "\"net\":{\"amount\":\"5\",\"unit\":\"斤\"},\"weight_g\":2900,\"stock_count\":500,"
        "\"return_policy\":\"fresh\"},"
        "{\"options\":[{\"name\":\"买多少\",\"value\":\"10 斤\"}],\"price_fen\":8990,"
        "\"net\":{\"amount\":\"10\",\"unit\":\"斤\"},\"weight_g\":5600,\"stock_count\":500,"
        "\"return_policy\":\"seven_days\"}]}}",
        (long long)story->cast.home.seller_id, (long long)story->category_id, number);
}

static void keep_goods(struct story *story, const struct house_reply *made) {
    story->goods_id = id_of(made, "id");
    for (int i = 0; i < 2 && story->sku_count < 96; i++)
        story->skus[story->sku_count++] = id_of(made, i ? "skus.1.id" : "skus.0.id");
}

static void grow_catalog(struct story *story, int size) {
    struct text manager = story->manager.token;
    for (int i = 0; i < 3 * size; i++) {
        struct house_reply made = ready(story, manager, "POST", "/api/categories",
                                        words("{\"name\":\"分类 %d\",\"sort_order\":%d}", i, i));
        story->category_id = id_of(&made, "id");
    }
    for (int i = 0; i < 4 * size; i++) {
        struct house_reply made =
            market_list(story->cast.house, story->keeper.token, manager, goods_draft(story, i));
        keep_goods(story, &made);
    }
    for (int i = 0; i < 2 * size; i++) {
        struct house_reply made = ready(story, manager, "POST", "/api/sellers",
                                        words("{\"name\":\"村店 %d\",\"kind\":\"village_shop\","
                                              "\"place_code\":\"141031000000\"}",
                                              i));
        story->seller_id = id_of(&made, "id");
    }
}

static void grow_shelves(struct story *story, int size) {
    struct text manager = story->manager.token;
    struct buffer ids = buffer_make(story->cast.house->arena, 4000);
    struct house_reply goods =
        house_get(story->cast.house, TEXT(""), "/api/goods?limit=%d", 4 * size);
    for (size_t i = 0; i < house_count(&goods, "items"); i++)
        buffer_add_format(&ids, "%s\"%lld\"", i ? "," : "",
                          (long long)id_of(&goods, words("items.%zu.id", i)));
    for (int i = 0; i < 2 * size; i++) {
        ready(story, manager, "PUT", words("/api/sections/part-%d", i),
              words("{\"name\":\"板块 %d\"}", i));
        ready(story, manager, "PUT", words("/api/sections/part-%d/goods", i),
              words("{\"goods_ids\":[%.*s]}", (int)ids.length, ids.bytes));
        ready(story, manager, "PUT", words("/api/zones/part-%d", i),
              words("{\"name\":\"专区 %d\",\"counties\":[\"141031000000\"%s]}", i,
                    size > 1 ? ",\"500236000000\",\"500230000000\"" : ""));
    }
    struct buffer all = buffer_make(story->cast.house->arena, 4000);
    for (int i = 0; i < size; i++) buffer_add_format(&all, "%s\"梨 %d\"", i ? "," : "", i);
    ready(story, manager, "PUT", "/api/popular-words",
          words("{\"words\":[%.*s]}", (int)all.length, all.bytes));
    for (int i = 0; i < size; i++)
        ready(story, story->keeper.token, "PUT",
              words("/api/goods/%lld/skus/%lld/price", (long long)story->goods_id,
                    (long long)story->skus[story->sku_count - 1]),
              words("{\"price_fen\":%d}", 9000 + i));
}

static void grow_person(struct story *story, int size) {
    for (int i = 0; i < size; i++)
        ready(story, story->buyer.token, "POST", "/api/people/me/addresses",
              words(words_of_address, i));
    for (int i = 0; i < 2 * size; i++)
        ready(story, story->buyer.token, "PUT",
              words("/api/cart/lines/%lld", (long long)story->skus[i % (int)story->sku_count]),
              "{\"count\":1,\"selected\":true}");
    for (int i = 0; i < 2 * size; i++) {
        struct text order_id = story_order(story, NULL, 0, 1);
        if (i % 2) story_pay(story, order_id, NULL);
    }
}

static void grow_aftersales(struct story *story, int size);

void story_open(struct house *house, int size, struct story *ret_story) {
    struct story *story = ret_story;
    *story = (struct story){.size = size};
    cast_open(house, &story->cast);
    story->buyer = cast_person(&story->cast, CAST_BUYER);
    story->keeper = cast_person(&story->cast, CAST_KEEPER);
    story->manager = cast_person(&story->cast, CAST_OPERATOR);
    story->auditor = cast_person(&story->cast, CAST_AUDITOR);
    story->county = cast_person(&story->cast, CAST_COUNTY_OPERATOR);
    grow_catalog(story, size);
    grow_shelves(story, size);
    grow_person(story, size);
    grow_aftersales(story, size);
}

/* ---- orders ---- */

struct text story_order(struct story *story, const char *route, size_t first, size_t count) {
    struct buffer lines = buffer_make(story->cast.house->arena, 4000);
    for (size_t i = 0; i < count; i++)
        buffer_add_format(&lines, "%s{\"sku_id\":\"%lld\",\"count\":1}", i ? "," : "",
                          (long long)story->skus[first + i]);
    const char *body =
        words("{\"lines\":[%.*s],\"ticked_return_terms\":true}", (int)lines.length, lines.bytes);
    struct house_reply placed =
        route ? story_step(story, story->buyer.token, route, "/api/orders", body)
              : ready(story, story->buyer.token, "POST", "/api/orders", body);
    CHECK_INT(house_count(&placed, "orders.0.lines"), count);
    return house_text(&placed, "orders.0.id");
}

struct text story_pay(struct story *story, struct text order_id, const char *route) {
    struct house_reply asked =
        ready(story, story->buyer.token, "POST",
              words("/api/orders/%.*s/payments", (int)order_id.length, order_id.bytes), NULL);
    struct text payment_id = house_text(&asked, "id");
    struct house_reply heard =
        cast_notice(&story->cast, TEXT(""), payment_id, house_int(&asked, "amount_fen"));
    CHECK_INT(heard.status, 204);
    if (route) tell(story, route, &heard);
    return payment_id;
}

static const char *order_target(struct story *story, struct text order_id, const char *what) {
    return words("/api/orders/%.*s%s", (int)order_id.length, order_id.bytes, what);
}

/* ---- listings ---- */

static const char *listing_at(struct story *story, struct text id, const char *what) {
    return words("/api/listings/%.*s%s", (int)id.length, id.bytes, what);
}

static const char *draft_of_skus(struct story *story, size_t skus) {
    struct buffer all = buffer_make(story->cast.house->arena, 8000);
    for (size_t i = 0; i < skus; i++)
        buffer_add_format(&all,
                          "%s{\"options\":[{\"name\":\"买多少\",\"value\":\"%zu 斤\"}],"
                          "\"price_fen\":4990,\"net\":{\"amount\":\"5\",\"unit\":\"斤\"},"
                          "\"weight_g\":2900,\"stock_count\":5,\"return_policy\":\"fresh\"}",
                          i ? "," : "", i + 1);
    return words("{\"goods\":{\"seller_id\":\"%lld\",\"category_id\":\"%lld\","
                 "\"place_code\":\"141031000000\",\"title\":\"隰县玉露香梨\","
                 "\"pictures\":[\"/img/pear.webp\"],\"piece_name\":\"箱\",\"skus\":[%.*s]}}",
                 (long long)story->cast.home.seller_id, (long long)story->category_id,
                 (int)all.length, all.bytes);
}

/* What an officer says of what was just read. */
static const char *opinion(struct story *story, const char *target, const char *body) {
    return house_opinion(story->cast.house, story->county.token, target, body);
}
static const char *let_in(struct story *story, const char *target) {
    return opinion(story, target, "{\"agreed\":true}");
}

int64_t story_listing(struct story *story, size_t skus) {
    struct text keeper = story->keeper.token;
    const char *of_n = skus == 2 ? "" : " # of n SKUs";
    const char *body = draft_of_skus(story, skus);
    struct house_reply made =
        story_step(story, keeper, words("POST /api/listings%s", of_n), "/api/listings", body);
    struct text id = house_text(&made, "id");
    if (skus == 2)
        story_step(story, keeper, "PUT /api/listings/{id}", listing_at(story, id, ""), body);
    story_step(story, keeper, words("POST /api/listings/{id}/submissions%s", of_n),
               listing_at(story, id, "/submissions"), NULL);
    made =
        story_step(story, story->county.token, words("POST /api/listings/{id}/decisions%s", of_n),
                   listing_at(story, id, "/decisions"), let_in(story, listing_at(story, id, "")));
    return id_of(&made, "goods_id");
}

static void tell_listings(struct story *story, long long goods_id) {
    struct house *house = story->cast.house;
    struct text keeper = story->keeper.token;
    for (int i = 0; i < story->size; i++) {
        struct house_reply made =
            ready(story, keeper, "POST", "/api/listings", goods_draft(story, 2000 + i));
        ready(story, keeper, "POST", listing_at(story, house_text(&made, "id"), "/submissions"),
              NULL);
    }
    struct house_reply draft = story_step(story, keeper, "GET /api/goods/{id}/draft",
                                          words("/api/goods/%lld/draft", goods_id), NULL);
    struct house_reply made =
        ready(story, keeper, "POST", "/api/listings",
              text_terminated(house->arena,
                              text_format(house->arena, "{\"goods_id\":\"%lld\",\"goods\":%.*s}",
                                          goods_id, (int)draft.body.length, draft.body.bytes)));
    struct text id = house_text(&made, "id");
    story_step(story, keeper, "POST /api/listings/{id}/submissions # a change",
               listing_at(story, id, "/submissions"), NULL);
    story_step(story, story->county.token, "GET /api/listings", "/api/listings?limit=50", NULL);
    story_step(story, story->county.token, "GET /api/listings/{id}", listing_at(story, id, ""),
               NULL);
    story_step(story, story->county.token, "POST /api/listings/{id}/decisions # a change",
               listing_at(story, id, "/decisions"), let_in(story, listing_at(story, id, "")));
    story_step(story, keeper, "GET /api/sellers/{id}/listings",
               words("/api/sellers/%lld/listings?limit=50", (long long)story->cast.home.seller_id),
               NULL);
    made = ready(story, keeper, "POST", "/api/listings", goods_draft(story, 3000));
    story_step(story, keeper, "POST /api/listings/{id}/withdrawal",
               listing_at(story, house_text(&made, "id"), "/withdrawal"), NULL);
    story_step(story, story->manager.token, "GET /api/listing-words", "/api/listing-words", NULL);
    story_step(story, story->manager.token, "PUT /api/listing-words", "/api/listing-words",
               "{\"stop\":[\"国家级\"],\"look\":[\"最\",\"第一\"]}");
}

/* ---- applications to sell ---- */

static const char words_of_application[] =
    "{\"kind\":\"household\",\"name\":\"老李家的梨\",\"place_code\":\"141031100000\","
    "\"goods_text\":\"玉露香梨\",\"contact_name\":\"李望田\",\"contact_phone\":\"13900000021\","
    "\"declared\":true,\"documents\":[{\"kind\":\"identity\",\"address\":\"/img/pear.webp\"}]}";

static const char *application_at(struct story *story, struct text id, const char *what) {
    return words("/api/seller-applications/%.*s%s", (int)id.length, id.bytes, what);
}

/* Waiting ones, so that the lists have something to show. */
static void grow_applications(struct story *story, int size) {
    for (int i = 0; i < size; i++) {
        struct text token = i < 3 ? story->buyer.token : cast_newcomer(&story->cast).token;
        struct house_reply made =
            ready(story, token, "POST", "/api/seller-applications", words_of_application);
        ready(story, token, "POST", application_at(story, house_text(&made, "id"), "/submissions"),
              NULL);
    }
}

/* ---- the chapters ---- */

/* After the clock was moved on, the next write of a session notes its use: that belongs to no
 * step. */
static void settle(struct story *story, const struct cast_person *person) {
    ready(story, person->token, "PUT", "/api/people/me", "{\"name\":\"刘敏\",\"language\":\"zh\"}");
}

static void tell_sessions(struct story *story) {
    struct cast *cast = &story->cast;
    struct cast_person newcomer = {.phone = TEXT("13700000001")};
    house_advance(cast->house, 61 * SECOND_MS);
    story_step(story, TEXT(""), "POST /api/codes", "/api/codes",
               "{\"purpose\":\"login\",\"phone\":\"13700000002\"}");
    struct text code = cast_code(cast, &newcomer, "login");
    struct house_reply session = story_step(
        story, TEXT(""), "POST /api/sessions # by a code, the first time", "/api/sessions",
        words("{\"phone\":\"13700000001\",\"code\":\"%.*s\",\"agreed_terms\":true}",
              (int)code.length, code.bytes));
    newcomer.token = house_text(&session, "token");
    code = cast_code(cast, &newcomer, "password");
    settle(story, &newcomer);
    story_step(story, newcomer.token, "PUT /api/people/me/password", "/api/people/me/password",
               words("{\"code\":\"%.*s\",\"new_password\":\"correct horse\"}", (int)code.length,
                     code.bytes));
    session = story_step(story, TEXT(""), "POST /api/sessions # by a password", "/api/sessions",
                         "{\"phone\":\"13700000001\",\"password\":\"correct horse\"}");
    struct text second = house_text(&session, "token");
    for (int i = 0; i < story->size; i++) house_person(cast->house, "13700000001", NULL);
    struct house_reply list = story_step(story, second, "GET /api/sessions", "/api/sessions", NULL);
    size_t other = house_bool(&list, "items.0.is_current") ? 1 : 0;
    struct text id = house_text(&list, words("items.%zu.id", other));
    story_step(story, second, "DELETE /api/sessions/{id}",
               words("/api/sessions/%.*s", (int)id.length, id.bytes), NULL);
    story_step(story, second, "DELETE /api/sessions/current", "/api/sessions/current", NULL);
}

static void tell_account(struct story *story) {
    struct text buyer = story->buyer.token;
    settle(story, &story->buyer);
    story_step(story, buyer, "GET /api/events", "/api/events", NULL);
    story_step(story, buyer, "GET /api/people/me", "/api/people/me", NULL);
    story_step(story, buyer, "PUT /api/people/me", "/api/people/me",
               "{\"name\":\"刘敏\",\"language\":\"en\"}");
    story_step(story, buyer, "GET /api/people/me/addresses", "/api/people/me/addresses", NULL);
    struct house_reply made = story_step(story, buyer, "POST /api/people/me/addresses",
                                         "/api/people/me/addresses", words(words_of_address, 99));
    const char *target = words("/api/people/me/addresses/%lld", (long long)id_of(&made, "id"));
    story_step(story, buyer, "PUT /api/people/me/addresses/{id}", target,
               words(words_of_address, 98));
    story_step(story, buyer, "DELETE /api/people/me/addresses/{id}", target, NULL);
    story_step(story, buyer, "POST /api/address-parses", "/api/address-parses",
               "{\"text\":\"刘敏 13800138001 山西省太原市小店区平阳路 8 号\"}");
    struct cast_person leaving = cast_newcomer(&story->cast);
    struct text code = cast_code(&story->cast, &leaving, "closure");
    settle(story, &leaving);
    story_step(story, leaving.token, "POST /api/people/me/closure", "/api/people/me/closure",
               words("{\"code\":\"%.*s\"}", (int)code.length, code.bytes));
}

static void tell_privacy(struct story *story) {
    struct text buyer = story->buyer.token;
    settle(story, &story->buyer);
    story_step(story, buyer, "GET /api/people/me/consents", "/api/people/me/consents", NULL);
    story_step(story, buyer, "PUT /api/people/me/consents/{kind}",
               "/api/people/me/consents/recommendation",
               "{\"version\":\"2026-11\",\"given\":true}");
    struct house_reply asked =
        story_step(story, buyer, "POST /api/people/me/exports", "/api/people/me/exports", NULL);
    struct text id = house_text(&asked, "id");
    house_run_jobs(story->cast.house);
    story_step(story, buyer, "GET /api/people/me/exports", "/api/people/me/exports", NULL);
    story_step(story, buyer, "POST /api/people/me/exports/{id}/download",
               words("/api/people/me/exports/%.*s/download", (int)id.length, id.bytes), NULL);
    story_step(story, buyer, "GET /api/people/me/unmaskings", "/api/people/me/unmaskings", NULL);
}

static const char *phone_words(struct story *story, const char *phone, struct text new_code,
                               const char *how, struct text proof) {
    return words("{\"new_phone\":\"%s\",\"new_code\":\"%.*s\",\"%s\":\"%.*s\"}", phone,
                 (int)new_code.length, new_code.bytes, how, (int)proof.length, proof.bytes);
}

static void tell_phone(struct story *story) {
    struct cast *cast = &story->cast;
    struct cast_person mover = cast_newcomer(cast);
    struct text old_code = cast_code(cast, &mover, "phone");
    struct text new_code = cast_new_phone_code(cast, &mover, TEXT("13700000011"));
    settle(story, &mover);
    story_step(story, mover.token, "PUT /api/people/me/phone # with both codes",
               "/api/people/me/phone",
               phone_words(story, "13700000011", new_code, "old_code", old_code));
    struct text code =
        cast_code(cast, &(struct cast_person){.token = mover.token, .phone = TEXT("13700000011")},
                  "password");
    ready(story, mover.token, "PUT", "/api/people/me/password",
          words("{\"code\":\"%.*s\",\"new_password\":\"correct horse\"}", (int)code.length,
                code.bytes));
    new_code = cast_new_phone_code(cast, &mover, TEXT("13700000012"));
    settle(story, &mover);
    story_step(story, mover.token, "PUT /api/people/me/phone # with the password",
               "/api/people/me/phone",
               phone_words(story, "13700000012", new_code, "password", TEXT("correct horse")));
    story_step(story, mover.token, "DELETE /api/people/me/phone-change",
               "/api/people/me/phone-change", NULL);
}

static void tell_desk(struct story *story) {
    struct text manager = story->manager.token;
    struct cast_person newcomer = cast_newcomer(&story->cast);
    long long seller_id = (long long)story->cast.home.seller_id;
    settle(story, &story->manager);
    struct text order_id = story_order(story, NULL, 0, 1);
    story_step(story, manager, "POST /api/unmaskings # an order", "/api/unmaskings",
               words("{\"subject\":\"order\",\"subject_id\":\"%.*s\",\"reason\":\"核对投诉\"}",
                     (int)order_id.length, order_id.bytes));
    story_step(story, manager, "POST /api/unmaskings # a person", "/api/unmaskings",
               words("{\"subject\":\"person\",\"subject_id\":\"%lld\",\"reason\":\"核对投诉\"}",
                     (long long)story->buyer.id));
    story_step(story, manager, "POST /api/person-lookups", "/api/person-lookups",
               words("{\"phone\":\"%.*s\"}", (int)newcomer.phone.length, newcomer.phone.bytes));
    story_step(story, manager, "GET /api/roles", "/api/roles", NULL);
    story_step(story, manager, "PUT /api/roles/{name} # of 2 permissions",
               "/api/roles/parcel_packer", "{\"permissions\":[\"serve\",\"sell\"]}");
    struct house_reply given = story_step(
        story, manager, "POST /api/grants", "/api/grants",
        words("{\"person_id\":\"%lld\",\"role\":\"parcel_packer\",\"scope\":\"organisation\","
              "\"scope_id\":\"%lld\"}",
              (long long)newcomer.id, seller_id));
    story_step(story, manager, "GET /api/grants # all", "/api/grants?limit=50", NULL);
    story_step(story, manager, "GET /api/grants # by role", "/api/grants?role=seller_keeper", NULL);
    story_step(story, manager, "GET /api/grants # of a seller",
               words("/api/grants?organisation_id=%lld", seller_id), NULL);
    struct text key = house_text(&given, "key");
    story_step(story, manager, "DELETE /api/grants/{key}",
               words("/api/grants/%.*s", (int)key.length, key.bytes), NULL);
}

static void tell_places(struct story *story) {
    story_step(story, TEXT(""), "GET /api/places", "/api/places?limit=50", NULL);
    story_step(story, TEXT(""), "GET /api/places/{code}", "/api/places/141031", NULL);
}

static void tell_files(struct story *story) {
    struct house *house = story->cast.house;
    const char *route = "POST /api/files";
    settle(story, &story->keeper);
    if (story->about_to) story->about_to(story, story_route(route));
    struct house_reply made = house_upload(house, story->keeper.token, "/api/files?purpose=goods",
                                           "image/jpeg", pictures_small(house->arena, 1));
    tell(story, route, &made);
    struct text picture = house_text(&made, "address");
    story_step(story, TEXT(""), "GET /files/{name}",
               words("%.*s-720.webp", (int)picture.length, picture.bytes), NULL);
    route = "POST /api/files/papers";
    if (story->about_to) story->about_to(story, story_route(route));
    made = house_upload(house, story->keeper.token, "/api/files/papers", "application/pdf",
                        TEXT("%PDF-1.7 of a story"));
    tell(story, route, &made);
    struct text link = house_text(&made, "link");
    story_step(story, TEXT(""), "GET /files/papers/{name}",
               words("%.*s", (int)link.length, link.bytes), NULL);
}

/* ---- imports and exports ---- */

static struct text send_sheet(struct story *story, const char *route, int number) {
    struct house *house = story->cast.house;
    struct text sheet = text_format(
        house->arena,
        "货号,商品名称,分类,产地,计件名,价格(元),净含量,单位,毛重(克),退换\r\n"
        "S%d,晚秋黄梨,%lld,141031000000,箱,49.90,5,斤,2900,鲜活易腐\r\n"
        "S%d,梨,%lld,141031000000,箱,4.999,5,斤,2900,鲜活易腐\r\n",
        number, (long long)story->category_id, number + 1000, (long long)story->category_id);
    if (route && story->about_to) story->about_to(story, story_route(route));
    struct house_reply sent = house_upload(house, story->keeper.token,
                                           words("/api/imports?kind=goods&mode=dry_run&seller=%lld",
                                                 (long long)story->cast.home.seller_id),
                                           "text/csv", sheet);
    HOUSE_STATUS(&sent, 201);
    if (route) tell(story, route, &sent);
    return house_text(&sent, "id");
}

static void tell_imports(struct story *story) {
    struct text keeper = story->keeper.token;
    long long seller_id = (long long)story->cast.home.seller_id;
    settle(story, &story->keeper);
    story_step(story, TEXT(""), "GET /api/import-templates/{kind}", "/api/import-templates/goods",
               NULL);
    struct text id = send_sheet(story, "POST /api/imports", 0);
    for (int i = 1; i < story->size; i++) send_sheet(story, NULL, i);
    const char *at = words("/api/imports/%.*s", (int)id.length, id.bytes);
    house_run_jobs(story->cast.house);
    story_step(story, keeper, "GET /api/imports",
               words("/api/imports?limit=50&seller=%lld", seller_id), NULL);
    story_step(story, keeper, "GET /api/imports/{id}", at, NULL);
    struct house_reply errors =
        story_step(story, keeper, "GET /api/imports/{id}/errors", words("%s/errors", at), NULL);
    struct text link = house_text(&errors, "link");
    story_step(story, TEXT(""), "GET /files/imports/{id}/{name}",
               words("%.*s", (int)link.length, link.bytes), NULL);
    story_step(story, keeper, "POST /api/imports/{id}/runs", words("%s/runs", at),
               "{\"mode\":\"skip_bad\",\"submits\":true}");
    house_run_jobs(story->cast.house);
}

static void tell_exports(struct story *story) {
    struct text keeper = story->keeper.token;
    const char *body = words("{\"what\":\"orders\",\"format\":\"csv\",\"filters\":[{\"name\":"
                             "\"seller\",\"value\":\"%lld\"}]}",
                             (long long)story->cast.home.seller_id);
    settle(story, &story->keeper);
    for (int i = 1; i < story->size; i++) {
        ready(story, keeper, "POST", "/api/exports", body);
        house_run_jobs(story->cast.house);
    }
    struct house_reply asked = story_step(story, keeper, "POST /api/exports", "/api/exports", body);
    struct text id = house_text(&asked, "id");
    house_run_jobs(story->cast.house);
    story_step(story, keeper, "GET /api/exports", "/api/exports?limit=50", NULL);
    struct house_reply made =
        story_step(story, keeper, "GET /api/exports/{id}",
                   words("/api/exports/%.*s", (int)id.length, id.bytes), NULL);
    struct text link = house_text(&made, "link");
    story_step(story, TEXT(""), "GET /files/sheets/{id}/{name}",
               words("%.*s", (int)link.length, link.bytes), NULL);
}

static void tell_shelves(struct story *story) {
    struct text manager = story->manager.token;
    settle(story, &story->manager);
    struct house_reply made = story_step(story, manager, "POST /api/categories", "/api/categories",
                                         "{\"name\":\"干果\",\"sort_order\":5}");
    story_step(story, manager, "PUT /api/categories/{id}",
               words("/api/categories/%lld", (long long)id_of(&made, "id")),
               "{\"name\":\"坚果\",\"sort_order\":6}");
    story_step(story, manager, "PUT /api/sections/{code}", "/api/sections/season",
               "{\"name\":\"当季\",\"tagline\":\"今天下树\"}");
    story_step(story, manager, "PUT /api/sections/{code}/goods", "/api/sections/season/goods",
               words("{\"goods_ids\":[\"%lld\",\"%lld\"]}", (long long)story->goods_id,
                     (long long)story->cast.home.goods_id));
    story_step(story, manager, "GET /api/sections/{code}/goods", "/api/sections/part-0/goods",
               NULL);
    story_step(story, manager, "PUT /api/zones/{code}", "/api/zones/aixin",
               "{\"name\":\"消费帮扶\",\"counties\":[\"141031000000\",\"500236000000\"]}");
    story_step(story, manager, "PUT /api/units", "/api/units",
               "{\"names\":[\"斤\",\"kg\",\"瓶\",\"盒\"]}");
    story_step(story, manager, "GET /api/units", "/api/units", NULL);
    story_step(story, manager, "PUT /api/banners", "/api/banners",
               "{\"banners\":[{\"title\":\"秋梨\",\"picture\":\"/img/pear.webp\","
               "\"link\":\"/zone/aixin\"}]}");
    story_step(story, manager, "GET /api/banners", "/api/banners", NULL);
    story_step(story, manager, "PUT /api/popular-words", "/api/popular-words",
               "{\"words\":[\"玉露香梨\",\"小米\"]}");
    made = story_step(story, manager, "POST /api/sellers", "/api/sellers",
                      "{\"name\":\"午城合作社\",\"kind\":\"cooperative\","
                      "\"place_code\":\"141031000000\"}");
    story_step(story, manager, "PUT /api/sellers/{id}",
               words("/api/sellers/%lld", (long long)id_of(&made, "id")),
               "{\"name\":\"午城镇合作社\",\"kind\":\"cooperative\","
               "\"place_code\":\"141031000000\"}");
}

static void tell_browsing(struct story *story) {
    struct text nobody = TEXT("");
    story_step(story, nobody, "GET /api/home", "/api/home", NULL);
    story_step(story, nobody, "GET /api/categories", "/api/categories", NULL);
    story_step(story, nobody, "GET /api/sections", "/api/sections", NULL);
    story_step(story, nobody, "GET /api/sections/{code}", "/api/sections/part-0", NULL);
    story_step(story, nobody, "GET /api/zones", "/api/zones", NULL);
    story_step(story, nobody, "GET /api/zones/{code}", "/api/zones/part-0", NULL);
    story_step(story, nobody, "GET /api/sellers", "/api/sellers?limit=50", NULL);
    story_step(story, nobody, "GET /api/sellers/{id}",
               words("/api/sellers/%lld", (long long)story->cast.home.seller_id), NULL);
    story_step(story, nobody, "GET /api/goods/{id}",
               words("/api/goods/%lld", (long long)story->goods_id), NULL);
    story_step(story, nobody, "GET /api/goods/{id}/prices",
               words("/api/goods/%lld/prices?limit=50", (long long)story->goods_id), NULL);
    story_step(story, nobody, "GET /api/goods # all", "/api/goods?limit=50", NULL);
    story_step(story, nobody, "GET /api/goods # by section, zone and price",
               "/api/goods?limit=50&section=part-0&zone=part-0&min_fen=100&sort=price", NULL);
    story_step(story, nobody, "GET /api/goods # by words",
               "/api/goods?limit=50&q=%E9%A6%99%E6%A2%A8", NULL);
    story_step(story, nobody, "GET /api/goods # by words and price",
               "/api/goods?limit=50&q=%E9%A6%99%E6%A2%A8&min_fen=100&sort=price", NULL);
    story_step(story, nobody, "GET /api/goods # nothing found",
               "/api/goods?limit=50&q=%E7%8E%89%E9%9C%B2%E7%93%9C", NULL);
    story_step(story, nobody, "GET /api/suggestions # by words",
               "/api/suggestions?limit=20&q=%E9%9A%B0%E5%8E%BF", NULL);
    story_step(story, nobody, "GET /api/suggestions # popular", "/api/suggestions", NULL);
}

static void tell_keeping(struct story *story) {
    struct text keeper = story->keeper.token;
    long long seller_id = (long long)story->cast.home.seller_id;
    settle(story, &story->keeper);
    settle(story, &story->county);
    struct house_reply made = house_get(story->cast.house, TEXT(""), "/api/goods/%lld",
                                        (long long)story_listing(story, 2));
    long long goods_id = (long long)id_of(&made, "id");
    long long sku_id = (long long)id_of(&made, "skus.0.id");
    story_step(story, keeper, "PUT /api/goods/{id}/sale", words("/api/goods/%lld/sale", goods_id),
               "{\"on_sale\":false}");
    story_step(story, keeper, "PUT /api/goods/{id}/skus/{sku_id}/price",
               words("/api/goods/%lld/skus/%lld/price", goods_id, sku_id), "{\"price_fen\":5590}");
    story_step(story, keeper, "GET /api/sellers/{id}/goods",
               words("/api/sellers/%lld/goods?limit=20", seller_id), NULL);
    story_step(story, keeper, "GET /api/stock", words("/api/stock?seller=%lld&limit=20", seller_id),
               NULL);
    story_step(story, keeper, "POST /api/stock/receipts", "/api/stock/receipts",
               words("{\"sku_id\":\"%lld\",\"count\":40,\"note\":\"早上摘的\"}", sku_id));
    story_step(story, keeper, "POST /api/stock/losses", "/api/stock/losses",
               words("{\"sku_id\":\"%lld\",\"count\":2,\"reason\":\"压坏了\"}", sku_id));
    story_step(story, keeper, "POST /api/stock/counts", "/api/stock/counts",
               words("{\"sku_id\":\"%lld\",\"counted\":30,\"reason\":\"盘点\"}", sku_id));
    tell_listings(story, goods_id);
    story_step(story, keeper, "PUT /api/freight-rules", "/api/freight-rules",
               words("{\"seller_id\":\"%lld\",\"first_g\":3000,\"first_fen\":800,\"next_g\":1000,"
                     "\"next_fen\":200}",
                     seller_id));
    story_step(story, keeper, "GET /api/freight-rules",
               words("/api/freight-rules?seller=%lld", seller_id), NULL);
}

static void tell_onboarding(struct story *story) {
    struct text buyer = story->buyer.token;
    grow_applications(story, story->size);
    settle(story, &story->county);
    settle(story, &story->buyer);
    settle(story, &story->manager);
    story_step(story, TEXT(""), "GET /api/seller-kinds", "/api/seller-kinds", NULL);
    struct house_reply made = story_step(story, buyer, "POST /api/seller-applications",
                                         "/api/seller-applications", words_of_application);
    struct text id = house_text(&made, "id");
    story_step(story, buyer, "PUT /api/seller-applications/{id}", application_at(story, id, ""),
               words_of_application);
    story_step(story, buyer, "POST /api/seller-applications/{id}/submissions",
               application_at(story, id, "/submissions"), NULL);
    story_step(story, buyer, "GET /api/seller-applications # one's own",
               "/api/seller-applications?limit=50", NULL);
    story_step(story, story->county.token, "GET /api/seller-applications # of a desk",
               "/api/seller-applications?limit=50&desk=true", NULL);
    story_step(story, story->county.token, "POST /api/seller-applications/{id}/recommendations",
               application_at(story, id, "/recommendations"),
               opinion(story, application_at(story, id, ""),
                       "{\"agreed\":true,\"documents\":[{\"kind\":\"county_letter\","
                       "\"address\":\"/img/pear.webp\"}]}"));
    story_step(story, story->manager.token, "GET /api/seller-applications/{id}",
               application_at(story, id, ""), NULL);
    story_step(story, story->manager.token, "POST /api/seller-applications/{id}/contact-views",
               application_at(story, id, "/contact-views"), "{\"reason\":\"核对身份\"}");
    story_step(story, story->manager.token, "POST /api/seller-applications/{id}/decisions",
               application_at(story, id, "/decisions"),
               let_in(story, application_at(story, id, "")));
    made = ready(story, buyer, "POST", "/api/seller-applications", words_of_application);
    story_step(story, buyer, "POST /api/seller-applications/{id}/withdrawal",
               application_at(story, house_text(&made, "id"), "/withdrawal"), NULL);
}

static void tell_buying(struct story *story) {
    struct text buyer = story->buyer.token;
    settle(story, &story->buyer);
    const char *line = words("/api/cart/lines/%lld", (long long)story->skus[0]);
    story_step(story, buyer, "GET /api/cart", "/api/cart", NULL);
    story_step(story, buyer, "PUT /api/cart/lines/{sku_id}", line,
               "{\"count\":2,\"selected\":true}");
    story_step(story, buyer, "DELETE /api/cart/lines/{sku_id}", line, NULL);
    story_step(story, buyer, "POST /api/quotes", "/api/quotes",
               words("{\"lines\":[{\"sku_id\":\"%lld\",\"count\":2}],\"address_id\":\"%lld\"}",
                     (long long)story->skus[0], (long long)story->buyer.address_id));
    struct text order_id = story_order(story, "POST /api/orders # 1 line", 0, 1);
    story_step(story, buyer, "GET /api/orders/{id} # the buyer", order_target(story, order_id, ""),
               NULL);
    story_step(story, buyer, "GET /api/orders # one's own", "/api/orders?limit=50", NULL);
    story_step(story, buyer, "POST /api/orders/{id}/cancellation # 1 line",
               order_target(story, order_id, "/cancellation"), "{\"reason\":\"买错了\"}");
}

static void tell_selling(struct story *story) {
    struct text keeper = story->keeper.token;
    struct text order_id = story_order(story, NULL, 0, 1);
    struct house_reply asked =
        story_step(story, story->buyer.token, "POST /api/orders/{id}/payments",
                   order_target(story, order_id, "/payments"), NULL);
    struct text payment_id = house_text(&asked, "id");
    story_step(story, story->buyer.token, "GET /api/payments/{id}",
               words("/api/payments/%.*s", (int)payment_id.length, payment_id.bytes), NULL);
    story_pay(story, order_id, "POST /api/payment-notices/{gateway} # 1 line");
    story_step(story, keeper, "GET /api/orders # of a seller",
               words("/api/orders?limit=50&seller=%lld", (long long)story->cast.home.seller_id),
               NULL);
    story_step(story, keeper, "GET /api/orders/{id} # the seller",
               order_target(story, order_id, ""), NULL);
    story_step(story, keeper, "POST /api/orders/{id}/refunds # a sum",
               order_target(story, order_id, "/refunds"),
               "{\"amount_fen\":100,\"reason\":\"坏了一个\"}");
    story_step(story, keeper, "POST /api/orders/{id}/shipment # 1 line",
               order_target(story, order_id, "/shipment"),
               "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}");
    story_step(story, keeper, "POST /api/shipment-batches # 1 row, done before",
               "/api/shipment-batches",
               words("{\"rows\":[{\"number\":\"XJ%.*s\",\"carrier\":\"邮政\","
                     "\"tracking_number\":\"77312004\"}]}",
                     (int)order_id.length, order_id.bytes));
    story_step(story, story->auditor.token, "GET /api/orders # of a county",
               "/api/orders?limit=50&desk=place&place=141031000000", NULL);
    story_step(story, story->auditor.token, "GET /api/orders # of all",
               "/api/orders?limit=50&desk=all", NULL);
    story_step(story, story->auditor.token, "GET /api/orders # by parcel",
               "/api/orders?desk=all&tracking_number=77312004", NULL);
    story_step(story, keeper, "POST /api/orders/{id}/shipment-events",
               order_target(story, order_id, "/shipment-events"),
               "{\"title\":\"到了太原\",\"text\":\"下一站小店区\"}");
    story_step(story, story->buyer.token, "POST /api/orders/{id}/receipt",
               order_target(story, order_id, "/receipt"), NULL);
}

/* ---- after-sales ---- */

static struct text story_upload(struct story *story, struct text token, const char *target) {
    struct house *house = story->cast.house;
    struct house_reply made =
        house_upload(house, token, target, "image/jpeg", pictures_small(house->arena, 2));
    HOUSE_STATUS(&made, 201);
    return house_text(&made, "address");
}

static const char *case_draft(struct story *story, struct text order_id, const char *kind) {
    if (story->evidence.length == 0)
        story->evidence = story_upload(story, story->buyer.token, "/api/files?purpose=evidence");
    return words("{\"order_id\":\"%.*s\",\"kind\":\"%s\",\"reason\":\"quality\",\"lines\":["
                 "{\"line_no\":1,\"count\":1}],\"words\":\"里面发霉\","
                 "\"pictures\":[\"%.*s\"]}",
                 (int)order_id.length, order_id.bytes, kind, (int)story->evidence.length,
                 story->evidence.bytes);
}

static struct text story_arrived(struct story *story) {
    struct text order_id = story_order(story, NULL, 0, 1);
    story_pay(story, order_id, NULL);
    ready(story, story->keeper.token, "POST", order_target(story, order_id, "/shipment"),
          "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}");
    ready(story, story->buyer.token, "POST", order_target(story, order_id, "/receipt"), NULL);
    return order_id;
}

static const char *case_target(struct story *story, const struct house_reply *made,
                               const char *what) {
    return words("/api/cases/%lld%s", (long long)id_of(made, "id"), what);
}

/* One that is sent back, one that is argued about, one that is given up. */
static void tell_cases(struct story *story) {
    struct text buyer = story->buyer.token, keeper = story->keeper.token;
    struct text order_id = story_arrived(story);
    story_step(story, buyer, "POST /api/cases/previews", "/api/cases/previews",
               case_draft(story, order_id, "return"));
    struct house_reply made = story_step(story, buyer, "POST /api/cases", "/api/cases",
                                         case_draft(story, order_id, "return"));
    story_step(story, buyer, "GET /api/cases/{id} # the buyer", case_target(story, &made, ""),
               NULL);
    story_step(story, keeper, "POST /api/cases/{id}/answers # agreed",
               case_target(story, &made, "/answers"),
               "{\"choice\":\"agree\",\"return_to\":\"李望田 13900000001 上庄村 8 号\"}");
    story_step(story, buyer, "POST /api/cases/{id}/shipments # back",
               case_target(story, &made, "/shipments"),
               "{\"carrier\":\"邮政\",\"tracking_number\":\"99887766\"}");
    story_step(story, keeper, "POST /api/cases/{id}/receipts # back on the shelf",
               case_target(story, &made, "/receipts"),
               "{\"accepted\":true,\"lines\":[{\"line_no\":1,\"shelf_count\":1}]}");
    order_id = story_arrived(story);
    made = ready(story, buyer, "POST", "/api/cases", case_draft(story, order_id, "money"));
    ready(story, keeper, "POST", case_target(story, &made, "/answers"),
          "{\"choice\":\"refuse\",\"words\":\"看着是好的\"}");
    story_step(story, buyer, "POST /api/cases/{id}/replies # appeal",
               case_target(story, &made, "/replies"), "{\"choice\":\"appeal\"}");
    story_step(story, story->manager.token, "GET /api/cases # at the desk",
               "/api/cases?limit=50&desk=true&state=closed", NULL);
    story_step(story, story->manager.token, "POST /api/cases/{id}/decisions # money",
               case_target(story, &made, "/decisions"),
               "{\"amount_fen\":1000,\"bearer\":\"seller\",\"words\":\"照片里看得出\"}");
    made = ready(story, buyer, "POST", "/api/cases", case_draft(story, order_id, "exchange"));
    story_step(story, buyer, "POST /api/cases/{id}/withdrawal",
               case_target(story, &made, "/withdrawal"), NULL);
    story_step(story, buyer, "GET /api/cases # one's own", "/api/cases?limit=50", NULL);
    story_step(story, keeper, "GET /api/cases # of a seller",
               words("/api/cases?limit=50&seller=%lld", (long long)story->cast.home.seller_id),
               NULL);
}

static void tell_complaints(struct story *story) {
    struct text buyer = story->buyer.token, manager = story->manager.token;
    struct house_reply made = story_step(
        story, buyer, "POST /api/complaints", "/api/complaints",
        words("{\"subject\":\"goods\",\"subject_id\":\"%lld\",\"words\":\"和图上不一样\"}",
              (long long)story->goods_id));
    const char *target = words("/api/complaints/%lld", (long long)id_of(&made, "id"));
    story_step(story, buyer, "GET /api/complaints/{id}", target, NULL);
    story_step(story, manager, "GET /api/complaints # at the desk",
               "/api/complaints?limit=50&desk=true", NULL);
    story_step(story, manager, "POST /api/complaints/{id}/answers", words("%s/answers", target),
               "{\"words\":\"已经请卖家改图\"}");
    story_step(story, buyer, "GET /api/complaints # one's own", "/api/complaints?limit=50", NULL);
}

static void tell_invoices(struct story *story) {
    struct text buyer = story->buyer.token, keeper = story->keeper.token;
    struct text order_id = story_arrived(story);
    const char *draft = words("{\"order_id\":\"%.*s\",\"type\":\"company\",\"title\":\"某某公司\","
                              "\"tax_number\":\"91350100M000100Y43\"}",
                              (int)order_id.length, order_id.bytes);
    struct house_reply made =
        story_step(story, buyer, "POST /api/invoices", "/api/invoices", draft);
    story_step(story, keeper, "POST /api/invoices/{id}/refusals",
               words("/api/invoices/%lld/refusals", (long long)id_of(&made, "id")),
               "{\"reason\":\"data_wrong\",\"words\":\"抬头不是全称\"}");
    made = ready(story, buyer, "POST", "/api/invoices", draft);
    const char *target = words("/api/invoices/%lld", (long long)id_of(&made, "id"));
    struct text paper = story_upload(story, keeper, "/api/files?purpose=document");
    story_step(story, keeper, "POST /api/invoices/{id}/papers", words("%s/papers", target),
               words("{\"invoice_number\":\"26142000000012345678\",\"file\":\"%.*s\"}",
                     (int)paper.length, paper.bytes));
    story_step(story, buyer, "GET /api/invoices/{id}", target, NULL);
    story_step(story, buyer, "GET /api/invoices # one's own", "/api/invoices?limit=50", NULL);
    story_step(story, keeper, "GET /api/invoices # of a seller",
               words("/api/invoices?limit=50&seller=%lld", (long long)story->cast.home.seller_id),
               NULL);
}

/* What came of other orders, so that the lists have something to show. */
static void grow_aftersales(struct story *story, int size) {
    for (int i = 0; i < size; i++) {
        struct text order_id = story_arrived(story);
        ready(story, story->buyer.token, "POST", "/api/complaints",
              words("{\"subject\":\"order\",\"subject_id\":\"%.*s\",\"words\":\"寄得太慢\"}",
                    (int)order_id.length, order_id.bytes));
        ready(story, story->buyer.token, "POST", "/api/invoices",
              words("{\"order_id\":\"%.*s\",\"type\":\"personal\",\"title\":\"刘敏\"}",
                    (int)order_id.length, order_id.bytes));
        struct house_reply made = ready(story, story->buyer.token, "POST", "/api/cases",
                                        case_draft(story, order_id, "money"));
        ready(story, story->keeper.token, "POST", case_target(story, &made, "/answers"),
              "{\"choice\":\"agree\"}");
    }
}

/* Nothing of what the story sells is told to these endpoints: a statement more or less there would
 * be theirs. */
static void tell_webhooks(struct story *story) {
    struct text manager = story->manager.token;
    static const char body[] = "{\"url\":\"https://hooks.example.com/\",\"about\":\"台账\","
                               "\"types\":[\"order.completed\"]}";
    for (int i = 0; i < story->size; i++) ready(story, manager, "POST", "/api/webhooks", body);
    struct house_reply made =
        story_step(story, manager, "POST /api/webhooks", "/api/webhooks", body);
    const char *place = words("/api/webhooks/%lld", (long long)id_of(&made, "id"));
    for (int i = 0; i < story->size; i++)
        ready(story, manager, "POST", words("%s/tests", place), NULL);
    struct house_reply sent =
        story_step(story, manager, "POST /api/webhooks/{id}/tests", words("%s/tests", place), NULL);
    story_step(story, manager, "GET /api/webhooks", "/api/webhooks", NULL);
    story_step(story, manager, "GET /api/webhooks/{id}", place, NULL);
    story_step(story, manager, "PUT /api/webhooks/{id}", place, body);
    story_step(story, manager, "POST /api/webhooks/{id}/secrets", words("%s/secrets", place), NULL);
    story_step(story, manager, "GET /api/webhooks/{id}/deliveries",
               words("%s/deliveries?limit=50", place), NULL);
    story_step(story, manager, "POST /api/webhooks/{id}/deliveries/{delivery_id}/resends",
               words("%s/deliveries/%lld/resends", place, (long long)id_of(&sent, "id")), NULL);
    story_step(story, manager, "DELETE /api/webhooks/{id}", place, NULL);
}

static void tell_dashboards(struct story *story) {
    story_step(story, story->keeper.token, "GET /api/dashboard # of a seller", "/api/dashboard",
               NULL);
    story_step(story, story->manager.token, "GET /api/dashboard # of all", "/api/dashboard", NULL);
    story_step(story, story->manager.token, "GET /api/dashboard/parts", "/api/dashboard/parts",
               NULL);
    story_step(story, story->keeper.token, "GET /api/stock-alarms # of a seller",
               "/api/stock-alarms", NULL);
    story_step(story, story->manager.token, "GET /api/stock-alarms # of all", "/api/stock-alarms",
               NULL);
}

static void tell_audit(struct story *story) {
    struct text auditor = story->auditor.token;
    story_step(story, auditor, "GET /api/audit # all", "/api/audit?limit=50", NULL);
    story_step(story, auditor, "GET /api/audit # of a person",
               words("/api/audit?limit=50&person_id=%lld", (long long)story->keeper.id), NULL);
    story_step(story, auditor, "GET /api/audit # of an action and a time",
               "/api/audit?limit=50&action=catalog.price&from=2026-01-01T00:00:00Z"
               "&until=2036-01-01T00:00:00Z",
               NULL);
    story_step(
        story, auditor, "GET /api/audit # of a subject",
        words("/api/audit?limit=50&subject=goods&subject_id=%lld", (long long)story->goods_id),
        NULL);
}

/* As many messages as the story has orders: one comes back each time. */
static void grow_messages(struct story *story, int size) {
    settle(story, &story->buyer);
    settle(story, &story->county);
    for (int i = 0; i < size; i++) {
        struct house_reply made = ready(story, story->buyer.token, "POST",
                                        "/api/seller-applications", words_of_application);
        struct text id = house_text(&made, "id");
        ready(story, story->buyer.token, "POST", application_at(story, id, "/submissions"), NULL);
        ready(story, story->county.token, "POST", application_at(story, id, "/recommendations"),
              opinion(story, application_at(story, id, ""),
                      "{\"agreed\":false,\"words\":\"照片不清楚\"}"));
        ready(story, story->buyer.token, "POST", application_at(story, id, "/withdrawal"), NULL);
    }
    house_run_jobs(story->cast.house);
}

static void tell_messages(struct story *story) {
    struct text buyer = story->buyer.token, manager = story->manager.token;
    static const char body[] = "{\"is_on\":true,\"title\":\"寄出了\",\"words\":\"{goods}\","
                               "\"title_en\":\"Sent\",\"words_en\":\"{goods}\"}";
    grow_messages(story, story->size);
    settle(story, &story->buyer);
    struct house_reply list =
        story_step(story, buyer, "GET /api/messages", "/api/messages?limit=50", NULL);
    struct text id = house_text(&list, "items.0.id");
    story_step(story, buyer, "POST /api/messages/{id}/reads",
               words("/api/messages/%.*s/reads", (int)id.length, id.bytes), NULL);
    story_step(story, buyer, "POST /api/messages/reads", "/api/messages/reads",
               words("{\"through\":\"%.*s\"}", (int)id.length, id.bytes));
    settle(story, &story->manager);
    story_step(story, manager, "GET /api/message-words", "/api/message-words", NULL);
    story_step(story, manager, "PUT /api/message-words/{kind}", "/api/message-words/order_shipped",
               body);
    story_step(story, manager, "DELETE /api/message-words/{kind}",
               "/api/message-words/order_shipped", NULL);
}

void story_tell(struct story *story) {
    tell_sessions(story);
    tell_account(story);
    tell_privacy(story);
    tell_phone(story);
    tell_desk(story);
    tell_places(story);
    tell_files(story);
    tell_browsing(story);
    tell_shelves(story);
    tell_keeping(story);
    tell_imports(story);
    tell_onboarding(story);
    tell_buying(story);
    tell_selling(story);
    tell_cases(story);
    tell_complaints(story);
    tell_invoices(story);
    tell_exports(story);
    tell_webhooks(story);
    tell_messages(story);
    tell_audit(story);
    tell_dashboards(story);
}

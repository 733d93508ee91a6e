#include <stdio.h>
#include <string.h>

#include "ground/people/inside.h"
#include "support/cast.h"

#define words(...) cast_words(&cast, __VA_ARGS__)

static struct text id_words(struct cast *cast, int64_t id) {
    return text_format(cast->house->arena, "%lld", (long long)id);
}

/* ---- seeing in clear ---- */

static struct house_reply unmask(struct cast *cast, struct text token, const char *subject,
                                 struct text id, const char *reason) {
    return house_call(cast->house, token, "POST", "/api/unmaskings",
                      cast_words(cast,
                                 "{\"subject\":\"%s\",\"subject_id\":\"%.*s\",\"reason\":\"%s\"}",
                                 subject, (int)id.length, id.bytes, reason));
}

HOUSE_TEST("unmask: an officer sees it once for a reason, and the person reads who, when and why") {
    struct cast cast;
    cast_open(house, &cast);
    struct cast_person buyer = cast_person(&cast, CAST_BUYER);
    struct cast_person officer = cast_person(&cast, CAST_OPERATOR);
    struct cast_person auditor = cast_person(&cast, CAST_AUDITOR);
    struct house_reply placed = market_order(house, buyer.token, cast.home.sku_five, 1);
    struct text order_id = house_text(&placed, "orders.0.id");
    struct house_reply masked =
        house_get(house, auditor.token, "/api/orders/%.*s", (int)order_id.length, order_id.bytes);
    CHECK_TEXT(house_text(&masked, "receiver_name"), "刘*");
    CHECK(text_find(house_text(&masked, "receiver_address"), TEXT("平阳路"), 0) == SIZE_MAX);
    CHECK(text_find(house_text(&masked, "receiver_address"), TEXT("小店区"), 0) != SIZE_MAX);
    struct house_reply clear =
        unmask(&cast, officer.token, "order", order_id, "买家投诉送错了地方");
    HOUSE_STATUS(&clear, 201);
    CHECK_TEXT(house_text(&clear, "values.0.value"), "刘敏");
    CHECK(text_equal(house_text(&clear, "values.1.value"), buyer.phone));
    CHECK(text_find(house_text(&clear, "values.2.value"), TEXT("平阳路 8 号"), 0) != SIZE_MAX);
    struct house_reply seen = house_get(house, buyer.token, "/api/people/me/unmaskings");
    CHECK_INT(house_count(&seen, "items"), 1);
    CHECK_TEXT(house_text(&seen, "items.0.role"), "operator");
    CHECK_TEXT(house_text(&seen, "items.0.reason"), "买家投诉送错了地方");
    CHECK(text_find(seen.body, id_words(&cast, officer.id), 0) == SIZE_MAX);
    struct house_reply trail = house_get(house, auditor.token, "/api/audit?action=people.unmask");
    CHECK_INT(house_count(&trail, "items"), 1);
    CHECK(text_find(trail.body, TEXT("刘敏"), 0) == SIZE_MAX);
}

HOUSE_TEST("unmask: no reason, a number in it, nothing there: nothing is seen or written") {
    struct cast cast;
    cast_open(house, &cast);
    struct cast_person buyer = cast_person(&cast, CAST_BUYER);
    struct cast_person officer = cast_person(&cast, CAST_OPERATOR);
    struct text id = id_words(&cast, buyer.id);
    struct house_reply reply = unmask(&cast, officer.token, "person", id, "    要 ");
    HOUSE_PROBLEM(&reply, "bad_input", "reason");
    reply = unmask(&cast, officer.token, "person", id, "他的电话是 138 0013 8000");
    HOUSE_PROBLEM(&reply, "bad_input", "reason");
    reply = unmask(&cast, officer.token, "person", TEXT("999999999999"), "核对投诉");
    HOUSE_PROBLEM(&reply, "not_found", "subject_id");
    reply = unmask(&cast, officer.token, "household", id, "核对投诉");
    HOUSE_PROBLEM(&reply, "not_found", "subject_id");
    reply = house_get(house, buyer.token, "/api/people/me/unmaskings");
    CHECK_INT(house_count(&reply, "items"), 0);
    for (int i = 0; i < 20; i++) {
        reply = unmask(&cast, officer.token, "person", id, "核对投诉");
        HOUSE_STATUS(&reply, 201);
    }
    reply = unmask(&cast, officer.token, "person", id, "核对投诉");
    HOUSE_PROBLEM(&reply, "too_many", NULL);
    house_advance(house, HOUR_MS);
    reply = unmask(&cast, officer.token, "person", id, "核对投诉");
    HOUSE_STATUS(&reply, 201);
}

HOUSE_TEST(
    "unmask: the seller sees the receiver while the parcel is due, and masked before and after") {
    struct cast cast;
    cast_open(house, &cast);
    struct cast_person buyer = cast_person(&cast, CAST_BUYER);
    struct house_reply placed = market_order(house, buyer.token, cast.home.sku_five, 1);
    struct text id = house_text(&placed, "orders.0.id");
    const char *target = words("/api/orders/%.*s", (int)id.length, id.bytes);
    struct house_reply order = house_get(house, cast.home.keeper, "%s", target);
    CHECK_TEXT(house_text(&order, "receiver_name"), "刘*");
    struct house_reply asked =
        house_call(house, buyer.token, "POST", words("%s/payments", target), NULL);
    cast_notice(&cast, TEXT(""), house_text(&asked, "id"), house_int(&asked, "amount_fen"));
    order = house_get(house, cast.home.keeper, "%s", target);
    CHECK_TEXT(house_text(&order, "receiver_name"), "刘敏");
    CHECK(text_equal(house_text(&order, "receiver_phone"), buyer.phone));
    house_call(house, cast.home.keeper, "POST", words("%s/shipment", target),
               "{\"carrier\":\"邮政\",\"tracking_number\":\"77312004\"}");
    struct house_reply received =
        house_call(house, buyer.token, "POST", words("%s/receipt", target), NULL);
    HOUSE_STATUS(&received, 200);
    CHECK_TEXT(house_text(&received, "receiver_name"), "刘敏");
    order = house_get(house, cast.home.keeper, "%s", target);
    CHECK_TEXT(house_text(&order, "receiver_name"), "刘*");
    CHECK(!house_has(&order, "receiver_phone"));
    CHECK(text_find(order.body, TEXT("平阳路"), 0) == SIZE_MAX);
}

/* ---- the roles desk ---- */

static struct house_reply give(struct cast *cast, struct text token, int64_t person_id,
                               const char *rest) {
    return house_call(cast->house, token, "POST", "/api/grants",
                      cast_words(cast, "{\"person_id\":\"%lld\",%s}", (long long)person_id, rest));
}

HOUSE_TEST("desk: a role is given, listed, found by the phone and taken, with before and after") {
    struct cast cast;
    cast_open(house, &cast);
    struct text officer = cast_person(&cast, CAST_OPERATOR).token;
    struct cast_person person = cast_person(&cast, CAST_BUYER);
    house_call(house, person.token, "PUT", "/api/people/me",
               "{\"name\":\"欧阳梨花\",\"language\":\"zh\"}");
    struct house_reply given =
        give(&cast, officer, person.id, "\"role\":\"auditor\",\"scope\":\"all\"");
    HOUSE_STATUS(&given, 201);
    CHECK_TEXT(house_text(&given, "name_masked"), "欧*");
    struct house_reply read = house_get(house, person.token, "/api/audit?action=people.give_role");
    HOUSE_STATUS(&read, 200);
    CHECK(text_find(read.body, TEXT("auditor"), 0) != SIZE_MAX);
    struct house_reply found = house_call(house, officer, "POST", "/api/person-lookups",
                                          words("{\"phone\":\"%s\"}", person.phone.bytes));
    CHECK_INT(house_count(&found, "items"), 1);
    CHECK_TEXT(house_text(&found, "items.0.grants.0.role"), "auditor");
    CHECK(text_find(found.body, person.phone, 0) == SIZE_MAX);
    found =
        house_call(house, officer, "POST", "/api/person-lookups", "{\"phone\":\"13012345678\"}");
    CHECK_INT(house_count(&found, "items"), 0);
    struct house_reply list = house_get(house, officer, "/api/grants?role=auditor");
    CHECK_INT(house_count(&list, "items"), 1);
    struct text key = house_text(&given, "key");
    const char *target = words("/api/grants/%.*s", (int)key.length, key.bytes);
    struct house_reply taken = house_call(house, officer, "DELETE", target, NULL);
    HOUSE_STATUS(&taken, 204);
    taken = house_call(house, officer, "DELETE", target, NULL);
    HOUSE_PROBLEM(&taken, "not_found", "key");
    read = house_get(house, person.token, "/api/audit");
    HOUSE_PROBLEM(&read, "not_allowed", NULL);
}

HOUSE_TEST("desk: nobody gives to themselves, changes their own role, or takes the last giver") {
    struct cast cast;
    cast_open(house, &cast);
    struct cast_person officer = cast_person(&cast, CAST_OPERATOR);
    struct house_reply reply =
        give(&cast, officer.token, officer.id, "\"role\":\"auditor\",\"scope\":\"all\"");
    HOUSE_PROBLEM(&reply, "wrong_state", "person_id");
    reply = house_call(house, officer.token, "PUT", "/api/roles/operator",
                       "{\"permissions\":[\"audit\",\"grant\"]}");
    HOUSE_PROBLEM(&reply, "wrong_state", "name");
    reply = house_call(house, officer.token, "PUT", "/api/roles/buyer",
                       "{\"permissions\":[\"audit\"]}");
    HOUSE_PROBLEM(&reply, "wrong_state", "name");
    /* All operators but this one go; then there is one left, and it stays. */
    size_t refused = 0;
    struct house_reply list = house_get(house, officer.token, "/api/grants?role=operator&limit=50");
    for (size_t i = 0; i < house_count(&list, "items"); i++) {
        struct text key = house_text(&list, words("items.%zu.key", i));
        if (text_starts(key, id_words(&cast, officer.id))) continue;
        reply = house_call(house, officer.token, "DELETE",
                           words("/api/grants/%.*s", (int)key.length, key.bytes), NULL);
        refused += reply.status != 204;
    }
    CHECK_INT(refused, 0);
    reply = house_call(house, officer.token, "DELETE",
                       words("/api/grants/%lld.operator.all.0", (long long)officer.id), NULL);
    HOUSE_PROBLEM(&reply, "wrong_state", NULL);
    reply = house_get(house, officer.token, "/api/roles");
    HOUSE_STATUS(&reply, 200);
}

HOUSE_TEST("desk: in a county one gives the keeping of its sellers, and nothing else") {
    struct cast cast;
    cast_open(house, &cast);
    struct text officer = cast_person(&cast, CAST_COUNTY_OPERATOR).token;
    struct cast_person person = cast_newcomer(&cast);
    const char *keeper =
        "\"role\":\"seller_keeper\",\"scope\":\"organisation\",\"scope_id\":\"%lld\"";
    struct house_reply reply =
        give(&cast, officer, person.id, words(keeper, (long long)cast.home.seller_id));
    HOUSE_STATUS(&reply, 201);
    reply = give(&cast, officer, person.id, words(keeper, (long long)cast.away.seller_id));
    HOUSE_PROBLEM(&reply, "not_found", "scope_id");
    reply = give(&cast, officer, person.id,
                 words("\"role\":\"operator\",\"scope\":\"organisation\",\"scope_id\":\"%lld\"",
                       (long long)cast.home.seller_id));
    HOUSE_PROBLEM(&reply, "not_found", "scope_id");
    reply = give(&cast, officer, person.id,
                 "\"role\":\"seller_keeper\",\"scope\":\"county\",\"scope_id\":\"141031000000\"");
    HOUSE_PROBLEM(&reply, "not_found", "scope_id");
    reply = house_get(house, officer, "/api/grants?organisation_id=%lld",
                      (long long)cast.home.seller_id);
    HOUSE_STATUS(&reply, 200);
    CHECK(house_count(&reply, "items") >= 1);
    reply = house_call(house, officer, "PUT", "/api/roles/seller_keeper",
                       "{\"permissions\":[\"unmask\"]}");
    HOUSE_PROBLEM(&reply, "not_found", NULL);
}

HOUSE_TEST("desk: a role is what the house says it is, and takes effect with the next request") {
    struct cast cast;
    cast_open(house, &cast);
    struct text officer = cast_person(&cast, CAST_OPERATOR).token;
    struct cast_person person = cast_newcomer(&cast);
    struct house_reply reply = house_call(house, officer, "PUT", "/api/roles/book_reader",
                                          "{\"permissions\":[\"audit\"]}");
    HOUSE_STATUS(&reply, 200);
    reply = give(&cast, officer, person.id, "\"role\":\"book_reader\",\"scope\":\"all\"");
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(house_get(house, person.token, "/api/audit").status, 200);
    reply = house_call(house, officer, "PUT", "/api/roles/book_reader",
                       "{\"permissions\":[\"serve\"]}");
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_get(house, person.token, "/api/audit").status, 403);
    const char *const wrong[] = {"{\"permissions\":[\"fly\"]}", "{\"permissions\":[\"buy\"]}",
                                 "{\"permissions\":[\"serve\",\"serve\"]}"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        reply = house_call(house, officer, "PUT", "/api/roles/book_reader", wrong[i]);
        HOUSE_PROBLEM(&reply, "bad_input", "permissions");
    }
    reply = house_call(house, officer, "PUT", "/api/roles/X1", "{\"permissions\":[\"serve\"]}");
    HOUSE_PROBLEM(&reply, "bad_input", "name");
    house_check_books(house);
}

HOUSE_TEST("desk: grants are given to living people, with a scope that is there") {
    struct cast cast;
    cast_open(house, &cast);
    struct text officer = cast_person(&cast, CAST_OPERATOR).token;
    struct cast_person person = cast_newcomer(&cast);
    struct house_reply reply =
        give(&cast, officer, 999999999999, "\"role\":\"auditor\",\"scope\":\"all\"");
    HOUSE_PROBLEM(&reply, "not_found", "person_id");
    reply = give(&cast, officer, person.id, "\"role\":\"wizard\",\"scope\":\"all\"");
    HOUSE_PROBLEM(&reply, "not_found", "role");
    reply = give(&cast, officer, person.id, "\"role\":\"buyer\",\"scope\":\"all\"");
    HOUSE_PROBLEM(&reply, "wrong_state", "role");
    reply = give(&cast, officer, person.id,
                 "\"role\":\"auditor\",\"scope\":\"all\",\"scope_id\":\"5\"");
    HOUSE_PROBLEM(&reply, "bad_input", "scope_id");
    reply = give(&cast, officer, person.id,
                 "\"role\":\"seller_keeper\",\"scope\":\"organisation\",\"scope_id\":\"5\"");
    HOUSE_PROBLEM(&reply, "bad_input", "scope_id");
    reply = give(&cast, officer, person.id,
                 "\"role\":\"county_operator\",\"scope\":\"county\",\"scope_id\":\"990000000000\"");
    HOUSE_PROBLEM(&reply, "bad_input", "scope_id");
}

HOUSE_TEST("desk: looking phones up is counted, also when nobody is found") {
    struct cast cast;
    cast_open(house, &cast);
    struct text officer = cast_person(&cast, CAST_OPERATOR).token;
    struct house_reply reply;
    for (int i = 0; i < 30; i++) {
        reply = house_call(house, officer, "POST", "/api/person-lookups",
                           words("{\"phone\":\"1301234%04d\"}", i));
        HOUSE_STATUS(&reply, 200);
    }
    reply =
        house_call(house, officer, "POST", "/api/person-lookups", "{\"phone\":\"13012345678\"}");
    HOUSE_PROBLEM(&reply, "too_many", NULL);
}

HOUSE_TEST("desk: a grant is named by its key, and what is none names nothing") {
    struct cast cast;
    cast_open(house, &cast);
    struct text officer = cast_person(&cast, CAST_OPERATOR).token;
    static const char *const keys[] = {"1",
                                       "1.auditor",
                                       "1.auditor.all",
                                       "1.auditor.all.0.0",
                                       "x.auditor.all.0",
                                       "1.auditor.all.x",
                                       "1.auditor.nowhere.0",
                                       "0.auditor.all.0",
                                       "-1.auditor.all.0",
                                       "1.auditor.all.-1",
                                       "1.auditor.all.0"};
    enum { KEYS = sizeof(keys) / sizeof(keys[0]) };
    for (size_t i = 0; i < KEYS; i++) {
        struct house_reply reply =
            house_call(house, officer, "DELETE", words("/api/grants/%s", keys[i]), NULL);
        HOUSE_PROBLEM(&reply, "not_found", "key");
        if (i == KEYS - 1) break; /* it could be one, and as a place in the list it is */
        reply = house_get(house, officer, "/api/grants?after=%s", keys[i]);
        HOUSE_PROBLEM(&reply, "bad_input", "after");
    }
    struct house_reply reply = house_get(house, officer, "/api/grants?after=1.auditor.all.0");
    HOUSE_STATUS(&reply, 200);
}

/* The keys of a whole list, read LIMIT a page: how many there are. No key comes twice. */
static size_t walk_grants(struct cast *cast, struct text token, const char *query, int limit) {
    size_t count = 0;
    struct text after = TEXT(""), last = TEXT("");
    for (;;) {
        struct house_reply page = house_get(cast->house, token, "/api/grants?limit=%d%s%s%s", limit,
                                            query, after.length ? "&after=" : "", after.bytes);
        HOUSE_STATUS(&page, 200);
        CHECK(house_count(&page, "items") <= (size_t)limit);
        for (size_t i = 0; i < house_count(&page, "items"); i++) {
            struct text key = house_text(&page, cast_words(cast, "items.%zu.key", i));
            CHECK(!text_equal(key, last));
            last = key;
            count++;
        }
        if (!house_has(&page, "next")) return count;
        after = house_text(&page, "next");
        CHECK(text_equal(after, last));
    }
}

HOUSE_TEST("desk: grants page by key: all, of a role, of a seller; and never of both at once") {
    struct cast cast;
    cast_open(house, &cast);
    struct text officer = cast_person(&cast, CAST_OPERATOR).token;
    for (int i = 0; i < 3; i++) {
        cast_person(&cast, CAST_KEEPER);
        cast_person(&cast, CAST_AUDITOR);
    }
    const char *of_seller = words("&organisation_id=%lld", (long long)cast.home.seller_id);
    CHECK_INT(walk_grants(&cast, officer, "&role=auditor", 2), 3);
    CHECK_INT(walk_grants(&cast, officer, of_seller, 2), 4); /* and who opened it */
    CHECK_INT(walk_grants(&cast, officer, "", 2), walk_grants(&cast, officer, "", 50));
    CHECK(walk_grants(&cast, officer, "", 3) >= 9);
    struct house_reply reply = house_get(house, officer, "/api/grants?role=auditor%s", of_seller);
    HOUSE_PROBLEM(&reply, "bad_input", "role");
    struct text county = cast_person(&cast, CAST_COUNTY_OPERATOR).token;
    CHECK_INT(walk_grants(&cast, county, of_seller, 50), 4);
    const char *const beyond[] = {"", "?role=auditor", "?organisation_id=12345",
                                  words("?organisation_id=%lld", (long long)cast.away.seller_id)};
    for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++) {
        reply = house_get(house, county, "/api/grants%s", beyond[i]);
        HOUSE_PROBLEM(&reply, "not_found", NULL);
    }
}

static refusal destroy_key(struct request *q, void *context) {
    return people_key_destroy(q, *(int64_t *)context);
}

HOUSE_TEST("desk: who holds a role stays in the list also when his data opens no more") {
    struct cast cast;
    cast_open(house, &cast);
    struct text officer = cast_person(&cast, CAST_OPERATOR).token;
    struct cast_person auditor = cast_person(&cast, CAST_AUDITOR);
    house_work(house, destroy_key, &auditor.id);
    struct house_reply list = house_get(house, officer, "/api/grants?role=auditor");
    CHECK_INT(house_count(&list, "items"), 1);
    CHECK_TEXT(house_text(&list, "items.0.phone_masked"), "***");
    CHECK_TEXT(house_text(&list, "items.0.name_masked"), "");
    struct house_reply me = house_get(house, auditor.token, "/api/people/me");
    HOUSE_PROBLEM(&me, "not_found", NULL);
}

HOUSE_TEST("desk: a county's operator finds a person by the phone, and not what else he holds") {
    struct cast cast;
    cast_open(house, &cast);
    struct text county = cast_person(&cast, CAST_COUNTY_OPERATOR).token;
    struct text officer = cast_person(&cast, CAST_OPERATOR).token;
    struct cast_person auditor = cast_person(&cast, CAST_AUDITOR);
    const char *body = words("{\"phone\":\"%s\"}", auditor.phone.bytes);
    struct house_reply found = house_call(house, county, "POST", "/api/person-lookups", body);
    CHECK_INT(house_count(&found, "items"), 1);
    CHECK_INT(house_count(&found, "items.0.grants"), 0);
    found = house_call(house, officer, "POST", "/api/person-lookups", body);
    CHECK_INT(house_count(&found, "items.0.grants"), 1);
    found = house_call(house, officer, "POST", "/api/person-lookups", "{\"phone\":\"12345\"}");
    HOUSE_PROBLEM(&found, "bad_input", "phone");
    /* Who asked whom is in the trail, found or not; not the phone. */
    found = house_get(house, auditor.token, "/api/audit?action=people.look_up");
    CHECK_INT(house_count(&found, "items"), 2);
    CHECK(text_find(found.body, auditor.phone, 0) == SIZE_MAX);
}

HOUSE_TEST("desk: a scope is a seller, a place down to the county, or nothing") {
    struct cast cast;
    cast_open(house, &cast);
    struct text officer = cast_person(&cast, CAST_OPERATOR).token;
    struct cast_person person = cast_newcomer(&cast);
    struct house_reply reply = give(&cast, officer, person.id,
                                    "\"role\":\"auditor\",\"scope\":\"own\",\"scope_id\":\"5\"");
    HOUSE_PROBLEM(&reply, "bad_input", "scope_id");
    reply = give(&cast, officer, person.id,
                 "\"role\":\"county_operator\",\"scope\":\"county\",\"scope_id\":\"141031204000\"");
    HOUSE_PROBLEM(&reply, "bad_input", "scope_id"); /* a town */
    reply = give(&cast, officer, person.id, "\"role\":\"county_operator\",\"scope\":\"county\"");
    HOUSE_PROBLEM(&reply, "bad_input", "scope_id");
    reply =
        give(&cast, officer, person.id, "\"role\":\"seller_keeper\",\"scope\":\"organisation\"");
    HOUSE_PROBLEM(&reply, "bad_input", "scope_id");
    static const char *const places[] = {"140000000000", "141000000000", "141031000000"};
    for (size_t i = 0; i < 3; i++) {
        reply = give(&cast, officer, person.id,
                     words("\"role\":\"county_operator\",\"scope\":\"county\",\"scope_id\":\"%s\"",
                           places[i]));
        HOUSE_STATUS(&reply, 201);
    }
    reply = give(&cast, officer, person.id, "\"role\":\"auditor\",\"scope\":\"own\"");
    HOUSE_STATUS(&reply, 201);
}

struct filling {
    int64_t person_id;
    int64_t first, last;
};

static refusal fill_offices(struct request *q, void *context) {
    const struct filling *filling = context;
    for (int64_t id = filling->first; id <= filling->last; id++)
        TRY(people_give_role(q, filling->person_id, "seller_keeper", SCOPE_ORGANISATION, id));
    return NULL;
}

HOUSE_TEST("desk: one person holds sixty-four offices at most, each of them in force") {
    struct filling filling = {.first = 1, .last = PEOPLE_GRANTS_MAX};
    struct text token = house_person(house, "13800138000", &filling.person_id);
    house_work(house, fill_offices, &filling);
    filling.first = filling.last = PEOPLE_GRANTS_MAX + 1;
    refusal refused = house_try(house, fill_offices, &filling);
    CHECK(refused && refused->kind == PROBLEM_CONFLICT);
    struct house_reply me = house_get(house, token, "/api/people/me");
    CHECK_INT(house_count(&me, "organisation_ids"), PEOPLE_GRANTS_MAX);
}

HOUSE_TEST("desk: roles have names of small letters, and there are sixty of them at most") {
    struct cast cast;
    cast_open(house, &cast);
    struct text officer = cast_person(&cast, CAST_OPERATOR).token;
    const char *body = "{\"permissions\":[\"serve\",\"audit\"]}";
    static const char *const wrong[] = {"ab",      "_reader",
                                        "Reader",  "reader1",
                                        "rea-der", "a_name_that_is_longer_than_forty_letters_"};
    struct house_reply reply;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        reply = house_call(house, officer, "PUT", words("/api/roles/%s", wrong[i]), body);
        HOUSE_PROBLEM(&reply, "bad_input", "name");
    }
    reply =
        house_call(house, officer, "PUT", "/api/roles/reader", "{\"permissions\":[\"account\"]}");
    HOUSE_PROBLEM(&reply, "bad_input", "permissions");
    reply = house_get(house, officer, "/api/roles");
    for (size_t count = house_count(&reply, "items"); count < PEOPLE_ROLES_MAX; count++) {
        reply = house_call(
            house, officer, "PUT",
            words("/api/roles/reader_%c%c", (char)('a' + count / 26), (char)('a' + count % 26)),
            body);
        HOUSE_STATUS(&reply, 200);
    }
    reply = house_call(house, officer, "PUT", "/api/roles/reader", body);
    HOUSE_PROBLEM(&reply, "conflict", "name");
    reply = house_get(house, officer, "/api/roles");
    CHECK_INT(house_count(&reply, "items"), PEOPLE_ROLES_MAX);
    /* One that is there can be changed all the same. */
    reply = house_call(house, officer, "PUT", "/api/roles/reviewer", body);
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_count(&reply, "permissions"), 2);
}

HOUSE_TEST("desk: at whatever statement the database fails, a grant is given and taken once") {
    struct cast cast;
    cast_open(house, &cast);
    struct text officer = cast_person(&cast, CAST_OPERATOR).token;
    struct cast_person person = cast_newcomer(&cast);
    struct house_reply reply =
        house_call_through(house, officer, "POST", "/api/grants",
                           words("{\"person_id\":\"%lld\",\"role\":\"auditor\",\"scope\":\"all\"}",
                                 (long long)person.id));
    HOUSE_STATUS(&reply, 201);
    const char *key = words("/api/grants/%s", house_text(&reply, "key").bytes);
    struct house_reply trail = house_get(house, person.token, "/api/audit?action=people.give_role");
    size_t given = house_count(&trail, "items");
    reply = house_call_through(
        house, officer, "POST", "/api/unmaskings",
        words("{\"subject\":\"person\",\"subject_id\":\"%lld\",\"reason\":\"核对投诉\"}",
              (long long)person.id));
    HOUSE_STATUS(&reply, 201);
    reply = house_get(house, person.token, "/api/people/me/unmaskings");
    CHECK_INT(house_count(&reply, "items"), 1);
    trail = house_get(house, person.token, "/api/audit?action=people.give_role");
    CHECK_INT(house_count(&trail, "items"), given);
    reply = house_call_through(house, officer, "DELETE", key, NULL);
    HOUSE_STATUS(&reply, 204);
    reply = house_get(house, person.token, "/api/audit");
    HOUSE_PROBLEM(&reply, "not_allowed", NULL);
}

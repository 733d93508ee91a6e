#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ground/people/people.h"
#include "market/onboarding/inside.h"
#include "support/house.h"
#include "support/pictures.h"

/* ---- who takes part ---- */

struct office {
    struct house *house;
    struct text applicant, county, away, platform, both;
    int64_t applicant_id, county_id, away_id, platform_id, both_id;
};

static refusal give_roles(struct request *q, void *context) {
    const struct office *office = context;
    const int64_t here = INT64_C(141031000000), there = INT64_C(500236000000);
    TRY(people_give_role(q, office->county_id, "county_operator", SCOPE_COUNTY, here));
    TRY(people_give_role(q, office->away_id, "county_operator", SCOPE_COUNTY, there));
    TRY(people_give_role(q, office->platform_id, "operator", SCOPE_ALL, 0));
    TRY(people_give_role(q, office->both_id, "county_operator", SCOPE_COUNTY, here));
    return people_give_role(q, office->both_id, "operator", SCOPE_ALL, 0);
}

static void open_office(struct house *house, struct office *ret_office) {
    struct office *office = ret_office;
    office->house = house;
    office->applicant = house_person(house, "13900000021", &office->applicant_id);
    office->county = house_person(house, "13900000022", &office->county_id);
    office->away = house_person(house, "13900000023", &office->away_id);
    office->platform = house_person(house, "13900000024", &office->platform_id);
    office->both = house_person(house, "13900000025", &office->both_id);
    house_work(house, give_roles, office);
}

static const char household[] =
    "{\"kind\":\"household\",\"name\":\"老李家的梨\",\"place_code\":\"141031100203\","
    "\"goods_text\":\"玉露香梨、小米\",\"contact_name\":\"李望田\","
    "\"contact_phone\":\"139 0000 0021\",\"declared\":true,"
    "\"documents\":[{\"kind\":\"identity\",\"address\":\"/img/pear.webp\"}]}";
static const char agreed[] = "{\"agreed\":true}";
static const char refused[] = "{\"agreed\":false,\"words\":\"身份证照片不清楚\"}";

static struct house_reply act(const struct office *office, struct text token, struct text id,
                              const char *what, const char *body) {
    char target[120];
    snprintf(target, sizeof(target), "/api/seller-applications/%.*s", (int)id.length, id.bytes);
    if (strcmp(what, "decisions") == 0 || strcmp(what, "recommendations") == 0)
        body = house_opinion(office->house, office->platform, target, body);
    snprintf(target, sizeof(target), "/api/seller-applications/%.*s/%s", (int)id.length, id.bytes,
             what);
    return house_call(office->house, token, "POST", target, body);
}

static struct house_reply look(const struct office *office, struct text token, struct text id) {
    return house_get(office->house, token, "/api/seller-applications/%.*s", (int)id.length,
                     id.bytes);
}

static struct text begin(const struct office *office, const char *body) {
    struct house_reply made =
        house_call(office->house, office->applicant, "POST", "/api/seller-applications", body);
    HOUSE_STATUS(&made, 201);
    CHECK_TEXT(house_text(&made, "state"), "draft");
    return house_text(&made, "id");
}

static struct text send_in(const struct office *office) {
    struct text id = begin(office, household);
    struct house_reply sent = act(office, office->applicant, id, "submissions", NULL);
    HOUSE_STATUS(&sent, 201);
    CHECK_TEXT(house_text(&sent, "state"), "submitted");
    return id;
}

static struct text recommend(const struct office *office) {
    struct text id = send_in(office);
    struct house_reply said = act(office, office->county, id, "recommendations", agreed);
    HOUSE_STATUS(&said, 201);
    CHECK_TEXT(house_text(&said, "state"), "recommended");
    return id;
}

static bool may(const struct house_reply *reply, const char *word) {
    char path[20];
    for (size_t i = 0; i < house_count(reply, "may"); i++) {
        snprintf(path, sizeof(path), "may.%zu", i);
        if (text_is(house_text(reply, path), word)) return true;
    }
    return false;
}

/* ---- the chain ---- */

HOUSE_TEST("onboarding: applied, recommended, let in: a shop and its keeper, exactly once") {
    struct office office;
    open_office(house, &office);
    struct text id = recommend(&office);
    struct house_reply reply = act(&office, office.platform, id, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "state"), "accepted");
    struct text seller_id = house_text(&reply, "seller_id");
    struct house_reply seller =
        house_get(house, TEXT(""), "/api/sellers/%.*s", (int)seller_id.length, seller_id.bytes);
    CHECK_TEXT(house_text(&seller, "name"), "老李家的梨");
    CHECK_TEXT(house_text(&seller, "origin.village"), "北庄村");
    CHECK(text_find(house_text(&seller, "licence_text"), TEXT("自产自销"), 0) != SIZE_MAX);
    struct house_reply goods = house_get(house, office.applicant, "/api/sellers/%.*s/goods",
                                         (int)seller_id.length, seller_id.bytes);
    HOUSE_STATUS(&goods, 200);
    reply = act(&office, office.platform, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    reply = house_get(house, TEXT(""), "/api/sellers?limit=50");
    CHECK_INT(house_count(&reply, "items"), 1);
    reply = look(&office, office.applicant, id);
    CHECK_INT(house_count(&reply, "steps"), 3);
    CHECK_TEXT(house_text(&reply, "steps.0.kind"), "acceptance");
    CHECK_TEXT(house_text(&reply, "steps.2.documents.0.address"), "/img/pear.webp");
    CHECK_INT(house_count(&reply, "may"), 0);
    house_check_books(house);
}

HOUSE_TEST("onboarding: what is refused goes back with the reason, is mended, and begins anew") {
    struct office office;
    open_office(house, &office);
    struct text id = send_in(&office);
    char target[80];
    snprintf(target, sizeof(target), "/api/seller-applications/%.*s", (int)id.length, id.bytes);
    struct house_reply reply = house_call(house, office.applicant, "PUT", target, household);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    reply = act(&office, office.county, id, "recommendations", refused);
    HOUSE_STATUS(&reply, 201);
    reply = look(&office, office.applicant, id);
    CHECK_TEXT(house_text(&reply, "state"), "refused");
    CHECK_TEXT(house_text(&reply, "reason"), "身份证照片不清楚");
    CHECK(may(&reply, "edit") && may(&reply, "submit"));
    reply = house_call(house, office.applicant, "PUT", target, household);
    HOUSE_STATUS(&reply, 200);
    reply = act(&office, office.applicant, id, "submissions", NULL);
    HOUSE_STATUS(&reply, 201);
    CHECK(!house_has(&reply, "reason"));
    reply = act(&office, office.county, id, "recommendations", agreed);
    HOUSE_STATUS(&reply, 201);
    reply = act(&office, office.platform, id, "decisions", refused);
    CHECK_TEXT(house_text(&reply, "state"), "refused");
    CHECK_TEXT(house_text(&reply, "steps.0.kind"), "refusal");
    CHECK_INT(house_count(&reply, "steps"), 5);
    house_check_books(house);
}

HOUSE_TEST("onboarding: nobody reviews their own, and who recommended never decides") {
    struct office office;
    open_office(house, &office);
    struct text id = send_in(&office);
    struct house_reply reply = act(&office, office.both, id, "recommendations", agreed);
    HOUSE_STATUS(&reply, 201);
    CHECK(may(&reply, "decide"));
    reply = act(&office, office.both, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    /* Nor in a later round, when another recommended it. */
    reply = act(&office, office.platform, id, "decisions", refused);
    HOUSE_STATUS(&reply, 201);
    reply = act(&office, office.applicant, id, "submissions", NULL);
    reply = act(&office, office.county, id, "recommendations", agreed);
    HOUSE_STATUS(&reply, 201);
    reply = act(&office, office.both, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    struct office self = office;
    self.applicant = office.both;
    id = send_in(&self);
    reply = act(&office, office.both, id, "recommendations", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    reply = act(&office, office.county, id, "recommendations", agreed);
    HOUSE_STATUS(&reply, 201);
    reply = act(&office, office.both, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    reply = act(&office, office.platform, id, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    house_check_books(house);
}

HOUSE_TEST("onboarding: a word on what was read does not judge what came after it") {
    struct office office;
    char target[80];
    open_office(house, &office);
    struct text id = send_in(&office);
    snprintf(target, sizeof(target), "/api/seller-applications/%.*s", (int)id.length, id.bytes);
    const char *stale = house_opinion(house, office.county, target, agreed);
    struct house_reply reply = act(&office, office.both, id, "recommendations", refused);
    HOUSE_STATUS(&reply, 201);
    reply = house_call(house, office.applicant, "PUT", target, household);
    HOUSE_STATUS(&reply, 200);
    act(&office, office.applicant, id, "submissions", NULL);
    char door[120];
    snprintf(door, sizeof(door), "%s/recommendations", target);
    reply = house_call(house, office.county, "POST", door, stale);
    HOUSE_PROBLEM(&reply, "conflict", "submitted_at");
    reply = house_call(house, office.county, "POST", door, agreed);
    HOUSE_PROBLEM(&reply, "bad_input", "submitted_at");
    reply = act(&office, office.county, id, "recommendations", agreed);
    HOUSE_STATUS(&reply, 201);
    snprintf(door, sizeof(door), "%s/decisions", target);
    reply = house_call(house, office.platform, "POST", door, stale);
    HOUSE_PROBLEM(&reply, "conflict", "submitted_at");
    reply = house_get(house, TEXT(""), "/api/sellers?limit=50");
    CHECK_INT(house_count(&reply, "items"), 0);
    reply = act(&office, office.platform, id, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    house_check_books(house);
}

HOUSE_TEST("onboarding: each step has its office, and to others the application is not there") {
    struct office office;
    open_office(house, &office);
    struct text draft = begin(&office, household), id = send_in(&office);
    struct house_reply reply = act(&office, office.platform, id, "recommendations", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    reply = act(&office, office.platform, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    reply = act(&office, office.county, id, "recommendations", agreed);
    HOUSE_STATUS(&reply, 201);
    reply = act(&office, office.county, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    reply = act(&office, office.county, id, "recommendations", agreed);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    reply = act(&office, office.applicant, id, "decisions", agreed);
    HOUSE_PROBLEM(&reply, "not_allowed", NULL);
    reply = act(&office, office.away, id, "recommendations", agreed);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = look(&office, office.away, id);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = look(&office, office.platform, draft);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = act(&office, office.county, id, "submissions", NULL);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    reply = act(&office, office.county, id, "withdrawal", NULL);
    HOUSE_PROBLEM(&reply, "not_allowed", "id");
    reply = act(&office, TEXT(""), id, "submissions", NULL);
    HOUSE_PROBLEM(&reply, "login_needed", NULL);
}

HOUSE_TEST("onboarding: a refusal without words is refused, and so are papers from elsewhere") {
    struct office office;
    open_office(house, &office);
    struct text id = send_in(&office);
    struct house_reply reply =
        act(&office, office.county, id, "recommendations", "{\"agreed\":false,\"words\":\" \"}");
    HOUSE_PROBLEM(&reply, "bad_input", "words");
    reply = act(&office, office.county, id, "recommendations",
                "{\"agreed\":true,\"documents\":[{\"kind\":\"county_letter\","
                "\"address\":\"https://x/files/1\"},{\"kind\":\"other\","
                "\"address\":\"/img/../x\"},{\"kind\":\"other\",\"address\":\"/img/pear.webp\"}]}");
    HOUSE_PROBLEM(&reply, "bad_input", "documents[0].address");
    HOUSE_PROBLEM(&reply, "bad_input", "documents[1].address");
    CHECK_INT(house_count(&reply, "faults"), 2);
    reply = act(&office, office.county, id, "recommendations",
                "{\"agreed\":true,\"documents\":[{\"kind\":\"county_letter\","
                "\"address\":\"/img/pear.webp\"}]}");
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "steps.0.documents.0.kind"), "county_letter");
}

/* ---- what has to be filled in ---- */

static struct house_reply try_in(const struct office *office, const char *body) {
    return act(office, office->applicant, begin(office, body), "submissions", NULL);
}

HOUSE_TEST("onboarding: a draft may have gaps; sending it in names them all at once") {
    struct office office;
    open_office(house, &office);
    struct house_reply reply = try_in(&office, "{\"kind\":\"household\"}");
    static const char *const gaps[] = {"name",          "place_code", "goods_text", "contact_name",
                                       "contact_phone", "declared",   "documents"};
    for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++)
        HOUSE_PROBLEM(&reply, "bad_input", gaps[i]);
    CHECK_INT(house_count(&reply, "faults"), 7);
    reply = try_in(&office, "{\"kind\":\"company\",\"name\":\"隰县果业公司\",\"declared\":true,"
                            "\"place_code\":\"141031100000\",\"goods_text\":\"梨膏\","
                            "\"contact_name\":\"王\",\"contact_phone\":\"13900000021\","
                            "\"makes_food\":true}");
    HOUSE_PROBLEM(&reply, "bad_input", "credit_code");
    HOUSE_PROBLEM(&reply, "bad_input", "food_licence");
    HOUSE_PROBLEM(&reply, "bad_input", "documents");
    CHECK_INT(house_count(&reply, "faults"), 4);
}

HOUSE_TEST("onboarding: wrong numbers are told at once; small letters and spaces are put right") {
    struct office office;
    open_office(house, &office);
    struct house_reply reply = house_call(
        house, office.applicant, "POST", "/api/seller-applications",
        "{\"kind\":\"company\",\"credit_code\":\"91350100M000100Y44\",\"contact_phone\":\"123\","
        "\"food_licence\":\"SC11464010500016\",\"place_code\":\"999999999999\","
        "\"documents\":[{\"kind\":\"licence\",\"address\":\"x\"}]}");
    static const char *const wrong[] = {"credit_code", "contact_phone", "food_licence",
                                        "place_code", "documents[0].address"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        HOUSE_PROBLEM(&reply, "bad_input", wrong[i]);
    reply = house_call(house, office.applicant, "POST", "/api/seller-applications",
                       "{\"kind\":\"company\",\"food_licence\":\"晋小作坊 140001\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "food_licence");
    begin(&office, "{\"kind\":\"workshop\",\"food_licence\":\"晋小作坊 140001\"}");
    struct text id = begin(&office, "{\"kind\":\"company\",\"name\":\" 果业 \","
                                    "\"credit_code\":\"91350100m000100y43\","
                                    "\"food_licence\":\"sc11464010500015\"}");
    reply = look(&office, office.applicant, id);
    CHECK_TEXT(house_text(&reply, "credit_code"), "91350100M000100Y43");
    CHECK_TEXT(house_text(&reply, "food_licence"), "SC11464010500015");
    CHECK_TEXT(house_text(&reply, "name"), "果业");
}

HOUSE_TEST("onboarding: a company shows its numbers on its page") {
    struct office office;
    open_office(house, &office);
    struct text id =
        begin(&office, "{\"kind\":\"company\",\"name\":\"隰县果业公司\",\"makes_food\":true,"
                       "\"place_code\":\"141031100000\",\"goods_text\":\"梨膏\","
                       "\"contact_name\":\"王\",\"contact_phone\":\"13900000021\","
                       "\"credit_code\":\"91350100M000100Y43\","
                       "\"food_licence\":\"SC11464010500015\",\"documents\":["
                       "{\"kind\":\"licence\",\"address\":\"/img/pear.webp\"},"
                       "{\"kind\":\"food_permit\",\"address\":\"/img/pear.webp\"}]}");
    struct house_reply reply = act(&office, office.applicant, id, "submissions", NULL);
    HOUSE_STATUS(&reply, 201);
    reply = act(&office, office.county, id, "recommendations", agreed);
    reply = act(&office, office.platform, id, "decisions", agreed);
    struct text seller_id = house_text(&reply, "seller_id");
    reply = house_get(house, TEXT(""), "/api/sellers/%.*s", (int)seller_id.length, seller_id.bytes);
    CHECK_TEXT(house_text(&reply, "licence_text"),
               "统一社会信用代码 91350100M000100Y43；食品许可 SC11464010500015");
}

HOUSE_TEST("onboarding: five at once are enough; what is taken back makes room") {
    struct office office;
    open_office(house, &office);
    struct text id = {0};
    for (int i = 0; i < ONBOARDING_OPEN_MAX; i++) id = begin(&office, household);
    struct house_reply reply =
        house_call(house, office.applicant, "POST", "/api/seller-applications", household);
    HOUSE_PROBLEM(&reply, "conflict", NULL);
    reply = act(&office, office.applicant, id, "withdrawal", NULL);
    HOUSE_STATUS(&reply, 200);
    CHECK_TEXT(house_text(&reply, "state"), "withdrawn");
    reply = act(&office, office.applicant, id, "withdrawal", NULL);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    reply = act(&office, office.applicant, id, "submissions", NULL);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
    begin(&office, household);
}

/* ---- the contact ---- */

HOUSE_TEST("onboarding: the contact is masked for reviewers, and seen in clear for a reason") {
    struct office office;
    open_office(house, &office);
    struct text id = send_in(&office);
    struct house_reply reply = look(&office, office.applicant, id);
    CHECK_TEXT(house_text(&reply, "contact_name"), "李望田");
    CHECK_TEXT(house_text(&reply, "contact_phone"), "13900000021");
    reply = look(&office, office.county, id);
    CHECK_TEXT(house_text(&reply, "contact_name"), "李**");
    CHECK_TEXT(house_text(&reply, "contact_phone"), "139****0021");
    CHECK(!may(&reply, "see_contact"));
    reply = act(&office, office.county, id, "contact-views", "{\"reason\":\"核对身份\"}");
    HOUSE_PROBLEM(&reply, "not_allowed", NULL);
    reply = act(&office, office.platform, id, "contact-views", "{}");
    HOUSE_PROBLEM(&reply, "bad_input", "reason");
    reply = act(&office, office.platform, id, "contact-views", "{\"reason\":\"核对身份\"}");
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "phone"), "13900000021");
    reply = look(&office, office.applicant, id);
    CHECK_TEXT(house_text(&reply, "steps.0.kind"), "contact_view");
    CHECK_TEXT(house_text(&reply, "steps.0.words"), "核对身份");
}

static struct house_reply view_contact(const struct office *office, struct text id,
                                       const char *reason) {
    struct text body = text_format(office->house->arena, "{\"reason\":\"%s\"}", reason);
    return act(office, office->platform, id, "contact-views",
               text_terminated(office->house->arena, body));
}

HOUSE_TEST(
    "onboarding: a contact is seen within the limit of officers, and the applicant reads it") {
    struct office office;
    open_office(house, &office);
    struct text id = send_in(&office);
    struct house_reply reply = view_contact(&office, id, "打 13900000021 核对");
    HOUSE_PROBLEM(&reply, "bad_input", "reason");
    reply = view_contact(&office, id, "    ");
    HOUSE_PROBLEM(&reply, "bad_input", "reason");
    for (int i = 0; i < 20; i++) {
        reply = view_contact(&office, id, "核对身份");
        HOUSE_STATUS(&reply, 201);
    }
    reply = view_contact(&office, id, "核对身份");
    HOUSE_PROBLEM(&reply, "too_many", NULL);
    /* It is the same limit as that of everything else that is seen in clear. */
    struct text body = text_format(
        house->arena, "{\"subject\":\"person\",\"subject_id\":\"%lld\",\"reason\":\"核对身份\"}",
        (long long)office.applicant_id);
    reply = house_call(house, office.platform, "POST", "/api/unmaskings",
                       text_terminated(house->arena, body));
    HOUSE_PROBLEM(&reply, "too_many", NULL);
    reply = house_get(house, office.applicant, "/api/people/me/unmaskings?limit=50");
    CHECK_INT(house_count(&reply, "items"), 20);
    CHECK_TEXT(house_text(&reply, "items.0.role"), "operator");
    CHECK_TEXT(house_text(&reply, "items.0.subject"), "seller_application");
    CHECK(text_equal(house_text(&reply, "items.0.subject_id"), id));
    CHECK_TEXT(house_text(&reply, "items.0.reason"), "核对身份");
}

HOUSE_TEST("onboarding: a contact is seen while the application waits for somebody, no longer") {
    struct office office;
    open_office(house, &office);
    struct text ended[3] = {recommend(&office), send_in(&office), send_in(&office)};
    struct house_reply reply = view_contact(&office, ended[0], "核对身份");
    HOUSE_STATUS(&reply, 201);
    act(&office, office.platform, ended[0], "decisions", agreed);
    act(&office, office.county, ended[1], "recommendations", refused);
    act(&office, office.applicant, ended[2], "withdrawal", NULL);
    for (size_t i = 0; i < 3; i++) {
        reply = view_contact(&office, ended[i], "核对身份");
        HOUSE_PROBLEM(&reply, "wrong_state", "id");
    }
    reply = house_get(house, office.applicant, "/api/people/me/unmaskings?limit=50");
    CHECK_INT(house_count(&reply, "items"), 1);
}

static refusal leave(struct request *q, void *context) {
    bool keeps_records = false;
    const struct people_leaving leaving = {*(int64_t *)context, &keeps_records};
    return request_announce(q, &people_closing, &leaving);
}

HOUSE_TEST("onboarding: who closes the account takes what is under way back") {
    struct office office;
    open_office(house, &office);
    struct text id = send_in(&office);
    house_work(house, leave, &office.applicant_id);
    struct house_reply reply = look(&office, office.county, id);
    CHECK_TEXT(house_text(&reply, "state"), "withdrawn");
    reply = act(&office, office.county, id, "recommendations", agreed);
    HOUSE_PROBLEM(&reply, "wrong_state", "id");
}

/* ---- papers ---- */

static struct text upload_paper(const struct office *office, struct text token, unsigned seed) {
    struct house_reply made =
        house_upload(office->house, token, "/api/files?purpose=document", "image/jpeg",
                     pictures_small(office->house->arena, seed));
    HOUSE_STATUS(&made, 201);
    return house_text(&made, "address");
}

static const char *with_paper(const struct office *office, struct text address) {
    struct text body = text_format(
        office->house->arena,
        "{\"kind\":\"household\",\"name\":\"老李家的梨\",\"place_code\":\"141031100203\","
        "\"goods_text\":\"玉露香梨\",\"contact_name\":\"李望田\","
        "\"contact_phone\":\"13900000021\",\"declared\":true,"
        "\"documents\":[{\"kind\":\"identity\",\"address\":\"%.*s\"}]}",
        (int)address.length, address.bytes);
    return text_terminated(office->house->arena, body);
}

static struct text send_in_with(const struct office *office, struct text address) {
    struct text id = begin(office, with_paper(office, address));
    struct house_reply sent = act(office, office->applicant, id, "submissions", NULL);
    HOUSE_STATUS(&sent, 201);
    return id;
}

static size_t pictures_kept(const struct office *office) {
    char command[200], line[32] = "0";
    snprintf(command, sizeof(command), "find %s/files/private -type f -name '*-240.jpg' | wc -l",
             office->house->folder);
    FILE *out = popen(command, "r");
    CHECK(out && fgets(line, sizeof(line), out));
    pclose(out);
    return strtoul(line, NULL, 10);
}

/* After a day and both beats of the sweep. */
static size_t pictures_left(const struct office *office) {
    house_advance(office->house, 2 * DAY_MS);
    for (int i = 0; i < 2; i++) {
        house_run_jobs(office->house);
        house_advance(office->house, HOUR_MS);
    }
    house_run_jobs(office->house);
    return pictures_kept(office);
}

static refusal wipe(struct request *q, void *context) {
    return request_announce(q, &people_wiped, context);
}

HOUSE_TEST("onboarding: reviewers see papers while the application waits, and not after") {
    struct office office;
    open_office(house, &office);
    struct text id = send_in_with(&office, upload_paper(&office, office.applicant, 1));
    struct house_reply reply = look(&office, office.county, id);
    CHECK_INT(house_count(&reply, "documents"), 1);
    CHECK_INT(house_count(&reply, "steps.0.documents"), 1);
    reply = act(&office, office.county, id, "recommendations", agreed);
    CHECK_INT(house_count(&reply, "documents"), 1);
    reply = act(&office, office.applicant, id, "withdrawal", NULL);
    CHECK_INT(house_count(&reply, "documents"), 1);
    struct text watchers[] = {office.county, office.platform};
    for (size_t i = 0; i < 2; i++) {
        reply = look(&office, watchers[i], id);
        HOUSE_STATUS(&reply, 200);
        CHECK_INT(house_count(&reply, "documents"), 0);
        CHECK_INT(house_count(&reply, "steps.2.documents"), 0);
    }
}

HOUSE_TEST("onboarding: who closes the account takes what was never let in along, papers and all") {
    struct office office;
    open_office(house, &office);
    struct text card = upload_paper(&office, office.applicant, 1);
    struct text shared = upload_paper(&office, office.applicant, 2);
    struct text letter = upload_paper(&office, office.county, 3);
    struct text let_in = send_in_with(&office, shared);
    act(&office, office.county, let_in, "recommendations", agreed);
    struct house_reply reply = act(&office, office.platform, let_in, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    struct text id = send_in_with(&office, card), other = send_in_with(&office, shared);
    struct text body = text_format(house->arena,
                                   "{\"agreed\":true,\"documents\":[{\"kind\":\"county_letter\","
                                   "\"address\":\"%.*s\"}]}",
                                   (int)letter.length, letter.bytes);
    reply = act(&office, office.county, id, "recommendations", text_terminated(house->arena, body));
    HOUSE_STATUS(&reply, 201);
    CHECK_INT(pictures_left(&office), 3);
    act(&office, office.applicant, id, "withdrawal", NULL);
    house_work(house, wipe, &office.applicant_id);
    reply = look(&office, office.platform, id);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = look(&office, office.platform, other);
    HOUSE_PROBLEM(&reply, "not_found", "id");
    reply = house_get(house, office.platform, "/api/seller-applications?desk=true&state=withdrawn");
    CHECK_INT(house_count(&reply, "items"), 0);
    reply = look(&office, office.platform, let_in);
    CHECK_TEXT(house_text(&reply, "state"), "accepted");
    /* What is in the register stays as long as records of trade. */
    CHECK_INT(pictures_left(&office), 1);
    house_check_books(house);
    house_advance(house, (int64_t)ONBOARDING_KEPT_DAYS * DAY_MS);
    CHECK_INT(pictures_left(&office), 0);
    house_check_books(house);
}

HOUSE_TEST("onboarding: a paper that is replaced in a draft goes, one that was sent in stays") {
    struct office office;
    char target[80];
    open_office(house, &office);
    struct text first = upload_paper(&office, office.applicant, 1);
    struct text second = upload_paper(&office, office.applicant, 2);
    struct text third = upload_paper(&office, office.applicant, 3);
    struct text id = begin(&office, with_paper(&office, first));
    snprintf(target, sizeof(target), "/api/seller-applications/%.*s", (int)id.length, id.bytes);
    struct house_reply reply =
        house_call(house, office.applicant, "PUT", target, with_paper(&office, second));
    HOUSE_STATUS(&reply, 200);
    act(&office, office.applicant, id, "submissions", NULL);
    act(&office, office.county, id, "recommendations", refused);
    reply = house_call(house, office.applicant, "PUT", target, with_paper(&office, third));
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(pictures_left(&office), 2);
    reply = house_call(house, office.applicant, "PUT", target, with_paper(&office, first));
    HOUSE_PROBLEM(&reply, "bad_input", "documents[0].address");
    reply = house_call(house, office.applicant, "PUT", target, with_paper(&office, second));
    HOUSE_STATUS(&reply, 200);
}

HOUSE_TEST("onboarding: one's own applications are part of the copy of one's own data") {
    struct office office;
    open_office(house, &office);
    send_in(&office);
    struct text tokens[] = {office.applicant, office.county};
    for (size_t i = 0; i < 2; i++) {
        struct house_reply asked =
            house_call(house, tokens[i], "POST", "/api/people/me/exports", NULL);
        HOUSE_STATUS(&asked, 202);
        house_run_jobs(house);
        struct text id = house_text(&asked, "id");
        char target[120];
        snprintf(target, sizeof(target), "/api/people/me/exports/%.*s/download", (int)id.length,
                 id.bytes);
        struct house_reply file = house_call(house, tokens[i], "POST", target, NULL);
        struct text content = house_text(&file, "content");
        bool own = text_find(content, TEXT("\"contact_name\":\"李望田\""), 0) != SIZE_MAX &&
                   text_find(content, TEXT("\"address\":\"/img/pear.webp\""), 0) != SIZE_MAX;
        CHECK(own == (i == 0));
        CHECK(text_find(content, TEXT("\"applications\":["), 0) != SIZE_MAX);
    }
}

/* ---- lists ---- */

HOUSE_TEST("onboarding: a desk sees its county, longest waiting first, page by page") {
    struct office office;
    open_office(house, &office);
    struct text ids[3];
    for (int i = 0; i < 3; i++) {
        ids[i] = send_in(&office);
        house_advance(house, 1000);
    }
    struct house_reply reply =
        house_get(house, office.county, "/api/seller-applications?desk=true&limit=2");
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_count(&reply, "items"), 2);
    CHECK(text_equal(house_text(&reply, "items.0.id"), ids[0]));
    CHECK_TEXT(house_text(&reply, "items.0.origin_name"), "隰县·北庄村");
    struct text next = house_text(&reply, "next");
    reply = house_get(house, office.county, "/api/seller-applications?desk=true&limit=2&after=%.*s",
                      (int)next.length, next.bytes);
    CHECK_INT(house_count(&reply, "items"), 1);
    CHECK(text_equal(house_text(&reply, "items.0.id"), ids[2]));
    CHECK(!house_has(&reply, "next"));
    reply = house_get(house, office.away, "/api/seller-applications?desk=true");
    CHECK_INT(house_count(&reply, "items"), 0);
    reply = house_get(house, office.applicant, "/api/seller-applications?desk=true");
    CHECK_INT(house_count(&reply, "items"), 0);
    reply = house_get(house, office.platform, "/api/seller-applications?desk=true&place=1410");
    CHECK_INT(house_count(&reply, "items"), 3);
    reply = house_get(house, office.away, "/api/seller-applications?desk=true&place=141031");
    HOUSE_PROBLEM(&reply, "not_found", "place");
    reply = house_get(house, office.platform, "/api/seller-applications?desk=true&state=draft");
    HOUSE_PROBLEM(&reply, "bad_input", "state");
    reply =
        house_get(house, office.platform, "/api/seller-applications?desk=true&state=recommended");
    CHECK_INT(house_count(&reply, "items"), 0);
    reply = house_get(house, office.applicant, "/api/seller-applications?limit=2");
    CHECK(text_equal(house_text(&reply, "items.0.id"), ids[2]));
    next = house_text(&reply, "next");
    reply = house_get(house, office.applicant, "/api/seller-applications?limit=2&after=%.*s",
                      (int)next.length, next.bytes);
    CHECK_INT(house_count(&reply, "items"), 1);
    reply = house_get(house, TEXT(""), "/api/seller-applications");
    HOUSE_PROBLEM(&reply, "login_needed", NULL);
}

HOUSE_TEST("onboarding: the kinds say who needs a licence and who ticks a promise") {
    struct house_reply reply = house_get(house, TEXT(""), "/api/seller-kinds");
    HOUSE_STATUS(&reply, 200);
    CHECK_INT(house_count(&reply, "items"), 8);
    CHECK_TEXT(house_text(&reply, "items.4.kind"), "household");
    CHECK(house_bool(&reply, "items.4.may_declare"));
    CHECK(text_find(house_text(&reply, "items.4.declaration"), TEXT("grown or raised"), 0) !=
          SIZE_MAX);
    CHECK(!house_bool(&reply, "items.1.may_declare"));
    CHECK_TEXT(house_text(&reply, "items.1.documents.0"), "licence");
}

/* ---- the check ---- */

static refusal forge(struct request *q, void *context) {
    (void)context;
    return db_run(q->db,
                  SQL("", "UPDATE onboarding_step SET person_id = (SELECT min(person_id)"
                          " FROM onboarding_step WHERE kind = 'recommendation')"
                          " WHERE kind = 'acceptance'"),
                  NO_PARAMS, NULL);
}

static void count_faults(struct check_report *report, bool holds, struct text sentence) {
    report->fault_count += !holds;
    (void)sentence;
}

static refusal run_check(struct request *q, void *context) { return onboarding_check(q, context); }

HOUSE_TEST("onboarding: the check finds a shop that one person both recommended and let in") {
    struct office office;
    struct check_report report = {.line = count_faults};
    open_office(house, &office);
    struct text id = recommend(&office);
    struct house_reply reply = act(&office, office.platform, id, "decisions", agreed);
    HOUSE_STATUS(&reply, 201);
    house_work(house, run_check, &report);
    CHECK_INT(report.fault_count, 0);
    house_work(house, forge, NULL);
    house_work(house, run_check, &report);
    CHECK_INT(report.fault_count, 1);
}

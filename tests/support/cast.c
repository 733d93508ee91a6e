#include "support/cast.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ground/people/people.h"
#include "ground/people/sms.h"

#define HOME_COUNTY INT64_C(141031000000)
#define AWAY_COUNTY INT64_C(500236000000)

const char *cast_words(struct cast *cast, const char *format, ...) {
    char words[6000];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(words, sizeof(words), format, list);
    va_end(list);
    CHECK(length >= 0 && (size_t)length < sizeof(words));
    return text_terminated(cast->house->arena, text_of(words));
}

struct giving {
    int64_t person_id;
    const char *role;
    enum scope scope;
    int64_t scope_id;
};

static refusal give_role(struct request *q, void *context) {
    const struct giving *giving = context;
    return people_give_role(q, giving->person_id, giving->role, giving->scope, giving->scope_id);
}

static void enter_role(struct cast *cast, enum cast_role role, int64_t person_id) {
    struct giving givings[CAST_ROLES] = {
        [CAST_KEEPER] = {0, "seller_keeper", SCOPE_ORGANISATION, cast->home.seller_id},
        [CAST_COUNTY_OPERATOR] = {0, "county_operator", SCOPE_COUNTY, HOME_COUNTY},
        [CAST_OPERATOR] = {0, "operator", SCOPE_ALL, 0},
        [CAST_AUDITOR] = {0, "auditor", SCOPE_ALL, 0},
    };
    givings[role].person_id = person_id;
    if (givings[role].role) house_work(cast->house, give_role, &givings[role]);
}

struct cast_person cast_newcomer(struct cast *cast) {
    struct cast_person person = {
        .phone = text_of(cast_words(cast, "138%08lld", (long long)cast->next_phone++))};
    person.token = house_person(cast->house, person.phone.bytes, &person.id);
    return person;
}

struct cast_person cast_person(struct cast *cast, enum cast_role role) {
    if (role == CAST_NOBODY) return (struct cast_person){.token = TEXT("")};
    struct cast_person person = cast_newcomer(cast);
    enter_role(cast, role, person.id);
    struct house_reply reply =
        house_call(cast->house, person.token, "POST", "/api/people/me/addresses",
                   cast_words(cast,
                              "{\"name\":\"刘敏\",\"phone\":\"%s\",\"place_code\":\"140105000000\","
                              "\"street\":\"平阳路 8 号\"}",
                              person.phone.bytes));
    HOUSE_STATUS(&reply, 201);
    text_to_int64(house_text(&reply, "id"), &person.address_id);
    return person;
}

void cast_open(struct house *house, struct cast *ret_cast) {
    struct cast *cast = ret_cast;
    *cast = (struct cast){.house = house};
    market_open(house, &cast->home);
    market_open_another(house, "13900000002", &cast->near);
    market_open_another(house, "13900000003", &cast->away);
    struct cast_person manager = cast_person(cast, CAST_OPERATOR);
    struct house_reply moved =
        house_call(house, manager.token, "PUT",
                   cast_words(cast, "/api/sellers/%lld", (long long)cast->away.seller_id),
                   cast_words(cast,
                              "{\"name\":\"奉节橙农\",\"kind\":\"household\","
                              "\"place_code\":\"%lld\"}",
                              (long long)AWAY_COUNTY));
    HOUSE_STATUS(&moved, 200);
}

struct text cast_new_phone_code(struct cast *cast, const struct cast_person *person,
                                struct text phone) {
    house_advance(cast->house, 61 * SECOND_MS);
    struct house_reply asked =
        house_call(cast->house, person->token, "POST", "/api/codes",
                   cast_words(cast, "{\"purpose\":\"new_phone\",\"phone\":\"%.*s\"}",
                              (int)phone.length, phone.bytes));
    HOUSE_STATUS(&asked, 202);
    house_run_jobs(cast->house);
    return sms_local_last(cast->house->app->sms, cast->house->arena, phone);
}

struct text cast_code(struct cast *cast, const struct cast_person *person, const char *purpose) {
    struct house *house = cast->house;
    house_advance(house, 61 * SECOND_MS);
    bool is_login = strcmp(purpose, "login") == 0;
    const char *body = is_login ? cast_words(cast, "{\"purpose\":\"login\",\"phone\":\"%.*s\"}",
                                             (int)person->phone.length, person->phone.bytes)
                                : cast_words(cast, "{\"purpose\":\"%s\"}", purpose);
    struct house_reply asked =
        house_call(house, is_login ? TEXT("") : person->token, "POST", "/api/codes", body);
    HOUSE_STATUS(&asked, 202);
    house_run_jobs(house);
    struct text code = sms_local_last(house->app->sms, house->arena, person->phone);
    CHECK_INT(code.length, 6);
    return code;
}

struct house_reply cast_notice(struct cast *cast, struct text token, struct text payment_id,
                               int64_t amount_fen) {
    struct house *house = cast->house;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    long long now_ms = (long long)house->now_ms;
    const char *body =
        cast_words(cast,
                   "{\"event_id\":\"event-%lld\",\"merchant\":\"xiangji\",\"payment_id\":\"%.*s\","
                   "\"kind\":\"paid\",\"amount_fen\":%lld}",
                   (long long)cast->next_phone++, (int)payment_id.length, payment_id.bytes,
                   (long long)amount_fen);
    const char *signed_words = cast_words(cast, "%lld.%s", now_ms, body);
    const char *secret = house->app->sandbox_secret;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)signed_words,
                                  strlen(signed_words));
    crypto_auth_hmacsha256_final(&state, mac);
    struct text hex = text_hex(house->arena, (struct bytes){mac, sizeof(mac)});
    const struct shape_pair header = {
        TEXT("Sandbox-Signature"),
        text_of(cast_words(cast, "t=%lld,v1=%.*s", now_ms, (int)hex.length, hex.bytes))};
    const struct road_call call = {.method = "POST",
                                   .target = TEXT("/api/payment-notices/sandbox"),
                                   .body = text_of(body),
                                   .token = token,
                                   .headers = &header,
                                   .header_count = 1,
                                   .english = true};
    return house_send(house, &call);
}

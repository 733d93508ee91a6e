#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ground/people/inside.h"
#include "support/cast.h"

#define words(...) cast_words(&cast, __VA_ARGS__)

/* The consent of KIND in its present wording. */
static bool is_given(struct house *house, struct text token, const char *kind) {
    struct house_reply list = house_get(house, token, "/api/people/me/consents");
    HOUSE_STATUS(&list, 200);
    for (size_t i = 0; i < house_count(&list, "items"); i++) {
        char path[40];
        snprintf(path, sizeof(path), "items.%zu.kind", i);
        if (!text_is(house_text(&list, path), kind)) continue;
        snprintf(path, sizeof(path), "items.%zu.is_given", i);
        return house_bool(&list, path);
    }
    test_fail(__FILE__, __LINE__, "there is no consent %s", kind);
    return false;
}

static struct text first_login(struct cast *cast, const char *phone) {
    struct cast_person person = {.phone = text_of(phone)};
    struct text code = cast_code(cast, &person, "login");
    struct house_reply session =
        house_call(cast->house, TEXT(""), "POST", "/api/sessions",
                   cast_words(cast, "{\"phone\":\"%s\",\"code\":\"%.*s\",\"agreed_terms\":true}",
                              phone, (int)code.length, code.bytes));
    HOUSE_STATUS(&session, 201);
    return house_text(&session, "token");
}

/* ---- consents ---- */

HOUSE_TEST("consents: the first log-in gives what is needed and nothing else, by version") {
    struct cast cast = {.house = house};
    struct text token = first_login(&cast, "13800138000");
    CHECK(is_given(house, token, "terms"));
    CHECK(is_given(house, token, "privacy"));
    CHECK(!is_given(house, token, "recommendation"));
    struct house_reply list = house_get(house, token, "/api/people/me/consents");
    CHECK_TEXT(house_text(&list, "items.0.version"), "2026-11");
    CHECK(house_bool(&list, "items.0.is_needed"));
    CHECK(house_has(&list, "items.0.agreed_at"));
    CHECK(!house_has(&list, "items.2.agreed_at"));
}

struct asking {
    int64_t person_id;
    bool given;
};

static refusal ask_consent(struct request *q, void *context) {
    struct asking *asking = context;
    return people_consents_to(q, asking->person_id, "recommendation", &asking->given);
}

HOUSE_TEST("consents: an optional one is given and taken back, a needed one is not") {
    const char *target = "/api/people/me/consents/recommendation";
    struct asking asking = {0};
    struct text token = house_person(house, "13800138000", &asking.person_id);
    house_work(house, ask_consent, &asking);
    CHECK(!asking.given);
    struct house_reply reply =
        house_call(house, token, "PUT", target, "{\"version\":\"2026-11\",\"given\":true}");
    HOUSE_STATUS(&reply, 200);
    house_work(house, ask_consent, &asking);
    CHECK(asking.given);
    reply = house_call(house, token, "PUT", target, "{\"version\":\"2026-11\",\"given\":false}");
    HOUSE_STATUS(&reply, 200);
    CHECK(house_has(&reply, "items.2.withdrawn_at"));
    house_work(house, ask_consent, &asking);
    CHECK(!asking.given);
    reply = house_call(house, token, "PUT", target, "{\"version\":\"2026-11\",\"given\":true}");
    CHECK(!house_has(&reply, "items.2.withdrawn_at"));
    reply = house_call(house, token, "PUT", target, "{\"version\":\"2020-01\",\"given\":true}");
    HOUSE_PROBLEM(&reply, "conflict", "version");
    reply = house_call(house, token, "PUT", "/api/people/me/consents/cookies",
                       "{\"version\":\"2026-11\",\"given\":true}");
    HOUSE_PROBLEM(&reply, "not_found", "kind");
    house_call(house, token, "PUT", "/api/people/me/consents/terms",
               "{\"version\":\"2026-11\",\"given\":true}");
    reply = house_call(house, token, "PUT", "/api/people/me/consents/terms",
                       "{\"version\":\"2026-11\",\"given\":false}");
    HOUSE_PROBLEM(&reply, "wrong_state", "given");
    CHECK(is_given(house, token, "terms"));
}

/* ---- one's own data ---- */

HOUSE_TEST(
    "exports: a copy holds everything of the person, sealed, for a week, and audits itself") {
    struct cast cast;
    cast_open(house, &cast);
    struct cast_person buyer = cast_person(&cast, CAST_BUYER);
    struct cast_person other = cast_person(&cast, CAST_BUYER);
    struct house_reply placed = market_order(house, buyer.token, cast.home.sku_five, 2);
    HOUSE_STATUS(&placed, 201);
    struct house_reply asked =
        house_call(house, buyer.token, "POST", "/api/people/me/exports", NULL);
    HOUSE_STATUS(&asked, 202);
    CHECK_TEXT(house_text(&asked, "state"), "preparing");
    struct text id = house_text(&asked, "id");
    const char *target = words("/api/people/me/exports/%.*s/download", (int)id.length, id.bytes);
    struct house_reply early = house_call(house, buyer.token, "POST", target, NULL);
    HOUSE_PROBLEM(&early, "not_found", "id");
    house_run_jobs(house);
    struct house_reply file = house_call(house, buyer.token, "POST", target, NULL);
    HOUSE_STATUS(&file, 200);
    struct text content = house_text(&file, "content");
    const struct text inside[] = {buyer.phone,
                                  TEXT("刘敏"),
                                  TEXT("平阳路 8 号"),
                                  TEXT("\"orders\":"),
                                  TEXT("\"payments\":"),
                                  TEXT("people.export"),
                                  TEXT("\"receiver_name\":\"刘敏\"")};
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++)
        if (text_find(content, inside[i], 0) == SIZE_MAX)
            test_fail(__FILE__, __LINE__, "%.*s is missing", (int)inside[i].length,
                      inside[i].bytes);
    CHECK(text_find(content, other.phone, 0) == SIZE_MAX);
    struct house_reply foreign = house_call(house, other.token, "POST", target, NULL);
    HOUSE_PROBLEM(&foreign, "not_found", "id");
    house_advance(house, 7 * INT64_C(86400000));
    struct house_reply late = house_call(house, buyer.token, "POST", target, NULL);
    HOUSE_PROBLEM(&late, "not_found", "id");
}

HOUSE_TEST("exports: one at a time, three a day") {
    struct text token = house_person(house, "13800138000", NULL);
    const char *target = "/api/people/me/exports";
    for (int i = 0; i < 3; i++) {
        struct house_reply first = house_call(house, token, "POST", target, NULL);
        HOUSE_STATUS(&first, 202);
        struct house_reply again = house_call(house, token, "POST", target, NULL);
        CHECK(text_equal(house_text(&again, "id"), house_text(&first, "id")));
        house_run_jobs(house);
    }
    struct house_reply refused = house_call(house, token, "POST", target, NULL);
    HOUSE_PROBLEM(&refused, "too_many", NULL);
    CHECK(refused.road.retry_after_s > 0);
}

/* ---- leaving and being forgotten ---- */

static refusal close_now(struct request *q, void *context) {
    const struct principal who = {.person_id = *(int64_t *)context};
    struct request as_person = *q;
    as_person.who = &who;
    return people_close(&as_person);
}

static const struct statement *key_of(void) {
    return SQL("i", "SELECT destroyed_at FROM people_key WHERE person_id = $1");
}

struct looking {
    int64_t person_id;
    int64_t destroyed_at;
    int64_t closed_at;
};

static refusal look(struct request *q, void *context) {
    struct looking *looking = context;
    TRY(db_int(q->db, key_of(), PARAMS(looking->person_id), &looking->destroyed_at, NULL));
    return db_int(q->db, SQL("i", "SELECT closed_at FROM people_person WHERE id = $1"),
                  PARAMS(looking->person_id), &looking->closed_at, NULL);
}

static struct looking look_at(struct house *house, int64_t person_id) {
    struct looking looking = {.person_id = person_id};
    house_work(house, look, &looking);
    return looking;
}

HOUSE_TEST("closing: who bought nothing is forgotten at once") {
    int64_t id;
    house_person(house, "13800138000", &id);
    house_work(house, close_now, &id);
    CHECK_INT(look_at(house, id).destroyed_at, 0);
    house_run_jobs(house);
    CHECK(look_at(house, id).destroyed_at > 0);
    house_check_books(house);
}

HOUSE_TEST("closing: records of trade open for three years, then never; the books keep the id") {
    struct cast cast;
    cast_open(house, &cast);
    struct cast_person buyer = cast_person(&cast, CAST_BUYER);
    struct house_reply placed = market_order(house, buyer.token, cast.home.sku_five, 1);
    struct text order_id = house_text(&placed, "orders.0.id");
    struct house_reply cancelled = house_call(
        house, buyer.token, "POST",
        words("/api/orders/%.*s/cancellation", (int)order_id.length, order_id.bytes), NULL);
    HOUSE_STATUS(&cancelled, 200);
    house_work(house, close_now, &buyer.id);
    house_run_jobs(house);
    CHECK(look_at(house, buyer.id).closed_at > 0);
    CHECK_INT(look_at(house, buyer.id).destroyed_at, 0);
    house_advance(house, 3 * INT64_C(366) * 86400000 - 1000);
    house_run_jobs(house);
    CHECK_INT(look_at(house, buyer.id).destroyed_at, 0);
    house_advance(house, 1000);
    house_run_jobs(house);
    CHECK(look_at(house, buyer.id).destroyed_at > 0);
    struct cast_person auditor = cast_person(&cast, CAST_AUDITOR);
    struct house_reply order =
        house_get(house, auditor.token, "/api/orders/%.*s", (int)order_id.length, order_id.bytes);
    HOUSE_STATUS(&order, 200);
    CHECK_TEXT(house_text(&order, "receiver_name"), "");
    house_check_books(house);
}

/* As a backup from before would bring the rows back. */
static refusal resurrect(struct request *q, void *context) {
    int64_t id = *(int64_t *)context;
    struct text phone = TEXT("13800138000");
    struct bytes index = people_phone_index(q, phone);
    unsigned char key[KEYRING_KEY_BYTES] = {7};
    struct keyring_wrapped wrapped = keyring_wrap(q->app, q->arena, id, key);
    TRY(db_run(q->db,
               SQL("iib", "UPDATE people_key SET destroyed_at = 0, master_id = $2, wrapped = $3 "
                          "WHERE person_id = $1"),
               PARAMS(id, wrapped.master_id, wrapped.wrapped), NULL));
    TRY(db_run(q->db,
               SQL("ib", "UPDATE people_person SET closed_at = 0, phone_index = $2 WHERE id = $1"),
               PARAMS(id, index), NULL));
    return db_run(q->db,
                  SQL("bi", "INSERT INTO people_phone (phone_index, person_id) "
                            "VALUES ($1, $2) ON CONFLICT (phone_index) DO NOTHING"),
                  PARAMS(index, id), NULL);
}

HOUSE_TEST("closing: a backup that is put back forgets again, as often as it is asked") {
    struct text error = {0};
    int64_t id, kept, count;
    struct text keeper = house_person(house, "13900139000", &kept);
    CHECK(people_forget_again(house->app, house->arena, NULL, &count, &error));
    CHECK_INT(count, 0); /* nobody was ever forgotten */
    house_person(house, "13800138000", &id);
    house_work(house, close_now, &id);
    house_run_jobs(house);
    int64_t closed_at = look_at(house, id).closed_at;
    house_work(house, resurrect, &id);
    CHECK_INT(look_at(house, id).closed_at, 0);
    CHECK(people_forget_again(house->app, house->arena, NULL, &count, &error));
    CHECK_INT(count, 1);
    CHECK_INT(look_at(house, id).closed_at, closed_at);
    CHECK(look_at(house, id).destroyed_at > 0);
    CHECK(people_forget_again(house->app, house->arena, NULL, &count, &error));
    CHECK_INT(count, 0);
    CHECK_INT(house_get(house, keeper, "/api/people/me").status, 200);
    house_check_books(house);
}

HOUSE_TEST(
    "closing: tombstones hold no more than ids and times, are private, and garbage is told") {
    struct text error = {0};
    struct stat status;
    int64_t id, count;
    house_person(house, "13800138000", &id);
    house_work(house, close_now, &id);
    house_run_jobs(house);
    const char *path =
        text_terminated(house->arena, text_format(house->arena, "%s/tombstones", house->folder));
    CHECK(stat(path, &status) == 0);
    CHECK_INT(status.st_mode & 0777, 0600);
    FILE *file = fopen(path, "a");
    CHECK(file && fputs("closed x\n", file) >= 0 && fclose(file) == 0);
    CHECK(!people_forget_again(house->app, house->arena, NULL, &count, &error));
    CHECK(text_find(error, TEXT("no tombstone"), 0) != SIZE_MAX);
}

/* ---- the phone ---- */

static struct house_reply change_phone(struct cast *cast, struct text token, const char *phone,
                                       struct text new_code, const char *proof) {
    return house_call(cast->house, token, "PUT", "/api/people/me/phone",
                      cast_words(cast, "{\"new_phone\":\"%s\",\"new_code\":\"%.*s\",%s}", phone,
                                 (int)new_code.length, new_code.bytes, proof));
}

HOUSE_TEST("phone: with codes of both it changes at once, and other sessions end") {
    struct cast cast = {.house = house, .next_phone = 1};
    struct cast_person person = cast_newcomer(&cast);
    struct text elsewhere = house_person(house, person.phone.bytes, NULL);
    struct text old_code = cast_code(&cast, &person, "phone");
    struct text new_code = cast_new_phone_code(&cast, &person, TEXT("13700000001"));
    const char *proof = words("\"old_code\":\"%.*s\"", (int)old_code.length, old_code.bytes);
    struct house_reply wrong =
        change_phone(&cast, person.token, "13700000001", TEXT("000000"), proof);
    HOUSE_PROBLEM(&wrong, "wrong_login", "new_code");
    wrong = change_phone(&cast, person.token, "13700000001", new_code, "\"old_code\":\"000000\"");
    HOUSE_PROBLEM(&wrong, "wrong_login", "old_code");
    wrong = change_phone(&cast, person.token, "13700000002", new_code, proof);
    HOUSE_PROBLEM(&wrong, "wrong_login", "new_code"); /* a code of another phone */
    struct house_reply done = change_phone(&cast, person.token, "13700000001", new_code, proof);
    HOUSE_STATUS(&done, 200);
    CHECK(house_bool(&done, "done"));
    CHECK_TEXT(house_text(&done, "phone_masked"), "137****0001");
    struct house_reply me = house_get(house, person.token, "/api/people/me");
    CHECK_TEXT(house_text(&me, "phone_masked"), "137****0001");
    struct house_reply ended = house_get(house, elsewhere, "/api/people/me");
    HOUSE_PROBLEM(&ended, "login_needed", NULL);
    int64_t other;
    house_person(house, person.phone.bytes, &other); /* the old phone begins anew */
    CHECK(other != person.id);
    house_check_books(house);
}

HOUSE_TEST("phone: one that has an account is not taken, and who has no password cannot wait") {
    struct cast cast = {.house = house, .next_phone = 1};
    struct cast_person person = cast_newcomer(&cast), owner = cast_newcomer(&cast);
    struct text old_code = cast_code(&cast, &person, "phone");
    struct text new_code = cast_new_phone_code(&cast, &person, owner.phone);
    struct house_reply refused =
        change_phone(&cast, person.token, owner.phone.bytes, new_code,
                     words("\"old_code\":\"%.*s\"", (int)old_code.length, old_code.bytes));
    HOUSE_PROBLEM(&refused, "conflict", "new_phone");
    refused =
        change_phone(&cast, person.token, "13700000001", new_code, "\"password\":\"guessed it\"");
    HOUSE_PROBLEM(&refused, "bad_input", "password");
    refused = change_phone(&cast, person.token, "13700000001", new_code, "\"password\":\"\"");
    HOUSE_PROBLEM(&refused, "bad_input", "old_code");
    refused =
        change_phone(&cast, person.token, person.phone.bytes, new_code, "\"old_code\":\"123456\"");
    HOUSE_PROBLEM(&refused, "bad_input", "new_phone");
}

static struct cast_person person_with_password(struct cast *cast) {
    struct cast_person person = cast_newcomer(cast);
    struct text code = cast_code(cast, &person, "password");
    struct house_reply set =
        house_call(cast->house, person.token, "PUT", "/api/people/me/password",
                   cast_words(cast, "{\"code\":\"%.*s\",\"new_password\":\"correct horse\"}",
                              (int)code.length, code.bytes));
    HOUSE_STATUS(&set, 204);
    return person;
}

static void ask_to_wait(struct cast *cast, const struct cast_person *person) {
    struct text new_code = cast_new_phone_code(cast, person, TEXT("13700000001"));
    struct house_reply asked = change_phone(cast, person->token, "13700000001", new_code,
                                            "\"password\":\"correct horse\"");
    HOUSE_STATUS(&asked, 200);
    CHECK(!house_bool(&asked, "done"));
    CHECK(house_has(&asked, "due_at"));
    house_run_jobs(cast->house);
    CHECK_TEXT(sms_local_last(cast->house->app->sms, cast->house->arena, person->phone), "notice");
}

HOUSE_TEST("phone: a lost one is told, and leaves after three days with all sessions") {
    struct cast cast = {.house = house, .next_phone = 1};
    struct cast_person person = person_with_password(&cast);
    ask_to_wait(&cast, &person);
    struct house_reply me = house_get(house, person.token, "/api/people/me");
    CHECK(house_has(&me, "phone_change_at"));
    house_advance(house, 3 * DAY_MS - 1000);
    house_run_jobs(house);
    me = house_get(house, person.token, "/api/people/me");
    CHECK(!text_is(house_text(&me, "phone_masked"), "137****0001"));
    house_advance(house, 1000);
    house_run_jobs(house);
    me = house_get(house, person.token, "/api/people/me");
    HOUSE_PROBLEM(&me, "login_needed", NULL);
    int64_t id;
    house_person(house, "13700000001", &id);
    CHECK_INT(id, person.id);
    house_check_books(house);
}

HOUSE_TEST("phone: a log-in by a code of the old one, or a no, ends the waiting") {
    struct cast cast = {.house = house, .next_phone = 1};
    struct cast_person person = person_with_password(&cast);
    ask_to_wait(&cast, &person);
    struct house_reply kept =
        house_call(house, person.token, "DELETE", "/api/people/me/phone-change", NULL);
    HOUSE_STATUS(&kept, 204);
    kept = house_call(house, person.token, "DELETE", "/api/people/me/phone-change", NULL);
    HOUSE_STATUS(&kept, 404);
    ask_to_wait(&cast, &person);
    first_login(&cast, person.phone.bytes);
    struct house_reply me = house_get(house, person.token, "/api/people/me");
    CHECK(!house_has(&me, "phone_change_at"));
    house_advance(house, 4 * DAY_MS);
    house_run_jobs(house);
    int64_t id;
    house_person(house, person.phone.bytes, &id);
    CHECK_INT(id, person.id);
}

HOUSE_TEST("phone: who opened an account with the new phone meanwhile keeps it") {
    struct cast cast = {.house = house, .next_phone = 1};
    struct cast_person person = person_with_password(&cast);
    int64_t owner, still;
    ask_to_wait(&cast, &person);
    house_person(house, "13700000001", &owner);
    house_advance(house, 3 * DAY_MS + 1000);
    house_run_jobs(house);
    house_person(house, "13700000001", &still);
    CHECK_INT(still, owner);
    struct house_reply me = house_get(house, person.token, "/api/people/me");
    CHECK(!house_has(&me, "phone_change_at"));
    CHECK(text_ends(house_text(&me, "phone_masked"),
                    text_slice(person.phone, person.phone.length - 4, person.phone.length)));
    house_check_books(house);
}

static refusal ring_phone(struct request *q, void *context) {
    return people_phone_when_due(q, *(int64_t *)context, TEXT(""));
}

HOUSE_TEST("phone: the job of a change that comes early, or of none, changes nothing") {
    struct cast cast = {.house = house, .next_phone = 1};
    struct cast_person person = person_with_password(&cast);
    house_work(house, ring_phone, &person.id); /* nothing was asked */
    ask_to_wait(&cast, &person);
    house_work(house, ring_phone, &person.id);
    struct house_reply me = house_get(house, person.token, "/api/people/me");
    CHECK(house_has(&me, "phone_change_at"));
    CHECK(!text_is(house_text(&me, "phone_masked"), "137****0001"));
}

HOUSE_TEST("phone: what is no phone or has no proof is named by field") {
    struct cast cast = {.house = house, .next_phone = 1};
    struct cast_person person = person_with_password(&cast);
    struct house_reply reply =
        change_phone(&cast, person.token, "12345", TEXT("123456"), "\"old_code\":\"123456\"");
    HOUSE_PROBLEM(&reply, "bad_input", "new_phone");
    reply = change_phone(&cast, person.token, "13700000001", TEXT("123456"),
                         "\"old_code\":\"123456\",\"password\":\"correct horse\"");
    HOUSE_PROBLEM(&reply, "bad_input", "old_code");
    reply = change_phone(&cast, person.token, "13700000001", TEXT("123456"),
                         "\"password\":\"wrong horse\"");
    HOUSE_PROBLEM(&reply, "wrong_login", "password");
    reply = house_call(house, person.token, "POST", "/api/codes",
                       "{\"purpose\":\"new_phone\",\"phone\":\"12345\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "phone");
}

HOUSE_TEST("phone: at whatever statement the database fails, it is changed whole or not at all") {
    struct cast cast = {.house = house, .next_phone = 1};
    struct cast_person person = cast_newcomer(&cast);
    int64_t other;
    struct text old_code = cast_code(&cast, &person, "phone");
    struct text new_code = cast_new_phone_code(&cast, &person, TEXT("13700000001"));
    const char *body = words("{\"new_phone\":\"13700000001\",\"new_code\":\"%s\","
                             "\"old_code\":\"%s\"}",
                             new_code.bytes, old_code.bytes);
    /* A code may be tried five times: so many failures it bears, the phone stays meanwhile. */
    for (int64_t nth = 2; nth < 6; nth++) {
        store_fail_statement(house->app->store, 5 * nth);
        struct house_reply broken =
            house_call(house, person.token, "PUT", "/api/people/me/phone", body);
        store_fail_statement(house->app->store, 0);
        CHECK_INT(broken.status, 500);
        struct house_reply me = house_get(house, person.token, "/api/people/me");
        CHECK(!text_is(house_text(&me, "phone_masked"), "137****0001"));
    }
    house_person(house, person.phone.bytes, &other);
    CHECK_INT(other, person.id);
    house_check_books(house);
}

/* ---- tombstones ---- */

static const char *tombstones_of(struct house *house) {
    return text_terminated(house->arena, text_format(house->arena, "%s/tombstones", house->folder));
}

static bool bury(struct house *house, const char *content, int64_t *ret_count,
                 struct text *ret_error) {
    FILE *file = fopen(tombstones_of(house), "w");
    CHECK(file && fputs(content, file) >= 0 && fclose(file) == 0);
    return people_forget_again(house->app, house->arena, NULL, ret_count, ret_error);
}

HOUSE_TEST("closing: a line that says what cannot be is told, and nobody is forgotten") {
    static const char *const wrong[] = {
        "closed 5 7closed 5 8\n",
        "gone 5 7\n",
        "closed -1 7\n",
        "closed 253402300800000 7\n",
        "closed 5 0\n",
        "closed 5 x\n",
        "closed 5\n",
        "closed 5 7 8\n",
        "forgotten 5 7 \n",
        "\n",
        "closed 5                                                                           7\n"};
    int64_t count;
    struct text error = {0};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        if (bury(house, wrong[i], &count, &error))
            test_fail(__FILE__, __LINE__, "number %zu was read", i);
        CHECK(text_find(error, TEXT("no tombstone"), 0) != SIZE_MAX);
        CHECK_INT(count, 0);
    }
    /* Whom the backup has never heard of need not be forgotten. */
    CHECK(bury(house, "closed 5 7\nforgotten 6 7\n", &count, &error));
    CHECK_INT(count, 0);
}

HOUSE_TEST("closing: tombstones that cannot be read are told, never taken for none") {
    struct text error = {0};
    int64_t count;
    const char *path = tombstones_of(house);
    CHECK(mkdir(path, 0700) == 0);
    CHECK(!people_forget_again(house->app, house->arena, NULL, &count, &error));
    CHECK(text_find(error, TEXT("cannot read"), 0) != SIZE_MAX);
    CHECK(rmdir(path) == 0 && symlink("tombstones", path) == 0);
    CHECK(!people_forget_again(house->app, house->arena, NULL, &count, &error));
    CHECK(text_find(error, TEXT("cannot read"), 0) != SIZE_MAX);
    CHECK(unlink(path) == 0);
    store_fail_statement(house->app->store, 1);
    CHECK(!bury(house, "closed 5 7\n", &count, &error));
    store_fail_statement(house->app->store, 0);
    CHECK(text_find(error, TEXT("does not answer"), 0) != SIZE_MAX);
    CHECK(people_forget_again(house->app, house->arena, "/nowhere/at/all", &count, &error));
}

HOUSE_TEST("closing: a tombstone that could not be written is written when it can be") {
    const char *path = tombstones_of(house);
    struct stat status;
    int64_t id;
    house_person(house, "13800138000", &id);
    CHECK(mkdir(path, 0700) == 0); /* in its way */
    house_work(house, close_now, &id);
    house_run_jobs(house);
    CHECK(look_at(house, id).destroyed_at > 0);
    CHECK(rmdir(path) == 0);
    house_advance(house, HOUR_MS);
    house_run_jobs(house);
    CHECK(stat(path, &status) == 0 && status.st_size > 0);
}

HOUSE_TEST("closing: a last line that a full disk cut is not read, and the next write mends it") {
    static const char *const cut[] = {"closed 5 7", "f", "closed 5 7\nforgotten 5 7 "};
    int64_t id, other, count;
    struct text error = {0};
    char content[120];
    house_person(house, "13800138000", &id);
    house_person(house, "13800138001", &other);
    for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++)
        CHECK(bury(house, cut[i], &count, &error));
    /* Read as it stands, or with what is written behind it, the piece would name somebody else. */
    snprintf(content, sizeof(content), "closed 5 7\nclosed 6 %lld", (long long)other);
    CHECK(bury(house, content, &count, &error));
    CHECK_INT(count, 0);
    house_work(house, close_now, &id);
    house_run_jobs(house);
    FILE *file = fopen(tombstones_of(house), "r");
    CHECK(file != NULL);
    CHECK(fgets(content, sizeof(content), file) && strcmp(content, "closed 5 7\n") == 0);
    while (fgets(content, sizeof(content), file)) {
        long long at_ms, person_id;
        CHECK_INT(sscanf(content, "%*s %lld %lld", &at_ms, &person_id), 2);
        CHECK_INT(person_id, id);
    }
    fclose(file);
    CHECK(people_forget_again(house->app, house->arena, NULL, &count, &error));
    /* What is longer than any line is not mended away. */
    memset(content, 'x', sizeof(content) - 1);
    content[sizeof(content) - 1] = 0;
    CHECK(!bury(house, content, &count, &error));
    house_work(house, close_now, &other);
    house_run_jobs(house);
    struct stat status;
    CHECK(stat(tombstones_of(house), &status) == 0 && status.st_size == sizeof(content) - 1);
}

HOUSE_TEST("closing: a backup from before the closing closes again, and keeps the key its years") {
    struct text error = {0};
    int64_t id, count;
    char stone[80];
    struct text token = house_person(house, "13800138000", &id);
    snprintf(stone, sizeof(stone), "closed %lld %lld\n", (long long)house->now_ms, (long long)id);
    house_advance(house, DAY_MS);
    CHECK(bury(house, stone, &count, &error));
    CHECK_INT(count, 1);
    CHECK_INT(house_get(house, token, "/api/people/me").status, 401);
    CHECK_INT(look_at(house, id).destroyed_at, 0);
    CHECK(bury(house, stone, &count, &error));
    CHECK_INT(count, 0);
    house_advance(house, 3 * INT64_C(366) * 86400000);
    house_run_jobs(house);
    CHECK(look_at(house, id).destroyed_at > 0);
    house_check_books(house);
}

/* ---- one's own data, once more ---- */

static refusal make_export(struct request *q, void *context) {
    const struct asking *asking = context;
    return people_export_make(q, asking->person_id, TEXT("no number"));
}

HOUSE_TEST("exports: a copy that nobody waits for any more is not made") {
    struct asking asking = {0};
    struct text token = house_person(house, "13800138000", &asking.person_id);
    house_work(house, make_export, &asking);
    struct house_reply reply = house_call(house, token, "POST", "/api/people/me/exports", NULL);
    HOUSE_STATUS(&reply, 202);
    house_work(house, close_now, &asking.person_id);
    house_run_jobs(house);
    CHECK(look_at(house, asking.person_id).closed_at > 0);
    house_check_books(house);
}

HOUSE_TEST("unmask: what was seen is listed by key, newest first") {
    struct cast cast;
    cast_open(house, &cast);
    struct cast_person buyer = cast_person(&cast, CAST_BUYER);
    struct cast_person officer = cast_person(&cast, CAST_OPERATOR);
    for (int i = 0; i < 3; i++) {
        struct house_reply seen = house_call(
            house, officer.token, "POST", "/api/unmaskings",
            words("{\"subject\":\"person\",\"subject_id\":\"%lld\",\"reason\":\"核对投诉%s\"}",
                  (long long)buyer.id, i == 2 ? "再看一次" : ""));
        HOUSE_STATUS(&seen, 201);
    }
    struct house_reply page = house_get(house, buyer.token, "/api/people/me/unmaskings?limit=2");
    CHECK_INT(house_count(&page, "items"), 2);
    CHECK_TEXT(house_text(&page, "items.0.reason"), "核对投诉再看一次");
    page = house_get(house, buyer.token, "/api/people/me/unmaskings?limit=2&after=%s",
                     house_text(&page, "next").bytes);
    CHECK_INT(house_count(&page, "items"), 1);
    CHECK(!house_has(&page, "next"));
}

/* ---- consents, once more ---- */

static refusal agree_before(struct request *q, void *context) {
    int64_t id = *(int64_t *)context;
    TRY(people_agree(q, id, "terms", "2019-05"));
    return people_agree(q, id, "newsletter", "1"); /* a kind that is no more */
}

HOUSE_TEST("consents: wordings of before and kinds that are no more are shown as such") {
    struct cast cast = {.house = house};
    int64_t id;
    struct text token = house_person(house, "13800138000", &id);
    house_work(house, agree_before, &id);
    struct house_reply list = house_get(house, token, "/api/people/me/consents");
    CHECK_INT(house_count(&list, "items"), 5);
    CHECK(!house_bool(&list, "items.3.is_current") && !house_bool(&list, "items.4.is_current"));
    size_t needed = 0;
    for (size_t i = 3; i < 5; i++) needed += house_bool(&list, words("items.%zu.is_needed", i));
    CHECK_INT(needed, 1); /* terms of before were needed then, the newsletter never was */
    CHECK(!is_given(house, token, "terms")); /* and the present ones are not given by them */
    struct house_reply reply = house_call(house, token, "PUT", "/api/people/me/consents/terms",
                                          "{\"version\":\"2026-11\",\"given\":false}");
    HOUSE_STATUS(&reply, 200); /* it was not given, so nothing changes */
}

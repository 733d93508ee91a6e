#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ground/people/inside.h"
#include "support/house.h"

/* ---- helpers ---- */

static struct house_reply ask_code(struct house *house, const char *phone) {
    struct text body = text_format(house->arena, "{\"phone\":\"%s\",\"purpose\":\"login\"}", phone);
    return house_call(house, TEXT(""), "POST", "/api/codes", text_terminated(house->arena, body));
}

static struct text last_code(struct house *house, const char *phone) {
    house_run_jobs(house);
    return sms_local_last(house->app->sms, house->arena, text_of(phone));
}

static struct house_reply log_in(struct house *house, const char *phone, const char *how,
                                 struct text secret) {
    struct text body = text_format(house->arena, "{\"phone\":\"%s\",\"%s\":\"%.*s\"%s}", phone, how,
                                   (int)secret.length, secret.bytes,
                                   strcmp(how, "code") == 0 ? ",\"agreed_terms\":true" : "");
    return house_call(house, TEXT(""), "POST", "/api/sessions",
                      text_terminated(house->arena, body));
}

/* A person who logged in by a code, as people do: the token. */
static struct text newcomer(struct house *house, const char *phone) {
    struct house_reply asked = ask_code(house, phone);
    HOUSE_STATUS(&asked, 202);
    struct house_reply reply = log_in(house, phone, "code", last_code(house, phone));
    HOUSE_STATUS(&reply, 201);
    return house_text(&reply, "token");
}

struct made {
    const char *phone;
    const char *password;
    int64_t id;
};

static refusal make_person(struct request *q, void *context) {
    struct made *made = context;
    return people_make(q, text_of(made->phone), TEXT("王小满"), text_of(made->password), &made->id);
}

static int64_t person_with_password(struct house *house, const char *phone, const char *password) {
    struct made made = {.phone = phone, .password = password};
    house_work(house, make_person, &made);
    return made.id;
}

struct counted {
    const struct statement *statement;
    int64_t count;
};

static refusal run_count(struct request *q, void *context) {
    struct counted *counted = context;
    return db_int(q->db, counted->statement, NO_PARAMS, &counted->count, NULL);
}

static int64_t count_rows(struct house *house, const struct statement *statement) {
    struct counted counted = {.statement = statement};
    house_work(house, run_count, &counted);
    return counted.count;
}

static const char wrong_secret[] = "wrong-horse-battery";

/* ---- phones ---- */

TEST("people: a phone is read in any common writing, and nothing else is") {
    struct arena arena = {0};
    struct text phone;
    const char *const fine[] = {"13800138000",       "138 0013 8000",  "138-0013-8000",
                                "+86 138 0013 8000", "+8613800138000", "008613800138000",
                                "86 13800138000",    " 13800138000 ",  "１３８００１３８０００",
                                "（138）0013—8000"};
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
        CHECK(people_read_phone(&arena, text_of(fine[i]), &phone));
        CHECK_TEXT(phone, "13800138000");
    }
    const char *const bad[] = {"",
                               "1380013800",
                               "138001380001",
                               "12800138000",
                               "23800138000",
                               "1380013800a",
                               "+1 2025550123",
                               "13800138000x",
                               "0013800138000",
                               "13800138000 13800138001"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!people_read_phone(&arena, text_of(bad[i]), &phone));
    CHECK_TEXT(people_mask_phone(&arena, TEXT("13800138000")), "138****8000");
    CHECK_TEXT(people_mask_phone(&arena, TEXT("138")), "***");
    arena_free(&arena);
}

/* ---- log-in by code ---- */

HOUSE_TEST(
    "people: the first log-in by code needs the terms, and makes the person with their version") {
    struct house_reply asked = ask_code(house, "138 0013 8000");
    HOUSE_STATUS(&asked, 202);
    CHECK_TEXT(house_text(&asked, "sent_to"), "138****8000");
    CHECK_INT(house_int(&asked, "valid_seconds"), 300);
    CHECK_INT(house_int(&asked, "resend_seconds"), 60);
    struct text code = last_code(house, "13800138000");
    CHECK_INT(code.length, 6);
    struct text body = text_format(house->arena, "{\"phone\":\"13800138000\",\"code\":\"%.*s\"}",
                                   (int)code.length, code.bytes);
    for (int i = 0; i < 3; i++) {
        struct house_reply refused = house_call(house, TEXT(""), "POST", "/api/sessions",
                                                text_terminated(house->arena, body));
        HOUSE_STATUS(&refused, 422);
        HOUSE_PROBLEM(&refused, "terms_needed", "agreed_terms");
    }
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_person")), 0);
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_try "
                                        "WHERE kind <> 'send' AND kind <> 'send_client'")),
              0);
    struct house_reply reply = log_in(house, "+86 13800138000", "code", code);
    HOUSE_STATUS(&reply, 201);
    CHECK_TEXT(house_text(&reply, "person.phone_masked"), "138****8000");
    CHECK(!house_bool(&reply, "person.has_password"));
    CHECK_TEXT(house_text(&reply, "person.roles.0"), "buyer");
    CHECK_INT(house_text(&reply, "token").length, 54);
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_consent "
                                        "WHERE kind = 'terms' AND version = '2026-11'")),
              1);
    struct house_reply me = house_get(house, house_text(&reply, "token"), "/api/people/me");
    HOUSE_STATUS(&me, 200);
    CHECK_TEXT(house_text(&me, "id"),
               text_terminated(house->arena, house_text(&reply, "person.id")));
    house_check_books(house);
}

HOUSE_TEST("people: a code is good once") {
    newcomer(house, "13800138000");
    struct house_reply again =
        log_in(house, "13800138000", "code", last_code(house, "13800138000"));
    HOUSE_STATUS(&again, 401);
    HOUSE_PROBLEM(&again, "wrong_login", "code");
}

struct twice {
    struct people_code_given given;
    bool right[2], used[2];
};

/* What two log-ins do that come with the same code at the same moment: both look before one of them
 * spends it. */
static refusal take_twice(struct request *q, void *context) {
    struct twice *twice = context;
    twice->given.phone_index = people_phone_index(q, TEXT("13800138000"));
    struct people_code_given other = twice->given;
    TRY(people_code_take(q, &twice->given, &twice->right[0]));
    TRY(people_code_take(q, &other, &twice->right[1]));
    TRY(people_code_use(q, &twice->given, &twice->used[0]));
    return people_code_use(q, &other, &twice->used[1]);
}

HOUSE_TEST("people: of two that come with the same code at once one is let in") {
    ask_code(house, "13800138000");
    struct twice twice = {
        .given = {.purpose = PEOPLE_FOR_LOGIN, .code = last_code(house, "13800138000")}};
    house_work(house, take_twice, &twice);
    CHECK(twice.right[0] && twice.right[1]);
    CHECK(twice.used[0]);
    CHECK(!twice.used[1]);
}

HOUSE_TEST("people: a code is over after five minutes") {
    ask_code(house, "13800138000");
    struct text code = last_code(house, "13800138000");
    house_advance(house, 5 * MINUTE_MS);
    struct house_reply late = log_in(house, "13800138000", "code", code);
    HOUSE_STATUS(&late, 401);
    house_run_jobs(house);
    house_advance(house, 15 * MINUTE_MS);
    house_run_jobs(house);
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_code")), 0);
}

HOUSE_TEST(
    "people: a newer code ends the older one, and codes of another purpose or phone do not fit") {
    ask_code(house, "13800138000");
    struct text first = last_code(house, "13800138000");
    house_advance(house, MINUTE_MS);
    ask_code(house, "13800138000");
    struct text second = last_code(house, "13800138000");
    struct house_reply old = log_in(house, "13800138000", "code", first);
    HOUSE_STATUS(&old, 401);
    struct house_reply other = log_in(house, "13900139000", "code", second);
    HOUSE_STATUS(&other, 401);
    struct house_reply good = log_in(house, "13800138000", "code", second);
    HOUSE_STATUS(&good, 201);
}

HOUSE_TEST("people: five wrong codes end the code, also for who then has the right one") {
    ask_code(house, "13800138000");
    struct text code = last_code(house, "13800138000");
    for (int i = 0; i < 5; i++) {
        struct house_reply wrong = log_in(house, "13800138000", "code", TEXT("abcdef"));
        HOUSE_STATUS(&wrong, 401);
    }
    struct house_reply locked = log_in(house, "13800138000", "code", code);
    HOUSE_STATUS(&locked, 429);
    CHECK_INT(locked.road.retry_after_s, 60);
    house_advance(house, MINUTE_MS);
    struct house_reply spent = log_in(house, "13800138000", "code", code);
    HOUSE_STATUS(&spent, 401);
}

HOUSE_TEST("people: bad input is named by field before anything is counted") {
    struct house_reply reply = ask_code(house, "12345");
    HOUSE_PROBLEM(&reply, "bad_input", "phone");
    reply = house_call(house, TEXT(""), "POST", "/api/codes", "{\"purpose\":\"login\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "phone");
    reply = house_call(house, TEXT(""), "POST", "/api/codes", "{\"purpose\":\"password\"}");
    HOUSE_STATUS(&reply, 401);
    reply = house_call(house, TEXT(""), "POST", "/api/sessions", "{\"phone\":\"13800138000\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "code");
    reply = house_call(house, TEXT(""), "POST", "/api/sessions",
                       "{\"phone\":\"13800138000\",\"code\":\"1\",\"password\":\"2\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "code");
    reply = house_call(house, TEXT(""), "POST", "/api/sessions",
                       "{\"phone\":\"1\",\"code\":\"123456\"}");
    HOUSE_PROBLEM(&reply, "bad_input", "phone");
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_try")), 0);
}

/* ---- limits ---- */

HOUSE_TEST(
    "people: codes go out once a minute, 5 times an hour, 10 a day, and a refusal says when") {
    int64_t sent = 0;
    for (int minute = 0; minute < 24 * 60; minute++) {
        struct house_reply reply = ask_code(house, "13800138000");
        if (reply.status == 202) {
            struct house_reply again = ask_code(house, "13800138000");
            HOUSE_STATUS(&again, 429);
            HOUSE_PROBLEM(&again, "too_many", NULL);
            CHECK(again.road.retry_after_s >= 60);
            sent++;
        } else {
            HOUSE_STATUS(&reply, 429);
            CHECK(reply.road.retry_after_s > 0);
            /* What is promised holds: waiting exactly so long lets the next one through. */
            house_advance(house, reply.road.retry_after_s * SECOND_MS - 1);
            struct house_reply early = ask_code(house, "13800138000");
            HOUSE_STATUS(&early, 429);
            if (sent == 10) break;
            house_advance(house, 1);
            struct house_reply then = ask_code(house, "13800138000");
            HOUSE_STATUS(&then, 202);
            sent++;
        }
        house_advance(house, MINUTE_MS);
    }
    CHECK_INT(sent, 10);
    struct house_reply other = ask_code(house, "13900139000");
    HOUSE_STATUS(&other, 202);
}

HOUSE_TEST("people: limits survive a restart, and are swept after a day") {
    ask_code(house, "13800138000");
    house_reopen(house);
    struct house_reply again = ask_code(house, "13800138000");
    HOUSE_STATUS(&again, 429);
    house_run_jobs(house);
    CHECK(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_try")) > 0);
    house_advance(house, DAY_MS);
    house_run_jobs(house);
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_try")), 0);
}

HOUSE_TEST(
    "people: wrong passwords are counted though each is refused, and lock for growing times") {
    person_with_password(house, "13800138000", "correct-horse-1");
    for (int i = 0; i < 5; i++) {
        struct house_reply wrong = log_in(house, "13800138000", "password", text_of(wrong_secret));
        HOUSE_STATUS(&wrong, 401);
        HOUSE_PROBLEM(&wrong, "wrong_login", "password");
    }
    int64_t lock_s = 60;
    for (int i = 0; i < 3; i++, lock_s *= 2) {
        struct house_reply right =
            log_in(house, "13800138000", "password", TEXT("correct-horse-1"));
        HOUSE_STATUS(&right, 429);
        CHECK_INT(right.road.retry_after_s, lock_s);
        house_advance(house, lock_s * SECOND_MS);
        struct house_reply wrong = log_in(house, "13800138000", "password", text_of(wrong_secret));
        HOUSE_STATUS(&wrong, 401);
    }
    /* Somebody who locks a phone out of passwords does not keep its owner from logging in by code.
     */
    newcomer(house, "13800138000");
    house_advance(house, lock_s * SECOND_MS);
    struct house_reply right = log_in(house, "13800138000", "password", TEXT("correct-horse-1"));
    HOUSE_STATUS(&right, 201);
    CHECK(house_bool(&right, "person.has_password"));
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_try "
                                        "WHERE kind = 'password'")),
              0);
}

HOUSE_TEST("people: an unknown phone is answered, counted and locked like a known one") {
    person_with_password(house, "13800138000", "correct-horse-1");
    for (int i = 0; i < 6; i++) {
        struct house_reply known = log_in(house, "13800138000", "password", text_of(wrong_secret));
        struct house_reply unknown =
            log_in(house, "13900139000", "password", text_of(wrong_secret));
        CHECK_INT(unknown.status, known.status);
        CHECK(text_equal(unknown.body, known.body));
        CHECK_INT(unknown.road.retry_after_s, known.road.retry_after_s);
    }
}

HOUSE_TEST("people: a client that guesses at many phones is stopped") {
    char phone[16];
    struct house_reply reply = {0};
    for (int i = 0; i < 100; i++) {
        snprintf(phone, sizeof(phone), "139%08d", i);
        reply = log_in(house, phone, "code", TEXT("123456"));
        HOUSE_STATUS(&reply, 401);
    }
    reply = log_in(house, "13800138000", "code", TEXT("123456"));
    HOUSE_STATUS(&reply, 429);
    house_advance(house, HOUR_MS);
    reply = log_in(house, "13800138000", "code", TEXT("123456"));
    HOUSE_STATUS(&reply, 401);
}

struct guesser {
    struct house *house;
    pthread_t thread;
    int status;
};

static void *guess(void *context) {
    struct guesser *guesser = context;
    struct arena arena = {0};
    struct road_reply reply = {0};
    struct road_call call = {.method = "POST",
                             .target = TEXT("/api/sessions"),
                             .body = TEXT("{\"phone\":\"13800138000\",\"code\":\"000000\"}")};
    road_perform(guesser->house->app, &arena, &call, &reply);
    guesser->status = reply.status;
    arena_free(&arena);
    return NULL;
}

HOUSE_TEST("people: guesses at the same moment are counted one by one") {
    enum { GUESSERS = 16 };
    struct guesser guessers[GUESSERS];
    ask_code(house, "13800138000");
    for (int i = 0; i < GUESSERS; i++) {
        guessers[i] = (struct guesser){.house = house};
        pthread_create(&guessers[i].thread, NULL, guess, &guessers[i]);
    }
    int looked_at = 0, refused = 0;
    for (int i = 0; i < GUESSERS; i++) {
        pthread_join(guessers[i].thread, NULL);
        looked_at += guessers[i].status == 401;
        refused += guessers[i].status == 429 || guessers[i].status == 503;
    }
    CHECK(looked_at <= 5);
    CHECK_INT(looked_at + refused, GUESSERS);
}

/* ---- sessions ---- */

static int status_of_me(struct house *house, struct text token) {
    return house_get(house, token, "/api/people/me").status;
}

HOUSE_TEST(
    "people: a session is over after 30 days without a write, and after 180 days in any case") {
    struct text token = house_person(house, "13800138000", NULL);
    house_advance(house, 29 * (int64_t)DAY_MS);
    CHECK_INT(status_of_me(house, token), 200); /* a read keeps nothing alive: reads do not write */
    struct house_reply put = house_call(house, token, "PUT", "/api/people/me",
                                        "{\"name\":\"小满\",\"language\":\"zh\"}");
    HOUSE_STATUS(&put, 200);
    for (int days = 29; days < 174; days += 29) {
        house_advance(house, 29 * (int64_t)DAY_MS);
        put = house_call(house, token, "PUT", "/api/people/me",
                         "{\"name\":\"小满\",\"language\":\"zh\"}");
        HOUSE_STATUS(&put, 200);
    }
    house_advance(house, 6 * (int64_t)DAY_MS - 1);
    CHECK_INT(status_of_me(house, token), 200);
    house_advance(house, 1);
    CHECK_INT(status_of_me(house, token), 401);
    house_run_jobs(house);
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_session")), 0);
    struct text idle = house_person(house, "13800138000", NULL);
    house_advance(house, 30 * (int64_t)DAY_MS - 1);
    CHECK_INT(status_of_me(house, idle), 200);
    house_advance(house, 1);
    CHECK_INT(status_of_me(house, idle), 401);
}

HOUSE_TEST("people: the last use is written at most once a minute, and only by writes") {
    struct text token = house_person(house, "13800138000", NULL);
    const char *draft = "{\"name\":\"小满\",\"language\":\"zh\"}";
    struct house_reply first = house_call(house, token, "PUT", "/api/people/me", draft);
    house_advance(house, MINUTE_MS - 1);
    struct house_reply soon = house_call(house, token, "PUT", "/api/people/me", draft);
    CHECK_INT(soon.road.statement_count, first.road.statement_count);
    house_advance(house, 1);
    struct house_reply touched = house_call(house, token, "PUT", "/api/people/me", draft);
    CHECK_INT(touched.road.statement_count, first.road.statement_count + 1);
    struct house_reply after = house_call(house, token, "PUT", "/api/people/me", draft);
    CHECK_INT(after.road.statement_count, first.road.statement_count);
}

HOUSE_TEST("people: who is it costs one statement, whoever it is") {
    int64_t id;
    struct text token = house_person(house, "13800138000", &id);
    struct house_reply me = house_get(house, token, "/api/people/me");
    CHECK_INT(me.road.statement_count, 3);
    struct house_reply book = house_get(house, token, "/api/people/me/addresses");
    CHECK_INT(book.road.statement_count, 2);
    struct house_reply nobody = house_get(house, TEXT("not-a-token"), "/api/people/me");
    CHECK_INT(nobody.status, 401);
}

HOUSE_TEST("people: tokens that are altered, cut, lengthened or of nobody open nothing") {
    struct text token = house_person(house, "13800138000", NULL);
    CHECK_INT(status_of_me(house, token), 200);
    for (size_t i = 0; i < token.length; i++) {
        struct text altered = text_copy(house->arena, token);
        char *byte = (char *)(uintptr_t)&altered.bytes[i];
        *byte = *byte == 'A' ? 'B' : 'A';
        CHECK_INT(status_of_me(house, altered), 401);
    }
    CHECK_INT(status_of_me(house, text_slice(token, 0, 53)), 401);
    CHECK_INT(
        status_of_me(house, text_format(house->arena, "%.*sA", (int)token.length, token.bytes)),
        401);
    CHECK_INT(status_of_me(house, TEXT("")), 401);
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_session")), 1);
}

HOUSE_TEST("people: the cookie is HttpOnly and SameSite, and __Host- with Secure behind TLS") {
    ask_code(house, "13800138000");
    struct house_reply plain =
        log_in(house, "13800138000", "code", last_code(house, "13800138000"));
    struct text token = house_text(&plain, "token");
    struct text wanted =
        text_format(house->arena, "xj_session=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d",
                    (int)token.length, token.bytes, PEOPLE_SESSION_DAYS * 24 * 3600);
    CHECK_TEXT(plain.road.set_cookie, wanted.bytes);
    house->app->behind_tls = true;
    house_advance(house, HOUR_MS);
    ask_code(house, "13800138000");
    struct house_reply tls = log_in(house, "13800138000", "code", last_code(house, "13800138000"));
    CHECK(text_starts(tls.road.set_cookie, TEXT("__Host-xj_session=")));
    CHECK(text_ends(tls.road.set_cookie, TEXT("; Secure")));
    struct house_reply out =
        house_call(house, house_text(&tls, "token"), "DELETE", "/api/sessions/current", NULL);
    HOUSE_STATUS(&out, 204);
    CHECK_TEXT(out.road.set_cookie,
               "__Host-xj_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure");
    house->app->behind_tls = false;
    CHECK_INT(status_of_me(house, house_text(&tls, "token")), 401);
    CHECK_INT(status_of_me(house, token), 200);
}

HOUSE_TEST("people: logging in anew ends the session one came with") {
    struct text old = newcomer(house, "13800138000");
    house_advance(house, HOUR_MS);
    ask_code(house, "13800138000");
    struct text code = last_code(house, "13800138000");
    struct text body = text_format(house->arena, "{\"phone\":\"13800138000\",\"code\":\"%.*s\"}",
                                   (int)code.length, code.bytes);
    struct house_reply again =
        house_call(house, old, "POST", "/api/sessions", text_terminated(house->arena, body));
    HOUSE_STATUS(&again, 201);
    CHECK_INT(status_of_me(house, old), 401);
    CHECK_INT(status_of_me(house, house_text(&again, "token")), 200);
}

HOUSE_TEST("people: one sees and ends one's own sessions, never another's") {
    struct text phone = house_person(house, "13800138000", NULL);
    house_advance(house, SECOND_MS);
    struct text desk = house_person(house, "13800138000", NULL);
    struct text stranger = house_person(house, "13900139000", NULL);
    struct house_reply list = house_get(house, desk, "/api/sessions");
    HOUSE_STATUS(&list, 200);
    CHECK_INT(house_count(&list, "items"), 2);
    CHECK(house_bool(&list, "items.0.is_current"));
    CHECK(!house_bool(&list, "items.1.is_current"));
    CHECK(!house_has(&list, "items.0.token_hash"));
    struct text other_id = house_text(&list, "items.1.id");
    const char *target =
        text_terminated(house->arena, text_format(house->arena, "/api/sessions/%.*s",
                                                  (int)other_id.length, other_id.bytes));
    struct house_reply theft = house_call(house, stranger, "DELETE", target, NULL);
    HOUSE_PROBLEM(&theft, "not_found", NULL);
    CHECK_INT(status_of_me(house, phone), 200);
    struct house_reply ended = house_call(house, desk, "DELETE", target, NULL);
    HOUSE_STATUS(&ended, 204);
    CHECK_INT(ended.road.set_cookie.length, 0);
    CHECK_INT(status_of_me(house, phone), 401);
    CHECK_INT(status_of_me(house, desk), 200);
    struct house_reply word = house_call(house, desk, "DELETE", "/api/sessions/nothing", NULL);
    HOUSE_STATUS(&word, 404);
}

HOUSE_TEST("people: the session unused for longest gives way to the twenty-first") {
    struct text first = house_person(house, "13800138000", NULL);
    struct text second = {0};
    for (int i = 0; i < PEOPLE_SESSIONS_MAX; i++) {
        house_advance(house, SECOND_MS);
        struct text token = house_person(house, "13800138000", NULL);
        if (i == 0) second = token;
    }
    CHECK_INT(status_of_me(house, first), 401);
    CHECK_INT(status_of_me(house, second), 200);
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_session")),
              PEOPLE_SESSIONS_MAX);
}

TEST("people: a device is told by its kind alone") {
    CHECK_INT(people_device_of(TEXT("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)")), PEOPLE_IPHONE);
    CHECK_INT(people_device_of(TEXT("Mozilla/5.0 (Linux; Android 15; V2324A)")), PEOPLE_ANDROID);
    CHECK_INT(people_device_of(TEXT("Mozilla/5.0 (Windows NT 10.0)")), PEOPLE_WINDOWS);
    CHECK_INT(people_device_of(TEXT("Mozilla/5.0 (Macintosh; Intel)")), PEOPLE_MAC);
    CHECK_INT(people_device_of(TEXT("Mozilla/5.0 (X11; Linux x86_64)")), PEOPLE_LINUX);
    CHECK_INT(people_device_of(TEXT("")), PEOPLE_OTHER);
}

/* ---- passwords ---- */

static struct text own_code(struct house *house, struct text token, const char *purpose,
                            const char *phone) {
    struct text body = text_format(house->arena, "{\"purpose\":\"%s\"}", purpose);
    struct house_reply asked =
        house_call(house, token, "POST", "/api/codes", text_terminated(house->arena, body));
    HOUSE_STATUS(&asked, 202);
    return last_code(house, phone);
}

static struct house_reply set_password(struct house *house, struct text token, const char *how,
                                       struct text proof, const char *password) {
    struct text body = text_format(house->arena, "{\"%s\":\"%.*s\",\"new_password\":\"%s\"}", how,
                                   (int)proof.length, proof.bytes, password);
    return house_call(house, token, "PUT", "/api/people/me/password",
                      text_terminated(house->arena, body));
}

HOUSE_TEST("people: a new password needs the old one or a code, and ends the other sessions") {
    struct text token = newcomer(house, "13800138000");
    struct text elsewhere = house_person(house, "13800138000", NULL);
    house_advance(house, HOUR_MS);
    struct house_reply bare = house_call(house, token, "PUT", "/api/people/me/password",
                                         "{\"new_password\":\"spring-water-7\"}");
    HOUSE_PROBLEM(&bare, "bad_input", "code");
    struct house_reply guess_old =
        set_password(house, token, "old_password", TEXT(""), "spring-water-7");
    HOUSE_STATUS(&guess_old, 400);
    struct house_reply wrong = set_password(house, token, "code", TEXT("000000"), "spring-water-7");
    HOUSE_STATUS(&wrong, 401);
    struct text code = own_code(house, token, "password", "13800138000");
    struct house_reply first = set_password(house, token, "code", code, "spring-water-7");
    HOUSE_STATUS(&first, 204);
    CHECK_INT(status_of_me(house, token), 200);
    CHECK_INT(status_of_me(house, elsewhere), 401);
    struct house_reply reused = set_password(house, token, "code", code, "other-water-8");
    HOUSE_STATUS(&reused, 401);
    struct house_reply not_old =
        set_password(house, token, "old_password", text_of(wrong_secret), "other-water-8");
    HOUSE_PROBLEM(&not_old, "wrong_login", "password");
    struct house_reply second =
        set_password(house, token, "old_password", TEXT("spring-water-7"), "other-water-8");
    HOUSE_STATUS(&second, 204);
    struct house_reply stale = log_in(house, "13800138000", "password", TEXT("spring-water-7"));
    HOUSE_STATUS(&stale, 401);
    struct house_reply fresh = log_in(house, "13800138000", "password", TEXT("other-water-8"));
    HOUSE_STATUS(&fresh, 201);
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM audit_entry "
                                        "WHERE action = 'people.password'")),
              2);
}

HOUSE_TEST("people: a code sent for logging in does not change a password") {
    struct text token = newcomer(house, "13800138000");
    house_advance(house, HOUR_MS);
    ask_code(house, "13800138000");
    struct house_reply reply =
        set_password(house, token, "code", last_code(house, "13800138000"), "spring-water-7");
    HOUSE_STATUS(&reply, 401);
}

TEST("people: passwords that are tried first are weak") {
    struct text phone = TEXT("13800138000");
    const char *const weak[] = {"19900101",   "12345678",   "888888888888", "abcdefgh",
                                "1234567890", "PASSWORD",   "woaini1314",   "x13800138000",
                                "9876543210", "13800138000"};
    for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++)
        CHECK(people_password_is_weak(text_of(weak[i]), phone));
    CHECK(!people_password_is_weak(TEXT("spring-water-7"), phone));
    CHECK(!people_password_is_weak(TEXT("7391046285"), phone));
    CHECK(!people_password_is_weak(TEXT("梨花坡的春天来了"), phone));
}

HOUSE_TEST("people: a weak new password is refused before the old one is looked at") {
    struct text token = newcomer(house, "13800138000");
    struct house_reply weak = set_password(house, token, "code", TEXT("000000"), "88888888");
    HOUSE_PROBLEM(&weak, "bad_input", "new_password");
    struct house_reply tiny = set_password(house, token, "code", TEXT("000000"), "short");
    HOUSE_PROBLEM(&tiny, "bad_input", "new_password");
}

/* ---- the account ---- */

HOUSE_TEST("people: name and language are one's own to change") {
    struct text token = newcomer(house, "13800138000");
    struct house_reply put = house_call(house, token, "PUT", "/api/people/me",
                                        "{\"name\":\"  王小满 \",\"language\":\"en\"}");
    HOUSE_STATUS(&put, 200);
    CHECK_TEXT(house_text(&put, "name"), "王小满");
    CHECK_TEXT(house_text(&put, "language"), "en");
    struct house_reply empty =
        house_call(house, token, "PUT", "/api/people/me", "{\"name\":\"   \",\"language\":\"en\"}");
    HOUSE_PROBLEM(&empty, "bad_input", "name");
    struct house_reply both =
        house_call(house, token, "PUT", "/api/people/me",
                   "{\"name\":\"一二三四五六七八九十一二三四五六七八九十一\"}");
    HOUSE_PROBLEM(&both, "bad_input", "name");
    HOUSE_PROBLEM(&both, "bad_input", "language");
    struct house_reply nobody = house_call(house, TEXT(""), "PUT", "/api/people/me",
                                           "{\"name\":\"x\",\"language\":\"en\"}");
    HOUSE_STATUS(&nobody, 401);
}

struct role_given {
    int64_t person_id;
    const char *role;
    enum scope scope;
    int64_t scope_id;
};

static refusal give(struct request *q, void *context) {
    struct role_given *given = context;
    return people_give_role(q, given->person_id, given->role, given->scope, given->scope_id);
}

static refusal take(struct request *q, void *context) {
    struct role_given *given = context;
    return people_take_role(q, given->person_id, given->role, given->scope, given->scope_id);
}

HOUSE_TEST("people: a role is given with its reach, seen at once, and gone at once") {
    int64_t id;
    struct text token = house_person(house, "13800138000", &id);
    struct house_reply before = house_get(house, token, "/api/audit");
    HOUSE_PROBLEM(&before, "not_allowed", NULL);
    house_work(house, give, &(struct role_given){id, "seller_keeper", SCOPE_ORGANISATION, 77});
    house_work(house, give, &(struct role_given){id, "seller_keeper", SCOPE_ORGANISATION, 78});
    house_work(house, give, &(struct role_given){id, "seller_keeper", SCOPE_ORGANISATION, 78});
    house_work(house, give, &(struct role_given){id, "auditor", SCOPE_ALL, 0});
    struct house_reply me = house_get(house, token, "/api/people/me");
    CHECK_INT(house_count(&me, "organisation_ids"), 2);
    CHECK_TEXT(house_text(&me, "organisation_ids.0"), "77");
    CHECK_TEXT(house_text(&me, "organisation_ids.1"), "78");
    CHECK_INT(house_count(&me, "roles"), 3);
    CHECK_TEXT(house_text(&me, "roles.1"), "auditor");
    CHECK_TEXT(house_text(&me, "roles.2"), "seller_keeper");
    CHECK_INT(house_count(&me, "grants"), 7);
    CHECK_TEXT(house_text(&me, "grants.0.permission"), "audit");
    CHECK_TEXT(house_text(&me, "grants.0.scope"), "all");
    CHECK_TEXT(house_text(&me, "grants.1.permission"), "refund");
    CHECK_TEXT(house_text(&me, "grants.1.scope"), "organisation");
    CHECK_TEXT(house_text(&me, "grants.4.scope_id"), "78");
    struct house_reply held = house_get(house, token, "/api/audit");
    HOUSE_STATUS(&held, 200);
    house_work(house, take, &(struct role_given){id, "auditor", SCOPE_ALL, 0});
    struct house_reply gone = house_get(house, token, "/api/audit");
    HOUSE_PROBLEM(&gone, "not_allowed", NULL);
    refusal unknown = house_try(house, give, &(struct role_given){id, "king", SCOPE_ALL, 0});
    CHECK(unknown && unknown->kind == PROBLEM_NOT_FOUND);
    house_check_books(house);
}

struct authenticated {
    struct text token;
    struct principal who;
    bool sells_77, sells_79;
};

static refusal authenticate(struct request *q, void *context) {
    struct authenticated *wanted = context;
    TRY(people_authenticate(q, wanted->token, &wanted->who));
    q->who = &wanted->who;
    wanted->sells_77 = request_reaches(q, PERMISSION_sell, (struct owner){.organisation_id = 77});
    wanted->sells_79 = request_reaches(q, PERMISSION_sell, (struct owner){.organisation_id = 79});
    return NULL;
}

HOUSE_TEST("people: everybody is a buyer of his own, and a keeper of his shops alone") {
    int64_t id;
    struct authenticated wanted = {.token = house_person(house, "13800138000", &id)};
    house_work(house, authenticate, &wanted);
    CHECK_INT(wanted.who.person_id, id);
    CHECK_INT(wanted.who.grant_count, 2);
    CHECK_INT(wanted.who.grants[0].scope, SCOPE_OWN);
    house_work(house, give, &(struct role_given){id, "seller_keeper", SCOPE_ORGANISATION, 77});
    house_work(house, authenticate, &wanted);
    CHECK_INT(wanted.who.grant_count, 5);
    CHECK(wanted.sells_77);
    CHECK(!wanted.sells_79);
}

/* ---- closing ---- */

HOUSE_TEST("people: a closed account logs in no more, and its phone may begin anew") {
    struct text token = newcomer(house, "13800138000");
    struct house_reply me = house_get(house, token, "/api/people/me");
    struct text old_id = house_text(&me, "id");
    house_call(house, token, "POST", "/api/people/me/addresses",
               "{\"name\":\"王小满\",\"phone\":\"13800138000\",\"place_code\":\"141031000000\","
               "\"street\":\"城南 3 号\"}");
    house_advance(house, HOUR_MS);
    struct house_reply guess_code =
        house_call(house, token, "POST", "/api/people/me/closure", "{\"code\":\"000000\"}");
    HOUSE_STATUS(&guess_code, 401);
    struct text code = own_code(house, token, "closure", "13800138000");
    struct text body =
        text_format(house->arena, "{\"code\":\"%.*s\"}", (int)code.length, code.bytes);
    struct house_reply closed = house_call(house, token, "POST", "/api/people/me/closure",
                                           text_terminated(house->arena, body));
    HOUSE_STATUS(&closed, 204);
    CHECK_INT(status_of_me(house, token), 401);
    house_check_books(house);
    house_advance(house, HOUR_MS);
    struct text anew = newcomer(house, "13800138000");
    struct house_reply other = house_get(house, anew, "/api/people/me");
    CHECK(!text_equal(house_text(&other, "id"), old_id));
    struct house_reply book = house_get(house, anew, "/api/people/me/addresses");
    CHECK_INT(house_count(&book, "items"), 0);
    house_advance(house, (int64_t)PEOPLE_FORGET_DAYS * DAY_MS);
    house_run_jobs(house);
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_key "
                                        "WHERE destroyed_at > 0")),
              1);
}

HOUSE_TEST("people: who keeps a shop hands it over before closing the account") {
    struct text token = newcomer(house, "13800138000");
    struct house_reply me = house_get(house, token, "/api/people/me");
    int64_t id = 0;
    CHECK(text_to_int64(house_text(&me, "id"), &id));
    house_work(house, give, &(struct role_given){id, "seller_keeper", SCOPE_ORGANISATION, 77});
    house_advance(house, HOUR_MS);
    struct text code = own_code(house, token, "closure", "13800138000");
    struct text body =
        text_format(house->arena, "{\"code\":\"%.*s\"}", (int)code.length, code.bytes);
    struct house_reply refused = house_call(house, token, "POST", "/api/people/me/closure",
                                            text_terminated(house->arena, body));
    HOUSE_PROBLEM(&refused, "wrong_state", NULL);
    CHECK_INT(status_of_me(house, token), 200);
}

/* ---- check ---- */

static refusal break_books(struct request *q, void *context) {
    (void)context;
    return db_run(q->db, SQL("", "DELETE FROM people_phone WHERE person_id > 0"), NO_PARAMS, NULL);
}

static void note_line(struct check_report *report, bool holds, struct text sentence) {
    (void)sentence;
    report->fault_count += !holds;
}

static refusal check_people(struct request *q, void *context) {
    return people_room.check(q, context);
}

HOUSE_TEST("people: check finds an account that no phone leads to") {
    struct check_report report = {.line = note_line};
    house_person(house, "13800138000", NULL);
    house_work(house, check_people, &report);
    CHECK_INT(report.fault_count, 0);
    house_work(house, break_books, NULL);
    house_work(house, check_people, &report);
    CHECK_INT(report.fault_count, 1);
}

/* ---- what a phone, a name and a password may be ---- */

TEST("people: a name is shown by its first character, and nothing of how long it is") {
    struct arena arena = {0};
    CHECK_TEXT(people_mask_name(&arena, TEXT("欧阳梨花")), "欧*");
    CHECK_TEXT(people_mask_name(&arena, TEXT("Li")), "L*");
    CHECK_TEXT(people_mask_name(&arena, TEXT("")), "");
    arena_free(&arena);
}

TEST("people: signs between the digits of a phone are passed over, words and a flood are not") {
    struct arena arena = {0};
    struct text phone;
    static const char *const fine[] = {"＋86（138）0013－8000", "138\u00a00013\u20108000",
                                       "(138)0013 8000", "１３８ 0013—8000", "13800138000　"};
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
        CHECK(people_read_phone(&arena, text_of(fine[i]), &phone));
        CHECK_TEXT(phone, "13800138000");
    }
    static const char *const bad[] = {
        "138.0013.8000", "138/0013/8000",   "１３８００１３８０００１", "123456789012345678901",
        "8513800138000", "008513800138000", "++8613800138000"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!people_read_phone(&arena, text_of(bad[i]), &phone));
    arena_free(&arena);
}

TEST("people: runs of digits over the end, and well-known words in any case, are weak") {
    struct text none = TEXT("");
    static const char *const weak[] = {"8901234567", "2109876543", "hgfedcba",
                                       "Qwerty123",  "zzzzzzzz",   "1111111111"};
    static const char *const fine[] = {"8901234568", "abcdefgi", "qwerty1234x", "9876543211"};
    for (size_t i = 0; i < sizeof(weak) / sizeof(weak[0]); i++)
        CHECK(people_password_is_weak(text_of(weak[i]), none));
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
        CHECK(!people_password_is_weak(text_of(fine[i]), none));
}

TEST("people: the refusal says seconds while they are few, then minutes, then hours") {
    struct arena arena = {0};
    struct request q = {.arena = &arena};
    static const struct {
        int64_t wait_ms, seconds;
        const char *words;
    } waits[] = {{1, 1, "wait 1 seconds"},
                 {120 * SECOND_MS, 120, "wait 120 seconds"},
                 {120 * SECOND_MS + 1, 121, "wait 3 minutes"},
                 {2 * HOUR_MS, 7200, "wait 120 minutes"},
                 {2 * HOUR_MS + 1, 7201, "wait 3 hours"}};
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        refusal refused = people_tries_refuse(&q, waits[i].wait_ms);
        CHECK_INT(refused->kind, PROBLEM_TOO_MANY);
        CHECK_INT(refused->retry_after_s, waits[i].seconds);
        CHECK(text_find(refused->faults[0].en, text_of(waits[i].words), 0) != SIZE_MAX);
    }
    arena_free(&arena);
}

/* ---- the gateway ---- */

static enum sms_outcome send_later(const struct sms *sms, const struct sms_message *message) {
    (void)sms;
    (void)message;
    return SMS_LATER;
}

HOUSE_TEST("people: a code is sent again until the gateway takes it, and never when it is over") {
    const struct sms busy = {"busy", send_later};
    const struct sms *local = house->app->sms;
    house->app->sms = &busy;
    ask_code(house, "13800138000");
    house_run_jobs(house);
    CHECK_INT(sms_local_count(local), 0);
    house->app->sms = local;
    house_advance(house, 30 * SECOND_MS);
    house_run_jobs(house);
    CHECK_INT(sms_local_count(local), 1);
    house->app->sms = &busy;
    house_advance(house, MINUTE_MS);
    ask_code(house, "13800138000");
    house_run_jobs(house);
    house->app->sms = local;
    house_advance(house, 5 * MINUTE_MS);
    house_run_jobs(house);
    CHECK_INT(sms_local_count(local), 1);
}

struct order_to_send {
    const char *label;
    struct text clear;
    bool taken;
};

static refusal send_order(struct request *q, void *context) {
    struct order_to_send *order = context;
    struct text sealed = keyring_seal_text(q->app, q->arena, order->label, order->clear);
    void *result = NULL;
    order->taken = people_code_send(q, 1, sealed, &result);
    return NULL;
}

HOUSE_TEST(
    "people: an order to send that is not ours or not whole is dropped, not tried for ever") {
    const struct text soon =
        text_format(house->arena, "13800138000 123456 %lld", (long long)house->now_ms + 1000);
    struct order_to_send orders[] = {{"people.send_notice", soon, false},
                                     {"people.send_code", TEXT("13800138000"), false},
                                     {"people.send_code", TEXT("13800138000 123456"), false},
                                     {"people.send_code", TEXT("13800138000 123456 soon"), false},
                                     {"people.send_code", TEXT("13800138000 123456 5"), false}};
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        house_work(house, send_order, &orders[i]);
        CHECK(orders[i].taken);
    }
    CHECK_INT(sms_local_count(house->app->sms), 0);
    struct order_to_send good = {"people.send_code", soon, false};
    house_work(house, send_order, &good);
    CHECK(good.taken);
    CHECK_TEXT(sms_local_last(house->app->sms, house->arena, TEXT("13800138000")), "123456");
}

/* ---- what changes between looking and using ---- */

struct used {
    struct people_proof proof;
    refusal refused;
};

static refusal use_proof(struct request *q, void *context) {
    struct used *used = context;
    used->refused = people_proof_use(q, &used->proof);
    return NULL;
}

HOUSE_TEST("people: a password that was changed since it was looked at logs nobody in") {
    int64_t id = person_with_password(house, "13800138000", "correct-horse-1");
    struct used used = {.proof = {.person_id = id, .password_hash = TEXT("the hash of before")}};
    house_work(house, use_proof, &used);
    CHECK(used.refused && used.refused->kind == PROBLEM_WRONG_LOGIN);
    CHECK_TEXT(used.refused->faults[0].field, "password");
    used.proof = (struct people_proof){.by_code = true, .code = {.code = TEXT("123456")}};
    house_work(house, use_proof, &used);
    CHECK(used.refused && used.refused->kind == PROBLEM_WRONG_LOGIN);
    CHECK_TEXT(used.refused->faults[0].field, "code");
}

HOUSE_TEST("people: a new password takes the old one or a code, not both and not neither") {
    person_with_password(house, "13800138000", "correct-horse-1");
    struct text token = house_person(house, "13800138000", NULL);
    static const char *const bodies[] = {
        "{\"new_password\":\"spring-water-7\"}",
        "{\"old_password\":\"correct-horse-1\",\"code\":\"123456\","
        "\"new_password\":\"spring-water-7\"}"};
    for (size_t i = 0; i < 2; i++) {
        struct house_reply reply =
            house_call(house, token, "PUT", "/api/people/me/password", bodies[i]);
        HOUSE_PROBLEM(&reply, "bad_input", "old_password");
    }
    struct house_reply name = house_call(house, token, "PUT", "/api/people/me",
                                         "{\"name\":\"王\\n小满\",\"language\":\"zh\"}");
    HOUSE_PROBLEM(&name, "bad_input", "name");
}

HOUSE_TEST("people: at whatever statement the database fails, an account is made and used once") {
    ask_code(house, "13800138000");
    struct text code = last_code(house, "13800138000");
    struct text body = text_format(
        house->arena, "{\"phone\":\"13800138000\",\"code\":\"%s\",\"agreed_terms\":true}",
        code.bytes);
    /* What counts the try is a transaction of its own: each third failure comes behind it, and a
     * code may be tried five times. */
    struct house_reply reply = {0};
    for (int64_t nth = 8; nth < 20; nth += 4) {
        store_fail_statement(house->app->store, nth);
        reply = house_call(house, TEXT(""), "POST", "/api/sessions", body.bytes);
        store_fail_statement(house->app->store, 0);
        CHECK_INT(reply.status, 500);
        CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_person")),
                  0);
    }
    reply = house_call(house, TEXT(""), "POST", "/api/sessions", body.bytes);
    HOUSE_STATUS(&reply, 201);
    struct text token = house_text(&reply, "token");
    static const struct {
        const char *method, *target, *body;
    } calls[] = {{"GET", "/api/people/me", NULL},
                 {"PUT", "/api/people/me", "{\"name\":\"小满\",\"language\":\"zh\"}"},
                 {"POST", "/api/people/me/addresses",
                  "{\"name\":\"王小满\",\"phone\":\"13800138000\",\"place_code\":\"141031000000\","
                  "\"street\":\"城南 3 号\"}"},
                 {"GET", "/api/people/me/addresses", NULL},
                 {"GET", "/api/people/me/consents", NULL},
                 {"PUT", "/api/people/me/consents/recommendation",
                  "{\"version\":\"2026-11\",\"given\":true}"},
                 {"POST", "/api/people/me/exports", NULL},
                 {"GET", "/api/people/me/exports", NULL},
                 {"GET", "/api/people/me/unmaskings", NULL},
                 {"GET", "/api/sessions", NULL}};
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        reply = house_call_through(house, token, calls[i].method, calls[i].target, calls[i].body);
        CHECK(reply.status < 300);
    }
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_address")), 1);
    CHECK_INT(count_rows(house, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM people_export")), 1);
    house_check_books(house);
}

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ground/people/inside.h"
#include "support/dump.h"

/* ---- sealing ---- */

struct sealing {
    int64_t person_id, opener_id;
    const char *label, *open_label;
    struct bytes sealed;
    struct text clear;
};

static refusal seal(struct request *q, void *context) {
    struct sealing *sealing = context;
    return people_seal(q, sealing->person_id, sealing->label, TEXT("山西省隰县城南乡上庄村"),
                       &sealing->sealed);
}

static refusal unseal(struct request *q, void *context) {
    struct sealing *sealing = context;
    return people_open(q, sealing->opener_id, sealing->open_label, sealing->sealed,
                       &sealing->clear);
}

static refusal destroy(struct request *q, void *context) {
    return people_key_destroy(q, ((struct sealing *)context)->person_id);
}

static bool opens(struct house *house, struct sealing *sealing) {
    refusal refused = house_try(house, unseal, sealing);
    CHECK(!refused || refused->kind == PROBLEM_NOT_FOUND);
    return !refused;
}

HOUSE_TEST("keys: sealed text opens for its person and its label alone") {
    struct sealing sealing = {.label = "orders.receiver", .open_label = "orders.receiver"};
    int64_t other;
    house_person(house, "13800138000", &sealing.person_id);
    house_person(house, "13900139000", &other);
    house_work(house, seal, &sealing);
    sealing.opener_id = sealing.person_id;
    CHECK(opens(house, &sealing));
    CHECK_TEXT(sealing.clear, "山西省隰县城南乡上庄村");
    sealing.opener_id = other;
    CHECK(!opens(house, &sealing));
    sealing.opener_id = sealing.person_id;
    sealing.open_label = "orders.note";
    CHECK(!opens(house, &sealing));
    sealing.opener_id = 12345; /* nobody */
    CHECK(!opens(house, &sealing));
}

HOUSE_TEST("keys: sealed text that was altered anywhere, cut or emptied does not open") {
    struct sealing sealing = {.label = "x", .open_label = "x"};
    house_person(house, "13800138000", &sealing.person_id);
    sealing.opener_id = sealing.person_id;
    house_work(house, seal, &sealing);
    struct bytes whole = sealing.sealed;
    for (size_t i = 0; i < whole.length; i++) {
        unsigned char *byte = (unsigned char *)(uintptr_t)&whole.data[i];
        *byte ^= 1;
        CHECK(!opens(house, &sealing));
        *byte ^= 1;
    }
    CHECK(opens(house, &sealing));
    for (size_t length = 0; length < whole.length; length++) {
        sealing.sealed.length = length;
        CHECK(!opens(house, &sealing));
    }
}

HOUSE_TEST("keys: the same text is sealed differently each time, and not at all without the key") {
    struct sealing sealing = {.label = "x", .open_label = "x"};
    house_person(house, "13800138000", &sealing.person_id);
    sealing.opener_id = sealing.person_id;
    house_work(house, seal, &sealing);
    struct bytes first = sealing.sealed;
    house_work(house, seal, &sealing);
    CHECK(first.length == sealing.sealed.length);
    CHECK(memcmp(first.data, sealing.sealed.data, first.length) != 0);
    house_work(house, destroy, &sealing);
    CHECK(!opens(house, &sealing));
    refusal again = house_try(house, seal, &sealing);
    CHECK(again && again->kind == PROBLEM_NOT_FOUND);
}

/* ---- the key file ---- */

static const char *key_path(struct house *house) {
    return text_terminated(house->arena,
                           text_format(house->arena, "%s/keys/master.key", house->folder));
}

static bool opens_again(struct house *house, bool read_only, struct text *ret_error) {
    app_close(house->app);
    return app_open(house->app, house->arena, read_only, ret_error);
}

HOUSE_TEST("keys: the file is its owner's alone, and one that others may read is refused") {
    struct stat status;
    struct text error = {0};
    CHECK(stat(key_path(house), &status) == 0);
    CHECK_INT(status.st_mode & 0777, 0600);
    CHECK(chmod(key_path(house), 0640) == 0);
    CHECK(!opens_again(house, false, &error));
    CHECK(text_find(error, TEXT("chmod 600"), 0) != SIZE_MAX);
    CHECK(chmod(key_path(house), 0600) == 0);
    CHECK(opens_again(house, false, &error));
}

HOUSE_TEST("keys: a database is not served with keys that are not its own") {
    struct text error = {0};
    house_person(house, "13800138000", NULL);
    app_close(house->app);
    CHECK(unlink(key_path(house)) == 0);
    CHECK(!app_open(house->app, house->arena, true, &error)); /* reading makes no keys */
    CHECK(access(key_path(house), F_OK) != 0);
    house->drawn += 1000; /* other randomness, as in another house */
    CHECK(!app_open(house->app, house->arena, false, &error));
    CHECK(text_find(error, TEXT("another database"), 0) != SIZE_MAX);
    unlink(key_path(house));
    house->drawn = 0;
    CHECK(app_open(house->app, house->arena, false, &error));
}

HOUSE_TEST("keys: a file that is cut or garbled is refused, never replaced") {
    struct text error = {0};
    app_close(house->app);
    FILE *file = fopen(key_path(house), "r+");
    CHECK(file != NULL);
    CHECK(fseek(file, -20, SEEK_END) == 0 && fputs("zz", file) >= 0 && fclose(file) == 0);
    CHECK(!app_open(house->app, house->arena, false, &error));
    CHECK(text_find(error, TEXT("no key file"), 0) != SIZE_MAX);
    unlink(key_path(house));
    house->drawn = 0;
    CHECK(app_open(house->app, house->arena, false, &error));
}

HOUSE_TEST("keys: a new master key wraps from now on, and what the old one wrapped still opens") {
    struct sealing old = {.label = "x", .open_label = "x"}, new = {.label = "x", .open_label = "x"};
    struct text error = {0};
    struct text token = house_person(house, "13800138000", &old.person_id);
    old.opener_id = old.person_id;
    house_work(house, seal, &old);
    CHECK(keyring_add_master(house->app, house->arena, &error));
    CHECK(opens_again(house, false, &error));
    CHECK(opens(house, &old));
    CHECK_INT(house_get(house, token, "/api/people/me").status, 200);
    house_person(house, "13900139000", &new.person_id);
    new.opener_id = new.person_id;
    house_work(house, seal, &new);
    CHECK(opens(house, &new));
    CHECK(opens_again(house, false, &error));
    CHECK(opens(house, &new) && opens(house, &old));
}

/* ---- rotation ---- */

enum { PERSONS = 230 }; /* more than two pieces */

struct crowd {
    int64_t ids[PERSONS];
    size_t open_count;
    struct people_wrapping wrapping;
};

static refusal make_crowd(struct request *q, void *context) {
    struct crowd *crowd = context;
    for (int i = 0; i < 80; i++) { /* a transaction has its bound of statements */
        size_t at = crowd->open_count + (size_t)i;
        if (at >= PERSONS) break;
        struct text phone = text_format(q->arena, "139%08zu", at);
        TRY(people_make(q, phone, TEXT("王小满"), TEXT(""), &crowd->ids[at]));
    }
    return NULL;
}

static refusal look_at_keys(struct request *q, void *context) {
    struct crowd *crowd = context;
    crowd->open_count = 0;
    TRY(people_wrappings(q, &crowd->wrapping));
    for (size_t i = 0; i < PERSONS; i++) {
        struct people_key key;
        crowd->open_count += !people_key_with(q, crowd->ids[i], &key);
        people_key_close(&key);
    }
    return NULL;
}

static struct crowd *open_crowd(struct house *house) {
    struct crowd *crowd = arena_new(house->arena, struct crowd, 1);
    for (; crowd->open_count < PERSONS; crowd->open_count += 80)
        house_work(house, make_crowd, crowd);
    house_work(house, look_at_keys, crowd);
    CHECK_INT(crowd->open_count, PERSONS);
    return crowd;
}

static int64_t left_of(struct house *house, struct crowd *crowd) {
    house_work(house, look_at_keys, crowd);
    CHECK_INT(crowd->open_count, PERSONS);
    return crowd->wrapping.left;
}

static refusal rewrap_piece(struct request *q, void *context) { return people_rewrap(q, context); }

HOUSE_TEST("rotation: every data key comes under the new master key, and the old one can go") {
    struct text error = {0};
    int64_t gone = 0;
    struct text token = house_person(house, "13800138000", NULL);
    struct crowd *crowd = open_crowd(house);
    CHECK(people_retire_keys(house->app, house->arena, &gone, &error));
    CHECK_INT(gone, 0); /* the one in use stays */
    CHECK(people_rotate_keys(house->app, house->arena, NULL, &error));
    CHECK_INT(keyring_newest(house->app->keyring), 2);
    CHECK_INT(left_of(house, crowd), 0);
    CHECK_INT(crowd->wrapping.oldest_id, 2);
    CHECK(people_retire_keys(house->app, house->arena, &gone, &error));
    CHECK_INT(gone, 1);
    CHECK(!keyring_has(house->app->keyring, 1));
    CHECK(opens_again(house, false, &error));
    CHECK_INT(left_of(house, crowd), 0);
    CHECK_INT(house_get(house, token, "/api/people/me").status, 200);
    CHECK(people_rotate_keys(house->app, house->arena, NULL, &error)); /* and again */
    CHECK_INT(keyring_newest(house->app->keyring), 3);
    CHECK_INT(left_of(house, crowd), 0);
    house_check_books(house);
}

HOUSE_TEST("rotation: an interrupted one goes on by itself, adds no second key, loses nothing") {
    struct text error = {0};
    int64_t count = 0, gone = 0;
    struct crowd *crowd = open_crowd(house);
    CHECK(keyring_add_master(house->app, house->arena, &error));
    CHECK(opens_again(house, false, &error));
    house_work(house, rewrap_piece, &count);
    CHECK_INT(count, PEOPLE_REWRAP_ROWS);
    CHECK_INT(left_of(house, crowd), PERSONS - PEOPLE_REWRAP_ROWS);
    store_fail_statement(house->app->store, 40);
    CHECK(house_try(house, rewrap_piece, &count) != NULL);
    CHECK(opens_again(house, false, &error));
    CHECK_INT(left_of(house, crowd), PERSONS - PEOPLE_REWRAP_ROWS);
    CHECK(people_retire_keys(house->app, house->arena, &gone, &error));
    CHECK_INT(gone, 0); /* it is still needed */
    house_run_jobs(house);
    CHECK_INT(left_of(house, crowd), 0);
    CHECK(keyring_add_master(house->app, house->arena, &error));
    CHECK(opens_again(house, false, &error));
    house_work(house, rewrap_piece, &count);
    CHECK(people_rotate_keys(house->app, house->arena, NULL, &error));
    CHECK_INT(keyring_newest(house->app->keyring), 3);
    CHECK_INT(left_of(house, crowd), 0);
}

HOUSE_TEST("rotation: killed at any moment, it leaves no data key that does not open") {
    struct text error = {0};
    struct crowd *crowd = open_crowd(house);
    for (unsigned round = 0; round < 6; round++) {
        app_close(house->app);
        fflush(stdout);
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            struct arena arena = {0};
            bool rotated = app_open(house->app, &arena, false, &error) &&
                           people_rotate_keys(house->app, &arena, NULL, &error);
            _exit(!rotated);
        }
        usleep(round * round * 20000);
        kill(child, SIGKILL);
        CHECK(waitpid(child, NULL, 0) == child);
        house->drawn += 100000;          /* what the child drew is not drawn again */
        house_advance(house, SECOND_MS); /* nor are its ids */
        CHECK(app_open(house->app, house->arena, false, &error));
        CHECK(left_of(house, crowd) <= PERSONS);
    }
    CHECK(people_rotate_keys(house->app, house->arena, NULL, &error));
    CHECK_INT(left_of(house, crowd), 0);
    house_check_books(house);
}

/* ---- nothing in clear ---- */

static struct house_reply send(struct house *house, struct text token, const char *method,
                               const char *target, struct text body) {
    return house_call(house, token, method, target, text_terminated(house->arena, body));
}

/* A whole day of an account; what was planted on the way is in PLANTED. */
static void live_a_day(struct house *house, struct text *planted) {
    struct arena *arena = house->arena;
    send(house, TEXT(""), "POST", "/api/codes",
         TEXT("{\"phone\":\"13812345678\",\"purpose\":\"login\"}"));
    house_run_jobs(house);
    struct text code = sms_local_last(house->app->sms, arena, TEXT("13812345678"));
    struct house_reply session = send(
        house, TEXT(""), "POST", "/api/sessions",
        text_format(arena, "{\"phone\":\"13812345678\",\"code\":\"%.*s\",\"agreed_terms\":true}",
                    (int)code.length, code.bytes));
    HOUSE_STATUS(&session, 201);
    struct text token = house_text(&session, "token");
    struct house_reply put = send(house, token, "PUT", "/api/people/me",
                                  TEXT("{\"name\":\"欧阳梨花\",\"language\":\"zh\"}"));
    HOUSE_STATUS(&put, 200);
    struct house_reply address = send(
        house, token, "POST", "/api/people/me/addresses",
        TEXT("{\"name\":\"司马玉露\",\"phone\":\"13987654321\",\"place_code\":\"141031000000\","
             "\"street\":\"小西天路七十七号院\"}"));
    HOUSE_STATUS(&address, 201);
    send(house, token, "POST", "/api/address-parses",
         TEXT("{\"text\":\"诸葛枣红 13755556666 山西省隰县 鼓楼街八十八号\"}"));
    house_advance(house, HOUR_MS);
    /* A code that is never used stays in the database until it is swept; so does the job that sent
     * it. */
    send(house, token, "POST", "/api/codes", TEXT("{\"purpose\":\"password\"}"));
    house_run_jobs(house);
    struct text second = sms_local_last(house->app->sms, arena, TEXT("13812345678"));
    struct house_reply changed =
        send(house, token, "PUT", "/api/people/me/password",
             text_format(arena, "{\"code\":\"%.*s\",\"new_password\":\"spring-water-7\"}",
                         (int)second.length, second.bytes));
    HOUSE_STATUS(&changed, 204);
    send(house, TEXT(""), "POST", "/api/sessions",
         TEXT("{\"phone\":\"13812345678\",\"password\":\"guessed-water-8\"}"));
    send(house, TEXT(""), "POST", "/api/codes",
         TEXT("{\"phone\":\"13611112222\",\"purpose\":\"login\"}"));
    planted[0] = token;
}

/* What is written in clear is found: else the search below would prove nothing. */
static refusal plant(struct request *q, void *context) {
    (void)context;
    return people_agree(q, 1, "plum-blossom-word", "13700001111");
}

HOUSE_TEST(
    "keys: no phone, name, street, password or token is in clear in the database or the log") {
    enum { PLANTED = 12 };
    struct text planted[PLANTED] = {{0},
                                    TEXT("13812345678"),
                                    TEXT("欧阳梨花"),
                                    TEXT("司马玉露"),
                                    TEXT("13987654321"),
                                    TEXT("小西天路七十七号院"),
                                    TEXT("诸葛枣红"),
                                    TEXT("13755556666"),
                                    TEXT("鼓楼街八十八号"),
                                    TEXT("spring-water-7"),
                                    TEXT("guessed-water-8"),
                                    TEXT("13611112222")};
    struct arena arena = {.total_max = 256 * 1024 * 1024};
    struct text log_path = text_format(&arena, "%s/log", house->folder);
    int log = open(text_terminated(&arena, log_path), O_RDWR | O_CREAT, 0600);
    int kept_out = dup(STDOUT_FILENO), kept_error = dup(STDERR_FILENO);
    fflush(stdout);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    live_a_day(house, planted);
    house_work(house, plant, NULL);
    fflush(stdout);
    dup2(kept_out, STDOUT_FILENO);
    dup2(kept_error, STDERR_FILENO);
    close(log);
    close(kept_out);
    close(kept_error);
    struct text stored = dump_bytes(house, &arena);
    CHECK(stored.length > 10000);
    CHECK(text_find(stored, TEXT("plum-blossom-word"), 0) != SIZE_MAX);
    CHECK(text_find(stored, TEXT("13700001111"), 0) != SIZE_MAX);
    struct text logged = dump_file(&arena, text_terminated(&arena, log_path));
    for (int i = 0; i < PLANTED; i++) {
        dump_check_absent(&arena, stored, planted[i]);
        dump_check_absent(&arena, logged, planted[i]);
    }
    arena_free(&arena);
}

/* ---- data that does not open ---- */

enum { FEW = 3 };

struct few {
    int64_t ids[FEW];
    int64_t spoilt_id;
    size_t open_count;
    struct people_wrapping wrapping;
};

static refusal look_at_few(struct request *q, void *context) {
    struct few *few = context;
    few->open_count = 0;
    TRY(people_wrappings(q, &few->wrapping));
    for (size_t i = 0; i < FEW; i++) {
        struct people_key key;
        few->open_count += !people_key_with(q, few->ids[i], &key);
        people_key_close(&key);
    }
    return NULL;
}

static void open_few(struct house *house, struct few *few) {
    for (int i = 0; i < FEW; i++) {
        char phone[16];
        snprintf(phone, sizeof(phone), "1390013900%d", i);
        house_person(house, phone, &few->ids[i]);
    }
}

static int64_t told_last;
static void tell(int64_t left) { told_last = left; }

HOUSE_TEST("rotation: one that fails at any statement goes on where it was, with the key it has") {
    struct few few = {0};
    struct text error = {0};
    open_few(house, &few);
    int64_t nth = 1;
    for (bool rotated = false; !rotated && nth < 60; nth++) {
        house_work(house, look_at_few, &few);
        CHECK_INT(few.open_count, FEW);
        int64_t newest = keyring_newest(house->app->keyring);
        store_fail_statement(house->app->store, nth);
        rotated = people_rotate_keys(house->app, house->arena, tell, &error);
        store_fail_statement(house->app->store, 0);
        if (!rotated) CHECK(text_find(error, TEXT("does not answer"), 0) != SIZE_MAX);
        CHECK(opens_again(house, false, &error));
        if (few.wrapping.left) CHECK_INT(keyring_newest(house->app->keyring), newest);
    }
    house_work(house, look_at_few, &few);
    CHECK_INT(few.open_count, FEW);
    CHECK(nth > 5 && nth < 60);
    CHECK_INT(told_last, 0);
    CHECK_INT(few.wrapping.left, 0);
    for (nth = 1; nth < 60; nth++) {
        int64_t gone = 0;
        store_fail_statement(house->app->store, nth);
        bool retired = people_retire_keys(house->app, house->arena, &gone, &error);
        store_fail_statement(house->app->store, 0);
        CHECK(opens_again(house, false, &error));
        house_work(house, look_at_few, &few);
        CHECK_INT(few.open_count, FEW);
        if (retired) break;
    }
    CHECK(nth > 2 && nth < 60);
    CHECK(!keyring_has(house->app->keyring, 1));
    house_check_books(house);
}

static refusal spoil_key(struct request *q, void *context) {
    const struct few *few = context;
    const struct bytes nothing = {(const unsigned char *)"\x01garbled", 8};
    return db_run(q->db, SQL("ib", "UPDATE people_key SET wrapped = $2 WHERE person_id = $1"),
                  PARAMS(few->spoilt_id, nothing), NULL);
}

HOUSE_TEST("rotation: a data key that does not open stops it, and is named") {
    struct few few = {0};
    struct text error = {0};
    open_few(house, &few);
    few.spoilt_id = few.ids[1];
    house_work(house, spoil_key, &few);
    CHECK(!people_rotate_keys(house->app, house->arena, NULL, &error));
    CHECK(text_find(error, text_format(house->arena, "%lld", (long long)few.spoilt_id), 0) !=
          SIZE_MAX);
    CHECK(opens_again(house, false, &error));
    house_work(house, look_at_few, &few);
    CHECK_INT(few.open_count, FEW - 1);
}

static refusal spoil_address(struct request *q, void *context) {
    const struct few *few = context;
    struct bytes sealed;
    TRY(people_seal(q, few->spoilt_id, "people.address",
                    TEXT("王小满\x1f"
                         "13800138000"),
                    &sealed));
    return db_run(q->db, SQL("ib", "UPDATE people_address SET sealed = $2 WHERE person_id = $1"),
                  PARAMS(few->spoilt_id, sealed), NULL);
}

HOUSE_TEST("keys: what does not open is told as such, by book, name and account") {
    struct few few = {0};
    struct text token = house_person(house, "13800138000", &few.spoilt_id);
    struct house_reply reply = send(
        house, token, "POST", "/api/people/me/addresses",
        TEXT("{\"name\":\"司马玉露\",\"phone\":\"13987654321\",\"place_code\":\"141031000000\","
             "\"street\":\"小西天路七十七号院\"}"));
    HOUSE_STATUS(&reply, 201);
    house_work(house, spoil_address, &few);
    reply = house_get(house, token, "/api/people/me/addresses");
    HOUSE_PROBLEM(&reply, "not_found", NULL);
    house_work(house, spoil_key, &few);
    static const char *const targets[] = {"/api/people/me", "/api/people/me/addresses"};
    for (size_t i = 0; i < 2; i++) {
        reply = house_get(house, token, "%s", targets[i]);
        HOUSE_PROBLEM(&reply, "not_found", NULL);
    }
    reply = send(house, token, "PUT", "/api/people/me",
                 TEXT("{\"name\":\"小满\",\"language\":\"zh\"}"));
    HOUSE_PROBLEM(&reply, "not_found", NULL);
}

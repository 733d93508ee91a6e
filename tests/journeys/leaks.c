/* What a whole story leaves behind in clear: nothing. Phones, names, addresses, codes, passwords
 * and tokens are looked for in every byte of the database and of the log. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "ground/people/sms.h"
#include "support/dump.h"
#include "support/outside.h"
#include "support/story.h"

/* What the log-ins of the story were given: tokens and codes as they came. */
struct planted {
    struct text items[256];
    size_t count;
};

static void plant(struct planted *planted, struct text item) {
    if (item.length && planted->count < 256) planted->items[planted->count++] = item;
}

static void plant_of_person(struct planted *planted, const struct cast_person *person) {
    plant(planted, person->phone);
    plant(planted, person->token);
}

static void plant_story(struct planted *planted, struct story *story) {
    static const char *const always[] = {"刘敏",        "平阳路",       "13800138001",
                                         "13700000001", "13700000002",  "13700000011",
                                         "13700000012", "correct horse"};
    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
        plant(planted, text_of(always[i]));
    plant_of_person(planted, &story->buyer);
    plant_of_person(planted, &story->keeper);
    plant_of_person(planted, &story->manager);
    plant_of_person(planted, &story->auditor);
}

static bool is_digit(struct text whole, size_t at) {
    return at < whole.length && whole.bytes[at] >= '0' && whole.bytes[at] <= '9';
}

/* Six digits stand in many an id: a code is there when no digit stands beside it. */
static void check_code(struct text whole, struct text code) {
    for (size_t at = text_find(whole, code, 0); at != SIZE_MAX; at = text_find(whole, code, at + 1))
        if ((at == 0 || !is_digit(whole, at - 1)) && !is_digit(whole, at + code.length))
            test_fail(__FILE__, __LINE__, "the code %.*s stands there", (int)code.length,
                      code.bytes);
}

HOUSE_TEST("leaks: a whole story leaves nothing in clear in the database or the log") {
    static const char *const receivers[] = {"13800138001", "13700000001", "13700000002",
                                            "13700000011", "13700000012"};
    struct arena arena = {.total_max = 512 * 1024 * 1024};
    struct planted planted = {0};
    struct story story;
    struct text log_path = text_format(&arena, "%s/log", house->folder);
    int log = open(text_terminated(&arena, log_path), O_RDWR | O_CREAT, 0600);
    int kept_out = dup(STDOUT_FILENO), kept_error = dup(STDERR_FILENO);
    fflush(stdout);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    story_open(house, 1, &story);
    story_tell(&story);
    fflush(stdout);
    dup2(kept_out, STDOUT_FILENO);
    dup2(kept_error, STDERR_FILENO);
    close(log);
    close(kept_out);
    close(kept_error);
    plant_story(&planted, &story);
    CHECK(planted.count > 12);
    struct text stored = dump_bytes(house, &arena);
    struct text logged = dump_file(&arena, text_terminated(&arena, log_path));
    CHECK(text_find(stored, TEXT("隰县玉露香梨"), 0) != SIZE_MAX); /* what is public is found */
    CHECK(logged.length > 0);
    for (size_t i = 0; i < planted.count; i++) {
        dump_check_absent(&arena, stored, planted.items[i]);
        dump_check_absent(&arena, logged, planted.items[i]);
    }
    int codes = 0;
    for (size_t i = 0; i < sizeof(receivers) / sizeof(receivers[0]); i++) {
        struct text code = sms_local_last(house->app->sms, &arena, text_of(receivers[i]));
        /* The last message of some is a notice, which holds no code. */
        if (code.length != 6 || !is_digit(code, 0)) continue;
        codes++;
        check_code(stored, code);
        check_code(logged, code);
    }
    CHECK(codes > 0);
    arena_free(&arena);
}

/* A server of its own, because only that one writes a line a request. */
static void speak(bool postgres) {
    struct outside *outside = outside_make(postgres);
    outside_start(outside);
    outside_post(outside, TEXT(""), "/api/codes",
                 "{\"purpose\":\"login\",\"phone\":\"13812345678\"}");
    outside_post(outside, TEXT(""), "/api/sessions",
                 "{\"phone\":\"13812345678\",\"password\":\"guessed-water-8\"}");
    outside_get(outside, TEXT("no-such-token-77"), "/api/goods?q=13987654321");
    outside_get(outside, TEXT(""), "/api/no-such-place/13987654321");
    outside_stop(outside, SIGTERM);
    struct arena arena = {.total_max = 64 * 1024 * 1024};
    struct text logged = dump_file(&arena, outside->log);
    CHECK(text_find(logged, TEXT("/api/sessions"), 0) != SIZE_MAX); /* the requests are there */
    const struct text planted[] = {TEXT("13812345678"), TEXT("guessed-water-8"),
                                   TEXT("13987654321"), TEXT("no-such-token-77")};
    for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++)
        dump_check_absent(&arena, logged, planted[i]);
    arena_free(&arena);
    outside_close(outside);
}

TEST("leaks: the log of a server holds no phone, password, token or query [sqlite]") {
    speak(false);
}

TEST("leaks: the log of a server holds no phone, password, token or query [postgres]") {
    if (house_has_postgres()) speak(true);
}

/* A whole house for a test: every room on a fresh database, a clock that the test sets,
 * randomness from a seed. HOUSE_TEST("A09: what it proves") { ... house ... } runs its body on
 * SQLite and, where XJ_TEST_POSTGRES names a server
 * ("postgresql:///postgres?host=/run/x&user=postgres"), again on a PostgreSQL database of its
 * own. */
#ifndef TESTS_SUPPORT_HOUSE_H
#define TESTS_SUPPORT_HOUSE_H

#include "app.h"
#include "kernel/base/arena.h"
#include "kernel/base/test.h"

struct json_t;

struct house {
    struct app *app;
    struct arena *arena;    /* lives as long as the house */
    _Atomic int64_t now_ms; /* what the app's clock says */
    _Atomic uint64_t drawn; /* how often randomness was asked for */
    bool postgres;
    int64_t key_number; /* of the next idempotency key */
    char folder[64];
    char database[64]; /* on PostgreSQL */
    char url[512];
};

struct house_reply {
    int status;
    struct text body;
    const struct json_t *json; /* NULL when the body is none */
    struct road_reply road;
};

/* One request on the road without a socket. TOKEN "" is nobody; BODY NULL sends none. Writes get
 * a fresh idempotency key. */
struct house_reply house_call(struct house *house, struct text token, const char *method,
                              const char *target, const char *body);
/* The same while the database fails at the call's first statement, then at its second, and so on:
 * the reply of the first that comes through. Fails the test unless each failure was told as one. */
struct house_reply house_call_through(struct house *house, struct text token, const char *method,
                                      const char *target, const char *body);
/* Sends BYTES as a body of TYPE ("image/jpeg"). */
struct house_reply house_upload(struct house *house, struct text token, const char *target,
                                const char *type, struct text bytes);
/* A GET with a formatted target (tests know their ids at run time) or a given key. */
struct house_reply house_get(struct house *house, struct text token, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct house_reply house_send(struct house *house, const struct road_call *call);
/* BODY, an object of an opinion on the document at TARGET ("/api/listings/17"), with the
 * submitted_at of the document as TOKEN reads it now; with some moment where it reads none. */
const char *house_opinion(struct house *house, struct text token, const char *target,
                          const char *body);

/* A value by path, "orders.0.lines.1.sku_id": fails the test when it is missing or of another
 * kind. */
int64_t house_int(const struct house_reply *reply, const char *path);
struct text house_text(const struct house_reply *reply, const char *path);
bool house_bool(const struct house_reply *reply, const char *path);
size_t house_count(const struct house_reply *reply, const char *path);
bool house_has(const struct house_reply *reply, const char *path);

/* Fails the test, showing the body, unless the status is WANTED. */
#define HOUSE_STATUS(reply, wanted) house_status(__FILE__, __LINE__, (reply), (wanted))
void house_status(const char *file, int line, const struct house_reply *reply, int wanted);
/* The problem's code and that FIELD (may be NULL) is among its faults. */
#define HOUSE_PROBLEM(reply, code, field)                                                          \
    house_problem(__FILE__, __LINE__, (reply), (code), (field))
void house_problem(const char *file, int line, const struct house_reply *reply, const char *code,
                   const char *field);

/* Runs WORK in a write transaction of its own and fails the test when it refuses. */
void house_work(struct house *house, refusal (*work)(struct request *q, void *context),
                void *context);
/* The same, giving the refusal back. */
refusal house_try(struct house *house, refusal (*work)(struct request *q, void *context),
                  void *context);

/* A person with this phone, logged in: the token; *ret_person_id may be NULL. */
struct text house_person(struct house *house, const char *phone, int64_t *ret_person_id);

void house_advance(struct house *house, int64_t ms);
/* Runs the jobs that are due until there are none; how many ran. */
int64_t house_run_jobs(struct house *house);
/* `xiangji check`: fails the test when a room's books do not hold. */
void house_check_books(struct house *house);
/* The same as a number of faults (each is printed); -1 when the check itself was refused. */
int64_t house_book_faults(struct house *house);

/* Opens and closes; POSTGRES false is SQLite. Programs other than tests (load, crash) use them
 * too. */
struct house *house_open(bool postgres);
/* Closes the app and opens it again on the same data, as after a restart. */
void house_reopen(struct house *house);
/* The same with four connections. Usually there are two, for each costs a test on PostgreSQL its
 * time; what is about many at the same moment asks for more. */
void house_widen(struct house *house);
void house_close(struct house *house);
/* On SQLite in a FOLDER that is there already, LATER_MS after the usual morning; NULL (with a
 * sentence on stdout) when it does not open. house_leave() closes it and lets the folder be. */
struct house *house_open_at(const char *folder, int64_t later_ms);
void house_leave(struct house *house);
bool house_has_postgres(void);

#define HOUSE_TEST(words)                                                                          \
    static void TEST_JOIN(house_body_, __LINE__)(struct house * house);                            \
    static void TEST_JOIN(house_sqlite_, __LINE__)(void) {                                         \
        house_run(false, TEST_JOIN(house_body_, __LINE__));                                        \
    }                                                                                              \
    static void TEST_JOIN(house_postgres_, __LINE__)(void) {                                       \
        house_run(true, TEST_JOIN(house_body_, __LINE__));                                         \
    }                                                                                              \
    __attribute__((constructor)) static void TEST_JOIN(house_add_, __LINE__)(void) {               \
        static struct test on_sqlite = {words " [sqlite]", TEST_JOIN(house_sqlite_, __LINE__), 0}; \
        static struct test on_postgres = {words " [postgres]",                                     \
                                          TEST_JOIN(house_postgres_, __LINE__), 0};                \
        test_register(&on_sqlite);                                                                 \
        test_register(&on_postgres);                                                               \
    }                                                                                              \
    static void TEST_JOIN(house_body_, __LINE__)(struct house * house)
void house_run(bool postgres, void (*body)(struct house *house));

#endif

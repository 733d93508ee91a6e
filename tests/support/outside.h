/* The house from outside: real processes, real HTTP. Journeys, crash drills and the bench stand on
 * this. A program is found below the folder that XJ_BUILD names ("xiangji", "double_cashier"). */
#ifndef TESTS_SUPPORT_OUTSIDE_H
#define TESTS_SUPPORT_OUTSIDE_H

#include <sys/types.h>

#include "kernel/base/arena.h"
#include "kernel/base/text.h"

struct json_t;

struct outside {
    struct arena *arena;
    char folder[128]; /* DATA */
    char url[512];    /* DATABASE_URL */
    char log[160];    /* what the server printed */
    bool postgres;
    int port;
    int cashier_port;
    int late_ms;
    int timeout_ms; /* of a request; 0: 20 s */
    pid_t server;
    pid_t cashier;
    int64_t key_number;
};

/* A fresh DATA folder on a real disk and, for POSTGRES, a fresh database of the server that
 * XJ_TEST_POSTGRES names. Nothing runs yet. */
struct outside *outside_make(bool postgres);
/* Runs `xiangji WORDS...` and waits; the exit status. What it prints is appended to the log. */
int outside_command(struct outside *outside, const char *const *words);
/* Starts the server and waits until it is ready (fails the test after 20 s); the cashier beside it
 * when it is not running yet. */
void outside_start(struct outside *outside);
void outside_stop(struct outside *outside, int signal);
/* Stops everything and removes the folder and the database. */
void outside_close(struct outside *outside);

struct outside_reply {
    int status; /* 0: no answer came */
    struct text body;
    const struct json_t *json;
};
/* One request to the server; TOKEN empty is nobody. Writes get a fresh key unless KEY is given. */
struct outside_call {
    const char *method;
    struct text target;
    struct text body;
    struct text token;
    struct text key;
    const char *header; /* one more "Name: value" */
};
struct outside_reply outside_send(struct outside *outside, const struct outside_call *call);
struct outside_reply outside_get(struct outside *outside, struct text token, const char *format,
                                 ...) __attribute__((format(printf, 3, 4)));
struct outside_reply outside_post(struct outside *outside, struct text token, const char *target,
                                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Does what the buyer does on the cashier's page: HOW is "on_time", "twice", ...; the status of its
 * answer. */
int outside_pay(struct outside *outside, struct text cashier_url, const char *how);

/* The last text in the log between BEFORE and AFTER; empty when there is none. */
struct text outside_log_between(struct outside *outside, const char *before, const char *after);

void outside_sleep_ms(int ms);

/* Values by path, as house_int and house_text. */
int64_t outside_int(const struct outside_reply *reply, const char *path);
struct text outside_text(const struct outside_reply *reply, const char *path);
size_t outside_count(const struct outside_reply *reply, const char *path);
void outside_expect(const char *file, int line, const struct outside_reply *reply, int wanted);
#define OUTSIDE_STATUS(reply, wanted) outside_expect(__FILE__, __LINE__, (reply), (wanted))

#endif

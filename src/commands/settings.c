/* The settings of the program: where each may stand and what it may hold. */
#include "commands/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/base/arena.h"

enum { CONF_BYTES_MAX = 64 * 1024 };

/* One setting: its name in the environment and in xiangji.conf; on the command line "DATABASE_URL"
 * is --database-url. Later sources go over earlier ones. */
enum setting_kind { SETTING_TEXT, SETTING_NUMBER, SETTING_SWITCH };

struct setting {
    const char *name;
    enum setting_kind kind;
    size_t offset; /* in struct app */
    long max;
    const char *about;
};

static const struct setting settings[] = {
    {"DATA", SETTING_TEXT, offsetof(struct app, data_folder), 0,
     "folder of the database and the keys (./data)"},
    {"DATABASE_URL", SETTING_TEXT, offsetof(struct app, database_url), 0,
     "sqlite:PATH or postgres://... (sqlite:DATA/xiangji.db)"},
    {"PORT", SETTING_NUMBER, offsetof(struct app, port), 65535,
     "port to serve on; 0 picks one (8080)"},
    {"LISTEN", SETTING_TEXT, offsetof(struct app, listen_address), 0,
     "address to serve on, or unix:PATH (127.0.0.1)"},
    {"PUBLIC_URL", SETTING_TEXT, offsetof(struct app, public_url), 0,
     "origin that the pages are served from (that of the Host header)"},
    {"SANDBOX_URL", SETTING_TEXT, offsetof(struct app, sandbox_url), 0,
     "where the sandbox cashier listens"},
    {"SANDBOX_SECRET", SETTING_TEXT, offsetof(struct app, sandbox_secret), 0,
     "what the sandbox cashier signs with"},
    {"FILES_URL", SETTING_TEXT, offsetof(struct app, files_url), 0,
     "where pictures lie: folder:PATH, or s3+https://HOST/BUCKET for several nodes "
     "(folder:DATA/files)"},
    {"FILES_REGION", SETTING_TEXT, offsetof(struct app, files_region), 0,
     "region of the S3 bucket (us-east-1)"},
    {"FILES_KEY_ID", SETTING_TEXT, offsetof(struct app, files_key_id), 0,
     "access key of the S3 bucket"},
    {"FILES_SECRET", SETTING_TEXT, offsetof(struct app, files_secret), 0,
     "secret of that access key"},
    {"LOOPS", SETTING_NUMBER, offsetof(struct app, loop_count), 64,
     "HTTP threads (1 on up to two cores)"},
    {"WORKERS", SETTING_NUMBER, offsetof(struct app, worker_count), 256,
     "PostgreSQL connections, and threads for slow work (8)"},
    {"BEHIND_TLS", SETTING_SWITCH, offsetof(struct app, behind_tls), 0,
     "1 when a proxy in front speaks TLS: secure cookies, X-Forwarded-For is believed (with "
     "LISTEN=unix: it always is)"},
    {"WEBHOOKS_ALLOW_LOCAL", SETTING_SWITCH, offsetof(struct app, webhooks_allow_local), 0,
     "1, with DEMO=1, lets webhooks go to this machine, also by plain http"},
    {"DEMO", SETTING_SWITCH, offsetof(struct app, demo), 0,
     "1 shows every log-in code on the terminal, so whoever reads it can log in as anybody; never "
     "in a house with real people"},
};
enum { SETTING_COUNT = sizeof(settings) / sizeof(settings[0]) };

static bool read_switch(const char *value, bool *ret_on) {
    bool on = strcmp(value, "1") == 0 || strcmp(value, "yes") == 0 || strcmp(value, "true") == 0;
    bool off = strcmp(value, "0") == 0 || strcmp(value, "no") == 0 || strcmp(value, "false") == 0;
    if (on || off) *ret_on = on;
    return on || off;
}

static bool set(struct app *app, const struct setting *setting, const char *value) {
    char *place = (char *)app + setting->offset;
    if (setting->kind == SETTING_TEXT) {
        *(const char **)(void *)place = value;
        return true;
    }
    if (setting->kind == SETTING_SWITCH && read_switch(value, (bool *)place)) return true;
    if (setting->kind == SETTING_NUMBER) {
        char *end;
        errno = 0;
        long number = strtol(value, &end, 10);
        if (end != value && !*end && !errno && number >= 0 && number <= setting->max) {
            *(int *)(void *)place = (int)number;
            return true;
        }
    }
    fprintf(stderr, "xiangji: %s: \"%s\" is not a value for it\n", setting->name, value);
    return false;
}

/* NAME as it stands in the environment, or as --option-name without its dashes. */
static const struct setting *find_setting(const char *name, size_t length, bool is_option) {
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const char *known = settings[i].name;
        if (strlen(known) != length) continue;
        size_t at = 0;
        for (; at < length; at++) {
            char c = name[at];
            if (is_option && c == '-') c = '_';
            if (is_option && c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
            if (c != known[at]) break;
        }
        if (at == length) return &settings[i];
    }
    return NULL;
}

static bool read_conf_line(struct app *app, struct arena *arena, const char *path,
                           struct text line) {
    line = text_trim(text_slice(line, 0, text_find(line, TEXT("#"), 0)));
    if (line.length == 0) return true;
    size_t equals = text_find(line, TEXT("="), 0);
    struct text name = text_trim(text_slice(line, 0, equals));
    const struct setting *setting =
        equals == SIZE_MAX ? NULL : find_setting(name.bytes, name.length, false);
    if (setting)
        return set(app, setting,
                   text_terminated(arena, text_trim(text_slice(line, equals + 1, line.length))));
    fprintf(stderr, "xiangji: %s: not a setting: %.*s\n", path, (int)line.length, line.bytes);
    return false;
}

/* NAME=value a line, # begins a comment. A file that is not there says nothing, unless it was asked
 * for. */
static bool read_conf(struct app *app, struct arena *arena, const char *path, bool must_exist) {
    FILE *file = fopen(path, "r");
    if (!file && !must_exist && errno == ENOENT) return true;
    if (!file) {
        fprintf(stderr, "xiangji: %s: %s\n", path, strerror(errno));
        return false;
    }
    char *bytes = arena_take(arena, CONF_BYTES_MAX);
    struct text rest = {bytes, fread(bytes, 1, CONF_BYTES_MAX, file)};
    fclose(file);
    bool fine = true;
    while (rest.length && fine) {
        size_t end = text_find(rest, TEXT("\n"), 0);
        fine = read_conf_line(app, arena, path, text_slice(rest, 0, end));
        rest = end == SIZE_MAX ? TEXT("") : text_slice(rest, end + 1, rest.length);
    }
    return fine;
}

static bool read_environment(struct app *app) {
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const char *value = getenv(settings[i].name);
        if (value && *value && !set(app, &settings[i], value)) return false;
    }
    return true;
}

static bool is_named(const char *name, size_t length, const char *wanted) {
    return length == strlen(wanted) && strncmp(name, wanted, length) == 0;
}

static bool is_of_demo(const char *name, size_t length) {
    return is_named(name, length, "scale") || is_named(name, length, "people") ||
           is_named(name, length, "orders") || is_named(name, length, "seed");
}

/* The demo reads "--scale" and its value as two words. */
static bool keep_for_demo(struct command_line *line, const char *name, size_t length, char *value) {
    if (line->demo_word_count + 2 > SETTINGS_DEMO_WORDS_MAX) return false;
    char *option = arena_take(line->arena, length + 3);
    memcpy(option, "--", 2);
    memcpy(option + 2, name, length);
    line->demo_words[line->demo_word_count++] = option;
    line->demo_words[line->demo_word_count++] = value;
    return true;
}

/* "--name value" or "--name=value"; a switch may stand alone. False after a word about what is
 * wrong. */
static bool read_option(struct app *app, int argc, char **argv, int *at,
                        struct command_line *line) {
    char *option = argv[*at];
    const char *name = option + 2;
    char *equals = strchr(option, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct setting *setting = find_setting(name, length, true);
    bool is_conf = is_named(name, length, "config");
    if (strcmp(option, "--over") == 0) return line->is_over = true;
    if (!setting && !is_conf && !is_of_demo(name, length)) {
        fprintf(stderr, "xiangji: no such option: %s\n", option);
        return false;
    }
    char *value = equals ? equals + 1 : NULL;
    if (!value && setting && setting->kind == SETTING_SWITCH) return set(app, setting, "1");
    if (!value && *at + 1 < argc) value = argv[++*at];
    if (!value) {
        fprintf(stderr, "xiangji: %s needs a value\n", option);
        return false;
    }
    if (setting) return set(app, setting, value);
    if (is_conf) line->conf = value;
    if (is_conf) return true;
    bool kept = keep_for_demo(line, name, length, value);
    if (!kept) fprintf(stderr, "xiangji: %s is there twice\n", option);
    return kept;
}

static bool read_command_line(struct app *app, int argc, char **argv, struct command_line *line) {
    for (int at = 1; at < argc; at++) {
        if (strncmp(argv[at], "--", 2) == 0 && argv[at][2]) {
            if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "--version") == 0) {
                line->command = argv[at] + 2;
                continue;
            }
            if (!read_option(app, argc, argv, &at, line)) return false;
        } else if (!line->command) {
            line->command = argv[at];
        } else if (line->word_count < SETTINGS_WORDS_MAX) {
            line->words[line->word_count++] = argv[at];
        } else {
            fprintf(stderr, "xiangji: one command at a time: %s\n", argv[at]);
            return false;
        }
    }
    return true;
}

static int loops_for_this_machine(void) {
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores <= 2 ? 1 : cores > 16 ? 8 : (int)(cores / 2);
}

bool settings_read(struct app *app, struct arena *arena, int argc, char **argv,
                   struct command_line *line) {
    struct app ignored = {0};
    *app = (struct app){.data_folder = "./data",
                        .database_url = "",
                        .port = 8080,
                        .listen_address = "127.0.0.1",
                        .public_url = "",
                        .sandbox_url = "",
                        .sandbox_secret = "",
                        .files_url = "",
                        .files_region = "",
                        .files_key_id = "",
                        .files_secret = "",
                        .loop_count = loops_for_this_machine(),
                        .worker_count = 8};
    *line = (struct command_line){.arena = arena};
    if (!read_command_line(&ignored, argc, argv, line)) return false;
    const char *conf = line->conf ? line->conf : "xiangji.conf";
    if (!read_conf(app, arena, conf, line->conf != NULL)) return false;
    if (!read_environment(app)) return false;
    *line = (struct command_line){.arena = arena};
    if (!read_command_line(app, argc, argv, line)) return false;
    if (!*app->database_url)
        app->database_url =
            text_terminated(arena, text_format(arena, "sqlite:%s/xiangji.db", app->data_folder));
    return true;
}

void settings_print(void) {
    for (size_t i = 0; i < SETTING_COUNT; i++)
        printf("  %-20s %s\n", settings[i].name, settings[i].about);
}

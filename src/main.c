/* xiangji: the settings, then one command. */
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/settings.h"
#include "demo/demo.h"

static int demo(struct app *app, struct arena *arena, struct command_line *line) {
    struct text error = {0};
    if (!app_open(app, arena, false, &error)) return command_fail(error);
    int exit_code = demo_run(app, line->demo_word_count, line->demo_words);
    app_close(app);
    return exit_code;
}

static int print_openapi(struct arena *arena) {
    struct text document = openapi_document(arena);
    fwrite(document.bytes, 1, document.length, stdout);
    putchar('\n');
    return EXIT_FINE;
}

static int version(void) {
    printf("xiangji " XJ_VERSION "\n");
    return EXIT_FINE;
}

static int help(void) {
    printf(
        "xiangji " XJ_VERSION "\n\n"
        "  xiangji serve           serve the shop and its API\n"
        "  xiangji init            make the database and the keys, or bring them up to date\n"
        "  xiangji demo            load the demo world (--scale N, --people N, --orders N,\n"
        "                          --seed N)\n"
        "  xiangji check           prove the books\n"
        "  xiangji backup PATH     copy the house into the new folder PATH and prove the copy\n"
        "  xiangji restore PATH    put such a copy in place (--over: of the house that is there)\n"
        "  xiangji export PATH     write the house as text, from SQLite or PostgreSQL\n"
        "  xiangji import PATH     fill a new house with it, on either\n"
        "  xiangji give-role PHONE ROLE REACH\n"
        "                          give a role to an account; REACH is \"all\", a seller's id,\n"
        "                          or the 12-digit code of a county\n"
        "  xiangji forget-again [PATH]\n"
        "                          forget again whom DATA/tombstones or PATH names\n"
        "  xiangji rotate-keys     wrap all personal data keys with a new master key\n"
        "  xiangji retire-keys     take the master keys out that nothing uses any more\n"
        "  xiangji openapi         print the OpenAPI document\n"
        "  xiangji version\n\n"
        "Settings: --name VALUE, over the environment, over xiangji.conf (--config PATH), over "
        "the default.\n");
    settings_print();
    return EXIT_FINE;
}

/* The commands with words behind them, and how many each wants. */
static const struct worded {
    const char *name;
    int min;
    int max;
    const char *wants;
} worded_commands[] = {
    {"backup", 1, 1, "the PATH of a folder"},
    {"restore", 1, 1, "the PATH of a folder"},
    {"export", 1, 1, "the PATH of a folder"},
    {"import", 1, 1, "the PATH of a folder"},
    {"give-role", 3, 3, "PHONE ROLE REACH"},
    {"forget-again", 0, 1, "the PATH of a file of tombstones, or nothing"},
};

static const struct worded *find_worded(const char *command) {
    for (size_t i = 0; i < sizeof(worded_commands) / sizeof(worded_commands[0]); i++)
        if (strcmp(command, worded_commands[i].name) == 0) return &worded_commands[i];
    return NULL;
}

static int run_worded(struct app *app, struct arena *arena, struct command_line *line) {
    const char *command = line->command;
    if (strcmp(command, "backup") == 0) return command_backup(app, arena, line->words[0]);
    if (strcmp(command, "restore") == 0)
        return command_restore(app, arena, line->words[0], line->is_over);
    if (strcmp(command, "export") == 0) return command_export(app, arena, line->words[0]);
    if (strcmp(command, "import") == 0) return command_import(app, arena, line->words[0]);
    if (strcmp(command, "forget-again") == 0)
        return command_forget_again(app, arena, line->words[0]);
    return command_give_role(app, arena, line->words[0], line->words[1], line->words[2]);
}

static int run(struct app *app, struct arena *arena, struct command_line *line) {
    const char *command = line->command ? line->command : "help";
    const struct worded *worded = find_worded(command);
    if (worded && line->word_count >= worded->min && line->word_count <= worded->max)
        return run_worded(app, arena, line);
    if (worded) {
        fprintf(stderr, "xiangji: %s wants %s (see xiangji help)\n", command, worded->wants);
        return EXIT_MISUSED;
    }
    if (line->word_count) {
        fprintf(stderr, "xiangji: not understood: %s %s (see xiangji help)\n", command,
                line->words[0]);
        return EXIT_MISUSED;
    }
    if (strcmp(command, "serve") == 0) return command_serve(app, arena);
    if (strcmp(command, "init") == 0) return command_init(app, arena);
    if (strcmp(command, "demo") == 0) return demo(app, arena, line);
    if (strcmp(command, "check") == 0) return command_check(app, arena);
    if (strcmp(command, "rotate-keys") == 0) return command_rotate_keys(app, arena);
    if (strcmp(command, "retire-keys") == 0) return command_retire_keys(app, arena);
    if (strcmp(command, "openapi") == 0) return print_openapi(arena);
    if (strcmp(command, "help") == 0) return help();
    if (strcmp(command, "version") == 0) return version();
    fprintf(stderr, "xiangji: no such command: %s (see xiangji help)\n", command);
    return EXIT_MISUSED;
}

int main(int argc, char **argv) {
    struct arena arena = {.total_max = (size_t)1024 * 1024 * 1024};
    struct app app;
    struct command_line line;
    int exit_code = EXIT_MISUSED;
    if (settings_read(&app, &arena, argc, argv, &line)) exit_code = run(&app, &arena, &line);
    arena_free(&arena);
    return exit_code;
}

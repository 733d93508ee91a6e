/* Settings come from the command line, over the environment, over xiangji.conf, over the defaults.
 */
#ifndef COMMANDS_SETTINGS_H
#define COMMANDS_SETTINGS_H

#include "app.h"

enum { SETTINGS_DEMO_WORDS_MAX = 8, SETTINGS_WORDS_MAX = 3 };

/* What the command line says beside the settings. */
struct command_line {
    struct arena *arena;
    const char *command; /* NULL: none */
    /* The words behind the command: the folder of `backup`, a phone, a role and a reach. */
    int word_count;
    const char *words[SETTINGS_WORDS_MAX];
    const char *conf;
    bool is_over;        /* --over of `restore` */
    int demo_word_count; /* what only `demo` understands, handed on to it */
    char *demo_words[SETTINGS_DEMO_WORDS_MAX];
};

/* Fills *APP with all settings and *LINE. False after a word on stderr about what is wrong. The
 * command line is read first for the name of the file, and last because it goes over everything. */
bool settings_read(struct app *app, struct arena *arena, int argc, char **argv,
                   struct command_line *line);
/* One line a setting, for `help`. */
void settings_print(void);

#endif

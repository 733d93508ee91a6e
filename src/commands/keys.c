/* The commands about master keys. */
#include <stdio.h>

#include "commands/commands.h"
#include "ground/people/people.h"

static void print_left(int64_t left) {
    printf("%lld data keys are left under older master keys\n", (long long)left);
    fflush(stdout);
}

/* A node that serves holds the key file as it was: it could not open what is wrapped now, and would
 * wrap new people's keys under one that is taken out. */
static bool open_alone(struct app *app, struct arena *arena, struct text *ret_error) {
    int64_t others = 0;
    if (!app_open(app, arena, false, ret_error)) return false;
    if (!db_other_nodes(app->store, &others))
        *ret_error = TEXT("the database does not answer");
    else if (others > 0)
        *ret_error = text_format(arena,
                                 "%lld other nodes are alive (one that was stopped counts for a "
                                 "minute more): stop them first",
                                 (long long)others);
    else
        return true;
    app_close(app);
    return false;
}

int command_rotate_keys(struct app *app, struct arena *arena) {
    struct text error = {0};
    if (!open_alone(app, arena, &error)) return command_fail(error);
    bool rotated = people_rotate_keys(app, arena, print_left, &error);
    app_close(app);
    if (!rotated) return command_fail(error);
    printf("every data key is under the newest master key: copy %s/keys/master.key to its safe "
           "place and to every node\n",
           app->data_folder);
    return EXIT_FINE;
}

int command_retire_keys(struct app *app, struct arena *arena) {
    struct text error = {0};
    int64_t count = 0;
    if (!open_alone(app, arena, &error)) return command_fail(error);
    bool retired = people_retire_keys(app, arena, &count, &error);
    app_close(app);
    if (!retired) return command_fail(error);
    printf("%lld master keys that nothing uses are gone: backups from before the rotation open no "
           "personal data any more\n",
           (long long)count);
    return EXIT_FINE;
}

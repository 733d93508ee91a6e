/* The commands about master keys. */
#include <stdio.h>

#include "commands/commands.h"
#include "ground/people/people.h"

static void print_left(int64_t left) {
    printf("%lld data keys are left under older master keys\n", (long long)left);
    fflush(stdout);
}

int command_rotate_keys(struct app *app, struct arena *arena) {
    struct text error = {0};
    if (!app_open(app, arena, false, &error)) return command_fail(error);
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
    if (!app_open(app, arena, false, &error)) return command_fail(error);
    bool retired = people_retire_keys(app, arena, &count, &error);
    app_close(app);
    if (!retired) return command_fail(error);
    printf("%lld master keys that nothing uses are gone: backups from before the rotation open no "
           "personal data any more\n",
           (long long)count);
    return EXIT_FINE;
}

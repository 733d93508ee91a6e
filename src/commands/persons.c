/* The commands about persons: a role from whoever runs the machine, and forgetting again. */
#include <stdio.h>

#include "commands/commands.h"
#include "commands/folder.h"
#include "ground/people/people.h"

struct appointing {
    struct people_appointment appointment;
    int64_t person_id;
};

static refusal appoint(struct request *q, void *context) {
    struct appointing *appointing = context;
    return people_appoint(q, &appointing->appointment, &appointing->person_id);
}

int command_give_role(struct app *app, struct arena *arena, const char *phone, const char *role,
                      const char *reach) {
    struct text error = {0};
    struct appointing appointing = {.appointment = {text_of(phone), text_of(role), text_of(reach)}};
    if (!app_open(app, arena, false, &error)) return command_fail(error);
    refusal refused = road_work(app, arena, true, appoint, &appointing);
    app_close(app);
    if (refused) return command_fail_refused(refused);
    printf("person %lld holds the role %s, reach %s\n", (long long)appointing.person_id, role,
           reach);
    return EXIT_FINE;
}

int command_forget_again(struct app *app, struct arena *arena, const char *path) {
    struct text error = {0};
    int64_t count = 0;
    const char *place = path ? path : path_join(arena, app->data_folder, "tombstones");
    /* Whoever asks for it believes that there are some: none at all is a wrong place. */
    if (!file_exists(place))
        return command_fail(text_format(arena, "%s: there is no such file", place));
    if (!app_open(app, arena, false, &error)) return command_fail(error);
    bool is_done = people_forget_again(app, arena, place, &count, &error);
    app_close(app);
    if (!is_done) return command_fail(error);
    printf("%lld accounts that were closed or forgotten since are so again\n", (long long)count);
    return EXIT_FINE;
}

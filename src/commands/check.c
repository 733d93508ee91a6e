/* `xiangji check` and `xiangji init`, and the books that other commands prove too. */
#include <stdio.h>

#include "commands/commands.h"

int command_fail(struct text why) {
    fprintf(stderr, "xiangji: %.*s\n", (int)why.length, why.bytes);
    return EXIT_FAILED;
}

int command_fail_refused(refusal refused) {
    if (refused->fault_count) return command_fail(refused->faults[0].en);
    return command_fail(problem_title(refused->kind, true));
}

static void print_line(struct check_report *report, bool holds, struct text sentence) {
    if (!holds) report->fault_count++;
    printf("%s %.*s\n", holds ? "holds:" : "FAULT:", (int)sentence.length, sentence.bytes);
}

struct check_report books_report(bool only_books) {
    return (struct check_report){.line = print_line, .only_books = only_books};
}

/* May run twice: a run that was undone counts for nothing. */
refusal books_check(struct request *q, void *context) {
    struct check_report *report = context;
    size_t count;
    const struct room *const *rooms = rooms_all(&count);
    report->fault_count = 0;
    for (size_t i = 0; i < count; i++)
        if (rooms[i]->check) TRY(rooms[i]->check(q, report));
    return NULL;
}

int command_init(struct app *app, struct arena *arena) {
    struct text error = {0};
    if (!app_open(app, arena, false, &error)) return command_fail(error);
    printf("%s is ready\n", app->data_folder);
    app_close(app);
    return EXIT_FINE;
}

int command_check(struct app *app, struct arena *arena) {
    struct text error = {0};
    struct check_report report = books_report(false);
    if (!app_open(app, arena, true, &error)) return command_fail(error);
    refusal refused = road_work(app, arena, false, books_check, &report);
    app_close(app);
    if (refused) return command_fail_refused(refused);
    long long faults = (long long)report.fault_count;
    printf(faults ? "%lld faults: the books do not hold\n" : "the books hold\n", faults);
    return faults ? EXIT_FAILED : EXIT_FINE;
}

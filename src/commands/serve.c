/* `xiangji serve`: the server and the runner of jobs until a signal ends them. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "commands/commands.h"
#include "ground/jobs/jobs.h"

/* Signals are taken by this thread alone, as a file that can be waited for. */
static int take_signals(void) {
    sigset_t set_;
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    sigprocmask(SIG_BLOCK, &set_, NULL);
    return signalfd(-1, &set_, SFD_CLOEXEC);
}

static void wait_for_signal(int signals) {
    struct signalfd_siginfo info;
    while (read(signals, &info, sizeof(info)) < 0 && errno == EINTR) continue;
}

int command_serve(struct app *app, struct arena *arena) {
    struct text error = {0};
    int signals = take_signals();
    if (!app_open(app, arena, false, &error)) return command_fail(error);
    if (!server_start(app, &error, &app->server)) {
        app_close(app);
        return command_fail(error);
    }
    app->jobs = jobs_start(app);
    if (strncmp(app->listen_address, "unix:", 5) == 0)
        printf("xiangji " XJ_VERSION " serves on %s\n", app->listen_address);
    else
        printf("xiangji " XJ_VERSION " serves on http://%s:%d/\n", app->listen_address,
               server_port(app->server));
    fflush(stdout);
    wait_for_signal(signals);
    printf("xiangji stops: what is under way is finished first\n");
    fflush(stdout);
    jobs_stop(app->jobs);
    server_stop(app->server);
    app->jobs = NULL;
    app->server = NULL;
    app_close(app);
    close(signals);
    return EXIT_FINE;
}

/* `xiangji serve`: the server and the runner of jobs until a signal ends them. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "commands/commands.h"
#include "ground/jobs/jobs.h"
#include "ground/people/sms.h"
#include "kernel/http/log.h"
#include "market/pay/gateway.h"

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

/* A house without a gateway runs, and nobody can log in or pay: whoever sets it up must read why.
 */
static void say_what_is_missing(const struct app *app) {
    bool is_local = strcmp(app->sms->name, "local") == 0;
    if (is_local && app->demo)
        log_say("warning", "sms_gateway",
                TEXT("DEMO=1: every log-in code is shown here; never in a house with real people"));
    else if (is_local)
        log_say("warning", "sms_gateway",
                TEXT("no SMS gateway is configured: log-in codes go nowhere, so nobody can log in "
                     "by code (DEMO=1 shows them here, for trying out)"));
    if (app->gateway == &gateway_sandbox)
        log_say("warning", "payment_gateway",
                TEXT("no payment provider is configured: the sandbox takes payments, and no money "
                     "moves"));
}

int command_serve(struct app *app, struct arena *arena) {
    struct text error = {0};
    int signals = take_signals();
    if (!restore_is_settled(app, arena, &error) || !app_open(app, arena, false, &error))
        return command_fail(error);
    app->write_metrics = jobs_write_metrics;
    if (!server_start(app, &error, &app->server)) {
        app_close(app);
        return command_fail(error);
    }
    app->jobs = jobs_start(app);
    say_what_is_missing(app);
    if (strncmp(app->listen_address, "unix:", 5) == 0)
        printf("xiangji " XJ_VERSION " serves on %s\n", app->listen_address);
    else
        printf("xiangji " XJ_VERSION " serves on http://%s:%d/\n", app->listen_address,
               server_port(app->server));
    fflush(stdout);
    wait_for_signal(signals);
    printf("xiangji stops: what is under way is finished first\n");
    fflush(stdout);
    jobs_halt(app->jobs);
    server_stop(app->server);
    jobs_stop(app->jobs);
    app->jobs = NULL;
    app->server = NULL;
    app_close(app);
    close(signals);
    return EXIT_FINE;
}

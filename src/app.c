#include "app.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "ground/files/files.h"
#include "ground/people/people.h"
#include "kernel/base/json.h"
#include "market/pay/gateway.h"

static struct instant read_clock(const struct app *app) {
    (void)app;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct instant){(int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000};
}

static void draw_random(const struct app *app, void *bytes, size_t length) {
    (void)app;
    randombytes_buf(bytes, length);
}

bool app_make_folder(const char *path) { return mkdir(path, 0700) == 0 || errno == EEXIST; }

bool app_prepare(struct app *app, struct text *ret_error) {
    /* Seeded by the kernel, then without a call into it for each nonce. */
    randombytes_set_implementation(&randombytes_internal_implementation);
    if (sodium_init() < 0) {
        *ret_error = TEXT("libsodium does not start");
        return false;
    }
    json_prepare();
    if (!app->clock) app->clock = read_clock;
    if (!app->random) app->random = draw_random;
    return true;
}

bool app_open(struct app *app, struct arena *arena, bool read_only, struct text *ret_error) {
    if (!app_prepare(app, ret_error)) return false;
    if (!read_only && !app_make_folder(app->data_folder)) {
        *ret_error = text_format(arena, "cannot make the data folder %s: %s", app->data_folder,
                                 strerror(errno));
        return false;
    }
    struct store_settings settings = {.url = app->database_url,
                                      .folder = app->data_folder,
                                      .worker_count = app->worker_count,
                                      .read_only = read_only,
                                      .is_patient = app->is_patient};
    if (!store_open(&settings, arena, &app->store, ret_error)) return false;
    if (!app->ids) app->ids = arena_new(arena, struct ids, 1);
    app->ids->node = store_node(app->store);
    if (!app->gateway) app->gateway = &gateway_sandbox;
    if (people_start(app, arena, read_only, ret_error) &&
        (app->files || files_start(app, arena, read_only, ret_error)))
        return true;
    app_close(app);
    return false;
}

void app_close(struct app *app) {
    people_stop(app);
    if (app->store) store_close(app->store);
    app->store = NULL;
}

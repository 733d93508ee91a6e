/* Webhooks against a receiver that is a program of its own, with the house's clock in hand. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ground/people/people.h"
#include "market/orders/orders.h"
#include "market/webhooks/inside.h"
#include "support/house.h"
#include "support/market.h"

struct scene {
    struct house *house;
    struct market market;
    struct text manager; /* the token of an operator */
    struct text buyer;
    pid_t receiver;
    int port;
    int64_t endpoint_id;
    struct text secret;
};

static int free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&address, &length) == 0);
    close(fd);
    return ntohs(address.sin_port);
}

/* ---- the receiver ---- */

static bool ask_receiver(struct scene *scene, const char *method, const char *target,
                         struct text *ret_body) {
    int status = 0;
    struct text url =
        text_format(scene->house->arena, "http://127.0.0.1:%d%s", scene->port, target);
    const struct client_call call = {.method = method,
                                     .url = text_terminated(scene->house->arena, url)};
    return client_perform(scene->house->arena, &call, &status, ret_body) && status == 200;
}

static void start_receiver(struct scene *scene, const char *secret) {
    char path[400], port[16];
    struct text body;
    const char *build = getenv("XJ_BUILD");
    snprintf(path, sizeof(path), "%s/double_receiver", build ? build : ".");
    snprintf(port, sizeof(port), "%d", scene->port);
    scene->receiver = fork();
    CHECK(scene->receiver >= 0);
    if (scene->receiver == 0) {
        setenv("RECEIVER_ANY_TIME", "1", 1);
        CHECK(freopen("/dev/null", "w", stdout) != NULL);
        execl(path, path, "--port", port, "--secret", secret, NULL);
        _exit(127);
    }
    for (int i = 0; i < 200; i++) {
        if (ask_receiver(scene, "GET", "/state", &body)) return;
        usleep(20 * 1000);
    }
    test_fail(__FILE__, __LINE__, "%s does not answer", path);
}

static void stop_receiver(struct scene *scene) {
    kill(scene->receiver, SIGKILL);
    waitpid(scene->receiver, NULL, 0);
}

static void set_receiver(struct scene *scene, const char *how) {
    struct text body;
    CHECK(ask_receiver(
        scene, "POST",
        text_terminated(scene->house->arena, text_format(scene->house->arena, "/set?%s", how)),
        &body));
}

static struct text state_of(struct scene *scene) {
    struct text body = {0};
    CHECK(ask_receiver(scene, "GET", "/state", &body));
    return body;
}

static int64_t receiver_count(struct scene *scene, const char *what) {
    struct text state = state_of(scene);
    size_t at = text_find(state, text_of(what), 0) + strlen(what) + 1;
    int64_t count = -1;
    CHECK(text_to_int64(text_slice(state, at, text_find(state, TEXT("\n"), at)), &count));
    return count;
}

static bool receiver_has(struct scene *scene, const char *words) {
    return text_find(state_of(scene), text_of(words), 0) != SIZE_MAX;
}

/* ---- the scene ---- */

static refusal make_operator(struct request *q, void *context) {
    return people_give_role(q, *(int64_t *)context, "operator", SCOPE_ALL, 0);
}

static struct house_reply add_endpoint(struct scene *scene, const char *url, const char *types) {
    struct text body = text_format(
        scene->house->arena, "{\"url\":\"%s\",\"about\":\"台账\",\"types\":[%s]}", url, types);
    return house_call(scene->house, scene->manager, "POST", "/api/webhooks",
                      text_terminated(scene->house->arena, body));
}

static const char *receiver_url(struct scene *scene) {
    return text_terminated(
        scene->house->arena,
        text_format(scene->house->arena, "http://127.0.0.1:%d/hooks", scene->port));
}

static int64_t id_of(const struct house_reply *reply, const char *path) {
    int64_t id = 0;
    CHECK(text_to_int64(house_text(reply, path), &id));
    return id;
}

#define ALL_TYPES                                                                                  \
    "\"order.paid\",\"order.shipped\",\"order.received\",\"order.completed\",\"order.refunded\","  \
    "\"stock.ran_out\",\"stock.came_back\""

static void open_scene(struct house *house, struct scene *ret_scene) {
    int64_t manager_id;
    *ret_scene = (struct scene){.house = house, .port = free_port()};
    house->app->demo = true;
    house->app->webhooks_allow_local = true;
    market_open(house, &ret_scene->market);
    ret_scene->manager = house_person(house, "13900139009", &manager_id);
    house_work(house, make_operator, &manager_id);
    ret_scene->buyer = market_buyer(house, "13900139001");
    struct house_reply added = add_endpoint(ret_scene, receiver_url(ret_scene), ALL_TYPES);
    HOUSE_STATUS(&added, 201);
    ret_scene->endpoint_id = id_of(&added, "id");
    ret_scene->secret = text_copy(house->arena, house_text(&added, "secret"));
    start_receiver(ret_scene, text_terminated(house->arena, ret_scene->secret));
    house_run_jobs(house);
}

static void close_scene(struct scene *scene) {
    stop_receiver(scene);
    house_check_books(scene->house);
}

static struct house_reply endpoint(struct scene *scene) {
    return house_get(scene->house, scene->manager, "/api/webhooks/%lld",
                     (long long)scene->endpoint_id);
}

static struct house_reply deliveries(struct scene *scene) {
    struct house_reply reply =
        house_get(scene->house, scene->manager, "/api/webhooks/%lld/deliveries?limit=50",
                  (long long)scene->endpoint_id);
    HOUSE_STATUS(&reply, 200);
    return reply;
}

static struct house_reply post(struct scene *scene, const char *what) {
    struct text target = text_format(scene->house->arena, "/api/webhooks/%lld/%s",
                                     (long long)scene->endpoint_id, what);
    return house_call(scene->house, scene->manager, "POST",
                      text_terminated(scene->house->arena, target), NULL);
}

static void pay_an_order(struct scene *scene) {
    struct house_reply placed = market_order(scene->house, scene->buyer, scene->market.sku_five, 1);
    market_pay(scene->house, &placed);
}

/* ---- signing ---- */

TEST("webhooks: the signature is that of the standard's own vector") {
    struct arena arena = {0};
    struct text signature;
    const struct webhooks_message message = {TEXT("msg_p5jXN8AQM9LWM0D4loKWxJek"), 1614265330,
                                             TEXT("{\"test\": 2432232314}")};
    CHECK(webhooks_sign(&arena, TEXT("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), &message,
                        &signature));
    CHECK_TEXT(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    CHECK(!webhooks_sign(&arena, TEXT("another"), &message, &signature));
    CHECK(!webhooks_sign(&arena, TEXT("whsec_*"), &message, &signature));
    arena_free(&arena);
}

/* ---- delivering ---- */

HOUSE_TEST("webhooks: what happens is told, signed, by ids and amounts, and with nobody's name") {
    struct scene scene;
    open_scene(house, &scene);
    pay_an_order(&scene);
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "taken"), 1);
    CHECK_INT(receiver_count(&scene, "refused"), 0);
    CHECK(receiver_has(&scene, "{\"type\":\"order.paid\",\"timestamp\":\"2026-11-23T08:00:00"));
    CHECK(receiver_has(&scene, "\"state\":\"paid\",\"amount_fen\":5"));
    CHECK(receiver_has(&scene, text_format(house->arena, "\"seller_id\":\"%lld\"",
                                           (long long)scene.market.seller_id)
                                   .bytes));
    CHECK(!receiver_has(&scene, "buyer"));
    CHECK(!receiver_has(&scene, "139"));
    struct house_reply sent = deliveries(&scene);
    CHECK_INT(house_count(&sent, "items"), 1);
    CHECK_TEXT(house_text(&sent, "items.0.state"), "delivered");
    CHECK_TEXT(house_text(&sent, "items.0.answer"), "thanks");
    CHECK_INT(house_int(&sent, "items.0.status"), 200);
    struct text id = text_format(house->arena, "id msg_%s\n",
                                 text_terminated(house->arena, house_text(&sent, "items.0.id")));
    CHECK(receiver_has(&scene, text_terminated(house->arena, id)));
    close_scene(&scene);
}

HOUSE_TEST("webhooks: an empty shelf is told, and an endpoint hears only what it asked for") {
    struct scene scene;
    open_scene(house, &scene);
    struct house_reply added = add_endpoint(&scene, receiver_url(&scene), "\"order.completed\"");
    HOUSE_STATUS(&added, 201);
    market_order(house, scene.buyer, scene.market.sku_dried, MARKET_STOCK_DRIED);
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "asked"), 1);
    CHECK(receiver_has(&scene, "\"type\":\"stock.ran_out\""));
    CHECK(receiver_has(&scene, "\"available_count\":0"));
    close_scene(&scene);
}

HOUSE_TEST("webhooks: what failed comes again at the times of the standard, ten times at most") {
    static const int64_t pauses_ms[] = {5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS,
                                        2 * HOUR_MS,   5 * HOUR_MS,   10 * HOUR_MS,
                                        14 * HOUR_MS,  20 * HOUR_MS,  24 * HOUR_MS};
    struct scene scene;
    open_scene(house, &scene);
    set_receiver(&scene, "answer=503");
    HOUSE_STATUS(&((struct house_reply[]){post(&scene, "tests")})[0], 201);
    house_run_jobs(house);
    for (int i = 0; i < 9; i++) {
        CHECK_INT(receiver_count(&scene, "asked"), i + 1);
        house_advance(house, pauses_ms[i] - 1);
        house_run_jobs(house);
        CHECK_INT(receiver_count(&scene, "asked"), i + 1);
        house_advance(house, pauses_ms[i] / 10 + 1);
        house_run_jobs(house);
    }
    CHECK_INT(receiver_count(&scene, "asked"), 10);
    struct house_reply sent = deliveries(&scene);
    CHECK_TEXT(house_text(&sent, "items.0.state"), "failed");
    CHECK_INT(house_int(&sent, "items.0.tries"), 10);
    CHECK_INT(house_int(&sent, "items.0.status"), 503);
    CHECK_TEXT(house_text(&sent, "items.0.answer"), "not today");
    house_advance(house, 48 * HOUR_MS);
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "asked"), 10);
    /* By hand it goes once more, with the id that it had. */
    set_receiver(&scene, "answer=200");
    struct text resend =
        text_format(house->arena, "deliveries/%s/resends",
                    text_terminated(house->arena, house_text(&sent, "items.0.id")));
    struct house_reply again = post(&scene, text_terminated(house->arena, resend));
    HOUSE_STATUS(&again, 201);
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "taken"), 1);
    sent = deliveries(&scene);
    CHECK_INT(house_count(&sent, "items"), 1);
    CHECK_TEXT(house_text(&sent, "items.0.state"), "delivered");
    close_scene(&scene);
}

HOUSE_TEST("webhooks: after a rotation both secrets sign for a day, then the new one alone") {
    struct scene scene;
    open_scene(house, &scene);
    struct house_reply rotated = post(&scene, "secrets");
    HOUSE_STATUS(&rotated, 201);
    struct text fresh = house_text(&rotated, "secret");
    CHECK(!text_equal(fresh, scene.secret));
    CHECK(house_has(&rotated, "old_secret_until"));
    post(&scene, "tests");
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "taken"), 1); /* by the old one */
    struct text set = text_format(house->arena, "secret=%s", text_terminated(house->arena, fresh));
    set_receiver(&scene, text_terminated(house->arena, set));
    post(&scene, "tests");
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "taken"), 2); /* by the new one */
    house_advance(house, WEBHOOKS_OLD_SECRET_HOURS * HOUR_MS);
    post(&scene, "tests");
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "taken"), 3);
    CHECK(!receiver_has(&scene, "= v1,")); /* one signature, and none behind it */
    set = text_format(house->arena, "secret=%s", text_terminated(house->arena, scene.secret));
    set_receiver(&scene, text_terminated(house->arena, set));
    post(&scene, "tests");
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "refused"), 1);
    struct house_reply shown = endpoint(&scene);
    CHECK(!house_has(&shown, "secret"));
    CHECK(!house_has(&shown, "old_secret_until"));
    close_scene(&scene);
}

static refusal count_acts(struct request *q, void *context) {
    return db_int(q->db,
                  SQL("", "SELECT CAST(count(*) AS BIGINT) FROM audit_entry "
                          "WHERE action = 'webhooks.put_off'"),
                  NO_PARAMS, context, NULL);
}

HOUSE_TEST("webhooks: 410 puts the endpoint off at once; what waits for it is dropped") {
    struct scene scene;
    int64_t acts = 0;
    open_scene(house, &scene);
    set_receiver(&scene, "answer=503");
    post(&scene, "tests");
    house_run_jobs(house);
    house_advance(house, MINUTE_MS);
    set_receiver(&scene, "answer=410");
    post(&scene, "tests");
    house_run_jobs(house);
    struct house_reply shown = endpoint(&scene);
    CHECK_TEXT(house_text(&shown, "state"), "off");
    CHECK_TEXT(house_text(&shown, "why_off"), "gone");
    house_work(house, count_acts, &acts);
    CHECK_INT(acts, 1);
    house_advance(house, DAY_MS);
    int64_t asked = receiver_count(&scene, "asked");
    pay_an_order(&scene);
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "asked"), asked);
    struct house_reply sent = deliveries(&scene);
    CHECK_INT(house_count(&sent, "items"), 2);
    struct house_reply refused = post(&scene, "tests");
    HOUSE_PROBLEM(&refused, "wrong_state", NULL);
    close_scene(&scene);
}

HOUSE_TEST("webhooks: five days without an answer put it off, and check says so") {
    struct scene scene;
    int64_t acts = 0;
    open_scene(house, &scene);
    set_receiver(&scene, "answer=500");
    for (int day = 0; day < 7; day++) {
        post(&scene, "tests");
        house_run_jobs(house);
        house_advance(house, DAY_MS);
    }
    struct house_reply shown = endpoint(&scene);
    CHECK_TEXT(house_text(&shown, "state"), "off");
    CHECK_TEXT(house_text(&shown, "why_off"), "failing");
    house_work(house, count_acts, &acts);
    CHECK_INT(acts, 1);
    /* Put on again, it begins afresh. */
    struct text target =
        text_format(house->arena, "/api/webhooks/%lld", (long long)scene.endpoint_id);
    struct text body = text_format(house->arena,
                                   "{\"url\":\"%s\",\"types\":[\"order.paid\"],"
                                   "\"state\":\"on\"}",
                                   receiver_url(&scene));
    struct house_reply changed =
        house_call(house, scene.manager, "PUT", text_terminated(house->arena, target),
                   text_terminated(house->arena, body));
    HOUSE_STATUS(&changed, 200);
    CHECK(!house_has(&changed, "failing_since"));
    set_receiver(&scene, "answer=200");
    post(&scene, "tests");
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "taken"), 1);
    close_scene(&scene);
}

HOUSE_TEST("webhooks: a receiver that is down is asked once, however much waits for it") {
    struct scene scene;
    open_scene(house, &scene);
    stop_receiver(&scene);
    for (int i = 0; i < 5; i++) post(&scene, "tests");
    house_run_jobs(house);
    struct house_reply sent = deliveries(&scene);
    int64_t tried = 0;
    for (int i = 0; i < 5; i++)
        tried += house_int(&sent, text_format(house->arena, "items.%d.tries", i).bytes);
    CHECK_INT(tried, 1);
    CHECK_TEXT(house_text(&sent, "items.4.trouble"), "connection");
    start_receiver(&scene, text_terminated(house->arena, scene.secret));
    house_advance(house, 10 * SECOND_MS);
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "taken"), 5);
    close_scene(&scene);
}

/* ---- whom it may call ---- */

HOUSE_TEST("webhooks: addresses of the house's own network are refused when they are written") {
    static const char *const urls[] = {
        "http://example.com/",      "https://10.0.0.8/",   "https://[::ffff:10.0.0.8]/",
        "https://169.254.169.254/", "https://localhost/x", "https://me:word@example.com/"};
    struct scene scene;
    open_scene(house, &scene);
    house->app->webhooks_allow_local = false;
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        struct house_reply refused = add_endpoint(&scene, urls[i], "\"order.paid\"");
        HOUSE_PROBLEM(&refused, "bad_input", "url");
    }
    struct house_reply refused = add_endpoint(&scene, receiver_url(&scene), "\"order.paid\"");
    HOUSE_PROBLEM(&refused, "bad_input", "url");
    refused = add_endpoint(&scene, "https://example.com/", "\"order.eaten\"");
    HOUSE_PROBLEM(&refused, "bad_input", "types[0]");
    /* The demo's word alone is not enough either way. */
    house->app->webhooks_allow_local = true;
    house->app->demo = false;
    refused = add_endpoint(&scene, receiver_url(&scene), "\"order.paid\"");
    HOUSE_PROBLEM(&refused, "bad_input", "url");
    close_scene(&scene);
}

HOUSE_TEST("webhooks: what was allowed once is looked at again at each call") {
    struct scene scene;
    open_scene(house, &scene);
    house->app->webhooks_allow_local = false;
    post(&scene, "tests");
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "asked"), 0);
    struct house_reply sent = deliveries(&scene);
    CHECK_TEXT(house_text(&sent, "items.0.trouble"), "address");
    close_scene(&scene);
}

HOUSE_TEST("webhooks: a name that leads to this machine at the second look reaches nothing") {
    struct scene scene;
    struct client_answer answer;
    open_scene(house, &scene);
    struct text resolved =
        text_format(house->arena, "rebinds.example.com:%d:127.0.0.1", scene.port);
    struct text secure =
        text_format(house->arena, "https://rebinds.example.com:%d/hooks", scene.port);
    struct client_call call = {.method = "POST",
                               .url = text_terminated(house->arena, secure),
                               .body = TEXT("{}"),
                               .reach = CLIENT_PUBLIC,
                               .resolved = text_terminated(house->arena, resolved)};
    CHECK(client_may_ask(call.url, CLIENT_PUBLIC));
    client_ask(house->arena, &call, &answer);
    CHECK(answer.trouble && strcmp(answer.trouble, "address") == 0);
    resolved = text_format(house->arena, "rebinds.example.com:%d:[::ffff:127.0.0.1]", scene.port);
    call.resolved = text_terminated(house->arena, resolved);
    client_ask(house->arena, &call, &answer);
    CHECK(answer.trouble && strcmp(answer.trouble, "address") == 0);
    CHECK_INT(receiver_count(&scene, "asked"), 0);
    /* The same call without the rule gets as far as TLS, which the receiver does not speak: so it
     * was the rule that held it, and not a wire that is missing. */
    resolved = text_format(house->arena, "rebinds.example.com:%d:127.0.0.1", scene.port);
    call.resolved = text_terminated(house->arena, resolved);
    call.reach = CLIENT_ANYWHERE;
    call.timeout_ms = 2000;
    client_ask(house->arena, &call, &answer);
    CHECK(answer.trouble && strcmp(answer.trouble, "address") != 0);
    close_scene(&scene);
}

HOUSE_TEST("webhooks: a redirect is a failure and not a way") {
    struct scene scene;
    open_scene(house, &scene);
    set_receiver(&scene, "redirect=1");
    post(&scene, "tests");
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "asked"), 1);
    struct house_reply sent = deliveries(&scene);
    CHECK_INT(house_int(&sent, "items.0.status"), 302);
    CHECK_TEXT(house_text(&sent, "items.0.state"), "waiting");
    close_scene(&scene);
}

HOUSE_TEST("webhooks: a slow receiver is left, and of a long answer only the beginning is read") {
    struct scene scene;
    struct client_answer answer;
    open_scene(house, &scene);
    struct text url = text_format(house->arena, "http://127.0.0.1:%d/state", scene.port);
    struct client_call call = {.method = "GET",
                               .url = text_terminated(house->arena, url),
                               .reach = CLIENT_LOOPBACK,
                               .kept_bytes = 5};
    client_ask(house->arena, &call, &answer);
    CHECK(!answer.trouble);
    CHECK_INT(answer.status, 200);
    CHECK_TEXT(answer.body, "taken");
    call.url = receiver_url(&scene);
    call.method = "POST";
    call.timeout_ms = 300;
    /* Unsigned messages are answered at once, so the silence is made by one that is not whole. */
    static const char *const headers[] = {"Content-Length: 100", NULL};
    call.headers = headers;
    call.body = TEXT("{}");
    client_ask(house->arena, &call, &answer);
    CHECK(answer.trouble && strcmp(answer.trouble, "time") == 0);
    close_scene(&scene);
}

/* ---- the keeper ---- */

HOUSE_TEST("webhooks: the secret is shown once and stands nowhere in clear") {
    struct scene scene;
    open_scene(house, &scene);
    struct house_reply list = house_call(house, scene.manager, "GET", "/api/webhooks", NULL);
    HOUSE_STATUS(&list, 200);
    CHECK_INT(house_count(&list, "items"), 1);
    CHECK(text_find(list.body, TEXT("whsec_"), 0) == SIZE_MAX);
    struct house_reply audit = house_call(house, scene.manager, "GET", "/api/audit", NULL);
    CHECK(text_find(audit.body, TEXT("whsec_"), 0) == SIZE_MAX);
    close_scene(&scene);
}

HOUSE_TEST("webhooks: a removed endpoint is gone, with what waits for it") {
    struct scene scene;
    open_scene(house, &scene);
    set_receiver(&scene, "answer=500");
    post(&scene, "tests");
    house_run_jobs(house);
    struct text target =
        text_format(house->arena, "/api/webhooks/%lld", (long long)scene.endpoint_id);
    struct house_reply removed =
        house_call(house, scene.manager, "DELETE", text_terminated(house->arena, target), NULL);
    HOUSE_STATUS(&removed, 204);
    struct house_reply gone = endpoint(&scene);
    HOUSE_STATUS(&gone, 404);
    house_advance(house, HOUR_MS);
    house_run_jobs(house);
    CHECK_INT(receiver_count(&scene, "asked"), 1);
    close_scene(&scene);
}

static refusal count_deliveries(struct request *q, void *context) {
    return db_int(q->db, SQL("", "SELECT CAST(count(*) AS BIGINT) FROM webhooks_delivery"),
                  NO_PARAMS, context, NULL);
}

HOUSE_TEST("webhooks: deliveries are swept after thirty days") {
    struct scene scene;
    int64_t count = 0;
    open_scene(house, &scene);
    post(&scene, "tests");
    house_run_jobs(house);
    house_advance(house, (int64_t)WEBHOOKS_KEPT_DAYS * DAY_MS + HOUR_MS);
    house_run_jobs(house);
    house_work(house, count_deliveries, &count);
    CHECK_INT(count, 0);
    close_scene(&scene);
}

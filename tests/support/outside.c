#include "support/outside.h"

#include <arpa/inet.h>
#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/base/json.h"
#include "kernel/base/test.h"
#include "support/house.h"
#include "support/postgres.h"

static const char secret[] = "a secret of the tests";

static int free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    assert(getsockname(fd, (struct sockaddr *)&address, &length) == 0);
    close(fd);
    return ntohs(address.sin_port);
}

void outside_sleep_ms(int ms) {
    struct timespec pause = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

struct outside *outside_make(bool postgres) {
    struct outside *outside = calloc(1, sizeof(*outside));
    outside->arena = calloc(1, sizeof(*outside->arena));
    outside->arena->total_max = 512 * 1024 * 1024;
    outside->postgres = postgres;
    outside->late_ms = 1500;
    const char *top = getenv("XJ_DRILL_FOLDER");
    snprintf(outside->folder, sizeof(outside->folder), "%s/xj-outside-XXXXXX", top ? top : "/tmp");
    assert(mkdtemp(outside->folder));
    snprintf(outside->log, sizeof(outside->log), "%s/log", outside->folder);
    outside->port = free_port();
    outside->cashier_port = free_port();
    if (postgres)
        postgres_make_database(outside->url, sizeof(outside->url));
    else
        snprintf(outside->url, sizeof(outside->url), "sqlite:%s/xiangji.db", outside->folder);
    return outside;
}

static void set_environment(const struct outside *outside) {
    char number[64];
    setenv("DATA", outside->folder, 1);
    setenv("DATABASE_URL", outside->url, 1);
    snprintf(number, sizeof(number), "%d", outside->port);
    setenv("PORT", number, 1);
    snprintf(number, sizeof(number), "http://127.0.0.1:%d", outside->cashier_port);
    setenv("SANDBOX_URL", number, 1);
    setenv("SANDBOX_SECRET", secret, 1);
    setenv("DEMO", "1", 1);
}

static pid_t launch(const struct outside *outside, const char *program, const char *const *words) {
    char path[400];
    const char *argv[12] = {program};
    const char *build = getenv("XJ_BUILD");
    size_t count = 1;
    for (; words && *words; words++) {
        assert(count < 11);
        argv[count++] = *words;
    }
    snprintf(path, sizeof(path), "%s/%s", build ? build : ".", program);
    pid_t child = fork();
    assert(child >= 0);
    if (child) return child;
    int log = open(outside->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    set_environment(outside);
    execv(path, (char *const *)(uintptr_t)argv);
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    _exit(127);
}

static int wait_for(pid_t child) {
    int status;
    while (waitpid(child, &status, 0) < 0) assert(errno == EINTR);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int outside_command(struct outside *outside, const char *const *words) {
    return wait_for(launch(outside, "xiangji", words));
}

static void show_log(const struct outside *outside) {
    char line[400];
    FILE *stream = fopen(outside->log, "r");
    while (stream && fgets(line, sizeof(line), stream)) printf("    %s", line);
    if (stream) fclose(stream);
}

static void start_cashier(struct outside *outside) {
    char port[16], late[16];
    if (outside->cashier) return;
    snprintf(port, sizeof(port), "%d", outside->cashier_port);
    snprintf(late, sizeof(late), "%d", outside->late_ms);
    const char *words[] = {"--port", port, "--secret", secret, "--late-ms", late, NULL};
    outside->cashier = launch(outside, "double_cashier", words);
}

void outside_start(struct outside *outside) {
    const char *words[] = {"serve", NULL};
    start_cashier(outside);
    outside->server = launch(outside, "xiangji", words);
    for (int tries = 0; tries < 400; tries++) {
        int status;
        struct outside_reply ready = outside_get(outside, TEXT(""), "/readyz");
        if (ready.status == 200) return;
        if (waitpid(outside->server, &status, WNOHANG) == outside->server) {
            outside->server = 0;
            break;
        }
        outside_sleep_ms(50);
    }
    show_log(outside);
    test_fail(__FILE__, __LINE__, "the server does not become ready");
}

void outside_stop(struct outside *outside, int signal) {
    if (!outside->server) return;
    kill(outside->server, signal);
    wait_for(outside->server);
    outside->server = 0;
}

void outside_close(struct outside *outside) {
    char command[200];
    outside_stop(outside, SIGTERM);
    if (outside->cashier) {
        kill(outside->cashier, SIGTERM);
        wait_for(outside->cashier);
    }
    if (outside->postgres) postgres_drop_database(outside->url);
    snprintf(command, sizeof(command), "rm -rf %s", outside->folder);
    if (system(command) != 0) printf("%s failed\n", command);
    arena_free(outside->arena);
    free(outside->arena);
    free(outside);
}

/* ---- HTTP ---- */

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context) {
    buffer_add(context, bytes, size * count);
    return size * count;
}

/* One handle a thread keeps its connection alive: the drills load the server as browsers do. */
static pthread_key_t handle_key;
static void make_handle_key(void) { pthread_key_create(&handle_key, curl_easy_cleanup); }

static CURL *own_handle(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_handle_key);
    CURL *handle = pthread_getspecific(handle_key);
    if (!handle) handle = curl_easy_init();
    pthread_setspecific(handle_key, handle);
    curl_easy_reset(handle);
    return handle;
}

static struct curl_slist *make_headers(struct outside *outside, const struct outside_call *call) {
    struct curl_slist *headers = curl_slist_append(NULL, "Accept-Language: en");
    char line[400];
    if (call->token.length) {
        snprintf(line, sizeof(line), "Authorization: Bearer %.*s", (int)call->token.length,
                 call->token.bytes);
        headers = curl_slist_append(headers, line);
    }
    if (strcmp(call->method, "GET") != 0) {
        if (call->key.length)
            snprintf(line, sizeof(line), "Idempotency-Key: %.*s", (int)call->key.length,
                     call->key.bytes);
        else
            snprintf(line, sizeof(line), "Idempotency-Key: outside-%d-%lld", (int)getpid(),
                     (long long)__atomic_fetch_add(&outside->key_number, 1, __ATOMIC_RELAXED));
        headers = curl_slist_append(headers, line);
    }
    headers = curl_slist_append(headers, "Content-Type: application/json");
    if (call->header) headers = curl_slist_append(headers, call->header);
    return headers;
}

struct outside_reply outside_send(struct outside *outside, const struct outside_call *call) {
    struct outside_reply reply = {0};
    struct buffer body = buffer_make(outside->arena, 8 * 1024 * 1024);
    char url[1400];
    long status = 0;
    CURL *curl = own_handle();
    struct curl_slist *headers = make_headers(outside, call);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d%.*s", outside->port, (int)call->target.length,
             call->target.bytes);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                     outside->timeout_ms ? (long)outside->timeout_ms : 20000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    if (strcmp(call->method, "GET") != 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)call->body.length);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.bytes ? call->body.bytes : "");
    }
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) return reply;
    reply.status = (int)status;
    reply.body = buffer_text(&body);
    if (reply.body.length) reply.json = json_read(outside->arena, reply.body, NULL);
    return reply;
}

struct outside_reply outside_get(struct outside *outside, struct text token, const char *format,
                                 ...) {
    char target[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(target, sizeof(target), format, list);
    va_end(list);
    const struct outside_call call = {.method = "GET", .target = text_of(target), .token = token};
    return outside_send(outside, &call);
}

struct outside_reply outside_post(struct outside *outside, struct text token, const char *target,
                                  const char *format, ...) {
    char body[4000];
    va_list list;
    va_start(list, format);
    vsnprintf(body, sizeof(body), format, list);
    va_end(list);
    const struct outside_call call = {
        .method = "POST", .target = text_of(target), .body = text_of(body), .token = token};
    return outside_send(outside, &call);
}

int outside_pay(struct outside *outside, struct text cashier_url, const char *how) {
    char body[40];
    long status = 0;
    struct buffer answer = buffer_make(outside->arena, 64 * 1024);
    CURL *curl = own_handle();
    snprintf(body, sizeof(body), "how=%s", how);
    curl_easy_setopt(curl, CURLOPT_URL, text_terminated(outside->arena, cashier_url));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 10000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    if (curl_easy_perform(curl) != CURLE_OK) return 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return (int)status;
}

struct text outside_log_between(struct outside *outside, const char *before, const char *after) {
    struct text found = {0};
    FILE *stream = fopen(outside->log, "r");
    char line[1000];
    while (stream && fgets(line, sizeof(line), stream)) {
        char *from = strstr(line, before);
        char *to = from ? strstr(from + strlen(before), after) : NULL;
        if (!to) continue;
        from += strlen(before);
        found = text_copy(outside->arena, (struct text){from, (size_t)(to - from)});
    }
    if (stream) fclose(stream);
    return found;
}

static struct house_reply as_house(const struct outside_reply *reply) {
    return (struct house_reply){.status = reply->status, .body = reply->body, .json = reply->json};
}

int64_t outside_int(const struct outside_reply *reply, const char *path) {
    struct house_reply inside = as_house(reply);
    return house_int(&inside, path);
}

struct text outside_text(const struct outside_reply *reply, const char *path) {
    struct house_reply inside = as_house(reply);
    return house_text(&inside, path);
}

size_t outside_count(const struct outside_reply *reply, const char *path) {
    struct house_reply inside = as_house(reply);
    return house_count(&inside, path);
}

void outside_expect(const char *file, int line, const struct outside_reply *reply, int wanted) {
    struct house_reply inside = as_house(reply);
    house_status(file, line, &inside, wanted);
}

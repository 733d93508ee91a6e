/* The sandbox payment provider: README.md of this folder says what it does. */
#include <arpa/inet.h>
#include <assert.h>
#include <curl/curl.h>
#include <jansson.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    PAYMENTS_MAX = 200000,
    NOTICES_MAX = 4096,
    BODY_MAX = 16 * 1024,
    PAGE_MAX = 8 * 1024,
    AGE_MS_MAX = 5 * 60 * 1000,
    TRIES_MAX = 5
};

struct payment {
    char id[24], key[33], title[256], notify_url[512], return_url[512];
    long long amount_fen, refunded_fen;
    char refunds[8][24];
    int refund_count;
    int told_count;
    char state[12]; /* open, paid, failed */
};

struct notice {
    struct payment *payment;
    char event_id[40];
    const char *kind;
    long long due_ms;
    int tries;
    bool used;
};

struct cashier {
    const char *secret;
    int port;
    long long late_ms;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct payment *payments;
    size_t payment_count;
    struct notice notices[NOTICES_MAX];
    bool stopping;
};

struct upload {
    char body[BODY_MAX];
    size_t length;
    bool too_large;
};

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sign(const struct cashier *cashier, long long ms, const char *body, char hex[65]) {
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    char head[32];
    snprintf(head, sizeof(head), "%lld.", ms);
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)cashier->secret,
                                strlen(cashier->secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, strlen(head));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, strlen(body));
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(hex, 65, mac, sizeof(mac));
}

static bool signature_holds(const struct cashier *cashier, const char *header, const char *body) {
    long long ms = 0;
    char given[65] = "", wanted[65];
    if (!header || sscanf(header, "t=%lld,v1=%64[0-9a-f]", &ms, given) != 2) return false;
    if (llabs(now_ms() - ms) > AGE_MS_MAX) return false;
    sign(cashier, ms, body, wanted);
    return strlen(given) == 64 && sodium_memcmp(given, wanted, 64) == 0;
}

/* ---- telling the shop ---- */

static size_t drop_bytes(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    (void)context;
    return size * count;
}

static bool tell_shop(const struct cashier *cashier, const struct notice *notice,
                      const struct payment *payment) {
    char body[512], hex[65], header[128];
    long status = 0;
    long long ms = now_ms();
    snprintf(body, sizeof(body),
             "{\"event_id\":\"%s\",\"merchant\":\"xiangji\",\"payment_id\":\"%s\","
             "\"kind\":\"%s\",\"amount_fen\":%lld}",
             notice->event_id, payment->id, notice->kind, payment->amount_fen);
    sign(cashier, ms, body, hex);
    snprintf(header, sizeof(header), "Sandbox-Signature: t=%lld,v1=%s", ms, hex);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, header);
    curl_easy_setopt(curl, CURLOPT_URL, payment->notify_url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 5000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_bytes);
    bool done = curl_easy_perform(curl) == CURLE_OK;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return done && status / 100 == 2;
}

/* Called with the lock held. */
static void ask_notice(struct cashier *cashier, struct payment *payment, const char *kind,
                       long long due_ms, const char *event_id) {
    for (size_t i = 0; i < NOTICES_MAX; i++) {
        struct notice *notice = &cashier->notices[i];
        if (notice->used) continue;
        *notice = (struct notice){.payment = payment, .kind = kind, .due_ms = due_ms, .used = true};
        snprintf(notice->event_id, sizeof(notice->event_id), "%s", event_id);
        pthread_cond_signal(&cashier->wake);
        return;
    }
}

static struct notice *next_notice(struct cashier *cashier, long long *ret_wait_ms) {
    *ret_wait_ms = 1000;
    for (size_t i = 0; i < NOTICES_MAX; i++) {
        struct notice *notice = &cashier->notices[i];
        if (!notice->used) continue;
        long long wait_ms = notice->due_ms - now_ms();
        if (wait_ms <= 0) return notice;
        if (wait_ms < *ret_wait_ms) *ret_wait_ms = wait_ms;
    }
    return NULL;
}

static void *tell_thread(void *context) {
    struct cashier *cashier = context;
    pthread_mutex_lock(&cashier->lock);
    while (!cashier->stopping) {
        long long wait_ms;
        struct notice *notice = next_notice(cashier, &wait_ms);
        if (!notice) {
            struct timespec until;
            clock_gettime(CLOCK_REALTIME, &until);
            until.tv_nsec += (wait_ms % 1000) * 1000000;
            until.tv_sec += wait_ms / 1000 + until.tv_nsec / 1000000000;
            until.tv_nsec %= 1000000000;
            pthread_cond_timedwait(&cashier->wake, &cashier->lock, &until);
            continue;
        }
        const struct notice copy = *notice;
        const struct payment payment = *notice->payment;
        pthread_mutex_unlock(&cashier->lock);
        bool heard = tell_shop(cashier, &copy, &payment);
        pthread_mutex_lock(&cashier->lock);
        notice->payment->told_count += heard;
        notice->tries++;
        notice->due_ms = now_ms() + 1000;
        if (heard || notice->tries >= TRIES_MAX) notice->used = false;
    }
    pthread_mutex_unlock(&cashier->lock);
    return NULL;
}

/* ---- answers ---- */

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type,
                              const char *body, const char *location) {
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(body), (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    if (location) MHD_add_response_header(response, "Location", location);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_json(struct MHD_Connection *connection, unsigned status,
                                   const char *body) {
    return answer(connection, status, "application/json; charset=utf-8", body, NULL);
}

static struct payment *find_payment(struct cashier *cashier, const char *id) {
    for (size_t i = cashier->payment_count; i > 0; i--)
        if (strcmp(cashier->payments[i - 1].id, id) == 0) return &cashier->payments[i - 1];
    return NULL;
}

static bool copy_text(const json_t *object, const char *name, char *to, size_t size) {
    const char *value = json_string_value(json_object_get(object, name));
    if (!value || strlen(value) >= size) return false;
    memcpy(to, value, strlen(value) + 1);
    return true;
}

static struct payment *open_payment(struct cashier *cashier, const json_t *json) {
    struct payment payment = {.state = "open"};
    payment.amount_fen = json_integer_value(json_object_get(json, "amount_fen"));
    const char *merchant = json_string_value(json_object_get(json, "merchant"));
    if (!merchant || strcmp(merchant, "xiangji") != 0 || payment.amount_fen <= 0 ||
        !copy_text(json, "payment_id", payment.id, sizeof(payment.id)) ||
        !copy_text(json, "title", payment.title, sizeof(payment.title)) ||
        !copy_text(json, "notify_url", payment.notify_url, sizeof(payment.notify_url)) ||
        !copy_text(json, "return_url", payment.return_url, sizeof(payment.return_url)))
        return NULL;
    struct payment *known = find_payment(cashier, payment.id);
    if (known) return known->amount_fen == payment.amount_fen ? known : NULL;
    if (cashier->payment_count == PAYMENTS_MAX) return NULL;
    unsigned char key[16];
    randombytes_buf(key, sizeof(key));
    sodium_bin2hex(payment.key, sizeof(payment.key), key, sizeof(key));
    cashier->payments[cashier->payment_count] = payment;
    return &cashier->payments[cashier->payment_count++];
}

static enum MHD_Result post_payment(struct cashier *cashier, struct MHD_Connection *connection,
                                    const json_t *json) {
    char body[256];
    pthread_mutex_lock(&cashier->lock);
    const struct payment *payment = open_payment(cashier, json);
    if (payment)
        snprintf(body, sizeof(body), "{\"cashier_url\":\"http://127.0.0.1:%d/pay/%s?key=%s\"}",
                 cashier->port, payment->id, payment->key);
    pthread_mutex_unlock(&cashier->lock);
    if (!payment) return answer_json(connection, 400, "{\"error\":\"not a payment\"}");
    return answer_json(connection, 201, body);
}

static bool give_back(struct payment *payment, const char *refund_id, long long amount_fen) {
    for (int i = 0; i < payment->refund_count; i++)
        if (strcmp(payment->refunds[i], refund_id) == 0) return true;
    if (amount_fen <= 0 || strcmp(payment->state, "paid") != 0 || payment->refund_count == 8 ||
        payment->refunded_fen + amount_fen > payment->amount_fen)
        return false;
    snprintf(payment->refunds[payment->refund_count++], sizeof(payment->refunds[0]), "%.23s",
             refund_id);
    payment->refunded_fen += amount_fen;
    return true;
}

static enum MHD_Result post_refund(struct cashier *cashier, struct MHD_Connection *connection,
                                   const json_t *json) {
    char payment_id[24] = "", refund_id[24] = "";
    bool done = copy_text(json, "payment_id", payment_id, sizeof(payment_id)) &&
                copy_text(json, "refund_id", refund_id, sizeof(refund_id));
    pthread_mutex_lock(&cashier->lock);
    struct payment *payment = done ? find_payment(cashier, payment_id) : NULL;
    done = payment &&
           give_back(payment, refund_id, json_integer_value(json_object_get(json, "amount_fen")));
    pthread_mutex_unlock(&cashier->lock);
    return done ? answer_json(connection, 201, "{\"state\":\"done\"}")
                : answer_json(connection, 409, "{\"error\":\"cannot be given back\"}");
}

static enum MHD_Result get_payment(struct cashier *cashier, struct MHD_Connection *connection,
                                   const char *id) {
    char body[256];
    pthread_mutex_lock(&cashier->lock);
    const struct payment *payment = find_payment(cashier, id);
    if (payment)
        snprintf(body, sizeof(body),
                 "{\"state\":\"%s\",\"amount_fen\":%lld,\"refunded_fen\":%lld,\"told\":%d}",
                 payment->state, payment->amount_fen, payment->refunded_fen, payment->told_count);
    pthread_mutex_unlock(&cashier->lock);
    return payment ? answer_json(connection, 200, body)
                   : answer_json(connection, 404, "{\"error\":\"unknown\"}");
}

/* ---- the page ---- */

static void escape_html(const char *from, char *to, size_t size) {
    size_t at = 0;
    for (; *from && at + 7 < size; from++) {
        const char *entity = *from == '<'   ? "&lt;"
                             : *from == '>' ? "&gt;"
                             : *from == '&' ? "&amp;"
                             : *from == '"' ? "&quot;"
                                            : NULL;
        if (entity)
            at += (size_t)snprintf(to + at, size - at, "%s", entity);
        else
            to[at++] = *from;
    }
    to[at] = '\0';
}

static const char page_head[] =
    "<!doctype html><html lang=zh-CN><meta charset=utf-8><meta name=viewport "
    "content='width=device-width,initial-scale=1'><title>沙盒收银台</title><style>"
    "body{margin:0;background:#F5F3EE;color:#23211D;font:17px/1.55 -apple-system,'PingFang SC',"
    "'Microsoft YaHei','Noto Sans CJK SC',sans-serif;font-variant-numeric:tabular-nums}"
    "main{max-width:420px;margin:0 auto;padding:24px 16px}h1{font-size:20px;margin:0 0 16px}"
    ".card{background:#fff;border-radius:14px;padding:20px 16px;margin-bottom:16px}"
    ".sum{font-size:38px;font-weight:700;line-height:1.2;margin:4px 0 12px}"
    "button{display:block;width:100%;min-height:52px;border-radius:12px;font:inherit;"
    "font-weight:600;border:1.5px solid #1F6549;background:#fff;color:#1F6549;margin-top:12px}"
    "button.main{background:#1F6549;color:#fff}p{margin:0;color:#655F55}"
    "summary{min-height:48px;display:flex;align-items:center;color:#655F55}"
    ":focus-visible{outline:3px solid #1B5FC1;outline-offset:2px}</style><main>";

static const char page_form[] =
    "<form method=post class=card><button class=main name=how value=on_time>付款</button>"
    "<button name=how value=failed>付不了，返回商城</button>"
    "<details><summary>试一试别的情形</summary>"
    "<button name=how value=late>付款，通知晚到</button>"
    "<button name=how value=twice>付款，通知两次</button>"
    "<button name=how value=out_of_order>付款，通知乱序</button>"
    "<button name=how value=never>付款，永远不通知</button></details></form>"
    "<p>这是演示用的沙盒收银台，不会真的扣钱。</p></main></html>";

static enum MHD_Result get_page(struct cashier *cashier, struct MHD_Connection *connection,
                                const struct payment *payment) {
    char page[PAGE_MAX], title[1024];
    (void)cashier;
    escape_html(payment->title, title, sizeof(title));
    bool open = strcmp(payment->state, "paid") != 0;
    snprintf(
        page, sizeof(page),
        "%s<h1>沙盒收银台</h1><div class=card><p>付给 乡集商家</p><div class=sum>%lld.%02lld 元"
        "</div><p>%s</p></div>%s",
        page_head, payment->amount_fen / 100, payment->amount_fen % 100, title,
        open ? page_form : "<p class=card>这一笔已经付过了。</p></main></html>");
    return answer(connection, 200, "text/html; charset=utf-8", page, NULL);
}

/* Called with the lock held: pays as told and says what the shop will hear. */
static bool act(struct cashier *cashier, struct payment *payment, const char *how) {
    char paid_event[40], failed_event[40];
    long long now = now_ms();
    if (strcmp(payment->state, "paid") == 0) return true;
    snprintf(paid_event, sizeof(paid_event), "paid-%s", payment->id);
    snprintf(failed_event, sizeof(failed_event), "failed-%s-%lld", payment->id, now);
    if (strcmp(how, "failed") == 0) {
        snprintf(payment->state, sizeof(payment->state), "failed");
        ask_notice(cashier, payment, "failed", now, failed_event);
        return true;
    }
    bool known = strcmp(how, "on_time") == 0 || strcmp(how, "late") == 0 ||
                 strcmp(how, "twice") == 0 || strcmp(how, "out_of_order") == 0 ||
                 strcmp(how, "never") == 0;
    if (!known) return false;
    snprintf(payment->state, sizeof(payment->state), "paid");
    if (strcmp(how, "never") == 0) return true;
    ask_notice(cashier, payment, "paid", strcmp(how, "late") == 0 ? now + cashier->late_ms : now,
               paid_event);
    if (strcmp(how, "twice") == 0) ask_notice(cashier, payment, "paid", now + 50, paid_event);
    if (strcmp(how, "out_of_order") == 0)
        ask_notice(cashier, payment, "failed", now + 50, failed_event);
    return true;
}

static enum MHD_Result serve_pay(struct cashier *cashier, struct MHD_Connection *connection,
                                 const char *id, const struct upload *upload) {
    char how[24] = "", return_url[512];
    const char *key = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "key");
    pthread_mutex_lock(&cashier->lock);
    struct payment *payment = find_payment(cashier, id);
    bool right = payment && key && strcmp(key, payment->key) == 0;
    bool acted = right && upload && sscanf(upload->body, "how=%23[a-z_]", how) == 1 &&
                 act(cashier, payment, how);
    struct payment copy = right ? *payment : (struct payment){0};
    pthread_mutex_unlock(&cashier->lock);
    if (!right) return answer_json(connection, 404, "{\"error\":\"unknown\"}");
    if (!upload) return get_page(cashier, connection, &copy);
    if (!acted) return answer_json(connection, 400, "{\"error\":\"how?\"}");
    snprintf(return_url, sizeof(return_url), "%s", copy.return_url);
    return answer(connection, 303, "text/plain", "", return_url);
}

/* ---- the server ---- */

static enum MHD_Result serve_signed(struct cashier *cashier, struct MHD_Connection *connection,
                                    const char *path, const struct upload *upload) {
    const char *header =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Sandbox-Signature");
    if (upload->too_large || !signature_holds(cashier, header, upload->body))
        return answer_json(connection, 401, "{\"error\":\"signature\"}");
    json_t *json = json_loads(upload->body, JSON_REJECT_DUPLICATES, NULL);
    enum MHD_Result result;
    if (!json)
        result = answer_json(connection, 400, "{\"error\":\"JSON\"}");
    else if (strcmp(path, "/v1/payments") == 0)
        result = post_payment(cashier, connection, json);
    else
        result = post_refund(cashier, connection, json);
    json_decref(json);
    return result;
}

static enum MHD_Result take_upload(struct upload *upload, const char *data, size_t *size) {
    if (upload->length + *size >= sizeof(upload->body)) {
        upload->too_large = true;
    } else {
        memcpy(upload->body + upload->length, data, *size);
        upload->length += *size;
    }
    *size = 0;
    return MHD_YES;
}

static enum MHD_Result serve(void *context, struct MHD_Connection *connection, const char *path,
                             const char *method, const char *version, const char *data,
                             size_t *size, void **own) {
    struct cashier *cashier = context;
    struct upload *upload = *own;
    (void)version;
    if (!upload) {
        *own = calloc(1, sizeof(*upload));
        return *own ? MHD_YES : MHD_NO;
    }
    if (*size) return take_upload(upload, data, size);
    bool post = strcmp(method, "POST") == 0;
    if (post && (strcmp(path, "/v1/payments") == 0 || strcmp(path, "/v1/refunds") == 0))
        return serve_signed(cashier, connection, path, upload);
    if (!post && strncmp(path, "/v1/payments/", 13) == 0)
        return get_payment(cashier, connection, path + 13);
    if (strcmp(path, "/favicon.ico") == 0) return answer(connection, 204, "image/png", "", NULL);
    if (strncmp(path, "/pay/", 5) == 0)
        return serve_pay(cashier, connection, path + 5, post ? upload : NULL);
    return answer_json(connection, 404, "{\"error\":\"unknown\"}");
}

static void drop_upload(void *context, struct MHD_Connection *connection, void **own,
                        enum MHD_RequestTerminationCode code) {
    (void)context;
    (void)connection;
    (void)code;
    free(*own);
    *own = NULL;
}

static bool read_arguments(struct cashier *cashier, int argc, char **argv) {
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--port") == 0)
            cashier->port = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--secret") == 0)
            cashier->secret = argv[i + 1];
        else if (strcmp(argv[i], "--late-ms") == 0)
            cashier->late_ms = atoll(argv[i + 1]);
        else
            return false;
    }
    return cashier->secret && cashier->port > 0 && argc % 2 == 1;
}

int main(int argc, char **argv) {
    struct cashier *cashier = calloc(1, sizeof(*cashier));
    assert(cashier && sodium_init() >= 0);
    cashier->late_ms = 60000;
    if (!read_arguments(cashier, argc, argv)) {
        fprintf(stderr, "usage: double_cashier --port N --secret S [--late-ms N]\n");
        return 2;
    }
    cashier->payments = calloc(PAYMENTS_MAX, sizeof(*cashier->payments));
    assert(cashier->payments);
    pthread_mutex_init(&cashier->lock, NULL);
    pthread_cond_init(&cashier->wake, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)cashier->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, serve, cashier, MHD_OPTION_SOCK_ADDR,
        &address, MHD_OPTION_NOTIFY_COMPLETED, drop_upload, NULL, MHD_OPTION_END);
    if (!daemon) {
        fprintf(stderr, "double_cashier: port %d is taken\n", cashier->port);
        return 1;
    }
    pthread_t teller;
    pthread_create(&teller, NULL, tell_thread, cashier);
    printf("cashier on http://127.0.0.1:%d\n", cashier->port);
    fflush(stdout);
    int caught;
    sigwait(&signals, &caught);
    pthread_mutex_lock(&cashier->lock);
    cashier->stopping = true;
    pthread_cond_signal(&cashier->wake);
    pthread_mutex_unlock(&cashier->lock);
    pthread_join(teller, NULL);
    MHD_stop_daemon(daemon);
    free(cashier->payments);
    free(cashier);
    return 0;
}

/* The receiver of webhooks that other systems write: a program of its own that knows nothing of the
 * house but the words of Standard Webhooks, and checks each signature by its own code. See
 * README.md. double_receiver --port 8090 --secret whsec_...            */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_BYTES = 64 * 1024, SECRET_BYTES = 64, AGE_S_MAX = 300 };

struct receiver {
    unsigned char key[SECRET_BYTES];
    size_t key_length;
    int answer;      /* the status of the next answers */
    long redirects;  /* 1: answers with a Location */
    long long taken; /* messages with a good signature */
    long long refused;
    char newest_id[80];
    char newest_body[8000];
    char newest_signatures[400];
    long long asked; /* requests of any kind but those of tests */
};

static long long now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

static bool read_secret(struct receiver *receiver, const char *written) {
    return strncmp(written, "whsec_", 6) == 0 &&
           sodium_base642bin(receiver->key, sizeof(receiver->key), written + 6, strlen(written + 6),
                             NULL, &receiver->key_length, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0;
}

/* HMAC as RFC 2104 writes it, over SHA-256: not the function that the house calls. */
static void hmac(const struct receiver *receiver, const char *bytes, size_t length,
                 unsigned char *ret_hash) {
    unsigned char inner[64], outer[64], hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    memset(inner, 0x36, sizeof(inner));
    memset(outer, 0x5c, sizeof(outer));
    for (size_t i = 0; i < receiver->key_length; i++) {
        inner[i] ^= receiver->key[i];
        outer[i] ^= receiver->key[i];
    }
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, inner, sizeof(inner));
    crypto_hash_sha256_update(&state, (const unsigned char *)bytes, length);
    crypto_hash_sha256_final(&state, hash);
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, outer, sizeof(outer));
    crypto_hash_sha256_update(&state, hash, sizeof(hash));
    crypto_hash_sha256_final(&state, ret_hash);
}

static void header(const char *head, const char *name, char *ret_value, size_t size) {
    size_t length = strlen(name);
    *ret_value = '\0';
    for (const char *line = strstr(head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) != 0 || line[length] != ':') continue;
        const char *value = line + length + 1;
        value += strspn(value, " ");
        snprintf(ret_value, size, "%.*s", (int)strcspn(value, "\r\n"), value);
        return;
    }
}

/* One of the signatures, which stand with spaces between, must be ours. */
static bool is_signed(const struct receiver *receiver, const char *head, const char *body) {
    static char content[REQUEST_BYTES + 400];
    char id[80], sent[40], signatures[400], wanted[100] = "v1,";
    unsigned char hash[crypto_hash_sha256_BYTES];
    header(head, "webhook-id", id, sizeof(id));
    header(head, "webhook-timestamp", sent, sizeof(sent));
    header(head, "webhook-signature", signatures, sizeof(signatures));
    int length = snprintf(content, sizeof(content), "%s.%s.%s", id, sent, body);
    hmac(receiver, content, (size_t)length, hash);
    sodium_bin2base64(wanted + 3, sizeof(wanted) - 3, hash, sizeof(hash),
                      sodium_base64_VARIANT_ORIGINAL);
    for (char *rest = signatures, *one; (one = strsep(&rest, " "));)
        if (strlen(one) == strlen(wanted) && sodium_memcmp(one, wanted, strlen(wanted)) == 0)
            return true;
    return false;
}

static void answer(int client, int status, const char *more, const char *body) {
    char reply[REQUEST_BYTES];
    int length = snprintf(reply, sizeof(reply),
                          "HTTP/1.1 %d Words\r\nContent-Type: text/plain\r\n%sContent-Length: "
                          "%zu\r\nConnection: close\r\n\r\n%s",
                          status, more, strlen(body), body);
    if (write(client, reply, (size_t)length) != length) return;
}

/* What tests ask and say: GET /state, POST /set?answer=503&redirect=1&secret=whsec_... */
static void serve_test(struct receiver *receiver, int client, const char *head) {
    char value[100], reply[REQUEST_BYTES / 4];
    const char *at;
    if ((at = strstr(head, "answer="))) receiver->answer = (int)strtol(at + 7, NULL, 10);
    if ((at = strstr(head, "redirect="))) receiver->redirects = strtol(at + 9, NULL, 10);
    if ((at = strstr(head, "secret="))) {
        snprintf(value, sizeof(value), "%.*s", (int)strcspn(at + 7, " &"), at + 7);
        if (!read_secret(receiver, value)) receiver->key_length = 0;
    }
    snprintf(reply, sizeof(reply), "taken %lld\nrefused %lld\nasked %lld\nid %s\nsignatures %s\n%s",
             receiver->taken, receiver->refused, receiver->asked, receiver->newest_id,
             receiver->newest_signatures, receiver->newest_body);
    answer(client, 200, "", reply);
}

static void serve_hook(struct receiver *receiver, int client, const char *head, const char *body) {
    char sent[40];
    receiver->asked++;
    header(head, "webhook-timestamp", sent, sizeof(sent));
    long long age_s = now_s() - strtoll(sent, NULL, 10);
    /* The clock of a test's house stands still, so only a real server's is looked at. */
    bool is_fresh = getenv("RECEIVER_ANY_TIME") || (age_s < AGE_S_MAX && age_s > -AGE_S_MAX);
    if (!is_fresh || !is_signed(receiver, head, body)) {
        receiver->refused++;
        answer(client, 401, "", "not signed by whom I know");
        return;
    }
    header(head, "webhook-id", receiver->newest_id, sizeof(receiver->newest_id));
    header(head, "webhook-signature", receiver->newest_signatures,
           sizeof(receiver->newest_signatures));
    snprintf(receiver->newest_body, sizeof(receiver->newest_body), "%s", body);
    if (receiver->redirects) {
        answer(client, 302, "Location: /elsewhere\r\n", "go elsewhere");
        return;
    }
    if (receiver->answer / 100 == 2) receiver->taken++;
    answer(client, receiver->answer, "", receiver->answer / 100 == 2 ? "thanks" : "not today");
}

static void serve(struct receiver *receiver, int client) {
    static char request[REQUEST_BYTES];
    size_t length = 0, wanted = 0;
    char value[40];
    char *body = NULL;
    while (length + 1 < sizeof(request)) {
        ssize_t got = read(client, request + length, sizeof(request) - 1 - length);
        if (got <= 0) break;
        length += (size_t)got;
        request[length] = '\0';
        if (!body && (body = strstr(request, "\r\n\r\n"))) {
            header(request, "content-length", value, sizeof(value));
            wanted = strtoul(value, NULL, 10);
            body += 4;
        }
        if (body && length - (size_t)(body - request) >= wanted) break;
    }
    if (!body) return;
    bool is_test = strncmp(request, "GET /state", 10) == 0 || strncmp(request, "POST /set", 9) == 0;
    if (is_test)
        serve_test(receiver, client, request);
    else
        serve_hook(receiver, client, request, body);
}

int main(int argc, char **argv) {
    static struct receiver receiver = {.answer = 200};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--port") == 0)
            address.sin_port = htons((uint16_t)strtoul(argv[i + 1], NULL, 10));
        if (strcmp(argv[i], "--secret") == 0 && !read_secret(&receiver, argv[i + 1])) return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    int yes = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 16)) {
        fprintf(stderr, "receiver: %s\n", strerror(errno));
        return 1;
    }
    printf("receiver on http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0) continue;
        serve(&receiver, client);
        close(client);
    }
}

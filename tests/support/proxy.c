#include "support/proxy.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { PIECE_BYTES = 16 * 1024, TRICKLE_BYTES = 7, LATENCY_MS = 20, POLL_MS = 20 };

struct proxy {
    struct proxy_address there;
    char path[108];
    int listener;
    int port;
    pthread_t thread;
    atomic_int fault;
    atomic_int epoch; /* of the fault that is set */
    atomic_int broken_count;
    atomic_int open_count; /* connections whose threads still run */
    atomic_bool is_over;
    atomic_int drawn_count;
};

/* One connection through the proxy. */
struct line {
    struct proxy *proxy;
    int client;
    int epoch;
    enum proxy_fault fault;
    int64_t bytes_left; /* of what is asked, or of the answer, before it breaks */
};

const char *proxy_fault_words(enum proxy_fault fault) {
    static const char *const words[] = {
#define X(name, words_) [name] = words_,
        PROXY_FAULTS(X)
#undef X
    };
    return words[fault];
}

static void sleep_ms(int ms) {
    const struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

union any_address {
    struct sockaddr plain;
    struct sockaddr_in internet;
    struct sockaddr_un path;
};

static socklen_t fill(const struct proxy_address *address, union any_address *ret) {
    memset(ret, 0, sizeof(*ret));
    if (address->path) {
        ret->path.sun_family = AF_UNIX;
        snprintf(ret->path.sun_path, sizeof(ret->path.sun_path), "%s", address->path);
        return sizeof(ret->path);
    }
    ret->internet.sin_family = AF_INET;
    ret->internet.sin_port = htons((uint16_t)address->port);
    ret->internet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof(ret->internet);
}

static int connect_to(const struct proxy_address *address) {
    union any_address there;
    socklen_t length = fill(address, &there);
    int descriptor = socket(there.plain.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(descriptor, &there.plain, length) == 0) return descriptor;
    close(descriptor);
    return -1;
}

/* The peer sees a reset instead of an end (on a unix socket an end is all there is). */
static void reset(int descriptor) {
    const struct linger at_once = {1, 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

static bool send_all(int descriptor, const char *bytes, size_t length) {
    while (length) {
        ssize_t sent = send(descriptor, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* Hands on what one side said. False: the line ends here. */
static bool hand_on(struct line *line, int from, int to, bool is_answer) {
    static _Thread_local char piece[PIECE_BYTES];
    size_t room = line->fault == PROXY_TRICKLE ? TRICKLE_BYTES : sizeof(piece);
    ssize_t got = recv(from, piece, room, 0);
    if (got <= 0) return false;
    if (line->fault == PROXY_LATENCY) sleep_ms(LATENCY_MS);
    bool asked_breaks = line->fault == PROXY_RESET_REQUEST && !is_answer;
    bool answer_breaks =
        (line->fault == PROXY_RESET_REPLY || line->fault == PROXY_CUT_REPLY) && is_answer;
    if (!asked_breaks && !answer_breaks) return send_all(to, piece, (size_t)got);
    size_t passed = line->bytes_left < got ? (size_t)line->bytes_left : (size_t)got;
    line->bytes_left -= (int64_t)passed;
    if (!send_all(to, piece, passed)) return false;
    if (passed == (size_t)got) return true;
    atomic_fetch_add(&line->proxy->broken_count, 1);
    if (line->fault != PROXY_CUT_REPLY) {
        reset(from);
        reset(to);
    }
    return false;
}

/* Whether the line meets the fault that is set now. */
static void draw_fault(struct line *line) {
    struct proxy *proxy = line->proxy;
    int number = atomic_fetch_add(&proxy->drawn_count, 1);
    unsigned seed = (unsigned)number * 2654435761U;
    bool is_hit = rand_r(&seed) % 100 < 60;
    line->epoch = atomic_load(&proxy->epoch);
    line->fault = is_hit ? (enum proxy_fault)atomic_load(&proxy->fault) : PROXY_NONE;
    line->bytes_left = rand_r(&seed) % (line->fault == PROXY_HALF_OPEN ? 12 : 700);
}

static void carry(struct line *line, int server) {
    struct proxy *proxy = line->proxy;
    struct pollfd sides[2] = {{.fd = line->client, .events = POLLIN},
                              {.fd = server, .events = POLLIN}};
    bool is_silent = false;
    while (!atomic_load(&proxy->is_over)) {
        if (is_silent && atomic_load(&proxy->fault) == PROXY_NONE) return;
        if (!is_silent && line->epoch != atomic_load(&proxy->epoch)) draw_fault(line);
        if (is_silent) {
            sleep_ms(POLL_MS);
            continue;
        }
        if (poll(sides, 2, POLL_MS) <= 0) continue;
        if (line->fault == PROXY_REFUSE) {
            atomic_fetch_add(&proxy->broken_count, 1);
            return;
        }
        if (sides[0].revents && !hand_on(line, line->client, server, false)) return;
        if (!sides[1].revents) continue;
        if (line->fault == PROXY_HALF_OPEN && line->bytes_left-- <= 0) {
            atomic_fetch_add(&proxy->broken_count, 1);
            is_silent = true;
        } else if (!hand_on(line, server, line->client, true)) {
            return;
        }
    }
}

static void *run_line(void *context) {
    struct line *line = context;
    struct proxy *proxy = line->proxy;
    draw_fault(line);
    int server = line->fault == PROXY_REFUSE ? -1 : connect_to(&proxy->there);
    if (line->fault == PROXY_REFUSE) atomic_fetch_add(&proxy->broken_count, 1);
    if (server >= 0) {
        carry(line, server);
        close(server);
    }
    close(line->client);
    free(line);
    atomic_fetch_sub(&proxy->open_count, 1);
    return NULL;
}

static void *run(void *context) {
    struct proxy *proxy = context;
    struct pollfd door = {.fd = proxy->listener, .events = POLLIN};
    while (!atomic_load(&proxy->is_over)) {
        if (poll(&door, 1, POLL_MS) <= 0) continue;
        int client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC);
        if (client < 0) continue;
        struct line *line = calloc(1, sizeof(*line));
        assert(line);
        line->proxy = proxy;
        line->client = client;
        pthread_t thread;
        atomic_fetch_add(&proxy->open_count, 1);
        int failed = pthread_create(&thread, NULL, run_line, line);
        assert(!failed);
        pthread_detach(thread);
    }
    return NULL;
}

struct proxy *proxy_start(struct proxy_address here, struct proxy_address there) {
    struct proxy *proxy = calloc(1, sizeof(*proxy));
    assert(proxy);
    union any_address address;
    socklen_t length = fill(&here, &address);
    proxy->there = there;
    if (there.path) {
        snprintf(proxy->path, sizeof(proxy->path), "%s", there.path);
        proxy->there.path = proxy->path;
    }
    proxy->listener = socket(address.plain.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (here.path) unlink(here.path);
    int failed = bind(proxy->listener, &address.plain, length) || listen(proxy->listener, 256);
    assert(!failed);
    length = sizeof(address);
    getsockname(proxy->listener, &address.plain, &length);
    proxy->port = here.path ? 0 : ntohs(address.internet.sin_port);
    failed = pthread_create(&proxy->thread, NULL, run, proxy);
    assert(!failed);
    return proxy;
}

int proxy_port(const struct proxy *proxy) { return proxy->port; }
void proxy_set(struct proxy *proxy, enum proxy_fault fault) {
    atomic_store(&proxy->fault, fault);
    atomic_fetch_add(&proxy->epoch, 1);
}
int proxy_broken_count(const struct proxy *proxy) { return atomic_load(&proxy->broken_count); }

void proxy_stop(struct proxy *proxy) {
    atomic_store(&proxy->is_over, true);
    pthread_join(proxy->thread, NULL);
    while (atomic_load(&proxy->open_count) > 0) sleep_ms(POLL_MS);
    close(proxy->listener);
    free(proxy);
}

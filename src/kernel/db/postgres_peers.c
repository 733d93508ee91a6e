#include "kernel/db/postgres_peers.h"

#include <assert.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    LEASE_MS = 60 * 1000,
    RENEW_MS = 15 * 1000,
    /* Stop committing this long before others may take the number: clocks run differently fast, and
       a commit takes a while. */
    LEASE_SAFETY_MS = 20 * 1000,
    RECONNECT_MS = 500,
    MESSAGE_BYTES_MAX = 7900, /* PostgreSQL takes less than 8000 */
    MESSAGES_MAX = 4096,      /* waiting to be sent; more are dropped: they are hints */
    CLAIMS_MAX = 20,
    HOLDER_BYTES = 16,
    WHY_BYTES = 300
};

#define CHANNEL "xiangji"

/* The server's clock, because the nodes' clocks may differ. */
#define NOW_MS "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"

struct message {
    struct message *next;
    char words[];
};

struct postgres_peers {
    char *url;
    PGconn *handle;
    pthread_t thread;
    int wake; /* an eventfd */
    uint32_t node;
    char holder[HOLDER_BYTES * 2 + 1];
    _Atomic int64_t lease_until_ms; /* by the monotonic clock */
    int64_t renew_at_ms;
    pthread_mutex_t mutex; /* guards what follows */
    struct message *first;
    struct message *last;
    size_t message_count;
    bool is_closing;
    void (*heard)(void *context, struct text message);
    void *context;
};

static void wake(struct postgres_peers *peers) {
    uint64_t one = 1;
    ssize_t written = write(peers->wake, &one, sizeof(one));
    assert(written == sizeof(one));
}

/* ---- the lease ---- */

/* Runs a statement with text parameters; its first cell as a number, -1 without a row, -2 on
 * failure. */
static int64_t ask(PGconn *handle, const char *sql, int count, const char *const *values) {
    PGresult *result = PQexecParams(handle, sql, count, NULL, values, NULL, NULL, 0);
    int64_t answer = -2;
    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 0) answer = -1;
    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0)
        answer = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    return answer;
}

static void lease_counts_from(struct postgres_peers *peers, int64_t asked_at_ms) {
    atomic_store(&peers->lease_until_ms, asked_at_ms + LEASE_MS - LEASE_SAFETY_MS);
    peers->renew_at_ms = asked_at_ms + RENEW_MS;
}

/* Takes the lowest number whose lease is over. */
static bool claim(struct postgres_peers *peers) {
    static const char sql[] =
        "INSERT INTO db_node (node, holder, leased_until)"
        " SELECT n, $1, " NOW_MS " + $2::bigint FROM generate_series(1, 1023) AS n"
        " WHERE NOT EXISTS (SELECT 1 FROM db_node d WHERE d.node = n AND d.leased_until >= " NOW_MS
        ")"
        " ORDER BY n LIMIT 1"
        " ON CONFLICT (node) DO UPDATE SET holder = excluded.holder,"
        " leased_until = excluded.leased_until"
        " WHERE db_node.leased_until < " NOW_MS " RETURNING node";
    char lease_ms[24];
    snprintf(lease_ms, sizeof(lease_ms), "%d", LEASE_MS);
    const char *const values[] = {peers->holder, lease_ms};
    for (int i = 0; i < CLAIMS_MAX; i++) {
        int64_t asked_at_ms = db_monotonic_ms();
        int64_t node = ask(peers->handle, sql, 2, values);
        if (node < 1) continue; /* another node was quicker */
        peers->node = (uint32_t)node;
        lease_counts_from(peers, asked_at_ms);
        return true;
    }
    return false;
}

/* Another node that has our number may have made ids like ours, so this process must not make more
 * of them. */
static bool renew(struct postgres_peers *peers) {
    static const char sql[] = "UPDATE db_node SET leased_until = " NOW_MS " + $3::bigint"
                              " WHERE node = $1 AND holder = $2 RETURNING node";
    char node[16], lease_ms[24];
    snprintf(node, sizeof(node), "%u", peers->node);
    snprintf(lease_ms, sizeof(lease_ms), "%d", LEASE_MS);
    const char *const values[] = {node, peers->holder, lease_ms};
    int64_t asked_at_ms = db_monotonic_ms();
    int64_t answer = ask(peers->handle, sql, 3, values);
    if (answer == -1) {
        db_log("the node number %u was taken by another node while this one was cut off;"
               " the process stops",
               peers->node);
        abort();
    }
    if (answer > 0) lease_counts_from(peers, asked_at_ms);
    return answer > 0;
}

bool postgres_peers_lease_holds(const struct postgres_peers *peers) {
    return db_monotonic_ms() < atomic_load_explicit(&peers->lease_until_ms, memory_order_relaxed);
}

uint32_t postgres_peers_node(const struct postgres_peers *peers) { return peers->node; }

/* ---- messages ---- */

void postgres_peers_notify(struct postgres_peers *peers, struct text message) {
    if (message.length > MESSAGE_BYTES_MAX) return;
    struct message *copy = malloc(sizeof(*copy) + message.length + 1);
    assert(copy);
    copy->next = NULL;
    memcpy(copy->words, message.bytes, message.length);
    copy->words[message.length] = 0;
    pthread_mutex_lock(&peers->mutex);
    bool is_taken = peers->message_count < MESSAGES_MAX;
    if (is_taken) {
        if (peers->last)
            peers->last->next = copy;
        else
            peers->first = copy;
        peers->last = copy;
        peers->message_count++;
    }
    pthread_mutex_unlock(&peers->mutex);
    if (is_taken)
        wake(peers);
    else
        free(copy);
}

void postgres_peers_listen(struct postgres_peers *peers,
                           void (*heard)(void *context, struct text message), void *context) {
    pthread_mutex_lock(&peers->mutex);
    peers->heard = heard;
    peers->context = context;
    pthread_mutex_unlock(&peers->mutex);
}

static void pass_on(struct postgres_peers *peers, struct text message) {
    pthread_mutex_lock(&peers->mutex);
    void (*heard)(void *context, struct text message) = peers->heard;
    void *context = peers->context;
    pthread_mutex_unlock(&peers->mutex);
    if (heard) heard(context, message);
}

static struct message *take_messages(struct postgres_peers *peers, bool *ret_is_closing) {
    pthread_mutex_lock(&peers->mutex);
    struct message *messages = peers->first;
    peers->first = peers->last = NULL;
    peers->message_count = 0;
    *ret_is_closing = peers->is_closing;
    pthread_mutex_unlock(&peers->mutex);
    return messages;
}

/* Sends what waits; what a broken connection swallows is lost, which hints may be. */
static bool send_messages(struct postgres_peers *peers) {
    bool is_closing;
    struct message *message = take_messages(peers, &is_closing);
    while (message) {
        const char *const values[] = {message->words};
        if (peers->handle)
            ask(peers->handle, "SELECT 1 FROM pg_notify('" CHANNEL "', $1)", 1, values);
        struct message *next = message->next;
        free(message);
        message = next;
    }
    return !is_closing;
}

static void hear_messages(struct postgres_peers *peers) {
    PQconsumeInput(peers->handle);
    PGnotify *note;
    while ((note = PQnotifies(peers->handle))) {
        if (note->be_pid != PQbackendPID(peers->handle)) pass_on(peers, text_of(note->extra));
        PQfreemem(note);
    }
}

/* ---- the thread ---- */

static bool listen_on(PGconn *handle) {
    PGresult *result = PQexec(handle, "LISTEN " CHANNEL);
    bool is_fine = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return is_fine;
}

/* Messages may have been missed meanwhile: the empty one says so. */
static void reconnect(struct postgres_peers *peers) {
    char why[WHY_BYTES] = "";
    PQfinish(peers->handle);
    peers->handle = postgres_connect(peers->url, false, why, sizeof(why));
    if (!peers->handle) return;
    if (listen_on(peers->handle) && renew(peers)) {
        pass_on(peers, (struct text){"", 0});
        return;
    }
    PQfinish(peers->handle);
    peers->handle = NULL;
}

static void wait_for_work(struct postgres_peers *peers) {
    if (peers->handle && PQstatus(peers->handle) != CONNECTION_OK) return; /* cut just now */
    struct pollfd events[2] = {
        {.fd = peers->wake, .events = POLLIN},
        {.fd = peers->handle ? PQsocket(peers->handle) : -1, .events = POLLIN}};
    int64_t wait_ms = peers->renew_at_ms - db_monotonic_ms();
    if (wait_ms < 0) wait_ms = 0;
    if (!peers->handle || wait_ms > RENEW_MS) wait_ms = RECONNECT_MS;
    poll(events, 2, (int)wait_ms);
    uint64_t count;
    if (events[0].revents) {
        ssize_t length = read(peers->wake, &count, sizeof(count));
        (void)length;
    }
}

static void *peers_main(void *context) {
    struct postgres_peers *peers = context;
    while (send_messages(peers)) {
        if (!peers->handle || PQstatus(peers->handle) != CONNECTION_OK) reconnect(peers);
        if (peers->handle && db_monotonic_ms() >= peers->renew_at_ms && !renew(peers))
            peers->renew_at_ms = db_monotonic_ms() + RECONNECT_MS;
        if (peers->handle) hear_messages(peers); /* last: all the others may have brought some */
        wait_for_work(peers);
    }
    return NULL;
}

struct postgres_peers *postgres_peers_open(const char *url, struct arena *arena,
                                           struct text *ret_error) {
    struct postgres_peers *peers = calloc(1, sizeof(*peers));
    assert(peers);
    peers->url = strdup(url);
    peers->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    assert(peers->url && peers->wake >= 0);
    pthread_mutex_init(&peers->mutex, NULL);
    unsigned char holder[HOLDER_BYTES];
    randombytes_buf(holder, sizeof(holder));
    sodium_bin2hex(peers->holder, sizeof(peers->holder), holder, sizeof(holder));
    char why[WHY_BYTES] = "";
    peers->handle = postgres_connect(url, false, why, sizeof(why));
    if (!peers->handle || !listen_on(peers->handle) || !claim(peers)) {
        *ret_error = text_format(arena, "no node number could be leased: %s", why);
        PQfinish(peers->handle);
        peers->handle = NULL;
        peers->is_closing = true;
    }
    int failed = pthread_create(&peers->thread, NULL, peers_main, peers);
    assert(!failed);
    if (!peers->is_closing) return peers;
    postgres_peers_close(peers);
    return NULL;
}

/* The lease is left to run out: a node with a slower clock must not get the number at once. */
void postgres_peers_close(struct postgres_peers *peers) {
    if (!peers) return;
    pthread_mutex_lock(&peers->mutex);
    peers->is_closing = true;
    pthread_mutex_unlock(&peers->mutex);
    wake(peers);
    pthread_join(peers->thread, NULL);
    PQfinish(peers->handle);
    pthread_mutex_destroy(&peers->mutex);
    close(peers->wake);
    free(peers->url);
    free(peers);
}

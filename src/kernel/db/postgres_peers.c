#include "kernel/db/postgres_peers.h"

#include <assert.h>
#include <fcntl.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Also part of statements' texts, and so written as one number. */
#define LEASE_MS 60000

enum {
    RENEW_MS = 15 * 1000,
    /* Stop committing this long before others may take the number: clocks run differently fast, and
       a commit takes a while. */
    LEASE_SAFETY_MS = 20 * 1000,
    RECONNECT_MS = 500,
    MESSAGE_BYTES_MAX = 7900, /* PostgreSQL takes less than 8000 */
    MESSAGES_MAX = 4096,      /* waiting to be sent; more are dropped: they are hints */
    CLAIMS_MAX = 20,
    HOLDER_BYTES = 16,
    BOOT_BYTES = 36, /* a UUID as text */
    NOTE_BYTES = 200,
    WHY_BYTES = 300
};

#define CHANNEL "xiangji"

/* The server's clock, because the nodes' clocks may differ. */
#define NOW_MS "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
#define DIGITS_(number) #number
#define DIGITS(number) DIGITS_(number)
#define LEASE_END NOW_MS " + " DIGITS(LEASE_MS)

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
    int holder_descriptor; /* the locked file that keeps the holder; -1 when there is none */
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

/* ---- who holds the number ---- */

/* What must be the same for a holder to be known again: the running kernel, because flock tells
 * nothing about processes of other machines, and the very file, because a folder may be copied. */
static bool describe_place(int descriptor, char ret_place[NOTE_BYTES]) {
    char boot[BOOT_BYTES + 1] = "";
    struct stat status;
    int source = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t length = source < 0 ? -1 : read(source, boot, BOOT_BYTES);
    if (source >= 0) close(source);
    if (length != BOOT_BYTES || fstat(descriptor, &status)) return false;
    snprintf(ret_place, NOTE_BYTES, "%s %llu %llu ", boot, (unsigned long long)status.st_dev,
             (unsigned long long)status.st_ino);
    return true;
}

/* The lock says that whoever wrote the note is dead, however it died. */
static bool recall_holder(struct postgres_peers *peers, const char *place) {
    char note[NOTE_BYTES] = "";
    size_t place_length = strlen(place), holder_length = sizeof(peers->holder) - 1;
    ssize_t length = pread(peers->holder_descriptor, note, sizeof(note) - 1, 0);
    if (length != (ssize_t)(place_length + holder_length) || memcmp(note, place, place_length) != 0)
        return false;
    memcpy(peers->holder, note + place_length, holder_length);
    return strspn(peers->holder, "0123456789abcdef") == holder_length;
}

/* A note that cannot be written is missed by the next process alone: it gets another number. */
static void write_holder(struct postgres_peers *peers, const char *place) {
    char note[NOTE_BYTES];
    int length = snprintf(note, sizeof(note), "%s%s", place, peers->holder);
    assert(length > 0 && length < NOTE_BYTES);
    if (ftruncate(peers->holder_descriptor, 0) ||
        pwrite(peers->holder_descriptor, note, (size_t)length, 0) != length)
        db_log("the holder of the node number could not be written down");
}

static void take_holder(struct postgres_peers *peers, const char *folder) {
    char path[4096], place[NOTE_BYTES];
    unsigned char drawn[HOLDER_BYTES];
    peers->holder_descriptor = -1;
    if (folder && snprintf(path, sizeof(path), "%s/node-lock", folder) < (int)sizeof(path))
        peers->holder_descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool is_ours = peers->holder_descriptor >= 0 &&
                   !flock(peers->holder_descriptor, LOCK_EX | LOCK_NB) &&
                   describe_place(peers->holder_descriptor, place);
    if (is_ours && recall_holder(peers, place)) return;
    randombytes_buf(drawn, sizeof(drawn));
    sodium_bin2hex(peers->holder, sizeof(peers->holder), drawn, sizeof(drawn));
    if (is_ours) write_holder(peers, place);
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

static void hold(struct postgres_peers *peers, int64_t node, int64_t asked_at_ms) {
    peers->node = (uint32_t)node;
    lease_counts_from(peers, asked_at_ms);
}

/* A process that was killed finds its number again, and with it the jobs that it had claimed. */
static bool reclaim(struct postgres_peers *peers) {
    static const char sql[] =
        "UPDATE db_node SET leased_until = " LEASE_END " WHERE holder = $1 RETURNING node";
    const char *const values[] = {peers->holder};
    int64_t asked_at_ms = db_monotonic_ms();
    int64_t node = ask(peers->handle, sql, 1, values);
    if (node > 0) hold(peers, node, asked_at_ms);
    return node > 0;
}

/* Takes the lowest number whose lease is over. */
static bool claim(struct postgres_peers *peers) {
    static const char sql[] =
        "INSERT INTO db_node (node, holder, leased_until)"
        " SELECT n, $1, " LEASE_END " FROM generate_series(1, 1023) AS n"
        " WHERE NOT EXISTS (SELECT 1 FROM db_node d WHERE d.node = n AND d.leased_until >= " NOW_MS
        ")"
        " ORDER BY n LIMIT 1"
        " ON CONFLICT (node) DO UPDATE SET holder = excluded.holder,"
        " leased_until = excluded.leased_until"
        " WHERE db_node.leased_until < " NOW_MS " RETURNING node";
    const char *const values[] = {peers->holder};
    for (int i = 0; i < CLAIMS_MAX; i++) {
        int64_t asked_at_ms = db_monotonic_ms();
        int64_t node = ask(peers->handle, sql, 1, values);
        if (node < 1) continue; /* another node was quicker */
        hold(peers, node, asked_at_ms);
        return true;
    }
    return false;
}

/* Another node that has our number may have made ids like ours, so this process must not make more
 * of them. */
static bool renew(struct postgres_peers *peers) {
    static const char sql[] = "UPDATE db_node SET leased_until = " LEASE_END
                              " WHERE node = $1 AND holder = $2 RETURNING node";
    char node[16];
    snprintf(node, sizeof(node), "%u", peers->node);
    const char *const values[] = {node, peers->holder};
    int64_t asked_at_ms = db_monotonic_ms();
    int64_t answer = ask(peers->handle, sql, 2, values);
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

/* A lease lasts a minute from its last renewal: who holds one was alive within it. */
bool postgres_peers_count(const char *url, uint32_t node, int64_t *ret_count) {
    static const char sql[] =
        "SELECT count(*) FROM db_node WHERE node <> $1 AND leased_until >= " NOW_MS;
    char why[WHY_BYTES] = "", own[16];
    snprintf(own, sizeof(own), "%u", node);
    const char *const values[] = {own};
    PGconn *handle = postgres_connect(url, false, why, sizeof(why));
    int64_t count = handle ? ask(handle, sql, 1, values) : -1;
    PQfinish(handle);
    if (count < 0) return false;
    *ret_count = count;
    return true;
}

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

struct postgres_peers *postgres_peers_open(const char *url, const char *folder, struct arena *arena,
                                           struct text *ret_error) {
    struct postgres_peers *peers = calloc(1, sizeof(*peers));
    assert(peers);
    peers->url = strdup(url);
    peers->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    assert(peers->url && peers->wake >= 0);
    pthread_mutex_init(&peers->mutex, NULL);
    take_holder(peers, folder);
    char why[WHY_BYTES] = "";
    peers->handle = postgres_connect(url, false, why, sizeof(why));
    if (!peers->handle || !listen_on(peers->handle) || (!reclaim(peers) && !claim(peers))) {
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
    if (peers->holder_descriptor >= 0) close(peers->holder_descriptor);
    free(peers->url);
    free(peers);
}

/* The HTTP server: N threads, each with its own libmicrohttpd daemon driven from our epoll. The
 * library is used in this file only. README.md of this folder tells why it is driven so and what it
 * is lenient about. */
#include "kernel/http/server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <linux/tcp.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "app.h"
#include "kernel/base/embed.h"
#include "kernel/base/limits.h"
#include "kernel/http/cache.h"
#include "kernel/http/events.h"
#include "kernel/http/head.h"
#include "kernel/http/listen.h"
#include "kernel/http/log.h"
#include "kernel/http/metrics.h"
#include "kernel/http/pages.h"

enum {
    POOL_BYTES = 24 * 1024,              /* of one connection: its head, the reply's head */
    DRAIN_BYTES_MAX = 4 * 1024 * 1024,   /* of a refused body that is still read to its end */
    BODY_BYTES_MAX = 64 * 1024 * 1024,   /* of all bodies that one loop holds */
    RAW_BYTES_MAX = 8 * LIMIT_RAW_BYTES, /* of all pictures among them, counted apart: who holds up
                                            uploads holds up nobody else */
    BODY_SHARE_BYTES =
        BODY_BYTES_MAX / 8,              /* of them that one address may hold: 32 of the largest */
    RAW_SHARE_BYTES = RAW_BYTES_MAX / 4, /* 2 of the largest, many of what phones send */
    SHARES = 1024,                       /* of a loop; addresses that meet in one share it */
    SHARE_WAIT_S = 10,
    FETCH_THREADS = 4,
    FREE_EXCHANGES_MAX = 128, /* kept for reuse by one loop */
    TICK_MS = 1000,           /* between two looks at the deadlines */
    GZIP_WORTH_BYTES = 1024,
    REPLY_HEAD_BYTES = 1500, /* what a kept reply's headers take, about */
    LOG_FLUSH_BYTES = 12 * 1024,
    LOOPS_MAX = 64,
    COMMON_MAX = 8
};

struct header {
    const char *name;
    const char *value;
};

struct server {
    const struct app *app;
    struct server_settings settings;
    struct arena arena;
    struct road road;
    struct generations generations;
    struct log *log;
    unsigned char share_key[crypto_shorthash_KEYBYTES]; /* so that nobody chooses whom he meets */
    struct text tag;
    struct text openapi;
    struct text openapi_etag;
    size_t common_count;
    struct header common[COMMON_MAX]; /* on every reply */
    _Atomic bool stopping;
    int port;
    size_t loop_count;
    struct loop *loops;
    int *descriptors;
};

/* A finished reply that many requests share: the library counts who still sends it. */
struct kept {
    struct MHD_Response *plain;
    struct MHD_Response *gzip;
    const char *body; /* of `plain`, which frees it */
    size_t length;
    bool gzip_tried;
    char etag[80];
    char type[64];
    char cache_control[64];
    size_t metric;
};

enum peer_state {
    PEER_IDLE,    /* nothing of a request was seen */
    PEER_HEAD,    /* its head is arriving */
    PEER_BODY,    /* its body is arriving */
    PEER_WORKING, /* it is on the road */
    PEER_SENDING, /* its reply is being taken */
    PEER_STREAM
};

/* One connection. */
struct peer {
    struct peer *next;
    struct peer *previous;
    struct loop *loop;
    struct MHD_Connection *connection;
    int descriptor;
    enum peer_state state;
    int64_t since_ms; /* when the state began */
    bool is_new;      /* no request yet: the head's time runs from the accept on */
    bool ended;       /* its client had ended its side at the last look */
    bool counted;     /* `received` holds what had arrived when it fell idle */
    uint64_t received;
    int64_t body_ms; /* for the body that is arriving */
};

/* What the bodies hold that come from one client address. */
struct share {
    size_t body_bytes;
    size_t raw_bytes;
};

/* One request and its reply. */
struct exchange {
    struct errand errand; /* first: `finished` gets this address */
    struct loop *loop;
    struct peer *peer;
    struct MHD_Connection *connection;
    struct exchange *next; /* among the free or the finished ones */
    struct stream *stream;
    bool stream_waits; /* suspended until there is something to send */
    bool headed;       /* the library has shown us the head */
    bool over;         /* the road is done: the reply can be queued */
    bool dirty;        /* the errand was used */
    bool close;        /* after the reply */
    bool refused;      /* while reading, by `refusal_kind` */
    bool answered;     /* while the body was still arriving */
    bool english;
    bool is_head;
    enum problem_kind refusal_kind;
    const char *method;
    int64_t started_us;
    uint64_t number;
    size_t received; /* bytes of the body */
    size_t body_room;
    size_t body_max;     /* what the route takes */
    struct share *share; /* that `body_room` counts in; NULL where the address is unknown */
    bool is_raw;         /* the body is bytes that the road does not read */
    char *body;
    const char *raw_target; /* in the library's buffer */
    size_t raw_target_length;
    size_t target_length;
    char target[LIMIT_PATH_BYTES + 1];
    struct head head;
};

struct loop {
    struct server *server;
    size_t index;
    pthread_t thread;
    struct MHD_Daemon *daemon;
    int epoll_descriptor;
    int event_descriptor;
    struct store_reader *reader;
    struct cache *cache;
    struct streams streams;
    struct metrics metrics;
    struct log_batch log;
    struct kept **pages; /* by the number of the embedded file */
    struct kept *absent_page;
    struct kept *openapi;
    struct exchange *free_exchanges;
    size_t free_count;
    struct exchange *_Atomic finished; /* by other threads, newest first */
    _Atomic int finishers;             /* threads inside on_finished */
    struct peer *peers;
    size_t peer_count;
    size_t working; /* exchanges that another thread has */
    size_t body_bytes;
    size_t raw_bytes;
    struct share shares[SHARES]; /* of these */
    uint64_t request_count;
    int64_t now_ms; /* monotonic, of this turn */
    int64_t ticked_ms;
    bool quiesced;
    int64_t stopping_ms; /* when this loop heard of it */
};

static int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void wake(struct loop *loop) {
    uint64_t one = 1;
    ssize_t written = write(loop->event_descriptor, &one, sizeof(one));
    (void)written; /* full means that it is awake already */
}

/* ---- finished replies ---- */

static void add_header(struct MHD_Response *response, const char *name, const char *value) {
    enum MHD_Result added = MHD_add_response_header(response, name, value);
    assert(added == MHD_YES);
}

static void add_common(const struct server *server, struct MHD_Response *response) {
    for (size_t i = 0; i < server->common_count; i++)
        add_header(response, server->common[i].name, server->common[i].value);
}

static void drop_kept(void *held) {
    struct kept *kept = held;
    if (kept->plain) MHD_destroy_response(kept->plain);
    if (kept->gzip) MHD_destroy_response(kept->gzip);
    free(kept);
}

static void add_kept_headers(const struct server *server, struct MHD_Response *response,
                             const struct kept *kept, bool gzip) {
    add_common(server, response);
    add_header(response, "Content-Type", kept->type);
    add_header(response, "Cache-Control", kept->cache_control);
    add_header(response, "Vary", "Accept-Language, Accept-Encoding");
    if (!kept->etag[0]) return;
    if (!gzip) {
        add_header(response, "ETag", kept->etag);
        return;
    }
    /* Other bytes, another strong tag: "x" and "x-gz". */
    char tag[sizeof(kept->etag) + 4];
    snprintf(tag, sizeof(tag), "%.*s-gz\"", (int)strlen(kept->etag) - 1, kept->etag);
    add_header(response, "ETag", tag);
    add_header(response, "Content-Encoding", "gzip");
}

struct kept_source {
    struct text body;
    const char *type;
    const char *cache_control;
    const char *etag; /* with its quotes; "" for none */
    const unsigned char
        *gzip; /* packed at build; NULL: packed here on the first request that takes it */
    size_t gzip_length;
    size_t metric;
    bool is_constant; /* the bytes outlive the server: they are not copied */
};

static struct kept *make_kept(const struct server *server, const struct kept_source *source) {
    struct kept *kept = calloc(1, sizeof(*kept));
    assert(kept);
    kept->metric = source->metric;
    kept->length = source->body.length;
    snprintf(kept->etag, sizeof(kept->etag), "%s", source->etag);
    snprintf(kept->type, sizeof(kept->type), "%s", source->type);
    snprintf(kept->cache_control, sizeof(kept->cache_control), "%s", source->cache_control);
    if (source->is_constant) {
        kept->body = source->body.bytes;
        kept->plain = MHD_create_response_from_buffer(kept->length, (void *)(uintptr_t)kept->body,
                                                      MHD_RESPMEM_PERSISTENT);
        kept->gzip_tried = true;
    } else {
        char *copy = malloc(kept->length + 1);
        assert(copy);
        memcpy(copy, source->body.bytes, kept->length);
        kept->body = copy;
        kept->plain = MHD_create_response_from_buffer_with_free_callback(kept->length, copy, free);
        kept->gzip_tried = kept->length < GZIP_WORTH_BYTES;
    }
    assert(kept->plain);
    add_kept_headers(server, kept->plain, kept, false);
    if (source->gzip) {
        kept->gzip = MHD_create_response_from_buffer(
            source->gzip_length, (void *)(uintptr_t)source->gzip, MHD_RESPMEM_PERSISTENT);
        assert(kept->gzip);
        add_kept_headers(server, kept->gzip, kept, true);
    }
    return kept;
}

/* Packs the bytes once, when the first client comes that takes them so. */
static void pack(const struct server *server, struct kept *kept) {
    kept->gzip_tried = true;
    z_stream stream = {0};
    if (deflateInit2(&stream, 5, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return;
    size_t room = deflateBound(&stream, kept->length);
    unsigned char *packed = malloc(room);
    assert(packed);
    stream.next_in = (unsigned char *)(uintptr_t)kept->body;
    stream.avail_in = (uInt)kept->length;
    stream.next_out = packed;
    stream.avail_out = (uInt)room;
    bool fine = deflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out < kept->length;
    size_t length = stream.total_out;
    deflateEnd(&stream);
    if (!fine) {
        free(packed);
        return;
    }
    kept->gzip = MHD_create_response_from_buffer_with_free_callback(length, packed, free);
    assert(kept->gzip);
    add_kept_headers(server, kept->gzip, kept, true);
}

/* ---- exchanges ---- */

static struct exchange *take_exchange(struct loop *loop) {
    struct exchange *exchange = loop->free_exchanges;
    if (exchange) {
        loop->free_exchanges = exchange->next;
        loop->free_count--;
    } else {
        exchange = calloc(1, sizeof(*exchange));
        assert(exchange);
    }
    /* What lies behind `loop` and before `target` is cleared; the errand was when it was given
     * back. */
    size_t from = offsetof(struct exchange, loop);
    memset((char *)exchange + from, 0, offsetof(struct exchange, target) - from);
    exchange->loop = loop;
    return exchange;
}

static void give_exchange(struct exchange *exchange) {
    struct loop *loop = exchange->loop;
    *(exchange->is_raw ? &loop->raw_bytes : &loop->body_bytes) -= exchange->body_room;
    if (exchange->share)
        *(exchange->is_raw ? &exchange->share->raw_bytes : &exchange->share->body_bytes) -=
            exchange->body_room;
    if (loop->free_count == FREE_EXCHANGES_MAX) {
        errand_free(&exchange->errand);
        free(exchange);
        return;
    }
    if (exchange->dirty) errand_reset(&exchange->errand);
    exchange->next = loop->free_exchanges;
    loop->free_exchanges = exchange;
    loop->free_count++;
}

static void set_state(struct peer *peer, enum peer_state state) {
    peer->state = state;
    peer->since_ms = peer->loop->now_ms;
    peer->ended = false;
}

static void account(struct exchange *exchange, size_t metric, int status, const char *code) {
    struct loop *loop = exchange->loop;
    const struct server *server = loop->server;
    int64_t us = monotonic_us() - exchange->started_us;
    size_t known = router_count(server->road.router);
    metrics_count(&loop->metrics, metric, status, us);
    bool is_route = metric < known;
    if (server->settings.quiet || (!is_route && status < 400)) return;
    struct log_request line = {
        .at = app_now(server->app),
        .method = is_route
                      ? router_method_name(router_at(server->road.router, metric)->route->method)
                      : "",
        .route = is_route ? router_at(server->road.router, metric)->route->address
                          : metrics_kind_name((enum metrics_kind)(metric - known)),
        .status = status,
        .us = us,
        .number = exchange->number,
        .code = code};
    log_add(&loop->log, &line);
    if (loop->log.length > LOG_FLUSH_BYTES) log_flush(server->log, &loop->log);
}

static size_t kind_metric(const struct loop *loop, enum metrics_kind kind) {
    return router_count(loop->server->road.router) + kind;
}

static enum MHD_Result queue(struct exchange *exchange, int status, struct MHD_Response *response) {
    set_state(exchange->peer, PEER_SENDING);
    return MHD_queue_response(exchange->connection, (unsigned)status, response);
}

static enum MHD_Result queue_kept(struct exchange *exchange, struct kept *kept) {
    const struct head *head = &exchange->head;
    struct text etag = text_of(kept->etag);
    bool gzip = head_accepts_gzip(head);
    if (gzip && !kept->gzip_tried) pack(exchange->loop->server, kept);
    int status = 200;
    if (head->if_none_match.length && etag.length) {
        char packed[sizeof(kept->etag) + 4];
        int length =
            snprintf(packed, sizeof(packed), "%.*s-gz\"", (int)etag.length - 1, etag.bytes);
        if (road_etag_matches(head->if_none_match, etag) ||
            road_etag_matches(head->if_none_match, (struct text){packed, (size_t)length}))
            status = 304;
    }
    /* Replies from memory are counted, not logged. */
    metrics_count(&exchange->loop->metrics, kept->metric, status,
                  monotonic_us() - exchange->started_us);
    return queue(exchange, status, gzip && kept->gzip ? kept->gzip : kept->plain);
}

static void add_text_header(struct exchange *exchange, struct MHD_Response *response,
                            const char *name, struct text value) {
    if (value.length)
        add_header(response, name, text_terminated(&exchange->errand.run_arena, value));
}

static void add_output_headers(struct exchange *exchange, struct MHD_Response *response) {
    const struct road_output *output = &exchange->errand.output;
    char number[24];
    add_common(exchange->loop->server, response);
    if (output->body.length) {
        struct text type = output->content_type;
        add_text_header(exchange, response, "Content-Type",
                        type.length ? type : TEXT("application/json"));
    }
    add_text_header(exchange, response, "Cache-Control", output->cache_control);
    add_text_header(exchange, response, "ETag", output->etag);
    if (output->is_file)
        add_header(response, "Content-Disposition",
                   output->is_attachment ? "attachment" : "inline");
    else if (output->etag.length)
        add_header(response, "Vary", "Accept-Language, Cookie, Authorization");
    /* Policies add up: with this one beside the common one, nothing may run or load. */
    if (output->is_attachment)
        add_header(response, "Content-Security-Policy", "default-src 'none'; sandbox");
    add_text_header(exchange, response, "Set-Cookie", output->set_cookie);
    add_text_header(exchange, response, "Allow", output->allow);
    if (output->retry_after_s) {
        snprintf(number, sizeof(number), "%lld", (long long)output->retry_after_s);
        add_header(response, "Retry-After", number);
    }
    if (output->status == 401) add_header(response, "WWW-Authenticate", "Bearer");
    if (output->replayed) add_header(response, "Idempotency-Replayed", "true");
    snprintf(number, sizeof(number), "%llx", (unsigned long long)exchange->number);
    add_header(response, "X-Request-Id", number);
    if (exchange->close || exchange->loop->server->stopping)
        add_header(response, "Connection", "close");
}

/* The output stays in the exchange's arenas until the library says that the reply was sent. */
static enum MHD_Result queue_output(struct exchange *exchange, size_t metric) {
    const struct road_output *output = &exchange->errand.output;
    const char *bytes = output->body.length ? output->body.bytes : "";
    struct MHD_Response *response = MHD_create_response_from_buffer(
        output->body.length, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);
    if (!response) return MHD_NO;
    add_output_headers(exchange, response);
    account(exchange, metric, output->status, output->code);
    enum MHD_Result queued = queue(exchange, output->status, response);
    MHD_destroy_response(response);
    return queued;
}

static void use_errand(struct exchange *exchange) {
    exchange->dirty = true;
    exchange->errand.road = &exchange->loop->server->road;
    exchange->errand.input.english = exchange->english;
}

static enum MHD_Result queue_problem(struct exchange *exchange, enum problem_kind kind,
                                     enum metrics_kind metric) {
    use_errand(exchange);
    road_refuse_kind(&exchange->errand, kind);
    return queue_output(exchange, kind_metric(exchange->loop, metric));
}

/* What was wrong with the body before it was whole. */
static enum MHD_Result queue_refusal(struct exchange *exchange) {
    if (exchange->refusal_kind != PROBLEM_TOO_LARGE && exchange->refusal_kind != PROBLEM_TOO_MANY)
        return queue_problem(exchange, exchange->refusal_kind, METRIC_MALFORMED);
    use_errand(exchange);
    if (exchange->refusal_kind == PROBLEM_TOO_LARGE)
        road_refuse_size(&exchange->errand, exchange->body_max, exchange->is_raw);
    else
        road_refuse_share(&exchange->errand, SHARE_WAIT_S);
    return queue_output(exchange, kind_metric(exchange->loop, METRIC_MALFORMED));
}

/* ---- event streams ---- */

static ssize_t read_stream(void *context, uint64_t position, char *bytes, size_t room) {
    struct exchange *exchange = context;
    (void)position;
    size_t length = stream_take(exchange->stream, bytes, room);
    if (length) return (ssize_t)length;
    if (exchange->stream->ending) return MHD_CONTENT_READER_END_OF_STREAM;
    exchange->stream_waits = true;
    MHD_suspend_connection(exchange->connection);
    return 0;
}

static void wake_stream(struct stream *stream) {
    struct exchange *exchange = stream->transport;
    if (!exchange->stream_waits) return;
    exchange->stream_waits = false;
    MHD_resume_connection(exchange->connection);
}

static enum MHD_Result queue_stream(struct exchange *exchange) {
    struct loop *loop = exchange->loop;
    size_t metric = exchange->errand.entry->number;
    if (loop->streams.count >= loop->server->settings.stream_count_max || loop->server->stopping) {
        road_refuse_kind(&exchange->errand, PROBLEM_BUSY);
        return queue_output(exchange, metric);
    }
    exchange->stream =
        stream_open(&loop->streams, exchange->errand.who.person_id, loop->now_ms, exchange);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream, exchange, NULL);
    if (!response) return MHD_NO;
    add_common(loop->server, response);
    add_header(response, "Content-Type", "text/event-stream");
    add_header(response, "Cache-Control", "no-store");
    add_header(response, "X-Accel-Buffering", "no");
    account(exchange, metric, 200, NULL);
    set_state(exchange->peer, PEER_STREAM);
    enum MHD_Result queued = MHD_queue_response(exchange->connection, 200, response);
    MHD_destroy_response(response);
    return queued;
}

/* ---- the road's turn ---- */

static bool keeps(const struct errand *errand) {
    return errand->entry && errand->entry->route->cached && errand->output.status == 200;
}

/* Keeps the reply for those who ask the same, then answers from what was kept. */
static enum MHD_Result keep_and_queue(struct exchange *exchange) {
    struct loop *loop = exchange->loop;
    const struct errand *errand = &exchange->errand;
    const struct road_output *output = &errand->output;
    struct arena *arena = &exchange->errand.run_arena;
    struct kept_source source = {.body = output->body,
                                 .type = "application/json",
                                 .cache_control = text_terminated(arena, output->cache_control),
                                 .etag = text_terminated(arena, output->etag),
                                 .metric = errand->entry->number};
    struct kept *kept = make_kept(loop->server, &source);
    enum MHD_Result queued = queue_kept(exchange, kept);
    metrics_add(&loop->metrics.cache_misses, 1);
    struct cache_item item = {.target = {exchange->target, exchange->target_length},
                              .english = exchange->english,
                              .slot = errand->generation_slot,
                              .generation = errand->generation,
                              .until_ms = loop->now_ms + loop->server->settings.cached_ms,
                              .bytes =
                                  output->body.length + output->body.length / 2 + REPLY_HEAD_BYTES,
                              .held = kept};
    cache_put(loop->cache, &item);
    atomic_store(&loop->metrics.cache_bytes, cache_bytes(loop->cache));
    return queued;
}

static enum MHD_Result queue_road_output(struct exchange *exchange) {
    struct errand *errand = &exchange->errand;
    if (keeps(errand)) return keep_and_queue(exchange);
    bool is_stream = errand->entry && errand->entry->route->handle == events_open &&
                     errand->output.status == 204 && !exchange->is_head;
    if (is_stream) return queue_stream(exchange);
    size_t metric =
        errand->entry ? errand->entry->number : kind_metric(exchange->loop, METRIC_UNKNOWN);
    return queue_output(exchange, metric);
}

/* On any thread: hands the exchange back to its loop, and wakes it where it may sleep. */
static void on_finished(struct errand *errand) {
    struct exchange *exchange = (struct exchange *)(void *)errand;
    struct loop *loop = exchange->loop;
    atomic_fetch_add(&loop->finishers, 1);
    struct exchange *first = atomic_load(&loop->finished);
    do exchange->next = first;
    while (!atomic_compare_exchange_weak(&loop->finished, &first, exchange));
    if (!first) wake(loop);
    atomic_fetch_sub(&loop->finishers, 1);
}

/* Oldest first. The connections are resumed here, on their own loop, so that nothing of the library
 * is touched elsewhere. */
static void collect_finished(struct loop *loop) {
    struct exchange *newest = atomic_exchange(&loop->finished, NULL);
    struct exchange *oldest = NULL;
    while (newest) {
        struct exchange *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    while (oldest) {
        struct exchange *next = oldest->next;
        oldest->over = true;
        loop->working--;
        MHD_resume_connection(oldest->connection);
        oldest = next;
    }
}

/* The last address of X-Forwarded-For is what our own proxy saw; what stands before it a client may
 * have written. */
static bool forwarded_address(struct text all, struct in6_addr *ret_six, struct in_addr *ret_four,
                              int *ret_family) {
    char written[INET6_ADDRSTRLEN] = "";
    size_t at = all.length;
    while (at > 0 && all.bytes[at - 1] != ',') at--;
    struct text last = text_trim(text_slice(all, at, all.length));
    if (last.length == 0 || last.length >= sizeof(written)) return false;
    memcpy(written, last.bytes, last.length);
    bool is_four = inet_pton(AF_INET, written, ret_four) == 1;
    *ret_family = is_four ? AF_INET : AF_INET6;
    return is_four || inet_pton(AF_INET6, written, ret_six) == 1;
}

static bool socket_address(struct exchange *exchange, struct in6_addr *ret_six,
                           struct in_addr *ret_four, int *ret_family) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    if (!address) return false;
    *ret_family = address->sa_family;
    if (address->sa_family == AF_INET)
        *ret_four = ((const struct sockaddr_in *)(const void *)address)->sin_addr;
    else if (address->sa_family == AF_INET6)
        *ret_six = ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    else
        return false;
    return true;
}

/* Empty when it is unknown. An IPv6 client has a whole /64 to itself, so that is what limits
 * count. */
static struct text client_of(struct exchange *exchange) {
    const struct app *app = exchange->loop->server->app;
    bool behind_proxy = app->behind_tls || listen_is_unix(app->listen_address);
    struct in6_addr six = {0};
    struct in_addr four = {0};
    int family = AF_INET;
    bool known = behind_proxy
                     ? forwarded_address(exchange->head.forwarded_for, &six, &four, &family)
                     : socket_address(exchange, &six, &four, &family);
    if (!known) return TEXT("");
    char *written = arena_take(&exchange->errand.arena, INET6_ADDRSTRLEN);
    if (family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(&six)) memset(six.s6_addr + 8, 0, 8);
    inet_ntop(family, family == AF_INET ? (void *)&four : (void *)&six, written, INET6_ADDRSTRLEN);
    return text_of(written);
}

static void fill_input(struct exchange *exchange, enum method method) {
    const struct app *app = exchange->loop->server->app;
    const struct head *head = &exchange->head;
    struct text bearer = head_bearer(head);
    struct text cookie = head_cookie(head, app->behind_tls ? "__Host-xj_session" : "xj_session");
    struct text token = bearer.length ? bearer : cookie;
    if (!text_is_utf8(token)) token = TEXT("");
    use_errand(exchange);
    exchange->errand.input =
        (struct road_input){.method = method,
                            .target = {exchange->target, exchange->target_length},
                            .token = token,
                            .by_cookie = bearer.length == 0,
                            .host = head->host,
                            .origin = head->origin,
                            .fetch_site = head->fetch_site,
                            .content_type = head->content_type,
                            .idempotency_key = head->idempotency_key,
                            .if_none_match = head->if_none_match,
                            .headers = head->pairs,
                            .header_count = head->count,
                            .body = {exchange->body, exchange->received},
                            .client = client_of(exchange),
                            .number = exchange->number,
                            .english = exchange->english};
    exchange->errand.reader = exchange->loop->reader;
    exchange->errand.finished = on_finished;
}

static enum MHD_Result take_road(struct exchange *exchange, enum method method) {
    fill_input(exchange, method);
    if (road_start(&exchange->errand) == ROAD_DONE) return queue_road_output(exchange);
    exchange->loop->working++;
    set_state(exchange->peer, PEER_WORKING);
    MHD_suspend_connection(exchange->connection);
    return MHD_YES;
}

/* ---- pages and what the server says of itself ---- */

static enum MHD_Result queue_page(struct exchange *exchange, struct text path) {
    struct loop *loop = exchange->loop;
    const struct embed_file *file = pages_find(path);
    struct kept_source source = {.metric = kind_metric(loop, METRIC_PAGES), .is_constant = true};
    if (!file) {
        bool asks_page = text_find(path, TEXT("."), 0) == SIZE_MAX;
        if (!asks_page || embed_find("/index.html"))
            return queue_problem(exchange, PROBLEM_NOT_FOUND, METRIC_PAGES);
        source.body = pages_absent();
        source.type = "text/html; charset=utf-8";
        source.cache_control = "no-cache";
        source.etag = "";
        if (!loop->absent_page) loop->absent_page = make_kept(loop->server, &source);
        return queue_kept(exchange, loop->absent_page);
    }
    struct kept **page = &loop->pages[file - embed_at(0)];
    if (!*page) {
        char etag[40];
        snprintf(etag, sizeof(etag), "\"%.32s\"", file->etag);
        source.body = (struct text){(const char *)file->bytes, file->length};
        source.type = file->type;
        source.cache_control = pages_cache_control(file);
        source.etag = etag;
        source.gzip = file->gzip_bytes;
        source.gzip_length = file->gzip_length;
        *page = make_kept(loop->server, &source);
    }
    return queue_kept(exchange, *page);
}

static enum MHD_Result queue_system(struct exchange *exchange, int status, const char *type,
                                    struct text body) {
    exchange->errand.output = (struct road_output){.status = status,
                                                   .body = body,
                                                   .content_type = text_of(type),
                                                   .cache_control = TEXT("no-store")};
    return queue_output(exchange, kind_metric(exchange->loop, METRIC_SYSTEM));
}

static enum MHD_Result queue_metrics(struct exchange *exchange) {
    struct server *server = exchange->loop->server;
    struct arena *arena = &exchange->errand.run_arena;
    const struct metrics **loops = arena_new(arena, const struct metrics *, server->loop_count);
    struct metrics_view view = {.router = server->road.router,
                                .loops = loops,
                                .loop_count = server->loop_count,
                                .slow_waiting = slow_length(server->road.slow) +
                                                slow_length(server->road.heavy) +
                                                slow_length(server->road.fetch),
                                .store = store_counts(server->app->store),
                                .store_is_healthy = store_is_healthy(server->app->store)};
    for (size_t i = 0; i < server->loop_count; i++) {
        loops[i] = &server->loops[i].metrics;
        view.streams += server->loops[i].streams.count;
    }
    struct buffer buffer = buffer_make(arena, LIMIT_REPLY_BYTES);
    metrics_write(&buffer, &view);
    if (server->app->write_metrics) server->app->write_metrics(server->app, &buffer);
    return queue_system(exchange, 200, "text/plain; version=0.0.4; charset=utf-8",
                        buffer_text(&buffer));
}

static enum MHD_Result queue_ready(struct exchange *exchange) {
    const struct server *server = exchange->loop->server;
    bool ready = !server->stopping && store_is_healthy(server->app->store);
    return queue_system(exchange, ready ? 200 : 503, "application/json",
                        ready ? TEXT("{\"status\":\"ready\"}")
                              : TEXT("{\"status\":\"not_ready\"}"));
}

static enum MHD_Result queue_openapi(struct exchange *exchange) {
    struct loop *loop = exchange->loop;
    const struct server *server = loop->server;
    if (!loop->openapi) {
        struct kept_source source = {.body = server->openapi,
                                     .type = "application/json",
                                     .cache_control = "no-cache",
                                     .etag = server->openapi_etag.bytes,
                                     .metric = kind_metric(loop, METRIC_SYSTEM)};
        loop->openapi = make_kept(server, &source);
    }
    return queue_kept(exchange, loop->openapi);
}

/* Everything that is not on the road: the pages, the document, the state of the server. */
static enum MHD_Result take_file(struct exchange *exchange, bool reads) {
    struct errand *errand = &exchange->errand;
    struct text raw = {exchange->target, exchange->target_length};
    use_errand(exchange);
    if (!target_read(&errand->arena, raw, &errand->target)) {
        errand->target.path = TEXT("");
        return queue_problem(exchange, PROBLEM_BAD_REQUEST, METRIC_MALFORMED);
    }
    if (!reads) {
        errand->output.allow = TEXT("GET, HEAD");
        return queue_problem(exchange, PROBLEM_WRONG_METHOD, METRIC_PAGES);
    }
    struct text path = errand->target.path;
    if (text_is(path, "/healthz"))
        return queue_system(exchange, 200, "application/json", TEXT("{\"status\":\"ok\"}"));
    if (text_is(path, "/readyz")) return queue_ready(exchange);
    if (text_is(path, "/metrics")) return queue_metrics(exchange);
    if (text_is(path, "/api/openapi.json")) return queue_openapi(exchange);
    return queue_page(exchange, path);
}

/* ---- the request as it arrives ---- */

static bool find_method(const char *name, enum method *ret_method) {
    if (strcmp(name, "HEAD") == 0) name = "GET";
    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (strcmp(name, router_method_name((enum method)i)) == 0) {
            *ret_method = (enum method)i;
            return true;
        }
    return false;
}

/* A method that no table has, such as PATCH. */
static enum MHD_Result queue_unknown_method(struct exchange *exchange, struct text raw) {
    struct errand *errand = &exchange->errand;
    struct router_match match;
    use_errand(exchange);
    if (!target_read(&errand->arena, raw, &errand->target))
        return queue_problem(exchange, PROBLEM_BAD_REQUEST, METRIC_MALFORMED);
    if (!router_find(errand->road->router, GET, &errand->target, &match))
        return queue_problem(exchange, PROBLEM_NOT_FOUND, METRIC_UNKNOWN);
    road_refuse_method(errand, &match);
    return queue_output(exchange, kind_metric(exchange->loop, METRIC_UNKNOWN));
}

/* The whole request is there. */
static enum MHD_Result complete(struct exchange *exchange) {
    struct loop *loop = exchange->loop;
    struct text target = {exchange->target, exchange->target_length};
    if (exchange->answered) return MHD_NO;
    if (exchange->refused) return queue_refusal(exchange);
    enum method method = GET;
    bool known = find_method(exchange->method, &method);
    if (known && method == GET) {
        struct kept *kept = cache_find(loop->cache, target, exchange->english, loop->now_ms);
        if (kept) {
            metrics_add(&loop->metrics.cache_hits, 1);
            return queue_kept(exchange, kept);
        }
    }
    bool is_api =
        text_starts(target, TEXT("/files/")) ||
        (text_starts(target, TEXT("/api/")) && !text_starts(target, TEXT("/api/openapi.json")));
    if (is_api && known) return take_road(exchange, method);
    if (!is_api) return take_file(exchange, known && method == GET);
    return queue_unknown_method(exchange, target);
}

static enum MHD_Result each_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   size_t name_length, const char *value, size_t value_length) {
    (void)kind;
    head_add(context, (struct text){name, name_length},
             (struct text){value ? value : "", value_length});
    return MHD_YES;
}

static void refuse_body(struct exchange *exchange, enum problem_kind kind) {
    exchange->refused = true;
    exchange->refusal_kind = kind;
}

static bool expects_continue(const struct head *head) {
    for (size_t i = 0; i < head->count; i++)
        if (head->pairs[i].name.length == 6 &&
            strncasecmp(head->pairs[i].name.bytes, "expect", 6) == 0)
            return true;
    return false;
}

/* How many bytes the route takes. Only who sends more than any JSON may have is looked up. */
static size_t body_max(struct exchange *exchange) {
    struct errand *errand = &exchange->errand;
    struct text target = {exchange->target, exchange->target_length};
    struct router_match match;
    enum method method;
    bool is_long = exchange->head.chunked || exchange->head.content_length > LIMIT_BODY_BYTES;
    if (!is_long || !find_method(exchange->method, &method)) return LIMIT_BODY_BYTES;
    use_errand(exchange);
    if (!target_read(&errand->arena, target, &errand->target) ||
        !router_find(errand->road->router, method, &errand->target, &match) || !match.entry ||
        !match.entry->route->raw_types)
        return LIMIT_BODY_BYTES;
    exchange->is_raw = true;
    return match.entry->route->raw_bytes_max;
}

static struct share *share_of(struct exchange *exchange) {
    unsigned char hash[crypto_shorthash_BYTES];
    uint64_t number;
    use_errand(exchange);
    struct text client = client_of(exchange);
    if (client.length == 0) return NULL;
    crypto_shorthash(hash, (const unsigned char *)client.bytes, client.length,
                     exchange->loop->server->share_key);
    memcpy(&number, hash, sizeof(number));
    return &exchange->loop->shares[number % SHARES];
}

/* Room is given before anybody has said who he is, so one address has a part of it alone: else a
 * few connections that announce much and send nothing hold up all others. */
static bool reserve(struct exchange *exchange, size_t room) {
    struct loop *loop = exchange->loop;
    bool is_raw = exchange->is_raw;
    struct share *share = share_of(exchange);
    size_t *held = is_raw ? &loop->raw_bytes : &loop->body_bytes;
    size_t *shared = !share ? NULL : is_raw ? &share->raw_bytes : &share->body_bytes;
    if (shared && *shared + room > (is_raw ? RAW_SHARE_BYTES : BODY_SHARE_BYTES)) {
        refuse_body(exchange, PROBLEM_TOO_MANY);
        return false;
    }
    if (*held + room > (is_raw ? RAW_BYTES_MAX : BODY_BYTES_MAX)) {
        refuse_body(exchange, PROBLEM_BUSY);
        return false;
    }
    exchange->share = share;
    exchange->body_room = room;
    exchange->body = arena_take_raw(&exchange->errand.arena, room);
    *held += room;
    if (shared) *shared += room;
    return true;
}

/* Makes room for what is announced. A body that is too large is read to its end and then refused,
 * because a client that is cut while it sends never sees the answer; unless it is far too large, or
 * waits for our word before it sends. The same of one that comes beside too many of its address. */
static bool expect_body(struct exchange *exchange) {
    const struct head *head = &exchange->head;
    size_t max = exchange->body_max = body_max(exchange);
    const struct server_settings *settings = &exchange->loop->server->settings;
    set_state(exchange->peer, PEER_BODY);
    exchange->peer->body_ms = exchange->is_raw ? settings->raw_ms : settings->body_ms;
    if (head->content_length > (int64_t)max) {
        refuse_body(exchange, PROBLEM_TOO_LARGE);
        bool near = head->content_length <= (int64_t)(exchange->is_raw ? max : 0) + DRAIN_BYTES_MAX;
        return near && !expects_continue(head);
    }
    size_t room = head->chunked ? max : (size_t)head->content_length;
    return reserve(exchange, room) ||
           (exchange->refusal_kind == PROBLEM_TOO_MANY && !expects_continue(head));
}

/* The head is there. What is wrong with its form is answered by 400 at once, which also closes the
 * connection. */
static enum MHD_Result begin(struct exchange *exchange, const char *method, const char *version) {
    struct head *head = &exchange->head;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    exchange->method = method;
    exchange->is_head = strcmp(method, "HEAD") == 0;
    exchange->close = true; /* until the head is known to be sound */
    head_begin(head, method, exchange->raw_target, exchange->raw_target_length, version);
    MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, each_header, head);
    bool fits = exchange->target_length > 0 && exchange->target_length <= LIMIT_PATH_BYTES;
    /* The library takes a target with spaces in it; its own copy is cut up by now, ours is whole.
     */
    bool sound = info && head_end(head, method + info->header_size) && fits &&
                 !memchr(exchange->target, ' ', exchange->target_length);
    exchange->english = target_wants_english(head->accept_language);
    if (!sound) return queue_problem(exchange, PROBLEM_BAD_REQUEST, METRIC_MALFORMED);
    if (info->header_size > LIMIT_HEAD_BYTES)
        return queue_problem(exchange, PROBLEM_TOO_LARGE, METRIC_MALFORMED);
    if ((head->content_length > 0 || head->chunked) && !expect_body(exchange))
        return queue_refusal(exchange);
    exchange->close = false;
    return MHD_YES;
}

/* The library takes no reply while a body arrives, and a body in chunks says no length beforehand:
 * so the answer to one that has passed its bound is written past the library, and our side of the
 * connection is ended. What the client still sends is read for a while and dropped, because a
 * client that is cut while it sends never sees the answer. */
static void answer_early(struct exchange *exchange) {
    const struct server *server = exchange->loop->server;
    struct errand *errand = &exchange->errand;
    struct buffer reply = buffer_make(&errand->run_arena, 8 * 1024);
    use_errand(exchange);
    road_refuse_size(errand, exchange->body_max, exchange->is_raw);
    const struct road_output *output = &errand->output;
    buffer_add_format(&reply, "HTTP/1.1 %d Content Too Large\r\n", output->status);
    for (size_t i = 0; i < server->common_count; i++)
        buffer_add_format(&reply, "%s: %s\r\n", server->common[i].name, server->common[i].value);
    buffer_add_format(&reply,
                      "Content-Type: %.*s\r\nCache-Control: no-store\r\nX-Request-Id: %llx\r\n"
                      "Connection: close\r\nContent-Length: %zu\r\n\r\n",
                      (int)output->content_type.length, output->content_type.bytes,
                      (unsigned long long)exchange->number, output->body.length);
    buffer_add_text(&reply, output->body);
    /* Nothing else is on its way, so a few KB fit; where they do not, the client is cut as before.
     */
    ssize_t sent =
        send(exchange->peer->descriptor, reply.bytes, reply.length, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent;
    shutdown(exchange->peer->descriptor, SHUT_WR);
    exchange->answered = true;
    account(exchange, kind_metric(exchange->loop, METRIC_MALFORMED), output->status, output->code);
}

static enum MHD_Result take_body(struct exchange *exchange, const char *bytes, size_t length) {
    size_t received = exchange->received + length;
    if (!exchange->refused && received > exchange->body_room) {
        refuse_body(exchange, PROBLEM_TOO_LARGE);
        answer_early(exchange);
    }
    if (!exchange->refused) memcpy(exchange->body + exchange->received, bytes, length);
    exchange->received = received;
    return received > exchange->body_max + DRAIN_BYTES_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *length, void **request) {
    struct exchange *exchange = *request;
    (void)context;
    (void)connection;
    (void)url;
    if (!exchange) return MHD_NO;
    if (!exchange->headed) {
        exchange->headed = true;
        return begin(exchange, method, version);
    }
    if (*length) {
        size_t arrived = *length;
        *length = 0;
        return take_body(exchange, bytes, arrived);
    }
    return exchange->over ? queue_road_output(exchange) : complete(exchange);
}

static struct peer *peer_of(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* The request line, before the library decodes it in place. */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection) {
    struct loop *loop = context;
    struct peer *peer = peer_of(connection);
    struct exchange *exchange = take_exchange(loop);
    exchange->peer = peer;
    exchange->connection = connection;
    exchange->started_us = monotonic_us();
    exchange->number = ((uint64_t)loop->index << 48) | ++loop->request_count;
    exchange->raw_target = target;
    exchange->raw_target_length = strlen(target);
    exchange->target_length = exchange->raw_target_length;
    if (exchange->target_length > LIMIT_PATH_BYTES)
        exchange->target_length = LIMIT_PATH_BYTES + 1;
    else
        memcpy(exchange->target, target, exchange->target_length + 1);
    if (peer->state == PEER_IDLE && !peer->is_new) set_state(peer, PEER_HEAD);
    peer->state = PEER_HEAD;
    peer->is_new = false;
    return exchange;
}

/* The library would decode the target in place, where we still compare it with the head; it is
 * decoded by target_read. */
static size_t leave_encoded(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **request,
                         enum MHD_RequestTerminationCode code) {
    struct loop *loop = context;
    struct exchange *exchange = *request;
    (void)connection;
    (void)code;
    if (!exchange) return;
    if (exchange->stream) stream_close(&loop->streams, exchange->stream);
    struct peer *peer = exchange->peer;
    set_state(peer, PEER_IDLE);
    peer->counted = false;
    /* A kept reply could not say "Connection: close"; nothing more is read from it now. */
    if (loop->quiesced) shutdown(peer->descriptor, SHUT_RD);
    give_exchange(exchange);
    *request = NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode code) {
    struct loop *loop = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        struct peer *peer = calloc(1, sizeof(*peer));
        assert(peer);
        *peer = (struct peer){
            .loop = loop, .connection = connection, .next = loop->peers, .is_new = true};
        peer->descriptor =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        set_state(peer, PEER_IDLE);
        if (loop->peers) loop->peers->previous = peer;
        loop->peers = peer;
        loop->peer_count++;
        *socket_context = peer;
    } else {
        struct peer *peer = *socket_context;
        if (peer->previous)
            peer->previous->next = peer->next;
        else
            loop->peers = peer->next;
        if (peer->next) peer->next->previous = peer->previous;
        loop->peer_count--;
        free(peer);
    }
    atomic_store(&loop->metrics.connections, loop->peer_count);
}

/* ---- deadlines ---- */

/* What the kernel knows of a connection: how many bytes arrived, and whether its client has ended
 * its side. Unix sockets do not tell; there our own proxy behaves. */
static bool read_kernel(int descriptor, struct tcp_info *ret_info) {
    socklen_t length = sizeof(*ret_info);
    memset(ret_info, 0, sizeof(*ret_info));
    if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, ret_info, &length) != 0) return false;
    return length >= offsetof(struct tcp_info, tcpi_bytes_received) + sizeof(uint64_t);
}

/* Looks at a connection from which we wait for something. One on which more and more arrives
 * without a whole request line is a head that trickles. One whose client has ended its side will
 * send no more; the library misses that when the end arrives together with bytes, so a connection
 * that is found so twice (what had arrived was read in between) is over. */
static bool is_over(struct peer *peer) {
    enum { CLOSE_WAIT = 8 }; /* TCP_CLOSE_WAIT; its header does not go with the one used here */
    struct tcp_info info;
    if (!read_kernel(peer->descriptor, &info)) return false;
    bool seen_ended = peer->ended;
    peer->ended = info.tcpi_state == CLOSE_WAIT;
    if (peer->state != PEER_IDLE || peer->is_new) return peer->ended && seen_ended;
    uint64_t received = info.tcpi_bytes_received;
    if (peer->counted && received != peer->received) set_state(peer, PEER_HEAD);
    peer->counted = true;
    peer->received = received;
    return peer->ended && seen_ended;
}

static bool is_late(const struct peer *peer, const struct server_settings *settings) {
    int64_t ms = peer->loop->now_ms - peer->since_ms;
    switch (peer->state) {
    case PEER_IDLE: return ms > (peer->is_new ? settings->head_ms : settings->idle_ms);
    case PEER_HEAD: return ms > settings->head_ms;
    case PEER_BODY: return ms > peer->body_ms;
    case PEER_SENDING: return ms > settings->reply_ms;
    case PEER_WORKING:
    case PEER_STREAM: return false;
    }
    return false;
}

static void tick(struct loop *loop) {
    const struct server_settings *settings = &loop->server->settings;
    loop->ticked_ms = loop->now_ms;
    for (struct peer *peer = loop->peers; peer; peer = peer->next) {
        bool waiting = peer->state <= PEER_BODY;
        bool over = waiting && is_over(peer);
        bool late = is_late(peer, settings);
        if (!over && !late) continue;
        if (!over && (peer->state != PEER_IDLE || peer->is_new)) metrics_add(&loop->metrics.cut, 1);
        /* The library notices the end of the connection and cleans up. */
        shutdown(peer->descriptor, SHUT_RDWR);
        set_state(peer, peer->state);
    }
    streams_tick(&loop->streams, loop->now_ms, settings->stream_wake_ms, settings->stream_ms);
}

/* ---- the loop ---- */

/* Nothing new is taken; who waits for nothing is let go; the rest gets its reply. */
static void quiesce(struct loop *loop) {
    loop->quiesced = true;
    loop->stopping_ms = loop->now_ms;
    MHD_quiesce_daemon(loop->daemon);
    streams_end(&loop->streams);
    for (struct peer *peer = loop->peers; peer; peer = peer->next)
        if (peer->state == PEER_IDLE) shutdown(peer->descriptor, SHUT_RD);
}

static void cut_all(struct loop *loop) {
    for (struct peer *peer = loop->peers; peer; peer = peer->next)
        if (peer->state != PEER_WORKING) shutdown(peer->descriptor, SHUT_RDWR);
}

/* True when the loop may end. */
static bool is_drained(struct loop *loop) {
    if (!loop->quiesced) return false;
    if (loop->now_ms - loop->stopping_ms > loop->server->settings.stop_ms) cut_all(loop);
    return loop->peer_count == 0 && loop->working == 0;
}

static int64_t tick_length(const struct loop *loop) {
    int64_t short_ms = loop->server->settings.head_ms / 4;
    return short_ms < TICK_MS ? short_ms : TICK_MS;
}

static int wait_ms(struct loop *loop) {
    MHD_UNSIGNED_LONG_LONG library_ms = TICK_MS;
    int64_t tick_ms = loop->ticked_ms + tick_length(loop) - loop->now_ms;
    if (MHD_get_timeout(loop->daemon, &library_ms) == MHD_YES && (int64_t)library_ms < tick_ms)
        tick_ms = (int64_t)library_ms;
    if (loop->quiesced && tick_ms > 20) tick_ms = 20;
    return tick_ms < 0 ? 0 : (int)tick_ms;
}

static void turn(struct loop *loop) {
    struct epoll_event events[2];
    uint64_t woken;
    int count = epoll_wait(loop->epoll_descriptor, events, 2, wait_ms(loop));
    loop->now_ms = monotonic_us() / 1000;
    for (int i = 0; i < count; i++)
        if (events[i].data.fd == loop->event_descriptor) {
            ssize_t length = read(loop->event_descriptor, &woken, sizeof(woken));
            (void)length;
        }
    collect_finished(loop);
    streams_deliver(&loop->streams, loop->now_ms);
    if (loop->server->stopping && !loop->quiesced) quiesce(loop);
    MHD_run(loop->daemon);
    if (loop->now_ms - loop->ticked_ms >= tick_length(loop)) tick(loop);
    log_flush(loop->server->log, &loop->log);
}

static void *run_loop(void *context) {
    struct loop *loop = context;
    loop->now_ms = loop->ticked_ms = monotonic_us() / 1000;
    loop->reader = store_reader_open(loop->server->app->store);
    while (!is_drained(loop)) turn(loop);
    /* A reply that was just sent leaves the library's books only in its next turn. */
    MHD_run(loop->daemon);
    MHD_stop_daemon(loop->daemon);
    if (loop->reader) store_reader_close(loop->reader);
    log_flush(loop->server->log, &loop->log);
    return NULL;
}

static bool start_daemon(struct loop *loop, int descriptor) {
    const struct server_settings *settings = &loop->server->settings;
    unsigned idle_s = (unsigned)((settings->idle_ms + 999) / 1000);
    loop->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, loop,
        MHD_OPTION_LISTEN_SOCKET, descriptor, MHD_OPTION_URI_LOG_CALLBACK, on_target, loop,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, loop, MHD_OPTION_NOTIFY_CONNECTION, on_connection, loop,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES, MHD_OPTION_CONNECTION_LIMIT,
        settings->connection_count_max, MHD_OPTION_CONNECTION_TIMEOUT, idle_s,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
    if (!loop->daemon) return false;
    struct epoll_event of_daemon = {.events = EPOLLIN};
    struct epoll_event of_event = {.events = EPOLLIN, .data.fd = loop->event_descriptor};
    of_daemon.data.fd = MHD_get_daemon_info(loop->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    epoll_ctl(loop->epoll_descriptor, EPOLL_CTL_ADD, of_daemon.data.fd, &of_daemon);
    epoll_ctl(loop->epoll_descriptor, EPOLL_CTL_ADD, loop->event_descriptor, &of_event);
    return true;
}

static bool start_loop(struct server *server, size_t index) {
    struct loop *loop = &server->loops[index];
    loop->server = server;
    loop->index = index;
    loop->cache = cache_make(&server->generations, drop_kept);
    loop->pages = calloc(embed_count() + 1, sizeof(struct kept *));
    assert(loop->pages);
    metrics_make(&loop->metrics, router_count(server->road.router));
    streams_make(&loop->streams, wake_stream);
    loop->epoll_descriptor = epoll_create1(EPOLL_CLOEXEC);
    loop->event_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (!start_daemon(loop, server->descriptors[index])) return false;
    return pthread_create(&loop->thread, NULL, run_loop, loop) == 0;
}

static void free_loop(struct loop *loop) {
    /* The last thread that handed an exchange back may still be waking us. */
    while (atomic_load(&loop->finishers)) sched_yield();
    cache_free(loop->cache);
    streams_free(&loop->streams);
    metrics_free(&loop->metrics);
    for (size_t i = 0; i < embed_count(); i++)
        if (loop->pages[i]) drop_kept(loop->pages[i]);
    if (loop->absent_page) drop_kept(loop->absent_page);
    if (loop->openapi) drop_kept(loop->openapi);
    free(loop->pages);
    while (loop->free_exchanges) {
        struct exchange *exchange = loop->free_exchanges;
        loop->free_exchanges = exchange->next;
        errand_free(&exchange->errand);
        free(exchange);
    }
    close(loop->epoll_descriptor);
    close(loop->event_descriptor);
}

/* ---- start and stop ---- */

static void add_common_header(struct server *server, const char *name, const char *value) {
    assert(server->common_count < COMMON_MAX);
    server->common[server->common_count++] = (struct header){name, value};
}

/* The scheme, host and port of a URL; nothing when it has no host. */
static struct text origin_of(const char *url) {
    struct text whole = text_of(url ? url : "");
    size_t host = text_find(whole, TEXT("://"), 0);
    if (host == SIZE_MAX) return TEXT("");
    return text_slice(whole, 0, text_find(whole, TEXT("/"), host + 3));
}

static void make_common(struct server *server) {
    struct text cashier = origin_of(server->app->sandbox_url);
    struct text policy = text_format(
        &server->arena,
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "script-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'%s%.*s",
        cashier.length ? " " : "", (int)cashier.length, cashier.bytes);
    add_common_header(server, "Content-Security-Policy", text_terminated(&server->arena, policy));
    add_common_header(server, "X-Content-Type-Options", "nosniff");
    add_common_header(server, "Referrer-Policy", "same-origin");
    add_common_header(server, "Permissions-Policy",
                      "camera=(), microphone=(), geolocation=(), payment=()");
    add_common_header(server, "X-Frame-Options", "DENY");
    if (server->app->behind_tls)
        add_common_header(server, "Strict-Transport-Security", "max-age=31536000");
}

struct server_settings server_defaults(const struct app *app) {
    struct server_settings settings = {.head_ms = LIMIT_HEAD_MS,
                                       .body_ms = LIMIT_BODY_MS,
                                       .raw_ms = LIMIT_RAW_MS,
                                       .idle_ms = 75 * SECOND_MS,
                                       .reply_ms = 300 * SECOND_MS,
                                       .stop_ms = 10 * SECOND_MS,
                                       .stream_wake_ms = 15 * SECOND_MS,
                                       .stream_ms = 15 * MINUTE_MS,
                                       .connection_count_max = LIMIT_CONNECTIONS,
                                       .stream_count_max = LIMIT_STREAMS};
    settings.rooms = rooms_all(&settings.room_count);
    settings.cached_ms = (store_is_postgres(app->store) ? 2 : 10) * SECOND_MS;
    return settings;
}

static void hear(void *context, struct text message) { changes_hear(context, message); }

static void make_road(struct server *server) {
    struct arena *arena = &server->arena;
    const struct server_settings *settings = &server->settings;
    unsigned char tag[8];
    server->app->random(server->app, tag, sizeof(tag));
    server->tag = text_hex(arena, (struct bytes){tag, sizeof(tag)});
    int slow_count = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (slow_count < 2) slow_count = 2;
    if (slow_count > server->app->worker_count) slow_count = server->app->worker_count;
    server->road =
        (struct road){.app = server->app,
                      .rooms = settings->rooms,
                      .room_count = settings->room_count,
                      .router = router_make(arena, settings->rooms, settings->room_count),
                      .server = server,
                      .generations = &server->generations,
                      .slow = slow_start(slow_count),
                      .heavy = slow_start(1),
                      .fetch = slow_start(FETCH_THREADS)};
    server->openapi = openapi_write(arena, settings->rooms, settings->room_count);
    struct text etag = road_etag(arena, server->openapi);
    server->openapi_etag = (struct text){text_terminated(arena, etag), etag.length};
}

/* Each connection is a descriptor: take as many as the machine gives us. */
static void raise_descriptors(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

bool server_start_with(const struct app *app, const struct server_settings *settings,
                       struct text *ret_error, struct server **ret_server) {
    size_t loop_count = app->loop_count < 1 ? 1 : (size_t)app->loop_count;
    if (loop_count > LOOPS_MAX) loop_count = LOOPS_MAX;
    int descriptors[LOOPS_MAX];
    if (!listen_open(app->listen_address, app->port, loop_count, descriptors, ret_error))
        return false;
    /* A client that went away while we write to it is an error of that write, not the end of the
     * process. */
    signal(SIGPIPE, SIG_IGN);
    raise_descriptors();
    struct server *server = calloc(1, sizeof(*server));
    assert(server);
    server->app = app;
    server->settings = *settings;
    server->loop_count = loop_count;
    server->port = listen_port(descriptors[0]);
    server->descriptors = arena_new(&server->arena, int, loop_count);
    memcpy(server->descriptors, descriptors, loop_count * sizeof(int));
    if (!settings->quiet) server->log = log_start();
    app->random(app, server->share_key, sizeof(server->share_key));
    make_common(server);
    make_road(server);
    server->loops = calloc(loop_count, sizeof(struct loop));
    assert(server->loops);
    for (size_t i = 0; i < loop_count; i++) {
        bool started = start_loop(server, i);
        assert(started); /* no memory or no descriptors left at start: there is nothing to go on
                            with */
    }
    store_listen(app->store, hear, server);
    *ret_server = server;
    return true;
}

bool server_start(const struct app *app, struct text *ret_error, struct server **ret_server) {
    struct server_settings settings = server_defaults(app);
    return server_start_with(app, &settings, ret_error, ret_server);
}

int server_port(const struct server *server) { return server->port; }

const struct road *server_road(const struct server *server) { return &server->road; }

struct text server_tag(const struct server *server) {
    return server->tag;
}

void server_changed(struct server *server, const struct request_changes *changes) {
    if (changes->everything)
        for (size_t i = 0; i < GENERATION_SLOTS; i++) generation_pass(&server->generations, i);
    for (size_t i = 0; i < changes->id_count; i++)
        generation_pass(&server->generations, generation_slot(changes->ids[i]));
}

void server_event(struct server *server, int64_t person_id, struct text name, struct text json) {
    for (size_t i = 0; i < server->loop_count; i++)
        if (streams_post(&server->loops[i].streams, person_id, name, json)) wake(&server->loops[i]);
}

void server_stop(struct server *server) {
    store_listen(server->app->store, NULL, NULL);
    server->stopping = true;
    for (size_t i = 0; i < server->loop_count; i++) wake(&server->loops[i]);
    for (size_t i = 0; i < server->loop_count; i++) pthread_join(server->loops[i].thread, NULL);
    slow_stop(server->road.slow);
    slow_stop(server->road.heavy);
    slow_stop(server->road.fetch);
    for (size_t i = 0; i < server->loop_count; i++) free_loop(&server->loops[i]);
    listen_close(server->app->listen_address, server->loop_count, server->descriptors);
    log_stop(server->log);
    free(server->loops);
    arena_free(&server->arena);
    free(server);
}

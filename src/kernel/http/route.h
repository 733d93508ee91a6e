/* The one road: what a room declares in its doors.c, and the request as its handlers see it. */
#ifndef KERNEL_HTTP_ROUTE_H
#define KERNEL_HTTP_ROUTE_H

#include "kernel/base/ids.h"
#include "kernel/db/db.h"
#include "kernel/http/permission.h"

struct app;
struct route;
struct fact;
struct check_report;

enum method { GET, POST, PUT, DELETE };

/* Who asks. person_id 0 is nobody. */
struct principal {
    int64_t person_id;
    int64_t session_id;
    const struct grant *grants;
    size_t grant_count;
    bool by_cookie; /* the Origin is checked on writes then */
    bool touch_due; /* the session's last use is older than a minute: app->touch notes it in the
                       next write */
};

/* A reply that is no JSON. */
struct request_file {
    struct text bytes;  /* in the request's arena */
    struct text type;   /* "image/webp" */
    struct text tag;    /* names these bytes: what makes the ETag */
    int64_t private_ms; /* 0: everybody may keep it for ever; else its reader, for so long */
    bool is_attachment; /* bytes that nobody looked into: saved, never shown as a page */
};

/* One piece of work on the road: an HTTP request, a job of the timer or a line of the demo.
 * Handlers touch `db`, `arena` and `reply` only, because they may run twice. */
struct request {
    const struct app *app;
    struct db *db;
    struct arena *arena;
    struct instant now; /* stamped once, the same for the whole transaction */
    const struct principal *who;
    const struct route *route; /* NULL for jobs and the demo */
    const void *path;          /* of route->path */
    const void *query;         /* of route->query */
    const void *body;          /* of route->body */
    void *reply;               /* of route->reply, zeroed */
    void *prepared;            /* what `before` made for `handle` */
    struct request_file file;  /* of a route that gives a file: `before` fills it in */
    bool english;
    uint64_t number;      /* of the request in this process, as X-Request-Id says; 0 without one */
    struct text client;   /* the address of the client (for rate limits); never stored in clear */
    struct text raw_body; /* the bytes of the body: callbacks check signatures over them */
    const struct shape_pair *headers; /* only those in route->headers, lower-case names */
    size_t header_count;
    struct text set_cookie;          /* a session cookie's whole value when a handler sets one */
    struct request_changes *changes; /* the road's */
};

/* A fresh id of this node. */
int64_t request_new_id(struct request *q);
/* The header's value, or an empty text. */
struct text request_header(const struct request *q, const char *name);

/* What the reach of a permission is measured against; leave 0 what does not apply. */
struct owner {
    int64_t person_id;
    int64_t organisation_id;
    int64_t place_code;
};
/* True when the principal holds PERMISSION with a scope that covers OWNER. A handler that finds
 * false answers NOT_FOUND. */
bool request_reaches(const struct request *q, enum permission permission, struct owner owner);
/* True when the principal holds PERMISSION with any scope: what the door of a route asks. */
bool request_holds(const struct request *q, enum permission permission);

/* Access: a route without MAY(x) or PUBLIC does not compile. */
struct access {
    unsigned char is_public;
    unsigned char permission;
};
#define MAY(permission)                                                                            \
    { 0, PERMISSION_##permission }
#define PUBLIC                                                                                     \
    { 1, 0 }

struct route {
    enum method method;
    const char *address; /* "/api/orders/{id}/payments": names in braces are fields of `path` */
    struct access access;
    const char *summary; /* one line for OpenAPI */
    const struct shape *path;
    const struct shape *query;
    const struct shape *body;
    const struct shape *reply;            /* NULL: the status is 204 */
    int status;                           /* 0 means 200 (or 204 without a reply) */
    refusal (*before)(struct request *q); /* slow work on a worker, outside any transaction: q->db
                                             is NULL, road_work is fine */
    refusal (*handle)(struct request *q);
    bool writes;
    bool sells;        /* PostgreSQL: READ COMMITTED, because its rules are guarded updates alone */
    bool secret_reply; /* never kept with the idempotency key */
    bool callback;     /* a provider calls it: no Origin, no idempotency key; raw_body is given and
                          `body` may be NULL */
    bool cached; /* a PUBLIC GET whose reply may be kept in memory until request_changed() names its
                    {id} (or 0) */
    const char *const *headers; /* NULL-ended names of further headers the handler reads */
    /* A write whose body is no JSON but bytes, of one of these media types (NULL-ended) and so
     * many: they are in raw_body. Its `before` has a thread of its own, for one at a time. */
    const char *const *raw_types;
    size_t raw_bytes_max;
    /* A PUBLIC GET without `handle`: `before` fills in q->file, and there is neither a transaction
     * nor a person. The one kind of route that may stand outside /api/. */
    bool gives_file;
    const char *const *file_types; /* what it gives, NULL-ended; NULL: pictures */
    int64_t statement_max; /* for a write that carries a hundred rows; 0: LIMIT_STATEMENTS */
};

/* ---- facts: what a lower room announces and upper rooms hear, in the same transaction ---- */
struct fact {
    const char *name; /* "order_paid" */
};
struct listener {
    const struct fact *fact;
    refusal (*hear)(struct request *q,
                    const void *data); /* DATA is the struct that the fact's header names */
};
/* Calls the listeners of all rooms in the order of rooms.def; a refusal of theirs refuses the
 * whole. */
refusal request_announce(struct request *q, const struct fact *fact, const void *data);

/* ---- after the commit ---- */
/* Cached replies that depend on ID (a goods id; 0: every list) are dropped, here and on the
 * other nodes. */
void request_changed(struct request *q, int64_t id);
/* Sends an event to the streams of a person: `event: NAME`, `data: JSON`. */
void request_send_event(struct request *q, int64_t person_id, const char *name, struct text json);

/* ---- jobs: see ground/jobs for how they are written; a room lists its kinds here ---- */
struct job_kind {
    const char *name; /* "orders.expire" */
    /* Runs in a write transaction of its own. ARGUMENT is the document's id, TEXT what the job
     * was given. */
    refusal (*run)(struct request *q, int64_t argument, struct text text);
    /* For the outside world: runs WITHOUT a transaction (q->db is NULL) before `run`, may take
     * seconds, and fills *ret_result, which `run` finds in q->prepared. NULL where there is
     * none. False: try again later. */
    bool (*call)(struct request *q, int64_t argument, struct text text, void **ret_result);
    bool is_unhurried; /* its calls wait behind no others, and no others behind them */
    int64_t every_ms;  /* > 0: repeats, needs no row to start it */
};

/* One room, as rooms.def lists it. */
struct room {
    const char *name;
    const char *schema; /* the key of its schema.sql among the embedded files:
                           "src/market/orders/schema.sql"; NULL without tables */
    const struct route *routes;
    size_t route_count;
    const struct listener *listeners;
    size_t listener_count;
    const struct job_kind *jobs;
    size_t job_count;
    /* `xiangji check`: proves the room's books with read statements; calls REPORT for each
     * sentence. */
    refusal (*check)(struct request *q, struct check_report *report);
};
#define ROOM_LIST(items) items, sizeof(items) / sizeof((items)[0])

struct check_report {
    void (*line)(struct check_report *report, bool holds, struct text sentence);
    int64_t fault_count;
    bool only_books; /* asked by `restore` and the like: leave out what is late, stuck or to be done
                      */
};

/* All rooms in order, from src/rooms.def. */
const struct room *const *rooms_all(size_t *ret_count);

/* ---- the server ---- */
struct server;
bool server_start(const struct app *app, struct text *ret_error, struct server **ret_server);
/* The port in use (PORT=0 picks one). */
int server_port(const struct server *server);
/* Stops taking connections, answers what is under way (at most 10 s), ends streams. */
void server_stop(struct server *server);

/* Runs one request of a route table without a socket: tests, the demo, fuzzing. METHOD, TARGET
 * ("/api/goods?q=x"), BODY JSON and a bearer TOKEN ("" for nobody). The reply lives in ARENA. */
struct road_reply {
    int status;
    struct text body;
    struct text content_type;
    struct text etag;
    struct text cache_control;
    struct text set_cookie;
    int64_t retry_after_s;
    int64_t statement_count; /* of the whole transaction */
};
struct road_call {
    const char *method;
    struct text target;
    struct text body;
    struct text token;
    struct text idempotency_key; /* empty: one is made up for writes */
    bool english;
    const struct shape_pair *headers;
    size_t header_count;
};
void road_perform(const struct app *app, struct arena *arena, const struct road_call *call,
                  struct road_reply *ret_reply);

/* Runs WORK with a request of its own in a write transaction (READ when !WRITES): jobs, the
 * demo, commands. Listeners run, changes are sent. The refusal lives in ARENA. */
refusal road_work(const struct app *app, struct arena *arena, bool writes,
                  refusal (*work)(struct request *q, void *context), void *context);

/* OpenAPI 3.1 of all routes. */
struct text openapi_document(struct arena *arena);

#endif

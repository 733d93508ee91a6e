/* Inside kernel/http: one piece of work on the road, from the bytes of a request to the bytes of
 * its reply. It knows nothing of sockets: server.c brings the input and sends the output,
 * road_perform does the same for tests and the demo. */
#ifndef KERNEL_HTTP_ROAD_H
#define KERNEL_HTTP_ROAD_H

#include "kernel/base/arena.h"
#include "kernel/http/generations.h"
#include "kernel/http/route.h"
#include "kernel/http/router.h"
#include "kernel/http/target.h"

struct slow;

/* What all requests of one server have in common. */
struct road {
    const struct app *app;
    const struct room *const *rooms;
    size_t room_count;
    const struct router *router;
    struct server *server;           /* NULL without one: changes then go to other nodes only */
    struct generations *generations; /* of the cached replies; NULL without a server */
    struct slow *slow;               /* for `before`; NULL: it is done in the calling thread */
    struct slow *heavy;              /* the same of raw bodies: one at a time */
    struct slow *fetch;              /* and of files, which may come from another machine */
};

struct road_input {
    enum method method;
    struct text target; /* raw */
    struct text token;  /* of the session; empty: nobody */
    bool by_cookie;
    struct text host;
    struct text origin;
    struct text fetch_site;
    struct text content_type;
    struct text idempotency_key;
    struct text if_none_match;
    const struct shape_pair *headers; /* all of them, names as they were sent */
    size_t header_count;
    struct text body;
    struct text client;
    uint64_t number; /* X-Request-Id; 0 without a server */
    bool english;
};

/* The reply. Its text lives in the errand's arenas. */
struct road_output {
    int status;
    struct text body;
    struct text content_type;
    struct text cache_control;
    struct text etag; /* with its quotes */
    struct text set_cookie;
    struct text allow;
    int64_t retry_after_s;
    int64_t statement_count;
    bool is_file; /* the same bytes for everybody who may have them */
    bool is_attachment;
    bool replayed;    /* from the idempotency key */
    bool kept;        /* the handler succeeded: its writes may be committed */
    const char *code; /* of the refusal, for the log; NULL when there was none */
};

/* ---- what a transaction leaves to be told after its commit (changes.c) ---- */
struct change_event {
    struct change_event *next;
    int64_t person_id;
    struct text name;
    struct text json;
};
enum { CHANGES_MAX = 64, CHANGE_EVENT_BYTES_MAX = 4096 };
struct request_changes {
    const struct road *road;
    size_t id_count;
    bool everything; /* more than CHANGES_MAX ids */
    int64_t ids[CHANGES_MAX];
    struct change_event *events;
    struct change_event **events_end;
};
void changes_reset(struct request_changes *changes, const struct road *road);
/* After the commit: cached replies here are stale from now on, streams here get their events, other
 * nodes hear of both. */
void changes_send(const struct request_changes *changes);
/* A message of another node: applies it here. */
void changes_hear(struct server *server, struct text message);
/* In server.c: applied to this process. */
void server_changed(struct server *server, const struct request_changes *changes);
void server_event(struct server *server, int64_t person_id, struct text name, struct text json);
/* The name of this process among the nodes, so that it skips its own messages. */
struct text server_tag(const struct server *server);

/* ---- idempotency keys (key.c) ---- */
enum key_verdict { KEY_FRESH, KEY_REPLAY };
struct key_claim {
    struct text claim;
    unsigned char secret[32];
    unsigned char request_hash[16];
};
/* Claims the key of a write in its transaction. KEY_REPLAY fills status and body of *RET_OUTPUT
 * from the first time; a key of another request refuses with KEY_REUSED. The claim is what
 * key_store stores under. */
refusal key_claim(struct request *q, const struct road_input *input, struct key_claim *ret_claim,
                  enum key_verdict *ret_verdict, struct road_output *ret_output);
refusal key_store(struct request *q, const struct key_claim *claim,
                  const struct road_output *output);
/* 8 to 64 of [A-Za-z0-9_-]. */
bool key_is_fine(struct text key);

/* ---- the errand ---- */
struct errand {
    /* set by who sends it */
    const struct road *road;
    struct road_input input;
    struct store_reader *reader; /* of this thread; NULL: reads are submitted to the store */
    void (*finished)(struct errand *errand); /* when road_start said PENDING: once, on any thread */

    /* the road's */
    struct arena arena;     /* what stays for the whole errand: input, `prepared` */
    struct arena run_arena; /* what one try of the transaction makes: rows, the reply */
    struct target target;
    const struct router_entry *entry;
    struct request request;
    struct principal who;
    struct request_changes changes;
    refusal
        input_refusal; /* what is wrong with the input: told after authentication and permission */
    bool admitted;
    size_t generation_slot;
    uint64_t generation; /* read before the data was */
    struct store_task task;
    struct errand *next; /* of the slow workers' queue */
    int64_t now_ms;

    struct road_output output;
};

enum road_turn { ROAD_DONE, ROAD_PENDING };
/* Sends the errand on its way. DONE: the output is there. PENDING: `finished` will be called. */
enum road_turn road_start(struct errand *errand);
/* The same, waiting for the end. */
void road_finish(struct errand *errand);
/* Makes an output of a refusal (in run_arena). */
void road_refuse(struct errand *errand, refusal refused);
/* A refusal of KIND without a field, with the time to wait where it is BUSY. */
void road_refuse_kind(struct errand *errand, enum problem_kind kind);
/* The same for a body of more than MAX bytes: says how much is taken, on "file" where the route
 * takes bytes and on "body" elsewhere. */
void road_refuse_size(struct errand *errand, size_t max, bool is_raw);
/* Too many bodies arrive from the address of this one. */
void road_refuse_share(struct errand *errand, int64_t wait_s);
/* The address is there, but not for this method. */
void road_refuse_method(struct errand *errand, const struct router_match *match);
/* Ready for another request: keeps the arenas' first blocks. */
void errand_reset(struct errand *errand);
void errand_free(struct errand *errand);

/* A strong ETag of BODY with its quotes. */
struct text road_etag(struct arena *arena, struct text body);
/* True when one of the tags in an If-None-Match header is ETAG (weak comparison), or it is "*". */
bool road_etag_matches(struct text if_none_match, struct text etag);

/* The handler of /api/events: server.c turns its reply into a stream. */
refusal events_open(struct request *q);

/* server_start and road_perform with given rooms: tests. */
void road_perform_on(const struct road *road, struct arena *arena, const struct road_call *call,
                     struct road_reply *ret_reply);
refusal road_work_on(const struct road *road, struct arena *arena, bool writes,
                     refusal (*work)(struct request *q, void *context), void *context);
struct text openapi_write(struct arena *arena, const struct room *const *rooms, size_t room_count);

/* ---- slow work (slow.c): threads for `before` ---- */
struct slow *slow_start(int thread_count);
/* Runs road_slowly(errand) on a worker; false when too many wait. */
bool slow_submit(struct slow *slow, struct errand *errand);
size_t slow_length(struct slow *slow);
/* Finishes what waits, then ends the threads. NULL is fine. */
void slow_stop(struct slow *slow);
void road_slowly(struct errand *errand);

#endif

/* Event streams (Server-Sent Events) of one loop: who listens, and what waits to be sent. Only
 * streams_post may be called from another thread. */
#ifndef KERNEL_HTTP_EVENTS_H
#define KERNEL_HTTP_EVENTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "kernel/base/text.h"

enum { STREAM_BYTES_MAX = 8 * 1024, STREAMS_OF_ONE_PERSON_MAX = 8 };

struct stream {
    struct stream *next;
    struct stream *previous;
    int64_t person_id;
    int64_t opened_ms;
    int64_t spoke_ms; /* when something was last put into it */
    bool ending;      /* what waits is sent, then the stream ends */
    void *transport;  /* server.c's */
    size_t length;
    char bytes[STREAM_BYTES_MAX];
};

struct stream_mail;
struct streams {
    struct stream *first;
    _Atomic size_t count;
    void (*wake)(struct stream *stream); /* something waits in it, or it ends */
    pthread_mutex_t mutex;               /* of the mail alone */
    struct stream_mail *mail;
    struct stream_mail **mail_end;
    size_t mail_count;
};

void streams_make(struct streams *streams, void (*wake)(struct stream *stream));
void streams_free(struct streams *streams);

/* From any thread. True when the loop should be woken to deliver it. */
bool streams_post(struct streams *streams, int64_t person_id, struct text name, struct text json);
/* Puts the mail into the streams of those it is for. */
void streams_deliver(struct streams *streams, int64_t now_ms);
/* A comment into each stream that was silent for WAKE_MS; ends those that are older than LIFE_MS.
 */
void streams_tick(struct streams *streams, int64_t now_ms, int64_t wake_ms, int64_t life_ms);
void streams_end(struct streams *streams);

/* A new stream that greets its client; the oldest one of a person with too many is ended. */
struct stream *stream_open(struct streams *streams, int64_t person_id, int64_t now_ms,
                           void *transport);
void stream_close(struct streams *streams, struct stream *stream);
/* Moves up to ROOM waiting bytes out; how many there were. */
size_t stream_take(struct stream *stream, char *bytes, size_t room);

#endif

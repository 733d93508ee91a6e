#include "kernel/http/events.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MAIL_COUNT_MAX = 4096 };

struct stream_mail {
    struct stream_mail *next;
    int64_t person_id;
    size_t length;
    char bytes[]; /* the event as it goes on the wire */
};

void streams_make(struct streams *streams, void (*wake)(struct stream *stream)) {
    *streams = (struct streams){.wake = wake};
    streams->mail_end = &streams->mail;
    pthread_mutex_init(&streams->mutex, NULL);
}

static struct stream_mail *take_mail(struct streams *streams) {
    pthread_mutex_lock(&streams->mutex);
    struct stream_mail *mail = streams->mail;
    streams->mail = NULL;
    streams->mail_end = &streams->mail;
    streams->mail_count = 0;
    pthread_mutex_unlock(&streams->mutex);
    return mail;
}

static void free_mail(struct stream_mail *mail) {
    while (mail) {
        struct stream_mail *next = mail->next;
        free(mail);
        mail = next;
    }
}

void streams_free(struct streams *streams) {
    assert(!streams->first);
    free_mail(take_mail(streams));
    pthread_mutex_destroy(&streams->mutex);
}

static char *append(char *at, struct text text) {
    memcpy(at, text.bytes, text.length);
    return at + text.length;
}

bool streams_post(struct streams *streams, int64_t person_id, struct text name, struct text json) {
    if (atomic_load(&streams->count) == 0) return false;
    struct text parts[] = {TEXT("event: "), name, TEXT("\ndata: "), json, TEXT("\n\n")};
    size_t length = 0;
    for (size_t i = 0; i < 5; i++) length += parts[i].length;
    struct stream_mail *mail = malloc(sizeof(*mail) + length);
    assert(mail);
    *mail = (struct stream_mail){.person_id = person_id, .length = length};
    char *at = mail->bytes;
    for (size_t i = 0; i < 5; i++) at = append(at, parts[i]);
    pthread_mutex_lock(&streams->mutex);
    /* An event is a hint to look again: when the loop does not keep up, one hint less is no harm.
     */
    bool taken = streams->mail_count < MAIL_COUNT_MAX;
    if (taken) {
        *streams->mail_end = mail;
        streams->mail_end = &mail->next;
        streams->mail_count++;
    }
    pthread_mutex_unlock(&streams->mutex);
    if (!taken) free(mail);
    return taken;
}

static void put(struct streams *streams, struct stream *stream, struct text text, int64_t now_ms) {
    if (stream->ending) return;
    if (STREAM_BYTES_MAX - stream->length < text.length) {
        /* Its client does not read. It will come back and look at everything anew. */
        stream->ending = true;
    } else {
        memcpy(stream->bytes + stream->length, text.bytes, text.length);
        stream->length += text.length;
        stream->spoke_ms = now_ms;
    }
    streams->wake(stream);
}

void streams_deliver(struct streams *streams, int64_t now_ms) {
    struct stream_mail *all = take_mail(streams);
    for (struct stream_mail *mail = all; mail; mail = mail->next)
        for (struct stream *stream = streams->first; stream; stream = stream->next)
            if (stream->person_id == mail->person_id)
                put(streams, stream, (struct text){mail->bytes, mail->length}, now_ms);
    free_mail(all);
}

void streams_tick(struct streams *streams, int64_t now_ms, int64_t wake_ms, int64_t life_ms) {
    for (struct stream *stream = streams->first; stream; stream = stream->next) {
        if (now_ms - stream->opened_ms > life_ms && !stream->ending) {
            stream->ending = true;
            streams->wake(stream);
        } else if (now_ms - stream->spoke_ms >= wake_ms) {
            put(streams, stream, TEXT(":\n\n"), now_ms);
        }
    }
}

void streams_end(struct streams *streams) {
    for (struct stream *stream = streams->first; stream; stream = stream->next) {
        stream->ending = true;
        streams->wake(stream);
    }
}

struct stream *stream_open(struct streams *streams, int64_t person_id, int64_t now_ms,
                           void *transport) {
    size_t of_person = 0;
    struct stream *oldest = NULL;
    for (struct stream *stream = streams->first; stream; stream = stream->next) {
        if (stream->person_id != person_id || stream->ending) continue;
        of_person++;
        oldest = stream; /* new ones are put in front */
    }
    if (of_person >= STREAMS_OF_ONE_PERSON_MAX) {
        oldest->ending = true;
        streams->wake(oldest);
    }
    struct stream *stream = calloc(1, sizeof(*stream));
    assert(stream);
    *stream = (struct stream){.person_id = person_id,
                              .opened_ms = now_ms,
                              .spoke_ms = now_ms,
                              .transport = transport,
                              .next = streams->first};
    if (streams->first) streams->first->previous = stream;
    streams->first = stream;
    atomic_fetch_add(&streams->count, 1);
    struct text greeting = TEXT("retry: 3000\n: ready\n\n");
    memcpy(stream->bytes, greeting.bytes, greeting.length);
    stream->length = greeting.length;
    return stream;
}

void stream_close(struct streams *streams, struct stream *stream) {
    if (stream->previous)
        stream->previous->next = stream->next;
    else
        streams->first = stream->next;
    if (stream->next) stream->next->previous = stream->previous;
    atomic_fetch_sub(&streams->count, 1);
    free(stream);
}

size_t stream_take(struct stream *stream, char *bytes, size_t room) {
    size_t length = stream->length < room ? stream->length : room;
    memcpy(bytes, stream->bytes, length);
    stream->length -= length;
    memmove(stream->bytes, stream->bytes + length, stream->length);
    return length;
}

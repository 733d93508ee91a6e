#include "kernel/http/log.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kernel/base/arena.h"
#include "kernel/base/json.h"

enum { LOG_BYTES_MAX = 1024 * 1024, LINE_BYTES_MAX = 512 };

struct log {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    pthread_t thread;
    bool closed;
    int64_t dropped_bytes;
    size_t length;
    char *bytes;
};

static void write_all(const char *bytes, size_t length) {
    while (length) {
        ssize_t written = write(STDERR_FILENO, bytes, length);
        if (written <= 0) return; /* nobody reads the log: there is nowhere to complain to */
        bytes += written;
        length -= (size_t)written;
    }
}

static void *write_log(void *context) {
    struct log *log = context;
    char *spare = malloc(LOG_BYTES_MAX);
    assert(spare);
    pthread_mutex_lock(&log->mutex);
    while (!log->closed || log->length) {
        if (!log->length) {
            pthread_cond_wait(&log->filled, &log->mutex);
            continue;
        }
        char *full = log->bytes;
        size_t length = log->length;
        int64_t dropped_bytes = log->dropped_bytes;
        log->bytes = spare;
        log->length = 0;
        log->dropped_bytes = 0;
        pthread_mutex_unlock(&log->mutex);
        write_all(full, length);
        if (dropped_bytes)
            log_say("warning", "log_dropped", TEXT("the log was not read fast enough"));
        spare = full;
        pthread_mutex_lock(&log->mutex);
    }
    pthread_mutex_unlock(&log->mutex);
    free(spare);
    return NULL;
}

struct log *log_start(void) {
    struct log *log = calloc(1, sizeof(*log));
    assert(log);
    log->bytes = malloc(LOG_BYTES_MAX);
    assert(log->bytes);
    pthread_mutex_init(&log->mutex, NULL);
    pthread_cond_init(&log->filled, NULL);
    int failed = pthread_create(&log->thread, NULL, write_log, log);
    assert(!failed);
    return log;
}

void log_stop(struct log *log) {
    if (!log) return;
    pthread_mutex_lock(&log->mutex);
    log->closed = true;
    pthread_cond_signal(&log->filled);
    pthread_mutex_unlock(&log->mutex);
    pthread_join(log->thread, NULL);
    pthread_cond_destroy(&log->filled);
    pthread_mutex_destroy(&log->mutex);
    free(log->bytes);
    free(log);
}

static int write_time(char *bytes, size_t size, struct instant at) {
    time_t second = (time_t)(at.ms / 1000);
    struct tm parts;
    gmtime_r(&second, &parts);
    return snprintf(bytes, size, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                    parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                    (int)(at.ms % 1000));
}

void log_add(struct log_batch *batch, const struct log_request *request) {
    char time[40];
    if (sizeof(batch->bytes) - batch->length < LINE_BYTES_MAX) return;
    write_time(time, sizeof(time), request->at);
    /* Every text here is a constant of the program without quotes: nothing a client sent. */
    int length = snprintf(
        batch->bytes + batch->length, LINE_BYTES_MAX,
        "{\"at\":\"%s\",\"level\":\"%s\",\"event\":\"request\",\"method\":\"%s\",\"route\":\"%s\","
        "\"status\":%d,\"ms\":%lld.%03lld,\"request\":\"%llx\"%s%s%s}\n",
        time, request->status >= 500 ? "error" : "info", request->method, request->route,
        request->status, (long long)(request->us / 1000), (long long)(request->us % 1000),
        (unsigned long long)request->number, request->code ? ",\"code\":\"" : "",
        request->code ? request->code : "", request->code ? "\"" : "");
    assert(length > 0 && length < LINE_BYTES_MAX);
    batch->length += (size_t)length;
}

void log_flush(struct log *log, struct log_batch *batch) {
    if (log && batch->length) {
        pthread_mutex_lock(&log->mutex);
        if (LOG_BYTES_MAX - log->length >= batch->length) {
            memcpy(log->bytes + log->length, batch->bytes, batch->length);
            log->length += batch->length;
            pthread_cond_signal(&log->filled);
        } else {
            log->dropped_bytes += (int64_t)batch->length;
        }
        pthread_mutex_unlock(&log->mutex);
    }
    batch->length = 0;
}

void log_say(const char *level, const char *event, struct text about) {
    char time[40];
    struct timespec now;
    struct arena arena = {0};
    struct buffer line = buffer_make(&arena, 4096);
    clock_gettime(CLOCK_REALTIME, &now);
    write_time(time, sizeof(time),
               (struct instant){(int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000});
    buffer_add_format(&line, "{\"at\":\"%s\",\"level\":\"%s\",\"event\":\"%s\",\"about\":", time,
                      level, event);
    json_write_text(&line, about);
    buffer_add_literal(&line, "}\n");
    write_all(line.bytes, line.length);
    arena_free(&arena);
}

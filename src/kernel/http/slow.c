/* Slow work (`before`): a few threads and a bounded queue, so that hashing a password never stalls
 * a loop or the writer. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "kernel/http/road.h"

enum { SLOW_QUEUE_MAX = 256, SLOW_THREADS_MAX = 16 };

struct slow {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct errand *first;
    struct errand *last;
    size_t length;
    bool closed;
    int thread_count;
    pthread_t threads[SLOW_THREADS_MAX];
};

static struct errand *take(struct slow *slow) {
    pthread_mutex_lock(&slow->mutex);
    while (!slow->first && !slow->closed) pthread_cond_wait(&slow->filled, &slow->mutex);
    struct errand *errand = slow->first;
    if (errand) {
        slow->first = errand->next;
        if (!slow->first) slow->last = NULL;
        slow->length--;
    }
    pthread_mutex_unlock(&slow->mutex);
    return errand;
}

static void *work(void *context) {
    struct slow *slow = context;
    for (struct errand *errand; (errand = take(slow));) road_slowly(errand);
    return NULL;
}

struct slow *slow_start(int thread_count) {
    struct slow *slow = calloc(1, sizeof(*slow));
    assert(slow);
    slow->thread_count = thread_count < 1 ? 1 : thread_count;
    if (slow->thread_count > SLOW_THREADS_MAX) slow->thread_count = SLOW_THREADS_MAX;
    pthread_mutex_init(&slow->mutex, NULL);
    pthread_cond_init(&slow->filled, NULL);
    for (int i = 0; i < slow->thread_count; i++) {
        int failed = pthread_create(&slow->threads[i], NULL, work, slow);
        assert(!failed);
    }
    return slow;
}

bool slow_submit(struct slow *slow, struct errand *errand) {
    pthread_mutex_lock(&slow->mutex);
    bool taken = !slow->closed && slow->length < SLOW_QUEUE_MAX;
    if (taken) {
        errand->next = NULL;
        if (slow->last)
            slow->last->next = errand;
        else
            slow->first = errand;
        slow->last = errand;
        slow->length++;
        pthread_cond_signal(&slow->filled);
    }
    pthread_mutex_unlock(&slow->mutex);
    return taken;
}

size_t slow_length(struct slow *slow) {
    pthread_mutex_lock(&slow->mutex);
    size_t length = slow->length;
    pthread_mutex_unlock(&slow->mutex);
    return length;
}

void slow_stop(struct slow *slow) {
    if (!slow) return;
    pthread_mutex_lock(&slow->mutex);
    slow->closed = true;
    pthread_cond_broadcast(&slow->filled);
    pthread_mutex_unlock(&slow->mutex);
    for (int i = 0; i < slow->thread_count; i++) pthread_join(slow->threads[i], NULL);
    pthread_cond_destroy(&slow->filled);
    pthread_mutex_destroy(&slow->mutex);
    free(slow);
}

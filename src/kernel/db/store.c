/* The store: what both engines' threads share, and the calls that pass to the engine. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel/base/embed.h"
#include "kernel/db/db_engine.h"
#include "kernel/http/route.h"

int64_t db_monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the queue ---- */

void task_queue_open(struct task_queue *queue) {
    *queue = (struct task_queue){0};
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->filled, &attributes);
    pthread_condattr_destroy(&attributes);
}

void task_queue_close(struct task_queue *queue) {
    pthread_mutex_lock(&queue->mutex);
    queue->closed = true;
    pthread_cond_broadcast(&queue->filled);
    pthread_mutex_unlock(&queue->mutex);
}

void task_queue_free(struct task_queue *queue) {
    assert(!queue->first);
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->mutex);
}

bool task_queue_add(struct task_queue *queue, struct store_task *task, bool bounded) {
    task->next = NULL;
    task->queued_ms = db_monotonic_ms();
    pthread_mutex_lock(&queue->mutex);
    bool taken = !queue->closed && !(bounded && queue->length >= LIMIT_WRITE_QUEUE);
    if (taken) {
        if (queue->last)
            queue->last->next = task;
        else
            queue->first = task;
        queue->last = task;
        queue->length++;
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->mutex);
    return taken;
}

static struct timespec deadline_after(int64_t wait_ms) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    int64_t nanoseconds = at.tv_nsec + wait_ms % 1000 * 1000000;
    at.tv_sec += wait_ms / 1000 + nanoseconds / 1000000000;
    at.tv_nsec = nanoseconds % 1000000000;
    return at;
}

size_t task_queue_take(struct task_queue *queue, struct store_task **ret_tasks, size_t count_max,
                       int64_t wait_ms, bool *ret_closed) {
    struct timespec deadline = {0};
    if (wait_ms > 0) deadline = deadline_after(wait_ms);
    pthread_mutex_lock(&queue->mutex);
    while (!queue->first && !queue->closed && wait_ms != 0) {
        if (wait_ms < 0)
            pthread_cond_wait(&queue->filled, &queue->mutex);
        else if (pthread_cond_timedwait(&queue->filled, &queue->mutex, &deadline))
            break;
    }
    size_t count = 0;
    while (queue->first && count < count_max) {
        ret_tasks[count++] = queue->first;
        queue->first = queue->first->next;
    }
    if (!queue->first) queue->last = NULL;
    queue->length -= (int64_t)count;
    *ret_closed = queue->closed && !queue->first;
    pthread_mutex_unlock(&queue->mutex);
    return count;
}

int64_t task_queue_length(const struct task_queue *queue) {
    return atomic_load_explicit(&queue->length, memory_order_relaxed);
}

/* ---- opening ---- */

static const struct db_engine *choose_engine(const char *url) {
    struct text whole = text_of(url);
    if (text_starts(whole, TEXT("sqlite:"))) return &sqlite_engine;
    if (text_starts(whole, TEXT("postgres://")) || text_starts(whole, TEXT("postgresql://")))
        return &postgres_engine;
    return NULL;
}

bool store_open_schemas(const struct store_settings *settings, const struct schema_list *schemas,
                        struct arena *arena, struct store **ret_store, struct text *ret_error) {
    const struct db_engine *engine = choose_engine(settings->url);
    if (!engine) {
        *ret_error = TEXT("DATABASE_URL must begin with sqlite: or postgres://");
        return false;
    }
    struct store *store = engine->open(settings, arena, ret_error);
    if (!store) return false;
    assert(store->engine == engine);
    if (!migrate(store, schemas, arena, ret_error) || !engine->start(store, arena, ret_error)) {
        engine->close(store);
        return false;
    }
    *ret_store = store;
    return true;
}

static struct schema schema_of(const char *name, const char *key) {
    const struct embed_file *file = embed_find(key);
    assert(file);
    return (struct schema){name, {(const char *)file->bytes, file->length}};
}

bool store_open(const struct store_settings *settings, struct arena *arena,
                struct store **ret_store, struct text *ret_error) {
    size_t room_count;
    const struct room *const *rooms = rooms_all(&room_count);
    struct schema *schemas = arena_new(arena, struct schema, room_count + 1);
    size_t count = 0;
    schemas[count++] = schema_of("db", "src/kernel/db/schema.sql");
    for (size_t i = 0; i < room_count; i++)
        if (rooms[i]->schema) schemas[count++] = schema_of(rooms[i]->name, rooms[i]->schema);
    struct schema_list list = {schemas, count};
    return store_open_schemas(settings, &list, arena, ret_store, ret_error);
}

void store_close(struct store *store) {
    if (store) store->engine->close(store);
}

/* ---- tasks ---- */

bool store_submit(struct store *store, struct store_task *task) {
    assert(task->run && task->done && task->arena);
    return store->engine->submit(store, task, true);
}

struct performance {
    struct store_task task;
    struct store_task *inner;
    pthread_mutex_t mutex;
    pthread_cond_t ended;
    bool is_over;
    enum store_outcome outcome;
};

static bool perform_run(struct store_task *task, struct db *db) {
    struct performance *performance = (struct performance *)task;
    return performance->inner->run(performance->inner, db);
}

static void perform_done(struct store_task *task, enum store_outcome outcome) {
    struct performance *performance = (struct performance *)task;
    performance->inner->failure = task->failure;
    if (performance->inner->done) performance->inner->done(performance->inner, outcome);
    pthread_mutex_lock(&performance->mutex);
    performance->outcome = outcome;
    performance->is_over = true;
    pthread_cond_signal(&performance->ended);
    pthread_mutex_unlock(&performance->mutex);
}

/* Waiting callers are bounded by the number of threads, so they pass the queue's bound. */
enum store_outcome store_perform(struct store *store, struct store_task *task) {
    struct performance performance = {
        .task = {.run = perform_run,
                 .done = perform_done,
                 .arena = task->arena,
                 .writes = task->writes,
                 .isolation = task->isolation,
                 .statement_max = task->statement_max},
        .inner = task,
    };
    pthread_mutex_init(&performance.mutex, NULL);
    pthread_cond_init(&performance.ended, NULL);
    bool submitted = store->engine->submit(store, &performance.task, false);
    pthread_mutex_lock(&performance.mutex);
    while (submitted && !performance.is_over)
        pthread_cond_wait(&performance.ended, &performance.mutex);
    pthread_mutex_unlock(&performance.mutex);
    pthread_cond_destroy(&performance.ended);
    pthread_mutex_destroy(&performance.mutex);
    if (submitted) return performance.outcome;
    task->failure = PROBLEM_BUSY;
    if (task->done) task->done(task, STORE_FAILED);
    return STORE_FAILED;
}

struct store_reader *store_reader_open(struct store *store) {
    return store->engine->reader_open ? store->engine->reader_open(store) : NULL;
}
struct db *store_reader_begin(struct store_reader *reader, struct arena *arena) {
    return sqlite_engine.reader_begin(reader, arena);
}
void store_reader_end(struct store_reader *reader) { sqlite_engine.reader_end(reader); }
void store_reader_close(struct store_reader *reader) {
    if (reader) sqlite_engine.reader_close(reader);
}

bool store_is_postgres(const struct store *store) { return store->engine == &postgres_engine; }
bool store_is_healthy(const struct store *store) {
    if (!atomic_load(&store->healthy)) return false;
    return !store->engine->is_healthy || store->engine->is_healthy(store);
}
uint32_t store_node(const struct store *store) {
    return store->engine->node ? store->engine->node(store) : 0;
}

bool db_other_nodes(const struct store *store, int64_t *ret_count) {
    if (store->engine->other_nodes) return store->engine->other_nodes(store, ret_count);
    *ret_count = 0;
    return true;
}

void store_notify(struct store *store, struct text message) {
    if (store->engine->notify) store->engine->notify(store, message);
}
void store_listen(struct store *store, void (*heard)(void *context, struct text message),
                  void *context) {
    if (store->engine->listen) store->engine->listen(store, heard, context);
}

/* ---- seams and looking in ---- */

void store_fail_statement(struct store *store, int64_t nth) { atomic_store(&store->fail_in, nth); }

struct look {
    struct store_task task;
    const struct statement *statement; /* NULL: the catalogue */
    struct text answer;
};

static bool look_run(struct store_task *task, struct db *db) {
    struct look *look = (struct look *)task;
    look->answer = look->statement ? db->engine->prepare_check(db, look->statement)
                                   : db->engine->catalogue(db);
    return false;
}

struct text store_prepare_check(struct store *store, struct arena *arena,
                                const struct statement *statement) {
    struct look look = {.task = {.run = look_run, .arena = arena}, .statement = statement};
    if (store_perform(store, &look.task) == STORE_FAILED && !look.answer.length)
        return TEXT("the database cannot be reached");
    return look.answer;
}

struct text store_catalogue(struct store *store, struct arena *arena) {
    struct look look = {.task = {.run = look_run, .arena = arena}};
    store_perform(store, &look.task);
    return look.answer;
}

struct store_counts store_counts(const struct store *store) {
    return (struct store_counts){
        .commits = atomic_load(&store->commits),
        .rollbacks = atomic_load(&store->rollbacks),
        .retries = atomic_load(&store->retries),
        .statements = atomic_load(&store->statements),
        .batches = atomic_load(&store->batches),
        .queue_length = store->engine->queue_length(store),
    };
}
